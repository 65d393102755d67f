"""The widths of letters, so that words can be measured before they are drawn.

They are those of Arial, which Helvetica and Liberation Sans share. Where a reader has another font,
the browser fits the words into the measured width.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

INK: Final = "#0b0c0c"
GREY_INK: Final = "#505a5f"

_WIDTHS: Final = {
    letter: width
    for width, letters in {
        0.191: "'",
        0.222: "ijl",
        0.278: " !,./:;I[\\]ft|",
        0.334: "()-`r{}",
        0.370: '"*',
        0.469: "^",
        0.500: "Jcksvxyz",
        0.556: "#$0123456789?L_abdeghnopqu",
        0.584: "+<=>~\N{MINUS SIGN}",
        0.611: "FTZ",
        0.667: "&ABEKPSVXY",
        0.722: "CDHNRUw",
        0.778: "GOQ",
        0.833: "Mm",
        0.889: "%",
        0.944: "W",
    }.items()
    for letter in letters
}
"""In sizes of the letters."""
_BOLD: Final = 1.07
"""How much wider bold letters are, over a line."""
_LEADING: Final = 1.3
"""The height of a line, in sizes of its letters."""


def one_line(text: str) -> str:
    """Return a text on one line, with a mark for each character that may not stand in a picture."""
    line = " ".join(text.split())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)


@lru_cache(maxsize=4096)
def _width(letter: str) -> float:
    """Return how wide a character is; an accent adds nothing to its letter."""
    plain = unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS.get(plain, 1.0 if unicodedata.east_asian_width(plain) in "WFA" else 0.7)


@frozen
class Letters:
    """Letters of one size (in pixels), weight and colour."""

    size: float
    bold: bool = False
    colour: str = INK

    @property
    def line(self) -> float:
        """Return the height of a line."""
        return self.size * _LEADING

    def width(self, text: str) -> float:
        """Return how wide a text on one line is, in pixels."""
        return self.size * (_BOLD if self.bold else 1) * sum(map(_width, one_line(text)))

    def widest(self, texts: Iterable[str]) -> float:
        """Return how wide the widest of some texts is, in pixels."""
        return max(map(self.width, texts), default=0.0)

    def wrap(self, text: str, width: float) -> list[str]:
        """Return the lines of a text that are no wider than ``width``; a longer word is broken."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".lstrip()
            if self.width(longer) <= width:
                lines[-1] = longer
                continue
            lines.append("")
            for letter in word:
                if lines[-1] and self.width(lines[-1] + letter) > width:
                    lines.append("")
                lines[-1] += letter
        return [line for line in lines if line]


HEADING: Final = Letters(17, bold=True)
BODY: Final = Letters(13)
SMALL: Final = Letters(12)
STRONG: Final = Letters(12, bold=True)
QUIET: Final = Letters(12, colour=GREY_INK)
