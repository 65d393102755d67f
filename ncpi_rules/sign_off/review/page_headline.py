"""The headline on the review page: at a glance, with other answers, and as tables read across."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncpi_rules.core import upper_first
from ncpi_rules.report import Markup, element
from ncpi_rules.sign_off.review.elements import (
    ANY,
    HtmlColumn,
    headline_ground,
    headline_mark,
    lead,
    question_links,
    rule_links,
    section,
    soft,
    sources,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.sign_off.review.content import (
        GridCell,
        ReviewGrid,
        ReviewHeadline,
        ReviewPack,
        ReviewTable,
        TableRow,
    )


def headline_section(pack: ReviewPack) -> Markup:
    """Return the part on the headline."""
    order = pack.headlines
    parts: list[Markup] = []
    if pack.headline is not None:
        case = (
            f"Each cell is about a case in which {pack.headline.case}."
            if pack.headline.case
            else ""
        )
        parts += [
            lead(case),
            element("h3", "At a glance"),
            _grid(pack.headline, pack.headline.grid, order),
        ]
        if pack.headline.others:
            parts += [
                element("h3", "If an open question were answered differently"),
                lead("Cells that change have a heavy border."),
                element(
                    "div",
                    [_figure(pack.headline, grid, order) for grid in pack.headline.others],
                    class_="grids",
                ),
            ]
    first, *rest = pack.tables
    parts += [element("h3", "Decision table"), *_decision_table(first, order)]
    for other in rest:
        parts += [element("h3", other.title), *_decision_table(other, ())]
    return section("headline", f"The {pack.headline_name}", parts)


def _figure(headline: ReviewHeadline, grid: ReviewGrid, order: Sequence[str]) -> Markup:
    caption = element("b", question_links([grid.interpretation]), f": {grid.answer}")
    return element(
        "figure", element("figcaption", caption), _grid(headline, grid, order, small=True)
    )


def _grid(
    headline: ReviewHeadline, grid: ReviewGrid, order: Sequence[str], *, small: bool = False
) -> Markup:
    title = f"{headline.down} down, {headline.across.lower()} across"
    heads = [element("th", headline.down, scope="col")]
    heads += [element("th", column, scope="col") for column in headline.columns]
    above = element(
        "tr",
        element("td"),
        element("th", headline.across, scope="colgroup", colspan=str(len(headline.columns))),
        class_="gh",
    )
    rows = [
        element(
            "tr",
            element("th", label, scope="row"),
            [
                _grid_cell(cell, f"{headline.across}: {head.lower()}", order, small=small)
                for cell, head in zip(cells, headline.columns, strict=True)
            ],
        )
        for label, cells in grid.rows
    ]
    caption = f"{title}, with {grid.interpretation} answered so" if grid.interpretation else title
    return element(
        "table",
        element("caption", caption, class_="vh"),
        element("thead", None if small else above, element("tr", heads)),
        element("tbody", rows),
        class_="grid" if small else "grid big stack",
    )


def _grid_cell(cell: GridCell, label: str, order: Sequence[str], *, small: bool) -> Markup:
    parts: list[Any] = [headline_mark(cell.value, cell.label, order)]
    if cell.changed:
        parts.append(element("span", " (changed)", class_="vh"))
    if not small:
        basis = "" if cell.basis.settles else f"{upper_first(cell.basis.label)}. "
        asked = [" · ", question_links(cell.open_questions)] if cell.open_questions else []
        parts.append(soft(basis, rule_links(cell.rules), asked))
    changed = " ch" if cell.changed else ""
    ground = f"{headline_ground(cell.value, order)}{changed}"
    return element("td", parts, class_=ground, data_label=None if small else label)


def _decision_table(of: ReviewTable, order: Sequence[str]) -> Iterator[Markup]:
    says = "Read a row from left to right. “Any” means that the row does not depend on it."
    proved = "Exactly one row applies in each case, whatever the order."
    yield lead(says, " ", proved if of.is_proved else "The check found a gap or an overlap.")
    width = 47 // max(len(of.columns), 1)
    columns = [
        HtmlColumn(head="Row", width=5, kind="num"),
        *(HtmlColumn(head=column, width=width) for column in of.columns),
        HtmlColumn(head=of.label, width=13, kind="then"),
        HtmlColumn(head="Basis", width=12),
        HtmlColumn(head="Rule and source", width=24, kind="ref"),
    ]
    rows = [_row(row, number, order) for number, row in enumerate(of.rows, 1)]
    whole = table(columns, rows, caption=f"{of.title}: decision table", kind="dt")
    yield element(
        "div",
        whole,
        class_="scroll",
        tabindex="0",
        data_scrolls=True,
        role="region",
        aria_label=f"{of.title}: decision table",
    )


def _row(row: TableRow, number: int, order: Sequence[str]) -> list[Any]:
    cells = [ANY if cell is None else cell for cell in row.cells]
    value = headline_mark(row.value, row.label, order) if order else element("b", row.label)
    links = sources(row.statements, row.open_questions)
    return [
        str(number),
        *cells,
        value,
        upper_first(row.basis.label),
        [rule_links([row.rule]), soft(links)],
    ]
