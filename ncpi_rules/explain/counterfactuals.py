"""The smallest sets of facts that would have to differ for another outcome, all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import Problem, UnknownItemError, joined, lower_first, one_of, sentence
from ncpi_rules.engine import Box, Boxes, common, merged, regions_of, union
from ncpi_rules.explain.possibilities import possible_values
from ncpi_rules.plan import Plan
from ncpi_rules.ruleset import (
    Decision,
    Ruleset,
    describe_value,
    effect_of,
    neighbours_of,
    program_for,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator


Wanted: TypeAlias = "str | Iterable[str]"
"""A value of an outcome, or several of which any will do."""


@frozen(kw_only=True)
class Counterfactual:
    """One smallest set of facts that would have to differ, and the values that would do.

    ``facts`` are the names, in the order of the vocabulary, interpretations last; there are none
    where the outcome is already as wanted. Each of ``ways`` gives the values of every one of these
    facts; any combination of them will do, and no combination is in two ways.
    """

    facts: tuple[str, ...]
    ways: tuple[Mapping[str, tuple[str, ...]], ...]
    wanted: Mapping[str, tuple[str, ...]] = field(repr=False)
    ruleset: Ruleset = field(repr=False, eq=False)

    @property
    def sentence(self) -> str:
        """Return the outcome and what it would take, in one sentence."""
        outcomes = self.ruleset.outcomes
        wanted = ", and ".join(
            f"{lower_first(outcomes[name].title)} would be "
            + joined([outcomes[name].values[value] for value in values], "or")
            for name, values in self.wanted.items()
        )
        if not self.facts:
            return sentence(f"As things are, {wanted}")
        ways = [
            ", and ".join(_describe_any(self.ruleset, fact, values) for fact, values in way.items())
            for way in self.ways
        ]
        return sentence(f"{wanted} if {'; or if '.join(ways)}")

    def __str__(self) -> str:
        """Return the outcome and what it would take, in one sentence."""
        return self.sentence


def _describe_any(ruleset: Ruleset, fact: str, values: Iterable[str]) -> str:
    """Return the vocabulary's phrases for some values of a fact.

    "Not known" is listed only where no other value would do: what is known cannot be forgotten.
    """
    unknown = ruleset.facts[fact].unknown if fact in ruleset.facts else ""
    known = [value for value in values if value != unknown] or values
    return " or ".join(describe_value(ruleset, fact, value) for value in known)


def what_would_change(
    of: Plan | Decision,
    /,
    *,
    fixed: Iterable[str] = (),
    interpretations: bool = False,
    **wanted: Wanted,
) -> tuple[Counterfactual, ...]:
    """Return the smallest sets of facts that would have to differ for an outcome, all of them.

    ``wanted`` names outcomes (written with ``_`` or ``-``), each with a value or several of
    which any will do; of several outcomes, all are wanted. No part of a set would be enough, and
    every other change that would be enough contains one of the sets. The fewest facts come first.

    Of a plan, a fact has only the :func:`possible_values` that it can still have: a later choice
    counts, and what has happened stays. Of a decision it may have any. ``fixed`` names facts that
    stay as they are beside these. Interpretations keep their answers unless ``interpretations`` is
    True. An empty tuple means that nothing of the kind would be enough, in any combination.

    Raises UnknownItemError for an outcome, a value or a fact that the ruleset does not have.

    >>> from ncpi_rules.ruleset import decide
    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> values = {"findings": "broadly-positive", "action-plan-review": "done"}
    >>> case = decide(shipped_ruleset(), {**values, "prospects": "some-concerns"})
    >>> for change in what_would_change(case, tier="post-inspection-visit"):
    ...     print(change.facts, change.ways)
    ('prospects',) ({'prospects': ('no-concerns',)},)
    ('tier-chosen',) ({'tier-chosen': ('post-inspection-visit',)},)
    """
    decision = of.decision if isinstance(of, Plan) else of
    ruleset = decision.ruleset
    outcomes = _outcomes(ruleset, wanted)
    case, values = decision.values, program_for(ruleset).values
    possible = dict(possible_values(of)) if isinstance(of, Plan) else {}
    unchanging = _known_names(ruleset, [fixed] if isinstance(fixed, str) else fixed)
    if not interpretations:
        unchanging |= ruleset.interpretations.keys()
    possible |= {name: frozenset({case[name]}) for name in unchanging}
    boxes_of: dict[tuple[str, ...], list[Box]] = {}
    for box in common(_region(ruleset, outcomes), [possible]):
        differing = tuple(fact for fact in values if case[fact] not in box.get(fact, {case[fact]}))
        boxes_of.setdefault(differing, []).append(box)
    smallest = [
        facts for facts in boxes_of if not any(set(other) < set(facts) for other in boxes_of)
    ]
    order = list(values)
    smallest.sort(key=lambda facts: (len(facts), [order.index(fact) for fact in facts]))
    return tuple(
        Counterfactual(
            facts=facts,
            ways=tuple(_ways(facts, boxes_of[facts], values)),
            wanted=outcomes,
            ruleset=ruleset,
        )
        for facts in smallest
    )


def _outcomes(ruleset: Ruleset, wanted: Mapping[str, Wanted]) -> dict[str, tuple[str, ...]]:
    """Return the wanted values of each outcome, in the order of the vocabulary."""
    problems: list[Problem] = []
    outcomes: dict[str, tuple[str, ...]] = {}
    if not wanted:
        help_ = f"Name one of: {', '.join(ruleset.outcomes)}; and the value wanted."
        problems.append(Problem(place="", message="No outcome is named.", help=help_))
    for name, asked in wanted.items():
        outcome = ruleset.outcomes.get(name) or ruleset.outcomes.get(name.replace("_", "-"))
        if outcome is None:
            message, help_ = f"The ruleset has no outcome '{name}'.", one_of(name, ruleset.outcomes)
            problems.append(Problem(place="", message=message, help=help_))
            continue
        values = [asked] if isinstance(asked, str) else list(asked)
        if not values:
            message = f"No value of '{outcome.id}' is named."
            help_ = one_of("", outcome.values, suggest=False)
            problems.append(Problem(place="", message=message, help=help_))
        for value in values:
            if value not in outcome.values:
                message = f"'{value}' is not a value of '{outcome.id}'."
                help_ = one_of(str(value), outcome.values)
                problems.append(Problem(place="", message=message, help=help_))
        outcomes[outcome.id] = tuple(value for value in outcome.values if value in values)
    if problems:
        raise UnknownItemError(problems)
    return outcomes


def _known_names(ruleset: Ruleset, names: Iterable[str]) -> frozenset[str]:
    """Return names of facts and interpretations; raise UnknownItemError for any other."""
    named = frozenset(names)
    if unknown := sorted(named - ruleset.facts.keys() - ruleset.interpretations.keys()):
        raise UnknownItemError(
            Problem(
                place="",
                message=f"The ruleset has no fact '{name}'.",
                help=one_of(name, ruleset.facts),
            )
            for name in unknown
        )
    return named


def _region(ruleset: Ruleset, outcomes: Mapping[str, tuple[str, ...]]) -> Boxes:
    """Return the cases in which every outcome has one of its wanted values."""
    program = program_for(ruleset)
    decides = regions_of(program).decides
    region: Boxes = ({},)
    for name, values in outcomes.items():
        boxes = merged((box for value in values for box in decides[name][value]), program.values)
        region = tuple(common(region, boxes))
    return region


def _ways(
    facts: tuple[str, ...], boxes: Iterable[Box], values: Mapping[str, tuple[str, ...]]
) -> Iterator[Mapping[str, tuple[str, ...]]]:
    """Yield the values that would do for a smallest set, as disjoint boxes of these facts alone.

    No box allows a fact its present value: a smaller set would then be enough.
    """
    own = {fact: values[fact] for fact in facts}
    for box in union(({fact: box[fact] for fact in facts} for box in boxes), own):
        allowed = {fact: box.get(fact, frozenset(own[fact])) for fact in facts}
        yield {fact: tuple(v for v in own[fact] if v in allowed[fact]) for fact in facts}


def irrelevant_facts(of: Plan | Decision) -> tuple[str, ...]:
    """Return the facts that make no difference to a case, in the order of the vocabulary.

    Whatever other value such a fact had, all else unchanged, the outcomes, actions, documents,
    deadlines, questions and alerts would be the same, though perhaps by other rules.

    >>> from ncpi_rules.ruleset import decide
    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> case = decide(shipped_ruleset(), {"reinspection": "decided"})
    >>> irrelevant_facts(case)
    ('findings',)
    """
    decision = of.decision if isinstance(of, Plan) else of
    ruleset, applicable = decision.ruleset, decision.evaluation.fired

    def effects(ids: Iterable[str]) -> frozenset[Hashable]:
        return frozenset(effect_of(ruleset.rules[id_]) for id_ in ids)

    present = effects(applicable)
    relevant = {
        other.fact
        for other in neighbours_of(decision, ruleset.facts)
        if other.rules and effects(applicable ^ other.rules) != present
    }
    return tuple(name for name in ruleset.facts if name not in relevant)
