"""The record of a decision: what was known, by which rules, what followed, why, what is open.

A record holds no time of the clock: the same plan gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from attrs import evolve, field, frozen

from ncpi_rules.core import VERSION, Basis, FactsError, Problem, RecordError
from ncpi_rules.engine import DurableEngine
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import (
    MAXIMUM_BYTES,
    MAXIMUM_DEPTH,
    read_json_data,
    read_text,
    too_deep,
    too_large,
    write_whole,
)
from ncpi_rules.plan.assessment import assess
from ncpi_rules.plan.redact import masked
from ncpi_rules.plan.schema_check import problems_of
from ncpi_rules.ruleset import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.plan.plan import Plan


SCHEMA: Final = "ncpi-rules/record/1"
LIBRARY: Final = "ncpi-rules"

_MOST_PROBLEMS: Final = 20
_MOST_DIGITS: Final = 15
_OPEN: Final = {each.value for each in Basis if not each.settles}


@frozen(kw_only=True)
class Record:
    """One assessment with all that is needed to repeat it, in the form ``io/schemas/record.json``.

    ``name`` is what it is called in problems: the name of its file.
    """

    content: Mapping[str, Any] = field(repr=False)
    name: str = field(default="", eq=False)

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """Return the record in a file; raise RecordError, with every problem, for any other."""
        name = str(path).replace("\\", "/")
        return cls.from_json(read_text(Path(path), RecordError, name=name), name=name)

    @classmethod
    def from_json(cls, text: str, *, name: str = "") -> Self:
        """Return the record that a JSON text holds; raise RecordError for any other text."""
        data = read_json_data(text, RecordError, name=name, whole=_number)
        if _is_too_deep(data):
            raise RecordError(too_deep(name))
        return cls.from_dict(data, name=name)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, name: str = "") -> Self:
        """Return the record that plain data hold; raise RecordError where it is none."""
        found = data.get("schema") if isinstance(data, dict) else None
        if found != SCHEMA:
            known = isinstance(found, str) and found.startswith(SCHEMA[:-1])
            message = (
                f"This record has the form '{str(found)[:60]}', and this library reads '{SCHEMA}'."
                if known
                else "This is not a record of a decision."
            )
            help_ = (
                "Use the version of the library that wrote it."
                if known
                else "Write one with 'ncpi-rules assess FILE --record RECORD'."
            )
            raise RecordError(Problem(place=name, message=message, help=help_))
        problems = list(islice(problems_of(data, "record"), _MOST_PROBLEMS))
        if problems:
            raise RecordError(placed(problems, name))
        return cls(content=data, name=name)

    @property
    def masked(self) -> bool:
        """Return True where the names of people were replaced."""
        return bool(self.content["masked"])

    @property
    def follow_up(self) -> FollowUp:
        """Return the facts; raise RecordError, with every problem, where they cannot be read."""
        try:
            return FollowUp.from_dict(self.content["facts"])
        except FactsError as fault:
            raise RecordError(placed(fault.problems, self.name, "facts")) from None

    @property
    def edited(self) -> tuple[str, ...]:
        """Return which parts were changed after the record was written, as far as is seen.

        ``asked`` for the facts, the day and the interpretations, ``plan``, or ``whole`` where it is
        some other part. It shows slips and careless changes; it is no signature.
        """
        expected, found = _fingerprints(self.content), self.content["fingerprints"]
        parts = [part for part in ("asked", "plan") if expected[part] != found[part]]
        return tuple(parts or [part for part in expected if expected[part] != found[part]])

    def to_dict(self) -> dict[str, Any]:
        """Return the record as text, numbers, lists and mappings."""
        return dict(self.content)

    def to_json(self) -> str:
        """Return the record as JSON that :meth:`from_json` reads back exactly."""
        return json.dumps(self.content, ensure_ascii=False, indent=2) + "\n"

    def write(self, path: Path | str, *, replace: bool = False) -> None:
        """Write the record into a file: whole, or not at all.

        Raises RecordError where a file of other content stands there, unless ``replace`` is True,
        and where it cannot be written. What stood there before is then still there.
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
    >>> made.content["schema"], made.edited
    ('ncpi-rules/record/1', ())
    """
    if mask_names:
        plan = assess(
            masked(plan.follow_up),
            on=plan.on,
            ruleset=plan.ruleset,
            interpretations={
                id_: plan.decision.values[id_] for id_ in plan.ruleset.interpretations
            },
            engine=plan.engine_asked,
        )
    return recorded(plan, mask_names=mask_names)


def recorded(plan: Plan, *, mask_names: bool) -> Record:
    """Return the record of a plan; ``mask_names`` says that its facts are masked already."""
    rules, published = plan.ruleset, plan.to_dict()
    content = {
        "schema": SCHEMA,
        "masked": mask_names,
        "on": plan.on.isoformat(),
        "facts": plan.follow_up.to_dict(),
        "interpretations": {id_: plan.decision.values[id_] for id_ in rules.interpretations},
        "ruleset": {
            "id": rules.settings.id,
            "edition": rules.settings.edition,
            "title": rules.settings.title,
            "digest": rules.digest,
        },
        "library": {"name": LIBRARY, "version": VERSION},
        "engine": {
            "name": plan.engine,
            "version": _version_of(plan.engine),
            "note": plan.engine_note or None,
        },
        "plan": published,
        "explanations": {item: list(plan.why(item)) for item in _explained(plan)},
        "open": _open(published),
    }
    return Record(content={**content, "fingerprints": _fingerprints(content)})


def _explained(plan: Plan) -> Iterator[str]:
    yield from plan.decision.outcomes
    yield from (item for item in plan.items if item not in plan.decision.outcomes)


def _open(plan: Mapping[str, Any]) -> dict[str, Any]:
    outcomes = {"tier": plan["tier"], **plan["outcomes"]}
    parts = {
        "optional_actions": ("id", "says"),
        "documents": ("id", "says", "suggested"),
        "questions": ("id", "says"),
    }
    return {
        "outcomes": [
            {"id": id_, **{key: each[key] for key in ("title", "basis", "basis_sentence")}}
            for id_, each in outcomes.items()
            if each is not None and each["basis"] in _OPEN
        ],
        **{
            part: [{key: each[key] for key in keys} for each in plan[part]]
            for part, keys in parts.items()
        },
    }


def _version_of(engine: str) -> str | None:
    if engine != DurableEngine.name:
        return None
    try:
        return metadata.version(engine)
    except metadata.PackageNotFoundError:
        return None


def _fingerprints(content: Mapping[str, Any]) -> dict[str, str]:
    asked = {key: content[key] for key in ("facts", "on", "interpretations")}
    whole = {key: value for key, value in content.items() if key != "fingerprints"}
    parts = {"asked": asked, "plan": content["plan"], "whole": whole}
    return {name: digest_of(json.dumps(part, sort_keys=True)) for name, part in parts.items()}


def _number(digits: str) -> int | str:
    """Return a whole number; one that no plan can hold stays text, and is refused as such."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _is_too_deep(data: Any) -> bool:
    level = [data]
    for _ in range(MAXIMUM_DEPTH + 1):
        inner = [list(each.values()) if isinstance(each, dict) else each for each in level]
        level = [value for each in inner if isinstance(each, list) for value in each]
    return bool(level)


def placed(problems: Iterable[Problem], *above: str) -> Iterator[Problem]:
    """Yield problems with the name of the record, and the parts above, before their places."""
    for each in problems:
        name, *path = [*above, each.place]
        inside = ".".join(filter(None, path))
        yield evolve(each, place=": ".join(filter(None, [name, inside])))
