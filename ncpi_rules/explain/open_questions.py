"""Which doubts matter for one follow-up, and what every other answer to them would change."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.core import joined, sentence
from ncpi_rules.plan import Difference, Plan, as_dict, differences, of_substance
from ncpi_rules.ruleset import decide, reading_order

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHERE: Final = ("No longer", "New")


@frozen(kw_only=True)
class OtherAnswer:
    """Another answer to a reading, and what it would change in the plan.

    ``instead_of`` is the answer on which the plan rests now.
    """

    reading: str
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
        asked = f"{self.reading}={self.answer}"
        if count:
            return f"With {asked}, {count} thing{'' if count == 1 else 's'} would change."
        if self.differences:
            return f"With {asked}, the same would follow, for other reasons."
        return f"With {asked}, nothing would change."


@frozen(kw_only=True)
class Sensitivity:
    """What every other answer to every reading would change in one plan.

    ``answers`` stand by reading: the reading that changes most first, and within it the answer.
    """

    answers: tuple[OtherAnswer, ...]

    @property
    def readings(self) -> tuple[str, ...]:
        """Return the readings that matter for this follow-up, the one that changes most first."""
        return tuple(dict.fromkeys(each.reading for each in self.answers if each.matters))

    @property
    def without_effect(self) -> tuple[str, ...]:
        """Return the readings of which no other answer would change what follows."""
        found = {each.reading for each in self.answers} - set(self.readings)
        return tuple(sorted(found, key=reading_order))

    @property
    def says(self) -> tuple[str, ...]:
        """Return what matters, in sentences: first of each reading that does, then of the rest."""
        return tuple(self._says())

    def _says(self) -> Iterator[str]:
        for each in self.answers:
            if each.matters:
                yield f"{each.says} {sentence(each.answer_says)}"
                yield from (found.says for found in of_substance(each.differences))
        yield self.says_rest

    @property
    def says_rest(self) -> str:
        """Return which readings change nothing here, in one sentence."""
        if not self.answers:
            return "The ruleset has no readings."
        if not self.without_effect:
            return "Every reading changes something here."
        named = joined(self.without_effect, "or")
        return f"Nothing else would follow here, whatever the answer to {named}."


def sensitivity(plan: Plan) -> Sensitivity:
    """Return what every other answer to every reading would change in a plan.

    One answer is changed at a time; the others stay as they are in the plan. Each is decided
    and scheduled again in full, from the words from which the plan was.
    """
    rules, words = plan.ruleset, plan.decision.words
    now = {id_: words[id_] for id_ in rules.readings}
    published = as_dict(plan)
    found = [
        OtherAnswer(
            reading=id_,
            question=reading.question,
            answer=answer,
            instead_of=now[id_],
            answer_says=says,
            differences=_without(id_, published, plan, {**now, id_: answer}),
        )
        for id_, reading in rules.readings.items()
        for answer, says in reading.answers.items()
        if answer != now[id_]
    ]
    by_reading = [
        sorted(each, key=lambda one: one.weight, reverse=True)
        for _, each in groupby(found, key=lambda one: one.reading)
    ]
    by_reading.sort(key=lambda each: each[0].weight, reverse=True)
    return Sensitivity(answers=tuple(one for each in by_reading for one in each))


def _without(
    reading: str, published: dict[str, object], plan: Plan, readings: dict[str, str]
) -> tuple[Difference, ...]:
    """Return the differences, but for the answer itself."""
    facts = {fact: plan.decision.words[fact] for fact in plan.ruleset.facts}
    engine = plan.engine_asked
    decision = decide(plan.ruleset, facts, readings=readings, engine=engine)
    other = Plan(plan.follow_up, plan.on, decision, engine)
    found = differences(published, as_dict(other), names=_WHERE)
    return tuple(each for each in found if not (each.about == "readings" and each.item == reading))
