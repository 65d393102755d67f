"""Summaries of a swept table: cases, shares and days late by group, with labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import pyarrow
import pyarrow.compute

from ncpi_rules.batch.counts import ShownColumn, count_cases
from ncpi_rules.batch.edited_copies import METADATA, notice_in
from ncpi_rules.batch.frames import read_table
from ncpi_rules.core import FactsError, Problem, force, joined
from ncpi_rules.ruleset import shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncpi_rules.ruleset import Ruleset

_FORCE: Final = "force"
_COUNTRY: Final = "country"
_YEAR: Final = ".year"
_WHOLE_YEAR: Final = r"^(?P<year>[0-9]{4})\b"


def summarise(
    swept: Any,
    shows: str | None = None,
    *,
    by: Sequence[str] = (),
    late: str | None = None,
    ruleset: Ruleset | None = None,
) -> pyarrow.Table:
    """Return how many cases of each group have each value of a column of what ``sweep`` returned.

    ``shows`` names the column, the headline of the ruleset unless another is given. ``by`` names
    the columns that make the groups; ``country`` is that of the column ``force``, and
    ``report-published.year`` the year of a column of days. There is a row for each group and value
    that occurs, in the order of the vocabulary, with ``cases``, ``share`` (of the group, from 0 to
    1) and a label beside each value. With ``late``, an event, ``late_cases`` and
    ``median_days_late`` of the cases that are late, overdue or projected to be late. Where the
    rules are an edited copy of an edition, the metadata say so under ``rules``. Raises
    FactsError for a column that the table lacks, for a force that does not exist, and where no
    column is named and the ruleset has no headline.

    >>> from ncpi_rules.batch import sweep
    >>> cases = pyarrow.table({"force": ["kent", "gwent"], "report-published": ["2018-06-28"] * 2})
    >>> swept = sweep(cases, on="2019-03-11", keep=["force"])
    >>> row, _ = summarise(swept, by=["country"]).to_pylist()
    >>> row["country"], row["tier"], row["cases"], row["share"]
    ('England', 'not-settled', 1, 1.0)
    """
    rules = ruleset if ruleset is not None else shipped_ruleset()
    shows = shows or rules.settings.headline
    if not shows:
        message = "No column is named, and the ruleset has no headline."
        help_ = f"Name one, such as {joined(list(rules.outcomes), 'or')}."
        raise FactsError(Problem(place="shows", message=message, help=help_))
    table = read_table(swept)
    own = {*table.column_names}
    if _FORCE in by and _FORCE in own:  # a force may be named in several ways
        table = table.set_column(
            table.column_names.index(_FORCE), _FORCE, _of_forces(table[_FORCE], "id")
        )
    for name in by:
        if name not in own:
            table = _with_derived(table, name, rules)
    names = [*by, shows, *([f"{late}.late-by"] if late else [])]
    shown, counts = count_cases(table, names, rules, most=[table.num_rows] * len(names))
    keys = [*by, shows]
    days_late: defaultdict[tuple[Any, ...], Counter[int | None]] = defaultdict(Counter)
    for values, cases in counts.items():
        days_late[values[: len(keys)]][values[-1] if late else None] += cases
    in_group: Counter[tuple[Any, ...]] = Counter()
    for key, days in days_late.items():
        in_group[key[:-1]] += days.total()
    order = [{value: place for place, value in enumerate(column.values)} for column in shown]
    rows = sorted(days_late, key=lambda key: [order[at][value] for at, value in enumerate(key)])
    columns: dict[str, Any] = {}
    for at, name in enumerate(keys):
        of_rows = [key[at] for key in rows]
        columns[name] = pyarrow.array(of_rows, _plain_type(table.schema.field(name).type))
        if name in own:
            columns[f"{name}_label"] = _labels(name, of_rows, shown[at])
    columns["cases"] = pyarrow.array([days_late[key].total() for key in rows], pyarrow.int64())
    shares = [days_late[key].total() / in_group[key[:-1]] for key in rows]
    columns["share"] = pyarrow.array(shares, pyarrow.float64())
    if late:
        of_late = [[day for day in days_late[key].elements() if day is not None] for key in rows]
        columns["late_cases"] = pyarrow.array(map(len, of_late), pyarrow.int64())
        medians = [float(median(days)) if days else None for days in of_late]
        columns["median_days_late"] = pyarrow.array(medians, pyarrow.float64())
    summary = pyarrow.table(columns)
    notice = notice_in(table, rules)
    return summary.replace_schema_metadata({METADATA: notice[0]}) if notice else summary


def _with_derived(table: pyarrow.Table, name: str, rules: Ruleset) -> pyarrow.Table:
    """Return the table with the country of a force or the year of a day, where it has those."""
    if name == _COUNTRY and _FORCE in table.column_names:
        return table.append_column(name, _of_forces(table[_FORCE], "country"))
    of = name.removesuffix(_YEAR)
    if of == name or of not in table.column_names:
        return table
    days = table[of]
    if of not in rules.events and not pyarrow.types.is_temporal(days.type):
        return table
    years = pyarrow.compute.extract_regex(days.cast(pyarrow.string()), _WHOLE_YEAR)
    year = pyarrow.compute.struct_field(years, "year").cast(pyarrow.int32())
    return table.append_column(name, year)


def _of_forces(column: pyarrow.ChunkedArray, what: str) -> pyarrow.Array:
    """Return what is known of the force in each row, which is looked up once for each force."""
    coded = column.cast(pyarrow.string()).combine_chunks().dictionary_encode()
    known = [getattr(force(value), what) for value in coded.dictionary.to_pylist()]
    return pyarrow.array(known, pyarrow.string()).take(coded.indices)


def _plain_type(kind: pyarrow.DataType) -> pyarrow.DataType:
    return kind.value_type if pyarrow.types.is_dictionary(kind) else kind


def _labels(name: str, values: Sequence[Any], column: ShownColumn) -> pyarrow.Array:
    if name == _FORCE:
        labels = [None if value is None else force(value).name for value in values]
    else:
        labels = [column.values[value] for value in values]
    return pyarrow.array(labels, pyarrow.string())
