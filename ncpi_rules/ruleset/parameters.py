"""Parameters and choices: each period and each choice of an edition, once, with its sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import evolve, frozen

from ncpi_rules.core import (
    DateError,
    DueDatePolicy,
    Naming,
    PartialDate,
    Period,
    Problem,
    Selection,
    one_of,
)
from ncpi_rules.io import described
from ncpi_rules.ruleset.cases import AS_WRITTEN, Origin, parted
from ncpi_rules.ruleset.problems import no_such, not_a_value, unnamed_answer

_DIRECTIONS: Final = {"after": "after", "before": "before", "beginning_with": "beginning with"}


DUE_SOON: Final = "due-soon"
DUE_DATE_NOT_WORKING: Final = "due-date-not-working"
DOCUMENTS_SUGGESTED: Final = "documents-suggested"
LOCAL_NAMES: Final = "local-names"
MONTH_ENDS: Final = "month-ends"

ANSWERED: Final[Mapping[str, type[DueDatePolicy | Selection | Naming]]] = {
    DUE_DATE_NOT_WORKING: DueDatePolicy,
    DOCUMENTS_SUGGESTED: Selection,
    LOCAL_NAMES: Naming,
}
"""The choices that take a value of the library, or an interpretation whose answers are such."""

CHOICES: Final[Mapping[str, str]] = {
    DUE_DATE_NOT_WORKING: DueDatePolicy.STANDS,
    DOCUMENTS_SUGGESTED: Selection.WHERE_PROMPTED,
    LOCAL_NAMES: Naming.BESIDE,
    MONTH_ENDS: "last-day-of-the-month",
    DUE_SOON: "",
}
"""What the library does where an edition has not chosen, by the names of all choices."""


@frozen(kw_only=True)
class Parameter:
    """A period that rules and sentences name, and the event from which it is counted."""

    id: str = described("The name by which rules and sentences refer to it.")
    title: str = described("What the period is, in a few words.", prose=True)
    period: Period = described("The period, such as 6 months.")
    after: str = described("The event after which it is counted.", default="", names="event")
    before: str = described("The event before which it is counted.", default="", names="event")
    beginning_with: str = described(
        "The event whose day is the first that counts.", default="", names="event"
    )
    under: Mapping[str, Mapping[str, Any]] = described(
        "An open question, and for each answer the event from which it is counted, or what else "
        "differs.",
        factory=dict,
    )
    statements: tuple[str, ...] = described("The statements that say it.", names="statement")
    was: Mapping[str, Period] = described(
        "What it was in earlier editions, by the dates between which these applied.", factory=dict
    )

    def timings(self) -> list[tuple[dict[str, tuple[str, ...]], str, str]]:
        """Return the period and from which event it is counted, such as ``after report-published``.

        Where it depends on the answers to an open question, each has the answers to which it
        belongs; the event is nothing where the parameter names none.
        """
        if not self.under:
            return [({}, *self._timing({}))]
        ((question, answers),) = self.under.items()
        return [
            ({question: parted(key)}, *self._timing({} if differing == AS_WRITTEN else differing))
            for key, differing in answers.items()
        ]

    def _timing(self, differing: Mapping[str, str]) -> tuple[str, str]:
        """Return the period and its event, where some lines differ."""
        period = differing.get("period", self.period.text)
        own = {name: getattr(self, name) for name in _DIRECTIONS}
        events = differing if any(name in differing for name in _DIRECTIONS) else own
        counted = [
            f"{direction} {events[name]}"
            for name, direction in _DIRECTIONS.items()
            if events.get(name)
        ]
        return period, "".join(counted[:1])


@frozen(kw_only=True)
class Choice:
    """What an edition lays down for the library: a value, a period, or an open question's id."""

    id: str = described(
        f"The name of the choice: {', '.join(CHOICES)}.",
        metadata={"values": tuple(CHOICES)},
    )
    title: str = described("What is chosen, in a few words.", prose=True)
    choice: str = described(
        "The value, the period such as 14 days, or the id of the interpretation that answers it."
    )
    statements: tuple[str, ...] = described(
        "The statements that say it.", names="statement", default=()
    )
    why: str = described("Why it is so, where no statement says it.", prose=True, default="")
    was: Mapping[str, str] = described(
        "What it was in earlier editions, by the dates between which these applied.", factory=dict
    )


def parameter_problems(
    parameters: tuple[Parameter, ...],
    origin: Origin,
    answers: Mapping[str, tuple[str, ...]],
    events: list[str],
    in_force: PartialDate | None,
) -> Iterator[Problem]:
    """Yield what is wrong with the parameters of an edition; ``origin`` is that of their list."""
    for at, parameter in enumerate(parameters):
        here = origin.at(at)
        counted = [name for name in _DIRECTIONS if getattr(parameter, name)]
        if len(counted) > 1:
            yield Problem(
                place=here.at(counted[1], key=True).place,
                message=f"The parameter '{parameter.id}' is counted from two events.",
                help="Write one of 'after', 'before' and 'beginning_with'.",
            )
        yield from _under_problems(parameter, here.at("under"), answers, events)
        yield from _history_problems(parameter, here.at("was"), in_force)


def _under_problems(
    parameter: Parameter, origin: Origin, answers: Mapping[str, tuple[str, ...]], events: list[str]
) -> Iterator[Problem]:
    if len(parameter.under) > 1:
        yield Problem(
            place=origin.place,
            message=f"The parameter '{parameter.id}' depends on more than one open question.",
            help="Let it depend on one, and write a second parameter.",
        )
    for question, blocks in parameter.under.items():
        at = origin.at(question)
        if question not in answers:
            yield no_such(
                origin.at(question, key=True).place, "interpretation", question, list(answers)
            )
            continue
        named = [answer for key in blocks for answer in parted(key)]
        for key, differing in blocks.items():
            for answer in parted(key):
                if answer not in answers[question]:
                    place = at.at(key, key=True).place
                    yield not_a_value(place, answer, question, answers[question])
            yield from _differing_problems(differing, at.at(key), events)
        for answer in answers[question]:
            if answer not in named:
                yield unnamed_answer(at, question, answer)


def _differing_problems(differing: Any, origin: Origin, events: list[str]) -> Iterator[Problem]:
    if differing == AS_WRITTEN:
        return
    allowed = ("period", *_DIRECTIONS)
    if not isinstance(differing, Mapping):
        yield Problem(
            place=origin.place,
            message=f"'{differing}' says nothing of this answer.",
            help=f"Write what differs, such as '{{after: {events[0] if events else 'an-event'}}}', "
            f"or '{AS_WRITTEN}'.",
        )
        return
    for name, value in differing.items():
        if name not in allowed:
            yield Problem(
                place=origin.at(name, key=True).place,
                message=f"'{name}' is not a line that differs in a parameter.",
                help=one_of(name, allowed),
            )
        elif name != "period" and value not in events:
            yield no_such(origin.at(name).place, "event", str(value), events)


def _history_problems(
    parameter: Parameter, origin: Origin, in_force: PartialDate | None
) -> Iterator[Problem]:
    for text in parameter.was:
        try:
            span = PartialDate.read(text)
        except DateError as fault:
            place = origin.at(text, key=True).place
            yield from (evolve(problem, place=place) for problem in fault.problems)
            continue
        if in_force is not None and span.start <= in_force.end and in_force.start <= span.end:
            yield Problem(
                place=origin.at(text, key=True).place,
                message=f"'{text}' overlaps the dates on which this edition applies.",
                help="An edition has one value; 'was' tells what earlier editions had.",
            )


def choice_problems(
    choices: tuple[Choice, ...], origin: Origin, answers: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    """Yield what is wrong with the choices of an edition; ``origin`` is that of their list."""
    for at, choice in enumerate(choices):
        here = origin.at(at)
        if not (choice.statements or choice.why):
            yield Problem(
                place=here.at("id").place,
                message=f"The choice '{choice.id}' has no source.",
                help="Cite under 'statements' what says it, or write the reason under 'why'.",
            )
        yield from _value_problems(choice, here.at("choice"), answers)


def _value_problems(
    choice: Choice, origin: Origin, answers: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    value = choice.choice
    if choice.id == DUE_SOON:
        try:
            Period.read(value)
        except DateError as fault:
            yield from (evolve(problem, place=origin.place) for problem in fault.problems)
        return
    asked = answers if choice.id in ANSWERED else {}
    known = [str(value) for value in ANSWERED.get(choice.id, [CHOICES[choice.id]])]
    hint = " Or name an interpretation that has these answers." if choice.id in ANSWERED else ""
    for answer in asked.get(value, (value,)):
        if answer not in known:
            yield Problem(
                place=origin.place,
                message=f"The library cannot act on the answer '{answer}' of '{value}' here."
                if value in asked
                else f"The library cannot act on '{answer}' here.",
                help=f"{one_of(answer, known)}{hint}",
            )
