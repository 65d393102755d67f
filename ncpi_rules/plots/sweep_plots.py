"""Pictures of many cases: two facts against an outcome, one column counted, or days in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import FactsError, Problem
from ncpi_rules.plots.bars import bars, histogram
from ncpi_rules.plots.heat import heat
from ncpi_rules.plots.tally import column_of, days_in_hand, table_with, tally
from ncpi_rules.ruleset import shipped_ruleset

if TYPE_CHECKING:
    from ncpi_rules.plots.picture import Picture
    from ncpi_rules.ruleset import Ruleset

_MOST_ROWS: Final = 60
_MOST_COLUMNS: Final = 24
_MOST_SHOWN: Final = 24


def sweep_plot(  # noqa: PLR0913  each says what is drawn
    table: Any,
    *,
    rows: str | None = None,
    columns: str | None = None,
    shows: str | None = None,
    slack: str | None = None,
    title: str | None = None,
    ruleset: Ruleset | None = None,
) -> Picture:
    """Return a picture of the cases in a table, such as ``sweep`` returns.

    - ``rows``, ``columns`` and ``shows`` name three columns: a heat map, a cell for each pair of
      values of the first two, and in it what the third says, or how often it says what;
    - ``shows`` alone: a bar for each value of that column, as long as the cases are many;
    - ``slack`` names an event: a histogram of the days from its date to its due date, the late ones
      hatched. It needs the columns ``EVENT`` and ``EVENT.due``.

    ``table`` is anything that speaks the Arrow PyCapsule interface. Values stand in the order of
    the vocabulary of ``ruleset``, by default the shipped one; others in the order of the column's
    dictionary. An empty field of a fact is its value for what is not known.

    Raises FactsError, with every problem, for what cannot be drawn, and MissingExtraError where the
    extra ``columns`` is not installed.
    """
    rules = ruleset if ruleset is not None else shipped_ruleset()
    if slack is not None and (rows, columns, shows) == (None, None, None):
        days, without = days_in_hand(table_with(table, [slack, f"{slack}.due"]), slack)
        event = rules.events[slack].title if slack in rules.events else slack.replace("-", " ")
        return histogram(days, without, event, title)
    if slack is None and shows is not None:
        if rows is None and columns is None:
            cases = table_with(table, [shows])
            column = column_of(cases, shows, rules, most=_MOST_ROWS)
            return bars(column, tally(cases, [shows]), title)
        if rows is not None and columns is not None:
            cases = table_with(table, [rows, columns, shows])
            down = column_of(cases, rows, rules, most=_MOST_ROWS)
            across = column_of(cases, columns, rules, most=_MOST_COLUMNS)
            shown = column_of(cases, shows, rules, most=_MOST_SHOWN)
            return heat(down, across, shown, tally(cases, [rows, columns, shows]), title)
    raise FactsError(
        Problem(
            place="",
            message="Nothing says what to draw.",
            help="Give rows, columns and shows; or shows alone; or slack alone.",
        )
    )
