"""The tables of a ruleset for spreadsheets: a sheet or a CSV file each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import upper_first
from ncpi_rules.report.csv_table import csv_text
from ncpi_rules.report.exchange.notes import NOTE_HEADS, about, notes_of
from ncpi_rules.report.exchange.tables import export_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.report.exchange.tables import ConditionColumn, ExportTable, Stated
    from ncpi_rules.ruleset import Ruleset

ANY_VALUE: Final = "-"
"""What stands in a cell that tests nothing, as in the tables of a ruleset."""

HOW_ROWS_COUNT: Final = {
    "unique": "At most one row applies in each case.",
    "any": "Where several rows apply, they say the same.",
    "first": "The first row that applies counts.",
    "priority": "Where several rows apply, the value that comes first here counts: {values}.",
    "collect": "Every row that applies counts.",
}
"""What becomes of several rows that apply, by the hit policy of a table."""

_WIDTHS: Final = (28, 60, 18, 60, 12, 40)
_VALUE_COLUMNS: Final = (
    ("What", 16),
    ("Name", 26),
    ("Title", 60),
    ("Value", 30),
    ("Label", 70),
    ("Where nobody has said", 12),
)


def to_csv(ruleset: Ruleset) -> dict[str, str]:
    """Return CSV files by name: one for each table, the values of every column, what they are of.

    The head of a column says ``if`` before what is tested and ``then`` before what follows.
    """
    tables = export_tables(ruleset)
    files = {
        f"{table.id}.csv": csv_text(
            [
                "case",
                *(f"if {column.id}" for column in table.tested),
                *(f"then {column.id}" for column in table.stated),
                *(head.lower() for head in NOTE_HEADS),
            ],
            _lines(table, ruleset),
        )
        for table in tables
    }
    heads = [head.lower() for head, _ in _VALUE_COLUMNS]
    files["values.csv"] = csv_text(heads, _values(tables, ruleset))
    files["about.csv"] = csv_text(["what", "says"], _about(tables, ruleset))
    return files


def tables_xlsx(ruleset: Ruleset) -> bytes:
    """Return a workbook with a sheet for each table; it needs the extra ``office``."""
    from ncpi_rules.report import office  # noqa: PLC0415  an extra

    tables = export_tables(ruleset)
    notes = tuple(zip(NOTE_HEADS, _WIDTHS, strict=True))
    return office.workbook_of(
        [
            office.SheetTable(
                title="Read me",
                columns=(("What", 22), ("Says", 110)),
                rows=tuple(_about(tables, ruleset)),
            ),
            *(
                office.SheetTable(
                    title=table.title[:31],
                    columns=(
                        ("Case", 28),
                        *((_head(column), 20) for column in table.tested),
                        *((f"Then: {column.title}", 20) for column in table.stated),
                        *notes,
                    ),
                    rows=tuple(_lines(table, ruleset)),
                )
                for table in tables
            ),
            office.SheetTable(
                title="Values", columns=_VALUE_COLUMNS, rows=tuple(_values(tables, ruleset))
            ),
        ],
        on=None,
    )


def _head(column: ConditionColumn) -> str:
    return f"{column.id}: {column.title}" if column.kind == "open question" else column.title


def _lines(table: ExportTable, ruleset: Ruleset) -> Iterator[tuple[str, ...]]:
    for row in table.rows:
        yield (
            row.rule.id,
            *(", ".join(row.tests.get(column.id, (ANY_VALUE,))) for column in table.tested),
            *map(_stated, row.states),
            *notes_of(row, ruleset),
        )
    if table.outcome is not None:
        tested = (ANY_VALUE for _ in table.tested)
        stated = map(_stated, table.otherwise)
        yield "otherwise", *tested, *stated, "", "No rule decides it.", "", "", "", ""


def _stated(stated: Stated) -> str:
    return ", ".join(stated) if isinstance(stated, tuple) else stated or ""


def _about(tables: tuple[ExportTable, ...], ruleset: Ruleset) -> Iterator[tuple[str, str]]:
    yield from about(ruleset)
    for table in tables:
        values = ", ".join(table.priority)
        yield f"Table: {table.title}", HOW_ROWS_COUNT[table.hit].format(values=values)


def _values(tables: tuple[ExportTable, ...], ruleset: Ruleset) -> Iterator[tuple[str, ...]]:
    """Yield every value that is tested, with its label, and every name that is stated."""
    columns = {column.id: column for table in tables for column in table.tested}
    for column in columns.values():
        for value, label in column.values.items():
            said = "yes" if value == column.otherwise else ""
            yield upper_first(column.kind), column.id, column.title, value, label, said
    named = (
        ("Party", ruleset.parties),
        ("Activity", ruleset.activities),
        ("Document", ruleset.documents),
        ("Topic", ruleset.topics),
        ("Event", ruleset.events),
    )
    for kind, terms in named:
        for term in terms.values():
            yield kind, term.id, term.title, "", "", ""
