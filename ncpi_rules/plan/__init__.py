"""From the facts of a follow-up to its plan, and from a plan to a record of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.plan.assessment import assess as assess
    from ncpi_rules.plan.assessment import check_names as check_names
    from ncpi_rules.plan.assessment import current_of as current_of
    from ncpi_rules.plan.assessment import edition_for as edition_for
    from ncpi_rules.plan.assessment import plan_of as plan_of
    from ncpi_rules.plan.assessment import values_of as values_of
    from ncpi_rules.plan.diff import GROUNDS as GROUNDS
    from ncpi_rules.plan.diff import WORDING as WORDING
    from ncpi_rules.plan.diff import Difference as Difference
    from ncpi_rules.plan.diff import compare as compare
    from ncpi_rules.plan.diff import differences as differences
    from ncpi_rules.plan.diff import of_substance as of_substance
    from ncpi_rules.plan.document import ABOUT_THE_EDITION as ABOUT_THE_EDITION
    from ncpi_rules.plan.document import EDITION_NOT_CERTAIN as EDITION_NOT_CERTAIN
    from ncpi_rules.plan.document import FIRST_OF_ALL as FIRST_OF_ALL
    from ncpi_rules.plan.document import NOT_BEGUN as NOT_BEGUN
    from ncpi_rules.plan.document import OUTSIDE_THE_EDITION as OUTSIDE_THE_EDITION
    from ncpi_rules.plan.document import Action as Action
    from ncpi_rules.plan.document import Alert as Alert
    from ncpi_rules.plan.document import DocumentRequest as DocumentRequest
    from ncpi_rules.plan.document import Grounds as Grounds
    from ncpi_rules.plan.document import InterpretationTaken as InterpretationTaken
    from ncpi_rules.plan.document import JsonDocument as JsonDocument
    from ncpi_rules.plan.document import PlanDeadline as PlanDeadline
    from ncpi_rules.plan.document import PlanDocument as PlanDocument
    from ncpi_rules.plan.document import PlanItem as PlanItem
    from ncpi_rules.plan.document import PlanOutcome as PlanOutcome
    from ncpi_rules.plan.document import PlanRevisit as PlanRevisit
    from ncpi_rules.plan.document import Question as Question
    from ncpi_rules.plan.inputs import DayRange as DayRange
    from ncpi_rules.plan.inputs import Repeating as Repeating
    from ncpi_rules.plan.inputs import RevisitDays as RevisitDays
    from ncpi_rules.plan.inputs import StillUnknown as StillUnknown
    from ncpi_rules.plan.plan import Plan as Plan
    from ncpi_rules.plan.records import Record as Record
    from ncpi_rules.plan.records import record as record
    from ncpi_rules.plan.redact import masked as masked
    from ncpi_rules.plan.replays import Replay as Replay
    from ncpi_rules.plan.replays import replay as replay
    from ncpi_rules.plan.signatures import has_passphrase as has_passphrase
    from ncpi_rules.plan.signatures import new_signing_key as new_signing_key
    from ncpi_rules.plan.signatures import sign_record as sign_record
    from ncpi_rules.plan.signatures import signed_record as signed_record
    from ncpi_rules.plan.since import PlanSince as PlanSince
    from ncpi_rules.plan.since import Since as Since
    from ncpi_rules.plan.statuses import describe_decision as describe_decision
    from ncpi_rules.plan.statuses import describe_suspension as describe_suspension
    from ncpi_rules.plan.statuses import planned_for as planned_for
    from ncpi_rules.plan.statuses import status_by as status_by
    from ncpi_rules.plan.statuses import suspensions_of as suspensions_of
    from ncpi_rules.plan.statuses import waivers_of as waivers_of
    from ncpi_rules.plan.templates import Names as Names
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "assessment": [
                "assess",
                "check_names",
                "current_of",
                "edition_for",
                "plan_of",
                "values_of",
            ],
            "diff": ["Difference", "GROUNDS", "WORDING", "compare", "differences", "of_substance"],
            "document": [
                "Action",
                "Alert",
                "DocumentRequest",
                "Grounds",
                "InterpretationTaken",
                "JsonDocument",
                "ABOUT_THE_EDITION",
                "EDITION_NOT_CERTAIN",
                "FIRST_OF_ALL",
                "NOT_BEGUN",
                "OUTSIDE_THE_EDITION",
                "PlanDeadline",
                "PlanDocument",
                "PlanItem",
                "PlanOutcome",
                "PlanRevisit",
                "Question",
            ],
            "inputs": ["DayRange", "Repeating", "RevisitDays", "StillUnknown"],
            "plan": ["Plan"],
            "records": ["Record", "record"],
            "redact": ["masked"],
            "replays": ["Replay", "replay"],
            "signatures": [
                "has_passphrase",
                "new_signing_key",
                "sign_record",
                "signed_record",
            ],
            "since": ["PlanSince", "Since"],
            "templates": ["Names"],
            "statuses": [
                "describe_decision",
                "describe_suspension",
                "planned_for",
                "status_by",
                "suspensions_of",
                "waivers_of",
            ],
        },
        extra="sign",
        needs=("cryptography",),
        purpose="Signing a record or checking its signature",
    )
