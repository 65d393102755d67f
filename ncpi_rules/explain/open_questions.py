"""Which open questions matter for one follow-up, and what every other answer would change."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.core import joined, sentence
from ncpi_rules.plan import Difference, Plan, as_dict, differences, of_substance
from ncpi_rules.ruleset import decide, interpretation_order

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHERE: Final = ("No longer", "New")


@frozen(kw_only=True)
class OtherAnswer:
    """Another answer to an interpretation, and what it would change in the plan.

    ``instead_of`` is the answer on which the plan rests now.
    """

    interpretation: str
    question: str = field(repr=False)
    answer: str
    instead_of: str
    answer_says: str = field(repr=False)
    differences: tuple[Difference, ...] = field(repr=False)

    @property
    def matters(self) -> bool:
        """Return True where something else would follow, not only for another reason."""
        return bool(of_substance(self.differences))

    @property
    def weight(self) -> tuple[bool, int, int]:
        """Return how much it changes: whether an outcome, how many things, how many words."""
        substance = of_substance(self.differences)
        outcome = any(each.about == "outcomes" for each in substance)
        return outcome, len(substance), len(self.differences)

    @property
    def says(self) -> str:
        """Return what the answer would change, in one sentence."""
        count = len(of_substance(self.differences))
        asked = f"{self.interpretation}={self.answer}"
        if count:
            return f"With {asked}, {count} thing{'' if count == 1 else 's'} would change."
        if self.differences:
            return f"With {asked}, the same would follow, for other reasons."
        return f"With {asked}, nothing would change."


@frozen(kw_only=True)
class Sensitivity:
    """What every other answer to every interpretation would change in one plan.

    ``answers`` stand by interpretation: the interpretation that changes most first, and within it
    the answer.
    """

    answers: tuple[OtherAnswer, ...]

    @property
    def interpretations(self) -> tuple[str, ...]:
        """Return the interpretations that matter here, the one that changes most first."""
        return tuple(dict.fromkeys(each.interpretation for each in self.answers if each.matters))

    @property
    def without_effect(self) -> tuple[str, ...]:
        """Return the interpretations of which no other answer would change what follows."""
        found = {each.interpretation for each in self.answers} - set(self.interpretations)
        return tuple(sorted(found, key=interpretation_order))

    @property
    def says(self) -> tuple[str, ...]:
        """Return what matters, in sentences: of each interpretation that does, then of the rest."""
        return tuple(self._says())

    def _says(self) -> Iterator[str]:
        for each in self.answers:
            if each.matters:
                yield f"{each.says} {sentence(each.answer_says)}"
                yield from (found.says for found in of_substance(each.differences))
        yield self.says_rest

    @property
    def says_rest(self) -> str:
        """Return which interpretations change nothing here, in one sentence."""
        if not self.answers:
            return "The ruleset has no interpretations."
        if not self.without_effect:
            return "Every interpretation changes something here."
        named = joined(self.without_effect, "or")
        return f"Nothing else would follow here, whatever the answer to {named}."


def sensitivity(plan: Plan) -> Sensitivity:
    """Return what every other answer to every interpretation would change in a plan.

    One answer is changed at a time; the others stay as they are in the plan. Each is decided
    and scheduled again in full, from the words from which the plan was.
    """
    rules, values = plan.ruleset, plan.decision.values
    now = {id_: values[id_] for id_ in rules.interpretations}
    published = as_dict(plan)
    found = [
        OtherAnswer(
            interpretation=id_,
            question=interpretation.question,
            answer=answer,
            instead_of=now[id_],
            answer_says=says,
            differences=_without(id_, published, plan, {**now, id_: answer}),
        )
        for id_, interpretation in rules.interpretations.items()
        for answer, says in interpretation.answers.items()
        if answer != now[id_]
    ]
    by_interpretation = [
        sorted(each, key=lambda one: one.weight, reverse=True)
        for _, each in groupby(found, key=lambda one: one.interpretation)
    ]
    by_interpretation.sort(key=lambda each: each[0].weight, reverse=True)
    return Sensitivity(answers=tuple(one for each in by_interpretation for one in each))


def _without(
    interpretation: str, published: dict[str, object], plan: Plan, interpretations: dict[str, str]
) -> tuple[Difference, ...]:
    """Return the differences, but for the answer itself."""
    facts = {fact: plan.decision.values[fact] for fact in plan.ruleset.facts}
    engine = plan.engine_asked
    decision = decide(plan.ruleset, facts, interpretations=interpretations, engine=engine)
    other = Plan(plan.follow_up, plan.on, decision, engine)
    found = differences(published, as_dict(other), names=_WHERE)
    return tuple(
        each
        for each in found
        if not (each.about == "interpretations" and each.item == interpretation)
    )
