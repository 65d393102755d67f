"""A trace as a page: the summary first, then what changed and what it touches, then the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.checks.traceability_result import State
from ncpi_rules.report import (
    WIDTH,
    Cell,
    Column,
    Contents,
    Item,
    Row,
    Section,
    Table,
    lay_out_html,
    lay_out_markdown,
    lay_out_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.checks.traceability_result import Trace, Traced
    from ncpi_rules.report import Line

_MARKS: Final = (
    "Words in [- -] stood in the old text; words in {+ +} stand in the changed text instead."
)
_LEADS: Final = {
    State.REWORDED: "Read each of these again: its rules were written from other words.",
    State.GONE: "These are nowhere in the text: what rests on them has lost its source.",
    State.NEW: "Write a rule for each of these, or the reason why none carries it.",
    State.MOVED: "These have the same words at another place, which may change what they mean.",
    State.UNCHANGED: "These say what they said when the rules were written.",
}
_TITLES: Final = {
    State.REWORDED: "Reworded",
    State.GONE: "Gone",
    State.NEW: "New and without a rule",
    State.MOVED: "Moved",
    State.UNCHANGED: "Unchanged",
}
MOST_SCENARIOS: Final = 10
"""So many scenarios of a statement that changed are named; of the rest their number."""
_NO_WORDS: Final = (
    "The ruleset knows no wording, only fingerprints of it, so a statement at the place of another "
    "counts as reworded, and the words that changed cannot be told. Give the old text first, and "
    "the changed one after '--against', to see them."
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
    """Return what stands on the page; ``marks`` says how changed words are marked."""
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
    yield Section("In short", answer=trace.summary, lead=(_says_touched(trace),))
    told = (*trace.texts, *trace.headings)
    if told:
        yield Section("The texts and their headings", items=tuple(map(Item, told)), warns=True)
    for state in (State.REWORDED, State.GONE, State.NEW, State.MOVED, State.UNCHANGED):
        found = trace.of(state)
        if not found:
            continue
        lead = [_LEADS[state]]
        if state is State.REWORDED:
            lead += [marks] if trace.compared and marks else []
            lead += [] if trace.compared else [_NO_WORDS]
        yield Section(
            f"{_TITLES[state]} ({len(found)})", lead=tuple(lead), table=_table(trace, state, found)
        )


def _says_touched(trace: Trace) -> str:
    changed = [each for each in trace.statements if each.state is not State.UNCHANGED]
    if trace.same:
        return "Every rule still rests on the words from which it was written."
    if not changed:
        return "Every statement is as it was; what differs is said below."
    counts = (
        (len({name for each in changed for name in getattr(each, key)}), one)
        for key, one in (
            ("rules", "rule"),
            ("interpretations", "interpretation"),
            ("scenarios", "scenario"),
        )
    )
    told = [f"{many} {one}{'' if many == 1 else 's'}" for many, one in counts if many]
    if not told:
        return "No rule, interpretation or scenario rests on a statement that changed."
    listed = " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
    return f"To be looked at again, because a statement changed on which they rest: {listed}."


def _table(trace: Trace, state: State, found: Iterable[Traced]) -> Table:
    titles = {State.UNCHANGED: "What it says, in our words", State.GONE: "What it said"}
    columns = [Column(titles.get(state, "What it says"), 5)]
    if state is not State.NEW:
        columns += [Column("Rules, or why none", 4), Column("Interpretations and scenarios", 3)]
    return Table(
        caption=f"{_TITLES[state]}: the statements, and what rests on them",
        columns=tuple(columns),
        rows=tuple(_row(trace, each) for each in found),
    )


def _row(trace: Trace, each: Traced) -> Row:
    cells = [Cell(tuple(_says(each)))]
    if each.state is not State.NEW:
        cells.append(Cell(tuple(_rules(trace, each)), listed=True))
        cells.append(Cell(tuple(_others(each)), listed=True))
    place = f"line {each.line}" if each.line else ""
    return Row(tuple(cells), ", ".join(filter(None, [each.id, place])))


def _says(each: Traced) -> Iterator[Line]:
    if each.state is State.UNCHANGED or not each.words:
        yield each.summary
    elif each.state is State.REWORDED:
        yield each.words
    else:
        yield " ".join(word.text for word in each.words)
    if each.state is not State.UNCHANGED and each.words and each.summary:
        yield f"In our words, until now: {each.summary}"
    if each.remark:
        yield each.remark
    if each.state in {State.REWORDED, State.NEW}:
        yield f"Its fingerprint is now {each.fingerprint}."


def _rules(trace: Trace, each: Traced) -> Iterator[str]:
    changed = each.state is not State.UNCHANGED
    for rule in each.rules:
        yield f"{rule}: {trace.ruleset.rules[rule].title}" if changed else rule
    if not each.rules:
        named = f" ({each.no_rule})" if each.no_rule else ""
        yield f"None{named}: {each.because or 'and no reason is given.'}"


def _others(each: Traced) -> Iterator[str]:
    if each.interpretations:
        yield f"Interpretations: {', '.join(each.interpretations)}"
    yield from _scenarios(each)
    if not (each.interpretations or each.scenarios):
        yield "None"


def _scenarios(each: Traced) -> Iterator[str]:
    """Yield the scenarios by their sentences; where nothing changed, or of many, their number."""
    shown = () if each.state is State.UNCHANGED else each.scenarios[:MOST_SCENARIOS]
    yield from (f"Scenario: {title}" for title in shown)
    if more := len(each.scenarios) - len(shown):
        yield f"{f'and {more} more' if shown else more} scenario{'s' if more > 1 else ''}"
