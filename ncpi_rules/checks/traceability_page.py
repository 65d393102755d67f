"""A trace as a page: the summary, then what changed and what rests on it, then the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.checks.traceability_result import StatementState
from ncpi_rules.report import (
    WIDTH,
    Cell,
    Column,
    Contents,
    Item,
    PageTable,
    Row,
    Section,
    lay_out_html,
    lay_out_markdown,
    lay_out_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.checks.traceability_result import StatementTrace, Trace
    from ncpi_rules.report import Line

_MARKS: Final = (
    "Words in [- -] are in the old text only; words in {+ +} are in the changed text only."
)
_LEADS: Final = {
    StatementState.REWORDED: "Read these again: their rules were written from other words.",
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


def text_of_trace(trace: Trace, *, width: int = WIDTH) -> str:
    """Return a trace as plain text of at most ``width`` columns, and at least 40."""
    return lay_out_text(contents(trace, marks=_MARKS), width=width)


def markdown_of_trace(trace: Trace) -> str:
    """Return a trace as Markdown, beginning with a heading of the first level."""
    return lay_out_markdown(contents(trace))


def html_of_trace(trace: Trace) -> str:
    """Return a trace as one HTML page that loads nothing from elsewhere."""
    return lay_out_html(contents(trace))


def contents(trace: Trace, *, marks: str = "") -> Contents:
    """Return the contents of the page; ``marks`` explains how changed words are marked."""
    settings = trace.ruleset.settings
    both = "the old text with the ruleset's fingerprints, and the changed text with the old one"
    compared = both if trace.compared else "the text with the ruleset's fingerprints"
    return Contents(
        title="Source trace",
        subject=settings.title,
        facts=(
            ("Methodology", settings.title),
            ("Publisher", settings.publisher),
            ("Ruleset", trace.ruleset.name),
            ("Compared", compared),
        ),
        sections=tuple(_sections(trace, marks)),
    )


def _sections(trace: Trace, marks: str) -> Iterator[Section]:
    yield Section("In short", answer=trace.summary, lead=(_describe_affected(trace),))
    texts = (*trace.texts, *trace.headings)
    if texts:
        yield Section("The texts and their headings", items=tuple(map(Item, texts)), warns=True)
    for state in (
        StatementState.REWORDED,
        StatementState.GONE,
        StatementState.NEW,
        StatementState.MOVED,
        StatementState.UNCHANGED,
    ):
        statements = trace.of(state)
        if not statements:
            continue
        lead = [_LEADS[state]]
        if state is StatementState.REWORDED:
            lead += [marks] if trace.compared and marks else []
            lead += [] if trace.compared else [_NO_WORDS]
        yield Section(
            f"{_TITLES[state]} ({len(statements)})",
            lead=tuple(lead),
            table=_table(trace, state, statements),
        )


def _describe_affected(trace: Trace) -> str:
    changed = [
        statement
        for statement in trace.statements
        if statement.state is not StatementState.UNCHANGED
    ]
    if trace.same:
        return "Every rule still rests on the words from which it was written."
    if not changed:
        return "Every statement is as it was; the other differences are listed below."
    counts = (
        (len({name for one in changed for name in getattr(one, key)}), one)
        for key, one in (
            ("rules", "rule"),
            ("interpretations", "interpretation"),
            ("scenarios", "scenario"),
        )
    )
    texts = [f"{many} {one}{'' if many == 1 else 's'}" for many, one in counts if many]
    if not texts:
        return "No rule, interpretation or scenario rests on a statement that changed."
    listed = " and ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))
    return f"Review these, because they rest on a statement that changed: {listed}."


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
        rows=tuple(_row(trace, one) for one in statements),
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
        yield f"{rule}: {trace.ruleset.rules[rule].title}" if changed else rule
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
