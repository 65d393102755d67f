"""Promises proved over every case and every day, or refuted with a case in which they break."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Final

import attrs
from attrs import frozen

from ncpi_rules.checks.findings import Finding, Ground
from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, PartialDate, Standing, says_day
from ncpi_rules.engine import Box, Boxes, common, minus
from ncpi_rules.ruleset import (
    Always,
    Bound,
    DeadlineRule,
    DocumentRule,
    FollowsOrder,
    Includes,
    NeverStronger,
    NeverWithout,
    NoLaterThan,
    OutcomeRule,
    Promise,
    Rule,
    StepRule,
    says_word,
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
"""The days from which a promised last day is counted: all that the library reads, but a year.

The years of inspections come first, so that a day that is named is one that a reader knows.
"""


@frozen
class Broken:
    """A case in which a promise does not hold, and what happens in it."""

    case: Mapping[str, str]
    says: str


def promise_findings(ground: Ground) -> Iterator[Finding]:
    """Yield the promises of a ruleset that are not kept, each with a case."""
    for promise in ground.ruleset.promises.values():
        broken = next(_breaks(ground, promise), None)
        if _is_about_nothing(ground, promise):
            yield Finding(
                code="promise-about-nothing",
                place=promise.place,
                sentence=f"The promise '{promise.id}' is about no case: none is as it says.",
                help="Correct the facts after 'when', or take the promise away.",
            )
        if broken is not None:
            yield Finding(
                code="promise-broken",
                place=promise.place,
                sentence=f"The promise '{promise.id}' is not kept{ground.when(broken.case)}: "
                f"{broken.says}",
                help="Correct the rules, or promise less.",
                witness=broken.case,
            )


def _breaks(ground: Ground, promise: Promise) -> Iterator[Broken]:
    match promise:
        case Always():
            yield from _always(ground, promise)
        case NeverWithout():
            yield from _never_without(ground, promise)
        case FollowsOrder():
            yield from _follows_order(ground, promise)
        case Includes():
            yield from _includes(ground, promise)
        case NoLaterThan():
            yield from _no_later_than(ground, promise)
        case NeverStronger():
            yield from _never_stronger(ground)


def _box(tests: Tests) -> Box:
    return {fact: frozenset(words) for fact, words in tests.items()}


def _promised(ground: Ground, promise: Promise, boxes: Boxes) -> Boxes:
    """Return the cases under the answers to readings under which something is promised."""
    if promise.readings == "every":
        return boxes
    ours = {fact: frozenset({word}) for fact, word in ground.ours.items()}
    return tuple(common(boxes, [ours]))


def _is_about_nothing(ground: Ground, promise: Promise) -> bool:
    if not isinstance(promise, (Always, NoLaterThan)):
        return False
    return not _promised(ground, promise, ground.regions.given(_box(promise.when)))


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
            (both, {**decided, fact: word})
            for box, decided in pieces
            for word, region in ground.regions.decides.get(fact, {}).items()
            for both in common([box], region)
        ] or pieces
    best = ground.likeliest(box for box, _ in pieces)
    if best is None:
        return None
    return ground.witness(best), next(decided for box, decided in pieces if box is best)


def _always(ground: Ground, promise: Always) -> Iterator[Broken]:
    about = _promised(ground, promise, ground.regions.given(_box(promise.when)))
    kept = ground.regions.given(_box(promise.then))
    lost = minus(about, kept, ground.program.words)
    found = _decided(ground, lost, [f for f in promise.then if f in ground.regions.decides])
    if found is not None:
        case, decided = found
        told = [
            says_word(ground.ruleset, fact, word)
            for fact, word in decided.items()
            if word not in promise.then[fact]
        ]
        yield Broken(case, f"{', and '.join(told) or 'that is not what is promised'}.")


def _never_without(ground: Ground, promise: NeverWithout) -> Iterator[Broken]:
    comes = _promised(ground, promise, ground.regions.given(_box(promise.outcome)))
    grounds = [box for tests in promise.without for box in ground.regions.given(_box(tests))]
    lost = minus(comes, grounds, ground.program.words)
    found = _decided(ground, lost, [f for f in promise.outcome if f in ground.regions.decides])
    if found is not None:
        case, decided = found
        told = [says_word(ground.ruleset, fact, word) for fact, word in decided.items()]
        told.append("none of the grounds is there")
        yield Broken(case, f"{', and '.join(told)}.")


def _follows_order(ground: Ground, promise: FollowsOrder) -> Iterator[Broken]:
    outcome = ground.ruleset.outcomes[promise.outcome]
    settled = [word for word in outcome.words if word != outcome.none]
    regions = ground.regions.decides[promise.outcome]
    for less, more in combinations(promise.order, 2):
        for light, heavy in combinations(settled, 2):
            lighter = _where(regions[light], promise.fact, more)
            heavier = _where(regions[heavy], promise.fact, less)
            both = _promised(ground, promise, tuple(common(lighter, heavier)))
            case = _some(ground, both)
            if case is not None:
                told = [says_word(ground.ruleset, promise.fact, word) for word in (less, more)]
                yield Broken(
                    case,
                    f"when {told[0]}, it is {outcome.words[heavy]}; when {told[1]}, it is "
                    f"{outcome.words[light]}, which is lighter.",
                )


def _where(boxes: Boxes, fact: str, word: str) -> Boxes:
    """Return the boxes in which a fact may have a word, as boxes over all else."""
    return tuple(
        {name: allowed for name, allowed in box.items() if name != fact}
        for box in boxes
        if word in box.get(fact, {word})
    )


def _includes(ground: Ground, promise: Includes) -> Iterator[Broken]:
    outcome = ground.ruleset.outcomes[promise.outcome]
    kind, name = {"steps": (StepRule, "does"), "documents": (DocumentRule, "document")}[promise.of]
    rules = ground.ruleset.of_kind(kind)
    words = {f: each for f, each in ground.program.facts.items() if f != promise.outcome}
    titles = getattr(ground.ruleset, {"does": "activities", "document": "documents"}[name])
    says = ground.regions.says
    for light, heavy in combinations(promise.order, 2):
        for rule in rules:
            same = [
                other
                for other in rules
                if getattr(other, name) == getattr(rule, name)
                and other.modality.strength >= rule.modality.strength
            ]
            there = _where(says[rule.id], promise.outcome, light)
            too = [box for other in same for box in _where(says[other.id], promise.outcome, heavy)]
            lost = _promised(ground, promise, minus(there, too, words))
            real = [
                box
                for each in lost
                for box in ground.regions.given({**each, promise.outcome: frozenset({light})})
            ]
            if not real or not _lacks(ground, promise, heavy, same):
                continue
            case = _some(ground, tuple(real))
            if case is not None:
                what = titles[getattr(rule, name)].title
                yield Broken(
                    case,
                    f"{outcome.words[light]} has this, and {outcome.words[heavy]} has it not, or "
                    f"not as strongly: {what} [{rule.id}].",
                )


def _lacks(ground: Ground, promise: Includes, heavy: str, same: Iterable[Rule]) -> bool:
    """Return True where some case has the heavier word and nothing by these rules.

    What the lighter word needs besides may never be there together with the heavier one.
    """
    about = ground.regions.given({promise.outcome: frozenset({heavy})})
    holds = [box for rule in same for box in ground.regions.holds[rule.id]]
    return bool(minus(_promised(ground, promise, about), holds, ground.program.words))


def _no_later_than(ground: Ground, promise: NoLaterThan) -> Iterator[Broken]:
    timing = promise.within
    direction = -1 if timing.direction == "before" else 1
    days = -1 if timing.direction == "beginning with" else 0
    latest = Bound(promise.event, timing.event, timing.period, direction, days)
    calendar = ground.ruleset.calendar
    rules = [rule for rule in ground.ruleset.of_kind(DeadlineRule) if rule.event == promise.event]
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
    about = _promised(ground, promise, ground.regions.given(_box(promise.when)))
    kept = [box for id_ in keeping for box in ground.regions.holds[id_]]
    lost = minus(about, kept, ground.program.words)
    events = ground.ruleset.events
    for id_, day in later.items():
        case = _some(ground, tuple(common(lost, ground.regions.holds[id_])))
        if case is not None:
            anchor = events[timing.event].title
            told = f"'{id_}' gives a later last day if the day of '{anchor}' is {says_day(day)}."
            yield Broken(case, told)
    case = _some(ground, lost)
    if case is not None:
        event = events[promise.event].title
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
        if isinstance(rule, OutcomeRule) and rule.standing is not Standing.FOLLOWS:
            continue
        modality = getattr(rule, "modality", None)
        said = strongest_said(rule, ground.ruleset.statements)
        if modality is None or (said is not None and modality.strength <= said.strength):
            continue
        told = "ask for nothing" if said is None else f"say '{said}' at most"
        yield Broken({}, f"'{rule.id}' says '{modality}', and its statements {told}.")
