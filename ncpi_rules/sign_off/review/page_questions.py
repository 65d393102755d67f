"""Open questions, guarantees, findings, coverage and approvals on the review page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import counted, lower_first, sentence, upper_first
from ncpi_rules.report import Markup, StatusMark, element, icon
from ncpi_rules.sign_off.approvals import PARTS
from ncpi_rules.sign_off.review.elements import (
    HtmlColumn,
    first_cases,
    lead,
    rule_links,
    section,
    statement_links,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.report import Child
    from ncpi_rules.sign_off.review.content import (
        AlternativeAnswer,
        ReviewGuarantee,
        ReviewPack,
        ReviewQuestion,
    )
    from ncpi_rules.sign_off.review.stale import StalePart

_MOST_CASES: Final = 4
_MOST_FAILING: Final = 10


def questions_section(pack: ReviewPack) -> Markup:
    """Return a card for each open question."""
    about = (
        "The methodology is silent here, or says two things. The answer in bold is the one that "
        "the rules take; each of the others can be chosen instead."
    )
    cards = [_card(question) for question in pack.questions]
    return section("questions", "Open questions", lead(about), cards)


def _card(question: ReviewQuestion) -> Markup:
    answers = [element("li", element("b", f"We take: {question.ours}"))]
    answers += [element("li", other.text) for other in question.others]
    facts: list[tuple[str, Child]] = [("Why", question.why)]
    if question.setting:
        facts.append(("A setting of the ruleset", f"{question.setting}."))
    if question.rules:
        used = [counted(len(question.rules), "rule"), ": ", rule_links(question.rules)]
        facts.append(("Used by", used))
    facts += [
        ("Statements", statement_links(question.statements)),
        ("Agreed by", upper_first(question.agreed_by)),
    ]
    cases = [part for other in question.others for part in _decides(other, question)]
    return element(
        "article",
        element("h3", element("a", question.id, href=f"#q-{question.id}"), f" {question.question}"),
        element(
            "div",
            element("div", element("h4", "Answers"), element("ul", answers), cases),
            element(
                "dl",
                [element("div", element("dt", name), element("dd", says)) for name, says in facts],
            ),
            class_="oqb",
        ),
        class_="oq",
        id=f"q-{question.id}",
    )


def _decides(other: AlternativeAnswer, question: ReviewQuestion) -> Iterator[Markup]:
    """Yield in which cases another answer changes something, and how often the headline."""
    several = len(question.others) > 1
    named = f"With “{other.id.replace('-', ' ')}”: " if several else ""
    answer = f"{named}{lower_first(other.sentence) if several else other.sentence}"
    if other.cases:
        yield element("p", element("b", answer), " The result changes where:", class_="small")
        yield element("div", first_cases(other.cases, _MOST_CASES), class_="small")
    else:
        more = " It changes how every plan is made." if question.setting else ""
        yield element("p", element("b", answer), more, class_="small")


def guarantees_section(pack: ReviewPack) -> Markup:
    """Return what is proved of the rules."""
    columns = [
        HtmlColumn(head="Guarantee"),
        HtmlColumn(head="Holds under", width=16),
        HtmlColumn(head="Result", width=22),
        HtmlColumn(head="Source", width=20, kind="ref"),
    ]
    return section(
        "guarantees",
        "Guarantees",
        lead("Each is proved over every case and every day, or broken by a case that is named."),
        table(
            columns,
            [_guarantee(guarantee) for guarantee in pack.guarantees],
            caption="Guarantees",
            anchors=[f"p-{guarantee.id}" for guarantee in pack.guarantees],
        ),
    )


def _guarantee(guarantee: ReviewGuarantee) -> list[Child]:
    if guarantee.broken:
        result: Child = [
            _tag(StatusMark.LATE, "Broken"),
            element("div", guarantee.broken, class_="small"),
        ]
    else:
        result = _tag(StatusMark.MET, "Proved")
    under = "Every answer" if guarantee.every_answer else "The answers we take"
    return [guarantee.says, under, result, statement_links(guarantee.statements)]


def _tag(mark: StatusMark, label: str) -> Markup:
    return element("strong", Markup(icon(mark)), label, class_=f"tag t-{mark}")


def findings_section(pack: ReviewPack) -> Markup:
    """Return what the check found, what it looked for, and what scenarios cover."""
    passed, every = pack.scenarios
    parts: list[Child] = []
    if pack.findings:
        items = [
            element("li", finding.message, " ", element("span", finding.help, class_="soft"))
            for finding in pack.findings
        ]
        parts += [
            element("p", f"The check found {counted(len(pack.findings), 'fault')}."),
            element("ul", items),
        ]
    else:
        parts.append(
            element(
                "p",
                "The check found nothing wrong. It cannot say whether the rules are what the "
                "methodology means: that is what you are asked.",
            )
        )
    ticks = [
        element("li", Markup(icon(StatusMark.MET)), " ", element("span", title))
        for title in pack.checks
    ]
    parts += [
        element("h3", "Looked for in every case, and not found"),
        element("ul", ticks, class_="chk"),
        element("h3", "Coverage"),
        element("p", f"{passed:,} of {every:,} scenarios pass."),
        _not_covered(pack),
        _coverage(pack),
    ]
    return section("findings", "Findings and coverage", parts)


def _not_covered(pack: ReviewPack) -> Markup | None:
    """Return the first scenarios that fail, how many more do, and what none covers."""
    says = [f"This fails: {sentence(title)}" for title in pack.failing[:_MOST_FAILING]]
    if (more := len(pack.failing) - _MOST_FAILING) > 0:
        says.append(f"And {counted(more, 'other')} fail.")
    says += map(sentence, pack.gaps)
    return element("ul", [element("li", line) for line in says]) if says else None


def _coverage(pack: ReviewPack) -> Markup:
    heads = ("Part", "Rules", "Under our answers", "Scenarios", "Approved", "Out of date")
    columns = [HtmlColumn(head=head, kind="num" if at else "") for at, head in enumerate(heads)]
    rows = [
        [
            row.part,
            f"{row.rules:,}",
            f"{row.ours:,}",
            f"{row.scenarios:,}",
            f"{row.approved:,}",
            f"{row.stale:,}",
        ]
        for row in pack.coverage
    ]
    return table(columns, rows, caption="Rules, scenarios and approvals by part", kind="cov")


def _stale_part(part: StalePart) -> Markup:
    """Return a part that has changed, its lines then struck out and its lines now marked."""
    return element(
        "div",
        element("b", f"{part.title}."),
        [element("div", element("del", line)) for line in part.before],
        [element("div", element("ins", line)) for line in part.after],
        element("div", part.remark, class_="small") if part.remark else None,
    )


def approvals_section(pack: ReviewPack) -> Markup:
    """Return who has approved what, and what has changed since."""
    signed = pack.signed
    parts: list[Child] = [element("p", signed.summary)]
    rows: list[list[Child]] = []
    names: dict[str, Child] = {}
    for item in (*signed.stale, *signed.current):
        kind = "q" if item.covered.is_interpretation else "r"
        link = element("a", item.name, href=f"#{kind}-{item.name}")
        names[item.name] = upper_first(PARTS[item.name]) if item.covered.is_part else link
    for old in pack.stale:
        tag = _tag(StatusMark.LATE, "Out of date")
        changed = [_stale_part(part) for part in old.parts]
        rows.append([names[old.name], old.by, old.on, tag, changed])
    for item in signed.current:
        rows += [
            [
                names[item.name],
                approval.by,
                approval.on.text,
                _tag(StatusMark.MET, "As it is"),
                None,
            ]
            for approval in item.current
        ]
    if rows:
        heads = ("What", "Who", "Day", "State", "What has changed")
        parts.append(table([HtmlColumn(head=head) for head in heads], rows, caption="Approvals"))
    else:
        parts.append(element("p", "Nobody yet.", class_="soft"))
    parts.append(
        element(
            "p",
            "To approve a rule or an answer, name it to the person who keeps the ruleset: ",
            element("code", "ncpi-rules approve"),
            " writes your approval down.",
        )
    )
    return section("approvals", "Approvals", parts)
