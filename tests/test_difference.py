"""The difference of two rulesets: nothing is told that is not so, and nothing is left out."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from ncpi_rules.cli import STANDARD_INPUT
from ncpi_rules.cli import diff as differing  # pinned: the command is called as Python
from ncpi_rules.compare import RulesetDifference, diff

# pinned: the value of a question that one side lacks
from ncpi_rules.compare.shared_cases import UNASKED
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.engine import Box, Boxes, ReferenceEngine, common, minus, some_case
from ncpi_rules.facts import FollowUp
from ncpi_rules.ruleset import (
    OutcomeRule,
    effect_of,
    load_ruleset,
    patch,
    program_for,
    shipped_ruleset,
)
from ncpi_rules.scenarios import Mutant, MutantKind, mutants_of
from tests.strategies import cases, every_case, made_rulesets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hypothesis.strategies import DataObject

    from ncpi_rules.compare import RuleChange
    from ncpi_rules.ruleset import Ruleset

RULESETS = Path(__file__).parent / "rulesets"
EXAMPLES = Path(__file__).parent.parent / "examples" / "follow-ups"
SMALL = {
    name: load_ruleset(RULESETS / name)
    for name in ("smallest", "leave-days", "sellers-approval", "library-loans")
}
LOANS, SMALLEST = SMALL["library-loans"], SMALL["smallest"]
SHIPPED = shipped_ruleset()
MUTANTS = {name: mutants_of(ruleset) for name, ruleset in SMALL.items()}
SHIPPED_MUTANTS = mutants_of(SHIPPED)
NOT_FULL = "not-settled, post-inspection-visit, post-inspection-review"
FOUR_MONTHS = {
    "deadline.revisit": {
        "when": {"tier": {NOT_FULL: {"within": "4 months after report-published"}}}
    }
}


def follows(ruleset: Ruleset, engine: ReferenceEngine, case: Mapping[str, str]) -> set[object]:
    """Return all that follows in a shared case, by the reference engine."""
    asked = {
        name: ruleset.interpretations[name].ours if value == UNASKED else value
        for name, value in case.items()
        if name in ruleset.facts or name in ruleset.interpretations
    }
    unsaid = {id_: fact.left_out or fact.unknown for id_, fact in ruleset.facts.items()}
    ours = {id_: interpretation.ours for id_, interpretation in ruleset.interpretations.items()}
    fired = engine.evaluate({**unsaid, **ours, **asked}).fired
    return {effect_of(ruleset.rules[id_]) for id_ in fired}


def lies_in(case: Mapping[str, str], boxes: Iterable[Box]) -> bool:
    """Return True where a case lies in one of the boxes."""
    return any(all(case[fact] in values for fact, values in box.items()) for box in boxes)


def is_right(difference: RulesetDifference, among: Iterable[Mapping[str, str]]) -> bool:
    """Return whether some of the cases differ; refuse a difference that is wrong in one."""
    a, b = (ReferenceEngine(program_for(ruleset)) for ruleset in (difference.a, difference.b))
    some = False
    for case in among:
        then, now = follows(difference.a, a, case), follows(difference.b, b, case)
        here = [change for change in difference.changes if lies_in(case, change.cases)]
        gone = [effect_of(change.before) for change in here if change.before is not None]
        come = [effect_of(change.after) for change in here if change.after is not None]
        assert sorted(map(str, gone)) == sorted(map(str, then - now))  # each is told once
        assert sorted(map(str, come)) == sorted(map(str, now - then))
        assert lies_in(case, difference.cases) is (then != now)
        some = some or then != now
    return some


def told_where(difference: RulesetDifference, change: RuleChange) -> Boxes:
    """Return the cases that the shorter form of a change means."""
    # pinned: both sides and their shared cases have no public face
    sides = difference._comparison.a, difference._comparison.b
    return tuple(
        meeting
        for box in change.where
        for meeting in common(*(side.cases_of(box) for side in sides))
    )


@given(data=st.data())
def test_a_mutant_differs_exactly_where_it_does(data: DataObject) -> None:
    """The difference to a mutant is what a search through all cases finds, or none."""
    name = data.draw(st.sampled_from(sorted(SMALL)))
    mutant = data.draw(st.sampled_from(MUTANTS[name]))
    ruleset = SMALL[name]
    difference = diff(ruleset, mutant.made_of(ruleset))
    values = difference._comparison.shared.inputs
    assert is_right(difference, every_case(values)) is bool(difference.changes)
    assert difference  # what was changed is told, even where the result is the same


@pytest.mark.long
@settings(max_examples=settings().max_examples // 2)  # each takes a quarter of a second
@given(mutant=st.sampled_from(SHIPPED_MUTANTS), data=st.data())
def test_a_mutant_of_the_edition_differs_where_it_is_told(mutant: Mutant, data: DataObject) -> None:
    """For the shipped edition the same holds in cases that are told, and in any others."""
    difference = diff(SHIPPED, mutant.made_of(SHIPPED))
    values = difference._comparison.shared.inputs
    drawn = [data.draw(cases(values)) for _ in range(3)]
    inside = [some_case(box, values) for entry in difference.changes[:8] for box in entry.cases[:2]]
    assert is_right(difference, [*inside, *drawn]) or not difference.changes
    assert difference
    for change in difference.changes:
        assert lies_in(change.example, change.cases)


@given(data=st.data())
def test_the_shorter_form_means_the_same_cases(data: DataObject) -> None:
    """Where a change is told over outcomes, too, it means the very cases that it holds.

    Two mistakes are made, so that outcomes and what rests on them may both differ.
    """
    name = data.draw(st.sampled_from(sorted(SMALL)))
    once = data.draw(st.sampled_from(MUTANTS[name])).made_of(SMALL[name])
    difference = diff(SMALL[name], data.draw(st.sampled_from(mutants_of(once))).made_of(once))
    values = difference._comparison.shared.inputs
    assert is_right(difference, every_case(values)) is bool(difference.changes)
    for change in difference.changes:
        cases = told_where(difference, change)
        assert not minus(cases, change.cases, values)
        assert not minus(change.cases, cases, values)


@given(ruleset=made_rulesets(most_cases=100), data=st.data())
def test_made_rulesets_differ_exactly_where_they_do(ruleset: Ruleset, data: DataObject) -> None:
    """Whatever the rules, and however many are taken away, the difference is the search's."""
    ids = data.draw(st.sets(st.sampled_from(sorted(ruleset.rules)))) if ruleset.rules else set()
    rules = {
        id_: evolve(
            rule, outranks=tuple(outranked for outranked in rule.outranks if outranked in ids)
        )
        for id_, rule in ruleset.rules.items()
        if id_ in ids
    }
    difference = diff(ruleset, evolve(ruleset, rules=rules))
    assert is_right(difference, every_case(difference._comparison.shared.inputs)) is bool(
        difference.changes
    )
    assert bool(difference) is (rules != ruleset.rules)


def without(ruleset: Ruleset, name: str, values: frozenset[str]) -> Ruleset:
    """Return a ruleset whose vocabulary lacks a fact, an interpretation or values of a fact."""
    whole = name in ruleset.interpretations or values >= ruleset.facts[name].values.keys()
    rules = {}
    for id_, rule in ruleset.rules.items():
        changed: dict[str, Any] = {}
        for part in ("when", "under"):
            tests = dict(getattr(rule, part))
            if whole:
                tests.pop(name, None)
            elif name in tests:
                tests[name] = tuple(value for value in tests[name] if value not in values)
            changed[part] = tests
        if all(values for tests in changed.values() for values in tests.values()):
            rules[id_] = evolve(rule, **changed)
    rules = {
        id_: evolve(
            rule, outranks=tuple(outranked for outranked in rule.outranks if outranked in rules)
        )
        for id_, rule in rules.items()
    }
    if whole:
        facts = {id_: fact for id_, fact in ruleset.facts.items() if id_ != name}
        interpretations = {
            id_: interpretation
            for id_, interpretation in ruleset.interpretations.items()
            if id_ != name
        }
        return evolve(ruleset, facts=facts, interpretations=interpretations, rules=rules)
    fact = ruleset.facts[name]
    left = {value: says for value, says in fact.values.items() if value not in values}
    return evolve(ruleset, facts={**ruleset.facts, name: evolve(fact, values=left)}, rules=rules)


@given(data=st.data(), backwards=st.booleans())
def test_what_only_one_has_is_not_said(data: DataObject, backwards: bool) -> None:  # noqa: FBT001
    """Of a fact, value or interpretation that one of them lacks, a shared case says nothing."""
    name = data.draw(st.sampled_from(sorted([*LOANS.facts, *LOANS.interpretations])))
    lost: frozenset[str] = frozenset()
    if name in LOANS.facts:
        fact = LOANS.facts[name]
        others = sorted(fact.values.keys() - {fact.unknown, fact.left_out})
        lost = data.draw(
            st.sampled_from([frozenset(fact.values), *(frozenset({w}) for w in others)])
        )
    mutant = data.draw(st.sampled_from(MUTANTS["library-loans"]))
    pair = [LOANS, without(mutant.made_of(LOANS), name, lost)]
    difference = diff(*(reversed(pair) if backwards else pair))
    assert is_right(difference, every_case(difference._comparison.shared.inputs)) is bool(
        difference.changes
    )
    side = "second" if backwards else "first"
    assert any(
        f"'{name}'" in sentence and side in sentence for sentence in difference.vocabulary
    ) or any(
        f"interpretation {name} is in the {side} ruleset only" in interpretation
        for interpretation in difference.interpretations
    )


def test_what_rests_on_an_outcome_that_differs() -> None:
    """Where an outcome and a rule that tests it both change, each is told where it is so."""
    draft = patch(
        LOANS,
        {
            "gravity.light": {"then": "grave"},
            "action.telephone": {"when": {"gravity": ["light"]}},
        },
    )
    difference = diff(LOANS, draft)
    assert is_right(difference, every_case(difference._comparison.shared.inputs))
    for change in difference.changes:
        cases = told_where(difference, change)
        assert not minus(change.cases, cases, difference._comparison.shared.inputs)
        assert not minus(cases, change.cases, difference._comparison.shared.inputs)


@pytest.mark.parametrize("name", SMALL)
def test_our_own_answers_are_compared_unasked(name: str) -> None:
    """Another answer of ours is compared where none is asked for, and where one is."""
    for mutant in MUTANTS[name]:
        if mutant.kind is MutantKind.INTERPRETATION:
            difference = diff(SMALL[name], mutant.made_of(SMALL[name]))
            values = difference._comparison.shared.inputs
            assert is_right(difference, every_case(values))
            assert all(UNASKED in box[mutant.of] for box in difference.cases)


@pytest.mark.long
@pytest.mark.parametrize("name", ["reinspection", "tier-chosen", "suspension"])
def test_what_is_left_out_has_its_value(name: str) -> None:
    """Of a record that only one of them knows, a shared case has none: the value for left out."""
    difference = diff(SHIPPED, without(SHIPPED, name, frozenset(SHIPPED.facts[name].values)))
    values = difference._comparison.shared.inputs
    every = list(
        every_case({fact: options for fact, options in values.items() if fact in SHIPPED.facts})
    )
    ours = {id_: interpretation.ours for id_, interpretation in SHIPPED.interpretations.items()}
    assert is_right(difference, [{**case, **ours} for case in every[:: len(every) // 50]])


@pytest.mark.parametrize("outcome", LOANS.outcomes)
@pytest.mark.parametrize("backwards", [False, True])
def test_an_outcome_that_only_one_has(outcome: str, backwards: bool) -> None:  # noqa: FBT001
    """What rests on an outcome that the other does not decide is compared by the facts below it."""
    rules = {
        id_: evolve(
            rule,
            when={fact: values for fact, values in rule.when.items() if fact != outcome},
            outranks=(),
        )
        for id_, rule in LOANS.rules.items()
        if getattr(rule, "decides", "") != outcome
    }
    outcomes = {id_: known for id_, known in LOANS.outcomes.items() if id_ != outcome}
    pair = [LOANS, evolve(LOANS, outcomes=outcomes, rules=rules)]
    difference = diff(*(reversed(pair) if backwards else pair))
    assert is_right(difference, every_case(difference._comparison.shared.inputs))
    # Nothing follows from another outcome where all that both decide are decided alike.
    assert difference._comparison.changed_outcomes or not any(
        change.is_consequence for change in difference.changes
    )


def test_rulesets_with_nothing_in_common_can_be_compared() -> None:
    """Of two rulesets without a shared fact, there is one shared case; the vocabulary is told."""
    difference = diff(SMALLEST, LOANS)
    assert difference.affected == (1, 1)
    assert is_right(difference, [{}])
    assert any(
        "'guest' is in the first ruleset only" in sentence for sentence in difference.vocabulary
    )


@pytest.mark.parametrize("ruleset", [*SMALL.values(), SHIPPED])
def test_a_ruleset_does_not_differ_from_itself(ruleset: Ruleset) -> None:
    """Equal rulesets differ in nothing, and one sentence says so."""
    difference = diff(ruleset, evolve(ruleset))
    assert not difference
    assert (difference.changes, difference.cases, difference.affected[0]) == ((), (), 0)
    assert difference.sentences == ("The two rulesets are the same.",)


@pytest.mark.parametrize("name", SMALL)
def test_whatever_has_another_fingerprint_is_told(name: str) -> None:
    """Each mutant has another digest than its ruleset, and each is told in some sentence."""
    ruleset = SMALL[name]
    untold = [m.id for m in MUTANTS[name] if not diff(ruleset, m.made_of(ruleset))]
    assert untold == []


# --- what is said ---------------------------------------------------------------------------------


def test_a_changed_limit_is_one_sentence() -> None:
    """A ceiling of four months is told in one sentence: where, what, and instead of what."""
    difference = diff(SHIPPED, patch(SHIPPED, FOUR_MONTHS))
    totals, says, *_ = difference.sentences
    assert totals.startswith(
        "The result changes in 1,465,344 of 3,732,480 cases under our own answers"
    )
    assert says.startswith(
        "Where no earlier revisit is recorded, or it is not known whether there has been an "
        "earlier revisit; and the type of follow-up is to be decided or a post-inspection visit or "
        "a post-inspection review (and in others, under other answers to interpretations): the "
        "first day of the revisit: now due within 4 months after publication of the inspection "
        "report (was 6 months). For example: "
    )


def test_an_alert_that_says_something_else_is_quoted_as_it_was_and_is() -> None:
    """Of an alert with another sentence, both sentences are told, each in quotation marks once."""
    sentences = diff(SHIPPED, patch(SHIPPED, {"revisit-ceiling": "4 months"})).sentences
    alert = "Inspectors have not yet reviewed the action plan; the {} after publication do not wait"
    before, after = alert.format("six months"), alert.format("four months")
    says = f": the alert '{before} for it' now says '{after} for it'."
    assert [says in sentence for sentence in sentences].count(True) == 1


def test_what_follows_from_another_outcome_is_told_as_that() -> None:
    """A rule that decides an outcome is told first; what rests on the outcome is counted."""
    difference = diff(SHIPPED, patch(SHIPPED, {"tier.visit": None}))
    _, where, rests = difference.sentences
    assert "no rule decides the type of follow-up any more; it was a post-inspection visit" in where
    assert rests.startswith("What depends on the type of follow-up changes with it: 16 actions")
    assert {
        change.is_consequence
        for change in difference.changes
        if isinstance(change.rule, OutcomeRule)
    } == {False}
    assert {
        change.is_consequence
        for change in difference.changes
        if not isinstance(change.rule, OutcomeRule)
    } == {True}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"drink.tea": {"id": "drink.hot"}}, "'drink.tea' is now called 'drink.hot'; the result "),
        ({"drink.tea": {"title": "Tea"}}, "'drink.tea' differs in its title."),
        (
            {"drink.tea": {"statements": ["tea.1", "tea.2"]}},
            "'drink.tea' differs in its statements.",
        ),
        ({"T1": "serve"}, "Our answer to interpretation T1 is now 'serve' (was 'wait')."),
        ({"T1": {"why": "x"}}, "the interpretation T1 is now 'x' (was 'Tea grows cold.')"),
        ({"settings": {"edition": "x"}}, "The setting 'edition' is now 'x' (was 'made-up')."),
        ({"drink.tea": {"then": "water"}}, "is now water (follows from the methodology); it was"),
        ({"drink.water": {"modality": "must"}}, "served is now stated as 'must' (was 'may')"),
        ({"action.serve": None}, ("Where what is served is tea: no longer: the host must serve "
"tea.")),
        ({"action.serve": {"modality": "may"}}, "the modality is now 'may' (was 'must')"),
        (
            {"action.two": {"decides": "actions", "title": "x", "by": "host", "does": "serve",
                          "modality": "may", "statements": ["tea.2"]}},
            "In every case: new: the host may serve tea.",
        ),
        (
            {"deadline.tea": {"within": None, "before": "guest-comes"}},
            "now due before the guest comes (was within 2 weeks after the guest comes)",
        ),
    ],
)  # fmt: skip
def test_each_difference_is_told(changes: dict[str, Any], says: str, tmp_path: Path) -> None:
    """Each kind of difference has a sentence of its own."""
    folder = tmp_path / "smallest"
    shutil.copytree(RULESETS / "smallest", folder)
    statements = folder / "statements.yaml"
    text = statements.read_text("utf-8").replace("modality: may", "modality: must")
    statements.write_text(text, "utf-8")
    ruleset = load_ruleset(folder)
    difference = diff(ruleset, patch(ruleset, changes))
    assert [sentence for sentence in difference.sentences if says in sentence]


def test_a_choice_by_an_interpretation_is_told() -> None:
    """Where a choice follows an interpretation, another answer of ours is told for every plan."""
    says = diff(SHIPPED, patch(SHIPPED, {"R8": "moves-to-the-working-day-before"})).settings
    assert len(says) == 1
    assert says[0] == (
        "In every plan, the choice 'due-date-not-working' comes to "
        "'moves-to-the-working-day-before' (was 'stands')."
    )
    assert diff(SHIPPED, patch(SHIPPED, {"due-date-not-working": "stands"})).sentences == (
        "The result is the same in every case; the differences are in the settings.",
        "The choice 'due-date-not-working' is now 'stands' (was 'R8').",
    )


def test_every_kind_of_mutant_is_told() -> None:
    """For every kind of mistake there is a mutant whose difference names what was changed."""
    for kind in MutantKind:
        loans = next((mutant for mutant in MUTANTS["library-loans"] if mutant.kind is kind), None)
        if loans is not None:
            assert diff(LOANS, loans.made_of(LOANS)).sentences
        else:  # a guarantee that can be weakened, which the loans have not
            mutant = next(mutant for mutant in SHIPPED_MUTANTS if mutant.kind is kind)
            assert diff(SHIPPED, mutant.made_of(SHIPPED)).sentences


def test_vocabulary_statements_and_guarantees_are_told() -> None:
    """What differs beside the rules is told by name, in either direction."""
    fact = evolve(SMALLEST.facts["guest"], title="A guest", unknown="not-here")
    tea = evolve(SMALLEST.events["tea-served"], source="fieldwork.ends", not_before=())
    other = evolve(
        SMALLEST,
        facts={"guest": fact},
        events={"tea-served": tea, "guest-comes": SMALLEST.events["guest-comes"]},
        fields_without_a_fact={"note": "shown"},
        topics={},
        statements={k: v for k, v in SMALLEST.statements.items() if k != "tea.3"},
        hits={"drink": "any"},
        guarantees=SHIPPED.guarantees,
        before_headings="x",
    )
    says = "\n".join(diff(SMALLEST, other).sentences)
    for expected in (
        "'title' of the fact 'guest' is now 'A guest' (was 'The guest').",
        "'unknown' of the fact 'guest' is now 'not-here' (was 'not-known').",
        "The events of the vocabulary are in another order.",
        "'from' of the event 'tea-served' is now 'fieldwork.ends' (was 'further').",
        "'not_before' of the event 'tea-served' is now empty (was 'guest-comes').",
        "What the field 'note' is for, without a fact, is now 'shown' (was empty).",
        "The topic 'cake' is in the first ruleset only.",
        "The number of rules that may decide 'drink' is now 'any' (was 'unique').",
        "The statement 'tea.3' is in the first ruleset only.",
        "are in the second ruleset only.",
        "The headings of the methodology differ.",
        (
            "The result is the same in every case; the differences are in the vocabulary and "
            "the statements or guarantees."
        ),
    ):
        assert expected in says


def test_a_changed_statement_or_guarantee_is_told_line_by_line() -> None:
    """What a statement or a guarantee says is quoted as it is and as it was; of many, the names."""
    visit, wins = SHIPPED.statements["visit.1"], SHIPPED.guarantees["decision-wins"]
    other = SHIPPED.evolve(
        statements={**SHIPPED.statements, "visit.1": evolve(visit, summary="Nothing follows.")},
        guarantees={**SHIPPED.guarantees, "decision-wins": evolve(wins, interpretations="ours")},
    )
    assert diff(SHIPPED, other).sentences[1:] == (
        f"'summary' of the statement 'visit.1' is now 'Nothing follows.' (was '{visit.summary}').",
        "'interpretations' of the guarantee 'decision-wins' is now 'ours' (was 'every').",
    )
    same = {id_: evolve(known, summary="Same.") for id_, known in SHIPPED.statements.items()}
    (says,) = diff(SHIPPED, SHIPPED.evolve(statements=same)).sentences[1:]
    assert says.startswith("The statements 'title.1', ")
    assert says.endswith(" are different.")


def test_what_only_one_ruleset_knows_is_not_said_to_change_nothing() -> None:
    """A rule on a fact that the other ruleset lacks: the fact is named, and no more is said."""
    weather = evolve(SMALLEST.facts["guest"], id="rain", source="further", unknown="not-known")
    rule = evolve(
        SMALLEST.rules["action.serve"],
        id="action.rain",
        rule="action.rain",
        when={"rain": ("here",)},
    )
    other = SMALLEST.evolve(
        facts={**SMALLEST.facts, "rain": weather}, rules={**SMALLEST.rules, rule.id: rule}
    )
    difference = diff(SMALLEST, other)
    assert difference.summary == (
        "The result is the same in every case that both rulesets know; the differences are in the "
        "vocabulary and the wording of the rules. What follows from 'rain', which only one of them "
        "knows, or knows in full, is not compared."
    )
    assert difference.wording == (
        (
            "The rule 'action.rain' is in the second ruleset only; what follows from 'rain' is not "
            "compared."
        ),
    )


def test_a_difference_is_data() -> None:
    """A difference can be written as JSON, with the cases and an example of each change."""
    difference = diff(SHIPPED, patch(SHIPPED, FOUR_MONTHS))
    plain = json.loads(json.dumps(difference.to_dict()))
    assert plain["affected"] == 1_465_344
    change = plain["changes"][0]
    assert change["before"] == change["after"] == "deadline.revisit"
    assert change["cases"]
    assert set(change["example"]) == {*SHIPPED.facts, *SHIPPED.interpretations}


# --- a caseload -----------------------------------------------------------------------------------


def test_a_caseload_is_counted() -> None:
    """Who is affected is told by name and force, with totals; who is not, is not."""
    late = {"inspection_report": {"published": "2018-06-28"}, "fieldwork": {"begins": "2018-12-01"}}
    caseload = {
        "late.yaml": FollowUp.from_dict({"force": "kent", **late}),
        "other.yaml": FollowUp.from_dict(
            {
                "force": "gwent",
                "decisions": [
                    {"decision": "full-reinspection", "by": "x", "on": "2018-09-01", "why": "y"}
                ],
            }
        ),
    }
    changes = {**FOUR_MONTHS, "settings": {"edition": "four-months"}}
    of_patch = diff(SHIPPED, patch(SHIPPED, changes)).impact(caseload, on="2019-01-31")
    assert [follow_up.name for follow_up in of_patch.affected] == ["late.yaml"]
    assert of_patch.totals == {"deadlines": 1, "alerts": 1}
    assert of_patch.summary[0] == (
        "1 of 2 follow-ups is affected: 1 with other deadlines and 1 with other alerts."
    )
    assert "Kent Police (late.yaml):" in str(of_patch).splitlines()
    assert json.loads(json.dumps(of_patch.to_dict()))["affected"] == 1


def test_who_cannot_be_compared_is_told() -> None:
    """A follow-up whose values one of the rulesets lacks is listed apart, and not counted."""
    other = without(SHIPPED, "findings", frozenset({"broadly-positive"}))
    report = {"findings": "broadly-positive"}
    follow_up = FollowUp.from_dict({"force": "kent", "inspection_report": report})
    of_patch = diff(SHIPPED, other).impact([follow_up], on="2019-01-31")
    assert (len(of_patch.affected), len(of_patch.not_compared)) == (0, 1)
    assert "1 could not be compared." in of_patch.summary
    assert any("'broadly-positive' is not a value" in line for line in str(of_patch).splitlines())


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def draft(tmp_path: Path) -> str:
    """Return the folder of a draft of the shipped edition, with a ceiling of four months."""
    folder = tmp_path / "draft"
    shutil.copytree(RULESETS.parent.parent / "rulesets" / "ncpi-follow-up" / "as-published", folder)
    file = folder / "parameters.yaml"
    text = file.read_text("utf-8").replace("period: 6 months", "period: 4 months")
    file.write_text(text, encoding="utf-8")
    return str(folder)


def test_the_command_tells_the_difference(draft: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints how both fingerprints begin, the sentences, and who is affected."""
    status = differing.diff("ncpi-follow-up", draft, cases=[str(EXAMPLES)], on="2021-04-01")
    printed = " ".join(capsys.readouterr().out.split())
    assert status == 0
    assert SHIPPED.digest[:12] in printed
    assert (
        "now due within 4 months after publication of the inspection report (was 6 months)"
        in printed
    )
    assert "and interpretation R7 is answered 'last-day' (and in others, under other" in printed
    assert f"of {len(list(EXAMPLES.glob('*.yaml')))} follow-ups are affected" in printed


def test_the_command_tells_nothing_where_nothing_differs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two rulesets that say the same give one sentence, and no error."""
    assert differing.diff("ncpi-follow-up", "ncpi-follow-up") == 0
    assert "The two rulesets are the same." in capsys.readouterr().out


def test_the_command_gives_data(
    draft: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As JSON the same is told; a file that cannot be used is named, and the rest compared."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("force: nowhere\n", encoding="utf-8")
    files = [str(bad), str(EXAMPLES / "gwent-2019.yaml")]
    status = differing.diff("ncpi-follow-up", draft, cases=files, on="2021-04-01", format_="json")
    printed = capsys.readouterr()
    plain = json.loads(printed.out)
    assert (status, plain["impact"]["follow_ups"]) == (1, 1)
    assert "bad.yaml:1:8" in printed.err
    assert printed.err.count("nowhere") == 1


def test_the_command_compares_two_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """One ruleset may be compared under another answer, as a draft with that answer would be."""
    assert differing.diff("ncpi-follow-up", interpretation=["R1=refer"], format_="json") == 0
    plain = json.loads(capsys.readouterr().out)
    difference = diff(SHIPPED, patch(SHIPPED, {"R1": "refer"}))
    assert plain == json.loads(json.dumps(difference.to_dict()))
    assert plain["interpretations"] == [
        "Our answer to interpretation R1 is now 'refer' (was 'concern-decides')."
    ]
    with pytest.raises(NcpiRulesError, match="'reefer' is not an answer"):
        differing.diff("ncpi-follow-up", interpretation=["R1=reefer"])
    with pytest.raises(NcpiRulesError, match="There is no second ruleset"):
        differing.diff("ncpi-follow-up")


def test_the_command_takes_folders_with_broken_files(
    draft: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """YAML and JSON in a folder are compared; what is broken is told, counted, and the status 1."""
    folder = tmp_path / "cases"
    folder.mkdir()
    shutil.copy(EXAMPLES / "gwent-2019.yaml", folder)
    surrey = FollowUp.load(EXAMPLES / "surrey-2015.yaml")
    (folder / "surrey.json").write_text(surrey.to_json(), encoding="utf-8")
    (folder / "broken.yml").write_text("force: [\n", encoding="utf-8")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "notes.txt").write_text("No follow-up.", encoding="utf-8")
    status = differing.diff("ncpi-follow-up", draft, cases=[str(folder)], on="2021-04-01")
    printed = capsys.readouterr()
    text = " ".join(printed.out.split())
    assert status == 1
    assert "2 of 2 follow-ups are affected" in text
    assert "2 files could not be used: " in text
    assert printed.err.count("broken") == 2
    assert "Gwent Police" in text
    assert "Surrey Police" in text
    shutil.rmtree(folder)
    assert differing.diff("ncpi-follow-up", draft, cases=[str(folder)], on="2021-04-01") == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "No follow-up could be compared. 1 file could not be used" in text


def test_the_command_reads_standard_input_once(
    draft: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A follow-up that is piped in is assessed by both rulesets."""
    raw = io.BytesIO((EXAMPLES / "gwent-2019.yaml").read_bytes())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(raw))
    status = differing.diff("ncpi-follow-up", draft, cases=[STANDARD_INPUT], on="2021-04-01")
    assert status == 0
    assert "1 of 1 follow-up is affected" in capsys.readouterr().out


def test_a_difference_can_be_shown(draft: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each form holds every sentence and who is affected; HTML loads nothing from elsewhere."""
    other = without(SHIPPED, "findings", frozenset({"broadly-positive"}))
    report = {"findings": "broadly-positive"}
    apart = FollowUp.from_dict({"force": "kent", "inspection_report": report})
    difference = diff(SHIPPED, other)
    impact = difference.impact([apart], on="2019-01-31")
    forms = [
        difference.to_text(impact),
        difference.to_markdown(impact),
        difference.to_html(impact),
        impact._repr_html_(),
    ]
    for shown in forms:
        assert "Follow-ups that could not be compared".casefold() in shown.casefold()
        assert "1 could not be compared" in shown
        assert "src=" not in shown
    assert max(map(len, difference.to_text(impact, width=80).splitlines())) <= 80
    for shown in (*forms[:3], difference._repr_html_()):
        for says in difference.sentences:
            if "'" not in says and len(says) < 60:
                assert says in shown
    for form, begins in (("html", "<!DOCTYPE html>"), ("markdown", "# The difference of")):
        assert differing.diff("ncpi-follow-up", draft, format_=form) == 0  # type: ignore[arg-type]
        assert capsys.readouterr().out.startswith(begins)
    assert str(impact).splitlines()[: len(impact.summary)] == list(impact.summary)


def test_the_command_refuses_what_makes_no_sense(tmp_path: Path) -> None:
    """A day without follow-ups, and a folder without any, are refused with a way out."""
    with pytest.raises(NcpiRulesError, match="There is no follow-up to assess"):
        differing.diff("ncpi-follow-up", "ncpi-follow-up", on="2021-04-01")
    with pytest.raises(NcpiRulesError, match="no follow-up in"):
        differing.diff("ncpi-follow-up", "ncpi-follow-up", cases=[str(tmp_path)])
