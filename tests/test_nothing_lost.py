"""Whatever stops a command while it writes, the file that was there is there, and nothing more."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

resource = pytest.importorskip("resource", reason="this system sets no limits")
pytest.importorskip("pyarrow")
pytest.importorskip("openpyxl")
pytest.importorskip("cryptography")
pytest.importorskip("icalendar")
pytest.importorskip("docx")

import ncpi_rules
from ncpi_rules.cli import main
from ncpi_rules.io import atomic  # pinned: a fault is planted

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP: Final = Path(__file__).parents[1]
EXAMPLE: Final = TOP / "examples" / "follow-ups" / "northumbria-2018.yaml"
TABLE: Final = "findings,ref\n" + "broadly-positive,some reference\n" * 2000
ON: Final = "--on 2018-12-15"
WRITERS: Final = {
    "assess facts.yaml --record record.json": "record.json",
    "assess facts.yaml --format text -o plan.txt": "plan.txt",
    "assess facts.yaml --format json -o plan.json": "plan.json",
    "assess facts.yaml --format markdown -o plan.md": "plan.md",
    "assess facts.yaml --format html -o plan.html": "plan.html",
    "assess facts.yaml --format board -o board.html": "board.html",
    "assess facts.yaml --format board -o board.docx": "board.docx",
    "assess facts.yaml --format docx -o plan.docx": "plan.docx",
    "assess facts.yaml --format ics -o plan.ics": "plan.ics",
    "assess facts.yaml --format letters -o letters.txt": "letters.txt",
    "assess facts.yaml --format xlsx -o plan.xlsx": "plan.xlsx",
    "caseload facts.yaml --format text -o caseload.txt": "caseload.txt",
    "caseload facts.yaml --format json -o caseload.json": "caseload.json",
    "caseload facts.yaml --format markdown -o caseload.md": "caseload.md",
    "caseload facts.yaml --format html -o caseload.html": "caseload.html",
    "caseload facts.yaml --format csv -o caseload.csv": "caseload.csv",
    "caseload facts.yaml --format xlsx -o caseload.xlsx": "caseload.xlsx",
    "caseload facts.yaml --format ics -o caseload.ics": "caseload.ics",
    "caseload facts.yaml --format html -o pages.html --plans pages": (
        "pages.html pages/northumbria-2018-06.html"
    ),
    "sweep table.csv --keep ref -o swept.csv": "swept.csv",
    "sweep table.csv --keep ref -o swept.parquet": "swept.parquet",
    "sweep table.csv --keep ref -o swept.arrow": "swept.arrow",
    "init --cases cases.xlsx": "cases.xlsx",
    "init --follow-up new.yaml": "new.yaml",
    "init --scenario rules/scenarios/new.yaml --ruleset rules": "rules/scenarios/new.yaml",
    "init mine --ruleset rules": "",
    "init empty --empty": "",
    "init --schemas rules": "rules/.schemas/scenarios.json",
    "export --to dmn -o rules.dmn": "rules.dmn",
    "export --to jdm -o rules.jdm": "rules.jdm",
    "export --to xlsx -o rules.xlsx": "rules.xlsx",
    "export --to csv -o tables": "tables/tier.csv tables/actions.csv",
    "review rules -o pack": "pack/review.html pack/review.docx pack/review.xlsx",
    "approve --all --by A --on 2026-11-20 --ruleset rules": "rules/approvals.yaml",
    "format rules": "rules/4-papers.yaml",
    "record good.json --sign key": "good.json.sig",
    "record --new-key another": "",
}
"""Commands, and the files that each replaces; each makes what is named besides."""

MAKES_A_FOLDER: Final = ("init mine", "init empty")
MAKES_SEVERAL: Final = (
    "init mine",
    "init empty",
    "review",
    "export --to csv",
    "record --new",
    "format",
)
REPLACES_NOTHING: Final = (*MAKES_A_FOLDER, "init --schemas", "approve", "format", "record --new")
"""Commands that do not take ``--replace``: they change their own files, or make new ones."""

SAID: Final = re.compile(
    r": The file cannot be written: (File too large|Error writing bytes to file)\.\n"
    r"|A temporary file, which a workbook needs, cannot be written\.\n"
)


@pytest.fixture(name="made", scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with all that the commands read, and an old file wherever they write."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copy(EXAMPLE, folder / "facts.yaml")
    shutil.copytree(TOP / "tests" / "rulesets" / "library-loans", folder / "rules")
    (folder / "table.csv").write_text(TABLE, "utf-8")
    main(["assess", str(EXAMPLE), *ON.split(), "--record", str(folder / "good.json")])
    main(["record", "--new-key", str(folder / "key")])
    return folder


@pytest.fixture(name="at_work")
def _at_work(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of that folder, in which a command runs."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def old_files(command: str) -> dict[str, bytes]:
    """Write an old file wherever a command writes, and return the content of every file."""
    for name in WRITERS[command].split():
        output = Path(name)
        if not output.exists():
            output.parent.mkdir(exist_ok=True)
            output.write_text(
                "approvals: []\n" if name.endswith("approvals.yaml") else "old", "utf-8"
            )
    return contents()


def contents() -> dict[str, bytes]:
    """Return the content of every file here, by its path."""
    return {path.as_posix(): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def arguments_of(command: str) -> list[str]:
    """Return the arguments of a command, with the day, and leave to replace files."""
    arguments = command.split()
    if not command.startswith(REPLACES_NOTHING):
        arguments.append("--replace")
    if command.startswith(("assess", "caseload", "sweep")):
        arguments += ON.split()
    return [*arguments, "--only", "tier"] if command.startswith("sweep") else arguments


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the system refuse to write more into a file, as it does where a disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        gc.collect()  # a half-written sheet complains here, and not in a later test
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# A half-written sheet of openpyxl complains once more when it is forgotten.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("command", WRITERS)
def test_a_full_disk_loses_nothing(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the disk is full a command says so, and the old files are whole and alone."""
    before = old_files(command)
    with files_of_at_most(50):
        assert main(arguments_of(command)) == (1 if command.startswith("format") else 2)
    out, err = capsys.readouterr()
    assert SAID.search(err)
    assert "0 files changed.\n" in out or not command.startswith("format")
    assert contents() == before
    assert main(arguments_of(command)) in {0, 1}
    after = contents()
    assert after != before
    assert not [name for name in WRITERS[command].split() if after[name] == before[name]]


KILLED: Final = """
import os, pathlib, sys, time
from ncpi_rules.cli import main
sync, rename, left = os.fsync, pathlib.Path.rename, int(sys.argv[1])
def wait(*asked):
    global left
    left -= 1
    if left < 0:
        print("\\nwriting", flush=True)
        for _ in range(600):  # a signal just before a sleep waits until its end
            time.sleep(0.1)
    return asked and sync(asked[0])
os.fsync = wait
pathlib.Path.rename = lambda *paths: (wait(), rename(*paths))[1]
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.long
@pytest.mark.sampled(24)
@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("command", WRITERS)
def test_a_command_that_is_stopped_loses_nothing(command: str, number: signal.Signals) -> None:
    """Stopped before its first or its second file has a name, it leaves each file old or new."""
    before = old_files(command)
    several = command.startswith(MAKES_SEVERAL)
    for files_written in range(1 + several):
        program = [sys.executable, "-c", KILLED, str(files_written), *arguments_of(command)]
        with subprocess.Popen(  # noqa: S603  our own interpreter, our own arguments
            program,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(TOP)},
        ) as process:
            assert process.stdout is not None
            is_stopped = any(line == b"writing\n" for line in process.stdout)
            process.send_signal(number)
            process.wait(60)
        assert is_stopped
        after = {name: text for name, text in contents().items() if ".part/" not in name}
        # A system has no folders without a name: what a kill leaves of one has the name of none.
        is_left = number is signal.SIGKILL and command.startswith(MAKES_A_FOLDER)
        assert is_left or not list(Path().rglob("*.part"))
        changed = [name for name in {*before, *after} if before.get(name) != after.get(name)]
        assert len(changed) <= files_written, changed
        assert all(after[name] != b"old" for name in changed)
    main(arguments_of(command))
    assert not list(Path().rglob("*.part"))  # nor what is left of a folder, once it is made again
    whole = contents()
    assert [name for name in after if name not in whole] == []
    assert {name for name in changed if whole[name] != after[name]} <= {"another", "another.pub"}


@pytest.mark.usefixtures("capsys")
def test_half_a_file_would_be_found(
    made: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The test above has teeth: a writer that writes in place loses the old file."""
    output = tmp_path / "record.json"
    output.write_text("old", "utf-8")

    def in_place(path: Path, content: bytes, *_: object, **__: object) -> None:
        Path(path).write_bytes(content)

    monkeypatch.setattr("ncpi_rules.plan.records.write_whole", in_place)
    arguments = ["assess", str(made / "facts.yaml"), "--record", str(output), "--replace"]
    with files_of_at_most(50):
        assert main([*arguments, *ON.split()]) == 2
    assert output.read_bytes() != b"old"


def test_one_module_writes_files() -> None:
    """Whatever writes goes by the one writer, so what is tested of it holds of every command."""
    top = Path(ncpi_rules.__file__).parent
    writes = re.compile(
        r"\b(write_text|write_bytes|mkstemp|NamedTemporaryFile)\(|\bopen\([^)\n]*[\"'](w|a|x|r\+|rb\+)"
    )
    writing = {path for path in top.rglob("*.py") if writes.search(path.read_text("utf-8"))}
    in_a_new_folder = top / "cli" / "working_copy.py"
    assert writing <= {Path(atomic.__file__), in_a_new_folder}
    assert "new_folder" in in_a_new_folder.read_text("utf-8")
