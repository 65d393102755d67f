"""Which deadlines a follow-up may have, whatever is true of the facts that are not known.

Read from the regions of the rules, which hold every case: the open facts are looked at
in all their combinations, not one at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ncpi_rules.core import Memo
from ncpi_rules.engine import Box, Boxes, common, minus, regions_of
from ncpi_rules.ruleset import DeadlineRule, Decision, decide_otherwise, program_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.engine import Values
    from ncpi_rules.ruleset import Ruleset


@frozen
class Possible:
    """Other deadlines that a follow-up may have: what is decided then, and by which facts.

    ``facts`` names the fewest open facts that would have to be known for these deadlines.
    """

    facts: tuple[str, ...]
    decision: Decision


def other_deadlines(decision: Decision) -> tuple[Possible, ...]:
    """Return every other set of deadlines that some words of the open facts would give.

    Those for which the fewest facts would have to be known come first.

    >>> from ncpi_rules.ruleset import decide
    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> case = decide(shipped_ruleset(), {"immediate-recommendations": "none"})
    >>> [each.facts for each in other_deadlines(case)][-1]
    ('findings', 'prospects')
    """
    known = decision.ruleset.derive(_known)
    case = frozenset(decision.values.items())
    possible = known.get(case)
    if possible is None:
        others = sorted(_found(decision), key=lambda other: len(other.facts))
        possible = known.remember(case, tuple(others))
    return possible


def _known(_: Ruleset) -> Memo[frozenset[tuple[str, str]], tuple[Possible, ...]]:
    return Memo()


def _found(decision: Decision) -> Iterator[Possible]:
    ruleset, values = decision.ruleset, decision.values
    open_ = {
        name: tuple(f.values) for name, f in ruleset.facts.items() if values[name] == f.unknown
    }
    now = tuple(rule.id for rule in decision.holding.deadlines)
    for rules, boxes in _apart(decision, open_).items():
        if rules != frozenset(now):
            told = min((_nearest(box, values, open_) for box in boxes), key=len)
            yield Possible(tuple(told), decide_otherwise(decision, told))


def _apart(decision: Decision, open_: Values) -> Mapping[frozenset[str], Boxes]:
    """Return the cases that the open facts leave, by the deadlines that hold in them."""
    holds = regions_of(program_for(decision.ruleset)).holds
    found: dict[frozenset[str], Boxes] = {frozenset(): ({},)}
    for rule in decision.ruleset.of_kind(DeadlineRule):
        mine = tuple(_left_open(holds[rule.id], decision.values, open_))
        if not mine:
            continue
        parts: dict[frozenset[str], Boxes] = {}
        for rules, boxes in found.items():
            parts[rules | {rule.id}] = tuple(common(boxes, mine))
            parts[rules] = minus(boxes, mine, open_)
        found = {rules: boxes for rules, boxes in parts.items() if boxes}
    return found


def _left_open(boxes: Boxes, values: Mapping[str, str], open_: Values) -> Iterator[Box]:
    """Yield the part of a region that agrees with what is known, over the open facts alone."""
    for box in boxes:
        if all(values[name] in allowed for name, allowed in box.items() if name not in open_):
            yield {name: allowed for name, allowed in box.items() if name in open_}


def _nearest(box: Box, values: Mapping[str, str], open_: Values) -> dict[str, str]:
    """Return the words that some open facts must have in a box; the others stay as they are."""
    return {
        name: next(value for value in open_[name] if value in box[name])
        for name in open_
        if name in box and values[name] not in box[name]
    }
