"""How often which values stand in a table's columns: the numbers behind pictures of many cases.

pyarrow is imported only where it is used.
"""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ncpi_rules.core import FactsError, MissingExtraError, Problem, Status, format_day, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ncpi_rules.ruleset import Ruleset


@frozen
class ShownColumn:
    """A column as it is drawn: its title, and its values in their order, each with its wording.

    A value is None where a field is empty; ``none`` is the value that stands for nothing.
    """

    title: str
    values: dict[Any, str]
    none: Any = 0


def _pyarrow() -> Any:
    try:
        import pyarrow.compute  # noqa: PLC0415  an extra
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "pyarrow":
            raise
        message = "Pictures of a table need a package that is not installed."
        help_ = 'Install it with: pip install "ncpi-rules[columns]"'
        raise MissingExtraError(Problem(place="", message=message, help=help_)) from None
    return pyarrow


def table_with(table: Any, names: Iterable[str]) -> Any:
    """Return these columns of anything that speaks Arrow, as a ``pyarrow.Table``.

    Raises FactsError, with every problem, for what is no table and for columns that it lacks.
    """
    if not hasattr(table, "__arrow_c_stream__"):
        message = f"A {type(table).__name__} is not a table that can be drawn."
        help_ = "Give what sweep returns, or any table that speaks Arrow."
        raise FactsError(Problem(place="", message=message, help=help_))
    arrow, wanted = _pyarrow().table(table), list(dict.fromkeys(names))
    problems = [
        Problem(
            place=f"column '{name}'",
            message="The table has no such column.",
            help=f"{one_of(name, arrow.column_names)} A sweep keeps the columns named by 'keep'.",
        )
        for name in wanted
        if name not in arrow.column_names
    ]
    if problems:
        raise FactsError(problems)
    return arrow.select(wanted).unify_dictionaries()


def tally(table: Any, names: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """Return how many rows have which values in some columns."""
    arrow = table.select(list(dict.fromkeys(names))).combine_chunks()
    grouped = arrow.group_by(list(arrow.column_names)).aggregate([([], "count_all")])
    columns = [grouped[name].to_pylist() for name in names]
    return Counter(
        dict(zip(zip(*columns, strict=True), grouped["count_all"].to_pylist(), strict=True))
    )


def column_of(table: Any, name: str, rules: Ruleset, *, most: int) -> ShownColumn:
    """Return a column as it is drawn: in the vocabulary's order, else in that of its dictionary.

    Raises FactsError where it has more than ``most`` different values.
    """
    present = [value for (value,) in tally(table, [name])]
    if len(present) > most:
        raise FactsError(
            Problem(
                place=f"column '{name}'",
                message=f"It has {len(present):,} different values; {most} can be drawn.",
                help="Choose a column with few values, or put its values into groups first.",
            )
        )
    title, column = name.replace("-", " "), table[name].combine_chunks()
    none: Any = 0
    event, dot, what = title.partition(".")
    order: list[Any] = column.dictionary.to_pylist() if hasattr(column, "dictionary") else []
    order += sorted(value for value in present if value is not None and value not in order)
    wordings = {value: _describe(value) for value in [*order, None]}
    if fact := rules.facts.get(name):
        title, none = fact.title, fact.unknown
        wordings = {value: _describe(value) for value in fact.values} | {None: _describe(none)}
    elif outcome := rules.outcomes.get(name):
        title, none = outcome.title, outcome.none
        wordings = {**outcome.values, None: outcome.values[none]}
    elif dot and (event := name.partition(".")[0]) in rules.events:
        title = f"{rules.events[event].title}: {what}"
    if {*present} <= {None, *Status}:
        wordings |= {status.value: status.label for status in Status if status in wordings}
    wordings |= {value: _describe(value) for value in present if value not in wordings}
    return ShownColumn(
        title, {value: wordings[value] for value in wordings if value in present}, none
    )


def _describe(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    if isinstance(value, datetime.date):
        return format_day(value.toordinal())
    return f"{value:,}" if isinstance(value, int) else str(value).replace("-", " ")


def days_in_hand(table: Any, event: str) -> tuple[Counter[int], int]:
    """Return how often how many days lie between an event and its due date, and the rows without.

    Days in hand are positive, days late negative. Raises FactsError for columns that hold no days.
    """
    arrow = _pyarrow()
    names = (event, f"{event}.due")
    problems = [
        Problem(
            place=f"column '{name}'",
            message="It does not hold whole days.",
            help="Give it as dates (Arrow's date32).",
        )
        for name in names
        if not arrow.types.is_date32(table.schema.field(name).type)
    ]
    if problems:
        raise FactsError(problems)
    actual, due = (table[name].cast(arrow.int32()) for name in names)
    rows = arrow.compute.value_counts(arrow.compute.subtract(due, actual)).to_pylist()
    days = Counter({row["values"]: row["counts"] for row in rows})
    return days, days.pop(None, 0)


def percent(many: int, every: int) -> str:
    """Return a part of all cases; never all or none of them by rounding.

    >>> percent(1, 3), percent(1, 1000), percent(999, 1000)
    ('33%', 'under 1%', 'over 99%')
    """
    if 0 < 100 * many < every:
        return "under 1%"
    if 0 < 100 * (every - many) < every:
        return "over 99%"
    return f"{100 * many / every:.0f}%" if every else "0%"


def share(many: int, every: int) -> str:
    """Return a number of cases, and which part of all they are.

    >>> share(1200, 3600)
    '1,200 (33%)'
    """
    return f"{many:,} ({percent(many, every)})"
