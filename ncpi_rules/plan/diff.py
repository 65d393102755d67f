"""Two plans beside each other: what differs, each in one sentence to read out.

It compares plans as they are published, by what their items are: a rule that says the same
under another id is told as the ground that has changed, not as one thing gone and another new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, Protocol, TypeAlias

from attrs import frozen

from ncpi_rules.core import format_days, format_span, sentence
from ncpi_rules.plan.pairs import Item, Placed, pairs

PlainPlan: TypeAlias = Mapping[str, Any]

NOT_COMPARED: Final = frozenset({"engine", "engine_note"})
"""What may differ without a word: every engine gives the same plan."""

GROUNDS: Final = "grounds"
WORDING: Final = "wording"

_GROUNDS: Final = {"rules": "rule", "statements": "statement", "interpretations": "interpretation"}

# Told only where nothing else of the same thing is: they say in words what other parts say.
_WORDING: Final = frozenset(
    {
        "because",
        "does",
        "event_says",
        "force_name",
        "id",
        "on_says",
        "says",
        "basis_sentence",
        "status_says",
        "tiers_say",
        "title",
    }
)

# Told only where the last day, the limit and the date given are the same: else they follow.
_FOLLOWS = {"bound_by", "days_left", "late_by_days", "window"}
_FOLLOWS |= {"latest_compliant_date", "working_day_before"}
_LEADS: Final = frozenset({"actual", "due", "limit", "not_before", "on"})

_SAYS: Final[Mapping[str, str]] = {
    "activity": "What is done in '{name}' is {after} instead of {before}.",
    "actual": "The date given for '{name}' is {after} instead of {before}.",
    "agreed_by": "Who has agreed the answer to '{name}': {after} instead of {before}.",
    "answer": "The answer to '{name}' is now '{after}' instead of '{before}'.",
    "bound_by": "The latest compliant date of '{name}' follows from {after} instead of {before}.",
    "by": "Who sees to '{name}': {after} instead of {before}.",
    "prompted_by": "What calls for '{name}': {after} instead of {before}.",
    "can_be_met": "Whether '{name}' can still be kept: {after} instead of {before}.",
    "chief_officer": "The chief officer is the {after} instead of the {before}.",
    "country": "The country is {after} instead of {before}.",
    "days_left": "The days left for '{name}': {after} instead of {before}.",
    "deadlines_that_wait": "The deadlines that wait for '{name}': {after} instead of {before}.",
    "decision": "What has been let go of '{name}': {after} instead of {before}.",
    "document": "The document of '{name}' is {after} instead of {before}.",
    "due": "The last day of '{name}' is {after} instead of {before}.",
    "edition": "The edition is {after} instead of {before}.",
    "event": "The event of '{name}' is {after} instead of {before}.",
    "force": "The force is {after} instead of {before}.",
    "latest_compliant_date": "The latest compliant date of '{name}': {after} instead of {before}.",
    "late_by_days": "The lateness of '{name}' is {after} instead of {before}.",
    "limit": "The limit of '{name}' is {after} instead of {before}.",
    "local_policing_body": "The local policing body is the {after} instead of the {before}.",
    "modality": "How strongly '{name}' is said: {after} instead of {before}.",
    "not_before": "The first day of '{name}' is {after} instead of {before}.",
    "of": "Whom or what '{name}' is about: {after} instead of {before}.",
    "on": "The day of the assessment is {after} instead of {before}.",
    "ours": "The answer to '{name}' that is taken unasked: {after} instead of {before}.",
    "place": "Where '{name}' is written down: {after} instead of {before}.",
    "rules_that_would_change": "The rules that '{name}' could change: {after} instead of {before}.",
    "ruleset": "The ruleset is {after} instead of {before}.",
    "schema": "The form of the plan is {after} instead of {before}.",
    "basis": "How '{name}' stands: '{after}' instead of '{before}'.",
    "status": "Where '{name}' stands: {after} instead of {before}.",
    "suggested": "Whether '{name}' is suggested: {after} instead of {before}.",
    "tiers": "The types of follow-up that '{name}' could lead to: {after} instead of {before}.",
    "to": "To whom '{name}' goes: {after} instead of {before}.",
    "value": "{name}: {after} instead of {before}.",
    "window": "The days on which '{name}' can still happen: {after} instead of {before}.",
    "working_day_before": "The working day before the last day of '{name}' is {after} instead of "
    "{before}.",
}
# How a part is shown where the plan says it in words of its own.
_IN_WORDS: Final = {
    "answer": "says",
    "force": "force_name",
    "basis": "basis_sentence",
    "status": "status_says",
    "tiers": "tiers_say",
    "value": "says",
}
_GENERAL: Final = "The {part} of '{name}' is {after} instead of {before}."
_MOVED: Final = {
    "required_actions": "'{name}' is an action instead of an option.",
    "optional_actions": "'{name}' is an option instead of an action.",
}
_LISTS: Final = ("documents", "deadlines", "questions", "alerts", "unknown", "interpretations")


_TITLES: Final = {"deadlines": "title", "interpretations": "question"}


@frozen(kw_only=True)
class Difference:
    """One thing in which two plans differ.

    ``item`` is its id in the plan (``plan`` for the plan itself); ``about`` the part of the plan,
    or ``grounds`` where only rules, statements or interpretations behind it differ, or ``wording``;
    ``before`` and ``after`` are words, empty where one of the plans does not have it.
    """

    item: str
    about: str
    says: str
    before: str = ""
    after: str = ""

    @property
    def is_of_substance(self) -> bool:
        """Return True where something else follows, not only for another reason."""
        return self.about not in {GROUNDS, WORDING, "interpretations", "unknown"}


class _HasPublishedForm(Protocol):
    def to_dict(self) -> dict[str, Any]: ...


def compare(one: _HasPublishedForm, other: _HasPublishedForm) -> tuple[Difference, ...]:
    """Return in what two plans differ; see :func:`differences`."""
    return differences(one.to_dict(), other.to_dict())


def differences(
    one: PlainPlan,
    other: PlainPlan,
    *,
    names: tuple[str, str] = ("Only in the first", "Only in the second"),
) -> tuple[Difference, ...]:
    """Return in what two plans differ, as ``Plan.to_dict`` publishes them, one sentence for each.

    There are none only where both say the same, the engine apart. ``names`` are the words before
    what only one of the two has.

    >>> from ncpi_rules.plan import assess
    >>> from ncpi_rules.facts import FollowUp
    >>> facts = {"force": "kent", "prospects": "some-concerns"}
    >>> plans = [
    ...     assess(FollowUp.from_dict({**facts, **more}), on="2020-01-31").to_dict()
    ...     for more in ({}, {"prospects": "significant-concerns"})
    ... ]
    >>> print(differences(*plans)[0].says)
    The type of follow-up: a full re-inspection instead of a post-inspection review.
    """
    return tuple(
        chain(
            _of_the_plan(one, other),
            _of_outcomes(one, other, names),
            _of_work(one, other, names),
            *(_of_list(group, one, other, names) for group in _LISTS),
        )
    )


def _of_the_plan(one: PlainPlan, other: PlainPlan) -> Iterator[Difference]:
    apart = {"tier", "outcomes", "required_actions", "optional_actions", *_LISTS, *NOT_COMPARED}
    yield from _of_parts(
        "plan",
        "plan",
        "the plan",
        *({key: value for key, value in each.items() if key not in apart} for each in (one, other)),
    )


def _of_outcomes(one: PlainPlan, other: PlainPlan, names: tuple[str, str]) -> Iterator[Difference]:
    before, after = ({"tier": each["tier"], **each["outcomes"]} for each in (one, other))
    for name in dict.fromkeys((*before, *after)):
        first, second = before.get(name), after.get(name)
        if first is not None and second is not None:
            yield from _of_parts(name, "outcomes", second["title"], first, second)
        elif first is not None or second is not None:
            yield _only(name, "outcomes", (first, second), names)


def _of_work(one: PlainPlan, other: PlainPlan, names: tuple[str, str]) -> Iterator[Difference]:
    """Yield what differs in actions and options: one may have become the other."""
    before, after = ([(g, i) for g in _MOVED for i in each[g]] for each in (one, other))
    told = set()
    last_days = [_last_days(each) for each in (one, other)]
    for first, second in pairs("required_actions", before, after):
        found: list[Difference] = []
        if first is None or second is None:
            found = [_only_item(first, second, names)]
        else:
            if first[0] != second[0]:
                name = _name("required_actions", first[1])
                found.append(
                    Difference(
                        item=second[1]["id"],
                        about=second[0],
                        says=_MOVED[second[0]].format(name=name),
                        before=first[0],
                        after=second[0],
                    )
                )
            was, due = first[1], [each.get(second[1]["event"]) for each in last_days]
            if due[0] != due[1] and was["due"] != second[1]["due"]:
                # The deadlines on its event are told apart: its last day follows from them.
                was = {**was, "due": second[1]["due"]}
                told |= {first[0], second[0]}
            name = _name("required_actions", first[1])
            found += _of_parts(second[1]["id"], second[0], name, was, second[1])
        if found:
            told |= {each[0] for each in (first, second) if each is not None}
        yield from found
    for group in _MOVED:
        if group not in told and one[group] != other[group]:
            yield _order(group)


def _last_days(plan: PlainPlan) -> dict[str, list[Any]]:
    """Return the last days of the deadlines on each event."""
    found: dict[str, list[Any]] = {}
    for each in plan["deadlines"]:
        found.setdefault(each["event"], []).append(each["due"])
    return found


def _of_list(
    group: str, one: PlainPlan, other: PlainPlan, names: tuple[str, str]
) -> Iterator[Difference]:
    before, after = ([(group, item) for item in each[group]] for each in (one, other))
    told = False
    for first, second in pairs(group, before, after):
        if first is None or second is None:
            found = [_only_item(first, second, names)]
        else:
            name, item = _name(group, first[1]), second[1]
            found = list(_of_parts(_id(item), group, name, first[1], item))
        told = told or bool(found)
        yield from found
    if not told and one[group] != other[group]:
        yield _order(group)


def _of_parts(item: str, about: str, name: str, one: Item, other: Item) -> Iterator[Difference]:
    """Yield what differs within one thing that both plans have."""
    parts = [
        part for part in dict.fromkeys((*one, *other)) if one.get(part) != other.get(part)
    ] or [part for part in dict.fromkeys((*one, *other)) if (part in one) != (part in other)]
    if _LEADS.intersection(parts):
        parts = [part for part in parts if part not in _FOLLOWS]
    for part in [part for part in parts if part not in _WORDING] or parts:
        before, after = _shown(part, one), _shown(part, other)
        if before == after:  # told alike in words
            before, after = str(one.get(part, "none")), str(other.get(part, "none"))
        kind = GROUNDS if part in _GROUNDS else WORDING if part in _WORDING else about
        if part in _GROUNDS:
            says = f"'{name}' rests on {_cited(part, other)} instead of {_cited(part, one)}."
        elif part in _WORDING:
            says = f"The words of '{name}' are now: '{after}', instead of: '{before}'."
        else:
            pattern = _SAYS.get(part, _GENERAL)
            told = part.replace("_", " ")
            says = pattern.format(name=name, part=told, before=before, after=after)
        yield Difference(item=item, about=kind, says=sentence(says), before=before, after=after)


def _only_item(first: Placed | None, second: Placed | None, names: tuple[str, str]) -> Difference:
    group, item = next(each for each in (second, first) if each is not None)
    told = (None if first is None else item, None if second is None else item)
    return _only(_id(item), group, told, names)


def _only(
    item: str, about: str, told: tuple[Item | None, Item | None], names: tuple[str, str]
) -> Difference:
    there = next(each for each in told if each is not None)
    name = _name(about, there) if about != "outcomes" else f"{there['title']}: {there['says']}"
    first, _, rest = name.partition(" ")
    name = f"{first.lower()} {rest}" if first in {"The", "A", "An"} else name
    where = names[0] if told[0] is not None else names[1]
    return Difference(
        item=item,
        about=about,
        says=sentence(f"{where}: {name}"),
        before=name if told[0] is not None else "",
        after=name if told[1] is not None else "",
    )


def _order(group: str) -> Difference:
    says = f"The {'facts not known' if group == 'unknown' else group} stand in another order."
    return Difference(item="plan", about=WORDING, says=says)


def _id(item: Item) -> str:
    return str(item.get("id", item.get("fact", "")))


def _name(group: str, item: Item) -> str:
    return str(item[_TITLES.get(group, "says")]).removesuffix(".")


def _cited(part: str, item: Item) -> str:
    found: Sequence[str] = item.get(part) or ()
    one = _GROUNDS[part]
    if not found:
        return f"no {one}"
    return f"the {one}{'' if len(found) == 1 else 's'} {', '.join(found)}"


def _shown(part: str, item: Item) -> str:
    """Return a part of an item in words; a day that no calendar has is shown as it is written."""
    value = item.get(_IN_WORDS.get(part, part), item.get(part))
    if value is None:
        return "not known" if part == "suggested" else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _shown_span(part, value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if part in {"latest_compliant_date", "working_day_before", "on"}:
        return _shown_span("due", {"from": value, "to": value})
    return str(value).removesuffix(".")


def _shown_span(part: str, value: Mapping[str, Any]) -> str:
    try:
        return format_days(value) if part in {"days_left", "late_by_days"} else format_span(value)
    except (KeyError, TypeError, ValueError, OverflowError):
        return " to ".join(dict.fromkeys(map(str, value.values())))


def of_substance(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """Return the differences in what follows, without those in the reasons for it."""
    return tuple(each for each in found if each.is_of_substance)
