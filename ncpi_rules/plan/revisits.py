"""The revisits of a follow-up on a day, each as it stands for itself.

A decision on what a revisit is, made after one has begun, opens the next. What repeats with a
revisit, and which outcome is fixed for it, stands in the ruleset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from attrs import evolve, frozen

from ncpi_rules.core import (
    FURTHER,
    NOT_YET,
    REVISIT_PARTS,
    UNKNOWN,
    FactsError,
    Happened,
    PartialDate,
    Problem,
)
from ncpi_rules.facts import (
    FollowUp,
    Further,
    RecordedDecision,
    Revisit,
    Variation,
    Waiver,
    made,
    name_facts,
)
from ncpi_rules.plan.inputs import Repeating

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.ruleset import Ruleset

_NEVER: Final = 10**9
_MOST: Final = 100  # each is read beside those before it


@frozen
class OneRevisit:
    """A follow-up as it stands for one revisit: the last of its list, where it has one.

    ``by`` is the day (an ordinal) on which its outcomes were fixed: for the current revisit, the
    day of the assessment.
    """

    follow_up: FollowUp
    by: int


@frozen(kw_only=True)
class RevisitsOn:
    """The revisits that there are on a day, in their order, and what cannot be told of them.

    ``unclear`` has each decision of which it cannot be told whether it was made before a revisit
    began, with the number of that revisit; ``unassigned`` the waivers and variations of which it
    cannot be told which revisit they are about, or that name one that there is not; ``to_come`` the
    numbers of those that are recorded and that nothing has opened yet.
    """

    revisits: tuple[OneRevisit, ...]
    unclear: tuple[tuple[RecordedDecision, int], ...] = ()
    unassigned: tuple[Waiver | Variation, ...] = ()
    to_come: tuple[int, ...] = ()

    @property
    def current(self) -> FollowUp:
        """Return the follow-up as it stands for the current revisit."""
        return self.revisits[-1].follow_up

    @property
    def earlier(self) -> tuple[OneRevisit, ...]:
        """Return the revisits before the current one."""
        return self.revisits[:-1]

    @property
    def is_plain(self) -> bool:
        """Return True where there is one revisit, and nothing more to say of it."""
        return len(self.revisits) == 1 and not (self.unclear or self.unassigned or self.to_come)


def revisits_on(follow_up: FollowUp, ruleset: Ruleset, on: int) -> RevisitsOn:
    """Return the revisits that a follow-up has on a day (an ordinal).

    Raises FactsError where dates contradict the order of events, and for several revisits where the
    ruleset knows of one only.

    >>> from ncpi_rules.facts import FollowUp
    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> decision = {"decision": "full-reinspection", "by": "HMICFRS", "on": "2020-01-20",
    ...     "why": "unknown"}
    >>> follow_up = FollowUp.from_dict(
    ...     {"force": "kent", "fieldwork": {"begins": "2020-01-06"}, "decisions": [decision]}
    ... )
    >>> days = [PartialDate.read(day).start for day in ("2020-01-19", "2020-01-20")]
    >>> [len(revisits_on(follow_up, shipped_ruleset(), day).revisits) for day in days]
    [1, 2]
    """
    if not follow_up.may_have_several:
        return RevisitsOn(revisits=(OneRevisit(follow_up, on),))
    repeating = ruleset.derive(Repeating)
    known, asked = follow_up.revisits_by_day, (repeating, on)
    revisits: RevisitsOn | None = known.get(asked)
    return revisits or known.remember(asked, _read(follow_up, repeating, on))


def _read(follow_up: FollowUp, repeating: Repeating, on: int) -> RevisitsOn:
    begun = _Begun.of(follow_up, repeating)
    names_one = follow_up.revisits or any(waiver.revisit for waiver in follow_up.waivers)
    # A decision made once the revisit had begun is among those that may have been made then.
    opening = filter(repeating.opens, follow_up.decisions)
    if names_one or any(begun.is_unclear(decision, on) for decision in opening):
        return _Reading.of(follow_up, repeating, on).read()
    return RevisitsOn(revisits=(OneRevisit(follow_up, on),))  # as mostly


@frozen
class _Begun:
    """When a revisit began, as far as is known: no earlier than ``first``, by ``last``."""

    first: int
    last: int

    @classmethod
    def of(cls, follow_up: FollowUp, repeating: Repeating) -> Self:
        """Return when the last revisit of a follow-up began; what comes after it bounds it."""
        contract = repeating.ruleset.contract
        events = name_facts(follow_up, contract).dates.events
        when = events.get(repeating.begins, UNKNOWN)
        after = [events[later] for later in repeating.after]
        ends = [date.end for date in (when, *after) if isinstance(date, PartialDate)]
        first = when.start if isinstance(when, PartialDate) else -_NEVER
        return cls(_NEVER if when is NOT_YET else first, min(ends, default=_NEVER))

    def is_before(self, decision: RecordedDecision) -> bool:
        """Return True where a decision was certainly made after the revisit had begun."""
        return isinstance(decision.on, PartialDate) and decision.on.start > self.last

    def is_unclear(self, decision: RecordedDecision, on: int) -> bool:
        """Return True where a decision may have been made before or after the revisit began."""
        if self.last == _NEVER or self.first > on or made(decision, on) is Happened.NO:
            return False
        when = decision.on
        return not (isinstance(when, PartialDate) and when.end <= self.first)


@frozen
class _Reading:
    """A follow-up on a day, taken apart: one block for each revisit, and what is there once.

    ``base`` has no revisit and no decision on one.
    """

    follow_up: FollowUp
    base: FollowUp
    blocks: tuple[Revisit, ...]
    repeating: Repeating
    on: int

    @classmethod
    def of(cls, follow_up: FollowUp, repeating: Repeating, on: int) -> Self:
        name_facts(follow_up, repeating.ruleset.contract)  # refused as it is written
        blocks, further = follow_up.revisits, follow_up.further
        events = {name: when for name, when in further.events.items() if name in repeating.events}
        if len(blocks) > 1:
            _refuse(repeating, events, len(blocks))
        if not blocks:
            blocks = (Revisit(**{name: getattr(follow_up, name) for name in REVISIT_PARTS}),)
        if events:  # of the one revisit that there is
            once = {name: when for name, when in further.events.items() if name not in events}
            own = Further(events=events).joined(blocks[0].further)
            blocks, further = (evolve(blocks[0], further=own),), evolve(further, events=once)
        empty = {name: getattr(Revisit(), name) for name in REVISIT_PARTS}
        others = tuple(
            decision for decision in follow_up.decisions if not repeating.opens(decision)
        )
        base = follow_up.evolve(decisions=others, revisits=(), further=further, **empty)
        reading = cls(follow_up, base, blocks, repeating, on)
        reading.check_order()
        return reading

    def check_order(self) -> None:
        """Refuse a revisit that began before the one that comes first in the list."""
        begun = [self._begun(number) for number in range(1, len(self.blocks) + 1)]
        place = self.repeating.ruleset.contract.place(self.repeating.begins) if begun[1:] else ""
        problems = [
            Problem(
                place=f"revisits[{at}].{place}",
                message=f"Revisit {at + 1} begins before revisit {at}.",
                help="Write the revisits in the order in which they began.",
            )
            for at in range(1, len(begun))
            if begun[at].last < begun[at - 1].first < _NEVER
        ]
        if problems:
            raise FactsError(problems)

    def read(self) -> RevisitsOn:
        """Return the revisits that there are on the day."""
        left = list(filter(self.repeating.opens, self.follow_up.decisions))
        decided: list[tuple[list[RecordedDecision], int]] = []
        unclear: list[tuple[RecordedDecision, int]] = []
        is_open = True
        while is_open:
            number = len(decided) + 1
            begun = self._begun(number)
            own = [decision for decision in left if not begun.is_before(decision)]
            left = [decision for decision in left if begun.is_before(decision)]
            # What may have been decided after an earlier revisit began may be about this one.
            maybe = [
                evolve(decision, on=PartialDate.between(self.on, self.on + 1))
                for decision, _ in unclear
            ]
            unclear += [
                (decision, number) for decision in own if begun.is_unclear(decision, self.on)
            ]
            opened = self._opened(number, begun, left)
            decided.append(([*own, *maybe], self.on if opened is None else opened))
            is_open = opened is not None
        is_single = len(decided) == 1
        read = (
            self._single(decided[0][0], unclear) if is_single else self._several(decided, unclear)
        )
        return evolve(read, unassigned=(*read.unassigned, *self._of_none(len(decided))))

    def _of_none(self, most: int) -> Iterator[Waiver | Variation]:
        """Yield the waivers and variations that name a revisit that there is not on the day."""
        for waiver in self.follow_up.waivers:
            named = waiver.revisit and self.repeating.has(waiver.of)
            if named and int(waiver.revisit) > most and made(waiver, self.on) is not Happened.NO:
                yield waiver

    def _opened(self, number: int, begun: _Begun, later: list[RecordedDecision]) -> int | None:
        """Return by when a revisit was fixed by which another follows, or None where none does."""
        if begun.last == _NEVER and number >= len(self.blocks):
            return None
        after = self._begun(number + 1)
        opening = [decision for decision in later if not after.is_before(decision)]
        days = [decision.on.start for decision in opening if isinstance(decision.on, PartialDate)]
        if any(made(decision, self.on) is not Happened.NO for decision in opening):
            return min(days) - 1
        if opening or number >= len(self.blocks) or begun.first > self.on:
            return None
        return min(begun.last, self.on)

    def _begun(self, number: int) -> _Begun:
        if number > len(self.blocks):
            return _Begun(-_NEVER, _NEVER)
        return _Begun.of(self._view(number, ()), self.repeating)

    def _view(self, number: int, own: tuple[RecordedDecision, ...]) -> FollowUp:
        """Return the follow-up as it stands for one revisit, with some decisions alone."""
        blocks = (*self.blocks, *[Revisit()] * (number - len(self.blocks)))[:number]
        return self.base.evolve(revisits=blocks, decisions=(*self.base.decisions, *own))

    def _to_come(self, number: int) -> tuple[int, ...]:
        rest = enumerate(self.blocks[number:], number + 1)
        return tuple(place for place, block in rest if block != Revisit())

    def _single(
        self, own: list[RecordedDecision], unclear: list[tuple[RecordedDecision, int]]
    ) -> RevisitsOn:
        view = self._view(1, tuple(own)) if self.blocks[1:] else self.follow_up
        return RevisitsOn(
            revisits=(OneRevisit(self._with_waivers(view.latest, 1, None)[0], self.on),),
            # As long as there is one revisit, a decision without a date is taken to be about it.
            unclear=tuple(pair for pair in unclear if pair[0].on is not UNKNOWN),
            to_come=self._to_come(1),
        )

    def _several(
        self,
        decided: list[tuple[list[RecordedDecision], int]],
        unclear: list[tuple[RecordedDecision, int]],
    ) -> RevisitsOn:
        first_over = decided[0][1]
        views: list[OneRevisit] = []
        unassigned: tuple[Waiver | Variation, ...] = ()
        for number, (own, by) in enumerate(decided, 1):
            view, unassigned = self._with_waivers(
                self._view(number, tuple(own)), number, first_over
            )
            views.append(OneRevisit(view, min(by, self.on)))
        return RevisitsOn(
            revisits=tuple(views),
            unclear=tuple(unclear),
            unassigned=unassigned,
            to_come=self._to_come(len(views)),
        )

    def _with_waivers(
        self, view: FollowUp, number: int, first_over: int | None
    ) -> tuple[FollowUp, tuple[Waiver | Variation, ...]]:
        """Return a view with the waivers that are about its revisit, and those about none.

        ``first_over`` is the last day on which the first revisit was the only one.
        """
        about: dict[bool | None, list[Waiver | Variation]] = {True: [], False: [], None: []}
        for waiver in view.waivers:
            about[self._is_about(waiver, number, first_over)].append(waiver)
        if not (about[False] or about[None]):
            return view, ()
        left_out = [id(waiver) for waiver in (*about[False], *about[None])]
        decisions = tuple(decision for decision in view.decisions if id(decision) not in left_out)
        return view.evolve(decisions=decisions), tuple(about[None])

    def _is_about(
        self, waiver: Waiver | Variation, number: int, first_over: int | None
    ) -> bool | None:
        if not self.repeating.has(waiver.of):
            return True
        if waiver.revisit:
            return int(waiver.revisit) == number
        if first_over is None:
            return True
        if isinstance(waiver.on, PartialDate) and waiver.on.end <= first_over:
            return number == 1
        return False if made(waiver, self.on) is Happened.NO else None


def _refuse(repeating: Repeating, events: Iterable[str], revisits: int) -> None:
    """Refuse revisits that the ruleset does not know of, or too many; and events of no revisit."""
    problems = [
        Problem(
            place=f"{FURTHER}.events.{name}",
            message=f"'{name}' repeats with each revisit, so it is not clear which one this is.",
            help=f"Write it under 'revisits', in the entry's own '{FURTHER}'.",
        )
        for name in events
    ]
    if not repeating.begins:
        problems.append(
            Problem(
                place="revisits",
                message="This ruleset knows of one revisit only.",
                help="Name under 'repeats' of its vocabulary what each revisit has.",
            )
        )
    elif revisits > _MOST:
        message = f"More than {_MOST} revisits stand in one follow-up."
        help_ = "Check that each of them is one; leave out what was written twice."
        problems.append(Problem(place="revisits", message=message, help=help_))
    if problems:
        raise FactsError(problems)
