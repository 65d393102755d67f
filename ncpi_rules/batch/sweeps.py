"""Sweeps: what ``decide`` and ``schedule`` answer, for every row of a table at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pyarrow
from attrs import field, frozen

from ncpi_rules.batch.buffers import RULES_TYPE, OutputBuffers
from ncpi_rules.batch.chunk import CHUNK_ROWS, Chunk, DayTables, ScratchMemory
from ncpi_rules.batch.compile import CompiledSweep, compile_sweep, output_types
from ncpi_rules.batch.day_tables import EPOCH
from ncpi_rules.batch.edited_copies import with_notice
from ncpi_rules.batch.edition_sweeps import OWN_COLUMNS, EditionSweep, SweepOfEditions
from ncpi_rules.batch.frames import as_facts_error, batch_reader, read_table
from ncpi_rules.batch.ingest import read_columns
from ncpi_rules.batch.problems import column_problem
from ncpi_rules.batch.validate import wrong_days, wrong_values
from ncpi_rules.core import (
    FactsError,
    Memo,
    Problem,
    UnknownItemError,
    one_of,
    read_day,
)
from ncpi_rules.ruleset import Editions, Rules, Ruleset, answers, shipped_editions

if TYPE_CHECKING:
    import datetime
    from concurrent.futures import Future

    from ncpi_rules.batch.schema import Layout

ROWS: Final = 1 << 20
"""The most rows of a batch, unless another number is asked for."""

_REMEMBERED: Final = 64


def sweep(  # noqa: PLR0913  each says how to sweep
    table: Any,
    *,
    on: datetime.date | str,
    ruleset: Rules | None = None,
    interpretations: Mapping[str, str] | None = None,
    rules: bool = False,
    only: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    workers: int = 1,
) -> pyarrow.Table:
    """Return the outcomes, actions and deadlines of every row of a table on a day, row for row.

    ``table`` is anything with the Arrow PyCapsule interface. A column is named as a fact and holds
    its values, or as an event and holds whole days, as dates, midnights or text; capitals and
    underscores do not matter in a name. ``EVENT.not-yet`` is true where the event is known not to
    have happened. An empty field is unknown; a fact without a column takes the
    vocabulary's value for that. ``keep`` names columns that are passed through unchanged, which may
    be those of facts and events; ``rules`` adds the ids of the rules that apply; ``only`` names the
    columns that are wanted, which is quicker than all of them; ``workers`` is the number of
    threads. Of several editions each row follows the one that its date selects. The columns that
    come out are listed in ``docs/how-to/columns.md``; where the rules are an edited copy of an
    edition, the metadata of the table say so under ``rules``.

    Raises FactsError, with the column and the first rows, for what cannot be read or kept;
    UnknownItemError for an interpretation or a wanted column that does not exist; DateError for a
    day that is none.

    >>> import pyarrow
    >>> swept = sweep(
    ...     pyarrow.table({
    ...         "findings": ["broadly-positive", "not-broadly-positive"],
    ...         "prospects": ["no-concerns", None],
    ...         "report-published": ["2018-06-28", "2018-08-30"],
    ...     }),
    ...     on="2019-01-15",
    ... )
    >>> swept["tier"].to_pylist()
    ['post-inspection-visit', 'not-settled']
    >>> [str(day) for day in swept["revisit-begins.due"].to_pylist()]
    ['2018-12-28', '2019-02-28']
    """
    ruleset = ruleset if ruleset is not None else shipped_editions()
    query = _query(on, ruleset, interpretations, rules, only, keep)
    _require_some(workers=workers)
    swept = query.sweep(read_table(table), workers=workers)
    return swept.replace_schema_metadata(with_notice(swept.schema, ruleset).metadata)


def sweep_batches(  # noqa: PLR0913  each says how to sweep
    batches: Any,
    *,
    on: datetime.date | str,
    ruleset: Rules | None = None,
    interpretations: Mapping[str, str] | None = None,
    rules: bool = False,
    only: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    workers: int | None = None,
    rows: int = ROWS,
) -> pyarrow.RecordBatchReader:
    """Return a reader that sweeps one batch after another, in the memory of a few batches.

    ``batches`` is anything that gives Arrow batches by the PyCapsule interface, such as a reader of
    a file; a batch of more than ``rows`` rows is cut. ``workers`` is the number of batches that are
    swept at a time, by default one for each processor; with more than one, the batches behind them
    are read meanwhile, and order is kept. For the rest, and for what is raised, see :func:`sweep`;
    a problem of a row is raised when its batch is read.

    >>> import pyarrow
    >>> batches = pyarrow.table({"prospects": ["some-concerns"] * 3}).to_reader(max_chunksize=2)
    >>> [batch.num_rows for batch in sweep_batches(batches, on="2019-01-15")]
    [2, 1]
    """
    ruleset = ruleset if ruleset is not None else shipped_editions()
    query = _query(on, ruleset, interpretations, rules, only, keep)
    workers = workers if workers is not None else os.cpu_count() or 1
    _require_some(workers=workers, rows=rows)
    reader = batch_reader(batches)
    schema = with_notice(query.schema_of(reader.schema), ruleset)
    parts = _parts(reader, rows)
    swept = (
        (query.sweep(part, first=first) for first, part in parts)
        if workers == 1
        else _sweep_ahead(query, parts, workers)
    )
    several = (batch for table in swept for batch in table.to_batches())
    return pyarrow.RecordBatchReader.from_batches(schema, several)


def outputs(
    ruleset: Rules | None = None, *, rules: bool = False, only: Sequence[str] | None = None
) -> list[pyarrow.Field]:
    """Return the name and type of each column that comes out; they depend on the ruleset alone.

    >>> [field.name for field in outputs()][:3]
    ['action-plan', 'action-plan.basis', 'not-covered.action-plan']
    """
    editions = ruleset if ruleset is not None else shipped_editions()
    if isinstance(editions, Editions):
        types = dict(OWN_COLUMNS)
        for edition in reversed(editions.editions):
            for name, kind in edition.derive(output_types).items():
                types.setdefault(name, kind.type)
    else:
        types = {name: kind.type for name, kind in editions.derive(output_types).items()}
    problems = [
        column_problem(
            name,
            "No such column comes out.",
            f"{one_of(name, list(types))} A sweep without 'only' has them all.",
        )
        for name in only or ()
        if name not in types
    ]
    if problems:
        raise UnknownItemError(problems)
    fields = [
        pyarrow.field(name, kind) for name, kind in types.items() if only is None or name in only
    ]
    return [*fields, pyarrow.field("rules", RULES_TYPE)] if rules else fields


def _parts(reader: pyarrow.RecordBatchReader, rows: int) -> Iterator[tuple[int, pyarrow.Table]]:
    """Yield the number of the first row of each part of at most so many rows, and the part."""
    first = 1
    while True:
        with as_facts_error():
            batch = next(reader, None)
        if batch is None:
            return
        for start in range(0, batch.num_rows, rows):
            part = pyarrow.Table.from_batches([batch.slice(start, rows)])
            yield first, part
            first += part.num_rows


def _require_some(**counts: int) -> None:
    """Raise FactsError where a count is less than one."""
    problems = [
        Problem(place=what, message=f"There must be some {what}.", help="Give 1 or more.")
        for what, count in counts.items()
        if count < 1
    ]
    if problems:
        raise FactsError(problems)


def _circuits(_: Ruleset) -> Memo[tuple[object, ...], CompiledSweep]:
    return Memo(_REMEMBERED)


def _query(  # noqa: PLR0913, PLR0917  each says how to sweep
    on: datetime.date | str,
    ruleset: Rules,
    interpretations: Mapping[str, str] | None,
    rules: bool,  # noqa: FBT001  as all the others
    only: Sequence[str] | None,
    keep: Sequence[str],
) -> EditionSweep:
    """Return the query by one edition, or by several."""
    if not isinstance(ruleset, Editions):
        return _SweepQuery.of(on, ruleset, interpretations, rules, only, keep)
    only = [only] if isinstance(only, str) else only
    keep = (keep,) if isinstance(keep, str) else tuple(dict.fromkeys(keep))
    fields = outputs(ruleset, rules=rules, only=only)
    sweeps = []
    for edition in ruleset:
        names = edition.derive(output_types)
        of_edition = None if only is None else [name for name in only if name in names]
        sweeps.append(_SweepQuery.of(on, edition, interpretations, rules, of_edition, ()))
    _require_kept(keep, fields)
    return SweepOfEditions(
        on=sweeps[0].on, editions=ruleset, sweeps=tuple(sweeps), fields=tuple(fields), keep=keep
    )


def _require_kept(keep: Sequence[str], fields: Sequence[pyarrow.Field]) -> None:
    """Refuse to keep a column whose name comes out, too."""
    coming = {field.name for field in fields}
    problems = [
        column_problem(
            name, "It cannot be kept: a column of this name comes out.", "Rename it before."
        )
        for name in keep
        if name in coming
    ]
    if problems:
        raise FactsError(problems)


def _sweep_ahead(
    query: EditionSweep, parts: Iterator[tuple[int, pyarrow.Table]], workers: int
) -> Iterator[pyarrow.Table]:
    """Yield each part swept; those behind it are read and swept meanwhile, by some threads."""
    with ThreadPoolExecutor(workers + 1) as pool:
        waiting: deque[Future[pyarrow.Table]] = deque()
        reading = pool.submit(next, parts, None)
        more = True
        while more:
            fault = reading.exception()
            part = None if fault else reading.result()
            more = part is not None
            if part is not None:
                reading = pool.submit(next, parts, None)
                waiting.append(pool.submit(query.sweep, part[1], first=part[0]))
            while waiting and (not more or len(waiting) > workers):
                yield waiting.popleft().result()
            if fault is not None:  # the parts before it come first
                raise fault


@frozen
class _SweepQuery:
    """What is asked of every row, whatever the table; it owns the memory that its batches share.

    ``scratch`` is the memory that no worker uses at present, by the number and length of planes.
    """

    on: int
    ruleset: Ruleset
    interpretations: Mapping[str, str] | None
    rules: bool
    only: Sequence[str] | None
    keep: tuple[str, ...]
    tables: DayTables = field(init=False)
    scratch: dict[tuple[int, int], list[ScratchMemory]] = field(factory=dict, init=False)

    @tables.default
    def _no_tables(self) -> DayTables:
        return DayTables()

    @classmethod
    def of(  # noqa: PLR0913, PLR0917  each says how to sweep
        cls,
        on: datetime.date | str,
        edition: Ruleset,
        interpretations: Mapping[str, str] | None,
        rules: bool,  # noqa: FBT001  as all the others
        only: Sequence[str] | None,
        keep: Sequence[str],
    ) -> _SweepQuery:
        """Return the query, once what it names has been checked."""
        # A text is a sequence of texts, too: one name is meant.
        only = [only] if isinstance(only, str) else only
        keep = [keep] if isinstance(keep, str) else keep
        day = read_day(on).toordinal() - EPOCH
        answers(edition, interpretations)
        _require_kept(keep, outputs(edition, rules=rules, only=only))
        return cls(day, edition, interpretations, rules, only, tuple(dict.fromkeys(keep)))

    def schema_of(self, schema: pyarrow.Schema) -> pyarrow.Schema:
        """Return the columns that come out of a table with some columns."""
        empty = pyarrow.Table.from_batches([], schema=schema)
        sources = read_columns(empty, self.ruleset, keep=self.keep).names.keep
        copied = [schema.field(sources[name]).with_name(name) for name in self.keep]
        return pyarrow.schema([*copied, *outputs(self.ruleset, rules=self.rules, only=self.only)])

    def sweep(self, table: pyarrow.Table, *, first: int = 1, workers: int = 1) -> pyarrow.Table:
        """Return the swept table; ``first`` is the number of its first row."""
        columns = read_columns(table, self.ruleset, keep=self.keep, first=first)
        problems = list(wrong_values(columns, self.ruleset))
        if problems:
            raise FactsError([*problems, *wrong_days(columns, columns.days)])
        buffers = OutputBuffers(compiled=self._compiled(columns.layout), columns=columns)
        starts = range(0, table.num_rows, CHUNK_ROWS)
        if workers == 1 or len(starts) <= 1:
            suspect = [self._sweep_chunk(buffers, start) for start in starts]
        else:
            with ThreadPoolExecutor(workers) as pool:
                suspect = list(pool.map(lambda start: self._sweep_chunk(buffers, start), starts))
        problems = list(wrong_days(columns, sorted(set().union(*suspect))))
        if problems:
            raise FactsError(problems)
        return buffers.table((name, table[columns.names.keep[name]]) for name in self.keep)

    def _compiled(self, layout: Layout) -> CompiledSweep:
        """Return the circuit, kept with the ruleset: the batches of a file have one layout."""
        circuits = self.ruleset.derive(_circuits)
        wanted = None if self.only is None else frozenset(self.only)
        asked = tuple(sorted((self.interpretations or {}).items()))
        key = asked, layout, self.rules, wanted
        circuit = circuits.get(key)
        if circuit is None:
            circuit = compile_sweep(
                self.ruleset, self.interpretations, layout, rules=self.rules, only=wanted
            )
            circuits.remember(key, circuit)
        return circuit

    def _sweep_chunk(self, buffers: OutputBuffers, start: int) -> set[str]:
        """Sweep the rows of a chunk; return the events with days that may be outside all years."""
        wiring, rows = buffers.compiled.wiring, min(buffers.columns.rows, CHUNK_ROWS)
        free = self.scratch.setdefault((wiring.size, rows), [])
        try:
            scratch = free.pop()
        except IndexError:  # asking first would let another thread take it in between
            scratch = ScratchMemory.of(wiring, rows)
        chunk = Chunk(buffers=buffers, tables=self.tables, on=self.on, first=start, scratch=scratch)
        chunk.sweep()
        free.append(scratch)
        return chunk.suspect
