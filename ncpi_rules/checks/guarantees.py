"""Guarantees proved over every case and every day, or refuted with a case in which they break."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Final

import attrs
from attrs import frozen

from ncpi_rules.checks.findings import Finding, Ground
from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, Basis, PartialDate, format_day
from ncpi_rules.engine import Box, Boxes, common, minus
from ncpi_rules.ruleset import (
    KIND_OF_FILE,
    Always,
    Bound,
    DeadlineRule,
    FollowsOrder,
    Guarantee,
    Includes,
    NeverStronger,
    NeverWithout,
    NoLaterThan,
    OutcomeRule,
    Rule,
    describe_value,
    strongest_said,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.core import Calendar
    from ncpi_rules.ruleset import Tests

DAYS: Final = (
    range(PartialDate.read("2014").start, PartialDate.read(f"{LAST_YEAR - 1}").end + 1),
    range(PartialDate.read(f"{FIRST_YEAR}").start, PartialDate.read("2014").start),
)
"""The days from which a guaranteed last day is counted: all that the library reads, but a year.

The years of inspections come first, so that a day that is named is one that a reader knows.
"""


@frozen
class Broken:
    """A case in which a guarantee does not hold, and what happens in it."""

    case: Mapping[str, str]
    says: str


def guarantee_findings(ground: Ground) -> Iterator[Finding]:
    """Yield the guarantees of a ruleset that are not kept, each with a case."""
    for guarantee in ground.ruleset.guarantees.values():
        broken = next(_breaks(ground, guarantee), None)
        if _is_about_nothing(ground, guarantee):
            yield Finding(
                code="guarantee-about-nothing",
                place=guarantee.place,
                message=f"The guarantee '{guarantee.id}' is about no case: none is as it says.",
                help="Correct the facts after 'when', or take the guarantee away.",
            )
        if broken is not None:
            yield Finding(
                code="guarantee-broken",
                place=guarantee.place,
                message=f"The guarantee '{guarantee.id}' is not kept{ground.when(broken.case)}: "
                f"{broken.says}",
                help="Correct the rules, or guarantee less.",
                witness=broken.case,
            )


def _breaks(ground: Ground, guarantee: Guarantee) -> Iterator[Broken]:
    match guarantee:
        case Always():
            yield from _always(ground, guarantee)
        case NeverWithout():
            yield from _never_without(ground, guarantee)
        case FollowsOrder():
            yield from _follows_order(ground, guarantee)
        case Includes():
            yield from _includes(ground, guarantee)
        case NoLaterThan():
            yield from _no_later_than(ground, guarantee)
        case NeverStronger():
            yield from _never_stronger(ground)


def _box(tests: Tests) -> Box:
    return {fact: frozenset(values) for fact, values in tests.items()}


def _promised(ground: Ground, guarantee: Guarantee, boxes: Boxes) -> Boxes:
    """Return the cases under the answers to interpretations under which something is guaranteed."""
    if guarantee.interpretations == "every":
        return boxes
    ours = {fact: frozenset({value}) for fact, value in ground.ours.items()}
    return tuple(common(boxes, [ours]))


def _is_about_nothing(ground: Ground, guarantee: Guarantee) -> bool:
    if not isinstance(guarantee, (Always, NoLaterThan)):
        return False
    return not _promised(ground, guarantee, ground.regions.given(_box(guarantee.when)))


def _some(ground: Ground, boxes: Boxes) -> Mapping[str, str] | None:
    box = ground.likeliest(boxes)
    return None if box is None else ground.witness(box)


def _decided(
    ground: Ground, boxes: Boxes, facts: Iterable[str]
) -> tuple[Mapping[str, str], Mapping[str, str]] | None:
    """Return a case of some boxes in which facts are decided, and their words; None for no case.

    The words are decided whatever the facts that the case does not name.
    """
    pieces: list[tuple[Box, dict[str, str]]] = [(box, {}) for box in boxes]
    for fact in facts:
        pieces = [
            (both, {**decided, fact: value})
            for box, decided in pieces
            for value, region in ground.regions.decides.get(fact, {}).items()
            for both in common([box], region)
        ] or pieces
    best = ground.likeliest(box for box, _ in pieces)
    if best is None:
        return None
    return ground.witness(best), next(decided for box, decided in pieces if box is best)


def _always(ground: Ground, guarantee: Always) -> Iterator[Broken]:
    about = _promised(ground, guarantee, ground.regions.given(_box(guarantee.when)))
    kept = ground.regions.given(_box(guarantee.then))
    lost = minus(about, kept, ground.program.values)
    found = _decided(ground, lost, [f for f in guarantee.then if f in ground.regions.decides])
    if found is not None:
        case, decided = found
        told = [
            describe_value(ground.ruleset, fact, value)
            for fact, value in decided.items()
            if value not in guarantee.then[fact]
        ]
        yield Broken(case, f"{', and '.join(told) or 'that is not what is guaranteed'}.")


def _never_without(ground: Ground, guarantee: NeverWithout) -> Iterator[Broken]:
    comes = _promised(ground, guarantee, ground.regions.given(_box(guarantee.outcome)))
    grounds = [box for tests in guarantee.without for box in ground.regions.given(_box(tests))]
    lost = minus(comes, grounds, ground.program.values)
    found = _decided(ground, lost, [f for f in guarantee.outcome if f in ground.regions.decides])
    if found is not None:
        case, decided = found
        told = [describe_value(ground.ruleset, fact, value) for fact, value in decided.items()]
        told.append("none of the grounds is there")
        yield Broken(case, f"{', and '.join(told)}.")


def _follows_order(ground: Ground, guarantee: FollowsOrder) -> Iterator[Broken]:
    outcome = ground.ruleset.outcomes[guarantee.outcome]
    settled = [value for value in outcome.values if value != outcome.none]
    regions = ground.regions.decides[guarantee.outcome]
    for less, more in combinations(guarantee.order, 2):
        for light, heavy in combinations(settled, 2):
            lighter = _where(regions[light], guarantee.fact, more)
            heavier = _where(regions[heavy], guarantee.fact, less)
            both = _promised(ground, guarantee, tuple(common(lighter, heavier)))
            case = _some(ground, both)
            if case is not None:
                told = [
                    describe_value(ground.ruleset, guarantee.fact, value) for value in (less, more)
                ]
                yield Broken(
                    case,
                    f"when {told[0]}, it is {outcome.values[heavy]}; when {told[1]}, it is "
                    f"{outcome.values[light]}, which is lighter.",
                )


def _where(boxes: Boxes, fact: str, value: str) -> Boxes:
    """Return the boxes in which a fact may have a word, as boxes over all else."""
    return tuple(
        {name: allowed for name, allowed in box.items() if name != fact}
        for box in boxes
        if value in box.get(fact, {value})
    )


def _includes(ground: Ground, guarantee: Includes) -> Iterator[Broken]:
    outcome = ground.ruleset.outcomes[guarantee.outcome]
    kind = KIND_OF_FILE[guarantee.of]
    name = kind.about
    rules = ground.ruleset.of_kind(kind.rule)
    values = {f: each for f, each in ground.program.facts.items() if f != guarantee.outcome}
    titles = getattr(ground.ruleset, {"does": "activities", "document": "documents"}[name])
    says = ground.regions.says
    for light, heavy in combinations(guarantee.order, 2):
        for rule in rules:
            same = [
                other
                for other in rules
                if getattr(other, name) == getattr(rule, name)
                and other.modality.strength >= rule.modality.strength
            ]
            there = _where(says[rule.id], guarantee.outcome, light)
            too = [
                box for other in same for box in _where(says[other.id], guarantee.outcome, heavy)
            ]
            lost = _promised(ground, guarantee, minus(there, too, values))
            real = [
                box
                for each in lost
                for box in ground.regions.given({**each, guarantee.outcome: frozenset({light})})
            ]
            if not real or not _lacks(ground, guarantee, heavy, same):
                continue
            case = _some(ground, tuple(real))
            if case is not None:
                what = titles[getattr(rule, name)].title
                yield Broken(
                    case,
                    f"{outcome.values[light]} has this, and {outcome.values[heavy]} has it not, or "
                    f"not as strongly: {what} [{rule.id}].",
                )


def _lacks(ground: Ground, guarantee: Includes, heavy: str, same: Iterable[Rule]) -> bool:
    """Return True where some case has the heavier word and nothing by these rules.

    What the lighter word needs besides may never be there together with the heavier one.
    """
    about = ground.regions.given({guarantee.outcome: frozenset({heavy})})
    holds = [box for rule in same for box in ground.regions.holds[rule.id]]
    return bool(minus(_promised(ground, guarantee, about), holds, ground.program.values))


def _no_later_than(ground: Ground, guarantee: NoLaterThan) -> Iterator[Broken]:
    timing = guarantee.within
    direction = -1 if timing.direction == "before" else 1
    days = -1 if timing.direction == "beginning with" else 0
    latest = Bound(guarantee.event, timing.event, timing.period, direction, days)
    calendar = ground.ruleset.calendar
    rules = [rule for rule in ground.ruleset.of_kind(DeadlineRule) if rule.event == guarantee.event]
    later: dict[str, int] = {}
    keeping: list[str] = []
    for rule in rules:
        ceilings = [
            bound
            for bound in rule.bounds
            if not (bound.is_floor or bound.is_order) and bound.anchor == timing.event
        ]
        for bound in ceilings:
            # Where both are the same period, there is no day to look for.
            day = None if _same(bound, latest) else _later_on(bound, latest, calendar)
            if day is None:
                keeping.append(rule.id)
                break
            later[rule.id] = day
    about = _promised(ground, guarantee, ground.regions.given(_box(guarantee.when)))
    kept = [box for id_ in keeping for box in ground.regions.holds[id_]]
    lost = minus(about, kept, ground.program.values)
    events = ground.ruleset.events
    for id_, day in later.items():
        case = _some(ground, tuple(common(lost, ground.regions.holds[id_])))
        if case is not None:
            anchor = events[timing.event].title
            told = f"'{id_}' gives a later last day if the day of '{anchor}' is {format_day(day)}."
            yield Broken(case, told)
    case = _some(ground, lost)
    if case is not None:
        event = events[guarantee.event].title
        yield Broken(case, f"'{event}' has no last day that counts from that event.")


def _same(one: Bound, other: Bound) -> bool:
    return attrs.evolve(one, is_order=False) == attrs.evolve(other, is_order=False)


def _later_on(one: Bound, other: Bound, calendar: Calendar) -> int | None:
    """Return the first day from which one bound leads to a later day than the other, if any."""
    days = (day for span in DAYS for day in span)
    return next((d for d in days if one.moved(d, calendar) > other.moved(d, calendar)), None)


def _never_stronger(ground: Ground) -> Iterator[Broken]:
    rules: Mapping[str, Rule] = ground.ruleset.rules
    for rule in rules.values():
        if isinstance(rule, OutcomeRule) and rule.basis is not Basis.FOLLOWS:
            continue
        modality = getattr(rule, "modality", None)
        said = strongest_said(rule, ground.ruleset.statements)
        if modality is None or (said is not None and modality.strength <= said.strength):
            continue
        told = "ask for nothing" if said is None else f"say '{said}' at most"
        yield Broken({}, f"'{rule.id}' says '{modality}', and its statements {told}.")
