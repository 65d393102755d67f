"""A plan as published data, and the sentences in it: all that files, pages and programs get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import PartialDate, says_day, sentence
from ncpi_rules.deadlines import says_standing
from ncpi_rules.facts import EVENTS
from ncpi_rules.plan.parties import Names
from ncpi_rules.plan.waivers import let_off, says_decision
from ncpi_rules.ruleset import reading_order, says_event

if TYPE_CHECKING:
    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan.items import DocumentRequest, Step
    from ncpi_rules.plan.plan import Plan
    from ncpi_rules.ruleset import Rule

SCHEMA: Final = "ncpi-rules/plan/1"


def _span(when: PartialDate | None) -> dict[str, str] | None:
    if when is None:
        return None
    return {"from": when.first.isoformat(), "to": when.last.isoformat()}


def _days(days: tuple[int, int] | None) -> dict[str, int] | None:
    return None if days is None else {"from": days[0], "to": days[1]}


def _behind(rule: Rule) -> dict[str, Any]:
    return {
        "rules": [rule.id],
        "statements": list(rule.statements),
        "readings": list(rule.rests_on),
    }


def _decided(plan: Plan, name: str) -> dict[str, Any]:
    decided, outcome = plan.decision.outcomes[name], plan.ruleset.outcomes[name]
    return {
        "title": outcome.title,
        "value": decided.value,
        "says": outcome.words[decided.value or outcome.none],
        "standing": decided.standing.value,
        "standing_says": decided.standing.says,
        "because": [rule.title for rule in decided.rules],
        "rules": list(decided.rule_ids),
        "statements": list(dict.fromkeys(s for rule in decided.rules for s in rule.statements)),
        "readings": sorted({r for rule in decided.rules for r in rule.rests_on}, key=reading_order),
    }


def _step(plan: Plan, step: Step, names: Names) -> dict[str, Any]:
    rule = step.rule
    activity = plan.ruleset.activities[rule.does].title
    does = f"{rule.modality.verb} {activity}"
    if rule.extent:
        does += f" ({rule.extent})"
    if step.of:
        does += f": {step.of}"
    return {
        "id": step.id,
        "says": sentence(f"{names.term(rule.by)} {does}"),
        "by": names.name(rule.by),
        "does": does,
        "activity": rule.does,
        "event": rule.completes or None,
        "to": [names.name(party) for party in rule.to],
        "of": step.of or None,
        "modality": rule.modality.value,
        "due": _span(step.due),
        "status": step.status.value,
        "decision": says_decision(step.decision) if step.decision else None,
        **_behind(rule),
    }


def _request(plan: Plan, request: DocumentRequest, names: Names) -> dict[str, Any]:
    rule = request.rule
    return {
        "id": request.id,
        "says": sentence(plan.ruleset.documents[rule.document].title),
        "document": rule.document,
        "by": names.name(rule.by),
        "of": names.name(rule.of),
        "modality": rule.modality.value,
        "suggested": request.suggested,
        "called_for_by": list(request.called_for_by),
        **_behind(rule),
    }


def _deadline(plan: Plan, deadline: Deadline, names: Names) -> dict[str, Any]:
    rule, actual = deadline.rule, deadline.actual
    return {
        "id": rule.id,
        "title": sentence(rule.title),
        "event": rule.event,
        "event_says": plan.ruleset.events[rule.event].title,
        "by": names.name(rule.by),
        "modality": rule.modality.value,
        "limit": says_event(plan.ruleset, rule.says) or None,
        "due": _span(deadline.due),
        "not_before": _span(deadline.not_before),
        "actual": _span(actual) if isinstance(actual, PartialDate) else None,
        "status": deadline.status.value,
        "status_says": deadline.status.says,
        "late_by_days": _days(deadline.late_by),
        "days_left": _days(deadline.days_left),
        "window": _span(deadline.window),
        "last_safe_day": _iso(deadline.last_safe_day),
        "bound_by": list(deadline.bound_by),
        "can_be_met": deadline.can_be_met,
        "working_day_before": _iso(deadline.working_day),
        "says": list(says_standing(deadline)),
        "decision": next(
            (
                says_decision(each)
                for each in let_off(plan.follow_up, deadline.rule, plan.on.toordinal())
            ),
            None,
        ),
        **_behind(rule),
        "readings": list(plan.readings_of(deadline)),
    }


def _iso(day: int | None) -> str | None:
    return None if day is None else PartialDate.between(day, day).edtf


def as_dict(plan: Plan) -> dict[str, Any]:
    """Return a plan as text, numbers, lists and mappings, as ``io/schemas/plan.json`` says."""
    force, rules = plan.follow_up.force, plan.ruleset
    names = Names.of(rules, force, plan.on.toordinal(), plan.decision.naming)
    outcomes = plan.decision.outcomes
    return {
        "schema": SCHEMA,
        "force": force.id,
        "force_name": force.name,
        "country": force.country,
        "chief_officer": names.office("chief-officer"),
        "local_policing_body": names.office("local-policing-body"),
        "on": plan.on.isoformat(),
        "on_says": says_day(plan.on.toordinal()),
        "ruleset": rules.settings.id,
        "title": rules.settings.title,
        "edition": rules.settings.edition,
        "engine": plan.engine,
        "engine_note": plan.engine_note or None,
        "tier": _decided(plan, "tier") if "tier" in outcomes else None,
        "outcomes": {name: _decided(plan, name) for name in outcomes if name != "tier"},
        "steps": [_step(plan, each, names) for each in plan.steps],
        "options": [_step(plan, each, names) for each in plan.options],
        "documents": [_request(plan, each, names) for each in plan.documents],
        "deadlines": [_deadline(plan, each, names) for each in plan.deadlines],
        "questions": [
            {
                "id": each.id,
                "says": each.rule.ask,
                "by": names.name(each.rule.by),
                **_behind(each.rule),
            }
            for each in plan.questions
        ],
        "alerts": [
            {
                "id": each.id,
                "says": each.says,
                "rules": list(each.rules),
                "statements": list(each.statements),
                "readings": list(each.readings),
            }
            for each in plan.alerts
        ],
        "unknown": [
            {
                "fact": each.fact,
                "says": each.title,
                "place": each.place,
                "tiers": list(each.tiers),
                "tiers_say": [rules.outcomes["tier"].words[word] for word in each.tiers],
                "rules_that_would_change": each.changes,
            }
            for each in plan.unknown
        ]
        + [
            {
                "fact": name,
                "says": f"The date: {rules.events[name].title}",
                "place": EVENTS.get(name, f"further.events.{name}"),
                "tiers": [],
                "tiers_say": [],
                "deadlines_that_wait": count,
            }
            for name, count in plan.unknown_dates
        ],
        "readings": [
            {
                "id": id_,
                "question": rules.readings[id_].question,
                "answer": plan.decision.words[id_],
                "says": rules.readings[id_].answers[plan.decision.words[id_]],
                "ours": rules.readings[id_].ours,
                "agreed_by": rules.readings[id_].agreed_by,
            }
            for id_ in plan.readings
        ],
    }
