"""Which open questions matter for one follow-up, and what every other answer would change."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.core import counted, joined, sentence
from ncpi_rules.plan import Difference, Plan, differences, of_substance
from ncpi_rules.ruleset import decide_otherwise, interpretation_order

if TYPE_CHECKING:
    from collections.abc import Iterator


@frozen(kw_only=True)
class OtherAnswer:
    """Another answer to an interpretation, and what it would change in the plan.

    ``instead_of`` is the answer on which the plan rests now.
    """

    interpretation: str
    question: str = field(repr=False)
    answer: str
    instead_of: str
    answer_text: str = field(repr=False)
    differences: tuple[Difference, ...] = field(repr=False)

    @property
    def matters(self) -> bool:
        """Return True where the result would change, and not only the reasons for it."""
        return bool(of_substance(self.differences))

    @property
    def weight(self) -> tuple[bool, int, int]:
        """Return how much changes: any outcome, how many things of substance, how many in all."""
        substance = of_substance(self.differences)
        outcome = any(difference.about == "outcomes" for difference in substance)
        return outcome, len(substance), len(self.differences)

    @property
    def sentence(self) -> str:
        """Return how much the answer would change, in one sentence."""
        asked = f"{self.interpretation}={self.answer}"
        if many := len(of_substance(self.differences)):
            return f"With {asked}, {counted(many, 'thing')} would change."
        if self.differences:
            return f"With {asked}, the result would be the same, for other reasons."
        return f"With {asked}, nothing would change."


@frozen(kw_only=True)
class Sensitivity:
    """What every other answer to every interpretation would change in one plan.

    The interpretation whose answers change most comes first in ``answers``, and of each
    interpretation the answer that changes most.
    """

    answers: tuple[OtherAnswer, ...]

    @property
    def interpretations(self) -> tuple[str, ...]:
        """Return the interpretations that matter here, the one that changes most first."""
        return tuple(
            dict.fromkeys(answer.interpretation for answer in self.answers if answer.matters)
        )

    @property
    def without_effect(self) -> tuple[str, ...]:
        """Return the interpretations that do not matter here, whatever the answer."""
        names = {answer.interpretation for answer in self.answers} - set(self.interpretations)
        return tuple(sorted(names, key=interpretation_order))

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return each answer that matters with what it would change, then the conclusion."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        for answer in self.answers:
            if answer.matters:
                yield f"{answer.sentence} {sentence(answer.answer_text)}"
                yield from (difference.message for difference in of_substance(answer.differences))
        yield self.conclusion

    @property
    def conclusion(self) -> str:
        """Return which interpretations do not matter here, in one sentence."""
        if not self.answers:
            return "The ruleset has no interpretations."
        if not self.without_effect:
            return "Every interpretation changes something here."
        names = joined(self.without_effect, "or")
        return f"The result here is the same whatever the answer to {names}."


def sensitivity(plan: Plan) -> Sensitivity:
    """Return what every other answer to every interpretation would change in a plan.

    One answer is changed at a time; all others stay as they are in the plan. Each case is decided
    and scheduled again in full, from the same facts.
    """
    present, values = plan.document, plan.decision.values
    answers = [
        OtherAnswer(
            interpretation=id_,
            question=interpretation.question,
            answer=answer,
            instead_of=values[id_],
            answer_text=text,
            differences=tuple(
                difference
                for difference in differences(
                    present,
                    _with_answer(plan, id_, answer).document,
                    names=("No longer", "New"),
                )
                if (difference.about, difference.item) != ("interpretations", id_)
            ),
        )
        for id_, interpretation in plan.ruleset.interpretations.items()
        for answer, text in interpretation.answers.items()
        if answer != values[id_]
    ]
    groups = [
        sorted(group, key=lambda answer: answer.weight, reverse=True)
        for _, group in groupby(answers, key=lambda answer: answer.interpretation)
    ]
    groups.sort(key=lambda group: group[0].weight, reverse=True)
    return Sensitivity(answers=tuple(answer for group in groups for answer in group))


def _with_answer(plan: Plan, interpretation: str, answer: str) -> Plan:
    """Return the plan of the same facts on the same day with another answer."""
    engine = plan.engine_asked
    decision = decide_otherwise(plan.decision, {interpretation: answer}, engine=engine)
    return Plan(plan.follow_up, plan.on, decision, engine, plan.editions)
