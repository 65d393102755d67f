"""Sweeps of several editions: each row is as the edition makes it that its own date selects."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

pyarrow = pytest.importorskip("pyarrow", reason="sweeps need the extra 'columns'")
ibis_framework = pytest.importorskip("ibis", reason="sweeps by a database need the extra 'scale'")

import numpy
from pyarrow import csv, ipc, parquet

from ncpi_rules.batch import ibis, outputs, sweep, sweep_batches
from ncpi_rules.cli import main
from ncpi_rules.core import FactsError, RulesetError
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import Editions, load_editions
from tests.swept import made_table
from tests.two_editions import FIRST, SECOND, edit, write_editions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ON = datetime.date(2025, 2, 1)
DATES = [datetime.date(2018, 6, 28), datetime.date(2025, 1, 31), datetime.date(2026, 1, 31)]
OWN = ("edition", "outside-the-edition", "edition-not-certain")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two editions."""
    return write_editions(tmp_path_factory.mktemp("methodology"))


@pytest.fixture(scope="module")
def editions(folder: Path) -> Editions:
    """Return both editions."""
    rules = load_editions(folder)
    assert isinstance(rules, Editions)
    return rules


@pytest.fixture(scope="module")
def swept(editions: Editions) -> Callable[[dict[str, Any], datetime.date], list[dict[str, Any]]]:
    """Return what sweeps columns by both editions on a day."""
    return lambda columns, on: sweep(pyarrow.table(columns), on=on, ruleset=editions).to_pylist()


_DAYS = st.dates(datetime.date(2010, 1, 1), datetime.date(2035, 12, 31))


@example(when="not-yet", on=datetime.date(2024, 3, 5), name=True)
@example(when="not-yet", on=datetime.date(2030, 1, 1), name=False)
@given(when=st.none() | st.just("not-yet") | _DAYS, on=_DAYS, name=st.booleans())
def test_a_row_follows_the_edition_of_its_plan(
    editions: Editions,
    swept: Callable[..., list[dict[str, Any]]],
    when: datetime.date | str | None,
    on: datetime.date,
    name: bool,  # noqa: FBT001  drawn
) -> None:
    """A row and a plan agree on the edition, and on whether it is the right one."""
    event = "report-published" if name else "report-out"
    day = when if isinstance(when, datetime.date) else None
    columns: dict[str, Any] = {event: pyarrow.array([day], pyarrow.date32())}
    columns[f"{event}.not-yet"] = [when == "not-yet"]
    (row,) = swept({**columns, "prospects": ["some-concerns"]}, on)
    facts = {"force": "kent", "prospects": "some-concerns"}
    report = {} if when is None else {"inspection_report": {"published": str(when)}}
    plan = assess(FollowUp.from_dict({**facts, **report}), on=on, ruleset=editions)
    ids = {alert.id for alert in plan.alerts}
    assert row["edition"] == plan.edition
    assert [row[name] for name in OWN[1:]] == [name in ids for name in OWN[1:]]
    revisit = next(item for item in plan.deadlines if item.id == "deadline.revisit")
    assert row["revisit-begins.due"] == (revisit.due and revisit.due.first)
    assert row["revisit-begins.status"] == revisit.status.value


def many_rows(editions: Editions, rows: int = 3000) -> Any:
    """Return a table at random, in which most reports are of 2012 to 2032 and the rest unknown."""
    table = made_table(editions.editions[0], rows=rows, seed=7)
    random = numpy.random.default_rng(7)
    days = random.integers(15_400, 22_900, rows).astype("int32")
    column = pyarrow.array(days, mask=random.random(rows) < 0.1).cast(pyarrow.date32())
    of_report = [name for name in table.schema.names if name.startswith("report-published")]
    return table.drop_columns(of_report).append_column("report-published", column)


def by_name(table: Any) -> Any:
    """Return a table with the event's name in the second edition."""
    return table.rename_columns(
        [name.replace("report-published", "report-out") for name in table.schema.names]
    )


def test_each_part_is_as_its_own_edition_makes_it(editions: Editions) -> None:
    """The rows of an edition are what a sweep by this edition alone makes of them."""
    table = many_rows(editions)
    result = sweep(table, on=ON, ruleset=editions, rules=True)
    assert result.schema.names[:3] == [*OWN]
    followed = numpy.array(result["edition"].to_pylist())
    for edition in editions:
        mine = pyarrow.array(followed == edition.settings.edition)
        part = table.filter(mine)
        part = by_name(part) if edition.settings.edition == SECOND else part
        alone = sweep(part, on=ON, ruleset=edition, rules=True)
        rows = result.filter(mine)
        assert rows.num_rows > 500
        for name in set(alone.schema.names) - {*OWN}:
            assert rows[name].to_pylist() == alone[name].to_pylist(), name
        for name in set(result.schema.names) - {*alone.schema.names, *OWN}:
            assert rows[name].null_count == rows.num_rows, name


@pytest.mark.parametrize("workers", [1, 3])
def test_batches_are_as_the_whole(editions: Editions, workers: int) -> None:
    """However a table is cut, the same comes out, with the same types and the same codes."""
    table = many_rows(editions, 400)
    whole = sweep(table, on=ON, ruleset=editions, rules=True)
    reader = sweep_batches(
        table.to_reader(max_chunksize=7), on=ON, ruleset=editions, rules=True, workers=workers
    )
    assert reader.schema == whole.schema == pyarrow.schema(outputs(editions, rules=True))
    batches = list(reader)
    for column in ("edition", "tier", "revisit-begins.status"):
        codes = {tuple(batch[column].dictionary.to_pylist()) for batch in batches}
        assert len(codes) == 1
    assert pyarrow.Table.from_batches(batches).to_pylist() == whole.to_pylist()


def test_only_and_keep(editions: Editions) -> None:
    """Columns are asked for and kept as for one edition."""
    table = pyarrow.table({"ref": ["a", "b"], "report-published": DATES[:2]})
    result = sweep(table, on=ON, ruleset=editions, only=["edition", "tier"], keep="ref")
    assert result.schema.names == ["ref", "edition", "tier"]
    alone = sweep(table.select(["ref"]), on=ON, ruleset=editions, only="edition", keep=["ref"])
    assert alone["edition"].to_pylist() == [SECOND, SECOND]
    assert refusal({"tier": ["a"]}, editions, keep=["tier"]) == [
        "column 'tier': It cannot be kept: a column of this name comes out."
    ]


def refusal(table: dict[str, Any], editions: Editions, **more: Any) -> list[str]:
    """Return what is said of a table."""
    with pytest.raises(FactsError) as caught:
        sweep(pyarrow.table(table), on=ON, ruleset=editions, **more)
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


def test_problems_have_the_rows_of_the_table(tmp_path: Path) -> None:
    """A value that one edition lacks is refused in its rows only, by their numbers."""
    write_editions(tmp_path)
    vocabulary = tmp_path / SECOND / "vocabulary.yaml"
    added = (
        "facts:\n"
        "  - id: weather\n    title: The weather\n    from: further\n    unknown: not-known\n"
        "    values: {fair: it is fair, not-known: it is not known}\n"
    )
    edit(vocabulary, "\nfacts:\n", f"\n{added}")
    rules = load_editions(tmp_path)
    assert isinstance(rules, Editions)
    weather = ["", "fair", "foul"]
    assert refusal({"report-published": DATES, "weather": weather}, rules) == [
        "column 'weather', row 3: 'foul' is not a value of 'weather'."
    ]
    assert refusal({"report-published": DATES, "weather": ["fair", None, "fair"]}, rules) == [
        (
            "column 'weather', row 1: The edition 'as published' does not read this column; "
            "these rows follow it."
        )
    ]
    assert refusal({"report-published": DATES, "wether": weather}, rules) == [
        "column 'wether': The ruleset has no fact and no event 'wether'."
    ]
    result = sweep(
        pyarrow.table({"report-published": DATES, "weather": [None, "fair", None]}),
        on=ON,
        ruleset=rules,
        only=["edition"],
    )
    assert result["edition"].to_pylist() == [FIRST, SECOND, SECOND]


def test_values_and_rules_of_one_edition_only(tmp_path: Path) -> None:
    """Each row has the values, the outcomes and the rules of its own edition, in every batch."""
    write_editions(tmp_path)
    vocabulary = tmp_path / SECOND / "vocabulary.yaml"
    broad, tiers = (
        "      broadly-positive: the",
        "      post-inspection-visit: a post-inspection visit\n",
    )
    edit(vocabulary, broad, f"      mixed: the inspection findings are mixed\n{broad}")
    edit(vocabulary, tiers, "")
    edit(vocabulary, "    short:\n      post", f"{tiers}    short:\n      post")
    for path in (tmp_path / SECOND).glob("*.yaml"):
        text = path.read_text("utf-8").replace("deadline.revisit", "deadline.another-revisit")
        path.write_text(text, "utf-8")
    rules = load_editions(tmp_path)
    assert isinstance(rules, Editions)
    dates = [DATES[0], DATES[1], DATES[0], DATES[1]]
    prospects = ["no-concerns", "no-concerns", "some-concerns", "significant-concerns"]
    findings = ["broadly-positive", "broadly-positive", None, "mixed"]
    columns = {"report-published": dates, "prospects": prospects, "findings": findings}
    result = sweep(pyarrow.table(columns), on=ON, ruleset=rules, rules=True)
    assert result["tier"].to_pylist() == [
        "post-inspection-visit",
        "post-inspection-visit",
        "post-inspection-review",
        "not-settled",  # no rule covers it
    ]
    revisits = [
        set(row) & {"deadline.revisit", "deadline.another-revisit"}
        for row in result["rules"].to_pylist()
    ]
    assert revisits == [{"deadline.revisit"}, {"deadline.another-revisit"}] * 2
    columns["findings"] = ["mixed", "mixed", None, "mixed"]
    assert refusal(columns, rules) == [
        "column 'findings', row 1: 'mixed' is not a value of 'findings'."
    ]
    batches = pyarrow.table({**columns, "findings": [None, "mixed", "mixed", None]})
    reader = sweep_batches(batches.to_reader(max_chunksize=1), on=ON, ruleset=rules, workers=1)
    with pytest.raises(FactsError, match="row 3: 'mixed'"):
        reader.read_all()


def test_a_query_takes_one_edition(editions: Editions) -> None:
    """A database is not asked to follow several editions, and says how to do without."""
    with pytest.raises(RulesetError) as caught:
        ibis.sweep(pyarrow.table({"id": [1]}), on=ON, row_id="id", ruleset=editions)
    assert str(caught.value) == (
        "A query takes one edition, and there are several: as-published and made-up.\n"
        "  help: Select the rows of each edition by their dates, and sweep them by themselves."
    )


def test_a_column_for_each_edition(editions: Editions) -> None:
    """Rows of two editions may each have their date in the column that their own edition names."""
    days: dict[str, Any] = {
        "report-published": [DATES[0], None, None],
        "report-out": [None, *DATES[1:]],
        "report-published.not-yet": [False] * 3,
        "report-out.not-yet": [False] * 3,
    }
    result = sweep(pyarrow.table(days), on=datetime.date(2018, 7, 1), ruleset=editions)
    assert result["edition"].to_pylist() == [FIRST, SECOND, SECOND]
    assert result["revisit-begins.due"].to_pylist() == [
        datetime.date(2018, 12, 28),
        datetime.date(2025, 5, 31),
        datetime.date(2026, 5, 31),
    ]


@pytest.mark.parametrize("ending", ["csv", "parquet", "arrow"])
def test_files_at_the_command_line(
    folder: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of any kind is swept by both editions, and by one that is named."""
    table = pyarrow.table({"report-published": DATES, "ref": ["a", "b", "c"]})
    source, result = tmp_path / f"cases.{ending}", tmp_path / f"result.{ending}"
    if ending == "csv":
        csv.write_csv(table, source)
    elif ending == "parquet":
        parquet.write_table(table, source)
    else:
        with ipc.new_file(source, table.schema) as written:
            written.write_table(table, max_chunksize=1)
    of = ["--on", ON.isoformat(), "--keep", "ref"]
    assert main(["sweep", str(source), "-o", str(result), *of, "--ruleset", str(folder)]) == 0
    read: Any = {
        "csv": csv.read_csv,
        "parquet": parquet.read_table,
        "arrow": lambda name: ipc.open_file(name).read_all(),
    }[ending]
    rows = read(str(result)).select(["ref", "edition"]).to_pylist()
    assert rows == [
        {"ref": ref, "edition": edition}
        for ref, edition in zip("abc", [FIRST, SECOND, SECOND], strict=True)
    ]
    named = ["--ruleset", f"{folder}/{FIRST}", "--replace"]
    assert main(["sweep", str(source), "-o", str(result), *of, *named]) == 0
    assert "edition" not in read(str(result)).schema.names
    assert capsys.readouterr().err == ""
