"""A picture: SVG that shows itself in a notebook, and the same in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.core import NcpiRulesError
from ncpi_rules.io import write_whole

if TYPE_CHECKING:
    from pathlib import Path


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
