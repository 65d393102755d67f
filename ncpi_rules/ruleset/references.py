"""Whether every name is defined once, and every word is one that the vocabulary defines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncpi_rules.core import Problem, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.io import Path_, Source
    from ncpi_rules.ruleset.layout import Draft


def _twice(
    source: Source, key: str, items: Iterable[Any], what: str, seen: dict[str, str]
) -> Iterator[Problem]:
    for at, item in enumerate(items):
        place = source.place((key, at, "id"))
        if item.id in seen:
            yield Problem(
                place=place,
                message=f"The {what} '{item.id}' has a name that is taken, at {seen[item.id]}.",
                help="Give one of the two another name.",
            )
        seen.setdefault(item.id, place)


def value_problems(draft: Draft) -> Iterator[Problem]:
    """Yield the names that are given twice, and the words that are not among the words."""
    yield from _names(draft)
    yield from _values(draft)


def _names(draft: Draft) -> Iterator[Problem]:
    source, vocabulary = draft.sources["vocabulary"], draft.vocabulary
    # A fact, an outcome and an interpretation are all things that a rule tests: one name space.
    tested: dict[str, str] = {}
    yield from _twice(source, "facts", vocabulary.facts, "fact", tested)
    yield from _twice(source, "outcomes", vocabulary.outcomes, "fact", tested)
    if "interpretations" in draft.sources:
        register = draft.sources["interpretations"]
        yield from _twice(
            register, "interpretations", draft.interpretations, "interpretation", tested
        )
    for key, what in (
        ("parties", "party"),
        ("events", "event"),
        ("activities", "activity"),
        ("documents", "document"),
        ("topics", "topic"),
    ):
        yield from _twice(source, key, getattr(vocabulary, key), what, {})
    yield from _twice(draft.sources["statements"], "statements", draft.statements, "statement", {})
    if draft.guarantees:
        yield from _twice(
            draft.sources["guarantees"], "guarantees", draft.guarantees, "guarantee", {}
        )
    yield from _headings(draft)
    seen: dict[str, str] = {}
    for rule, where, path in draft.rules:
        place = where.place((*path, "id"))
        if rule.id in seen:
            yield Problem(
                place=place,
                message=f"The rule '{rule.id}' has a name that is taken, at {seen[rule.id]}.",
                help="Give one of the two another name.",
            )
        seen.setdefault(rule.id, place)


def _values(draft: Draft) -> Iterator[Problem]:
    source, vocabulary = draft.sources["vocabulary"], draft.vocabulary
    for key, name, items in (
        ("facts", "unknown", vocabulary.facts),
        ("facts", "left_out", tuple(each for each in vocabulary.facts if each.left_out)),
        ("outcomes", "none", vocabulary.outcomes),
    ):
        for item in items:
            value, at = getattr(item, name), getattr(vocabulary, key).index(item)
            if value not in item.values:
                yield not_a_value(source, (key, at, name), value, item.id, item.values)
    for at, interpretation in enumerate(draft.interpretations):
        if interpretation.ours not in interpretation.answers:
            yield not_a_value(
                draft.sources["interpretations"],
                ("interpretations", at, "ours"),
                interpretation.ours,
                interpretation.id,
                interpretation.answers,
            )


def _headings(draft: Draft) -> Iterator[Problem]:
    """Yield what would leave it open under which heading a statement stands."""
    source = draft.sources["statements"]
    prefixes = {draft.before_headings: source.place(("before_headings",))}
    fingerprints: dict[str, str] = {}
    for at, heading in enumerate(draft.headings):
        for key, value, seen, help_ in (
            ("prefix", heading.prefix, prefixes, "Give one of the two another prefix."),
            ("fingerprint", heading.fingerprint, fingerprints, "Check both, or delete one."),
        ):
            place = source.place(("headings", at, key))
            if value in seen:
                yield Problem(
                    place=place,
                    message=f"The {key} '{value}' of a heading is taken, at {seen[value]}.",
                    help=help_,
                )
            seen.setdefault(value, place)


def not_a_value(
    source: Source, path: Path_, value: str, of: str, allowed: Iterable[str]
) -> Problem:
    """Return the problem of a word that is none of those that a fact may take."""
    return Problem(
        place=source.place(path),
        message=f"'{value}' is not a word of '{of}'.",
        help=one_of(value, allowed),
        code="name-not-known",
    )
