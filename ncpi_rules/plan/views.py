"""What identifies a plan, other forms of it, and explanations, each fetched when it is called.

They are made by functions of the rooms above. This module alone imports upwards, and only inside
its methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.core import PartialDate
    from ncpi_rules.explain import Counterfactual, Margin, Sensitivity
    from ncpi_rules.plan.document import Action, PlanDocument
    from ncpi_rules.plan.inputs import RevisitDays
    from ncpi_rules.plan.plan import Plan
    from ncpi_rules.plots import Picture


class Views:
    """What identifies a plan, other forms of it, and explanations."""

    __slots__ = ()

    @property
    def _plan(self) -> Plan:
        return cast("Plan", self)

    @property
    def subject(self) -> str:
        """Return the short name of what was inspected."""
        return self._plan.follow_up.about.id

    @property
    def subject_name(self) -> str:
        """Return the name of what was inspected."""
        return self._plan.follow_up.about.name

    @property
    def subject_title(self) -> str:
        """Return what was inspected, such as ``a force``."""
        return self._plan.ruleset.settings.subject_title

    @property
    def country(self) -> str | None:
        """Return the country of a force, or None for any other subject."""
        return self._plan.follow_up.about.country or None

    @property
    def chief_officer(self) -> str | None:
        """Return the title of a force's chief officer on the day, or None."""
        return self._plan.parts_of_one.offices.chief_officer

    @property
    def local_policing_body(self) -> str | None:
        """Return the title of a force's local policing body on the day, or None."""
        return self._plan.parts_of_one.offices.local_policing_body

    @property
    def note(self) -> str | None:
        """Return what the facts note for a reader, or None."""
        return self._plan.follow_up.note or None

    @property
    def on_text(self) -> str:
        """Return the day of the assessment as an officer reads it."""
        return self._plan.document.on_text

    @property
    def ruleset_id(self) -> str:
        """Return the id of the ruleset."""
        return self._plan.ruleset.settings.id

    @property
    def methodology(self) -> str:
        """Return the title of the methodology."""
        return self._plan.ruleset.settings.title

    @property
    def edition(self) -> str:
        """Return the edition of the ruleset."""
        return self._plan.ruleset.settings.edition

    @property
    def digest(self) -> str:
        """Return the fingerprint of all that the ruleset says."""
        return self._plan.ruleset.digest

    @property
    def based_on(self) -> str | None:
        """Return the edition of the library's from which the rules were copied, or None."""
        return self._plan.document.based_on

    @property
    def edited(self) -> bool:
        """Return whether the rules are an edited copy of an edition of the library's."""
        return self._plan.document.edited

    @property
    def first_event(self) -> str | None:
        """Return the event with which a follow-up begins, in few words, or None."""
        return self._plan.document.first_event

    @property
    def begins(self) -> PartialDate | None:
        """Return the date of that event, or None where it is not known."""
        return self._plan.document.begins

    @property
    def begins_text(self) -> str:
        """Return that date as an officer reads it, or whether it is not known or to come."""
        return self._plan.document.begins_text

    @property
    def fieldwork(self) -> RevisitDays | None:
        """Return when the current revisit begins and ends, or None where no event is for it."""
        return self._plan.document.fieldwork

    @property
    def engine(self) -> str:
        """Return the name of the engine that decided."""
        return self._plan.decision.engine

    @property
    def engine_note(self) -> str | None:
        """Return why another engine than usual decided, or None."""
        return self._plan.document.engine_note

    def why(self, name: str) -> tuple[str, ...]:
        """Return why something is in the plan, in sentences; why not, where it is not.

        It may be an item, an outcome such as ``tier``, or what ``why_not`` takes. Raises
        UnknownItemError, with the nearest name, for anything else.
        """
        from ncpi_rules.explain import why

        return why(self._plan, name)

    def why_not(self, name: str) -> tuple[str, ...]:
        """Return why a rule, a value such as a tier, or the rules on an event do not apply.

        Raises UnknownItemError, with the nearest name, for what the ruleset does not have.
        """
        from ncpi_rules.explain import why_not

        return why_not(self._plan, name)

    def sensitivity(self) -> Sensitivity:
        """Return which interpretations matter here, and what other answers would change.

        One answer is changed at a time; all others stay as they were asked for.
        """
        from ncpi_rules.explain import sensitivity

        return sensitivity(self._plan)

    def what_would_change(
        self,
        *,
        fixed: Iterable[str] = (),
        interpretations: bool = False,
        **wanted: str | Iterable[str],
    ) -> tuple[Counterfactual, ...]:
        """Return the smallest sets of facts that would have to differ for an outcome, all of them.

        ``wanted`` names outcomes with a value or several, such as ``tier="full-re-inspection"``.
        A fact has only the values that it can still have; those that ``fixed`` names stay as they
        are.
        """
        from ncpi_rules.explain import what_would_change

        return what_would_change(self._plan, fixed=fixed, interpretations=interpretations, **wanted)

    def irrelevant_facts(self) -> tuple[str, ...]:
        """Return the facts that make no difference here."""
        from ncpi_rules.explain import irrelevant_facts

        return irrelevant_facts(self._plan)

    def margins(self) -> tuple[Margin, ...]:
        """Return by how many days a date could move before a deadline changes its status."""
        from ncpi_rules.explain import margins

        return margins(self._plan)

    @property
    def next_action(self) -> Action | None:
        """Return the required action that is due first of those still to be done, or None."""
        from ncpi_rules.plan.rows import next_action

        return next_action(cast("Plan", self).document)

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each action, document and deadline, for a table or a database."""
        from ncpi_rules.plan.rows import rows

        return rows(cast("Plan", self).document)

    def plot(self) -> Picture:
        """Return a timeline of the deadlines, as SVG that a notebook shows."""
        from ncpi_rules.plots import timeline

        return timeline(self._plan)

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as text, numbers, lists and mappings: the form of its JSON."""
        return self._plan.document.to_dict()

    def to_json(self, *, since: Plan | PlanDocument | None = None) -> str:
        """Return the plan as JSON; with what has changed ``since`` an earlier one, in two parts."""
        from ncpi_rules.plan.since import PlanSince

        document, earlier = self._plan.document, _document(since)
        return (document if earlier is None else PlanSince.of(earlier, document)).to_json()

    def to_text(self, *, full: bool = False, since: Plan | PlanDocument | None = None) -> str:
        """Return a summary of at most 25 lines; where it is ``full``, the whole plan as text.

        ``since`` is an earlier plan, such as that of a record: what has changed comes first.
        """
        from ncpi_rules.report import summary, text

        return (text if full else summary)(self._plan.document, since=_document(since))

    def to_markdown(self, *, since: Plan | PlanDocument | None = None) -> str:
        """Return the plan as Markdown; what has changed ``since`` an earlier one comes first."""
        from ncpi_rules.report import markdown

        return markdown(self._plan.document, since=_document(since))

    def to_html(self, *, since: Plan | PlanDocument | None = None, review: str = "") -> str:
        """Return the plan as one page of HTML that loads nothing from elsewhere.

        What has changed ``since`` an earlier plan comes first. ``review`` is the address of a
        review pack of the rules, to which whatever is cited leads.
        """
        from ncpi_rules.report import html

        return html(self._plan.document, since=_document(since), review=review)

    def _repr_html_(self) -> str:
        from ncpi_rules.report import html_part

        return html_part(self._plan.document)

    def __str__(self) -> str:
        """Return the summary of the plan as plain text."""
        return self.to_text()


def _document(plan: Plan | PlanDocument | None) -> PlanDocument | None:
    """Return the document of a plan, or what is one already."""
    document: PlanDocument | None = getattr(plan, "document", plan)  # type: ignore[arg-type]
    return document
