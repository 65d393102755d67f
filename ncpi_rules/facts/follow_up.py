"""Everything that is known of one follow-up: its words and its events.

Floor 3. ``words`` turns the facts into the words that rules test, ``events`` into the dates that
deadlines count from; after that, no rule ever sees a date.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import attrs
from attrs import field, frozen

from ncpi_rules.dates import PartialDate, When
from ncpi_rules.errors import FactsError, Problem, nearest
from ncpi_rules.facts.decisions import (
    Decision,
    FullReinspection,
    Suspension,
    TierChosen,
    Waiver,
)
from ncpi_rules.facts.events import EVENTS, ORDER, Dates, happened, is_later, made
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
from ncpi_rules.facts.values import Given, refuse, text
from ncpi_rules.files import Source, read_file, read_json, read_mapping, read_yaml, write_yaml
from ncpi_rules.forces import Force, force
from ncpi_rules.shapes import read_as, write_plain
from ncpi_rules.words import NOT_YET, UNKNOWN, Happened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping


_WORDS: Final = (
    "findings",
    "country",
    "immediate-recommendations",
    "action-plan-coverage",
    "areas-of-concern",
    "reinspection",
    "tier-chosen",
    "suspension",
    "prospects",
    "action-plan-review",
)
_NOTHING_DECIDED: Final = ("none-recorded", "none-recorded", "none-recorded")


def _judgement(value: Judgement | str) -> Judgement:
    return Judgement.from_text(value) if isinstance(value, str) else value


def _tuple_of_decisions(value: Iterable[Decision]) -> tuple[Decision, ...]:
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
    decisions: tuple[Decision, ...] = field(default=(), converter=_tuple_of_decisions)
    arrangements: Arrangements = Arrangements()
    notice: Notice = Notice()
    documents: Documents = Documents()
    fieldwork: Fieldwork = Fieldwork()
    feedback: Feedback = Feedback()
    publication: Publication = Publication()
    further: Further = Further()
    note: str = text("Anything that a reader should know.")
    sources: tuple[str, ...] = field(
        default=(), converter=_tuple_of_texts, metadata={"says": "Where the facts were taken from."}
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
                    place=EVENTS[later],
                    sentence=f"{second.says} is before {first.says}, the date of "
                    f"{EVENTS[earlier]}, which must come first.",
                    help="Correct one of the two dates; write 'unknown' for the one in doubt.",
                )
            if first is NOT_YET and isinstance(second, PartialDate):
                yield Problem(
                    place=EVENTS[later],
                    sentence=f"{second.says} is given, although {EVENTS[earlier]} is 'not-yet'.",
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
                    sentence=f"The end of the suspension, {decision.ends.says}, is before its "
                    f"beginning, {decision.begins.says}.",
                    help="Correct one of the two dates.",
                )

    def _recommendation_contradictions(self) -> Iterator[Problem]:
        recommendations = self.inspection_report.recommendations
        covers = self.action_plan.covers
        if recommendations is UNKNOWN or covers is UNKNOWN:
            return
        known = [each.id for each in recommendations]
        for place, id_ in enumerate(covers):
            if id_ not in known:
                guess = nearest(id_, known)
                yield Problem(
                    place=f"action_plan.covers[{place}]",
                    sentence=f"The action plan covers recommendation '{id_}', which the report "
                    "does not make.",
                    help=f"Did you mean '{guess}'?" if guess else "Check the recommendation's id.",
                )

    def events(self) -> dict[str, When]:
        """Return the date of every event, those of ``further`` included."""
        return dict(self.dates.events)

    @cached_property
    def dates(self) -> Dates:
        """Return the date of every event, those of ``further`` included, for reading only."""
        report, plan = self.inspection_report, self.action_plan
        feedback, fieldwork = self.feedback, self.fieldwork
        events: dict[str, When] = {
            "report-published": report.published,
            "immediate-update-received": self.immediate_update.received,
            "action-plan-received": plan.received,
            "action-plan-reviewed": plan.reviewed,
            "prospects-judged": self.prospects.on,
            "arrangements-made": self.arrangements.made,
            "notice-given": self.notice.given,
            "activity-described": self.notice.activity_described,
            "documents-requested": self.documents.requested,
            "documents-reviewed": self.documents.reviewed,
            "revisit-begins": fieldwork.begins,
            "revisit-ends": fieldwork.ends,
            "feedback-given": feedback.given,
            "written-feedback-to-chief-officer": feedback.to_chief_officer,
            "written-feedback-to-local-policing-body": feedback.to_local_policing_body,
            "follow-up-published": self.publication.published,
        }
        further = self.further.events
        return Dates({**events, **further} if further else events, tuple(further))

    def words(self, on: int, *, events: Collection[str] | None = None) -> dict[str, Given]:
        """Return the word of every fact on a day (an ordinal); UNKNOWN where nothing is known.

        Each event gives a word of its own: ``happened``, ``not-yet`` or ``unknown``; ``events``
        names those that are wanted, otherwise all are.
        """
        found = dict(zip(_WORDS, self.told(on), strict=True))
        if events is None or events:
            dates = self.dates.events
            for name in dates if events is None else events:
                found[name] = happened(dates.get(name, UNKNOWN), on).value
        found |= self.further.facts
        return found

    def told(self, on: int) -> tuple[Given, ...]:
        """Return the words of the facts that every follow-up has, in an order of their own.

        With the dates and ``further`` they say all that rules may ask on a day (an ordinal).
        """
        decided = self._decided(on) if self.decisions else _NOTHING_DECIDED
        return (*self._on_any_day, *decided, self._prospects(on), self._action_plan_review(on))

    @cached_property
    def _on_any_day(self) -> tuple[Given, ...]:
        """Return the words that are the same on any day."""
        areas = self.action_plan.areas_of_concern
        return (
            self.inspection_report.findings,
            self.force.country.casefold(),
            self._immediate_recommendations(),
            self._coverage(),
            UNKNOWN if areas is UNKNOWN else "some" if areas else "none",
        )

    def _prospects(self, on: int) -> Given:
        judged = self.prospects.on
        if judged is UNKNOWN or happened(judged, on) is Happened.YES:
            return self.prospects.judgement
        return UNKNOWN

    def _immediate_recommendations(self) -> Given:
        recommendations = self.inspection_report.recommendations
        if recommendations is UNKNOWN:
            return UNKNOWN
        immediate = [each.is_immediate for each in recommendations]
        if any(immediate):
            return "some"
        return UNKNOWN if None in immediate else "none"

    def _action_plan_review(self, on: int) -> Given:
        reviewed = happened(self.action_plan.reviewed, on)
        if reviewed is Happened.YES:
            return "done"
        let_off = {
            made(each, on)
            for each in self.decisions
            if isinstance(each, Waiver)
            and each.of in {"action-plan-received", "action-plan-reviewed"}
        }
        if Happened.YES in let_off:
            return "not-required"
        if Happened.UNKNOWN in let_off:
            return UNKNOWN
        if reviewed is Happened.NO or happened(self.action_plan.received, on) is Happened.NO:
            return "not-yet"
        return UNKNOWN

    def _coverage(self) -> Given:
        recommendations, covers = self.inspection_report.recommendations, self.action_plan.covers
        if recommendations is UNKNOWN or covers is UNKNOWN:
            return UNKNOWN
        missing = {each.is_immediate for each in recommendations if each.id not in covers}
        if False in missing:
            return "incomplete"
        if None in missing:
            return UNKNOWN
        return "without-immediate" if missing else "complete"

    def _decided(self, on: int) -> tuple[Given, Given, Given]:
        """Return the words of re-inspection, chosen tier and suspension."""
        full = [made(each, on) for each in self.decisions if isinstance(each, FullReinspection)]
        reinspection: Given = "none-recorded"
        if Happened.YES in full:
            reinspection = "decided"
        elif Happened.UNKNOWN in full:
            reinspection = UNKNOWN
        return reinspection, self._tier_chosen(on), self._suspended(on)

    def _tier_chosen(self, on: int) -> Given:
        chosen = [each for each in self.decisions if isinstance(each, TierChosen)]
        standing = [each for each in chosen if made(each, on) is not Happened.NO]
        if not standing:
            return "none-recorded"
        last = [each for each in standing if not any(is_later(other, each) for other in standing)]
        tiers = {each.tier for each in last}
        settled = any(made(each, on) is Happened.YES for each in last)
        return tiers.pop() if len(tiers) == 1 and settled else UNKNOWN

    def _suspended(self, on: int) -> Given:
        words = []
        for each in self.decisions:
            if isinstance(each, Suspension) and made(each, on) is not Happened.NO:
                begun = happened(each.begins, on)
                over = isinstance(each.ends, PartialDate) and each.ends.end < on
                if over:
                    words.append("over")
                elif begun is Happened.YES and (
                    each.ends is NOT_YET
                    or (isinstance(each.ends, PartialDate) and each.ends.start >= on)
                ):
                    words.append("in-force")
                elif begun is not Happened.NO:
                    words.append("")
        if "in-force" in words:
            return "in-force"
        if "" in words:
            return UNKNOWN
        return "over" if "over" in words else "none-recorded"

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
