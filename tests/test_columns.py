"""Sweeps: columns in, columns out, and always what is said of each case by itself."""

from __future__ import annotations

import datetime
import os
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

numpy = pytest.importorskip("numpy", reason="sweeps need the extra 'columns'")
pyarrow = pytest.importorskip("pyarrow", reason="sweeps need the extra 'columns'")

from ncpi_rules import FactsError, UnknownItemError, assess, load_ruleset  # noqa: E402
from ncpi_rules.assessment import words_of  # noqa: E402
from ncpi_rules.cli.sweeping import sweep as sweep_command  # noqa: E402
from ncpi_rules.columns import outputs, stretch, sweep, sweep_batches, sweeping  # noqa: E402
from ncpi_rules.columns.days import EPOCH, first_day, shift_of, table_of_days  # noqa: E402
from ncpi_rules.dates import PartialDate  # noqa: E402
from ncpi_rules.errors import MissingExtraError  # noqa: E402
from ncpi_rules.periods import Period, Unit  # noqa: E402
from ncpi_rules.ruleset.load import shipped_ruleset  # noqa: E402
from ncpi_rules.ruleset.rules import Bound, DeadlineRule, Timing  # noqa: E402
from ncpi_rules.words import NOT_YET, LastDay, Modality, NotKnown  # noqa: E402
from tests.assessed import as_rows, made_follow_ups, made_for, unlike_assessed  # noqa: E402
from tests.strategies import calendars, days, follow_ups, made_rulesets  # noqa: E402
from tests.swept import expected, made_table, of_deadlines, of_decision, wrong_columns  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules import FollowUp
    from ncpi_rules.ruleset.model import Ruleset

ON = datetime.date(2019, 3, 1)
LOANS = Path(__file__).parent / "rulesets" / "library-loans"
ROWS = 100_000 if os.environ.get("CI") else 10_000

TWO = {
    "findings": ["broadly-positive", "not-broadly-positive"],
    "prospects": ["no-concerns", "some-concerns"],
}


@pytest.fixture(name="short")
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a stretch have 64 rows, so that small tables have many."""
    monkeypatch.setattr(stretch, "STRETCH", 64)
    monkeypatch.setattr(sweeping, "STRETCH", 64)


def _answers(ruleset: Ruleset) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {},
        optional={r: st.sampled_from(list(each.answers)) for r, each in ruleset.readings.items()},
    )


# What comes out is what is said of each case


def test_every_row_is_as_decided_and_scheduled() -> None:
    """In a large table, every column of every row is what decide and schedule say."""
    ruleset = shipped_ruleset()
    table = made_table(ruleset, rows=ROWS, seed=1)
    found = sweep(table, on=ON, keep=[])
    assert found.num_rows == ROWS
    assert wrong_columns(found, table, ruleset, on=ON.toordinal()) == []


def test_every_row_is_as_assessed() -> None:
    """Of many follow-ups, every column of every row is what the follow-up's own plan says."""
    ruleset = shipped_ruleset()
    made = list(made_follow_ups(ROWS, seed=1))
    found = sweep(as_rows(made, ruleset, ON), on=ON)
    assert found.num_rows == ROWS
    assert unlike_assessed(found, made, on=ON, ruleset=ruleset) == []


@pytest.mark.parametrize("place", [1, -1])
def test_every_row_is_as_assessed_with_other_readings(place: int) -> None:
    """With another answer to every doubt, too, a row is what its follow-up's plan says."""
    ruleset = shipped_ruleset()
    readings = {name: list(each.answers)[place] for name, each in ruleset.readings.items()}
    made = list(made_follow_ups(ROWS // 10, seed=2))
    found = sweep(as_rows(made, ruleset, ON), on=ON, readings=readings)
    assert unlike_assessed(found, made, on=ON, ruleset=ruleset, readings=readings) == []


@pytest.mark.parametrize("folder", sorted(LOANS.parent.iterdir()), ids=lambda each: each.name)
def test_every_row_of_another_field_is_as_assessed(folder: Path) -> None:
    """With a ruleset of another field, too, a row says what its plan says."""
    ruleset = load_ruleset(folder)
    made = list(made_for(ruleset, 500, seed=3))
    found = sweep(as_rows(made, ruleset, ON), on=ON, ruleset=ruleset)
    assert unlike_assessed(found, made, on=ON, ruleset=ruleset) == []


def _ruleset(name: str) -> Ruleset:
    """Return the shipped ruleset, that of another field, or one with deadlines that overlap."""
    if name == "loans":
        return load_ruleset(LOANS)
    if name == "shipped":
        return shipped_ruleset()
    timings: list[tuple[tuple[str, ...], dict[str, Any]]] = [
        (("some-concerns", "no-concerns"), {"within": _timing("20 weeks")}),
        (("some-concerns",), {"within": _timing("3 months")}),
        (("no-concerns", "not-judged"), {"no_earlier_than": "action-plan-received"}),
    ]
    more = {
        f"deadline.more-{place}": DeadlineRule(
            id=f"deadline.more-{place}",
            title="One deadline more",
            by="hmicfrs",
            event="revisit-begins",
            when={"prospects": words},
            statements=(),
            modality=Modality.MUST,
            **timing,
        )
        for place, (words, timing) in enumerate(timings)
    }
    shipped = shipped_ruleset()
    return attrs.evolve(shipped, rules=dict(sorted({**shipped.rules, **more}.items())))


def _timing(period: str) -> Timing:
    return Timing.from_text(f"{period} after report-published")


OVERLAPPING = _ruleset("overlapping")


def test_of_several_deadlines_the_worst_is_told() -> None:
    """Where deadlines on one event overlap, each row has the earliest day and the worst status."""
    table = made_table(OVERLAPPING, rows=2000, seed=4)
    found = sweep(table, on=ON, ruleset=OVERLAPPING)
    assert wrong_columns(found, table, OVERLAPPING, on=ON.toordinal()) == []


@pytest.mark.parametrize("name", ["shipped", "loans", "overlapping"])
@given(data=st.data())
def test_few_rows_with_any_readings_and_columns(name: str, data: st.DataObject) -> None:
    """Whatever the readings, the day and the columns, each row says what its case says by itself.

    The rules that hold are told row by row.
    """
    ruleset = OVERLAPPING if name == "overlapping" else _ruleset(name)
    readings = data.draw(_answers(ruleset))
    table = made_table(ruleset, rows=20, seed=data.draw(st.integers(0, 2**32)))
    left_out = data.draw(st.sets(st.sampled_from(table.column_names)))
    table = table.drop_columns(sorted(left_out))
    on = ON + datetime.timedelta(days=data.draw(st.integers(-500, 500)))
    found = sweep(table, on=on, ruleset=ruleset, readings=readings, rules=True)
    for row, says in zip(table.to_pylist(), found.to_pylist(), strict=True):
        wanted = expected(ruleset, row, on=on.toordinal(), readings=readings)
        assert {key: value for key, value in says.items() if value not in (None, False)} == {
            key: value for key, value in wanted.items() if value is not False
        }


@given(follow_up=follow_ups(), day=days())
def test_a_row_is_as_assessed(follow_up: FollowUp, day: datetime.date) -> None:
    """A follow-up's words and whole days, as one row, give what its plan says.

    Deadlines that touch a partial date are left alone: a column holds whole days only.
    """
    ruleset = shipped_ruleset()
    row: dict[str, Any] = dict(words_of(follow_up, ruleset, day.toordinal()))
    partial = set()
    for event, when in follow_up.events().items():
        if event not in ruleset.events:
            continue
        if isinstance(when, PartialDate) and when.start == when.end:
            row[event] = datetime.date.fromordinal(when.start)
        elif isinstance(when, PartialDate):
            partial.add(event)
        row[f"{event}.not-yet"] = when is NOT_YET
    plan = assess(follow_up, on=day)
    (found,) = sweep(pyarrow.Table.from_pylist([row]), on=day, rules=True).to_pylist()
    wanted = of_decision(plan.decision) | of_deadlines(plan.deadlines)
    touched = {
        rule.event
        for rule in ruleset.of_kind(DeadlineRule)
        if partial & {rule.event, *(bound.anchor for bound in rule.bounds)}
    }

    def whole(each: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in each.items()
            if value not in (None, False) and name.rpartition(".")[0] not in touched
        }

    assert whole(found) == whole(wanted)


@given(ruleset=made_rulesets(), seed=st.integers(0, 2**32))
def test_any_ruleset_can_be_swept(ruleset: Ruleset, seed: int) -> None:
    """Whatever the facts, outcomes and rules, a table is decided as its rows are."""
    settings = attrs.evolve(ruleset.settings, last_day_not_working=LastDay.STANDS.value)
    ruleset = attrs.evolve(ruleset, settings=settings)
    table = made_table(ruleset, rows=50, seed=seed)
    if table.num_columns:
        found = sweep(table, on=ON, ruleset=ruleset)
        assert wrong_columns(found, table, ruleset, on=ON.toordinal()) == []


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 200])
@pytest.mark.parametrize("workers", [1, 2])
def test_stretches_and_threads_change_nothing(rows: int, workers: int) -> None:
    """However a table is cut and by how many threads it is swept, the answer is the same."""
    ruleset = shipped_ruleset()
    table = made_table(ruleset, rows=rows, seed=7)
    found = sweep(table, on=ON, rules=True, workers=workers)
    assert found.num_rows == rows
    assert wrong_columns(found, table, ruleset, on=ON.toordinal()) == []
    found.validate(full=True)


@pytest.mark.usefixtures("short")
@given(cuts=st.lists(st.integers(0, 150), max_size=4), start=st.integers(0, 20))
def test_pieces_and_offsets_change_nothing(cuts: list[int], start: int) -> None:
    """A table in pieces, each beginning anywhere in memory, is swept as the whole."""
    table = made_table(shipped_ruleset(), rows=150, seed=3).slice(start)
    at = sorted({0, *(min(cut, table.num_rows) for cut in cuts), table.num_rows})
    pieces = [table.slice(a, b - a) for a, b in pairwise(at)]
    whole = sweep(pyarrow.Table.from_pylist(table.to_pylist(), table.schema), on=ON, rules=True)
    assert sweep(pyarrow.concat_tables(pieces), on=ON, rules=True).to_pylist() == whole.to_pylist()


def test_batches_are_swept_one_by_one() -> None:
    """A reader of batches gives the same rows in the same order, with what is kept beside them."""
    table = made_table(shipped_ruleset(), rows=1000, seed=5)
    table = table.append_column("id", pyarrow.array(range(1000)))
    reader = sweep_batches(table.to_reader(max_chunksize=300), on=ON, keep=["id"], rows=128)
    assert reader.schema.names == ["id", *(field.name for field in outputs())]
    batches = list(reader)
    assert max(batch.num_rows for batch in batches) == 128
    found = pyarrow.Table.from_batches(batches)
    assert found.to_pylist() == sweep(table, on=ON, keep=["id"]).to_pylist()


def test_only_what_is_wanted() -> None:
    """Columns asked for by name come out as they do among all others, and no others."""
    table = made_table(shipped_ruleset(), rows=500, seed=2)
    every = sweep(table, on=ON)
    names = ["tier", "revisit-begins.late-by", "alert.suspended"]
    found = sweep(table, on=ON, only=names)
    assert sorted(found.column_names) == sorted(names)
    assert found.equals(every.select(found.column_names))


# How columns may be written


@pytest.mark.parametrize(
    "kind",
    [
        pyarrow.string(),
        pyarrow.large_string(),
        pyarrow.string_view(),
        pyarrow.dictionary(pyarrow.int8(), pyarrow.string()),
        pyarrow.dictionary(pyarrow.uint32(), pyarrow.large_string()),
    ],
    ids=str,
)
def test_words_may_be_written_in_any_way(kind: Any) -> None:
    """Text and dictionaries of any width are words alike, empty fields included."""
    words = ["some-concerns", None, "no-concerns", "some-concerns"]
    column = pyarrow.array(words)
    if pyarrow.types.is_dictionary(kind):
        column = column.dictionary_encode()
    found = sweep(pyarrow.table({"prospects": column.cast(kind)}), on=ON)
    tiers = ["post-inspection-review", "not-settled", "not-settled", "post-inspection-review"]
    assert found["tier"].to_pylist() == tiers


def test_days_may_be_text() -> None:
    """A day as text is that day; the words of a follow-up file say what is not known."""
    texts = ["2018-06-28", "not-yet", "unknown", None]
    table = {"report-published": ["2018-01-01"] * 4, "revisit-begins": texts, **_four()}
    found = sweep(pyarrow.table(table), on=ON)
    assert found["revisit-begins.status"].to_pylist() == ["met", "overdue", "unknown", "unknown"]
    assert found["revisit-begins.late-by"].to_pylist() == [None, 243, None, None]


def _four() -> dict[str, list[str]]:
    return {"findings": ["broadly-positive"] * 4, "prospects": ["no-concerns"] * 4}


def test_a_column_of_not_yet_needs_no_days() -> None:
    """Whether an event has happened may be told where no row has a day."""
    table = {"report-published": ["2018-01-01"] * 4, **_four()}
    table["revisit-begins.not-yet"] = [True, False, None, True]  # type: ignore[list-item]
    found = sweep(pyarrow.table(table), on=ON)
    statuses = ["overdue", "unknown", "unknown", "overdue"]
    assert found["revisit-begins.status"].to_pylist() == statuses


def test_a_fact_without_a_column_is_left_out() -> None:
    """A column that is missing means what decide means; an empty field is unknown."""
    left_out = sweep(pyarrow.table(TWO), on=ON)["alert.suspension-not-known"]
    empty = sweep(pyarrow.table({**TWO, "suspension": [None, None]}), on=ON)
    assert left_out.to_pylist() == [False, False]
    assert empty["alert.suspension-not-known"].to_pylist() == [True, True]


def test_other_libraries_are_read() -> None:
    """Tables of polars, pandas and DuckDB are read as they are, as far as these are installed."""
    table = pyarrow.table(TWO)
    wanted = sweep(table, on=ON).to_pylist()
    tables = []
    try:
        import polars  # noqa: PLC0415  where it is installed

        tables.append(polars.DataFrame(TWO))
        tables.append(polars.DataFrame(TWO).cast(polars.Categorical))
    except ImportError:
        pass
    try:
        import pandas  # type: ignore[import-untyped, unused-ignore]  # noqa: PLC0415  where it is installed

        tables.append(pandas.DataFrame(TWO))
        tables.append(pandas.DataFrame(TWO, dtype="category"))
    except ImportError:
        pass
    tables.append(table.to_reader())
    for each in tables:
        assert sweep(each, on=ON).to_pylist() == wanted


# Days


@given(
    calendar=calendars(),
    count=st.integers(0, 13),
    unit=st.sampled_from(Unit),
    direction=st.sampled_from([1, -1]),
    days_more=st.integers(-1, 1),
    policy=st.sampled_from(LastDay),
    year=st.integers(2014, 2035),
)
def test_the_day_table_is_the_bound(  # noqa: PLR0913, PLR0917  each says what a bound is
    calendar: Any,
    count: int,
    unit: Unit,
    direction: int,
    days_more: int,
    policy: LastDay,
    year: int,
) -> None:
    """The table of a bound holds, for each day, the day to which the bound itself leads."""
    bound = Bound("end", "start", Period(count, unit), direction, days_more)
    table = table_of_days(bound, calendar, policy, year, year)
    assert len(table) == first_day(year + 1) - first_day(year)
    for place in range(0, len(table), 37):
        day = bound.moved(first_day(year) + EPOCH + place, calendar)
        if policy is LastDay.MOVES_BACK and not calendar.is_working(day):
            day = calendar.working_day_before(day)
        assert table[place] + EPOCH == day
    shift = shift_of(bound, policy)
    assert shift is None or set(table - numpy.arange(len(table)) - first_day(year)) == {shift}


# What is refused


@pytest.mark.parametrize(
    ("columns", "place", "sentence", "help_"),
    [
        (
            {"prospect": ["no-concerns"]},
            "column 'prospect'",
            "The ruleset has no fact and no event 'prospect'.",
            "Did you mean 'prospects'?",
        ),
        ({"tier": ["x"]}, "column 'tier'", "'tier' is decided by the rules", "Use one of"),
        (
            {"prospects": ["no-concerns", "some-concern", None, "some-concern"]},
            "column 'prospects', rows 2 and 4",
            "'some-concern' is not a word of 'prospects'.",
            "Did you mean 'some-concerns'?",
        ),
        (
            {"prospects": [str(number) for number in range(1000)]},
            "column 'prospects', rows 1, 2, 3, 4, 5 and 995 more",
            "This column holds 1,000 different words; the vocabulary has 4.",
            "Use one of: no-concerns",
        ),
        ({"prospects": [1]}, "column 'prospects'", "must hold words; it holds whole", "Use text."),
        (
            {"revisit-begins": [datetime.datetime(2018, 1, 1)]},  # noqa: DTZ001  as files have it
            "column 'revisit-begins'",
            "must hold days; it holds points in time",
            "time zone",
        ),
        (
            {"revisit-begins": ["2018-06-28", "2018-06", "28/06/2018"]},
            "column 'revisit-begins', row 2",
            "'2018-06' is not one day.",
            "Write a whole day as 2018-06-28",
        ),
        (
            {"revisit-begins": [None, datetime.date(1066, 10, 14)]},
            "column 'revisit-begins', row 2",
            "The day is outside 1900 to 2199.",
            "Check the year.",
        ),
        (
            {"revisit-begins": ["2018-06-28"], "revisit-begins.not-yet": [True]},
            "column 'revisit-begins', row 1",
            "There is a day, and it is said not to have happened yet.",
            "Leave out one",
        ),
        (
            {"revisit-begins.not-yet": ["yes"]},
            "column 'revisit-begins.not-yet'",
            "must hold true and false; it holds text.",
            "known not to have happened",
        ),
    ],
)
def test_what_cannot_be_read(
    columns: dict[str, Any], place: str, sentence: str, help_: str
) -> None:
    """What cannot be used is told with its column, its first rows and what to do."""
    with pytest.raises(FactsError) as fault:
        sweep(pyarrow.table(columns), on=ON)
    problem = fault.value.problems[0]
    assert problem.place == place
    assert sentence in problem.sentence
    assert help_ in problem.help


def test_words_that_no_row_uses_are_no_problem() -> None:
    """A dictionary may hold further words as long as no row has them, not even an empty one."""
    codes = pyarrow.array([0, None, 0], pyarrow.int8(), mask=numpy.array([False, True, False]))
    words = ["some-concerns", "something else"]
    column = pyarrow.DictionaryArray.from_arrays(codes, words)
    found = sweep(pyarrow.table({"prospects": column}), on=ON)
    assert found["tier"].to_pylist()[1] == "not-settled"


def test_what_is_kept_is_read_all_the_same() -> None:
    """A fact or an event that is handed on counts as it would have, had nobody asked for it."""
    table = pyarrow.table({**TWO, "id": [1, 2]})
    names = [*TWO, "id"]
    kept = sweep(table, on=ON, keep=names)
    assert kept.select(names).equals(table)
    assert kept.drop_columns(names).equals(sweep(table, on=ON, keep=["id"]).drop_columns(["id"]))
    assert "not-settled" not in kept["tier"].to_pylist()


def test_a_column_to_keep_or_to_give_must_exist() -> None:
    """A column that is to be kept, or is wanted, and does not exist is refused by name."""
    with pytest.raises(FactsError, match="no such column to keep"):
        sweep(pyarrow.table(TWO), on=ON, keep=["id"])
    with pytest.raises(UnknownItemError, match="Did you mean 'tier'"):
        sweep(pyarrow.table(TWO), on=ON, only=["teir"])
    with pytest.raises(UnknownItemError):
        sweep(pyarrow.table(TWO), on=ON, readings={"R99": "x"})
    with pytest.raises(FactsError, match="not a table"):
        sweep([1, 2], on=ON)


def test_a_row_of_a_later_batch_has_its_own_number() -> None:
    """What is wrong in a later batch is told with the row's number in the whole."""
    words = ["no-concerns"] * 250 + ["none"]
    reader = sweep_batches(pyarrow.table({"prospects": words}).to_reader(max_chunksize=100), on=ON)
    with pytest.raises(FactsError, match="row 251"):
        list(reader)


# The command


def _read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        from pyarrow import parquet  # noqa: PLC0415  one of three

        return parquet.read_table(path).to_pylist()  # type: ignore[no-any-return, unused-ignore]
    if path.suffix == ".arrow":
        from pyarrow import ipc  # noqa: PLC0415  one of three

        return ipc.open_file(path).read_all().to_pylist()  # type: ignore[no-any-return, unused-ignore]
    from pyarrow import csv  # noqa: PLC0415  one of three

    return csv.read_csv(path).to_pylist()  # type: ignore[no-any-return, unused-ignore]


def _inputs(folder: Path) -> Iterator[Path]:
    from pyarrow import csv, ipc, parquet  # noqa: PLC0415  only here

    table = pyarrow.table({"id": [7, 8], **TWO, "report-published": ["2018-06-28", None]})
    parquet.write_table(table, folder / "in.parquet")
    csv.write_csv(table, folder / "in.csv")
    with ipc.new_file(folder / "in.arrow", table.schema) as file:
        file.write_table(table)
    yield from (folder / f"in.{kind}" for kind in ("parquet", "csv", "arrow"))


@pytest.mark.parametrize("kind", ["parquet", "csv", "arrow"])
def test_files_of_each_kind_are_swept(tmp_path: Path, kind: str) -> None:
    """The command reads and writes Parquet, CSV and Arrow, and keeps what it is told to keep."""
    for file in _inputs(tmp_path):
        out = tmp_path / f"out-of-{file.suffix[1:]}.{kind}"
        status = sweep_command(str(file), output=str(out), on="2019-03-01", keep=["id"], rules=True)
        assert status == 0
        found = _read(out)
        assert [int(row["id"]) for row in found] == [7, 8]
        assert [row["tier"] for row in found] == ["post-inspection-visit", "post-inspection-review"]
        assert [str(row["revisit-begins.due"] or "") for row in found] == ["2018-12-28", ""]
        assert "deadline.revisit" in found[0]["rules"]


def test_the_command_overwrites_nothing_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    """A file that is there stays; where a row is wrong, no file is left behind."""
    from pyarrow import parquet  # noqa: PLC0415  only here

    from ncpi_rules.errors import NcpiRulesError  # noqa: PLC0415  only here

    parquet.write_table(pyarrow.table({"prospects": ["none"]}), tmp_path / "in.parquet")
    out = tmp_path / "out.parquet"
    with pytest.raises(FactsError, match="row 1"):
        sweep_command(str(tmp_path / "in.parquet"), output=str(out), on="2019-03-01")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.parquet"]
    out.write_text("mine")
    with pytest.raises(NcpiRulesError, match="is there already"):
        sweep_command(str(tmp_path / "in.parquet"), output=str(out), on="2019-03-01")
    assert out.read_text() == "mine"
    with pytest.raises(NcpiRulesError, match="is not a table"):
        sweep_command(str(tmp_path / "in.xlsx"), output=str(out), on="2019-03-01")


def test_the_words_for_a_day_are_those_of_the_library() -> None:
    """The words that may stand for a day are the library's own."""
    assert {each.value for each in NotKnown} == {"unknown", "not-yet"}
    assert issubclass(MissingExtraError, ImportError)
