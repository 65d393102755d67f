"""What ``init`` makes: a working copy with its own name, and skeletons that work as they are."""

from __future__ import annotations

import re
import shlex
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ncpi_rules.checks import check
from ncpi_rules.cli import main
from ncpi_rules.core import FactsError, NcpiRulesError
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import new_folder, read_as, read_file, read_yaml
from ncpi_rules.ruleset import is_edited, load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import load_scenarios, run

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED = Path(__file__).parents[1] / "rulesets" / "ncpi-follow-up" / "as-published"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a working copy of the shipped edition."""
    folder = tmp_path_factory.mktemp("officer") / "Our copy"
    assert main(["init", str(folder)]) == 0
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    """Return what stands in a folder, by path."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def yaml_in(folder: Path) -> Iterator[Path]:
    """Yield the files of a ruleset and its scenarios."""
    yield from folder.glob("*.yaml")
    yield from folder.glob("scenarios/*.yaml")


def test_a_working_copy_says_the_same_under_its_own_name(copy: Path) -> None:
    """Its rules are those of the edition, it names what it is based on, and it is not edited."""
    ruleset, original = load_ruleset(copy), shipped_ruleset()
    assert ruleset.name == "ncpi-follow-up/our-copy"
    assert ruleset.content_digest == original.content_digest
    based_on = ruleset.settings.based_on
    assert based_on is not None
    assert (based_on.ruleset, based_on.edition) == ("ncpi-follow-up", "as-published")
    assert not is_edited(ruleset)
    assert len(load_scenarios(copy, ruleset=ruleset)) == len(load_scenarios())


def test_a_working_copy_keeps_every_line(copy: Path) -> None:
    """Comments and order stay; what differs are the first lines and the name of the edition."""
    for path in yaml_in(SHIPPED):
        old = path.read_text("utf-8").splitlines()[1:]
        new = copy.joinpath(path.relative_to(SHIPPED)).read_text("utf-8").splitlines()[1:]
        if path.name == "ruleset.yaml":
            old.remove("edition: as-published")
            new = [line for line in new if line in old]
        assert new == old


@pytest.mark.parametrize("made", ["copy", "empty"])
def test_each_first_line_leads_to_a_schema_beside_it(made: str, copy: Path, tmp_path: Path) -> None:
    """An editor finds the schema wherever the folder lies, since the path begins at the file."""
    folder = copy
    if made == "empty":
        folder = tmp_path / "ours"
        assert main(["init", str(folder), "--empty"]) == 0
    moved = folder.rename(folder.with_name("moved"))
    for path in yaml_in(moved):
        line = path.read_text("utf-8").partition("\n")[0]
        schema = re.fullmatch(r"# yaml-language-server: \$schema=(\S+\.json)", line)
        assert schema is not None, path
        assert path.parent.joinpath(schema[1]).is_file(), path
    moved.rename(folder)


def test_a_copy_of_a_copy_is_based_on_the_copy(copy: Path, tmp_path: Path) -> None:
    """The line of the first copy gives way to one line for the second."""
    second = tmp_path / "second"
    assert main(["init", str(second), "--ruleset", str(copy), "--name", "Second try!"]) == 0
    settings = load_ruleset(second).settings
    assert settings.edition == "second-try"
    assert settings.based_on is not None
    assert settings.based_on.edition == "our-copy"
    assert second.joinpath("ruleset.yaml").read_text("utf-8").count("based_on") == 1


def test_an_empty_ruleset_works_as_it_is(tmp_path: Path) -> None:
    """It is read, nothing is found in it, its scenarios pass, and it has its own name."""
    folder = tmp_path / "ours"
    assert main(["init", str(folder), "--empty"]) == 0
    ruleset = load_ruleset(folder)
    assert ruleset.name == "ours/first"
    assert list(check(ruleset)) == []
    scenarios = load_scenarios(folder, ruleset=ruleset)
    assert all(run(scenario, ruleset).passed for scenario in scenarios)
    assert len(scenarios) == 3


def test_a_scenario_stands_where_it_is_read_and_passes(tmp_path: Path) -> None:
    """Each fact stands in it with its values, and it passes until somebody writes another."""
    folder = tmp_path / "ours"
    assert main(["init", str(folder), "--empty"]) == 0
    file = folder / "scenarios" / "20-mine.yaml"
    assert main(["init", "--scenario", str(file)]) == 0
    ruleset = load_ruleset(folder)
    (scenario,) = (
        scenario for scenario in load_scenarios(folder, ruleset=ruleset) if "20-m" in scenario.place
    )
    assert run(scenario, ruleset).passed
    assert "# request: complete | incomplete | not-known" in file.read_text("utf-8")


def test_every_line_of_the_follow_up_can_be_used(tmp_path: Path) -> None:
    """The skeleton is a follow-up, and it still is where every comment is a line of it."""
    file = tmp_path / "kent.yaml"
    assert main(["init", "--follow-up", str(file)]) == 0
    assert tmp_path.joinpath(".schemas", "follow-up.json").is_file()
    force = read_as(FollowUp, read_file(file, FactsError), FactsError).force
    assert force is not None
    assert force.name
    text = file.read_text("utf-8")
    lines = [re.sub(r"^# (?=[a-z_]+:(?: |$)| )", "", line) for line in text.splitlines()]
    whole = read_as(FollowUp, read_yaml("\n".join(lines), FactsError), FactsError)
    blank = FollowUp(force="northumbria").to_dict()
    named = {"inspection_report", "action_plan", "fieldwork", "decisions", "note"}
    assert named <= whole.to_dict().keys() - blank.keys()


def test_what_comes_next_can_be_typed(
    copy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command that is printed after a skeleton works as it stands there."""
    monkeypatch.chdir(tmp_path)
    copied = shutil.copytree(copy, tmp_path / "Our copy")
    for asked, next_command in (
        (["--follow-up", "kent.yaml"], "assess kent.yaml"),
        (["--follow-up", "own.yaml", "--ruleset", copied.name], "assess own.yaml --ruleset "),
        (["--scenario", "Our copy/scenarios/20.yaml"], "test "),
    ):
        capsys.readouterr()
        assert main(["init", *asked]) == 0
        command = capsys.readouterr().out.splitlines()[-1].strip()
        assert command.startswith(f"ncpi-rules {next_command}")
        assert main(shlex.split(command)[1:]) == 0


def test_schemas_are_written_anew(copy: Path) -> None:
    """A name that has come into the vocabulary is known once the schemas are written again."""
    vocabulary, schema = copy / "vocabulary.yaml", copy / ".schemas" / "document-rules.json"
    text = vocabulary.read_text("utf-8")
    more = "documents:\n  - id: risk-register\n    title: the risk register\n"
    vocabulary.write_text(text.replace("documents:\n", more, 1), "utf-8")
    assert "risk-register" not in schema.read_text("utf-8")
    assert main(["init", "--schemas", str(copy)]) == 0
    assert "risk-register" in schema.read_text("utf-8")
    assert is_edited(load_ruleset(copy))
    vocabulary.write_text(text, "utf-8")


def test_nothing_that_stands_there_is_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that holds something, and a file that is there, stay as they are."""
    folder = tmp_path / "full"
    folder.mkdir()
    folder.joinpath("notes.txt").write_text("Ours.", "utf-8")
    before = files_in(tmp_path)
    assert main(["init", str(folder)]) == 2
    assert main(["init", "--follow-up", str(folder / "notes.yaml" / "x.yaml")]) == 2
    printed = capsys.readouterr().err
    assert "Something of this name exists already; it was left as it is." in printed
    assert files_in(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]


def test_a_folder_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    """Where something goes wrong in between, nothing is left; an empty folder may be filled."""
    with pytest.raises(NcpiRulesError), new_folder(tmp_path / "new", NcpiRulesError) as folder:
        folder.joinpath("half", "half.txt").write_text("Half.", "utf-8")
    assert list(tmp_path.iterdir()) == []
    tmp_path.joinpath("new").mkdir()
    with new_folder(tmp_path / "new", NcpiRulesError) as folder:
        folder.joinpath("whole.txt").write_text("Whole.", "utf-8")
    assert files_in(tmp_path) == {"new/whole.txt": b"Whole."}


def test_links_that_go_in_a_circle_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder or a file that a link to itself stands for ends in a sentence."""
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    for arguments in (["init", str(circle)], ["init", "--scenario", str(circle / "mine.yaml")]):
        assert main(arguments) == 2
        assert "help: " in capsys.readouterr().err


def test_what_a_kill_has_left_is_removed_by_the_next(tmp_path: Path) -> None:
    """A folder that nobody is making any more goes; one that is being made, and other things stay.

    A link of such a name is no folder, and what it leads to is somebody's.
    """
    pytest.importorskip("fcntl", reason="this system cannot tell who is making a folder")
    others = (".new.0123456789abcdef.part.txt", ".newer.0123456789abcdef.part", ".new.backup.part")
    for name in (".new.0123456789abcdef.part", *others):
        tmp_path.joinpath(name).mkdir()
        tmp_path.joinpath(name, "half.txt").write_text("Half.", "utf-8")
    link = tmp_path / ".new.00000000000000ff.part"
    link.symlink_to(tmp_path / others[0])
    with new_folder(tmp_path / "new", NcpiRulesError) as first:
        first.joinpath("whole.txt").write_text("Whole.", "utf-8")
        with suppress(NcpiRulesError), new_folder(tmp_path / "new", NcpiRulesError) as second:
            left = {path.name for path in tmp_path.iterdir()}
            second.joinpath("half", "half.txt").write_text("Half.", "utf-8")
    assert left == {first.name, second.name, link.name, *others}
    assert {path.name for path in tmp_path.iterdir()} == {"new", link.name, *others}
    assert all(tmp_path.joinpath(name, "half.txt").exists() for name in others)


ONE_OF = (
    "Write one of: ncpi-rules init FOLDER, init --follow-up FILE.yaml, init --scenario "
    "FOLDER/scenarios/FILE.yaml, init --cases FILE.xlsx, init --schemas FOLDER."
)

NAME_SOME = (
    "Name rules and interpretations, such as tier.review or R1, or write --unchanged or --all."
)
NAME_ORIGINAL = (
    "Name the ruleset to compare it with after --unchanged-from, such as ncpi-follow-up."
)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["init"], ("Nothing is named.", ONE_OF)),
        (["init", "x", "--cases", "y.xlsx"], ("Several things are named.", ONE_OF)),
        (
            ["init", "x", "--name", "!"],
            (
                "The copy has no name.",
                "Give it one of letters and digits, such as --name our-copy.",
            ),
        ),
        (
            ["init", "as-published"],
            (
                "'as-published' is the name of the edition itself.",
                "Give the copy another name, such as --name our-copy.",
            ),
        ),
        (
            ["init", "--follow-up", "x.txt"],
            ("'x.txt' has not the ending of a file of YAML.", "Name a file that ends in .yaml."),
        ),
        (
            ["init", "--cases", "x.csv"],
            ("'x.csv' has not the ending of a workbook.", "Name a file that ends in .xlsx."),
        ),
        (
            ["init", "--scenario", "x.yaml"],
            (
                "x.yaml: A scenario stands in the folder 'scenarios' of a ruleset.",
                "Name a file there, such as my-copy/scenarios/20-mine.yaml.",
            ),
        ),
        (
            ["format"],
            ("Nothing is named.", "Name the folder of a ruleset: ncpi-rules format FOLDER."),
        ),
        (["format", "."], ("There is no file of YAML in '.'.", "Name the folder of a ruleset.")),
        (
            ["approve", "--by", "A", "--on", "2026-11-20"],
            (
                "Nothing is named.",
                NAME_SOME,
            ),
        ),
        (
            ["approve", "R1", "--by", " ", "--on", "2026-11-20"],
            ("Nobody is named.", "Say who approves it, after --by."),
        ),
        (
            ["approve", "R1", "--by", "A", "--on", "2026-11-20"],
            (
                "The edition that comes with the library is not written to.",
                "Give its folder after --ruleset, or print the lines with --print.",
            ),
        ),
        (
            ["approve", "--unchanged", "--by", "A", "--on", "2026-11-20"],
            (
                "This ruleset does not say from which edition it was copied.",
                NAME_ORIGINAL,
            ),
        ),
    ],
)
def test_wrong_usage_is_told(
    arguments: list[str],
    expected: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One sentence says what is wrong, another what to write, word for word; nothing is made."""
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert capsys.readouterr().err == "{}\n  help: {}\n".format(*expected)
    assert list(tmp_path.iterdir()) == []
