"""From the facts of one follow-up to its plan: the one path through the floors below."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ncpi_rules.core import (
    DECIDED,
    FURTHER,
    KINDS_OF_DECISIONS,
    NONE_RECORDED,
    Contract,
    FactsError,
    Memo,
    Modality,
    Problem,
    day_of,
    kind_of_decision,
    lower_first,
    one_of,
    read_day,
)
from ncpi_rules.facts import FollowUp, NamedDecision, NamedFacts, Variation, Waiver, name_facts
from ncpi_rules.plan.inputs import selecting_date, values_for
from ncpi_rules.plan.plan import Plan
from ncpi_rules.ruleset import Decision, Editions, answers, decided, shipped_editions

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Rules, Ruleset


def assess(
    follow_up: FollowUp | Mapping[str, Any],
    *,
    on: datetime.date | str,
    ruleset: Rules | None = None,
    interpretations: Mapping[str, str] | None = None,
    engine: str | None = None,
) -> Plan:
    """Return the plan of a follow-up, or of a mapping that describes one, on a day.

    ``on`` is always given: the library never asks a clock. ``ruleset`` is the shipped one unless
    another is given; of several editions the follow-up's own date selects one. ``interpretations``
    asks for other answers to open questions, such as
    ``{"R1": "findings-decide"}``; ``engine`` names ``durable-rules`` or ``reference``.

    Raises FactsError for dates that contradict the order of the ruleset's events and for values
    that it does not have, UnknownItemError for an interpretation that it does not have, DateError
    for a day that is none, EngineFault where an engine fails.

    >>> facts = {
    ...     "force": "northumbria",
    ...     "inspection_report": {"published": "2018-06-28", "findings": "broadly-positive"},
    ...     "prospects": "no-concerns",
    ... }
    >>> plan = assess(facts, on="2018-07-01")
    >>> plan.headline.value, plan.headline.basis.value
    ('post-inspection-visit', 'follows-from-the-methodology')
    >>> [deadline.due for deadline in plan.deadlines if deadline.id == "deadline.revisit"]
    [PartialDate('2018-12-28')]
    """
    if not isinstance(follow_up, FollowUp):
        follow_up = FollowUp.from_dict(follow_up)
    whole = read_day(on)
    rules = ruleset if ruleset is not None else shipped_editions()
    day = whole.toordinal()
    editions = None
    if isinstance(rules, Editions):
        editions = rules
        rules = edition_for(follow_up, rules, day)
    memory = rules.derive(_memory)
    facts = name_facts(current_of(follow_up, rules, day), memory.contract)
    decision = None
    if not (follow_up.names or interpretations or engine):  # as mostly: one look-up
        decision = memory.decisions.get(facts.on(day))
    if decision is None:
        decision = _decision(follow_up, facts, rules, day, interpretations, engine)
    return Plan(follow_up, whole, decision, engine, editions)


def edition_for(follow_up: FollowUp, rules: Rules, on: int) -> Ruleset:
    """Return the edition that a follow-up's date selects on a day (an ordinal), or the only one.

    Raises FactsError for dates that contradict the order of an edition's events.
    """
    if isinstance(rules, Editions):
        return rules.select(partial(selecting_date, follow_up), on).ruleset
    return rules


def current_of(follow_up: FollowUp, ruleset: Ruleset, on: int) -> FollowUp:
    """Return a follow-up as it stands for the revisit that is current on a day (an ordinal)."""
    if not follow_up.may_have_several:
        return follow_up
    from ncpi_rules.plan.revisits import revisits_on  # noqa: PLC0415  few have several

    return revisits_on(follow_up, ruleset, on).current


def values_of(follow_up: FollowUp, rules: Ruleset, day: int) -> dict[str, str]:
    """Return the value of every fact of a ruleset on a day (an ordinal).

    Of several revisits, they are about the one that is current on that day.

    Raises FactsError, with every problem, for dates that contradict the order of its events; where
    there are none, for a value that the ruleset does not have.
    """
    return values_for(current_of(follow_up, rules, day), rules, day)


def _decision(  # noqa: PLR0913, PLR0917  what a decision is remembered by
    follow_up: FollowUp,
    facts: NamedFacts,
    rules: Ruleset,
    day: int,
    interpretations: Mapping[str, str] | None,
    engine: str | None,
) -> Decision:
    """Return the decision on a follow-up, remembered by its values and what was asked."""
    memory, names = rules.derive(_memory), follow_up.names
    if memory.is_about_forces is (follow_up.force is None):
        raise FactsError(_other_subject(follow_up, rules))
    if names and names not in memory.names:
        check_names(follow_up, rules)
        memory.names.remember(names, True)  # noqa: FBT003  a set of what was seen
    key: tuple[object, ...] = facts.on(day)
    # Of other subjects nothing is found by one look-up, so that a force is refused above.
    if interpretations or engine or memory.is_about_forces is False:
        key = (key, tuple((interpretations or {}).items()), engine)
    decision = memory.decisions.get(key)
    if decision is None:
        case = {**values_of(follow_up, rules, day), **answers(rules, interpretations)}
        decision = memory.decisions.remember(key, decided(rules, case, engine))
    return decision


def plan_of(
    follow_up: FollowUp, decision: Decision, day: int, *, engine: str | None = None
) -> Plan:
    """Return the plan of a follow-up on a day (an ordinal), by a decision on its values.

    The values may differ from those of :func:`values_of`: a scenario gives its own.

    Raises FactsError for further facts and events, and for decisions, that name what the ruleset
    does not have, and for dates that contradict the order of its events.
    """
    check_names(follow_up, decision.ruleset)
    name_facts(current_of(follow_up, decision.ruleset, day), decision.ruleset.contract)
    return Plan(follow_up, day_of(day), decision, engine)


@frozen(eq=False, repr=False)
class _Memory:
    """What assessments by a ruleset remember of it: its contract, and its decisions by values.

    ``names`` has what follow-ups name and the ruleset was seen to have.
    """

    contract: Contract
    is_about_forces: bool | None
    decisions: Memo[tuple[object, ...], Decision] = field(factory=Memo)
    names: Memo[Hashable, bool] = field(factory=Memo)


def _memory(rules: Ruleset) -> _Memory:
    return _Memory(rules.contract, rules.settings.is_about_forces)


def check_names(follow_up: FollowUp, rules: Ruleset) -> None:
    """Refuse further facts and events, and decisions, that name what the ruleset does not have."""
    problems = [
        Problem(
            place=f"{within}{FURTHER}.{what}.{name}",
            message=f"The ruleset has no {noun} '{name}'.",
            help=one_of(name, known),
        )
        for within, further in (
            ("", follow_up.further),
            *(
                (f"revisits[{at}].", revisit.further)
                for at, revisit in enumerate(follow_up.revisits)
            ),
        )
        for what, noun, named, known in (
            ("facts", "fact", further.facts, rules.facts),
            ("events", "event", further.events, rules.events),
        )
        for name in named
        if name not in known
    ]
    if rules.settings.is_about_forces is (follow_up.force is None):
        problems.append(_other_subject(follow_up, rules))
    for place, decision in enumerate(follow_up.decisions):
        if isinstance(decision, Waiver | Variation):
            problems.extend(_let_off_problems(decision, f"decisions[{place}].of", rules))
        if isinstance(decision, NamedDecision):
            problems.extend(_decision_problems(decision, f"decisions[{place}]", rules))
    if problems:
        raise FactsError(problems)


def _other_subject(follow_up: FollowUp, rules: Ruleset) -> Problem:
    """Return the problem of a follow-up that is about something else than the ruleset."""
    is_force, title = follow_up.force is not None, rules.settings.subject_title
    return Problem(
        place="force" if is_force else "subject",
        message=f"The follow-up is about {follow_up.about.name}, and '{rules.name}' is about "
        f"{title}.",
        help=f"Write 'subject:' with the name of {title} in the place of 'force:'."
        if is_force
        else f"Write 'force:' with the short name of {title} in the place of 'subject:'.",
    )


def _decision_problems(decision: NamedDecision, place: str, rules: Ruleset) -> Iterator[Problem]:
    """Yield what the ruleset does not know of a decision: its kind, or what was decided."""
    fact = rules.facts.get(rules.contract.name(f"decisions.{decision.kind}"))
    if fact is None:
        kinds = [*KINDS_OF_DECISIONS, *filter(None, map(kind_of_decision, rules.contract.names))]
        yield Problem(
            place=f"{place}.decision",
            message=f"The ruleset has no decision '{decision.kind}'.",
            help=one_of(decision.kind, kinds),
        )
        return
    known = [value for value in fact.values if value not in {NONE_RECORDED, fact.unknown}]
    if decision.value in known:
        return
    if decision.value == DECIDED:
        yield Problem(
            place=f"{place}.value",
            message="What was decided is missing.",
            help=f"Add 'value:' with one of: {', '.join(known)}.",
        )
    else:
        yield Problem(
            place=f"{place}.value",
            message=f"'{decision.value}' cannot be decided here: {lower_first(fact.title)}.",
            help="Delete this line." if known == [DECIDED] else one_of(decision.value, known),
        )


def _let_off_problems(
    decision: Waiver | Variation, place: str, rules: Ruleset
) -> Iterator[Problem]:
    of = decision.of
    if of not in rules.events and of not in rules.cases:
        yield Problem(
            place=place,
            message=f"The ruleset has no event and no rule '{of}'.",
            help=one_of(of, rules.events),
        )
        return
    if isinstance(decision, Variation):
        about = [
            rule
            for rule in rules.rules.values()
            if of in {rule.rule, getattr(rule, "event", ""), getattr(rule, "completes", "")}
        ]
        modalities = {getattr(rule, "modality", Modality.MAY) for rule in about}
        if about and Modality.USUALLY not in modalities:
            yield Problem(
                place=place,
                message=f"'{of}' is not something that is usually done, so it cannot be varied.",
                help="Record a waiver where HMICFRS has waived it.",
            )
