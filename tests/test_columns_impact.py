"""What one ruleset changes against another in a whole table of cases."""

from __future__ import annotations

import datetime
import statistics
from collections import Counter
from typing import TYPE_CHECKING

import pytest

pyarrow = pytest.importorskip("pyarrow", reason="sweeps need the extra 'columns'")

from ncpi_rules.batch import long_form, summarise, sweep
from ncpi_rules.cli import main
from ncpi_rules.compare import parameter_effect, table_impact
from ncpi_rules.core import FactsError
from ncpi_rules.core import force as force_named
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import patch, shipped_ruleset

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = shipped_ruleset()


def test_the_impact_of_a_parameter_is_that_of_each_case() -> None:
    """What a table says in sum is what each of its cases says by itself, under both rulesets."""
    changed = patch(SHIPPED, {"revisit-ceiling": "4 months"})
    published = [
        datetime.date(2018, 8, 30) + datetime.timedelta(days=days) for days in range(0, 90, 7)
    ]
    begins = [day + datetime.timedelta(days=150) for day in published]
    table = pyarrow.table({"report-published": published, "revisit-begins": begins})
    impact = table_impact(SHIPPED, changed, table, on="2020-01-01")
    moved = []
    late = 0
    for first, visit in zip(published, begins, strict=True):
        facts = {
            "force": "kent",
            "inspection_report": {"published": first.isoformat()},
            "fieldwork": {"begins": visit.isoformat()},
        }
        plans = [
            assess(FollowUp.from_dict(facts), on="2020-01-01", ruleset=rules)
            for rules in (SHIPPED, changed)
        ]
        before, after = (
            next(item for item in plan.deadlines if item.event == "revisit-begins")
            for plan in plans
        )
        assert before.due is not None
        assert after.due is not None
        moved.append(after.due.end - before.due.end)
        late += (before.status.value, after.status.value) == ("met", "late")
    columns = {column.name: column for column in impact.columns}
    assert columns["revisit-begins.due"].moved == (min(moved), max(moved))
    assert columns["revisit-begins.status"].changes == {("met", "late"): late}
    assert late == len(published)
    assert "late" in impact.plot("revisit-begins").svg
    with pytest.raises(FactsError, match="No status of 'notice-given' changes"):
        impact.plot("notice-given")


def test_the_command_takes_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """'diff --table' says how many rows change; an empty row is left out, and that is said."""
    table = tmp_path / "cases.csv"
    table.write_text("report-published,revisit-begins\n2018-06-28,2018-12-01\n,\n2018-08-30,\n")
    asked = ["diff", "ncpi-follow-up", "--set", "revisit-ceiling=4 months", "--on", "2018-12-01"]
    assert main([*asked, "--table", str(table)]) == 0
    printed = capsys.readouterr()
    said = " ".join(printed.out.split())
    assert "2 cases compared." in said
    assert "moves by 60 to 61 days, earlier, in 2 of 2 cases." in said
    assert "1 empty row was left out." in printed.err
    assert main([*asked, "--table", str(tmp_path / "cases.xlsx")]) == 2
    assert "is a workbook of a spreadsheet" in capsys.readouterr().err


def test_the_effect_of_a_parameter_is_that_of_each_of_its_values() -> None:
    """The cases counted under each value are those of a sweep under that value alone."""
    published = [datetime.date(2018, 1, 1) + datetime.timedelta(days=day) for day in range(200)]
    begins = [day + datetime.timedelta(days=at) for at, day in enumerate(published)]
    table = pyarrow.table({"report-published": published, "revisit-begins": begins})
    values = ["6 months", "3 months", "1 month"]
    effect = parameter_effect(SHIPPED, table, "revisit-ceiling", values, on="2020-01-01")
    rows = [row for row in effect.rows() if row["event"] == "revisit-begins"]
    for value in values:
        draft = patch(SHIPPED, {"revisit-ceiling": value})
        only = ["revisit-begins.status"]
        counts = Counter(sweep(table, on="2020-01-01", ruleset=draft, only=only)[0].to_pylist())
        assert counts == {
            row["status"]: row["cases"] for row in rows if row["revisit-ceiling"] == value
        }
    assert list(dict.fromkeys(row["revisit-ceiling"] for row in rows)) == values
    assert "3 months" in effect.plot("revisit-begins").svg
    with pytest.raises(FactsError, match="No status of 'notice-given' differs"):
        effect.plot("notice-given")


def test_the_long_form_says_what_the_wide_one_says() -> None:
    """Each case and event with a deadline has one row, and its fields are those of the sweep."""
    published = [datetime.date(2018, 1, 1), None, datetime.date(2018, 8, 30)]
    table = pyarrow.table({"force": ["kent", "gwent", "surrey"], "report-published": published})
    swept = sweep(table, on="2019-01-01", keep=["force"])
    rows = long_form(swept, ids=["force"]).to_pylist()
    wide = swept.to_pylist()
    wanted = [
        (at, case["force"], event, case[f"{event}.status"], case.get(f"{event}.due"))
        for at, case in enumerate(wide, 1)
        for event in SHIPPED.events
        if case.get(f"{event}.status") is not None
    ]
    assert sorted(wanted, key=str) == sorted(
        [(row["case"], row["force"], row["event"], row["status"], row["due"]) for row in rows],
        key=str,
    )
    assert {row["event_title"] for row in rows} <= {term.title for term in SHIPPED.events.values()}
    assert all(row["status_label"] == row["status"].replace("-", " ") for row in rows)
    with pytest.raises(FactsError, match="The table has no such column"):
        long_form(swept, ids=["forse"])


def test_four_months_in_two_cases() -> None:
    """What one number changes in two cases is told in sentences, and counted under each value."""
    cases = pyarrow.table({"report-published": ["2018-06-28", "2018-08-30"]})
    draft = patch(SHIPPED, {"revisit-ceiling": "4 months"})
    assert str(table_impact(SHIPPED, draft, cases, on="2018-12-01")) == (
        "2 cases compared.\n"
        "The status of 'the first day of the revisit' changes in 1 of 2 cases.\n"
        "1 case: now 'cannot-tell' (was 'due').\n"
        "The due date of 'the first day of the revisit' moves by 60 to 61 days, earlier, in 2 of 2 "
        "cases."
    )
    planned = cases.append_column("revisit-begins", pyarrow.array(["2018-12-10", "2018-12-10"]))
    periods = ["3 months", "4 months", "6 months"]
    effect = parameter_effect(SHIPPED, planned, "revisit-ceiling", periods, on="2019-03-11")
    assert list(effect.counts["revisit-begins"].items()) == [
        (("3 months", "late"), 2),
        (("4 months", "late"), 1),
        (("4 months", "met"), 1),
        (("6 months", "met"), 2),
    ]


def test_a_summary_counts_each_case_once() -> None:
    """A summary says of each group what its rows say by hand, however a force is named."""
    forces = ["kent", "Kent Police", "gwent", "gwent", None, "kent"]
    published = ["2018-06-28", "2018-06-28", "2017-08-30", "2018-08-30", "not-yet", "2018-01-01"]
    begins = ["2019-02-10", "2019-02-11", "not-yet", "2018-09-10", None, "2019-02-12"]
    judged = {"findings": ["broadly-positive"] * 6, "prospects": ["no-concerns"] * 5 + [None]}
    cases = {"force": forces, "report-published": published, "revisit-begins": begins} | judged
    swept = sweep(pyarrow.table(cases), on="2019-03-11", keep=["force", "report-published"])
    groups: dict[tuple[object, ...], list[int | None]] = {}
    for row, force in zip(
        swept.to_pylist(), ["kent"] * 2 + ["gwent"] * 2 + [None, "kent"], strict=True
    ):
        year = int(row["report-published"][:4]) if row["report-published"] != "not-yet" else None
        groups.setdefault((force, year, row["tier"]), []).append(row["revisit-begins.late-by"])
    by = ["force", "report-published.year"]
    rows = summarise(swept, by=by, late="revisit-begins").to_pylist()
    assert len(rows) == len(groups) > len({row["force"] for row in rows})
    for row in rows:
        days = groups[row["force"], row["report-published.year"], row["tier"]]
        late = sorted(day for day in days if day is not None)
        assert (row["cases"], row["late_cases"]) == (len(days), len(late))
        assert row["median_days_late"] == (statistics.median(late) if late else None)
        assert row["tier_label"] == SHIPPED.outcomes["tier"].values[row["tier"]]
        assert row["force"] is None or row["force_label"] == force_named(row["force"]).name
    kent = [row for row in rows if row["force"] == "kent"]
    assert [row["share"] for row in kent] == [1 / 3, 2 / 3], "the order of the vocabulary"
    in_country = summarise(swept, "revisit-begins.status", by=["country"]).to_pylist()
    assert sum(row["cases"] for row in in_country if row["country"] == "Wales") == 2


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("frce", "column 'frce': The table has no such column"),
        ("tier.year", "column 'tier.year': The table has no such column"),
        ("force", "There is no police force 'kant'"),
        ("country", "There is no police force 'kant'"),
    ],
)
def test_a_group_that_cannot_be_made_is_refused(by: str, message: str) -> None:
    """A column that is not there, and a force that does not exist, are named."""
    swept = sweep(pyarrow.table({"force": ["kant"]}), on="2019-03-11", keep=["force"])
    with pytest.raises(FactsError, match=message):
        summarise(swept, by=[by])


def test_the_rows_of_an_impact_are_its_columns() -> None:
    """Rows for a frame count what the columns count: each change of a value, each moved date."""
    cases = pyarrow.table(
        {"report-published": ["2018-06-28"] * 3, "revisit-begins": ["not-yet"] * 3}
    )
    draft = patch(SHIPPED, {"revisit-ceiling": "4 months"})
    impact = table_impact(SHIPPED, draft, cases, on="2018-12-01")
    for column in impact.columns:
        rows = [row for row in impact.rows() if row["column"] == column.name]
        assert sum(row["cases"] for row in rows) == column.changed
        if column.moved:
            assert [(row["moved_least"], row["moved_most"]) for row in rows] == [column.moved]
        else:
            assert {(row["before"], row["after"]): row["cases"] for row in rows} == column.changes
    assert any(column.moved for column in impact.columns)
    assert any(column.changes for column in impact.columns)
