"""A plan as rows, what is next in it, and a follow-up given in parts: what an application needs."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given

from ncpi_rules import FactsError, FollowUp, NcpiRulesError, Status, assess
from ncpi_rules.facts import InspectionReport, Recommendation
from tests.strategies import REPORT_DAYS, follow_ups

FILES = sorted((Path(__file__).parents[1] / "examples" / "follow-ups").glob("*.yaml"))


@given(follow_ups(further=True))
def test_a_follow_up_may_be_given_in_mappings(follow_up: FollowUp) -> None:
    """Its parts as mappings give the same follow-up as from a file, and the same plan."""
    facts = follow_up.to_dict()
    assert FollowUp(**facts) == follow_up
    assert FollowUp(**{**facts, "inspection_report": follow_up.inspection_report}) == follow_up


@given(follow_ups(), REPORT_DAYS)
def test_a_mapping_is_assessed_as_its_follow_up(follow_up: FollowUp, day: datetime.date) -> None:
    """A mapping has the plan of the follow-up that it describes."""
    assert assess(follow_up.to_dict(), on=day) == assess(follow_up, on=day)


@pytest.mark.parametrize("facts", ["northumbria", 7, None, ["force"], {"force": 1}, {}])
def test_what_is_no_follow_up_is_refused(facts: object) -> None:
    """Whatever else is given to be assessed is refused by one kind of error, with a help line."""
    with pytest.raises(NcpiRulesError) as caught:
        assess(facts, on="2020-01-31")  # type: ignore[arg-type]
    assert isinstance(caught.value, FactsError)
    assert all(problem.help for problem in caught.value.problems)


def test_an_entry_of_a_list_is_read_or_refused() -> None:
    """A recommendation may be a mapping; what is none is refused with its place, never dropped."""
    report = InspectionReport(recommendations=[{"id": 1}, Recommendation(id="2")])
    assert [recommendation.id for recommendation in report.recommendations] == ["1", "2"]  # type: ignore[union-attr]
    with pytest.raises(FactsError) as caught:
        InspectionReport(recommendations=[Recommendation(id="1"), "two"])  # type: ignore[list-item]
    assert [problem.place for problem in caught.value.problems] == ["recommendations[1]"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rows_fill_a_table_of_a_database(path: Path) -> None:
    """Every item has one row, all rows have the same columns, and a database takes them."""
    plan = assess(FollowUp.load(path), on="2022-01-31")
    rows = plan.rows()
    items = (
        *plan.required_actions,
        *plan.optional_actions,
        *plan.documents,
        *plan.deadlines,
    )
    assert [row["id"] for row in rows] == [item.id for item in items]
    names = list(rows[0])
    assert {tuple(row) for row in rows} == {tuple(names)}
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f"create table plan ({', '.join(names)})")
        marks = ", ".join(f":{name}" for name in names)
        texts = [
            {
                name: value.isoformat() if isinstance(value, datetime.date) else value
                for name, value in row.items()
            }
            for row in rows
        ]
        database.executemany(f"insert into plan values ({marks})", texts)  # noqa: S608  names of our own
        late = database.execute("select count(*) from plan where status = 'late'").fetchone()[0]
    assert late == sum(getattr(item, "status", None) is Status.LATE for item in items)


@given(follow_ups(), REPORT_DAYS)
def test_nothing_is_due_before_what_is_next(follow_up: FollowUp, day: datetime.date) -> None:
    """What is next is still to be done, and nothing else that is, is due before it."""
    plan = assess(follow_up, on=day)
    to_come = {Status.OVERDUE, Status.PROJECTED_LATE, Status.DUE, Status.PLANNED}
    open_ = [action for action in plan.required_actions if action.due and action.status in to_come]
    first = plan.next_action
    if first is None:
        assert open_ == []
        return
    assert first in open_
    overdue = [deadline for deadline in open_ if deadline.status is Status.OVERDUE]
    assert first.due is not None
    assert first.due.start == min(
        deadline.due.start for deadline in overdue or open_ if deadline.due
    )
