"""Changes to the facts of a follow-up, by name or by path, and the follow-up that results."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn

import attrs
from attrs import frozen

from ncpi_rules.core import (
    DATE_FIELDS,
    FURTHER,
    REVISIT_PARTS,
    VALUE_FIELDS,
    FactsError,
    NotKnown,
    PartialDate,
    Problem,
    nearest,
)
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import Path_, Plain, format_path, read_path, write_plain
from ncpi_rules.plan import check_names, values_of

if TYPE_CHECKING:
    from ncpi_rules.ruleset import Ruleset

_WHOSE: Final[tuple[str, ...]] = ("force", "subject")
"""The fields of a follow-up that say what was inspected."""
_PARTS: Final = tuple(attrs.fields_dict(FollowUp))


@frozen(kw_only=True)
class FactChange:
    """One changed fact: its place, and its value before and after, as in a file.

    ``before`` and ``after`` are ``unknown`` where nothing is recorded.
    """

    place: str
    before: str
    after: str


@frozen
class _Wish:
    """One change that is asked for: a path and its value; ``whole`` where it replaces a part."""

    path: Path_
    value: Plain
    whole: bool


def changed(
    follow_up: FollowUp, changes: Mapping[str, Any], rules: Ruleset, day: int
) -> tuple[FollowUp, tuple[FactChange, ...]]:
    """Return a follow-up with other facts, and the facts that differ.

    ``changes`` holds values by name or path, as :func:`what_if` describes them. Raises FactsError
    with every problem: those of names and values first, contradictions where there are none.
    """
    before: dict[str, Any] = follow_up.to_dict()
    after = copy.deepcopy(before)
    wishes = sorted(_wishes(changes, rules, before), key=lambda wish: len(wish.path))
    problems: list[Problem] = []
    parts: dict[str, list[_Wish]] = {}
    paths: set[Path_] = set()
    for wish in wishes:
        if wish.path in paths:
            problems.append(changed_twice(format_path(wish.path)))
        paths.add(wish.path)
        part = str(wish.path[0])
        if part not in _PARTS:
            problems.append(_unknown_name(wish, rules))
            continue
        parts.setdefault(part, []).append(wish)
        try:
            _put(after, wish)
        except FactsError as fault:
            problems += fault.problems
    whose = {key: before[key] for key in _WHOSE if key in before}
    for part, asked in parts.items():
        facts = {**whose, part: after[part]} if part in after else whose
        if in_part := list(_problems_in(facts, rules, day)):
            problems += in_part
            problems += _problems_of_each(asked, whose, rules, day)
    if problems:
        raise FactsError(dict.fromkeys(problems))
    result = FollowUp.from_dict(after)
    return result, tuple(_differences(before, result.to_dict()))


def changed_twice(place: str) -> Problem:
    """Return the problem of a fact with two changes."""
    message = "This is changed twice."
    return Problem(place=place, message=message, help="Keep one of the two changes.")


def _wishes(
    changes: Mapping[str, Any], rules: Ruleset, before: Mapping[str, Any]
) -> Iterator[_Wish]:
    revisits = before.get("revisits", ())
    for name, value in changes.items():
        whole = attrs.has(type(value)) and not isinstance(value, PartialDate)
        path, plain = _path(name, rules), write_plain(value)
        if revisits and path[0] in REVISIT_PARTS:
            path = ("revisits", len(revisits) - 1, *path)
        if path == ("prospects",) and isinstance(plain, str):
            # Nobody has made an imagined judgement, so who did, when and why is dropped.
            plain, whole = {"judgement": plain}, True
        yield from _single(_Wish(path, plain, whole))


def _single(wish: _Wish) -> Iterator[_Wish]:
    """Yield one wish for each thing that a mapping names."""
    if wish.whole or not isinstance(wish.value, dict) or not wish.value:
        yield wish
        return
    for key, value in wish.value.items():
        yield from _single(_Wish((*wish.path, key), value, whole=False))


def _path(name: str, rules: Ruleset) -> Path_:
    """Return the path of something in the facts, by its path or its name in the vocabulary."""
    path = read_path(name.replace("__", "."))
    known = name.replace("__", ".").replace("_", "-")
    if path and path[0] in _PARTS:
        return path
    contract = rules.contract
    source = contract.events.get(known) or contract.facts.get(known, FURTHER)
    if source == "prospects.judgement":
        return ("prospects",)
    if source in DATE_FIELDS or VALUE_FIELDS.get(source) == ():
        return read_path(source)
    if known in rules.events:
        return ("further", "events", known)
    if known in rules.facts:
        return ("further", "facts", known)
    return path or (name,)


def _unknown_name(wish: _Wish, rules: Ruleset) -> Problem:
    name = format_path(wish.path)
    places = [*_PARTS, *DATE_FIELDS, *rules.facts, *rules.events]
    by_spelling = {place.replace("_", "-"): place for place in reversed(places)}
    guess = nearest(name.replace("_", "-"), by_spelling)
    parts = f"The parts of a follow-up are: {', '.join(_PARTS)}."
    return Problem(
        place=name,
        message=f"A follow-up has no '{name}', and the ruleset has no such fact or event.",
        help=f"Did you mean '{by_spelling[guess]}'? {parts}" if guess else parts,
    )


def _problems_of_each(
    wishes: Iterable[_Wish], whose: Mapping[str, Any], rules: Ruleset, day: int
) -> Iterator[Problem]:
    """Yield the problems of each change alone: one that cannot be read would hide the others."""
    for wish in wishes:
        if all(isinstance(step, str) for step in wish.path):
            facts = dict(whose)
            with suppress(FactsError):
                _put(facts, wish)
            yield from _problems_in(facts, rules, day)


def _problems_in(facts: Mapping[str, Any], rules: Ruleset, day: int) -> Iterator[Problem]:
    try:
        follow_up = FollowUp.from_dict(facts)
        values_of(follow_up, rules, day)
        check_names(follow_up, rules)
    except FactsError as fault:
        yield from fault.problems


def _put(facts: dict[str, Any], wish: _Wish) -> None:
    """Put a value in its place; raise FactsError where the path leads nowhere."""
    *way, last = wish.path
    inner: Any = facts
    for number, step in enumerate(way):
        if isinstance(inner, dict) and isinstance(step, str):
            empty: Plain = [] if isinstance(wish.path[number + 1], int) else {}
            inner = inner.setdefault(step, empty)
        elif isinstance(inner, list) and isinstance(step, int) and step < len(inner):
            inner = inner[step]
        else:
            _refuse_path(wish.path, number, inner)
    within = (
        isinstance(last, int) and last < len(inner)
        if isinstance(inner, list)
        else isinstance(inner, dict) and isinstance(last, str)
    )
    if not within:
        _refuse_path(wish.path, len(way), inner)
    inner[last] = copy.deepcopy(wish.value)


def _refuse_path(path: Path_, number: int, inner: Any) -> NoReturn:
    step, above = path[number], format_path(path[:number])
    if isinstance(inner, list):
        message = f"'{above}' is a list of {len(inner)}, and has no entry '{step}'."
        help_ = "Count the entries from 0, or give the whole list."
    else:
        message = f"'{above}' has no parts, so nothing in it can be changed."
        help_ = f"Give '{above}' itself."
    raise FactsError(Problem(place=format_path(path), message=message, help=help_))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FactChange]:
    was, now = dict(_leaves(before)), dict(_leaves(after))
    for path in dict.fromkeys((*was, *now)):
        old, new = was.get(path, NotKnown.UNKNOWN.value), now.get(path, NotKnown.UNKNOWN.value)
        if old != new:
            yield FactChange(place=format_path(path), before=old, after=new)


def _leaves(plain: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Yield every value with its path; an empty list is ``none``."""
    if isinstance(plain, Mapping):
        for key, inner in plain.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(plain, list) and plain:
        for place, inner in enumerate(plain):
            yield from _leaves(inner, (*path, place))
    else:
        yield path, "none" if plain == [] else str(plain)
