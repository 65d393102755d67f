"""Differences: which item of one thing is which of another, and in which fields the two differ.

Two plans, two rulesets, and a mutated rule and its original are all compared with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import attrs
from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

T = TypeVar("T")


@frozen
class FieldChange:
    """One field in which two things differ, with its value before and after."""

    name: str
    before: Any
    after: Any


def pair(
    before: Sequence[T], after: Sequence[T], identities: Sequence[Callable[[T], Hashable]]
) -> Iterator[tuple[T | None, T | None]]:
    """Yield the things of two lists in pairs, in the order of the second list.

    ``identities`` say what makes two things the same, from the strictest to the loosest: things are
    paired by the first identity that they share. A thing without a partner is paired with None,
    those of the first list last.

    >>> list(pair(["a1", "b1"], ["b2", "c2"], [lambda name: name[0]]))
    [('b1', 'b2'), (None, 'c2'), ('a1', None)]
    """
    partners: dict[int, T] = {}
    left = dict(enumerate(before))
    for identity in identities:
        waiting: dict[Hashable, list[int]] = {}
        for place, thing in left.items():
            waiting.setdefault(identity(thing), []).append(place)
        for place, thing in enumerate(after):
            if place not in partners and (same := waiting.get(identity(thing))):
                partners[place] = left.pop(same.pop(0))
    yield from ((partners.get(place), thing) for place, thing in enumerate(after))
    yield from ((thing, None) for _, thing in sorted(left.items(), key=lambda item: item[0]))


def changed_fields(before: Any, after: Any, *, except_: Sequence[str] = ()) -> list[FieldChange]:
    """Return the fields in which two objects of attrs classes differ, in the order of the class.

    Two mappings are compared by their keys. A field that only one of the two has is None in the
    other. Fields that their class leaves out of comparison are left out here.

    >>> changed_fields({"title": "A", "by": "x"}, {"title": "B", "by": "x"})
    [FieldChange(name='title', before='A', after='B')]
    """
    first, second = _fields(before), _fields(after)
    return [
        FieldChange(name, first.get(name), second.get(name))
        for name in dict.fromkeys((*first, *second))
        if name not in except_ and first.get(name) != second.get(name)
    ]


def _fields(thing: Any) -> dict[str, Any]:
    if not attrs.has(type(thing)):
        return dict(thing)
    return {
        field.name: getattr(thing, field.name) for field in attrs.fields(type(thing)) if field.eq
    }
