"""Which mutants the loader would refuse: the ruleset itself notices the mistake."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import combinations
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from ncpi_rules.checks import Ground
from ncpi_rules.core import RulesetError
from ncpi_rules.engine import Boxes, common, minus
from ncpi_rules.io import Source
from ncpi_rules.ruleset import Draft, OutcomeRule, Rule, Vocabulary, logic_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from ncpi_rules.engine import Box
    from ncpi_rules.ruleset import Ruleset
    from ncpi_rules.scenarios.mutants import Mutant

_NOWHERE = Source(name="", data=None)


@frozen
class LoadChecker:
    """What the loader would say of the mutants of a ruleset."""

    ground: Ground
    _says: dict[Hashable, Boxes] = field(factory=dict, init=False, eq=False, repr=False)

    def refuses(self, mutant: Mutant, mutated: Ruleset) -> str:
        """Return why the loader refuses a mutant, in a sentence, or nothing where it does not."""
        if not mutant.is_of_rule:
            return ""
        old, new = self.ground.ruleset.rules[mutant.of], mutated.rules.get(mutant.of)
        touched = (old, *(self.ground.ruleset.rules[other] for other in old.outranks))
        affected = {each.decides for each in touched if isinstance(each, OutcomeRule)}
        if affected:
            overlap, sure = self._overlap(mutated, self._settled_before(affected))
            if overlap and sure:
                return overlap
            if overlap:
                needed = [
                    rule
                    for rule in mutated.rules.values()
                    if isinstance(rule, OutcomeRule) or rule.outranks
                ]
                return self._problem(mutated, needed)
        return "" if new is None else self._problem(mutated, [new])

    def _settled_before(self, affected: Iterable[str]) -> set[str]:
        """Return the outcomes that do not depend on those affected."""
        layers = self.ground.program.strata
        first = min(at for at, names in enumerate(layers) for name in names if name in affected)
        return {name for names in layers[: first + 1] for name in names}.difference(affected)

    def _overlap(self, mutated: Ruleset, settled: AbstractSet[str]) -> tuple[str, bool]:
        """Return two rules that may both hold, in a sentence, and whether they certainly do.

        Outcomes that rules test are taken to have any word in any case: where rules do not meet
        then, they never do. Those that are ``settled`` before have the words that they had.
        """
        outranked: dict[str, list[Rule]] = {}
        for rule in mutated.rules.values():
            for below in rule.outranks:
                outranked.setdefault(below, []).append(rule)
        rules: tuple[OutcomeRule, ...] = mutated.of_kind(OutcomeRule)
        says = {rule.id: self._where(rule, outranked) for rule in rules}
        found = ""
        for one, other in combinations(rules, 2):
            if one.decides != other.decides:
                continue
            if mutated.hits.get(one.decides) == "any" and _concludes(one) == _concludes(other):
                continue
            for box in common(says[one.id], says[other.id]):
                tested = box.keys() & mutated.outcomes.keys()
                told = (
                    f"Two rules decide '{one.decides}' in the same case: '{one.id}' and "
                    f"'{other.id}'."
                )
                if not tested <= settled:
                    found = told
                elif self.ground.regions.given(box):
                    return told, True
        return found, False

    def _where(self, rule: Rule, outranked: Mapping[str, list[Rule]]) -> Boxes:
        """Return where a rule applies by what it tests, remembered by what that depends on."""
        key = _key(rule, outranked)
        found = self._says.get(key)
        if found is None:
            outranking = [
                box for each in outranked.get(rule.id, ()) for box in self._where(each, outranked)
            ]
            found = minus([_box(rule)], outranking, self.ground.program.facts)
            self._says[key] = found
        return found

    def _problem(self, mutated: Ruleset, asked: list[Rule]) -> str:
        """Return the first thing that the loader finds wrong with some of the rules."""
        known = {rule.id for rule in asked}
        rules = [
            evolve(rule, outranks=tuple(each for each in rule.outranks if each in known))
            for rule in asked
        ]
        draft = Draft(
            folder="",
            settings=mutated.settings,
            vocabulary=Vocabulary(
                facts=tuple(mutated.facts.values()), outcomes=tuple(mutated.outcomes.values())
            ),
            interpretations=tuple(mutated.interpretations.values()),
            guarantees=(),
            # Whether a statement is carried is nothing that a mutant changes.
            statements=tuple(each for each in mutated.statements.values() if not each.no_rule),
            headings=(),
            before_headings="",
            sources={"statements": _NOWHERE},
            rules=tuple((rule, _NOWHERE, ()) for rule in rules),
            tables=tuple(
                (_NOWHERE, name, mutated.hits.get(name, "unique")) for name in mutated.outcomes
            ),
        )
        try:
            found = next(logic_problems(draft), None)
        except RulesetError as fault:
            return fault.problems[0].message
        return "" if found is None else found.message


def _concludes(rule: OutcomeRule) -> tuple[str, ...]:
    return rule.then, rule.basis, rule.modality


def _box(rule: Rule) -> Box:
    return {fact: frozenset(values) for fact, values in {**rule.when, **rule.under}.items()}


def _key(rule: Rule, outranked: Mapping[str, list[Rule]]) -> Hashable:
    return (
        tuple(_box(rule).items()),
        tuple(_key(each, outranked) for each in outranked.get(rule.id, ())),
    )
