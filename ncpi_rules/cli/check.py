"""The command ``check``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, TypeAlias

from ncpi_rules.checks import CODES, Finding, Ground, interpretations_that_matter
from ncpi_rules.checks import check as check_ruleset
from ncpi_rules.cli.options import GOOD, SOME_FILE_BAD
from ncpi_rules.cli.output import show
from ncpi_rules.core import RulesetError
from ncpi_rules.engine import count
from ncpi_rules.report import printable, wrapped
from ncpi_rules.ruleset import SHIPPED, edition_folder, load_ruleset
from ncpi_rules.sign_off import sign_off

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.checks import Matter
    from ncpi_rules.ruleset import Ruleset

Format: TypeAlias = Literal["text", "json"]


def check(
    ruleset: str = SHIPPED,
    /,
    *,
    interpretations: bool = False,
    signed: bool = False,
    format_: Format = "text",
) -> int:
    """Prove what can be proved about a ruleset, and name what is wrong with a case in words.

    The exit status is 0 where nothing is found, 1 where something is, and 2 where there is no such
    ruleset.

    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param interpretations: Also tell in which cases each open question matters.
    :param signed: Also tell which rules and interpretations nobody has approved as they are.
    :param format_: How it is printed.
    """
    edition_folder(ruleset)  # a name that is nowhere is wrong usage
    loaded: Ruleset | None = None
    found: list[Finding]
    after: list[str] = []
    try:
        loaded = load_ruleset(ruleset)
        found = list(check_ruleset(loaded))
        after += _summary(loaded, len(found))
    except RulesetError as fault:
        found = [Finding.of(each) for each in fault.problems]
        after.append("The ruleset cannot be used, so nothing else was looked at.")
    if loaded is not None and signed:
        try:
            approved = sign_off(loaded, ruleset)
            found += approved.findings(ruleset)
            after += wrapped(approved.says)
        except RulesetError as fault:
            found += map(Finding.of, fault.problems)
            after.append("What is approved could not be looked at.")
    if format_ == "json":
        show(json.dumps([_as_dict(each) for each in found], ensure_ascii=False, indent=2) + "\n")
    else:
        lines = [line for each in found for line in _says(each)] + after
        if loaded is not None and interpretations:
            lines += _says_interpretations(loaded)
        show("\n".join(lines) + "\n")
    return SOME_FILE_BAD if found else GOOD


def _as_dict(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "title": CODES[finding.code],
        "place": finding.place,
        "says": finding.message,
        "help": finding.help,
        "witness": dict(finding.witness),
        "page": finding.page,
    }


def _says(finding: Finding) -> Iterator[str]:
    yield from wrapped(printable(f"{finding.place}: {finding.message}"), rest="  ")
    yield from wrapped(printable(f"help: {finding.help}"), first="  ", rest="  ")
    yield from (f"  more: {finding.page}", "")


def _summary(ruleset: Ruleset, found: int) -> list[str]:
    cases = count({}, Ground.of(ruleset).program.values)
    counted = [
        f"{number} {what if number == 1 else what + 's'}"
        for number, what in (
            (len(ruleset.rules), "rule"),
            (len(ruleset.statements), "statement"),
            (len(ruleset.interpretations), "interpretation"),
            (len(ruleset.guarantees), "guarantee"),
        )
    ]
    if found:
        told = f"{found} {'thing' if found == 1 else 'things'} found."
    else:
        told = "nothing is wrong"
        told += ", and every guarantee is proved." if ruleset.guarantees else "."
    listed = f"{', '.join(counted[:-1])} and {counted[-1]}"
    return list(wrapped(f"{listed}, in all {cases:,} cases: {told}"))


def _says_interpretations(ruleset: Ruleset) -> Iterator[str]:
    """Yield where each open question matters, once for answers that matter in the same cases."""
    alike: dict[tuple[str, bool, tuple[str, ...]], list[Matter]] = {}
    for each in interpretations_that_matter(ruleset):
        key = (each.interpretation, each.by_a_setting, each.in_words)
        alike.setdefault(key, []).append(each)
    for (id_, by_a_setting, cases), together in alike.items():
        ours = ruleset.interpretations[id_].ours
        answers = "' or '".join(each.answer for each in together)
        told = f"{id_}: the answer '{answers}' instead of '{ours}'"
        yield ""
        if by_a_setting:
            yield from wrapped(f"{told} changes how every plan is made.")
        elif "in every case" in cases:
            yield from wrapped(f"{told} changes what follows in every case.")
        elif cases:
            yield from wrapped(f"{told} changes what follows where:")
            yield from _listed(cases)
        else:
            yield from wrapped(f"{told} changes nothing.")


def _listed(cases: Iterable[str]) -> Iterator[str]:
    for case in cases:
        yield from wrapped(printable(case), first="- ", rest="  ")
