"""What if: other facts, many imagined cases, and a whole caseload on one day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.explore.capacity import Clash as Clash
    from ncpi_rules.explore.capacity import TeamWeek as TeamWeek
    from ncpi_rules.explore.case_frames import cases_from as cases_from
    from ncpi_rules.explore.case_sheets import case_template as case_template
    from ncpi_rules.explore.case_tables import CaseRow as CaseRow
    from ncpi_rules.explore.case_tables import read_cases as read_cases
    from ncpi_rules.explore.case_tables import read_csv_text as read_csv_text
    from ncpi_rules.explore.caseload_document import CaseloadClash as CaseloadClash
    from ncpi_rules.explore.caseload_document import CaseloadDocument as CaseloadDocument
    from ncpi_rules.explore.caseload_document import CaseloadEntry as CaseloadEntry
    from ncpi_rules.explore.caseload_rows import CaseloadRow as CaseloadRow
    from ncpi_rules.explore.caseload_table import Caseload as Caseload
    from ncpi_rules.explore.caseloads import caseload as caseload
    from ncpi_rules.explore.caseloads import caseload_of as caseload_of
    from ncpi_rules.explore.cases import Cases as Cases
    from ncpi_rules.explore.cases import grid as grid
    from ncpi_rules.explore.cases import sample as sample
    from ncpi_rules.explore.changes import FactChange as FactChange
    from ncpi_rules.explore.choices import days as days
    from ncpi_rules.explore.choices import every as every
    from ncpi_rules.explore.decision_explorer import DecisionExplorer as DecisionExplorer
    from ncpi_rules.explore.decision_explorer import explorer_of as explorer_of
    from ncpi_rules.explore.sliders import Sliders as Sliders
    from ncpi_rules.explore.sliders import what_if_sliders as what_if_sliders
    from ncpi_rules.explore.whatif import WhatIf as WhatIf
    from ncpi_rules.explore.whatif import what_if as what_if
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "capacity": ["Clash", "TeamWeek"],
            "case_frames": ["cases_from"],
            "case_tables": ["CaseRow", "read_cases", "read_csv_text"],
            "case_sheets": ["case_template"],
            "caseload_document": ["CaseloadClash", "CaseloadDocument", "CaseloadEntry"],
            "caseload_rows": ["CaseloadRow"],
            "caseload_table": ["Caseload"],
            "caseloads": ["caseload", "caseload_of"],
            "cases": ["Cases", "grid", "sample"],
            "changes": ["FactChange"],
            "choices": ["days", "every"],
            "decision_explorer": ["DecisionExplorer", "explorer_of"],
            "sliders": ["Sliders", "what_if_sliders"],
            "whatif": ["WhatIf", "what_if"],
        },
    )
