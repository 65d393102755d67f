"""Everything that answers the same question agrees, and a fault in any of them is found."""

from __future__ import annotations

import sys
from random import Random
from typing import TYPE_CHECKING, Any

import attrs
import pytest

pytest.importorskip("ibis")
pytest.importorskip("zen")

from ncpi_rules.batch import chunk  # pinned: a fault is planted
from ncpi_rules.batch.ibis import query_days  # pinned: a fault is planted
from ncpi_rules.engine import Part, durable_terms, reference  # pinned: faults are planted
from ncpi_rules.engine.boxes import Space  # pinned: a fault is planted
from ncpi_rules.facts import made
from ncpi_rules.plan import revisits  # pinned: a fault is planted
from ncpi_rules.plan.inputs import Repeating  # pinned: a fault is planted
from ncpi_rules.plan.merged import SeveralParts  # pinned: a fault is planted
from ncpi_rules.plan.revisits import _Begun  # pinned: a fault is planted
from ncpi_rules.report.exchange import to_jdm
from ncpi_rules.ruleset import AlertRule
from tests.differential import __main__ as command
from tests.differential import exports, programs, tables, with_zen
from tests.oracle import several
from tests.swept import made_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncpi_rules.ruleset import Ruleset


def test_all_agree(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Some 100,000 answers of engines, tables and regions, and some rows and dates, are alike."""
    monkeypatch.setattr(command, "ROWS_OF_A_TABLE", 30)
    monkeypatch.setattr(command, "COLUMNS_OF_A_TABLE", 12)
    asked = [
        "--programs",
        "100",
        "--tables",
        "1",
        "--exports",
        "1",
        "--rows",
        "30",
        "--plans",
        "5",
        "--revisits",
        "20",
        "--seed",
        "7",
    ]
    monkeypatch.setattr(sys, "argv", ["", *asked])
    assert command.main() == 0
    out = capsys.readouterr().out
    assert out.count(": 0 differ.\n") == len(command.PARTS)
    assert int(out.split()[0].replace(",", "")) > 100_000


def _no_exception(self: Any, facts: dict[str, str]) -> frozenset[str]:
    """Forget that one rule may outrank another."""
    fired: set[str] = set()
    for stage in self.stages:
        fired.update(stage.left_by(facts))
        for fact in stage.settles:
            facts.setdefault(fact, self.settle(fact, fired))
    return frozenset(fired)


def _last_row(self: Part, _: object) -> frozenset[str]:
    return self.rows[-1]


def _first_conclusion(fact: str, program: Any, keys: dict[str, str]) -> str:
    """Forget that two rules may conclude different values."""
    text = f'"{program.otherwise[fact]}"'
    for rule in program.rules:
        if rule.concludes and rule.concludes[0] == fact:
            text = f'($.{keys[rule.id]} ? "{rule.concludes[1]}" : {text})'
    return text


FAULTS: tuple[tuple[str, object, str, Callable[..., Any]], ...] = (
    ("reference", reference, "applicable_rules", _no_exception),
    ("durable-rules", durable_terms, "subtract", lambda box, *_: iter([box])),
    ("table", Part, "at", _last_row),
    ("regions", Space, "minus", lambda _, boxes, *__: [*boxes]),
    ("zen-engine", with_zen, "_fact", _first_conclusion),
)


@pytest.mark.parametrize(("name", "place", "function", "wrong"), FAULTS)
def test_a_fault_in_an_evaluator_is_found_and_made_small(
    name: str,
    place: object,
    function: str,
    wrong: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault in how rules are evaluated shows, in a program of four rules at most."""
    monkeypatch.setattr(place, function, wrong)
    random = Random(1)  # noqa: S311  nothing is kept secret
    for _ in range(100):
        program = programs.some_program(random)
        cases = [programs.some_case(random, program) for _ in range(20)]
        for disagreement in programs.disagreements(program, cases, [name]):
            smallest = programs.shrunk(disagreement)
            assert len(smallest.program.rules) <= 4
            assert str(smallest).startswith(f"{name} differs from the definition where ")
            return
    pytest.fail("nothing was found")


@pytest.mark.parametrize(
    ("name", "module"), [("sweep in memory", chunk), ("Ibis on DuckDB", query_days)]
)
def test_a_fault_in_a_sweep_is_found_and_made_small(
    name: str, module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A due date that is a day late shows, in one row."""
    right = module.day_table
    monkeypatch.setattr(module, "day_table", lambda *asked: right(*asked) + 1)
    random = Random(3)  # noqa: S311  nothing is kept secret
    ruleset = tables.some_ruleset(random)
    table = made_table(ruleset, rows=8, seed=3)
    on, only = tables.some_day(random), ["revisit-begins.due", "tier"]
    (wrong,) = tables.wrong_in_tables(ruleset, table, on, sweeps=[name], only=only)
    assert isinstance(wrong, tables.WrongColumns)
    smallest = tables.fewest_rows(wrong)
    assert smallest.table.num_rows == 1
    assert any(column.endswith(".due") for column in smallest.columns)
    assert str(smallest).startswith(f"{name} on ")


FAULTS_OF_REVISITS: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    # No decision opens another revisit.
    (Repeating, "opens", lambda *_: False),
    # What is owed of an earlier revisit is forgotten.
    (SeveralParts, "_merged", lambda self, items_of, _: tuple(items_of(self.own))),
    # A revisit follows only where nobody decided anything.
    (_Begun, "is_before", lambda *_: False),
    # A decision counts from the day after it was made.
    (revisits, "made", lambda decision, on: made(decision, on - 1)),
)


@pytest.mark.parametrize(("place", "name", "wrong"), FAULTS_OF_REVISITS)
def test_a_fault_in_several_revisits_is_found_and_made_small(
    place: Any, name: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in what several revisits are owed shows, with two of them."""
    monkeypatch.setattr(place, name, wrong)
    random = Random(5)  # noqa: S311  nothing is kept secret
    wrong_one = next(
        answer
        for _ in range(200)
        for answer in several.wrong_in_visits(random)
        if isinstance(answer, str)
    )
    assert wrong_one.count("Visit(") == 2


def test_a_rule_that_is_not_exported_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """An export that forgets the alerts shows in the lists of some case."""
    ruleset = tables.some_ruleset(Random(3))  # noqa: S311  nothing is kept secret
    right = to_jdm

    def without_alerts(rules: Ruleset) -> str:
        others = {
            name: rule for name, rule in rules.rules.items() if not isinstance(rule, AlertRule)
        }
        return right(attrs.evolve(rules, rules=others))

    monkeypatch.setattr(exports, "to_jdm", without_alerts)
    compared = exports.compared_export(Random(1), ruleset)  # noqa: S311
    assert any(isinstance(answer, str) for answer in compared)
