"""The command ``check``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ncpi_rules.checks import (
    AREAS,
    CODES,
    Finding,
    RulesetAnalysis,
    SharedLines,
    effects_of_answers,
    shared_lines,
)
from ncpi_rules.checks import check as check_ruleset
from ncpi_rules.cli.editions import EditionReport, show_editions
from ncpi_rules.cli.options import RulesetName, TextOrJson
from ncpi_rules.core import RulesetError, joined
from ncpi_rules.engine import count
from ncpi_rules.report import printable, wrapped
from ncpi_rules.ruleset import (
    SHIPPED,
    Editions,
    base_of,
    edition_folders,
    load_folder,
    load_ruleset,
)
from ncpi_rules.sign_off import sign_off

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.checks import AnswerEffect
    from ncpi_rules.ruleset import Ruleset
    from ncpi_rules.sign_off import SignOff


def check(
    ruleset: RulesetName = SHIPPED,
    /,
    *,
    interpretations: bool = False,
    signed: bool = False,
    format_: TextOrJson = "text",
) -> int:
    """Prove what can be proved about a ruleset, and report each fault with a case.

    The exit status is 0 where nothing is wrong, 1 where something is, and 2 where there is no such
    ruleset.

    :param interpretations: Also report in which cases each open question matters.
    :param signed: Also list the rules and interpretations that nobody has approved as they are.
    """
    report = partial(_check, interpretations=interpretations, signed=signed)
    return show_editions(ruleset, format_, report, _check_together)


def _check_together(name: str) -> EditionReport | None:
    """Return why editions cannot stand beside each other, where each can be read."""
    try:
        editions = [load_folder(folder) for folder in edition_folders(name)]
    except RulesetError:
        return None  # what is wrong with one stands in the report on it
    try:
        Editions.of(editions)
    except RulesetError as fault:
        findings = [Finding.of(problem) for problem in fault.problems]
        return EditionReport(
            is_good=False,
            plain={"findings": [_as_dict(finding) for finding in findings]},
            lines=tuple(line for finding in findings for line in _describe(finding)),
        )
    return None


def _check(name: str, *, interpretations: bool, signed: bool) -> EditionReport:
    """Return what is found in one edition."""
    loaded: Ruleset | None = None
    findings: list[Finding]
    summary: list[str] = []
    differences: tuple[str, ...] = ()
    plain: dict[str, object] = {}
    try:
        loaded = load_ruleset(name)
        findings = list(check_ruleset(loaded))
        beside: list[str] = []
        if name != SHIPPED:  # those who publish it see to its scenarios
            from ncpi_rules.cli import beside_rules  # noqa: PLC0415  slow, and not always needed

            reports = (beside_rules.scenario_findings, beside_rules.stale_approvals)
            for report in reports[:1] if signed else reports:
                more, sentence = report(loaded, name)
                findings += more
                beside += wrapped(sentence)
            differences = beside_rules.differences_from_base(loaded, name)
        summary += [*_summary(loaded, len(findings)), *beside, *_found_nothing(findings)]
    except RulesetError as fault:
        findings = [Finding.of(problem) for problem in fault.problems]
        summary.append("The ruleset cannot be used, so nothing else was checked.")
    if loaded is not None and signed:
        try:
            approved = sign_off(loaded, name)
            findings += approved.findings(name)
            summary += [*wrapped(approved.summary), *_unchanged(approved, loaded, name)]
            plain["sign_off"] = approved.summary
        except RulesetError as fault:
            findings += map(Finding.of, fault.problems)
            summary.append("The approvals could not be checked.")
    shared = [] if loaded is None else list(shared_lines(loaded))
    plain["sections"] = [
        {"place": part.place, "says": part.says, "rules": list(part.rules)} for part in shared
    ]
    lines = [line for finding in findings for line in _describe(finding)] + summary
    lines += _describe_differences(differences)
    plain["differences"] = list(differences)
    lines += _describe_sections(shared)
    if loaded is not None and interpretations:
        plain["interpretations"] = list(map(_effect_as_dict, effects_of_answers(loaded)))
        lines += _describe_interpretations(loaded)
    return EditionReport(
        is_good=not findings,
        plain={"findings": [_as_dict(finding) for finding in findings], **plain},
        lines=tuple(lines),
    )


def _unchanged(approved: SignOff, ruleset: Ruleset, name: str) -> Iterator[str]:
    """Yield how many open approvals of a copy are of what is as it was in its original."""
    if approved.open and base_of(ruleset) is not None:
        from ncpi_rules.cli.approve import as_in_original  # noqa: PLC0415  slow, seldom needed

        same = as_in_original(name, ruleset) & {item.name for item in approved.open}
        if same:
            yield from wrapped(
                f"{len(same)} of these {'is' if len(same) == 1 else 'are'} just as in the edition "
                f"from which it was copied; 'ncpi-rules approve --unchanged --ruleset {name} "
                "--by WHO --on DAY' approves what is."
            )


def _as_dict(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "title": CODES[finding.code],
        "place": finding.place,
        "message": finding.message,
        "help": finding.help,
        "witness": dict(finding.witness),
        "page": finding.page,
    }


def _effect_as_dict(effect: AnswerEffect) -> dict[str, object]:
    return {
        "interpretation": effect.interpretation,
        "answer": effect.answer,
        "is_setting": effect.is_setting,
        "cases": list(effect.sentences),
    }


def _describe(finding: Finding) -> Iterator[str]:
    yield from wrapped(printable(f"{finding.place}: {finding.message}"), rest="  ")
    yield from wrapped(printable(f"help: {finding.help}"), first="  ", rest="  ")
    yield from (f"  more: ncpi-rules explain {finding.code}", "")


def _summary(ruleset: Ruleset, findings: int) -> Iterator[str]:
    cases = count({}, RulesetAnalysis.of(ruleset).program.values)
    *first, last = [
        f"{number} {what if number == 1 else what + 's'}"
        for number, what in (
            (len(ruleset.cases), "rule"),
            (len(ruleset.statements), "statement"),
            (len(ruleset.interpretations), "interpretation"),
            (1 + len(ruleset.guarantees), "guarantee"),  # every ruleset has one by default
        )
    ]
    result = "nothing is wrong, and every guarantee is proved."
    if findings:
        result = f"{findings} {'finding' if findings == 1 else 'findings'}."
    return wrapped(f"{', '.join(first)} and {last}, in all {cases:,} cases: {result}")


def _found_nothing(findings: list[Finding]) -> Iterator[str]:
    """Yield what was looked at without a finding."""
    codes = {finding.code for finding in findings}
    if clear := [area for area, named in AREAS.items() if codes.isdisjoint(named)]:
        yield from wrapped(f"Found nothing in: {joined(clear, 'and')}.")


def _describe_differences(differences: tuple[str, ...]) -> Iterator[str]:
    """Yield how a copy differs from the edition that it was made from."""
    if differences:
        first, *others = differences
        yield from ("", *wrapped(printable(first)))
        for text in others:
            yield from wrapped(printable(text), first="- ", rest="  ")


def _describe_sections(shared: list[SharedLines]) -> Iterator[str]:
    """Yield what each section shares, with the rules that it touches."""
    if shared:
        yield from ("", "What sections share:")
    for part in shared:
        touched = f"it touches {', '.join(part.rules)}" if part.rules else "it touches no rule"
        text = f"  {part.place}: {part.says}; {touched}."
        yield from wrapped(printable(text), rest="    ")


def _describe_interpretations(ruleset: Ruleset) -> Iterator[str]:
    """Yield where each open question matters; answers that matter in the same cases together."""
    alike: dict[tuple[str, bool, tuple[str, ...]], list[AnswerEffect]] = {}
    for matter in effects_of_answers(ruleset):
        key = (matter.interpretation, matter.is_setting, matter.sentences)
        alike.setdefault(key, []).append(matter)
    for (id_, is_setting, cases), matters in alike.items():
        ours = ruleset.interpretations[id_].ours
        answers = "' or '".join(matter.answer for matter in matters)
        answer = f"{id_}: the answer '{answers}' instead of '{ours}'"
        yield ""
        if is_setting:
            yield from wrapped(f"{answer} changes how every plan is made.")
        elif "in every case" in cases:
            yield from wrapped(f"{answer} changes the result in every case.")
        elif cases:
            yield from wrapped(f"{answer} changes the result where:")
            for case in cases:
                yield from wrapped(printable(case), first="- ", rest="  ")
        else:
            yield from wrapped(f"{answer} changes nothing.")
