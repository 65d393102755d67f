"""What an approval of a rule, an interpretation or a part of the edition covers.

The approval of a rule covers the rule, the part of the vocabulary that it uses, the statements that
it cites, the interpretations that it rests on and the scenarios in which it applies.

The approval of an interpretation covers the interpretation, the statements that leave it open, the
rules that rest on it with their vocabulary, and the scenarios that ask for an answer to it or in
which one of those rules applies.

A scenario is covered by its facts and by what it expects: its sentence is on no plan, and may be
reworded. A part is covered whole, for somebody reads what no rule uses, too, and plans keep the
order of its events and values. A rule is covered as it was loaded, wherever it stands, with every
sentence as a plan prints it; who has agreed an interpretation follows from its approval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, field, frozen

from ncpi_rules.core import UnknownItemError, counted
from ncpi_rules.io import Plain, digest_of, write_plain
from ncpi_rules.ruleset import (
    SECTIONS,
    OutcomeRule,
    Ruleset,
    cited,
    interpretation_order,
    names_in,
    write_rule,
)
from ncpi_rules.scenarios import ExpectedItem, scenarios_of_rules
from ncpi_rules.sign_off.approvals import PARTS, Fingerprints, name_problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ncpi_rules.ruleset import Interpretation, Rule
    from ncpi_rules.scenarios import Scenario


@frozen(kw_only=True)
class ApprovalScope:
    """What an approval of one rule or interpretation covers: its parts and their fingerprints.

    ``scenarios`` are named by their sentences. A part of the edition has no rules, interpretations,
    statements or scenarios of its own. ``contents`` is what each fingerprint is one of.
    """

    name: str
    is_interpretation: bool
    is_part: bool = False
    rules: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    contents: Mapping[str, Plain] = field(eq=False, repr=False)
    fingerprints: Fingerprints = field(init=False)

    @fingerprints.default
    def _fingerprints(self) -> Fingerprints:
        return Fingerprints(**{name: digest_of(plain) for name, plain in self.contents.items()})

    @property
    def sentence(self) -> str:
        """Return what is covered, in a sentence."""
        if self.is_part:
            return f"This covers {PARTS[self.name]}."
        what = "interpretation" if self.is_interpretation else "rule"
        other = "rules" if self.is_interpretation else "interpretations"
        parts = [
            counted(len(items), name[:-1]) if (items := getattr(self, name)) else f"no {name}"
            for name in (other, "statements", "scenarios")
        ]
        return f"This covers the {what}, {parts[0]}, {parts[1]} and {parts[2]}."


def covered_by_all(ruleset: Ruleset, scenarios: Iterable[Scenario]) -> tuple[ApprovalScope, ...]:
    """Return what an approval of each rule, by id, of each interpretation and part covers.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> scopes = {scope.name: scope for scope in covered_by_all(shipped_ruleset(), [])}
    >>> scopes["tier.visit"].rules, scopes["tier.visit"].scenarios
    (('tier.visit',), ())
    """
    index = _ScenarioIndex.of(ruleset, scenarios)
    rules = (_of_rule(index, id_, cases) for id_, cases in ruleset.cases.items())
    interpretations = sorted(
        ruleset.interpretations.values(),
        key=lambda interpretation: interpretation_order(interpretation.id),
    )
    return (
        *rules,
        *(_of_interpretation(index, interpretation) for interpretation in interpretations),
        *(_of_part(index, name) for name in PARTS),
    )


def covered_by(
    ruleset: Ruleset, scenarios: Iterable[Scenario], names: Iterable[str]
) -> tuple[ApprovalScope, ...]:
    """Return what an approval of rules, interpretations and parts covers, in the order of names.

    The order of files, rules, conditions, citations and answers, and comments, change nothing.
    Raises UnknownItemError with all names that are not there.
    """
    names = tuple(names)
    check_named(names, ruleset)
    index = _ScenarioIndex.of(ruleset, scenarios)
    cases, interpretations = ruleset.cases, ruleset.interpretations
    return tuple(
        _of_rule(index, name, cases[name])
        if name in cases
        else _of_interpretation(index, interpretations[name])
        if name in interpretations
        else _of_part(index, name)
        for name in names
    )


def check_named(names: Iterable[str], ruleset: Ruleset) -> None:
    """Raise UnknownItemError, with the nearest names, where one is nothing that is approved."""
    problems = [problem for name in names if (problem := name_problem("", name, ruleset))]
    if problems:
        raise UnknownItemError(problems)


@frozen
class _ScenarioIndex:
    """The scenarios in which each rule applies, and those that ask for each interpretation."""

    ruleset: Ruleset
    digests: Mapping[str, list[tuple[str, Mapping[str, ExpectedItem]]]]
    applies_in: Mapping[str, tuple[str, ...]]
    asking: Mapping[str, list[str]]
    guaranteed: list[Plain]
    """What scenarios expect of guarantees, each with the digest of the rest of its scenario."""

    @classmethod
    def of(cls, ruleset: Ruleset, scenarios: Iterable[Scenario]) -> _ScenarioIndex:
        scenarios = tuple(scenarios)
        digests: dict[str, list[tuple[str, Mapping[str, ExpectedItem]]]] = {}
        asking: dict[str, list[str]] = {}
        guaranteed: list[Plain] = []
        for scenario in scenarios:
            expect = evolve(scenario.expect, items={}, guarantees={})
            others = evolve(scenario, says="", expect=expect)
            expected = (others.digest, scenario.expect.items)
            digests.setdefault(scenario.says, []).append(expected)
            if scenario.expect.guarantees:
                listed = sorted(scenario.expect.guarantees.items())
                plain = [[id_, _in_any_order(write_plain(wanted))] for id_, wanted in listed]
                guaranteed.append([others.digest, plain])
            for interpretation in scenario.interpretations:
                asking.setdefault(interpretation, []).append(scenario.says)
        applies_in = scenarios_of_rules(scenarios, ruleset)
        return cls(ruleset, digests, applies_in, asking, sorted(guaranteed, key=str))

    def content(self, says: Iterable[str], rules: Collection[str]) -> Plain:
        """Return what some scenarios say; of single items, what they say of some rules alone.

        What they expect of guarantees is approved with the guarantees.
        """
        contents: list[Plain] = []
        for title in set(says):
            for digest, items in self.digests[title]:
                own: Plain = {
                    name: _in_any_order(write_plain(item))
                    for name, item in sorted(items.items())
                    if name.partition("[")[0] in rules
                }
                contents.append([digest, own] if own else digest)
        return sorted(contents, key=str)


def _of_rule(index: _ScenarioIndex, name: str, cases: tuple[Rule, ...]) -> ApprovalScope:
    ruleset = index.ruleset
    asked = {id_ for rule in cases for id_ in rule.open_questions}
    interpretations = [
        ruleset.interpretations[id_] for id_ in sorted(asked, key=interpretation_order)
    ]
    statements = cited(cases)
    scenarios = tuple(sorted({says for rule in cases for says in index.applies_in[rule.id]}))
    return ApprovalScope(
        name=name,
        is_interpretation=False,
        rules=(name,),
        interpretations=tuple(interpretation.id for interpretation in interpretations),
        statements=statements,
        scenarios=scenarios,
        contents={
            "rules": [write_rule(rule) for rule in cases],
            "interpretations": [
                [
                    interpretation.id,
                    interpretation.question,
                    interpretation.ours,
                    _answers(interpretation),
                ]
                for interpretation in interpretations
            ],
            "vocabulary": _vocabulary_content(ruleset, cases),
            "statements": _statement_content(ruleset, statements),
            "scenarios": index.content(scenarios, {name}),
        },
    )


def _of_interpretation(index: _ScenarioIndex, interpretation: Interpretation) -> ApprovalScope:
    ruleset, id_ = index.ruleset, interpretation.id
    rules = [rule for rule in ruleset.rules.values() if id_ in rule.open_questions]
    scenarios = {
        *index.asking.get(id_, ()),
        *(says for rule in rules for says in index.applies_in[rule.id]),
    }
    choices: list[Plain] = sorted(
        name for name, choice in ruleset.choices.items() if choice.choice == id_
    )
    return ApprovalScope(
        name=id_,
        is_interpretation=True,
        rules=tuple(dict.fromkeys(rule.rule for rule in rules)),
        interpretations=(id_,),
        statements=interpretation.statements,
        scenarios=tuple(sorted(scenarios)),
        contents={
            "rules": [choices, *map(write_rule, rules)],
            "interpretations": [
                id_,
                interpretation.question,
                interpretation.ours,
                interpretation.why,
                _answers(interpretation),
            ],
            "vocabulary": _vocabulary_content(ruleset, rules),
            "statements": _statement_content(ruleset, interpretation.statements),
            "scenarios": index.content(scenarios, {rule.rule for rule in rules}),
        },
    )


def _of_part(index: _ScenarioIndex, name: str) -> ApprovalScope:
    """Return what an approval of a part of the edition covers: all that it says, in its order."""
    return ApprovalScope(
        name=name,
        is_interpretation=False,
        is_part=True,
        contents={
            "rules": _PART_CONTENT[name](index.ruleset),
            "interpretations": [],
            "vocabulary": [],
            "statements": [],
            "scenarios": index.guaranteed if name == "guarantees" else [],
        },
    )


def _settings_content(ruleset: Ruleset) -> Plain:
    settings = evolve(ruleset.settings, id="", edition="", based_on=None)
    numbers = [
        _in_any_order(write_plain(part[name]))
        for part in (ruleset.parameters, ruleset.choices)
        for name in sorted(part)
    ]
    hits: list[Plain] = [[name, ruleset.hits[name]] for name in sorted(ruleset.hits)]
    return [write_plain(settings), hits, *numbers]


def _in_any_order(plain: Plain) -> Plain:
    """Return plain data with its names and its lists sorted."""
    if isinstance(plain, dict):
        return [[name, _in_any_order(plain[name])] for name in sorted(plain)]
    return sorted(plain, key=str) if isinstance(plain, list) else plain


def _whole_vocabulary(ruleset: Ruleset) -> Plain:
    return [
        *(
            [section, *map(_in_its_order, getattr(ruleset, section).values())]
            for section in SECTIONS.values()
        ),
        sorted(ruleset.fields_without_a_fact.items()),
        write_plain(ruleset.repeats),
    ]


def _in_its_order(term: Any) -> Plain:
    """Return an entry of the vocabulary with its values as a list: their order says something."""
    values: Any = getattr(term, "values", {})
    return [write_plain(term), list(values)]


def _all_statements(ruleset: Ruleset) -> Plain:
    headings = (ruleset.before_headings, *map(write_plain, ruleset.headings))
    return [*headings, *map(write_plain, ruleset.statements.values())]


def _all_guarantees(ruleset: Ruleset) -> Plain:
    guarantees = sorted(ruleset.guarantees.values(), key=lambda guarantee: guarantee.id)
    return [[type(guarantee).__name__, write_plain(guarantee)] for guarantee in guarantees]


_PART_CONTENT: Final[Mapping[str, Callable[[Ruleset], Plain]]] = {
    "settings": _settings_content,
    "vocabulary": _whole_vocabulary,
    "statements": _all_statements,
    "guarantees": _all_guarantees,
}


def _vocabulary_content(ruleset: Ruleset, rules: Iterable[Rule]) -> Plain:
    """Return each entry of the vocabulary that rules use; of its values, those that they name."""
    terms: dict[str, Mapping[str, Any]] = {
        kind: getattr(ruleset, section) for kind, section in SECTIONS.items()
    }
    terms["fact"] = {**ruleset.facts, **ruleset.outcomes}
    terms["calendar"] = ruleset.settings.calendars
    used: dict[tuple[str, str], set[str]] = {}
    for rule in rules:
        tested = dict(rule.when)
        if isinstance(rule, OutcomeRule):
            tested[rule.decides] = (*tested.get(rule.decides, ()), rule.then)
        for name, values in tested.items():
            used.setdefault(("fact", name), set()).update(values)
        for _, kind, names in names_in(rule):
            for name in names:
                used.setdefault((kind, name), set())
    content = []
    for kind, name in sorted(used):
        if (term := terms.get(kind, {}).get(name)) is not None:
            plain = write_plain(term)
            if "values" in plain:
                sentences = plain["values"]
                plain["values"] = [[id_, sentences.get(id_)] for id_ in sorted(used[kind, name])]
            content.append([kind, *sorted(plain.items())])
    return content


def _statement_content(ruleset: Ruleset, ids: Iterable[str]) -> Plain:
    statements = [ruleset.statements[id_] for id_ in sorted(set(ids))]
    return [
        [statement.id, statement.fingerprint, statement.summary, write_plain(statement.modality)]
        for statement in statements
    ]


def _answers(interpretation: Interpretation) -> Plain:
    return [[value, says] for value, says in sorted(interpretation.answers.items())]
