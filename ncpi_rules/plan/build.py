"""From the rules that apply to the items of a plan: actions, documents, deadlines and alerts.

No rule of a methodology is here: which items there are comes from the rules that apply.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from attrs import evolve

from ncpi_rules.core import (
    NOT_TRACKED,
    UNKNOWN,
    WORST,
    Happened,
    Modality,
    PartialDate,
    Selection,
    Status,
    Unknown,
    When,
    day_of,
    lower_first,
    one_of,
    upper_first,
)
from ncpi_rules.deadlines import OwnDays, figures_of
from ncpi_rules.facts import name_facts, slug
from ncpi_rules.plan.document import (
    EDITION_NOT_CERTAIN,
    NOT_BEGUN,
    OUTSIDE_THE_EDITION,
    Action,
    Alert,
    DocumentRequest,
    PlanDeadline,
    PlanItem,
)
from ncpi_rules.plan.inputs import DayRange, Repeating, counted_from, date_of, selecting_date
from ncpi_rules.plan.statuses import (
    describe_decision,
    describe_status,
    describe_suspension,
    status_by,
    suspensions_of,
    waivers_of,
)
from ncpi_rules.ruleset import (
    DUE_DATE_NOT_WORKING,
    ActionRule,
    OutcomeRule,
    cited,
    interpretation_order,
    selected_from,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from ncpi_rules.core import Day
    from ncpi_rules.deadlines import Days, Deadline
    from ncpi_rules.facts import FollowUp, Variation, Waiver
    from ncpi_rules.plan.statuses import StatusTexts
    from ncpi_rules.plan.templates import ItemState, Templates
    from ncpi_rules.ruleset import Decision, Ruleset

T = TypeVar("T", bound=PlanItem)


def actions_of(
    rules: Sequence[ActionRule],
    follow_up: FollowUp,
    schedule: Iterable[Deadline],
    texts: StatusTexts,
    templates_of: Callable[[When], Templates],
) -> Iterator[Action]:
    """Yield the actions, with the parties named as they are on the day of each action's event.

    ``schedule`` has the deadlines of the events that complete them.
    """
    contract, waivers = templates_of(UNKNOWN).ruleset.contract, follow_up.waivers
    events = name_facts(follow_up, contract).dates.events
    by_event: dict[str, list[Deadline]] = {}
    for deadline in schedule:
        by_event.setdefault(deadline.rule.event, []).append(deadline)
    for rule in rules:
        actual = events.get(rule.completes, UNKNOWN)
        waiver = next(iter(waivers_of(follow_up, rule, texts.on)), None) if waivers else None
        deadlines = by_event.get(rule.completes, ())
        state = state_of(deadlines, actual, waiver, texts, rule.completes)
        if not rule.completes and state[1] is Status.CANNOT_TELL:
            state = None, Status.CANNOT_TELL, NOT_TRACKED, ""  # nothing can be recorded of it
        decision = None if waiver is None else describe_decision(waiver)
        for entry in (rule.for_each and _entries(rule.for_each, follow_up)) or (None,):
            about = None if entry is None else (slug(entry), entry)
            yield templates_of(actual).action(rule, state, decision, about)


def state_of(
    deadlines: Sequence[Deadline],
    actual: When,
    waiver: Waiver | Variation | None,
    texts: StatusTexts,
    event: str,
) -> ItemState:
    """Return the state of an action by the deadlines on its event, or by its date alone.

    The nearest due date counts, and the worst status.
    """
    nearest, own, modality = None, OwnDays(), Modality.MUST
    if deadlines:
        dues = [deadline.figures.due for deadline in deadlines if deadline.figures.due is not None]
        nearest = min(dues, key=lambda due: due[::-1], default=None)
        first = min(deadlines, key=lambda deadline: WORST.index(deadline.status))
        figures, own, modality = first.figures, first.own, first.rule.modality
    else:
        figures = figures_of(own, actual, texts.on, texts.begun)
    if waiver is not None:
        figures = figures.let_off(status_by(waiver), modality)
    return nearest, figures.status, texts.tag(figures), texts.line(figures, actual, own, event)


def _entries(list_: str, follow_up: FollowUp) -> tuple[str, ...]:
    """Return the entries of a list of the facts, by their slugs; none where it is not known."""
    entries: tuple[str, ...] | Unknown
    if not list_:
        return ()
    if list_ == "recommendations":
        recommendations = follow_up.inspection_report.recommendations
        entries = () if recommendations is UNKNOWN else tuple(made.id for made in recommendations)
    else:
        entries = follow_up.action_plan.areas_of_concern
    return () if entries is UNKNOWN else tuple(sorted(entries, key=slug))


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
        suggested = bool(prompted_by) or (None if may_prompt and rule.prompted_by else False)
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
        for recommendation in sorted(recommendations, key=lambda item: item.id):
            topics = frozenset(
                slug(topic)
                for topic in (recommendation.topic, recommendation.area)
                if topic is not UNKNOWN
            )
            prompts.append((topics | {"any-recommendation"}, f"recommendation {recommendation.id}"))
            may_prompt = may_prompt or recommendation.topic is UNKNOWN
    if areas is not UNKNOWN:
        for area in sorted(areas, key=slug):
            topics = frozenset({slug(area), "any-area-of-concern"})
            prompts.append((topics, f"area of concern: {area}"))
    return prompts, may_prompt


def alerts_of(
    decision: Decision,
    follow_up: FollowUp,
    deadlines: Iterable[PlanDeadline],
    texts: StatusTexts,
    templates: Templates,
) -> Iterator[Alert]:
    """Yield what a reader should know; what bears on everything else comes first."""
    rules = {rule.rule: rule for rule in decision.applicable.deadlines}
    if texts.begun is not Happened.YES:
        yield _not_begun(decision.ruleset, follow_up, texts)
    for rule in decision.applicable.alerts:
        yield templates.alert(rule, rule.alert, rule.rule)
    for name, decided in decision.outcomes.items():
        if not decided.rules:
            yield _not_covered(decision.ruleset, name)
    for deadline in deadlines:
        if text := _breach(deadline):
            text += "".join(
                f" {describe_suspension(suspension)} The days late stand."
                for suspension in suspensions_of(deadline, follow_up, texts.on)
            )
            if number := deadline.revisit:
                name = decision.ruleset.derive(Repeating).name_of(number)
                text = f"{name}: {lower_first(text)}"
            alert = templates.alert(rules[deadline.rules[0]], text, f"alert.{deadline.id}")
            yield evolve(alert, revisit=number) if number else alert
    if decision.applicable.documents:
        yield from _unknown_topics(decision, follow_up)


def _not_begun(ruleset: Ruleset, follow_up: FollowUp, texts: StatusTexts) -> Alert:
    when = selecting_date(follow_up, ruleset)
    date = f" It is dated {when.text}." if isinstance(when, PartialDate) else ""
    if texts.begun is Happened.NO:
        text = f"Nothing is due yet, because this is still to come: {texts.first}.{date}"
    else:
        text = f"It is not certain whether anything is due yet: {texts.first}.{date}"
    scope = (id_ for id_, statement in ruleset.statements.items() if statement.no_rule == "scope")
    return Alert.of(NOT_BEGUN, text, scope)


def _not_covered(ruleset: Ruleset, name: str) -> Alert:
    title = ruleset.outcomes[name].title.lower()
    return Alert.of(
        f"not-covered.{name}",
        f"No rule of the edition covers this case, to say {title}: inspectors decide.",
        cited(rule for rule in ruleset.of_kind(OutcomeRule) if rule.decides == name),
    )


def edition_alerts(editions: tuple[Ruleset, ...], follow_up: FollowUp, on: int) -> Iterator[Alert]:
    """Yield that no edition applies on the date that selects one, or that it is not certain."""
    selected = selected_from(editions, partial(selecting_date, follow_up), on)
    if text := selected.sentence:
        statements = selected.ruleset.statements.items()
        yield Alert.of(
            OUTSIDE_THE_EDITION if selected.may_be_outside else EDITION_NOT_CERTAIN,
            text,
            (id_ for id_, statement in statements if statement.no_rule == "scope"),
        )


def _breach(deadline: PlanDeadline) -> str:
    """Return in a sentence why a deadline is not met, or will not be as it is planned."""
    late, status = deadline.late_by_days, deadline.status
    if status in {Status.WAIVED, Status.VARIED}:
        so_far = "" if late is None else f" ({lower_first(deadline.status_line)})"
        label = upper_first(status.label)
        return f"{label}{so_far}: {deadline.sentence} {deadline.decision or ''}".rstrip()
    if status is Status.PROJECTED_LATE and late is not None:
        left = deadline.days_left
        remain = "" if left is None else f" {left.text} left to bring it forward."
        return f"Projected to be late by {late.text}: {deadline.sentence}{upper_first(remain)}"
    if late is not None:
        start = {Status.LATE: "Late by {}", Status.OVERDUE: "Overdue by {} so far"}
        text = start.get(status, "Late by {}, whether it has happened yet or not").format(late.text)
        return f"{text}: {deadline.sentence}"
    if status is Status.TOO_EARLY:
        return f"Too early: {deadline.sentence}"
    first, actual = deadline.not_before, deadline.actual
    if status is Status.PLANNED and first is not None and actual is not None:
        return f"Planned too early: {deadline.sentence}" if actual.end < first.start else ""
    return "" if deadline.can_be_met else f"This can no longer be met: {deadline.sentence}"


def _unknown_topics(decision: Decision, follow_up: FollowUp) -> Iterator[Alert]:
    rules = decision.ruleset
    recommendations = follow_up.inspection_report.recommendations
    if recommendations is UNKNOWN or not rules.topics:
        return
    for recommendation in sorted(recommendations, key=lambda item: item.id):
        topic = recommendation.topic
        if topic is not UNKNOWN and topic not in rules.topics:
            yield Alert.of(
                f"unknown-topic.{slug(recommendation.id)}",
                f"The topic '{topic}' of recommendation {recommendation.id} is not in the "
                f"vocabulary, so it prompts no document. {one_of(topic, rules.topics)}",
                cited(decision.applicable.documents),
            )


def deadlines_on(
    schedule: Iterable[Deadline],
    follow_up: FollowUp,
    texts: StatusTexts,
    templates_of: Callable[[When], Templates],
) -> Iterator[PlanDeadline]:
    """Yield the deadlines as items of the plan, with the parties named as they are on its day."""
    events = name_facts(follow_up, templates_of(UNKNOWN).ruleset.contract).dates.events
    for deadline in schedule:
        templates = templates_of(deadline.actual)
        fields = templates.deadline_fields(deadline.rule)
        working_day, actual, figures = deadline.working_day, deadline.actual, deadline.figures
        if working_day is not None:
            fields = {**fields, "interpretations": _with_days_off(templates.ruleset, fields)}
        waivers = waivers_of(follow_up, deadline.rule, texts.on)
        tag = texts.tag(figures)
        line = texts.line(figures, actual, deadline.own, deadline.rule.event)
        yield PlanDeadline(
            **fields,
            counted_from=tuple(counted_from(deadline.rule, events, templates.ruleset)),
            due=deadline.due,
            not_before=deadline.not_before,
            actual=date_of(actual),
            status=deadline.status,
            status_label=tag,
            status_line=line,
            late_by_days=_range(deadline.late_by),
            days_left=_range(deadline.days_left),
            window=deadline.window,
            latest_compliant_date=_day(deadline.latest_compliant_date),
            bound_by=deadline.bound_by,
            can_be_met=deadline.can_be_met,
            working_day_before=_day(working_day),
            status_sentences=tuple(describe_status(deadline, tag, line)),
            decision=describe_decision(waivers[0]) if waivers else None,
        )


def _with_days_off(ruleset: Ruleset, fields: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the interpretations of a deadline, that on days that are not worked included."""
    days_off = ruleset.choice(DUE_DATE_NOT_WORKING)
    ids = {*fields["interpretations"], *({days_off} & ruleset.interpretations.keys())}
    return tuple(sorted(ids, key=interpretation_order))


def _range(days: Days | None) -> DayRange | None:
    return None if days is None else DayRange(*days)


def _day(ordinal: int | None) -> Day | None:
    return None if ordinal is None else day_of(ordinal)


def numbered_id(id_: str, number: int) -> str:
    """Return the id of an item that repeats: that of the first revisit is as it is alone.

    >>> numbered_id("deadline.notice", 1), numbered_id("deadline.notice", 2)
    ('deadline.notice', 'deadline.notice@2')
    """
    return id_ if number == 1 else f"{id_}@{number}"


def numbered(item: T, number: int, rules: Collection[str]) -> T:
    """Return an item of a plan with the number of its revisit, where its rule is among some."""
    if not item.rules or item.rules[0] not in rules:
        return item
    item = evolve(item, id=numbered_id(item.id, number), revisit=number)
    if isinstance(item, PlanDeadline):
        bound_by = (numbered_id(id_, number) if id_ in rules else id_ for id_ in item.bound_by)
        item = evolve(item, bound_by=tuple(bound_by))
    return item
