"""A plan as one page of HTML: what is next comes first, then dates, then detail, then why.

It loads nothing from elsewhere, and reads well without its script, which only shows the actions of
one party at a time. ``page.css`` beside this module holds the look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import as_head, stopped, upper_first
from ncpi_rules.plan import Since
from ncpi_rules.report.markup import (
    Markup,
    element,
    facts_list,
    filter_bar,
    markup,
    page_file,
    whole_page,
)
from ncpi_rules.report.plan_box import what_is_next
from ncpi_rules.report.plan_grounds import (
    interpretations,
    made_with,
    questions,
    reasons,
    statements,
    unknown,
    why_title,
)
from ncpi_rules.report.plan_sections import (
    deadlines,
    documents,
    first_alerts,
    let_off,
    letters,
    optional_actions,
    other_alerts,
    required_actions,
)
from ncpi_rules.report.plan_timeline import timeline
from ncpi_rules.report.plan_view import PlanView, headline_name, soft, table
from ncpi_rules.report.position import Position
from ncpi_rules.report.summary_text import whose_and_what

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.plan import PlanDocument

_DIGITS: Final = 8
_MOST_CHANGES: Final = 8


def html(
    plan: PlanDocument,
    *more: PlanDocument,
    since: PlanDocument | None = None,
    review: str = "",
) -> str:
    """Return one page with a plan, or with several one after the other.

    ``since`` is an earlier plan of the only one: what has changed comes first. ``review`` is the
    address of a review pack of the rules, to which whatever is cited leads.
    """
    if more:
        plans = enumerate((plan, *more), 1)
        return _several([PlanView(document, f"p{at}-", 2, review) for at, document in plans])
    view = PlanView(plan, review=review)
    changes = None if since is None else _changes(Since.of(since, plan), view)
    return whole_page(
        f"Follow-up plan: {plan.subject_name}, position as at {plan.on_text}",
        element("header", *_header(view), class_="top"),
        element("main", changes, *_body(view), id="main"),
        style=page_file("page.css"),
        script=page_file("page.js"),
        skip="Skip to the plan",
    )


def _several(views: Sequence[PlanView]) -> str:
    """Return a page that begins with a row for each plan; its controls show some of them."""
    title = f"{len(views)} follow-up plans"
    names, heads = [view.plan.subject_name for view in views], _heads(views[0].plan)
    rows, articles = [], []
    about: dict[str, list[str]] = {"data_subject": [], "data_status": [], "data_headline": []}
    for view in views:
        plan = view.plan
        first = Position.of(plan).most_urgent
        whose, tag, what = whose_and_what(plan, dated=names.count(plan.subject_name) > 1)
        value = "" if plan.headline is None else plan.headline.label
        own = dict(zip(about, (whose, tag, value), strict=True))
        for name, says in own.items():
            about[name].append(says)
        shown = None if plan.headline is None else headline_name(plan.headline)
        cells = (
            element("th", view.link("top", whose), scope="row"),
            element("td", shown, data_label=heads[1][0]),
            element("td", None if first is None else view.status(first), data_label=heads[2][0]),
            element("td", what, data_label=heads[3][0]),
        )
        rows.append(element("tr", cells, **own))
        articles.append(element("article", *_header(view), *_body(view), **own))
    bar = filter_bar(
        views[0].plan.subject_title,
        filter(None, about["data_status"]),
        (heads[1][0], about["data_headline"]),
    )
    days = dict.fromkeys(view.plan.on_text for view in views)
    return whole_page(
        title,
        element(
            "header",
            element("p", "Follow-up plans", class_="eyebrow"),
            element("h1", title),
            soft(f"Position as at {', '.join(days)}."),
            class_="top",
        ),
        element("main", bar, table("Each plan", heads, rows), articles, id="main"),
        style=page_file("page.css"),
        script=page_file("filters.js") + page_file("page.js"),
        skip="Skip to the plans",
    )


def _heads(plan: PlanDocument) -> tuple[tuple[str, str], ...]:
    """Return the heads of the columns, in the words of a plan, each with the width."""
    return (
        (as_head(plan.subject_title), "c27"),
        (as_head(plan.headline.title) if plan.headline else "Decided", "c23"),
        ("Status", "c16"),
        ("What matters most", ""),
    )


def _header(view: PlanView) -> Iterator[Markup]:
    plan, headline = view.plan, view.plan.headline
    edition = upper_first(plan.edition_text)
    facts: list[tuple[str, str | Markup]] = [("Position as at", plan.on_text)]
    if headline is not None:
        facts += [
            (headline.short_title, headline_name(headline)),
            ("Basis", upper_first(headline.basis_label)),
        ]
    facts += [(plan.first_event, upper_first(plan.begins_text))] if plan.first_event else []
    digits = element("span", plan.digest[:_DIGITS], class_="soft digits")
    facts.append(("Ruleset", markup(edition, " ", digits)))
    facts += plan.officers
    yield element("p", "Follow-up plan", class_="eyebrow")
    yield view.heading(0, plan.subject_name, "top")
    if plan.edited:
        yield element("p", element("b", "Rules:"), f" {plan.edited_notice}", class_="note")
    yield facts_list(facts)
    if plan.note:
        yield element("p", element("b", "Note:"), f" {plan.note}", class_="note")


def _body(view: PlanView) -> Iterator[Markup]:
    """Yield the parts of a plan in the order of what a reader asks."""
    parts = [
        timeline(view),
        required_actions(view),
        optional_actions(view),
        documents(view),
        letters(view),
        questions(view),
        unknown(view),
        deadlines(view),
        reasons(view),
        interpretations(view),
        statements(view),
    ]
    names = dict(_PARTS) | {"why": why_title(view.plan)}
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
    yield from _known(*parts, made_with(view))


_PARTS: Final = (
    ("time", "Timeline"),
    ("acts", "Required actions"),
    ("opt", "Optional actions"),
    ("docs", "Documents"),
    ("letter", "Text for a letter"),
    ("asked", "Questions"),
    ("unknown", "Not recorded"),
    ("dates", "Every deadline"),
    ("why", ""),
    ("open", "Open questions"),
    ("cited", "Statements"),
)
"""The anchors of the parts below the box, in their order, with what a link to each says but one."""


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
    lead = "What was owed of each stays; what stands above is that of the current one."
    return element(
        "section",
        view.heading(1, view.plan.several_revisits, "revisits"),
        element("p", lead, class_="lead"),
        element("ul", entries),
    )
