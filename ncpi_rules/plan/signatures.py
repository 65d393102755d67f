"""Signatures of records: whoever holds the key vouches for the bytes, and nobody else can.

Ed25519, by ``cryptography``. Keys are PEM files, as OpenSSL writes and reads them. A signature is a
file of 64 bytes beside the record, over the bytes of the record's file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ncpi_rules.core import Problem, RecordError
from ncpi_rules.io import MAXIMUM_BYTES, open_regular_file, text_of, write_whole
from ncpi_rules.plan.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable

_PEM: Final = serialization.Encoding.PEM
_ENCRYPTED: Final = b"ENCRYPTED PRIVATE KEY"
_PRIVATE: Final = b"PRIVATE KEY"


def signature_of(path: Path | str) -> Path:
    """Return the name of the file that has the signature of a record.

    >>> signature_of("northumbria.record.json").name
    'northumbria.record.json.sig'
    """
    return Path(f"{path}.sig")


def new_signing_key(path: Path | str, *, passphrase: str | None = None) -> Path:
    """Write a new key to sign with, and return the name of the public key, written beside it.

    The key is for whoever signs alone, and only its owner may read the file. The public key,
    ``path`` with ``.pub``, is for all who check signatures. Raises RecordError where either file
    exists or cannot be written.
    """
    key, public = Ed25519PrivateKey.generate(), Path(f"{path}.pub")
    if public.exists():
        message, help_ = "A file of this name exists already.", "Choose another name for the key."
        raise RecordError(Problem(place=_name(public), message=message, help=help_))
    protection = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    private = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, protection)
    write_whole(path, private, RecordError, private=True)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    write_whole(public, key.public_key().public_bytes(_PEM, form), RecordError)
    return public


def has_passphrase(key: Path | str) -> bool:
    """Return True where a key is protected by a passphrase; raise RecordError without a file."""
    return _ENCRYPTED in _bytes_of(key)


def sign_record(
    path: Path | str, key: Path | str, *, passphrase: str | None = None, replace: bool = False
) -> Path:
    """Sign the record in a file, and return the name of the file that has the signature.

    Raises RecordError where the file is no record or was changed after it was written, where the
    key cannot be used, and where the file of the signature exists, unless ``replace`` is True.
    """
    content = _bytes_of(path)
    if _record_in(content, path).edited:
        message = "This record was changed after it was written, so it is not signed."
        help_ = "Assess the follow-up again with --record, and sign what is then written."
        raise RecordError(Problem(place=_name(path), message=message, help=help_))
    signature = _private_key(key, passphrase).sign(content)
    write_whole(signature_of(path), signature, RecordError, replace=replace)
    return signature_of(path)


def signed_record(path: Path | str, public_key: Path | str) -> Record:
    """Return the record in a file that the holder of a key has signed.

    The bytes that are checked are those that are read. Raises RecordError where there is no
    signature, where it is not of these bytes by this key, and where the file is no record.
    """
    content, signature = _bytes_of(path), signature_of(path)
    if not signature.exists():
        message = "There is no signature beside the record."
        help_ = f"Its name would be '{signature.name}'; ask whoever signed the record for it."
        raise RecordError(Problem(place=_name(path), message=message, help=help_))
    key = _public_key(public_key)
    try:
        key.verify(_bytes_of(signature), content)
    except InvalidSignature:
        message = f"The record is not what the holder of the key '{_name(public_key)}' signed."
        help_ = "Do not rely on it: it was changed, or somebody else signed it."
        raise RecordError(Problem(place=_name(path), message=message, help=help_)) from None
    return _record_in(content, path)


def _record_in(content: bytes, path: Path | str) -> Record:
    name = _name(path)
    return Record.from_json(text_of(content, RecordError, name=name), name=name)


def _private_key(path: Path | str, passphrase: str | None) -> Ed25519PrivateKey:
    password = passphrase.encode() if passphrase else None
    content = _bytes_of(path)
    if password is not None and _ENCRYPTED not in content:
        password = None

    def load() -> object:
        return serialization.load_pem_private_key(content, password)

    help_ = "Make one: ncpi-rules record --new-key KEY"
    if _ENCRYPTED in content:
        help_ = "Check the passphrase."
    key = _loaded(load, path, help_)
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path, help_)
    return key


def _public_key(path: Path | str) -> Ed25519PublicKey:
    content = _bytes_of(path)
    help_ = "Name the public key of whoever signed: a file that ends in .pub."
    key = None
    if _PRIVATE not in content:
        key = _loaded(lambda: serialization.load_pem_public_key(content), path, help_)
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path, help_)
    return key


def _loaded(load: Callable[[], object], path: Path | str, help_: str) -> object:
    try:
        return load()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _no_key(path, help_) from None


def _no_key(path: Path | str, help_: str) -> RecordError:
    message = "This is not an Ed25519 key that can be used here."
    return RecordError(Problem(place=_name(path), message=message, help=help_))


def _bytes_of(path: Path | str) -> bytes:
    with open_regular_file(path, RecordError) as opened:
        return opened.read(MAXIMUM_BYTES + 1)


def _name(path: Path | str) -> str:
    return str(path).replace("\\", "/")
