"""The forces and the titles of their offices, by day."""

from __future__ import annotations

import datetime
from itertools import product

import pytest

from ncpi_rules.core import FactsError, all_forces, force
from ncpi_rules.facts import FollowUp

FORCES = """
    avon-and-somerset bedfordshire cambridgeshire cheshire city-of-london cleveland cumbria
    derbyshire devon-and-cornwall dorset durham dyfed-powys essex gloucestershire
    greater-manchester gwent hampshire hertfordshire humberside kent lancashire leicestershire
    lincolnshire merseyside metropolitan norfolk north-wales north-yorkshire northamptonshire
    northumbria nottinghamshire south-wales south-yorkshire staffordshire suffolk surrey sussex
    thames-valley warwickshire west-mercia west-midlands west-yorkshire wiltshire
"""


def title(force_id: str, role: str, day: str) -> str:
    """Return the title of a role in a force on a day."""
    return force(force_id).title(role, datetime.date.fromisoformat(day).toordinal())


def test_there_are_43_forces() -> None:
    """Every territorial force of England and Wales is there, by its short name, and no other."""
    assert list(all_forces()) == FORCES.split()
    assert len(all_forces()) == 43
    wales = {id_ for id_, force in all_forces().items() if force.country == "Wales"}
    assert wales == {"dyfed-powys", "gwent", "north-wales", "south-wales"}
    assert {known.country for known in all_forces().values()} == {"England", "Wales"}
    assert all(force.id == id_ and force.name for id_, force in all_forces().items())


@pytest.mark.parametrize(
    ("role", "force_id", "day", "expected"),
    [
        ("chief-officer", "northumbria", "2018-06-28", "Chief Constable"),
        (
            "chief-officer",
            "metropolitan",
            "2016-11-25",
            "Commissioner of Police of the Metropolis",
        ),
        (
            "chief-officer",
            "city-of-london",
            "2018-06-28",
            "Commissioner of Police for the City of London",
        ),
        ("local-policing-body", "northumbria", "2018-06-28", "Police and Crime Commissioner"),
        ("local-policing-body", "metropolitan", "2016-11-25", "MOPAC (Mayor of London)"),
        (
            "local-policing-body",
            "city-of-london",
            "2018-06-28",
            "Common Council (Police Authority Board)",
        ),
        ("local-policing-body", "west-yorkshire", "2015-01-13", "Police and Crime Commissioner"),
        ("local-policing-body", "west-yorkshire", "2022-01-01", "Mayor of West Yorkshire"),
        ("local-policing-body", "greater-manchester", "2022-01-01", "Mayor of Greater Manchester"),
        ("local-policing-body", "south-yorkshire", "2014-09-01", "Police and Crime Commissioner"),
        ("local-policing-body", "south-yorkshire", "2024-04-30", "Police and Crime Commissioner"),
        (
            "local-policing-body",
            "south-yorkshire",
            "2024-05-01",
            "Police and Crime Commissioner or Mayor of South Yorkshire",
        ),
        (
            "local-policing-body",
            "south-yorkshire",
            "2024-05-31",
            "Police and Crime Commissioner or Mayor of South Yorkshire",
        ),
        ("local-policing-body", "south-yorkshire", "2024-06-01", "Mayor of South Yorkshire"),
        (
            "local-policing-body",
            "north-yorkshire",
            "2024-06-01",
            "Mayor of York and North Yorkshire",
        ),
    ],
)
def test_titles_are_dated(role: str, force_id: str, day: str, expected: str) -> None:
    """A title is the one of the day; in the month of a change both are given."""
    assert title(force_id, role, day) == expected


def test_every_force_has_both_offices_on_every_day() -> None:
    """From 2014 to 2026 no office is without a title, and two stand only in a month of change."""
    months = [f"{year}-{month:02}-15" for year in range(2014, 2027) for month in range(1, 13)]
    twice = set()
    for force_id, role, day in product(
        all_forces(), ("chief-officer", "local-policing-body"), months
    ):
        label = title(force_id, role, day)
        assert label
        if " or " in label:
            twice.add((force_id, day[:7]))
    assert twice == {
        ("greater-manchester", "2017-05"),
        ("north-yorkshire", "2024-05"),
        ("south-yorkshire", "2024-05"),
        ("west-yorkshire", "2021-05"),
    }


def test_partnerships_are_counted_where_that_is_known() -> None:
    """The number of safeguarding partnerships is data, and None where nobody has gathered it."""
    known = {
        id_: force.partnerships
        for id_, force in all_forces().items()
        if force.partnerships is not None
    }
    assert known == {"durham": 2, "merseyside": 5, "northumbria": 6}


@pytest.mark.parametrize("id_", sorted(all_forces()))
def test_a_force_is_read_by_its_name(id_: str) -> None:
    """A force is the same by its short name and its full name, in capitals or with "&"."""
    named = all_forces()[id_]
    for written in (
        id_,
        id_.replace("-", " ").title(),
        named.name,
        named.name.upper(),
        named.name.replace(" and ", " & "),
        named.name.replace(" & ", "  and "),
    ):
        assert force(written) is named
        assert FollowUp(force=written).to_dict() == {"force": id_}


@pytest.mark.parametrize(
    ("named", "guess"),
    [
        ("northumbia", "northumbria"),
        ("West Yorkshir", "west-yorkshire"),
        ("Gwent Polise", "gwent"),
        ("Atlantis", None),
        ("hmicfrs", None),
    ],
)
def test_a_force_that_does_not_exist_has_a_suggestion(named: str, guess: str | None) -> None:
    """A near miss of a force's short or full name is told what was meant."""
    with pytest.raises(FactsError) as caught:
        FollowUp.from_yaml(f"note: here\nforce: {named}\n", name="one.yaml")
    (problem,) = caught.value.problems
    assert (problem.place, named in problem.message) == ("one.yaml:2:8", True)
    assert (f"'{guess}'" in problem.help) if guess else ("Did you mean" not in problem.help)


def test_a_force_may_be_given_as_itself() -> None:
    """A force object is taken as well as its name, and is written by its name."""
    assert FollowUp(force=force("gwent")) == FollowUp(force="gwent")
    assert FollowUp(force="gwent").to_dict() == {"force": "gwent"}
