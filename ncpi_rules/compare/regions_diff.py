"""Where two rulesets differ in what follows, and how: region by region."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.compare.shared_cases import UNASKED, Side, Space
from ncpi_rules.engine import Box, Boxes, common, minus
from ncpi_rules.ruleset import KINDS, Rule

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator


@frozen(kw_only=True, eq=False)
class RuleChange:
    """Something that follows in one ruleset and not, or otherwise, in the other.

    ``before`` and ``after`` are rules that say it, None where nothing is said. ``cases`` are all
    the shared cases in which this is so, as boxes over shared facts and interpretations; ``where``
    says the same over outcomes too, which is shorter. ``example`` is one of the cases. ``follows``
    is True where it is so only because another outcome is decided.
    """

    before: Rule | None
    after: Rule | None
    cases: Boxes = field(repr=False)
    where: Boxes
    example: Mapping[str, str] = field(repr=False)
    follows: bool = False

    @property
    def rule(self) -> Rule:
        """Return the rule that says it now, or said it before."""
        rule = self.before if self.after is None else self.after
        assert rule is not None  # noqa: S101  one of the two is there
        return rule


@frozen(eq=False)
class Comparison:
    """Two rulesets within the cases that they share."""

    a: Side
    b: Side
    space: Space

    @cached_property
    def unsteady(self) -> frozenset[str]:
        """Return the outcomes that are not decided alike in every shared case."""
        return frozenset(
            name
            for name in self.space.values.keys() - self.space.given.keys()
            if any(
                minus(
                    self.a.decides[name].get(value, ()),
                    self.b.decides[name].get(value, ()),
                    self.space.given,
                )
                for value in self.space.values[name]
            )
        )

    def changes(self) -> Iterator[RuleChange]:
        """Yield all that differs: what went is paired with what came, and nothing is told twice."""
        gone, come = self._apart()
        for kind in KINDS:
            before = {e: self.a.rule(e) for e in gone if self._is(self.a, e, kind.rule)}
            after = {e: self.b.rule(e) for e in come if self._is(self.b, e, kind.rule)}
            likely = (
                (one, other)
                for names in kind.same
                for one, rule in before.items()
                for other, new in after.items()
                if all(getattr(rule, name) == getattr(new, name) for name in names)
            )
            for one, other in likely:
                if both := tuple(common(gone[one], come[other])):
                    gone[one] = minus(gone[one], both, self.space.given)
                    come[other] = minus(come[other], both, self.space.given)
                    yield from self._told(one, other, both)
            for one in before:
                yield from self._told(one, None, gone[one])
            for other in after:
                yield from self._told(None, other, come[other])

    def _apart(self) -> tuple[dict[Hashable, Boxes], dict[Hashable, Boxes]]:
        """Return where each thing is done by the first only, and where by the second only."""
        gone: dict[Hashable, Boxes] = {}
        come: dict[Hashable, Boxes] = {}
        for effect in dict.fromkeys((*self.a.doing, *self.b.doing)):
            then, now = self.a.does(effect), self.b.does(effect)
            if then != now:
                gone[effect] = minus(then, now, self.space.given)
                come[effect] = minus(now, then, self.space.given)
        return gone, come

    def _is(self, side: Side, effect: Hashable, kind: type[Rule]) -> bool:
        return effect in side.doing and isinstance(side.rule(effect), kind)

    def _told(
        self, one: Hashable | None, other: Hashable | None, cases: Boxes
    ) -> Iterator[RuleChange]:
        """Yield what differs by what the rules themselves say, then what follows from that."""
        if not cases:
            return
        direct: list[Box] = []
        where: list[Box] = []
        rest = cases
        for box in self._said(one, other):
            decided = tuple(common(self.a.given(box), self.b.given(box)))
            here = tuple(common(rest, decided))
            if not here:
                continue
            rest = minus(rest, here, self.space.given)
            direct.extend(here)
            # Part of these cases may have been told already: then they are told one by one.
            where.extend(here if minus(decided, here, self.space.given) else (box,))
        if direct:
            yield self._change(one, other, tuple(direct), tuple(where), follows=False)
        if rest:
            yield self._change(one, other, rest, rest, follows=True)

    def _said(self, one: Hashable | None, other: Hashable | None) -> Boxes:
        found: Boxes = ({},)
        values = self.space.values
        if one is not None:
            found = minus(self.a.says(one), self.b.says(one), values)
        if other is not None:
            now = minus(self.b.says(other), self.a.says(other), values)
            found = now if one is None else tuple(common(found, now))
        return found

    def _change(
        self,
        one: Hashable | None,
        other: Hashable | None,
        cases: Boxes,
        where: Boxes,
        *,
        follows: bool,
    ) -> RuleChange:
        cases = tuple(sorted(cases, key=self._unlikely))
        return RuleChange(
            before=None if one is None else self.a.rule(one),
            after=None if other is None else self.b.rule(other),
            cases=cases,
            where=tuple(sorted(where, key=lambda box: (not self.is_ours(box), len(box)))),
            example=self.example(cases[0]),
            follows=follows,
        )

    @cached_property
    def ours(self) -> Mapping[str, str]:
        """Return the answer to every shared interpretation that is taken unasked."""
        interpretations = self.a.ruleset.interpretations
        return {
            name: UNASKED if name in self.space.unasked else interpretations[name].ours
            for name in self.space.given
            if name in interpretations
        }

    def _unlikely(self, box: Box) -> tuple[bool, int, int]:
        """Return a key by which the cases that are told most easily come first."""
        facts = self.a.ruleset.facts
        case = self.example(box)
        unknown = sum(name in facts and case[name] == facts[name].unknown for name in box)
        return not self.is_ours(box), unknown, len(box)

    def is_ours(self, box: Box) -> bool:
        """Return True where a box has cases under our own interpretations."""
        return all(value in box.get(name, {value}) for name, value in self.ours.items())

    def example(self, box: Box) -> dict[str, str]:
        """Return a case of a box: no other answer asked for if that may be, else the first word."""
        return {
            name: self.ours[name]
            if self.ours.get(name) in (allowed := box.get(name, frozenset(values)))
            else next(value for value in values if value in allowed)
            for name, values in self.space.given.items()
        }
