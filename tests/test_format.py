"""What ``format`` does: lines in their reading order, no comment lost, nothing said otherwise."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncpi_rules.cli import main
from ncpi_rules.core import NcpiRulesError, RulesetError
from ncpi_rules.io import read_file, read_yaml, tidied, write_yaml
from ncpi_rules.ruleset import load_ruleset
from tests.test_approvals import turned

TOP = Path(__file__).parents[1]
LOANS = TOP / "tests" / "rulesets" / "library-loans"
SHIPPED = TOP / "rulesets" / "ncpi-follow-up" / "as-published"
FILES = sorted(path for folder in (SHIPPED, LOANS) for path in folder.rglob("*.yaml"))
ORDERS = {"rules": ["id", "title", "then"], "tea": ["id"]}


def content(text: str) -> Counter[str]:
    """Return the lines of a text without the space and the dashes before them."""
    return Counter(
        line.strip().removeprefix("- ").strip() for line in text.splitlines() if line.strip()
    )


def test_the_shipped_edition_stands_in_its_reading_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing changes where a file is in order; so it is after it was formatted once."""
    assert main(["format", str(SHIPPED), "--dry-run"]) == 0
    assert capsys.readouterr().out == "0 files would change.\n"
    folder = shutil.copytree(LOANS, tmp_path / "loans")
    assert main(["format", str(folder)]) == 0
    assert main(["format", str(folder), "--dry-run"]) == 0


def test_files_turned_round_are_put_in_order_and_say_the_same(tmp_path: Path) -> None:
    """Whatever the order of lines was, the ruleset is the same, and its files read from above."""
    folder = shutil.copytree(LOANS, tmp_path / "loans")
    for path in [*folder.glob("[0-9]-*.yaml"), *folder.glob("[ip]*s.yaml")]:
        path.write_text(write_yaml(turned(read_file(path, RulesetError).data)), "utf-8")
    before = load_ruleset(folder).digest
    assert main(["format", str(folder)]) == 0
    assert load_ruleset(folder).digest == before
    rules = read_file(folder / "2-response.yaml", RulesetError).data
    assert isinstance(rules, dict)
    assert next(iter(rules)) == "decides"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_line_is_lost(path: Path) -> None:
    """Each line of a file, comments included, stands in what becomes of it, and it is stable."""
    text = path.read_text("utf-8")
    orders = {"rules": ["statements", "id", "title"], "scenarios": ["expect", "says"]}
    tidy = tidied(text, orders, NcpiRulesError)
    assert content(tidy) == content(text)
    assert tidied(tidy, orders, NcpiRulesError) == tidy
    assert (
        ("rules:\n" not in text and "scenarios:\n" not in text)
        or tidy != text
        or "- id" not in text
    )


def test_a_comment_goes_with_the_line_below_it() -> None:
    """A comment above a line, one after it, and quotation marks stay what they belong to."""
    text = """\
# About the file.
rules:

  # About tea.
  - then: "tea"   # hot
    # Its sentence.
    title: Tea,
      as it is served

    id: drink.tea
  # About water.
  - {then: water, id: drink.water}
# At the end.
"""
    assert (
        tidied(text, ORDERS, NcpiRulesError)
        == """\
# About the file.
rules:

  # About tea.
  - id: drink.tea
    # Its sentence.
    title: Tea,
      as it is served

    then: "tea"   # hot
  # About water.
  - {then: water, id: drink.water}
# At the end.
"""
    )


def test_spare_space_goes_and_line_ends_stay() -> None:
    """Spaces at the end of a line and empty lines beyond one go; Windows keeps its line ends."""
    assert tidied("a: b  \r\n\r\n\r\nc: d\r\n\r\n", {}, NcpiRulesError) == "a: b\r\n\r\nc: d\r\n"


@pytest.mark.parametrize(
    "text",
    [
        "rules:\n  - then: &tea tea\n    id: *tea\n",
        "rules:\n  - title: |\n      Tea  \n\n\n      Cake\n    # no comment\n    id: x\n",
        "rules:\n  - {\n    then: a,\n    id: b\n    }\n",
        "tea:\n  ? id\n  : x\n  ? cup\n  : y\n",
    ],
)
def test_what_cannot_be_moved_stays(text: str) -> None:
    """A text whose meaning would change says the same afterwards."""
    tidy = tidied(text, ORDERS, NcpiRulesError)
    assert read_yaml(tidy, NcpiRulesError).data == read_yaml(text, NcpiRulesError).data


_NAMES = st.sampled_from(["id", "title", "then", "note", "a b", "x"])
_TEXTS = st.sampled_from(
    [
        "tea",
        '"two: texts"',
        "a  # said",
        "'#'",
        "[a, b]",
        "{id: x, title: y}",
        "|\n      a\n\n      # b",
    ]
)
_COMMENTS = st.sampled_from(
    ["", "", "    # about it\n", "\n", "\n    # apart\n\n", "  # further left\n"]
)


@given(
    st.lists(
        st.dictionaries(_NAMES, st.tuples(_COMMENTS, _TEXTS), min_size=1), min_size=1, max_size=3
    )
)
@settings(max_examples=60)
def test_whatever_is_written_says_the_same(rules: list[dict[str, tuple[str, str]]]) -> None:
    """For any rules with comments between their lines, nothing is lost and nothing is changed."""
    lines = ["rules:\n"]
    for rule in rules:
        dash = "  - "
        for name, (comment, text) in rule.items():
            lines.append(f"{comment if dash.isspace() else ''}{dash}{name}: {text}\n")
            dash = "    "
    text = "".join(lines)
    tidy = tidied(text, ORDERS, NcpiRulesError)
    assert read_yaml(tidy, NcpiRulesError).data == read_yaml(text, NcpiRulesError).data
    assert content(tidy) == content(text)
    assert tidied(tidy, ORDERS, NcpiRulesError) == tidy


def test_a_file_that_cannot_be_read_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its problem is told at its place, the others are formatted, and the exit status is 1."""
    folder = shutil.copytree(LOANS, tmp_path / "loans")
    bad, good = folder / "1-gravity.yaml", folder / "ruleset.yaml"
    bad.write_text("rules: [\n", "utf-8")
    good.write_text(good.read_text("utf-8") + "\n\n", "utf-8")
    assert main(["format", str(folder)]) == 1
    shown = capsys.readouterr()
    assert shown.err.startswith(f"{bad.as_posix()}:")
    assert good.as_posix() in shown.out
    assert bad.read_text("utf-8") == "rules: [\n"
    assert main(["format"]) == 2
    assert main(["format", str(tmp_path)]) == 2


def test_a_ruleset_of_the_library_is_not_formatted(capsys: pytest.CaptureFixture[str]) -> None:
    """The name of a shipped ruleset is no file: the message says what it is and what to do."""
    for name in ("ncpi-follow-up", "ncpi-follow-up/as-published"):
        assert main(["format", name]) == 2
        assert capsys.readouterr().err == (
            f"'{name}' comes with the library, and its files stay as they are.\n"
            "  help: Make a working copy, ncpi-rules init my-copy, and name its folder.\n"
        )
