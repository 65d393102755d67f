"""What a sweep must give, worked out the slow way: by ``decide`` and ``schedule``, case by case."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import attrs
import numpy
import pyarrow

from ncpi_rules.batch import outputs
from ncpi_rules.core import NOT_MET, NOT_YET, UNKNOWN, WORST, Happened, Modality, PartialDate
from ncpi_rules.deadlines import has_begun, schedule
from ncpi_rules.facts import happened, name_facts
from ncpi_rules.plan import values_of, waivers_of
from ncpi_rules.ruleset import DeadlineRule, Timing, decide, shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.core import When
    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Decision, Ruleset

FIRST_DAY = 17_600
DAYS = 40
"""Few days, far apart and close together, so that each rule meets its edges again and again."""

_FLAGS = ("action.", "option.", "document.", "question.", "alert.", "not-covered.")
OF_DATES = ("not-in-time", "outside-the-edition", "impossible-dates")
"""The columns that no rule decides."""


def made_table(ruleset: Ruleset, *, rows: int, seed: int, empty: float = 0.1) -> pyarrow.Table:
    """Return a table with every column that a ruleset knows, some fields empty."""
    random = numpy.random.default_rng(seed)
    columns: dict[str, pyarrow.Array] = {}
    for name, fact in ruleset.facts.items():
        if name in ruleset.events:
            continue  # its date says it
        known = list(fact.values)  # an array of texts would lose a NUL at their end
        values = [known[place] for place in random.permutation(len(known))]
        codes = random.integers(0, len(values), rows).astype(numpy.int8)
        indices = pyarrow.array(codes, mask=random.random(rows) < empty)
        columns[name] = pyarrow.DictionaryArray.from_arrays(indices, values)
    steps = random.choice(
        [0, 1, 13, 14, 15, 20, 21, 22, 41, 42, 43, 180, 181, 184, 355, 356, 357, 400], DAYS
    )
    days = numpy.sort(FIRST_DAY + steps + random.integers(0, 2, DAYS) * 30 * (steps < 300)).astype(
        numpy.int32
    )
    for event in ruleset.events:
        dates = days[random.integers(0, DAYS, rows)]
        missing = random.random(rows) < 2 * empty
        columns[event] = pyarrow.array(dates, mask=missing).cast(pyarrow.date32())
        columns[f"{event}.not-yet"] = pyarrow.array(missing & (random.random(rows) < 0.5))
    return pyarrow.table(columns)


def overlapping_ruleset() -> Ruleset:
    """Return the shipped ruleset with deadlines that bind one event in the same case."""
    timings: list[tuple[tuple[str, ...], dict[str, Any]]] = [
        (("some-concerns", "no-concerns"), {"within": _after("20 weeks")}),
        (("some-concerns",), {"within": _after("3 months")}),
        (("no-concerns", "not-judged"), {"no_earlier_than": "action-plan-received"}),
        (("not-judged",), {"at_least": _after("6 months")}),
    ]
    more = {
        f"deadline.more-{place}": DeadlineRule(
            id=f"deadline.more-{place}",
            title="One deadline more",
            by="hmicfrs",
            event="revisit-begins",
            when={"prospects": values},
            statements=(),
            modality=Modality.MUST,
            **timing,
        )
        for place, (values, timing) in enumerate(timings)
    }
    shipped = shipped_ruleset()
    return attrs.evolve(shipped, rules=dict(sorted({**shipped.rules, **more}.items())))


def _after(period: str) -> Timing:
    return Timing.from_text(f"{period} after report-published")


def ruled(ruleset: Ruleset) -> tuple[str, ...]:
    """Return the columns that rules and deadlines decide: those that others can give, too."""
    return tuple(field.name for field in outputs(ruleset) if field.name not in OF_DATES)


def row_of(
    follow_up: FollowUp, ruleset: Ruleset, day: datetime.date
) -> tuple[dict[str, Any], set[str]]:
    """Return a follow-up as a row of a table, and the events whose deadlines a row cannot say.

    A column holds whole days only, so these are the deadlines that touch a partial date: all, where
    it is that of the event with which the follow-up begins. Nor does a row say what is waived.
    """
    values = values_of(follow_up, ruleset, day.toordinal())
    row: dict[str, Any] = {name: values[name] for name in values if name not in ruleset.events}
    partial = set()
    for event, when in name_facts(follow_up, ruleset.contract).dates.events.items():
        if isinstance(when, PartialDate) and when.start == when.end:
            row[event] = datetime.date.fromordinal(when.start)
        elif isinstance(when, PartialDate):
            partial.add(event)
            has = happened(when, day.toordinal())
            if event in ruleset.facts and has is not Happened.UNKNOWN:
                known = when.end if has is Happened.YES else when.start
                row[event] = datetime.date.fromordinal(known)  # one of its days says as much
        row[f"{event}.not-yet"] = when is NOT_YET
    first, on = ruleset.settings.selected_by, day.toordinal()
    touched = {
        rule.event
        for rule in ruleset.of_kind(DeadlineRule)
        if partial & {first, rule.event, *(bound.anchor for bound in rule.bounds)}
        or waivers_of(follow_up, rule, on)
    }
    return row, touched


def expected(
    ruleset: Ruleset, row: Mapping[str, Any], *, on: int, interpretations: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return every column of one row, and ``rules``."""
    decision = decision_of(ruleset, {**row, **states_of(ruleset, row, on)}, interpretations)
    wanted = of_decision(decision)
    events = {event: when_of(row, event) for event in ruleset.events}
    deadlines = schedule(
        decision.applicable.deadlines,
        events,
        on,
        decision.due_date_policy,
        begun=has_begun(events, ruleset.settings.selected_by, on),
    )
    wanted.update(of_deadlines(deadlines))
    wanted["not-in-time"] = any(deadline.status in NOT_MET for deadline in deadlines)
    return wanted | of_dates(ruleset, events)


def of_dates(ruleset: Ruleset, events: Mapping[str, When]) -> dict[str, bool]:
    """Return the columns that only the dates of a row decide."""
    columns = {}
    in_force, selected = ruleset.settings.in_force, events.get(ruleset.settings.selected_by)
    if in_force is not None:
        columns["outside-the-edition"] = isinstance(selected, PartialDate) and not (
            in_force.start <= selected.start <= in_force.end
        )
    if any(event.not_before for event in ruleset.events.values()):
        columns["impossible-dates"] = any(
            is_impossible(events[first], events[name])
            for name in ruleset.events
            for first in before(ruleset, name)
        )
    return columns


def before(ruleset: Ruleset, event: str) -> set[str]:
    """Return every event that must come before another, one after the other."""
    direct = ruleset.events[event].not_before
    return {*direct}.union(*(before(ruleset, earlier) for earlier in direct))


def is_impossible(first: When, later: When) -> bool:
    """Return whether what is said of two events cannot be, as the first must come first."""
    if not isinstance(later, PartialDate):
        return False
    return first is NOT_YET or (isinstance(first, PartialDate) and later.start < first.start)


def decision_of(
    ruleset: Ruleset, row: Mapping[str, Any], interpretations: Mapping[str, str] | None
) -> Decision:
    """Return what is decided of a row."""
    values = {
        name: fact.unknown if row[name] is None else row[name]
        for name, fact in ruleset.facts.items()
        if name in row
    }
    return decide(ruleset, values, interpretations=interpretations, engine="reference")


def states_of(ruleset: Ruleset, row: Mapping[str, Any], on: int) -> dict[str, str]:
    """Return whether each event that is a fact, too, has happened by a day, as its date says."""
    states = {}
    for name, fact in ruleset.facts.items():
        if name in ruleset.events:
            has = happened(when_of(row, name), on)
            states[name] = fact.unknown if has is Happened.UNKNOWN else has.value
    return states


def _with_states(table: pyarrow.Table, ruleset: Ruleset, on: int) -> pyarrow.Table:
    """Return a table in which events that are facts have the values of these."""
    for name in ruleset.facts.keys() & ruleset.events.keys():
        columns = [column for column in (name, f"{name}.not-yet") if column in table.column_names]
        rows = table.select(columns).to_pylist()
        states = pyarrow.array([states_of(ruleset, row, on)[name] for row in rows])
        beside = table.drop_columns([name]) if name in table.column_names else table
        table = beside.append_column(name, states.dictionary_encode())
    return table


def of_decision(decision: Decision) -> dict[str, Any]:
    """Return every column that no day decides; what is not named is False or empty."""
    holding, rules = decision.applicable, decision.ruleset
    row: dict[str, Any] = {"rules": sorted({rule.rule for rule in decision.rules})}
    for name, decided in holding.outcomes.items():
        row[name] = decided.value or rules.outcomes[name].none
        row[f"{name}.basis"] = decided.basis.value
        row[f"not-covered.{name}"] = not decided.rules
    listed: tuple[tuple[str, str, Sequence[Any]], ...] = (
        ("action", "does", holding.required_actions),
        ("option", "does", holding.optional_actions),
        ("document", "document", holding.documents),
    )
    for kind, attribute, items in listed:
        for rule in sorted(items, key=lambda rule: rule.modality.strength):
            name = f"{kind}.{getattr(rule, attribute)}"
            row[name], row[f"{name}.modality"] = True, rule.modality.value
    row.update({f"question.{r.rule.removeprefix('question.')}": True for r in holding.questions})
    row.update({f"alert.{r.rule.removeprefix('alert.')}": True for r in holding.alerts})
    return row


def of_deadlines(deadlines: Iterable[Deadline]) -> dict[str, Any]:
    """Return every column of the deadlines: of several on one event, the worst."""
    row: dict[str, Any] = {}
    for deadline in deadlines:
        event = deadline.rule.event
        before = row.get(f"{event}.status")
        if before is None or WORST.index(deadline.status) < WORST.index(before):
            row[f"{event}.status"] = deadline.status
        if deadline.due is not None:
            due = min(row.get(f"{event}.due", deadline.due.first), deadline.due.first)
            row[f"{event}.due"] = due
        if deadline.late_by is not None:
            late = max(row.get(f"{event}.late-by", 0), deadline.late_by[0])
            row[f"{event}.late-by"] = late
    return row


def when_of(row: Mapping[str, Any], event: str) -> When:
    """Return what a row says of an event."""
    day = row.get(event)
    if day is not None:
        return PartialDate.between(day.toordinal(), day.toordinal())
    return NOT_YET if row.get(f"{event}.not-yet") else UNKNOWN


def wrong_columns(
    result: pyarrow.Table,
    table: pyarrow.Table,
    ruleset: Ruleset,
    *,
    on: int,
    interpretations: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the columns of a sweep that are not as expected in every row.

    Each distinct case is asked about once, for each deadline's event each distinct set of days.
    """
    rows, facts = table.num_rows, _with_states(table, ruleset, on)
    codes = [_codes(facts[name]) for name in ruleset.facts if name in facts.column_names]
    first, cases = _distinct(codes, rows)
    decisions = [
        decision_of(ruleset, row, interpretations)
        for row in facts.take(pyarrow.array(first)).to_pylist()
    ]
    answers = [of_decision(decision) for decision in decisions]
    days = {name for name in result.column_names if _is_of_days(name)}
    wrong = [
        name
        for name in set(result.column_names) - days - {"rules", *OF_DATES}
        if not is_as_expected(result[name], name, answers, cases)
    ]
    wrong += _wrong_flags(result, table, ruleset)
    for event in ruleset.events:
        wrong += _wrong_days(result, table, ruleset, event, decisions=decisions, cases=cases, on=on)
    return sorted(wrong)


def _wrong_flags(result: pyarrow.Table, table: pyarrow.Table, ruleset: Ruleset) -> Iterator[str]:
    columns = [name for event in ruleset.events for name in (event, f"{event}.not-yet")]
    statuses = [f"{event}.status" for event in ruleset.events]
    rows = table.select([name for name in columns if name in table.column_names]).to_pylist()
    swept = result.select([name for name in statuses if name in result.column_names]).to_pylist()
    expected_flags = [
        {"not-in-time": not NOT_MET.isdisjoint(status.values())}
        | of_dates(ruleset, {event: when_of(row, event) for event in ruleset.events})
        for row, status in zip(rows, swept, strict=True)
    ]
    for name in OF_DATES:
        if name in result.column_names:
            wanted = [flags[name] for flags in expected_flags]
            if result[name].to_pylist() != wanted:
                yield name


def _wrong_days(  # noqa: PLR0913  all that the answer depends on
    result: pyarrow.Table,
    table: pyarrow.Table,
    ruleset: Ruleset,
    event: str,
    *,
    decisions: Sequence[Decision],
    cases: Any,
    on: int,
) -> Iterator[str]:
    rules = [r for r in ruleset.rules.values() if isinstance(r, DeadlineRule) and r.event == event]
    if not rules:
        return
    holding = [tuple(r for r in d.applicable.deadlines if r.event == event) for d in decisions]
    sets: dict[tuple[str, ...], int] = {}
    of_case = numpy.array(
        [sets.setdefault(tuple(rule.id for rule in rules), len(sets)) for rules in holding],
        dtype=int,
    )
    first = ruleset.settings.selected_by
    needed = sorted({event, first, *(bound.anchor for rule in rules for bound in rule.bounds)})
    columns = [f"{name}{end}" for name in needed for end in ("", ".not-yet")]
    columns = [name for name in columns if name in table.column_names]
    codes = [of_case[cases], *(_codes(table[name]) for name in columns)]
    places, back = _distinct(codes, table.num_rows)
    answers = []
    for place, row in zip(
        places, table.select(columns).take(pyarrow.array(places)).to_pylist(), strict=True
    ):
        decision = decisions[cases[place]]
        events = {name: when_of(row, name) for name in needed}
        held = holding[cases[place]]
        policy, begun = decision.due_date_policy, has_begun(events, first, on)
        deadlines = schedule(held, events, on, policy, begun=begun)
        answers.append(of_deadlines(deadlines))
    for name in result.column_names:
        is_of_event = _is_of_days(name) and name.rpartition(".")[0] == event
        if is_of_event and not is_as_expected(result[name], name, answers, back):
            yield name


def _is_of_days(name: str) -> bool:
    return name.endswith((".status", ".due", ".late-by"))


def _codes(column: pyarrow.ChunkedArray) -> Any:
    if pyarrow.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    array = column.combine_chunks().dictionary_encode(null_encoding="encode")
    array = array.chunk(0) if isinstance(array, pyarrow.ChunkedArray) else array
    return array.indices.to_numpy(zero_copy_only=False)


def _distinct(codes: Sequence[Any], rows: int) -> tuple[Any, Any]:
    """Return the first row of each combination of codes, and each row's combination."""
    key = numpy.zeros(rows, dtype=numpy.int64)
    for code in codes:
        key = key * (int(code.max(initial=0)) + 1) + code
        _, key = numpy.unique(key, return_inverse=True)
    _, first, back = numpy.unique(key, return_index=True, return_inverse=True)
    return first, back


def is_as_expected(
    column: pyarrow.ChunkedArray, name: str, answers: Sequence[Mapping[str, Any]], cases: Any
) -> bool:
    """Return whether a column is, in every row, as the answer to the row's case says."""
    if pyarrow.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    flag = name.startswith(_FLAGS) and not name.endswith(".modality")
    says = pyarrow.array(
        [answer.get(name, False if flag else None) for answer in answers], column.type
    )
    return bool(column.equals(pyarrow.chunked_array([says.take(pyarrow.array(cases))])))
