"""Tables of cases: each is read right, or refused in a sentence that names its own trouble.

``broken/tables`` holds files that are wrong on purpose, and beside each what the command says, word
for word; files that are no text, and tables in memory, are made here.
"""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

numpy = pytest.importorskip("numpy", reason="tables need the extra 'columns'")
pyarrow = pytest.importorskip("pyarrow", reason="tables need the extra 'columns'")

from pyarrow import csv as pyarrow_csv

from ncpi_rules.batch import sweep, sweep_batches
from ncpi_rules.batch.csv_header import CsvHeader  # pinned: where rows are cut is no public matter
from ncpi_rules.batch.csv_rows import CsvFile  # pinned: as above
from ncpi_rules.batch.tables import EmptyRows  # pinned: as above
from ncpi_rules.cli import main
from ncpi_rules.core import MOST_OF_A_KIND, FactsError
from ncpi_rules.explore import grid
from ncpi_rules.ruleset import NOT_YET_COLUMN, column_meant, shipped_ruleset
from tests.strategies import csv_tables
from tests.test_broken import EXPECTED, expected_of, name_of, sentences_of
from tests.test_copies import KEPT_IN_NO_CSV

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BROKEN = sorted(
    path
    for path in Path(__file__).parent.joinpath("broken", "tables").iterdir()
    if not path.name.endswith(EXPECTED)
)
HEADER = "ref,findings,prospects,report-published\n"
ROW = "1,broadly-positive,no-concerns,2018-06-28\n"
ONE = {"findings": ["broadly-positive"]}
NO_FILE = "This is a pipe or a device, not a file."
TWO = {
    "findings": ["broadly-positive", "not-broadly-positive"],
    "prospects": ["no-concerns", "some-concerns"],
}
ON = "2019-03-11"


def swept(path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Return the exit status of a sweep of a file, and what is said on standard error."""
    with path.open("rb") as opened:
        keep = (
            ["--keep", "ref"] if opened.read(20).lstrip(b"\xef\xbb\xbf").startswith(b"ref") else []
        )
    status = main(["sweep", str(path), "-o", str(out), "--on", ON, "--only", "tier", *keep])
    return status, capsys.readouterr().err.replace(f"{path.parent.as_posix()}/", "")


# --- files that are refused -----------------------------------------------------------------------


@pytest.mark.parametrize("path", BROKEN, ids=name_of)
def test_broken_tables(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is refused with these words, and nothing is written."""
    status, said = swept(path, tmp_path / "out.csv", capsys)
    assert (status, said) == (2, expected_of(path))
    assert list(tmp_path.iterdir()) == []


def _zip(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "")
    return packed.getvalue()


def _arrow(table: Any, *, stream: bool = False) -> bytes:
    sink = pyarrow.BufferOutputStream()
    new = pyarrow.ipc.new_stream if stream else pyarrow.ipc.new_file
    with new(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _parquet(table: Any) -> bytes:
    from pyarrow import parquet  # noqa: PLC0415  only here

    sink = pyarrow.BufferOutputStream()
    parquet.write_table(table, sink, store_schema=False)
    return bytes(sink.getvalue())


def _damaged_offsets() -> bytes:
    """Return a file whose texts are said to reach far beyond its end."""
    whole = _arrow(pyarrow.table({"findings": ["broadly-positive", "not-broadly-positive"]}))
    ends = numpy.array([0, 16, 36], dtype=numpy.int32).tobytes()
    far = numpy.array([0, 2**31 - 16, 2**31 - 8], dtype=numpy.int32).tobytes()
    assert whole.count(ends) == 1
    return whole.replace(ends, far)


def _damaged_codes() -> bytes:
    """Return a file with codes that its dictionary does not have."""
    codes = numpy.arange(64, dtype=numpy.int32) % 2
    values = ["broadly-positive", "not-broadly-positive"]
    column = pyarrow.DictionaryArray.from_arrays(codes, values)
    whole = _arrow(pyarrow.table({"findings": column}))
    assert whole.count(codes.tobytes()) == 1
    return whole.replace(codes.tobytes(), (codes + 2**20).tobytes())


DAMAGED_ARROW = "The file is damaged, or it is an Arrow table of a kind that is not read here."
DAMAGED_PARQUET = "The file is damaged, or it is a Parquet table of a kind that is not read here."
PACKED = {"bzip2": b"BZh91AY", "xz": b"\xfd7zXZ\0", "Zstandard": b"\x28\xb5\x2f\xfd\0"}
MADE: dict[str, tuple[str, bytes, str, str]] = {
    "workbook": (
        "made.csv",
        _zip("[Content_Types].xml"),
        "made.csv: This is an Excel workbook or another zip archive, not a CSV table.",
        "Open it there and save the sheet as 'CSV UTF-8'.",
    ),
    "old workbook": (
        "made.csv",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "made.csv: This is an Excel workbook of the old kind, not a CSV table.",
        "Open it there and save the sheet as 'CSV UTF-8'.",
    ),
    "gzip": (
        "made.csv",
        gzip.compress((HEADER + ROW).encode()),
        "made.csv: This is a file compressed with gzip, not a CSV table.",
        "Unpack it first.",
    ),
    **{
        how: (
            "made.csv",
            start,
            f"made.csv: This is a file compressed with {how}, not a CSV table.",
            "Unpack it first.",
        )
        for how, start in PACKED.items()
    },
    "Feather of old": (
        "made.feather",
        b"FEA1\0\0\0\0",
        "made.feather: This is a Feather file of version 1, not an Arrow table.",
        "Save it again as version 2.",
    ),
    "nothing": (
        "made.csv",
        b"",
        "made.csv: The file is empty.",
        "Give a line of names, and a line for each case.",
    ),
    "nothing in Parquet": (
        "made.parquet",
        b"",
        "made.parquet: The file is empty.",
        "Save it again, or give the file the ending of what it holds.",
    ),
    "UTF-16": (
        "made.csv",
        (HEADER + ROW).replace(",", "\t").encode("utf-16"),
        "made.csv: The file is saved as UTF-16 and not as UTF-8.",
        "Save it again as UTF-8: in Excel, that is 'CSV UTF-8'.",
    ),
    "UTF-16 without a mark": (
        "made.csv",
        (HEADER + ROW).encode("utf-16-be"),
        "made.csv: The file is saved as UTF-16 and not as UTF-8.",
        "Save it again as UTF-8: in Excel, that is 'CSV UTF-8'.",
    ),
    "a header without an end": (
        "made.csv",
        b'"' + b"a,\n" * 400_000,
        "made.csv:1:1: This line is longer than that of any header.",
        "Look for a quotation mark in it that is not closed.",
    ),
    "a name without an end": (
        "made.csv",
        b"a" * 200_000 + b"\nx\n",
        "made.csv:1:1: The names in this line cannot be told apart.",
        "Write them anew.",
    ),
    "a row without an end": (
        "made.csv",
        b'ref,findings\n1,broadly-positive\n2,"' + b"a,\n" * 6_000_000,
        "made.csv:3:1: This row is too long to be read.",
        "Look for a quotation mark in it that is not closed.",
    ),
    "Parquet as CSV": (
        "made.csv",
        _parquet(pyarrow.table(ONE)),
        "made.csv: This is a Parquet table, not a CSV table.",
        "Give its name the ending .parquet.",
    ),
    "Arrow as Parquet": (
        "made.parquet",
        _arrow(pyarrow.table(ONE)),
        "made.parquet: This is an Arrow table, not a Parquet table.",
        "Give its name the ending .arrow.",
    ),
    "Arrow cut short": (
        "made.arrow",
        _arrow(pyarrow.table(ONE))[:-40],
        f"made.arrow: {DAMAGED_ARROW}",
        "Make it anew, or copy it again from where it is whole.",
    ),
    "Arrow that points beyond its end": (
        "made.arrow",
        _damaged_offsets(),
        f"made.arrow: {DAMAGED_ARROW}",
        "Make it anew, or copy it again from where it is whole.",
    ),
    "Arrow whose codes stand for nothing": (
        "made.arrow",
        _damaged_codes(),
        f"made.arrow: {DAMAGED_ARROW}",
        "Make it anew, or copy it again from where it is whole.",
    ),
    "Arrow text that is no UTF-8": (
        "made.arrow",
        _arrow(pyarrow.table(ONE)).replace(b"broadly-positive", b"broadly-positiv\xe9"),
        f"made.arrow: {DAMAGED_ARROW}",
        "Make it anew, or copy it again from where it is whole.",
    ),
    "Arrow header that is no UTF-8": (
        "made.arrow",
        _arrow(pyarrow.table(ONE)).replace(b"findings", b"finding\xe9"),
        "column 1: The name of this column is not UTF-8 text.",
        "Rename it, and save the table again.",
    ),
    "Parquet header that is no UTF-8": (
        "made.parquet",
        _parquet(pyarrow.table(ONE)).replace(b"findings", b"finding\xe9"),
        "made.parquet: The name of a column is not UTF-8 text.",
        "Rename it, and save the table again.",
    ),
    "Parquet cut short": (
        "made.parquet",
        _parquet(pyarrow.table(ONE))[:-9],
        f"made.parquet: {DAMAGED_PARQUET}",
        "Make it anew, or copy it again from where it is whole.",
    ),
}


@pytest.mark.parametrize("case", MADE)
def test_made_files(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no text, or too long to lie here, is refused with these words."""
    name, content, message, help_ = MADE[case]
    path = tmp_path / name
    path.write_bytes(content)
    said = f"{message}\n  help: {help_}\n"
    assert swept(path, tmp_path / "out.csv", capsys) == (2, said)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_what_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, a pipe, a device and a name of nothing are refused, and nobody waits for a pipe."""
    tmp_path.joinpath("folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    tmp_path.joinpath("device.csv").symlink_to("/dev/zero")
    for name, message, help_ in (
        ("folder.csv", "This is a folder, not a file.", "Name a file that is in it."),
        ("pipe.csv", NO_FILE, "Save what it gives as a file first."),
        ("device.csv", NO_FILE, "Save what it gives as a file first."),
        ("none.csv", "There is no such file.", "Check the name."),
    ):
        path = tmp_path / name
        assert main(["sweep", str(path), "-o", str(tmp_path / "out.csv"), "--on", ON]) == 2
        assert capsys.readouterr().err == f"{path.as_posix()}: {message}\n  help: {help_}\n"


@pytest.mark.parametrize(
    ("name", "message", "help_"),
    [
        (
            "in.xlsx",
            "'in.xlsx' is a workbook of a spreadsheet such as Excel, not a table.",
            "Save the sheet as 'CSV UTF-8' and name that file.",
        ),
        ("in.csv.gz", "'in.csv.gz' is a compressed file, not a table.", "Unpack it first."),
        (
            "in.doc",
            "'in.doc' is not a table that can be read or written.",
            "Use a file ending in .parquet, .csv or .arrow.",
        ),
    ],
)
def test_names_of_other_files(
    name: str, message: str, help_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file whose name says that it is no table is refused by its name."""
    assert main(["sweep", name, "-o", "out.csv", "--on", ON]) == 2
    assert capsys.readouterr().err == f"{message}\n  help: {help_}\n"


# --- files that are read --------------------------------------------------------------------------

READ: dict[str, tuple[str, bytes, str]] = {
    "a mark of UTF-8, and other line ends": (
        "in.csv",
        b"\xef\xbb\xbf" + (HEADER + ROW).replace("\n", "\r\n").encode(),
        "",
    ),
    "line ends of old": ("in.csv", (HEADER + ROW).replace("\n", "\r").encode(), ""),
    "a blank line behind every line": (
        "in.csv",
        (HEADER + ROW).replace("\n", "\r\r\n").encode(),
        "",
    ),
    "no line end at the end": ("in.csv", (HEADER + ROW).strip().encode(), ""),
    "semicolons": ("in.csv", (HEADER + ROW).replace(",", ";").encode(), ""),
    "tabs": ("in.tsv", (HEADER + ROW).replace(",", "\t").encode(), ""),
    "vertical bars": ("in.txt", (HEADER + ROW).replace(",", "|").encode(), ""),
    "a separator that is said": ("in.csv", b"sep=,\r\n" + (HEADER + ROW).encode(), ""),
    "one that is nobody else's": (
        "in.csv",
        b"sep=^\n" + (HEADER + ROW).replace(",", "^").encode(),
        "",
    ),
    "capitals, spaces and underscores": (
        "in.csv",
        b" Ref ,FINDINGS, Prospects,Report_Published\n" + ROW.encode(),
        "",
    ),
    "a name with a line break": (
        "in.csv",
        b'ref,findings,prospects,"Report\nPublished"\n' + ROW.encode(),
        "",
    ),
    "commas too many in every line": ("in.csv", (HEADER + ROW).replace("\n", ",,\n").encode(), ""),
    "space around values": (
        "in.csv",
        (HEADER + ROW.replace(",", " , ").replace("1 ", "1")).encode(),
        "",
    ),
    "a day at midnight": ("in.csv", (HEADER + ROW.strip() + " 00:00:00\n").encode(), ""),
    "empty rows": (
        "in.csv",
        (HEADER + ",,,\n" + ROW + "\n" + ",,,\n" * 2).encode(),
        "in.csv: 3 empty rows were left out.\n",
    ),
    "an empty row": (
        "in.csv",
        (HEADER + ROW + ",,,\n").encode(),
        "in.csv: 1 empty row was left out.\n",
    ),
    "a stream of Arrow": (
        "in.arrow",
        _arrow(
            pyarrow.table(
                dict(
                    zip(
                        HEADER.strip().split(","),
                        [[x] for x in ROW.strip().split(",")],
                        strict=True,
                    )
                )
            ),
            stream=True,
        ),
        "",
    ),
}
"""The one row of all these, however the file is written; and what is said of it."""


@pytest.mark.parametrize("case", READ)
def test_files_that_are_read(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """However the rows are written, the same case is read."""
    name, content, said = READ[case]
    path, out = tmp_path / name, tmp_path / "out.csv"
    path.write_bytes(content)
    command = ["sweep", str(path), "-o", str(out), "--on", ON, "--keep", "ref"]
    assert main([*command, "--only", "tier", "--only", "revisit-begins.due"]) == 0
    assert capsys.readouterr().err.replace(f"{tmp_path.as_posix()}/", "") == said
    wanted = '"ref","tier","revisit-begins.due"\n"1","post-inspection-visit",2018-12-28\n'
    assert out.read_text() == wanted


def test_a_header_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table without a row gives a table without a row, and that is said."""
    tmp_path.joinpath("in.csv").write_text(HEADER)
    assert swept(tmp_path / "in.csv", tmp_path / "out.csv", capsys) == (
        0,
        "in.csv: The table has a header and no rows.\n",
    )
    assert tmp_path.joinpath("out.csv").read_text() == '"ref","tier"\n'


def test_what_is_wrong_is_in_the_row_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Empty rows are counted on the way to a wrong one, though they are left out."""
    tmp_path.joinpath("in.csv").write_text(HEADER + ",,,\n" + ROW + ",,,\n2,x,,\n")
    _, said = swept(tmp_path / "in.csv", tmp_path / "out.csv", capsys)
    assert said.startswith("column 'findings', row 4: 'x' is not a value of 'findings'.\n")


def test_empty_rows_are_left_out_wherever_batches_end(tmp_path: Path) -> None:
    """Of a file of several pieces, the rows that have something are written, in their order."""
    rows = [f"{n},,,\n" if n % 7 else ",,,\n" for n in range(150_000)]
    tmp_path.joinpath("in.csv").write_text(HEADER + "".join(rows))
    out = tmp_path / "out.arrow"
    command = ["sweep", str(tmp_path / "in.csv"), "-o", str(out), "--on", ON, "--keep", "ref"]
    assert main([*command, "--only", "tier", "--rules"]) == 0
    refs = pyarrow.ipc.open_file(out).read_all()["ref"]
    assert refs.to_pylist() == [str(n) for n in range(150_000) if n % 7]


def test_empty_rows_are_left_out_however_batches_are_divided() -> None:
    """Rows that come out in other batches than they went in lose their empty rows all the same."""
    empty = EmptyRows()
    texts = ["a", None, "b", None, None, "c", "d", None]
    for rows in (texts[:5], texts[5:]):
        empty.read(pyarrow.record_batch({"ref": pyarrow.array(rows, pyarrow.string())}))
    numbers = pyarrow.record_batch({"number": list(range(8))})
    batches = [empty.leave_out(numbers.slice(first, 3)) for first in (0, 3, 6)]
    assert [batch["number"].to_pylist() for batch in batches] == [[0, 2], [5], [6]]
    assert empty.left_out == 4


def rows_of(content: bytes, piece: int) -> list[tuple[str, ...]]:
    """Return the rows of a CSV file that is read so many bytes at a time; None is an empty text."""
    header = CsvHeader.of(content, "in.csv", (shipped_ruleset(),))
    file = CsvFile(name="in.csv", opened=io.BytesIO(content), header=header, piece=piece)
    columns: list[list[str]] = [[] for _ in file.schema]
    for batch in file.batches():
        for rows, column in zip(columns, batch.columns, strict=True):
            rows += [value or "" for value in column.to_pylist()]
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_breaks_in_fields_wherever_a_piece_ends(end: str) -> None:
    """No byte is lost where a piece of a file ends, though Arrow's own blocks lose some there."""
    rows = [(f"{n}", f'a{end}{end}b ""{n}""') for n in range(12)]
    text = end.join(["findings,ref", *(f'{n},"{field}"' for n, field in rows)]) + end
    wanted = [(n, field.replace('""', '"')) for n, field in rows]
    for piece in range(1, len(text) + 2):
        assert rows_of(text.encode(), piece) == wanted


def test_a_row_of_another_length_far_into_a_file() -> None:
    """A row that is too long or too short is told by its number in the file, wherever it stands."""
    text = "findings,ref\n" + "a,b\n" * 9 + "a\n"
    for piece in (1, 7, 100):
        with pytest.raises(FactsError, match=r"in\.csv, row 10: This row has 1 field;"):
            rows_of(text.encode(), piece)


@given(csv_tables(), st.integers(1, 200))
def test_csv_is_read_as_it_was_written(
    table: tuple[list[tuple[str, str]], bytes], piece: int
) -> None:
    """Whatever stands in the fields, they are read back, however many bytes at a time."""
    rows, content = table
    assert rows_of(content, piece) == rows


def test_many_rows_with_line_breaks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A large file with line breaks in its fields is read and written row by row."""
    note = "seen\r\nby both " * 6
    rows = [("ref", "findings"), *((f"{n} {note}", "broadly-positive") for n in range(60_000))]
    with tmp_path.joinpath("in.csv").open("w", newline="") as opened:
        csv.writer(opened).writerows(rows)
    assert swept(tmp_path / "in.csv", tmp_path / "out.csv", capsys) == (0, "")
    with tmp_path.joinpath("out.csv").open(newline="") as opened:
        assert [row[0] for row in csv.reader(opened)] == [row[0] for row in rows]


# --- what goes into a spreadsheet -----------------------------------------------------------------


def test_formulas_are_written_as_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a spreadsheet would work out has an apostrophe before it, and nothing else has."""
    formulas = ["=cmd|'/c calc'!A0", "@SUM(1+1)", "+1+cmd", "-2+3", "\t=1", "\r=1", "＝1"]  # noqa: RUF001  a wide sign
    plain = ["-5", "+44,5", "-1.5%", "a=b", "'=1", "", "2018"]
    table = {"=ref": [*formulas, *plain], "note": [["=1", "+2"]] * 14, "number": [-1] * 14}
    arrow, out = pyarrow.table(table), tmp_path / "out.csv"
    tmp_path.joinpath("in.arrow").write_bytes(_arrow(arrow))
    command = ["sweep", str(tmp_path / "in.arrow"), "--on", ON, "--only", "tier"]
    command += [part for name in table for part in ("--keep", name)]
    assert main([*command, "-o", str(out)]) == 0
    with out.open(newline="", encoding="utf-8") as opened:
        header, *rows = csv.reader(opened)
    assert header == ["'=ref", "note", "number", "tier"]
    assert [row[0] for row in rows] == [*(f"'{text}" for text in formulas), *plain]
    assert {tuple(row[1:3]) for row in rows} == {("'=1 +2", "-1")}
    assert capsys.readouterr().err == FORMULAS
    assert main([*command, "-o", str(tmp_path / "out.arrow")]) == 0
    assert (
        pyarrow.ipc.open_file(tmp_path / "out.arrow").read_all()["=ref"].to_pylist()[:7] == formulas
    )
    assert capsys.readouterr().err == ""


FORMULAS = (
    "column ''=ref': 7 texts begin as a formula does; an apostrophe was written before each.\n"
    "column 'note': 14 texts begin as a formula does; an apostrophe was written before each.\n"
)
NOT_IN_CSV = (
    "column 'id': CSV cannot hold this column; it holds {}.\n"
    "  help: Write a file ending in .parquet or .arrow, or do not keep the column.\n"
)


@pytest.mark.parametrize(
    ("column", "holds"),
    [([{"a": 1}], "lists or records"), ([[1]], "lists or records"), ([b"=1"], "bytes")],
)
def test_what_csv_cannot_hold(
    column: list[Any], holds: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A kept column of records or bytes is not written as CSV."""
    tmp_path.joinpath("in.arrow").write_bytes(_arrow(pyarrow.table({"id": column, **ONE})))
    command = ["sweep", str(tmp_path / "in.arrow"), "--on", ON, "--keep", "id"]
    assert main([*command, "-o", str(tmp_path / "out.csv")]) == 2
    assert capsys.readouterr().err == NOT_IN_CSV.format(holds)


NOT_IN_PARQUET = (
    "column 'id': Parquet cannot hold this column; it holds each value once for many rows.\n"
    "  help: Write a file ending in .arrow, or do not keep the column.\n"
)


def test_what_parquet_cannot_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A column of Arrow that Parquet has no type for can be kept in Arrow alone."""
    encoded = pyarrow.compute.run_end_encode(pyarrow.array(["a"]))
    tmp_path.joinpath("in.arrow").write_bytes(_arrow(pyarrow.table({"id": encoded, **ONE})))
    command = ["sweep", str(tmp_path / "in.arrow"), "--on", ON, "--keep", "id"]
    assert main([*command, "-o", str(tmp_path / "out.parquet")]) == 2
    assert capsys.readouterr().err == NOT_IN_PARQUET
    assert [path.name for path in tmp_path.iterdir()] == ["in.arrow"]
    assert main([*command, "-o", str(tmp_path / "out.arrow")]) == 0


# --- files that are damaged -----------------------------------------------------------------------

DAMAGE = """
import random, sys
from contextlib import ExitStack
from pathlib import Path
from ncpi_rules.batch import open_table, sweep_batches
from ncpi_rules.core import FactsError
from ncpi_rules.ruleset import shipped_ruleset

path, kind, seed = Path(sys.argv[1]), sys.argv[2], random.Random(int(sys.argv[3]))
whole, refused = path.read_bytes(), 0
for _ in range(300):
    damaged = bytearray(whole)
    for _ in range(seed.choice([1, 2, 5])):
        place = seed.randrange(len(damaged))
        far = b"\\xff\\xff\\xff\\x7f"
        damaged[place:place + 4] = seed.choice([far, bytes(4), seed.randbytes(4), b"x"])
    path.write_bytes(damaged)
    try:
        with ExitStack() as stack:
            cases = open_table(stack, str(path), kind, 1 << 10, shipped_ruleset())
            list(sweep_batches(cases.batches, on="2019-03-11", keep=["ref"], only=["tier"]))
    except FactsError:
        refused += 1
print(refused)
"""


@pytest.mark.parametrize("kind", ["arrow", "parquet", "csv"])
def test_no_damage_ends_the_process(kind: str, tmp_path: Path) -> None:
    """Whatever bytes of a file are changed, it is read or refused: no fault of any other kind."""
    table = pyarrow.table(
        {
            "findings": ["broadly-positive", None, "not-broadly-positive"] * 5,
            "prospects": pyarrow.array(["no-concerns", None, ""] * 5).dictionary_encode(),
            "ref": pyarrow.array(["a", None, "b" * 30] * 5, pyarrow.string_view()),
            "report-published": pyarrow.array([17_710, None, 17_711] * 5, pyarrow.date32()),
            "revisit-begins": ["2018-12-01", "not-yet", None] * 5,
            "revisit-begins.not-yet": [False, None, True] * 5,
        }
    )
    if kind == "arrow":
        content = _arrow(table)
    else:
        table = table.set_column(2, "ref", table["ref"].cast(pyarrow.string()))
        content = _parquet(table)
    if kind == "csv":
        sink = pyarrow.BufferOutputStream()
        pyarrow_csv.write_csv(table, sink)
        content = bytes(sink.getvalue())
    path = tmp_path / f"damaged.{kind}"
    path.write_bytes(content)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", DAMAGE, str(path), kind, "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 50


# --- tables in memory -----------------------------------------------------------------------------


def frame(**columns: Any) -> Any:
    """Return a table of pandas."""
    pandas = pytest.importorskip("pandas")
    return pandas.DataFrame({**TWO, **columns})


def times(*texts: str | None, zone: str | None = None) -> Any:
    """Return points in time, as pandas has them."""
    pandas = pytest.importorskip("pandas")
    return pandas.to_datetime(list(texts)).tz_localize(zone)


def not_utf_8(name: str) -> Any:
    """Return a table with bytes in a column that are no text in UTF-8."""
    ends = pyarrow.py_buffer(numpy.array([0, 2], dtype=numpy.int32))
    texts = pyarrow.StringArray.from_buffers(1, ends, pyarrow.py_buffer(b"\xff\xfe"))
    return pyarrow.table({name: texts})


def named_by_bytes() -> Any:
    """Return a table with a name that is no text in UTF-8."""
    schema = pyarrow.table({"findings": ["broadly-positive"]}).schema.serialize().to_pybytes()
    schema = pyarrow.py_buffer(schema.replace(b"findings", b"finding\xe9"))
    return pyarrow.Table.from_arrays([["broadly-positive"]], schema=pyarrow.ipc.read_schema(schema))


TABLES_HELP = (
    "Give a table of pyarrow, polars, pandas or DuckDB, or anything with the Arrow PyCapsule "
    "interface; collect a lazy table first."
)
SHIPPED = shipped_ruleset()
DAYS_HELP = "Use whole days: the date32 type of Arrow, or text such as 2018-06-28."
EXCEL_HELP = (
    "Excel counts the days from 1900: give the cells a format such as 2018-06-28 and save again."
)

NAMES_HELP = (
    f"Use one of: {', '.join(dict.fromkeys([*SHIPPED.facts, *SHIPPED.events]))}. Rename the "
    "column, leave it out, or ask for it to be kept as it is."
)


def breaks_off() -> Any:
    """Return a table of which only one batch can be read."""

    def batches() -> Iterator[Any]:
        yield pyarrow.record_batch(ONE)
        message = "the disk is gone"
        raise OSError(message)

    return pyarrow.RecordBatchReader.from_batches(pyarrow.table(ONE).schema, batches())


REFUSED_FRAMES: dict[str, tuple[Callable[[], Any], str, str]] = {
    "no table": (lambda: [1], "A list is not a table that can be read.", TABLES_HELP),
    "a column": (
        lambda: pyarrow.array(["broadly-positive"]),
        "This is a column, not a table.",
        TABLES_HELP,
    ),
    "a stream that breaks off": (
        breaks_off,
        "Arrow cannot read this table: the disk is gone",
        "Each column needs a name of its own, and values of one type only.",
    ),
    "no name": (
        lambda: pyarrow.table({**ONE, "": ["x"]}),
        "column '': This column has no name.",
        NAMES_HELP,
    ),
    "points in time": (
        lambda: frame(report_published=times("2018-06-28 00:00", "2018-06-28 12:30")),
        (
            "column 'report_published', row 2: This column must hold days; it holds points in "
            "time, the first of them at 12:30:00."
        ),
        f"A point in time is a day at midnight only: use .dt.date. {DAYS_HELP}",
    ),
    "points in time within a second": (
        lambda: pyarrow.table({"revisit-begins": pyarrow.array([5], pyarrow.date64())}),
        (
            "column 'revisit-begins', row 1: This column must hold days; it holds points in time, "
            "the first of them at 00:00:00.005."
        ),
        f"A point in time is a day at midnight only: use .dt.date. {DAYS_HELP}",
    ),
    "a time zone": (
        lambda: frame(report_published=times("2018-06-28", None, zone="Europe/London")),
        "column 'report_published': This column must hold days; it holds points in time.",
        (
            "Which day it is depends on the time zone: convert it yourself, such as with .dt.date. "
            f"{DAYS_HELP}"
        ),
    ),
    "a number": (
        lambda: frame(report_published=[43279, 43280]),
        "column 'report_published': This column must hold days; it holds whole numbers.",
        f"{DAYS_HELP} {EXCEL_HELP}",
    ),
    "days and text": (
        lambda: frame(revisit_begins=[datetime.date(2018, 12, 1), "not-yet"]),
        (
            "column 'revisit_begins': The values of this column are not all of one type that can "
            "be read."
        ),
        "Write all of them as text: a day as 2018-06-28, or 'not-yet' or 'unknown'.",
    ),
    "one name twice": (
        lambda: frame().set_axis(["findings", "findings"], axis=1),
        "column 'findings': Two columns have this name.",
        "Rename or leave out one of them.",
    ),
    "flags that are numbers": (
        lambda: pyarrow.table({"revisit-begins.not-yet": [1]}),
        (
            "column 'revisit-begins.not-yet': This column must hold true and false; it holds whole "
            "numbers."
        ),
        "True says that the event is known not to have happened.",
    ),
    "a name that is no text": (
        named_by_bytes,
        "column 1: The name of this column is not UTF-8 text.",
        "Rename it, and save the table again.",
    ),
    **{
        f"bytes in {name}": (
            lambda name=name: not_utf_8(name),  # type: ignore[misc]
            f"column '{name}': This column holds text that is not UTF-8.",
            "Save the table as UTF-8.",
        )
        for name in ("findings", "revisit-begins", "revisit-begins.not-yet")
    },
}


@pytest.mark.parametrize("case", REFUSED_FRAMES)
def test_tables_in_memory_that_are_refused(case: str) -> None:
    """A table that cannot be read is refused with these words, also where it comes in batches."""
    make, message, help_ = REFUSED_FRAMES[case]
    for ask in (sweep, lambda table, on: list(sweep_batches(table, on=on, workers=1))):
        with pytest.raises(FactsError) as fault:
            ask(make(), on=ON)
        assert str(fault.value) == f"{message}\n  help: {help_}"


def _polars(**columns: Any) -> Any:
    polars = pytest.importorskip("polars")
    return polars.DataFrame({**TWO, **columns})


def _duckdb() -> Any:
    duckdb = pytest.importorskip("duckdb")
    return duckdb.sql(
        "select * from (values ('broadly-positive', 'no-concerns', timestamp '2018-06-28'),"
        " ('not-broadly-positive', 'some-concerns', null))"
        " as cases(Findings, prospects, report_published)"
    )


MIDNIGHT = datetime.datetime(2018, 6, 28)  # noqa: DTZ001  as tables have it
READ_FRAMES: dict[str, Callable[[], Any]] = {
    "midnight in pandas": lambda: frame(report_published=times("2018-06-28", None)),
    "as text, with NaT": lambda: frame(report_published=times("2018-06-28", None)).astype(str),
    "empty text": lambda: frame(report_published=["2018-06-28 ", " "], suspension=["", "NaT"]),
    "days beside NaT": lambda: frame(
        report_published=numpy.array([datetime.date(2018, 6, 28), times(None)[0]], dtype=object)
    ),
    "an index": lambda: frame(report_published=["2018-06-28", None], ref=["a", "b"]).set_index(
        "ref"
    ),
    "an index of rows that were chosen": lambda: frame(
        report_published=["2018-06-28", None]
    ).set_axis([7, 3]),
    "an index that is a fact": lambda: frame(report_published=["2018-06-28", None]).set_index(
        "findings"
    ),
    "an index in a file": lambda: pyarrow.table(
        {**TWO, "report-published": ["2018-06-28", None], "__index_level_0__": [7, 3]}
    ),
    "no number": lambda: frame(
        report_published=["2018-06-28", None], suspension=[float("nan")] * 2
    ),
    "no number, or nothing": lambda: pyarrow.table(
        {**TWO, "report-published": ["2018-06-28", None], "suspension": [float("nan"), None]}
    ),
    "midnight in polars": lambda: _polars(report_published=[MIDNIGHT, None]),
    "midnight in DuckDB": _duckdb,
    "milliseconds as days": lambda: pyarrow.table(
        {**TWO, "report-published": pyarrow.array([17_710 * 86_400_000, None], pyarrow.date64())}
    ),
    "points in time as codes": lambda: pyarrow.table(
        {
            **TWO,
            "report-published": pyarrow.array([MIDNIGHT, None]).dictionary_encode(),
        }
    ),
}


@pytest.mark.parametrize("case", READ_FRAMES)
def test_tables_in_memory_that_are_read(case: str) -> None:
    """Whatever library a table is of, it goes in as it comes, in one piece and in batches."""
    plain = pyarrow.table({**TWO, "report-published": ["2018-06-28", None]})
    only = ["tier", "revisit-begins.due"]
    wanted = sweep(plain, on=ON, only=only).to_pylist()
    make = READ_FRAMES[case]
    assert sweep(make(), on=ON, only=only).to_pylist() == wanted
    batches = sweep_batches(make(), on=ON, only=only)
    assert [row for batch in batches for row in batch.to_pylist()] == wanted


def test_an_index_may_be_kept() -> None:
    """The index of a table of pandas comes out where it is asked for, and else it is left alone."""
    table = frame(ref=["a", "b"]).set_index("ref")
    assert sweep(table, on=ON, only="tier", keep="ref").column_names == ["ref", "tier"]
    assert sweep(table, on=ON, only="tier").column_names == ["tier"]


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write", [str.upper, str.title, lambda name: f" {name.replace('-', '_')} "]
)
def test_one_list_of_names(write: Callable[[str], str]) -> None:
    """A grid, a table and a file take the same spellings of every name of the ruleset."""
    ruleset = shipped_ruleset()
    for name in [*ruleset.facts, *ruleset.events]:
        spelt = write(name)
        assert column_meant(spelt, ruleset) == name
        value = "2018-06-28" if name in ruleset.events else ruleset.facts[name].unknown
        assert name in grid({}, {spelt: value}).names
        table = sweep(pyarrow.table({spelt: [value]}), on=ON)
        assert table.equals(sweep(pyarrow.table({name: [value]}), on=ON))
        content = f"{spelt},x\n{value},\n".encode()
        assert CsvHeader.of(content, "in.csv", (ruleset,)).names == (spelt.strip(), "x")
    event = next(iter(ruleset.events))
    assert column_meant(write(f"{event}{NOT_YET_COLUMN}"), ruleset) == f"{event}{NOT_YET_COLUMN}"


def test_what_pandas_and_numpy_hold_may_be_chosen() -> None:
    """In a grid a midnight is a day, and NaT, NaN and empty text are unknown, as in a table."""
    pandas = pytest.importorskip("pandas")
    days = [pandas.Timestamp("2018-06-28"), numpy.datetime64("2018-06-29", "ns"), pandas.NaT]
    days.append(numpy.datetime64("NaT"))
    cases = grid({"findings": ""}, report_published=days, prospects=[float("nan"), "NaT"])
    day = datetime.date(2018, 6, 28)
    published = [row["report-published"] for row in cases]
    assert published == [day, day + datetime.timedelta(days=1), None]
    for noon in (pandas.Timestamp("2018-06-28 12:00"), numpy.datetime64("2018-06-28T12:00")):
        with pytest.raises(FactsError, match="has a time of day"):
            grid({}, report_published=noon)


NOT_KEPT = "There is no such column to keep."


def test_twenty_thousand_unknown_columns() -> None:
    """Of very many unknown columns 20 are named, and how many more there are."""
    table = pyarrow.table({f"c{number}": ["x"] for number in range(20_000)})
    with pytest.raises(FactsError) as fault:
        sweep(table, on=ON)
    assert len(fault.value.problems) == MOST_OF_A_KIND + 1
    assert fault.value.problems[-1].message == "It has none for 19,980 further columns, either."
    with pytest.raises(FactsError, match="Use one of 20,000 names, such as c999") as fault:
        sweep(table, on=ON, keep="ref")
    assert fault.value.problems[0].message == NOT_KEPT


# --- every sentence -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "module", ["csv_header", "csv_rows", "day_texts", "frames", "names", "new_tables", "tables"]
)
def test_every_sentence_about_tables_is_said(module: str) -> None:
    """No problem of a table is without a case that shows it."""
    said = "\n".join(
        [
            *map(expected_of, BROKEN),
            *(f"{message}\n{help_}" for _, _, message, help_ in MADE.values()),
            *(f"{message}\n{help_}" for _, message, help_ in REFUSED_FRAMES.values()),
            *(note for _, _, note in READ.values()),
            FORMULAS,
            NOT_IN_CSV,
            NOT_IN_PARQUET,
            NOT_KEPT,
            KEPT_IN_NO_CSV,
        ]
    )
    pattern = sentences_of(f"batch/{module}.py")
    assert [sentence for sentence in pattern if not re.search(sentence, said)] == []
