"""From the rules that apply to the items of a plan: actions, documents and alerts.

No rule of a methodology is here: which items there are comes from the rules that apply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import (
    NOT_MET,
    NOT_YET,
    UNKNOWN,
    Happened,
    PartialDate,
    Selection,
    Status,
    Unknown,
    When,
    day_of,
    format_day,
    one_of,
)
from ncpi_rules.deadlines import describe_status
from ncpi_rules.facts import Waiver, happened, name_facts, slug
from ncpi_rules.plan.document import (
    Action,
    Alert,
    DayRange,
    DocumentRequest,
    PlanDeadline,
    Progress,
)
from ncpi_rules.plan.waivers import (
    describe_decision,
    describe_suspension,
    suspensions_of,
    waivers_of,
)
from ncpi_rules.ruleset import ActionRule, OutcomeRule, Rule, interpretation_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.core import Day
    from ncpi_rules.deadlines import Days, Deadline
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.plan.templates import Owed, Templates
    from ncpi_rules.ruleset import Decision, Ruleset

_NOTHING_OWED: Final[Owed] = (None, False)


def actions_of(
    rules: Sequence[ActionRule],
    follow_up: FollowUp,
    owed: Mapping[str, Owed],
    day: int,
    templates: Templates,
) -> Iterator[Action]:
    """Yield the actions on a day (an ordinal); ``owed`` is what :func:`owed_by` returns."""
    events = name_facts(follow_up, templates.ruleset.contract).dates.events
    waivers = follow_up.waivers
    for rule in rules:
        if not (rule.completes or rule.for_each or waivers):
            yield templates.action(rule, Progress.UNKNOWN)
            continue
        due, status, decision = None, Progress.UNKNOWN, None
        if rule.completes:
            due, overdue = owed.get(rule.completes, _NOTHING_OWED)
            status = _progress(events.get(rule.completes, UNKNOWN), day, overdue=overdue)
        if waivers and (waiver := next(iter(waivers_of(follow_up, rule, day)), None)):
            decision = describe_decision(waiver)
            if status is not Progress.DONE:
                status = Progress.WAIVED if isinstance(waiver, Waiver) else Progress.VARIED
        entries = _entries(rule.for_each, follow_up) if rule.for_each else ()
        if not entries:
            yield templates.action(rule, status, due, decision)
        for entry in entries:
            yield templates.action(rule, status, due, decision, (slug(entry), entry))


def owed_by(schedule: Iterable[Deadline]) -> dict[str, Owed]:
    """Return for each event its nearest due date, and whether one of its deadlines is overdue."""
    owed: dict[str, Owed] = {}
    for deadline in schedule:
        due, status, _ = deadline.figures
        event = deadline.rule.event
        nearest, overdue = owed.get(event, _NOTHING_OWED)
        if nearest is not None and (due is None or nearest[::-1] <= due[::-1]):
            due = nearest
        owed[event] = due, overdue or status is Status.OVERDUE
    return owed


def _entries(list_: str, follow_up: FollowUp) -> tuple[str, ...]:
    """Return the entries of a list of the facts, by their slugs; none where it is not known."""
    entries: tuple[str, ...] | Unknown
    if list_ == "recommendations":
        recommendations = follow_up.inspection_report.recommendations
        entries = () if recommendations is UNKNOWN else tuple(made.id for made in recommendations)
    else:
        entries = follow_up.action_plan.areas_of_concern
    return () if entries is UNKNOWN else tuple(sorted(entries, key=slug))


def _progress(when: When, day: int, *, overdue: bool) -> Progress:
    has = happened(when, day)
    if has is Happened.YES:
        return Progress.DONE
    if has is Happened.UNKNOWN:
        return Progress.UNKNOWN
    if when is not NOT_YET:
        return Progress.PLANNED
    return Progress.OVERDUE if overdue else Progress.TO_DO


def documents_of(
    decision: Decision, follow_up: FollowUp, templates: Templates
) -> Iterator[DocumentRequest]:
    """Yield the documents that may be asked for, each with what prompts it."""
    if not decision.applicable.documents:
        return
    prompts, may_prompt = _prompts(follow_up)
    selection = decision.selection
    for rule in decision.applicable.documents:
        prompted_by = tuple(
            [title for topics, title in prompts if not topics.isdisjoint(rule.prompted_by)]
        )
        suggested = bool(prompted_by) or (None if may_prompt else False)
        if selection is not Selection.WHERE_PROMPTED:
            suggested = selection is Selection.ALL
        yield templates.request(rule, suggested=suggested, prompted_by=prompted_by)


def _prompts(follow_up: FollowUp) -> tuple[list[tuple[frozenset[str], str]], bool]:
    """Return what may prompt documents, by topics, and whether something not known may."""
    recommendations = follow_up.inspection_report.recommendations
    areas = follow_up.action_plan.areas_of_concern
    prompts: list[tuple[frozenset[str], str]] = []
    may_prompt = recommendations is UNKNOWN or areas is UNKNOWN
    if recommendations is not UNKNOWN:
        for made in sorted(recommendations, key=lambda one: one.id):
            topics = frozenset(
                slug(topic) for topic in (made.topic, made.area) if topic is not UNKNOWN
            )
            prompts.append((topics | {"any-recommendation"}, f"recommendation {made.id}"))
            may_prompt = may_prompt or made.topic is UNKNOWN
    if areas is not UNKNOWN:
        for area in sorted(areas, key=slug):
            topics = frozenset({slug(area), "any-area-of-concern"})
            prompts.append((topics, f"area of concern: {area}"))
    return prompts, may_prompt


def alerts_of(
    decision: Decision,
    follow_up: FollowUp,
    deadlines: Iterable[PlanDeadline],
    day: int,
    templates: Templates,
) -> Iterator[Alert]:
    """Yield what a reader should know on a day (an ordinal)."""
    for rule in decision.applicable.alerts:
        yield templates.alert(rule, rule.alert, rule.id)
    for name, decided in decision.outcomes.items():
        if not decided.rules:
            yield _not_covered(decision.ruleset, name)
    for deadline in deadlines:
        text = _breach(deadline)
        if not text:
            continue
        of = decision.ruleset.rules[deadline.id]
        if follow_up.decisions:
            waivers = waivers_of(follow_up, of, day)
            suspensions = suspensions_of(deadline, follow_up, day)
            text += "".join(f" {describe_decision(waiver)}" for waiver in waivers)
            text += "".join(
                f" {describe_suspension(suspension)} The days late stand."
                for suspension in suspensions
            )
        yield templates.alert(of, text, f"alert.{deadline.id}")
    if decision.applicable.documents:
        yield from _unknown_topics(decision, follow_up)
    yield from _outside_the_edition(decision.ruleset, follow_up)


def _alert(id_: str, text: str, statements: Iterable[str]) -> Alert:
    """Return an alert that no rule raises."""
    return Alert(id=id_, sentence=text, rules=(), statements=tuple(statements), interpretations=())


def _not_covered(ruleset: Ruleset, name: str) -> Alert:
    title = ruleset.outcomes[name].title.lower()
    return _alert(
        f"not-covered.{name}",
        f"No rule of the edition covers this case, to say {title}: inspectors decide.",
        _cited(rule for rule in ruleset.of_kind(OutcomeRule) if rule.decides == name),
    )


def _outside_the_edition(rules: Ruleset, follow_up: FollowUp) -> Iterator[Alert]:
    stands, event = rules.settings.in_force, rules.settings.selected_by
    when = name_facts(follow_up, rules.contract).dates.events.get(event, UNKNOWN)
    if stands is None or not isinstance(when, PartialDate):
        return
    if when.start < stands.start or when.end > stands.end:
        is_outside = when.end < stands.start or when.start > stands.end
        yield _alert(
            "outside-the-edition",
            f"This edition applies from {format_day(stands.start)} to {format_day(stands.end)}; "
            f"the date of '{rules.events[event].title}', {when.text}, "
            f"{'is' if is_outside else 'may be'} outside it.",
            (id_ for id_, statement in rules.statements.items() if statement.no_rule == "scope"),
        )


def _cited(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id_ for rule in rules for id_ in rule.statements))


def _breach(deadline: PlanDeadline) -> str:
    """Return in a sentence why a deadline is not met, or nothing."""
    if deadline.status not in NOT_MET and deadline.can_be_met:
        return ""
    late = deadline.late_by_days
    if deadline.status is Status.LATE and late is not None:
        return f"Late by {late.text}: {deadline.sentence}"
    if deadline.status is Status.OVERDUE and late is not None:
        return f"Overdue by {late.text} so far: {deadline.sentence}"
    if deadline.status in {Status.LATE, Status.OVERDUE}:
        return f"Too late: {deadline.sentence}"
    if deadline.status is Status.TOO_EARLY:
        return f"Too early: {deadline.sentence}"
    return f"This can no longer be met: {deadline.sentence}"


def _unknown_topics(decision: Decision, follow_up: FollowUp) -> Iterator[Alert]:
    rules = decision.ruleset
    recommendations = follow_up.inspection_report.recommendations
    if recommendations is UNKNOWN or not rules.topics:
        return
    for made in sorted(recommendations, key=lambda one: one.id):
        if made.topic is not UNKNOWN and made.topic not in rules.topics:
            yield _alert(
                f"unknown-topic.{slug(made.id)}",
                f"The topic '{made.topic}' of recommendation {made.id} is not in the "
                f"vocabulary, so it prompts no document. {one_of(made.topic, rules.topics)}",
                _cited(decision.applicable.documents),
            )


def deadlines_on(
    schedule: Iterable[Deadline], follow_up: FollowUp, day: int, templates: Templates
) -> Iterator[PlanDeadline]:
    """Yield the deadlines of a schedule as items of the plan on a day (an ordinal)."""
    for deadline in schedule:
        fields = templates.deadline_fields(deadline.rule)
        working_day, actual = deadline.working_day, deadline.actual
        if working_day is not None:
            fields = {**fields, "interpretations": _with_days_off(templates.ruleset, fields)}
        waivers = waivers_of(follow_up, deadline.rule, day)
        yield PlanDeadline(
            **fields,
            due=deadline.due,
            not_before=deadline.not_before,
            actual=PartialDate.between(actual.start, actual.end)
            if isinstance(actual, PartialDate)
            else None,
            status=deadline.status,
            status_label=deadline.status.label,
            late_by_days=_range(deadline.late_by),
            days_left=_range(deadline.days_left),
            window=deadline.window,
            latest_compliant_date=_day(deadline.latest_compliant_date),
            bound_by=deadline.bound_by,
            can_be_met=deadline.can_be_met,
            working_day_before=_day(working_day),
            status_sentences=tuple(describe_status(deadline)),
            decision=describe_decision(waivers[0]) if waivers else None,
        )


def _with_days_off(ruleset: Ruleset, fields: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the interpretations of a deadline, that on days that are not worked included."""
    days_off = ruleset.settings.due_date_not_working
    ids = {*fields["interpretations"], *({days_off} & ruleset.interpretations.keys())}
    return tuple(sorted(ids, key=interpretation_order))


def _range(days: Days | None) -> DayRange | None:
    return None if days is None else DayRange(*days)


def _day(ordinal: int | None) -> Day | None:
    return None if ordinal is None else day_of(ordinal)
