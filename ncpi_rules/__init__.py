"""Which follow-up a police force gets after a national child protection inspection, and why.

The methodology is data in ``rulesets/``; this package reads it and decides by it. Importing it does
no work: each name is imported when it is first used.

>>> import ncpi_rules
>>> follow_up = ncpi_rules.FollowUp.from_dict({"force": "kent", "prospects": "some-concerns"})
>>> ncpi_rules.assess(follow_up, on="2020-01-31").headline.value
'post-inspection-review'

Facts and plans
    FollowUp              the facts of one follow-up: FollowUp.load, .from_dict, .from_json, ...
    PartialDate           a day, a month, a year or a range of these
    UNKNOWN, NOT_YET      what is not known, and what has not happened yet
    assess                return the plan of a follow-up on a day
    Plan                  tier, actions, deadlines, documents, questions, alerts; to_text, why, ...
    record, replay        record an assessment, and repeat it from its record

Rules
    shipped_ruleset       return the ruleset that comes with the library
    load_ruleset          return the ruleset in a folder
    Ruleset               one edition of a methodology
    decide, Decision      which rules apply to the values of one case, and what they decide
    check                 find gaps, overlaps, broken guarantees and more, each with a case

Terms
    Basis                 what an outcome rests on
    Modality              how strongly something is asked for: must, usually, ..., may
    Status                the status of a deadline: met, late, open, overdue, ...

Errors: each is an NcpiRulesError and has ``problems``
    Problem               a place, a sentence and how to mend it
    FactsError, DateError, RulesetError, RecordError, UnknownItemError
    EngineFault, EngineUnavailable, MissingExtraError

More is in ncpi_rules.facts, .ruleset, .checks, .scenarios, .sign_off, .compare, .explain, .explore,
.batch, .plots and .report; ``help(ncpi_rules.Plan)`` describes one name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import VERSION, lazy

if TYPE_CHECKING:
    from ncpi_rules.checks import check as check
    from ncpi_rules.core import NOT_YET as NOT_YET
    from ncpi_rules.core import UNKNOWN as UNKNOWN
    from ncpi_rules.core import Basis as Basis
    from ncpi_rules.core import DateError as DateError
    from ncpi_rules.core import EngineFault as EngineFault
    from ncpi_rules.core import EngineUnavailable as EngineUnavailable
    from ncpi_rules.core import FactsError as FactsError
    from ncpi_rules.core import MissingExtraError as MissingExtraError
    from ncpi_rules.core import Modality as Modality
    from ncpi_rules.core import NcpiRulesError as NcpiRulesError
    from ncpi_rules.core import PartialDate as PartialDate
    from ncpi_rules.core import Problem as Problem
    from ncpi_rules.core import RecordError as RecordError
    from ncpi_rules.core import RulesetError as RulesetError
    from ncpi_rules.core import Status as Status
    from ncpi_rules.core import UnknownItemError as UnknownItemError
    from ncpi_rules.facts import FollowUp as FollowUp
    from ncpi_rules.plan import Plan as Plan
    from ncpi_rules.plan import assess as assess
    from ncpi_rules.plan import record as record
    from ncpi_rules.plan import replay as replay
    from ncpi_rules.ruleset import Decision as Decision
    from ncpi_rules.ruleset import Ruleset as Ruleset
    from ncpi_rules.ruleset import decide as decide
    from ncpi_rules.ruleset import load_ruleset as load_ruleset
    from ncpi_rules.ruleset import shipped_ruleset as shipped_ruleset
else:
    # Without __all__: with it, help() would print each class in full, on three thousand lines.
    __getattr__, __dir__, _ = lazy(
        __name__,
        {
            "checks": ["check"],
            "core": [
                "Basis",
                "DateError",
                "EngineFault",
                "EngineUnavailable",
                "FactsError",
                "MissingExtraError",
                "Modality",
                "NOT_YET",
                "NcpiRulesError",
                "PartialDate",
                "Problem",
                "RecordError",
                "RulesetError",
                "Status",
                "UNKNOWN",
                "UnknownItemError",
            ],
            "facts": ["FollowUp"],
            "plan": ["Plan", "assess", "record", "replay"],
            "ruleset": ["Decision", "Ruleset", "decide", "load_ruleset", "shipped_ruleset"],
        },
    )

__version__ = VERSION
