"""The logic of a ruleset: what is claimed twice, in a circle, or more strongly than it is said."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from ncpi_rules import engine
from ncpi_rules.core import Basis, Problem, RulesetError
from ncpi_rules.engine import EngineRule, Program, common, overlap
from ncpi_rules.ruleset.rules import DeadlineRule, OutcomeRule, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.core import Modality
    from ncpi_rules.engine import Box, Values
    from ncpi_rules.io import Path_, Source
    from ncpi_rules.ruleset.layout import Draft
    from ncpi_rules.ruleset.model import Fact, Outcome, Statement


def program_of(
    facts: Iterable[Any],
    outcomes: Iterable[Any],
    interpretations: Iterable[Any],
    rules: Iterable[Rule],
) -> Program:
    """Return what a rule engine is given: interpretations are facts whose words are their answers.

    Raises RulesetError where rules wait for each other in a circle.
    """
    rules = sorted(rules, key=lambda each: each.id)
    outranked: dict[str, set[str]] = {}
    for rule in rules:
        for other in rule.outranks:
            outranked.setdefault(other, set()).add(rule.id)
    outcomes = tuple(outcomes)
    return Program(
        values={each.id: tuple(each.values) for each in facts}
        | {each.id: tuple(each.answers) for each in interpretations},
        decided={each.id: tuple(each.values) for each in outcomes},
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


def logic_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what is claimed twice, in a circle, or more strongly than it is said."""
    by_id = {rule.id: (rule, source, path) for rule, source, path in draft.rules}
    try:
        program = _program(draft)
    except RulesetError as fault:
        for problem in fault.problems:
            rule, source, path = by_id[problem.place]
            yield Problem(
                place=source.place((*path, "id")),
                message=problem.message,
                help=problem.help,
                code="circle",
            )
        return
    yield from _overlaps(draft, program)
    statements = {each.id: each for each in draft.statements}
    for rule, source, path in draft.rules:
        if not rule.statements:
            yield Problem(
                place=source.place((*path, "statements")),
                message=f"The rule '{rule.id}' cites no statement.",
                help="Cite at least one: whatever a plan says has a source.",
                code="citation",
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
        draft.interpretations,
        (rule for rule, _, _ in draft.rules),
    )


def strongest_said(rule: Rule, statements: Mapping[str, Statement]) -> Modality | None:
    """Return how strongly the statements of a rule speak at most, or None where none asks."""
    said = [statements[each].modality for each in rule.statements if each in statements]
    return max((each for each in said if each), key=lambda each: each.strength, default=None)


def _upgrades(
    rule: Rule, source: Source, path: Path_, statements: Mapping[str, Statement]
) -> Iterator[Problem]:
    modality = getattr(rule, "modality", None)
    if modality is None or not rule.statements:
        return
    if isinstance(rule, OutcomeRule) and rule.basis is not Basis.FOLLOWS:
        return
    strongest = strongest_said(rule, statements)
    place = source.place((*path, "modality"))
    if strongest is None:
        yield Problem(
            place=place,
            message=f"The rule '{rule.id}' says '{modality}', but no statement that it cites asks "
            "for anything.",
            help="Cite the statement that says so.",
            code="too-strong",
        )
    elif modality.strength > strongest.strength:
        yield Problem(
            place=place,
            message=f"The rule '{rule.id}' says '{modality}', but the statements that it cites "
            f"say '{strongest}' at most.",
            help="Write the weaker word, or cite the statement that says more.",
            code="too-strong",
        )


def _standing(draft: Draft, rule: OutcomeRule, source: Source, path: Path_) -> Iterator[Problem]:
    none = next(each.none for each in draft.vocabulary.outcomes if each.id == rule.decides)
    if rule.basis.settles and rule.then == none and rule.basis is Basis.DECIDED:
        yield Problem(
            place=source.place((*path, "basis")),
            message=f"The rule '{rule.id}' says 'decided-by-inspectors' and settles nothing.",
            help=f"Write another word than '{none}' after 'then', or another standing.",
        )
    if not rule.basis.settles and rule.then != none:
        yield Problem(
            place=source.place((*path, "then")),
            message=f"The rule '{rule.id}' settles '{rule.then}', yet its standing is "
            f"'{rule.basis}'.",
            help=f"Write 'then: {none}', or another standing.",
        )


def _own_anchor(rule: DeadlineRule, source: Source, path: Path_) -> Iterator[Problem]:
    if any(bound.anchor == bound.event for bound in rule.bounds):
        yield Problem(
            place=source.place((*path, "event")),
            message=f"The deadline '{rule.id}' counts from the event that it is about.",
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
                message=f"The statement '{statement.id}' has no rule, and no reason is given.",
                help="Say why, in a sentence after 'because'.",
            )
        if statement.no_rule and statement.id in carried:
            yield Problem(
                place=source.place((*path, "no_rule")),
                message=f"The statement '{statement.id}' is said to have no rule, yet the rule "
                f"'{carried[statement.id]}' carries it.",
                help="Take 'no_rule' away, or take the statement out of the rule.",
            )


def _overlaps(draft: Draft, program: Program) -> Iterator[Problem]:
    when = {each.id: each for each in program.rules}
    unique = {decides for _, decides, hit in draft.tables if hit == "unique"}
    ours = {each.id: each.ours for each in draft.interpretations}
    for outcome in draft.vocabulary.outcomes:
        rules = [each for each in draft.rules if getattr(each[0], "decides", None) == outcome.id]
        for (one, _, _), (other, source, path) in combinations(rules, 2):
            first, second = when[one.id], when[other.id]
            if first.id in second.outranked_by or second.id in first.outranked_by:
                continue
            if outcome.id not in unique and _says(one) == _says(other):
                continue
            if overlap(first.when, second.when) is None:
                continue
            holds = engine.regions_of(program).holds
            both = next(common(holds[first.id], holds[second.id]), None)
            if both is None:
                continue
            case = says_case(draft, witness_of(both, program.values, ours), both)
            told = f" when {case}" if case else ", whatever the facts are"
            yield Problem(
                place=source.place((*path, "id")),
                message=f"Two rules decide '{outcome.id}' in the same case: '{one.id}' and "
                f"'{other.id}' both hold{told}.",
                help="Let one of them test more, or say which outranks the other.",
                code="overlap",
            )


def _says(rule: Rule) -> tuple[str, ...]:
    return tuple(str(getattr(rule, name, "")) for name in ("then", "basis", "modality"))


def witness_of(box: Box, values: Values, ours: Mapping[str, str]) -> dict[str, str]:
    """Return a case of a box: our answer to an interpretation where it may be, else the first word.

    Only the facts that the box names are given.
    """
    return {
        fact: ours[fact]
        if ours.get(fact) in allowed
        else next(value for value in values[fact] if value in allowed)
        for fact, allowed in box.items()
    }


def terms_of(draft: Draft) -> tuple[Fact | Outcome, ...]:
    """Return the facts that are given and those that are decided."""
    return *draft.vocabulary.facts, *draft.vocabulary.outcomes


def says_case(draft: Draft, case: Mapping[str, str], tested: Iterable[str]) -> str:
    """Return the facts of a case that matter, in the vocabulary's own sentences."""
    told = [
        each.values[case[each.id]]
        for each in terms_of(draft)
        if each.id in set(tested) and each.id in case
    ]
    told += [
        f"interpretation {each.id} is '{case[each.id]}'"
        for each in draft.interpretations
        if each.id in set(tested) and each.id in case and case[each.id] != each.ours
    ]
    return ", and ".join(told)
