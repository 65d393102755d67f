"""Tests of follow-ups with several revisits: what opens one, and what stays owed of those before.

One follow-up runs through most of them: a review in January 2020, and a decision for a full
re-inspection ten days after it.
"""

from __future__ import annotations

import datetime
from itertools import permutations
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ncpi_rules.core import UNKNOWN, Basis, FactsError, PartialDate, UnknownItemError
from ncpi_rules.explain import margins, why
from ncpi_rules.explore import caseload, what_if
from ncpi_rules.explore.capacity import team_weeks_of  # pinned: the weeks of one follow-up
from ncpi_rules.facts import FollowUp, NamedDecision, Revisit, Suspension, name_facts
from ncpi_rules.plan import Plan, PlanDocument, assess, differences, record, replay
from ncpi_rules.plots import timeline
from ncpi_rules.ruleset import Ruleset, shipped_ruleset
from ncpi_rules.scenarios import run
from ncpi_rules.scenarios.model import Expected, ExpectedEarlier, Scenario  # pinned: its parts
from tests.strategies import REPORT_DAYS, follow_ups

SHIPPED = shipped_ruleset()
EVENTS = SHIPPED.repeats.events if SHIPPED.repeats else ()
BEGINS = "revisit-begins"
PARTS = [field.name for field in attrs.fields(Revisit) if field.name != "further"]
DECIDED = {"decision": "full-reinspection", "by": "HMICFRS", "on": "2020-01-20", "why": "unknown"}
REVIEW: dict[str, Any] = {
    "fieldwork": {"begins": "2020-01-06", "ends": "2020-01-10"},
    "feedback": {"given": "2020-01-10", "to_chief_officer": "not-yet"},
}
KENT: dict[str, Any] = {
    "force": "kent",
    "inspection_report": {"published": "2019-08-31", "findings": "not-broadly-positive"},
    "action_plan": {"received": "2019-10-12", "reviewed": "2019-10-20"},
    "prospects": {"judgement": "some-concerns", "on": "2019-10-20"},
}
LETTER = "deadline.write-to-chief-officer"
TAKES_IN = {"R15": "at-least-those-of-a-review"}
"""The answer under which a full re-inspection has notice and letters, too."""


def follow_up(*decisions: dict[str, str], **more: Any) -> FollowUp:
    """Return the review of January 2020 with some decisions after it, and other facts."""
    return FollowUp.from_dict({**KENT, **REVIEW, "decisions": list(decisions), **more})


def listed(*revisits: dict[str, Any], **more: Any) -> FollowUp:
    """Return the same follow-up with a list of revisits."""
    return FollowUp.from_dict({**KENT, "revisits": list(revisits), **more})


def tiers(plan: Plan) -> list[str | None]:
    """Return the tier of each of several revisits, in their order."""
    return [revisit.value for revisit in plan.revisits]


def dues(plan: Plan, number: int) -> dict[str, PartialDate | None]:
    """Return the due dates of a revisit's deadlines, by their ids."""
    return {
        deadline.id: deadline.due
        for deadline in plan.deadlines
        if deadline.revisit in {None, number}
    }


def alerts(plan: Plan) -> dict[str, str]:
    """Return the alerts about revisits, by their ids."""
    return {alert.id: alert.sentence for alert in plan.alerts if alert.id.startswith("revisit-")}


# --- what opens a revisit -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "on", "number"),
    [
        ("2020-01-20", "2020-01-19", 0),  # not yet made
        ("2020-01-20", "2020-01-20", 2),
        ("2020-01-07", "2020-02-15", 2),  # while it goes on
        ("2020-01-06", "2020-02-15", 0),  # on its first day
        ("2019-12-01", "2020-02-15", 0),
        ("unknown", "2020-02-15", 0),
        ("2020-01", "2020-02-15", 0),  # before or after: told
        ("2020-01-07/2020-01-20", "2020-02-15", 2),
        ("2020-02", "2020-02-15", 2),  # after it, made or not
    ],
)
def test_a_decision_after_a_revisit_has_begun_opens_the_next(
    decided: str, on: str, number: int
) -> None:
    """It opens one from its day on, where it certainly came after; otherwise there is one."""
    plan = assess(follow_up({**DECIDED, "on": decided}), on=on)
    assert len(plan.revisits) == number
    assert (plan.revisits == ()) == (plan.earlier == ())
    assert bool(alerts(plan)) == (decided == "2020-01")


def test_a_decision_that_may_be_about_either_of_two_revisits_settles_neither() -> None:
    """Where a month leaves open whether it came before the first, both outcomes are left open."""
    blocks = (REVIEW, {"fieldwork": {"begins": "2020-09-01"}})
    month = listed(*blocks, decisions=[{**DECIDED, "on": "2020-01"}])
    plan = assess(month, on="2020-09-10")
    assert tiers(plan) == [None, None]
    assert plan.headline.basis is Basis.WAITS
    assert "left open for both" in alerts(plan)["revisit-not-certain.1"]
    for day, expected in (
        ("2020-01-05", ["full-re-inspection", "post-inspection-review"]),
        ("2020-01-31", ["post-inspection-review", "full-re-inspection"]),
    ):
        known = listed(*blocks, decisions=[{**DECIDED, "on": day}])
        assert tiers(assess(known, on="2020-09-10")) == expected


def test_what_begins_a_revisit_may_be_known_by_what_came_after_it() -> None:
    """Of a revisit whose first day is not recorded, its feedback shows that it had begun."""
    facts = {"fieldwork": {}, "feedback": {"given": "2020-01-10"}}
    later = follow_up(DECIDED, **facts)
    assert len(assess(later, on="2020-02-15").revisits) == len(("the review", "another"))
    sooner = follow_up({**DECIDED, "on": "2020-01-09"}, **facts)
    plan = assess(sooner, on="2020-02-15")
    assert plan.revisits == ()
    assert "revisit-not-certain.1" in alerts(plan)


def test_nothing_opens_a_revisit_before_one_has_begun() -> None:
    """A decision while a revisit is still to come, or nothing of it recorded, is about that one."""
    for begins in ("unknown", "not-yet", "2020-03-02"):
        facts = {"fieldwork": {"begins": begins}, "feedback": {}}
        plan = assess(follow_up(DECIDED, **facts), on="2020-02-15")
        assert (plan.revisits, alerts(plan)) == ((), {})
        assert plan.headline.value == "full-re-inspection"


def test_a_judgement_or_a_waiver_opens_nothing() -> None:
    """Only a decision for a re-inspection, or a choice of the tier, is about another revisit."""
    waiver = {**DECIDED, "decision": "waiver", "of": "notice-given"}
    judged = {"judgement": "significant-concerns", "on": "2020-01-20"}
    plan = assess(follow_up(waiver, prospects=judged), on="2020-02-15")
    assert plan.revisits == ()


def test_each_decision_is_about_one_revisit() -> None:
    """A full re-inspection that has begun does not decide what a choice after it is about."""
    chosen = {**DECIDED, "decision": "tier-chosen", "value": "post-inspection-visit"}
    begun = {"fieldwork": {"begins": "2020-02-03", "ends": "2020-02-07"}}
    made = [DECIDED, {**chosen, "on": "2020-02-10"}]
    plan = assess(listed(REVIEW, begun, decisions=made), on="2020-02-15")
    assert tiers(plan) == ["post-inspection-review", "full-re-inspection", "post-inspection-visit"]
    assert plan.headline.value == "post-inspection-visit"
    assert [len(made.current.decisions) for made in (*plan.earlier, plan)] == [0, 1, 1]


def test_an_entry_that_no_decision_opens_follows_when_the_one_before_has_begun() -> None:
    """Until then the plan tells that it is recorded; a revisit before it has its own tier."""
    both = listed(REVIEW, {"fieldwork": {"begins": "2020-03-02"}})
    before, after = (assess(both, on=day) for day in ("2020-01-05", "2020-01-06"))
    assert before.revisits == ()
    assert set(alerts(before)) == {"revisit-to-come.2"}
    assert tiers(after) == ["post-inspection-review", "post-inspection-review"]
    assert alerts(after) == {}


def test_what_an_earlier_revisit_was_may_not_be_known() -> None:
    """A judgement that was made since does not say what an earlier one was, and that is told."""
    judged = {"judgement": "significant-concerns", "on": "2020-01-20"}
    begun = {"fieldwork": {"begins": "2020-02-03"}}
    plan = assess(listed(REVIEW, begun, prospects=judged), on="2020-02-15")
    assert tiers(plan) == [None, "full-re-inspection"]
    assert set(alerts(plan)) == {"revisit-not-known.1"}
    chosen = {**DECIDED, "decision": "tier-chosen", "value": "post-inspection-review"}
    chosen["on"] = "2019-11-01"
    plan = assess(listed(REVIEW, begun, prospects=judged, decisions=[chosen]), on="2020-02-15")
    assert tiers(plan) == ["post-inspection-review", "full-re-inspection"]


# --- what stays owed ------------------------------------------------------------------------------


def test_the_letters_of_a_review_stay_owed_when_a_re_inspection_is_decided() -> None:
    """They keep their ids and due dates; the ceiling was met; the re-inspection has its own."""
    before, after = (assess(follow_up(DECIDED), on=day) for day in ("2020-01-19", "2020-02-15"))
    due = PartialDate.read("2020-01-31")
    assert dues(before, 1)[LETTER] == dues(after, 1)[LETTER] == due
    (letter,) = (deadline for deadline in after.deadlines if deadline.id == LETTER)
    assert (letter.revisit, letter.status.value) == (1, "overdue")
    assert letter.late_by_days is not None
    assert letter.late_by_days.text == "15 days"
    (ceiling,) = (deadline for deadline in after.deadlines if deadline.event == "revisit-begins")
    assert (ceiling.status.value, ceiling.due) == ("met", PartialDate.read("2020-02-29"))
    (again,) = (action for action in after.required_actions if action.id == "action.revisit@2")
    assert (again.revisit, again.due, again.status.value) == (2, None, "cannot-tell")
    late = next(alert for alert in after.alerts if alert.id == f"alert.{LETTER}")
    assert (late.revisit, late.sentence.partition(" days")[0]) == (
        1,
        "First revisit: overdue by 15",
    )


def test_whether_the_ceiling_binds_a_later_revisit_is_an_open_question() -> None:
    """Under the other answer it is due by the same day, beside the first that met it."""
    plan = assess(
        follow_up(DECIDED), on="2020-02-15", interpretations={"R21": "binds-every-revisit"}
    )
    ceilings = [
        (deadline.id, deadline.status.value)
        for deadline in plan.deadlines
        if deadline.event == BEGINS
    ]
    assert ceilings == [("deadline.revisit", "met"), ("deadline.later-revisit@2", "due")]


def test_what_was_open_to_do_is_over_with_the_revisit() -> None:
    """Optional actions and documents are those of the current revisit alone."""
    plan = assess(follow_up(DECIDED), on="2020-02-15")
    for group in (plan.optional_actions, plan.documents):
        assert {item.revisit for item in group} <= {None, 2}
    assert {action.revisit for action in plan.required_actions} == {None, 1, 2}


def test_items_come_in_the_order_of_the_process() -> None:
    """What is once comes first, then each revisit after the other, in the order of its events."""
    plan = assess(follow_up(DECIDED), on="2020-02-15")
    numbers = [deadline.revisit or 0 for deadline in plan.deadlines]
    assert numbers == sorted(numbers)
    order = list(SHIPPED.events)
    for number in (1, 2):
        events = [
            order.index(deadline.event) for deadline in plan.deadlines if deadline.revisit == number
        ]
        assert events == sorted(events)


@pytest.mark.parametrize(
    ("more", "statuses", "expected"),
    [
        ({"on": "2020-01-12"}, ["waived", "cannot-tell"], 0),
        ({"on": "2020-01-25"}, ["overdue", "cannot-tell"], 1),
        ({"on": "unknown"}, ["overdue", "cannot-tell"], 1),
        ({"on": "2020-01-25", "revisit": "1"}, ["waived", "cannot-tell"], 0),
        ({"on": "2020-01-12", "revisit": "2"}, ["overdue", "waived"], 0),
    ],
)
def test_a_waiver_is_about_one_revisit(
    more: dict[str, str], statuses: list[str], expected: int
) -> None:
    """It says which, or was made while there was one only; otherwise it is about none, and told."""
    waiver = {**DECIDED, "decision": "waiver", "of": LETTER, **more}
    plan = assess(follow_up(DECIDED, waiver), on="2020-02-15", interpretations=TAKES_IN)
    letters = [deadline for deadline in plan.deadlines if deadline.rules == (LETTER,)]
    assert [letter.status.value for letter in letters] == statuses
    assert ("revisit-not-said.1" in alerts(plan)) == expected


def test_what_cannot_be_told_of_decisions_does_not_depend_on_their_order() -> None:
    """The alerts name what was decided, and stand in the same order however it is recorded."""
    made = {"by": "HMICFRS", "why": "x", "on": "unknown"}
    decisions = [
        {**made, "decision": "tier-chosen", "value": "post-inspection-visit"},
        {**made, "decision": "full-reinspection"},
        {**made, "decision": "waiver", "of": "deadline.publish", "on": "2020-01-25"},
        {**made, "decision": "waiver", "of": "revisit-begins", "on": "2020-01-25"},
    ]
    expected = [
        ("certain.1", "opens another revisit: a decision for full re-inspection, by HMICFRS"),
        ("certain.2", "revisit: a type of follow-up chosen by inspectors (visit), by HMICFRS"),
        (
            "said.1",
            "is taken to be about none: waiver, by HMICFRS, 25 January 2020, of deadline",
        ),
        ("said.2", "is taken to be about none: waiver, by HMICFRS, 25 January 2020, of revisit"),
    ]
    for recorded in permutations(decisions):
        plan = assess(follow_up(DECIDED, *recorded), on="2020-02-15")
        assert [id_ for id_ in alerts(plan) if id_.startswith("revisit-not-")] == [
            f"revisit-not-{id_}" for id_, _ in expected
        ]
        for id_, text in expected:
            assert text in alerts(plan)[f"revisit-not-{id_}"]


def test_a_waiver_of_what_is_once_stays() -> None:
    """An action plan that was waived is waived, however many revisits there are."""
    waiver = {**DECIDED, "decision": "waiver", "of": "action-plan-received", "on": "2019-09-10"}
    facts = {"action_plan": {"received": "not-yet"}}
    plan = assess(follow_up(DECIDED, waiver, **facts), on="2020-02-15")
    (item,) = (deadline for deadline in plan.deadlines if deadline.event == "action-plan-received")
    assert (item.revisit, item.status.value) == (None, "waived")


def test_what_is_owed_once_before_a_revisit_is_owed_before_the_first() -> None:
    """An update that must have come before HMICFRS goes back keeps its due date, and its alert."""
    answers = {"R19": "before-the-revisit"}
    facts = {"immediate_update": {"received": "2020-01-08"}}
    for on in ("2020-01-19", "2020-02-15"):
        plan = assess(follow_up(DECIDED, **facts), on=on, interpretations=answers)
        (item,) = (
            deadline for deadline in plan.deadlines if deadline.event == "immediate-update-received"
        )
        assert (item.due, item.status.value) == (PartialDate.read("2020-01-05"), "late")
        (action,) = (action for action in plan.required_actions if action.event == item.event)
        assert (action.due, action.status.value) == (item.due, "late")
        assert [alert.id for alert in plan.alerts].count(f"alert.{item.id}") == 1


# --- in every case --------------------------------------------------------------------------------


def in_a_list(facts: FollowUp) -> FollowUp:
    """Return a follow-up with its one revisit in a list."""
    parts = {name: getattr(facts, name) for name in PARTS}
    empty = {name: getattr(Revisit(), name) for name in PARTS}
    return facts.evolve(revisits=(Revisit(**parts),), **empty)


@given(follow_ups(), REPORT_DAYS)
def test_one_revisit_reads_the_same_in_both_forms(facts: FollowUp, on: datetime.date) -> None:
    """Blocks, and a list with one entry, give the same plan, whatever is decided later."""
    assert assess(in_a_list(facts), on=on) == assess(facts, on=on)
    assert FollowUp.from_yaml(in_a_list(facts).to_yaml()) == in_a_list(facts)


@given(follow_ups(), st.integers(1, 200), st.integers(0, 200))
def test_a_later_decision_never_changes_what_was_due(
    facts: FollowUp, after: int, days: int
) -> None:
    """Each deadline of the day before stands on each day after, with its id and its due date."""
    begins = facts.fieldwork.begins
    assume(isinstance(begins, PartialDate))
    assert isinstance(begins, PartialDate)
    suspensions = tuple(
        decision for decision in facts.decisions if isinstance(decision, Suspension)
    )
    facts = facts.evolve(decisions=suspensions)
    day = datetime.date.fromordinal(begins.end + after)
    decision = NamedDecision(decision="full-reinspection", by="HMICFRS", on=day, why="unknown")
    decided = facts.evolve(decisions=(*suspensions, decision))
    before = assess(decided, on=day - datetime.timedelta(days=1))
    plan = assess(decided, on=day + datetime.timedelta(days=days))
    assert before == assess(facts, on=before.on)
    assert len(plan.revisits) == len(("the first", "the re-inspection"))
    assert plan.revisits[0].value == before.headline.value
    known = {deadline.id: deadline for deadline in plan.deadlines}
    for deadline in before.deadlines:
        if deadline.event in EVENTS:
            assert known[deadline.id].due == deadline.due
            assert known[deadline.id].actual == deadline.actual
            assert known[deadline.id].revisit == 1
    owed = {action.id for action in plan.required_actions}
    assert {action.id for action in before.required_actions if action.event in EVENTS} <= owed


@given(follow_ups(), REPORT_DAYS)
def test_there_is_one_revisit_more_than_decisions_that_opened_one(
    facts: FollowUp, on: datetime.date
) -> None:
    """Of one block there is a second revisit where some decision so far came after it had begun."""
    events = name_facts(facts, SHIPPED.contract).dates.events
    later = [late for first, late in SHIPPED.contract.order if first == BEGINS]
    ends = [date.end for name in (BEGINS, *later) if isinstance(date := events[name], PartialDate)]
    opened = any(
        isinstance(decision.on, PartialDate)
        and ends != []
        and min(ends) < decision.on.start <= on.toordinal()
        for decision in facts.decisions
        if isinstance(decision, NamedDecision)
    )
    assert len(assess(facts, on=on).revisits) == (2 if opened else 0)


@given(follow_ups(), REPORT_DAYS)
def test_the_same_is_said_everywhere(facts: FollowUp, on: datetime.date) -> None:
    """Ids are not said twice; JSON reads back; each item says why; records follow again."""
    report = facts.inspection_report.published
    if report is not UNKNOWN:
        assume(isinstance(report, PartialDate) and report.end <= on.toordinal())
    decision = NamedDecision(decision="full-reinspection", by="HMICFRS", on=on, why="unknown")
    plan = assess(facts.evolve(decisions=(*facts.decisions, decision)), on=on)
    for group in (plan.required_actions, plan.deadlines, plan.alerts, plan.documents):
        ids = [item.id for item in group]
        assert len(ids) == len(set(ids))
    assert PlanDocument.from_json(plan.to_json()) == plan.document
    assert [deadline.figures.due for deadline in plan.schedule] == [
        deadline.due and (deadline.due.start, deadline.due.end) for deadline in plan.deadlines
    ]
    for item in plan.items:
        assert why(plan, item)
    assert replay(record(plan)).same
    assert {deadline.revisit for deadline in plan.deadlines} <= {
        None,
        *range(1, len(plan.revisits) + 1),
    }
    last = plan.document.headline
    assert not plan.revisits or last is None or plan.revisits[-1].value == last.value


def test_an_earlier_plan_of_a_list_is_that_of_its_blocks() -> None:
    """The first revisit of a list is assessed as if nobody had gone back after it."""
    plan = assess(listed(REVIEW, {}, decisions=[DECIDED]), on="2020-02-15")
    alone = assess(follow_up(), on="2020-02-15")
    assert plan.revisits == assess(follow_up(DECIDED), on="2020-02-15").revisits
    first = {
        deadline.id: attrs.evolve(deadline, revisit=None)
        for deadline in plan.deadlines
        if deadline.revisit != 2
    }
    assert first == {deadline.id: deadline for deadline in alone.deadlines}


# --- what the other rooms make of it --------------------------------------------------------------


def test_a_difference_tells_what_is_new_and_nothing_that_is_gone() -> None:
    """Between the days before and after the decision, no deadline of the review is lost."""
    before, after = (assess(follow_up(DECIDED), on=day) for day in ("2020-01-19", "2020-01-20"))
    messages = [difference.message for difference in differences(before.document, after.document)]
    assert any("Second revisit: a full re-inspection" in message for message in messages)
    gone = [
        message
        for message in messages
        if message.startswith("Only in the first") and "deadline" in message
    ]
    assert gone == []
    assert not any("revisit is now" in message for message in messages)


def test_pages_say_which_revisit_an_item_belongs_to() -> None:
    """Text, Markdown and HTML name both, and each item its own; a single one is not named."""
    plan = assess(follow_up(DECIDED), on="2020-02-15")
    assert "Before this, the first revisit: a post-inspection review." in plan.to_text()
    for page in (plan.to_text(full=True), plan.to_markdown(), plan.to_html()):
        plain = " ".join(page.split())
        assert "First revisit: a post-inspection review" in plain
        assert "Second revisit: a full re-inspection" in plain
    assert "First revisit" not in assess(follow_up(), on="2020-02-15").to_text(full=True)
    assert "First revisit: The force is revisited" in timeline(plan).description


def test_explanations_are_about_the_revisit_that_is_asked_for() -> None:
    """An id, with its number or without, says why it is there by what stood then."""
    plan = assess(follow_up(DECIDED), on="2020-02-15", interpretations=TAKES_IN)
    assert any("post-inspection review" in line for line in why(plan, LETTER))
    assert any("full re-inspection" in line for line in why(plan, f"{LETTER}@2"))
    assert why(plan, "revisit.1")[0].startswith("The type of follow-up: a post-inspection review")
    assert why(plan, "tier") == why(plan, "revisit.2")
    with pytest.raises(UnknownItemError):
        why(plan, f"{LETTER}@3")
    assert {margin.deadline.actual for margin in margins(plan)} >= {PartialDate.read("2020-01-06")}


def test_a_caseload_looks_at_every_revisit() -> None:
    """The overdue letter of the review is the most urgent, and the next duty."""
    row = caseload([follow_up(DECIDED)], on="2020-02-15").rows[0]
    assert (row.status.value, row.next_duty_id) == ("overdue", LETTER)
    assert row.next_duty is not None
    assert row.next_duty.startswith("First revisit: ")
    assert row.headline == "full-re-inspection"


def test_a_team_is_needed_for_each_revisit() -> None:
    """A revisit that goes on and one that is arranged each take a team."""
    plan = assess(
        listed(
            {"fieldwork": {"begins": "2020-01-06", "ends": "2020-01-17"}},
            {"fieldwork": {"begins": "2020-03-02", "ends": "2020-03-06"}},
            decisions=[{**DECIDED, "on": "2020-01-08"}],
        ),
        on="2020-01-14",
    )
    assert len(list(team_weeks_of(plan, 0))) == len(("this week", "the week in March"))


def test_what_if_changes_the_last_revisit_of_a_list() -> None:
    """A date by its name is that of the current revisit; a path reaches every other."""
    both = listed(REVIEW, {"fieldwork": {"begins": "not-yet"}}, decisions=[DECIDED])
    result = what_if(both, revisit_begins="2020-03-02", on="2020-02-15")
    assert [change.place for change in result.changes] == ["revisits[1].fieldwork.begins"]
    changes = {"revisits[0].feedback.to_chief_officer": "2020-01-30"}
    result = what_if(both, changes, on="2020-02-15")
    assert [change.place for change in result.changes] == list(changes)
    (letter,) = (deadline for deadline in result.after.deadlines if deadline.id == LETTER)
    assert letter.status.value == "met"


def test_what_is_not_known_is_asked_of_each_revisit() -> None:
    """A date that is not recorded has its place in the list, and says which revisit it is of."""
    plan = assess(follow_up(DECIDED), on="2020-02-15", interpretations=TAKES_IN)
    places = {unknown.place: unknown.sentence for unknown in plan.unknown}
    assert places["revisits[1].fieldwork.begins"].endswith("(second revisit)")
    assert places["revisits[0].notice.activity_described"].endswith("(first revisit)")


def test_a_scenario_fails_where_an_earlier_revisit_is_not_as_expected() -> None:
    """It fails where there is none, and where it had another tier."""
    for on, section in (("2020-02-15", "outcomes of revisit 1"), ("2020-01-19", "earlier")):
        expected = Expected(earlier=(ExpectedEarlier(outcomes={"tier": "post-inspection-visit"}),))
        scenario = Scenario(
            says="It was a visit.",
            follow_up=follow_up(DECIDED),
            on=PartialDate.read(on),
            expect=expected,
        )
        assert [mismatch.section for mismatch in run(scenario, SHIPPED).mismatches] == [section]


# --- another ruleset ------------------------------------------------------------------------------


def without_repeats() -> Ruleset:
    """Return the shipped ruleset as if it knew of one revisit only."""
    return SHIPPED.evolve(repeats=None)


def test_a_ruleset_may_know_of_one_revisit_only() -> None:
    """Then a later decision is read as before, and a list of several is refused."""
    plan = assess(follow_up(DECIDED), on="2020-02-15", ruleset=without_repeats())
    assert (plan.revisits, plan.headline.value) == ((), "full-re-inspection")
    with pytest.raises(FactsError, match="knows of one revisit only"):
        assess(listed(REVIEW, {}), on="2020-02-15", ruleset=without_repeats())


def test_events_of_the_rulesets_own_repeat_as_well() -> None:
    """What stands under 'further' belongs to the entry in which it stands, or to the one block."""
    own = {"further": {"events": {"activity-described": "2019-12-20"}}}
    single = follow_up(DECIDED, **own)
    both = listed({**REVIEW, **own}, {}, decisions=[DECIDED])
    for facts in (single, both, in_a_list(single)):
        plan = assess(facts, on="2020-02-15", interpretations=TAKES_IN)
        notices = [item.actual for item in plan.deadlines if item.event == "activity-described"]
        assert notices == [PartialDate.read("2019-12-20"), None]


def test_a_waiver_of_a_revisit_that_there_is_not_is_about_none() -> None:
    """A waiver that names the second revisit leaves the first overdue, and the plan tells it."""
    waiver = {**DECIDED, "decision": "waiver", "of": "deadline.revisit", "on": "2020-01-12"}
    facts = {"force": "kent", "inspection_report": {"published": "2019-05-07"}}
    facts |= {"fieldwork": {"begins": "not-yet"}}
    late = {}
    for revisit in ("1", "2"):
        decisions = [{**waiver, "revisit": revisit}]
        plan = assess({**facts, "decisions": decisions}, on="2020-02-15")
        (item,) = (deadline for deadline in plan.deadlines if deadline.id == "deadline.revisit")
        assert item.late_by_days is not None
        late[revisit] = item.status.value, item.late_by_days.least
        assert ("revisit-not-said.1" in alerts(plan)) is (revisit == "2")
    assert late == {"1": ("waived", 100), "2": ("overdue", 100)}
