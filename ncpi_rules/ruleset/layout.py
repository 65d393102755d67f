"""The files of an edition, one class each, the one registry of the kinds of rules, and drafts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from attrs import frozen

from ncpi_rules.io import Path_, Source, described
from ncpi_rules.ruleset.guarantees import Guarantee
from ncpi_rules.ruleset.model import Heading, Interpretation, Settings, Statement
from ncpi_rules.ruleset.rules import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Rule,
)
from ncpi_rules.ruleset.vocabulary import Event, Fact, Outcome, Party, Term


def _list(says: str) -> Any:
    return described(says, default=())


def _kind(value: str) -> Any:
    return described(f"What these rules are about: {value}.", metadata={"values": (value,)})


@frozen(kw_only=True, eq=False, repr=False)
class Vocabulary:
    """The vocabulary, in ``vocabulary.yaml``."""

    facts: tuple[Fact, ...] = _list("The facts that rules may test.")
    outcomes: tuple[Outcome, ...] = _list("The facts that rules decide.")
    parties: tuple[Party, ...] = _list("Who does something, or to whom it is done.")
    events: tuple[Event, ...] = _list("What happens, in the order in which it is likely to happen.")
    activities: tuple[Term, ...] = _list("What somebody does.")
    documents: tuple[Term, ...] = _list("What may be asked for.")
    topics: tuple[Term, ...] = _list("What a recommendation or an area of concern is about.")
    fields_without_a_fact: Mapping[str, str] = described(
        "The fields of a follow-up from which nothing comes, each with what it is for.",
        factory=dict,
    )


@frozen(kw_only=True, eq=False, repr=False)
class Interpretations:
    """The register of open questions, in ``interpretations.yaml``."""

    interpretations: tuple[Interpretation, ...] = _list("The interpretations.")


@frozen(kw_only=True, eq=False, repr=False)
class Guarantees:
    """The guarantees, in ``guarantees.yaml``: what must be true in every case."""

    guarantees: tuple[Guarantee, ...] = _list("The guarantees.")


@frozen(kw_only=True, eq=False, repr=False)
class Statements:
    """The statements of the source, in ``statements.yaml``, without their wording."""

    before_headings: str = described(
        "What the numbers of the statements before the first heading begin with.", default="title"
    )
    headings: tuple[Heading, ...] = _list("The headings, in their order.")
    statements: tuple[Statement, ...] = _list("The statements, in their order.")


@frozen(kw_only=True, eq=False, repr=False)
class OutcomeRules:
    """A file of rules that decide an outcome."""

    decides: str = described("The outcome that these rules decide.")
    hit: str = described(
        "How many of the rules may apply in a case: unique, at most one; any, several "
        "where they say the same.",
        default="unique",
        metadata={"values": ("unique", "any")},
    )
    rules: tuple[OutcomeRule, ...] = _list("The rules.")


@frozen(kw_only=True, eq=False, repr=False)
class ActionRules:
    """A file of rules by which somebody does something."""

    decides: str = _kind("actions")
    rules: tuple[ActionRule, ...] = _list("The rules.")


@frozen(kw_only=True, eq=False, repr=False)
class DocumentRules:
    """A file of rules by which documents may be asked for."""

    decides: str = _kind("documents")
    rules: tuple[DocumentRule, ...] = _list("The rules.")


@frozen(kw_only=True, eq=False, repr=False)
class DeadlineRules:
    """A file of rules that tie events to each other."""

    decides: str = _kind("deadlines")
    rules: tuple[DeadlineRule, ...] = _list("The rules.")


@frozen(kw_only=True, eq=False, repr=False)
class QuestionRules:
    """A file of rules by which questions must be answered."""

    decides: str = _kind("questions")
    rules: tuple[QuestionRule, ...] = _list("The rules.")


@frozen(kw_only=True, eq=False, repr=False)
class AlertRules:
    """A file of rules that draw attention to something."""

    decides: str = _kind("alerts")
    rules: tuple[AlertRule, ...] = _list("The rules.")


@frozen(kw_only=True)
class RuleKind:
    """One kind of rule.

    ``name`` is what one such rule is called. ``decides`` is what the head of its file says, or
    nothing where that names an outcome. ``lists`` are the lists of a plan that it fills: where
    there are two, the second is for what is optional. ``same`` has the fields by which a rule of
    another ruleset is taken for the same, from the strictest to the loosest; ``event`` is the field
    that names the event by which rules are put in order.
    """

    name: str
    rule: type[Rule]
    file: type[Any]
    lists: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]
    decides: str = ""
    event: str = ""

    @property
    def schema(self) -> str:
        """Return the name of the JSON Schema of its file."""
        return f"{self.name}-rules"

    @property
    def about(self) -> str:
        """Return the field that says what a rule is about, however it is named and worded."""
        return self.same[-1][0]

    def list_of(self, rule: Any) -> str:
        """Return the list of a plan in which a rule stands."""
        return self.lists[-1 if len(self.lists) > 1 and rule.modality.is_optional else 0]


KINDS: Final = (
    RuleKind(
        name="outcome",
        rule=OutcomeRule,
        file=OutcomeRules,
        lists=("outcomes",),
        same=(("decides",),),
    ),
    RuleKind(
        name="action",
        decides="actions",
        rule=ActionRule,
        file=ActionRules,
        lists=("required_actions", "optional_actions"),
        same=(("id",), ("does", "by"), ("does",)),
        event="completes",
    ),
    RuleKind(
        name="document",
        decides="documents",
        rule=DocumentRule,
        file=DocumentRules,
        lists=("documents",),
        same=(("id",), ("document", "of"), ("document",)),
    ),
    RuleKind(
        name="deadline",
        decides="deadlines",
        rule=DeadlineRule,
        file=DeadlineRules,
        lists=("deadlines",),
        same=(("id",), ("event", "by"), ("event",)),
        event="event",
    ),
    RuleKind(
        name="question",
        decides="questions",
        rule=QuestionRule,
        file=QuestionRules,
        lists=("questions",),
        same=(("id",), ("ask",)),
    ),
    RuleKind(
        name="alert",
        decides="alerts",
        rule=AlertRule,
        file=AlertRules,
        lists=("alerts",),
        same=(("id",),),
    ),
)
"""Every kind of rule, in the order in which plans and differences list them."""

OUTCOME: Final = KINDS[0]
"""The kind of rule that decides an outcome of the vocabulary."""

KIND_OF_FILE: Final[Mapping[str, RuleKind]] = MappingProxyType(
    {kind.decides: kind for kind in KINDS if kind.decides}
)
"""The other kinds, by what the head of a file of rules says."""


def kind_of(rule: Rule) -> RuleKind:
    """Return the kind of a rule."""
    return next(kind for kind in KINDS if isinstance(rule, kind.rule))


def head_of(rule: Rule) -> str:
    """Return what the head of the rule's file says: an outcome, or its kind."""
    return rule.decides if isinstance(rule, OutcomeRule) else kind_of(rule).decides


FILES: Final[Mapping[str, type[Any]]] = {
    "ruleset": Settings,
    "vocabulary": Vocabulary,
    "interpretations": Interpretations,
    "statements": Statements,
    "guarantees": Guarantees,
}
"""The files of an edition that are not rules, by name."""

BESIDE: Final = ("approvals",)
"""The files in an edition's folder that are no part of the ruleset, and are read by themselves."""

BESIDE_FOLDERS: Final = ("scenarios",)
"""The folders inside it of which the same is true."""

SECTIONS: Final[Mapping[str, str]] = {
    "fact": "facts",
    "outcome": "outcomes",
    "party": "parties",
    "event": "events",
    "activity": "activities",
    "document": "documents",
    "topic": "topics",
}
"""The lists of the vocabulary, by the name of one of each."""


@frozen(kw_only=True, eq=False, repr=False)
class Draft:
    """A ruleset whose files have the right shape, before anything is known to fit together.

    ``rules`` holds each rule with its file and its path there; ``tables`` each file of rules with
    what it decides and its hit policy.
    """

    folder: str
    settings: Settings
    vocabulary: Vocabulary
    interpretations: tuple[Interpretation, ...]
    guarantees: tuple[Guarantee, ...]
    statements: tuple[Statement, ...]
    headings: tuple[Heading, ...]
    before_headings: str
    sources: Mapping[str, Source]
    rules: tuple[tuple[Rule, Source, Path_], ...]
    tables: tuple[tuple[Source, str, str], ...]

    def lists(self) -> Iterator[tuple[str, str, str, tuple[Any, ...]]]:
        """Yield each list of named entries: the kind of entry, the file, the key, the entries."""
        for kind, key in SECTIONS.items():
            yield kind, "vocabulary", key, getattr(self.vocabulary, key)
        yield "interpretation", "interpretations", "interpretations", self.interpretations
        yield "statement", "statements", "statements", self.statements
        yield "guarantee", "guarantees", "guarantees", self.guarantees
