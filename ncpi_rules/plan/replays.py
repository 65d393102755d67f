"""The replay of a record: whether what was recorded still follows, and what has changed if not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import DateError, FactsError, Problem, RecordError
from ncpi_rules.plan.assessment import assess
from ncpi_rules.plan.diff import Difference, differences
from ncpi_rules.plan.plan import Plan
from ncpi_rules.plan.records import Record, placed, recorded
from ncpi_rules.ruleset import shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.ruleset import Ruleset


@frozen(kw_only=True)
class Change:
    """Something that is not as it was when the record was written.

    ``what`` is ``record``, ``rules``, ``interpretations``, ``library``, ``engine`` or ``reasons``.
    """

    what: str
    says: str


@frozen(kw_only=True)
class Replay:
    """A record, the plan that follows now, in what they differ, and what has changed since."""

    record: Record = field(repr=False)
    plan: Plan = field(repr=False)
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]

    @property
    def same(self) -> bool:
        """Return True where the recorded plan follows now, and the record is as it was written."""
        return not self.differences and all(each.what != "record" for each in self.changes)

    @property
    def says(self) -> tuple[str, ...]:
        """Return the answer in sentences: first whether it is the same."""
        if self.same:
            first = "The same: what was recorded follows again."
        elif self.differences:
            first = "Not the same: what follows now is not what was recorded."
        else:
            first = "What was recorded follows again, but the record is not as it was written."
        return (
            first,
            *(each.says for each in self.differences),
            *(each.says for each in self.changes),
        )


_EDITED: Final = {
    "asked": "The facts, the day or the interpretations in the record were changed after it was "
    "written.",
    "plan": "The plan in the record was changed after it was written.",
    "whole": "The record was changed after it was written, outside the facts and the plan.",
}


def replay(record: Record, *, ruleset: Ruleset | None = None, engine: str | None = None) -> Replay:
    """Return what follows now from the facts, the day and the interpretations of a record.

    ``ruleset`` is the shipped one unless another is given. Raises RecordError where the facts
    cannot be read any more, or not by this ruleset.
    """
    rules = ruleset if ruleset is not None else shipped_ruleset()
    content, follow_up = record.content, record.follow_up
    asked = {
        id_: answer
        for id_, answer in content["interpretations"].items()
        if id_ in rules.interpretations and answer in rules.interpretations[id_].answers
    }
    try:
        plan = assess(
            follow_up, on=content["on"], ruleset=rules, interpretations=asked, engine=engine
        )
    except (FactsError, DateError) as fault:
        within = "facts" if isinstance(fault, FactsError) else "on"
        problems = list(placed(fault.problems, record.name, within))
        if content["ruleset"]["digest"] != rules.digest:
            message = _says_rules(content, rules)
            help_ = "Give the ruleset by which the record was made."
            problems.append(Problem(place=record.name, message=message, help=help_))
        raise RecordError(problems) from None
    now = recorded(plan, mask_names=record.masked)
    return Replay(
        record=record,
        plan=plan,
        differences=differences(
            content["plan"], now.content["plan"], names=("Only in the record", "Only now")
        ),
        changes=tuple(_changes(record, now, rules)),
    )


def _says_rules(content: Mapping[str, Any], rules: Ruleset) -> str:
    was, settings = content["ruleset"], rules.settings
    if (was["id"], was["edition"]) != (settings.id, settings.edition):
        return (
            f"The record follows the ruleset '{was['id']}', edition '{was['edition']}', "
            f"and this one is '{settings.id}', edition '{settings.edition}'."
        )
    return (
        f"The rules have changed since: their fingerprint was {was['digest']} "
        f"and is {rules.digest}."
    )


def _changes(record: Record, now: Record, rules: Ruleset) -> Iterator[Change]:
    was, new = record.content, now.content
    yield from (Change(what="record", says=_EDITED[part]) for part in record.edited)
    if was["ruleset"]["digest"] != rules.digest:
        yield Change(what="rules", says=_says_rules(was, rules))
    for id_, answer in was["interpretations"].items():
        if new["interpretations"].get(id_) != answer:
            says = f"The ruleset has no answer '{answer}' to the interpretation {id_} any more."
            yield Change(what="interpretations", says=says)
    for id_, answer in new["interpretations"].items():
        if id_ not in was["interpretations"]:
            says = f"The interpretation {id_} is new, and was answered with '{answer}'."
            yield Change(what="interpretations", says=says)
    for part in ("library", "engine"):
        before, after = (_says_version(each[part]) for each in (was, new))
        if before != after:
            says = f"The {part} was {before} and is {after}."
            yield Change(what=part, says=says)
    kept = set(was["explanations"]) & set(new["explanations"])
    if any(was["explanations"][item] != new["explanations"][item] for item in kept):
        yield Change(what="reasons", says="Some of the reasons are now worded in another way.")


def _says_version(part: Mapping[str, Any]) -> str:
    return " ".join(filter(None, [part["name"], part["version"]]))
