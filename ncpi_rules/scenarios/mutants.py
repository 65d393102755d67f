"""The mutants of a ruleset: each is the ruleset with one small mistake in it.

They are made from the rules as objects; no file is written. The same ruleset always has
the same mutants in the same order: by rule, then by part of the ruleset.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, field, frozen

from ncpi_rules.core import Basis
from ncpi_rules.ruleset import (
    DeadlineRule,
    OutcomeRule,
    Rule,
    Ruleset,
    evolve_beside_logic,
    interpretation_order,
    write_rule,
)
from ncpi_rules.scenarios.hit_mutants import HitPolicy, other_policies
from ncpi_rules.scenarios.item_mutants import item_changes, modalities
from ncpi_rules.scenarios.limit_mutants import limit_changes
from ncpi_rules.scenarios.nearby import REWRITTEN, near, neighbours
from ncpi_rules.scenarios.register_mutants import (
    REGISTERS,
    entry_changes,
    made_choices,
)

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
    """A choice has another value, or is no longer made."""
    INTERPRETATION = "interpretation"
    HIT = "hit"
    """Another number of the rules that decide an outcome may apply at once."""
    GUARANTEE = "guarantee"
    """A guarantee rules out less, or nothing."""
    ORDER = "order"
    """An event waits for another one, for one more, or for one fewer."""
    REGISTER = "register"
    """A title, another sentence or a citation in the vocabulary or a register is another."""


Change: TypeAlias = tuple[MutantKind, str, str, Rule]
"""The kind, what tells it from others of its kind, the sentence, and the changed rule."""


@frozen(kw_only=True)
class Mutant:
    """One small mistake, with a description of the change and what replaces the original.

    ``of`` names what is changed, such as a rule, a guarantee or an event, and ``part`` the part of
    the ruleset in which it stands; ``changed`` is what takes its place, or None where it was
    removed.
    """

    id: str
    kind: MutantKind
    of: str
    place: str
    description: str
    changed: Any = field(repr=False, eq=False)
    part: str = "rules"

    @property
    def is_of_rule(self) -> bool:
        """Return True where a rule was changed or taken away."""
        return self.part == "rules"

    @property
    def is_of_text(self) -> bool:
        """Return True where nothing follows from the change but what people read."""
        return self.kind is MutantKind.REGISTER

    def made_of(self, ruleset: Ruleset) -> Ruleset:
        """Return the ruleset with the mistake in it."""
        if self.is_of_rule:
            return self._with_rule(ruleset)
        if isinstance(self.changed, HitPolicy):
            return self.changed.of(ruleset)
        changed: Any = self.changed
        if self.part != "repeats":
            entries = {**getattr(ruleset, self.part), self.of: self.changed}
            changed = MappingProxyType(
                {id_: entry for id_, entry in entries.items() if entry is not None}
            )
        parts: dict[str, Any] = {self.part: changed}
        if self.kind is MutantKind.FACT:
            return ruleset.evolve(**parts)
        return evolve_beside_logic(ruleset, **parts)

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
        *(mutant for register in REGISTERS for mutant in _of_register(ruleset, register)),
        *_beside_registers(ruleset),
    )


def _of_register(ruleset: Ruleset, register: str) -> Iterator[Mutant]:
    """Yield each mistake in the entries of a part of a ruleset, in their order."""
    entries = getattr(ruleset, register).values()
    if register == "choices":
        entries = made_choices(ruleset)
    if register == "interpretations":
        entries = sorted(entries, key=lambda question: interpretation_order(question.id))
    for entry in entries:
        file = "parameters.yaml" if register == "choices" else ""
        for kind, detail, text, changed in entry_changes(ruleset, register, entry):
            yield Mutant(
                id=f"{entry.id}/{kind}/{detail}",
                kind=MutantKind(kind),
                of=entry.id,
                part=register,
                place=getattr(entry, "place", "")
                or ruleset.places.get(f"{register}.{entry.id}", file),
                description=text,
                changed=changed,
            )


def _beside_registers(ruleset: Ruleset) -> Iterator[Mutant]:
    """Yield other hit policies, and other reasons for fields without a fact."""
    for outcome in ruleset.hits:
        for hit in other_policies(ruleset, outcome):
            yield Mutant(
                id=f"{outcome}/{MutantKind.HIT}/{hit.policy}",
                kind=MutantKind.HIT,
                of=outcome,
                part="hits",
                place=ruleset.places.get(f"outcomes.{outcome}", ""),
                description=f"'hit: {ruleset.hits[outcome]}' of {outcome} was changed to "
                f"'{hit.policy}'",
                changed=hit,
            )
    for name in ruleset.fields_without_a_fact:
        yield Mutant(
            id=f"{name}/{MutantKind.REGISTER}/reason",
            kind=MutantKind.REGISTER,
            of=name,
            part="fields_without_a_fact",
            place="vocabulary.yaml",
            description=f"what the field '{name}' is for was rewritten",
            changed=REWRITTEN,
        )
    if ruleset.repeats is not None:
        yield Mutant(
            id=f"repeats/{MutantKind.REGISTER}/title",
            kind=MutantKind.REGISTER,
            of="repeats",
            part="repeats",
            place="vocabulary.yaml",
            description="the title of what repeats was rewritten",
            changed=evolve(ruleset.repeats, title=REWRITTEN),
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
