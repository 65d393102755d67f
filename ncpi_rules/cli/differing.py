"""The command ``diff``: in what a second ruleset differs from a first, and for whom.

Floor 12.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ncpi_rules.cli.asking import GOOD, SOME_FILE_BAD, Asked, expanded, refuse
from ncpi_rules.cli.printing import is_utf8, show
from ncpi_rules.dates import day_of
from ncpi_rules.difference import Affected, Impact
from ncpi_rules.difference import diff as difference_of
from ncpi_rules.render.plain import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.difference import RulesetDifference

ENDINGS = {".yaml", ".yml", ".json"}


def diff(
    first: str,
    second: str,
    /,
    *,
    cases: list[str] | None = None,
    on: str | None = None,
    format_: Literal["text", "json"] = "text",
) -> int:
    """Say in which cases a second ruleset gives something else than a first, and what.

    With --cases it also says which follow-ups are affected, and how. The exit status is 0 whether
    or not the two differ, and 1 where a follow-up could not be used.

    :param first: The name of a shipped ruleset, or the folder of any other.
    :param second: The ruleset that is compared with it.
    :param cases: A follow-up as .yaml or .json, or a folder of these; may be repeated.
    :param on: The day of the assessment, such as 2019-04-11; today unless given.
    :param format_: How it is printed.
    """
    if on is not None and not cases:
        refuse("There is no follow-up that could be assessed on a day.", "Add: --cases FILE")
    one, other = (Asked.of(on, name, None, None) for name in (first, second))
    found = difference_of(one.ruleset, other.ruleset)
    names = list(_files(cases or ()))
    affected = [each for name in names if (each := _affected(name, one, other)) is not None]
    impact = Impact(on=day_of(one.day.toordinal()), cases=tuple(affected)) if cases else None
    if format_ == "json":
        told = found.to_dict()
        if impact is not None:
            told["impact"] = impact.to_dict()
        print(json.dumps(told, ensure_ascii=not is_utf8(), indent=2))
    else:
        show("\n".join(_page(found, impact, one)) + "\n")
    return GOOD if len(affected) == len(names) else SOME_FILE_BAD


def _files(names: Iterable[str]) -> Iterator[str]:
    """Yield the files that are named, and those in folders that are, in order."""
    for name in expanded(names):
        folder = Path(name)
        if not folder.is_dir():
            yield name
            continue
        found = sorted(each for each in folder.iterdir() if each.suffix.casefold() in ENDINGS)
        if not found:
            refuse(
                f"There is no follow-up in '{name}'.", "Name a folder with .yaml or .json files."
            )
        yield from (str(each).replace("\\", "/") for each in found)


def _affected(name: str, one: Asked, other: Asked) -> Affected | None:
    """Return how a follow-up is affected; tell what is wrong where it cannot be used."""
    before = one.plan(name)
    after = None if before is None else other.plan(name)
    return None if before is None or after is None else Affected.of(name, before, after)


def _page(found: RulesetDifference, impact: Impact | None, asked: Asked) -> Iterator[str]:
    yield from wrapped(
        f"From {found.a.name} ({found.a.digest}) to {found.b.name} ({found.b.digest})"
    )
    for each in found.says:
        yield from ("", *wrapped(each))
    if impact is None:
        return
    totals, *_ = impact.says
    yield from ("", *wrapped(f"As things stood on {asked.says_day}: {totals}"))
    for case in impact.affected:
        yield from ("", *wrapped(f"{case.force} ({case.name})"))
        for one in case.differences:
            yield from wrapped(one.says, first="- ", rest="  ")
