"""The files of rules: sections, rules and tables, and each rule as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import field, frozen

from ncpi_rules.core import Problem, one_of
from ncpi_rules.io import Path_, Plain, Source, described, text_cut
from ncpi_rules.ruleset.cases import TESTS, Origin, Wherever, WrittenRule, parted
from ncpi_rules.ruleset.kinds import KIND_OF_FILE, OUTCOME, RuleKind

ANY: Final = "-"
"""A cell of a table that says nothing."""


@frozen(kw_only=True, eq=False, repr=False)
class RuleSection:
    """A section of a file: rules that share what ``given`` says."""

    title: str = described("What the rules of the section are about.", prose=True)
    shared: Mapping[str, Any] = described(
        "What is part of every rule of the section.", factory=dict, metadata={"key": "given"}
    )
    wherever: Mapping[str, Any] = described(
        "A fact with some of its values, and what rules that name one of these add.", factory=dict
    )
    rules: tuple[Mapping[str, Any], ...] = described("The rules.", default=())


@frozen(kw_only=True, eq=False, repr=False)
class RuleTable:
    """Rules as the rows of a table; a cell of '-' says nothing."""

    columns: tuple[str, ...] = described("Facts, open questions, or lines of a rule.")
    rows: Mapping[str, tuple[str, ...]] = described("The cells of each rule, by its name.")


@frozen(kw_only=True, eq=False, repr=False)
class RuleFile:
    """A file of rules: in sections, in one list, or as a table."""

    decides: str = described("What its rules decide: an outcome, or the kind of rule.")
    hit: str = described(
        "How many rules of an outcome may apply in a case: unique, at most one; any, several that "
        "say the same; priority, the one whose value comes first under 'priority'; first, in a "
        "table, the one that stands first.",
        default="",
        metadata={"values": ("unique", "any", "first", "priority")},
    )
    priority: tuple[str, ...] = described(
        "With 'hit: priority', the values of the outcome, the one that wins first.", default=()
    )
    sections: tuple[RuleSection, ...] = described("The rules, in sections.", default=())
    rules: tuple[Mapping[str, Any], ...] = described("The rules, without sections.", default=())
    table: RuleTable | None = described("The rules, as a table.", default=None)


def cut_sentences(source: Source, kind: RuleKind) -> Iterator[Problem]:
    """Yield each sentence of a rule that a comment cuts, however deep the block that it is in."""
    for path, spot in source.comments.items():
        *above, name = path
        if above[:2] == ["table", "rows"] and isinstance(name, int):
            columns = source.data["table"].get("columns", [])
            name = columns[name] if name < len(columns) else ""
        if name in kind.sentences and above[-2:-1] != ["sections"]:
            yield text_cut(source.name, spot)


@frozen(kw_only=True)
class _Row(Source):
    """A row of a table as a rule, each part with the place of its cell."""

    table: Source = field(repr=False)
    row: Path_
    cells: Mapping[str, int]

    def place(self, path: Path_, *, key: bool = False) -> str:
        """Return the place of the cell of a part, or of the row's name."""
        name = path[1] if len(path) > 1 and path[0] in TESTS else path[0] if path else ""
        cell = self.cells.get(str(name))
        if cell is None or key:
            return self.table.place(self.row, key=True)
        return self.table.place((*self.row, cell))


@frozen(kw_only=True)
class TestedNames:
    """What rules may test, with the values of each, and what else their sentences may name."""

    facts: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[str, ...]]

    def of(self, kind: str) -> Mapping[str, tuple[str, ...]]:
        """Return the names that may stand under ``when`` or ``under``."""
        return self.facts if kind == "when" else self.answers


@frozen
class RulesIn:
    """The rules of one file, as they are written, and what is wrong with the file around them."""

    source: Source
    file: RuleFile
    kind: RuleKind
    names: TestedNames
    problems: list[Problem] = field(factory=list)
    wherevers: list[Wherever] = field(factory=list, init=False)

    def written(self) -> Iterator[WrittenRule]:
        """Yield each rule."""
        self._refuse_hit()
        for at, lines in enumerate(self.file.rules):
            yield from self._rule(lines, ("rules", at), None, ())
        for at, section in enumerate(self.file.sections):
            path: Path_ = ("sections", at)
            wherever = self._wherever(section, path) if section.wherever else None
            if not section.rules:
                self._refuse(path, "title", "No rule stands in this section.", "Take it away.")
            for inner, lines in enumerate(section.rules):
                yield from self._rule(lines, (*path, "rules", inner), section, path, wherever)
        if self.file.table is not None:
            yield from self._rows(self.file.table)

    def _refuse(self, path: Path_, name: str | int, message: str, help_: str) -> None:
        place = self.source.place((*path, name), key=isinstance(name, str))
        self.problems.append(Problem(place=place, message=message, help=help_))

    def _refuse_hit(self) -> None:
        hit, decides_outcome = self.file.hit, not self.kind.decides
        if hit and not decides_outcome:
            message = f"'hit' says nothing of {self.kind.decides}: all of them that apply count."
            self._refuse((), "hit", message, "Take the line away.")
        if hit == "first" and (self.file.table is None or self.file.rules or self.file.sections):
            message = "'hit: first' is for a table: elsewhere the order of rules never matters."
            self._refuse((), "hit", message, "Let one rule outrank the other by 'outranks'.")
        if (hit == "priority") != bool(self.file.priority):
            message = "'hit: priority' and 'priority' belong together."
            help_ = "Write both, or neither: 'priority' lists the values, the one that wins first."
            self._refuse((), "hit" if hit == "priority" else "priority", message, help_)
        for at, value in enumerate(self.file.priority):
            values = self.names.facts.get(self.file.decides, ())
            if value not in values:
                message = f"'{value}' is not a value of '{self.file.decides}'."
                self._refuse(("priority",), at, message, one_of(value, values))

    def _rule(
        self,
        lines: Mapping[str, Plain],
        path: Path_,
        section: RuleSection | None,
        above: Path_,
        wherever: Wherever | None = None,
    ) -> Iterator[WrittenRule]:
        if not (isinstance(lines.get("id"), str) and lines["id"]):
            message, help_ = "'id' is missing.", "Add 'id:' with the rule's name."
            self.problems.append(
                Problem(place=self.source.place((*path, "id")), message=message, help=help_)
            )
            return
        yield WrittenRule(
            id=lines["id"],
            kind=self.kind,
            decides=self.file.decides,
            lines=lines,
            source=self.source,
            path=path,
            shared={} if section is None else section.shared,
            shared_origin=Origin(self.source, (*above, "given")),
            wherever=wherever,
        )

    def _wherever(self, section: RuleSection, path: Path_) -> Wherever | None:
        facts = [name for name in section.wherever if name in self.names.facts]
        adds = {name: line for name, line in section.wherever.items() if name not in facts}
        if len(facts) != 1 or not adds:
            message = "'wherever' names one fact with values, and what to add where a rule has one."
            help_ = "Write it such as 'wherever: {tier: full-re-inspection, statements: [full.2]}'."
            self._refuse(path, "wherever", message, help_)
            return None
        (fact,) = facts
        named = section.wherever[fact]
        values = tuple(map(str, named)) if isinstance(named, list) else parted(str(named))
        if not values:
            help_ = one_of("", self.names.facts[fact], suggest=False)
            self._refuse((*path, "wherever"), fact, f"No value of '{fact}' is named.", help_)
            return None
        for value in values:
            if value not in self.names.facts[fact]:
                message = f"'{value}' is not a value of '{fact}'."
                help_ = one_of(value, self.names.facts[fact])
                self.problems.append(
                    Problem(
                        place=self.source.place((*path, "wherever", fact)),
                        message=message,
                        help=help_,
                        code="name-not-known",
                    )
                )
                return None
        rules = tuple(str(rule.get("id")) for rule in section.rules)
        origin = Origin(self.source, (*path, "wherever"))
        wherever = Wherever(fact=fact, values=values, adds=adds, rules=rules, origin=origin)
        self.wherevers.append(wherever)
        return wherever

    def _rows(self, table: RuleTable) -> Iterator[WrittenRule]:
        own = [name for name in self.kind.lines if name not in TESTS]
        allowed = [*self.names.facts, *self.names.answers, *own]
        for name in table.columns:
            if name not in allowed:
                message = f"'{name}' is neither a fact, nor an open question, nor a line of a rule."
                help_ = one_of(name, allowed)
                self._refuse(("table", "columns"), table.columns.index(name), message, help_)
        for id_, cells in table.rows.items():
            row: Path_ = ("table", "rows", id_)
            if len(cells) != len(table.columns):
                self._refuse(
                    ("table", "rows"),
                    id_,
                    f"The row '{id_}' has {len(cells)} cells, and there are {len(table.columns)} "
                    "columns.",
                    f"Give each column a cell; '{ANY}' says nothing.",
                )
                continue
            lines: dict[str, Any] = {"id": id_}
            for name, cell in zip(table.columns, cells, strict=True):
                if cell == ANY:
                    continue
                several = list(parted(cell))
                if name in self.names.facts:
                    lines.setdefault("when", {})[name] = several
                elif name in self.names.answers:
                    lines.setdefault("under", {})[name] = several
                else:
                    lines[name] = several if name in self.kind.listed else cell
            cells_at = {name: at for at, name in enumerate(table.columns)}
            source = _Row(
                name=self.source.name, data=lines, table=self.source, row=row, cells=cells_at
            )
            yield WrittenRule(
                id=id_,
                kind=self.kind,
                decides=self.file.decides,
                lines=lines,
                source=source,
                path=(),
            )


def kind_of(source: Source, outcomes: list[str] | None) -> RuleKind | Problem:
    """Return the kind of a file's rules, by what it decides; ``outcomes`` if they are known."""
    decides = source.data.get("decides") if isinstance(source.data, Mapping) else None
    place = source.place(("decides",))
    if not isinstance(decides, str):
        kinds = ", ".join(KIND_OF_FILE)
        return Problem(
            place=place,
            message="This file does not say what its rules decide.",
            help=f"Begin it with 'decides:' and an outcome of the vocabulary, or one of: {kinds}.",
        )
    if decides not in KIND_OF_FILE and outcomes is not None and decides not in outcomes:
        return Problem(
            place=place,
            message=f"'{decides}' is neither an outcome of the vocabulary nor a kind of rule.",
            help=one_of(decides, [*outcomes, *KIND_OF_FILE]),
        )
    return KIND_OF_FILE.get(decides, OUTCOME)
