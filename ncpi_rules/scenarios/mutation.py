"""Mutation testing: whether the scenarios of a ruleset would notice each small mistake in it.

A scenario is run only where the changed rule could matter to it, and the first failure settles
the mutant. Only for the survivors is it worked out whether the change has any effect at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any, Final

from attrs import evolve, field, frozen

from ncpi_rules.checks import RulesetAnalysis
from ncpi_rules.core import NcpiRulesError, Problem, counted
from ncpi_rules.engine import EngineRule, ReferenceEngine
from ncpi_rules.ruleset import (
    ANSWERED,
    Decision,
    Interpretation,
    OutcomeRule,
    Rule,
    Ruleset,
    effect_of,
    sort_applicable,
)
from ncpi_rules.scenarios.assertions import expected_names, names_of_rule
from ncpi_rules.scenarios.items import SAYS_SOMEWHERE
from ncpi_rules.scenarios.missing_scenario import describe_missing, differing_cases
from ncpi_rules.scenarios.model import Scenario
from ncpi_rules.scenarios.mutants import Mutant, MutantKind, mutants_of
from ncpi_rules.scenarios.runs import passes, run
from ncpi_rules.scenarios.stillborn import LoadChecker
from ncpi_rules.scenarios.workers import Progress, run_in_workers


class MutantStatus(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    """A scenario fails."""
    REFUSED = "refused"
    """The ruleset could not be loaded."""
    EQUIVALENT = "equivalent"
    """The result is the same in every case, so no scenario could notice."""
    SURVIVED = "survived"
    """The result changes in some case, and every scenario still passes."""


def _of_item(fields: str) -> str:
    return f"Write a scenario in which {{}} applies, and expect {fields} of it under items."


_MISSING: Final = {
    MutantKind.SENTENCE: _of_item("its sentence or its title"),
    MutantKind.CITATION: _of_item("its statements or rests_on"),
    MutantKind.COMPLETES: _of_item("completes"),
    MutantKind.FACT: "Write a scenario in which '{}' is left out, and expect what follows where it "
    "is not known.",
    MutantKind.HIT: "Write a scenario in which two rules that decide '{}' apply, and expect a "
    "sentence of each.",
    MutantKind.GUARANTEE: "Write a scenario that the guarantee '{}' is about, and expect what it "
    "says under guarantees.",
}
"""The scenario that is missing where a mistake is one beside the conditions of rules."""

_OF_ITEMS: Final = frozenset({MutantKind.SENTENCE, MutantKind.CITATION, MutantKind.COMPLETES})

_LABELS: Final = {
    MutantStatus.KILLED: "noticed by a scenario",
    MutantStatus.REFUSED: "refused on loading",
    MutantStatus.EQUIVALENT: "without effect",
    MutantStatus.SURVIVED: "not noticed",
}


@frozen(kw_only=True)
class MutantResult:
    """A mutant and what became of it.

    ``reason`` is the scenario that fails, the reason why the loader refuses the mutant, or the
    scenario that is missing; it is empty for an equivalent mutant.
    """

    mutant: Mutant
    status: MutantStatus
    reason: str = ""


@frozen(kw_only=True)
class MutationReport:
    """What became of every mutant of a ruleset; ``scenarios`` is the number of scenarios."""

    scenarios: int
    results: tuple[MutantResult, ...] = field(repr=False)

    def with_status(self, status: MutantStatus) -> tuple[MutantResult, ...]:
        """Return the mutants with one status."""
        return tuple(result for result in self.results if result.status is status)

    @property
    def survivors(self) -> tuple[MutantResult, ...]:
        """Return the mutants that no scenario notices."""
        return self.with_status(MutantStatus.SURVIVED)

    @property
    def is_sufficient(self) -> bool:
        """Return True where there are mutants and scenarios, and no mutant survives."""
        return bool(self.results and self.scenarios) and not self.survivors

    @property
    def summary(self) -> str:
        """Return the number of mutants with each status, in one sentence."""
        counts = ", ".join(
            f"{len(self.with_status(status)):,} {label}" for status, label in _LABELS.items()
        )
        return f"{counted(len(self.results), 'mistake')} tried: {counts}."

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and the survivors as text, numbers, lists and mappings."""
        return {
            "scenarios": self.scenarios,
            "mutants": len(self.results),
            **{status.value: len(self.with_status(status)) for status in MutantStatus},
            "survivors": [
                {
                    "id": result.mutant.id,
                    "kind": result.mutant.kind.value,
                    "of": result.mutant.of,
                    "place": result.mutant.place,
                    "description": result.mutant.description,
                    "missing_scenario": result.reason,
                }
                for result in self.survivors
            ],
        }


def mutate(
    ruleset: Ruleset,
    scenarios: Iterable[Scenario],
    *,
    every: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> MutationReport:
    """Return what becomes of every small change to a ruleset under its scenarios.

    ``every`` samples the mutants: 10 takes every tenth. ``workers`` is the number of processes, by
    default one for each core where there are enough mutants; 1 starts none. The report is the same
    whatever the number. ``progress`` is called after each mutant with how many are done and how
    many there are. On systems that cannot fork, a script that uses several workers needs the usual
    ``if __name__ == "__main__":``. Raises NcpiRulesError where a scenario fails before anything is
    changed.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> mutate(shipped_ruleset(), [], every=10_000).survivors[0].reason
    'There are no scenarios.'
    """
    scenarios = tuple(scenarios)
    mutants = mutants_of(ruleset)[:: max(every, 1)]
    if not scenarios:
        reason, status = "There are no scenarios.", MutantStatus.SURVIVED
        results = [MutantResult(mutant=mutant, status=status, reason=reason) for mutant in mutants]
        return MutationReport(scenarios=0, results=tuple(results))
    tester = MutantTester.of(ruleset, scenarios)
    outcomes = run_in_workers(tester.test, mutants, workers=workers, progress=progress)
    return MutationReport(
        scenarios=len(scenarios),
        results=tuple(
            MutantResult(mutant=mutant, status=MutantStatus(status), reason=reason)
            for mutant, (status, reason) in zip(mutants, outcomes, strict=True)
        ),
    )


@frozen
class _UnchangedRun:
    """A scenario with its decision, all values of the case, and the names that it expects."""

    scenario: Scenario
    decision: Decision
    facts: dict[str, str]
    expects: frozenset[str]

    @property
    def fired(self) -> frozenset[str]:
        """The ids of the rules that apply."""
        return self.decision.evaluation.fired

    def decision_with(self, ruleset: Ruleset, rule: str, *, applies: bool) -> Decision:
        """Return the decision where one rule, which matters to no other, applies or does not."""
        fired = self.fired | {rule} if applies else self.fired - {rule}
        evaluation = evolve(self.decision.evaluation, fired=fired)
        applicable = sort_applicable(ruleset, evaluation)
        return evolve(self.decision, ruleset=ruleset, evaluation=evaluation, applicable=applicable)


@frozen
class MutantTester:
    """Tests the mutants of a ruleset against scenarios that all pass before the change."""

    analysis: RulesetAnalysis
    loader: LoadChecker
    runs: Sequence[_UnchangedRun]

    @classmethod
    def of(cls, ruleset: Ruleset, scenarios: Iterable[Scenario]) -> MutantTester:
        """Return a tester; raise NcpiRulesError where a scenario fails on the unchanged ruleset."""
        analysis = RulesetAnalysis.of(ruleset)
        problems, runs = [], []
        for scenario in scenarios:
            result = run(scenario, ruleset, engine=ReferenceEngine.name)
            if result.mismatches:
                problems.append(
                    Problem(
                        place=scenario.place,
                        message=f"This scenario fails before anything is changed: {scenario.says}",
                        help="Correct the scenario or the rules first; 'ncpi-rules test' shows "
                        "what differs.",
                    )
                )
                continue
            if result.plan is None:
                continue  # it is about what is refused before any rule is asked
            decision = result.plan.decision
            expects = frozenset(expected_names(scenario))
            runs.append(_UnchangedRun(scenario, decision, decision.facts, expects))
        if problems:
            raise NcpiRulesError(problems)
        return cls(analysis, LoadChecker(analysis), runs)

    def test(self, mutant: Mutant) -> tuple[str, str]:
        """Return the status of a mutant, and the reason for it."""
        mutated = mutant.made_of(self.analysis.ruleset)
        if problem := self.loader.refuses(mutant, mutated):
            return MutantStatus.REFUSED, problem
        rule = self.analysis.ruleset.rules.get(mutant.of)
        stands_alone = rule and not (isinstance(rule, OutcomeRule) or rule.outranks)
        for unchanged, applies in self.concerned(mutant):
            decision = (
                unchanged.decision_with(mutated, mutant.of, applies=applies)
                if stands_alone
                else None
            )
            scenario = unchanged.scenario
            if not passes(scenario, mutated, decision=decision, engine=ReferenceEngine.name):
                return MutantStatus.KILLED, scenario.says
        return self._unnoticed(mutant, mutated)

    def _unnoticed(self, mutant: Mutant, mutated: Ruleset) -> tuple[str, str]:
        """Return whether a mutant that no scenario notices has any effect, and what is missing."""
        if mutant.kind in _MISSING:
            missing = _MISSING[mutant.kind].format(mutant.of)
            has_effect = self._has_effect(mutant, mutated)
            return (MutantStatus.SURVIVED, missing) if has_effect else (MutantStatus.EQUIVALENT, "")
        where = differing_cases(self.analysis, mutant, mutated)
        first = next(where, None)
        if first is None:
            return MutantStatus.EQUIVALENT, ""
        if mutant.kind is MutantKind.PARTY:
            return MutantStatus.SURVIVED, _of_item("by, to or of").format(mutant.of)
        if _is_modality_of_outcome(mutant):
            return MutantStatus.SURVIVED, _of_item("modality").format(mutant.of)
        missing = describe_missing(self.analysis, mutant, mutated, chain([first], where))
        return MutantStatus.SURVIVED, missing

    def _has_effect(self, mutant: Mutant, mutated: Ruleset) -> bool:
        """Return whether a mistake beside the conditions of rules can change anything."""
        applies = self.analysis.regions.applies
        if mutant.is_of_rule:
            return bool(applies[mutant.of])
        if mutant.kind is MutantKind.HIT:
            return applies != RulesetAnalysis.of(mutated).regions.applies
        return True

    def concerned(self, mutant: Mutant) -> Iterable[tuple[_UnchangedRun, bool]]:
        """Return the scenarios to which a mutant could matter, the likeliest to notice first.

        Each is listed with whether a changed rule applies in it, given the outcomes as they were.
        """
        ruleset = self.analysis.ruleset
        if mutant.is_of_rule:
            names = frozenset(names_of_rule(ruleset.rules[mutant.of]))
            return sorted(
                self._affected(mutant), key=lambda pair: names.isdisjoint(pair[0].expects)
            )
        if mutant.kind is MutantKind.GUARANTEE:
            return [(unchanged, False) for unchanged in self.runs if mutant.of in unchanged.expects]
        asked = mutant.of if isinstance(mutant.changed, Interpretation) else None
        resting = {id_ for id_, rule in ruleset.rules.items() if asked in rule.open_questions}
        settings = {name for name in ANSWERED if asked == ruleset.choice(name)}
        runs = sorted(
            (
                unchanged
                for unchanged in self.runs
                if asked not in unchanged.scenario.interpretations
            ),
            key=lambda unchanged: (
                unchanged.expects.isdisjoint({mutant.of, *settings}),
                unchanged.fired.isdisjoint(resting),
            ),
        )
        return [(unchanged, False) for unchanged in runs]

    def _affected(self, mutant: Mutant) -> Iterator[tuple[_UnchangedRun, bool]]:
        """Yield the scenarios in which a changed rule could bring about something else."""
        rules = self.analysis.rules
        old, old_rule = rules[mutant.of], self.analysis.ruleset.rules[mutant.of]
        new_rule = mutant.changed if isinstance(mutant.changed, Rule) else None
        new = None if new_rule is None else EngineRule(id=old.id, when=new_rule.tests)
        outranks = old_rule.outranks if new_rule is None else new_rule.outranks
        released = [rules[other] for other in old_rule.outranks if other not in outranks]
        effect_changes = new_rule is not None and effect_of(old_rule) != effect_of(new_rule)
        if mutant.kind in _OF_ITEMS or _is_modality_of_outcome(mutant):
            names = {old_rule.rule, old.id, SAYS_SOMEWHERE}
            yield from (
                (unchanged, True)
                for unchanged in self.runs
                if old.id in unchanged.fired and not names.isdisjoint(unchanged.expects)
            )
            return
        for unchanged in self.runs:
            outranked = not unchanged.fired.isdisjoint(old.outranked_by)
            before = old.id in unchanged.fired
            after = new is not None and not outranked and new.fits(unchanged.facts)
            if (
                before != after
                or (before and (effect_changes or any(r.fits(unchanged.facts) for r in released)))
                # A recorded decision may name any rule, whether or not it applies.
                or (_has_decisions(unchanged.scenario) and (new is None or effect_changes))
            ):
                yield unchanged, after


def _is_modality_of_outcome(mutant: Mutant) -> bool:
    """Return whether only what a scenario expects of the rule itself can tell the mistake."""
    return mutant.kind is MutantKind.MODALITY and isinstance(mutant.changed, OutcomeRule)


def _has_decisions(scenario: Scenario) -> bool:
    return scenario.follow_up is not None and bool(scenario.follow_up.decisions)
