"""What ``watch`` says: each time that a file is saved, what is wrong now and what is new."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ncpi_rules.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = Path(__file__).parents[1]
LOANS = TOP / "tests" / "rulesets" / "library-loans"


NEW_FAULTS = """\
NEW {place}:
  'title' is missing.
  help: Add 'title:' with what an officer reads.

NEW {place}:
  'from' is missing.
  help: Add 'from:' with the field of a follow-up from which it comes, or further.

"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of a ruleset."""
    return shutil.copytree(LOANS, tmp_path / "loans")


def test_a_folder_is_checked_again_when_a_file_is_saved(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is new is marked, what has gone is counted, and schemas follow where there are any."""
    watchfiles = pytest.importorskip("watchfiles")
    folder.joinpath(".schemas").mkdir()
    file = folder / "vocabulary.yaml"
    good = file.read_text("utf-8")

    def saved(path: Path, *, watch_filter: object) -> Iterator[object]:
        assert callable(watch_filter)
        assert watch_filter(None, str(path / "scenarios" / "overdue.yaml"))
        assert not watch_filter(None, str(path / ".schemas" / "scenarios.json"))
        assert not watch_filter(None, str(path / ".hidden.yaml"))
        for text in (good.replace("facts:\n", "facts:\n  - id: rain\n", 1), good):
            file.write_text(text, "utf-8")
            yield {(None, str(file))}

    monkeypatch.setattr(watchfiles, "watch", saved)
    assert main(["watch", str(folder)]) == 0
    first, second, third = capsys.readouterr().out.split("\nSaved: vocabulary.yaml\n")
    assert first.startswith("Nothing is wrong.\n\nWatching ")
    assert second.startswith(NEW_FAULTS.format(place=f"{file.as_posix()}:3:5"))
    assert "Since the last time: " in second
    assert third.endswith("gone.\nNothing is wrong.\nStopped.\n")
    assert folder.joinpath(".schemas", "scenarios.json").is_file()


def test_a_scenario_that_fails_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The place, what was expected and what came stand there."""
    watchfiles = pytest.importorskip("watchfiles")
    monkeypatch.setattr(watchfiles, "watch", lambda *_, **__: ())
    file = folder / "scenarios" / "mine.yaml"
    file.write_text(
        "scenarios:\n  - says: It is so.\n    expect: {outcomes: {gravity: grave}}\n", "utf-8"
    )
    assert main(["watch", str(folder)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"{file.as_posix()}:2:5: This scenario fails." in said
    assert "expected: " in said


def test_it_ends_cleanly_at_ctrl_c(folder: Path) -> None:
    """Where somebody interrupts it, it says so, with no traceback, and the exit status is 0."""
    pytest.importorskip("watchfiles")
    with subprocess.Popen(  # noqa: S603  the command itself
        # What a shell starts in the background is not interrupted, and what it starts neither.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads
        args=[sys.executable, "-m", "ncpi_rules", "watch", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if line.startswith("Watching "):
                break
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "Stopped.\n"
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_without_the_extra_it_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence says that a package is missing, another what to type."""
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert main(["watch", str(folder)]) == 2
    assert 'pip install "ncpi-rules[watch]"' in capsys.readouterr().err
