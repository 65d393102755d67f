"""Rulesets: what an edition of a methodology says, read from its folder and checked."""

from ncpi_rules.ruleset.load import load_ruleset, shipped_ruleset
from ncpi_rules.ruleset.model import Ruleset

__all__ = ["Ruleset", "load_ruleset", "shipped_ruleset"]
