"""The command ``init``: a working copy of an edition, and skeletons of all that people write."""

from __future__ import annotations

import os.path
import re
from pathlib import Path
from typing import Final

from ncpi_rules import io
from ncpi_rules.cli.options import RulesetName, editions_named, ruleset_named
from ncpi_rules.cli.output import GOOD, refuse, show_lines
from ncpi_rules.cli.vocabulary_schemas import SCHEMA_FOLDER
from ncpi_rules.cli.working_copy import (
    copy_of,
    empty_ruleset,
    follow_up_text,
    ruleset_above,
    scenario_text,
    write_ruleset,
    write_schemas,
)
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.explore import case_template
from ncpi_rules.ruleset import SHIPPED, Editions, Ruleset, edition_folder, load_ruleset

_YAML: Final = (".yaml", ".yml")


def init(
    folder: str | None = None,
    /,
    *,
    ruleset: RulesetName = SHIPPED,
    name: str = "",
    empty: bool = False,
    follow_up: str | None = None,
    scenario: str | None = None,
    cases: str | None = None,
    schemas: str | None = None,
    replace: bool = False,
) -> int:
    """Make a working copy of an edition, an empty ruleset, follow-up, scenario or workbook.

    A working copy has a name of its own and says what it is based on. Beside each lie schemas, by
    which an editor completes names and marks wrong ones. Name one thing at a time.

    :param folder: The folder to make, for a working copy of the edition or, with --empty, for an
        empty ruleset. It must be new, or hold nothing.
    :param name: What the copy is called; the name of its folder unless given.
    :param empty: Make a ruleset with one example of everything instead of a copy.
    :param follow_up: The follow-up to write, such as kent.yaml: each field in a comment.
    :param scenario: The scenario to write, in the folder 'scenarios' of a ruleset.
    :param cases: The workbook (.xlsx) to write, in which follow-ups are written down, one in a row.
    :param schemas: The folder of a ruleset whose schemas are to be written anew.
    :param replace: Let a file replace another of the same name.
    """
    named = [folder, follow_up, scenario, cases, schemas]
    if sum(item is not None for item in named) != 1:
        some = any(item is not None for item in named)
        refuse(
            "Several things are named." if some else "Nothing is named.",
            "Write one of: ncpi-rules init FOLDER, init --follow-up FILE.yaml, init --scenario "
            "FOLDER/scenarios/FILE.yaml, init --cases FILE.xlsx, init --schemas FOLDER.",
        )
    rules_named = "" if ruleset == SHIPPED else f" --ruleset {_shown(Path(ruleset))}"
    if folder is not None:
        _make_ruleset(Path(folder), ruleset, name=name, empty=empty)
    elif schemas is not None:
        write_schemas(Path(schemas), load_ruleset(Path(schemas)))
        show_lines([f"The schemas are in {_shown(Path(schemas, SCHEMA_FOLDER))}."])
    elif cases is not None:
        _named(cases, ".xlsx", what="a workbook")
        template = case_template(_latest(ruleset))
        io.write_whole(cases, template, NcpiRulesError, replace=replace)
        about = "takes a follow-up in each row; its sheet 'Read me' says how."
        _say_next(cases, about, f"caseload {_shown(Path(cases))}{rules_named}")
    elif scenario is not None:
        _named(scenario, *_YAML, what="a file of YAML")
        rules = load_ruleset(ruleset_above(Path(scenario)))
        io.write_whole(scenario, scenario_text(rules).encode(), NcpiRulesError, replace=replace)
        about = "is a scenario with every fact in a comment."
        _say_next(scenario, about, f"test {_shown(Path(scenario).parent.parent)}")
    elif follow_up is not None:
        _named(follow_up, *_YAML, what="a file of YAML")
        rules = _latest(ruleset)
        io.write_whole(follow_up, follow_up_text(rules).encode(), NcpiRulesError, replace=replace)
        write_schemas(Path(follow_up).parent, rules, only="follow-up.json")
        about = "has each field in a comment: take the # away from what you know."
        _say_next(follow_up, about, f"assess {_shown(Path(follow_up))}{rules_named}")
    return GOOD


def _say_next(file: str, about: str, command: str) -> None:
    """Say what a file is that was written, and what to type next."""
    show_lines([f"{_shown(Path(file))} {about} Then:", f"  ncpi-rules {command}"])


def _make_ruleset(folder: Path, ruleset: str, *, name: str, empty: bool) -> None:
    """Write a working copy or an empty ruleset, and say what to do next."""
    name = name or Path(os.path.realpath(folder)).name  # resolve() fails where links go in a circle
    name = re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")
    if not name:
        refuse(
            "The copy has no name.", "Give it one of letters and digits, such as --name our-copy."
        )
    if empty:
        made = write_ruleset(folder, empty_ruleset(name))
        what = "an empty ruleset with one example of everything"
    else:
        original = ruleset_named(ruleset)
        if name == original.settings.edition:
            refuse(
                f"'{name}' is the name of the edition itself.",
                "Give the copy another name, such as --name our-copy.",
            )
        made = write_ruleset(folder, copy_of(edition_folder(ruleset), original, name))
        what = f"a working copy of {original.name}"
    shown = _shown(folder)
    show_lines(
        [
            f"{shown} is {what}, called '{made.name}'.",
            "Open the folder in an editor: the first line of each file leads it to the schemas, by",
            "which it completes names and marks wrong ones. Then:",
            f"  ncpi-rules watch {shown}    # checks again whenever a file is saved",
            f"  ncpi-rules check {shown}",
            f"  ncpi-rules test {shown}",
            *([] if empty else [f"  ncpi-rules diff {ruleset} {shown}"]),
        ]
    )


def _named(file: str, *endings: str, what: str) -> None:
    """Refuse a file whose name does not end as it should."""
    if Path(file).suffix.casefold() not in endings:
        refuse(f"'{file}' has not the ending of {what}.", f"Name a file that ends in {endings[0]}.")


def _latest(name: str) -> Ruleset:
    rules = editions_named(name)
    return rules.latest if isinstance(rules, Editions) else rules


def _shown(path: Path) -> str:
    """Return a path as it can be typed in a command."""
    text = path.as_posix()
    return f'"{text}"' if " " in text else text
