"""What can be proved about a ruleset before anybody relies on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.checks.analysis import CaseDescriber as CaseDescriber
    from ncpi_rules.checks.analysis import RulesetAnalysis as RulesetAnalysis
    from ncpi_rules.checks.analysis import cases_by_effect as cases_by_effect
    from ncpi_rules.checks.analysis import effect_changes as effect_changes
    from ncpi_rules.checks.analysis import rules_by_effect as rules_by_effect
    from ncpi_rules.checks.analysis import where_value as where_value
    from ncpi_rules.checks.findings import AREAS as AREAS
    from ncpi_rules.checks.findings import CODES as CODES
    from ncpi_rules.checks.findings import Finding as Finding
    from ncpi_rules.checks.findings import page_about as page_about
    from ncpi_rules.checks.findings import quoted as quoted
    from ncpi_rules.checks.interpretations import AnswerEffect as AnswerEffect
    from ncpi_rules.checks.interpretations import effects_of_answers as effects_of_answers
    from ncpi_rules.checks.parameters import SharedLines as SharedLines
    from ncpi_rules.checks.parameters import shared_lines as shared_lines
    from ncpi_rules.checks.run import check as check
    from ncpi_rules.checks.run import quick_check as quick_check
    from ncpi_rules.checks.traceability import Scenarios as Scenarios
    from ncpi_rules.checks.traceability import changed_words as changed_words
    from ncpi_rules.checks.traceability import trace as trace
    from ncpi_rules.checks.traceability_result import Trace as Trace
    from ncpi_rules.checks.traceability_statement import StatementState as StatementState
    from ncpi_rules.checks.traceability_statement import StatementTrace as StatementTrace
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "analysis": [
                "CaseDescriber",
                "RulesetAnalysis",
                "cases_by_effect",
                "effect_changes",
                "rules_by_effect",
                "where_value",
            ],
            "findings": ["AREAS", "CODES", "Finding", "page_about", "quoted"],
            "interpretations": ["AnswerEffect", "effects_of_answers"],
            "parameters": ["SharedLines", "shared_lines"],
            "run": ["check", "quick_check"],
            "traceability": ["Scenarios", "changed_words", "trace"],
            "traceability_result": ["Trace"],
            "traceability_statement": ["StatementState", "StatementTrace"],
        },
    )
