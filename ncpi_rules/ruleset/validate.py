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
    Guarantee,
    Includes,
    NeverWithout,
    NoLaterThan,
)
from ncpi_rules.ruleset.rules import (
    ActionRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Rule,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.io import Path_, Source
    from ncpi_rules.ruleset.layout import Draft

from ncpi_rules.ruleset.logic import logic_problems, terms_of
from ncpi_rules.ruleset.references import not_a_value, value_problems

LISTS: Final = ("areas-of-concern", "recommendations")
"""The lists of the facts of which each entry may get an item of its own."""

CALLS: Final = ("any-recommendation", "any-area-of-concern")
"""What may call for a document besides the topics of the vocabulary."""

SETTINGS: Final[Mapping[str, type[LastDay | Selection | Naming]]] = {
    "last_day_not_working": LastDay,
    "documents_suggested": Selection,
    "local_names": Naming,
}
"""The settings that are a choice of the library, or an interpretation whose answers are."""

FILE_OF: Final[Mapping[str, str]] = {
    "interpretation": "interpretations.yaml",
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
    for phase in (value_problems, _references, logic_problems):
        found = in_reading_order(phase(draft))
        if found:
            raise RulesetError(found)


# References: every name that a rule uses stands somewhere.


def _references(draft: Draft) -> Iterator[Problem]:
    vocabulary = draft.vocabulary
    facts = {each.id: each.values for each in terms_of(draft)}
    interpretations = {each.id: each.answers for each in draft.interpretations}
    outcomes = {each.id: each for each in vocabulary.outcomes}
    ids = [rule.id for rule, _, _ in draft.rules]
    names = {
        "party": {each.id for each in vocabulary.parties},
        "event": {each.id for each in vocabulary.events},
        "activity": {each.id for each in vocabulary.activities},
        "document": {each.id for each in vocabulary.documents},
        "topic": {*CALLS, *(each.id for each in vocabulary.topics)},
        "statement": {each.id for each in draft.statements},
        "interpretation": set(interpretations),
        "rule": set(ids),
        "list": set(LISTS),
        "outcome": set(outcomes),
        "fact": set(facts),
    }
    yield from _settings(draft, interpretations)
    for rule, source, path in draft.rules:
        yield from _tests(source, (*path, "when"), rule.when, facts, "fact")
        yield from _tests(source, (*path, "under"), rule.under, interpretations, "interpretation")
        for key, kind, named in names_in(rule):
            for at, name in enumerate(named):
                if name not in names[kind]:
                    spot = (*path, key, at) if len(named) > 1 else (*path, key)
                    yield Problem(
                        place=source.place(spot),
                        message=f"There is no {kind} '{name}'.",
                        help=_which(kind, name, sorted(names[kind])),
                        code=_code(kind),
                    )
        if rule.id in rule.outranks:
            yield Problem(
                place=source.place((*path, "outranks")),
                message=f"The rule '{rule.id}' cannot outrank itself.",
                help="Name other rules, or take the line away.",
            )
        if isinstance(rule, OutcomeRule) and rule.decides in outcomes:
            values = outcomes[rule.decides].values
            if rule.then not in values:
                yield not_a_value(source, (*path, "then"), rule.then, rule.decides, values)
    for at, guarantee in enumerate(draft.guarantees):
        yield from _promised(
            draft.sources["guarantees"], ("guarantees", at), guarantee, facts, names
        )


def _promised(
    source: Source,
    path: Path_,
    guarantee: Guarantee,
    facts: Mapping[str, Iterable[str]],
    names: Mapping[str, Iterable[str]],
) -> Iterator[Problem]:
    """Yield what a guarantee names that stands nowhere."""
    named: list[tuple[Path_, str, str]] = [
        (("statements", at), "statement", name) for at, name in enumerate(guarantee.statements)
    ]
    match guarantee:
        case Always():
            yield from _tests(source, (*path, "when"), guarantee.when, facts, "fact")
            yield from _tests(source, (*path, "then"), guarantee.then, facts, "fact")
        case NeverWithout():
            yield from _tests(source, (*path, "outcome"), guarantee.outcome, facts, "fact")
            for at, ground in enumerate(guarantee.without):
                yield from _tests(source, (*path, "without", at), ground, facts, "fact")
        case FollowsOrder():
            named.append((("outcome",), "outcome", guarantee.outcome))
            named.append((("fact",), "fact", guarantee.fact))
            if guarantee.fact in names["outcome"]:
                yield Problem(
                    place=source.place((*path, "fact")),
                    message=f"'{guarantee.fact}' is decided by the rules, so it cannot be changed "
                    "while all else stays as it is.",
                    help="Name a fact that is given.",
                )
            known = facts.get(guarantee.fact, guarantee.order)
            yield from _ordered(source, (*path, "order"), guarantee.order, guarantee.fact, known)
        case Includes():
            named.append((("outcome",), "outcome", guarantee.outcome))
            known = facts.get(guarantee.outcome, guarantee.order)
            yield from _ordered(source, (*path, "order"), guarantee.order, guarantee.outcome, known)
        case NoLaterThan():
            yield from _tests(source, (*path, "when"), guarantee.when, facts, "fact")
            named.append((("event",), "event", guarantee.event))
            named.append((("within",), "event", guarantee.within.event))
    for key, kind, name in named:
        if name not in names[kind]:
            yield Problem(
                place=source.place((*path, *key)),
                message=f"There is no {kind} '{name}'.",
                help=_which(kind, name, sorted(names[kind])),
                code=_code(kind),
            )


def _ordered(
    source: Source, path: Path_, order: tuple[str, ...], of: str, known: Iterable[str]
) -> Iterator[Problem]:
    for at, value in enumerate(order):
        if value not in known:
            yield not_a_value(source, (*path, at), value, of, known)


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


def _settings(draft: Draft, interpretations: Mapping[str, Any]) -> Iterator[Problem]:
    source = draft.sources["ruleset"]
    for name, values in SETTINGS.items():
        value = getattr(draft.settings, name)
        answers = interpretations.get(value, (value,))
        for answer in answers:
            if answer not in set(values):
                yield Problem(
                    place=source.place((name,)),
                    message=f"The library cannot act on the answer '{answer}' of '{value}' here."
                    if value in interpretations
                    else f"'{answer}' is neither an interpretation nor a word that the library "
                    "can act on.",
                    help=f"{one_of(answer, values)} Or name an interpretation that has these "
                    "answers.",
                )
    event = draft.settings.selected_by
    events = [each.id for each in draft.vocabulary.events]
    if event and event not in events:
        yield Problem(
            place=source.place(("selected_by",)),
            message=f"There is no event '{event}'.",
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
    for fact, values in tests.items():
        if fact not in known:
            yield Problem(
                place=source.place((*path, fact), key=True),
                message=f"There is no {kind} '{fact}'.",
                help=_which(kind, fact, list(known)),
                code=_code(kind),
            )
            continue
        if not values:
            yield Problem(
                place=source.place((*path, fact)),
                message=f"No word of '{fact}' is named.",
                help=one_of("", known[fact], suggest=False),
            )
        for at, value in enumerate(values):
            if value not in known[fact]:
                spot = (*path, fact, at) if len(values) > 1 else (*path, fact)
                yield not_a_value(source, spot, value, fact, known[fact])


def names_in(rule: Rule) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the names that a rule uses: the key, what they name, and the names."""
    yield "statements", "statement", rule.statements
    yield "rests_on", "interpretation", rule.rests_on
    yield "outranks", "rule", rule.outranks
    match rule:
        case ActionRule():
            yield "by", "party", (rule.by,)
            yield "does", "activity", (rule.does,)
            yield "to", "party", rule.to
            yield "for_each", "list", (rule.for_each,) if rule.for_each else ()
            yield "completes", "event", (rule.completes,) if rule.completes else ()
        case DocumentRule():
            yield "document", "document", (rule.document,)
            yield "by", "party", (rule.by,)
            yield "of", "party", (rule.of,)
            yield "prompted_by", "topic", rule.prompted_by
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
