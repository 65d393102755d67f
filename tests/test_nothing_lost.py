"""Whatever stops a command while it writes, the file that was there is there, and nothing more."""

from __future__ import annotations

import re
import shutil
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

EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "follow-ups" / "northumbria-2018.yaml"
TABLE: Final = "findings,ref\n" + "broadly-positive,some reference\n" * 2000
ON: Final = "--on 2018-12-15"
WRITERS: Final = {
    "assess facts.yaml --record {out}": "record.json",
    "assess facts.yaml --format board -o {out}": "board.docx",
    "assess facts.yaml --format docx -o {out}": "plan.docx",
    "assess facts.yaml --format ics -o {out}": "plan.ics",
    "assess facts.yaml --format letters -o {out}": "letters.txt",
    "assess facts.yaml --format xlsx -o {out}": "plan.xlsx",
    "assess facts.yaml --format html -o {out}": "plan.html",
    "assess facts.yaml --format json -o {out}": "plan.json",
    "caseload facts.yaml --format csv -o {out}": "caseload.csv",
    "caseload facts.yaml --format xlsx -o {out}": "caseload.xlsx",
    "sweep table.csv --keep ref -o {out}": "swept.csv",
    "sweep table.csv --keep ref -o {out} ": "swept.parquet",
    "sweep table.csv --keep ref -o {out}  ": "swept.arrow",
    "init --cases {out}": "cases.xlsx",
    "export --to jdm -o {out}": "rules.jdm",
    "record good.json --sign key": "good.json.sig",
}
"""Commands, and the file that each writes."""

SAID: Final = re.compile(
    r": The file cannot be written: (File too large|Error writing bytes to file)\.\n"
    r"|A temporary file, which a workbook needs, cannot be written\.\n"
)


@pytest.fixture(name="made", scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with all that the commands read."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copy(EXAMPLE, folder / "facts.yaml")
    (folder / "table.csv").write_text(TABLE, "utf-8")
    main(["assess", str(EXAMPLE), *ON.split(), "--record", str(folder / "good.json")])
    main(["record", "--new-key", str(folder / "key")])
    return folder


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the system refuse to write more into a file, as it does where a disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# A half-written sheet of openpyxl complains once more when it is forgotten.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("command", WRITERS)
def test_a_full_disk_loses_nothing(
    command: str,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where the disk is full a command says so, and the old file is whole and alone."""
    for file in made.iterdir():
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    output = Path(WRITERS[command])
    output.write_text("old", "utf-8")
    before = {path.name: path.read_bytes() for path in Path().iterdir()}
    arguments = [*command.format(out=output).split(), "--replace"]
    if not command.startswith(("init", "export", "record")):
        arguments += ON.split()
    if command.startswith("sweep"):
        arguments += ["--only", "tier"]
    with files_of_at_most(50):
        assert main(arguments) == 2
    assert SAID.search(capsys.readouterr().err)
    assert {path.name: path.read_bytes() for path in Path().iterdir()} == before
    assert main(arguments) == 0
    assert output.read_bytes() != b"old"


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
