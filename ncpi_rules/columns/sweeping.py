"""A million follow-ups in one go: columns in, columns out.

Floor 10. ``sweep`` answers what ``decide`` and ``schedule`` answer, for every row of a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pyarrow
from attrs import frozen

from ncpi_rules.columns.compiling import Compiled, compiled
from ncpi_rules.columns.days import EPOCH
from ncpi_rules.columns.layout import Flag, LastDayOf, Layout, Word
from ncpi_rules.columns.reading import all_wrong_days, all_wrong_words, columns_of
from ncpi_rules.columns.running import Running, rules_type
from ncpi_rules.columns.stretch import STRETCH, Scratch, Stretch
from ncpi_rules.dates import read_day
from ncpi_rules.deciding import answers
from ncpi_rules.errors import FactsError, Problem, UnknownItemError, one_of
from ncpi_rules.ruleset.load import shipped_ruleset
from ncpi_rules.ruleset.model import Ruleset

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from ncpi_rules.columns.layout import Output

ROWS: Final = 1 << 22
"""The most rows of a batch, unless another number is asked for."""

_REMEMBERED: Final = 64


def sweep(  # noqa: PLR0913  each says how to sweep
    table: Any,
    *,
    on: datetime.date | str,
    ruleset: Ruleset | None = None,
    readings: Mapping[str, str] | None = None,
    rules: bool = False,
    only: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    workers: int = 1,
) -> pyarrow.Table:
    """Return what becomes of every row of a table on a day, as an Arrow table of as many rows.

    ``table`` is anything that speaks the Arrow PyCapsule interface. A column is named as a fact and
    holds its words, or as an event and holds whole days; ``EVENT.not-yet`` is true where the event
    is known not to have happened. An empty field is unknown; a fact without a column takes the
    vocabulary's word for that. ``keep`` names columns that are handed on unchanged, ``rules`` asks
    for the ids of the rules that hold, ``only`` names the columns that are wanted where not all
    are, ``workers`` is the number of threads. ``docs/columns.md`` lists what comes out.

    Raises FactsError, with the column and the first rows, for what cannot be read; UnknownItemError
    for a reading or a wanted column that does not exist; DateError for a day that is none.

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
    asked = _Asked.of(on, ruleset, readings, rules, only, keep, workers)
    return asked.sweep(_table_of(table))


def sweep_batches(  # noqa: PLR0913  each says how to sweep
    batches: Any,
    *,
    on: datetime.date | str,
    ruleset: Ruleset | None = None,
    readings: Mapping[str, str] | None = None,
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
    asked = _Asked.of(on, ruleset, readings, rules, only, keep, workers)
    reader = pyarrow.RecordBatchReader.from_stream(batches)
    columns_of(reader.schema.empty_table(), asked.ruleset, keep=keep)
    fields = [reader.schema.field(name) for name in keep]
    fields += outputs(asked.ruleset, rules=rules, only=only)

    def swept() -> Iterator[pyarrow.RecordBatch]:
        first = 1
        for batch in reader:
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
    ['judgement-stage', 'judgement-stage.standing', 'not-covered.judgement-stage']
    """
    edition = ruleset if ruleset is not None else shipped_ruleset()
    every = _compiled(edition, None, Layout(words=(), events=()))
    found = [
        pyarrow.field(each.name, _type_of(each))
        for each in every.outputs
        if only is None or each.name in only
    ]
    names = [each.name for each in every.outputs]
    problems = [
        Problem(
            place=f"column '{name}'",
            sentence="No such column comes out.",
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
    if isinstance(each, Word):
        return pyarrow.dictionary(pyarrow.int8(), pyarrow.string())
    return pyarrow.date32() if isinstance(each, LastDayOf) else pyarrow.int32()


def _table_of(table: Any) -> pyarrow.Table:
    if isinstance(table, pyarrow.Table):
        return table
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        return pyarrow.table(table)
    raise FactsError(
        Problem(
            place="",
            sentence=f"A {type(table).__name__} is not a table that can be read.",
            help="Give a table of pyarrow, polars, pandas or DuckDB, "
            "or anything with the Arrow PyCapsule interface.",
        )
    )


def _compiled(
    ruleset: Ruleset,
    readings: Mapping[str, str] | None,
    layout: Layout,
    *,
    rules: bool = False,
    only: Sequence[str] | None = None,
) -> Compiled:
    """Return the circuit, kept with the ruleset: batches of a file have one layout."""
    kept: dict[Any, Compiled] = ruleset.kept("columns", dict)
    wanted = None if only is None else frozenset(only)
    key = (tuple(sorted((readings or {}).items())), layout, rules, wanted)
    if key not in kept:
        if len(kept) >= _REMEMBERED:
            kept.clear()
        kept[key] = compiled(ruleset, readings, layout, rules=rules, only=wanted)
    return kept[key]


@frozen
class _Asked:
    """What a sweep was asked, whatever the table."""

    on: int
    ruleset: Ruleset
    readings: Mapping[str, str] | None
    rules: bool
    only: Sequence[str] | None
    keep: Sequence[str]
    workers: int

    @classmethod
    def of(cls, on: datetime.date | str, ruleset: Ruleset | None, /, *rest: Any) -> _Asked:
        """Return what was asked, checked."""
        edition = ruleset if ruleset is not None else shipped_ruleset()
        asked = cls(read_day(on).toordinal() - EPOCH, edition, *rest)
        answers(edition, asked.readings)
        if asked.only is not None:
            outputs(edition, only=asked.only)
        return asked

    def sweep(self, table: pyarrow.Table, *, first: int = 1) -> pyarrow.Table:
        """Return what becomes of the rows of a table; the first has this number."""
        columns = columns_of(table, self.ruleset, keep=self.keep, first=first)
        problems = list(all_wrong_words(columns, self.ruleset))
        if problems:
            raise FactsError([*problems, *all_wrong_days(columns, columns.days)])
        made = _compiled(
            self.ruleset, self.readings, columns.layout, rules=self.rules, only=self.only
        )
        running = Running(compiled=made, columns=columns, ruleset=self.ruleset, on=self.on)
        running.allocate()
        starts = range(0, columns.rows, STRETCH)
        if self.workers > 1 and len(starts) > 1:
            _by_threads(running, starts, self.workers)
        else:
            scratch = Scratch.of(made.wiring, columns.rows)
            for start in starts:
                Stretch(running=running, first=start, scratch=scratch).work()
        problems = list(all_wrong_days(columns, sorted(running.doubtful)))
        if problems:
            raise FactsError(problems)
        found = {name: table[name] for name in self.keep}
        found |= {each.name: running.array_of(each) for each in made.outputs}
        if self.rules:
            found["rules"] = running.rules()
        return pyarrow.table(found)


def _by_threads(running: Running, starts: range, workers: int) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  only where asked for
    from queue import SimpleQueue  # noqa: PLC0415  only where asked for

    free: SimpleQueue[Scratch] = SimpleQueue()
    for _ in range(workers):
        free.put(Scratch.of(running.compiled.wiring, STRETCH))

    def work(start: int) -> None:
        scratch = free.get()
        try:
            Stretch(running=running, first=start, scratch=scratch).work()
        finally:
            free.put(scratch)

    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, starts):
            pass
