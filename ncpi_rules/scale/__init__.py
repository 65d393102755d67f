"""Sweeps where the table is: the answers for every row as one expression that a database works out.

Floor 10. It needs the extra ``scale``; Ibis is imported nowhere else.
"""

from __future__ import annotations

from ncpi_rules.errors import MissingExtraError, Problem

try:
    from ncpi_rules.scale.sweeping import problems, sweep
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] != "ibis":
        raise
    _PROBLEM = Problem(
        place="",
        sentence="Sweeping the tables of a database needs packages that are not installed.",
        help='Install them with: pip install "ncpi-rules[scale]"',
    )
    raise MissingExtraError(_PROBLEM) from None

__all__ = ["problems", "sweep"]
