"""The follow-ups that are affected by the difference of two rulesets, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.compare.page import impact_contents
from ncpi_rules.core import Day, counted, joined, sentence
from ncpi_rules.plan import Difference, differences, of_substance
from ncpi_rules.report import part_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.plan import Plan

NAMES: Final = ("No longer", "New")
_PARTS: Final[Mapping[str, str]] = {
    "outcomes": "another outcome",
    "required_actions": "other required actions",
    "optional_actions": "other optional actions",
    "documents": "other documents",
    "deadlines": "other deadlines",
    "questions": "other questions",
    "alerts": "other alerts",
}


@frozen(kw_only=True)
class FollowUpImpact:
    """One follow-up under two rulesets, and how its two plans differ.

    ``moved`` has the days by which the due date of each event moves, fewer than 0 where it comes
    earlier. ``problems`` are sentences on what one of the rulesets cannot use; then nothing is
    compared.
    """

    name: str
    subject_name: str
    differences: tuple[Difference, ...] = field(default=(), repr=False)
    moved: Mapping[str, int] = field(factory=dict, repr=False)
    problems: tuple[str, ...] = ()

    @property
    def is_affected(self) -> bool:
        """Return True where the result changes."""
        return bool(self.differences)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the plan that change."""
        changed = {difference.about for difference in self.differences}
        return tuple(part for part in _PARTS if part in changed)

    @classmethod
    def of(cls, name: str, earlier: Plan, later: Plan) -> FollowUpImpact:
        """Return how two plans of a follow-up differ, apart from the names of the rulesets."""
        every = differences(earlier.document, later.document, names=NAMES)
        return cls(
            name=name,
            subject_name=earlier.follow_up.about.name,
            differences=tuple(
                difference for difference in of_substance(every) if difference.about in _PARTS
            ),
            moved=dict(_moved(earlier, later)),
        )


def describe_moved(least: int, most: int) -> str:
    """Return by how many days dates move, fewer than 0 being earlier.

    >>> describe_moved(-62, -59), describe_moved(7, 7), describe_moved(-1, 2)
    ('by 59 to 62 days, earlier', 'by 7 days, later', 'by 1 day, earlier, to 2 days, later')
    """
    if least < 0 < most:
        return f"by {counted(-least, 'day')}, earlier, to {counted(most, 'day')}, later"
    low, high = sorted((abs(least), abs(most)))
    days = counted(high, "day") if low == high else f"{low:,} to {counted(high, 'day')}"
    return f"by {days}, {'earlier' if least < 0 else 'later'}"


def _moved(earlier: Plan, later: Plan) -> Iterator[tuple[str, int]]:
    """Yield the days by which the due date of each event moves from one plan to another."""
    before = {item.event: item.due for item in earlier.deadlines if item.due is not None}
    for item in later.deadlines:
        due, was = item.due, before.get(item.event)
        if due is not None and was is not None and due.end != was.end:
            yield item.event, due.end - was.end


@frozen(kw_only=True)
class CaseloadImpact:
    """The follow-ups of a caseload that are affected by a difference of rulesets on a day.

    ``unusable`` names files that could not be read as a follow-up, or not be assessed;
    ``subject_title`` says what they are about, such as ``a force``.
    """

    on: Day
    cases: tuple[FollowUpImpact, ...]
    subject_title: str
    unusable: tuple[str, ...] = ()

    @property
    def affected(self) -> tuple[FollowUpImpact, ...]:
        """The follow-ups for which the result changes."""
        return tuple(case for case in self.cases if case.is_affected)

    @property
    def not_compared(self) -> tuple[FollowUpImpact, ...]:
        """The follow-ups that one of the rulesets cannot use."""
        return tuple(case for case in self.cases if case.problems)

    @property
    def totals(self) -> dict[str, int]:
        """The number of affected follow-ups by part of the plan."""
        counts = Counter(part for case in self.cases for part in case.parts)
        return {part: counts[part] for part in _PARTS if counts[part]}

    @property
    def summary(self) -> tuple[str, ...]:
        """How many follow-ups are affected and in what, and how many were not compared."""
        return tuple(self._summary())

    def _summary(self) -> Iterator[str]:
        number = len(self.affected)
        parts = [f"{number} with {_PARTS[part]}" for part, number in self.totals.items()]
        listed = f": {joined(parts, 'and')}" if parts else ""
        if self.cases:
            follow_ups, are = counted(len(self.cases), "follow-up"), "is" if number == 1 else "are"
            yield sentence(f"{number} of {follow_ups} {are} affected{listed}")
        else:
            yield "No follow-up could be compared."
        if moved := [days for case in self.cases for days in case.moved.values()]:
            yield f"Due dates move {describe_moved(min(moved), max(moved))}."
        if self.not_compared:
            yield sentence(f"{len(self.not_compared)} could not be compared")
        if self.unusable:
            files = counted(len(self.unusable), "file")
            yield sentence(f"{files} could not be used: {joined(self.unusable, 'and')}")

    def __str__(self) -> str:
        """Return the totals, then each affected follow-up and how, a line for each sentence."""
        lines = [*self.summary]
        for case in self.affected:
            lines += [
                f"{case.subject_name} ({case.name}):",
                *(difference.message for difference in case.differences),
            ]
        for case in self.not_compared:
            lines += [f"{case.subject_name} ({case.name}) could not be compared:", *case.problems]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return part_of(impact_contents(self.to_dict()))

    def to_dict(self) -> dict[str, Any]:
        """Return the totals and the follow-ups as text, numbers, lists and mappings."""
        return {
            "on": self.on.isoformat(),
            "follow_ups": len(self.cases),
            "affected": len(self.affected),
            "unusable": list(self.unusable),
            "summary": list(self.summary),
            "totals": self.totals,
            "subject_title": self.subject_title,
            "cases": [
                {
                    "name": case.name,
                    "subject_name": case.subject_name,
                    "moved": dict(case.moved),
                    "differences": [difference.message for difference in case.differences],
                    "problems": list(case.problems),
                }
                for case in self.cases
            ],
        }
