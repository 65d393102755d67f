"""The facts of a follow-up: what they refuse, the values they have, how they are written."""

from __future__ import annotations

import copy
import datetime
import inspect
import pickle
from itertools import product
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from ncpi_rules import facts as facts_package
from ncpi_rules.core import (
    DATE_FIELDS,
    FIELDS,
    SOURCES,
    UNKNOWN,
    Contract,
    FactsError,
    PartialDate,
    given_by,
    read_when,
)
from ncpi_rules.explore import caseload, grid, what_if
from ncpi_rules.facts import (
    ActionPlan,
    Dates,
    FollowUp,
    Further,
    InspectionReport,
    Judgement,
    NamedDecision,
    NamedFacts,
    Recommendation,
    RecordedDecision,
    Suspension,
    Waiver,
    name_facts,
    values,  # pinned: how often decisions are compared
)
from ncpi_rules.facts.events import is_later  # pinned: as above
from ncpi_rules.plan import assess, plan_of, values_of
from ncpi_rules.ruleset import decide, shipped_ruleset
from tests.strategies import CONTRACT, REPORT_DAYS, WILD_TEXTS, follow_ups

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DECIDED = {"by": "HMICFRS", "on": "2018-10-01", "why": "A serious case"}


def ordinal(day: str) -> int:
    """Return the ordinal of a day."""
    return datetime.date.fromisoformat(day).toordinal()


def follow_up(**facts: Any) -> FollowUp:
    """Return the follow-up that plain facts describe."""
    return FollowUp.from_dict({"force": "kent", **facts})


# The names of the edition, and a name for each field from which nothing comes there.
NAMES = Contract(
    facts={
        **CONTRACT.facts,
        "areas-of-concern": "action_plan.areas_of_concern",
        "country": "force",
        "notice-given": "notice.given",
    },
    events={**CONTRACT.events, "prospects-judged": "prospects.on"},
    order=CONTRACT.order,
)


def value_of(follow_up: FollowUp, fact: str, day: str) -> object:
    """Return the value of a fact on a day."""
    values = name_facts(follow_up, NAMES).on(ordinal(day))
    return dict(zip(NAMES.facts, values, strict=True))[fact]


def at(path: str, value: object) -> dict[str, Any]:
    """Return a plain mapping with one value at a path of two names."""
    block, name = path.split(".")
    return {block: {name: value}}


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the blocks of several mappings in one."""
    whole: dict[str, Any] = {}
    for part in parts:
        for block, names in part.items():
            whole[block] = {**whole.get(block, {}), **names}
    return whole


def refused(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the sentence of each problem by its place; the facts must be refused."""
    with pytest.raises(FactsError) as caught:
        name_facts(follow_up(**facts), NAMES)
    assert all(problem.help for problem in caught.value.problems)
    return {problem.place: problem.message for problem in caught.value.problems}


# --- contradictions -------------------------------------------------------------------------------

# What happens first, and what can only happen on that day or later.
ORDER = [
    ("inspection_report.published", "action_plan.received"),
    ("inspection_report.published", "action_plan.reviewed"),
    ("inspection_report.published", "fieldwork.begins"),
    ("inspection_report.published", "fieldwork.ends"),
    ("inspection_report.published", "feedback.given"),
    ("inspection_report.published", "feedback.to_chief_officer"),
    ("inspection_report.published", "feedback.to_local_policing_body"),
    ("inspection_report.published", "publication.published"),
    ("action_plan.received", "action_plan.reviewed"),
    ("fieldwork.begins", "fieldwork.ends"),
    ("fieldwork.begins", "feedback.given"),
    ("fieldwork.begins", "feedback.to_chief_officer"),
    ("fieldwork.begins", "feedback.to_local_policing_body"),
    ("fieldwork.begins", "publication.published"),
    ("documents.requested", "documents.reviewed"),
]


@pytest.mark.parametrize(("earlier", "later"), ORDER)
def test_an_order_that_cannot_be_is_refused(earlier: str, later: str) -> None:
    """A date before the one that must come first is refused at its place, naming the other."""
    for first, second in (
        ("2018-06-28", "2018-06-27"),
        ("2018-06", "2018-05-31"),
        ("2018-06-28", "2018-05"),
        ("2018", "2017"),
    ):
        problems = refused(merged(at(earlier, first), at(later, second)))
        assert list(problems) == [later]
        assert earlier in problems[later]


@pytest.mark.parametrize(("earlier", "later"), ORDER)
def test_an_order_that_may_be_is_accepted(earlier: str, later: str) -> None:
    """The same day is no contradiction, nor are two dates that overlap, nor one that is unknown."""
    for first, second in (
        ("2018-06-28", "2018-06-28"),
        ("2018-06-28", "2018-06"),
        ("2018-06", "2018-06-01"),
        ("2018", "2018"),
        ("unknown", "2018"),
        ("2018", "unknown"),
        ("2018", "not-yet"),
        ("not-yet", "not-yet"),
        ("unknown", "not-yet"),
    ):
        facts = merged(at(earlier, first), at(later, second))
        assert name_facts(follow_up(**facts), NAMES).follow_up.about.id == "kent"


@pytest.mark.parametrize(("earlier", "later"), ORDER)
def test_a_date_after_what_is_not_yet_is_refused(earlier: str, later: str) -> None:
    """What follows has no date while what must come first is known not to have happened."""
    problems = refused(merged(at(earlier, "not-yet"), at(later, "2018-06-28")))
    assert list(problems) == [later]
    assert earlier in problems[later]


def test_lateness_is_no_contradiction() -> None:
    """What should come earlier and did not is a fact to report, not one to refuse."""
    facts = follow_up(
        inspection_report={"published": "2018-06-28"},
        immediate_update={"received": "2018-06-20"},
        action_plan={"received": "2020-01-01"},
        prospects={"judgement": "some-concerns", "on": "2018-06-01"},
        notice={"given": "2019-12-01", "activity_described": "2019-12-01"},
        arrangements={"made": "2019-12-01"},
        documents={"requested": "2019-12-01", "reviewed": "2019-12-02"},
        fieldwork={"begins": "2019-11-01", "ends": "2019-11-05"},
    )
    assert value_of(facts, "notice-given", "2020-06-30") == "happened"


def test_all_contradictions_are_told_at_once() -> None:
    """Each kind of contradiction is listed, each at its own place, in one error."""
    facts = {
        "inspection_report": {"recommendations": [{"id": "1a"}, {"id": "2"}]},
        "action_plan": {"covers": ["2", "1b", "17"]},
        "decisions": [
            {"decision": "full-reinspection", **DECIDED},
            {"decision": "suspension", "begins": "2020-06", "ends": "2020-05-31", **DECIDED},
        ],
    }
    assert set(refused(facts)) == {
        "action_plan.covers[1]",
        "action_plan.covers[2]",
        "decisions[1].ends",
    }


def test_all_dates_in_an_order_that_cannot_be_are_told_at_once() -> None:
    """Each is told at its own place, by whatever asks for the facts by the names of a ruleset."""
    facts = follow_up(
        inspection_report={"published": "2018-06-28"},
        action_plan={"received": "2018-06-01"},
        fieldwork={"begins": "not-yet", "ends": "2018-12-01"},
        documents={"requested": "2018-12", "reviewed": "2018-11"},
    )
    ruleset, on = shipped_ruleset(), "2019-01-01"
    asked: list[Callable[[], object]] = [
        lambda: name_facts(facts, CONTRACT),
        lambda: assess(facts, on=on),
        lambda: assess(facts, on=on, engine="reference"),
        lambda: values_of(facts, ruleset, ordinal(on)),
        lambda: plan_of(facts, decide(ruleset, {}), ordinal(on)),
        lambda: grid(facts, on=on),
        lambda: what_if(facts, on=on),
        lambda: caseload([facts], on=on),
    ]
    for ask in asked * 2:
        with pytest.raises(FactsError) as caught:
            ask()
        assert {problem.place.rpartition(" ")[2] for problem in caught.value.problems} == {
            "action_plan.received",
            "fieldwork.ends",
            "documents.reviewed",
        }


def test_a_recommendation_that_is_not_made_has_a_suggestion() -> None:
    """A plan that covers what the report does not recommend is told the nearest id, if any is."""
    with pytest.raises(FactsError) as caught:
        follow_up(
            inspection_report={"recommendations": [{"id": "rec-10"}, {"id": "rec-20"}]},
            action_plan={"covers": ["rec-1O", "zebra"]},
        )
    near, far = caught.value.problems
    assert "rec-10" in near.help
    assert "rec-" not in far.help


def test_what_is_named_twice_is_refused() -> None:
    """A recommendation, an area or a covered id named twice is refused, however it is spelt."""
    facts = {
        "force": "northumbia",
        "inspection_report": {"recommendations": [{"id": "1a"}, {"id": "2"}, {"id": "1A"}]},
        "action_plan": {
            "areas_of_concern": ["Missing from home", "CSE", "missing-from home"],
            "covers": ["2", "3", "2"],
        },
        "fieldwork": {"begins": "2018-02-30"},
    }
    assert set(refused(facts)) == {
        "force",
        "inspection_report.recommendations[2]",
        "action_plan.areas_of_concern[2]",
        "action_plan.covers[2]",
        "fieldwork.begins",
    }
    with pytest.raises(FactsError, match="stands as number 2 of the list"):
        follow_up(action_plan={"areas_of_concern": ["Training", "CSE", "cse"]})


def test_problems_in_a_file_have_line_and_column() -> None:
    """A contradiction in a file is told at the line and column of the entry that is wrong."""
    report = "inspection_report: {recommendations: [{id: 1}]}"
    text = f"force: kent\n{report}\naction_plan:\n  covers: [1, 2]\n"
    with pytest.raises(FactsError) as caught:
        FollowUp.from_yaml(text, name="kent.yaml")
    assert [problem.place for problem in caught.value.problems] == ["kent.yaml:4:15"]


def test_facts_made_in_python_are_checked_too() -> None:
    """The objects themselves refuse contradictions, and are checked again when they are changed."""
    report = InspectionReport(recommendations=(Recommendation(id="1"),))
    known = FollowUp(force="kent", inspection_report=report)
    more = ActionPlan(covers=("1", "2"))
    with pytest.raises(FactsError) as made:
        FollowUp(force="kent", inspection_report=report, action_plan=more)
    with pytest.raises(FactsError) as changed:
        known.evolve(action_plan=more)
    for caught in (made, changed):
        assert [problem.place for problem in caught.value.problems] == ["action_plan.covers[1]"]
    assert known.evolve(note="seen").evolve(note="") == known


# --- decisions and judgements ---------------------------------------------------------------------

KINDS = {
    "full-reinspection": {},
    "tier-chosen": {"value": "post-inspection-review"},
    "variation": {"of": "action-plan-received"},
    "waiver": {"of": "action-plan-received"},
    "suspension": {"begins": "2020-03"},
}


@pytest.mark.parametrize(("kind", "missing"), [*product(KINDS, ("by", "on", "why"))])
def test_who_when_and_why_must_be_said(kind: str, missing: str) -> None:
    """A decision without one of the three is refused; 'unknown' may stand for each of them."""
    said = {"decision": kind, **KINDS[kind], **DECIDED}
    silent = {name: value for name, value in said.items() if name != missing}
    assert missing in refused({"decisions": [silent]})[f"decisions[0].{missing}"]

    unknown = follow_up(decisions=[{**said, missing: "unknown"}])
    assert getattr(unknown.decisions[0], missing) is UNKNOWN
    assert unknown.to_dict()["decisions"][0][missing] == "unknown"


@pytest.mark.parametrize("name", ["by", "why"])
def test_a_blank_is_not_a_reason(name: str) -> None:
    """Spaces are neither somebody nor a reason: not of a decision, not of a judgement."""
    blank = {"decision": "full-reinspection", **DECIDED, name: "  "}
    assert list(refused({"decisions": [blank]})) == [f"decisions[0].{name}"]
    assert list(refused({"prospects": {"judgement": "no-concerns", name: "  "}})) == [
        f"prospects.{name}"
    ]


def test_python_asks_for_who_when_and_why_too() -> None:
    """The classes of decisions take no decision without them."""
    with pytest.raises(TypeError, match="'by', 'on', and 'why'"):
        NamedDecision(decision="full-reinspection")  # type: ignore[call-arg]
    made = NamedDecision(decision="full-reinspection", by="unknown", on="unknown", why="unknown")
    assert (made.by, made.on, made.why) == (UNKNOWN, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize("kind", ["full-re-inspection", "tier_chosen", "", "no"])
def test_a_kind_of_decision_that_does_not_exist_is_refused(kind: str) -> None:
    """Only kinds of the library and of the vocabulary are read, and the problem lists them."""
    with pytest.raises(FactsError) as caught:
        assess(follow_up(decisions=[{"decision": kind or "?", **DECIDED}]), on="2019-01-01")
    assert [problem.place for problem in caught.value.problems] == ["decisions[0].decision"]
    assert all(known in caught.value.problems[0].help for known in KINDS)


# When it was decided, the day of the question, and whether it then stands.
DATED = [
    ("2018-10-01", "2018-09-30", False),
    ("2018-10-01", "2018-10-01", True),
    ("2018-10", "2018-09-30", False),
    ("2018-10", "2018-10-01", None),
    ("2018-10", "2018-10-30", None),
    ("2018-10", "2018-10-31", True),
    ("2018-09-30/2018-10-02", "2018-10-01", None),
    ("2018", "2018-06-28", None),
    ("unknown", "2014-04-01", True),
    ("not-yet", "2024-02-01", False),
]


@pytest.mark.parametrize(("decided", "day", "stands"), DATED)
def test_a_decision_stands_from_its_day(decided: str, day: str, stands: bool | None) -> None:  # noqa: FBT001  a column of the table
    """One dated later does not count yet; one whose date straddles the day gives unknown."""
    dated = {**DECIDED, "on": decided}
    full = follow_up(decisions=[{"decision": "full-reinspection", **dated}])
    chosen = follow_up(
        decisions=[{"decision": "tier-chosen", "value": "post-inspection-review", **dated}]
    )
    waived = follow_up(
        action_plan={"received": "not-yet"},
        decisions=[{"decision": "waiver", "of": "action-plan-received", **dated}],
    )
    judged = follow_up(prospects={"judgement": "some-concerns", "on": decided})

    def by_day(yes: str, no: object) -> object:
        return {True: yes, False: no, None: UNKNOWN}[stands]

    assert value_of(full, "reinspection", day) == by_day("decided", "none-recorded")
    assert value_of(chosen, "tier-chosen", day) == by_day("post-inspection-review", "none-recorded")
    assert value_of(waived, "action-plan-waiver", day) == by_day("waived", "none-recorded")
    assert value_of(judged, "prospects", day) == by_day("some-concerns", UNKNOWN)


@pytest.mark.parametrize(
    ("received", "expected"),
    [("not-yet", "waived"), ("2018-10-05", "none-recorded"), ("unknown", UNKNOWN)],
)
def test_a_waiver_takes_the_place_of_a_plan_that_has_not_come(
    received: str, expected: object
) -> None:
    """A plan that has come, or is planned, is a plan; without a record of it, both may be so.

    What is not known is then written in either of two places.
    """
    case = follow_up(
        action_plan={"received": received},
        decisions=[{"decision": "waiver", "of": "action-plan-received", **DECIDED}],
    )
    assert value_of(case, "action-plan-waiver", "2018-12-01") == expected
    unknown = {item.fact: item.place for item in assess(case, on="2018-12-01").unknown}
    place = "decisions, action_plan.received" if expected is UNKNOWN else None
    assert unknown.get("action-plan-waiver") == place


def test_a_decision_that_may_stand_settles_nothing() -> None:
    """While it is not certain whether a decision had been made by the day, the plan waits."""
    full = follow_up(
        inspection_report={"published": "2018-06-28", "findings": "broadly-positive"},
        prospects="no-concerns",
        decisions=[{"decision": "full-reinspection", **DECIDED, "on": "2018-10"}],
    )
    tiers = {
        on: assess(full, on=on).headline.value for on in ("2018-09-30", "2018-10-15", "2018-10-31")
    }
    assert tiers == {
        "2018-09-30": "post-inspection-visit",
        "2018-10-15": None,
        "2018-10-31": "full-re-inspection",
    }


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ("2018-09-01", "2018-10-01", "full-re-inspection"),
        ("2018-10-01", "2018-09-01", "post-inspection-visit"),
        ("2018-10-01", "2018-12-01", "post-inspection-visit"),
        ("2018-12-01", "2018-12-02", "none-recorded"),
        ("2018-10-01", "2018-10-01", UNKNOWN),
        ("2018-10", "2018-10-15", UNKNOWN),
        ("2018-09-01", "2018-11", UNKNOWN),
        ("unknown", "2018-10-01", UNKNOWN),
    ],
)
def test_the_last_choice_of_inspectors_stands(first: str, second: str, value: object) -> None:
    """Of two choices the later one counts; where it is not certain which that is, neither does."""
    facts = follow_up(
        decisions=[
            {"decision": "tier-chosen", **DECIDED, "value": "post-inspection-visit", "on": first},
            {"decision": "tier-chosen", **DECIDED, "value": "full-re-inspection", "on": second},
        ]
    )
    assert value_of(facts, "tier-chosen", "2018-11-05") == value


@pytest.mark.parametrize(
    ("suspension", "day", "value"),
    [
        ({"begins": "2020-03", "ends": "2020-09"}, "2020-02-29", "none-recorded"),
        ({"begins": "2020-03", "ends": "2020-09"}, "2020-03-15", UNKNOWN),
        ({"begins": "2020-03", "ends": "2020-09"}, "2020-05-01", "in-force"),
        ({"begins": "2020-03", "ends": "2020-09"}, "2020-09-15", UNKNOWN),
        ({"begins": "2020-03", "ends": "2020-09-30"}, "2020-09-30", "in-force"),
        ({"begins": "2020-03-16", "ends": "2020-03-16"}, "2020-03-16", "in-force"),
        ({"begins": "2020-03", "ends": "2020-09"}, "2020-10-01", "over"),
        ({"begins": "2020-03", "ends": "not-yet"}, "2020-05-01", "in-force"),
        ({"begins": "2020-03", "ends": "unknown"}, "2020-05-01", UNKNOWN),
        ({"begins": "2020-03"}, "2021-05-01", UNKNOWN),
        ({"begins": "unknown", "ends": "2020-09"}, "2020-05-01", UNKNOWN),
        ({"begins": "unknown", "ends": "2020-09"}, "2020-10-01", "over"),
        (
            {"begins": "2020-03", "ends": "2020-09", "on": "2020-06-01"},
            "2020-05-01",
            "none-recorded",
        ),
    ],
)
def test_a_suspension_is_in_force_only_where_that_is_certain(
    suspension: dict[str, str], day: str, value: object
) -> None:
    """An end that nobody has recorded is neither an end nor the lack of one."""
    decided = {"decision": "suspension", "by": "unknown", "on": "unknown", "why": "the pandemic"}
    facts = follow_up(decisions=[{**decided, **suspension}])
    assert value_of(facts, "suspension", day) == value
    assert value_of(follow_up(), "suspension", day) == "none-recorded"


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "wrong", "right"),
    [
        ("inspection_report.findings", "Broadly positive", "broadly-positive"),
        ("prospects.judgement", "no concerns", "no-concerns"),
        ("prospects.judgement", "no_concerns", "no-concerns"),
    ],
)
def test_a_value_is_written_as_the_vocabulary_has_it(path: str, wrong: str, right: str) -> None:
    """Capitals, spaces and other marks are refused; the help line has the value without them."""
    with pytest.raises(FactsError) as caught:
        follow_up(**at(path, wrong))
    (problem,) = caught.value.problems
    assert (problem.place, f"'{right}'" in problem.help) == (path, True)


def test_a_value_that_the_ruleset_does_not_have_is_refused() -> None:
    """Whether a value is known is for the ruleset to say: its assessment names the allowed ones."""
    facts = follow_up(prospects="some-concern", inspection_report={"findings": "fine"})
    with pytest.raises(FactsError) as caught:
        assess(facts, on="2020-06-30")
    problems = {problem.place: problem.help for problem in caught.value.problems}
    assert set(problems) == {"prospects.judgement", "inspection_report.findings"}
    assert "'some-concerns'" in problems["prospects.judgement"]


IMMEDIATE = {"id": "1", "time_limit": "immediate"}
LATER = {"id": "2", "time_limit": "within 3 months"}
NO_LIMIT_KNOWN = {"id": "3"}


@pytest.mark.parametrize(
    ("fact", "value", "facts"),
    [
        ("findings", UNKNOWN, {}),
        ("findings", "broadly-positive", {"inspection_report": {"findings": "broadly-positive"}}),
        ("prospects", UNKNOWN, {}),
        ("prospects", "no-concerns", {"prospects": "no-concerns"}),
        ("country", "england", {}),
        ("country", "wales", {"force": "gwent"}),
        ("immediate-recommendations", UNKNOWN, {}),
        ("immediate-recommendations", "none", {"inspection_report": {"recommendations": []}}),
        ("immediate-recommendations", "none", {"inspection_report": {"recommendations": [LATER]}}),
        (
            "immediate-recommendations",
            "some",
            {"inspection_report": {"recommendations": [NO_LIMIT_KNOWN, IMMEDIATE]}},
        ),
        (
            "immediate-recommendations",
            UNKNOWN,
            {"inspection_report": {"recommendations": [NO_LIMIT_KNOWN, LATER]}},
        ),
        ("areas-of-concern", UNKNOWN, {}),
        ("areas-of-concern", "none", {"action_plan": {"areas_of_concern": []}}),
        ("areas-of-concern", "some", {"action_plan": {"areas_of_concern": ["Training"]}}),
        ("action-plan-review", UNKNOWN, {}),
        ("action-plan-review", UNKNOWN, {"action_plan": {"received": "2018-08-09"}}),
        ("action-plan-review", "not-yet", {"action_plan": {"received": "not-yet"}}),
        ("action-plan-review", "not-yet", {"action_plan": {"reviewed": "not-yet"}}),
        ("action-plan-review", "not-yet", {"action_plan": {"reviewed": "2021-01-01"}}),
        ("action-plan-review", UNKNOWN, {"action_plan": {"reviewed": "2020"}}),
        ("action-plan-review", "done", {"action_plan": {"reviewed": "2020-06-30"}}),
        ("reinspection", "none-recorded", {}),
        ("tier-chosen", "none-recorded", {}),
    ],
)
def test_the_value_of_each_fact(fact: str, value: object, facts: dict[str, Any]) -> None:
    """What nobody has told us gives UNKNOWN; an empty list says that there is none."""
    assert value_of(follow_up(**facts), fact, "2020-06-30") == value


@pytest.mark.parametrize(
    ("made", "covers", "value"),
    [
        ("unknown", ["1"], UNKNOWN),
        ([IMMEDIATE, LATER], "unknown", UNKNOWN),
        ([IMMEDIATE, LATER], ["1", "2"], "complete"),
        ([IMMEDIATE, LATER], ["2"], "without-immediate"),
        ([IMMEDIATE, LATER], ["1"], "incomplete"),
        ([IMMEDIATE, LATER], [], "incomplete"),
        ([NO_LIMIT_KNOWN, LATER], ["2"], UNKNOWN),
        ([NO_LIMIT_KNOWN, LATER], [], "incomplete"),
        ([], [], "complete"),
    ],
)
def test_what_the_action_plan_covers(made: object, covers: object, value: object) -> None:
    """It is incomplete where it certainly leaves out what is not for immediate action."""
    facts = follow_up(inspection_report={"recommendations": made}, action_plan={"covers": covers})
    assert value_of(facts, "action-plan-coverage", "2020-06-30") == value


OWN = ("decisions.full-reinspection", "decisions.tier-chosen")
"""The decisions that the shipped vocabulary names, as they stand after ``from``."""


@given(follow_ups(), REPORT_DAYS)
def test_a_field_gives_the_values_that_a_vocabulary_must_have(
    facts: FollowUp, day: datetime.date
) -> None:
    """Each value is one that its field is said to give, one that the file holds, or unknown."""
    names = Contract(
        facts={source: source for source in (*SOURCES, *OWN)},
        events={source: source for source in DATE_FIELDS},
        order=(),
    )
    named = name_facts(facts, names)
    written: dict[str, set[Any]] = {
        "inspection_report.findings": {facts.inspection_report.findings},
        "prospects.judgement": {facts.prospects.judgement},
        **{
            source: {
                decision.value
                for decision in facts.decisions
                if isinstance(decision, NamedDecision) and source.endswith(f".{decision.kind}")
            }
            for source in OWN
        },
    }
    for source, value in zip(names.facts, named.on(day.toordinal()), strict=True):
        assert value in {UNKNOWN, *given_by(source), *written.get(source, ())}
    assert set(named.dates.events) == set(DATE_FIELDS)


def test_every_field_of_a_follow_up_is_in_the_contract() -> None:
    """The fields are those of the classes; each kind of an entry is one, and 'further' is none."""
    fields, dates = [], []
    for part in attrs.fields(FollowUp):
        kind: Any = type(part.default)
        if part.name == "decisions":
            fields += [f"decisions.{name}" for name in RecordedDecision.alternatives[1] if name]
        elif part.name == "inspection_report":
            fields += ["inspection_report.published", "inspection_report.findings"]
            fields += [
                f"inspection_report.recommendations.{kind}" for kind in ("immediate", "other")
            ]
            dates.append("inspection_report.published")
        elif not attrs.has(kind):
            fields += [part.name] * (part.name != "subject")  # no value and no date comes from it
        elif part.name != "further":
            fields += [f"{part.name}.{inner.name}" for inner in attrs.fields(kind)]
            dates += [
                f"{part.name}.{inner.name}"
                for inner in attrs.fields(kind)
                if inner.converter is read_when
            ]
    assert sorted(FIELDS) == sorted(fields)
    assert sorted(DATE_FIELDS) == sorted(dates)


def test_what_is_given_by_name_takes_precedence_over_a_field() -> None:
    """An event and a fact given under 'further' are taken instead of the field's, everywhere."""
    facts = follow_up(
        action_plan={"received": "2018-07-02", "reviewed": "not-yet"},
        prospects="no-concerns",
        further={
            "events": {"action-plan-reviewed": "2018-07-09"},
            "facts": {"prospects": "some-concerns"},
        },
    )
    assert value_of(facts, "prospects", "2018-08-01") == "some-concerns"
    assert value_of(facts, "action-plan-review", "2018-07-08") == "not-yet"
    assert value_of(facts, "action-plan-review", "2018-07-09") == "done"
    reviewed = assess(facts, on="2018-08-01").events["action-plan-reviewed"]
    assert reviewed == PartialDate.read("2018-07-09")
    late = facts.evolve(further=Further(events={"action-plan-reviewed": "2018-07-01"}))
    with pytest.raises(FactsError) as caught:
        assess(late, on="2018-08-01")
    assert [problem.place for problem in caught.value.problems] == [
        "further.events.action-plan-reviewed"
    ]


# --- the objects ----------------------------------------------------------------------------------

CLASSES = [
    kind
    for kind in (getattr(facts_package, name) for name in dir(facts_package))
    if inspect.isclass(kind) and attrs.has(kind) and kind not in {Dates, NamedFacts}
]

MANDATORY = {
    "force": "kent",
    "id": "1",
    "by": "HMICFRS",
    "on": "2018-10-01",
    "why": "unknown",
    "decision": "full-reinspection",
    "of": "action-plan-received",
    "begins": "2020-03",
}


def sample(kind: type[Any]) -> Any:
    """Return an object of a class of facts, with what it cannot do without."""
    needed = [field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING]
    needed += getattr(kind, "either", ())[:1]
    return kind(**{name: MANDATORY[name] for name in needed})


def test_the_classes_of_facts_are_found() -> None:
    """The tests below look at every class of facts."""
    assert {FollowUp, Recommendation, Judgement, NamedDecision, Waiver, Suspension} < set(CLASSES)
    assert len(CLASSES) == 19


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_facts_are_frozen_small_and_named(kind: type[Any]) -> None:
    """No fact can be changed or added to, none has room for more, and each is given by its name."""
    made = sample(kind)
    for name in (field.name for field in attrs.fields(kind)):
        with pytest.raises(FrozenInstanceError):
            setattr(made, name, "changed")
    with pytest.raises(FrozenInstanceError):
        made.something_else = "added"
    assert not hasattr(made, "__dict__")
    assert all(field.kw_only for field in attrs.fields(kind))
    with pytest.raises(TypeError, match="positional"):
        kind("kent")
    assert made == sample(kind)


# --- reading and writing --------------------------------------------------------------------------


@given(follow_ups(texts=WILD_TEXTS, further=True))
def test_yaml_json_and_mappings_give_the_same_facts_back(facts: FollowUp) -> None:
    """Any follow-up comes back exactly from each of the three forms, whatever its texts hold."""
    assert FollowUp.from_dict(facts.to_dict()) == facts
    assert FollowUp.from_json(facts.to_json()) == facts
    assert FollowUp.from_yaml(facts.to_yaml()) == facts


@given(follow_ups())
def test_what_an_officer_types_comes_back(facts: FollowUp) -> None:
    """Texts that YAML likes to take for something else stay text; what is written is stable."""
    again = FollowUp.from_yaml(facts.to_yaml())
    assert again == facts
    assert again.to_yaml() == facts.to_yaml()
    assert again.to_json() == facts.to_json()


@given(follow_ups())
def test_plain_facts_are_plain(facts: FollowUp) -> None:
    """A mapping holds text, lists and mappings only; what is unknown and may go is left out."""

    def walk(value: object) -> None:
        match value:
            case dict():
                assert all(isinstance(key, str) for key in value)
                for part in value.values():
                    walk(part)
            case list():
                for part in value:
                    walk(part)
            case _:
                assert isinstance(value, str)

    plain = facts.to_dict()
    walk(plain)
    for block in plain.values():
        if isinstance(block, dict):
            assert "unknown" not in block.values()


@given(follow_ups())
def test_facts_can_be_copied_and_sent(facts: FollowUp) -> None:
    """A copy and a pickle are equal to what they were made from."""
    assert copy.deepcopy(facts) == facts
    assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301  our own bytes


def test_each_decision_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many decisions of a kind the last counts, and no pair of two others is compared."""
    compared: list[RecordedDecision] = []

    def is_later_noted(decision: RecordedDecision, other: RecordedDecision) -> bool:
        compared.append(other)
        return is_later(decision, other)

    monkeypatch.setattr(values, "is_later", is_later_noted)
    tiers = ["post-inspection-visit", "post-inspection-review"] * 20
    decisions = [
        {"decision": "tier-chosen", "value": tier, "by": "HMICFRS", "on": f"20{day}-01-01"}
        | {"why": "unknown"}
        for day, tier in enumerate(tiers, 30)
    ]
    facts = {"force": "kent", "inspection_report": {"published": "2018-06-28"}}
    for order in (decisions, decisions[::-1]):
        compared.clear()
        plan = assess(facts | {"decisions": order}, on="2080-01-01")
        assert plan.headline.value == tiers[-1]
        assert 0 < len(compared) < 10 * len(tiers)
