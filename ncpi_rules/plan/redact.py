"""Facts without the names of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve

from ncpi_rules.core import UNKNOWN

if TYPE_CHECKING:
    from ncpi_rules.facts import FactValue, FollowUp

SOMEBODY: Final = "a person whose name is not recorded here"
REASON: Final = "a reason that is not recorded here"
NOTE: Final = "A note that is not recorded here."
SOURCE: Final = "a source that is not recorded here"
SUMMARY: Final = "a summary that is not recorded here"


def masked(follow_up: FollowUp) -> FollowUp:
    """Return the same follow-up without names of people and without text that may hold some.

    Replaced are who judged and who decided, the reasons, the note, the sources and the summaries
    of recommendations. What is unknown stays unknown. The ids of recommendations and the names of
    areas of concern stay: other facts refer to them.

    >>> from ncpi_rules.facts import FollowUp
    >>> facts = {"force": "kent", "note": "Ask A. Person."}
    >>> masked(FollowUp.from_dict(facts)).note
    'A note that is not recorded here.'
    """
    report, prospects = follow_up.inspection_report, follow_up.prospects
    recommendations = report.recommendations
    if recommendations is not UNKNOWN:
        recommendations = tuple(
            evolve(recommendation, summary=SUMMARY if recommendation.summary else "")
            for recommendation in recommendations
        )
    return follow_up.evolve(
        inspection_report=evolve(report, recommendations=recommendations),
        prospects=evolve(
            prospects, by=_hidden(prospects.by, SOMEBODY), why=_hidden(prospects.why, REASON)
        ),
        decisions=tuple(
            evolve(
                decision,
                by=_hidden(decision.by, SOMEBODY),
                why=_hidden(decision.why, REASON),
            )
            for decision in follow_up.decisions
        ),
        note=NOTE if follow_up.note else "",
        sources=tuple(SOURCE for _ in follow_up.sources),
    )


def _hidden(value: FactValue, instead: str) -> FactValue:
    return UNKNOWN if value is UNKNOWN else instead
