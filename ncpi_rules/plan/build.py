"""From what holds to the items of a plan: actions, documents and alerts.

No rule of a methodology is here: which items there are comes from the rules that apply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from attrs import frozen

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    Happened,
    PartialDate,
    Selection,
    Status,
    Unknown,
    When,
    one_of,
)
from ncpi_rules.deadlines import format_days
from ncpi_rules.facts import Suspension, Waiver, happened, made, slug
from ncpi_rules.plan.items import Action, Alert, DocumentRequest, Progress
from ncpi_rules.plan.waivers import describe_decision, describe_suspension, waivers_of
from ncpi_rules.ruleset import ActionRule, AlertRule, OutcomeRule, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.deadlines import Days, Deadline
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Decision, Ruleset


def actions_of(
    rules: Sequence[ActionRule],
    follow_up: FollowUp,
    owed: Mapping[str, Owed],
    day: int,
    shared: Shared,
) -> Iterator[Action]:
    """Yield the actions on a day (an ordinal).

    ``owed`` is what :func:`owed_by` finds, ``shared`` what plans of the ruleset have in common.
    """
    events, decisions = follow_up.dates.events, follow_up.waivers
    for rule in rules:
        if not (rule.completes or rule.for_each or decisions):
            yield shared.undated[rule.id]
            continue
        due, status = None, Progress.UNKNOWN
        if rule.completes:
            due, overdue = owed.get(rule.completes, _NOTHING_OWED)
            status = _progress(events.get(rule.completes, UNKNOWN), day, overdue=overdue)
        decision = next(iter(waivers_of(follow_up, rule, day)), None) if decisions else None
        if decision is not None and status is not Progress.DONE:
            waived = isinstance(decision, Waiver)
            status = Progress.WAIVED if waived else Progress.VARIED
        last_day = None if due is None else PartialDate.between(*due)
        entries = _entries(rule.for_each, follow_up) if rule.for_each else ()
        if not entries:
            yield Action(id=rule.id, rule=rule, status=status, due=last_day, decision=decision)
            continue
        for area in entries:
            yield Action(
                id=f"{rule.id}[{slug(area)}]",
                rule=rule,
                status=status,
                due=last_day,
                of=area,
                decision=decision,
            )


Owed: TypeAlias = "tuple[Days | None, bool]"
"""The nearest last day on an event, and whether it is overdue."""

_NOTHING_OWED: Final[Owed] = (None, False)


def owed_by(deadlines: tuple[Deadline, ...]) -> dict[str, Owed]:
    """Return for each event the nearest last day of its deadlines, and whether one is overdue."""
    found: dict[str, Owed] = {}
    for each in deadlines:
        due, status, _ = each.figures
        event = each.rule.event
        nearest, overdue = found.get(event, _NOTHING_OWED)
        if nearest is not None and (due is None or nearest[::-1] <= due[::-1]):
            due = nearest
        found[event] = due, overdue or status is Status.OVERDUE
    return found


@frozen(eq=False)
class Shared:
    """What plans of a ruleset share: actions and alerts that are the same in every plan."""

    undated: Mapping[str, Action]
    alerts: Mapping[str, Alert]

    @classmethod
    def of(cls, ruleset: Ruleset) -> Self:
        """Return what plans of a ruleset share."""
        return cls(
            undated={
                rule.id: Action(id=rule.id, rule=rule, status=Progress.UNKNOWN)
                for rule in ruleset.of_kind(ActionRule)
            },
            alerts={
                rule.id: _alert(rule.id, rule.alert, rule) for rule in ruleset.of_kind(AlertRule)
            },
        )


def _entries(list_: str, follow_up: FollowUp) -> tuple[str, ...]:
    """Return the entries of a list of the facts, in an order of its own; none where unknown."""
    found: tuple[str, ...] | Unknown
    if list_ == "recommendations":
        recommendations = follow_up.inspection_report.recommendations
        found = () if recommendations is UNKNOWN else tuple(each.id for each in recommendations)
    else:
        found = follow_up.action_plan.areas_of_concern
    return () if found is UNKNOWN else tuple(sorted(found, key=slug))


def _progress(when: When, day: int, *, overdue: bool) -> Progress:
    has = happened(when, day)
    if has is Happened.YES:
        return Progress.DONE
    if has is Happened.UNKNOWN:
        return Progress.UNKNOWN
    if when is not NOT_YET:
        return Progress.PLANNED
    return Progress.OVERDUE if overdue else Progress.TO_DO


def documents_of(decision: Decision, follow_up: FollowUp) -> Iterator[DocumentRequest]:
    """Yield the documents that may be asked for, each with what calls for it."""
    if not decision.applicable.documents:
        return
    calls, may_call = _calls(follow_up)
    selection = decision.selection
    for rule in decision.applicable.documents:
        called = tuple([told for topics, told in calls if not topics.isdisjoint(rule.prompted_by)])
        suggested = bool(called) or (None if may_call else False)
        if selection is not Selection.WHERE_PROMPTED:
            suggested = selection is Selection.ALL
        yield DocumentRequest(id=rule.id, rule=rule, suggested=suggested, prompted_by=called)


def _calls(follow_up: FollowUp) -> tuple[list[tuple[frozenset[str], str]], bool]:
    """Return what may call for documents, by topics, and whether something not known may."""
    recommendations = follow_up.inspection_report.recommendations
    areas = follow_up.action_plan.areas_of_concern
    found: list[tuple[frozenset[str], str]] = []
    may_call = recommendations is UNKNOWN or areas is UNKNOWN
    if recommendations is not UNKNOWN:
        for each in sorted(recommendations, key=lambda one: one.id):
            given = (each.topic, each.area)
            topics = frozenset(slug(topic) for topic in given if topic is not UNKNOWN)
            found.append((topics | {"any-recommendation"}, f"recommendation {each.id}"))
            may_call = may_call or each.topic is UNKNOWN
    if areas is not UNKNOWN:
        for area in sorted(areas, key=slug):
            topics = frozenset({slug(area), "any-area-of-concern"})
            found.append((topics, f"area of concern: {area}"))
    return found, may_call


def alerts_of(
    decision: Decision,
    follow_up: FollowUp,
    deadlines: tuple[Deadline, ...],
    day: int,
    shared: Shared,
) -> Iterator[Alert]:
    """Yield what a reader should know on a day (an ordinal)."""
    for rule in decision.applicable.alerts:
        yield shared.alerts[rule.id]
    for name, decided in decision.outcomes.items():
        if not decided.rules:
            title = decision.ruleset.outcomes[name].title.lower()
            yield Alert(
                id=f"not-covered.{name}",
                says=f"No rule of the edition covers this case, to say {title}: inspectors decide.",
                statements=_cited(
                    rule for rule in decision.ruleset.of_kind(OutcomeRule) if rule.decides == name
                ),
            )
    for deadline in deadlines:
        says = _says_trouble(deadline)
        if not says:
            continue
        let_go = waivers_of(follow_up, deadline.rule, day)
        says += "".join(f" {describe_decision(each)}" for each in let_go)
        says += "".join(
            f" {describe_suspension(each)} The days late stand."
            for each in suspensions_of(deadline, follow_up, day)
        )
        yield _alert(f"alert.{deadline.id}", says, deadline.rule)
    if decision.applicable.documents:
        yield from _unknown_topics(decision, follow_up)
    yield from _outside_the_edition(decision.ruleset, follow_up)


def _outside_the_edition(rules: Ruleset, follow_up: FollowUp) -> Iterator[Alert]:
    stands, event = rules.settings.in_force, rules.settings.selected_by
    when = follow_up.dates.events.get(event, UNKNOWN)
    if stands is None or not isinstance(when, PartialDate):
        return
    if when.end < stands.start or when.start > stands.end:
        yield Alert(
            id="outside-the-edition",
            says=f"The edition stands for the time {stands.text}; {when.text}, "
            f"{rules.events[event].title}, is outside it.",
            statements=tuple(
                id_ for id_, each in rules.statements.items() if each.no_rule == "scope"
            ),
        )


def _alert(id_: str, says: str, rule: Rule) -> Alert:
    return Alert(
        id=id_,
        says=says,
        rules=(rule.id,),
        statements=rule.statements,
        interpretations=rule.open_questions,
    )


def _cited(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for rule in rules for each in rule.statements))


_NO_TROUBLE: Final = frozenset(Status) - {Status.LATE, Status.OVERDUE, Status.TOO_EARLY}


def _says_trouble(deadline: Deadline) -> str:
    if deadline.status in _NO_TROUBLE and deadline.can_be_met:
        return ""
    title = deadline.rule.title
    if deadline.status is Status.LATE and deadline.late_by is not None:
        return f"Late by {format_days(deadline.late_by)}: {title}."
    if deadline.status is Status.OVERDUE and deadline.late_by is not None:
        return f"Overdue by {format_days(deadline.late_by)} so far: {title}."
    if deadline.status in {Status.LATE, Status.OVERDUE}:
        return f"Too late: {title}."
    if deadline.status is Status.TOO_EARLY:
        return f"Too early: {title}."
    return f"This can no longer be met: {title}."


def suspensions_of(deadline: Deadline, follow_up: FollowUp, day: int) -> list[Suspension]:
    """Return the suspensions that may touch the days for which a deadline is late."""
    if deadline.late_by is None:
        return []
    found = [
        each
        for each in follow_up.decisions
        if isinstance(each, Suspension)
        and made(each, day) is not Happened.NO
        and _overlaps(each, deadline, day)
    ]
    return sorted(found, key=str)


def _overlaps(suspension: Suspension, deadline: Deadline, day: int) -> bool:
    """Return True where a suspension may touch the days before a late event."""
    actual = deadline.actual
    last = actual.end if isinstance(actual, PartialDate) else day
    begins, ends = suspension.begins, suspension.ends
    begun = not isinstance(begins, PartialDate) or begins.start <= last
    due = deadline.due.start if deadline.due is not None else day
    over = isinstance(ends, PartialDate) and ends.end < min(due, last)
    return begun and not over


def _unknown_topics(decision: Decision, follow_up: FollowUp) -> Iterator[Alert]:
    rules = decision.ruleset
    recommendations = follow_up.inspection_report.recommendations
    if recommendations is UNKNOWN or not rules.topics:
        return
    for each in sorted(recommendations, key=lambda one: one.id):
        if each.topic is not UNKNOWN and each.topic not in rules.topics:
            yield Alert(
                id=f"unknown-topic.{slug(each.id)}",
                says=f"The topic '{each.topic}' of recommendation {each.id} is not in the "
                f"vocabulary, so it calls for no document. {one_of(each.topic, rules.topics)}",
                statements=_cited(decision.applicable.documents),
            )
