"""Names in a scenario that are not there, and lines that do not say who does what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import fields

from ncpi_rules.core import Modality, Problem, one_of
from ncpi_rules.ruleset import CALLS, LISTS, no_such

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ncpi_rules.ruleset import Ruleset


def known_problem(place: str, name: str, what: str, known: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem where a name is not among those known, with them or the nearest of many."""
    known = list(known)
    if name in known:
        return
    yield no_such(place, what, name, known)


def who_does_what(
    place: str, line: str, rules: Ruleset, what: str, known: Iterable[str]
) -> Iterator[Problem]:
    """Yield what is wrong with a line written as party, modality and activity or document."""
    parts = line.split(" ")
    if len(parts) != len(("party", "modality", "what")):
        example = "must audit-cases" if what == "activity" else "may problem-profiles"
        yield Problem(
            place=place,
            message=f"'{line}' does not say who, how strongly, and what.",
            help=f"Write a party, a modality and {'an' if what == 'activity' else 'a'} {what}: "
            f"inspectors {example}.",
        )
        return
    by, modality, does = parts
    yield from known_problem(place, by, "party", rules.parties)
    values: list[Any] = list(Modality)
    if modality not in values:
        yield Problem(
            place=place,
            message=f"'{modality}' is not a modality.",
            help=one_of(modality, values, suggest=False),
        )
    yield from known_problem(place, does, what, known)


def named_in(item: Any, place: Callable[..., str], rules: Ruleset) -> Iterator[Problem]:
    """Yield what the fields of an expected item or guarantee name that does not exist."""
    known: Mapping[str, Iterable[str]] = {
        "party": rules.parties,
        "list": LISTS,
        "event": rules.events,
        "topic": (*rules.topics, *CALLS),
        "statement": rules.statements,
        "interpretation": rules.interpretations,
    }
    for field in fields(type(item)):
        if what := field.metadata.get("names"):
            value = getattr(item, field.name)
            single = isinstance(value, str)
            for number, name in enumerate(filter(None, (value,) if single else value)):
                at = place(field.name) if single else place(field.name, number)
                yield from known_problem(at, name, what, known[what])
