"""What has changed in a plan since an earlier one of the same follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Self

from attrs import evolve, frozen

from ncpi_rules.core import NOT_MET, Day, counted
from ncpi_rules.io import described, form_field
from ncpi_rules.plan.diff import Difference, differences
from ncpi_rules.plan.document import JsonDocument, PlanDocument

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    from ncpi_rules.plan.document import Action, PlanDeadline

    T = TypeVar("T", PlanDeadline, Action)

SCHEMA: Final = "ncpi-rules/plan-since/1"
"""The name and the version of the JSON of a plan with what has changed."""

_FIRST: Final = ("outcomes", "revisits", "deadlines")
"""The parts of a plan of which changes are told first."""

_MISSED: Final = frozenset(status.label for status in NOT_MET)

_NOTHING: Final = "Nothing that anybody owes has changed."

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


@frozen(kw_only=True)
class Since:
    """What has changed in a plan since an earlier one, what matters most first."""

    on: Day = described("The day of the earlier assessment.")
    on_text: str = described("The day of the earlier assessment, as an officer reads it.")
    changes: tuple[Difference, ...] = described("What is new, gone or otherwise.")
    others: int = described(
        "How many changes there are besides: of wording, of grounds or of what is not recorded."
    )

    @classmethod
    def of(cls, earlier: PlanDocument, plan: PlanDocument) -> Self:
        """Return what has changed from an earlier plan to this one.

        >>> from ncpi_rules.facts import FollowUp
        >>> from ncpi_rules.plan import assess
        >>> facts = {"force": "kent", "inspection_report": {"published": "2019-06-03"}}
        >>> earlier, later = (
        ...     assess(FollowUp.from_dict(facts | more), on="2019-09-02").document
        ...     for more in ({}, {"action_plan": {"received": "2019-07-01"}})
        ... )
        >>> Since.of(earlier, later).changes[0].message
        "The date of 'Action plan received' is now 1 July 2019 (was none)."
        """
        every = differences(_on_the_day_of(plan, earlier), _named(plan), names=_ONLY)
        changes = [difference for difference in every if difference.is_of_substance]
        others = len(every) - len(changes)
        changes.sort(key=_weight)
        first = {difference.message: difference for difference in reversed(changes)}
        return cls(
            on=earlier.on,
            on_text=earlier.on_text,
            changes=tuple(change for change in changes if change is first[change.message]),
            others=others,
        )

    @property
    def heading(self) -> str:
        """Return the heading under which the changes stand."""
        return f"Changed since {self.on_text}"

    @property
    def messages(self) -> tuple[str, ...]:
        """Return the changes in sentences, or that there is none."""
        return tuple(change.message for change in self.changes) or (_NOTHING,)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the changes, or that there is none, and how many there are besides."""
        besides = f"{counted(self.others, 'change')} of wording, grounds or what is not recorded."
        return (
            *self.messages,
            *([f"Besides: {besides}"] if self.others else []),
        )


@frozen(kw_only=True)
class PlanSince(JsonDocument):
    """A plan, and what has changed since an earlier one of the same follow-up.

    Its JSON is described by ``io/schemas/plan-since.json``.
    """

    form: ClassVar[str] = SCHEMA
    kind: ClassVar[str] = "a plan with what has changed"
    made_with: ClassVar[str] = "ncpi-rules assess FILE --format json --since RECORD"

    schema: str = form_field(SCHEMA)
    since: Since = described("What has changed since an earlier plan.")
    plan: PlanDocument = described("The plan, in its own published form.")

    @classmethod
    def of(cls, earlier: PlanDocument, plan: PlanDocument) -> Self:
        """Return a plan with what has changed since an earlier one.

        >>> from ncpi_rules.plan import assess
        >>> plan = assess({"force": "kent"}, on="2020-01-31").document
        >>> PlanSince.of(plan, plan).to_dict()["since"]["changes"]
        []
        """
        return cls(schema=SCHEMA, since=Since.of(earlier, plan), plan=plan)


def _weight(change: Difference) -> tuple[int, bool]:
    """Return where a change comes: by its part of the plan, what is not met before the rest."""
    place = _FIRST.index(change.about) if change.about in _FIRST else len(_FIRST)
    return place, change.after not in _MISSED


def _named(plan: PlanDocument) -> PlanDocument:
    """Return a plan whose deadlines are named in few words."""
    deadlines = (evolve(deadline, sentence=deadline.label) for deadline in plan.deadlines)
    return evolve(plan, deadlines=tuple(deadlines))


def _on_the_day_of(plan: PlanDocument, earlier: PlanDocument) -> PlanDocument:
    """Return an earlier plan with all that follows from the day alone as it is in a later one."""
    later = {
        (item.id, item.revisit): item
        for item in (*plan.deadlines, *plan.required_actions, *plan.optional_actions)
    }

    def aligned(items: Iterable[T]) -> tuple[T, ...]:
        return tuple(
            item
            if (now := later.get((item.id, item.revisit))) is None
            else evolve(
                item,
                **{name: getattr(now, name) for name in _BY_THE_DAY if hasattr(item, name)},
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
