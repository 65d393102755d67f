"""The header of a CSV file, and the character that separates its columns."""

from __future__ import annotations

import codecs
import csv
import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NoReturn

from attrs import evolve, frozen

from ncpi_rules.batch.problems import shortened
from ncpi_rules.core import FactsError, Problem
from ncpi_rules.io import not_utf_8
from ncpi_rules.ruleset import column_meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Ruleset

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
HEAD_BYTES: Final = 1 << 20
"""How many bytes of a file are read to find its header, which is not longer."""

_FIRST_LINES: Final = 20
_LINE_BREAK: Final = re.compile(rb"\r\n|\r|\n")
_SEPARATOR: Final = re.compile(r'"?sep=(\t|[!#-/:-@\[-^`{-~])"?', re.IGNORECASE)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")


@frozen
class _Record:
    """A line of a file, or several where a field in it has line breaks; ``end`` is behind them."""

    line: int
    text: str
    end: int


@frozen(kw_only=True)
class CsvHeader:
    """The names of the columns, without space around them; what parts them; where rows start."""

    names: tuple[str, ...]
    delimiter: str
    start: int

    @classmethod
    def of(cls, head: bytes, name: str, editions: tuple[Ruleset, ...]) -> CsvHeader:
        """Return the header of a file that begins with some bytes: all, or ``HEAD_BYTES`` of them.

        Of comma, semicolon, tab and vertical bar, that one parts the columns which makes most of
        them columns of an edition, unless a line before them says it, such as ``sep=;``. Raises
        FactsError for a file that is no UTF-8 text, and where the first line is no header.
        """
        _require_text(head, name)
        records = list(islice(_records(head, name), _FIRST_LINES))
        delimiters = tuple(DELIMITERS)
        if records and (separator := _SEPARATOR.fullmatch(records[0].text.strip(" "))):
            delimiters, records = (separator[1],), records[1:]
        if not records:
            _refuse(name, "The file has no header.", _names_first(editions[-1]))
        header = records[0]
        place = f"{name}:{header.line}:1"
        delimiter = max(delimiters, key=lambda candidate: _score(header, candidate, editions))
        names = _fields(header, delimiter)
        if not names:
            _refuse(place, "The names in this line cannot be told apart.", "Write them anew.")
        if not any(_is_known(column, editions) for column in names):
            _require_header(records, names, editions, place)
        return cls(names=names, delimiter=delimiter, start=header.end)


def _refuse(place: str, message: str, help_: str) -> NoReturn:
    raise FactsError(Problem(place=place, message=message, help=help_))


def _names_first(ruleset: Ruleset) -> str:
    facts = [name for name in ruleset.facts if name not in ruleset.events]
    some = [*facts[:2], *list(ruleset.events)[:1]]
    return f"Begin with a line of names, such as: {', '.join(some)}."


def _require_text(head: bytes, name: str) -> None:
    """Refuse a file that is empty, or not text in UTF-8."""
    if not head.strip():
        _refuse(name, "The file is empty.", "Give a line of names, and a line for each case.")
    start = head[:200]
    if (
        head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        or start.count(0) > len(start) // 3
    ):
        help_ = "Save it again as UTF-8: in Excel, that is 'CSV UTF-8'."
        raise FactsError(evolve(not_utf_8(name, is_utf_16=True), help=help_))
    if 0 in head:
        _refuse(name, "The file is not text.", "Give the file the ending of what it holds.")


def _records(head: bytes, name: str) -> Iterator[_Record]:
    """Yield the lines of a file, as far as some bytes have them whole."""
    begin = at = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    line, next_line, is_open, several = 1, 1, False, False

    def record(end: int, behind: int) -> _Record:
        try:
            return _Record(line, head[begin:end].decode(), behind)
        except UnicodeDecodeError as fault:
            column = len(head[begin : begin + fault.start].decode()) + 1
            raise FactsError(not_utf_8(f"{name}:{line}:{column}")) from None

    for line_break in _LINE_BREAK.finditer(head):
        is_open ^= bool(head.count(b'"', at, line_break.start()) % 2)
        at, next_line = line_break.end(), next_line + 1
        if not is_open:
            if line_break.start() > begin:
                several = True
                yield record(line_break.start(), at)
            begin, line = at, next_line
    is_whole = len(head) < HEAD_BYTES
    is_open ^= bool(head.count(b'"', at) % 2)
    if not several and (is_open or not is_whole):
        message = "This line is longer than that of any header."
        help_ = "Look for a quotation mark in it that is not closed."
        _refuse(f"{name}:{line}:1", message, help_)
    if is_whole and begin < len(head):
        yield record(len(head), len(head))


def _fields(record: _Record, delimiter: str) -> tuple[str, ...]:
    """Return the fields of a line without space around them; none where it cannot be parted."""
    try:
        (fields,) = csv.reader([record.text], delimiter=delimiter)
    except (csv.Error, ValueError):
        return ()
    return tuple(field.replace("\ufeff", "").strip() for field in fields)


def _is_known(name: str, editions: tuple[Ruleset, ...]) -> bool:
    """Return True for the name of a column of some edition."""
    return any(column_meant(name, edition) for edition in editions)


def _score(record: _Record, delimiter: str, editions: tuple[Ruleset, ...]) -> tuple[int, int]:
    """Return how many columns of the ruleset a delimiter makes of a line, and how many in all."""
    names = _fields(record, delimiter)
    return sum(_is_known(name, editions) for name in names), len(names)


def _require_header(
    records: list[_Record], names: tuple[str, ...], editions: tuple[Ruleset, ...], place: str
) -> None:
    """Refuse a line without any name of the ruleset, if it is a title or a case."""
    for record in records[1:]:
        if any(_score(record, delimiter, editions)[0] for delimiter in DELIMITERS):
            message = f"This line is not a header; line {record.line} is."
            _refuse(place, message, "Delete what stands above the header.")
    values = {
        value for edition in editions for fact in edition.facts.values() for value in fact.values
    }
    if cell := next((cell for cell in names if cell in values or _DAY.fullmatch(cell)), None):
        message = f"This line is not a header: it holds '{shortened(cell)}', which is no name."
        _refuse(place, message, _names_first(editions[-1]))
