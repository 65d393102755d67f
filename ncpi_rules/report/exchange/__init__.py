"""Rulesets as decision tables for other rule engines, editors and spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.report.exchange.dmn import to_dmn as to_dmn
    from ncpi_rules.report.exchange.flat import tables_xlsx as tables_xlsx
    from ncpi_rules.report.exchange.flat import to_csv as to_csv
    from ncpi_rules.report.exchange.jdm import decision_graph as decision_graph
    from ncpi_rules.report.exchange.jdm import to_jdm as to_jdm
    from ncpi_rules.report.exchange.notes import machine_names as machine_names
    from ncpi_rules.report.exchange.tables import ExportRow as ExportRow
    from ncpi_rules.report.exchange.tables import ExportTable as ExportTable
    from ncpi_rules.report.exchange.tables import export_tables as export_tables
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "dmn": ["to_dmn"],
            "flat": ["tables_xlsx", "to_csv"],
            "jdm": ["decision_graph", "to_jdm"],
            "notes": ["machine_names"],
            "tables": ["ExportRow", "ExportTable", "export_tables"],
        },
    )
