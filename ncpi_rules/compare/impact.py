"""Who is affected by the difference of two rulesets, and how."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.compare import page as showing
from ncpi_rules.core import Day, counted, joined, sentence
from ncpi_rules.plan import Difference, differences, of_substance
from ncpi_rules.report import part_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.plan import Plan

NAMES: Final = ("No longer", "New")
_KINDS: Final[Mapping[str, str]] = {
    "outcomes": "another outcome",
    "required_actions": "other actions",
    "optional_actions": "other options",
    "documents": "other documents",
    "deadlines": "other deadlines",
    "questions": "other questions",
    "alerts": "other alerts",
}


@frozen(kw_only=True)
class Affected:
    """One follow-up under two rulesets: what differs in its plan.

    ``problems`` are the sentences of what one of the rulesets cannot take, and then nothing is
    compared.
    """

    name: str
    force: str
    differences: tuple[Difference, ...] = field(default=(), repr=False)
    problems: tuple[str, ...] = ()

    @property
    def is_affected(self) -> bool:
        """Return True where something else follows."""
        return bool(self.differences)

    @property
    def about(self) -> tuple[str, ...]:
        """Return the parts of the plan in which something differs."""
        found = {each.about for each in self.differences}
        return tuple(kind for kind in _KINDS if kind in found)

    @classmethod
    def of(cls, name: str, one: Plan, other: Plan) -> Affected:
        """Return in what two plans of a follow-up differ, apart from the names of the rulesets."""
        found = differences(one.document, other.document, names=NAMES)
        return cls(
            name=name,
            force=one.follow_up.force.name,
            differences=tuple(each for each in of_substance(found) if each.about in _KINDS),
        )


@frozen(kw_only=True)
class Impact:
    """Who of a caseload is affected by the difference of two rulesets on a day, and how.

    ``unusable`` names what could not be read as a follow-up, or not be assessed by both.
    """

    on: Day
    cases: tuple[Affected, ...]
    unusable: tuple[str, ...] = ()

    @property
    def affected(self) -> tuple[Affected, ...]:
        """Return the follow-ups for which something else follows."""
        return tuple(each for each in self.cases if each.is_affected)

    @property
    def not_compared(self) -> tuple[Affected, ...]:
        """Return the follow-ups that one of the rulesets cannot take."""
        return tuple(each for each in self.cases if each.problems)

    @property
    def totals(self) -> dict[str, int]:
        """Return how many follow-ups are affected in each part of the plan."""
        counts = Counter(kind for each in self.cases for kind in each.about)
        return {kind: counts[kind] for kind in _KINDS if counts[kind]}

    @property
    def says(self) -> tuple[str, ...]:
        """Return the totals, then who is affected and how, in sentences."""
        return tuple(self._says())

    @property
    def totals_say(self) -> tuple[str, ...]:
        """Return how many are affected and in what, and how many could not be compared."""
        return tuple(self._totals_say())

    def _totals_say(self) -> Iterator[str]:
        of, number = counted(len(self.cases), "follow-up"), len(self.affected)
        told = [f"{number} with {_KINDS[kind]}" for kind, number in self.totals.items()]
        listed = f": {joined(told, 'and')}" if told else ""
        if self.cases:
            yield sentence(f"{number} of {of} {'is' if number == 1 else 'are'} affected{listed}")
        else:
            yield "There is no follow-up that could be compared."
        if self.not_compared:
            yield sentence(f"{len(self.not_compared)} could not be compared")
        if self.unusable:
            files = counted(len(self.unusable), "file")
            yield sentence(f"{files} could not be used: {joined(self.unusable, 'and')}")

    def _says(self) -> Iterator[str]:
        yield from self.totals_say
        for each in self.affected:
            yield f"{each.force} ({each.name}):"
            yield from (found.message for found in each.differences)
        for each in self.not_compared:
            yield f"{each.force} ({each.name}) could not be compared:"
            yield from each.problems

    def __str__(self) -> str:
        """Return the totals, then who is affected and how, a line for each sentence."""
        return "\n".join(self.says)

    def _repr_html_(self) -> str:
        return part_of(showing.impact_contents(self.to_dict()))

    def to_dict(self) -> dict[str, Any]:
        """Return the totals and the follow-ups as text, numbers, lists and mappings."""
        return {
            "on": self.on.isoformat(),
            "follow_ups": len(self.cases),
            "affected": len(self.affected),
            "unusable": list(self.unusable),
            "says": list(self.totals_say),
            "totals": self.totals,
            "cases": [
                {
                    "name": each.name,
                    "force": each.force,
                    "differences": [found.message for found in each.differences],
                    "problems": list(each.problems),
                }
                for each in self.cases
            ],
        }
