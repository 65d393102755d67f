"""The material of proofs about a ruleset: the cases of each rule, and of each effect of rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from ncpi_rules.checks.findings import quoted
from ncpi_rules.core import DueDatePolicy
from ncpi_rules.engine import (
    Box,
    Boxes,
    EngineRule,
    Program,
    Regions,
    Values,
    minus,
    regions_of,
    union,
)
from ncpi_rules.ruleset import (
    DUE_DATE_NOT_WORKING,
    Ruleset,
    describe_value,
    effect_of,
    program_for,
)

if TYPE_CHECKING:
    from ncpi_rules.ruleset import Rule


@frozen(eq=False)
class CaseDescriber:
    """Describes cases in the vocabulary's own sentences; our own answers are not mentioned.

    ``values`` holds the values of every fact, outcome and interpretation, ``ours`` our answers to
    interpretations, ``outcomes`` the text of each value of an outcome.
    """

    values: Values
    ours: Mapping[str, str]
    outcomes: Mapping[str, Mapping[str, str]]
    describe_value: Callable[[str, str], str]

    def is_ours(self, box: Box) -> bool:
        """Return True where a box has cases under our own answer to every interpretation."""
        return all(value in box.get(fact, {value}) for fact, value in self.ours.items())

    def example(self, box: Box, facts: Iterable[str] | None = None) -> dict[str, str]:
        """Return a case of a box: our own answers where it has them, else its first values.

        The case names some facts, or those that the box names.
        """
        names = (fact for fact in self.values if fact in box) if facts is None else facts
        case = {}
        for fact in names:
            allowed = box.get(fact, self.values[fact])
            ours = self.ours.get(fact)
            first = next(value for value in self.values[fact] if value in allowed)
            case[fact] = ours if ours is not None and ours in allowed else first
        return case

    def describe_case(self, case: Mapping[str, str]) -> str:
        """Return a case as one clause, such as ``the guest is here``; empty for any case."""
        return ", and ".join(
            self.describe_value(fact, value)
            for fact, value in case.items()
            if self.ours.get(fact) != value
        )

    def describe_box(self, box: Box) -> str:
        """Return all cases of a box as one clause; empty where it holds every case."""
        return "; and ".join(self.conditions(box))

    def conditions(self, box: Box) -> list[str]:
        """Return the conditions under which a case lies in a box, one for each fact."""
        return [
            self._any_of(fact, [value for value in values if value in box[fact]])
            for fact, values in self.values.items()
            if fact in box and len(box[fact]) < len(values) and self.ours.get(fact) not in box[fact]
        ]

    def _any_of(self, fact: str, values: list[str]) -> str:
        first, *others = (self.describe_value(fact, value) for value in values)
        if fact in self.outcomes:  # "the tier is a visit or a review"
            return " or ".join([first, *(self.outcomes[fact][value] for value in values[1:])])
        return ", or ".join([first, *others])


@frozen
class EffectChange:
    """An effect of rules with the cases in which only one of two rulesets has it.

    ``removed`` are the cases of the first ruleset alone, ``added`` those of the second alone.
    """

    effect: Hashable
    removed: Boxes
    added: Boxes


def effect_changes(
    before: Mapping[Hashable, Boxes], after: Mapping[Hashable, Boxes], values: Values
) -> Iterator[EffectChange]:
    """Yield each effect that two rulesets have in different cases.

    The mappings hold the cases of each effect; an effect that a mapping does not name has none.

    >>> here = frozenset({"here"})
    >>> change, = effect_changes({"tea": ({},)}, {"tea": ({"guest": here},)},
    ...                          {"guest": ("here", "away")})
    >>> change.removed, change.added
    (({'guest': frozenset({'away'})},), ())
    """
    for effect in dict.fromkeys((*before, *after)):
        first, second = before.get(effect, ()), after.get(effect, ())
        if first != second:
            removed, added = minus(first, second, values), minus(second, first, values)
            if removed or added:
                yield EffectChange(effect, removed, added)


def where_value(boxes: Boxes, fact: str, value: str) -> Boxes:
    """Return the cases in which a fact may have a value, as boxes over all other facts."""
    return tuple(
        {name: allowed for name, allowed in box.items() if name != fact}
        for box in boxes
        if value in box.get(fact, {value})
    )


def rules_by_effect(rules: Iterable[Rule]) -> dict[Hashable, tuple[str, ...]]:
    """Return the ids of the rules that have each effect."""
    ids: dict[Hashable, tuple[str, ...]] = {}
    for rule in rules:
        effect = effect_of(rule)
        ids[effect] = (*ids.get(effect, ()), rule.id)
    return ids


def cases_by_effect(
    ids: Mapping[Hashable, tuple[str, ...]], applies: Mapping[str, Boxes], values: Values
) -> dict[Hashable, Boxes]:
    """Return the cases of each effect, from the rules that have it and the cases of each rule."""
    return {
        effect: applies[rules[0]]
        if len(rules) == 1
        else union((box for id_ in rules for box in applies[id_]), values)
        for effect, rules in ids.items()
    }


@frozen(eq=False)
class RulesetAnalysis:
    """A ruleset with its program for the engine and the cases in which each rule applies."""

    ruleset: Ruleset
    program: Program
    regions: Regions

    @classmethod
    def of(cls, ruleset: Ruleset) -> RulesetAnalysis:
        """Return the analysis of a ruleset, made on first use and kept with it."""
        return ruleset.derive(_analyse)

    @cached_property
    def rules(self) -> dict[str, EngineRule]:
        """The rules as the engine has them, by id."""
        return {rule.id: rule for rule in self.program.rules}

    @cached_property
    def ours(self) -> dict[str, str]:
        """Our own answer to every interpretation."""
        return {
            id_: interpretation.ours for id_, interpretation in self.ruleset.interpretations.items()
        }

    @property
    def due_date_policy(self) -> DueDatePolicy:
        """Return what becomes of a due date that is not a working day, by our own answer."""
        setting = self.ruleset.choice(DUE_DATE_NOT_WORKING)
        return DueDatePolicy(self.ours.get(setting, setting))

    @cached_property
    def describer(self) -> CaseDescriber:
        """What describes the cases of the ruleset."""
        return CaseDescriber(
            values=self.program.facts,
            ours=self.ours,
            outcomes={id_: outcome.values for id_, outcome in self.ruleset.outcomes.items()},
            describe_value=lambda fact, value: describe_value(self.ruleset, fact, value),
        )

    @cached_property
    def by_effect(self) -> dict[Hashable, tuple[str, ...]]:
        """The ids of the rules that have each effect."""
        return rules_by_effect(self.ruleset.rules.values())

    @cached_property
    def effects(self) -> dict[Hashable, Boxes]:
        """The cases of each effect, over the facts that a case gives."""
        return cases_by_effect(self.by_effect, self.regions.applies, self.program.values)

    @cached_property
    def effects_with_outcomes(self) -> dict[Hashable, Boxes]:
        """The cases of each effect, over outcomes too: fewer boxes, and shorter to describe."""
        return cases_by_effect(self.by_effect, self.regions.matches, self.program.facts)

    def simplest(self, boxes: Iterable[Box]) -> Box | None:
        """Return the box that is shortest to describe, those under our own answers first."""
        return min(
            boxes,
            key=lambda box: (
                not self.describer.is_ours(box),
                len(box),
                [sorted(box.get(fact, ())) for fact in self.program.facts],
            ),
            default=None,
        )

    def example(self, boxes: Iterable[Box]) -> dict[str, str] | None:
        """Return the case of some boxes that is shortest to describe; None where there is none."""
        box = self.simplest(boxes)
        return None if box is None else self.describer.example(box)

    def when(self, case: Mapping[str, str]) -> str:
        """Return `` when ...`` for a case, or nothing where it names no fact."""
        text = self.describer.describe_case(case)
        return f" when {text}" if text else ""

    def named(self, ids: Iterable[str]) -> str:
        """Return the rules of some cases as a list within a sentence, each rule once."""
        return quoted(dict.fromkeys(self.ruleset.rules[id_].rule for id_ in ids))

    def place(self, name: str) -> str:
        """Return where a name of the files stands, such as ``events.revisit-begins``."""
        return self.ruleset.places.get(name, "")


def _analyse(ruleset: Ruleset) -> RulesetAnalysis:
    program = program_for(ruleset)
    return RulesetAnalysis(ruleset, program, regions_of(program))
