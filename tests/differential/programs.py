"""Programs of rules at random, and everything in or beside the library that evaluates one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import evolve

from ncpi_rules.engine import (
    DurableEngine,
    EngineRule,
    Program,
    ReferenceEngine,
    regions_of,
    table_of,
)
from tests.differential.with_zen import zen_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from random import Random

    from ncpi_rules.engine import Box, Case

Answer: TypeAlias = "tuple[frozenset[str], Mapping[str, str]]"
"""The ids of the rules that apply, and the value of each decided fact."""

Evaluator: TypeAlias = "Callable[[Case], Answer]"

_LETTERS: Final = "abcdefgh"


# Programs and cases


def some_program(random: Random, *, most_rules: int = 16) -> Program:
    """Return a program at random, of up to four layers of decided facts."""
    values = {f"given-{i}": _some_values(random) for i in range(random.randint(1, 6))}
    layers = [
        {f"decided-{depth}-{i}": _some_values(random) for i in range(random.randint(1, 2))}
        for depth in range(random.randint(0, 3))
    ]
    rules: list[EngineRule] = []
    for number in range(random.randint(1, most_rules)):
        depth = random.randint(0, len(layers))
        before = {fact: options for layer in layers[:depth] for fact, options in layer.items()}
        testable = {**values, **before}
        concludes = None
        if depth < len(layers) and random.random() < 0.7:
            fact = random.choice(sorted(layers[depth]))
            concludes = fact, random.choice(layers[depth][fact])
        earlier = [rule.id for rule in rules if _depth_of(rule, layers) <= depth]
        rules.append(
            EngineRule(
                id=f"rule-{number}",
                when=_some_box(random, testable),
                concludes=concludes,
                outranked_by=random.sample(earlier, min(len(earlier), random.choice((0, 0, 1, 2)))),
            )
        )
    decided = {fact: options for layer in layers for fact, options in layer.items()}
    random.shuffle(rules)
    return Program(
        values=values,
        decided=decided,
        otherwise={fact: random.choice(options) for fact, options in decided.items()},
        rules=rules,
    )


def _some_values(random: Random) -> tuple[str, ...]:
    return tuple(random.sample(_LETTERS, random.randint(1, 5)))


def _some_box(random: Random, testable: Mapping[str, Sequence[str]]) -> Box:
    facts = random.sample(sorted(testable), min(len(testable), random.choice((0, 1, 1, 2, 2, 3))))
    return {
        fact: frozenset(random.sample(testable[fact], random.randint(1, len(testable[fact]))))
        for fact in facts
    }


def _depth_of(rule: EngineRule, layers: Sequence[Mapping[str, object]]) -> int:
    """Return the layer of a rule: that of what it concludes, or the first after what it tests."""
    of_fact = {fact: depth for depth, layer in enumerate(layers) for fact in layer}
    if rule.concludes:
        return of_fact[rule.concludes[0]]
    return len(layers)


def some_case(random: Random, program: Program) -> dict[str, str]:
    """Return a case of a program at random."""
    return {fact: random.choice(values) for fact, values in program.values.items()}


# Who evaluates


def by_definition(program: Program) -> Evaluator:
    """Return what the format means: no stages, no order, each rule by itself."""
    rules = {rule.id: rule for rule in program.rules}

    def evaluate(case: Case) -> Answer:
        def value(fact: str) -> str:
            if fact in case:
                return case[fact]
            concluded = {
                rule.concludes[1]
                for rule in rules.values()
                if rule.concludes and rule.concludes[0] == fact and applies(rule)
            }
            return concluded.pop() if len(concluded) == 1 else program.otherwise[fact]

        def applies(rule: EngineRule) -> bool:
            fits = all(value(fact) in allowed for fact, allowed in rule.when.items())
            return fits and not any(applies(rules[other]) for other in rule.outranked_by)

        fired = frozenset(name for name, rule in rules.items() if applies(rule))
        return fired, {fact: value(fact) for fact in program.decided}

    return evaluate


def _reference(program: Program) -> Evaluator:
    engine = ReferenceEngine(program)

    def evaluate(case: Case) -> Answer:
        answer = engine.evaluate(case)
        return answer.fired, answer.decided

    return evaluate


def _durable_rules(program: Program) -> Evaluator:
    engine = DurableEngine(program, self_check=False)

    def evaluate(case: Case) -> Answer:
        answer = engine.evaluate(case)
        return answer.fired, answer.decided

    return evaluate


def _table(program: Program) -> Evaluator:
    table = table_of(program, engine="reference")

    def evaluate(case: Case) -> Answer:
        answer = table.evaluate(case)
        return answer.fired, answer.decided

    return evaluate


def _regions(program: Program) -> Evaluator:
    regions = regions_of(program)

    def evaluate(case: Case) -> Answer:
        facts = dict(case)
        for layer in program.strata:
            for fact in layer:
                (facts[fact],) = [
                    value
                    for value, boxes in regions.decides[fact].items()
                    if any(_is_inside(facts, box) for box in boxes)
                ]
        fired = frozenset(
            rule
            for rule, boxes in regions.applies.items()
            if any(_is_inside(facts, box) for box in boxes)
        )
        return fired, {fact: facts[fact] for fact in program.decided}

    return evaluate


def _is_inside(facts: Case, box: Box) -> bool:
    return all(facts[fact] in allowed for fact, allowed in box.items())


EVALUATORS: Final[Mapping[str, Callable[[Program], Evaluator]]] = {
    "reference": _reference,
    "durable-rules": _durable_rules,
    "table": _table,
    "regions": _regions,
    "zen-engine": zen_engine,
}
"""Who is compared with the definition, by name."""


# The comparison


@dataclass(frozen=True)
class Disagreement:
    """A program and a case in which somebody's answer is not that of the definition."""

    name: str
    program: Program
    case: Case

    def __str__(self) -> str:
        """Return the program and the case, and both answers."""
        right, answer = by_definition(self.program)(self.case), answer_of(self)
        lines = [
            f"{self.name} differs from the definition where {dict(self.case)}:",
            *(f"  {rule}" for rule in self.program.rules),
            f"  otherwise {dict(self.program.otherwise)}",
            f"  by definition: {sorted(right[0])}, {dict(right[1])}",
            f"  {self.name}: {answer}",
        ]
        return "\n".join(lines)


def answer_of(at: Disagreement) -> str:
    """Return what somebody answers, or how it fails."""
    try:
        fired, decided = EVALUATORS[at.name](at.program)(at.case)
    except Exception as fault:  # noqa: BLE001  whatever it is, it is no answer
        return f"{type(fault).__name__}: {fault}"
    return f"{sorted(fired)}, {dict(decided)}"


def disagreements(
    program: Program, cases: Sequence[Case], names: Sequence[str] = tuple(EVALUATORS)
) -> Iterator[Disagreement]:
    """Yield the first case in which each differs from the definition."""
    definition = by_definition(program)
    right = [definition(case) for case in cases]
    for name in names:
        case = _first_wrong(name, program, cases, right)
        if case is not None:
            yield Disagreement(name, program, case)


def _first_wrong(
    name: str, program: Program, cases: Sequence[Case], right: Sequence[Answer]
) -> Case | None:
    answered = 0
    try:
        evaluate = EVALUATORS[name](program)
        for case, (fired, decided) in zip(cases, right, strict=True):
            answer = evaluate(case)
            if answer[0] != fired or dict(answer[1]) != dict(decided):
                return case
            answered += 1
    except Exception:  # noqa: BLE001  whatever it is, it is no answer
        return cases[answered]
    return None


def shrunk(at: Disagreement) -> Disagreement:
    """Return the smallest program, and case, in which the same still differs."""
    smaller: Disagreement | None = at
    while smaller is not None:
        at = smaller
        smaller = next((less for less in _smaller(at) if _still_differs(less)), None)
    return at


def _still_differs(at: Disagreement) -> bool:
    return any(True for _ in disagreements(at.program, [at.case], [at.name]))


def _smaller(at: Disagreement) -> Iterator[Disagreement]:
    """Yield a disagreement with one rule, one condition, one exception or one fact less."""
    rules = at.program.rules
    for place, rule in enumerate(rules):
        others = [
            evolve(other, outranked_by=other.outranked_by - {rule.id})
            for other in (*rules[:place], *rules[place + 1 :])
        ]
        yield _with(at, others)
    for place, rule in enumerate(rules):
        less = [
            evolve(rule, when={fact: box for fact, box in rule.when.items() if fact != left_out})
            for left_out in rule.when
        ]
        less += [
            evolve(rule, outranked_by=rule.outranked_by - {higher}) for higher in rule.outranked_by
        ]
        less += [evolve(rule, concludes=None)] if rule.concludes else []
        for changed in less:
            yield _with(at, [*rules[:place], changed, *rules[place + 1 :]])
    used = {fact for rule in rules for fact in rule.when}
    used |= {rule.concludes[0] for rule in rules if rule.concludes}
    program = at.program
    if unused := sorted({*program.values, *program.decided} - used):
        used_values = {
            fact: values for fact, values in program.values.items() if fact not in unused
        }
        decided = {fact: values for fact, values in program.decided.items() if fact not in unused}
        otherwise = {fact: program.otherwise[fact] for fact in decided}
        fewer = Program(values=used_values, decided=decided, otherwise=otherwise, rules=rules)
        yield Disagreement(at.name, fewer, {fact: at.case[fact] for fact in used_values})


def _with(at: Disagreement, rules: Sequence[EngineRule]) -> Disagreement:
    program = at.program
    return Disagreement(
        at.name,
        Program(
            values=program.values,
            decided=program.decided,
            otherwise=program.otherwise,
            rules=rules,
        ),
        at.case,
    )
