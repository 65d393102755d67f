"""The mutants of a ruleset: each is the ruleset with one small mistake in it.

They are made from the rules as objects; no file is written. The same ruleset always has
the same mutants in the same order: by rule, then interpretations and choices.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, field, frozen

from ncpi_rules.core import FURTHER, Basis, Modality
from ncpi_rules.ruleset import (
    ANSWERED,
    ActionRule,
    Choice,
    DeadlineRule,
    Fact,
    Interpretation,
    OutcomeRule,
    Rule,
    Ruleset,
    evolve_beside_logic,
    interpretation_order,
    write_rule,
)
from ncpi_rules.scenarios.limit_mutants import limit_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


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
    """A sentence, a question, an alert or an extent says something else."""
    FACT = "fact"
    """A fact has another value where nothing is known of it, or where it is left out."""
    RULE_DROPPED = "rule-dropped"
    OVERRIDE_DROPPED = "override-dropped"
    CHOICE = "choice"
    INTERPRETATION = "interpretation"


Change: TypeAlias = tuple[MutantKind, str, str, Rule]
"""The kind, what tells it from others of its kind, the sentence, and the changed rule."""


@frozen(kw_only=True)
class Mutant:
    """One small mistake, with a description of the change and what replaces the original.

    ``of`` names the rule, the interpretation or the choice; ``changed`` is what takes its place,
    or None where the rule was removed.
    """

    id: str
    kind: MutantKind
    of: str
    place: str
    description: str
    changed: Rule | Interpretation | Choice | Fact | None = field(repr=False, eq=False)

    @property
    def is_of_rule(self) -> bool:
        """Return True where a rule was changed or taken away."""
        return self.changed is None or isinstance(self.changed, Rule)

    def made_of(self, ruleset: Ruleset) -> Ruleset:
        """Return the ruleset with the mistake in it."""
        match self.changed:
            case Choice():
                choices = MappingProxyType({**ruleset.choices, self.of: self.changed})
                return evolve_beside_logic(ruleset, choices=choices)
            case Interpretation():
                interpretations = {**ruleset.interpretations, self.of: self.changed}
                return evolve_beside_logic(
                    ruleset, interpretations=MappingProxyType(interpretations)
                )
            case Fact():
                return ruleset.evolve(
                    facts=MappingProxyType({**ruleset.facts, self.of: self.changed})
                )
            case None:
                rules = {
                    id_: _not_outranking(rule, self.of)
                    for id_, rule in ruleset.rules.items()
                    if id_ != self.of
                }
                return ruleset.evolve(rules=MappingProxyType(rules))
            case _:
                rules = {**ruleset.rules, self.of: self.changed}
                same = not _for_engine(self.changed, ruleset.rules[self.of])
                change = evolve_beside_logic if same else Ruleset.evolve
                return change(ruleset, rules=MappingProxyType(rules))


def _for_engine(one: Rule, other: Rule) -> bool:
    """Return True where a rule engine would be given something else."""
    first, second = (
        (rule.when, rule.under, rule.outranks, getattr(rule, "then", "")) for rule in (one, other)
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
        **{id_: tuple(one.values) for id_, one in ruleset.facts.items()},
        **{id_: tuple(one.values) for id_, one in ruleset.outcomes.items()},
        **{id_: tuple(one.answers) for id_, one in ruleset.interpretations.items()},
    }
    for part in ("when", "under"):
        yield from _conditions(rule, part, known)
    for other in rule.outranks:
        text = f"{rule.full_name} no longer outranks {other}"
        yield MutantKind.OVERRIDE_DROPPED, other, text, _not_outranking(rule, other)
    if isinstance(rule, OutcomeRule):
        # No plan shows the modality of an outcome, so there is nothing to notice.
        yield from _outcomes(ruleset, rule)
    elif hasattr(rule, "modality"):
        yield from _modalities(rule, rule.modality)
    yield from _parties(ruleset, rule)
    yield from _sentences(ruleset, rule)
    if isinstance(rule, DeadlineRule):
        for kind, detail, text, deadline in limit_changes(rule, ruleset.calendars):
            yield MutantKind(kind), detail, text, deadline


def _conditions(rule: Rule, part: str, known: Mapping[str, tuple[str, ...]]) -> Iterator[Change]:
    tests: Mapping[str, tuple[str, ...]] = getattr(rule, part)
    for fact, values in tests.items():
        condition = _describe(fact, values)
        without = {name: one for name, one in tests.items() if name != fact}
        yield (
            MutantKind.CONDITION_DROPPED,
            fact,
            f"the condition '{condition}' was removed from {rule.full_name}",
            _with(rule, part, without),
        )
        order = known[fact]
        opposite = tuple(value for value in order if value not in values)
        listed = [(MutantKind.CONDITION_NEGATED, opposite)] if opposite else []
        listed += [(MutantKind.VALUE, one) for one in _near(values, order)]
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


def _near(values: tuple[str, ...], order: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the values that stand nearest: one moved, one fewer, or one more beside them."""
    at = [place for place, value in enumerate(order) if value in values]
    beside = {one + action for one in at for action in (-1, 1)} - {*at, -1, len(order)}
    if len(at) == 1:
        yield from ((order[place],) for place in sorted(beside))
        return
    for place in at:
        yield tuple(order[one] for one in at if one != place)
    for place in sorted(beside):
        yield tuple(order[one] for one in sorted({*at, place}))


def _describe(fact: str, values: tuple[str, ...]) -> str:
    return f"{fact}: {values[0] if len(values) == 1 else '[' + ', '.join(values) + ']'}"


def _outcomes(ruleset: Ruleset, rule: OutcomeRule) -> Iterator[Change]:
    outcome = ruleset.outcomes[rule.decides]
    for value in (*_neighbours(rule.then, tuple(outcome.values)), outcome.none):
        text = f"the outcome of {rule.full_name} was changed from '{rule.then}' to '{value}'"
        yield MutantKind.OUTCOME, value, text, evolve(rule, then=value)
    for basis in Basis:
        text = f"the basis of {rule.full_name} was changed from '{rule.basis}' to '{basis}'"
        yield MutantKind.BASIS, basis, text, evolve(rule, basis=basis)


def _modalities(rule: Any, modality: Modality) -> Iterator[Change]:
    for other in _neighbours(modality, tuple(Modality)):
        text = f"'modality: {modality}' of {rule.full_name} was changed to '{other}'"
        yield MutantKind.MODALITY, other, text, evolve(rule, modality=other)


def _parties(ruleset: Ruleset, rule: Rule) -> Iterator[Change]:
    """Yield a rule with another party in each place, and with one fewer that takes part."""
    parties = tuple(ruleset.parties)
    for name in ("by", "of"):
        if len(parties) > 1 and _is_first(ruleset, rule, name):
            party = getattr(rule, name)
            other = parties[(parties.index(party) + 1) % len(parties)]
            text = f"'{name}: {party}' of {rule.full_name} was changed to '{other}'"
            changes: dict[str, Any] = {name: other}
            yield MutantKind.PARTY, f"{name}/{other}", text, evolve(rule, **changes)
    if not (isinstance(rule, ActionRule) and _is_first(ruleset, rule, "to")):
        return
    for party in rule.to:
        text = f"'{party}' was taken out of 'to' of {rule.full_name}"
        rest = tuple(one for one in rule.to if one != party)
        yield MutantKind.PARTY, f"to/{party}", text, evolve(rule, to=rest)


def _sentences(ruleset: Ruleset, rule: Rule) -> Iterator[Change]:
    """Yield a rule with another text in the place of each sentence that a plan prints."""
    for name in ("title", "extent", "ask", "alert"):
        # The title of any other rule only explains: the plan has a sentence of its own for it.
        printed = name != "title" or isinstance(rule, (OutcomeRule, DeadlineRule))
        if printed and _is_first(ruleset, rule, name):
            changes: dict[str, Any] = {name: "Something else is said here"}
            text = f"the {name} of {rule.full_name} was rewritten"
            yield MutantKind.SENTENCE, name, text, evolve(rule, **changes)


def _is_first(ruleset: Ruleset, rule: Rule, name: str) -> bool:
    """Return True for the first case of a rule that says something: it is written once for all."""
    said = getattr(rule, name, "")
    cases = ruleset.cases[rule.rule]
    return bool(said) and next(one for one in cases if getattr(one, name) == said).id == rule.id


def _neighbours(value: str, order: tuple[str, ...]) -> Iterable[Any]:
    at = order.index(value)
    return (*order[max(at - 1, 0) : at], *order[at + 1 : at + 2])


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
        for value in _neighbours(before, tuple(fact.values)) if before else ():
            changes: dict[str, Any] = {name: value}
            yield Mutant(
                id=f"{id_}/{MutantKind.FACT}/{name}/{value}",
                kind=MutantKind.FACT,
                of=id_,
                place=ruleset.places.get(f"facts.{id_}", ""),
                description=f"'{name}: {before}' of the fact {id_} was changed to '{value}'",
                changed=evolve(fact, **changes),
            )


def _of_choice(ruleset: Ruleset, name: str) -> Iterator[Mutant]:
    chosen = ruleset.choices.get(name) or Choice(id=name, title="", choice=ruleset.choice(name))
    for other in ANSWERED[name]:
        if other != chosen.choice:
            yield Mutant(
                id=f"{name}/{MutantKind.CHOICE}/{other}",
                kind=MutantKind.CHOICE,
                of=name,
                place=ruleset.places.get(f"choices.{name}", "parameters.yaml"),
                description=f"the choice '{name}: {chosen.choice}' was changed to '{other}'",
                changed=evolve(chosen, choice=other.value),
            )
