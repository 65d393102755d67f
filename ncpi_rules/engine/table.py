"""The decision table: which rules apply in every case, made once and read by everything.

It has two forms, which must agree. **Rows** are what durable-rules answers, cell by cell, for rules
that test the same facts; each answer is checked against the reference. **Regions** follow from the
rules themselves: the boxes of cases in which each rule applies and each decided fact has each
value. Rows are looked up, regions are reasoned with; both treat a decided fact that a rule tests as
a fact like any other, so that the table stays small.
"""

from __future__ import annotations

from contextlib import suppress
from math import prod
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, field, frozen

from ncpi_rules.core import EngineFault, EngineUnavailable
from ncpi_rules.engine.boxes import Case, Values, cases_of
from ncpi_rules.engine.durable import DurableEngine
from ncpi_rules.engine.program import EngineRule, Evaluation, Program
from ncpi_rules.engine.reference import ReferenceEngine, applicable_rules
from ncpi_rules.engine.regions import Regions, regions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MOST_CELLS: Final = 100_000
"""The most cells of one part whose rows are made; regions have no such limit."""


@frozen(kw_only=True)
class Part:
    """Rules that test the same facts, and those of them that apply in each cell of these facts.

    ``program`` has these rules and those that outrank them; its facts are those that they test,
    given or decided. ``rows`` hold the ids of the rules that apply in each cell, the value of the
    last fact changing first; there are none where there would be too many.
    """

    rules: frozenset[str]
    program: Program
    rows: tuple[frozenset[str], ...] = field(repr=False)
    engine: str

    @property
    def values(self) -> Values:
        """Return the facts tested, each with its values."""
        return self.program.values

    def at(self, facts: Case) -> frozenset[str]:
        """Return the rules that apply where the facts have these values."""
        if not self.rows:
            tested = {fact: facts[fact] for fact in self.values}
            return ReferenceEngine(self.program).evaluate(tested).fired & self.rules
        place = 0
        for fact, values in self.values.items():
            place = place * len(values) + values.index(facts[fact])
        return self.rows[place]


@frozen(kw_only=True)
class DecisionTable:
    """Which rules of a program apply in every case, as rows and as regions.

    >>> rule = EngineRule(id="review", when={"concern": {"some"}}, concludes=("tier", "review"))
    >>> tell = EngineRule(id="tell", when={"tier": {"review"}})
    >>> program = Program(
    ...     values={"concern": ("none", "some")}, decided={"tier": ("open", "review")},
    ...     otherwise={"tier": "open"}, rules=[rule, tell],
    ... )
    >>> table = table_of(program)
    >>> table.regions.applies["tell"]
    ({'concern': frozenset({'some'})},)
    >>> table.evaluate({"concern": "none"}).decided["tier"], table.cells
    ('open', 4)
    """

    program: Program
    regions: Regions
    parts: tuple[Part, ...]
    _order: tuple[Part | str, ...] = field(repr=False, alias="order")

    @property
    def cells(self) -> int:
        """Return the number of cells of all parts that have rows."""
        return sum(len(part.rows) for part in self.parts)

    @property
    def engine(self) -> str:
        """Return the name of the engine that made the rows."""
        return self.parts[0].engine if self.parts else ReferenceEngine.name

    def evaluate(self, case: Case) -> Evaluation:
        """Return which rules apply in one case, by looking it up.

        Raises FactsError where a value is not known.
        """
        self.program.check(case)
        facts = dict(case)
        fired: set[str] = set()
        for entry in self._order:
            if isinstance(entry, Part):
                fired |= entry.at(facts)
            else:
                facts[entry] = self.program.settle(entry, fired)
        decided = {fact: facts[fact] for fact in self.program.decided}
        return Evaluation(fired=frozenset(fired), decided=decided)


def table_of(program: Program, *, engine: str | None = None) -> DecisionTable:
    """Return the table of a program, made once.

    ``engine`` is ``reference`` where durable-rules is not to be asked; where it cannot be had, it
    is not asked either, and each part says which engine made its rows. Raises EngineFault where
    durable-rules and the reference do not agree.
    """
    table: DecisionTable | None = program.derived.get((DecisionTable, engine))
    return table or program.derived.remember((DecisionTable, engine), _table_of(program, engine))


def _table_of(program: Program, engine: str | None) -> DecisionTable:
    parts = tuple(part_of(group, engine) for group in groups_of(program))
    return DecisionTable(
        program=program,
        regions=regions_of(program),
        parts=parts,
        order=tuple(_in_order(program, parts)),
    )


# Rows


def program_for_case(program: Program, case: Case) -> Program:
    """Return the program of the cases in which some given facts have these values.

    Rules that cannot apply then are left out, and so are tests that always succeed.

    >>> rule = EngineRule(id="review", when={"concern": {"some"}, "country": {"wales"}})
    >>> values = {"concern": ("none", "some"), "country": ("england", "wales")}
    >>> program_for_case(Program(values=values, rules=[rule]), {"country": "wales"}).values
    {'concern': ('none', 'some')}
    """
    possible = [
        rule
        for rule in program.rules
        if all(case[fact] in allowed for fact, allowed in rule.when.items() if fact in case)
    ]
    ids = {rule.id for rule in possible}

    def open_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
        return {fact: values for fact, values in facts.items() if fact not in case}

    rules = [
        evolve(rule, when=open_facts(rule.when), outranked_by=rule.outranked_by & ids)
        for rule in possible
    ]
    return evolve(program, values=open_facts(program.values), rules=rules)


@frozen
class RuleGroup:
    """Rules whose rows are made together; ``program`` has the rules that outrank them, too."""

    rules: frozenset[str]
    program: Program


def groups_of(program: Program, *, by_outcome: bool = False) -> Iterator[RuleGroup]:
    """Yield the groups of rules that test the same facts, decided facts among them.

    Rules that test fewer facts join others only where these wait for the same decided facts, so
    that each group can be settled in turn. Rules that decide the same fact stay together where that
    makes no more cells than if each tested its own facts alone, and always ``by_outcome``.
    """
    needed: dict[str, frozenset[str]] = {}  # the rule, and all that outrank it or these
    for entry in program.order:
        if isinstance(entry, EngineRule):
            needed[entry.id] = frozenset({entry.id}).union(*(needed[r] for r in entry.outranked_by))
    when = {rule.id: rule.when for rule in program.rules}
    tested = {
        id_: frozenset(fact for other in ids for fact in when[other]) for id_, ids in needed.items()
    }
    groups: dict[frozenset[str], set[str]] = {}
    alone = {rule.id for rule in program.rules if rule.concludes is None}
    for fact in program.decided:
        ids = {rule.id for rule in program.rules if rule.concludes and rule.concludes[0] == fact}
        together = frozenset[str]().union(*(tested[id_] for id_ in ids))
        apart = {*_homes({tested[id_] for id_ in ids}, program).values()}
        if by_outcome or _cells(program, together) <= sum(
            _cells(program, facts) for facts in apart
        ):
            groups.setdefault(together, set()).update(ids)
        else:
            alone |= ids
    for id_ in alone:
        groups.setdefault(tested[id_], set()).add(id_)

    homes = _homes(groups, program)
    for facts, home in homes.items():
        if home != facts:
            groups[home] |= groups[facts]
    for facts in filter(groups.get, dict.fromkeys(homes.values())):
        together = frozenset(other for id_ in groups[facts] for other in needed[id_])
        yield RuleGroup(
            rules=frozenset(groups[facts]),
            program=Program(
                values={fact: values for fact, values in program.facts.items() if fact in facts},
                rules=[
                    EngineRule(id=rule.id, when=rule.when, outranked_by=rule.outranked_by)
                    for rule in program.rules
                    if rule.id in together
                ],
            ),
        )


def _homes(
    tested: Iterable[frozenset[str]], program: Program
) -> dict[frozenset[str], frozenset[str]]:
    """Return, for each set of facts, the set that its rules join.

    Of the widest sets that hold it and the same decided facts, that is the one with fewest cells.

    A rule that tests little applies in many cells, each time at the cost of an answer.
    """
    homes: dict[frozenset[str], frozenset[str]] = {}
    decided = program.decided.keys()
    for facts in sorted(tested, key=lambda names: (-len(names), sorted(names))):
        wider = [
            home
            for home in dict.fromkeys(homes.values())
            if facts <= home and facts & decided == home & decided
        ]
        homes[facts] = min(wider, key=lambda home: _cells(program, home), default=facts)
    return homes


def _cells(program: Program, facts: Iterable[str]) -> int:
    return prod(len(program.facts[fact]) for fact in facts)


def part_of(group: RuleGroup, engine: str | None = None) -> Part:
    """Return the rows of a group; it takes long to ask an engine about every cell."""
    program, ids = group.program, group.rules
    if _cells(program, program.values) > MOST_CELLS:
        return Part(rules=ids, program=program, rows=(), engine=ReferenceEngine.name)
    durable = None
    if engine != ReferenceEngine.name:
        with suppress(EngineUnavailable):
            durable = DurableEngine(program, self_check=False)
    rows: list[frozenset[str]] = []
    known: dict[frozenset[str], frozenset[str]] = {}
    for case in cases_of({}, program.values):
        fired = applicable_rules(program, case)
        if durable is not None and (answer := durable.applicable_rules(case)) != fired:
            rules = ", ".join(sorted(answer ^ fired))
            message = f"{durable.name} and the reference engine disagree on: {rules}."
            raise EngineFault(message)
        rows.append(known.setdefault(fired & ids, fired & ids))
    if durable is not None:
        durable.close()
    made = ReferenceEngine.name if durable is None else durable.name
    return Part(rules=ids, program=program, rows=tuple(rows), engine=made)


def _in_order(program: Program, parts: tuple[Part, ...]) -> Iterator[Part | str]:
    """Yield parts and decided facts so that each fact is settled before it is looked up."""
    settled = set(program.values)
    left = list(parts)
    for fact in [*(entry for entry in program.order if isinstance(entry, str)), ""]:
        ready = [part for part in left if settled.issuperset(part.values)]
        yield from ready
        left = [part for part in left if part not in ready]
        if fact:
            settled.add(fact)
            yield fact
