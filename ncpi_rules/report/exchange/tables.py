"""A ruleset as decision tables, before they are written in any format for other programs.

Their rows are the rules as engines have them: one for each case of a written rule.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from graphlib import TopologicalSorter
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import frozen

from ncpi_rules.core import Basis, reading_order, upper_first
from ncpi_rules.engine import meet, regions_of
from ncpi_rules.io import fields_of
from ncpi_rules.ruleset import KINDS, Outcome, OutcomeRule, Rule, Ruleset, Tests, program_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ncpi_rules.engine import Box
    from ncpi_rules.ruleset import RuleKind

Stated: TypeAlias = str | tuple[str, ...] | None
"""What a row states in a column: a text, a list of names, or nothing."""

COLLECT: Final = "collect"
"""The hit policy of a table in which every row that fits counts."""

_COMMON: Final = frozenset(field.name for field in fields_of(Rule))


@frozen(kw_only=True)
class ConditionColumn:
    """A column of a table that says what is tested: a fact, an outcome or an open question.

    ``values`` are what it may be, each with its label; ``otherwise`` is the value where nobody has
    said: unknown for a fact, our answer for an open question, nothing for an outcome.
    """

    id: str
    kind: str
    title: str
    values: Mapping[str, str]
    otherwise: str


@frozen(kw_only=True)
class StatedColumn:
    """A column of a table that says what follows: its name, and its title."""

    id: str
    title: str


@frozen(kw_only=True)
class ExportRow:
    """A row: the values that it tests, by column, and what follows, in the order of the columns.

    What it does not test may have any value.
    """

    rule: Rule
    tests: Tests
    states: tuple[Stated, ...]


@frozen(kw_only=True)
class ExportTable:
    """A decision table of a ruleset.

    ``outcome`` is what it decides, or None where it lists items of a plan. ``hit`` is ``unique``
    (one row fits at most), ``any`` (those that fit say the same), ``first`` (the first that fits),
    ``priority`` (the value that comes first in ``priority``) or ``collect`` (all that fit). Where
    several rows fit an outcome, the first of them has its value and its basis, whatever ``hit``
    says.
    """

    id: str
    title: str
    outcome: Outcome | None
    hit: str
    priority: tuple[str, ...]
    tested: tuple[ConditionColumn, ...]
    stated: tuple[StatedColumn, ...]
    rows: tuple[ExportRow, ...]

    @property
    def otherwise(self) -> tuple[Stated, ...]:
        """Return what follows for an outcome where no row fits: it stays open."""
        return () if self.outcome is None else (self.outcome.none, Basis.REFERRED.value, None)


def export_tables(ruleset: Ruleset) -> tuple[ExportTable, ...]:
    """Return the decision tables of a ruleset, each after those on which it depends.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> tables = export_tables(shipped_ruleset())
    >>> [(table.id, table.hit) for table in tables][1:4]
    [('judgement-stage', 'unique'), ('tier', 'unique'), ('actions', 'collect')]
    """
    maker = _Maker.of(ruleset)
    settled = [entry for entry in program_for(ruleset).order if isinstance(entry, str)]
    return (
        *(maker.outcome_table(ruleset.outcomes[name]) for name in settled),
        *(maker.list_table(kind) for kind in KINDS if kind.decides),
    )


def expression_of(stated: Stated) -> str:
    """Return what a row states as DMN's FEEL and zen-engine's language both write it.

    >>> expression_of(("force", "inspectors")), expression_of(None)
    ('["force", "inspectors"]', 'null')
    """
    if stated is None:
        return "null"
    if isinstance(stated, tuple):
        return f"[{', '.join(map(expression_of, stated))}]"
    return json.dumps(stated, ensure_ascii=False)


@frozen(kw_only=True)
class _Maker:
    ruleset: Ruleset
    columns: Mapping[str, ConditionColumn]
    outranked_by: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, ruleset: Ruleset) -> _Maker:
        columns = (
            *(
                ConditionColumn(
                    id=fact.id,
                    kind="fact",
                    title=fact.title,
                    values=fact.values,
                    otherwise=fact.left_out or fact.unknown,
                )
                for fact in ruleset.facts.values()
            ),
            *(
                ConditionColumn(
                    id=name,
                    kind="outcome",
                    title=outcome.title,
                    values=outcome.values,
                    otherwise="",
                )
                for name, outcome in ruleset.outcomes.items()
            ),
            *(
                ConditionColumn(
                    id=name,
                    kind="open question",
                    title=interpretation.question,
                    values=interpretation.answers,
                    otherwise=interpretation.ours,
                )
                for name, interpretation in ruleset.interpretations.items()
            ),
        )
        return cls(
            ruleset=ruleset,
            columns={column.id: column for column in columns},
            outranked_by={rule.id: rule.outranked_by for rule in program_for(ruleset).rules},
        )

    def outcome_table(self, outcome: Outcome) -> ExportTable:
        rules = [rule for rule in self.ruleset.of_kind(OutcomeRule) if rule.decides == outcome.id]
        ids = {rule.id for rule in rules}
        is_ranked = any(self.outranked_by[id_] & ids for id_ in ids)
        hit = self.ruleset.hits.get(outcome.id, "unique")
        priority = _priority(rules, outcome, self.outranked_by) if hit == "priority" else ()
        if is_ranked and not priority:
            hit = "first"
        titles = (outcome.title, "What it rests on", "How strongly the methodology says it")
        names = (outcome.id, "basis", "modality")
        return self._table(
            outcome.id,
            upper_first(outcome.title),
            _in_rank(rules, self.outranked_by),
            {"then": names[0], "basis": names[1], "modality": names[2]},
            titles,
            outcome=outcome,
            hit="any" if hit == "priority" and not priority else hit,
            priority=priority,
        )

    def list_table(self, kind: RuleKind) -> ExportTable:
        own = [field for field in fields_of(kind.rule) if field.name not in _COMMON]
        return self._table(
            kind.decides,
            upper_first(kind.decides),
            _in_rank(self.ruleset.of_kind(kind.rule), self.outranked_by),
            {field.name: field.name for field in own},
            # What the file format gives as an example is about another methodology.
            [field.metadata["says"].partition(", such as")[0].removesuffix(".") for field in own],
        )

    def _table(  # noqa: PLR0913  each says what differs
        self,
        id_: str,
        title: str,
        rules: Sequence[Rule],
        stated: Mapping[str, str],
        titles: Sequence[str],
        *,
        outcome: Outcome | None = None,
        hit: str = COLLECT,
        priority: tuple[str, ...] = (),
    ) -> ExportTable:
        ids = frozenset(rule.id for rule in rules)
        rows = tuple(
            ExportRow(
                rule=rule,
                tests=self._in_order(box),
                states=tuple(_stated(getattr(rule, name)) for name in stated),
            )
            for rule in rules
            for box in self._boxes(rule, ids if outcome is not None else frozenset())
        )
        tested = {name for row in rows for name in row.tests}
        return ExportTable(
            id=id_,
            title=title,
            outcome=outcome,
            hit=hit,
            priority=priority,
            tested=tuple(column for name, column in self.columns.items() if name in tested),
            stated=tuple(
                StatedColumn(id=name, title=label)
                for name, label in zip(stated.values(), titles, strict=True)
            ),
            rows=rows,
        )

    def _boxes(self, rule: Rule, ranked: frozenset[str]) -> Iterable[Box]:
        """Return what a rule tests, less the cases of rules that outrank it from elsewhere."""
        if self.outranked_by[rule.id] <= ranked:
            return (rule.tests,)
        return regions_of(program_for(self.ruleset)).matches[rule.id]

    def _in_order(self, box: Box) -> dict[str, tuple[str, ...]]:
        """Return what is tested in the order of the vocabulary, without what every case has."""
        return {
            name: tuple(value for value in column.values if value in box[name])
            for name, column in self.columns.items()
            if name in box and len(box[name]) < len(column.values)
        }


def _in_rank(rules: Iterable[Any], outranked_by: Mapping[str, frozenset[str]]) -> list[Any]:
    """Return rules as they are written, each after those that outrank it."""
    by_id = {rule.id: rule for rule in sorted(rules, key=lambda rule: reading_order(rule.place))}
    sorter = TopologicalSorter({id_: outranked_by[id_] & by_id.keys() for id_ in by_id})
    sorter.prepare()
    waiting, ready, order = list(by_id), set(sorter.get_ready()), []
    while waiting:
        id_ = next(name for name in waiting if name in ready)
        waiting.remove(id_)
        order.append(by_id[id_])
        sorter.done(id_)
        ready |= {*sorter.get_ready()}
    return order


def _priority(
    rules: Sequence[OutcomeRule], outcome: Outcome, outranked_by: Mapping[str, frozenset[str]]
) -> tuple[str, ...]:
    """Return the values of an outcome by rank, or nothing where their ranks do not say all."""
    behind: dict[str, set[str]] = {value: set() for value in outcome.values}
    for first, second in combinations(rules, 2):
        if meet(first.tests, second.tests) is None:
            continue
        higher, lower = (first, second) if first.id in outranked_by[second.id] else (second, first)
        is_ranked = higher.id in outranked_by[lower.id]
        if is_ranked == (higher.then == lower.then):
            return ()
        if is_ranked:
            behind[lower.then].add(higher.then)
    return tuple(TopologicalSorter(behind).static_order())


def _stated(value: Any) -> Stated:
    """Return what a rule states as text or a list of names; None where it states nothing."""
    if isinstance(value, tuple):
        return value
    return None if value is None or value == "" else str(getattr(value, "text", value))
