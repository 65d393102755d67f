"""What is wrong with rules as they are written: names, values, lines and blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import Problem, nearest, one_of
from ncpi_rules.ruleset.cases import (
    ADDED,
    AS_WRITTEN,
    DOES_NOT_APPLY,
    TESTS,
    Origin,
    WrittenRule,
    parted,
    texts_of,
)
from ncpi_rules.ruleset.rule_files import TestedNames

if TYPE_CHECKING:
    from ncpi_rules.io import Plain

MOST_LISTED: Final = 30
"""The length of a list of names that can still be read."""

_FILES: Final = {
    "calendar": "ruleset.yaml",
    "interpretation": "interpretations.yaml",
    "statement": "statements.yaml",
    "parameter": "parameters.yaml",
    "guarantee": "guarantees.yaml",
    **dict.fromkeys(
        ("fact", "outcome", "party", "event", "activity", "document", "topic"), "vocabulary.yaml"
    ),
}
"""The file that defines each kind of name; rules stand in all others."""


def not_a_value(place: str, value: str, of: str, allowed: Iterable[str]) -> Problem:
    """Return the problem of a value that a fact, an outcome or an open question does not have."""
    return Problem(
        place=place,
        message=f"'{value}' is not a value of '{of}'.",
        help=one_of(value, allowed),
        code="name-not-known",
    )


def no_value(place: str, of: str, allowed: Iterable[str]) -> Problem:
    """Return the problem of a condition that names no value."""
    return Problem(
        place=place,
        message=f"No value of '{of}' is named.",
        help=one_of("", allowed, suggest=False),
    )


def no_such(place: str, kind: str, name: str, known: list[str]) -> Problem:
    """Return the problem of a name that is not defined, with those that are, or the nearest."""
    file = _FILES.get(kind, "the files of rules")
    if not known:
        help_ = f"There are none yet: write it in {file}, or take the name away."
    elif len(known) <= MOST_LISTED:
        help_ = one_of(name, known)
    else:
        guess = nearest(name, known)
        help_ = f"Did you mean '{guess}'?" if guess else f"Look for its id in {file}."
    return Problem(
        place=place,
        message=f"There is no {kind} '{name}'.",
        help=help_,
        code="citation" if kind == "statement" else "name-not-known",
    )


_QUOTES: Final = "If this is part of a sentence, put the whole sentence in quotation marks."
_INSTEAD: Final = (AS_WRITTEN, DOES_NOT_APPLY)
_TESTED: Final = {"when": "fact", "under": "interpretation"}


def form_problems(written: WrittenRule, names: TestedNames) -> Iterator[Problem]:
    """Yield what is wrong with the lines and blocks of a rule, and of its section."""
    form = _Form(written, names)
    yield from form.block(written.lines, written.origin, inside=False)
    if written.shared and written.shared_origin is not None:
        yield from form.block(written.shared, written.shared_origin)
    if written.wherever is not None:
        yield from form.block(written.wherever.adds, written.wherever.origin)


@frozen
class _Form:
    """The form that the rules of one kind have."""

    written: WrittenRule
    names: TestedNames

    def block(
        self, block: Mapping[str, Plain], origin: Origin, *, inside: bool = True
    ) -> Iterator[Problem]:
        """Yield what is wrong with a block of lines; ``inside`` it cannot have an id."""
        kind = self.written.kind
        allowed = kind.lines if inside else ("id", *kind.lines)
        for name, value in block.items():
            if name not in allowed:
                yield Problem(
                    place=origin.at(name, key=True).place,
                    message=f"'{name}' is not a line of a rule about {kind.subject}.",
                    help=_QUOTES if " " in name or "{" in name else one_of(name, allowed),
                )
            elif name in TESTS:
                yield from self._tests(name, value, origin)
            elif name in ADDED:
                yield from self._names(name, value, origin)
            elif name in kind.sentences and isinstance(value, Mapping):
                yield Problem(
                    place=origin.at(name).place,
                    message="A sentence that begins with a brace is not read as one.",
                    help="Put the sentence in quotation marks.",
                )

    def _names(self, line: str, names: Plain, origin: Origin) -> Iterator[Problem]:
        """Yield what is wrong with a list of names, as the reader of a whole rule would say it."""
        if isinstance(names, dict):
            message, help_ = (
                "A list belongs here.",
                "Write one line for each, beginning with a dash.",
            )
            yield Problem(place=origin.at(line).place, message=message, help=help_)
            return
        for at, name in enumerate(names if isinstance(names, list) else [names]):
            if not isinstance(name, str) or not name:
                yield Problem(
                    place=origin.at(line, at).place,
                    message="One piece of text belongs here, not a list or a block.",
                    help="Write one name, without brackets or braces around it.",
                )

    def _tests(self, kind: str, tests: Plain, origin: Origin) -> Iterator[Problem]:
        if not isinstance(tests, dict):
            yield Problem(
                place=origin.at(kind).place,
                message="A block of names and values belongs here.",
                help="Write one line for each, such as 'name: value'.",
            )
            return
        known = self.names.of(kind)
        for name, tested in tests.items():
            if name not in known:
                place = origin.at(kind, name, key=True).place
                yield no_such(place, _TESTED[kind], name, list(known))
            elif isinstance(tested, dict):
                yield from self._differing(kind, name, tested, origin)
            elif not tested:
                yield no_value(origin.at(kind, name).place, name, known[name])
            elif isinstance(tested, list) and not all(isinstance(value, str) for value in tested):
                yield Problem(
                    place=origin.at(kind, name).place,
                    message="Values belong here, not lists or blocks.",
                    help=one_of("", known[name], suggest=False),
                )
            else:
                for value in texts_of(tested):
                    if value not in known[name]:
                        step = (tested.index(value),) if isinstance(tested, list) else ()
                        place = origin.at(kind, name, *step).place
                        yield not_a_value(place, value, name, known[name])

    def _differing(
        self, kind: str, name: str, blocks: Mapping[str, Plain], origin: Origin
    ) -> Iterator[Problem]:
        """Yield what is wrong with what a rule says of each value of a name."""
        known = self.names.of(kind)[name]
        seen: set[str] = set()
        for key, differing in blocks.items():
            for value in parted(key):
                if value not in known:
                    place = origin.at(kind, name, key, key=True).place
                    yield not_a_value(place, value, name, known)
                elif value in seen:
                    yield Problem(
                        place=origin.at(kind, name, key, key=True).place,
                        message=f"'{value}' stands twice among the values of '{name}'.",
                        help="Write it in one of the two lines.",
                    )
                seen.add(value)
            if isinstance(differing, dict) and differing:
                yield from self.block(differing, origin.at(kind, name, key))
            elif differing not in _INSTEAD:
                yield Problem(
                    place=origin.at(kind, name, key).place,
                    message=f"'{differing}' says nothing of '{key}'."
                    if isinstance(differing, str) and differing
                    else f"Nothing is said of '{key}'.",
                    help=f"Write what differs, one line each, or '{AS_WRITTEN}' where nothing "
                    f"does, or '{DOES_NOT_APPLY}'.",
                )
        if kind == "under":
            for answer in known:
                if answer not in seen:
                    yield unnamed_answer(origin.at(kind, name), name, answer)


def unnamed_answer(origin: Origin, question: str, answer: str) -> Problem:
    """Return the problem of an answer that a block leaves out."""
    return Problem(
        place=Origin(origin.source, origin.path, key=True).place,
        message=f"Nothing is said of the answer '{answer}' to {question}.",
        help=f"Write what differs under it, or '{answer}: {AS_WRITTEN}', or "
        f"'{answer}: {DOES_NOT_APPLY}'.",
        code="answer-left-out",
    )
