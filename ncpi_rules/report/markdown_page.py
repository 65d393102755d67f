"""A plan as Markdown with GitHub's tables; whatever somebody wrote stays text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ncpi_rules.report.parts import MARKUP, mark_changes
from ncpi_rules.report.plan_page import contents
from ncpi_rules.report.text_page import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.plan import PlanDocument
    from ncpi_rules.report.parts import Cell, Contents, Item, PageTable, Section

_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]|~$#]")
# What GitHub makes a link or a picture of, backslash or not: @name, ://, www. and :name:.
_LINKS: Final = re.compile(r"@|:(?=//|\w+:)|www(?=\.)", re.IGNORECASE)
_LIST_MARK: Final = re.compile(r"([-+=]|\d+[.)])(?=\s|$|[-=])")


def escaped(text: str) -> str:
    r"""Return a text on one line that Markdown shows as it is written.

    >>> print(escaped("a|b *c* <i>"))
    a\|b \*c\* &lt;i&gt;
    """
    plain = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = _LINKS.sub(r"\g<0><!-- -->", _SPECIAL.sub(r"\\\g<0>", plain))
    mark = _LIST_MARK.match(plain)
    if mark is None:
        return plain
    return f"{plain[: mark.end() - 1]}\\{plain[mark.end() - 1 :]}"


def markdown(plan: PlanDocument, *, since: PlanDocument | None = None) -> str:
    """Return a plan as Markdown, beginning with a heading of the first level."""
    return lay_out_markdown(contents(plan, since=since))


def lay_out_markdown(page: Contents) -> str:
    """Return any page as Markdown, beginning with a heading of the first level."""
    blocks = [f"# {escaped(page.title)}"]
    blocks.append(
        "\n".join(f"- **{escaped(name)}**: {escaped(value)}" for name, value in page.facts)
    )
    for section in page.sections:
        blocks.extend(_section(section))
    return "\n\n".join(blocks) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.heading)}"
    if section.answer:
        yield f"**{escaped(section.answer)}**"
    yield from map(escaped, section.lead)
    if section.items:
        yield "\n".join(_item(item) for item in section.items)
    if section.reference:
        yield f"({escaped(section.reference)})"
    if section.table is not None:
        yield "\n".join(_table(section.table))


def _item(item: Item) -> str:
    reference = f" ({escaped(item.reference)})" if item.reference else ""
    return f"- {escaped(item.text)}{reference}"


def _table(table: PageTable) -> Iterator[str]:
    yield _row([*(escaped(column.title) for column in table.columns), "Reference"])
    yield _row(["---"] * (len(table.columns) + 1))
    for row in table.rows:
        yield _row([*map(_cell, row.cells), escaped(row.reference)])


def _cell(cell: Cell) -> str:
    return "<br>".join(mark_changes(line, MARKUP, escaped) for line in cell.lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
