"""The terms of a vocabulary, and whether facts and events fit the fields of a follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import (
    DATE_FIELDS,
    FIELDS,
    FURTHER,
    NONE_RECORDED,
    OWN_DECISION,
    REVISIT_PARTS,
    SOURCES,
    Problem,
    closed_order,
    fields_in,
    given_by,
    joined,
    nearest,
    one_of,
    source_of_date,
    source_of_value,
)
from ncpi_rules.io import described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.io import Source

Values: TypeAlias = Mapping[str, str]
"""The values of a fact in their order, each with the sentence that an officer reads."""


@frozen(kw_only=True)
class Term:
    """A name of the vocabulary and its title."""

    id: str = described("The name by which rules refer to it.")
    title: str = described("What an officer reads.", prose=True)


@frozen(kw_only=True)
class ValuedTerm(Term):
    """A term that has values, and how sentences and tables say it more briefly."""

    short: Values = described("What sentences say, such as 'a visit'.", factory=dict, prose=True)
    label: str = described("What the heads of tables say.", default="", prose=True)
    labels: Values = described("What the cells of tables say.", factory=dict, prose=True)


@frozen(kw_only=True)
class Fact(ValuedTerm):
    """A fact that rules may test, with all the values that it may have."""

    source: str = field(
        converter=source_of_value,
        metadata={
            "says": "The field of a follow-up from which it comes, or further.",
            "key": "from",
            "values": (*SOURCES, FURTHER),
            "pattern": OWN_DECISION,
        },
    )
    values: Values = described("Its values, each with its sentence.", prose=True)
    unknown: str = described("The value where nobody has said.")
    left_out: str = described(
        "The value in a case that does not name the fact; unknown by default.", default=""
    )


@frozen(kw_only=True)
class Outcome(ValuedTerm):
    """A fact that rules decide, its values from the lightest to the heaviest."""

    values: Values = described("Each value, from the lightest to the heaviest.", prose=True)
    none: str = described("The value where no rule settles it.")


@frozen(kw_only=True)
class Event(Term):
    """Something that happens on a day."""

    short: str = described(
        "The title in few words, as it follows 'within six weeks of'.", default="", prose=True
    )
    label: str = described(
        "The event in few words, as tables, timelines and calendars name it; the title by default.",
        default="",
        prose=True,
    )
    heading: str = described(
        "The heading under which plans list the event and those after it, until another has one.",
        default="",
        prose=True,
    )
    done: str = described(
        "What stands before its day once it has happened.", default="Done", prose=True
    )
    source: str = field(
        converter=source_of_date,
        metadata={
            "says": "The field of a follow-up that holds its date, or further.",
            "key": "from",
            "values": (*DATE_FIELDS, FURTHER),
        },
    )
    not_before: tuple[str, ...] = described(
        "The events that must have come first; it may be on the same day.", default=()
    )


@frozen(kw_only=True)
class Activity(Term):
    """Something that somebody does."""

    beside: str = described(
        "The event beside which plans list it, where no event completes it.",
        names="event",
        default="",
    )


@frozen(kw_only=True)
class Party(Term):
    """Somebody who does something, or to whom it is done."""

    office: str = described("The office whose title stands in the force's data.", default="")
    local: Mapping[str, str] = described("Another name, by country.", factory=dict, prose=True)


@frozen(kw_only=True)
class Repeats:
    """What a follow-up may have several times, such as a revisit, each with its own events."""

    title: str = described("What it is called, such as: revisit.", prose=True)
    begins: str = described("The event with which one begins.")
    fixes: str = described("The outcome that stands for one from the day on which it begins.")
    events: tuple[str, ...] = described("The events that each has.")
    opened_by: tuple[str, ...] = described(
        "The kinds of decisions that open another, if made after one has begun.", default=()
    )


def repeats_problems(
    repeats: Repeats | None,
    kinds: list[str],
    events: tuple[Event, ...],
    outcomes: tuple[Outcome, ...],
    source: Source,
) -> Iterator[Problem]:
    """Yield the names that are not there, and what does not fit the parts of each revisit."""
    if repeats is None:
        return
    known = {event.id: event.source for event in events}
    for key, kind, names, defined in (
        ("begins", "repeated event", (repeats.begins,), repeats.events),
        ("fixes", "outcome", (repeats.fixes,), [outcome.id for outcome in outcomes]),
        ("events", "event", repeats.events, [*known]),
        ("opened_by", "kind of decision", repeats.opened_by, kinds),
    ):
        for at, name in enumerate(names):
            if name not in defined:
                yield _none_such(source.place(("repeats", key, at)), kind, name, [*defined])
    for at, name in enumerate(repeats.events):
        of = known.get(name, FURTHER)
        if of != FURTHER and of.partition(".")[0] not in REVISIT_PARTS:
            yield Problem(
                place=source.place(("repeats", "events", at)),
                message=f"A follow-up has '{of}' only once, so '{name}' cannot repeat.",
                help="Take it out of the list.",
            )
    missing = [
        name
        for name, of in known.items()
        if of.partition(".")[0] in REVISIT_PARTS and name not in repeats.events
    ]
    if missing:
        listed = joined([f"'{name}'" for name in missing], "and")
        yield Problem(
            place=source.place(("repeats", "events"), key=True),
            message=f"Each revisit of a follow-up has a date for {listed}, which the list lacks.",
            help="Add what is missing.",
        )


def _none_such(place: str, kind: str, name: str, known: list[str]) -> Problem:
    return Problem(
        place=place,
        message=f"There is no {kind} '{name}'.",
        help=one_of(name, known),
        code="name-not-known",
    )


def contract_problems(
    facts: tuple[Fact, ...],
    events: tuple[Event, ...],
    reasons: Mapping[str, str],
    source: Source,
) -> Iterator[Problem]:
    """Yield what does not fit between the fields of a follow-up and the facts and events.

    ``reasons`` says of fields from which nothing comes what they are for.
    """
    yield from _source_problems(source, facts, events)
    for at, fact in enumerate(facts):
        yield from _value_problems(source, at, fact)
    yield from _order_problems(source, events)
    comes_from = {
        name: f"{kind} '{term.id}'"
        for kind, terms in (("fact", facts), ("event", events))
        for term in terms
        for name in fields_in(term.source)
    }
    yield from _left_over(source, reasons, comes_from)


def _source_problems(
    source: Source, facts: tuple[Fact, ...], events: tuple[Event, ...]
) -> Iterator[Problem]:
    """Yield each field that two facts or two events share, and each fact by another name."""
    event_of: dict[str, str] = {}
    for at, event in enumerate(events):
        place = source.place(("events", at, "from"))
        yield from _taken(place, event.id, event.source, "event", event_of)
    fact_of: dict[str, str] = {}
    comes_from = {event.id: event.source for event in events}
    for at, fact in enumerate(facts):
        place, of = source.place(("facts", at, "from")), fact.source
        yield from _taken(place, fact.id, of, "fact", fact_of)
        if comes_from.get(fact.id, of) != of:
            yield Problem(
                place=place,
                message=f"The fact '{fact.id}' has the name of an event, which comes from "
                f"'{comes_from[fact.id]}'.",
                help=f"Write 'from: {comes_from[fact.id]}', or give the fact another name.",
            )
        elif of in DATE_FIELDS and fact.id not in comes_from:
            known = event_of.get(of)
            yield Problem(
                place=place,
                message=f"'{of}' is a date, and the fact '{fact.id}' does not have the name of an "
                "event.",
                help=f"Call the fact '{known}', as the event that comes from the same field."
                if known
                else f"Add an event '{fact.id}' that comes from the same field.",
            )


def _taken(place: str, name: str, of: str, kind: str, seen: dict[str, str]) -> Iterator[Problem]:
    if of != FURTHER and of in seen:
        yield Problem(
            place=place,
            message=f"The {kind} '{seen[of]}' comes from '{of}' already.",
            help=f"Name the field from which '{name}' comes, or delete one of the two.",
        )
    seen.setdefault(of, name)


def _value_problems(source: Source, at: int, fact: Fact) -> Iterator[Problem]:
    """Yield each value that the field gives and the fact lacks, or has for what is not known."""
    possible = given_by(fact.source)
    for value in possible:
        if value not in fact.values:
            guess = nearest(value, [other for other in fact.values if other not in possible])
            instead = f", or write it in the place of '{guess}'" if guess else ""
            yield Problem(
                place=source.place(("facts", at, "values")),
                message=f"'{fact.source}' can give '{value}', which is not a value of '{fact.id}'.",
                help=f"Add '{value}:' with its sentence{instead}.",
            )
    if fact.unknown in possible:
        yield Problem(
            place=source.place(("facts", at, "unknown")),
            message=f"'{fact.unknown}' is the value of '{fact.id}' where nobody has said, yet "
            f"'{fact.source}' can give it.",
            help="Write a value of its own for what is not known, such as 'not-known'.",
        )
    by_default = NONE_RECORDED if NONE_RECORDED in possible else fact.unknown
    if fact.source != FURTHER and (left_out := fact.left_out or fact.unknown) != by_default:
        yield Problem(
            place=source.place(("facts", at, "left_out" if fact.left_out else "unknown")),
            message=f"'{left_out}' is the value of '{fact.id}' in a case that leaves it out, "
            f"yet in a follow-up that leaves it out it is '{by_default}'.",
            help=f"Write 'left_out: {by_default}'.",
        )


def _order_problems(source: Source, events: tuple[Event, ...]) -> Iterator[Problem]:
    """Yield each event after ``not_before`` that is not there, and a circle."""
    known = [event.id for event in events]
    for at, event in enumerate(events):
        for number, name in enumerate(event.not_before):
            if name not in known:
                spot = ("events", at, "not_before", number)
                place = source.place(spot if len(event.not_before) > 1 else spot[:-1])
                yield _none_such(place, "event", name, known)
    try:
        closed_order({event.id: event.not_before for event in events})
    except CycleError as fault:
        first, *others = fault.args[1][:0:-1]
        yield Problem(
            place=source.place(("events", known.index(first), "not_before")),
            message=f"These events wait for each other in a circle: {', '.join([first, *others])}."
            if others
            else f"The event '{first}' waits for itself.",
            help=f"Take {'one of them' if others else 'it'} out of 'not_before'.",
            code="circle",
        )


def _left_over(
    source: Source, reasons: Mapping[str, str], used: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield the fields that have neither a fact nor a reason, and those that have both.

    Where everything comes from ``further``, the ruleset is about something else than a follow-up.
    Where the name of a field is misspelt, that alone is told, and not that the field is missing.
    """
    for name in reasons:
        place = source.place(("fields_without_a_fact", name), key=True)
        if name not in FIELDS:
            guess = nearest(name, FIELDS)
            yield Problem(
                place=place,
                message=f"A follow-up has no field '{name}'.",
                help=f"Did you mean '{guess}'?" if guess else "Delete this line.",
            )
        elif name in used:
            yield Problem(
                place=place,
                message=f"A reason is given why nothing comes from '{name}', yet the {used[name]} "
                "does.",
                help="Delete this line.",
            )
    missing = [name for name in FIELDS if name not in reasons and name not in used]
    if len(missing) < len(FIELDS) and missing and reasons.keys() <= set(FIELDS):
        listed = joined([f"'{name}'" for name in missing], "and")
        yield Problem(
            place=source.place(("fields_without_a_fact",), key=True),
            message=f"Neither a fact nor an event comes from {listed}, and no reason is given.",
            help="Write 'from:' where the fact or the event stands, or say under "
            "'fields_without_a_fact' what the field is for.",
        )
