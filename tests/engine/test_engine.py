"""The rule engines: what holds, that they agree, and that nothing wrong ever comes out."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ncpi_rules.core import (
    EngineFault,
    EngineUnavailable,
    FactsError,
    RulesetError,
    UnknownItemError,
)
from ncpi_rules.engine import (
    DurableEngine,
    EngineRule,
    Evaluation,
    MemoisedEngine,
    Program,
    ReferenceEngine,
    count,
    durable,  # pinned: the C library is watched
    durable_terms,  # pinned: names and terms of the C library
    engine_for,
    meet,
    some_case,
    subtract,
)
from tests.strategies import boxes, cases, every_case, programs, vocabularies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ncpi_rules.engine import Box, Values

# A case is evaluated in microseconds, but a program is compiled for each example.
unhurried = settings(deadline=None)


def rule(
    name: str,
    *,
    concludes: tuple[str, str] | None = None,
    outranked_by: tuple[str, ...] = (),
    **when: str,
) -> EngineRule:
    """Write a rule on one line: the values of a fact are separated by spaces."""
    return EngineRule(
        id=name,
        when={fact: values.split() for fact, values in when.items()},
        concludes=concludes,
        outranked_by=outranked_by,
    )


# Three layers (tier, then activity, then notice), an exception to an exception, two rules that
# may contradict each other, a rule that always holds, and sets of values that are not neighbours.
PROGRAM = Program(
    values={
        "findings": ("positive", "mixed", "poor", "not-judged"),
        "prospects": ("good", "some-concerns", "serious-concerns"),
        "decision": ("none", "visit", "full"),
    },
    decided={
        "tier": ("visit", "review", "full", "no-tier"),
        "activity": ("interviews", "papers", "neither"),
        "notice": ("two-weeks", "some", "no-notice"),
    },
    otherwise={"tier": "no-tier", "activity": "neither", "notice": "no-notice"},
    rules=[
        rule("always"),
        rule("visit", findings="positive mixed", concludes=("tier", "visit")),
        rule("review", prospects="some-concerns", concludes=("tier", "review")),
        rule(
            "full",
            prospects="serious-concerns",
            concludes=("tier", "full"),
            outranked_by=("leave",),
        ),
        rule("leave", findings="positive not-judged", decision="none", outranked_by=("insist",)),
        rule("insist", findings="not-judged", prospects="good serious-concerns"),
        rule("interview", tier="visit full", concludes=("activity", "interviews")),
        rule(
            "read", tier="review no-tier", findings="mixed poor", concludes=("activity", "papers")
        ),
        rule("ring", tier="review full", decision="visit", outranked_by=("interview",)),
        rule("warn", activity="interviews", tier="visit", concludes=("notice", "two-weeks")),
        rule("tell", activity="interviews papers", concludes=("notice", "some")),
        rule("note", notice="some no-notice", activity="papers neither", outranked_by=("ring",)),
    ],
)

# Worked out by hand.
BY_HAND = [
    (
        ("positive", "good", "none"),
        {"always", "visit", "leave", "interview", "warn", "tell"},
        ("visit", "interviews", "no-notice"),
    ),
    (
        ("mixed", "some-concerns", "visit"),
        {"always", "visit", "review", "read", "tell", "note"},
        ("no-tier", "papers", "some"),
    ),
    (
        ("not-judged", "serious-concerns", "none"),
        {"always", "full", "insist", "interview", "tell"},
        ("full", "interviews", "some"),
    ),
    (
        ("positive", "serious-concerns", "none"),
        {"always", "visit", "leave", "interview", "warn", "tell"},
        ("visit", "interviews", "no-notice"),
    ),
    (
        ("poor", "some-concerns", "visit"),
        {"always", "review", "read", "ring", "tell"},
        ("review", "papers", "some"),
    ),
    (
        ("poor", "good", "full"),
        {"always", "read", "tell", "note"},
        ("no-tier", "papers", "some"),
    ),
]
CASE = {"findings": "positive", "prospects": "good", "decision": "none"}


class Spy:
    """The C module, with any of its functions replaced; it counts calls and notes texts."""

    def __init__(self, **replaced: Callable[..., Any]) -> None:
        """Take the functions that stand in; each gets the real one first."""
        self.real = durable._load()  # pinned: the C handle has no public face
        self.replaced = replaced
        self.sent: list[str] = []
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        """Return a function that notes how it is called."""
        real = getattr(self.real, name)
        if name == "error":
            return real

        def call(*args: object) -> object:
            self.calls[name] += 1
            self.sent += [arg for arg in args if isinstance(arg, str)]
            stand_in = self.replaced.get(name)
            return stand_in(real, *args) if stand_in else real(*args)

        return call


@pytest.fixture
def engine() -> Iterator[DurableEngine]:
    """Compile the program above."""
    with DurableEngine(PROGRAM) as made:
        yield made


def inside(case: dict[str, str], box: Box) -> bool:
    """Return True where the case lies in the box."""
    return all(case[fact] in values for fact, values in box.items())


def chessboard(side: int) -> Program:
    """Return a program in which every case has a rule of its own."""
    values = {fact: [f"{fact}{number}" for number in range(side)] for fact in ("row", "column")}
    rules = [
        EngineRule(id=row + column, when={"row": {row}, "column": {column}})
        for row in values["row"]
        for column in values["column"]
    ]
    return Program(values=values, rules=rules)


def spied(monkeypatch: pytest.MonkeyPatch, **replaced: Callable[..., Any]) -> Spy:
    """Put a spy in the place of the C module."""
    spy = Spy(**replaced)
    monkeypatch.setattr(durable, "_load", lambda: spy)
    return spy


# --- what holds ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("values", "fired", "decided"), BY_HAND)
@pytest.mark.parametrize("make", [ReferenceEngine, DurableEngine])
def test_what_holds_by_hand(
    make: type[ReferenceEngine | DurableEngine],
    values: tuple[str, ...],
    fired: set[str],
    decided: tuple[str, ...],
) -> None:
    """Each engine finds the rules and the decided facts that a person finds."""
    evaluation = make(PROGRAM).evaluate(dict(zip(PROGRAM.values, values, strict=True)))
    assert evaluation.fired == fired
    assert evaluation.decided == dict(zip(PROGRAM.decided, decided, strict=True))


def test_layers() -> None:
    """Decided facts fall into layers: each comes after all that its rules test or wait for."""
    assert PROGRAM.strata == (("tier",), ("activity",), ("notice",))
    facts = ("first", "through-test", "through-outranking", "through-both")
    program = Program(
        values={"a": ("b", "c")},
        decided=dict.fromkeys(facts, ("yes", "no")),
        otherwise=dict.fromkeys(facts, "no"),
        rules=[
            rule("gives", a="b", concludes=("first", "yes")),
            rule("tests", first="yes", concludes=("through-test", "yes")),
            # It waits for rules only, yet longer than the one that tests.
            rule("waits-1", a="b"),
            rule("waits-2", a="c", outranked_by=("waits-1",)),
            rule("waits-3", a="c", outranked_by=("waits-2",)),
            rule("waits-4", outranked_by=("waits-3",)),
            rule("waits", concludes=("through-test", "yes"), outranked_by=("waits-4",)),
            rule("outranks", first="yes"),
            rule("yields", concludes=("through-outranking", "yes"), outranked_by=("outranks",)),
            EngineRule(
                id="last",
                when={"through-test": {"yes"}, "through-outranking": {"no"}},
                concludes=("through-both", "yes"),
            ),
        ],
    )
    assert program.strata == (facts[:1], facts[1:3], facts[3:])
    for case in every_case(program.values):
        assert DurableEngine(program).evaluate(case) == ReferenceEngine(program).evaluate(case)


@unhurried
@given(data=st.data(), program=programs())
def test_reference_means_what_it_says(data: st.DataObject, program: Program) -> None:
    """A rule applies just where it fits and nothing above it does; rules agree on a fact."""
    case = data.draw(cases(program.values))
    evaluation = ReferenceEngine(program).evaluate(case)
    facts = {**case, **evaluation.decided}
    for tried in program.rules:
        fits = all(facts[fact] in values for fact, values in tried.when.items())
        outranked = any(other in evaluation.fired for other in tried.outranked_by)
        assert (tried.id in evaluation.fired) == (fits and not outranked)
    for fact in program.decided:
        agreed = {
            rule.concludes[1]
            for rule in program.rules
            if rule.id in evaluation.fired and rule.concludes and rule.concludes[0] == fact
        }
        assert {facts[fact]} == (agreed if len(agreed) == 1 else {program.otherwise[fact]})


# --- that the engines agree ---------------------------------------------------------------------


def test_agree_on_every_cell(engine: DurableEngine) -> None:
    """The engines agree on every case of the program written by hand."""
    reference = ReferenceEngine(PROGRAM)
    for case in every_case(PROGRAM.values):
        assert engine.evaluate(case) == reference.evaluate(case)


@unhurried
@given(data=st.data(), program=programs())
def test_agree_on_random_programs(data: st.DataObject, program: Program) -> None:
    """The engines agree on any program and any case, whatever the names and values are."""
    some = data.draw(st.lists(cases(program.values), min_size=1, max_size=6))
    with DurableEngine(program) as engine:
        for case in some:
            assert engine.evaluate(case) == ReferenceEngine(program).evaluate(case)


def test_values_never_reach_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name or value is told to the C engine, so none can be mistaken there for another.

    It compares names by a 32-bit hash, by which "liquid" is "costarring".
    """
    # pinned: names that the library takes for one
    assert durable_terms._hash("liquid") == durable_terms._hash("costarring")
    spy = spied(monkeypatch)
    program = Program(
        values={"liquid": ("liquid", 'costarring"}'), "costarring": ("liquid", "costarring")},
        rules=[rule("zinke", liquid="liquid"), rule("altarage", costarring="liquid")],
    )
    engine = DurableEngine(program)
    for case in every_case(program.values):
        assert engine.evaluate(case) == ReferenceEngine(program).evaluate(case)
    sent = "".join(spy.sent)
    assert not [name for name in ("liquid", "costarring", "zinke", "altarage") if name in sent]


@pytest.mark.parametrize("letter", ["a", "w", "p"])
def test_colliding_names_are_refused(monkeypatch: pytest.MonkeyPatch, letter: str) -> None:
    """Names of our own making that collided would be refused before anything is compiled.

    These are the keys of facts, the messages and the sessions.
    """
    monkeypatch.setattr(
        durable_terms, "_hash", lambda name: name[: 1 if name[0] == letter else None]
    )
    with pytest.raises(EngineFault, match="same hash"):
        DurableEngine(PROGRAM)


def test_only_what_rules_test_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only facts that rules test are told, and each case to another session than the one before."""
    spy = spied(monkeypatch)
    program = Program(
        values={"used": ("no", "yes"), "unused": ("no", "yes")},
        decided={"tier": ("visit", "none")},
        otherwise={"tier": "none"},
        rules=[rule("r", used="yes", concludes=("tier", "visit"))],
    )
    engine = DurableEngine(program)
    spy.sent.clear()
    for _ in range(2):
        assert engine.evaluate({"used": "yes", "unused": "no"}).decided == {"tier": "visit"}
    messages = [json.loads(text) for text in spy.sent if text.startswith("{")]
    assert [sorted(message) for message in messages] == [["a0n0", "g", "id", "m", "sid"]] * 2
    assert messages[0]["sid"] != messages[1]["sid"]


# --- limits -------------------------------------------------------------------------------------


def agree(program: Program, some: list[dict[str, str]]) -> None:
    """Assert that the engines agree on some cases."""
    with DurableEngine(program) as engine:
        for case in some:
            assert engine.evaluate(case) == ReferenceEngine(program).evaluate(case)


def test_many_rules_at_once() -> None:
    """A thousand rules may hold at once, and six hundred may differ in their first condition."""
    values = {f"f{number}": ("no", "yes") for number in range(240)}
    rules = [
        EngineRule(id=f"r{n}", when={f"f{n % 240}": {"yes"}, f"f{n // 240}": {"yes"}})
        for n in range(1000)
    ]
    some = [dict.fromkeys(values, "yes"), dict.fromkeys(values, "no")]
    some.append({**some[0], "f7": "no"})
    agree(Program(values=values, rules=rules), some)


def test_as_many_terms_as_it_takes() -> None:
    """At the greatest number of terms the answer is right; with one more it is refused."""
    values, rules = chessboard(62).values, chessboard(62).rules
    some = [{"row": f"row{n}", "column": f"column{n * 7 % 62}"} for n in (0, 30, 61)]
    agree(Program(values=values, rules=rules[:3840]), some)
    with pytest.raises(EngineUnavailable, match=r"more than 3,840 rules"):
        DurableEngine(Program(values=values, rules=rules[:3841]))


@pytest.mark.parametrize(("layers", "taken"), [(14, True), (15, False)])
def test_as_many_layers_as_it_takes(layers: int, *, taken: bool) -> None:
    """A rule may test fourteen layers of decided facts; with one more it is refused."""
    decided = {f"d{number}": ("no", "yes") for number in range(layers)}
    rules = [rule("first", given="yes", concludes=("d0", "yes"))]
    rules += [
        EngineRule(id=f"r{n}", when={f"d{n - 1}": {"yes"}}, concludes=(f"d{n}", "yes"))
        for n in range(1, layers)
    ]
    rules.append(EngineRule(id="all", when={fact: {"yes"} for fact in ["given", *decided]}))
    otherwise = dict.fromkeys(decided, "no")
    program = Program(
        values={"given": ("no", "yes")}, decided=decided, otherwise=otherwise, rules=rules
    )
    assert len(program.strata) == layers
    if taken:
        agree(program, list(every_case(program.values)))
    else:
        with pytest.raises(EngineUnavailable, match="more than 15 layers"):
            DurableEngine(program)


@pytest.mark.parametrize(("facts", "taken"), [(250, True), (251, False)])
def test_as_many_facts_as_it_takes(facts: int, *, taken: bool) -> None:
    """A case may tell 250 facts that rules test; with one more it is refused."""
    values = {f"f{number}": ("no", "maybe", "yes") for number in range(facts)}
    program = Program(
        values=values, rules=[EngineRule(id=f, when={f: {"yes", "no"}}) for f in values]
    )
    if taken:
        agree(program, [dict.fromkeys(values, value) for value in ("no", "maybe", "yes")])
    else:
        with pytest.raises(EngineUnavailable, match="more than 250 comparisons"):
            DurableEngine(program)


def test_too_large_a_program_falls_back() -> None:
    """Where the program is too large, the reference answers and says why; named, it raises."""
    values = {f"f{number}": ("no", "maybe", "yes") for number in range(251)}
    program = Program(values=values, rules=[EngineRule(id=f, when={f: {"yes"}}) for f in values])
    engine = engine_for(program)
    assert engine.name == "reference"
    assert "250 comparisons" in str(engine.fallback_reason)
    assert engine.evaluate(dict.fromkeys(values, "yes")).fired == set(values)
    with pytest.raises(EngineUnavailable):
        engine_for(program, engine="durable-rules")


def test_sessions_are_deleted(engine: DurableEngine) -> None:
    """Five thousand cases are answered: the C engine has room for a thousand sessions only."""
    assert {engine.evaluate(CASE) for _ in range(5000)} == {ReferenceEngine(PROGRAM).evaluate(CASE)}


# --- faults -------------------------------------------------------------------------------------


def rename(to: str) -> Callable[..., object]:
    """Return a stand-in that names another rule than the one that fired."""

    def stand_in(real: Callable[..., str | None], *args: object) -> object:
        answer = real(*args)
        return answer and f'{{"{to}"' + answer[answer.index('"', 2) + 1 :]

    return stand_in


def nothing(real: Callable[..., object], *args: object) -> None:
    """Stand in by dropping the answer, as if nothing had fired."""
    real(*args)


def again() -> Callable[..., object]:
    """Return a stand-in that repeats the first answer for ever."""
    answers: list[object] = []

    def stand_in(real: Callable[..., object], *args: object) -> object:
        answers.append(real(*args))
        return answers[0]

    return stand_in


def another_session(real: Callable[..., str | None], *args: object) -> object:
    """Stand in by answering about another case."""
    answer = real(*args)
    return answer and answer.replace('"sid":"p', '"sid":"q')


def raises(trouble: Callable[[Any], BaseException]) -> Callable[..., object]:
    """Return a stand-in that raises."""

    def stand_in(real: Callable[..., object], *args: object) -> object:
        del real, args
        raise trouble(durable._load())

    return stand_in


def c_error(library: Any) -> BaseException:
    """Return an error of the C module."""
    error: BaseException = library.error("Could not, error code: 303")
    return error


FAULTS = {
    "a rule that was never compiled": (
        {"complete_and_start_action": rename("r999")},
        "cannot apply",
    ),
    "a rule before its time": ({"complete_and_start_action": rename("s1")}, "cannot apply"),
    "a rule twice": ({"complete_and_start_action": again()}, "twice"),
    "the sentinel twice": ({"complete_and_start_action": rename("s0")}, "twice"),
    "no sentinel": ({"start_action_for_state": nothing}, "always applies"),
    "another session": ({"complete_and_start_action": another_session}, "another case"),
    "a case not taken": ({"assert_fact": lambda real, *args: (1, real(*args)[1])}, "not take"),
    "an error while asserting": ({"assert_fact": raises(c_error)}, "303"),
    "an error while deleting": ({"delete_state": raises(c_error)}, "303"),
    "no memory": ({"start_action_for_state": raises(lambda _: MemoryError())}, "failed"),
}


@pytest.mark.parametrize(("replaced", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_fault(
    monkeypatch: pytest.MonkeyPatch, replaced: dict[str, Callable[..., Any]], message: str
) -> None:
    """Whatever comes back wrong raises, nothing is returned, and the engine stays refused."""
    spy = spied(monkeypatch)
    engine = DurableEngine(PROGRAM)
    spy.replaced = replaced
    with pytest.raises(EngineFault, match=message):
        engine.evaluate(CASE)
    spy.replaced = {}
    with pytest.raises(EngineFault, match=message):
        engine.evaluate(CASE)
    assert spy.calls["delete_ruleset"] == 0  # what failed may not be fit to be freed
    assert DurableEngine(PROGRAM).evaluate(CASE) == ReferenceEngine(PROGRAM).evaluate(CASE)


def test_rules_compiled_wrongly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The self-check finds any one condition that the C engine compiled wrongly."""
    definition = DurableEngine(PROGRAM)._source.definition  # pinned: the compiled rules are counted
    spy = spied(monkeypatch)
    conditions = list(re.finditer(r'(?<={"a)\dn\d":\d(?=})', definition))
    assert len(conditions) > 20
    for condition in conditions:
        wrong = definition[: condition.end() - 1] + "9" + definition[condition.end() :]
        spy.replaced = {"create_ruleset": lambda real, name, _, wrong=wrong: real(name, wrong)}
        with pytest.raises(EngineFault, match=r"disagree|twice"):
            DurableEngine(PROGRAM)


@unhurried
@given(programs())
@example(chessboard(8))
def test_every_term_is_checked(program: Program) -> None:
    """In some case of the self-check each rule of the C engine must fire."""
    samples = durable_terms.compile_for_durable(program).samples
    for term in durable_terms._terms(program):  # pinned: the terms before they are compiled
        assert any(inside(sample, dict(term)) for sample in samples)


def test_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt passes through at each call of the engine, and costs a session and no rules."""
    spy = spied(monkeypatch)
    engine = DurableEngine(PROGRAM)
    expected = ReferenceEngine(PROGRAM).evaluate(CASE)

    def before(_: Callable[..., Any], *__: object) -> NoReturn:
        raise KeyboardInterrupt

    def after(real: Callable[..., Any], *arguments: object) -> NoReturn:
        real(*arguments)
        raise KeyboardInterrupt

    calls = ("assert_fact", "start_action_for_state", "complete_and_start_action", "delete_state")
    for call, stop in product(calls, (before, after)):
        spy.replaced = {call: stop}
        with pytest.raises(KeyboardInterrupt):
            engine.evaluate(CASE)
        spy.replaced = {}
        assert engine.evaluate(CASE) == expected
    assert (spy.calls["create_ruleset"], spy.calls["delete_ruleset"]) == (1, 0)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system has no such file")
def test_interrupts_keep_no_memory() -> None:
    """Three hundred sessions that an interrupt left half done are deleted, so memory is flat."""
    script = """
import os
from ncpi_rules.engine import EngineRule, Program
from ncpi_rules.engine.durable import DurableEngine, _Ruleset
rule = EngineRule(id="r", when={"a": {"b"}})
real = _Ruleset._assert
def stop(*arguments):
    real(*arguments)
    raise KeyboardInterrupt
engine = DurableEngine(Program(values={"a": ("b", "c")}, rules=[rule]))
_Ruleset._assert = stop
def interrupt(times):
    for _ in range(times):
        try:
            engine.evaluate({"a": "b"})
        except KeyboardInterrupt:
            pass
    with open("/proc/self/statm") as figures:
        return int(figures.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
before = interrupt(50)
print((interrupt(300) - before) >> 20)
"""
    ran = subprocess.run(  # noqa: S603  our own script
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(ran.stdout) < 10  # MB; what was left of 300 took 48


def test_abandoned_while_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that waited for its turn does not use what another has abandoned meanwhile."""
    spy = spied(monkeypatch)
    engine = DurableEngine(PROGRAM)
    assert engine._ruleset is not None  # pinned: the C handle has no public face

    @contextmanager
    def turn() -> Iterator[None]:
        engine._ruleset = None
        yield

    monkeypatch.setattr(engine._ruleset, "lock", turn())
    assert engine.evaluate(CASE) == ReferenceEngine(PROGRAM).evaluate(CASE)
    assert spy.calls["create_ruleset"] == 2


def test_disagreement_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer unlike the reference's is never returned."""
    wrong = Evaluation(fired=frozenset({"always"}), decided=PROGRAM.otherwise)
    monkeypatch.setattr(DurableEngine, "evaluate", lambda *_: wrong)
    with pytest.raises(EngineFault, match="disagree on: interview"):
        engine_for(PROGRAM).evaluate(CASE)


# --- threads, forks, copies and what is left behind -----------------------------------------------


def test_threads(engine: DurableEngine) -> None:
    """Eight threads that share an engine get the answers that one gets."""
    every = list(every_case(PROGRAM.values))
    expected = [ReferenceEngine(PROGRAM).evaluate(case) for case in every]
    answers: dict[int, list[Evaluation]] = {}

    def work(number: int) -> None:
        answers[number] = [engine.evaluate(case) for case in every * 4]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    finally:
        sys.setswitchinterval(interval)
    assert answers == dict.fromkeys(range(8), expected * 4)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child compiles anew, though its parent was in the middle of a case, and frees its own."""
    spy = spied(monkeypatch)
    engine = DurableEngine(PROGRAM)
    expected = ReferenceEngine(PROGRAM).evaluate(CASE)
    assert engine._ruleset is not None
    with engine._ruleset.lock:
        child = os.fork()
        if not child:  # pragma: no cover  a child is not measured
            signal.alarm(30)  # ends it, should it wait for the lock
            right = engine.evaluate(CASE) == expected
            compiled, freed = spy.calls["create_ruleset"], spy.calls["delete_ruleset"]
            engine.close()
            right = right and (compiled, freed, spy.calls["delete_ruleset"]) == (2, 0, 1)
            # pinned: a child process ends without its parent's handlers
            os._exit(0 if right else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert engine.evaluate(CASE) == expected
    assert spy.calls["create_ruleset"] == 1


def test_pickle(engine: DurableEngine) -> None:
    """Programs, engines and evaluations can be pickled; an engine is compiled again."""
    assert pickle.loads(pickle.dumps(PROGRAM)) == PROGRAM  # noqa: S301  it is our own
    evaluation = engine.evaluate(CASE)
    assert pickle.loads(pickle.dumps(evaluation)) == evaluation  # noqa: S301
    memoised = MemoisedEngine(engine, capacity=7, fallback_reason="none")
    for made in (engine, memoised):
        copy: DurableEngine | MemoisedEngine = pickle.loads(pickle.dumps(made))  # noqa: S301
        engine.close()
        assert copy.evaluate(CASE) == evaluation
    assert isinstance(copy, MemoisedEngine)
    assert (copy.answers.most, copy.fallback_reason) == (7, "none")


def test_close(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed engine refuses, may be closed again, and frees what it compiled once."""
    spy = spied(monkeypatch)
    with DurableEngine(PROGRAM) as engine:
        engine.evaluate(CASE)
        assert engine._ruleset is not None
        assert not engine._ruleset.free.atexit  # when other threads may still be at work
    engine.close()
    with pytest.raises(EngineUnavailable, match="closed"):
        engine.evaluate(CASE)
    assert spy.calls["delete_ruleset"] == 1
    DurableEngine(PROGRAM)  # nobody keeps it
    assert spy.calls["delete_ruleset"] == 2


def test_leaves_no_trace() -> None:
    """Importing loads no C; evaluating starts no thread and leaves the linker's flags alone."""
    script = """
import sys, threading
flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
from ncpi_rules.engine import EngineRule, Program, engine_for
assert "durable_rules_engine" not in sys.modules
rule = EngineRule(id="r", when={"a": {"b"}})
with_engine = engine_for(Program(values={"a": ("b", "c")}, rules=[rule]), engine="durable-rules")
assert with_engine.evaluate({"a": "b"}).fired == {"r"}
assert "durable_rules_engine" in sys.modules and "durable.engine" not in sys.modules
assert threading.active_count() == 1
assert flags == (sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None)
print("done")
"""
    root = Path(__file__).parents[2]
    run = subprocess.run(  # noqa: S603  our own script
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr) == ("done\n", "")


# --- which engine, and the memory ---------------------------------------------------------------


def test_without_durable_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where durable-rules cannot be imported the reference answers and says why."""
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    engine = engine_for(PROGRAM)
    assert (engine.name, engine.evaluate(CASE)) == (
        "reference",
        ReferenceEngine(PROGRAM).evaluate(CASE),
    )
    assert "durable-rules cannot be imported" in str(engine.fallback_reason)
    with pytest.raises(EngineUnavailable, match="cannot be imported"):
        engine_for(PROGRAM, engine="durable-rules")


def test_which_engine() -> None:
    """durable-rules answers by default, the reference where it is named, and no other."""
    assert (engine_for(PROGRAM).name, engine_for(PROGRAM).fallback_reason) == (
        "durable-rules",
        None,
    )
    assert engine_for(PROGRAM, engine="reference").name == "reference"
    with pytest.raises(EngineUnavailable, match="Did you mean 'durable-rules'"):
        engine_for(PROGRAM, engine="durable-rule")  # type: ignore[arg-type]


@unhurried
@given(data=st.data(), program=programs(), capacity=st.integers(1, 3))
def test_memoryanswers_alike(data: st.DataObject, program: Program, capacity: int) -> None:
    """Remembered or not, the answer is the reference's, and no more is kept than was asked."""
    engine = MemoisedEngine(DurableEngine(program), capacity=capacity)
    for case in data.draw(st.lists(cases(program.values), max_size=12)):
        assert engine.evaluate(case) == ReferenceEngine(program).evaluate(case)
        assert engine.evaluate(case) is engine.evaluate(case)
        assert len(engine.answers) <= capacity
    engine.close()
    assert not engine.answers
    case = next(every_case(program.values))
    with pytest.raises(EngineUnavailable):
        engine.evaluate(case)


def test_memory_looks_at_tested_facts_only() -> None:
    """Cases that differ in a fact that no rule tests share one answer, found once."""
    program = Program(
        values={"used": ("no", "yes"), "unused": ("no", "yes")}, rules=[rule("r", used="yes")]
    )
    engine = engine_for(program, engine="reference")
    first = engine.evaluate({"used": "yes", "unused": "no"})
    assert engine.evaluate({"used": "yes", "unused": "yes"}) is first
    assert engine.evaluate({"used": "no", "unused": "yes"}) is not first


def test_sharedanswers_are_read_only() -> None:
    """Nobody can change an answer that others share."""
    decided: Any = engine_for(PROGRAM).evaluate(CASE).decided
    with pytest.raises(TypeError):
        decided["tier"] = "full"


# --- values and programs that are refused ---------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({"findings": "positive", "prospects": "good"}, "decision: This fact is missing"),
        ({**CASE, "weather": "fine"}, "weather: No such fact"),
        ({**CASE, "decision": "vist"}, "Did you mean 'visit'"),
        ({**CASE, "decision": ["none"]}, r"\['none'\]"),
        ({"findings": "positive", "prospects": "good", "weather": "fine"}, "decision: This fact"),
    ],
)
@pytest.mark.parametrize("name", ["reference", "durable-rules"])
def test_values_refused(name: Any, case: dict[str, str], message: str) -> None:
    """A missing fact, an unknown fact or an unknown value raises, and says which."""
    engine = engine_for(PROGRAM, engine=name)
    engine.evaluate(CASE)  # what is remembered must not answer instead
    for decider in (engine, engine.engine):
        with pytest.raises(FactsError, match=message):
            decider.evaluate(case)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rules": [rule("r"), rule("r")]}, "r: Two rules have this id"),
        ({"decided": {"a": ("b",)}, "otherwise": {"a": "b"}}, "a: This fact is both"),
        ({"values": {"a": ()}}, "a: This fact needs values"),
        ({"values": {"a": ("b", "b")}}, "a: This fact needs values"),
        ({"decided": {"d": ("e",)}, "otherwise": {}}, "d: This decided fact has no value"),
        ({"decided": {"d": ("e",)}, "otherwise": {"d": "f"}}, "d: This decided fact has no value"),
        ({"rules": [rule("r", x="b")]}, "r: It tests 'x', which is not a fact"),
        ({"rules": [rule("r", a="x")]}, "r: It tests 'x', which is not a value of 'a'"),
        ({"rules": [rule("r", concludes=("a", "b"))]}, "r: It concludes 'a', which is not a deci"),
        ({"rules": [rule("r", outranked_by=("q",))]}, "r: It is outranked by 'q', which is not"),
        ({"rules": [rule("r", outranked_by=("r",))]}, "circle: r"),
    ],
)
def test_programs_refused(changes: dict[str, Any], message: str) -> None:
    """A program that does not hold together is refused, and the rule or fact is named."""
    with pytest.raises(RulesetError, match=message):
        Program(**{"values": {"a": ("b", "c")}, "rules": [], **changes})


def test_circle() -> None:
    """Rules that wait for each other, through what they test and outrank, are named."""
    with pytest.raises(RulesetError, match="wait for each other in a circle") as caught:
        Program(
            values={"a": ("b",)},
            decided={"d": ("e",)},
            otherwise={"d": "e"},
            rules=[
                rule("concludes", concludes=("d", "e"), outranked_by=("outranks",)),
                rule("outranks", outranked_by=("tests",)),
                rule("tests", d="e"),
                rule("apart", a="b"),
            ],
        )
    named = str(caught.value).partition("circle: ")[2].partition(".")[0]
    assert set(named.split(", ")) == {"concludes", "outranks", "tests"}


# --- why not ------------------------------------------------------------------------------------


def test_explain() -> None:
    """The reference says which conditions hold and fail, and which rules outrank."""
    engine = engine_for(PROGRAM)
    case = {"findings": "positive", "prospects": "serious-concerns", "decision": "none"}
    outranked = engine.explain("full", engine.evaluate(case), case)
    assert [
        (condition.fact, condition.value, condition.holds) for condition in outranked.conditions
    ] == [("prospects", "serious-concerns", True)]
    assert (outranked.outranked_by, outranked.applies) == (("leave",), False)
    warn = engine.explain("warn", engine.evaluate(case), case)
    assert warn.applies
    failing = engine.explain("read", engine.evaluate(case), case)
    assert [condition.fact for condition in failing.conditions if not condition.holds] == [
        "tier",
        "findings",
    ]
    with pytest.raises(UnknownItemError, match=r"There is no rule 'wran'.*Did you mean 'warn'"):
        engine.explain("wran", engine.evaluate(case), case)


@unhurried
@given(data=st.data(), program=programs())
def test_explains_what_holds(data: st.DataObject, program: Program) -> None:
    """The explanation of a rule says that it holds just where it does."""
    case = data.draw(cases(program.values))
    reference = ReferenceEngine(program)
    evaluation = reference.evaluate(case)
    held = {
        rule.id for rule in program.rules if reference.explain(rule.id, evaluation, case).applies
    }
    assert held == evaluation.fired


# --- boxes, against every case there is -----------------------------------------------------------

SMALL = vocabularies(least=1, most=3)


@given(data=st.data(), values=SMALL)
def test_count(data: st.DataObject, values: Values) -> None:
    """A box holds as many cases as can be counted."""
    box = data.draw(boxes(values))
    assert count(box, values) == sum(inside(case, box) for case in every_case(values))


@given(data=st.data(), values=SMALL)
def test_meet(data: st.DataObject, values: Values) -> None:
    """The cases that lie in both boxes are those of the box where they meet."""
    box, other = data.draw(boxes(values)), data.draw(boxes(values))
    both = meet(box, other)
    for case in every_case(values):
        lies_in_both = inside(case, box) and inside(case, other)
        assert lies_in_both == (both is not None and inside(case, both))


@given(data=st.data(), values=SMALL)
def test_subtract(data: st.DataObject, values: Values) -> None:
    """What is left is the cases in the box and in no other, each of them once."""
    box, others = data.draw(boxes(values)), data.draw(st.lists(boxes(values), max_size=5))
    pieces = list(subtract(box, others, values))
    assert all(all(piece.values()) for piece in pieces)
    for case in every_case(values):
        left = inside(case, box) and not any(inside(case, other) for other in others)
        assert sum(inside(case, piece) for piece in pieces) == left


@given(data=st.data(), values=SMALL)
def test_cases_in_no_box(data: st.DataObject, values: Values) -> None:
    """A whole case in none of the boxes is found just where there is one."""
    some = data.draw(st.lists(boxes(values), max_size=6))
    free = [case for case in every_case(values) if not any(inside(case, box) for box in some)]
    hole = next(subtract({}, some, values), None)
    assert hole is None if not free else hole is not None and some_case(hole, values) in free


def test_boxes_of_a_large_space() -> None:
    """Boxes that split sixteen million cases are found to cover them, or not."""
    values = {f"f{number}": ("a", "b", "c", "d") for number in range(12)}
    covering: list[Box] = [{}]
    for number in range(29):
        box, fact = covering.pop(0), f"f{number % 12}"
        allowed = sorted(box.get(fact, values[fact]))
        parts = (allowed[::2], allowed[1::2]) if allowed[1:] else (allowed,)
        covering += [{**box, fact: frozenset(part)} for part in parts]
    assert len(covering) > 20
    assert next(subtract({}, covering, values), None) is None
    assert sum(count(box, values) for box in covering) == 4**12
    for missing in covering:
        rest = [box for box in covering if box is not missing]
        assert sum(count(piece, values) for piece in subtract({}, rest, values)) == count(
            missing, values
        )
        assert inside(some_case(next(subtract({}, rest, values)), values), missing)
