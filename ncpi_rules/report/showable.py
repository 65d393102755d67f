"""What shows itself as a page: as text, Markdown and HTML, and in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ncpi_rules.report.html_page import lay_out_html, part_of
from ncpi_rules.report.markdown_page import lay_out_markdown
from ncpi_rules.report.text_page import WIDTH, lay_out_text

if TYPE_CHECKING:
    from ncpi_rules.report.parts import Contents


class Showable:
    """A result with a page of its own, which :meth:`contents` gives."""

    __slots__ = ()
    skip: ClassVar[str] = "Skip to the report"
    """The link for those who listen to the page or use a keyboard."""

    def contents(self) -> Contents:
        """Return the page."""
        raise NotImplementedError

    def to_text(self, *, width: int = WIDTH) -> str:
        """Return the page as plain text of at most ``width`` columns, and at least 40."""
        return lay_out_text(self.contents(), width=width)

    def to_markdown(self) -> str:
        """Return the page as Markdown, beginning with a heading of the first level."""
        return lay_out_markdown(self.contents())

    def to_html(self) -> str:
        """Return the page as HTML that loads nothing from elsewhere."""
        return lay_out_html(self.contents(), skip=self.skip)

    def _repr_html_(self) -> str:
        return part_of(self.contents())

    def __str__(self) -> str:
        """Return the page as plain text."""
        return self.to_text()
