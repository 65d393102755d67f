"""Changes to the facts of a follow-up, given by name or by path, and the follow-up after them."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn

import attrs
from attrs import frozen

from ncpi_rules.core import FactsError, NotKnown, PartialDate, Problem, nearest
from ncpi_rules.facts import EVENT_PLACES, FACT_PLACES, FollowUp
from ncpi_rules.io import Path_, Plain, format_path, read_path, write_plain
from ncpi_rules.plan import check_names, values_of

if TYPE_CHECKING:
    from ncpi_rules.ruleset import Ruleset

_PARTS: Final = tuple(attrs.fields_dict(FollowUp))


@frozen(kw_only=True)
class Change:
    """One fact that is changed: where it stands, and what it was and is, as a file writes it.

    ``before`` and ``after`` are ``unknown`` where nothing is told.
    """

    place: str
    before: str
    after: str


@frozen
class _Wish:
    """One change as it was asked for: the path, the value, and whether it takes a block's place."""

    path: Path_
    value: Plain
    instead: bool


def changed(
    follow_up: FollowUp, changes: Mapping[str, Any], rules: Ruleset, day: int
) -> tuple[FollowUp, tuple[Change, ...]]:
    """Return a follow-up with other facts, and what of it is changed.

    ``changes`` holds values by name or path, as ``what_if`` describes them. Raises FactsError with
    every problem: first those of the names and the values, then contradictions.
    """
    before: dict[str, Any] = follow_up.to_dict()
    wishes = list(_wishes(changes, rules))
    blocks = dict.fromkeys(str(wish.path[0]) for wish in wishes)
    problems = list(_twice(wishes))
    for block in blocks:
        problems += _problems_of(block, before, wishes, rules, day)
    if problems:
        raise FactsError(problems)
    after = copy.deepcopy(before)
    for wish in sorted(wishes, key=lambda each: len(each.path)):
        _put(after, wish)
    found = FollowUp.from_dict(after)
    return found, tuple(_told(before, found.to_dict()))


def _wishes(changes: Mapping[str, Any], rules: Ruleset) -> Iterator[_Wish]:
    for name, value in changes.items():
        whole = attrs.has(type(value)) and not isinstance(value, PartialDate)
        path, plain = _path(name, rules), _plain(value)
        if path == ("prospects",) and isinstance(plain, str):
            # Who judged, when and why is not told of a judgement that is only imagined.
            plain, whole = {"judgement": plain}, True
        yield from _single(_Wish(path, plain, whole))


def _single(wish: _Wish) -> Iterator[_Wish]:
    """Yield one wish for each thing that a mapping names."""
    if wish.instead or not isinstance(wish.value, dict) or not wish.value:
        yield wish
        return
    for key, value in wish.value.items():
        yield from _single(_Wish((*wish.path, key), value, instead=False))


def _path(name: str, rules: Ruleset) -> Path_:
    """Return where something stands in the facts, by its path or by its name in the vocabulary."""
    path = name.replace("__", ".")
    known = path.replace("_", "-")
    if read_path(path)[:1] and read_path(path)[0] in _PARTS:
        return read_path(path)
    if known in EVENT_PLACES:
        return read_path(EVENT_PLACES[known])
    if known == "findings":
        return read_path(FACT_PLACES[known])
    if known in rules.events:
        return ("further", "events", known)
    if known in rules.facts:
        return ("further", "facts", known)
    return read_path(path) or (name,)


def _plain(value: Any) -> Plain:
    if isinstance(value, PartialDate):
        return value.edtf
    if isinstance(value, NotKnown):
        return value.value
    if attrs.has(type(value)):
        return write_plain(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value


def _twice(wishes: Iterable[_Wish]) -> Iterator[Problem]:
    seen = set()
    for wish in wishes:
        if wish.path in seen:
            place = format_path(wish.path)
            yield Problem(
                place=place, message="This is changed twice.", help="Keep one of the two changes."
            )
        seen.add(wish.path)


def _problems_of(
    block: str, before: Mapping[str, Any], wishes: Iterable[_Wish], rules: Ruleset, day: int
) -> Iterator[Problem]:
    """Yield what is wrong with the changes of one block of the facts, the other blocks apart."""
    mine = [wish for wish in wishes if wish.path[0] == block]
    if block not in _PARTS:
        places = [*_PARTS, *EVENT_PLACES.values(), *rules.facts, *rules.events]
        for wish in mine:
            name = format_path(wish.path)
            guess = nearest(name.replace("_", "-"), [each.replace("_", "-") for each in places])
            meant = next((each for each in places if each.replace("_", "-") == guess), None)
            listed = f"The parts of a follow-up are: {', '.join(_PARTS)}."
            yield Problem(
                place=name,
                message=f"A follow-up has no '{name}', and the ruleset no such fact or event.",
                help=f"Did you mean '{meant}'? {listed}" if meant else listed,
            )
        return
    facts = {"force": before["force"]}
    if block in before:
        facts[block] = copy.deepcopy(before[block])
    lost: list[Problem] = []
    for wish in sorted(mine, key=lambda each: len(each.path)):
        try:
            _put(facts, wish)
        except FactsError as fault:
            lost += fault.problems
    yield from lost
    found = list(_problems_in(facts, rules, day))
    for wish in mine if found else ():
        # What cannot be read hides which words the ruleset does not have: so each by itself.
        if all(isinstance(step, str) for step in wish.path):
            single = {"force": before["force"]}
            _put(single, wish)
            found += _problems_in(single, rules, day)
    yield from dict.fromkeys(found)


def _problems_in(facts: Mapping[str, Any], rules: Ruleset, day: int) -> Iterator[Problem]:
    try:
        alone = FollowUp.from_dict(facts)
        values_of(alone, rules, day)
        check_names(alone, rules)
    except FactsError as fault:
        yield from fault.problems


def _put(facts: dict[str, Any], wish: _Wish) -> None:
    """Put a value in its place; raise FactsError where the path leads nowhere."""
    *way, last = wish.path
    inner: Any = facts
    for number, step in enumerate(way):
        if isinstance(inner, dict) and isinstance(step, str):
            nothing: Plain = [] if isinstance(wish.path[number + 1], int) else {}
            inner = inner.setdefault(step, nothing)
        elif isinstance(inner, list) and isinstance(step, int) and step < len(inner):
            inner = inner[step]
        else:
            _lost(wish.path, number, inner)
    within = (
        isinstance(last, int) and last < len(inner)
        if isinstance(inner, list)
        else isinstance(inner, dict) and isinstance(last, str)
    )
    if not within:
        _lost(wish.path, len(way), inner)
    inner[last] = copy.deepcopy(wish.value)


def _lost(path: Path_, number: int, inner: Any) -> NoReturn:
    step, above = path[number], format_path(path[:number])
    if isinstance(inner, list):
        message = f"'{above}' is a list of {len(inner)}, and has no entry '{step}'."
        help_ = "Count the entries from 0, or give the whole list."
    else:
        message = f"'{above}' has no parts, so nothing in it can be changed."
        help_ = f"Give '{above}' itself."
    raise FactsError(Problem(place=format_path(path), message=message, help=help_))


def _told(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    was, now = dict(_leaves(before)), dict(_leaves(after))
    for path in dict.fromkeys((*was, *now)):
        one, other = was.get(path, NotKnown.UNKNOWN.value), now.get(path, NotKnown.UNKNOWN.value)
        if one != other:
            yield Change(place=format_path(path), before=one, after=other)


def _leaves(plain: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    if isinstance(plain, Mapping):
        for key, each in plain.items():
            yield from _leaves(each, (*path, key))
    elif isinstance(plain, list) and plain:
        for place, each in enumerate(plain):
            yield from _leaves(each, (*path, place))
    else:
        yield path, "none" if plain == [] else str(plain)
