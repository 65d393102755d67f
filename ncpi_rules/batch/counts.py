"""Counts of the values in a table's columns: the numbers behind pictures of many cases."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow
import pyarrow.compute
from attrs import frozen

from ncpi_rules.batch.problems import column_problem
from ncpi_rules.core import FactsError, Status, format_day, one_of

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


def count_cases(
    table: Any, names: Sequence[str], rules: Ruleset, *, most: Sequence[int]
) -> tuple[list[ShownColumn], Counter[tuple[Any, ...]]]:
    """Return columns as they are drawn, and the rows with each combination of their values.

    ``table`` is anything that speaks Arrow; ``most`` has the most values that each column may have.
    Raises FactsError for what is no table, for columns that it lacks and for too many values.
    """
    cases = _table_with(table, names)
    columns = [
        _column_of(cases, name, rules, limit) for name, limit in zip(names, most, strict=True)
    ]
    return columns, _count_values(cases, names)


def _table_with(table: Any, names: Iterable[str]) -> pyarrow.Table:
    """Return these columns of anything that speaks Arrow.

    Raises FactsError, with every problem, for what is no table and for columns that it lacks.
    """
    if not hasattr(table, "__arrow_c_stream__"):
        message = f"A {type(table).__name__} is not a table that can be drawn."
        help_ = "Give what sweep returns, or any table that speaks Arrow."
        raise FactsError(message, help_)
    arrow, wanted = pyarrow.table(table), list(dict.fromkeys(names))
    problems = [
        column_problem(
            name,
            "The table has no such column.",
            f"{one_of(name, arrow.column_names)} A sweep keeps the columns named by 'keep'.",
        )
        for name in wanted
        if name not in arrow.column_names
    ]
    if problems:
        raise FactsError(problems)
    return arrow.select(wanted).unify_dictionaries()


def _count_values(table: pyarrow.Table, names: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """Return the number of rows with each combination of values of some columns."""
    arrow = table.select(list(dict.fromkeys(names))).combine_chunks()
    grouped = arrow.group_by(list(arrow.column_names)).aggregate([([], "count_all")])
    columns = [grouped[name].to_pylist() for name in names]
    return Counter(
        dict(zip(zip(*columns, strict=True), grouped["count_all"].to_pylist(), strict=True))
    )


def _column_of(table: pyarrow.Table, name: str, rules: Ruleset, most: int) -> ShownColumn:
    """Return a column as it is drawn: in the vocabulary's order, else in that of its dictionary."""
    present = [value for (value,) in _count_values(table, [name])]
    if len(present) > most:
        message = f"It has {len(present):,} different values; {most} can be drawn."
        help_ = "Choose a column with few values, or put its values into groups first."
        raise FactsError(column_problem(name, message, help_))
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
    """Return counts of the days from an event to its due date, and the rows without such days.

    Days in hand are positive, days late negative. Raises FactsError for what is no table, and for
    columns that it lacks or that hold no days.
    """
    names = (event, f"{event}.due")
    cases = _table_with(table, names)
    problems = [
        column_problem(name, "It does not hold whole days.", "Give it as dates (Arrow's date32).")
        for name in names
        if not pyarrow.types.is_date32(cases.schema.field(name).type)
    ]
    if problems:
        raise FactsError(problems)
    actual, due = (cases[name].cast(pyarrow.int32()) for name in names)
    rows = pyarrow.compute.value_counts(pyarrow.compute.subtract(due, actual)).to_pylist()
    days = Counter({row["values"]: row["counts"] for row in rows})
    return days, days.pop(None, 0)
