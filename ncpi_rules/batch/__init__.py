"""Whole tables of cases at once, in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.batch.changed_columns import compare_columns as compare_columns
    from ncpi_rules.batch.changed_columns import stacked_statuses as stacked_statuses
    from ncpi_rules.batch.chunk import CHUNK_ROWS as CHUNK_ROWS
    from ncpi_rules.batch.circuit import AND as AND
    from ncpi_rules.batch.circuit import NO as NO
    from ncpi_rules.batch.circuit import OR as OR
    from ncpi_rules.batch.circuit import YES as YES
    from ncpi_rules.batch.circuit import Wiring as Wiring
    from ncpi_rules.batch.compile import CompiledSweep as CompiledSweep
    from ncpi_rules.batch.compile import compile_sweep as compile_sweep
    from ncpi_rules.batch.counts import ShownColumn as ShownColumn
    from ncpi_rules.batch.counts import count_cases as count_cases
    from ncpi_rules.batch.counts import days_in_hand as days_in_hand
    from ncpi_rules.batch.day_tables import EPOCH as EPOCH
    from ncpi_rules.batch.day_tables import FIRST as FIRST
    from ncpi_rules.batch.day_tables import LAST as LAST
    from ncpi_rules.batch.day_tables import day_table as day_table
    from ncpi_rules.batch.day_tables import shifted_day as shifted_day
    from ncpi_rules.batch.day_texts import MIDNIGHT as MIDNIGHT
    from ncpi_rules.batch.edited_copies import EDITED_COPY as EDITED_COPY
    from ncpi_rules.batch.edited_copies import edited_title as edited_title
    from ncpi_rules.batch.edited_copies import notice_in as notice_in
    from ncpi_rules.batch.frames import read_table as read_table
    from ncpi_rules.batch.ingest import read_columns as read_columns
    from ncpi_rules.batch.long_forms import long_form as long_form
    from ncpi_rules.batch.names import TableNames as TableNames
    from ncpi_rules.batch.new_tables import NewTable as NewTable
    from ncpi_rules.batch.problems import column_problem as column_problem
    from ncpi_rules.batch.schema import DaysLateOutput as DaysLateOutput
    from ncpi_rules.batch.schema import DueDateOutput as DueDateOutput
    from ncpi_rules.batch.schema import FlagOutput as FlagOutput
    from ncpi_rules.batch.schema import Layout as Layout
    from ncpi_rules.batch.schema import Output as Output
    from ncpi_rules.batch.schema import ShiftedDay as ShiftedDay
    from ncpi_rules.batch.schema import ValueOutput as ValueOutput
    from ncpi_rules.batch.summaries import summarise as summarise
    from ncpi_rules.batch.sweeps import ROWS as ROWS
    from ncpi_rules.batch.sweeps import outputs as outputs
    from ncpi_rules.batch.sweeps import sweep as sweep
    from ncpi_rules.batch.sweeps import sweep_batches as sweep_batches
    from ncpi_rules.batch.tables import open_table as open_table
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "changed_columns": ["compare_columns", "stacked_statuses"],
            "chunk": ["CHUNK_ROWS"],
            "circuit": ["AND", "NO", "OR", "Wiring", "YES"],
            "compile": ["CompiledSweep", "compile_sweep"],
            "counts": ["ShownColumn", "count_cases", "days_in_hand"],
            "day_tables": ["EPOCH", "FIRST", "LAST", "day_table", "shifted_day"],
            "day_texts": ["MIDNIGHT"],
            "edited_copies": ["EDITED_COPY", "edited_title", "notice_in"],
            "frames": ["read_table"],
            "ingest": ["read_columns"],
            "long_forms": ["long_form"],
            "names": ["TableNames"],
            "new_tables": ["NewTable"],
            "problems": ["column_problem"],
            "schema": [
                "DaysLateOutput",
                "DueDateOutput",
                "FlagOutput",
                "Layout",
                "Output",
                "ShiftedDay",
                "ValueOutput",
            ],
            "summaries": ["summarise"],
            "sweeps": ["ROWS", "outputs", "sweep", "sweep_batches"],
            "tables": ["open_table"],
        },
        extra="columns",
        needs=("numpy", "pyarrow"),
        purpose="Sweeping tables",
    )
