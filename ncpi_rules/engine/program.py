"""What a rule engine is given, and what it gives back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from graphlib import CycleError, TopologicalSorter
from itertools import compress
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from ncpi_rules.core import FactsError, Memo, Problem, RulesetError, one_of
from ncpi_rules.engine.boxes import Box, Case, Values


def _box(when: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    return {fact: frozenset(values) for fact, values in when.items()}


def _values(values: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {fact: tuple(order) for fact, order in values.items()}


def _ids(ids: Iterable[str]) -> frozenset[str]:
    return frozenset(ids)


def _rules(rules: Iterable[EngineRule]) -> tuple[EngineRule, ...]:
    return tuple(rules)


def _copy(case: Case) -> dict[str, str]:
    return dict(case)


def _read_only(case: Case) -> Case:
    return MappingProxyType(dict(case))


@frozen(kw_only=True)
class EngineRule:
    """One rule as an engine sees it: what it tests, what it concludes, and what outranks it.

    ``when`` names, for each fact tested, the values that satisfy it; where it is empty, the rule
    always applies. ``concludes`` is a decided fact and its value. ``outranked_by`` has the ids of
    other rules: where one of them applies, this one does not.

    >>> rule = EngineRule(id="tier.visit", when={"concern": {"serious", "some"}})
    >>> rule.fits({"concern": "some", "country": "wales"})
    True
    """

    id: str
    when: Box = field(factory=dict, converter=_box, hash=False)
    concludes: tuple[str, str] | None = None
    outranked_by: frozenset[str] = field(default=frozenset(), converter=_ids)

    def fits(self, case: Case) -> bool:
        """Return True where every fact tested has one of the values that satisfy it."""
        for fact, values in self.when.items():  # noqa: SIM110  it is twice as fast as all()
            if case[fact] not in values:
                return False
        return True


@frozen(kw_only=True)
class Stage:
    """Rules that can be evaluated once the facts before them are settled, and what they settle.

    ``rules`` are their ids. ``outranked`` are the rules that another may outrank, each after those
    that outrank it. ``settles`` are the facts that are decided next. ``ruled_out`` has, for each
    fact tested and each of its values, a bit for each rule that it rules out, the first rule's the
    highest.

    >>> rules = [EngineRule(id="review", when={"concern": {"some"}}), EngineRule(id="plan")]
    >>> stage = Program(values={"concern": ("none", "some")}, rules=rules).stages[0]
    >>> list(stage.left_by({"concern": "none"}))
    ['plan']
    """

    rules: tuple[str, ...]
    outranked: tuple[EngineRule, ...]
    settles: tuple[str, ...]
    ruled_out: Mapping[str, Mapping[str, int]] = field(repr=False)

    def left_by(self, case: Case) -> Iterator[str]:
        """Yield the ids of the rules that no fact of a case rules out: those that fit it."""
        gone = 0
        for fact, by_value in self.ruled_out.items():
            gone |= by_value[case[fact]]
        return compress(self.rules, map("0".__eq__, f"{gone:0{len(self.rules)}b}"))


@frozen(kw_only=True)
class Program:
    """A finite set of rules that decides facts from facts, ready for an engine.

    ``values`` are the facts that a case gives, interpretations included; ``decided`` are the facts
    that rules conclude. ``otherwise`` is the value of a decided fact where no rule concludes it, or
    rules conclude different values. ``order`` has the rules and the decided facts in an order in
    which each can be settled, ``stages`` the same in stages, and ``strata`` the decided facts of
    each stage that settles some. ``derived`` remembers what is worked out from the program.

    Raises ``RulesetError``, with every problem, where a name or a value is not known, or where
    rules wait for each other in a circle.

    >>> program = Program(
    ...     values={"concern": ("none", "some")},
    ...     decided={"tier": ("review", "no-tier")},
    ...     otherwise={"tier": "no-tier"},
    ...     rules=[
    ...         EngineRule(id="tell-the-chair", when={"tier": {"review"}}),
    ...         EngineRule(id="review", when={"concern": {"some"}}, concludes=("tier", "review")),
    ...     ],
    ... )
    >>> [entry if isinstance(entry, str) else entry.id for entry in program.order]
    ['review', 'tier', 'tell-the-chair']
    >>> program.strata
    (('tier',),)
    """

    values: Values = field(converter=_values, hash=False)
    decided: Values = field(factory=dict, converter=_values, hash=False)
    otherwise: Case = field(factory=dict, converter=_copy, hash=False)
    rules: tuple[EngineRule, ...] = field(converter=_rules)
    facts: Values = field(init=False, eq=False, repr=False)
    tested: tuple[str, ...] = field(init=False, eq=False, repr=False)
    order: tuple[EngineRule | str, ...] = field(init=False, eq=False, repr=False)
    stages: tuple[Stage, ...] = field(init=False, eq=False, repr=False)
    derived: Memo[Hashable, Any] = field(factory=Memo, init=False, eq=False, repr=False)
    _concluded_by: Mapping[str, tuple[tuple[str, frozenset[str]], ...]] = field(
        init=False, eq=False, repr=False
    )

    @facts.default
    def _facts(self) -> Values:
        if problems := list(_problems(self)):
            raise RulesetError(problems)
        return {**self.values, **self.decided}

    @tested.default
    def _tested(self) -> tuple[str, ...]:
        used = {fact for rule in self.rules for fact in rule.when}
        return tuple(fact for fact in self.values if fact in used)

    @_concluded_by.default
    def _conclusions(self) -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
        concluding: dict[str, dict[str, list[str]]] = {fact: {} for fact in self.decided}
        for rule in self.rules:
            if rule.concludes:
                fact, value = rule.concludes
                concluding[fact].setdefault(value, []).append(rule.id)
        return {
            fact: tuple((value, frozenset(ids)) for value, ids in by_value.items())
            for fact, by_value in concluding.items()
        }

    @order.default
    def _order(self) -> tuple[EngineRule | str, ...]:
        return _order_of(self)

    @stages.default
    def _stages(self) -> tuple[Stage, ...]:
        return _stages_of(self)

    @property
    def strata(self) -> tuple[tuple[str, ...], ...]:
        """Return the decided facts in layers, each needing only the layers before it."""
        return tuple(stage.settles for stage in self.stages if stage.settles)

    def check(self, case: Case) -> None:
        """Raise ``FactsError`` unless the case gives every fact one of its values, and no other.

        >>> Program(values={"concern": ("none", "serious")}, rules=[]).check({"concern": "serius"})
        Traceback (most recent call last):
        ...
        ncpi_rules.core.errors.FactsError: concern: 'serius' is not a value of this fact.
          help: Did you mean 'serious'? Use one of: none, serious.
        """
        if len(case) != len(self.values) or any(
            case.get(fact) not in allowed for fact, allowed in self.values.items()
        ):
            raise FactsError(_wrong_values(self, case))

    def settle(self, fact: str, fired: AbstractSet[str]) -> str:
        """Return the value of a decided fact, given the ids of the rules that apply."""
        concluded = [value for value, ids in self._concluded_by[fact] if not ids.isdisjoint(fired)]
        return concluded[0] if len(concluded) == 1 else self.otherwise[fact]


@frozen(kw_only=True)
class Evaluation:
    """An engine's answer for one case: the ids of the rules that apply, and the decided facts.

    ``decided`` is read-only: an evaluation may be shared by many callers.

    >>> Evaluation(fired=frozenset({"review"}), decided={"tier": "review"}).decided["tier"]
    'review'
    """

    fired: frozenset[str]
    decided: Case = field(converter=_read_only, hash=False)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by plain values: a read-only view cannot be pickled."""
        return partial(Evaluation, fired=self.fired, decided=dict(self.decided)), ()


# How a program is checked and ordered


def _problems(program: Program) -> Iterator[Problem]:
    ids = [rule.id for rule in program.rules]
    facts = {**program.values, **program.decided}
    for name in sorted(name for name, times in Counter(ids).items() if times > 1):
        yield Problem(place=name, message="Two rules have this id.")
    for fact in program.values.keys() & program.decided.keys():
        yield Problem(place=fact, message="This fact is both given and decided.")
    for fact, values in facts.items():
        if not values or len(set(values)) < len(values):
            yield Problem(place=fact, message="This fact needs values, each of them once.")
    for fact, values in program.decided.items():
        if program.otherwise.get(fact) not in values:
            yield Problem(
                place=fact,
                message="This decided fact has no value for where no rule concludes it.",
                help=one_of(str(program.otherwise.get(fact)), values),
            )
    known = set(ids)
    for rule in program.rules:
        concluded = {rule.concludes[0]: {rule.concludes[1]}} if rule.concludes else {}
        yield from _unknown_values(rule.id, "tests", "fact", rule.when, facts)
        yield from _unknown_values(rule.id, "concludes", "decided fact", concluded, program.decided)
        for other in sorted(rule.outranked_by - known):
            yield Problem(
                place=rule.id,
                message=f"It is outranked by '{other}', which is not a rule.",
                help=one_of(other, ids),
            )


def _unknown_values(
    rule: str, does: str, kind: str, named: Mapping[str, frozenset[str] | set[str]], facts: Values
) -> Iterator[Problem]:
    for fact, values in named.items():
        if fact not in facts:
            yield Problem(
                place=rule,
                message=f"It {does} '{fact}', which is not a {kind}.",
                help=one_of(fact, facts),
            )
            continue
        for value in sorted(values.difference(facts[fact])):
            yield Problem(
                place=rule,
                message=f"It {does} '{value}', which is not a value of '{fact}'.",
                help=one_of(value, facts[fact]),
            )


def _wrong_values(program: Program, case: Case) -> Iterator[Problem]:
    for fact, allowed in program.values.items():
        if fact not in case:
            yield Problem(
                place=fact,
                message="This fact is missing.",
                help=one_of("", allowed, suggest=False),
            )
        elif case[fact] not in allowed:
            message = f"'{case[fact]}' is not a value of this fact."
            yield Problem(place=fact, message=message, help=one_of(str(case[fact]), allowed))
    for fact in case:
        if fact not in program.values:
            yield Problem(
                place=fact, message="No such fact is known.", help=one_of(fact, program.values)
            )


def _order_of(program: Program) -> tuple[EngineRule | str, ...]:
    # A rule comes after the decided facts that it tests and the rules that outrank it, a decided
    # fact after the rules that conclude it. Rules and facts may share a name: hence the pairs.
    by_id = {rule.id: rule for rule in program.rules}
    sorter: TopologicalSorter[tuple[str, str]] = TopologicalSorter()
    for fact in program.decided:
        sorter.add(("fact", fact))
    for rule in program.rules:
        before = [("fact", fact) for fact in rule.when if fact in program.decided]
        sorter.add(("rule", rule.id), *before, *(("rule", i) for i in sorted(rule.outranked_by)))
        if rule.concludes:
            sorter.add(("fact", rule.concludes[0]), ("rule", rule.id))
    try:
        order = tuple(sorter.static_order())
    except CycleError as circle:
        names = dict.fromkeys(name for kind, name in circle.args[1] if kind == "rule")
        raise RulesetError(
            Problem(
                place=next(iter(names)),
                message=f"These rules wait for each other in a circle: {', '.join(names)}.",
                help="Let one of them test or outrank less, so that each can be settled in turn.",
            )
        ) from None
    return tuple(by_id[name] if kind == "rule" else name for kind, name in order)


def _stages_of(program: Program) -> tuple[Stage, ...]:
    rules: dict[str, int] = {}  # how many stages must be settled before the rule is known
    facts: dict[str, int] = dict.fromkeys(program.decided, 0)
    by_stage: dict[int, list[EngineRule]] = {}
    for entry in program.order:
        if isinstance(entry, EngineRule):
            tested = [facts[fact] + 1 for fact in entry.when if fact in facts]
            at = max([0, *tested, *(rules[other] for other in entry.outranked_by)])
            rules[entry.id] = at
            by_stage.setdefault(at, []).append(entry)
            if entry.concludes:
                facts[entry.concludes[0]] = max(at, facts[entry.concludes[0]])
    return tuple(
        Stage(
            rules=tuple(rule.id for rule in by_stage.get(at, ())),
            outranked=tuple(rule for rule in by_stage.get(at, ()) if rule.outranked_by),
            settles=tuple(fact for fact, settled in facts.items() if settled == at),
            ruled_out=_ruled_out(program, by_stage.get(at, [])),
        )
        for at in range(1 + max([*by_stage, *facts.values()], default=-1))
    )


def _ruled_out(program: Program, rules: list[EngineRule]) -> dict[str, dict[str, int]]:
    bits: dict[str, dict[str, int]] = {}
    for place, rule in enumerate(reversed(rules)):
        for fact, allowed in rule.when.items():
            by_value = bits.setdefault(fact, dict.fromkeys(program.facts[fact], 0))
            for value in by_value:
                if value not in allowed:
                    by_value[value] |= 1 << place
    return bits
