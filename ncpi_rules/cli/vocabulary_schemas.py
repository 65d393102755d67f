"""The JSON Schemas of a ruleset's own files, which know its facts, values, events and ids.

An editor that follows them completes a name, shows the sentence that belongs to it, and marks one
that is not there. Where the published schema takes any text, the one of a ruleset takes the names
that the ruleset has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ncpi_rules.cli.file_schemas import (
    DRAFT,
    FileSchema,
    RuleSchema,
    Schema,
    closed_block,
    named_values,
    period_or,
    some_of,
)
from ncpi_rules.cli.json_schemas import PUBLISHED
from ncpi_rules.cli.known_names import KnownNames
from ncpi_rules.core import FURTHER, UNKNOWN
from ncpi_rules.io import PERIOD, Field, key_of
from ncpi_rules.ruleset import (
    AS_WRITTEN,
    DOES_NOT_APPLY,
    KIND_OF_FILE,
    KINDS,
    RuleFile,
    RuleKind,
    Ruleset,
    Timing,
)

SCHEMA_FOLDER: Final = ".schemas"
"""The folder beside a ruleset's files in which its schemas stand; hidden, so it is no part."""

_NUMBERED: Final = r"^\S+(?:\[.+\]|\.[0-9]+)$"

Narrowing = Callable[["_OwnSchema", Schema], Schema]
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


def _grounds(schema: _OwnSchema, _: Schema) -> Schema:
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
        ("TierChosen", "tier"): lambda schema, _: named_values(
            schema.names.given_by("decisions.tier-chosen")
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


class _OwnSchema(FileSchema):
    """The schema of a file that knows the names of one ruleset."""

    names: KnownNames

    def __init__(self, names: KnownNames) -> None:
        FileSchema.__init__(self)
        self.names = names

    def block(self, kind: type[Any], **also: Schema) -> Schema:
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
        either, forces = super().either(kind), self.names.ruleset.settings.is_about_forces
        return either if forces is None else either[not forces :][:1]

    def property(self, field: Field) -> Schema:
        published = super().property(field)
        kind = field.metadata.get("names", "")
        narrowed = (self.named_by(kind, field) if kind else None) or published
        return {"description": published["description"], **narrowed}

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
                    id_: {"description": one.question, **named_values(one.answers)}
                    for id_, one in questions.items()
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
        titles = {id_: one.title for id_, one in parameters.items()}
        return {"anyOf": [text, named_values(titles)]} if titles else text

    def _shared(self, name: str, schema: Schema) -> Schema:
        self.named.setdefault(name, schema)
        return {"$ref": f"#/$defs/{name}"}


class _OwnRuleSchema(_OwnSchema, RuleSchema):
    """The schema of a file of rules that knows the names of one ruleset."""

    def __init__(self, names: KnownNames, kind: RuleKind, decides: str = "") -> None:
        super().__init__(names)
        self.kind = kind
        self.decides = decides

    def property(self, field: Field) -> Schema:
        published = super().property(field)
        says = {"description": published["description"]}
        tested = self.names.tested
        match field.name:
            case "when":
                terms = {id_: (one.title, one.values) for id_, one in tested.items()}
                return {**says, **self._conditions("When", terms)}
            case "under":
                questions = self.names.ruleset.interpretations
                terms = {id_: (one.question, one.answers) for id_, one in questions.items()}
                return {**says, **self._conditions("Under", terms)}
            case "then" if self.decides:
                return {**says, **named_values(tested[self.decides].values)}
            case "wherever":
                block = self.named["Wherever"]
                block["properties"] |= {
                    id_: {"description": one.title, **some_of(named_values(one.values))}
                    for id_, one in tested.items()
                }
                block["additionalProperties"] = False
                return published
            case "columns":
                lines = ("id", *self.kind.lines)
                names = {**self.names.of["tested"], **self.names.of["interpretation"]}
                return {**says, "type": "array", "items": named_values(names, *lines)}
        return published

    def _conditions(self, name: str, terms: Mapping[str, tuple[str, Mapping[str, str]]]) -> Schema:
        """Return the schema of conditions: values, or for each value what differs."""
        differing = {
            "anyOf": [{"enum": [AS_WRITTEN, DOES_NOT_APPLY]}, self.written("Lines")],
        }
        properties = {}
        for id_, (title, values) in terms.items():
            one = "|".join(map(re.escape, values))
            block = closed_block(
                {value: {"description": says, **differing} for value, says in values.items()},
                patternProperties={f"^(?:{one})(?:, *(?:{one}))+$": differing},
            )
            tested = named_values(values)
            options = [tested, {"type": "array", "items": tested}, block]
            properties[id_] = {"description": title, "anyOf": options}
        return self._shared(name, closed_block(properties))


def own_schemas(ruleset: Ruleset) -> dict[str, str]:
    """Return the text of each schema of a ruleset's files, by the name of its own file.

    Besides those that are published there is one for the rules of each outcome, which knows its
    values, such as ``outcome-rules-tier.json``.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> schemas = own_schemas(shipped_ruleset())
    >>> judgement = json.loads(schemas["follow-up.json"])["$defs"]["Judgement"]["properties"]
    >>> judgement["judgement"]["enum"]
    ['no-concerns', 'some-concerns', 'significant-concerns', 'unknown']
    """
    names = KnownNames(ruleset=ruleset)
    schemas = {}
    for name, kind in PUBLISHED.items():
        schema = _OwnSchema(names)
        schemas[name] = _whole(kind.__name__, schema.block(kind), schema)
    for rules in KINDS:
        for decides in ("", *(() if rules.decides else ruleset.outcomes)):
            name = f"{rules.schema}-{decides}" if decides else rules.schema
            schemas[name] = _rules(names, rules, decides, name)
    return {
        f"{name}.json": json.dumps(schema, ensure_ascii=False, separators=(",", ":")) + "\n"
        for name, schema in schemas.items()
    }


def _rules(names: KnownNames, kind: RuleKind, decides: str, name: str) -> Schema:
    """Return the schema of the rules of a kind, or of those that decide one outcome."""
    schema = _OwnRuleSchema(names, kind, decides)
    body = schema.block(RuleFile)
    says = {"description": "What it decides."}
    head = {"const": kind.decides or decides} if kind.decides or decides else {}
    body["properties"]["decides"] = {**says, **(head or named_values(names.of["outcome"]))}
    return _whole(name, body, schema)


def _whole(title: str, body: Schema, schema: FileSchema) -> Schema:
    return {"$schema": DRAFT, "title": title, **body, "$defs": schema.named}


def schema_of(name: str, ruleset: Ruleset) -> str:
    """Return the name of the schema of a file of a ruleset, by its name without the ending.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> schema_of("2-tier", shipped_ruleset()), schema_of("vocabulary", shipped_ruleset())
    ('outcome-rules-tier.json', 'vocabulary.json')
    """
    source = ruleset.files.get(name)
    if name in PUBLISHED or source is None:
        return f"{name}.json"
    decides = source.data["decides"]
    kind = KIND_OF_FILE.get(decides)
    return f"outcome-rules-{decides}.json" if kind is None else f"{kind.schema}.json"
