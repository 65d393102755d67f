"""The pages about findings: one for each code, and their examples have the fault that they show."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ncpi_rules import cli
from ncpi_rules.checks import CODES, Finding, check, page_about
from ncpi_rules.cli.beside_rules import scenario_findings  # pinned: what a check adds
from ncpi_rules.core import RulesetError, UnknownItemError
from ncpi_rules.io import read_file, read_yaml, write_yaml
from ncpi_rules.ruleset import load_ruleset
from ncpi_rules.sign_off import sign_off

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
PAGES = HERE.parent / "docs" / "findings"
SMALLEST = HERE / "rulesets" / "smallest"
ON_SIGNING = ("not-signed", "approval-stale")


def fragments(page: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what the example of a page says, file by file; a comment names each file."""
    (example,) = re.findall(r"```yaml\n(.+?)```", page, flags=re.DOTALL)
    _, *parts = re.split(r"^# (\S+\.yaml)$", example, flags=re.MULTILINE)
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        data: Any = read_yaml(text, RulesetError, name=name).data
        yield name, data


def built(folder: Path, parts: Iterator[tuple[str, dict[str, Any]]]) -> Path:
    """Return the smallest ruleset with an example in it: the same id takes the other's place."""
    shutil.copytree(SMALLEST, folder)
    for name, added in parts:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        data: Any = read_file(path, RulesetError).data if path.is_file() else {}
        for key, items in added.items():
            ids = {item["id"] for item in items if "id" in item}
            others = [entry for entry in data.get(key, ()) if entry["id"] not in ids]
            data[key] = [*others, *items]
        path.write_text(write_yaml(data), "utf-8")
    return folder


def found_in(folder: Path) -> list[Finding]:
    """Return what is found in a ruleset, and what nobody has approved of it."""
    listed = list(check(folder))
    try:
        ruleset = load_ruleset(folder)
    except RulesetError:
        return listed
    listed += scenario_findings(ruleset, str(folder))[0]
    try:
        return [*listed, *sign_off(ruleset, folder).findings(folder)]
    except RulesetError as fault:
        return [*listed, *map(Finding.of, fault.problems)]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    """The pages are those of the codes, and the index names all of them in their order."""
    assert {path.stem for path in PAGES.glob("*.md")} - {"README"} == set(CODES)
    index = (PAGES / "README.md").read_text("utf-8")
    assert re.findall(r"^\| \[(.+?)\]\((.+?)\.md\) \| (.+) \|$", index, flags=re.MULTILINE) == [
        (code, code, says) for code, says in CODES.items()
    ]


def test_the_command_explains_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """``ncpi-rules explain`` prints the page of a code; the library has it for any program."""
    assert cli.main(["explain", "gap"]) == 0
    assert capsys.readouterr().out == (PAGES / "gap.md").read_text("utf-8")
    for code in CODES:
        assert page_about(code) == (PAGES / f"{code}.md").read_text("utf-8")
    with pytest.raises(UnknownItemError, match="There is no finding 'gaps'"):
        page_about("gaps")


@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_page_has_the_fault(code: str, tmp_path: Path) -> None:
    """The example, put into the smallest ruleset, gives the finding in the words of the page."""
    page = (PAGES / f"{code}.md").read_text("utf-8")
    assert page.startswith(f"# {code}: {CODES[code][:1].lower()}{CODES[code][1:]}\n")
    assert len(page.splitlines()) <= 45
    findings = [
        finding
        for finding in found_in(built(tmp_path / "copy", fragments(page)))
        if finding.code == code
    ]
    quoted = " ".join(line[2:] for line in page.splitlines() if line.startswith("> "))
    assert quoted in [finding.message for finding in findings]
    assert all(finding.page == f"docs/findings/{code}.md" for finding in findings)
    assert ("--signed" in page) == (code in ON_SIGNING)


@pytest.mark.parametrize("code", CODES)
def test_without_the_example_there_is_no_such_finding(code: str) -> None:
    """The smallest ruleset has none of these faults, but for two names that nothing uses."""
    messages = [finding.message for finding in check(SMALLEST) if finding.code == code]
    expected = ["No rule uses the document 'menu'.", "No rule uses the topic 'cake'."]
    assert messages == (expected if code == "never-used" else [])
