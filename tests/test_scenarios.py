"""Scenarios: what they expect can pass and can fail, what they say can be read, what they touch."""

from __future__ import annotations

import json
import re
import shutil
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.cli import main
from ncpi_rules.core import FURTHER, UNKNOWN, Basis, Modality, PartialDate, RulesetError, Status
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import fields_of, read_as, read_yaml, write_plain, write_yaml
from ncpi_rules.plan import Names, assess
from ncpi_rules.ruleset import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    Fact,
    QuestionRule,
    decide,
    load_ruleset,
    shipped_ruleset,
)
from ncpi_rules.scenarios import (
    NONE,
    DayCount,
    Expected,
    ExpectedDeadline,
    ExpectedGuarantee,
    ExpectedItem,
    PlanSection,
    Scenario,
    Scenarios,
    Without,
    coverage,
    load_scenarios,
    run,
)

# pinned: expectations are made from rules
from ncpi_rules.scenarios.assertions import name_in_scenarios

# pinned: the key of a rule that is outranked
from ncpi_rules.scenarios.rule_coverage import OUTRANKED

# pinned: one scenario is run without a report
from ncpi_rules.scenarios.runs import passes, planned
from tests.strategies import days, follow_ups, scenario_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan import Plan

HERE = Path(__file__).parent
LOANS_FOLDER = HERE / "rulesets" / "library-loans"
LOANS = load_ruleset(LOANS_FOLDER)
RULESETS = {"the shipped ruleset": shipped_ruleset(), "library loans": LOANS}


def scenario(expect: Expected | None = None, **more: Any) -> Scenario:
    """Return a scenario with a sentence."""
    return Scenario(says="It is so.", expect=expect or Expected(), **more)


# --- what is expected -----------------------------------------------------------------------------


def or_none(value: Any) -> Any:
    """Return a value as a scenario expects it."""
    return NONE if value is None else value


def a_day(value: int | None) -> Any:
    """Return a day (an ordinal) as a scenario expects it."""
    return NONE if value is None else PartialDate.between(value, value)


def all_of(deadline: Deadline, label: str) -> ExpectedDeadline:
    """Return an expectation that names everything about a deadline."""
    late_by = deadline.late_by
    return ExpectedDeadline(
        modality=deadline.rule.modality,
        by=deadline.rule.by,
        due=or_none(deadline.due),
        not_before=or_none(deadline.not_before),
        status=deadline.status,
        status_label=label,
        late_by=NONE if late_by is None else DayCount(*late_by),
        latest_compliant_date=a_day(deadline.latest_compliant_date),
        working_day_before=a_day(deadline.working_day),
    )


def whole(plan: Plan) -> Expected:
    """Return an expectation that names everything that is in a plan and everything that is not."""
    rules, holding = plan.ruleset, plan.decision.applicable
    subject = plan.follow_up.about
    names = Names(rules, subject, plan.on.toordinal(), plan.decision.naming)
    value = {
        name: decided.value or rules.outcomes[name].none
        for name, decided in plan.decision.outcomes.items()
    }
    steps = {
        name_in_scenarios(rule): None
        for rule in (*holding.required_actions, *holding.optional_actions)
    }
    suggested = {document.document: document.suggested for document in plan.documents}
    documents = [name_in_scenarios(rule) for rule in holding.documents]
    labels = {(deadline.event, deadline.id): deadline.status_label for deadline in plan.deadlines}
    deadlines = {
        deadline.rule.event: all_of(deadline, labels[deadline.rule.event, deadline.id])
        for deadline in reversed(plan.schedule)
    }
    every_step = {name_in_scenarios(rule) for rule in rules.of_kind(ActionRule)}
    every_document = {name_in_scenarios(rule) for rule in rules.of_kind(DocumentRule)}
    # A rule may be named, and so may one of its cases alone.
    applying = {rule.id for rule in plan.decision.rules}
    other_questions, other_alerts = (
        {name for rule in rules.of_kind(kind) for name in (rule.rule, rule.id)} - applying
        for kind in (QuestionRule, AlertRule)
    )
    questions = tuple(question.id for question in plan.questions)
    alerts = tuple(alert.id for alert in plan.alerts)
    return Expected(
        outcomes=value,
        basis={name: decided.basis for name, decided in plan.decision.outcomes.items()},
        actions=tuple(steps),
        documents=tuple(documents),
        suggested=tuple(name for name, is_suggested in suggested.items() if is_suggested),
        not_suggested=tuple(
            name for name, is_suggested in suggested.items() if is_suggested is False
        ),
        deadlines=deadlines,
        questions=questions,
        alerts=alerts,
        names={
            party: names.local(party) if names.name(party) != names.term(party) else "none"
            for party in rules.parties
        },
        without=Without(
            outcomes={
                name: tuple(other for other in outcome.values if other != value[name])
                for name, outcome in rules.outcomes.items()
            },
            actions=tuple(sorted(every_step - set(steps))),
            documents=tuple(sorted(every_document - set(documents))),
            deadlines=tuple(event for event in rules.events if event not in deadlines),
            questions=tuple(sorted(other_questions - set(questions))),
            alerts=tuple(sorted(other_alerts - set(alerts))),
        ),
        complete=tuple(PlanSection),
    )


@pytest.mark.parametrize("name", RULESETS)
def test_all_that_is_in_a_plan_passes(name: str) -> None:
    """A scenario that expects everything that comes of its facts, and nothing else, passes."""
    ruleset = RULESETS[name]

    @given(scenario_cases(ruleset=ruleset))
    def passes_whole(case: Scenario) -> None:
        whole_case = attrs.evolve(case, expect=whole(planned(case, ruleset)))
        assert run(whole_case, ruleset).mismatches == ()
        assert passes(whole_case, ruleset)

    passes_whole()


def other(values: Any, value: Any) -> Any:
    """Return one of the values that is another than the one given."""
    return next(another for another in values if another != value)


def first_key(mapping: Any) -> Any:
    """Return the first key of a mapping."""
    return next(iter(mapping))


DEADLINE_FIELDS: dict[str, Callable[[Any], Any]] = {
    "modality": lambda value: other(Modality, value),
    "by": lambda value: other(["library", "borrower-in-person"], value),
    "due": lambda value: PartialDate.read("2001-01-01") if value is NONE else NONE,
    "not_before": lambda value: PartialDate.read("2001-01-01") if value is NONE else NONE,
    "status": lambda value: other(Status, value),
    "status_label": lambda value: f"not {value}",
    "late_by": lambda value: DayCount(1, 1) if value is NONE else NONE,
    "latest_compliant_date": lambda value: (
        PartialDate.read("2001-01-01") if value is NONE else NONE
    ),
    "working_day_before": lambda value: PartialDate.read("2001-01-01") if value is NONE else NONE,
}


def _suggestions(expect: Expected) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield documents wrongly suggested or not: what is wrong, the section, its new list."""
    suggested, not_suggested = expect.suggested, expect.not_suggested
    for document in suggested[:1]:
        yield "suggested, not", "not_suggested", (*not_suggested, document)
        yield "complete suggested", "complete suggested", suggested[1:]
    for document in not_suggested[:1]:
        yield "suggested", "suggested", (*suggested, document)
    for line in expect.without.documents[:1]:
        name = line.rpartition(" ")[2]
        if any(document.endswith(f" {name}") for document in expect.documents):
            continue
        yield "suggested, not there", "suggested", (*suggested, name)
        yield "not there at all", "not_suggested", (*not_suggested, name)


def broken(expect: Expected) -> dict[str, tuple[str, Expected]]:
    """Return expectations that are wrong in one thing each: what, and the section that says so."""
    changed: dict[str, tuple[str, Expected]] = {}
    without = expect.without

    def put(what: str, section: str, **changes: Any) -> None:
        changed[what] = (section, attrs.evolve(expect, **changes))

    def put_without(part: str, **changes: Any) -> None:
        put(f"without {part}", f"without {part}", without=attrs.evolve(without, **changes))

    name = first_key(expect.outcomes)
    value = expect.outcomes[name]
    put("outcome", "outcomes", outcomes={**expect.outcomes, name: "something-else"})
    basis = other(Basis, expect.basis[name])
    put("basis", "basis", basis={**expect.basis, name: basis})
    put_without("outcomes", outcomes={**without.outcomes, name: (value,)})
    for part in ("actions", "documents", "deadlines", "questions", "alerts"):
        present, absent = getattr(expect, part), getattr(without, part)
        if absent:
            more = {absent[0]: ExpectedDeadline()}
            wanted = present | more if part == "deadlines" else (*present, absent[0])
            put(part, part, **{part: wanted})
        if present:
            put_without(part, **{part: (*absent, first_key(present))})
            fewer = (
                {
                    key: expectation
                    for key, expectation in present.items()
                    if key != first_key(present)
                }
                if part == "deadlines"
                else present[1:]
            )
            put(f"complete {part}", f"complete {part}", **{part: fewer})
    for what, section, name in _suggestions(expect):
        put(what, section, **{section.removeprefix("complete "): name})
    for event, deadline in expect.deadlines.items():
        for field, change in DEADLINE_FIELDS.items():
            wrong = attrs.evolve(deadline, **{field: change(getattr(deadline, field))})
            deadlines = {**expect.deadlines, event: wrong}
            put(f"{field} of {event}", "deadlines", deadlines=deadlines)
    party = first_key(expect.names)
    put("name", "names", names={**expect.names, party: "somebody else"})
    return changed


EXPECTED_KINDS = {
    "outcome",
    "basis",
    "suggested",
    "suggested, not",
    "suggested, not there",
    "not there at all",
    "name",
    *(
        f"{way}{part}"
        for way in ("", "without ", "complete ")
        for part in ("actions", "documents", "deadlines", "questions", "alerts")
    ),
    "without outcomes",
    "complete suggested",
    *(f"{field} of " for field in DEADLINE_FIELDS),
}


@pytest.mark.parametrize("name", RULESETS)
def test_whatever_is_wrong_fails(name: str) -> None:
    """Of an expectation that is right, whatever is made wrong fails alone, and can be explained."""
    ruleset = RULESETS[name]

    @given(scenario_cases(ruleset=ruleset))
    def fails(case: Scenario) -> None:
        plan = planned(case, ruleset)
        alone = {rule.event for rule in plan.decision.applicable.deadlines}
        for event in list(alone):
            if len([deadline for deadline in plan.schedule if deadline.rule.event == event]) > 1:
                alone.discard(event)  # another deadline on the event may fit
        for what, (section, expect) in broken(whole(plan)).items():
            if " of " in what and what.partition(" of ")[2] not in alone:
                continue
            wrong = attrs.evolve(case, expect=expect)
            result = run(wrong, ruleset)
            assert not passes(wrong, ruleset), what
            assert [mismatch.section for mismatch in result.mismatches] == [section], what
            assert all(result.why(mismatch) for mismatch in result.mismatches)
            assert all(mismatch.expected != mismatch.actual for mismatch in result.mismatches)

    fails()


FULL = {
    "force": "kent",
    "inspection_report": {
        "published": "2018-06-28",
        "findings": "not-broadly-positive",
        "recommendations": [{"id": 1, "time_limit": "none", "topic": "training"}],
    },
    "action_plan": {"received": "2018-08-10", "reviewed": "2018-08-20", "areas_of_concern": []},
    "prospects": {"judgement": "some-concerns", "on": "2018-09-01"},
}


def test_every_kind_of_expectation_is_tried() -> None:
    """The test above tries every kind of expectation that there is."""
    case = scenario(follow_up=FollowUp.from_dict(FULL), on=PartialDate.read("2019-02-01"))
    tried = set(broken(whole(planned(case, shipped_ruleset()))))
    light = {"return": "a-little-late", "reservation": "by-another-reader"}
    tried |= set(broken(whole(planned(scenario(facts=light), LOANS))))
    tried |= set(broken(whole(planned(scenario(facts={"return": "a-little-late"}), LOANS))))
    assert {
        part for part in EXPECTED_KINDS if not any(kind.startswith(part) for kind in tried)
    } == (set())
    kinds = {field.name for part in (Expected, Without) for field in attrs.fields(part)}
    word_for_word = {"items", "sentences", "guarantees", "refused"}
    assert kinds - {"without", "complete", "earlier"} - word_for_word == {
        "outcomes",
        "basis",
        "actions",
        "documents",
        "suggested",
        "not_suggested",
        "deadlines",
        "questions",
        "alerts",
        "names",
    }
    assert {field.name for field in attrs.fields(ExpectedDeadline)} == set(DEADLINE_FIELDS)


def test_of_several_deadlines_on_an_event_each_must_fit() -> None:
    """Where two deadlines apply to one event, what is expected must be true of both."""
    reminder = LOANS.rules["deadline.reminder"]
    assert isinstance(reminder, DeadlineRule)
    weaker = attrs.evolve(
        reminder, id="deadline.reminder-by-hand", by="borrower-in-person", modality=Modality.MAY
    )
    ruleset = attrs.evolve(LOANS, rules={**LOANS.rules, weaker.id: weaker})

    def result(**fields: Any) -> list[str]:
        expect = Expected(deadlines={"reminder-sent": ExpectedDeadline(**fields)})
        result = run(scenario(expect, facts={"return": "a-little-late"}), ruleset)
        return [f"{mismatch.expected}, not {mismatch.actual}" for mismatch in result.mismatches]

    assert result() == []
    assert result(due=NONE) == []
    assert result(by="library", modality=Modality.MUST) == [
        (
            "reminder-sent: modality must, by library, not "
            "reminder-sent: modality may, by borrower-in-person"
        )
    ]
    assert result(by="nobody") == [
        "reminder-sent: by nobody, not reminder-sent: by library",
        "reminder-sent: by nobody, not reminder-sent: by borrower-in-person",
    ]


def test_what_is_not_known_to_be_suggested_is_neither() -> None:
    """Where nothing says whether a document is suggested, neither expectation passes."""
    values = {"tier-chosen": "post-inspection-review"}
    suggested = ("governance-minutes",)
    line = ("inspectors may governance-minutes",)
    asked = (
        Expected(suggested=suggested),
        Expected(not_suggested=suggested),
        Expected(documents=line),
    )
    mismatch_lists = [
        run(scenario(expected, facts=values), shipped_ruleset()).mismatches for expected in asked
    ]
    not_known = "governance-minutes: not known whether suggested"
    assert [[mismatch.actual for mismatch in mismatches] for mismatches in mismatch_lists] == [
        [not_known],
        [not_known],
        [],
    ]


def test_what_cannot_be_used_fails() -> None:
    """Facts that a ruleset has no values for are a mismatch of their own, not an exception."""
    case = scenario(Expected(complete=(PlanSection.ALERTS,)), facts={"return": "stolen"})
    result = run(case, LOANS)
    assert not result.passed
    assert not passes(case, LOANS)
    (mismatch,) = result.mismatches
    assert mismatch.section == "facts"
    assert mismatch.actual == "'stolen' is not a value of 'return'."
    assert result.why(mismatch) == ()
    other_interpretation = attrs.evolve(case, facts={}, interpretations={"R1": "findings-decide"})
    assert (
        run(other_interpretation, LOANS).mismatches[0].actual == "There is no interpretation 'R1'."
    )


# --- the way of every follow-up -------------------------------------------------------------------


@given(follow_ups(), days())
def test_a_follow_up_goes_the_way_of_assess(follow_up: FollowUp, day: Any) -> None:
    """The plan of a scenario that gives a follow-up is that of the follow-up."""
    on = PartialDate.read(day)
    assert planned(scenario(follow_up=follow_up, on=on), shipped_ruleset()) == assess(
        follow_up, on=day
    )


@pytest.mark.parametrize("name", RULESETS)
def test_values_go_the_way_of_decide(name: str) -> None:
    """Of a scenario of values alone the same rules apply as `decide` says of these values."""
    ruleset = RULESETS[name]

    @given(scenario_cases(ruleset=ruleset, dates=False))
    def the_same(case: Scenario) -> None:
        decision = planned(case, ruleset).decision
        expected = decide(ruleset, case.facts, interpretations=case.interpretations)
        assert decision.values == expected.values
        assert decision.evaluation == expected.evaluation

    the_same()


def test_a_date_that_is_not_known_is_not_left_out() -> None:
    """An event that is given as unknown is unknown; only one that is not named is left out."""
    values = {"happened": "it is due", "not-yet": "it is not due", "unknown": "nobody knows"}
    due = Fact(
        id="item-due",
        title="The due day",
        source=FURTHER,
        values=values,
        unknown="unknown",
        left_out="not-yet",
    )
    ruleset = attrs.evolve(LOANS, facts={**LOANS.facts, due.id: due})
    on = PartialDate.read("2024-03-01")

    def value(**dates: Any) -> str:
        return planned(scenario(**dates, on=on), ruleset).decision.values["item-due"]

    assert value() == "not-yet"
    assert value(dates={"item-due": UNKNOWN}) == "unknown"
    assert value(dates={"item-due": PartialDate.read("2024-02-01")}) == "happened"


@given(scenario_cases(ruleset=shipped_ruleset()))
def test_dates_are_those_of_the_follow_up(case: Scenario) -> None:
    """Every date that is given is that of its event, and no other event has one."""
    dates = dict.fromkeys(shipped_ruleset().events, UNKNOWN)
    plan = planned(case, shipped_ruleset())
    assert plan.facts.recorded == {**dates, **case.dates}


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULESETS)
def test_a_scenario_is_read_as_it_is_written(name: str) -> None:
    """What is written of a scenario is read back as the same scenario, with the same digest."""
    ruleset = RULESETS[name]

    @given(scenario_cases(ruleset=ruleset))
    def is_the_same(case: Scenario) -> None:
        made = attrs.evolve(case, expect=whole(planned(case, ruleset)))
        text = write_yaml(write_plain(Scenarios(scenarios=(made,))))
        (read,) = read_as(Scenarios, read_yaml(text, RulesetError), RulesetError).scenarios
        assert read == made
        assert read.digest == made.digest

    is_the_same()


def test_a_digest_is_of_what_is_said() -> None:
    """The order of names and the place do not matter; whatever else is said does."""
    values = {"return": "in-time", "borrower": "adult"}
    original = scenario(Expected(actions=("library may renew",)), facts=values, place="a.yaml:1:1")
    turned = attrs.evolve(original, facts=dict(reversed(values.items())), place="b.yaml:2:2")
    assert original.digest == turned.digest
    others = [
        attrs.evolve(original, facts={"return": "in-time"}),
        attrs.evolve(original, says="It is not so."),
        attrs.evolve(original, interpretations={"L1": "delay-first"}),
        attrs.evolve(original, on=PartialDate.read("2024-01-01")),
        attrs.evolve(original, expect=Expected(complete=(PlanSection.ACTIONS,))),
    ]
    assert len({scenario.digest for scenario in (original, *others)}) == 6


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_number_of_days_is_read_as_it_is_written(first: int, second: int) -> None:
    """One number, or the least and the most."""
    count = DayCount(*sorted((first, second)))
    assert DayCount.from_text(count.text) == count
    assert DayCount.from_text(str(first)) == DayCount(first, first)


def test_scenarios_lie_beside_the_rules() -> None:
    """Each knows its place; the files stand by name; nothing but YAML is read."""
    scenarios = load_scenarios(LOANS_FOLDER)
    assert len(scenarios) >= 7
    folder = (LOANS_FOLDER / "scenarios").as_posix()
    assert {scenario.place.rpartition("/")[0] for scenario in scenarios} == {folder}
    assert scenarios == load_scenarios(str(LOANS_FOLDER), ruleset=LOANS)
    assert [scenario.says for scenario in scenarios if not run(scenario, LOANS).passed] == []


def put(folder: Path, **files: str) -> Path:
    """Return a copy of the second ruleset with these files of scenarios and no others."""
    shutil.copytree(LOANS_FOLDER, folder, dirs_exist_ok=True)
    shutil.rmtree(folder / "scenarios")
    if files:
        folder.joinpath("scenarios").mkdir()
    for name, text in files.items():
        folder.joinpath("scenarios", f"{name}.yaml").write_text(text, "utf-8")
    return folder


ONE = """\
scenarios:
  - says: {says}
    facts: {{return: very-late, borrower: adult}}
    expect: {{outcomes: {{response: {value}}}}}
"""
GOOD = ONE.format(says="A long delay is met with a letter.", value="formal-letter")
BAD = ONE.format(says="A long delay is met with a reminder.", value="reminder")


def test_the_files_stand_by_name(tmp_path: Path) -> None:
    """Both endings of YAML are read, in the order of the names; nothing else is."""
    says = [f"This is number {number}." for number in range(5)]
    texts = {
        f"n{number}": ONE.format(says=sentence, value="reminder")
        for number, sentence in reversed(list(enumerate(says)))
    }
    folder = put(tmp_path, **texts) / "scenarios"
    folder.joinpath("n3.yaml").rename(folder / "n3.yml")
    folder.joinpath("n4.yaml").rename(folder / "n4.txt")
    assert [scenario.says for scenario in load_scenarios(tmp_path)] == says[:4]


def test_the_same_sentence_in_two_files_is_refused(tmp_path: Path) -> None:
    """A sentence is the name of one scenario, in whatever file it stands."""
    with pytest.raises(RulesetError) as caught:
        load_scenarios(put(tmp_path, one=GOOD, two=GOOD))
    (problem,) = caught.value.problems
    assert problem.place == f"{tmp_path.as_posix()}/scenarios/two.yaml:2:11"
    assert f"{tmp_path.as_posix()}/scenarios/one.yaml:2:11" in problem.message


def test_dates_that_contradict_each_other_are_told_by_their_events(tmp_path: Path) -> None:
    """A date before its time is refused where it stands, by the name that the file gives it."""
    put(
        tmp_path,
        one="""\
scenarios:
  - says: The action plan comes before the report.
    dates: {report-published: 2018-06-28, action-plan-received: 2018-06-01}
    on: 2018-09-01
    expect: {outcomes: {tier: not-settled}}
""",
    )
    with pytest.raises(RulesetError) as caught:
        load_scenarios(tmp_path, ruleset=shipped_ruleset())
    (problem,) = caught.value.problems
    assert problem.place.endswith("one.yaml:3:65")
    assert problem.message == (
        "1 June 2018 is before 28 June 2018, the date of report-published, which must come first."
    )


REFUSED = """\
scenarios:
  - says: An action plan that comes before the report is refused.
    dates: {report-published: 2018-06-28, action-plan-received: 2018-06-20}
    on: 2018-09-01
    expect: {refused: "20 June 2018 is before 28 June 2018, the date of report-published, \
which must come first."}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("2018-06-20", "2018-06-21", ["refused: 21 June 2018 is before 28 June 2018, the date of"]),
        ("2018-06-20", "2018-07-20", ["refused: not refused"]),
    ],
)
def test_what_is_refused_can_be_expected(
    tmp_path: Path, old: str, new: str, expected: list[str]
) -> None:
    """The scenario passes where the dates are refused in just these words, and not otherwise."""
    put(tmp_path, one=REFUSED.replace(f"received: {old}", f"received: {new}"))
    (case,) = load_scenarios(tmp_path, ruleset=shipped_ruleset())
    result = run(case, shipped_ruleset())
    actual = [f"{mismatch.section}: {mismatch.actual}" for mismatch in result.mismatches]
    assert len(actual) == len(expected)
    assert all(line.startswith(start) for line, start in zip(actual, expected, strict=True))
    assert passes(case, shipped_ruleset()) == result.passed == (not expected)
    where = "'not_before' of an event in vocabulary.yaml says what must come first."
    assert [result.why(mismatch) for mismatch in result.mismatches] == [(where,)] * len(expected)


@pytest.mark.parametrize(
    "line",
    [
        "The time for the action plan: 6 weeks after report-published",
        "The time for the action plan: approach.2",
        "The time within which something is shown as due soon: 14 days",
        "Which of the documents that may be asked for are suggested: visit.8, review.7, review.8",
        "prospects.why: shown beside the judgement",
        "findings: The inspection findings",
        "training: training",
        "R8: approach.2, approach.8, visit.2, visit.4, review.16",
        "R1, refer: Nothing follows; inspectors decide, and the plan says so.",
    ],
)
def test_the_registers_can_be_expected(line: str) -> None:
    """A title with its period, its choice or its statements is said; with another it is not."""
    shipped = shipped_ruleset()
    assert run(scenario(Expected(sentences=(line,))), shipped).passed
    wrong = scenario(Expected(sentences=(f"{line}, approach.1",)))
    assert [mismatch.actual for mismatch in run(wrong, shipped).mismatches] == ["not said"]


def test_the_example_in_the_documents_passes(tmp_path: Path) -> None:
    """The file that officers are shown is read by the shipped ruleset, and passes."""
    page = (HERE.parent / "docs" / "how-to" / "scenarios.md").read_text("utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    scenarios = load_scenarios(put(tmp_path, example=text), ruleset=shipped_ruleset())
    assert len(scenarios) == 6
    assert [run(scenario, shipped_ruleset()).mismatches for scenario in scenarios] == [()] * 6


def test_the_documents_name_every_key() -> None:
    """Each name that a file of scenarios may hold is explained to those who write them."""
    page = (HERE.parent / "docs" / "how-to" / "scenarios.md").read_text("utf-8")
    kinds: tuple[type[Any], ...] = (
        Scenario,
        Expected,
        ExpectedDeadline,
        ExpectedItem,
        ExpectedGuarantee,
        Without,
    )
    names = {field.name for kind in kinds for field in fields_of(kind)}
    assert {name for name in names if f"`{name}`" not in page} == set()


ITEM = """\
scenarios:
  - says: A grave delay is met with a letter.
    facts: {return: very-late, borrower: adult, reservation: none-recorded}
    expect:
      items:
        action.letter:
          by: library
          to: [borrower-in-person]
          sentence: The library must send a formal letter.
          completes: letter-sent
          statements: [delay.2]
          title: The library sends a formal letter
        response.letter: {modality: must}
      sentences: [A grave delay is met with a formal letter]
"""

GUARANTEED = """scenarios:
  - says: It is guaranteed that a decided full re-inspection wins, whatever is answered.
    facts: {reinspection: decided}
    interpretations: {R3: may}
    expect:
      guarantees:
        decision-wins:
          says: A recorded decision for full re-inspection wins at every stage.
          then: {tier: full-re-inspection}
          statements: [approach.7]
        heavier-takes-in-the-lighter: {}
"""


def test_a_scenario_expects_to_whom_and_in_which_words(tmp_path: Path) -> None:
    """Another party, another sentence and an item that is not there are each told."""
    folder = shutil.copytree(LOANS_FOLDER, tmp_path / "loans")
    file = folder / "scenarios" / "overdue.yaml"
    for before, after, expected in (
        ("", "", []),
        ("by: library", "by: borrower-in-person", ["action.letter: by borrower-in-person"]),
        ("to: [borrower-in-person]", "to: [library]", ["action.letter: to library"]),
        (
            "completes: letter-sent",
            "completes: fee-settled",
            ["action.letter: completes fee-settled"],
        ),
        ("[delay.2]", "[delay.1]", ["action.letter: statements delay.1"]),
        (
            "a formal letter\n        r",
            "no letter\n        r",
            ["action.letter: title The library sends no letter"],
        ),
        ("modality: must", "modality: may", ["response.letter: modality may"]),
        ("send a formal", "send no", ["action.letter: The library must send no letter."]),
        ("with a formal letter]", "without one]", ["A grave delay is met without one"]),
        ("action.letter:", "option.renew:", ["option.renew: there"]),
    ):
        file.write_text(ITEM.replace(before, after) if before else ITEM, "utf-8")
        (case,) = load_scenarios(folder, ruleset=LOANS)
        assert [mismatch.expected for mismatch in run(case, LOANS).mismatches] == expected


def test_a_scenario_expects_a_guarantee(tmp_path: Path) -> None:
    """A guarantee that is gone, says something else or is not about the case is told."""
    shipped = shipped_ruleset()
    (scenario_,) = load_scenarios(put(tmp_path, all=GUARANTEED), ruleset=shipped)
    wins = "heavier-takes-in-the-lighter: about this case"  # a full re-inspection is in no order
    assert [mismatch.expected for mismatch in run(scenario_, shipped).mismatches] == [wins]
    expect = attrs.evolve(
        scenario_.expect, guarantees={"decision-wins": scenario_.expect.guarantees["decision-wins"]}
    )
    case = attrs.evolve(scenario_, expect=expect)
    assert run(case, shipped).passed
    for changes, expected in (
        ({"statements": ("approach.6",)}, "decision-wins: statements approach.7"),
        ({"interpretations": "ours"}, "decision-wins: about this case"),
        ({"when": {"reinspection": ("not-known",)}}, "decision-wins: about this case"),
        ({"says": "A decision may win."}, "decision-wins: says A recorded decision for full "),
        ({"then": {"tier": ("full-re-inspection", "not-settled")}}, "decision-wins: then "),
    ):
        weaker = attrs.evolve(shipped.guarantees["decision-wins"], **changes)
        changed = attrs.evolve(shipped, guarantees={**shipped.guarantees, weaker.id: weaker})
        (mismatch,) = run(case, changed).mismatches
        assert mismatch.expected.startswith(expected)
    (gone,) = run(case, attrs.evolve(shipped, guarantees={})).mismatches
    assert (gone.expected, gone.actual) == ("decision-wins: there", "decision-wins: not there")


# --- what is touched ------------------------------------------------------------------------------


@given(st.lists(scenario_cases(ruleset=LOANS), max_size=5))
def test_coverage_names_where_each_rule_applies(scenarios: list[Scenario]) -> None:
    """A rule applies in the scenarios in which it holds; whatever holds in one is not untouched."""
    covered = coverage(scenarios, LOANS)
    untouched = {gap.kind: set(gap.names) for gap in covered.gaps}
    fired = [planned(scenario, LOANS).decision.evaluation.fired for scenario in scenarios]
    for id_ in LOANS.rules:
        expected = [
            scenario.says for scenario, rules in zip(scenarios, fired, strict=True) if id_ in rules
        ]
        assert list(covered.applies_in[id_]) == expected
        assert (id_ in untouched["rules that never apply"]) is (expected == [])
        assert not set(covered.near[id_]) - {
            *LOANS.rules[id_].when,
            *LOANS.rules[id_].under,
            OUTRANKED,
        }


@given(st.lists(scenario_cases(ruleset=LOANS), min_size=1, max_size=4))
def test_one_scenario_more_never_touches_less(scenarios: list[Scenario]) -> None:
    """What some scenarios touch, these and another touch as well."""
    fewer, more = coverage(scenarios[1:], LOANS), coverage(scenarios, LOANS)
    for before, after in zip(fewer.gaps, more.gaps, strict=True):
        assert before.kind == after.kind
        assert set(after.names) <= set(before.names)


def test_a_fact_that_alone_stands_against_a_rule_is_near() -> None:
    """A rule is nearly missed where one condition fails, or where another rule outranks it."""
    late = scenario(facts={"return": "very-late", "borrower": "adult"})
    reserved = scenario(facts={"return": "a-little-late", "reservation": "by-another-reader"})
    near = coverage([late, reserved], LOANS).near
    assert near["response.child"] == {"borrower": (late.says, reserved.says)}
    assert near["gravity.light"] == {"return": (late.says,), OUTRANKED: (reserved.says,)}
    assert near["response.letter-to-a-child"] == {}


def test_everything_can_be_touched() -> None:
    """Scenarios for every value, outcome and answer leave nothing untouched."""
    values = [[(id_, value) for value in fact.values] for id_, fact in LOANS.facts.items()]
    answered = [{"L1": answer} for answer in LOANS.interpretations["L1"].answers]
    bare = [
        scenario(facts=dict(facts), interpretations=interpretations)
        for facts in product(*values)
        for interpretations in answered
    ]
    every = [attrs.evolve(scenario, expect=whole(planned(scenario, LOANS))) for scenario in bare]
    covered = coverage(every, LOANS)
    assert {gap.kind: gap.names for gap in covered.gaps if gap.names} == {}
    assert covered.is_complete
    nothing = coverage([], LOANS)
    assert [(gap.kind, len(gap.names)) for gap in nothing.gaps] == [
        (gap.kind, gap.of) for gap in nothing.gaps
    ]


# --- the command ----------------------------------------------------------------------------------


def test_none_found_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no scenario, nothing was tested: the command says so and fails."""
    assert main(["test", str(put(tmp_path))]) == 1
    out, err = capsys.readouterr()
    assert out == "0 scenarios: 0 pass, 0 fail.\n"
    place = f"{tmp_path.as_posix()}: "
    assert err.startswith(f"{place}There is no scenario, so nothing was tested.\n  help: ")


def test_all_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where everything is as expected, one line says so."""
    assert main(["test", str(put(tmp_path, one=GOOD))]) == 0
    assert capsys.readouterr() == ("1 scenario: 1 pass, 0 fail.\n", "")


def test_some_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario that fails is told with its place, what was expected, what there is, and why."""
    folder = put(tmp_path, one=GOOD, two=BAD)
    assert main(["test", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.replace(f"{tmp_path.as_posix()}/", "").splitlines()
    assert lines[:5] == [
        "scenarios/two.yaml:2:5",
        "A long delay is met with a reminder.",
        "  Outcomes.",
        "    expected: response: reminder",
        "    actual:   response: formal-letter",
    ]
    assert "    - The rule 'A light delay is met with a reminder' (response.reminder) does" in out
    assert lines[-1] == "2 scenarios: 1 pass, 1 fail."
    assert max(map(len, lines)) <= 100


def test_the_results_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same is told to programs, with what no scenario touches."""
    folder = put(tmp_path, one=GOOD, two=BAD)
    assert main(["test", str(folder), "--format", "json", "--coverage"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["scenarios"], data["passed"]) == (2, 1)
    (failed,) = data["failed"]
    assert failed["says"] == "A long delay is met with a reminder."
    (mismatch,) = failed["mismatches"]
    assert mismatch["expected"] == "response: reminder"
    assert mismatch["why"]
    assert data["coverage"]["applies_in"]["gravity.grave"] == [
        "A long delay is met with a letter.",
        "A long delay is met with a reminder.",
    ]
    assert "gravity.none" in data["coverage"]["gaps"]["rules that never apply"]["names"]


def test_coverage_in_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What no scenario touches is counted and named."""
    assert main(["test", str(put(tmp_path, one=GOOD)), "--coverage"]) == 0
    out = capsys.readouterr().out
    printed = " ".join(out.split())
    assert out.startswith("WHAT NO SCENARIO TOUCHES\n- ")
    assert "- Not applied in any scenario: 18 of 29 rules:\n    " in out
    assert "reservation: by-another-reader" in printed
    assert out.endswith("\n\n1 scenario: 1 pass, 0 fail.\n")


def test_what_cannot_be_read_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Scenarios that cannot be read are told with their places, and nothing is run."""
    text = GOOD.replace("very-late", "very-lat")
    assert main(["test", str(put(tmp_path, one=text, two=BAD))]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "one.yaml:3:21: 'very-lat' is not a value of 'return'." in err
