"""What every other room stands on: errors, terms, fields, dates, the calendar and the forces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.core.calendar import Calendar as Calendar
    from ncpi_rules.core.calendar import Period as Period
    from ncpi_rules.core.calendar import Unit as Unit
    from ncpi_rules.core.calendar import earliest_reaching as earliest_reaching
    from ncpi_rules.core.calendar import mover as mover
    from ncpi_rules.core.calendar import shift as shift
    from ncpi_rules.core.contract import DATE_FIELDS as DATE_FIELDS
    from ncpi_rules.core.contract import DECIDED as DECIDED
    from ncpi_rules.core.contract import FIELDS as FIELDS
    from ncpi_rules.core.contract import FURTHER as FURTHER
    from ncpi_rules.core.contract import KINDS_OF_DECISIONS as KINDS_OF_DECISIONS
    from ncpi_rules.core.contract import NONE_RECORDED as NONE_RECORDED
    from ncpi_rules.core.contract import OWN_DECISION as OWN_DECISION
    from ncpi_rules.core.contract import REVISIT_PARTS as REVISIT_PARTS
    from ncpi_rules.core.contract import SOURCES as SOURCES
    from ncpi_rules.core.contract import VALUE_FIELDS as VALUE_FIELDS
    from ncpi_rules.core.contract import Contract as Contract
    from ncpi_rules.core.contract import closed_order as closed_order
    from ncpi_rules.core.contract import fields_in as fields_in
    from ncpi_rules.core.contract import given_by as given_by
    from ncpi_rules.core.contract import kind_of_decision as kind_of_decision
    from ncpi_rules.core.contract import source_of_date as source_of_date
    from ncpi_rules.core.contract import source_of_value as source_of_value
    from ncpi_rules.core.dates import FIRST_YEAR as FIRST_YEAR
    from ncpi_rules.core.dates import LAST_YEAR as LAST_YEAR
    from ncpi_rules.core.dates import Day as Day
    from ncpi_rules.core.dates import PartialDate as PartialDate
    from ncpi_rules.core.dates import When as When
    from ncpi_rules.core.dates import day_of as day_of
    from ncpi_rules.core.dates import format_between as format_between
    from ncpi_rules.core.dates import format_day as format_day
    from ncpi_rules.core.dates import month_starts as month_starts
    from ncpi_rules.core.dates import one_day as one_day
    from ncpi_rules.core.dates import read_day as read_day
    from ncpi_rules.core.dates import read_when as read_when
    from ncpi_rules.core.difference import FieldChange as FieldChange
    from ncpi_rules.core.difference import changed_fields as changed_fields
    from ncpi_rules.core.difference import pair as pair
    from ncpi_rules.core.errors import MOST_GUESSES as MOST_GUESSES
    from ncpi_rules.core.errors import MOST_OF_A_KIND as MOST_OF_A_KIND
    from ncpi_rules.core.errors import DateError as DateError
    from ncpi_rules.core.errors import EngineFault as EngineFault
    from ncpi_rules.core.errors import EngineUnavailable as EngineUnavailable
    from ncpi_rules.core.errors import FactsError as FactsError
    from ncpi_rules.core.errors import MissingExtraError as MissingExtraError
    from ncpi_rules.core.errors import NcpiRulesError as NcpiRulesError
    from ncpi_rules.core.errors import Problem as Problem
    from ncpi_rules.core.errors import RecordError as RecordError
    from ncpi_rules.core.errors import RulesetError as RulesetError
    from ncpi_rules.core.errors import UnknownItemError as UnknownItemError
    from ncpi_rules.core.errors import abridged as abridged
    from ncpi_rules.core.errors import in_reading_order as in_reading_order
    from ncpi_rules.core.errors import nearest as nearest
    from ncpi_rules.core.errors import one_of as one_of
    from ncpi_rules.core.errors import reading_order as reading_order
    from ncpi_rules.core.forces import Force as Force
    from ncpi_rules.core.forces import Subject as Subject
    from ncpi_rules.core.forces import all_forces as all_forces
    from ncpi_rules.core.forces import force as force
    from ncpi_rules.core.once import VERSION as VERSION
    from ncpi_rules.core.once import Memo as Memo
    from ncpi_rules.core.once import remembered as remembered
    from ncpi_rules.core.terms import DUE_SOON as DUE_SOON
    from ncpi_rules.core.terms import NOT_MET as NOT_MET
    from ncpi_rules.core.terms import NOT_TRACKED as NOT_TRACKED
    from ncpi_rules.core.terms import NOT_YET as NOT_YET
    from ncpi_rules.core.terms import UNKNOWN as UNKNOWN
    from ncpi_rules.core.terms import WORST as WORST
    from ncpi_rules.core.terms import Basis as Basis
    from ncpi_rules.core.terms import DueDatePolicy as DueDatePolicy
    from ncpi_rules.core.terms import Happened as Happened
    from ncpi_rules.core.terms import Modality as Modality
    from ncpi_rules.core.terms import Naming as Naming
    from ncpi_rules.core.terms import NotKnown as NotKnown
    from ncpi_rules.core.terms import NotYet as NotYet
    from ncpi_rules.core.terms import Selection as Selection
    from ncpi_rules.core.terms import Status as Status
    from ncpi_rules.core.terms import Unknown as Unknown
    from ncpi_rules.core.terms import as_head as as_head
    from ncpi_rules.core.terms import counted as counted
    from ncpi_rules.core.terms import counted_off as counted_off
    from ncpi_rules.core.terms import edited_notice as edited_notice
    from ncpi_rules.core.terms import format_edition as format_edition
    from ncpi_rules.core.terms import joined as joined
    from ncpi_rules.core.terms import lower_first as lower_first
    from ncpi_rules.core.terms import sentence as sentence
    from ncpi_rules.core.terms import stopped as stopped
    from ncpi_rules.core.terms import upper_first as upper_first
    from ncpi_rules.core.terms import without_article as without_article
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "calendar": ["Calendar", "Period", "Unit", "earliest_reaching", "mover", "shift"],
            "contract": [
                "Contract",
                "DATE_FIELDS",
                "DECIDED",
                "FIELDS",
                "FURTHER",
                "KINDS_OF_DECISIONS",
                "NONE_RECORDED",
                "OWN_DECISION",
                "REVISIT_PARTS",
                "SOURCES",
                "VALUE_FIELDS",
                "closed_order",
                "fields_in",
                "given_by",
                "kind_of_decision",
                "source_of_date",
                "source_of_value",
            ],
            "dates": [
                "Day",
                "FIRST_YEAR",
                "LAST_YEAR",
                "PartialDate",
                "When",
                "day_of",
                "format_between",
                "format_day",
                "month_starts",
                "one_day",
                "read_day",
                "read_when",
            ],
            "difference": ["FieldChange", "changed_fields", "pair"],
            "errors": [
                "MOST_GUESSES",
                "DateError",
                "EngineFault",
                "EngineUnavailable",
                "FactsError",
                "MOST_OF_A_KIND",
                "MissingExtraError",
                "NcpiRulesError",
                "Problem",
                "RecordError",
                "RulesetError",
                "UnknownItemError",
                "abridged",
                "in_reading_order",
                "nearest",
                "one_of",
                "reading_order",
            ],
            "forces": ["Force", "Subject", "all_forces", "force"],
            "once": ["Memo", "VERSION", "remembered"],
            "terms": [
                "DUE_SOON",
                "NOT_TRACKED",
                "Basis",
                "DueDatePolicy",
                "Happened",
                "Modality",
                "NOT_MET",
                "NOT_YET",
                "Naming",
                "NotKnown",
                "NotYet",
                "Selection",
                "Status",
                "UNKNOWN",
                "WORST",
                "Unknown",
                "counted",
                "counted_off",
                "edited_notice",
                "format_edition",
                "as_head",
                "joined",
                "lower_first",
                "sentence",
                "stopped",
                "upper_first",
                "without_article",
            ],
        },
    )
