"""The replay of a record: whether the recorded plan still follows, and what has changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.core import DateError, FactsError, Problem, RecordError
from ncpi_rules.io import shortened
from ncpi_rules.plan.assessment import assess, edition_for
from ncpi_rules.plan.diff import Difference, differences
from ncpi_rules.plan.outside import changes_outside
from ncpi_rules.plan.plan import Plan
from ncpi_rules.plan.records import Record, placed, recorded
from ncpi_rules.ruleset import shipped_editions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.facts import FollowUp
    from ncpi_rules.plan.records import EngineUsed, LibraryUsed
    from ncpi_rules.ruleset import Rules, Ruleset


@frozen(kw_only=True)
class ChangeSince:
    """Something that is not as it was when the record was written.

    ``what`` is ``record``, ``rules``, ``interpretations``, ``library``, ``engine``, ``days off``,
    ``subject``, ``packages`` or ``reasons``.
    """

    what: str
    message: str


@frozen(kw_only=True)
class Replay:
    """A record, the plan that follows now, how the two differ, and what has changed since."""

    record: Record = field(repr=False)
    plan: Plan = field(repr=False)
    differences: tuple[Difference, ...]
    changes: tuple[ChangeSince, ...]

    @property
    def same(self) -> bool:
        """Return True where the recorded plan follows now, and the record is as it was written."""
        return not self.differences and all(change.what != "record" for change in self.changes)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the answer in sentences: first whether the plan is the same."""
        if self.same:
            first = "The same: the recorded plan follows again."
        elif self.differences:
            first = "Not the same: the plan that follows now differs from the recorded plan."
        else:
            first = "The recorded plan follows again, but the record is not as it was written."
        differences = (difference.message for difference in self.differences)
        return first, *differences, *(change.message for change in self.changes)


_EDITED: Final = {
    "asked": "The facts, the day or the interpretations in the record were changed after it was "
    "written.",
    "plan": "The plan in the record was changed after it was written.",
    "whole": "The record was changed after it was written, outside the facts and the plan.",
}


def replay(record: Record, *, ruleset: Rules | None = None, engine: str | None = None) -> Replay:
    """Return what follows now from the facts, the day and the interpretations of a record.

    ``ruleset`` is the shipped one unless another is given; of several editions the follow-up's date
    selects one, as it does for an assessment. Raises RecordError where the facts cannot be read any
    more, or not by this ruleset.
    """
    asked_of = ruleset if ruleset is not None else shipped_editions()
    follow_up = record.follow_up
    try:
        rules = edition_for(follow_up, asked_of, record.on.toordinal())
    except FactsError as fault:
        raise RecordError(placed(fault.problems, record.name, "facts")) from None
    asked = {
        id_: answer
        for id_, answer in record.interpretations.items()
        if id_ in rules.interpretations and answer in rules.interpretations[id_].answers
    }
    try:
        plan = assess(
            follow_up, on=record.on, ruleset=asked_of, interpretations=asked, engine=engine
        )
    except (FactsError, DateError) as fault:
        within = "facts" if isinstance(fault, FactsError) else "on"
        problems = list(placed(fault.problems, record.name, within))
        if record.ruleset.digest != rules.digest:
            message = _describe_rules(record, rules)
            help_ = "Give the ruleset by which the record was made."
            problems.append(Problem(place=record.name, message=message, help=help_))
        raise RecordError(problems) from None
    now = recorded(plan, mask_names=record.masked)
    return Replay(
        record=record,
        plan=plan,
        differences=differences(record.plan, now.plan, names=("Only in the record", "Only now")),
        changes=tuple(_changes(record, now, rules, follow_up)),
    )


def _describe_rules(record: Record, rules: Ruleset) -> str:
    was, settings = record.ruleset, rules.settings
    if (was.id, was.edition) != (settings.id, settings.edition):
        return (
            f"The record follows the ruleset '{was.id}', edition '{was.edition}', "
            f"and this one is '{settings.id}', edition '{settings.edition}'."
        )
    return (
        f"The rules have changed since: their fingerprint was {shortened(was.digest)} and is "
        f"{shortened(rules.digest)}."
    )


def _changes(
    was: Record, now: Record, rules: Ruleset, follow_up: FollowUp
) -> Iterator[ChangeSince]:
    yield from (ChangeSince(what="record", message=_EDITED[part]) for part in was.edited)
    if was.ruleset.digest != rules.digest:
        yield ChangeSince(what="rules", message=_describe_rules(was, rules))
    for id_, answer in was.interpretations.items():
        if now.interpretations.get(id_) != answer:
            message = f"The ruleset no longer has the answer '{answer}' to interpretation {id_}."
            yield ChangeSince(what="interpretations", message=message)
    for id_, answer in now.interpretations.items():
        if id_ not in was.interpretations:
            message = f"The interpretation {id_} is new, and was answered with '{answer}'."
            yield ChangeSince(what="interpretations", message=message)
    for part, before, after in (
        ("library", was.library, now.library),
        ("engine", was.engine, now.engine),
    ):
        old, new = _describe_version(before), _describe_version(after)
        if old != new:
            yield ChangeSince(what=part, message=f"The {part} was {old} and is {new}.")
    outside = changes_outside(was.outside, rules, follow_up.about)
    yield from (ChangeSince(what=what, message=message) for what, message in outside)
    both = was.explanations.keys() & now.explanations.keys()
    if any(was.explanations[item] != now.explanations[item] for item in both):
        yield ChangeSince(what="reasons", message="Some of the reasons are now worded differently.")


def _describe_version(used: LibraryUsed | EngineUsed) -> str:
    return " ".join(filter(None, [used.name, used.version]))
