"""Guarantees that rule out less, or something else: each is one slip in ``guarantees.yaml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import evolve

from ncpi_rules.core import Modality
from ncpi_rules.ruleset import (
    Always,
    FollowsOrder,
    Guarantee,
    Includes,
    NeverWithout,
    NoLaterThan,
    OnlyWhere,
    Ruleset,
)
from ncpi_rules.scenarios.nearby import near, neighbours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ncpi_rules.ruleset import Tests

Weaker: TypeAlias = tuple[str, str, Guarantee | None]
"""What tells the change from others, the change in words, and the guarantee, or None."""

_LEAST: Final = 2
"""The fewest values of an order that say anything."""


def weaker_guarantees(guarantee: Guarantee, ruleset: Ruleset) -> Iterator[Weaker]:
    """Yield a guarantee with each small change by which it rules out less, or something else."""
    yield "removed", "was removed", None
    if guarantee.interpretations == "every" and ruleset.interpretations:
        yield "ours", "holds under our answers only", evolve(guarantee, interpretations="ours")
    yield from _WEAKER.get(type(guarantee), _no_other)(guarantee, ruleset)


def _always(guarantee: Always, ruleset: Ruleset) -> Iterator[Weaker]:
    for detail, tests in _wider(guarantee.then, ruleset):
        yield f"then/{detail}", f"allows '{detail}', too", evolve(guarantee, then=tests)


def _never_without(guarantee: NeverWithout, ruleset: Ruleset) -> Iterator[Weaker]:
    for at, ground in enumerate(guarantee.without):
        for detail, tests in _wider(ground, ruleset):
            grounds = (*guarantee.without[:at], tests, *guarantee.without[at + 1 :])
            text = f"takes '{detail}' for a ground, too"
            yield f"without/{detail}", text, evolve(guarantee, without=grounds)


def _in_order(guarantee: FollowsOrder | Includes, ruleset: Ruleset) -> Iterator[Weaker]:
    order = guarantee.order
    for value in order if len(order) > _LEAST else ():
        rest = tuple(other for other in order if other != value)
        yield f"order/{value}", f"says nothing of {value}", evolve(guarantee, order=rest)
    if isinstance(guarantee, Includes):
        names = ruleset.activities if guarantee.of == "actions" else ruleset.documents
        name = next((candidate for candidate in names if candidate not in guarantee.but_for), None)
        if name is not None:
            more = (*guarantee.but_for, name)
            yield f"but_for/{name}", f"leaves out {name}", evolve(guarantee, but_for=more)


def _no_later_than(guarantee: NoLaterThan, ruleset: Ruleset) -> Iterator[Weaker]:
    period = guarantee.within.period
    later = evolve(guarantee.within, period=evolve(period, count=period.count + 1))
    yield "within", f"allows {later.text}", evolve(guarantee, within=later)
    for event in neighbours(guarantee.event, tuple(ruleset.events)):
        text = f"is about {event}, and no longer about {guarantee.event}"
        yield f"event/{event}", text, evolve(guarantee, event=event)


def _only_where(guarantee: OnlyWhere, ruleset: Ruleset) -> Iterator[Weaker]:
    for name in guarantee.naming if len(guarantee.naming) > 1 else ():
        rest = tuple(other for other in guarantee.naming if other != name)
        yield f"naming/{name}", f"no longer names {name}", evolve(guarantee, naming=rest)
    for detail, tests in _wider(guarantee.when, ruleset):
        yield f"when/{detail}", f"allows '{detail}', too", evolve(guarantee, when=tests)
    for stronger in neighbours(guarantee.at_most, tuple(Modality)):
        if stronger.strength > guarantee.at_most.strength:
            changed = evolve(guarantee, at_most=stronger)
            yield f"at_most/{stronger}", f"allows '{stronger}'", changed


def _no_other(_: Guarantee, __: Ruleset) -> Iterator[Weaker]:
    yield from ()


_WEAKER: Final[Mapping[type[Guarantee], Callable[[Any, Ruleset], Iterator[Weaker]]]] = {
    Always: _always,
    NeverWithout: _never_without,
    FollowsOrder: _in_order,
    Includes: _in_order,
    NoLaterThan: _no_later_than,
    OnlyWhere: _only_where,
}


def _wider(tests: Tests, ruleset: Ruleset) -> Iterator[tuple[str, Tests]]:
    """Yield conditions that one value more meets, the one beside those that stand there."""
    for name, values in tests.items():
        order = (ruleset.facts.get(name) or ruleset.outcomes[name]).values
        for wider in near(values, tuple(order)):
            more = {*wider} - {*values}
            if more:
                yield f"{name}: {', '.join(sorted(more))}", {**tests, name: (*values, *more)}
