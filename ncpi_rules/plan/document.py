"""A plan as published data, and the sentences in it: all that files, pages and programs get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import PartialDate, format_day, sentence
from ncpi_rules.deadlines import describe_status
from ncpi_rules.facts import EVENT_PLACES
from ncpi_rules.plan.parties import Names
from ncpi_rules.plan.waivers import describe_decision, waivers_of
from ncpi_rules.ruleset import interpretation_order, name_events

if TYPE_CHECKING:
    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan.items import Action, DocumentRequest
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
        "interpretations": list(rule.open_questions),
    }


def _decided(plan: Plan, name: str) -> dict[str, Any]:
    decided, outcome = plan.decision.outcomes[name], plan.ruleset.outcomes[name]
    return {
        "title": outcome.title,
        "value": decided.value,
        "says": outcome.values[decided.value or outcome.none],
        "basis": decided.basis.value,
        "basis_sentence": decided.basis.label,
        "because": [rule.title for rule in decided.rules],
        "rules": list(decided.rule_ids),
        "statements": list(dict.fromkeys(s for rule in decided.rules for s in rule.statements)),
        "interpretations": sorted(
            {r for rule in decided.rules for r in rule.open_questions}, key=interpretation_order
        ),
    }


def _step(plan: Plan, action: Action, names: Names) -> dict[str, Any]:
    rule = action.rule
    activity = plan.ruleset.activities[rule.does].title
    does = f"{rule.modality.verb} {activity}"
    if rule.extent:
        does += f" ({rule.extent})"
    if action.of:
        does += f": {action.of}"
    return {
        "id": action.id,
        "says": sentence(f"{names.term(rule.by)} {does}"),
        "by": names.name(rule.by),
        "does": does,
        "activity": rule.does,
        "event": rule.completes or None,
        "to": [names.name(party) for party in rule.to],
        "of": action.of or None,
        "modality": rule.modality.value,
        "due": _span(action.due),
        "status": action.status.value,
        "decision": describe_decision(action.decision) if action.decision else None,
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
        "prompted_by": list(request.prompted_by),
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
        "limit": name_events(plan.ruleset, rule.limit) or None,
        "due": _span(deadline.due),
        "not_before": _span(deadline.not_before),
        "actual": _span(actual) if isinstance(actual, PartialDate) else None,
        "status": deadline.status.value,
        "status_says": deadline.status.label,
        "late_by_days": _days(deadline.late_by),
        "days_left": _days(deadline.days_left),
        "window": _span(deadline.window),
        "latest_compliant_date": _iso(deadline.latest_compliant_date),
        "bound_by": list(deadline.bound_by),
        "can_be_met": deadline.can_be_met,
        "working_day_before": _iso(deadline.working_day),
        "says": list(describe_status(deadline)),
        "decision": next(
            (
                describe_decision(each)
                for each in waivers_of(plan.follow_up, deadline.rule, plan.on.toordinal())
            ),
            None,
        ),
        **_behind(rule),
        "interpretations": list(plan.interpretations_of(deadline)),
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
        "on_says": format_day(plan.on.toordinal()),
        "ruleset": rules.settings.id,
        "title": rules.settings.title,
        "edition": rules.settings.edition,
        "engine": plan.engine,
        "engine_note": plan.engine_note or None,
        "tier": _decided(plan, "tier") if "tier" in outcomes else None,
        "outcomes": {name: _decided(plan, name) for name in outcomes if name != "tier"},
        "required_actions": [_step(plan, each, names) for each in plan.required_actions],
        "optional_actions": [_step(plan, each, names) for each in plan.optional_actions],
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
                "interpretations": list(each.interpretations),
            }
            for each in plan.alerts
        ],
        "unknown": [
            {
                "fact": each.fact,
                "says": each.title,
                "place": each.place,
                "tiers": list(each.tiers),
                "tiers_say": [rules.outcomes["tier"].values[value] for value in each.tiers],
                "rules_that_would_change": each.changes,
            }
            for each in plan.unknown
        ]
        + [
            {
                "fact": name,
                "says": f"The date: {rules.events[name].title}",
                "place": EVENT_PLACES.get(name, f"further.events.{name}"),
                "tiers": [],
                "tiers_say": [],
                "deadlines_that_wait": count,
            }
            for name, count in plan.unknown_dates
        ],
        "interpretations": [
            {
                "id": id_,
                "question": rules.interpretations[id_].question,
                "answer": plan.decision.values[id_],
                "says": rules.interpretations[id_].answers[plan.decision.values[id_]],
                "ours": rules.interpretations[id_].ours,
                "agreed_by": rules.interpretations[id_].agreed_by,
            }
            for id_ in plan.interpretations
        ],
    }
