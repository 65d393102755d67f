"""What a trace says: of each statement what has become of it, and what rests on it."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Any, Final

from attrs import field, frozen

from ncpi_rules.report import Words
from ncpi_rules.ruleset import Ruleset

FORMAT: Final = 1
"""The number of the form in which ``Trace.to_dict`` gives a trace."""


class State(StrEnum):
    """What has become of a statement."""

    UNCHANGED = "unchanged"
    """The same wording at the same place, whatever was added or taken away around it."""
    REWORDED = "reworded"
    """Another wording at the same place, or much the same wording at another place."""
    MOVED = "moved"
    """The same wording at another place, or under another heading."""
    GONE = "gone"
    """It is nowhere in the text."""
    NEW = "new"
    """No statement of the edition, so no rule carries it."""


@frozen(kw_only=True)
class Traced:
    """One statement: what has become of it, and what rests on it.

    ``id`` is its number in the edition, empty where it is new; ``number`` and ``line`` (from 1)
    say where it stands in the text, empty and 0 where it is gone; ``fingerprint`` is that of its
    wording there. ``words`` is that wording, as far as the texts given tell it. ``remark`` is a
    sentence on what is particular about it.
    """

    state: State
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
    words: tuple[Words, ...] = ()
    remark: str = ""


@frozen(kw_only=True)
class Trace:
    """What a text is to a ruleset, statement by statement.

    ``statements`` holds those of the edition in their order, and each new one after the statement
    behind which it stands in the text. ``headings`` are sentences on what has become of headings,
    ``texts`` on whether the texts are those that were meant.
    """

    ruleset: Ruleset = field(repr=False)
    compared: bool
    statements: tuple[Traced, ...]
    headings: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Return True where every statement and every heading is as the edition has it."""
        told = self.headings or self.texts
        return not told and all(each.state is State.UNCHANGED for each in self.statements)

    def of(self, state: State) -> tuple[Traced, ...]:
        """Return the statements of which one thing has become."""
        return tuple(each for each in self.statements if each.state is state)

    @property
    def summary(self) -> str:
        """Return the numbers in one sentence, such as '61 statements: 61 unchanged'."""
        counts = Counter(each.state for each in self.statements)
        new = counts.pop(State.NEW, 0)
        total = sum(counts.values())
        told = [f"{counts[state]} {state}" for state in State if counts[state]]
        known = f"{total} statement{'' if total == 1 else 's'}"
        message = f"{known}: {', '.join(told)}" if told else known
        return f"{message}; {new} new and without a rule." if new else f"{message}."

    def to_dict(self) -> dict[str, Any]:
        """Return the trace as text, numbers, lists and mappings; what is empty is left out."""
        counts = Counter(each.state for each in self.statements)
        return {
            "format": FORMAT,
            "ruleset": self.ruleset.name,
            "digest": self.ruleset.digest,
            "same": self.same,
            "summary": self.summary,
            "counts": {state.value: counts[state] for state in State},
            "headings": list(self.headings),
            "texts": list(self.texts),
            "statements": [_plain(each) for each in self.statements],
        }


def _plain(traced: Traced) -> dict[str, Any]:
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
    found: dict[str, Any] = {"state": traced.state.value}
    for name in (*names, "no_rule", "because", "remark"):
        value = getattr(traced, name)
        if value:
            found[name] = list(value) if isinstance(value, tuple) else value
    if traced.words:
        found["words"] = [{"change": each.change.value, "text": each.text} for each in traced.words]
    return found
