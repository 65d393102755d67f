"""Documents that the library publishes as JSON: plans and records, written and read back exactly.

A document differs from a file that people write: every field stands in it, null where there is
nothing; numbers are numbers; a date has its first and its last day, ``from`` and ``to``. Its class
has the ``form`` (the name and the version that stand under ``schema``), ``kind`` (what it is, with
its article) and ``made_with`` (the command that writes one).
"""

from __future__ import annotations

import datetime
import re
from functools import cache
from itertools import islice
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, TypeVar, get_args

from ncpi_rules.core import NcpiRulesError, PartialDate, Problem, RecordError, day_of
from ncpi_rules.io.files import read_json_data
from ncpi_rules.io.source import MAXIMUM_DEPTH, Plain, Source, is_tuple, is_union, too_deep
from ncpi_rules.io.structure import (
    Converter,
    Reader,
    new_converter,
    read_as,
    read_text_value,
    refuse,
)

if TYPE_CHECKING:
    from ncpi_rules.core import Day


class Document(Protocol):
    """A class of which documents are."""

    form: ClassVar[str]
    kind: ClassVar[str]
    made_with: ClassVar[str]


D = TypeVar("D", bound=Document)

_MOST_PROBLEMS: Final = 20
_MOST_DIGITS: Final = 15
_LONGEST: Final = 60
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_document_json(text: str, name: str) -> Plain:
    """Return the JSON of a document as plain data; raise RecordError for any other text."""
    data = read_json_data(text, RecordError, name=name, whole=_number)
    if _is_too_deep(data):
        raise RecordError(too_deep(name))
    return data


def read_document(data: Plain, kind: type[D], name: str) -> D:
    """Return the document that plain data hold; raise RecordError for any other data."""
    form = data.get("schema") if isinstance(data, dict) else None
    if form != kind.form:
        raise RecordError(_other_form(form, kind, name))
    try:
        return read_as(kind, Source(name=name, data=data), RecordError, _converter())
    except NcpiRulesError as fault:
        raise RecordError(islice(fault.problems, _MOST_PROBLEMS)) from None


def write_document(document: Document) -> dict[str, Any]:
    """Return a document as text, numbers, lists and mappings."""
    plain: dict[str, Any] = _converter().unstructure(document)
    return plain


def _other_form(form: object, kind: type[Document], name: str) -> Problem:
    known = isinstance(form, str) and form.startswith(kind.form.rpartition("/")[0])
    noun = kind.kind.partition(" ")[2]
    if known:
        message = (
            f"This {noun.partition(' ')[0]} has the form '{str(form)[:_LONGEST]}', and this "
            f"library reads '{kind.form}'."
        )
        return Problem(
            place=name, message=message, help="Use the version of the library that wrote it."
        )
    return Problem(
        place=name,
        message=f"This is not {kind.kind}.",
        help=f"Write one with '{kind.made_with}'.",
    )


def _number(digits: str) -> int | str:
    """Return a whole number; one that no document can hold stays text, and is refused as such."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _is_too_deep(data: Any) -> bool:
    level = [data]
    for _ in range(MAXIMUM_DEPTH + 1):
        inner = [list(part.values()) if isinstance(part, dict) else part for part in level]
        level = [value for part in inner if isinstance(part, list) for value in part]
    return bool(level)


# Reading and writing. Every reader takes plain data and the type that it is to become.


@cache
def _converter() -> Converter:
    made = new_converter(omit_defaults=False)
    made.register_structure_hook(str, _text)
    made.register_structure_hook(bool, _truth)
    made.register_structure_hook(int, _whole_number)
    made.register_structure_hook(PartialDate, _dates)
    made.register_structure_hook_func(_is_day, _day)
    made.register_structure_hook_factory(is_tuple, _tuple_reader)
    made.register_structure_hook_factory(is_union, _optional_reader)
    made.register_unstructure_hook(PartialDate, _written_dates)
    made.register_unstructure_hook_func(_is_day, lambda day: day.isoformat())
    made.register_unstructure_hook_func(lambda kind: kind == tuple[str, ...], list)
    return made


def _is_day(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, datetime.date)


def _text(value: Plain, kind: type[str]) -> str:
    if not isinstance(value, str):
        refuse("One piece of text belongs here.", "Write it between quotation marks.")
    return value if kind is str else read_text_value(value, kind)


def _truth(value: Plain, _: type[bool]) -> bool:
    if not isinstance(value, bool):
        refuse("This is neither true nor false.", "Write one of: true, false.")
    return value


def _whole_number(value: Plain, _: type[int]) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        refuse("A whole number belongs here.", "Write it without quotation marks.")
    return value


def _day(value: Plain, _: Any) -> Day:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        refuse("One day belongs here.", "Write a day as 2018-06-28.")
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        refuse(f"There is no such day as '{value}'.", "Write a day as 2018-06-28.")
    return day_of(day.toordinal())


def _dates(value: Plain, _: Any) -> PartialDate:
    if not isinstance(value, dict) or value.keys() != {"from", "to"}:
        refuse(
            "The first and the last day of a date belong here.",
            'Write {"from": "2018-06-01", "to": "2018-06-30"}.',
        )
    first, last = (_day(value[end], None).toordinal() for end in ("from", "to"))
    if last < first:
        refuse("This date ends before it begins.", "Put the earlier day under 'from'.")
    return PartialDate.between(first, last)


def _written_dates(date: PartialDate) -> dict[str, str]:
    first, _, last = date.edtf.partition("/")
    return {"from": first, "to": last or first}


def _tuple_reader(kind: Any, made: Converter) -> Reader:
    inner = made.get_structure_hook(list[get_args(kind)[0]])  # type: ignore[misc]

    def read(value: Plain, _: Any) -> Any:
        if not isinstance(value, list):
            refuse("A list belongs here.", "Write it between square brackets.")
        return tuple(inner(value, list))

    return read


def _optional_reader(kind: Any, made: Converter) -> Reader:
    (rest,) = (option for option in get_args(kind) if option is not NoneType)

    def read(value: Plain, _: Any) -> Any:
        return None if value is None else made.structure(value, rest)

    return read
