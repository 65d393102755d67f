"""DuckDB: the same outcomes of every row, written by hand in SQL."""

from __future__ import annotations

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
    from ncpi_rules.ruleset import Ruleset

_PLANS: Final = f"""
select *,
    "report-published.not-yet" or coalesce("report-published" > date '{ON}', false) as to_come,
    "action-plan-waiver" in ('waived', 'varied') as let_off,
    not let_off and ("action-plan-waiver" = 'not-known' or "other-recommendations" <> 'none')
        as required,
    not to_come and (not required or "action-plan-review" <> 'not-yet') as reached
from cases
"""  # noqa: S608  ours

_TIERS: Final = """
select *,
    (case
        when to_come then 'not-settled'
        when prospects = 'significant-concerns' then 'full-re-inspection'
        when not reached then 'not-settled'
        when prospects = 'some-concerns' then 'post-inspection-review'
        when prospects = 'no-concerns' and findings = 'broadly-positive'
            then 'post-inspection-visit'
        else 'not-settled'
    end)::tier as tier
from plans
"""

_DUES: Final = """
select *,
    case when required or let_off then ("report-published" + 42)::date
    end as "action-plan-received.due",
    ("report-published" + interval 6 month)::date as "revisit-begins.due",
    case when tier in ('post-inspection-visit', 'post-inspection-review')
        then ("revisit-ends" + 21)::date
    end as "written-feedback-to-chief-officer.due"
from tiers
"""


def _lateness(event: str) -> str:
    actual, due, not_yet = f'"{event}"', f'"{event}.due"', f'"{event}.not-yet"'
    on = f"date '{ON}'"
    unbound, met = "false", f"case when {due} is null then 'cannot-tell' else 'met' end"
    if event.startswith("written"):
        # The day of the feedback given orally is no column: only after a visit it does not matter.
        unbound = "tier not in ('post-inspection-visit', 'post-inspection-review')"
        met = f"case when tier = 'post-inspection-visit' then {met} else 'cannot-tell' end"
    elif event == "action-plan-received":
        unbound = "not (required or let_off)"
    return f"""
    (case
        when {unbound} then null
        when to_come then case
            when {actual} > {on} then 'planned'
            when {actual} is not null then 'done'
            else 'not-started'
        end
        when {actual} > {due} and {actual} > {on} then 'projected-late'
        when {actual} > {due} then 'late'
        when {actual} > {on} then 'planned'
        when {actual} is not null then {met}
        when {on} <= {due} then 'due'
        when not {not_yet} then 'cannot-tell'
        when {on} > {due} then 'overdue'
        else 'not-started'
    end)::status as "{event}.status",
    {due},
    (case
        when to_come then null
        when {actual} > {due} then {actual} - {due}
        when {not_yet} and {on} > {due} then {on} - {due}
    end)::integer as "{event}.late-by"
    """


def _query() -> str:
    visit, review = "tier = 'post-inspection-visit'", "tier = 'post-inspection-review'"
    visited = f"({visit} or {review})"
    concern = "prospects in ('some-concerns', 'significant-concerns')"
    columns = [
        """(case when reached then 'reached' else 'not-reached' end)
            ::stage as "judgement-stage" """,
        "tier",
        """(case
            when tier <> 'not-settled' then 'follows-from-the-methodology'
            when findings = 'not-broadly-positive' and prospects = 'no-concerns'
                and reached then 'referred-to-inspectors'
            else 'waits-for-a-judgement'
        end)::basis as "tier.basis" """,
        *(f'{review} as "document.{name}"' for name in REVIEW_ONLY),
        f'{review} and required as "document.updated-action-plan"',
        f'{visited} as "document.policies-and-procedures"',
        f'{visited} and required as "action.discuss-progress"',
        f'{visited} as "action.publish-feedback"',
        f'{visit} as "action.give-notice"',
        f'{review} as "action.audit-cases"',
        """tier = 'full-re-inspection' as "action.apply-full-methodology" """,
        f"""findings = 'broadly-positive' and {concern}
            as "alert.findings-and-prospects-disagree" """,
        """findings = 'not-broadly-positive' and prospects = 'no-concerns'
            as "alert.no-tier-fits" """,
        *map(_lateness, DATED),
    ]
    listed = ",\n".join(columns)
    steps = f"plans as ({_PLANS}), tiers as ({_TIERS}), dues as ({_DUES})"
    return f"with {steps} select {listed} from dues"  # noqa: S608  ours


def _kinds(ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
    return {
        "tier": tuple(ruleset.outcomes["tier"].values),
        "stage": tuple(ruleset.outcomes["judgement-stage"].values),
        "status": STATUSES,
        "basis": (
            "follows-from-the-methodology",
            "referred-to-inspectors",
            "waits-for-a-judgement",
        ),
    }


def _columns(ruleset: Ruleset) -> list[TableContestant]:
    import duckdb  # noqa: PLC0415  where it is installed

    def prepare(table: Any) -> Any:
        connection = duckdb.connect()
        for name, values in _kinds(ruleset).items():
            listed = ", ".join(f"'{value}'" for value in values)
            connection.execute(f"create type {name} as enum ({listed})")
        connection.register("given", table)
        connection.execute("create table cases as select * from given")
        return connection

    return [
        TableContestant(
            name="DuckDB by hand",
            outcomes=OUTCOMES,
            prepare=prepare,
            run=lambda connection: connection.sql(_query()).to_arrow_table(),
            answer=lambda table: table,
        )
    ]


def _says(query: str) -> Any:
    import duckdb  # noqa: PLC0415  where it is installed

    result: Any = duckdb.sql(query)
    return result.fetchall()[0][0]


def _no_month() -> bool:
    import duckdb  # noqa: PLC0415  where it is installed

    try:
        _says("select date '2018-06'")
    except duckdb.ConversionException:
        return True
    return False


PEER: Final = Peer(
    name="DuckDB",
    package="duckdb",
    made="Written by hand, for our interpretations only.",
    columns=_columns,
    cannot=(
        Cannot(
            "An unknown date: a comparison with it is empty, and counts as no unless somebody "
            "remembers to ask.",
            lambda: _says("select case when null::date > date '2018-01-01' then 1 else 0 end") == 0,
        ),
        Cannot("A partial date: 2018-06 is refused.", _no_month),
        Cannot(
            "A value that is misspelt in text is not refused.",
            lambda: _says("select 'some-concern' = 'some-concerns'") is False,
        ),
    ),
)
