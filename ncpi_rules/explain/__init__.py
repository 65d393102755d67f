"""Why a result holds, why another does not, and what would have to be different."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.faces import lazy

if TYPE_CHECKING:
    from ncpi_rules.explain.boundaries import Boundary as Boundary
    from ncpi_rules.explain.boundaries import days_to_the_boundary as days_to_the_boundary
    from ncpi_rules.explain.counterfactuals import Change as Change
    from ncpi_rules.explain.counterfactuals import depends_on_nothing as depends_on_nothing
    from ncpi_rules.explain.counterfactuals import the_past as the_past
    from ncpi_rules.explain.counterfactuals import what_would_change as what_would_change
    from ncpi_rules.explain.open_questions import OtherAnswer as OtherAnswer
    from ncpi_rules.explain.open_questions import Sensitivity as Sensitivity
    from ncpi_rules.explain.open_questions import sensitivity as sensitivity
    from ncpi_rules.explain.reasons import why as why
    from ncpi_rules.explain.reasons import why_not as why_not
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "boundaries": ["Boundary", "days_to_the_boundary"],
            "counterfactuals": ["Change", "depends_on_nothing", "the_past", "what_would_change"],
            "open_questions": ["OtherAnswer", "Sensitivity", "sensitivity"],
            "reasons": ["why", "why_not"],
        },
    )
