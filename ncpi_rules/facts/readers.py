"""Converters for single fields of the facts: values, texts, names and lists, or UNKNOWN."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any, Final, TypeAlias, TypeVar

import attrs
from attrs import evolve, field

from ncpi_rules.core import UNKNOWN, FactsError, Problem, Unknown
from ncpi_rules.io import read_as, read_mapping

T = TypeVar("T")

FactValue: TypeAlias = str | Unknown
"""A value of a ruleset's vocabulary, or UNKNOWN."""

VALUE_PATTERN: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_VALUE: Final = re.compile(VALUE_PATTERN)


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Return a text in the form of a value: small letters, digits and hyphens.

    >>> slug("Child sexual exploitation")
    'child-sexual-exploitation'
    >>> slug("Camfanteisio'n rhywiol ar blant, cŵn")
    'camfanteisio-n-rhywiol-ar-blant-cwn'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", "-", letters).strip("-")


def value(value: object) -> object:
    """Return a value as it is, or UNKNOWN; raise FactsError for anything else."""
    if value is UNKNOWN or value == UNKNOWN.value:
        return UNKNOWN
    if isinstance(value, str) and _VALUE.fullmatch(value):
        return value
    guess = slug(str(value))
    raise FactsError(
        Problem(
            place="",
            message=f"'{value}' is not a value: small letters, digits and hyphens.",
            help=f"Write '{guess}', or 'unknown'."
            if _VALUE.fullmatch(guess)
            else "Write a value, or 'unknown'.",
        )
    )


def known_text(value: object) -> object:
    """Return a text as it is, or UNKNOWN; raise FactsError for anything else."""
    if value is UNKNOWN or value == UNKNOWN.value:
        return UNKNOWN
    if isinstance(value, str) and value.strip():
        return value
    raise FactsError(
        Problem(
            place="", message="A piece of text is missing here.", help="Write it, or 'unknown'."
        )
    )


def named(value: object) -> str:
    """Return a name as text; a number will do. Raise FactsError for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    name = known_text(value)
    return name if isinstance(name, str) else UNKNOWN.value


def listed(value: object) -> tuple[object, ...] | Unknown:
    """Return a list as a tuple, or UNKNOWN; raise FactsError for anything else."""
    if value is UNKNOWN or value == UNKNOWN.value:
        return UNKNOWN
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        return tuple(value)
    raise FactsError(
        Problem(place="", message="A list belongs here.", help="Give a list, or 'unknown'.")
    )


def names(value: Iterable[object] | str | Unknown) -> tuple[str, ...] | Unknown:
    """Return names as a tuple of texts, or UNKNOWN; raise FactsError for anything else."""
    items = listed(value)
    return UNKNOWN if items is UNKNOWN else tuple(named(item) for item in items)


def known_text_field(says: str) -> Any:
    """Return a field for a text; it is UNKNOWN where it is left out."""
    return field(default=UNKNOWN, converter=known_text, metadata={"says": says, "prose": True})


def value_field(says: str) -> Any:
    """Return a field for a value of the vocabulary; it is UNKNOWN where it is left out."""
    return field(
        default=UNKNOWN, converter=value, metadata={"says": says, "pattern": VALUE_PATTERN}
    )


def named_once(names: list[str], path: str, what: str) -> Iterator[Problem]:
    """Yield a problem for every name that is in a list a second time."""
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        first = seen.setdefault(slug(name), place)
        if first != place:
            yield Problem(
                place=f"{path}[{place}]",
                message=f"The {what} '{name}' is named twice.",
                help=f"Keep one; it stands as number {first + 1} of the list already.",
            )


def part(kind: type[T], name: str, value: Any) -> T:
    """Return a part of the facts as it is, or read from a mapping.

    Raises FactsError with every problem for anything else; the places begin with ``name``.
    """
    if isinstance(value, kind):
        return value
    try:
        return read_as(kind, read_mapping(value, FactsError), FactsError)
    except FactsError as fault:
        raise FactsError(
            [
                evolve(problem, place=f"{name}.{problem.place}".rstrip("."))
                for problem in fault.problems
            ]
        ) from None


def parts(kind: type[T], name: str, values: object) -> tuple[T, ...]:
    """Return the entries of a list, each as it is or read from a mapping; see :func:`part`."""
    entries = listed(values)
    if entries is UNKNOWN:
        raise FactsError(Problem(place=name, message="A list belongs here.", help="Give a list."))
    return tuple(part(kind, f"{name}[{at}]", entry) for at, entry in enumerate(entries))


def given_as_mappings(
    _: type[Any], fields: list[attrs.Attribute[Any]]
) -> list[attrs.Attribute[Any]]:
    """Return the fields of a class, those that hold a part of the facts taking a mapping, too."""
    return [
        field.evolve(converter=partial(part, type(field.default), field.name))
        if field.converter is None and attrs.has(type(field.default))
        else field
        for field in fields
    ]


def refuse(problems: Iterator[Problem]) -> None:
    """Raise FactsError with all problems, where there are any."""
    if listed_problems := list(problems):
        raise FactsError(listed_problems)
