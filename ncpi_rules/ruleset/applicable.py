"""The rules that apply in a case, sorted by what they do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import Basis, Memo
from ncpi_rules.ruleset.kinds import KINDS, OUTCOME
from ncpi_rules.ruleset.rules import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Rule,
)

if TYPE_CHECKING:
    from ncpi_rules.engine import Evaluation
    from ncpi_rules.ruleset.model import Ruleset

_LISTS: Final = tuple(name for kind in KINDS if kind is not OUTCOME for name in kind.lists)
_STRONGEST: Final = {basis: place for place, basis in enumerate(Basis)}


@frozen(kw_only=True)
class DecidedOutcome:
    """One outcome of a case: its value, its basis, and the rules that decide it.

    ``value`` is None where it stays open.
    """

    outcome: str
    value: str | None
    basis: Basis
    rules: tuple[OutcomeRule, ...] = field(repr=False)

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """Return the ids of the rules."""
        return tuple(dict.fromkeys(rule.rule for rule in self.rules))


@frozen(kw_only=True, eq=False)
class ApplicableRules:
    """The rules that apply, sorted by what they do; shared by all cases in which these apply.

    ``deadline_ids`` has the ids of the deadlines.
    """

    outcomes: Mapping[str, DecidedOutcome]
    required_actions: tuple[ActionRule, ...]
    optional_actions: tuple[ActionRule, ...]
    documents: tuple[DocumentRule, ...]
    deadlines: tuple[DeadlineRule, ...]
    questions: tuple[QuestionRule, ...]
    alerts: tuple[AlertRule, ...]
    deadline_ids: frozenset[str] = field(init=False, repr=False)

    @deadline_ids.default
    def _deadline_ids(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.deadlines)


def sort_applicable(ruleset: Ruleset, evaluation: Evaluation) -> ApplicableRules:
    """Return the rules that apply, each in its list, in the order of plans."""
    sorter = ruleset.derive(_sorter)
    rules = sorter.known.get(evaluation.fired)
    return rules or sorter.known.remember(evaluation.fired, sorter.sort(evaluation))


@frozen(kw_only=True)
class _Sorter:
    """Every rule of a ruleset in the order of plans, each with the list that it belongs to.

    A list has the name of a field of ApplicableRules, or is the name of an outcome in a tuple of
    its own.
    """

    rules: tuple[tuple[str | tuple[str], Rule], ...]
    places: Mapping[str, int]
    outcomes: tuple[tuple[str, str], ...]
    known: Memo[frozenset[str], ApplicableRules] = field(factory=Memo)

    def sort(self, evaluation: Evaluation) -> ApplicableRules:
        """Return the rules that apply, each in its list."""
        lists: dict[str | tuple[str], list[Any]] = {}
        for place in sorted(map(self.places.__getitem__, evaluation.fired)):
            listed, rule = self.rules[place]
            lists.setdefault(listed, []).append(rule)
        return ApplicableRules(
            outcomes={
                id_: decided_by(id_, none, evaluation.decided[id_], lists.get((id_,), []))
                for id_, none in self.outcomes
            },
            **{listed: tuple(lists.get(listed, ())) for listed in _LISTS},
        )


def _sorter(ruleset: Ruleset) -> _Sorter:
    order = {event: place for place, event in enumerate(ruleset.events)}
    listed: list[tuple[str | tuple[str], Rule]] = []
    for kind in KINDS:
        rules = [
            (order.get(getattr(rule, kind.event, ""), len(order)), rule.id, rule)
            for rule in ruleset.of_kind(kind.rule)
        ]
        for _, _, rule in sorted(rules):
            name = (rule.decides,) if kind is OUTCOME else kind.list_of(rule)
            listed.append((name, rule))
    return _Sorter(
        rules=tuple(listed),
        places={rule.id: place for place, (_, rule) in enumerate(listed)},
        outcomes=tuple((id_, outcome.none) for id_, outcome in ruleset.outcomes.items()),
    )


def decided_by(outcome: str, none: str, value: str, rules: list[OutcomeRule]) -> DecidedOutcome:
    """Return an outcome of a case, by its value and the rules that apply for it."""
    values = {rule.then for rule in rules}
    if len(values) != 1:
        # No rule, or rules that disagree: people decide.
        return DecidedOutcome(outcome=outcome, value=None, basis=Basis.REFERRED, rules=tuple(rules))
    return DecidedOutcome(
        outcome=outcome,
        value=None if value == none else value,
        basis=min([rule.basis for rule in rules], key=_STRONGEST.__getitem__),
        rules=tuple(rules),
    )
