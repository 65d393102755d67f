"""A heat map: a cell for each pair of values of two columns, with the values of a third.

Every cell puts into words what its shade shows.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, frozen

from ncpi_rules.core import Status, counted, lower_first, upper_first
from ncpi_rules.plots.letters import GREY_INK, INK, QUIET, SMALL, STRONG
from ncpi_rules.plots.sheet import (
    BLUE,
    DARK_VERMILION,
    GREY,
    IN_TIME,
    INNER,
    LATE,
    MARGIN,
    PAPER,
    PEACH,
    SKY,
    Look,
    Sheet,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ncpi_rules.batch import ShownColumn
    from ncpi_rules.plots.letters import Letters
    from ncpi_rules.plots.sheet import Picture

_SHADES: Final = ("#b9d7ef", "#7bb2e0", "#4191d3", "#2973af", "#1f5785", "#113c60", "#081d2e")
"""From light to dark, each half as bright again as the next, so that they differ in grey too."""
_LIGHT: Final = 3
"""So many of them are light enough for dark letters."""
_HATCHES: Final = ("", "/", "\\", ".")
"""What tells values of one shade apart, where there are more values than shades."""
_STATUSES: Final[Mapping[Any, Look]] = {
    None: Look(GREY, INK),
    Status.MET: IN_TIME,
    Status.PLANNED: Look(SKY, BLUE, hatch="."),
    Status.OPEN: Look(PAPER, BLUE, hatch="|"),
    Status.LATE: LATE,
    Status.TOO_EARLY: Look(PEACH, DARK_VERMILION, hatch="\\"),
    Status.OVERDUE: Look(PEACH, DARK_VERMILION, hatch="x"),
    Status.CANNOT_TELL: Look(GREY, GREY_INK, hatch="-"),
    Status.UNKNOWN: Look(PAPER, GREY_INK, hatch="."),
    Status.NO_DATE: Look(PAPER, INK),
}
"""The status of a deadline is not a matter of more or less: what is late is hatched."""
_OUTLINE: Final = Look(edge=INK)
_PAD: Final = 5.0
_STRIP: Final = 9.0


def looks_of(column: ShownColumn) -> dict[Any, Look]:
    """Return how each value of a column looks; what stands for nothing is white."""
    if _STATUSES.keys() >= column.values.keys():
        return {value: _STATUSES[value] for value in column.values}
    looks = dict.fromkeys(column.values, Look(PAPER, INK))
    values = [value for value in column.values if value not in {None, column.none}]
    of_one_shade = -(-len(values) // len(_SHADES))
    steps = (len(values) - 1) // max(of_one_shade, 1)
    for place, value in enumerate(values):
        shade = round(place // of_one_shade * (len(_SHADES) - 1) / max(steps, 1))
        hatch = _HATCHES[place % of_one_shade]
        looks[value] = Look(_SHADES[shade], INK if shade < _LIGHT else PAPER, hatch=hatch)
    return looks


def heat(
    down: ShownColumn,
    across: ShownColumn,
    shown: ShownColumn,
    counts: Counter[tuple[Any, ...]],
    title: str | None,
) -> Picture:
    """Return the heat map of three columns, by the number of cases of each combination."""
    by = f"by {lower_first(down.title)} and {lower_first(across.title)}"
    sheet = Sheet(title or upper_first(f"{shown.title}, {by}"))
    rows = [
        [
            Counter({value: n for value in shown.values if (n := counts[row, column, value])})
            for column in across.values
        ]
        for row in down.values
    ]
    cells = [cell for row in rows for cell in row]
    numbered = any(cell.total() > 1 for cell in cells)
    names, sides = [*across.values.values()], [*down.values.values()]
    head = min(STRONG.widest(sides), 180) + 10.01
    wide = (INNER - head) / len(names)
    grid = _Grid(sheet, shown.values, looks_of(shown), MARGIN + head, wide, numbered)
    text = f"Rows: {lower_first(down.title)}. Columns: {lower_first(across.title)}."
    sheet.y = top = sheet.words(text, MARGIN, sheet.y, QUIET, width=INNER) + 6
    for place, name in enumerate(names):
        sheet.y = max(sheet.y, grid.words(name, place, top, STRONG) + 4)
    for name, row in zip(sides, rows, strict=True):
        grid.draw_row(name, row)
    text = f"{upper_first(shown.title)}:"
    sheet.y = sheet.words(text, MARGIN, sheet.y + 9, QUIET, width=INNER) + 3
    sheet.legend(
        (shown.values[value], partial(sheet.bar, look=look)) for value, look in grid.looks.items()
    )
    if any(len(cell) > 1 for cell in cells):
        text = "The strip at the foot of a cell shows the part of each value."
        sheet.y = sheet.words(text, MARGIN, sheet.y, QUIET)
    pairs = [f"{side}, {name}" for side in sides for name in names]
    parts = [
        f"{pair}: {'; '.join(grid.describe(cell, share)) or 'no case'}"
        for pair, cell in zip(pairs, cells, strict=True)
    ]
    return sheet.picture([sheet.title, *parts])


@frozen
class _Grid:
    """The cells of a heat map: where they begin, how wide each is, whether it gives its cases."""

    sheet: Sheet
    wordings: dict[Any, str]
    looks: dict[Any, Look]
    left: float
    wide: float
    numbered: bool

    def words(
        self, texts: str | Sequence[str], place: int, top: float, letters: Letters, on: str = "none"
    ) -> float:
        """Write in the middle of a column of cells; return where the words end."""
        x, width = self.left + (place + 0.5) * self.wide, self.wide - 4
        return self.sheet.words(texts, x, top, letters, width=width, align="middle", on=on)

    def draw_row(self, name: str, cells: Sequence[Counter[Any]]) -> None:
        """Draw a row, as high as the longest text in it asks for."""
        sheet, top = self.sheet, self.sheet.y
        width = self.left - MARGIN - 10
        ends = [sheet.words(name, MARGIN, top + _PAD, STRONG, width=width)]
        for place, cell in enumerate(cells):
            texts = self.describe(cell, lambda n, every: "" if n == every else percent(n, every))
            if cell and self.numbered:
                texts.append(counted(cell.total(), "case"))
            look = self.looks[next(iter(cell))] if len(cell) == 1 else Look()
            letters = evolve(SMALL, colour=PAPER if look.fill in _SHADES[_LIGHT:] else INK)
            on = look.fill if look.hatch else "none"
            ends.append(self.words(texts, place, top + _PAD, letters, on))
        strip = _STRIP if any(len(cell) > 1 for cell in cells) else 0
        height = max(ends) + _PAD + strip - top
        for place, cell in enumerate(cells):
            start, tall = self.left + place * self.wide, height if len(cell) == 1 else _STRIP
            sheet.bar((start, top, self.wide, height), _OUTLINE)
            for value, n in cell.items():
                part = self.wide * n / cell.total()
                sheet.bar((start, top + height - tall, part, tall), self.looks[value], under=True)
                start += part
        sheet.y += height

    def describe(self, cell: Counter[Any], part: Callable[[int, int], str]) -> list[str]:
        """Return each value of a cell after its part of the cases."""
        every = cell.total()
        return [f"{part(n, every)} {self.wordings[value]}".strip() for value, n in cell.items()]


def percent(many: int, every: int) -> str:
    """Return a part of all cases; never all or none of them by rounding.

    >>> percent(1, 3), percent(1, 1000), percent(999, 1000)
    ('33%', 'under 1%', 'over 99%')
    """
    if 0 < 100 * many < every:
        return "under 1%"
    if 0 < 100 * (every - many) < every:
        return "over 99%"
    return f"{100 * many / every:.0f}%" if every else "0%"


def share(many: int, every: int) -> str:
    """Return a number of cases, and which part of all they are.

    >>> share(1200, 3600)
    '1,200 (33%)'
    """
    return f"{many:,} ({percent(many, every)})"
