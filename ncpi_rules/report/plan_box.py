"""The box at the head of a plan's page: what is late, what is next, and how many of each status."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ncpi_rules.core import Status, stopped, upper_first
from ncpi_rules.report.html_page import icon
from ncpi_rules.report.markup import Markup, element
from ncpi_rules.report.parts import StatusMark
from ncpi_rules.report.plan_view import soft, table
from ncpi_rules.report.position import (
    Position,
    brief,
    headline_sentence,
    next_date,
    planned_revisits,
    title_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.plan import PlanDeadline, PlanRevisit
    from ncpi_rules.report.markup import Child
    from ncpi_rules.report.plan_view import PlanView

_STRONG: Final = re.compile(r"(\d{1,2} [A-Z][a-z]+ \d{4}|\d+(?: to \d+)? days? (?:late|overdue))")


def what_is_next(view: PlanView) -> Markup:
    """Return the box: one sentence, what is late, what is next, and the deadlines by status."""
    plan, position = view.plan, Position.of(view.plan)
    sentences = [*position.sentences(plan), *filter(None, [headline_sentence(plan)])]
    rows = [_next_row(deadline, view) for deadline in position.listed]
    rows += map(_revisit_row, planned_revisits(plan))
    return element(
        "section",
        view.heading(1, "What is next", "next"),
        element("p", _stressed(" ".join(sentences)), class_="one"),
        table("What is late, and what is next", _NEXT_HEADS, rows) if rows else None,
        _counts(view),
        class_="next",
        aria_labelledby=f"{view.id('top')} {view.id('next')}" if view.prefix else view.id("next"),
    )


_NEXT_HEADS: Final = (("Date", ""), ("What and who", ""), ("Status", ""))


def _stressed(text: str) -> Iterator[Child]:
    """Yield a sentence with its dates and its days late in bold."""
    for place, part in enumerate(_STRONG.split(text)):
        yield element("b", part) if place % 2 else part


def _next_row(deadline: PlanDeadline, view: PlanView) -> Markup:
    date = next_date(deadline)
    label = "Planned" if deadline.status is Status.PLANNED else "Due"
    day = "" if date is None else f" {brief(date, months=False)}"
    line = deadline.status_line
    if deadline.status is Status.PLANNED and deadline.due is not None:
        line = f"Due by {brief(deadline.due, months=False)}"
    return element(
        "tr",
        element("td", element("span", label, class_="soft small"), day, class_="num"),
        element(
            "th",
            title_of(deadline, view.plan),
            soft(f"{upper_first(deadline.by)}. {stopped(line)}"),
            scope="row",
        ),
        element("td", view.status(deadline), class_="stc"),
    )


def _revisit_row(revisit: PlanRevisit) -> Markup:
    label = element("span", "Planned", class_="soft small")
    tag = element("strong", Markup(icon(StatusMark.PLANNED)), "Planned", class_="tag t-planned")
    return element(
        "tr",
        element("td", label, f" {brief(revisit.begins, months=False)}", class_="num"),
        element(
            "th", f"{revisit.name} begins", soft(f"{upper_first(revisit.label)}."), scope="row"
        ),
        element("td", tag, class_="stc"),
    )


def _counts(view: PlanView) -> Markup | None:
    by_tag: dict[str, list[PlanDeadline]] = {}
    for deadline in sorted(view.plan.deadlines, key=lambda item: list(Status).index(item.status)):
        by_tag.setdefault(deadline.status_label, []).append(deadline)
    if not by_tag:
        return None
    tags = [
        element("li", view.status(deadlines[0], f": {len(deadlines)}"))
        for deadlines in by_tag.values()
    ]
    return element("ul", tags, class_="counts", aria_label="Deadlines by status")
