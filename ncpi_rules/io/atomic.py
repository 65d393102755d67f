"""The one writer of files: whole or not at all, and never over a file that is being read."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ncpi_rules.core import NcpiRulesError, Problem
from ncpi_rules.io.files import why_not_opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def write_whole(
    path: Path | str,
    content: bytes,
    error: type[NcpiRulesError],
    *,
    replace: bool = False,
    private: bool = False,
) -> None:
    """Write a file at once, as :func:`new_file` does; a file of the same content is left alone."""
    with suppress(OSError, ValueError):
        if Path(path).is_file() and Path(path).read_bytes() == content:
            return
    with new_file(path, error, replace=replace, private=private) as unfinished:
        unfinished.write_bytes(content)


def write_folder(
    folder: Path | str,
    files: Mapping[str, bytes],
    error: type[NcpiRulesError],
    *,
    replace: bool = False,
) -> None:
    """Write files into a folder, which is made where it is missing; other files are left alone.

    Raises ``error``, and writes nothing, where a file of one of these names has another content and
    ``replace`` is False.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = [
            folder / name
            for name, content in files.items()
            if os.path.lexists(folder / name)
            and not ((folder / name).is_file() and (folder / name).read_bytes() == content)
        ]
    except (OSError, ValueError) as fault:
        raise _not_written(folder.as_posix(), fault, error) from None
    if taken and not replace:
        raise error(
            Problem(
                place=file.as_posix(),
                message="A file of this name exists already; nothing was written.",
                help="Choose another folder, or allow files to be replaced (--replace).",
            )
            for file in taken
        )
    for name, content in files.items():
        write_whole(folder / name, content, error, replace=replace)


@contextmanager
def new_file(
    path: Path | str,
    error: type[NcpiRulesError],
    *,
    replace: bool = False,
    private: bool = False,
) -> Iterator[Path]:
    """Yield an empty file of no name yet, which takes the name ``path`` when the block ends.

    Where the system knows files without a name, as Linux does, nothing is left even of a program
    that is killed. Elsewhere the file stands in the same folder, under a random name that did not
    exist before. When the block ends, its content is synced to the disk and it gets its name. After
    an exception it is removed, and a file that had the name is as it was; the command line makes
    SIGTERM an exception.

    Only its owner may read a new file that is ``private``. A file that is replaced passes on its
    permissions, and its owner where the system allows it. A symbolic link stays, and the file to
    which it leads is replaced. Further hard links to a replaced file keep the old content.

    Raises ``error`` where the name is taken and ``replace`` is False, where something other than a
    file has the name, and where the file cannot be written.
    """
    name = str(path).replace("\\", "/")
    try:
        target = Path(os.path.realpath(path))
        old = target.stat() if target.exists() else None
        if old is not None and not stat.S_ISREG(old.st_mode):
            message = "Something that is not a file has this name; it was left as it is."
            raise error(Problem(place=name, message=message, help="Choose another name."))
        if old is not None and not replace:
            raise error(_exists(name))
        # Nobody may read the new content who may not read the old.
        mode = 0o666 if old is None and not private else 0o600
        unfinished, number = _begun(target, mode)
    except (OSError, ValueError) as fault:
        raise _not_written(name, fault, error) from None
    try:
        yield unfinished
        _finish(unfinished, target, old, is_nameless=number is not None)
    except FileExistsError:
        raise error(_exists(name)) from None
    except OSError as fault:
        raise _not_written(name, fault, error) from None
    finally:
        with suppress(OSError):
            if number is None:
                unfinished.unlink(missing_ok=True)
            else:
                os.close(number)


@contextmanager
def new_folder(path: Path | str, error: type[NcpiRulesError]) -> Iterator[Path]:
    """Yield an empty folder of another name, which takes the name ``path`` when the block ends.

    After an exception it is removed with all that is in it. What a program that was killed has left
    of such a folder is removed by the next that makes one of this name, unless the system cannot
    tell whether somebody is still making it.

    Raises ``error`` where a file or a folder that holds something has the name, and where the
    folder cannot be made.
    """
    name = str(path).replace("\\", "/")
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            message = "Something of this name exists already; it was left as it is."
            help_ = "Name a folder that is new, or one that holds nothing."
            raise error(Problem(place=name, message=message, help=help_))
        _remove_abandoned(target)
        unfinished, number = _begun_folder(target)
    except (OSError, ValueError) as fault:
        raise _not_written(name, fault, error) from None
    try:
        yield unfinished
        if target.is_dir():
            target.rmdir()
        unfinished.rename(target)
    except OSError as fault:
        raise _not_written(name, fault, error) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        if number is not None:
            os.close(number)


def _begun_folder(target: Path) -> tuple[Path, int | None]:
    """Return a new folder beside another, and the number of its lock, if the system has locks."""
    while True:
        unfinished = _other_name(target)
        unfinished.mkdir()
        number = _locked(unfinished, wait=True)
        if unfinished.exists():  # else somebody took it for abandoned before it was locked
            return unfinished, number
        if number is not None:
            os.close(number)


def _remove_abandoned(target: Path) -> None:
    """Remove what was begun of a folder by programs that were killed: nobody has it locked."""
    ours = re.compile(re.escape(f".{target.name[:100]}.") + "[0-9a-f]{16}[.]part")
    with suppress(OSError):
        for left in [path for path in target.parent.iterdir() if ours.fullmatch(path.name)]:
            if left.is_symlink() or not left.is_dir():
                continue
            number = _locked(left, wait=False)
            if number is not None:
                shutil.rmtree(left, ignore_errors=True)
                os.close(number)


def _locked(folder: Path, *, wait: bool) -> int | None:
    """Return the number of a folder that nobody else can lock until it is closed, or None."""
    try:
        import fcntl  # noqa: PLC0415  not every system has it

        number = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(number, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        return None
    return number


def _begun(target: Path, mode: int) -> tuple[Path, int | None]:
    """Return a new file in the folder of another, and its number where it has no name."""
    with suppress(AttributeError, OSError):  # not every system, nor every disk
        number = os.open(target.parent, os.O_TMPFILE | os.O_WRONLY, mode)
        nameless = Path(f"/proc/self/fd/{number}")
        if nameless.exists():
            return nameless, number
        os.close(number)
    unfinished = _other_name(target)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    os.close(os.open(unfinished, flags, mode))
    return unfinished, None


def _other_name(target: Path) -> Path:
    return target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.part")


def _finish(
    unfinished: Path, target: Path, old: os.stat_result | None, *, is_nameless: bool
) -> None:
    """Sync a file to the disk, and give it the name and the permissions of another.

    Raises FileExistsError where there was no other, and somebody has made one meanwhile.
    """
    with unfinished.open("rb+") as opened:
        os.fsync(opened.fileno())
    if old is not None:
        with suppress(OSError, AttributeError):  # only the owner may, and not on every system
            os.chown(unfinished, old.st_uid, old.st_gid)
        unfinished.chmod(stat.S_IMODE(old.st_mode))
    named = _named(unfinished, target, old) if is_nameless else unfinished
    try:
        if named == target:
            return
        if old is None:
            with suppress(OSError):
                os.link(named, target)
                return
            if target.exists():
                raise FileExistsError
        named.replace(target)
    finally:
        if is_nameless and named != target:
            named.unlink(missing_ok=True)


def _named(nameless: Path, target: Path, old: os.stat_result | None) -> Path:
    """Return the name that a file without one is given: the target's own, unless it is taken."""
    named = target if old is None else _other_name(target)
    folder = os.open(named.parent, os.O_RDONLY)
    try:  # named by a folder, since only then the link to the file is followed
        os.link(nameless, named, src_dir_fd=folder, follow_symlinks=True)
    except FileExistsError:
        raise
    except OSError:  # a system that does not let it
        named = _other_name(target)
        shutil.copyfile(nameless, named)
        named.chmod(stat.S_IMODE(nameless.stat().st_mode))
    finally:
        os.close(folder)
    return named


def _exists(name: str) -> Problem:
    return Problem(
        place=name,
        message="A file of this name exists already; it was left as it is.",
        help="Choose another name, or allow the file to be replaced (--replace).",
    )


def _not_written(name: str, fault: Exception, error: type[NcpiRulesError]) -> NcpiRulesError:
    if isinstance(fault, NcpiRulesError):
        return fault
    reason = why_not_opened(fault)
    message = f"The file cannot be written: {reason}."
    help_ = "Check that the folder exists, that you may write to it and that the disk has room."
    return error(Problem(place=name, message=message, help=help_))


def refuse_input(
    path: Path | str, inputs: Iterable[Path | str | int], error: type[NcpiRulesError]
) -> None:
    """Raise ``error`` where a file that is to be written is one of those that are read.

    Files are compared on the disk: a symbolic or hard link to an input counts as the input. An
    input may be a folder, which stands for every file in it, or the number of an open file.
    """
    try:
        output = os.stat(path)  # noqa: PTH116  numbers of open files are asked about, too
    except (OSError, ValueError):
        return  # no such file, so nobody reads it
    for file in _files(inputs):
        with suppress(OSError):
            if os.path.samestat(output, os.stat(file)):  # noqa: PTH116
                message = "This file is an input, so it cannot be the output as well."
                place = str(path).replace("\\", "/")
                raise error(Problem(place=place, message=message, help="Choose another name."))


def _files(inputs: Iterable[Path | str | int]) -> Iterator[Path | str | int]:
    for file in inputs:
        yield file
        if not isinstance(file, int):
            for folder, _, names in os.walk(file):
                yield from (Path(folder, name) for name in names)
