"""How the status of an action and of a deadline is marked on a page."""

from __future__ import annotations

from typing import Final

from ncpi_rules.report.parts import Mark

PROGRESS: Final = {
    "done": ("Done", Mark.GOOD),
    "planned": ("Planned", Mark.WAITING),
    "to-do": ("To do", Mark.WAITING),
    "overdue": ("Overdue", Mark.BAD),
    "unknown": ("Not recorded", Mark.UNKNOWN),
    "waived": ("Waived", Mark.WAIVED),
    "varied": ("Varied", Mark.WAIVED),
}
