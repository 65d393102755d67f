"""Small mistakes in what a rule says of an item: parties, sentences, citations, how strongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from ncpi_rules.core import Modality
from ncpi_rules.ruleset import ActionRule, OutcomeRule
from ncpi_rules.scenarios.nearby import REWRITTEN, neighbours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Rule, Ruleset


def item_changes(ruleset: Ruleset, rule: Rule) -> Iterator[tuple[str, str, str, Rule]]:
    """Yield a rule with each small mistake in what it says: kind, detail, sentence, rule."""
    yield from _parties(ruleset, rule)
    for name in ("title", "extent", "ask", "alert"):
        if _is_first(ruleset, rule, name):
            changes: dict[str, Any] = {name: REWRITTEN}
            text = f"the {name} of {rule.full_name} was rewritten"
            yield "sentence", name, text, evolve(rule, **changes)
    for name in ("statements", "rests_on"):
        yield from _citations(ruleset, rule, name)
    if isinstance(rule, OutcomeRule) and _is_first(ruleset, rule, "modality"):
        yield from modalities(rule, rule.modality)
    if _is_first(ruleset, rule, "completes"):
        event = getattr(rule, "completes", "")
        changes = {"completes": ""}
        text = f"'completes: {event}' was removed from {rule.full_name}"
        yield "completes", event, text, evolve(rule, **changes)


def modalities(rule: Rule, modality: Modality) -> Iterator[tuple[str, str, str, Rule]]:
    """Yield a rule that speaks one step more or less strongly."""
    for other in neighbours(modality, tuple(Modality)):
        text = f"'modality: {modality}' of {rule.full_name} was changed to '{other}'"
        changes: dict[str, Any] = {"modality": other}
        yield "modality", other, text, evolve(rule, **changes)


def _parties(ruleset: Ruleset, rule: Rule) -> Iterator[tuple[str, str, str, Rule]]:
    """Yield a rule with another party in each place, and with one fewer that takes part."""
    parties = tuple(ruleset.parties)
    for name in ("by", "of"):
        if len(parties) > 1 and _is_first(ruleset, rule, name):
            party = getattr(rule, name)
            other = parties[(parties.index(party) + 1) % len(parties)]
            text = f"'{name}: {party}' of {rule.full_name} was changed to '{other}'"
            changes: dict[str, Any] = {name: other}
            yield "party", f"{name}/{other}", text, evolve(rule, **changes)
    if not (isinstance(rule, ActionRule) and _is_first(ruleset, rule, "to")):
        return
    for party in rule.to:
        text = f"'{party}' was taken out of 'to' of {rule.full_name}"
        rest = tuple(other for other in rule.to if other != party)
        yield "party", f"to/{party}", text, evolve(rule, to=rest)


def _citations(ruleset: Ruleset, rule: Rule, name: str) -> Iterator[tuple[str, str, str, Rule]]:
    """Yield a rule without each thing that it cites; one statement must stay."""
    cited: tuple[str, ...] = getattr(rule, name)
    for id_ in cited if name == "rests_on" or len(cited) > 1 else ():
        before = (case for case in ruleset.cases[rule.rule] if id_ in getattr(case, name))
        if next(before).id == rule.id:  # it is written once for all cases
            text = f"'{id_}' was taken out of '{name}' of {rule.full_name}"
            changes: dict[str, Any] = {name: tuple(other for other in cited if other != id_)}
            yield "citation", f"{name}/{id_}", text, evolve(rule, **changes)


def _is_first(ruleset: Ruleset, rule: Rule, name: str) -> bool:
    """Return True for the first case of a rule that says something: it is written once for all."""
    said = getattr(rule, name, "")
    cases = ruleset.cases[rule.rule]
    return bool(said) and next(case for case in cases if getattr(case, name) == said).id == rule.id
