"""Names that nothing uses, words that no rule tells apart, statements that no rule carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.checks.findings import Finding, Ground
from ncpi_rules.ruleset import SECTIONS, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_USED_BY_RULES: Final = {
    kind: section for kind, section in SECTIONS.items() if kind not in {"fact", "outcome"}
}


def uncarried_findings(ground: Ground) -> Iterator[Finding]:
    """Yield the statements that have neither a rule nor a reason why not."""
    rules = ground.ruleset.rules.values()
    carried = {each for rule in rules for each in rule.statements}
    for id_, statement in ground.ruleset.statements.items():
        if id_ not in carried and not statement.no_rule:
            yield Finding(
                code="statement-without-rule",
                place=ground.place(f"statements.{id_}"),
                message=f"No rule carries the statement '{id_}'.",
                help="Write a rule, or say 'no_rule' and 'because'.",
            )


def unused_findings(ground: Ground) -> Iterator[Finding]:
    """Yield what the vocabulary names and nothing uses."""
    yield from _facts(ground)
    ruleset = ground.ruleset
    used: dict[str, set[str]] = {kind: set() for kind in _USED_BY_RULES}
    used["event"].add(ruleset.settings.selected_by)
    used["event"].update(ruleset.facts)  # an event may be a fact as well
    for rule in ruleset.rules.values():
        for _, kind, names in names_in(rule):
            used.setdefault(kind, set()).update(names)
    for kind, key in _USED_BY_RULES.items():
        for id_ in getattr(ruleset, key):
            if id_ not in used[kind]:
                yield Finding(
                    code="never-used",
                    place=ground.place(f"{key}.{id_}"),
                    message=f"No rule uses the {kind} '{id_}'.",
                    help="Write a rule that does, or take it away.",
                )


def _facts(ground: Ground) -> Iterator[Finding]:
    tests: dict[str, set[frozenset[str]]] = {}
    for rule in ground.program.rules:
        for name, values in rule.when.items():
            tests.setdefault(name, set()).add(values)
    for id_, fact in ground.ruleset.facts.items():
        if id_ not in tests:
            yield Finding(
                code="fact-never-tested",
                place=ground.place(f"facts.{id_}"),
                message=f"No rule tests the fact '{id_}'.",
                help="Write a rule that does, or take it away.",
            )
            continue
        # What nobody has told us needs a word of its own, even where nothing turns on it; and words
        # that some rules name together, and others leave out together, are so by intention.
        alike: dict[frozenset[frozenset[str]], list[str]] = {}
        for value in fact.values:
            if value not in {fact.unknown, fact.left_out}:
                naming = frozenset(values for values in tests[id_] if value in values)
                alike.setdefault(naming, []).append(value)
        for naming, together in alike.items():
            if len(together) > 1 and naming in (frozenset(), tests[id_]):
                yield Finding(
                    code="values-not-told-apart",
                    place=ground.place(f"facts.{id_}.{together[1]}"),
                    message=f"No rule tells these words of '{id_}' apart: {', '.join(together)}.",
                    help="Let some rule test one without the other, or make them one word.",
                )
