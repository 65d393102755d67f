"""Equal answers first: every contestant's outcomes are compared with ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow

from ncpi_rules.batch import sweep
from ncpi_rules.plan import assess
from tests.benchmarks.peers import by_hand_columns
from tests.benchmarks.peers.cases import ON, pool
from tests.benchmarks.peers.outcomes import of_plan
from tests.benchmarks.peers.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncpi_rules.ruleset import Ruleset
    from tests.benchmarks.peers.cases import Case
    from tests.benchmarks.peers.contestants import Contestant, Peer, TableContestant


class Unequal(Exception):  # noqa: N818  it is no fault of the program
    """Somebody answers otherwise; the message has the case."""


def compare_cases(
    contestants: Sequence[Contestant], cases: Sequence[Case], ruleset: Ruleset
) -> None:
    """Raise Unequal, with the case, where a contestant's outcomes are not ours."""
    for case in cases:
        ours = of_plan(assess(case.follow_up, on=ON, ruleset=ruleset))
        for contestant in contestants:
            theirs = contestant.answer(contestant.run(contestant.prepare(case)))
            same = (theirs.decided, theirs.items) == (ours.decided, ours.items)
            dated = contestant.only == "rules" or theirs.deadlines == ours.deadlines
            if not (same and dated):
                message = (
                    f"{contestant.name} says {theirs}, we say {ours} of\n{case.follow_up.to_yaml()}"
                )
                raise Unequal(message)


def compare_tables(
    contestants: Sequence[TableContestant], table: pyarrow.Table, ruleset: Ruleset
) -> None:
    """Raise Unequal, with a row, where a contestant's column is not ours in every row."""
    for contestant in contestants:
        theirs = contestant.answer(contestant.run(contestant.prepare(table)))
        ours = sweep(table, on=ON, ruleset=ruleset, only=contestant.outcomes)
        for name in contestant.outcomes:
            our_answers, their_answers = _plain(ours[name]), _plain(theirs[name])
            if not our_answers.equals(their_answers):
                pairs = zip(our_answers.to_pylist(), their_answers.to_pylist(), strict=True)
                row = next(at for at, (a, b) in enumerate(pairs) if a != b)
                message = (
                    f"{contestant.name} says '{their_answers[row]}' of {name}, we say "
                    f"'{our_answers[row]}', in "
                    f"{table.slice(row, 1).to_pylist()[0]}"
                )
                raise Unequal(message)


def tables_of(ruleset: Ruleset, rows: int, *, edges: bool = False) -> dict[bool, pyarrow.Table]:
    """Return the table of every column, and (False) that of the columns needed by hand."""
    every = table_of(ruleset, rows, not_yet=ruleset.events, edges=edges)
    return {True: every, False: every.select(by_hand_columns.input_columns())}


def compare_peer(peer: Peer, ruleset: Ruleset, *, cases: int, rows: int, seed: int = 2) -> None:
    """Raise Unequal where any contestant of a peer answers otherwise than we do."""
    if peer.cases is not None:
        compare_cases(peer.cases(ruleset), pool(ruleset, cases, seed=seed), ruleset)
    if peer.columns is not None:
        for edges in (True, False):
            tables = tables_of(ruleset, rows, edges=edges)
            for contestant in peer.columns(ruleset):
                compare_tables([contestant], tables[is_whole(contestant)], ruleset)


def is_whole(contestant: TableContestant) -> bool:
    """Return whether a contestant works out all outcomes, and so needs every column."""
    return contestant.outcomes != by_hand_columns.OUTCOMES


def _plain(column: Any) -> Any:
    """Return a column of values as text, whatever kind of text its library gives."""
    kind = column.type
    values = (
        pyarrow.types.is_dictionary(kind)
        or pyarrow.types.is_large_string(kind)
        or pyarrow.types.is_string_view(kind)
    )
    column = column.cast(pyarrow.string()) if values else column
    return column.combine_chunks() if isinstance(column, pyarrow.ChunkedArray) else column
