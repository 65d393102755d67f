"""The cases that two rulesets share, and where each rule of either applies among them.

A case is shared where every fact that both rulesets have takes a value that both have. Where only
one ruleset has a fact, it is unknown in every shared case; where only one has an interpretation,
that ruleset's own answer is taken.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.checks import RulesetAnalysis, cases_by_effect
from ncpi_rules.engine import Box, Boxes, Values, common, merged, union
from ncpi_rules.ruleset import Ruleset

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from ncpi_rules.ruleset import Rule

UNASKED: Final = "(unasked)"
"""The answer to an interpretation whose own answers differ, where no answer is asked for."""


@frozen(eq=False)
class SharedCases:
    """The cases that two rulesets share.

    ``inputs`` holds the shared values of every shared fact and interpretation, ``values`` those of
    the outcomes that both decide as well. ``unasked`` names the interpretations that the two
    rulesets answer differently.
    """

    inputs: Values
    values: Values
    unasked: frozenset[str]

    @classmethod
    def of(cls, a: Ruleset, b: Ruleset) -> SharedCases:
        """Return the cases that two rulesets share."""
        first, second = (RulesetAnalysis.of(ruleset).program for ruleset in (a, b))
        interpretations = a.interpretations.keys() & b.interpretations.keys()
        names = (a.facts.keys() & b.facts.keys()) | interpretations
        unasked = frozenset(
            id_
            for id_ in interpretations
            if a.interpretations[id_].ours != b.interpretations[id_].ours
        )
        inputs: dict[str, tuple[str, ...]] = {}
        for name, values in first.values.items():
            both = tuple(v for v in values if name in names and v in second.values[name])
            if both:
                inputs[name] = (*both, UNASKED) if name in unasked else both
        decided = {
            name: tuple(dict.fromkeys((*values, *second.decided[name])))
            for name, values in first.decided.items()
            if name in second.decided
        }
        return cls(inputs=inputs, values={**inputs, **decided}, unasked=unasked & inputs.keys())


@frozen(eq=False)
class SharedRules:
    """The rules of one of two rulesets, within the cases that the two share."""

    ruleset: Ruleset
    shared: SharedCases

    @cached_property
    def analysis(self) -> RulesetAnalysis:
        """What the rules test and where they apply, in all cases of the ruleset."""
        return RulesetAnalysis.of(self.ruleset)

    @cached_property
    def _shares_all(self) -> bool:
        """Whether every case of the ruleset is shared as it is."""
        program = self.analysis.program
        return program.values == self.shared.inputs and all(
            name in self.shared.values for name in program.decided
        )

    @cached_property
    def _defaults(self) -> Mapping[str, str]:
        """The value of each fact and interpretation that only this ruleset has."""
        ruleset, defaults = self.ruleset, {}
        for name in self.analysis.program.values:
            if name not in self.shared.inputs:
                fact = ruleset.facts.get(name)
                defaults[name] = (
                    ruleset.interpretations[name].ours
                    if fact is None
                    else fact.left_out or fact.unknown
                )
        return defaults

    def _translated(self, boxes: Iterable[Box]) -> Boxes:
        """Return boxes over the facts of the ruleset as boxes over the shared ones."""
        if self._shares_all:
            return tuple(boxes)
        translated = (part for box in boxes for part in self._translated_box(box))
        return merged(translated, self.shared.values)

    def _translated_box(self, box: Box) -> Iterable[Box]:
        shared: dict[str, frozenset[str]] = {}
        unshared: dict[str, frozenset[str]] = {}  # outcomes that only this ruleset decides
        for name, allowed in box.items():
            if name in self.shared.inputs:
                values = allowed & frozenset(self.shared.inputs[name])
                if (
                    name in self.shared.unasked
                    and self.ruleset.interpretations[name].ours in allowed
                ):
                    values |= {UNASKED}
                if not values:
                    return ()
                shared[name] = values
            elif name in self.shared.values:
                shared[name] = allowed
            elif name not in self._defaults:
                unshared[name] = allowed
            elif self._defaults[name] not in allowed:
                return ()
        if not unshared:
            return (shared,)
        return common([shared], self._translated(self.analysis.regions.over_given_facts(unshared)))

    @cached_property
    def applies(self) -> Mapping[str, Boxes]:
        """The shared cases in which each rule applies."""
        applies = self.analysis.regions.applies
        return {id_: self._translated(applies[id_]) for id_ in self.ruleset.rules}

    @cached_property
    def decides(self) -> Mapping[str, Mapping[str, Boxes]]:
        """The shared cases in which each outcome has each value."""
        return {
            name: {value: self._translated(boxes) for value, boxes in values.items()}
            for name, values in self.analysis.regions.decides.items()
        }

    @cached_property
    def effects(self) -> Mapping[Hashable, Boxes]:
        """The shared cases of each effect of the rules."""
        return cases_by_effect(self.analysis.by_effect, self.applies, self.shared.inputs)

    def with_outcomes(self, effect: Hashable) -> Boxes:
        """Return the cases of an effect over shared facts and outcomes: shorter to describe."""
        ids, matches = self.analysis.by_effect.get(effect, ()), self.analysis.regions.matches
        return union(
            (box for id_ in ids for box in self._translated(matches[id_])), self.shared.values
        )

    def cases_of(self, box: Box) -> Boxes:
        """Return the shared cases of a box that may name outcomes."""
        cases: Boxes = (
            {name: allowed for name, allowed in box.items() if name in self.shared.inputs},
        )
        for name, allowed in box.items():
            if name not in self.shared.inputs:
                regions = [
                    region
                    for value in self.shared.values[name]
                    if value in allowed
                    for region in self.decides[name].get(value, ())
                ]
                cases = tuple(common(cases, regions))
        return merged(cases, self.shared.inputs)

    def rule(self, effect: Hashable, cases: Boxes = ()) -> Rule:
        """Return a rule that has an effect: the first that applies in one of some cases, if any."""
        ids = self.analysis.by_effect[effect]
        applying = (id_ for id_ in ids if next(common(self.applies[id_], cases), None) is not None)
        return self.ruleset.rules[next(applying, ids[0])]
