"""A plan as plain text: at most so many characters wide, readable on any console.

Punctuation is ASCII; only names and what somebody wrote may hold other letters. Nothing that a
console would act on is passed through.
"""

from __future__ import annotations

import textwrap
import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from ncpi_rules.report.parts import Change, mark_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.plan import PlanDocument
    from ncpi_rules.report.parts import Contents, Item, PageTable, Row, Section

WIDTH: Final = 100
_NARROWEST: Final = 40
_GAP: Final = "  "
_MARKED: Final = {Change.KEPT: "{}", Change.DROPPED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
_PUNCTUATION: Final = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{BULLET}": "*",
    }
)


def printable(text: str) -> str:
    r"""Return a text on one line, without characters that a console or a browser would act on.

    >>> printable("two\nlines \x1b[31m")
    'two lines [31m'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    # Cc: commands to a console; Cf: what turns the direction of writing; Cs: half characters. The
    # last two of the first plane are no characters, and no document can hold them.
    shown = "".join(
        " "
        if unicodedata.category(letter) in {"Cc", "Cf", "Cs"} or letter in "\ufffe\uffff"
        else letter
        for letter in text
    )
    return " ".join(shown.split())


def text(plan: PlanDocument, *, width: int = WIDTH, since: PlanDocument | None = None) -> str:
    """Return a plan as plain text of at most ``width`` columns, and at least 40."""
    from ncpi_rules.report.plan_page import contents  # noqa: PLC0415  a summary needs none of it

    return lay_out_text(contents(plan, since=since), width=width)


def lay_out_text(page: Contents, *, width: int = WIDTH) -> str:
    """Return any page as plain text of at most ``width`` columns, and at least 40."""
    return "\n".join(_page(page, max(width, _NARROWEST))) + "\n"


def _page(page: Contents, width: int) -> Iterator[str]:
    title = list(wrapped(page.title, width))
    yield from title
    yield "=" * max(map(columns_of, title))
    for name, value in page.facts:
        yield from wrapped(f"{name}: {value}", width, rest="  ")
    for section in page.sections:
        yield ""
        yield ""
        yield from _section(section, width)


def _section(section: Section, width: int) -> Iterator[str]:
    yield from wrapped(section.heading.upper(), width)
    for sentence in filter(None, (section.answer, *section.lead)):
        yield from wrapped(sentence, width)
    mark = "! " if section.warns else "- "
    for item in section.items:
        yield from _item(item, width, mark)
    if section.reference:
        yield from wrapped(f"[{section.reference}]", width)
    if section.table is not None:
        yield ""
        yield from _table(section.table, width)


def _item(item: Item, width: int, mark: str) -> Iterator[str]:
    indent = " " * len(mark)
    yield from wrapped(item.text, width, first=mark, rest=indent)
    if item.reference:
        yield from wrapped(f"[{item.reference}]", width, first=indent, rest=indent)


def _table(table: PageTable, width: int) -> Iterator[str]:
    widths = _widths(table, width)
    titles = [column.title for column in table.columns]
    heads = [list(wrapped(title, room)) for title, room in zip(titles, widths, strict=True)]
    yield _beside(heads, widths)
    yield _GAP.join("-" * room for room in widths)
    for place, row in enumerate(table.rows):
        if place:
            yield ""
        yield _beside(list(_cells(row, table.heads, widths)), widths)


def _widths(table: PageTable, width: int) -> list[int]:
    room = width - len(_GAP) * (len(table.columns) - 1)
    shares = [column.share for column in table.columns]
    widths = [room * share // sum(shares) for share in shares]
    widths[table.heads] += room - sum(widths)
    return widths


def _cells(row: Row, heads: int, widths: Sequence[int]) -> Iterator[list[str]]:
    for place, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
        lines = [
            line for text in cell.lines for line in wrapped(mark_changes(text, _MARKED), width)
        ]
        if place == heads and row.reference:
            lines.extend(wrapped(f"[{row.reference}]", width))
        yield lines


def _beside(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    """Return cells side by side, whose lines are no wider than their columns."""
    return "\n".join(
        _GAP.join(map(padded, line, widths)).rstrip() for line in zip_longest(*cells, fillvalue="")
    )


def columns_of(text: str) -> int:
    """Return how many columns a console gives a text: two for a wide letter, none for an accent."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(letter)
        else 2
        if unicodedata.east_asian_width(letter) in {"W", "F"}
        else 1
        for letter in text
    )


def padded(text: str, width: int) -> str:
    """Return a text with spaces after it, up to so many columns."""
    return text + " " * (width - columns_of(text))


def cut(text: str, width: int) -> str:
    """Return a text on one line of at most so many columns; three dots stand for what is left out.

    >>> cut("Written feedback to everybody", 16)
    'Written feedb...'
    """
    line = printable(text.translate(_PUNCTUATION))
    if columns_of(line) <= width:
        return line
    while columns_of(line) > width - 3:
        line = line[:-1]
    return f"{line.rstrip()}..."


def wrapped(text: str, width: int = WIDTH, *, first: str = "", rest: str = "") -> Iterator[str]:
    """Yield a text in lines of at most ``width`` columns; ``first`` and ``rest`` begin the lines.

    >>> list(wrapped("It stands \u2013 for now", 12, first="- ", rest="  "))
    ['- It stands', '  - for now']
    """
    clean = printable(text.translate(_PUNCTUATION))
    lines = textwrap.wrap(
        clean,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        # A reference is broken at its hyphens only where it fits in no other way.
        break_on_hyphens=any(len(word) > width - len(rest) for word in clean.split()),
    )
    for line in lines or [first.rstrip()]:
        yield from _narrowed(line, width, rest)


def _narrowed(line: str, width: int, rest: str) -> Iterator[str]:
    """Yield a line in parts that fit, where wide letters make it wider than it is long."""
    while columns_of(line) > width:
        fits = len(line) - 1
        while columns_of(line[:fits]) > width:
            fits -= 1
        yield line[:fits]
        line = rest + line[fits:].lstrip()
    yield line
