"""Counterfactuals: the smallest changes, all of them, against a search through every case."""

from __future__ import annotations

import copy
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.core import FactsError, PartialDate, Status, UnknownItemError
from ncpi_rules.deadlines import schedule
from ncpi_rules.engine import ReferenceEngine
from ncpi_rules.explain import (
    Change,
    fixed_facts,
    irrelevant_facts,
    margins,
    what_would_change,
)
from ncpi_rules.explain.boundaries import MOST_DAYS
from ncpi_rules.facts import EVENT_PLACES, FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import (
    Decision,
    Fact,
    Ruleset,
    decide,
    effect_of,
    load_ruleset,
    program_for,
    shipped_ruleset,
)
from tests.strategies import cases, days, every_case, follow_ups, made_rulesets

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from hypothesis.strategies import DataObject

    from ncpi_rules.plan import Plan

RULESETS = Path(__file__).parent / "rulesets"
SMALL = {
    name: load_ruleset(RULESETS / name)
    for name in ("smallest", "leave-days", "sellers-approval", "library-loans")
}
SHIPPED = shipped_ruleset()
REFERENCE = ReferenceEngine.name
MADE = {"by": "HMICFRS", "why": "unknown"}


def searched(
    found: Iterable[tuple[Mapping[str, str], bool]], case: Mapping[str, str], kept: Iterable[str]
) -> dict[frozenset[str], set[tuple[tuple[str, str], ...]]]:
    """Return the smallest changes of a case, by looking at every other: facts, then words."""
    kept = frozenset(kept)
    changes: dict[frozenset[str], set[tuple[tuple[str, str], ...]]] = {}
    for other, wanted in found:
        if wanted:
            apart = tuple((fact, value) for fact, value in other.items() if case[fact] != value)
            facts = frozenset(fact for fact, _ in apart)
            if kept.isdisjoint(facts):
                changes.setdefault(facts, set()).add(tuple(sorted(apart)))
    return {
        facts: values
        for facts, values in changes.items()
        if not any(other < facts for other in changes)
    }


def told(changes: Iterable[Change]) -> dict[frozenset[str], set[tuple[tuple[str, str], ...]]]:
    """Return changes in the same form; no words may be told twice."""
    found: dict[frozenset[str], set[tuple[tuple[str, str], ...]]] = {}
    for each in changes:
        listed = [
            tuple(sorted(zip(way, values, strict=True)))
            for way in each.ways
            for values in product(*way.values())
        ]
        assert len(listed) == len(set(listed))
        assert frozenset(each.facts) not in found
        found[frozenset(each.facts)] = set(listed)
    return found


def decided(ruleset: Ruleset, case: Mapping[str, str]) -> Decision:
    """Return what is decided of a case that names interpretations, too."""
    facts = {name: value for name, value in case.items() if name in ruleset.facts}
    answers = {name: value for name, value in case.items() if name in ruleset.interpretations}
    return decide(ruleset, facts, interpretations=answers, engine=REFERENCE)


@pytest.mark.parametrize("interpretations", [False, True])
@pytest.mark.parametrize("name", SMALL)
def test_small_rulesets_are_searched_in_full(name: str, interpretations: bool) -> None:  # noqa: FBT001
    """For each outcome, each word and cases all over, the smallest changes are those found."""
    ruleset = SMALL[name]
    program = program_for(ruleset)
    reference = ReferenceEngine(program)
    every = [(case, reference.evaluate(case).decided) for case in every_case(program.values)]
    kept = () if interpretations else ruleset.interpretations
    for case, _ in every[:: max(len(every) // 24, 1)]:
        for outcome, values in program.decided.items():
            for value in values:
                changes = what_would_change(
                    decided(ruleset, case), interpretations=interpretations, **{outcome: value}
                )
                found = ((other, facts[outcome] == value) for other, facts in every)
                assert told(changes) == searched(found, case, kept)


@given(ruleset=made_rulesets(), data=st.data())
def test_made_rulesets_are_searched_in_full(ruleset: Ruleset, data: DataObject) -> None:
    """Whatever the rules, the facts that are fixed and the outcomes wanted, the same holds."""
    program = program_for(ruleset)
    case = data.draw(cases(program.values))
    fixed = data.draw(st.sets(st.sampled_from(sorted(program.values)))) if program.values else set()
    outcomes = sorted(program.decided)
    some = st.lists(st.sampled_from(outcomes), min_size=1, max_size=2, unique=True)
    names = data.draw(some) if outcomes else []
    wanted = {
        name: data.draw(st.sets(st.sampled_from(program.decided[name]), min_size=1))
        for name in names
    }
    if not wanted:
        return
    reference = ReferenceEngine(program)
    found = []
    for other in every_case(program.values):
        facts = reference.evaluate(other).decided
        found.append((other, all(facts[name] in values for name, values in wanted.items())))
    decision = decided(ruleset, case)
    changes = what_would_change(decision, fixed=fixed, interpretations=True, **wanted)
    assert told(changes) == searched(found, case, fixed)


@cache
def shipped_cases() -> list[tuple[dict[str, str], str]]:
    """Return every case of the shipped edition under our own answers, with its tier."""
    facts = {id_: tuple(each.values) for id_, each in SHIPPED.facts.items()}
    tested = {
        fact for rule in SHIPPED.rules.values() if hasattr(rule, "then") for fact in rule.when
    }
    values = {fact: each if fact in tested else each[:1] for fact, each in facts.items()}
    ours = {id_: each.ours for id_, each in SHIPPED.interpretations.items()}
    reference = ReferenceEngine(program_for(SHIPPED))
    return [
        (case, reference.evaluate({**case, **ours}).decided["tier"]) for case in every_case(values)
    ]


@given(data=st.data())
def test_the_shipped_edition_is_searched(data: DataObject) -> None:
    """In the shipped edition the smallest changes of a case are those of a full search."""
    every = shipped_cases()
    case, _ = data.draw(st.sampled_from(every))
    tier = data.draw(st.sampled_from(sorted(SHIPPED.outcomes["tier"].values)))
    fixed = data.draw(st.sets(st.sampled_from(sorted(case)), max_size=3))
    changes = what_would_change(decide(SHIPPED, case), fixed=fixed, tier=tier)
    found = ((other, value == tier) for other, value in every)
    assert told(changes) == searched(found, case, fixed)


def test_what_is_so_already_needs_no_change() -> None:
    """Where the outcome is as wanted, the one smallest change is to change nothing."""
    case = decide(SHIPPED, {"reinspection": "decided"})
    (change,) = what_would_change(case, tier="full-re-inspection")
    assert (change.facts, change.ways) == ((), ({},))
    assert change.says == "As things are, the type of follow-up would be a full re-inspection."


def test_a_change_reads_as_a_sentence() -> None:
    """Each change is one sentence in the vocabulary's words; not to know is not recommended."""
    values = {"findings": "broadly-positive", "action-plan-review": "not-yet"}
    case = decide(SHIPPED, {**values, "prospects": "some-concerns"})
    changes = what_would_change(case, tier="post-inspection-visit", fixed=["tier-chosen"])
    (change,) = changes
    assert change.says == (
        "The type of follow-up would be a post-inspection visit if HMICFRS has no concerns about "
        "the force's prospects for improvement, and inspectors have reviewed the action plan or "
        "HMICFRS has recorded that the action plan is not required."
    )
    assert change.ways[0]["action-plan-review"] == ("done", "not-required", "not-known")


def test_several_outcomes_and_values_may_be_wanted() -> None:
    """A name may be written with underlines; of several words any will do; outcomes all must."""
    case = decide(SHIPPED, {"prospects": "significant-concerns", "action-plan-review": "not-yet"})
    changes = what_would_change(
        case, judgement_stage="reached", tier=["post-inspection-visit", "post-inspection-review"]
    )
    assert [each.facts for each in changes] == [
        ("prospects", "action-plan-review"),
        ("tier-chosen", "action-plan-review"),
    ]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({}, "No outcome is named."),
        ({"teir": "x"}, "The ruleset decides no 'teir'."),
        ({"tier": "a-visit"}, "'a-visit' is not a word of 'tier'."),
        ({"tier": ()}, "No word of 'tier' is named."),
    ],
)
def test_what_cannot_be_wanted_is_refused(wanted: dict[str, Any], says: str) -> None:
    """An outcome or a word that does not exist is refused, with the ones that do."""
    with pytest.raises(UnknownItemError) as caught:
        what_would_change(decide(SHIPPED, {}), **wanted)
    assert caught.value.problems[0].message == says
    assert caught.value.problems[0].help


def test_an_unknown_fixed_fact_is_refused() -> None:
    """A fact that does not exist cannot be fixed: it would silently be changed all the same."""
    with pytest.raises(UnknownItemError, match="no fact 'prospect'"):
        what_would_change(decide(SHIPPED, {}), fixed=["prospect"], tier="not-settled")


# --- the past -------------------------------------------------------------------------------------


def plan_of(facts: dict[str, object], on: str = "2019-01-31") -> Plan:
    """Return a plan."""
    return assess(FollowUp.from_dict({"force": "kent", **facts}), on=on)


COVERED = {"action-plan-coverage"}
PLAN_WITH_ALL: dict[str, object] = {"inspection_report": {"recommendations": [{"id": "r1"}]}}


@pytest.mark.parametrize(
    ("facts", "past"),
    [
        ({}, set()),
        (
            {"decisions": [{"decision": "full-reinspection", "on": "2018-09-01", **MADE}]},
            {"reinspection"},
        ),
        ({"decisions": [{"decision": "full-reinspection", "on": "2019-09-01", **MADE}]}, set()),
        ({"action_plan": {"reviewed": "2018-09-01"}}, {"action-plan-review"}),
        ({"action_plan": {"reviewed": "2019-09-01"}}, set()),
        ({"action_plan": {"reviewed": "not-yet"}}, set()),
        (PLAN_WITH_ALL | {"action_plan": {"received": "2018-08-01", "covers": ["r1"]}}, COVERED),
        (PLAN_WITH_ALL | {"action_plan": {"received": "2018-08-01"}}, set()),
        (PLAN_WITH_ALL | {"action_plan": {"received": "2019-08-01", "covers": ["r1"]}}, set()),
        (
            {
                "decisions": [
                    {"decision": "waiver", "of": "action-plan-received", "on": "2018-09-01", **MADE}
                ]
            },
            {"action-plan-review"},
        ),
        ({"inspection_report": {"published": "2018-06-28", "findings": "broadly-positive"}}, set()),
    ],
)
def test_the_past(facts: dict[str, object], past: set[str]) -> None:
    """Decisions that stand and events that have happened are the past; nothing else is."""
    assert fixed_facts(plan_of(facts)) == past


def test_a_published_report_is_the_past_if_asked() -> None:
    """What a report says is left open unless it is asked for, and never before it is published."""
    report = {"published": "2018-06-28", "findings": "broadly-positive"}
    plan = plan_of({"inspection_report": report})
    assert fixed_facts(plan, report=True) == {"findings"}
    assert fixed_facts(plan_of({"inspection_report": report}, "2018-06-01"), report=True) == set()


def test_a_country_and_an_event_that_has_happened_are_the_past() -> None:
    """Where rules test the country or an event, the one never changes, the other once it is."""
    countries = Fact(
        id="country", title="The country", values={"england": "x", "wales": "y"}, unknown="england"
    )
    begun = Fact(
        id="revisit-begins",
        title="The revisit",
        values={"happened": "it has begun", "not-yet": "it has not", "unknown": "nobody knows"},
        unknown="unknown",
    )
    facts = {**SHIPPED.facts, "country": countries, "revisit-begins": begun}
    follow_up = FollowUp.from_dict({"force": "gwent", "fieldwork": {"begins": "2019-01-02"}})
    for on, past in (("2019-01-01", {"country"}), ("2019-01-02", {"country", "revisit-begins"})):
        assert fixed_facts(assess(follow_up, on=on, ruleset=evolve(SHIPPED, facts=facts))) == past


@given(follow_up=follow_ups(), on=days(), data=st.data())
def test_the_past_is_left_alone(follow_up: FollowUp, on: datetime.date, data: DataObject) -> None:
    """No change touches the past of a plan or an interpretation, and each does what it says."""
    plan = assess(follow_up, on=on, engine=REFERENCE)
    tier = data.draw(st.sampled_from(sorted(SHIPPED.outcomes["tier"].values)))
    for change in what_would_change(plan, tier=tier):
        assert fixed_facts(plan).isdisjoint(change.facts)
        assert SHIPPED.interpretations.keys().isdisjoint(change.facts)
        for way in change.ways:
            drawn = {fact: data.draw(st.sampled_from(values)) for fact, values in way.items()}
            again = decided(SHIPPED, {**plan.decision.values, **drawn})
            assert again.facts["tier"] == tier


# --- nothing depends on it ------------------------------------------------------------------------


@given(data=st.data())
def test_nothing_depends_on_it(data: DataObject) -> None:
    """A fact is told exactly where no other word of it gives anything else."""
    ruleset = SMALL[data.draw(st.sampled_from(sorted(SMALL)))]
    program = program_for(ruleset)
    reference = ReferenceEngine(program)
    case = data.draw(cases(program.values))

    def follows(values: Mapping[str, str]) -> set[object]:
        return {effect_of(ruleset.rules[id_]) for id_ in reference.evaluate(values).fired}

    found = irrelevant_facts(decided(ruleset, case))
    assert found == tuple(
        fact
        for fact in ruleset.facts
        if all(follows({**case, fact: value}) == follows(case) for value in program.values[fact])
    )


# --- days -----------------------------------------------------------------------------------------


@given(follow_up=follow_ups(), on=days(), data=st.data())
def test_days_are_found_day_by_day(
    follow_up: FollowUp, on: datetime.date, data: DataObject
) -> None:
    """The status first differs on the day that is told, and on no day before it that can be."""
    answer = data.draw(st.sampled_from(sorted(SHIPPED.interpretations["R8"].answers)))
    plan = assess(follow_up, on=on, interpretations={"R8": answer}, engine=REFERENCE)
    found = margins(plan)
    assert {each.deadline.id for each in found} == {each.id for each in plan.deadlines}
    each = data.draw(st.sampled_from(found))
    events = plan.follow_up.events()

    def status(moved: int) -> Status:
        now, day = dict(events), on.toordinal()
        when = events.get(each.moves)
        if isinstance(when, PartialDate):
            now[each.moves] = PartialDate.between(when.start + moved, when.end + moved)
        else:
            day += moved
        rules = [each.deadline.rule]
        calendar, policy = plan.ruleset.calendar, plan.decision.last_day
        return schedule(rules, now, day, calendar, policy)[0].status

    def can_be(moved: int) -> bool:
        when = events.get(each.moves)
        if not isinstance(when, PartialDate):
            return True
        facts = copy.deepcopy(follow_up.to_dict())
        part, _, name = EVENT_PLACES[each.moves].partition(".")
        facts[part][name] = PartialDate.between(when.start + moved, when.end + moved).edtf
        try:
            FollowUp.from_dict(facts)
        except FactsError:
            return False
        return True

    assert status(0) is each.status
    for way, first, then in (
        (-1, each.earlier, each.if_earlier),
        (1, each.later, each.if_later),
    ):
        until = 800 if first is None else first
        moves = [way * moved for moved in range(1, until)]
        assert not any(status(moved) is not each.status and can_be(moved) for moved in moves)
        assert first is None or status(way * first) is then is not each.status
        assert first is None or can_be(way * first)
        assert (first is None) is (then is None)
        assert first is None or first <= MOST_DAYS


def test_no_date_moves_where_it_cannot_be() -> None:
    """A revisit that is met for any day after the report is not told to be early before it."""
    facts: dict[str, object] = {
        "inspection_report": {"published": "2018-06-28"},
        "fieldwork": {"begins": "2018-10-01", "ends": "2018-10-03"},
    }
    (found,) = (
        each
        for each in margins(plan_of(facts))
        if (each.deadline.id, each.moves) == ("deadline.revisit", "report-published")
    )
    assert (found.status, found.later, found.if_later) == (Status.MET, None, None)
    assert (found.earlier, found.if_earlier) == (89, Status.LATE)


def test_who_let_a_duty_go_is_told() -> None:
    """The boundary of a deadline that was waived says so: nobody is held to it."""
    waiver = {"decision": "waiver", "of": "action-plan-received", "on": "2018-07-20", **MADE}
    facts: dict[str, object] = {
        "inspection_report": {"published": "2018-06-28"},
        "action_plan": {"received": "2018-09-01"},
    }
    for decisions, told in (([waiver], " This was waived (20 July 2018) by HMICFRS,"), ([], "")):
        (found,) = (
            each
            for each in margins(plan_of({**facts, "decisions": decisions}))
            if (each.deadline.id, each.moves) == ("deadline.action-plan", "action-plan-received")
        )
        assert (len(found.let_go), found.status) == (len(decisions), Status.LATE)
        assert found.says.partition("were 23 days earlier.")[2].startswith(told)
        assert ("waived" in found.says) is bool(decisions)


def test_days_read_as_a_sentence() -> None:
    """A boundary names the deadline, where it stands, what moves, how far, and what then is."""
    plan = plan_of(
        {
            "inspection_report": {"published": "2018-06-28"},
            "fieldwork": {"begins": "2019-01-02"},
        }
    )
    says = [each.says for each in margins(plan) if each.moves == "revisit-begins"]
    assert (
        "'The force is revisited within six months of publication' is 'late'; it would be 'met' if "
        "the date of 'the first day of the revisit' were 5 days earlier."
    ) in says


REVISIT = "'The force is revisited within six months of publication'"
DATE = "the date of 'the first day of the revisit'"


@pytest.mark.parametrize(
    ("begins", "says"),
    [
        (
            "2019-01",
            f"{REVISIT} is 'late'; it could not be told if {DATE} were 4 days earlier.",
        ),
        (
            "2018-12",
            (
                f"It cannot be told whether {REVISIT} is kept; it would be 'met' if {DATE} were 3 "
                f"days earlier, and it would be 'late' if {DATE} were 28 days later."
            ),
        ),
    ],
)
def test_what_cannot_be_told_is_told_so(begins: str, says: str) -> None:
    """Where a date is known in part, neither 'met' nor 'late' is claimed before it is certain."""
    facts: dict[str, object] = {
        "inspection_report": {"published": "2018-06-28"},
        "fieldwork": {"begins": begins},
    }
    found = margins(plan_of(facts))
    assert says in [str(each) for each in found if each.moves == "revisit-begins"]


def test_the_day_moves_where_nothing_has_happened() -> None:
    """For what has not happened, the day of the plan moves: the days left and one more."""
    plan = plan_of(
        {
            "inspection_report": {"published": "2018-06-28"},
            "fieldwork": {"begins": "not-yet"},
        },
        on="2018-12-20",
    )
    found = next(
        each for each in margins(plan) if each.deadline.id == "deadline.revisit" and not each.moves
    )
    assert found.deadline.days_left == (8, 8)
    assert (found.status, found.later, found.if_later) == (Status.OPEN, 9, Status.OVERDUE)
    assert (found.earlier, found.if_earlier) == (None, None)


def test_a_last_day_that_moves_back_is_the_boundary() -> None:
    """Where a last day on a Sunday moves back to the Friday, a day after that Friday is late."""
    facts = {
        "force": "kent",
        "inspection_report": {"published": "2018-08-03"},
        "fieldwork": {"begins": "2019-02-01"},
    }
    answers = {"R8": "moves-to-the-working-day-before"}
    plan = assess(FollowUp.from_dict(facts), on="2019-03-01", interpretations=answers)
    found = next(
        each
        for each in margins(plan)
        if (each.deadline.id, each.moves) == ("deadline.revisit", "revisit-begins")
    )
    assert (found.status, found.later, found.if_later) == (Status.MET, 1, Status.LATE)


def test_a_change_is_equal_by_what_it_says() -> None:
    """Two changes are the same where their facts and words are, whatever the ruleset object."""
    case = {"findings": "broadly-positive", "action-plan-review": "done"}
    one, other = (
        what_would_change(decide(rules, case), tier="post-inspection-visit")
        for rules in (SHIPPED, evolve(SHIPPED))
    )
    assert one == other != ()
