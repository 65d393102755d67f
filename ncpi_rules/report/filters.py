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
    statuses: Iterable[str], tiers: Iterable[str], orders: Sequence[tuple[str, str]] = ()
) -> Markup:
    """Return a search by force, lists of tags and of types of follow-up, and the orders.

    What is shown or hidden says its own under ``data-force``, ``data-status`` and ``data-tier``.
    """
    every = ("", "Any")
    own_tiers = [(tier, upper_first(tier)) for tier in dict.fromkeys(tiers) if tier]
    own_statuses = [(status, upper_first(status)) for status in dict.fromkeys(statuses)]
    search = element("input", type="search", data_filter="force")
    return element(
        "div",
        element("label", "Find a force ", search),
        _listed("status", "Status", [every, *own_statuses]),
        _listed("tier", "Type of follow-up", [every, *own_tiers]),
        _listed("sort", "Sort by", orders) if orders else None,
        element("span", id="count", role="status"),
        class_="filter noprint",
    )


def _listed(name: str, title: str, values: Sequence[tuple[str, str]]) -> Markup:
    options = [element("option", shown, value=value) for value, shown in values]
    return element("label", title, " ", element("select", options, data_filter=name))
