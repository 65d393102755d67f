"""What every part of a plan's page needs: links to what is cited, tags of statuses, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import format_day, joined, upper_first
from ncpi_rules.plan import PlanDocument
from ncpi_rules.report.html_page import icon
from ncpi_rules.report.markup import Markup, element, markup, separated
from ncpi_rules.report.parts import mark_of
from ncpi_rules.report.plan_page import binds
from ncpi_rules.report.position import brief

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.plan import Action, Grounds, PlanDeadline
    from ncpi_rules.report.markup import Child

NO_DATE: Final = "No due date"
WAITING: Final = "No date yet"


@frozen
class PlanView:
    """A plan on a page: ``prefix`` begins its ids, ``level`` is that of its title's heading."""

    plan: PlanDocument
    prefix: str = ""
    level: int = 1

    def heading(self, below: int, title: str, anchor: str = "") -> Markup:
        """Return a heading so many levels below the title."""
        return element(f"h{self.level + below}", title, id=self.id(anchor) if anchor else None)

    def id(self, anchor: str) -> str:
        """Return an id of this plan's part of the page."""
        return f"{self.prefix}{anchor}"

    def link(self, anchor: str, text: str) -> Markup:
        """Return a link within this plan's part of the page."""
        return element("a", text, href=f"#{self.id(anchor)}")

    def statement(self, id_: str) -> Markup:
        """Return a link to the summary of a statement, where the plan has it."""
        return self.link(f"s-{id_}", id_) if id_ in self.plan.statements else markup(id_)

    def question(self, id_: str) -> Markup:
        """Return a link to an open question, where the plan has it."""
        known = any(taken.id == id_ for taken in self.plan.interpretations)
        return self.link(f"q-{id_}", id_) if known else markup(id_)

    def references(self, item: Grounds) -> Markup:
        """Return links to the statements and the open questions behind an item."""
        links = [*map(self.statement, item.statements), *map(self.question, item.interpretations)]
        return element("span", separated(", ", links), class_="ref") if links else Markup()

    def why(self, item: Grounds, id_: str) -> Markup:
        """Return what folds out under an item: the statements and the questions behind it."""
        names = ", ".join((*item.statements, *item.interpretations))
        answers = {taken.id: taken for taken in self.plan.interpretations}
        entries = [
            element("li", self.statement(cited), " ", self.plan.statements.get(cited, ""))
            for cited in item.statements
        ]
        for asked in item.interpretations:
            taken = answers.get(asked)
            said = "" if taken is None else f" {taken.sentence} Agreed by: {taken.agreed_by}."
            entries.append(element("li", self.question(asked), said))
        entries.append(element("li", "To ask why: ", element("code", id_)))
        return element(
            "details",
            element("summary", "Why ", element("span", names, class_="soft")),
            element("ul", entries),
            class_="why",
        )

    def status(self, item: Action | PlanDeadline, more: str = "") -> Markup:
        """Return the tag of a status, with an icon and its label."""
        mark = mark_of(item.status, item.status_label)
        return element(
            "strong",
            Markup(icon(mark)),
            upper_first(item.status_label) + more,
            class_=f"tag t-{mark}",
        )

    def by_when(self, deadline: PlanDeadline) -> Iterator[Child]:
        """Yield a due date, and below it what it depends on."""
        due = deadline.due
        if due is not None:
            yield element("span", f"By {brief(due, months=False)}", class_="num")
        else:
            yield WAITING if deadline.limit else NO_DATE
        binding = _binding(deadline, self.plan)
        yield soft(binding) if binding else None
        if not binding and (moving := _moving(deadline, self.plan)):
            yield soft(f"moves if {joined(moving, 'or')} moves")
        if deadline.not_before is not None:
            yield soft(f"not before {brief(deadline.not_before, months=False)}")
        if deadline.working_day_before is not None:
            day = format_day(deadline.working_day_before.toordinal())
            yield soft(f"not a working day; the working day before is {day}")
        if due is not None and deadline.interpretations:
            links = separated(", ", map(self.question, deadline.interpretations))
            yield element("div", "rests on ", links, class_="soft small")


def table(
    caption: str, heads: Iterable[tuple[str, str]], rows: Iterable[Markup], look: str = "stack"
) -> Markup:
    """Return a table with the titles of its columns, each with the class that says how wide it is.

    The caption is for those who listen: a heading or a sentence says the same.
    """
    titles = [element("th", name, scope="col", class_=width or None) for name, width in heads]
    return element(
        "table",
        element("caption", caption, class_="vh"),
        element("thead", element("tr", titles)),
        element("tbody", rows),
        class_=look,
    )


def soft(*children: Child) -> Markup:
    """Return a quieter line."""
    return element("div", *children, class_="soft small")


def _binding(deadline: PlanDeadline, plan: PlanDocument) -> str:
    """Return by when something must happen for what comes after it to be in time, or nothing."""
    latest = deadline.latest_compliant_date
    if latest is None or not binds(deadline):
        return ""
    day = format_day(latest.toordinal())
    if latest < plan.on:
        return f"the latest compliant date, {day}, has passed"
    later = [one.label for one in plan.deadlines if one.id in deadline.bound_by[1:]]
    if not later:
        return f"latest compliant date: {day}"
    return f"by {day} if this is to be in time: {joined(list(dict.fromkeys(later)), 'and')}"


def _moving(deadline: PlanDeadline, plan: PlanDocument) -> list[str]:
    """Return the events from whose planned dates a due date is counted."""
    on = plan.on.toordinal()
    return [
        anchor.title
        for anchor in deadline.counted_from
        if deadline.due is not None and anchor.on is not None and anchor.on.end > on
    ]
