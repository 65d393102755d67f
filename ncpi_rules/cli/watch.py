"""The command ``watch``: checks and tests a ruleset again whenever one of its files is saved."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ncpi_rules.checks import check
from ncpi_rules.cli.output import GOOD, show_lines
from ncpi_rules.cli.test import describe_failure
from ncpi_rules.cli.vocabulary_schemas import SCHEMA_FOLDER
from ncpi_rules.cli.working_copy import write_schemas
from ncpi_rules.core import MissingExtraError, RulesetError, counted
from ncpi_rules.io import is_hidden
from ncpi_rules.report import printable, wrapped
from ncpi_rules.ruleset import edition_folder, load_ruleset
from ncpi_rules.scenarios import load_scenarios, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def watch(folder: str, /) -> int:
    """Check and test a ruleset again whenever one of its files is saved.

    Each time it says which files were saved, what is wrong now, and what has come and gone since
    the last time. Where the folder has schemas for an editor, they are written anew. It goes on
    until Ctrl-C.

    :param folder: The folder of the ruleset.
    """
    try:
        from watchfiles import watch as changes_in  # noqa: PLC0415  an extra
    except ImportError:
        message = "To watch a folder needs a package that is not installed."
        raise MissingExtraError.naming(message, extra="watch") from None
    path = Path(str(edition_folder(folder)))
    with suppress(KeyboardInterrupt):
        before = _report(path, None)
        show_lines(["", f"Watching {path.as_posix()}. To stop, press Ctrl-C."])
        for changes in changes_in(path, watch_filter=lambda _, name: _is_read(Path(name), path)):
            saved = sorted({Path(name).name for _, name in changes})
            show_lines(["", f"Saved: {', '.join(saved)}"])
            before = _report(path, before)
    show_lines(["Stopped."])
    return GOOD


def _is_read(file: Path, folder: Path) -> bool:
    """Return True for a file that the ruleset, its scenarios or its approvals consist of."""
    steps = file.parts[len(folder.resolve().parts) :] if file.is_absolute() else file.parts
    is_yaml = file.suffix.casefold() in {".yaml", ".yml"}
    return is_yaml and not any(is_hidden(step) for step in steps)


def _report(folder: Path, before: frozenset[str] | None) -> frozenset[str]:
    """Print what is wrong with a ruleset, and return it; ``before`` is what was wrong last time."""
    faults = list(_wrong(folder))
    now = frozenset(f"{place}: {message}" for place, message, _ in faults)
    for place, message, lines in faults:
        mark = "" if before is None or f"{place}: {message}" in before else "NEW "
        # The place has a line of its own, however long it is, so that it can be copied.
        show_lines([f"{mark}{place}:", *wrapped(message, first="  ", rest="  "), *lines, ""])
    if before is not None:
        gone, new = len(before - now), len(now - before)
        if gone or new:
            show_lines([f"Since the last time: {new} new, {gone} gone."])
    show_lines([f"{counted(len(now), 'fault')}." if now else "Nothing is wrong."])
    return now


def _wrong(folder: Path) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Yield what is wrong: its place, a sentence, and the lines below it."""
    try:
        ruleset = load_ruleset(folder)
        if folder.joinpath(SCHEMA_FOLDER).is_dir():
            write_schemas(folder, ruleset)
        for finding in check(ruleset):
            yield printable(finding.place), printable(finding.message), _help(finding.help)
        for scenario in load_scenarios(folder, ruleset=ruleset):
            result = run(scenario, ruleset)
            if not result.passed:
                place, *lines = describe_failure(result)
                yield place, "This scenario fails.", lines
    except RulesetError as fault:
        for problem in fault.problems:
            yield printable(problem.place), printable(problem.message), _help(problem.help)


def _help(text: str) -> Iterable[str]:
    return wrapped(printable(f"help: {text}"), first="  ", rest="  ") if text else ()
