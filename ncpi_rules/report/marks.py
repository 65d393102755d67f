"""How the status of an action, of a deadline and of a document is marked on a page."""

from __future__ import annotations

from typing import Final

from ncpi_rules.core import Status
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
STATUS: Final = {
    Status.MET: Mark.GOOD,
    Status.LATE: Mark.BAD,
    Status.TOO_EARLY: Mark.BAD,
    Status.OVERDUE: Mark.BAD,
    Status.PLANNED: Mark.WAITING,
    Status.OPEN: Mark.WAITING,
    Status.CANNOT_TELL: Mark.UNKNOWN,
    Status.UNKNOWN: Mark.UNKNOWN,
    Status.NO_DATE: Mark.NONE,
}
SUGGESTED: Final = {
    True: ("Suggested", Mark.GOOD),
    None: ("Not known", Mark.UNKNOWN),
    False: ("Not suggested", Mark.NONE),
}
