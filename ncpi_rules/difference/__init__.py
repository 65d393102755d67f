"""In what two rulesets differ: in which cases something else follows, and for whom.

Floor 10. What follows is compared in all cases at once, by the regions of both; so nothing is told
that is not so, and nothing is left out.
"""

from ncpi_rules.difference.impact import Affected, Impact
from ncpi_rules.difference.result import RulesetDifference, diff
from ncpi_rules.difference.where import RuleChange

__all__ = ["Affected", "Impact", "RuleChange", "RulesetDifference", "diff"]
