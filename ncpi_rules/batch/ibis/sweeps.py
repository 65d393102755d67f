"""What becomes of every row of a table, as an expression that a database works out.

``sweep`` answers what ``columns.sweep`` answers, by the same compiled circuit.
"""

from __future__ import annotations

import datetime
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import ibis
from attrs import frozen

from ncpi_rules.batch import (
    NO,
    YES,
    Compiled,
    DaysLate,
    Flag,
    LastDayOf,
    ValueOf,
    compiled,
    outputs,
)
from ncpi_rules.batch.ibis.day_tables import DayTable
from ncpi_rules.batch.ibis.inputs import Given, Rows, any_wrong, moved_name
from ncpi_rules.batch.ibis.planes import Planes, leaf_name, planes_of
from ncpi_rules.core import FactsError, LastDay, Problem, read_day
from ncpi_rules.ruleset import shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncpi_rules.batch import Output
    from ncpi_rules.batch.ibis.planes import Value
    from ncpi_rules.ruleset import Bound, Ruleset

_NEVER: Final = datetime.date(9999, 12, 31)
_SOUND: Final = "sound"


def sweep(  # noqa: PLR0913  each says how to sweep
    table: Any,
    *,
    on: datetime.date | str,
    row_id: str,
    ruleset: Ruleset | None = None,
    interpretations: Mapping[str, str] | None = None,
    rules: bool = False,
    only: Sequence[str] | None = None,
    keep: Sequence[str] = (),
) -> ibis.Table:
    """Return what becomes of every row of a table on a day, as an Ibis table that is not yet run.

    ``table`` is an Ibis table of any backend, or anything that ``ibis.memtable`` takes; ``row_id``
    names the column by which its rows are told apart, since a database may change their order. It
    comes out first, then what ``keep`` names, then what ``columns.sweep`` gives. A row that holds
    what cannot be read, as :func:`problems` tells, has no answers: each of its columns is empty.

    Raises FactsError for a column that cannot be read; UnknownItemError for an interpretation or a
    wanted column that does not exist; DateError for a day that is none.

    >>> import pyarrow
    >>> cases = pyarrow.table({
    ...     "id": [1, 2],
    ...     "findings": ["broadly-positive", "not-broadly-positive"],
    ...     "prospects": ["no-concerns", None],
    ...     "report-published": ["2018-06-28", "2018-08-30"],
    ... })
    >>> found = sweep(cases, on="2019-01-15", row_id="id", only=["tier", "revisit-begins.due"])
    >>> found = found.order_by("id").to_pyarrow()
    >>> found["tier"].to_pylist(), str(found["revisit-begins.due"][0])
    (['post-inspection-visit', 'not-settled'], '2018-12-28')
    """
    edition = ruleset if ruleset is not None else shipped_ruleset()
    day = datetime.date.fromordinal(read_day(on).toordinal())
    names = [each.name for each in outputs(edition, rules=rules, only=only)]
    kept = _kept(row_id, keep)
    given = Given.of(table, edition, kept)
    _refuse_names(kept, names)
    made = compiled(edition, interpretations, given.layout, rules=rules, only=only)
    days = DayTable.of(_bounds(made), edition.calendar, made.policy)
    stage = _Sweep.of(given.rows(days), made, day)
    return stage.every(given.kept, made.rules if rules else None)


def problems(
    table: Any, *, row_id: str, ruleset: Ruleset | None = None, keep: Sequence[str] = ()
) -> ibis.Table:
    """Return what cannot be read in a table's rows, as an Ibis table that is not yet run.

    It has a row for each problem: ``row_id``, the columns that ``keep`` names, the ``column``, the
    ``value`` that stands there, a ``sentence``, and a ``help``. Raises FactsError for a column that
    cannot be read at all.

    >>> import pyarrow
    >>> cases = pyarrow.table({"id": [1, 2], "prospects": ["no-concerns", "no concerns"]})
    >>> problems(cases, row_id="id").to_pyarrow().to_pylist()[0]["message"]
    "This is not a word of 'prospects'."
    """
    edition = ruleset if ruleset is not None else shipped_ruleset()
    kept = _kept(row_id, keep)
    given = Given.of(table, edition, kept)
    _refuse_names(kept, ("column", "value", "message", "help"))
    rows = given.rows(DayTable.of((), edition.calendar, LastDay.STANDS))
    found = [
        rows.table.filter(each.where).select(
            **{name: rows.table[column] for name, column in given.kept.items()},
            column=ibis.literal(each.column, "string"),
            value=each.value,
            message=ibis.literal(each.message, "string"),
            help=ibis.literal(each.help, "string"),
        )
        for each in rows.wrong()
    ]
    return reduce(lambda one, other: one.union(other), found)


def _kept(row_id: str, keep: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([row_id, *keep]))


def _refuse_names(kept: Sequence[str], names: Sequence[str]) -> None:
    # Databases do not tell Tier from tier.
    taken = {name.casefold() for name in names}
    found = [
        Problem(
            place=f"column '{name}'",
            message="A column that comes out has this name, too.",
            help="Rename the column that is to be kept.",
        )
        for name in kept
        if name.casefold() in taken
    ]
    if found:
        raise FactsError(found)


def _bounds(made: Compiled) -> set[Bound]:
    """Return the bounds whose days are needed: for comparisons, and as last days."""
    compared = {name[-1] for _, name in made.wiring.leaves if name[0] == "beyond"}
    return compared.union(*map(_last_days, made.outputs))


def _last_days(each: Output) -> set[Bound]:
    last = each.due if isinstance(each, DaysLate) else each
    return {bound for _, bound in last.bounds} if isinstance(last, LastDayOf) else set()


@frozen
class _Sweep:
    """The last stage of the query: from planes and days to the columns that come out."""

    made: Compiled
    planes: Planes

    @classmethod
    def of(cls, rows: Rows, made: Compiled, on: datetime.date) -> _Sweep:
        """Return the stage that has every plane, and the days that columns are made of."""
        found = {name: rows.table[name] for name in rows.given.kept.values()}
        found[_SOUND] = ~any_wrong(rows.wrong())
        for place, (_, leaf) in enumerate(made.wiring.leaves):
            found[leaf_name(place)] = rows.leaf(leaf, on)
        for each in made.outputs:
            if isinstance(each, DaysLate):
                found[f"actual {each.event}"] = rows.actual(each.event, on)
            for bound in sorted(_last_days(each), key=moved_name):
                found[moved_name(bound)] = rows.moved(bound)
        return cls(made, planes_of(made.wiring, rows.table.select(**found)))

    def every(self, kept: Mapping[str, str], rules: Mapping[str, int] | None) -> ibis.Table:
        """Return the columns that come out, those that are kept first; none in a wrong row."""
        table = self.planes.table
        found = {each.name: self._says(each) for each in self.made.outputs}
        if rules is not None:
            found["rules"] = self._rules(rules)
        found = {name: ibis.ifelse(table[_SOUND], says, None) for name, says in found.items()}
        return table.select(**{name: table[column] for name, column in kept.items()}, **found)

    def _says(self, each: Output) -> Value:
        if isinstance(each, Flag):
            return self.planes[each.plane]
        if isinstance(each, ValueOf):
            says = self._value(each, len(each.digits) - 1, 0)
        elif isinstance(each, LastDayOf):
            says = self._due(each)
        else:
            actual = self.planes.table[f"actual {each.event}"]
            says = actual.delta(self._due(each.due), unit="day").cast("int32")
        return says if each.told == YES else ibis.ifelse(self.planes[each.told], says, None)

    def _value(self, each: ValueOf, place: int, code: int) -> Value:
        """Return the word of which the digits above a place make this code."""
        if place < 0:
            return ibis.literal(each.values[code], "string")
        plane, more = each.digits[place], code | 1 << place
        if plane == NO or more >= len(each.values):
            return self._value(each, place - 1, code)
        if plane == YES:
            return self._value(each, place - 1, more)
        with_it, without = self._value(each, place - 1, more), self._value(each, place - 1, code)
        return ibis.ifelse(self.planes[plane], with_it, without)

    def _due(self, each: LastDayOf) -> Value:
        table = self.planes.table
        if each.bound is not None:
            return table[moved_name(each.bound)]
        days = [
            ibis.ifelse(self.planes[plane], table[moved_name(bound)], _NEVER)
            for plane, bound in each.bounds
        ]
        return ibis.least(*days) if days else ibis.null("date")

    def _rules(self, planes: Mapping[str, int]) -> Value:
        """Return the list of the ids of the rules that apply."""
        ids = [
            ibis.ifelse(self.planes[plane], ibis.literal(id_, "string"), None)
            for id_, plane in planes.items()
            if plane != NO
        ]
        if not ids:
            return ibis.literal([], "array<string>")
        return ibis.array(ids).filter(lambda id_: id_.notnull())
