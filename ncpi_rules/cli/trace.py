"""The command ``trace``."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from ncpi_rules.checks import html_of_trace, markdown_of_trace, text_of_trace
from ncpi_rules.checks import trace as trace_text
from ncpi_rules.cli.options import GOOD, STANDARD_INPUT, refuse, ruleset_named
from ncpi_rules.cli.output import is_utf8, print_marked_up, show
from ncpi_rules.core import NcpiRulesError, Problem
from ncpi_rules.io import MAXIMUM_BYTES, read_text
from ncpi_rules.report import WIDTH
from ncpi_rules.ruleset import SHIPPED
from ncpi_rules.scenarios import coverage, load_scenarios

if TYPE_CHECKING:
    from ncpi_rules.checks import Trace

SOMETHING_DIFFERS = 1

Format: TypeAlias = Literal["text", "json", "markdown", "html"]


def trace(
    methodology: str,
    /,
    *,
    ruleset: str = SHIPPED,
    against: str | None = None,
    format_: Format = "text",
) -> int:
    """Say which rules each statement of a methodology carries, and what a changed text does.

    The exit status is 0 where every statement is as the rules know it, and 1 where one is not.

    :param methodology: The methodology as plain text, each paragraph and list item on one line.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param against: The changed methodology; the first file is then the old one.
    :param format_: How the trace is printed.
    """
    rules = ruleset_named(ruleset)
    if methodology == against == STANDARD_INPUT:
        refuse("Both texts cannot come from standard input.", "Name a file for one of the two.")
    covered = coverage(load_scenarios(ruleset, ruleset=rules), rules)
    # A rule without conditions holds in every scenario: to name them all would say nothing.
    holding = {
        id_: says
        for id_, says in covered.holding.items()
        if rules.rules[id_].when or rules.rules[id_].under
    }
    old = _read(methodology)
    new = None if against is None else _read(against)
    try:
        found = trace_text(old, rules, against=new, scenarios=holding)
    except NcpiRulesError as fault:
        names = {"text": methodology, "against": against or ""}
        raise NcpiRulesError(
            attrs.evolve(each, place=names.get(each.place, each.place)) for each in fault.problems
        ) from None
    _show(found, format_)
    return GOOD if found.same else SOMETHING_DIFFERS


def _read(name: str) -> str:
    """Return the text of a file, or of standard input."""
    if name == STANDARD_INPUT:
        try:
            return sys.stdin.buffer.read(MAXIMUM_BYTES).decode("utf-8-sig")
        except UnicodeDecodeError:
            message = "This is not UTF-8 text."
            help_ = "Save it again and choose UTF-8 as the encoding."
            raise NcpiRulesError(Problem(place=name, message=message, help=help_)) from None
    return read_text(Path(name), NcpiRulesError)


def _show(found: Trace, format_: Format) -> None:
    if format_ == "json":
        print(json.dumps(found.to_dict(), ensure_ascii=not is_utf8(), indent=2))
    elif format_ == "text":
        wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
        show(text_of_trace(found, width=min(WIDTH, wide)))
    else:
        print_marked_up(html_of_trace(found) if format_ == "html" else markdown_of_trace(found))
