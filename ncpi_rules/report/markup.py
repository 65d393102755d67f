"""HTML as elements, whole pages of them, and the controls above a list.

Whatever is not markup already is escaped, so no text can become a tag. A page loads nothing from
elsewhere, and its policy lets the browser load nothing.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Final, TypeAlias

from ncpi_rules.core import upper_first
from ncpi_rules.report.text_page import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
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


def facts_list(facts: Iterable[tuple[str, Child]]) -> Markup:
    """Return what stands at the head of a page: names, each with what it is."""
    pairs = [element("div", element("dt", name), element("dd", fact)) for name, fact in facts]
    return element("dl", pairs, class_="facts")


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


@cache
def page_file(name: str, package: str = str(__package__)) -> str:
    """Return a file that stands beside the modules of a package, such as a style sheet."""
    return resources.files(package).joinpath(name).read_text("utf-8")


def whole_page(
    title: str, *body: Child, style: str, skip: str, script: str = "", look: str = ""
) -> str:
    """Return a page with a link that skips to its main part, whose id is ``main``.

    ``style`` and ``script`` are the texts of a style sheet and of a script; without one, none may
    run. ``look`` is the class of the body.
    """
    policy = _POLICY
    if script:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy += f"; img-src data:; script-src 'sha256-{digest}'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        element("title", title),
        element("style", Markup(style)),
    )
    whole = element(
        "body",
        element("a", skip, class_="skip", href="#main"),
        *body,
        element("script", Markup(script)) if script else None,
        class_=look or None,
    )
    return f"<!DOCTYPE html>\n{element('html', head, whole, lang='en-GB')}\n"


def filter_bar(
    subject: str,
    statuses: Iterable[str],
    headline: tuple[str, Iterable[str]],
    orders: Sequence[tuple[str, str]] = (),
) -> Markup:
    """Return a search by name, lists of tags and of values of the headline, and the orders.

    ``subject`` is what is looked for, such as ``a force``; ``headline`` the head of its list and
    its values. What is shown or hidden says its own under ``data-subject``, ``data-status`` and
    ``data-headline``. ``filters.js`` beside this module does what the controls say; without it they
    are hidden.
    """
    every = ("", "Any")
    title, values = headline
    own_values = [(value, upper_first(value)) for value in dict.fromkeys(values) if value]
    own_statuses = [(status, upper_first(status)) for status in dict.fromkeys(statuses)]
    search = element("input", type="search", data_filter="subject")
    return element(
        "div",
        element("label", f"Find {subject} ", search),
        _listed("status", "Status", [every, *own_statuses]),
        _listed("headline", title, [every, *own_values]) if own_values else None,
        _listed("sort", "Sort by", orders) if orders else None,
        element("span", id="count", role="status"),
        class_="filter noprint",
    )


def _listed(name: str, title: str, values: Sequence[tuple[str, str]]) -> Markup:
    options = [element("option", shown, value=value) for value, shown in values]
    return element("label", title, " ", element("select", options, data_filter=name))
