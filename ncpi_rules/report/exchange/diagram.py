"""The diagram of a DMN file: input data below, decisions above those on which they depend."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncpi_rules.report.exchange.tables import ExportTable

NAMESPACES: Final = {
    "xmlns:dmndi": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "xmlns:dc": "http://www.omg.org/spec/DMN/20180521/DC/",
    "xmlns:di": "http://www.omg.org/spec/DMN/20180521/DI/",
}
"""The namespaces of diagrams, with the prefixes under which they are used."""

_WIDTH, _HEIGHT, _ACROSS, _DOWN, _IN_A_ROW = 180, 60, 210, 140, 8


def add_diagram(root: Element, tables: Sequence[ExportTable], names: Mapping[str, str]) -> None:
    """Add where an editor draws each decision and each input, and the arrows between them."""
    diagram = SubElement(SubElement(root, "dmndi:DMNDI"), "dmndi:DMNDiagram")
    places = _places(tables)
    for name, (x, y) in places.items():
        shape = SubElement(diagram, "dmndi:DMNShape", dmnElementRef=names[name])
        bounds = {"x": x, "y": y, "width": _WIDTH, "height": _HEIGHT}
        SubElement(shape, "dc:Bounds", {key: str(value) for key, value in bounds.items()})
    for table in tables:
        for column in table.tested:
            arrow = f"{names[table.id]}.needs.{names[column.id]}"
            edge = SubElement(diagram, "dmndi:DMNEdge", dmnElementRef=arrow)
            for name, down in ((column.id, 0), (table.id, _HEIGHT)):
                x, y = places[name]
                point = {"x": str(x + _WIDTH // 2), "y": str(y + down)}
                SubElement(edge, "di:waypoint", point)


def _places(tables: Sequence[ExportTable]) -> Mapping[str, tuple[int, int]]:
    """Return the upper left corner of everything that is drawn."""
    levels: dict[str, int] = {}
    for table in tables:
        below = [levels[column.id] for column in table.tested if column.id in levels]
        levels[table.id] = max(below, default=-1) + 1
    top = max(levels.values(), default=0)
    across = {level: count() for level in levels.values()}
    places = {
        name: (next(across[level]) * _ACROSS, (top - level) * _DOWN)
        for name, level in levels.items()
    }
    inputs = dict.fromkeys(
        column.id for table in tables for column in table.tested if column.id not in levels
    )
    for number, name in enumerate(inputs):
        row, place = divmod(number, _IN_A_ROW)
        places[name] = (place * _ACROSS, (top + 1) * _DOWN + row * (_HEIGHT + 30))
    return places
