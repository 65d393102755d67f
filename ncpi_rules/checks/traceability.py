"""Which rules implement each statement, and what has become of the statement in a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import evolve

from ncpi_rules.checks.traceability_align import likeness
from ncpi_rules.checks.traceability_result import Trace
from ncpi_rules.checks.traceability_statement import StatementState, StatementTrace
from ncpi_rules.checks.traceability_texts import (
    MethodologyText,
    StatementPair,
    compare,
    edition_text,
    joined,
    on_headings,
    on_text,
    read,
)
from ncpi_rules.checks.traceability_triage import Triage
from ncpi_rules.report import Change, TextRun
from ncpi_rules.ruleset import normalise, shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.checks.traceability_statement import StatementDifference
    from ncpi_rules.ruleset import Ruleset, Statement

Scenarios: TypeAlias = Mapping[str, Sequence[str]]
"""The titles of the scenarios that touch a rule, by the rule's id."""

_REWRITTEN: Final = 0.3  # with less than this in common, two texts are shown one after the other


def trace(
    text: str,
    ruleset: Ruleset | None = None,
    *,
    against: str | None = None,
    scenarios: Scenarios | None = None,
) -> Trace:
    r"""Return the rules that implement each statement, and what a changed text does to it.

    ``text`` is compared with the fingerprints of the edition. With ``against``, ``text`` is the
    old text and ``against`` the new one, and the report also has the words that changed.
    ``ruleset`` is the shipped one unless given; ``scenarios`` holds the titles of scenarios by the
    rules that they touch. Raises NcpiRulesError for a text without a statement, at 'text' or
    'against'.

    >>> report = trace("Purpose\nTo say how lamps are lit.")
    >>> report.summary
    '61 statements: 1 reworded, 60 gone.'
    """
    rules = shipped_ruleset() if ruleset is None else ruleset
    edition = edition_text(rules)
    old = read(text, edition, name="text")
    first = compare(edition, old, by_words=False)
    builder = _TraceBuilder(rules, scenarios or {})
    if against is None:
        pairings = first
        traces = [builder.of(pairing, old) for pairing in pairings]
        headings, texts = on_headings(edition, old), on_text(first, "The text", whole=False)
    else:
        new = read(against, old, name="against")
        second = compare(old, new, by_words=True)
        pairings = list(joined(first, second, new))
        traces = [builder.of(pairing, new, old) for pairing in pairings]
        headings = on_headings(old, new)
        texts = chain(
            on_text(first, "The old text", whole=True),
            (f"In the old text: {sentence}" for sentence in on_headings(edition, old)),
            on_text(second, "The changed text", whole=False),
        )
    return Trace(
        ruleset=rules,
        compared=against is not None,
        statements=_in_place(pairings, traces, rules),
        headings=tuple(headings),
        texts=tuple(texts),
    )


class _TraceBuilder:
    """What rests on each statement of a ruleset."""

    def __init__(self, ruleset: Ruleset, scenarios: Scenarios) -> None:
        self.statements = ruleset.statements
        self.rules = _by_statement(
            (id_, [name for rule in cases for name in rule.statements])
            for id_, cases in ruleset.cases.items()
        )
        self.interpretations = _by_statement(
            (interpretation.id, interpretation.statements)
            for interpretation in ruleset.interpretations.values()
        )
        self.scenarios = scenarios
        self.triage = Triage(ruleset)
        self.same: dict[str, str] = {}
        for statement in ruleset.statements.values():
            self.same.setdefault(statement.fingerprint, statement.id)

    def of(
        self, pairing: StatementPair, text: MethodologyText, old: MethodologyText | None = None
    ) -> StatementTrace:
        """Return a statement with all that rests on it, and with its words as far as known."""
        there = None if pairing.to < 0 else text.wordings[pairing.to]
        before = None if pairing.at < 0 or old is None else old.wordings[pairing.at].text
        after = None if there is None else there.text
        if pairing.state is StatementState.NEW:
            before = None
        trace = StatementTrace(
            state=pairing.state,
            number="" if there is None else there.id,
            line=0 if there is None else there.line,
            fingerprint="" if there is None else text.lines[pairing.to].fingerprint,
            words=_words(before, after, new=pairing.state is StatementState.NEW),
            remark=pairing.remark,
            differences=self._differences(pairing, before, after),
        )
        if pairing.here is None:
            twin = self.same.get(text.lines[pairing.to].fingerprint)
            more = "" if twin is None else f"It has the same words as {twin}."
            return evolve(trace, remark=f"{pairing.remark} {more}".strip())
        statement: Statement = self.statements[pairing.here.id]
        rules = self.rules.get(statement.id, ())
        titles = (title for rule in rules for title in self.scenarios.get(rule, ()))
        return evolve(
            trace,
            id=statement.id,
            summary=statement.summary,
            rules=rules,
            interpretations=self.interpretations.get(statement.id, ()),
            scenarios=tuple(dict.fromkeys(titles)),
            no_rule=statement.no_rule,
            because=statement.because,
        )

    def _differences(
        self, pairing: StatementPair, before: str | None, after: str | None
    ) -> tuple[StatementDifference, ...]:
        """Return what matters of a statement that changed, as far as the texts show it."""
        id_ = "" if pairing.here is None else pairing.here.id
        match pairing.state:
            case StatementState.NEW:
                return self.triage.of("", after or "")
            case StatementState.REWORDED if before is None:
                return self.triage.of_new_wording(after or "", id_)
            case StatementState.REWORDED:
                return self.triage.of(before or "", after or "", id_)
            case StatementState.GONE:
                return self.triage.of(before or "", "", id_)
        return ()


def _by_statement(cited: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    by_statement: dict[str, tuple[str, ...]] = {}
    for id_, statements in cited:
        for statement in dict.fromkeys(statements):
            by_statement[statement] = (*by_statement.get(statement, ()), id_)
    return by_statement


def _words(before: str | None, after: str | None, *, new: bool) -> tuple[TextRun, ...]:
    """Return the words of a statement, and which of them were dropped or added."""
    if before is None:
        change = Change.ADDED if new else Change.KEPT
        return () if after is None else (TextRun(normalise(after), change),)
    if after is None:
        return (TextRun(normalise(before), Change.DROPPED),)
    return changed_words(before, after)


def changed_words(before: str, after: str) -> tuple[TextRun, ...]:
    """Return the words of two texts in their order: kept, dropped or added.

    >>> [f"{run.change}: {run.text}" for run in changed_words("in six weeks", "in two weeks")]
    ['kept: in', 'dropped: six', 'added: two', 'kept: weeks']
    """
    old, new = normalise(before).split(), normalise(after).split()
    compared = SequenceMatcher(None, old, new, autojunk=False)
    blocks = compared.get_matching_blocks()
    if likeness(Counter(old), Counter(new)) < _REWRITTEN:
        blocks = blocks[-1:]
    words: list[TextRun] = []
    old_from = new_from = 0
    for at, to, size in blocks:
        # A word alone between two changes goes with them: that is easier to read.
        if size == 1 and 0 < at < len(old) - 1 and old_from < at and new_from < to:
            continue
        for text, change in (
            (old[old_from:at], Change.DROPPED),
            (new[new_from:to], Change.ADDED),
            (old[at : at + size], Change.KEPT),
        ):
            if text:
                words.append(TextRun(" ".join(text), change))
        old_from, new_from = at + size, to + size
    return tuple(words)


def _in_place(
    pairings: Sequence[StatementPair], traces: Sequence[StatementTrace], ruleset: Ruleset
) -> tuple[StatementTrace, ...]:
    """Return all statements in the edition's order, each new one after the one before it."""
    order = {id_: at for at, id_ in enumerate(ruleset.statements)}
    above = ""
    placed = []
    for pairing, traced in sorted(zip(pairings, traces, strict=True), key=lambda pair: pair[0].to):
        if pairing.here is not None:
            above = traced.id if pairing.to >= 0 else ""
            placed.append((order[traced.id], traced))
            continue
        after = f"It comes after {above}." if above else "It comes before all others."
        remark = f"{after} {traced.remark}".strip()
        placed.append((order.get(above, -1), evolve(traced, remark=remark)))
    return tuple(traced for _, traced in sorted(placed, key=lambda pair: pair[0]))
