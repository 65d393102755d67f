"""All checks of a ruleset, and the few that an assessment needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.checks.analysis import RulesetAnalysis
from ncpi_rules.checks.deadlines import deadline_findings
from ncpi_rules.checks.findings import Finding
from ncpi_rules.checks.guarantees import guarantee_findings
from ncpi_rules.checks.interpretations import interpretation_findings
from ncpi_rules.checks.outcomes import gap_findings, outcome_findings
from ncpi_rules.checks.parameters import parameter_findings
from ncpi_rules.checks.unknown import unknown_findings
from ncpi_rules.checks.unused import statement_findings, unused_findings
from ncpi_rules.core import RulesetError, in_reading_order
from ncpi_rules.engine import table_of
from ncpi_rules.ruleset import Editions, Ruleset, edition_folders, load_editions

if TYPE_CHECKING:
    from pathlib import Path

    from ncpi_rules.ruleset import Rules


def check(ruleset: Rules | Path | str) -> tuple[Finding, ...]:
    """Return all findings of a ruleset, in reading order; a sound ruleset has none.

    A folder or a name is loaded first, and the problems that stop it from loading are findings; of
    several editions each is checked.
    Raises RulesetError where there is no such folder, EngineFault where the two engines disagree.

    >>> check("ncpi-follow-up")
    ()
    """
    if not isinstance(ruleset, Ruleset | Editions):
        edition_folders(ruleset)  # a name that does not exist is not a finding
        try:
            ruleset = load_editions(ruleset)
        except RulesetError as fault:
            return tuple(Finding.of(problem) for problem in fault.problems)
    if isinstance(ruleset, Editions):
        return tuple(finding for edition in ruleset for finding in check(edition))
    analysis = RulesetAnalysis.of(ruleset)
    table_of(analysis.program)  # compares durable-rules with the reference in every cell
    return _in_order(
        *quick_check(ruleset),
        *outcome_findings(analysis),
        *unused_findings(analysis),
        *parameter_findings(analysis),
        *interpretation_findings(analysis),
        *deadline_findings(analysis),
        *guarantee_findings(analysis),
        *unknown_findings(analysis),
    )


def quick_check(ruleset: Ruleset) -> tuple[Finding, ...]:
    """Return the gaps and the statements without a rule, which an assessment should mention."""
    analysis = RulesetAnalysis.of(ruleset)
    return _in_order(*gap_findings(analysis), *statement_findings(analysis))


def _in_order(*findings: Finding) -> tuple[Finding, ...]:
    return tuple(finding for finding in in_reading_order(findings) if isinstance(finding, Finding))
