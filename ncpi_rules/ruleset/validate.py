"""Whether the parts of a ruleset fit together: names, values, references, logic.

Each phase reports all that it finds. ``ncpi_rules.checks`` finds the mistakes with which a ruleset
can still be loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import (
    Problem,
    RulesetError,
    in_reading_order,
    kind_of_decision,
)
from ncpi_rules.io import shortened
from ncpi_rules.ruleset.cases import Origin
from ncpi_rules.ruleset.kinds import (
    UNKNOWN_STAYS_UNKNOWN,
    Always,
    FollowsOrder,
    Guarantee,
    Includes,
    NeverWithout,
    NoLaterThan,
    OnlyWhere,
    names_in,
)
from ncpi_rules.ruleset.layout import names_in_settings_problems, subject_problems
from ncpi_rules.ruleset.logic import answer_problems, logic_problems, terms_of
from ncpi_rules.ruleset.problems import (
    no_such,
    no_value,
    not_a_value,
)
from ncpi_rules.ruleset.rules import OutcomeRule
from ncpi_rules.ruleset.vocabulary import contract_problems, repeats_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.io import Path_, Source
    from ncpi_rules.ruleset.layout import Draft
    from ncpi_rules.ruleset.model import Interpretation
    from ncpi_rules.ruleset.parameters import Choice, Parameter
    from ncpi_rules.ruleset.rules import Rule
    from ncpi_rules.ruleset.vocabulary import Activity, Outcome

LISTS: Final = ("areas-of-concern", "recommendations")
"""The lists of the facts of which each entry may get an item of its own."""

CALLS: Final = ("any-recommendation", "any-area-of-concern")
"""What may prompt a document besides the topics of the vocabulary."""

ANYTHING: Final = "statement, activity, party, document or event"
"""What a guarantee may name that rules name or cite."""

_ABOUT: Final = {"actions": "activity", "documents": "document"}


def check_definitions(draft: Draft) -> None:
    """Raise RulesetError for what is defined twice, and for defaults that are no values."""
    _check(draft, _definition_problems)


def check_draft(draft: Draft) -> None:
    """Raise RulesetError with every problem of the first phase that finds any, in reading order."""
    _check(draft, _reference_problems, logic_problems, answer_problems)


def _check(draft: Draft, *phases: Callable[[Draft], Iterator[Problem]]) -> None:
    for phase in phases:
        problems = in_reading_order(phase(draft))
        if problems:
            raise RulesetError(problems)


def _definition_problems(draft: Draft) -> Iterator[Problem]:
    """Yield where a name is defined twice, and where a default is none of the values."""
    # A fact, an outcome and an interpretation are all things that a rule tests: one name space.
    tested: dict[str, Origin] = {}
    for kind, file, key, entries in draft.lists():
        places = [
            (entry.id, Origin(draft.sources[file], (key, at, "id")))
            for at, entry in enumerate(entries)
        ]
        shared = kind in {"fact", "outcome", "interpretation", "parameter", "choice"}
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
    rules = [(rule.id, rule.origin.at("id")) for rule in draft.written]
    yield from _twice(rules, "rule", {})
    yield from _default_problems(draft)
    vocabulary, source = draft.vocabulary, draft.sources["vocabulary"]
    events, reasons = vocabulary.events, vocabulary.fields_without_a_fact
    yield from contract_problems(vocabulary.facts, events, reasons, source)
    kinds = [kind for fact in vocabulary.facts if (kind := kind_of_decision(fact.source))]
    yield from repeats_problems(vocabulary.repeats, kinds, events, vocabulary.outcomes, source)


def _twice(
    items: Iterable[tuple[str, Origin]], kind: str, seen: dict[str, Origin]
) -> Iterator[Problem]:
    for name, origin in items:
        if name in seen:
            yield Problem(
                place=origin.place,
                message=f"The {kind} '{name}' has a name that is taken, at {seen[name].place}.",
                help="Give one of the two another name.",
            )
        seen.setdefault(name, origin)


def _default_problems(draft: Draft) -> Iterator[Problem]:
    vocabulary, sources = draft.vocabulary, draft.sources
    for section, key in (("facts", "unknown"), ("facts", "left_out"), ("outcomes", "none")):
        for at, term in enumerate(getattr(vocabulary, section)):
            value = getattr(term, key)
            if value not in term.values and (value or key != "left_out"):
                path = (section, at, key)
                yield not_a_value(sources["vocabulary"].place(path), value, term.id, term.values)
    for section in ("facts", "outcomes"):
        for at, term in enumerate(getattr(vocabulary, section)):
            for key in ("short", "labels"):
                for value in getattr(term, key).keys() - term.values.keys():
                    place = sources["vocabulary"].place((section, at, key, value))
                    yield not_a_value(place, value, term.id, term.values)
    for at, question in enumerate(draft.interpretations):
        if question.ours not in question.answers:
            source, path = sources["interpretations"], ("interpretations", at, "ours")
            yield not_a_value(source.place(path), question.ours, question.id, question.answers)


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


def _reference_problems(draft: Draft) -> Iterator[Problem]:
    """Yield where a name or a value is used that is not defined."""
    facts = {term.id: term.values for term in terms_of(draft)}
    outcomes = {outcome.id: outcome for outcome in draft.vocabulary.outcomes}
    names: dict[str, set[str]] = {
        kind: {entry.id for entry in entries} for kind, _, _, entries in draft.lists()
    }
    names["fact"] |= names["outcome"]
    names["topic"].update(CALLS)
    names["rule"] = {rule.id for rule in draft.written} | {rule.id for rule, _ in draft.rules}
    names["list"] = set(LISTS)
    names["calendar"] = set(draft.settings.calendars)
    kinds = ("statement", "activity", "party", "document", "event")
    names[ANYTHING] = {name for kind in kinds for name in names[kind]}
    settings, terms, sources = draft.settings, draft.vocabulary, draft.sources
    yield from names_in_settings_problems(
        settings, sources["ruleset"], terms.events, terms.outcomes
    )
    yield from subject_problems(settings, sources["vocabulary"], terms.facts, terms.parties)
    # What a parameter names and is not there is a problem of the parameter, once.
    counted = {
        (kind, name)
        for parameter in draft.parameters
        for _, kind, used in names_in(parameter)
        for name in used
        if kind == "event"
    }
    for rule, source in draft.rules:
        yield from _name_problems(rule, source, (), names, counted)
        yield from _rule_problems(rule, source, outcomes)
    entries: dict[tuple[str, str], Sequence[Parameter | Choice | Activity | Interpretation]] = {
        ("interpretations", "interpretations"): draft.interpretations,
        ("parameters", "parameters"): draft.parameters,
        ("parameters", "choices"): draft.choices,
        ("vocabulary", "activities"): draft.vocabulary.activities,
    }
    for (file, key), several in entries.items():
        for at, entry in enumerate(several):
            yield from _name_problems(entry, draft.sources[file], (key, at), names)
    names["event"].update(name for _, name in counted)
    for at, guarantee in enumerate(draft.guarantees):
        source = draft.sources["guarantees"]
        yield from _guarantee_problems(source, ("guarantees", at), guarantee, facts, names)


def _rule_problems(
    rule: Rule, source: Source, outcomes: Mapping[str, Outcome]
) -> Iterator[Problem]:
    if rule.id in rule.outranks:
        yield Problem(
            place=source.place(("outranks",)),
            message=f"The rule '{rule.rule}' cannot outrank itself.",
            help="Name other rules, or take the line away.",
        )
    if isinstance(rule, OutcomeRule) and rule.decides in outcomes:
        values = outcomes[rule.decides].values
        if rule.then not in values:
            yield not_a_value(source.place(("then",)), rule.then, rule.decides, values)


def _name_problems(
    named: Rule | Parameter | Choice | Activity | Interpretation,
    source: Source,
    path: Path_,
    names: Mapping[str, set[str]],
    elsewhere: Container[tuple[str, str]] = (),
) -> Iterator[Problem]:
    """Yield the names that are not defined, but for those that are told ``elsewhere``."""
    for key, kind, used in names_in(named):
        if names[kind].issuperset(used):
            continue
        for at, name in enumerate(used):
            if name not in names[kind] and (kind, name) not in elsewhere:
                step = (*path, key, at) if len(used) > 1 else (*path, key)
                yield no_such(source.place(step), kind, name, sorted(names[kind]))


def _guarantee_problems(
    source: Source,
    path: Path_,
    guarantee: Guarantee,
    facts: Mapping[str, Iterable[str]],
    names: Mapping[str, Iterable[str]],
) -> Iterator[Problem]:
    """Yield what a guarantee names that is not defined."""
    used = _listed("statements", "statement", guarantee.statements)
    tests: list[tuple[Path_, Mapping[str, tuple[str, ...]]]] = [
        (("when",), getattr(guarantee, "when", {}))
    ]
    match guarantee:
        case Always():
            tests.append((("then",), guarantee.then))
        case NeverWithout():
            tests.append((("outcome",), guarantee.outcome))
            tests += [(("without", at), ground) for at, ground in enumerate(guarantee.without)]
        case FollowsOrder():
            used += [
                (("outcome",), "outcome", guarantee.outcome),
                (("fact",), "fact", guarantee.fact),
            ]
            yield from _not_given(source, (*path, "fact"), guarantee.fact, names["outcome"])
            yield from _order_problems(source, path, guarantee.order, guarantee.fact, facts)
        case Includes():
            used.append((("outcome",), "outcome", guarantee.outcome))
            used += _listed("but_for", _ABOUT[guarantee.of], guarantee.but_for)
            yield from _order_problems(source, path, guarantee.order, guarantee.outcome, facts)
        case OnlyWhere():
            used += _listed("naming", ANYTHING, guarantee.naming)
        case NoLaterThan():
            used += [
                (("event",), "event", guarantee.event),
                (("within",), "event", guarantee.within.event),
            ]
    for spot, tested in tests:
        yield from _test_problems(source, (*path, *spot), tested, facts, "fact")
    for spot, kind, name in used:
        if name not in names[kind]:
            yield no_such(source.place((*path, *spot)), kind, name, sorted(names[kind]))


def _not_given(source: Source, path: Path_, fact: str, decided: Iterable[str]) -> Iterator[Problem]:
    if fact in decided:
        yield Problem(
            place=source.place(path),
            message=f"'{fact}' is decided by the rules, so it cannot be changed while all else "
            "stays as it is.",
            help="Name a fact that is given.",
        )


def _listed(key: str, kind: str, names: tuple[str, ...]) -> list[tuple[Path_, str, str]]:
    return [((key, at), kind, name) for at, name in enumerate(names)]


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
            yield not_a_value(source.place((*path, "order", at)), value, of, allowed)


def _test_problems(
    source: Source,
    path: Path_,
    tests: Mapping[str, tuple[str, ...]],
    allowed: Mapping[str, Iterable[str]],
    kind: str,
) -> Iterator[Problem]:
    for fact, values in tests.items():
        if fact not in allowed:
            yield no_such(source.place((*path, fact), key=True), kind, fact, list(allowed))
            continue
        if not values:
            yield no_value(source.place((*path, fact)), fact, allowed[fact])
        for at, value in enumerate(values):
            if value not in allowed[fact]:
                spot = (*path, fact, at) if len(values) > 1 else (*path, fact)
                yield not_a_value(source.place(spot), value, fact, allowed[fact])
