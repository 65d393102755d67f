"""The record of a decision: the facts, the rules, the plan that follows, why, and what is open.

A record holds no time of the clock: the same plan gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar

from attrs import AttrsInstance, evolve, field, fields_dict, frozen

from ncpi_rules.core import VERSION, Basis, Day, FactsError, Problem, RecordError
from ncpi_rules.engine import DurableEngine
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import (
    MAXIMUM_BYTES,
    described,
    digest_of,
    fingerprint_field,
    form_field,
    read_text,
    too_large,
    write_whole,
)
from ncpi_rules.plan.assessment import assess
from ncpi_rules.plan.document import JsonDocument, PlanDocument
from ncpi_rules.plan.outside import FromOutside, software_field
from ncpi_rules.plan.redact import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.plan.plan import Plan


SCHEMA: Final = "ncpi-rules/record/3"
"""The name and the version of the JSON of a record."""

LIBRARY: Final = "ncpi-rules"

T = TypeVar("T", bound=AttrsInstance)


@frozen(kw_only=True)
class RulesetUsed:
    """The ruleset that was followed."""

    id: str = described("The name of the ruleset.")
    edition: str = described("The name of the edition.")
    title: str = described("The title of the methodology.")
    digest: str = fingerprint_field("The fingerprint of all that the ruleset says.")


@frozen(kw_only=True)
class LibraryUsed:
    """The library that assessed."""

    name: str = software_field("The name of the library.")
    version: str = described("The version of the library.")


@frozen(kw_only=True)
class EngineUsed:
    """The rule engine that decided."""

    name: str = software_field("The name of the engine.")
    version: str | None = described("The version of the engine; null where it is the library's.")
    note: str | None = described("Why another engine than usual decided; null where none did.")


@frozen(kw_only=True)
class OpenOutcome:
    """An outcome that is to be decided."""

    id: str = described("Its name in the vocabulary.")
    title: str = described("What is to be decided.")
    basis: Basis = described("Why it is open.")
    basis_label: str = described("Why it is open, as an officer reads it.")


@frozen(kw_only=True)
class OpenItem:
    """An item of the plan that is left to people."""

    id: str = described("Its id in the plan.")
    sentence: str = described("The item as one sentence.")


@frozen(kw_only=True)
class OpenDocument(OpenItem):
    """A document that may be asked for."""

    suggested: bool | None = described("Whether it is suggested; null where that is not known.")


@frozen(kw_only=True)
class OpenPoints:
    """What the methodology leaves to people."""

    outcomes: tuple[OpenOutcome, ...] = described("The outcomes that are to be decided.")
    optional_actions: tuple[OpenItem, ...] = described("Optional actions; nobody has chosen any.")
    documents: tuple[OpenDocument, ...] = described("The documents that may be asked for.")
    questions: tuple[OpenItem, ...] = described("The questions that the follow-up is to answer.")

    @classmethod
    def of(cls, plan: PlanDocument) -> Self:
        """Return what a plan leaves to people."""
        return cls(
            outcomes=tuple(
                _excerpt(OpenOutcome, outcome, id=id_)
                for id_, outcome in plan.all_outcomes.items()
                if not outcome.basis.settles
            ),
            optional_actions=tuple(_excerpt(OpenItem, item) for item in plan.optional_actions),
            documents=tuple(_excerpt(OpenDocument, item) for item in plan.documents),
            questions=tuple(_excerpt(OpenItem, item) for item in plan.questions),
        )


def _excerpt(kind: type[T], whole: Any, **others: str) -> T:
    """Return an object that has some fields of a larger one, and others besides."""
    names = fields_dict(kind).keys() - others.keys()
    return kind(**{name: getattr(whole, name) for name in names}, **others)


@frozen(kw_only=True)
class RecordFingerprints:
    """What shows whether a record was changed after it was written."""

    asked: str = fingerprint_field("The fingerprint of the facts, the day and the interpretations.")
    plan: str = fingerprint_field("The fingerprint of the plan.")
    whole: str = fingerprint_field("The fingerprint of everything but the fingerprints.")


_UNSIGNED: Final = RecordFingerprints(**dict.fromkeys(("asked", "plan", "whole"), "0" * 64))
"""What stands there until the fingerprints are worked out, which cover all else."""


@frozen(kw_only=True)
class Record(JsonDocument):
    """One assessment of one follow-up, with all that is needed to repeat it.

    Its JSON is described by ``io/schemas/record.json``. ``name`` is what it is called in problems:
    the name of its file.
    """

    form: ClassVar[str] = SCHEMA
    kind: ClassVar[str] = "a record of a decision"
    made_with: ClassVar[str] = "ncpi-rules assess FILE --record RECORD"

    schema: str = form_field(SCHEMA)
    masked: bool = described(
        "Whether the names of people, and text that may hold some, are masked."
    )
    on: Day = described("The day of the assessment.")
    facts: Mapping[str, Any] = described("The facts, as a follow-up file has them.")
    interpretations: Mapping[str, str] = described(
        "The answer to every open question of the ruleset, by its id."
    )
    ruleset: RulesetUsed = described("The ruleset that was followed.")
    library: LibraryUsed = described("The library that assessed.")
    engine: EngineUsed = described("The rule engine that decided.")
    outside: FromOutside = described("What was taken from outside the ruleset.")
    plan: PlanDocument = described("The plan, in its own published form.")
    explanations: Mapping[str, tuple[str, ...]] = described(
        "Why each item is in the plan, in sentences, by the id of the item."
    )
    open: OpenPoints = described("What the methodology leaves to people.")
    fingerprints: RecordFingerprints = described(
        "What shows whether the record was changed after it was written."
    )
    name: str = field(default="", eq=False, repr=False, metadata={"hidden": True})

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """Return the record in a file; raise RecordError, with every problem, for any other."""
        name = str(path).replace("\\", "/")
        return cls.from_json(read_text(Path(path), RecordError, name=name), name=name)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, name: str = "") -> Self:
        """Return the record that plain data hold; raise RecordError for any other data."""
        return evolve(super().from_dict(data, name=name), name=name)

    @property
    def follow_up(self) -> FollowUp:
        """Return the facts; raise RecordError, with every problem, where they cannot be read."""
        try:
            return FollowUp.from_dict(self.facts)
        except FactsError as fault:
            raise RecordError(placed(fault.problems, self.name, "facts")) from None

    @property
    def edited(self) -> tuple[str, ...]:
        """Return which parts were changed after the record was written, as far as can be seen.

        ``asked`` for the facts, the day and the interpretations, ``plan``, or ``whole`` where it is
        some other part. It shows slips and careless changes; it is no signature.
        """
        expected, stored = fingerprints_of(self), self.fingerprints
        changed = [
            part
            for part in ("asked", "plan", "whole")
            if getattr(expected, part) != getattr(stored, part)
        ]
        return tuple([part for part in changed if part != "whole"] or changed)

    def to_json(self) -> str:
        """Return the record as JSON that :meth:`from_json` reads back exactly."""
        return super().to_json() + "\n"

    def write(self, path: Path | str, *, replace: bool = False) -> None:
        """Write the record into a file: whole, or not at all.

        Raises RecordError where there is a file of other content, unless ``replace`` is True,
        and where it cannot be written. What was there before is then still there.
        """
        # Half a character, which only a program can give, is written as JSON escapes it.
        content = self.to_json().encode("utf-8", "backslashreplace")
        if len(content) > MAXIMUM_BYTES:
            raise RecordError(too_large(str(path)))
        write_whole(path, content, RecordError, replace=replace)


def record(plan: Plan, *, mask_names: bool = False) -> Record:
    """Return the record of a plan: facts, day, interpretations, rules, plan and what is open.

    With ``mask_names``, who judged and who decided, and all free text that may name somebody, are
    replaced in the facts, and the plan is assessed again from these.

    >>> plan = assess(FollowUp.from_dict({"force": "kent"}), on="2020-01-31")
    >>> made = record(plan)
    >>> made.plan == plan.document, made.edited
    (True, ())
    """
    if mask_names:
        plan = assess(
            masked(plan.follow_up),
            on=plan.on,
            ruleset=plan.rules_asked,
            interpretations={
                id_: plan.decision.values[id_] for id_ in plan.ruleset.interpretations
            },
            engine=plan.engine_asked,
        )
    return recorded(plan, mask_names=mask_names)


def recorded(plan: Plan, *, mask_names: bool) -> Record:
    """Return the record of a plan; ``mask_names`` says that its facts are masked already."""
    rules = plan.ruleset
    unsigned = Record(
        schema=SCHEMA,
        masked=mask_names,
        on=plan.on,
        facts=plan.follow_up.to_dict(),
        interpretations={id_: plan.decision.values[id_] for id_ in rules.interpretations},
        ruleset=_excerpt(RulesetUsed, rules.settings, digest=rules.digest),
        library=LibraryUsed(name=LIBRARY, version=VERSION),
        engine=EngineUsed(
            name=plan.engine, version=_version_of(plan.engine), note=plan.engine_note
        ),
        outside=FromOutside.of(plan),
        plan=plan.document,
        explanations={item: plan.why(item) for item in _explained(plan)},
        open=OpenPoints.of(plan.document),
        fingerprints=_UNSIGNED,
    )
    return evolve(unsigned, fingerprints=fingerprints_of(unsigned))


def _explained(plan: Plan) -> Iterator[str]:
    yield from plan.decision.outcomes
    yield from (item for item in plan.items if item not in plan.decision.outcomes)


def _version_of(engine: str) -> str | None:
    if engine != DurableEngine.name:
        return None
    try:
        return metadata.version(engine)
    except metadata.PackageNotFoundError:
        return None


def fingerprints_of(record: Record) -> RecordFingerprints:
    """Return the fingerprints that a record has when it is written."""
    content = record.to_dict()
    del content["fingerprints"]
    asked = {key: content[key] for key in ("facts", "on", "interpretations")}
    parts = {"asked": asked, "plan": content["plan"], "whole": content}
    return RecordFingerprints(
        **{name: digest_of(json.dumps(part, sort_keys=True)) for name, part in parts.items()}
    )


def placed(problems: Iterable[Problem], *above: str) -> Iterator[Problem]:
    """Yield problems with the name of the record, and the parts above, before their places."""
    for problem in problems:
        name, *path = [*above, problem.place]
        inside = ".".join(filter(None, path))
        yield evolve(problem, place=": ".join(filter(None, [name, inside])))
