"""Everything that is known of one follow-up: its facts and its events.

``values`` turns the facts into the values that rules test, ``events`` into the dates that deadlines
count from; no rule ever sees a date.
"""

from __future__ import annotations

import json
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import attrs
from attrs import field, frozen

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    FactsError,
    Force,
    PartialDate,
    Problem,
    When,
    force,
    nearest,
)
from ncpi_rules.facts.events import (
    EVENT_PLACES,
    ORDER,
    Dates,
    RecordedDecision,
    Suspension,
    Variation,
    Waiver,
    happened,
)
from ncpi_rules.facts.parts import (
    ActionPlan,
    Arrangements,
    Documents,
    Feedback,
    Fieldwork,
    Further,
    ImmediateUpdate,
    InspectionReport,
    Judgement,
    Notice,
    Publication,
)
from ncpi_rules.facts.readers import FactValue, refuse
from ncpi_rules.facts.values import OWN_FACTS, ValuesByDay, names_used
from ncpi_rules.io import (
    described,
    read_as,
    read_file,
    read_json,
    read_mapping,
    read_yaml,
    write_plain,
    write_yaml,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from ncpi_rules.io import Source


_dates_of: Callable[[Any], tuple[When, ...]] = attrgetter(*EVENT_PLACES.values())


def _judgement(value: Judgement | str) -> Judgement:
    return Judgement.from_text(value) if isinstance(value, str) else value


def _tuple_of_decisions(value: Iterable[RecordedDecision]) -> tuple[RecordedDecision, ...]:
    return tuple(value)


def _tuple_of_texts(value: Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@frozen(kw_only=True)
class FollowUp:
    """Everything that is known of the follow-up of one inspection of one force.

    A second inspection report begins a second follow-up. Raises FactsError, with every problem,
    where the facts contradict each other or name a force that does not exist.

    >>> import datetime
    >>> follow_up = FollowUp(
    ...     force="northumbria",
    ...     inspection_report=InspectionReport(published=datetime.date(2018, 6, 28)),
    ... )
    >>> follow_up.force.name, follow_up.inspection_report.published
    ('Northumbria Police', PartialDate('2018-06-28'))
    """

    force: Force = field(converter=force, metadata={"says": "The force, by its short name."})
    inspection_report: InspectionReport = InspectionReport()
    immediate_update: ImmediateUpdate = ImmediateUpdate()
    action_plan: ActionPlan = ActionPlan()
    prospects: Judgement = field(default=Judgement(), converter=_judgement)
    decisions: tuple[RecordedDecision, ...] = field(default=(), converter=_tuple_of_decisions)
    arrangements: Arrangements = Arrangements()
    notice: Notice = Notice()
    documents: Documents = Documents()
    fieldwork: Fieldwork = Fieldwork()
    feedback: Feedback = Feedback()
    publication: Publication = Publication()
    further: Further = Further()
    note: str = described("Anything that a reader should know.", default="", prose=True)
    sources: tuple[str, ...] = field(
        default=(),
        converter=_tuple_of_texts,
        metadata={"says": "Where the facts were taken from.", "prose": True},
    )

    def __attrs_post_init__(self) -> None:
        """Refuse facts that contradict each other, all of them at once."""
        refuse(self._contradictions())

    def _contradictions(self) -> Iterator[Problem]:
        events = self.dates.events
        for earlier, later in ORDER:
            first, second = events[earlier], events[later]
            if (
                isinstance(first, PartialDate)
                and isinstance(second, PartialDate)
                and second.end < first.start
            ):
                yield Problem(
                    place=EVENT_PLACES[later],
                    message=f"{second.text} is before {first.text}, the date of "
                    f"{EVENT_PLACES[earlier]}, which must come first.",
                    help="Correct the wrong date, or write 'unknown' for it.",
                )
            if first is NOT_YET and isinstance(second, PartialDate):
                yield Problem(
                    place=EVENT_PLACES[later],
                    message=f"{second.text} is given, although {EVENT_PLACES[earlier]} is "
                    "'not-yet'.",
                    help="Give both dates, or write 'unknown' for the earlier one.",
                )
        yield from self._recommendation_contradictions()
        for place, decision in enumerate(self.decisions):
            if (
                isinstance(decision, Suspension)
                and isinstance(decision.begins, PartialDate)
                and isinstance(decision.ends, PartialDate)
                and decision.ends.end < decision.begins.start
            ):
                yield Problem(
                    place=f"decisions[{place}].ends",
                    message=f"The end of the suspension, {decision.ends.text}, is before its "
                    f"beginning, {decision.begins.text}.",
                    help="Correct one of the two dates.",
                )

    def _recommendation_contradictions(self) -> Iterator[Problem]:
        recommendations = self.inspection_report.recommendations
        covers = self.action_plan.covers
        if recommendations is UNKNOWN or covers is UNKNOWN:
            return
        known = [recommendation.id for recommendation in recommendations]
        for place, id_ in enumerate(covers):
            if id_ not in known:
                guess = nearest(id_, known)
                yield Problem(
                    place=f"action_plan.covers[{place}]",
                    message=f"The action plan covers recommendation '{id_}', which the report "
                    "does not make.",
                    help=f"Did you mean '{guess}'?" if guess else "Check the recommendation's id.",
                )

    def events(self) -> dict[str, When]:
        """Return the date of every event, those of ``further`` included."""
        return dict(self.dates.events)

    @cached_property
    def dates(self) -> Dates:
        """Return the date of every event, those of ``further`` included; for reading only."""
        events = dict(zip(EVENT_PLACES, _dates_of(self), strict=True))
        further = self.further.events
        return Dates({**events, **further} if further else events, tuple(further))

    def values(self, on: int, *, events: Collection[str] | None = None) -> dict[str, FactValue]:
        """Return the value of every fact on a day (an ordinal); UNKNOWN where nothing is known.

        Each event is a fact of its own: ``happened``, ``not-yet`` or ``unknown``; ``events`` names
        those that are wanted, all of them by default.
        """
        values = dict(zip(OWN_FACTS, self.own_values(on), strict=True))
        if events is None or events:
            dates = self.dates.events
            for name in dates if events is None else events:
                values[name] = happened(dates.get(name, UNKNOWN), on).value
        return {**values, **self.further.facts}

    def own_values(self, on: int) -> tuple[FactValue, ...]:
        """Return the values of the facts that every follow-up has on a day (an ordinal).

        Together with the dates and ``further`` they are all that rules may test.
        """
        return self._values_by_day.on(on)

    @cached_property
    def _values_by_day(self) -> ValuesByDay:
        return ValuesByDay(
            force=self.force,
            report=self.inspection_report,
            plan=self.action_plan,
            prospects=self.prospects,
            decisions=self.decisions,
        )

    @cached_property
    def waivers(self) -> tuple[Waiver | Variation, ...]:
        """Return the decisions by which something need not be done."""
        return tuple(item for item in self.decisions if isinstance(item, Waiver | Variation))

    @cached_property
    def names(self) -> tuple[tuple[object, str], ...]:
        """Return the names in the facts that a ruleset may lack, such as a tier that was chosen."""
        return names_used(self.decisions, self.further)

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any], *, name: str = "") -> Self:
        """Return the follow-up that a plain mapping describes.

        Raises FactsError with every problem and its path.

        >>> FollowUp.from_dict({"force": "kent"}).force.name
        'Kent Police'
        """
        return cls._read(read_mapping(facts, FactsError, name=name))

    @classmethod
    def from_yaml(cls, text: str, *, name: str = "") -> Self:
        """Return the follow-up that a YAML text describes; see :meth:`from_dict`."""
        return cls._read(read_yaml(text, FactsError, name=name))

    @classmethod
    def from_json(cls, text: str, *, name: str = "") -> Self:
        """Return the follow-up that a JSON text describes; see :meth:`from_dict`."""
        return cls._read(read_json(text, FactsError, name=name))

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Return the follow-up in a ``.yaml`` or ``.json`` file; see :meth:`from_dict`."""
        return cls._read(read_file(Path(path), FactsError))

    @classmethod
    def _read(cls, source: Source) -> Self:
        return read_as(cls, source, FactsError)

    def to_dict(self) -> dict[str, Any]:
        """Return the facts as text, lists and mappings; what is unknown is left out.

        >>> FollowUp(force="kent").to_dict()
        {'force': 'kent'}
        """
        plain: dict[str, Any] = write_plain(self)
        return plain

    def to_yaml(self) -> str:
        """Return the facts as YAML that :meth:`from_yaml` reads back exactly."""
        return write_yaml(self.to_dict())

    def to_json(self) -> str:
        """Return the facts as JSON that :meth:`from_json` reads back exactly."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def evolve(self, **changes: Any) -> Self:
        """Return the same follow-up with other facts, checked again."""
        return attrs.evolve(self, **changes)
