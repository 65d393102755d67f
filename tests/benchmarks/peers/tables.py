"""The tables of the benchmark: columns of values and of days, some of them empty."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

import numpy
import pyarrow

from tests.benchmarks.peers.cases import ON

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.ruleset import Ruleset

FIRST: Final = 16_800  # days since 1970: the end of 2015
LAST: Final = 19_300
TODAY: Final = (ON - datetime.date(1970, 1, 1)).days
EDGES: Final = [TODAY + about + day for about in (-182, -42, -21, -14, 0) for day in (-1, 0, 1)]


def table_of(  # noqa: PLR0913  each says what is drawn
    ruleset: Ruleset,
    rows: int,
    *,
    facts: Iterable[str] | None = None,
    events: Iterable[str] | None = None,
    not_yet: Iterable[str] = (),
    gaps: bool = True,
    edges: bool = False,
) -> pyarrow.Table:
    """Return a table of drawn values and days, always the same.

    ``facts`` and ``events`` name the columns, all of them unless they are given (a column of the
    name of both holds days); with ``gaps`` one
    day in ten is empty; ``not_yet`` names events of which an empty day is known not to have come,
    half of the time. With ``edges`` there are few days, each about a period away from the day of
    the assessment, so that every due date is met, and missed by one.
    """
    random = numpy.random.default_rng(1)
    columns: dict[str, Any] = {}
    if facts is None:
        facts = [name for name in ruleset.facts if name not in ruleset.events]
    for name in facts:
        values = list(ruleset.facts[name].values)
        codes = random.integers(0, len(values), rows).astype(numpy.int8)
        columns[name] = pyarrow.DictionaryArray.from_arrays(codes, values)
    for name in ruleset.events if events is None else events:
        days = (random.choice(EDGES, rows) if edges else random.integers(FIRST, LAST, rows)).astype(
            numpy.int32
        )
        empty = random.random(rows, numpy.float32) < (0.1 if gaps else 0)
        columns[name] = pyarrow.array(days, mask=empty if gaps else None).cast(pyarrow.date32())
        if name in not_yet:
            known = random.random(rows, numpy.float32) < 0.5
            columns[f"{name}.not-yet"] = pyarrow.array(empty & known)
    return pyarrow.table(columns)
