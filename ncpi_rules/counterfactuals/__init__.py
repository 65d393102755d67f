"""What would have to be different: facts for another outcome, days for another status.

Floor 8. Every answer is read from the regions of the rules, which hold all cases: none is left out
and none is guessed.
"""

from ncpi_rules.counterfactuals.days import Boundary, days_to_the_boundary
from ncpi_rules.counterfactuals.words import (
    Change,
    depends_on_nothing,
    the_past,
    what_would_change,
)

__all__ = [
    "Boundary",
    "Change",
    "days_to_the_boundary",
    "depends_on_nothing",
    "the_past",
    "what_would_change",
]
