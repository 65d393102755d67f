"""Stillborn mutants: those that the loader refuses, so that no scenario is needed."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import combinations
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from ncpi_rules.checks import RulesetAnalysis
from ncpi_rules.core import RulesetError
from ncpi_rules.engine import Boxes, common, minus
from ncpi_rules.io import Source
from ncpi_rules.ruleset import (
    Draft,
    Event,
    Fact,
    OutcomeRule,
    Rule,
    Vocabulary,
    contract_problems,
    logic_problems,
)
from ncpi_rules.scenarios.hit_mutants import HitPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from ncpi_rules.ruleset import Ruleset
    from ncpi_rules.scenarios.mutants import Mutant

_NO_SOURCE = Source(name="", data=None)


@frozen
class LoadChecker:
    """Tells which mutants of a ruleset the loader refuses, without loading each of them whole."""

    analysis: RulesetAnalysis
    _matching: dict[Hashable, Boxes] = field(factory=dict, init=False, eq=False, repr=False)

    def refuses(self, mutant: Mutant, mutated: Ruleset) -> str:
        """Return why the loader refuses a mutant, in a sentence, or nothing where it does not."""
        if mutant.is_of_text:
            return ""
        if isinstance(mutant.changed, Fact | Event):
            facts, events = (*mutated.facts.values(),), (*mutated.events.values(),)
            reasons = mutated.fields_without_a_fact
            problem = next(contract_problems(facts, events, reasons, _NO_SOURCE), None)
            return "" if problem is None else problem.message
        if isinstance(mutant.changed, HitPolicy):
            return self._two_decide(mutated, {mutant.of})
        if not mutant.is_of_rule:
            return ""
        rules = self.analysis.ruleset.rules
        old, new = rules[mutant.of], mutated.rules.get(mutant.of)
        touched = (old, *(rules[other] for other in old.outranks))
        affected = {rule.decides for rule in touched if isinstance(rule, OutcomeRule)}
        refused = self._two_decide(mutated, affected) if affected else ""
        return refused or ("" if new is None else self.problem(mutated, [new]))

    def _two_decide(self, mutated: Ruleset, affected: AbstractSet[str]) -> str:
        """Return two rules that decide the same case, in a sentence, or nothing where none do."""
        overlap, is_certain = self._overlap(mutated, self._decided_before(affected))
        if not overlap or is_certain:
            return overlap
        rules = mutated.rules.values()
        return self.problem(
            mutated, [rule for rule in rules if isinstance(rule, OutcomeRule) or rule.outranks]
        )

    def _decided_before(self, affected: Iterable[str]) -> set[str]:
        """Return the outcomes that do not depend on those affected."""
        layers = self.analysis.program.strata
        first = min(at for at, names in enumerate(layers) for name in names if name in affected)
        return {name for names in layers[: first + 1] for name in names}.difference(affected)

    def _overlap(self, mutated: Ruleset, decided: AbstractSet[str]) -> tuple[str, bool]:
        """Return two rules that decide the same case, in a sentence, and whether it is certain.

        Outcomes that rules test are taken to have any value in any case: rules that do not meet
        then never do. The ``decided`` ones have the values that they had before the change.
        """
        outranking: dict[str, list[Rule]] = {}
        for rule in mutated.rules.values():
            for below in rule.outranks:
                outranking.setdefault(below, []).append(rule)
        rules: tuple[OutcomeRule, ...] = mutated.of_kind(OutcomeRule)
        cases = {rule.id: self._cases(rule, outranking) for rule in rules}
        possible = ""
        for rule, other in combinations(rules, 2):
            if rule.decides != other.decides:
                continue
            if mutated.hits.get(rule.decides) == "any" and _concludes(rule) == _concludes(other):
                continue
            for box in common(cases[rule.id], cases[other.id]):
                tested = box.keys() & mutated.outcomes.keys()
                sentence = (
                    f"Two rules decide '{rule.decides}' in the same case: '{rule.rule}' and "
                    f"'{other.rule}'."
                )
                if not tested <= decided:
                    possible = sentence
                elif self.analysis.regions.over_given_facts(box):
                    return sentence, True
        return possible, False

    def _cases(self, rule: Rule, outranking: Mapping[str, list[Rule]]) -> Boxes:
        """Return the cases that a rule's own tests allow, remembered by what they depend on."""
        key = _key(rule, outranking)
        if key not in self._matching:
            others = [
                box
                for higher in outranking.get(rule.id, ())
                for box in self._cases(higher, outranking)
            ]
            self._matching[key] = minus([rule.tests], others, self.analysis.program.facts)
        return self._matching[key]

    def problem(self, mutated: Ruleset, rules: Iterable[Rule]) -> str:
        """Return the first thing that the loader finds wrong with some of the rules."""
        rules = tuple(rules)
        known = {rule.id for rule in rules}
        draft = Draft(
            folder="",
            settings=mutated.settings,
            vocabulary=Vocabulary(
                facts=tuple(mutated.facts.values()), outcomes=tuple(mutated.outcomes.values())
            ),
            parameters=(),
            choices=(),
            interpretations=tuple(mutated.interpretations.values()),
            guarantees=(),
            # No mutant changes whether a statement is implemented.
            statements=tuple(
                statement for statement in mutated.statements.values() if not statement.no_rule
            ),
            headings=(),
            before_headings="",
            sources={"statements": _NO_SOURCE},
            written=(),
            rules=tuple(
                (
                    evolve(rule, outranks=tuple(id_ for id_ in rule.outranks if id_ in known)),
                    _NO_SOURCE,
                )
                for rule in rules
            ),
            tables=tuple(
                (_NO_SOURCE, name, mutated.hits.get(name, "unique")) for name in mutated.outcomes
            ),
        )
        try:
            problem = next(logic_problems(draft), None)
        except RulesetError as fault:
            problem = fault.problems[0]
        return "" if problem is None else problem.message


def _concludes(rule: OutcomeRule) -> tuple[str, ...]:
    return rule.then, rule.basis, rule.modality


def _key(rule: Rule, outranking: Mapping[str, list[Rule]]) -> Hashable:
    return (
        tuple(rule.tests.items()),
        tuple(_key(higher, outranking) for higher in outranking.get(rule.id, ())),
    )
