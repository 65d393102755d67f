"""The columns that are given, once they are read."""

from __future__ import annotations

from attrs import field, frozen

from ncpi_rules.batch.arrow import Bits
from ncpi_rules.batch.circuit import Array
from ncpi_rules.batch.schema import Layout


@frozen(kw_only=True)
class ValueColumn:
    """A column of words: a code for each row, and the place in the vocabulary of each code."""

    codes: Array = field(repr=False, eq=False)
    meaning: tuple[int, ...]
    values: tuple[str, ...]
    told: Bits | None


@frozen(kw_only=True)
class DayColumn:
    """A column of days, counted as Arrow counts them; under empty rows, anything."""

    days: Array = field(repr=False, eq=False)
    told: Bits | None
    not_yet: Bits | None


@frozen(kw_only=True)
class Columns:
    """The columns of a table that can be used; ``first`` is the number of its first row."""

    rows: int
    values: dict[str, ValueColumn]
    days: dict[str, DayColumn]
    first: int = 1

    @property
    def layout(self) -> Layout:
        """Return which columns there are, and how they are written."""
        return Layout(
            values=tuple((n, e.meaning, e.told is not None) for n, e in self.values.items()),
            events=tuple(
                (n, e.told is not None, e.not_yet is not None) for n, e in self.days.items()
            ),
        )

    def bits_of(self, kind: str, name: str) -> Bits:
        """Return which rows of a fact are ``told``, of an event ``dated`` or ``not-yet``."""
        if kind == "told":
            found = self.values[name].told
        else:
            found = self.days[name].told if kind == "dated" else self.days[name].not_yet
        assert found is not None  # noqa: S101  the layout says so
        return found
