"""Cases that policy staff write beside the rules, and which mistakes they would notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.faces import lazy

if TYPE_CHECKING:
    from ncpi_rules.scenarios.generate import suggest as suggest
    from ncpi_rules.scenarios.load import load_scenarios as load_scenarios
    from ncpi_rules.scenarios.model import Scenario as Scenario
    from ncpi_rules.scenarios.model import Scenarios as Scenarios
    from ncpi_rules.scenarios.mutants import Kind as Kind
    from ncpi_rules.scenarios.mutants import Mutant as Mutant
    from ncpi_rules.scenarios.mutants import mutants_of as mutants_of
    from ncpi_rules.scenarios.mutation import Fate as Fate
    from ncpi_rules.scenarios.mutation import Judged as Judged
    from ncpi_rules.scenarios.mutation import Mutation as Mutation
    from ncpi_rules.scenarios.mutation import Told as Told
    from ncpi_rules.scenarios.mutation import mutate as mutate
    from ncpi_rules.scenarios.rule_coverage import Coverage as Coverage
    from ncpi_rules.scenarios.rule_coverage import coverage as coverage
    from ncpi_rules.scenarios.runs import Result as Result
    from ncpi_rules.scenarios.runs import run as run
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "generate": ["suggest"],
            "load": ["load_scenarios"],
            "model": ["Scenario", "Scenarios"],
            "mutants": ["Kind", "Mutant", "mutants_of"],
            "mutation": ["Fate", "Judged", "Mutation", "Told", "mutate"],
            "rule_coverage": ["Coverage", "coverage"],
            "runs": ["Result", "run"],
        },
    )
