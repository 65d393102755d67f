"""Imagined cases as columns: a grid of all combinations, or a random sample of them.

No case is an object: a column is a row of small numbers, each of which names one of the
values that the column may hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import UNKNOWN, FactsError, Problem, counted, read_day
from ncpi_rules.explore.choices import Value, is_date, read_choices
from ncpi_rules.explore.constraints import (
    LET_OFF,
    REVIEW,
    constraints,
    decided_afterwards,
    let_off_value,
    review_values,
)
from ncpi_rules.explore.samples import Combinations, Grid, Sample
from ncpi_rules.explore.sources import (
    ColumnSource,
    Entry,
    arrow_reader,
    let_off_source,
    review_source,
    source_of,
)
from ncpi_rules.facts import RECEIVED, FollowUp, name_facts
from ncpi_rules.plan import current_of, values_of
from ncpi_rules.report import Cell, Column, Contents, PageTable, Row, Section, Showable
from ncpi_rules.ruleset import Ruleset, edition_title, shipped_ruleset

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

_ROWS: Final = 1 << 16
"""The number of cases made at a time."""


@frozen(kw_only=True, eq=False)
class Cases(Showable):
    """Imagined cases, made when they are asked for; the same each time.

    There is a column for every fact of the vocabulary, and for every event that has a date in some
    case. An entry is a value of a fact, a ``datetime.date``, another date as in a file
    (``2018-06``, ``not-yet``), or None for "not known".
    """

    combinations: Combinations = field(repr=False)
    columns: Mapping[str, ColumnSource] = field(repr=False)
    ruleset: Ruleset = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns: the facts, then the events, in their order."""
        return tuple(self.columns)

    @cached_property
    def excluded(self) -> dict[str, int]:
        """Return how many combinations were excluded as impossible, by the first reason of each."""
        return self._counted[1]

    @property
    def impossible(self) -> int:
        """Return how many combinations were excluded as impossible."""
        return sum(self.excluded.values())

    @cached_property
    def _counted(self) -> tuple[int, dict[str, int]]:
        excluded: dict[str, int] = {}
        many = sum(block.rows for block in self.combinations.blocks(_ROWS, excluded))
        return many, excluded

    def __len__(self) -> int:
        """Return the number of possible cases."""
        return self._counted[0]

    def __iter__(self) -> Iterator[dict[str, Entry]]:
        """Yield one case after the other, by the names of the columns."""
        for columns in self.batches():
            for row in zip(*columns.values(), strict=True):
                yield dict(zip(columns, row, strict=True))

    def batches(self, rows: int = _ROWS) -> Iterator[dict[str, list[Entry]]]:
        """Yield the columns of at most ``rows`` cases at a time."""
        for block in self.combinations.blocks(max(rows, 1), {}):
            yield {name: source.column(block) for name, source in self.columns.items()}

    def to_columns(self) -> dict[str, list[Entry]]:
        """Return all cases as columns, by name."""
        whole: dict[str, list[Entry]] = {name: [] for name in self.columns}
        for columns in self.batches():
            for name, entries in columns.items():
                whole[name] += entries
        return whole

    def to_arrow(self) -> Any:
        """Return all cases as a ``pyarrow.Table``; values are dictionary-encoded, days are date32.

        A column with dates that are not all days or unknown holds text. Raises MissingExtraError
        where pyarrow is not installed.
        """
        return self._arrow().read_all()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        """Give the cases to whatever reads Arrow, batch by batch (Arrow PyCapsule interface)."""
        return self._arrow().__arrow_c_stream__(requested_schema)

    def _arrow(self) -> Any:
        blocks = self.combinations.blocks(_ROWS, {})
        codes = (
            {name: source.codes(block) for name, source in self.columns.items()} for block in blocks
        )
        return arrow_reader(self.columns, codes)

    @property
    def sentence(self) -> str:
        """Return how many cases there are, and how many combinations were excluded."""
        message = f"{counted(len(self), 'case')}."
        if self.impossible:
            verb = "is" if self.impossible == 1 else "are"
            message += f" {counted(self.impossible, 'combination')} {verb} excluded as impossible."
        return message

    def contents(self) -> Contents:
        """Return the page: how many cases, what was excluded, and what varies."""
        settings = self.ruleset.settings
        lead = [f"Excluded, {reason}: {many:,}." for reason, many in self.excluded.items()]
        sections = [Section("In short", answer=self.sentence, lead=tuple(lead))]
        columns = (Column("Column", 30), Column("Values", 12), Column("From", 28), Column("To", 28))
        varying = [name for name, source in self.columns.items() if len(source.entries) > 1]
        same = [name for name in self.columns if name not in varying]
        for heading, caption, names in (
            ("What varies", "Each column with several values", varying),
            ("What is the same in every case", "Each column with one value", same),
        ):
            if names:
                rows = tuple(map(self._row, names))
                sections.append(Section(heading, table=PageTable(caption, columns, rows)))
        methodology = f"{settings.title}, edition {edition_title(self.ruleset)}"
        return Contents(
            title="Imagined cases",
            subject=settings.title,
            facts=(("Methodology", methodology),),
            sections=tuple(sections),
        )

    def _row(self, name: str) -> Row:
        known = self.ruleset.events.get(name) or self.ruleset.facts[name]
        entries = self.columns[name].entries
        ends = ("not known" if entry is None else str(entry) for entry in (entries[0], entries[-1]))
        texts = (known.title, f"{len(entries):,}", *ends)
        return Row(tuple(Cell((text,)) for text in texts), name)


def grid(
    base: FollowUp | Mapping[str, Any],
    choices: Mapping[str, Any] | None = None,
    /,
    *,
    on: datetime.date | str | None = None,
    ruleset: Ruleset | None = None,
    **more: Any,
) -> Cases:
    """Return all combinations of some choices as columns, on the base of one case.

    A grid is not a scenario: scenarios are worked examples that policy staff write, each with its
    expected result; a grid holds whatever some choices give.

    ``base`` is a follow-up, whose values are those of the day ``on``; or values and dates by their
    names in the vocabulary, where ``on`` is needed only to compare values with dates. ``choices``,
    by any spelling that a column of a table may have, replace parts of it: ``every`` value of a
    fact, ``days`` for an event, a list of either, or one of them. The last choice changes fastest.
    The value of a fact that follows from decisions takes precedence over the base's decisions, as
    in scenarios.

    What is impossible is excluded and counted: dates against the order of the events, dates after
    an event that is not yet, values that contradict the dates or each other. Combinations are made
    when they are asked for; a million of them take a second and no object each.

    Raises FactsError, with every problem, for unknown names, values and dates.

    >>> from ncpi_rules.explore import days, every
    >>> cases = grid({"findings": "broadly-positive"}, prospects=every,
    ...     report_published=days("2018-06-01", "2018-06-30"),
    ...     revisit_begins=["2018-06-15", "2018-12-01"])
    >>> len(cases), cases.impossible
    (180, 60)
    """
    return _cases(base, {**(choices or {}), **more}, on, ruleset)


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
    """Return ``n`` random combinations of some choices as columns, on the base of one case.

    It is like :func:`grid`, but each combination is drawn, each possible one equally likely; the
    same ``seed`` gives the same cases. Without any choice, every fact that the base leaves open is
    drawn from all of its values.

    Raises FactsError as ``grid`` does, and, when the cases are made, where hardly any is possible.

    >>> from ncpi_rules.explore import every
    >>> cases = sample({}, 1000, prospects=every, findings=every, seed=1)
    >>> len(cases), cases.impossible
    (1000, 0)
    """
    if n < 0:
        message = f"{n} is not a number of cases."
        raise FactsError(Problem(place="n", message=message, help="Give a whole number from 0."))
    return _cases(base, {**(choices or {}), **more}, on, ruleset, (n, seed))


def _cases(
    base: FollowUp | Mapping[str, Any],
    asked: Mapping[str, Any],
    on: datetime.date | str | None,
    ruleset: Ruleset | None,
    drawn: tuple[int, int] | None = None,
) -> Cases:
    """Return the cases of some choices on a base: all, or a number ``drawn`` by a seed."""
    rules = ruleset if ruleset is not None else shipped_ruleset()
    day = None if on is None else read_day(on).toordinal()
    follow_up = base if isinstance(base, FollowUp) else None
    if isinstance(base, FollowUp):
        base_values = _values_and_dates(base, day, rules)
    else:
        base_values = _single_values(base, rules)
    chosen = read_choices(asked, rules)
    if drawn is not None and not asked:
        chosen = {
            name: tuple(fact.values)
            for name, fact in rules.facts.items()
            if base_values.get(name, fact.unknown) == fact.unknown and not is_date(name, rules)
        }
    values = {name: (value,) for name, value in base_values.items() if name not in chosen} | chosen
    # The review follows from its dates unless somebody has given its value.
    review = rules.contract.name(REVIEW)
    has_review = review in chosen or (review in base_values and follow_up is None)
    # Whether no plan need come follows from the decisions of a base, and from whether one comes.
    let_off, received = rules.contract.name(LET_OFF), rules.contract.name(RECEIVED)
    follows = {review} if not has_review else set()
    if follow_up is not None and let_off and let_off not in chosen:
        follows.add(let_off)
    constrained = [name for name in values if name not in follows]
    choices = {name: some for name, some in values.items() if len(some) > 1}
    fixed = {name: some[0] for name, some in values.items() if len(some) == 1}
    conditions = tuple(constraints(constrained, day, rules.contract))
    if follow_up is not None:
        conditions += tuple(decided_afterwards(follow_up, values, rules.contract))
    combinations = (
        Grid(choices, fixed, conditions)
        if drawn is None
        else Sample(choices, fixed, conditions, *drawn)
    )
    sources = {name: source_of(name, some, rules) for name, some in values.items()}
    if not has_review and day is not None and review:
        decisions = follow_up.decisions if follow_up else ()
        by_happened = review_values(day, decisions, rules.contract)
        sources[review] = review_source(values, by_happened, day, rules)
    if follow_up is not None and day is not None and follows >= {let_off} and received in chosen:
        value = let_off_value(day, follow_up.decisions, rules.contract)
        sources[let_off] = let_off_source(chosen[received], value, rules)
    for name, fact in rules.facts.items():
        if name not in sources and not is_date(name, rules):
            sources[name] = source_of(name, (fact.left_out or fact.unknown,), rules)
    names = dict.fromkeys((*rules.facts, *rules.events))
    columns = {name: sources[name] for name in names if name in sources}
    return Cases(combinations=combinations, columns=columns, ruleset=rules)


def _single_values(base: Mapping[str, Any], rules: Ruleset) -> dict[str, Value]:
    """Return the values and dates of a base; raise FactsError where it has several of one name."""
    choices = read_choices(base, rules)
    problems = [
        Problem(
            place=name,
            message=f"The base has several values of '{name}'.",
            help="Give these as choices.",
        )
        for name, values in choices.items()
        if len(values) > 1
    ]
    if problems:
        raise FactsError(problems)
    return {name: values[0] for name, values in choices.items()}


def _values_and_dates(follow_up: FollowUp, day: int | None, rules: Ruleset) -> dict[str, Value]:
    """Return the value of every fact of a follow-up, and the date of every event that has one."""
    if day is None:
        message = "The values of a follow-up depend on the day."
        raise FactsError(Problem(place="on", message=message, help="Give: on='2019-04-11'."))
    values: dict[str, Value] = {
        name: value
        for name, value in values_of(follow_up, rules, day).items()
        if not is_date(name, rules)
    }
    events = name_facts(current_of(follow_up, rules, day), rules.contract).dates.events
    return values | {name: when for name, when in events.items() if when is not UNKNOWN}
