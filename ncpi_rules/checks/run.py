"""All checks of a ruleset, and the few that an assessment asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.checks.deadlines import deadline_findings
from ncpi_rules.checks.findings import Finding, Ground
from ncpi_rules.checks.guarantees import guarantee_findings
from ncpi_rules.checks.interpretations import interpretation_findings
from ncpi_rules.checks.outcomes import gap_findings, outcome_findings
from ncpi_rules.checks.unused import uncarried_findings, unused_findings
from ncpi_rules.core import RulesetError
from ncpi_rules.engine import table_of
from ncpi_rules.io import in_reading_order
from ncpi_rules.ruleset import Ruleset, edition_folder, load_ruleset

if TYPE_CHECKING:
    from pathlib import Path


def check(ruleset: Ruleset | Path | str) -> tuple[Finding, ...]:
    """Return everything found in a ruleset, in reading order; nothing where it is sound.

    A folder or a name is loaded first, and what stops it from loading is what is found. Raises
    RulesetError where there is no such folder, EngineFault where the two engines disagree.

    >>> check("ncpi-follow-up")
    ()
    """
    if not isinstance(ruleset, Ruleset):
        edition_folder(ruleset)  # a name that is nowhere is no finding
        try:
            ruleset = load_ruleset(ruleset)
        except RulesetError as fault:
            return tuple(Finding.of(problem) for problem in fault.problems)
    ground = Ground.of(ruleset)
    table_of(ground.program)  # durable-rules is asked about every cell
    found: list[Finding] = [
        *quick_check(ruleset),
        *outcome_findings(ground),
        *unused_findings(ground),
        *interpretation_findings(ground),
        *deadline_findings(ground),
        *guarantee_findings(ground),
    ]
    return _in_order(found)


def quick_check(ruleset: Ruleset) -> tuple[Finding, ...]:
    """Return what an officer should know before an assessment: cases and statements left open."""
    ground = Ground.of(ruleset)
    return _in_order([*gap_findings(ground), *uncarried_findings(ground)])


def _in_order(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(each for each in in_reading_order(found) if isinstance(each, Finding))
