"""The commands ``assess``, ``explain`` and ``decide``."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ncpi_rules.cli.options import GOOD, SOME_FILE_BAD, WRONG_USAGE, Asked, expanded, pairs, refuse
from ncpi_rules.cli.output import PRINTERS, describe_decision, says_doubts, show, tell
from ncpi_rules.core import Problem, UnknownItemError
from ncpi_rules.plan import record as record_of
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import SHIPPED
from ncpi_rules.ruleset import decide as decide_case

Format: TypeAlias = Literal["text", "json", "markdown", "html"]
Engine: TypeAlias = Literal["durable-rules", "reference"]


def assess(
    *file: str,
    on: str | None = None,
    ruleset: str = SHIPPED,
    format_: Format = "text",
    interpretation: list[str] | None = None,
    engine: Engine | None = None,
    record: str | None = None,
    mask_names: bool = False,
    replace: bool = False,
) -> int:
    """Print the plan of each follow-up.

    A file that cannot be used does not stop the others.

    :param file: A follow-up as .yaml or .json; '-' reads YAML from standard input.
    :param on: The day of the assessment, such as 2019-04-11; today unless given.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param format_: How the plan is printed.
    :param interpretation: Another answer to an open question, such as R1=findings-decide; may be
    repeated.
    :param engine: The engine that evaluates the rules.
    :param record: A file to write with all that is needed to repeat the assessment: one follow-up.
    :param mask_names: Leave names of people, and text that may hold some, out of the record.
    :param replace: Let the record take the place of another file of its name.
    """
    if not file:
        refuse("Which follow-up? No file is named.", "Write: ncpi-rules assess FILE")
    names = list(expanded(file))
    if record is None and (mask_names or replace):
        refuse("There is no record to write.", "Add: --record FILE")
    if record is not None and len(names) > 1:
        refuse("A record holds one follow-up, and several files are named.", "Name one at a time.")
    asked = Asked.of(on, ruleset, interpretation, engine)
    plans = [plan for name in names if (plan := asked.plan(name)) is not None]
    if record is not None:
        for plan in plans:
            record_of(plan, mask_names=mask_names).write(record, replace=replace)
    if plans or len(names) > 1:
        PRINTERS[format_]([plan.to_dict() for plan in plans], len(names) > 1)
    return GOOD if len(plans) == len(names) else SOME_FILE_BAD


def explain(
    file: str,
    /,
    *,
    why: list[str] | None = None,
    why_not: list[str] | None = None,
    interpretations: bool = False,
    on: str | None = None,
    ruleset: str = SHIPPED,
    interpretation: list[str] | None = None,
    engine: Engine | None = None,
) -> int:
    """Say why something is in a plan, why not, or which open questions matter for it.

    Without --why, --why-not and --interpretations it says why this type of follow-up. With
    --interpretations it says what every other answer to every open question would change, the one
    that changes most first.

    :param file: A follow-up as .yaml or .json; '-' reads YAML from standard input.
    :param why: The reference of something in the plan, such as deadline.revisit; may be repeated.
    :param why_not: A rule or a type of follow-up that is not in the plan; may be repeated.
    :param interpretations: Say what other answers to the interpretations would change.
    :param on: The day of the assessment, such as 2019-04-11; today unless given.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param interpretation: Another answer to an open question, such as R1=findings-decide; may be
    repeated.
    :param engine: The engine that evaluates the rules.
    """
    asked = Asked.of(on, ruleset, interpretation, engine)
    plan = asked.plan(file)
    if plan is None:
        return SOME_FILE_BAD
    whys = list(why or ())
    if not (whys or why_not or interpretations):
        outcomes = list(plan.decision.outcomes)
        whys = ["tier"] if "tier" in outcomes else outcomes
    lines = list(wrapped(f"{plan.follow_up.force.name}, position as at {asked.format_day}"))
    problems: list[Problem] = []
    for title, ask, names in (("Why", plan.why, whys), ("Why not", plan.why_not, why_not or ())):
        for name in names:
            try:
                told = ask(name)
            except UnknownItemError as fault:
                problems.extend(fault.problems)
                continue
            lines += ["", *wrapped(f"{title} {name}?")]
            lines += [line for each in told for line in wrapped(each, first="  ", rest="    ")]
    if interpretations:
        lines += ["", *says_doubts(plan.sensitivity())]
    show("\n".join(lines) + "\n")
    tell(problems)
    return WRONG_USAGE if problems else GOOD


def decide(
    *value: str,
    ruleset: str = SHIPPED,
    interpretation: list[str] | None = None,
    engine: Engine | None = None,
) -> int:
    """Say what a ruleset decides of one case, given in words.

    :param word: A fact and its word, such as findings=broadly-positive; the rest is not known.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param interpretation: Another answer to an open question, such as R1=findings-decide; may be
    repeated.
    :param engine: The engine that evaluates the rules.
    """
    asked = Asked.of(None, ruleset, interpretation, engine)
    given = pairs(value, "a fact and its word, such as findings=broadly-positive")
    for name in given:
        if name in asked.ruleset.interpretations:
            refuse(
                f"'{name}' is an interpretation, not a fact.",
                f"Write: --interpretation {name}=ANSWER",
            )
    found = decide_case(asked.ruleset, given, interpretations=asked.interpretations, engine=engine)
    show("\n".join(describe_decision(found, given)) + "\n")
    return GOOD
