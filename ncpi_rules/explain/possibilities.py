"""The values that facts can still have after the day of a plan, and those that cannot change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import (
    DATE_FIELDS,
    FURTHER,
    NONE_RECORDED,
    Happened,
    fields_in,
    kind_of_decision,
)
from ncpi_rules.facts import RECEIVED, happened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Fact


def possible_values(plan: Plan, *, report: bool = False) -> Mapping[str, frozenset[str]]:
    """Return the values that facts can still have after the day of a plan, its own among them.

    A fact that is not named can have any. Something else can be decided later, but no decision is
    unmade; a suspension ends, or inspection is suspended again; a plan that need not be
    reviewed may be. ``report`` is as for :func:`fixed_facts`.

    >>> from ncpi_rules.plan import assess
    >>> from ncpi_rules.facts import FollowUp
    >>> suspension = {"decision": "suspension", "on": "2020-03-17", "by": "HMICFRS",
    ...     "why": "unknown", "begins": "2020-03-17", "ends": "not-yet"}
    >>> follow_up = FollowUp.from_dict({"force": "kent", "decisions": [suspension]})
    >>> sorted(possible_values(assess(follow_up, on="2020-04-01"))["suspension"])
    ['in-force', 'not-known', 'over']
    """
    ruleset, values = plan.ruleset, plan.decision.values
    known = _parts_known(plan, report=report)
    possible = {}
    for name, fact in ruleset.facts.items():
        value = values[name]
        is_given = name in plan.facts.further.facts or fact.source == FURTHER
        if is_given or (value == fact.unknown and fact.source != "force"):
            continue  # nobody has recorded when it came about, or what it is
        has_happened = name in ruleset.events and value == Happened.YES.value
        sources = fields_in(fact.source)
        is_known = _part(fact.source) in known and sources[0] not in DATE_FIELDS
        # Nobody is let off a plan that has come.
        is_known = is_known or (RECEIVED in sources and _part(RECEIVED) in known)
        left = frozenset({value}) if has_happened or is_known else _values_left(fact, value)
        if left is not None:
            possible[name] = left
    return possible


def fixed_facts(plan: Plan, *, report: bool = False) -> frozenset[str]:
    """Return the facts that can have no other value after the day of a plan.

    These are a decision where nothing else could be decided, such as that for a full re-inspection,
    events that have happened and what became known with them, and the country of the force. The
    judgements of a published report are mostly what is asked about, so they count as fixed only
    where ``report`` is True.

    >>> from ncpi_rules.plan import assess
    >>> from ncpi_rules.facts import FollowUp
    >>> facts = {"force": "kent", "inspection_report": {"published": "2020-01-31",
    ...     "findings": "broadly-positive"}, "action_plan": {"reviewed": "2020-03-10"}}
    >>> plan = assess(FollowUp.from_dict(facts), on="2020-04-01")
    >>> sorted(fixed_facts(plan))
    ['action-plan-review', 'report-published']
    >>> sorted(fixed_facts(plan, report=True))
    ['action-plan-review', 'findings', 'report-published']
    """
    possible = possible_values(plan, report=report)
    return frozenset(name for name, values in possible.items() if len(values) == 1)


def _parts_known(plan: Plan, *, report: bool) -> frozenset[str]:
    """Return the parts of a follow-up that say no more than what has become known."""
    contract, on = plan.ruleset.contract, plan.on.toordinal()
    known = [RECEIVED]
    if report:
        known.append(contract.events.get(plan.ruleset.settings.selected_by, ""))
    return frozenset(
        _part(source)
        for name, source in contract.events.items()
        if source in known and happened(plan.events[name], on) is Happened.YES
    )


def _values_left(fact: Fact, value: str) -> frozenset[str] | None:
    """Return the values that a fact that has a value can have later, or None for any."""
    if value == NONE_RECORDED:
        return None
    if fact.source in {"force", "revisits"}:
        return frozenset({value})
    if kind_of_decision(fact.source) or fact.source == "decisions.suspension":
        left = frozenset(fact.values) - {NONE_RECORDED}
        # A decision of which there is one kind alone is not unmade.
        return left if len(left - {fact.unknown}) > 1 else frozenset({value})
    if "decisions.waiver" in fields_in(fact.source):
        return {"done": frozenset({"done"}), "not-required": frozenset({value, "done"})}.get(value)
    return None


def _part(place: str) -> str:
    """Return the part of a follow-up in which a place lies."""
    return place.partition(".")[0]
