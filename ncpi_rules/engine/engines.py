"""The two engines behind one interface, with a memory of the cases already answered."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, Protocol

from ncpi_rules.core import EngineFault, EngineUnavailable, Memo, one_of
from ncpi_rules.engine.durable import DurableEngine
from ncpi_rules.engine.program import Evaluation
from ncpi_rules.engine.reference import Explanation, ReferenceEngine, applicable_rules

if TYPE_CHECKING:
    from ncpi_rules.engine.boxes import Case
    from ncpi_rules.engine.program import Program


class Engine(Protocol):
    """What every engine can do."""

    name: str
    program: Program

    def evaluate(self, values: Case) -> Evaluation:
        """Return which rules apply in one case."""

    def close(self) -> None:
        """Release what the engine holds."""


class MemoisedEngine:
    """An engine that remembers its answers, each checked once against the reference.

    Cases that agree on every fact that some rule tests share one answer; ``answers`` has at most
    ``capacity`` of them. ``fallback_reason`` says why the engine is not the default, or is None.

    >>> from ncpi_rules.engine import EngineRule, Program
    >>> rule = EngineRule(id="review", when={"concern": {"some"}})
    >>> program = Program(values={"concern": ("none", "some")}, rules=[rule])
    >>> engine = MemoisedEngine(ReferenceEngine(program))
    >>> engine.evaluate({"concern": "some"}).fired
    frozenset({'review'})
    """

    def __init__(
        self,
        engine: Engine,
        *,
        capacity: int = 4096,
        verify: bool = True,
        fallback_reason: str | None = None,
    ) -> None:
        """Take the engine that answers; with ``verify``, each new answer is checked."""
        self.engine = engine
        self.name = engine.name
        self.program = engine.program
        self.fallback_reason = fallback_reason
        self._verify = verify
        self._reference = ReferenceEngine(engine.program)
        self._facts = len(engine.program.values)
        self._key = itemgetter(*engine.program.tested) if engine.program.tested else lambda _: ()
        self.answers = Memo[object, Evaluation](capacity)

    def evaluate(self, values: Case) -> Evaluation:
        """Return which rules apply in one case.

        Raises ``FactsError`` where a value is not known, and ``EngineFault`` where the engine
        answers anything unexpected or not what the reference answers. The value of a fact that
        no rule tests is checked only when the answer is not remembered.
        """
        if len(values) == self._facts:
            try:
                key = self._key(values)
                answer = self.answers.get(key)
            except (KeyError, TypeError):
                pass  # the engine says what is wrong, in full
            else:
                return answer or self._ask(values, key)
        return self._ask(values, None)

    def explain(self, rule_id: str, evaluation: Evaluation, values: Case) -> Explanation:
        """Return why a rule applies or not; raise ``UnknownItemError`` where there is none."""
        return self._reference.explain(rule_id, evaluation, values)

    def close(self) -> None:
        """Close the engine and forget the answers."""
        self.engine.close()
        self.answers.clear()

    def __reduce__(self) -> tuple[object, tuple[Engine]]:
        """Pickle how it was made, without the answers."""
        make = partial(
            type(self),
            capacity=self.answers.most,
            verify=self._verify,
            fallback_reason=self.fallback_reason,
        )
        return make, (self.engine,)

    def _ask(self, values: Case, key: object) -> Evaluation:
        answer = self.engine.evaluate(values)
        if self._verify and self.engine.name != ReferenceEngine.name:
            facts = dict(values)  # the engine has checked them
            expected = applicable_rules(self.program, facts)
            if answer.fired != expected or any(
                value != facts[fact] for fact, value in answer.decided.items()
            ):
                differ = ", ".join(sorted(answer.fired ^ expected)) or "the decided facts"
                message = f"{self.name} and the reference engine disagree on: {differ}."
                raise EngineFault(message)
        return self.answers.remember(key, answer)


def engine_for(
    program: Program,
    *,
    engine: Literal["durable-rules", "reference"] | None = None,
    capacity: int = 4096,
    verify: bool = True,
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
            made = DurableEngine(program, self_check=not verify)
        except EngineUnavailable as trouble:
            if engine is not None:
                raise
            reason = str(trouble)
    elif engine != ReferenceEngine.name:
        message = f"There is no engine '{engine}'. "
        names = [DurableEngine.name, ReferenceEngine.name]
        raise EngineUnavailable(message + one_of(str(engine), names))
    return MemoisedEngine(
        made or ReferenceEngine(program),
        capacity=capacity,
        verify=verify,
        fallback_reason=reason,
    )
