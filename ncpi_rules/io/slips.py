"""What is wrong with a file: its shape, or what YAML breaks off at or reads as something else.

The latter are spaces and quotation marks that are none, and colons without a space. It is loaded
only where a file is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, frozen

from ncpi_rules.core import MOST_GUESSES, NcpiRulesError, Problem, one_of
from ncpi_rules.io.source import (
    ODD_SPACES,
    OPENING_QUOTES,
    UNSPACED,
    fields_of,
    key_of,
    read_path,
    text_cut,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.io.source import Field, Path_, Source, Spot

_ODD: Final = re.compile(f"[{ODD_SPACES}]")
_ODD_IN_LINE: Final = re.compile(f"(?:^[ -]*|:)(?=[{ODD_SPACES}])|(?=[{ODD_SPACES}]+:)")
_QUOTED_IN_LINE: Final = re.compile(f"(?:: |- |^) *(?=[{OPENING_QUOTES}])")
_UNSPACED_IN_LINE: Final = re.compile(f"^[ -]*(?={UNSPACED})")


def _problem(name: str, spot: Spot, message: str, help_: str) -> Problem:
    return Problem(place=f"{name}:{spot[0]}:{spot[1]}", message=message, help=help_)


def plain_problem(name: str, text: str, spot: Spot, end: Spot) -> Problem:
    """Return what is wrong with a text without quotation marks that is not read as it looks.

    ``spot`` is where it begins, and ``end`` is that of its last character.
    """
    line, column = spot
    if match := re.match(UNSPACED, text):
        spot = line, column + match.end() - 1
        if _ODD.match(text[match.end() - 1]):
            return _odd_problem(name, spot, text[match.end() - 1])
        message = f"A space is missing after the colon of '{match[1]}:'."
        return _problem(name, spot, message, f"Write '{match[1]}:', a space, and then the value.")
    if text[0] in OPENING_QUOTES:
        message = "Curly quotation marks do not enclose a text; they are part of it."
        return _problem(name, spot, message, "Write straight ones in their place, or around them.")
    if _ODD.match(text[-1]) and not _ODD.match(text):
        return _odd_problem(name, end, text[-1])
    at = next(_ODD.finditer(text)).start()
    return _odd_problem(name, (line, column + at), text[at])


def _odd_problem(name: str, spot: Spot, character: str) -> Problem:
    called = unicodedata.name(character).lower().replace("no-break", "non-breaking")
    article = "An" if called[0] in "aeiou" else "A"
    message = f"{article} {called} stands here, where only an ordinary space can stand."
    return _problem(
        name, spot, message, "Delete it, and type an ordinary space if one belongs here."
    )


@frozen(eq=False, repr=False)
class _Syntax:
    """Our message where PyYAML's has ``sign``: for the beginning of what is broken, or its end."""

    sign: str
    message: str
    help: str
    at_beginning: bool = False
    about_colons: bool = False


_SYNTAX: Final = (
    _Syntax(
        "tab character",
        "A tab stands here where only spaces may stand.",
        "Take the tab away and use spaces.",
    ),
    _Syntax(
        "mapping values are not allowed",
        "There is a colon too many here, or the line above is not finished.",
        "Put a value that holds a colon in quotation marks, and check the indentation.",
        about_colons=True,
    ),
    _Syntax(
        "could not find expected ':'",
        "This line has no colon after its name.",
        "Write 'name: value', and check how far the line is indented.",
        at_beginning=True,
        about_colons=True,
    ),
    _Syntax(
        "unexpected end of stream",
        "A quotation mark is opened here and not closed.",
        "Close it, or take it away.",
        at_beginning=True,
    ),
    _Syntax(
        "',' or",
        "A bracket is opened here and not closed, or a comma is missing between its entries.",
        "Close the bracket, or write one entry a line, each beginning with a dash.",
        at_beginning=True,
    ),
    _Syntax(
        "alphabetic or numeric character",
        "A star or an ampersand at the beginning of a value means something of its own.",
        "Put the value in quotation marks.",
        at_beginning=True,
    ),
    _Syntax(
        "escape character",
        "A backslash means something of its own between double quotation marks.",
        "Use single quotation marks instead, or write the backslash twice.",
    ),
    _Syntax(
        "",
        "The layout breaks off here.",
        "Check the indentation, the dashes of the list and the quotation marks here and above.",
    ),
)


def syntax_problem(fault: Any, text: str, name: str, line: int, comment: Spot | None) -> Problem:
    """Return the problem of a text that cannot be read as YAML, from the error of its reader.

    ``line`` is that on which what was read last begins, from 0, and ``comment`` where a comment
    cuts it, if it is a text without quotation marks.
    """
    reason = fault.problem or ""
    syntax = next(syntax for syntax in _SYNTAX if syntax.sign in reason)
    mark = (fault.context_mark if syntax.at_beginning else None) or fault.problem_mark
    if comment is not None:
        return text_cut(name, comment)
    if mark is None:
        return Problem(place=name, message=syntax.message, help=syntax.help)
    lines = text.splitlines()
    if syntax.about_colons:
        for number in dict.fromkeys((line, mark.line)):
            if problem := _slip_in_line(name, number + 1, "".join(lines[number : number + 1])):
                return problem
    message, help_ = syntax.message, syntax.help
    if "cannot start any token" in reason:
        character = "".join(lines[mark.line : mark.line + 1])[mark.column :][:1]
        message = f"A value cannot begin with '{character}'."
        help_ = "Put the value in quotation marks."
        if character == "\t":
            message, help_ = _SYNTAX[0].message, _SYNTAX[0].help
    return _problem(name, (mark.line + 1, mark.column + 1), message, help_)


def _slip_in_line(name: str, number: int, line: str) -> Problem | None:
    """Return what is likely to be wrong with a line in which a colon is too many or too few."""
    for pattern in (_ODD_IN_LINE, _QUOTED_IN_LINE, _UNSPACED_IN_LINE):
        if match := pattern.search(line):
            at = match.end()
            return plain_problem(name, line[at:], (number, at + 1), (number, len(line)))
    return None


def shape_problem(
    leaf: BaseException, source: Source, path: Path_, field: Field | None
) -> Iterator[Problem]:
    """Yield what is wrong with the value at a path, from what its reader raised."""
    said = str(field.metadata.get("says", "")) if field else ""
    says = f"{said[:1].lower()}{said[1:]}" or "a value"  # it stands within a sentence
    match leaf:
        case NcpiRulesError():
            for problem in leaf.problems:
                yield evolve(
                    problem,
                    place=source.place((*path, *read_path(problem.place))),
                    help=problem.help or f"Write {says}",
                )
        case KeyError():
            yield Problem(
                place=source.place(path),
                message=f"'{path[-1]}' is missing.",
                help=f"Add '{path[-1]}:' with {says}",
            )
        case _:
            raise leaf


def unknown_names(
    names: set[str], kind: type[Any], source: Source, path: Path_
) -> Iterator[Problem]:
    """Yield the problem of each name in the block at a path that is no field of its class."""
    allowed = [key_of(field) for field in fields_of(kind)]
    for number, name in enumerate(sorted(names)):
        yield Problem(
            place=source.place((*path, name), key=True),
            message=f"'{name}' is not known here.",
            help=one_of(name, allowed, suggest=number < MOST_GUESSES),
        )
