"""The same sweep as one expression that a database works out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.batch.ibis.sweeps import problems as problems
    from ncpi_rules.batch.ibis.sweeps import sweep as sweep
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "sweeps": ["problems", "sweep"],
        },
        extra="scale",
        needs=("ibis",),
        purpose="Sweeping the tables of a database",
    )
