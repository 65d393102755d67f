"""Sweeps: columns in, columns out, and always what is said of each case by itself."""

from __future__ import annotations

import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

numpy = pytest.importorskip("numpy", reason="sweeps need the extra 'columns'")
pyarrow = pytest.importorskip("pyarrow", reason="sweeps need the extra 'columns'")

from ncpi_rules.batch import (
    chunk,  # pinned: scratch memory is watched
    day_table,
    outputs,
    rule_planes,  # pinned: how often an engine is asked is counted
    sweep,
    sweep_batches,
    sweeps,  # pinned: scratch memory is watched
)
from ncpi_rules.batch.day_tables import (  # pinned: a table of days is compared day by day
    EPOCH,
    first_day,
)
from ncpi_rules.core import (
    Calendar,
    DueDatePolicy,
    FactsError,
    PartialDate,
    Period,
    Unit,
)
from ncpi_rules.engine import part_of
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import (
    ANSWERED,
    Bound,
    Timing,
    load_ruleset,
    shipped_ruleset,
)
from tests.assessed import as_rows, made_follow_ups, made_for, of_plan, unlike_assessed
from tests.strategies import calendars, days, follow_ups, made_rulesets
from tests.swept import (
    expected,
    made_table,
    of_deadlines,
    of_decision,
    overlapping_ruleset,
    row_of,
    wrong_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.engine import Part, RuleGroup
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Ruleset

ON = datetime.date(2019, 3, 1)
LOANS = Path(__file__).parent / "rulesets" / "library-loans"
ROWS = 100_000 if settings.default is settings.get_profile("full") else 10_000


@pytest.fixture(name="short")
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a stretch have 64 rows, so that small tables have many."""
    monkeypatch.setattr(chunk, "CHUNK_ROWS", 64)
    monkeypatch.setattr(sweeps, "CHUNK_ROWS", 64)


def _answers(ruleset: Ruleset) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {},
        optional={
            r: st.sampled_from(list(interpretation.answers))
            for r, interpretation in ruleset.interpretations.items()
        },
    )


# What comes out is what is said of each case


def test_every_row_is_as_decided_and_scheduled(seed: int) -> None:
    """In a large table, every column of every row is what decide and schedule say."""
    ruleset = shipped_ruleset()
    table = made_table(ruleset, rows=ROWS, seed=seed)
    swept = sweep(table, on=ON, keep=[])
    assert swept.num_rows == ROWS
    assert wrong_columns(swept, table, ruleset, on=ON.toordinal()) == []


def test_every_row_is_as_assessed(seed: int) -> None:
    """Of many follow-ups, every column of every row is what the follow-up's own plan says."""
    ruleset = shipped_ruleset()
    made = list(made_follow_ups(ROWS, seed=seed))
    table = sweep(as_rows(made, ruleset, ON), on=ON)
    assert table.num_rows == ROWS
    assert unlike_assessed(table, made, on=ON, ruleset=ruleset) == []


def test_the_edition_is_in_force_from_day_to_day() -> None:
    """On the days on which it begins and ends it is in force; a day before and after it is not."""
    in_force = shipped_ruleset().settings.in_force
    assert in_force is not None
    begins, ends = in_force.first, in_force.last
    step = datetime.timedelta(days=1)
    dates = [begins - step, begins, None, ends, ends + step]
    table = pyarrow.table({"report-published": pyarrow.array(dates, pyarrow.date32())})
    only = ["outside-the-edition"]
    swept = sweep(table, on=ON, only=only)["outside-the-edition"]
    assert swept.to_pylist() == [True, False, False, False, True]


@pytest.mark.parametrize("place", [1, -1])
def test_every_row_is_as_assessed_with_other_interpretations(place: int, seed: int) -> None:
    """With another answer to every open question, too, a row is what its follow-up's plan says."""
    ruleset = shipped_ruleset()
    interpretations = {
        name: list(interpretation.answers)[place]
        for name, interpretation in ruleset.interpretations.items()
    }
    made = list(made_follow_ups(ROWS // 10, seed=seed))
    table = sweep(as_rows(made, ruleset, ON), on=ON, interpretations=interpretations)
    assert (
        unlike_assessed(table, made, on=ON, ruleset=ruleset, interpretations=interpretations) == []
    )


@pytest.mark.parametrize("folder", sorted(LOANS.parent.iterdir()), ids=lambda folder: folder.name)
def test_every_row_of_another_field_is_as_assessed(folder: Path) -> None:
    """With a ruleset of another field, too, a row says what its plan says."""
    ruleset = load_ruleset(folder)
    made = list(made_for(ruleset, 500, seed=3))
    table = sweep(as_rows(made, ruleset, ON), on=ON, ruleset=ruleset)
    assert unlike_assessed(table, made, on=ON, ruleset=ruleset) == []


def _ruleset(name: str) -> Ruleset:
    """Return the shipped ruleset, that of another field, or one with deadlines that overlap."""
    if name == "loans":
        return load_ruleset(LOANS)
    return shipped_ruleset() if name == "shipped" else overlapping_ruleset()


OVERLAPPING = overlapping_ruleset()


@pytest.mark.parametrize("policy", DueDatePolicy)
def test_of_several_deadlines_the_worst_is_told(policy: DueDatePolicy) -> None:
    """Where deadlines on one event overlap, a row has the first day and the worst status.

    A due date may move to a working day, and the first day of the same period never does.
    """
    table = made_table(OVERLAPPING, rows=2000, seed=4)
    chosen = {"R8": policy.value}
    swept = sweep(table, on=ON, ruleset=OVERLAPPING, interpretations=chosen)
    wrong = wrong_columns(swept, table, OVERLAPPING, on=ON.toordinal(), interpretations=chosen)
    assert wrong == []


@pytest.mark.parametrize("name", ["shipped", "loans", "overlapping"])
@given(data=st.data())
def test_few_rows_with_any_interpretations_and_columns(name: str, data: st.DataObject) -> None:
    """Whatever the interpretations, the day and the columns, a row says what its case says.

    The rules that apply are told row by row.
    """
    ruleset = OVERLAPPING if name == "overlapping" else _ruleset(name)
    interpretations = data.draw(_answers(ruleset))
    table = made_table(ruleset, rows=20, seed=data.draw(st.integers(0, 2**32)))
    left_out = data.draw(st.sets(st.sampled_from(table.column_names)))
    table = table.drop_columns(sorted(left_out))
    on = ON + datetime.timedelta(days=data.draw(st.integers(-500, 500)))
    swept = sweep(table, on=on, ruleset=ruleset, interpretations=interpretations, rules=True)
    for row, says in zip(table.to_pylist(), swept.to_pylist(), strict=True):
        wanted = expected(ruleset, row, on=on.toordinal(), interpretations=interpretations)
        assert {key: value for key, value in says.items() if value not in (None, False)} == {
            key: value for key, value in wanted.items() if value is not False
        }


@given(follow_up=follow_ups(), day=days())
def test_a_row_is_as_assessed(follow_up: FollowUp, day: datetime.date) -> None:
    """A follow-up's values and whole days, as one row, give what its plan says.

    Deadlines that touch a partial date are left alone: a column holds whole days only.
    """
    ruleset = shipped_ruleset()
    row, touched = row_of(follow_up, ruleset, day)
    plan = assess(follow_up, on=day)
    (swept,) = sweep(pyarrow.Table.from_pylist([row]), on=day, rules=True).to_pylist()
    wanted = of_decision(plan.decision) | of_deadlines(plan.schedule) | of_plan(plan)
    unsure = {"not-in-time"} if touched else set()
    published = follow_up.inspection_report.published
    if not (isinstance(published, PartialDate) and published.is_day):
        unsure.add("outside-the-edition")

    def whole(answers: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in answers.items()
            if value not in (None, False)
            and not (touched | unsure) & {name, name.rpartition(".")[0]}
        }

    assert whole(swept) == whole(wanted)


@given(ruleset=made_rulesets(), seed=st.integers(0, 2**32))
def test_any_ruleset_can_be_swept(ruleset: Ruleset, seed: int) -> None:
    """Whatever the facts, outcomes and rules, a table is decided as its rows are."""
    choices = {name: chosen for name, chosen in ruleset.choices.items() if name not in ANSWERED}
    ruleset = attrs.evolve(ruleset, choices=choices)
    table = made_table(ruleset, rows=50, seed=seed)
    if table.num_columns:
        swept = sweep(table, on=ON, ruleset=ruleset)
        assert wrong_columns(swept, table, ruleset, on=ON.toordinal()) == []


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 200])
@pytest.mark.parametrize("workers", [1, 2])
def test_stretches_and_threads_change_nothing(rows: int, workers: int) -> None:
    """However a table is cut and by how many threads it is swept, the answer is the same."""
    ruleset = shipped_ruleset()
    table = made_table(ruleset, rows=rows, seed=7)
    swept = sweep(table, on=ON, rules=True, workers=workers)
    assert swept.num_rows == rows
    assert wrong_columns(swept, table, ruleset, on=ON.toordinal()) == []
    swept.validate(full=True)


@pytest.mark.usefixtures("short")
@given(cuts=st.lists(st.integers(0, 150), max_size=4), start=st.integers(0, 20))
def test_pieces_and_offsets_change_nothing(cuts: list[int], start: int) -> None:
    """A table in pieces, each beginning anywhere in memory, is swept as the whole."""
    table = made_table(shipped_ruleset(), rows=150, seed=3).slice(start)
    at = sorted({0, *(min(cut, table.num_rows) for cut in cuts), table.num_rows})
    pieces = [table.slice(a, b - a) for a, b in pairwise(at)]
    whole = sweep(pyarrow.Table.from_pylist(table.to_pylist(), table.schema), on=ON, rules=True)
    assert sweep(pyarrow.concat_tables(pieces), on=ON, rules=True).to_pylist() == whole.to_pylist()


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("workers", [1, 2])
def test_years_may_differ_from_stretch_to_stretch(workers: int) -> None:
    """However far apart the days of a table lie, each leads where it leads by itself."""
    years = (2018, 1950, 2150, 2019, 1901, 2199)
    days = [datetime.date(year, 8, 31) for year in years for _ in range(64)]
    table = pyarrow.table({"report-published": days})
    dues = sweep(table, on=ON, workers=workers)["revisit-begins.due"].to_pylist()
    assert dues == [
        sweep(table.slice(row // 64 * 64, 1), on=ON)["revisit-begins.due"][0].as_py()
        for row in range(table.num_rows)
    ]


@pytest.mark.parametrize("workers", [1, 3, None])
def test_batches_are_swept_in_order(workers: int | None) -> None:
    """A reader of batches gives the same rows in the same order, beside the columns kept."""
    table = made_table(shipped_ruleset(), rows=1000, seed=5)
    table = table.append_column("id", pyarrow.array(range(1000)))
    batches = table.to_reader(max_chunksize=300)
    reader = sweep_batches(batches, on=ON, keep=["id"], rows=128, workers=workers)
    assert reader.schema.names == ["id", *(field.name for field in outputs())]
    batches = list(reader)
    assert max(batch.num_rows for batch in batches) == 128
    together = pyarrow.Table.from_batches(batches)
    assert together.to_pylist() == sweep(table, on=ON, keep=["id"]).to_pylist()


@pytest.mark.parametrize("workers", [1, 3])
def test_batches_before_a_fault_come_out(workers: int) -> None:
    """Where a batch cannot be read, those before it are swept, and then the fault is raised."""
    table = made_table(shipped_ruleset(), rows=30, seed=5)

    def read() -> Iterator[Any]:
        yield from table.to_batches(max_chunksize=10)
        raise OSError(5, "Input/output error")

    batches = pyarrow.RecordBatchReader.from_batches(table.schema, read())
    swept = sweep_batches(batches, on=ON, workers=workers)
    assert [next(swept).num_rows for _ in range(3)] == [10, 10, 10]
    with pytest.raises((FactsError, OSError), match="Input/output error"):
        next(swept)


def test_only_what_is_wanted() -> None:
    """Columns asked for by name come out as they do among all others, and no others."""
    table = made_table(shipped_ruleset(), rows=500, seed=2)
    every = sweep(table, on=ON)
    names = ["tier", "revisit-begins.late-by", "alert.suspension"]
    swept = sweep(table, on=ON, only=names)
    assert sorted(swept.column_names) == sorted(names)
    assert swept.equals(every.select(swept.column_names))


# Days


@given(
    calendar=calendars(),
    count=st.integers(0, 13),
    unit=st.sampled_from(Unit),
    direction=st.sampled_from([1, -1]),
    days_more=st.integers(-1, 1),
    with_day=st.booleans(),
    policy=st.sampled_from(DueDatePolicy),
    year=st.integers(2014, 2035),
)
def test_the_day_table_is_the_bound(  # noqa: PLR0913, PLR0917  each says what a bound is
    calendar: Any,
    count: int,
    unit: Unit,
    direction: int,
    days_more: int,
    with_day: bool,  # noqa: FBT001  drawn
    policy: DueDatePolicy,
    year: int,
) -> None:
    """The table of a bound holds, for each day, the day to which the bound itself leads."""
    period = Period(count, unit)
    bound = Bound(
        "end", "start", period, direction, days_more, with_day=with_day, calendar=calendar
    )
    table = day_table(bound, policy, year, year)
    assert len(table) == first_day(year + 1) - first_day(year)
    for place in range(0, len(table), 37):
        day = bound.moved(first_day(year) + EPOCH + place)
        while policy is not DueDatePolicy.STANDS and not calendar.is_working(day):
            day += 1 if policy is DueDatePolicy.MOVES_ON else -1
        assert table[place] + EPOCH == day


@pytest.mark.parametrize("count", [0, 3])
@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("policy", [DueDatePolicy.MOVES_BACK, DueDatePolicy.MOVES_ON])
def test_a_long_closure_is_no_working_day(
    count: int, direction: int, policy: DueDatePolicy
) -> None:
    """A due date in the middle of half a year of days off moves to one end of it."""
    first = first_day(2018) + EPOCH + 100
    calendar = Calendar(extra=frozenset(range(first, first + 180)))
    period = Period(count, Unit.WORKING_DAYS)
    bound = Bound("end", "start", period, direction, 1, calendar=calendar)
    table = day_table(bound, policy, 2018, 2018)
    for place in range(0, len(table), 9):
        day = bound.moved(first_day(2018) + EPOCH + place)
        while not calendar.is_working(day):
            day += 1 if policy is DueDatePolicy.MOVES_ON else -1
        assert table[place] + EPOCH == day


# What serves more than one stretch


def test_rows_are_made_once_for_all_sweeps_of_a_ruleset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other columns ask no engine again, and nothing is remembered of another ruleset."""
    asked: list[RuleGroup] = []

    def counted(group: RuleGroup) -> Part:
        asked.append(group)
        return part_of(group)

    monkeypatch.setattr(rule_planes, "part_of", counted)
    table = pyarrow.table({"report-published": [datetime.date(2018, 6, 28)]})
    ruleset = load_ruleset()
    for with_rules in (False, True):
        sweep(table, on=ON, ruleset=ruleset, rules=with_rules)
    assert len(asked) == len(set(asked)) > 0
    sweep(table, on=ON, ruleset=load_ruleset(), rules=True)
    assert len(asked) == 2 * len(set(asked))


@pytest.mark.usefixtures("short")
def test_a_table_of_days_grows_by_one_day() -> None:
    """A stretch whose days begin where the years of another end has its own due dates."""
    year = [datetime.date(2018, 1, 1), datetime.date(2018, 12, 31)] * 32
    for edge in (datetime.date(2019, 1, 1), datetime.date(2017, 12, 31)):
        published = [*year, *[edge] * 64, *year]
        table = sweep(pyarrow.table({"report-published": published}), on=ON)
        assert table["revisit-begins.due"].to_pylist() == [
            datetime.date.fromordinal(_six_months_after(day)) for day in published
        ]


def _six_months_after(day: datetime.date) -> int:
    ruleset = shipped_ruleset()
    timing = Timing.from_text("6 months after report-published")
    return timing.bound("revisit-begins", ruleset.calendar).moved(day.toordinal())


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("workers", [1, 3])
def test_no_memory_is_lent_twice(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    """Two stretches at work at a time never have the same memory, and all of it comes back."""
    lent: list[chunk.ScratchMemory] = []
    work = chunk.Chunk.sweep

    def watched(self: chunk.Chunk) -> None:
        assert not any(self.scratch is scratch for scratch in lent)
        lent.append(self.scratch)
        work(self)
        lent[:] = [scratch for scratch in lent if scratch is not self.scratch]

    monkeypatch.setattr(chunk.Chunk, "sweep", watched)
    # pinned: scratch memory is watched from the first chunk on
    query = sweeps._SweepQuery.of(ON, shipped_ruleset(), None, False, None, [])  # noqa: FBT003  no rules
    for seed in (5, 6):
        query.sweep(made_table(shipped_ruleset(), rows=1000, seed=seed), workers=workers)
    (free,) = query.scratch.values()
    assert len({id(scratch) for scratch in free}) == len(free) <= workers
