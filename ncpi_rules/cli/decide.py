"""The command ``decide``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.cli.options import AS_PUBLISHED, EngineName, RulesOptions, pairs
from ncpi_rules.cli.output import GOOD, refuse, show_lines
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import decide as decide_case
from ncpi_rules.ruleset import edition_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.ruleset import Decision, Rule


def decide(*value: str, options: RulesOptions = AS_PUBLISHED, engine: EngineName = None) -> int:
    """Say what a ruleset decides in one case, given as values of facts.

    :param value: A fact and its value, such as findings=broadly-positive; every other fact is
    unknown.
    """
    rules, interpretations = options.load(engine)
    values = pairs(value, "a fact and its value, such as findings=broadly-positive")
    for name in values:
        if name in rules.interpretations:
            refuse(
                f"'{name}' is an interpretation, not a fact.",
                f"Write: --interpretation {name}=ANSWER",
            )
    decision = decide_case(rules, values, interpretations=interpretations, engine=engine)
    show_lines(_describe_decision(decision, values))
    return GOOD


def _describe_decision(decision: Decision, names: Iterable[str]) -> Iterator[str]:
    """Yield what is decided in a case and which rules apply; ``names`` are the facts stated."""
    settings, facts = decision.ruleset.settings, decision.ruleset.facts
    edition = edition_title(decision.ruleset)
    yield from wrapped(f"{settings.title}, edition {edition} ({settings.id}/{settings.edition})")
    yield from ("", "THE CASE")
    for name, fact in facts.items():
        value = fact.values[decision.values[name]]
        yield from _entry(value if name in names else f"{value} (not stated)", name)
    yield from ("", "WHAT IS DECIDED")
    for name, decided in decision.outcomes.items():
        outcome = decision.ruleset.outcomes[name]
        value = outcome.values[decided.value or outcome.none]
        sentence = f"{outcome.title}: {value} ({decided.basis.label})"
        yield from _entry(sentence, ", ".join(decided.rule_ids))
    applicable = decision.applicable
    kinds: tuple[tuple[str, Sequence[Rule]], ...] = (
        ("Required actions", applicable.required_actions),
        ("Optional actions (not chosen)", applicable.optional_actions),
        ("Documents", applicable.documents),
        ("Deadlines", applicable.deadlines),
        ("Questions", applicable.questions),
        ("Alerts", applicable.alerts),
    )
    for heading, rules in kinds:
        if rules:
            yield from ("", heading.upper())
        for rule in rules:
            yield from _entry(rule.title, rule.rule)


def _entry(sentence: str, id_: str) -> Iterator[str]:
    reference = f" [{id_}]" if id_ else ""
    yield from wrapped(f"{sentence[:1].upper()}{sentence[1:]}{reference}", first="- ", rest="  ")
