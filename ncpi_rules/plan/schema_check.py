"""Whether data obeys one of the published schemas, told as problems.

It reads as much of JSON Schema as those of the plan and of the record use, and refuses
the rest of it: a keyword that it does not know is a fault of the library, found by its tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from ncpi_rules.core import Problem, one_of
from ncpi_rules.io import Path_, format_path, schema

Schema: TypeAlias = Mapping[str, Any]

_LONGEST: Final = 60
_SILENT: Final = {"$schema", "$id", "$defs", "title", "description"}

_KINDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "object": lambda value: isinstance(value, Mapping),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
_KINDS_SAY: Final = {
    "object": "names and values in curly brackets",
    "array": "a list in square brackets",
    "string": "text in quotation marks",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def problems_of(data: Any, name: str) -> Iterator[Problem]:
    """Yield what is wrong with data by the published schema of a name, such as ``record``.

    Each ``place`` is the path into the data, such as ``plan.actions[0].id``.

    >>> [problem.message for problem in problems_of({}, "record")][:1]
    ["'schema' and 11 more are missing."]
    """
    root = schema(name)
    yield from _Check(root).problems(data, root, ())


class _Check:
    """One schema, with the definitions to which its parts refer."""

    def __init__(self, root: Schema) -> None:
        self.root = root

    def problems(self, data: Any, part: Schema, path: Path_) -> Iterator[Problem]:
        kinds = part.get("type", ())
        kinds = [kinds] if isinstance(kinds, str) else list(kinds)
        if kinds and not any(_KINDS[kind](data) for kind in kinds):
            said = " or ".join(_KINDS_SAY[kind] for kind in kinds)
            yield _problem(path, "A value of another kind belongs here.", f"Write {said}.")
            return
        for keyword, wanted in part.items():
            if keyword not in _SILENT and keyword != "type":
                yield from _KEYWORDS[keyword](self, data, wanted, path, part)

    def fits(self, data: Any, part: Schema) -> bool:
        return next(self.problems(data, part, ()), None) is None


_Told: TypeAlias = Iterator[Problem]


def _problem(path: Path_, message: str, help_: str) -> Problem:
    return Problem(place=format_path(path), message=message, help=help_)


def _shortened(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _refer(check: _Check, data: Any, wanted: str, path: Path_, _: Schema) -> _Told:
    where, name = wanted.rsplit("/", maxsplit=1)
    if where == "#/$defs":
        yield from check.problems(data, check.root["$defs"][name], path)
        return
    other = schema(where.removeprefix("../"))  # '../plan/1' is the schema of plans
    yield from _Check(other).problems(data, other, path)


def _any_of(check: _Check, data: Any, wanted: list[Schema], path: Path_, _: Schema) -> _Told:
    if any(check.fits(data, each) for each in wanted):
        return
    if data is None:
        yield _problem(path, "There is no value here.", "Make the record again.")
    else:  # the last one is what is meant: those before it say that there may be none
        yield from check.problems(data, wanted[-1], path)


def _one_of(check: _Check, data: Any, wanted: list[Schema], path: Path_, _: Schema) -> _Told:
    if sum(check.fits(data, each) for each in wanted) != 1:
        names = " or ".join(f"'{name}'" for each in wanted for name in each["required"])
        yield _problem(path, f"One of these belongs here: {names}.", "Keep one of them.")


def _required(_: _Check, data: Any, wanted: list[str], path: Path_, __: Schema) -> _Told:
    missing = [f"'{name}'" for name in wanted if name not in data]
    if missing:
        named = missing[0] if len(missing) == 1 else f"{missing[0]} and {len(missing) - 1} more"
        are = "is" if len(missing) == 1 else "are"
        yield _problem(path, f"{named} {are} missing.", "Make the record again.")


def _properties(
    check: _Check, data: Any, wanted: Mapping[str, Schema], path: Path_, _: Schema
) -> _Told:
    for name, part in wanted.items():
        if name in data:
            yield from check.problems(data[name], part, (*path, name))


def _additional(check: _Check, data: Any, wanted: Any, path: Path_, part: Schema) -> _Told:
    known = part.get("properties", {})
    for name in data:
        if name not in known and wanted is False:
            told = _shortened(name)
            yield _problem(path, f"'{told}' does not belong here.", one_of(told, known))
        elif name not in known:
            yield from check.problems(data[name], wanted, (*path, name))


def _items(check: _Check, data: Any, wanted: Schema, path: Path_, _: Schema) -> _Told:
    for at, each in enumerate(data):
        yield from check.problems(each, wanted, (*path, at))


def _unique(_: _Check, data: Any, __: Any, path: Path_, ___: Schema) -> _Told:
    told = [repr(each) for each in data]
    if len(set(told)) != len(told):
        yield _problem(path, "Something is named twice in this list.", "Keep one of the two.")


def _value(_: _Check, data: Any, wanted: Any, path: Path_, __: Schema) -> _Told:
    values = wanted if isinstance(wanted, list) else [wanted]
    if data not in values:
        told = _shortened(data)
        yield _problem(path, f"'{told}' is not allowed here.", one_of(told, values))


def _text(_: _Check, data: Any, wanted: str | int, path: Path_, __: Schema) -> _Told:
    if isinstance(data, str) and isinstance(wanted, str) and not re.search(wanted, data):
        told = _shortened(data)
        yield _problem(path, f"'{told}' is not allowed here.", "Write a day as 2018-06-28.")
    if isinstance(data, str) and isinstance(wanted, int) and len(data) < wanted:
        yield _problem(path, "There is no value here.", "Make the record again.")


def _least(_: _Check, data: Any, wanted: int, path: Path_, __: Schema) -> _Told:
    if data < wanted:
        yield _problem(path, f"{data} is too small.", f"The least is {wanted}.")


_KEYWORDS: Final[Mapping[str, Callable[..., _Told]]] = {
    "$ref": _refer,
    "additionalProperties": _additional,
    "anyOf": _any_of,
    "const": _value,
    "enum": _value,
    "items": _items,
    "minLength": _text,
    "minimum": _least,
    "oneOf": _one_of,
    "pattern": _text,
    "properties": _properties,
    "required": _required,
    "uniqueItems": _unique,
}
