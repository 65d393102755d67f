"""The logic of a ruleset: overlapping rules, circles, and claims stronger than their source."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from ncpi_rules.core import Basis, Problem, RulesetError
from ncpi_rules.engine import EngineRule, Program, common, meet, regions_of
from ncpi_rules.ruleset.cases import parted
from ncpi_rules.ruleset.rule_files import ANY
from ncpi_rules.ruleset.rules import DeadlineRule, OutcomeRule, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.core import Modality
    from ncpi_rules.engine import Box, Values
    from ncpi_rules.io import Plain, Source
    from ncpi_rules.ruleset.layout import Draft
    from ncpi_rules.ruleset.model import Ruleset, Statement
    from ncpi_rules.ruleset.vocabulary import Fact, Outcome


def program_of(
    facts: Iterable[Any],
    outcomes: Iterable[Any],
    interpretations: Iterable[Any],
    rules: Iterable[Rule],
) -> Program:
    """Return the program for a rule engine: interpretations are facts, their answers the values.

    Raises RulesetError where rules wait for each other in a circle.
    """
    rules = sorted(rules, key=lambda rule: rule.id)
    outranked: dict[str, set[str]] = {}
    for rule in rules:
        for other in rule.outranks:
            outranked.setdefault(other, set()).add(rule.id)
    outcomes = tuple(outcomes)
    return Program(
        values={fact.id: tuple(fact.values) for fact in facts}
        | {question.id: tuple(question.answers) for question in interpretations},
        decided={outcome.id: tuple(outcome.values) for outcome in outcomes},
        otherwise={outcome.id: outcome.none for outcome in outcomes},
        rules=[
            EngineRule(
                id=rule.id,
                when=rule.tests,
                concludes=(rule.decides, rule.then) if isinstance(rule, OutcomeRule) else None,
                outranked_by=outranked.get(rule.id, ()),
            )
            for rule in rules
        ],
    )


def program_for(ruleset: Ruleset) -> Program:
    """Return what a ruleset gives to an engine, made on first use and kept with the ruleset."""
    return ruleset.derive(ruleset_program)


def ruleset_program(ruleset: Ruleset) -> Program:
    """Return what a ruleset gives to an engine, made anew."""
    return program_of(
        ruleset.facts.values(),
        ruleset.outcomes.values(),
        ruleset.interpretations.values(),
        ruleset.rules.values(),
    )


def share_program(draft: Draft, ruleset: Ruleset) -> None:
    """Let the ruleset made of a draft have the program by which the draft was checked."""
    program = draft.derived.get(_draft_program)
    if program is not None:
        ruleset.derived.remember(ruleset_program, program)


def _draft_program(draft: Draft) -> Program:
    return program_of(
        draft.vocabulary.facts,
        draft.vocabulary.outcomes,
        draft.interpretations,
        (rule for rule, _ in draft.rules),
    )


def logic_problems(draft: Draft) -> Iterator[Problem]:
    """Yield overlaps, circles, and claims that are stronger than the statements cited."""
    by_id = {rule.id: (rule, source) for rule, source in draft.rules}
    try:
        program = draft.derived.remember(_draft_program, _draft_program(draft))
    except RulesetError as fault:
        for problem in fault.problems:
            rule, source = by_id[problem.place]
            yield Problem(
                place=source.place(("id",)),
                message=problem.message,
                help=problem.help,
                code="circle",
            )
        return
    yield from _overlap_problems(draft, program)
    statements = {statement.id: statement for statement in draft.statements}
    for rule, source in draft.rules:
        if not rule.statements:
            yield Problem(
                place=source.place(("statements",)),
                message=f"The rule '{rule.rule}' cites no statement.",
                help="Cite at least one: whatever a plan says has a source.",
                code="citation",
            )
        yield from _modality_problems(rule, source, statements)
        if isinstance(rule, OutcomeRule):
            yield from _basis_problems(draft, rule, source)
        if isinstance(rule, DeadlineRule) and any(
            bound.anchor == bound.event for bound in rule.bounds
        ):
            yield Problem(
                place=source.place(("event",)),
                message=f"The deadline '{rule.rule}' counts from the event that it is about.",
                help="Count from another event.",
            )
    yield from _statement_problems(draft)


def strongest_modality(rule: Rule, statements: Mapping[str, Statement]) -> Modality | None:
    """Return the strongest modality of the statements that a rule cites, or None without any."""
    cited = [statements[name].modality for name in rule.statements if name in statements]
    modalities = [modality for modality in cited if modality is not None]
    return max(modalities, key=lambda modality: modality.strength, default=None)


def _modality_problems(
    rule: Rule, source: Source, statements: Mapping[str, Statement]
) -> Iterator[Problem]:
    modality = getattr(rule, "modality", None)
    if modality is None or not rule.statements:
        return
    if isinstance(rule, OutcomeRule) and rule.basis is not Basis.FOLLOWS:
        return
    strongest = strongest_modality(rule, statements)
    if strongest is None:
        yield Problem(
            place=source.place(("modality",)),
            message=f"The rule '{rule.rule}' says '{modality}', but no statement that it cites "
            "asks for anything.",
            help="Cite the statement that says so.",
            code="too-strong",
        )
    elif modality.strength > strongest.strength:
        yield Problem(
            place=source.place(("modality",)),
            message=f"The rule '{rule.rule}' says '{modality}', but the statements that it cites "
            f"say '{strongest}' at most.",
            help="Write the weaker modality, or cite the statement that says more.",
            code="too-strong",
        )


def _basis_problems(draft: Draft, rule: OutcomeRule, source: Source) -> Iterator[Problem]:
    none = next(outcome.none for outcome in draft.vocabulary.outcomes if outcome.id == rule.decides)
    if rule.then == none and rule.basis is Basis.DECIDED:
        yield Problem(
            place=source.place(("basis",)),
            message=f"The rule '{rule.rule}' says 'decided-by-inspectors' and settles nothing.",
            help=f"Write another value than '{none}' after 'then', or another basis.",
        )
    if not rule.basis.settles and rule.then != none:
        yield Problem(
            place=source.place(("then",)),
            message=f"The rule '{rule.rule}' settles '{rule.then}', yet its basis is "
            f"'{rule.basis}'.",
            help=f"Write 'then: {none}', or another basis.",
        )


def _statement_problems(draft: Draft) -> Iterator[Problem]:
    rule_of = {name: rule.rule for rule, _ in draft.rules for name in rule.statements}
    source = draft.sources["statements"]
    for at, statement in enumerate(draft.statements):
        place = source.place(("statements", at, "no_rule"))
        if statement.no_rule and not statement.because:
            yield Problem(
                place=place,
                message=f"The statement '{statement.id}' has no rule, and no reason is given.",
                help="Say why, in a sentence after 'because'.",
            )
        if statement.no_rule and statement.id in rule_of:
            yield Problem(
                place=place,
                message=f"The statement '{statement.id}' is said to have no rule, yet the rule "
                f"'{rule_of[statement.id]}' implements it.",
                help="Take 'no_rule' away, or take the statement out of the rule.",
            )


def _overlap_problems(draft: Draft, program: Program) -> Iterator[Problem]:
    by_id = {rule.id: rule for rule in program.rules}
    unique = {decides for _, decides, hit in draft.tables if hit in {"unique", "first"}}
    ours = {question.id: question.ours for question in draft.interpretations}
    for outcome in draft.vocabulary.outcomes:
        rules = [
            (rule, source)
            for rule, source in draft.rules
            if isinstance(rule, OutcomeRule) and rule.decides == outcome.id
        ]
        for (rule, _), (other, source) in combinations(rules, 2):
            first, second = by_id[rule.id], by_id[other.id]
            if first.id in second.outranked_by or second.id in first.outranked_by:
                continue
            if outcome.id not in unique and _conclusion(rule) == _conclusion(other):
                continue
            tests = meet(first.when, second.when)
            if tests is None or not regions_of(program).over_given_facts(tests):
                continue
            applies = regions_of(program).applies
            both = next(common(applies[first.id], applies[second.id]), None)
            if both is None:
                continue
            case = _describe_case(draft, witness_of(both, program.values, ours))
            where = f" when {case}" if case else ", whatever the facts are"
            yield Problem(
                place=source.place(("id",)),
                message=f"Two rules decide '{outcome.id}' in the same case: '{rule.rule}' and "
                f"'{other.rule}' both apply{where}.",
                help="Let one of them test more, or say which outranks the other.",
                code="overlap",
            )


def _conclusion(rule: OutcomeRule) -> tuple[str, ...]:
    return rule.then, rule.basis, rule.modality


def witness_of(box: Box, values: Values, ours: Mapping[str, str]) -> dict[str, str]:
    """Return a case of a box: our answer to an interpretation where it has it, else the first.

    The case gives the facts that the box names, and no others.
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


def _describe_case(draft: Draft, case: Mapping[str, str]) -> str:
    """Return the facts of a case in the vocabulary's own sentences."""
    parts = [term.values[case[term.id]] for term in terms_of(draft) if term.id in case]
    parts += [
        f"interpretation {question.id} is '{case[question.id]}'"
        for question in draft.interpretations
        if case.get(question.id, question.ours) != question.ours
    ]
    return ", and ".join(parts)


def answer_problems(draft: Draft) -> Iterator[Problem]:
    """Yield the answers to open questions that no rule and no parameter names, though some do."""
    named = {
        (id_, answer)
        for rule, _ in draft.rules
        for id_, answers in rule.under.items()
        for answer in answers
    }
    for source in [*(table for table, _, _ in draft.tables), draft.sources.get("parameters")]:
        named.update(_answers_in(None if source is None else source.data))
    chosen = {choice.choice for choice in draft.choices}
    asked = {id_ for id_, _ in named} - chosen  # one that none asks changes nothing: found apart
    for at, question in enumerate(draft.interpretations):
        for answer in question.answers if question.id in asked else ():
            if not {(question.id, answer), (question.id, ANY)} & named:
                place = draft.sources["interpretations"].place(
                    ("interpretations", at, "answers", answer), key=True
                )
                yield Problem(
                    place=place,
                    message=f"No rule and no parameter names the answer '{answer}' to "
                    f"{question.id}.",
                    help="Say in a rule what follows under it, or take the answer away.",
                    code="answer-left-out",
                )


def _answers_in(data: Plain) -> Iterator[tuple[str, str]]:
    """Yield each answer for which a block says something, be it that a rule does not apply."""
    blocks = [data]
    while blocks:
        block = blocks.pop()
        if isinstance(block, list):
            blocks.extend(block)
        elif isinstance(block, dict):
            blocks.extend(block.values())
            if isinstance(table := block.get("table"), dict):  # a cell may stand for every answer
                for row in table["rows"].values():
                    cells = zip(table["columns"], row, strict=True)
                    yield from ((name, ANY) for name, cell in cells if cell == ANY)
            if isinstance(under := block.get("under"), dict):
                for id_, answers in under.items():
                    if isinstance(answers, dict):
                        yield from ((id_, answer) for key in answers for answer in parted(key))
