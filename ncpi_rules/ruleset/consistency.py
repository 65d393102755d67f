"""Whether the parts of a ruleset fit together: words, references, logic.

Floor 3. Each phase reports all that it finds; ``notices_of`` names what is not wrong, but what
somebody should know: cases that no rule covers, and statements that no rule carries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.errors import Problem, RulesetError, nearest, one_of
from ncpi_rules.files import in_reading_order
from ncpi_rules.ruleset.rules import (
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Rule,
    StepRule,
)
from ncpi_rules.words import LastDay, Naming, Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.files import Path_, Source
    from ncpi_rules.ruleset.folder import Draft

from ncpi_rules.ruleset.logic import logic_problems, terms_of

LISTS: Final = ("areas-of-concern", "recommendations")
"""The lists of the facts of which each entry may get an item of its own."""

CALLS: Final = ("any-recommendation", "any-area-of-concern")
"""What may call for a document besides the topics of the vocabulary."""

SETTINGS: Final[Mapping[str, type[LastDay | Selection | Naming]]] = {
    "last_day_not_working": LastDay,
    "documents_suggested": Selection,
    "local_names": Naming,
}
"""The settings that may be a word of the library, or a reading whose answers are such words."""

FILE_OF: Final[Mapping[str, str]] = {
    "reading": "readings.yaml",
    "statement": "statements.yaml",
    **dict.fromkeys(("fact", "party", "event", "activity", "document", "topic"), "vocabulary.yaml"),
}
"""The file in which each kind of name is given; rules stand in all others."""

MOST_LISTED: Final = 30
"""The length of a list of names that can still be read."""


def check_draft(draft: Draft) -> None:
    """Raise RulesetError with every problem of the first phase that finds any, in reading order."""
    for phase in (_words, _references, logic_problems):
        found = in_reading_order(phase(draft))
        if found:
            raise RulesetError(found)


# Words: every name once, every word that stands for something is one of the words.


def _twice(
    source: Source, key: str, items: Iterable[Any], what: str, seen: dict[str, str]
) -> Iterator[Problem]:
    for at, item in enumerate(items):
        place = source.place((key, at, "id"))
        if item.id in seen:
            yield Problem(
                place=place,
                sentence=f"The {what} '{item.id}' has a name that is taken, at {seen[item.id]}.",
                help="Give one of the two another name.",
            )
        seen.setdefault(item.id, place)


def _words(draft: Draft) -> Iterator[Problem]:
    source, vocabulary = draft.sources["vocabulary"], draft.vocabulary
    # A fact, an outcome and a reading are all things that a rule tests: one name space.
    tested: dict[str, str] = {}
    yield from _twice(source, "facts", vocabulary.facts, "fact", tested)
    yield from _twice(source, "outcomes", vocabulary.outcomes, "fact", tested)
    if "readings" in draft.sources:
        register = draft.sources["readings"]
        yield from _twice(register, "readings", draft.readings, "reading", tested)
    for key, what in (
        ("parties", "party"),
        ("events", "event"),
        ("activities", "activity"),
        ("documents", "document"),
        ("topics", "topic"),
    ):
        yield from _twice(source, key, getattr(vocabulary, key), what, {})
    yield from _twice(draft.sources["statements"], "statements", draft.statements, "statement", {})
    seen: dict[str, str] = {}
    for rule, where, path in draft.rules:
        place = where.place((*path, "id"))
        if rule.id in seen:
            yield Problem(
                place=place,
                sentence=f"The rule '{rule.id}' has a name that is taken, at {seen[rule.id]}.",
                help="Give one of the two another name.",
            )
        seen.setdefault(rule.id, place)
    for key, name, items in (
        ("facts", "unknown", vocabulary.facts),
        ("facts", "left_out", tuple(each for each in vocabulary.facts if each.left_out)),
        ("outcomes", "none", vocabulary.outcomes),
    ):
        for item in items:
            word, at = getattr(item, name), getattr(vocabulary, key).index(item)
            if word not in item.words:
                yield _not_a_word(source, (key, at, name), word, item.id, item.words)
    for at, reading in enumerate(draft.readings):
        if reading.ours not in reading.answers:
            yield _not_a_word(
                draft.sources["readings"],
                ("readings", at, "ours"),
                reading.ours,
                reading.id,
                reading.answers,
            )


def _not_a_word(source: Source, path: Path_, word: str, of: str, allowed: Iterable[str]) -> Problem:
    return Problem(
        place=source.place(path),
        sentence=f"'{word}' is not a word of '{of}'.",
        help=one_of(word, allowed),
    )


# References: every name that a rule uses stands somewhere.


def _references(draft: Draft) -> Iterator[Problem]:
    vocabulary = draft.vocabulary
    facts = {each.id: each.words for each in terms_of(draft)}
    readings = {each.id: each.answers for each in draft.readings}
    outcomes = {each.id: each for each in vocabulary.outcomes}
    ids = [rule.id for rule, _, _ in draft.rules]
    names = {
        "party": {each.id for each in vocabulary.parties},
        "event": {each.id for each in vocabulary.events},
        "activity": {each.id for each in vocabulary.activities},
        "document": {each.id for each in vocabulary.documents},
        "topic": {*CALLS, *(each.id for each in vocabulary.topics)},
        "statement": {each.id for each in draft.statements},
        "reading": set(readings),
        "rule": set(ids),
        "list": set(LISTS),
    }
    yield from _settings(draft, readings)
    for rule, source, path in draft.rules:
        yield from _tests(source, (*path, "when"), rule.when, facts, "fact")
        yield from _tests(source, (*path, "under"), rule.under, readings, "reading")
        for key, kind, named in _named(rule):
            for at, name in enumerate(named):
                if name not in names[kind]:
                    spot = (*path, key, at) if len(named) > 1 else (*path, key)
                    yield Problem(
                        place=source.place(spot),
                        sentence=f"There is no {kind} '{name}'.",
                        help=_which(kind, name, sorted(names[kind])),
                    )
        if rule.id in rule.outranks:
            yield Problem(
                place=source.place((*path, "outranks")),
                sentence=f"The rule '{rule.id}' cannot outrank itself.",
                help="Name other rules, or take the line away.",
            )
        if isinstance(rule, OutcomeRule) and rule.decides in outcomes:
            words = outcomes[rule.decides].words
            if rule.then not in words:
                yield _not_a_word(source, (*path, "then"), rule.then, rule.decides, words)


def _which(kind: str, name: str, known: list[str]) -> str:
    """Return a help line with the names that there are, or the nearest where they are many."""
    file = FILE_OF.get(kind, "the files of rules")
    if not known:
        return f"There are none yet: write it in {file}, or take the name away."
    if len(known) <= MOST_LISTED:
        return one_of(name, known)
    guess = nearest(name, known)
    return f"Did you mean '{guess}'?" if guess else f"Look for its id in {file}."


def _settings(draft: Draft, readings: Mapping[str, Any]) -> Iterator[Problem]:
    source = draft.sources["ruleset"]
    for name, words in SETTINGS.items():
        value = getattr(draft.settings, name)
        answers = readings.get(value, (value,))
        for word in answers:
            if word not in set(words):
                yield Problem(
                    place=source.place((name,)),
                    sentence=f"The library cannot act on the answer '{word}' of '{value}' here."
                    if value in readings
                    else f"'{word}' is neither a reading nor a word that the library can act on.",
                    help=f"{one_of(word, words)} Or name a reading that has these answers.",
                )
    event = draft.settings.selected_by
    events = [each.id for each in draft.vocabulary.events]
    if event and event not in events:
        yield Problem(
            place=source.place(("selected_by",)),
            sentence=f"There is no event '{event}'.",
            help=_which("event", event, events),
        )


def _tests(
    source: Source,
    path: Path_,
    tests: Mapping[str, tuple[str, ...]],
    known: Mapping[str, Iterable[str]],
    kind: str,
) -> Iterator[Problem]:
    for fact, words in tests.items():
        if fact not in known:
            yield Problem(
                place=source.place((*path, fact), key=True),
                sentence=f"There is no {kind} '{fact}'.",
                help=_which(kind, fact, list(known)),
            )
            continue
        if not words:
            yield Problem(
                place=source.place((*path, fact)),
                sentence=f"No word of '{fact}' is named.",
                help=one_of("", known[fact], suggest=False),
            )
        for at, word in enumerate(words):
            if word not in known[fact]:
                spot = (*path, fact, at) if len(words) > 1 else (*path, fact)
                yield _not_a_word(source, spot, word, fact, known[fact])


def _named(rule: Rule) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the names that a rule uses: the key, what they name, and the names."""
    yield "statements", "statement", rule.statements
    yield "readings", "reading", rule.readings
    yield "outranks", "rule", rule.outranks
    match rule:
        case StepRule():
            yield "by", "party", (rule.by,)
            yield "does", "activity", (rule.does,)
            yield "to", "party", rule.to
            yield "for_each", "list", (rule.for_each,) if rule.for_each else ()
            yield "completes", "event", (rule.completes,) if rule.completes else ()
        case DocumentRule():
            yield "document", "document", (rule.document,)
            yield "by", "party", (rule.by,)
            yield "of", "party", (rule.of,)
            yield "called_for_by", "topic", rule.called_for_by
        case DeadlineRule():
            yield "by", "party", (rule.by,)
            yield "event", "event", (rule.event,)
            for key in ("within", "at_least"):
                timing = getattr(rule, key)
                yield key, "event", (timing.event,) if timing is not None else ()
            for key in ("no_later_than", "before", "no_earlier_than"):
                event = getattr(rule, key)
                yield key, "event", (event,) if event else ()
        case QuestionRule():
            yield "by", "party", (rule.by,)
