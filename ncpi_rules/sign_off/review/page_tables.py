"""Parameters, deadlines, actions and documents on the review page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import counted, upper_first
from ncpi_rules.report import Markup, element
from ncpi_rules.sign_off.review.elements import (
    HtmlColumn,
    force_tag,
    lead,
    rule_links,
    section,
    soft,
    sources,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.report import Child
    from ncpi_rules.sign_off.review.content import (
        MatrixEntry,
        MatrixRow,
        ReviewDeadline,
        ReviewMatrix,
        ReviewPack,
        ReviewParameter,
        Timeline,
    )


def parameters_section(pack: ReviewPack) -> Markup:
    """Return every number and every choice, with what it is held in."""
    columns = [
        HtmlColumn(head="Parameter", width=26),
        HtmlColumn(head="Value", kind="pv"),
        HtmlColumn(head="How strongly", width=11),
        HtmlColumn(head="Held in", width=19),
        HtmlColumn(head="Source", width=18, kind="ref"),
    ]
    settings = [
        element("div", element("dt", name), element("dd", says)) for name, says in pack.settings
    ]
    return section(
        "parameters",
        "Parameters",
        lead("Every number and every choice of the edition stands once, under its name."),
        table(
            columns,
            [_parameter(parameter) for parameter in pack.parameters],
            caption="Parameters and choices",
            anchors=[f"n-{parameter.id}" for parameter in pack.parameters],
        ),
        element("dl", settings, class_="facts"),
    )


def _parameter(parameter: ReviewParameter) -> list[Child]:
    counted_from = [_counted(text, parameter.value) for text in parameter.counted]
    held: Child = None
    if parameter.rules:
        held = [counted(len(parameter.rules), "rule"), soft(rule_links(parameter.rules))]
    return [
        [parameter.title, soft(element("code", parameter.id))],
        [element("b", parameter.value), counted_from],
        force_tag(parameter.modality),
        held,
        sources(parameter.statements, parameter.open_questions),
    ]


def _counted(text: str, value: str) -> Child:
    """Return from when a value is counted, on the same line where it begins with the value."""
    rest = text.removeprefix(value)
    return f"{rest} " if rest != text else soft(text)


def deadlines_section(timeline: Timeline) -> Markup:
    """Return the deadlines as a timeline, in months."""
    about = f"In months from the {timeline.begins.removeprefix('the ')}." if timeline.begins else ""
    if timeline.moves:
        at = f"{timeline.moves_at:g}"
        about += (
            f" “{timeline.moves}” is drawn at {at} months as an example; what is counted from it "
            "moves with it."
        )
    key = "The bar is the time allowed, the stroke the due date."
    return section(
        "deadlines",
        "Deadlines",
        lead(about, " ", key),
        element(
            "ul", [_on_track(deadline, timeline) for deadline in timeline.deadlines], class_="tl"
        ),
        _axis(timeline),
    )


def _on_track(deadline: ReviewDeadline, timeline: Timeline) -> Markup:
    label = element(
        "div",
        element("b", deadline.label),
        element("span", upper_first(deadline.limit), class_="soft"),
        element("span", deadline.who, class_="soft"),
        class_="tl-l",
    )
    marks: list[Markup] = []
    if timeline.moves:
        left = _part(timeline.moves_at, timeline)
        width = _part(0.25, timeline)
        marks.append(element("i", class_="rv", style=f"left:{left}%;width:{width}%"))
    if deadline.last is not None:
        if deadline.first is not None and deadline.first < deadline.last:
            left, right = _part(deadline.first, timeline), _part(deadline.last, timeline)
            style = f"left:{left}%;width:{round(right - left, 2)}%"
            marks.append(element("i", class_="win", style=style))
        marks.append(element("i", class_="lim", style=f"left:{_part(deadline.last, timeline)}%"))
    asked = sources(deadline.statements, deadline.open_questions)
    status = element(
        "div", force_tag(deadline.modality), soft(rule_links([deadline.rule])), soft(asked)
    )
    where = element("div", f"Where {deadline.condition}.", class_="tl-c small soft")
    return element(
        "li",
        label,
        element("div", marks, class_="track", aria_hidden="true"),
        status,
        where if deadline.condition else None,
    )


def _part(months: float, timeline: Timeline) -> float:
    return round(100 * months / timeline.months, 2)


def _axis(timeline: Timeline) -> Markup:
    marks = [
        element(
            "span",
            str(month),
            class_="od" if month % 2 else None,
            style=f"left:{_part(month, timeline)}%",
        )
        for month in range(timeline.months + 1)
    ]
    return element(
        "div",
        element("div"),
        element("div", marks, class_="axr"),
        element("div"),
        class_="ax",
        aria_hidden="true",
    )


def matrix_section(anchor: str, matrix: ReviewMatrix, *, about: str, thing: str) -> Markup:
    """Return things by the headline: how strongly each is said there, and why."""
    width = 62 // max(len(matrix.columns), 1)
    columns = [
        HtmlColumn(head=thing, width=38),
        *(HtmlColumn(head=column, width=width) for column in matrix.columns),
    ]
    rows = [_matrix_row(row) for row in matrix.rows]
    shown = table(columns, rows, caption=matrix.title, kind="mx")
    return section(anchor, matrix.title, lead(about), shown)


def _matrix_row(row: MatrixRow) -> list[Child]:
    """Return the cells of a row; a condition that is the same in all of them is said once."""
    conditions = {entry.condition for cell in row.cells for entry in cell}
    shared = conditions.pop() if len(conditions) == 1 else ""
    below = soft(f"Where {shared}") if shared else None
    entries = (list(_entries(cell, shared)) or None for cell in row.cells)
    return [[row.title, soft(row.note), below], *entries]


def _entries(cell: Sequence[MatrixEntry], shared: str) -> Iterator[Child]:
    for entry in cell:
        own = entry.condition and entry.condition != shared
        yield element(
            "div",
            force_tag(entry.modality),
            soft(sources(entry.statements, entry.open_questions)),
            soft(f"where {entry.condition}") if own else None,
        )
