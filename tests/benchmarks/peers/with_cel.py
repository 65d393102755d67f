"""The Common Expression Language, by common-expression-language: a compiler written in Rust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import Calendar, Period, Unit, shift
from tests.benchmarks.peers.contestants import Cannot, Contestant, Peer
from tests.benchmarks.peers.expressions import Dialect, answer, expression, variables_of
from tests.benchmarks.peers.held import Held

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncpi_rules.ruleset import Ruleset
    from tests.benchmarks.peers.cases import Case

# It has no name for a value: a list of one is mapped instead. A day is moved by months in Python.
DIALECT: Final = Dialect(
    both="&&",
    either="||",
    let=lambda name, value, rest: f"[{value}].map({name}, {rest})[0]",
    months=lambda day, months: f"months_after({day}, {months})",
)


def _months_after(day: int, months: int) -> int:
    period, direction = Period(abs(months), Unit.MONTHS), 1 if months > 0 else -1
    return shift(day, period, direction, Calendar())


def _cases(ruleset: Ruleset) -> list[Contestant]:
    import cel  # noqa: PLC0415  where it is installed

    held = Held.of(ruleset)
    variables = variables_of(held, DIALECT)

    def context(case: Case) -> Any:
        made = cel.Context(variables=variables(case))
        made.add_function("months_after", _months_after)
        return made

    return [
        Contestant(
            name="CEL, one compiled program",
            prepare=context,
            run=cel.compile(expression(held, DIALECT)).execute,
            answer=answer(held, DIALECT),
        )
    ]


def _says(text: str, **variables: object) -> Any:
    import cel  # noqa: PLC0415  where it is installed

    return cel.evaluate(text, variables)


def _refuses(text: str) -> Callable[[], bool]:
    def refuses() -> bool:
        try:
            _says(text)
        except (ValueError, RuntimeError, TypeError):
            return True
        return False

    return refuses


PEER: Final = Peer(
    name="CEL",
    package="common-expression-language",
    made="Generated: one program; six months are added by a function of ours, memoised.",
    cases=_cases,
    cannot=(
        Cannot(
            "Calendar months: a duration is a number of seconds, and 6 mo is none.",
            _refuses("timestamp('2018-08-31T00:00:00Z') + duration('6M')"),
        ),
        Cannot(
            "A partial date: 2018-06 is refused.",
            _refuses("timestamp('2018-06')"),
        ),
        Cannot(
            "A name for a value that is used twice: a list of one is mapped instead.",
            _refuses("cel.bind(stage, 1, stage + 1)"),
        ),
        Cannot(
            "A value that is misspelt is not refused: every test of it is silently false.",
            lambda: _says("prospects == 'some-concerns'", prospects="some-concern") is False,
        ),
        Cannot(
            "Why: a program gives its value and nothing else.",
            lambda: _says("prospects == 'x' ? 1 : 2", prospects="y") == 2,
        ),
    ),
)
