"""The cases in which another answer to an open question changes the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ncpi_rules.checks.analysis import RulesetAnalysis, effect_changes, where_value
from ncpi_rules.checks.findings import Finding
from ncpi_rules.engine import Boxes, union

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.engine import Box
    from ncpi_rules.ruleset import Ruleset


@frozen(kw_only=True)
class AnswerEffect:
    """The cases in which another answer to an interpretation changes the result.

    ``cases`` are boxes over facts, outcomes and the other interpretations, those under our own
    answers to these first. ``sentences`` describes the cases under our own answers only, unless
    there are none. ``is_setting`` is True where the answer sets how plans are made in every case.
    """

    interpretation: str
    answer: str
    cases: Boxes
    sentences: tuple[str, ...]
    is_setting: bool = False


def effects_of_answers(ruleset: Ruleset) -> tuple[AnswerEffect, ...]:
    """Return, for each answer that is not ours, the cases in which it would change the result."""
    return ruleset.derive(_all_effects)


def _all_effects(ruleset: Ruleset) -> tuple[AnswerEffect, ...]:
    return tuple(_effects(RulesetAnalysis.of(ruleset)))


def _effects(analysis: RulesetAnalysis) -> Iterator[AnswerEffect]:
    ruleset, describer = analysis.ruleset, analysis.describer
    chosen = {choice.choice for choice in ruleset.choices.values()}
    for id_, interpretation in ruleset.interpretations.items():
        for answer in interpretation.answers:
            if answer != interpretation.ours:
                cases = _differing_cases(analysis, id_, interpretation.ours, answer)
                cases = tuple(sorted(cases, key=lambda box: not describer.is_ours(box)))
                boxes = _under_ours(analysis, cases) or cases
                sentences = dict.fromkeys(map(describer.describe_box, boxes))
                yield AnswerEffect(
                    interpretation=id_,
                    answer=answer,
                    cases=cases,
                    sentences=tuple(sentence or "in every case" for sentence in sentences),
                    is_setting=id_ in chosen,
                )


def _differing_cases(
    analysis: RulesetAnalysis, interpretation: str, ours: str, answer: str
) -> Boxes:
    values = {fact: all_ for fact, all_ in analysis.program.facts.items() if fact != interpretation}
    effects = {
        effect: boxes
        for effect, boxes in analysis.effects_with_outcomes.items()
        if any(interpretation in box for box in boxes)
    }
    before, after = (
        {effect: where_value(boxes, interpretation, value) for effect, boxes in effects.items()}
        for value in (ours, answer)
    )
    cases: list[Box] = []
    for change in effect_changes(before, after, values):
        for value, boxes in ((ours, change.removed), (answer, change.added)):
            # A case counts only where its outcomes can be decided under that very answer.
            under = {interpretation: frozenset({value})}
            cases += (box for box in boxes if analysis.regions.over_given_facts({**box, **under}))
    return union(cases, values)


def _under_ours(analysis: RulesetAnalysis, boxes: Boxes) -> Boxes:
    """Return the boxes under our own answers to the other interpretations, over all else."""
    rest = (
        {fact: allowed for fact, allowed in box.items() if fact not in analysis.ours}
        for box in boxes
        if analysis.describer.is_ours(box)
    )
    return union(rest, analysis.program.facts)


def interpretation_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield the answers that change the result in no case."""
    for effect in effects_of_answers(analysis.ruleset):
        if not effect.cases and not effect.is_setting:
            id_, answer = effect.interpretation, effect.answer
            yield Finding(
                code="interpretation-changes-nothing",
                place=analysis.place(f"interpretations.{id_}.{answer}"),
                message=f"The answer '{answer}' to interpretation {id_} changes nothing in any "
                "case.",
                help=f"Write the rules that apply under it, with 'under: {{{id_}: {answer}}}', or "
                "remove the answer.",
            )
