"""The columns of a table of follow-ups: a row for each, filled in by people.

Their names are the library's, as its fields are; the values that may stand in them are those of a
vocabulary, with spaces for hyphens.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import (
    DECIDED,
    FURTHER,
    NONE_RECORDED,
    REVISIT_PARTS,
    all_forces,
    as_head,
    kind_of_decision,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.ruleset import Ruleset

FOLLOW_UPS: Final = "Follow-ups"
RECOMMENDATIONS: Final = "Recommendations"
DECISIONS: Final = "Decisions"
REVISITS: Final = "Revisits"
NOT_KNOWN: Final = "not known"
NONE: Final = "none"
"""What says that a list is known to be empty."""


class CellKind(Enum):
    """What may stand in the cells of a column."""

    FORCE = "a force"
    DATE = "a date"
    VALUE = "a value of the vocabulary"
    TEXT = "a text"
    LIST = "texts with semicolons between them"


@frozen
class CaseColumn:
    """A column: its head, the path of its field into a follow-up, and what may stand in it."""

    head: str
    path: str
    kind: CellKind = CellKind.TEXT

    @property
    def decision(self) -> str:
        """Return the recorded decision to which its field belongs, or nothing."""
        first, _, rest = self.path.partition(".")
        return rest.partition(".")[0] if first == "decisions" else ""


_DATE, _VALUE, _LIST = CellKind.DATE, CellKind.VALUE, CellKind.LIST

_REPORTED: Final = (
    CaseColumn("Force", "force", CellKind.FORCE),
    CaseColumn("Report published", "inspection_report.published", _DATE),
    CaseColumn("Findings", "inspection_report.findings", _VALUE),
    CaseColumn("Recommendations", "inspection_report.recommendations", _LIST),
    CaseColumn("Immediate update received", "immediate_update.received", _DATE),
    CaseColumn("Action plan received", "action_plan.received", _DATE),
    CaseColumn("Action plan reviewed", "action_plan.reviewed", _DATE),
    CaseColumn("Action plan covers", "action_plan.covers", _LIST),
    CaseColumn("Areas of concern", "action_plan.areas_of_concern", _LIST),
    CaseColumn("Prospects", "prospects.judgement", _VALUE),
    CaseColumn("Prospects judged on", "prospects.on", _DATE),
    CaseColumn("Prospects judged by", "prospects.by"),
    CaseColumn("Prospects: why", "prospects.why"),
)
_CARRIED_OUT: Final = (
    CaseColumn("Arrangements made", "arrangements.made", _DATE),
    CaseColumn("Notice given", "notice.given", _DATE),
    CaseColumn("Activity described", "notice.activity_described", _DATE),
    CaseColumn("Documents requested", "documents.requested", _DATE),
    CaseColumn("Documents reviewed", "documents.reviewed", _DATE),
    CaseColumn("Revisit begins", "fieldwork.begins", _DATE),
    CaseColumn("Revisit ends", "fieldwork.ends", _DATE),
    CaseColumn("Oral feedback given", "feedback.given", _DATE),
    CaseColumn("Written to chief officer", "feedback.to_chief_officer", _DATE),
    CaseColumn("Written to local policing body", "feedback.to_local_policing_body", _DATE),
    CaseColumn("Follow-up published", "publication.published", _DATE),
)
_REMARKS: Final = (
    CaseColumn("Note", "note"),
    CaseColumn("Sources", "sources", _LIST),
)

RECOMMENDED: Final = next(
    column for column in _REPORTED if column.path == "inspection_report.recommendations"
)
"""The column that says whether there are recommendations."""

MADE: Final = (
    CaseColumn("Force", "force", CellKind.FORCE),
    CaseColumn("Report published", "published", _DATE),
    CaseColumn("Number", "id"),
    CaseColumn("Time limit", "time_limit"),
    CaseColumn("Topic", "topic", _VALUE),
    CaseColumn("Area of concern", "area"),
    CaseColumn("Summary", "summary"),
)
"""The columns of the sheet of recommendations."""

ON_DUTIES: Final = (
    CaseColumn("Force", "force", CellKind.FORCE),
    CaseColumn("Report published", "published", _DATE),
    CaseColumn("Decision", "decision", _VALUE),
    CaseColumn("Of what", "of", _VALUE),
    CaseColumn("Revisit", "revisit"),
    CaseColumn("Decided on", "on", _DATE),
    CaseColumn("Decided by", "by"),
    CaseColumn("Why", "why"),
    CaseColumn("Suspended from", "begins", _DATE),
    CaseColumn("Suspended to", "ends", _DATE),
)
"""The columns of the sheet of decisions on duties."""

_OF_A_REVISIT: Final = frozenset(REVISIT_PARTS)
SEVERAL: Final = (
    CaseColumn("Force", "force", CellKind.FORCE),
    CaseColumn("Report published", "published", _DATE),
    CaseColumn("Revisit", "number"),
    *(column for column in _CARRIED_OUT if column.path.partition(".")[0] in _OF_A_REVISIT),
)
"""The columns of the sheet of revisits, for follow-ups that have several."""

_DECISIONS: Final = {
    "waived": "waiver",
    "varied": "variation",
    "inspection suspended": "suspension",
}

_OWN_FACTS: Final = f"{FURTHER}.facts."
_OWN_EVENTS: Final = f"{FURTHER}.events."

_FACTS: Final[Mapping[str, str]] = {
    "inspection_report.findings": "inspection_report.findings",
    "prospects.judgement": "prospects.judgement",
}
"""The field by which a vocabulary names the fact of each column of values."""


def columns_of(ruleset: Ruleset) -> tuple[CaseColumn, ...]:
    """Return the columns of the sheet of follow-ups; decisions are those that a vocabulary names.

    Of a ruleset that is about something else than police forces, they are its own facts and events.
    """
    if ruleset.settings.is_about_forces is not False:
        return (*_REPORTED, *_decision_columns(ruleset), *_CARRIED_OUT, *_REMARKS)
    dated = [(id_, event.label or event.title) for id_, event in ruleset.events.items()]
    facts = [
        (id_, fact.label or fact.title)
        for id_, fact in ruleset.facts.items()
        if not kind_of_decision(fact.source)
    ]
    own = [
        CaseColumn(as_head(ruleset.settings.subject_title), "subject"),
        *(
            CaseColumn(as_head(title), f"{_OWN_FACTS}{id_}", _VALUE)
            for id_, title in facts
            if id_ not in ruleset.events
        ),
        *(CaseColumn(as_head(title), f"{_OWN_EVENTS}{id_}", _DATE) for id_, title in dated),
        *_decision_columns(ruleset),
        *_REMARKS,
    ]
    heads = Counter(column.head for column in own)
    return tuple(
        column if heads[column.head] == 1 else CaseColumn(column.path, column.path, column.kind)
        for column in own
    )


def _decision_columns(ruleset: Ruleset) -> Iterator[CaseColumn]:
    """Yield the columns of each kind of decision that the vocabulary names."""
    for fact in ruleset.facts.values():
        if kind_of_decision(fact.source):
            head = as_head(fact.label or fact.title)
            yield CaseColumn(head, f"{fact.source}.value", _VALUE)
            yield CaseColumn(f"{head} on", f"{fact.source}.on", _DATE)
            yield CaseColumn(f"{head} by", f"{fact.source}.by")
            yield CaseColumn(f"{head}: why", f"{fact.source}.why")


_ARTICLES: Final = ("a ", "an ", "the ")


def _shown(value: str, ruleset: Ruleset) -> str:
    """Return a value as it stands in a cell: by its title, if an outcome has one for it."""
    titles = [
        outcome.values[value] for outcome in ruleset.outcomes.values() if value in outcome.values
    ]
    for title in titles:
        for article in _ARTICLES:
            if title.startswith(article):
                return title.removeprefix(article)
        return title
    return value.replace("-", " ")


def choices(column: CaseColumn, ruleset: Ruleset) -> dict[str, str]:
    """Return the values that may stand in a column, by how they stand there."""
    if column.kind is CellKind.FORCE:
        return {force.name: force.id for force in all_forces().values()}
    if column.path == "decision":
        return dict(_DECISIONS)
    if column.path == "of":
        return {event.label or event.title: id_ for id_, event in ruleset.events.items()}
    if column.path == "topic":
        return {topic.replace("-", " "): topic for topic in ruleset.topics}
    if column.path.startswith(_OWN_FACTS):
        own = ruleset.facts[column.path.removeprefix(_OWN_FACTS)]
        return {
            own.labels.get(value, value.replace("-", " ")): value
            for value in own.values
            if value != own.unknown
        }
    return _choices_of_field(column, ruleset)


def _choices_of_field(column: CaseColumn, ruleset: Ruleset) -> dict[str, str]:
    """Return the values of the fact that comes from the field of a column; none without one.

    Of a decision it is recorded that there is one, or that there is none: never that nobody knows.
    """
    source = column.path.removesuffix(".value") if column.decision else _FACTS.get(column.path, "")
    fact = ruleset.facts.get(ruleset.contract.name(source))
    if fact is None:
        return {}
    known = [value for value in fact.values if value not in {fact.unknown, NONE_RECORDED}]
    shown = {
        fact.labels.get(value, value) if value == DECIDED else _shown(value, ruleset): value
        for value in known
    }
    if column.decision:
        return shown | {fact.labels.get(NONE_RECORDED, NONE): NONE_RECORDED}
    return shown | {NOT_KNOWN: fact.unknown}
