"""The names that a ruleset has, by what they name, each with the sentence that says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from attrs import Factory, field, frozen

from ncpi_rules.core import kind_of_decision
from ncpi_rules.plan import NOT_BEGUN, OUTSIDE_THE_EDITION
from ncpi_rules.ruleset import (
    ANSWERED,
    CALLS,
    CHOICES,
    LISTS,
    SECTIONS,
    AlertRule,
    DeadlineRule,
    QuestionRule,
    Ruleset,
)
from ncpi_rules.sign_off import PARTS

if TYPE_CHECKING:
    from ncpi_rules.ruleset import Fact, Outcome


@frozen(kw_only=True)
class KnownNames:
    """The names of a ruleset.

    ``of`` has them by what they name: what fields of rules refer to, and besides ``decision``,
    ``question``, ``alert``, ``guarantee``, ``approved``, ``owed``, ``prompt`` and ``tested``.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> KnownNames(ruleset=shipped_ruleset()).of["party"]["force"]
    'the force'
    """

    ruleset: Ruleset
    of: Mapping[str, Mapping[str, str]] = field(
        init=False, repr=False, default=Factory(lambda names: names.by_kind(), takes_self=True)
    )

    def by_kind(self) -> Mapping[str, Mapping[str, str]]:
        """Return the names by what they name, each with its sentence."""
        ruleset = self.ruleset
        names: dict[str, Mapping[str, str]] = {
            kind: {id_: term.title for id_, term in getattr(ruleset, section).items()}
            for kind, section in SECTIONS.items()
        }
        names["parameter"] = {id_: parameter.title for id_, parameter in ruleset.parameters.items()}
        names["rule"] = {id_: cases[0].title for id_, cases in ruleset.cases.items()}
        names["question"] = {rule.rule: rule.title for rule in ruleset.of_kind(QuestionRule)}
        names["alert"] = dict(self._alerts())
        names["statement"] = {
            id_: statement.summary for id_, statement in ruleset.statements.items()
        }
        names["interpretation"] = {
            id_: interpretation.question for id_, interpretation in ruleset.interpretations.items()
        }
        names["guarantee"] = {id_: guarantee.says for id_, guarantee in ruleset.guarantees.items()}
        chosen = [*filter(None, CHOICES.values()), *chain.from_iterable(ANSWERED.values())]
        names["choice"] = {**names["interpretation"], **dict.fromkeys(map(str, chosen), "")}
        names["decision"] = {kind: title for kind, (title, _) in self.decisions.items()}
        names["list"] = dict.fromkeys(LISTS, "")
        names["calendar"] = dict.fromkeys(ruleset.settings.calendars, "")
        names["approved"] = {**names["rule"], **names["interpretation"], **PARTS}
        names["owed"] = {**names["event"], **names["rule"]}
        names["prompt"] = {**names["topic"], **dict.fromkeys(CALLS, "")}
        names["tested"] = {id_: term.title for id_, term in self.tested.items()}
        return names

    def _alerts(self) -> Mapping[str, str]:
        """Return the alerts of rules, and those that plans have besides."""
        alerts = {rule.rule: rule.title for rule in self.ruleset.of_kind(AlertRule)}
        late = {f"alert.{rule.rule}": rule.title for rule in self.ruleset.of_kind(DeadlineRule)}
        ids = (f"not-covered.{id_}" for id_ in self.ruleset.outcomes)
        return {**alerts, **late, **dict.fromkeys((*ids, OUTSIDE_THE_EDITION, NOT_BEGUN), "")}

    @property
    def tested(self) -> Mapping[str, Fact | Outcome]:
        """Return the facts and the outcomes."""
        terms: Mapping[str, Any] = {**self.ruleset.facts, **self.ruleset.outcomes}
        return terms

    @property
    def decisions(self) -> Mapping[str, tuple[str, Mapping[str, str]]]:
        """Return the kinds of decisions of the vocabulary, each with its title and its values."""
        return {
            kind: (fact.title, self.given_by(fact.source))
            for fact in self.ruleset.facts.values()
            if (kind := kind_of_decision(fact.source))
        }

    def given_by(self, source: str) -> Mapping[str, str]:
        """Return the values that the file of a follow-up may have in the field of a fact.

        What stands for a field that says nothing is not among them.
        """
        for fact in self.ruleset.facts.values():
            if fact.source == source:
                unsaid = {fact.unknown, fact.left_out}
                return {value: says for value, says in fact.values.items() if value not in unsaid}
        return {}
