"""HTML as elements: whatever is not markup already is escaped, so no text can become a tag."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, TypeAlias

from ncpi_rules.report.text_page import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID: Final = frozenset({"meta", "br", "input"})


class Markup(str):
    """Text that is HTML."""

    __slots__ = ()


Child: TypeAlias = "str | Markup | Iterable[Child] | None"
"""What an element holds: text, markup, or any number of these; None is nothing."""

Value: TypeAlias = "str | bool | None"
"""The value of an attribute."""


def element(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """Return an element; an underscore in the name of an attribute stands for a hyphen.

    An attribute that is None or False is left out, one that is True has no value.

    >>> element("a", "R&D ", element("b", "<now>"), href="#x", class_="ref")
    '<a href="#x" class="ref">R&amp;D <b>&lt;now&gt;</b></a>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{markup(*children)}</{name}>")


def markup(*children: Child) -> Markup:
    """Return what an element would hold, without an element around it."""
    return Markup("".join(map(_child, children)))


def separated(by: str, children: Iterable[Child]) -> Markup:
    """Return what an element would hold, with a text between its parts."""
    return Markup(markup(by).join(map(_child, children)))


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        before, after = child[:1].isspace(), child[1:] and child[-1:].isspace()
        return f"{' ' if before else ''}{printable(escape(child))}{' ' if after else ''}"
    return "".join(map(_child, child))


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(printable(str(value)))}"'
