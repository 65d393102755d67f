"""Days, counts and lists in words, from what ``Plan.to_dict`` publishes."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Final

from ncpi_rules.core.dates import format_day

if TYPE_CHECKING:
    from collections.abc import Sequence

_ARTICLE: Final = re.compile(r"^(?:an?|the) ", re.IGNORECASE)


def format_edition(name: str, copy_of: str | None = None, *, is_edited: bool = False) -> str:
    """Return an edition's name as it is read out; one with a number in it stays as it is.

    ``copy_of`` is the edition that it is a copy of: a copy always says so.

    >>> format_edition("as-published", "as-published", is_edited=True)
    'edited copy of As published'
    >>> format_edition("our-proposal", "as-published", is_edited=True)
    'our proposal, edited copy of As published'
    """
    read_out = name if any(map(str.isdigit, name)) else name.replace("-", " ")
    if copy_of is None:
        return read_out
    copy = f"{'edited copy' if is_edited else 'copy'} of {upper_first(format_edition(copy_of))}"
    return copy if copy_of == name else f"{read_out}, {copy}"


def edited_notice(edition: str) -> str:
    """Return what heads a result by an edited copy; ``edition`` is its name as it is read out.

    >>> edited_notice("edited copy of As published")
    'Edited copy of As published: not the rules as the edition has them.'
    """
    return f"{upper_first(edition)}: not the rules as the edition has them."


def upper_first(text: str) -> str:
    """Return a text with a capital first.

    >>> upper_first("the force")
    'The force'
    """
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return a text as it stands within a sentence: no capital first, unless it is an acronym's.

    >>> lower_first("The force"), lower_first("HMICFRS decides")
    ('the force', 'HMICFRS decides')
    """
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


def without_article(label: str) -> str:
    """Return a label without the article before it.

    >>> without_article("a visit"), without_article("The type of follow-up")
    ('visit', 'type of follow-up')
    """
    return _ARTICLE.sub("", label)


def as_head(title: str) -> str:
    """Return a title as the head of a column has it.

    >>> as_head("a force"), as_head("The type of follow-up")
    ('Force', 'Type of follow-up')
    """
    return upper_first(without_article(title))


def stopped(text: str) -> str:
    """Return a text with a full stop last, unless it ends a sentence already."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def joined(several: Sequence[str], word: str) -> str:
    """Return a list as it is read out.

    >>> joined(["a visit", "a review", "a full re-inspection"], "or")
    'a visit, a review or a full re-inspection'
    """
    *first, last = several
    return f"{', '.join(first)} {word} {last}" if first else last


def counted(number: int, thing: str) -> str:
    """Return a number of things.

    >>> counted(1, "day"), counted(2, "day")
    ('1 day', '2 days')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


_PLACES: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def counted_off(number: int) -> str:
    """Return the place of one of several, counted from 1.

    >>> counted_off(2), counted_off(12)
    ('second', 'number 12')
    """
    return _PLACES[number - 1] if number <= len(_PLACES) else f"number {number}"


def format_iso_day(day: str) -> str:
    """Return one day.

    >>> format_iso_day("2018-06-28")
    '28 June 2018'
    """
    return format_day(datetime.date.fromisoformat(day).toordinal())


def sentence(text: str) -> str:
    """Return a text as a sentence: a capital first, a full stop last.

    >>> sentence("the force is told")
    'The force is told.'
    """
    return stopped(upper_first(text.strip()))
