"""A ruleset as JDM, the JSON Decision Model of GoRules, which zen-engine evaluates."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.report.exchange.notes import about, machine_names, notes_of
from ncpi_rules.report.exchange.tables import export_tables, expression_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncpi_rules.report.exchange.tables import ConditionColumn, ExportRow, ExportTable, Stated
    from ncpi_rules.ruleset import Ruleset

_CONTENT_TYPE: Final = "application/vnd.gorules.decision"
_STEP: Final = 320
"""How far apart an editor draws the nodes."""


def to_jdm(ruleset: Ruleset) -> str:
    """Return a ruleset as the JSON of one decision.

    Its input has the value of each fact and the answer to each open question; what is left out is
    unknown, or answered as we answer it, and a value that does not exist is refused. Hyphens in
    names become underscores. Its result has each outcome, its ``reasons`` and each list of items.
    """
    tables = export_tables(ruleset)
    names = machine_names(
        [*ruleset.facts, *ruleset.outcomes, *ruleset.interpretations, *(t.id for t in tables)]
    )
    inputs = {
        column.id: column for table in tables for column in table.tested if column.kind != "outcome"
    }
    nodes = [
        _input_node(inputs.values(), names),
        _defaults_node(inputs.values(), names),
        *(table_node(table, ruleset, names) for table in tables),
        {"id": "result", "name": "Result", "type": "outputNode", "content": {}},
    ]
    nodes[0]["description"] = "\n".join(f"{head}: {text}" for head, text in about(ruleset))
    return json.dumps(decision_graph(nodes), ensure_ascii=False, indent=2) + "\n"


def decision_graph(nodes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a decision in which each node is evaluated after the one before it."""
    placed = [
        {**node, "position": {"x": number * _STEP, "y": 0}} for number, node in enumerate(nodes)
    ]
    edges = [
        {
            "id": f"{before['id']}.{after['id']}",
            "sourceId": before["id"],
            "targetId": after["id"],
            "type": "edge",
        }
        for before, after in pairwise(placed)
    ]
    return {"contentType": _CONTENT_TYPE, "nodes": placed, "edges": edges}


def table_node(table: ExportTable, ruleset: Ruleset, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a table as a node: the first row that fits an outcome, all rows that fit a list."""
    name = names[table.id]
    rows = [_row(number, row, table, ruleset) for number, row in enumerate(table.rows)]
    heads = [*(column.id for column in table.stated), "rule"]
    if table.outcome is not None:
        heads = [name, *(f"reasons.{name}.{head}" for head in heads[1:])]
        rows.append(_line("otherwise", "No rule decides it.", table.otherwise, ""))
    return {
        "id": f"table.{table.id}",
        "name": table.title,
        "type": "decisionTableNode",
        "content": {
            "hitPolicy": "collect" if table.outcome is None else "first",
            "inputs": [
                {"id": f"in.{column.id}", "name": column.title, "field": names[column.id]}
                for column in table.tested
            ],
            "outputs": [
                {"id": f"out.{number}", "name": title, "field": head}
                for number, (head, title) in enumerate(
                    zip(heads, [*(column.title for column in table.stated), "Rule"], strict=True)
                )
            ],
            "rules": rows,
            "passThrough": True,
            "inputField": None,
            "outputPath": name if table.outcome is None else None,
            "executionMode": "single",
        },
    }


def _row(number: int, row: ExportRow, table: ExportTable, ruleset: Ruleset) -> dict[str, str]:
    notes = notes_of(row, ruleset)
    says = [notes[1]]
    says += [f"Statements: {notes[2]}. {notes[3]}"] if notes[2] else []
    says += [f"Open questions: {notes[4]}."] if notes[4] else []
    says += [notes[5]] if notes[5] else []
    line = _line(f"{row.rule.id}#{number}", " ".join(says), row.states, row.rule.rule)
    tests = {
        f"in.{column.id}": ", ".join(map(expression_of, row.tests.get(column.id, ())))
        for column in table.tested
    }
    return {**line, **tests}


def _line(id_: str, says: str, states: Iterable[Stated], rule: str) -> dict[str, str]:
    outputs = [*states, rule or None]
    return {
        "_id": id_,
        "_description": says,
        **{f"out.{number}": expression_of(stated) for number, stated in enumerate(outputs)},
    }


def _input_node(columns: Iterable[ConditionColumn], names: Mapping[str, str]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {
            names[column.id]: {
                "title": column.title,
                "description": "; ".join(
                    f"{value}: {says}" for value, says in column.values.items()
                ),
                "enum": list(column.values),
            }
            for column in columns
        },
        "additionalProperties": False,
    }
    content = {"schema": json.dumps(schema, ensure_ascii=False)}
    return {"id": "facts", "name": "Facts and answers", "type": "inputNode", "content": content}


def _defaults_node(columns: Iterable[ConditionColumn], names: Mapping[str, str]) -> dict[str, Any]:
    expressions = [
        {
            "id": f"default.{column.id}",
            "key": names[column.id],
            "value": f"{names[column.id]} ?? {expression_of(column.otherwise)}",
        }
        for column in columns
    ]
    return {
        "id": "defaults",
        "name": "Unknown, and answered as we do",
        "type": "expressionNode",
        "content": {
            "expressions": expressions,
            "passThrough": True,
            "inputField": None,
            "outputPath": None,
            "executionMode": "single",
        },
    }
