"""The duties of the shipped edition under its own answers, written out by hand."""

from __future__ import annotations

from typing import Final

from tests.oracle.worlds import Duty

BEGINS: Final = "report-published"
"""The event before which nothing is owed."""

REVISIT: Final = "revisit-begins"
"""The event with which a revisit begins."""

ORDER: Final = (
    (BEGINS, "action-plan-received"),
    ("action-plan-received", "action-plan-reviewed"),
    ("documents-requested", "documents-reviewed"),
    (BEGINS, "revisit-begins"),
    ("revisit-begins", "feedback-given"),
    ("revisit-begins", "revisit-ends"),
    ("revisit-begins", "written-feedback-to-chief-officer"),
    ("revisit-begins", "written-feedback-to-local-policing-body"),
    ("revisit-begins", "follow-up-published"),
)

_ANYWAY: Final = (
    Duty("immediate-update-received"),
    Duty("action-plan-received", due=("6 weeks after report-published",)),
    Duty("revisit-begins", due=("6 months after report-published",)),
)
_BEFOREHAND: Final = tuple(
    Duty(event, due=("before revisit-begins",))
    for event in ("activity-described", "documents-reviewed")
)
_LETTERS: Final = ("written-feedback-to-chief-officer", "written-feedback-to-local-policing-body")
_IN_THREE_WEEKS: Final = ("3 weeks after revisit-ends",)

DUTIES: Final = {
    "not-settled": _ANYWAY,
    "post-inspection-visit": (
        *_ANYWAY,
        *_BEFOREHAND,
        Duty("notice-given", due=("2 weeks before revisit-begins",)),
        Duty(
            "feedback-given",
            due=("no later than revisit-ends",),
            first=("no earlier than revisit-begins",),
        ),
        *(Duty(letter, due=_IN_THREE_WEEKS) for letter in _LETTERS),
        Duty("follow-up-published"),
    ),
    "post-inspection-review": (
        *_ANYWAY,
        *_BEFOREHAND,
        Duty("feedback-given", due=("no later than revisit-ends",)),
        *(
            Duty(letter, due=_IN_THREE_WEEKS, first=("no earlier than feedback-given",))
            for letter in _LETTERS
        ),
        Duty("follow-up-published"),
    ),
}
"""The duties by the type of follow-up; what a full re-inspection owes rests on open questions."""

EVENTS: Final = tuple(
    dict.fromkeys([*(name for pair in ORDER for name in pair), "arrangements-made"])
    | dict.fromkeys(duty.event for duties in DUTIES.values() for duty in duties)
)

USUAL_DAYS: Final = {
    # After which event it mostly comes, and by how many days: both sides of every limit.
    BEGINS: ("", (0, 17, 40, 92, 183)),
    "immediate-update-received": (BEGINS, (-3, 0, 30, 90)),
    "action-plan-received": (BEGINS, (0, 30, 41, 42, 43, 80)),
    "action-plan-reviewed": ("action-plan-received", (0, 1, 20)),
    "revisit-begins": (BEGINS, (0, 60, 150, 180, 181, 182, 183, 184, 185, 250)),
    "revisit-ends": ("revisit-begins", (0, 1, 4, 11)),
    "notice-given": ("revisit-begins", (-40, -16, -15, -14, -13, -1, 0, 1)),
    "activity-described": ("revisit-begins", (-10, -2, -1, 0, 1)),
    "arrangements-made": ("revisit-begins", (-30, 0)),
    "documents-requested": ("revisit-begins", (-60, -20, -1)),
    "documents-reviewed": ("documents-requested", (0, 1, 18, 19, 20, 59, 60)),
    "feedback-given": ("revisit-ends", (-1, 0, 1, 3)),
    **dict.fromkeys(_LETTERS, ("revisit-ends", (-2, 0, 7, 20, 21, 22, 30))),
    "follow-up-published": ("revisit-ends", (0, 40, 90)),
}

ONCE: Final = (
    BEGINS,
    "immediate-update-received",
    "action-plan-received",
    "action-plan-reviewed",
)
"""The events of a follow-up that happen once, however many revisits there are."""

REPEATED: Final = tuple(event for event in USUAL_DAYS if event not in ONCE)
