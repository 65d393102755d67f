"""Cases that policy staff write beside the rules, and which mistakes they would notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.scenarios.generate import SuggestedScenario as SuggestedScenario
    from ncpi_rules.scenarios.generate import suggest as suggest
    from ncpi_rules.scenarios.load import load_scenarios as load_scenarios
    from ncpi_rules.scenarios.model import NONE as NONE
    from ncpi_rules.scenarios.model import DayCount as DayCount
    from ncpi_rules.scenarios.model import Expected as Expected
    from ncpi_rules.scenarios.model import ExpectedDeadline as ExpectedDeadline
    from ncpi_rules.scenarios.model import ExpectedGuarantee as ExpectedGuarantee
    from ncpi_rules.scenarios.model import ExpectedItem as ExpectedItem
    from ncpi_rules.scenarios.model import PlanSection as PlanSection
    from ncpi_rules.scenarios.model import Scenario as Scenario
    from ncpi_rules.scenarios.model import Scenarios as Scenarios
    from ncpi_rules.scenarios.model import Without as Without
    from ncpi_rules.scenarios.mutants import Mutant as Mutant
    from ncpi_rules.scenarios.mutants import MutantKind as MutantKind
    from ncpi_rules.scenarios.mutants import mutants_of as mutants_of
    from ncpi_rules.scenarios.mutation import mutate as mutate
    from ncpi_rules.scenarios.mutation_report import MutantResult as MutantResult
    from ncpi_rules.scenarios.mutation_report import MutantStatus as MutantStatus
    from ncpi_rules.scenarios.mutation_report import MutationReport as MutationReport
    from ncpi_rules.scenarios.rule_coverage import ScenarioCoverage as ScenarioCoverage
    from ncpi_rules.scenarios.rule_coverage import coverage as coverage
    from ncpi_rules.scenarios.rule_coverage import rules_not_expected as rules_not_expected
    from ncpi_rules.scenarios.rule_coverage import scenarios_of_rules as scenarios_of_rules
    from ncpi_rules.scenarios.runs import ScenarioResult as ScenarioResult
    from ncpi_rules.scenarios.runs import planned as planned
    from ncpi_rules.scenarios.runs import run as run
    from ncpi_rules.scenarios.workers import Progress as Progress
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "generate": ["SuggestedScenario", "suggest"],
            "load": ["load_scenarios"],
            "model": [
                "DayCount",
                "Expected",
                "ExpectedDeadline",
                "ExpectedGuarantee",
                "ExpectedItem",
                "NONE",
                "PlanSection",
                "Scenario",
                "Scenarios",
                "Without",
            ],
            "mutants": ["Mutant", "MutantKind", "mutants_of"],
            "mutation": ["mutate"],
            "mutation_report": ["MutantResult", "MutantStatus", "MutationReport"],
            "rule_coverage": [
                "ScenarioCoverage",
                "coverage",
                "rules_not_expected",
                "scenarios_of_rules",
            ],
            "runs": ["ScenarioResult", "planned", "run"],
            "workers": ["Progress"],
        },
    )
