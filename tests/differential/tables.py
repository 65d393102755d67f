"""Rulesets at random over tables at random: sweeps in memory and by DuckDB, beside case by case."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import attrs
import ibis
import pyarrow

from ncpi_rules.batch import EDITED_COPY, outputs, sweep
from ncpi_rules.batch import ibis as by_query
from ncpi_rules.core import Modality
from ncpi_rules.ruleset import DeadlineRule, OutcomeRule, Timing, shipped_ruleset
from tests.swept import made_table, wrong_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from random import Random

    from ncpi_rules.ruleset import Rule, Ruleset

FIRST: Final = datetime.date(2018, 6, 1)
ROW: Final = "row"


# Rulesets


def some_ruleset(random: Random) -> Ruleset:
    """Return the shipped edition with other conditions, fewer rules and more deadlines."""
    shipped = shipped_ruleset()
    named = {other for rule in shipped.rules.values() for other in rule.outranks}
    rules: dict[str, Rule] = {}
    for name, rule in shipped.rules.items():
        free = not rule.outranks and name not in named and not isinstance(rule, OutcomeRule)
        if free and random.random() < 0.2:
            continue
        rules[name] = _with_other_tests(random, rule, shipped) if free else rule
    for number in range(random.randint(2, 6)):
        extra = _some_deadline(random, shipped, f"deadline.extra-{number}")
        rules[extra.id] = extra
    return attrs.evolve(shipped, rules=dict(sorted(rules.items())))


def _with_other_tests(random: Random, rule: Rule, ruleset: Ruleset) -> Rule:
    when = dict(rule.when)
    for fact in when:
        if random.random() < 0.3:
            when[fact] = _some_of(random, list(_values_of(ruleset, fact)))
    return attrs.evolve(rule, when=when)


def _values_of(ruleset: Ruleset, fact: str) -> Mapping[str, object]:
    return (ruleset.facts.get(fact) or ruleset.outcomes[fact]).values


def _some_of(random: Random, values: list[str]) -> tuple[str, ...]:
    return tuple(random.sample(values, random.randint(1, len(values))))


def _some_deadline(random: Random, ruleset: Ruleset, name: str) -> DeadlineRule:
    event, *others = random.sample(sorted(ruleset.events), 3)
    limits: dict[str, Any] = {}
    for kind in random.sample(("within", "at_least", "before", "no_earlier_than"), 2):
        anchor = random.choice(others)
        if kind in {"within", "at_least"}:
            period = f"{random.randint(1, 30)} {random.choice(('days', 'weeks', 'months'))}"
            way = random.choice(("after", "before")) if kind == "within" else "after"
            limits[kind] = Timing.from_text(f"{period} {way} {anchor}")
        else:
            limits[kind] = anchor
    facts = [fact for fact in ruleset.facts if fact not in ruleset.events]
    tested = random.sample(facts, random.randint(0, 2))
    return DeadlineRule(
        id=name,
        title="One deadline more",
        by="hmicfrs",
        event=event,
        modality=random.choice(list(Modality)),
        statements=(),
        when={fact: _some_of(random, list(ruleset.facts[fact].values)) for fact in tested},
        **limits,
    )


# The comparison


def in_memory(table: Any, ruleset: Ruleset, on: datetime.date, only: Sequence[str] | None) -> Any:
    """Return what a sweep of Arrow columns says, row for row."""
    return sweep(table, on=on, ruleset=ruleset, only=only)


def by_duckdb(table: Any, ruleset: Ruleset, on: datetime.date, only: Sequence[str] | None) -> Any:
    """Return what a query of DuckDB says, row for row."""
    plain = pyarrow.table(
        {
            name: column.cast(column.type.value_type)
            if pyarrow.types.is_dictionary(column.type)
            else column
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    ).append_column(ROW, pyarrow.array(range(table.num_rows)))
    query = by_query.sweep(ibis.memtable(plain), on=on, row_id=ROW, ruleset=ruleset, only=only)
    ours = [EDITED_COPY] if EDITED_COPY in query.columns else []  # it is no answer
    return query.to_pyarrow().sort_by(ROW).drop_columns([ROW, *ours])


SWEEPS: Final[Mapping[str, Callable[..., Any]]] = {
    "sweep in memory": in_memory,
    "Ibis on DuckDB": by_duckdb,
}
"""Who is compared with decisions and deadlines worked out one by one, by name."""


@dataclass(frozen=True)
class WrongColumns:
    """Rows of a table of which a sweep says in some columns something else than case by case."""

    name: str
    ruleset: Ruleset
    table: Any
    on: datetime.date
    columns: tuple[str, ...]

    def __str__(self) -> str:
        """Return the columns, the rows, and the rules that are not the shipped edition's."""
        shipped = shipped_ruleset().rules
        others = [rule for name, rule in self.ruleset.rules.items() if shipped.get(name) != rule]
        lines = [
            f"{self.name} on {self.on} differs from case by case in {', '.join(self.columns)}:",
            *(f"  {row}" for row in self.table.slice(0, 3).to_pylist()),
            *(f"  {rule}" for rule in others),
        ]
        return "\n".join(lines)


def some_day(random: Random) -> datetime.date:
    """Return a day of assessment, among those that the tables hold."""
    return FIRST + datetime.timedelta(random.randint(-30, 500))


def wrong_in_tables(
    ruleset: Ruleset,
    table: Any,
    on: datetime.date,
    *,
    sweeps: Sequence[str] = tuple(SWEEPS),
    only: Sequence[str] | None = None,
) -> Iterator[WrongColumns | int]:
    """Yield, for each sweep, how many answers are right, or the columns that are wrong.

    ``only`` names the columns that are wanted; all, unless given.
    """
    for name in sweeps:
        swept = SWEEPS[name](table, ruleset, on, only)
        wrong = wrong_columns(swept, table, ruleset, on=on.toordinal())
        if wrong:
            yield WrongColumns(name, ruleset, table, on, tuple(wrong))
        else:
            yield swept.num_rows * swept.num_columns


def some_table(random: Random, ruleset: Ruleset, rows: int) -> Any:
    """Return a table at random with every column of a ruleset."""
    return made_table(ruleset, rows=rows, seed=random.randrange(1 << 30), empty=random.random() / 2)


def some_columns(random: Random, ruleset: Ruleset, most: int) -> list[str]:
    """Return the names of some columns of a sweep, and the due dates among them.

    With whether anything is not in time come the statuses, from which that is worked out.
    """
    names = [column.name for column in outputs(ruleset)]
    due = [name for name in names if name.endswith(".due")]
    chosen = [*random.sample(due, min(len(due), most // 4)), *random.sample(names, most)]
    statuses = [name for name in names if name.endswith(".status")]
    return [*chosen, *(statuses if "not-in-time" in chosen else ())]


def fewest_rows(wrong: WrongColumns) -> WrongColumns:
    """Return one of the rows that differ, with the fewest further rules, or all where none does."""
    smallest = next(
        filter(
            None, (_still(wrong, table=wrong.table.slice(i, 1)) for i in range(len(wrong.table)))
        ),
        wrong,
    )
    for name in [name for name in smallest.ruleset.rules if name.startswith("deadline.extra-")]:
        left = {other: rule for other, rule in smallest.ruleset.rules.items() if other != name}
        smallest = _still(smallest, ruleset=attrs.evolve(smallest.ruleset, rules=left)) or smallest
    return smallest


def _still(wrong: WrongColumns, **changed: Any) -> WrongColumns | None:
    """Return what is wrong with other rows or rules; None where nothing is."""
    asked = {"ruleset": wrong.ruleset, "table": wrong.table, "on": wrong.on, **changed}
    (answer,) = wrong_in_tables(sweeps=[wrong.name], only=wrong.columns, **asked)
    return answer if isinstance(answer, WrongColumns) else None
