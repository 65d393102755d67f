"""The small parts of the review page: links, tags, tables and their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import counted, upper_first
from ncpi_rules.report import Child, Markup, element, separated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ncpi_rules.core import Modality

NONE: Final = "—"
"""What stands in a cell where nothing is said."""

ANY: Final = "any"
"""What stands in a cell on which the row does not depend."""


def statement_links(ids: Iterable[str]) -> Markup:
    """Return links to statements."""
    return _links("s", ids)


def rule_links(ids: Iterable[str]) -> Markup:
    """Return links to rules."""
    return _links("r", ids)


def question_links(ids: Iterable[str]) -> Markup:
    """Return links to open questions."""
    return _links("q", ids)


def _links(kind: str, ids: Iterable[str]) -> Markup:
    return separated(", ", _anchors(kind, ids))


def sources(statements: Iterable[str], questions: Iterable[str] = ()) -> Markup:
    """Return links to statements and open questions, in one line."""
    return separated(", ", [*_anchors("s", statements), *_anchors("q", questions)])


def _anchors(kind: str, ids: Iterable[str]) -> list[Markup]:
    return [element("a", id_, href=f"#{kind}-{id_}") for id_ in ids]


def soft(*children: Child) -> Markup:
    """Return text in small, soft type on a line of its own."""
    links = any(isinstance(child, Markup) and "<a " in child for child in children)
    return element("span", *children, class_="csub links" if links else "csub")


def force_tag(modality: Modality | None) -> Markup | None:
    """Return how strongly something is said, in ink: it is no status."""
    if modality is None:
        return None
    return element("span", upper_first(modality.value), class_=f"mod m-{modality.value}")


def headline_mark(value: str, label: str, order: Sequence[str]) -> Markup:
    """Return a value of the headline with its bars: as many as its place from the lightest."""
    place = order.index(value) if value in order else 0
    bars = [element("i", class_="on" if bar < place else None) for bar in range(len(order) - 1)]
    return element(
        "span", element("span", bars, class_="bars", aria_hidden="true"), label, class_="headline"
    )


def headline_ground(value: str, order: Sequence[str]) -> str:
    """Return the class of the ground on which a value of the headline stands."""
    return f"g{order.index(value) if value in order else 0}"


@frozen(kw_only=True)
class HtmlColumn:
    """A column of a table: its head, its part of the width, and a class for its cells."""

    head: Child
    width: int = 0
    kind: str = ""
    label: str = ""


def table(
    columns: Sequence[HtmlColumn],
    rows: Iterable[Sequence[Child]],
    *,
    caption: str,
    kind: str = "",
    anchors: Sequence[str] = (),
) -> Markup:
    """Return a table whose first column names the row; on a phone each row is a block.

    A cell that is empty is left out there. ``anchors`` are the ids of the rows.
    """
    heads = [
        element(
            "th",
            column.head,
            scope="col",
            class_=column.kind or None,
            style=f"width:{column.width}%" if column.width else None,
        )
        for column in columns
    ]
    lines = [
        element("tr", _cells(columns, row), id=anchors[at] if anchors else None)
        for at, row in enumerate(rows)
    ]
    return element(
        "table",
        element("caption", caption, class_="vh"),
        element("thead", element("tr", heads)),
        element("tbody", lines),
        class_=f"stack {kind}".strip(),
    )


def _cells(columns: Sequence[HtmlColumn], row: Sequence[Child]) -> Iterable[Markup]:
    for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
        label = column.label or (column.head if isinstance(column.head, str) else "")
        label = "" if isinstance(column.head, Markup) and not column.label else label
        if not at:
            yield element("th", cell, scope="row", class_=column.kind or None)
        elif cell is None or cell == "":
            yield element("td", NONE, class_=f"none {column.kind}".strip())
        elif cell is ANY:
            yield element("td", ANY, class_="any")
        else:
            yield element("td", cell, data_label=label or None, class_=column.kind or None)


def section(anchor: str, title: str, *children: Child, kind: str = "") -> Markup:
    """Return a part of the page under a heading that can be linked to."""
    return element("section", element("h2", title), *children, id=anchor, class_=kind or None)


def lead(*children: Child) -> Markup:
    """Return what introduces a part."""
    return element("p", *children, class_="lead")


def first_cases(cases: Sequence[str], most: int) -> Markup:
    """Return clauses as a list, the first few of them, and how many more there are."""
    more = len(cases) - most
    items = [element("li", upper_first(case)) for case in cases[:most]]
    if more > 0:
        items.append(element("li", f"and in {counted(more, 'further kind')} of cases"))
    return element("ul", items)
