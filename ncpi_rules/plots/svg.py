"""One picture as SVG that a page can hold: without what stands for itself alone."""

from __future__ import annotations

import hashlib
import re
from typing import Final
from xml.sax.saxutils import escape

_HEAD: Final = re.compile(r"<svg\b[^>]*>")


_SAME_FOR_ALL: Final = re.compile(r"<defs>\s*<style\b.*?</style>\s*</defs>\s*", re.DOTALL)


_REMARK: Final = re.compile(r"<!--.*?-->\s*", re.DOTALL)


_NAMED: Final = re.compile(r' id="([^"]+)"')


_POINTED: Final = re.compile(r'href="#([^"]+)"|url\(#([^)]+)\)')


def inline(written: str, title: str, says: str) -> str:
    """Return SVG that may stand on a page beside other pictures, with its title and description.

    Names within it are its own, so that no other picture on the page is meant by them.
    """
    head = _HEAD.search(written)
    assert head is not None  # noqa: S101  matplotlib writes nothing else
    body = _REMARK.sub("", _SAME_FOR_ALL.sub("", written[head.end() :])).strip()
    name = f"ncpi-{hashlib.sha256((title + says + _without_names(body)).encode()).hexdigest()[:10]}"
    pointed = dict.fromkeys(one or other for one, other in _POINTED.findall(body))
    numbers = {each: f"{name}-{place}" for place, each in enumerate(pointed, 1)}
    body = _NAMED.sub(
        lambda found: f' id="{numbers[found[1]]}"' if found[1] in numbers else "", body
    )
    body = _POINTED.sub(
        lambda found: f'href="#{numbers[found[1]]}"' if found[1] else f"url(#{numbers[found[2]]})",
        body,
    )
    box = re.search(r'viewBox="([^"]+)"', head[0])
    assert box is not None  # noqa: S101  matplotlib always writes one
    wide, high = box[1].split()[2:]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-says" '
        f'width="{wide}" height="{high}" viewBox="{box[1]}" '
        'style="max-width:100%;height:auto;stroke-linejoin:round;stroke-linecap:butt">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n'
        f'<desc id="{name}-says">{escape(says)}</desc>\n{body}'
    )


def _without_names(body: str) -> str:
    """Return what is drawn, without the names that matplotlib makes up at random."""
    return _POINTED.sub("", _NAMED.sub("", body))
