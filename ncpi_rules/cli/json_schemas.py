"""JSON Schemas made from the attrs classes that read the files, so that both say the same.

An editor takes ``2018`` for a number and our reader takes it for text: so a number may stand
wherever text may. What the reader checks only afterwards is not here: whether a name stands in the
vocabulary, whether February has a day 30, which of two dates comes first.

In a document that the library writes, every field is present and has one form only.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType, NoneType
from typing import TYPE_CHECKING, Any, Final, get_args

from ncpi_rules.cli.file_schemas import DRAFT, FileSchema, Schema, schema_for_rules
from ncpi_rules.core import (
    Day,
    NcpiRulesError,
    PartialDate,
)
from ncpi_rules.explore import CaseloadDocument
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import Field, write_whole
from ncpi_rules.plan import JsonDocument, PlanDocument, PlanSince, Record
from ncpi_rules.ruleset import FILES, KINDS
from ncpi_rules.scenarios import Scenarios
from ncpi_rules.sign_off import Approvals

if TYPE_CHECKING:
    from collections.abc import Mapping

PUBLISHED: Final[Mapping[str, type[Any]]] = MappingProxyType(
    {
        "follow-up": FollowUp,
        **FILES,
        "scenarios": Scenarios,
        "approvals": Approvals,
    }
)
"""The class of each file, by the name of its schema."""

DOCUMENTS: Final[Mapping[str, type[JsonDocument]]] = MappingProxyType(
    {
        "plan": PlanDocument,
        "plan-since": PlanSince,
        "record": Record,
        "caseload": CaseloadDocument,
    }
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


class _DocumentSchema(FileSchema):
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
    ['PartialDate', 'RevisitDays']
    """
    form = getattr(kind, "form", None)
    schema = FileSchema() if form is None else _DocumentSchema()
    body = schema.block(kind)
    head = {"$schema": DRAFT, **({} if form is None else {"$id": form}), "title": kind.__name__}
    return {**head, **body, "$defs": schema.named}


def published() -> dict[str, str]:
    """Return the text of each schema, by the name of its own file."""
    schemas = {name: schema_for(kind) for name, kind in {**PUBLISHED, **DOCUMENTS}.items()}
    schemas |= {kind.schema: schema_for_rules(kind) for kind in KINDS}
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
