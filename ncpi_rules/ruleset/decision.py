"""Deciding a case: the one way in which rules are evaluated.

It works for any ruleset; it knows rules and values, and nothing about police forces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Self, cast

from attrs import field, frozen

from ncpi_rules.core import (
    DueDatePolicy,
    FactsError,
    Memo,
    Naming,
    Problem,
    Selection,
    UnknownItemError,
    one_of,
)
from ncpi_rules.engine import Evaluation, MemoisedEngine, Neighbours, engine_for
from ncpi_rules.ruleset.kinds import KINDS, OUTCOME
from ncpi_rules.ruleset.logic import program_for, ruleset_program
from ncpi_rules.ruleset.model import Ruleset
from ncpi_rules.ruleset.parameters import DOCUMENTS_SUGGESTED, DUE_DATE_NOT_WORKING, LOCAL_NAMES
from ncpi_rules.ruleset.rules import ApplicableRules, DecidedOutcome, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.engine import Neighbour

_LISTS: Final = tuple(name for kind in KINDS if kind is not OUTCOME for name in kind.lists)


@frozen(kw_only=True, eq=False)
class Decision:
    """A ruleset's answer for one case: which rules apply, and what every outcome is.

    ``values`` holds the value of every fact and the answer to every interpretation, for reading
    only.
    """

    ruleset: Ruleset
    values: Mapping[str, str]
    evaluation: Evaluation
    applicable: ApplicableRules
    engine: str

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by plain values: a read-only view cannot be pickled."""
        return _decision, (self.ruleset, dict(self.values), self.evaluation, self.engine)

    @property
    def outcomes(self) -> Mapping[str, DecidedOutcome]:
        """Return each outcome with its value and its basis, by its name."""
        return self.applicable.outcomes

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that apply, by id."""
        fired = self.evaluation.fired
        return tuple(rule for id_, rule in self.ruleset.rules.items() if id_ in fired)

    @property
    def facts(self) -> dict[str, str]:
        """Return the values given and the values decided."""
        return {**self.values, **self.evaluation.decided}

    def choice(self, name: str) -> str:
        """Return a choice of the edition, by the answer to its interpretation where it has one."""
        value = self.ruleset.choice(name)
        return self.values.get(value, value) if value in self.ruleset.interpretations else value

    @cached_property
    def due_date_policy(self) -> DueDatePolicy:
        """Return what becomes of a due date that is not a working day."""
        return DueDatePolicy(self.choice(DUE_DATE_NOT_WORKING))

    @cached_property
    def selection(self) -> Selection:
        """Return which documents are suggested."""
        return Selection(self.choice(DOCUMENTS_SUGGESTED))

    @cached_property
    def naming(self) -> Naming:
        """Return how a party with a local name is named."""
        return Naming(self.choice(LOCAL_NAMES))


def engine_of(ruleset: Ruleset, engine: str | None = None) -> MemoisedEngine:
    """Return the ruleset's engine, compiled on first use and kept with the ruleset."""
    engines = ruleset.derive(_engines)
    return engines.get(engine) or engines.remember(
        engine, engine_for(program_for(ruleset), engine=cast("Any", engine))
    )


def _engines(_: Ruleset) -> Memo[str | None, MemoisedEngine]:
    return Memo()


def evolve_beside_logic(ruleset: Ruleset, **parts: Any) -> Ruleset:
    """Return the ruleset with changes that no engine sees, so that it shares the engines."""
    return ruleset.evolve(ruleset_program, _engines, _neighbours, **parts)


def answers(ruleset: Ruleset, asked: Mapping[str, str] | None) -> dict[str, str]:
    """Return the answer to every interpretation: ours, or the one that is asked for.

    Raises UnknownItemError, with every problem, for an interpretation or an answer that does not
    exist.
    """
    ours = ruleset.derive(_our_answers)
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


def _our_answers(ruleset: Ruleset) -> dict[str, str]:
    return {id_: question.ours for id_, question in ruleset.interpretations.items()}


def decide(
    ruleset: Ruleset,
    values: Mapping[str, str],
    *,
    interpretations: Mapping[str, str] | None = None,
    engine: str | None = None,
) -> Decision:
    """Return the decision of a ruleset on one case.

    A fact that ``values`` leaves out has the vocabulary's default: mostly unknown.
    ``interpretations`` asks for other answers to open questions; ``engine`` names ``durable-rules``
    or ``reference``. Raises FactsError, with every problem, for a fact or a value that the
    vocabulary does not have, UnknownItemError for an interpretation.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> values = {"findings": "broadly-positive", "prospects": "no-concerns"}
    >>> decide(shipped_ruleset(), values).outcomes["tier"].value
    'post-inspection-visit'
    """
    case = {**ruleset.derive(_left_out), **values, **answers(ruleset, interpretations)}
    if any(
        fact not in ruleset.facts or value not in ruleset.facts[fact].values
        for fact, value in values.items()
    ):
        raise FactsError(_wrong(ruleset, values))
    return decided(ruleset, case, engine)


def _left_out(ruleset: Ruleset) -> dict[str, str]:
    return {id_: fact.left_out or fact.unknown for id_, fact in ruleset.facts.items()}


def decided(ruleset: Ruleset, case: Mapping[str, str], engine: str | None = None) -> Decision:
    """Return the decision of a ruleset on a whole case: the value of every fact, and every answer.

    A decision is remembered, and shared by all cases with the same values. Raises FactsError where
    a value is not known.
    """
    deciders = ruleset.derive(_deciders)
    decider = deciders.get(engine)
    if decider is None:
        decider = deciders.remember(engine, _Decider.of(ruleset, engine))
    return decider.decide(case)


@frozen(kw_only=True, eq=False)
class _Decider:
    """One engine of a ruleset, with the decisions that it has made.

    Decisions are remembered by ``values_of`` a case: the value of each name, in an order of its
    own.
    """

    ruleset: Ruleset
    engine: MemoisedEngine
    names: int
    values_of: Callable[[Mapping[str, str]], object]
    decisions: Memo[object, Decision] = field(factory=Memo)

    @classmethod
    def of(cls, ruleset: Ruleset, name: str | None) -> Self:
        engine = engine_of(ruleset, name)
        names = tuple(engine.program.values)
        values_of = itemgetter(*names) if names else lambda _: ()
        return cls(ruleset=ruleset, engine=engine, names=len(names), values_of=values_of)

    def decide(self, case: Mapping[str, str]) -> Decision:
        try:
            key = self.values_of(case) if len(case) == self.names else None
            decision = self.decisions.get(key)
        except (KeyError, TypeError):
            key = decision = None  # the engine says what is wrong, in full
        if decision is None:
            evaluation = self.engine.evaluate(case)
            decision = _decision(self.ruleset, case, evaluation, self.engine.name)
            decision = self.decisions.remember(key, decision)
        return decision


def _deciders(_: Ruleset) -> Memo[str | None, _Decider]:
    return Memo()


def _decision(
    ruleset: Ruleset, values: Mapping[str, str], evaluation: Evaluation, engine: str
) -> Decision:
    return Decision(
        ruleset=ruleset,
        values=MappingProxyType(dict(values)),
        evaluation=evaluation,
        applicable=sort_applicable(ruleset, evaluation),
        engine=engine,
    )


def sort_applicable(ruleset: Ruleset, evaluation: Evaluation) -> ApplicableRules:
    """Return the rules that apply, each in its list, in the order of plans."""
    sorter = ruleset.derive(_sorter)
    rules = sorter.known.get(evaluation.fired)
    return rules or sorter.known.remember(evaluation.fired, sorter.sort(evaluation))


@frozen(kw_only=True)
class _Sorter:
    """Every rule of a ruleset in the order of plans, each with the list that it belongs to.

    A list has the name of a field of ApplicableRules, or is the name of an outcome in a tuple of
    its own.
    """

    rules: tuple[tuple[str | tuple[str], Rule], ...]
    places: Mapping[str, int]
    outcomes: tuple[tuple[str, str], ...]
    known: Memo[frozenset[str], ApplicableRules] = field(factory=Memo)

    def sort(self, evaluation: Evaluation) -> ApplicableRules:
        """Return the rules that apply, each in its list."""
        lists: dict[str | tuple[str], list[Any]] = {}
        for place in sorted(map(self.places.__getitem__, evaluation.fired)):
            listed, rule = self.rules[place]
            lists.setdefault(listed, []).append(rule)
        return ApplicableRules(
            outcomes={
                id_: DecidedOutcome.of(id_, none, evaluation.decided[id_], lists.get((id_,), []))
                for id_, none in self.outcomes
            },
            **{listed: tuple(lists.get(listed, ())) for listed in _LISTS},
        )


def _sorter(ruleset: Ruleset) -> _Sorter:
    order = {event: place for place, event in enumerate(ruleset.events)}
    listed: list[tuple[str | tuple[str], Rule]] = []
    for kind in KINDS:
        rules = [
            (order.get(getattr(rule, kind.event, ""), len(order)), rule.id, rule)
            for rule in ruleset.of_kind(kind.rule)
        ]
        for _, _, rule in sorted(rules):
            name = (rule.decides,) if kind is OUTCOME else kind.list_of(rule)
            listed.append((name, rule))
    return _Sorter(
        rules=tuple(listed),
        places={rule.id: place for place, (_, rule) in enumerate(listed)},
        outcomes=tuple((id_, outcome.none) for id_, outcome in ruleset.outcomes.items()),
    )


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
                message=f"'{value}' is not a value of '{fact}'.",
                help=one_of(str(value), ruleset.facts[fact].values),
            )


def neighbours_of(decision: Decision, facts: Iterable[str]) -> Iterator[Neighbour]:
    """Yield the cases in which one of some facts has another value, all else unchanged.

    They are read from the regions of the decision table; no engine is asked.
    """
    return decision.ruleset.derive(_neighbours).around(decision.values, facts)


def _neighbours(ruleset: Ruleset) -> Neighbours:
    return Neighbours.of(program_for(ruleset))


def decide_otherwise(
    decision: Decision, values: Mapping[str, str], *, engine: str | None = None
) -> Decision:
    """Return the decision if some facts or interpretations had other values, all else unchanged."""
    ruleset, case = decision.ruleset, {**decision.values, **values}
    facts = {name: case[name] for name in ruleset.facts}
    answers = {name: case[name] for name in ruleset.interpretations}
    return decide(ruleset, facts, interpretations=answers, engine=engine)
