"""Neighbouring values in an order: those that a slip most easily puts in the place of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REWRITTEN: Final = "Something else is said here"
"""What a mistake says in the place of any sentence."""


def near(values: tuple[str, ...], order: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the values that stand nearest: one moved, one fewer, or one more beside them."""
    at = [place for place, value in enumerate(order) if value in values]
    beside = {place + step for place in at for step in (-1, 1)} - {*at, -1, len(order)}
    if len(at) == 1:
        yield from ((order[place],) for place in sorted(beside))
        return
    for place in at:
        yield tuple(order[other] for other in at if other != place)
    for place in sorted(beside):
        yield tuple(order[index] for index in sorted({*at, place}))


def neighbours(value: str, order: tuple[str, ...]) -> Iterable[Any]:
    """Return the value before another in an order, and the one after it."""
    at = order.index(value)
    return (*order[max(at - 1, 0) : at], *order[at + 1 : at + 2])
