"""A heat map: a cell for each pair of words of two columns, and in it what a third says.

Every cell says in words what its shade says.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from ncpi_rules.core import Status, sentence, upper_first
from ncpi_rules.plots.canvas import (
    GREY,
    HEADING,
    IN_TIME,
    INK,
    LATE,
    PALE,
    PAPER,
    QUIET,
    SMALL,
    WIDTH,
    Box,
    Sheet,
    height_of,
    width_of,
    wrapped,
)
from ncpi_rules.plots.tally import Column, percent, share
from ncpi_rules.plots.timeline_rows import BROKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.plots.picture import Picture

_MARGIN: Final = 12.0
_SHADES: Final = ("#eff6fc", "#c6dcef", "#8dbfe0", "#4a97c9", "#1f6aa8", "#0c4278", "#06254a")
"""From light to dark, so that their order survives a black-and-white print."""
_LIGHT: Final = 4
"""So many of them are light enough for dark letters."""
_STATUSES: Final[Mapping[Any, Mapping[str, Any]]] = {
    None: {"fill": PAPER},
    **dict.fromkeys((Status.MET, Status.PLANNED, Status.OPEN), IN_TIME),
    **dict.fromkeys(BROKEN, LATE),
    Status.CANNOT_TELL: {"fill": GREY},
    Status.UNKNOWN: {"fill": PAPER},
    Status.NO_DATE: {"fill": PAPER},
}
"""Where a deadline stands is no matter of more or less: what is late looks as it does elsewhere."""
_PAD: Final = 5.0
_STRIP: Final = 8.0


def heat(
    down: Column,
    across: Column,
    shown: Column,
    counts: Counter[tuple[Any, ...]],
    title: str | None,
) -> Picture:
    """Return the heat map of how often which three words stand together."""
    cells = {
        (row, column): Counter(
            {word: many for word in shown.words if (many := counts[row, column, word])}
        )
        for row in down.words
        for column in across.words
    }
    name = title or upper_first(
        f"{shown.title}, by {_lower(down.title)} and {_lower(across.title)}"
    )
    return _Heat(Sheet(WIDTH), down, across, shown, cells, name).picture()


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


@frozen
class _Heat:
    sheet: Sheet
    down: Column
    across: Column
    shown: Column
    cells: dict[tuple[Any, Any], Counter[Any]]
    title: str

    def picture(self) -> Picture:
        """Draw it."""
        sheet = self.sheet
        top = sheet.words(
            wrapped(self.title, WIDTH - 2 * _MARGIN, HEADING, bold=True),
            _MARGIN,
            10,
            size=HEADING,
            bold=True,
        )
        names = [*self.down.words.values(), *self.down.title.split()]
        head = min(max(width_of(name, SMALL, bold=True) for name in names) + 12, 190)
        left = _MARGIN + head
        wide = (WIDTH - _MARGIN - left) / len(self.across.words)
        y = top.top + top.height + 10
        over = wrapped(upper_first(self.across.title), WIDTH - _MARGIN - left, SMALL)
        y += sheet.words(over, left, y, size=SMALL, colour=QUIET).height + 3
        heads = {
            word: wrapped(says, wide - 6, SMALL, bold=True)
            for word, says in self.across.words.items()
        }
        high = max(height_of(lines, SMALL) for lines in heads.values())
        side = wrapped(upper_first(self.down.title), head - 10, SMALL)
        high = max(high, height_of(side, SMALL))
        sheet.words(side, _MARGIN, y + high - height_of(side, SMALL), size=SMALL, colour=QUIET)
        for place, lines in enumerate(heads.values()):
            at = left + (place + 0.5) * wide
            sheet.words(
                lines, at, y + high - height_of(lines, SMALL), size=SMALL, bold=True, align="middle"
            )
        y += high + 5
        for word, says in self.down.words.items():
            y = self._row(word, says, y, left, wide)
        y = self._legend(y + 9, wide - 2 * _PAD)
        return sheet.picture(self.title, self._says(), y + 6)

    def _row(self, row: Any, says: str, y: float, left: float, wide: float) -> float:
        cells = [self.cells[row, column] for column in self.across.words]
        lines = [self._lines(cell, wide - 2 * _PAD) for cell in cells]
        name = wrapped(says, left - _MARGIN - 10, SMALL, bold=True)
        high = max(height_of(name, SMALL), *(height_of(each, SMALL) for each in lines)) + 2 * _PAD
        high += _STRIP if any(len(cell) > 1 for cell in cells) else 0
        self.sheet.words(
            name, _MARGIN, y + (high - height_of(name, SMALL)) / 2, size=SMALL, bold=True
        )
        for place, (cell, told) in enumerate(zip(cells, lines, strict=True)):
            start = left + place * wide
            self._cell(cell, told, Box(start, start + wide, y, high))
        return y + high

    def _cell(self, cell: Counter[Any], lines: list[str], box: Box) -> None:
        sheet, wide = self.sheet, box.wide(0)
        colour, room, ground = INK, box.height, None
        if len(cell) == 1:
            (word,) = cell
            looks, colour = self._looks(word)
            sheet.bar(box.left, box.top, wide, box.height, **looks)
            ground = looks["fill"] if "hatch" in looks else None
        elif cell:
            room -= _STRIP
            start = box.left
            for word, many in cell.items():
                part = wide * many / cell.total()
                looks = {**self._looks(word)[0], "edge": INK, "thick": 0.5}
                sheet.bar(start, box.top + room, part, _STRIP, **looks)
                start += part
        sheet.bar(box.left, box.top, wide, box.height, edge=INK if cell else PALE, thick=0.7)
        if lines:
            top = box.top + (room - height_of(lines, SMALL)) / 2
            at = box.centre[0]
            sheet.words(lines, at, top, size=SMALL, colour=colour, align="middle", on=ground)

    def _lines(self, cell: Counter[Any], wide: float) -> list[str]:
        """Return what a cell says: its one word, or each word with its number."""
        if not cell:
            return []
        every = cell.total()
        told = [
            line
            for word, many in cell.items()
            for line in wrapped(f"{self._part(many, every)}{self.shown.words[word]}", wide, SMALL)
        ]
        return [*told, *self._count(every, wide)]

    def _part(self, many: int, every: int) -> str:
        return "" if many == every else f"{percent(many, every)} "

    def _count(self, many: int, wide: float) -> list[str]:
        if all(cell.total() <= 1 for cell in self.cells.values()):
            return []
        told = f"{many:,} case{'' if many == 1 else 's'}"
        return [told] if width_of(told, SMALL) <= wide else wrapped(f"{many:,}", wide, SMALL)

    def _looks(self, word: Any) -> tuple[dict[str, Any], str]:
        """Return how a word looks, and the colour of the letters on it."""
        if _STATUSES.keys() >= self.shown.words.keys():
            return {**_STATUSES[word]}, INK
        words = [each for each in self.shown.words if each not in {None, self.shown.none}]
        if word not in words:
            return {"fill": PAPER}, INK
        steps = len(_SHADES) - 1
        place = round(words.index(word) * steps / (len(words) - 1)) if len(words) > 1 else 2
        return {"fill": _SHADES[place]}, INK if place < _LIGHT else PAPER

    def _legend(self, y: float, wide: float) -> float:
        """Draw what the shades mean, and what a strip is."""
        sheet, x = self.sheet, _MARGIN
        high = height_of(["x"], SMALL)
        title = wrapped(f"{upper_first(self.shown.title)}:", WIDTH - 2 * _MARGIN, SMALL)
        y += sheet.words(title, _MARGIN, y, size=SMALL, colour=QUIET).height + 3
        for word, says in self.shown.words.items():
            lines = wrapped(says, WIDTH - 2 * _MARGIN - 26, SMALL)
            wide = 26 + max(width_of(line, SMALL) for line in lines) + 14
            if x > _MARGIN and x + wide > WIDTH - _MARGIN:
                x, y = _MARGIN, y + high + 4
            sheet.bar(x, y + 1, 18, high - 2, **{**self._looks(word)[0], "edge": INK, "thick": 0.7})
            sheet.words(lines, x + 24, y, size=SMALL)
            x += wide
            y += height_of(lines, SMALL) - high
        y += high + 4
        counts = [self._count(cell.total(), wide) for cell in self.cells.values() if cell]
        if any(told and not told[-1].endswith(("case", "cases")) for told in counts):
            told = "A number alone in a cell says how many cases it has."
            y += sheet.words(told, _MARGIN, y, size=SMALL, colour=QUIET).height + 2
        if any(len(cell) > 1 for cell in self.cells.values()):
            told = "A strip at the foot of a cell shows how its cases are shared out."
            y += sheet.words(told, _MARGIN, y, size=SMALL, colour=QUIET).height + 2
        return y

    def _says(self) -> str:
        told = [sentence(self.title)]
        for (row, column), cell in self.cells.items():
            named = f"{self.down.words[row]}, {self.across.words[column]}"
            every = cell.total()
            parts = [
                f"{self.shown.words[word]} ({share(many, every)})" for word, many in cell.items()
            ]
            told.append(sentence(f"{named}: {'; '.join(parts) or 'no case'}"))
        return " ".join(told)
