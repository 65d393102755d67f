"""Regions: the cases in which each rule applies and each decided fact has each value, as boxes.

The neighbours of a case are read from them: no engine evaluates a case here. The boxes of all
regions are numbered, and a case is looked up by the bits of the boxes that admit each of its
values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate
from operator import and_
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

from attrs import field, frozen

from ncpi_rules.engine.boxes import Box, Boxes, Space
from ncpi_rules.engine.program import EngineRule, Program

if TYPE_CHECKING:
    from ncpi_rules.engine.boxes import Case

T = TypeVar("T")


class _WhenRead(Mapping[str, T]):
    """What is worked out for each of some names when it is first read."""

    def __init__(self, names: Iterable[str], work_out: Callable[[str], T]) -> None:
        self._known: dict[str, T] = {}
        self._names = dict.fromkeys(names)
        self._work_out = work_out

    def __getitem__(self, name: str) -> T:
        if name not in self._known:
            if name not in self._names:
                raise KeyError(name)
            self._known[name] = self._work_out(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@frozen(kw_only=True)
class Regions:
    """The cases in which each rule applies, and each decided fact has each value.

    ``applies`` and ``decides`` are boxes over the facts that a case gives; ``matches`` are boxes
    over all facts, decided ones included. The region of a rule or of a decided fact is worked out
    when it is first read, and with it only those from which it follows.
    """

    program: Program
    applies: Mapping[str, Boxes] = field(init=False, eq=False, repr=False)
    decides: Mapping[str, Mapping[str, Boxes]] = field(init=False, eq=False, repr=False)
    packed: _Packed = field(init=False, eq=False, repr=False)

    @applies.default
    def _applies(self) -> Mapping[str, Boxes]:
        ids = [entry.id for entry in self.program.order if isinstance(entry, EngineRule)]
        return _WhenRead(ids, lambda rule: self._unpacked(self.packed.applies(rule)))

    @decides.default
    def _decides(self) -> Mapping[str, Mapping[str, Boxes]]:
        return _WhenRead(self.program.decided, self._by_value)

    @packed.default
    def _not_yet_worked_out(self) -> _Packed:
        return _Packed(self.program)

    @cached_property
    def matches(self) -> Mapping[str, Boxes]:
        """Return the cases in which each rule applies by its own tests, over all facts."""
        space, matches = self.packed.space, dict[str, list[int]]()
        for entry in self.program.order:
            if isinstance(entry, EngineRule):
                outranking = [box for other in sorted(entry.outranked_by) for box in matches[other]]
                matches[entry.id] = space.minus([space.pack(entry.when)], outranking)
        return {rule: self._unpacked(boxes) for rule, boxes in matches.items()}

    def over_given_facts(self, box: Box) -> Boxes:
        """Return the cases of a box that may name decided facts, as boxes over the facts given."""
        return self._unpacked(self.packed.over_given_facts(box))

    def _by_value(self, fact: str) -> Mapping[str, Boxes]:
        regions = self.packed.decides(fact)
        return {value: self._unpacked(boxes) for value, boxes in regions.items()}

    def _unpacked(self, boxes: Iterable[int]) -> Boxes:
        return tuple(map(self.packed.space.unpack, boxes))


def regions_of(program: Program) -> Regions:
    """Return where each rule of a program applies; no engine is asked."""
    regions: Regions | None = program.derived.get(Regions)
    return regions or program.derived.remember(Regions, Regions(program=program))


@frozen(eq=False)
class _Packed:
    """The regions of a program as numbers, each worked out after those from which it follows."""

    program: Program
    space: Space = field(init=False)
    _rules: dict[str, list[int]] = field(factory=dict, init=False)
    _facts: dict[str, dict[str, list[int]]] = field(factory=dict, init=False)
    _rule_at: Mapping[str, int] = field(init=False)
    _fact_at: Mapping[str, int] = field(init=False)

    @space.default
    def _all_facts(self) -> Space:
        return Space(self.program.facts)

    @property
    def rules(self) -> Iterable[str]:
        """Return the ids of the rules, in the order of the program."""
        return self._rule_at

    @_rule_at.default
    def _places_of_rules(self) -> Mapping[str, int]:
        order = enumerate(self.program.order)
        return {entry.id: at for at, entry in order if isinstance(entry, EngineRule)}

    @_fact_at.default
    def _places_of_facts(self) -> Mapping[str, int]:
        return {entry: at for at, entry in enumerate(self.program.order) if isinstance(entry, str)}

    def applies(self, rule: str) -> list[int]:
        """Return the cases in which a rule applies."""
        if rule not in self._rules:
            self._settle(self._rule_at[rule])
        return self._rules[rule]

    def decides(self, fact: str) -> dict[str, list[int]]:
        """Return the cases in which a decided fact has each of its values."""
        if fact not in self._facts:
            self._settle(self._fact_at[fact])
        return self._facts[fact]

    def over_given_facts(self, box: Box) -> list[int]:
        """Return the cases of a box that may name decided facts, over the facts given."""
        if not all(box.values()):
            return []  # some fact is left no value
        facts, space = self.program.values, self.space
        boxes = [space.pack({fact: allowed for fact, allowed in box.items() if fact in facts})]
        for fact, allowed in box.items():
            if fact not in facts:
                regions = self.decides(fact)
                deciding = [other for value in sorted(allowed) for other in regions[value]]
                boxes = space.common(boxes, deciding)
        return space.merged(boxes)

    def _settle(self, place: int) -> None:
        """Work out the region that stands at a place of the order, after those it follows from."""
        order = self.program.order
        needed: set[int] = set()
        waiting = [place]
        while waiting:
            at = waiting.pop()
            entry = order[at]
            known = self._facts if isinstance(entry, str) else self._rules
            if at not in needed and (entry if isinstance(entry, str) else entry.id) not in known:
                needed.add(at)
                waiting += self._follows_from(entry)
        for at in sorted(needed):
            entry = order[at]
            if isinstance(entry, str):
                self._facts[entry] = self._by_value(entry)
            else:
                boxes = self.over_given_facts(entry.when)
                outranking = [
                    box for other in sorted(entry.outranked_by) for box in self._rules[other]
                ]
                self._rules[entry.id] = self.space.minus(boxes, outranking) if outranking else boxes

    def _follows_from(self, entry: EngineRule | str) -> Iterator[int]:
        if isinstance(entry, str):
            yield from (self._rule_at[rule.id] for rule in self._concluding(entry))
        else:
            yield from (self._rule_at[other] for other in entry.outranked_by)
            yield from (self._fact_at[fact] for fact in entry.when if fact in self._fact_at)

    def _concluding(self, fact: str) -> list[EngineRule]:
        rules = self.program.rules
        return [rule for rule in rules if rule.concludes and rule.concludes[0] == fact]

    def _by_value(self, fact: str) -> dict[str, list[int]]:
        """Return the region of each value of a decided fact.

        Cases in which no rule concludes the fact, or rules conclude different values, belong to the
        value that it has otherwise.
        """
        space, rules = self.space, self._concluding(fact)
        concluded = {
            value: space.union(
                box
                for rule in rules
                if rule.concludes == (fact, value)
                for box in self._rules[rule.id]
            )
            for value in self.program.decided[fact]
        }
        regions = {
            value: space.minus(
                boxes,
                [box for other, others in concluded.items() if other != value for box in others],
            )
            for value, boxes in concluded.items()
        }
        every = [box for boxes in regions.values() for box in boxes]
        rest = space.minus([space.pack({})], every)
        otherwise = self.program.otherwise[fact]
        regions[otherwise] = space.merged([*regions[otherwise], *rest])
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
        packed = regions_of(program).packed
        owned: dict[Owner, list[int]] = {rule: packed.applies(rule) for rule in packed.rules}
        for fact in program.decided:
            owned |= {(fact, value): boxes for value, boxes in packed.decides(fact).items()}
        owners: list[Owner] = []
        of_owner: dict[Owner, int] = {}
        for owner, boxes in owned.items():
            if boxes:
                of_owner[owner] = (1 << len(boxes)) - 1 << len(owners)
                owners += [owner] * len(boxes)
        admitting = packed.space.admitting([box for boxes in owned.values() for box in boxes])
        own = {fact: admitting[fact] for fact in program.values}
        return cls(program=program, owners=tuple(owners), of_owner=of_owner, admitting=own)

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
