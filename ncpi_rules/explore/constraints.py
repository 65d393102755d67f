"""Which imagined cases are impossible, by the rules that a follow-up has for its own facts.

They are the rules by which a follow-up refuses facts that contradict each other, asked
of whole columns.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Hashable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, Contract, FactsError, Happened, PartialDate
from ncpi_rules.facts import RECEIVED, REVIEWED, ActionPlan, FollowUp, happened, name_facts

if TYPE_CHECKING:
    from ncpi_rules.core import When
    from ncpi_rules.facts import FactValue, RecordedDecision

_PUBLISHED: Final = "inspection_report.published"
REVIEW: Final = "action_plan.reviewed, decisions.waiver"
COVERAGE: Final = "action_plan.covers"
LET_OFF: Final = "decisions.waiver, decisions.variation, action_plan.received"
IMMEDIATE: Final = "inspection_report.recommendations.immediate"
OTHER: Final = "inspection_report.recommendations.other"
"""The fields whose values and dates can contradict each other."""

Key: TypeAlias = Callable[[Any], Hashable]
"""The part of a value on which a constraint depends."""

_ANYBODY: Final = "anybody"
"""What an imagined follow-up is about."""
_NEVER: Final = 10**9


@frozen
class Constraint:
    """A condition on some columns of a case, asked of a key of each; ``reason`` names a breach."""

    reason: str
    names: tuple[str, ...]
    keys: tuple[Key, ...]
    allows: Callable[..., bool]


def _first(when: When) -> int:
    """Return the first day that a date may be; one that is not given may be any."""
    if isinstance(when, PartialDate):
        return when.start
    return _NEVER if when is NOT_YET else 0


def _last(when: When) -> int:
    """Return the latest day that a date may be; one that is not given may be any."""
    return when.end if isinstance(when, PartialDate) else _NEVER


def is_dated(when: object) -> bool:
    """Return True where a date is given, if only roughly."""
    return isinstance(when, PartialDate)


def _same(value: Hashable) -> Hashable:
    return value


def constraints(names: Collection[str], on: int | None, contract: Contract) -> Iterator[Constraint]:
    """Yield the constraints on cases with these columns, on a day (an ordinal) if there is one.

    No date is before that of an event which must come first, or follows an event that is not yet.
    The values of the action plan agree with its dates, and it leaves out immediate recommendations
    only where there are some, others only where there are others. No plan that has come, or is
    planned, is waived or varied.
    """
    for earlier, later in contract.order:
        if earlier in names and later in names:
            reason = f"'{later}' before '{earlier}'"
            yield Constraint(reason, (earlier, later), (_first, _last), operator.le)
    coverage, immediate, other = map(contract.name, (COVERAGE, IMMEDIATE, OTHER))
    review, reviewed, received = map(contract.name, (REVIEW, REVIEWED, RECEIVED))
    let_off = contract.name(LET_OFF)
    for first, second, key, excluded in (
        (coverage, immediate, _same, {("without-immediate", "none")}),
        (coverage, other, _same, {("incomplete", "none")}),
        (let_off, received, is_dated, {("waived", True), ("varied", True)}),
    ):
        if first in names and second in names:
            yield Constraint(
                f"'{first}' and '{second}' contradict each other",
                (first, second),
                (_same, key),
                lambda value, other, excluded=excluded: (value, other) not in excluded,
            )
    dated = tuple(name for name in (reviewed, received) if name in names)
    if review in names and dated and on is not None:
        by_dates = review_values(on, (), contract)

        def agrees(value: str, *states: Happened) -> bool:
            known = dict(zip(dated, states, strict=True))
            unknown = Happened.UNKNOWN
            expected = by_dates[known.get(reviewed, unknown), known.get(received, unknown)]
            # What was not required has not been reviewed either.
            not_required = (expected, value) == ("not-yet", "not-required")
            return expected is UNKNOWN or value == expected or not_required

        yield Constraint(
            f"'{review}' and {' and '.join(map(repr, dated))} contradict each other",
            (review, *dated),
            (_same, *(lambda when: happened(when, on) for _ in dated)),
            agrees,
        )


def decided_afterwards(
    follow_up: FollowUp, names: Collection[str], contract: Contract
) -> Iterator[Constraint]:
    """Yield that no report is published after a decision of a follow-up was made."""
    published, decided = contract.name(_PUBLISHED), follow_up.decided_on.values()
    if published in names and decided:
        first = min(on.end for on in decided)
        reason = f"'{published}' after a decision on the follow-up"
        yield Constraint(reason, (published,), (_first,), lambda day: day <= first)


def review_values(
    on: int, decisions: tuple[RecordedDecision, ...], contract: Contract
) -> dict[tuple[Happened, Happened], FactValue]:
    """Return the value of the action plan's review, by whether it was reviewed and received.

    The facts themselves are asked; nothing is worked out here.
    """
    dates: dict[Happened, When] = {
        Happened.YES: PartialDate.between(on, on),
        Happened.NO: NOT_YET,
        Happened.UNKNOWN: UNKNOWN,
    }
    values: dict[tuple[Happened, Happened], FactValue] = {}
    place = list(contract.facts).index(contract.name(REVIEW))
    for reviewed in Happened:
        for received in Happened:
            try:
                plan = ActionPlan(reviewed=dates[reviewed], received=dates[received])
                imagined = FollowUp(subject=_ANYBODY, action_plan=plan, decisions=decisions)
                value = name_facts(imagined, contract).on(on)[place]
                values[reviewed, received] = UNKNOWN if value is None else value
            except FactsError:  # reviewed and not received: the order of events excludes it
                values[reviewed, received] = UNKNOWN
    return values


def let_off_value(
    on: int, decisions: tuple[RecordedDecision, ...], contract: Contract
) -> FactValue:
    """Return whether decisions let anybody off an action plan where no date of one is given."""
    place = list(contract.facts).index(contract.name(LET_OFF))
    value = name_facts(FollowUp(subject=_ANYBODY, decisions=decisions), contract).on(on)[place]
    return UNKNOWN if value is None else value
