"""A plan as one page of HTML: what is next comes first, then dates, then detail, then why.

It loads nothing from elsewhere, and reads well without its script, which only shows the actions of
one party at a time. ``page.css`` beside this module holds the look.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from ncpi_rules.core import lower_first, stopped, upper_first
from ncpi_rules.report.markup import Markup, element, markup
from ncpi_rules.report.plan_box import what_is_next
from ncpi_rules.report.plan_sections import (
    deadlines,
    documents,
    first_alerts,
    let_off,
    optional_actions,
    other_alerts,
    required_actions,
)
from ncpi_rules.report.plan_timeline import timeline
from ncpi_rules.report.plan_view import PlanView, table
from ncpi_rules.report.position import unknown_row, without_article
from ncpi_rules.report.self_contained import whole_page
from ncpi_rules.report.since import Since

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.plan import InterpretationTaken, PlanDocument, PlanOutcome, StillUnknown

_DIGITS: Final = 8
_MOST_UNKNOWN: Final = 6
_MOST_CHANGES: Final = 8


@cache
def page_file(name: str) -> str:
    """Return a file that stands beside this module, such as the style sheet."""
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def html(plan: PlanDocument, *more: PlanDocument, since: PlanDocument | None = None) -> str:
    """Return one page with a plan, or with several one after the other.

    ``since`` is an earlier plan of the only one: what has changed comes first.
    """
    if not more:
        view = PlanView(plan)
        changes = None if since is None else _changes(Since.of(since, plan), view)
        title = f"Follow-up plan: {plan.force_name}, position as at {plan.on_text}"
        body = (
            element("header", *_header(view), class_="top"),
            element("main", changes, *_body(view), id="main"),
        )
        return _page(title, body, skip="Skip to the plan")
    title = f"{1 + len(more)} follow-up plans"
    views = [PlanView(one, f"p{at}-", 2) for at, one in enumerate((plan, *more), 1)]
    links = [element("li", view.link("top", view.plan.force_name)) for view in views]
    header = element("header", element("h1", title), _navigation(links), class_="top")
    plans = [element("article", *_header(view), *_body(view)) for view in views]
    return _page(title, (header, element("main", *plans, id="main")), skip="Skip to the plans")


def _page(title: str, body: Sequence[Markup], *, skip: str) -> str:
    style, script = page_file("page.css"), page_file("page.js")
    return whole_page(title, *body, style=style, script=script, skip=skip)


def _header(view: PlanView) -> Iterator[Markup]:
    plan, tier = view.plan, view.plan.tier
    edition = upper_first(plan.edition_text)
    begins = "not known" if plan.begins is None else plan.begins.text
    facts: list[tuple[str, str | Markup]] = [("Position as at", plan.on_text)]
    if tier is not None:
        facts += [
            ("Tier", upper_first(without_article(tier.label))),
            ("Basis", upper_first(tier.basis_label)),
        ]
    facts += [(plan.first_event, begins)] if plan.first_event else []
    digits = element("span", plan.digest[:_DIGITS], class_="soft digits")
    facts.append(("Ruleset", markup(edition, " ", digits)))
    facts.append(("Chief officer", plan.chief_officer))
    facts.append(("Local policing body", plan.local_policing_body))
    yield element("p", "Follow-up plan", class_="eyebrow")
    yield view.heading(0, plan.force_name, "top")
    if plan.edited:
        yield element("p", element("b", "Rules:"), f" {plan.edited_notice}", class_="note")
    yield element(
        "dl",
        [element("div", element("dt", name), element("dd", value)) for name, value in facts],
        class_="facts",
    )
    if plan.note:
        yield element("p", element("b", "Note:"), f" {plan.note}", class_="note")


def _body(view: PlanView) -> Iterator[Markup]:
    """Yield the parts of a plan in the order of what a reader asks."""
    parts = [
        timeline(view),
        required_actions(view),
        optional_actions(view),
        documents(view),
        _questions(view),
        _unknown(view),
        deadlines(view),
        _reasons(view),
        _interpretations(view),
        _statements(view),
    ]
    names = dict(_PARTS)
    shown = [
        element("li", view.link(anchor, name))
        for part, anchor in zip(parts, names, strict=True)
        if part is not None
        for name in (names[anchor],)
    ]
    first = (first_alerts(view), what_is_next(view), let_off(view), _revisits(view))
    yield from _known(*first, other_alerts(view))
    if not view.prefix:
        yield _navigation(shown)
    yield from _known(*parts, _made_with(view))


_PARTS: Final = (
    ("time", "Timeline"),
    ("acts", "Required actions"),
    ("opt", "Optional actions"),
    ("docs", "Documents"),
    ("asked", "Questions"),
    ("unknown", "Not recorded"),
    ("dates", "Every deadline"),
    ("why", "Why this tier"),
    ("open", "Open questions"),
    ("cited", "Statements"),
)
"""The anchors of the parts below the box, in their order, with what a link to each says."""


def _changes(since: Since, view: PlanView) -> Markup:
    """Return what has changed, the first eight changes and the rest folded."""
    first, rest = since.sentences[:_MOST_CHANGES], since.sentences[_MOST_CHANGES:]
    return element(
        "section",
        view.heading(1, since.heading, "since"),
        element("ul", [element("li", change) for change in first]),
        element(
            "details",
            element("summary", f"And {len(rest)} more"),
            element("ul", [element("li", change) for change in rest]),
        )
        if rest
        else None,
    )


def _known(*parts: Markup | None) -> Iterator[Markup]:
    yield from (part for part in parts if part is not None)


def _navigation(links: Sequence[Markup]) -> Markup:
    return element("nav", element("ul", *links), aria_label="On this page", class_="noprint")


def _revisits(view: PlanView) -> Markup | None:
    revisits = view.plan.revisits
    if not revisits:
        return None
    entries = []
    for revisit in revisits:
        text = stopped(f"{revisit.name}: {revisit.label} ({revisit.basis_label})")
        if revisit.begins is not None:
            verb = "begins" if revisit.begins.end > view.plan.on.toordinal() else "began"
            text += f" It {verb} {revisit.begins.text}."
        entries.append(element("li", text, " ", view.references(revisit)))
    lead = "What was owed of each stays; the tier above is that of the current one."
    return element(
        "section",
        view.heading(1, "Several revisits", "revisits"),
        element("p", lead, class_="lead"),
        element("ul", entries),
    )


def _questions(view: PlanView) -> Markup | None:
    questions = view.plan.questions
    if not questions:
        return None
    entries = [
        element("li", f"{question.sentence} ({question.by}) ", view.references(question))
        for question in questions
    ]
    return element(
        "section", view.heading(1, "Questions to answer", "asked"), element("ul", entries)
    )


def _unknown(view: PlanView) -> Markup | None:
    """Return what is not recorded, the weightiest six first and the rest folded."""
    unknown = view.plan.unknown
    if not unknown:
        return None
    first, rest = unknown[:_MOST_UNKNOWN], unknown[_MOST_UNKNOWN:]
    lead = "The plan would say more if these were recorded. The first matter most."
    return element(
        "section",
        view.heading(1, "Not recorded", "unknown"),
        element("p", lead, class_="lead"),
        element("ul", map(_unknown_entry, first)),
        element(
            "details",
            element("summary", f"And {len(rest)} more"),
            element("ul", map(_unknown_entry, rest)),
        )
        if rest
        else None,
    )


def _unknown_entry(unknown: StillUnknown) -> Markup:
    changes = " ".join(map(str, unknown_row(unknown).cells[1].lines))
    return element(
        "li",
        element("b", unknown.sentence.rstrip(".")),
        element("span", ": write it as ", element("code", unknown.place), ".", class_="soft"),
        element("div", changes, class_="soft small") if changes else None,
    )


def _reasons(view: PlanView) -> Markup | None:
    outcomes = view.plan.all_outcomes
    if not outcomes:
        return None
    title = "Why this tier" if view.plan.tier is not None else "What is decided"
    return element(
        "section",
        view.heading(1, title, "why"),
        [_outcome(outcome, view) for outcome in outcomes.values()],
    )


def _outcome(outcome: PlanOutcome, view: PlanView) -> Markup:
    reasons = " ".join(f"Because: {lower_first(stopped(reason))}" for reason in outcome.reasons)
    rules = f" Rule {', '.join(outcome.rules)}." if outcome.rules else ""
    return element(
        "p",
        f"{outcome.title}: ",
        element("b", outcome.label),
        f" ({outcome.basis_label}). {reasons} ",
        view.references(outcome),
        element("span", rules, class_="soft small"),
    )


def _interpretations(view: PlanView) -> Markup | None:
    taken = view.plan.interpretations
    if not taken:
        return None
    lead = (
        "The methodology leaves these open. A date or an action that rests on one names it, and "
        "any of them can be answered otherwise."
    )
    rows = (_interpretation(one, view) for one in taken)
    heads = (("Id", "c5"), ("Question", "c38"), ("This plan takes", ""), ("Agreed by", "c13"))
    return element(
        "section",
        view.heading(1, "Open questions that this plan rests on", "open"),
        element("p", lead, class_="lead"),
        table("Each open question, and the answer taken", heads, rows),
    )


def _interpretation(taken: InterpretationTaken, view: PlanView) -> Markup:
    other = f"Asked for here; the usual answer is '{taken.ours}'."
    return element(
        "tr",
        element("th", taken.id, scope="row"),
        element("td", taken.question),
        element(
            "td",
            taken.sentence,
            element("div", other, class_="soft small") if taken.answer != taken.ours else None,
            data_label="This plan takes",
        ),
        element("td", upper_first(taken.agreed_by), data_label="Agreed by", class_="soft"),
        id=view.id(f"q-{taken.id}"),
    )


def _statements(view: PlanView) -> Markup | None:
    statements = view.plan.statements
    if not statements:
        return None
    entries = [
        element("div", element("dt", id_), element("dd", summary), id=view.id(f"s-{id_}"))
        for id_, summary in statements.items()
    ]
    lead = "Our summaries of what the methodology says, by the number of each statement."
    return element(
        "section",
        view.heading(1, "Statements that this plan rests on", "cited"),
        element("p", lead, class_="lead"),
        element("dl", entries, class_="sl"),
    )


def _made_with(view: PlanView) -> Markup:
    plan = view.plan
    edition = plan.edition_text
    return element(
        "footer",
        element(
            "p",
            f"Prepared with ncpi-rules from the ruleset “{plan.methodology}”, edition "
            f"{edition} ({plan.ruleset_id}/{plan.edition}, {plan.digest[:_DIGITS]}). It sets out "
            "what the methodology asks for; it makes no decision. Dates that were recorded are "
            f"taken as they are. The engine {plan.engine} decided which rules apply. "
            f"{stopped(plan.engine_note) if plan.engine_note else ''}",
        ),
    )
