"""Tables as CSV for spreadsheets: no text becomes a formula."""

from __future__ import annotations

import csv
import datetime
from io import StringIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def csv_text(
    heads: Sequence[str], rows: Iterable[Iterable[str | int | datetime.date | None]]
) -> str:
    r"""Return a table as CSV; a text that a spreadsheet would take for a formula gets a '.

    >>> print(csv_text(["what", "day"], [["=1+1", datetime.date(2018, 6, 28)]]).replace("\r", ""))
    what,day
    '=1+1,2018-06-28
    <BLANKLINE>
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow(list(map(_harmless, row)))
    return text.getvalue()


def _harmless(value: str | int | datetime.date | None) -> str | int | None:
    if isinstance(value, datetime.date):
        return value.isoformat()
    is_formula = isinstance(value, str) and len(value) > 1 and value.startswith(FORMULA)
    return f"'{value}" if is_formula else value
