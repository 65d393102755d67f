"""Names of people: with ``--mask-names`` none is in anything that a command prints or writes."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile, is_zipfile

import pytest

pytest.importorskip("docx")
pytest.importorskip("openpyxl")
pytest.importorskip("icalendar")


from ncpi_rules.cli import main

NAME: Final = "Quillfeather"
SAID: Final = f"Zoë {NAME}"
DECIDED: Final = {"by": SAID, "why": f"{SAID} said so"}
FACTS: Final = {
    "force": "kent",
    "inspection_report": {
        "published": "2018-06-28",
        "recommendations": [
            {"id": "1", "time_limit": "immediate", "topic": "training", "summary": f"Ask {SAID}."}
        ],
    },
    "prospects": {"judgement": "some-concerns", "on": "2018-09-01", **DECIDED},
    "action_plan": {"received": "2018-09-03"},
    "decisions": [
        {
            "decision": "tier-chosen",
            "value": "post-inspection-review",
            "on": "2018-10-01",
            **DECIDED,
        },
        {"decision": "variation", "of": "action-plan-received", "on": "2018-08-20", **DECIDED},
        {
            "decision": "suspension",
            "on": "2018-10-30",
            "begins": "2018-11-01",
            "ends": "2018-11-05",
            **DECIDED,
        },
    ],
    "fieldwork": {"begins": "2019-01-07", "ends": "2019-01-11"},
    "note": f"{SAID} keeps these facts.",
    "sources": [f"a letter of {SAID}"],
}
WITH_NAMES: Final = ("text", "json", "markdown", "html", "docx", "xlsx")
WITHOUT: Final = ("board", "ics", "letters")
CASELOADS: Final = ("text", "json", "markdown", "html", "csv", "ics", "xlsx")
ASKED: Final = {
    **{f"assess facts.json --format {name}": True for name in WITH_NAMES},
    **{f"assess facts.json --format {name}": False for name in WITHOUT},
    "assess facts.json --full": True,
    "assess facts.json --record out/record.json": True,
    **{f"caseload facts.json --format {name}": False for name in CASELOADS},
    "caseload facts.json --format html --plans out/plans": True,
}
"""Commands, and whether they write names of people where nothing is asked."""


def _everything(folder: Path) -> str:
    """Return all that files say, those of office programs without their wrapping."""
    texts = []
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            parts = [content]
            if is_zipfile(BytesIO(content)):
                office = ZipFile(BytesIO(content))
                parts = [office.read(name) for name in office.namelist()]
            texts += [part.decode("utf-8", "replace").replace("\r\n ", "") for part in parts]
    return "\n".join(texts)


@pytest.mark.parametrize("command", ASKED)
def test_no_name_is_printed_or_written(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In no format is a name, a reason, a note, a source or a summary; some have it otherwise."""
    monkeypatch.chdir(tmp_path)
    Path("facts.json").write_text(json.dumps(FACTS, ensure_ascii=False), "utf-8")
    Path("out").mkdir()
    asked = [*command.split(), "--on", "2018-12-15"]
    if "out/" not in command:
        asked += ["-o", "out/result"]
    assert main([*asked, "--mask-names"]) == 0
    assert NAME not in capsys.readouterr().out
    assert list(Path("out").rglob("*"))
    assert NAME not in _everything(Path("out"))
    assert main([*asked, "--replace"]) == 0
    assert (NAME in _everything(Path("out")) + capsys.readouterr().out) is ASKED[command]
