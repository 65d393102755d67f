"""Which item of one plan is which item of another: by what they are, not by their names alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, TypeAlias

Item: TypeAlias = Mapping[str, Any]
Placed: TypeAlias = tuple[str, Item]
"""An item of a published plan, with the name of the list in which it stands."""

Key: TypeAlias = Callable[[Item], Hashable]


def _parts(*names: str) -> Key:
    return lambda item: tuple(_hashable(item.get(name)) for name in names)


def _hashable(value: Any) -> Hashable:
    return repr(value) if isinstance(value, list | dict) else value


# What an item is, from the strictest to the loosest: items are paired by the first that they share.
_SAME: Final[Mapping[str, tuple[Key, ...]]] = {
    "required_actions": (
        _parts("id", "activity", "event", "of", "by"),
        _parts("activity", "event", "of", "by"),
        _parts("activity", "event", "of"),
        _parts("id"),
    ),
    "documents": (_parts("id", "document", "of"), _parts("document"), _parts("id")),
    "deadlines": (
        _parts("id", "event"),
        _parts("event", "by", "limit"),
        _parts("event", "by"),
        _parts("id"),
    ),
    "questions": (_parts("id", "says"), _parts("says"), _parts("id")),
    "alerts": (_parts("id", "says"), _parts("says"), _parts("id")),
    "unknown": (_parts("fact", "place", "says"), _parts("fact", "place"), _parts("fact")),
    "interpretations": (_parts("id"),),
}


def pairs(
    group: str, before: Sequence[Placed], after: Sequence[Placed]
) -> Iterator[tuple[Placed | None, Placed | None]]:
    """Yield items in pairs, those without another last; the order is that of the second plan."""
    partner: dict[int, Placed] = {}
    left = list(before)
    for key in _SAME[group]:
        waiting: dict[Hashable, list[Placed]] = {}
        for each in left:
            waiting.setdefault(key(each[1]), []).append(each)
        for at, each in enumerate(after):
            if at not in partner and (found := waiting.get(key(each[1]))):
                partner[at] = found.pop(0)
        left = list(chain.from_iterable(waiting.values()))
    for at, each in enumerate(after):
        yield partner.get(at), each
    known = {id(each) for each in left}
    yield from ((each, None) for each in before if id(each) in known)
