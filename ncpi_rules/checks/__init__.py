"""What can be proved about a ruleset before anybody relies on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.faces import lazy

if TYPE_CHECKING:
    from ncpi_rules.checks.findings import CODES as CODES
    from ncpi_rules.checks.findings import Finding as Finding
    from ncpi_rules.checks.findings import Ground as Ground
    from ncpi_rules.checks.findings import named as named
    from ncpi_rules.checks.interpretations import Matter as Matter
    from ncpi_rules.checks.interpretations import (
        interpretations_that_matter as interpretations_that_matter,
    )
    from ncpi_rules.checks.run import check as check
    from ncpi_rules.checks.run import quick_check as quick_check
    from ncpi_rules.checks.traceability import Scenarios as Scenarios
    from ncpi_rules.checks.traceability import changed_words as changed_words
    from ncpi_rules.checks.traceability import trace as trace
    from ncpi_rules.checks.traceability_page import html_of_trace as html_of_trace
    from ncpi_rules.checks.traceability_page import markdown_of_trace as markdown_of_trace
    from ncpi_rules.checks.traceability_page import text_of_trace as text_of_trace
    from ncpi_rules.checks.traceability_result import State as State
    from ncpi_rules.checks.traceability_result import Trace as Trace
    from ncpi_rules.checks.traceability_result import Traced as Traced
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "findings": ["CODES", "Finding", "Ground", "named"],
            "interpretations": ["Matter", "interpretations_that_matter"],
            "run": ["check", "quick_check"],
            "traceability": ["Scenarios", "changed_words", "trace"],
            "traceability_page": ["html_of_trace", "markdown_of_trace", "text_of_trace"],
            "traceability_result": ["State", "Trace", "Traced"],
        },
    )
