"""Reading a file of YAML or JSON, with every problem of its form at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import NcpiRulesError, Problem
from ncpi_rules.io.json import read_json
from ncpi_rules.io.source import MAXIMUM_BYTES, Source, too_large
from ncpi_rules.io.yaml import read_yaml

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def read_text(path: Traversable, error: type[NcpiRulesError], *, name: str = "") -> str:
    """Return the text of a file in UTF-8; raise ``error`` where it cannot be read.

    ``path`` is a ``pathlib.Path``, or a resource inside a package; ``name`` is shown in problems.
    """
    name = name or str(path).replace("\\", "/")
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAXIMUM_BYTES + 1)
    except FileNotFoundError:
        raise error(
            Problem(place=name, message="There is no such file.", help="Check the name.")
        ) from None
    except (OSError, ValueError) as fault:
        message = f"The file cannot be read: {why_not_opened(fault)}."
        raise error(
            Problem(place=name, message=message, help="Check that it is a file you may open.")
        ) from None
    return text_of(raw, error, name=name)


def why_not_opened(fault: Exception) -> str:
    """Return why a file could not be opened, in the words of the system or of a library.

    Python says of a name with a null character something else in each of its versions.
    """
    if isinstance(fault, ValueError) and "embedded null" in str(fault):
        return "No file can have a name with a null character"
    return (getattr(fault, "strerror", "") or str(fault)).partition(" Detail:")[0].rstrip(".")


def text_of(raw: bytes, error: type[NcpiRulesError], *, name: str) -> str:
    """Return the text that bytes in UTF-8 hold; raise ``error`` for any others, or too many."""
    if len(raw) > MAXIMUM_BYTES:
        raise error(too_large(name))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise error(
            Problem(
                place=f"{name}:{line}:1",
                message="The file is not saved as UTF-8 text.",
                help="Save it again and choose UTF-8 as the encoding.",
            )
        ) from None


def read_file(path: Traversable, error: type[NcpiRulesError], *, name: str = "") -> Source:
    """Return what a YAML or JSON file says; raise ``error`` with every problem of its form.

    ``path`` is a ``pathlib.Path``, or a resource inside a package; ``name`` is shown in problems.
    """
    name = name or str(path).replace("\\", "/")
    text = read_text(path, error, name=name)
    if path.name.casefold().endswith(".json"):
        return read_json(text, error, name=name)
    return read_yaml(text, error, name=name)
