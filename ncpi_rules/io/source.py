"""What is read: data with the line and column of each part, and what a class's fields may hold.

A field's ``metadata`` may hold ``says`` (a sentence, for the schema and for help lines), ``key``
(its name in files, where Python reserves that name), ``values`` (the only ones allowed, unless a
``pattern`` has others), ``names`` (what its text names: a party, an event), ``prose`` (its text is
free, and people read it) and ``pattern`` (the text that a later check accepts, for the schema
alone); one that is ``hidden`` is in no file. A class may have ``from_text`` (its short
form, with a ``pattern``), ``text_only`` (it has no other form; with ``number``, an editor may take
it for a number) and ``alternatives`` (the key that names a subclass, and these by name; the one
for ``ANY_OTHER`` name has a field for it).
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, Union, cast, get_args, get_origin

import attrs
from attrs import field, frozen

from ncpi_rules.core import NcpiRulesError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.core import NotKnown

ANY_OTHER: Final = ""
"""What stands in ``alternatives`` for every name of a vocabulary that is not listed there."""

MAXIMUM_BYTES: Final = 2_000_000
MAXIMUM_DEPTH: Final = 24
MAXIMUM_ALIASES: Final = 100
MAXIMUM_VALUES: Final = 100_000

Path_: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = Any
"""Text, a list of these, or a mapping from text to these."""

Spot: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""

ODD_SPACES: Final = "\u00a0\u00ad\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff"
"""What looks like a space or like nothing, and is taken for a letter; for a class of a pattern."""

OPENING_QUOTES: Final = "\u2018\u201a\u201c\u201e\u2039\u00ab"
CLOSING_QUOTES: Final = "\u2019\u201d\u203a\u00bb"
"""Quotation marks that enclose nothing in YAML, as they open and as they close."""

UNSPACED: Final = r"([A-Za-z][\w-]*):(?!//)[^ \t\n]"
"""A name and a colon, and no space after it, as a pattern."""

UNSEEN: Final = "There is a character here that cannot be seen and cannot be read."


def format_path(path: Path_) -> str:
    """Return a path as it is written in problems.

    >>> format_path(("decisions", 0, "by"))
    'decisions[0].by'
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def read_path(text: str) -> Path_:
    """Return the path that :func:`format_path` wrote.

    >>> read_path("decisions[0].by")
    ('decisions', 0, 'by')
    """
    steps = re.findall(r"\[(\d+)\]|([^.\[\]]+)", text)
    return tuple(int(number) if number else name for number, name in steps)


@frozen(kw_only=True)
class Source:
    """What was read: the data, and the line and column of every value and every key.

    ``comments`` has where a comment begins after a value without quotation marks.
    """

    name: str
    data: Plain
    values: Mapping[Path_, Spot] = field(factory=dict, repr=False)
    keys: Mapping[Path_, Spot] = field(factory=dict, repr=False)
    comments: Mapping[Path_, Spot] = field(factory=dict, repr=False)

    def place(self, path: Path_, *, key: bool = False) -> str:
        """Return ``file:line:column`` of a value (or of its key), or the path where there is none.

        The place of a value that is missing is that of the block or list that should hold it.
        """
        if not self.values:
            shown = format_path(path)
            return f"{self.name}: {shown}" if self.name and shown else self.name or shown
        table = self.keys if key else self.values
        for length in range(len(path), -1, -1):
            spot = table.get(path[:length]) or self.values.get(path[:length])
            if spot is not None:
                return f"{self.name}:{spot[0]}:{spot[1]}"
        return self.name


def too_large(name: str) -> Problem:
    """Return the problem of a file with too many bytes."""
    return Problem(
        place=name,
        message=f"The file is too large; the most that is read is {MAXIMUM_BYTES:,} bytes.",
        help="Split it into several files.",
    )


def too_deep(place: str) -> Problem:
    """Return the problem of lists and blocks that are nested too deeply."""
    return Problem(
        place=place,
        message=f"The lists and blocks lie more than {MAXIMUM_DEPTH} deep in each other.",
        help="Check the indentation and the brackets.",
    )


def empty(name: str) -> Problem:
    """Return the problem of a file that holds nothing."""
    return Problem(
        place=name,
        message="The file is empty.",
        help="Write at least one line: a name, a colon and a value.",
    )


def text_cut(name: str, spot: Spot) -> Problem:
    """Return the problem of a text that a comment cuts; ``spot`` is where the comment begins."""
    return Problem(
        place=f"{name}:{spot[0]}:{spot[1]}",
        message="What follows ' #' is a comment, and no part of the text.",
        help="Write the text in quotation marks, or the comment on a line of its own.",
    )


_COLON: Final = re.compile(r":[^ \t\n\r/]")
ODD: Final = re.compile(f"[{ODD_SPACES}{OPENING_QUOTES}]")
_UNSPACED_LINE: Final = re.compile(f"^ *{UNSPACED}", re.MULTILINE)


def suspect_spots(text: str) -> frozenset[int]:
    """Return the places at which YAML may take a text for something else than its reader does.

    They are where a value ends before a comment, and where a name begins that has no space after
    its colon; -1 stands for an odd space or quotation mark. Almost every file has none.

    >>> sorted(suspect_spots("force: kent  # or surrey"))
    [11]
    """
    spots = set() if text.isascii() or not ODD.search(text) else {-1}
    for comment in (match for sign in (" #", "\t#") for match in re.finditer(sign, text)):
        line = text.rfind("\n", 0, comment.start()) + 1
        if value := text[line : comment.start()].rstrip():
            spots.add(line + len(value))
        elif line:  # it stands alone, and may go on with the text of the line above
            above = text.rfind("\n", 0, line - 1) + 1
            value = text[above:line].rstrip()
            if comment.end() - line > len(value) - len(value.lstrip(" ")):
                spots.add(above + len(value))
    if _COLON.search(text):
        spots.update(match.start(1) for match in _UNSPACED_LINE.finditer(text))
    return frozenset(spots)


# The fields of a class.

Field: TypeAlias = "attrs.Attribute[Any]"

# The dates and periods that our readers accept, as patterns for editors. A pattern cannot know
# that February has no day 30, or which of two dates comes first.
_DAY: Final = "(?:0[1-9]|[12][0-9]|3[01])"
_DATE: Final = f"(?:19|20|21)[0-9]{{2}}(?:-(?:0[1-9]|1[0-2])(?:-{_DAY})?)?"
_NUMBERS: Final = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
DATES: Final = f"{_DATE}(?:/{_DATE})?"
PERIOD: Final = f"(?:[0-9]{{1,3}}|{_NUMBERS}) (?:working day|day|week|month)s?"

_FINGERPRINT: Final = "[0-9a-f]{64}"
_SHOWN: Final = 12


def key_of(field: Field) -> str:
    """Return the name of a field in files."""
    return cast("str", field.metadata.get("key", field.name))


def fields_of(kind: type[Any]) -> list[Field]:
    """Return the fields that files may give, with their types."""
    attrs.resolve_types(kind)
    return [
        field for field in attrs.fields(kind) if field.init and not field.metadata.get("hidden")
    ]


def is_required(field: Field) -> bool:
    """Return True where a file must give the field."""
    return field.default is attrs.NOTHING


def alternatives_of(kind: Any) -> tuple[str, Mapping[str, type[Any]]] | None:
    """Return the key that names a subclass, and the subclasses by name; None for a single class."""
    alternatives = vars(kind).get("alternatives") if isinstance(kind, type) else None
    return cast("tuple[str, Mapping[str, type[Any]]] | None", alternatives)


def is_union(kind: Any) -> bool:
    """Return True for a choice of types."""
    return get_origin(kind) in {Union, types.UnionType}


def options(kind: Any) -> tuple[list[Any], list[NotKnown]]:
    """Return the types of a union, and apart from them its values for what is not known."""
    rest: list[Any] = []
    values: list[NotKnown] = []
    for option in get_args(kind):
        if get_origin(option) is Literal:
            values.extend(get_args(option))
        elif option is not types.NoneType:
            rest.append(option)
    return rest, values


def is_tuple(kind: Any) -> bool:
    """Return True for a list of things of one type."""
    return get_origin(kind) is tuple


def is_mapping(kind: Any) -> bool:
    """Return True for names with values of one type."""
    origin: Any = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def is_values(kind: Any) -> bool:
    """Return True for one of a few values."""
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def are_texts(values: Iterable[Plain]) -> bool:
    """Return True where each value is a text that says something."""
    for value in values:  # noqa: SIM110  it is twice as fast as all()
        if type(value) is not str or not value:
            return False
    return True


def cut_texts(kind: type[Any], source: Source) -> Iterator[Problem]:
    """Yield each text for people to read that a comment cuts, in a source of a class."""
    for path, spot in source.comments.items():
        field = _field_at(kind, path)
        if field is not None and field.metadata.get("prose"):
            yield text_cut(source.name, spot)


def _field_at(kind: Any, path: Path_) -> Field | None:
    """Return the field of a class to which the value at a path belongs; None where there is none.

    Inside a block that has no class of its own, a name means what it means in the class around it.
    """
    field: Field | None = None
    known: Mapping[str, Field] = {}
    for step in path:
        if is_union(kind):
            kind = options(kind)[0][0]
        _, classes = alternatives_of(kind) or ("", {"": kind})
        inside = [class_ for class_ in classes.values() if attrs.has(class_)]
        if inside:
            known = {key_of(item): item for class_ in inside for item in fields_of(class_)}
            field = known.get(str(step))
            kind = None if field is None else field.type
        elif is_tuple(kind) or is_mapping(kind):
            kind = next(
                argument for argument in reversed(get_args(kind)) if argument is not Ellipsis
            )
        else:
            field = known.get(str(step), field)
    return field


def described(message: str, *, names: str = "", prose: bool = False, **more: Any) -> Any:
    """Return an attrs field with a sentence for schemas and help lines, and what it names.

    ``prose`` is True for text that people read, whatever it says.

    A field that takes more than its type, by a converter, is written as ``attrs.field`` instead:
    type checkers know the converters of no other function.
    """
    metadata = {"says": message, **({"names": names} if names else {}), **more.pop("metadata", {})}
    metadata |= {"prose": True} if prose else {}
    return attrs.field(metadata=metadata, **more)


def digest_of(content: Plain) -> str:
    """Return the SHA-256 of text, lists and mappings, in hexadecimal digits.

    >>> digest_of(["a", "b"]) == digest_of(["b", "a"])
    False
    """
    from hashlib import sha256  # noqa: PLC0415  slow to import, and most plans need no digest

    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def shortened(fingerprint: str) -> str:
    """Return the first digits of a fingerprint, for a sentence that somebody reads.

    >>> shortened("0123456789abcdef" * 4)
    '0123456789ab…'
    """
    return f"{fingerprint[:_SHOWN]}…"


def read_fingerprint(value: str) -> str:
    """Return a fingerprint as it is; raise NcpiRulesError for anything else."""
    if not re.fullmatch(_FINGERPRINT, value):
        message = f"'{value}' is not a fingerprint: 64 digits and letters from a to f."
        help_ = (
            "Copy all of it; 'ncpi-rules approve' prints those of an approval, 'ncpi-rules trace' "
            "those of statements."
        )
        raise NcpiRulesError(message, help_)
    return value


def fingerprint_field(message: str) -> Any:
    """Return an attrs field that holds a fingerprint."""
    return described(message, converter=read_fingerprint, metadata={"pattern": _FINGERPRINT})


def form_field(form: str) -> Any:
    """Return the field ``schema`` of a document, which holds the name and version of its form."""
    return described("The name and the version of this form.", metadata={"values": (form,)})
