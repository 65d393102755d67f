"""The plan of one follow-up: its document, made from what was decided when it is first read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.core import FURTHER, Day, UnknownItemError, remembered
from ncpi_rules.facts import FollowUp, NamedFacts, name_facts
from ncpi_rules.plan.document import PlanDocument
from ncpi_rules.plan.inputs import values_for
from ncpi_rules.plan.parts import PlanParts, SharedParts
from ncpi_rules.plan.statuses import figures_on
from ncpi_rules.plan.views import Views
from ncpi_rules.ruleset import Decision, Editions, Rule, decided

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.core import When
    from ncpi_rules.deadlines import Deadline, Figures
    from ncpi_rules.plan.document import (
        Action,
        Alert,
        DocumentRequest,
        InterpretationTaken,
        PlanDeadline,
        PlanItem,
        PlanOutcome,
        PlanRevisit,
        Question,
    )
    from ncpi_rules.plan.inputs import StillUnknown
    from ncpi_rules.plan.merged import SeveralParts
    from ncpi_rules.plan.revisits import RevisitsOn
    from ncpi_rules.ruleset import Rules, Ruleset


@frozen(eq=False, slots=False)  # slots would take a third of the time of making one
class Plan(Views):
    """What becomes of one follow-up on one day: a document, and what it was made from.

    Every part of the document is here under its own name, made when it is first read; reading one
    asks no engine. Two plans are equal where their documents are. ``engine_asked`` names the engine
    that was asked for, and ``editions`` those among which the follow-up's date selected one.
    ``decision`` is about the current revisit. Where the plan ``is_of_one``, it is about that alone,
    the last one of the follow-up.
    """

    follow_up: FollowUp
    on: Day
    decision: Decision = field(repr=False)
    engine_asked: str | None = field(default=None, repr=False)
    editions: Editions | None = field(default=None, repr=False)
    is_of_one: bool = field(default=False, repr=False)

    def __eq__(self, other: object) -> bool:
        """Return True where both documents say the same."""
        if isinstance(other, Plan):
            other = other.document
        return self.document == other if isinstance(other, PlanDocument) else NotImplemented

    def __hash__(self) -> int:
        """Return a hash of the follow-up and the day."""
        return hash((self.follow_up.about.name, self.on, self.decision.evaluation.fired))

    @classmethod
    def from_json(cls, text: str, *, name: str = "") -> PlanDocument:
        """Return the document that :meth:`to_json` wrote; raise RecordError for any other text.

        It has neither the follow-up nor the rules, so it explains nothing.
        """
        return PlanDocument.from_json(text, name=name)

    @remembered
    def _parts(self) -> PlanParts | SeveralParts:
        shared = self.ruleset.derive(SharedParts)
        day, known = self.on.toordinal(), self._revisits
        engine, editions = self.engine_asked, self.editions
        parts = shared.parts(self.current, day, self.decision, engine, editions)
        if known is None or known.is_plain:
            return parts
        from ncpi_rules.plan.merged import SeveralParts  # noqa: PLC0415  few have several revisits

        earlier = tuple(plan.parts_of_one for plan in self.earlier)
        return SeveralParts(own=parts, earlier=earlier, known=known)

    @property
    def parts_of_one(self) -> PlanParts:
        """Return the parts of the plan for the current revisit alone."""
        parts = self._parts
        return parts if isinstance(parts, PlanParts) else parts.own

    @remembered
    def _revisits(self) -> RevisitsOn | None:
        """Return the revisits of the follow-up, or None where there can be one only."""
        if self.is_of_one or not self.follow_up.may_have_several:
            return None
        from ncpi_rules.plan.revisits import revisits_on  # noqa: PLC0415  few have several

        return revisits_on(self.follow_up, self.ruleset, self.on.toordinal())

    @property
    def current(self) -> FollowUp:
        """Return the follow-up as it stands for the current revisit."""
        known = self._revisits if self.follow_up.may_have_several else None
        return self.follow_up if known is None else known.current

    @remembered
    def earlier(self) -> tuple[Plan, ...]:
        """Return the plan of each earlier revisit alone, by what stood when the next was opened."""
        if self._revisits is None or not self._revisits.earlier:
            return ()
        ruleset, engine = self.ruleset, self.engine_asked
        answers = {id_: self.decision.values[id_] for id_ in ruleset.interpretations}
        plans = []
        for revisit in self._revisits.earlier:
            case = {**values_for(revisit.follow_up, ruleset, revisit.by), **answers}
            decision = decided(ruleset, case, engine)
            plans.append(Plan(revisit.follow_up, self.on, decision, engine, is_of_one=True))
        return tuple(plans)

    @remembered
    def facts(self) -> NamedFacts:
        """Return the facts of the current revisit by their names in the vocabulary."""
        return name_facts(self.current, self.ruleset.contract)

    @property
    def events(self) -> Mapping[str, When]:
        """Return the date of every event, by its name."""
        return self.facts.dates.events

    @property
    def document(self) -> PlanDocument:
        """Return the plan as plain typed data."""
        return self._parts.document

    # What identifies it.

    @property
    def ruleset(self) -> Ruleset:
        """Return the ruleset that the plan follows."""
        return self.decision.ruleset

    @property
    def rules_asked(self) -> Rules:
        """Return what the plan was asked of: the ruleset that it follows, or several editions."""
        return self.editions if self.editions is not None else self.ruleset

    # What it says.

    @property
    def headline(self) -> PlanOutcome:
        """Return the outcome that the ruleset puts first, such as the tier, and its basis.

        Raises UnknownItemError where the ruleset names no ``headline``.
        """
        try:
            return self._parts.outcomes[self.ruleset.settings.headline]
        except KeyError:
            msg = "This ruleset names no headline: its outcomes are all under 'outcomes'."
            raise UnknownItemError(msg) from None

    @property
    def outcomes(self) -> dict[str, PlanOutcome]:
        """Return every outcome but the headline, by its id."""
        headline = self.ruleset.settings.headline
        return {name: outcome for name, outcome in self._parts.outcomes.items() if name != headline}

    @property
    def revisits(self) -> tuple[PlanRevisit, ...]:
        """Return the revisits in their order, the current one last; none where there is one."""
        return self._parts.revisits

    @property
    def required_actions(self) -> tuple[Action, ...]:
        """Return what must, usually is or is expected to be done, in the order of events."""
        return self._parts.required_actions

    @property
    def optional_actions(self) -> tuple[Action, ...]:
        """Return the optional actions; nobody has chosen any yet."""
        return self._parts.optional_actions

    @property
    def documents(self) -> tuple[DocumentRequest, ...]:
        """Return the documents that may be asked for."""
        return self._parts.documents

    @property
    def deadlines(self) -> tuple[PlanDeadline, ...]:
        """Return the deadlines, in the order of events."""
        return self._parts.deadlines

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return the questions that the follow-up is to answer."""
        return self._parts.questions

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Return what a reader should know besides."""
        return self._parts.alerts

    @property
    def unknown(self) -> tuple[StillUnknown, ...]:
        """Return the facts and dates that are not known, facts and the most weighty first."""
        return self._parts.unknown

    @property
    def interpretations(self) -> tuple[InterpretationTaken, ...]:
        """Return the open questions on which some part of the plan rests, with their answers."""
        return self._parts.interpretations

    @property
    def statements(self) -> dict[str, str]:
        """Return the summary of each statement on which something in the plan rests, by its id."""
        return dict(self.document.statements)

    # What it was made from.

    @property
    def figures(self) -> dict[str, Figures]:
        """Return where each deadline stands, as numbers, by its id.

        They are those of ``deadlines``, without windows and sentences: the quickest way to have
        them of many follow-ups.
        """
        if self.follow_up.may_have_several and self.earlier:
            pairs = zip(self.deadlines, self.schedule, strict=True)
            return {item.id: deadline.figures for item, deadline in pairs}
        facts, decision = self.facts, self.decision
        by_case = figures_on(facts.follow_up, facts.dates, decision, self.on.toordinal())
        rules = decision.ruleset.rules
        return {rules[id_].rule: figures for id_, figures in by_case.items()}

    @property
    def schedule(self) -> tuple[Deadline, ...]:
        """Return the deadlines as constraints between events, in the order of ``deadlines``."""
        return self._parts.schedule

    def of_revisit(self, number: int | None) -> Plan:
        """Return the plan of a revisit alone; of the current one, and of what is once, this one."""
        is_earlier = number is not None and number <= len(self.earlier)
        return self.earlier[number - 1] if number is not None and is_earlier else self

    def scheduled(self) -> Iterator[tuple[PlanDeadline, Deadline, Plan]]:
        """Yield each deadline as an item and as a constraint, and the plan of its revisit."""
        for item, deadline in zip(self.deadlines, self.schedule, strict=True):
            yield item, deadline, self.of_revisit(item.revisit)

    @property
    def items(self) -> dict[str, Rule]:
        """Return the rule of every item by the item's id."""
        rules = {rule.rule: rule for rule in self.decision.rules}
        by_item: dict[str, Rule] = {
            id_: rules[id_]
            for decided in self.decision.outcomes.values()
            for id_ in decided.rule_ids
        }
        for item in self._all_items:
            if (of := self.of_revisit(item.revisit)) is not self:
                by_item[item.id] = of.items[item.id]
            elif item.rules:
                by_item[item.id] = rules[item.rules[0]]
        return by_item

    def of_item(self, id_: str) -> Plan:
        """Return the plan of a revisit, or that an item belongs to; this one for another name."""
        numbers = {item.id: item.revisit for item in self._all_items} if self.earlier else {}
        numbers |= {revisit.id: revisit.number for revisit in self.revisits}
        return self.of_revisit(numbers.get(id_))

    @property
    def _all_items(self) -> tuple[PlanItem, ...]:
        return (
            *self.required_actions,
            *self.optional_actions,
            *self.documents,
            *self.deadlines,
            *self.questions,
            *self.alerts,
        )

    @property
    def places(self) -> Mapping[str, str]:
        """Return where each fact and each event that has a field is written in a follow-up file."""
        contract = self.ruleset.contract
        sources = {**contract.facts, **contract.events}
        return {name: contract.place(name) for name, of in sources.items() if of != FURTHER}
