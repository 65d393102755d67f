"""Exploring: what if the facts were other, and many imagined cases as columns.

Floor 10. Nothing here decides anything: each case goes the way of every follow-up.
"""

from ncpi_rules.exploring.cases import Cases, grid, sample
from ncpi_rules.exploring.changes import Change
from ncpi_rules.exploring.choices import Days, days, every
from ncpi_rules.exploring.imagining import WhatIf, what_if

__all__ = ["Cases", "Change", "Days", "WhatIf", "days", "every", "grid", "sample", "what_if"]
