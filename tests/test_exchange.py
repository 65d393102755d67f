"""Rulesets as tables of other programs: engines written by others say what the library says."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from ncpi_rules.engine import cases_of, groups_of, part_of, regions_of
from ncpi_rules.report.exchange import (
    decision_graph,
    export_tables,
    machine_names,
    tables_xlsx,
    to_csv,
    to_dmn,
    to_jdm,
)
from ncpi_rules.ruleset import OutcomeRule, decide, load_ruleset, program_for, shipped_ruleset
from tests.test_rule_format import EDITION, copied, stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Decision, Ruleset

zen = pytest.importorskip("zen", reason="the independent engine needs the extra 'peers'")
etree = pytest.importorskip("lxml.etree", reason="the schema of DMN needs the extra 'peers'")

RULESETS = {
    "shipped": shipped_ruleset(),
    **{
        path.name: load_ruleset(path)
        for path in sorted(Path(__file__).parent.joinpath("rulesets").iterdir())
    },
}
PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "exchange.md"
MODEL = {"dmn": "https://www.omg.org/spec/DMN/20191111/MODEL/"}


def decision_of(graph: Any) -> Any:
    """Return a decision of zen-engine."""
    content = zen.ZenDecisionContent(graph if isinstance(graph, str) else json.dumps(graph))
    return zen.ZenEngine().create_decision(content)


def looped(jdm: str, table: str) -> Any:
    """Return a decision that evaluates one exported table for each of many cases."""
    node = next(node for node in json.loads(jdm)["nodes"] if node["id"] == f"table.{table}")
    node["content"] |= {"executionMode": "loop", "inputField": "cases", "outputPath": "answers"}
    ends: list[dict[str, Any]] = [
        {"id": kind, "name": kind, "type": f"{kind}Node", "content": {}}
        for kind in ("input", "output")
    ]
    return decision_of(decision_graph([ends[0], node, ends[1]]))


def whole_cases(ruleset: Ruleset, count: int) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Yield drawn values of all facts, and drawn answers to all open questions."""
    random = Random(1)  # noqa: S311  the same cases each time
    for _ in range(count):
        yield (
            {name: random.choice([*fact.values]) for name, fact in ruleset.facts.items()},
            {
                name: random.choice([*interpretation.answers])
                for name, interpretation in ruleset.interpretations.items()
            },
        )


def said_by_us(decision: Decision) -> dict[str, Any]:
    """Return what the tables say of a case: the outcomes with their basis, and the listed rules."""
    rules = [rule for rule in decision.rules if not isinstance(rule, OutcomeRule)]
    return {
        "outcomes": {
            name: (decision.evaluation.decided[name], outcome.basis.value)
            for name, outcome in decision.outcomes.items()
        },
        "rules": sorted(rule.rule for rule in rules),
    }


# --- JDM ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULESETS)
def test_zen_decides_every_cell_of_an_outcome_as_our_table_does(name: str) -> None:
    """In each cell that can come about, zen-engine gives the outcome the value that we give it."""
    ruleset, cells = RULESETS[name], 0
    program, jdm = program_for(ruleset), to_jdm(ruleset)
    regions = regions_of(program)
    for group in groups_of(program, by_outcome=True):
        part = part_of(group, "reference")
        for outcome in ruleset.outcomes:
            rules = [r for r in ruleset.of_kind(OutcomeRule) if r.decides == outcome]
            deciding = {rule.id for rule in rules}
            if not deciding & part.rules:
                continue
            assert deciding <= part.rules
            names = machine_names(part.values)
            cases = [*cases_of({}, part.values)]
            asked = [{names[fact]: value for fact, value in case.items()} for case in cases]
            answers = looped(jdm, outcome).evaluate({"cases": asked})["result"]["answers"]
            for case, row, answer in zip(cases, part.rows, answers, strict=True):
                applying = [rule for rule in rules if rule.id in row]
                if len({rule.then for rule in applying}) > 1:
                    box = {fact: frozenset({value}) for fact, value in case.items()}
                    assert regions.over_given_facts(box) == ()  # no case is in this cell
                    continue
                values = {rule.then for rule in applying} or {ruleset.outcomes[outcome].none}
                said = answer["reasons"][machine_names([outcome])[outcome]]
                assert {answer[machine_names([outcome])[outcome]]} == values
                assert said["rule"] in {rule.rule for rule in applying} or not applying
                cells += 1
    assert cells


@pytest.mark.parametrize("name", RULESETS)
def test_zen_says_of_a_whole_case_what_we_say(name: str) -> None:
    """From facts and answers zen-engine comes to our outcomes, their basis, and our items."""
    ruleset = RULESETS[name]
    decision = decision_of(to_jdm(ruleset))
    names = machine_names([*ruleset.facts, *ruleset.outcomes, *ruleset.interpretations])
    tables = export_tables(ruleset)
    tested = {column.id for table in tables for column in table.tested}
    lists = [table.id for table in tables if table.outcome is None]
    for values, answers in whole_cases(ruleset, 200):
        case = {**values, **answers}
        asked = {names[fact]: value for fact, value in case.items() if fact in tested}
        result = decision.evaluate(asked)["result"]
        said = {
            "outcomes": {
                outcome: (
                    result[names[outcome]],
                    result["reasons"][names[outcome]]["basis"],
                )
                for outcome in ruleset.outcomes
            },
            "rules": sorted(item["rule"] for table in lists for item in result[table]),
        }
        assert said == said_by_us(decide(ruleset, values, interpretations=answers))


def test_what_is_left_out_is_unknown_and_what_is_not_a_value_is_refused() -> None:
    """Without facts and answers zen-engine takes what we take; a misspelt value is no silent no."""
    ruleset = RULESETS["shipped"]
    decision = decision_of(to_jdm(ruleset))
    result = decision.evaluate({"findings": "broadly-positive"})["result"]
    ours = decide(ruleset, {"findings": "broadly-positive"})
    assert {name: result[name.replace("-", "_")] for name in ruleset.outcomes} == dict(
        ours.evaluation.decided
    )
    for wrong in ({"findings": "positive"}, {"finding": "broadly-positive"}):
        with pytest.raises(RuntimeError, match="NodeError"):
            decision.evaluate(wrong)


def test_a_fault_in_an_exported_table_is_seen_by_zen() -> None:
    """The comparison has teeth: one value taken out of one cell changes what zen-engine says."""
    ruleset = RULESETS["shipped"]
    graph = json.loads(to_jdm(ruleset))
    node = next(node for node in graph["nodes"] if node["id"] == "table.tier")
    row = next(row for row in node["content"]["rules"] if row["_id"].startswith("tier.visit"))
    row["in.findings"] = '"not-known"'
    case = {"findings": "broadly-positive", "prospects": "no-concerns"}
    assert decide(ruleset, case).outcomes["tier"].value == "post-inspection-visit"
    assert decision_of(graph).evaluate(case)["result"]["tier"] == "not-settled"


def test_what_the_page_shows_is_what_zen_says() -> None:
    """The example of the page runs, and prints what stands below it."""
    text = PAGE.read_text("utf-8")
    block = next(
        part for part in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "zen" in part
    )
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(block, {})  # noqa: S102  an example of our own
    assert block.rstrip().endswith(f"# {printed.getvalue().strip()}")


# --- DMN ------------------------------------------------------------------------------------------


def dmn_schema() -> Any:
    """Return the schema of DMN 1.3, which SpiffWorkflow has."""
    spec = find_spec("SpiffWorkflow")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the schema of DMN needs the extra 'peers'")
    folder = Path(spec.submodule_search_locations[0], "dmn", "parser", "schema")
    return etree.XMLSchema(etree.parse(str(folder / "DMN13.xsd")))


@pytest.mark.parametrize("name", RULESETS)
def test_dmn_is_valid_by_the_schema_of_the_standard(name: str) -> None:
    """What is exported is DMN 1.3, and every reference in it leads somewhere."""
    tree = etree.fromstring(to_dmn(RULESETS[name]).encode())
    schema = dmn_schema()
    assert schema.validate(tree), schema.error_log
    ids = {*tree.xpath("//@id")}
    assert {href[1:] for href in tree.xpath("//@href")} <= ids
    assert {*tree.xpath("//@dmnElementRef")} <= ids
    wrong = etree.fromstring(to_dmn(RULESETS[name]).replace('hitPolicy="', 'hitPolicy="X').encode())
    assert not schema.validate(wrong)


@pytest.mark.parametrize("name", RULESETS)
def test_dmn_decides_a_whole_case_as_we_do(name: str) -> None:
    """Read by the few parts of DMN that it uses, the file says what the library says."""
    ruleset = RULESETS[name]
    tables = dmn_tables(etree.fromstring(to_dmn(ruleset).encode()))
    names = machine_names([*ruleset.facts, *ruleset.outcomes, *ruleset.interpretations])
    for values, answers in whole_cases(ruleset, 100):
        case = {names[fact]: value for fact, value in {**values, **answers}.items()}
        rules: list[str] = []
        for table, (policy, inputs, rows, otherwise) in tables.items():
            fitting = [
                states
                for tests, states in rows
                if all(
                    test == "-" or f'"{case[field]}"' in test.split(", ")
                    for field, test in zip(inputs, tests, strict=True)
                )
            ]
            if policy == "COLLECT":
                rules += [states[-1] for states in fitting]
                continue
            assert policy != "UNIQUE" or len(fitting) <= 1
            assert policy != "ANY" or len({*map(tuple, fitting)}) <= 1
            case[table] = json.loads(fitting[0][0] if fitting else otherwise)
        decision = decide(ruleset, values, interpretations=answers)
        assert {name: case[names[name]] for name in ruleset.outcomes} == dict(
            decision.evaluation.decided
        )
        assert sorted(map(json.loads, rules)) == said_by_us(decision)["rules"]


def dmn_tables(tree: Any) -> dict[str, Any]:
    """Return each table of a DMN file by its decision: policy, inputs, rows, what holds without."""
    tables = {}
    for decision in tree.iterfind("dmn:decision", MODEL):
        table = decision.find("dmn:decisionTable", MODEL)
        rows = [
            (
                [entry.text for entry in rule.iterfind("dmn:inputEntry/dmn:text", MODEL)],
                [entry.text for entry in rule.iterfind("dmn:outputEntry/dmn:text", MODEL)],
            )
            for rule in table.iterfind("dmn:rule", MODEL)
        ]
        inputs = [
            cell.text for cell in table.iterfind("dmn:input/dmn:inputExpression/dmn:text", MODEL)
        ]
        otherwise = table.findtext("dmn:output/dmn:defaultOutputEntry/dmn:text", None, MODEL)
        tables[decision.get("name")] = table.get("hitPolicy"), inputs, rows, otherwise
    return tables


def test_citations_stand_beside_every_row() -> None:
    """Each row of DMN names its rule, its statements with our summaries, and its open questions."""
    ruleset = RULESETS["shipped"]
    tree = etree.fromstring(to_dmn(ruleset).encode())
    noted: dict[str, tuple[str, ...]] = {}
    for table in tree.iterfind(".//dmn:decisionTable", MODEL):
        heads = [cell.get("name") for cell in table.iterfind("dmn:annotation", MODEL)]
        for row in table.iterfind("dmn:rule", MODEL):
            texts = [
                cell.text or "" for cell in row.iterfind("dmn:annotationEntry/dmn:text", MODEL)
            ]
            notes = dict(zip(heads, texts, strict=True))
            noted[notes["Rule"]] = notes["Statements"], notes["Open questions"]
            for id_ in filter(None, notes["Statements"].split(", ")):
                assert ruleset.statements[id_].summary.rstrip(".") in notes["What they say"]
    for rules in ruleset.cases.values():
        last = noted[rules[0].rule]
        assert last in {(", ".join(r.statements), ", ".join(r.open_questions)) for r in rules}
    assert len(noted) == len(ruleset.cases)


# --- hit policies ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hit", "policy", "first"),
    [
        ("first", "FIRST", "reached"),
        ("priority\npriority: [reached, not-reached]", "PRIORITY", "reached"),
        ("priority\npriority: [not-reached, reached]", "PRIORITY", "not-reached"),
    ],
)
def test_a_hit_policy_is_exported_as_it_is_written(
    tmp_path: Path, hit: str, policy: str, first: str
) -> None:
    """First stays first, and priority keeps the order of the values; the answers stay the same."""
    ruleset = stage(copied(EDITION, tmp_path), hit, "-")
    tree = etree.fromstring(to_dmn(ruleset).encode())
    (table,) = tree.xpath(
        "//dmn:decision[@id='judgement_stage']/dmn:decisionTable", namespaces=MODEL
    )
    assert table.get("hitPolicy") == policy
    values = table.findtext("dmn:output/dmn:outputValues/dmn:text", None, MODEL)
    assert policy == "FIRST" or values.startswith(f'"{first}"')
    decision = decision_of(to_jdm(ruleset))
    for review in ruleset.facts["action-plan-review"].values:
        ours = decide(ruleset, {"action-plan-review": review}).evaluation.decided["judgement-stage"]
        result = decision.evaluate({"action_plan_review": review})["result"]
        assert result["judgement_stage"] == ours


# --- CSV and Excel --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULESETS)
def test_csv_has_every_case_of_every_rule_once(name: str) -> None:
    """Read back, the files name each case of each rule, and each value that they test."""
    ruleset = RULESETS[name]
    files = {file: [*csv.DictReader(io.StringIO(text))] for file, text in to_csv(ruleset).items()}
    tables = {file: rows for file, rows in files.items() if file not in {"values.csv", "about.csv"}}
    cases = [row["case"] for rows in tables.values() for row in rows if row["case"] != "otherwise"]
    assert {*cases} == {*ruleset.rules}
    known = {(row["name"], row["value"]) for row in files["values.csv"]}
    for rows in tables.values():
        for row in rows:
            rule = ruleset.rules.get(row["case"])
            for head, cell in row.items():
                if head.startswith("if ") and cell != "-":
                    values = cell.split(", ")
                    assert rule is not None
                    assert {*values} <= rule.tests[head[3:]]
                    assert {(head[3:], value) for value in values} <= known


def test_the_workbook_has_the_tables_that_csv_has() -> None:
    """Each table is a sheet with the cells of its CSV file."""
    openpyxl = pytest.importorskip("openpyxl", reason="workbooks need the extra 'office'")
    ruleset = RULESETS["shipped"]
    book = openpyxl.load_workbook(io.BytesIO(tables_xlsx(ruleset)))
    texts = to_csv(ruleset)
    titles = [table.title[:31] for table in export_tables(ruleset)]
    assert book.sheetnames == ["Read me", *titles, "Values"]
    for file, sheet in zip(texts, book.worksheets[1:], strict=False):
        rows = [*csv.reader(io.StringIO(texts[file]))][1:]
        cells = [[cell or "" for cell in row] for row in sheet.iter_rows(2, values_only=True)]
        assert cells == rows
