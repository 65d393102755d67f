"""The parts of a plan, shared by all follow-ups with the same plan."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final, TypeVar

from attrs import field, frozen

from ncpi_rules.core import Memo, PartialDate, day_of, format_day, lower_first, remembered
from ncpi_rules.deadlines import Deadline, schedule
from ncpi_rules.facts import Dates, FollowUp, name_facts
from ncpi_rules.plan.build import (
    actions_of,
    alerts_of,
    deadlines_on,
    documents_of,
    edition_alerts,
    numbered,
)
from ncpi_rules.plan.document import (
    SCHEMA,
    Action,
    Alert,
    DocumentRequest,
    Grounds,
    InterpretationTaken,
    PlanDeadline,
    PlanDocument,
    PlanItem,
    PlanOutcome,
    PlanRevisit,
    Question,
)
from ncpi_rules.plan.inputs import Repeating, StillUnknown, context_of, unknown_dates, unknown_facts
from ncpi_rules.plan.statuses import StatusTexts, figures_on, let_off_by
from ncpi_rules.plan.templates import Names, Offices, Templates
from ncpi_rules.ruleset import (
    DOCUMENTS_SUGGESTED,
    ActionRule,
    Decision,
    Editions,
    Ruleset,
    engine_of,
    interpretation_order,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.core import Naming, Subject, When
    from ncpi_rules.facts import NamedFacts

T = TypeVar("T", bound=PlanItem)
_MOST_PLANS: Final = 1024


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class PlanParts:
    """The parts of a plan for one revisit, each made when it is first read.

    Where there are several revisits, the follow-up is as it stands for this one, and what repeats
    has its number.
    """

    follow_up: FollowUp
    day: int
    decision: Decision
    engine_asked: str | None
    editions: Editions | None
    shared: SharedParts

    @property
    def facts(self) -> NamedFacts:
        """Return the facts by their names in the vocabulary."""
        return name_facts(self.follow_up, self.decision.ruleset.contract)

    @property
    def dates(self) -> Dates:
        """Return the date of every event."""
        return self.facts.dates

    @property
    def number(self) -> int:
        """Return the number of the revisit, and 0 where there is one only."""
        return len(self.follow_up.revisits)

    @property
    def repeating(self) -> Repeating:
        """Return what repeats with each revisit."""
        return self.decision.ruleset.derive(Repeating)

    def _numbered(self, items: Iterable[T]) -> tuple[T, ...]:
        """Return items of the plan, those that repeat with the number of the revisit."""
        if not self.number:
            return tuple(items)
        return tuple(numbered(item, self.number, self.repeating.rules) for item in items)

    @remembered
    def schedule(self) -> tuple[Deadline, ...]:
        """Return the deadlines as constraints between events."""
        decision, dates = self.decision, self.dates
        rules = decision.applicable.deadlines
        return schedule(
            rules,
            dates.events,
            self.day,
            decision.due_date_policy,
            begun=self.texts.begun,
            let_off=let_off_by(self.follow_up, rules, self.day),
            figures=figures_on(self.follow_up, dates, decision, self.day),
            order=decision.ruleset.contract.order,
        )

    @remembered
    def texts(self) -> StatusTexts:
        """Return how statuses are put into sentences."""
        return StatusTexts.of(self.decision.ruleset, self.dates.events, self.day)

    @remembered
    def offices(self) -> Offices:
        """Return the offices of the subject on the day, and the templates of its plans."""
        return self.shared.offices(self.follow_up.about, self.decision.naming, self.day)

    @property
    def _templates(self) -> Templates:
        return self.offices.templates

    def _templates_of(self, when: When) -> Templates:
        """Return the templates with the parties named as on the day of an event, or of the plan."""
        if not isinstance(when, PartialDate):
            return self._templates
        subject, naming = self.follow_up.about, self.decision.naming
        return self.shared.offices(subject, naming, when.start, when.end).templates

    @remembered
    def outcomes(self) -> dict[str, PlanOutcome]:
        """Return every outcome, by its id."""
        outcomes = self.decision.outcomes.items()
        return {name: self._templates.outcome(decided) for name, decided in outcomes}

    @remembered
    def required_actions(self) -> tuple[Action, ...]:
        """Return what must, usually is or is expected to be done."""
        return self._actions(self.decision.applicable.required_actions)

    @remembered
    def optional_actions(self) -> tuple[Action, ...]:
        """Return the actions that are likely or allowed."""
        return self._actions(self.decision.applicable.optional_actions)

    def _actions(self, rules: tuple[ActionRule, ...]) -> tuple[Action, ...]:
        return self._numbered(
            actions_of(rules, self.follow_up, self.schedule, self.texts, self._templates_of)
        )

    @remembered
    def documents(self) -> tuple[DocumentRequest, ...]:
        """Return the documents that may be asked for."""
        return self._numbered(documents_of(self.decision, self.follow_up, self._templates))

    @remembered
    def deadlines(self) -> tuple[PlanDeadline, ...]:
        """Return the deadlines."""
        return self._numbered(
            deadlines_on(self.schedule, self.follow_up, self.texts, self._templates_of)
        )

    @remembered
    def questions(self) -> tuple[Question, ...]:
        """Return the questions that the follow-up is to answer."""
        return tuple(map(self._templates.question, self.decision.applicable.questions))

    @remembered
    def alerts(self) -> tuple[Alert, ...]:
        """Return what a reader should know besides."""
        decision, follow_up, editions = self.decision, self.follow_up, self.editions
        possible = (decision.ruleset,) if editions is None else editions.editions
        return (
            *edition_alerts(possible, follow_up, self.day),
            *alerts_of(decision, follow_up, self.deadlines, self.texts, self._templates),
        )

    @remembered
    def unknown(self) -> tuple[StillUnknown, ...]:
        """Return the facts, then the dates, that are not known."""
        memo, decision = self.shared.unknown, self.decision
        facts = memo.get(decision)
        if facts is None:
            facts = memo.remember(decision, unknown_facts(decision))
        return facts + self.unknown_dates

    @property
    def unknown_dates(self) -> tuple[StillUnknown, ...]:
        """Return the dates that are not known and that deadlines wait for."""
        deadlines, events = self.decision.applicable.deadlines, self.decision.ruleset.events
        name = f" ({lower_first(self.name)})" if self.number else ""
        whose = dict.fromkeys(self.repeating.events, name)
        return unknown_dates(self.facts, deadlines, events, whose)

    @property
    def name(self) -> str:
        """Return which revisit it is, such as ``First revisit``."""
        return self.repeating.name_of(self.number)

    @remembered
    def interpretations(self) -> tuple[InterpretationTaken, ...]:
        """Return the open questions on which some part of the plan rests, with their answers."""
        return self.interpretations_of(self.cited)

    def interpretations_of(self, parts: Iterable[Grounds]) -> tuple[InterpretationTaken, ...]:
        """Return the open questions on which some parts of a plan rest, with their answers."""
        ruleset, values = self.decision.ruleset, self.decision.values
        ids = {id_ for part in parts for id_ in part.interpretations}
        if self.documents:
            ids |= {ruleset.choice(DOCUMENTS_SUGGESTED)} & ruleset.interpretations.keys()
        ids |= {id_ for id_, asked in ruleset.interpretations.items() if values[id_] != asked.ours}
        return tuple(
            self._templates.interpretation(id_, values[id_])
            for id_ in sorted(ids, key=interpretation_order)
        )

    @property
    def cited(self) -> tuple[Grounds, ...]:
        """Return every part of the plan that has grounds."""
        actions = (*self.required_actions, *self.optional_actions)
        others = (*self.documents, *self.deadlines, *self.questions, *self.alerts)
        return (*self.outcomes.values(), *actions, *others)

    @property
    def revisits(self) -> tuple[PlanRevisit, ...]:
        """Return nothing: there is one revisit."""
        return ()

    @remembered
    def document(self) -> PlanDocument:
        """Return the whole plan."""
        follow_up, ruleset = self.follow_up, self.decision.ruleset
        subject, headline = follow_up.about, ruleset.settings.headline
        engine = engine_of(ruleset, self.engine_asked)
        return PlanDocument(
            schema=SCHEMA,
            subject=subject.id,
            subject_name=subject.name,
            subject_title=ruleset.settings.subject_title,
            country=subject.country or None,
            chief_officer=self.offices.chief_officer,
            local_policing_body=self.offices.local_policing_body,
            note=follow_up.note or None,
            on=day_of(self.day),
            on_text=format_day(self.day),
            engine=self.decision.engine,
            engine_note=engine.fallback_reason or None,
            headline=self.outcomes.get(headline),
            outcomes={name: outcome for name, outcome in self.outcomes.items() if name != headline},
            revisits=self.revisits,
            required_actions=self.required_actions,
            optional_actions=self.optional_actions,
            documents=self.documents,
            deadlines=self.deadlines,
            questions=self.questions,
            alerts=self.alerts,
            unknown=self.unknown,
            interpretations=self.interpretations,
            **context_of(follow_up, ruleset, self.cited),
        )


def _dates_key(dates: Dates) -> tuple[Hashable, Hashable]:
    """Return what two follow-ups have in common where all their dates are the same."""
    if 2 not in dates.known:  # noqa: PLR2004  a partial date
        return dates.known, dates.days
    return dates.known, tuple(dates.events.values())


@frozen(eq=False, repr=False)
class SharedParts:
    """What plans of a ruleset share: the parts of plans, templates of items and unknown facts."""

    ruleset: Ruleset
    unknown: Memo[Decision, tuple[StillUnknown, ...]] = field(factory=Memo, init=False)
    _plans: Memo[Hashable, PlanParts] = field(init=False)
    _offices: Memo[Hashable, Offices] = field(factory=Memo, init=False)
    _templates: Memo[Hashable, Templates] = field(factory=Memo, init=False)

    @_plans.default
    def _no_plans(self) -> Memo[Hashable, PlanParts]:
        return Memo(_MOST_PLANS)

    def parts(
        self,
        follow_up: FollowUp,
        day: int,
        decision: Decision,
        engine_asked: str | None,
        editions: Editions | None = None,
    ) -> PlanParts:
        """Return the parts of a plan on a day (an ordinal).

        They are shared by all plans of the same decision in which the subject, the dates, the
        recorded decisions, the recommendations, the areas of concern and the note are the same: the
        document says nothing else of a follow-up.
        """
        dates = name_facts(follow_up, self.ruleset.contract).dates
        key = (
            decision,
            engine_asked,
            editions,
            day,
            follow_up.about.name,
            len(follow_up.revisits),
            *_dates_key(dates),
            follow_up.decisions,
            follow_up.inspection_report.recommendations,
            follow_up.action_plan.areas_of_concern,
            follow_up.note,
        )
        parts = self._plans.get(key)
        if parts is None:
            parts = PlanParts(
                follow_up=follow_up,
                day=day,
                decision=decision,
                engine_asked=engine_asked,
                editions=editions,
                shared=self,
            )
            self._plans.remember(key, parts)
        return parts

    def offices(
        self, subject: Subject, naming: Naming, day: int, last: int | None = None
    ) -> Offices:
        """Return the offices of a subject on a day (an ordinal), and the templates of its plans.

        ``last`` is the last of the days that it may be, where that is not known exactly.
        """
        key = subject.name, subject.in_office(day, day if last is None else last), naming
        offices = self._offices.get(key)
        if offices is None:
            names = Names(self.ruleset, subject, day, naming, last)
            everybody = tuple(map(names.name, self.ruleset.parties))
            templates = self._templates.get(everybody)
            if templates is None:  # shared by the subjects in which every party has the same name
                templates = self._templates.remember(everybody, Templates(self.ruleset, names))
            titles = names.office("chief-officer"), names.office("local-policing-body")
            offices = self._offices.remember(key, Offices(*titles, templates))
        return offices
