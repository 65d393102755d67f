"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ncpi_rules.core import NcpiRulesError, Problem


def write_whole(
    path: Path | str, content: bytes, error: type[NcpiRulesError], *, replace: bool = False
) -> None:
    """Write a file so that it is never seen half-written, not even after a crash.

    The content goes into another file in the same folder, reaches the disk and then takes the
    name. Raises ``error`` where a file of other content stands there and ``replace`` is False, or
    where it cannot be written; what stood there is then whole.
    """
    name = str(path).replace("\\", "/")
    try:
        target = Path(os.path.realpath(path))
        if target.is_file() and target.read_bytes() == content:
            return
        if target.exists() and not (replace and target.is_file()):
            what = "A file with other content" if target.is_file() else "Something else"
            help_ = "Give another name, or ask for it to be replaced (--replace)."
            message = f"{what} has this name already, and it was left as it is."
            raise error(Problem(place=name, message=message, help=help_))
        _write(target, content)
    except (OSError, ValueError) as fault:
        if isinstance(fault, NcpiRulesError):
            raise
        message = f"The file cannot be written: {getattr(fault, 'strerror', '') or fault}."
        help_ = "Check that the folder is there and that you may write to it."
        raise error(Problem(place=name, message=message, help=help_)) from None


def _write(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
