"""The files of an edition, one class each, and the draft made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from ncpi_rules.io import Path_, Source, described
from ncpi_rules.ruleset.guarantees import Guarantee
from ncpi_rules.ruleset.model import (
    Fact,
    Heading,
    Interpretation,
    Outcome,
    Party,
    Settings,
    Statement,
    Term,
)
from ncpi_rules.ruleset.rules import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Rule,
)


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
    events: tuple[Term, ...] = _list("What happens, in the order in which it is likely to happen.")
    activities: tuple[Term, ...] = _list("What somebody does.")
    documents: tuple[Term, ...] = _list("What may be asked for.")
    topics: tuple[Term, ...] = _list("What a recommendation or an area of concern is about.")


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
