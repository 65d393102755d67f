"""Reading a ruleset from its folder, in phases: form, shape, definitions, rules, references, logic.

A phase reports every problem that it finds; the next begins only when there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
from attrs import field, frozen

from ncpi_rules.core import Problem, RulesetError, in_reading_order
from ncpi_rules.io import Source, read_as, read_file, unread_in, yaml_files_in
from ncpi_rules.ruleset.cases import Origin, WrittenRule
from ncpi_rules.ruleset.expand import (
    Expander,
    Placed,
    idle_problems,
    outranking_cases,
    ranked,
)
from ncpi_rules.ruleset.layout import (
    BESIDE,
    BESIDE_FOLDERS,
    FILES,
    Draft,
    Guarantees,
    Interpretations,
    Parameters,
    Statements,
    Vocabulary,
    settings_problems,
)
from ncpi_rules.ruleset.logic import share_program
from ncpi_rules.ruleset.model import Ruleset, Settings
from ncpi_rules.ruleset.parameters import Parameter, choice_problems, parameter_problems
from ncpi_rules.ruleset.rule_files import RuleFile, RulesIn, TestedNames, cut_sentences, kind_of
from ncpi_rules.ruleset.sentences import Sentences, fill_file
from ncpi_rules.ruleset.validate import check_definitions, check_draft

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from ncpi_rules.ruleset.kinds import RuleKind
    from ncpi_rules.ruleset.rules import Rule
    from ncpi_rules.ruleset.vocabulary import Fact, Outcome

T = TypeVar("T")


def load_folder(folder: Traversable) -> Ruleset:
    """Return the ruleset in the folder of an edition, read and checked.

    Raises RulesetError with all problems of the first phase that finds any.
    """
    sources = _read_all(folder)
    draft = shape_all(sources, str(folder).replace("\\", "/"))
    check_draft(draft)
    return assemble(draft)


def _read_all(folder: Traversable) -> dict[str, Source]:
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    seen: dict[str, str] = {}
    base = str(folder).replace("\\", "/")
    files = yaml_files_in(folder)
    for file_name, file in sorted(files.items()):
        stem = file_name.rpartition(".")[0]
        if stem in BESIDE:
            continue
        name = f"{base}/{file_name}"
        if stem in seen:
            message = f"'{seen[stem]}' has the same name and another ending."
            help_ = "Rename one of the two, or delete it."
            problems.append(Problem(place=name, message=message, help=help_))
            continue
        seen[stem] = file_name
        try:
            sources[stem] = read_file(file, RulesetError, name=name)
        except RulesetError as fault:
            problems.extend(fault.problems)
    problems.extend(
        Problem(
            place=f"{base}/{name}.yaml",
            message="This file is missing.",
            help="Every ruleset needs ruleset.yaml, vocabulary.yaml and statements.yaml.",
        )
        for name in ("ruleset", "vocabulary", "statements")
        if name not in seen
    )
    names = (*FILES, *BESIDE)
    problems.extend(unread_in(folder, files, base=base, names=names, folders=BESIDE_FOLDERS))
    if problems:
        raise RulesetError(problems)
    return sources


def shape_all(sources: Mapping[str, Source], folder: str) -> Draft:
    """Return the draft of a ruleset whose files have been read.

    Raises RulesetError with every problem of their shape.
    """
    shaped = _Shaped(sources)
    settings = shaped.file(Settings, "ruleset")
    parameters = shaped.file(Parameters, "parameters")
    statements = shaped.file(Statements, "statements")
    if parameters is None:  # the other files cannot be read without it
        raise RulesetError(in_reading_order(shaped.problems))
    known = {parameter.id: parameter for parameter in parameters.parameters}
    vocabulary = shaped.file(Vocabulary, "vocabulary", known)
    interpretations = shaped.file(Interpretations, "interpretations", known)
    guarantees = shaped.file(Guarantees, "guarantees", known)
    outcomes = None if vocabulary is None else [outcome.id for outcome in vocabulary.outcomes]
    tables = list(shaped.tables(outcomes))
    if settings is not None:
        shaped.problems.extend(settings_problems(settings, sources["ruleset"]))
    if settings is None or vocabulary is None or interpretations is None:
        raise shaped.refusal()
    tested: tuple[Fact | Outcome, ...] = (*vocabulary.facts, *vocabulary.outcomes)
    names = TestedNames(
        facts={term.id: tuple(term.values) for term in tested},
        answers={
            question.id: tuple(question.answers) for question in interpretations.interpretations
        },
    )
    if shaped.problems or statements is None or guarantees is None:
        raise shaped.refusal()
    files = [RulesIn(*table, names, shaped.problems) for table in tables]
    written = [(file, list(file.written())) for file in files]
    draft = Draft(
        folder=folder,
        settings=settings,
        vocabulary=vocabulary,
        parameters=parameters.parameters,
        choices=parameters.choices,
        interpretations=interpretations.interpretations,
        guarantees=tuple(
            attrs.evolve(guarantee, place=sources["guarantees"].place(("guarantees", at, "id")))
            for at, guarantee in enumerate(guarantees.guarantees)
        ),
        statements=statements.statements,
        headings=statements.headings,
        before_headings=statements.before_headings,
        sources=sources,
        written=tuple(rule for _, rules in written for rule in rules),
        tables=tuple(
            (source, file.decides, "" if kind.decides else file.hit or "unique")
            for source, file, kind in tables
        ),
    )
    if not shaped.problems:
        check_definitions(draft)
    if "parameters" in sources:
        origin = Origin(sources["parameters"], ("parameters",))
        events = [event.id for event in vocabulary.events]
        wrong = [
            *parameter_problems(
                parameters.parameters, origin, names.answers, events, settings.in_force
            ),
            *choice_problems(
                parameters.choices, Origin(sources["parameters"], ("choices",)), names.answers
            ),
        ]
        if wrong:
            shaped.problems.extend(wrong)
            raise shaped.refusal()
    expander = Expander(names, Sentences(vocabulary, known), settings.all_calendars)
    rules = shaped.rules(written, expander)
    if shaped.problems:
        raise shaped.refusal()
    return attrs.evolve(draft, rules=tuple(rules))


@frozen
class _Shaped:
    """The files of a ruleset as objects, and what is wrong with their shape."""

    sources: Mapping[str, Source]
    problems: list[Problem] = field(factory=list)

    def file(
        self, kind: type[T], name: str, parameters: Mapping[str, Parameter] | None = None
    ) -> T | None:
        """Return a file that is not rules, its sentences filled where there are parameters."""
        source = self.sources.get(name)
        if source is None:
            return kind()
        problems: list[Problem] = []
        if parameters is not None:
            source, problems = fill_file(source, parameters)
        try:
            made = read_as(kind, source, RulesetError)
        except RulesetError as fault:
            said = {problem.place for problem in problems}
            problems += [problem for problem in fault.problems if problem.place not in said]
        self.problems.extend(problems)
        return None if problems else made

    def tables(self, outcomes: list[str] | None) -> Iterator[tuple[Source, RuleFile, RuleKind]]:
        """Yield each file of rules, with the kind of its rules."""
        for name, source in self.sources.items():
            if name in FILES:
                continue
            kind = kind_of(source, outcomes)
            if isinstance(kind, Problem):
                self.problems.append(kind)
                continue
            self.problems.extend(cut_sentences(source, kind))
            try:
                yield source, read_as(RuleFile, source, RulesetError), kind
            except RulesetError as fault:
                self.problems.extend(fault.problems)

    def rules(
        self, written: list[tuple[RulesIn, list[WrittenRule]]], expander: Expander
    ) -> list[Placed]:
        """Return each case of the rules."""
        rules: list[Placed] = []
        for inside, in_file in written:
            cases: list[Placed] = []
            for rule in in_file:
                expanded, problems = expander.expand(rule)
                cases.extend(expanded)
                self.problems.extend(problems)
            if not self.problems:
                self.problems.extend(idle_problems(inside.wherevers, cases))
            rules.extend(ranked(cases, inside.file))
        return outranking_cases(rules)

    def refusal(self) -> RulesetError:
        """Return what is wrong, once and in reading order."""
        return RulesetError(in_reading_order(dict.fromkeys(self.problems)))


def _by_id(items: tuple[Any, ...]) -> Mapping[str, Any]:
    return MappingProxyType({item.id: item for item in items})


def assemble(draft: Draft) -> Ruleset:
    """Return the ruleset of a draft that has been checked."""
    settings = draft.settings
    rules: list[Rule] = sorted((rule for rule, _ in draft.rules), key=lambda rule: rule.id)
    policies = {(decides, hit) for _, decides, hit in draft.tables if hit}
    ruleset = Ruleset(
        settings=settings,
        calendars=MappingProxyType(dict(settings.all_calendars)),
        **{key: _by_id(entries) for _, _, key, entries in draft.lists()},
        rules=_by_id(tuple(rules)),
        fields_without_a_fact=MappingProxyType(dict(draft.vocabulary.fields_without_a_fact)),
        repeats=draft.vocabulary.repeats,
        headings=draft.headings,
        before_headings=draft.before_headings,
        hits={
            decides: "unique" if (decides, "unique") in policies else hit
            for decides, hit in sorted(policies)
        },
        places=MappingProxyType(dict(_places(draft))),
        files=MappingProxyType(dict(draft.sources)),
    )
    ruleset.derived.remember(says_what_is_written, True)  # noqa: FBT003  it was read just now
    share_program(draft, ruleset)
    return ruleset


def says_what_is_written(ruleset: Ruleset) -> bool:
    """Return whether a ruleset is what its files say: it may have been changed in Python."""
    return bool(ruleset.files) and assemble(shape_all(ruleset.files, "")).digest == ruleset.digest


def _places(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield the place of each name of the vocabulary, each interpretation and each statement."""
    for name in draft.settings.calendars:
        yield f"calendars.{name}", draft.sources["ruleset"].place(("calendars", name), key=True)
    for _, file, key, entries in draft.lists():
        if file == "guarantees" or file not in draft.sources:
            continue  # each guarantee has its place itself
        for at, item in enumerate(entries):
            source = draft.sources[file]
            yield f"{key}.{item.id}", source.place((key, at, "id"))
            for inside in ("values", "answers"):
                for value in getattr(item, inside, ()):
                    place = source.place((key, at, inside, value), key=True)
                    yield f"{key}.{item.id}.{value}", place
