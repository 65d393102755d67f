"""Source trace: what each statement carries, and what is said of a changed methodology."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ncpi_rules.checks import (
    StatementState,
    Trace,
    changed_words,
    trace,
)

# pinned: the alignment is tried alone
from ncpi_rules.checks.traceability_align import (
    MatchKind,
    TextStatement,
    align,
    in_order,
    likeness,
)
from ncpi_rules.cli import main
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.report import Change
from ncpi_rules.ruleset import (
    Heading,
    Statement,
    fingerprint,
    load_ruleset,
    normalise,
    shipped_ruleset,
    split,
)
from tests.strategies import Guide, guide_sentences, guides

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncpi_rules.ruleset import Ruleset

SMALLEST = Path(__file__).parent / "rulesets" / "smallest"
METHODOLOGY = Path(__file__).parents[2] / "shared" / "methodology.txt"
BASE = load_ruleset(SMALLEST)

TEA = """\
When guests come
Serving
A guest must be served tea within two weeks. Nobody else may be served anything but water.
Why
- Tea is a drink;
- water is one too.
"""
SERVING = """\
Serving
A guest must be served tea within two weeks.
Nobody else may be served anything but water.
- Tea is a drink.
"""
CAKE = {"Serving": "tea", "Why": "why"}


def ruleset_of(text: str, headings: dict[str, str]) -> Ruleset:
    """Return the smallest ruleset with the statements of another text."""
    known = {fingerprint(line): prefix for line, prefix in headings.items()}
    statements = {
        part.id: Statement(id=part.id, fingerprint=fingerprint(part.text), summary="It is said.")
        for part in split(text, known)
    }
    return attrs.evolve(
        BASE,
        statements=statements,
        headings=tuple(Heading(prefix=to, fingerprint=mark) for mark, to in known.items()),
    )


def ruleset_for(guide: Guide) -> Ruleset:
    """Return a ruleset written from a guide."""
    names = [guide.lines[at][1] for at in guide.headings]
    return ruleset_of(guide.text, {name: name[-1].lower() for name in names})


def states_of(traced: Trace) -> dict[StatementState, list[str]]:
    """Return what changed: the ids by what became of them, the number for what is new."""
    states = [
        state
        for state in StatementState
        if state is not StatementState.UNCHANGED and traced.of(state)
    ]
    return {
        state: [statement.id or statement.number for statement in traced.of(state)]
        for state in states
    }


def both(guide: Guide, changed: str) -> tuple[Trace, Trace]:
    """Return the trace of a changed guide by fingerprints alone, and the one beside the old."""
    rules = ruleset_for(guide)
    return trace(changed, rules), trace(guide.text, rules, against=changed)


def number_of(guide: Guide, at: int) -> str:
    """Return the number of the statement on a line of a guide."""
    return [*ruleset_for(guide).statements][guide.statements.index(at)]


def text_of(*lines: tuple[str, str]) -> str:
    """Return lines of a guide as a text."""
    return Guide(lines).text


# --- what changed, and nothing else ---------------------------------------------------------------


@given(guides(repeats=True))
def test_a_text_is_what_it_is(guide: Guide) -> None:
    """Nothing of a text differs from itself, even where it says the same thing several times."""
    for traced in both(guide, guide.text):
        assert traced.same
        assert states_of(traced) == {}
        assert [statement.number for statement in traced.statements] == [
            statement.id for statement in traced.statements
        ]


@given(guides(), st.data())
def test_one_statement_added_is_the_only_one_told(guide: Guide, data: st.DataObject) -> None:
    """Wherever a statement is added, it is new, and no other statement is touched."""
    said = data.draw(guide_sentences())
    assume(fingerprint(said) not in {fingerprint(statement) for _, statement in guide.lines})
    at = data.draw(st.integers(0, len(guide.lines)))
    lines = [*guide.lines[:at], ("statement", said), *guide.lines[at:]]
    for traced in both(guide, text_of(*lines)):
        assert [*states_of(traced)] == [StatementState.NEW]
        (new,) = traced.of(StatementState.NEW)
        assert new.line == at + 1
        assert [run.text for run in new.words] == [normalise(said)]
        assert new.fingerprint == fingerprint(said)
        assert not traced.same


@given(guides(), st.data())
def test_one_statement_deleted_is_the_only_one_told(guide: Guide, data: st.DataObject) -> None:
    """Whichever statement is deleted, it is gone, and no other statement is touched."""
    at = data.draw(st.sampled_from(guide.statements))
    for traced in both(guide, text_of(*guide.lines[:at], *guide.lines[at + 1 :])):
        assert states_of(traced) == {StatementState.GONE: [number_of(guide, at)]}


@given(guides(), st.data())
def test_one_statement_reworded_is_the_only_one_told(guide: Guide, data: st.DataObject) -> None:
    """Whichever statement has other words, it is reworded, and no other statement is touched."""
    at = data.draw(st.sampled_from(guide.statements))
    said = data.draw(guide_sentences())
    assume(fingerprint(said) not in {fingerprint(statement) for _, statement in guide.lines})
    lines = [*guide.lines[:at], ("statement", said), *guide.lines[at + 1 :]]
    alone, beside = both(guide, text_of(*lines))
    for traced in (alone, beside):
        assert states_of(traced) == {StatementState.REWORDED: [number_of(guide, at)]}
    (reworded,) = beside.of(StatementState.REWORDED)
    for change, text in ((Change.ADDED, guide.lines[at][1]), (Change.DROPPED, said)):
        others = [run.text for run in reworded.words if run.change is not change]
        assert " ".join(others) == normalise(text)


@given(guides(), st.data())
def test_one_statement_moved_is_the_only_one_told(guide: Guide, data: st.DataObject) -> None:
    """A statement at another place is moved, and no other; of two that changed places, one is."""
    at = data.draw(st.sampled_from(guide.statements))
    rest = [*guide.lines[:at], *guide.lines[at + 1 :]]
    to = data.draw(st.integers(0, len(rest)))
    passed = [kind for kind, _ in rest[min(at, to) : max(at, to)]]
    for traced in both(guide, text_of(*rest[:to], guide.lines[at], *rest[to:])):
        moved = states_of(traced)
        if not passed:
            assert moved == {}
            continue
        assert [*moved] == [StatementState.MOVED]
        assert len(moved[StatementState.MOVED]) == 1
        if passed.count("statement") != 1:
            assert moved[StatementState.MOVED] == [number_of(guide, at)]


@given(guides(repeats=True), st.data())
def test_how_a_text_was_copied_changes_nothing(guide: Guide, data: st.DataObject) -> None:
    """Blank lines, line endings, white space, bullets and closing marks are not the wording."""
    spaces = st.sampled_from([" ", "  ", "\t", "\u00a0"])
    bullets = st.sampled_from(["- ", "\u2022 ", "* ", "\u2013\u00a0", " -  "])
    endings = st.sampled_from(["\n", "\r\n", "\n\n \n"])
    lines = []
    for _, said in guide.lines:
        words = data.draw(spaces).join(said.removeprefix("- ").split(" "))
        mark = data.draw(bullets) if said.startswith("- ") else ""
        lines.append(f"{mark}{words}{data.draw(endings)}")
    for traced in both(guide, "".join(lines)):
        assert traced.same


@pytest.mark.parametrize(
    ("mark", "other"), [("'", "\u2019"), ('"', "\u201c"), ("-", "\u2011"), ("-", "\u2013")]
)
def test_marks_that_look_alike_are_alike(mark: str, other: str) -> None:
    """No quotation mark and no dash makes a statement another one."""
    text = f"The keeper{mark}s lamp.\nThe well{mark}lit tower."
    assert trace(text.replace(mark, other), ruleset_of(text, {})).same


# --- headings -------------------------------------------------------------------------------------


@given(guides(), st.data())
def test_a_heading_that_is_missing_shifts_nothing(guide: Guide, data: st.DataObject) -> None:
    """Without one of its headings a text has all its statements, and one sentence says so."""
    at = data.draw(st.sampled_from(guide.headings))
    for traced in both(guide, text_of(*guide.lines[:at], *guide.lines[at + 1 :])):
        assert states_of(traced) == {}
        (message,) = traced.headings
        assert message.startswith(f"The heading of '{guide.lines[at][1][-1].lower()}' is missing:")
        assert not traced.same


@given(guides(), st.data())
def test_a_heading_with_other_words_is_recognised(guide: Guide, data: st.DataObject) -> None:
    """A heading that reads otherwise keeps its statements, and its new words are told."""
    at = data.draw(st.sampled_from(guide.headings))
    assume(guide.lines[at + 1 : at + 2] and guide.lines[at + 1][0] == "statement")
    name = data.draw(st.sampled_from(["Lighting the lamp", "2. Lighting", "Lighting"]))
    lines = [*guide.lines[:at], ("heading", name), *guide.lines[at + 1 :]]
    for traced in both(guide, text_of(*lines)):
        assert states_of(traced) == {}
        prefix = guide.lines[at][1][-1].lower()
        mark = fingerprint(name)
        (message,) = traced.headings
        assert message.startswith(f"The heading of '{prefix}' seems to read '{name}' now: ")
        assert message.endswith(f" {mark}.")
        assert [statement.number for statement in traced.statements] == [
            statement.id for statement in traced.statements
        ]


def test_a_new_title_is_not_taken_for_a_heading() -> None:
    """Where the title has other words and the first heading is missing, both are told as that."""
    changed = TEA.replace("When guests come\nServing\n", "Guests and tea\n")
    traced = trace(changed, ruleset_of(TEA, CAKE))
    assert states_of(traced) == {StatementState.REWORDED: ["title.1"]}
    assert [heading.split(" is missing")[0] for heading in traced.headings] == [
        "The heading of 'tea'"
    ]


def test_parts_in_another_order_are_told() -> None:
    """Where two parts change places, the shorter one has moved, and a sentence says so."""
    top, serving, served, why, *reasons = TEA.splitlines()
    swapped = "\n".join([top, why, *reasons, serving, served])
    reasons_first = trace(swapped, ruleset_of(TEA, CAKE))
    assert len(reasons_first.of(StatementState.MOVED)) == 2
    assert reasons_first.headings == ("The headings are in another order: why, tea.",)


def test_a_ruleset_without_headings_has_its_statements_under_the_title() -> None:
    """What are headings in another ruleset are statements here, and found by their words."""
    rules = ruleset_of(TEA, {})
    assert [*rules.statements] == [f"title.{at}" for at in range(1, 8)]
    assert trace(TEA, rules).same


# --- several changes at once ----------------------------------------------------------------------


def test_what_was_added_and_what_was_reworded_side_by_side() -> None:
    """Of two new sentences in the place of one, the one with its words is the reworded one."""
    changed = TEA.replace("A guest must be", "Say hello first. A guest must at once be")
    traced = trace(TEA, ruleset_of(TEA, CAKE), against=changed)
    assert states_of(traced) == {StatementState.REWORDED: ["tea.1"], StatementState.NEW: ["tea.1"]}
    (reworded,) = traced.of(StatementState.REWORDED)
    assert [(run.change, run.text) for run in reworded.words if run.change is not Change.KEPT] == [
        (Change.ADDED, "at once")
    ]
    assert reworded.remark == ""
    assert traced.of(StatementState.NEW)[0].remark == "It comes after title.1."


def test_what_has_little_in_common_is_not_taken_for_reworded() -> None:
    """Where two sentences stand in the place of one that is like neither, it is gone."""
    old = "A guest must be served tea within two weeks."
    changed = TEA.replace(old, "Every guest sits down. Say hello to those who wait.")
    traced = trace(TEA, ruleset_of(TEA, CAKE), against=changed)
    assert states_of(traced) == {
        StatementState.GONE: ["tea.1"],
        StatementState.NEW: ["tea.1", "tea.2"],
    }


def test_without_the_old_words_a_statement_is_reworded_by_its_place() -> None:
    """By summaries alone, of two neighbours that became one, one is reworded and one is gone."""
    both = "- Tea is a drink;\n- water is one too.\n"
    changed = TEA.replace(both, "- Nobody is asked.\n")
    traced = trace(changed, ruleset_of(TEA, CAKE))
    assert {state: len(ids) for state, ids in states_of(traced).items()} == {
        StatementState.REWORDED: 1,
        StatementState.GONE: 1,
    }


def test_of_two_that_are_alike_the_better_one_is_taken() -> None:
    """Two statements that change in one place keep to their own words, half of them or more."""
    old = (
        "A guest must be served tea within two weeks. Nobody else may be served anything but water."
    )
    new = "Sit. Guests must be served tea soon. Nobody may be served anything. But pour."
    traced = trace(TEA, ruleset_of(TEA, CAKE), against=TEA.replace(old, new))
    assert states_of(traced) == {
        StatementState.REWORDED: ["tea.1", "tea.2"],
        StatementState.NEW: ["tea.1", "tea.4"],
    }
    assert [statement.number for statement in traced.of(StatementState.REWORDED)] == [
        "tea.2",
        "tea.3",
    ]


@given(st.lists(st.sampled_from("abc"), max_size=9), st.lists(st.sampled_from("abc"), max_size=9))
def test_the_most_is_found_that_stands_in_one_order(old: list[str], new: list[str]) -> None:
    """What is found runs forwards in both texts, and no more could have been found."""
    before, after = (
        [TextStatement(id="", part="", fingerprint=letter, words=Counter()) for letter in text]
        for text in (old, new)
    )
    places = sorted(in_order(before, after).items())
    assert all(old[at] == new[to] for at, to in places)
    assert [to for _, to in places] == sorted({to for _, to in places})
    longest = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for at, to in product(range(len(old)), range(len(new))):
        longest[at + 1][to + 1] = (
            longest[at][to] + 1
            if old[at] == new[to]
            else max(longest[at][to + 1], longest[at + 1][to])
        )
    assert len(places) == longest[-1][-1]


_WORDINGS = st.lists(st.text("abcde", min_size=1, max_size=3), max_size=4)


@given(st.lists(st.tuples(_WORDINGS, _WORDINGS), min_size=1, max_size=3))
def test_neighbours_keep_to_their_own_words(gaps: list[tuple[list[str], list[str]]]) -> None:
    """By summaries alone, as many as can be are reworded, in order, and those most alike.

    Between two statements that stay, what is as many as before is paired one for one.
    """
    before, after = (
        [
            TextStatement(id="", part="", fingerprint=name, words=Counter(words))
            for number, gap in enumerate(gaps)
            for name, words in [*((side, words) for words in gap[side == "new"]), (str(number), "")]
        ]
        for side in ("old", "new")
    )
    most, best = 0, 0.0
    for fewer, more in (sorted(gap, key=len) for gap in gaps):
        words = [Counter(text) for text in fewer]
        choices = combinations(map(Counter, more), len(fewer))
        best += max(sum(map(likeness, words, choice)) for choice in choices)
        most += len(fewer)
    pairs = align(before, after, by_words=False)
    reworded = [(at, to) for at, (to, kind) in sorted(pairs.items()) if kind is MatchKind.REWORDED]
    assert len(reworded) == most
    places = [to for _, (to, _) in sorted(pairs.items())]
    assert places == sorted({*places})
    worth = sum(likeness(before[at].words, after[to].words) for at, to in reworded)
    assert worth == pytest.approx(best)


def test_what_was_moved_and_reworded_is_found() -> None:
    """A statement that stands elsewhere in much the same words is reworded, and not gone."""
    old, new = "Nobody else may be served anything but water.", "Nobody may be served water."
    changed = TEA.replace(f" {old}", "").replace("When", f"{old[:-1]} today.\nWhen")
    traced = trace(TEA, ruleset_of(TEA, CAKE), against=changed)
    assert states_of(traced) == {StatementState.REWORDED: ["tea.2"]}
    assert (
        traced.of(StatementState.REWORDED)[0].remark
        == "It is at another place: its number is now title.1."
    )
    replaced = trace(TEA, ruleset_of(TEA, CAKE), against=TEA.replace(old, new))
    assert states_of(replaced) == {StatementState.REWORDED: ["tea.2"]}


def test_of_the_same_wording_under_two_headings_the_right_one_is_gone() -> None:
    """Two statements with one fingerprint are told apart by where they stand."""
    text = "Title\nOne\n- a lamp;\n- a wick.\nTwo\n- a lamp;\n- a bell."
    rules = ruleset_of(text, {"One": "one", "Two": "two"})
    first, second = (text.index("- a lamp;"), text.rindex("- a lamp;"))
    for start, gone in ((first, "one.1"), (second, "two.1")):
        changed = text[:start] + text[start + len("- a lamp;\n") :]
        assert states_of(trace(changed, rules)) == {StatementState.GONE: [gone]}
    twice = ruleset_of("- a lamp;\n- a lamp.\n- a bell.", {})
    assert states_of(trace("- a lamp.\n- a bell.", twice)) == {StatementState.GONE: ["title.2"]}
    again = trace(f"{text}\n- a lamp.", rules)
    assert states_of(again) == {StatementState.NEW: ["two.3"]}
    assert (
        again.of(StatementState.NEW)[0].remark
        == "It comes after two.2. It has the same words as one.1."
    )


def test_words_that_changed_are_read_in_one_piece() -> None:
    """A word alone between two changes is told with them; so what changed is read in one piece."""
    changed = changed_words("no later than six weeks", "by the end of six weeks")
    assert [(run.change, run.text) for run in changed] == [
        (Change.DROPPED, "no later than"),
        (Change.ADDED, "by the end of"),
        (Change.KEPT, "six weeks"),
    ]
    mixed = changed_words("at least six of the days", "at most eight of these nights")
    assert [run.change for run in mixed] == [Change.KEPT, Change.DROPPED, Change.ADDED]


def test_the_words_of_what_is_gone_are_shown() -> None:
    """Beside the old text, a statement that is not in the new one is shown with its words."""
    traced = trace(TEA, ruleset_of(TEA, CAKE), against=TEA.replace("- water is one too.\n", ""))
    (gone,) = traced.of(StatementState.GONE)
    assert [(run.change, run.text) for run in gone.words] == [(Change.DROPPED, "water is one too")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [("", [Change.KEPT, Change.DROPPED, Change.ADDED]), (" yet", [Change.DROPPED, Change.ADDED])],
)
def test_words_are_compared_where_three_tenths_are_in_common(
    more: str, expected: list[Change]
) -> None:
    """Of twice ten words three are the same, and shown as kept; of one more, all is shown anew."""
    before = "a guest is served tea with milk when he asks"
    after = f"a guest is never given any cold drink on Sundays{more}"
    assert [run.change for run in changed_words(before, after)] == expected


def test_an_old_text_that_is_not_the_rulesets_is_told() -> None:
    """With another old text, what it differs in is told too, and the answer is not 'the same'."""
    rules = ruleset_of(TEA, CAKE)
    other = TEA.replace("two weeks", "three weeks").replace("- water is one too.\n", "")
    traced = trace(other, rules, against=other)
    assert states_of(traced) == {StatementState.REWORDED: ["tea.1"], StatementState.GONE: ["why.2"]}
    (message,) = traced.texts
    assert message == (
        "The old text is not the text from which the rules were written: "
        "3 unchanged, 1 reworded, 1 gone."
    )
    assert traced.of(StatementState.REWORDED)[0].remark == "In the old text it is already reworded."
    back = trace(other, rules, against=TEA)
    assert states_of(back) == {StatementState.REWORDED: ["tea.1"]}
    assert back.of(StatementState.UNCHANGED)[-1].remark == "It is not in the old text."


def test_a_text_of_something_else_is_told() -> None:
    """Where no statement is as it was, the text is probably not the one that was meant."""
    for traced in (trace("Lamps are lit.", BASE), trace("Lamps.", BASE, against="More lamps.")):
        assert any("is it the right file" in text for text in traced.texts)
        assert not traced.same


# --- what rests on a statement --------------------------------------------------------------------


def test_what_rests_on_a_statement_stands_beside_it() -> None:
    """Each statement has the rules, interpretations and scenarios that rest on it, or a reason."""
    scenarios = {"drink.tea": ["A guest gets tea", "Two guests"], "action.serve": ["Two guests"]}
    traced = trace("A guest. Nothing.", BASE, scenarios=scenarios)
    by_id = {statement.id: statement for statement in traced.statements}
    assert by_id["tea.1"].rules == (
        "action.serve",
        "deadline.tea",
        "drink.all-the-same",
        "drink.not-known",
        "drink.tea",
        "drink.without-a-guest",
    )
    assert by_id["tea.1"].interpretations == ("T1",)
    assert by_id["tea.1"].scenarios == ("Two guests", "A guest gets tea")
    assert by_id["tea.2"].rules == ("drink.water",)
    assert (by_id["tea.3"].rules, by_id["tea.3"].no_rule) == ((), "background")
    assert by_id["tea.3"].because == "It asks nothing of anybody."


def test_every_rule_of_the_shipped_ruleset_is_found() -> None:
    """Every rule stands beside some statement, and every statement has a rule or a reason."""
    traced = trace("Lamps are lit.")
    rules = {rule for statement in traced.statements for rule in statement.rules}
    assert rules == set(shipped_ruleset().cases)
    known = [statement for statement in traced.statements if statement.id]
    assert len(known) == 61
    assert [id_.id for id_ in known if bool(id_.rules) == bool(id_.because)] == []


@pytest.mark.skipif(not METHODOLOGY.is_file(), reason="the publisher's text is not here")
def test_the_methodology_is_the_one_the_rules_were_written_from() -> None:
    """The real text has every fingerprint, and one number reworded is all that is told."""
    text = METHODOLOGY.read_text("utf-8")
    assert trace(text).summary == "61 statements: 61 unchanged."
    assert trace(text).same
    traced = trace(text, against=re.sub(r"\bsix weeks\b", "eight weeks", text))
    assert states_of(traced) == {StatementState.REWORDED: ["approach.2"]}
    marked = [run.text for run in traced.of(StatementState.REWORDED)[0].words]
    assert marked[1:3] == ["six", "eight"]


# --- what matters first ---------------------------------------------------------------------------


def differences(before: str, after: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return what differs where one statement of the smallest ruleset reads otherwise."""
    (changed,) = trace(before, BASE_TEXT, against=after).changed
    return [
        (difference.what, difference.before, difference.after) for difference in changed.differences
    ]


SERVED = "The host must serve tea to a guest within two weeks."
BASE_TEXT = ruleset_of(SERVED, {})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("two weeks", "10 weeks", [("number", ("2 weeks",), ("10 weeks",))]),
        ("two weeks", "two working days", [("number", ("2 weeks",), ("2 working days",))]),
        ("must", "may", [("modality", ("must",), ("may",))]),
        ("must serve", "is expected to serve", [("modality", ("must",), ("expected",))]),
        ("The host", "The office", [("party", ("the host",), ())]),
        ("guest", "visitor", []),
        ("two weeks", "2 weeks", []),
    ],
)
def test_what_matters_is_told_of_a_statement(
    old: str, new: str, expected: list[tuple[str, tuple[str, ...], tuple[str, ...]]]
) -> None:
    """Another number, another strength and another party are told; other words are not."""
    assert differences(SERVED, SERVED.replace(old, new)) == expected


def test_what_carries_it_is_named() -> None:
    """A number leads to its parameter and the rules that use it, a party to those that name it."""
    rules = attrs.evolve(
        BASE,
        statements={
            id_: attrs.evolve(statement, fingerprint=fingerprint(line))
            for (id_, statement), line in zip(
                BASE.statements.items(), SERVING.splitlines()[1:], strict=True
            )
        },
        headings=(Heading(prefix="tea", fingerprint=fingerprint("Serving")),),
    )
    changed = SERVING.replace("two weeks", "ten weeks").replace("A guest", "The host's guest")
    (first,) = trace(SERVING, rules, against=changed).changed
    by_what = {difference.what: difference for difference in first.differences}
    assert by_what["number"].parameters == ("tea-time",)
    assert by_what["number"].rules == ("deadline.tea",)
    assert by_what["party"].after == ("the host",)
    page = trace(SERVING, rules, against=changed).to_text()
    assert "Parameter tea-time: 2 weeks." in page
    assert "Nothing yet" not in page
    (alone,) = trace(SERVING.replace("two weeks", "ten weeks"), rules).changed
    (number,) = alone.differences
    assert (number.before, number.after, number.parameters) == (
        ("2 weeks",),
        ("10 weeks",),
        ("tea-time",),
    )


def test_what_matters_stands_before_the_rest() -> None:
    """The page says first how many differ in what matters, and shows these before all others."""
    changed = SERVED.replace("two weeks", "ten weeks")
    traced = trace(SERVED, BASE_TEXT, against=changed)
    text = traced.to_text()
    assert "1 of 1 statement that changed differs in a number" in " ".join(text.split())
    assert text.index("LOOK AT THESE FIRST (1)") < text.index("REWORDED (1)")
    assert "Number: 2 weeks, now 10 weeks" in text
    more = trace(SERVED, BASE_TEXT, against=f"{changed}\nA host must wait three weeks.")
    first, _, _ = more.to_text().partition("REWORDED (1)")
    assert first.count("Nothing yet") == 2
    assert first.count("[title.1, line 1]") == first.count("[new, line 2]") == 1
    (plain,) = traced.to_dict()["statements"]
    assert plain["differences"] == [
        {"what": "number", "before": ["2 weeks"], "after": ["10 weeks"]}
    ]
    compared = "the old text with the ruleset's fingerprints, and the changed text with the old one"
    assert compared in " ".join(text.split())
    assert compared not in " ".join(trace(SERVED, BASE_TEXT).to_text().split())
    wording = trace(SERVED, BASE_TEXT, against=SERVED.replace("guest", "visitor"))
    assert "None of them differs in a number" in wording.to_text()
    assert "LOOK AT" not in wording.to_text()


# --- pages ----------------------------------------------------------------------------------------

EVIL = TEA.replace("two weeks", 'two <script>alert("1")</script>| weeks').replace(
    "Tea is", "Oil is"
)


def changed_tea() -> Trace:
    """Return a trace with something of every kind."""
    gone = " Nobody else may be served anything but water."
    changed = EVIL.replace(gone, "").replace("When guests come\n", "")
    return trace(TEA, ruleset_of(TEA, CAKE), against=f"{changed}When guests come\nPour <b>now</b>.")


class Page(HTMLParser):
    """What a browser finds in a page."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note a tag with its attributes."""
        self.tags.append((tag, dict(attributes)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag


def test_the_page_is_whole_and_loads_nothing() -> None:
    """The page is well-formed, has headings and headed tables, and nothing from elsewhere."""
    page = Page(changed_tea().to_html())
    names = [tag for tag, _ in page.tags]
    assert page.open == []
    assert names.count("h1") == 1
    assert names.count("table") == names.count("caption") == names.count("h2") - 1
    assert {"del", "ins", "main", "nav"} <= set(names)
    assert not {"script", "link", "img", "iframe", "b"} & set(names)
    assert all(attributes["scope"] for tag, attributes in page.tags if tag == "th")
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links
    assert all(link and link.startswith("#") for link in links)


@pytest.mark.parametrize("write", [Trace.to_text, Trace.to_markdown, Trace.to_html])
def test_every_format_says_all_of_it(write: Callable[[Trace], str]) -> None:
    """Each format has the summary, each statement's number and each rule, the summary first."""
    traced = changed_tea()
    page = write(traced)
    plain = re.sub(r"<style>.*</style>", "", page, flags=re.DOTALL)
    plain = plain.replace("\\", "")
    assert " ".join(traced.summary.split()) in " ".join(plain.split())
    for statement in traced.statements:
        assert statement.id in plain
        assert all(rule in plain for rule in statement.rules)
    assert plain.index("In short" if "In short" in plain else "IN SHORT") < plain.index("tea.1")
    assert "<script>" not in plain or write is Trace.to_text


def test_changed_words_are_marked_in_every_format() -> None:
    """Dropped words come before added ones, and both are marked by more than a colour."""
    traced = trace(TEA, ruleset_of(TEA, CAKE), against=TEA.replace("two weeks", "ten weeks"))
    assert "within [-two-] {+ten+} weeks" in " ".join(traced.to_text(width=400).split())
    for write in (traced.to_markdown, traced.to_html):
        assert "within <del>two</del> <ins>ten</ins> weeks" in write()


def test_the_plain_form_says_the_same() -> None:
    """What ``to_dict`` gives is JSON, with a count for each state and each statement once."""
    traced = changed_tea()
    plain = json.loads(json.dumps(traced.to_dict()))
    assert plain["same"] is False
    assert plain["counts"] == {"unchanged": 1, "reworded": 2, "moved": 1, "gone": 1, "new": 1}
    assert [entry["state"] for entry in plain["statements"]] == [
        statement.state for statement in traced.statements
    ]
    assert plain["ruleset"] == "smallest/made-up"
    assert plain["summary"] == traced.summary


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a ruleset that was written from the text beside it."""
    for path in SMALLEST.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    path = tmp_path / "statements.yaml"
    text = path.read_text("utf-8")
    for at, line in enumerate(SERVING.splitlines()):
        text = text.replace(f'"a{at:063}"', f'"{fingerprint(line)}"')
    heading = f'headings:\n  - prefix: tea\n    fingerprint: "{fingerprint("Serving")}"\n'
    path.write_text(text + heading, "utf-8")
    (tmp_path / "tea.txt").write_text(SERVING, "utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    """Return the exit status of the command, with the ruleset in a folder."""
    return main(["trace", *arguments, "--ruleset", str(folder)])


def test_the_exit_status_says_whether_something_differs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 where all is as it was, 1 where a word is not, in every format."""
    old, new = folder / "tea.txt", folder / "new.txt"
    new.write_text(old.read_text("utf-8").replace("two weeks", "ten weeks"), "utf-8")
    for format_ in ("text", "markdown", "html", "json"):
        assert run(folder, str(old), "--format", format_) == 0
        assert run(folder, str(old), "--against", str(old), "--format", format_) == 0
        assert "3 statements: 3 unchanged." in capsys.readouterr().out.replace("\\", "")
        assert run(folder, str(new), "--format", format_) == 1
        assert run(folder, str(old), "--against", str(new), "--format", format_) == 1
        shown = capsys.readouterr()
        assert "3 statements: 2 unchanged, 1 reworded." in shown.out
        assert shown.err == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "There is no such file."),
        (b"", "There is no statement in this text."),
        (b" \n\r\n\t\n", "There is no statement in this text."),
        (b"Serving\n", "There is no statement in this text."),
        (b"tea \xff water", "The file is not saved as UTF-8 text."),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "The file is not saved as UTF-8 text."),
    ],
)
def test_a_file_that_cannot_be_used_is_wrong_usage(
    folder: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, message: str
) -> None:
    """Either text may be missing, empty or no text: one sentence names it, with a way out."""
    bad = folder / "bad.txt"
    if content is not None:
        bad.write_bytes(content)
    good = str(folder / "tea.txt")
    for arguments in ([str(bad)], [good, "--against", str(bad)], [str(bad), "--against", good]):
        assert run(folder, *arguments) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        problem, help_ = shown.err.splitlines()
        assert problem.startswith(bad.as_posix())
        assert problem.endswith(message)
        assert re.match(r"  help: \S.*\.$", help_)


def test_wrong_usage_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A format or a ruleset that does not exist, and two texts from one stream, are refused."""
    text = str(folder / "tea.txt")
    for arguments in (
        [],
        [text, "--format", "pdf"],
        [text, "--ruleset", "no-such"],
        ["-", "--against", "-"],
    ):
        assert main(["trace", *arguments]) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "help:" in shown.err


@pytest.mark.parametrize("text", ["", " \n", "\ufeff"])
def test_a_text_without_a_statement_is_refused(text: str) -> None:
    """The error says which of the two texts it is."""
    with pytest.raises(NcpiRulesError) as caught:
        trace(text, BASE)
    assert [problem.place for problem in caught.value.problems] == ["text"]
    with pytest.raises(NcpiRulesError) as caught:
        trace(TEA, BASE, against=text)
    assert [problem.place for problem in caught.value.problems] == ["against"]
