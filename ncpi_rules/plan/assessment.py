"""From the facts of one follow-up to its plan: the one path through the floors below."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.core import (
    UNKNOWN,
    FactsError,
    Memo,
    Modality,
    Problem,
    day_of,
    one_of,
    read_day,
)
from ncpi_rules.facts import EVENT_PLACES, FACT_PLACES, TierChosen, Variation, Waiver
from ncpi_rules.plan.plan import Plan
from ncpi_rules.ruleset import Decision, answers, decided, shipped_ruleset

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Ruleset


def assess(
    follow_up: FollowUp,
    *,
    on: datetime.date | str,
    ruleset: Ruleset | None = None,
    interpretations: Mapping[str, str] | None = None,
    engine: str | None = None,
) -> Plan:
    """Return the plan of a follow-up on a day.

    ``on`` is always given: the library never asks a clock. ``ruleset`` is the shipped one unless
    another is given; ``interpretations`` asks for other answers to open questions, such as
    ``{"R1": "findings-decide"}``; ``engine`` names ``durable-rules`` or ``reference``.

    Raises FactsError for facts with values that the ruleset does not have, UnknownItemError for an
    interpretation that it does not have, DateError for a day that is none, EngineFault where an
    engine fails.

    >>> from ncpi_rules.facts import FollowUp
    >>> follow_up = FollowUp.from_dict({
    ...     "force": "northumbria",
    ...     "inspection_report": {"published": "2018-06-28", "findings": "broadly-positive"},
    ...     "prospects": "no-concerns",
    ... })
    >>> plan = assess(follow_up, on="2018-07-01")
    >>> plan.tier.value, plan.tier.basis.value
    ('post-inspection-visit', 'follows-from-the-methodology')
    >>> [deadline.due for deadline in plan.deadlines if deadline.id == "deadline.revisit"]
    [PartialDate('2018-12-28')]
    """
    whole = read_day(on)
    rules = ruleset if ruleset is not None else shipped_ruleset()
    day = whole.toordinal()
    asked = rules.derive(_asked)
    decision = None
    if not (follow_up.names or interpretations or engine or asked.events):  # as mostly: one look-up
        decision = asked.remembered.get(follow_up.own_values(day))
    if decision is None:
        decision = _decision(follow_up, rules, day, interpretations, engine)
    return Plan(follow_up, whole, decision, engine)


def _decision(
    follow_up: FollowUp,
    rules: Ruleset,
    day: int,
    interpretations: Mapping[str, str] | None,
    engine: str | None,
) -> Decision:
    """Return the decision on a follow-up, remembered by its values and what was asked."""
    asked = rules.derive(_asked)
    names = follow_up.names
    key: tuple[object, ...] = follow_up.own_values(day)
    if asked.events or (names and follow_up.further.facts):
        key = tuple(follow_up.values(day, events=asked.events).items())
    if interpretations or engine:
        key = (key, tuple((interpretations or {}).items()), engine)
    decision = asked.remembered.get(key)
    if decision is None:
        case = {**values_of(follow_up, rules, day), **answers(rules, interpretations)}
        decision = asked.remembered.remember(key, decided(rules, case, engine))
    if names and names not in asked.names:
        check_names(follow_up, rules)
        asked.names.remember(names, True)  # noqa: FBT003  a set of what was seen
    return decision


def plan_of(
    follow_up: FollowUp, decision: Decision, day: int, *, engine: str | None = None
) -> Plan:
    """Return the plan of a follow-up on a day (an ordinal), by a decision on its values.

    The values may differ from those of :func:`values_of`: a scenario gives its own.

    Raises FactsError for further facts and events, and for decisions, that name what the ruleset
    does not have.
    """
    check_names(follow_up, decision.ruleset)
    return Plan(follow_up, day_of(day), decision, engine)


def values_of(follow_up: FollowUp, rules: Ruleset, day: int) -> dict[str, str]:
    """Return the value of every fact of a ruleset on a day (an ordinal).

    Raises FactsError, with every problem, for a value that the ruleset does not have.
    """
    asked = rules.derive(_asked)
    recorded = follow_up.values(day, events=asked.events)
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for name, unknown, known in asked.facts:
        value = recorded.get(name, UNKNOWN)
        if value is UNKNOWN:
            values[name] = unknown
        elif value in known:
            values[name] = value
        else:
            problems.append(_not_a_value(follow_up, rules, name, value))
    if problems:
        raise FactsError(problems)
    return values


@frozen(eq=False, repr=False)
class _Asked:
    """The facts of a ruleset, those of them that are events, and what was decided by them.

    ``names`` has what follow-ups name and the ruleset was seen to have.
    """

    facts: tuple[tuple[str, str, Mapping[str, str]], ...]
    events: tuple[str, ...]
    remembered: Memo[tuple[object, ...], Decision] = field(factory=Memo)
    names: Memo[Hashable, bool] = field(factory=Memo)


def _asked(rules: Ruleset) -> _Asked:
    facts = tuple((name, fact.unknown, fact.values) for name, fact in rules.facts.items())
    return _Asked(facts, tuple(name for name in rules.facts if name in rules.events))


def _not_a_value(follow_up: FollowUp, rules: Ruleset, name: str, value: str) -> Problem:
    place = f"further.facts.{name}" if name in follow_up.further.facts else FACT_PLACES.get(name)
    fact = rules.facts[name]
    return Problem(
        place=place or EVENT_PLACES.get(name, name),
        message=f"'{value}' is not a value for this: {fact.title.lower()}.",
        help=one_of(value, fact.values),
    )


def check_names(follow_up: FollowUp, rules: Ruleset) -> None:
    """Refuse further facts and events, and decisions, that name what the ruleset does not have."""
    problems = [
        Problem(
            place=f"further.{what}.{name}",
            message=f"The ruleset has no {one} '{name}'.",
            help=one_of(name, known),
        )
        for what, one, named, known in (
            ("facts", "fact", follow_up.further.facts, rules.facts),
            ("events", "event", follow_up.further.events, rules.events),
        )
        for name in named
        if name not in known
    ]
    tiers = rules.outcomes["tier"].values if "tier" in rules.outcomes else ()
    for place, decision in enumerate(follow_up.decisions):
        if isinstance(decision, Waiver | Variation):
            problems.extend(_let_off_problems(decision, f"decisions[{place}].of", rules))
        if isinstance(decision, TierChosen) and decision.tier not in tiers:
            problems.append(
                Problem(
                    place=f"decisions[{place}].tier",
                    message=f"'{decision.tier}' is not a tier of this ruleset.",
                    help=one_of(decision.tier, tiers),
                )
            )
    if problems:
        raise FactsError(problems)


def _let_off_problems(
    decision: Waiver | Variation, place: str, rules: Ruleset
) -> Iterator[Problem]:
    of = decision.of
    if of not in rules.events and of not in rules.rules:
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
            if of in {rule.id, getattr(rule, "event", ""), getattr(rule, "completes", "")}
        ]
        modalities = {getattr(rule, "modality", Modality.MAY) for rule in about}
        if about and Modality.USUALLY not in modalities:
            yield Problem(
                place=place,
                message=f"'{of}' is not something that is usually done, so it cannot be varied.",
                help="Record a waiver where HMICFRS has waived it.",
            )
