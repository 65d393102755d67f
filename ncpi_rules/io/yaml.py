"""Reading and writing YAML: every scalar as text, every problem with line and column.

The only module that imports PyYAML: it reads the events and builds the data itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import yaml
from attrs import Factory, define

from ncpi_rules.core import NcpiRulesError, Problem
from ncpi_rules.io.source import (
    CLOSING_QUOTES,
    MAXIMUM_ALIASES,
    MAXIMUM_BYTES,
    MAXIMUM_DEPTH,
    MAXIMUM_VALUES,
    ODD_SPACES,
    OPENING_QUOTES,
    UNSEEN,
    Path_,
    Plain,
    Source,
    Spot,
    empty,
    suspect_spots,
    too_deep,
    too_large,
)

_REFUSED: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that YAML does not hold: control characters, and halves of others."""

_COMMENT: Final = re.compile("[ \t]*(?P<below>\r?\n[ \t]*)?(?<=[ \t])#")
_SLIP_IN_KEY: Final = re.compile(f"[{ODD_SPACES}]|^[{OPENING_QUOTES}].*[{CLOSING_QUOTES}]$")
_SLIP_IN_VALUE: Final = re.compile(
    f"^[{ODD_SPACES}]|[{ODD_SPACES}]$|^[{OPENING_QUOTES}].*[{CLOSING_QUOTES}]$", re.DOTALL
)


def read_yaml(text: str, error: type[NcpiRulesError], *, name: str = "") -> Source:
    """Return what a YAML text says, every scalar as text."""
    if len(text) > MAXIMUM_BYTES:
        raise error(too_large(name))
    builder = _Builder(name=name or "text", text=text, watched=suspect_spots(text))
    is_printable = text.replace("\n", "").isprintable()  # quick to ask, and then YAML holds all
    refused = None if is_printable else _REFUSED.search(text)
    try:
        if refused is None:
            builder.take_all(text)
    except yaml.MarkedYAMLError as fault:
        from ncpi_rules.io.slips import syntax_problem  # noqa: PLC0415  only where a file is wrong

        last = builder.last
        plain = last if isinstance(last, yaml.ScalarEvent) and last.implicit[0] else None
        line = -1 if plain is None else _spot_of(plain)[0] - 1
        comment = None if plain is None else _comment_after(plain, text, 1)
        builder.problems.append(syntax_problem(fault, text, builder.name, line, comment))
    if refused is not None:
        before = text[: refused.start()]
        spot = f"{builder.name}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
        builder.problems.append(
            Problem(
                place=spot, message=UNSEEN, help="Delete it, and type again what belongs there."
            )
        )
    if not builder.problems and builder.root is None:
        builder.problems.append(empty(builder.name))
    if problems := builder.slips or builder.problems:  # the others follow from the slips
        raise error(problems)
    return Source(
        name=builder.name,
        data=builder.root,
        values=builder.values,
        keys=builder.key_spots,
        comments=builder.comments,
    )


def _spot_of(event: yaml.Event) -> Spot:
    mark = event.start_mark
    assert mark is not None  # noqa: S101  every event of a text has a place
    return mark.line + 1, mark.column + 1


def _comment_after(event: yaml.Event, text: str, column: int) -> Spot | None:
    """Return where a comment begins on the line on which an event ends, or alone on the next.

    There it counts from a column on: further left it is about what comes next.
    """
    end = event.end_mark
    comment = None if end is None else _COMMENT.match(text, end.index)
    if end is None or comment is None:
        return None
    if below := comment["below"]:
        at = len(below.lstrip("\r\n"))
        return (end.line + 2, at + 1) if at >= column else None
    return end.line + 1, end.column + len(comment[0])


@define(eq=False, repr=False)
class _Open:
    """A block or a list that has begun, where it stands, and the path of the value that is next.

    In a block that is None until the value's name has been read.
    """

    value: Plain
    path: Path_ = ()
    waiting: Path_ | None = ()
    anchor: str | None = None
    in_braces: bool = False

    def put(self, value: Plain) -> None:
        """Take the value that is next."""
        if type(self.value) is list:
            self.value.append(value)
            self.waiting = (*self.path, len(self.value))
        elif self.waiting is not None:
            self.value[self.waiting[-1]] = value
            self.waiting = None


@define(eq=False, repr=False)
class _Builder:
    """Builds the data from the events of the YAML reader, and keeps count of the limits."""

    name: str
    text: str
    problems: list[Problem] = Factory(list)
    values: dict[Path_, Spot] = Factory(dict)
    key_spots: dict[Path_, Spot] = Factory(dict)
    comments: dict[Path_, Spot] = Factory(dict)
    last: yaml.Event | None = None
    watched: frozenset[int] = frozenset()
    slips: list[Problem] = Factory(list)
    documents: int = 0
    fatal: bool = False
    stack: list[_Open] = Factory(lambda: [_Open([])])
    anchors: dict[str, Plain] = Factory(dict)
    aliases: int = 0
    count: int = 0

    def take_all(self, text: str) -> None:
        """Take every event of a text, or those before something fatal."""
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(text)
        next_event = loader.get_event
        take: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.MappingStartEvent: self.begin,
            yaml.MappingEndEvent: self.end,
            yaml.SequenceStartEvent: self.begin,
            yaml.SequenceEndEvent: self.end,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document,
        }
        try:
            while not self.fatal:
                self.last = event = next_event()
                kind = type(event)
                if kind is yaml.ScalarEvent:  # two in three
                    self.scalar(event)
                elif kind is yaml.StreamEndEvent:
                    break
                elif kind in take:
                    take[kind](event)
        finally:
            loader.dispose()

    def document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            message = "A second document begins here, with '---'."
            self.stop(event, message, "Write it into a file of its own.")

    def problem(self, event: yaml.Event, message: str, help_: str) -> None:
        self.problems.append(Problem(place=self.place(event), message=message, help=help_))

    def place(self, event: yaml.Event) -> str:
        line, column = _spot_of(event)
        return f"{self.name}:{line}:{column}"

    def stop(self, event: yaml.Event, message: str, help_: str) -> None:
        self.problem(event, message, help_)
        self.fatal = True

    def refuse_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if (tag := event.tag) is not None and tag != "!":
            written = tag.replace("tag:yaml.org,2002:", "!!")
            self.problem(
                event,
                f"The tag '{written}' is not allowed: a file holds text only.",
                "Delete the tag, which begins with an exclamation mark.",
            )

    def counted(self, event: yaml.Event, more: int = 1) -> bool:
        self.count += more
        if self.count > MAXIMUM_VALUES:
            message = f"The file holds more than {MAXIMUM_VALUES:,} values."
            self.stop(event, message, "Write less, or refer back with '*' less often.")
            return False
        return True

    def begin(self, event: yaml.CollectionStartEvent) -> None:
        path = self.stack[-1].waiting
        if path is None:
            message = "The name before a colon must be one piece of text."
            self.stop(event, message, "Put a name or a value with brackets in quotation marks.")
            return
        if len(self.stack) > MAXIMUM_DEPTH:
            self.problems.append(too_deep(self.place(event)))
            self.fatal = True
            return
        if event.tag is not None:
            self.refuse_tag(event)
        self.counted(event)
        self.values[path] = _spot_of(event)
        if type(event) is yaml.MappingStartEvent:
            begun = _Open({}, path, None, event.anchor, in_braces=bool(event.flow_style))
        else:
            begun = _Open([], path, (*path, 0), event.anchor)
        self.stack.append(begun)

    def end(self, _: yaml.CollectionEndEvent) -> None:
        ended = self.stack.pop()
        if ended.anchor:
            self.anchors[ended.anchor] = ended.value
        self.stack[-1].put(ended.value)

    def scalar(self, event: yaml.ScalarEvent) -> None:
        self.counted(event)
        if event.tag is not None:
            self.refuse_tag(event)
        inside, value, is_plain = self.stack[-1], event.value, event.implicit[0]
        path, watched, start, end = inside.waiting, self.watched, event.start_mark, event.end_mark
        assert start is not None  # noqa: S101  every event of a text has a place
        assert end is not None  # noqa: S101  every event of a text has a place
        if watched and is_plain and not watched.isdisjoint((start.index, end.index, -1)):
            self.watch(event, path)
        spot = start.line + 1, start.column + 1
        if path is None:
            self.key(event, spot)
            return
        if value == "" and is_plain:
            if not path:
                return  # a file that holds nothing but comments, perhaps
            self.refuse_empty(event, path)
        self.values[path] = spot
        if event.anchor:
            self.anchors[event.anchor] = value
        inside.put(value)

    def refuse_empty(self, event: yaml.ScalarEvent, path: Path_) -> None:
        named = "This entry" if isinstance(path[-1], int) else f"'{path[-1]}'"
        help_ = "Write one, or leave the line out; where nothing is known, write 'unknown'."
        if self.stack[-1].in_braces:
            help_ = "Write one, or put the sentence that this is part of in quotation marks."
        self.problem(event, f"{named} has no value.", help_)

    def watch(self, event: yaml.ScalarEvent, path: Path_ | None) -> None:
        """Note a comment after a text without quotation marks, and what is not read as it looks."""
        start, end = event.start_mark, event.end_mark
        assert start is not None  # noqa: S101  every event of a text has a place
        assert end is not None  # noqa: S101  every event of a text has a place
        if path is not None and end.index in self.watched:
            column = self.key_spots[path][1] if path in self.key_spots else start.column
            if comment := _comment_after(event, self.text, column):
                self.comments[path] = comment
        pattern = _SLIP_IN_KEY if path is None else _SLIP_IN_VALUE
        is_unspaced = path is not None and event.value and start.index in self.watched
        if is_unspaced or (-1 in self.watched and pattern.search(event.value)):
            from ncpi_rules.io.slips import plain_problem  # noqa: PLC0415  only where it is wrong

            last = end.line + 1, end.column
            self.slips.append(plain_problem(self.name, event.value, _spot_of(event), last))

    def key(self, event: yaml.ScalarEvent, spot: Spot) -> None:
        block, name = self.stack[-1], event.value
        path = (*block.path, name)
        if name in block.value:
            self.problem(
                event,
                f"'{name}' is written twice; it stands on line {self.key_spots[path][0]} already.",
                "Keep one of the two.",
            )
        block.waiting = path
        self.key_spots[path] = spot

    def alias(self, event: yaml.AliasEvent) -> None:
        self.aliases += 1
        if self.aliases > MAXIMUM_ALIASES:
            message = f"The file refers back with '*' more than {MAXIMUM_ALIASES} times."
            self.stop(event, message, "Write the values out.")
            return
        path = self.stack[-1].waiting
        if path is None or event.anchor not in self.anchors:
            message = f"'*{event.anchor}' refers to nothing that is named '&{event.anchor}' above."
            help_ = "Write the value out; if a star is meant, put it in quotation marks."
            self.stop(event, message, help_)
            return
        value = self.anchors[event.anchor]
        if self.counted(event, _size(value)):
            self.values[path] = _spot_of(event)
            self.stack[-1].put(value)

    @property
    def root(self) -> Plain:
        """Return what the text says; None where it says nothing."""
        return next(iter(self.stack[0].value), None)


def _size(value: Plain) -> int:
    if isinstance(value, Mapping):
        return 1 + sum(_size(item) for item in value.values())
    if isinstance(value, list):
        return 1 + sum(_size(item) for item in value)
    return 1


class _Writer(yaml.SafeDumper):
    """Writes dates without quotation marks: the library reads every scalar as text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, indentless=False)


_Writer.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(("timestamp", "int"))]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    if first not in "oO"  # 'on' is a name that our files use
}
_Writer.add_representer(
    str,
    lambda writer, text: writer.represent_scalar(
        # YAML takes the old line break U+0085 for a plain one, except between quotation marks; and
        # our reader refuses odd spaces and curly quotation marks outside of them.
        "tag:yaml.org,2002:str",
        text,
        style='"' if "\x85" in text or _SLIP_IN_KEY.search(text) else None,
    ),
)


def write_yaml(data: Plain) -> str:
    """Return YAML that :func:`read_yaml` reads back as the same data."""
    return yaml.dump(data, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=100)
