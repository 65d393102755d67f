"""From words to what holds: the one way in which rules are evaluated.

It works for any ruleset; it knows of rules and words, and nothing of police forces.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Self, cast

from attrs import field, frozen

from ncpi_rules.core import (
    FactsError,
    LastDay,
    Naming,
    Problem,
    Selection,
    UnknownItemError,
    one_of,
)
from ncpi_rules.engine import Evaluation, MemoisedEngine, Program, engine_for
from ncpi_rules.ruleset.applicable import Decided, Holding, Sorter
from ncpi_rules.ruleset.logic import program_of
from ncpi_rules.ruleset.model import Ruleset

if TYPE_CHECKING:
    from ncpi_rules.ruleset.rules import Rule

_REMEMBERED: Final = 4096


@frozen(kw_only=True, eq=False)
class Decision:
    """What a ruleset says of one case: which rules apply, and what became of every outcome.

    ``words`` holds the word of every fact and the answer to every interpretation, for
    reading only. ``kept`` is room for what floors above work out of it; they see to it that
    it stays small.
    """

    ruleset: Ruleset
    values: Mapping[str, str]
    evaluation: Evaluation
    holding: Holding
    engine: str
    kept: dict[Hashable, Any] = field(factory=dict, init=False, repr=False)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by plain values: a read-only view cannot be pickled."""
        return _decision, (self.ruleset, dict(self.values), self.evaluation, self.engine)

    @property
    def outcomes(self) -> Mapping[str, Decided]:
        """Return what became of each outcome, by its name."""
        return self.holding.outcomes

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that apply, by id."""
        fired = self.evaluation.fired
        return tuple(rule for id_, rule in self.ruleset.rules.items() if id_ in fired)

    @property
    def facts(self) -> dict[str, str]:
        """Return the words given and the words decided."""
        return {**self.values, **self.evaluation.decided}

    def setting(self, name: str) -> str:
        """Return a setting of the edition, by the answer to its interpretation where it has one."""
        value = cast("str", getattr(self.ruleset.settings, name))
        return self.values.get(value, value) if value in self.ruleset.interpretations else value

    @cached_property
    def last_day(self) -> LastDay:
        """Return what becomes of a last day that is not a working day."""
        return LastDay(self.setting("last_day_not_working"))

    @cached_property
    def selection(self) -> Selection:
        """Return which documents are suggested."""
        return Selection(self.setting("documents_suggested"))

    @cached_property
    def naming(self) -> Naming:
        """Return how a party with a local name is named."""
        return Naming(self.setting("local_names"))


def engine_of(ruleset: Ruleset, engine: str | None = None) -> MemoisedEngine:
    """Return the ruleset's engine, compiled on first use and kept with the ruleset."""
    return ruleset.kept(
        f"engine {engine or 'default'}",
        lambda: engine_for(program_for(ruleset), engine=cast("Any", engine)),
    )


def program_for(ruleset: Ruleset) -> Program:
    """Return what a ruleset gives to an engine, made on first use and kept with the ruleset."""
    return ruleset.kept(
        "program",
        lambda: program_of(
            ruleset.facts.values(),
            ruleset.outcomes.values(),
            ruleset.interpretations.values(),
            ruleset.rules.values(),
        ),
    )


def answers(ruleset: Ruleset, asked: Mapping[str, str] | None) -> dict[str, str]:
    """Return the answer to every interpretation: ours, or the one that is asked for.

    Raises UnknownItemError, with every problem, for an interpretation or an answer that does not
    exist.
    """
    ours = ruleset.kept(
        "answers", lambda: {i: each.ours for i, each in ruleset.interpretations.items()}
    )
    if not asked:
        return ours
    problems = []
    for id_, answer in asked.items():
        if id_ not in ruleset.interpretations:
            problems.append(
                Problem(
                    place=f"interpretations.{id_}",
                    message=f"There is no interpretation '{id_}'.",
                    help=one_of(id_, ruleset.interpretations),
                )
            )
        elif answer not in ruleset.interpretations[id_].answers:
            problems.append(
                Problem(
                    place=f"interpretations.{id_}",
                    message=f"'{answer}' is not an answer to interpretation {id_}.",
                    help=one_of(answer, ruleset.interpretations[id_].answers),
                )
            )
    if problems:
        raise UnknownItemError(problems)
    return {**ours, **asked}


def decide(
    ruleset: Ruleset,
    values: Mapping[str, str],
    *,
    interpretations: Mapping[str, str] | None = None,
    engine: str | None = None,
) -> Decision:
    """Return what a ruleset says of one case, given in words.

    A fact that ``words`` leaves out takes the vocabulary's word for that: mostly unknown.
    ``interpretations`` asks for other answers to open questions; ``engine`` names ``durable-rules``
    or ``reference``. Raises FactsError, with every problem, for a fact or a word that the
    vocabulary does not have, UnknownItemError for an interpretation.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> values = {"findings": "broadly-positive", "prospects": "no-concerns"}
    >>> decide(shipped_ruleset(), values).outcomes["tier"].value
    'post-inspection-visit'
    """
    left_out = ruleset.kept(
        "left out",
        lambda: {id_: each.left_out or each.unknown for id_, each in ruleset.facts.items()},
    )
    case = {**left_out, **values, **answers(ruleset, interpretations)}
    if any(
        fact not in ruleset.facts or value not in ruleset.facts[fact].values
        for fact, value in values.items()
    ):
        raise FactsError(_wrong(ruleset, values))
    return decided(ruleset, case, engine)


def decided(ruleset: Ruleset, case: Mapping[str, str], engine: str | None = None) -> Decision:
    """Return what a ruleset says of a whole case: the word of every fact, and every answer.

    A decision is remembered, and shared by all cases with the same words. Raises FactsError where
    a word is not known.
    """
    name = "decisions" if engine is None else f"decisions of {engine}"
    memory = ruleset.kept(name, lambda: _Memory.of(engine_of(ruleset, engine)))
    try:
        key = memory.values_of(case) if len(case) == memory.names else None
        found = memory.decisions.get(key)
    except (KeyError, TypeError):
        key = found = None  # the engine tells of it, in full
    if found is None:
        evaluation = memory.engine.evaluate(case)
        found = _decision(ruleset, case, evaluation, memory.engine.name)
        if len(memory.decisions) >= _REMEMBERED:
            memory.decisions.clear()
        memory.decisions[key] = found
    return found


def _decision(
    ruleset: Ruleset, values: Mapping[str, str], evaluation: Evaluation, engine: str
) -> Decision:
    return Decision(
        ruleset=ruleset,
        values=MappingProxyType(dict(values)),
        evaluation=evaluation,
        holding=_holding(ruleset, evaluation),
        engine=engine,
    )


@frozen(kw_only=True, eq=False)
class _Memory:
    """What one engine decided before, by the words of a case: that of every name, in an order."""

    engine: MemoisedEngine
    names: int
    values_of: Callable[[Mapping[str, str]], object]
    decisions: dict[object, Decision] = field(factory=dict)

    @classmethod
    def of(cls, engine: MemoisedEngine) -> Self:
        names = tuple(engine.program.values)
        values_of = itemgetter(*names) if names else lambda _: ()
        return cls(engine=engine, names=len(names), values_of=values_of)


def _wrong(ruleset: Ruleset, values: Mapping[str, str]) -> Iterable[Problem]:
    for fact, value in values.items():
        if fact not in ruleset.facts:
            decided = fact in ruleset.outcomes
            yield Problem(
                place=fact,
                message=f"'{fact}' is decided by the rules; it cannot be given."
                if decided
                else f"The ruleset has no fact '{fact}'.",
                help=one_of(fact, ruleset.facts),
            )
        elif value not in ruleset.facts[fact].values:
            yield Problem(
                place=fact,
                message=f"'{value}' is not a word of '{fact}'.",
                help=one_of(str(value), ruleset.facts[fact].values),
            )


def _holding(ruleset: Ruleset, evaluation: Evaluation) -> Holding:
    """Return the rules that apply, sorted by what they do, remembered by which hold."""
    remembered: dict[frozenset[str], Holding] = ruleset.kept("holding", dict)
    found = remembered.get(evaluation.fired)
    if found is None:
        if len(remembered) >= _REMEMBERED:
            remembered.clear()
        sorter = ruleset.kept("sorter", lambda: Sorter.of(ruleset))
        found = remembered[evaluation.fired] = sorter.sort(evaluation)
    return found


def decided_for_other_values(decision: Decision, fact: str) -> dict[str, Decision]:
    """Return what would be decided for every other word of a fact, by the word."""
    return {
        value: decide_otherwise(decision, {fact: value})
        for value in decision.ruleset.facts[fact].values
        if value != decision.values[fact]
    }


def decide_otherwise(
    decision: Decision, values: Mapping[str, str], *, engine: str | None = None
) -> Decision:
    """Return the decision if some facts or interpretations had other values, all else unchanged."""
    ruleset, case = decision.ruleset, {**decision.values, **values}
    facts = {name: case[name] for name in ruleset.facts}
    answers = {name: case[name] for name in ruleset.interpretations}
    return decide(ruleset, facts, interpretations=answers, engine=engine)
