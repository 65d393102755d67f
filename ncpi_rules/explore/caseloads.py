"""The table over many follow-ups: who owes what next, by when, and how each stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
from attrs import field, frozen

from ncpi_rules.core import Basis, Day, FactsError, PartialDate, Problem, read_day
from ncpi_rules.deadlines import Days
from ncpi_rules.explore import caseload_page as showing
from ncpi_rules.explore.capacity import Clash, clashes_of, work_of
from ncpi_rules.explore.urgency import Judged, Light, judge, next_duty
from ncpi_rules.plan import Plan, assess
from ncpi_rules.report import WIDTH
from ncpi_rules.ruleset import Ruleset, shipped_ruleset

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.facts import FollowUp

SOON = 14
"""So many days are soon, unless another number is asked for."""

SCHEMA = "ncpi-rules/caseload/1"


@frozen(kw_only=True)
class Row:
    """One follow-up on the board.

    ``tier`` and ``standing`` are words of the ruleset and the library, ``tier_says`` and
    ``standing_says`` what an officer reads; ``next_duty`` is what is known to be left to do and
    comes first, ``owed_by`` who owes it, ``due`` its last day, its latest compliant date or the day
    for which it is arranged, as ``due_says`` tells; ``days_left`` the least and the most days until
    then, ``late_by`` those by which it is late. ``waits_for`` names people's decisions and facts
    that are not known; ``alerts`` holds sentences.
    """

    force: str
    force_id: str
    published: PartialDate | None
    tier: str | None
    tier_says: str
    standing: Basis | None
    standing_says: str
    light: Light
    reason: str
    next_duty: str
    next_duty_id: str
    owed_by: str
    due: PartialDate | None
    due_says: str
    days_left: Days | None
    late_by: Days | None
    waits_for: tuple[str, ...]
    alerts: tuple[str, ...]
    plan: Plan = field(repr=False, eq=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the row as text, numbers, lists and mappings, the plan left out."""
        return {
            "force": self.force_id,
            "force_name": self.force,
            "published": None if self.published is None else self.published.edtf,
            "tier": self.tier,
            "tier_says": self.tier_says,
            "basis": None if self.standing is None else self.standing.value,
            "basis_sentence": self.standing_says,
            "light": self.light.value,
            "light_says": self.light.says,
            "reason": self.reason,
            "next_duty": self.next_duty or None,
            "next_duty_id": self.next_duty_id or None,
            "owed_by": self.owed_by or None,
            "due": _span(self.due),
            "due_says": self.due_says or None,
            "days_left": _days(self.days_left),
            "late_by_days": _days(self.late_by),
            "waits_for": list(self.waits_for),
            "alerts": list(self.alerts),
        }


def _span(when: PartialDate | None) -> dict[str, str] | None:
    if when is None:
        return None
    return {"from": when.first.isoformat(), "to": when.last.isoformat()}


def _days(days: Days | None) -> dict[str, int] | None:
    return None if days is None else {"from": days[0], "to": days[1]}


@frozen(kw_only=True)
class Caseload:
    """Many follow-ups on one day: a row for each, what presses most first, and clashes of revisits.

    ``soon`` is the number of days that count as soon, ``teams`` how many revisits can be made in
    one week.
    """

    on: Day
    rows: tuple[Row, ...]
    clashes: tuple[Clash, ...]
    soon: int
    teams: int
    ruleset: Ruleset = field(repr=False, eq=False)

    @property
    def counts(self) -> dict[Light, int]:
        """Return how many follow-ups stand in each way."""
        return {light: sum(row.light is light for row in self.rows) for light in Light}

    def to_dict(self) -> dict[str, Any]:
        """Return the caseload as text, numbers, lists and mappings."""
        settings = self.ruleset.settings
        return {
            "schema": SCHEMA,
            "on": self.on.isoformat(),
            "ruleset": settings.id,
            "title": settings.title,
            "edition": settings.edition,
            "soon_days": self.soon,
            "teams": self.teams,
            "counts": {light.value: many for light, many in self.counts.items()},
            "rows": [row.to_dict() for row in self.rows],
            "clashes": [
                {
                    "from": each.first.edtf,
                    "to": each.last.edtf,
                    "weeks_needed": each.needed,
                    "weeks_of_teams": each.room,
                    "forces": list(each.forces),
                    "says": each.says,
                }
                for each in self.clashes
            ],
        }

    def to_json(self) -> str:
        """Return the caseload as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_text(self, *, width: int = WIDTH) -> str:
        """Return the caseload as a plain text table."""
        return showing.text(self.to_dict(), width=width)

    def to_markdown(self) -> str:
        """Return the caseload as Markdown."""
        return showing.markdown(self.to_dict())

    def to_html(self) -> str:
        """Return the caseload as one page of HTML that loads nothing from elsewhere."""
        return showing.html(self.to_dict())

    def _repr_html_(self) -> str:
        return showing.html_part(self.to_dict())

    def __str__(self) -> str:
        """Return the caseload as a plain text table."""
        return self.to_text()


def caseload(  # noqa: PLR0913  each is asked for by its name
    follow_ups: Iterable[FollowUp],
    *,
    on: datetime.date | str,
    ruleset: Ruleset | None = None,
    interpretations: Mapping[str, str] | None = None,
    soon: int = SOON,
    teams: int = 1,
) -> Caseload:
    """Return one table over many follow-ups on a day, what presses most first.

    Each follow-up is red where a deadline is late, overdue or too early or can no longer be kept;
    amber where one is due within ``soon`` days, or it cannot be told whether it is late; green
    where no answers to open questions could show either; otherwise not known. What is waived or
    varied is left out. ``teams`` is how many revisits can be made in one week: clashes are
    runs of weeks into which more must fall.

    Raises FactsError, with every problem of every follow-up, and what ``assess`` raises.

    >>> from ncpi_rules.facts import FollowUp
    >>> found = caseload([
    ...     FollowUp.from_dict({"force": "kent", "inspection_report": {"published": "2024-03-01"},
    ...         "action_plan": {"received": "not-yet"}, "fieldwork": {"begins": "not-yet"}}),
    ... ], on="2024-05-01")
    >>> found.rows[0].light.value, found.rows[0].next_duty
    ('red', 'The force must usually send HMICFRS an action plan for the other recommendations.')
    """
    rules = ruleset if ruleset is not None else shipped_ruleset()
    plans: list[Plan] = []
    problems: list[Problem] = []
    for place, follow_up in enumerate(follow_ups):
        try:
            plans.append(assess(follow_up, on=on, ruleset=rules, interpretations=interpretations))
        except FactsError as fault:
            about = f"[{place}] {follow_up.force.id}"
            problems += (
                attrs.evolve(each, place=f"{about}: {each.place}") for each in fault.problems
            )
    if problems:
        raise FactsError(problems)
    return caseload_of(plans, on=on, ruleset=rules, soon=soon, teams=teams)


def caseload_of(
    plans: Sequence[Plan],
    *,
    on: datetime.date | str,
    ruleset: Ruleset,
    soon: int = SOON,
    teams: int = 1,
) -> Caseload:
    """Return the same table over plans that are there already, all of them of one day.

    Raises FactsError for fewer than no days that are soon, or for no team.
    """
    problems = [
        Problem(place=name, message=f"{value} is too few.", help=f"Give {least} or more.")
        for name, value, least in (("soon", soon, 0), ("teams", teams, 1))
        if value < least
    ]
    if problems:
        raise FactsError(problems)
    judged = [(judge(plan, soon), plan) for plan in plans]
    rows = [_row(each, plan) for each, plan in judged]
    names = [plan.follow_up.force.name for plan in plans]
    work = [each for place, plan in enumerate(plans) for each in work_of(plan, place)]
    return Caseload(
        on=read_day(on),
        rows=tuple(row for _, row in sorted(rows, key=lambda each: each[0])),
        clashes=clashes_of(work, teams, names),
        soon=soon,
        teams=teams,
        ruleset=ruleset,
    )


_LIGHTS = list(Light)
_NO_DAY = 10**9


def _row(judged: Judged, plan: Plan) -> tuple[tuple[Any, ...], Row]:
    """Return a row, and by what it is sorted."""
    plain = plan.to_dict()
    duty, tier, force = next_duty(plan, plain), plain["tier"], plan.follow_up.force
    published = plan.follow_up.events()["report-published"]
    late = next((each.late_by for each in plan.deadlines if duty and each.id == duty.id), None)
    row = Row(
        force=force.name,
        force_id=force.id,
        published=published if isinstance(published, PartialDate) else None,
        tier=tier["value"] if tier else None,
        tier_says=tier["says"] if tier else "",
        standing=Basis(tier["basis"]) if tier else None,
        standing_says=tier["basis_sentence"] if tier else "",
        light=judged.light,
        reason=judged.reason,
        next_duty=duty.says if duty else "",
        next_duty_id=duty.id if duty else "",
        owed_by=duty.owed_by if duty else "",
        due=duty.due if duty else None,
        due_says=duty.says_due if duty else "",
        days_left=duty.days_left if duty else None,
        late_by=late,
        waits_for=tuple(_waits_for(plain)),
        alerts=tuple(each.says for each in plan.alerts),
        plan=plan,
    )
    days = judged.days
    if days is None and row.days_left is not None:
        days = row.days_left[0]
    order = (_LIGHTS.index(row.light), _NO_DAY if days is None else days, row.force, str(published))
    return order, row


def _waits_for(plain: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the follow-up waits for: people, and what nobody has told."""
    decided = [plain["tier"]] if plain["tier"] else plain["outcomes"].values()
    for each in decided:
        if not Basis(each["basis"]).settles:
            by = "a judgement" if each["basis"] == Basis.WAITS.value else "inspectors"
            yield f"{by}, to settle this: {each['title']}"
    for each in plain["unknown"]:
        yield each["says"]
