"""The kinds of rules, as frozen objects, and the timings that deadlines are written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import ClassVar, Final, Self, TypeAlias

import attrs
from attrs import field, frozen

from ncpi_rules.core import (
    Basis,
    Calendar,
    DateError,
    Modality,
    Period,
    Problem,
    Unit,
    earliest_reaching,
    mover,
    shift,
)
from ncpi_rules.io import PERIOD, described

Tests: TypeAlias = Mapping[str, tuple[str, ...]]
"""For each fact tested, the values that satisfy it."""


_TIMING: Final = re.compile(
    r"(?P<period>.+?) (?P<direction>after|before|beginning with) (?P<event>\S+)"
)


@frozen(kw_only=True)
class Timing:
    """A period counted from an event, such as ``6 weeks after report-published``."""

    text_only: ClassVar = True
    pattern: ClassVar = (
        f"(?:{PERIOD}) (?:after|before) \\S+|(?!0+ |zero )(?:{PERIOD}) beginning with \\S+"
    )

    period: Period
    direction: str
    event: str

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the timing that a text means; raise DateError where it is none.

        >>> Timing.from_text("6 weeks after report-published").period.text
        '6 weeks'
        """
        parts = _TIMING.fullmatch(" ".join(text.split()))
        if parts is None:
            raise DateError(
                Problem(
                    place="",
                    message=f"'{text}' does not say a period and an event.",
                    help="Write it such as '6 weeks after report-published': a period, then "
                    "'after', 'before' or 'beginning with', then an event.",
                )
            )
        period = Period.read(parts["period"])
        if parts["direction"] == "beginning with" and not period.count:
            raise DateError(
                Problem(
                    place="",
                    message=f"'{text}' has no first day.",
                    help="Write a number of at least 1: the day of the event counts as the first.",
                )
            )
        return cls(period=period, direction=parts["direction"], event=parts["event"])

    @property
    def text(self) -> str:
        """Return the timing as it is written."""
        return f"{self.period.text} {self.direction} {self.event}"

    def bound(self, event: str, *, is_floor: bool = False) -> Bound:
        """Return the bound on an event: a due date, or the first day that is allowed.

        A least distance that begins with a day is over on the day after the period.
        """
        with_day = self.direction == "beginning with"
        direction = -1 if self.direction == "before" else 1
        days = 1 if with_day and is_floor else 0
        return Bound(
            event, self.event, self.period, direction, days, is_floor=is_floor, with_day=with_day
        )


@frozen
class Bound:
    """``event`` is not later (or, for ``is_floor``, not earlier) than the anchor, shifted.

    ``period`` and ``direction`` (1 after, -1 before) shift the anchor's day, which counts as the
    first of the period where it begins ``with_day``; then ``days`` are added. ``is_order`` is True
    where only the order of the two events is given: its day is not counted, so it stands whether or
    not it is a working day. ``fixed`` is the whole shift where it is the same number of days from
    every day.
    """

    event: str
    anchor: str
    period: Period
    direction: int
    days: int = 0
    is_floor: bool = False
    is_order: bool = False
    with_day: bool = False
    fixed: int | None = field(init=False, eq=False, repr=False)

    @fixed.default
    def _fixed(self) -> int | None:
        days = {Unit.DAYS: 1, Unit.WEEKS: 7}.get(self.period.unit)
        if days is None:
            return None
        return self.direction * days * self.period.count + self.days - self.with_day

    @property
    def leads_back(self) -> bool:
        """Return True where the bound leads to the anchor's day or to one before it."""
        return self.direction < 0 or (self.fixed is not None and self.fixed <= 0)

    def moved(self, day: int, calendar: Calendar) -> int:
        """Return the last (or first) day that the bound allows, for a day of its anchor."""
        if self.fixed is not None:
            return day + self.fixed
        end = shift(day, self.period, self.direction, calendar, with_day=self.with_day)
        return end + self.days

    def mover(self, calendar: Calendar) -> Callable[[int], int]:
        """Return the function that leads from a day of the anchor to what the bound allows."""
        if self.fixed is not None:
            return self.fixed.__add__
        move = mover(self.period, self.direction, calendar, with_day=self.with_day)
        days = self.days
        return move if days == 0 else lambda day: move(day) + days

    def earliest_anchor(self, day: int, calendar: Calendar) -> int:
        """Return the earliest day of the anchor for which the bound is not before ``day``."""
        if self.fixed is not None:
            return day - self.fixed
        return earliest_reaching(
            day - self.days, self.period, self.direction, calendar, with_day=self.with_day
        )

    def latest_anchor(self, day: int, calendar: Calendar) -> int:
        """Return the latest day of the anchor for which the bound is not after ``day``."""
        return self.earliest_anchor(day + 1, calendar) - 1


@frozen(kw_only=True)
class Rule:
    """The common part of rules: what they test, what they rest on, and which rules they outrank."""

    id: str = described("The rule's name, such as tier.visit.")
    title: str = described("What the rule says, in one sentence.", prose=True)
    when: Tests = described("The facts that must hold; none means always.", factory=dict)
    under: Tests = described(
        "The answers to interpretations under which the rule applies.", factory=dict
    )
    outranks: tuple[str, ...] = described(
        "Rules that do not apply where this one does.", default=(), names="rule"
    )
    statements: tuple[str, ...] = described(
        "The statements that the rule implements.", names="statement"
    )
    rests_on: tuple[str, ...] = described(
        "The interpretations that it rests on besides.", default=(), names="interpretation"
    )
    note: str = described("Anything that the next reader should know.", default="", prose=True)
    place: str = described(
        "Where it stands.", default="", eq=False, repr=False, metadata={"hidden": True}
    )

    open_questions: tuple[str, ...] = field(init=False, eq=False, repr=False)
    """The ids of the interpretations that the rule rests on, in their order."""

    tests: Mapping[str, frozenset[str]] = field(init=False, eq=False, repr=False)
    """What the rule tests: for each fact and each interpretation the values that satisfy it."""

    @open_questions.default
    def _all_interpretations(self) -> tuple[str, ...]:
        return tuple(sorted({*self.under, *self.rests_on}, key=interpretation_order))

    @tests.default
    def _all_tests(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(values) for name, values in {**self.when, **self.under}.items()}


def interpretation_order(id_: str) -> tuple[str, int, str]:
    """Return a key that puts R2 before R10.

    >>> sorted(["R10", "R2"], key=interpretation_order)
    ['R2', 'R10']
    """
    letters = id_.rstrip("0123456789")
    digits = id_[len(letters) :]
    return letters, int(digits) if digits else -1, id_


@frozen(kw_only=True)
class OutcomeRule(Rule):
    """A rule that decides an outcome, or says why it stays open."""

    then: str = described("The value of the outcome; its value for 'none' where it stays open.")
    basis: Basis = described("What the outcome rests on.", default=Basis.FOLLOWS)
    modality: Modality = described("How strongly the methodology says it.", default=Modality.MUST)
    decides: str = described("The outcome.", default="", metadata={"hidden": True})


@frozen(kw_only=True)
class ActionRule(Rule):
    """A rule by which somebody does something: an action, required or optional."""

    by: str = described("The party that does it.", names="party")
    does: str = described("The activity.", names="activity")
    modality: Modality = described("How strongly the methodology says it.")
    to: tuple[str, ...] = described(
        "The parties with whom or to whom it is done.", default=(), names="party"
    )
    for_each: str = described(
        "The list of which each entry gets an item of its own.", default="", names="list"
    )
    completes: str = described("The event that shows that it is done.", default="", names="event")
    extent: str = described("How far it goes, in a few words.", default="", prose=True)


@frozen(kw_only=True)
class DocumentRule(Rule):
    """A rule by which a document may be asked for."""

    document: str = described("The document.", names="document")
    by: str = described("The party that asks for it.", names="party")
    of: str = described("The party that is asked for it.", names="party")
    modality: Modality = described("How strongly the methodology says it.", default=Modality.MAY)
    prompted_by: tuple[str, ...] = described(
        "The topics that prompt it; any-recommendation and any-area-of-concern are topics too.",
        default=(),
        names="topic",
    )


@frozen(kw_only=True)
class DeadlineRule(Rule):
    """A rule that ties one event to another, with a period or without."""

    by: str = described("The party that owes it.", names="party")
    event: str = described("The event that must happen in time.", names="event")
    modality: Modality = described("How strongly the methodology says it.")
    within: Timing | None = described(
        "The due date, such as 6 weeks after report-published.", default=None, names="event"
    )
    at_least: Timing | None = described(
        "The least distance, such as 2 weeks before revisit-begins.", default=None, names="event"
    )
    no_later_than: str = described(
        "An event on whose day it must have happened.", default="", names="event"
    )
    before: str = described(
        "An event before whose day it must have happened.", default="", names="event"
    )
    no_earlier_than: str = described(
        "An event before which it cannot happen.", default="", names="event"
    )

    bounds: tuple[Bound, ...] = field(init=False, eq=False, repr=False)
    """The rule's bounds on days."""

    @bounds.default
    def _all_bounds(self) -> tuple[Bound, ...]:
        return tuple(self._bounds())

    def _bounds(self) -> Iterator[Bound]:
        nothing = Period(0, Unit.DAYS)
        if self.within is not None:
            yield self.within.bound(self.event, is_floor=self.within.direction == "before")
            if self.within.direction == "before":
                yield Bound(self.event, self.within.event, nothing, 1)
        if self.at_least is not None:
            yield self.at_least.bound(self.event, is_floor=self.at_least.direction != "before")
        if self.no_later_than:
            yield Bound(self.event, self.no_later_than, nothing, 1)
        if self.before:
            yield Bound(self.event, self.before, nothing, 1, -1, is_order=True)
        if self.no_earlier_than:
            yield Bound(self.event, self.no_earlier_than, nothing, 1, is_floor=True)

    @property
    def limit(self) -> str:
        """Return the deadline in the words of the ruleset, or nothing where there is none."""
        parts = []
        if self.within is not None:
            parts.append(f"within {self.within.text}")
        if self.at_least is not None:
            parts.append(f"at least {self.at_least.text}")
        if self.no_later_than:
            parts.append(f"no later than {self.no_later_than}")
        if self.before:
            parts.append(f"before {self.before}")
        if self.no_earlier_than:
            parts.append(f"no earlier than {self.no_earlier_than}")
        return ", ".join(parts)


@frozen(kw_only=True)
class QuestionRule(Rule):
    """A rule by which the follow-up must answer a question."""

    ask: str = described("The question.", prose=True)
    by: str = described("The party that must answer it.", names="party")


@frozen(kw_only=True)
class AlertRule(Rule):
    """A rule that draws attention to something."""

    alert: str = described("What the reader should know, in a sentence.", prose=True)


def names_in(rule: Rule) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the names that a rule uses: the field, what they name, and the names."""
    for item in attrs.fields(type(rule)):
        if what := item.metadata.get("names"):
            value = getattr(rule, item.name)
            if isinstance(value, Timing):
                value = value.event
            yield item.name, what, value if isinstance(value, tuple) else (value,) if value else ()


_NOT_EFFECTS: Final = {*(item.name for item in attrs.fields(Rule)), "bounds"}


def effect_of(rule: Rule) -> Hashable:
    """Return what a rule does in a plan, apart from its name, wording and sources."""
    effect = (
        (item.name, getattr(rule, item.name))
        for item in attrs.fields(type(rule))
        if item.name not in _NOT_EFFECTS
    )
    return type(rule).__name__, *effect
