"""From plain data to frozen objects and back, with every problem reported at its place.

The attrs classes are the one description of what a file may say: the reader, the writer
and the published JSON Schemas are all made from them, as :mod:`ncpi_rules.io.source` describes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum, StrEnum
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, TypeVar, cast, get_args

import attrs
import cattrs
from cattrs import Converter as Converter  # noqa: PLC0414  other modules name it by this one
from cattrs.errors import AttributeValidationNote, IterableValidationNote
from cattrs.gen import make_dict_unstructure_fn, override

from ncpi_rules.core import (
    Force,
    Modality,
    NcpiRulesError,
    PartialDate,
    Period,
    Problem,
    force,
    in_reading_order,
    nearest,
    one_of,
)
from ncpi_rules.io.source import (
    ANY_OTHER,
    Field,
    alternatives_of,
    are_texts,
    cut_texts,
    fields_of,
    is_mapping,
    is_required,
    is_tuple,
    is_union,
    is_values,
    key_of,
    options,
)

if TYPE_CHECKING:
    from ncpi_rules.io.source import Path_, Plain, Source

T = TypeVar("T")
Reader: TypeAlias = Callable[[Any, Any], Any]


# Reading. Every reader takes plain data and the type that it is to become.


def refuse(message: str, help_: str = "", *, at: str = "") -> NoReturn:
    """Raise one problem; where it has no help, the field says what belongs there."""
    raise NcpiRulesError(Problem(place=at, message=message, help=help_))


def _text(value: Plain) -> str:
    if isinstance(value, str) and value:
        return value
    if value is None or value == "":
        refuse("There is no value here.")
    refuse("One piece of text belongs here, not a list or a block.")


def _value(value: Plain, values: list[str], *, at: str = "", suggest: bool = True) -> str:
    if isinstance(value, str) and value in values:
        return value
    named = value if isinstance(value, str) else ""
    message = f"'{named}' is not allowed here." if named else "One value belongs here."
    refuse(message, one_of(named, values, suggest=suggest), at=at)


def _block(value: Plain, names: list[str]) -> Mapping[str, Plain]:
    """Return a block; ``names`` are those that it may hold, or an example of one."""
    if type(value) is dict or isinstance(value, Mapping):
        return value
    listed = f" The names are: {', '.join(names)}." if len(names) > 1 else ""
    help_ = f"Write one line for each, such as '{names[0]}: value'.{listed}"
    refuse("A block of names and values belongs here.", help_)


def _field_reader(field: Field, made: Converter) -> Reader | None:
    """Return a reader that applies a field's converter and values, for all problems at once."""
    # The constructor would ask the converter too, but only once every field has been read.
    own = cast("Callable[[Any], Any] | None", field.converter)
    values = None if "pattern" in field.metadata else field.metadata.get("values")
    if own is None and values is None:
        return None

    def read(value: Plain, _: Any) -> Any:
        read_value = made.structure(value, cast("type[Any]", field.type))
        result = read_value if own is None else own(read_value)
        if values is None or result in values:
            return result
        refuse(f"'{result}' is not allowed here.")

    return read


def _class_reader(kind: type[Any], made: Converter, *, hidden: bool = False) -> Reader:
    names = [key_of(field) for field in fields_of(kind)]
    short: Callable[[str], Any] | None = getattr(kind, "from_text", None)

    @cache  # they are asked for once a block is read, since a class may hold itself
    def fields() -> dict[str, tuple[Field, str, Reader, bool]]:
        """Return each field by its key: its argument, its reader, and whether it must be there."""
        return {
            key_of(field): (
                field,
                field.alias or field.name,
                _as_it_is
                if field.metadata.get("hidden")
                else _field_reader(field, made) or made.get_structure_hook(field.type),
                is_required(field),
            )
            for field in attrs.fields(kind)
            if field.init and (hidden or not field.metadata.get("hidden"))
        }

    def read(value: Plain, _: Any) -> Any:
        if short is not None and (isinstance(value, str) or getattr(kind, "text_only", False)):
            return short(_text(value))
        block, known = _block(value, names), fields()
        parts: dict[str, Any] = {}
        faults: list[Exception] = []
        for key, (field, argument, reader, must_be_there) in known.items():
            if key in block:
                try:
                    parts[argument] = reader(block[key], field.type)
                except Exception as fault:  # noqa: BLE001  gathered, reported with its place
                    fault.add_note(AttributeValidationNote("", field.name, field.type))
                    faults.append(fault)
            elif must_be_there:
                missing = KeyError(key)
                missing.add_note(AttributeValidationNote("", field.name, field.type))
                faults.append(missing)
        if extra := block.keys() - known.keys():
            faults.append(cattrs.ForbiddenExtraKeysError(None, kind, extra))
        if faults:
            raise cattrs.ClassValidationError(str(kind), faults, kind)
        return kind(**parts)

    return read


def _as_it_is(value: Any, _: Any) -> Any:
    return value


def _alternatives_reader(kind: type[Any], made: Converter) -> Reader:
    key, by_name = cast("tuple[str, Mapping[str, type[Any]]]", alternatives_of(kind))
    names, other = [name for name in by_name if name != ANY_OTHER], by_name.get(ANY_OTHER)

    def read(value: Plain, _: Any) -> Any:
        rest = dict(_block(value, [key]))
        if key not in rest:
            also = ", or another that the vocabulary names" if other else ""
            help_ = f"Add '{key}:' with one of: {', '.join(names)}{also}."
            refuse(f"'{key}' is missing.", help_, at=key)
        # A name that is like one of these is a slip of the pen, in a vocabulary as well.
        if other and isinstance(rest[key], str) and not nearest(rest[key], names):
            return made.structure(rest, other)
        return made.structure(rest, by_name[_value(rest.pop(key), names, at=key)])

    return read


def _union_reader(kind: Any, made: Converter) -> Reader:
    rest, literals = options(kind)
    by_text = {literal.value: literal for literal in literals}

    def read(value: Plain, _: Any) -> Any:
        if isinstance(value, str) and value in by_text:
            return by_text[value]
        return made.structure(value, rest[0])

    return read


def _tuple_reader(kind: Any, made: Converter) -> Reader:
    item = get_args(kind)[0]
    inner = made.get_structure_hook(list[item])  # type: ignore[valid-type]

    def read(value: Plain, _: Any) -> Any:
        if item is str:
            if type(value) is tuple:
                return value  # of a rule's case, of which the texts have been read
            if isinstance(value, str):
                value = [value]
            if type(value) is list and are_texts(value):  # as in almost every file
                return tuple(value)
        if not isinstance(value, list):
            refuse("A list belongs here.", "Write one line for each, beginning with a dash.")
        return tuple(inner(value, list))

    return read


def _mapping_reader(kind: Any, made: Converter) -> Reader:
    item = get_args(kind)[1]

    def read(value: Plain, _: Any) -> Any:
        if item is str and type(value) is dict and are_texts(value.values()):
            return dict(value)
        values: dict[str, Any] = {}
        faults: list[Exception] = []
        inner = made.get_structure_hook(item)
        for key, item_value in _block(value, ["name"]).items():
            try:
                values[key] = inner(item_value, item)
            except Exception as fault:  # noqa: BLE001  gathered, reported with its place
                fault.add_note(IterableValidationNote("", key, item))
                faults.append(fault)
        if faults:
            raise cattrs.IterableValidationError(str(kind), faults, kind)
        return values

    return read


def read_text_value(value: Plain, kind: type[str]) -> str:
    """Return a text, or one of the values of an enumeration."""
    if kind is str or not is_values(kind):
        return _text(value)
    try:
        return kind(value)
    except ValueError:
        values = [str(value) for value in cast("type[StrEnum]", kind)]
        # A modality is never guessed: what somebody must do is not a matter of spelling.
        return kind(_value(value, values, suggest=kind is not Modality))


def _class_writer(
    kind: type[Any], made: Converter, *, omit_defaults: bool
) -> Callable[[Any], Plain]:
    if getattr(kind, "text_only", False):
        return lambda value: value.text
    in_files = fields_of(kind)
    fields: dict[str, Any] = {
        field.name: override(
            rename=key_of(field), omit=field not in in_files, omit_if_default=omit_defaults
        )
        for field in attrs.fields(kind)
    }
    inner = make_dict_unstructure_fn(kind, made, **fields)
    key, by_name = getattr(kind, "alternatives", ("", {}))
    for name, subclass in by_name.items():
        if subclass is kind:  # what tells it apart comes first
            return lambda value: {key: name or getattr(value, key), **inner(value)}
    return inner


@cache
def converter(*, hidden: bool = False) -> Converter:
    """Return the converter of files, which leaves out defaults; or which takes what is hidden."""
    return new_converter(omit_defaults=True, hidden=hidden)


def new_converter(*, omit_defaults: bool, hidden: bool = False) -> Converter:
    """Return a converter between plain data and the attrs classes of the library."""
    made = Converter(detailed_validation=True, forbid_extra_keys=True)
    for fits, reader in (
        (attrs.has, partial(_class_reader, hidden=hidden)),
        (lambda kind: alternatives_of(kind) is not None, _alternatives_reader),
        (is_union, _union_reader),
        (is_tuple, _tuple_reader),
        (is_mapping, _mapping_reader),
    ):
        made.register_structure_hook_factory(fits, reader)
    made.register_structure_hook(str, read_text_value)  # and for every enumeration of values
    made.register_structure_hook(PartialDate, lambda value, _: PartialDate.read(_text(value)))
    made.register_structure_hook(Period, lambda value, _: Period.read(_text(value)))
    made.register_structure_hook(Force, lambda value, _: force(_text(value)))
    made.register_unstructure_hook_factory(
        attrs.has, partial(_class_writer, omit_defaults=omit_defaults)
    )
    made.register_unstructure_hook(PartialDate, lambda value: value.edtf)
    made.register_unstructure_hook(Period, lambda value: value.text)
    made.register_unstructure_hook(Force, lambda value: value.id)
    made.register_unstructure_hook(StrEnum, lambda value: value.value)
    made.register_unstructure_hook_func(
        lambda kind: isinstance(kind, type) and issubclass(kind, Enum), lambda value: value.value
    )
    made.register_unstructure_hook_func(
        lambda kind: is_tuple(kind) or kind is tuple,
        lambda value: [made.unstructure(item) for item in value],
    )
    made.register_unstructure_hook_func(is_union, made.unstructure)
    return made


def _leaves(
    fault: BaseException, path: Path_, field: Field | None
) -> Iterator[tuple[Path_, Field | None, BaseException]]:
    """Yield where each fault stands, the field to which that place belongs, and the fault."""
    match fault:
        case cattrs.ClassValidationError():
            noted, other = fault.group_exceptions()
            named = attrs.fields_dict(fault.cl)
            for inner_fault, note in noted:
                inner = named[note.name]
                yield from _leaves(inner_fault, (*path, key_of(inner)), inner)
            for inner_fault in other:
                yield from _leaves(inner_fault, path, field)
        case cattrs.IterableValidationError():
            listed, other = fault.group_exceptions()
            for inner_fault, place in listed:
                yield from _leaves(inner_fault, (*path, place.index), field)
            for inner_fault in other:
                yield from _leaves(inner_fault, path, field)
        case _:
            yield path, field, fault


def _problems(fault: BaseException, source: Source) -> Iterator[Problem]:
    from ncpi_rules.io.slips import shape_problem, unknown_names  # noqa: PLC0415  only where wrong

    for path, field, leaf in _leaves(fault, (), None):
        if isinstance(leaf, cattrs.ForbiddenExtraKeysError):
            yield from unknown_names(leaf.extra_fields, leaf.cl, source, path)
        else:
            yield from shape_problem(leaf, source, path, field)


def read_as(
    kind: type[T], source: Source, error: type[NcpiRulesError], made: Converter | None = None
) -> T:
    """Return the object that a source describes; raise ``error`` with every problem of its shape.

    The problems stand in reading order. ``made`` is another converter than that of files.
    """
    problems = list(cut_texts(kind, source))
    try:
        result = (made or converter()).structure(source.data, kind)
    except (cattrs.BaseValidationError, NcpiRulesError) as fault:
        problems += _problems(fault, source)
    if problems:
        raise error(in_reading_order(problems))
    return result


def write_plain(value: Any) -> Plain:
    """Return an object as text, lists and mappings; whatever has its default is left out."""
    return converter().unstructure(value)
