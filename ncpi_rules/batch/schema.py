"""The columns of a sweep: those that go in, and those that come out as planes of a circuit."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

import pyarrow
from attrs import field, frozen

from ncpi_rules.batch.arrow import Bits, text_array
from ncpi_rules.batch.circuit import YES, Array
from ncpi_rules.batch.names import TableNames
from ncpi_rules.ruleset import Bound

# Columns that go in


@frozen(kw_only=True)
class Layout:
    """Which columns a table has, and how they are written.

    ``values`` names each fact with a column, the place in the vocabulary of each code that the
    column uses (-1 for none), and whether some rows are empty. ``events`` names each event with a
    column, whether some rows are empty, and whether a column says which have not happened yet.
    """

    values: tuple[tuple[str, tuple[int, ...], bool], ...]
    events: tuple[tuple[str, bool, bool], ...]


@frozen(kw_only=True)
class ValueColumn:
    """A column of values: a code for each row, and the place in the vocabulary of each code."""

    codes: Array = field(repr=False, eq=False)
    meaning: tuple[int, ...]
    values: tuple[str, ...]
    valid: Bits | None


@frozen(kw_only=True)
class DayColumn:
    """A column of days, counted as Arrow counts them; an empty row may hold any day."""

    days: Array = field(repr=False, eq=False)
    valid: Bits | None
    not_yet: Bits | None


@frozen(kw_only=True)
class InputColumns:
    """The columns of a table that are used; ``first`` is the number of its first row."""

    rows: int
    values: dict[str, ValueColumn]
    days: dict[str, DayColumn]
    names: TableNames
    first: int = 1

    @property
    def layout(self) -> Layout:
        """Return which columns there are, and how they are written."""
        return Layout(
            values=tuple(
                (name, column.meaning, column.valid is not None)
                for name, column in self.values.items()
            ),
            events=tuple(
                (name, column.valid is not None, column.not_yet is not None)
                for name, column in self.days.items()
            ),
        )

    def bits_of(self, leaf: str, name: str) -> Bits:
        """Return which rows of a fact are ``valid``, or of an event ``dated`` or ``not-yet``."""
        if leaf == "valid":
            bits = self.values[name].valid
        else:
            bits = self.days[name].valid if leaf == "dated" else self.days[name].not_yet
        assert bits is not None  # noqa: S101  the layout says so
        return bits


# Columns that come out


@frozen(kw_only=True, eq=False)
class ShiftedDay:
    """The day to which a bound leads from the day of its anchor, in each row.

    All bounds that lead to the same day share one such object, which is equal to itself only.
    ``days`` is the whole shift where it is the same number of days from every day.
    """

    bound: Bound
    days: int | None

    @property
    def anchor(self) -> str:
        """Return the event from whose day it is counted."""
        return self.bound.anchor


@frozen(kw_only=True)
class FlagOutput:
    """A column of true and false: a plane."""

    type: ClassVar[pyarrow.DataType] = pyarrow.bool_()

    plane: int

    @property
    def valid(self) -> int:
        """Return the plane of the rows that are not empty: all."""
        return YES

    @property
    def planes(self) -> set[int]:
        """Return the planes from which the column is made."""
        return {self.plane}


@frozen(kw_only=True)
class ValueOutput:
    """A column of values: the planes of the binary digits of each value's code.

    ``dictionary`` has the values in the order of their codes, as Arrow has them.
    """

    type: ClassVar[pyarrow.DataType] = pyarrow.dictionary(pyarrow.int8(), pyarrow.string())

    values: tuple[str, ...]
    digits: tuple[int, ...]
    valid: int = YES
    dictionary: pyarrow.Array = field(init=False, eq=False, repr=False)

    @dictionary.default
    def _text_array(self) -> pyarrow.Array:
        return text_array(self.values)

    @property
    def planes(self) -> set[int]:
        """Return the planes from which the column is made."""
        return {*self.digits, self.valid}


@frozen(kw_only=True)
class DueDateOutput:
    """A column of due dates: the earliest of ``dates``, each with the plane of its rules.

    ``only`` is the one date that there is, where there is only one.
    """

    type: ClassVar[pyarrow.DataType] = pyarrow.date32()

    dates: tuple[tuple[int, ShiftedDay], ...]
    valid: int
    only: ShiftedDay | None = field(init=False, repr=False)

    @only.default
    def _only_date(self) -> ShiftedDay | None:
        dates = {date for _, date in self.dates}
        return dates.pop() if len(dates) == 1 else None

    @property
    def planes(self) -> set[int]:
        """Return the planes from which the column is made."""
        choosing = set() if self.only else {plane for plane, _ in self.dates}
        return {self.valid} | choosing


@frozen(kw_only=True)
class DaysLateOutput:
    """A column that counts from the due date to the day of an event or of the assessment."""

    type: ClassVar[pyarrow.DataType] = pyarrow.int32()

    event: str
    due: DueDateOutput
    valid: int

    @property
    def planes(self) -> set[int]:
        """Return the planes from which the column is made."""
        return {self.valid} | self.due.planes


Output: TypeAlias = FlagOutput | ValueOutput | DueDateOutput | DaysLateOutput
