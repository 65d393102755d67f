"""A finding of a check: its code, its place, its sentence, and a case in which it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Self

from attrs import field, frozen

from ncpi_rules.core import Problem, UnknownItemError, joined, one_of

CODES: Final[Mapping[str, str]] = {
    "cannot-be-read": "A file cannot be read, or is not in the right form",
    "name-not-known": "A name or a value is not defined",
    "citation": "A rule cites no statement, or one that does not exist",
    "too-strong": "A rule is stronger than its statements",
    "answer-left-out": "Nothing is said of an answer to an open question",
    "overlap": "Two rules decide the same thing in the same case",
    "circle": "Rules wait for each other in a circle",
    "gap": "No rule decides a case",
    "dead-rule": "A rule never applies",
    "rule-adds-nothing": "A rule changes nothing, because other rules say the same",
    "exception-without-effect": "An exception never matters",
    "outcome-never-reached": "No case gives an outcome",
    "fact-never-tested": "No rule tests a fact",
    "values-not-told-apart": "No rule distinguishes some values of a fact",
    "never-used": "Nothing uses a name of the vocabulary",
    "number-written-out": "A number is written out, and not named",
    "number-not-as-stated": "No statement says the number of a parameter",
    "statement-without-rule": "No rule implements a statement, and no reason is given",
    "interpretation-changes-nothing": "Another answer to an open question changes nothing",
    "due-too-early": "A deadline is due before an event that must come first",
    "deadlines-in-a-circle": "Deadlines count from each other in a circle",
    "deadlines-impossible": "Deadlines cannot all be kept",
    "event-never-happens": "A deadline depends on an event that no action brings about",
    "guarantee-broken": "A guarantee is not kept",
    "guarantee-about-nothing": "A guarantee covers no case",
    "scenario-fails": "A scenario does not come out as it says",
    "not-signed": "Nobody has approved a rule or an interpretation",
    "approval-stale": "Something has changed since it was approved",
}
"""What each code means; ``page_about`` gives the page of each."""

AREAS: Final[Mapping[str, tuple[str, ...]]] = {
    "cases that no rule decides": ("gap",),
    "rules that never apply or add nothing": (
        "dead-rule",
        "rule-adds-nothing",
        "exception-without-effect",
        "outcome-never-reached",
    ),
    "names and values that nothing uses": (
        "fact-never-tested",
        "values-not-told-apart",
        "never-used",
    ),
    "numbers": ("number-written-out", "number-not-as-stated"),
    "statements": ("statement-without-rule",),
    "answers to open questions": ("interpretation-changes-nothing",),
    "deadlines": (
        "due-too-early",
        "deadlines-in-a-circle",
        "deadlines-impossible",
        "event-never-happens",
    ),
    "guarantees": ("guarantee-broken", "guarantee-about-nothing"),
}
"""What a ruleset that can be read is looked at for, each with the codes of what is found."""


@frozen(kw_only=True, order=True)
class Finding(Problem):
    """A fault that a check proves; ``witness`` is a case in which it shows, a value by fact.

    ``page`` names the page of the documentation that has an example and the way out.
    """

    witness: Mapping[str, str] = field(factory=dict, order=False, hash=False)

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Return a problem of the loader as a finding."""
        return cls(
            place=problem.place,
            message=problem.message,
            help=problem.help,
            code=problem.code or "cannot-be-read",
        )

    @property
    def page(self) -> str:
        """The page of the documentation that explains the finding."""
        return f"docs/findings/{self.code}.md"

    def __str__(self) -> str:
        """Return the place, the code and the sentence, and the help on a line of its own."""
        line = f"{self.place}: {self.message} [{self.code}]"
        return f"{line}\n  help: {self.help}" if self.help else line


def page_about(code: str) -> str:
    """Return the page of the documentation about a code: what it means, an example, what to do.

    It is Markdown, and comes with the library. Raises UnknownItemError for any other code.

    >>> page_about("gap").splitlines()[0]
    '# gap: no rule decides a case'
    """
    if code not in CODES:
        message = f"There is no finding '{code}'."
        raise UnknownItemError(message, one_of(code, CODES))
    inside = Path(__file__).with_name("pages")
    beside = Path(__file__).parents[2] / "docs" / "findings"
    folder = inside if inside.is_dir() else beside
    return (folder / f"{code}.md").read_text(encoding="utf-8")


def quoted(ids: Iterable[str]) -> str:
    """Return names as a list within a sentence.

    >>> quoted(["tier.visit", "tier.review", "tier.full"])
    "'tier.visit', 'tier.review' and 'tier.full'"
    """
    return joined([f"'{id_}'" for id_ in ids], "and")
