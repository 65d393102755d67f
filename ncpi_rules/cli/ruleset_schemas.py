"""The schemas that lie beside the files of a ruleset; those of rules know what is tested."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ncpi_rules.cli.file_schemas import (
    DRAFT,
    FileSchema,
    RuleSchema,
    Schema,
    closed_block,
    named_values,
    some_of,
)
from ncpi_rules.cli.json_schemas import PUBLISHED
from ncpi_rules.cli.known_names import KnownNames
from ncpi_rules.cli.vocabulary_schemas import VocabularySchema
from ncpi_rules.ruleset import (
    AS_WRITTEN,
    DOES_NOT_APPLY,
    KIND_OF_FILE,
    KINDS,
    RuleFile,
    RuleKind,
    Ruleset,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.io import Field


class _OwnRuleSchema(VocabularySchema, RuleSchema):
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
                terms = {id_: (term.title, term.values) for id_, term in tested.items()}
                return {**says, **self._conditions("When", terms)}
            case "under":
                questions = self.names.ruleset.interpretations
                terms = {id_: (asked.question, asked.answers) for id_, asked in questions.items()}
                return {**says, **self._conditions("Under", terms)}
            case "then" if self.decides:
                return {**says, **named_values(tested[self.decides].values)}
            case "wherever":
                block = self.named["Wherever"]
                block["properties"] |= {
                    id_: {"description": term.title, **some_of(named_values(term.values))}
                    for id_, term in tested.items()
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
            alternatives = "|".join(map(re.escape, values))
            block = closed_block(
                {value: {"description": says, **differing} for value, says in values.items()},
                patternProperties={f"^(?:{alternatives})(?:, *(?:{alternatives}))+$": differing},
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
        schema = VocabularySchema(names)
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
