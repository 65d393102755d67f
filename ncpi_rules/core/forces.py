"""What is inspected: the police forces of England and Wales with their offices, or anything else.

Office-holders change by law and by election, so they are dated data in
``forces.csv``, never code.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.core.dates import PartialDate
from ncpi_rules.core.errors import FactsError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTNERSHIPS: Final = "safeguarding-partnerships"


@frozen(kw_only=True)
class Office:
    """A title, with the months in which it began and ended where they are known."""

    role: str
    title: str
    begins: PartialDate | None = None
    ends: PartialDate | None = None
    note: str = ""

    def may_be_right(self, first: int, last: int) -> bool:
        """Return True where the title may be the right one on some of these days (ordinals)."""
        begun = self.begins is None or self.begins.start <= last
        ended = self.ends is not None and self.ends.end < first
        return begun and not ended


@frozen(kw_only=True)
class Subject:
    """What a follow-up is about, by its id and its name.

    ``country`` is ``England`` or ``Wales``, or empty where the library does not know it.

    >>> Subject.named("Anytown City Council").id
    'anytown-city-council'
    """

    id: str
    name: str
    country: str = ""
    offices: tuple[Office, ...] = field(default=(), repr=False)

    @classmethod
    def named(cls, name: str) -> Subject:
        """Return the subject of which no more than the name is known."""
        return Subject(id="-".join(re.findall(r"\w+", name.casefold())), name=name)

    def in_office(self, first: int, last: int) -> tuple[bool, ...]:
        """Return which titles may be right on some of these days (ordinals)."""
        return tuple([office.may_be_right(first, last) for office in self.offices])

    def title(self, role: str, day: int, last: int | None = None) -> str:
        """Return the title of a role on a day, or on the days from then to a later one.

        There are two titles where the days are too coarse to say which it was.

        >>> day = PartialDate.read("2015-01-13").start
        >>> force("west-yorkshire").title("local-policing-body", day)
        'Police and Crime Commissioner'
        """
        titles = [
            office.title
            for office in self.offices
            if office.role == role and office.may_be_right(day, day if last is None else last)
        ]
        return " or ".join(titles)


@frozen(kw_only=True)
class Force(Subject):
    """One territorial police force.

    ``partnerships`` is the number of local safeguarding children partnerships that it works with,
    or None where that has not been gathered.
    """

    partnerships: int | None = None


@cache
def all_forces() -> Mapping[str, Force]:
    """Return every force by its id, in the order of the alphabet.

    >>> len(all_forces()), all_forces()["gwent"].country
    (43, 'Wales')
    """
    text = Path(__file__).with_name("forces.csv").read_text("utf-8")
    offices: dict[str, list[Office]] = {}
    names: dict[str, tuple[str, str]] = {}
    counts: dict[str, int] = {}
    for row in csv.DictReader(text.splitlines()):
        names[row["force"]] = (row["name"], row["country"])
        if row["role"] == PARTNERSHIPS:
            counts[row["force"]] = int(row["title"])
            continue
        offices.setdefault(row["force"], []).append(
            Office(
                role=row["role"],
                title=row["title"],
                begins=PartialDate.read(row["from"]) if row["from"] else None,
                ends=PartialDate.read(row["to"]) if row["to"] else None,
                note=row["note"],
            )
        )
    return MappingProxyType(
        {
            id_: Force(
                id=id_,
                name=name,
                country=country,
                offices=tuple(offices[id_]),
                partnerships=counts.get(id_),
            )
            for id_, (name, country) in sorted(names.items())
        }
    )


def force(named: str | Force) -> Force:
    """Return the force with this id or this name; raise FactsError for one that does not exist.

    >>> force("norfolk").name, force("West Yorkshire Police").id
    ('Norfolk Constabulary', 'west-yorkshire')
    """
    named = named.id if isinstance(named, Force) else str(named)
    known = all_forces()
    if named in known:
        return known[named]
    by_name = {_plain(known_force.name): known_force for known_force in known.values()}
    plain = _plain(named)
    if same := by_name.get(plain) or known.get(plain.replace(" ", "-")):
        return same
    guess = nearest(named, known) or nearest(named, by_name, threshold=0.6)
    guess = by_name[guess].id if guess in by_name else guess
    message = f"There is no police force '{named}' in England and Wales."
    help_ = "Use the force's short name, such as northumbria or west-yorkshire."
    raise FactsError(message, f"Did you mean '{guess}'? {help_}" if guess else help_)


def _plain(name: str) -> str:
    return " ".join(name.replace("&", "and").casefold().split())
