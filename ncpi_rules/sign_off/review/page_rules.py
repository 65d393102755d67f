"""Statements woven with their rules on the review page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncpi_rules.core import counted
from ncpi_rules.report import Markup, element, separated
from ncpi_rules.sign_off.review.content import NOBODY
from ncpi_rules.sign_off.review.elements import (
    force_tag,
    lead,
    question_links,
    rule_links,
    section,
    statement_links,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.report import Child
    from ncpi_rules.sign_off.review.content import (
        ReviewPack,
        ReviewRule,
        ReviewStatement,
        RuleSentence,
        StatementGroup,
    )

_ABOUT = (
    "On the left is what the methodology says, in our own words; on the right the rules. "
    "A rule is shown in full once, under the statement that it is mostly about. Rules that say "
    "something only under an answer that we do not take are folded."
)
_WORDING = "The publisher's own wording is below ours, from the text that was given."


def statements_section(pack: ReviewPack) -> Markup:
    """Return every statement with its rules, or why there are none."""
    return section(
        "statements",
        "Statements and rules",
        lead(_ABOUT, f" {_WORDING}" if pack.text else ""),
        element(
            "div",
            element(
                "label", "Find a statement or a rule ", element("input", type="search", id="find")
            ),
            element("button", "Open all", type="button", id="open-all"),
            element("button", "Close all", type="button", id="close-all"),
            element("span", id="count", role="status"),
            class_="filter noprint",
        ),
        [_group(group) for group in pack.statements],
    )


def _group(group: StatementGroup) -> Markup:
    has_rules = any(statement.rules for statement in group.statements)
    number = counted(len(group.statements), "statement")
    return element(
        "details",
        element(
            "summary",
            element("h3", group.heading),
            element("span", number, class_="soft small"),
        ),
        [_statement(statement) for statement in group.statements],
        class_="grp",
        open=has_rules,
    )


def _statement(statement: ReviewStatement) -> Markup:
    left = [
        element(
            "h4",
            element("a", statement.id, href=f"#s-{statement.id}", class_="anchor"),
            " ",
            force_tag(statement.modality),
        ),
        element("p", statement.summary, class_="sum"),
    ]
    if statement.wording:
        left.append(
            element(
                "blockquote",
                element("span", "The publisher's wording: ", class_="vh"),
                statement.wording,
                class_="pub",
            )
        )
    if statement.remark:
        left.append(element("p", statement.remark, class_="small soft"))
    return element(
        "div",
        element("div", left),
        element("div", _rules(statement)),
        class_="st",
        id=f"s-{statement.id}",
    )


def _rules(statement: ReviewStatement) -> Iterator[Child]:
    if statement.rules:
        yield element("ul", [_rule(rule, statement.id) for rule in statement.rules], class_="rules")
    if statement.elsewhere:
        also = "Also implemented by " if statement.rules else "Implemented by "
        yield element("p", also, rule_links(statement.elsewhere), class_="also")
    if statement.under_others:
        yield element(
            "p", "Under other answers, by ", rule_links(statement.under_others), class_="also"
        )
    if not (statement.rules or statement.elsewhere or statement.under_others):
        yield element("p", element("b", "No rule."), f" {statement.no_rule}", class_="also")


def _rule(rule: ReviewRule, under: str) -> Markup:
    parts: list[Child] = [_sentence(sentence) for sentence in rule.ours]
    if rule.others:
        title = f"Under other answers ({len(rule.others)})"
        items = [element("li", _sentence(sentence)) for sentence in rule.others]
        folded = element("details", element("summary", title), element("ul", items), class_="alts")
        parts.append(folded)
    if rule.note:
        parts.append(element("p", f"Note: {rule.note}", class_="small"))
    parts.append(element("p", separated(" · ", list(_meta(rule, under))), class_="meta"))
    return element("li", parts, class_="rule", id=f"r-{rule.id}")


def _sentence(sentence: RuleSentence) -> Markup:
    return element(
        "p", _answers(sentence.answers), force_tag(sentence.modality), " ", sentence.sentence
    )


def _answers(answers: Mapping[str, str]) -> Child:
    """Return under which answers a rule says something."""
    said: list[Any] = [
        [question_links([id_]), f" is answered “{answer.replace('-', ' ')}”"]
        for id_, answer in answers.items()
    ]
    if not said:
        return None
    return element("span", "Where ", separated(" and ", said), ": ", class_="alt")


def _meta(rule: ReviewRule, under: str) -> Iterator[Child]:
    yield element("a", element("code", rule.id), href=f"#r-{rule.id}")
    others = [id_ for id_ in rule.statements if id_ != under]
    if others:
        yield ["with ", statement_links(others)]
    if rule.open_questions:
        yield ["rests on ", question_links(rule.open_questions)]
    yield counted(rule.scenarios, "scenario")
    yield "not approved" if rule.approved == NOBODY else f"approved by {rule.approved}"
