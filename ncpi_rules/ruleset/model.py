"""A ruleset as frozen objects: settings, vocabulary, rules, interpretations and statements.

Nothing here knows a methodology: every name, value and number comes from the YAML of an edition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from attrs import evolve, field, fields, frozen

from ncpi_rules.core import (
    Calendar,
    Contract,
    Memo,
    Modality,
    PartialDate,
    Period,
    closed_order,
    shift,
)
from ncpi_rules.io import Source, described, digest_of, fingerprint_field, write_plain
from ncpi_rules.ruleset.kinds import Guarantee
from ncpi_rules.ruleset.parameters import CHOICES, DUE_SOON, Choice, Parameter
from ncpi_rules.ruleset.rules import Rule
from ncpi_rules.ruleset.timing import DaysOff
from ncpi_rules.ruleset.vocabulary import (
    Activity,
    Event,
    Fact,
    Outcome,
    Party,
    Repeats,
    Term,
    Values,
)

if TYPE_CHECKING:
    from ncpi_rules.io import Plain

T = TypeVar("T")

POLICE_FORCES: Final = "police-forces"
"""The register of the police forces of England and Wales, with who holds which office there."""


def write_rule(rule: Rule) -> Plain:
    """Return the content of a case of a rule as plain data, whatever the order of its lines."""
    tests = [
        [[name, sorted(values)] for name, values in sorted(condition.items())]
        for condition in (rule.when, rule.under)
    ]
    named: dict[str, Any] = {name: tuple(sorted(getattr(rule, name))) for name in _UNORDERED}
    rest = write_plain(evolve(rule, id=rule.rule, when={}, under={}, **named))
    return [type(rule).__name__, getattr(rule, "decides", ""), *tests, rest]


_UNORDERED: Final = ("outranks", "statements", "rests_on")
"""The lists of a rule of which the order says nothing."""


@frozen(kw_only=True)
class Interpretation:
    """An open question: where the methodology is silent, overlaps or contradicts itself."""

    id: str = described("The name by which rules refer to it.")
    question: str = described("What the methodology leaves open, as one question.", prose=True)
    ours: str = described("The answer that is taken unless another is asked for.")
    why: str = described("Why this answer is taken.", prose=True)
    agreed_by: str = described("Who has agreed it; 'nobody yet' where nobody has.", prose=True)
    answers: Values = described("Every answer that can be asked for, with a sentence.", prose=True)
    statements: tuple[str, ...] = described(
        "The statements that leave it open.", default=(), names="statement"
    )


@frozen(kw_only=True)
class Statement:
    """One statement of the methodology, by its fingerprint and a summary in our own words."""

    id: str = described("Its number, as in the list of statements.")
    fingerprint: str = fingerprint_field("The fingerprint of the publisher's wording.")
    summary: str = described("What it says, in our own words.", prose=True)
    modality: Modality | None = described(
        "How strongly it speaks, where it asks for anything.", default=None
    )
    no_rule: str = described(
        "Why no rule implements it: background, scope, aim or heading.",
        default="",
        metadata={"values": ("background", "scope", "aim", "heading")},
    )
    because: str = described(
        "The reason in a sentence, where no rule implements it.", default="", prose=True
    )


@frozen(kw_only=True)
class Heading:
    """A heading of the methodology, by the fingerprint of its line."""

    prefix: str = described("What the numbers of the statements below it begin with.")
    fingerprint: str = fingerprint_field("The fingerprint of the publisher's heading.")


@frozen(kw_only=True)
class BasedOn:
    """The edition of which a ruleset is a working copy."""

    ruleset: str = described("The id of the ruleset that was copied.")
    edition: str = described("The name of its edition.")
    fingerprint: str = fingerprint_field("The fingerprint of what it said when it was copied.")


@frozen(kw_only=True)
class SubjectTerm:
    """What a methodology is about: what is inspected, and from where its name is taken."""

    title: str = described("What it is, such as: a force.", prose=True)
    register: str = described(
        "The list that the library has of them; left out, a follow-up gives any name.",
        default="",
        metadata={"values": (POLICE_FORCES,)},
    )


@frozen(kw_only=True)
class Settings:
    """The settings of an edition, in ``ruleset.yaml``."""

    id: str = described("The name of the ruleset.")
    edition: str = described("The name of the edition, as its folder is called.")
    title: str = described("The title of the methodology.", prose=True)
    publisher: str = described("Who published it.", prose=True)
    based_on: BasedOn | None = described(
        "The edition of which this is a working copy; 'ncpi-rules init' writes it.", default=None
    )
    format: str = described(
        "The number of the file format: 1 is the one that this library reads.",
        metadata={"values": ("1",)},
    )
    in_force: PartialDate | None = described(
        "The first and the last day on which the edition applies, such as 2014-04/2024-02.",
        default=None,
    )
    selected_by: str = described("The event whose date selects the edition.", default="")
    subject: SubjectTerm | None = described(
        "What is inspected; left out, a follow-up may be about anything.", default=None
    )
    headline: str = described(
        "The outcome that plans and pages put first; left out, they put none first.", default=""
    )
    days_off: DaysOff = described("The calendar.", default=DaysOff())
    calendars: Mapping[str, DaysOff] = described(
        "Other calendars, each under the name by which deadlines refer to it.", factory=dict
    )

    @property
    def all_calendars(self) -> Mapping[str, Calendar]:
        """Return each calendar by its name, that of ``days_off`` under an empty one."""
        return {
            name: days_off.calendar
            for name, days_off in {"": self.days_off, **self.calendars}.items()
        }

    @property
    def subject_title(self) -> str:
        """Return what is inspected, such as ``a force``."""
        return self.subject.title if self.subject else "a subject"

    @property
    def is_about_forces(self) -> bool | None:
        """Return whether a follow-up must name a police force, or must not; None where it may."""
        return None if self.subject is None else self.subject.register == POLICE_FORCES


@frozen(kw_only=True)
class Ruleset:
    """One edition of a methodology, loaded and checked: data that never changes.

    ``calendars`` are those of the settings by name, that of ``days_off`` under an empty name.
    ``rules`` are the cases of the rules as they are written, sorted by id, so that the order of
    files and of the rules in them does not matter. ``files`` are those that it was read from, by
    name: a patch changes what is written there. ``hits`` has, for each outcome, how many of its
    rules may apply in a case. ``places`` has the place in the files of each name, such as
    ``events.revisit-begins``. ``fields_without_a_fact`` says of each field of a follow-up from
    which nothing comes what it is for, ``repeats`` what a follow-up may have several times, None
    where there is nothing of that kind. ``headings`` are in the methodology's order;
    ``before_headings`` is the prefix of the statements before the first of them.
    """

    settings: Settings
    calendars: Mapping[str, Calendar]
    facts: Mapping[str, Fact]
    outcomes: Mapping[str, Outcome]
    parties: Mapping[str, Party]
    events: Mapping[str, Event]
    activities: Mapping[str, Activity]
    documents: Mapping[str, Term]
    topics: Mapping[str, Term]
    parameters: Mapping[str, Parameter]
    choices: Mapping[str, Choice]
    interpretations: Mapping[str, Interpretation]
    statements: Mapping[str, Statement]
    rules: Mapping[str, Rule]
    fields_without_a_fact: Mapping[str, str] = field(factory=dict)
    repeats: Repeats | None = None
    headings: tuple[Heading, ...] = ()
    before_headings: str = "title"
    hits: Mapping[str, str] = field(factory=dict)
    guarantees: Mapping[str, Guarantee] = field(factory=dict)
    places: Mapping[str, str] = field(factory=dict, eq=False, repr=False)
    files: Mapping[str, Source] = field(factory=dict, eq=False, repr=False)
    derived: Memo[Callable[[Ruleset], Any], Any] = field(
        factory=Memo, init=False, eq=False, repr=False
    )

    @property
    def name(self) -> str:
        """Return the ruleset and its edition, such as ``ncpi-follow-up/as-published``."""
        return f"{self.settings.id}/{self.settings.edition}"

    @property
    def calendar(self) -> Calendar:
        """Return the calendar by which days are counted, unless a deadline names another."""
        return self.calendars[""]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the ruleset's content, in hexadecimal digits.

        The content is settings, vocabulary, interpretations, statements, headings and rules; how
        they are spread over files, the order of rules and comments make no difference.
        """
        return self.derive(_digest)

    @property
    def content_digest(self) -> str:
        """Return the same of all but the name: an unchanged copy under another name has this one.

        That is the fingerprint after ``based_on``.
        """
        return self.derive(_content_digest)

    @property
    def headline(self) -> Outcome | None:
        """Return the outcome that plans and pages put first, or None."""
        return self.outcomes.get(self.settings.headline)

    @property
    def repeated(self) -> str:
        """Return what the rules call what a follow-up may have several times, such as a revisit.

        >>> from ncpi_rules.ruleset import shipped_ruleset
        >>> shipped_ruleset().repeated
        'revisit'
        """
        return "revisit" if self.repeats is None else self.repeats.title

    @property
    def contract(self) -> Contract:
        """Return where each fact and each event comes from, and the order of the events."""
        return self.derive(_contract)

    def derive(self, make: Callable[[Ruleset], T]) -> T:
        """Return what a function makes of the ruleset, made once and remembered by the function."""
        value: T | None = self.derived.get(make)
        return self.derived.remember(make, make(self)) if value is None else value

    def evolve(self, *unchanged: Callable[[Ruleset], Any], **parts: Any) -> Ruleset:
        """Return the ruleset with other parts, for which some functions make what they make here.

        Nothing else that was derived from the ruleset is taken over, but for the contract where the
        facts and the events stay.
        """
        evolved = evolve(self, **parts)
        if parts.keys().isdisjoint({"facts", "events"}):
            unchanged = (*unchanged, _contract)
        for make in unchanged:
            evolved.derived.remember(make, self.derive(make))
        return evolved

    @property
    def cases(self) -> Mapping[str, tuple[Rule, ...]]:
        """Return the cases of each rule as it is written, by its id."""
        return self.derive(_cases)

    def of_kind(self, kind: type[Rule]) -> tuple[Any, ...]:
        """Return the rules of one kind, by id."""
        return tuple(rule for rule in self.rules.values() if isinstance(rule, kind))

    def soon(self, on: int) -> int | None:
        """Return within how many days of a day (an ordinal) something is due soon."""
        period = self.choice(DUE_SOON)
        return shift(on, Period.read(period), 1, self.calendar) - on if period else None

    def choice(self, name: str) -> str:
        """Return what the edition has chosen, or what the library does where it has not."""
        chosen = self.choices.get(name)
        return CHOICES[name] if chosen is None else chosen.choice

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the content of the ruleset, never what was derived from it."""
        values = {item.name: getattr(self, item.name) for item in fields(type(self)) if item.init}
        plain: dict[str, Any] = {
            name: dict(part) if isinstance(part, Mapping) else part for name, part in values.items()
        }
        return partial(Ruleset, **plain), ()


def _content_digest(ruleset: Ruleset) -> str:
    nameless = evolve(ruleset.settings, id="", edition="", based_on=None)
    return evolve(ruleset, settings=nameless).digest


def _contract(ruleset: Ruleset) -> Contract:
    return Contract(
        facts={name: fact.source for name, fact in ruleset.facts.items()},
        events={name: event.source for name, event in ruleset.events.items()},
        order=closed_order({name: event.not_before for name, event in ruleset.events.items()}),
    )


def _cases(ruleset: Ruleset) -> Mapping[str, tuple[Rule, ...]]:
    cases: dict[str, list[Rule]] = {}
    for rule in ruleset.rules.values():
        cases.setdefault(rule.rule, []).append(rule)
    return MappingProxyType({id_: tuple(cases[id_]) for id_ in sorted(cases)})


def _digest(ruleset: Ruleset) -> str:
    parts = (ruleset.facts, ruleset.outcomes, ruleset.parties, ruleset.events, ruleset.activities)
    more = (ruleset.documents, ruleset.topics, ruleset.parameters, ruleset.choices)
    return digest_of(
        [
            write_plain(ruleset.settings),
            *(
                [write_plain(term) for term in part.values()]
                for part in (*parts, *more, ruleset.interpretations, ruleset.statements)
            ),
            [write_rule(rule) for rule in ruleset.rules.values()],
            [[name, ruleset.hits[name]] for name in sorted(ruleset.hits)],
            [[name, why] for name, why in sorted(ruleset.fields_without_a_fact.items())],
            write_plain(ruleset.repeats),
            [ruleset.before_headings, *(write_plain(heading) for heading in ruleset.headings)],
        ]
    )
