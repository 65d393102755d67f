"""Sweeps of files: Parquet, CSV and Arrow, from the command line."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

pyarrow = pytest.importorskip("pyarrow", reason="sweeps need the extra 'columns'")

from ncpi_rules.cli.options import CaseOptions  # pinned: the command is called as Python
from ncpi_rules.cli.sweep import sweep as sweep_command  # pinned: the command is called as Python
from ncpi_rules.core import FactsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ON = "2019-03-01"
TWO = {
    "findings": ["broadly-positive", "not-broadly-positive"],
    "prospects": ["no-concerns", "some-concerns"],
}


def _read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        from pyarrow import parquet  # noqa: PLC0415  one of three

        return parquet.read_table(path).to_pylist()  # type: ignore[no-any-return, unused-ignore]
    if path.suffix == ".arrow":
        from pyarrow import ipc  # noqa: PLC0415  one of three

        return ipc.open_file(path).read_all().to_pylist()  # type: ignore[no-any-return, unused-ignore]
    from pyarrow import csv  # noqa: PLC0415  one of three

    return csv.read_csv(path).to_pylist()  # type: ignore[no-any-return, unused-ignore]


def _inputs(folder: Path) -> Iterator[Path]:
    from pyarrow import csv, ipc, parquet  # noqa: PLC0415  only here

    table = pyarrow.table({"id": [7, 8], **TWO, "report-published": ["2018-06-28", None]})
    parquet.write_table(table, folder / "in.parquet")
    csv.write_csv(table, folder / "in.csv")
    with ipc.new_file(folder / "in.arrow", table.schema) as file:
        file.write_table(table)
    yield from (folder / f"in.{kind}" for kind in ("parquet", "csv", "arrow"))


@pytest.mark.parametrize("kind", ["parquet", "csv", "arrow"])
def test_files_of_each_kind_are_swept(tmp_path: Path, kind: str) -> None:
    """The command reads and writes Parquet, CSV and Arrow, and keeps what it is told to keep."""
    for file in _inputs(tmp_path):
        out = tmp_path / f"out-of-{file.suffix[1:]}.{kind}"
        status = sweep_command(
            str(file),
            output=str(out),
            options=CaseOptions(on="2019-03-01"),
            keep=["id"],
            rules=True,
        )
        assert status == 0
        swept = _read(out)
        assert [int(row["id"]) for row in swept] == [7, 8]
        assert [row["tier"] for row in swept] == ["post-inspection-visit", "post-inspection-review"]
        assert [str(row["revisit-begins.due"] or "") for row in swept] == ["2018-12-28", ""]
        assert "deadline.revisit" in swept[0]["rules"]


def test_the_command_overwrites_nothing_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    """A file that is there stays; where a row is wrong, no file is left behind."""
    from pyarrow import parquet  # noqa: PLC0415  only here

    from ncpi_rules.core import NcpiRulesError  # noqa: PLC0415  only here

    parquet.write_table(pyarrow.table({"prospects": ["none"]}), tmp_path / "in.parquet")
    out = tmp_path / "out.parquet"
    with pytest.raises(FactsError, match="row 1"):
        sweep_command(
            str(tmp_path / "in.parquet"), output=str(out), options=CaseOptions(on="2019-03-01")
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet"]
    out.write_text("mine")
    with pytest.raises(NcpiRulesError, match="exists already"):
        sweep_command(
            str(tmp_path / "in.parquet"), output=str(out), options=CaseOptions(on="2019-03-01")
        )
    assert out.read_text() == "mine"
    with pytest.raises(NcpiRulesError, match="is not a table"):
        sweep_command(
            str(tmp_path / "in.doc"), output=str(out), options=CaseOptions(on="2019-03-01")
        )


def test_the_command_changes_nothing_that_it_reads(tmp_path: Path) -> None:
    """The input is never replaced, whatever its name is written like; -o is short for --output."""
    from ncpi_rules.cli import main  # noqa: PLC0415  only here

    table = tmp_path / "in.csv"
    text = "force,note,prospects\n007,NA,no-concerns\n"
    table.write_text(text)
    (tmp_path / "sub").mkdir()
    same = tmp_path / "sub" / ".." / "in.csv"
    command = ["sweep", str(table), "--keep", "force", "--keep", "note", "--on", "2019-03-01", "-o"]
    assert main([*command, str(same), "--replace"]) == 2
    assert main([*command, str(tmp_path / "none" / "out.csv")]) == 2
    assert main([*command, str(tmp_path / "sub"), "--replace"]) == 2
    assert table.read_text() == text
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in.csv", "sub"]
    out = tmp_path / "out.csv"
    assert main([*command, str(out), "--only", "tier"]) == 0
    assert out.read_text() == '"force","note","tier"\n"007","NA","not-settled"\n'


def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the disk refuses, one sentence says so, and nothing is left behind."""
    from ncpi_rules import batch  # noqa: PLC0415  only here
    from ncpi_rules.cli import main  # noqa: PLC0415  only here

    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch.NewTable, "of", full)
    (tmp_path / "in.csv").write_text("prospects\nno-concerns\n")
    assert main(["sweep", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv")]) == 2
    assert "out.csv: The file cannot be written: No space left on device" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def _typed_file(path: Path, table: Any) -> Path:
    from pyarrow import feather, parquet  # noqa: PLC0415  only here

    if path.suffix == ".parquet":
        parquet.write_table(table, path)
    else:
        feather.write_feather(table, path, compression="uncompressed")
    return path


@pytest.mark.parametrize("kind", ["arrow", "parquet"])
def test_a_column_of_lists_or_of_parts_is_refused_in_a_sentence(
    tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What has columns of its own is no fact, even under the name of one."""
    from ncpi_rules.cli import main  # noqa: PLC0415  only here

    for value in ({"a": "no-concerns"}, ["no-concerns"], [{"a": 1}]):
        table = pyarrow.table({"prospects": [value], "findings": ["broadly-positive"]})
        file = _typed_file(tmp_path / f"in.{kind}", table)
        assert main(["sweep", str(file), "-o", str(tmp_path / "out.csv"), "--on", ON]) == 2
        assert "column 'prospects'" in capsys.readouterr().err
        assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("kind", ["arrow", "parquet"])
@pytest.mark.parametrize(
    "noted", ["3", '{"index_columns":3}', '{"index_columns":[3,[]]}', "[" * 9999, "\udcff"]
)
def test_what_others_note_of_an_index_is_no_fault(tmp_path: Path, kind: str, noted: str) -> None:
    """A table whose note of pandas is damaged is swept as one without such a note."""
    from ncpi_rules.cli import main  # noqa: PLC0415  only here

    note = {"pandas": noted.encode("utf-8", "surrogateescape")}
    table = pyarrow.table(TWO).replace_schema_metadata(note)
    file = _typed_file(tmp_path / f"in.{kind}", table)
    assert main(["sweep", str(file), "-o", str(tmp_path / "out.csv"), "--on", ON]) == 0


@pytest.mark.parametrize("kind", ["csv", "arrow", "parquet"])
def test_a_sweep_of_a_file_does_not_load_pandas(tmp_path: Path, kind: str) -> None:
    """Nothing on the way from file to file makes Arrow import pandas, which takes a while."""
    file = next(path for path in _inputs(tmp_path) if path.suffix == f".{kind}")
    code = (
        "import sys; from ncpi_rules.cli import main; "
        "status = main(sys.argv[1:]); print(status, 'pandas' in sys.modules)"
    )
    command = ["sweep", str(file), "-o", str(tmp_path / "out.csv"), "--keep", "id", "--on", ON]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, *command], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0 False\n"
