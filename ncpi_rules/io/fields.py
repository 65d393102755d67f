"""What a field of an attrs class may hold, for the reader, the writer and the JSON Schemas.

A field's ``metadata`` may hold ``says`` (a sentence, for the schema and for help lines), ``key``
(its name in files, where Python reserves that name), ``values`` (the only ones allowed), ``names``
(what its text names: a party, an event), ``prose`` (its text is free, and people read it) and
``pattern`` (the text that a later check accepts, for the schema alone); one that is ``hidden`` is
in no file. A class may have ``from_text`` (its short
form, with a ``pattern``), ``text_only`` (it has no other form; with ``number``, an editor may take
it for a number) and ``alternatives`` (the key that names a subclass, and these by name).
"""

from __future__ import annotations

import inspect
import json
import re
import types
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, Union, cast, get_args, get_origin

import attrs

from ncpi_rules.core import NcpiRulesError
from ncpi_rules.io.source import text_cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.core import NotKnown, Problem
    from ncpi_rules.io.source import Path_, Plain, Source

Field: TypeAlias = "attrs.Attribute[Any]"

ALTERNATIVES: Final = "alternatives"

# The dates and periods that our readers accept, as patterns for editors. A pattern cannot know
# that February has no day 30, or which of two dates comes first.
_DAY: Final = "(?:0[1-9]|[12][0-9]|3[01])"
_DATE: Final = f"(?:19|20|21)[0-9]{{2}}(?:-(?:0[1-9]|1[0-2])(?:-{_DAY})?)?"
_NUMBERS: Final = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
DATES: Final = f"{_DATE}(?:/{_DATE})?"
PERIOD: Final = f"(?:[0-9]{{1,3}}|{_NUMBERS}) (?:working day|day|week|month)s?"

_FINGERPRINT: Final = "[0-9a-f]{64}"
_SHOWN: Final = 12


def key_of(field: Field) -> str:
    """Return the name of a field in files."""
    return cast("str", field.metadata.get("key", field.name))


def fields_of(kind: type[Any]) -> list[Field]:
    """Return the fields that files may give, with their types."""
    attrs.resolve_types(kind)
    return [
        field for field in attrs.fields(kind) if field.init and not field.metadata.get("hidden")
    ]


def first_sentence(kind: type[Any]) -> str:
    """Return the first paragraph of a class's docstring, as a schema shows it."""
    text = inspect.getdoc(kind) or ""
    return " ".join(text.partition("\n\n")[0].split()).replace("``", "'")


def is_required(field: Field) -> bool:
    """Return True where a file must give the field."""
    return field.default is attrs.NOTHING


def alternatives_of(kind: Any) -> tuple[str, Mapping[str, type[Any]]] | None:
    """Return the key that names a subclass, and the subclasses by name; None for a single class."""
    alternatives = vars(kind).get(ALTERNATIVES) if isinstance(kind, type) else None
    return cast("tuple[str, Mapping[str, type[Any]]] | None", alternatives)


def is_union(kind: Any) -> bool:
    """Return True for a choice of types."""
    return get_origin(kind) in {Union, types.UnionType}


def options(kind: Any) -> tuple[list[Any], list[NotKnown]]:
    """Return the types of a union, and apart from them its values for what is not known."""
    rest: list[Any] = []
    values: list[NotKnown] = []
    for option in get_args(kind):
        if get_origin(option) is Literal:
            values.extend(get_args(option))
        elif option is not types.NoneType:
            rest.append(option)
    return rest, values


def is_tuple(kind: Any) -> bool:
    """Return True for a list of things of one type."""
    return get_origin(kind) is tuple


def is_mapping(kind: Any) -> bool:
    """Return True for names with values of one type."""
    origin: Any = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def is_values(kind: Any) -> bool:
    """Return True for one of a few values."""
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def are_texts(values: Iterable[Plain]) -> bool:
    """Return True where each value is a text that says something."""
    return all(type(value) is str and value for value in values)


def cut_texts(kind: type[Any], source: Source) -> Iterator[Problem]:
    """Yield each text for people to read that a comment cuts, in a source of a class."""
    for path, spot in source.comments.items():
        field = _field_at(kind, path)
        if field is not None and field.metadata.get("prose"):
            yield text_cut(source.name, spot)


def _field_at(kind: Any, path: Path_) -> Field | None:
    """Return the field of a class to which the value at a path belongs; None where there is none.

    Inside a block that has no class of its own, a name means what it means in the class around it.
    """
    field: Field | None = None
    known: Mapping[str, Field] = {}
    for step in path:
        if is_union(kind):
            kind = options(kind)[0][0]
        _, classes = alternatives_of(kind) or ("", {"": kind})
        inside = [one for one in classes.values() if attrs.has(one)]
        if inside:
            known = {key_of(item): item for one in inside for item in fields_of(one)}
            field = known.get(str(step))
            kind = None if field is None else field.type
        elif is_tuple(kind) or is_mapping(kind):
            kind = next(one for one in reversed(get_args(kind)) if one is not Ellipsis)
        else:
            field = known.get(str(step), field)
    return field


def described(message: str, *, names: str = "", prose: bool = False, **more: Any) -> Any:
    """Return an attrs field with a sentence for schemas and help lines, and what it names.

    ``prose`` is True for text that people read, whatever it says.

    A field that takes more than its type, by a converter, is written as ``attrs.field`` instead:
    type checkers know the converters of no other function.
    """
    metadata = {"says": message, **({"names": names} if names else {}), **more.pop("metadata", {})}
    metadata |= {"prose": True} if prose else {}
    return attrs.field(metadata=metadata, **more)


def digest_of(content: Plain) -> str:
    """Return the SHA-256 of text, lists and mappings, in hexadecimal digits.

    >>> digest_of(["a", "b"]) == digest_of(["b", "a"])
    False
    """
    from hashlib import sha256  # noqa: PLC0415  slow to import, and most plans need no digest

    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def shortened(fingerprint: str) -> str:
    """Return the first digits of a fingerprint, for a sentence that somebody reads.

    >>> shortened("0123456789abcdef" * 4)
    '0123456789ab…'
    """
    return f"{fingerprint[:_SHOWN]}…"


def read_fingerprint(value: str) -> str:
    """Return a fingerprint as it is; raise NcpiRulesError for anything else."""
    if not re.fullmatch(_FINGERPRINT, value):
        message = f"'{value}' is not a fingerprint: 64 digits and letters from a to f."
        help_ = (
            "Copy all of it; 'ncpi-rules approve' prints those of an approval, 'ncpi-rules trace' "
            "those of statements."
        )
        raise NcpiRulesError(message, help_)
    return value


def fingerprint_field(message: str) -> Any:
    """Return an attrs field that holds a fingerprint."""
    return described(message, converter=read_fingerprint, metadata={"pattern": _FINGERPRINT})
