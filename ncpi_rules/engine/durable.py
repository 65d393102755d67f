"""durable-rules, fenced: the only module that imports its C engine, when rules are compiled.

The engine is old and has sharp edges. Each is avoided here, and every answer is checked:

* only six C functions are called; the Python face, which starts threads, is never imported;
* the user's text never reaches the engine: facts become short keys, values small integers;
* each case has a session of its own, under a lock, which is deleted before the next one;
* a sentinel rule must fire once for each message, so that "no rule applies" is an answer too;
* the engine only compares integers, and programs beyond its limits are refused: ``durable_terms``.

Forward chaining happens in the engine: after the given facts, each layer of decided facts is
asserted in the same session, and the rules that test them fire.

Where it cannot be had, the reference engine answers instead: ``engine_for``.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import weakref
from contextlib import contextmanager, suppress
from itertools import cycle
from typing import TYPE_CHECKING, Final, Literal, Protocol, Self, cast

from ncpi_rules.core import EngineFault, EngineUnavailable, Problem, one_of
from ncpi_rules.engine.durable_terms import SESSIONS, DurableProgram, compile_for_durable, expect
from ncpi_rules.engine.program import Evaluation, Program
from ncpi_rules.engine.reference import Engine, MemoisedEngine, ReferenceEngine, applicable_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.engine.boxes import Case

_MODULE: Final = "durable_rules_engine"
_LOADING: Final = threading.Lock()


class _Library(Protocol):
    """The functions of the C module that are used; a handle stands for compiled rules."""

    error: type[Exception]

    def create_ruleset(self, name: str, rules: str, /) -> int: ...
    def delete_ruleset(self, handle: int, /) -> None: ...

    # Outcome 0 where some rule took the message, and the place of the session.
    def assert_fact(self, handle: int, message: str, /) -> tuple[int, int]: ...

    # The session and the first rule that fired; then the next one; None where there is none.
    def start_action_for_state(self, handle: int, place: int, /) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, handle: int, place: int, /) -> str | None: ...

    def delete_state(self, handle: int, session: str, /) -> None: ...


def _load() -> _Library:
    """Import the C engine; raise ``EngineUnavailable`` where it cannot be.

    It is bound lazily: on Python 3.13 and later a function is missing that only callbacks use,
    and no callback is ever set.
    """
    if (loaded := sys.modules.get(_MODULE)) is not None:
        return cast("_Library", loaded)
    with _LOADING:  # or two threads might put the wrong flags back
        flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
        try:
            if flags is not None:
                sys.setdlopenflags(os.RTLD_LAZY)
            return cast("_Library", importlib.import_module(_MODULE))
        except ImportError as trouble:
            raise EngineUnavailable(
                Problem(
                    place="",
                    message=f"durable-rules cannot be imported: {trouble}.",
                    help="Install durable-rules, or use the reference engine: it answers the same.",
                )
            ) from trouble
        finally:
            if flags is not None:
                sys.setdlopenflags(flags)


@contextmanager
def _no_errors(library: _Library) -> Iterator[None]:
    try:
        yield
    except (library.error, MemoryError) as trouble:
        message = f"durable-rules failed: {trouble}."
        raise EngineFault(message) from trouble


class _Ruleset:
    """A ruleset compiled in this process: the handle, its lock, and one session at a time."""

    def __init__(self, library: _Library, source: DurableProgram) -> None:
        self.process = os.getpid()
        self.lock = threading.Lock()
        self._library = library
        self._source = source
        self._sessions = cycle(SESSIONS)
        self._open: str | None = None
        with _no_errors(library):
            self._handle = library.create_ruleset("rules", source.definition)
        self.free = weakref.finalize(self, _free, library, self._handle, self.process)
        self.free.atexit = False  # other threads may still be at work then

    def fire(self, facts: dict[str, str]) -> frozenset[str]:
        """Return the rules that apply, and write the decided facts that are missing into ``facts``.

        Raises ``EngineFault`` at anything unexpected: then call ``abandon``. After an interrupt the
        next case may follow: no call of the engine is cut in two, so only a session is lost.
        """
        self._leave()
        self._open = session = next(self._sessions)
        fired: set[str] = set()
        with _no_errors(self._library):
            for at, stage in enumerate(self._source.stages):
                self._assert(at, session, stage.message(session, facts), fired)
                for fact in stage.settles:
                    if fact not in facts:
                        facts[fact] = self._source.program.settle(fact, fired)
            # Not in a `finally`: a session that failed may not be fit to be freed.
            self._library.delete_state(self._handle, session)
        self._open = None
        return frozenset(fired)

    def _leave(self) -> None:
        """Delete the session that an interrupt left half done, if there is one.

        Only for rules of which a session has come to its end: in the place of a session the engine
        frees whatever lies there, and before the first end nothing has been put there.
        """
        if self._open is not None:
            with suppress(self._library.error):  # it was not begun, or is deleted already
                self._library.delete_state(self._handle, self._open)
            self._open = None

    def _assert(self, at: int, session: str, message: str, fired: set[str]) -> None:
        """Assert one message, and add the rules that apply because of it to ``fired``."""
        names, mine = self._source.names, f'"sid":"{session}"'
        outcome, place = self._library.assert_fact(self._handle, message)
        expect(outcome == 0, "durable-rules did not take the values of a case.")
        started = self._library.start_action_for_state(self._handle, place)
        answer = started[1] if started else None
        seen: set[str] = set()
        while answer is not None:
            name = answer[2 : answer.find('"', 2)]
            stage, rules = names.get(name, (None, frozenset()))
            # Asked first, as a call costs more than a comparison, and there are many answers.
            if mine not in answer or stage != at or name in seen or not fired.isdisjoint(rules):
                expect(mine in answer, "durable-rules answered about another case.")
                expect(stage == at, "durable-rules named a rule that cannot apply here.")
                expect(held=False, message="durable-rules named a rule twice.")
            seen.add(name)
            fired |= rules
            answer = self._library.complete_and_start_action(self._handle, place)
        expect(f"s{at}" in seen, "durable-rules did not fire the rule that always applies.")

    def abandon(self) -> None:
        """Leave the handle alone for good: it may not be fit to be freed."""
        self.free.detach()


def _free(library: _Library, handle: int, process: int) -> None:
    if os.getpid() == process:  # after a fork the handle is the parent's
        library.delete_ruleset(handle)


class DurableEngine:
    """Evaluate a program with durable-rules.

    Safe for threads, which take turns; compiled again after a fork and when unpickled. After a
    fault it gives no more answers: every call raises ``EngineFault``, until another is made.

    >>> from ncpi_rules.engine import EngineRule
    >>> rule = EngineRule(id="review", when={"concern": {"some"}})
    >>> with DurableEngine(Program(values={"concern": ("none", "some")}, rules=[rule])) as engine:
    ...     engine.evaluate({"concern": "some"}).fired
    frozenset({'review'})
    """

    name = "durable-rules"

    def __init__(self, program: Program, *, self_check: bool = True) -> None:
        """Compile the program, and check the result against the reference.

        Without ``self_check`` one case is enough: every answer is to be checked by the caller.
        Raises ``EngineUnavailable`` where durable-rules cannot be imported or cannot take so
        large a program, and ``EngineFault`` where it answers wrongly.
        """
        self.program = program
        self._source = compile_for_durable(program)
        self._self_check = self_check
        self._broken: EngineFault | EngineUnavailable | None = None
        self._ruleset: _Ruleset | None = self._compile()

    def evaluate(self, values: Case) -> Evaluation:
        """Return which rules apply in one case.

        Raises ``FactsError`` where a value is not known, and ``EngineFault`` where the engine
        answers anything unexpected.
        """
        self.program.check(values)
        facts = dict(values)
        fired = self.applicable_rules(facts)
        return Evaluation(fired=fired, decided={f: facts[f] for f in self.program.decided})

    def applicable_rules(self, facts: dict[str, str]) -> frozenset[str]:
        """Return the ids of the rules that apply, and write the decided facts into ``facts``.

        The facts that are given are not checked, as they are by ``evaluate``.
        """
        while True:
            ruleset = self._compiled()
            with ruleset.lock:
                if ruleset is self._ruleset:  # or it was abandoned while we waited
                    return self._fire(ruleset, facts)

    def close(self) -> None:
        """Free the compiled rules; every later call raises ``EngineUnavailable``."""
        ruleset, self._ruleset = self._ruleset, None
        self._broken = EngineUnavailable("This engine was closed. Make another to go on.")
        if ruleset is not None and ruleset.process == os.getpid():
            with ruleset.lock:
                ruleset.free()

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the engine."""
        self.close()

    def __reduce__(self) -> tuple[type[Self], tuple[Program]]:
        """Pickle the program, never the handle."""
        return type(self), (self.program,)

    def _compiled(self) -> _Ruleset:
        if self._broken is not None:
            raise type(self._broken)(self._broken.problems)
        ruleset = self._ruleset
        if ruleset is None or ruleset.process != os.getpid():
            ruleset = self._ruleset = self._compile()
        return ruleset

    def _compile(self) -> _Ruleset:
        ruleset = _Ruleset(_load(), self._source)
        # The first of them is the warm-up: a session may be deleted only after it ran.
        for sample in self._source.samples if self._self_check else self._source.samples[:1]:
            fired = self._fire(ruleset, dict(sample))
            expect(
                fired == applicable_rules(self.program, dict(sample)),
                "durable-rules and the reference engine disagree on these rules.",
            )
        return ruleset

    def _fire(self, ruleset: _Ruleset, facts: dict[str, str]) -> frozenset[str]:
        try:
            return ruleset.fire(facts)
        except EngineFault as trouble:
            self._ruleset, self._broken = None, trouble
            ruleset.abandon()
            raise


def engine_for(
    program: Program, *, engine: Literal["durable-rules", "reference"] | None = None
) -> MemoisedEngine:
    """Return an engine for a program: durable-rules, unless another is named.

    Where durable-rules cannot be imported, or the program is too large for it, the reference
    engine answers instead and ``fallback_reason`` says why. Where durable-rules was named, that
    raises ``EngineUnavailable``. An engine that answers wrongly always raises ``EngineFault``.

    >>> from ncpi_rules.engine import Program
    >>> program = Program(values={"concern": ("none", "some")}, rules=[])
    >>> engine_for(program, engine="reference").name
    'reference'
    """
    made: Engine | None = None
    reason = None
    if engine in {None, DurableEngine.name}:
        try:
            made = DurableEngine(program, self_check=False)
        except EngineUnavailable as trouble:
            if engine is not None:
                raise
            reason = str(trouble)
    elif engine != ReferenceEngine.name:
        message = f"There is no engine '{engine}'. "
        names = [DurableEngine.name, ReferenceEngine.name]
        raise EngineUnavailable(message + one_of(str(engine), names))
    return MemoisedEngine(made or ReferenceEngine(program), fallback_reason=reason)
