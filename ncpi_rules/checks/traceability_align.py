"""Pairs the statements of two texts: by fingerprint first, and then by words.

An inserted statement shifts none of the others: statements with the same wording in the same order
are paired first, then those at other places, and only the rest are compared by their words.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ALIKE: Final = 0.5
"""From here on two statements at the same place have so many words in common that one is the other.

The share of the words of both that they have in common, from 0 to 1."""

VERY_MUCH_ALIKE: Final = 0.7
"""The same for statements that stand at different places."""

_MOST_COMPARED: Final = 40_000  # pairs; what is larger is a different text, and takes too long
_MOST_REPEATED: Final = 8  # a more frequent wording is paired in order


class MatchKind(StrEnum):
    """How two statements belong together."""

    SAME = "same"
    """The same wording, in the same order."""
    ELSEWHERE = "elsewhere"
    """The same wording at another place."""
    REWORDED = "reworded"
    """Another wording at the same place."""
    REWORDED_ELSEWHERE = "reworded-elsewhere"
    """Much the same wording at another place."""


@frozen(kw_only=True)
class TextStatement:
    """One statement of either text: its number, the part to which it belongs, its words."""

    id: str
    part: str
    fingerprint: str
    words: Counter[str] = field(repr=False)


Pairs: TypeAlias = "dict[int, tuple[int, MatchKind]]"
"""For each statement of the old text that is in the new one, its place there and how they match."""


def align(old: Sequence[TextStatement], new: Sequence[TextStatement], *, by_words: bool) -> Pairs:
    """Return which statement of the new text each of the old text has become.

    ``by_words`` is False where the words of the old text are not its own but a summary: then a
    statement is taken for reworded by its place, and the words only choose among neighbours.
    """
    pairs: Pairs = {at: (to, MatchKind.SAME) for at, to in in_order(old, new).items()}
    _elsewhere(old, new, pairs)
    _within_gaps(old, new, pairs, _alike if by_words else _nearest)
    if by_words:
        _elsewhere_by_words(old, new, pairs)
    _by_place(old, new, pairs)
    return pairs


def in_order(old: Sequence[TextStatement], new: Sequence[TextStatement]) -> dict[int, int]:
    """Return the most statements that stand in both texts in one order, by fingerprint.

    Where several choices are as long, the one with the most statements in their own parts, and
    then with the most of the same number.
    """
    whole = 3 * len(old) + 1
    best: list[tuple[int, int]] = [(0, -1)] * (len(new) + 1)  # a Fenwick tree of maxima
    nodes: list[tuple[int, int, int]] = []
    for at, to in _candidates(old, new):
        score, before = max(_prefixes(best, to), default=(0, -1))
        old_statement, new_statement = old[at], new[to]
        score += (
            whole
            + 2 * (old_statement.part == new_statement.part)
            + (old_statement.id == new_statement.id)
        )
        nodes.append((at, to, before))
        place = to + 1
        while place < len(best):
            best[place] = max(best[place], (score, len(nodes) - 1))
            place += place & -place
    _, last = max(_prefixes(best, len(new)), default=(0, -1))
    pairs = {}
    while last >= 0:
        at, to, last = nodes[last]
        pairs[at] = to
    return pairs


def _prefixes(best: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    while length > 0:
        yield best[length]
        length -= length & -length


def _candidates(
    old: Sequence[TextStatement], new: Sequence[TextStatement]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs with the same wording: the old forwards, and for each the new backwards."""
    places: dict[str, list[int]] = defaultdict(list)
    for to, line in enumerate(new):
        places[line.fingerprint].append(to)
    seen = Counter[str]()
    for at, line in enumerate(old):
        there = places.get(line.fingerprint, [])
        if len(there) > _MOST_REPEATED:
            turn = seen[line.fingerprint]
            there = there[turn : turn + 1]
        seen[line.fingerprint] += 1
        for to in reversed(there):
            yield at, to


def _left(
    old: Sequence[TextStatement], new: Sequence[TextStatement], pairs: Pairs
) -> tuple[list[int], list[int]]:
    """Return what has no partner yet, on either side."""
    taken = {to for to, _ in pairs.values()}
    return (
        [at for at in range(len(old)) if at not in pairs],
        [to for to in range(len(new)) if to not in taken],
    )


def _elsewhere(old: Sequence[TextStatement], new: Sequence[TextStatement], pairs: Pairs) -> None:
    """Pair the same wording at any place: first by number, then in order."""
    keys: tuple[Callable[[TextStatement], tuple[str, ...]], ...] = (
        lambda line: (line.fingerprint, line.id),
        lambda line: (line.fingerprint,),
    )
    for key in keys:
        ats, tos = _left(old, new, pairs)
        places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for to in reversed(tos):
            places[key(new[to])].append(to)
        for at in ats:
            if there := places.get(key(old[at])):
                pairs[at] = (there.pop(), MatchKind.ELSEWHERE)


def _gaps(
    old: Sequence[TextStatement], new: Sequence[TextStatement], pairs: Pairs
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the statements without a partner between two that have one, part by part."""
    anchors = sorted(
        (at, to) for at, (to, how) in pairs.items() if how in {MatchKind.SAME, MatchKind.REWORDED}
    )
    olds = [at for at, _ in anchors]
    news = [to for _, to in anchors]
    ats, tos = _left(old, new, pairs)
    gaps: dict[tuple[int, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for at in ats:
        gaps[bisect(olds, at), old[at].part][0].append(at)
    for to in tos:
        gaps[bisect(news, to), new[to].part][1].append(to)
    yield from (
        (old_places, new_places)
        for old_places, new_places in gaps.values()
        if old_places and new_places
    )


def _within_gaps(
    old: Sequence[TextStatement],
    new: Sequence[TextStatement],
    pairs: Pairs,
    worth: Callable[[Counter[str], Counter[str]], float],
) -> None:
    for old_places, new_places in list(_gaps(old, new, pairs)):
        if len(old_places) * len(new_places) > _MOST_COMPARED:
            continue
        if worth is _nearest and len(old_places) == len(new_places):
            continue  # each in its place
        worths = [[worth(old[at].words, new[to].words) for to in new_places] for at in old_places]
        for old_at, new_at in _best_pairs(worths):
            pairs[old_places[old_at]] = (new_places[new_at], MatchKind.REWORDED)


def _best_pairs(worths: Sequence[Sequence[float]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs, in order, whose worths have the largest sum; none of them is worth 0."""
    rows, columns = len(worths), len(worths[0])
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            value = worths[row][column]
            paired = value + best[row + 1][column + 1] if value else 0.0
            best[row][column] = max(best[row + 1][column], best[row][column + 1], paired)
    row = column = 0
    while row < rows and column < columns:
        if best[row][column] == best[row + 1][column]:
            row += 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            yield row, column
            row, column = row + 1, column + 1


def _elsewhere_by_words(
    old: Sequence[TextStatement], new: Sequence[TextStatement], pairs: Pairs
) -> None:
    ats, tos = _left(old, new, pairs)
    if len(ats) * len(tos) > _MOST_COMPARED:
        return
    likely = [(likeness(old[at].words, new[to].words), -at, -to) for at in ats for to in tos]
    taken: set[int] = set()
    for like, at, to in sorted(likely, reverse=True):
        if like < VERY_MUCH_ALIKE:
            break
        if -at not in pairs and -to not in taken:
            pairs[-at] = (-to, MatchKind.REWORDED_ELSEWHERE)
            taken.add(-to)


def _by_place(old: Sequence[TextStatement], new: Sequence[TextStatement], pairs: Pairs) -> None:
    """Pair the statements between the same neighbours, one for one."""
    for old_places, new_places in list(_gaps(old, new, pairs)):
        if len(old_places) == len(new_places):
            pairs.update(
                (at, (to, MatchKind.REWORDED))
                for at, to in zip(old_places, new_places, strict=True)
            )


def likeness(first: Mapping[str, int], second: Mapping[str, int]) -> float:
    """Return the share of the words of two texts that they have in common, from 0 to 1.

    >>> likeness(Counter(["within", "six", "weeks"]), Counter(["within", "two", "weeks"]))
    0.6666666666666666
    """
    total = sum(first.values()) + sum(second.values())
    if not total:
        return 0.0
    return 2 * sum(min(many, second.get(word, 0)) for word, many in first.items()) / total


def _alike(first: Counter[str], second: Counter[str]) -> float:
    like = likeness(first, second)
    return like if like >= ALIKE else 0.0


def _nearest(first: Counter[str], second: Counter[str]) -> float:
    """Return a worth by which two pairs always count more than one, whatever their words."""
    return 1 + likeness(first, second) / _MOST_COMPARED
