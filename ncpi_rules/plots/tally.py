"""How often what stands in a table's columns: the numbers behind heat maps and histograms.

pyarrow is imported only where it is used.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ncpi_rules.core import FactsError, MissingExtraError, Problem, Status, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ncpi_rules.ruleset import Ruleset


@frozen
class Column:
    """A column: what it is called, and its words in their order, each with what is read.

    A word is None where a field is empty; ``none`` is the one that stands for nothing.
    """

    name: str
    title: str
    words: dict[Any, str]
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
    found = _pyarrow().table(table)
    problems = [
        Problem(
            place=f"column '{name}'",
            message="The table has no such column.",
            help=one_of(name, found.column_names)
            + " What a sweep reads is handed on where 'keep' names it.",
        )
        for name in dict.fromkeys(names)
        if name not in found.column_names
    ]
    if problems:
        raise FactsError(problems)
    return found.select(list(dict.fromkeys(names))).unify_dictionaries()


def tally(table: Any, names: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """Return how many rows have which words in some columns."""
    found = table.select(list(dict.fromkeys(names))).combine_chunks()
    grouped = found.group_by(list(found.column_names)).aggregate([([], "count_all")])
    columns = [grouped[name].to_pylist() for name in names]
    return Counter(
        dict(zip(zip(*columns, strict=True), grouped["count_all"].to_pylist(), strict=True))
    )


def column_of(table: Any, name: str, rules: Ruleset, *, most: int) -> Column:
    """Return what is read of a column: in the vocabulary's order, else in that of its dictionary.

    Raises FactsError where it has more than ``most`` different words.
    """
    present = [word for (word,) in tally(table, [name])]
    if len(present) > most:
        raise FactsError(
            Problem(
                place=f"column '{name}'",
                message=f"It has {len(present):,} different values; {most} can be drawn.",
                help="Choose a column of words, or put its values into groups first.",
            )
        )
    fact, outcome = rules.facts.get(name), rules.outcomes.get(name)
    told: dict[Any, str]
    if fact is not None:
        told = {word: _read(word) for word in fact.values}
        told[None] = _read(fact.unknown)
        return Column(name, fact.title, _present(present, told), fact.unknown)
    if outcome is not None:
        told = {**outcome.values, None: outcome.values[outcome.none]}
        return Column(name, outcome.title, _present(present, told), outcome.none)
    kind = table.schema.field(name).type
    order = table[name].combine_chunks().dictionary.to_pylist() if _is_dictionary(kind) else []
    order += sorted((each for each in present if each not in order and each is not None), key=_key)
    told = {each: _read(each) for each in [*order, None]}
    if {*present} <= {None, *Status}:
        told |= {status.value: status.label for status in Status if status.value in told}
    return Column(name, _title(name, rules), _present(present, told))


def _is_dictionary(kind: Any) -> bool:
    return bool(_pyarrow().types.is_dictionary(kind))


def _present(present: Sequence[Any], told: dict[Any, str]) -> dict[Any, str]:
    more = {word: _read(word) for word in present if word not in told}
    return {word: says for word, says in {**told, **more}.items() if word in present}


def _key(word: Any) -> tuple[bool, Any]:
    return isinstance(word, str), word


def _read(word: Any) -> str:
    if word is None:
        return "none"
    if isinstance(word, bool):
        return "yes" if word else "no"
    return f"{word:,}" if isinstance(word, int) else str(word).replace("-", " ")


def _title(name: str, rules: Ruleset) -> str:
    """Return a column's name, with the title of the event that it is about."""
    event, dot, what = name.partition(".")
    if dot and event in rules.events:
        return f"{rules.events[event].title}: {what.replace('-', ' ')}"
    return name.replace("-", " ")


def days_in_hand(table: Any, event: str) -> tuple[Counter[int], int]:
    """Return how often how many days lie between an event and its last day, and the rows without.

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
    counted = arrow.compute.value_counts(arrow.compute.subtract(due, actual)).to_pylist()
    found = Counter({each["values"]: each["counts"] for each in counted})
    return found, found.pop(None, 0)


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
