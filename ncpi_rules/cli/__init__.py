"""The command line, ``ncpi-rules``, and its commands.

It reads files, asks the library and prints. Plans and reports go to standard output,
everything else to standard error.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Final

from ncpi_rules import __version__
from ncpi_rules.cli.options import GOOD, STANDARD_INPUT, WRONG_USAGE, refuse
from ncpi_rules.cli.output import tell
from ncpi_rules.core import MissingExtraError, NcpiRulesError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

HELP_WIDTH: Final = 120
"""The columns of help that is not read on a terminal: its lines are not to be broken twice."""

COMMANDS: Final = {
    "assess": ("assess", "Print the plan of each follow-up."),
    "explain": (
        "assess",
        "Say why something is in a plan, why not, or which open questions matter for it.",
    ),
    "decide": ("assess", "Say what a ruleset decides of one case, given in words."),
    "check": (
        "check",
        "Prove what can be proved about a ruleset, and name what is wrong with a case in words.",
    ),
    "test": ("test", "Run the scenarios of a ruleset, and show what is not as they expect."),
    "mutate": (
        "mutate",
        "Put one small mistake after another into the rules, and say which no scenario notices.",
    ),
    "trace": (
        "trace",
        "Say which rules each statement of a methodology carries, and what a changed text does.",
    ),
    "sweep": (
        "sweep",
        "Write what becomes of every row of a table into another table.",
    ),
    "caseload": (
        "caseload",
        "Print one table over many follow-ups: how each stands, and what is next.",
    ),
    "diff": (
        "diff",
        "Say in which cases a second ruleset gives something else than a first, and what.",
    ),
    "approve": (
        "approve",
        "Print the lines for approvals.yaml that approve rules and interpretations as they are.",
    ),
    "replay": (
        "replay",
        "Say whether a recorded assessment still leads to the same plan, and what differs.",
    ),
}
"""The module of each command and what help says of it; only the one asked for is imported."""


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
        message = "The command line needs packages that are not installed."
        help_ = 'Install them with: pip install "ncpi-rules[cli]"'
        raise MissingExtraError(Problem(place="", message=message, help=help_)) from None
    on_terminal = sys.stdout.isatty()
    app = cyclopts.App(
        name="ncpi-rules",
        help="Which follow-up a police force gets after a child protection inspection, and why.",
        version=__version__,
        console=Console() if on_terminal else Console(force_terminal=False, width=HELP_WIDTH),
        help_formatter="default" if on_terminal else "plain",
        default_parameter=cyclopts.Parameter(negative=()),
        result_action="return_value",
    )
    for command, (module, says) in COMMANDS.items():
        app.command(f"{__name__}.{module}:{command}", help=says)
    try:
        status: int | None = app(arguments, exit_on_error=False, print_error=False)
    except cyclopts.CycloptsError as fault:
        refuse(" ".join(str(fault).split()), "See ncpi-rules --help.")
    return status or GOOD
