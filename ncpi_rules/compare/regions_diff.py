"""In which cases the results of two rulesets differ, and how: region by region."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.checks import CaseDescriber, effect_changes
from ncpi_rules.compare.shared_cases import UNASKED, SharedCases, SharedRules
from ncpi_rules.engine import Box, Boxes, common, minus
from ncpi_rules.ruleset import KINDS, Rule, Ruleset, describe_value

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator


@frozen(kw_only=True, eq=False)
class RuleChange:
    """A part of the result that only one of two rulesets gives, or that the two give differently.

    ``before`` and ``after`` are rules that give it, None where there is none. ``cases`` are all
    the shared cases concerned, as boxes over shared facts and interpretations; ``where`` are the
    same cases over outcomes too, which is shorter. ``example`` is one of the cases.
    ``is_consequence`` is True where the only reason is that another outcome is decided.
    """

    before: Rule | None
    after: Rule | None
    cases: Boxes = field(repr=False)
    where: Boxes
    example: Mapping[str, str] = field(repr=False)
    is_consequence: bool = False

    @property
    def rule(self) -> Rule:
        """Return the rule of the second ruleset, or of the first where the second has none."""
        rule = self.before if self.after is None else self.after
        assert rule is not None  # noqa: S101  one of the two is there
        return rule


@frozen(eq=False)
class RegionComparison:
    """Two rulesets within the cases that they share."""

    a: SharedRules
    b: SharedRules
    shared: SharedCases

    @classmethod
    def of(cls, a: Ruleset, b: Ruleset) -> RegionComparison:
        """Return the comparison of two rulesets."""
        shared = SharedCases.of(a, b)
        return cls(SharedRules(a, shared), SharedRules(b, shared), shared)

    @cached_property
    def changed_outcomes(self) -> frozenset[str]:
        """The outcomes that are not decided alike in every shared case."""
        return frozenset(
            name
            for name in self.shared.values.keys() - self.shared.inputs.keys()
            if any(
                minus(
                    self.a.decides[name].get(value, ()),
                    self.b.decides[name].get(value, ()),
                    self.shared.inputs,
                )
                for value in self.shared.values[name]
            )
        )

    def changes(self) -> Iterator[RuleChange]:
        """Yield every change; what was removed is paired with what was added in the same cases."""
        inputs = self.shared.inputs
        removed: dict[Hashable, Boxes] = {}
        added: dict[Hashable, Boxes] = {}
        for change in effect_changes(self.a.effects, self.b.effects, inputs):
            removed[change.effect], added[change.effect] = change.removed, change.added
        for kind in KINDS:
            before = _of_kind(self.a, removed, kind.rule)
            after = _of_kind(self.b, added, kind.rule)
            likely_pairs = (
                (old, new)
                for names in kind.same
                for old, old_rule in before.items()
                for new, new_rule in after.items()
                if all(getattr(old_rule, name) == getattr(new_rule, name) for name in names)
            )
            for old, new in likely_pairs:
                if both := tuple(common(removed[old], added[new])):
                    removed[old] = minus(removed[old], both, inputs)
                    added[new] = minus(added[new], both, inputs)
                    yield from self._in_cases(old, new, both)
            for old in before:
                yield from self._in_cases(old, None, removed[old])
            for new in after:
                yield from self._in_cases(None, new, added[new])

    def _in_cases(
        self, old: Hashable | None, new: Hashable | None, cases: Boxes
    ) -> Iterator[RuleChange]:
        """Yield the change by the rules' own conditions, then the consequence of other outcomes."""
        inputs = self.shared.inputs
        direct: list[Box] = []
        where: list[Box] = []
        rest = cases
        for box in self._by_conditions(old, new) if cases else ():
            both = tuple(common(self.a.cases_of(box), self.b.cases_of(box)))
            here = tuple(common(rest, both))
            if not here:
                continue
            rest = minus(rest, here, inputs)
            direct.extend(here)
            # Where another change covers part of these cases, they are described one by one.
            where.extend(here if minus(both, here, inputs) else (box,))
        if direct:
            yield self._change(old, new, tuple(direct), tuple(where), is_consequence=False)
        if rest:
            yield self._change(old, new, rest, rest, is_consequence=True)

    def _by_conditions(self, old: Hashable | None, new: Hashable | None) -> Boxes:
        """Return where the conditions of the rules differ, over facts and outcomes."""
        values = self.shared.values
        boxes: Boxes = ({},)
        if old is not None:
            boxes = minus(self.a.with_outcomes(old), self.b.with_outcomes(old), values)
        if new is not None:
            added = minus(self.b.with_outcomes(new), self.a.with_outcomes(new), values)
            boxes = added if old is None else tuple(common(boxes, added))
        return boxes

    def _change(
        self,
        old: Hashable | None,
        new: Hashable | None,
        cases: Boxes,
        where: Boxes,
        *,
        is_consequence: bool,
    ) -> RuleChange:
        is_ours = self.describer.is_ours
        cases = tuple(sorted(cases, key=self._unlikely))
        return RuleChange(
            before=None if old is None else self.a.rule(old, cases),
            after=None if new is None else self.b.rule(new, cases),
            cases=cases,
            where=tuple(sorted(where, key=lambda box: (not is_ours(box), len(box)))),
            example=self.describer.example(cases[0], self.shared.inputs),
            is_consequence=is_consequence,
        )

    @cached_property
    def ours(self) -> Mapping[str, str]:
        """The answer to every shared interpretation that is taken where none is asked for."""
        interpretations = self.a.ruleset.interpretations
        return {
            name: UNASKED if name in self.shared.unasked else interpretations[name].ours
            for name in self.shared.inputs
            if name in interpretations
        }

    @cached_property
    def describer(self) -> CaseDescriber:
        """What describes the shared cases, in the words of the first ruleset that has them."""
        a, b = self.a.ruleset, self.b.ruleset
        return CaseDescriber(
            values=self.shared.values,
            ours=self.ours,
            outcomes={
                id_: {**b.outcomes[id_].values, **outcome.values}
                for id_, outcome in a.outcomes.items()
                if id_ in b.outcomes
            },
            describe_value=self._describe_value,
        )

    def _describe_value(self, fact: str, value: str) -> str:
        if value == UNASKED:
            return f"no answer to interpretation {fact} is asked for"
        first, second = self.a.ruleset, self.b.ruleset
        is_new = fact in first.outcomes and value not in first.outcomes[fact].values
        return describe_value(second if is_new else first, fact, value)

    def _unlikely(self, box: Box) -> tuple[bool, int, int]:
        """Return a key by which the cases that are easiest to describe come first."""
        facts = self.a.ruleset.facts
        case = self.describer.example(box, self.shared.inputs)
        unknown = sum(name in facts and case[name] == facts[name].unknown for name in box)
        return not self.describer.is_ours(box), unknown, len(box)


def _of_kind(
    rules: SharedRules, effects: Mapping[Hashable, Boxes], kind: type[Rule]
) -> dict[Hashable, Rule]:
    """Return a rule of one kind for each effect that such a rule has."""
    candidates = {e: rules.rule(e) for e in effects if e in rules.analysis.by_effect}
    return {effect: rule for effect, rule in candidates.items() if isinstance(rule, kind)}
