"""The reference engine: what "this rule applies" means, in lines that can be checked by reading.

Every other engine must agree with it on every case. It also says why a rule does not apply. An
engine with a memory checks each new answer of another engine against it.
"""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from ncpi_rules.core import EngineFault, Memo, UnknownItemError, one_of
from ncpi_rules.engine.program import Evaluation, Program

if TYPE_CHECKING:
    from ncpi_rules.engine.boxes import Case


def applicable_rules(program: Program, facts: dict[str, str]) -> frozenset[str]:
    """Return the ids of the rules that apply, and write the decided facts into ``facts``.

    A rule applies where no fact rules it out and no rule that outranks it applies. A decided fact
    that is in ``facts`` already is left as it is.

    >>> from ncpi_rules.engine import EngineRule
    >>> rule = EngineRule(id="review", when={"concern": {"some"}})
    >>> program = Program(values={"concern": ("none", "some")}, rules=[rule])
    >>> applicable_rules(program, {"concern": "some"})
    frozenset({'review'})
    """
    fired: set[str] = set()
    for stage in program.stages:
        fired.update(stage.left_by(facts))
        for rule in stage.outranked:
            if not fired.isdisjoint(rule.outranked_by):
                fired.discard(rule.id)
        for fact in stage.settles:
            if fact not in facts:
                facts[fact] = program.settle(fact, fired)
    return frozenset(fired)


@frozen(kw_only=True)
class Condition:
    """One fact that a rule tests: the value that it has, and those that satisfy the rule."""

    fact: str
    value: str
    needs: frozenset[str]

    @property
    def holds(self) -> bool:
        """Return True where the value is one of those needed."""
        return self.value in self.needs


@frozen(kw_only=True)
class Explanation:
    """Why a rule applies or does not: its conditions, and the rules that apply and outrank it."""

    rule: str
    conditions: tuple[Condition, ...]
    outranked_by: tuple[str, ...]

    @property
    def applies(self) -> bool:
        """Return True where every condition holds and nothing outranks the rule."""
        return not self.outranked_by and all(condition.holds for condition in self.conditions)


class ReferenceEngine:
    """Evaluate a program in plain Python, and explain each rule.

    >>> from ncpi_rules.engine import EngineRule
    >>> rule = EngineRule(id="review", when={"concern": {"some"}})
    >>> engine = ReferenceEngine(Program(values={"concern": ("none", "some")}, rules=[rule]))
    >>> values = {"concern": "none"}
    >>> evaluation = engine.evaluate(values)
    >>> evaluation.fired
    frozenset()
    >>> [c.fact for c in engine.explain("review", evaluation, values).conditions if not c.holds]
    ['concern']
    """

    name = "reference"

    def __init__(self, program: Program) -> None:
        """Take the program to evaluate."""
        self.program = program

    def evaluate(self, values: Case) -> Evaluation:
        """Return which rules apply in one case; raise ``FactsError`` for a value not known."""
        self.program.check(values)
        facts = dict(values)
        fired = applicable_rules(self.program, facts)
        return Evaluation(fired=fired, decided={f: facts[f] for f in self.program.decided})

    def explain(self, rule_id: str, evaluation: Evaluation, values: Case) -> Explanation:
        """Return why a rule applies or not; raise ``UnknownItemError`` where there is none."""
        ids = [rule.id for rule in self.program.rules]
        if rule_id not in ids:
            message = f"There is no rule '{rule_id}'. {one_of(rule_id, ids)}"
            raise UnknownItemError(message)
        rule = self.program.rules[ids.index(rule_id)]
        facts = {**values, **evaluation.decided}
        return Explanation(
            rule=rule_id,
            conditions=tuple(
                Condition(fact=fact, value=facts[fact], needs=needs)
                for fact, needs in rule.when.items()
            ),
            outranked_by=tuple(sorted(rule.outranked_by & evaluation.fired)),
        )

    def close(self) -> None:
        """Do nothing: there is nothing to release."""


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
        self, engine: Engine, *, capacity: int = 4096, fallback_reason: str | None = None
    ) -> None:
        """Take the engine that answers."""
        self.engine = engine
        self.name = engine.name
        self.program = engine.program
        self.fallback_reason = fallback_reason
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
            fallback_reason=self.fallback_reason,
        )
        return make, (self.engine,)

    def _ask(self, values: Case, key: object) -> Evaluation:
        answer = self.engine.evaluate(values)
        if self.engine.name != ReferenceEngine.name:
            facts = dict(values)  # the engine has checked them
            expected = applicable_rules(self.program, facts)
            if answer.fired != expected or any(
                value != facts[fact] for fact, value in answer.decided.items()
            ):
                differ = ", ".join(sorted(answer.fired ^ expected)) or "the decided facts"
                message = f"{self.name} and the reference engine disagree on: {differ}."
                raise EngineFault(message)
        return self.answers.remember(key, answer)
