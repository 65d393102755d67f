"""Files as somebody who means harm would write them end in a sentence, and soon."""

from __future__ import annotations

import io
import os
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("openpyxl")
pytest.importorskip("cryptography")
pytest.importorskip("icalendar")

from ncpi_rules.cli import main
from tests.hostile import readers, reading
from tests.hostile.__main__ import tried
from tests.hostile.changes import changed
from tests.hostile.readers import Reader, Trial
from tests.hostile.reading import ReadingTrial

if TYPE_CHECKING:
    from pathlib import Path

READERS: Final = {reader.name: reader for reader in readers.readers()}
QUICK: Final = [name for name, reader in READERS.items() if reader.is_quick]
TEXTS: Final = [name for name in QUICK if READERS[name].ending in {".yaml", ".json", ".csv"}]

CORPUS: Final = {
    "entities that multiply": b"a: &a [x, x]\n"
    + b"\n".join(b"%c: &%c [*%c, *%c]" % (n, n, n - 1, n - 1) for n in range(98, 120)),
    "depth of YAML": b"[" * 5000,
    "depth of JSON": b'{"force":' * 5000,
    "an object of Python": b"force: !!python/object/apply:os.system ['true']\n",
    "a number of 5,000 figures": b"force: " + b"9" * 5000,
    "a name of a million letters": b"x" * 1_000_000 + b": kent\n",
    "20,000 unknown names": b"force: kent\n" + b"".join(b"name-%d: 1\n" % n for n in range(20_000)),
    "20,000 unknown columns": b",".join(b"name-%d" % n for n in range(20_000)) + b"\n",
    "UTF-16": "force: kent\n".encode("utf-16"),
    "an encoding that is none": b"force: k\xe9nt\n",
    "half a character": b'{"force": "\\ud800"}',
    "what a terminal acts on": b"force: \x1b]0;title\x07\x1b[2J\n",
    "what a terminal acts on, escaped": b'{"force": "\\u001b[2J\\u202eknet"}',
    "a comment in place of a value": b"force: # kent\nnote: #1\nsources:\n  - #\n",
    "a comment in place of a name": b"? #\n: #",
    "null bytes": b"force: kent\x00\n" * 20,
    "empty": b"",
    "a bracket that is left open": b'"' + b"a,\n" * 10_000,
}


@pytest.mark.parametrize("name", QUICK)
def test_no_changed_file_is_a_fault(name: str) -> None:
    """A good file that was changed at random gives a plan or a sentence: never a traceback."""
    assert tried(READERS[name], inputs=12, seed=11) == []


@pytest.mark.parametrize("name", reading.FUNCTIONS)
def test_what_reads_a_file_refuses_it_in_a_sentence(name: str, tmp_path: Path) -> None:
    """The functions that atheris tries read good files, and end in a sentence for changed ones."""
    trial = ReadingTrial(tmp_path, READERS[name])
    random = Random(name)  # noqa: S311  nothing is kept secret
    files = [*trial.seeds, *(changed(random, trial.seeds) for _ in range(20))]
    assert [fault for file in files if (fault := trial.fault_of(file))] == []


@pytest.mark.parametrize("kind", CORPUS)
@pytest.mark.parametrize("name", TEXTS)
def test_no_hostile_text_is_a_fault(name: str, kind: str, tmp_path: Path) -> None:
    """Bombs, depth, encodings and what a terminal acts on end in a sentence within two seconds."""
    assert Trial(tmp_path, READERS[name]).fault_of(CORPUS[kind]) is None


def test_a_formula_stays_a_text(tmp_path: Path) -> None:
    """What looks like a formula in a column that is kept comes out as a text."""
    table, swept = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text("prospects,ref\nno-concerns,=1+1\nno-concerns,@x\n", "utf-8")
    arguments = ["sweep", str(table), "-o", str(swept), "--keep", "ref", "--on", "2019-04-11"]
    assert main(arguments) == 0
    assert [line.split(",")[0] for line in swept.read_text("utf-8").splitlines()[1:]] == [
        '"\'=1+1"',
        '"\'@x"',
    ]


@pytest.mark.parametrize("name", ["plan.docx", "plan.xlsx", "plan.html", "plan.ics"])
def test_what_is_no_character_stands_in_no_document(name: str, tmp_path: Path) -> None:
    """A number that no character has can be written in JSON; no document of XML can hold it."""
    pytest.importorskip("docx")
    facts = tmp_path / "facts.json"
    facts.write_text(r'{"force": "kent", "note": "a\uffffb\ufffe", "sources": ["\uffff"]}', "utf-8")
    arguments = ["assess", str(facts), "--on", "2019-04-11", "--engine", "reference"]
    arguments += ["--format", name.rpartition(".")[2], "-o", str(tmp_path / name)]
    assert main(arguments) == 0


def test_what_is_no_character_stands_in_no_sheet() -> None:
    """A head keeps its place in a table, and a text is written without it."""
    from openpyxl import load_workbook  # noqa: PLC0415  an extra

    from ncpi_rules.report.office import SheetTable, workbook_of  # noqa: PLC0415  an extra

    sheet = SheetTable(title="One", columns=(("\uffff", 9), ("b\x1b", 9)), rows=(("a\ufffe", "c"),))
    book = load_workbook(io.BytesIO(workbook_of([sheet], on=None)))
    assert list(book["One"].values) == [("?", "b?"), ("a", "c")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_in_a_folder_is_passed_over_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder of follow-ups in which a pipe has the ending of one is read to its end."""
    (tmp_path / "kent.yaml").write_text("force: kent\n", "utf-8")
    os.mkfifo(tmp_path / "pipe.yaml")
    main(["caseload", str(tmp_path), "--on", "2019-04-11"])
    out, err = capsys.readouterr()
    assert "Kent" in out
    assert "pipe.yaml" in err


def test_a_planted_traceback_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that stumbles over a letter is told, with a file that shows it."""

    def stumble(arguments: list[str]) -> int:
        with open(arguments[1], "rb") as file:  # noqa: PTH123  as short as it can be
            if b"[" in file.read():
                raise KeyError
        return 0

    monkeypatch.setattr(readers, "main", stumble)
    reader = Reader("stumbles", ".yaml", lambda f: ["assess", str(f)], lambda _: [b"force: kent\n"])
    ((fault, content),) = tried(reader, inputs=300, seed=1)
    assert fault.startswith("a traceback: KeyError")
    assert b"[" in content


def test_a_cell_without_end_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A quotation mark that is not closed swallows the rest of a table: that is told."""
    table = tmp_path / "cases.csv"
    table.write_text('force,findings\nkent,"' + "x\n" * 100_000, "utf-8")
    assert main(["caseload", str(table), "--on", "2019-04-11"]) == 1
    assert capsys.readouterr().err == (
        f"{table}: The file cannot be read as a table: field larger than field limit (131072).\n"
        "  help: Look for a quotation mark that is not closed.\n"
    )
