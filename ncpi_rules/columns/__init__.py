"""Sweeps: what becomes of every row of a table, as fast as memory allows.

Floor 10. It needs the extra ``columns``; numpy and pyarrow are imported nowhere else.
"""

from __future__ import annotations

from ncpi_rules.errors import MissingExtraError, Problem

try:
    from ncpi_rules.columns.sweeping import ROWS, outputs, sweep, sweep_batches
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] not in {"numpy", "pyarrow"}:
        raise
    _PROBLEM = Problem(
        place="",
        sentence="Sweeping tables needs packages that are not installed.",
        help='Install them with: pip install "ncpi-rules[columns]"',
    )
    raise MissingExtraError(_PROBLEM) from None

__all__ = ["ROWS", "outputs", "sweep", "sweep_batches"]
