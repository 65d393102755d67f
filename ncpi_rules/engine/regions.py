"""Regions: the cases in which each rule applies and each decided fact has each value, as boxes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Final

from attrs import field, frozen

from ncpi_rules.engine.boxes import Box, Boxes, Values, common, merged, minus, union
from ncpi_rules.engine.program import EngineRule, Program

_PROGRAMS: Final = 8


@frozen(kw_only=True)
class Regions:
    """The cases in which each rule applies, and each decided fact has each value.

    ``applies`` and ``decides`` are boxes over the facts that a case gives; ``matches`` are boxes
    over all facts, decided ones included.
    """

    program: Program
    applies: Mapping[str, Boxes] = field(repr=False, hash=False)
    decides: Mapping[str, Mapping[str, Boxes]] = field(repr=False, hash=False)

    @cached_property
    def matches(self) -> Mapping[str, Boxes]:
        """Return the cases in which each rule applies by its own tests, over all facts."""
        matches: dict[str, Boxes] = {}
        for step in self.program.order:
            if isinstance(step, EngineRule):
                outranking = [box for other in sorted(step.outranked_by) for box in matches[other]]
                matches[step.id] = minus([step.when], outranking, self.program.facts)
        return matches

    def over_given_facts(self, box: Box) -> Boxes:
        """Return the cases of a box that may name decided facts, as boxes over the facts given."""
        return _over_given_facts(box, self.decides, self.program.values)


def _over_given_facts(
    box: Box, decides: Mapping[str, Mapping[str, Boxes]], values: Values
) -> Boxes:
    if not all(box.values()):
        return ()  # some fact is left no value
    boxes: Boxes = ({fact: allowed for fact, allowed in box.items() if fact in values},)
    for fact, allowed in box.items():
        if fact not in values:
            deciding = [other for value in sorted(allowed) for other in decides[fact][value]]
            boxes = tuple(common(boxes, deciding))
    return merged(boxes, values)


@lru_cache(maxsize=_PROGRAMS)
def regions_of(program: Program) -> Regions:
    """Return where each rule of a program applies; no engine is asked."""
    applies: dict[str, Boxes] = {}
    decides: dict[str, dict[str, Boxes]] = {}
    values = program.values
    for step in program.order:
        if isinstance(step, EngineRule):
            outranking = [box for other in sorted(step.outranked_by) for box in applies[other]]
            boxes = _over_given_facts(step.when, decides, values)
            applies[step.id] = minus(boxes, outranking, values)
        else:
            decides[step] = _decided_regions(program, step, applies)
    return Regions(program=program, applies=applies, decides=decides)


def _decided_regions(program: Program, fact: str, applies: Mapping[str, Boxes]) -> dict[str, Boxes]:
    """Return the region of each value of a decided fact.

    Cases in which no rule concludes the fact, or rules conclude different values, are among those
    of the value that stands otherwise.
    """
    values = program.values
    concluded = {
        value: union(
            (
                box
                for rule in program.rules
                if rule.concludes == (fact, value)
                for box in applies[rule.id]
            ),
            values,
        )
        for value in program.decided[fact]
    }
    regions = {
        value: minus(
            boxes,
            (box for other, others in concluded.items() if other != value for box in others),
            values,
        )
        for value, boxes in concluded.items()
    }
    rest = minus([{}], (box for boxes in regions.values() for box in boxes), values)
    otherwise = program.otherwise[fact]
    regions[otherwise] = merged((*regions[otherwise], *rest), values)
    return regions
