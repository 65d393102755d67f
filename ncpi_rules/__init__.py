"""ncpi_rules: which follow-up a police force gets after a national child protection inspection.

The methodology stands as data in ``rulesets/``; this package reads it, decides by it and says
why. Importing it does no work: each name is fetched when it is first used.

>>> import ncpi_rules
>>> follow_up = ncpi_rules.FollowUp.from_dict({"force": "kent", "prospects": "some-concerns"})
>>> ncpi_rules.assess(follow_up, on="2020-01-31").tier.value
'post-inspection-review'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ncpi_rules.version import VERSION

if TYPE_CHECKING:
    from ncpi_rules.amending import amend as amend
    from ncpi_rules.approving import SignOff as SignOff
    from ncpi_rules.approving import approvals_of as approvals_of
    from ncpi_rules.approving import fingerprints_for as fingerprints_for
    from ncpi_rules.approving import sign_off as sign_off
    from ncpi_rules.assessment import assess as assess
    from ncpi_rules.caseload import Portfolio as Portfolio
    from ncpi_rules.caseload import portfolio as portfolio
    from ncpi_rules.checks import Finding as Finding
    from ncpi_rules.checks import check as check
    from ncpi_rules.comparing import Difference as Difference
    from ncpi_rules.comparing import compare as compare
    from ncpi_rules.comparing import differences as differences
    from ncpi_rules.counterfactuals import Boundary as Boundary
    from ncpi_rules.counterfactuals import days_to_the_boundary as days_to_the_boundary
    from ncpi_rules.counterfactuals import depends_on_nothing as depends_on_nothing
    from ncpi_rules.counterfactuals import the_past as the_past
    from ncpi_rules.counterfactuals import what_would_change as what_would_change
    from ncpi_rules.dates import PartialDate as PartialDate
    from ncpi_rules.deciding import Decision as Decision
    from ncpi_rules.deciding import decide as decide
    from ncpi_rules.difference import RulesetDifference as RulesetDifference
    from ncpi_rules.difference import diff as diff
    from ncpi_rules.doubting import OtherAnswer as OtherAnswer
    from ncpi_rules.doubting import Sensitivity as Sensitivity
    from ncpi_rules.errors import DateError as DateError
    from ncpi_rules.errors import EngineFault as EngineFault
    from ncpi_rules.errors import EngineUnavailable as EngineUnavailable
    from ncpi_rules.errors import FactsError as FactsError
    from ncpi_rules.errors import MissingExtraError as MissingExtraError
    from ncpi_rules.errors import NcpiRulesError as NcpiRulesError
    from ncpi_rules.errors import Problem as Problem
    from ncpi_rules.errors import RecordError as RecordError
    from ncpi_rules.errors import RulesetError as RulesetError
    from ncpi_rules.errors import UnknownItemError as UnknownItemError
    from ncpi_rules.exploring import Cases as Cases
    from ncpi_rules.exploring import WhatIf as WhatIf
    from ncpi_rules.exploring import days as days
    from ncpi_rules.exploring import every as every
    from ncpi_rules.exploring import grid as grid
    from ncpi_rules.exploring import sample as sample
    from ncpi_rules.exploring import what_if as what_if
    from ncpi_rules.exploring import what_if_sliders as what_if_sliders
    from ncpi_rules.facts import ActionPlan as ActionPlan
    from ncpi_rules.facts import Arrangements as Arrangements
    from ncpi_rules.facts import Departure as Departure
    from ncpi_rules.facts import Documents as Documents
    from ncpi_rules.facts import Feedback as Feedback
    from ncpi_rules.facts import Fieldwork as Fieldwork
    from ncpi_rules.facts import FollowUp as FollowUp
    from ncpi_rules.facts import FullReinspection as FullReinspection
    from ncpi_rules.facts import Further as Further
    from ncpi_rules.facts import ImmediateUpdate as ImmediateUpdate
    from ncpi_rules.facts import InspectionReport as InspectionReport
    from ncpi_rules.facts import Judgement as Judgement
    from ncpi_rules.facts import Notice as Notice
    from ncpi_rules.facts import Publication as Publication
    from ncpi_rules.facts import Recommendation as Recommendation
    from ncpi_rules.facts import Suspension as Suspension
    from ncpi_rules.facts import TierChosen as TierChosen
    from ncpi_rules.facts import Waiver as Waiver
    from ncpi_rules.forces import Force as Force
    from ncpi_rules.forces import all_forces as all_forces
    from ncpi_rules.forces import force as force
    from ncpi_rules.mutating import Mutation as Mutation
    from ncpi_rules.mutating import mutate as mutate
    from ncpi_rules.periods import Period as Period
    from ncpi_rules.pictures import Picture as Picture
    from ncpi_rules.pictures import sweep_plot as sweep_plot
    from ncpi_rules.plan import Plan as Plan
    from ncpi_rules.recording import Record as Record
    from ncpi_rules.recording import record as record
    from ncpi_rules.replaying import Replay as Replay
    from ncpi_rules.replaying import replay as replay
    from ncpi_rules.ruleset.approvals import Approval as Approval
    from ncpi_rules.ruleset.approvals import load_approvals as load_approvals
    from ncpi_rules.ruleset.load import load_ruleset as load_ruleset
    from ncpi_rules.ruleset.load import shipped_ruleset as shipped_ruleset
    from ncpi_rules.ruleset.model import Ruleset as Ruleset
    from ncpi_rules.scenarios.load import load_scenarios as load_scenarios
    from ncpi_rules.scenarios.model import Scenario as Scenario
    from ncpi_rules.scheduling import Deadline as Deadline
    from ncpi_rules.scheduling import schedule as schedule
    from ncpi_rules.tracing import Trace as Trace
    from ncpi_rules.tracing import trace as trace
    from ncpi_rules.words import NOT_YET as NOT_YET
    from ncpi_rules.words import UNKNOWN as UNKNOWN
    from ncpi_rules.words import Modality as Modality
    from ncpi_rules.words import Standing as Standing
    from ncpi_rules.words import Status as Status

__version__ = VERSION

_HOMES = {
    "amending": ["amend"],
    "approving": ["SignOff", "approvals_of", "fingerprints_for", "sign_off"],
    "assessment": ["assess"],
    "caseload": ["Portfolio", "portfolio"],
    "checks": ["Finding", "check"],
    "comparing": ["Difference", "compare", "differences"],
    "counterfactuals": [
        "Boundary",
        "days_to_the_boundary",
        "depends_on_nothing",
        "the_past",
        "what_would_change",
    ],
    "dates": ["PartialDate"],
    "deciding": ["Decision", "decide"],
    "difference": ["RulesetDifference", "diff"],
    "doubting": ["OtherAnswer", "Sensitivity"],
    "errors": [
        "DateError",
        "EngineFault",
        "EngineUnavailable",
        "FactsError",
        "MissingExtraError",
        "NcpiRulesError",
        "Problem",
        "RecordError",
        "RulesetError",
        "UnknownItemError",
    ],
    "exploring": [
        "Cases",
        "WhatIf",
        "days",
        "every",
        "grid",
        "sample",
        "what_if",
        "what_if_sliders",
    ],
    "facts": [
        "ActionPlan",
        "Arrangements",
        "Departure",
        "Documents",
        "Feedback",
        "Fieldwork",
        "FollowUp",
        "FullReinspection",
        "Further",
        "ImmediateUpdate",
        "InspectionReport",
        "Judgement",
        "Notice",
        "Publication",
        "Recommendation",
        "Suspension",
        "TierChosen",
        "Waiver",
    ],
    "forces": ["Force", "all_forces", "force"],
    "mutating": ["Mutation", "mutate"],
    "periods": ["Period"],
    "pictures": ["Picture", "sweep_plot"],
    "plan": ["Plan"],
    "recording": ["Record", "record"],
    "replaying": ["Replay", "replay"],
    "ruleset.approvals": ["Approval", "load_approvals"],
    "ruleset.load": ["load_ruleset", "shipped_ruleset"],
    "ruleset.model": ["Ruleset"],
    "scenarios.load": ["load_scenarios"],
    "scenarios.model": ["Scenario"],
    "scheduling": ["Deadline", "schedule"],
    "tracing": ["Trace", "trace"],
    "words": ["NOT_YET", "UNKNOWN", "Modality", "Standing", "Status"],
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605  made from the table above


def __getattr__(name: str) -> Any:
    """Return a public name from its module, imported now."""
    if name not in _HOME_OF:
        msg = f"ncpi_rules has no '{name}'"
        raise AttributeError(msg)
    return getattr(import_module(f"ncpi_rules.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
