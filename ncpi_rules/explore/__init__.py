"""What if: other facts, many imagined cases, and a whole caseload on one day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.explore.capacity import Clash as Clash
    from ncpi_rules.explore.capacity import TeamWeek as TeamWeek
    from ncpi_rules.explore.caseload_table import Caseload as Caseload
    from ncpi_rules.explore.caseload_table import CaseloadRow as CaseloadRow
    from ncpi_rules.explore.caseloads import caseload as caseload
    from ncpi_rules.explore.caseloads import caseload_of as caseload_of
    from ncpi_rules.explore.cases import Cases as Cases
    from ncpi_rules.explore.cases import grid as grid
    from ncpi_rules.explore.cases import sample as sample
    from ncpi_rules.explore.changes import FactChange as FactChange
    from ncpi_rules.explore.choices import days as days
    from ncpi_rules.explore.choices import every as every
    from ncpi_rules.explore.sliders import Sliders as Sliders
    from ncpi_rules.explore.sliders import what_if_sliders as what_if_sliders
    from ncpi_rules.explore.whatif import WhatIf as WhatIf
    from ncpi_rules.explore.whatif import what_if as what_if
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "capacity": ["Clash", "TeamWeek"],
            "caseload_table": ["Caseload", "CaseloadRow"],
            "caseloads": ["caseload", "caseload_of"],
            "cases": ["Cases", "grid", "sample"],
            "changes": ["FactChange"],
            "choices": ["days", "every"],
            "sliders": ["Sliders", "what_if_sliders"],
            "whatif": ["WhatIf", "what_if"],
        },
    )
