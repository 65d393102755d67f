"""What a table gives: words and days by row, and which rows hold what cannot be read.

The columns are checked at once, by the same code as those of ``columns``; what stands in
the rows is known when the query runs, so what is wrong there is an expression, too.
"""

from __future__ import annotations

import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

import ibis
import pyarrow
from attrs import field, frozen

from ncpi_rules.batch import NOT_YET, Layout, columns_of
from ncpi_rules.batch.ibis.day_tables import DayTable
from ncpi_rules.batch.ibis.planes import Value
from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, FactsError, NotKnown, Problem, one_of
from ncpi_rules.ruleset import Ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.ruleset import Bound

_FIRST: Final = datetime.date(FIRST_YEAR, 1, 1)
_LAST: Final = datetime.date(LAST_YEAR, 12, 31)


@frozen(kw_only=True)
class Wrong:
    """What may be wrong in a row: the column, where it is so, what stands there, what to do."""

    column: str
    where: Value = field(eq=False, repr=False)
    value: Value = field(eq=False, repr=False)
    message: str
    help: str


@frozen(kw_only=True)
class Given:
    """The columns of a table that are read; ``keep`` are handed on, the id of the row first.

    ``texts`` are the events whose days are text, ``flags`` those with a column that says what has
    not happened yet.
    """

    table: ibis.Table = field(repr=False, eq=False)
    ruleset: Ruleset
    keep: tuple[str, ...]
    values: tuple[str, ...]
    days: tuple[str, ...]
    texts: frozenset[str]
    flags: frozenset[str]

    @classmethod
    def of(cls, table: Any, ruleset: Ruleset, keep: Sequence[str]) -> Given:
        """Return the columns of a table.

        Raises FactsError with every problem of a column, as ``columns`` tells it.
        """
        table = _table_of(table)
        schema = table.schema()
        fields = [
            pyarrow.field(name, kind.to_pyarrow() if _is_read(name, ruleset) else pyarrow.null())
            for name, kind in schema.items()
        ]
        empty = pyarrow.schema(fields).empty_table()
        columns = columns_of(empty, ruleset, keep=keep, by_kind=True)
        days = tuple(columns.days)
        return cls(
            table=table,
            ruleset=ruleset,
            keep=tuple(dict.fromkeys(keep)),
            values=tuple(columns.values),
            days=days,
            texts=frozenset(n for n in days if n in schema and schema[n].is_string()),
            flags=frozenset(n for n in days if f"{n}{NOT_YET}" in schema),
        )

    @property
    def layout(self) -> Layout:
        """Return how the columns are written: any word and any day may occur.

        An empty field of a fact has the code of its word for unknown.
        """
        facts = self.ruleset.facts
        return Layout(
            values=tuple(
                (name, tuple(range(len(facts[name].values))), False) for name in self.values
            ),
            events=tuple((name, True, name in self.texts | self.flags) for name in self.days),
        )

    @property
    def kept(self) -> dict[str, str]:
        """Return the name under which each column that is kept stands meanwhile."""
        return {name: f"kept {place}" for place, name in enumerate(self.keep)}

    def rows(self, days: DayTable) -> Rows:
        """Return what each row gives, with the days to which bounds lead from its own."""
        table = self._named()
        for name in self.days:
            moved = {
                moved_name(bound): days.table[column]
                for bound, column in days.moved.items()
                if bound.anchor == name
            }
            if not moved and name not in self.texts:
                continue
            found = days.table.select(
                **{
                    f"key {name}": days.table["text" if name in self.texts else "day"],
                    f"found {name}": days.table["day"],
                    **moved,
                }
            )
            table = table.left_join(found, table[f"given {name}"] == found[f"key {name}"])
        return Rows(given=self, table=table, days=days)

    def _named(self) -> ibis.Table:
        """Return the columns under names that are ours, whatever the table's are."""
        found = {column: self.table[name] for name, column in self.kept.items()}
        for name in self.values:
            fact, value = self.ruleset.facts[name], self.table[name].cast("string")
            codes = [(each, code) for code, each in enumerate(fact.values)]
            code = value.cases(*codes, else_=-1)
            found[f"word {name}"] = value
            found[f"code {name}"] = ibis.ifelse(
                value.isnull(), list(fact.values).index(fact.unknown), code
            )
        for name in self.days:
            if name in self.table.columns:
                kind = "string" if name in self.texts else "date"
                found[f"given {name}"] = self.table[name].cast(kind)
            else:
                found[f"given {name}"] = ibis.null("date")
            if name in self.flags:
                flag = self.table[f"{name}{NOT_YET}"].cast("boolean")
                found[f"flag {name}"] = flag.fill_null(False)  # noqa: FBT003  what empty means
        return self.table.select(**found)


def _is_read(name: str, ruleset: Ruleset) -> bool:
    return name in ruleset.facts or name.removesuffix(NOT_YET) in ruleset.events


def _table_of(table: Any) -> ibis.Table:
    if isinstance(table, ibis.Table):
        return table
    try:
        return ibis.memtable(table)
    except (TypeError, ValueError):
        raise FactsError(
            Problem(
                place="",
                message=f"A {type(table).__name__} is not a table that can be read.",
                help="Give a table of Ibis, or one of pyarrow, polars or pandas.",
            )
        ) from None


def moved_name(bound: Bound) -> str:
    """Return the name of the column that holds the day to which a bound leads."""
    floor = "floor" if bound.is_floor else "order" if bound.is_order else "last day"
    return f"{floor} {bound.period.says} {bound.direction} {bound.days} {bound.anchor}"


@frozen(kw_only=True)
class Rows:
    """What each row gives, as expressions over one table."""

    given: Given
    table: ibis.Table = field(repr=False, eq=False)
    days: DayTable

    def code(self, name: str) -> Value:
        """Return the place in the vocabulary of the word of a fact; -1 where it has none."""
        return self.table[f"code {name}"]

    def day(self, name: str) -> Value:
        """Return the day of an event; empty where it is not known."""
        return self.table[f"{'found' if name in self.given.texts else 'given'} {name}"]

    def actual(self, name: str, on: datetime.date) -> Value:
        """Return the day of an event, or the day of the assessment where it has none."""
        return self.day(name).fill_null(on) if name in self.given.days else ibis.literal(on)

    def moved(self, bound: Bound) -> Value:
        """Return the day to which a bound leads; where its anchor has no day, any day."""
        found = (
            self.table[moved_name(bound)] if bound in self.days.moved else self.day(bound.anchor)
        )
        return found.fill_null(_FIRST)

    def leaf(self, leaf: tuple[Any, ...], on: datetime.date) -> Value:
        """Return a plane that a circuit is given: true or false in every row, never empty."""
        kind, name, *rest = leaf
        match kind:
            case "digit":
                values = self.given.ruleset.facts[name].values
                return self.code(name).isin([c for c in range(len(values)) if c >> rest[0] & 1])
            case "dated":
                return self.day(name).notnull()
            case "not-yet":
                return self._not_yet(name)
            case "happened":
                return self.actual(name, on) <= on
            case _:
                actual, moved = self.actual(name, on), self.moved(rest[0])
                return actual < moved if rest[0].is_floor else actual > moved

    def _not_yet(self, name: str) -> Value:
        if name not in self.given.texts:
            return self.table[f"flag {name}"]
        text = self.table[f"given {name}"] == NotKnown.NOT_YET.value
        found = text.fill_null(False)  # noqa: FBT003  an empty field says nothing
        return found | self.table[f"flag {name}"] if name in self.given.flags else found

    # What is wrong

    def wrong(self) -> Iterator[Wrong]:
        """Yield what may be wrong in a row: where it is true, not where it is false or empty."""
        row_id = self.table[self.given.kept[self.given.keep[0]]]
        yield Wrong(
            column=self.given.keep[0],
            where=row_id.isnull(),
            value=ibis.null("string"),
            message="This row cannot be told from others: the column is empty here.",
            help="Give each row an id of its own.",
        )
        for name in self.given.values:
            yield Wrong(
                column=name,
                where=self.code(name) < 0,
                value=self.table[f"word {name}"],
                message=f"This is not a word of '{name}'.",
                help=one_of("", self.given.ruleset.facts[name].values, suggest=False),
            )
        for name in self.given.days:
            yield from self._wrong_days(name)

    def _wrong_days(self, name: str) -> Iterator[Wrong]:
        given, day = self.table[f"given {name}"], self.day(name)
        if name in self.given.texts:
            values = [each.value for each in NotKnown]
            message = f"This is not a whole day from {FIRST_YEAR} to {LAST_YEAR}."
            help_ = "Write a whole day as 2018-06-28, or 'not-yet' or 'unknown'."
            outside = given.notnull() & day.isnull() & ~given.isin(values)
        else:
            message = f"The day is outside {FIRST_YEAR} to {LAST_YEAR}."
            help_ = "Check the year."
            outside = ~given.between(_FIRST, _LAST)
        value = given.cast("string")
        yield Wrong(column=name, where=outside, value=value, message=message, help=help_)
        if name in self.given.flags:
            yield Wrong(
                column=name,
                where=day.notnull() & self.table[f"flag {name}"],
                value=value,
                message="There is a day, and it is said not to have happened yet.",
                help="Leave out one of the two; a day still to come counts as not yet happened.",
            )


def any_wrong(every: Iterable[Wrong]) -> Value:
    """Return whether anything is wrong in a row: true or false in every row, never empty."""
    found = reduce(or_, (each.where for each in every))
    return found.fill_null(False)  # noqa: FBT003  what is empty is not wrong
