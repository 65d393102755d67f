"""The command ``format``: the lines of rule files in their reading order, no comment lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, refuse, report_problems, show_lines
from ncpi_rules.core import NcpiRulesError, RulesetError, counted
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import TOP, fields_of, key_of, read_text, tidied, write_whole, yaml_files_in
from ncpi_rules.ruleset import KINDS, edition_folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_FIRST: Final = ("id", "title")
_LAST: Final = ("outranks", "statements", "rests_on", "note")
_FREE: Final = (
    "when",
    "under",
)  # short conditions are read before what a rule says, long ones after


def _rule_lines() -> list[str]:
    """Return the lines of rules: what it is called, what it says, what it rests on."""
    own = (key_of(field) for kind in KINDS for field in fields_of(kind.rule))
    middle = [name for name in own if name not in {*_FIRST, *_LAST, *_FREE, "modality"}]
    return [*_FIRST, *dict.fromkeys(middle), "modality", *_LAST]


def _orders() -> Mapping[str, Sequence[str]]:
    """Return the reading order of each block, by the list in which it stands."""
    rules = _rule_lines()
    follow_up = [key_of(field) for field in fields_of(FollowUp)]
    term = ["id", "title", "from"]
    timing = ["after", "before", "beginning_with"]
    return {
        TOP: ["decides", "hit", "priority", "table", "sections", "rules", *follow_up],
        "sections": ["title", "rules"],
        "rules": rules,
        "given": rules,
        "parameters": ["id", "title", "period", *timing, "under", "statements", "was"],
        "choices": ["id", "title", "choice", "statements", "why", "was"],
        "facts": [*term, "unknown", "left_out", "values", "short"],
        "outcomes": [*term, "none", "values", "short"],
        "parties": term,
        "events": term,
        "activities": term,
        "documents": term,
        "topics": term,
        "interpretations": ["id", "question", "ours", "why", "agreed_by", "answers", "statements"],
        "statements": ["id", "fingerprint", "summary", "modality", "no_rule", "because"],
        "guarantees": ["id", "guarantee", "says", "interpretations"],
        "approvals": ["of", "by", "on", "note", "fingerprints"],
        "scenarios": ["says", "facts", "interpretations", "follow_up", "dates", "on", "expect"],
        "follow_up": follow_up,
    }


def format(  # noqa: A001  the name of the command
    *files: str,
    dry_run: bool = False,
) -> int:
    """Put the lines of rule files into their reading order, and take spare space away.

    Lines are moved whole: no comment, quotation mark or line break is lost, and what a file says is
    the same before and after, or the file is left as it is. A comment on a line of its own goes
    with the line below it.

    :param files: Folders of rulesets, or files of YAML.
    :param dry_run: Change nothing; name the files that would change, with exit status 1.
    """
    if not files:
        refuse("Nothing is named.", "Name the folder of a ruleset: ncpi-rules format FOLDER.")
    orders, bad, changed = _orders(), False, []
    for path in (path for name in files for path in _yaml(Path(name))):
        try:
            text = read_text(path, NcpiRulesError)
            tidy = tidied(text, orders, NcpiRulesError, name=path.as_posix())
            if tidy != text:
                if not dry_run:
                    write_whole(path, tidy.encode(), NcpiRulesError, replace=True)
                changed.append(path.as_posix())
        except NcpiRulesError as fault:
            report_problems(fault.problems)
            bad = True
    what = "would change" if dry_run else "changed"
    show_lines([*changed, f"{counted(len(changed), 'file')} {what}."])
    return SOME_FILE_BAD if bad or (dry_run and changed) else GOOD


def _is_shipped(name: str) -> bool:
    """Return True for the name of a ruleset of the library, or of one of its editions."""
    try:
        return bool(edition_folders(name))
    except RulesetError:
        return False


def _yaml(path: Path) -> Iterator[Path]:
    """Yield a file, or the files of a ruleset and of its scenarios; refuse a shipped ruleset."""
    if not path.exists() and _is_shipped(path.as_posix()):
        refuse(
            f"'{path.as_posix()}' comes with the library, and its files stay as they are.",
            "Make a working copy, ncpi-rules init my-copy, and name its folder.",
        )
    if not path.is_dir():
        yield path
        return
    files = [
        Path(str(file))
        for folder in (path, path / "scenarios")
        if folder.is_dir()
        for file in yaml_files_in(folder).values()
    ]
    if not files:
        refuse(f"There is no file of YAML in '{path.as_posix()}'.", "Name the folder of a ruleset.")
    yield from sorted(files)
