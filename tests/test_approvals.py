"""Sign-off: an approval stands for what was approved, and for nothing that came after it."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ncpi_rules.cli import main
from ncpi_rules.core import Modality, NcpiRulesError, PartialDate, RulesetError, UnknownItemError
from ncpi_rules.io import Source, read_as, read_file, schema, write_yaml
from ncpi_rules.ruleset import load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import (
    Expected,
    ExpectedGuarantee,
    ExpectedItem,
    Scenario,
    load_scenarios,
)
from ncpi_rules.scenarios.runs import planned  # pinned: a scenario's plan has no public face
from ncpi_rules.sign_off import (
    Approval,
    Approvals,
    SignOff,
    approvals_of,
    covered_by,
    covered_by_all,
    load_approvals,
    sign_off,
)
from ncpi_rules.sign_off.approvals import PARTS  # pinned: what else is approved
from tests.strategies import changed
from tests.test_copies import copy_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncpi_rules.ruleset import Ruleset

    # pinned: the type of what the tests compare
    from ncpi_rules.sign_off.approvals import Fingerprints

HERE = Path(__file__).parent
SHIPPED_FOLDER = HERE.parent / "rulesets" / "ncpi-follow-up" / "as-published"
LOANS_FOLDER = HERE / "rulesets" / "library-loans"
RULES = shipped_ruleset()
LOANS = load_ruleset(LOANS_FOLDER)
CASES = load_scenarios(LOANS_FOLDER, ruleset=LOANS)
DAY = PartialDate.read("2026-11-20")


def approved(ruleset: Ruleset, scenarios: Iterable[Scenario] = (), **more: Any) -> list[Approval]:
    """Return approvals of everything as it is."""
    signed = {"by": "A. Officer", "on": DAY, **more}
    return [
        Approval(of=approval.name, fingerprints=approval.fingerprints, **signed)
        for approval in covered_by_all(ruleset, scenarios)
    ]


@cache
def all_approved(*, shipped: bool) -> list[Approval]:
    """Return approvals of everything: in the shipped ruleset without scenarios, or in the loans."""
    return approved(RULES) if shipped else approved(LOANS, CASES)


def stale(status: SignOff, *, parts: bool = False) -> dict[str, tuple[str, ...]]:
    """Return what has changed of each rule and interpretation, or of each part, that is stale."""
    return {
        approval.name: approval.changed(approval.stale[0])
        for approval in status.stale
        if approval.covered.is_part is parts
    }


def with_one(ruleset: Ruleset, key: str, item: Any) -> Ruleset:
    """Return a ruleset with one rule, interpretation or statement in the place of another."""
    parts: dict[str, Any] = {key: {**getattr(ruleset, key), item.id: item}}
    return attrs.evolve(ruleset, **parts)


# --- until something changes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ruleset", "scenarios"), [(RULES, ()), (LOANS, CASES)], ids=["shipped", "loans"]
)
def test_an_approval_stands_while_nothing_changes(
    ruleset: Ruleset, scenarios: tuple[Scenario, ...]
) -> None:
    """All that is approved as it is stands approved, and nothing is found."""
    status = approvals_of(ruleset, approved(ruleset, scenarios), scenarios)
    assert status.current == status.signed
    names = {*ruleset.cases, *ruleset.interpretations, *PARTS}
    assert {approval.name for approval in status.signed} == names
    assert status.findings() == ()
    assert status.summary.startswith("Everything is approved as it is: ")


@given(st.sampled_from(sorted(RULES.rules)), st.sampled_from(["title", "note", "when"]))
def test_a_changed_rule_is_no_longer_approved_and_all_others_are(id_: str, part: str) -> None:
    """Only the rule of which a case changed is stale, and what this case rests on."""
    rule = RULES.rules[id_]
    said: Any = {**rule.when, "another": ("value",)} if part == "when" else "Something else"
    now = with_one(RULES, "rules", attrs.evolve(rule, **{part: said}))
    status = approvals_of(now, all_approved(shipped=True), ())
    interpretations = dict.fromkeys(rule.open_questions, ("the rules that rest on it",))
    assert stale(status) == {rule.rule: ("the rule itself",), **interpretations}
    assert len(status.current) == len(status.signed) - len(status.stale)


def test_every_rule_of_the_edition_goes_stale_by_itself() -> None:
    """Another sentence in any case of a rule makes the fingerprint of that rule another one."""
    for rule in RULES.rules.values():
        now = with_one(RULES, "rules", attrs.evolve(rule, title=f"{rule.title} now"))
        before = fingerprints_of(RULES, rule.rule)
        assert fingerprints_of(now, rule.rule).differing(before) == ("rules",)


@pytest.mark.parametrize("part", ["title", "note", "alert", "ask", "extent"])
def test_every_sentence_of_a_rule_is_signed(part: str) -> None:
    """Another sentence, wherever a rule has it, makes the rule stale; another place does not."""
    rules = [rule for rule in RULES.rules.values() if hasattr(rule, part)]
    assert rules
    for rule in rules:
        before = fingerprints_of(RULES, rule.rule)
        said: Any = {part: "Else.", "place": "else.yaml:1:1"}
        now = with_one(RULES, "rules", attrs.evolve(rule, **said))
        assert fingerprints_of(now, rule.rule).differing(before) == ("rules",)
        now = with_one(RULES, "rules", attrs.evolve(rule, place="else.yaml:1:1"))
        assert fingerprints_of(now, rule.rule) == before


@pytest.mark.parametrize("shipped", [True, False], ids=["shipped", "loans"])
def test_the_vocabulary_that_a_rule_uses_is_signed(shipped: bool) -> None:  # noqa: FBT001  a case
    """Two values whose sentences are swapped make stale what names one of them, and no more."""
    ruleset, scenarios = (RULES, ()) if shipped else (LOANS, CASES)
    for fact in ruleset.facts.values():
        (value, sentence), (other_value, other_sentence), *_ = fact.values.items()
        swapped = attrs.evolve(
            fact, values={**fact.values, value: other_sentence, other_value: sentence}
        )
        now = with_one(ruleset, "facts", swapped)
        naming = [
            rule
            for rule in ruleset.rules.values()
            if not {value, other_value}.isdisjoint(rule.when.get(fact.id, ()))
        ]
        resting = [
            id_
            for id_ in ruleset.interpretations
            if any(id_ in rule.open_questions for rule in naming)
        ]
        names = (*(rule.rule for rule in naming), *resting)
        result = approvals_of(now, all_approved(shipped=shipped), scenarios)
        assert stale(result) == dict.fromkeys(names, ("the vocabulary that it uses",))


@pytest.mark.parametrize(
    ("section", "name", "field"),
    [
        ("parties", "by", "title"),
        ("activities", "does", "title"),
        ("documents", "document", "title"),
        ("events", "event", "title"),
        ("outcomes", "decides", "title"),
    ],
)
def test_what_a_plan_calls_a_thing_is_signed(section: str, name: str, field: str) -> None:
    """Another title of a party, an activity, a document, an event or an outcome is noticed."""
    rule = next(rule for rule in RULES.rules.values() if getattr(rule, name, ""))
    term = getattr(RULES, section)[getattr(rule, name)]
    now = with_one(RULES, section, attrs.evolve(term, **{field: "Something else"}))
    changed_parts = fingerprints_of(now, rule.rule).differing(fingerprints_of(RULES, rule.rule))
    assert changed_parts == ("vocabulary",)


def test_every_part_of_the_edition_is_signed_as_a_whole() -> None:
    """What no rule uses is signed too: a value, an order, a title, a guarantee, a summary."""
    first = next(iter(RULES.facts.values()))
    shuffled = dict([*first.values.items()][::-1])
    events = dict([*RULES.events.items()][::-1])
    guarantee = RULES.guarantees["revisit-within-the-ceiling"]
    weaker = attrs.evolve(guarantee, interpretations="ours", says="Less.")
    statement = next(statement for statement in RULES.statements.values() if statement.no_rule)
    parameter = next(iter(RULES.parameters.values()))
    settings = attrs.evolve(RULES.settings, publisher="Somebody else")
    for part, now in (
        ("vocabulary", with_one(RULES, "facts", attrs.evolve(first, values=shuffled))),
        ("vocabulary", attrs.evolve(RULES, events=events)),
        ("vocabulary", with_one(RULES, "facts", attrs.evolve(first, unknown="else"))),
        ("guarantees", with_one(RULES, "guarantees", weaker)),
        ("guarantees", attrs.evolve(RULES, guarantees={})),
        ("statements", with_one(RULES, "statements", attrs.evolve(statement, summary="Else."))),
        ("settings", with_one(RULES, "parameters", attrs.evolve(parameter, title="Else"))),
        ("settings", attrs.evolve(RULES, settings=settings)),
        ("settings", attrs.evolve(RULES, hits={**RULES.hits, "tier": "any"})),
    ):
        (scope,) = covered_by(now, (), [part])
        (before,) = covered_by(RULES, (), [part])
        assert scope.fingerprints.differing(before.fingerprints) == ("rules",), part
    renamed = attrs.evolve(RULES.settings, id="our-own", edition="proposal")
    now = attrs.evolve(RULES, settings=renamed)
    parts = dict.fromkeys(PARTS)
    assert [scope.fingerprints for scope in covered_by(now, (), parts)] == [
        scope.fingerprints for scope in covered_by(RULES, (), parts)
    ]


def test_no_two_rules_have_the_same_fingerprint() -> None:
    """An approval of one rule can never be taken for that of another."""
    fingerprints = [
        approval.fingerprints.rules
        for approval in covered_by_all(RULES, ())
        if not (approval.is_interpretation or approval.is_part)
    ]
    assert len(set(fingerprints)) == len(RULES.cases) > 50


@pytest.mark.sampled(40)
@pytest.mark.parametrize("part", ["summary", "fingerprint", "modality"])
@pytest.mark.parametrize(
    ("shipped", "id_"),
    [(True, id_) for id_ in RULES.statements] + [(False, id_) for id_ in LOANS.statements],
)
def test_a_changed_statement_makes_stale_what_cites_it(part: str, id_: str, shipped: bool) -> None:  # noqa: FBT001  a case
    """Rules and interpretations that cite it are stale by their statements; no others are."""
    ruleset = RULES if shipped else LOANS
    statement = ruleset.statements[id_]
    other = Modality.MAY if statement.modality is Modality.MUST else Modality.MUST
    said: Any = {"summary": "Else.", "fingerprint": "f" * 64, "modality": other}[part]
    now = with_one(ruleset, "statements", attrs.evolve(statement, **{part: said}))
    status = approvals_of(now, all_approved(shipped=shipped), () if shipped else CASES)
    rules = (rule.rule for rule in ruleset.rules.values() if id_ in rule.statements)
    interpretations = (
        interpretation.id
        for interpretation in ruleset.interpretations.values()
        if id_ in interpretation.statements
    )
    citing = (*rules, *interpretations)
    assert stale(status) == dict.fromkeys(citing, ("its statements",))


@pytest.mark.sampled(33)
@pytest.mark.parametrize("part", ["question", "answers", "why"])
@pytest.mark.parametrize("id_", RULES.interpretations)
def test_a_changed_interpretation_makes_stale_what_rests_on_it(id_: str, part: str) -> None:
    """The interpretation is stale, and a rule that rests on it, unless only the reason changed."""
    interpretation = RULES.interpretations[id_]
    said: Any = "Else?"
    if part == "answers":
        said = {value: f"{says} Yes." for value, says in interpretation.answers.items()}
    now = with_one(RULES, "interpretations", attrs.evolve(interpretation, **{part: said}))
    status = approvals_of(now, all_approved(shipped=True), ())
    resting = [rule.rule for rule in RULES.rules.values() if id_ in rule.open_questions]
    rules = (
        {} if part == "why" else dict.fromkeys(resting, ("the interpretations that it rests on",))
    )
    assert stale(status) == {id_: ("the interpretation itself",), **rules}


@pytest.mark.parametrize("id_", LOANS.interpretations)
def test_another_answer_of_ours_is_another_interpretation(id_: str) -> None:
    """Where we take another answer, it is stale, and so is every rule that rests on it."""
    interpretation = LOANS.interpretations[id_]
    other = next(answer for answer in interpretation.answers if answer != interpretation.ours)
    now = with_one(LOANS, "interpretations", attrs.evolve(interpretation, ours=other))
    outdated = stale(approvals_of(now, all_approved(shipped=False), CASES))
    resting = [rule.id for rule in LOANS.rules.values() if id_ in rule.open_questions]
    assert "the interpretation itself" in outdated[id_]
    assert all("the interpretations that it rests on" in outdated[rule] for rule in resting)


def test_who_has_agreed_an_interpretation_changes_no_approval() -> None:
    """The name that follows from an approval can be written into the register afterwards."""
    for interpretation in RULES.interpretations.values():
        now = with_one(
            RULES, "interpretations", attrs.evolve(interpretation, agreed_by="A. Officer")
        )
        fingerprints = fingerprints_of(now, interpretation.id)
        assert fingerprints == fingerprints_of(RULES, interpretation.id)


def touched(case: Scenario) -> set[str]:
    """Return the rules that apply in a scenario, and the interpretations that matter for it."""
    rules = planned(case, LOANS).decision.evaluation.fired
    resting = {
        interpretation for id_ in rules for interpretation in LOANS.rules[id_].open_questions
    }
    return {*rules, *resting, *case.interpretations}


@pytest.mark.parametrize("at", range(len(CASES)))
def test_a_changed_scenario_makes_stale_what_it_shows(at: int) -> None:
    """Changed, taken away or new: the rules that apply in it are stale, with what they rest on.

    Reworded alone, it makes nothing stale: no plan prints the sentence that names a scenario.
    """
    case, rest = CASES[at], (*CASES[:at], *CASES[at + 1 :])
    expected = dict.fromkeys(touched(case), ("its scenarios",))
    reworded = attrs.evolve(case, says="It is so.")
    more = attrs.evolve(case, expect=attrs.evolve(case.expect, sentences=("It is so.",)))
    assert stale(approvals_of(LOANS, all_approved(shipped=False), (*rest, reworded))) == {}
    for now in ((*rest, more), rest):
        assert stale(approvals_of(LOANS, all_approved(shipped=False), now)) == expected
    assert stale(approvals_of(LOANS, approved(LOANS, rest), CASES)) == expected
    assert expected


def test_what_is_expected_of_another_rule_is_not_approved() -> None:
    """Of single items an approval covers what is expected of its rule; of guarantees, of none."""
    says = "A guarantee and two items are expected."
    items = {name: ExpectedItem(title="It is so.") for name in ("action.letter", "response.letter")}
    facts = {"return": "very-late", "borrower": "adult", "reservation": "none-recorded"}
    case = Scenario(says=says, facts=facts, expect=Expected(items=items))
    before = [
        Approval(of=approval.name, by="A. Officer", on=DAY, fingerprints=approval.fingerprints)
        for approval in covered_by_all(LOANS, [case])
    ]
    for name in items:
        other = {**items, name: ExpectedItem(title="It is not so.")}
        now = attrs.evolve(case, expect=Expected(items=other))
        assert stale(approvals_of(LOANS, before, [now])) == {name: ("its scenarios",)}
    expected = Expected(items=items, guarantees={"delay": ExpectedGuarantee(says="It is so.")})
    now = attrs.evolve(case, expect=expected)
    approved_now = approvals_of(LOANS, before, [now])
    assert (stale(approved_now), stale(approved_now, parts=True)) == (
        {},
        {"guarantees": ("its scenarios",)},
    )


def test_a_scenario_that_asks_for_an_interpretation_belongs_to_it() -> None:
    """That no rule of the interpretation holds in it is what such a scenario may show."""
    asking = attrs.evolve(
        CASES[0], says="It is so.", interpretations={"L1": LOANS.interpretations["L1"].ours}
    )
    assert "L1" not in touched(CASES[0])
    outdated = stale(approvals_of(LOANS, all_approved(shipped=False), (*CASES, asking)))
    assert outdated["L1"] == ("its scenarios",)


def test_what_a_choice_asks_of_an_interpretation_belongs_to_it() -> None:
    """A choice that no longer asks for an interpretation makes its approval stale."""
    chosen = RULES.choices["documents-suggested"]
    id_ = chosen.choice
    changed = {**RULES.choices, chosen.id: attrs.evolve(chosen, choice="none")}
    now = attrs.evolve(RULES, choices=changed)
    outdated = stale(approvals_of(now, all_approved(shipped=True), ()))
    assert outdated == {id_: ("the rules that rest on it",)}


# --- what changes nothing -------------------------------------------------------------------------


def turned(data: Any) -> Any:
    """Return what a file says, its sections, rules, blocks, citations and answers turned round."""
    lists = {"sections", "rules", "outranks", "statements", "rests_on", "interpretations"}
    if isinstance(data, dict):
        return {
            key: turned(value)[::-1]
            if key in {*lists, "parameters", "scenarios"} and isinstance(value, list)
            else turned(value)
            for key, value in reversed(data.items())
        }
    return [turned(entry) for entry in data] if isinstance(data, list) else data


@pytest.mark.parametrize("original", [SHIPPED_FOLDER, LOANS_FOLDER], ids=lambda path: path.name)
def test_comments_and_order_change_no_approval(original: Path, tmp_path: Path) -> None:
    """Files renamed and commented, and all that has no order in another one, stay approved."""
    folder = shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    for path in sorted([*folder.glob("[0-9]-*.yaml"), *folder.glob("[ip]*s.yaml")]):
        text = write_yaml(turned(read_file(path, RulesetError).data))
        path.unlink()
        name = f"a-{9 - int(path.name[0])}.yml" if path.name[0].isdigit() else path.name
        folder.joinpath(name).write_text(f"# A comment.\n{text}", "utf-8")
    for path in sorted(folder.glob("scenarios/*.yaml")):
        text = write_yaml(turned(read_file(path, RulesetError).data))
        path.write_text(f"# A comment.\n{text}", "utf-8")
    before, after = load_ruleset(original), load_ruleset(folder)
    approvals = approved(before, load_scenarios(original, ruleset=before))
    status = approvals_of(after, approvals, load_scenarios(folder, ruleset=after))
    assert stale(status) == {}
    assert status.current == status.signed


# --- what is told ---------------------------------------------------------------------------------


def test_nobody_has_approved_anything_of_the_shipped_edition_yet() -> None:
    """The edition says so plainly, and each rule and interpretation is found at its own place."""
    assert load_approvals() == ()
    counted = f"{len(RULES.cases)} rules, {len(RULES.interpretations)} interpretations and 4 parts"
    summary = f"Nobody has approved anything yet: {counted} are open."
    assert sign_off(RULES, "ncpi-follow-up").summary == summary
    still_open = sign_off(RULES, "ncpi-follow-up").findings()
    assert {finding.code for finding in still_open} == {"not-signed"}
    named = len(RULES.cases) + len(RULES.interpretations) + len(PARTS)
    assert len({finding.place for finding in still_open}) == named
    assert all(re.search(r"\.yaml:\d+:\d+$", finding.place) for finding in still_open)


def fingerprints_of(ruleset: Ruleset, name: str) -> Fingerprints:
    """Return the fingerprints of a rule or an interpretation, without any scenario."""
    (scope,) = covered_by(ruleset, (), [name])
    return scope.fingerprints


def findings(
    ruleset: Ruleset, approvals: Iterable[Approval], scenarios: Iterable[Scenario] = CASES
) -> Mapping[str, list[str]]:
    """Return what is found, by code."""
    messages: dict[str, list[str]] = {}
    for finding in approvals_of(ruleset, approvals, scenarios).findings("my-rules"):
        place = Path(finding.place).name.partition(":")[0]
        messages.setdefault(finding.code, []).append(f"{place}: {finding.message}\n{finding.help}")
    return messages


def test_what_has_changed_is_told_in_values() -> None:
    """It is said who approved what and when, what has changed since, and what to do."""
    rule = next(rule for rule in LOANS.rules.values() if rule.open_questions)
    statement = LOANS.statements[rule.statements[0]]
    now = with_one(LOANS, "rules", attrs.evolve(rule, title="Else"))
    now = with_one(now, "statements", attrs.evolve(statement, summary="Else."))
    (old,) = (
        attrs.evolve(approval, place="approvals.yaml:4:5")
        for approval in all_approved(shipped=False)
        if approval.of == rule.id
    )
    messages = findings(now, [old])
    assert messages["approval-stale"] == [
        (
            f"approvals.yaml: What A. Officer approved of the rule '{rule.id}' on 20 November 2026 "
            "has changed since: the rule itself, its statements.\n"
            f"Read it again. Where it is right, 'ncpi-rules approve {rule.id} --ruleset my-rules "
            "--by WHO --on DAY' writes so into approvals.yaml; the old ones may stay."
        )
    ]
    others = len(LOANS.rules) + len(LOANS.interpretations) + len(PARTS) - 1
    assert len(messages["not-signed"]) == others
    says = approvals_of(now, [old], CASES).summary
    counted = (
        f"{len(LOANS.rules) - 1} rules, {len(LOANS.interpretations)} interpretation and 4 parts"
    )
    assert says.startswith("Changed since it was approved: 1 rule. ")
    assert f"Approved by nobody yet: {counted}" in says


def test_the_latest_of_several_stale_approvals_is_told() -> None:
    """One finding is enough for a rule, and it names whoever read the rule last."""
    id_ = next(iter(LOANS.rules))
    covered = {approval.of: approval for approval in all_approved(shipped=False)}[id_]
    days = ("2026-01-02", "2026-11-20", "2025-12-31")
    signed = [attrs.evolve(covered, by=f"{day} Officer", on=PartialDate.read(day)) for day in days]
    now = with_one(LOANS, "rules", attrs.evolve(LOANS.rules[id_], title="Else"))
    (message,) = findings(now, signed)["approval-stale"]
    assert "What 2026-11-20 Officer approved" in message


def test_an_old_approval_beside_a_new_one_is_silent() -> None:
    """Whoever approves again may leave the old lines where they are; two people may approve."""
    rule = next(iter(LOANS.rules.values()))
    now = with_one(LOANS, "rules", attrs.evolve(rule, title="Else"))
    again = approved(now, CASES, by="B. Officer")
    status = approvals_of(now, [*all_approved(shipped=False), *again], CASES)
    assert status.findings() == ()
    assert (status.current, status.stale, status.open) == (status.signed, (), ())
    both = {approval.name: len(approval.current) for approval in status.signed}
    assert both[rule.id] == 1
    assert sorted(set(both.values())) == [1, 2]


@pytest.mark.parametrize(
    ("agreed_by", "expected"),
    [
        ("nobody yet", "Nobody has approved the interpretation 'L1'."),
        ("Nobody yet.", "Nobody has approved the interpretation 'L1'."),
        (
            "the board",
            "The interpretation 'L1' is said to be agreed by the board, and no approval proves it.",
        ),
    ],
)
def test_agreement_without_an_approval_is_told(agreed_by: str, expected: str) -> None:
    """An interpretation that plans show as agreed is found where no approval of it stands."""
    interpretation = attrs.evolve(LOANS.interpretations["L1"], agreed_by=agreed_by)
    now = with_one(LOANS, "interpretations", interpretation)
    others = [approval for approval in all_approved(shipped=False) if approval.of != "L1"]
    ((messages,),) = findings(now, others).values()
    assert messages.startswith(f"interpretations.yaml: {expected}\nRead it. ")
    assert findings(now, all_approved(shipped=False)) == {}


def test_agreement_with_a_stale_approval_is_told() -> None:
    """What plans still show as agreed is said beside what has changed."""
    interpretation = attrs.evolve(
        LOANS.interpretations["L1"], agreed_by="the board", question="Else?"
    )
    (message,) = stale_of("L1", with_one(LOANS, "interpretations", interpretation))
    assert (
        "has changed since: the interpretation itself. It is still said to be agreed by" in message
    )


def stale_of(id_: str, ruleset: Ruleset) -> list[str]:
    """Return what is told of one stale approval, where all of the loans was approved before."""
    messages = findings(ruleset, all_approved(shipped=False))["approval-stale"]
    return [message for message in messages if f"'{id_}'" in message]


def test_unreadable_approvals_and_scenarios_are_problems(tmp_path: Path) -> None:
    """What stops the question from being answered is told at its place, all of it."""
    folder = shutil.copytree(LOANS_FOLDER, tmp_path, dirs_exist_ok=True)
    folder.joinpath("approvals.yaml").write_text("approvals: none\n", "utf-8")
    folder.joinpath("scenarios", "more.yaml").write_text("scenarios: none\n", "utf-8")
    with pytest.raises(RulesetError) as raised:
        sign_off(LOANS, folder)
    assert sorted(Path(problem.place).name for problem in raised.value.problems) == [
        "approvals.yaml:1:12",
        "more.yaml:1:12",
    ]


def test_only_what_is_there_can_be_approved() -> None:
    """The error names the nearest rule or interpretation for each name that is not there."""
    with pytest.raises(UnknownItemError) as caught:
        covered_by(RULES, (), ["tier.reveiw", "R1", "R99"])
    first, second = caught.value.problems
    assert first.message == "There is no rule and no interpretation 'tier.reveiw'."
    assert first.help == "Did you mean 'tier.review'?"
    assert "'R99'" in second.message


# --- the command and the file ---------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return the exit status of ``approve``, what it printed, and what it told."""
    status = main(["approve", *arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_what_is_written_is_an_approval_of_what_was_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lines approve what they name and nothing else; what stands in the file stays there."""
    folder = shutil.copytree(LOANS_FOLDER, tmp_path, dirs_exist_ok=True)
    file = folder / "approvals.yaml"
    rule = next(iter(LOANS.rules))
    who = ("--by", "A. Officer: 'Policy'", "--ruleset", str(folder), "--on", "2026-11-20")
    status, printed, _ = run(capsys, "L1", "--print", *who)
    assert (status, file.exists()) == (0, False)
    comments = re.findall(r"^  # (.+)$", printed, re.MULTILINE)
    assert " ".join(comments).startswith(
        f"{LOANS.interpretations['L1'].question} This covers the interpretation"
    )
    file.write_text("# Ours.\r\napprovals: []\r\n", "utf-8", newline="")
    status, message, _ = run(capsys, "L1", *who)
    assert (status, message) == (0, f"1 approval was added to {file.as_posix()}:\n  L1\n")
    first = file.read_bytes().decode()
    assert first == "# Ours.\r\napprovals:\r\n" + printed.replace("\n", "\r\n")
    status, _, _ = run(capsys, rule, "--note", "12: no", *who)
    assert status == 0
    assert file.read_bytes().decode().startswith(f"{first}  # ")
    approvals = load_approvals(folder)
    assert [(approval.of, approval.by, approval.note) for approval in approvals] == [
        ("L1", "A. Officer: 'Policy'", ""),
        (rule, "A. Officer: 'Policy'", "12: no"),
    ]
    assert {approval.on for approval in approvals} == {DAY}
    basis = sign_off(load_ruleset(folder), folder).current
    assert sorted(approval.name for approval in basis) == sorted(["L1", rule])
    before = file.read_bytes()
    status, printed, message = run(capsys, "L1", *who)
    assert (status, printed) == (0, "Nothing is to be added.\n")
    assert "A. Officer: 'Policy' has already approved 'L1' as it is." in message
    assert file.read_bytes() == before
    assert Draft202012Validator(schema("approvals")).is_valid(read_file(file, RulesetError).data)


def test_all_that_is_unchanged_is_approved_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a changed copy, what is just as in the original is approved, and then the rest by name."""
    folder = shutil.copytree(LOANS_FOLDER, tmp_path, dirs_exist_ok=True)
    rules = folder / "3-actions.yaml"
    text = rules.read_text("utf-8")
    (rule, title) = re.findall(r"- id: (\S+)\n +title: (.+)\n", text)[0]
    rules.write_text(text.replace(f"title: {title}", f"title: {title} at once"), "utf-8")
    who = ("--by", "A. Officer", "--ruleset", str(folder), "--on", "2026-11-20")
    status, _, _ = run(capsys, "--unchanged-from", str(LOANS_FOLDER), *who)
    assert status == 0
    changed_now = sign_off(load_ruleset(folder), folder)
    assert [approval.name for approval in changed_now.open] == [rule]
    assert run(capsys, "--all", *who)[0] == 0
    assert sign_off(load_ruleset(folder), folder).open == ()
    assert run(capsys, "--all", *who)[1] == "Nothing is to be added.\n"


@pytest.mark.long
def test_what_is_as_in_the_original_is_approved_without_naming_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy knows its original: what is unchanged is counted by the check, and then approved."""
    folder = copy_of(tmp_path / "our-copy")
    rules = folder / "4-documents.yaml"
    text = rules.read_text("utf-8")
    rules.write_text(
        text.replace(
            "internal-audits\n        prompted_by:\n",
            "internal-audits\n        note: Ours.\n        prompted_by:\n",
            1,
        ),
        "utf-8",
    )
    ruleset = load_ruleset(folder)
    (rule,) = {rule.rule for rule in ruleset.rules.values() if rule.note == "Ours."}
    open_before = {item.name for item in sign_off(ruleset, folder).open}
    assert main(["check", str(folder), "--signed"]) == 1
    printed = " ".join(capsys.readouterr().out.split())
    who = ("--by", "A. Officer", "--ruleset", str(folder), "--on", "2026-11-20")
    assert run(capsys, "--unchanged", *who)[0] == 0
    open_after = {item.name for item in sign_off(ruleset, folder).open}
    assert open_after == {rule, "R12", "R15"}  # the answers on which it rests are read with it
    count = len(open_before - open_after)
    assert f"{count} of these are just as in the edition from which it was copied" in printed


def test_a_file_that_cannot_be_added_to_stays_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list in brackets takes no lines below it: that is said, and the file is left alone."""
    folder = shutil.copytree(LOANS_FOLDER, tmp_path, dirs_exist_ok=True)
    file = folder / "approvals.yaml"
    parts = attrs.asdict(all_approved(shipped=False)[0].fingerprints)
    inside = ", ".join(f"{name}: '{value}'" for name, value in parts.items())
    rule = next(iter(LOANS.rules))
    entry = f"{{of: {rule}, by: A, on: 2026-11-20, fingerprints: {{{inside}}}}}"
    file.write_text(f"approvals: [{entry}]\n", "utf-8")
    before = file.read_bytes()
    status, printed, message = run(
        capsys, "L1", "--by", "A", "--on", "2026-11-20", "--ruleset", str(folder)
    )
    assert (status, printed) == (2, "")
    assert message == (
        f"{file.as_posix()}: Nothing can be added at the end of this file as it is written.\n"
        "  help: Print the lines with --print, and paste them where they belong.\n"
    )
    assert file.read_bytes() == before


def test_the_edition_of_the_library_is_not_written_to(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no folder is named, nothing is written, and it is said how to go on."""
    before = SHIPPED_FOLDER.joinpath("approvals.yaml").read_bytes()
    status, printed, message = run(capsys, "R1", "--by", "A", "--on", "2026-11-20")
    assert (status, printed) == (2, "")
    assert "The edition that comes with the library is not written to." in message
    assert SHIPPED_FOLDER.joinpath("approvals.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["tier.reveiw", "--by", "A", "--on", "2026-11-20"], "Did you mean 'tier.review'?"),
        (["tier.review", "--by", "A", "--on", "2026-11"], "--on: '2026-11' is not one day."),
        (["tier.review", "--by", "A"], "--on"),
        (["tier.review", "--on", "2026-11-20"], "--by"),
        (["tier.review", "--by", " ", "--on", "2026-11-20"], "Nobody is named."),
        (["--by", "A", "--on", "2026-11-20"], "Nothing is named."),
        (
            ["--unchanged", "--by", "A", "--on", "2026-11-20"],
            "This ruleset does not say from which edition it was copied.",
        ),
    ],
)
def test_nothing_is_printed_for_what_cannot_be_approved(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that is not there, no day, no whole day, nobody: each is wrong usage."""
    status, printed, said = run(capsys, *arguments)
    assert (status, printed) == (2, "")
    assert expected in said


@given(st.data())
def test_reader_and_schema_agree_on_approvals(draws: st.DataObject) -> None:
    """With one key dropped or added or one value changed, both refuse the file or both take it."""
    parts = attrs.asdict(all_approved(shipped=False)[0].fingerprints)
    approval = {"of": "L1", "by": "A. Officer", "on": "2026-11-20", "note": "It is so."}
    data = draws.draw(changed({"approvals": [{**approval, "fingerprints": parts}]}))
    problems: tuple[Any, ...] = ()
    try:
        read_as(Approvals, Source(name="", data=data), NcpiRulesError)
    except NcpiRulesError as fault:
        problems = fault.problems
    assert Draft202012Validator(schema("approvals")).is_valid(data) == (not problems), problems
