"""In which cases two rulesets differ, how, and which follow-ups that affects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.compare.column_impact import ColumnImpact as ColumnImpact
    from ncpi_rules.compare.column_impact import TableImpact as TableImpact
    from ncpi_rules.compare.column_impact import table_impact as table_impact
    from ncpi_rules.compare.impact import CaseloadImpact as CaseloadImpact
    from ncpi_rules.compare.impact import FollowUpImpact as FollowUpImpact
    from ncpi_rules.compare.parameter_effects import ParameterEffect as ParameterEffect
    from ncpi_rules.compare.parameter_effects import parameter_effect as parameter_effect
    from ncpi_rules.compare.regions_diff import RuleChange as RuleChange
    from ncpi_rules.compare.ruleset_diff import RulesetDifference as RulesetDifference
    from ncpi_rules.compare.ruleset_diff import diff as diff
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "impact": ["CaseloadImpact", "FollowUpImpact"],
            "parameter_effects": ["ParameterEffect", "parameter_effect"],
            "regions_diff": ["RuleChange"],
            "ruleset_diff": ["RulesetDifference", "diff"],
            "column_impact": ["ColumnImpact", "TableImpact", "table_impact"],
        },
    )
