"""The guarantees of the README, each by its number: over every case, or over random ones."""

from __future__ import annotations

import ast
import calendar
import datetime
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import ncpi_rules
from ncpi_rules.checks import RulesetAnalysis
from ncpi_rules.checks.guarantees import guarantee_findings  # pinned: one check is tried alone
from ncpi_rules.core import NOT_YET, UNKNOWN, Basis, Happened, Modality, PartialDate, Status, day_of
from ncpi_rules.engine import DurableEngine, ReferenceEngine
from ncpi_rules.facts import (
    Fieldwork,
    FollowUp,
    InspectionReport,
    Judgement,
    NamedDecision,
    Suspension,
    Waiver,
    made,
)
from ncpi_rules.plan import DayRange, assess
from ncpi_rules.ruleset import OutcomeRule, decide, engine_of, shipped_ruleset
from tests.strategies import days, follow_ups, partial_dates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from ncpi_rules.engine import Evaluation
    from ncpi_rules.facts import RecordedDecision
    from ncpi_rules.plan import Plan

RULES = shipped_ruleset()
PROGRAM = engine_of(RULES).program
OURS = {id_: interpretation.ours for id_, interpretation in RULES.interpretations.items()}
SEVERITY = ("no-concerns", "some-concerns", "significant-concerns")
TIERS = list(RULES.outcomes["tier"].values)
CEILINGS = ("deadline.revisit",)


def proves(guarantee: str) -> bool:
    """Return True where the ruleset itself makes a guarantee, and it is proved over every case."""
    place = RULES.guarantees[guarantee].place
    return place not in {finding.place for finding in guarantee_findings(RulesetAnalysis.of(RULES))}


def _behind(outcomes: set[str]) -> list[str]:
    """Return every given fact and interpretation on which some outcomes rest, however far back."""
    needed = set(outcomes)
    while True:
        more = {
            fact
            for rule in PROGRAM.rules
            if rule.concludes and rule.concludes[0] in needed
            for fact in rule.when
        }
        if more <= needed:
            return [fact for fact in PROGRAM.values if fact in needed]
        needed |= more


BEHIND_THE_PLAN = _behind({"action-plan"})
BEHIND_THE_TIER = [fact for fact in _behind({"tier"}) if fact not in BEHIND_THE_PLAN]


def _base() -> dict[str, str]:
    unknown = {id_: fact.left_out or fact.unknown for id_, fact in RULES.facts.items()}
    return {**unknown, **OURS}


@pytest.fixture(scope="module")
def every_tier() -> list[tuple[dict[str, str], Evaluation]]:
    """Every case that the tier rules can tell apart, with what the reference says of it.

    They see of an action plan only whether it is required: one case of each answer will do.
    """
    reference, base = ReferenceEngine(PROGRAM), _base()
    plans: dict[str, dict[str, str]] = {}
    for case in product(*(PROGRAM.values[fact] for fact in BEHIND_THE_PLAN)):
        facts = dict(zip(BEHIND_THE_PLAN, case, strict=True))
        plans.setdefault(reference.evaluate({**base, **facts}).decided["action-plan"], facts)
    assert plans.keys() == RULES.outcomes["action-plan"].values.keys()
    values = [
        {**base, **plan, **dict(zip(BEHIND_THE_TIER, case, strict=True))}
        for plan in plans.values()
        for case in product(*(PROGRAM.values[fact] for fact in BEHIND_THE_TIER))
    ]
    return [(case, reference.evaluate(case)) for case in values]


def _tier(values: Mapping[str, str]) -> tuple[str | None, Basis]:
    facts = {fact: value for fact, value in values.items() if fact in RULES.facts}
    answers = {id_: values[id_] for id_ in RULES.interpretations if id_ in values}
    outcome = decide(RULES, facts, interpretations=answers).outcomes["tier"]
    return outcome.value, outcome.basis


def _half_a_year_on(day: datetime.date) -> datetime.date:
    """Return the corresponding date six months on, without any library."""
    month = day.month + 6
    year, month = (day.year + 1, month - 12) if month > 12 else (day.year, month)
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def test_1_the_ceiling_is_the_corresponding_date() -> None:
    """For every day of publication from 2014 to 2060, the ceiling is the corresponding date."""
    assert proves("revisit-within-the-ceiling")
    base = FollowUp.from_dict({"force": "kent"})
    first = datetime.date(2014, 1, 1).toordinal()
    for ordinal in range(first, datetime.date(2061, 1, 1).toordinal()):
        day = datetime.date.fromordinal(ordinal)
        report = InspectionReport(published=day)
        plan = assess(base.evolve(inspection_report=report), on=day)
        due = next(deadline.due for deadline in plan.schedule if deadline.id == "deadline.revisit")
        assert due is not None
        assert (due.first, due.last) == (_half_a_year_on(day), _half_a_year_on(day))


@given(follow_ups(), days(), st.integers(0, 400))
def test_2_no_plan_proposes_a_revisit_after_the_ceiling(
    follow_up: FollowUp, on: datetime.date, days_ago: int
) -> None:
    """No window and no latest compliant date for the revisit ends after the due date for it.

    Nor does any window begin before the day of the assessment. The same is asked where the report
    was published some days ago, and nothing of the revisit is known.
    """
    _proposes_nothing_late(follow_up, on)
    report = InspectionReport(published=on - datetime.timedelta(days_ago))
    open_ = FollowUp(force=follow_up.force, inspection_report=report, prospects=follow_up.prospects)
    _proposes_nothing_late(open_, on)


def _proposes_nothing_late(follow_up: FollowUp, on: datetime.date) -> None:
    published = follow_up.inspection_report.published
    for deadline in assess(follow_up, on=on).schedule:
        assert deadline.window is None or deadline.window.first >= on
        if deadline.rule.event != "revisit-begins" or not isinstance(published, PartialDate):
            continue
        ceiling = _half_a_year_on(published.last)
        assert deadline.window is None or deadline.window.last <= ceiling
        assert (
            deadline.latest_compliant_date is None
            or day_of(deadline.latest_compliant_date) <= ceiling
        )


WAIVERS = [
    Suspension(by="HMICFRS", on=UNKNOWN, why="pandemic", begins="2014", ends=UNKNOWN),
    Suspension(by="HMICFRS", on="2014", why="pandemic", begins="2014", ends="2061"),
    Waiver(by="HMICFRS", on=UNKNOWN, why="agreed", of="revisit-begins"),
    Waiver(by="HMICFRS", on=UNKNOWN, why="agreed", of="deadline.revisit"),
    NamedDecision(decision="full-reinspection", by="HMICFRS", on=UNKNOWN, why="concerns"),
    NamedDecision(
        decision="tier-chosen",
        by="HMICFRS",
        on=UNKNOWN,
        why="concerns",
        value="post-inspection-visit",
    ),
    NamedDecision(
        decision="tier-chosen",
        by="HMICFRS",
        on=UNKNOWN,
        why="concerns",
        value="post-inspection-review",
    ),
]


@given(
    st.dates(datetime.date(2014, 4, 1), datetime.date(2060, 1, 1)),
    st.integers(1, 2000),
    st.lists(st.sampled_from(WAIVERS), unique=True),
    days(),
)
def test_3_a_late_revisit_is_reported_with_its_days(
    published: datetime.date, late: int, decisions: list[Waiver], on: datetime.date
) -> None:
    """Whatever was decided, suspended or waived, the days after the ceiling are counted."""
    begins = _half_a_year_on(published) + datetime.timedelta(days=late)
    follow_up = FollowUp(
        force="kent",
        inspection_report=InspectionReport(published=published),
        fieldwork=Fieldwork(begins=begins),
        decisions=tuple(decisions),
    )
    plan = assess(follow_up, on=on)
    ceilings = [deadline for deadline in plan.schedule if deadline.id in CEILINGS]
    waived = any(
        getattr(decision, "of", "") in {"revisit-begins", ceilings[0].id}
        and made(decision, on.toordinal()) is Happened.YES
        for decision in decisions
    )
    status = Status.LATE if begins <= on else Status.PROJECTED_LATE
    status = Status.WAIVED if waived else status
    if on < published:
        status = Status.WAIVED if waived else Status.PLANNED
        assert [(ceiling.status, ceiling.late_by) for ceiling in ceilings] == [(status, None)]
        return
    assert [(ceiling.status, ceiling.late_by) for ceiling in ceilings] == [(status, (late, late))]
    days_late = f"{late} day{'s' if late > 1 else ''}"
    expected = f", {days_late} after the due date, as was agreed): " if waived else days_late
    start = "Waived (" if waived else ("Late by ", "Projected to be late by ")
    assert any(
        alert.sentence.startswith(start) and expected in alert.sentence for alert in plan.alerts
    )


@given(
    st.dates(datetime.date(2014, 4, 1), datetime.date(2060, 1, 1)),
    st.integers(1, 2000),
    st.lists(st.sampled_from(WAIVERS), unique=True),
)
def test_3_an_overdue_revisit_is_reported_with_its_days(
    published: datetime.date, late: int, decisions: list[Waiver]
) -> None:
    """Whatever was decided, suspended or waived, a revisit that has not begun counts its days."""
    follow_up = FollowUp(
        force="kent",
        inspection_report=InspectionReport(published=published),
        fieldwork=Fieldwork(begins=NOT_YET),
        decisions=tuple(decisions),
    )
    plan = assess(follow_up, on=_half_a_year_on(published) + datetime.timedelta(days=late))
    (ceiling,) = (deadline for deadline in plan.deadlines if deadline.rules[0] in CEILINGS)
    waived = any(getattr(decision, "of", "") for decision in decisions)
    assert ceiling.status is (Status.WAIVED if waived else Status.OVERDUE)
    assert ceiling.late_by_days == DayRange(late, late)
    assert f"{late} day{'s' if late > 1 else ''}" in ceiling.status_line


def test_4_a_decision_for_full_re_inspection_wins(
    every_tier: list[tuple[dict[str, str], Evaluation]],
) -> None:
    """Whatever else is known, judged, chosen or read otherwise, a recorded decision wins."""
    assert proves("decision-wins")
    outcomes = [outcome for values, outcome in every_tier if values["reinspection"] == "decided"]
    assert outcomes
    assert {outcome.decided["tier"] for outcome in outcomes} == {"full-re-inspection"}


@given(follow_ups(), days())
def test_4_a_recorded_decision_wins_in_a_plan(follow_up: FollowUp, on: datetime.date) -> None:
    """A decision made by the day gives a full re-inspection, decided by inspectors."""
    published = follow_up.inspection_report.published
    if isinstance(published, PartialDate):
        assume(published.start <= on.toordinal())
    assume(published is not NOT_YET)
    decision = NamedDecision(
        decision="full-reinspection", by="HMICFRS", on=on, why="a serious case"
    )
    with_it = follow_up.evolve(decisions=(*follow_up.decisions, decision))
    tier = assess(with_it, on=on).headline
    assert (tier.value, tier.basis) == ("full-re-inspection", Basis.DECIDED)


def test_5_exactly_one_tier_or_a_reason(
    every_tier: list[tuple[dict[str, str], Evaluation]],
) -> None:
    """In every case exactly one tier rule applies, and where it settles nothing it says why."""
    deciding = {rule.id: rule for rule in RULES.of_kind(OutcomeRule) if rule.decides == "tier"}
    for values, outcome in every_tier:
        holding = [deciding[id_] for id_ in outcome.fired if id_ in deciding]
        assert len(holding) == 1, values
        settled = outcome.decided["tier"] != RULES.outcomes["tier"].none
        assert settled == holding[0].basis.settles, values


@given(follow_ups(), days())
def test_6_may_never_becomes_a_step(follow_up: FollowUp, on: datetime.date) -> None:
    """Actions are what must, usually does or is expected to be done; the rest are options."""
    plan = assess(follow_up, on=on)
    open_ = {Modality.MAY, Modality.LIKELY}
    assert not open_ & {step.modality for step in plan.required_actions}
    assert {step.modality for step in plan.optional_actions} <= open_


def _activities(plan: Plan) -> set[str]:
    return {step.activity for step in plan.required_actions}


@pytest.mark.parametrize("findings", RULES.facts["findings"].values)
@pytest.mark.parametrize("review", ["2018-08-20", "unknown"])
def test_7_more_severe_concerns_never_give_less(findings: str, review: str) -> None:
    """As concerns grow, the tier never gets lighter and no activity is lost.

    Notice of the date is said of visits alone; a full re-inspection has what a review has by the
    other answer to R15.
    """
    plans = [
        assess(
            FollowUp.from_dict(
                {
                    "force": "kent",
                    "inspection_report": {"published": "2018-06-28", "findings": findings}
                    if findings != "not-known"
                    else {"published": "2018-06-28"},
                    "action_plan": {"received": "2018-08-01", "reviewed": review},
                    "prospects": concerns,
                }
            ),
            on="2018-09-01",
            interpretations={"R15": "at-least-those-of-a-review"},
        )
        for concerns in SEVERITY
    ]
    settled = [plan for plan in plans if plan.headline.value]
    assert len(settled) >= 2
    for lighter, heavier in pairwise(settled):
        assert lighter.headline.value
        assert heavier.headline.value
        assert TIERS.index(lighter.headline.value) <= TIERS.index(heavier.headline.value)
        assert _activities(lighter) - {"give-notice"} <= _activities(heavier)


def test_7_in_every_case(every_tier: list[tuple[dict[str, str], Evaluation]]) -> None:
    """Under our interpretations, no more severe judgement gives a lighter tier."""
    assert proves("graver-concerns-heavier-follow-up")
    assert proves("heavier-takes-in-the-lighter")
    tiers = {
        (
            *(values[fact] for fact in BEHIND_THE_TIER),
            evaluation.decided["action-plan"],
        ): evaluation.decided["tier"]
        for values, evaluation in every_tier
        if all(values[id_] == OURS[id_] for id_ in RULES.interpretations)
    }
    at, none = BEHIND_THE_TIER.index("prospects"), RULES.outcomes["tier"].none
    compared = 0
    for case, tier in tiers.items():
        if case[at] not in SEVERITY or tier == none:
            continue
        for worse in SEVERITY[SEVERITY.index(case[at]) :]:
            other = tiers[(*case[:at], worse, *case[at + 1 :])]
            assert other == none or TIERS.index(other) >= TIERS.index(tier), case
            compared += 1
    assert compared > 100


def test_8_unknown_is_never_treated_as_no(
    every_tier: list[tuple[dict[str, str], Evaluation]],
) -> None:
    """Where a tier is settled although a fact is unknown, no answer would settle another."""
    tiers = {
        (
            *(values[fact] for fact in BEHIND_THE_TIER),
            evaluation.decided["action-plan"],
        ): evaluation.decided["tier"]
        for values, evaluation in every_tier
    }
    none = RULES.outcomes["tier"].none
    compared = 0
    for case, tier in tiers.items():
        for at, fact in enumerate(BEHIND_THE_TIER):
            if fact not in RULES.facts or case[at] != RULES.facts[fact].unknown or tier == none:
                continue
            for value in RULES.facts[fact].values:
                other = tiers[(*case[:at], value, *case[at + 1 :])]
                assert other in {tier, none}, (case, fact, value)
                compared += 1
    assert compared > 100


UNRECORDED = {
    Status.DUE,
    Status.CANNOT_TELL,
    Status.NOT_STARTED,
    Status.WAIVED,
    Status.VARIED,
}
"""What may be said of an event that nobody has recorded."""


@given(follow_ups(), days())
def test_8_unknown_is_never_overdue(follow_up: FollowUp, on: datetime.date) -> None:
    """Only what is known not to have happened is overdue; what is not known is said to be."""
    for deadline in assess(follow_up, on=on).schedule:
        if deadline.status is Status.OVERDUE:
            assert deadline.actual is NOT_YET
        if deadline.actual is UNKNOWN:
            assert deadline.can_be_met
            assert deadline.status in UNRECORDED
            assert deadline.late_by is None


CHOICES = [
    *(
        waiver
        for waiver in WAIVERS
        if isinstance(waiver, Suspension) or waiver.kind == "tier-chosen"
    ),
    NamedDecision(
        decision="tier-chosen", by="HMICFRS", on="2015", why="concerns", value="full-re-inspection"
    ),
]
"""Decisions that are told apart by their dates, or not at all."""


@given(
    follow_ups(),
    st.lists(st.sampled_from(CHOICES), unique=True),
    days(),
    st.randoms(use_true_random=False),
)
def test_9_the_order_of_facts_does_not_matter(
    follow_up: FollowUp, more: list[RecordedDecision], on: datetime.date, random: Random
) -> None:
    """Recommendations, areas, decisions and sources may stand in any order."""

    def shuffled(value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        return tuple(random.sample(value, len(value)))

    try:
        follow_up = follow_up.evolve(decisions=(*follow_up.decisions, *more))
    except ncpi_rules.FactsError:
        return  # these decisions contradict the other facts
    report, plan = follow_up.inspection_report, follow_up.action_plan
    other = follow_up.evolve(
        inspection_report=attrs.evolve(report, recommendations=shuffled(report.recommendations)),
        action_plan=attrs.evolve(
            plan,
            areas_of_concern=shuffled(plan.areas_of_concern),
            covers=shuffled(plan.covers),
        ),
        decisions=shuffled(follow_up.decisions),
    )
    assert assess(other, on=on).to_dict() == assess(follow_up, on=on).to_dict()


def _clock_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow", "time_ns"}:
            yield node.attr
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {name.name for name in node.names} | {getattr(node, "module", "")}
            yield from names & {"time", "random", "secrets"}


def test_10_nothing_asks_the_clock() -> None:
    """No module but the command line asks what day it is, or for anything random."""
    package = Path(next(iter(ncpi_rules.__path__)))
    clocks = {
        path.relative_to(package).as_posix(): set(_clock_names(ast.parse(path.read_text("utf-8"))))
        for path in package.rglob("*.py")
    }
    # The second measures how long a command takes, for its progress; the third draws imagined
    # cases, by a seed that is an argument; the fourth makes a name for a file that takes another
    # name as soon as it is written.
    assert {name: asked for name, asked in clocks.items() if asked} == {
        "cli/options.py": {"now"},
        "cli/output.py": {"time"},
        "explore/samples.py": {"random"},
        "io/atomic.py": {"secrets"},
    }
    drawing = (package / "explore" / "samples.py").read_text("utf-8")
    assert re.findall(r"random\.(?!Random\b)\w+|random\.Random\((?!self\.seed\))", drawing) == []
    assert set(_clock_names(ast.parse("datetime.date.today()"))) == {"today"}


@given(st.lists(st.tuples(follow_ups(), days()), min_size=1, max_size=4))
def test_10_any_thread_gives_the_same_plan(cases: list[tuple[FollowUp, datetime.date]]) -> None:
    """Eight threads at once give the plans that one gives."""
    alone = [assess(follow_up, on=on).to_dict() for follow_up, on in cases]
    with ThreadPoolExecutor(8) as pool:
        together = pool.map(lambda case: assess(case[0], on=case[1]).to_dict(), cases * 8)
    assert list(together) == alone * 8


@given(follow_ups(), days())
def test_11_no_date_without_its_event(follow_up: FollowUp, on: datetime.date) -> None:
    """A due date, a window or days late are shown only where some date they count from is known."""
    plan = assess(follow_up, on=on)
    known = {name for name, when in plan.events.items() if isinstance(when, PartialDate)}
    for deadline in plan.schedule:
        anchors = {bound.anchor for bound in deadline.rule.bounds}
        if deadline.due is not None or deadline.late_by is not None:
            assert anchors & known
        if deadline.latest_compliant_date is not None:
            assert known
    undated = FollowUp(force=follow_up.force, prospects=Judgement(judgement="some-concerns"))
    for deadline in assess(undated, on=on).schedule:
        assert (
            deadline.due,
            deadline.window,
            deadline.latest_compliant_date,
            deadline.late_by,
        ) == (None,) * 4


@given(follow_ups(), days())
def test_12_every_item_cites_a_statement(follow_up: FollowUp, on: datetime.date) -> None:
    """Every item of a plan names statements that the edition has."""
    plan = assess(follow_up, on=on).to_dict()
    items = [
        item
        for group in (
            "required_actions",
            "optional_actions",
            "documents",
            "deadlines",
            "questions",
            "alerts",
        )
        for item in plan[group]
    ]
    assert items
    for item in (*items, plan["headline"]):
        assert item["statements"], item
        assert set(item["statements"]) <= set(RULES.statements)


DATED = {
    "inspection_report": ("published",),
    "action_plan": ("received", "reviewed"),
    "notice": ("given",),
    "fieldwork": ("begins", "ends"),
    "feedback": ("given", "to_chief_officer"),
}


@given(
    # Other dates mostly contradict the one that is drawn, so half have none.
    follow_ups() | st.just(FollowUp(force="kent")),
    st.sampled_from([(block, name) for block, names in DATED.items() for name in names]),
    partial_dates(),
    st.data(),
    days(),
)
def test_13_a_partial_date_claims_no_more_than_its_days(
    follow_up: FollowUp,
    where: tuple[str, str],
    partial: PartialDate,
    data: st.DataObject,
    on: datetime.date,
) -> None:
    """What a plan says of a partial date holds of each day that it may be."""
    block, name = where
    whole = day_of(data.draw(st.integers(partial.start, partial.end)))
    plans = []
    for date in (partial, whole):
        changed = attrs.evolve(getattr(follow_up, block), **{name: date})
        try:
            plans.append(assess(follow_up.evolve(**{block: changed}), on=on))
        except ncpi_rules.FactsError:
            return  # that day contradicts the other facts
    coarse, fine = plans
    if coarse.headline.value is not None:
        assert fine.headline.value in {coarse.headline.value, None}
    exact = {deadline.id: deadline for deadline in fine.schedule}
    for coarse_deadline in coarse.schedule:
        other = exact.get(coarse_deadline.id)
        if other is None:
            assert coarse.headline.value != fine.headline.value
            continue
        assert coarse_deadline.status in {Status.CANNOT_TELL, other.status}
        if coarse_deadline.due is not None:
            assert other.due is not None
            assert coarse_deadline.due.start <= other.due.start
            assert other.due.end <= coarse_deadline.due.end
        if coarse_deadline.late_by is not None:
            assert other.late_by is not None
            assert (
                coarse_deadline.late_by[0]
                <= other.late_by[0]
                <= other.late_by[1]
                <= coarse_deadline.late_by[1]
            )
        assert coarse_deadline.can_be_met or not other.can_be_met
        if (
            coarse_deadline.latest_compliant_date is not None
            and other.latest_compliant_date is not None
        ):
            assert coarse_deadline.latest_compliant_date <= other.latest_compliant_date


def test_14_no_rule_says_more_than_its_statements() -> None:
    """Each rule that asks for something cites a statement that asks for it as strongly."""
    assert proves("never-more-than-is-said")
    asking = [
        rule
        for rule in RULES.rules.values()
        if hasattr(rule, "modality") and getattr(rule, "basis", None) in {None, Basis.FOLLOWS}
    ]
    assert len(asking) > 50
    for rule in asking:
        said = [RULES.statements[id_].modality for id_ in rule.statements]
        assert max(modality.strength for modality in said if modality) >= rule.modality.strength, (
            rule.id
        )


@pytest.mark.long
def test_15_the_engines_agree_on_every_cell(
    every_tier: list[tuple[dict[str, str], Evaluation]],
) -> None:
    """For every rule, on every cell of what it tests, durable-rules says what the reference says.

    A cell that tests an outcome is tried in a case that has that outcome.
    """
    durable, reference = DurableEngine(PROGRAM), ReferenceEngine(PROGRAM)
    tried: set[tuple[str, ...]] = set()

    @cache
    def telling_apart(near: tuple[str, ...]) -> list[dict[str, str]]:
        """Return one case for each combination of what some facts and outcomes can be."""
        cases = {
            tuple(decided.get(name, values.get(name)) for name in near): values
            for values, decided in ((case, outcome.decided) for case, outcome in every_tier)
        }
        return list(cases.values())

    for rule in PROGRAM.rules:
        near = [f for f in rule.when if f in PROGRAM.decided or f in BEHIND_THE_TIER]
        far = [fact for fact in rule.when if fact not in near]
        for values in telling_apart(tuple(near)):
            for cell in product(*(PROGRAM.values[fact] for fact in far)):
                case = {**values, **dict(zip(far, cell, strict=True))}
                key = tuple(case.values())
                if key not in tried:
                    tried.add(key)
                    assert durable.evaluate(case) == reference.evaluate(case), case
    assert len(tried) > 1000
    durable.close()
