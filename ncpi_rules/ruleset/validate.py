"""Whether the parts of a ruleset fit together: names, values, references, logic.

Each phase reports all that it finds. What can be loaded, and is wrong all the same, is for
``ncpi_rules.checks`` to find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import DueDatePolicy, Naming, Problem, RulesetError, Selection, nearest, one_of
from ncpi_rules.io import in_reading_order
from ncpi_rules.ruleset.guarantees import (
    UNKNOWN_STAYS_UNKNOWN,
    Always,
    FollowsOrder,
    Guarantee,
    Includes,
    NeverWithout,
    NoLaterThan,
)
from ncpi_rules.ruleset.layout import SECTIONS
from ncpi_rules.ruleset.logic import logic_problems, terms_of
from ncpi_rules.ruleset.model import shortened
from ncpi_rules.ruleset.rules import OutcomeRule, names_in
from ncpi_rules.ruleset.vocabulary import contract_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.io import Path_, Source
    from ncpi_rules.ruleset.layout import Draft

LISTS: Final = ("areas-of-concern", "recommendations")
"""The lists of the facts of which each entry may get an item of its own."""

CALLS: Final = ("any-recommendation", "any-area-of-concern")
"""What may prompt a document besides the topics of the vocabulary."""

SETTINGS: Final[Mapping[str, type[DueDatePolicy | Selection | Naming]]] = {
    "due_date_not_working": DueDatePolicy,
    "documents_suggested": Selection,
    "local_names": Naming,
}
"""The settings that are a choice of the library, or an interpretation whose answers are."""

FILE_OF: Final[Mapping[str, str]] = {
    "calendar": "ruleset.yaml",
    "interpretation": "interpretations.yaml",
    "statement": "statements.yaml",
    **dict.fromkeys(SECTIONS, "vocabulary.yaml"),
}
"""The file that defines each kind of name; rules stand in all others."""

MOST_LISTED: Final = 30
"""The length of a list of names that can still be read."""


def check_draft(draft: Draft) -> None:
    """Raise RulesetError with every problem of the first phase that finds any, in reading order."""
    for phase in (_definition_problems, _reference_problems, logic_problems):
        problems = in_reading_order(phase(draft))
        if problems:
            raise RulesetError(problems)


# Definitions: every name is defined once, and every default is one of the values.


def _definition_problems(draft: Draft) -> Iterator[Problem]:
    # A fact, an outcome and an interpretation are all things that a rule tests: one name space.
    tested: dict[str, str] = {}
    for kind, file, key, entries in draft.lists():
        places = [
            (entry.id, draft.sources[file].place((key, at, "id")))
            for at, entry in enumerate(entries)
        ]
        shared = kind in {"fact", "outcome", "interpretation"}
        yield from _twice(places, "fact" if kind == "outcome" else kind, tested if shared else {})
    for at, guarantee in enumerate(draft.guarantees):
        if guarantee.id == UNKNOWN_STAYS_UNKNOWN:
            yield Problem(
                place=draft.sources["guarantees"].place(("guarantees", at, "id")),
                message=f"The guarantee '{guarantee.id}' has a name that is taken: every ruleset "
                "has this guarantee without a line in any file.",
                help="Give it another name.",
            )
    yield from _heading_problems(draft)
    rules = [(rule.id, source.place((*path, "id"))) for rule, source, path in draft.rules]
    yield from _twice(rules, "rule", {})
    yield from _default_problems(draft)


def _twice(items: Iterable[tuple[str, str]], kind: str, seen: dict[str, str]) -> Iterator[Problem]:
    for name, place in items:
        if name in seen:
            yield Problem(
                place=place,
                message=f"The {kind} '{name}' has a name that is taken, at {seen[name]}.",
                help="Give one of the two another name.",
            )
        seen.setdefault(name, place)


def _default_problems(draft: Draft) -> Iterator[Problem]:
    vocabulary, sources = draft.vocabulary, draft.sources
    for section, key in (("facts", "unknown"), ("facts", "left_out"), ("outcomes", "none")):
        for at, term in enumerate(getattr(vocabulary, section)):
            value = getattr(term, key)
            if value not in term.values and (value or key != "left_out"):
                path = (section, at, key)
                yield _not_a_value(sources["vocabulary"], path, value, term.id, term.values)
    for section in ("facts", "outcomes"):
        for at, term in enumerate(getattr(vocabulary, section)):
            for value in term.short.keys() - term.values.keys():
                spot: Path_ = (section, at, "short", value)
                yield _not_a_value(sources["vocabulary"], spot, value, term.id, term.values)
    for at, question in enumerate(draft.interpretations):
        if question.ours not in question.answers:
            source, path = sources["interpretations"], ("interpretations", at, "ours")
            yield _not_a_value(source, path, question.ours, question.id, question.answers)


def _heading_problems(draft: Draft) -> Iterator[Problem]:
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
                shown = value if key == "prefix" else shortened(value)
                yield Problem(
                    place=place,
                    message=f"The {key} '{shown}' of a heading is taken, at {seen[value]}.",
                    help=help_,
                )
            seen.setdefault(value, place)


# References: every name and every value that is used is defined.


def _reference_problems(draft: Draft) -> Iterator[Problem]:
    facts = {term.id: term.values for term in terms_of(draft)}
    answers = {question.id: question.answers for question in draft.interpretations}
    outcomes = {outcome.id: outcome for outcome in draft.vocabulary.outcomes}
    names: dict[str, set[str]] = {
        kind: {entry.id for entry in entries} for kind, _, _, entries in draft.lists()
    }
    names["fact"] |= names["outcome"]
    names["topic"].update(CALLS)
    names["rule"] = {rule.id for rule, _, _ in draft.rules}
    names["list"] = set(LISTS)
    names["calendar"] = set(draft.settings.calendars)
    vocabulary = draft.vocabulary
    reasons, source = vocabulary.fields_without_a_fact, draft.sources["vocabulary"]
    yield from contract_problems(vocabulary.facts, vocabulary.events, reasons, source)
    yield from _setting_problems(draft, answers)
    for rule, source, path in draft.rules:
        yield from _test_problems(source, (*path, "when"), rule.when, facts, "fact")
        yield from _test_problems(source, (*path, "under"), rule.under, answers, "interpretation")
        for key, kind, used in names_in(rule):
            for at, name in enumerate(used):
                if name not in names[kind]:
                    spot = (*path, key, at) if len(used) > 1 else (*path, key)
                    yield _no_such(source.place(spot), kind, name, sorted(names[kind]))
        if rule.id in rule.outranks:
            yield Problem(
                place=source.place((*path, "outranks")),
                message=f"The rule '{rule.id}' cannot outrank itself.",
                help="Name other rules, or take the line away.",
            )
        if isinstance(rule, OutcomeRule) and rule.decides in outcomes:
            values = outcomes[rule.decides].values
            if rule.then not in values:
                yield _not_a_value(source, (*path, "then"), rule.then, rule.decides, values)
    for at, guarantee in enumerate(draft.guarantees):
        source = draft.sources["guarantees"]
        yield from _guarantee_problems(source, ("guarantees", at), guarantee, facts, names)


def _guarantee_problems(
    source: Source,
    path: Path_,
    guarantee: Guarantee,
    facts: Mapping[str, Iterable[str]],
    names: Mapping[str, Iterable[str]],
) -> Iterator[Problem]:
    """Yield what a guarantee names that is not defined."""
    used: list[tuple[Path_, str, str]] = [
        (("statements", at), "statement", name) for at, name in enumerate(guarantee.statements)
    ]
    tests: list[tuple[Path_, Mapping[str, tuple[str, ...]]]] = []
    match guarantee:
        case Always():
            tests = [(("when",), guarantee.when), (("then",), guarantee.then)]
        case NeverWithout():
            tests = [(("outcome",), guarantee.outcome)]
            tests += [(("without", at), ground) for at, ground in enumerate(guarantee.without)]
        case FollowsOrder():
            used += [
                (("outcome",), "outcome", guarantee.outcome),
                (("fact",), "fact", guarantee.fact),
            ]
            if guarantee.fact in names["outcome"]:
                yield Problem(
                    place=source.place((*path, "fact")),
                    message=f"'{guarantee.fact}' is decided by the rules, so it cannot be changed "
                    "while all else stays as it is.",
                    help="Name a fact that is given.",
                )
            yield from _order_problems(source, path, guarantee.order, guarantee.fact, facts)
        case Includes():
            used.append((("outcome",), "outcome", guarantee.outcome))
            yield from _order_problems(source, path, guarantee.order, guarantee.outcome, facts)
        case NoLaterThan():
            tests = [(("when",), guarantee.when)]
            used += [
                (("event",), "event", guarantee.event),
                (("within",), "event", guarantee.within.event),
            ]
    for spot, tested in tests:
        yield from _test_problems(source, (*path, *spot), tested, facts, "fact")
    for spot, kind, name in used:
        if name not in names[kind]:
            yield _no_such(source.place((*path, *spot)), kind, name, sorted(names[kind]))


def _order_problems(
    source: Source,
    path: Path_,
    order: tuple[str, ...],
    of: str,
    facts: Mapping[str, Iterable[str]],
) -> Iterator[Problem]:
    allowed = facts.get(of, order)
    for at, value in enumerate(order):
        if value not in allowed:
            yield _not_a_value(source, (*path, "order", at), value, of, allowed)


def _setting_problems(draft: Draft, answers: Mapping[str, Any]) -> Iterator[Problem]:
    source = draft.sources["ruleset"]
    for name, values in SETTINGS.items():
        value = getattr(draft.settings, name)
        for answer in answers.get(value, (value,)):
            if answer not in set(values):
                yield Problem(
                    place=source.place((name,)),
                    message=f"The library cannot act on the answer '{answer}' of '{value}' here."
                    if value in answers
                    else f"'{answer}' is neither an interpretation nor a value that the library "
                    "can act on.",
                    help=f"{one_of(answer, values)} Or name an interpretation that has these "
                    "answers.",
                )
    event = draft.settings.selected_by
    events = [term.id for term in draft.vocabulary.events]
    if event and event not in events:
        yield _no_such(source.place(("selected_by",)), "event", event, events)


def _test_problems(
    source: Source,
    path: Path_,
    tests: Mapping[str, tuple[str, ...]],
    allowed: Mapping[str, Iterable[str]],
    kind: str,
) -> Iterator[Problem]:
    for fact, values in tests.items():
        if fact not in allowed:
            yield _no_such(source.place((*path, fact), key=True), kind, fact, list(allowed))
            continue
        if not values:
            yield Problem(
                place=source.place((*path, fact)),
                message=f"No value of '{fact}' is named.",
                help=one_of("", allowed[fact], suggest=False),
            )
        for at, value in enumerate(values):
            if value not in allowed[fact]:
                spot = (*path, fact, at) if len(values) > 1 else (*path, fact)
                yield _not_a_value(source, spot, value, fact, allowed[fact])


def _not_a_value(
    source: Source, path: Path_, value: str, of: str, allowed: Iterable[str]
) -> Problem:
    return Problem(
        place=source.place(path),
        message=f"'{value}' is not a value of '{of}'.",
        help=one_of(value, allowed),
        code="name-not-known",
    )


def _no_such(place: str, kind: str, name: str, known: list[str]) -> Problem:
    """Return the problem of a name that is not defined, with those that are, or the nearest."""
    file = FILE_OF.get(kind, "the files of rules")
    if not known:
        help_ = f"There are none yet: write it in {file}, or take the name away."
    elif len(known) <= MOST_LISTED:
        help_ = one_of(name, known)
    else:
        guess = nearest(name, known)
        help_ = f"Did you mean '{guess}'?" if guess else f"Look for its id in {file}."
    return Problem(
        place=place,
        message=f"There is no {kind} '{name}'.",
        help=help_,
        code="citation" if kind == "statement" else "name-not-known",
    )
