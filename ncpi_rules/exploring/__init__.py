"""Exploring: what if the facts were other, and many imagined cases as columns.

Floor 10. Nothing here decides anything: each case goes the way of every follow-up.
"""

from ncpi_rules.exploring.cases import Cases, grid, sample
from ncpi_rules.exploring.changes import Change
from ncpi_rules.exploring.choices import Days, days, every
from ncpi_rules.exploring.imagining import WhatIf, what_if
from ncpi_rules.exploring.sliders import Sliders, what_if_sliders

__all__ = [
    "Cases",
    "Change",
    "Days",
    "Sliders",
    "WhatIf",
    "days",
    "every",
    "grid",
    "sample",
    "what_if",
    "what_if_sliders",
]
