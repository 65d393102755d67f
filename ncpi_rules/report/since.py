"""What has changed in a plan since an earlier one of the same follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from attrs import evolve, frozen

from ncpi_rules.core import NOT_MET, counted
from ncpi_rules.plan import differences
from ncpi_rules.report.parts import Item

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    from ncpi_rules.plan import Action, Difference, PlanDeadline, PlanDocument

    T = TypeVar("T", PlanDeadline, Action)

_FIRST: Final = ("outcomes", "revisits", "deadlines")
"""The parts of a plan of which changes are told first."""

_MISSED: Final = frozenset(status.label for status in NOT_MET)

_ONLY: Final = ("No longer", "New")
"""How a change begins where only the earlier or only the later plan has something."""

_BY_THE_DAY: Final = (
    "days_left",
    "window",
    "late_by_days",
    "latest_compliant_date",
    "bound_by",
    "counted_from",
    "status_line",
    "status_sentences",
)
"""What of a duty changes as days pass, or follows from what is told anyway."""


@frozen
class Since:
    """What has changed since the position date ``on_text``, in sentences; ``others`` are grounds.

    Changes of grounds, of wording and of what is not known are counted alone.
    """

    on_text: str
    messages: tuple[str, ...]
    others: int

    @classmethod
    def of(cls, earlier: PlanDocument, plan: PlanDocument) -> Self:
        """Return what has changed from an earlier plan to this one, what matters most first.

        >>> from ncpi_rules.facts import FollowUp
        >>> from ncpi_rules.plan import assess
        >>> facts = {"force": "kent", "inspection_report": {"published": "2019-06-03"}}
        >>> one, other = (
        ...     assess(FollowUp.from_dict(facts | more), on="2019-09-02").document
        ...     for more in ({}, {"action_plan": {"received": "2019-07-01"}})
        ... )
        >>> Since.of(one, other).messages[0]
        "The date of 'Action plan received' is now 1 July 2019 (was none)."
        """
        every = differences(_on_the_day_of(plan, earlier), _named(plan), names=_ONLY)
        changes = [difference for difference in every if difference.is_of_substance]
        changes.sort(key=_weight)
        messages = tuple(dict.fromkeys(difference.message for difference in changes))
        return cls(earlier.on_text, messages, len(every) - len(changes))

    @property
    def heading(self) -> str:
        """Return the heading under which the changes stand."""
        return f"Changed since {self.on_text}"

    @property
    def items(self) -> tuple[Item, ...]:
        """Return the changes as the entries of a list."""
        return tuple(map(Item, self.sentences))

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the changes, or that there is none, and how many there are besides."""
        besides = f"{counted(self.others, 'change')} of wording, grounds or what is not recorded."
        return (
            *(self.messages or ("Nothing that anybody owes has changed.",)),
            *([f"Besides: {besides}"] if self.others else []),
        )


def _weight(change: Difference) -> tuple[int, bool]:
    """Return where a change comes: by its part of the plan, what is not met before the rest."""
    place = _FIRST.index(change.about) if change.about in _FIRST else len(_FIRST)
    return place, change.after not in _MISSED


def _named(plan: PlanDocument) -> PlanDocument:
    """Return a plan whose deadlines are named in few words."""
    deadlines = (evolve(one, sentence=one.label) for one in plan.deadlines)
    return evolve(plan, deadlines=tuple(deadlines))


def _on_the_day_of(plan: PlanDocument, earlier: PlanDocument) -> PlanDocument:
    """Return an earlier plan with all that follows from the day alone as it is in a later one."""
    later = {
        (one.id, one.revisit): one
        for one in (*plan.deadlines, *plan.required_actions, *plan.optional_actions)
    }

    def aligned(items: Iterable[T]) -> tuple[T, ...]:
        return tuple(
            item
            if (other := later.get((item.id, item.revisit))) is None
            else evolve(
                item,
                **{name: getattr(other, name) for name in _BY_THE_DAY if hasattr(item, name)},
            )
            for item in items
        )

    return evolve(
        _named(earlier),
        on=plan.on,
        on_text=plan.on_text,
        deadlines=aligned(_named(earlier).deadlines),
        required_actions=aligned(earlier.required_actions),
        optional_actions=aligned(earlier.optional_actions),
    )
