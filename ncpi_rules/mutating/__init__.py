"""Whether the scenarios would notice a change of the rules: every small change is tried.

Floor 10. A mutant is the ruleset with one small mistake in it. Where no scenario fails, a scenario
is missing, and it is said which.
"""

from ncpi_rules.mutating.judging import Fate, Judged, Mutation, mutate
from ncpi_rules.mutating.mutants import Kind, Mutant, mutants_of

__all__ = ["Fate", "Judged", "Kind", "Mutant", "Mutation", "mutants_of", "mutate"]
