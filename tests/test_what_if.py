"""What-if, grids and samples: the same answers as for follow-ups, and nothing that cannot be."""

from __future__ import annotations

import copy
import datetime
from itertools import chain, product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from ncpi_rules.core import NOT_YET, UNKNOWN, DateError, FactsError, PartialDate
from ncpi_rules.explore import WhatIf, days, every, grid, sample, what_if
from ncpi_rules.explore.choices import format_value  # pinned: dates as the controls write them
from ncpi_rules.facts import FollowUp, InspectionReport, name_facts
from ncpi_rules.plan import assess, differences, values_of
from ncpi_rules.ruleset import load_ruleset, shipped_ruleset
from tests.strategies import (
    CONTRACT,
    REPORT_DAYS,
    choices_of_dates,
    choices_of_values,
    follow_ups,
    near,
)

if TYPE_CHECKING:
    from ncpi_rules.core import When

EXAMPLES = Path(__file__).parents[1] / "examples" / "follow-ups"
NORTHUMBRIA = FollowUp.load(EXAMPLES / "northumbria-2018.yaml")
VISIT = FollowUp.load(EXAMPLES / "invented-visit.yaml")
DAY = "2018-10-01"
PARTS = [
    "action_plan",
    "arrangements",
    "decisions",
    "documents",
    "feedback",
    "fieldwork",
    "inspection_report",
    "notice",
    "prospects",
    "publication",
]


# What if


@given(follow_ups(), follow_ups(), st.sampled_from(PARTS), REPORT_DAYS)
def test_what_if_is_two_assessments(
    follow_up: FollowUp, other: FollowUp, part: str, day: datetime.date
) -> None:
    """A part of another follow-up gives the plan of the follow-up with that part."""
    try:
        changed = follow_up.evolve(**{part: getattr(other, part)})
        name_facts(changed, CONTRACT)
    except FactsError:
        with pytest.raises(FactsError):
            what_if(follow_up, {part: getattr(other, part)}, on=day)
        return
    comparison = what_if(follow_up, {part: getattr(other, part)}, on=day)
    assert comparison.before == assess(follow_up, on=day)
    assert comparison.after == assess(changed, on=day)
    assert comparison.after.follow_up == changed
    assert bool(comparison.differences) == (comparison.before != comparison.after)


@given(follow_ups(), REPORT_DAYS)
def test_no_change_changes_nothing(follow_up: FollowUp, day: datetime.date) -> None:
    """Without changes, and with changes to what is there already, nothing differs."""
    for changes in ({}, follow_up.to_dict()):
        comparison = what_if(follow_up, changes, on=day)
        assert (comparison.changes, comparison.differences) == ((), ())
        assert comparison.after.follow_up == follow_up


@given(follow_ups(), st.sampled_from(sorted(CONTRACT.events)), near(), REPORT_DAYS)
def test_every_name_of_an_event_changes_the_same(
    follow_up: FollowUp, event: str, date: datetime.date, day: datetime.date
) -> None:
    """An event's name, its path with dots, with underscores and as a mapping mean the same."""
    path = CONTRACT.events[event]
    part, _, last = path.partition(".")
    ways: list[dict[str, Any]] = [
        {event: date},
        {event.replace("-", "_"): date},
        {path: date.isoformat()},
        {path.replace(".", "__"): PartialDate.read(date)},
        {part: {last: date}},
    ]
    results: list[FollowUp | list[str]] = []
    for way in ways:
        try:
            results.append(what_if(follow_up, way, on=day).after.follow_up)
        except FactsError as fault:
            results.append([problem.place for problem in fault.problems])
    first = results[0]
    assert all(result == first for result in results)
    if isinstance(first, FollowUp):
        assert name_facts(first, CONTRACT).dates.events[event] == PartialDate.read(date)


@given(follow_ups(), choices_of_dates(), REPORT_DAYS)
def test_the_changes_lead_there_and_back(
    follow_up: FollowUp, dates: dict[str, list[When]], day: datetime.date
) -> None:
    """The changes lead from the facts as they are to the changed facts, and back again."""
    wanted = {name: some[0] for name, some in dates.items()}
    try:
        comparison = what_if(follow_up, wanted, on=day)
    except FactsError:
        reject()
    again = what_if(
        follow_up, {change.place: change.after for change in comparison.changes}, on=day
    )
    assert again.after.follow_up == comparison.after.follow_up
    back = what_if(
        comparison.after.follow_up,
        {change.place: change.before for change in comparison.changes},
        on=day,
    )
    assert back.after.follow_up == follow_up
    assert all(change.before != change.after for change in comparison.changes)


def test_a_mapping_changes_what_it_names_and_an_object_all() -> None:
    """A mapping leaves the rest of its part alone; an object takes the place of the whole part."""
    follow_up = VISIT
    merged = what_if(follow_up, inspection_report={"findings": "not-broadly-positive"}, on=DAY)
    report = merged.after.follow_up.inspection_report
    assert report.published == follow_up.inspection_report.published
    assert report.recommendations == follow_up.inspection_report.recommendations
    whole = InspectionReport(published=datetime.date(2022, 3, 1))
    instead = what_if(follow_up, inspection_report=whole, action_plan={"covers": "unknown"}, on=DAY)
    assert instead.after.follow_up.inspection_report == whole


def test_nobody_made_an_imagined_judgement() -> None:
    """The value of a judgement drops who made it, when and why; a change within it does not."""
    prospects = what_if(VISIT, prospects="some-concerns", on="2022-06-01").after.follow_up.prospects
    assert (prospects.judgement, prospects.by, prospects.on) == ("some-concerns", UNKNOWN, UNKNOWN)
    within = what_if(VISIT, prospects__judgement="some-concerns", on="2022-06-01")
    assert within.after.follow_up.prospects.by == VISIT.prospects.by
    both = what_if(VISIT, prospects__on="2022-05-20", prospects="no-concerns", on="2022-06-01")
    assert both.after.follow_up.prospects.on == PartialDate.read("2022-05-20")


def test_a_value_takes_precedence_over_the_facts() -> None:
    """A fact of the vocabulary may be changed by its value, and decides as the facts would."""
    comparison = what_if(NORTHUMBRIA, reinspection="decided", on=DAY)
    assert comparison.after.headline.value == "full-re-inspection"
    assert comparison.sentence.startswith("The type of follow-up: now a full re-inspection (was ")


def test_all_problems_of_changes_are_reported_at_once() -> None:
    """Every bad name, value and date is reported at its place with the nearest name."""
    with pytest.raises(FactsError) as caught:
        what_if(
            NORTHUMBRIA,
            {"inspection_report.recommendations[2].topic": "training"},
            prospects="no-concern",
            fieldwork__begin="2018",
            revisit_beginns="2018",
            inspection_report={"published": "2018-13-01", "findings": "broadly-positve"},
            note__colour="red",
            on=DAY,
        )
    reported = {problem.place: problem.help for problem in caught.value.problems}
    assert "'no-concerns'" in reported["prospects.judgement"]
    assert "'begins'" in reported["fieldwork.begin"]
    assert "'revisit-begins'" in reported["revisit_beginns"]
    assert "'broadly-positive'" in reported["inspection_report.findings"]
    assert "inspection_report.published" in reported
    assert "inspection_report.recommendations[2].topic" in reported
    assert "note" in reported
    assert len(reported) == len(caught.value.problems)


def test_contradictions_are_reported_at_once() -> None:
    """Where each change alone is possible and together they are not, all are reported."""
    with pytest.raises(FactsError) as caught:
        what_if(NORTHUMBRIA, report_published="2020-01-01", on=DAY)
    assert [problem.place for problem in caught.value.problems] == [
        "fieldwork.begins",
        "fieldwork.ends",
        "publication.published",
    ]


def test_what_is_changed_twice_is_refused() -> None:
    """A fact has one change, however it is named."""
    for more in ({"fieldwork.begins": "2018-12-01"}, {"revisit_begins": "2018-12-01"}):
        with pytest.raises(FactsError, match="changed twice"):
            what_if(NORTHUMBRIA, more, revisit_begins="2018-12-02", on=DAY)


def _shown(cases: WhatIf) -> list[str]:
    return [cases.to_text(), cases.to_markdown(), cases.to_html(), cases._repr_html_()]


@given(follow_ups(), follow_ups(), st.sampled_from(PARTS), REPORT_DAYS)
def test_what_if_can_be_shown(
    follow_up: FollowUp, other: FollowUp, part: str, day: datetime.date
) -> None:
    """Every form has each difference of substance, and HTML loads nothing from elsewhere."""
    try:
        comparison = what_if(follow_up, {part: getattr(other, part)}, on=day)
    except FactsError:
        reject()
    text = " ".join(comparison.to_text().split())
    for difference in comparison.of_substance:
        if difference.message.isascii() and len(difference.message) < 60:
            assert difference.message in text
    for shown in _shown(comparison):
        assert "None" not in shown
        assert "src=" not in shown
        assert "<script" not in shown
    assert comparison.to_dict()["after"] == comparison.after.to_dict()
    assert list(comparison.differences) == list(
        differences(
            comparison.before.document, comparison.after.document, names=("No longer", "New")
        )
    )


def test_what_is_changed_reads_well() -> None:
    """What has no title in the vocabulary is shown by its path in words."""
    comparison = what_if(NORTHUMBRIA, decisions=[], note="Looked at again", on=DAY)
    text = comparison.to_markdown()
    chosen = "Inspectors have chosen a post-inspection review"
    assert f"| Decisions, entry 1, value | {chosen} | Not there |" in text
    assert "| Note | Not known | Looked at again |" in text


def test_what_somebody_wrote_is_escaped() -> None:
    """Text of the facts stays text in HTML."""
    comparison = what_if(NORTHUMBRIA, note="<img src=x>", on=DAY)
    assert "<img" not in comparison.to_html()
    assert "&lt;img" in comparison._repr_html_()


# Grids and samples


def _facts(base: FollowUp, row: dict[str, Any]) -> FollowUp:
    """Return the follow-up of a row of dates; raise FactsError where it contradicts itself."""
    facts = copy.deepcopy(base.to_dict())
    for event, when in row.items():
        part, _, name = CONTRACT.events[event].partition(".")
        facts.setdefault(part, {})[name] = format_value(when)
    follow_up = FollowUp.from_dict(facts)
    name_facts(follow_up, CONTRACT)
    return follow_up


def _entries(row: dict[str, When]) -> dict[str, Any]:
    return {
        name: None
        if when is UNKNOWN
        else when.first.toordinal()
        if isinstance(when, PartialDate) and when.is_day
        else format_value(when)
        for name, when in row.items()
    }


@given(follow_ups(), choices_of_dates(), near(0, 90))
def test_a_grid_holds_what_can_be_and_nothing_else(
    base: FollowUp, choices: dict[str, list[When]], day: datetime.date
) -> None:
    """The rows are the combinations that a follow-up accepts, with its values.

    All others are counted.
    """
    rules = shipped_ruleset()
    wanted = []
    for row in product(*choices.values()):
        named = dict(zip(choices, row, strict=True))
        try:
            follow_up = _facts(base, named)
        except FactsError:
            continue
        values = values_of(follow_up, rules, day.toordinal())
        known = {
            n: None if v == rules.facts[n].unknown else v
            for n, v in values.items()
            if n not in rules.events
        }
        wanted.append({**known, **_entries(named)})
    many = prod(map(len, choices.values()))
    try:
        cases = grid(base, choices, on=day)
    except FactsError:  # there is one combination, and it contradicts itself
        assert wanted == []
        return
    rows = [
        {n: e.toordinal() if isinstance(e, datetime.date) else e for n, e in row.items()}
        for row in cases
    ]
    assert [
        {name: row[name] for name in entries} for row, entries in zip(rows, wanted, strict=True)
    ] == wanted
    assert (len(cases), cases.impossible) == (len(wanted), many - len(wanted))


def test_no_report_of_a_grid_is_published_after_a_decision() -> None:
    """A follow-up with a decision leaves out the days on which there was no report to follow up."""
    decision = {"decision": "full-reinspection", "on": "2018-09", "by": "unknown", "why": "unknown"}
    base = FollowUp.from_dict({"force": "kent", "decisions": [decision]})
    dates = ["unknown", "not-yet", "2018-09-30", "2018-10-01", "2018-09/2018-12"]
    cases = grid(base, report_published=dates, on="2019-04-11")
    assert [row["report-published"] for row in cases] == [
        None,
        datetime.date(2018, 9, 30),
        "2018-09/2018-12",
    ]
    assert cases.excluded == {"'report-published' after a decision on the follow-up": 2}


@given(choices_of_values(), choices_of_dates())
def test_a_grid_from_values_has_every_combination(
    values: dict[str, list[str]], dates: dict[str, list[When]]
) -> None:
    """From values, the cases and those excluded are all combinations, each once."""
    try:
        cases = grid({}, {**values, **dates})
    except FactsError:
        reject()
    rows = [tuple(row.values()) for row in cases]
    assert len(set(rows)) == len(rows) == len(cases)
    assert len(rows) + cases.impossible == prod(
        len(choice) for choice in chain[Any](values.values(), dates.values())
    )
    rules = shipped_ruleset()
    assert set(cases.names) <= {*rules.facts, *rules.events}
    assert set(rules.facts) - set(rules.events) <= set(cases.names)


@given(choices_of_values(), choices_of_dates(), st.integers(1, 40))
def test_batches_are_the_same_cases(
    values: dict[str, list[str]], dates: dict[str, list[When]], rows: int
) -> None:
    """However many rows are asked for at a time, the cases and their order are the same."""
    try:
        cases = grid({}, {**values, **dates})
    except FactsError:
        reject()
    columns: dict[str, list[Any]] = {name: [] for name in cases.names}
    for batch in cases.batches(rows):
        assert 0 < len(batch["findings"]) <= rows
        for name, entries in batch.items():
            columns[name] += entries
    assert columns == cases.to_columns()


@given(choices_of_values(), choices_of_dates(), st.integers(0, 50), st.integers(0, 9))
def test_a_sample_is_drawn_from_the_grid(
    values: dict[str, list[str]], dates: dict[str, list[When]], n: int, seed: int
) -> None:
    """Each sampled case is in the grid; there are as many as asked for, the same for a seed."""
    try:
        whole = grid({}, {**values, **dates})
        cases = sample({}, n, {**values, **dates}, seed=seed)
    except FactsError:
        reject()
    allowed = {tuple(row.values()) for row in whole}
    assume(allowed)
    assert cases.names == whole.names
    drawn = [tuple(row.values()) for row in cases]
    assert len(drawn) == len(cases) == n
    assert set(drawn) <= allowed
    again = sample({}, n, {**values, **dates}, seed=seed)
    assert [tuple(row.values()) for row in again] == drawn


def test_a_sample_counts_the_impossible_draws() -> None:
    """The share of draws excluded is the share of the grid that is impossible."""
    wanted = {
        "report_published": days("2018-06-01", "2018-06-30"),
        "revisit_begins": ["2018-06-15", "2018-12-01"],
    }
    whole, drawn = grid({}, wanted), sample({}, 3000, wanted, seed=1)
    excluded = whole.impossible / len(whole)
    assert abs(drawn.impossible / len(drawn) - excluded) < excluded / 10
    assert list(drawn.excluded) == list(whole.excluded)


def test_a_sample_with_few_possible_draws_is_still_made() -> None:
    """One draw in two hundred is enough; only where hardly any is possible is it refused."""
    report = days("2018-06-01", "2018-12-17")
    drawn = sample({}, 500, report_published=report, revisit_begins="2018-06-01", seed=1)
    assert {row["report-published"] for row in drawn} == {report[0]}
    assert len(drawn) == 500


def test_a_sample_reaches_every_case() -> None:
    """Each possible case is drawn about as often as any other; another seed draws others."""
    wanted = {"prospects": every, "findings": every}
    first, second = (sample({}, 12_000, wanted, seed=seed) for seed in (1, 2))
    rows = [tuple(row.values()) for row in first]
    counts = [rows.count(row) for row in set(rows)]
    assert len(counts) == 12
    assert min(counts) > 800
    assert first.to_columns() != second.to_columns()


def test_without_choices_a_sample_draws_what_is_open() -> None:
    """What the base has stays, and every fact that it leaves open takes all of its values."""
    cases = sample({"findings": "broadly-positive"}, 500, seed=3).to_columns()
    assert set(cases["findings"]) == {"broadly-positive"}
    facts = shipped_ruleset().facts
    for name in facts.keys() - shipped_ruleset().events.keys():
        if name != "findings":
            known = {None if w == facts[name].unknown else w for w in facts[name].values}
            assert set(cases[name]) == known


def test_a_sample_without_a_possible_draw_is_refused() -> None:
    """Where no draw is possible, it ends with a sentence instead of drawing for ever."""
    never = sample(
        {},
        5,
        report_published=days("2020-01-01", "2020-01-31"),
        revisit_begins=days("2019-01-01", "2019-01-31"),
        seed=1,
    )
    with pytest.raises(FactsError, match="only 0 are possible"):
        len(never)
    with pytest.raises(FactsError, match="-1 is not a number of cases"):
        sample({}, -1, seed=1)


def test_a_grid_is_made_when_it_is_asked_for() -> None:
    """A million million combinations cost nothing until somebody asks for all of them."""
    year = days("2018-01-01", "2018-12-31")
    huge = grid(
        {},
        report_published=year,
        revisit_begins=year,
        revisit_ends=year,
        follow_up_published=year,
        prospects=every,
        findings=every,
    )
    first = next(huge.batches(1000))
    assert {len(entries) for entries in first.values()} <= {*range(1, 1001)}
    assert first["report-published"][0] == datetime.date(2018, 1, 1)


def test_values_and_dates_agree() -> None:
    """A review of the action plan that its dates deny is excluded; one that was waived is not."""
    cases = grid({"action-plan-reviewed": "not-yet"}, action_plan_review=every, on="2018-10-01")
    assert cases.to_columns()["action-plan-review"] == ["not-required", "not-yet"]
    assert cases.impossible == 2
    both = grid({}, action_plan_coverage=every, immediate_recommendations=every)
    assert both.impossible == 1
    free = grid({"action-plan-reviewed": "not-yet"}, action_plan_review=every)
    assert (len(free), free.impossible) == (4, 0)


def test_all_problems_of_choices_are_reported_at_once() -> None:
    """Every bad name, value, date and empty choice is reported, with the nearest name."""
    with pytest.raises(FactsError) as caught:
        grid(
            {},
            prospect=every,
            findings=["broadly-positve"],
            report_published=every,
            revisit_begins=["2018-02-30"],
            tier=every,
            R1=every,
            force="kent",
            suspension=[],
        )
    reported = {
        problem.place: f"{problem.message} {problem.help}" for problem in caught.value.problems
    }
    assert "Did you mean 'prospects'?" in reported["prospect"]
    assert "'broadly-positive'" in reported["findings"]
    assert "every date" in reported["report_published"]
    assert "no such day" in reported["revisit_begins"]
    assert "decided by the rules" in reported["tier"]
    assert "an interpretation" in reported["R1"]
    assert "FollowUp" in reported["force"]
    assert "no value" in reported["suspension"]
    assert len(reported) == 8


@pytest.mark.parametrize("wanted", [all, "all", ["all"]])
def test_all_is_not_every(wanted: Any) -> None:
    """Python's own ``all`` is no choice: the message names ``every``."""
    with pytest.raises(FactsError) as caught:
        grid({}, prospects=wanted)
    assert caught.value.problems[0].help == (
        "Write: from ncpi_rules.explore import every; and: prospects=every."
    )


def test_an_impossible_base_is_refused() -> None:
    """A case that contradicts itself, a follow-up without a day, two values: all are refused."""
    with pytest.raises(FactsError, match="base is impossible"):
        grid({"report-published": "2019-01-01", "revisit-begins": "2018-01-01"}, prospects=every)
    with pytest.raises(FactsError, match="depend on the day"):
        grid(NORTHUMBRIA, prospects=every)
    with pytest.raises(FactsError, match="several values"):
        grid({"prospects": every})
    with pytest.raises(FactsError, match="given twice"):
        grid({}, {"report-published": "2018"}, report_published="2019")


def test_days_are_those_between() -> None:
    """Days run from the first to the last, both included."""
    every_second = days("2018-06-28", "2018-07-02", 2)
    assert [day.isoformat() for day in every_second] == ["2018-06-28", "2018-06-30", "2018-07-02"]
    assert len(days("1900-01-01", "2199-12-31")) == 109_573
    for wrong in (("2018-06-28", "2018-06-27", 1), ("2018-06", "2018-07-01", 1), (DAY, DAY, 0)):
        with pytest.raises(DateError):
            days(*wrong)


def test_a_grid_shows_what_it_is() -> None:
    """Text and notebook show how many cases there are, what was excluded and what varies."""
    cases = grid(
        {},
        report_published=days("2018-06-01", "2018-06-30"),
        revisit_begins=["2018-06-15", "not-yet"],
    )
    message = "45 cases. 15 combinations are excluded as impossible."
    assert cases.sentence == message
    for shown in (str(cases), cases._repr_html_()):
        assert message in shown
        assert "report-published" in shown
    assert "src=" not in cases._repr_html_()


def test_a_ruleset_of_ones_own_has_its_own_columns() -> None:
    """Another methodology's facts and events are the columns, nothing of police forces."""
    rules = load_ruleset(Path(__file__).parent / "rulesets" / "library-loans")
    cases = grid({}, dict.fromkeys([*rules.facts][:2], every), ruleset=rules)
    assert set(cases.names) == {name for name in rules.facts if name not in rules.events}
    assert len(cases) == prod(len(rules.facts[name].values) for name in [*rules.facts][:2])


# Arrow


@given(choices_of_values(), choices_of_dates())
def test_arrow_holds_the_same_cases(
    values: dict[str, list[str]], dates: dict[str, list[When]]
) -> None:
    """An Arrow table, and what the capsule gives to others, hold the columns as they are."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is an extra: columns")
    try:
        cases = grid({}, {**values, **dates})
    except FactsError:
        reject()
    columns = cases.to_columns()
    for table in (cases.to_arrow(), pyarrow.table(cases)):
        assert table.column_names == list(cases.names)
        lists = {name: table[name].to_pylist() for name in columns}
        for name, entries in columns.items():
            as_days = pyarrow.types.is_date32(table.schema.field(name).type)
            expected = entries if as_days else [None if e is None else str(e) for e in entries]
            assert lists[name] == expected


def test_not_yet_is_a_text_in_arrow() -> None:
    """A column of days is date32; one that holds 'not-yet' holds text, and empty is not known."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is an extra: columns")
    cases = grid({}, report_published=["2018-06-28", "unknown"], revisit_begins=[NOT_YET, UNKNOWN])
    table = cases.to_arrow()
    assert table.schema.field("report-published").type == pyarrow.date32()
    assert table["revisit-begins"].to_pylist() == ["not-yet", None, "not-yet", None]
