"""The controls above a list of follow-ups: which of them are shown, and in which order.

``filters.js`` beside this module does what they say; without it they are hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import upper_first
from ncpi_rules.report.markup import Markup, element

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def filter_bar(
    subject: str,
    statuses: Iterable[str],
    headline: tuple[str, Iterable[str]],
    orders: Sequence[tuple[str, str]] = (),
) -> Markup:
    """Return a search by name, lists of tags and of values of the headline, and the orders.

    ``subject`` is what is looked for, such as ``a force``; ``headline`` the head of its list and
    its values. What is shown or hidden says its own under ``data-subject``, ``data-status`` and
    ``data-headline``.
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
