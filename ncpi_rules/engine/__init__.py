"""The rule engines: values go in, the ids of the rules that apply come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.engine.boxes import Box as Box
    from ncpi_rules.engine.boxes import Boxes as Boxes
    from ncpi_rules.engine.boxes import Case as Case
    from ncpi_rules.engine.boxes import Values as Values
    from ncpi_rules.engine.boxes import cases_of as cases_of
    from ncpi_rules.engine.boxes import common as common
    from ncpi_rules.engine.boxes import count as count
    from ncpi_rules.engine.boxes import meet as meet
    from ncpi_rules.engine.boxes import merged as merged
    from ncpi_rules.engine.boxes import minus as minus
    from ncpi_rules.engine.boxes import some_case as some_case
    from ncpi_rules.engine.boxes import subtract as subtract
    from ncpi_rules.engine.boxes import union as union
    from ncpi_rules.engine.durable import DurableEngine as DurableEngine
    from ncpi_rules.engine.durable import engine_for as engine_for
    from ncpi_rules.engine.program import EngineRule as EngineRule
    from ncpi_rules.engine.program import Evaluation as Evaluation
    from ncpi_rules.engine.program import Program as Program
    from ncpi_rules.engine.reference import Condition as Condition
    from ncpi_rules.engine.reference import Engine as Engine
    from ncpi_rules.engine.reference import Explanation as Explanation
    from ncpi_rules.engine.reference import MemoisedEngine as MemoisedEngine
    from ncpi_rules.engine.reference import ReferenceEngine as ReferenceEngine
    from ncpi_rules.engine.regions import Neighbour as Neighbour
    from ncpi_rules.engine.regions import Neighbours as Neighbours
    from ncpi_rules.engine.regions import Regions as Regions
    from ncpi_rules.engine.regions import regions_of as regions_of
    from ncpi_rules.engine.table import MOST_CELLS as MOST_CELLS
    from ncpi_rules.engine.table import DecisionTable as DecisionTable
    from ncpi_rules.engine.table import Part as Part
    from ncpi_rules.engine.table import RuleGroup as RuleGroup
    from ncpi_rules.engine.table import groups_of as groups_of
    from ncpi_rules.engine.table import part_of as part_of
    from ncpi_rules.engine.table import program_for_case as program_for_case
    from ncpi_rules.engine.table import table_of as table_of
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "boxes": [
                "Box",
                "Boxes",
                "Case",
                "Values",
                "cases_of",
                "common",
                "count",
                "meet",
                "merged",
                "minus",
                "some_case",
                "subtract",
                "union",
            ],
            "durable": ["DurableEngine", "engine_for"],
            "program": ["EngineRule", "Evaluation", "Program"],
            "reference": [
                "Condition",
                "Engine",
                "Explanation",
                "MemoisedEngine",
                "ReferenceEngine",
            ],
            "regions": ["Neighbour", "Neighbours", "Regions", "regions_of"],
            "table": [
                "DecisionTable",
                "MOST_CELLS",
                "Part",
                "RuleGroup",
                "groups_of",
                "part_of",
                "program_for_case",
                "table_of",
            ],
        },
    )
