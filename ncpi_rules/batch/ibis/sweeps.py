"""Sweeps as expressions: ``batch.sweep``, by the same circuit, worked out by a database."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import ibis
from attrs import frozen

from ncpi_rules.batch import (
    EDITED_COPY,
    NO,
    YES,
    CompiledSweep,
    DaysLateOutput,
    DueDateOutput,
    FlagOutput,
    ShiftedDay,
    ValueOutput,
    column_problem,
    compile_sweep,
    edited_title,
    outputs,
)
from ncpi_rules.batch.ibis.inputs import QueryColumns, QueryRows
from ncpi_rules.batch.ibis.planes import QueryPlanes, leaf_name
from ncpi_rules.batch.ibis.query_days import QueryDays
from ncpi_rules.core import DueDatePolicy, FactsError, RulesetError, joined, read_day
from ncpi_rules.ruleset import Editions, shipped_editions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncpi_rules.batch import Output
    from ncpi_rules.batch.ibis.planes import Value
    from ncpi_rules.ruleset import Rules, Ruleset

_NEVER: Final = datetime.date(9999, 12, 31)
_SOUND: Final = "sound"


def sweep(  # noqa: PLR0913  each says how to sweep
    table: Any,
    *,
    on: datetime.date | str,
    row_id: str,
    ruleset: Rules | None = None,
    interpretations: Mapping[str, str] | None = None,
    rules: bool = False,
    only: Sequence[str] | None = None,
    keep: Sequence[str] = (),
) -> ibis.Table:
    """Return the outcomes, actions and deadlines of every row on a day, as an Ibis table.

    Nothing is worked out until the table is run. ``table`` is an Ibis table of any backend, or
    anything that ``ibis.memtable`` takes; ``row_id`` names the column that identifies its rows,
    since a database may change their order. It comes out first, then the columns that ``keep``
    names, then those of ``batch.sweep``. A row that cannot be read has no answers: each of its
    columns is empty, and :func:`problems` lists it. Where the rules are an edited copy of an
    edition, a last column ``edited-copy`` names it in every row, as a query has no metadata.

    Raises FactsError for a column that cannot be read; UnknownItemError for an interpretation or a
    wanted column that does not exist; DateError for a day that is none.

    >>> import pyarrow
    >>> cases = pyarrow.table({
    ...     "id": [1, 2],
    ...     "findings": ["broadly-positive", "not-broadly-positive"],
    ...     "prospects": ["no-concerns", None],
    ...     "report-published": ["2018-06-28", "2018-08-30"],
    ... })
    >>> swept = sweep(cases, on="2019-01-15", row_id="id", only=["tier", "revisit-begins.due"])
    >>> swept = swept.order_by("id").to_pyarrow()
    >>> swept["tier"].to_pylist(), str(swept["revisit-begins.due"][0])
    (['post-inspection-visit', 'not-settled'], '2018-12-28')
    """
    edition = _one_edition(ruleset)
    day = datetime.date.fromordinal(read_day(on).toordinal())
    title = edited_title(edition)
    names = [column.name for column in outputs(edition, rules=rules, only=only)]
    names += [EDITED_COPY] if title else []
    columns = _columns(table, edition, row_id, keep, names)
    compiled = compile_sweep(edition, interpretations, columns.layout, rules=rules, only=only)
    days = QueryDays.of(_shifted_days(compiled), compiled.policy)
    query = _SweepStage.of(columns.rows(days), compiled, day)
    swept = query.select(columns.kept_names, with_rules=rules)
    return swept.mutate(**{EDITED_COPY: ibis.literal(title)}) if title else swept


def _one_edition(ruleset: Rules | None) -> Ruleset:
    """Return the edition by which a database decides; refuse several."""
    rules = ruleset if ruleset is not None else shipped_editions()
    if isinstance(rules, Editions):
        names = joined([edition.settings.edition for edition in rules], "and")
        message = f"A query takes one edition, and there are several: {names}."
        help_ = "Select the rows of each edition by their dates, and sweep them by themselves."
        raise RulesetError(message, help_)
    return rules


def problems(
    table: Any, *, row_id: str, ruleset: Rules | None = None, keep: Sequence[str] = ()
) -> ibis.Table:
    """Return what cannot be read in the rows of a table, as an Ibis table that is not yet run.

    It has a row for each problem: ``row_id``, the columns that ``keep`` names, the ``column``, its
    ``value``, a ``message`` and a ``help``. Raises FactsError for a column that
    cannot be read at all.

    >>> import pyarrow
    >>> cases = pyarrow.table({"id": [1, 2], "prospects": ["no-concerns", "no concerns"]})
    >>> problems(cases, row_id="id").to_pyarrow().to_pylist()[0]["message"]
    "This is not a value of 'prospects'."
    """
    edition = _one_edition(ruleset)
    columns = _columns(table, edition, row_id, keep, ("column", "value", "message", "help"))
    rows = columns.rows(QueryDays.of((), DueDatePolicy.STANDS))
    several = [
        rows.table.filter(problem.where).select(
            **{name: rows.table[inner] for name, inner in columns.kept_names.items()},
            column=ibis.literal(problem.column, "string"),
            value=problem.value,
            message=ibis.literal(problem.message, "string"),
            help=ibis.literal(problem.help, "string"),
        )
        for problem in rows.problems()
    ]
    return reduce(lambda first, second: first.union(second), several)


def _columns(
    table: Any, ruleset: Ruleset, row_id: str, keep: Sequence[str], names: Sequence[str]
) -> QueryColumns:
    """Return the columns of a table; refuse to keep one with the name of one that comes out."""
    columns = QueryColumns.of(table, ruleset, tuple(dict.fromkeys([row_id, *keep])))
    taken = {name.casefold() for name in names}  # databases do not tell Tier from tier
    clashes = [
        column_problem(
            name,
            "A column that comes out has this name, too.",
            "Rename the column that is to be kept.",
        )
        for name in columns.keep
        if name.casefold() in taken
    ]
    if clashes:
        raise FactsError(clashes)
    return columns


def _shifted_days(compiled: CompiledSweep) -> list[ShiftedDay]:
    """Return the shifted days that are needed: for comparisons, and as due dates."""
    days = dict.fromkeys(
        leaf[2]
        for _, leaf in compiled.wiring.leaves
        if leaf[0] == "beyond" and isinstance(leaf[2], ShiftedDay)
    )
    for output in compiled.outputs.values():
        days.update(dict.fromkeys(_due_dates(output)))
    return list(days)


def _due_dates(output: Output) -> list[ShiftedDay]:
    due = output.due if isinstance(output, DaysLateOutput) else output
    return [date for _, date in due.dates] if isinstance(due, DueDateOutput) else []


@frozen
class _SweepStage:
    """The last stage of the query: from planes and days to the columns that come out.

    ``dates`` names the column of each due date.
    """

    compiled: CompiledSweep
    planes: QueryPlanes
    dates: Mapping[ShiftedDay, str]

    @classmethod
    def of(cls, rows: QueryRows, compiled: CompiledSweep, on: datetime.date) -> _SweepStage:
        """Return the stage that has every plane, and the days of which columns are made."""
        columns = {inner: rows.table[inner] for inner in rows.columns.kept_names.values()}
        columns[_SOUND] = rows.sound
        for place, (_, leaf) in enumerate(compiled.wiring.leaves):
            columns[leaf_name(place)] = rows.leaf(leaf, on)
        dates: dict[ShiftedDay, str] = {}
        for output in compiled.outputs.values():
            if isinstance(output, DaysLateOutput):
                columns[f"actual {output.event}"] = rows.actual(output.event, on)
            for date in _due_dates(output):
                name = dates.setdefault(date, f"due {len(dates)}")
                columns[name] = rows.shifted(date)
        planes = QueryPlanes.of(compiled.wiring, rows.table.select(**columns))
        return cls(compiled, planes, dates)

    def select(self, kept_names: Mapping[str, str], *, with_rules: bool) -> ibis.Table:
        """Return the columns that come out, those kept first; a row with a problem has none."""
        table = self.planes.table
        columns = {name: self._column(output) for name, output in self.compiled.outputs.items()}
        if with_rules:
            columns["rules"] = self._rules()
        sound = {name: ibis.ifelse(table[_SOUND], value, None) for name, value in columns.items()}
        return table.select(**{name: table[inner] for name, inner in kept_names.items()}, **sound)

    def _column(self, output: Output) -> Value:
        if isinstance(output, FlagOutput):
            return self.planes[output.plane]
        if isinstance(output, ValueOutput):
            value = self._value(output, len(output.digits) - 1, 0)
        elif isinstance(output, DueDateOutput):
            value = self._due(output)
        else:
            actual = self.planes.table[f"actual {output.event}"]
            value = actual.delta(self._due(output.due), unit="day").cast("int32")
        return value if output.valid == YES else ibis.ifelse(self.planes[output.valid], value, None)

    def _value(self, output: ValueOutput, place: int, code: int) -> Value:
        """Return the value whose code has these digits above a place."""
        if place < 0:
            return ibis.literal(output.values[code], "string")
        plane, higher = output.digits[place], code | 1 << place
        if plane == NO or higher >= len(output.values):
            return self._value(output, place - 1, code)
        if plane == YES:
            return self._value(output, place - 1, higher)
        return ibis.ifelse(
            self.planes[plane],
            self._value(output, place - 1, higher),
            self._value(output, place - 1, code),
        )

    def _due(self, output: DueDateOutput) -> Value:
        table = self.planes.table
        if output.only is not None:
            return table[self.dates[output.only]]
        days = [
            ibis.ifelse(self.planes[plane], table[self.dates[date]], _NEVER)
            for plane, date in output.dates
        ]
        return ibis.least(*days) if days else ibis.null("date")

    def _rules(self) -> Value:
        """Return the list of the ids of the rules that apply."""
        ids = [
            ibis.ifelse(self.planes[plane], ibis.literal(id_, "string"), None)
            for id_, plane in self.compiled.rules.items()
            if plane != NO
        ]
        if not ids:
            return ibis.literal([], "array<string>")
        return ibis.array(ids).filter(lambda id_: id_.notnull())
