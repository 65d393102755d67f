"""The parts of a plan's page that a reader acts on: what to note, actions, documents, deadlines."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from ncpi_rules.core import Status, stopped, upper_first, without_article
from ncpi_rules.plan import FIRST_OF_ALL
from ncpi_rules.report.letters import document_request, notice
from ncpi_rules.report.markup import Markup, element, markup
from ncpi_rules.report.plan_page import involves, not_tracked
from ncpi_rules.report.plan_view import NO_DATE, WAITING, soft, table
from ncpi_rules.report.position import (
    Position,
    of_revisit,
    title_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.plan import Action, Alert, DocumentRequest, PlanDeadline
    from ncpi_rules.report.markup import Child
    from ncpi_rules.report.plan_view import PlanView

_SUGGESTED: Final = {True: "Yes", None: "Cannot tell", False: "No"}
_EVERYONE: Final = "Everyone"
_DEADLINE_HEADS: Final = (
    ("Deadline", "c43"),
    ("Who", "c16"),
    ("By when", "c18"),
    ("Status", "c23"),
)
_ACTION_HEADS: Final = (("Who", "c16"), ("Action", "c43"), ("By when", "c18"), ("Status", "c23"))
_DOCUMENT_HEADS: Final = (
    ("Document", "c27"),
    ("Prompted by", ""),
    ("Suggested", "c11"),
    ("Why", "c16"),
)


def first_alerts(view: PlanView) -> Markup | None:
    """Return what bears on all of the plan, or None where nothing does."""
    return _alerts(view, "Read this first", "first", known=True)


def other_alerts(view: PlanView) -> Markup | None:
    """Return what else a reader should know, or None."""
    return _alerts(view, "Please note", "note", known=False)


def _alerts(view: PlanView, title: str, anchor: str, *, known: bool) -> Markup | None:
    alerts = [alert for alert in view.plan.alerts if (alert.id in FIRST_OF_ALL) is known]
    if not alerts:
        return None
    return element(
        "section",
        view.heading(1, title, anchor),
        element("ul", [_alert(alert, view) for alert in alerts]),
        class_="warns" if known else None,
    )


def _alert(alert: Alert, view: PlanView) -> Markup:
    return element("li", alert.sentence, " ", view.references(alert), id=view.id(f"a-{alert.id}"))


def let_off(view: PlanView) -> Markup | None:
    """Return what was waived or varied, with who decided it, when and why; or None."""
    deadlines = Position.of(view.plan).let_off
    entries = [
        element(
            "li",
            view.status(deadline),
            " ",
            element("b", title_of(deadline, view.plan)),
            f": {stopped(deadline.status_line)} {deadline.decision or ''} ",
            view.references(deadline),
        )
        for deadline in deadlines
    ]
    events = {(deadline.event, deadline.revisit) for deadline in deadlines}
    entries += [
        element("li", f"{action.sentence} {action.decision} ", view.references(action))
        for action in (*view.plan.required_actions, *view.plan.optional_actions)
        if action.decision and (action.event, action.revisit) not in events
    ]
    if not entries:
        return None
    return element("section", view.heading(1, "Varied or waived", "varied"), element("ul", entries))


def required_actions(view: PlanView) -> Markup | None:
    """Return the required actions under their headings, or None where there are none."""
    actions = view.plan.required_actions
    if not actions:
        return None
    return element(
        "section",
        view.heading(1, "Required actions", "acts"),
        element(
            "p",
            " ".join(["In the order of the process.", *not_tracked(actions)]),
            class_="lead",
        ),
        _filter(actions) if not view.prefix else None,
        [_group(heading, list(group), view) for heading, group in _grouped(actions)],
    )


def _grouped(actions: Sequence[Action]) -> Iterator[tuple[str, Iterable[Action]]]:
    """Yield the actions of each heading, in the order in which headings come first."""
    order = list(dict.fromkeys(action.heading or "" for action in actions))
    # Those that no event completes stand last in a plan, and with their event on a page.
    ranked = sorted(actions, key=lambda action: order.index(action.heading or ""))
    yield from groupby(ranked, key=lambda action: action.heading or "")


def _filter(actions: Iterable[Action]) -> Markup:
    names = [_EVERYONE, *dict.fromkeys(upper_first(action.by) for action in actions)]
    buttons = [
        element(
            "button",
            name,
            type="button",
            data_by=name,
            aria_pressed="true" if name == _EVERYONE else "false",
        )
        for name in names
    ]
    counted = element("span", id="count", class_="soft small", role="status")
    return element(
        "div",
        element("span", "Show:", class_="soft"),
        buttons,
        counted,
        class_="filter",
        role="group",
        aria_label="Show the actions of",
    )


def _group(heading: str, actions: Sequence[Action], view: PlanView) -> Markup:
    return element(
        "div",
        view.heading(2, heading) if heading else None,
        table(
            heading or "Actions",
            _ACTION_HEADS,
            (_action(action, view) for action in actions),
            "stack acts",
        ),
        class_="group",
    )


def _action(action: Action, view: PlanView) -> Markup:
    by, involved = upper_first(action.by), involves(action)
    return element(
        "tr",
        element("th", by, scope="row", data_label="Who"),
        element(
            "td",
            action.does + of_revisit(action, view.plan),
            soft(involved) if involved else None,
            soft(action.decision) if action.decision else None,
            view.why(action, action.id),
            data_label="Action",
        ),
        element("td", list(_action_by_when(action, view)), data_label="By when"),
        element("td", view.status(action), _line(action), data_label="Status"),
        data_by=by,
    )


def _line(item: Action | PlanDeadline) -> Markup | None:
    return soft(item.status_line) if item.status_line else None


def _action_by_when(action: Action, view: PlanView) -> Iterator[Child]:
    """Yield the due date of an action, with what the nearest deadline of its event says."""
    own = [
        deadline
        for deadline in view.plan.deadlines
        if (deadline.event, deadline.revisit) == (action.event, action.revisit)
    ]
    nearest = min(
        own, key=lambda deadline: deadline.due.end if deadline.due else 10**9, default=None
    )
    if nearest is not None:
        yield from view.by_when(nearest)
    elif action.event is None and action.heading:
        yield action.heading
    else:
        yield WAITING if any(deadline.limit for deadline in own) else NO_DATE


def optional_actions(view: PlanView) -> Markup | None:
    """Return the actions that are open, or None where there are none."""
    actions = view.plan.optional_actions
    if not actions:
        return None
    entries = [
        element(
            "li",
            f"{upper_first(action.by)} {action.does}{of_revisit(action, view.plan)}. ",
            f"{action.decision} " if action.decision else None,
            f"{stopped(action.status_line)} " if action.status_line else None,
            view.references(action),
        )
        for action in actions
    ]
    lead = "It is open whether these are done, and this plan chooses none of them."
    return element(
        "section",
        view.heading(1, "Optional actions", "opt"),
        element("p", lead, class_="lead"),
        element("ul", entries),
    )


def documents(view: PlanView) -> Markup | None:
    """Return the documents that may be asked for, or None where there are none."""
    requests = view.plan.documents
    if not requests:
        return None
    asking = dict.fromkeys(
        f"{upper_first(request.by)} {request.modality.verb} ask {request.of} for these."
        for request in requests
    )
    lead = "A document is suggested where a recommendation or an area of concern prompts it."
    return element(
        "section",
        view.heading(1, "Documents that may be requested", "docs"),
        element("p", " ".join([*(asking if len(asking) == 1 else ()), lead]), class_="lead"),
        table(
            "Each document, and what prompts it",
            _DOCUMENT_HEADS,
            (_document(request, view, alone=len(asking) == 1) for request in requests),
        ),
    )


def _document(request: DocumentRequest, view: PlanView, *, alone: bool) -> Markup:
    prompted = [element("div", upper_first(prompt)) for prompt in request.prompted_by]
    who = f"{upper_first(request.by)} {request.modality.verb} ask {request.of} for this."
    return element(
        "tr",
        element("th", request.sentence.rstrip("."), None if alone else soft(who), scope="row"),
        element("td", prompted or "Nothing that is recorded", data_label="Prompted by"),
        element("td", _SUGGESTED[request.suggested], data_label="Suggested"),
        element("td", view.references(request), data_label="Why"),
    )


def letters(view: PlanView) -> Markup | None:
    """Return texts to be pasted into a letter, each with a button that copies it; or None."""
    texts = [
        (title, anchor, text)
        for title, anchor, text in (
            ("Notice", "notice", notice(view.plan)),
            ("Request for documents", "request", document_request(view.plan)),
        )
        if text
    ]
    if not texts:
        return None
    lead = "What is in square brackets is left to the writer."
    if view.plan.officers:
        whose = without_article(view.plan.subject_title)
        lead = f"With the {whose}'s own titles on the day. {lead}"
    return element(
        "section",
        view.heading(1, "Text for a letter", "letter"),
        element("p", lead, class_="lead"),
        [_letter(title, view.id(anchor), text, view) for title, anchor, text in texts],
        class_="noprint",
    )


def _letter(title: str, anchor: str, text: str, view: PlanView) -> Markup:
    button = element(
        "button", "Copy", type="button", data_copies=anchor, aria_label=f"Copy: {title}"
    )
    said = element("span", role="status", class_="soft small")
    lines = Markup("\n".join(markup(line) for line in text.splitlines()))
    return element(
        "div",
        view.heading(2, title),
        element("p", button, " ", said, class_="copy"),
        element("div", lines, class_="letter", id=anchor),
    )


def deadlines(view: PlanView) -> Markup | None:
    """Return every deadline in full, or None where there are none."""
    if not view.plan.deadlines:
        return None
    return element(
        "section",
        view.heading(1, "Every deadline", "dates"),
        table(
            "Each deadline, its limit and its status",
            _DEADLINE_HEADS,
            (_deadline(deadline, view) for deadline in view.plan.deadlines),
        ),
    )


def _deadline(deadline: PlanDeadline, view: PlanView) -> Markup:
    possible = deadline.can_be_met or deadline.status is Status.OVERDUE
    return element(
        "tr",
        element(
            "th",
            deadline.sentence.rstrip(".") + of_revisit(deadline, view.plan),
            soft(f"The limit: {stopped(deadline.limit)}") if deadline.limit else None,
            soft(deadline.decision) if deadline.decision else None,
            view.why(deadline, deadline.id),
            scope="row",
        ),
        element("td", upper_first(deadline.by), data_label="Who"),
        element("td", list(view.by_when(deadline)), data_label="By when"),
        element(
            "td",
            view.status(deadline),
            _line(deadline),
            None if possible else soft("This can no longer be met."),
            data_label="Status",
        ),
    )
