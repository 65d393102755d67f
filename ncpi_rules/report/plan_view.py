"""What every part of a plan's page needs: links to what is cited, tags of statuses, dates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import as_head, format_day, joined, upper_first
from ncpi_rules.plan import PlanDocument
from ncpi_rules.report.html_page import icon
from ncpi_rules.report.markup import Markup, element, markup, separated
from ncpi_rules.report.parts import StatusMark, mark_of
from ncpi_rules.report.plan_page import binding_day
from ncpi_rules.report.position import brief

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.plan import Action, Grounds, PlanDeadline, PlanOutcome
    from ncpi_rules.report.markup import Child

_OF_ITEM: Final = re.compile(r"(\[.*\])?(@\d+)?$")
"""What an item has after the id of its rule: what it is about, and its revisit."""

NO_DATE: Final = "No due date"
WAITING: Final = "No date yet"


@frozen
class PlanView:
    """A plan on a page: ``prefix`` begins its ids, ``level`` is that of its title's heading.

    ``review`` is the address of a review pack of the rules: where there is one, what is cited leads
    to it, and otherwise to its place on the page.
    """

    plan: PlanDocument
    prefix: str = ""
    level: int = 1
    review: str = ""

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
        """Return a link to a statement in the review pack, or to its summary on the page."""
        return self._cited(f"s-{id_}", id_, is_here=id_ in self.plan.statements)

    def question(self, id_: str) -> Markup:
        """Return a link to an open question in the review pack, or on the page."""
        is_here = any(taken.id == id_ for taken in self.plan.interpretations)
        return self._cited(f"q-{id_}", id_, is_here=is_here)

    def rule(self, id_: str) -> Markup:
        """Return the id of an item or a rule, as a link where there is a review pack."""
        written = _OF_ITEM.sub("", id_)
        return self._cited(f"r-{written}", id_, is_here=False)

    def _cited(self, anchor: str, text: str, *, is_here: bool) -> Markup:
        if self.review:
            return element("a", text, href=f"{self.review}#{anchor}")
        return self.link(anchor, text) if is_here else markup(text)

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
        entries.append(element("li", "To ask why: ", element("code", self.rule(id_))))
        return element(
            "details",
            element("summary", "Why ", element("span", names, class_="soft")),
            element("ul", entries),
            class_="why",
        )

    def status(self, item: Action | PlanDeadline, more: str = "") -> Markup:
        """Return the tag of a status, with an icon and its label."""
        mark = mark_of(item.status, item.status_label)
        if mark is StatusMark.NONE:
            return element("span", upper_first(item.status_label) + more, class_="soft")
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
        binding = binding_day(deadline, self.plan)
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


def headline_name(headline: PlanOutcome) -> Markup:
    """Return the value of the headline after its bars: more are filled for a heavier one."""
    bars = [
        element("i", class_="on" if at <= (headline.rank or 0) else None)
        for at in range(1, headline.ranks + 1)
    ]
    return element(
        "span",
        element("span", bars, class_="bars", aria_hidden="true"),
        element("span", as_head(headline.label)),
        class_="headline" if headline.rank else "headline open",
    )


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


def _moving(deadline: PlanDeadline, plan: PlanDocument) -> list[str]:
    """Return the events from whose planned dates a due date is counted."""
    on = plan.on.toordinal()
    return [
        anchor.title
        for anchor in deadline.counted_from
        if deadline.due is not None and anchor.on is not None and anchor.on.end > on
    ]
