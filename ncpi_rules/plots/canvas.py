"""A sheet on which a picture is drawn: shapes and measured words, written as one piece of SVG.

The only module that imports matplotlib, and only once something is measured or drawn: its
import takes half a second and looks for fonts. Its settings, which everybody in a process shares,
are those that it came with while a picture is written, and what they were before afterwards.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field, frozen

from ncpi_rules.core import MissingExtraError, Problem
from ncpi_rules.plots.picture import Label, Picture
from ncpi_rules.plots.svg import inline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INK: Final = "#0b0c0c"
QUIET: Final = "#505a5f"
PALE: Final = "#b1b4b6"
PAPER: Final = "#ffffff"
GREY: Final = "#dfe1e3"
SKY: Final = "#cfe6f5"
PEACH: Final = "#f7d9c4"
DARK_VERMILION: Final = "#8f3600"
# Of the colours of Okabe and Ito, which colour-blind readers tell apart.
BLUE: Final = "#0072b2"
GREEN: Final = "#009e73"
VERMILION: Final = "#d55e00"

LATE: Final[Mapping[str, Any]] = {
    "fill": PEACH,
    "edge": DARK_VERMILION,
    "thick": 0.9,
    "hatch": "//",
}
"""How what is late looks, in a picture of many cases."""
IN_TIME: Final[Mapping[str, Any]] = {"fill": SKY, "edge": BLUE, "thick": 0.9}

WIDTH: Final = 760.0
"""How wide a picture is: what fits across a sheet of A4 with letters that can be read."""

BODY: Final = 11.5
SMALL: Final = 10.5
HEADING: Final = 15.0
LEADING: Final = 1.3
"""The height of a line, in sizes of its letters."""

_ASCENT: Final = 0.98
"""Where the letters stand in their line, in sizes of its letters from its top."""

_UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"

_WRITING: Final = threading.Lock()


def _matplotlib() -> Any:
    try:
        import matplotlib as found  # noqa: PLC0415  an extra
        import matplotlib.figure  # noqa: PLC0415  an extra
        import matplotlib.font_manager  # noqa: PLC0415  an extra
        import matplotlib.patches  # noqa: PLC0415  an extra
        import matplotlib.style  # noqa: PLC0415  an extra
        import matplotlib.text  # noqa: PLC0415  an extra
        import matplotlib.textpath  # noqa: PLC0415  an extra
        import matplotlib.transforms  # noqa: PLC0415  an extra
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "matplotlib":
            raise
        raise MissingExtraError(
            Problem(
                place="",
                message="Drawing pictures needs a package that is not installed.",
                help='Install it with: pip install "ncpi-rules[notebook]"',
            )
        ) from None
    return found


@lru_cache(maxsize=8)
def _letters(size: float, bold: bool) -> Any:  # noqa: FBT001  a key of what is remembered
    """Return the letters that matplotlib brings with it: the same on every machine."""
    library = _matplotlib()
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    file = f"{library.get_data_path()}/fonts/ttf/{name}"
    return library.font_manager.FontProperties(fname=file, size=size)


@lru_cache(maxsize=2)
def _has(bold: bool) -> frozenset[int]:  # noqa: FBT001  a key of what is remembered
    """Return the characters that the letters can write."""
    library = _matplotlib()
    font = library.font_manager.get_font(_letters(BODY, bold).get_file())
    return frozenset(font.get_charmap())


def _writable(text: str, *, bold: bool = False) -> str:
    """Return a text on one line, with a mark for each character that the letters do not have."""
    has = _has(bold)
    return "".join(each if ord(each) in has else _UNREADABLE for each in _readable(text))


def _readable(text: str) -> str:
    """Return a text on one line, with a mark for each character that is no letter, such as a tab.

    Hardly any of these may stand in SVG.
    """
    return "".join(each if each.isprintable() else _UNREADABLE for each in " ".join(text.split()))


@lru_cache(maxsize=16_384)
def width_of(text: str, size: float = BODY, bold: bool = False) -> float:  # noqa: FBT001, FBT002  a key
    """Return how wide a line is, in pixels."""
    measure = _matplotlib().textpath.text_to_path.get_text_width_height_descent
    return float(measure(_writable(text, bold=bold), _letters(size, bold), ismath=False)[0])


def height_of(lines: Sequence[str], size: float = BODY) -> float:
    """Return how high some lines are, in pixels."""
    return len(lines) * size * LEADING


def wrapped(text: str, width: float, size: float = BODY, *, bold: bool = False) -> list[str]:
    """Return the lines of a text that are no wider than ``width``; a word that is, is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while len(line) > 1 and width_of(line, size, bold) > width:
            fits = next(
                (
                    end
                    for end in range(len(line) - 1, 1, -1)
                    if width_of(line[:end], size, bold) <= width
                ),
                1,
            )
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


@frozen
class Box:
    """A part of a sheet, in pixels from the top left corner."""

    left: float
    right: float
    top: float
    height: float

    @property
    def bottom(self) -> float:
        """Return where it ends below."""
        return self.top + self.height

    @property
    def centre(self) -> tuple[float, float]:
        """Return the middle of it."""
        return (self.left + self.right) / 2, self.top + self.height / 2

    def around(self, *points: tuple[float, float]) -> list[tuple[float, float]]:
        """Return points given by how far they are from the middle."""
        x, y = self.centre
        return [(x + across, y + down) for across, down in points]

    def wide(self, least: float) -> float:
        """Return how wide it is, and never too little to be seen."""
        return max(self.right - self.left, least)


@define
class Sheet:
    """Where shapes and words are put, in pixels from the top left corner; later ones lie above.

    The height is given when all is drawn.
    """

    width: float
    labels: list[Label] = field(factory=list, init=False)
    _drawn: list[Callable[[Any, Any, Any], None]] = field(factory=list, init=False)

    def words(  # noqa: PLR0913  each says how the words stand
        self,
        lines: Sequence[str] | str,
        x: float,
        top: float,
        *,
        size: float = BODY,
        bold: bool = False,
        colour: str = INK,
        align: str = "left",
        on: str | None = None,
    ) -> Label:
        """Put lines of words, from the left, around or to the right of ``x``; return their box.

        ``on`` is the colour of the ground that is put behind them.
        """
        listed = [lines] if isinstance(lines, str) else [*lines]
        written = [_writable(line, bold=bold) for line in listed]
        wide = max((width_of(line, size, bold) for line in written), default=0.0)
        left = x - wide * {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
        found = Label(" ".join(listed), left, top, wide, height_of(written, size))
        self.labels.append(found)
        if on is not None:
            self.shape(_corners(left - 2, top, wide + 4, found.height), fill=on)
        for place, line in enumerate(written):
            mine = width_of(line, size, bold)
            start = left + (wide - mine) * {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
            base = top + (place * LEADING + _ASCENT) * size
            self._drawn.append(_writing(line, start, base, _letters(size, bold), colour))
        return found

    def shape(  # noqa: PLR0913  each says how the shape looks
        self,
        points: Sequence[tuple[float, float]],
        *,
        fill: str | None = None,
        edge: str | None = None,
        thick: float = 1.0,
        dashes: tuple[float, ...] = (),
        hatch: str = "",
        closed: bool = True,
    ) -> None:
        """Put a shape, or a line where it is not ``closed``."""

        def draw(library: Any, figure: Any, place: Any) -> None:
            figure.add_artist(
                library.patches.Polygon(
                    list(points),
                    closed=closed,
                    fill=fill is not None,
                    facecolor=fill or "none",
                    edgecolor=edge or "none",
                    linewidth=thick if edge else 0,
                    linestyle=(0, dashes) if dashes else "solid",
                    hatch=hatch or None,
                    joinstyle="miter",
                    transform=place,
                )
            )

        self._drawn.append(draw)

    def bar(self, left: float, top: float, width: float, height: float, **looks: Any) -> None:
        """Put a rectangle."""
        self.shape(_corners(left, top, width, height), **looks)

    def line(self, start: tuple[float, float], end: tuple[float, float], **looks: Any) -> None:
        """Put a straight line."""
        self.shape([start, end], closed=False, **looks)

    def disc(
        self,
        centre: tuple[float, float],
        radius: float,
        *,
        fill: str,
        edge: str,
        thick: float = 1.5,
    ) -> None:
        """Put a disc."""

        def draw(library: Any, figure: Any, place: Any) -> None:
            figure.add_artist(
                library.patches.Circle(
                    centre,
                    radius,
                    facecolor=fill,
                    edgecolor=edge,
                    linewidth=thick,
                    transform=place,
                )
            )

        self._drawn.append(draw)

    def picture(self, title: str, says: str, height: float) -> Picture:
        """Return all that was drawn, as a picture of a height in pixels."""
        title, says = _readable(title), _readable(says)
        return Picture(
            title=title,
            says=says,
            width=self.width,
            height=height,
            svg=inline(self._written(height), title, says),
            labels=tuple(self.labels),
        )

    def _written(self, height: float) -> str:
        library = _matplotlib()
        points = library.transforms.Affine2D().scale(1, -1).translate(0, height)
        opened = io.StringIO()
        with _WRITING, library.style.context("default", after_reset=True):
            figure = library.figure.Figure((self.width / 72, height / 72), 72, facecolor=PAPER)
            for draw in self._drawn:
                draw(library, figure, points)
            nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
            figure.savefig(opened, format="svg", dpi=72, facecolor=PAPER, metadata=nothing)
        return opened.getvalue()


def _corners(left: float, top: float, width: float, height: float) -> list[tuple[float, float]]:
    right, bottom = left + width, top + height
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _writing(
    line: str, x: float, base: float, letters: Any, colour: str
) -> Callable[[Any, Any, Any], None]:
    def draw(library: Any, figure: Any, place: Any) -> None:
        left, bottom = place.transform((x, base))
        # What stands between dollar signs is text like any other.
        figure.add_artist(
            library.text.Text(
                left,
                bottom,
                line,
                color=colour,
                fontproperties=letters,
                verticalalignment="baseline",
                parse_math=False,
                usetex=False,
                transform=None,
            )
        )

    return draw
