"""A million follow-ups in one go: columns in, columns out.

``sweep`` answers what ``decide`` and ``schedule`` answer, for every row of a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pyarrow
from attrs import frozen

from ncpi_rules.batch.buffers import Running, rules_type
from ncpi_rules.batch.compile import Compiled, compiled
from ncpi_rules.batch.day_tables import EPOCH
from ncpi_rules.batch.ingest import columns_of
from ncpi_rules.batch.schema import Flag, LastDayOf, Layout, ValueOf
from ncpi_rules.batch.validate import all_wrong_days, all_wrong_values
from ncpi_rules.batch.work import Workers
from ncpi_rules.core import (
    FactsError,
    Memo,
    NcpiRulesError,
    Problem,
    UnknownItemError,
    one_of,
    read_day,
)
from ncpi_rules.ruleset import Ruleset, answers, shipped_ruleset

if TYPE_CHECKING:
    import datetime

    from ncpi_rules.batch.schema import Output

ROWS: Final = 1 << 22
"""The most rows of a batch, unless another number is asked for."""

_REMEMBERED: Final = 64


def sweep(  # noqa: PLR0913  each says how to sweep
    table: Any,
    *,
    on: datetime.date | str,
    ruleset: Ruleset | None = None,
    interpretations: Mapping[str, str] | None = None,
    rules: bool = False,
    only: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    workers: int = 1,
) -> pyarrow.Table:
    """Return what becomes of every row of a table on a day, as an Arrow table of as many rows.

    ``table`` is anything that speaks the Arrow PyCapsule interface. A column is named as a fact and
    holds its words, or as an event and holds whole days; ``EVENT.not-yet`` is true where the event
    is known not to have happened. An empty field is unknown; a fact without a column takes the
    vocabulary's word for that. ``keep`` names columns that are handed on unchanged, those of facts
    and events among them, ``rules`` asks for the ids of the rules that apply, ``only`` names the
    columns that are wanted where not all are, ``workers`` is the number of threads.
    ``docs/columns.md`` lists what comes out.

    Raises FactsError, with the column and the first rows, for what cannot be read or kept;
    UnknownItemError for an interpretation or a wanted column that does not exist; DateError for a
    day that is none.

    >>> import pyarrow
    >>> found = sweep(
    ...     pyarrow.table({
    ...         "findings": ["broadly-positive", "not-broadly-positive"],
    ...         "prospects": ["no-concerns", None],
    ...         "report-published": ["2018-06-28", "2018-08-30"],
    ...     }),
    ...     on="2019-01-15",
    ... )
    >>> found["tier"].to_pylist()
    ['post-inspection-visit', 'not-settled']
    >>> [str(day) for day in found["revisit-begins.due"].to_pylist()]
    ['2018-12-28', '2019-02-28']
    """
    asked = _Asked.of(on, ruleset, interpretations, rules, only, keep, workers)
    return asked.sweep(_table_of(table))


def sweep_batches(  # noqa: PLR0913  each says how to sweep
    batches: Any,
    *,
    on: datetime.date | str,
    ruleset: Ruleset | None = None,
    interpretations: Mapping[str, str] | None = None,
    rules: bool = False,
    only: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    workers: int = 1,
    rows: int = ROWS,
) -> pyarrow.RecordBatchReader:
    """Return a reader that sweeps one batch after another, in the memory that one batch takes.

    ``batches`` is anything that gives Arrow batches by the PyCapsule interface, such as a reader of
    a file; a batch of more than ``rows`` rows is cut. For the rest, and for what is raised, see
    :func:`sweep`; what is wrong with a row is told when its batch is read.

    >>> import pyarrow
    >>> batches = pyarrow.table({"prospects": ["some-concerns"] * 3}).to_reader(max_chunksize=2)
    >>> found = sweep_batches(batches, on="2019-01-15")
    >>> [batch.num_rows for batch in found]
    [2, 1]
    """
    asked = _Asked.of(on, ruleset, interpretations, rules, only, keep, workers)
    _some(rows=rows)
    with _told_by_arrow():
        reader = pyarrow.RecordBatchReader.from_stream(batches)
    columns_of(reader.schema.empty_table(), asked.ruleset, keep=asked.keep)
    fields = [reader.schema.field(name) for name in asked.keep]
    fields += outputs(asked.ruleset, rules=rules, only=only)

    def swept() -> Iterator[pyarrow.RecordBatch]:
        first = 1
        while True:
            with _told_by_arrow():
                batch = next(reader, None)
            if batch is None:
                return
            for start in range(0, batch.num_rows, rows):
                part = pyarrow.Table.from_batches([batch.slice(start, rows)])
                yield from asked.sweep(part, first=first).to_batches()
                first += part.num_rows

    return pyarrow.RecordBatchReader.from_batches(pyarrow.schema(fields), swept())


def outputs(
    ruleset: Ruleset | None = None, *, rules: bool = False, only: Sequence[str] | None = None
) -> list[pyarrow.Field]:
    """Return the name and type of each column that comes out; they depend on the ruleset alone.

    >>> [field.name for field in outputs()][:3]
    ['judgement-stage', 'judgement-stage.basis', 'not-covered.judgement-stage']
    """
    edition = ruleset if ruleset is not None else shipped_ruleset()
    every = _compiled(edition, None, Layout(values=(), events=()))
    found = [
        pyarrow.field(each.name, _type_of(each))
        for each in every.outputs
        if only is None or each.name in only
    ]
    names = [each.name for each in every.outputs]
    problems = [
        Problem(
            place=f"column '{name}'",
            message="No such column comes out.",
            help=one_of(name, names),
        )
        for name in only or ()
        if name not in names
    ]
    if problems:
        raise UnknownItemError(problems)
    return [*found, pyarrow.field("rules", rules_type())] if rules else found


def _type_of(each: Output) -> pyarrow.DataType:
    if isinstance(each, Flag):
        return pyarrow.bool_()
    if isinstance(each, ValueOf):
        return pyarrow.dictionary(pyarrow.int8(), pyarrow.string())
    return pyarrow.date32() if isinstance(each, LastDayOf) else pyarrow.int32()


def _table_of(table: Any) -> pyarrow.Table:
    if isinstance(table, pyarrow.Table):
        return table
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        with _told_by_arrow():
            return pyarrow.table(table)
    raise FactsError(
        Problem(
            place="",
            message=f"A {type(table).__name__} is not a table that can be read.",
            help="Give a table of pyarrow, polars, pandas or DuckDB, "
            "or anything with the Arrow PyCapsule interface; collect a lazy table first.",
        )
    )


@contextmanager
def _told_by_arrow() -> Iterator[None]:
    """Tell in our way what Arrow finds wrong with a table."""
    try:
        yield
    except NcpiRulesError:
        raise  # it is told in our way already
    except (pyarrow.ArrowException, ValueError, TypeError, OSError) as fault:
        says = str(fault.args[0] if fault.args else fault).partition(" Detail:")[0]
        raise FactsError(
            Problem(
                place="",
                message=f"Arrow cannot read this table: {says}",
                help="Each column needs a name of its own, and must hold one kind of thing.",
            )
        ) from None


def _compiled(
    ruleset: Ruleset,
    interpretations: Mapping[str, str] | None,
    layout: Layout,
    *,
    rules: bool = False,
    only: Sequence[str] | None = None,
) -> Compiled:
    """Return the circuit, kept with the ruleset: batches of a file have one layout."""
    known = ruleset.derive(_circuits)
    wanted = None if only is None else frozenset(only)
    key = (tuple(sorted((interpretations or {}).items())), layout, rules, wanted)
    circuit = known.get(key)
    if circuit is None:
        made = compiled(ruleset, interpretations, layout, rules=rules, only=wanted)
        circuit = known.remember(key, made)
    return circuit


def _circuits(_: Ruleset) -> Memo[tuple[object, ...], Compiled]:
    return Memo(_REMEMBERED)


@frozen
class _Asked:
    """What a sweep was asked, whatever the table."""

    on: int
    ruleset: Ruleset
    interpretations: Mapping[str, str] | None
    rules: bool
    only: Sequence[str] | None
    keep: Sequence[str]
    workers: Workers

    @classmethod
    def of(  # noqa: PLR0913, PLR0917  each says how to sweep
        cls,
        on: datetime.date | str,
        ruleset: Ruleset | None,
        interpretations: Mapping[str, str] | None,
        rules: bool,  # noqa: FBT001  as all the others
        only: Sequence[str] | None,
        keep: Sequence[str],
        workers: int,
    ) -> _Asked:
        """Return what was asked, checked."""
        edition = ruleset if ruleset is not None else shipped_ruleset()
        _some(workers=workers)
        # A text is a sequence of texts, too: one name is meant.
        only = [only] if isinstance(only, str) else only
        keep = [keep] if isinstance(keep, str) else keep
        day = read_day(on).toordinal() - EPOCH
        answers(edition, interpretations)
        coming = {field.name for field in outputs(edition, rules=rules, only=only)}
        problems = [
            Problem(
                place=f"column '{name}'",
                message="It cannot be kept: a column of this name comes out.",
                help="Rename it before.",
            )
            for name in keep
            if name in coming
        ]
        if problems:
            raise FactsError(problems)
        return cls(
            day, edition, interpretations, rules, only, tuple(dict.fromkeys(keep)), Workers(workers)
        )

    def sweep(self, table: pyarrow.Table, *, first: int = 1) -> pyarrow.Table:
        """Return what becomes of the rows of a table; the first has this number."""
        columns = columns_of(table, self.ruleset, keep=self.keep, first=first)
        problems = list(all_wrong_values(columns, self.ruleset))
        if problems:
            raise FactsError([*problems, *all_wrong_days(columns, columns.days)])
        made = _compiled(
            self.ruleset, self.interpretations, columns.layout, rules=self.rules, only=self.only
        )
        running = Running(compiled=made, columns=columns, ruleset=self.ruleset, on=self.on)
        running.allocate()
        self.workers.work(running)
        problems = list(all_wrong_days(columns, sorted(running.doubtful)))
        if problems:
            raise FactsError(problems)
        found = {name: table[name] for name in self.keep}
        found |= {each.name: running.array_of(each) for each in made.outputs}
        if self.rules:
            found["rules"] = running.rules()
        return pyarrow.table(found)


def _some(**counts: int) -> None:
    """Raise FactsError where there is less than one of something."""
    problems = [
        Problem(place=what, message=f"There must be some {what}.", help="Give 1 or more.")
        for what, count in counts.items()
        if count < 1
    ]
    if problems:
        raise FactsError(problems)
