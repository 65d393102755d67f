"""Imagined cases as columns: a grid of all combinations, or a random sample of them.

No case is an object: a column is a row of small numbers, each naming one of the values
that the column may hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import UNKNOWN, FactsError, Problem, counted, format_edition, read_day
from ncpi_rules.explore import arrow
from ncpi_rules.explore.choices import is_date, read_choices
from ncpi_rules.explore.constraints import REVIEW, constraints, review_values
from ncpi_rules.explore.samples import Choice, Grid, Sample
from ncpi_rules.explore.sources import Entry, Source, by_dates, source_of
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import values_of
from ncpi_rules.report import Cell, Column, Contents, Row, Section, Table, lay_out_text, part_of
from ncpi_rules.ruleset import Ruleset, shipped_ruleset

if TYPE_CHECKING:
    import datetime
    from array import array
    from collections.abc import Iterator

    from ncpi_rules.explore.choices import Value

ROWS: Final = 1 << 16
"""So many cases are made at a time."""


@frozen(kw_only=True, eq=False)
class Cases:
    """Imagined cases, made when they are asked for; the same each time.

    A column for every fact of the vocabulary, and for every event that has a date in some case.
    A word stands as it is, a day as a ``datetime.date``, another date as it is written in a file
    (``2018-06``, ``not-yet``); None is "not known".
    """

    space: Grid | Sample = field(repr=False)
    columns: Mapping[str, Source] = field(repr=False)
    ruleset: Ruleset = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns: the facts, then the events, in their order."""
        return tuple(self.columns)

    @cached_property
    def dropped(self) -> dict[str, int]:
        """Return how many combinations were left out because they cannot be, by the reason.

        One that cannot be for several reasons is counted under the first of them.
        """
        return self._counted[1]

    @property
    def impossible(self) -> int:
        """Return how many combinations were left out because they cannot be."""
        return sum(self.dropped.values())

    @cached_property
    def _counted(self) -> tuple[int, dict[str, int]]:
        dropped: dict[str, int] = {}
        many = sum(block.rows for block in self.space.blocks(ROWS, dropped))
        return many, dropped

    def __len__(self) -> int:
        """Return how many cases there are, those that cannot be left out."""
        return self._counted[0]

    def __iter__(self) -> Iterator[dict[str, Entry]]:
        """Yield one case after the other, by the names of the columns."""
        for columns in self.batches():
            for row in zip(*columns.values(), strict=True):
                yield dict(zip(columns, row, strict=True))

    def batches(self, rows: int = ROWS) -> Iterator[dict[str, list[Entry]]]:
        """Yield the columns of at most ``rows`` cases at a time."""
        for block in self.space.blocks(max(rows, 1), {}):
            yield {name: source.column(block) for name, source in self.columns.items()}

    def to_columns(self) -> dict[str, list[Entry]]:
        """Return all cases as columns, by name."""
        found: dict[str, list[Entry]] = {name: [] for name in self.columns}
        for columns in self.batches():
            for name, entries in columns.items():
                found[name] += entries
        return found

    def to_arrow(self) -> Any:
        """Return all cases as a ``pyarrow.Table``; words are dictionary-encoded, days are date32.

        A column with dates that are not all days or unknown holds text. Raises MissingExtraError
        where pyarrow is not installed.
        """
        return arrow.table(self._arrow_columns(), self._arrow_batches())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        """Give the cases to whatever reads Arrow, batch by batch (Arrow PyCapsule interface)."""
        return arrow.stream(self._arrow_columns(), self._arrow_batches(), requested_schema)

    def _arrow_columns(self) -> dict[str, tuple[Entry, ...]]:
        return {name: source.entries for name, source in self.columns.items()}

    def _arrow_batches(self) -> Iterator[dict[str, array[int]]]:
        for block in self.space.blocks(ROWS, {}):
            yield {name: source.codes(block) for name, source in self.columns.items()}

    @property
    def says(self) -> str:
        """Return how many cases there are, and how many were left out."""
        told = f"{counted(len(self), 'case')}."
        if self.impossible:
            told += f" Left out because they cannot be: {self.impossible:,}."
        return told

    def __str__(self) -> str:
        """Return what the cases are, as plain text."""
        return lay_out_text(self._contents())

    def _repr_html_(self) -> str:
        return part_of(self._contents())

    def _contents(self) -> Contents:
        settings = self.ruleset.settings
        vary = {name: each for name, each in self.columns.items() if len(each.entries) > 1}
        same = [name for name in self.columns if name not in vary]
        lead = [f"Left out, {reason}: {many:,}." for reason, many in self.dropped.items()]
        columns = (Column("Column", 30), Column("Values", 12), Column("From", 28), Column("To", 28))
        tables = []
        for heading, caption, names in (
            ("What differs", "Each column whose values differ", list(vary)),
            ("What is the same in every case", "Each column with one value", same),
        ):
            rows = tuple(self._row(name) for name in names)
            if rows:
                tables.append(Section(heading, table=Table(caption, columns, rows)))
        return Contents(
            title="Imagined cases",
            subject=settings.title,
            facts=(
                ("Methodology", f"{settings.title}, edition {format_edition(settings.edition)}"),
            ),
            sections=(Section("In short", answer=self.says, lead=tuple(lead)), *tables),
        )

    def _row(self, name: str) -> Row:
        known = self.ruleset.events.get(name) or self.ruleset.facts[name]
        entries = self.columns[name].entries
        ends = ["not known" if each is None else str(each) for each in (entries[0], entries[-1])]
        cells = (known.title, f"{len(entries):,}", *ends)
        return Row(tuple(Cell((told,)) for told in cells), name)


def grid(
    base: FollowUp | Mapping[str, Any],
    choices: Mapping[str, Any] | None = None,
    /,
    *,
    on: datetime.date | str | None = None,
    ruleset: Ruleset | None = None,
    **more: Any,
) -> Cases:
    """Return all combinations of some choices as columns, beginning from one case.

    Not ``scenarios``: these are the worked examples that policy staff write, and a package of the
    library; a grid is what is made of choices, and nobody has said what must come of it.

    ``base`` is a follow-up, whose words are those of the day ``on``; or words and dates by their
    names in the vocabulary, where ``on`` is needed only to tell words from dates. ``choices``, by
    name or by keyword with underscores, say what differs: ``every`` word of a fact, ``days`` for an
    event, a list of either, or one of them. They take the place of what the base says; the last of
    them changes fastest. Words of decisions stand above what the base has decided, as in scenarios.

    What cannot be is left out and counted: dates against the order of the events, dates after an
    event that is not yet, words that contradict the dates or each other. Combinations are made when
    they are asked for; a million of them take a second and no object each.

    Raises FactsError, with every problem, for names, words and dates that cannot be.

    >>> from ncpi_rules.explore import days, every
    >>> found = grid({"findings": "broadly-positive"}, prospects=every,
    ...     report_published=days("2018-06-01", "2018-06-30"),
    ...     revisit_begins=["2018-06-15", "2018-12-01"])
    >>> len(found), found.impossible
    (180, 60)
    """
    return _cases(base, {**(choices or {}), **more}, on, ruleset, None)


def sample(  # noqa: PLR0913  each is asked for by its name
    base: FollowUp | Mapping[str, Any],
    n: int,
    choices: Mapping[str, Any] | None = None,
    /,
    *,
    seed: int,
    on: datetime.date | str | None = None,
    ruleset: Ruleset | None = None,
    **more: Any,
) -> Cases:
    """Return ``n`` random combinations of some choices as columns, beginning from one case.

    As :func:`grid`, but each combination is drawn, each as likely as any other that can be; the
    same ``seed`` gives the same cases. Without any choice, every fact that the base leaves open is
    drawn from all of its words.

    Raises FactsError as ``grid`` does, and, when the cases are made, where hardly any can be.

    >>> from ncpi_rules.explore import every
    >>> found = sample({}, 1000, prospects=every, findings=every, seed=1)
    >>> len(found), found.impossible
    (1000, 0)
    """
    if n < 0:
        message = f"{n} is no number of cases."
        raise FactsError(Problem(place="n", message=message, help="Give a whole number from 0."))
    return _cases(base, {**(choices or {}), **more}, on, ruleset, (n, seed))


def _cases(
    base: FollowUp | Mapping[str, Any],
    asked: Mapping[str, Any],
    on: datetime.date | str | None,
    ruleset: Ruleset | None,
    drawn: tuple[int, int] | None,
) -> Cases:
    rules = ruleset if ruleset is not None else shipped_ruleset()
    day = None if on is None else read_day(on).toordinal()
    given = _given(base, rules, day)
    chosen = read_choices(asked, rules)
    if drawn is not None and not asked:
        facts = rules.facts.items()
        open_ = {
            name: each for name, each in facts if given.get(name, each.unknown) == each.unknown
        }
        chosen = {
            name: tuple(fact.values) for name, fact in open_.items() if not is_date(name, rules)
        }
    rest = {name: (value,) for name, value in given.items() if name not in chosen}
    values = {**rest, **chosen}
    explicit = REVIEW in chosen or (REVIEW in given and not isinstance(base, FollowUp))
    told = [name for name in values if name != REVIEW or explicit]
    dims = tuple(Choice(name, each) for name, each in values.items() if len(each) > 1)
    fixed = {name: each[0] for name, each in values.items() if len(each) == 1}
    must = tuple(constraints(told, day))
    made = (
        Grid(dims, fixed, must) if drawn is None else Sample(dims, fixed, must, drawn[0], drawn[1])
    )
    sources = {name: source_of(name, each, rules) for name, each in values.items()}
    if not explicit and day is not None and REVIEW in rules.facts:
        decisions = base.decisions if isinstance(base, FollowUp) else ()
        by_happened = review_values(day, decisions)
        sources[REVIEW] = by_dates(values, by_happened, day, rules)
    for name, fact in rules.facts.items():
        if name not in sources and not is_date(name, rules):
            sources[name] = source_of(name, (fact.left_out or fact.unknown,), rules)
    order = [*rules.facts, *(name for name in rules.events if name not in rules.facts)]
    return Cases(
        space=made,
        columns={name: sources[name] for name in order if name in sources},
        ruleset=rules,
    )


def _given(base: FollowUp | Mapping[str, Any], rules: Ruleset, day: int | None) -> dict[str, Value]:
    """Return the word or the date of all that the base tells."""
    if not isinstance(base, FollowUp):
        found = read_choices(base, rules)
        problems = [
            Problem(
                place=name,
                message=f"The case to begin from has several values of '{name}'.",
                help="Give these as choices.",
            )
            for name, values in found.items()
            if len(values) > 1
        ]
        if problems:
            raise FactsError(problems)
        return {name: values[0] for name, values in found.items()}
    if day is None:
        message = "The words of a follow-up depend on the day."
        raise FactsError(Problem(place="on", message=message, help="Give: on='2019-04-11'."))
    values = values_of(base, rules, day)
    dates = {
        name: when
        for name, when in base.events().items()
        if name in rules.events and when is not UNKNOWN
    }
    return {**{name: each for name, each in values.items() if not is_date(name, rules)}, **dates}
