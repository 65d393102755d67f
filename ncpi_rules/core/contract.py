"""The fields of a follow-up, and the contract by which a vocabulary names them.

A fact or an event of a vocabulary says after ``from`` which field it comes from. What it is called,
and which event comes before which, is the vocabulary's own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from graphlib import TopologicalSorter
from itertools import product
from typing import Final

from attrs import field, frozen

from ncpi_rules.core.errors import RulesetError, nearest
from ncpi_rules.core.terms import Happened

FURTHER: Final = "further"
"""What a fact or an event says after ``from`` that is no field: it is given by its own name."""

DATE_FIELDS: Final = (
    "inspection_report.published",
    "immediate_update.received",
    "action_plan.received",
    "action_plan.reviewed",
    "prospects.on",
    "arrangements.made",
    "notice.given",
    "notice.activity_described",
    "documents.requested",
    "documents.reviewed",
    "fieldwork.begins",
    "fieldwork.ends",
    "feedback.given",
    "feedback.to_chief_officer",
    "feedback.to_local_policing_body",
    "publication.published",
)
"""The fields that hold a date. An event comes from one of them; so may a fact of the same name."""

REVISIT_PARTS: Final = (
    "arrangements",
    "notice",
    "documents",
    "fieldwork",
    "feedback",
    "publication",
)
"""The parts of a follow-up that each of its revisits has."""

NONE_RECORDED: Final = "none-recorded"
"""The value of a fact about decisions in a follow-up that records none."""

DECIDED: Final = "decided"
"""What a decision says where its kind leaves nothing to choose."""

VALUE_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "force": ("england", "wales"),
    "inspection_report.findings": (),
    "inspection_report.recommendations.immediate": ("some", "none"),
    "inspection_report.recommendations.other": ("some", "none"),
    "action_plan.reviewed, decisions.waiver": ("done", "not-required", "not-yet"),
    "decisions.waiver, decisions.variation, action_plan.received": (
        "waived",
        "varied",
        NONE_RECORDED,
    ),
    "action_plan.areas_of_concern": ("some", "none"),
    "action_plan.covers": ("complete", "without-immediate", "incomplete"),
    "prospects.judgement": (),
    "decisions.suspension": ("in-force", "over", NONE_RECORDED),
    "revisits": ("begun", NONE_RECORDED),
}
"""The fields, or some together, that give a fact its value, each with the values of the library.

A kind of decision is a field of its own, and so is a kind of recommendation. Where a file holds a
value of the vocabulary, as after ``findings``, that is given, too. Beside these kinds of decisions
a vocabulary has its own: see :func:`kind_of_decision`.
"""

SOURCES: Final = (*VALUE_FIELDS, *DATE_FIELDS)
"""What may stand after ``from`` of a fact, apart from ``further``."""

LISTED: Final = ("decisions", "inspection_report.recommendations")
"""The lists of a follow-up of which each kind of entry is a field of its own."""

OTHER_FIELDS: Final = (
    "prospects.by",
    "prospects.why",
    "note",
    "sources",
)
"""The fields from which nothing comes by themselves."""


def fields_in(source: str) -> list[str]:
    """Return the fields that stand after ``from``; none for ``further``.

    >>> fields_in("action_plan.reviewed, decisions.waiver")
    ['action_plan.reviewed', 'decisions.waiver']
    """
    return [] if source == FURTHER else source.split(", ")


def _source(name: str, allowed: Collection[str], lacking: str, example: str) -> str:
    """Return what stands after ``from``; raise RulesetError where it is none of those allowed."""
    if name not in allowed and name != FURTHER:
        guess = nearest(name, allowed)
        is_field = set(fields_in(name)) <= set(FIELDS)
        raise RulesetError(
            f"'{name}' {lacking}." if is_field else f"A follow-up has no field '{name}'.",
            f"Did you mean '{guess}'?"
            if guess
            else f"Write a field such as '{example}', or '{FURTHER}' where a follow-up has none.",
        )
    return name


def source_of_date(name: str) -> str:
    """Return the field from which an event comes, or ``further``; raise RulesetError otherwise."""
    return _source(name, DATE_FIELDS, "holds no date", "fieldwork.begins")


def source_of_value(name: str) -> str:
    """Return the field from which a fact comes, or ``further``; raise RulesetError otherwise.

    A kind of decision that the vocabulary names is one; its name is no slip of another's.
    """
    if (kind := kind_of_decision(name)) and not nearest(kind, KINDS_OF_DECISIONS):
        return name
    return _source(name, SOURCES, "gives no value that rules could test", "prospects.judgement")


def kind_of_decision(source: str) -> str:
    """Return the kind of decision that a vocabulary names after ``from``; nothing for another.

    >>> kind_of_decision("decisions.tier-chosen"), kind_of_decision("decisions.suspension")
    ('tier-chosen', '')
    """
    match = re.fullmatch(OWN_DECISION, source)
    return match[1] if match and match[1] not in KINDS_OF_DECISIONS else ""


def given_by(source: str) -> tuple[str, ...]:
    """Return the values that the library gives to a fact from a field.

    >>> given_by("decisions.tier-chosen"), given_by("prospects.judgement")
    (('none-recorded',), ())
    """
    if source in DATE_FIELDS:
        return (Happened.YES.value, Happened.NO.value)
    return (NONE_RECORDED,) if kind_of_decision(source) else VALUE_FIELDS.get(source, ())


FIELDS: Final = tuple(
    dict.fromkeys(
        name
        for source in (*DATE_FIELDS, *VALUE_FIELDS, *OTHER_FIELDS)
        for name in fields_in(source)
    )
)
"""Every field of a follow-up; a recorded decision is one of its own for each kind of decision."""

OWN_DECISION: Final = r"decisions\.([a-z0-9]+(?:-[a-z0-9]+)*)"
"""What stands after ``from`` of a fact that comes from a kind of decision."""

KINDS_OF_DECISIONS: Final = tuple(
    match[1] for name in FIELDS if (match := re.fullmatch(OWN_DECISION, name))
)
"""The kinds of decisions that every vocabulary has."""


def closed_order(not_before: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of events of which the second cannot come before the first.

    ``not_before`` has for each event those that must have come first. What an event between two
    others ties to each other stays tied where nothing is known of it. Raises CycleError where
    events lead in a circle.

    >>> closed_order({"a": [], "b": ["a"], "c": ["b"]})
    (('a', 'b'), ('a', 'c'), ('b', 'c'))
    """
    before: dict[str, set[str]] = {}
    for name in TopologicalSorter(not_before).static_order():
        direct = set(not_before.get(name, ()))
        before[name] = direct.union(*(before[earlier] for earlier in direct))
    pairs = product(not_before, not_before)
    return tuple((first, later) for first, later in pairs if first in before[later])


@frozen(kw_only=True, eq=False)
class Contract:
    """Where each fact and each event of a vocabulary comes from, and the order of the events.

    ``facts`` and ``events`` have what stands after ``from``, by name, in the vocabulary's order.
    ``order`` has the pairs of events of which the second cannot come before the first, whatever
    events lie between them. ``names`` has the name of the event, or else of the fact, that comes
    from a field; ``dated_facts`` the facts that say whether an event has happened; ``places`` the
    place of each event's field among those that hold dates, and the place after them for none;
    ``fact_places`` the place of each fact in the vocabulary.

    >>> contract = Contract(
    ...     facts={"findings": "inspection_report.findings"},
    ...     events={"revisit-begins": "fieldwork.begins", "press-day": "further"}, order=(),
    ... )
    >>> contract.place("revisit-begins"), contract.place("press-day"), contract.place("findings")
    ('fieldwork.begins', 'further.events.press-day', 'inspection_report.findings')
    >>> contract.name("fieldwork.begins"), contract.name("fieldwork.ends")
    ('revisit-begins', '')
    """

    facts: Mapping[str, str]
    events: Mapping[str, str]
    order: tuple[tuple[str, str], ...]
    names: Mapping[str, str] = field(init=False, repr=False)
    dated_facts: tuple[str, ...] = field(init=False, repr=False)
    places: tuple[int, ...] = field(init=False, repr=False)
    fact_places: Mapping[str, int] = field(init=False, repr=False)

    @names.default
    def _names(self) -> dict[str, str]:
        named = {**self.facts, **self.events}
        return {source: name for name, source in named.items() if source != FURTHER}

    @dated_facts.default
    def _dated_facts(self) -> tuple[str, ...]:
        return tuple(name for name in self.facts if name in self.events)

    @places.default
    def _places(self) -> tuple[int, ...]:
        fields = (*DATE_FIELDS, FURTHER)
        return tuple(map(fields.index, self.events.values()))

    @fact_places.default
    def _fact_places(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.facts)}

    def name(self, source: str) -> str:
        """Return the name of the event or the fact that comes from a field, or nothing."""
        return self.names.get(source, "")

    def place(self, name: str) -> str:
        """Return the first path into a follow-up at which a fact or an event is written."""
        return self.every_place(name)[0]

    def every_place(self, name: str) -> tuple[str, ...]:
        """Return the paths into a follow-up at which a fact or an event is written, each once."""
        event = name in self.events
        source = self.events[name] if event else self.facts[name]
        if source == FURTHER:
            return (f"{FURTHER}.{'events' if event else 'facts'}.{name}",)
        paths = (
            next((of for of in LISTED if path.startswith(f"{of}.")), path)
            for path in fields_in(source)
        )
        return tuple(dict.fromkeys(paths))
