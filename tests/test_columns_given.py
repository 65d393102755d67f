"""What sweeps read, however it is written, and what they refuse."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

import pytest

numpy = pytest.importorskip("numpy", reason="sweeps need the extra 'columns'")
pyarrow = pytest.importorskip("pyarrow", reason="sweeps need the extra 'columns'")

from ncpi_rules.batch import sweep, sweep_batches
from ncpi_rules.core import (
    FactsError,
    MissingExtraError,
    NotKnown,
    UnknownItemError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ON = datetime.date(2019, 3, 1)

TWO = {
    "findings": ["broadly-positive", "not-broadly-positive"],
    "prospects": ["no-concerns", "some-concerns"],
}


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
def test_values_may_be_written_in_any_way(kind: Any) -> None:
    """Text and dictionaries of any width are values alike, empty fields included."""
    values = ["some-concerns", None, "no-concerns", "some-concerns"]
    column = pyarrow.array(values)
    if pyarrow.types.is_dictionary(kind):
        column = column.dictionary_encode()
    table = sweep(pyarrow.table({"prospects": column.cast(kind)}), on=ON)
    tiers = ["post-inspection-review", "not-settled", "not-settled", "post-inspection-review"]
    assert table["tier"].to_pylist() == tiers


def test_days_may_be_text() -> None:
    """A day as text is that day; a follow-up file's 'unknown' and 'not-yet' too."""
    texts = ["2018-06-28", "not-yet", "unknown", None]
    table = {"report-published": ["2018-01-01"] * 4, "revisit-begins": texts, **_four()}
    swept = sweep(pyarrow.table(table), on=ON)
    assert swept["revisit-begins.status"].to_pylist() == ["met", "overdue"] + ["cannot-tell"] * 2
    assert swept["revisit-begins.late-by"].to_pylist() == [None, 243, None, None]


def _four() -> dict[str, list[str]]:
    return {"findings": ["broadly-positive"] * 4, "prospects": ["no-concerns"] * 4}


def test_a_column_of_not_yet_needs_no_days() -> None:
    """Whether an event has happened may be told where no row has a day."""
    table = {"report-published": ["2018-01-01"] * 4, **_four()}
    table["revisit-begins.not-yet"] = [True, False, None, True]  # type: ignore[list-item]
    swept = sweep(pyarrow.table(table), on=ON)
    statuses = ["overdue", "cannot-tell", "cannot-tell", "overdue"]
    assert swept["revisit-begins.status"].to_pylist() == statuses


@pytest.mark.parametrize("start", [1, 3, 8])
@pytest.mark.parametrize("rows", [1, 13, 64])
def test_only_the_rows_of_a_slice_are_checked(start: int, rows: int) -> None:
    """A day that is said not to have come is told if its row is in the slice, and only then."""
    for row in (start - 1, start, start + rows - 1, start + rows):
        days = [ON if at == row else None for at in range(80)]
        table = pyarrow.table({"revisit-begins": days, "revisit-begins.not-yet": [True] * 80})
        if start <= row < start + rows:
            with pytest.raises(FactsError, match=f"row {row - start + 1}: There is a day"):
                sweep(table.slice(start, rows), on=ON)
        else:
            assert sweep(table.slice(start, rows), on=ON).num_rows == rows


def test_a_fact_without_a_column_is_left_out() -> None:
    """A column that is missing means what decide means; an empty field is unknown."""
    left_out = sweep(pyarrow.table(TWO), on=ON)["alert.suspension"]
    empty = sweep(pyarrow.table({**TWO, "suspension": [None, None]}), on=ON)
    assert left_out.to_pylist() == [False, False]
    assert empty["alert.suspension"].to_pylist() == [True, True]


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
    for frame in tables:
        assert sweep(frame, on=ON).to_pylist() == wanted


# What is refused


@pytest.mark.parametrize(
    ("columns", "place", "message", "help_"),
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
            "'some-concern' is not a value of 'prospects'.",
            "Did you mean 'some-concerns'?",
        ),
        (
            {"prospects": [str(number) for number in range(1000)]},
            "column 'prospects', rows 1, 2, 3, 4, 5 and 995 more",
            "This column holds 1,000 different values; the vocabulary has 4.",
            "Use one of: no-concerns",
        ),
        ({"prospects": [1]}, "column 'prospects'", "must hold text; it holds whole", "as text."),
        (
            {"revisit-begins": [datetime.datetime(2018, 1, 1, 9)]},  # noqa: DTZ001  as files have it
            "column 'revisit-begins', row 1",
            "must hold days; it holds points in time, the first of them at 09:00:00.",
            "midnight",
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
            {"revisit-begins": ["2018-06-28", "2018-6-1", "2018-6-1"]},
            "column 'revisit-begins', rows 2 and 3",
            "'2018-6-1' is not a date.",
            "Write a whole day as 2018-06-28",
        ),
        (
            {"prospects": [["no-concerns"]]},
            "column 'prospects'",
            "must hold text; it holds lists or records.",
            "as text.",
        ),
        (
            {"revisit-begins": [1.5]},
            "column 'revisit-begins'",
            "must hold days; it holds numbers.",
            "Use whole days",
        ),
        (
            {"prospects": pyarrow.array([1, 2]).dictionary_encode()},
            "column 'prospects'",
            "must hold text; it holds whole numbers.",
            "as text.",
        ),
        ({"prospects.not-yet": [True]}, "column 'prospects.not-yet'", "no event", "Use one of"),
        (
            {"revisit-begins.not-yet": ["yes"]},
            "column 'revisit-begins.not-yet', row 1",
            "'yes' is neither true nor false.",
            "known not to have happened",
        ),
    ],
)
def test_what_cannot_be_read(columns: dict[str, Any], place: str, message: str, help_: str) -> None:
    """What cannot be used is told with its column, its first rows and what to do."""
    with pytest.raises(FactsError) as fault:
        sweep(pyarrow.table(columns), on=ON)
    problem = fault.value.problems[0]
    assert problem.place == place
    assert message in problem.message
    assert help_ in problem.help


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Wrong values and wrong days are reported together: of many, the first and how many more."""
    values = ["none", *["no-concerns"] * 29]
    texts = [f"day {number}" for number in range(30)]
    with pytest.raises(FactsError) as fault:
        sweep(pyarrow.table({"prospects": values, "revisit-begins": texts}), on=ON)
    problems = fault.value.problems
    assert len(problems) == 21
    assert problems[-1].message == "So are 10 further texts of this column."
    early = [datetime.date(1066, 10, 14), *[None] * 29]
    with pytest.raises(FactsError) as fault:
        sweep(pyarrow.table({"revisit-begins": early, "prospects": values}), on=ON)
    assert [problem.place for problem in fault.value.problems] == [
        "column 'prospects', row 1",
        "column 'revisit-begins', row 1",
    ]


def test_two_columns_of_one_name() -> None:
    """Two columns of one name are refused: nobody can say which is meant."""
    values = pyarrow.array(["no-concerns"])
    table = pyarrow.Table.from_arrays([values, values], names=["prospects", "prospects"])
    with pytest.raises(FactsError, match="Two columns have this name"):
        sweep(table, on=ON)


@pytest.mark.parametrize("kind", [pyarrow.float64(), pyarrow.timestamp("s"), pyarrow.bool_()])
def test_a_column_in_which_nothing_stands_is_unknown(kind: Any) -> None:
    """Where no row holds anything, it does not matter for what the column was made."""
    names = ["prospects", "revisit-begins", "revisit-ends.not-yet"]
    table = sweep(pyarrow.table({name: pyarrow.nulls(2, kind) for name in names}), on=ON)
    plain = pyarrow.nulls(2, pyarrow.string())
    assert table.equals(sweep(pyarrow.table({"prospects": plain, "revisit-begins": plain}), on=ON))


def test_any_day_may_lie_under_an_empty_row() -> None:
    """What memory holds under empty rows is not looked at, nor does it change other rows."""
    days = numpy.array([2**31 - 1, 17_600, -(2**31)], dtype=numpy.int32)
    is_null = pyarrow.array([False, True, False])
    odd = pyarrow.Array.from_buffers(
        pyarrow.date32(), 3, [is_null.buffers()[1], pyarrow.py_buffer(days)]
    )
    clean = pyarrow.array([None, 17_600, None], pyarrow.int32()).cast(pyarrow.date32())
    names = ["report-published", "revisit-begins", "revisit-ends"]
    swept, wanted = (
        sweep(pyarrow.table(dict.fromkeys(names, column)), on=ON) for column in (odd, clean)
    )
    assert swept.equals(wanted)


def test_days_of_the_last_century() -> None:
    """A day before 1970 is a day like any other."""
    rows: dict[str, Any] = {"report-published": [datetime.date(1969, 8, 31)]}
    table = sweep(pyarrow.table(rows), on="1970-03-01")
    assert table["revisit-begins.due"].to_pylist() == [datetime.date(1970, 2, 28)]


def test_what_arrow_cannot_read_is_told() -> None:
    """Where Arrow itself refuses, we say so in one sentence, also in the midst of a stream."""

    def broken() -> Iterator[Any]:
        yield pyarrow.record_batch({"prospects": ["no-concerns"]})
        message = "the disk is gone"
        raise OSError(message)

    with pytest.raises(FactsError, match="This is a column, not a table"):
        sweep(pyarrow.array(["no-concerns"]), on=ON)
    schema = pyarrow.schema([("prospects", pyarrow.string())])
    batches = pyarrow.RecordBatchReader.from_batches(schema, broken())
    with pytest.raises(FactsError, match="the disk is gone"):
        list(sweep_batches(batches, on=ON))


def test_there_is_at_least_one_worker_and_one_row() -> None:
    """Nobody at work, and batches of nothing, are refused."""
    with pytest.raises(FactsError, match="some workers"):
        sweep(pyarrow.table(TWO), on=ON, workers=0)
    with pytest.raises(FactsError, match="some rows"):
        sweep_batches(pyarrow.table(TWO), on=ON, rows=0)


def test_one_name_may_stand_alone() -> None:
    """A name that is not in a list is one name, not its letters."""
    table = sweep(pyarrow.table({**TWO, "id": [1, 2]}), on=ON, keep="id", only="tier")
    assert table.column_names == ["id", "tier"]


def test_what_is_kept_takes_no_outcomes_place() -> None:
    """A column named as one that comes out cannot be kept, unless that one is not wanted."""
    table = pyarrow.table({**TWO, "rules": ["a", "b"]})
    with pytest.raises(FactsError, match="a column of this name comes out"):
        sweep(table, on=ON, keep=["rules"], rules=True)
    assert sweep(table, on=ON, keep=["rules", "rules"])["rules"].to_pylist() == ["a", "b"]


def test_values_that_no_row_uses_are_no_problem() -> None:
    """A dictionary may hold further values as long as no row has them, not even an empty one."""
    codes = pyarrow.array([0, None, 0], pyarrow.int8(), mask=numpy.array([False, True, False]))
    values = ["some-concerns", "something else"]
    column = pyarrow.DictionaryArray.from_arrays(codes, values)
    table = sweep(pyarrow.table({"prospects": column}), on=ON)
    assert table["tier"].to_pylist()[1] == "not-settled"


def test_what_is_kept_is_read_all_the_same() -> None:
    """A fact or an event that is handed on counts as it would have, had nobody asked for it."""
    table = pyarrow.table({**TWO, "id": [1, 2]})
    names = [*TWO, "id"]
    swept = sweep(table, on=ON, keep=names)
    assert swept.select(names).equals(table)
    assert swept.drop_columns(names).equals(sweep(table, on=ON, keep=["id"]).drop_columns(["id"]))
    assert "not-settled" not in swept["tier"].to_pylist()


def test_a_column_to_keep_or_to_give_must_exist() -> None:
    """A column that is to be kept, or is wanted, and does not exist is refused by name."""
    with pytest.raises(FactsError, match="no such column to keep"):
        sweep(pyarrow.table(TWO), on=ON, keep=["id"])
    with pytest.raises(UnknownItemError, match="Did you mean 'tier'") as wanted:
        sweep(pyarrow.table(TWO), on=ON, only=["teir"])
    (problem,) = wanted.value.problems
    assert re.fullmatch(
        r"Did you mean 'tier'\? Use one of \d+ names, such as tier, (\S+, ){3}\S+\. "
        "A sweep without 'only' has them all.",
        problem.help,
    )
    with pytest.raises(UnknownItemError):
        sweep(pyarrow.table(TWO), on=ON, interpretations={"R99": "x"})
    with pytest.raises(FactsError, match="not a table"):
        sweep([1, 2], on=ON)


def test_a_row_of_a_later_batch_has_its_own_number() -> None:
    """What is wrong in a later batch is told with the row's number in the whole."""
    values = ["no-concerns"] * 250 + ["none"]
    reader = sweep_batches(pyarrow.table({"prospects": values}).to_reader(max_chunksize=100), on=ON)
    with pytest.raises(FactsError, match="row 251"):
        list(reader)


def test_the_values_for_a_day_are_those_of_the_library() -> None:
    """The values that may stand for a day are the library's own."""
    assert {unknown.value for unknown in NotKnown} == {"unknown", "not-yet"}
    assert issubclass(MissingExtraError, ImportError)


def test_the_first_and_the_last_day_that_are_read() -> None:
    """Days from 1900 to 2199 are read, and the day before or after them is told with its row."""
    read = [datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)]
    table = sweep(pyarrow.table({"report-published": read}), on=ON)
    assert table["revisit-begins.due"].to_pylist() == [
        datetime.date(1900, 7, 1),
        datetime.date(2200, 6, 30),
    ]
    for day in (datetime.date(1899, 12, 31), datetime.date(2200, 1, 1)):
        with pytest.raises(FactsError, match="row 3: The day is outside 1900 to 2199"):
            sweep(pyarrow.table({"report-published": [ON, ON, day]}), on=ON)
