"""Whether an interpretation matters, and in which cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ncpi_rules.checks.findings import Finding, Ground
from ncpi_rules.engine import Boxes, minus, union
from ncpi_rules.ruleset import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.engine import Box
    from ncpi_rules.ruleset import Ruleset


@frozen(kw_only=True)
class Matter:
    """The cases in which another answer to an interpretation changes what follows.

    ``cases`` are boxes over the facts, decided ones included, and the other interpretations: first
    those under our own answers to these. ``in_words`` tells these alone, unless there are none.
    ``by_a_setting`` is True where the answer sets how plans are made, whatever the case.
    """

    interpretation: str
    answer: str
    cases: Boxes
    in_words: tuple[str, ...]
    by_a_setting: bool = False


def interpretations_that_matter(ruleset: Ruleset) -> tuple[Matter, ...]:
    """Return, for each answer that is not ours, the cases in which it would change anything."""
    return ruleset.derive(_matter)


def _matter(ruleset: Ruleset) -> tuple[Matter, ...]:
    return tuple(_matters(Ground.of(ruleset)))


def _matters(ground: Ground) -> Iterator[Matter]:
    settings = ground.ruleset.settings
    set_by = {getattr(settings, name) for name in SETTINGS}
    for id_, interpretation in ground.ruleset.interpretations.items():
        for answer in interpretation.answers:
            if answer != interpretation.ours:
                cases = _differences(ground, id_, interpretation.ours, answer)
                cases = tuple(sorted(cases, key=lambda box: not ground.is_ours(box)))
                told = dict.fromkeys(map(ground.says_box, _under_ours(ground, cases) or cases))
                yield Matter(
                    interpretation=id_,
                    answer=answer,
                    cases=cases,
                    in_words=tuple(each or "in every case" for each in told),
                    by_a_setting=id_ in set_by,
                )


def _differences(ground: Ground, interpretation: str, ours: str, answer: str) -> Boxes:
    values = {fact: each for fact, each in ground.program.facts.items() if fact != interpretation}
    found: list[Box] = []
    for boxes in ground.said.values():
        if any(interpretation in box for box in boxes):
            one, other = (_under(boxes, interpretation, each) for each in (ours, answer))
            apart = (ours, minus(one, other, values)), (answer, minus(other, one, values))
            for value, lost in apart:
                # A case counts where what is decided in it can be decided under that very answer.
                there = {interpretation: frozenset({value})}
                found += (box for box in lost if ground.regions.given({**box, **there}))
    return union(found, values)


def _under_ours(ground: Ground, boxes: Boxes) -> Boxes:
    """Return the boxes under our own answers to the other interpretations, over all else."""
    rest = (
        {fact: allowed for fact, allowed in box.items() if fact not in ground.ours}
        for box in boxes
        if ground.is_ours(box)
    )
    return union(rest, ground.program.facts)


def _under(boxes: Boxes, interpretation: str, answer: str) -> Boxes:
    """Return the boxes that allow an answer, as boxes over all else."""
    return tuple(
        {fact: allowed for fact, allowed in box.items() if fact != interpretation}
        for box in boxes
        if answer in box.get(interpretation, {answer})
    )


def interpretation_findings(ground: Ground) -> Iterator[Finding]:
    """Yield the answers that change nothing in any case."""
    for each in interpretations_that_matter(ground.ruleset):
        if not each.cases and not each.by_a_setting:
            yield Finding(
                code="interpretation-changes-nothing",
                place=ground.place(f"interpretations.{each.interpretation}.{each.answer}"),
                message=f"The answer '{each.answer}' to interpretation {each.interpretation} "
                "changes nothing in "
                "any case.",
                help=f"Write the rules that stand under it, with 'under: {{{each.interpretation}: "
                f"{each.answer}}}', or take the answer away.",
            )
