"""Why a result is as it is, why another is not, and what would have to be different."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.explain.counterfactuals import Counterfactual as Counterfactual
    from ncpi_rules.explain.counterfactuals import irrelevant_facts as irrelevant_facts
    from ncpi_rules.explain.counterfactuals import what_would_change as what_would_change
    from ncpi_rules.explain.deadline_margins import MOST_DAYS as MOST_DAYS
    from ncpi_rules.explain.deadline_margins import Margin as Margin
    from ncpi_rules.explain.deadline_margins import margins as margins
    from ncpi_rules.explain.open_questions import OtherAnswer as OtherAnswer
    from ncpi_rules.explain.open_questions import Sensitivity as Sensitivity
    from ncpi_rules.explain.open_questions import sensitivity as sensitivity
    from ncpi_rules.explain.possibilities import fixed_facts as fixed_facts
    from ncpi_rules.explain.possibilities import possible_values as possible_values
    from ncpi_rules.explain.reasons import why as why
    from ncpi_rules.explain.reasons import why_not as why_not
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "counterfactuals": ["Counterfactual", "irrelevant_facts", "what_would_change"],
            "deadline_margins": ["MOST_DAYS", "Margin", "margins"],
            "open_questions": ["OtherAnswer", "Sensitivity", "sensitivity"],
            "possibilities": ["fixed_facts", "possible_values"],
            "reasons": ["why", "why_not"],
        },
    )
