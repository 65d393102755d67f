"""Sweeps of several editions: each row follows the one that its own date selects.

A table is swept once for each edition that some row follows, with the other rows left empty, so
that problems name rows by their numbers in the table. Then each row is taken from the sweep by its
own edition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

import numpy
import pyarrow
import pyarrow.compute
from attrs import field, frozen

from ncpi_rules.batch.arrow import text_array, unpack
from ncpi_rules.batch.circuit import Array
from ncpi_rules.batch.day_tables import EPOCH
from ncpi_rules.batch.ingest import read_columns
from ncpi_rules.batch.names import TableNames, names_of
from ncpi_rules.batch.problems import column_problem
from ncpi_rules.core import FURTHER, FactsError, format_edition
from ncpi_rules.ruleset import EMPTY_TEXTS, NOT_YET_COLUMN, Editions, Ruleset, column_meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.core import Problem

EDITION: Final = "edition"
OUTSIDE: Final = "outside-the-edition"
NOT_CERTAIN: Final = "edition-not-certain"
OWN_COLUMNS: Final[Mapping[str, pyarrow.DataType]] = {
    EDITION: pyarrow.dictionary(pyarrow.int8(), pyarrow.string()),
    OUTSIDE: pyarrow.bool_(),
    NOT_CERTAIN: pyarrow.bool_(),
}
"""The columns that say which edition a row follows, and whether that is certain."""


class EditionSweep(Protocol):
    """What sweeps a table by one edition."""

    def sweep(self, table: pyarrow.Table, *, first: int = 1, workers: int = 1) -> pyarrow.Table:
        """Return the swept table; ``first`` is the number of its first row."""

    def schema_of(self, schema: pyarrow.Schema) -> pyarrow.Schema:
        """Return the columns that come out of a table with some columns."""


@frozen(kw_only=True)
class SelectedRows:
    """Which edition each row follows, by its place, and in which rows it may be the wrong one."""

    places: Array
    outside: Array
    not_certain: Array


@frozen
class EditionColumns:
    """The columns of a table as one edition reads them.

    ``names`` has the edition's name of each column that it reads, by the column's place; a column
    may have the name of another edition for the same field. ``others`` are columns that only other
    editions read, by place.
    """

    edition: Ruleset
    names: Mapping[int, str]
    others: tuple[int, ...]

    def read_from(self, table: pyarrow.Table) -> pyarrow.Table:
        """Return the columns under the edition's names."""
        return table.select(list(self.names)).rename_columns(list(self.names.values()))


@frozen(kw_only=True)
class SweepOfEditions:
    """What is asked of every row, of which each follows the edition that its date selects.

    ``on`` is the day, counted as Arrow counts days. ``sweeps`` are those by each edition, and
    ``fields`` the columns that come out, those of ``keep`` apart.
    """

    on: int
    editions: Editions
    sweeps: tuple[EditionSweep, ...]
    fields: tuple[pyarrow.Field, ...]
    keep: tuple[str, ...]
    dictionaries: Mapping[str, pyarrow.Array] = field(init=False)

    @dictionaries.default
    def _values_of_all(self) -> Mapping[str, pyarrow.Array]:
        """Return the values of each column, the same for every batch: a file of Arrow needs it."""
        values: dict[str, dict[str, None]] = {
            "rules": dict.fromkeys(rule for edition in self.editions for rule in edition.cases),
            EDITION: dict.fromkeys(edition.settings.edition for edition in self.editions),
        }
        for sweep in self.sweeps:
            swept = sweep.sweep(pyarrow.table({}))
            for name in {column.name for column in self.fields} & {*swept.schema.names}:
                for chunk in swept[name].chunks:
                    if pyarrow.types.is_dictionary(chunk.type):
                        of_column = dict.fromkeys(chunk.dictionary.to_pylist())
                        values.setdefault(name, {}).update(of_column)
        return {name: text_array(tuple(texts)) for name, texts in values.items()}

    def schema_of(self, schema: pyarrow.Schema) -> pyarrow.Schema:
        """Return the columns that come out of a table with some columns."""
        sources = self._require_known(schema)
        copied = [schema.field(sources[name]).with_name(name) for name in self.keep]
        return pyarrow.schema([*copied, *self.fields])

    def sweep(self, table: pyarrow.Table, *, first: int = 1, workers: int = 1) -> pyarrow.Table:
        """Return the swept table; ``first`` is the number of its first row."""
        sources = self._require_known(table.schema)
        columns = [_columns_of(table, edition, self.editions) for edition in self.editions]
        selected = self._select(table, columns, first)
        problems = [
            problem
            for place, read in enumerate(columns)
            for problem in _unread(table, read, selected.places == place, first)
        ]
        if problems:
            raise FactsError(problems)
        followed = numpy.unique(selected.places)
        parts: list[pyarrow.Table] = []
        for place in followed:
            part = columns[place].read_from(table)
            if len(followed) > 1:
                rows = numpy.flatnonzero(selected.places == place)
                part = _only(part, rows)
            parts.append(self.sweeps[place].sweep(part, first=first, workers=workers))
        copied = [(name, table[sources[name]]) for name in self.keep]
        order = numpy.searchsorted(followed, selected.places) * table.num_rows
        order += numpy.arange(table.num_rows)
        taken = None if len(followed) <= 1 else pyarrow.array(order)
        made = [
            (column.name, self._column(column, parts, taken, selected)) for column in self.fields
        ]
        return pyarrow.table(dict([*copied, *made]))

    def _require_known(self, schema: pyarrow.Schema) -> Mapping[str, str]:
        """Return the source of each column that is kept; refuse what no edition reads."""
        names, latest = names_of(schema), self.editions.latest
        elsewhere = {
            name
            for name in names
            if column_meant(name, latest) is None
            and any(column_meant(name, edition) for edition in self.editions)
        }
        wanted = {name for name in names if name not in elsewhere or name in self.keep}
        places = [place for place, name in enumerate(names) if name in wanted]
        known = pyarrow.schema([schema.field(place) for place in places], schema.metadata)
        return TableNames.of(known, latest, self.keep).keep

    def _select(
        self, table: pyarrow.Table, columns: Sequence[EditionColumns], first: int
    ) -> SelectedRows:
        """Return which edition each row follows, as ``Editions.select`` does for a follow-up."""
        rows = table.num_rows
        days, dated = numpy.full(rows, self.on), numpy.zeros(rows, dtype=bool)
        waits = numpy.zeros(rows, dtype=bool)
        for read in columns:
            event = read.edition.settings.selected_by
            names = {place: name for place, name in read.names.items() if _is_of(name, event)}
            of_event = EditionColumns(read.edition, names, ()).read_from(table)
            column = read_columns(of_event, read.edition, first=first).days.get(event)
            if column is None:
                continue
            valid = unpack(column.valid, rows)
            days[valid], dated = column.days[valid], dated | valid
            if column.not_yet is not None:
                waits |= unpack(column.not_yet, rows)
        in_force = (edition.settings.in_force for edition in self.editions)  # each of several has
        spans = [(span.start - EPOCH, span.end - EPOCH) for span in in_force if span is not None]
        away = numpy.array(
            [numpy.maximum(0, numpy.maximum(start - days, days - end)) for start, end in spans]
        )
        over = numpy.array([end < self.on for _, end in spans])
        waits &= ~dated
        if not over.all():
            away[numpy.ix_(over, waits)] = numpy.iinfo(away.dtype).max
        left = int(len(over) - over.sum())
        return SelectedRows(
            places=away.argmin(axis=0),
            outside=(dated & (away.min(axis=0) > 0)) | (waits & (left == 0)),
            not_certain=~dated & ~waits | (waits & (left > 1)),
        )

    def _column(
        self,
        column: pyarrow.Field,
        parts: Sequence[pyarrow.Table],
        rows: pyarrow.Array | None,
        selected: SelectedRows,
    ) -> pyarrow.Array:
        """Return a column that comes out: each row from the part of the edition that it follows."""
        name, count = column.name, len(selected.places)
        if name == EDITION:
            places = selected.places.astype(numpy.int8)
            return pyarrow.DictionaryArray.from_arrays(places, self.dictionaries[EDITION])
        if name in OWN_COLUMNS:
            return pyarrow.array(selected.outside if name == OUTSIDE else selected.not_certain)
        chunks: list[pyarrow.Array] = []
        for part in parts:
            if name not in part.schema.names:
                chunks.append(pyarrow.nulls(count, column.type))
            else:
                chunks += [self._recoded(chunk, name) for chunk in part[name].chunks]
        if not chunks:
            return pyarrow.array([], column.type)
        together = pyarrow.concat_arrays(chunks)
        return together if rows is None else together.take(rows)

    def _recoded(self, array: pyarrow.Array, name: str) -> pyarrow.Array:
        """Return values of one edition by the codes that are the same for all."""
        if isinstance(array, pyarrow.ListArray):
            values = self._recoded(array.values, name)
            return pyarrow.ListArray.from_arrays(array.offsets, values)
        if not isinstance(array, pyarrow.DictionaryArray):
            return array
        dictionary = self.dictionaries[name]
        places = pyarrow.compute.index_in(array.dictionary, dictionary)
        codes = places.take(array.indices).cast(array.type.index_type)
        return pyarrow.DictionaryArray.from_arrays(codes, dictionary)


def _is_of(name: str, event: str) -> bool:
    """Return True for the name of an event, and of the column in which it has not happened yet."""
    return name.removesuffix(NOT_YET_COLUMN) == event


def _columns_of(table: pyarrow.Table, edition: Ruleset, editions: Editions) -> EditionColumns:
    """Return which columns of a table an edition reads, by its own names or those of another."""
    written = names_of(table.schema)
    names = {
        place: meant for place, name in enumerate(written) if (meant := column_meant(name, edition))
    }
    own, others = set(names.values()), []
    for place, name in enumerate(written):
        if place in names:
            continue
        for other in editions:
            if meant := column_meant(name, other):
                here = _name_in(edition, meant, other)
                if here and here not in own:
                    names[place] = here
                else:
                    others.append(place)
                break
    return EditionColumns(edition, names, tuple(others))


def _name_in(edition: Ruleset, name: str, other: Ruleset) -> str:
    """Return what an edition calls a fact or event of another that comes from the same field."""
    plain = name.removesuffix(NOT_YET_COLUMN)
    contract = other.contract
    source = contract.events.get(plain) or contract.facts.get(plain, FURTHER)
    here = "" if source == FURTHER else edition.contract.name(source)
    return here and here + name[len(plain) :]


def _unread(
    table: pyarrow.Table, columns: EditionColumns, follow: Array, first: int
) -> Iterator[Problem]:
    """Yield each column that an edition does not read and that some row that follows it fills."""
    for place in columns.others:
        column = table.column(place)
        rows = numpy.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False) & follow)
        values = column.take(pyarrow.array(rows)).to_pylist()
        rows = rows[[not _says_nothing(value) for value in values]]
        if len(rows):
            edition = format_edition(columns.edition.settings.edition)
            message = f"The edition '{edition}' does not read this column; these rows follow it."
            help_ = "Leave these fields empty, or the whole column out."
            yield column_problem(table.schema.names[place], message, help_, rows, first)


def _says_nothing(value: object) -> bool:
    """Return True for an empty text, and where it is not said that an event is still to come."""
    return value is False or str(value).strip() in EMPTY_TEXTS


def _only(table: pyarrow.Table, rows: Array) -> pyarrow.Table:
    """Return a table in which all other rows are empty."""
    others = numpy.ones(table.num_rows, dtype=bool)
    others[rows] = False
    return table.take(pyarrow.array(numpy.arange(table.num_rows), mask=others))
