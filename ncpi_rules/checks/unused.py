"""Statements without a rule, names that nothing uses, values that no rule distinguishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.checks.findings import Finding
from ncpi_rules.ruleset import SECTIONS, SETTINGS, names_in, parted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.checks.analysis import RulesetAnalysis
    from ncpi_rules.io import Plain

_TERMS: Final = {
    term: section for term, section in SECTIONS.items() if term not in {"fact", "outcome"}
}


def statement_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield the statements that have neither a rule nor a reason why not."""
    ruleset = analysis.ruleset
    cited = {id_ for rule in ruleset.rules.values() for id_ in rule.statements}
    for id_, statement in ruleset.statements.items():
        if id_ not in cited and not statement.no_rule:
            yield Finding(
                code="statement-without-rule",
                place=analysis.place(f"statements.{id_}"),
                message=f"No rule implements the statement '{id_}'.",
                help="Write a rule, or give the reason under 'no_rule' and 'because'.",
            )


def unused_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield the terms of the vocabulary that nothing uses."""
    yield from _facts(analysis)
    ruleset = analysis.ruleset
    used: dict[str, set[str]] = {term: set() for term in _TERMS}
    # The event that selects the edition is used, and so is an event that is a fact as well.
    used["event"].update([ruleset.settings.selected_by, *ruleset.facts])
    for rule in ruleset.rules.values():
        for _, term, names in names_in(rule):
            used.setdefault(term, set()).update(names)
    defined = {term: (key, getattr(ruleset, key)) for term, key in _TERMS.items()}
    defined["calendar"] = "calendars", ruleset.settings.calendars
    for term, (key, ids) in defined.items():
        for id_ in ids:
            if id_ not in used.get(term, ()):
                yield Finding(
                    code="never-used",
                    place=analysis.place(f"{key}.{id_}"),
                    message=f"No rule uses the {term} '{id_}'.",
                    help="Write a rule that does, or remove it.",
                )


def answer_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield the answers to open questions that no rule, no parameter and no setting names."""
    ruleset = analysis.ruleset
    named = {
        (id_, answer)
        for rule in ruleset.rules.values()
        for id_, answers in rule.under.items()
        for answer in answers
    }
    for file in ruleset.files.values():
        named.update(_answers_in(file.data))
    settled = {getattr(ruleset.settings, name) for name in SETTINGS}
    asked = {id_ for id_, _ in named} - settled  # one that none asks changes nothing: found apart
    for id_, question in ruleset.interpretations.items():
        for answer in question.answers if id_ in asked else ():
            if (id_, answer) not in named:
                yield Finding(
                    code="answer-left-out",
                    place=analysis.place(f"interpretations.{id_}.{answer}"),
                    message=f"No rule, parameter or setting names the answer '{answer}' to {id_}.",
                    help="Say in a rule what follows under it, or take the answer away.",
                )


def _answers_in(data: Plain) -> Iterator[tuple[str, str]]:
    """Yield each answer for which a block says something, be it that a rule does not apply."""
    if isinstance(data, list):
        for inner in data:
            yield from _answers_in(inner)
    elif isinstance(data, dict):
        for id_, answers in data["under"].items() if isinstance(data.get("under"), dict) else ():
            if isinstance(answers, dict):
                yield from ((id_, answer) for key in answers for answer in parted(key))
        for inner in data.values():
            yield from _answers_in(inner)


def _facts(analysis: RulesetAnalysis) -> Iterator[Finding]:
    tests: dict[str, set[frozenset[str]]] = {}
    for rule in analysis.program.rules:
        for name, values in rule.when.items():
            tests.setdefault(name, set()).add(values)
    for id_, fact in analysis.ruleset.facts.items():
        if id_ not in tests:
            yield Finding(
                code="fact-never-tested",
                place=analysis.place(f"facts.{id_}"),
                message=f"No rule tests the fact '{id_}'.",
                help="Write a rule that does, or remove the fact.",
            )
            continue
        # "Unknown" needs a value of its own even where no rule tests it; and values that some rules
        # name together, and others leave out together, are alike on purpose.
        alike: dict[frozenset[frozenset[str]], list[str]] = {}
        for value in fact.values:
            if value not in {fact.unknown, fact.left_out}:
                naming = frozenset(values for values in tests[id_] if value in values)
                alike.setdefault(naming, []).append(value)
        for naming, same in alike.items():
            if len(same) > 1 and naming in (frozenset(), tests[id_]):
                yield Finding(
                    code="values-not-told-apart",
                    place=analysis.place(f"facts.{id_}.{same[1]}"),
                    message=f"No rule distinguishes these values of '{id_}': {', '.join(same)}.",
                    help="Let some rule test one without the other, or merge them into one value.",
                )
