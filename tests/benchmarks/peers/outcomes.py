"""What is compared before anything is timed: the outcomes of a case, whoever works them out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from ncpi_rules.ruleset import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DecidedOutcome,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.deadlines import Deadline, Figures
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Rule, Ruleset

    # pinned: a type that the face leaves to the room
    from ncpi_rules.ruleset.rules import ApplicableRules

Stands: TypeAlias = tuple[int | None, str, int | None]
"""Where a deadline stands: its due date (an ordinal), its status, and the days late."""


@frozen(kw_only=True)
class Outcomes:
    """All that is compared of a case.

    ``decided`` holds the value and the basis of each outcome, such as the tier; ``items`` the
    actions, options and documents with their modality, the questions and the alerts; ``deadlines``
    each deadline that binds, by its rule, or None where the peer works out no dates.
    """

    decided: Mapping[str, tuple[str, str]]
    items: frozenset[str]
    deadlines: Mapping[str, Stands] | None


def item_of(rule: Rule) -> str:
    """Return the item that a rule puts into a plan, with its modality where it has one."""
    match rule:
        case ActionRule():
            return f"{rule.modality} {rule.does}"
        case DocumentRule():
            return f"{rule.modality} ask for {rule.document}"
        case _:
            return rule.rule


def of_rules(
    ruleset: Ruleset, ids: Iterable[str], deadlines: Mapping[str, Stands] | None = None
) -> Outcomes:
    """Return the outcomes of a case in which some rules apply."""
    rules = [ruleset.rules[id_] for id_ in ids]
    decided = {}
    for name, outcome in ruleset.outcomes.items():
        saying = [rule for rule in rules if isinstance(rule, OutcomeRule) and rule.decides == name]
        value = saying[0].then if saying else outcome.none
        result = DecidedOutcome.of(name, outcome.none, value, saying)
        decided[name] = (result.value or outcome.none, result.basis.value)
    return Outcomes(
        decided=decided,
        items=frozenset(
            item_of(rule) for rule in rules if not isinstance(rule, OutcomeRule | DeadlineRule)
        ),
        deadlines=deadlines,
    )


def of_deadlines(deadlines: Iterable[Deadline]) -> dict[str, Stands]:
    """Return where deadlines stand, by their rules."""
    return {
        deadline.id: (
            None if deadline.due is None else deadline.due.start,
            deadline.status.value,
            None if deadline.late_by is None else deadline.late_by[0],
        )
        for deadline in deadlines
    }


def of_plan(plan: Plan) -> Outcomes:
    """Return the outcomes of a case as our plan has them.

    The plan also warns of lateness and of what the vocabulary lacks: that is none of the rules'
    alerts, and is left out.
    """
    rules = {rule.rule: rule for rule in plan.decision.rules}
    items = (*plan.required_actions, *plan.optional_actions, *plan.documents, *plan.questions)
    listed = [rules[item.rules[0]] for item in items]
    raised = [
        rule
        for alert in plan.alerts
        if alert.rules and isinstance(rule := rules[alert.rules[0]], AlertRule)
    ]
    return Outcomes(
        decided={
            name: (outcome.value or plan.ruleset.outcomes[name].none, outcome.basis.value)
            for name, outcome in plan.decision.outcomes.items()
        },
        items=frozenset(item_of(rule) for rule in (*listed, *raised)),
        deadlines=of_deadlines(plan.schedule),
    )


def read_outcomes(plan: Plan) -> Any:
    """Read of a plan what a peer is asked for, and no more: the work that is timed."""
    return outcomes_of(plan.decision.applicable, plan.figures)


def outcomes_of(holding: ApplicableRules, figures: Mapping[str, Figures]) -> Any:
    """Return what a peer is asked for: outcomes, items and where each deadline stands."""
    return (
        [(name, outcome.value, outcome.basis) for name, outcome in holding.outcomes.items()],
        # Each item's rule has its id, its modality and all else: these are shared by many plans.
        (
            holding.required_actions,
            holding.optional_actions,
            holding.documents,
            holding.questions,
            holding.alerts,
        ),
        figures,
    )


def outcomes_read(ruleset: Ruleset, result: Any) -> Outcomes:
    """Return what was read of a plan, to be compared; figures may be those of cases of rules."""
    decided, groups, figures = result
    return Outcomes(
        decided={
            name: (value or ruleset.outcomes[name].none, basis.value)
            for name, value, basis in decided
        },
        items=frozenset(item_of(rule) for group in groups for rule in group),
        deadlines={
            id_.partition("[")[0]: (
                None if due is None else due[0],
                status.value,
                None if late is None else late[0],
            )
            for id_, (due, status, late) in figures.items()
        },
    )


def read(plan: Plan) -> Any:
    """Read all items of a plan, which hold more than a peer is asked for: that is timed, too."""
    return (
        [(name, outcome.value, outcome.basis) for name, outcome in plan.decision.outcomes.items()],
        [(action.id, action.modality) for action in plan.required_actions],
        [(action.id, action.modality) for action in plan.optional_actions],
        [document.id for document in plan.documents],
        [question.id for question in plan.questions],
        [alert.id for alert in plan.alerts],
        [
            (deadline.id, deadline.due, deadline.status, deadline.late_by_days)
            for deadline in plan.deadlines
        ],
    )


KINDS = (ActionRule, DocumentRule, QuestionRule, AlertRule)
"""The rules that put an item into a plan."""
