"""From a program to the text that durable-rules compiles, with cases to check the result by.

Which rule outranks which is compiled away into disjoint boxes, so that the engine only compares
integers. Programs beyond the limits of the engine are refused, and a guard tree keeps below them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from attrs import frozen

from ncpi_rules.core import EngineFault, EngineUnavailable, Problem
from ncpi_rules.engine.boxes import Box, Case, Values, some_case, subtract
from ncpi_rules.engine.program import EngineRule, Program

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

# The engine holds at most 4,096 rules, 64 conditions that are true at once, 255 properties in a
# message and 16 patterns in a rule. Some of these overflow silently, so each is refused below it.
_GROUP: Final = 15
_GROUPS: Final = 16
MOST_TERMS: Final = _GROUP * _GROUPS * _GROUPS
MOST_COLUMNS: Final = 250
MOST_STAGES: Final = 15

# The self-check fires so many terms, and compares terms with cases so many times in all.
_MOST_CHECKED: Final = 300
_CHECKS: Final = 7_500

# Names of our own making. The engine compares names by a 32-bit hash: see _refuse_collisions.
_STAGE, _GUARD = "m", "g"
SESSIONS: Final = tuple(f"p{number}" for number in range(8))
_OPERATORS: Final = "$and $or $eq $neq $lt $lte $gt $gte $ex $nex $mt $imt $iall $iany $forward"
_RESERVED: Final = ("sid", "id", "$s", _STAGE, _GUARD, *_OPERATORS.split())

_T = TypeVar("_T")


def expect(held: object, message: str) -> None:
    """Raise ``EngineFault`` with the message unless a condition holds."""
    if not held:
        raise EngineFault(
            Problem(
                place="",
                message=message,
                help="Nothing was returned. Make another engine, or use the reference engine.",
            )
        )


@frozen(kw_only=True)
class Message:
    """One message of a session: the facts that it asserts, and those settled after it."""

    template: str
    columns: tuple[tuple[str, Mapping[str, int]], ...]
    settles: tuple[str, ...]

    def message(self, session: str, facts: Case) -> str:
        """Return the message that asserts the facts, as the engine reads it."""
        return self.template % (session, *[code[facts[fact]] for fact, code in self.columns])


@frozen(kw_only=True)
class DurableProgram:
    """What is compiled, and what may come back.

    ``definition`` is the engine's own text. ``names`` has, for each of its rules, the stage when
    it may fire and the program's rules that then apply. ``samples`` are for the self-check.
    """

    program: Program
    definition: str
    stages: tuple[Message, ...]
    names: Mapping[str, tuple[int, frozenset[str]]]
    samples: tuple[dict[str, str], ...]


# From rules to the engine's terms

_Term = tuple[tuple[str, frozenset[str]], ...]
"""A box as the engine sees it: the facts that it narrows, in order, and the values left."""


def _terms(program: Program) -> dict[_Term, frozenset[str]]:
    """Return disjoint boxes in which rules apply, each with the ids of the rules."""
    terms: dict[_Term, frozenset[str]] = {}
    boxes: dict[str, list[Box]] = {}
    for rule in program.order:
        if isinstance(rule, EngineRule):
            outranking = [box for other in sorted(rule.outranked_by) for box in boxes[other]]
            rest = subtract(rule.when, outranking, program.facts)
            boxes[rule.id] = list(islice(rest, MOST_TERMS + 1))
            for box in boxes[rule.id]:
                narrowed = ((f, box[f]) for f, values in program.facts.items() if f in box)
                term = tuple((f, left) for f, left in narrowed if len(left) < len(program.facts[f]))
                terms[term] = terms.get(term, frozenset()) | {rule.id}
            _refuse(len(terms), MOST_TERMS, "rules, once their exceptions are worked out")
    return terms


def _refuse(number: int, most: int, what: str) -> None:
    if number > most:
        raise EngineUnavailable(
            Problem(
                place="",
                message=f"durable-rules cannot take more than {most:,} {what}.",
                help="Use the reference engine: it has no such limit and answers the same.",
            )
        )


_Columns = dict[str, tuple[str, dict[str, int]]]
"""The keys of one message, each with its fact and the numbers of the fact's values."""


class _Numbers:
    """The keys under which facts are asserted, each with its own numbering of the fact's values.

    The engine compares with a range, so the values that satisfy a rule must be neighbours. Where
    they are not, the fact is asserted a second time, numbered so that they are.
    """

    def __init__(self, facts: Values) -> None:
        self._facts = facts
        self._orders: dict[str, list[tuple[str, ...]]] = {fact: [] for fact in facts}
        self._letters = {fact: f"a{number}" for number, fact in enumerate(facts)}

    def compare(self, fact: str, allowed: frozenset[str]) -> list[object]:
        """Return the engine's conditions that hold where the fact has an allowed value."""
        values, orders = self._facts[fact], self._orders[fact]
        together = tuple(sorted(values, key=lambda value: value not in allowed))
        for order in (*orders, values, together):
            places = [at for at, value in enumerate(order) if value in allowed]
            if places[-1] - places[0] < len(places):
                break
        if order not in orders:
            orders.append(order)
        key = f"{self._letters[fact]}n{orders.index(order)}"
        low, high = places[0], places[-1]
        if low == high:
            return [{key: low}]
        from_low: list[object] = [{"$gte": {key: low}}] if low > 0 else []
        return [*from_low, {"$lte": {key: high}}] if high < len(order) - 1 else from_low

    def columns(self, facts: Iterable[str]) -> _Columns:
        """Return, for the facts that are compared, each key with its fact and numbering."""
        return {
            f"{self._letters[fact]}n{number}": (fact, {value: at for at, value in enumerate(order)})
            for fact in facts
            for number, order in enumerate(self._orders[fact])
        }


def compile_for_durable(program: Program) -> DurableProgram:
    """Return what durable-rules compiles; raise ``EngineUnavailable`` for what it cannot take."""
    terms = _terms(program)
    tested = {fact for term in terms for fact, _ in term}
    layers = [tuple(program.values), *program.strata]
    if program.strata and tested.isdisjoint(layers[-1]):
        layers.pop()  # it is settled, but nothing tests it
    _refuse(len(layers), MOST_STAGES, "layers of facts")
    layer_of = {fact: at for at, layer in enumerate(layers) for fact in layer}

    numbers = _Numbers(program.facts)
    names = {f"s{at}": (at, frozenset[str]()) for at in range(len(layers))}
    rules = {f"s{at}": _all({at: []}) for at in range(len(layers))}
    for number, (term, ids) in enumerate(terms.items()):
        group, place = divmod(number, _GROUP * _GROUPS)
        guards = [{"$lte": {_GUARD: group}}, {"$lte": {_GUARD: place // _GROUP}}]
        tests: dict[int, list[object]] = {} if term else {0: [*guards]}
        for fact, allowed in term:
            conditions = numbers.compare(fact, allowed)
            tests.setdefault(layer_of[fact], [*guards]).extend(conditions)
        names[f"r{number}"] = max(tests), ids
        rules[f"r{number}"] = _all(tests)

    settled = [*program.strata, ()]
    stages = [_stage(at, numbers.columns(layer), settled[at]) for at, layer in enumerate(layers)]
    _refuse_collisions([*(f"w{at}" for at in range(len(layers))), *(f"sid-{s}" for s in SESSIONS)])
    _refuse_collisions(SESSIONS)
    return DurableProgram(
        program=program,
        definition=json.dumps(rules, separators=(",", ":")),
        stages=tuple(stages),
        names=names,
        samples=_samples(program.facts, list(terms)),
    )


def _stage(at: int, columns: _Columns, settles: tuple[str, ...]) -> Message:
    _refuse(len(columns), MOST_COLUMNS, "comparisons with the facts of one layer")
    _refuse_collisions([*_RESERVED, *columns])
    numbers = "".join(f',"{key}":%d' for key in columns)
    return Message(
        template=f'{{"sid":"%s","id":"w{at}","{_STAGE}":{at},"{_GUARD}":0{numbers}}}',
        columns=tuple(columns.values()),
        settles=settles,
    )


def _all(tests: Mapping[int, list[object]]) -> object:
    """Return an engine rule that waits for one message of each stage tested."""
    return {"all": [{f"x{at}": {"$and": [{_STAGE: at}, *tests[at]]}} for at in sorted(tests)]}


def _refuse_collisions(names: Collection[str]) -> None:
    """Refuse names that the engine would take for one another: it compares 32-bit hashes."""
    different = {_hash(name) for name in names}
    expect(len(different) == len(names), "Two names made for durable-rules have the same hash.")


def _hash(name: str) -> int:
    """Return the hash (FNV-1a) by which the engine compares names."""
    value = 0x811C9DC5
    for byte in name.encode("ascii"):
        value = (value ^ byte) * 16_777_619 & 0xFFFFFFFF
    return value


def _samples(facts: Values, terms: Sequence[_Term]) -> tuple[dict[str, str], ...]:
    """Return cases in which every term fires, and cases that differ from these in one value.

    Decided facts are given values like any other, so that every term can fire. Terms that can
    hold together share a case. Where there are too many terms or cases, every n-th is taken.
    """
    boxes: list[dict[str, frozenset[str]]] = [{}]
    for term in _some(terms, _MOST_CHECKED):
        for box in boxes:
            if all(box.get(fact, allowed) & allowed for fact, allowed in term):
                box.update({fact: box.get(fact, allowed) & allowed for fact, allowed in term})
                break
        else:
            boxes.append(dict(term))
    cases = [some_case(box, facts) for box in boxes]
    near = [
        (case, fact, value)
        for case, box in zip(cases, boxes, strict=True)
        for fact in box
        for value in facts[fact]
        if value != case[fact]
    ]
    most = _CHECKS // (1 + len(terms))
    chosen = [*_some(cases, most)]
    chosen += [{**case, fact: value} for case, fact, value in _some(near, most - len(chosen))]
    return tuple(chosen)


def _some(items: Sequence[_T], most: int) -> Sequence[_T]:
    return items[:: -(-len(items) // most)] if items and most > 0 else items[:1]
