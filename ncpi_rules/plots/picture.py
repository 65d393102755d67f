"""A picture: SVG that shows itself in a notebook, and the same in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.core import NcpiRulesError
from ncpi_rules.io import write_whole

if TYPE_CHECKING:
    from pathlib import Path


@frozen
class Label:
    """Words in a picture and the box that they fill, in pixels from the top left corner."""

    text: str
    left: float
    top: float
    width: float
    height: float

    def overlaps(self, other: Label) -> bool:
        """Return True where the two boxes share more than an edge."""
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )


@frozen(kw_only=True)
class Picture:
    """A picture that a notebook shows: ``svg`` holds all of it and loads nothing from elsewhere.

    ``title`` names it and ``says`` tells in words what is seen; both stand in the SVG too, for a
    screen reader. ``labels`` are the words in it with their places; no two of them overlap.
    """

    title: str
    says: str
    width: float
    height: float
    svg: str = field(repr=False)
    labels: tuple[Label, ...] = field(repr=False)

    def save(self, path: Path | str, *, replace: bool = False) -> None:
        """Write the picture to a file of SVG.

        Raises NcpiRulesError where it cannot be written, or where a file of other content stands
        there and ``replace`` is False.
        """
        write_whole(path, f"{self.svg}\n".encode(), NcpiRulesError, replace=replace)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return self.svg
