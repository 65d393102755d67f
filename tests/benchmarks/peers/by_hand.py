"""The same follow-up as somebody would write it by hand: no rules, no reasons, whole days only."""

from __future__ import annotations

import calendar
import datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, NotYet, Unknown
from tests.benchmarks.peers.cases import ON
from tests.benchmarks.peers.contestants import Cannot, Contestant, Peer
from tests.benchmarks.peers.outcomes import Outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.core import Status
    from ncpi_rules.ruleset import Ruleset
    from tests.benchmarks.peers.cases import Case

Date: TypeAlias = datetime.date | Unknown | NotYet
Deadline: TypeAlias = tuple[str, datetime.date | None, str, int | None]

DAY: Final = datetime.timedelta(days=1)
WAITS: Final = ("not-settled", "waits-for-a-judgement")
FOLLOWS: Final = "follows-from-the-methodology"
ALWAYS: Final = (
    "must revisit",
    "must make-arrangements",
    "may access-systems",
    "must inform-schedule",
    "question.implementation",
    "question.sustainable-improvement",
    "question.leadership",
    "question.self-knowledge",
    "question.overall-progress",
)
REVISIT: Final = (
    "must interview-key-staff",
    "must interview-partnership-chair",
    "must interview-director",
    "must review-documents",
    "must prepare-from-documents",
    "must describe-activity",
    "must give-feedback",
    "must write-to-chief-officer",
    "must write-to-local-policing-body",
    "must publish-feedback",
    "may ask for policies-and-procedures",
)
REVIEW: Final = (
    "must audit-cases",
    "may ask for progress-reports",
    "may ask for governance-minutes",
    "may ask for internal-audits",
    "may ask for performance-information",
    "may ask for problem-profiles",
)
ITEMS: Final = {
    "not-settled": ALWAYS,
    "post-inspection-visit": (*ALWAYS, *REVISIT, "must give-notice"),
    "post-inspection-review": ALWAYS + REVISIT + REVIEW,
    "full-re-inspection": (*ALWAYS, "must apply-full-methodology"),
}
WITH_A_PLAN: Final = ("must review-action-plan", "expected show-progress")
LET_OFF: Final = ("waived", "varied")


@frozen
class ByHand:
    """What the function by hand returns."""

    plan: tuple[str, str]
    stage: tuple[str, str]
    tier: tuple[str, str]
    items: tuple[str, ...]
    deadlines: tuple[Deadline, ...]


def half_a_year_on(day: datetime.date) -> datetime.date:
    """Return the corresponding date six months on."""
    month = day.month + 6
    year, month = (day.year + 1, month - 12) if month > 12 else (day.year, month)
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def assess_by_hand(
    values: Mapping[str, str],
    dates: Mapping[str, Date],
    let_off: Mapping[str, Status],
    on: datetime.date,
) -> ByHand:
    """Return all outcomes of one case, from values, whole days and what is waived or varied."""
    plan = _plan(values)
    waits = plan[0] == "usually-required" and values["action-plan-review"] == "not-yet"
    if values["report-published"] == "not-yet" or waits:
        stage = "not-reached", WAITS[1]
    else:
        stage = "reached", FOLLOWS
    tier = _tier(values, stage[0])
    items = (*ITEMS[tier[0]], *_of_the_plan(values, plan[0], tier[0]))
    alerts = tuple(_alerts(values, plan[0]))
    if alerts:
        items += alerts
    if tier[0] == "post-inspection-visit" and values["findings"] == "broadly-positive":
        items = (*items, "likely discuss-with-leaders")
    if values["immediate-recommendations"] != "none":
        items = (*items, "must give-immediate-update")
    if values["reinspection"] == "none-recorded":
        items = (*items, "may decide-full-re-inspection")
    deadlines = tuple(_deadlines(values, plan[0], tier[0], dates, let_off, on))
    return ByHand(plan, stage, tier, items, deadlines)


def _plan(values: Mapping[str, str]) -> tuple[str, str]:
    waiver, others = values["action-plan-waiver"], values["other-recommendations"]
    if waiver in LET_OFF:
        return "not-required", "decided-by-inspectors"
    if waiver == "none-recorded" and others == "none":
        return "not-required", FOLLOWS
    known = waiver == "none-recorded" and others == "some"
    return "usually-required", FOLLOWS if known else WAITS[1]


def _of_the_plan(values: Mapping[str, str], plan: str, tier: str) -> Iterator[str]:
    required = plan == "usually-required"
    if required:
        yield from WITH_A_PLAN
    if required or values["action-plan-waiver"] in LET_OFF:
        yield "usually provide-action-plan"
    if tier in {"post-inspection-visit", "post-inspection-review"}:
        yield "must discuss-progress" if required else "must discuss-recommendations"
    if tier == "post-inspection-review":
        yield "must select-documents" if required else "must select-documents-without-a-plan"
        if required:
            yield "may ask for updated-action-plan"


def _tier(  # noqa: PLR0911  as somebody would write it
    values: Mapping[str, str], stage: str
) -> tuple[str, str]:
    chosen, prospects, findings = values["tier-chosen"], values["prospects"], values["findings"]
    if values["reinspection"] == "decided":
        return "full-re-inspection", "decided-by-inspectors"
    if values["reinspection"] == "not-known" or chosen == "not-known":
        return WAITS
    if chosen != "none-recorded":
        return chosen, "decided-by-inspectors"
    if prospects == "significant-concerns" and values["report-published"] != "not-yet":
        return "full-re-inspection", FOLLOWS
    if prospects == "not-judged" or stage == "not-reached":
        return WAITS
    if prospects == "some-concerns":
        return "post-inspection-review", FOLLOWS
    if findings == "not-known":
        return WAITS
    if findings == "broadly-positive":
        return "post-inspection-visit", FOLLOWS
    return "not-settled", "referred-to-inspectors"


def _alerts(values: Mapping[str, str], plan: str) -> Iterator[str]:
    review = values["action-plan-review"] if plan == "usually-required" else ""
    yield from _alerts_of_choices(values)
    if values["action-plan-coverage"] == "incomplete":
        yield "alert.plan-incomplete"
    if review == "not-known" and values["prospects"] != "not-judged":
        yield "alert.plan-review-not-recorded"
    if review == "not-yet" and values["earlier-revisit"] != "begun":
        yield "alert.review-outstanding"
    if values["suspension"] != "none-recorded":
        yield "alert.suspension"


def _alerts_of_choices(values: Mapping[str, str]) -> Iterator[str]:
    chosen, prospects, findings = values["tier-chosen"], values["prospects"], values["findings"]
    concern = prospects in {"some-concerns", "significant-concerns"}
    lighter = {"post-inspection-visit", "post-inspection-review"}
    if values["reinspection"] == "decided" and chosen in lighter:
        yield "alert.chosen-beside-a-decision"
    if values["reinspection"] != "none-recorded":
        return
    if chosen == "none-recorded":
        if findings == "broadly-positive" and concern:
            yield "alert.findings-and-prospects-disagree"
        if findings == "not-broadly-positive" and prospects == "no-concerns":
            yield "alert.no-tier-fits"
    elif (chosen == "post-inspection-visit" and concern) or (
        chosen == "post-inspection-review" and prospects == "significant-concerns"
    ):
        yield "alert.chosen-despite-concerns"


@frozen
class _Limit:
    """A day counted from another, which may be known, still to come, or neither."""

    day: datetime.date | None
    if_to_come: datetime.date | None = None
    """The least that it can be where the other day is still to come."""

    @classmethod
    def of(cls, date: Date, on: datetime.date, days: int = 0) -> _Limit:
        """Return the day so many days after a date."""
        if isinstance(date, datetime.date):
            return cls(date + days * DAY)
        return cls(None, on + days * DAY if date is NOT_YET else None)


def _stands(
    name: str,
    last: _Limit | None,
    actual: Date,
    on: datetime.date,
    first: _Limit | None = None,
) -> Deadline:
    """Return where a deadline stands; one without ``last`` has no due date."""
    due = last.day if last else None
    if isinstance(actual, datetime.date):
        if due is not None and actual > due:
            status = "late" if actual <= on else "projected-late"
            return name, due, status, (actual - due).days
        status = _of_what_happened(actual, last, first) if actual <= on else "planned"
        return name, due, status, None
    if due is None:
        return name, None, "cannot-tell" if actual is UNKNOWN else "not-started", None
    if on <= due:
        return name, due, "due", None
    if actual is UNKNOWN:
        return name, due, "cannot-tell", None
    return name, due, "overdue", (on - due).days


def _stands_before(
    name: str, last: _Limit | None, actual: Date, on: datetime.date, _: _Limit | None = None
) -> Deadline:
    """Return where a deadline stands before the report is out: nothing is owed yet."""
    due = last.day if last else None
    if not isinstance(actual, datetime.date):
        return name, due, "not-started", None
    return name, due, "done" if actual <= on else "planned", None


def _of_what_happened(actual: datetime.date, last: _Limit | None, first: _Limit | None) -> str:
    if first is not None:
        earliest = first.day or first.if_to_come
        if earliest is not None and actual < earliest:
            return "too-early"
        if first.day is None:
            return "cannot-tell"
    if last is None:
        return "done"
    latest = last.day or last.if_to_come
    return "met" if latest is not None and actual <= latest else "cannot-tell"


def _deadlines(  # noqa: PLR0913, PLR0917  what was assessed so far, and the day
    values: Mapping[str, str],
    plan: str,
    tier: str,
    dates: Mapping[str, Date],
    let_off: Mapping[str, Status],
    on: datetime.date,
) -> Iterator[Deadline]:
    begun = values["report-published"] != "not-yet"

    def limit(event: str, days: int = 0) -> _Limit:
        return _Limit.of(dates[event], on, days)

    def stands(
        name: str, event: str, last: _Limit | None = None, first: _Limit | None = None
    ) -> Deadline:
        stands = _stands if begun else _stands_before
        return stands(f"deadline.{name}", last, dates[event], on, first)

    published = dates["report-published"]
    ceiling = half_a_year_on(published) if isinstance(published, datetime.date) else None
    if values["immediate-recommendations"] != "none":
        yield stands("immediate-update", "immediate-update-received")
    waiver = let_off.get("action-plan-received")
    if plan == "usually-required" or values["action-plan-waiver"] in LET_OFF:
        name, due, status, late = stands(
            "action-plan", "action-plan-received", limit("report-published", 42)
        )
        yield (name, due, status, late) if waiver is None else (name, due, waiver.value, None)
    if values["earlier-revisit"] != "begun":
        yield stands("revisit", "revisit-begins", _Limit(ceiling))
    if tier in {"not-settled", "full-re-inspection"}:
        return
    visit = tier == "post-inspection-visit"
    eve, ends = limit("revisit-begins", -1), limit("revisit-ends")
    if visit:
        yield stands("notice", "notice-given", limit("revisit-begins", -14))
        yield stands("feedback", "feedback-given", ends, limit("revisit-begins"))
    else:
        yield stands("feedback", "feedback-given", ends)
    for name in ("activity-described", "documents-reviewed"):
        yield stands(name, name, eve)
    after = limit("revisit-ends", 21)
    feedback = None if visit else limit("feedback-given")
    for party in ("chief-officer", "local-policing-body"):
        yield stands(f"write-to-{party}", f"written-feedback-to-{party}", after, feedback)
    yield stands("publish", "follow-up-published")


def plain_dates(case: Case) -> dict[str, Date]:
    """Return the dates of a case as the function by hand takes them."""
    return {
        name: when if when is UNKNOWN or when is NOT_YET else datetime.date.fromordinal(when.start)
        for name, when in case.dates.items()
    }


def outcomes_of(answer: ByHand) -> Outcomes:
    """Return what the function by hand says, to be compared."""
    return Outcomes(
        decided={
            "action-plan": answer.plan,
            "judgement-stage": answer.stage,
            "tier": answer.tier,
        },
        items=frozenset(answer.items),
        deadlines={
            name: (None if due is None else due.toordinal(), status, late)
            for name, due, status, late in answer.deadlines
        },
    )


def _cases(_: Ruleset) -> list[Contestant]:
    return [
        Contestant(
            name="a function written by hand",
            prepare=lambda case: (dict(case.values), plain_dates(case), case.let_off),
            run=lambda inputs: assess_by_hand(inputs[0], inputs[1], inputs[2], ON),
            answer=outcomes_of,
        )
    ]


def _misspelt() -> bool:
    """Return whether a value that does not exist passes unseen."""
    values = {"tier-chosen": "none-recorded", "reinspection": "none-recorded"}
    values |= {"prospects": "no-concerns", "findings": "broadly-positve"}
    return _tier(values, "reached") == ("not-settled", "referred-to-inspectors")


def _month_is_not_yet() -> bool:
    """Return whether a month is taken for a day that has not come."""
    month: Any = "2019-04"
    return _stands("any", _Limit(datetime.date(2019, 4, 1)), month, ON)[2] == "overdue"


PEER: Final = Peer(
    name="by hand",
    package="",
    made="Written by hand in Python, for our interpretations only: changing a rule is changing "
    "the code.",
    cases=_cases,
    cannot=(
        Cannot("A value that is misspelt is not refused; another answer follows.", _misspelt),
        Cannot("A partial date: a month is taken for a day that has not come.", _month_is_not_yet),
    ),
)
