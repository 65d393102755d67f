"""The review pack as one page of HTML, which loads nothing from elsewhere and prints well."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from ncpi_rules.core import counted
from ncpi_rules.report import Markup, element, facts_list, icon, page_file, whole_page
from ncpi_rules.sign_off.review.elements import (
    HtmlColumn,
    lead,
    question_links,
    section,
    soft,
    statement_links,
    table,
)
from ncpi_rules.sign_off.review.page_headline import headline_section
from ncpi_rules.sign_off.review.page_questions import (
    approvals_section,
    findings_section,
    guarantees_section,
    questions_section,
)
from ncpi_rules.sign_off.review.page_rules import statements_section
from ncpi_rules.sign_off.review.page_tables import (
    deadlines_section,
    matrix_section,
    parameters_section,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.explore import DecisionExplorer
    from ncpi_rules.report import Child
    from ncpi_rules.sign_off.review.changes import Changes
    from ncpi_rules.sign_off.review.content import ReviewPack

EXPLORER: Final = "explorer"
"""The id of the part in which cases can be tried, where the page has one."""

_ACTIONS: Final = (
    "Conditions that stand for a {headline} only are in the cell. A dash: nothing is said of it in "
    "that {headline}, under the answers that we take."
)


def review_html(pack: ReviewPack, *, explorer: DecisionExplorer | None = None) -> str:
    """Return the page of a review pack; with an explorer, it has a part in which to try cases."""
    try_cases = (
        None
        if explorer is None
        else section(EXPLORER, "Decision explorer", explorer.part, kind="noprint")
    )
    about = _ACTIONS.format(headline=pack.headline_name)
    parts = [
        _overview(pack),
        _changed(pack.changes),
        headline_section(pack),
        try_cases,
        parameters_section(pack),
        deadlines_section(pack.timeline),
        matrix_section("actions", pack.actions, about=about, thing="Action"),
        matrix_section("documents", pack.documents, about=pack.documents.about, thing="Document"),
        questions_section(pack),
        statements_section(pack),
        guarantees_section(pack),
        findings_section(pack),
        approvals_section(pack),
    ]
    shown = [part for part in parts if part is not None]
    style, script = ("", "") if explorer is None else (explorer.style, explorer.script)
    footer = element(
        "footer",
        element("p", f"{pack.title}. Edition: {pack.edition}, fingerprint {pack.digest}."),
    )
    return whole_page(
        f"Review pack: {pack.title}, {pack.edition}",
        _header(pack),
        element("div", _contents(shown), element("main", shown, id="main"), class_="lay"),
        footer,
        style=page_file("page.css") + _file("review.css") + style,
        script=_file("review.js") + script,
        skip="Skip to the content",
    )


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _header(pack: ReviewPack) -> Markup:
    facts = list(pack.facts)
    if pack.changes is not None:
        facts.append(("Compared with", pack.changes.earlier))
    return element(
        "header",
        element("p", "Review pack", class_="eyebrow"),
        element("h1", pack.title),
        facts_list(facts),
        class_="top",
    )


def _contents(parts: Iterable[Markup]) -> Markup:
    """Return links to the parts, by the ids and headings that they have."""
    links = []
    for part in parts:
        anchor = part.partition('id="')[2].partition('"')[0]
        title = Markup(part.partition("<h2>")[2].partition("</h2>")[0])
        links.append(element("li", element("a", title, href=f"#{anchor}")))
    return element("nav", element("ol", links), class_="toc noprint", aria_label="Contents")


def _overview(pack: ReviewPack) -> Markup:
    statements = [statement for group in pack.statements for statement in group.statements]
    woven = sum(not statement.no_rule for statement in statements)
    reasons = len(statements) - woven
    rules = pack.rules.values()
    ours = sum(bool(rule.ours) for rule in rules)
    agreed = sum(
        bool(item.current) for item in pack.signed.signed if item.covered.is_interpretation
    )
    broken = sum(bool(guarantee.broken) for guarantee in pack.guarantees)
    passed, every = pack.scenarios
    approved = sum(part.approved for part in pack.coverage)
    counts = (
        (
            len(statements),
            f"statements: {woven} with rules, {reasons} with a reason for having none",
        ),
        (
            len(rules),
            f"rules: {ours} under our answers, {len(rules) - ours} under other answers only",
        ),
        (len(pack.questions), f"open questions, {agreed or 'none'} of them agreed"),
        (len(pack.guarantees), f"guarantees, {'all proved' if not broken else f'{broken} broken'}"),
        (every, f"scenarios, {'all passing' if passed == every else f'{every - passed} failing'}"),
        (approved, f"of {counted(len(rules), 'rule')} approved"),
    )
    decisive = [
        question.id
        for question in pack.questions
        if any(answer.changed for answer in question.others)
    ]
    asked: list[Child] = []
    if pack.changes is not None:
        changed = element("a", "what changed", href="#changed")
        asked.append(["Read ", changed, ", and say whether the effect is intended."])
    decide = (
        [" ", question_links(decisive), f" decide the {pack.headline_name}."] if decisive else None
    )
    open_ = element("a", "open questions", href="#questions")
    woven_link = element("a", "statements", href="#statements")
    asked += [
        ["Answer, or confirm, the ", open_, ".", decide],
        ["Check the ", woven_link, " in your area, and say of each rule: yes, no, or change this."],
        ["Write your comments in the Excel copy, which has a column for them beside every rule."],
    ]
    return section(
        "overview",
        "Overview",
        lead("This pack lets you check the rules against the methodology without another file."),
        element(
            "ul",
            [element("li", element("b", f"{number:,}"), f" {says}") for number, says in counts],
            class_="sums",
        ),
        element(
            "div",
            element("h3", "What we ask of you"),
            element("ol", [element("li", request) for request in asked]),
            class_="ask",
        ),
    )


def _changed(changes: Changes | None) -> Markup:
    if changes is None:
        return section(
            "changed", "What changed", element("p", "Not compared with another edition.")
        )
    parts: list[Child] = [
        lead(f"Earlier: {changes.earlier}. Later: {changes.later}. {changes.summary}")
    ]
    if changes.values:
        columns = [
            HtmlColumn(head="What", width=30),
            HtmlColumn(head="Earlier", width=15),
            HtmlColumn(head="Later", width=15),
            HtmlColumn(head="Effect"),
        ]
        rows: list[list[Child]] = [
            [
                [value.title, soft(value.held)],
                element("del", value.earlier) if value.earlier else None,
                element("ins", value.later) if value.later else None,
                [value.effect, " ", statement_links(value.statements)],
            ]
            for value in changes.values
        ]
        parts.append(table(columns, rows, caption="Values that changed"))
    for heading, sentences in (
        ("Where the result changes", changes.results),
        ("Other differences", changes.others),
    ):
        if sentences:
            parts.append(element("h3", heading))
            parts.append(element("ul", [element("li", difference) for difference in sentences]))
    parts += _affected(changes)
    return section("changed", "What changed", parts)


def _affected(changes: Changes) -> list[Child]:
    if not changes.follow_ups:
        return []
    columns = [
        HtmlColumn(head="Status", width=22),
        HtmlColumn(head="Earlier", width=12, kind="num"),
        HtmlColumn(head="Later", width=12, kind="num"),
        HtmlColumn(head="Which follow-ups move"),
    ]
    rows: list[list[Child]] = [
        [
            element(
                "strong", Markup(icon(status.mark)), status.label, class_=f"tag t-{status.mark}"
            ),
            str(status.earlier),
            str(status.later),
            status.moves or None,
        ]
        for status in changes.statuses
    ]
    items = [
        element("li", element("b", whose), element("ul", [element("li", says) for says in lines]))
        for whose, lines in changes.affected
    ]
    return [
        element("h3", "Who is affected"),
        [element("p", line) for line in changes.follow_ups],
        table(columns, rows, caption="Follow-ups by status") if rows else None,
        element("details", element("summary", "Each of them"), element("ul", items))
        if items
        else None,
    ]
