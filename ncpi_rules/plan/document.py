"""A plan as a typed document: all that pages, programs and stored files have of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

from attrs import frozen

from ncpi_rules.core import Day, RecordError
from ncpi_rules.io import described, read_document, read_document_json, write_document
from ncpi_rules.plan.items import (
    Action,
    Alert,
    DocumentRequest,
    InterpretationTaken,
    PlanDeadline,
    PlanOutcome,
    Question,
    StillUnknown,
)

SCHEMA: Final = "ncpi-rules/plan/2"
"""The name and the version of the JSON of a plan."""


@frozen(kw_only=True, slots=False)
class PlanDocument:
    """What becomes of one follow-up on one day: what everybody must do, by when, and why.

    Two documents are equal where all that they say is equal. Its JSON is described by
    ``io/schemas/plan.json``.

    >>> from ncpi_rules.facts import FollowUp
    >>> from ncpi_rules.plan import assess
    >>> plan = assess(FollowUp(force="kent"), on="2020-01-31")
    >>> stored = PlanDocument.from_json(plan.to_json())
    >>> stored == plan.document, stored.questions[0].sentence
    (True, 'How well is the force managing to carry out all of the recommendations?')
    """

    form: ClassVar[str] = SCHEMA
    kind: ClassVar[str] = "a plan"
    made_with: ClassVar[str] = "ncpi-rules assess FILE --format json"

    schema: str = described(
        "The name and the version of this form.", metadata={"values": (SCHEMA,)}
    )
    force: str = described("The short name of the force.")
    force_name: str = described("The name of the force.")
    country: str = described("The country of the force.")
    chief_officer: str = described("The title of the force's chief officer on the day.")
    local_policing_body: str = described("The title of the force's local policing body on the day.")
    on: Day = described("The day of the assessment.")
    on_text: str = described("The day of the assessment, as an officer reads it.")
    ruleset_id: str = described("The id of the ruleset.")
    methodology: str = described("The title of the methodology.")
    edition: str = described("The edition of the ruleset.")
    engine: str = described("The engine that decided which rules apply.")
    engine_note: str | None = described(
        "Why another engine than usual decided; null where none did."
    )
    tier: PlanOutcome | None = described("The tier; null where the ruleset decides none.")
    outcomes: Mapping[str, PlanOutcome] = described("Every other outcome, by its id.")
    required_actions: tuple[Action, ...] = described("Actions that the methodology asks for.")
    optional_actions: tuple[Action, ...] = described(
        "Actions that are likely or allowed; the plan chooses none of them."
    )
    documents: tuple[DocumentRequest, ...] = described("The documents that may be asked for.")
    deadlines: tuple[PlanDeadline, ...] = described(
        "The deadlines, in the order in which their events are likely to happen."
    )
    questions: tuple[Question, ...] = described("The questions that the follow-up is to answer.")
    alerts: tuple[Alert, ...] = described("What a reader should know besides.")
    unknown: tuple[StillUnknown, ...] = described(
        "What is not known; facts first, and what would change most first."
    )
    interpretations: tuple[InterpretationTaken, ...] = described(
        "The interpretations on which something in the plan rests."
    )

    @classmethod
    def from_json(cls, text: str, *, name: str = "") -> Self:
        """Return the document that a JSON text holds; raise RecordError for any other text."""
        return read_document_json(text, cls, RecordError, name)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, name: str = "") -> Self:
        """Return the document that plain data hold; raise RecordError for any other data."""
        return read_document(data, cls, RecordError, name)

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as text, numbers, lists and mappings."""
        return write_document(self)

    def to_json(self) -> str:
        """Return the plan as JSON that :meth:`from_json` reads back as an equal document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    @property
    def all_outcomes(self) -> dict[str, PlanOutcome]:
        """Return every outcome by its id, the tier first."""
        return ({} if self.tier is None else {"tier": self.tier}) | dict(self.outcomes)
