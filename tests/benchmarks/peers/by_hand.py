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

    from ncpi_rules.ruleset import Ruleset
    from tests.benchmarks.peers.cases import Case

Date: TypeAlias = datetime.date | Unknown | NotYet
Deadline: TypeAlias = tuple[str, datetime.date | None, str, int | None]

DAY: Final = datetime.timedelta(days=1)
WAITS: Final = ("not-settled", "waits-for-a-judgement")
FOLLOWS: Final = "follows-from-the-methodology"
ALWAYS: Final = (
    "usually provide-action-plan",
    "must review-action-plan",
    "expected show-progress",
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
VISIT: Final = (
    "must discuss-progress",
    "must interview-key-staff",
    "must interview-partnership-chair",
    "must interview-director",
    "must review-documents",
    "must prepare-from-documents",
    "must give-notice",
    "must describe-activity",
    "must give-feedback",
    "must write-to-chief-officer",
    "must write-to-local-policing-body",
    "must publish-feedback",
    "may ask for policies-and-procedures",
)
REVIEW: Final = (
    *VISIT,
    "must audit-cases",
    "must select-documents",
    "may ask for updated-action-plan",
    "may ask for progress-reports",
    "may ask for governance-minutes",
    "may ask for internal-audits",
    "may ask for performance-information",
    "may ask for problem-profiles",
)
ITEMS: Final = {
    "not-settled": ALWAYS,
    "post-inspection-visit": ALWAYS + VISIT,
    "post-inspection-review": ALWAYS + REVIEW,
    "full-re-inspection": (*ALWAYS, *REVIEW, "must apply-full-methodology"),
}


@frozen
class ByHand:
    """What the function by hand returns."""

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
    values: Mapping[str, str], dates: Mapping[str, Date], on: datetime.date
) -> ByHand:
    """Return all outcomes of one case, from values and whole days."""
    review = values["action-plan-review"]
    stage = ("not-reached", WAITS[1]) if review == "not-yet" else ("reached", FOLLOWS)
    tier = _tier(values, stage[0])
    items = ITEMS[tier[0]]
    alerts = tuple(_alerts(values, tier[0]))
    if alerts:
        items += alerts
    if values["immediate-recommendations"] != "none":
        items = (*items, "must give-immediate-update")
    return ByHand(stage, tier, items, tuple(_deadlines(values, tier[0], dates, on)))


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
    if prospects == "significant-concerns":
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


def _alerts(  # noqa: C901  as somebody would write it
    values: Mapping[str, str], tier: str
) -> Iterator[str]:
    chosen, prospects, findings = values["tier-chosen"], values["prospects"], values["findings"]
    concern = prospects in {"some-concerns", "significant-concerns"}
    review = values["action-plan-review"]
    if values["reinspection"] == "none-recorded":
        if chosen == "none-recorded":
            if findings == "broadly-positive" and concern:
                yield "alert.findings-and-prospects-disagree"
            if findings == "not-broadly-positive" and prospects == "no-concerns":
                yield "alert.no-tier-fits"
        elif chosen == "post-inspection-visit" and concern:
            yield "alert.visit-chosen-despite-concerns"
        elif chosen == "post-inspection-review" and prospects == "significant-concerns":
            yield "alert.review-chosen-despite-significant-concerns"
    if values["action-plan-coverage"] == "incomplete":
        yield "alert.plan-incomplete"
    if review == "not-known" and prospects != "not-judged":
        yield "alert.plan-review-not-recorded"
    if review == "not-yet":
        full = tier == "full-re-inspection"
        yield "alert.review-outstanding-re-inspection" if full else "alert.review-outstanding"
    if values["suspension"] == "in-force":
        yield "alert.suspended"
    elif values["suspension"] == "over":
        yield "alert.was-suspended"
    elif values["suspension"] == "not-known":
        yield "alert.suspension-not-known"


def _stands(
    name: str, last: datetime.date | None, actual: Date, on: datetime.date, *, due: bool = True
) -> Deadline:
    """Return where a deadline stands; without ``due``, the deadline is an order and no date."""
    if last is None:
        return name, None, "no-date", None
    due_day = last if due else None
    if isinstance(actual, datetime.date):
        if actual > last:
            return name, due_day, "late", (actual - last).days if due else None
        return name, due_day, "met" if actual <= on else "planned", None
    if actual is UNKNOWN:
        return name, due_day, "unknown", None
    if on > last:
        return name, due_day, "overdue", (on - last).days if due else None
    return name, due_day, "open", None


def _feedback_of_a_visit(
    first: datetime.date | None, last: datetime.date | None, actual: Date, on: datetime.date
) -> Deadline:
    """Return where feedback stands, which is given between two days."""
    name = "deadline.feedback-visit"
    stands = _stands(name, last, actual, on)
    if not isinstance(actual, datetime.date) or stands[2] == "late":
        return stands
    if first is None:
        return stands if last is None else (name, last, "cannot-tell", None)
    if actual < first:
        return name, last, "too-early", None
    return (name, None, "cannot-tell", None) if last is None else stands


def _deadlines(
    values: Mapping[str, str], tier: str, dates: Mapping[str, Date], on: datetime.date
) -> Iterator[Deadline]:
    def day(name: str) -> datetime.date | None:
        date = dates[name]
        return date if isinstance(date, datetime.date) else None

    published, begins, ends = day("report-published"), day("revisit-begins"), day("revisit-ends")
    if values["immediate-recommendations"] != "none":
        yield "deadline.immediate-update", None, "no-date", None
    plan = published and published + 42 * DAY
    yield _stands("deadline.action-plan", plan, dates["action-plan-received"], on)
    full = tier == "full-re-inspection"
    yield _stands(
        "deadline.revisit-re-inspection" if full else "deadline.revisit",
        published and half_a_year_on(published),
        dates["revisit-begins"],
        on,
    )
    if tier == "not-settled":
        return
    kind = "re-inspection" if full else tier.removeprefix("post-inspection-")
    common = "-re-inspection" if full else ""
    eve = begins and begins - DAY
    if kind == "visit":
        yield _stands(
            "deadline.notice-visit", begins and begins - 14 * DAY, dates["notice-given"], on
        )
        yield _feedback_of_a_visit(begins, ends, dates["feedback-given"], on)
    else:
        name = (
            "deadline.notice-re-inspection" if full else "deadline.notice-review-without-a-period"
        )
        yield _stands(name, eve, dates["notice-given"], on, due=False)
        yield _stands(f"deadline.feedback-{kind}", ends, dates["feedback-given"], on)
    for name in ("activity-described", "documents-reviewed"):
        yield _stands(f"deadline.{name}{common}", eve, dates[name], on, due=False)
    after = None if full else ends and ends + 21 * DAY
    for party in ("chief-officer", "local-policing-body"):
        yield _stands(
            f"deadline.write-to-{party}-{kind}", after, dates[f"written-feedback-to-{party}"], on
        )
    yield f"deadline.publish-{kind}", None, "no-date", None


def plain_dates(case: Case) -> dict[str, Date]:
    """Return the dates of a case as the function by hand takes them."""
    return {
        name: when if when is UNKNOWN or when is NOT_YET else datetime.date.fromordinal(when.start)
        for name, when in case.dates.items()
    }


def outcomes_of(answer: ByHand) -> Outcomes:
    """Return what the function by hand says, to be compared."""
    return Outcomes(
        decided={"judgement-stage": answer.stage, "tier": answer.tier},
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
            prepare=lambda case: (dict(case.values), plain_dates(case)),
            run=lambda inputs: assess_by_hand(inputs[0], inputs[1], ON),
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
    return _stands("any", datetime.date(2019, 4, 1), month, ON)[2] == "overdue"


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
