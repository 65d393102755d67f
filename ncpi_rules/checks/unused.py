"""Statements without a rule, names that nothing uses, values that no rule distinguishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.checks.findings import Finding
from ncpi_rules.ruleset import SECTIONS, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.checks.analysis import RulesetAnalysis

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
