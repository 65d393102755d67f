"""From rules as they are written to their cases: what applies where, with every line in its place.

A written rule may hold blocks: in the place of some values of a fact, or of some answers to an open
question, it says what differs there. Each combination is a case of the rule, and the cases of a
rule exclude each other, so that the order of lines never matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Self

from attrs import field, frozen

from ncpi_rules.core import Problem
from ncpi_rules.io import Path_, Plain, Source
from ncpi_rules.ruleset.kinds import RuleKind

AS_WRITTEN: Final = "as-written"
DOES_NOT_APPLY: Final = "does-not-apply"
TESTS: Final = ("when", "under")
ADDED: Final = ("statements", "rests_on")
"""The lines of a rule that add up; every other line is said once, or replaced by a block."""


@frozen
class Origin:
    """Where something is written: a source and a path in it."""

    source: Source = field(repr=False, eq=False)
    path: Path_
    key: bool = False

    def at(self, *steps: str | int, key: bool = False) -> Origin:
        """Return the place of a part."""
        return Origin(self.source, (*self.path, *steps), key)

    def of_key(self) -> Origin:
        """Return the place of the name instead of that of its value."""
        return Origin(self.source, self.path, key=True)

    @property
    def place(self) -> str:
        """Return the place as problems give it."""
        return self.source.place(self.path, key=self.key)


@frozen(kw_only=True)
class Wherever:
    """What a section adds to rules that name some values of a fact."""

    fact: str
    values: tuple[str, ...]
    adds: Mapping[str, Plain]
    rules: tuple[str, ...]
    origin: Origin


@frozen(kw_only=True)
class WrittenRule:
    """A rule as it is written, with what its section says besides."""

    id: str
    kind: RuleKind = field(repr=False)
    decides: str
    lines: Mapping[str, Plain] = field(repr=False)
    source: Source = field(repr=False)
    path: Path_
    shared: Mapping[str, Plain] = field(factory=dict, repr=False)
    shared_origin: Origin | None = field(default=None, repr=False)
    wherever: Wherever | None = field(default=None, repr=False)

    @property
    def origin(self) -> Origin:
        """Return the place of the rule."""
        return Origin(self.source, self.path)


@frozen
class Line:
    """A line of a case: what it says, where, and the block that says it."""

    value: Plain
    origin: Origin
    block: tuple[str, ...]


@frozen(kw_only=True, slots=False)
class Case:
    """One case of a rule, as far as it is worked out.

    ``tests`` has, for each name tested, the values that satisfy it, with their places; ``named``
    the place of each name; ``chosen`` the values by which the case is told from the others.
    """

    tests: Mapping[str, Mapping[str, Origin]] = field(factory=dict)
    named: Mapping[str, tuple[str, Origin]] = field(factory=dict)
    lines: Mapping[str, Line] = field(factory=dict)
    added: Mapping[str, Mapping[str, Origin]] = field(factory=dict)
    chosen: Mapping[str, tuple[str, ...]] = field(factory=dict)
    branches: frozenset[Origin] = frozenset()
    parameters: tuple[str, ...] = ()

    def but(self, **changes: Any) -> Self:
        """Return the case with other fields: what ``evolve`` does, in a third of the time."""
        return type(self)(**{**self.__dict__, **changes})

    def only(
        self, kind: str, name: str, values: Mapping[str, Origin], origin: Origin, **more: Any
    ) -> Self | None:
        """Return the case where a name has one of some values, or None where it cannot."""
        before = self.tests.get(name)
        both = values if before is None else {v: at for v, at in values.items() if v in before}
        if not both:
            return None
        named = {**self.named, name: self.named.get(name, (kind, origin))}
        return self.but(tests={**self.tests, name: both}, named=named, **more)

    def chosen_by(self, name: str, values: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        """Return what tells the case from others where these values of a name do."""
        before = self.chosen.get(name)
        both = values if before is None else tuple(value for value in before if value in values)
        return {**self.chosen, name: both}

    def says(self, name: str, value: Plain) -> Self:
        """Return the case that says something else in a line."""
        line = self.lines[name]
        return self.but(lines={**self.lines, name: Line(value, line.origin, line.block)})

    @property
    def label(self) -> str:
        """Return what tells the case from the others, whatever the order of lines."""
        names = sorted(self.chosen, key=lambda name: (self.named[name][0] == "under", name))
        return ",".join(f"{name}={'|'.join(sorted(self.chosen[name]))}" for name in names)


def values_at(value: Plain, origin: Origin) -> dict[str, Origin]:
    """Return each text of a line with its place."""
    if isinstance(value, list):
        return {str(text): origin.at(at) for at, text in enumerate(value)}
    return {str(value): origin}


def parted(key: str) -> tuple[str, ...]:
    """Return the values that share a line of a block.

    >>> parted("some-concerns, no-concerns")
    ('some-concerns', 'no-concerns')
    """
    return tuple(value.strip() for value in key.split(","))


@frozen
class Expansion:
    """The cases of one written rule, and what is wrong with them."""

    written: WrittenRule
    problems: list[Problem] = field(factory=list)
    branches: dict[Origin, tuple[str, tuple[str, ...]]] = field(factory=dict)

    def cases(self) -> list[Case]:
        """Return the cases; what contradicts itself goes to ``problems``."""
        written, origin, cases = self.written, self.written.origin, [Case()]
        if written.shared_origin is not None:
            cases = self._with_block(cases[0], written.shared, written.shared_origin, ())
            self._refuse_twice(written.shared)
        cases = [
            case for before in cases for case in self._with_block(before, written.lines, origin, ())
        ]
        cases = [case for before in cases for case in self._wherever(before)]
        if not cases and not self.problems:
            self.refuse(
                origin.at("id"),
                f"No case of the rule '{written.id}' is left: what it says and what its section "
                "says contradict each other.",
                "Take one of the two conditions away.",
            )
        if cases:
            self._refuse_dead(cases)
        return cases

    def _refuse_dead(self, cases: list[Case]) -> None:
        """Refuse values that the conditions around them exclude in every case."""
        alive = {branch for case in cases for branch in case.branches}
        satisfy: dict[str, set[str]] = {}
        for case in cases:
            for name, tested in case.tests.items():
                satisfy.setdefault(name, set()).update(tested)
        for origin, (name, values) in self.branches.items():
            dead = [value for value in values if value not in satisfy.get(name, ())]
            if dead or (origin.key and origin not in alive):
                self.refuse(
                    origin,
                    f"'{(dead or values)[0]}' of '{name}' never applies here: the conditions "
                    "around it exclude it.",
                    "Take it away, or widen the condition around it.",
                )

    def refuse(self, origin: Origin, message: str, help_: str, code: str = "") -> None:
        """Note what is wrong, once."""
        problem = Problem(place=origin.place, message=message, help=help_, code=code)
        if problem not in self.problems:
            self.problems.append(problem)

    def _refuse_twice(self, section: Mapping[str, Plain]) -> None:
        for name in section:
            if name in self.written.lines and name not in {*TESTS, *ADDED}:
                self.refuse(
                    self.written.origin.at(name, key=True),
                    f"'{name}' stands in 'given' and in the rule '{self.written.id}'.",
                    "Write it in one of the two places.",
                )

    def _with_block(
        self, case: Case, block: Mapping[str, Plain], origin: Origin, level: tuple[str, ...]
    ) -> list[Case]:
        """Return a case with what a block adds to it; each block inside parts it further."""
        lines, added = dict(case.lines), dict(case.added)
        for name, value in block.items():
            if name in ADDED:
                before = added.get(name, {})
                added[name] = {**before, **values_at(value, origin.at(name)), **before}
            elif name not in TESTS and name != "id":
                line = Line(value, origin.at(name), level)
                self._refuse_conflict(name, lines.get(name), line)
                lines[name] = line
        cases = [case.but(lines=lines, added=added) if block.keys() - {*TESTS} else case]
        for kind in TESTS:
            for name, tested in block.get(kind, {}).items():
                at = origin.at(kind, name)
                cases = [
                    after for before in cases for after in self._tested(before, tested, at, level)
                ]
        return cases

    def _refuse_conflict(self, name: str, before: Line | None, line: Line) -> None:
        if (
            before is not None
            and before.value != line.value
            and before.block != line.block[: len(before.block)]
        ):
            other = f"in the block {' '.join(before.block)}"
            self.refuse(
                line.origin.of_key(),
                f"'{name}' is changed by two blocks that may both apply, here and {other}.",
                "Put one block inside the other, or say it in one of them.",
            )

    def _tested(
        self, case: Case, tested: Plain, origin: Origin, level: tuple[str, ...]
    ) -> Iterator[Case]:
        """Yield a case where what is tested at a place has one of its values, for each block."""
        kind, name = map(str, origin.path[-2:])
        if not isinstance(tested, Mapping):
            if origin.path[: len(self.written.path)] == self.written.path:
                self.branches[origin] = name, tuple(values_at(tested, origin))
            narrowed = case.only(kind, name, values_at(tested, origin), origin.of_key())
            if narrowed is not None:
                yield narrowed
            return
        for key, differing in tested.items():
            if differing == DOES_NOT_APPLY:
                continue
            at = origin.at(key, key=True)
            values = parted(key)
            self.branches[at] = name, values
            inside = case.only(
                kind,
                name,
                dict.fromkeys(values, at),
                origin.of_key(),
                chosen=case.chosen_by(name, values),
                branches=case.branches | {at},
            )
            if inside is None:
                continue
            if differing == AS_WRITTEN:
                yield inside
            else:
                block = (*level, f"{name}.{key}")
                yield from self._with_block(inside, differing, origin.at(key), block)

    def _wherever(self, case: Case) -> Iterator[Case]:
        """Yield a case, parted where it has some values of the fact that a section singles out."""
        wherever = self.written.wherever
        if wherever is None:
            yield case
            return
        fact, values, adds = wherever.fact, wherever.values, wherever.adds
        tested = case.tests.get(fact, {})
        inside = tuple(value for value in tested if value in values)
        outside = tuple(value for value in tested if value not in values)
        if not inside:
            yield case
            return
        if outside:
            yield case.but(
                tests={**case.tests, fact: {value: tested[value] for value in outside}},
                chosen=case.chosen_by(fact, outside),
            )
            case = case.but(
                tests={**case.tests, fact: {value: tested[value] for value in inside}},
                chosen=case.chosen_by(fact, inside),
            )
        for name in adds:
            if name in case.lines:
                self.refuse(
                    wherever.origin.at(name, key=True),
                    f"'{name}' stands in 'wherever' and in the rule '{self.written.id}'.",
                    "Write it in one of the two places.",
                )
        yield from self._with_block(case, adds, wherever.origin, ())
