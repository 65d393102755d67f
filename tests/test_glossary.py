"""The glossary defines every key and status of a file or a plan, from A to Z."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ncpi_rules
from ncpi_rules.core import Basis, Modality, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(ncpi_rules.__file__).parent.parent
SCHEMAS = ROOT / "ncpi_rules" / "io" / "schemas"
PAGE = (ROOT / "docs" / "glossary.md").read_text("utf-8")
TERMS = re.findall(r"^- \*\*(.+?)\*\*", PAGE, re.MULTILINE)
DEFINED = set(re.findall(r"`([\w-]+)`", PAGE))

# Keys that mean what they mean in English.
PLAIN = {"actual", "id", "from", "name", "on", "on_text", "place", "to", "version"}


def _inside(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in a schema."""
    if isinstance(schema, dict):
        yield schema
        for inner in schema.values():
            yield from _inside(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _inside(inner)


def _schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))


def _keys(name: str) -> set[str]:
    return {key for part in _inside(_schema(name)) for key in part.get("properties", ()) if key}


def test_every_key_is_defined() -> None:
    """Each key of a file or a plan is in the glossary; those of a follow-up have their page."""
    keys = {key for path in SCHEMAS.glob("*.json") for key in _keys(path.stem)}
    assert sorted(keys - _keys("follow-up") - PLAIN - DEFINED) == []


def _values() -> set[str]:
    values = {str(value) for kind in (Status, Modality, Basis) for value in kind}
    for part in _inside(_schema("plan")):
        values |= set(part.get("properties", {}).get("status", {}).get("enum", ()))
    return values


def test_every_status_is_defined() -> None:
    """So is each status, each modality, and each basis of an outcome."""
    assert sorted(_values() - DEFINED) == []


def test_nothing_else_is_said_to_be_written_so() -> None:
    """What stands in brackets behind a term is a key or a value that the library has."""
    written = {
        name
        for brackets in re.findall(r"^- \*\*.+?\*\* \((.+?)\)", PAGE, re.MULTILINE | re.DOTALL)
        for name in re.findall(r"`(.+?)`", brackets)
    }
    keys = {key for path in SCHEMAS.glob("*.json") for key in _keys(path.stem)}
    assert sorted(written - keys - _values()) == []


def test_terms_are_in_the_order_of_the_alphabet() -> None:
    """Each term is there once, and where a reader looks for it."""
    assert sorted(set(TERMS), key=str.lower) == TERMS


def test_the_glossary_is_linked() -> None:
    """Readers find it from the start page and from the page on rules."""
    assert "(docs/glossary.md)" in (ROOT / "README.md").read_text("utf-8")
    assert "(../glossary.md)" in (ROOT / "docs" / "how-to" / "rules.md").read_text("utf-8")
