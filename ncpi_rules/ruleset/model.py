"""A ruleset as frozen objects: vocabulary, rules, readings and statements.

Floor 3. Nothing here knows a methodology: every name, word and number comes from the YAML of an
edition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final, Self, TypeAlias, TypeVar, cast

from attrs import field, frozen

from ncpi_rules.dates import Calendar, PartialDate, Period, Unit, earliest_reaching, shift
from ncpi_rules.errors import DateError, Problem
from ncpi_rules.kinds import PERIOD
from ncpi_rules.words import LastDay, Modality, Naming, Selection, Standing

T = TypeVar("T")

Words: TypeAlias = Mapping[str, str]
"""Words, each with the sentence that an officer reads, in their order."""

Tests: TypeAlias = Mapping[str, tuple[str, ...]]
"""For each fact tested, the words that satisfy it."""


def _says(sentence: str, **more: Any) -> Any:
    return field(metadata={"says": sentence, **more.pop("metadata", {})}, **more)


@frozen(kw_only=True)
class Term:
    """A name of the vocabulary and what it says."""

    id: str = _says("The name by which rules refer to it.")
    title: str = _says("What an officer reads.")


@frozen(kw_only=True)
class Fact(Term):
    """A fact that rules may test, with the only words that it may take."""

    words: Words = _says("Each word with a whole sentence.")
    unknown: str = _says("The word that stands where nobody has told us.")
    left_out: str = _says(
        "The word of a case that does not name the fact; else unknown.", default=""
    )


@frozen(kw_only=True)
class Outcome(Term):
    """A fact that rules decide, its words from the lightest to the heaviest."""

    words: Words = _says("Each word with what it is, from the lightest to the heaviest.")
    none: str = _says("The word that stands where no rule settles it.")


@frozen(kw_only=True)
class Party(Term):
    """Somebody who does something, or to whom it is done."""

    office: str = _says("The office in the force's data that bears a title of its own.", default="")
    local: Mapping[str, str] = _says("Another name, by country.", factory=dict)


@frozen(kw_only=True)
class Reading:
    """A doubt: where the methodology is silent, overlaps or contradicts itself."""

    id: str = _says("The name by which rules refer to it.")
    question: str = _says("What the methodology leaves open, as one question.")
    ours: str = _says("The answer that is taken unless another is asked for.")
    why: str = _says("Why this answer is taken.")
    agreed_by: str = _says("Who has agreed it; 'nobody yet' where nobody has.")
    answers: Words = _says("Every answer that can be asked for, with a sentence.")
    statements: tuple[str, ...] = _says("The statements that leave it open.", default=())


@frozen(kw_only=True)
class Statement:
    """One statement of the methodology, by its fingerprint and a summary in our own words."""

    id: str = _says("Its number, as in the list of statements.")
    fingerprint: str = _says("The fingerprint of the publisher's wording.")
    summary: str = _says("What it says, in our own words.")
    modality: Modality | None = _says(
        "How strongly it speaks, where it asks for anything.", default=None
    )
    no_rule: str = _says(
        "Why no rule carries it: background, scope, aim or heading.",
        default="",
        metadata={"words": ("background", "scope", "aim", "heading")},
    )
    because: str = _says("The reason in a sentence, where no rule carries it.", default="")


_TIMING: Final = re.compile(
    r"(?P<period>.+?) (?P<direction>after|before|beginning with) (?P<event>\S+)"
)


@frozen(kw_only=True)
class Timing:
    """A period counted from an event, such as ``6 weeks after report-published``."""

    text_only: ClassVar = True
    pattern: ClassVar = f"(?:{PERIOD}) (?:after|before|beginning with) \\S+"

    period: Period
    direction: str
    event: str

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the timing that a text means; raise DateError where it is none.

        >>> Timing.from_text("6 weeks after report-published").period.says
        '6 weeks'
        """
        found = _TIMING.fullmatch(" ".join(text.split()))
        if found is None:
            raise DateError(
                Problem(
                    place="",
                    sentence=f"'{text}' does not say a period and an event.",
                    help="Write it such as '6 weeks after report-published': a period, then "
                    "'after', 'before' or 'beginning with', then an event.",
                )
            )
        period = Period.read(found["period"])
        return cls(period=period, direction=found["direction"], event=found["event"])

    @property
    def says(self) -> str:
        """Return the timing as it is written."""
        return f"{self.period.says} {self.direction} {self.event}"


@frozen
class Bound:
    """``event`` is not later (or, for ``is_floor``, not earlier) than the anchor, shifted.

    ``period`` and ``direction`` (1 after, -1 before) shift the anchor's day; ``days`` is added
    after that. ``is_order`` is True where no number is given, only which comes first: it gives no
    date of its own. ``fixed`` is the whole shift where it is the same number of days for every day.
    """

    event: str
    anchor: str
    period: Period
    direction: int
    days: int = 0
    is_floor: bool = False
    is_order: bool = False
    fixed: int | None = field(init=False, eq=False, repr=False)

    @fixed.default
    def _fixed(self) -> int | None:
        each = {Unit.DAYS: 1, Unit.WEEKS: 7}.get(self.period.unit)
        return None if each is None else self.direction * each * self.period.count + self.days

    def moved(self, day: int, calendar: Calendar) -> int:
        """Return the last (or first) day that the bound allows, for a day of its anchor."""
        if self.fixed is not None:
            return day + self.fixed
        return shift(day, self.period, self.direction, calendar) + self.days

    def earliest_anchor(self, day: int, calendar: Calendar) -> int:
        """Return the earliest day of the anchor for which the bound is not before ``day``."""
        if self.fixed is not None:
            return day - self.fixed
        return earliest_reaching(day - self.days, self.period, self.direction, calendar)

    def latest_anchor(self, day: int, calendar: Calendar) -> int:
        """Return the latest day of the anchor for which the bound is not after ``day``."""
        return self.earliest_anchor(day + 1, calendar) - 1


@frozen(kw_only=True)
class Rule:
    """What all rules have: what they test, what they rest on, and which rules they outrank."""

    kind: ClassVar[str] = ""

    id: str = _says("The rule's name, such as tier.visit.")
    title: str = _says("What the rule says, in one sentence.")
    when: Tests = _says("The facts that must hold; nothing means always.", factory=dict)
    under: Tests = _says("The answers to readings under which the rule stands.", factory=dict)
    outranks: tuple[str, ...] = _says("Rules that do not hold where this one does.", default=())
    statements: tuple[str, ...] = _says("The statements that the rule carries.")
    readings: tuple[str, ...] = _says("The readings that it rests on besides.", default=())
    note: str = _says("Anything that the next reader should know.", default="")
    place: str = field(
        default="",
        init=True,
        eq=False,
        repr=False,
        metadata={"says": "Where it stands.", "hidden": True},
    )

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Return the ids of the readings that the rule rests on, in their order."""
        return tuple(sorted({*self.under, *self.readings}, key=reading_order))


def reading_order(id_: str) -> tuple[str, int, str]:
    """Return a key that puts R2 before R10.

    >>> sorted(["R10", "R2"], key=reading_order)
    ['R2', 'R10']
    """
    letters = id_.rstrip("0123456789")
    digits = id_[len(letters) :]
    return letters, int(digits) if digits else -1, id_


@frozen(kw_only=True)
class OutcomeRule(Rule):
    """A rule that decides an outcome, or says why it stays open."""

    kind: ClassVar[str] = "outcome"

    then: str = _says("The word of the outcome; its word for 'none' where it stays open.")
    standing: Standing = _says("What the outcome rests on.", default=Standing.FOLLOWS)
    modality: Modality = _says("How strongly the methodology says it.", default=Modality.MUST)
    decides: str = field(default="", metadata={"says": "The outcome.", "hidden": True})


@frozen(kw_only=True)
class StepRule(Rule):
    """A rule by which somebody does something: a step, or an option where it only may be done."""

    kind: ClassVar[str] = "step"

    by: str = _says("The party that does it.")
    does: str = _says("The activity.")
    modality: Modality = _says("How strongly the methodology says it.")
    to: tuple[str, ...] = _says("The parties with whom or to whom it is done.", default=())
    for_each: str = _says("The list of which each entry gets an item of its own.", default="")
    completes: str = _says("The event that shows that it is done.", default="")
    extent: str = _says("How far it goes, in a few words.", default="")


@frozen(kw_only=True)
class DocumentRule(Rule):
    """A rule by which a document may be asked for."""

    kind: ClassVar[str] = "document"

    document: str = _says("The document.")
    by: str = _says("The party that asks for it.")
    of: str = _says("The party that is asked for it.")
    modality: Modality = _says("How strongly the methodology says it.", default=Modality.MAY)
    called_for_by: tuple[str, ...] = _says(
        "The topics that call for it; any-recommendation and any-area-of-concern are topics too.",
        default=(),
    )


@frozen(kw_only=True)
class DeadlineRule(Rule):
    """A rule that ties one event to another, with a period or without."""

    kind: ClassVar[str] = "deadline"

    by: str = _says("The party that owes it.")
    event: str = _says("The event that must happen in time.")
    modality: Modality = _says("How strongly the methodology says it.")
    within: Timing | None = _says(
        "The last day, such as 6 weeks after report-published.", default=None
    )
    at_least: Timing | None = _says(
        "The least distance, such as 2 weeks before revisit-begins.", default=None
    )
    no_later_than: str = _says("An event on whose day it must have happened.", default="")
    before: str = _says("An event before whose day it must have happened.", default="")
    no_earlier_than: str = _says("An event before which it cannot happen.", default="")

    bounds: tuple[Bound, ...] = field(init=False, eq=False, repr=False)
    """The rule's bounds on days."""

    @bounds.default
    def _all_bounds(self) -> tuple[Bound, ...]:
        return tuple(self._bounds())

    def _bounds(self) -> Iterator[Bound]:
        nothing = Period(0, Unit.DAYS)
        if self.within is not None:
            timing = self.within
            if timing.direction == "before":
                yield Bound(self.event, timing.event, timing.period, -1, is_floor=True)
                yield Bound(self.event, timing.event, nothing, 1)
            else:
                days = -1 if timing.direction == "beginning with" else 0
                yield Bound(self.event, timing.event, timing.period, 1, days)
        if self.at_least is not None:
            timing = self.at_least
            after = timing.direction != "before"
            yield Bound(self.event, timing.event, timing.period, 1 if after else -1, is_floor=after)
        if self.no_later_than:
            yield Bound(self.event, self.no_later_than, nothing, 1)
        if self.before:
            yield Bound(self.event, self.before, nothing, 1, -1, is_order=True)
        if self.no_earlier_than:
            yield Bound(self.event, self.no_earlier_than, nothing, 1, is_floor=True)

    @property
    def says(self) -> str:
        """Return the deadline in the words of the ruleset, or nothing where there is none."""
        parts = []
        if self.within is not None:
            parts.append(f"within {self.within.says}")
        if self.at_least is not None:
            parts.append(f"at least {self.at_least.says}")
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

    kind: ClassVar[str] = "question"

    ask: str = _says("The question.")
    by: str = _says("The party that must answer it.")


@frozen(kw_only=True)
class AlertRule(Rule):
    """A rule that draws attention to something."""

    kind: ClassVar[str] = "alert"

    alert: str = _says("What the reader should know, in a sentence.")


@frozen(kw_only=True)
class DaysOff:
    """Which days are not working days."""

    country: str = _says("The country, as in ISO 3166.", default="GB")
    subdivision: str = _says("The part of the country, as in ISO 3166.", default="ENG")
    extra: tuple[PartialDate, ...] = _says(
        "Days off that no list foresees, such as 2022-09-19.", default=()
    )


@frozen(kw_only=True)
class Settings:
    """What an edition says of itself, in ``ruleset.yaml``."""

    id: str = _says("The name of the ruleset.")
    edition: str = _says("The name of the edition, as its folder is called.")
    title: str = _says("The title of the methodology.")
    publisher: str = _says("Who published it.")
    format: str = _says(
        "The number of the file format: 1 is the one that this library reads.",
        metadata={"words": ("1",)},
    )
    in_force: PartialDate | None = _says(
        "The first and the last day for which the edition stands, such as 2014-04/2024-02.",
        default=None,
    )
    selected_by: str = _says("The event whose date selects the edition.", default="")
    month_ends: str = _says(
        "What '6 months after' means: last-day-of-the-month, where a month has no such day.",
        metadata={"words": ("last-day-of-the-month",)},
    )
    days_off: DaysOff = _says("The calendar.", default=DaysOff())
    last_day_not_working: str = _says(
        "What becomes of a last day that is not a working day: a word, or a reading's id.",
        default=LastDay.STANDS.value,
    )
    documents_suggested: str = _says(
        "Which documents are suggested: a word, or a reading's id.",
        default=Selection.WHERE_CALLED_FOR.value,
    )
    local_names: str = _says(
        "How a party with a local name is named: a word, or a reading's id.",
        default=Naming.BESIDE.value,
    )


@frozen(kw_only=True)
class Ruleset:
    """One edition of a methodology, loaded and checked; it is data and never changes.

    ``rules`` are sorted by id, so that the order of files and of rules in them does not matter.
    """

    settings: Settings
    calendar: Calendar
    facts: Mapping[str, Fact]
    outcomes: Mapping[str, Outcome]
    parties: Mapping[str, Party]
    events: Mapping[str, Term]
    activities: Mapping[str, Term]
    documents: Mapping[str, Term]
    topics: Mapping[str, Term]
    readings: Mapping[str, Reading]
    statements: Mapping[str, Statement]
    rules: Mapping[str, Rule]
    notices: tuple[Problem, ...] = field(default=(), eq=False, repr=False)
    _prepared: dict[str, Any] = field(factory=dict, init=False, eq=False, repr=False)

    @property
    def name(self) -> str:
        """Return the ruleset and its edition, such as ``ncpi-follow-up/as-published``."""
        return f"{self.settings.id}/{self.settings.edition}"

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """Return what was made from the ruleset under a name, made on first use.

        Two threads may both make it at first; one of the two is kept, and either would do.
        """
        found = self._prepared.get(name)
        if found is None:
            found = self._prepared.setdefault(name, make())
        return cast("T", found)

    def of_kind(self, kind: type[Rule]) -> tuple[Any, ...]:
        """Return the rules of one kind, by id."""
        return tuple(rule for rule in self.rules.values() if isinstance(rule, kind))

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what the ruleset says, never what was compiled from it."""
        names = [each.name for each in self.__attrs_attrs__ if each.name != "_prepared"]
        found = {name: getattr(self, name) for name in names}
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in found.items()
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Take what was pickled, and compile again on first use."""
        for name, value in {**state, "_prepared": {}}.items():
            object.__setattr__(self, name, value)
