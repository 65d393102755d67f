"""The result of a trace: what has become of each statement, and what rests on it, as a page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from attrs import field, fields_dict, frozen

from ncpi_rules.checks.traceability_statement import StatementState, StatementTrace
from ncpi_rules.checks.traceability_triage import triage_section, triage_sentence
from ncpi_rules.core import counted, edited_notice, joined
from ncpi_rules.report import (
    WIDTH,
    Cell,
    Column,
    Contents,
    Item,
    PageTable,
    Row,
    Section,
    Showable,
    lay_out_text,
)
from ncpi_rules.ruleset import Ruleset, edition_title, is_edited

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.report import Line

FORMAT: Final = 1
"""The number of the form in which ``Trace.to_dict`` gives a trace."""


_MARKS: Final = (
    "Words in [- -] are in the old text only; words in {+ +} are in the changed text only."
)
_LEADS: Final = {
    StatementState.REWORDED: "Review these: their rules were written from the earlier wording.",
    StatementState.GONE: "These are not in the text: what rests on them has lost its source.",
    StatementState.NEW: "Write a rule for each of these, or the reason why none implements it.",
    StatementState.MOVED: "These have the same words at another place, where they may mean "
    "something else.",
    StatementState.UNCHANGED: "These read as they did when the rules were written.",
}
_TITLES: Final = {
    StatementState.REWORDED: "Reworded",
    StatementState.GONE: "Gone",
    StatementState.NEW: "New and without a rule",
    StatementState.MOVED: "Moved",
    StatementState.UNCHANGED: "Unchanged",
}
MOST_SCENARIOS: Final = 10
"""The most scenarios of a changed statement that are named; the rest are counted."""
_NO_WORDS: Final = (
    "The ruleset has fingerprints of the statements, not their words, so a statement at the place "
    "of another counts as reworded, and the words that changed cannot be shown. To see them, give "
    "the old text first, and the changed one after '--against'."
)


@frozen(kw_only=True)
class Trace(Showable):
    """A text compared with a ruleset, statement by statement.

    ``statements`` holds those of the edition in their order, and each new one after the statement
    that it follows in the text. ``headings`` are sentences on what has become of headings,
    ``texts`` on whether the texts are those that were meant.
    """

    ruleset: Ruleset = field(repr=False)
    compared: bool
    statements: tuple[StatementTrace, ...]
    headings: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Return True where every statement and every heading is as the edition has it."""
        notes = self.headings or self.texts
        return not notes and all(
            statement.state is StatementState.UNCHANGED for statement in self.statements
        )

    def of(self, state: StatementState) -> tuple[StatementTrace, ...]:
        """Return the statements in one state."""
        return tuple(statement for statement in self.statements if statement.state is state)

    @property
    def changed(self) -> tuple[StatementTrace, ...]:
        """Return the statements that are not as they were."""
        return tuple(
            statement
            for statement in self.statements
            if statement.state is not StatementState.UNCHANGED
        )

    @property
    def summary(self) -> str:
        """Return the numbers in one sentence, such as '61 statements: 61 unchanged'."""
        counts = Counter(statement.state for statement in self.statements)
        new = counts.pop(StatementState.NEW, 0)
        total = sum(counts.values())
        notes = [f"{counts[state]} {state}" for state in StatementState if counts[state]]
        known = counted(total, "statement")
        message = f"{known}: {', '.join(notes)}" if notes else known
        return f"{message}; {new} new and without a rule." if new else f"{message}."

    def to_dict(self) -> dict[str, Any]:
        """Return the trace as text, numbers, lists and mappings; what is empty is left out."""
        counts = Counter(statement.state for statement in self.statements)
        return {
            "format": FORMAT,
            "ruleset": self.ruleset.name,
            "digest": self.ruleset.digest,
            "same": self.same,
            "summary": self.summary,
            "counts": {state.value: counts[state] for state in StatementState},
            "headings": list(self.headings),
            "texts": list(self.texts),
            "statements": [_plain(statement) for statement in self.statements],
        }

    def contents(self) -> Contents:
        """Return the page: the summary, then what changed and what rests on it, then the rest."""
        return self._contents()

    def to_text(self, *, width: int = WIDTH) -> str:
        """Return the page as plain text, in which signs mark the words that changed."""
        return lay_out_text(self._contents(marks=_MARKS), width=width)

    def _contents(self, *, marks: str = "") -> Contents:
        settings = self.ruleset.settings
        both = "the old text with the ruleset's fingerprints, and the changed text with the old one"
        compared = both if self.compared else "the text with the ruleset's fingerprints"
        return Contents(
            title="Source trace",
            subject=settings.title,
            facts=(
                ("Methodology", settings.title),
                ("Publisher", settings.publisher),
                ("Ruleset", self.ruleset.name),
                *(
                    [("Rules", edited_notice(edition_title(self.ruleset)))]
                    if is_edited(self.ruleset)
                    else []
                ),
                ("Compared", compared),
            ),
            sections=tuple(_sections(self, marks)),
        )


def _plain(statement: StatementTrace) -> dict[str, Any]:
    plain: dict[str, Any] = {"state": statement.state.value}
    for name in fields_dict(StatementTrace):
        value = getattr(statement, name)
        if value and name not in {*plain, "words", "differences"}:
            plain[name] = list(value) if isinstance(value, tuple) else value
    if statement.differences:
        plain["differences"] = [difference.to_dict() for difference in statement.differences]
    if statement.words:
        plain["words"] = [
            {"change": word.change.value, "text": word.text} for word in statement.words
        ]
    return plain


# The page.


def _sections(trace: Trace, marks: str) -> Iterator[Section]:
    changed = trace.changed
    lead = [triage_sentence(changed)] if changed else []
    yield Section("In short", answer=trace.summary, lead=(*lead, _describe_affected(trace)))
    first = triage_section(changed, trace.ruleset)
    if first is not None:
        yield first
    texts = (*trace.texts, *trace.headings)
    if texts:
        yield Section("The texts and their headings", items=tuple(map(Item, texts)), warns=True)
    for state, title in _TITLES.items():
        statements = trace.of(state)
        if not statements:
            continue
        lead = [_LEADS[state]]
        if state is StatementState.REWORDED:
            lead += [marks] if trace.compared and marks else []
            lead += [] if trace.compared else [_NO_WORDS]
        yield Section(
            f"{title} ({len(statements)})",
            lead=tuple(lead),
            table=_table(trace, state, statements),
        )


def _describe_affected(trace: Trace) -> str:
    changed = trace.changed
    if trace.same:
        return "Every rule still rests on the wording from which it was written."
    if not changed:
        return "Every statement is as it was; the other differences are listed below."
    resting = (
        ({name for statement in changed for name in getattr(statement, key)}, key[:-1])
        for key in ("rules", "interpretations", "scenarios")
    )
    texts = [counted(len(names), thing) for names, thing in resting if names]
    if not texts:
        return "No rule, interpretation or scenario rests on a statement that changed."
    return f"Review these, because they rest on a statement that changed: {joined(texts, 'and')}."


def _table(trace: Trace, state: StatementState, statements: Iterable[StatementTrace]) -> PageTable:
    titles = {
        StatementState.UNCHANGED: "What it says, in our words",
        StatementState.GONE: "What it said",
    }
    columns = [Column(titles.get(state, "What it says"), 5)]
    if state is not StatementState.NEW:
        columns += [Column("Rules, or why none", 4), Column("Interpretations and scenarios", 3)]
    return PageTable(
        caption=f"{_TITLES[state]}: the statements, and what rests on them",
        columns=tuple(columns),
        rows=tuple(_row(trace, statement) for statement in statements),
    )


def _row(trace: Trace, statement: StatementTrace) -> Row:
    cells = [Cell(tuple(_describe(statement)))]
    if statement.state is not StatementState.NEW:
        cells.append(Cell(tuple(_rules(trace, statement)), listed=True))
        cells.append(Cell(tuple(_others(statement)), listed=True))
    place = f"line {statement.line}" if statement.line else ""
    return Row(tuple(cells), ", ".join(filter(None, [statement.id, place])))


def _describe(statement: StatementTrace) -> Iterator[Line]:
    if statement.state is StatementState.UNCHANGED or not statement.words:
        yield statement.summary
    elif statement.state is StatementState.REWORDED:
        yield statement.words
    else:
        yield " ".join(word.text for word in statement.words)
    if statement.state is not StatementState.UNCHANGED and statement.words and statement.summary:
        yield f"In our words, until now: {statement.summary}"
    if statement.remark:
        yield statement.remark
    if statement.state in {StatementState.REWORDED, StatementState.NEW}:
        yield f"Its fingerprint is now {statement.fingerprint}."


def _rules(trace: Trace, statement: StatementTrace) -> Iterator[str]:
    changed = statement.state is not StatementState.UNCHANGED
    for rule in statement.rules:
        yield f"{rule}: {trace.ruleset.cases[rule][0].title}" if changed else rule
    if not statement.rules:
        named = f" ({statement.no_rule})" if statement.no_rule else ""
        yield f"None{named}: {statement.because or 'and no reason is given.'}"


def _others(statement: StatementTrace) -> Iterator[str]:
    if statement.interpretations:
        yield f"Interpretations: {', '.join(statement.interpretations)}"
    yield from _scenarios(statement)
    if not (statement.interpretations or statement.scenarios):
        yield "None"


def _scenarios(statement: StatementTrace) -> Iterator[str]:
    """Yield the scenarios by their sentences; where nothing changed, or of many, their number."""
    shown = (
        () if statement.state is StatementState.UNCHANGED else statement.scenarios[:MOST_SCENARIOS]
    )
    yield from (f"Scenario: {title}" for title in shown)
    if more := len(statement.scenarios) - len(shown):
        yield f"{f'and {more} more' if shown else more} scenario{'s' if more > 1 else ''}"
