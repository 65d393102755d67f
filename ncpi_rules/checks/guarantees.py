"""Guarantees proved over every case and every day, or refuted with a counterexample."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Final

import attrs
from attrs import frozen

from ncpi_rules.checks.analysis import RulesetAnalysis, where_value
from ncpi_rules.checks.deadline_chains import first_later, kept_by_chains
from ncpi_rules.checks.findings import Finding
from ncpi_rules.core import Basis, DueDatePolicy, format_day
from ncpi_rules.engine import Box, Boxes, common, minus
from ncpi_rules.ruleset import (
    KIND_OF_FILE,
    ActionRule,
    Always,
    Bound,
    DeadlineRule,
    DocumentRule,
    FollowsOrder,
    Guarantee,
    Includes,
    NeverStronger,
    NeverWithout,
    NoLaterThan,
    OnlyWhere,
    OutcomeRule,
    Rule,
    describe_value,
    names_in,
    strongest_modality,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.ruleset import Tests

_ANCHORS: Final = ("within", "at_least", "no_later_than", "before", "no_earlier_than")
"""The lines of a deadline that name an event which it is not about."""


@frozen
class Counterexample:
    """A case in which a guarantee does not hold, and what happens in it, as a clause."""

    case: Mapping[str, str]
    text: str


def guarantee_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield the guarantees of a ruleset that do not hold, each with a case."""
    for guarantee in analysis.ruleset.guarantees.values():
        if _covers_nothing(analysis, guarantee):
            yield Finding(
                code="guarantee-about-nothing",
                place=guarantee.place,
                message=f"The guarantee '{guarantee.id}' covers no case: none meets its "
                "conditions.",
                help="Correct the facts after 'when', or remove the guarantee.",
            )
        if isinstance(guarantee, (FollowsOrder, Includes)) and not guarantee.order[1:]:
            yield Finding(
                code="guarantee-about-nothing",
                place=guarantee.place,
                message=f"The guarantee '{guarantee.id}' compares nothing: its order has fewer "
                "than two values.",
                help="Write the values in their order after 'order', or remove the guarantee.",
            )
        counterexample = next(_counterexamples(analysis, guarantee), None)
        if counterexample is not None:
            when = analysis.when(counterexample.case)
            yield Finding(
                code="guarantee-broken",
                place=guarantee.place,
                message=f"The guarantee '{guarantee.id}' does not hold{when}: "
                f"{counterexample.text}.",
                help="Correct the rules, or guarantee less.",
                witness=counterexample.case,
            )


def _counterexamples(analysis: RulesetAnalysis, guarantee: Guarantee) -> Iterator[Counterexample]:
    match guarantee:
        case Always():
            yield from _always(analysis, guarantee)
        case NeverWithout():
            yield from _never_without(analysis, guarantee)
        case FollowsOrder():
            yield from _follows_order(analysis, guarantee)
        case Includes():
            yield from _includes(analysis, guarantee)
        case NoLaterThan():
            yield from _no_later_than(analysis, guarantee)
        case OnlyWhere():
            yield from _only_where(analysis, guarantee)
        case NeverStronger():
            yield from _never_stronger(analysis)


def _cases(analysis: RulesetAnalysis, tests: Tests) -> Boxes:
    """Return the cases that meet some conditions."""
    return analysis.regions.over_given_facts(
        {fact: frozenset(values) for fact, values in tests.items()}
    )


def _covered(analysis: RulesetAnalysis, guarantee: Guarantee, boxes: Boxes) -> Boxes:
    """Return the cases under those answers to interpretations that a guarantee is about."""
    if guarantee.interpretations == "every":
        return boxes
    ours = {fact: frozenset({value}) for fact, value in analysis.ours.items()}
    return tuple(common(boxes, [ours]))


def _covers_nothing(analysis: RulesetAnalysis, guarantee: Guarantee) -> bool:
    return isinstance(guarantee, (Always, NoLaterThan)) and not _covered(
        analysis, guarantee, _cases(analysis, guarantee.when)
    )


def _decided(
    analysis: RulesetAnalysis, boxes: Boxes, tests: Tests
) -> tuple[Mapping[str, str], Mapping[str, str]] | None:
    """Return a case of some boxes with the values of the outcomes that a guarantee tests.

    The outcomes have these values whatever the facts that the case does not name. None where there
    is no case.
    """
    pieces: list[tuple[Box, dict[str, str]]] = [(box, {}) for box in boxes]
    for outcome in tests:
        pieces = [
            (both, {**decided, outcome: value})
            for box, decided in pieces
            for value, region in analysis.regions.decides.get(outcome, {}).items()
            for both in common([box], region)
        ] or pieces
    simplest = analysis.simplest(box for box, _ in pieces)
    if simplest is None:
        return None
    decided = next(decided for box, decided in pieces if box is simplest)
    return analysis.describer.example(simplest), decided


def _always(analysis: RulesetAnalysis, guarantee: Always) -> Iterator[Counterexample]:
    covered = _covered(analysis, guarantee, _cases(analysis, guarantee.when))
    broken = minus(covered, _cases(analysis, guarantee.then), analysis.program.values)
    if example := _decided(analysis, broken, guarantee.then):
        case, decided = example
        clauses = [
            describe_value(analysis.ruleset, outcome, value)
            for outcome, value in decided.items()
            if value not in guarantee.then[outcome]
        ]
        yield Counterexample(case, ", and ".join(clauses) or "that is not what is guaranteed")


def _never_without(analysis: RulesetAnalysis, guarantee: NeverWithout) -> Iterator[Counterexample]:
    covered = _covered(analysis, guarantee, _cases(analysis, guarantee.outcome))
    grounds = [box for tests in guarantee.without for box in _cases(analysis, tests)]
    broken = minus(covered, grounds, analysis.program.values)
    if example := _decided(analysis, broken, guarantee.outcome):
        case, decided = example
        clauses = [describe_value(analysis.ruleset, *item) for item in decided.items()]
        yield Counterexample(case, ", and ".join([*clauses, "none of the grounds is met"]))


def _follows_order(analysis: RulesetAnalysis, guarantee: FollowsOrder) -> Iterator[Counterexample]:
    ruleset, fact = analysis.ruleset, guarantee.fact
    outcome = ruleset.outcomes[guarantee.outcome]
    values = [value for value in outcome.values if value != outcome.none]
    regions = analysis.regions.decides[guarantee.outcome]
    for less, more in combinations(guarantee.order, 2):
        for light, heavy in combinations(values, 2):
            lighter = where_value(regions[light], fact, more)
            heavier = where_value(regions[heavy], fact, less)
            boxes = _covered(analysis, guarantee, tuple(common(lighter, heavier)))
            if (case := analysis.example(boxes)) is not None:
                yield Counterexample(
                    case,
                    f"when {describe_value(ruleset, fact, less)}, it is {outcome.values[heavy]}; "
                    f"when {describe_value(ruleset, fact, more)}, it is {outcome.values[light]}, "
                    "which is lighter",
                )


def _includes(analysis: RulesetAnalysis, guarantee: Includes) -> Iterator[Counterexample]:
    ruleset, matches = analysis.ruleset, analysis.regions.matches
    outcome = ruleset.outcomes[guarantee.outcome]
    kind = KIND_OF_FILE[guarantee.of]
    name, rules = kind.about, ruleset.of_kind(kind.rule)
    terms = {"does": ruleset.activities, "document": ruleset.documents}[name]
    values = {f: all_ for f, all_ in analysis.program.facts.items() if f != guarantee.outcome}
    for light, heavy in combinations(guarantee.order, 2):
        for rule in rules:
            if getattr(rule, name) in guarantee.but_for:
                continue
            same = [
                other
                for other in rules
                if getattr(other, name) == getattr(rule, name)
                and other.modality.strength >= rule.modality.strength
            ]
            lighter = where_value(matches[rule.id], guarantee.outcome, light)
            heavier = [
                box
                for other in same
                for box in where_value(matches[other.id], guarantee.outcome, heavy)
            ]
            boxes = [
                box
                for lost in _covered(analysis, guarantee, minus(lighter, heavier, values))
                for box in analysis.regions.over_given_facts(
                    {**lost, guarantee.outcome: frozenset({light})}
                )
            ]
            if not boxes or not _lacks(analysis, guarantee, heavy, same):
                continue
            if (case := analysis.example(boxes)) is not None:
                title = terms[getattr(rule, name)].title
                yield Counterexample(
                    case,
                    f"{outcome.values[light]} has this, and {outcome.values[heavy]} does not, or "
                    f"not as strongly: {title} [{rule.rule}]",
                )


def _lacks(
    analysis: RulesetAnalysis, guarantee: Includes, heavy: str, same: Iterable[Rule]
) -> bool:
    """Return True where a case with the heavier value has nothing by some rules.

    The other conditions of the lighter value may be impossible together with the heavier one.
    """
    cases = _covered(analysis, guarantee, _cases(analysis, {guarantee.outcome: (heavy,)}))
    applies = [box for rule in same for box in analysis.regions.applies[rule.id]]
    return bool(minus(cases, applies, analysis.program.values))


def _no_later_than(analysis: RulesetAnalysis, guarantee: NoLaterThan) -> Iterator[Counterexample]:
    timing, events = guarantee.within, analysis.ruleset.events
    latest = timing.bound(guarantee.event, analysis.ruleset.calendar)
    later: dict[str, int] = {}
    compliant: list[Box] = []
    for rule in analysis.ruleset.of_kind(DeadlineRule):
        if rule.event != guarantee.event:
            continue
        for bound in rule.bounds:
            if bound.is_floor or bound.is_order or bound.anchor != timing.event:
                continue
            # Where both are the same period, there is no day to look for.
            same = attrs.evolve(bound, is_order=False) == attrs.evolve(latest, is_order=False)
            day = None if same else _later_on(bound, latest)
            if day is None:
                compliant += analysis.regions.applies[rule.id]
                break
            later[rule.id] = day
    covered = _covered(analysis, guarantee, _cases(analysis, guarantee.when))
    broken = minus(covered, compliant, analysis.program.values)
    if broken:  # a chain through other events may keep it, too
        compliant += kept_by_chains(analysis, guarantee.event, latest)
        broken = minus(covered, compliant, analysis.program.values)
    for id_, day in later.items():
        case = analysis.example(common(broken, analysis.regions.applies[id_]))
        if case is not None:
            yield Counterexample(
                case,
                f"{analysis.named([id_])} gives a later due date if the day of "
                f"'{events[timing.event].title}' is {format_day(day)}",
            )
    if (case := analysis.example(broken)) is not None:
        title = events[guarantee.event].title
        yield Counterexample(case, f"'{title}' has no due date that counts from that event")


def _later_on(bound: Bound, other: Bound) -> int | None:
    """Return the first day from which one bound leads to a later day than the other, if any.

    By one calendar, due dates that move to a working day stay in their order.
    """
    same = bound.calendar == other.calendar
    return first_later((bound,), other, [DueDatePolicy.STANDS] if same else [*DueDatePolicy])


def _only_where(analysis: RulesetAnalysis, guarantee: OnlyWhere) -> Iterator[Counterexample]:
    allowed, wanted = _cases(analysis, guarantee.when), set(guarantee.naming)
    values, applies = analysis.program.values, analysis.regions.applies
    for rule in analysis.ruleset.rules.values():
        if not isinstance(rule, (ActionRule, DeadlineRule, DocumentRule)):
            continue
        names = {name for key, _, some in names_in(rule) if key not in _ANCHORS for name in some}
        if not (shared := sorted(names & wanted)):
            continue
        strong = rule.modality.strength > guarantee.at_most.strength
        outside = applies[rule.id] if strong else minus(applies[rule.id], allowed, values)
        case = analysis.example(_covered(analysis, guarantee, outside))
        if case is not None:
            said = f"says '{rule.modality}'" if strong else "applies"
            yield Counterexample(case, f"'{rule.rule}' {said}, and it names '{shared[0]}'")


def _never_stronger(analysis: RulesetAnalysis) -> Iterator[Counterexample]:
    for rule in analysis.ruleset.rules.values():
        if isinstance(rule, OutcomeRule) and rule.basis is not Basis.FOLLOWS:
            continue
        modality = getattr(rule, "modality", None)
        strongest = strongest_modality(rule, analysis.ruleset.statements)
        if modality is None or (strongest is not None and modality.strength <= strongest.strength):
            continue
        limit = "ask for nothing" if strongest is None else f"say '{strongest}' at most"
        yield Counterexample(
            {}, f"'{rule.rule}' says '{modality}'{rule.where}, and its statements {limit}"
        )
