"""Sweeps by a database: the same answers row for row, wherever the table is."""

from __future__ import annotations

import datetime
import importlib
import random
import re
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ibis = pytest.importorskip("ibis", reason="sweeps by a database need the extra 'scale'")
pyarrow = pytest.importorskip("pyarrow", reason="sweeps by a database need the extra 'scale'")

from pyarrow import parquet

from ncpi_rules import batch as in_memory
from ncpi_rules.batch.ibis import problems, sweep
from ncpi_rules.core import FactsError, MissingExtraError, PartialDate, UnknownItemError
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import Timing, load_ruleset, patch, shipped_ruleset
from tests.assessed import of_plan
from tests.strategies import follow_ups
from tests.swept import (
    made_table,
    of_deadlines,
    of_decision,
    overlapping_ruleset,
    row_of,
    wrong_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Ruleset

ON = datetime.date(2019, 3, 1)
RULESETS = Path(__file__).parent / "rulesets"
NAMES = ["shipped", "overlapping", "leave-days", "library-loans", "sellers-approval", "smallest"]
ID = 'The "row" id, `quoted`'
"""An id whose name needs care in any query."""

TWO = {
    "id": [7, 8],
    "findings": ["broadly-positive", "not-broadly-positive"],
    "prospects": ["no-concerns", "some-concerns"],
}


def _ruleset(name: str) -> Ruleset:
    if name == "shipped":
        return shipped_ruleset()
    return overlapping_ruleset() if name == "overlapping" else load_ruleset(RULESETS / name)


def _made(ruleset: Ruleset, *, rows: int, seed: int) -> Any:
    """Return a table with every column that a ruleset knows, as files have it, and an id."""
    table = made_table(ruleset, rows=rows, seed=seed)
    plain = pyarrow.schema(
        [pyarrow.field(column.name, _plain(column.type)) for column in table.schema]
    )
    return table.cast(plain).append_column(ID, pyarrow.array(range(rows)))


def _plain(kind: Any) -> Any:
    if pyarrow.types.is_list(kind):
        return pyarrow.list_(_plain(kind.value_type))
    return kind.value_type if pyarrow.types.is_dictionary(kind) else kind


def _in_order(swept: Any) -> Any:
    """Return the rows that a query gives in the order of their ids, as Arrow has them."""
    return swept.to_pyarrow().sort_by(ID)


def _differing(swept: Any, table: Any, **asked: Any) -> list[str]:
    """Return the columns in which a sweep of the same table in memory says anything else."""
    wanted = in_memory.sweep(table, **{"on": ON, "keep": [ID], **asked})
    if in_memory.edited_title(asked.get("ruleset", shipped_ruleset())):
        assert swept.column_names[-1] == "edited-copy"
        swept = swept.drop_columns(["edited-copy"])
    assert swept.column_names == wanted.column_names
    assert swept.num_rows == wanted.num_rows
    return [n for n in wanted.column_names if swept[n].to_pylist() != wanted[n].to_pylist()]


# The same answers


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_as_swept_in_memory(name: str) -> None:
    """Whatever the ruleset, DuckDB gives every column of every row as the sweep in memory does."""
    ruleset = _ruleset(name)
    table = _made(ruleset, rows=5000, seed=1)
    swept = sweep(table, on=ON, row_id=ID, ruleset=ruleset, rules=True)
    assert _differing(_in_order(swept), table, ruleset=ruleset, rules=True) == []


@pytest.mark.parametrize("name", ["shipped", "library-loans"])
def test_every_row_is_as_decided_and_scheduled(name: str) -> None:
    """Every column of every row is what decide and schedule say, asked case by case."""
    ruleset = _ruleset(name)
    table = _made(ruleset, rows=3000, seed=2)
    swept = _in_order(sweep(table, on=ON, row_id=ID, ruleset=ruleset)).drop_columns([ID])
    assert wrong_columns(swept, table.drop_columns([ID]), ruleset, on=ON.toordinal()) == []


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", ["shipped", "library-loans"])
def test_any_interpretations_and_columns(name: str, seed: int) -> None:
    """Whatever the interpretations, the day and the columns, the answers are the same."""
    ruleset, draw = _ruleset(name), random.Random(seed)  # noqa: S311  the same draws each time
    table = _made(ruleset, rows=500, seed=seed)
    given_columns = table.column_names[:-1]
    table = table.drop_columns(draw.sample(given_columns, draw.randrange(len(given_columns))))
    asked: dict[str, Any] = {
        "on": ON + datetime.timedelta(days=draw.randint(-500, 500)),
        "interpretations": {
            name: draw.choice(list(interpretation.answers))
            for name, interpretation in ruleset.interpretations.items()
            if draw.random() < 0.7
        },
        "ruleset": ruleset,
        "rules": True,
    }
    assert _differing(_in_order(sweep(table, row_id=ID, **asked)), table, **asked) == []


def test_a_due_date_may_move_to_a_working_day() -> None:
    """Where the interpretation moves a due date, every row says the working day before it."""
    table = _made(shipped_ruleset(), rows=3000, seed=3)
    asked: dict[str, Any] = {"interpretations": {"R8": "moves-to-the-working-day-before"}}
    swept = _in_order(sweep(table, on=ON, row_id=ID, **asked))
    assert _differing(swept, table, **asked) == []
    days = [day for day in swept["revisit-begins.due"].to_pylist() if day]
    assert {day.weekday() for day in days} <= {0, 1, 2, 3, 4}


def test_a_query_by_an_edited_copy_names_it() -> None:
    """Each row says of which edition the rules are an edited copy; by the edition none does."""
    edited = patch(shipped_ruleset(), {"revisit-ceiling": "4 months"})
    swept = sweep(pyarrow.table(TWO), on=ON, row_id="id", only=["tier"], ruleset=edited)
    assert swept.columns == ("id", "tier", "edited-copy")
    title = in_memory.edited_title(edited)
    assert swept.to_pyarrow()["edited-copy"].to_pylist() == [title, title]
    plain = sweep(pyarrow.table(TWO), on=ON, row_id="id", only=["tier"])
    assert plain.columns == ("id", "tier")
    with pytest.raises(FactsError, match=r"Edited-Copy.*comes out has this name"):
        sweep(pyarrow.table({"Edited-Copy": [1]}), on=ON, row_id="Edited-Copy", ruleset=edited)


@settings(max_examples=1 + settings().max_examples // 5)  # each takes two seconds
@given(cases=st.lists(follow_ups(), min_size=1, max_size=3))
def test_a_row_is_as_assessed(cases: list[FollowUp]) -> None:
    """Follow-ups as rows of a table give what their plans say, but for partial dates."""
    ruleset = shipped_ruleset()
    rows = [row_of(case, ruleset, ON) for case in cases]
    names = sorted({name for row, _ in rows for name in row})
    table = pyarrow.table({name: [row.get(name) for row, _ in rows] for name in names})
    table = table.append_column(ID, pyarrow.array(range(len(rows))))
    swept = _in_order(sweep(table, on=ON, row_id=ID, rules=True)).drop_columns([ID])
    for says, case, (_, touched) in zip(swept.to_pylist(), cases, rows, strict=True):
        plan = assess(case, on=ON)
        wanted = of_decision(plan.decision) | of_deadlines(plan.schedule) | of_plan(plan)
        unsure = {"not-in-time"} if touched else set()
        published = case.inspection_report.published
        if not (isinstance(published, PartialDate) and published.is_day):
            unsure.add("outside-the-edition")
        whole = partial(_whole, touched=touched | unsure)
        assert whole(says) == whole(wanted)


def _whole(says: dict[str, Any], *, touched: set[str]) -> dict[str, Any]:
    return {
        name: value
        for name, value in says.items()
        if value not in (None, False) and not touched & {name, name.rpartition(".")[0]}
    }


def test_every_day_leads_where_the_bound_leads() -> None:
    """From each day that the library knows, the last day of a revisit is six months later.

    That is the day itself, the last day of the month where there is none, from 1900 to 2199.
    """
    first, last = datetime.date(1900, 1, 1).toordinal(), datetime.date(2199, 12, 31).toordinal()
    days = [datetime.date.fromordinal(day) for day in range(first, last + 1)]
    values = {
        "findings": ["broadly-positive"] * len(days),
        "prospects": ["no-concerns"] * len(days),
    }
    table = pyarrow.table({ID: range(len(days)), "report-published": days, **values})
    name = "revisit-begins.due"
    swept = _in_order(sweep(table, on=ON, row_id=ID, only=[name]))
    calendar = shipped_ruleset().calendar
    bound = Timing.from_text("6 months after report-published").bound("revisit-begins", calendar)
    moved = [bound.moved(day) for day in range(first, last + 1)]
    assert [day.toordinal() for day in swept[name].to_pylist()] == moved


def test_only_what_is_wanted() -> None:
    """Columns asked for by name come out after the id and what is kept, and no others.

    What is kept is read all the same, where it is a fact.
    """
    table = _made(shipped_ruleset(), rows=500, seed=4).append_column("force", [["kent"] * 500])
    only = ["tier", "revisit-begins.late-by", "alert.suspension"]
    swept = _in_order(sweep(table, on=ON, row_id=ID, only=only, keep=["force", "prospects"]))
    assert _differing(swept, table, keep=[ID, "force", "prospects"], only=only) == []
    assert set(swept["force"].to_pylist()) == {"kent"}


# What stands in a row


def test_an_empty_field_is_unknown() -> None:
    """What is empty is unknown, never a silent no; a missing column is what decide takes it for."""
    left_out = sweep(pyarrow.table(TWO), on=ON, row_id="id").to_pyarrow()
    nothing = pyarrow.table({**TWO, "suspension": [None, None]})
    empty = sweep(nothing, on=ON, row_id="id").to_pyarrow()
    assert left_out["alert.suspension"].to_pylist() == [False, False]
    assert empty["alert.suspension"].to_pylist() == [True, True]


def test_days_may_be_text() -> None:
    """A day as text is that day, a follow-up file's 'unknown' and 'not-yet' too."""
    texts = ["2018-06-28", "not-yet", "unknown", None, None]
    table = {
        "id": range(5),
        "findings": ["broadly-positive"] * 5,
        "prospects": ["no-concerns"] * 5,
        "report-published": ["2018-01-01"] * 5,
        "revisit-begins": texts,
        "revisit-begins.not-yet": [None, None, None, True, False],
    }
    swept = sweep(pyarrow.table(table), on=ON, row_id="id").to_pyarrow().sort_by("id")
    statuses = ["met", "overdue", "cannot-tell", "overdue", "cannot-tell"]
    assert swept["revisit-begins.status"].to_pylist() == statuses
    assert swept["revisit-begins.late-by"].to_pylist() == [None, 243, None, 243, None]
    assert {str(day) for day in swept["revisit-begins.due"].to_pylist()} == {"2018-07-01"}


WRONG: list[tuple[str, Any, str, str]] = [
    ("prospects", "some-concern", "This is not a value of 'prospects'.", "Use one of: no-concerns"),
    ("report-published", "2018-06", "This is not a whole day", "Write a whole day as 2018-06-28"),
    ("report-published", "2018-02-30", "This is not a whole day", "Write a whole day"),
    ("report-published", datetime.date(1066, 10, 14), "outside 1900 to 2199", "Check the year."),
    ("id", None, "cannot be told from others", "an id of its own"),
]


@pytest.mark.parametrize(("column", "value", "message", "help_"), WRONG)
def test_a_row_that_cannot_be_read_has_no_answers(
    column: str, value: Any, message: str, help_: str
) -> None:
    """A value or day that is none is reported with its row; the other rows are complete."""
    good = {"id": 8, "findings": "broadly-positive", "prospects": "no-concerns"}
    good["report-published"] = datetime.date(2018, 1, 1)
    if isinstance(value, str) and column in shipped_ruleset().events:
        good[column] = "2018-01-01"
    table = pyarrow.Table.from_pylist([{**good, "id": 7, column: value}, good])
    (problem,) = problems(table, row_id="id", keep=["findings"]).to_pyarrow().to_pylist()
    assert (problem["id"], problem["column"]) == (None if column == "id" else 7, column)
    assert problem["value"] == (None if value is None else str(value))
    assert message in problem["message"]
    assert help_ in problem["help"]
    assert problem["findings"] == "broadly-positive"
    rows = {row.pop("id"): row for row in sweep(table, on=ON, row_id="id").to_pyarrow().to_pylist()}
    assert (
        rows.pop(8)
        == sweep(table[1:], on=ON, row_id="id", keep=[]).drop("id").to_pyarrow().to_pylist()[0]
    )
    assert {value for row in rows.values() for value in row.values()} == {None}


def test_a_day_beside_not_yet_is_told() -> None:
    """A day that is also said not to have happened gives no answer."""
    days = {"revisit-begins": [datetime.date(2018, 6, 28)] * 2}
    table = pyarrow.table({**TWO, **days, "revisit-begins.not-yet": [True, False]})
    (problem,) = problems(table, row_id="id").to_pyarrow().to_pylist()
    assert (problem["id"], problem["column"]) == (7, "revisit-begins")
    assert "said not to have happened yet" in problem["message"]
    swept = sweep(table, on=ON, row_id="id", only=["tier"]).to_pyarrow()
    assert dict(zip(swept["id"].to_pylist(), swept["tier"].to_pylist(), strict=True)) == {
        7: None,
        8: "post-inspection-review",
    }


def test_a_database_reads_what_memory_reads() -> None:
    """Spellings of names, midnights, empty text and NaT mean there what they mean in memory."""
    midnight = datetime.datetime(2018, 6, 28)  # noqa: DTZ001  as tables have it
    table = {
        "id": [1, 2, 3],
        "Findings": ["broadly-positive ", "", "NaT"],
        "PROSPECTS": ["no-concerns", "some-concerns", None],
        "report_published": [midnight, None, midnight],
        "revisit begins": ["2018-12-01 00:00:00", " not-yet", "NaT"],
    }
    only = ["tier", "revisit-begins.due", "revisit-begins.status"]
    swept = sweep(pyarrow.table(table), on=ON, row_id="id", only=only)
    wanted = in_memory.sweep(pyarrow.table(table), on=ON, only=only, keep=["id"])
    assert swept.order_by("id").to_pyarrow().to_pylist() == wanted.to_pylist()
    noon = {"id": [1], "report_published": [midnight.replace(hour=12)]}
    (problem,) = problems(pyarrow.table(noon), row_id="id").to_pyarrow().to_pylist()
    assert problem["column"] == "report-published"
    assert problem["message"] == "This is a point in time with a time of day, not a day."


def test_a_good_table_has_no_problems() -> None:
    """Nothing is told of a table whose every row can be read."""
    table = _made(shipped_ruleset(), rows=2000, seed=5)
    assert problems(table, row_id=ID).count().to_pyarrow().as_py() == 0


# What is refused at once


def test_what_no_row_can_say_is_refused() -> None:
    """What is wrong with a column itself is told before any query runs, as in memory."""
    ask = partial(sweep, on=ON, row_id="id")
    with pytest.raises(FactsError, match="Did you mean 'prospects'"):
        ask(pyarrow.table({"id": [1], "prospect": ["no-concerns"]}))
    with pytest.raises(FactsError, match="must hold days; it holds points in time"):
        ask(
            pyarrow.table(
                {"id": [1], "revisit-begins": pyarrow.array([0], pyarrow.timestamp("s", "UTC"))}
            )
        )
    with pytest.raises(FactsError, match="no such column to keep"):
        ask(pyarrow.table({"prospects": ["no-concerns"]}))
    with pytest.raises(FactsError, match="not a table"):
        ask(7)
    with pytest.raises(FactsError, match="has this name, too"):
        ask(pyarrow.table({**TWO, "Tier": ["a", "b"]}), keep=["Tier"])
    with pytest.raises(UnknownItemError, match="Did you mean 'tier'"):
        ask(pyarrow.table(TWO), only=["teir"])
    with pytest.raises(UnknownItemError):
        ask(pyarrow.table(TWO), interpretations={"R99": "x"})


# Where the table is


def test_nothing_is_run_until_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep of a table in a database is an expression of that database, not yet run."""
    database = ibis.duckdb.connect()
    table = database.create_table("cases", pyarrow.table(TWO))
    with monkeypatch.context() as patched:
        patched.setattr(type(database), "raw_sql", None)
        patched.setattr(type(database), "to_pyarrow", None)
        swept = sweep(table, on=ON, row_id="id")
        problems(table, row_id="id")
    assert swept.filter(swept["tier"] == "post-inspection-review")[
        "id"
    ].to_pyarrow().to_pylist() == [8]


def test_a_folder_that_does_not_fit_into_memory(tmp_path: Path) -> None:
    """DuckDB sweeps a folder of files, into a file, in memory that does not hold the folder."""
    import duckdb  # noqa: PLC0415  what Ibis runs on

    files, rows = 5, 150_000
    part = _made(shipped_ruleset(), rows=rows, seed=6)
    for number in range(files):
        ids = pyarrow.array(range(number * rows, (number + 1) * rows))
        parquet.write_table(
            part.set_column(part.num_columns - 1, ID, ids), tmp_path / f"cases-{number}.parquet"
        )
    # The folder takes 340 MB in DuckDB. A sweep needs 112 MB, whatever the rows: the columns that
    # come out, a group of rows of each while it is written, and a batch of rows of every plane.
    database = ibis.duckdb.connect(memory_limit="130MB", threads=1, temp_directory="")
    table = database.read_parquet(str(tmp_path / "cases-*.parquet"))
    with pytest.raises(duckdb.OutOfMemoryException):
        database.create_table("every", table, temp=True)
    swept = tmp_path / "swept.parquet"
    database.to_parquet(sweep(table, on=ON, row_id=ID), swept, row_group_size=10_000)
    assert parquet.read_metadata(swept).num_rows == files * rows
    last = (files - 1) * rows
    block = parquet.read_table(swept, filters=[(ID, ">=", last), (ID, "<", last + 1000)])
    block = block.sort_by(ID).set_column(0, ID, pyarrow.array(range(1000)))
    assert _differing(block, part[:1000]) == []


# What Spark's own client leaves behind: sockets, for the garbage collector to close.
leaves_sockets = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(name="spark", scope="module")
def _spark() -> Iterator[Any]:
    """Return a Spark of this machine, where there is a Java; it listens to this machine alone."""
    sql = pytest.importorskip("pyspark.sql", reason="Spark needs the extra 'spark'")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, and there is none here")
    settings_of_spark = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.shuffle.partitions": "1",
    }
    session = (
        sql.SparkSession.builder.master("local[1]").config(map=settings_of_spark).getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    session.stop()


@leaves_sockets
@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["shipped", "library-loans"])
def test_spark_gives_the_same_rows(spark: Any, tmp_path: Path, name: str) -> None:
    """Spark gives every column of every row as the sweep in memory does."""
    ruleset = _ruleset(name)
    table = _made(ruleset, rows=4000, seed=7)
    parquet.write_table(table, tmp_path / "cases.parquet")
    cases = spark.read_parquet(tmp_path / "cases.parquet")
    swept = sweep(cases, on=ON, row_id=ID, ruleset=ruleset, rules=True)
    assert _differing(_in_order(swept), table, ruleset=ruleset, rules=True) == []
    assert problems(cases, row_id=ID, ruleset=ruleset).count().to_pyarrow().as_py() == 0


@leaves_sockets
def test_spark_reads_text_and_tells_what_is_wrong(spark: Any, tmp_path: Path) -> None:
    """Days as text, and rows that cannot be read, are to Spark what they are to DuckDB."""
    texts = ["2018-06-28", "not-yet", "unknown", None, "2018-06", "28/06/2018"]
    table = pyarrow.table(
        {
            ID: range(6),
            "findings": ["broadly-positive"] * 6,
            "prospects": ["no-concerns"] * 5 + ["none"],
            "report-published": ["2018-01-01"] * 6,
            "revisit-begins": texts,
        }
    )
    parquet.write_table(table, tmp_path / "cases.parquet")
    cases = spark.read_parquet(tmp_path / "cases.parquet")
    by_spark, by_duckdb = (sweep(source, on=ON, row_id=ID) for source in (cases, table))
    assert _in_order(by_spark).to_pylist() == _in_order(by_duckdb).to_pylist()
    problem_lists = [
        sorted(problems(source, row_id=ID).to_pyarrow().to_pylist(), key=str)
        for source in (cases, table)
    ]
    assert problem_lists[0] == problem_lists[1]
    assert [row[ID] for row in problem_lists[0]] == [4, 5, 5]


def test_without_the_extra_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Ibis is not installed, the first use of the package names the extra that is missing."""
    for name in [name for name in sys.modules if name.startswith("ncpi_rules.batch.ibis")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ibis", None)
    with pytest.raises(MissingExtraError, match=re.escape("ncpi-rules[scale]")):
        _ = importlib.import_module("ncpi_rules.batch.ibis").sweep
