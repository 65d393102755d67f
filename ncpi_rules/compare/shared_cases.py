"""The cases that two rulesets share, and where each rule of either holds among them.

A case is shared where every fact that both rulesets have takes a word that both have. Of a fact or
an interpretation that only one of them has, a shared case says nothing: it has the word that stands
for that, or the answer that is taken unasked.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.checks import Ground
from ncpi_rules.engine import Box, Boxes, Values, common, merged, union
from ncpi_rules.ruleset import Ruleset

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from ncpi_rules.ruleset import Rule

UNASKED: Final = "(unasked)"
"""The answer to an interpretation whose own answers differ, where no answer is asked for."""


@frozen(eq=False)
class Space:
    """The shared cases of two rulesets.

    ``given`` holds every shared fact and interpretation with its shared words; ``words`` the
    outcomes that both decide besides. ``unasked`` names the interpretations that the two answer
    differently.
    """

    given: Values
    values: Values
    unasked: frozenset[str]

    @classmethod
    def of(cls, a: Ruleset, b: Ruleset) -> Space:
        """Return the cases that two rulesets share."""
        one, other = (Ground.of(each).program for each in (a, b))
        kinds = (a.facts.keys() & b.facts.keys()) | (
            a.interpretations.keys() & b.interpretations.keys()
        )
        unasked = frozenset(
            id_
            for id_ in a.interpretations.keys() & b.interpretations.keys()
            if a.interpretations[id_].ours != b.interpretations[id_].ours
        )
        given: dict[str, tuple[str, ...]] = {}
        for name, values in one.values.items():
            both = tuple(value for value in values if name in kinds and value in other.values[name])
            if both:
                given[name] = (*both, UNASKED) if name in unasked else both
        decided = {
            name: tuple(dict.fromkeys((*values, *other.decided[name])))
            for name, values in one.decided.items()
            if name in other.decided
        }
        return cls(given=given, values={**given, **decided}, unasked=unasked & given.keys())


@frozen(eq=False)
class Side:
    """One of two rulesets, seen within the cases that they share."""

    ruleset: Ruleset
    space: Space

    @cached_property
    def ground(self) -> Ground:
        """Return what the rules test and where they hold."""
        return Ground.of(self.ruleset)

    @cached_property
    def doing(self) -> Mapping[Hashable, tuple[str, ...]]:
        """Return, for all that rules do, the rules that do it."""
        return self.ground.doing

    @cached_property
    def _alike(self) -> bool:
        """Return True where every case of the ruleset is shared, as it is."""
        program = self.ground.program
        return program.values == self.space.given and program.decided.keys() <= set(
            self.space.values
        )

    @cached_property
    def _unsaid(self) -> Mapping[str, str]:
        """Return the word of each fact and interpretation that a shared case says nothing of."""
        ruleset, found = self.ruleset, {}
        for name in self.ground.program.values:
            if name not in self.space.given:
                fact = ruleset.facts.get(name)
                found[name] = (
                    ruleset.interpretations[name].ours
                    if fact is None
                    else fact.left_out or fact.unknown
                )
        return found

    def _shared(self, boxes: Iterable[Box]) -> Boxes:
        """Return boxes over the facts of the ruleset as boxes over the shared ones."""
        boxes = tuple(boxes)
        if self._alike:
            return boxes
        found: list[Box] = []
        for box in boxes:
            found.extend(self._shared_box(box))
        return merged(found, self.space.values)

    def _shared_box(self, box: Box) -> Iterable[Box]:
        kept: dict[str, frozenset[str]] = {}
        lost: dict[str, frozenset[str]] = {}
        for name, allowed in box.items():
            if name in self.space.given:
                values = allowed & frozenset(self.space.given[name])
                if (
                    name in self.space.unasked
                    and self.ruleset.interpretations[name].ours in allowed
                ):
                    values |= {UNASKED}
                if not values:
                    return ()
                kept[name] = values
            elif name in self.space.values:
                kept[name] = allowed
            elif name in self._unsaid:
                if self._unsaid[name] not in allowed:
                    return ()
            else:
                lost[name] = allowed  # an outcome that the other ruleset does not decide
        if not lost:
            return (kept,)
        rest = self._shared(self.ground.regions.given(lost))
        return tuple(common([kept], rest))

    @cached_property
    def holds(self) -> Mapping[str, Boxes]:
        """Return the shared cases in which each rule applies."""
        holds = self.ground.regions.holds
        return {id_: self._shared(holds[id_]) for id_ in self.ruleset.rules}

    @cached_property
    def decides(self) -> Mapping[str, Mapping[str, Boxes]]:
        """Return the shared cases in which each outcome has each word."""
        return {
            name: {value: self._shared(boxes) for value, boxes in each.items()}
            for name, each in self.ground.regions.decides.items()
        }

    def does(self, effect: Hashable) -> Boxes:
        """Return the shared cases in which some rule does a thing."""
        ids = self.doing.get(effect, ())
        if len(ids) == 1:
            return self.holds[ids[0]]
        return union((box for id_ in ids for box in self.holds[id_]), self.space.given)

    def says(self, effect: Hashable) -> Boxes:
        """Return the same over shared facts and outcomes: shorter to tell."""
        says = self.ground.regions.says
        return union(
            (box for id_ in self.doing.get(effect, ()) for box in self._shared(says[id_])),
            self.space.values,
        )

    def given(self, box: Box) -> Boxes:
        """Return the shared cases of a box that may name outcomes."""
        found: Boxes = ({name: each for name, each in box.items() if name in self.space.given},)
        for name, allowed in box.items():
            if name not in self.space.given:
                of_name = [
                    each
                    for value in self.space.values[name]
                    if value in allowed
                    for each in self.decides[name].get(value, ())
                ]
                found = tuple(common(found, of_name))
        return merged(found, self.space.given)

    def rule(self, effect: Hashable) -> Rule:
        """Return the first of the rules that do a thing."""
        return self.ruleset.rules[self.doing[effect][0]]
