"""The command ``approve``: the lines by which an officer approves a rule or an interpretation.

It prints them and changes no file: an approval is given by the person who pastes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ncpi_rules.cli.options import RulesetName, day_given, ruleset_named
from ncpi_rules.cli.output import GOOD, refuse, report_problems
from ncpi_rules.core import PartialDate, Problem
from ncpi_rules.io import write_yaml
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import SHIPPED, edition_folder
from ncpi_rules.scenarios import load_scenarios
from ncpi_rules.sign_off import Approval, check_named, covered_by, load_approvals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.sign_off import ApprovalScope


def approve(*names: str, by: str, on: str, note: str = "", ruleset: RulesetName = SHIPPED) -> int:
    """Print the lines for approvals.yaml that approve rules and interpretations.

    No file is changed: read what you approve, then paste the lines into 'approvals.yaml' beside the
    rules. They hold a fingerprint of each part of what is approved. When a part changes later,
    'ncpi-rules check --signed' reports that the approval is out of date, and which part has
    changed.

    The day must be given: an approval is a fact with a date, and the library never takes one from
    the clock.

    :param names: The ids of rules and interpretations, such as tier.review or R1.
    :param by: Who approves them.
    :param on: The day of the approval, such as 2026-11-20.
    :param note: Anything that the next reader should know.
    """
    if not names:
        refuse("Nothing is named.", "Name rules and interpretations, such as tier.review or R1.")
    if not by.strip():
        refuse("Nobody is named.", "Say who approves it, after --by.")
    day = PartialDate.read(day_given(on))
    rules = ruleset_named(ruleset)
    check_named(names, rules)
    covered = covered_by(rules, load_scenarios(ruleset, ruleset=rules), dict.fromkeys(names))
    existing = load_approvals(ruleset, ruleset=rules)
    approvals = [
        Approval(of=part.name, by=by.strip(), on=day, note=note, fingerprints=part.fingerprints)
        for part in covered
    ]
    already = {(approval.of, approval.person, approval.fingerprints) for approval in existing}
    new = [
        approval
        for approval in approvals
        if (approval.of, approval.person, approval.fingerprints) not in already
    ]
    if new and not existing:
        print("approvals:")
    for approval, part in zip(approvals, covered, strict=True):
        if approval in new:
            interpretation = rules.interpretations.get(part.name)
            titles = (
                dict.fromkeys(rule.title for rule in rules.cases[part.name])
                if interpretation is None
                else [interpretation.question]
            )
            print("\n".join(_lines(" / ".join(titles), part, approval)))
    report_problems(_next_steps(approvals, new, ruleset))
    return GOOD


def _next_steps(
    approvals: Iterable[Approval], new: list[Approval], where: str
) -> Iterator[Problem]:
    """Yield what has been approved already, and where the lines belong."""
    for approval in approvals:
        if approval not in new:
            yield Problem(
                place="",
                message=f"{approval.by} has already approved '{approval.of}' as it is.",
                help="What has not changed needs no second approval.",
            )
    if new:
        file = edition_folder(where).joinpath("approvals.yaml")
        add = "below the approvals that are there, or in place of the line 'approvals: []'"
        if not file.is_file():
            add = "which you make first"
        yield Problem(
            place=str(file).replace("\\", "/"),
            message="Nothing has been written to this file.",
            help=f"Read what you approve; then paste the lines into this file, {add}.",
        )


def _lines(title: str, covered: ApprovalScope, approval: Approval) -> Iterator[str]:
    """Yield the lines of an approval, below a comment that says what it is about."""
    for text in (title, covered.sentence):
        yield from wrapped(text, first="  # ", rest="  # ")
    entry = {"of": approval.of, "by": approval.by, "on": approval.on.edtf, "note": approval.note}
    written = write_yaml([{name: value for name, value in entry.items() if value}])
    yield from (f"  {line}" for line in written.splitlines())
    yield "    fingerprints:"
    # Between quotation marks: an editor would take some of them for numbers.
    parts = attrs.asdict(approval.fingerprints)
    yield from (f'      {name}: "{value}"' for name, value in parts.items())
