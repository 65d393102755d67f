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

_NO_LINES: Final = frozenset({"id", *TESTS, *ADDED})


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


@frozen(kw_only=True, eq=False)
class WrittenBlock(Origin):
    """Lines that stand together, and where: a rule, what its section gives, or what differs.

    ``level`` names the blocks around it and itself, the outermost first, such as ``R7.first-day``.
    """

    lines: Mapping[str, Plain] = field(repr=False)
    level: tuple[str, ...] = ()

    def of_text(self, text: str, *steps: str) -> Origin:
        """Return the place of one of the texts of a part."""
        value: Plain = self.lines
        for step in steps:
            value = value[step]
        return self.at(*steps, value.index(text)) if isinstance(value, list) else self.at(*steps)


@frozen(kw_only=True, slots=False)
class Case:
    """One case of a rule, as far as it is worked out.

    ``when`` and ``under`` have, for each name tested, the values that satisfy it; ``chosen`` the
    values by which the case is told from the others. ``blocks`` are those that it is made of, in
    their order: the place of a part is looked up in them where something is wrong.
    """

    when: Mapping[str, tuple[str, ...]] = field(factory=dict)
    under: Mapping[str, tuple[str, ...]] = field(factory=dict)
    lines: Mapping[str, Plain] = field(factory=dict)
    added: Mapping[str, tuple[str, ...]] = field(factory=dict)
    chosen: Mapping[str, tuple[str, ...]] = field(factory=dict)
    blocks: tuple[WrittenBlock, ...] = ()
    parameters: tuple[str, ...] = ()

    def but(self, **changes: Any) -> Self:
        """Return the case with other fields: what ``evolve`` does, in a tenth of the time."""
        case = object.__new__(type(self))
        case.__dict__.update(self.__dict__, **changes)
        return case

    def only(self, kind: str, name: str, values: tuple[str, ...], **more: Any) -> dict[str, Any]:
        """Return what changes where a name has one of some values; nothing where it cannot."""
        tests: Mapping[str, tuple[str, ...]] = getattr(self, kind)
        both = _among(values, tests.get(name))
        return {kind: {**tests, name: both}, **more} if both else {}

    def chosen_by(self, name: str, values: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        """Return what tells the case from others where these values of a name do."""
        return {**self.chosen, name: _among(self.chosen.get(name, values), values)}

    def says(self, name: str, value: Plain) -> Self:
        """Return the case that says something else in a line."""
        return self.but(lines={**self.lines, name: value})

    @property
    def label(self) -> str:
        """Return what tells the case from the others, whatever the order of lines."""
        names = sorted(self.chosen, key=lambda name: (name in self.under, name))
        return ",".join(f"{name}={'|'.join(sorted(self.chosen[name]))}" for name in names)

    def block_of(self, line: str) -> WrittenBlock:
        """Return the block that says what the case has in a line."""
        return next(block for block in reversed(self.blocks) if line in block.lines)

    def origin_of(self, *path: str | int) -> Origin | None:
        """Return where a line, what is tested, or one of the texts of either is written."""
        match path:
            case (str(line),) if line in self.lines:
                return self.block_of(line).at(line)
            case (str(line),) if self.added.get(line):
                return self.origin_of(line, 0)
            case (str(line), int(at)) if line in self.added:
                text = self.added[line][at]
                citing = (b for b in self.blocks if text in texts_of(b.lines.get(line, [])))
                return next(citing).of_text(text, line)
            case (("when" | "under") as kind, str(name)):
                naming = (b for b in self.blocks if name in b.lines.get(kind, ()))
                return next(naming).at(kind, name, key=True)
            case (("when" | "under") as kind, str(name), int(at)):
                return self.origin_of_value(kind, name, getattr(self, kind)[name][at])
        return None

    def origin_of_value(self, kind: str, name: str, value: str) -> Origin:
        """Return where a value of what is tested is written."""
        block = next(b for b in reversed(self.blocks) if name in b.lines.get(kind, ()))
        tested = block.lines[kind][name]
        if not isinstance(tested, dict):
            return block.of_text(value, kind, name)
        key = next(key for key in tested if value in parted(key))
        return block.at(kind, name, key, key=True)


def _among(values: tuple[str, ...], others: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the values that are among others, too; all of them where there are none."""
    return values if others is None else tuple([value for value in values if value in others])


def texts_of(value: Plain) -> tuple[str, ...]:
    """Return each text of a line, which holds one or a list."""
    return tuple(dict.fromkeys(value)) if isinstance(value, list) else (value,)


def parted(key: str) -> tuple[str, ...]:
    """Return the values that share a line of a block.

    >>> parted("some-concerns, no-concerns")
    ('some-concerns', 'no-concerns')
    """
    return tuple(map(str.strip, key.split(",")))


@frozen
class Expansion:
    """The cases of one written rule, and what is wrong with them.

    ``branches`` has each block of a value and ``conditions`` each line of values in the rule, by
    its path: the name that is tested, and the values.
    """

    written: WrittenRule
    problems: list[Problem] = field(factory=list)
    branches: dict[Path_, tuple[str, tuple[str, ...]]] = field(factory=dict)
    conditions: dict[Path_, tuple[str, tuple[str, ...]]] = field(factory=dict)

    def cases(self) -> list[Case]:
        """Return the cases; what contradicts itself goes to ``problems``."""
        written, origin, cases = self.written, self.written.origin, [Case()]
        if written.shared_origin is not None:
            cases = self._with_block(cases[0], self._block(written.shared_origin, written.shared))
            self._refuse_twice(written.shared)
        own = self._block(origin, written.lines)
        cases = [case for before in cases for case in self._with_block(before, own)]
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

    @staticmethod
    def _block(origin: Origin, lines: Mapping[str, Plain]) -> WrittenBlock:
        return WrittenBlock(source=origin.source, path=origin.path, lines=lines)

    def _refuse_dead(self, cases: list[Case]) -> None:
        """Refuse values that the conditions around them exclude in every case."""
        alive = {block.path for case in cases for block in case.blocks}
        satisfy: dict[str, set[str]] = {}
        for case in cases:
            for tests in (case.when, case.under):
                for name, values in tests.items():
                    satisfy.setdefault(name, set()).update(values)
        for path, (name, values) in (*self.branches.items(), *self.conditions.items()):
            dead = [value for value in values if value not in satisfy.get(name, ())]
            is_block = path in self.branches
            if dead or (is_block and path not in alive):
                self.refuse(
                    Origin(self.written.source, path, key=is_block),
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

    def _with_block(self, case: Case, block: WrittenBlock, **changes: Any) -> list[Case]:
        """Return a case with what a block adds to it; each block inside parts it further."""
        said = {name: value for name, value in block.lines.items() if name not in _NO_LINES}
        for name, value in said.items():
            if case.lines.get(name, value) != value:
                self._refuse_conflict(name, case.block_of(name), block)
        if said:
            changes["lines"] = {**case.lines, **said}
        if more := {name: block.lines[name] for name in ADDED if name in block.lines}:
            added = {
                name: tuple(dict.fromkeys((*case.added.get(name, ()), *texts_of(value))))
                for name, value in more.items()
            }
            changes["added"] = {**case.added, **added}
        cases = [case.but(blocks=(*case.blocks, block), **changes)]
        for kind in TESTS:
            for name, tested in block.lines.get(kind, {}).items():
                if isinstance(tested, dict):
                    cases = [
                        part for case in cases for part in self._parted(case, block, kind, name)
                    ]
                    continue
                path, values = (*block.path, kind, name), texts_of(tested)
                if path[: len(self.written.path)] == self.written.path:
                    self.conditions[path] = name, values
                narrowed = ((case, case.only(kind, name, values)) for case in cases)
                cases = [case.but(**changes) for case, changes in narrowed if changes]
        return cases

    def _refuse_conflict(self, name: str, before: WrittenBlock, block: WrittenBlock) -> None:
        if before.level != block.level[: len(before.level)]:
            self.refuse(
                block.at(name, key=True),
                f"'{name}' is changed by two blocks that may both apply, here and in the block "
                f"{' '.join(before.level)}.",
                "Put one block inside the other, or say it in one of them.",
            )

    def _parted(self, case: Case, block: WrittenBlock, kind: str, name: str) -> Iterator[Case]:
        """Yield a case with each block that says what differs for some values of a name."""
        for key, differing in block.lines[kind][name].items():
            if differing == DOES_NOT_APPLY:
                continue
            values, lines = parted(key), {} if differing == AS_WRITTEN else differing
            inside, level = (*block.path, kind, name, key), (*block.level, f"{name}.{key}")
            self.branches[inside] = name, values
            chosen = case.chosen_by(name, values)
            if changes := case.only(kind, name, values, chosen=chosen):
                inner = WrittenBlock(source=block.source, path=inside, lines=lines, level=level)
                yield from self._with_block(case, inner, **changes)

    def _wherever(self, case: Case) -> Iterator[Case]:
        """Yield a case, parted where it has some values of the fact that a section singles out."""
        wherever = self.written.wherever
        if wherever is None:
            yield case
            return
        fact, adds = wherever.fact, self._block(wherever.origin, wherever.adds)
        tested = case.when.get(fact, ())
        inside = _among(tested, wherever.values)
        outside = tuple(value for value in tested if value not in inside)
        if not inside:
            yield case
            return
        if outside:
            yield case.but(when={**case.when, fact: outside}, chosen=case.chosen_by(fact, outside))
            case = case.but(when={**case.when, fact: inside}, chosen=case.chosen_by(fact, inside))
        for name in wherever.adds:
            if name in case.lines:
                self.refuse(
                    wherever.origin.at(name, key=True),
                    f"'{name}' stands in 'wherever' and in the rule '{self.written.id}'.",
                    "Write it in one of the two places.",
                )
        yield from self._with_block(case, adds)
