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
    listed = _mappings(rows)
    heads = list(dict.fromkeys(head for row in listed for head in row))
    lines = [[_text(row.get(head)) for head in heads] for row in listed]
    read, problems = read_cases({"": [heads, *lines]}, ruleset)
    if problems:
        raise FactsError(problems)
    return [row.follow_up for row in read]


def _mappings(table: Any) -> list[Mapping[Any, object]]:
    rows: Any = table
    if hasattr(table, "to_dicts"):  # polars
        rows = table.to_dicts()
    elif hasattr(table, "to_pylist"):  # Arrow
        rows = table.to_pylist()
    elif hasattr(table, "iterrows"):  # pandas: a column may hold both days and texts
        rows = table.to_dict("records")
    elif hasattr(table, "__arrow_c_stream__"):  # DuckDB, and whatever else speaks Arrow
        try:
            import pyarrow  # noqa: PLC0415  an extra
        except ModuleNotFoundError:
            message = "Reading this table needs a package that is not installed."
            raise MissingExtraError.naming(message, extra="columns") from None
        rows = pyarrow.table(table).to_pylist()
    listed = list(rows) if isinstance(rows, Iterable) else [rows]
    if not all(isinstance(row, Mapping) for row in listed):
        message = f"A {type(table).__name__} is not a table of follow-ups."
        raise FactsError(message, _HELP)
    return listed


def _text(value: Any) -> str:
    """Return the text of a value of a data frame; what is not there is empty."""
    if value is None or value != value:  # noqa: PLR0124  NaN and NaT are not equal to themselves
        return ""
    if isinstance(value, list | tuple):
        return ";".join(map(str, value)) or "none"
    text = str(value)
    return text.removesuffix(" 00:00:00")
