"""Deadlines as constraints between events: windows, where each stands, what can no longer be met.

Floor 4.
"""

from __future__ import annotations

from ncpi_rules.scheduling.deadlines import Deadline, deadlines_of, schedule
from ncpi_rules.scheduling.figures import Days, Figures
from ncpi_rules.scheduling.outline import Outline, sums_of
from ncpi_rules.scheduling.saying import says_days, says_standing

__all__ = [
    "Days",
    "Deadline",
    "Figures",
    "Outline",
    "deadlines_of",
    "says_days",
    "says_standing",
    "schedule",
    "sums_of",
]
