"""The command line: ``ncpi-rules`` and its commands.

Floor 12. It reads files, asks the library and prints. Plans and reports go to standard output,
everything else to standard error.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from ncpi_rules import __version__
from ncpi_rules.cli.approving import approve
from ncpi_rules.cli.asking import GOOD, STANDARD_INPUT, WRONG_USAGE, refuse
from ncpi_rules.cli.assessing import assess, decide, explain
from ncpi_rules.cli.checking import check
from ncpi_rules.cli.mutating import mutate
from ncpi_rules.cli.printing import tell
from ncpi_rules.cli.recording import replay
from ncpi_rules.cli.testing import test
from ncpi_rules.cli.tracing import trace
from ncpi_rules.errors import MissingExtraError, NcpiRulesError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMMANDS: Final[tuple[Callable[..., Any], ...]] = (
    assess,
    explain,
    decide,
    test,
    mutate,
    replay,
    trace,
    approve,
    check,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0: all good; 1: some file could not be used; 2: wrong usage, or a ruleset that cannot be used.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old console shows '?' instead of failing
    given = sys.argv[1:] if arguments is None else arguments
    try:
        status = _run([STANDARD_INPUT if each == "-" else each for each in given])
        sys.stdout.flush()
    except NcpiRulesError as fault:
        tell(fault.problems)
        return WRONG_USAGE
    except BrokenPipeError:
        # Whoever read our output has stopped, as `head` does; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except KeyboardInterrupt:
        return 130
    return status


def _run(arguments: list[str]) -> int:
    try:
        import cyclopts  # noqa: PLC0415  an extra
        from rich.console import Console  # noqa: PLC0415  an extra
    except ImportError:
        sentence = "The command line needs packages that are not installed."
        help_ = 'Install them with: pip install "ncpi-rules[cli]"'
        raise MissingExtraError(Problem(place="", sentence=sentence, help=help_)) from None
    on_terminal = sys.stdout.isatty()
    app = cyclopts.App(
        name="ncpi-rules",
        help="Which follow-up a police force gets after a child protection inspection, and why.",
        version=__version__,
        console=Console(force_terminal=None if on_terminal else False),
        help_formatter="default" if on_terminal else "plain",
        default_parameter=cyclopts.Parameter(negative=()),
        result_action="return_value",
    )
    for command in COMMANDS:
        app.command(command)
    try:
        status: int | None = app(arguments, exit_on_error=False, print_error=False)
    except cyclopts.CycloptsError as fault:
        refuse(" ".join(str(fault).split()), "See ncpi-rules --help.")
    return status or GOOD
