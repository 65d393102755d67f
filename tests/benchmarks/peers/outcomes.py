"""What is compared before anything is timed: the outcomes of a case, whoever works them out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from ncpi_rules.ruleset import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    decided_by,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.deadlines import Deadline, Figures
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Rule, Ruleset

    # pinned: a type that the face leaves to the room
    from ncpi_rules.ruleset.applicable import ApplicableRules

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
            return rule.id


def of_rules(
    ruleset: Ruleset, ids: Iterable[str], deadlines: Mapping[str, Stands] | None = None
) -> Outcomes:
    """Return the outcomes of a case in which some rules apply."""
    rules = [ruleset.rules[each] for each in ids]
    decided = {}
    for name, outcome in ruleset.outcomes.items():
        saying = [each for each in rules if isinstance(each, OutcomeRule) and each.decides == name]
        value = saying[0].then if saying else outcome.none
        found = decided_by(name, outcome.none, value, saying)
        decided[name] = (found.value or outcome.none, found.basis.value)
    return Outcomes(
        decided=decided,
        items=frozenset(
            item_of(each) for each in rules if not isinstance(each, OutcomeRule | DeadlineRule)
        ),
        deadlines=deadlines,
    )


def of_deadlines(deadlines: Iterable[Deadline]) -> dict[str, Stands]:
    """Return where deadlines stand, by their rules."""
    return {
        each.id: (
            None if each.due is None else each.due.start,
            each.status.value,
            None if each.late_by is None else each.late_by[0],
        )
        for each in deadlines
    }


def of_plan(plan: Plan) -> Outcomes:
    """Return the outcomes of a case as our plan has them.

    The plan also warns of lateness and of what the vocabulary lacks: that is none of the rules'
    alerts, and is left out.
    """
    rules = plan.ruleset.rules
    items = (*plan.required_actions, *plan.optional_actions, *plan.documents, *plan.questions)
    listed = [rules[item.rules[0]] for item in items]
    alerts = {
        each.rules[0]: plan.ruleset.rules[each.rules[0]] for each in plan.alerts if each.rules
    }
    raised = [each for each in alerts.values() if isinstance(each, AlertRule)]
    return Outcomes(
        decided={
            name: (found.value or plan.ruleset.outcomes[name].none, found.basis.value)
            for name, found in plan.decision.outcomes.items()
        },
        items=frozenset(item_of(rule) for rule in (*listed, *raised)),
        deadlines=of_deadlines(plan.schedule),
    )


def read_outcomes(plan: Plan) -> Any:
    """Read of a plan what a peer is asked for, and no more: the work that is timed."""
    return outcomes_of(plan.decision.applicable, plan.figures)


def outcomes_of(holding: ApplicableRules, figures: Mapping[str, Figures]) -> Any:
    """Return what a peer is asked for: outcomes, items and where each deadline stands."""
    stage, tier = holding.outcomes["judgement-stage"], holding.outcomes["tier"]
    return (
        (stage.value, stage.basis, tier.value, tier.basis),
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


def outcomes_read(ruleset: Ruleset, found: Any) -> Outcomes:
    """Return what was read of a plan, to be compared."""
    (stage, stage_basis, tier, tier_basis), groups, figures = found
    values = {"judgement-stage": (stage, stage_basis), "tier": (tier, tier_basis)}
    return Outcomes(
        decided={
            name: (value or ruleset.outcomes[name].none, basis.value)
            for name, (value, basis) in values.items()
        },
        items=frozenset(item_of(rule) for group in groups for rule in group),
        deadlines={
            id_: (None if due is None else due[0], status.value, None if late is None else late[0])
            for id_, (due, status, late) in figures.items()
        },
    )


def read(plan: Plan) -> Any:
    """Read all items of a plan, which hold more than a peer is asked for: that is timed, too."""
    tier, stage = plan.tier, plan.decision.outcomes["judgement-stage"]
    return (
        (stage.value, stage.basis, tier.value, tier.basis),
        [(each.id, each.modality) for each in plan.required_actions],
        [(each.id, each.modality) for each in plan.optional_actions],
        [each.id for each in plan.documents],
        [each.id for each in plan.questions],
        [each.id for each in plan.alerts],
        [(each.id, each.due, each.status, each.late_by_days) for each in plan.deadlines],
    )


KINDS = (ActionRule, DocumentRule, QuestionRule, AlertRule)
"""The rules that put an item into a plan."""
