"""Plans of follow-ups with several revisits, beside what the oracle says of each of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from tests.oracle.compared import keep_possible, known_days, said_of, some_day, text_of, widened
from tests.oracle.edition import BEGINS, DUTIES, ONCE, ORDER, REPEATED, REVISIT, USUAL_DAYS
from tests.oracle.worlds import NOT_YET, UNKNOWN, Verdict, closed, verdict, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from ncpi_rules.ruleset import Ruleset
    from tests.oracle.worlds import Known, Span

MOST: Final = 4
_AFTER: Final = {event for first, event in closed(ORDER) if first == REVISIT}
_WAITS: Final = "not-settled"


@dataclass(frozen=True)
class Visit:
    """A revisit: what it was chosen to be and when, and what is known of its own events.

    Nobody chose anything where ``chosen`` is None: it is recorded alone.
    """

    tier: str
    chosen: int | None
    known: Known

    def tier_on(self, on: int) -> str:
        """Return what it is, as far as that was decided by a day."""
        return self.tier if self.chosen is not None and self.chosen <= on else _WAITS


@dataclass(frozen=True)
class Visits:
    """What is known of a follow-up once, and of each of its revisits."""

    once: Known
    visits: tuple[Visit, ...]

    def there_on(self, on: int) -> tuple[Visit, ...]:
        """Return the revisits that there are on a day: those that were opened by then."""
        count = 1
        for before, visit in zip(self.visits, self.visits[1:], strict=False):
            begins = before.known[REVISIT]
            assert not isinstance(begins, str)
            if (begins[0] if visit.chosen is None else visit.chosen) > on:
                break
            count += 1
        return self.visits[:count]

    @property
    def follow_up(self) -> FollowUp:
        """Return the follow-up of which this is known."""
        return FollowUp.from_dict(
            {
                "force": "kent",
                "decisions": [
                    {
                        "decision": "tier-chosen",
                        "value": visit.tier,
                        "on": datetime.date.fromordinal(visit.chosen).isoformat(),
                        **dict.fromkeys(("by", "why"), UNKNOWN),
                    }
                    for visit in self.visits
                    if visit.chosen is not None
                ],
                "further": {"events": _written(self.once)},
                "revisits": [
                    {"further": {"events": _written(visit.known)}} for visit in self.visits
                ],
            }
        )


def _written(known: Known) -> dict[str, str]:
    return {event: text_of(span) for event, span in known.items()}


def some_visits(random: Random) -> Visits:
    """Return a follow-up at random, with up to four revisits that may be told apart."""
    known = known_days(random, partial=True)
    # What one revisit says of the report would be told of the others, were its day not known.
    published, begins = known[BEGINS], known[REVISIT]
    if isinstance(published, str) or isinstance(begins, str) or published[0] > begins[0]:
        return some_visits(random)
    known[BEGINS] = published[0], published[0]
    once = {event: known[event] for event in ONCE}
    own = {event: known[event] for event in REPEATED}
    tier = random.choice(sorted(DUTIES))
    is_chosen = tier != _WAITS
    chosen = random.choice((published[0], begins[0])) if is_chosen else None
    visits = [Visit(tier, chosen, own)]
    for _ in range(random.randint(1, MOST - 1)):
        begins = visits[-1].known[REVISIT]
        if isinstance(begins, str):
            break
        visits.append(_next(random, begins))
    return Visits(once, tuple(visits))


def _next(random: Random, before: Span) -> Visit:
    """Return a revisit after one that began on one of some days."""
    tier = random.choice(sorted(DUTIES))
    chosen = before[1] + random.choice((1, 2, 21, 60))
    is_chosen = tier != _WAITS and before[0] != before[1]
    is_chosen = is_chosen or random.random() < 0.7
    tier = tier if tier != _WAITS else "post-inspection-visit"
    days = {REVISIT: chosen + random.choice((0, 1, 14, 60))}
    for event in REPEATED:
        after, steps = USUAL_DAYS[event]
        if event != REVISIT:
            day = days[after] + random.choice(steps)
            earlier = [days[first] for first, later in ORDER if later == event and first in days]
            days[event] = max([day, *earlier])
    known: dict[str, Span | str] = {}
    for event, day in days.items():
        states: list[Span | str] = [UNKNOWN, NOT_YET, *[(day, day)] * 6]
        known[event] = random.choice(states)
    if known[REVISIT] == UNKNOWN:  # what comes after it would show that it had begun
        known |= dict.fromkeys(_AFTER, UNKNOWN)
    keep_possible(known)
    known = widened(random, known, days)
    begins = known[REVISIT]
    if not isinstance(begins, str) and begins[0] < chosen:
        known[REVISIT] = chosen, max(begins[1], chosen)
    if is_chosen:
        return Visit(tier, chosen, known)
    return Visit(_WAITS, None, known)


def wrong_in_visits(random: Random, ruleset: Ruleset | None = None) -> Iterator[int | str]:
    """Yield how many deadlines of a plan with several revisits are right, and what is not."""
    visits = some_visits(random)
    chosen = [visit.chosen for visit in visits.visits if visit.chosen is not None]
    known = random.choice([visits.once, *(visit.known for visit in visits.visits)])
    on = random.choice(
        [*(day + step for day in chosen for step in (-1, 0)), some_day(random, known)]
    )
    answers = list(compared(visits, on, ruleset))
    yield from (answer for answer in answers if isinstance(answer, int))
    if any(isinstance(answer, str) for answer in answers):
        smallest = shrunk(visits, on, ruleset)
        yield from (
            sentence for sentence in compared(smallest, on, ruleset) if isinstance(sentence, str)
        )


def shrunk(visits: Visits, on: int, ruleset: Ruleset | None = None) -> Visits:
    """Return the follow-up of which the least is known, and that is still not right."""
    smaller: Visits | None = visits
    while smaller is not None:
        visits = smaller
        smaller = next((fewer for fewer in _smaller(visits) if _is_wrong(fewer, on, ruleset)), None)
    return visits


def _is_wrong(visits: Visits, on: int, ruleset: Ruleset | None) -> bool:
    return any(isinstance(answer, str) for answer in compared(visits, on, ruleset))


def _smaller(visits: Visits) -> Iterator[Visits]:
    """Yield a follow-up with a revisit or a date less."""
    if visits.visits[1:]:
        for at in range(len(visits.visits)):
            yield replace(visits, visits=visits.visits[:at] + visits.visits[at + 1 :])
    for at, visit in enumerate(visits.visits):
        for event in visit.known:
            if event != REVISIT and visit.known[event] != UNKNOWN:
                less = replace(visit, known={**visit.known, event: UNKNOWN})
                yield replace(visits, visits=(*visits.visits[:at], less, *visits.visits[at + 1 :]))
    for event in visits.once:
        if event != BEGINS and visits.once[event] != UNKNOWN:
            yield replace(visits, once={**visits.once, event: UNKNOWN})


def compared(visits: Visits, on: int, ruleset: Ruleset | None = None) -> Iterator[int | str]:
    """Yield how many deadlines of a plan on a day are right, and each that is not."""
    day = datetime.date.fromordinal(on)
    plan = assess(visits.follow_up, on=day, ruleset=ruleset)
    there = visits.there_on(on)
    tiers = [visit.tier_on(on) for visit in there]
    said = [revisit.value or _WAITS for revisit in plan.revisits] or [plan.headline.value or _WAITS]
    if said != tiers:
        yield f"The revisits on {day} are {said}, not {tiers}, where {visits}"
        return
    right = _right(visits, there, on)
    answers = {(item.revisit or 0, item.event): said_of(item) for item in plan.deadlines}
    if not there[1:]:  # one has no number
        answers = {(int(name in REPEATED), name): said for (_, name), said in answers.items()}
    for number, event in sorted({*right, *answers}):
        ours, theirs = answers.get((number, event)), right.get((number, event))
        if ours == theirs:
            yield 1
        else:
            yield f"{event} of revisit {number} on {day}: {ours} is not {theirs} where {visits}"


def _right(visits: Visits, there: Sequence[Visit], on: int) -> dict[tuple[int, str], Verdict]:
    """Return the verdict on each duty, by the number of its revisit; 0 for what is owed once."""
    right = {}
    for number, visit in enumerate(there, 1):
        known: Known = {**visits.once, **visit.known}
        every = list(worlds(known, ORDER))
        for duty in DUTIES[visit.tier_on(on)]:
            is_once = duty.event in ONCE
            # What is owed once, and the ceiling, are those of the first revisit.
            if number == 1 or not (is_once or duty.event == REVISIT):
                key = (0 if is_once else number, duty.event)
                right[key] = verdict(duty, every, known, on=on, begins=BEGINS)
    return right
