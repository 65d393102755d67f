"""The command that writes rules as tables of other programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ncpi_rules.cli import main
from ncpi_rules.report.exchange import to_csv, to_dmn, to_jdm
from ncpi_rules.ruleset import patch, shipped_ruleset

EDITION = Path(__file__).parents[1] / "rulesets" / "ncpi-follow-up" / "as-published"
OTHER = "  help: Choose another name.\n"


def test_what_is_printed_is_what_the_library_writes(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """DMN and JDM go to standard output or to a file, byte for byte as Python gives them."""
    ruleset = shipped_ruleset()
    for form, text in (("dmn", to_dmn(ruleset)), ("jdm", to_jdm(ruleset))):
        assert main(["export", "--to", form]) == 0
        assert capfdbinary.readouterr().out == text.encode()
        file = tmp_path / form
        assert main(["export", "--to", form, "-o", str(file)]) == 0
        assert file.read_bytes() == text.encode()
    assert json.loads(to_jdm(ruleset))["contentType"] == "application/vnd.gorules.decision"


def test_csv_is_a_folder_and_nothing_in_it_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder is made; the same again changes nothing; a file of another content stops it all."""
    folder = tmp_path / "new" / "tables"
    command = ["export", "--to", "csv", "-o", str(folder)]
    assert main(command) == 0
    texts = {path.name: path.read_bytes().decode("utf-8-sig") for path in folder.iterdir()}
    assert texts == to_csv(shipped_ruleset())
    assert main(command) == 0
    folder.joinpath("tier.csv").write_text("mine", "utf-8")
    folder.joinpath("actions.csv").unlink()
    assert main(command) == 2
    assert capsys.readouterr().err == (
        f"{folder.as_posix()}/tier.csv: A file of this name exists already; nothing was written.\n"
        "  help: Choose another folder, or allow files to be replaced (--replace).\n"
    )
    assert not folder.joinpath("actions.csv").exists()
    assert folder.joinpath("tier.csv").read_text("utf-8") == "mine"
    assert main([*command, "--replace"]) == 0
    assert {path.name for path in folder.iterdir()} == {*texts}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "csv"], "The format csv is written to a folder.\n  help: Add: -o FOLDER\n"),
        (["--to", "xlsx"], "The format xlsx is written to a file.\n  help: Add: -o FILE.xlsx\n"),
        (
            ["--to", "dmn", "--replace"],
            "There is no file to write.\n  help: Add: --output FILE\n",
        ),
        (
            [str(EDITION), "--to", "csv", "-o", str(EDITION)],
            f"{EDITION.as_posix()}: This file is an input, so it cannot be the output as well.\n"
            + OTHER,
        ),
    ],
)
def test_what_cannot_be_exported_is_refused_in_a_sentence(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What does not go together is refused before anything is read or written."""
    assert main(["export", *arguments]) == 2
    assert capsys.readouterr().err == message


def test_an_edited_copy_says_so_in_every_file() -> None:
    """Whatever is made of a ruleset with another number is never called by the edition alone."""
    edited = patch(shipped_ruleset(), {"revisit-ceiling": "4 months"})
    for text in (to_dmn(edited), to_jdm(edited), to_csv(edited)["about.csv"]):
        assert "dited copy of As published" in text
        assert edited.digest[:12] in text
