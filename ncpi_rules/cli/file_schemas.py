"""The JSON Schemas of the files that people write, made from the classes that read them.

An editor takes ``2018`` for a number and our reader takes it for text: so a number may stand
wherever text may.
"""

from __future__ import annotations

import inspect
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast, get_args

from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, Force, PartialDate, Period, all_forces, joined
from ncpi_rules.io import (
    ANY_OTHER,
    DATES,
    PERIOD,
    Field,
    alternatives_of,
    fields_of,
    is_mapping,
    is_required,
    is_tuple,
    is_union,
    is_values,
    key_of,
    options,
)
from ncpi_rules.ruleset import AS_WRITTEN, DOES_NOT_APPLY, RuleFile, RuleKind, Timing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Schema: TypeAlias = dict[str, Any]

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

_A_DATE: Final = (
    "Write a day such as 2019-04-11, a month such as 2019-04, a year such as 2019, or two of these "
    "with a stroke between them"
)

_A_PERIOD: Final = "Write a number and days, weeks, months or working days, such as 6 weeks"

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
            "errorMessage": f"{_A_DATE}.",
            "minimum": FIRST_YEAR,
            "maximum": LAST_YEAR,
        },
    }
)
"""What stands in many places of files, by the name to which these refer."""


_PARAMETER: Final = r"[^\s0-9]\S*(?: (?:after|before|beginning with) \S+)?"
"""What may stand in the place of a period and its event: a parameter, alone or with an event."""


def named_values(names: Mapping[str, str], *more: str) -> Schema:
    """Return the schema of one of several names, each with its sentence; of any text for none.

    >>> named_values({"some": "there are some"})["enum"]
    ['some']
    """
    if not names:
        return {"type": ["string", "number"]}
    # An editor takes a name such as 2018 for a number.
    values = [*names, *more, *(int(name) for name in names if name.isdigit())]
    sentences = [*names.values(), *("" for _ in values[len(names) :])]
    return {"enum": values, "markdownEnumDescriptions": sentences}


def some_of(inner: Schema) -> Schema:
    """Return the schema of one name or of a list of them."""
    return {"anyOf": [inner, {"type": "array", "items": inner}]}


def period_or(names: Schema) -> Schema:
    """Return the schema of a period or a name, which says to an editor what may stand there."""
    says = f"{_A_PERIOD}, or what the library can do, or the id of an open question."
    period = {"type": "string", "pattern": f"^(?:{PERIOD})$", "errorMessage": says}
    return {"anyOf": [period, names]}


def closed_block(properties: Mapping[str, Schema], **more: Any) -> Schema:
    """Return the schema of a block in which nothing else may stand."""
    return {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
        **more,
    }


class FileSchema:
    """The schema of a file; ``named`` gathers what it refers to."""

    def __init__(self) -> None:
        """Begin with nothing that is referred to."""
        self.named: dict[str, Schema] = {}

    def is_required(self, field: Field) -> bool:
        """Return True where the file must give a field."""
        return is_required(field)

    def block(self, kind: type[Any], **also: Schema) -> Schema:
        """Return the schema of one class; ``also`` has properties besides its fields."""
        fields = fields_of(kind)
        required = [key_of(field) for field in fields if self.is_required(field)]
        either = self.either(kind)
        one_of = {"oneOf": [{"required": [name]} for name in either]} if either else {}
        return {
            "description": _first_sentence(kind),
            "type": "object",
            "properties": also | {key_of(field): self.property(field) for field in fields},
            "required": [*also, *required],
            "additionalProperties": False,
            **one_of,
        }

    def either(self, kind: type[Any]) -> tuple[str, ...]:
        """Return the fields of which a file gives one; none for most classes."""
        either: tuple[str, ...] = getattr(kind, "either", ())
        return either

    def property(self, field: Field) -> Schema:
        """Return the schema of a field, with what it says."""
        kind, values = cast("type[Any]", field.type), field.metadata.get("values")
        pattern = field.metadata.get("pattern", "")
        if values is None:
            value = self.value(kind, pattern)
        elif pattern:
            value = {"anyOf": [self.one_of(values), self.text(pattern)]}
        else:
            value = self.one_of(values)
        says = field.metadata.get("says") or _first_sentence(
            get_args(kind)[0] if is_tuple(kind) else kind
        )
        return {"description": says, **value}

    def one_of(self, values: tuple[str, ...]) -> Schema:
        """Return the schema of one of a few values."""
        return {"enum": [*values, *(int(text) for text in values if text.isdigit())]}

    def value(self, kind: Any, pattern: str = "") -> Schema:
        """Return the schema of a value; ``pattern`` is that of each piece of text in it."""
        if is_union(kind):
            return self.union(kind, pattern)
        if kind is Any:
            return {}
        if is_tuple(kind):
            return self.list(get_args(kind)[0], pattern)
        if is_mapping(kind):
            return {"type": "object", "additionalProperties": self.value(get_args(kind)[1])}
        if is_values(kind):
            return {"enum": [value.value for value in kind]}
        return self.single(kind, pattern)

    def union(self, kind: Any, pattern: str) -> Schema:
        """Return the schema of a choice of types."""
        rest, values = options(kind)
        known = self.value(rest[0], pattern)
        if not values:
            return known
        fixed: Schema = {"enum": [value.value for value in values]}
        if rest[0] is PartialDate:  # an editor shows what is said of either
            fixed["errorMessage"] = f"{_A_DATE}, or: {joined(fixed['enum'], 'or')}."
        return {"anyOf": [fixed, known]}

    def list(self, item: Any, pattern: str) -> Schema:
        """Return the schema of a list; one text may stand without the list."""
        if item is str and not pattern:
            self.text("")
            return self.shared("Texts")
        inner = self.value(item, pattern)
        listed = {"type": "array", "items": inner}
        return {"anyOf": [inner, listed]} if item is str else listed

    def single(self, kind: type[Any], pattern: str) -> Schema:
        """Return the schema of text, of a date, or of an object of a class."""
        if kind in {str, Period}:
            text = self.text(PERIOD if kind is Period else pattern)
            return {**text, "errorMessage": f"{_A_PERIOD}."} if kind is Period else text
        if kind is PartialDate:
            return self.shared("Date")
        if kind is Force:
            return {"enum": list(all_forces())}
        if not hasattr(kind, "from_text"):
            return self.reference(kind)
        also = f"|{_PARAMETER}" if kind is Timing else ""
        short = self.text(f"{getattr(kind, 'pattern', '')}{also}")
        if getattr(kind, "text_only", False):
            return {**short, "type": ["string", "integer"]} if hasattr(kind, "number") else short
        return {"anyOf": [short, self.reference(kind)]}

    def text(self, pattern: str) -> Schema:
        """Return the schema of a text."""
        return {"type": "string", "pattern": f"^(?:{pattern})$"} if pattern else self.shared("Text")

    def shared(self, name: str) -> Schema:
        """Return the reference to what stands in many places."""
        self.named.setdefault(name, SHARED[name])
        return {"$ref": f"#/$defs/{name}"}

    def reference(self, kind: type[Any]) -> Schema:
        """Return the reference to the schema of a class."""
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
            "description": _first_sentence(kind),
            "oneOf": [
                option
                for name, subclass in by_name.items()
                for option in self.told_apart(subclass, key, name, by_name)
            ],
        }

    def told_apart(
        self, kind: type[Any], key: str, name: str, names: Iterable[str]
    ) -> Iterator[Schema]:
        """Yield the schema of a class by its name; of that for any other name, whatever it is."""
        if name != ANY_OTHER:
            named = {"description": _first_sentence(kind), "const": name}
            yield self.block(kind, **{key: named})
            return
        block = self.block(kind)
        block["properties"][key]["not"] = {"enum": [name for name in names if name != ANY_OTHER]}
        yield block


class RuleSchema(FileSchema):
    """The schema of a file of rules: each may have blocks in the place of values."""

    def __init__(self, kind: RuleKind) -> None:
        """Begin with the kind of the rules."""
        super().__init__()
        self.kind = kind

    def property(self, field: Field) -> Schema:
        """Return the schema of a field, in which blocks may stand."""
        says = {"description": field.metadata.get("says", "")}
        match field.name:
            case "rules":
                return {**says, "type": "array", "items": self.written("Rule", required=["id"])}
            case "shared" | "wherever":
                open_ = field.name == "wherever"
                return {**says, **self.written("Wherever" if open_ else "Lines", open_=open_)}
            case "when" | "under":
                differing = {
                    "anyOf": [
                        {"enum": [AS_WRITTEN, DOES_NOT_APPLY]},
                        self.written("Lines"),
                    ]
                }
                tested = [
                    self.shared("Texts"),
                    {"type": "object", "additionalProperties": differing},
                ]
                self.text("")
                return {**says, "type": "object", "additionalProperties": {"anyOf": tested}}
        return super().property(field)

    def written(self, name: str, *, required: Sequence[str] = (), open_: bool = False) -> Schema:
        """Return the schema of the lines of a rule, any of which may stand in a block."""
        if name not in self.named:
            self.named[name] = {}
            fields = [
                field for field in fields_of(self.kind.rule) if required or field.name != "id"
            ]
            values = self.shared("Texts") if open_ else False
            self.named[name].update(
                {
                    "type": "object",
                    "properties": {key_of(field): self.property(field) for field in fields},
                    "required": list(required),
                    "additionalProperties": values,
                }
            )
        return {"$ref": f"#/$defs/{name}"}


def schema_for_rules(kind: RuleKind) -> Schema:
    """Return the JSON Schema of a file of rules, by the kind of its rules.

    >>> from ncpi_rules.ruleset import KIND_OF_FILE
    >>> deadlines = schema_for_rules(KIND_OF_FILE["deadlines"])
    >>> deadlines["properties"]["decides"]["const"]
    'deadlines'
    """
    schema = RuleSchema(kind)
    body = schema.block(RuleFile)
    if kind.decides:
        body["properties"]["decides"] = {"description": "What it decides.", "const": kind.decides}
    return {"$schema": DRAFT, "title": kind.schema, **body, "$defs": schema.named}


def _first_sentence(kind: type[Any]) -> str:
    """Return the first paragraph of a class's docstring, as a schema shows it."""
    text = inspect.getdoc(kind) or ""
    return " ".join(text.partition("\n\n")[0].split()).replace("``", "'")
