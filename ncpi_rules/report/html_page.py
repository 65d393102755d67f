"""Any page as HTML that loads nothing from elsewhere, and what shows itself in every format.

Real headings and tables, no scripts; whatever somebody wrote is escaped. ``plan.css`` beside this
module holds the look; all of it begins with ``.ncpi-``, so it touches nothing else in a notebook.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, ClassVar, Final

from ncpi_rules.report.markdown_page import lay_out_markdown
from ncpi_rules.report.markup import Markup, page_file, whole_page
from ncpi_rules.report.parts import MARKUP, StatusMark, mark_changes
from ncpi_rules.report.plan_page import contents
from ncpi_rules.report.text_page import WIDTH, lay_out_text, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.plan import PlanDocument
    from ncpi_rules.report.parts import Cell, Contents, Item, PageTable, Row, Section

# The shapes of statuses: filled is what has happened, hollow what is still to come.
_TRIANGLE: Final = "M8 1.6L15 14.4H1z"
_RING: Final = "M8 1.7a6.3 6.3 0 1 0 0 12.6A6.3 6.3 0 1 0 8 1.7z"
_FILLED: Final = {
    StatusMark.OVERDUE: "M1 1h14v14H1zM7 3.4v6h2v-6zM7 10.8v2h2v-2z",
    StatusMark.LATE: f"{_TRIANGLE}M7.2 5.6v4.6h1.6V5.6zM7.2 11.4v1.6h1.6v-1.6z",
    StatusMark.LET_OFF: "M8 1l7 7-7 7-7-7z",
    StatusMark.MET: "M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1z"
    "M4 8.6l1.2-1.2 1.8 1.8 3.9-4.3 1.3 1.1L7.1 11.6z",
}
_HOLLOW: Final = {
    StatusMark.PROJECTED_LATE: f"{_TRIANGLE}M8 5.8v4.2M8 11.4v1.6",
    StatusMark.DUE_SOON: f"{_RING}M8 4.2V8l2.8 1.8",
    StatusMark.DUE: f"{_RING}M8 7a1 1 0 1 0 0 2A1 1 0 1 0 8 7z",
    StatusMark.PLANNED: _RING,
    StatusMark.CANNOT_TELL: "M4.5 5.5a3.5 3.5 0 1 1 5.2 3C8.4 9.3 8 9.8 8 11.2M8 13v1.8",
    StatusMark.TOO_EARLY: _TRIANGLE,
    StatusMark.TO_DO: "M2.5 8h11",
}

# A date or a status of so many letters is kept on one line.
_SHORT: Final = len("28 September 2018")


def lay_out_html(*pages: Contents, many: str = "", skip: str = "Skip to the report") -> str:
    """Return one HTML page of any contents; ``many`` is the title where there are several."""
    title = many or _title(pages[0])
    lines: list[str] = []
    if many:
        lines.append(f'<header class="ncpi-plan"><h1>{_text(title)}</h1></header>')
    lines.extend(_navigation(pages))
    lines.append('<main id="main">')
    for place, page in enumerate(pages, 1):
        lines.extend(_plan(page, level=2 if many else 1, anchor=f"ncpi-{place}"))
    lines.append("</main>\n")
    body = Markup("\n".join(lines))
    return whole_page(title, body, style=page_file("plan.css"), skip=skip, look="ncpi-page")


def html_part(plan: PlanDocument) -> str:
    """Return a plan as a part of another page, such as a notebook, with its own style."""
    return part_of(contents(plan))


def part_of(page: Contents) -> str:
    """Return any page as a part of another, beginning at the second level."""
    return f"<style>\n{page_file('plan.css')}</style>\n" + "\n".join(_plan(page, level=2)) + "\n"


def _text(text: str) -> str:
    return escape(printable(text))


def _title(page: Contents) -> str:
    return f"{page.title}, {page.facts[0][1]}"


def _navigation(pages: Sequence[Contents]) -> Iterator[str]:
    """Yield links to the plans, or to the parts of the only plan."""
    if len(pages) > 1:
        links = [(f"ncpi-{place}", page.subject) for place, page in enumerate(pages, 1)]
    else:
        headings = (section.heading for section in pages[0].sections)
        links = [(f"ncpi-1-{place}", heading) for place, heading in enumerate(headings, 1)]
    yield '<nav class="ncpi-plan ncpi-nav" aria-label="On this page">\n<ul>'
    for anchor, title in links:
        yield f'<li><a href="#{anchor}">{_text(title)}</a></li>'
    yield "</ul>\n</nav>"


def _plan(page: Contents, *, level: int, anchor: str = "") -> Iterator[str]:
    kind = f'ncpi-plan" id="{anchor}' if anchor else "ncpi-plan ncpi-part"
    yield f'<article class="{kind}">'
    yield f"<h{level}>{_text(page.title)}</h{level}>"
    yield '<dl class="ncpi-facts">'
    for name, value in page.facts:
        yield f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>"
    yield "</dl>"
    for place, section in enumerate(page.sections, 1):
        yield from _section(section, level + 1, f"{anchor}-{place}" if anchor else "")
    yield "</article>"


def _section(section: Section, level: int, anchor: str) -> Iterator[str]:
    named = f' id="{anchor}"' if anchor else ""
    kind = ' class="ncpi-answer"' if section.answer else ""
    kind = ' class="ncpi-warns"' if section.warns else kind
    yield f"<section{named}{kind}>"
    yield f"<h{level}>{_text(section.heading)}</h{level}>"
    if section.answer:
        yield f'<p class="ncpi-most">{_text(section.answer)}</p>'
    for sentence in section.lead:
        yield f"<p>{_text(sentence)}</p>"
    if section.items:
        yield "<ul>"
        yield from map(_item, section.items)
        yield "</ul>"
    if section.reference:
        yield f"<p>{_reference(section.reference)}</p>"
    if section.table is not None:
        yield from _table(section.table)
    yield "</section>"


def _item(item: Item) -> str:
    return f"<li>{_text(item.text)} {_reference(item.reference)}</li>"


def _reference(reference: str) -> str:
    return f'<span class="ncpi-ref">{_text(reference)}</span>' if reference else ""


def _table(table: PageTable) -> Iterator[str]:
    # The roles keep it a table for a screen reader where the style sheet stacks it.
    kind = ' class="ncpi-broad"' if table.broad else ""
    yield f'<table role="table"{kind}>'
    yield f"<caption>{_text(table.caption)}</caption>"
    yield '<thead role="rowgroup"><tr role="row">'
    for title in (*(column.title for column in table.columns), "Reference"):
        yield f'<th scope="col" role="columnheader">{_text(title)}</th>'
    yield '</tr></thead>\n<tbody role="rowgroup">'
    for row in table.rows:
        yield from _row(row, table)
    yield "</tbody>\n</table>"


def _row(row: Row, table: PageTable) -> Iterator[str]:
    yield '<tr role="row">'
    for place, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        label = f'data-label="{_text(column.title)}"'
        if place == table.heads:
            yield f'<th scope="row" role="rowheader" {label}>{_cell(cell)}</th>'
        else:
            yield f'<td role="cell" {label}>{_cell(cell)}</td>'
    yield f'<td role="cell" data-label="Reference">{_reference(row.reference)}</td>'
    yield "</tr>"


def _cell(cell: Cell) -> str:
    first, *rest = [mark_changes(line, MARKUP, _text) for line in cell.lines]
    short = ' class="ncpi-short"' if len(first) <= _SHORT else ""
    if cell.mark is not StatusMark.NONE:
        first = f'<span class="ncpi-mark ncpi-{cell.mark}">{icon(cell.mark)}{first}</span>'
    quiet = "" if cell.listed else ' class="ncpi-more"'
    return f"<div{short}>{first}</div>" + "".join(f"<div{quiet}>{line}</div>" for line in rest)


def icon(mark: StatusMark) -> str:
    """Return the shape of a status, which says no more than its text."""
    if mark in _FILLED:
        look, path = 'fill="currentColor" fill-rule="evenodd"', _FILLED[mark]
    elif mark in _HOLLOW:
        look, path = 'fill="none" stroke="currentColor" stroke-width="1.6"', _HOLLOW[mark]
    else:
        return ""
    return (
        '<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f'<path {look} d="{path}"/></svg>'
    )


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
