"""The schemas of a ruleset's own files: an editor completes its names, and marks wrong ones."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from ncpi_rules.cli import main

# pinned: the files that a command writes
from ncpi_rules.cli.ruleset_schemas import own_schemas, schema_of
from ncpi_rules.core import FactsError
from ncpi_rules.io import read_file, read_yaml
from ncpi_rules.ruleset import load_ruleset
from tests.language_server import Editor
from tests.test_schemas import as_typed

TOP = Path(__file__).parents[1]
FOLDERS = sorted(
    path.parent
    for pattern in ("rulesets/*/*", "tests/rulesets/*")
    for path in TOP.glob(f"{pattern}/ruleset.yaml")
)
SHIPPED = TOP / "rulesets" / "ncpi-follow-up" / "as-published"


@cache
def validators(folder: Path) -> dict[str, Draft202012Validator]:
    """Return a validator for each schema of a ruleset's own, by the name of its file."""
    schemas = own_schemas(load_ruleset(folder))
    return {name: Draft202012Validator(json.loads(text)) for name, text in schemas.items()}


def marks(name: str, text: str) -> list[str]:
    """Return what an editor marks in a file of the shipped edition: the path and the message."""
    data: Any = read_yaml(text, FactsError).data
    all_marks = []
    for error in validators(SHIPPED)[name].iter_errors(data):
        inner = best_match([error])
        assert inner is not None
        says = inner.schema.get("errorMessage", inner.message)
        all_marks.append(f"{inner.json_path}: {says}")
    return all_marks


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_nothing_is_marked_in_a_good_file(folder: Path) -> None:
    """Every file of a ruleset fits its own schema, as an editor reads it."""
    ruleset = load_ruleset(folder)
    by_file = validators(folder)
    for name in ("follow-up.json", "scenarios.json", "deadline-rules.json"):
        Draft202012Validator.check_schema(by_file[name].schema)
    files = [(path, schema_of(path.stem, ruleset)) for path in folder.glob("*.yaml")]
    files += [(path, "scenarios.json") for path in folder.glob("scenarios/*.yaml")]
    if folder == SHIPPED:
        follow_ups = TOP.joinpath("examples", "follow-ups").glob("*.yaml")
        files += [(path, "follow-up.json") for path in follow_ups]
    for path, name in files:
        data: Any = read_file(path, FactsError).data
        if name == "scenarios.json":
            data = {"scenarios": data["scenarios"][-12:]}  # enough: there are hundreds
        assert by_file[name].is_valid(as_typed(data)), path


RULE = "id: deadline.x\n    title: X\n    by: force\n    event: revisit-begins\n    modality: must"
DEADLINE = f"decides: deadlines\nrules:\n  - {RULE}\n    statements: [approach.8]\n"
SCENARIO = "scenarios:\n  - says: A force.\n    expect: {}\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "follow-up.json",
            "force: kent\nprospects:\n  judgement: some-concern\n",
            "$.prospects.judgement: 'some-concern' is not one of",
        ),
        (
            "follow-up.json",
            "force: kent\ninspection_report: {findings: fine}\n",
            "$.inspection_report.findings: 'fine' is not one of",
        ),
        (
            "follow-up.json",
            "force: kent\ninspection_report: {published: 2019-4-11}\n",
            "$.inspection_report.published: Write a day such as 2019-04-11, a month such as",
        ),
        (
            "outcome-rules-tier.json",
            "decides: tier\nrules:\n  - {id: tier.x, title: X, then: visit, statements: visit.1}\n",
            "$.rules[0].then: 'visit' is not one of",
        ),
        (
            "deadline-rules.json",
            DEADLINE + "    when: {prospects: [no-concerns, none]}\n",
            "$.rules[0].when.prospects[1]: 'none' is not one of",
        ),
        (
            "deadline-rules.json",
            DEADLINE + "    under: {R7: last}\n",
            "$.rules[0].under.R7: 'last' is not valid under any",
        ),
        (
            "deadline-rules.json",
            DEADLINE + "    within: 6 weeks after report-publishd\n",
            "$.rules[0].within: Write a parameter, such as 'action-plan-time', or a period",
        ),
        (
            "deadline-rules.json",
            DEADLINE.replace("revisit-begins", "revisit-starts"),
            "$.rules[0].event: 'revisit-starts' is not one of",
        ),
        (
            "deadline-rules.json",
            DEADLINE.replace("approach.8", "approach.80"),
            "$.rules[0].statements[0]: 'approach.80' is not one of",
        ),
        (
            "scenarios.json",
            SCENARIO + "    facts: {prospects: no-concern}\n",
            "$.scenarios[0].facts.prospects: 'no-concern' is not one of",
        ),
        (
            "scenarios.json",
            SCENARIO.replace("{}", "{items: {tier.reveiw: {title: A review.}}}"),
            "$.scenarios[0].expect.items: 'tier.reveiw' does not match any of the regexes",
        ),
        (
            "scenarios.json",
            SCENARIO.replace("{}", "{items: {action.revisit: {statements: approach.88}}}"),
            "$.scenarios[0].expect.items['action.revisit'].statements: 'approach.88' is not",
        ),
        (
            "scenarios.json",
            SCENARIO.replace("{}", "{guarantees: {decision-win: {}}}"),
            "$.scenarios[0].expect.guarantees: Additional properties are not allowed",
        ),
        (
            "scenarios.json",
            SCENARIO + "    facts: {outlook: no-concerns}\n",
            "$.scenarios[0].facts: Additional properties are not allowed ('outlook'",
        ),
        (
            "scenarios.json",
            SCENARIO.replace("{}", "{deadlines: {revisit-begins: {due: 2019-13-01}}}"),
            "$.scenarios[0].expect.deadlines['revisit-begins'].due: Write a day such as 2019-04-11",
        ),
        (
            "parameters.json",
            "parameters:\n  - {id: x, title: X, period: 6 wekks, statements: visit.1}\n",
            "$.parameters[0].period: Write a number and days, weeks, months or working days,",
        ),
        (
            "parameters.json",
            "choices:\n  - {id: due-soon, title: X, choice: 14 dyas, why: Ours.}\n",
            "$.choices[0].choice: Write a number and days, weeks, months or working days, such as",
        ),
        (
            "parameters.json",
            "choices:\n  - {id: local-names, title: X, choice: R99, why: Ours.}\n",
            "$.choices[0].choice: Write a number and days, weeks, months or working days, such as",
        ),
        (
            "approvals.json",
            "approvals:\n  - {of: tier.x, by: A, on: 2026-11-20, fingerprints: {}}\n",
            "$.approvals[0].of: 'tier.x' is not one of",
        ),
    ],
)
def test_a_wrong_name_is_marked(name: str, text: str, expected: str) -> None:
    """A fact, a value, an event, an id or a date that is not there is marked at its place."""
    assert [mark for mark in marks(name, text) if mark.startswith(expected)], marks(name, text)


def test_every_name_has_its_sentence() -> None:
    """An editor shows beside each value that it offers what an officer reads of it."""
    text = json.dumps(validators(SHIPPED)["scenarios.json"].schema)
    lists = re.findall(r'"enum": (\[[^]]*\]), "markdownEnumDescriptions": (\[[^]]*\])', text)
    assert len(lists) > 30
    assert all(len(json.loads(values)) == len(json.loads(says)) for values, says in lists)


SERVER = shutil.which("yaml-language-server")


@pytest.mark.skipif(SERVER is None, reason="there is no yaml-language-server here")
def test_an_editor_completes_and_marks_in_a_folder_anywhere(tmp_path: Path) -> None:
    """By the first line of a file alone, an editor knows every name, and nothing good is marked."""
    assert SERVER is not None
    copy, kent = tmp_path / "copy", tmp_path / "kent.yaml"
    assert main(["init", str(copy)]) == 0
    assert main(["init", "--follow-up", str(kent)]) == 0
    rules = copy / "9-ours.yaml"
    with Editor(SERVER, tmp_path) as editor:
        for path in [kent, *sorted(copy.glob("*.yaml")), copy / "scenarios" / "1-stage.yaml"]:
            assert editor.marks(path) == [], path
        head = kent.read_text("utf-8").partition("\n")[0]
        wrong = tmp_path / "wrong.yaml"
        wrong.write_text(
            f"{head}\nforce: kent\ninspection_report: {{published: 2019-4-11}}\n"
            "prospects:\n  judgement: some-concern\n",
            "utf-8",
        )
        assert [(line, says[:22]) for line, says in editor.marks(wrong)] == [
            (3, "Write a day such as 20"),
            (5, "Value is not accepted."),
        ]
        judgements = ["no-concerns", "some-concerns", "significant-concerns", "unknown"]
        assert editor.completions(wrong, 5, 14) == judgements
        head = copy.joinpath("5-deadlines.yaml").read_text("utf-8").partition("\n")[0]
        rules.write_text(
            f"{head}\ndecides: deadlines\nrules:\n  - id: deadline.ours\n    title: Ours\n"
            "    by: police\n    event: revisit-begin\n    within: 6 weeks after revisit-end\n"
            "    modality: must\n    statements: [visit.99]\n    when: {prospects: no-concern}\n",
            "utf-8",
        )
        assert {line for line, _ in editor.marks(rules)} == {6, 7, 8, 10, 11}
        assert "force" in editor.completions(rules, 6, 9)
        assert "revisit-begins" in editor.completions(rules, 7, 12)
