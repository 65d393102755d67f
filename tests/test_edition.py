"""The shipped edition against the methodology, worked by hand, with its open questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ncpi_rules.checks import check
from ncpi_rules.core import Modality, PartialDate
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    decide,
    patch,
    shipped_ruleset,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.plan import Plan

RULES = shipped_ruleset()
VISIT, REVIEW, FULL = "post-inspection-visit", "post-inspection-review", "full-re-inspection"
WAITS, REFERRED = "waits-for-a-judgement", "referred-to-inspectors"
PUBLISHED = "2018-08-30"  # six months on is the last day of February
BEGINS, ENDS = "2019-01-07", "2019-01-11"
CHOSEN = {
    tier: {"decision": "tier-chosen", "value": tier, "by": "HMICFRS", "on": "unknown", "why": "x"}
    for tier in (VISIT, REVIEW, FULL)
}


def tier(values: Mapping[str, str], **interpretations: str) -> str:
    """Return the tier, or its basis where there is none."""
    outcome = decide(RULES, values, interpretations=interpretations).outcomes["tier"]
    return outcome.value or outcome.basis.value


@pytest.mark.parametrize(
    ("findings", "prospects", "expected"),
    [
        ("broadly-positive", "no-concerns", VISIT),
        ("broadly-positive", "some-concerns", REVIEW),
        ("broadly-positive", "significant-concerns", FULL),
        ("broadly-positive", "not-judged", WAITS),
        ("not-broadly-positive", "no-concerns", REFERRED),
        ("not-broadly-positive", "some-concerns", REVIEW),
        ("not-broadly-positive", "significant-concerns", FULL),
        ("not-broadly-positive", "not-judged", WAITS),
        ("not-known", "no-concerns", WAITS),
        ("not-known", "some-concerns", REVIEW),
        ("not-known", "significant-concerns", FULL),
        ("not-known", "not-judged", WAITS),
    ],
)
def test_the_type_of_follow_up(findings: str, prospects: str, expected: str) -> None:
    """Where nobody has decided, findings and prospects give the type of follow-up."""
    assert tier({"findings": findings, "prospects": prospects}) == expected


@pytest.mark.parametrize(
    ("interpretations", "findings", "prospects", "expected"),
    [
        ({"R1": "findings-decide"}, "broadly-positive", "some-concerns", VISIT),
        ({"R1": "findings-decide"}, "broadly-positive", "significant-concerns", VISIT),
        ({"R1": "findings-decide"}, "not-known", "some-concerns", WAITS),
        ({"R1": "refer"}, "broadly-positive", "some-concerns", REFERRED),
        ({"R1": "refer"}, "broadly-positive", "significant-concerns", REFERRED),
        ({"R1": "refer"}, "not-broadly-positive", "some-concerns", REVIEW),
        ({"R2": "visit"}, "not-broadly-positive", "no-concerns", VISIT),
        ({"R2": "review"}, "not-broadly-positive", "no-concerns", REVIEW),
        ({"R3": "may"}, "not-broadly-positive", "significant-concerns", REFERRED),
        ({"R3": "may"}, "broadly-positive", "significant-concerns", REFERRED),
        ({"R13": "wait"}, "broadly-positive", "no-concerns", WAITS),
        ({"R13": "wait"}, "not-broadly-positive", "significant-concerns", FULL),
    ],
)
def test_the_other_answers(
    interpretations: dict[str, str], findings: str, prospects: str, expected: str
) -> None:
    """Each open question about the type of follow-up can be switched to its other answers."""
    assert tier({"findings": findings, "prospects": prospects}, **interpretations) == expected


@pytest.mark.parametrize("concerns", ["no-concerns", "some-concerns"])
def test_the_tier_waits_for_the_plan(concerns: str) -> None:
    """Until the action plan is reviewed or waived, no and some concerns settle nothing."""
    case = {"findings": "broadly-positive", "prospects": concerns}
    assert tier({**case, "action-plan-review": "not-yet"}) == WAITS
    assert tier({**case, "action-plan-review": "done"}) in {VISIT, REVIEW}
    assert tier({**case, "action-plan-review": "not-required"}) in {VISIT, REVIEW}


def plan(
    tier_chosen: str, on: str = "2019-03-01", *, interpretations: Any = None, **facts: Any
) -> Plan:
    """Return the plan of a follow-up with this tier, published and revisited on the days above."""
    follow_up = FollowUp.from_dict(
        {
            "force": "kent",
            "inspection_report": {"published": PUBLISHED, **facts.pop("report", {})},
            "decisions": [CHOSEN[tier_chosen]],
            "fieldwork": {"begins": BEGINS, "ends": ENDS},
            **facts,
        }
    )
    return assess(follow_up, on=on, interpretations=interpretations)


def dues(of: Plan) -> dict[str, str | None]:
    """Return the due date of every event that has a deadline."""
    return {
        deadline.event: None if deadline.due is None else deadline.due.edtf
        for deadline in of.deadlines
    }


ALL_TIERS = {
    "immediate-update-received": None,
    "action-plan-received": "2018-10-11",
    "revisit-begins": "2019-02-28",
}
COMMON = {
    **ALL_TIERS,
    "activity-described": "2019-01-06",
    "documents-reviewed": "2019-01-06",
    "feedback-given": "2019-01-11",
    "follow-up-published": None,
}
PLAN_GUARANTEE = "nothing-for-a-plan-that-is-not-required"
LISTED = {"R15": "at-least-those-of-a-review"}
WRITTEN = ("written-feedback-to-chief-officer", "written-feedback-to-local-policing-body")


@pytest.mark.parametrize(
    ("tier_chosen", "interpretations", "expected"),
    [
        (VISIT, {}, {"notice-given": "2018-12-24", **dict.fromkeys(WRITTEN, "2019-02-01")}),
        (REVIEW, {}, dict.fromkeys(WRITTEN, "2019-02-01")),
        (FULL, {}, dict.fromkeys(WRITTEN)),
        (REVIEW, {"R5": "as-for-a-visit"}, {"notice-given": "2018-12-24"}),
        (FULL, {"R5": "as-for-a-visit"}, {"notice-given": "2018-12-24"}),
        (VISIT, {"R6": "from-the-first-day"}, dict.fromkeys(WRITTEN, "2019-01-28")),
        (REVIEW, {"R6": "from-the-first-day"}, dict.fromkeys(WRITTEN, "2019-01-28")),
        (FULL, {"R10": "as-for-letters"}, dict.fromkeys(WRITTEN, "2019-02-01")),
        (VISIT, {"R17": "as-for-letters"}, {"follow-up-published": "2019-02-01"}),
        (REVIEW, {"R17": "as-for-letters"}, {"follow-up-published": "2019-02-01"}),
        (FULL, {"R17": "as-for-letters"}, {"follow-up-published": "2019-02-01"}),
        *(
            (
                tier_chosen,
                {"R6": "from-the-first-day", "R10": "as-for-letters", "R17": "as-for-letters"},
                {"follow-up-published": "2019-01-28", **dict.fromkeys(WRITTEN, "2019-01-28")},
            )
            for tier_chosen in (VISIT, REVIEW, FULL)
        ),
    ],
)
def test_the_deadlines(
    tier_chosen: str, interpretations: dict[str, str], expected: dict[str, str | None]
) -> None:
    """Each type of follow-up has its due dates, and none where nothing is counted.

    A full re-inspection has them where it takes in what a review has; otherwise it has none.
    """
    if tier_chosen == FULL:
        assert dues(plan(FULL, interpretations=interpretations)) == ALL_TIERS
        interpretations = {**LISTED, **interpretations}
    ours = dues(plan(tier_chosen, interpretations=LISTED))
    due_dates = dues(plan(tier_chosen, interpretations=interpretations))
    assert due_dates == {**COMMON, **(ours if interpretations else {}), **expected}


@pytest.mark.parametrize("tier_chosen", [VISIT, REVIEW, FULL])
def test_the_ceiling_and_its_open_questions(tier_chosen: str) -> None:
    """The first or the last day meets the ceiling; it binds all kinds, or not; it may wait."""
    assert (
        dues(plan(tier_chosen, interpretations={"R7": "last-day"}))["revisit-ends"] == "2019-02-28"
    )
    binds = dues(plan(tier_chosen, interpretations={"R4": "does-not-bind-full-re-inspection"}))
    assert ("revisit-begins" in binds) == (tier_chosen != FULL)
    waiting: dict[str, Any] = {"interpretations": {"R9": "ceiling-waits"}}
    not_yet = plan(tier_chosen, action_plan={"received": "not-yet"}, **waiting)
    done = plan(tier_chosen, action_plan={"reviewed": "2018-11-01"}, **waiting)
    assert "revisit-begins" not in dues(not_yet)
    assert dues(done)["revisit-begins"] == "2019-02-28"


def test_a_day_off() -> None:
    """A due date on a Sunday stands and is flagged, or moves to the Friday before it."""
    facts: dict[str, Any] = {
        "report": {"published": "2022-08-05"},
        "fieldwork": {},
        "on": "2022-09-01",
    }
    for interpretations, due in (
        ({}, "2023-02-05"),
        ({"R8": "moves-to-the-working-day-before"}, "2023-02-03"),
    ):
        result = plan(REVIEW, interpretations=interpretations, **facts)
        assert dues(result)["revisit-begins"] == due
    flagged = next(
        deadline for deadline in plan(REVIEW, **facts).to_dict()["deadlines"] if deadline["due"]
    )
    assert flagged["working_day_before"] is None  # six weeks end on a Friday
    revisit = next(
        deadline
        for deadline in plan(REVIEW, **facts).to_dict()["deadlines"]
        if deadline["event"] == "revisit-begins"
    )
    assert (revisit["working_day_before"], "R8" in revisit["interpretations"]) == (
        "2023-02-03",
        True,
    )


def activities(of: Plan, *, options: bool = False) -> list[str]:
    """Return what inspectors do in the follow-up, without what every follow-up has."""
    items = of.optional_actions if options else of.required_actions
    return sorted(item.activity for item in items if item.id.startswith("activity."))


AT_A_VISIT = [
    "discuss-progress",
    "interview-director",
    "interview-key-staff",
    "interview-partnership-chair",
    "review-documents",
]


def test_the_activities() -> None:
    """A review adds case audits to a visit; a full re-inspection has the full methodology."""
    assert activities(plan(VISIT)) == AT_A_VISIT
    assert activities(plan(REVIEW)) == sorted([*AT_A_VISIT, "audit-cases"])
    assert activities(plan(FULL)) == ["apply-full-methodology"]
    assert activities(plan(FULL, interpretations=LISTED)) == sorted(
        [*AT_A_VISIT, "audit-cases", "apply-full-methodology"]
    )
    likely = plan(VISIT, interpretations={"R16": "likely"})
    assert activities(likely, options=True) == ["discuss-progress"]
    assert "discuss-progress" not in activities(likely)
    perhaps = plan(REVIEW, interpretations={"R14": "may"})
    assert activities(perhaps, options=True) == ["audit-cases"]
    assert "audit-cases" not in activities(perhaps)


def test_case_audits_for_each_area() -> None:
    """A review has one selection of cases, or one for each area of concern; a visit has none."""
    areas = {"areas_of_concern": ["missing from home", "child sexual exploitation"]}
    (audit,) = (
        step
        for step in plan(REVIEW, action_plan=areas).required_actions
        if step.activity == "audit-cases"
    )
    assert (audit.id, audit.of) == ("activity.case-audits", None)
    result = plan(REVIEW, action_plan=areas, interpretations={"R22": "one-for-each-area"})
    audits = [step for step in result.required_actions if step.activity == "audit-cases-by-area"]
    assert [step.of for step in audits] == ["child sexual exploitation", "missing from home"]
    assert [step.id for step in audits] == [
        "activity.case-audits[child-sexual-exploitation]",
        "activity.case-audits[missing-from-home]",
    ]
    assert "audit-cases" not in activities(plan(VISIT, action_plan=areas))


def documents(of: Plan) -> dict[str, bool | None]:
    """Return which documents are suggested."""
    return {document.document: document.suggested for document in of.documents}


def test_the_documents() -> None:
    """A document is suggested where a recommendation or an area calls for it, and says which."""
    facts: dict[str, Any] = {
        "report": {"recommendations": [{"id": "4", "time_limit": "none", "topic": "governance"}]},
        "action_plan": {"areas_of_concern": ["Online abuse"]},
    }
    assert documents(plan(REVIEW, **facts)) == {
        "updated-action-plan": True,
        "progress-reports": True,
        "policies-and-procedures": True,
        "governance-minutes": True,
        "internal-audits": True,
        "performance-information": False,
        "problem-profiles": True,
    }
    called = {
        document.document: document.prompted_by for document in plan(REVIEW, **facts).documents
    }
    assert called["governance-minutes"] == ("recommendation 4",)
    assert called["problem-profiles"] == ("area of concern: Online abuse",)
    assert set(documents(plan(REVIEW)).values()) == {None}
    for answer, suggested in (("all", True), ("none", False)):
        requested = documents(plan(REVIEW, interpretations={"R12": answer}, **facts))
        assert set(requested.values()) == {suggested}
        assert len(requested) == 7
    assert documents(plan(VISIT, **facts)) == {"policies-and-procedures": True}
    assert documents(plan(FULL, **facts)) == {}
    listed = documents(plan(FULL, interpretations=LISTED, **facts))
    assert listed == documents(plan(REVIEW, **facts))


def test_modality() -> None:
    """The action plan is usual, progress expected, access and a decision open; all else must be."""
    result = plan(REVIEW)
    said = {step.id: step.modality for step in result.required_actions}
    assert said.pop("action.action-plan") is Modality.USUALLY
    assert said.pop("action.show-progress") is Modality.EXPECTED
    assert set(said.values()) == {Modality.MUST}
    optional = ["option.access", "option.decide-full-re-inspection"]
    assert [step.id for step in result.optional_actions] == optional
    perhaps = assess(
        FollowUp.from_dict(
            {
                "force": "kent",
                "inspection_report": {"findings": "not-broadly-positive"},
                "prospects": "significant-concerns",
            }
        ),
        on="2019-01-01",
        interpretations={"R3": "may"},
    )
    assert "option.full-re-inspection" in [step.id for step in perhaps.optional_actions]


ALWAYS = {
    "give-immediate-update",
    "provide-action-plan",
    "review-action-plan",
    "show-progress",
    "revisit",
    "make-arrangements",
    "inform-schedule",
}
AROUND = {
    "give-notice",
    "describe-activity",
    "prepare-from-documents",
    "give-feedback",
    "write-to-chief-officer",
    "write-to-local-policing-body",
    "publish-feedback",
}


@pytest.mark.parametrize(
    ("tier_chosen", "more"),
    [
        (VISIT, set()),
        (REVIEW, {"audit-cases", "select-documents"}),
        (FULL, {"audit-cases", "select-documents", "apply-full-methodology"}),
    ],
)
def test_the_steps(tier_chosen: str, more: set[str]) -> None:
    """Each type of follow-up has these actions and no others.

    A full re-inspection has those of a review by another answer alone, and notice of the date is
    owed before a visit alone.
    """
    done = {step.activity for step in plan(tier_chosen, interpretations=LISTED).required_actions}
    wanted = ALWAYS | AROUND | set(AT_A_VISIT) | more
    assert done == (wanted if tier_chosen == VISIT else wanted - {"give-notice"})
    if tier_chosen == FULL:
        ours = {step.activity for step in plan(FULL).required_actions}
        assert ours == ALWAYS | {"apply-full-methodology"}


def test_the_steps_before_anything_is_settled() -> None:
    """While the type of follow-up waits, only what every follow-up has is to be done."""
    early = assess(FollowUp.from_dict({"force": "kent"}), on="2019-01-01")
    assert {step.activity for step in early.required_actions} == ALWAYS
    none = {"recommendations": [{"id": "1", "time_limit": "none"}]}
    early = assess(
        FollowUp.from_dict({"force": "kent", "inspection_report": none}), on="2019-01-01"
    )
    assert {step.activity for step in early.required_actions} == ALWAYS - {"give-immediate-update"}


def test_how_strongly_each_rule_speaks() -> None:
    """All deadlines bind but that of the action plan; documents may be asked for, no more."""
    said = {(rule.rule, rule.modality) for rule in RULES.of_kind(DeadlineRule)}
    assert {rule: modality for rule, modality in said if modality is not Modality.MUST} == {
        "deadline.action-plan": Modality.USUALLY
    }
    assert {rule.modality for rule in RULES.of_kind(DocumentRule)} == {Modality.MAY}
    weaker = {
        rule.full_name: rule.modality.value
        for rule in RULES.of_kind(ActionRule)
        if rule.modality is not Modality.MUST
    }
    assert weaker == {
        "action.action-plan where action-plan is not-required": "usually",
        "action.action-plan where action-plan is usually-required": "usually",
        "action.show-progress": "expected",
        "activity.discussion where tier is post-inspection-visit, R16 is likely and action-plan is "
        "not-required": "likely",
        "activity.discussion where tier is post-inspection-visit, R16 is likely and action-plan is "
        "usually-required": "likely",
        "activity.case-audits where tier is post-inspection-review, R14 is may and R22 is "
        "one-for-each-area": "may",
        "activity.case-audits where tier is post-inspection-review, R14 is may and R22 is "
        "one-selection": "may",
        "option.access": "may",
        "option.decide-full-re-inspection": "may",
        "option.light-touch": "likely",
        "option.full-re-inspection": "may",
    }


@pytest.mark.parametrize("tier_chosen", [REVIEW, FULL])
def test_feedback_at_the_end(tier_chosen: str) -> None:
    """Feedback at the end is given on the last day of the review, or sooner if that will do."""
    for answer, first in (("by-the-last-day", None), ("on-the-last-day", ENDS)):
        asked = {"R18": answer, **LISTED}
        result = plan(tier_chosen, interpretations=asked, feedback={"given": BEGINS})
        feedback = next(
            deadline for deadline in result.deadlines if deadline.event == "feedback-given"
        )
        assert (feedback.not_before and feedback.not_before.edtf) == first
        assert feedback.status.value == ("met" if first is None else "too-early")


def test_the_immediate_update() -> None:
    """The update has no date, or is due on the day before the revisit."""
    late: dict[str, Any] = {"immediate_update": {"received": "2019-02-01"}}
    eve = PartialDate.read("2019-01-06")
    for answer, due, status in (("no-date", None, "done"), ("before-the-revisit", eve, "late")):
        result = plan(REVIEW, interpretations={"R19": answer}, **late)
        update = next(e for e in result.deadlines if e.event == "immediate-update-received")
        assert (update.due, update.status.value) == (due, status)


@pytest.mark.parametrize("tier_chosen", [VISIT, REVIEW, FULL])
@pytest.mark.parametrize("answer", ["first-day", "last-day"])
def test_the_ceiling_that_waits(tier_chosen: str, answer: str) -> None:
    """Where the ceiling waits for the plan's review, it is the same six months once it is there."""
    event = {"first-day": "revisit-begins", "last-day": "revisit-ends"}[answer]
    interpretations = {"R7": answer, "R9": "ceiling-waits"}
    for reviewed, due in (("2018-11-01", "2019-02-28"), ("not-yet", None)):
        due_dates = dues(
            plan(tier_chosen, interpretations=interpretations, action_plan={"reviewed": reviewed})
        )
        assert due_dates.get(event) == due


def test_the_questions() -> None:
    """Whatever the type of follow-up, it answers the four aims and the recommendations."""
    for chosen in (VISIT, REVIEW, FULL):
        cited = {id_ for question in plan(chosen).questions for id_ in question.statements}
        assert cited == {"approach.8", *(f"approach.{number}" for number in range(9, 14))}


def test_every_statement_is_carried_or_says_why_not() -> None:
    """Each of the 61 statements has a rule, or a reason for having none."""
    carried = {id_ for rule in RULES.rules.values() for id_ in rule.statements}
    without = {id_ for id_, statement in RULES.statements.items() if statement.no_rule}
    assert len(RULES.statements) == 61
    assert carried | without == set(RULES.statements)
    assert carried & without == set()
    assert check(RULES) == ()


def test_every_answer_of_the_register_changes_something() -> None:
    """Each open question has other answers, and they change rules or what the library does."""
    chosen = {choice.choice for choice in RULES.choices.values()}
    tested = {
        (id_, value) for r in RULES.rules.values() for id_ in r.under for value in r.under[id_]
    }
    for id_, interpretation in RULES.interpretations.items():
        assert interpretation.agreed_by == "nobody yet"
        assert len(interpretation.answers) > 1
        assert id_ in chosen or {(id_, value) for value in interpretation.answers} & tested
    assert chosen & set(RULES.interpretations) == {"R8", "R11", "R12"}


def test_what_the_plan_leaves_out() -> None:
    """Leaving out a recommendation is told; one for immediate action only where that is asked."""
    report = {
        "recommendations": [
            {"id": "1", "time_limit": "immediate"},
            {"id": "2", "time_limit": "none"},
        ]
    }

    def alerts_on(covers: list[str], **interpretations: str) -> set[str]:
        result = plan(
            REVIEW, report=report, action_plan={"covers": covers}, interpretations=interpretations
        )
        return {alert.id for alert in result.alerts}

    assert "alert.plan-incomplete" in alerts_on(["1"])
    assert "alert.plan-incomplete" not in alerts_on(["2"])
    assert "alert.plan-without-immediate" not in alerts_on(["2"])
    assert "alert.plan-without-immediate" in alerts_on(["2"], R20="all-recommendations")


@pytest.mark.parametrize(
    ("findings", "prospects", "expected"),
    [
        ("broadly-positive", "no-concerns", set()),
        ("broadly-positive", "some-concerns", {"alert.findings-and-prospects-disagree"}),
        ("broadly-positive", "significant-concerns", {"alert.findings-and-prospects-disagree"}),
        ("not-broadly-positive", "no-concerns", {"alert.no-tier-fits"}),
        ("not-broadly-positive", "some-concerns", set()),
        ("not-broadly-positive", "significant-concerns", set()),
    ],
)
def test_what_a_reader_is_told(findings: str, prospects: str, expected: set[str]) -> None:
    """Findings and prospects that the methodology does not put together are pointed out."""
    values = {"findings": findings, "prospects": prospects, "action-plan-review": "done"}
    alerts = decide(RULES, values).applicable.alerts
    assert {alert.rule for alert in alerts} == expected
    alerts = decide(RULES, {**values, "action-plan-review": "not-yet"}).applicable.alerts
    by_rule = {alert.rule: alert.case for alert in alerts}
    assert by_rule.keys() == expected | {"alert.review-outstanding"}
    # Significant concerns lead to a full re-inspection at once: the warning is about that.
    full = prospects == "significant-concerns"
    assert ("full-re-inspection" in by_rule["alert.review-outstanding"]["tier"]) == full
    alerts = decide(RULES, {**values, "action-plan-review": "not-known"}).applicable.alerts
    by_rule = {alert.rule: alert.case for alert in alerts}
    assert by_rule.keys() == expected | {"alert.plan-review-not-recorded"}


@pytest.mark.parametrize("value", ["in-force", "over", "not-known", "none-recorded"])
def test_suspensions_are_told(value: str) -> None:
    """Whether inspection is, was or may be suspended is told, each in its own words."""
    alerts = decide(RULES, {"suspension": value}).applicable.alerts
    suspensions = [alert for alert in alerts if "suspen" in alert.rule]
    assert [alert.case for alert in suspensions] == (
        [] if value == "none-recorded" else [{"suspension": (value,)}]
    )
    sentences = {rule.alert for rule in RULES.of_kind(AlertRule) if rule.rule == "alert.suspension"}
    assert {alert.alert for alert in suspensions} <= sentences
    assert len(sentences) == 3


def test_local_names() -> None:
    """Wales has its own boards, and some forces other offices; the term stands beside them."""

    def to(force: str, **interpretations: str) -> set[str]:
        follow_up = FollowUp.from_dict({"force": force, "decisions": [CHOSEN[VISIT]]})
        document = assess(follow_up, on="2023-01-01", interpretations=interpretations).to_dict()
        return {name for step in document["required_actions"] for name in step["to"]}

    assert any("safeguarding children board" in name for name in to("gwent"))
    assert not any("board" in name for name in to("kent"))
    assert any("Mayor of West Yorkshire" in name for name in to("west-yorkshire"))
    assert any("Commissioner of Police of the Metropolis" in name for name in to("metropolitan"))
    assert not any("here:" in name for name in to("gwent", R11="the-term-as-it-stands"))


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ("2014-03-31", "31 March 2014, is outside it."),
        ("2014-04-01", None),
        ("2024-02-29", None),
        ("2024-03-01", "1 March 2024, is outside it."),
        ("2024-03/2024-05", "between 1 March 2024 and 31 May 2024, is outside it."),
        ("2024", "2024, may be outside it."),
        ("2024-02/2024-03-01", "between 1 February 2024 and 1 March 2024, may be outside it."),
        ("2014-03-31/2014-04-02", "between 31 March 2014 and 2 April 2014, may be outside it."),
        ("unknown", None),
    ],
)
def test_outside_the_edition(published: str, said: str | None) -> None:
    """A report that was, or may have been, published when the edition did not stand is named."""
    result = plan(REVIEW, on="2030-01-01", report={"published": published}, fieldwork={})
    sentences = [alert.sentence for alert in result.alerts if alert.id == "outside-the-edition"]
    assert len(sentences) == (0 if said is None else 1)
    assert all(str(said) in sentence for sentence in sentences)


def test_a_waiver_stands_beside_the_days() -> None:
    """What was waived is told beside how late it is, and hides nothing."""
    waiver = {"decision": "waiver", "of": "revisit-begins", "by": "HMICFRS", "on": "2018-12-01"}
    late = {"begins": "2019-03-10", "ends": "2019-03-11"}
    result = plan(
        REVIEW,
        on="2019-06-01",
        decisions=[CHOSEN[REVIEW], {**waiver, "why": "agreed"}],
        fieldwork=late,
    )
    said = next(alert.sentence for alert in result.alerts if alert.id == "alert.deadline.revisit")
    done = "done 10 March 2019, 10 days after the due date, as was agreed"
    assert said.startswith(f"Waived ({done}): ")
    assert "This was waived (" in said
    assert (revisit(result)["status"], revisit(result)["late_by_days"]["to"]) == ("waived", 10)


def revisit(of: Plan) -> dict[str, Any]:
    """Return the published deadline for the revisit."""
    return next(e for e in of.to_dict()["deadlines"] if e["event"] == "revisit-begins")


def test_a_waiver_yet_to_come_is_not_told() -> None:
    """A waiver dated after the day of the assessment changes nothing before its day."""
    waiver = {"decision": "waiver", "of": "revisit-begins", "by": "HMICFRS", "on": "2019-03-01"}
    decisions = {"decisions": [CHOSEN[REVIEW], {**waiver, "why": "agreed"}]}
    not_yet: dict[str, Any] = {"fieldwork": {"begins": "not-yet"}, **decisions}
    for on, is_waived in (("2019-02-28", False), ("2019-03-01", True)):
        result = plan(REVIEW, on=on, **not_yet)
        assert (revisit(result)["decision"] is not None) == is_waived
        step = next(step for step in result.required_actions if step.id == "action.revisit")
        assert (step.status.value == "waived") == is_waived


def test_the_days_left_are_published() -> None:
    """Days are counted to the due date, which itself is in time; the day after it is too late."""
    for on, left, late, status in (
        ("2019-02-18", 10, None, "due"),
        ("2019-02-28", 0, None, "due"),
        ("2019-03-01", None, 1, "overdue"),
    ):
        deadline = revisit(plan(REVIEW, on=on, fieldwork={"begins": "not-yet"}))
        assert deadline["days_left"] == (None if left is None else {"from": left, "to": left})
        assert deadline["late_by_days"] == (None if late is None else {"from": late, "to": late})
        assert deadline["status"] == status


@pytest.mark.parametrize(
    ("on", "status"),
    [("2018-12-31", "planned"), ("2019-01-15", "cannot-tell"), ("2019-01-31", "met")],
)
def test_a_month_that_is_not_over(on: str, status: str) -> None:
    """Within the month of the revisit nobody can tell whether it has begun."""
    assert revisit(plan(REVIEW, on=on, fieldwork={"begins": "2019-01"}))["status"] == status


def test_a_plan_shows_itself_in_a_notebook() -> None:
    """What a notebook shows is the plan's own fragment of HTML, with nothing to fetch."""
    shown = plan(REVIEW)._repr_html_()
    assert "Kent Police" in shown
    assert "Late by" not in shown
    assert "<script" not in shown
    assert "http" not in shown


def test_a_window_begins_today() -> None:
    """During a visit, feedback can still be given in time from today on, not from its first day."""
    result = plan(VISIT, on="2019-01-09")
    feedback = next(deadline for deadline in result.deadlines if deadline.event == "feedback-given")
    assert feedback.window is not None
    assert feedback.window.edtf == "2019-01-09/2019-01-11"


def test_the_reasons_for_a_deadline_begin_with_its_status() -> None:
    """Whoever asks why of a deadline reads first what it asks for, then how it stands."""
    late = plan(REVIEW)
    (revisit,) = (deadline for deadline in late.deadlines if deadline.id == "deadline.revisit")
    assert revisit.status_sentences
    stands = len(revisit.status_sentences) + 1
    assert late.why("deadline.revisit")[1:stands] == revisit.status_sentences


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"activity.discussion": {"to": ["force-leaders"]}}, "leaders-are-likely"),
        ({"option.light-touch": {"modality": "may"}}, None),
        ({"option.light-touch": {"when": {"findings": None}}}, "leaders-are-likely"),
        ({"action.show-progress": {"when": {"action-plan": None}}}, PLAN_GUARANTEE),
        ({"action.review-action-plan": {"when": {"action-plan": None}}}, PLAN_GUARANTEE),
        ({"R15": {"ours": "at-least-those-of-a-review"}}, "reviews-only"),
        ({"R15": {"ours": "at-least-those-of-a-review"}}, "visits-and-reviews-only"),
        ({"R5": {"ours": "as-for-a-visit"}}, "the-date-of-a-visit-only"),
        ({"R5": {"ours": "as-for-a-visit"}}, "visits-only"),
        (
            {"tier.not-inspected": {"then": VISIT, "basis": "follows-from-the-methodology"}},
            "nobody-before-the-report",
        ),
    ],
)
def test_a_rule_that_says_more_than_its_statement_is_found(
    change: dict[str, Any], broken: str | None
) -> None:
    """Each over-reading that this edition once had breaks a guarantee made against it."""
    broken_at = {
        finding.place for finding in check(patch(RULES, change)) if "guarantee" in finding.code
    }
    places = {RULES.guarantees[broken].place} if broken else set()
    assert places <= broken_at if broken else broken_at == set()
