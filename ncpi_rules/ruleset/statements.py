"""The methodology's statements: their numbers, and the fingerprints of the publisher's wording.

The wording itself stays out of the project. A fingerprint tells whether a text still
says what a rule was written from, and must tell the same whoever copied the text from wherever.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

# Spelt out rather than asked of Unicode's categories, which grow with each release of Python.
_QUOTES: Final = "\"'`\u00ab\u00b4\u00bb\u02bc\u2018-\u201f\u2032-\u2037\u2039\u203a\uff02\uff07"
_DASHES: Final = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_UNSEEN: Final = "\u00ad\u200b-\u200f\u2060\ufeff"
_BULLETS: Final = "\\-*\u00b7\u2022\u2023\u25aa\u25cf\u25e6"

_FOLDS: Final = tuple(
    (re.compile(f"[{signs}]"), to) for signs, to in ((_UNSEEN, ""), (_QUOTES, "'"), (_DASHES, "-"))
)
_LIST_MARK: Final = re.compile(f"^(?:[{_BULLETS}] )+")
_CLOSING: Final = re.compile(r"(?: |[;,] and|[;:,.])+$")
_NEXT_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


@frozen(kw_only=True)
class Wording:
    """One statement as the publisher words it: its id, and the line on which it stands (from 1)."""

    id: str
    text: str
    line: int = field(eq=False)


def _folded(text: str) -> str:
    """Return the text with one kind of quotation mark, dash and white space."""
    # Twice: the normal form would tear an acute accent apart, and makes quotation marks of others.
    for _ in range(2):
        for pattern, to in _FOLDS:
            text = pattern.sub(to, text)
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split())


def normalise(text: str) -> str:
    """Return the wording without what a copy, a web page or a re-flowed list may change.

    Unicode's form NFKC; one kind of quotation mark, dash and white space; no invisible characters.
    The mark before a list item goes, and a closing ``;`` ``:`` ``,`` ``.`` or ``; and``: so items
    may be added, moved or marked differently, and only those whose words change are reported.
    Capitals stay. So does a closing ``; or``, and ``?`` or ``!``, because they change the meaning.

    >>> normalise("•  the force\u2019s   \u2018long\u2011term\u2019 plan; and")
    "the force's 'long-term' plan"
    >>> normalise("- minutes; or")
    'minutes; or'
    """
    return _CLOSING.sub("", _LIST_MARK.sub("", _folded(text)))


def fingerprint(text: str) -> str:
    """Return the SHA-256 of the normalised wording, in UTF-8, as hexadecimal digits.

    >>> fingerprint("- The plan is late;")
    '194fb655c06e49152c3d8602a9212d8b5b7447317e5ee3fac9a6ace9e93a9f19'
    >>> fingerprint("The plan is late.") == fingerprint("The plan was late.")
    False
    """
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def split(text: str, headings: Mapping[str, str], *, title: str = "title") -> tuple[Wording, ...]:
    r"""Return the statements of a methodology in reading order, numbered within their headings.

    ``headings`` maps the fingerprint of each heading's line to the prefix of the ids below it;
    what stands before the first heading is numbered under ``title``. Blank lines and headings are
    dropped, and a line is split after ``.``, ``!`` or ``?`` before white space and a capital of
    A to Z. The wording stays as it is. A heading that the text has not is passed over: ask
    :func:`headings_in` which it has.

    >>> headings = {fingerprint("Notice"): "notice"}
    >>> for statement in split("A guide\nNotice\nWrite first. Then visit.", headings):
    ...     print(statement.id, statement.text)
    title.1 A guide
    notice.1 Write first.
    notice.2 Then visit.
    """
    counts = Counter[str]()
    prefix = title
    statements = []
    for number, line in enumerate(text.splitlines(), start=1):
        if (heading := _heading(line, headings)) is not None:
            prefix = heading
            continue
        for message in _NEXT_SENTENCE.split(line.strip()) if _folded(line) else ():
            counts[prefix] += 1
            statements.append(Wording(id=f"{prefix}.{counts[prefix]}", text=message, line=number))
    return tuple(statements)


def headings_in(text: str, headings: Mapping[str, str]) -> tuple[str, ...]:
    r"""Return the prefixes of the headings that a text has, each once, in the text's order.

    >>> headings = {fingerprint(line): line.lower() for line in ("Notice", "Visit")}
    >>> headings_in("Visit\nWrite.", headings)
    ('visit',)
    """
    prefixes = (_heading(line, headings) for line in text.splitlines())
    return tuple(dict.fromkeys(prefix for prefix in prefixes if prefix is not None))


def is_item(text: str) -> bool:
    """Return True for an item of a list, which begins with a dash, a dot or the like.

    >>> is_item("\u2022 minutes"), is_item("minutes")
    (True, False)
    """
    return _LIST_MARK.match(_folded(text)) is not None


def _heading(line: str, headings: Mapping[str, str]) -> str | None:
    """Return the prefix of a line that is a heading; an item of a list is none."""
    return None if is_item(line) else headings.get(fingerprint(line))
