"""The texts of a methodology: their statements and headings, and one text beside another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from ncpi_rules.checks.traceability_align import Line, Match, align, in_order
from ncpi_rules.checks.traceability_result import State
from ncpi_rules.core import NcpiRulesError, Problem
from ncpi_rules.ruleset import Wording, fingerprint, headings_in, is_item, normalise, split

if TYPE_CHECKING:
    from ncpi_rules.ruleset import Ruleset

_LONGEST_HEADING: Final = 12  # words


# Reading a text, and finding headings under new names.


@frozen(kw_only=True)
class Text:
    """A text, or the edition: its statements, and the headings that it has."""

    lines: tuple[Line, ...]
    wordings: tuple[Wording, ...] = ()
    parts: tuple[str, ...]
    headings: Mapping[str, str]
    renamed: Mapping[str, str] = field(factory=dict)


def edition_text(ruleset: Ruleset) -> Text:
    """Return the statements of a ruleset, with the words of its own summaries."""
    return Text(
        lines=tuple(
            Line(
                id=each.id,
                part=each.id.rpartition(".")[0],
                fingerprint=each.fingerprint,
                words=_bag(each.summary),
            )
            for each in ruleset.statements.values()
        ),
        parts=(ruleset.before_headings, *(each.prefix for each in ruleset.headings)),
        headings={each.fingerprint: each.prefix for each in ruleset.headings},
    )


def _bag(text: str) -> Counter[str]:
    return Counter(word.strip(".,;:()'").casefold() for word in normalise(text).split())


def read(text: str, before: Text, *, name: str) -> Text:
    """Return a text as it is split by the headings of the one before it, under any new names."""
    title = before.parts[0]
    found = _split(text, before.headings, title)
    if not found.lines:
        raise NcpiRulesError(
            Problem(
                place=name,
                message="There is no statement in this text.",
                help="Give the methodology as plain text, one paragraph or list item on a line.",
            )
        )
    renamed = dict(_renamed(before, found, text))
    if not renamed:
        return found
    more = {fingerprint(line): part for part, line in renamed.items()}
    return evolve(_split(text, {**before.headings, **more}, title), renamed=renamed)


def _split(text: str, headings: Mapping[str, str], title: str) -> Text:
    wordings = split(text, headings, title=title)
    lines = (
        Line(
            id=each.id,
            part=each.id.rpartition(".")[0],
            fingerprint=fingerprint(each.text),
            words=_bag(each.text),
        )
        for each in wordings
    )
    return Text(
        lines=tuple(lines),
        wordings=wordings,
        parts=(title, *headings_in(text, headings)),
        headings=headings,
    )


def _renamed(before: Text, after: Text, text: str) -> Iterator[tuple[str, str]]:
    """Yield the prefix and the new line of each heading that stands under another name.

    Such a line looks like a heading, is new, and is the last of its kind before the first
    statement of its part that stands as it stood.
    """
    missing = [each for each in before.parts if each not in after.parts]
    if not missing:
        return
    written = text.splitlines()
    same = in_order(*_in_common_parts(before, after))
    known = {after.wordings[to].line for to in same.values()}
    titled = any(line.part == before.parts[0] for line in before.lines)
    taken = {after.wordings[0].line} if titled else set()
    for part in missing:
        firsts = (to for at, to in sorted(same.items()) if before.lines[at].part == part)
        first = next(firsts, None)
        if first is None:
            continue
        for each in reversed(after.wordings[:first]):
            line = written[each.line - 1].strip()
            if each.line in known or each.line in taken:
                break
            if _may_be_heading(line):
                taken.add(each.line)
                yield part, line
                break


def _may_be_heading(line: str) -> bool:
    short = len(line.split()) <= _LONGEST_HEADING
    return short and not is_item(line) and not line.endswith((".", ",", ";", ":", "!", "?"))


# Comparing two texts.


@frozen(kw_only=True)
class Pairing:
    """One statement on its way from one text to the other: where it was, where it is."""

    state: State
    here: Line | None
    at: int = -1
    to: int = -1
    remark: str = ""


def _in_common_parts(before: Text, after: Text) -> tuple[list[Line], list[Line]]:
    """Return the statements of both texts under those headings that both have.

    A heading that only one of them has parts nothing: what stands below it belongs to the heading
    above.
    """
    both = {before.parts[0], *(set(before.parts) & set(after.parts))}
    return _under(before, both), _under(after, both)


def _under(text: Text, both: set[str]) -> list[Line]:
    last = text.parts[0]
    heading: dict[str, str] = {}
    for part in text.parts:
        last = heading[part] = part if part in both else last
    found, last = [], text.parts[0]
    for line in text.lines:
        # A number may begin with what is no heading's prefix: it belongs to what stands above it.
        last = heading.setdefault(line.part, last)
        found.append(evolve(line, part=last))
    return found


def compare(before: Text, after: Text, *, by_words: bool) -> list[Pairing]:
    """Return what has become of each statement, then what is new."""
    old, new = _in_common_parts(before, after)
    pairs = align(old, new, by_words=by_words)
    found = []
    for at, here in enumerate(before.lines):
        if at not in pairs:
            found.append(Pairing(state=State.GONE, here=here, at=at))
            continue
        to, how = pairs[at]
        state = State.REWORDED
        if how is Match.ELSEWHERE or (how is Match.SAME and old[at].part != new[to].part):
            state = State.MOVED
        elif how is Match.SAME:
            state = State.UNCHANGED
        moved = state is State.MOVED or how is Match.REWORDED_ELSEWHERE
        remark = _says_place(here, after.lines[to]) if moved else ""
        found.append(Pairing(state=state, here=here, at=at, to=to, remark=remark))
    there = {to for to, _ in pairs.values()}
    new_ones = (to for to in range(len(new)) if to not in there)
    return found + [Pairing(state=State.NEW, here=None, to=to) for to in new_ones]


def _says_place(here: Line, there: Line) -> str:
    if here.id == there.id:
        return "It keeps its number, but its part of the text stands elsewhere."
    return f"It stands elsewhere: by its place it is now {there.id}."


def joined(first: Sequence[Pairing], second: Sequence[Pairing], new: Text) -> Iterator[Pairing]:
    """Yield the way of each statement from the edition through the old text to the new one."""
    onward = {each.at: each for each in second if each.here is not None}
    restored = {
        new.lines[each.to].fingerprint: each.to for each in second if each.state is State.NEW
    }
    used = set()
    for each in first:
        if each.here is None:
            then = onward[each.to]
            if then.state is not State.GONE:
                yield evolve(each, at=each.to, to=then.to, remark="The old text has it already.")
        elif each.state is State.GONE:
            to = restored.pop(each.here.fingerprint, -1)
            if to >= 0:
                used.add(to)
                remark = "The old text does not have it."
                yield Pairing(state=State.UNCHANGED, here=each.here, to=to, remark=remark)
            else:
                yield evolve(each, at=-1, remark="The old text does not have it, either.")
        else:
            then = evolve(onward[each.to], here=each.here)
            if each.state is not State.UNCHANGED:
                told = f"In the old text it is {each.state} already."
                state = each.state if then.state is State.UNCHANGED else then.state
                then = evolve(then, state=state, remark=f"{told} {then.remark}".strip())
            yield then
    yield from (each for each in second if each.state is State.NEW and each.to not in used)


# Telling what differs between the texts as a whole.


def on_headings(before: Text, after: Text) -> Iterator[str]:
    """Yield a sentence for each heading that is not as it was."""
    above = before.parts[0]
    for part in before.parts:
        if part in after.renamed:
            line = after.renamed[part]
            yield (
                f"The heading of '{part}' seems to read '{line}' now: its fingerprint would be "
                f"{fingerprint(line)}."
            )
        if part not in after.parts:
            yield (
                f"The heading of '{part}' is missing: what stands below it counts with '{above}'."
            )
        else:
            above = part
    was = [each for each in before.parts if each in after.parts]
    now = [each for each in after.parts if each in before.parts]
    if was != now:
        yield f"The headings come in another order: {', '.join(now[1:])}."


def on_text(pairings: Sequence[Pairing], name: str, *, whole: bool) -> Iterator[str]:
    """Yield a sentence where a text is not the one that was meant; ``whole`` asks for all of it."""
    known = [each for each in pairings if each.here is not None]
    if not any(each.state in {State.UNCHANGED, State.MOVED} for each in known):
        yield (
            f"{name} has no statement that is as it was: is it the right file, with each paragraph "
            "and each item of a list on a line of its own?"
        )
    elif whole:
        counts = Counter(each.state for each in pairings)
        told = [f"{counts.get(each)} {each}" for each in State if each in counts]
        if set(counts) != {State.UNCHANGED}:
            yield f"{name} is not the one from which the rules were written: {', '.join(told)}."
