"""Mutation testing: whether the scenarios of a ruleset would notice each small mistake in it.

A scenario is run only where the changed rule could matter to it, and the first failure settles
the mutant. Only for the survivors is it worked out whether the change has any effect at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from attrs import evolve, frozen

from ncpi_rules.checks import RulesetAnalysis
from ncpi_rules.core import NcpiRulesError, Problem
from ncpi_rules.engine import EngineRule, ReferenceEngine
from ncpi_rules.ruleset import (
    ANSWERED,
    DUE_SOON,
    Decision,
    Interpretation,
    OutcomeRule,
    Rule,
    Ruleset,
    effect_of,
    sort_applicable,
)
from ncpi_rules.scenarios.assertions import expected_names, names_of_rule
from ncpi_rules.scenarios.items import SAYS_SOMEWHERE, expected_texts, registered
from ncpi_rules.scenarios.missing_scenario import describe_missing, differing_cases
from ncpi_rules.scenarios.model import Scenario
from ncpi_rules.scenarios.mutants import Mutant, MutantKind, mutants_of
from ncpi_rules.scenarios.mutation_report import MutantResult, MutantStatus, MutationReport
from ncpi_rules.scenarios.register_mutants import text_before
from ncpi_rules.scenarios.runs import passes, run
from ncpi_rules.scenarios.stillborn import LoadChecker
from ncpi_rules.scenarios.workers import Progress, run_in_workers


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

_SOON: Final = (
    "Write a scenario on the first day on which something is due soon and one on the day before, "
    "and expect status_label of each under deadlines."
)

_OF_ITEMS: Final = frozenset({MutantKind.SENTENCE, MutantKind.CITATION, MutantKind.COMPLETES})


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
    """A scenario with its decision, all values of the case, and the names that it expects.

    Where its facts are refused there is no decision. ``text`` is all that it expects to read.
    """

    scenario: Scenario
    decision: Decision | None
    facts: dict[str, str]
    expects: frozenset[str]
    text: str

    @property
    def fired(self) -> frozenset[str]:
        """The ids of the rules that apply."""
        return self.decision.evaluation.fired if self.decision else frozenset()

    def decision_with(self, ruleset: Ruleset, rule: str, *, applies: bool) -> Decision | None:
        """Return the decision where one rule, which matters to no other, applies or does not."""
        if self.decision is None:
            return None
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
    refused: Sequence[_UnchangedRun]

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
            decision = result.plan.decision if result.plan else None
            runs.append(
                _UnchangedRun(
                    scenario,
                    decision,
                    decision.facts if decision else {},
                    frozenset(expected_names(scenario)),
                    "\n".join(expected_texts(scenario.expect)).casefold(),
                )
            )
        if problems:
            raise NcpiRulesError(problems)
        decided = [entry for entry in runs if entry.decision is not None]
        refused = [entry for entry in runs if entry.decision is None]  # before any rule is asked
        return cls(analysis, LoadChecker(analysis), decided, refused)

    def test(self, mutant: Mutant) -> tuple[str, str]:
        """Return the status of a mutant, and the reason for it."""
        mutated = mutant.made_of(self.analysis.ruleset)
        if problem := self.loader.refuses(mutant, mutated):
            return MutantStatus.REFUSED, problem
        rule = self.analysis.ruleset.rules.get(mutant.of)
        stands_alone = rule and not (isinstance(rule, OutcomeRule) or rule.outranks)
        for unchanged, applies in self.concerned(mutant):
            decision = None
            if stands_alone:
                decision = unchanged.decision_with(mutated, mutant.of, applies=applies)
            elif mutant.is_of_text and unchanged.decision:
                decision = evolve(unchanged.decision, ruleset=mutated)
            if not passes(
                unchanged.scenario, mutated, decision=decision, engine=ReferenceEngine.name
            ):
                return MutantStatus.KILLED, unchanged.scenario.says
        missing = self._missing(mutant, mutated)
        return (MutantStatus.SURVIVED, missing) if missing else (MutantStatus.EQUIVALENT, "")

    def _missing(self, mutant: Mutant, mutated: Ruleset) -> str:
        """Return the scenario that is missing; nothing where a mutant has no effect at all."""
        if mutant.is_of_text or (mutant.kind is MutantKind.CHOICE and mutant.changed is None):
            return self._unread(mutant, mutated)
        if mutant.kind is MutantKind.CHOICE and mutant.of == DUE_SOON:
            return _SOON
        if mutant.kind is MutantKind.ORDER:
            return _disordered(self.analysis.ruleset, mutated)
        if mutant.kind in _MISSING:
            has_effect = self._has_effect(mutant, mutated)
            return _MISSING[mutant.kind].format(mutant.of) if has_effect else ""
        return self._missing_case(mutant, mutated)

    def _missing_case(self, mutant: Mutant, mutated: Ruleset) -> str:
        where = differing_cases(self.analysis, mutant, mutated)
        first = next(where, None)
        if first is None:
            return ""
        if mutant.kind is MutantKind.PARTY:
            return _of_item("by, to or of").format(mutant.of)
        if _is_modality_of_outcome(mutant):
            return _of_item("modality").format(mutant.of)
        return describe_missing(self.analysis, mutant, mutated, chain([first], where))

    def _unread(self, mutant: Mutant, mutated: Ruleset) -> str:
        """Return the scenario that reads the sentence which a mutant changes."""
        after = set(registered(mutated))
        gone = [line for line in registered(self.analysis.ruleset) if line not in after]
        text = gone[0] if gone else self._text(mutant)
        return f"Write a scenario that expects under sentences: {text}"

    def _text(self, mutant: Mutant) -> str:
        """Return the sentence in the place of which a mutant says something else."""
        before = getattr(self.analysis.ruleset, mutant.part)
        return text_before(
            before if mutant.part == "repeats" else before[mutant.of], mutant.changed
        )

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
        if mutant.is_of_text:
            return self._reading(mutant)
        if mutant.kind is MutantKind.ORDER:
            dated = [
                unchanged
                for unchanged in self.runs
                if unchanged.scenario.dates or unchanged.scenario.follow_up
            ]
            dated.sort(key=lambda unchanged: len(unchanged.scenario.dates), reverse=True)
            runs = sorted(self.refused, key=lambda unchanged: mutant.of not in unchanged.text)
            return [(unchanged, False) for unchanged in (*runs, *dated)]
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

    def _reading(self, mutant: Mutant) -> Iterable[tuple[_UnchangedRun, bool]]:
        """Return the scenarios that expect any text, those with the changed one first."""
        text = self._text(mutant).casefold()
        reading = [unchanged for unchanged in self.runs if unchanged.text]
        return [
            (unchanged, False)
            for unchanged in sorted(reading, key=lambda unchanged: text not in unchanged.text)
        ]

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


def _disordered(before: Ruleset, after: Ruleset) -> str:
    """Return the scenario of two events in an order that only one of two rulesets allows."""
    refused = [pair for pair in before.contract.order if pair not in after.contract.order]
    allowed = [pair for pair in after.contract.order if pair not in before.contract.order]
    for first, later in refused[:1] or allowed[:1]:
        expected = "what is wrong under refused" if refused else "its plan, as nothing is wrong"
        return f"Write a scenario in which '{later}' comes before '{first}', and expect {expected}."
    return ""


def _is_modality_of_outcome(mutant: Mutant) -> bool:
    """Return whether only what a scenario expects of the rule itself can show the mistake."""
    return mutant.kind is MutantKind.MODALITY and isinstance(mutant.changed, OutcomeRule)


def _has_decisions(scenario: Scenario) -> bool:
    return scenario.follow_up is not None and bool(scenario.follow_up.decisions)
