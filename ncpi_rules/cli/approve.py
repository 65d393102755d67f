"""The command ``approve``: writes down who approves rules and interpretations, on which day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ncpi_rules.cli.options import RulesetName, day_given, ruleset_named
from ncpi_rules.cli.output import GOOD, refuse, report_problems, show_lines
from ncpi_rules.core import PartialDate, Problem, counted
from ncpi_rules.ruleset import SHIPPED, base_of
from ncpi_rules.scenarios import load_scenarios
from ncpi_rules.sign_off import (
    Approval,
    NewApproval,
    add_approvals,
    check_named,
    covered_by_all,
    load_approvals,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.ruleset import Ruleset
    from ncpi_rules.sign_off import ApprovalScope


def approve(
    *names: str,
    by: str,
    on: str,
    note: str = "",
    unchanged: bool = False,
    unchanged_from: str | None = None,
    all_: Annotated[bool, Parameter(name="--all")] = False,
    print_: Annotated[bool, Parameter(name="--print")] = False,
    ruleset: RulesetName = SHIPPED,
) -> int:
    """Write into approvals.yaml who approves rules and interpretations.

    Read what you approve first. The lines hold a fingerprint of each part of it. When a part
    changes later, 'ncpi-rules check --signed' reports that the approval is out of date, and which
    part has changed. What stands in the file stays there.

    The day must be given: an approval is a fact with a date, and the library never takes one from
    the clock.

    :param names: The ids of rules and interpretations, such as tier.review or R1.
    :param by: Who approves them.
    :param on: The day of the approval, such as 2026-11-20.
    :param note: Anything that the next reader should know.
    :param unchanged: Also approve all that is just as it is in the edition from which this ruleset
        was copied: each rule and each interpretation with all that its approval covers.
    :param unchanged_from: The same, compared with this ruleset, such as ncpi-follow-up.
    :param all_: Approve every rule and every interpretation.
    :param print_: Print the lines, and change no file.
    """
    if not (names or all_ or unchanged or unchanged_from):
        refuse(
            "Nothing is named.",
            "Name rules and interpretations, such as tier.review or R1, or write --unchanged or "
            "--all.",
        )
    if not by.strip():
        refuse("Nobody is named.", "Say who approves it, after --by.")
    day = PartialDate.read(day_given(on))
    rules = ruleset_named(ruleset)
    check_named(names, rules)
    scopes = _scopes(ruleset, rules)
    wanted = dict.fromkeys(names)
    wanted |= dict.fromkeys(scopes if all_ else ())
    if unchanged and unchanged_from is None:
        unchanged_from = _original(rules)
    wanted |= dict.fromkeys(() if unchanged_from is None else _same(scopes, unchanged_from))
    existing = {
        (approval.of, approval.person, approval.fingerprints)
        for approval in load_approvals(ruleset, ruleset=rules)
    }
    new: list[NewApproval] = []
    for name in wanted:
        scope = scopes[name]
        approval = Approval(
            of=name, by=by.strip(), on=day, note=note, fingerprints=scope.fingerprints
        )
        if (name, approval.person, approval.fingerprints) not in existing:
            sentences = (_title(rules, name), scope.sentence)
            new.append(NewApproval(approval=approval, sentences=sentences))
        elif name in names:
            report_problems([_already(approval)])
    if print_:
        show_lines(line for entry in new for line in entry.lines()) if new else None
    elif not new:
        show_lines(["Nothing is to be added."])
    elif _is_shipped(ruleset):
        refuse(
            "The edition that comes with the library is not written to.",
            "Give its folder after --ruleset, or print the lines with --print.",
        )
    else:
        show_lines(_report(new, add_approvals(ruleset, new)))
    return GOOD


def _scopes(name: str, ruleset: Ruleset) -> dict[str, ApprovalScope]:
    """Return what an approval of each rule and of each interpretation covers, by its id."""
    scenarios = load_scenarios(name, ruleset=ruleset)
    return {scope.name: scope for scope in covered_by_all(ruleset, scenarios)}


def _original(ruleset: Ruleset) -> str:
    """Return the edition from which a ruleset was copied; refuse where it is a copy of none."""
    base = base_of(ruleset)
    if base is None:
        refuse(
            "This ruleset does not say from which edition it was copied.",
            "Name the ruleset to compare it with after --unchanged-from, such as ncpi-follow-up.",
        )
    return f"{base.ruleset}/{base.edition}"


def as_in_original(name: str, ruleset: Ruleset) -> frozenset[str]:
    """Return what of a copy is just as it is in its original, with all that an approval covers."""
    return frozenset(_same(_scopes(name, ruleset), _original(ruleset)))


def _same(scopes: dict[str, ApprovalScope], ruleset: str) -> Iterator[str]:
    """Yield what is just as it is in another ruleset, with all that its approval covers."""
    before = _scopes(ruleset, ruleset_named(ruleset))
    for name, scope in scopes.items():
        if name in before and before[name].fingerprints == scope.fingerprints:
            yield name


def _title(ruleset: Ruleset, name: str) -> str:
    """Return what is approved, in its own sentence."""
    if name in ruleset.interpretations:
        return ruleset.interpretations[name].question
    if name not in ruleset.cases:
        return f"The {name}"
    return " / ".join(dict.fromkeys(rule.title for rule in ruleset.cases[name]))


def _already(approval: Approval) -> Problem:
    return Problem(
        place="",
        message=f"{approval.by} has already approved '{approval.of}' as it is.",
        help="What has not changed needs no second approval.",
    )


def _is_shipped(name: str) -> bool:
    """Return True for a ruleset that is named, and not given by its folder."""
    return not Path(name).is_dir()


def _report(new: Iterable[NewApproval], file: Path) -> Iterator[str]:
    """Yield what was written, and where."""
    names = [entry.approval.of for entry in new]
    were = "was" if len(names) == 1 else "were"
    yield f"{counted(len(names), 'approval')} {were} added to {file.as_posix()}:"
    yield from (f"  {name}" for name in names)
