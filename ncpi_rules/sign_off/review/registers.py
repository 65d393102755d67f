"""The parts of a review pack besides the rules: numbers, open questions, guarantees, coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.checks import effects_of_answers
from ncpi_rules.core import counted, upper_first
from ncpi_rules.ruleset import interpretation_order, name_events
from ncpi_rules.scenarios import coverage
from ncpi_rules.sign_off.review.content import (
    NOBODY,
    AlternativeAnswer,
    PartCoverage,
    ReviewGuarantee,
    ReviewParameter,
    ReviewQuestion,
)
from ncpi_rules.sign_off.review.tables import changed_cases, headline_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.checks import Finding
    from ncpi_rules.core import Modality
    from ncpi_rules.ruleset import Ruleset
    from ncpi_rules.scenarios import Scenario
    from ncpi_rules.sign_off.review.content import ReviewRule
    from ncpi_rules.sign_off.review.sentences import Clauses

_MOST_NAMES: Final = 5


def parameters_of(ruleset: Ruleset) -> Iterator[ReviewParameter]:
    """Yield the numbers of the edition."""
    for id_, parameter in ruleset.parameters.items():
        held = [rule for rule in ruleset.rules.values() if id_ in rule.parameters]
        counted_ = []
        for answers, period, event in parameter.timings():
            other = [
                f"{name} answered “{' or '.join(of).replace('-', ' ')}”"
                for name, of in answers.items()
                if ruleset.interpretations[name].ours not in of
            ]
            under = f"with {' and '.join(other)}: " if other else ""
            counted_.append(f"{under}{period} {name_events(ruleset, event)}".strip())
        asked = {question for rule in held for question in rule.open_questions}
        yield ReviewParameter(
            id=id_,
            title=parameter.title,
            value=parameter.period.text,
            counted=tuple(counted_),
            modality=_strongest(ruleset, parameter.statements),
            rules=tuple(dict.fromkeys(rule.rule for rule in held)),
            statements=parameter.statements,
            open_questions=tuple(sorted(asked, key=interpretation_order)),
        )


def _strongest(ruleset: Ruleset, statements: Iterable[str]) -> Modality | None:
    forces = [m for id_ in statements if (m := ruleset.statements[id_].modality) is not None]
    return max(forces, key=lambda modality: modality.strength, default=None)


def choices_of(ruleset: Ruleset) -> Iterator[ReviewParameter]:
    """Yield the choices of the edition."""
    for id_, choice in ruleset.choices.items():
        question = ruleset.interpretations.get(choice.choice)
        value = choice.choice if question is None else question.ours
        says = choice.why if question is None else question.answers[question.ours]
        yield ReviewParameter(
            id=id_,
            title=choice.title,
            value=upper_first(value.replace("-", " ")),
            counted=(says,) if says else (),
            modality=None,
            rules=(),
            statements=choice.statements,
            open_questions=() if question is None else (question.id,),
        )


def settings_of(ruleset: Ruleset) -> Iterator[tuple[str, str]]:
    """Yield when the edition applies, and which days are days off."""
    settings = ruleset.settings
    if settings.in_force is not None:
        yield "In force", f"For reports published {settings.in_force.text}"
    for name, days in (("", settings.days_off), *settings.calendars.items()):
        extra = ", ".join(day.text for day in days.extra)
        places = [f"{days.country}-{part}" for part in days.subdivision] or [days.country]
        also = f"; also {extra}" if extra else ""
        says = f"Weekends and the public holidays of {' and '.join(places)}{also}"
        yield f"Days off{f' ({name})' if name else ''}", says


def questions_of(clauses: Clauses) -> Iterator[ReviewQuestion]:
    """Yield the open questions, with the cases that each other answer decides."""
    ruleset = clauses.ruleset
    effects = {
        (effect.interpretation, effect.answer): effect for effect in effects_of_answers(ruleset)
    }
    settings = {choice.choice: choice.title for choice in ruleset.choices.values()}
    for id_ in sorted(ruleset.interpretations, key=interpretation_order):
        question = ruleset.interpretations[id_]
        others = []
        for answer, text in question.answers.items():
            if answer != question.ours:
                effect = effects[id_, answer]
                changed, of = changed_cases(clauses, id_, answer)
                cases = () if effect.is_setting else effect.sentences
                others.append(
                    AlternativeAnswer(
                        headline=headline_name(ruleset),
                        id=answer,
                        text=text,
                        cases=cases,
                        changed=changed,
                        of=of,
                    )
                )
        rules = (rule.rule for rule in ruleset.rules.values() if id_ in rule.open_questions)
        yield ReviewQuestion(
            id=id_,
            question=question.question,
            ours=question.answers[question.ours],
            others=tuple(others),
            why=question.why,
            agreed_by=question.agreed_by,
            rules=tuple(dict.fromkeys(rules)),
            statements=question.statements,
            setting=settings.get(id_, ""),
        )


def guarantees_of(ruleset: Ruleset, findings: Sequence[Finding]) -> Iterator[ReviewGuarantee]:
    """Yield the guarantees, and the findings against them."""
    broken = {
        finding.place: finding.message
        for finding in findings
        if finding.code.startswith("guarantee")
    }
    for id_, guarantee in ruleset.guarantees.items():
        yield ReviewGuarantee(
            id=id_,
            says=guarantee.says,
            every_answer=guarantee.interpretations == "every",
            broken=broken.get(guarantee.place, ""),
            statements=guarantee.statements,
        )


def coverage_by_part(rules: Mapping[str, ReviewRule]) -> Iterator[PartCoverage]:
    """Yield how much there is of each part, and how much is approved."""
    parts: dict[str, list[ReviewRule]] = {}
    for rule in rules.values():
        parts.setdefault(rule.part, []).append(rule)
    for part, own in parts.items():
        yield PartCoverage(
            part=part,
            rules=len(own),
            ours=sum(bool(rule.ours) for rule in own),
            scenarios=sum(rule.scenarios for rule in own),
            approved=sum(rule.approved != NOBODY and not rule.is_stale for rule in own),
            stale=sum(rule.is_stale for rule in own),
        )


def coverage_gaps(scenarios: Iterable[Scenario], ruleset: Ruleset) -> Iterator[str]:
    """Yield what no scenario covers, in sentences."""
    for gap in coverage(scenarios, ruleset).gaps:
        if gap.names:
            others = len(gap.names) - _MOST_NAMES
            listed = ", ".join(gap.names[:_MOST_NAMES])
            more = f" and {counted(others, 'other')}" if others > 0 else ""
            yield f"{gap.sentence}: {listed}{more}"
