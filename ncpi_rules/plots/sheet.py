"""A sheet on which a picture is drawn, and the picture: one piece of SVG, and the same in words."""

from __future__ import annotations

import hashlib
from html import escape
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import define, field, frozen

from ncpi_rules.core import NcpiRulesError, sentence
from ncpi_rules.io import write_whole
from ncpi_rules.plots.letters import BODY, HEADING, SMALL, Letters, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

PAPER: Final = "#ffffff"
GREY: Final = "#dfe1e3"
PALE: Final = "#b1b4b6"
SKY: Final = "#9ccbea"
PEACH: Final = "#f7d9c4"
DARK_VERMILION: Final = "#8f3600"
# Of the colours of Okabe and Ito, which colour-blind readers tell apart.
BLUE: Final = "#0072b2"
GREEN: Final = "#009e73"
VERMILION: Final = "#d55e00"

WIDTH: Final = 760.0
"""How wide a picture is: what fits across a sheet of A4 with letters that can be read."""
MARGIN: Final = 12.0
INNER: Final = WIDTH - 2 * MARGIN
_LEAST_WIDTH: Final = 560
"""No page shows a picture smaller, as its letters could not be read."""
_ASCENT: Final = 0.98
"""Where letters stand in their line, in sizes of the letters from its top."""
_SAMPLE: Final = 22.0
"""How wide a sample is in the legend."""
_ALIGN: Final = {"left": 0.0, "middle": 0.5, "right": 1.0}
_NAME: Final = "\0"
"""Stands for a picture's name while it is drawn: no text of a picture has this character."""

# What is drawn over the ground of a shape: tiles of 6 by 6 pixels.
_HATCHES: Final = {
    "/": "M-1 1 1-1M0 6 6 0M5 7 7 5",
    "\\": "M-1 5 1 7M0 0 6 6M5-1 7 1",
    "x": "M0 6 6 0M0 0 6 6",
    "|": "M3 0V6",
    "-": "M0 3H6",
    ".": "M2 3H4",
}


@frozen
class Look:
    """How a shape looks: its ground, its edge, and the hatch that is drawn over the ground."""

    fill: str = "none"
    edge: str = "none"
    thick: float = 1.0
    hatch: str = ""
    dashes: str = "none"


LATE_LOOK: Final = Look(PEACH, DARK_VERMILION, hatch="/")
"""What is late, in a picture of many cases."""
IN_TIME_LOOK: Final = Look(SKY, BLUE)


Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, width and height of a part of a sheet, in pixels from its top left corner."""


@frozen(kw_only=True)
class Picture:
    """A picture that a notebook shows: ``svg`` holds all of it and loads nothing from elsewhere.

    ``title`` names it and ``description`` says in words what it shows; both are in the SVG too, for
    a screen reader. ``width`` and ``height`` are in pixels.
    """

    title: str
    description: str
    width: float
    height: float
    svg: str = field(repr=False)

    @property
    def html(self) -> str:
        """Return the picture as a part of a page; a narrow screen scrolls it sideways."""
        return f'<div style="overflow-x:auto">{self.svg}</div>'

    def save(self, path: Path | str, *, replace: bool = False) -> None:
        """Write the picture to a file of SVG.

        Raises NcpiRulesError where it cannot be written, or where a file of other content stands
        there and ``replace`` is False.
        """
        write_whole(path, f"{self.svg}\n".encode(), NcpiRulesError, replace=replace)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return self.html


@define
class Sheet:
    """What is drawn of a picture so far, in pixels from the top left corner, under its heading.

    ``y`` is where the next thing goes, and at last how high the picture is.
    """

    title: str = field(converter=one_line)
    y: float = field(default=10.0, init=False)
    _ground: list[str] = field(factory=list, init=False)
    _front: list[str] = field(factory=list, init=False)
    _hatched: dict[Look, str] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Write the heading."""
        self.y = self.words(self.title, MARGIN, 10, HEADING, width=INNER) + 10

    def words(  # noqa: PLR0913  each is about where the words go
        self,
        text: str | Sequence[str],
        x: float,
        top: float,
        letters: Letters = BODY,
        *,
        width: float = WIDTH,
        align: str = "left",
        on: str = "none",
    ) -> float:
        """Write paragraphs from the left, around or to the right of ``x``; return where they end.

        Lines are no wider than ``width``; ``on`` is the colour of the ground put behind them.
        """
        texts = [text] if isinstance(text, str) else text
        lines = [line for part in texts for line in letters.wrap(part, width)]
        wide = letters.widest(lines)
        left, height = x - wide * _ALIGN[align], len(lines) * letters.line
        if on != "none":
            self.bar((left - 2, top, wide + 4, height), Look(on))
        weight = "bold" if letters.bold else "normal"
        self._front.append(
            f'<g font-size="{letters.size:g}" font-weight="{weight}" fill="{letters.colour}">'
        )
        for place, line in enumerate(lines):
            long = letters.width(line)
            start = left + (wide - long) * _ALIGN[align]
            base = top + place * letters.line + _ASCENT * letters.size
            self._front.append(
                f'<text x="{start:.1f}" y="{base:.1f}" textLength="{long:.1f}" '
                f'lengthAdjust="spacingAndGlyphs">{escape(one_line(line))}</text>'
            )
        self._front.append("</g>")
        return top + height

    def path(self, d: str, look: Look, x: float = 0, y: float = 0, *, under: bool = False) -> None:
        """Draw a path of SVG from a place; ``under`` all that is not under it too."""
        if look.hatch and look not in self._hatched:
            self._hatched[look] = f"{_NAME}-{len(self._hatched)}"
            self._ground.append(_tile(self._hatched[look], look))
        fill = f"url(#{self._hatched[look]})" if look.hatch else look.fill
        drawn = self._ground if under else self._front
        drawn.append(
            f'<path d="{d}" transform="translate({x:.1f} {y:.1f})" fill="{fill}" '
            f'stroke="{look.edge}" stroke-width="{look.thick:g}" stroke-dasharray="{look.dashes}"/>'
        )

    def bar(self, box: Box, look: Look, *, under: bool = False) -> None:
        """Draw a rectangle."""
        left, top, width, height = box
        d = f"M0 0h{width:.1f}v{height:.1f}h{-width:.1f}z"
        self.path(d, look, left, top, under=under)

    def line(self, box: Box, look: Look) -> None:
        """Draw a line under all else, from one corner of a box to the other."""
        left, top, width, height = box
        self.path(f"M0 0l{width:.1f} {height:.1f}", look, left, top, under=True)

    def legend(self, entries: Iterable[tuple[str, Callable[[Box], None]]]) -> None:
        """Write below all else what each sample means; each entry draws its sample in a box."""
        x = MARGIN
        for text, draw in entries:
            width = min(SMALL.width(text), INNER - _SAMPLE - 8) + 0.01
            if x > MARGIN and x + _SAMPLE + 8 + width > WIDTH - MARGIN:
                x, self.y = MARGIN, self.y + SMALL.line + 5
            draw((x, self.y + 2, _SAMPLE, SMALL.line - 4))
            end = self.words(text, x + _SAMPLE + 8, self.y, SMALL, width=width)
            x, self.y = x + _SAMPLE + width + 24, end - SMALL.line
        self.y += SMALL.line + 10

    def picture(self, parts: Iterable[str]) -> Picture:
        """Return all that was drawn; its title and some parts, in sentences, describe it.

        Names within a picture are its own, so that several can stand on one page.
        """
        description = one_line(" ".join(map(sentence, [self.title, *parts])))
        height = self.y + 6
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
            f'aria-labelledby="{_NAME}-title" aria-describedby="{_NAME}-desc" '
            f'width="{WIDTH:g}" height="{height:.0f}" viewBox="0 0 {WIDTH:g} {height:.0f}" '
            "font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\" "
            f'style="min-width:{_LEAST_WIDTH}px;max-width:100%;height:auto;direction:ltr">'
            f'<title id="{_NAME}-title">{escape(self.title)}</title>'
            f'<desc id="{_NAME}-desc">{escape(description)}</desc>'
            f'<path d="M0 0H{WIDTH:g}V{height:.0f}H0z" fill="{PAPER}"/>'
            f"<g>{''.join(self._ground)}</g><g>{''.join(self._front)}</g></svg>"
        )
        name = f"ncpi-{hashlib.sha256(svg.encode()).hexdigest()[:10]}"
        return Picture(
            title=self.title,
            description=description,
            width=WIDTH,
            height=height,
            svg=svg.replace(_NAME, name),
        )


def _tile(name: str, look: Look) -> str:
    """Return the tile of a hatch on its ground."""
    return (
        f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="6" height="6">'
        f'<path d="M0 0H6V6H0z" fill="{look.fill}"/>'
        f'<path d="{_HATCHES[look.hatch]}" fill="none" stroke="{look.edge}"/></pattern>'
    )
