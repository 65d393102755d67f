"""Rule mutation: every mistake is made, none is misjudged, and the missing scenario is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from ncpi_rules.cli import main
from ncpi_rules.core import Modality, NcpiRulesError
from ncpi_rules.ruleset import (
    ActionRule,
    Choice,
    DeadlineRule,
    load_ruleset,
    patch,
    shipped_ruleset,
)
from ncpi_rules.scenarios import (
    Expected,
    MutantKind,
    MutantStatus,
    MutationReport,
    Scenario,
    load_scenarios,
    mutants_of,
    mutate,
)

# pinned: the scenarios that a mutant is spared
from ncpi_rules.scenarios.mutation import MutantTester
from ncpi_rules.scenarios.runs import passes  # pinned: one scenario is run without a report
from tests.test_rule_format import EDITION, copied, stage

if TYPE_CHECKING:
    from ncpi_rules.ruleset import Ruleset

RULESETS = Path(__file__).parent / "rulesets"
LOANS = load_ruleset(RULESETS / "library-loans")
LOANS_SCENARIOS = load_scenarios(RULESETS / "library-loans", ruleset=LOANS)
SMALLEST = load_ruleset(RULESETS / "smallest")

COMPLETE = """\
scenarios:
  - says: A guest is served tea, two weeks at the latest.
    facts: {guest: here}
    dates: {guest-comes: 2018-06-30}
    on: 2018-07-01
    expect:
      outcomes: {drink: tea}
      basis: {drink: follows-from-the-methodology}
      actions: [host must serve]
      deadlines: {tea-served: {modality: must, due: 2018-07-14, not_before: none}}
      items:
        deadline.tea: {by: host, sentence: Tea is served within two weeks.}
        action.serve: {title: The host serves tea, completes: tea-served}
        drink.tea: {modality: must}
      sentences: [A guest is served tea]

  - says: Without a guest there is water.
    facts: {guest: not-here}
    expect:
      outcomes: {drink: water}
      basis: {drink: follows-from-the-methodology}
      items: {drink.water: {modality: may}}
      sentences: [Without a guest there is water]
      complete: [actions, deadlines]

  - says: Nothing is served while nothing is known of the guest.
    expect:
      outcomes: {drink: open}
      basis: {drink: waits-for-a-judgement}
      items: {drink.not-known: {modality: must}}
      sentences: [Nothing is served until it is known whether the guest is here]
      complete: [actions, deadlines]

  - says: Tea is served even without a guest, where that is the answer.
    facts: {guest: not-here}
    interpretations: {T1: serve}
    expect:
      outcomes: {drink: tea}
      basis: {drink: follows-from-the-methodology}
      items: {drink.without-a-guest: {modality: must}}
      sentences: [Tea is served even without a guest]

  - says: Tea before the guest is refused.
    dates: {guest-comes: 2018-06-30, tea-served: 2018-06-29}
    on: 2018-07-01
    expect:
      refused: 29 June 2018 is before 30 June 2018, the date of guest-comes, which must come first.

  - says: Everything has its title.
    expect:
      sentences:
        - 'T1: Does tea wait for the guest?'
        - 'T1, wait: Nothing is served until it is known whether the guest is here.'
        - 'T1, serve: Tea is served all the same.'
        - 'guest: The guest'
        - it is not known whether the guest is here
        - 'drink: What is served'
        - 'What is served: open'
        - 'host: the host'
        - 'guest-comes: the guest comes'
        - 'tea-served: tea is served'
        - 'serve: serve tea'
        - 'menu: the menu'
        - 'cake: cake'
        - 'The time for tea: 2 weeks after guest-comes'
        - 'How the host is named: the-term-as-it-stands'
        - 'How the host is named: There is one host.'

  - says: A guest who is here is named so, and so is the tea.
    facts: {guest: here}
    expect: {sentences: [the guest is here, 'What is served: tea']}

  - says: A guest who is not here is named so, and so is the water.
    facts: {guest: not-here}
    expect: {sentences: [the guest is not here, 'What is served: water']}

  - says: Tea is served all the same, where that is the answer.
    interpretations: {T1: serve}
    expect:
      outcomes: {drink: tea}
      basis: {drink: follows-from-the-methodology}
      items: {drink.all-the-same: {modality: must}}
      sentences: [Tea is served even where nothing is known of the guest]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the smallest ruleset, with complete scenarios."""
    smallest = tmp_path / "smallest"
    shutil.copytree(RULESETS / "smallest", smallest)
    (smallest / "scenarios").mkdir()
    (smallest / "scenarios" / "all.yaml").write_text(COMPLETE, encoding="utf-8")
    return smallest


@pytest.fixture
def scenarios(folder: Path) -> dict[str, Scenario]:
    """Return the complete scenarios by their sentences."""
    return {scenario.says: scenario for scenario in load_scenarios(folder, ruleset=SMALLEST)}


def survivors(mutation: MutationReport) -> dict[str, str]:
    """Return the sentence of each missing scenario, by the mutant."""
    return {survivor.mutant.id: survivor.reason for survivor in mutation.survivors}


# --- the mutants ----------------------------------------------------------------------------------


def test_every_kind_of_mistake_is_made() -> None:
    """A ruleset that uses every feature has mutants of every kind, a guaranteed one of the last."""
    kinds = {mutant.kind for mutant in mutants_of(LOANS)}
    assert kinds == set(MutantKind) - {MutantKind.GUARANTEE}
    assert MutantKind.GUARANTEE in {mutant.kind for mutant in mutants_of(shipped_ruleset())}


@pytest.mark.parametrize("ruleset", [LOANS, SMALLEST], ids=["loans", "smallest"])
def test_mutants_differ(ruleset: Ruleset) -> None:
    """No two mutants say the same, none says what the ruleset says, and each has its own name."""
    mutants = mutants_of(ruleset)
    digests = {mutant.made_of(ruleset).digest for mutant in mutants} | {ruleset.digest}
    assert len(digests) == len({mutant.id for mutant in mutants}) + 1 == len(mutants) + 1


@pytest.mark.parametrize(
    ("id_", "says"),
    [
        ("gravity.light/condition-dropped/return", "was removed from gravity.light"),
        (
            "gravity.light/condition-negated/return: [in-time, very-late, not-known]",
            "changed to 'return: [in-time, very-late, not-known]'",
        ),
        ("gravity.light/value/return: in-time", "changed to 'return: in-time'"),
        ("gravity.light/value/return: very-late", "changed to 'return: very-late'"),
        ("alert.waiting/value/return: very-late", "changed to 'return: very-late'"),
        ("action.telephone/value/gravity: [nothing, light, grave]", "[nothing, light, grave]"),
        ("response.child/condition-dropped/L1", "'L1: child-first' was removed"),
        ("gravity.light/outcome/nothing", "from 'light' to 'nothing'"),
        ("gravity.light/outcome/grave", "from 'light' to 'grave'"),
        ("gravity.light/outcome/open", "from 'light' to 'open'"),
        ("gravity.light/basis/waits-for-a-judgement", "to 'waits-for-a-judgement'"),
        (
            "deadline.return/number/within: 2 weeks after item-lent",
            "of deadline.return was changed to 'within: 2 weeks after item-lent'",
        ),
        ("deadline.return/number/within: 4 weeks after item-lent", "4 weeks"),
        ("deadline.return/unit/within: 3 working days after item-lent", "3 working days"),
        ("deadline.return/direction/within: 3 weeks before item-lent", "3 weeks before"),
        ("deadline.return/limit/within/at_least", "'at_least: 3 weeks after item-lent'"),
        ("deadline.letter/limit/at_least/within", "'within: 10 working days before"),
        ("deadline.fee/limit/no_later_than/before", "changed to 'before: item-returned'"),
        ("deadline.renewal/limit/before/no_later_than", "to 'no_later_than: item-due'"),
        ("deadline.fee/limit-dropped/no_earlier_than", "was removed from deadline.fee"),
        ("deadline.letter/calendar/days_off", "from england to that of days_off"),
        ("action.telephone/modality/must", "'modality: usually'"),
        ("gravity.light/modality/usually", "'modality: must' of gravity.light was changed"),
        ("action.telephone/modality/expected", "changed to 'expected'"),
        ("action.telephone/rule-dropped", "the rule action.telephone was removed"),
        (
            "gravity.reserved/override-dropped/gravity.light",
            "gravity.reserved no longer outranks gravity.light",
        ),
        (
            "L1/interpretation/delay-first",
            "interpretation L1 was changed from 'child-first' to 'delay-first'",
        ),
        ("documents-suggested/choice/none", "'documents-suggested: all' was changed to 'none'"),
    ],
)
def test_a_mistake_is_told(id_: str, says: str) -> None:
    """Each kind of mistake is made on the rule it names, and told in a sentence with its place."""
    mutant = next(planted for planted in mutants_of(LOANS) if planted.id == id_)
    assert says in mutant.description
    assert ".yaml" in mutant.place


def test_a_deadline_is_counted_anew() -> None:
    """A mutant of a deadline has its days, not those of the rule it was made from."""
    mutant = next(
        planted for planted in mutants_of(LOANS) if planted.id.startswith("deadline.return/num")
    )
    rule = mutant.made_of(LOANS).rules["deadline.return"]
    assert isinstance(rule, DeadlineRule)
    assert [bound.fixed for bound in rule.bounds] == [14]


def test_another_calendar_is_tried() -> None:
    """A deadline that names a calendar is tried on each other one, and counted on it."""
    calendars = {"settings": {"calendars": {"ireland": {"subdivision": "NIR"}}}}
    ruleset = patch(LOANS, calendars)
    tried = {planted.id: planted for planted in mutants_of(ruleset) if "/calendar/" in planted.id}
    for name, id_ in (("", "days_off"), ("ireland", "ireland")):
        mutant = tried.pop(f"deadline.letter/calendar/{id_}")
        rule = mutant.made_of(ruleset).rules["deadline.letter"]
        assert isinstance(rule, DeadlineRule)
        assert {bound.calendar for bound in rule.bounds} == {ruleset.calendars[name]}
        assert mutant.description == (
            "the calendar of deadline.letter was changed from england to "
            + (name or "that of days_off")
        )
    assert tried == {}


def test_mutants_are_always_the_same() -> None:
    """The same files have the same mutants in the same order, with the same fates."""
    again = load_ruleset(RULESETS / "library-loans")
    assert mutants_of(again) == mutants_of(LOANS)
    mutation, other = (mutate(ruleset, LOANS_SCENARIOS, every=3) for ruleset in (LOANS, again))
    assert mutation == other
    whole = [result.mutant.id for result in mutate(LOANS, LOANS_SCENARIOS).results]
    assert [result.mutant.id for result in mutation.results] == whole[::3]


# --- their fates ----------------------------------------------------------------------------------


def test_complete_scenarios_leave_no_survivor(scenarios: dict[str, Scenario]) -> None:
    """A ruleset whose scenarios show every boundary has no survivor."""
    mutation = mutate(SMALLEST, scenarios.values())
    assert survivors(mutation) == {}
    assert mutation.is_sufficient
    assert len(mutation.with_status(MutantStatus.KILLED)) > len(mutation.results) / 2


def test_a_missing_scenario_is_told(scenarios: dict[str, Scenario]) -> None:
    """Without one scenario exactly the mistakes that it alone noticed survive, each with it."""
    del scenarios["Tea is served all the same, where that is the answer."]
    mutation = mutate(SMALLEST, scenarios.values())
    surviving = survivors(mutation)
    assert {id_.partition("/")[0] for id_ in surviving} == {"drink.all-the-same"}
    assert surviving["drink.all-the-same/rule-dropped"] == (
        "Write a scenario in which it is not known whether the guest is here, and "
        "interpretation T1 is "
        "answered 'serve', and expect 'drink: tea' under outcomes, and 'drink: "
        "follows-from-the-methodology' under basis; the rule drink.all-the-same applies there."
    )
    assert not mutation.is_sufficient


def test_a_missing_day_is_told(scenarios: dict[str, Scenario]) -> None:
    """Where no scenario has a date, mistakes in a deadline survive, each with a day to write."""
    dated = scenarios.pop("A guest is served tea, two weeks at the latest.")
    undated = evolve(dated, dates={}, on=None, expect=evolve(dated.expect, deadlines={}))
    surviving = survivors(mutate(SMALLEST, [*scenarios.values(), undated]))
    assert {id_.partition("/")[0] for id_ in surviving} == {"deadline.tea", "due-date-not-working"}
    assert surviving["deadline.tea/number/within: 3 weeks after guest-comes"] == (
        "Write a scenario in which the guest is here, guest-comes is 2018-06-28, on 2018-06-28, "
        "and expect 'due: 2018-07-12' of tea-served under deadlines, and 'latest_compliant_date: "
        "2018-07-12' of tea-served under deadlines; the rule deadline.tea applies there."
    )


def test_what_bears_one_name_is_told_apart(scenarios: dict[str, Scenario]) -> None:
    """Where another rule gives the plan the same name, a case is told in which only one holds."""
    rule = SMALLEST.rules["action.serve"]
    assert isinstance(rule, ActionRule)
    late = evolve(
        rule, id="action.late", rule="action.late", extent="late", when={}, under={"T1": ("serve",)}
    )
    ruleset = evolve(SMALLEST, rules={**SMALLEST.rules, late.id: late})
    asked = scenarios["Tea is served all the same, where that is the answer."]
    surviving = survivors(mutate(ruleset, [asked]))
    assert surviving["action.late/condition-dropped/T1"] == (
        "Write a scenario in which the guest is not here, and expect no 'host must serve' under "
        "actions; the rule action.late does not apply there."
    )


def test_what_no_scenario_can_show_is_told(scenarios: dict[str, Scenario]) -> None:
    """What differs only in something that a scenario cannot name survives, and that is said."""
    rule = SMALLEST.rules["action.serve"]
    assert isinstance(rule, ActionRule)
    when = {"drink": ("tea",), "guest": ("not-known",)}
    late = evolve(rule, id="action.late", rule="action.late", extent="late", when=when)
    ruleset = evolve(SMALLEST, rules={**SMALLEST.rules, late.id: late})
    surviving = survivors(mutate(ruleset, scenarios.values()))
    assert surviving["action.late/condition-dropped/guest"] == (
        "It matters where the guest is here, but no part of a scenario can show it."
    )


def test_an_undated_deadline_is_told_by_the_dates_beside_it() -> None:
    """A deadline without a date, added where there is another, is shown by the other's due date."""
    rule = SMALLEST.rules["deadline.tea"]
    assert isinstance(rule, DeadlineRule)
    when = {"guest": ("not-here",)}
    undated = evolve(rule, id="deadline.undated", rule="deadline.undated", within=None, when=when)
    ruleset = evolve(SMALLEST, rules={**SMALLEST.rules, undated.id: undated})
    surviving = survivors(
        mutate(ruleset, [Scenario(says="Nothing is looked at.", expect=Expected())])
    )
    assert surviving["deadline.undated/value/guest: here"] == (
        "Write a scenario in which the guest is not here, and expect 'tea-served' under deadlines; "
        "the rule deadline.undated applies there."
    )
    both = evolve(undated, when={"drink": ("tea",)}, under={"T1": ("wait",)})
    ruleset = evolve(SMALLEST, rules={**SMALLEST.rules, undated.id: both})
    surviving = survivors(
        mutate(ruleset, [Scenario(says="Nothing is looked at.", expect=Expected())])
    )
    assert "guest-comes is 2018-06-28" in surviving["deadline.undated/condition-dropped/T1"]
    assert "'due: 2018-07-12' of tea-served" in surviving["deadline.undated/condition-dropped/T1"]


def test_what_changes_nothing_is_equivalent(scenarios: dict[str, Scenario]) -> None:
    """A condition that every case meets may go: that is no survivor, whatever scenarios say."""
    rule = SMALLEST.rules["action.serve"]
    when = {**rule.when, "guest": ("here", "not-here", "not-known")}
    idle = evolve(rule, when=when, under={"T1": ("wait",)})
    ruleset = evolve(SMALLEST, rules={**SMALLEST.rules, rule.id: idle})
    mutation = mutate(ruleset, scenarios.values())
    fates = {result.mutant.id: result.status for result in mutation.results}
    assert fates["action.serve/condition-dropped/guest"] is MutantStatus.EQUIVALENT
    # The host serves only where there is tea, and where tea waits it is for a guest who is here.
    assert fates["action.serve/value/guest: [here, not-known]"] is MutantStatus.EQUIVALENT
    assert fates["action.serve/condition-dropped/drink"] is MutantStatus.KILLED
    assert survivors(mutation).keys() == {"action.serve/condition-dropped/T1"}


def test_what_the_loader_refuses_is_counted_apart() -> None:
    """What two rules both decide, or no statement says so strongly, is refused and not killed."""
    fates = {result.mutant.id: result for result in mutate(LOANS, LOANS_SCENARIOS).results}
    both = fates["gravity.reserved/override-dropped/gravity.light"]
    assert (both.status, "in the same case" in both.reason) == (MutantStatus.REFUSED, True)
    strong = fates["option.renew/modality/likely"]
    assert (strong.status, "'may' at most" in strong.reason) == (MutantStatus.REFUSED, True)


def test_another_hit_policy_is_judged() -> None:
    """What one policy refuses another allows: of rules that never meet, all give the same."""
    fates = {result.mutant.id: result for result in mutate(LOANS, LOANS_SCENARIOS).results}
    hits = {
        id_: result.status for id_, result in fates.items() if result.mutant.kind is MutantKind.HIT
    }
    assert set(hits.values()) == {MutantStatus.EQUIVALENT}
    leave = load_ruleset(RULESETS / "leave-days")
    both = Scenario(says="Nothing is looked at.", expect=Expected())
    results = {result.mutant.id: result for result in mutate(leave, [both]).results}
    unique = next(result for id_, result in results.items() if id_.endswith("/hit/unique"))
    assert unique.status is MutantStatus.REFUSED
    assert "in the same case" in unique.reason
    assert not any(id_.endswith("/hit/first") for id_ in results)  # only a table has an order


def test_a_table_needs_its_hit_policy(tmp_path: Path) -> None:
    """Of a table whose first row wins, the loader refuses any other hit policy."""
    ruleset = stage(copied(EDITION, tmp_path), "first", "-")
    tester = MutantTester.of(ruleset, [])
    hits = [
        mutant
        for mutant in mutants_of(ruleset)
        if mutant.of == "judgement-stage" and "/hit/" in mutant.id
    ]
    assert [hit.id.rpartition("/")[2] for hit in hits] == ["unique", "any"]
    for mutant in hits:
        assert tester.loader.refuses(mutant, mutant.made_of(ruleset)), mutant.id


def test_every_guarantee_made_weaker_is_noticed() -> None:
    """The edition's scenarios notice each guarantee that rules out less, and no other mistake."""
    shipped = shipped_ruleset()
    cases = [scenario for scenario in load_scenarios(ruleset=shipped) if scenario.expect.guarantees]
    tester = MutantTester.of(shipped, cases)
    weaker = [mutant for mutant in mutants_of(shipped) if mutant.kind is MutantKind.GUARANTEE]
    assert len(weaker) > 100
    fates = {mutant.id: tester.test(mutant)[0] for mutant in weaker}
    assert {id_ for id_, fate in fates.items() if fate != MutantStatus.KILLED} == set()


@pytest.mark.parametrize("ruleset", [LOANS, SMALLEST], ids=["loans", "smallest"])
def test_what_is_left_out_would_not_matter(
    ruleset: Ruleset, scenarios: dict[str, Scenario]
) -> None:
    """A scenario that is not run passes, one that kills fails, and the loader refuses the rest."""
    known = LOANS_SCENARIOS if ruleset is LOANS else tuple(scenarios.values())
    tester = MutantTester.of(ruleset, known)
    for mutant in mutants_of(ruleset):
        mutated = mutant.made_of(ruleset)
        concerned = [run.scenario for run, _ in tester.concerned(mutant)]
        says = {scenario.says for scenario in concerned}
        rest = [scenario for scenario in known if scenario.says not in says]
        assert [scenario.says for scenario in rest if not passes(scenario, mutated)] == [], (
            mutant.id
        )
        status, reason = tester.test(mutant)
        if status is not MutantStatus.REFUSED:
            failing = (scenario.says for scenario in concerned if not passes(scenario, mutated))
            killer = reason if status is MutantStatus.KILLED else None
            assert next(failing, None) == killer, mutant.id
        if mutant.is_of_rule:
            whole = tester.loader.problem(mutated, list(mutated.rules.values()))
            assert bool(tester.loader.refuses(mutant, mutated)) == bool(whole), mutant.id


UNREAD = {
    "O1/register/statements/plan.1": "that expects under sentences: O1: plan.1, plan.2",
    "quarter/register/title": "that expects under sentences: The time between two monitoring "
    "visits: 3 months after last-monitoring-visit",
    "looked-at/register/labels/inspection": "that expects under sentences: Inspection",
    "due-soon/choice/15 days": "on the first day on which something is due soon and one on the day "
    "before, and expect status_label of each under deadlines.",
    "due-soon/choice/removed": "that expects under sentences: Soon: 14 days",
    "report-received/order/without/fieldwork-ended": "in which 'report-received' comes before "
    "'fieldwork-ended', and expect what is wrong under refused.",
    "action-plan-sent/order/with/draft-plan-shared": "in which 'action-plan-sent' comes before "
    "'draft-plan-shared', and expect its plan, as nothing is wrong.",
}
"""The scenario that is missing, by the mistake in what is beside the rules."""


def test_sentences_orders_and_choices_that_no_scenario_reads_are_told() -> None:
    """A rewritten register, another order and a choice survive, each with what to expect."""
    ruleset = load_ruleset(RULESETS / "ilacs")
    soon = Choice(id="due-soon", title="Soon", choice="14 days", why="Ours.")
    ruleset = ruleset.evolve(choices={**ruleset.choices, soon.id: soon})
    scenarios = load_scenarios(RULESETS / "ilacs", ruleset=ruleset)
    read = [scenario for scenario in scenarios if "registers.yaml" in scenario.place]
    rest = [scenario for scenario in scenarios if scenario not in read]
    planted = [mutant for mutant in mutants_of(ruleset) if mutant.id in UNREAD]
    fates = {mutant.id: MutantTester.of(ruleset, rest).test(mutant) for mutant in planted}
    assert fates == {
        id_: (MutantStatus.SURVIVED, f"Write a scenario {missing}")
        for id_, missing in UNREAD.items()
    }
    tester = MutantTester.of(ruleset, scenarios)
    unnoticed = {mutant.id for mutant in planted if tester.test(mutant)[0] != MutantStatus.KILLED}
    assert unnoticed == {id_ for id_ in UNREAD if id_.startswith("due-soon/")}


def test_a_scenario_that_fails_stops_everything(scenarios: dict[str, Scenario]) -> None:
    """Where a scenario fails before anything is changed, no mutant is said to be killed by it."""
    rule = SMALLEST.rules["action.serve"]
    assert isinstance(rule, ActionRule)
    weaker = evolve(rule, modality=Modality.USUALLY)
    ruleset = evolve(SMALLEST, rules={**SMALLEST.rules, rule.id: weaker})
    with pytest.raises(NcpiRulesError, match="fails before anything is changed: A guest is served"):
        mutate(ruleset, scenarios.values())


def test_what_is_told_meanwhile(scenarios: dict[str, Scenario]) -> None:
    """Whoever waits is told after each mutant how many are done, and of how many."""
    steps: list[tuple[int, int]] = []
    mutation = mutate(
        SMALLEST, scenarios.values(), progress=lambda done, of: steps.append((done, of))
    )
    number = len(mutation.results)
    assert steps == [(done, number) for done in range(1, number + 1)]


def test_the_shipped_scenarios_are_enough() -> None:
    """The scenarios of the shipped edition notice every mistake of a sample."""
    shipped = shipped_ruleset()
    mutation = mutate(shipped, load_scenarios(ruleset=shipped), every=15)
    assert survivors(mutation) == {}
    assert mutation.is_sufficient


# --- the command ----------------------------------------------------------------------------------


def test_the_command_is_content(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where none survives the exit status is 0 and the numbers stand in one sentence."""
    assert main(["mutate", str(folder)]) == 0
    out, err = capsys.readouterr()
    number = len(mutants_of(SMALLEST))
    assert out.startswith(f"{number} mistakes tried: ")
    assert out.endswith(" without effect, 0 not noticed.\n")
    assert err == ""


def test_the_command_tells_survivors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where one survives the exit status is 1, and the scenario stands under its rule."""
    file = folder / "scenarios" / "all.yaml"
    file.write_text(COMPLETE.rpartition("  - says:")[0], encoding="utf-8")
    assert main(["mutate", str(folder)]) == 1
    out, _ = capsys.readouterr()
    assert out.startswith("drink.all-the-same  (")
    assert "\n- The rule drink.all-the-same was removed.\n    Write a scenario in which" in out
    assert main(["mutate", str(folder), "--format", "json"]) == 1
    plain = json.loads(capsys.readouterr().out)
    assert plain["survived"] == len(plain["survivors"]) > 0
    assert plain["survivors"][0]["id"] == "drink.all-the-same/rule-dropped"


def test_nothing_to_run_is_no_success(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without scenarios the exit status is 1, and one sentence says why."""
    shutil.rmtree(folder / "scenarios")
    assert main(["mutate", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert "There is no scenario" in err


def test_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sample of nothing, and a scenario that fails unchanged, give exit status 2."""
    assert main(["mutate", str(folder), "--every", "0"]) == 2
    file = folder / "scenarios" / "all.yaml"
    file.write_text(COMPLETE.replace("drink: water", "drink: tea"), encoding="utf-8")
    assert main(["mutate", str(folder), "--every", "10"]) == 2
    assert "fails before anything is changed" in capsys.readouterr().err
