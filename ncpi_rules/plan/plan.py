"""The plan: what becomes of one follow-up, each item with the rules and statements behind it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.core import UNKNOWN, Day, UnknownItemError
from ncpi_rules.deadlines import Deadline, deadlines_of, figures_by
from ncpi_rules.facts import EVENT_PLACES, FACT_PLACES, FollowUp
from ncpi_rules.plan.build import Owed, Shared, actions_of, alerts_of, documents_of, owed_by
from ncpi_rules.plan.items import Action, Alert, DocumentRequest, Question, StillUnknown
from ncpi_rules.plan.views import Views
from ncpi_rules.ruleset import (
    ActionRule,
    DecidedOutcome,
    Decision,
    Rule,
    decided_for_other_values,
    engine_of,
    interpretation_order,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.deadlines import Figures
    from ncpi_rules.ruleset import Ruleset


@frozen(eq=False, slots=False)  # names would take a third of the time of making one
class Plan(Views):
    """What becomes of one follow-up on one day; its items are listed when they are first asked for.

    Two plans are equal when what they say is equal. ``engine_asked`` names the engine that was
    asked for.
    """

    follow_up: FollowUp
    on: Day
    decision: Decision = field(repr=False)
    engine_asked: str | None = field(default=None, repr=False)

    def __eq__(self, other: object) -> bool:
        """Return True where both say the same."""
        if not isinstance(other, Plan):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        """Return a hash of the follow-up and the day."""
        return hash((self.follow_up.force.id, self.on, self.decision.evaluation.fired))

    @property
    def figures(self) -> dict[str, Figures]:
        """Return where each deadline stands, as numbers, by its id.

        They are those of ``deadlines``, without windows and sentences: the quickest way to have
        them of many follow-ups.
        """
        return figures_by(self.decision, self.follow_up.dates, self.on.toordinal())

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Return where each deadline stands, in the order of events."""
        return deadlines_of(
            self.decision.applicable.deadlines,
            self.follow_up.dates.events,
            self.on.toordinal(),
            self.ruleset.calendar,
            self.decision.last_day,
            figures=self.figures,
        )

    @property
    def engine_note(self) -> str:
        """Return why the engine is not the one that would be used by default, or nothing."""
        return engine_of(self.ruleset, self.engine_asked).fallback_reason or ""

    @cached_property
    def required_actions(self) -> tuple[Action, ...]:
        """Return what must, usually is or is expected to be done, in the order of events."""
        return self._steps(self.decision.applicable.required_actions)

    @cached_property
    def optional_actions(self) -> tuple[Action, ...]:
        """Return what may be done; nobody has chosen it yet."""
        return self._steps(self.decision.applicable.optional_actions)

    def _steps(self, rules: tuple[ActionRule, ...]) -> tuple[Action, ...]:
        day = self.on.toordinal()
        return tuple(actions_of(rules, self.follow_up, self._owed, day, self._shared))

    @cached_property
    def _owed(self) -> dict[str, Owed]:
        return owed_by(self.deadlines)

    @property
    def _shared(self) -> Shared:
        return self.ruleset.derive(Shared.of)

    @cached_property
    def documents(self) -> tuple[DocumentRequest, ...]:
        """Return the documents that may be asked for."""
        return tuple(documents_of(self.decision, self.follow_up))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return the questions that the follow-up must answer."""
        return tuple(Question(id=rule.id, rule=rule) for rule in self.decision.applicable.questions)

    @cached_property
    def alerts(self) -> tuple[Alert, ...]:
        """Return what a reader should know besides."""
        day = self.on.toordinal()
        return tuple(alerts_of(self.decision, self.follow_up, self.deadlines, day, self._shared))

    @property
    def ruleset(self) -> Ruleset:
        """Return the ruleset that the plan follows."""
        return self.decision.ruleset

    @property
    def engine(self) -> str:
        """Return the name of the engine that decided."""
        return self.decision.engine

    @property
    def tier(self) -> DecidedOutcome:
        """Return the type of follow-up and its standing.

        Raises UnknownItemError where the ruleset decides no ``tier``.
        """
        try:
            return self.decision.outcomes["tier"]
        except KeyError:
            msg = "This ruleset decides no 'tier'."
            raise UnknownItemError(msg) from None

    @property
    def items(self) -> dict[str, Rule]:
        """Return the rule of every item by the item's id."""
        found: dict[str, Rule] = {
            rule.id: rule for decided in self.decision.outcomes.values() for rule in decided.rules
        }
        for group in (
            self.required_actions,
            self.optional_actions,
            self.documents,
            self.deadlines,
            self.questions,
        ):
            found |= {item.id: item.rule for item in group}
        rules = self.ruleset.rules
        found |= {alert.id: rules[alert.rules[0]] for alert in self.alerts if alert.rules}
        return found

    @property
    def unknown(self) -> tuple[StillUnknown, ...]:
        """Return the facts still unknown that some rule tests, the one that matters most first."""
        return tuple(
            sorted(
                self._unknown_facts(),
                key=lambda each: (-len(each.tiers), -each.changes, each.fact),
            )
        )

    def _unknown_facts(self) -> Iterator[StillUnknown]:
        decision, rules = self.decision, self.ruleset
        now = decision.evaluation.fired
        for name, fact in rules.facts.items():
            if decision.values[name] != fact.unknown:
                continue
            others = decided_for_other_values(decision, name)
            changes = max((len(now ^ each.evaluation.fired) for each in others.values()), default=0)
            if not changes:
                continue
            tiers = {
                outcome.value
                for each in others.values()
                if (outcome := each.outcomes.get("tier")) and outcome.value
            }
            mine = decision.outcomes["tier"].value if "tier" in decision.outcomes else None
            yield StillUnknown(
                fact=name,
                title=fact.title,
                place=FACT_PLACES.get(name, f"further.facts.{name}"),
                tiers=tuple(
                    value
                    for value in (rules.outcomes["tier"].values if "tier" in rules.outcomes else ())
                    if value in tiers and value != mine
                ),
                changes=changes,
            )

    @property
    def unknown_dates(self) -> tuple[tuple[str, int], ...]:
        """Return the events without a date, each with how many deadlines need it."""
        events = self.follow_up.events()
        counted: dict[str, int] = {}
        for deadline in self.deadlines:
            rule = deadline.rule
            for name in {rule.event, *(bound.anchor for bound in rule.bounds)}:
                if events.get(name, UNKNOWN) is UNKNOWN:
                    counted[name] = counted.get(name, 0) + 1
        return tuple(sorted(counted.items(), key=lambda each: (-each[1], each[0])))

    def interpretations_of(self, deadline: Deadline) -> tuple[str, ...]:
        """Return the interpretations on which a deadline rests, that on days off included."""
        found = set(deadline.rule.open_questions)
        days_off = self.ruleset.settings.last_day_not_working
        if deadline.working_day is not None and days_off in self.ruleset.interpretations:
            found.add(days_off)
        return tuple(sorted(found, key=interpretation_order))

    @property
    def interpretations(self) -> tuple[str, ...]:
        """Return the interpretations on which some item of the plan rests."""
        found = {id_ for rule in self.items.values() for id_ in rule.open_questions}
        found |= {id_ for alert in self.alerts for id_ in alert.interpretations}
        documents = self.ruleset.settings.documents_suggested
        if self.documents and documents in self.ruleset.interpretations:
            found.add(documents)
        found |= {id_ for each in self.deadlines for id_ in self.interpretations_of(each)}
        found |= {
            id_
            for id_, answer in self.decision.values.items()
            if id_ in self.ruleset.interpretations
            and answer != self.ruleset.interpretations[id_].ours
        }
        return tuple(sorted(found, key=interpretation_order))

    @property
    def places(self) -> Mapping[str, str]:
        """Return where each fact stands in a follow-up file."""
        return {**EVENT_PLACES, **FACT_PLACES}
