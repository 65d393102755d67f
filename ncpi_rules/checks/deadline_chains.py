"""Chains of deadlines, each counted from the event of another, compared day by day with a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, DueDatePolicy, PartialDate
from ncpi_rules.engine import Box, Boxes, common, union
from ncpi_rules.ruleset import Bound, DeadlineRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.checks.analysis import RulesetAnalysis

DAYS: Final = (
    range(PartialDate.read("2014").start, PartialDate.read(f"{LAST_YEAR - 1}").end + 1),
    range(PartialDate.read(f"{FIRST_YEAR}").start, PartialDate.read("2014").start),
)
"""The days from which a guaranteed due date is counted: all that the library reads, but a year.

The years of inspections come first, so that the day of a counterexample is a familiar one.
"""

Chain: TypeAlias = tuple[Bound, ...]
"""Bounds of which each leads from the event to which the one before it led."""


def first_later(chain: Chain, other: Bound, policies: Iterable[DueDatePolicy]) -> int | None:
    """Return the first day from which a chain of bounds leads to a later day than a bound does."""
    movers = [([bound.mover(p) for bound in chain], other.mover(p)) for p in policies]
    for span in DAYS:
        for day in span:
            for chained, move in movers:
                last = day
                for move_on in chained:
                    last = move_on(last)
                if last > move(day):
                    return day
    return None


def kept_by_chains(analysis: RulesetAnalysis, event: str, latest: Bound) -> Boxes:
    """Return the cases in which deadlines, each counted from the event of another, keep a date."""
    boxes: list[Box] = []
    for ids, chain in _chains(analysis, event, latest.anchor, frozenset({event})):
        cases: Boxes = ({},)
        for id_ in ids:
            cases = tuple(common(cases, analysis.regions.applies[id_]))
        if cases and first_later(chain, latest, DueDatePolicy) is None:
            boxes += cases
    return union(boxes, analysis.program.values)


def _chains(
    analysis: RulesetAnalysis, event: str, first: str, seen: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], Chain]]:
    """Yield the rules and the bounds of each chain of deadlines from one event to another."""
    for rule in analysis.ruleset.of_kind(DeadlineRule):
        for bound in rule.bounds if rule.event == event else ():
            if bound.is_floor:
                continue
            if bound.anchor == first:
                yield (rule.id,), (bound,)
            elif bound.anchor not in seen:
                for ids, chain in _chains(analysis, bound.anchor, first, seen | {bound.anchor}):
                    yield (*ids, rule.id), (*chain, bound)
