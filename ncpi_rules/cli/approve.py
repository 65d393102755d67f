"""The command ``approve``: the lines by which an officer approves a rule or an interpretation.

It prints them and changes no file: an approval is given by the person who pastes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ncpi_rules.cli.options import GOOD, refuse, ruleset_named
from ncpi_rules.cli.output import tell
from ncpi_rules.core import DateError, PartialDate, Problem, read_day
from ncpi_rules.io import write_yaml
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import SHIPPED, edition_folder
from ncpi_rules.scenarios import load_scenarios
from ncpi_rules.sign_off import Approval, check_named, covered_by, load_approvals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.sign_off import Covered


def approve(
    *names: str,
    by: str,
    on: str,
    note: str = "",
    ruleset: str = SHIPPED,
) -> int:
    """Print the lines for approvals.yaml that approve rules and interpretations as they are.

    No file is changed: read what you approve, then paste the lines into 'approvals.yaml' beside the
    rules. They hold a fingerprint of each part of what is approved. When a part changes later,
    'ncpi-rules check --signed' says that the approval is out of date, and which part has changed.

    The day must be given, because an approval is a fact with a date and the library never looks at
    the clock for one.

    :param names: The ids of rules and interpretations, such as tier.review or R1.
    :param by: Who approves them.
    :param on: The day of the approval, such as 2026-11-20.
    :param note: Anything that the next reader should know.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    """
    if not names:
        refuse("Nothing is named.", "Name rules and interpretations, such as tier.review or R1.")
    if not by.strip():
        refuse("Nobody is named.", "Say who approves it, after --by.")
    day = _day(on)
    rules = ruleset_named(ruleset)
    check_named(names, rules)
    covered = covered_by(rules, load_scenarios(ruleset, ruleset=rules), dict.fromkeys(names))
    given = load_approvals(ruleset, ruleset=rules)
    made = [
        Approval(of=each.name, by=by.strip(), on=day, note=note, fingerprints=each.fingerprints)
        for each in covered
    ]
    already = {(each.of, each.person, each.fingerprints) for each in given}
    new = [each for each in made if (each.of, each.person, each.fingerprints) not in already]
    if new and not given:
        print("approvals:")
    for approval, each in zip(made, covered, strict=True):
        if approval in new:
            interpretation = rules.interpretations.get(each.name)
            title = (
                rules.rules[each.name].title if interpretation is None else interpretation.question
            )
            print("\n".join(_lines(title, each, approval)))
    tell(_told(made, new, ruleset))
    return GOOD


def _day(text: str) -> PartialDate:
    try:
        return PartialDate.read(read_day(text))
    except DateError as fault:
        raise DateError(attrs.evolve(each, place="--on") for each in fault.problems) from None


def _told(made: Iterable[Approval], new: list[Approval], where: str) -> Iterator[Problem]:
    """Yield what has been approved already, and where the lines belong."""
    for each in made:
        if each not in new:
            yield Problem(
                place="",
                message=f"{each.by} has approved '{each.of}' as it is already.",
                help="What has not changed needs no second approval.",
            )
    if new:
        file = edition_folder(where).joinpath("approvals.yaml")
        add = "below the approvals that stand there, or in the place of the line 'approvals: []'"
        if not file.is_file():
            add = "which you make first"
        yield Problem(
            place=str(file).replace("\\", "/"),
            message="Nothing has been written to this file.",
            help=f"Read what you approve; then paste the lines into this file, {add}.",
        )


def _lines(title: str, covered: Covered, approval: Approval) -> Iterator[str]:
    """Yield an approval as it stands in the file, with what it is about in words above it."""
    for text in (title, covered.says):
        yield from wrapped(text, first="  # ", rest="  # ")
    given = {"of": approval.of, "by": approval.by, "on": approval.on.edtf, "note": approval.note}
    said = write_yaml([{name: value for name, value in given.items() if value}])
    yield from (f"  {line}" for line in said.splitlines())
    yield "    fingerprints:"
    # Between quotation marks: an editor would take some of them for numbers.
    parts = attrs.asdict(approval.fingerprints)
    yield from (f'      {name}: "{value}"' for name, value in parts.items())
