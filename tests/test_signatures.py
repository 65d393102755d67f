"""Signatures of records: what was signed is what is replayed, and only who has the key signs."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from shutil import copy
from typing import Final

import pytest

pytest.importorskip("cryptography")

from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules import assess, record
from ncpi_rules.cli import main
from ncpi_rules.core import RecordError
from ncpi_rules.plan import new_signing_key, sign_record, signed_record

PLAN: Final = assess({"force": "kent"}, on="2020-01-31")
REPLAYED: Final = "The same: the recorded plan follows again."


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a key, a record that it has signed, and the key of somebody else."""
    folder = tmp_path_factory.mktemp("signed")
    record(PLAN).write(folder / "record.json")
    for name in ("mine", "other"):
        new_signing_key(folder / name)
    sign_record(folder / "record.json", folder / "mine")
    return folder


@pytest.fixture(name="here")
def _here(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a copy of the folder."""
    for file in folder.iterdir():
        copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_was_signed_is_what_is_read(folder: Path) -> None:
    """A record reads as it was written where the signature is by the key that is named."""
    assert signed_record(folder / "record.json", folder / "mine.pub") == record(PLAN)


@given(st.data())
def test_no_byte_is_changed_unnoticed(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever byte of the record or of the signature is changed, lost or added is noticed."""
    name = data.draw(st.sampled_from(("record.json", "record.json.sig")))
    whole = (folder / name).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    new = data.draw(st.binary(max_size=2).filter(lambda new: new != whole[at : at + 1]))
    changed = tmp_path_factory.mktemp("changed")
    for file in ("record.json", "record.json.sig"):
        (changed / file).write_bytes((folder / file).read_bytes())
    (changed / name).write_bytes(whole[:at] + new + whole[at + 1 :])
    with pytest.raises(RecordError, match="is not what the holder of the key"):
        signed_record(changed / "record.json", folder / "mine.pub")


def test_new_fingerprints_do_not_help(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever edits a record and works its fingerprints out again has no signature for it."""
    forged = record(assess({"force": "kent", "note": "forged"}, on="2020-01-31"))
    forged.write(here / "record.json", replace=True)
    assert main(["replay", "record.json"]) == 0
    assert REPLAYED in capsys.readouterr().out
    assert main(["replay", "record.json", "--signed-by", "mine.pub"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "record.json: The record is not what the holder of the key 'mine.pub' signed.\n"
        "  help: Do not rely on it: it was changed, or somebody else signed it.\n"
    )


@pytest.mark.usefixtures("here")
def test_the_commands(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is made, a record is signed with its passphrase, and its signature is checked."""
    typed = iter(["secret", "secret", "secret", "wrong", "a", "b", ""])
    monkeypatch.setattr("ncpi_rules.cli.record.getpass", lambda _: next(typed))
    assert main(["record", "--new-key", "officer", "--passphrase"]) == 0
    assert capsys.readouterr().out == (
        "'officer' signs: keep it to yourself.\n"
        "'officer.pub' shows who signed: give it to all who are to check your records.\n"
    )
    assert main(["record", "record.json", "--sign", "officer", "--replace"]) == 0
    assert capsys.readouterr().out == "Signed: 'record.json.sig'.\n"
    assert main(["replay", "record.json", "--signed-by", "officer.pub"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        REPLAYED,
        "The holder of the key 'officer.pub' signed this record.",
    ]
    assert main(["record", "record.json", "--sign", "officer", "--replace"]) == 2
    assert "Check the passphrase." in capsys.readouterr().err
    for message in ("The two passphrases differ.", "The passphrase is empty."):
        assert main(["record", "--new-key", "third", "--passphrase"]) == 2
        assert message in capsys.readouterr().err
    assert not Path("third").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_its_owner_reads_a_key(here: Path) -> None:
    """The key is for its owner alone, and the public key is for all."""
    assert stat.S_IMODE((here / "mine").stat().st_mode) == 0o600
    assert (here / "mine.pub").stat().st_mode == (here / "record.json").stat().st_mode


WRONG: Final = (
    (
        "replay record.json --signed-by mine",
        "mine: This is not an Ed25519 key that can be used here.",
        "Name the public key of whoever signed: a file that ends in .pub.",
    ),
    (
        "replay record.json --signed-by record.json",
        "record.json: This is not an Ed25519 key that can be used here.",
        "Name the public key of whoever signed: a file that ends in .pub.",
    ),
    (
        "replay mine --signed-by mine.pub",
        "mine: There is no signature beside the record.",
        "Its name would be 'mine.sig'; ask whoever signed the record for it.",
    ),
    ("replay record.json --signed-by none", "none: There is no such file.", "Check the name."),
    (
        "record record.json --sign other",
        "record.json.sig: A file of this name exists already; it was left as it is.",
        "Choose another name, or allow the file to be replaced (--replace).",
    ),
    (
        "record record.json --sign mine.pub",
        "mine.pub: This is not an Ed25519 key that can be used here.",
        "Make one: ncpi-rules record --new-key KEY",
    ),
    (
        "record --new-key mine",
        "mine.pub: A file of this name exists already.",
        "Choose another name for the key.",
    ),
    (
        "record record.json",
        "A record and a key are needed.",
        "Write: ncpi-rules record RECORD --sign KEY, or: ncpi-rules record --new-key KEY",
    ),
    (
        "record record.json --new-key k",
        "A key is made or a record is signed, not both at once.",
        "Write: ncpi-rules record RECORD --sign KEY, or: ncpi-rules record --new-key KEY",
    ),
    (
        "record record.json --sign mine --passphrase",
        "--passphrase is for a new key.",
        "Leave it out: what a key needs is asked for.",
    ),
)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("command", "message", "help_"), WRONG)
def test_what_is_refused(
    command: str, message: str, help_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong file or option is refused in two sentences, and nothing is written."""
    before = {path.name: path.read_bytes() for path in Path().iterdir()}
    assert main(command.split()) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"{message}\n  help: {help_}\n")
    assert {path.name: path.read_bytes() for path in Path().iterdir()} == before


def test_what_was_edited_is_not_signed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record that somebody has changed by hand gets no signature."""
    text = (here / "record.json").read_text("utf-8")
    (here / "edited.json").write_text(text.replace("kent", "essex", 1), "utf-8")
    assert main(["record", "edited.json", "--sign", "mine"]) == 2
    assert capsys.readouterr().err == (
        "edited.json: This record was changed after it was written, so it is not signed.\n"
        "  help: Assess the follow-up again with --record, and sign what is then written.\n"
    )
    assert not Path("edited.json.sig").exists()
