"""Programs as decision graphs of GoRules, which zen-engine evaluates: a library of others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ncpi_rules.engine import EngineRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ncpi_rules.engine import Case, Program


def zen_engine(program: Program) -> Callable[[Case], tuple[frozenset[str], Mapping[str, str]]]:
    """Return what zen-engine answers: rules and facts are expressions, one after the other."""
    import zen  # noqa: PLC0415  where it is installed

    names = {fact: f"f{place}" for place, fact in enumerate(program.facts)}
    keys = {rule.id: f"r{place}" for place, rule in enumerate(program.rules)}
    content = json.dumps(decision_graph(program, names, keys))
    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(content))

    def evaluate(case: Case) -> tuple[frozenset[str], Mapping[str, str]]:
        result = decision.evaluate({names[fact]: value for fact, value in case.items()})["result"]
        fired = frozenset(rule for rule, key in keys.items() if result[key] is True)
        return fired, {fact: result[names[fact]] for fact in program.decided}

    return evaluate


def decision_graph(
    program: Program, names: Mapping[str, str], keys: Mapping[str, str]
) -> dict[str, Any]:
    """Return a program as JDM: one node of expressions, in the order in which they are settled."""
    expressions = []
    for entry in program.order:
        is_rule = isinstance(entry, EngineRule)
        key = keys[entry.id] if isinstance(entry, EngineRule) else names[entry]
        text = (
            _rule(entry, program, names, keys)
            if isinstance(entry, EngineRule)
            else _fact(entry, program, keys)
        )
        expressions.append(
            {"id": f"{'rule' if is_rule else 'fact'}-{key}", "key": key, "value": text}
        )
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {
            "id": "rules",
            "name": "rules",
            "type": "expressionNode",
            "content": {"expressions": expressions},
        },
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
        for source, target in (("in", "rules"), ("rules", "out"))
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _rule(
    rule: EngineRule, program: Program, names: Mapping[str, str], keys: Mapping[str, str]
) -> str:
    tests = [
        f"({'$.' if fact in program.decided else ''}{names[fact]} in {json.dumps(sorted(allowed))})"
        for fact, allowed in rule.when.items()
    ]
    tests += [f"(not $.{keys[other]})" for other in sorted(rule.outranked_by)]
    return " and ".join(tests) or "true"


def _fact(fact: str, program: Program, keys: Mapping[str, str]) -> str:
    """Return the one value that rules conclude, or the value for where they conclude no one."""
    concluding: dict[str, list[str]] = {}
    for rule in program.rules:
        if rule.concludes and rule.concludes[0] == fact:
            concluding.setdefault(rule.concludes[1], []).append(f"$.{keys[rule.id]}")
    any_of = {value: f"({' or '.join(rules)})" for value, rules in concluding.items()}
    text = json.dumps(program.otherwise[fact])
    for value, concluded in any_of.items():
        no_other = "".join(
            f" and (not {applies})"
            for other_value, applies in any_of.items()
            if other_value != value
        )
        text = f"(({concluded}{no_other}) ? {json.dumps(value)} : {text})"
    return text
