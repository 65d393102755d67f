"""From the facts of one follow-up to its plan: the one path through the floors below.

Floor 9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.dates import PartialDate, When, day_of, read_day
from ncpi_rules.deciding import Decision, decide, engine_of
from ncpi_rules.errors import FactsError, Problem, one_of
from ncpi_rules.facts import (
    EVENTS,
    WORDS,
    Departure,
    FollowUp,
    Suspension,
    TierChosen,
    Waiver,
    happened,
    made,
    slug,
)
from ncpi_rules.items import Alert, DocumentRequest, Progress, Question, Step
from ncpi_rules.letting_go import let_off, says_suspension
from ncpi_rules.plan import Plan
from ncpi_rules.ruleset.load import shipped_ruleset
from ncpi_rules.ruleset.model import OutcomeRule, Rule, Ruleset, StepRule
from ncpi_rules.scheduling import Deadline, says_days, schedule
from ncpi_rules.words import (
    NOT_YET,
    UNKNOWN,
    Happened,
    Modality,
    Selection,
    Status,
    Unknown,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence


def assess(
    follow_up: FollowUp,
    *,
    on: datetime.date | str,
    ruleset: Ruleset | None = None,
    readings: Mapping[str, str] | None = None,
    engine: str | None = None,
) -> Plan:
    """Return the plan of a follow-up on a day.

    ``on`` is always given: the library never asks a clock. ``ruleset`` is the shipped one unless
    another is given; ``readings`` asks for other answers to doubts, such as
    ``{"R1": "findings-decide"}``; ``engine`` names ``durable-rules`` or ``reference``.

    Raises FactsError for facts that the ruleset has no words for, UnknownItemError for a reading
    that it does not have, DateError for a day that is none, EngineFault where an engine fails.

    >>> follow_up = FollowUp.from_dict({
    ...     "force": "northumbria",
    ...     "inspection_report": {"published": "2018-06-28", "findings": "broadly-positive"},
    ...     "prospects": "no-concerns",
    ... })
    >>> plan = assess(follow_up, on="2018-07-01")
    >>> plan.tier.value, plan.tier.standing.value
    ('post-inspection-visit', 'follows-from-the-methodology')
    >>> [deadline.due for deadline in plan.deadlines if deadline.id == "deadline.revisit"]
    [PartialDate('2018-12-28')]
    """
    day = read_day(on).toordinal()
    rules = ruleset if ruleset is not None else shipped_ruleset()
    decision = decide(rules, _words(follow_up, rules, day), readings=readings, engine=engine)
    _check_names(follow_up, rules)
    holding = decision.holding
    deadlines = schedule(
        holding.deadlines, follow_up.events(), day, rules.calendar, decision.last_day
    )
    by_event: dict[str, list[Deadline]] = {}
    for each in deadlines:
        by_event.setdefault(each.rule.event, []).append(each)
    note = engine_of(rules, engine).fallback_reason or ""
    undated: dict[str, Step] = rules.kept("undated steps", dict)
    return Plan(
        follow_up=follow_up,
        on=day_of(day),
        decision=decision,
        engine_note=note,
        steps=tuple(_steps(holding.steps, follow_up, by_event, day, undated)),
        options=tuple(_steps(holding.options, follow_up, by_event, day, undated)),
        documents=tuple(_documents(decision, follow_up)),
        deadlines=deadlines,
        questions=tuple(Question(id=rule.id, rule=rule) for rule in holding.questions),
        alerts=tuple(_alerts(decision, follow_up, deadlines, day)),
    )


def _words(follow_up: FollowUp, rules: Ruleset, day: int) -> dict[str, str]:
    given = follow_up.words(day, events=[name for name in rules.facts if name in rules.events])
    words: dict[str, str] = {}
    problems: list[Problem] = []
    for name, fact in rules.facts.items():
        word = given.get(name, UNKNOWN)
        if word is UNKNOWN:
            words[name] = fact.unknown
        elif word in fact.words:
            words[name] = word
        else:
            place = f"further.facts.{name}" if name in follow_up.further.facts else WORDS.get(name)
            problems.append(
                Problem(
                    place=place or EVENTS.get(name, name),
                    sentence=f"'{word}' is not a word for this: {fact.title.lower()}.",
                    help=one_of(word, fact.words),
                )
            )
    if problems:
        raise FactsError(problems)
    return words


def _check_names(follow_up: FollowUp, rules: Ruleset) -> None:
    """Refuse further facts and events, and decisions, that name what the ruleset does not have."""
    if not follow_up.decisions and not follow_up.further.facts and not follow_up.further.events:
        return
    problems = [
        Problem(
            place=f"further.{what}.{name}",
            sentence=f"The ruleset has no {one} '{name}'.",
            help=one_of(name, known),
        )
        for what, one, given, known in (
            ("facts", "fact", follow_up.further.facts, rules.facts),
            ("events", "event", follow_up.further.events, rules.events),
        )
        for name in given
        if name not in known
    ]
    tiers = rules.outcomes["tier"].words if "tier" in rules.outcomes else ()
    for place, decision in enumerate(follow_up.decisions):
        if isinstance(decision, Waiver | Departure):
            problems.extend(_let_off_problems(decision, f"decisions[{place}].of", rules))
        if isinstance(decision, TierChosen) and decision.tier not in tiers:
            problems.append(
                Problem(
                    place=f"decisions[{place}].tier",
                    sentence=f"'{decision.tier}' is not a tier of this ruleset.",
                    help=one_of(decision.tier, tiers),
                )
            )
    if problems:
        raise FactsError(problems)


def _let_off_problems(
    decision: Waiver | Departure, place: str, rules: Ruleset
) -> Iterator[Problem]:
    of = decision.of
    if of not in rules.events and of not in rules.rules:
        yield Problem(
            place=place,
            sentence=f"The ruleset has no event and no rule '{of}'.",
            help=one_of(of, rules.events),
        )
        return
    if isinstance(decision, Departure):
        about = [
            rule
            for rule in rules.rules.values()
            if of in {rule.id, getattr(rule, "event", ""), getattr(rule, "completes", "")}
        ]
        modalities = {getattr(rule, "modality", Modality.MAY) for rule in about}
        if about and Modality.USUALLY not in modalities:
            yield Problem(
                place=place,
                sentence=f"'{of}' is not something that is usually done, so there is nothing to "
                "depart from.",
                help="Record a waiver where HMICFRS has let it go.",
            )


def _steps(
    rules: tuple[StepRule, ...],
    follow_up: FollowUp,
    deadlines: Mapping[str, list[Deadline]],
    day: int,
    undated: dict[str, Step],
) -> Iterator[Step]:
    """Yield the steps; ``undated`` keeps those that are the same in every plan of the ruleset."""
    events = follow_up.events()
    for rule in rules:
        if not (rule.completes or rule.for_each or follow_up.decisions):
            if rule.id not in undated:
                undated[rule.id] = Step(id=rule.id, rule=rule, status=Progress.UNKNOWN)
            yield undated[rule.id]
            continue
        due = None
        status = Progress.UNKNOWN
        if rule.completes:
            on_event = deadlines.get(rule.completes, ())
            dues = [each.due for each in on_event if each.due is not None]
            if dues:
                due = min(dues, key=lambda when: (when.end, when.start))
            status = _progress(events.get(rule.completes, UNKNOWN), on_event, day)
        decision = next(iter(let_off(follow_up, rule, day)), None) if follow_up.decisions else None
        if decision is not None and status is not Progress.DONE:
            waived = isinstance(decision, Waiver)
            status = Progress.WAIVED if waived else Progress.DEPARTED_FROM
        entries = _entries(rule.for_each, follow_up) if rule.for_each else ()
        if not entries:
            yield Step(id=rule.id, rule=rule, status=status, due=due, decision=decision)
            continue
        for area in entries:
            yield Step(
                id=f"{rule.id}[{slug(area)}]",
                rule=rule,
                status=status,
                due=due,
                of=area,
                decision=decision,
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


def _progress(when: When, deadlines: Sequence[Deadline], day: int) -> Progress:
    has = happened(when, day)
    if has is Happened.YES:
        return Progress.DONE
    if has is Happened.UNKNOWN:
        return Progress.UNKNOWN
    if when is not NOT_YET:
        return Progress.PLANNED
    overdue = any(each.status is Status.OVERDUE for each in deadlines)
    return Progress.OVERDUE if overdue else Progress.TO_DO


def _documents(decision: Decision, follow_up: FollowUp) -> Iterator[DocumentRequest]:
    if not decision.holding.documents:
        return
    calls, may_call = _calls(follow_up)
    selection = decision.selection
    for rule in decision.holding.documents:
        called = tuple(told for topics, told in calls if not topics.isdisjoint(rule.called_for_by))
        suggested = bool(called) or (None if may_call else False)
        if selection is not Selection.WHERE_CALLED_FOR:
            suggested = selection is Selection.ALL
        yield DocumentRequest(id=rule.id, rule=rule, suggested=suggested, called_for_by=called)


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


def _alerts(
    decision: Decision, follow_up: FollowUp, deadlines: tuple[Deadline, ...], day: int
) -> Iterator[Alert]:
    for rule in decision.holding.alerts:
        yield _alert(rule.id, rule.alert, rule)
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
    suspensions = sorted(
        (
            each
            for each in follow_up.decisions
            if isinstance(each, Suspension) and made(each, day) is not Happened.NO
        ),
        key=str,
    )
    for deadline in deadlines:
        says = _says_trouble(deadline)
        if not says:
            continue
        if deadline.late_by is not None:
            says += "".join(
                f" {says_suspension(each)} The days late stand."
                for each in suspensions
                if _overlaps(each, deadline, day)
            )
        yield _alert(f"alert.{deadline.id}", says, deadline.rule)
    if decision.holding.documents:
        yield from _unknown_topics(decision, follow_up)


def _alert(id_: str, says: str, rule: Rule) -> Alert:
    return Alert(
        id=id_,
        says=says,
        rules=(rule.id,),
        statements=rule.statements,
        readings=rule.rests_on,
    )


def _cited(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for rule in rules for each in rule.statements))


def _says_trouble(deadline: Deadline) -> str:
    title = deadline.rule.title
    if deadline.status is Status.LATE and deadline.late_by is not None:
        return f"Late by {says_days(deadline.late_by)}: {title}."
    if deadline.status is Status.OVERDUE and deadline.late_by is not None:
        return f"Overdue by {says_days(deadline.late_by)} so far: {title}."
    if deadline.status is Status.TOO_EARLY:
        return f"Too early: {title}."
    if not deadline.can_be_met:
        return f"This can no longer be met: {title}."
    return ""


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
                statements=_cited(decision.holding.documents),
            )
