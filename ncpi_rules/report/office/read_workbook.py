"""Workbooks of Excel, read: the texts of their cells, sheet by sheet.

A date that Excel shows as a month or a year is read as one: typed as 2018-06, it is kept as the
first day of June.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NoReturn

from openpyxl import load_workbook

from ncpi_rules.core import FactsError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST_BYTES: Final = 50_000_000
"""The most that the parts of a workbook may be, unpacked."""

_MOST_ROWS: Final = 20_000
_FORMULA: Final = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"([^>]*)>\s*<f\b[^<]*(?:</f>)?\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
"""A cell with a formula and no value, in the XML of a sheet."""

_TEXTS: Final = {True: "yes", False: "no", None: ""}


def read_tables(content: bytes, *, name: str) -> Mapping[str, Sequence[Sequence[str]]]:
    """Return the texts of each sheet of a workbook, by the titles of the sheets, line by line.

    Days are as 2018-06-28. Raises FactsError, with ``name`` as the place, for what is no workbook
    or is too large.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_BYTES:
                _refuse(name, "The workbook is too large.", "Take out what is no follow-up.")
            _refuse_formulas(parts, name)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        tables = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            most = _MOST_ROWS + 1
            rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(max_row=most)]
            if len(rows) == most and any(rows[-1]):
                message = f"The sheet '{sheet.title}' has more than {_MOST_ROWS:,} rows."
                _refuse(name, message, "Divide it among several workbooks.")
            tables[sheet.title] = rows[:_MOST_ROWS]
    except FactsError:
        raise
    except Exception:  # noqa: BLE001  openpyxl lets through whatever a broken file raises
        help_ = "Save it as an Excel workbook (.xlsx) without a password."
        _refuse(name, "This is not a workbook that can be read.", help_)
    return tables


def _refuse_formulas(parts: zipfile.ZipFile, name: str) -> None:
    """Refuse a formula of which no value was saved: it would be taken for an empty cell."""
    for part in parts.namelist():
        if not part.startswith("xl/worksheets/"):
            continue
        for cell, more in _FORMULA.findall(parts.read(part)):
            if b't="str"' not in more:  # a formula whose value is an empty text has this
                message = (
                    f"A formula stands in the cell {cell.decode()}, and its value was not saved."
                )
                help_ = "Open the workbook and save it again, or write the value itself."
                _refuse(name, message, help_)


def _refuse(name: str, message: str, help_: str) -> NoReturn:
    raise FactsError(Problem(place=name, message=message, help=help_)) from None


def _text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, bool) or value is None:
        return _TEXTS[value]
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            return value.isoformat(" ")
        shown = str(cell.number_format).casefold()
        if "d" not in shown and "y" in shown:
            return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
