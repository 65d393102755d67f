"""The one writer of files: whole or not at all, and never over what is being read."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ncpi_rules.cli import main
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.io import new_file, write_whole
from ncpi_rules.ruleset.layout import shipped_rulesets  # pinned: the folder that is installed

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = Path(str(shipped_rulesets())) / "ncpi-follow-up" / "as-published"
FACTS = "force: kent\nprospects: some-concerns\n"
TABLE = "prospects\nno-concerns\n"


def a_path(file: Path) -> Path:
    """Return another path to a file."""
    (file.parent / "sub").mkdir()
    return file.parent / "sub" / ".." / file.name


def a_link(file: Path) -> Path:
    """Return a symbolic link to a file."""
    link = file.with_name(f"link{file.suffix}")
    link.symlink_to(file)
    return link


def a_hard_link(file: Path) -> Path:
    """Return a second name of a file."""
    link = file.with_name(f"second{file.suffix}")
    link.hardlink_to(file)
    return link


@pytest.mark.parametrize("other_name", [Path, a_path, a_link, a_hard_link])
@pytest.mark.parametrize("command", ["assess", "sweep"])
def test_no_output_is_an_input(
    command: str,
    other_name: Callable[[Path], Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file that is read is never replaced, by whatever path or link it is named."""
    if command == "sweep":
        pytest.importorskip("pyarrow")
    text = FACTS if command == "assess" else TABLE
    file = tmp_path / ("input.yaml" if command == "assess" else "input.csv")
    file.write_text(text, "utf-8")
    output = other_name(file)
    option = "--record" if command == "assess" else "--output"
    names = sorted(path.name for path in tmp_path.iterdir())
    arguments = [command, str(file), "--on", "2019-04-11", option, str(output), "--replace"]
    assert main(arguments) == 2
    assert capsys.readouterr().err == (
        f"{output}: This file is an input, so it cannot be the output as well.\n"
        "  help: Choose another name.\n"
    )
    assert file.read_text("utf-8") == text
    assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.parametrize("other_name", [Path, a_link, a_hard_link])
def test_no_output_is_a_file_of_the_ruleset(
    other_name: Callable[[Path], Path], tmp_path: Path
) -> None:
    """The files of the ruleset are read too."""
    my_rules = Path(shutil.copytree(SHIPPED, tmp_path / "mine"))
    file = tmp_path / "input.yaml"
    file.write_text(FACTS, "utf-8")
    rules = my_rules / "2-tier.yaml"
    text = rules.read_text("utf-8")
    output = other_name(rules) if other_name is Path else other_name(rules).rename(tmp_path / "x")
    arguments = ["assess", str(file), "--ruleset", str(my_rules), "--on", "2019-04-11"]
    assert main([*arguments, "--record", str(output), "--replace"]) == 2
    assert rules.read_text("utf-8") == text


def test_standard_input_is_an_input(tmp_path: Path) -> None:
    """A follow-up that comes from standard input is not replaced by its record."""
    file = tmp_path / "input.yaml"
    file.write_text(FACTS, "utf-8")
    with file.open("rb") as opened:
        ran = subprocess.run(  # noqa: S603  our own interpreter, our own arguments
            [sys.executable, "-m", "ncpi_rules", "assess", "-", "--record", str(file), "--replace"],
            stdin=opened,
            capture_output=True,
            check=False,
        )
    assert ran.returncode == 2
    assert b"This file is an input" in ran.stderr
    assert file.read_text("utf-8") == FACTS


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o400])
def test_the_permissions_of_a_replaced_file_are_kept(mode: int, tmp_path: Path) -> None:
    """What only its owner may read stays so, during the writing too."""
    file = tmp_path / "record.json"
    file.write_text("old", "utf-8")
    file.chmod(mode)
    with new_file(file, NcpiRulesError, replace=True) as unfinished:
        assert stat.S_IMODE(unfinished.stat().st_mode) & 0o077 & ~mode == 0
        unfinished.write_text("new", "utf-8")
    assert file.read_text("utf-8") == "new"
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    """A file that replaces none may be read by whom the system lets read new files."""
    usual = tmp_path / "usual"
    usual.touch()
    write_whole(tmp_path / "new", b"x", NcpiRulesError)
    assert (tmp_path / "new").stat().st_mode == usual.stat().st_mode


def test_a_symbolic_link_stays(tmp_path: Path) -> None:
    """The file to which a link leads is replaced, or made, and the link is left as it is."""
    for name in ("old", "not-yet"):
        file, link = tmp_path / name, tmp_path / f"link-to-{name}"
        link.symlink_to(file)
        if name == "old":
            file.write_text("old", "utf-8")
        write_whole(link, b"new", NcpiRulesError, replace=True)
        assert link.is_symlink()
        assert file.read_text("utf-8") == "new"


def _without_nameless_files(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the system know no files without a name."""
    del tmp_path
    patch.delattr(os, "O_TMPFILE", raising=False)


def _without_links_to_nameless_files(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the system refuse to name a file that has no name."""
    if not _has_nameless_files(tmp_path):
        pytest.skip("this system knows no files without a name")
    link = os.link

    def refuse(*names: object, src_dir_fd: int | None = None, **options: object) -> None:
        if src_dir_fd is not None:
            raise PermissionError
        link(*names, **options)  # type: ignore[arg-type]

    patch.setattr(os, "link", refuse)


def _has_nameless_files(folder: Path) -> bool:
    with new_file(folder / "tried", NcpiRulesError) as unfinished:
        nameless = unfinished.parent != folder
    (folder / "tried").unlink()
    return nameless


def _as_it_is(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the system be as it is."""
    del patch, tmp_path


SYSTEMS = [_as_it_is, _without_nameless_files, _without_links_to_nameless_files]


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_writes_alike(
    system: Callable[[pytest.MonkeyPatch, Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file is new, replaced with its permissions, or left alone, and nothing else is there."""
    system(monkeypatch, tmp_path)
    file = tmp_path / "file"
    write_whole(file, b"new", NcpiRulesError)
    usual = tmp_path / "usual"
    usual.touch()
    assert file.stat().st_mode == usual.stat().st_mode
    file.chmod(0o640)
    write_whole(file, b"newer", NcpiRulesError, replace=True)
    with pytest.raises(NcpiRulesError, match="exists already"):
        write_whole(file, b"newest", NcpiRulesError)
    with pytest.raises(ZeroDivisionError), new_file(file, NcpiRulesError, replace=True):
        raise ZeroDivisionError
    write_whole(tmp_path / "key", b"", NcpiRulesError, private=True)
    write_whole(tmp_path / "key", b"k", NcpiRulesError, replace=True)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"newer", 0o640)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"file", "key", "usual"}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_file_that_somebody_makes_meanwhile_is_left_alone(
    system: Callable[[pytest.MonkeyPatch, Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two programs that write one new file at once, the second is refused."""
    system(monkeypatch, tmp_path)
    file = tmp_path / "file"

    def write_both() -> None:
        with new_file(file, NcpiRulesError) as mine:
            write_whole(file, b"theirs", NcpiRulesError)
            mine.write_bytes(b"mine")

    with pytest.raises(NcpiRulesError, match="A file of this name exists already"):
        write_both()
    assert file.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [file]


def test_names_cannot_be_guessed_and_are_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two unfinished files of one name are apart, and a link laid in wait is not followed."""
    _without_nameless_files(monkeypatch, tmp_path)
    with (
        new_file(tmp_path / "file", NcpiRulesError) as first,
        new_file(tmp_path / "other", NcpiRulesError) as second,
    ):
        assert first.parent == second.parent == tmp_path
        assert first.name.removeprefix(".file") != second.name.removeprefix(".other")
    monkeypatch.setattr("secrets.token_hex", lambda _: "guessed")
    victim = tmp_path / "victim"
    (tmp_path / ".mine.guessed.part").symlink_to(victim)
    with pytest.raises(NcpiRulesError, match="File exists"):
        write_whole(tmp_path / "mine", b"x", NcpiRulesError)
    assert not victim.exists()


@pytest.mark.parametrize(
    ("number", "is_nameless"),
    [(signal.SIGTERM, True), (signal.SIGTERM, False), (signal.SIGKILL, True)],
)
def test_nothing_is_left_behind_when_the_program_is_stopped(
    number: signal.Signals, *, is_nameless: bool, tmp_path: Path
) -> None:
    """However a program is ended while it writes, nothing is left and the old file is whole.

    But for a kill where the system knows no files without a name.
    """
    if is_nameless and not _has_nameless_files(tmp_path):
        pytest.skip("this system knows no files without a name")
    facts, record = tmp_path / "facts.yaml", tmp_path / "record.json"
    facts.write_text(FACTS, "utf-8")
    record.write_text("old", "utf-8")
    script = (
        "import os, sys, time\n"
        "from ncpi_rules.cli import main\n"
        "def wait(_):\n"
        "    print('writing', flush=True)\n"
        "    time.sleep(60)\n"
        "os.fsync = wait\n"
        + ("" if is_nameless else "vars(os).pop('O_TMPFILE', None)\n")
        + "sys.exit(main(sys.argv[1:]))\n"
    )
    arguments = ["assess", str(facts), "--record", str(record), "--replace"]
    with subprocess.Popen(  # noqa: S603  our own interpreter, our own arguments
        [sys.executable, "-c", script, *arguments],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        assert len(list(tmp_path.iterdir())) == (2 if is_nameless else 3)
        process.send_signal(number)
        wanted = -number if number == signal.SIGKILL else 128 + number
        assert process.wait(30) == wanted
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert {path.name for path in tmp_path.iterdir()} == {"facts.yaml", "record.json"}
    assert record.read_text("utf-8") == "old"


def test_what_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    """A folder, a missing folder and a name that is too long or no name at all are refused."""
    for path, message in (
        (tmp_path, "Something that is not a file has this name"),
        (tmp_path / "none" / "file", "The file cannot be written: No such file or directory."),
        (tmp_path / ("x" * 300), "The file cannot be written: File name too long."),
        (f"{tmp_path}/a\0b", "The file cannot be written: No file can have a name with a null"),
        (os.devnull, "Something that is not a file has this name"),
    ):
        with pytest.raises(NcpiRulesError, match=message):
            write_whole(path, b"x", NcpiRulesError, replace=True)
    assert list(tmp_path.iterdir()) == []
