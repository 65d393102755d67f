"""From a written rule to the rules that engines decide by: one for each of its cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from attrs import evolve, field, frozen

from ncpi_rules.core import (
    Calendar,
    Problem,
    RulesetError,
    joined,
    lower_first,
    nearest,
)
from ncpi_rules.engine import meet
from ncpi_rules.io import Path_, Source, converter, read_as
from ncpi_rules.ruleset.cases import TESTS, Case, Expansion, Origin, WrittenBlock
from ncpi_rules.ruleset.problems import form_problems
from ncpi_rules.ruleset.rule_files import TestedNames
from ncpi_rules.ruleset.rules import DeadlineRule, OutcomeRule, Rule
from ncpi_rules.ruleset.sentences import Sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset.cases import Wherever, WrittenRule
    from ncpi_rules.ruleset.parameters import Parameter
    from ncpi_rules.ruleset.rule_files import RuleFile

Placed: TypeAlias = "tuple[Rule, Source]"
"""A rule, with a source that has the place of each of its parts."""


@frozen(kw_only=True, slots=False)
class CaseSource(Source):
    """A case as plain data, each part of which is written somewhere else."""

    case: Case = field(repr=False, eq=False)
    origin: Origin = field(repr=False, eq=False)

    @classmethod
    def of(cls, case: Case, origin: Origin, more: Mapping[str, Any]) -> Self:
        """Return a case as a rule without blocks, with more of its lines."""
        data: dict[str, Any] = {**case.lines, **case.added, **more}
        if case.when:
            data["when"] = case.when
        if case.under:
            data["under"] = case.under
        return cls(name=origin.source.name, data=data, case=case, origin=origin)

    def place(self, path: Path_, *, key: bool = False) -> str:
        """Return the place where a part is written, or that of the rule where it is missing."""
        for length in range(len(path), 0, -1):
            origin = self.case.origin_of(*path[:length])
            if origin is not None:
                rest = path[length:]
                return origin.at(*rest, key=key).place if rest else origin.place
        return self.origin.at(*path, key=key).place


@frozen
class Expander:
    """Expands written rules, with what their blocks and sentences may name."""

    names: TestedNames
    sentences: Sentences
    calendars: Mapping[str, Calendar]

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Return the parameters, by their names."""
        return self.sentences.parameters

    def expand(self, written: WrittenRule) -> tuple[list[Placed], list[Problem]]:
        """Return the cases of a rule, or what is wrong with it."""
        problems = list(form_problems(written, self.names))
        if problems:
            places = {problem.place for problem in problems}
            more = [
                problem for problem in self._line_problems(written) if problem.place not in places
            ]
            return [], [*problems, *more]
        expansion = Expansion(written)
        cases = [part for case in expansion.cases() for part in self._counted(case, expansion)]
        problems = [*expansion.problems, *_missing_problems(cases, written)]
        if problems:
            return [], problems
        rules: list[Placed] = []
        place = written.origin.at("id").place
        for case in cases:
            label = f"[{case.label}]" if len(cases) > 1 else ""
            try:
                rules.append(self._read(case, written, problems, label, place))
            except RulesetError as fault:
                problems.extend(fault.problems)
        return rules, list(dict.fromkeys(problems))

    def _line_problems(self, written: WrittenRule) -> Iterator[Problem]:
        """Yield what is wrong with single lines of a rule of which the cases cannot be known."""
        kind = written.kind
        data = {
            name: value
            for name, value in written.lines.items()
            if name in kind.lines
            and name not in TESTS
            and not (name in kind.timings and str(value).partition(" ")[0] in self.parameters)
        }
        origin = written.origin
        case = Case(
            lines=data, blocks=(WrittenBlock(source=origin.source, path=origin.path, lines=data),)
        )
        try:
            source = CaseSource.of(case, origin, {"id": written.id})
            read_as(kind.rule, source, RulesetError, converter(hidden=True))
        except RulesetError as fault:
            yield from (
                problem for problem in fault.problems if not problem.message.endswith("is missing.")
            )

    def _counted(self, case: Case, expansion: Expansion) -> Iterator[Case]:
        """Yield a case with the periods of its parameters, parted by the answers they depend on."""
        cases = [case]
        for name in expansion.written.kind.timings:
            cases = [part for before in cases for part in self._timed(before, name, expansion)]
        yield from cases

    def _timed(self, case: Case, name: str, expansion: Expansion) -> Iterator[Case]:
        text = case.lines.get(name)
        head, _, rest = text.partition(" ") if isinstance(text, str) else ("", "", "")
        parameter = self.parameters.get(head)
        if parameter is None:
            if head and not rest and not head[0].isdigit():
                origin = case.block_of(name).at(name)
                expansion.refuse(origin, *_no_parameter(head, list(self.parameters)))
            else:
                yield case
            return
        named = case.but(parameters=(*case.parameters, head))
        if rest:
            yield named.says(name, f"{parameter.period.text} {rest}")
            return
        origin = case.block_of(name).at(name)
        for answers, period, event in parameter.timings():
            if not event:
                expansion.refuse(
                    origin,
                    f"The parameter '{head}' does not say from which event it is counted.",
                    f"Write it here, such as '{head} after an-event', or in parameters.yaml.",
                )
            counted = named.says(name, f"{period} {event}")
            if not answers:
                yield counted
            for question, answered in answers.items():
                lines = {"under": {question: list(answered)}}
                block = WrittenBlock(source=origin.source, path=origin.path, lines=lines)
                chosen = counted.chosen_by(question, answered)
                if changes := counted.only("under", question, answered, chosen=chosen):
                    yield counted.but(blocks=(*counted.blocks, block), **changes)

    def _read(
        self, case: Case, written: WrittenRule, problems: list[Problem], label: str, place: str
    ) -> Placed:
        """Return the rule of a case, which a label tells from the other cases, if there are any."""
        kind = written.kind
        case, missing = self.sentences.fill(case, kind, written.id)
        problems.extend(missing)
        more: dict[str, Any] = {
            "id": f"{written.id}{label}",
            "rule": written.id,
            "case": case.chosen if label else {},
            "parameters": tuple(dict.fromkeys(case.parameters)),
            "place": place,
        }
        if kind.rule is OutcomeRule:
            more["decides"] = written.decides
        if kind.rule is DeadlineRule and isinstance(name := case.lines.get("calendar", ""), str):
            more["working_days"] = self.calendars.get(name, self.calendars[""])
        source = CaseSource.of(case, written.origin, more)
        return read_as(kind.rule, source, RulesetError, converter(hidden=True)), source


def _missing_problems(cases: list[Case], written: WrittenRule) -> Iterator[Problem]:
    """Yield each line that some cases of a rule lack and others have, with where it is missing."""
    for line in written.kind.required:
        lacking = [case for case in cases if line not in case.lines and line not in case.added]
        if len(lacking) in {0, len(cases)}:
            continue
        having = [case for case in cases if case not in lacking]
        name, values = _told_apart(lacking, having)
        kind = "under" if name in lacking[0].under else "when"
        origin = lacking[0].origin_of_value(kind, name, values[0])
        yield Problem(
            place=origin.place,
            message=f"'{line}' is missing where '{name}' is {joined(list(values), 'or')}.",
            help=f"Add '{line}:' with {lower_first(written.kind.required[line])}",
        )


def _told_apart(lacking: list[Case], having: list[Case]) -> tuple[str, tuple[str, ...]]:
    """Return a name, with its values, by which some cases of a rule are told from the others."""
    for name, values in lacking[0].chosen.items():
        if not any({*values} & {*case.chosen.get(name, values)} for case in having):
            return name, values
    name, values = list(lacking[0].chosen.items())[-1]
    return name, values


def idle_problems(wherevers: list[Wherever], cases: list[Placed]) -> Iterator[Problem]:
    """Yield each 'wherever' of which no rule in its section names a value."""
    for wherever in wherevers:
        if not any(
            rule.rule in wherever.rules and {*rule.when.get(wherever.fact, ())} & {*wherever.values}
            for rule, _ in cases
        ):
            values = joined([f"'{value}'" for value in wherever.values], "or")
            yield Problem(
                place=wherever.origin.of_key().place,
                message=f"No rule of this section names {values} of '{wherever.fact}'.",
                help="Take 'wherever' away, or name the value in a rule.",
            )


def ranked(cases: list[Placed], file: RuleFile) -> list[Placed]:
    """Return the cases of a file, those that its hit policy puts first outranking the others.

    Only cases that can meet outrank each other.
    """
    if file.hit == "first":
        order = [] if file.table is None else list(file.table.rows)
    elif file.hit == "priority":
        order = [*file.priority]
    else:
        return cases
    ranks = [
        order.index(name) if (name := _ranked_by(rule, file)) in order else len(order)
        for rule, _ in cases
    ]
    return [
        (
            evolve(
                rule,
                outranks=(
                    *rule.outranks,
                    *(
                        other.id
                        for (other, _), behind in zip(cases, ranks, strict=True)
                        if behind > rank and meet(rule.tests, other.tests) is not None
                    ),
                ),
            ),
            source,
        )
        for (rule, source), rank in zip(cases, ranks, strict=True)
    ]


def _ranked_by(rule: Rule, file: RuleFile) -> str:
    return rule.then if file.priority and isinstance(rule, OutcomeRule) else rule.rule


def outranking_cases(rules: list[Placed]) -> list[Placed]:
    """Return rules that outrank cases where they named other rules: those that they can meet."""
    cases: dict[str, list[Rule]] = {}
    for rule, _ in rules:
        cases.setdefault(rule.rule, []).append(rule)

    def outranked(rule: Rule) -> Iterator[str]:
        for name in rule.outranks:
            others = cases.get(name, [])
            met = [other.id for other in others if meet(rule.tests, other.tests) is not None]
            yield from met or [other.id for other in others] or [name]

    return [
        (evolve(rule, outranks=tuple(outranked(rule))), source) if rule.outranks else (rule, source)
        for rule, source in rules
    ]


def _no_parameter(name: str, known: list[str]) -> tuple[str, str]:
    guess = nearest(name, known)
    advice = f"Did you mean '{guess}'? Or write" if guess else "Write"
    return (
        f"There is no parameter '{name}'.",
        f"{advice} a period and an event, such as '6 weeks after report-published'.",
    )
