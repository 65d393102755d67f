"""One statement of a methodology beside a text: what has become of it, and what differs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from attrs import frozen

from ncpi_rules.core import joined
from ncpi_rules.report import TextRun

NUMBER: Final = "number"
STRENGTH: Final = "modality"
PARTY: Final = "party"

_TITLES: Final = {NUMBER: "Number", STRENGTH: "How strongly", PARTY: "Who"}


@frozen(kw_only=True)
class StatementDifference:
    """What differs in a statement: a number, how strongly it speaks, or a party that it names.

    ``what`` is ``number``, ``modality`` or ``party``; ``before`` and ``after`` are what only
    the old and only the new wording have. ``parameters`` and ``rules`` are the ids of those that
    carry it.
    """

    what: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the difference in few words, such as 'Number: 6 weeks, now 8 weeks'."""
        was = joined(list(self.before), "and") if self.before else "none"
        now = joined(list(self.after), "and") if self.after else "none"
        return f"{_TITLES[self.what]}: {was}, now {now}"

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as text and lists; what is empty is left out."""
        lists = ("before", "after", "parameters", "rules")
        known = {name: list(getattr(self, name)) for name in lists if getattr(self, name)}
        return {"what": self.what, **known}


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
    sentence on what is particular about it. ``differences`` are the numbers, the words for how
    strongly it speaks and the parties in which it differs.
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
    differences: tuple[StatementDifference, ...] = ()

    @property
    def text(self) -> str:
        """Return the wording as far as the texts show it, dropped and added together."""
        return " ".join(run.text for run in self.words)
