"""One file of HTML that loads nothing from elsewhere: its head, its style and its only script."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final

from ncpi_rules.report.markup import Markup, element

if TYPE_CHECKING:
    from ncpi_rules.report.markup import Child

_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{}'"
)
"""What a browser may do: apply the styles in the page, and run the one script that it holds."""


def whole_page(title: str, *body: Child, style: str, script: str, skip: str) -> str:
    """Return a page of some parts; ``skip`` is the link to the part with the id ``main``.

    >>> page = whole_page("A <b>", element("main", id="main"), style="", script="", skip="Skip")
    >>> page.partition("<title>")[2].partition("</title>")[0]
    'A &lt;b&gt;'
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY.format(digest)}">'),
        element("title", title),
        element("style", Markup(style)),
    )
    skipping = element("a", skip, class_="skip", href="#main")
    whole = element("body", skipping, *body, element("script", Markup(script)))
    return f"<!DOCTYPE html>\n{element('html', head, whole, lang='en-GB')}\n"
