"""Whether the parts of a ruleset fit together: words, references, logic.

Each phase reports all that it finds. What can be loaded, and is wrong all the same, is for
``ncpi_rules.checks`` to find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import LastDay, Naming, Problem, RulesetError, Selection, nearest, one_of
from ncpi_rules.io import in_reading_order
from ncpi_rules.ruleset.guarantees import (
    Always,
    FollowsOrder,
    Includes,
    NeverWithout,
    NoLaterThan,
    Promise,
)
from ncpi_rules.ruleset.rules import (
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Rule,
    StepRule,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.io import Path_, Source
    from ncpi_rules.ruleset.layout import Draft

from ncpi_rules.ruleset.logic import logic_problems, terms_of
from ncpi_rules.ruleset.references import not_a_word, word_problems

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
    **dict.fromkeys(
        ("fact", "outcome", "party", "event", "activity", "document", "topic"), "vocabulary.yaml"
    ),
}
"""The file in which each kind of name is given; rules stand in all others."""

MOST_LISTED: Final = 30
"""The length of a list of names that can still be read."""


def check_draft(draft: Draft) -> None:
    """Raise RulesetError with every problem of the first phase that finds any, in reading order."""
    for phase in (word_problems, _references, logic_problems):
        found = in_reading_order(phase(draft))
        if found:
            raise RulesetError(found)


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
        "outcome": set(outcomes),
        "fact": set(facts),
    }
    yield from _settings(draft, readings)
    for rule, source, path in draft.rules:
        yield from _tests(source, (*path, "when"), rule.when, facts, "fact")
        yield from _tests(source, (*path, "under"), rule.under, readings, "reading")
        for key, kind, named in names_in(rule):
            for at, name in enumerate(named):
                if name not in names[kind]:
                    spot = (*path, key, at) if len(named) > 1 else (*path, key)
                    yield Problem(
                        place=source.place(spot),
                        sentence=f"There is no {kind} '{name}'.",
                        help=_which(kind, name, sorted(names[kind])),
                        code=_code(kind),
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
                yield not_a_word(source, (*path, "then"), rule.then, rule.decides, words)
    for at, promise in enumerate(draft.promises):
        yield from _promised(draft.sources["promises"], ("promises", at), promise, facts, names)


def _promised(
    source: Source,
    path: Path_,
    promise: Promise,
    facts: Mapping[str, Iterable[str]],
    names: Mapping[str, Iterable[str]],
) -> Iterator[Problem]:
    """Yield what a promise names that stands nowhere."""
    named: list[tuple[Path_, str, str]] = [
        (("statements", at), "statement", name) for at, name in enumerate(promise.statements)
    ]
    match promise:
        case Always():
            yield from _tests(source, (*path, "when"), promise.when, facts, "fact")
            yield from _tests(source, (*path, "then"), promise.then, facts, "fact")
        case NeverWithout():
            yield from _tests(source, (*path, "outcome"), promise.outcome, facts, "fact")
            for at, ground in enumerate(promise.without):
                yield from _tests(source, (*path, "without", at), ground, facts, "fact")
        case FollowsOrder():
            named.append((("outcome",), "outcome", promise.outcome))
            named.append((("fact",), "fact", promise.fact))
            if promise.fact in names["outcome"]:
                yield Problem(
                    place=source.place((*path, "fact")),
                    sentence=f"'{promise.fact}' is decided by the rules, so it cannot be changed "
                    "while all else stays as it is.",
                    help="Name a fact that is given.",
                )
            known = facts.get(promise.fact, promise.order)
            yield from _ordered(source, (*path, "order"), promise.order, promise.fact, known)
        case Includes():
            named.append((("outcome",), "outcome", promise.outcome))
            known = facts.get(promise.outcome, promise.order)
            yield from _ordered(source, (*path, "order"), promise.order, promise.outcome, known)
        case NoLaterThan():
            yield from _tests(source, (*path, "when"), promise.when, facts, "fact")
            named.append((("event",), "event", promise.event))
            named.append((("within",), "event", promise.within.event))
    for key, kind, name in named:
        if name not in names[kind]:
            yield Problem(
                place=source.place((*path, *key)),
                sentence=f"There is no {kind} '{name}'.",
                help=_which(kind, name, sorted(names[kind])),
                code=_code(kind),
            )


def _ordered(
    source: Source, path: Path_, order: tuple[str, ...], of: str, known: Iterable[str]
) -> Iterator[Problem]:
    for at, word in enumerate(order):
        if word not in known:
            yield not_a_word(source, (*path, at), word, of, known)


def _code(kind: str) -> str:
    return "citation" if kind == "statement" else "name-not-known"


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
            code=_code("event"),
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
                code=_code(kind),
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
                yield not_a_word(source, spot, word, fact, known[fact])


def names_in(rule: Rule) -> Iterator[tuple[str, str, tuple[str, ...]]]:
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
