"""polars: the same outcomes of every row, written by hand as expressions."""

from __future__ import annotations

import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tests.benchmarks.peers.by_hand_columns import (
    DATED,
    OUTCOMES,
    REVIEW_ONLY,
    STATUSES,
)
from tests.benchmarks.peers.cases import ON
from tests.benchmarks.peers.contestants import Cannot, Peer, TableContestant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ncpi_rules.ruleset import Ruleset

FIRST: Final = datetime.date(2015, 1, 1)
"""The first day of the table of months."""


def _months() -> dict[str, Callable[[Any], Any]]:
    """Return the two ways of going half a year on from a day."""
    import polars  # noqa: PLC0415  where it is installed

    days = polars.date_range(FIRST, datetime.date(2024, 12, 31), eager=True)
    table = days.dt.offset_by("6mo")

    def by_offset(day: Any) -> Any:
        return day.dt.offset_by("6mo")

    def by_table(day: Any) -> Any:
        place = (day - FIRST).dt.total_days().cast(polars.UInt32)
        return polars.lit(table).gather(place)

    return {"its own months": by_offset, "months looked up in a table": by_table}


def _columns(ruleset: Ruleset) -> list[TableContestant]:
    import polars  # noqa: PLC0415  where it is installed

    tiers = list(ruleset.outcomes["tier"].values)
    return [
        TableContestant(
            name=f"polars by hand, {name}",
            outcomes=OUTCOMES,
            prepare=polars.from_arrow,
            run=partial(_collected, tiers=tiers, half_a_year_on=half_a_year_on),
            answer=lambda frame: frame.to_arrow(),
        )
        for name, half_a_year_on in _months().items()
    ]


def from_file_to_file(
    ruleset: Ruleset, target: Path, outcomes: Sequence[str]
) -> dict[str, Callable[[Path], Path]]:
    """Return the ways of writing some outcomes of a Parquet file into another."""
    import polars  # noqa: PLC0415  where it is installed

    tiers = list(ruleset.outcomes["tier"].values)

    def run(half_a_year_on: Callable[[Any], Any], source: Path) -> Path:
        swept = _outcomes(polars.scan_parquet(source), tiers, half_a_year_on)
        swept.select(outcomes).sink_parquet(target)
        return target

    return {
        f"polars by hand, from file to file, {name}": partial(run, half_a_year_on)
        for name, half_a_year_on in _months().items()
    }


def _collected(frame: Any, *, tiers: list[str], half_a_year_on: Callable[[Any], Any]) -> Any:
    return _outcomes(frame.lazy(), tiers, half_a_year_on).collect(engine="streaming")


def _outcomes(frame: Any, tiers: list[str], half_a_year_on: Callable[[Any], Any]) -> Any:
    import polars  # noqa: PLC0415  where it is installed

    column, when, literal = polars.col, polars.when, polars.lit
    kind, statuses = polars.Enum(tiers), polars.Enum(STATUSES)
    stages = polars.Enum(["reached", "not-reached"])
    findings, prospects = column("findings"), column("prospects")
    to_come = column("report-published.not-yet") | (column("report-published") > ON).fill_null(
        value=False
    )
    waiver, others = column("action-plan-waiver"), column("other-recommendations")
    let_off = waiver.is_in(["waived", "varied"])
    required = ~let_off & ((waiver == "not-known") | (others != "none"))
    reached = ~to_come & (~required | (column("action-plan-review") != "not-yet"))
    positive_decides = reached & (prospects == "no-concerns")
    tier = (
        when(~to_come & (prospects == "significant-concerns"))
        .then(literal("full-re-inspection", kind))
        .when(reached & (prospects == "some-concerns"))
        .then(literal("post-inspection-review", kind))
        .when(positive_decides & (findings == "broadly-positive"))
        .then(literal("post-inspection-visit", kind))
        .otherwise(literal("not-settled", kind))
    )
    of_basis = polars.Enum(
        ["follows-from-the-methodology", "referred-to-inspectors", "waits-for-a-judgement"]
    )
    basis = (
        when(column("tier") != "not-settled")
        .then(literal("follows-from-the-methodology", of_basis))
        .when(positive_decides & (findings == "not-broadly-positive"))
        .then(literal("referred-to-inspectors", of_basis))
        .otherwise(literal("waits-for-a-judgement", of_basis))
    )
    frame = frame.with_columns(
        tier.alias("tier"),
        when(required | let_off)
        .then(column("report-published").dt.offset_by("42d"))
        .alias("action-plan-received.due"),
        half_a_year_on(column("report-published")).alias("revisit-begins.due"),
    )
    visited = column("tier").is_in(["post-inspection-visit", "post-inspection-review"])
    frame = frame.with_columns(
        basis.alias("tier.basis"),
        when(visited)
        .then(column("revisit-ends").dt.offset_by("21d"))
        .alias("written-feedback-to-chief-officer.due"),
    )
    review = column("tier") == "post-inspection-review"
    concern = prospects.is_in(["some-concerns", "significant-concerns"])

    def lateness(event: str) -> list[Any]:
        actual, due, not_yet = column(event), column(f"{event}.due"), column(f"{event}.not-yet")
        written = event.startswith("written")
        known = due.is_not_null()
        if written:
            # The day of the feedback given orally is no column: only after a visit it is no matter.
            known &= column("tier") == "post-inspection-visit"
        says = {status: literal(status, statuses) for status in STATUSES}
        before = (
            when(actual > ON)
            .then(says["planned"])
            .when(actual.is_not_null())
            .then(says["done"])
            .otherwise(says["not-started"])
        )
        status = (
            when(to_come)
            .then(before)
            .when((actual > due) & (actual > ON))
            .then(says["projected-late"])
            .when(actual > due)
            .then(says["late"])
            .when(actual > ON)
            .then(says["planned"])
            .when(actual.is_not_null() & known)
            .then(says["met"])
            .when(actual.is_not_null())
            .then(says["cannot-tell"])
            .when(literal(ON) <= due)
            .then(says["due"])
            .when(~not_yet)
            .then(says["cannot-tell"])
            .when(literal(ON) > due)
            .then(says["overdue"])
            .otherwise(says["not-started"])
        )
        if written:
            status = when(visited).then(status)
        elif event == "action-plan-received":
            status = when(required | let_off).then(status)
        is_late = (actual > due) | (not_yet & (literal(ON) > due))
        late = when(is_late & ~to_come).then(
            (actual.fill_null(ON) - due).dt.total_days().cast(polars.Int32)
        )
        return [
            status.alias(f"{event}.status"),
            f"{event}.due",
            late.alias(f"{event}.late-by"),
        ]

    return frame.select(
        when(reached)
        .then(literal("reached", stages))
        .otherwise(literal("not-reached", stages))
        .alias("judgement-stage"),
        "tier",
        "tier.basis",
        *(review.alias(f"document.{name}") for name in REVIEW_ONLY),
        (review & required).alias("document.updated-action-plan"),
        visited.alias("document.policies-and-procedures"),
        (visited & required).alias("action.discuss-progress"),
        visited.alias("action.publish-feedback"),
        (column("tier") == "post-inspection-visit").alias("action.give-notice"),
        review.alias("action.audit-cases"),
        (column("tier") == "full-re-inspection").alias("action.apply-full-methodology"),
        ((findings == "broadly-positive") & concern).alias("alert.findings-and-prospects-disagree"),
        ((findings == "not-broadly-positive") & (prospects == "no-concerns")).alias(
            "alert.no-tier-fits"
        ),
        *(column_late for event in DATED for column_late in lateness(event)),
    )


def _frame(**columns: list[Any]) -> Any:
    import polars  # noqa: PLC0415  where it is installed

    return polars.DataFrame(columns)


def _misspelt() -> bool:
    import polars  # noqa: PLC0415  where it is installed

    same = polars.col("value") == "some-concerns"
    return _frame(value=["some-concern"]).select(same).item() is False


def _month_is_its_first_day() -> bool:
    day = _frame(day=["2018-06"])["day"].str.to_date("%Y-%m").item()
    return bool(day == datetime.date(2018, 6, 1))


def _empty_is_in_time() -> bool:
    import polars  # noqa: PLC0415  where it is installed

    late = polars.when(polars.col("day") > ON).then(1).otherwise(0)
    frame = polars.DataFrame({"day": [None]}, schema={"day": polars.Date})
    return bool(frame.select(late).item() == 0)


PEER: Final = Peer(
    name="polars",
    package="polars",
    made="Written by hand, for our interpretations only; by its streaming engine, the faster of "
    "the two.",
    columns=_columns,
    cannot=(
        Cannot(
            "An unknown date: a comparison with it is empty, and counts as no unless somebody "
            "remembers to ask.",
            _empty_is_in_time,
        ),
        Cannot(
            "A partial date: 2018-06 becomes its first day.",
            _month_is_its_first_day,
        ),
        Cannot("A value that is misspelt in text is not refused.", _misspelt),
    ),
)
