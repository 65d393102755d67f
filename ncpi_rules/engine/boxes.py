"""Boxes: the sets of cases that rules cover, and what can be asked of them.

A box names, for some facts, the values that they may have; its cases are all those whose values are
among these. However many cases there are, every question is answered box by box, so that the answer
is a proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import TypeAlias

Case: TypeAlias = Mapping[str, str]
"""One value for each fact."""

Box: TypeAlias = Mapping[str, frozenset[str]]
"""The cases whose values are in the named sets; a fact that is not named may have any value."""

Values: TypeAlias = Mapping[str, tuple[str, ...]]
"""Every fact with the values that it may take, in the order of the vocabulary."""

Boxes: TypeAlias = tuple[Box, ...]
"""Boxes of which no two have a case in common: a region of cases."""


def subtract(box: Box, boxes: Iterable[Box], values: Values) -> Iterator[dict[str, frozenset[str]]]:
    """Yield disjoint boxes that together hold the cases of ``box`` in none of ``boxes``.

    ``values`` gives the values of every fact that a box tests. The boxes are made one at a time,
    so that a caller may stop at the first.

    >>> values = {"concern": ("none", "some"), "late": ("yes", "no")}
    >>> taken = {"concern": frozenset({"some"}), "late": frozenset({"yes"})}
    >>> for rest in subtract({}, [taken], values):
    ...     print({fact: sorted(allowed) for fact, allowed in rest.items()})
    {'concern': ['some'], 'late': ['no']}
    {'concern': ['none']}
    """
    others = [other for other in boxes if all(other.values())]
    waiting = [(dict(box), 0)] if all(box.values()) else []
    while waiting:
        piece, start = waiting.pop()
        meeting = (at for at in range(start, len(others)) if _meet(piece, others[at]))
        if (at := next(meeting, None)) is None:
            yield piece
        else:
            waiting.extend((part, at + 1) for part in _outside(piece, others[at], values))


def count(box: Box, values: Values) -> int:
    """Return the number of cases in a box.

    >>> count({"late": frozenset({"yes"})}, {"concern": ("none", "some"), "late": ("yes", "no")})
    2
    """
    return prod(len(box.get(fact, order)) for fact, order in values.items())


def _meet(one: Box, other: Box) -> bool:
    return all(not values.isdisjoint(one[fact]) for fact, values in other.items() if fact in one)


def _outside(piece: Box, other: Box, values: Values) -> Iterator[dict[str, frozenset[str]]]:
    """Yield disjoint boxes: the part of a piece outside another box that it meets."""
    inside = dict(piece)
    for fact, allowed in other.items():
        now = inside.get(fact) or frozenset(values[fact])
        if beyond := now - allowed:
            yield {**inside, fact: beyond}
        inside[fact] = now & allowed


def meet(one: Box, other: Box) -> Box | None:
    """Return the box of the cases that lie in both, or None where there is none.

    >>> meet({"late": frozenset({"yes", "no"})}, {"late": frozenset({"yes"})})
    {'late': frozenset({'yes'})}
    """
    both = dict(one)
    for fact, values in other.items():
        common = values & one[fact] if fact in one else values
        if not common:
            return None
        both[fact] = common
    return both


def common(ones: Iterable[Box], others: Iterable[Box]) -> Iterator[Box]:
    """Yield the boxes of the cases that lie in one of each; disjoint where both sides are."""
    others = tuple(others)
    for one in ones:
        for other in others:
            if (both := meet(one, other)) is not None:
                yield both


def minus(boxes: Iterable[Box], others: Iterable[Box], values: Values) -> Boxes:
    """Return the region of the cases in ``boxes`` and in none of ``others``, merged."""
    others = tuple(others)
    return merged((rest for box in boxes for rest in subtract(box, others, values)), values)


def union(boxes: Iterable[Box], values: Values) -> Boxes:
    """Return the region of the cases in any of the boxes, which may overlap."""
    disjoint: list[Box] = []
    for box in boxes:
        disjoint.extend(subtract(box, tuple(disjoint), values))
    return merged(disjoint, values)


def merged(boxes: Iterable[Box], values: Values) -> Boxes:
    """Return disjoint boxes as fewer: those that differ in one fact only become one.

    >>> values = {"late": ("yes", "no")}
    >>> merged([{"late": frozenset({"yes"})}, {"late": frozenset({"no"})}], values)
    ({},)
    """
    left = list(boxes)
    named = {fact for box in left for fact in box}
    every = {fact: frozenset(allowed) for fact, allowed in values.items() if fact in named}
    full = [tuple(box.get(fact, allowed) for fact, allowed in every.items()) for box in left]
    # Two disjoint boxes can become one along a fact only if they differ in it.
    columns = list(zip(*full, strict=True))
    places = [place for place, column in enumerate(columns) if len(set(column)) > 1]
    rows = list(dict.fromkeys(full))
    before = -1
    while len(rows) != before and len(rows) > 1:
        before = len(rows)
        for place in places:
            together: dict[tuple[frozenset[str], ...], frozenset[str]] = {}
            for row in rows:
                rest = row[:place] + row[place + 1 :]
                together[rest] = together.get(rest, frozenset()) | row[place]
            if len(together) < len(rows):
                rows = [
                    (*rest[:place], allowed, *rest[place:]) for rest, allowed in together.items()
                ]
    return tuple(
        {
            fact: allowed
            for (fact, all_), allowed in zip(every.items(), row, strict=True)
            if len(allowed) < len(all_)
        }
        for row in rows
    )


def some_case(box: Box, values: Values) -> dict[str, str]:
    """Return a case of a box: of every fact, the first value of the vocabulary that it allows."""
    return {
        fact: next(value for value in order if value in box.get(fact, order))
        for fact, order in values.items()
    }


def cases_of(box: Box, values: Values) -> Iterator[dict[str, str]]:
    """Yield every case of a box, in the order of the vocabulary."""
    allowed = (
        [value for value in order if value in box.get(fact, order)]
        for fact, order in values.items()
    )
    for case in product(*allowed):
        yield dict(zip(values, case, strict=True))
