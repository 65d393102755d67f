"""JSON Schemas made from the attrs classes that read the files, so that both say the same.

An editor takes ``2018`` for a number and our reader takes it for text: so a number may
stand wherever text may. What the reader checks only afterwards is not here: whether a name stands
in the vocabulary, whether February has a day 30, which of two dates comes first.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast, get_args

from ncpi_rules.cli.document_schemas import DOCUMENTS, document_schema
from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, Force, NcpiRulesError, PartialDate, all_forces
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import (
    DATES,
    Field,
    alternatives_of,
    fields_of,
    first_sentence,
    is_mapping,
    is_required,
    is_tuple,
    is_union,
    is_values,
    key_of,
    options,
    write_whole,
)
from ncpi_rules.ruleset import FILES, KINDS
from ncpi_rules.scenarios import Scenarios
from ncpi_rules.sign_off import Approvals

if TYPE_CHECKING:
    from collections.abc import Mapping

Schema: TypeAlias = dict[str, Any]

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

PUBLISHED: Final[Mapping[str, type[Any]]] = MappingProxyType(
    {
        "follow-up": FollowUp,
        **FILES,
        **{kind.schema: kind.file for kind in KINDS},
        "scenarios": Scenarios,
        "approvals": Approvals,
    }
)
"""The class of each file, by the name of its schema."""

SHARED: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "Text": {"type": ["string", "number"], "minLength": 1},
        "Texts": {
            "anyOf": [
                {"$ref": "#/$defs/Text"},
                {"type": "array", "items": {"$ref": "#/$defs/Text"}},
            ]
        },
        "Date": {
            "description": "A day, a month, a year, or two of these with a stroke between them.",
            "type": ["string", "integer"],
            "pattern": f"^(?:{DATES})$",
            "minimum": FIRST_YEAR,
            "maximum": LAST_YEAR,
        },
    }
)
"""What stands in many places, by the name to which these refer."""


def schema_for(kind: type[Any]) -> Schema:
    """Return the JSON Schema of a file, by the class that reads it.

    >>> from ncpi_rules.facts import Notice
    >>> notice = schema_for(Notice)
    >>> list(notice["properties"]), notice["additionalProperties"]
    (['given', 'activity_described'], False)
    """
    named: dict[str, Schema] = {}
    body = _block(kind, named)
    return {"$schema": DRAFT, "title": kind.__name__, **body, "$defs": named}


def _block(kind: type[Any], named: dict[str, Schema], **also: Schema) -> Schema:
    """Return the schema of one class; what it refers to is added to ``named``."""
    fields = fields_of(kind)
    return {
        "description": first_sentence(kind),
        "type": "object",
        "properties": also | {key_of(field): _property(field, named) for field in fields},
        "required": [*also, *(key_of(field) for field in fields if is_required(field))],
        "additionalProperties": False,
    }


def _property(field: Field, named: dict[str, Schema]) -> Schema:
    kind, values = cast("type[Any]", field.type), field.metadata.get("values")
    if values is None:
        value = _value(kind, named, field.metadata.get("pattern", ""))
    else:
        value = {"enum": [*values, *(int(text) for text in values if text.isdigit())]}
    says = field.metadata.get("says") or first_sentence(
        get_args(kind)[0] if is_tuple(kind) else kind
    )
    return {"description": says, **value}


def _value(kind: Any, named: dict[str, Schema], pattern: str = "") -> Schema:
    """Return the schema of a value; ``pattern`` is that of each piece of text in it."""
    if is_union(kind):
        rest, values = options(kind)
        known = _value(rest[0], named, pattern)
        return {"anyOf": [{"enum": [value.value for value in values]}, known]} if values else known
    if is_tuple(kind):
        return _list(get_args(kind)[0], named, pattern)
    if is_mapping(kind):
        return {"type": "object", "additionalProperties": _value(get_args(kind)[1], named)}
    if is_values(kind):
        return {"enum": [value.value for value in kind]}
    return _text(named, pattern) if kind is str else _class(kind, named)


def _list(item: Any, named: dict[str, Schema], pattern: str) -> Schema:
    if item is str and not pattern:
        _text(named, pattern)
        return _shared("Texts", named)
    inner = _value(item, named, pattern)
    listed = {"type": "array", "items": inner}
    return {"anyOf": [inner, listed]} if item is str else listed


def _text(named: dict[str, Schema], pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^(?:{pattern})$"} if pattern else _shared("Text", named)


def _shared(name: str, named: dict[str, Schema]) -> Schema:
    named.setdefault(name, SHARED[name])
    return {"$ref": f"#/$defs/{name}"}


def _class(kind: type[Any], named: dict[str, Schema]) -> Schema:
    if kind is PartialDate:
        return _shared("Date", named)
    if kind is Force:
        return {"enum": list(all_forces())}
    name = kind.__name__
    short = _text(named, getattr(kind, "pattern", "")) if hasattr(kind, "from_text") else None
    if short is not None and getattr(kind, "text_only", False):
        return {**short, "type": ["string", "integer"]} if hasattr(kind, "number") else short
    if name not in named:
        named[name] = {}  # so that it stands before what it refers to
        named[name].update(_choice(kind, named) or _block(kind, named))
    full = {"$ref": f"#/$defs/{name}"}
    return full if short is None else {"anyOf": [short, full]}


def _choice(kind: type[Any], named: dict[str, Schema]) -> Schema | None:
    """Return the schema of a class that is one of several, told apart by one key."""
    alternatives = alternatives_of(kind)
    if alternatives is None:
        return None
    key, by_name = alternatives
    return {
        "description": first_sentence(kind),
        "oneOf": [
            _block(
                subclass, named, **{key: {"description": first_sentence(subclass), "const": name}}
            )
            for name, subclass in by_name.items()
        ],
    }


def published() -> dict[str, str]:
    """Return the text of each schema, by the name of its own file."""
    schemas = {name: schema_for(kind) for name, kind in PUBLISHED.items()}
    schemas |= {name: document_schema(kind, DRAFT) for name, kind in DOCUMENTS.items()}
    return {
        f"{name}.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas.items()
    }


def write(folder: Path) -> None:
    """Write every schema into a folder; whatever else is there is left alone."""
    for name, text in published().items():
        write_whole(folder / name, text.encode(), NcpiRulesError, replace=True)


if __name__ == "__main__":
    write(Path(__file__).parent.parent / "io" / "schemas")
