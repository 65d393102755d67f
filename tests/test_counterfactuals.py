"""Counterfactuals: the smallest changes, all of them, against a search through every case."""

from __future__ import annotations

import copy
from collections import defaultdict
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from ncpi_rules.core import (
    NOT_YET,
    FactsError,
    PartialDate,
    Status,
    UnknownItemError,
    day_of,
)
from ncpi_rules.deadlines import has_begun, schedule
from ncpi_rules.engine import ReferenceEngine
from ncpi_rules.explain import (
    MOST_DAYS,
    Counterfactual,
    Margin,
    fixed_facts,
    irrelevant_facts,
    margins,
    possible_values,
    what_would_change,
)
from ncpi_rules.facts import Dates, FollowUp, Suspension, name_facts
from ncpi_rules.plan import assess, status_by, values_of
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

    from ncpi_rules.core import When
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
    wanted: Iterable[Mapping[str, str]], case: Mapping[str, str], fixed: Iterable[str]
) -> dict[frozenset[str], set[tuple[tuple[str, str], ...]]]:
    """Return the smallest changes of a case by looking at every one wanted: facts, then values."""
    fixed = frozenset(fixed)
    changes: dict[frozenset[str], set[tuple[tuple[str, str], ...]]] = {}
    for other in wanted:
        apart = tuple((fact, value) for fact, value in other.items() if case[fact] != value)
        facts = frozenset(fact for fact, _ in apart)
        if fixed.isdisjoint(facts):
            changes.setdefault(facts, set()).add(tuple(sorted(apart)))
    return {
        facts: values
        for facts, values in changes.items()
        if not any(other < facts for other in changes)
    }


def listed(
    changes: Iterable[Counterfactual],
) -> dict[frozenset[str], set[tuple[tuple[str, str], ...]]]:
    """Return counterfactuals in the same form; no combination may be listed twice."""
    by_facts: dict[frozenset[str], set[tuple[tuple[str, str], ...]]] = {}
    for change in changes:
        combinations = [
            tuple(sorted(zip(way, values, strict=True)))
            for way in change.ways
            for values in product(*way.values())
        ]
        assert len(combinations) == len(set(combinations))
        assert frozenset(change.facts) not in by_facts
        by_facts[frozenset(change.facts)] = set(combinations)
    return by_facts


def decided(ruleset: Ruleset, case: Mapping[str, str]) -> Decision:
    """Return what is decided of a case that names interpretations, too."""
    facts = {name: value for name, value in case.items() if name in ruleset.facts}
    answers = {name: value for name, value in case.items() if name in ruleset.interpretations}
    return decide(ruleset, facts, interpretations=answers, engine=REFERENCE)


@pytest.mark.parametrize("interpretations", [False, True])
@pytest.mark.parametrize("name", SMALL)
def test_small_rulesets_are_searched_in_full(name: str, interpretations: bool) -> None:  # noqa: FBT001
    """For each value of each outcome, the changes are those of a search through every case."""
    ruleset = SMALL[name]
    program = program_for(ruleset)
    reference = ReferenceEngine(program)
    every = [(case, reference.evaluate(case).decided) for case in every_case(program.values)]
    fixed = () if interpretations else ruleset.interpretations
    for case, _ in every[:: max(len(every) // 24, 1)]:
        for outcome, values in program.decided.items():
            for value in values:
                changes = what_would_change(
                    decided(ruleset, case), interpretations=interpretations, **{outcome: value}
                )
                wanted = (other for other, facts in every if facts[outcome] == value)
                assert listed(changes) == searched(wanted, case, fixed)


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
    every = []
    for other in every_case(program.values):
        facts = reference.evaluate(other).decided
        if all(facts[name] in values for name, values in wanted.items()):
            every.append(other)
    decision = decided(ruleset, case)
    changes = what_would_change(decision, fixed=fixed, interpretations=True, **wanted)
    assert listed(changes) == searched(every, case, fixed)


def shipped_values() -> dict[str, tuple[str, ...]]:
    """Return the values of each fact that rules for a tier test, and one of each other fact."""
    tested = {
        fact for rule in SHIPPED.rules.values() if hasattr(rule, "then") for fact in rule.when
    }
    return {
        id_: tuple(fact.values)[: None if id_ in tested else 1]
        for id_, fact in SHIPPED.facts.items()
    }


@cache
def shipped_cases() -> dict[str, list[dict[str, str]]]:
    """Return every case of the shipped edition under our own answers, by its tier."""
    values = shipped_values()
    ours = {id_: asked.ours for id_, asked in SHIPPED.interpretations.items()}
    reference = ReferenceEngine(program_for(SHIPPED))
    by_tier: dict[str, list[dict[str, str]]] = defaultdict(list)
    for case in every_case(values):
        by_tier[reference.evaluate({**case, **ours}).decided["tier"]].append(case)
    assert by_tier.keys() == SHIPPED.outcomes["tier"].values.keys()
    return by_tier


@pytest.mark.long
@given(data=st.data())
def test_the_shipped_edition_is_searched(data: DataObject) -> None:
    """In the shipped edition the smallest changes of a case are those of a full search."""
    every = {fact: st.sampled_from(values) for fact, values in shipped_values().items()}
    case = data.draw(st.fixed_dictionaries(every))
    tier = data.draw(st.sampled_from(sorted(SHIPPED.outcomes["tier"].values)))
    fixed = data.draw(st.sets(st.sampled_from(sorted(case)), max_size=3))
    changes = what_would_change(decide(SHIPPED, case), fixed=fixed, tier=tier)
    assert listed(changes) == searched(shipped_cases()[tier], case, fixed)


def test_an_outcome_already_as_wanted_needs_no_change() -> None:
    """Where the outcome is as wanted, the one smallest change is to change nothing."""
    case = decide(SHIPPED, {"reinspection": "decided"})
    (change,) = what_would_change(case, tier="full-re-inspection")
    assert (change.facts, change.ways) == ((), ({},))
    assert change.sentence == "As things are, the type of follow-up would be a full re-inspection."


def test_a_change_reads_as_a_sentence() -> None:
    """Each change is one sentence of the vocabulary's phrases; "not known" is left out."""
    values = {"findings": "broadly-positive", "action-plan-review": "not-yet"}
    case = decide(SHIPPED, {**values, "prospects": "some-concerns"})
    fixed = ["tier-chosen", "action-plan-waiver", "other-recommendations"]
    changes = what_would_change(case, tier="post-inspection-visit", fixed=fixed)
    (change,) = changes
    assert change.sentence == (
        "The type of follow-up would be a post-inspection visit if HMICFRS has no concerns about "
        "the force's prospects for improvement, and inspectors have reviewed the action plan or "
        "HMICFRS has recorded that the action plan need not be reviewed."
    )
    assert change.ways[0]["action-plan-review"] == ("done", "not-required", "not-known")


def test_several_outcomes_and_values_may_be_wanted() -> None:
    """A name may have underscores; any of several values will do; several outcomes all must."""
    case = decide(SHIPPED, {"prospects": "significant-concerns", "action-plan-review": "not-yet"})
    changes = what_would_change(
        case, judgement_stage="reached", tier=["post-inspection-visit", "post-inspection-review"]
    )
    grounds = ("action-plan-review", "action-plan-waiver", "other-recommendations")
    assert sorted(change.facts for change in changes) == sorted(
        (judged, ground) for judged in ("prospects", "tier-chosen") for ground in grounds
    )


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({}, "No outcome is named."),
        ({"teir": "x"}, "The ruleset has no outcome 'teir'."),
        ({"tier": "a-visit"}, "'a-visit' is not a value of 'tier'."),
        ({"tier": ()}, "No value of 'tier' is named."),
    ],
)
def test_what_cannot_be_wanted_is_refused(wanted: dict[str, Any], message: str) -> None:
    """An outcome or a value that does not exist is refused, with those that do."""
    with pytest.raises(UnknownItemError) as caught:
        what_would_change(decide(SHIPPED, {}), **wanted)
    assert caught.value.problems[0].message == message
    assert caught.value.problems[0].help


def test_an_unknown_fixed_fact_is_refused() -> None:
    """A fact that does not exist cannot be fixed: the misspelt one would silently change."""
    with pytest.raises(UnknownItemError, match="no fact 'prospect'"):
        what_would_change(decide(SHIPPED, {}), fixed=["prospect"], tier="not-settled")


# --- fixed facts ----------------------------------------------------------------------------------


def plan_of(facts: dict[str, object], on: str = "2019-01-31") -> Plan:
    """Return a plan."""
    return assess(FollowUp.from_dict({"force": "kent", **facts}), on=on)


VISIT = "post-inspection-visit"
COVERED = {"action-plan-coverage"}
PLAN_WITH_ALL: dict[str, object] = {"inspection_report": {"recommendations": [{"id": "r1"}]}}


@pytest.mark.parametrize(
    ("facts", "fixed"),
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
        (
            PLAN_WITH_ALL | {"action_plan": {"received": "2018-08-01", "covers": ["r1"]}},
            {"action-plan-waiver", *COVERED},
        ),
        (PLAN_WITH_ALL | {"action_plan": {"received": "2018-08-01"}}, {"action-plan-waiver"}),
        (PLAN_WITH_ALL | {"action_plan": {"received": "2019-08-01", "covers": ["r1"]}}, set()),
        (
            {
                "decisions": [
                    {"decision": "waiver", "of": "action-plan-received", "on": "2018-09-01", **MADE}
                ]
            },
            set(),
        ),
        (
            {
                "decisions": [
                    {"decision": "tier-chosen", "value": VISIT, "on": "2018-09-01", **MADE}
                ]
            },
            set(),
        ),
        (
            {"inspection_report": {"published": "2018-06-28", "findings": "broadly-positive"}},
            {"report-published"},
        ),
    ],
)
def test_fixed_facts(facts: dict[str, object], fixed: set[str]) -> None:
    """Recorded decisions and events that have happened are fixed; nothing else is."""
    assert fixed_facts(plan_of(facts)) == fixed


def test_a_published_report_is_fixed_on_request() -> None:
    """What a report says can change unless asked otherwise, and always before publication."""
    report = {"published": "2018-06-28", "findings": "broadly-positive"}
    plan = plan_of({"inspection_report": report})
    assert fixed_facts(plan, report=True) == {"findings", "report-published"}
    assert fixed_facts(plan_of({"inspection_report": report}, "2018-06-01"), report=True) == set()


def test_a_country_and_an_event_that_has_happened_are_fixed() -> None:
    """Where rules test the country it is fixed, and an event once it has happened."""
    countries = Fact(
        id="country",
        title="The country",
        source="force",
        values={"england": "x", "wales": "y"},
        unknown="england",
    )
    begun = Fact(
        id="revisit-begins",
        title="The revisit",
        source="fieldwork.begins",
        values={"happened": "it has begun", "not-yet": "it has not", "unknown": "nobody knows"},
        unknown="unknown",
    )
    facts = {**SHIPPED.facts, "country": countries, "revisit-begins": begun}
    follow_up = FollowUp.from_dict({"force": "gwent", "fieldwork": {"begins": "2019-01-02"}})
    for on, fixed in (("2019-01-01", {"country"}), ("2019-01-02", {"country", "revisit-begins"})):
        assert fixed_facts(assess(follow_up, on=on, ruleset=evolve(SHIPPED, facts=facts))) == fixed


@given(follow_up=follow_ups(), on=days(), data=st.data())
def test_a_plan_is_searched_among_possible_values(
    follow_up: FollowUp, on: datetime.date, data: DataObject
) -> None:
    """The changes of a plan are those of a search through all that is possible: no more, no fewer.

    So nothing is answered only where nothing would be enough. Interpretations stay.
    """
    plan = assess(follow_up, on=on, engine=REFERENCE)
    tier = data.draw(st.sampled_from(sorted(SHIPPED.outcomes["tier"].values)))
    possible = possible_values(plan)
    tested = [fact for fact, values in shipped_values().items() if len(values) > 1]
    case = {fact: plan.decision.values[fact] for fact in tested}
    limited = {fact: possible[fact] for fact in tested if fact in possible}
    wanted = (
        {fact: other[fact] for fact in tested}
        for other in shipped_cases()[tier]
        if all(other[fact] in values for fact, values in limited.items())
    )
    assert listed(what_would_change(plan, tier=tier)) == searched(wanted, case, ())


@given(follow_up=follow_ups(), later=follow_ups(), on=days(), days_later=st.integers(0, 800))
def test_what_follows_was_possible(
    follow_up: FollowUp, later: FollowUp, on: datetime.date, days_later: int
) -> None:
    """On any later day, whatever was decided since, each fact has a value that was possible."""
    since = [decision for decision in later.decisions if begins_after(decision.on, on)]
    published = follow_up.inspection_report.published
    if published is NOT_YET:  # until then nothing is decided
        since = [decision for decision in since if isinstance(decision, Suspension)]
    elif isinstance(published, PartialDate):
        since = [
            decision for decision in since if begins_after(decision.on, day_of(published.start - 1))
        ]
    then = evolve(follow_up, decisions=(*follow_up.decisions, *since))
    values = values_of(then, SHIPPED, on.toordinal() + days_later)
    plan = assess(follow_up, on=on, engine=REFERENCE)
    for name, possible in possible_values(plan, report=True).items():
        assert values[name] in possible


def begins_after(when: When, on: datetime.date) -> bool:
    """Return whether a date lies wholly after a day."""
    return isinstance(when, PartialDate) and when.start > on.toordinal()


def test_a_later_choice_counts() -> None:
    """Where inspectors have chosen a type, they may choose another, but not unmake the choice."""
    choice = {"decision": "tier-chosen", "value": VISIT, "on": "2018-12-01", **MADE}
    plan = plan_of({"prospects": "some-concerns", "decisions": [choice]})
    (change,) = what_would_change(plan, tier="post-inspection-review")
    assert change.ways == ({"tier-chosen": ("post-inspection-review",)},)


def test_a_plan_that_was_not_required_may_be_reviewed() -> None:
    """A plan of which the review was waived can be reviewed after all, and no less."""
    waiver = {"decision": "waiver", "of": "action-plan-reviewed", "on": "2018-09-01", **MADE}
    possible = possible_values(plan_of({"decisions": [waiver]}))
    assert possible["action-plan-review"] == {"not-required", "done"}


# --- irrelevant facts ----------------------------------------------------------------------------


@given(data=st.data())
def test_irrelevant_facts(data: DataObject) -> None:
    """A fact is irrelevant exactly where no other value of it changes the result."""
    ruleset = SMALL[data.draw(st.sampled_from(sorted(SMALL)))]
    program = program_for(ruleset)
    reference = ReferenceEngine(program)
    case = data.draw(cases(program.values))

    def effects(values: Mapping[str, str]) -> set[object]:
        return {effect_of(ruleset.rules[id_]) for id_ in reference.evaluate(values).fired}

    assert irrelevant_facts(decided(ruleset, case)) == tuple(
        fact
        for fact in ruleset.facts
        if all(effects({**case, fact: value}) == effects(case) for value in program.values[fact])
    )


# --- margins --------------------------------------------------------------------------------------


def test_a_report_moves_no_further_than_a_decision() -> None:
    """A report is not said to be published after a decision on its follow-up."""
    decision = {"decision": "full-reinspection", "by": "unknown", "on": "2014-04-01", "why": "why"}
    facts = {"force": "kent", "inspection_report": {"published": "2014-03-01"}}
    later = {
        name: [
            margin.later
            for margin in margins(assess(FollowUp.from_dict(facts | more), on="2015-01-01"))
            if margin.moves == "report-published" and margin.later is not None
        ]
        for name, more in (("without", {}), ("with", {"decisions": [decision]}))
    }
    assert max(later["without"]) > 31
    assert all(days <= 31 for days in later["with"])


@pytest.mark.long
@given(follow_up=follow_ups(), on=days(), data=st.data())
def test_margins_are_those_of_a_search_day_by_day(
    follow_up: FollowUp, on: datetime.date, data: DataObject
) -> None:
    """The status first differs at the margin, and at no possible day before it."""
    answer = data.draw(st.sampled_from(sorted(SHIPPED.interpretations["R8"].answers)))
    plan = assess(follow_up, on=on, interpretations={"R8": answer}, engine=REFERENCE)
    assume(not plan.revisits)
    all_ = margins(plan)
    assert {margin.deadline.id for margin in all_} == {due.id for due in plan.deadlines}
    margin = data.draw(st.sampled_from(all_))
    events, order = plan.facts.recorded, SHIPPED.contract.order

    def status(moved: int) -> Status:
        now, day = plan.events, on.toordinal()
        when = events.get(margin.moves)
        if isinstance(when, PartialDate):
            date = PartialDate.between(when.start + moved, when.end + moved)
            now = Dates({**events, margin.moves: date}).narrowed(order).events
        else:
            day += moved
        rules = [margin.deadline.rule]
        policy = plan.decision.due_date_policy
        begun = has_begun(now, plan.ruleset.settings.selected_by, day)
        ids = [margin.deadline.rule.id]
        let_off = dict.fromkeys(ids, status_by(margin.waivers[0])) if margin.waivers else {}
        (then,) = schedule(rules, now, day, policy, begun=begun, let_off=let_off, order=order)
        return then.status

    def can_be(moved: int) -> bool:
        when = events.get(margin.moves)
        if not isinstance(when, PartialDate):
            return True
        facts = copy.deepcopy(follow_up.to_dict())
        part, _, name = SHIPPED.contract.events[margin.moves].partition(".")
        facts[part][name] = PartialDate.between(when.start + moved, when.end + moved).edtf
        try:
            name_facts(FollowUp.from_dict(facts), SHIPPED.contract)
        except FactsError:
            return False
        return True

    assert status(0) is margin.status
    for way, first, then in (
        (-1, margin.earlier, margin.if_earlier),
        (1, margin.later, margin.if_later),
    ):
        until = 800 if first is None else first
        moves = [way * moved for moved in range(1, until)]
        assert not any(status(moved) is not margin.status and can_be(moved) for moved in moves)
        assert first is None or status(way * first) is then is not margin.status
        assert first is None or can_be(way * first)
        assert (first is None) is (then is None)
        assert first is None or first <= MOST_DAYS


def margin_of(plan: Plan, deadline: str, moves: str) -> Margin:
    """Return the margin of a deadline when one date moves."""
    (margin,) = (
        margin
        for margin in margins(plan)
        if (margin.deadline.id, margin.moves) == (deadline, moves)
    )
    return margin


def test_no_date_moves_past_another() -> None:
    """No margin moves a revisit before its report, where it would be too early."""
    facts: dict[str, object] = {
        "inspection_report": {"published": "2018-06-28"},
        "fieldwork": {"begins": "2018-10-01", "ends": "2018-10-03"},
    }
    margin = margin_of(plan_of(facts), "deadline.revisit", "report-published")
    assert (margin.status, margin.later, margin.if_later) == (Status.MET, None, None)
    assert (margin.earlier, margin.if_earlier) == (89, Status.LATE)


def test_a_margin_names_the_waiver() -> None:
    """The margin of a waived deadline says so: nobody is held to it."""
    waiver = {"decision": "waiver", "of": "action-plan-received", "on": "2018-07-20", **MADE}
    facts: dict[str, object] = {
        "inspection_report": {"published": "2018-06-28"},
        "action_plan": {"received": "2018-09-01"},
    }
    for decisions, ends in (([waiver], " This was waived (20 July 2018) by HMICFRS,"), ([], "")):
        plan = plan_of({**facts, "decisions": decisions})
        margin = margin_of(plan, "deadline.action-plan", "action-plan-received")
        status = Status.WAIVED if decisions else Status.LATE
        assert (len(margin.waivers), margin.status) == (len(decisions), status)
        assert margin.sentence.partition("were 23 days earlier.")[2].startswith(ends)
        assert ("waived" in margin.sentence) is bool(decisions)


REVISIT = "'The force is revisited within six months of publication'"
DATE = "the date of 'the first day of the revisit'"


@pytest.mark.parametrize(
    ("begins", "message"),
    [
        (
            "2019-01-02",
            (
                f"{REVISIT} is 'late'; it would be 'met' if {DATE} were 5 days earlier, and it "
                f"would be 'projected late' if {DATE} were 30 days later."
            ),
        ),
        (
            "2019-01",
            (
                f"{REVISIT} is 'late'; it would not be certain if {DATE} were 4 days earlier, and "
                f"it would not be certain if {DATE} were 1 day later."
            ),
        ),
        (
            "2018-12",
            (
                f"It is not certain whether {REVISIT} is met; it would be 'met' if {DATE} were 3 "
                f"days earlier, and it would be 'late' if {DATE} were 28 days later."
            ),
        ),
    ],
)
def test_a_margin_reads_as_a_sentence(begins: str, message: str) -> None:
    """It names the deadline, its status, what moves, how far and to which status.

    Where a date is partial, neither 'met' nor 'late' is claimed before it is certain.
    """
    plan = plan_of(
        {"inspection_report": {"published": "2018-06-28"}, "fieldwork": {"begins": begins}}
    )
    assert str(margin_of(plan, "deadline.revisit", "revisit-begins")) == message


def test_the_day_moves_where_nothing_has_happened() -> None:
    """For an event still to come, the day of the plan moves: the days left and one more."""
    plan = plan_of(
        {
            "inspection_report": {"published": "2018-06-28"},
            "fieldwork": {"begins": "not-yet"},
        },
        on="2018-12-20",
    )
    margin = margin_of(plan, "deadline.revisit", "")
    assert margin.deadline.days_left == (8, 8)
    assert (margin.status, margin.later, margin.if_later) == (Status.DUE, 9, Status.OVERDUE)
    assert (margin.earlier, margin.if_earlier) == (176, Status.NOT_STARTED)


def test_a_due_date_that_moves_back_is_the_boundary() -> None:
    """Where a due date on a Sunday moves back to the Friday, the day after that Friday is late."""
    facts = {
        "force": "kent",
        "inspection_report": {"published": "2018-08-03"},
        "fieldwork": {"begins": "2019-02-01"},
    }
    answers = {"R8": "moves-to-the-working-day-before"}
    plan = assess(FollowUp.from_dict(facts), on="2019-03-01", interpretations=answers)
    margin = margin_of(plan, "deadline.revisit", "revisit-begins")
    assert (margin.status, margin.later, margin.if_later) == (Status.MET, 1, Status.LATE)


def test_counterfactuals_are_equal_by_value() -> None:
    """Two are equal where their facts and values are, whatever the ruleset object."""
    case = {"findings": "broadly-positive", "action-plan-review": "done"}
    first, second = (
        what_would_change(decide(rules, case), tier="post-inspection-visit")
        for rules in (SHIPPED, evolve(SHIPPED))
    )
    assert first == second != ()
