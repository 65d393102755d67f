"""Follow-ups from a data frame, as it comes from pandas, polars, DuckDB or Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import FactsError, MissingExtraError
from ncpi_rules.explore.case_tables import read_cases

if TYPE_CHECKING:
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Ruleset

_HELP: Final = (
    "Give a table of pandas, polars, DuckDB or Arrow, or a list of rows, each a mapping from the "
    "names of the columns; collect a lazy table first."
)


def cases_from(rows: Any, ruleset: Ruleset) -> list[FollowUp]:
    """Return the follow-ups of a table that has the columns of a template, whatever holds it.

    ``rows`` is a data frame of pandas or polars, a relation of DuckDB, an Arrow table, or mappings.
    Raises FactsError with every problem, and MissingExtraError for a relation where pyarrow is not
    installed.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> (follow_up,) = cases_from([{"Force": "Kent Police"}], shipped_ruleset())
    >>> follow_up.about.id
    'kent'
    """
    named, listed = _mappings(rows)
    heads = list(dict.fromkeys((*named, *(head for row in listed for head in row))))
    if named and not listed:
        return []
    lines = [[_text(row.get(head)) for head in heads] for row in listed]
    read, problems = read_cases({"": [heads, *lines]}, ruleset)
    if problems:
        raise FactsError(problems)
    return [row.follow_up for row in read]


def _mappings(table: Any) -> tuple[list[Any], list[Mapping[Any, object]]]:
    """Return the names of the columns, as far as the table has them by itself, and the rows."""
    rows: Any = table
    names: list[Any] = []
    if hasattr(table, "to_dicts"):  # polars
        names, rows = table.columns, table.to_dicts()
    elif hasattr(table, "iterrows"):  # pandas: a column may hold both days and texts
        names, rows = list(table.columns), table.to_dict("records")
    elif hasattr(table, "__arrow_c_stream__"):  # Arrow, DuckDB, whatever speaks it
        try:
            import pyarrow  # noqa: PLC0415  an extra
        except ModuleNotFoundError:
            message = "Reading this table needs a package that is not installed."
            raise MissingExtraError.naming(message, extra="columns") from None
        try:
            arrow = pyarrow.table(table)
        except (TypeError, ValueError):
            message = "This is a column, not a table of follow-ups."
            raise FactsError(message, _HELP) from None
        names, rows = arrow.column_names, arrow.to_pylist()
    listed = list(rows) if isinstance(rows, Iterable) else [rows]
    if not all(isinstance(row, Mapping) for row in listed):
        message = f"A {type(table).__name__} is not a table of follow-ups."
        raise FactsError(message, _HELP)
    return names, listed


def _text(value: Any) -> str:
    """Return the text of a value of a data frame; what is not there is empty."""
    if value is None or value != value:  # noqa: PLR0124  NaN and NaT are not equal to themselves
        return ""
    if isinstance(value, list | tuple):
        return ";".join(map(str, value)) or "none"
    text = str(value)
    return text.removesuffix(" 00:00:00")
