"""The mutants of a ruleset: each is the ruleset with one small mistake in it.

They are made from the rules as objects; no file is written. The same ruleset always has
the same mutants in the same order: by rule, then interpretations and choices.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, field, frozen

from ncpi_rules.core import FURTHER, Basis, Selection
from ncpi_rules.ruleset import (
    ANSWERED,
    Choice,
    DeadlineRule,
    DocumentRule,
    Fact,
    Guarantee,
    Interpretation,
    OutcomeRule,
    Rule,
    Ruleset,
    evolve_beside_logic,
    interpretation_order,
    write_rule,
)
from ncpi_rules.scenarios.guarantee_mutants import weaker_guarantees
from ncpi_rules.scenarios.hit_mutants import HitPolicy, other_policies
from ncpi_rules.scenarios.item_mutants import item_changes, modalities
from ncpi_rules.scenarios.limit_mutants import limit_changes
from ncpi_rules.scenarios.nearby import near, neighbours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class MutantKind(StrEnum):
    """What kind of mistake a mutant has."""

    CONDITION_DROPPED = "condition-dropped"
    CONDITION_NEGATED = "condition-negated"
    VALUE = "value"
    """A condition has a neighbouring value in place of its own, or one more or one fewer."""
    OUTCOME = "outcome"
    BASIS = "basis"
    NUMBER = "number"
    UNIT = "unit"
    DIRECTION = "direction"
    LIMIT = "limit"
    """A deadline has another kind of limit, such as ``at_least`` for ``within``."""
    LIMIT_DROPPED = "limit-dropped"
    CALENDAR = "calendar"
    MODALITY = "modality"
    PARTY = "party"
    """Somebody else does it, owes it, is asked for it, or takes part."""
    SENTENCE = "sentence"
    """A title, a question, an alert or an extent says something else."""
    CITATION = "citation"
    """A statement or an open question is no longer named."""
    COMPLETES = "completes"
    """No event shows any longer that it is done."""
    FACT = "fact"
    """A fact has another value where nothing is known of it, or where it is left out."""
    RULE_DROPPED = "rule-dropped"
    OVERRIDE_DROPPED = "override-dropped"
    CHOICE = "choice"
    INTERPRETATION = "interpretation"
    HIT = "hit"
    """Another number of the rules that decide an outcome may apply at once."""
    GUARANTEE = "guarantee"
    """A guarantee rules out less, or nothing."""


Change: TypeAlias = tuple[MutantKind, str, str, Rule]
"""The kind, what tells it from others of its kind, the sentence, and the changed rule."""


@frozen(kw_only=True)
class Mutant:
    """One small mistake, with a description of the change and what replaces the original.

    ``of`` names the rule, the guarantee, the outcome or whatever else is changed; ``changed`` is
    what takes its place, or None where the rule or the guarantee was removed.
    """

    id: str
    kind: MutantKind
    of: str
    place: str
    description: str
    changed: Rule | Interpretation | Choice | Fact | Guarantee | HitPolicy | None = field(
        repr=False, eq=False
    )

    @property
    def is_of_rule(self) -> bool:
        """Return True where a rule was changed or taken away."""
        return self.kind is not MutantKind.GUARANTEE and isinstance(self.changed, Rule | None)

    def made_of(self, ruleset: Ruleset) -> Ruleset:
        """Return the ruleset with the mistake in it."""
        if self.is_of_rule:
            return self._with_rule(ruleset)
        match self.changed:
            case HitPolicy():
                return self.changed.of(ruleset)
            case Fact():
                return ruleset.evolve(
                    facts=MappingProxyType({**ruleset.facts, self.of: self.changed})
                )
            case Choice():
                name = "choices"
            case Interpretation():
                name = "interpretations"
            case _:
                name = "guarantees"
        left = {**getattr(ruleset, name), self.of: self.changed}
        entries = {id_: entry for id_, entry in left.items() if entry is not None}
        return evolve_beside_logic(ruleset, **{name: MappingProxyType(entries)})

    def _with_rule(self, ruleset: Ruleset) -> Ruleset:
        if not isinstance(self.changed, Rule):
            rules = {
                id_: _not_outranking(rule, self.of)
                for id_, rule in ruleset.rules.items()
                if id_ != self.of
            }
            return ruleset.evolve(rules=MappingProxyType(rules))
        rules = {**ruleset.rules, self.of: self.changed}
        same = not _for_engine(self.changed, ruleset.rules[self.of])
        change = evolve_beside_logic if same else Ruleset.evolve
        return change(ruleset, rules=MappingProxyType(rules))


def _for_engine(before: Rule, after: Rule) -> bool:
    """Return True where a rule engine would be given something else."""
    first, second = (
        (rule.when, rule.under, rule.outranks, getattr(rule, "then", ""))
        for rule in (before, after)
    )
    return first != second


def _not_outranking(rule: Rule, other: str) -> Rule:
    if other not in rule.outranks:
        return rule
    return evolve(rule, outranks=tuple(id_ for id_ in rule.outranks if id_ != other))


def mutants_of(ruleset: Ruleset) -> tuple[Mutant, ...]:
    """Return the mutants of a ruleset, each different from all others and from the ruleset.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> print(mutants_of(shipped_ruleset())[0].description)
    the rule action.action-plan where action-plan is not-required was removed
    """
    return (
        *(mutant for rule in ruleset.rules.values() for mutant in _of_rule(ruleset, rule)),
        *(
            mutant
            for id_ in _interpretations(ruleset)
            for mutant in _of_interpretation(ruleset, id_)
        ),
        *(mutant for id_ in ruleset.facts for mutant in _of_fact(ruleset, id_)),
        *(mutant for name in ANSWERED for mutant in _of_choice(ruleset, name)),
        *(
            Mutant(
                id=f"{outcome}/{MutantKind.HIT}/{hit.policy}",
                kind=MutantKind.HIT,
                of=outcome,
                place=ruleset.places.get(f"outcomes.{outcome}", ""),
                description=f"'hit: {ruleset.hits[outcome]}' of {outcome} was changed to "
                f"'{hit.policy}'",
                changed=hit,
            )
            for outcome in ruleset.hits
            for hit in other_policies(ruleset, outcome)
        ),
        *(
            Mutant(
                id=f"{id_}/{MutantKind.GUARANTEE}/{detail}",
                kind=MutantKind.GUARANTEE,
                of=id_,
                place=guarantee.place,
                description=f"the guarantee {id_} {text}",
                changed=weaker,
            )
            for id_, guarantee in ruleset.guarantees.items()
            for detail, text, weaker in weaker_guarantees(guarantee, ruleset)
        ),
    )


def _of_rule(ruleset: Ruleset, rule: Rule) -> Iterator[Mutant]:
    mutant = Mutant(
        id=f"{rule.id}/{MutantKind.RULE_DROPPED}",
        kind=MutantKind.RULE_DROPPED,
        of=rule.id,
        place=rule.place,
        description=f"the rule {rule.full_name} was removed",
        changed=None,
    )
    yield mutant
    seen = [write_rule(rule)]
    for kind, detail, text, changed in _changes(ruleset, rule):
        content = write_rule(changed)
        if content not in seen:
            seen.append(content)
            id_ = f"{rule.id}/{kind}/{detail}"
            yield evolve(mutant, id=id_, kind=kind, description=text, changed=changed)


def _changes(ruleset: Ruleset, rule: Rule) -> Iterator[Change]:
    known = {
        **{id_: tuple(fact.values) for id_, fact in ruleset.facts.items()},
        **{id_: tuple(outcome.values) for id_, outcome in ruleset.outcomes.items()},
        **{id_: tuple(question.answers) for id_, question in ruleset.interpretations.items()},
    }
    for part in ("when", "under"):
        yield from _conditions(rule, part, known)
    for other in rule.outranks:
        text = f"{rule.full_name} no longer outranks {other}"
        yield MutantKind.OVERRIDE_DROPPED, other, text, _not_outranking(rule, other)
    if isinstance(rule, OutcomeRule):
        yield from _outcomes(ruleset, rule)
    elif hasattr(rule, "modality"):
        for kind, detail, text, item in modalities(rule, rule.modality):
            yield MutantKind(kind), detail, text, item
    for kind, detail, text, item in item_changes(ruleset, rule):
        yield MutantKind(kind), detail, text, item
    if isinstance(rule, DeadlineRule):
        for kind, detail, text, deadline in limit_changes(rule, ruleset.calendars):
            yield MutantKind(kind), detail, text, deadline


def _conditions(rule: Rule, part: str, known: Mapping[str, tuple[str, ...]]) -> Iterator[Change]:
    tests: Mapping[str, tuple[str, ...]] = getattr(rule, part)
    for fact, values in tests.items():
        condition = _describe(fact, values)
        without = {name: allowed for name, allowed in tests.items() if name != fact}
        yield (
            MutantKind.CONDITION_DROPPED,
            fact,
            f"the condition '{condition}' was removed from {rule.full_name}",
            _with(rule, part, without),
        )
        order = known[fact]
        opposite = tuple(value for value in order if value not in values)
        listed = [(MutantKind.CONDITION_NEGATED, opposite)] if opposite else []
        listed += [(MutantKind.VALUE, changed) for changed in near(values, order)]
        for kind, changed in listed:
            new = _describe(fact, changed)
            yield (
                kind,
                new,
                f"the condition '{condition}' of {rule.full_name} was changed to '{new}'",
                _with(rule, part, {**tests, fact: changed}),
            )


def _with(rule: Rule, part: str, tests: Mapping[str, tuple[str, ...]]) -> Rule:
    return evolve(rule, when=tests) if part == "when" else evolve(rule, under=tests)


def _describe(fact: str, values: tuple[str, ...]) -> str:
    return f"{fact}: {values[0] if len(values) == 1 else '[' + ', '.join(values) + ']'}"


def _outcomes(ruleset: Ruleset, rule: OutcomeRule) -> Iterator[Change]:
    outcome = ruleset.outcomes[rule.decides]
    for value in (*neighbours(rule.then, tuple(outcome.values)), outcome.none):
        text = f"the outcome of {rule.full_name} was changed from '{rule.then}' to '{value}'"
        yield MutantKind.OUTCOME, value, text, evolve(rule, then=value)
    for basis in Basis:
        text = f"the basis of {rule.full_name} was changed from '{rule.basis}' to '{basis}'"
        yield MutantKind.BASIS, basis, text, evolve(rule, basis=basis)


def _interpretations(ruleset: Ruleset) -> list[str]:
    return sorted(ruleset.interpretations, key=interpretation_order)


def _of_interpretation(ruleset: Ruleset, id_: str) -> Iterator[Mutant]:
    interpretation = ruleset.interpretations[id_]
    for answer in interpretation.answers:
        if answer != interpretation.ours:
            yield Mutant(
                id=f"{id_}/{MutantKind.INTERPRETATION}/{answer}",
                kind=MutantKind.INTERPRETATION,
                of=id_,
                place=ruleset.places.get(f"interpretations.{id_}", ""),
                description=f"our answer to interpretation {id_} was changed from "
                f"'{interpretation.ours}' to '{answer}'",
                changed=evolve(interpretation, ours=answer),
            )


def _of_fact(ruleset: Ruleset, id_: str) -> Iterator[Mutant]:
    """Yield a fact with another value for unknown, or for what is left out, in its place."""
    fact = ruleset.facts[id_]
    # A record that a follow-up has a place for is there or not, whatever is left out of a case.
    for name in ("unknown", "left_out") if fact.source == FURTHER else ("unknown",):
        before = getattr(fact, name)
        for value in neighbours(before, tuple(fact.values)) if before else ():
            changes: dict[str, Any] = {name: value}
            yield Mutant(
                id=f"{id_}/{MutantKind.FACT}/{name}/{value}",
                kind=MutantKind.FACT,
                of=id_,
                place=ruleset.places.get(f"facts.{id_}", ""),
                description=f"'{name}: {before}' of the fact {id_} was changed to '{value}'",
                changed=evolve(fact, **changes),
            )


def _come_to_the_same(ruleset: Ruleset, choices: set[str]) -> bool:
    """Return whether two choices are the same here: none suggested, where nothing prompts any."""
    prompts = any(rule.prompted_by for rule in ruleset.of_kind(DocumentRule))
    return not prompts and choices == {Selection.NONE, Selection.WHERE_PROMPTED}


def _of_choice(ruleset: Ruleset, name: str) -> Iterator[Mutant]:
    chosen = ruleset.choices.get(name) or Choice(id=name, title="", choice=ruleset.choice(name))
    for other in ANSWERED[name]:
        if other != chosen.choice and not _come_to_the_same(ruleset, {chosen.choice, other.value}):
            yield Mutant(
                id=f"{name}/{MutantKind.CHOICE}/{other}",
                kind=MutantKind.CHOICE,
                of=name,
                place=ruleset.places.get(f"choices.{name}", "parameters.yaml"),
                description=f"the choice '{name}: {chosen.choice}' was changed to '{other}'",
                changed=evolve(chosen, choice=other.value),
            )
