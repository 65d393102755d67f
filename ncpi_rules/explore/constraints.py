"""Which imagined cases cannot be, by the facts' own rules.

They are the rules by which a follow-up refuses facts that contradict each other, asked
of whole columns.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Hashable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, FactsError, Happened, PartialDate
from ncpi_rules.facts import ORDER, ActionPlan, FollowUp, happened

if TYPE_CHECKING:
    from ncpi_rules.core import When
    from ncpi_rules.explore.choices import Value
    from ncpi_rules.facts import Decision, Given

REVIEW: Final = "action-plan-review"
RECEIVED: Final = "action-plan-received"
REVIEWED: Final = "action-plan-reviewed"

Key: TypeAlias = Callable[[Any], Hashable]
"""What of a value a constraint looks at."""

_NEVER: Final = 10**9


@frozen
class Constraint:
    """What must be true of a case: of some of its columns, by a key of each."""

    says: str
    names: tuple[str, ...]
    keys: tuple[Key, ...]
    allows: Callable[..., bool]


def _first(when: When) -> int:
    """Return a day before which nothing that follows can have been."""
    if isinstance(when, PartialDate):
        return when.start
    return _NEVER if when is NOT_YET else 0


def _last(when: When) -> int:
    """Return the last day that it may be; a date that is not given may be any."""
    return when.end if isinstance(when, PartialDate) else _NEVER


def _value(value: Value) -> Hashable:
    return value


def constraints(names: Collection[str], on: int | None) -> Iterator[Constraint]:
    """Yield what must be true of cases with these columns, on a day (an ordinal) if there is one.

    A date is never before that of an event which must come first (``facts.events.ORDER``), nor
    given where that event is not yet. The words of the action plan agree with its dates, and it
    leaves out recommendations for immediate action only where there are some.
    """
    for earlier, later in ORDER:
        if earlier in names and later in names:
            yield Constraint(
                f"'{later}' before '{earlier}'", (earlier, later), (_first, _last), operator.le
            )
    coverage, immediate = "action-plan-coverage", "immediate-recommendations"
    if coverage in names and immediate in names:
        yield Constraint(
            f"'{coverage}' and '{immediate}' contradict each other",
            (coverage, immediate),
            (_value, _value),
            lambda covers, makes: (covers, makes) != ("without-immediate", "none"),
        )
    dated = tuple(name for name in (REVIEWED, RECEIVED) if name in names)
    if REVIEW in names and dated and on is not None:
        values = review_values(on, ())
        yield Constraint(
            f"'{REVIEW}' and {' and '.join(map(repr, dated))} contradict each other",
            (REVIEW, *dated),
            (_value, *(lambda when: happened(when, on) for _ in dated)),
            lambda value, *has: _agrees(value, values[_reviewed_and_received(dated, has)]),
        )


def _reviewed_and_received(
    dated: tuple[str, ...], has: tuple[Happened, ...]
) -> tuple[Happened, Happened]:
    known = dict(zip(dated, has, strict=True))
    return known.get(REVIEWED, Happened.UNKNOWN), known.get(RECEIVED, Happened.UNKNOWN)


def _agrees(value: str, by_dates: Given) -> bool:
    # What was not required has not been reviewed either.
    return (
        by_dates is UNKNOWN or value == by_dates or (by_dates, value) == ("not-yet", "not-required")
    )


def review_values(
    on: int, decisions: tuple[Decision, ...]
) -> dict[tuple[Happened, Happened], Given]:
    """Return the word of the action plan's review, by whether it was reviewed and received.

    The facts are asked: nothing of it is worked out here.
    """
    told: dict[Happened, When] = {
        Happened.YES: PartialDate.between(on, on),
        Happened.NO: NOT_YET,
        Happened.UNKNOWN: UNKNOWN,
    }
    found: dict[tuple[Happened, Happened], Given] = {}
    for reviewed in Happened:
        for received in Happened:
            try:
                plan = ActionPlan(reviewed=told[reviewed], received=told[received])
                imagined = FollowUp(force="kent", action_plan=plan, decisions=decisions)
                found[reviewed, received] = imagined.values(on, events=())[REVIEW]
            except FactsError:  # reviewed and not received: told by the order of the events
                found[reviewed, received] = UNKNOWN
    return found
