"""The cases of the benchmark: a pool of made-up follow-ups, all different, always the same."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from ncpi_rules.core import FactsError, Happened, Status, When
from ncpi_rules.facts import FollowUp, Waiver, made, name_facts
from ncpi_rules.plan import current_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Ruleset

ON: Final = datetime.date(2019, 4, 11)
"""The day of every assessment."""

LET_OFF: Final = ("action-plan-received",)
"""The events that may be waived or varied, where they have no date; no deadline is bound to others
of which a waiver is drawn."""

_FORCES: Final = ("northumbria", "kent", "gwent", "west-midlands", "north-wales")
_AREAS: Final = ("missing from home", "child sexual exploitation", "online abuse", "detention")
_TOPICS: Final = ("training", "governance", "recording", "performance data", "unknown")


@frozen(kw_only=True)
class Case:
    """One follow-up, and the same as the values and dates that a rule engine is given.

    Every date is a whole day, not yet, or unknown: what most peers can be given. ``let_off`` has
    the status of the events that are waived or varied.
    """

    follow_up: FollowUp
    values: Mapping[str, str]
    dates: Mapping[str, When]
    let_off: Mapping[str, Status]

    @classmethod
    def of(cls, follow_up: FollowUp, ruleset: Ruleset) -> Case:
        """Return a follow-up as a case."""
        return cls(
            follow_up=follow_up,
            values=values_of(follow_up, ruleset, ON.toordinal()),
            dates=name_facts(follow_up, ruleset.contract).dates.events,
            let_off={
                decision.of: Status.WAIVED if isinstance(decision, Waiver) else Status.VARIED
                for decision in follow_up.waivers
                if decision.of in LET_OFF and made(decision, ON.toordinal()) is Happened.YES
            },
        )


def pool(ruleset: Ruleset, size: int, *, seed: int = 1) -> list[Case]:
    """Return so many cases of a seed, no two alike."""
    draw = random.Random(seed)  # noqa: S311  no secret
    drawn: dict[str, Case] = {}
    while len(drawn) < size:
        try:
            follow_up = FollowUp.from_dict(_facts(draw))
            name_facts(follow_up, ruleset.contract)
            if current_of(follow_up, ruleset, ON.toordinal()) is not follow_up:
                continue  # a peer is given the days of one revisit
        except FactsError:
            continue  # days in an order that cannot be
        drawn[follow_up.to_json()] = Case.of(follow_up, ruleset)
    return list(drawn.values())


def some_values(ruleset: Ruleset, size: int, *, seed: int = 1) -> list[dict[str, str]]:
    """Return so many combinations of the facts' values, no two alike."""
    draw = random.Random(seed)  # noqa: S311  no secret
    drawn: dict[tuple[str, ...], dict[str, str]] = {}
    while len(drawn) < size:
        values = {name: draw.choice(list(fact.values)) for name, fact in ruleset.facts.items()}
        drawn[tuple(values.values())] = values
    return list(drawn.values())


def _facts(draw: random.Random) -> dict[str, Any]:
    """Return the facts of a follow-up; the days may contradict each other now and then."""

    def around(day: datetime.date, first: int, last: int) -> str:
        """Return a day so many days after another; or not yet, or unknown."""
        on = (day + datetime.timedelta(draw.randint(first, last))).isoformat()
        dated = 0 if report == "not-yet" else 8
        return draw.choices([on, "not-yet", "unknown"], [dated, 1, 1])[0]

    published = datetime.date(2018, 1, 1) + datetime.timedelta(draw.randrange(480))
    report = draw.choices([published.isoformat(), "not-yet", "unknown"], [18, 1, 1])[0]
    begins = published + datetime.timedelta(draw.randint(60, 260))
    ends = begins + datetime.timedelta(draw.randint(0, 6))
    visited = draw.choices(
        [(begins.isoformat(), ends.isoformat()), ("not-yet",) * 2, ("unknown",) * 2],
        [0 if report == "not-yet" else 7, 2, 1],
    )[0]
    recommendations = [
        {
            "id": str(number),
            "time_limit": draw.choice(["immediate", "within 3 months", "unknown"]),
            "topic": draw.choice(_TOPICS),
        }
        for number in range(draw.randint(0, 4))
    ]
    covers = [recommendation["id"] for recommendation in recommendations if draw.random() > 0.2]
    received = around(published, 10, 60)
    facts: dict[str, Any] = {
        "force": draw.choice(_FORCES),
        "inspection_report": {
            "published": report,
            "findings": draw.choice(["broadly-positive", "not-broadly-positive", "unknown"]),
            "recommendations": draw.choice([recommendations, recommendations, "unknown"]),
        },
        "immediate_update": {"received": around(published, 1, 20)},
        "action_plan": {
            "received": received,
            "reviewed": around(published, 50, 90) if received[0] == "2" else received,
            "covers": draw.choice([covers, covers, "unknown"]),
            "areas_of_concern": draw.sample(_AREAS, draw.randint(0, 3)),
        },
        "prospects": draw.choice(
            ["no-concerns", "some-concerns", "significant-concerns", "unknown"]
        ),
        "decisions": list(_decisions(draw, published, sent=received[0] == "2")),
        "fieldwork": dict(zip(("begins", "ends"), visited, strict=True)),
        "notice": {"given": around(begins, -30, -1), "activity_described": around(begins, -9, 2)},
        "documents": {"reviewed": around(begins, -9, 2)},
    }
    if visited[0] == begins.isoformat():
        facts["feedback"] = {
            "given": around(ends, -2, 3),
            "to_chief_officer": around(ends, 5, 40),
            "to_local_policing_body": around(ends, 5, 40),
        }
        facts["publication"] = {"published": around(ends, 20, 90)}
    return facts


def _decisions(
    draw: random.Random, published: datetime.date, *, sent: bool
) -> Iterator[dict[str, str]]:
    """Yield what people have decided: mostly nothing; ``sent`` says that the plan has a date."""
    day = (published + datetime.timedelta(90)).isoformat()
    person = {"by": "HMICFRS", "on": day, "why": "unknown"}
    # A day that may have come or not by the day of the assessment: it is not known.
    perhaps = person | {"on": "2019"}
    if draw.random() < 0.1:
        yield {"decision": "full-reinspection", **draw.choice([person, person, perhaps])}
    if draw.random() < 0.2:
        tier = draw.choice(["visit", "review", "full"])
        name = "full-re-inspection" if tier == "full" else f"post-inspection-{tier}"
        yield {"decision": "tier-chosen", "value": name, **draw.choice([person, person, perhaps])}
    if draw.random() < 0.1:
        yield {"decision": "waiver", "of": "action-plan-reviewed", **person}
    if not sent and draw.random() < 0.4:
        kind = draw.choice(["waiver", "variation"])
        yield {"decision": kind, "of": LET_OFF[0], **draw.choice([person, person, perhaps])}
    if draw.random() < 0.2:
        ends = draw.choice(["not-yet", "2019-01-31", "unknown"])
        yield {"decision": "suspension", "begins": day, "ends": ends, **person}
