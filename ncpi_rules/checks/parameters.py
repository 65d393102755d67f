"""Parameters: numbers written out, numbers that no statement says, parameters that nothing uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.checks.findings import Finding
from ncpi_rules.core import Period, joined
from ncpi_rules.io import PERIOD, Path_, Plain
from ncpi_rules.ruleset import named_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.checks.analysis import RulesetAnalysis
    from ncpi_rules.ruleset import Parameter, Ruleset

_WRITTEN_OUT: Final = re.compile(rf"\b(?:{PERIOD})\b", re.IGNORECASE)
_NUMBERS_ALLOWED: Final = frozenset({"ruleset", "parameters", "statements"})
"""The files that may have numbers: a summary says what the publisher says."""


def parameter_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield what is wrong with the numbers of a ruleset: each belongs in parameters.yaml, once."""
    ruleset = analysis.ruleset
    texts = list(_texts(ruleset))
    used = {name for _, _, text in texts for name in (*named_in(text), text.partition(" ")[0])}
    for file, path, text in texts:
        yield from _written_out(ruleset, file, path, text)
    for id_, parameter in ruleset.parameters.items():
        if id_ not in used:
            yield Finding(
                code="never-used",
                place=analysis.place(f"parameters.{id_}"),
                message=f"No rule and no sentence uses the parameter '{id_}'.",
                help=f"Name it in a rule, such as 'within: {id_}', or remove it.",
            )
        yield from _not_as_stated(analysis, parameter)


def _texts(ruleset: Ruleset) -> Iterator[tuple[str, Path_, str]]:
    """Yield every text in the files that take their numbers from parameters, with its place."""
    for file, source in ruleset.files.items():
        if file not in _NUMBERS_ALLOWED:
            yield from ((file, path, text) for path, text in _texts_in(source.data, ()))


def _texts_in(data: Plain, path: Path_) -> Iterator[tuple[Path_, str]]:
    if isinstance(data, dict):
        for name, inner in data.items():
            yield from _texts_in(inner, (*path, name))
    elif isinstance(data, list):
        for at, inner in enumerate(data):
            yield from _texts_in(inner, (*path, at))
    elif isinstance(data, str):
        yield path, data


def _written_out(ruleset: Ruleset, file: str, path: Path_, text: str) -> Iterator[Finding]:
    for match in _WRITTEN_OUT.finditer(text):
        period = Period.read(match[0])
        alike = [
            f"'{id_}'"
            for id_, parameter in ruleset.parameters.items()
            if parameter.period == period
        ]
        advice = f"the parameter {joined(alike, 'or')}" if alike else "a parameter"
        yield Finding(
            code="number-written-out",
            place=ruleset.files[file].place(path),
            message=f"'{match[0]}' is written out here.",
            help=f"Name {advice} instead: then the number stands in one place.",
        )


def _not_as_stated(analysis: RulesetAnalysis, parameter: Parameter) -> Iterator[Finding]:
    """Yield a finding where no statement that a parameter cites says its number."""
    statements = {id_: analysis.ruleset.statements[id_].summary for id_ in parameter.statements}
    stated = {
        Period.read(match[0])
        for summary in statements.values()
        for match in _WRITTEN_OUT.finditer(summary)
    }
    if parameter.period not in stated:
        cited = "; ".join(f"{id_}: {summary}" for id_, summary in statements.items())
        yield Finding(
            code="number-not-as-stated",
            place=analysis.place(f"parameters.{parameter.id}"),
            message=f"The parameter '{parameter.id}' is {parameter.period.spelled}, and no "
            f"statement that it cites says so. {cited}",
            help="Correct the number, or cite the statement that says it.",
        )


@frozen(kw_only=True)
class SharedLines:
    """What a section of a file shares, and the rules that it touches."""

    place: str
    says: str
    rules: tuple[str, ...]


def shared_lines(ruleset: Ruleset) -> Iterator[SharedLines]:
    """Yield what each section of a ruleset shares, in reading order.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> [part.says for part in shared_lines(shipped_ruleset()) if "5-deadlines" in part.place][0]
    "'wherever' tier is full-re-inspection adds R15: at-least-those-of-a-review and ..."
    """
    for source in ruleset.files.values():
        for at, section in enumerate(source.data.get("sections", [])):
            rules = tuple(rule["id"] for rule in section["rules"])
            if shared := section.get("given"):
                yield SharedLines(
                    place=source.place(("sections", at, "given"), key=True),
                    says=f"'given' says {_shown(shared)}",
                    rules=rules,
                )
            if wherever := section.get("wherever"):
                ((fact, named),) = (
                    (name, wherever[name])
                    for name in wherever
                    if name in ruleset.facts or name in ruleset.outcomes
                )
                values = named if isinstance(named, list) else [named]
                adds = {name: line for name, line in wherever.items() if name != fact}
                yield SharedLines(
                    place=source.place(("sections", at, "wherever"), key=True),
                    says=f"'wherever' {fact} is {joined(values, 'or')} adds {_shown(adds)}",
                    rules=tuple(
                        id_
                        for id_ in rules
                        if any(
                            {*rule.when.get(fact, ())} & {*values} for rule in ruleset.cases[id_]
                        )
                    ),
                )


def _shown(lines: Mapping[str, Plain]) -> str:
    """Return the lines that a section shares, each as it is written."""
    shown: list[str] = []
    for name, line in lines.items():
        if isinstance(line, dict):
            shown += [f"{inner}: {_value(value)}" for inner, value in line.items()]
        else:
            shown.append(f"{name}: {_value(line)}")
    return joined(shown, "and")


def _value(value: Plain) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_value(inner)}' for name, inner in value.items())}}}"
    return f"[{', '.join(map(_value, value))}]" if isinstance(value, list) else f"{value}"
