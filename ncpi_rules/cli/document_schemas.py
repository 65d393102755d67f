"""JSON Schemas of the documents that the library writes, made from the classes that hold them."""

from __future__ import annotations

import datetime
from types import MappingProxyType, NoneType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast, get_args

from ncpi_rules.core import PartialDate
from ncpi_rules.io import (
    fields_of,
    first_sentence,
    is_mapping,
    is_tuple,
    is_union,
    is_values,
    key_of,
)
from ncpi_rules.plan import PlanDocument, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.io import Document, Field

Schema: TypeAlias = dict[str, Any]

DOCUMENTS: Final[Mapping[str, type[Document]]] = MappingProxyType(
    {"plan": PlanDocument, "record": Record}
)
"""The class of each document, by the name of its schema."""

_DAY: Final[Schema] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_DATES: Final[Schema] = {
    "description": "A date as far as it is known: the first and the last day that it may be.",
    "type": "object",
    "properties": {
        "from": {"description": "The first day.", **_DAY},
        "to": {"description": "The latest day that it may be.", **_DAY},
    },
    "required": ["from", "to"],
    "additionalProperties": False,
}
_PLAIN: Final[Mapping[Any, Schema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Any: {},
}


def document_schema(kind: type[Document], draft: str) -> Schema:
    """Return the JSON Schema of a document, by its class.

    >>> list(document_schema(PlanDocument, "")["$defs"])[:2]
    ['PlanOutcome', 'Action']
    """
    named: dict[str, Schema] = {}
    body = _block(kind, named)
    return {"$schema": draft, "$id": kind.form, "title": kind.__name__, **body, "$defs": named}


def _block(kind: type[Any], named: dict[str, Schema]) -> Schema:
    """Return the schema of one class; what it refers to is added to ``named``."""
    fields = fields_of(kind)
    return {
        "description": first_sentence(kind),
        "type": "object",
        "properties": {key_of(field): _property(field, named) for field in fields},
        "required": [key_of(field) for field in fields],
        "additionalProperties": False,
    }


def _property(field: Field, named: dict[str, Schema]) -> Schema:
    values = field.metadata.get("values")
    schema = {"const": values[0]} if values else _value(cast("Any", field.type), named)
    return {"description": field.metadata["says"], **schema}


def _value(kind: Any, named: dict[str, Schema]) -> Schema:
    if kind in _PLAIN:
        schema = _PLAIN[kind]
    elif is_union(kind):
        (rest,) = (option for option in get_args(kind) if option is not NoneType)
        schema = {"anyOf": [{"type": "null"}, _value(rest, named)]}
    elif is_tuple(kind):
        schema = {"type": "array", "items": _value(get_args(kind)[0], named)}
    elif is_mapping(kind):
        schema = {"type": "object", "additionalProperties": _value(get_args(kind)[1], named)}
    elif is_values(kind):
        schema = {"enum": [value.value for value in kind]}
    elif issubclass(kind, datetime.date):
        schema = _DAY
    else:
        schema = _reference(kind, named)
    return schema


def _reference(kind: type[Any], named: dict[str, Schema]) -> Schema:
    name = kind.__name__
    if name not in named:
        named[name] = {}  # so that it stands before what it refers to
        named[name].update(_DATES if kind is PartialDate else _block(kind, named))
    return {"$ref": f"#/$defs/{name}"}
