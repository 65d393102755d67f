"""The guarantee that every ruleset has: no outcome rests on an unknown fact that could undo it."""

from __future__ import annotations

import re
import shutil
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import event, given, settings

from ncpi_rules.checks import Finding, RulesetAnalysis
from ncpi_rules.checks.unknown import unknown_findings  # pinned: one check is tried alone
from ncpi_rules.core import Basis, RulesetError
from ncpi_rules.engine import ReferenceEngine
from ncpi_rules.ruleset import OutcomeRule, decide, load_ruleset, program_for, shipped_ruleset
from tests.strategies import every_case, made_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncpi_rules.core import Problem
    from ncpi_rules.ruleset import Ruleset

HERE = Path(__file__).parent
SHIPPED = HERE.parent / "rulesets" / "ncpi-follow-up" / "as-published"
EDITION = shipped_ruleset()
SMALLEST = load_ruleset(HERE / "rulesets" / "smallest")


def findings(ruleset: Ruleset) -> list[Finding]:
    """Return what the guarantee finds in a ruleset: one case at most."""
    return list(unknown_findings(RulesetAnalysis.of(ruleset)))


def tier_rule(id_: str) -> OutcomeRule:
    """Return a rule of the edition that decides the tier."""
    rule = EDITION.rules[id_]
    assert isinstance(rule, OutcomeRule)
    return rule


def changed(ruleset: Ruleset, *rules: OutcomeRule) -> Ruleset:
    """Return a ruleset with some of its rules changed."""
    return attrs.evolve(ruleset, rules={**ruleset.rules, **{rule.id: rule for rule in rules}})


def completions(ruleset: Ruleset, case: Mapping[str, str]) -> list[dict[str, str]]:
    """Return what a case may become once some of its unknown facts are known."""
    facts = ruleset.facts
    values = [
        facts[name].values if name in facts and value == facts[name].unknown else (value,)
        for name, value in case.items()
    ]
    return [dict(zip(case, known, strict=True)) for known in product(*values)]


def undone(
    ruleset: Ruleset, reference: ReferenceEngine, case: Mapping[str, str]
) -> set[tuple[str, str]]:
    """Return each rule that settles an outcome in a case, with a rule that undoes it later."""

    def deciding(facts: Mapping[str, str]) -> list[OutcomeRule]:
        fired = reference.evaluate(facts).fired
        return [rule for rule in ruleset.of_kind(OutcomeRule) if rule.id in fired]

    return {
        (rule.id, other.id)
        for rule in deciding(case)
        if rule.basis in {Basis.FOLLOWS, Basis.DECIDED}
        for known in completions(ruleset, case)
        for other in deciding(known)
        if other.decides == rule.decides
        and other.basis is not Basis.WAITS
        and (other.basis is Basis.REFERRED or other.then != rule.then)
    }


@given(made_tables())
@settings(deadline=None)
def test_it_is_proved_if_no_case_breaks_it(ruleset: Ruleset) -> None:
    """What is proved holds in every case; what is refuted is undone in the very case named."""
    reference = ReferenceEngine(program_for(ruleset))
    cases = list(every_case(program_for(ruleset).values))
    broken = findings(ruleset)
    event(f"{len(broken)} broken")
    assert bool(broken) == any(undone(ruleset, reference, case) for case in cases)
    for finding in broken:
        first, second = re.findall(r"\[(\S+?)\]", finding.message)
        named = [case for case in cases if finding.witness.items() <= case.items()]
        assert named
        assert all((first, second) in undone(ruleset, reference, case) for case in named)


def test_no_type_of_follow_up_rests_on_what_is_unknown() -> None:
    """In the edition it holds under every answer to every open question, not under ours alone."""
    assert findings(EDITION) == []


REFUTED = [
    (name, value)
    for name in ("findings", "prospects", "reinspection", "tier-chosen")
    for value in EDITION.facts[name].values
    if value != EDITION.facts[name].unknown
]


@pytest.mark.parametrize(("name", "value"), REFUTED)
def test_a_value_that_says_something_cannot_stand_for_unknown(name: str, value: str) -> None:
    """Any other value of a fact behind the tier, named as unknown, is refuted by a case."""
    fact = attrs.evolve(EDITION.facts[name], unknown=value)
    (finding,) = findings(attrs.evolve(EDITION, facts={**EDITION.facts, name: fact}))
    assert finding.witness[name] == value
    assert f"'{name}' is '{value}'" in finding.help


EDITS = [
    (name, key, value)
    for name, fact in EDITION.facts.items()
    for key, now in (("unknown", fact.unknown), ("left_out", fact.left_out))
    for value in fact.values
    if now and value != now and (key, value) != ("left_out", fact.unknown)
]


@pytest.mark.parametrize(("name", "key", "value"), EDITS)
def test_every_such_edit_is_noticed(name: str, key: str, value: str, tmp_path: Path) -> None:
    """In a copy of the edition no other value passes for what is not known or not recorded."""
    folder = tmp_path / "copy"
    ignored = shutil.ignore_patterns("scenarios", "approvals.yaml")
    shutil.copytree(SHIPPED, folder, ignore=ignored)
    vocabulary = folder / "vocabulary.yaml"
    before, start, after = vocabulary.read_text("utf-8").partition(f"  - id: {name}\n")
    line = re.compile(f"^    {key}: .+$", re.MULTILINE)
    edited, count = line.subn(f"    {key}: {value}", after, count=1)
    assert count == 1
    vocabulary.write_text(before + start + edited, "utf-8")
    problems: Sequence[Problem]
    try:
        problems = findings(load_ruleset(folder))
    except RulesetError as fault:
        problems = fault.problems
    (problem,) = problems
    assert f"'{value}'" in str(problem)


def test_the_case_reads_well() -> None:
    """The sentence says what is unknown, what follows, and what would follow once it is known."""
    fact = attrs.evolve(EDITION.facts["findings"], unknown="broadly-positive")
    (finding,) = findings(attrs.evolve(EDITION, facts={**EDITION.facts, "findings": fact}))
    assert finding.code == "guarantee-broken"
    assert finding.place == EDITION.rules["tier.visit"].place
    assert finding.message == (
        "The guarantee 'unknown-stays-unknown' does not hold when the report of the inspection has "
        "been published, and HMICFRS has no concerns about the force's prospects for improvement, "
        "and no decision for a full re-inspection is recorded, and no choice by inspectors is "
        "recorded, and inspectors have reviewed the action plan: where nothing is known of the "
        "inspection findings, the type of follow-up is "
        "a post-inspection visit [tier.visit]; if it turns out that the inspection findings are "
        "not broadly positive, it is referred to inspectors [tier.no-tier-fits]."
    )
    assert finding.help == (
        "Let 'tier.visit' wait where 'findings' is 'broadly-positive', or name another value as "
        "'unknown'."
    )


def test_a_rule_that_settles_the_unknown_is_named() -> None:
    """A rule that takes in the value for unknown is refuted, under another answer if need be."""
    visit = tier_rule("tier.visit")
    waits = tier_rule("tier.findings-not-known[R2=refer|review]")
    both = changed(
        EDITION,
        attrs.evolve(visit, when={**visit.when, "findings": ("broadly-positive", "not-known")}),
        attrs.evolve(waits, when={**waits.when, "findings": ("broadly-positive",)}),
    )
    (finding,) = findings(both)
    assert finding.witness["findings"] == "not-known"
    assert finding.place == visit.place
    assert "where nothing is known of the inspection findings, the type of" in finding.message


def test_an_outcome_that_rests_on_another_counts() -> None:
    """Where the stage is taken as reached, a tier for the stage before it is a contradiction."""
    waits = tier_rule("tier.stage-not-reached")
    settled = attrs.evolve(waits, then="post-inspection-review", basis=Basis.FOLLOWS)
    (finding,) = findings(changed(EDITION, settled))
    assert finding.witness["action-plan-waiver"] == "not-known"
    assert (
        "if it turns out that HMICFRS has waived an action plan that is not to" in finding.message
    )
    assert finding.message.endswith("it is a post-inspection visit [tier.visit].")


def test_several_facts_may_be_unknown_at_once() -> None:
    """Two unknown facts may undo together what neither undoes alone."""
    rule = SMALLEST.rules["drink.tea"]
    assert isinstance(rule, OutcomeRule)
    host = attrs.evolve(
        SMALLEST.facts["guest"],
        id="host",
        title="The host",
        values={"in": "the host is in", "out": "the host is out", "not-known": "it is not known"},
    )

    def tea(id_: str, guest: str, master: str, then: str, basis: Basis) -> OutcomeRule:
        when = {"guest": (guest,), "host": (master,)}
        return attrs.evolve(rule, id=id_, rule=id_, when=when, then=then, basis=basis)

    rules = [
        tea("both", "not-known", "not-known", "tea", Basis.FOLLOWS),
        tea("one", "not-here", "not-known", "open", Basis.WAITS),
        tea("other", "not-known", "out", "open", Basis.WAITS),
        tea("neither", "not-here", "out", "water", Basis.FOLLOWS),
    ]
    ruleset = attrs.evolve(
        SMALLEST,
        facts={**SMALLEST.facts, "host": host},
        rules={rule.id: rule for rule in rules},
        interpretations={},
    )
    (finding,) = findings(ruleset)
    assert finding.message == (
        "The guarantee 'unknown-stays-unknown' does not hold: where nothing is known of the guest "
        "and the host, what is served is tea [both]; if it turns out that the guest is not here, "
        "and the host is out, it is water [neither]."
    )
    assert finding.help == (
        "Let 'both' wait where 'guest' is 'not-known' and 'host' is 'not-known', or name another "
        "value as 'unknown'."
    )


def test_nothing_recorded_is_an_answer() -> None:
    """That no decision is recorded is known: it settles a tier, and a decision settles another."""
    fact = EDITION.facts["reinspection"]
    assert fact.left_out not in {"", fact.unknown}
    facts = {"findings": "broadly-positive", "prospects": "no-concerns"}
    results = [
        decide(EDITION, {**facts, "reinspection": value}).outcomes["tier"].value
        for value in (fact.left_out, "decided", fact.unknown)
    ]
    assert results == ["post-inspection-visit", "full-re-inspection", None]
