"""Reading files of YAML and JSON, JSON text and plain mappings; dates and numbers become text.

Every problem of their form is reported at its place, and so is a file of a folder that is not read.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import stat
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Final

from ncpi_rules.core import NcpiRulesError, Problem, nearest
from ncpi_rules.io.source import (
    MAXIMUM_BYTES,
    MAXIMUM_DEPTH,
    ODD,
    UNSEEN,
    Path_,
    Plain,
    Source,
    empty,
    too_deep,
    too_large,
)
from ncpi_rules.io.yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path
    from typing import BinaryIO

_HALVES: Final = re.compile("[\ud800-\udfff]")
"""Halves of characters: JSON can write them, and nothing can print them."""

_DATA: Final = frozenset({"yaml", "yml", "json"})
_DOCUMENTS: Final = re.compile(
    "bmp|docx?|eml|gif|heic|html?|jpe?g|md|msg|odt|pdf|png|pptx?|rst|rtf|svg|tiff?|txt|webp"
)
_BY_NAME: Final = re.compile(r"changelog|changes|desktop\.ini|licen[cs]e|notice|readme|thumbs\.db")


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


def open_regular_file(path: Path | str, error: type[NcpiRulesError]) -> BinaryIO:
    """Open an ordinary file to read its bytes; raise ``error`` for anything else of that name.

    A pipe or a device may have no end, and it cannot be read twice.
    """
    name, problem = str(path).replace("\\", "/"), ("", "")
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  it may be the name of anything
        if stat.S_ISREG(mode):
            return open(path, "rb")  # noqa: PTH123  whoever asks for it closes it
        problem = "This is a pipe or a device, not a file.", "Save what it gives as a file first."
        if stat.S_ISDIR(mode):
            problem = "This is a folder, not a file.", "Name a file that is in it."
    except FileNotFoundError:
        problem = "There is no such file.", "Check the name."
    except (OSError, ValueError) as fault:
        problem = (
            f"The file cannot be read: {why_not_opened(fault)}.",
            "Check that it is a file you may open.",
        )
    raise error(Problem(place=name, message=problem[0], help=problem[1]))


def not_utf_8(place: str, *, is_utf_16: bool = False) -> Problem:
    """Return the problem of a file that is not UTF-8 text from some place on."""
    return Problem(
        place=place,
        message="The file is saved as UTF-16 and not as UTF-8."
        if is_utf_16
        else "The file is not saved as UTF-8 text.",
        help="Save it again and choose UTF-8 as the encoding.",
    )


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
        before = bytes(fault.object[: fault.start]).decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        is_utf_16 = raw[:2] in {b"\xff\xfe", b"\xfe\xff"}
        raise error(not_utf_8(f"{name}:{line}:{column}", is_utf_16=is_utf_16)) from None


def read_file(path: Traversable, error: type[NcpiRulesError], *, name: str = "") -> Source:
    """Return what a YAML or JSON file says; raise ``error`` with every problem of its form.

    ``path`` is a ``pathlib.Path``, or a resource inside a package; ``name`` is shown in problems.
    """
    name = name or str(path).replace("\\", "/")
    text = read_text(path, error, name=name)
    if path.name.casefold().endswith(".json"):
        return read_json(text, error, name=name)
    return read_yaml(text, error, name=name)


def read_json(text: str | bytes, error: type[NcpiRulesError], *, name: str = "") -> Source:
    """Return what a JSON text, or its UTF-8, says, every number as text."""
    if isinstance(text, bytes):
        text = text_of(text, error, name=name)
    return read_mapping(read_json_data(text, error, name=name), error, name=name)


def read_json_data(
    text: str,
    error: type[NcpiRulesError],
    *,
    name: str = "",
    whole: Callable[[str], object] = str,
) -> Plain:
    """Return a JSON text as plain data; ``whole`` converts whole numbers."""
    if len(text) > MAXIMUM_BYTES:
        raise error(too_large(name))
    if not text.strip():
        raise error(empty(name or "text"))
    problems: list[Problem] = []

    def block(pairs: Sequence[tuple[str, Plain]]) -> dict[str, Plain]:
        together: dict[str, Plain] = {}
        for key, value in pairs:
            if key in together:
                message = f"'{key}' is written twice between the same curly brackets."
                help_ = "Keep one of the two."
                problems.append(Problem(place=name, message=message, help=help_))
            together[key] = value
        return together

    try:
        data = json.loads(
            text, object_pairs_hook=block, parse_int=whole, parse_float=str, parse_constant=str
        )
    except json.JSONDecodeError as fault:
        raise error(_not_json(text, fault, name or "text")) from None
    except RecursionError:
        raise error(too_deep(name or "text")) from None
    if problems:
        raise error(problems)
    return data


def _not_json(text: str, fault: json.JSONDecodeError, name: str) -> Problem:
    if character := ODD.match(text, fault.pos):
        from ncpi_rules.io.slips import plain_problem  # noqa: PLC0415  only where a file is wrong

        spot = fault.lineno, fault.colno
        return plain_problem(name, character[0], spot, spot)
    return Problem(
        place=f"{name}:{fault.lineno}:{fault.colno}",
        message="This is not JSON from here on.",
        help="Check the commas, the quotation marks and the brackets here and above.",
    )


def read_mapping(data: Plain, error: type[NcpiRulesError], *, name: str = "") -> Source:
    """Return a plain mapping with its dates and numbers as text; raise ``error`` for the rest."""
    problems: list[Problem] = []
    source = Source(name=name, data=None)

    def walk(value: Plain, path: Path_) -> Plain:
        if len(path) > MAXIMUM_DEPTH:
            raise error(too_deep(f"{source.place(path[:4])} …"))
        if isinstance(value, Mapping):
            return {str(key): walk(item, (*path, str(key))) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [walk(item, (*path, place)) for place, item in enumerate(value)]
        text = _as_text(value)
        message = help_ = ""
        if value is None:
            message = "There is no value here."
            help_ = "Write one, or leave it out; for a fact that is not known, write 'unknown'."
        elif isinstance(value, bool):
            message = f"'{text}' is neither text nor a date."
            help_ = "Write a value between quotation marks."
        elif _HALVES.search(text):
            message, help_ = UNSEEN, "Type the text again."
        if message:
            problems.append(Problem(place=source.place(path), message=message, help=help_))
        return text

    plain = walk(data, ())
    if problems:
        raise error(problems)
    return Source(name=name, data=plain)


def _as_text(value: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return str(value).lower()
        case datetime.date():
            return value.isoformat()
        case Enum():
            return str(value.value)
        case _:
            return str(value)


# What a folder holds besides.


def yaml_files_in(folder: Traversable) -> dict[str, Traversable]:
    """Return the files of YAML in a folder by name, hidden ones apart."""
    return {
        file.name: file
        for file in folder.iterdir()
        if file.name.casefold().endswith((".yaml", ".yml"))
        and not is_hidden(file.name)
        and file.is_file()
    }


def unread_in(
    folder: Traversable,
    read: Collection[str],
    *,
    base: str,
    names: Collection[str] = (),
    folders: Collection[str] = (),
) -> Iterator[Problem]:
    """Yield a problem for each file and folder inside a folder that is not read.

    ``read`` are the files that are, by name; ``names`` what others may have been meant to be
    called, without endings; ``folders`` the folders that are read by themselves. ``base`` is the
    folder as problems name it. Left alone are hidden files, documents and pictures, and folders
    that hold nothing else.
    """
    by_stem = {name.rpartition(".")[0]: name for name in read}
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name in read or _is_left_alone(item):
            continue
        what, help_ = "file", "Check that it is a file you may open."
        if item.is_dir():
            if item.name in folders:
                continue
            guess = nearest(item.name, folders)
            if guess and folder.joinpath(guess).is_dir():
                guess = ""
            what, help_ = "folder", "Move what should be read out of it, or move it elsewhere."
        else:
            guess = _right_name(item.name, names)
        if guess and (same := by_stem.get(guess.rpartition(".")[0])):
            help_ = f"Move it elsewhere; '{same}' is read."
        elif guess and guess != item.name:
            help_ = f"Rename it '{guess}', or move it elsewhere."
        place = f"{base}/{item.name}"
        yield Problem(place=place, message=f"This {what} is not read.", help=help_)


def is_hidden(name: str) -> bool:
    """Return True for a file that is hidden, or that an office program has open, by its name."""
    return name.startswith((".", "~$"))


def _is_left_alone(item: Traversable) -> bool:
    """Return True for what nobody takes for data."""
    name = item.name.casefold()
    *stems, ending = name.split(".")
    if is_hidden(name) or _BY_NAME.fullmatch(name):
        return True
    if item.is_dir():
        return all(_is_left_alone(inner) for inner in item.iterdir())
    return bool(_DOCUMENTS.fullmatch(ending)) and _DATA.isdisjoint(stems)


def _right_name(name: str, names: Collection[str]) -> str:
    """Return the name under which a file would be read.

    >>> _right_name("guarantees.yml.bak", ["guarantees"]), _right_name("kent.csv", [])
    ('guarantees.yml', 'kent.yaml')
    """
    parts = name.split(".")
    at = next((at for at, part in enumerate(parts) if at and part.casefold() in _DATA), 0)
    stem = ".".join(parts[: at or max(len(parts) - 1, 1)])
    ending = "yml" if at and parts[at].casefold() == "yml" else "yaml"
    return f"{nearest(stem, names) or stem}.{ending}"
