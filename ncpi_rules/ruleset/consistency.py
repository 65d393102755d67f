"""Whether the parts of a ruleset fit together: words, references, logic.

Floor 3. Each phase reports all that it finds; ``notices_of`` names what is not wrong, but what
somebody should know: cases that no rule covers, and statements that no rule carries.
"""

from __future__ import annotations

from itertools import combinations, islice, product
from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.engine.program import EngineRule, Program, overlap, uncovered
from ncpi_rules.engine.reference import ReferenceEngine
from ncpi_rules.errors import Problem, RulesetError, nearest, one_of
from ncpi_rules.files import in_reading_order
from ncpi_rules.ruleset.model import (
    DeadlineRule,
    DocumentRule,
    Fact,
    Outcome,
    OutcomeRule,
    QuestionRule,
    Rule,
    StepRule,
)
from ncpi_rules.words import LastDay, Naming, Selection, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.files import Path_, Source
    from ncpi_rules.ruleset.folder import Draft

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

_MOST_CASES: Final = 20_000


def program_of(
    facts: Iterable[Any], outcomes: Iterable[Any], readings: Iterable[Any], rules: Iterable[Rule]
) -> Program:
    """Return what a rule engine is given: readings are facts whose words are their answers.

    Raises RulesetError where rules wait for each other in a circle.
    """
    rules = sorted(rules, key=lambda each: each.id)
    outranked: dict[str, set[str]] = {}
    for rule in rules:
        for other in rule.outranks:
            outranked.setdefault(other, set()).add(rule.id)
    outcomes = tuple(outcomes)
    return Program(
        words={each.id: tuple(each.words) for each in facts}
        | {each.id: tuple(each.answers) for each in readings},
        decided={each.id: tuple(each.words) for each in outcomes},
        otherwise={each.id: each.none for each in outcomes},
        rules=[
            EngineRule(
                id=rule.id,
                when={**rule.when, **rule.under},
                concludes=(rule.decides, rule.then) if isinstance(rule, OutcomeRule) else None,
                outranked_by=outranked.get(rule.id, ()),
            )
            for rule in rules
        ],
    )


def check_draft(draft: Draft) -> None:
    """Raise RulesetError with every problem of the first phase that finds any, in reading order."""
    for phase in (_words, _references, _logic):
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
    facts = {each.id: each.words for each in _terms(draft)}
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


def _terms(draft: Draft) -> tuple[Fact | Outcome, ...]:
    return *draft.vocabulary.facts, *draft.vocabulary.outcomes


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


# Logic: nothing is claimed twice, in a circle, or more strongly than it is said.


def _logic(draft: Draft) -> Iterator[Problem]:
    by_id = {rule.id: (rule, source, path) for rule, source, path in draft.rules}
    try:
        program = _program(draft)
    except RulesetError as fault:
        for problem in fault.problems:
            rule, source, path = by_id[problem.place]
            yield Problem(
                place=source.place((*path, "id")), sentence=problem.sentence, help=problem.help
            )
        return
    yield from _overlaps(draft, program)
    statements = {each.id: each for each in draft.statements}
    for rule, source, path in draft.rules:
        if not rule.statements:
            yield Problem(
                place=source.place((*path, "statements")),
                sentence=f"The rule '{rule.id}' cites no statement.",
                help="Cite at least one: whatever a plan says has a source.",
            )
        yield from _upgrades(rule, source, path, statements)
        if isinstance(rule, OutcomeRule):
            yield from _standing(draft, rule, source, path)
        if isinstance(rule, DeadlineRule):
            yield from _own_anchor(rule, source, path)
    yield from _reasons(draft)


def _program(draft: Draft) -> Program:
    return program_of(
        draft.vocabulary.facts,
        draft.vocabulary.outcomes,
        draft.readings,
        (rule for rule, _, _ in draft.rules),
    )


def _upgrades(
    rule: Rule, source: Source, path: Path_, statements: Mapping[str, Any]
) -> Iterator[Problem]:
    modality = getattr(rule, "modality", None)
    if modality is None or not rule.statements:
        return
    if isinstance(rule, OutcomeRule) and rule.standing is not Standing.FOLLOWS:
        return
    said = [statements[each].modality for each in rule.statements if each in statements]
    strongest = max((each for each in said if each), key=lambda each: each.strength, default=None)
    place = source.place((*path, "modality"))
    if strongest is None:
        yield Problem(
            place=place,
            sentence=f"The rule '{rule.id}' says '{modality}', but no statement that it cites asks "
            "for anything.",
            help="Cite the statement that says so.",
        )
    elif modality.strength > strongest.strength:
        yield Problem(
            place=place,
            sentence=f"The rule '{rule.id}' says '{modality}', but the statements that it cites "
            f"say '{strongest}' at most.",
            help="Write the weaker word, or cite the statement that says more.",
        )


def _standing(draft: Draft, rule: OutcomeRule, source: Source, path: Path_) -> Iterator[Problem]:
    none = next(each.none for each in draft.vocabulary.outcomes if each.id == rule.decides)
    if rule.standing.settles and rule.then == none and rule.standing is Standing.DECIDED:
        yield Problem(
            place=source.place((*path, "standing")),
            sentence=f"The rule '{rule.id}' says 'decided-by-inspectors' and settles nothing.",
            help=f"Write another word than '{none}' after 'then', or another standing.",
        )
    if not rule.standing.settles and rule.then != none:
        yield Problem(
            place=source.place((*path, "then")),
            sentence=f"The rule '{rule.id}' settles '{rule.then}', yet its standing is "
            f"'{rule.standing}'.",
            help=f"Write 'then: {none}', or another standing.",
        )


def _own_anchor(rule: DeadlineRule, source: Source, path: Path_) -> Iterator[Problem]:
    if any(bound.anchor == bound.event for bound in rule.bounds):
        yield Problem(
            place=source.place((*path, "event")),
            sentence=f"The deadline '{rule.id}' counts from the event that it is about.",
            help="Count from another event.",
        )


def _reasons(draft: Draft) -> Iterator[Problem]:
    carried = {each: rule.id for rule, _, _ in draft.rules for each in rule.statements}
    source = draft.sources["statements"]
    for at, statement in enumerate(draft.statements):
        path: Path_ = ("statements", at)
        if statement.no_rule and not statement.because:
            yield Problem(
                place=source.place((*path, "no_rule")),
                sentence=f"The statement '{statement.id}' has no rule, and no reason is given.",
                help="Say why, in a sentence after 'because'.",
            )
        if statement.no_rule and statement.id in carried:
            yield Problem(
                place=source.place((*path, "no_rule")),
                sentence=f"The statement '{statement.id}' is said to have no rule, yet the rule "
                f"'{carried[statement.id]}' carries it.",
                help="Take 'no_rule' away, or take the statement out of the rule.",
            )


def _overlaps(draft: Draft, program: Program) -> Iterator[Problem]:
    when = {each.id: each for each in program.rules}
    for decides in dict.fromkeys(decides for _, decides, hit in draft.tables if hit == "unique"):
        rules = [each for each in draft.rules if getattr(each[0], "decides", None) == decides]
        for (one, _, _), (other, source, path) in combinations(rules, 2):
            first, second = when[one.id], when[other.id]
            if first.id in second.outranked_by or second.id in first.outranked_by:
                continue
            if overlap(first.when, second.when) is None:
                continue
            witness = _witness(program, first, second)
            if witness is None:
                continue
            case = says_case(draft, witness, {**first.when, **second.when})
            told = f" when {case}" if case else ", whatever the facts are"
            yield Problem(
                place=source.place((*path, "id")),
                sentence=f"Two rules decide '{decides}' in the same case: '{one.id}' and "
                f"'{other.id}' both hold{told}.",
                help="Let one of them test more, or say which outranks the other.",
            )


def _witness(program: Program, first: EngineRule, second: EngineRule) -> dict[str, str] | None:
    """Return a case in which both rules hold, by trying those that their facts rest on."""
    together = {
        fact: first.when.get(fact, frozenset(words)) & second.when.get(fact, frozenset(words))
        for fact, words in program.facts.items()
    }
    needed = {fact for rule in (first, second) for fact in rule.when}
    grown = True
    while grown:
        grown = False
        for rule in program.rules:
            if rule.concludes and rule.concludes[0] in needed and not needed.issuperset(rule.when):
                needed |= set(rule.when)
                grown = True
    given = [fact for fact in program.words if fact in needed]
    rest = {fact: words[0] for fact, words in program.words.items()}
    reference = ReferenceEngine(program)
    cases = product(*(sorted(together[fact]) for fact in given))
    for case in islice(cases, _MOST_CASES):
        words = {**rest, **dict(zip(given, case, strict=True))}
        found = reference.evaluate(words)
        if {first.id, second.id} <= found.fired:
            return {**words, **found.decided}
    return None


def says_case(draft: Draft, case: Mapping[str, str], tested: Iterable[str]) -> str:
    """Return the facts of a case that matter, in the vocabulary's own sentences."""
    told = [
        each.words[case[each.id]]
        for each in _terms(draft)
        if each.id in set(tested) and each.id in case
    ]
    told += [
        f"reading {each.id} is '{case[each.id]}'"
        for each in draft.readings
        if each.id in set(tested) and each.id in case and case[each.id] != each.ours
    ]
    return ", and ".join(told)


def notices_of(draft: Draft) -> Iterator[Problem]:
    """Yield what is not wrong, but what somebody should know before relying on the ruleset."""
    carried = {each for rule, _, _ in draft.rules for each in rule.statements}
    source = draft.sources["statements"]
    for at, statement in enumerate(draft.statements):
        if statement.id not in carried and not statement.no_rule:
            yield Problem(
                place=source.place(("statements", at, "id")),
                sentence=f"No rule carries the statement '{statement.id}'.",
                help="Write a rule, or say 'no_rule' and 'because'.",
            )
    program = _program(draft)
    for at, outcome in enumerate(draft.vocabulary.outcomes):
        boxes = [
            rule.when
            for rule in program.rules
            if rule.concludes and rule.concludes[0] == outcome.id
        ]
        tested = {fact for box in boxes for fact in box}
        words = {fact: each for fact, each in program.facts.items() if fact in tested}
        hole = uncovered(boxes, words)
        if hole is not None:
            case = says_case(draft, hole, tested)
            yield Problem(
                place=draft.sources["vocabulary"].place(("outcomes", at, "id")),
                sentence=f"No rule decides '{outcome.id}'{f' when {case}' if case else ''}.",
                help="Such a case is left for people to decide, until there is a rule for it.",
            )
