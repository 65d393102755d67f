"""What differs between two plans, one sentence for each difference.

Items are paired by what they are: a rule that says the same under another id is a change of
grounds, not one item gone and another new.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import evolve, frozen

from ncpi_rules.core import changed_fields, pair, sentence
from ncpi_rules.io import described
from ncpi_rules.plan.diff_wording import (
    DESCRIPTIONS,
    FOLLOWING,
    GROUNDS_FIELDS,
    LEADING,
    describe_change,
    lower_article,
    show,
)
from ncpi_rules.plan.document import Action, PlanDocument, PlanOutcome, PlanRevisit

if TYPE_CHECKING:
    from ncpi_rules.core import FieldChange
    from ncpi_rules.plan.plan import Plan

NOT_COMPARED: Final = ("engine", "engine_note")
"""The fields that may differ: every engine gives the same plan."""

GROUNDS: Final = "grounds"
WORDING: Final = "wording"

Part: TypeAlias = Any
"""An item, a question left open or a fact not known: whatever a list of a plan has."""

_Identity: TypeAlias = Callable[[Part], Hashable]

_IDENTITIES: Final[Mapping[str, Sequence[_Identity]]] = {
    "documents": [attrgetter("id", "document", "of"), attrgetter("document"), attrgetter("id")],
    "deadlines": [
        attrgetter("id", "event"),
        attrgetter("event", "by", "limit"),
        attrgetter("event", "by"),
        attrgetter("id"),
    ],
    "revisits": [attrgetter("number")],
    "questions": [attrgetter("id", "sentence"), attrgetter("sentence"), attrgetter("id")],
    "alerts": [attrgetter("id", "sentence"), attrgetter("sentence"), attrgetter("id")],
    "unknown": [attrgetter("fact", "place", "sentence"), attrgetter("fact", "place")],
    "interpretations": [attrgetter("id")],
}
"""What makes two parts of a list the same, from the strictest to the loosest."""

_SAME_ACTION: Final[Sequence[_Identity]] = [
    lambda placed: attrgetter("id", "activity", "event", "of", "by")(placed[1]),
    lambda placed: attrgetter("activity", "event", "of", "by")(placed[1]),
    lambda placed: attrgetter("activity", "event", "of")(placed[1]),
    lambda placed: placed[1].id,
]
_ACTIONS: Final = {
    "required_actions": "'{name}' is now a required action (was optional).",
    "optional_actions": "'{name}' is now an optional action (was required).",
}
_NUMBER: Final = ("revisit",)
"""The field by which an item is told from those of other revisits: it says no more than the id."""

_OF_THE_PLAN: Final = (*_ACTIONS, *_IDENTITIES, "headline", "outcomes", *NOT_COMPARED)


@frozen(kw_only=True)
class Difference:
    """One thing in which two plans differ."""

    item: str = described("Its id in the plan; 'plan' for the plan itself.")
    about: str = described(
        "The part of the plan; 'grounds' where only rules, statements or interpretations behind it "
        "differ, or 'wording'."
    )
    message: str = described("The difference as one sentence.")
    before: str = described("What the earlier plan says; empty where it has none.", default="")
    after: str = described("What the later plan says; empty where it has none.", default="")

    @property
    def is_of_substance(self) -> bool:
        """Return True where the result changes, not only the reasons for it."""
        return self.about not in {GROUNDS, WORDING, "interpretations", "unknown"}


def compare(first: Plan, second: Plan) -> tuple[Difference, ...]:
    """Return in what two plans differ; see :func:`differences`."""
    return differences(first.document, second.document)


def differences(
    first: PlanDocument,
    second: PlanDocument,
    *,
    names: tuple[str, str] = ("Only in the first", "Only in the second"),
) -> tuple[Difference, ...]:
    """Return in what two plans differ.

    There is no difference only where both say the same, the engine apart. ``names`` introduce what
    only the first and only the second plan has.

    >>> from ncpi_rules.plan import assess
    >>> from ncpi_rules.facts import FollowUp
    >>> facts = {"force": "kent", "prospects": "some-concerns"}
    >>> plans = [
    ...     assess(FollowUp.from_dict({**facts, **more}), on="2020-01-31").document
    ...     for more in ({}, {"prospects": "significant-concerns"})
    ... ]
    >>> print(differences(*plans)[0].message)
    The type of follow-up: now a full re-inspection (was a post-inspection review).
    """
    comparison = _Comparison(first, second, names)
    return (
        *comparison.of_parts(
            "plan", "plan", "the plan", first, second, except_=_except(first, second)
        ),
        *comparison.of_outcomes(),
        *comparison.of_actions(),
        *(difference for group in _IDENTITIES for difference in comparison.of_list(group)),
    )


def _except(first: PlanDocument, second: PlanDocument) -> tuple[str, ...]:
    """Return the fields that are compared elsewhere: a deadline tells of a revisit's first day.

    Where one plan has another revisit more, its days are those of another one.
    """
    was, now = first.fieldwork, second.fieldwork
    if len(first.revisits) != len(second.revisits):
        return (*_OF_THE_PLAN, "fieldwork")
    if was is None or now is None or evolve(was, begins=now.begins) != now:
        return _OF_THE_PLAN
    events = [{deadline.event for deadline in plan.deadlines} for plan in (first, second)]
    is_told = all(was.event in of_plan for of_plan in events)
    return (*_OF_THE_PLAN, "fieldwork") if is_told else _OF_THE_PLAN


@frozen
class _Comparison:
    """Two plans, and the phrases that introduce what only one of them has."""

    first: PlanDocument
    second: PlanDocument
    names: tuple[str, str]

    def of_outcomes(self) -> Iterator[Difference]:
        before, after = self.first.all_outcomes, self.second.all_outcomes
        for name in dict.fromkeys((*before, *after)):
            first, second = before.get(name), after.get(name)
            if first is not None and second is not None:
                yield from self.of_parts(name, "outcomes", second.title, first, second)
            else:
                yield self._only(name, "outcomes", first, second)

    def of_actions(self) -> Iterator[Difference]:
        """Yield what differs in actions: a required one may have become optional."""
        before, after = (
            [(group, action) for group in _ACTIONS for action in getattr(plan, group)]
            for plan in (self.first, self.second)
        )
        reported = set[str]()
        for first, second in pair(before, after, _SAME_ACTION):
            changes = list(self._of_action(first, second))
            if changes or (first and second and first[1] != second[1]):
                reported |= {placed[0] for placed in (first, second) if placed is not None}
            yield from changes
        for group in _ACTIONS:
            if group not in reported and getattr(self.first, group) != getattr(self.second, group):
                yield _other_order(group)

    def _of_action(
        self, first: tuple[str, Action] | None, second: tuple[str, Action] | None
    ) -> Iterator[Difference]:
        if first is None or second is None:
            group, action = second or first or ("", None)
            assert action is not None  # noqa: S101  a pair has one of the two
            yield self._only(
                action.id,
                group,
                None if first is None else action,
                None if second is None else action,
            )
            return
        (before, was), (after, now) = first, second
        name = _name(was)
        if before != after:
            yield Difference(
                item=now.id,
                about=after,
                message=_ACTIONS[after].format(name=name),
                before=before,
                after=after,
            )
        if _deadlines_on(self.first, now.event) != _deadlines_on(self.second, now.event):
            # The due date and the status of an action follow from the deadlines on its event.
            was = evolve(
                was,
                due=now.due,
                status=now.status,
                status_label=now.status_label,
                status_line=now.status_line,
            )
        yield from self.of_parts(now.id, after, name, was, now, except_=_NUMBER)

    def of_list(self, group: str) -> Iterator[Difference]:
        reported = False
        before, after = getattr(self.first, group), getattr(self.second, group)
        for first, second in pair(before, after, _IDENTITIES[group]):
            if first is None or second is None:
                changes = [self._only(_id(second or first), group, first, second)]
            else:
                changes = list(
                    self.of_parts(_id(second), group, _name(first), first, second, except_=_NUMBER)
                )
            reported = reported or bool(changes)
            yield from changes
        if not reported and before != after:
            yield _other_order(group)

    def of_parts(  # noqa: PLR0913  two things, and what they are called
        self,
        item: str,
        about: str,
        name: str,
        first: Part,
        second: Part,
        *,
        except_: Sequence[str] = (),
    ) -> Iterator[Difference]:
        """Yield what differs within one thing that both plans have."""
        for change in _reported(changed_fields(first, second, except_=except_)):
            before, after = show(change.name, first), show(change.name, second)
            if before == after:  # read out alike: shown as they are in the data
                before, after = str(change.before), str(change.after)
            is_wording = change.name not in DESCRIPTIONS or change.name == "note"
            kind = WORDING if is_wording else about
            kind = GROUNDS if change.name in GROUNDS_FIELDS else kind
            message = describe_change(change.name, name, before, after)
            yield Difference(
                item=item, about=kind, message=sentence(message), before=before, after=after
            )

    def _only(self, item: str, about: str, first: Part, second: Part) -> Difference:
        part = second if first is None else first
        is_outcome = isinstance(part, PlanOutcome) and not isinstance(part, PlanRevisit)
        title = f"{part.title}: {part.label}" if is_outcome else _name(part)
        name = lower_article(title)
        return Difference(
            item=item,
            about=about,
            message=sentence(f"{self.names[first is None]}: {name}"),
            before="" if first is None else name,
            after="" if second is None else name,
        )


def _reported(changes: list[FieldChange]) -> list[FieldChange]:
    """Return the changes without those that follow from others or say the same in words.

    What the result is comes before the grounds for it.
    """
    if any(change.name in LEADING for change in changes):
        changes = [change for change in changes if change.name not in FOLLOWING]
    results = [change for change in changes if change.name in DESCRIPTIONS]
    grounds = [change for change in changes if change.name in GROUNDS_FIELDS]
    return [*results, *grounds] or changes


def _deadlines_on(plan: PlanDocument, event: str | None) -> list[object]:
    """Return the due dates and the statuses of the deadlines on an event."""
    return [
        (deadline.due, deadline.status, deadline.status_label, deadline.status_line)
        for deadline in plan.deadlines
        if deadline.event == event
    ]


def _other_order(group: str) -> Difference:
    title = "facts not known" if group == "unknown" else group.replace("_", " ")
    return Difference(item="plan", about=WORDING, message=f"The {title} are in another order.")


def _id(part: Part) -> str:
    return str(part.fact if hasattr(part, "fact") else part.id)


def _name(part: Part) -> str:
    title: str = part.question if hasattr(part, "question") else part.sentence
    return title.removesuffix(".")


def of_substance(changes: Iterable[Difference]) -> tuple[Difference, ...]:
    """Return the differences in the result, without those in the reasons for it."""
    return tuple(difference for difference in changes if difference.is_of_substance)
