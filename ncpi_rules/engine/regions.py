"""Regions: the cases in which each rule applies and each decided fact has each value, as boxes.

The neighbours of a case are read from them: no engine evaluates a case here. The boxes of all
regions are numbered, and a case is looked up by the bits of the boxes that admit each of its
values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate
from operator import and_
from typing import TYPE_CHECKING, Self, TypeAlias

from attrs import field, frozen

from ncpi_rules.engine.boxes import Box, Boxes, Values, common, merged, minus, union
from ncpi_rules.engine.program import EngineRule, Program

if TYPE_CHECKING:
    from ncpi_rules.engine.boxes import Case


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
        for entry in self.program.order:
            if isinstance(entry, EngineRule):
                outranking = [box for other in sorted(entry.outranked_by) for box in matches[other]]
                matches[entry.id] = minus([entry.when], outranking, self.program.facts)
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


def regions_of(program: Program) -> Regions:
    """Return where each rule of a program applies, worked out once; no engine is asked."""
    regions: Regions | None = program.derived.get(Regions)
    return regions or program.derived.remember(Regions, _regions_of(program))


def _regions_of(program: Program) -> Regions:
    applies: dict[str, Boxes] = {}
    decides: dict[str, dict[str, Boxes]] = {}
    values = program.values
    for entry in program.order:
        if isinstance(entry, EngineRule):
            outranking = [box for other in sorted(entry.outranked_by) for box in applies[other]]
            boxes = _over_given_facts(entry.when, decides, values)
            applies[entry.id] = minus(boxes, outranking, values)
        else:
            decides[entry] = _decided_regions(program, entry, applies)
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


# The neighbours of a case: the cases in which one fact has another value

Owner: TypeAlias = "str | tuple[str, str]"
"""What a box is a part of the region of: a rule, or a decided fact with its value."""


@frozen(kw_only=True)
class Neighbour:
    """A case that differs from another in one fact.

    ``rules`` are those that apply in one of the two cases and not in the other; ``decided`` has
    the decided facts of the neighbour.
    """

    fact: str
    value: str
    rules: frozenset[str]
    decided: Mapping[str, str] = field(hash=False)


@frozen(kw_only=True, eq=False)
class Neighbours:
    """The numbered boxes of a program's regions.

    ``owners`` has the owner of each box; ``of_owner`` the bits of the boxes of each owner;
    ``admitting`` for each fact and each of its values the bits of the boxes that admit it.

    >>> from ncpi_rules.engine import EngineRule, Program
    >>> rule = EngineRule(id="review", when={"concern": {"some"}}, concludes=("tier", "review"))
    >>> program = Program(
    ...     values={"concern": ("none", "some")}, decided={"tier": ("open", "review")},
    ...     otherwise={"tier": "open"}, rules=[rule],
    ... )
    >>> list(Neighbours.of(program).around({"concern": "none"}, ["concern"]))
    [Neighbour(fact='concern', value='some', rules=frozenset({'review'}), decided={'tier': \
'review'})]
    """

    program: Program
    owners: tuple[Owner, ...]
    of_owner: Mapping[Owner, int]
    admitting: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, program: Program) -> Self:
        """Return the numbered boxes of a program's regions."""
        regions = regions_of(program)
        owned: dict[Owner, Boxes] = dict(regions.applies.items())
        for fact, by_value in regions.decides.items():
            owned |= {(fact, value): boxes for value, boxes in by_value.items()}
        owners: list[Owner] = []
        of_owner: dict[Owner, int] = {}
        numbered = [(owner, box) for owner, boxes in owned.items() for box in boxes]
        admitting = {fact: dict.fromkeys(values, 0) for fact, values in program.values.items()}
        for place, (owner, box) in enumerate(numbered):
            bit = 1 << place
            owners.append(owner)
            of_owner[owner] = of_owner.get(owner, 0) | bit
            for fact, values in program.values.items():
                for value in box.get(fact, values):
                    admitting[fact][value] |= bit
        return cls(program=program, owners=tuple(owners), of_owner=of_owner, admitting=admitting)

    def around(self, case: Case, facts: Iterable[str]) -> Iterator[Neighbour]:
        """Yield the cases in which one of some facts has another value than in a case."""
        names = tuple(self.program.values)
        admitting = [self.admitting[fact][case[fact]] for fact in names]
        every = (1 << len(self.owners)) - 1
        before = list(accumulate(admitting, and_, initial=every))
        after = list(accumulate(reversed(admitting), and_, initial=every))[::-1]
        here = before[-1]
        for fact in facts:
            place = names.index(fact)
            line = before[place] & after[place + 1]
            for value, bits in self.admitting[fact].items():
                if value != case[fact]:
                    yield self._neighbour(fact, value, here, line & bits)

    def _neighbour(self, fact: str, value: str, here: int, there: int) -> Neighbour:
        changed = {
            owner
            for owner in self._owners_of(here ^ there)
            if isinstance(owner, str)
            and bool(here & self.of_owner[owner]) != bool(there & self.of_owner[owner])
        }
        decided = dict(owner for owner in self._owners_of(there) if isinstance(owner, tuple))
        return Neighbour(fact=fact, value=value, rules=frozenset(changed), decided=decided)

    def _owners_of(self, bits: int) -> Iterator[Owner]:
        while bits:
            last = bits & -bits
            yield self.owners[last.bit_length() - 1]
            bits ^= last
