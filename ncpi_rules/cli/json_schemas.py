"""JSON Schemas made from the attrs classes that read the files, so that both say the same.

An editor takes ``2018`` for a number and our reader takes it for text: so a number may
stand wherever text may. What the reader checks only afterwards is not here: whether a name stands
in the vocabulary, whether February has a day 30, which of two dates comes first.

In a document that the library writes, every field stands, and everything has one form only.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType, NoneType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast, get_args

from ncpi_rules.core import (
    FIRST_YEAR,
    LAST_YEAR,
    Day,
    Force,
    NcpiRulesError,
    PartialDate,
    Period,
    all_forces,
)
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import (
    DATES,
    PERIOD,
    Document,
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
from ncpi_rules.plan import PlanDocument, Record
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

DOCUMENTS: Final[Mapping[str, type[Document]]] = MappingProxyType(
    {"plan": PlanDocument, "record": Record}
)
"""The class of each document, by the name of its schema."""

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
"""What stands in many places of files, by the name to which these refer."""

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
_PLAIN: Final[Mapping[Any, Schema]] = MappingProxyType(
    {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        Day: _DAY,
        Any: {},
    }
)
"""The values that documents hold."""


class _FileSchema:
    """The schema of a file; ``named`` gathers what it refers to."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}

    def is_required(self, field: Field) -> bool:
        return is_required(field)

    def block(self, kind: type[Any], **also: Schema) -> Schema:
        """Return the schema of one class; ``also`` has properties besides its fields."""
        fields = fields_of(kind)
        required = [key_of(field) for field in fields if self.is_required(field)]
        return {
            "description": first_sentence(kind),
            "type": "object",
            "properties": also | {key_of(field): self.property(field) for field in fields},
            "required": [*also, *required],
            "additionalProperties": False,
        }

    def property(self, field: Field) -> Schema:
        kind, values = cast("type[Any]", field.type), field.metadata.get("values")
        if values is None:
            value = self.value(kind, field.metadata.get("pattern", ""))
        else:
            value = self.one_of(values)
        says = field.metadata.get("says") or first_sentence(
            get_args(kind)[0] if is_tuple(kind) else kind
        )
        return {"description": says, **value}

    def one_of(self, values: tuple[str, ...]) -> Schema:
        return {"enum": [*values, *(int(text) for text in values if text.isdigit())]}

    def value(self, kind: Any, pattern: str = "") -> Schema:
        """Return the schema of a value; ``pattern`` is that of each piece of text in it."""
        if is_union(kind):
            return self.union(kind, pattern)
        if is_tuple(kind):
            return self.list(get_args(kind)[0], pattern)
        if is_mapping(kind):
            return {"type": "object", "additionalProperties": self.value(get_args(kind)[1])}
        if is_values(kind):
            return {"enum": [value.value for value in kind]}
        return self.single(kind, pattern)

    def union(self, kind: Any, pattern: str) -> Schema:
        rest, values = options(kind)
        known = self.value(rest[0], pattern)
        return {"anyOf": [{"enum": [value.value for value in values]}, known]} if values else known

    def list(self, item: Any, pattern: str) -> Schema:
        if item is str and not pattern:
            self.text("")
            return self.shared("Texts")
        inner = self.value(item, pattern)
        listed = {"type": "array", "items": inner}
        return {"anyOf": [inner, listed]} if item is str else listed

    def single(self, kind: type[Any], pattern: str) -> Schema:
        """Return the schema of text, of a date, or of an object of a class."""
        if kind in {str, Period}:
            return self.text(pattern if kind is str else PERIOD)
        if kind is PartialDate:
            return self.shared("Date")
        if kind is Force:
            return {"enum": list(all_forces())}
        if not hasattr(kind, "from_text"):
            return self.reference(kind)
        short = self.text(getattr(kind, "pattern", ""))
        if getattr(kind, "text_only", False):
            return {**short, "type": ["string", "integer"]} if hasattr(kind, "number") else short
        return {"anyOf": [short, self.reference(kind)]}

    def text(self, pattern: str) -> Schema:
        return {"type": "string", "pattern": f"^(?:{pattern})$"} if pattern else self.shared("Text")

    def shared(self, name: str) -> Schema:
        self.named.setdefault(name, SHARED[name])
        return {"$ref": f"#/$defs/{name}"}

    def reference(self, kind: type[Any]) -> Schema:
        name = kind.__name__
        if name not in self.named:
            self.named[name] = {}  # so that it stands before what it refers to
            self.named[name].update(self.referred(kind))
        return {"$ref": f"#/$defs/{name}"}

    def referred(self, kind: type[Any]) -> Schema:
        """Return the schema of a class, which may be one of several, told apart by one key."""
        alternatives = alternatives_of(kind)
        if alternatives is None:
            return self.block(kind)
        key, by_name = alternatives
        return {
            "description": first_sentence(kind),
            "oneOf": [
                self.block(
                    subclass, **{key: {"description": first_sentence(subclass), "const": name}}
                )
                for name, subclass in by_name.items()
            ],
        }


class _DocumentSchema(_FileSchema):
    """The schema of a document that the library writes."""

    def is_required(self, field: Field) -> bool:  # noqa: ARG002  every field stands
        return True

    def one_of(self, values: tuple[str, ...]) -> Schema:
        return {"const": values[0]}

    def union(self, kind: Any, pattern: str) -> Schema:
        (rest,) = (option for option in get_args(kind) if option is not NoneType)
        return {"anyOf": [{"type": "null"}, self.value(rest, pattern)]}

    def list(self, item: Any, pattern: str) -> Schema:
        return {"type": "array", "items": self.value(item, pattern)}

    def single(self, kind: type[Any], pattern: str) -> Schema:  # noqa: ARG002  text is free
        return _PLAIN[kind] if kind in _PLAIN else self.reference(kind)

    def referred(self, kind: type[Any]) -> Schema:
        return _DATES if kind is PartialDate else self.block(kind)


def schema_for(kind: type[Any]) -> Schema:
    """Return the JSON Schema of a file or a document, by its class.

    >>> from ncpi_rules.facts import Notice
    >>> notice = schema_for(Notice)
    >>> list(notice["properties"]), notice["additionalProperties"]
    (['given', 'activity_described'], False)
    >>> list(schema_for(PlanDocument)["$defs"])[:2]
    ['PlanOutcome', 'Action']
    """
    form = getattr(kind, "form", None)
    schema = _FileSchema() if form is None else _DocumentSchema()
    body = schema.block(kind)
    head = {"$schema": DRAFT, **({} if form is None else {"$id": form}), "title": kind.__name__}
    return {**head, **body, "$defs": schema.named}


def published() -> dict[str, str]:
    """Return the text of each schema, by the name of its own file."""
    return {
        f"{name}.json": json.dumps(schema_for(kind), ensure_ascii=False, indent=2) + "\n"
        for name, kind in {**PUBLISHED, **DOCUMENTS}.items()
    }


def write(folder: Path) -> None:
    """Write every schema into a folder; whatever else is there is left alone."""
    for name, text in published().items():
        write_whole(folder / name, text.encode(), NcpiRulesError, replace=True)


if __name__ == "__main__":
    write(Path(__file__).parent.parent / "io" / "schemas")
