"""Where the columns of imagined cases come from: a choice, several together, or one value."""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import UNKNOWN, Happened, PartialDate
from ncpi_rules.explore.choices import is_date, says_value
from ncpi_rules.explore.constraints import RECEIVED, REVIEW, REVIEWED
from ncpi_rules.facts import happened

if TYPE_CHECKING:
    from ncpi_rules.explore.choices import Value
    from ncpi_rules.explore.samples import Block
    from ncpi_rules.ruleset import Ruleset

Entry: TypeAlias = str | datetime.date | None
"""What stands in a column: a word, a day, ``not-yet``, a date as far as it is known, or None."""


@frozen
class Source:
    """Where a column comes from: a choice, several of them together, or one value throughout.

    ``place`` gives the number of the entry for the codes of the choices.
    """

    entries: tuple[Entry, ...]
    names: tuple[str, ...] = ()
    keys: tuple[tuple[int, ...], ...] = ()
    place: Mapping[tuple[int, ...], int] = field(factory=dict)

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
        return array("I", map(self.place.__getitem__, zip(*columns, strict=True)))

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
    return says_value(value)


def source_of(name: str, values: tuple[Value, ...], rules: Ruleset) -> Source:
    """Return the column of the values of a fact or an event."""
    unknown = "" if is_date(name, rules) else rules.facts[name].unknown
    entries = tuple(_entry(each, unknown) for each in values)
    return Source(entries, (name,) if len(values) > 1 else ())


def by_dates(
    values: Mapping[str, tuple[Value, ...]],
    by_happened: Mapping[tuple[Happened, Happened], Any],
    day: int,
    rules: Ruleset,
) -> Source:
    """Return the review's word by whether the action plan was reviewed and received by a day."""
    fact = rules.facts[REVIEW]
    has: dict[str, tuple[Happened, ...]] = {}
    for name in (REVIEWED, RECEIVED):
        dates: Any = values.get(name, (UNKNOWN,))
        has[name] = tuple(happened(when, day) for when in dates)
    kinds = list(Happened)
    entries: list[Entry] = []
    place: dict[tuple[int, ...], int] = {}
    names = tuple(name for name in has if len(has[name]) > 1)
    for reviewed in kinds:
        for received in kinds:
            both = {REVIEWED: reviewed, RECEIVED: received}
            if any(both[name] is not has[name][0] for name in has if name not in names):
                continue
            value = by_happened[reviewed, received]
            entry = _entry(fact.unknown if value is UNKNOWN else value, fact.unknown)
            if entry not in entries:
                entries.append(entry)
            place[tuple(kinds.index(both[name]) for name in names)] = entries.index(entry)
    keys = tuple(tuple(map(kinds.index, has[name])) for name in names)
    return Source(tuple(entries), names, keys, place)
