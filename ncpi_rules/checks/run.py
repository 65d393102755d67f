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
from ncpi_rules.checks.unused import answer_findings, statement_findings, unused_findings
from ncpi_rules.core import RulesetError
from ncpi_rules.engine import table_of
from ncpi_rules.io import in_reading_order
from ncpi_rules.ruleset import Ruleset, edition_folder, load_ruleset

if TYPE_CHECKING:
    from pathlib import Path


def check(ruleset: Ruleset | Path | str) -> tuple[Finding, ...]:
    """Return all findings of a ruleset, in reading order; a sound ruleset has none.

    A folder or a name is loaded first, and the problems that stop it from loading are findings.
    Raises RulesetError where there is no such folder, EngineFault where the two engines disagree.

    >>> check("ncpi-follow-up")
    ()
    """
    if not isinstance(ruleset, Ruleset):
        edition_folder(ruleset)  # a name that does not exist is not a finding
        try:
            ruleset = load_ruleset(ruleset)
        except RulesetError as fault:
            return tuple(Finding.of(problem) for problem in fault.problems)
    analysis = RulesetAnalysis.of(ruleset)
    table_of(analysis.program)  # compares durable-rules with the reference in every cell
    return _in_order(
        *quick_check(ruleset),
        *outcome_findings(analysis),
        *unused_findings(analysis),
        *answer_findings(analysis),
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
    return tuple(one for one in in_reading_order(findings) if isinstance(one, Finding))
