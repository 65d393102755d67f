"""Sentences that take what they say from the data: a parameter, a limit, a value, a title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, field, frozen

from ncpi_rules.core import (
    DateError,
    Problem,
    lower_first,
    nearest,
    one_of,
    sentence,
    upper_first,
)
from ncpi_rules.ruleset.layout import Vocabulary
from ncpi_rules.ruleset.parameters import Parameter
from ncpi_rules.ruleset.problems import no_such
from ncpi_rules.ruleset.timing import Timing

if TYPE_CHECKING:
    from ncpi_rules.io import Path_, Plain, Source
    from ncpi_rules.ruleset.cases import Case
    from ncpi_rules.ruleset.kinds import RuleKind
    from ncpi_rules.ruleset.model import Ruleset
    from ncpi_rules.ruleset.rules import Rule
    from ncpi_rules.ruleset.vocabulary import Fact, Outcome

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
LIMIT: Final = "limit"
"""The name that stands in a sentence for the rule's own limit."""


def filled(text: str, say: Callable[[str], str | None]) -> tuple[str, list[str]]:
    """Return a sentence with what its braces name, and the names for which there is nothing.

    >>> filled("{Tier} within {ceiling}, {x}", {"tier": "a visit", "ceiling": "six months"}.get)
    ('A visit within six months, {x}', ['x'])
    """
    missing: list[str] = []

    def substitute(match: re.Match[str]) -> str:
        name = match[1]
        low = f"{name[:1].lower()}{name[1:]}"
        value = say(name) or say(low)
        if value is None:
            missing.append(name)
            return match[0]
        return upper_first(value) if low != name else value

    return _PLACEHOLDER.sub(substitute, text), missing


def nothing_called(place: str, name: str, known: list[str]) -> Problem:
    """Return the problem of a name in braces for which there is nothing to say."""
    guess = nearest(f"{name[:1].lower()}{name[1:]}", known)
    return Problem(
        place=place,
        message=f"There is nothing called '{name}' that this sentence could say.",
        help=f"Did you mean '{{{guess}}}'?" if guess else one_of("", known, suggest=False),
        code="name-not-known",
    )


_NAMED: Final = re.compile(r"[^\s0-9]\S*(?: (?:after|before|beginning with) \S+)?")
"""How a guarantee names a parameter in the place of a period, and the event if it says one."""


def fill_file(source: Source, parameters: Mapping[str, Parameter]) -> tuple[Source, list[Problem]]:
    """Return a file with the periods of its parameters filled in, and what cannot be said."""
    problems: list[Problem] = []
    periods = {name: parameter.period.spelled for name, parameter in parameters.items()}

    def fill(value: Plain, path: Path_) -> Plain:
        if isinstance(value, str):
            if "{" in value:
                text, missing = filled(value, periods.get)
                problems.extend(
                    nothing_called(source.place(path), name, list(periods)) for name in missing
                )
                return text
            if path[-1:] == ("within",):
                return _counted(value, source.place(path), parameters, problems)
        elif isinstance(value, dict):
            return {name: fill(inner, (*path, name)) for name, inner in value.items()}
        elif isinstance(value, list):
            return [fill(inner, (*path, at)) for at, inner in enumerate(value)]
        return value

    return evolve(source, data=fill(source.data, ())), problems


def _counted(
    text: str, place: str, parameters: Mapping[str, Parameter], problems: list[Problem]
) -> str:
    """Return a period and its event where a guarantee names a parameter."""
    head, _, event = text.partition(" ")
    if head not in parameters:
        if _NAMED.fullmatch(text):
            problems.append(no_such(place, "parameter", head, list(parameters)))
        return text
    parameter = parameters[head]
    if event:
        return f"{parameter.period.text} {event}"
    (_, period, counted), *others = parameter.timings()
    if others or not counted:
        message = f"The parameter '{head}' does not say one event from which it is counted."
        help_ = f"Write the event here, such as '{head} after an-event'."
        problems.append(Problem(place=place, message=message, help=help_))
    return f"{period} {counted}"


@frozen
class Sentences:
    """What the sentences of a ruleset's rules may take from its vocabulary and its parameters."""

    vocabulary: Vocabulary
    parameters: Mapping[str, Parameter]
    titles: Mapping[str, Mapping[str, str]] = field(init=False, repr=False)
    values: Mapping[str, Mapping[str, str]] = field(init=False, repr=False)

    @titles.default
    def _titles(self) -> dict[str, dict[str, str]]:
        vocabulary = self.vocabulary
        lists: dict[str, Any] = {
            "event": vocabulary.events,
            "party": vocabulary.parties,
            "activity": vocabulary.activities,
            "document": vocabulary.documents,
        }
        return {
            kind: {term.id: getattr(term, "short", "") or term.title for term in terms}
            for kind, terms in lists.items()
        }

    @values.default
    def _values(self) -> dict[str, dict[str, str]]:
        terms: tuple[Fact | Outcome, ...] = (*self.vocabulary.facts, *self.vocabulary.outcomes)
        return {term.id: {**term.values, **term.short} for term in terms}

    def fill(self, case: Case, kind: RuleKind, rule_id: str) -> tuple[Case, list[Problem]]:
        """Return a case with its sentences filled, by more parameters, and what they cannot say."""
        problems: list[Problem] = []
        for name in kind.sentences:
            text = case.lines.get(name)
            if isinstance(text, str) and "{" in text:
                full, missing = filled(text, partial(self._say, case, kind))
                problems += [self._cannot(said, case, kind, name, rule_id) for said in missing]
                used = (said for said in named_in(text) if said in self.parameters)
                lines = {**case.lines, name: full}
                case = case.but(lines=lines, parameters=(*case.parameters, *used))
        return case, problems

    def _say(self, case: Case, kind: RuleKind, name: str) -> str | None:
        if name == LIMIT and kind.timings:
            return self.limit(case)
        if name in self.parameters:
            return self.parameters[name].period.spelled
        if name in self.values:
            values = case.when.get(name, ())
            return self.values[name].get(values[0]) if len(values) == 1 else None
        what, named = kind.names.get(name, ""), case.lines.get(name)
        if what not in self.titles or not isinstance(named, str):
            return None
        return self.titles[what].get(named)

    def _cannot(self, name: str, case: Case, kind: RuleKind, line: str, rule_id: str) -> Problem:
        low, place = f"{name[:1].lower()}{name[1:]}", case.block_of(line).at(line).place
        if low in self.values:
            values = case.when.get(low, ())
            message = f"The sentence says '{{{name}}}', and the rule '{rule_id}' " + (
                f"has several values of it here: {', '.join(values)}."
                if values
                else f"does not test '{low}' here."
            )
            help_ = (
                "Give each value a line of its own in a block, or write the sentence without it."
            )
            return Problem(place=place, message=message, help=help_)
        named = [field for field, what in kind.names.items() if what in self.titles]
        known = [*([LIMIT] if kind.timings else []), *self.parameters, *self.values, *named]
        return nothing_called(place, name, known)

    def limit(self, case: Case) -> str:
        """Return a case's limit, such as 'within six months of publication'."""
        return " and ".join(self._limits(case.lines)) or "no date is set"

    def _limits(self, lines: Mapping[str, Plain]) -> Iterator[str]:
        events = self.titles["event"]
        for name, before in (("within", "within"), ("at_least", "at least")):
            if isinstance(text := lines.get(name), str):
                yield f"{before} {self._timing(text, within=name == 'within')}"
        first, last = (
            events.get(str(lines.get(name, "")), "")
            for name in ("no_earlier_than", "no_later_than")
        )
        if first and first == last:
            yield f"on {first}"
        elif first and last:
            yield f"between {first} and {last}"
        elif first:
            yield f"no earlier than {first}"
        elif last:
            yield f"by {last}"
        if event := events.get(str(lines.get("before", ""))):
            yield f"before {event}"

    def _timing(self, text: str, *, within: bool) -> str:
        try:
            timing = Timing.from_text(text)
        except DateError:  # the reader of the line says what is wrong with it
            return text
        direction = "of" if within and timing.direction == "after" else timing.direction
        event = self.titles["event"].get(timing.event, timing.event)
        return f"{timing.period.spelled} {direction} {event}"


def named_in(text: str) -> list[str]:
    """Return the names in braces of a sentence, as they are defined."""
    return [f"{name[:1].lower()}{name[1:]}" for name in _PLACEHOLDER.findall(text)]


def describe_value(ruleset: Ruleset, fact: str, value: str) -> str:
    """Return the vocabulary's sentence for a value of a fact, or an answer to an interpretation."""
    if fact in ruleset.interpretations:
        return f"interpretation {fact} is answered '{value}'"
    if fact in ruleset.outcomes:
        outcome = ruleset.outcomes[fact]
        if outcome.title.startswith("Whether "):  # its values are whole sentences
            return outcome.values[value]
        return f"{lower_first(outcome.title)} is {outcome.values[value]}"
    return ruleset.facts[fact].values[value]


def name_events(ruleset: Ruleset, text: str) -> str:
    """Return a deadline's text with the titles of the events for their names."""
    for id_, event in sorted(ruleset.events.items(), key=lambda item: -len(item[0])):
        text = text.replace(id_, event.title)
    return text


def describe_sources(ruleset: Ruleset, rule: Rule) -> Iterator[str]:
    """Yield what a rule rests on: its statements, with their summaries, and its interpretations."""
    for id_ in rule.statements:
        yield f"Statement {id_} says, in our words: {sentence(ruleset.statements[id_].summary)}"
    for id_ in rule.open_questions:
        interpretation = ruleset.interpretations[id_]
        yield (
            f"It rests on interpretation {id_}: {sentence(interpretation.question)} "
            f"Agreed by: {interpretation.agreed_by}."
        )
