"""The result of a trace: what has become of each statement, and what rests on it."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Any, Final

from attrs import field, frozen

from ncpi_rules.report import TextRun
from ncpi_rules.ruleset import Ruleset

FORMAT: Final = 1
"""The number of the form in which ``Trace.to_dict`` gives a trace."""


class StatementState(StrEnum):
    """What has become of a statement."""

    UNCHANGED = "unchanged"
    """The same wording at the same place, whatever was added or taken away around it."""
    REWORDED = "reworded"
    """Another wording at the same place, or much the same wording at another place."""
    MOVED = "moved"
    """The same wording at another place, or under another heading."""
    GONE = "gone"
    """It is not in the text."""
    NEW = "new"
    """Not a statement of the edition, so no rule implements it."""


@frozen(kw_only=True)
class StatementTrace:
    """One statement: what has become of it, and what rests on it.

    ``id`` is its number in the edition, empty where it is new; ``number`` and ``line`` (from 1)
    are its place in the text, empty and 0 where it is gone; ``fingerprint`` is that of its
    wording there. ``words`` is that wording, as far as the texts show it. ``remark`` is a
    sentence on what is particular about it.
    """

    state: StatementState
    id: str = ""
    number: str = ""
    line: int = 0
    fingerprint: str = ""
    summary: str = ""
    rules: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    no_rule: str = ""
    because: str = ""
    words: tuple[TextRun, ...] = ()
    remark: str = ""


@frozen(kw_only=True)
class Trace:
    """A text compared with a ruleset, statement by statement.

    ``statements`` holds those of the edition in their order, and each new one after the statement
    that it follows in the text. ``headings`` are sentences on what has become of headings,
    ``texts`` on whether the texts are those that were meant.
    """

    ruleset: Ruleset = field(repr=False)
    compared: bool
    statements: tuple[StatementTrace, ...]
    headings: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Return True where every statement and every heading is as the edition has it."""
        notes = self.headings or self.texts
        return not notes and all(
            statement.state is StatementState.UNCHANGED for statement in self.statements
        )

    def of(self, state: StatementState) -> tuple[StatementTrace, ...]:
        """Return the statements in one state."""
        return tuple(statement for statement in self.statements if statement.state is state)

    @property
    def summary(self) -> str:
        """Return the numbers in one sentence, such as '61 statements: 61 unchanged'."""
        counts = Counter(statement.state for statement in self.statements)
        new = counts.pop(StatementState.NEW, 0)
        total = sum(counts.values())
        notes = [f"{counts[state]} {state}" for state in StatementState if counts[state]]
        known = f"{total} statement{'' if total == 1 else 's'}"
        message = f"{known}: {', '.join(notes)}" if notes else known
        return f"{message}; {new} new and without a rule." if new else f"{message}."

    def to_dict(self) -> dict[str, Any]:
        """Return the trace as text, numbers, lists and mappings; what is empty is left out."""
        counts = Counter(statement.state for statement in self.statements)
        return {
            "format": FORMAT,
            "ruleset": self.ruleset.name,
            "digest": self.ruleset.digest,
            "same": self.same,
            "summary": self.summary,
            "counts": {state.value: counts[state] for state in StatementState},
            "headings": list(self.headings),
            "texts": list(self.texts),
            "statements": [_plain(statement) for statement in self.statements],
        }


def _plain(statement: StatementTrace) -> dict[str, Any]:
    names = (
        "id",
        "number",
        "line",
        "fingerprint",
        "summary",
        "rules",
        "interpretations",
        "scenarios",
    )
    plain: dict[str, Any] = {"state": statement.state.value}
    for name in (*names, "no_rule", "because", "remark"):
        value = getattr(statement, name)
        if value:
            plain[name] = list(value) if isinstance(value, tuple) else value
    if statement.words:
        plain["words"] = [
            {"change": word.change.value, "text": word.text} for word in statement.words
        ]
    return plain
