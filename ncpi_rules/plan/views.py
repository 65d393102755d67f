"""The conveniences of a plan: other forms of it, and explanations, each fetched when it is called.

They are functions of the rooms above. This module alone looks up to them, and only inside its
methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.explain import Counterfactual, Margin, Sensitivity
    from ncpi_rules.plan.plan import Plan
    from ncpi_rules.plots import Picture


class Views:
    """Other forms of a plan, and explanations of it."""

    __slots__ = ()

    def why(self, name: str) -> tuple[str, ...]:
        """Return why something is in the plan, in sentences; why not, where it is not.

        It may be an item, an outcome such as ``tier``, or what ``why_not`` takes. Raises
        UnknownItemError, with the nearest name, for anything else.
        """
        from ncpi_rules.explain import why

        return why(cast("Plan", self), name)

    def why_not(self, name: str) -> tuple[str, ...]:
        """Return why a rule, a value such as a tier, or the rules on an event do not apply.

        Raises UnknownItemError, with the nearest name, for what the ruleset does not have.
        """
        from ncpi_rules.explain import why_not

        return why_not(cast("Plan", self), name)

    def sensitivity(self) -> Sensitivity:
        """Return which interpretations matter here, and what other answers would change.

        One answer is changed at a time; all others stay as they were asked for.
        """
        from ncpi_rules.explain import sensitivity

        return sensitivity(cast("Plan", self))

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

        return what_would_change(
            cast("Plan", self), fixed=fixed, interpretations=interpretations, **wanted
        )

    def irrelevant_facts(self) -> tuple[str, ...]:
        """Return the facts that make no difference here."""
        from ncpi_rules.explain import irrelevant_facts

        return irrelevant_facts(cast("Plan", self))

    def margins(self) -> tuple[Margin, ...]:
        """Return by how many days a date could move before a deadline changes its status."""
        from ncpi_rules.explain import margins

        return margins(cast("Plan", self))

    def plot(self) -> Picture:
        """Return a timeline of the deadlines, as SVG that a notebook shows."""
        from ncpi_rules.plots import timeline

        return timeline(cast("Plan", self))

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as text, numbers, lists and mappings: the form of its JSON."""
        return cast("Plan", self).document.to_dict()

    def to_json(self) -> str:
        """Return the plan as JSON."""
        return cast("Plan", self).document.to_json()

    def to_text(self) -> str:
        """Return the plan as plain text."""
        from ncpi_rules.report import text

        return text(cast("Plan", self).document)

    def to_markdown(self) -> str:
        """Return the plan as Markdown."""
        from ncpi_rules.report import markdown

        return markdown(cast("Plan", self).document)

    def to_html(self) -> str:
        """Return the plan as one page of HTML that loads nothing from elsewhere."""
        from ncpi_rules.report import html

        return html(cast("Plan", self).document)

    def _repr_html_(self) -> str:
        from ncpi_rules.report import html_part

        return html_part(cast("Plan", self).document)

    def __str__(self) -> str:
        """Return the plan as plain text."""
        return self.to_text()
