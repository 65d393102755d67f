"""The command ``record``."""

from __future__ import annotations

from getpass import getpass
from typing import Annotated

from cyclopts import Parameter

from ncpi_rules import plan
from ncpi_rules.cli.output import GOOD, refuse, show_lines

_BOTH = "Write: ncpi-rules record RECORD --sign KEY, or: ncpi-rules record --new-key KEY"


def record(
    file: str | None = None,
    /,
    *,
    sign: str | None = None,
    new_key: Annotated[str | None, Parameter(name="--new-key")] = None,
    passphrase: bool = False,
    replace: bool = False,
) -> int:
    """Sign a record of an assessment, so that others can see that nobody has changed it.

    Whoever has the public key checks it with: ncpi-rules replay RECORD --signed-by KEY.pub

    :param file: A record, as 'ncpi-rules assess FILE --record RECORD' writes it.
    :param sign: The key to sign with; the signature is written beside the record.
    :param new_key: Write a new key of this name, and the public key beside it; sign nothing.
    :param passphrase: Protect the new key by a passphrase, which is asked for.
    :param replace: Let the signature replace an earlier one.
    """
    if new_key is not None:
        if file is not None or sign is not None or replace:
            refuse("A key is made or a record is signed, not both at once.", _BOTH)
        public = plan.new_signing_key(new_key, passphrase=_new_passphrase() if passphrase else None)
        show_lines(
            [
                f"'{new_key}' signs: keep it to yourself.",
                f"'{public}' shows who signed: give it to all who are to check your records.",
            ]
        )
        return GOOD
    if file is None or sign is None:
        refuse("A record and a key are needed.", _BOTH)
    if passphrase:
        refuse("--passphrase is for a new key.", "Leave it out: what a key needs is asked for.")
    asked = getpass("Passphrase: ") if plan.has_passphrase(sign) else None
    show_lines([f"Signed: '{plan.sign_record(file, sign, passphrase=asked, replace=replace)}'."])
    return GOOD


def _new_passphrase() -> str:
    chosen = getpass("Passphrase for the new key: ")
    if not chosen:
        refuse("The passphrase is empty.", "Type one, or leave out --passphrase.")
    if getpass("Once more: ") != chosen:
        refuse("The two passphrases differ.", "Try again.")
    return chosen
