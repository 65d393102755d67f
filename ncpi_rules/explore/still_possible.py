"""The other deadlines that a follow-up may have, depending on the facts that are not known.

They are read from the regions of the rules, which hold every case, so the open facts are
covered in all their combinations and not only one at a time.
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
class OtherDeadlines:
    """Another set of deadlines that a follow-up may have: what is then decided, and by which facts.

    ``facts`` names the fewest open facts that would have to become known.
    """

    facts: tuple[str, ...]
    decision: Decision


def other_deadlines(decision: Decision) -> tuple[OtherDeadlines, ...]:
    """Return every other set of deadlines that some values of the open facts would give.

    Those that need the fewest facts come first.

    >>> from ncpi_rules.ruleset import decide
    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> case = decide(shipped_ruleset(), {"immediate-recommendations": "none"})
    >>> [other.facts for other in other_deadlines(case)][-1]
    ('findings', 'prospects', 'other-recommendations')
    """
    memo, case = decision.ruleset.derive(_memo), frozenset(decision.values.items())
    others = memo.get(case)
    if others is None:
        others = tuple(sorted(_others(decision), key=lambda other: len(other.facts)))
        memo.remember(case, others)
    return others


def _memo(_: Ruleset) -> Memo[frozenset[tuple[str, str]], tuple[OtherDeadlines, ...]]:
    return Memo()


def _others(decision: Decision) -> Iterator[OtherDeadlines]:
    values = decision.values
    open_facts = {
        name: tuple(fact.values)
        for name, fact in decision.ruleset.facts.items()
        if values[name] == fact.unknown
    }
    present = frozenset(rule.id for rule in decision.applicable.deadlines)
    for rules, boxes in _cases_by_deadlines(decision, open_facts).items():
        if rules != present:
            nearest = min((_values_in(box, values, open_facts) for box in boxes), key=len)
            yield OtherDeadlines(tuple(nearest), decide_otherwise(decision, nearest))


def _cases_by_deadlines(decision: Decision, open_facts: Values) -> Mapping[frozenset[str], Boxes]:
    """Return the cases that the open facts allow, by the deadline rules that apply in them."""
    regions = regions_of(program_for(decision.ruleset)).applies
    cases: dict[frozenset[str], Boxes] = {frozenset(): ({},)}
    for rule in decision.ruleset.of_kind(DeadlineRule):
        region = tuple(_open_part(regions[rule.id], decision.values, open_facts))
        if not region:
            continue
        parts: dict[frozenset[str], Boxes] = {}
        for rules, boxes in cases.items():
            parts[rules | {rule.id}] = tuple(common(boxes, region))
            parts[rules] = minus(boxes, region, open_facts)
        cases = {rules: boxes for rules, boxes in parts.items() if boxes}
    return cases


def _open_part(boxes: Boxes, values: Mapping[str, str], open_facts: Values) -> Iterator[Box]:
    """Yield the part of a region that agrees with the known facts, as boxes of the open facts."""
    for box in boxes:
        if all(values[name] in allowed for name, allowed in box.items() if name not in open_facts):
            yield {name: allowed for name, allowed in box.items() if name in open_facts}


def _values_in(box: Box, values: Mapping[str, str], open_facts: Values) -> dict[str, str]:
    """Return new values for the fewest open facts, so that a case lies in a box."""
    return {
        name: next(value for value in open_facts[name] if value in box[name])
        for name in open_facts
        if name in box and values[name] not in box[name]
    }
