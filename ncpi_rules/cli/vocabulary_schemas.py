"""The JSON Schemas of a ruleset's own files, which know its facts, values, events and ids.

An editor that follows them completes a name, shows the sentence that belongs to it, and marks one
that is not there. Where the published schema takes any text, the one of a ruleset takes the names
that the ruleset has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.cli.file_schemas import (
    FileSchema,
    Schema,
    closed_block,
    named_values,
    period_or,
    some_of,
)
from ncpi_rules.core import DECIDED, FURTHER, UNKNOWN
from ncpi_rules.io import ANY_OTHER, PERIOD, Field, key_of
from ncpi_rules.ruleset import (
    Timing,
)

if TYPE_CHECKING:
    from ncpi_rules.cli.known_names import KnownNames

SCHEMA_FOLDER: Final = ".schemas"
"""The folder beside a ruleset's files in which its schemas stand; hidden, so it is no part."""

_NUMBERED: Final = r"^\S+(?:\[.+\]|\.[0-9]+)$"

Narrowing = Callable[["VocabularySchema", Schema], Schema]
"""What makes the schema of a field from the one that is published."""


def _names(kind: str) -> Narrowing:
    return lambda schema, _: schema.names_of(kind)


def _several(kind: str) -> Narrowing:
    return lambda schema, _: some_of(schema.names_of(kind))


def _keyed(kind: str) -> Narrowing:
    """Return the narrowing of a block whose names are of a kind, its values as published."""
    return lambda schema, published: schema.keyed(kind, published)


def _valued(*, several: bool = False) -> Narrowing:
    return lambda schema, _: schema.valued(several=several)


def _grounds(schema: VocabularySchema, _: Schema) -> Schema:
    return {"type": "array", "items": schema.valued(several=True)}


def _field_values(source: str) -> Narrowing:
    return lambda schema, _: named_values(schema.names.given_by(source), UNKNOWN.value)


_FIELDS: Final[Mapping[tuple[str, str], Narrowing]] = MappingProxyType(
    {
        ("InspectionReport", "findings"): _field_values("inspection_report.findings"),
        ("Judgement", "judgement"): _field_values("prospects.judgement"),
        ("Recommendation", "topic"): lambda schema, _: named_values(
            schema.names.of["topic"], UNKNOWN.value
        ),
        ("Further", "facts"): lambda schema, _: schema.facts(FURTHER),
        ("Further", "events"): _keyed("event"),
        ("Scenario", "facts"): lambda schema, _: schema.facts(),
        ("Scenario", "interpretations"): lambda schema, _: schema.answers(),
        ("Scenario", "dates"): _keyed("event"),
        ("Without", "outcomes"): _valued(several=True),
        ("ExpectedDeadline", "by"): _names("party"),
        ("Approval", "of"): _names("approved"),
        **{(kind, "without"): _grounds for kind in ("NeverWithout", "ExpectedGuarantee")},
        ("Choice", "choice"): lambda schema, _: period_or(schema.names_of("choice")),
        ("FollowsOrder", "outcome"): _names("outcome"),
        ("FollowsOrder", "fact"): _names("fact"),
        ("Includes", "outcome"): _names("outcome"),
        ("NoLaterThan", "event"): _names("event"),
        ("Repeats", "begins"): _names("event"),
        ("Repeats", "fixes"): _names("outcome"),
        **{field: _several("event") for field in (("Event", "not_before"), ("Repeats", "events"))},
        ("Repeats", "opened_by"): _several("decision"),
        ("Settings", "selected_by"): _names("event"),
        ("Settings", "headline"): _names("outcome"),
        **{(kind, "statements"): _several("statement") for kind in ("Interpretation", "Guarantee")},
        **{
            (kind, name): narrowing
            for kind in ("Expected", "ExpectedEarlier", "Without")
            for name, narrowing in (
                ("basis", _keyed("outcome")),
                ("suggested", _several("document")),
                ("not_suggested", _several("document")),
                ("questions", _several("question")),
                ("alerts", _several("alert")),
                ("names", _keyed("party")),
            )
        },
        **{(kind, "outcomes"): _valued() for kind in ("Expected", "ExpectedEarlier")},
        **{(kind, "deadlines"): _keyed("event") for kind in ("Expected", "ExpectedEarlier")},
        ("Without", "deadlines"): _several("event"),
        ("Expected", "items"): _keyed("rule"),
        ("Expected", "guarantees"): _keyed("guarantee"),
        **{(kind, "of"): _names("owed") for kind in ("Waiver", "Variation")},
        **{
            (kind, name): _valued(several=True)
            for kind in ("Always", "NoLaterThan", "OnlyWhere", "NeverWithout", "ExpectedGuarantee")
            for name in ("when", "then", "outcome")
        },
    }
)
"""The fields that hold names of a vocabulary, by class and name; rules say so themselves."""


class VocabularySchema(FileSchema):
    """The schema of a file that knows the names of one ruleset."""

    names: KnownNames

    def __init__(self, names: KnownNames) -> None:
        """Begin with the names of the ruleset."""
        FileSchema.__init__(self)
        self.names = names

    def block(self, kind: type[Any], **also: Schema) -> Schema:
        """Return the schema of one class, its fields narrowed to the names of the ruleset."""
        block = super().block(kind, **also)
        for name, published in block["properties"].items():
            for base in kind.__mro__:
                if narrowing := _FIELDS.get((base.__name__, name)):
                    narrowed = narrowing(self, published)
                    block["properties"][name] = {
                        "description": published["description"],
                        **narrowed,
                    }
                    break
        return block

    def either(self, kind: type[Any]) -> tuple[str, ...]:
        """Return the fields of which a file gives one: a subject is a force, or it is not."""
        either, forces = super().either(kind), self.names.ruleset.settings.is_about_forces
        return either if forces is None else either[not forces :][:1]

    def property(self, field: Field) -> Schema:
        """Return the schema of a field, narrowed to the names of the ruleset."""
        published = super().property(field)
        kind = field.metadata.get("names", "")
        narrowed = (self.named_by(kind, field) if kind else None) or published
        return {"description": published["description"], **narrowed}

    def told_apart(
        self, kind: type[Any], key: str, name: str, names: Iterable[str]
    ) -> Iterator[Schema]:
        """Yield the schema of a class; for any other kind of decision, one for each that exists."""
        if name != ANY_OTHER:
            yield from super().told_apart(kind, key, name, names)
            return
        for decision, (says, values) in self.names.decisions.items():
            block = self.block(kind)
            block["properties"][key] = {"description": says, "const": decision}
            decided = block["properties"]["value"]["description"]
            block["properties"]["value"] = {"description": decided, **named_values(values)}
            block["required"] += [] if DECIDED in values else ["value"]
            yield block

    def named_by(self, kind: str, field: Field) -> Schema | None:
        """Return the schema of a field that names something of a kind; None for one that is not."""
        if key_of(field) == "prompted_by":
            return some_of(self.names_of("prompt"))
        if "Timing" in str(field.type) or field.type is Timing:
            return self.timing()
        names = self.names_of(kind)
        return some_of(names) if "tuple" in str(field.type) else names

    def names_of(self, kind: str) -> Schema:
        """Return the schema of one name of a kind, once for all places."""
        name = f"{kind.capitalize()}Name"
        if name not in self.named:
            schema = named_values(self.names.of[kind])
            if kind in {"question", "alert"}:  # the case of a rule, or that of a revisit
                schema = {"anyOf": [schema, {"type": "string", "pattern": _NUMBERED}]}
            self.named[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def keyed(self, kind: str, published: Schema) -> Schema:
        """Return a block whose names are of a kind, with the values of the published one."""
        inner = published["additionalProperties"]
        names = self.names.of[kind].items()
        more = {"patternProperties": {r"\[": inner}} if kind == "rule" else {}  # the case of a rule
        return closed_block({name: {"description": says, **inner} for name, says in names}, **more)

    def valued(self, *, several: bool) -> Schema:
        """Return a block of facts and outcomes, each with one of its values or with several."""
        properties = {}
        for id_, term in self.names.tested.items():
            values = named_values(term.values)
            inner = some_of(values) if several else values
            properties[id_] = {"description": term.title, **inner}
        return self._shared("Tests" if several else "Values", closed_block(properties))

    def answers(self) -> Schema:
        """Return a block of open questions, each with one of its answers."""
        questions = self.names.ruleset.interpretations
        return self._shared(
            "Answers",
            closed_block(
                {
                    id_: {"description": question.question, **named_values(question.answers)}
                    for id_, question in questions.items()
                }
            ),
        )

    def facts(self, source: str = "") -> Schema:
        """Return a block of facts, each with one of its values; of those from one field alone."""
        facts = self.names.ruleset.facts.values()
        return closed_block(
            {
                fact.id: {"description": fact.title, **named_values(fact.values)}
                for fact in facts
                if source in {"", fact.source}
            }
        )

    def timing(self) -> Schema:
        """Return a period and an event, or the name of a parameter, alone or with an event."""
        parameters = self.names.ruleset.parameters
        events = "|".join(map(re.escape, self.names.of["event"]))
        known = "|".join(map(re.escape, parameters))
        counted = f"(?:after|before|beginning with) (?:{events})"
        written = f"(?:{PERIOD}) {counted}" + (f"|(?:{known})(?: {counted})?" if known else "")
        says = "Write a parameter, such as 'action-plan-time', or a period and an event of the "
        says += "vocabulary, such as '6 weeks after report-published'."
        text = {"type": "string", "pattern": f"^(?:{written})$", "errorMessage": says}
        titles = {id_: parameter.title for id_, parameter in parameters.items()}
        return {"anyOf": [text, named_values(titles)]} if titles else text

    def _shared(self, name: str, schema: Schema) -> Schema:
        self.named.setdefault(name, schema)
        return {"$ref": f"#/$defs/{name}"}
