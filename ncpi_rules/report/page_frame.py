"""A whole page of HTML around its body: its head, its style and the one script that may run.

It loads nothing from elsewhere, and its policy lets the browser load nothing.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from ncpi_rules.report.markup import Markup, element

if TYPE_CHECKING:
    from ncpi_rules.report.markup import Child

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


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
