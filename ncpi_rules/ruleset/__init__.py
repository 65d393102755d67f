"""One edition of a methodology as data: loaded, validated, decided by and patched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.ruleset.cases import AS_WRITTEN as AS_WRITTEN
    from ncpi_rules.ruleset.cases import DOES_NOT_APPLY as DOES_NOT_APPLY
    from ncpi_rules.ruleset.cases import parted as parted
    from ncpi_rules.ruleset.column_names import EMPTY_TEXTS as EMPTY_TEXTS
    from ncpi_rules.ruleset.column_names import NOT_YET_COLUMN as NOT_YET_COLUMN
    from ncpi_rules.ruleset.column_names import column_meant as column_meant
    from ncpi_rules.ruleset.column_names import spelling as spelling
    from ncpi_rules.ruleset.decision import Decision as Decision
    from ncpi_rules.ruleset.decision import answers as answers
    from ncpi_rules.ruleset.decision import decide as decide
    from ncpi_rules.ruleset.decision import decide_otherwise as decide_otherwise
    from ncpi_rules.ruleset.decision import decided as decided
    from ncpi_rules.ruleset.decision import engine_of as engine_of
    from ncpi_rules.ruleset.decision import evolve_beside_logic as evolve_beside_logic
    from ncpi_rules.ruleset.decision import neighbours_of as neighbours_of
    from ncpi_rules.ruleset.decision import sort_applicable as sort_applicable
    from ncpi_rules.ruleset.editions import Editions as Editions
    from ncpi_rules.ruleset.editions import Rules as Rules
    from ncpi_rules.ruleset.editions import SelectedEdition as SelectedEdition
    from ncpi_rules.ruleset.editions import base_of as base_of
    from ncpi_rules.ruleset.editions import edition_title as edition_title
    from ncpi_rules.ruleset.editions import is_edited as is_edited
    from ncpi_rules.ruleset.editions import load_editions as load_editions
    from ncpi_rules.ruleset.editions import load_ruleset as load_ruleset
    from ncpi_rules.ruleset.editions import selected_from as selected_from
    from ncpi_rules.ruleset.editions import shipped_editions as shipped_editions
    from ncpi_rules.ruleset.editions import shipped_ruleset as shipped_ruleset
    from ncpi_rules.ruleset.kinds import KIND_OF_FILE as KIND_OF_FILE
    from ncpi_rules.ruleset.kinds import KINDS as KINDS
    from ncpi_rules.ruleset.kinds import UNKNOWN_STAYS_UNKNOWN as UNKNOWN_STAYS_UNKNOWN
    from ncpi_rules.ruleset.kinds import Always as Always
    from ncpi_rules.ruleset.kinds import FollowsOrder as FollowsOrder
    from ncpi_rules.ruleset.kinds import Guarantee as Guarantee
    from ncpi_rules.ruleset.kinds import Includes as Includes
    from ncpi_rules.ruleset.kinds import NeverStronger as NeverStronger
    from ncpi_rules.ruleset.kinds import NeverWithout as NeverWithout
    from ncpi_rules.ruleset.kinds import NoLaterThan as NoLaterThan
    from ncpi_rules.ruleset.kinds import OnlyWhere as OnlyWhere
    from ncpi_rules.ruleset.kinds import RuleKind as RuleKind
    from ncpi_rules.ruleset.kinds import effect_of as effect_of
    from ncpi_rules.ruleset.kinds import kind_of as kind_of
    from ncpi_rules.ruleset.kinds import names_in as names_in
    from ncpi_rules.ruleset.layout import ANY_DAY as ANY_DAY
    from ncpi_rules.ruleset.layout import FILES as FILES
    from ncpi_rules.ruleset.layout import SECTIONS as SECTIONS
    from ncpi_rules.ruleset.layout import SHIPPED as SHIPPED
    from ncpi_rules.ruleset.layout import Draft as Draft
    from ncpi_rules.ruleset.layout import Vocabulary as Vocabulary
    from ncpi_rules.ruleset.layout import edition_folder as edition_folder
    from ncpi_rules.ruleset.layout import edition_folders as edition_folders
    from ncpi_rules.ruleset.load import load_folder as load_folder
    from ncpi_rules.ruleset.logic import logic_problems as logic_problems
    from ncpi_rules.ruleset.logic import program_for as program_for
    from ncpi_rules.ruleset.logic import strongest_modality as strongest_modality
    from ncpi_rules.ruleset.model import BasedOn as BasedOn
    from ncpi_rules.ruleset.model import Heading as Heading
    from ncpi_rules.ruleset.model import Interpretation as Interpretation
    from ncpi_rules.ruleset.model import Ruleset as Ruleset
    from ncpi_rules.ruleset.model import Settings as Settings
    from ncpi_rules.ruleset.model import Statement as Statement
    from ncpi_rules.ruleset.model import SubjectTerm as SubjectTerm
    from ncpi_rules.ruleset.model import write_rule as write_rule
    from ncpi_rules.ruleset.parameters import ANSWERED as ANSWERED
    from ncpi_rules.ruleset.parameters import CHOICES as CHOICES
    from ncpi_rules.ruleset.parameters import DOCUMENTS_SUGGESTED as DOCUMENTS_SUGGESTED
    from ncpi_rules.ruleset.parameters import DUE_DATE_NOT_WORKING as DUE_DATE_NOT_WORKING
    from ncpi_rules.ruleset.parameters import DUE_SOON as DUE_SOON
    from ncpi_rules.ruleset.parameters import LOCAL_NAMES as LOCAL_NAMES
    from ncpi_rules.ruleset.parameters import Choice as Choice
    from ncpi_rules.ruleset.parameters import Parameter as Parameter
    from ncpi_rules.ruleset.patches import patch as patch
    from ncpi_rules.ruleset.problems import no_such as no_such
    from ncpi_rules.ruleset.rule_files import RuleFile as RuleFile
    from ncpi_rules.ruleset.rules import ActionRule as ActionRule
    from ncpi_rules.ruleset.rules import AlertRule as AlertRule
    from ncpi_rules.ruleset.rules import DeadlineRule as DeadlineRule
    from ncpi_rules.ruleset.rules import DecidedOutcome as DecidedOutcome
    from ncpi_rules.ruleset.rules import DocumentRule as DocumentRule
    from ncpi_rules.ruleset.rules import OutcomeRule as OutcomeRule
    from ncpi_rules.ruleset.rules import QuestionRule as QuestionRule
    from ncpi_rules.ruleset.rules import Rule as Rule
    from ncpi_rules.ruleset.rules import Tests as Tests
    from ncpi_rules.ruleset.rules import asked as asked
    from ncpi_rules.ruleset.rules import cited as cited
    from ncpi_rules.ruleset.rules import interpretation_order as interpretation_order
    from ncpi_rules.ruleset.sentences import describe_sources as describe_sources
    from ncpi_rules.ruleset.sentences import describe_value as describe_value
    from ncpi_rules.ruleset.sentences import name_events as name_events
    from ncpi_rules.ruleset.sentences import named_in as named_in
    from ncpi_rules.ruleset.statements import Wording as Wording
    from ncpi_rules.ruleset.statements import fingerprint as fingerprint
    from ncpi_rules.ruleset.statements import headings_in as headings_in
    from ncpi_rules.ruleset.statements import is_item as is_item
    from ncpi_rules.ruleset.statements import normalise as normalise
    from ncpi_rules.ruleset.statements import split as split
    from ncpi_rules.ruleset.timing import Bound as Bound
    from ncpi_rules.ruleset.timing import Timing as Timing
    from ncpi_rules.ruleset.validate import CALLS as CALLS
    from ncpi_rules.ruleset.validate import LISTS as LISTS
    from ncpi_rules.ruleset.vocabulary import Activity as Activity
    from ncpi_rules.ruleset.vocabulary import Event as Event
    from ncpi_rules.ruleset.vocabulary import Fact as Fact
    from ncpi_rules.ruleset.vocabulary import Outcome as Outcome
    from ncpi_rules.ruleset.vocabulary import Repeats as Repeats
    from ncpi_rules.ruleset.vocabulary import Term as Term
    from ncpi_rules.ruleset.vocabulary import contract_problems as contract_problems
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "cases": ["AS_WRITTEN", "DOES_NOT_APPLY", "parted"],
            "column_names": ["EMPTY_TEXTS", "NOT_YET_COLUMN", "column_meant", "spelling"],
            "decision": [
                "Decision",
                "answers",
                "decide",
                "decide_otherwise",
                "decided",
                "engine_of",
                "evolve_beside_logic",
                "neighbours_of",
                "sort_applicable",
            ],
            "editions": [
                "Editions",
                "base_of",
                "edition_title",
                "is_edited",
                "Rules",
                "SelectedEdition",
                "load_editions",
                "load_ruleset",
                "selected_from",
                "shipped_editions",
                "shipped_ruleset",
            ],
            "kinds": [
                "Always",
                "FollowsOrder",
                "Guarantee",
                "Includes",
                "KINDS",
                "KIND_OF_FILE",
                "NeverStronger",
                "NeverWithout",
                "NoLaterThan",
                "OnlyWhere",
                "RuleKind",
                "UNKNOWN_STAYS_UNKNOWN",
                "effect_of",
                "kind_of",
                "names_in",
            ],
            "layout": [
                "ANY_DAY",
                "Draft",
                "FILES",
                "SECTIONS",
                "SHIPPED",
                "Vocabulary",
                "edition_folder",
                "edition_folders",
            ],
            "load": ["load_folder"],
            "logic": ["logic_problems", "program_for", "strongest_modality"],
            "model": [
                "BasedOn",
                "Settings",
                "SubjectTerm",
                "Heading",
                "Interpretation",
                "Ruleset",
                "Statement",
                "write_rule",
            ],
            "parameters": [
                "ANSWERED",
                "CHOICES",
                "Choice",
                "DOCUMENTS_SUGGESTED",
                "DUE_DATE_NOT_WORKING",
                "DUE_SOON",
                "LOCAL_NAMES",
                "Parameter",
            ],
            "patches": ["patch"],
            "problems": ["no_such"],
            "rule_files": ["RuleFile"],
            "rules": [
                "asked",
                "cited",
                "ActionRule",
                "AlertRule",
                "DeadlineRule",
                "DecidedOutcome",
                "DocumentRule",
                "OutcomeRule",
                "QuestionRule",
                "Rule",
                "Tests",
                "interpretation_order",
            ],
            "sentences": ["describe_sources", "describe_value", "name_events", "named_in"],
            "statements": [
                "Wording",
                "fingerprint",
                "headings_in",
                "is_item",
                "normalise",
                "split",
            ],
            "timing": ["Bound", "Timing"],
            "validate": ["CALLS", "LISTS"],
            "vocabulary": [
                "Activity",
                "Event",
                "Fact",
                "Outcome",
                "Repeats",
                "Term",
                "contract_problems",
            ],
        },
    )
