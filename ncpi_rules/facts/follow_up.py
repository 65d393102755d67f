"""Everything that is known of one follow-up: its facts and its events.

A vocabulary names them (:class:`NamedFacts`): values that rules test, and dates of events that
deadlines count from; no rule ever sees a date.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

import attrs
from attrs import field, frozen
from attrs.converters import optional

from ncpi_rules.core import (
    NOT_YET,
    REVISIT_PARTS,
    UNKNOWN,
    Contract,
    FactsError,
    Force,
    Memo,
    PartialDate,
    Problem,
    Subject,
    force,
    nearest,
)
from ncpi_rules.facts.events import (
    NamedDecision,
    RecordedDecision,
    Suspension,
    Variation,
    Waiver,
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
    Revisit,
)
from ncpi_rules.facts.readers import given_as_mappings, part, parts, refuse
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
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.core import When
    from ncpi_rules.io import Source

_MOST_CONTRACTS: Final = 8


def _judgement(value: Judgement | Mapping[str, Any] | str) -> Judgement:
    if isinstance(value, str):
        return Judgement.from_text(value)
    return part(Judgement, "prospects", value)


def _decisions(
    values: Iterable[RecordedDecision | Mapping[str, Any]],
) -> tuple[RecordedDecision, ...]:
    return parts(RecordedDecision, "decisions", values)


def _revisits(values: Iterable[Revisit | Mapping[str, Any]]) -> tuple[Revisit, ...]:
    return parts(Revisit, "revisits", values)


def _tuple_of_texts(value: Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _before_the_report(on: PartialDate, published: When, place: str) -> Iterator[Problem]:
    """Yield a decision on the follow-up that is dated before there was a report to follow up."""
    if isinstance(published, PartialDate) and on.end < published.start:
        yield Problem(
            place=place,
            message=f"This decision ({on.text}) was made before its report was published "
            f"({published.text}).",
            help="Correct the wrong date, or write 'unknown' for it.",
        )
    elif published is NOT_YET:
        yield Problem(
            place=place,
            message=f"The date of this decision ({on.text}) is given, although its report is not "
            "published yet.",
            help="Give the date of the report too, or write 'unknown' for it.",
        )


@frozen(kw_only=True, field_transformer=given_as_mappings)
class FollowUp:
    """Everything that is known of the follow-up of one inspection of one force, or other subject.

    A second inspection report begins a second follow-up. Raises FactsError, with every problem,
    where the facts contradict each other, name a force that does not exist, or name nobody. Whether
    the dates are in an order that can be is asked when the follow-up is assessed: the ruleset knows
    the order. Each part may be given as a mapping.

    >>> import datetime
    >>> follow_up = FollowUp(
    ...     force="northumbria",
    ...     inspection_report={"published": datetime.date(2018, 6, 28)},
    ... )
    >>> follow_up.about.name, follow_up.inspection_report.published
    ('Northumbria Police', PartialDate('2018-06-28'))
    """

    either: ClassVar[tuple[str, ...]] = ("force", "subject")
    """The fields of which a follow-up has one, and not both."""

    force: Force | None = field(
        default=None, converter=optional(force), metadata={"says": "The force, by its short name."}
    )
    subject: str = described(
        "The name of what was inspected, where it is no police force.", default="", prose=True
    )
    inspection_report: InspectionReport = InspectionReport()
    immediate_update: ImmediateUpdate = ImmediateUpdate()
    action_plan: ActionPlan = ActionPlan()
    prospects: Judgement = field(default=Judgement(), converter=_judgement)
    decisions: tuple[RecordedDecision, ...] = field(default=(), converter=_decisions)
    arrangements: Arrangements = Arrangements()
    notice: Notice = Notice()
    documents: Documents = Documents()
    fieldwork: Fieldwork = Fieldwork()
    feedback: Feedback = Feedback()
    publication: Publication = Publication()
    revisits: tuple[Revisit, ...] = field(
        default=(),
        converter=_revisits,
        metadata={"says": "The revisits in their order, where there are several."},
    )
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
        if self.force is None and not self.subject.strip():
            yield Problem(
                place="force",
                message="'force' is missing.",
                help="Add 'force:' with the force, by its short name, or 'subject:' with the name "
                "of what was inspected.",
            )
        elif self.force is not None and self.subject:
            yield Problem(
                place="subject",
                message="'subject' stands beside 'force', so it is not clear what was inspected.",
                help="Delete one of the two.",
            )
        yield from self._recommendation_contradictions()
        if self.revisits:
            for name in REVISIT_PARTS:
                if getattr(self, name) != getattr(Revisit(), name):
                    yield Problem(
                        place=name,
                        message=f"'{name}' stands beside 'revisits', so it is not clear which "
                        "revisit it belongs to.",
                        help="Move it into that entry of 'revisits'.",
                    )
        published = self.inspection_report.published
        for place, on in self.decided_on.items():
            yield from _before_the_report(on, published, f"decisions[{place}].on")
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

    @property
    def decided_on(self) -> dict[int, PartialDate]:
        """Return the dates of decisions that cannot be before the report, by their places."""
        return {
            place: decision.on
            for place, decision in enumerate(self.decisions)
            if not isinstance(decision, Suspension) and isinstance(decision.on, PartialDate)
        }

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

    @cached_property
    def about(self) -> Subject:
        """Return what was inspected.

        >>> FollowUp(force="kent").about.name, FollowUp(subject="Anytown City Council").about.name
        ('Kent Police', 'Anytown City Council')
        """
        return Subject.named(self.subject) if self.force is None else self.force

    @cached_property
    def latest(self) -> FollowUp:
        """Return the follow-up as if its last revisit were the only one.

        >>> facts = {"force": "kent", "revisits": [{}, {"notice": {"given": "2020-02-01"}}]}
        >>> FollowUp.from_dict(facts).latest.notice.given
        PartialDate('2020-02-01')
        """
        if not self.revisits:
            return self
        last = self.revisits[-1]
        parts = {name: getattr(last, name) for name in REVISIT_PARTS}
        return self.evolve(revisits=(), further=self.further.joined(last.further), **parts)

    @cached_property
    def may_have_several(self) -> bool:
        """Return True where there are several revisits, or a decision may be about another."""
        return (
            bool(self.revisits)
            or any(isinstance(decision, NamedDecision) for decision in self.decisions)
            or any(waiver.revisit not in {"", "1"} for waiver in self.waivers)
        )

    @cached_property
    def waivers(self) -> tuple[Waiver | Variation, ...]:
        """Return the decisions by which something need not be done."""
        return tuple(item for item in self.decisions if isinstance(item, Waiver | Variation))

    @cached_property
    def names(self) -> tuple[tuple[object, str], ...]:
        """Return what the facts name that a ruleset may lack: a kind of decision, say."""
        every = (self.further, *(revisit.further for revisit in self.revisits))
        is_other = self.force is None
        if not (
            is_other or self.decisions or any(further.facts or further.events for further in every)
        ):
            return ()
        names: list[tuple[object, str]] = [("subject", "")] * is_other
        for decision in self.decisions:
            if isinstance(decision, NamedDecision):
                names.append((decision.kind, decision.value))
            elif isinstance(decision, Waiver | Variation):
                names.append((type(decision), decision.of))
        for further in every:
            names += [("fact", name) for name in further.facts]
            names += [("event", name) for name in further.events]
        return tuple(names)

    @cached_property
    def derived(self) -> Memo[Contract, Any]:
        """Return what was made of the follow-up by a contract: see :func:`name_facts`."""
        return Memo(_MOST_CONTRACTS)

    @cached_property
    def revisits_by_day(self) -> Memo[tuple[object, int], Any]:
        """Return which revisits there are, by the ruleset and the day that were asked about."""
        return Memo(_MOST_CONTRACTS)

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
    def from_json(cls, text: str | bytes, *, name: str = "") -> Self:
        """Return the follow-up that a JSON text (or its UTF-8) describes; see :meth:`from_dict`."""
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
