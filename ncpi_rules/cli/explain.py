"""The command ``explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ncpi_rules.checks import CODES, page_about
from ncpi_rules.cli.options import TODAY, CaseOptions, EngineName
from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, WRONG_USAGE, report_problems, show_lines
from ncpi_rules.core import Problem, UnknownItemError
from ncpi_rules.plan import FIRST_OF_ALL, of_substance
from ncpi_rules.report import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.explain import Sensitivity
    from ncpi_rules.plan import Plan


def explain(
    file: Annotated[
        str,
        Parameter(
            help="A follow-up as .yaml or .json; '-' reads YAML from standard input. Or the code "
            "of a finding that 'ncpi-rules check' reports, such as gap."
        ),
    ],
    /,
    *,
    why: list[str] | None = None,
    why_not: list[str] | None = None,
    interpretations: bool = False,
    options: CaseOptions = TODAY,
    engine: EngineName = None,
) -> int:
    """Say why something is in a plan, why not, or what a finding of a check means.

    Without --why, --why-not and --interpretations it explains the type of follow-up. With
    --interpretations it lists what each other answer to an open question would change, the answer
    that changes most first.

    :param why: The reference of something in the plan, such as deadline.revisit, a rule, an event
        or a type of follow-up; may be repeated.
    :param why_not: A rule, an event or a type of follow-up that is not in the plan; may be
        repeated.
    :param interpretations: List what other answers to the open questions would change.
    """
    if file in CODES and not Path(file).exists():
        show_lines(page_about(file).splitlines())
        return GOOD
    assessor = options.assessor(engine)
    plan = assessor.plan(file)
    if plan is None:
        return SOME_FILE_BAD
    reasons = list(why or ())
    if not (reasons or why_not or interpretations):
        outcomes = list(plan.decision.outcomes)
        headline = plan.ruleset.settings.headline
        reasons = [headline] if headline else outcomes
    lines = list(_describe_position(plan, f"{assessor.day.day} {assessor.day:%B %Y}"))
    problems: list[Problem] = []
    for title, ask, names in (
        ("Why", plan.why, reasons),
        ("Why not", plan.why_not, why_not or ()),
    ):
        for name in names:
            try:
                sentences = ask(name)
            except UnknownItemError as fault:
                problems.extend(fault.problems)
                continue
            lines += ["", *wrapped(f"{title} {name}?")]
            for sentence in sentences:
                lines += wrapped(sentence, first="  ", rest="    ")
    if interpretations:
        lines += ["", *_describe_sensitivity(plan.sensitivity())]
    show_lines(lines)
    report_problems(problems)
    return WRONG_USAGE if problems else GOOD


def _describe_position(plan: Plan, day: str) -> Iterator[str]:
    """Yield whose plan it is and of which day, and what a reader must know first."""
    yield from wrapped(f"{plan.follow_up.about.name}, position as at {day}")
    if plan.edited:
        yield from wrapped(plan.document.edited_notice)
    for alert in plan.alerts:
        if alert.id in FIRST_OF_ALL:
            yield from ("", *wrapped(alert.sentence))


def _describe_sensitivity(sensitivity: Sensitivity) -> Iterator[str]:
    """Yield what other answers would change, the one that changes most first."""
    yield from wrapped("Which interpretations matter here?")
    for answer in sensitivity.answers:
        if answer.matters:
            yield ""
            named = f"{answer.interpretation}={answer.answer}: {answer.answer_text}"
            yield from wrapped(named, first="  ", rest="  ")
            for difference in of_substance(answer.differences):
                yield from wrapped(difference.message, first="  - ", rest="    ")
    yield ""
    yield from wrapped(sensitivity.conclusion, first="  ")
