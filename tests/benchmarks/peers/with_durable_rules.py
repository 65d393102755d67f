"""durable-rules raw: its C functions in the shortest loop that gets right answers."""

from __future__ import annotations

from functools import partial
from itertools import count, cycle
from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.engine import EngineRule, Program

# pinned: the engine's program is what is timed
from ncpi_rules.engine.durable_terms import SESSIONS, compile_for_durable
from ncpi_rules.ruleset import OutcomeRule
from tests.benchmarks.peers.contestants import Cannot, Peer
from tests.benchmarks.peers.held import Held, answers
from tests.benchmarks.peers.scheduled import with_deadlines

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncpi_rules.ruleset import Ruleset
    from tests.benchmarks.peers.cases import Case
    from tests.benchmarks.peers.contestants import Contestant

_NUMBERS: Final = count()


def _library() -> Any:
    # Our own fence knows how to import it on every interpreter.
    # pinned: the C library has no public face
    from ncpi_rules.engine.durable import _load  # noqa: PLC0415

    return _load()


def program_of(held: Held) -> Program:
    """Return the rules as our compiler takes them: the fastest form that was found."""
    interpretations = held.ruleset.interpretations.values() if held.interpretations else ()
    values = {name: tuple(fact.values) for name, fact in held.ruleset.facts.items()}
    return Program(
        values={
            **values,
            **{
                interpretation.id: tuple(interpretation.answers)
                for interpretation in interpretations
            },
        },
        decided={name: tuple(outcome.values) for name, outcome in held.ruleset.outcomes.items()},
        otherwise={name: outcome.none for name, outcome in held.ruleset.outcomes.items()},
        rules=[
            EngineRule(
                id=rule.id,
                when=dict(held.test(rule)),
                concludes=(rule.decides, rule.then) if isinstance(rule, OutcomeRule) else None,
            )
            for rule in held.rules
        ],
    )


def fires(held: Held) -> Callable[[dict[str, str]], list[str]]:
    """Return what identifies the rules that apply for the values of a case."""
    library, plan = _library(), compile_for_durable(program_of(held))
    handle = library.create_ruleset(f"raw{next(_NUMBERS)}", plan.definition)
    ids = {name: tuple(rules) for name, (_, rules) in plan.names.items()}
    concludes = {
        name: next(
            filter(None, (rule.concludes for rule in plan.program.rules if rule.id in named))
        )
        for name, named in ids.items()
        if any(rule.concludes for rule in plan.program.rules if rule.id in named)
    }
    none, stages, sessions = dict(plan.program.otherwise), plan.stages, cycle(SESSIONS)

    def fire(values: dict[str, str]) -> list[str]:
        session, facts = next(sessions), values | none
        fired: list[str] = []
        for stage in stages:
            _, place = library.assert_fact(handle, stage.message(session, facts))
            _, answer = library.start_action_for_state(handle, place)
            while answer is not None:
                name = answer[2 : answer.find('"', 2)]
                fired += ids[name]
                if name in concludes:
                    fact, value = concludes[name]
                    facts[fact] = value
                answer = library.complete_and_start_action(handle, place)
        library.delete_state(handle, session)
        return fired

    return fire


def values_of(held: Held) -> Callable[[Case], dict[str, str]]:
    """Return what gives the values of a case, with our answers where they are facts."""
    interpretations = answers(held.ruleset) if held.interpretations else {}
    return lambda case: {**case.values, **interpretations}


def _cases(ruleset: Ruleset) -> list[Contestant]:
    contestants = []
    for name, interpretations in (
        ("our interpretations worked in", False),
        ("interpretations as facts", True),
    ):
        held = Held.of(ruleset, interpretations=interpretations)
        fire = fires(held)
        fire(values_of(held)(_any_case(ruleset)))  # a session may be deleted only after one ran
        contestants += with_deadlines(f"durable-rules raw, {name}", ruleset, values_of(held), fire)
    return contestants


def _any_case(ruleset: Ruleset) -> Case:
    from tests.benchmarks.peers.cases import pool  # noqa: PLC0415

    return pool(ruleset, 1)[0]


def _asserted(rules: str, *messages: str) -> int:
    """Return the outcome of the last of some messages: 0 where a rule took it, 1 where none did."""
    library = _library()
    handle = library.create_ruleset(f"trial{next(_NUMBERS)}", rules)
    return [int(library.assert_fact(handle, message)[0]) for message in messages][-1]


def _same(tested: str, asserted: str) -> bool:
    rule = f'{{"r":{{"all":[{{"m":{{"value":{tested}}}}}]}}}}'
    return _asserted(rule, f'{{"sid":"1","id":"1","value":{asserted}}}') == 0


PEER: Final = Peer(
    name="durable-rules raw",
    package="durable-rules",
    made="Generated, and compiled as our engine does it, without our checks; deadlines by our "
    "schedule, in Python.",
    cases=_cases,
    cannot=(
        Cannot(
            "Dates: it has numbers, texts and truth only, and takes 1 for true, so every deadline "
            "is left to Python.",
            partial(_same, "true", "1"),
        ),
        Cannot(
            "Values as they are: names are compared by a short hash, so that 'liquid' and "
            "'costarring' are the same fact to it.",
            lambda: (
                _asserted(
                    '{"r":{"all":[{"m":{"liquid":1}}]}}', '{"sid":"1","id":"1","costarring":1}'
                )
                == 0
            ),
        ),
        Cannot(
            "A value that is misspelt is not refused: no rule takes it, and that is all.",
            lambda: not _same('"some-concerns"', '"some-concern"'),
        ),
        Cannot(
            "Why, and why not: the names of the rules that fired are all that comes back.",
            partial(_same, "1", "1"),
        ),
    ),
)
