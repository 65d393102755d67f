"""What a comment is about: an id, and a fingerprint that changes when the thing does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.io import digest_of, write_plain
from ncpi_rules.ruleset import write_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.ruleset import Ruleset

RULES: Final = "Rules"
STATEMENTS: Final = "Statements"
PARAMETERS: Final = "Parameters"
QUESTIONS: Final = "Open questions"
GUARANTEES: Final = "Guarantees"
THINGS: Final[Mapping[str, str]] = {
    RULES: "rule",
    STATEMENTS: "statement",
    PARAMETERS: "parameter",
    QUESTIONS: "open question",
    GUARANTEES: "guarantee",
}
"""The sheets that take comments, and what a row of each is about."""


def fingerprints_of(ruleset: Ruleset) -> Mapping[str, Mapping[str, str]]:
    """Return the fingerprint of everything that comments are about, by sheet and id.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> sorted(fingerprints_of(shipped_ruleset()))
    ['Guarantees', 'Open questions', 'Parameters', 'Rules', 'Statements']
    """
    numbers = {**ruleset.parameters, **ruleset.choices}
    return {
        RULES: {
            id_: digest_of([write_rule(rule) for rule in cases])
            for id_, cases in ruleset.cases.items()
        },
        STATEMENTS: {
            id_: digest_of([statement.fingerprint, statement.summary])
            for id_, statement in ruleset.statements.items()
        },
        PARAMETERS: {id_: digest_of(write_plain(parameter)) for id_, parameter in numbers.items()},
        QUESTIONS: {
            id_: digest_of(write_plain(interpretation))
            for id_, interpretation in ruleset.interpretations.items()
        },
        GUARANTEES: {
            id_: digest_of(write_plain(guarantee)) for id_, guarantee in ruleset.guarantees.items()
        },
    }
