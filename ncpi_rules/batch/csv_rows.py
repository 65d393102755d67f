"""The rows of a CSV file, some at a time.

The file is cut behind whole rows, and each piece is parsed by itself: Arrow's parser loses a byte
where its own blocks cut a row with line breaks in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn

import numpy
import pyarrow
from attrs import field, frozen
from pyarrow import csv

from ncpi_rules.batch.csv_header import DELIMITERS, HEAD_BYTES, CsvHeader
from ncpi_rules.batch.problems import format_rows
from ncpi_rules.core import FactsError, Problem
from ncpi_rules.io import not_utf_8

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.batch.circuit import Array
    from ncpi_rules.ruleset import Ruleset

PIECE_BYTES: Final = 1 << 20
"""About how many bytes are parsed at a time."""

_SOMETHING: Final = re.compile(rb"[^\r\n]")
_MOST_BYTES: Final = 1 << 24
_QUOTE, _LINE_FEED, _RETURN = b'"\n\r'
_STRAY_QUOTE: Final = "A quotation mark stands within a field, or one before it is not closed."
_QUOTES_HELP: Final = (
    "Put the whole field in quotation marks, without space around them, and double those in it."
)


@frozen(kw_only=True)
class CsvFile:
    """A CSV file that is open: its header, and its rows from there on.

    Every field is text, and an empty one is empty. A column without a name must be empty, too.
    """

    name: str
    opened: BinaryIO
    header: CsvHeader
    piece: int = PIECE_BYTES
    schema: pyarrow.Schema = field(init=False)

    @schema.default
    def _named_columns(self) -> pyarrow.Schema:
        return pyarrow.schema([(name, pyarrow.string()) for name in self.header.names if name])

    @classmethod
    def of(cls, name: str, opened: BinaryIO, editions: tuple[Ruleset, ...]) -> CsvFile:
        """Return the file; raise FactsError where it is no UTF-8 text or has no header."""
        header = CsvHeader.of(opened.read(HEAD_BYTES), name, editions)
        return cls(name=name, opened=opened, header=header)

    def batches(self) -> Iterator[pyarrow.RecordBatch]:
        """Yield the rows, some at a time; raise FactsError for those that cannot be read."""
        first = 1
        for start, piece in self._pieces():
            table = self._parse(piece, start, first)
            first += table.num_rows
            unnamed = [place for place, name in enumerate(self.header.names) if not name]
            self._require_empty(table, unnamed)
            columns = [column for place, column in enumerate(table.columns) if place not in unnamed]
            yield from pyarrow.Table.from_arrays(columns, schema=self.schema).to_batches()

    # Pieces

    def _pieces(self) -> Iterator[tuple[int, bytes]]:
        """Yield where whole rows start in the file, and their bytes."""
        start, rest = self.header.start, b""
        while True:
            self.opened.seek(start + len(rest))
            more = self.opened.read(max(self.piece, len(rest)))
            piece = rest + more
            end = self._end_of_rows(piece, start, last=not more)
            if _SOMETHING.search(piece, 0, end):
                yield start, piece[:end]
            start, rest = start + end, piece[end:]
            if not more:
                return
            if len(rest) > _MOST_BYTES:
                help_ = "Look for a quotation mark in it that is not closed."
                self._refuse(start, "This row is too long to be read.", help_)

    def _end_of_rows(self, piece: bytes, start: int, *, last: bool) -> int:
        """Return where the last whole row of a piece ends; 0 where it has none."""
        if _QUOTE not in piece:
            return len(piece) if last else (piece.rfind(b"\n") + 1 or piece.rfind(b"\r") + 1)
        letters = numpy.frombuffer(piece, numpy.uint8)
        quotes = numpy.flatnonzero(letters == _QUOTE)
        self._require_quotes_around_fields(letters, quotes, start)
        if last:
            if len(quotes) % 2:
                message = "A quotation mark is opened here and never closed."
                self._refuse(start + int(quotes[-1]), message, _QUOTES_HELP)
            return len(piece)
        end = piece.rfind(b"\n")
        if end >= 0 and numpy.searchsorted(quotes, end) % 2 == 0:
            return end + 1
        breaks = numpy.flatnonzero(letters == (_RETURN if end < 0 else _LINE_FEED))
        outside = breaks[numpy.searchsorted(quotes, breaks) % 2 == 0]
        return int(outside[-1]) + 1 if len(outside) else 0

    def _require_quotes_around_fields(self, letters: Array, quotes: Array, start: int) -> None:
        """Refuse a quotation mark that neither begins nor ends a field, nor is doubled.

        Without one, a line break is within a field where the marks before it are odd in number.
        """
        opening, closing = quotes[::2], quotes[1::2]
        if len(opening) and opening[0] == 0:
            opening = opening[1:]
        if len(closing) and closing[-1] == len(letters) - 1:
            closing = closing[:-1]
        begins, ends = self._is_edge(letters[opening - 1]), self._is_edge(letters[closing + 1])
        if not (begins.all() and ends.all()):
            stray = min(*opening[~begins][:1], *closing[~ends][:1], len(letters))
            self._refuse(start + int(stray), _STRAY_QUOTE, _QUOTES_HELP)

    def _is_edge(self, letters: Array) -> Array:
        """Return which letters may stand outside of a quotation mark, beside it."""
        edges = ord(self.header.delimiter), _QUOTE, _LINE_FEED, _RETURN
        is_edge: Array = numpy.logical_or.reduce([letters == edge for edge in edges])
        return is_edge

    def _refuse(self, at: int, message: str, help_: str) -> NoReturn:
        raise FactsError(Problem(place=self._place(at), message=message, help=help_))

    def _place(self, at: int) -> str:
        """Return the line and the column of a byte, as a person counts them."""
        self.opened.seek(0)
        done, line, line_start = 0, 1, 0
        while done < at and (part := self.opened.read(min(at - done, HEAD_BYTES))):
            if b"\n" in part:
                line += part.count(b"\n")
                line_start = done + part.rfind(b"\n") + 1
            done += len(part)
        self.opened.seek(line_start)
        before = self.opened.read(at - line_start).decode(errors="replace").lstrip("\ufeff")
        return f"{self.name}:{line}:{len(before) + 1}"

    # Rows

    def _parse(self, piece: bytes, start: int, first: int) -> pyarrow.Table:
        columns = [str(place) for place in range(len(self.header.names))]
        ragged: dict[int, list[int]] = {}

        def note(row: csv.InvalidRow) -> str:
            ragged.setdefault(row.actual_columns, []).append(row.number - 1)
            return "skip"

        try:
            table = csv.read_csv(
                pyarrow.py_buffer(piece),
                read_options=csv.ReadOptions(
                    use_threads=False, block_size=len(piece) + 1, column_names=columns
                ),
                parse_options=csv.ParseOptions(
                    delimiter=self.header.delimiter,
                    invalid_row_handler=note,
                ),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(columns, pyarrow.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
        except pyarrow.ArrowInvalid:
            raise FactsError(self._unreadable(piece, start)) from None
        if ragged:
            raise FactsError(self._ragged(many, rows, first) for many, rows in ragged.items())
        return table

    def _unreadable(self, piece: bytes, start: int) -> Problem:
        try:
            piece.decode()
        except UnicodeDecodeError as fault:
            return not_utf_8(self._place(start + fault.start))
        return Problem(place=self._place(start), message=_STRAY_QUOTE, help=_QUOTES_HELP)

    def _ragged(self, many: int, rows: list[int], first: int) -> Problem:
        delimiter = DELIMITERS.get(self.header.delimiter, self.header.delimiter)
        quoted = f"Put quotation marks around a field with a {delimiter} in it"
        has = "This row has" if len(rows) == 1 else "These rows have"
        fields = "1 field" if many == 1 else f"{many:,} fields"
        return Problem(
            place=f"{self.name}, {format_rows(numpy.array(rows), first)}",
            message=f"{has} {fields}; the header has {len(self.header.names):,}.",
            help=f"{quoted}; give each row all fields.",
        )

    def _require_empty(self, table: pyarrow.Table, unnamed: list[int]) -> None:
        full = [place for place in unnamed if table.column(place).null_count < table.num_rows]
        if full:
            message = "This column has no name, and it is not empty."
            help_ = "Name it in the header, or leave it out."
            raise FactsError(
                Problem(place=f"{self.name}, column {place + 1:,}", message=message, help=help_)
                for place in full
            )
