"""Caseload: many follow-ups on one day, one row for each, as a board reads them.

Floor 10.
"""

from ncpi_rules.caseload.board import Portfolio, Row, portfolio, portfolio_of
from ncpi_rules.caseload.clashing import Clash
from ncpi_rules.caseload.judging import Light

__all__ = ["Clash", "Light", "Portfolio", "Row", "portfolio", "portfolio_of"]
