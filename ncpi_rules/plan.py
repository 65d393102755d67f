"""The plan: what becomes of one follow-up, each item with the rules and statements behind it.

Floor 9. A plan never changes. What can be explained is explained when it is asked for.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ncpi_rules import render
from ncpi_rules.assessed import Assessed
from ncpi_rules.counterfactuals import (
    Boundary,
    Change,
    days_to_the_boundary,
    depends_on_nothing,
    what_would_change,
)
from ncpi_rules.doubting import Sensitivity, sensitivity
from ncpi_rules.errors import Problem, UnknownItemError, nearest
from ncpi_rules.explain import sentence, why_not, why_rule
from ncpi_rules.facts import EVENTS, WORDS
from ncpi_rules.letting_go import says_decision
from ncpi_rules.pictures.timeline import timeline
from ncpi_rules.published import as_dict
from ncpi_rules.scheduling import says_standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.pictures.picture import Picture


@frozen(eq=False, slots=False)
class Plan(Assessed):
    """What becomes of one follow-up on one day.

    Two plans are equal when what they say is equal.
    """

    def __eq__(self, other: object) -> bool:
        """Return True where both say the same."""
        if not isinstance(other, Plan):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        """Return a hash of the follow-up and the day."""
        return hash((self.follow_up.force.id, self.on, self.decision.evaluation.fired))

    def why(self, item: str) -> tuple[str, ...]:
        """Return why an item is in the plan, in sentences; ``tier`` explains the tier.

        Raises UnknownItemError, with the nearest id, for an item that the plan does not have.
        """
        if item in self.decision.outcomes:
            return tuple(self._why_outcome(item))
        items = self.items
        rule = items.get(item) or next((each for each in items.values() if each.id == item), None)
        if rule is None and item in self.ruleset.rules:
            return self.why_not(item)
        if rule is None:
            guess = nearest(item, items)
            raise UnknownItemError(
                Problem(
                    place="",
                    sentence=f"The plan has no item '{item}'.",
                    help=f"Did you mean '{guess}'?" if guess else "Look for its id in the plan.",
                )
            )
        lines = list(why_rule(self.decision, rule, self.places))
        lines[1:1] = self._standing(item)
        return tuple(lines)

    def _standing(self, item: str) -> Iterator[str]:
        """Yield where an item stands, beside the reasons for it."""
        rules = self.ruleset.rules
        for deadline in self.deadlines:
            if deadline.id == item:
                yield from says_standing(deadline)
                for id_ in deadline.bound_by:
                    if id_ != item:
                        yield f"The last safe day follows from {id_}: {sentence(rules[id_].title)}"
        yield from (alert.says for alert in self.alerts if alert.id == item)
        for step in (*self.steps, *self.options):
            if step.id == item and step.decision is not None:
                yield says_decision(step.decision)
        for request in self.documents:
            if request.id == item and request.called_for_by:
                yield f"It is called for by {', '.join(request.called_for_by)}."

    def _why_outcome(self, name: str) -> Iterator[str]:
        decided, outcome = self.decision.outcomes[name], self.ruleset.outcomes[name]
        word = decided.value or outcome.none
        yield f"{outcome.title}: {outcome.words[word]} ({decided.standing.says})."
        if not decided.rules:
            yield "No rule of the edition covers this case."
        for rule in decided.rules:
            yield from why_rule(self.decision, rule, self.places)

    def why_not(self, name: str) -> tuple[str, ...]:
        """Return why a rule, or a word such as a tier, does not hold, in sentences.

        Raises UnknownItemError, with the nearest name, for what the ruleset does not have.
        """
        return why_not(self.decision, name, self.places)

    def sensitivity(self) -> Sensitivity:
        """Return which readings matter for this follow-up, and what other answers would change.

        One answer is changed at a time; all others stay as they were asked for.
        """
        return sensitivity(self)

    def what_would_change(
        self,
        *,
        fixed: Iterable[str] | None = None,
        readings: bool = False,
        **wanted: str | Iterable[str],
    ) -> tuple[Change, ...]:
        """Return the smallest sets of facts that would have to differ for an outcome, all of them.

        ``wanted`` names outcomes with a word or several, such as ``tier="full-re-inspection"``.
        The past stays as it is, unless ``fixed`` names other facts.
        """
        return what_would_change(self, fixed=fixed, readings=readings, **wanted)

    def depends_on_nothing(self) -> tuple[str, ...]:
        """Return the facts on which nothing depends here."""
        return depends_on_nothing(self)

    def days_to_the_boundary(self) -> tuple[Boundary, ...]:
        """Return by how many days a date could move before a deadline stands otherwise."""
        return days_to_the_boundary(self)

    def plot(self) -> Picture:
        """Return a timeline of the deadlines, as SVG that a notebook shows.

        Raises MissingExtraError where the extra ``notebook`` is not installed.
        """
        return timeline(self)

    @property
    def places(self) -> Mapping[str, str]:
        """Return where each fact stands in a follow-up file."""
        return {**EVENTS, **WORDS}

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as text, numbers, lists and mappings, as ``schemas/plan.json`` says."""
        return as_dict(self)

    def to_json(self) -> str:
        """Return the plan as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_text(self) -> str:
        """Return the plan as plain text."""
        return render.text(self.to_dict())

    def to_markdown(self) -> str:
        """Return the plan as Markdown."""
        return render.markdown(self.to_dict())

    def to_html(self) -> str:
        """Return the plan as one page of HTML that loads nothing from elsewhere."""
        return render.html(self.to_dict())

    def _repr_html_(self) -> str:
        return render.html_part(self.to_dict())

    def __str__(self) -> str:
        """Return the plan as plain text."""
        return self.to_text()
