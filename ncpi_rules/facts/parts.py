"""The parts of a follow-up's facts: each frozen, each checked by itself.

Every date may be partial, UNKNOWN (nobody has said) or NOT_YET (it is known not to
have happened by the day of the assessment). What is left out is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import field, frozen

from ncpi_rules.core import (
    UNKNOWN,
    DateError,
    FactsError,
    PartialDate,
    Problem,
    Unknown,
    When,
    read_when,
)
from ncpi_rules.facts.readers import (
    VALUE_PATTERN,
    FactValue,
    given_as_mappings,
    known_text,
    known_text_field,
    listed,
    named,
    named_once,
    names,
    parts,
    refuse,
    value_field,
)
from ncpi_rules.io import PERIOD, described

if TYPE_CHECKING:
    import datetime

_TIME_LIMIT_PATTERN: Final = f"immediate|none|within {PERIOD}|by [^ ]+"
_TIME_LIMIT: Final = re.compile(_TIME_LIMIT_PATTERN)


@frozen(kw_only=True)
class Recommendation:
    """One recommendation of the inspection report.

    ``time_limit`` is ``immediate``, ``within 3 months``, ``by 2019-01-31`` or ``none``; ``topic``
    is a value of the ruleset's topics; ``area`` names the area of concern that it belongs to.
    """

    id: str = field(
        converter=named,
        metadata={"says": "The number or name by which the report calls it."},
    )
    time_limit: FactValue = field(
        default=UNKNOWN,
        converter=known_text,
        metadata={
            "says": "immediate, within 3 months, by 2019-01-31, none, or unknown.",
            "pattern": _TIME_LIMIT_PATTERN,
        },
    )
    topic: FactValue = value_field("A topic of the vocabulary.")
    area: FactValue = known_text_field("The area of concern that it belongs to.")
    summary: str = described("What is recommended, in a few words.", default="", prose=True)

    @time_limit.validator
    def _time_limit(self, _: object, value: FactValue) -> None:
        if value is UNKNOWN:
            return
        try:
            fits = _TIME_LIMIT.fullmatch(value) is not None
            if fits and value.startswith("by "):
                PartialDate.read(value.removeprefix("by "))
        except (DateError, TypeError):
            fits = False
        if not fits:
            raise FactsError(
                Problem(
                    place="time_limit",
                    message=f"'{value}' is not a time-limit.",
                    help="Write immediate, within 3 months, by 2019-01-31, none or unknown.",
                )
            )

    @property
    def is_immediate(self) -> bool | None:
        """Return whether it must be acted upon immediately, or None where that is not known."""
        return None if self.time_limit is UNKNOWN else self.time_limit == "immediate"


def _recommendations(
    values: Iterable[Recommendation | Mapping[str, Any]] | str | Unknown,
) -> tuple[Recommendation, ...] | Unknown:
    if listed(values) is UNKNOWN:
        return UNKNOWN
    return parts(Recommendation, "recommendations", values)


@frozen(kw_only=True)
class InspectionReport:
    """The report of the inspection that is followed up."""

    published: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day on which the inspection report was published."},
    )
    findings: FactValue = value_field(
        "How the findings read as a whole, in a value of the vocabulary."
    )
    recommendations: tuple[Recommendation, ...] | Unknown = field(
        default=UNKNOWN,
        converter=_recommendations,
        metadata={"says": "The recommendations, or unknown."},
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a recommendation that is named twice."""
        if self.recommendations is not UNKNOWN:
            names = [recommendation.id for recommendation in self.recommendations]
            refuse(named_once(names, "recommendations", "recommendation"))


@frozen(kw_only=True)
class ImmediateUpdate:
    """The force's update on the recommendations to be acted upon immediately (approach.1)."""

    received: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day on which HMICFRS received the update."},
    )


@frozen(kw_only=True)
class ActionPlan:
    """The force's action plan on the other recommendations (approach.2, approach.3)."""

    received: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day on which HMICFRS received the action plan."},
    )
    reviewed: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day on which inspectors had reviewed it."},
    )
    areas_of_concern: tuple[str, ...] | Unknown = field(
        default=UNKNOWN,
        converter=names,
        metadata={"says": "The areas of concern in the action plan, or unknown.", "prose": True},
    )
    covers: tuple[str, ...] | Unknown = field(
        default=UNKNOWN,
        converter=names,
        metadata={"says": "The recommendations that the plan covers, by id, or unknown."},
    )

    def __attrs_post_init__(self) -> None:
        """Refuse an area of concern or a recommendation that is named twice."""
        refuse(
            problem
            for path, what in (
                ("areas_of_concern", "area of concern"),
                ("covers", "recommendation"),
            )
            if (names := getattr(self, path)) is not UNKNOWN
            for problem in named_once(list(names), path, what)
        )


@frozen(kw_only=True)
class Judgement:
    """Inspectors' judgement of the force's prospects for improvement: what, who, when and why."""

    pattern: ClassVar = VALUE_PATTERN

    judgement: FactValue = value_field("The judgement, in a value of the vocabulary.")
    on: When = field(
        default=UNKNOWN, converter=read_when, metadata={"says": "The day of the judgement."}
    )
    by: FactValue = known_text_field("Who judged, or unknown.")
    why: FactValue = known_text_field("The reason, or unknown.")

    @classmethod
    def from_text(cls, text: str) -> Judgement:
        """Return a judgement of which only the value is known."""
        return cls(judgement=text)


@frozen(kw_only=True)
class Notice:
    """What the force was told beforehand (visit.2, full.5)."""

    given: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day on which the force was told the date of the revisit."},
    )
    activity_described: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day on which it was told the activity and the duration."},
    )


@frozen(kw_only=True)
class Arrangements:
    """The arrangements that inspectors make with the force (full.6)."""

    made: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={
            "says": "The day on which inspectors contacted the force to arrange the revisit."
        },
    )


@frozen(kw_only=True)
class Documents:
    """The documents of the force (review.7, full.3)."""

    requested: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day on which inspectors asked for documents."},
    )
    reviewed: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day on which inspectors had reviewed them."},
    )


@frozen(kw_only=True)
class Fieldwork:
    """The revisit itself: a visit, a review or a re-inspection, from its first to its last day."""

    begins: When = field(
        default=UNKNOWN, converter=read_when, metadata={"says": "The first day of the revisit."}
    )
    ends: When = field(
        default=UNKNOWN, converter=read_when, metadata={"says": "The last day of the revisit."}
    )


@frozen(kw_only=True)
class Feedback:
    """What the force and its local policing body were told afterwards (visit.3, visit.4)."""

    given: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day on which feedback was given to the force orally."},
    )
    to_chief_officer: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day of the written feedback to the chief officer."},
    )
    to_local_policing_body: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day of the written feedback to the policing body."},
    )


@frozen(kw_only=True)
class Publication:
    """The publication of the follow-up's findings (visit.4, review.17)."""

    published: When = field(
        default=UNKNOWN,
        converter=read_when,
        metadata={"says": "The day on which the follow-up was published."},
    )


def _read_only(facts: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(facts))


def _whens(events: Mapping[str, When | datetime.date | str]) -> Mapping[str, When]:
    return MappingProxyType({name: read_when(date) for name, date in events.items()})


@frozen(kw_only=True)
class Further:
    """Facts and events that a ruleset's vocabulary adds to those of this module."""

    facts: Mapping[str, str] = field(
        factory=dict[str, str],
        converter=_read_only,
        hash=False,
        metadata={"says": "Values by the name of the fact."},
    )
    events: Mapping[str, When] = field(
        factory=dict[str, When],
        converter=_whens,
        hash=False,
        metadata={"says": "Dates by the name of the event."},
    )

    def joined(self, own: Further) -> Further:
        """Return these facts and events with those of one revisit, which take precedence.

        >>> Further(facts={"press": "high"}).joined(Further(facts={"press": "low"})).facts["press"]
        'low'
        """
        return Further(facts={**self.facts, **own.facts}, events={**self.events, **own.events})

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by plain values: a read-only view cannot be pickled."""
        return partial(Further, facts=dict(self.facts), events=dict(self.events)), ()


@frozen(kw_only=True, field_transformer=given_as_mappings)
class Revisit:
    """One of several revisits: what came before it, the revisit itself, and what came of it.

    ``further`` has the facts and events that a ruleset adds and each revisit has anew.
    """

    arrangements: Arrangements = Arrangements()
    notice: Notice = Notice()
    documents: Documents = Documents()
    fieldwork: Fieldwork = Fieldwork()
    feedback: Feedback = Feedback()
    publication: Publication = Publication()
    further: Further = Further()
