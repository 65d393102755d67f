"""The last parts of a plan's page: what is asked and not recorded, why it is so, what it cites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import lower_first, stopped, upper_first
from ncpi_rules.report.markup import Markup, element, separated
from ncpi_rules.report.plan_view import headline_name, table
from ncpi_rules.report.position import unknown_row

if TYPE_CHECKING:
    from ncpi_rules.plan import InterpretationTaken, PlanDocument, PlanOutcome, StillUnknown
    from ncpi_rules.report.plan_view import PlanView

_DIGITS: Final = 8
_MOST_UNKNOWN: Final = 6


def questions(view: PlanView) -> Markup | None:
    """Return the questions that the follow-up is to answer, or None where there are none."""
    if not view.plan.questions:
        return None
    entries = [
        element("li", f"{question.sentence} ({question.by}) ", view.references(question))
        for question in view.plan.questions
    ]
    return element(
        "section", view.heading(1, "Questions to answer", "asked"), element("ul", entries)
    )


def unknown(view: PlanView) -> Markup | None:
    """Return what is not recorded, the weightiest six first and the rest folded."""
    if not view.plan.unknown:
        return None
    first, rest = view.plan.unknown[:_MOST_UNKNOWN], view.plan.unknown[_MOST_UNKNOWN:]
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


def reasons(view: PlanView) -> Markup | None:
    """Return what is decided and why, or None where the ruleset decides nothing."""
    outcomes = view.plan.all_outcomes
    if not outcomes:
        return None
    return element(
        "section",
        view.heading(1, why_title(view.plan), "why"),
        [_outcome(outcome, view) for outcome in outcomes.values()],
    )


def why_title(plan: PlanDocument) -> str:
    """Return the heading of what is decided."""
    if plan.headline is None:
        return "What is decided"
    return f"Why this {lower_first(plan.headline.short_title)}"


def _outcome(outcome: PlanOutcome, view: PlanView) -> Markup:
    reasons = " ".join(f"Because: {lower_first(stopped(reason))}" for reason in outcome.reasons)
    rules = (" Rule ", separated(", ", map(view.rule, outcome.rules)), ".") if outcome.rules else ()
    return element(
        "p",
        f"{outcome.title}: ",
        element("b", headline_name(outcome) if outcome is view.plan.headline else outcome.label),
        f" ({outcome.basis_label}). {reasons} ",
        view.references(outcome),
        element("span", *rules, class_="soft small"),
    )


def interpretations(view: PlanView) -> Markup | None:
    """Return the open questions on which the plan rests, with the answers taken; or None."""
    taken = view.plan.interpretations
    if not taken:
        return None
    lead = (
        "The methodology leaves these open. A date or an action that rests on one names it, and "
        "any of them can be answered otherwise."
    )
    rows = (_interpretation(interpretation, view) for interpretation in taken)
    heads = (("Id", "c5"), ("Question", "c38"), ("This plan takes", ""), ("Agreed by", "c13"))
    return element(
        "section",
        view.heading(1, "Open questions that this plan rests on", "open"),
        element("p", lead, class_="lead"),
        table("Each open question, and the answer taken", heads, rows),
    )


def _interpretation(taken: InterpretationTaken, view: PlanView) -> Markup:
    note = f"Asked for here; the usual answer is '{taken.ours}'."
    return element(
        "tr",
        element("th", view.question(taken.id) if view.review else taken.id, scope="row"),
        element("td", taken.question),
        element(
            "td",
            taken.sentence,
            element("div", note, class_="soft small") if taken.answer != taken.ours else None,
            data_label="This plan takes",
        ),
        element("td", upper_first(taken.agreed_by), data_label="Agreed by", class_="soft"),
        id=view.id(f"q-{taken.id}"),
    )


def statements(view: PlanView) -> Markup | None:
    """Return the summary of each statement on which the plan rests, or None."""
    if not view.plan.statements:
        return None
    entries = [
        element(
            "div",
            element("dt", view.statement(id_) if view.review else id_),
            element("dd", summary),
            id=view.id(f"s-{id_}"),
        )
        for id_, summary in view.plan.statements.items()
    ]
    lead = "Our summaries of what the methodology says, by the number of each statement."
    return element(
        "section",
        view.heading(1, "Statements that this plan rests on", "cited"),
        element("p", lead, class_="lead"),
        element("dl", entries, class_="sl"),
    )


def made_with(view: PlanView) -> Markup:
    """Return with what the plan was prepared, and what it is not."""
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
