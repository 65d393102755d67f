"""zen-engine: expressions and decisions compiled by a library written in Rust."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.report.exchange import decision_graph
from tests.benchmarks.peers.contestants import Cannot, Contestant, Peer
from tests.benchmarks.peers.expressions import Dialect, answer, expression, variables_of
from tests.benchmarks.peers.held import Held

if TYPE_CHECKING:
    from ncpi_rules.ruleset import Ruleset


def _months(day: str, months: int) -> str:
    does = "add" if months > 0 else "sub"
    return f"d({day}).{does}({abs(months)}, 'M').timestamp()"


DIALECT: Final = Dialect(
    both="and",
    either="or",
    let=lambda name, value, rest: f"{name} = {value}; {rest}",
    months=_months,
    day=86_400_000,  # thousandths of a second, in which its dates count
    first=datetime.date(1970, 1, 1).toordinal(),
)


def _cases(ruleset: Ruleset) -> list[Contestant]:
    import zen  # noqa: PLC0415  where it is installed

    contestants = []
    for name, interpretations in (
        ("our interpretations worked in", False),
        ("interpretations as facts", True),
    ):
        held = Held.of(ruleset, interpretations=interpretations)
        compiled = zen.compile_expression(expression(held, DIALECT))
        contestants.append(
            Contestant(
                name=f"zen-engine, one compiled expression, {name}",
                prepare=variables_of(held, DIALECT),
                run=compiled.evaluate,
                answer=answer(held, DIALECT),
            )
        )
    held = Held.of(ruleset)
    content = zen.ZenDecisionContent(json.dumps(_decision(expression(held, DIALECT))))
    decision, outcomes = zen.ZenEngine().create_decision(content), answer(held, DIALECT)
    contestants.append(
        Contestant(
            name="zen-engine, the same as a decision",
            prepare=variables_of(held, DIALECT),
            run=decision.evaluate,
            answer=lambda whole: outcomes(whole["result"]["case"]),
        )
    )
    return contestants


def _decision(text: str) -> dict[str, Any]:
    expressions = [{"id": "case", "key": "case", "value": text}]
    return decision_graph(
        [
            {"id": "in", "name": "in", "type": "inputNode", "content": {}},
            {
                "id": "rules",
                "name": "rules",
                "type": "expressionNode",
                "content": {"expressions": expressions},
            },
            {"id": "out", "name": "out", "type": "outputNode", "content": {}},
        ]
    )


def _says(text: str, **variables: object) -> Any:
    import zen  # noqa: PLC0415  where it is installed

    return zen.evaluate_expression(text, variables)


PEER: Final = Peer(
    name="zen-engine",
    package="zen-engine",
    made="Generated: one expression, in which rules that test the same stand together.",
    cases=_cases,
    cannot=(
        Cannot(
            "A fact that is missing, or a value that is misspelt, is not refused: every test of it "
            "is silently false.",
            lambda: (
                _says("prospects == 'some-concerns'") is False
                and _says("prospects == 'some-concerns'", prospects="some-concern") is False
            ),
        ),
        Cannot(
            "A partial date: 2018-06 is read as its first day, and nothing says so.",
            lambda: _says("d('2018-06')") == _says("d('2018-06-01')"),
        ),
        Cannot(
            "An unknown date: it comes before every other date, so that it is never late.",
            lambda: _says("d(null) < d('1900-01-01')") is True,
        ),
        Cannot(
            "Why: a compiled expression gives its value and nothing else, so the rules' names must "
            "be written into the value.",
            lambda: _says("prospects == 'x' ? 1 : 2", prospects="y") == 2,
        ),
    ),
)
