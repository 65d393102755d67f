"""The command ``check``: what an officer reads, and the exit status."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ncpi_rules.checks import CODES, effects_of_answers
from ncpi_rules.cli import main
from ncpi_rules.ruleset import load_ruleset
from tests.test_checks import FAULTS, planted
from tests.test_copies import copy_of

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
LOANS = HERE / "rulesets" / "library-loans"

Answer = tuple[int, str, str]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    """Return a function that runs the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def asked(*arguments: str) -> Answer:
        status = main(["check", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return asked


FOUND = """\
loans/1-gravity.yaml:11:9: The rule 'gravity.light' never applies: in every case that meets its
  conditions, it is outranked by 'gravity.reserved' and 'gravity.unknown-reservation'.
  help: Correct its conditions, or delete it.
  more: ncpi-rules explain dead-rule

loans/2-response.yaml:11:9: The rule 'response.reminder' never applies: no case meets its
  conditions.
  help: Correct its conditions, or delete it.
  more: ncpi-rules explain dead-rule

loans/2-response.yaml:43:9: 'response.chosen' outranks 'response.reminder', but no case meets the
  conditions of both.
  help: Remove the exception, or correct the conditions of one of them.
  more: ncpi-rules explain exception-without-effect

loans/2-response.yaml:74:9: 'response.unknown-choice' outranks 'response.reminder', but no case
  meets the conditions of both.
  help: Remove the exception, or correct the conditions of one of them.
  more: ncpi-rules explain exception-without-effect

loans/vocabulary.yaml:49:7: No case gives 'light' for 'gravity'.
  help: Write a rule that leads to it, or remove the value.
  more: ncpi-rules explain outcome-never-reached

29 rules, 12 statements, 1 interpretation and 1 guarantee, in all 216 cases: 5 findings.
There is no scenario, so none was run.
Nobody has approved anything.
Found nothing in: cases that no rule decides, names and values that nothing uses, numbers,
statements, answers to open questions, deadlines and guarantees.
"""

CLEAN = """\
29 rules, 12 statements, 1 interpretation and 1 guarantee, in all 216 cases: nothing is wrong, and
every guarantee is proved.
9 scenarios: none fail.
Nobody has approved anything.
Found nothing in: cases that no rule decides, rules that never apply or add nothing, names and
values that nothing uses, numbers, statements, answers to open questions, deadlines and guarantees.
"""

INTERPRETATIONS = """\

L1: the answer 'delay-first' instead of 'child-first' changes the result where:
- the borrower is a child; and no choice by the librarian is recorded; and how grave the delay is is
  a grave delay
"""


def test_what_is_found_is_told_with_its_place_and_the_way_out(run: Callable[..., Answer]) -> None:
    """Place, sentence, help and page of each finding, then the numbers; the exit status is 1."""
    planted(Path("loans"), FAULTS["a rule that is always outranked"])
    assert run("loans") == (1, FOUND, "")


def test_a_clean_ruleset_is_told_in_one_sentence(run: Callable[..., Answer]) -> None:
    """Where nothing is wrong, the numbers are told and what sections share; the status is 0."""
    assert run(str(LOANS)) == (0, CLEAN, "")
    status, out, _ = run()
    printed = " ".join(out.split())
    assert status == 0
    assert "nothing is wrong, and every guarantee is proved. Found nothing in: cases " in printed
    assert printed.endswith(
        "'given' says by: hmicfrs and statements: [approach.9]; it touches "
        "question.sustainable-improvement, question.leadership, question.self-knowledge, "
        "question.overall-progress."
    )


def test_where_open_questions_matter_is_shown_if_asked(run: Callable[..., Answer]) -> None:
    """With ``--interpretations`` each open question has its cases, under our other answers too."""
    assert run(str(LOANS), "--interpretations") == (0, CLEAN + INTERPRETATIONS, "")
    status, out, _ = run("--interpretations")
    assert status == 0
    moved = (
        "'moves-to-the-working-day-before' or 'moves-to-the-next-working-day' instead of 'stands'"
    )
    assert f"R8: the answer {moved} changes how every plan is made." in " ".join(out.split())
    assert "interpretation R9 is answered" not in out
    for effect in effects_of_answers(load_ruleset()):
        assert f"{effect.interpretation}: the answer '" in out
        assert effect.is_setting or effect.sentences


def test_what_is_not_approved_is_told_if_asked(run: Callable[..., Answer]) -> None:
    """With ``--signed`` whatever nobody has approved is found, and the exit status says so."""
    status, out, _ = run("--signed", str(LOANS))
    assert status == 1
    assert out.count("more: ncpi-rules explain not-signed") == 34
    assert "Nobody has approved the rule 'gravity.none'." in " ".join(out.split())
    assert out.endswith(
        "Nobody has approved anything yet: 29 rules, 1 interpretation and 4 parts are open.\n"
    )


def test_approvals_that_cannot_be_read_are_found(run: Callable[..., Answer]) -> None:
    """Approvals with a mistake in them are a finding as well."""
    planted(Path("loans"), {"ruleset": "library-loans", "edits": []})
    Path("loans/approvals.yaml").write_text("aprovals: []\n", "utf-8")
    assert run("loans")[0] == 1
    status, out, _ = run("loans", "--signed")
    assert status == 1
    assert out.startswith("loans/approvals.yaml:1:1: 'approvals' is missing.\n")
    assert out.endswith("The approvals could not be checked.\n")


def test_a_ruleset_that_cannot_be_used_is_told(run: Callable[..., Answer]) -> None:
    """What stops a ruleset from loading is found; nothing else is checked."""
    planted(Path("loans"), FAULTS["a value that is none"])
    status, out, _ = run("loans", "--interpretations", "--signed")
    assert status == 1
    assert out == (
        "loans/6-questions.yaml:6:21: 'graev' is not a value of 'gravity'.\n"
        "  help: Did you mean 'grave'? Use one of: open, nothing, light, grave.\n"
        "  more: ncpi-rules explain name-not-known\n"
        "\n"
        "The ruleset cannot be used, so nothing else was checked.\n"
    )


def test_a_ruleset_that_is_nowhere_is_wrong_usage(run: Callable[..., Answer]) -> None:
    """A name that is nowhere is told as for every other command, with the exit status 2."""
    status, out, errors = run("ncpi-folow-up")
    assert (status, out) == (2, "")
    assert errors.startswith("ncpi-folow-up: There is no ruleset of this name")


def test_findings_as_data(run: Callable[..., Answer]) -> None:
    """As JSON each finding has its code, title, place, sentence, help, witness and page."""
    planted(Path("loans"), FAULTS["a gap under another answer"])
    status, out, _ = run("loans", "--format", "json")
    (finding,) = json.loads(out)["findings"]
    assert status == 1
    assert finding["title"] == CODES["gap"]
    assert finding["place"] == "loans/vocabulary.yaml:52:9"
    assert finding["page"] == "docs/findings/gap.md"
    assert finding["witness"]["L1"] == "delay-first"
    assert run(str(LOANS), "--format", "json") == (
        0,
        '{\n  "findings": [],\n  "sections": [],\n  "differences": []\n}\n',
        "",
    )


def test_open_questions_and_approvals_as_data(run: Callable[..., Answer]) -> None:
    """As JSON the effects of other answers and the summary of the approvals are there if asked."""
    status, out, _ = run(str(LOANS), "--interpretations", "--signed", "--format", "json")
    shown = json.loads(out)
    assert (status, len(shown["findings"])) == (1, 34)
    assert shown["sign_off"].startswith("Nobody has approved anything yet: 29 rules")
    (effect,) = shown["interpretations"]
    assert (effect["interpretation"], effect["answer"]) == ("L1", "delay-first")
    assert not effect["is_setting"]
    assert effect["cases"][0].startswith("the borrower is a child; and")


def test_every_sentence_reads_as_one() -> None:
    """Whatever is planted, what is said is a sentence that ends as one."""
    said = [finding["says"] for fault in FAULTS.values() for finding in fault.get("findings", ())]
    assert len(said) > 50
    for message in said:
        assert message.endswith(".")
        assert "  " not in message
        assert "when when" not in message
        assert ", and , " not in message


def test_a_scenario_that_fails_and_a_stale_approval_are_found(run: Callable[..., Answer]) -> None:
    """A check runs the scenarios and compares the approvals: it names those that are not right."""
    shutil.copytree(LOANS, "loans")
    rules = Path("loans/2-response.yaml")
    rules.write_text(
        rules.read_text("utf-8").replace("then: reminder", "then: formal-letter"), "utf-8"
    )
    assert main(["approve", "--all", "--by", "A", "--on", "2026-11-20", "--ruleset", "loans"]) == 0
    vocabulary = Path("loans/vocabulary.yaml")
    text = vocabulary.read_text("utf-8")
    vocabulary.write_text(text.replace("the borrower is a child", "it is a child"), "utf-8")
    status, out, _ = run("loans")
    printed = " ".join(out.split())
    assert status == 1
    assert "This scenario fails: " in printed
    assert "help: Correct the rules or the scenario; 'ncpi-rules test loans' says why." in printed
    assert (
        "help: Read it again. Where it is right, 'ncpi-rules approve vocabulary --ruleset loans "
        "--by WHO --on DAY' writes so into approvals.yaml; the old ones may stay."
    ) in printed
    assert "of the vocabulary on 20 November 2026 has changed since: the vocabulary." in printed
    assert re.search(r"9 scenarios: [1-9] fail", printed)
    assert re.search(r"34 approvals: \d+ are out of date\.", printed)


def test_a_copy_is_compared_with_what_it_was_made_from(run: Callable[..., Answer]) -> None:
    """Whatever an edited copy says differently is listed, guarantees and scenarios included."""
    folder = copy_of(Path("copy"))
    status, out, _ = run("copy")
    assert status == 0
    expected = "It says the same as 'As published', from which it was copied."
    assert expected in " ".join(out.split())
    guarantees = folder / "guarantees.yaml"
    text = guarantees.read_text("utf-8")
    guarantees.write_text(text.replace("interpretations: every", "interpretations: ours"), "utf-8")
    (folder / "scenarios" / "6-questions.yaml").unlink()
    printed = " ".join(run("copy")[1].split())
    assert "It was copied from 'As published', the first ruleset here." in printed
    assert re.search(r"- The guarantees? .* different\.", printed)
    assert "- This scenario is in the first ruleset only: " in printed


def test_a_rule_that_no_scenario_expects_is_named(run: Callable[..., Answer]) -> None:
    """A rule that is new in a copy, and right in itself, still lacks a scenario: check says so."""
    folder = copy_of(Path("copy"))
    with folder.joinpath("7-alerts.yaml").open("a", encoding="utf-8") as alerts:
        alerts.write(
            "\n  - id: alert.not-positive\n    title: Findings are not positive\n"
            "    when: {findings: not-broadly-positive}\n    statements: [approach.4]\n"
            "    alert: The findings are not positive.\n"
        )
    status, out, _ = run("copy")
    assert status == 0
    assert (
        "- No scenario expects anything of 1 rule: alert.not-positive. Write one that names it "
        "under 'items'."
    ) in " ".join(out.split())


def test_a_sentence_that_is_not_as_expected_ends_once(run: Callable[..., Answer]) -> None:
    """What was expected and what came stand in one sentence, with one full stop."""
    folder = copy_of(Path("copy"), edits="period: 2 weeks -> period: 3 weeks")
    assert folder.is_dir()
    status, out, _ = run("copy")
    printed = " ".join(out.split())
    assert status == 1
    assert (
        "at least two weeks before the first day of the revisit; it is deadline.notice" in printed
    )
    assert ".." not in printed.replace("...", "")
