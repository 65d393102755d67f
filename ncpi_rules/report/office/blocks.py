"""Documents of headings, texts, lists and tables, before any program's file is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import frozen

from ncpi_rules.report.office.docx_parts import (
    add_contents,
    add_grid,
    add_heading,
    add_row,
    add_text,
    new_document,
    saved,
    turn_landscape,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_ROOM: Final = 265
"""How wide a table may be on a page that is turned, in millimetres."""

_NARROWEST: Final = 0.075
"""The least part of it that a column has, so that no short head is broken."""


@frozen
class DocumentHeading:
    """A heading; level 1 is a section, 2 a group."""

    level: int
    text: str


@frozen
class DocumentText:
    """A paragraph, or an entry of a list; what is to stand out comes first."""

    text: str
    stands_out: str = ""
    is_item: bool = False


@frozen
class DocumentTable:
    """Rows of cells, each some lines of text; widths are parts of a hundred.

    The first line of a row's first cell is bold.
    """

    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]


@frozen
class DocumentContents:
    """Where the table of contents stands, of all headings that follow."""


Block: TypeAlias = DocumentHeading | DocumentText | DocumentTable | DocumentContents
"""A part of a document."""


def document_of(title: str, blocks: Iterable[Block]) -> bytes:
    """Return a document, its pages turned, with its title at the head of each page.

    >>> document_of("Notes", [DocumentHeading(1, "First")])[:2]
    b'PK'
    """
    document = new_document(title)
    turn_landscape(document)
    add_text(document.sections[0].header.paragraphs[0], title, soft=True)
    blocks = list(blocks)
    for place, block in enumerate(blocks):
        match block:
            case DocumentHeading():
                add_heading(document, block.text, block.level, place)
            case DocumentText():
                style = "List Bullet" if block.is_item else None
                paragraph = document.add_paragraph(style=style)
                if block.stands_out:
                    add_text(paragraph, f"{block.stands_out} ", bold=True)
                add_text(paragraph, block.text)
            case DocumentTable():
                _add_table(document, block)
            case DocumentContents():
                add_contents(
                    document,
                    [
                        (block.level, block.text, at)
                        for at, block in enumerate(blocks)
                        if at > place and isinstance(block, DocumentHeading)
                    ],
                )
    return saved(document, None)


def _add_table(document: Any, table: DocumentTable) -> None:
    least = sum(share for _, share in table.columns) * _NARROWEST
    shares = [max(share, least) for _, share in table.columns]
    heads = (head for head, _ in table.columns)
    widths = [round(_ROOM * share / sum(shares)) for share in shares]
    grid = add_grid(document, list(zip(heads, widths, strict=True)))
    for row in table.rows:
        for place, (cell, lines) in enumerate(zip(add_row(grid), row, strict=True)):
            for number, line in enumerate(lines):
                paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
                add_text(paragraph, line, bold=not (place or number))
    document.add_paragraph()
