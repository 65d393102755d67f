"""Small mistakes beside the rules: in the vocabulary, the parameters, the choices, the questions.

Each has a kind, what tells it from others of its kind, a sentence, and what stands in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs
from attrs import evolve

from ncpi_rules.core import FURTHER, Period, Selection, Unit, changed_fields
from ncpi_rules.ruleset import (
    ANSWERED,
    DUE_SOON,
    SECTIONS,
    Choice,
    DocumentRule,
    Event,
    Fact,
    Guarantee,
    Interpretation,
    Ruleset,
)
from ncpi_rules.scenarios.guarantee_mutants import weaker_guarantees
from ncpi_rules.scenarios.nearby import REWRITTEN, neighbours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EntryChange: TypeAlias = tuple[str, str, str, Any]
"""The kind, what tells it from others of its kind, the sentence, the entry or None if removed."""

REGISTERS: Final = {
    "interpretations": "interpretation",
    **{register: name for name, register in SECTIONS.items()},
    "parameters": "parameter",
    "choices": "choice",
    "guarantees": "guarantee",
}
"""The parts of a ruleset that have entries with an id, and what one of each is called."""

_UNHEARD: Final = frozenset(
    {"why of interpretations", "agreed_by of interpretations"}
    | {f"short of {register}" for register in ("facts", "outcomes", "events")}
)
"""What only those read who agree the rules, and what fills titles of rules: it is tried there."""


def entry_changes(ruleset: Ruleset, register: str, entry: Any) -> Iterator[EntryChange]:
    """Yield an entry of a register with each small mistake in it."""
    match entry:
        case Interpretation():
            yield from _our_answer(entry)
        case Fact():
            yield from _left_out(entry)
        case Event():
            yield from _order(ruleset, entry)
        case Choice():
            yield from _choice(ruleset, entry)
        case Guarantee():
            for detail, text, weaker in weaker_guarantees(entry, ruleset):
                yield "guarantee", detail, f"the guarantee {entry.id} {text}", weaker
    yield from _sentences(register, entry)


def _sentences(register: str, entry: Any) -> Iterator[EntryChange]:
    """Yield an entry with each sentence rewritten, and without each statement; one must stay."""
    called = f"the {REGISTERS[register]} {entry.id}"
    for name, value, changed in rewritten(entry):
        if f"{name} of {register}" not in _UNHEARD:
            detail, of = name, f"'{name}' of {called}"
            if value:
                detail, of = f"{name}/{value}", f"what {of} says of '{value}'"
            yield "register", detail, f"{of} was rewritten", changed
    statements: tuple[str, ...] = getattr(entry, "statements", ())
    for id_ in statements if len(statements) > 1 else ():
        text = f"'{id_}' was taken out of 'statements' of {called}"
        rest = tuple(other for other in statements if other != id_)
        yield "register", f"statements/{id_}", text, evolve(entry, statements=rest)


def rewritten(entry: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield each sentence of an entry: its line, the value that it is about, the changed entry."""
    for field in attrs.fields(type(entry)):
        said = getattr(entry, field.name)
        if not (said and field.metadata.get("prose")) or said == field.default:
            continue
        if isinstance(said, str):
            changes: dict[str, Any] = {field.name: REWRITTEN}
            yield field.name, "", evolve(entry, **changes)
            continue
        for value in said:
            changes = {field.name: {**said, value: REWRITTEN}}
            yield field.name, value, evolve(entry, **changes)


def text_before(before: Any, after: Any) -> str:
    """Return what a rewritten entry said before, as registers print them."""
    if isinstance(before, str):
        return before
    if isinstance(before, tuple):
        return ", ".join(before)
    return "".join(
        text_before(change.before, change.after) for change in changed_fields(before, after)
    )


def _our_answer(question: Interpretation) -> Iterator[EntryChange]:
    for answer in question.answers:
        if answer != question.ours:
            text = (
                f"our answer to interpretation {question.id} was changed from "
                f"'{question.ours}' to '{answer}'"
            )
            yield "interpretation", answer, text, evolve(question, ours=answer)


def _left_out(fact: Fact) -> Iterator[EntryChange]:
    """Yield a fact with another value for unknown, or for what is left out, in its place."""
    # A record that a follow-up has a place for is there or not, whatever is left out of a case.
    for name in ("unknown", "left_out") if fact.source == FURTHER else ("unknown",):
        before = getattr(fact, name)
        for value in neighbours(before, tuple(fact.values)) if before else ():
            changes: dict[str, Any] = {name: value}
            text = f"'{name}: {before}' of the fact {fact.id} was changed to '{value}'"
            yield "fact", f"{name}/{value}", text, evolve(fact, **changes)


def _order(ruleset: Ruleset, event: Event) -> Iterator[EntryChange]:
    """Yield an event that waits for one fewer, for the one beside it, or for one more."""
    events, waits_for = tuple(ruleset.events), event.not_before
    for name in waits_for:
        rest = tuple(other for other in waits_for if other != name)
        text = f"'{name}' was taken out of 'not_before' of the event {event.id}"
        yield "order", f"without/{name}", text, evolve(event, not_before=rest)
        for other in neighbours(name, events):
            if other != event.id and other not in waits_for:
                text = f"'not_before: {name}' of the event {event.id} was changed to '{other}'"
                changed = evolve(event, not_before=(*rest, other))
                yield "order", f"{name}/{other}", text, changed
    for other in events[: events.index(event.id)][-1:]:
        if other not in waits_for:
            text = f"'{other}' was put into 'not_before' of the event {event.id}"
            yield "order", f"with/{other}", text, evolve(event, not_before=(*waits_for, other))


def _choice(ruleset: Ruleset, chosen: Choice) -> Iterator[EntryChange]:
    """Yield a choice with another value, or none where the edition has made it."""
    for other in _others(ruleset, chosen):
        text = f"the choice '{chosen.id}: {chosen.choice}' was changed to '{other}'"
        yield "choice", other, text, evolve(chosen, choice=other)
    if chosen.id in ruleset.choices:
        yield "choice", "removed", f"the choice {chosen.id} was removed", None


def _others(ruleset: Ruleset, chosen: Choice) -> Iterable[str]:
    if chosen.id == DUE_SOON:
        period = Period.read(chosen.choice)
        near = [evolve(period, count=period.count + more) for more in (-1, 1)]
        near += [evolve(period, unit=unit) for unit in Unit if unit is not period.unit]
        return [other.text for other in near if other.count]
    return [
        other.value
        for other in ANSWERED.get(chosen.id, ())
        if other != chosen.choice and not _come_to_the_same(ruleset, {chosen.choice, other.value})
    ]


def _come_to_the_same(ruleset: Ruleset, choices: set[str]) -> bool:
    """Return whether two choices are the same here: none suggested, where nothing prompts any."""
    prompts = any(rule.prompted_by for rule in ruleset.of_kind(DocumentRule))
    return not prompts and choices == {Selection.NONE, Selection.WHERE_PROMPTED}


def made_choices(ruleset: Ruleset) -> Iterator[Choice]:
    """Yield the choices of an edition, and what the library does where it has made none."""
    yield from ruleset.choices.values()
    for name in ANSWERED:
        if name not in ruleset.choices:
            yield Choice(id=name, title="", choice=ruleset.choice(name))
