"""Whole tables of cases at once, in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.faces import lazy

if TYPE_CHECKING:
    from ncpi_rules.batch.circuit import AND as AND
    from ncpi_rules.batch.circuit import NO as NO
    from ncpi_rules.batch.circuit import OR as OR
    from ncpi_rules.batch.circuit import YES as YES
    from ncpi_rules.batch.circuit import Array as Array
    from ncpi_rules.batch.circuit import Wiring as Wiring
    from ncpi_rules.batch.compile import Compiled as Compiled
    from ncpi_rules.batch.compile import compiled as compiled
    from ncpi_rules.batch.day_tables import shift_of as shift_of
    from ncpi_rules.batch.day_tables import table_of_days as table_of_days
    from ncpi_rules.batch.ingest import columns_of as columns_of
    from ncpi_rules.batch.schema import DaysLate as DaysLate
    from ncpi_rules.batch.schema import Flag as Flag
    from ncpi_rules.batch.schema import LastDayOf as LastDayOf
    from ncpi_rules.batch.schema import Layout as Layout
    from ncpi_rules.batch.schema import Output as Output
    from ncpi_rules.batch.schema import ValueOf as ValueOf
    from ncpi_rules.batch.sweeps import ROWS as ROWS
    from ncpi_rules.batch.sweeps import outputs as outputs
    from ncpi_rules.batch.sweeps import sweep as sweep
    from ncpi_rules.batch.sweeps import sweep_batches as sweep_batches
    from ncpi_rules.batch.tables import open_table as open_table
    from ncpi_rules.batch.tables import write_table as write_table
    from ncpi_rules.batch.validate import NOT_YET as NOT_YET
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "circuit": ["AND", "Array", "NO", "OR", "Wiring", "YES"],
            "compile": ["Compiled", "compiled"],
            "day_tables": ["shift_of", "table_of_days"],
            "ingest": ["columns_of"],
            "schema": ["DaysLate", "Flag", "LastDayOf", "Layout", "Output", "ValueOf"],
            "sweeps": ["ROWS", "outputs", "sweep", "sweep_batches"],
            "tables": ["open_table", "write_table"],
            "validate": ["NOT_YET"],
        },
        extra="columns",
        needs=("numpy", "pyarrow"),
        purpose="Sweeping tables",
    )
