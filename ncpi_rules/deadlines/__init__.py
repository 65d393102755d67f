"""Deadlines as constraints between events: windows, statuses, what can no longer be met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.deadlines.bounds import Days as Days
    from ncpi_rules.deadlines.bounds import OwnDays as OwnDays
    from ncpi_rules.deadlines.bounds import own_days as own_days
    from ncpi_rules.deadlines.compiled import Outline as Outline
    from ncpi_rules.deadlines.compiled import figures_by as figures_by
    from ncpi_rules.deadlines.deadline import Deadline as Deadline
    from ncpi_rules.deadlines.deadline import Figures as Figures
    from ncpi_rules.deadlines.deadline import figures_of as figures_of
    from ncpi_rules.deadlines.deadline import format_days as format_days
    from ncpi_rules.deadlines.deadline import has_begun as has_begun
    from ncpi_rules.deadlines.deadline import schedule as schedule
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "compiled": ["Outline", "figures_by"],
            "bounds": ["Days", "OwnDays", "own_days"],
            "deadline": [
                "Deadline",
                "Figures",
                "figures_of",
                "format_days",
                "has_begun",
                "schedule",
            ],
        },
    )
