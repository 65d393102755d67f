"""Nothing in a file is passed over in silence: comments in a text, spaces and quotation marks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

# pinned: the classes of all files that people write
from ncpi_rules.cli.json_schemas import PUBLISHED
from ncpi_rules.core import FactsError, NcpiRulesError
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import alternatives_of, fields_of, key_of, read_yaml, write_yaml

TOP = Path(__file__).parents[1]
EXAMPLES = sorted((TOP / "examples" / "follow-ups").glob("*.yaml"))
PROSE = {
    *("agreed_by", "alert", "answers", "ask", "because", "extent", "local", "names", "note"),
    *("publisher", "question", "says", "short", "sources", "summary", "title", "values", "why"),
}
"""The names that mean free text wherever they stand."""

CUT = "What follows ' #' is a comment, and no part of the text."
ODD = st.sampled_from(
    "\u00a0\u2003\u200b\u202f\u2060\u3000\ufeff\u201c\u2018\u00ab\u201d\u2019\u00bb"
)


def classes_in(kind: Any) -> set[type[Any]]:
    """Return the classes of files inside a type, however deep."""
    found: set[type[Any]] = set()
    waiting = [kind]
    while waiting:
        inner = waiting.pop()
        subclasses = alternatives_of(inner)
        waiting += get_args(inner) if subclasses is None else subclasses[1].values()
        if attrs.has(inner) and inner not in found and ".core." not in inner.__module__:
            found.add(inner)
            waiting += [field.type for field in fields_of(inner)]
    return found


CLASSES = {one for kind in PUBLISHED.values() for one in classes_in(kind)}


def test_every_field_of_free_text_is_marked() -> None:
    """A field that bears the name of a text is known as one, so that no comment can cut it."""
    fields = [(one.__name__, field) for one in CLASSES for field in fields_of(one)]
    texts = [
        (name, field)
        for name, field in fields
        if key_of(field) in PROSE and "str" in str(field.type)
    ]
    assert {key_of(field) for _, field in texts} == PROSE
    assert [(name, field.name) for name, field in texts if not field.metadata.get("prose")] == []


def refusals(text: str) -> list[str]:
    """Return what is said of a follow-up that is refused, without the way out."""
    try:
        FollowUp.from_yaml(text)
    except FactsError as fault:
        return [str(problem).partition("\n")[0] for problem in fault.problems]
    return []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_comment_may_follow_every_value_and_no_text(path: Path) -> None:
    """After a date or a value a comment changes nothing; after a text it is refused there."""
    lines = path.read_text("utf-8").splitlines()
    whole = FollowUp.from_yaml("\n".join(lines))
    seen = set()
    for at, line in enumerate(lines):
        found = re.fullmatch(r"[ -]*(?:([\w-]+): )?[^\s\"'#{>|\[-][^#]*", line)
        if not found or line.endswith(":") or lines[at + 1 : at + 2] == [""]:
            continue
        text = "\n".join([*lines[:at], f"{line} # 3", *lines[at + 1 :]])
        said = refusals(text)
        if not said:
            assert FollowUp.from_yaml(text) == whole
            seen.add("")
            assert found[1] not in PROSE
        else:
            place = f"text:{at + 1}:{len(line) + 2}"
            assert said == [f"{place}: {CUT}"]
            assert found[1] in {*PROSE, "area", "by", None}
            seen.add("cut")
    assert seen == {"", "cut"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("force: kent\nnote: It was\n  #3\n", "3:3"),
        ("force: kent\nnote: It was\n  said of\n  #3\n", "4:3"),
        ("force: kent\nnote: It was\n\n  said of # 3\n", "4:11"),
        ("force: kent\nsources:\n  - Page\n    #3\n", "4:5"),
        ("force: kent\r\nnote: It was #3\r\n", "2:14"),
        ("force: kent\nnote: It was\t#3\n", "2:14"),
    ],
)
def test_a_text_is_cut_on_its_line_or_below(text: str, place: str) -> None:
    """A comment that goes on where the text stops is refused, also on a line of its own."""
    assert refusals(text) == [f"text:{place}: {CUT}"]


@pytest.mark.parametrize(
    "text",
    [
        "# 1\nforce: kent # 2\n# 3\nnote: It was said.\n# 4\n",
        "force: kent\nsources:\n  # 1\n  - Page\n  # 2\n  - Two\n",
        'force: kent\nnote: "It was #3" # 2\n',
        "force: kent\nnote: It was#3\n",
        "force: kent\nnote: >\n  It was #3\n  # and 4\n",
        "force: kent\nsources: [Page 1, 'Page #2', # both\n  Page 3]\n",
        "force: kent\nsources:\n  - https://example.org/a:b#3\n",
        "force: kent\nnote:\n  https://example.org/a\n",
        "force: kent\nnote: A\u00a0space, and \u201cquotation marks\u201d within.\n",
    ],
)
def test_what_is_read_as_it_looks_is_left_alone(text: str) -> None:
    """Comments of their own, and texts that hold such characters, are read."""
    assert refusals(text) == []


@given(st.lists(st.text(st.sampled_from("ab #:-\n") | ODD, min_size=1, max_size=8), max_size=4))
def test_what_is_written_is_read_back(texts: list[str]) -> None:
    """Whatever spaces, signs and quotation marks a text or a name has, it is the same again."""
    data = {"texts": texts, "names": {text: text for text in texts}}
    assert read_yaml(write_yaml(data), NcpiRulesError).data == data


def test_a_second_comment_is_found_far_down() -> None:
    """A long file of comments is read in the time that its length takes."""
    text = "force: kent\nsources:\n" + "  - Page\n  # a comment\n" * 20_000 + "note: It was #3\n"
    assert refusals(text) == [f"text:40003:14: {CUT}"]
