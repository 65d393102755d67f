"""The columns of a query: values and days by row, and which rows hold what cannot be read.

The columns are checked straight away, like those of a table in memory. The rows are read only when
the query runs, so their problems are an expression as well.
"""

from __future__ import annotations

import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

import ibis
import pyarrow
from attrs import field, frozen

from ncpi_rules.batch import (
    MIDNIGHT,
    Layout,
    ShiftedDay,
    TableNames,
    read_columns,
)
from ncpi_rules.batch.ibis.planes import Value
from ncpi_rules.batch.ibis.query_days import QueryDays
from ncpi_rules.core import (
    FIRST_YEAR,
    LAST_YEAR,
    FactsError,
    NotKnown,
    one_of,
)
from ncpi_rules.ruleset import EMPTY_TEXTS, NOT_YET_COLUMN, Ruleset, column_meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_FIRST: Final = datetime.date(FIRST_YEAR, 1, 1)
_LAST: Final = datetime.date(LAST_YEAR, 12, 31)
_SPACE_AROUND: Final = "^[ \t\r\n]+|[ \t\r\n]+$"
"""What is no part of a text. Spark takes the vertical tab that 'strip' means for a letter v."""


@frozen(kw_only=True)
class RowProblem:
    """What may be wrong in a row: the column, in which rows, the value there, and what to do."""

    column: str
    where: Value = field(eq=False, repr=False)
    value: Value = field(eq=False, repr=False)
    message: str
    help: str


@frozen(kw_only=True)
class QueryColumns:
    """The columns of a table that are used; ``keep`` are passed through, the row's id first.

    ``names`` has what the table calls them. ``texts`` are the events whose days are text, ``flags``
    those with a column that says which have not happened yet.
    """

    table: ibis.Table = field(repr=False, eq=False)
    ruleset: Ruleset
    names: TableNames
    keep: tuple[str, ...]
    values: tuple[str, ...]
    days: tuple[str, ...]
    texts: frozenset[str]
    flags: frozenset[str]

    @classmethod
    def of(cls, table: Any, ruleset: Ruleset, keep: Sequence[str]) -> QueryColumns:
        """Return the columns of a table.

        Raises FactsError with every problem of a column, in the words of ``batch.sweep``.
        """
        table = _read_table(table)
        schema = table.schema()
        fields = [
            pyarrow.field(
                name, kind.to_pyarrow() if column_meant(name, ruleset) else pyarrow.null()
            )
            for name, kind in schema.items()
        ]
        empty = pyarrow.schema(fields).empty_table()
        columns = read_columns(empty, ruleset, keep=keep, by_type=True)
        written = columns.names.written
        return cls(
            table=table,
            ruleset=ruleset,
            names=columns.names,
            keep=tuple(dict.fromkeys(keep)),
            values=tuple(columns.values),
            days=tuple(columns.days),
            texts=frozenset(
                name
                for name in columns.days
                if name in written and schema[written[name]].is_string()
            ),
            flags=frozenset(name for name in columns.days if f"{name}{NOT_YET_COLUMN}" in written),
        )

    @property
    def layout(self) -> Layout:
        """Return how the columns are written: any value and any day may occur.

        An empty field of a fact has the code of its value for unknown.
        """
        facts = self.ruleset.facts
        return Layout(
            values=tuple(
                (name, tuple(range(len(facts[name].values))), False) for name in self.values
            ),
            events=tuple((name, True, name in self.texts | self.flags) for name in self.days),
        )

    @property
    def kept_names(self) -> dict[str, str]:
        """Return the name of each kept column inside the query."""
        return {name: f"kept {place}" for place, name in enumerate(self.keep)}

    def rows(self, days: QueryDays) -> QueryRows:
        """Return the rows of the table, with the shifted days of their events."""
        table = self._named()
        for name in self.days:
            shifted = {
                f"{name} {column}": days.table[column]
                for day, column in days.columns.items()
                if day.anchor == name
            }
            if shifted or name in self.texts:
                matching = days.table.select(
                    **{
                        f"key {name}": days.table["text" if name in self.texts else "day"],
                        f"day {name}": days.table["day"],
                        **shifted,
                    }
                )
                table = table.left_join(matching, table[f"given {name}"] == matching[f"key {name}"])
        return QueryRows(columns=self, table=table, days=days)

    def _named(self) -> ibis.Table:
        """Return the columns under names of our own, whatever the table's are."""
        names = self.names
        columns = {inner: self.table[names.keep[name]] for name, inner in self.kept_names.items()}
        for name in self.values:
            fact = self.ruleset.facts[name]
            value = self._text(name, fact.values)
            codes = [(allowed, code) for code, allowed in enumerate(fact.values)]
            unknown = list(fact.values).index(fact.unknown)
            columns[f"value {name}"] = value
            columns[f"code {name}"] = ibis.ifelse(
                value.isnull(), unknown, value.cases(*codes, else_=-1)
            )
        for name in self.days:
            columns[f"given {name}"] = ibis.null("date")
            if name in self.texts:
                columns[f"given {name}"] = self._text(name, ()).re_replace(MIDNIGHT, "")
            elif name in names.written:
                day = self.table[names.written[name]]
                columns[f"given {name}"] = day.cast("date")
                if day.type().is_timestamp():
                    columns[f"clock {name}"] = _true(day != day.cast("date").cast(day.type()))
            if name in self.flags:
                flag = self.table[names.written[f"{name}{NOT_YET_COLUMN}"]].cast("boolean")
                columns[f"flag {name}"] = _true(flag)
        return self.table.select(**columns)

    def _text(self, name: str, values: Iterable[str]) -> Value:
        """Return a column of text without the space around it; an empty text is an empty field.

        A text that is one of some ``values`` stays as it is, whatever it looks like.
        """
        text = self.table[self.names.written[name]].cast("string")
        bare = text.re_replace(_SPACE_AROUND, "")
        plain = reduce(lambda value, empty: value.nullif(empty), sorted(EMPTY_TEXTS), bare)
        odd = [value for value in values if value != value.strip() or value in EMPTY_TEXTS]
        return ibis.ifelse(text.isin(odd), text, plain) if odd else plain


def _true(flag: Value) -> Value:
    """Return a flag that is false where it was empty."""
    return flag.fill_null(False)  # noqa: FBT003  the value of an empty row


def _read_table(table: Any) -> ibis.Table:
    if isinstance(table, ibis.Table):
        return table
    try:
        return ibis.memtable(table)
    except (TypeError, ValueError):
        message = f"A {type(table).__name__} is not a table that can be read."
        raise FactsError(
            message, "Give a table of Ibis, or one of pyarrow, polars or pandas."
        ) from None


@frozen(kw_only=True)
class QueryRows:
    """The values, days and shifted days of each row, as expressions over one table."""

    columns: QueryColumns
    table: ibis.Table = field(repr=False, eq=False)
    days: QueryDays

    def day(self, name: str) -> Value:
        """Return the day of an event; empty where it is not known."""
        return self.table[f"{'day' if name in self.columns.texts else 'given'} {name}"]

    def actual(self, name: str, on: datetime.date) -> Value:
        """Return the day of an event, or the day of the assessment where it has none."""
        return self.day(name).fill_null(on) if name in self.columns.days else ibis.literal(on)

    def shifted(self, day: ShiftedDay) -> Value:
        """Return a shifted day; where its anchor has no day, any day."""
        if day not in self.days.columns:
            return self.day(day.anchor).fill_null(_FIRST)
        return self.table[f"{day.anchor} {self.days.columns[day]}"].fill_null(_FIRST)

    def leaf(self, leaf: tuple[Any, ...], on: datetime.date) -> Value:
        """Return a leaf of a circuit: true or false in every row, never empty."""
        kind, name, *rest = leaf
        match kind:
            case "digit":
                values = self.columns.ruleset.facts[name].values
                codes = [code for code in range(len(values)) if code >> rest[0] & 1]
                return self.table[f"code {name}"].isin(codes)
            case "dated":
                return self.day(name).notnull()
            case "not-yet":
                return self._not_yet(name)
            case "happened":
                return self.actual(name, on) <= on
            case "earlier":
                return self.day(name) < self.day(rest[0])
            case _:
                day, is_floor = rest
                actual = self.actual(name, on)
                if isinstance(day, int):
                    limit: Value = datetime.date.fromordinal(day)
                else:
                    limit = self.shifted(day) if kind == "beyond" else self.days.shifted(day, on)
                return actual < limit if is_floor else actual > limit

    def _not_yet(self, name: str) -> Value:
        if name not in self.columns.texts:
            return self.table[f"flag {name}"]
        says_so = _true(self.table[f"given {name}"] == NotKnown.NOT_YET.value)
        return says_so | self.table[f"flag {name}"] if name in self.columns.flags else says_so

    # What is wrong

    @property
    def sound(self) -> Value:
        """Return whether nothing is wrong in a row: true or false in every row, never empty."""
        return ~_true(reduce(or_, (problem.where for problem in self.problems())))

    def problems(self) -> Iterator[RowProblem]:
        """Yield what may be wrong in a row: it is wrong only where the expression is true."""
        row_id = self.columns.keep[0]
        yield RowProblem(
            column=row_id,
            where=self.table[self.columns.kept_names[row_id]].isnull(),
            value=ibis.null("string"),
            message="This row cannot be told from others: the column is empty here.",
            help="Give each row an id of its own.",
        )
        for name in self.columns.values:
            yield RowProblem(
                column=name,
                where=self.table[f"code {name}"] < 0,
                value=self.table[f"value {name}"],
                message=f"This is not a value of '{name}'.",
                help=one_of("", self.columns.ruleset.facts[name].values, suggest=False),
            )
        for name in self.columns.days:
            yield from self._day_problems(name)

    def _day_problems(self, name: str) -> Iterator[RowProblem]:
        column, day = self.table[f"given {name}"], self.day(name)
        if name in self.columns.texts:
            message = f"This is not a whole day from {FIRST_YEAR} to {LAST_YEAR}."
            help_ = "Write a whole day as 2018-06-28, or 'not-yet' or 'unknown'."
            known = column.isin([value.value for value in NotKnown])
            outside = column.notnull() & day.isnull() & ~known
        else:
            message = f"The day is outside {FIRST_YEAR} to {LAST_YEAR}."
            help_ = "Check the year."
            outside = ~column.between(_FIRST, _LAST)
        value = column.cast("string")
        if f"clock {name}" in self.table.columns:
            yield RowProblem(
                column=name,
                where=self.table[f"clock {name}"],
                value=value,
                message="This is a point in time with a time of day, not a day.",
                help="Cast the column to a date.",
            )
        yield RowProblem(column=name, where=outside, value=value, message=message, help=help_)
        if name in self.columns.flags:
            yield RowProblem(
                column=name,
                where=day.notnull() & self.table[f"flag {name}"],
                value=value,
                message="There is a day, and it is said not to have happened yet.",
                help="Leave out one of the two; a day still to come counts as not yet happened.",
            )
