"""Every reader of the command line, with good files to change, and what must never come of any."""

from __future__ import annotations

import io
import re
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT
from time import process_time
from typing import TYPE_CHECKING, Final

from ncpi_rules import FollowUp
from ncpi_rules.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SLOW: Final = 2.0
"""The seconds of the processor that no file of a few kilobytes may take."""

_TOP: Final = Path(__file__).parents[2]
_EXAMPLE: Final = _TOP / "examples" / "follow-ups" / "northumbria-2018.yaml"
_RULES: Final = _TOP / "tests" / "rulesets"
_ON: Final = ("--on", "2019-04-11", "--engine", "reference")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_TABLE: Final = "findings,prospects,report-published\nbroadly-positive,no-concerns,2018-06-28\n"


@dataclass(frozen=True)
class Reader:
    """A command that reads a file: its arguments, and good files to begin with."""

    name: str
    ending: str
    arguments: Callable[[Path], list[str]]
    seeds: Callable[[Path], list[bytes]]
    is_quick: bool = True
    within: str = ""
    """The folder of tests/rulesets of which the file is one, and its name there."""


@dataclass
class Trial:
    """A folder in which files are tried, one at a time."""

    folder: Path
    reader: Reader
    seeds: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make what the command needs besides the file."""
        self.file = self.folder / f"hostile{self.reader.ending}"
        if self.reader.within:
            name, _, file = self.reader.within.partition("/")
            shutil.copytree(_RULES / name, self.folder / name, dirs_exist_ok=True)
            self.file = self.folder / name / file
        self.seeds = self.reader.seeds(self.folder)

    def fault_of(self, content: bytes) -> str | None:
        """Return what comes of a file that never may; None where all is well."""
        self.file.write_bytes(content)
        out, err = io.StringIO(), io.StringIO()
        began = process_time()
        try:
            with redirect_stdout(out), redirect_stderr(err):
                status = main(self.reader.arguments(self.file))
        except Exception as fault:  # noqa: BLE001  whatever it is, a user would see it
            return f"a traceback: {type(fault).__name__}: {fault}"
        if status == 128 + SIGINT:
            raise KeyboardInterrupt
        took = process_time() - began
        if took > SLOW:
            return f"it takes {took:.1f} s"
        if status not in {0, 1, 2}:
            return f"the exit status {status}"
        printed = out.getvalue() + err.getvalue()
        if shown := _CONTROLS.search(printed):
            return f"the character {shown[0]!r} is printed: {printed[:200]!r}"
        if status == 2 and "help: " not in err.getvalue():
            return f"no help: {err.getvalue()[:200]!r}"
        return None


def _follow_up(_: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(_EXAMPLE.parent.glob("*.yaml"))[:6]]


def _json_follow_up(_: Path) -> list[bytes]:
    return [FollowUp.load(_EXAMPLE).to_json().encode()]


def _record(folder: Path) -> list[bytes]:
    path = folder / "good.record.json"
    if not path.exists():
        with redirect_stdout(io.StringIO()):
            main(["assess", str(_EXAMPLE), *_ON, "--record", str(path)])
    return [path.read_bytes()]


def _table(ending: str) -> Callable[[Path], list[bytes]]:
    def seeds(folder: Path) -> list[bytes]:
        path = folder / f"good{ending}"
        csv = folder / "good-table.csv"
        csv.write_text(_TABLE, "utf-8")
        main(["sweep", str(csv), "-o", str(path), "--replace", "--only", "tier", *_ON[:2]])
        if ending == ".csv":
            return [_TABLE.encode(), path.read_bytes()]
        import pyarrow.csv  # noqa: PLC0415  an extra
        from pyarrow import feather, parquet  # noqa: PLC0415  an extra

        table = pyarrow.csv.read_csv(csv)
        if ending == ".parquet":
            parquet.write_table(table, path)
        else:
            feather.write_feather(table, path, compression="uncompressed")
        return [path.read_bytes()]

    return seeds


def _cases(ending: str) -> Callable[[Path], list[bytes]]:
    def seeds(folder: Path) -> list[bytes]:
        if ending == ".csv":
            return [
                b"force,findings,report published\nkent,,2018-06-28\n",
                (_TOP / "tests" / "broken" / "cases" / "cells.csv").read_bytes(),
            ]
        path = folder / "good.xlsx"
        main(["init", "--cases", str(path), "--replace"])
        return [path.read_bytes()]

    return seeds


def _calendar(folder: Path) -> list[bytes]:
    path = folder / "good.ics"
    main(["assess", str(_EXAMPLE), *_ON, "--format", "ics", "-o", str(path), "--replace"])
    return [path.read_bytes()]


def _text(_: Path) -> list[bytes]:
    return [
        b"1. Purpose\n1.1 The force must send a plan within six weeks.\n1.2 HMICFRS may visit.\n",
        b"Introduction\n\n1. One statement.\n2. Another,\nin two lines.\n  (a) a part\n",
    ]


def _key(folder: Path) -> list[bytes]:
    _record(folder)
    main(["record", "--new-key", str(folder / "key")])
    return [(folder / "key").read_bytes(), (folder / "key.pub").read_bytes()]


def _of_a_ruleset(name: str, file: str) -> Reader:
    return Reader(
        name=f"{file} of a ruleset",
        ending=".yaml",
        arguments=lambda path: ["test", str(path.parent if "/" not in file else path.parents[1])],
        seeds=lambda _: [(_RULES / name / file).read_bytes()],
        within=f"{name}/{file}",
        is_quick=False,
    )


def readers() -> Iterator[Reader]:
    """Yield every reader."""
    yield Reader("follow-up, YAML", ".yaml", lambda f: ["assess", str(f), *_ON], _follow_up)
    yield Reader("follow-up, JSON", ".json", lambda f: ["assess", str(f), *_ON], _json_follow_up)
    yield Reader("record", ".json", lambda f: ["replay", str(f)], _record)
    for ending in (".csv", ".parquet", ".arrow"):
        yield Reader(
            f"table, {ending}",
            ending,
            lambda f: [
                "sweep",
                str(f),
                "-o",
                f"{f}.out.csv",
                "--replace",
                "--only",
                "tier",
                *_ON[:2],
            ],
            _table(ending),
        )
    for ending in (".csv", ".xlsx"):
        yield Reader(
            f"caseload, {ending}",
            ending,
            lambda f: ["caseload", str(f), *_ON[:2]],
            _cases(ending),
            is_quick=ending == ".csv",
        )
    yield Reader(
        "earlier calendar",
        ".ics",
        lambda f: [
            *("assess", str(_EXAMPLE), *_ON, "--format", "ics", "--previous", str(f)),
            *("-o", f"{f}.out.ics", "--replace"),
        ],
        _calendar,
        is_quick=False,
    )
    yield Reader("methodology", ".txt", lambda f: ["trace", str(f)], _text, is_quick=False)
    yield Reader(
        "key",
        "",
        lambda f: ["record", str(f.with_name("good.record.json")), "--sign", str(f), "--replace"],
        _key,
    )
    for path in sorted((_RULES / "library-loans").rglob("*.yaml")):
        yield _of_a_ruleset("library-loans", path.relative_to(_RULES / "library-loans").as_posix())
