"""Which columns go in and which come out, as planes of a circuit."""

from __future__ import annotations

from typing import TypeAlias

from attrs import field, frozen

from ncpi_rules.batch.circuit import YES
from ncpi_rules.ruleset import Bound


@frozen(kw_only=True)
class Layout:
    """Which columns there are, and how they are written.

    ``words`` names each fact with a column, the place in the vocabulary of each code that the
    column uses (-1 for none), and whether some rows are empty. ``events`` names each event with a
    column, whether some rows are empty, and whether a column says which have not happened yet.
    """

    values: tuple[tuple[str, tuple[int, ...], bool], ...]
    events: tuple[tuple[str, bool, bool], ...]


@frozen(kw_only=True)
class Flag:
    """A column that is true or false."""

    name: str
    plane: int


@frozen(kw_only=True)
class ValueOf:
    """A column of words: the planes of the binary digits of each word's code."""

    name: str
    values: tuple[str, ...]
    digits: tuple[int, ...]
    told: int = YES


@frozen(kw_only=True)
class LastDayOf:
    """A column of last days: the earliest of those whose plane holds.

    ``bound`` is the only bound there is, where there is only one.
    """

    name: str
    bounds: tuple[tuple[int, Bound], ...]
    told: int
    bound: Bound | None = field(init=False, repr=False)

    @bound.default
    def _only(self) -> Bound | None:
        bounds = {bound for _, bound in self.bounds}
        return bounds.pop() if len(bounds) == 1 else None


@frozen(kw_only=True)
class DaysLate:
    """A column that counts from the last day to an event's day, or to the day of assessment."""

    name: str
    event: str
    due: LastDayOf
    told: int


Output: TypeAlias = Flag | ValueOf | LastDayOf | DaysLate


def planes_of(each: Output) -> set[int]:
    """Return the planes that a column is made from."""
    match each:
        case Flag():
            return {each.plane}
        case ValueOf():
            return {*each.digits, each.told}
        case LastDayOf() if each.bound is None:
            return {each.told, *(plane for plane, _ in each.bounds)}
        case DaysLate():
            return {each.told} | planes_of(each.due)
        case _:
            return {each.told}


def fixed_part(digits: tuple[int, ...]) -> int:
    """Return the code that the digits which hold in every case make together.

    >>> fixed_part((YES, 0, YES))
    5
    """
    return sum(1 << place for place, plane in enumerate(digits) if plane == YES)
