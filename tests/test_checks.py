"""What is proved of a ruleset: faults planted one by one, and small rulesets tried case by case."""

from __future__ import annotations

import datetime
import re
import shutil
from itertools import combinations, pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ncpi_rules.checks import (
    CODES,
    CaseDescriber,
    Finding,
    RulesetAnalysis,
    check,
    deadline_chains,  # pinned: its span of days is shortened
    effects_of_answers,
    quick_check,
)
from ncpi_rules.checks.deadlines import (  # pinned: the search for circles is tried alone
    DAYS,
    EventLimit,
    deadline_findings,
    event_limits,
    find_circles,
    is_short,
)
from ncpi_rules.checks.guarantees import guarantee_findings  # pinned: one check is tried alone

# pinned: each check is tried alone
from ncpi_rules.checks.outcomes import gap_findings, outcome_findings
from ncpi_rules.core import (
    Basis,
    Calendar,
    DueDatePolicy,
    Modality,
    PartialDate,
    RulesetError,
    day_of,
)
from ncpi_rules.engine import EngineRule, Program, ReferenceEngine
from ncpi_rules.io import read_file
from ncpi_rules.ruleset import (
    ActionRule,
    Always,
    DeadlineRule,
    DocumentRule,
    FollowsOrder,
    Includes,
    NeverStronger,
    NeverWithout,
    NoLaterThan,
    OnlyWhere,
    OutcomeRule,
    Timing,
    effect_of,
    load_ruleset,
    program_for,
)
from tests.strategies import calendars, every_case, made_guarantees, made_rulesets, timings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.engine import Evaluation
    from ncpi_rules.ruleset import Guarantee, Rule, Ruleset

HERE = Path(__file__).parent
SHIPPED = HERE.parent / "rulesets" / "ncpi-follow-up" / "as-published"
SELLERS = HERE / "rulesets" / "sellers-approval"
LEAVE = HERE / "rulesets" / "leave-days"
FOLDERS = {"ncpi-follow-up": SHIPPED, "library-loans": HERE / "rulesets" / "library-loans"}
FAULTS: dict[str, Any] = {
    entry["fault"]: entry
    for entry in read_file(HERE / "planted-faults.yaml", RulesetError).data["faults"]
}
unhurried = settings(deadline=None)


def planted(folder: Path, fault: Mapping[str, Any]) -> Path:
    """Return a copy of a ruleset in which some texts are replaced, or others added at the end."""
    ignored = shutil.ignore_patterns("scenarios", "approvals.yaml")
    shutil.copytree(FOLDERS[fault["ruleset"]], folder, ignore=ignored)
    for edit in fault["edits"]:
        path = folder / edit["file"]
        text = path.read_text("utf-8") if path.is_file() else ""
        before, after = edit.get("instead_of", ""), edit.get("put", "")
        assert text.count(before) == 1 or not before, (edit, text.count(before))
        path.write_text(text.replace(before, after) if before else text + after, "utf-8")
    return folder


def findings_of(folder: Path) -> list[Finding]:
    """Return what is found in a ruleset, its places within the folder."""
    base = f"{folder.as_posix()}/"
    return [
        attrs.evolve(finding, place=finding.place.replace(base, "")) for finding in check(folder)
    ]


@pytest.mark.parametrize(("within", "is_kept"), [("3 weeks", True), ("20 days", False)])
def test_a_guaranteed_date_may_be_kept_by_a_chain_of_deadlines(
    within: str,
    is_kept: bool,  # noqa: FBT001  a case
    tmp_path: Path,
) -> None:
    """The fee is due with the item, and the item three weeks after it was lent, and no sooner."""
    guarantee = (
        "guarantees:\n  - id: wanted\n    says: It is so.\n    guarantee: no-later-than\n"
        f"    event: fee-settled\n    within: {within} after item-lent\n"
        "    when: {response: formal-letter}\n"
    )
    edits = [{"file": "guarantees.yaml", "put": guarantee}]
    findings = findings_of(
        planted(tmp_path / "loans", {"ruleset": "library-loans", "edits": edits})
    )
    codes = [finding.code for finding in findings]
    assert codes == ([] if is_kept else ["guarantee-broken"]) + ["number-written-out"]


# --- planted faults -------------------------------------------------------------------------------


def test_a_fault_of_every_kind_is_planted() -> None:
    """No code, no kind of name and no kind of guarantee is without a planted fault."""
    codes = {finding["code"] for fault in FAULTS.values() for finding in fault.get("findings", [])}
    assert codes == set(CODES) - {"not-signed", "approval-stale", "scenario-fails"}
    texts = "\n".join(e["says"] for fault in FAULTS.values() for e in fault.get("findings", []))
    for kind in ("party", "event", "activity", "document", "topic"):
        assert f"No rule uses the {kind} " in texts
    text = (HERE / "planted-faults.yaml").read_text("utf-8")
    kinds = {"always", "never-without", "follows-order", "includes", "no-later-than"}
    assert set(re.findall(r"guarantee: ([-a-z]+)", text)) >= kinds


def evaluated(ruleset: Ruleset, witness: Mapping[str, str]) -> Iterator[Evaluation]:
    """Yield what the reference says of cases that are as a witness says, and else as they like."""
    program = program_for(ruleset)
    assert set(witness) <= set(program.values)
    chance = Random(7)  # noqa: S311  which cases are tried is no secret
    reference = ReferenceEngine(program)
    for _ in range(40):
        rest = {fact: chance.choice(values) for fact, values in program.values.items()}
        yield reference.evaluate({**rest, **witness})


def names_in(text: str) -> list[str]:
    """Return the names between quotation marks in a sentence."""
    return re.findall(r"'([^' ]+)'", text)


def shows(ruleset: Ruleset, finding: Finding, case: Evaluation) -> bool:
    """Return True where a case shows what a finding says."""
    named = names_in(finding.message)
    rules = ruleset.rules
    match finding.code:
        case "gap":
            deciding = {id_ for id_, r in rules.items() if getattr(r, "decides", "") == named[0]}
            return not deciding & case.fired
        case "rule-adds-nothing":
            same = {id_ for id_, r in rules.items() if effect_of(r) == effect_of(rules[named[0]])}
            return named[0] in case.fired and bool(same - {named[0]})
        case "deadlines-impossible" | "deadlines-in-a-circle":
            return {name for name in named if name in rules} <= case.fired
        case "event-never-happens":
            steps = [r for r in ruleset.of_kind(ActionRule) if r.completes == named[1]]
            return named[0] in case.fired and not any(step.id in case.fired for step in steps)
    return True


WITNESSED = {
    "gap",
    "rule-adds-nothing",
    "deadlines-impossible",
    "deadlines-in-a-circle",
    "event-never-happens",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, tmp_path: Path) -> None:
    """Each fault is told with its code, its place, this message and this help, and nothing else is.

    In every case that is as its witness says, the reference engine shows what is found.
    """
    fault = FAULTS[name]
    folder = planted(tmp_path / "copy", fault)
    findings = findings_of(folder)
    expected = fault.get("findings", [])
    assert [(finding.code, finding.message, finding.help) for finding in findings] == [
        (row["code"], row["says"], row["help"]) for row in expected
    ]
    for finding, row in zip(findings, expected, strict=True):
        where = finding.place if ":" in row["place"] else finding.place.partition(":")[0]
        assert where == row["place"]
    if any(finding.witness for finding in findings):
        ruleset = load_ruleset(folder)
        for finding in findings:
            _assert_its_witness_is_right(ruleset, finding)


def _assert_its_witness_is_right(ruleset: Ruleset, finding: Finding) -> None:
    if finding.code in WITNESSED:
        cases = list(evaluated(ruleset, finding.witness))
        assert all(shows(ruleset, finding, case) for case in cases), finding
    if finding.code == "guarantee-broken":
        guarantee = ruleset.guarantees.get(names_in(finding.message)[0])
        if guarantee is not None:  # the one that every ruleset has is tried in test_unknown
            assert is_broken_there(ruleset, guarantee, finding.witness), finding


@pytest.mark.parametrize("name", ["an overlap", "an overlap in the edition"])
def test_both_rules_of_an_overlap_fit_the_case(name: str) -> None:
    """The case that is told fits what both rules test, as the files are and with the edit."""
    fault = FAULTS[name]
    original = load_ruleset(FOLDERS[fault["ruleset"]])
    message = fault["findings"][0]["says"]
    parts = message.partition(" both apply when ")[2].rstrip(".").split(", and ")
    case = {
        id_: value
        for id_, fact in original.facts.items()
        for value, says in fact.values.items()
        if says in parts
    }
    case |= dict(re.findall(r"interpretation (\w+) is '([^']+)'", message))
    assert len(case) == len(parts)
    edited = fault["edits"][0].get("put", "")

    def fits(rule: Rule) -> bool:
        wrong = [f for f, values in rule.tests.items() if f in case and case[f] not in values]
        return all(f"{fact}:" in edited and case[fact] in edited for fact in wrong)

    for id_ in names_in(message)[1:3]:
        assert any(map(fits, original.cases[id_]))


@pytest.mark.parametrize("name", [*FOLDERS, "leave-days"])
def test_a_clean_ruleset_is_silent(name: str) -> None:
    """Nothing is found in a ruleset that is sound."""
    assert check({**FOLDERS, "leave-days": LEAVE}[name]) == ()


def test_a_ruleset_that_is_nowhere_is_no_finding(tmp_path: Path) -> None:
    """A name or a folder that is not there is an error; a file that is missing is a finding."""
    for nowhere in ("ncpi-folow-up", tmp_path / "none", tmp_path):
        with pytest.raises(RulesetError):
            check(nowhere)
    folder = planted(tmp_path / "copy", {"ruleset": "library-loans", "edits": []})
    folder.joinpath("statements.yaml").unlink()
    (finding,) = findings_of(folder)
    assert (finding.code, finding.place) == ("cannot-be-read", "statements.yaml")
    assert finding.page == "docs/findings/cannot-be-read.md"
    assert str(finding).startswith("statements.yaml: This file is missing. [cannot-be-read]\n")
    assert len({finding, finding}) == 1


# --- other people's decision tables ---------------------------------------------------------------


def test_the_dead_row_of_a_published_table_is_found() -> None:
    """Of GoRules' sample for the approval of sellers, the row that never counts is named."""
    assert [(finding.code, names_in(finding.message)[0]) for finding in findings_of(SELLERS)] == [
        ("dead-rule", "row.6"),
        ("outcome-never-reached", "accepted-95"),
    ]


def test_the_overlapping_rows_of_a_published_table_are_found(tmp_path: Path) -> None:
    """Of the days of leave, every pair of rows that give different days to one case is named."""
    folder = tmp_path / "copy"
    shutil.copytree(LEAVE, folder)
    rules = folder / "1-extra-days.yaml"
    text = re.sub(r"    outranks:\n(      - .+\n)+", "", rules.read_text("utf-8"))
    rules.write_text(text, "utf-8")
    findings = findings_of(folder)
    assert {finding.code for finding in findings} == {"overlap"}
    pairs = [tuple(names_in(finding.message)[1:3]) for finding in findings]
    days = [pair for pair in pairs if not any("not-known" in name for name in pair)]
    assert days == [
        ("leave.five-when-young", "leave.two-by-service"),
        ("leave.five-by-age", "leave.two-by-service"),
        ("leave.five-by-age", "leave.two-by-age"),
        ("leave.five-by-service", "leave.two-by-age"),
    ]


# --- small rulesets, case by case -----------------------------------------------------------------


def said_in_every_case(ruleset: Ruleset) -> list[tuple[dict[str, str], Evaluation]]:
    """Return every case with what the reference says of it."""
    program = program_for(ruleset)
    reference = ReferenceEngine(program)
    return [(case, reference.evaluate(case)) for case in every_case(program.values)]


def without(program: Program, id_: str) -> Program:
    """Return a program in which there is no such rule."""
    return Program(
        values=program.values,
        decided=program.decided,
        otherwise=program.otherwise,
        rules=[
            EngineRule(
                id=rule.id,
                when=rule.when,
                concludes=rule.concludes,
                outranked_by=rule.outranked_by - {id_},
            )
            for rule in program.rules
            if rule.id != id_
        ],
    )


def effects(ruleset: Ruleset, fired: frozenset[str]) -> set[object]:
    """Return all that the rules that apply do."""
    return {effect_of(ruleset.rules[id_]) for id_ in fired}


@given(made_rulesets())
@unhurried
def test_gaps_and_idle_rules_are_those_that_no_case_refutes(ruleset: Ruleset) -> None:
    """Gaps, dead rules, rules that add nothing and outcomes never reached: all, and no other."""
    ground, cases = RulesetAnalysis.of(ruleset), said_in_every_case(ruleset)
    gaps = {finding.place: finding for finding in gap_findings(ground)}
    lacking = set()
    for outcome in ruleset.outcomes:
        deciding = {r.id for r in ruleset.of_kind(OutcomeRule) if r.decides == outcome}
        open_ = [case for case, evaluation in cases if not deciding & evaluation.fired]
        if open_:
            lacking.add(outcome)
            matching = [e for case, e in cases if gaps[outcome].witness.items() <= case.items()]
            assert matching
            assert not any(deciding & evaluation.fired for evaluation in matching)
    assert len(gaps) == len(lacking)

    listed = list(outcome_findings(ground))
    alive = frozenset().union(*(evaluation.fired for _, evaluation in cases))
    count = {code: sum(finding.code == code for finding in listed) for code in CODES}
    assert count["dead-rule"] == len(ruleset.rules.keys() - alive)
    idle = 0
    for id_ in alive:
        reference = ReferenceEngine(without(ground.program, id_))
        idle += all(
            effects(ruleset, evaluation.fired) == effects(ruleset, reference.evaluate(case).fired)
            for case, evaluation in cases
        )
    assert count["rule-adds-nothing"] == idle
    reached = {
        (fact, value) for _, evaluation in cases for fact, value in evaluation.decided.items()
    }
    never = [
        value
        for id_, outcome in ruleset.outcomes.items()
        for value in outcome.values
        if value != outcome.none and (id_, value) not in reached
    ]
    assert count["outcome-never-reached"] == len(never)
    vain = 0
    for id_ in alive:
        for other in ruleset.rules[id_].outranks:
            box = ground.rules[other].when
            vain += not any(
                id_ in evaluation.fired
                and all({**case, **evaluation.decided}[f] in values for f, values in box.items())
                for case, evaluation in cases
            )
    assert count["exception-without-effect"] == vain


@given(made_rulesets())
@unhurried
def test_an_interpretation_matters_where_it_changes_what_follows(ruleset: Ruleset) -> None:
    """Another answer matters if, and only if, some case has other effects under it."""
    said = {tuple(case.items()): decided for case, decided in said_in_every_case(ruleset)}
    for effect in effects_of_answers(ruleset):
        ours = ruleset.interpretations[effect.interpretation].ours
        changed = False
        for case, evaluation in said.items():
            if dict(case)[effect.interpretation] == ours:
                other = said[tuple({**dict(case), effect.interpretation: effect.answer}.items())]
                changed |= effects(ruleset, evaluation.fired) != effects(ruleset, other.fired)
        assert bool(effect.cases) == changed


def test_an_interpretation_does_not_matter_in_a_case_that_only_a_third_answer_gives() -> None:
    """What needs an outcome that comes under another answer alone never follows under this one."""
    interpretation = attrs.evolve(
        LOANS.interpretations["L1"], ours="a", answers=dict.fromkeys("abc", "so")
    )
    rules = [
        attrs.evolve(LOANS.rules["gravity.light"], under={"L1": ("b",)}),
        attrs.evolve(LOANS.rules["gravity.none"], under={"L1": ("a", "c")}),
        attrs.evolve(
            LOANS.rules["question.why"], when={"gravity": ("light",)}, under={"L1": ("c",)}
        ),
    ]
    ruleset = attrs.evolve(
        LOANS, rules={rule.id: rule for rule in rules}, interpretations={"L1": interpretation}
    )
    matters = {effect.answer: bool(effect.cases) for effect in effects_of_answers(ruleset)}
    assert matters == {"b": True, "c": False}


def fits(tests: Mapping[str, tuple[str, ...]], facts: Mapping[str, str]) -> bool:
    """Return True where every fact has one of the values tested."""
    return all(facts[fact] in values for fact, values in tests.items())


def broken_cases(
    ruleset: Ruleset, guarantee: Guarantee, cases: list[tuple[dict[str, str], Evaluation]]
) -> list[tuple[dict[str, str], Evaluation]]:
    """Return the cases under the answers under which something is guaranteed, decided facts too."""
    ours = {id_: interpretation.ours for id_, interpretation in ruleset.interpretations.items()}
    return [
        ({**case, **evaluation.decided}, evaluation)
        for case, evaluation in cases
        if guarantee.interpretations == "every" or ours.items() <= case.items()
    ]


def kept_by_hand(ruleset: Ruleset, guarantee: Guarantee) -> bool:
    """Return whether a guarantee is kept, case by case."""
    cases = broken_cases(ruleset, guarantee, said_in_every_case(ruleset))
    match guarantee:
        case Always():
            return all(fits(guarantee.then, f) for f, _ in cases if fits(guarantee.when, f))
        case NeverWithout():
            return all(
                any(fits(ground, facts) for ground in guarantee.without)
                for facts, _ in cases
                if fits(guarantee.outcome, facts)
            )
        case FollowsOrder():
            return follows_order_by_hand(ruleset, guarantee, [facts for facts, _ in cases])
        case Includes():
            return includes_by_hand(ruleset, guarantee, cases)
    raise AssertionError(guarantee)


def follows_order_by_hand(
    ruleset: Ruleset, guarantee: FollowsOrder, cases: list[dict[str, str]]
) -> bool:
    """Return whether no graver value of the fact gives a lighter value of the outcome."""
    outcome = ruleset.outcomes[guarantee.outcome]
    weight = {value: at for at, value in enumerate(w for w in outcome.values if w != outcome.none)}
    names = [*ruleset.facts, *ruleset.interpretations]
    decided = {tuple(facts[f] for f in names): facts[guarantee.outcome] for facts in cases}
    at = names.index(guarantee.fact)
    for case, value in decided.items():
        for less, more in combinations(guarantee.order, 2):
            graver = decided.get((*case[:at], more, *case[at + 1 :]))
            if case[at] == less and value in weight and graver in weight:
                assert graver is not None
                if weight[graver] < weight[value]:
                    return False
    return True


def includes_by_hand(
    ruleset: Ruleset, guarantee: Includes, cases: list[tuple[dict[str, str], Evaluation]]
) -> bool:
    """Return whether no action of a lighter value is missing where the heavier value stands."""
    rules, outranked = ruleset.rules, RulesetAnalysis.of(ruleset).rules

    def holds(id_: str, facts: Mapping[str, str]) -> bool:
        rule = outranked[id_]
        fit = all(facts[f] in values for f, values in rule.when.items())
        return fit and not any(holds(other, facts) for other in rule.outranked_by)

    for rule in ruleset.of_kind(ActionRule):
        same = [
            id_
            for id_, written in rules.items()
            if isinstance(written, ActionRule)
            and written.does == rule.does
            and written.modality.strength >= rule.modality.strength
        ]
        for light, heavy in combinations(guarantee.order, 2):
            lost = any(
                rule.id in evaluation.fired
                and not any(holds(id_, {**facts, guarantee.outcome: heavy}) for id_ in same)
                for facts, evaluation in cases
                if facts[guarantee.outcome] == light
            )
            lacking = any(
                not evaluation.fired & set(same)
                for facts, evaluation in cases
                if facts[guarantee.outcome] == heavy
            )
            if lost and lacking:
                return False
    return True


@given(st.data())
@unhurried
def test_a_guarantee_is_proved_if_no_case_breaks_it(data: st.DataObject) -> None:
    """What is proved is kept in every case; what is refuted is broken in the very case named."""
    ruleset = data.draw(made_rulesets(most_cases=100))
    guarantee = data.draw(made_guarantees(ruleset))
    ruleset = attrs.evolve(ruleset, guarantees={"guarantee": guarantee})
    findings = [
        finding
        for finding in guarantee_findings(RulesetAnalysis.of(ruleset))
        if finding.code == "guarantee-broken"
    ]
    assert (not findings) == kept_by_hand(ruleset, guarantee)
    for finding in findings:
        assert is_broken_there(ruleset, guarantee, finding.witness)


def is_broken_there(ruleset: Ruleset, guarantee: Guarantee, witness: Mapping[str, str]) -> bool:
    """Return whether a guarantee is broken in cases that are as a witness says."""
    reference = ReferenceEngine(program_for(ruleset))
    cases = []
    chance = Random(3)  # noqa: S311  which cases are tried is no secret
    ours = {id_: interpretation.ours for id_, interpretation in ruleset.interpretations.items()}
    fixed = {**(ours if guarantee.interpretations == "ours" else {}), **witness}
    for _ in range(25):
        rest = {f: chance.choice(values) for f, values in reference.program.values.items()}
        cases.append({**rest, **fixed})
    return all(_breaks(ruleset, guarantee, reference, case) for case in cases)


def _breaks(
    ruleset: Ruleset, guarantee: Guarantee, reference: ReferenceEngine, case: Mapping[str, str]
) -> bool:
    evaluation = reference.evaluate(case)
    facts = {**case, **evaluation.decided}
    match guarantee:
        case Always():
            return fits(guarantee.when, facts) and not fits(guarantee.then, facts)
        case NeverWithout():
            return fits(guarantee.outcome, facts) and not any(
                fits(ground, facts) for ground in guarantee.without
            )
        case FollowsOrder():
            values = list(ruleset.outcomes[guarantee.outcome].values)
            none = ruleset.outcomes[guarantee.outcome].none
            results = [
                reference.evaluate({**case, guarantee.fact: value}).decided[guarantee.outcome]
                for value in guarantee.order
            ]
            return any(
                none not in (less, more) and values.index(more) < values.index(less)
                for less, more in combinations(results, 2)
            )
        case Includes():
            return facts[guarantee.outcome] in guarantee.order
        case NoLaterThan():
            return fits(guarantee.when, facts)
    return True


# --- guarantees of days, and of strength ----------------------------------------------------------

LOANS = load_ruleset(FOLDERS["library-loans"])


def with_deadlines(*rules: DeadlineRule, guarantee: Guarantee) -> Ruleset:
    """Return the loans with these deadlines only, and a guarantee."""
    others = {id_: r for id_, r in LOANS.rules.items() if not isinstance(r, DeadlineRule)}
    return attrs.evolve(
        LOANS,
        rules=dict(sorted({**others, **{rule.id: rule for rule in rules}}.items())),
        guarantees={guarantee.id: guarantee},
    )


def deadline(id_: str, text: str, **more: Any) -> DeadlineRule:
    """Return a deadline for the reply."""
    lines: dict[str, Any] = {
        "id": id_,
        "title": id_,
        "by": "library",
        "event": "reply-received",
        "within": Timing.from_text(text),
        "modality": Modality.MUST,
        "statements": ("delay.1",),
        "working_days": LOANS.calendar,
    }
    return DeadlineRule(**{**lines, **more})


PERIODS = st.builds(
    "{} {} after letter-sent".format,
    st.integers(0, 7),
    st.sampled_from(["days", "weeks", "months", "working days"]),
)


@given(PERIODS, PERIODS)
@unhurried
def test_a_due_date_is_proved_for_every_day(rule: str, guarantee: str) -> None:
    """An event is never later than guaranteed if no day of two years gives a later due date."""
    span = range(PartialDate.read("2019").start, PartialDate.read("2020").end + 1)
    within = Timing.from_text(guarantee)
    ruleset = with_deadlines(
        deadline("reply", rule),
        guarantee=NoLaterThan(id="p", says="So.", event="reply-received", within=within),
    )
    (own,) = deadline("reply", rule).bounds
    (wanted,) = deadline("wanted", guarantee).bounds
    later = [d for d in span if own.moved(d) > wanted.moved(d)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deadline_chains, "DAYS", (span,))
        findings = list(guarantee_findings(RulesetAnalysis.of(ruleset)))
    assert len(findings) == bool(later)
    if later:
        day = day_of(later[0])
        assert findings[0].message.endswith(f"is {day.day} {day.format('MMMM YYYY')}.")


def test_a_due_date_is_needed_in_every_case() -> None:
    """Where a deadline holds in some cases only, the guarantee is broken in one of the others."""
    guarantee = NoLaterThan(
        id="p",
        says="So.",
        event="reply-received",
        within=Timing.from_text("2 weeks after letter-sent"),
    )
    late = deadline("late", "2 weeks after letter-sent", when={"return": ("very-late",)})
    rest = deadline(
        "rest", "1 week after letter-sent", when={"return": ("in-time", "a-little-late")}
    )
    ruleset = with_deadlines(late, rest, guarantee=guarantee)
    (finding,) = guarantee_findings(RulesetAnalysis.of(ruleset))
    assert finding.witness["return"] == "not-known"
    other = deadline("other", "14 days after letter-sent", when={"return": ("not-known",)})
    ruleset = with_deadlines(late, rest, other, guarantee=guarantee)
    assert list(guarantee_findings(RulesetAnalysis.of(ruleset))) == []


def test_what_the_lighter_needs_besides_may_never_be_there_with_the_heavier() -> None:
    """An action follows from the heavier value too where it does so in each of its cases.

    It is lost where some case with the heavier word has no such action, or none as strong.
    """
    said = {id_: LOANS.rules[id_] for id_ in ("gravity.light", "gravity.grave")}
    step: ActionRule = LOANS.rules["action.telephone"]  # type: ignore[assignment]

    def telephones(gravity: str, **more: Any) -> ActionRule:
        when = {"gravity": (gravity,), **more.pop("when", {})}
        return attrs.evolve(
            step, id=f"telephone.{gravity}", rule=f"telephone.{gravity}", when=when, **more
        )

    def broken(*steps: ActionRule) -> bool:
        guarantee = Includes(
            id="p", says="So.", outcome="gravity", order=("light", "grave"), of="actions"
        )
        rules = {**said, **{step.id: step for step in steps}}
        ruleset = attrs.evolve(LOANS, rules=rules, guarantees={"p": guarantee})
        assert kept_by_hand(ruleset, guarantee) != bool(
            list(guarantee_findings(RulesetAnalysis.of(ruleset)))
        )
        return not kept_by_hand(ruleset, guarantee)

    little, much = {"return": ("a-little-late",)}, {"return": ("very-late",)}
    light = telephones("light", when=little)
    assert not broken(light, telephones("grave", when=much))
    assert not broken(light, telephones("grave"))
    assert broken(light)
    assert broken(light, telephones("grave", modality=Modality.MAY))
    assert broken(light, telephones("grave", when={"borrower": ("child",)}))
    assert not broken(telephones("grave"))


def test_a_deadline_that_gives_no_date_keeps_no_guarantee() -> None:
    """'Before' an event gives no due date, so it does not prove that there is one."""
    within = Timing.from_text("0 days after letter-sent")
    guarantee = NoLaterThan(id="p", says="So.", event="reply-received", within=within)
    for rule, is_kept in (
        (deadline("reply", "1 day after b", within=None, before="letter-sent"), False),
        (deadline("reply", "1 day after b", within=None, no_later_than="letter-sent"), True),
    ):
        findings = list(
            guarantee_findings(RulesetAnalysis.of(with_deadlines(rule, guarantee=guarantee)))
        )
        assert (not findings) == is_kept


def test_what_was_decided_is_told_only_where_it_is_not_as_guaranteed() -> None:
    """Of several outcomes guaranteed together, the one that is kept is not named."""
    then = {"gravity": ("light",), "response": ("formal-letter",)}
    when = {"return": ("a-little-late",), "reservation": ("none-recorded",)}
    guarantee = Always(id="p", says="So.", when=when, then=then)
    ruleset = attrs.evolve(LOANS, guarantees={"p": guarantee})
    (finding,) = guarantee_findings(RulesetAnalysis.of(ruleset))
    assert finding.message.count(": ") == 1
    assert finding.message.endswith(": what the library does is a reminder.")


def codes_of(ruleset: Ruleset, *rules: DeadlineRule) -> list[str]:
    """Return what is found in the deadlines of a ruleset that has these alone."""
    others = {id_: r for id_, r in ruleset.rules.items() if not isinstance(r, DeadlineRule)}
    changed = attrs.evolve(ruleset, rules={**others, **{rule.id: rule for rule in rules}})
    return [finding.code for finding in deadline_findings(RulesetAnalysis.of(changed))]


@pytest.mark.parametrize(
    ("limit", "codes"),
    [
        ({"within": Timing.from_text("2 weeks before item-lent")}, ["due-too-early"]),
        ({"at_least": Timing.from_text("1 working day before item-lent")}, ["due-too-early"]),
        ({"before": "item-lent"}, ["due-too-early"]),
        ({"no_later_than": "item-lent"}, []),  # on the very day
        ({"within": Timing.from_text("2 weeks after item-lent")}, []),
        ({"no_earlier_than": "item-lent"}, []),
        ({"within": Timing.from_text("2 weeks before item-due")}, []),
    ],
)
def test_nothing_is_due_before_everything_begins(limit: dict[str, Any], codes: list[str]) -> None:
    """A deadline cannot count back from the first event, unless its own is listed before that."""
    rule = deadline("back", "1 day after b", **{"within": None, **limit})
    assert codes_of(LOANS, rule) == codes
    events = {"reply-received": LOANS.events["reply-received"], **LOANS.events}
    assert codes_of(attrs.evolve(LOANS, events=events), rule) == []


def test_the_beginning_is_found_without_a_setting() -> None:
    """Where no event selects the edition, it is the one before which none of the others comes."""
    rule = deadline("back", "2 weeks before item-lent")
    unset = attrs.evolve(LOANS, settings=attrs.evolve(LOANS.settings, selected_by=""))
    assert codes_of(unset, rule) == []
    lent = {
        id_: event if id_ == "item-lent" else attrs.evolve(event, not_before=("item-lent",))
        for id_, event in LOANS.events.items()
    }
    assert codes_of(attrs.evolve(unset, events=lent), rule) == ["due-too-early"]


def test_nothing_is_due_before_what_must_come_first() -> None:
    """A deadline cannot lie before an event that its own event cannot precede, by any chain."""
    events = {
        **LOANS.events,
        "letter-sent": attrs.evolve(LOANS.events["letter-sent"], not_before=("item-due",)),
        "reply-received": attrs.evolve(LOANS.events["reply-received"], not_before=("letter-sent",)),
    }
    ruleset = attrs.evolve(LOANS, events=events)
    rule = deadline("back", "2 weeks before item-due")
    assert codes_of(LOANS, rule) == []
    assert codes_of(ruleset, rule) == ["due-too-early"]


def test_a_due_date_before_everything_by_a_chain_is_impossible() -> None:
    """A deadline that counts back from another one is due too early where it passes the first."""
    other = deadline(
        "other",
        "1 day after b",
        event="renewal-asked-for",
        within=None,
        at_least=Timing.from_text("2 weeks before reply-received"),
    )
    assert codes_of(LOANS, other, deadline("late", "1 week after item-lent")) == [
        "deadlines-impossible"
    ]
    assert codes_of(LOANS, other, deadline("late", "2 weeks after item-lent")) == []


def test_a_rule_that_says_more_breaks_the_guarantee() -> None:
    """A rule that is stronger than its statements breaks the guarantee, however it came there."""
    guarantee = NeverStronger(id="p", says="So.")
    telephone: ActionRule = LOANS.rules["action.telephone"]  # type: ignore[assignment]
    gravity: OutcomeRule = LOANS.rules["gravity.none"]  # type: ignore[assignment]
    judged = attrs.evolve(gravity, basis=Basis.DECIDED)
    for rule, expected in (
        (attrs.evolve(telephone, modality=Modality.MUST), "say 'usually' at most"),
        (attrs.evolve(telephone, statements=("aim.1",)), "ask for nothing"),
    ):
        # What people decide is passed over, and what comes after it is not.
        rules = {judged.id: judged, **LOANS.rules, judged.id: judged, rule.id: rule}
        ruleset = attrs.evolve(LOANS, rules=rules, guarantees={"p": guarantee})
        (finding,) = guarantee_findings(RulesetAnalysis.of(ruleset))
        assert finding.message.endswith(f"says '{rule.modality}', and its statements {expected}.")
    ruleset = attrs.evolve(LOANS, guarantees={"p": guarantee})
    assert list(guarantee_findings(RulesetAnalysis.of(ruleset))) == []


@pytest.mark.parametrize(
    ("naming", "when", "at_most", "said"),
    [
        ("telephone", {"reservation": ("by-another-reader",)}, Modality.USUALLY, None),
        ("telephone", {}, Modality.MUST, None),
        ("telephone", {"reservation": ("none-recorded",)}, Modality.MUST, "applies"),
        ("borrower-in-person", {"gravity": ("grave",)}, Modality.MUST, None),
        ("borrower-in-person", {"gravity": ("light",)}, Modality.MUST, "applies"),
        ("delay.5", {"gravity": ("light", "grave")}, Modality.EXPECTED, "says 'usually'"),
    ],
)
def test_something_is_asked_for_only_where_a_guarantee_says_so(
    naming: str, when: dict[str, tuple[str, ...]], at_most: Modality, said: str | None
) -> None:
    """A rule that names it and applies elsewhere, or speaks more strongly, breaks the guarantee.

    Every case is asked by hand as well.
    """
    rule: ActionRule = LOANS.rules["action.telephone"]  # type: ignore[assignment]
    rules = {
        id_: other
        for id_, other in LOANS.rules.items()
        if other is rule or not isinstance(other, (ActionRule, DeadlineRule, DocumentRule))
    }
    guarantee = OnlyWhere(id="p", says="So.", naming=(naming,), when=when, at_most=at_most)
    ruleset = attrs.evolve(LOANS, rules=rules, guarantees={"p": guarantee})
    messages = [finding.message for finding in guarantee_findings(RulesetAnalysis.of(ruleset))]
    assert [message.endswith(f"{said}, and it names '{naming}'.") for message in messages] == (
        [] if said is None else [True]
    )
    cases = broken_cases(ruleset, guarantee, said_in_every_case(ruleset))
    applies = [facts for facts, evaluation in cases if rule.id in evaluation.fired]
    assert applies
    is_kept = all(fits(when, facts) for facts in applies)
    assert (is_kept and rule.modality.strength <= at_most.strength) == (said is None)


# --- deadlines ------------------------------------------------------------------------------------


@given(calendars(), timings(), st.sampled_from(["within", "at_least"]), st.integers(-70, 70))
@example(
    Calendar(extra=frozenset(range(736_000, 736_060))), "1 working day before b", "at_least", 60
)
@unhurried
def test_no_shift_is_below_its_least(calendar: Calendar, timing: str, key: str, near: int) -> None:
    """The number of days by which deadlines are first compared is a true lower bound."""
    day = min(calendar.extra, default=736_000) + near
    lines: dict[str, Any] = {"within": None, key: Timing.from_text(timing)}
    rule = deadline("reply", "1 day after b", working_days=calendar, **lines)
    for policy in DueDatePolicy:
        for edge in event_limits([rule], policy):
            assert edge.last(day) - day >= edge.least


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 2, st.integers(-3, 3)), max_size=7))
def test_circles_are_found_each_once(drawn: list[tuple[int, int, int]]) -> None:
    """Every way that leads back to where it began is found once, from its first event."""
    edges = [
        EventLimit(str(earlier), str(later), days, lambda day: day, rule=f"r{at}")
        for at, (earlier, later, days) in enumerate(drawn)
        if earlier != later
    ]
    listed = list(find_circles(edges, {str(number): number for number in range(4)}))
    rules = [tuple(step.rule for step in circle) for circle in listed]
    assert len(set(rules)) == len(rules)
    for circle in listed:
        events = [step.later for step in circle]
        assert events[0] == min(events)
        assert len(set(events)) == len(events)
        assert all(edge.earlier == other.later for edge, other in pairwise([*circle, circle[0]]))

    def ways(way: tuple[EventLimit, ...]) -> Iterator[tuple[EventLimit, ...]]:
        if way[-1].earlier == way[0].later:
            yield way
            return
        for edge in edges:
            passed = {step.later for step in way}
            if edge.later == way[-1].earlier and edge.later not in passed:
                yield from ways((*way, edge))

    every = {frozenset(e.rule for e in way) for edge in edges for way in ways((edge,))}
    assert {frozenset(rule) for rule in rules} == every


def test_the_day_that_is_named_cannot_be_kept_and_the_one_before_can() -> None:
    """A month is less than 29 days from 31 January, and from no day of that month before it."""
    day = datetime.date(2014, 1, 31).toordinal()
    rules = [
        deadline("short", "1 month after letter-sent"),
        deadline(
            "slow",
            "1 day after b",
            within=None,
            at_least=Timing.from_text("29 days after letter-sent"),
        ),
    ]
    order = {"letter-sent": 0, "reply-received": 1}
    (circle,) = find_circles(event_limits(rules), order)
    assert [
        day_tried for day_tried in range(DAYS.start, day + 1) if is_short(circle, day_tried)
    ] == [day]


# --- sentences ------------------------------------------------------------------------------------


@given(st.integers(1, 3))
def test_a_clause_names_each_value_of_an_outcome(many: int) -> None:
    """Whatever the number of values, the clause of a box says each of them, and no other."""
    values = ("visit", "review", "inspection", "nothing")
    described = CaseDescriber(
        values={"tier": values},
        ours={},
        outcomes={"tier": {value: f"a {value}" for value in values}},
        describe_value=lambda _, value: f"the tier is a {value}",
    )
    clause = described.describe_box({"tier": frozenset(values[:many])})
    assert clause == f"the tier is a {' or a '.join(values[:many])}"


# --- size -----------------------------------------------------------------------------------------


def test_a_ruleset_with_thirty_facts_is_checked_without_its_cases() -> None:
    """No check goes through the cases one by one: there may be far too many."""
    facts = {f"f{at}": attrs.evolve(LOANS.facts["borrower"], id=f"f{at}") for at in range(30)}
    base = LOANS.rules["gravity.none"]
    rules = {
        f"r{at}": attrs.evolve(
            base,
            id=f"r{at}",
            when={f"f{at}": ("child",), **{f"f{number}": ("adult",) for number in range(at)}},
            outranks=(),
        )
        for at in range(30)
    }
    ruleset = attrs.evolve(
        LOANS,
        facts=facts,
        interpretations={},
        outcomes={"gravity": LOANS.outcomes["gravity"]},
        rules=dict(sorted(rules.items())),
    )
    findings = check(ruleset)
    assert quick_check(ruleset)
    (gap,) = (finding for finding in findings if finding.code == "gap")
    assert set(gap.witness.values()) <= {"adult", "not-known"}
    assert not any(finding.code in {"dead-rule", "rule-adds-nothing"} for finding in findings)
