"""The plan of one follow-up: its document, made from what was decided when it is first read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.core import Day, UnknownItemError, format_day
from ncpi_rules.deadlines import Deadline, deadlines_of, figures_by
from ncpi_rules.facts import EVENT_PLACES, FACT_PLACES, FollowUp
from ncpi_rules.plan.build import actions_of, alerts_of, documents_of, owed_by
from ncpi_rules.plan.dated import deadlines_on
from ncpi_rules.plan.document import SCHEMA, PlanDocument
from ncpi_rules.plan.templates import Dated, SharedParts, Subject, Templates
from ncpi_rules.plan.unknowns import unknown_dates, unknown_facts
from ncpi_rules.plan.views import Views
from ncpi_rules.ruleset import ActionRule, Decision, Rule, engine_of, interpretation_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.deadlines import Figures
    from ncpi_rules.plan.items import (
        Action,
        Alert,
        DocumentRequest,
        InterpretationTaken,
        PlanDeadline,
        PlanOutcome,
        Question,
        StillUnknown,
    )
    from ncpi_rules.ruleset import Ruleset


@frozen(eq=False, slots=False)  # slots would take a third of the time of making one
class Plan(Views):
    """What becomes of one follow-up on one day: a document, and what it was made from.

    Every part of the document is here under its own name, made when it is first read; reading one
    asks no engine. Two plans are equal where their documents are. ``engine_asked`` names the engine
    that was asked for.
    """

    follow_up: FollowUp
    on: Day
    decision: Decision = field(repr=False)
    engine_asked: str | None = field(default=None, repr=False)

    def __eq__(self, other: object) -> bool:
        """Return True where both documents say the same."""
        if isinstance(other, Plan):
            other = other.document
        return self.document == other if isinstance(other, PlanDocument) else NotImplemented

    def __hash__(self) -> int:
        """Return a hash of the follow-up and the day."""
        return hash((self.follow_up.force.id, self.on, self.decision.evaluation.fired))

    @classmethod
    def from_json(cls, text: str, *, name: str = "") -> PlanDocument:
        """Return the document that :meth:`to_json` wrote; raise RecordError for any other text.

        It has no follow-up and no rules, so nothing can be asked of it but what it says.
        """
        return PlanDocument.from_json(text, name=name)

    @cached_property
    def document(self) -> PlanDocument:
        """Return the plan as plain typed data."""
        return PlanDocument(
            schema=SCHEMA,
            force=self.force,
            force_name=self.force_name,
            country=self.country,
            chief_officer=self.chief_officer,
            local_policing_body=self.local_policing_body,
            on=self.on,
            on_text=self.on_text,
            ruleset_id=self.ruleset_id,
            methodology=self.methodology,
            edition=self.edition,
            engine=self.engine,
            engine_note=self.engine_note,
            tier=self._outcomes.get("tier"),
            outcomes=self.outcomes,
            required_actions=self.required_actions,
            optional_actions=self.optional_actions,
            documents=self.documents,
            deadlines=self.deadlines,
            questions=self.questions,
            alerts=self.alerts,
            unknown=self.unknown,
            interpretations=self.interpretations,
        )

    # What identifies it.

    @property
    def ruleset(self) -> Ruleset:
        """Return the ruleset that the plan follows."""
        return self.decision.ruleset

    @property
    def force(self) -> str:
        """Return the short name of the force."""
        return self.follow_up.force.id

    @property
    def force_name(self) -> str:
        """Return the name of the force."""
        return self.follow_up.force.name

    @property
    def country(self) -> str:
        """Return the country of the force."""
        return self.follow_up.force.country

    @property
    def chief_officer(self) -> str:
        """Return the title of the force's chief officer on the day."""
        return self._subject.chief_officer

    @property
    def local_policing_body(self) -> str:
        """Return the title of the force's local policing body on the day."""
        return self._subject.local_policing_body

    @property
    def on_text(self) -> str:
        """Return the day of the assessment as an officer reads it."""
        return format_day(self._day)

    @property
    def ruleset_id(self) -> str:
        """Return the id of the ruleset."""
        return self.ruleset.settings.id

    @property
    def methodology(self) -> str:
        """Return the title of the methodology."""
        return self.ruleset.settings.title

    @property
    def edition(self) -> str:
        """Return the edition of the ruleset."""
        return self.ruleset.settings.edition

    @property
    def engine(self) -> str:
        """Return the name of the engine that decided."""
        return self.decision.engine

    @property
    def engine_note(self) -> str | None:
        """Return why another engine than usual decided, or None."""
        return engine_of(self.ruleset, self.engine_asked).fallback_reason or None

    @cached_property
    def _day(self) -> int:
        return self.on.toordinal()

    @property
    def _shared(self) -> SharedParts:
        return self.ruleset.derive(SharedParts)

    @cached_property
    def _subject(self) -> Subject:
        return self._shared.subject(self.follow_up.force, self._day, self.decision.naming)

    @property
    def _templates(self) -> Templates:
        return self._subject.templates

    # What it says.

    @cached_property
    def _outcomes(self) -> dict[str, PlanOutcome]:
        return {
            name: self._templates.outcome(decided)
            for name, decided in self.decision.outcomes.items()
        }

    @property
    def tier(self) -> PlanOutcome:
        """Return the type of follow-up and its basis.

        Raises UnknownItemError where the ruleset decides no ``tier``.
        """
        try:
            return self._outcomes["tier"]
        except KeyError:
            msg = "This ruleset decides no 'tier'."
            raise UnknownItemError(msg) from None

    @property
    def outcomes(self) -> dict[str, PlanOutcome]:
        """Return every outcome but the tier, by its id."""
        return {name: outcome for name, outcome in self._outcomes.items() if name != "tier"}

    @cached_property
    def required_actions(self) -> tuple[Action, ...]:
        """Return what must, usually is or is expected to be done, in the order of events."""
        return self._actions(self.decision.applicable.required_actions)

    @cached_property
    def optional_actions(self) -> tuple[Action, ...]:
        """Return what may be done; nobody has chosen it yet."""
        return self._actions(self.decision.applicable.optional_actions)

    def _actions(self, rules: tuple[ActionRule, ...]) -> tuple[Action, ...]:
        return tuple(actions_of(rules, self.follow_up, self._dated[1], self._day, self._templates))

    @cached_property
    def documents(self) -> tuple[DocumentRequest, ...]:
        """Return the documents that may be asked for."""
        return tuple(documents_of(self.decision, self.follow_up, self._templates))

    @property
    def deadlines(self) -> tuple[PlanDeadline, ...]:
        """Return the deadlines, in the order of events."""
        return self._dated[0]

    @cached_property
    def _dated(self) -> Dated:
        """Return the deadlines, and what is owed by event; the same for the same dates and day."""
        dates, decision = self.follow_up.dates, self.decision
        whole = dates.known if isinstance(dates.known, bytes) else b"\2"
        if self.follow_up.waivers or 2 in whole:  # noqa: PLR2004  a date that is not one day
            return self._new_dated()
        memo, templates = self._shared.deadlines, self._templates
        key = (
            decision.applicable,
            decision.due_date_policy,
            dates.known,
            dates.days,
            self._day,
            templates,
        )
        return memo.get(key) or memo.remember(key, self._new_dated())

    def _new_dated(self) -> Dated:
        deadlines = tuple(deadlines_on(self.schedule, self.follow_up, self._day, self._templates))
        return deadlines, owed_by(self.schedule)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return the questions that the follow-up is to answer."""
        return self._templates.questions(self.decision.applicable.questions)

    @cached_property
    def alerts(self) -> tuple[Alert, ...]:
        """Return what a reader should know besides."""
        return tuple(
            alerts_of(self.decision, self.follow_up, self.deadlines, self._day, self._templates)
        )

    @cached_property
    def unknown(self) -> tuple[StillUnknown, ...]:
        """Return the facts and dates that are not known, facts and the most weighty first."""
        memo, decision = self._shared.unknown, self.decision
        facts = memo.get(decision)
        if facts is None:
            facts = memo.remember(decision, unknown_facts(decision))
        events = self.follow_up.dates.events
        return facts + unknown_dates(self.ruleset, self.decision.applicable.deadlines, events)

    @cached_property
    def interpretations(self) -> tuple[InterpretationTaken, ...]:
        """Return the open questions on which some part of the plan rests, with their answers."""
        values, questions = self.decision.values, self.ruleset.interpretations
        parts = (
            *self._outcomes.values(),
            *self.required_actions,
            *self.optional_actions,
            *self.documents,
            *self.deadlines,
            *self.questions,
            *self.alerts,
        )
        ids = {id_ for part in parts for id_ in part.interpretations}
        selection = self.ruleset.settings.documents_suggested
        if self.documents and selection in questions:
            ids.add(selection)
        ids.update(id_ for id_, asked in questions.items() if values[id_] != asked.ours)
        return tuple(
            self._templates.interpretation(id_, values[id_])
            for id_ in sorted(ids, key=interpretation_order)
        )

    # What it was made from.

    @property
    def figures(self) -> dict[str, Figures]:
        """Return where each deadline stands, as numbers, by its id.

        They are those of ``deadlines``, without windows and sentences: the quickest way to have
        them of many follow-ups.
        """
        return figures_by(self.decision, self.follow_up.dates, self._day)

    @cached_property
    def schedule(self) -> tuple[Deadline, ...]:
        """Return the deadlines as constraints between events, in the order of ``deadlines``."""
        return deadlines_of(
            self.decision.applicable.deadlines,
            self.follow_up.dates.events,
            self._day,
            self.ruleset.calendar,
            self.decision.due_date_policy,
            figures=self.figures,
        )

    @property
    def items(self) -> dict[str, Rule]:
        """Return the rule of every item by the item's id."""
        rules = self.ruleset.rules
        by_item: dict[str, Rule] = {
            rule.id: rule for decided in self.decision.outcomes.values() for rule in decided.rules
        }
        for group in (
            self.required_actions,
            self.optional_actions,
            self.documents,
            self.deadlines,
            self.questions,
            self.alerts,
        ):
            by_item |= {item.id: rules[item.rules[0]] for item in group if item.rules}
        return by_item

    @property
    def places(self) -> Mapping[str, str]:
        """Return where each fact stands in a follow-up file."""
        return {**EVENT_PLACES, **FACT_PLACES}
