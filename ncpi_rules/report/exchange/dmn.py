"""A ruleset as DMN 1.3, the Decision Model and Notation of the Object Management Group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ncpi_rules import __version__
from ncpi_rules.report.exchange.diagram import NAMESPACES, add_diagram
from ncpi_rules.report.exchange.notes import NOTE_HEADS, about, machine_names, notes_of
from ncpi_rules.report.exchange.tables import export_tables, expression_of
from ncpi_rules.report.text_page import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncpi_rules.report.exchange.tables import ConditionColumn, ExportRow, ExportTable
    from ncpi_rules.ruleset import Ruleset

MODEL: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
"""The namespace of DMN 1.3."""

_ANY: Final = "-"


def to_dmn(ruleset: Ruleset) -> str:
    """Return a ruleset as XML of DMN 1.3, with a decision table for each outcome and each list.

    Facts, and open questions with their answers, are input data; each statement that a rule cites
    is a knowledge source, with our summary. Hyphens in names become underscores. A table of an
    outcome has its value; its basis, its rule and its citations are annotations.
    """
    tables = export_tables(ruleset)
    columns = {column.id: column for table in tables for column in table.tested}
    inputs = [column for column in columns.values() if column.kind != "outcome"]
    cited = dict.fromkeys(
        id_ for table in tables for row in table.rows for id_ in row.rule.statements
    )
    names = machine_names(
        [*(column.id for column in inputs), *(table.id for table in tables), *cited]
    )
    root = Element(
        "definitions",
        {"xmlns": MODEL, **NAMESPACES},
        id=machine_names([ruleset.name])[ruleset.name],
        name=ruleset.name,
        namespace=f"urn:ncpi-rules:{ruleset.name}",
        exporter="ncpi-rules",
        exporterVersion=__version__,
    )
    _add(root, "description", "\n".join(f"{head}: {text}" for head, text in about(ruleset)))
    typed = [*inputs, *(columns[table.id] for table in tables if table.id in columns)]
    for column in typed:
        _add_type(root, column.values, names[column.id])
    for column in inputs:
        _add_input_data(root, column, names[column.id])
    writer = _TableWriter(ruleset, names)
    for table in tables:
        writer.add_decision(root, table)
    for id_ in (id_ for id_ in ruleset.statements if id_ in cited):
        source = _add(root, "knowledgeSource", id=names[id_], name=f"Statement {id_}")
        _add(source, "description", ruleset.statements[id_].summary)
    add_diagram(root, tables, names)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add(parent: Element, name: str, text: str | None = None, /, **attributes: str) -> Element:
    """Return a new element in another; characters that XML does not know are left out."""
    shown = {key: printable(value) for key, value in attributes.items()}
    child = SubElement(parent, name, shown)
    if text is not None:
        child.text = "\n".join(map(printable, text.split("\n")))
    return child


def _add_text(parent: Element, name: str, text: str, /, **attributes: str) -> None:
    _add(_add(parent, name, **attributes), "text", text)


def _add_type(root: Element, values: Iterable[str], name: str) -> None:
    kind = _add(root, "itemDefinition", id=f"values_of_{name}", name=f"values_of_{name}")
    _add(kind, "typeRef", "string")
    _add_text(kind, "allowedValues", ", ".join(map(expression_of, values)))


def _add_input_data(root: Element, column: ConditionColumn, name: str) -> None:
    data = _add(root, "inputData", id=name, name=name, label=column.title)
    lines = [f"{column.title} ({column.kind} '{column.id}')"]
    lines += [f"{value}: {says}" for value, says in column.values.items()]
    lines += [f"Where nobody has said: {column.otherwise}"]
    _add(data, "description", "\n".join(lines))
    _add(data, "variable", name=name, typeRef=f"values_of_{name}")


class _TableWriter:
    def __init__(self, ruleset: Ruleset, names: Mapping[str, str]) -> None:
        self.ruleset, self.names = ruleset, names

    def add_decision(self, root: Element, table: ExportTable) -> None:
        """Add a table with what it needs and what it rests on."""
        name = self.names[table.id]
        decision = _add(root, "decision", id=name, name=name, label=table.title)
        is_tested = any(child.get("name") == f"values_of_{name}" for child in root)
        kind = f"values_of_{name}" if is_tested else "string" if table.outcome else "Any"
        _add(decision, "variable", name=name, typeRef=kind)
        for column in table.tested:
            needs = _add(
                decision, "informationRequirement", id=f"{name}.needs.{self.names[column.id]}"
            )
            what = "requiredDecision" if column.kind == "outcome" else "requiredInput"
            _add(needs, what, href=f"#{self.names[column.id]}")
        cited = {id_ for row in table.rows for id_ in row.rule.statements}
        for id_ in (id_ for id_ in self.ruleset.statements if id_ in cited):
            rests = _add(decision, "authorityRequirement")
            _add(rests, "requiredAuthority", href=f"#{self.names[id_]}")
        made = _add(
            decision,
            "decisionTable",
            id=f"{name}.table",
            hitPolicy=table.hit.upper(),
            outputLabel=table.title,
        )
        for column in table.tested:
            clause = _add(
                made, "input", id=f"{name}.if.{self.names[column.id]}", label=column.title
            )
            _add_text(clause, "inputExpression", self.names[column.id], typeRef="string")
            _add_text(clause, "inputValues", ", ".join(map(expression_of, column.values)))
        self._add_outputs(made, table, name)
        for head in self._heads(table):
            _add(made, "annotation", name=head)
        for number, row in enumerate(table.rows):
            self._add_row(made, table, row, f"{name}.row.{number + 1}")

    def _add_outputs(self, made: Element, table: ExportTable, name: str) -> None:
        if table.outcome is None:
            for column in table.stated:
                _add(
                    made,
                    "output",
                    id=f"{name}.then.{column.id}",
                    name=column.id,
                    label=column.title,
                )
            _add(
                made, "output", id=f"{name}.then.rule", name="rule", label="Rule", typeRef="string"
            )
            return
        output = _add(made, "output", id=f"{name}.then", label=table.title, typeRef="string")
        values = table.priority or tuple(table.outcome.values)
        _add_text(output, "outputValues", ", ".join(map(expression_of, values)))
        _add_text(output, "defaultOutputEntry", expression_of(table.outcome.none))

    def _heads(self, table: ExportTable) -> tuple[str, ...]:
        return (
            *([] if table.outcome is None else (c.title for c in table.stated[1:])),
            *NOTE_HEADS,
        )

    def _add_row(self, made: Element, table: ExportTable, row: ExportRow, id_: str) -> None:
        line = _add(made, "rule", id=id_)
        for column in table.tested:
            _add_text(
                line,
                "inputEntry",
                ", ".join(map(expression_of, row.tests.get(column.id, ()))) or _ANY,
            )
        is_list = table.outcome is None
        for stated in (*row.states, row.rule.rule) if is_list else row.states[:1]:
            _add_text(line, "outputEntry", expression_of(stated))
        notes = notes_of(row, self.ruleset)
        for note in notes if is_list else (*map(str, row.states[1:]), *notes):
            _add_text(line, "annotationEntry", note)
