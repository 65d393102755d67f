"""What becomes of each mutant: refused, killed by a scenario, equivalent, or survived.

A scenario is run only where the changed rule could matter to it, and the first that
fails ends the search. Whether a mutant changes anything at all is asked of the survivors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any, TypeAlias

from attrs import field, frozen

from ncpi_rules.checks import Ground
from ncpi_rules.core import NcpiRulesError, Problem
from ncpi_rules.engine import EngineRule, ReferenceEngine
from ncpi_rules.ruleset import (
    SETTINGS,
    ActionRule,
    DeadlineRule,
    DocumentRule,
    Interpretation,
    OutcomeRule,
    Rule,
    Ruleset,
    effect_of,
)
from ncpi_rules.scenarios.assertions import SECTIONS, describe_action, describe_request
from ncpi_rules.scenarios.missing_scenario import differences, says_missing
from ncpi_rules.scenarios.model import Scenario
from ncpi_rules.scenarios.mutants import Mutant, mutants_of
from ncpi_rules.scenarios.runs import passes, planned, run
from ncpi_rules.scenarios.stillborn import Loader

Told: TypeAlias = Callable[[int, int], object]
"""What is told how many mutants are done, and of how many."""


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    """A scenario fails."""
    REFUSED = "refused"
    """The ruleset could not be loaded."""
    EQUIVALENT = "equivalent"
    """Nothing changes in any case, so no scenario could notice."""
    SURVIVED = "survived"
    """Something changes, and every scenario still passes."""


@frozen(kw_only=True)
class Judged:
    """A mutant and what became of it.

    ``because`` is the scenario that fails, the reason for which the loader refuses it, or the
    sentence of the missing scenario; nothing where it is equivalent.
    """

    mutant: Mutant
    fate: Fate
    because: str = ""


@frozen(kw_only=True)
class Mutation:
    """What became of the mutants of a ruleset under its scenarios."""

    scenarios: int
    judged: tuple[Judged, ...] = field(repr=False)

    def of(self, fate: Fate) -> tuple[Judged, ...]:
        """Return the mutants with one fate."""
        return tuple(each for each in self.judged if each.fate is fate)

    @property
    def survivors(self) -> tuple[Judged, ...]:
        """Return the mutants that no scenario notices."""
        return self.of(Fate.SURVIVED)

    @property
    def enough(self) -> bool:
        """Return True where there are mutants and scenarios, and the scenarios notice each."""
        return bool(self.judged and self.scenarios) and not self.survivors

    @property
    def says(self) -> str:
        """Return the numbers in a sentence."""
        told = ", ".join(f"{len(self.of(fate)):,} {fate}" for fate in Fate)
        number = len(self.judged)
        return f"{number:,} mutant{'' if number == 1 else 's'}: {told}."

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and the survivors as text, numbers, lists and mappings."""
        return {
            "scenarios": self.scenarios,
            "mutants": len(self.judged),
            **{fate.value: len(self.of(fate)) for fate in Fate},
            "survivors": [
                {
                    "id": each.mutant.id,
                    "kind": each.mutant.kind.value,
                    "of": each.mutant.of,
                    "place": each.mutant.place,
                    "says": each.mutant.says,
                    "missing": each.because,
                }
                for each in self.survivors
            ],
        }


def mutate(
    ruleset: Ruleset,
    scenarios: Iterable[Scenario],
    *,
    every: int = 1,
    told: Told | None = None,
) -> Mutation:
    """Return what becomes of every small change of a ruleset under its scenarios.

    ``every`` takes every so many of the mutants: 10 is every tenth. ``told`` is called after each.
    Raises NcpiRulesError where a scenario fails before anything is changed.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> found = mutate(shipped_ruleset(), [], every=10_000)
    >>> found.survivors[0].because
    'No scenario was given.'
    """
    scenarios = tuple(scenarios)
    mutants = mutants_of(ruleset)[:: max(every, 1)]
    if not scenarios:
        judged = tuple(
            Judged(mutant=each, fate=Fate.SURVIVED, because="No scenario was given.")
            for each in mutants
        )
        return Mutation(scenarios=0, judged=judged)
    judge = _Judge.of(ruleset, scenarios)
    found: list[Judged] = []
    for mutant in mutants:
        found.append(judge.judged(mutant))
        if told is not None:
            told(len(found), len(mutants))
    return Mutation(scenarios=len(scenarios), judged=tuple(found))


@frozen
class _Seen:
    """A scenario, what it is about, and the rules that apply in it before anything is changed."""

    scenario: Scenario
    facts: dict[str, str]
    fired: frozenset[str]
    expects: frozenset[str]


@frozen
class _Judge:
    ground: Ground
    loader: Loader
    seen: Sequence[_Seen]

    @classmethod
    def of(cls, ruleset: Ruleset, scenarios: Iterable[Scenario]) -> _Judge:
        ground = Ground.of(ruleset)
        failing = [
            Problem(
                place=each.place,
                message=f"This scenario fails before anything is changed: {each.says}",
                help="Mend the scenario or the rules first; 'ncpi-rules test' says what differs.",
            )
            for each in scenarios
            if not run(each, ruleset, engine=ReferenceEngine.name).passed
        ]
        if failing:
            raise NcpiRulesError(failing)
        seen = []
        for each in scenarios:
            decision = planned(each, ruleset, engine=ReferenceEngine.name).decision
            fired = decision.evaluation.fired
            seen.append(_Seen(each, decision.facts, fired, frozenset(_expects(each))))
        return cls(ground, Loader(ground), seen)

    def judged(self, mutant: Mutant) -> Judged:
        """Return what becomes of a mutant."""
        mutated = mutant.made_of(self.ground.ruleset)
        if why := self.loader.refuses(mutant, mutated):
            return Judged(mutant=mutant, fate=Fate.REFUSED, because=why)
        for each in self._concerned(mutant):
            if not passes(each.scenario, mutated, engine=ReferenceEngine.name):
                return Judged(mutant=mutant, fate=Fate.KILLED, because=each.scenario.says)
        found = differences(self.ground, mutant, mutated)
        first = next(found, None)
        if first is None:
            return Judged(mutant=mutant, fate=Fate.EQUIVALENT)
        missing = says_missing(self.ground, mutant, mutated, chain([first], found))
        return Judged(mutant=mutant, fate=Fate.SURVIVED, because=missing)

    def _concerned(self, mutant: Mutant) -> Iterable[_Seen]:
        """Return the scenarios for which a mutant could matter, the likeliest to notice first."""
        if mutant.is_of_rule:
            names = frozenset(_names(self.ground.ruleset.rules[mutant.of]))
            found = self._of_rule(mutant)
            return sorted(found, key=lambda each: names.isdisjoint(each.expects))
        ruleset = self.ground.ruleset
        given = mutant.of if isinstance(mutant.changed, Interpretation) else None
        resting = {
            id_
            for id_, rule in ruleset.rules.items()
            if given is not None and given in rule.open_questions
        }
        decided = {name for name in SETTINGS if given == getattr(ruleset.settings, name)}
        return sorted(
            (each for each in self.seen if given not in each.scenario.interpretations),
            key=lambda each: (
                each.expects.isdisjoint({mutant.of, *decided}),
                each.fired.isdisjoint(resting),
            ),
        )

    def _of_rule(self, mutant: Mutant) -> Iterator[_Seen]:
        rules = self.ground.rules
        old, old_rule = rules[mutant.of], self.ground.ruleset.rules[mutant.of]
        new_rule = mutant.changed if isinstance(mutant.changed, Rule) else None
        new = None if new_rule is None else _tests(new_rule)
        kept = old_rule.outranks if new_rule is None else new_rule.outranks
        let_go = [rules[other] for other in old_rule.outranks if other not in kept]
        more = new_rule is not None and effect_of(old_rule) != effect_of(new_rule)
        for each in self.seen:
            outranked = not each.fired.isdisjoint(old.outranked_by)
            held = old.id in each.fired
            holds = new is not None and not outranked and new.fits(each.facts)
            if (
                held != holds
                or (held and (more or any(other.fits(each.facts) for other in let_go)))
                # What somebody has decided may name any rule, whether or not it holds.
                or (each.scenario.known.decisions and (new is None or more))
            ):
                yield each


def _expects(scenario: Scenario) -> Iterator[str]:
    """Yield what a scenario names that a rule or a setting may bring about."""
    for one in (scenario.expect, scenario.expect.without):
        yield from one.outcomes
        for section in SECTIONS:
            yield from getattr(one, section.value)
    expect = scenario.expect
    yield from expect.basis
    yield from (f"complete {section}" for section in expect.complete)
    yield from (*expect.suggested, *expect.not_suggested)
    if expect.suggested or expect.not_suggested:
        yield "documents_suggested"
    if expect.names:
        yield "local_names"
    if any(each.due or each.working_day_before for each in expect.deadlines.values()):
        yield "last_day_not_working"


def _names(rule: Rule) -> Iterator[str]:
    """Yield the names under which a scenario may expect what a rule brings about."""
    yield rule.id
    match rule:
        case OutcomeRule():
            yield rule.decides
        case ActionRule():
            yield describe_action(rule)
        case DeadlineRule():
            yield from (rule.event, f"alert.{rule.id}")
        case DocumentRule():
            yield from (rule.document, describe_request(rule))
        case _:
            pass


def _tests(rule: Rule) -> EngineRule:
    return EngineRule(id=rule.id, when={**rule.when, **rule.under})
