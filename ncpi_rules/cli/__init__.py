"""The command line, ``ncpi-rules``, and its commands.

It reads files, asks the library and prints. Plans and reports go to standard output,
everything else to standard error.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn, get_args

from ncpi_rules import __version__
from ncpi_rules.cli.output import GOOD, WRONG_USAGE, refuse, report_problems
from ncpi_rules.core import MissingExtraError, NcpiRulesError, Problem, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import cyclopts

HELP_WIDTH: Final = 120
"""The columns of help that is not read on a terminal: its lines are not to be broken twice."""

HELP: Final = frozenset({"--help", "-h", "--version"})

STANDARD_INPUT: Final = "<standard input>"

COMMANDS: Final = {
    "assess": "Print the plan of each follow-up.",
    "explain": "Say why something is in a plan, why not, or what a finding of a check means.",
    "decide": "Say what a ruleset decides in one case, given as values and dates.",
    "check": "Prove what can be proved about a ruleset, and report each fault with a case.",
    "test": "Run the scenarios of a ruleset, and show which fail and why.",
    "mutate": "Put small mistakes into the rules, one by one, and list those no scenario notices.",
    "trace": "List the rules that implement each statement of a methodology; compare two versions.",
    "sweep": "Assess every row of a table, and write the results as another table.",
    "caseload": "Print one table of many follow-ups, the most urgent first, and what is next.",
    "init": "Make a working copy of an edition, an empty ruleset, follow-up, scenario or workbook.",
    "format": "Put the lines of rule files into their reading order, and take spare space away.",
    "watch": "Check and test a ruleset again whenever one of its files is saved.",
    "diff": "Say in which cases two rulesets give different results, and how.",
    "parameters": "List the numbers and choices of a ruleset, and who says each.",
    "export": "Write the rules of a ruleset as decision tables for other programs.",
    "review": "Write the pack in which people check the rules, or print their comments.",
    "approve": "Write into approvals.yaml who approves rules and interpretations.",
    "record": "Sign a record of an assessment, so that others can see that nobody has changed it.",
    "replay": "Repeat a recorded assessment, and report whether the plan is the same.",
}
"""The line of help of each command, which is a module of its own: only one is imported."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0: all good; 1: a file could not be used, or the answer is no; 2: wrong usage, or a ruleset or
    an output that cannot be used.

    Every fault of a file, a folder, a disk or an encoding that nobody has put into a sentence
    before becomes one here.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old console shows '?' instead of failing
    try:
        with _termination_as_exception():
            return _run(sys.argv[1:] if arguments is None else arguments)
    except NcpiRulesError as fault:
        report_problems(fault.problems)
    except BrokenPipeError:
        _discard_output()
        return GOOD  # whoever read our output has stopped, as `head` does
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except OSError as fault:
        _discard_output()
        place = "" if fault.filename is None else os.fsdecode(fault.filename)
        message = f"The system reports: {fault.strerror or fault}."
        help_ = "Check the name, the permissions and the room on the disk."
        report_problems([Problem(place=place, message=message, help=help_)])
    except UnicodeError:
        message = "An input holds text that is not UTF-8."
        help_ = "Save it again and choose UTF-8 as the encoding."
        report_problems([Problem(place="", message=message, help=help_)])
    return WRONG_USAGE


def _run(arguments: Sequence[str]) -> int:
    try:
        import cyclopts  # noqa: PLC0415  an extra
        import rich  # noqa: F401, PLC0415  an extra, of which parts are imported when needed
    except ImportError:
        message = "The command line needs packages that are not installed."
        raise MissingExtraError.naming(message, extra="cli") from None
    if sys.stdout is None:
        refuse("Standard output is closed.", "Open it, or redirect it to a file.")
    app = cyclopts.App(
        name="ncpi-rules",
        help="Which follow-up a police force gets after a child protection inspection, and why.",
        version=__version__,
        default_parameter=cyclopts.Parameter(negative=()),
        result_action="return_value",
    )
    if not arguments or not HELP.isdisjoint(arguments):
        from rich.console import Console  # noqa: PLC0415  an extra, and slow to import

        on_terminal = sys.stdout.isatty()
        app.help_formatter = "default" if on_terminal else "plain"
        app.console = Console() if on_terminal else Console(force_terminal=False, width=HELP_WIDTH)
    command = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    if command:  # to know the one that is asked for is quicker than to know them all
        app.command(f"{__name__}.{command}:{command}")
    else:
        for name, summary in COMMANDS.items():
            app.command(f"{__name__}.{name}:{name}", help=summary)
    written = [STANDARD_INPUT if argument == "-" else argument for argument in arguments]
    try:
        status: int | None = app(written, exit_on_error=False, print_error=False)
    except cyclopts.CycloptsError as fault:
        page = f"ncpi-rules {command} --help" if command else "ncpi-rules --help"
        refuse(*_what_is_wrong(fault, arguments, f"See: {page}"))
    if command and not HELP.isdisjoint(arguments):
        from ncpi_rules.cli.examples import example_of  # noqa: PLC0415  only help has it

        print(example_of(command))
    sys.stdout.flush()
    return status or GOOD


def _what_is_wrong(
    fault: cyclopts.CycloptsError, arguments: Sequence[str], see: str
) -> tuple[str, str]:
    """Return what is wrong with a command as it was typed, and how to mend it."""
    import cyclopts  # noqa: PLC0415  an extra

    message, help_ = " ".join(str(fault).split()), see
    match fault:
        case cyclopts.CoercionError(token=token, target_type=kind):
            option = getattr(token, "keyword", None) or "an argument"
            value = getattr(token, "value", "")
            choices = [choice for choice in _choices(kind) if isinstance(choice, str)]
            message = f"'{value}' is not a value of {option}."
            help_ = one_of(value, choices) if choices else see
        case cyclopts.MissingArgumentError(argument=missing) if missing is not None:
            typed = [argument for argument in arguments if argument in missing.names]
            message = f"{typed[0]} needs a value." if typed else f"{missing.name} is missing."
        case cyclopts.UnknownOptionError(token=token, argument_collection=known):
            option = token.keyword or token.value
            names = [name for argument in known for name in argument.names if name[0] == "-"]
            message, help_ = f"There is no option '{option}'.", one_of(option, names)
        case cyclopts.UnknownCommandError(unused_tokens=[name, *_]):
            message, help_ = f"There is no command '{name}'.", one_of(name, COMMANDS)
        case cyclopts.UnusedCliTokensError(unused_tokens=[first, *_]):
            message = f"'{first}' is one argument too many."
        case cyclopts.RepeatArgumentError(token=token):
            message, help_ = f"{token.keyword} is given twice.", "Leave out one of the two."
    return message, help_


def _choices(kind: Any) -> Iterator[Any]:
    """Yield the values of a choice, however deep they stand in its type."""
    for inside in get_args(kind):
        yield from _choices(inside) if get_args(inside) else (inside,)


@contextmanager
def _termination_as_exception() -> Iterator[None]:
    """Make SIGTERM an exception, so that an unfinished file is removed."""

    def stop(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    before = None
    with suppress(ValueError):  # only the main thread may
        before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _discard_output() -> None:
    """Let what is still to be printed go nowhere: Python would try again when it ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
