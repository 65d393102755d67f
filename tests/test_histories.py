"""The examples: real follow-ups, worked by hand, invented ones, and the scripts beside them."""

from __future__ import annotations

import datetime
import runpy
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from ncpi_rules.core import UNKNOWN, Basis, PartialDate, Status, read_when
from ncpi_rules.facts import (
    Fieldwork,
    FollowUp,
    NamedDecision,
    Publication,
    Suspension,
)
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import shipped_ruleset

if TYPE_CHECKING:
    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan import Plan

EXAMPLES = Path(__file__).parents[1] / "examples"
FOLLOW_UPS = EXAMPLES / "follow-ups"

SCHEMA = "# yaml-language-server: $schema=../../ncpi_rules/io/schemas/follow-up.json"

REVIEW = "post-inspection-review"
FULL = "full-re-inspection"
CEILING = {
    REVIEW: "deadline.revisit",
    FULL: "deadline.revisit",
    None: "deadline.revisit",
}


@attrs.frozen
class Row:
    """One real follow-up: what is known of its revisit, and what follows, all worked by hand.

    ``late_by`` are the least and the most days; ``working_day`` is the one before a due date that
    is none.
    """

    name: str
    on: str
    tier: str | None
    due: str
    began: str
    status: Status
    late_by: tuple[int, int] | None = None
    working_day: str | None = None


# Six months run to the corresponding date. The least lateness is counted from the latest possible
# due date to the first possible day of the revisit, the most from the first to the last.
ROWS = [
    # 1 or 30 September + 6 months = 1 or 30 March; 30 March to 1 April, 1 March to 30 April
    Row("south-yorkshire-2014", "2015-07-21", REVIEW, "2015-03-01/2015-03-30", "2015-04",
        Status.LATE, (2, 60)),
    # 13 July to 25 August: 18 + 25
    Row("west-yorkshire-2015", "2016-03-08", REVIEW, "2015-07-13", "2015-08-25",
        Status.LATE, (43, 43)),
    # on 1 August in time, on 31 August late
    Row("nottinghamshire-2015", "2016-02-04", REVIEW, "2015-08-10/2015-08-11", "2015-08",
        Status.CANNOT_TELL),
    # 31 December + 6 months = 30 June; 30 June to 1 August, 1 June to 31 August
    Row("surrey-2015", "2016-08-31", FULL, "2016-06-01/2016-06-30", "2016-08",
        Status.LATE, (32, 91)),
    # one year to 25 May 2018, then 6 + 30 + 31 + 31 + 30 + 8
    Row("metropolitan-2016", "2019-03-28", REVIEW, "2017-05-25", "2018-10-08",
        Status.LATE, (501, 501)),
    # 28 December to 7 January: 3 + 7
    Row("northumbria-2018", "2019-04-11", REVIEW, "2018-12-28", "2019-01-07",
        Status.LATE, (10, 10)),
    # there is no 30 February
    Row("merseyside-2018", "2019-08-30", REVIEW, "2019-02-28", "unknown", Status.CANNOT_TELL),
    # a Saturday
    Row("lancashire-2018", "2019-12-31", REVIEW, "2018-09-08", "unknown",
        Status.CANNOT_TELL, working_day="2018-09-07"),
    # 30 December to 1 January, 1 December to 31 January
    Row("gwent-2019", "2020-07-31", REVIEW, "2019-12-01/2019-12-30", "2020-01",
        Status.LATE, (2, 61)),
    # 30 March 2020 to 1 January 2021, 1 March 2020 to 26 August 2021: some day of 2021, and not
    # after its own publication
    Row("kent-2019", "2021-08-26", REVIEW, "2020-03-01/2020-03-30", "2021-01-01/2021-08-26",
        Status.LATE, (277, 543)),
    # a Saturday; 26 February to 1 April: 2 + 31 + 1, and to 30 April
    Row("dorset-2021", "2022-09-07", REVIEW, "2022-02-26", "2022-04",
        Status.LATE, (34, 63), working_day="2022-02-25"),
    # published on 1 November and begun on 2 May it is late, but not published on 2 November
    Row("derbyshire-2021", "2022-10-21", FULL, "2022-05-01/2022-05-30", "2022-05",
        Status.CANNOT_TELL),
    # 7 October to 1 March: 24 + 30 + 31 + 31 + 28 + 1, and to 31 March
    Row("staffordshire-2022", "2023-08-04", FULL, "2022-10-07", "2023-03",
        Status.LATE, (145, 175)),
    # a Sunday; 5 February to 20 and to 28 February
    Row("warwickshire-2022", "2023-06-06", REVIEW, "2023-02-05", "2023-02-20/2023-02-28",
        Status.LATE, (15, 23), working_day="2023-02-03"),
    # nobody has told us whether there was a revisit
    Row("avon-and-somerset-2023", "2024-12-31", None, "2024-05-24", "unknown", Status.CANNOT_TELL),
    # there is no 29 February in 2015; the 28th was a Saturday
    Row("norfolk-2014", "2015-12-31", REVIEW, "2015-02-28", "unknown",
        Status.CANNOT_TELL, working_day="2015-02-27"),
]  # fmt: skip

INVENTED = ["invented-visit", "invented-review", "invented-full-re-inspection"]
NAMES = sorted([*(row.name for row in ROWS), *INVENTED])

every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
every_file = pytest.mark.parametrize("name", NAMES)


def load(name: str) -> FollowUp:
    """Return the follow-up in one of the files."""
    return FollowUp.load(FOLLOW_UPS / f"{name}.yaml")


def deadline(plan: Plan, id_: str) -> Deadline:
    """Return one deadline of a plan."""
    return next(deadline for deadline in plan.schedule if deadline.id == id_)


# --- every file -----------------------------------------------------------------------------------


def test_every_history_has_a_file() -> None:
    """There is a file for each row above and each type of follow-up, and no other."""
    assert sorted(path.name for path in FOLLOW_UPS.iterdir()) == [f"{name}.yaml" for name in NAMES]


@every_file
def test_every_file_reads_back_exactly(name: str) -> None:
    """What is in a file comes back from YAML, from JSON and from a plain mapping."""
    follow_up = load(name)
    assert FollowUp.from_yaml(follow_up.to_yaml()) == follow_up
    assert FollowUp.from_json(follow_up.to_json()) == follow_up
    assert FollowUp.from_dict(follow_up.to_dict()) == follow_up


@every_file
def test_every_file_says_what_it_is(name: str) -> None:
    """A file names its schema, says in a comment what is known, and where that was found."""
    first, *lines = (FOLLOW_UPS / f"{name}.yaml").read_text("utf-8").splitlines()
    comment = " ".join(line for line in lines if line.startswith("#"))
    follow_up = load(name)
    assert first == SCHEMA
    assert follow_up.sources
    if name in INVENTED:
        assert comment.startswith("# INVENTED")
        assert follow_up.note.startswith("Invented")
    else:
        assert comment.startswith("# Known: ")
        assert "Not known: " in comment.replace("# ", "")
        assert all(source.startswith("http") for source in follow_up.sources)
        published = follow_up.inspection_report.published
        assert isinstance(published, PartialDate)
        assert name == f"{follow_up.about.id}-{published.first.year}"


# --- real follow-ups ------------------------------------------------------------------------------


@every_row
def test_the_ceiling_of_every_history(row: Row) -> None:
    """The due date of the revisit, its status and the days late are as worked by hand."""
    plan = assess(load(row.name), on=row.on)
    (ceiling,) = (deadline for deadline in plan.schedule if deadline.rule.event == "revisit-begins")
    working_day = read_when(row.working_day or "unknown")
    assert ceiling.id == CEILING[row.tier]
    assert ceiling.due == PartialDate.between(
        *(getattr(PartialDate.read(row.due), end) for end in ("start", "end"))
    )
    assert ceiling.actual == read_when(row.began)
    assert ceiling.status is row.status
    assert ceiling.late_by == row.late_by
    assert ceiling.working_day == getattr(working_day, "start", None)


@every_row
def test_the_tier_of_every_history(row: Row) -> None:
    """The type of follow-up is the one that HMICFRS chose; where none is known, the plan waits."""
    plan = assess(load(row.name), on=row.on)
    assert plan.headline.value == row.tier
    assert plan.headline.basis is (Basis.DECIDED if row.tier else Basis.WAITS)


@every_row
def test_no_history_is_said_to_be_more_than_is_known(row: Row) -> None:
    """What nobody has told us is never called done, late, overdue or impossible."""
    follow_up = load(row.name)
    plan = assess(follow_up, on=row.on)
    events = plan.events
    for deadline in plan.schedule:
        if events[deadline.rule.event] is UNKNOWN:
            assert deadline.status in {Status.DUE, Status.CANNOT_TELL}, deadline.id
            assert (deadline.status is Status.DUE) == bool(deadline.days_left), deadline.id
            assert deadline.late_by is None
            assert deadline.can_be_met, deadline.id
    for step in (*plan.required_actions, *plan.optional_actions):
        if events.get(step.event or "", UNKNOWN) is UNKNOWN:
            assert step.status in {Status.DUE, Status.CANNOT_TELL}, step.id
    alerts = [alert.id for alert in plan.alerts if alert.id.startswith("alert.deadline.")]
    assert alerts == [f"alert.{CEILING[row.tier]}"] * bool(row.late_by)
    assert all(request.suggested is not True for request in plan.documents)


def some_days(date: PartialDate) -> list[datetime.date]:
    """Return the first two days, the middle one and the last two that a date may be."""
    middle = (date.start + date.end) // 2
    days = {date.start, date.start + 1, middle, date.end - 1, date.end}
    return [datetime.date.fromordinal(day) for day in sorted(days) if date.start <= day <= date.end]


@every_row
def test_an_answer_holds_for_every_day_that_it_may_be(row: Row) -> None:
    """With whole days for partial dates, the days late span just what was said of the partial."""
    follow_up = load(row.name)
    published = follow_up.inspection_report.published
    begins = assess(follow_up, on=row.on).events["revisit-begins"]
    assert isinstance(published, PartialDate)
    if not isinstance(begins, PartialDate):
        assert row.status is Status.CANNOT_TELL
        return
    late: list[int] = []
    for report, first in product(some_days(published), some_days(begins)):
        certain = follow_up.evolve(
            inspection_report=attrs.evolve(follow_up.inspection_report, published=report),
            fieldwork=Fieldwork(begins=first),
            publication=Publication(),
        )
        revisit = deadline(assess(certain, on="2024-12-31"), CEILING[row.tier])
        assert revisit.status in {Status.LATE, Status.MET}
        late.append(revisit.late_by[0] if revisit.late_by else 0)
    if row.late_by is None:
        assert min(late) == 0 < max(late)
    else:
        assert (min(late), max(late)) == row.late_by


def test_a_suspension_stands_beside_lateness_and_hides_none_of_it() -> None:
    """Kent's lateness is told with the suspension; Gwent's review came before its suspension."""
    figures = {}
    for name, on in (("kent-2019", "2021-08-26"), ("gwent-2019", "2020-07-31")):
        follow_up = load(name)
        (suspension,) = (
            decision for decision in follow_up.decisions if isinstance(decision, Suspension)
        )
        assert (suspension.begins, suspension.ends) == (PartialDate.read("2020-03"), UNKNOWN)
        plan = assess(follow_up, on=on)
        figures[name] = next(
            alert.sentence for alert in plan.alerts if alert.id == "alert.deadline.revisit"
        )
    assert figures["kent-2019"].startswith("Late by 277 to 543 days: ")
    assert "suspended from March 2020" in figures["kent-2019"]
    assert figures["gwent-2019"].startswith("Late by 2 to 61 days: ")
    assert "suspended" not in figures["gwent-2019"]


# --- invented follow-ups --------------------------------------------------------------------------


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_follow_up_leaves_nothing_open(name: str) -> None:
    """Every block is filled in, every date is a day, and nothing that matters is unknown."""
    follow_up = load(name)
    blocks = {field.name for field in attrs.fields(FollowUp)} - {"further", "revisits", "subject"}
    filled = set(follow_up.to_dict())
    assert blocks - filled == ({"decisions"} if name == "invented-visit" else set())
    assert "unknown" not in follow_up.to_yaml()
    plan = assess(follow_up, on="2023-01-31")
    for event, when in plan.events.items():
        assert isinstance(when, PartialDate), event
        assert when.is_day, event

    assert plan.unknown == ()
    done = {step.status.value for step in plan.required_actions if step.event}
    assert done <= {"done", "met", "varied"}
    assert {recommendation.topic for recommendation in all_recommendations(follow_up)} <= set(
        shipped_ruleset().topics
    )
    assert {recommendation.time_limit for recommendation in all_recommendations(follow_up)} >= {
        "immediate",
        "within 3 months",
        "within 6 months",
    }
    assert plan.decision.values["action-plan-coverage"] == "without-immediate"


def all_recommendations(follow_up: FollowUp) -> tuple[Any, ...]:
    """Return the recommendations, which must be known."""
    recommendations = follow_up.inspection_report.recommendations
    assert recommendations is not UNKNOWN
    return recommendations


@pytest.mark.parametrize(
    ("name", "tier", "basis"),
    [
        ("invented-visit", "post-inspection-visit", Basis.FOLLOWS),
        ("invented-review", REVIEW, Basis.FOLLOWS),
        ("invented-full-re-inspection", FULL, Basis.DECIDED),
    ],
)
def test_there_is_an_invented_follow_up_for_each_tier(name: str, tier: str, basis: Basis) -> None:
    """Between them they show every tier, reached by the rules or decided by people."""
    plan = assess(load(name), on="2023-01-31")
    assert (plan.headline.value, plan.headline.basis) == (tier, basis)
    late = {
        deadline.id: (deadline.status, deadline.late_by)
        for deadline in plan.schedule
        if deadline.late_by
    }
    varied = {"deadline.action-plan": (Status.VARIED, (13, 13))}
    assert late == (varied if tier == REVIEW else {})
    others = {deadline.status for deadline in plan.schedule if deadline.id not in late}
    assert others == {Status.MET, Status.DONE}


def test_the_invented_decisions_are_shown_as_made() -> None:
    """The review's variation is named beside the late plan; the re-inspection needs no decision."""
    review = assess(load("invented-review"), on="2023-01-31")
    step = next(action for action in review.required_actions if action.id == "action.action-plan")
    assert step.decision is not None
    assert step.decision.startswith("This was varied (")
    assert (step.status.value, step.due) == ("varied", PartialDate.read("2021-08-03"))
    assert step.status_line == (
        "Received 16 August 2021, 13 days after the due date, as was agreed"
    )

    full = load("invented-full-re-inspection")
    assert isinstance(full.decisions[0], NamedDecision)
    without = assess(full.evolve(decisions=()), on="2023-01-31")
    assert (without.headline.value, without.headline.basis) == (FULL, Basis.FOLLOWS)


# --- scripts --------------------------------------------------------------------------------------


def printed(script: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a script prints."""
    runpy.run_path(str(EXAMPLES / "python" / script), run_name="__main__")
    return capsys.readouterr().out


def test_the_script_that_assesses_one_follow_up(capsys: pytest.CaptureFixture[str]) -> None:
    """It prints the tier, each deadline and the reason for the one that is late."""
    lines = printed("assess_one.py", capsys).splitlines()
    assert lines[0] == "Northumbria Police: post-inspection-review, decided by inspectors"
    assert "  deadline.revisit: late, due 28 December 2018" in lines
    assert "  Done 7 January 2019: 10 days late." in lines
    assert lines[-1].startswith("The JSON has: schema, subject")


def test_the_script_that_compares_interpretations(capsys: pytest.CaptureFixture[str]) -> None:
    """It prints a row for each case, in which the answers to R1 differ where they should."""
    _, head, *rows = printed("compare_answers.py", capsys).splitlines()
    assert head.split() == ["findings", "prospects", "concern-decides", "findings-decide", "refer"]
    cells = {tuple(row.split()[:2]): row.split()[2:] for row in rows}
    assert len(cells) == len(rows) == 6
    differing = {case for case, tiers in cells.items() if len(set(tiers)) > 1}
    assert differing == {
        ("broadly-positive", "some-concerns"),
        ("broadly-positive", "significant-concerns"),
    }
    assert cells["broadly-positive", "significant-concerns"] == [
        FULL,
        "post-inspection-visit",
        "referred-to-inspectors",
    ]
