"""business-rules: rules as JSON, by a library written in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.benchmarks.peers.contestants import Cannot, Contestant, Peer
from tests.benchmarks.peers.expressions import variable
from tests.benchmarks.peers.held import Held
from tests.benchmarks.peers.outcomes import KINDS
from tests.benchmarks.peers.scheduled import with_deadlines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Ruleset
    from tests.benchmarks.peers.cases import Case
    from tests.benchmarks.peers.held import Test


def _rules(held: Held) -> Iterator[dict[str, Any]]:
    """Yield the rules as it reads them, those first that decide what later ones test."""
    for outcome in held.order:
        for rule in held.deciding(outcome):
            actions = [
                {"name": "conclude", "params": {"fact": variable(outcome), "value": rule.then}},
                {"name": "hold", "params": {"rules": [rule.id]}},
            ]
            yield {"conditions": _conditions(held.test(rule)), "actions": actions}
    for test, rules in held.by_test([*held.of_kind(*KINDS), *held.deadlines]).items():
        hold = {"name": "hold", "params": {"rules": [rule.id for rule in rules]}}
        yield {"conditions": _conditions(test), "actions": [hold]}


def _conditions(test: Test) -> dict[str, Any]:
    conditions = []
    for fact, values in test:
        any_of = [
            {"name": variable(fact), "operator": "equal_to", "value": value} for value in values
        ]
        conditions.append(any_of[0] if len(any_of) == 1 else {"any": any_of})
    always = [{"name": "always", "operator": "is_true", "value": True}]
    return {"all": conditions or always}


def _cases(ruleset: Ruleset) -> list[Contestant]:
    from business_rules import run_all  # noqa: PLC0415  where it is installed
    from business_rules.actions import BaseActions, rule_action  # noqa: PLC0415
    from business_rules.variables import (  # noqa: PLC0415
        BaseVariables,
        boolean_rule_variable,
        string_rule_variable,
    )

    held = Held.of(ruleset)
    rules = list(_rules(held))

    def of(name: str) -> Any:
        return string_rule_variable()(lambda self: self.values[name])

    names = [variable(fact) for fact in (*ruleset.facts, *ruleset.outcomes)]
    always = boolean_rule_variable()(lambda _: True)
    made = {**{name: of(name) for name in names}, "always": always}
    variables: Any = type("Variables", (BaseVariables,), made)

    class Actions(BaseActions):  # type: ignore[misc]  # it has no types
        def __init__(self, values: dict[str, str]) -> None:
            self.values = values
            self.rules: list[str] = []

        @rule_action(params={})  # type: ignore[untyped-decorator]
        def conclude(self, fact: str, value: str) -> None:
            self.values[fact] = value

        @rule_action(params={})  # type: ignore[untyped-decorator]
        def hold(self, rules: list[str]) -> None:
            self.rules += rules

    none = {variable(name): outcome.none for name, outcome in ruleset.outcomes.items()}

    def values_of(case: Case) -> dict[str, str]:
        return {variable(name): value for name, value in case.values.items()}

    def run(values: dict[str, str]) -> list[str]:
        state = variables()
        state.values = values | none
        actions = Actions(state.values)
        run_all(rules, state, actions)
        return actions.rules

    return with_deadlines("business-rules", ruleset, values_of, run)


def _run(name: str, operator: str, value: object, actual: object) -> bool:
    """Return whether one condition holds, of one variable."""
    from business_rules import run_all  # noqa: PLC0415  where it is installed
    from business_rules.actions import BaseActions  # noqa: PLC0415
    from business_rules.variables import (  # noqa: PLC0415
        BaseVariables,
        numeric_rule_variable,
        string_rule_variable,
    )

    kind = string_rule_variable if name == "value" else numeric_rule_variable
    variables: Any = type("Variables", (BaseVariables,), {name: kind()(lambda _: actual)})
    condition = {"name": name, "operator": operator, "value": value}
    rule = {"conditions": {"all": [condition]}, "actions": []}
    return bool(run_all([rule], variables(), BaseActions()))


def _refuses(name: str, operator: str, value: object, actual: object) -> bool:
    try:
        _run(name, operator, value, actual)
    except AssertionError:
        return True
    return False


PEER: Final = Peer(
    name="business-rules",
    package="business-rules",
    made="Generated: rules that test the same stand together; deadlines by our schedule.",
    cases=_cases,
    cannot=(
        Cannot(
            "Dates: a date is no value of its own, and two facts cannot be compared, so every "
            "deadline is left to Python.",
            lambda: _refuses("day", "greater_than", "due", 3),
        ),
        Cannot(
            "A value that is not known: none at all and an empty text are the same to it.",
            lambda: _run("value", "equal_to", "", None),
        ),
        Cannot(
            "A value that is misspelt is not refused: every test of it is silently false.",
            lambda: not _run("value", "equal_to", "some-concerns", "some-concern"),
        ),
        Cannot(
            "Exceptions, an order among rules, and why: the answer is whether any rule ran.",
            lambda: _run("value", "equal_to", "x", "x") is True,
        ),
    ),
)
