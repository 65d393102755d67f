"""A bar for each word of a column, as long as its cases are many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import sentence, upper_first
from ncpi_rules.plots.canvas import (
    BODY,
    HEADING,
    IN_TIME,
    INK,
    LATE,
    WIDTH,
    Sheet,
    height_of,
    width_of,
    wrapped,
)
from ncpi_rules.plots.tally import share
from ncpi_rules.plots.timeline_rows import BROKEN

if TYPE_CHECKING:
    from collections import Counter

    from ncpi_rules.plots.picture import Picture
    from ncpi_rules.plots.tally import Column

_MARGIN: Final = 12.0
_BAR: Final = 16.0
_BROKEN: Final = {status.value for status in BROKEN}


def bars(shown: Column, counts: Counter[tuple[Any, ...]], title: str | None) -> Picture:
    """Return a bar for each word."""
    sheet, every = Sheet(WIDTH), counts.total()
    name = title or upper_first(shown.title)
    lines = wrapped(name, WIDTH - 2 * _MARGIN, HEADING, bold=True)
    head = sheet.words(lines, _MARGIN, 10, size=HEADING, bold=True)
    y = head.top + head.height + 10
    widest = max((width_of(says, BODY) for says in shown.words.values()), default=0.0)
    left = _MARGIN + min(widest, 250) + 10
    told = {word: share(counts[word,], every) for word in shown.words}
    room = max((width_of(each, BODY) for each in told.values()), default=0.0)
    scale = (WIDTH - _MARGIN - left - room - 8) / max(counts.values(), default=1)
    for word, says in shown.words.items():
        lines = wrapped(says, left - _MARGIN - 10)
        high = max(height_of(lines), _BAR)
        sheet.words(lines, left - 8, y + (high - height_of(lines)) / 2, align="right")
        wide = max(counts[word,] * scale, 1)
        sheet.bar(left, y + (high - _BAR) / 2, wide, _BAR, **(LATE if word in _BROKEN else IN_TIME))
        sheet.words(told[word], left + wide + 6, y + (high - height_of([says])) / 2)
        y += high + 6
    sheet.line((left, head.top + head.height + 6), (left, y - 2), edge=INK)
    parts = (f"{says}: {told[word]}" for word, says in shown.words.items())
    return sheet.picture(name, " ".join(map(sentence, (name, f"{every:,} cases", *parts))), y + 8)
