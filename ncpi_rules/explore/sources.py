"""The columns of imagined cases: each from one choice, from several together, or constant.

pyarrow is imported only where it is used.
"""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import NONE_RECORDED, UNKNOWN, Happened, MissingExtraError, PartialDate
from ncpi_rules.explore.choices import format_value, is_date
from ncpi_rules.explore.constraints import LET_OFF, REVIEW, is_dated
from ncpi_rules.facts import RECEIVED, REVIEWED, happened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.explore.choices import Value
    from ncpi_rules.explore.samples import Block
    from ncpi_rules.facts import FactValue
    from ncpi_rules.ruleset import Ruleset

Entry: TypeAlias = str | datetime.date | None
"""An entry of a column: a value, a day, another date as in a file, or None for "not known"."""


@frozen
class ColumnSource:
    """The entries of a column, and how the choices of a case give the number of its entry.

    Without ``names`` the column is constant; without ``keys`` the number is that of one choice.
    Otherwise ``places`` has the number for the key of each choice.
    """

    entries: tuple[Entry, ...]
    names: tuple[str, ...] = ()
    keys: tuple[tuple[int, ...], ...] = ()
    places: Mapping[tuple[int, ...], int] = field(factory=dict)

    def codes(self, block: Block) -> array[int]:
        """Return the number of each case's entry."""
        if not self.names:
            return array("I", [0]) * block.rows
        if not self.keys:
            return block.codes[self.names[0]]
        columns = [
            map(keys.__getitem__, block.codes[name])
            for name, keys in zip(self.names, self.keys, strict=True)
        ]
        return array("I", map(self.places.__getitem__, zip(*columns, strict=True)))

    def column(self, block: Block) -> list[Entry]:
        """Return each case's entry."""
        if len(self.entries) == 1:
            return [self.entries[0]] * block.rows
        return list(map(self.entries.__getitem__, self.codes(block)))


def _entry(value: Value, unknown: str) -> Entry:
    if value is UNKNOWN or value == unknown:
        return None
    if isinstance(value, PartialDate) and value.is_day:
        return datetime.date.fromordinal(value.start)
    return format_value(value)


def source_of(name: str, values: tuple[Value, ...], rules: Ruleset) -> ColumnSource:
    """Return the column of the values of a fact or the dates of an event."""
    unknown = "" if is_date(name, rules) else rules.facts[name].unknown
    entries = tuple(_entry(value, unknown) for value in values)
    return ColumnSource(entries, (name,) if len(values) > 1 else ())


def review_source(
    values: Mapping[str, tuple[Value, ...]],
    by_happened: Mapping[tuple[Happened, Happened], Any],
    day: int,
    rules: Ruleset,
) -> ColumnSource:
    """Return the column of the action plan's review, which follows from its dates on a day."""
    contract = rules.contract
    unknown = rules.facts[contract.name(REVIEW)].unknown
    states: dict[str, tuple[Happened, ...]] = {}
    for path in (REVIEWED, RECEIVED):
        dates: Any = values.get(contract.name(path), (UNKNOWN,))
        states[path] = tuple(happened(when, day) for when in dates)
    varying = tuple(path for path in states if len(states[path]) > 1)
    kinds = list(Happened)
    entries: list[Entry] = []
    places: dict[tuple[int, ...], int] = {}
    for reviewed, received in product(kinds, kinds):
        case = {REVIEWED: reviewed, RECEIVED: received}
        if all(path in varying or case[path] is states[path][0] for path in states):
            value = by_happened[reviewed, received]
            entry = None if value is UNKNOWN else _entry(value, unknown)
            if entry not in entries:
                entries.append(entry)
            places[tuple(kinds.index(case[path]) for path in varying)] = entries.index(entry)
    keys = tuple(tuple(map(kinds.index, states[path])) for path in varying)
    return ColumnSource(tuple(entries), tuple(map(contract.name, varying)), keys, places)


def let_off_source(
    received: tuple[Value, ...], of_a_day: FactValue, rules: Ruleset
) -> ColumnSource:
    """Return the column that says whether no plan need come, by the dates on which one comes.

    ``of_a_day`` is its value where no date is given.
    """
    unknown = rules.facts[rules.contract.name(LET_OFF)].unknown
    entries = tuple(_entry(value, unknown) for value in (of_a_day, NONE_RECORDED))
    keys = tuple(int(is_dated(when)) for when in received)
    if len(keys) == 1:
        return ColumnSource((entries[keys[0]],))
    return ColumnSource(
        entries, (rules.contract.name(RECEIVED),), (keys,), {(key,): key for key in (0, 1)}
    )


def arrow_reader(
    columns: Mapping[str, ColumnSource], batches: Iterable[Mapping[str, array[int]]]
) -> Any:
    """Return a ``pyarrow.RecordBatchReader`` of batches of the numbers of the columns' entries.

    Days are date32, anything else is text. Each batch is made when it is read. Raises
    MissingExtraError without pyarrow.
    """
    try:
        import pyarrow  # noqa: PLC0415  an extra
    except ImportError:
        message = "Arrow tables need a package that is not installed."
        raise MissingExtraError.naming(message, extra="columns") from None
    arrays = {name: _array(pyarrow, source.entries) for name, source in columns.items()}
    schema = pyarrow.schema([(name, values.type) for name, values in arrays.items()])

    def record_batches() -> Iterator[Any]:
        for numbers in batches:
            entries = [
                values.take(
                    pyarrow.Array.from_buffers(
                        pyarrow.uint32(),
                        len(numbers[name]),
                        [None, pyarrow.py_buffer(numbers[name])],
                    )
                )
                for name, values in arrays.items()
            ]
            yield pyarrow.RecordBatch.from_arrays(entries, schema=schema)

    return pyarrow.RecordBatchReader.from_batches(schema, record_batches())


def _array(pyarrow: Any, entries: Sequence[Entry]) -> Any:
    known = [entry for entry in entries if entry is not None]
    if known and all(isinstance(entry, datetime.date) for entry in known):
        return pyarrow.array(list(entries), pyarrow.date32())
    texts = [None if entry is None else str(entry) for entry in entries]
    return pyarrow.array(texts, pyarrow.string()).dictionary_encode()
