"""From Arrow columns to codes and days, and what is told of columns that cannot be used.

Floor 10. Nothing is guessed: a column that is no fact and no event is refused, and so is a word
that the vocabulary does not have, with the first rows in which it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy
import pyarrow
from attrs import field, frozen

from ncpi_rules.columns.arrow import (
    Bits,
    coded,
    fewer,
    in_one_piece,
    is_text,
    numbers_of,
    packed,
    says_kind,
    told_in,
    true_in,
    unpacked,
)
from ncpi_rules.columns.circuit import Array
from ncpi_rules.columns.days import EPOCH, FIRST, LAST
from ncpi_rules.columns.layout import Layout
from ncpi_rules.dates import FIRST_YEAR, LAST_YEAR, read_day
from ncpi_rules.errors import DateError, FactsError, Problem, one_of
from ncpi_rules.words import NotKnown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.ruleset.model import Ruleset

NOT_YET: Final = ".not-yet"
"""What the name of a column ends with that says whether an event has not happened yet."""

_MOST_ROWS: Final = 5
_MOST_WORDS: Final = 10
_MOST_CODES: Final = 256


@frozen(kw_only=True)
class WordColumn:
    """A column of words: a code for each row, and the place in the vocabulary of each code."""

    codes: Array = field(repr=False, eq=False)
    meaning: tuple[int, ...]
    words: tuple[str, ...]
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
    words: dict[str, WordColumn]
    days: dict[str, DayColumn]
    first: int = 1

    @property
    def layout(self) -> Layout:
        """Return which columns there are, and how they are written."""
        return Layout(
            words=tuple((n, e.meaning, e.told is not None) for n, e in self.words.items()),
            events=tuple(
                (n, e.told is not None, e.not_yet is not None) for n, e in self.days.items()
            ),
        )

    def bits_of(self, kind: str, name: str) -> Bits:
        """Return which rows of a fact are ``told``, of an event ``dated`` or ``not-yet``."""
        if kind == "told":
            found = self.words[name].told
        else:
            found = self.days[name].told if kind == "dated" else self.days[name].not_yet
        assert found is not None  # noqa: S101  the layout says so
        return found


def columns_of(
    table: pyarrow.Table, ruleset: Ruleset, *, keep: Sequence[str] = (), first: int = 1
) -> Columns:
    """Return the columns of a table, checked as far as can be without looking at every row.

    ``keep`` names columns that are none of the ruleset's; ``first`` is the number of the first
    row. Raises FactsError, with every problem: a column that the ruleset does not have, of a kind
    that is not read, with a day that is none. Words and years are looked at later.
    """
    problems = list(_wrong_names(table.column_names, ruleset, keep))
    words: dict[str, WordColumn] = {}
    days: dict[str, DayColumn] = {}
    for name in table.column_names:
        event = name.removesuffix(NOT_YET)
        if problems or (name.endswith(NOT_YET) and event in table.column_names):
            continue
        if name in keep and name not in ruleset.facts and event not in ruleset.events:
            continue
        reading = _Reading(name=name, first=first)
        if event in ruleset.events:
            not_yet = f"{event}{NOT_YET}"
            flags = table[not_yet] if not_yet in table.column_names else None
            column = None if name == not_yet else table[name]
            found = reading.days(column, flags, table.num_rows)
            if found is not None:
                days[event] = found
        else:
            each = reading.words(table[name], tuple(ruleset.facts[name].words))
            if each is not None:
                words[name] = each
        problems += reading.problems
    if problems:
        raise FactsError(problems)
    return Columns(rows=table.num_rows, words=words, days=days, first=first)


def _wrong_names(names: Sequence[str], ruleset: Ruleset, keep: Sequence[str]) -> Iterator[Problem]:
    known = [*ruleset.facts, *ruleset.events]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield Problem(
                place=f"column '{name}'",
                sentence="Two columns have this name.",
                help="Rename or leave out one of them.",
            )
        elif name in keep or name in known or name.removesuffix(NOT_YET) in ruleset.events:
            continue
        else:
            sentence = f"The ruleset has no fact and no event '{name}'."
            help_ = "Rename the column, leave it out, or ask for it to be kept as it is."
            if name in ruleset.outcomes:
                sentence = f"'{name}' is decided by the rules; it cannot be given."
            yield Problem(
                place=f"column '{name}'",
                sentence=sentence,
                help=f"{one_of(name, known)} {help_}",
            )
    for name in keep:
        if name not in names:
            yield Problem(
                place=f"column '{name}'",
                sentence="There is no such column to keep.",
                help=one_of(name, names),
            )


def all_wrong_words(columns: Columns, ruleset: Ruleset) -> Iterator[Problem]:
    """Yield a problem for each word that its fact does not have, with the first rows."""
    for name, column in columns.words.items():
        wrong = [code for code, to in enumerate(column.meaning) if to < 0]
        told = unpacked(column.told, columns.rows) if wrong else None
        found = [(code, numpy.flatnonzero((column.codes == code) & told)) for code in wrong]
        found = sorted((each for each in found if len(each[1])), key=lambda each: int(each[1][0]))
        for code, rows in found[:_MOST_WORDS]:
            word = column.words[code]
            yield Problem(
                place=f"column '{name}', {says_rows(rows, columns.first)}",
                sentence=f"'{word}' is not a word of '{name}'.",
                help=one_of(word, tuple(ruleset.facts[name].words)),
            )
        if len(found) > _MOST_WORDS:
            yield Problem(
                place=f"column '{name}'",
                sentence=f"So are {len(found) - _MOST_WORDS:,} further words of this column.",
                help="Look whether it is the right column.",
            )


def all_wrong_days(columns: Columns, events: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each of some events with days in years that are not read."""
    for event in events:
        column = columns.days[event]
        wrong = (column.days < FIRST) | (column.days > LAST)
        rows = numpy.flatnonzero(wrong & unpacked(column.told, columns.rows))
        if len(rows):
            yield Problem(
                place=f"column '{event}', {says_rows(rows, columns.first)}",
                sentence=f"The day is outside {FIRST_YEAR} to {LAST_YEAR}.",
                help="Check the year.",
            )


def says_rows(rows: Array, first: int) -> str:
    """Return the numbers of the first rows of some, and how many more there are.

    >>> says_rows(numpy.array([0, 4]), 1), says_rows(numpy.arange(1000), 1)
    ('rows 1 and 5', 'rows 1, 2, 3, 4, 5 and 995 more')
    """
    told = [f"{int(row) + first:,}" for row in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        told.append(f"{len(rows) - _MOST_ROWS:,} more")
    if len(told) == 1:
        return f"row {told[0]}"
    return f"rows {', '.join(told[:-1])} and {told[-1]}"


@frozen(kw_only=True)
class _Reading:
    """One column while it is read; ``problems`` is what was found wrong with it."""

    name: str
    first: int
    problems: list[Problem] = field(factory=list)

    def tell(self, sentence: str, help_: str, rows: Array | None = None) -> None:
        """Note a problem of the column, or of some of its rows."""
        place = f"column '{self.name}'"
        if rows is not None:
            place += f", {says_rows(rows, self.first)}"
        self.problems.append(Problem(place=place, sentence=sentence, help=help_))

    # Words

    def words(self, column: pyarrow.ChunkedArray, allowed: tuple[str, ...]) -> WordColumn | None:
        """Return a column of words."""
        kind = column.type
        if pyarrow.types.is_null(kind):
            column = column.cast(pyarrow.string())
        elif not (
            is_text(kind) or (pyarrow.types.is_dictionary(kind) and is_text(kind.value_type))
        ):
            self.tell(f"This column must hold words; it holds {says_kind(kind)}.", "Use text.")
            return None
        codes, words = coded(column)
        meaning = tuple(allowed.index(word) if word in allowed else -1 for word in words)
        numbers = numbers_of(codes)
        if len(meaning) > _MOST_CODES:
            told = unpacked(told_in(codes), len(numbers))
            numbers, meaning, words = fewer(numbers, told, meaning, words)
            if len(meaning) > _MOST_CODES:
                places = numpy.array(meaning)[numbers]
                self.tell(
                    f"This column holds {len(meaning):,} different words; the vocabulary has "
                    f"{len(allowed)}.",
                    one_of("", allowed, suggest=False),
                    numpy.flatnonzero((places < 0) & told),
                )
                return None
            numbers = numbers.astype(numpy.uint8)
        return WordColumn(codes=numbers, meaning=meaning, words=words, told=told_in(codes))

    # Days

    def days(
        self, column: pyarrow.ChunkedArray | None, flags: pyarrow.ChunkedArray | None, rows: int
    ) -> DayColumn | None:
        """Return a column of days, with what has not happened yet."""
        said: Bits | None = None
        if flags is not None:
            if not (pyarrow.types.is_boolean(flags.type) or pyarrow.types.is_null(flags.type)):
                place = f"column '{self.name.removesuffix(NOT_YET)}{NOT_YET}'"
                sentence = (
                    f"This column must hold true and false; it holds {says_kind(flags.type)}."
                )
                help_ = "True says that the event is known not to have happened."
                self.problems.append(Problem(place=place, sentence=sentence, help=help_))
                return None
            said = true_in(flags)
        if column is None or pyarrow.types.is_null(column.type):
            column = pyarrow.chunked_array([pyarrow.nulls(rows, pyarrow.date32())])
        kind = column.type
        plain = kind.value_type if pyarrow.types.is_dictionary(kind) else kind
        if is_text(plain):
            found = self._from_text(column, said)
        elif pyarrow.types.is_date(kind):
            array = in_one_piece(
                column if kind == pyarrow.date32() else column.cast(pyarrow.date32())
            )
            found = numbers_of(array), told_in(array), said
        else:
            help_ = "Use whole days: the date32 type of Arrow, or text such as 2018-06-28."
            if pyarrow.types.is_timestamp(kind):
                help_ = f"Which day it is depends on the time zone: say so yourself. {help_}"
            self.tell(f"This column must hold days; it holds {says_kind(kind)}.", help_)
            return None
        return None if found is None else self._checked(*found)

    def _checked(self, days: Array, told: Bits | None, said: Bits | None) -> DayColumn | None:
        if said is not None:
            both = unpacked(said, len(days)) & unpacked(told, len(days))
            if both.any():
                self.tell(
                    "There is a day, and it is said not to have happened yet.",
                    "Leave out one of the two; a day still to come counts as not yet happened.",
                    numpy.flatnonzero(both),
                )
                return None
        return DayColumn(days=days, told=told, not_yet=said)

    def _from_text(
        self, column: pyarrow.ChunkedArray, said: Bits | None
    ) -> tuple[Array, Bits | None, Bits | None] | None:
        codes, texts = coded(column)
        numbers = numbers_of(codes)
        told = unpacked(told_in(codes), len(numbers))
        numbers = numpy.where(told, numbers, len(texts))  # the code of an empty row is anything
        days = numpy.zeros(len(texts) + 1, dtype=numpy.int32)
        known = numpy.zeros(len(texts) + 1, dtype=bool)
        not_yet = numpy.zeros(len(texts) + 1, dtype=bool)
        for code, text in enumerate(texts):
            if text in {NotKnown.UNKNOWN.value, NotKnown.NOT_YET.value}:
                not_yet[code] = text == NotKnown.NOT_YET.value
                continue
            try:
                days[code] = read_day(text).toordinal() - EPOCH
                known[code] = True
            except DateError as fault:
                rows = numpy.flatnonzero(numbers == code)
                if len(rows) and len(self.problems) < _MOST_WORDS:
                    problem = fault.problems[0]
                    help_ = "Write a whole day as 2018-06-28, or 'not-yet' or 'unknown'."
                    self.tell(problem.sentence, help_, rows)
        if self.problems:
            return None
        waits = not_yet[numbers]
        if said is not None:
            waits |= unpacked(said, len(numbers))
        if known.any():  # empty rows lengthen no table of days
            days[~known] = days[known][0]
        told_days = None if known[numbers].all() else packed(known[numbers])
        return days[numbers], told_days, packed(waits) if waits.any() else None
