"""The statements: their fingerprints, their numbering, and the two files of the edition."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from ncpi_rules.core import Modality
from ncpi_rules.ruleset import fingerprint, headings_in, normalise, split

EDITION = Path(__file__).parents[1] / "rulesets" / "ncpi-follow-up" / "as-published"

# How many statements the methodology has under each heading, in the order of the headings.
COUNTS = {
    "title": 1,
    "purpose": 1,
    "background": 9,
    "approach": 14,
    "fieldwork": 4,
    "visit": 8,
    "review": 17,
    "full": 7,
}

SENTENCE = 'The warden\'s "short" letter must reach 3 well-run towns; it may not wait'

SURROGATES = range(0xD800, 0xE000)


def entries(name: str, *, of: str = "") -> list[dict[str, Any]]:
    """Return a list in one of the edition's files, every scalar as text."""
    text = (EDITION / f"{of or name}.yaml").read_text(encoding="utf-8")
    listed: list[dict[str, Any]] = yaml.load(text, Loader=yaml.BaseLoader)[name]  # noqa: S506  every scalar as text; nothing is built
    return listed


# --- wording --------------------------------------------------------------------------------------


def test_marks_of_a_copy_change_no_fingerprint() -> None:
    """Any mix of marks, dashes, spaces, bullets and closings gives the same fingerprint."""
    fingerprints = set()
    for apostrophe, (opening, closing), dash, space, bullet, end in product(
        ("'", "\u2019", "\u02bc", "\uff07", "\u00b4"),
        (('"', '"'), ("\u201c", "\u201d"), ("\u2018", "\u2019"), ("\u00ab", "\u00bb")),
        ("-", "\u2010", "\u2011", "\u2013", "\u2212", "-\u00ad"),
        (" ", "\u00a0", "  ", "\n", "\t\u2009"),
        ("", "- ", "\u2013 ", "\u2022\t", "* "),
        ("", ".", ";", ":", ",", "; and", ", and ", " ;\n"),
    ):
        text = (
            SENTENCE.replace("'", apostrophe)
            .replace('"short"', f"{opening}short{closing}")
            .replace("-", dash)
            .replace(" ", space)
        )
        fingerprints.add(fingerprint(bullet + text + end))
    assert fingerprints == {fingerprint(SENTENCE)}


def test_normalising_twice_changes_nothing() -> None:
    """The normalised form of a text is its own, whatever single character stands in the text."""
    for character in (chr(code) for code in range(0x30000) if code not in SURROGATES):
        once = normalise(f"{character} a{character}b{character}\u0301 {character}")
        assert normalise(once) == once, hex(ord(character))


@pytest.mark.parametrize("word", SENTENCE.replace(";", "").split())
def test_a_word_changed_or_dropped_changes_the_fingerprint(word: str) -> None:
    """No word can be changed, dropped, doubled or written with other capitals unseen."""
    changed = {
        SENTENCE.replace(word, to, 1) for to in (f"{word}x", "", f"{word} {word}", word.swapcase())
    } - {SENTENCE}
    assert fingerprint(SENTENCE) not in {fingerprint(text) for text in changed}


@pytest.mark.parametrize("end", ["; or", "?", "!", ", or", " and", "; and more"])
def test_an_ending_with_a_meaning_of_its_own_counts(end: str) -> None:
    """An alternative, a question or an exclamation is not taken for the end of a list item."""
    assert fingerprint(SENTENCE + end) != fingerprint(SENTENCE)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("caf\u00e9", "cafe\u0301"),
        ("\ufb01les", "files"),
        ("\uff21ct", "Act"),
        ("- \u2022 act", "act"),
        ("act.;", "act"),
    ],
)
def test_one_text_in_two_encodings_has_one_form(text: str, other: str) -> None:
    """Accents, ligatures and wide letters count as what they are; marks may stand in a row."""
    assert normalise(text) == normalise(other)


def test_a_minus_is_not_a_bullet() -> None:
    """A dash that touches its word belongs to the wording."""
    assert normalise("\u22125 days") == "-5 days"


# --- numbering ------------------------------------------------------------------------------------

GUIDE = """\
A guide \u2013 to lamps
Before

Read this. Then act! Is it lit? Will it burn? e.g. it did not. 4 times.
Lamps
Lamps include:
- lamps; and
- long\u2011life lamps.
"""
HEADINGS = {fingerprint("Before"): "before", fingerprint("Lamps"): "lamps"}


def test_statements_are_numbered_within_their_headings() -> None:
    """Sentences and list items are numbered in reading order, each with its line and wording."""
    assert [(part.id, part.text, part.line) for part in split(GUIDE, HEADINGS)] == [
        ("title.1", "A guide \u2013 to lamps", 1),
        ("before.1", "Read this.", 4),
        ("before.2", "Then act!", 4),
        ("before.3", "Is it lit?", 4),
        ("before.4", "Will it burn? e.g. it did not. 4 times.", 4),
        ("lamps.1", "Lamps include:", 6),
        ("lamps.2", "- lamps; and", 7),
        ("lamps.3", "- long\u2011life lamps.", 8),
    ]


def test_blank_lines_and_line_endings_change_no_statement() -> None:
    """The numbering does not depend on blank lines, line endings or white space at the margins."""
    spread = GUIDE.replace("\n", " \r\n\u00a0\r\n  ")
    assert split(spread, HEADINGS) == split(GUIDE, HEADINGS)


def test_a_heading_is_found_however_it_is_typed() -> None:
    """A heading is the same heading with another dash, apostrophe or space."""
    typed = ("The warden's long-stop", "The warden\u2019s\u00a0long\u2010stop")
    for heading, other in product(typed, repeat=2):
        parts = split(f"Title\n{heading}\nAct.", {fingerprint(other): "stop"}, title="top")
        assert [part.id for part in parts] == ["top.1", "stop.1"]


def test_a_heading_that_is_not_there_changes_no_number() -> None:
    """A heading that the text has not is passed over, and the text says which it has."""
    more = {fingerprint("Candles"): "candles", **HEADINGS, fingerprint("Torches"): "torches"}
    assert split(GUIDE, more) == split(GUIDE, HEADINGS)
    assert headings_in(GUIDE, more) == ("before", "lamps")


def test_an_item_of_a_list_is_no_heading() -> None:
    """A list item with the words of a heading is a statement, with any mark before it."""
    for mark in ("-", "\u2022", "*", "\u2013"):
        text = f"Before\n{mark} Lamps\nLamps\nAct."
        assert [part.id for part in split(text, HEADINGS)] == ["before.1", "lamps.1"]


def test_the_heading_of_the_whole_text_is_its_title() -> None:
    """Without headings all statements are numbered under the title."""
    assert [part.id for part in split("One. Two.\nThree", {}, title="top")] == [
        "top.1",
        "top.2",
        "top.3",
    ]


# --- the edition's files --------------------------------------------------------------------------


def test_every_statement_stands_once_and_in_order() -> None:
    """The register holds all 61 statements, in the order of the methodology's headings."""
    expected = [f"{name}.{at}" for name, many in COUNTS.items() for at in range(1, many + 1)]
    assert len(expected) == 61
    assert [entry["id"] for entry in entries("statements")] == expected


def test_every_statement_stands_under_a_heading() -> None:
    """The headings are in the order of the statements, and each but the title has a fingerprint."""
    headings = entries("headings", of="statements")
    assert [heading["prefix"] for heading in headings] == list(COUNTS)[1:]
    assert len({heading["fingerprint"] for heading in headings}) == len(COUNTS) - 1
    assert all(len(heading["fingerprint"]) == 64 for heading in headings)


@pytest.mark.parametrize("entry", entries("statements"), ids=lambda entry: str(entry["id"]))
def test_a_statement_is_told_whole(entry: dict[str, str]) -> None:
    """A statement has a fingerprint and one sentence; no rule and its reason come together."""
    assert set(entry) <= {"id", "fingerprint", "summary", "modality", "no_rule", "because"}
    assert len(entry["fingerprint"]) == 64
    assert set(entry["fingerprint"]) <= set("0123456789abcdef")
    assert ("no_rule" in entry) == ("because" in entry)
    assert entry.get("no_rule", "scope") in {"background", "scope", "aim", "heading"}
    assert entry.get("modality", "must") in set(Modality)
    assert not ("modality" in entry and "no_rule" in entry)
    for key in {"summary", "because"} & set(entry):
        assert entry[key].endswith(".")
        assert ". " not in entry[key]


def test_only_the_same_wording_has_the_same_fingerprint() -> None:
    """One wording stands twice in the methodology: the interviews within the force."""
    seen: dict[str, list[str]] = {}
    for entry in entries("statements"):
        seen.setdefault(entry["fingerprint"], []).append(entry["id"])
    assert [ids for ids in seen.values() if len(ids) > 1] == [["visit.6", "review.3"]]


def test_interpretations_are_numbered_and_ours_comes_first() -> None:
    """The register runs from R1 to R22, and the answer that we take is the first of several."""
    interpretations = entries("interpretations")
    assert [interpretation["id"] for interpretation in interpretations] == [
        f"R{at}" for at in range(1, 23)
    ]
    for entry in interpretations:
        assert next(iter(entry["answers"])) == entry["ours"], entry["id"]
        assert len(entry["answers"]) > 1, entry["id"]


def test_interpretations_are_told_whole() -> None:
    """An interpretation asks one question, gives a reason and cites statements."""
    known = {entry["id"] for entry in entries("statements")}
    for asked in entries("interpretations"):
        assert asked["question"].count("?") == 1, asked["id"]
        assert asked["question"].endswith("?"), asked["id"]
        assert asked["why"].endswith("."), asked["id"]
        assert all(answer.endswith(".") for answer in asked["answers"].values()), asked["id"]
        assert asked["agreed_by"], asked["id"]
        assert asked["statements"], asked["id"]
        assert set(asked["statements"]) <= known, asked["id"]
