"""The texts of a methodology: their statements and headings, and one text beside another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from ncpi_rules.checks.traceability_align import MatchKind, TextStatement, align, in_order
from ncpi_rules.checks.traceability_statement import StatementState
from ncpi_rules.core import NcpiRulesError, Problem
from ncpi_rules.ruleset import Wording, fingerprint, headings_in, is_item, normalise, split

if TYPE_CHECKING:
    from ncpi_rules.ruleset import Ruleset

_LONGEST_HEADING: Final = 12  # words


# Reading a text, and finding headings under new names.


@frozen(kw_only=True)
class MethodologyText:
    """A text, or the edition: its statements, and the headings that it has."""

    lines: tuple[TextStatement, ...]
    wordings: tuple[Wording, ...] = ()
    parts: tuple[str, ...]
    headings: Mapping[str, str]
    renamed: Mapping[str, str] = field(factory=dict)


def edition_text(ruleset: Ruleset) -> MethodologyText:
    """Return the statements of a ruleset, with the words of its own summaries."""
    return MethodologyText(
        lines=tuple(
            TextStatement(
                id=statement.id,
                part=statement.id.rpartition(".")[0],
                fingerprint=statement.fingerprint,
                words=_bag(statement.summary),
            )
            for statement in ruleset.statements.values()
        ),
        parts=(ruleset.before_headings, *(heading.prefix for heading in ruleset.headings)),
        headings={heading.fingerprint: heading.prefix for heading in ruleset.headings},
    )


def _bag(text: str) -> Counter[str]:
    return Counter(word.strip(".,;:()'").casefold() for word in normalise(text).split())


def read(text: str, before: MethodologyText, *, name: str) -> MethodologyText:
    """Return a text as it is split by the headings of the one before it, under any new names."""
    title = before.parts[0]
    new = _split(text, before.headings, title)
    if not new.lines:
        raise NcpiRulesError(
            Problem(
                place=name,
                message="There is no statement in this text.",
                help="Give the methodology as plain text, one paragraph or list item on a line.",
            )
        )
    renamed = dict(_renamed(before, new, text))
    if not renamed:
        return new
    more = {fingerprint(line): part for part, line in renamed.items()}
    return evolve(_split(text, {**before.headings, **more}, title), renamed=renamed)


def _split(text: str, headings: Mapping[str, str], title: str) -> MethodologyText:
    wordings = split(text, headings, title=title)
    lines = (
        TextStatement(
            id=wording.id,
            part=wording.id.rpartition(".")[0],
            fingerprint=fingerprint(wording.text),
            words=_bag(wording.text),
        )
        for wording in wordings
    )
    return MethodologyText(
        lines=tuple(lines),
        wordings=wordings,
        parts=(title, *headings_in(text, headings)),
        headings=headings,
    )


def _renamed(
    before: MethodologyText, after: MethodologyText, text: str
) -> Iterator[tuple[str, str]]:
    """Yield the prefix and the new line of each heading that was renamed.

    Such a line looks like a heading, is new, and is the last of its kind before the first
    unchanged statement of its part.
    """
    missing = [part for part in before.parts if part not in after.parts]
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
        for wording in reversed(after.wordings[:first]):
            line = written[wording.line - 1].strip()
            if wording.line in known or wording.line in taken:
                break
            if _may_be_heading(line):
                taken.add(wording.line)
                yield part, line
                break


def _may_be_heading(line: str) -> bool:
    short = len(line.split()) <= _LONGEST_HEADING
    return short and not is_item(line) and not line.endswith((".", ",", ";", ":", "!", "?"))


# Comparing two texts.


@frozen(kw_only=True)
class StatementPair:
    """One statement on its way from one text to the other: where it was, where it is."""

    state: StatementState
    here: TextStatement | None
    at: int = -1
    to: int = -1
    remark: str = ""


def _in_common_parts(
    before: MethodologyText, after: MethodologyText
) -> tuple[list[TextStatement], list[TextStatement]]:
    """Return the statements of both texts under those headings that both have.

    A heading that only one of them has divides nothing: the statements below it belong to the
    heading above.
    """
    both = {before.parts[0], *(set(before.parts) & set(after.parts))}
    return _under(before, both), _under(after, both)


def _under(text: MethodologyText, both: set[str]) -> list[TextStatement]:
    last = text.parts[0]
    heading: dict[str, str] = {}
    for part in text.parts:
        last = heading[part] = part if part in both else last
    statements, last = [], text.parts[0]
    for line in text.lines:
        # A number may begin with what is no heading's prefix: it belongs to the heading above.
        last = heading.setdefault(line.part, last)
        statements.append(evolve(line, part=last))
    return statements


def compare(
    before: MethodologyText, after: MethodologyText, *, by_words: bool
) -> list[StatementPair]:
    """Return what has become of each statement, then what is new."""
    old, new = _in_common_parts(before, after)
    pairs = align(old, new, by_words=by_words)
    compared = []
    for at, here in enumerate(before.lines):
        if at not in pairs:
            compared.append(StatementPair(state=StatementState.GONE, here=here, at=at))
            continue
        to, how = pairs[at]
        state = StatementState.REWORDED
        if how is MatchKind.ELSEWHERE or (how is MatchKind.SAME and old[at].part != new[to].part):
            state = StatementState.MOVED
        elif how is MatchKind.SAME:
            state = StatementState.UNCHANGED
        moved = state is StatementState.MOVED or how is MatchKind.REWORDED_ELSEWHERE
        remark = _describe_place(here, after.lines[to]) if moved else ""
        compared.append(StatementPair(state=state, here=here, at=at, to=to, remark=remark))
    there = {to for to, _ in pairs.values()}
    new_ones = (to for to in range(len(new)) if to not in there)
    return compared + [StatementPair(state=StatementState.NEW, here=None, to=to) for to in new_ones]


def _describe_place(here: TextStatement, there: TextStatement) -> str:
    if here.id == there.id:
        return "It keeps its number, but its part of the text is elsewhere."
    return f"It is at another place: its number is now {there.id}."


def joined(
    first: Sequence[StatementPair], second: Sequence[StatementPair], new: MethodologyText
) -> Iterator[StatementPair]:
    """Yield the way of each statement from the edition through the old text to the new one."""
    onward = {pair.at: pair for pair in second if pair.here is not None}
    restored = {
        new.lines[pair.to].fingerprint: pair.to
        for pair in second
        if pair.state is StatementState.NEW
    }
    used = set()
    for pair in first:
        if pair.here is None:
            then = onward[pair.to]
            if then.state is not StatementState.GONE:
                yield evolve(pair, at=pair.to, to=then.to, remark="It is already in the old text.")
        elif pair.state is StatementState.GONE:
            to = restored.pop(pair.here.fingerprint, -1)
            if to >= 0:
                used.add(to)
                remark = "It is not in the old text."
                yield StatementPair(
                    state=StatementState.UNCHANGED, here=pair.here, to=to, remark=remark
                )
            else:
                yield evolve(pair, at=-1, remark="It is not in the old text either.")
        else:
            then = evolve(onward[pair.to], here=pair.here)
            if pair.state is not StatementState.UNCHANGED:
                remark = f"In the old text it is already {pair.state}."
                state = pair.state if then.state is StatementState.UNCHANGED else then.state
                then = evolve(then, state=state, remark=f"{remark} {then.remark}".strip())
            yield then
    yield from (pair for pair in second if pair.state is StatementState.NEW and pair.to not in used)


# Telling what differs between the texts as a whole.


def on_headings(before: MethodologyText, after: MethodologyText) -> Iterator[str]:
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
                f"The heading of '{part}' is missing: the statements below it count with '{above}'."
            )
        else:
            above = part
    was = [part for part in before.parts if part in after.parts]
    now = [part for part in after.parts if part in before.parts]
    if was != now:
        yield f"The headings are in another order: {', '.join(now[1:])}."


def on_text(pairings: Sequence[StatementPair], name: str, *, whole: bool) -> Iterator[str]:
    """Yield a sentence where a text is not the one that was meant; ``whole`` asks for all of it."""
    known = [pairing for pairing in pairings if pairing.here is not None]
    if not any(
        pairing.state in {StatementState.UNCHANGED, StatementState.MOVED} for pairing in known
    ):
        yield (
            f"{name} has no unchanged statement: is it the right file, with each paragraph "
            "and each item of a list on a line of its own?"
        )
    elif whole:
        counts = Counter(pairing.state for pairing in pairings)
        numbers = [f"{counts.get(state)} {state}" for state in StatementState if state in counts]
        if set(counts) != {StatementState.UNCHANGED}:
            yield f"{name} is not the text from which the rules were written: {', '.join(numbers)}."
