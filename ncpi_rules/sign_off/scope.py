"""What an approval of a rule or an interpretation covers, and the fingerprints of its parts.

That of a rule covers the rule, the statements that it cites, the interpretations that it rests on
and the scenarios in which it holds. That of an interpretation covers the interpretation, the
statements that leave it open, the rules that rest on it, and the scenarios that ask for an answer
to it or in which one of those rules holds. Who has agreed an interpretation is no part of it: that
follows from the approval.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs
from attrs import frozen

from ncpi_rules.core import UnknownItemError
from ncpi_rules.io import write_plain
from ncpi_rules.ruleset import SETTINGS, Ruleset, digest_of, interpretation_order, write_rule
from ncpi_rules.scenarios import coverage
from ncpi_rules.sign_off.approvals import Fingerprints, name_problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.io import Plain
    from ncpi_rules.ruleset import Interpretation, Rule
    from ncpi_rules.scenarios import Scenario


@frozen(kw_only=True)
class Covered:
    """What an approval of one rule or interpretation covers: its parts and their fingerprints.

    ``scenarios`` are named by their sentences.
    """

    name: str
    is_interpretation: bool
    rules: tuple[str, ...]
    interpretations: tuple[str, ...]
    statements: tuple[str, ...]
    scenarios: tuple[str, ...]
    fingerprints: Fingerprints

    @property
    def says(self) -> str:
        """Return what is covered, in a sentence."""
        what = "interpretation" if self.is_interpretation else "rule"
        other = "rules" if self.is_interpretation else "interpretations"
        parts = [
            counted(len(getattr(self, name)), name[:-1])
            for name in (other, "statements", "scenarios")
        ]
        return f"This covers the {what}, {parts[0]}, {parts[1]} and {parts[2]}."


def covered_by_all(ruleset: Ruleset, scenarios: Iterable[Scenario]) -> tuple[Covered, ...]:
    """Return what an approval of each rule, by id, and of each interpretation covers.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> found = {each.name: each for each in covered_by_all(shipped_ruleset(), [])}
    >>> found["tier.visit"].rules, found["tier.visit"].scenarios
    (('tier.visit',), ())
    """
    seen = _Seen.of(ruleset, scenarios)
    rules = (_of_rule(seen, rule) for rule in ruleset.rules.values())
    interpretations = sorted(
        ruleset.interpretations.values(), key=lambda each: interpretation_order(each.id)
    )
    return (*rules, *(_of_interpretation(seen, each) for each in interpretations))


def fingerprints_for(ruleset: Ruleset, scenarios: Iterable[Scenario], name: str) -> Fingerprints:
    """Return the fingerprints of what an approval of a rule or an interpretation covers.

    The order of files, rules, conditions, citations and answers, and comments, change nothing.
    Raises UnknownItemError, with the nearest name, where there is no such rule and no such
    interpretation.
    """
    (found,) = covered_by(ruleset, scenarios, [name])
    return found.fingerprints


def covered_by(
    ruleset: Ruleset, scenarios: Iterable[Scenario], names: Iterable[str]
) -> tuple[Covered, ...]:
    """Return what an approval of some rules and interpretations covers, in the order of names.

    Raises UnknownItemError with all names that are not there.
    """
    names = tuple(names)
    check_named(names, ruleset)
    seen = _Seen.of(ruleset, scenarios)
    rules, interpretations = ruleset.rules, ruleset.interpretations
    return tuple(
        _of_rule(seen, rules[each])
        if each in rules
        else _of_interpretation(seen, interpretations[each])
        for each in names
    )


def check_named(names: Iterable[str], ruleset: Ruleset) -> None:
    """Raise UnknownItemError, with the nearest names, where one is no rule or interpretation."""
    problems = [problem for each in names if (problem := name_problem("", each, ruleset))]
    if problems:
        raise UnknownItemError(problems)


@frozen
class _Seen:
    """The scenarios in which each rule applies, and those that ask for each interpretation."""

    ruleset: Ruleset
    digests: Mapping[str, list[str]]
    holding: Mapping[str, tuple[str, ...]]
    asking: Mapping[str, list[str]]

    @classmethod
    def of(cls, ruleset: Ruleset, scenarios: Iterable[Scenario]) -> _Seen:
        scenarios = tuple(scenarios)
        digests: dict[str, list[str]] = {}
        asking: dict[str, list[str]] = {}
        for each in scenarios:
            digests.setdefault(each.says, []).append(each.digest)
            for interpretation in each.interpretations:
                asking.setdefault(interpretation, []).append(each.says)
        return cls(ruleset, digests, coverage(scenarios, ruleset).holding, asking)

    def digest(self, says: Iterable[str]) -> str:
        return digest_of(sorted(each for one in set(says) for each in self.digests[one]))


def _of_rule(seen: _Seen, rule: Rule) -> Covered:
    ruleset = seen.ruleset
    interpretations = [ruleset.interpretations[id_] for id_ in rule.open_questions]
    scenarios = tuple(sorted(seen.holding[rule.id]))
    return Covered(
        name=rule.id,
        is_interpretation=False,
        rules=(rule.id,),
        interpretations=rule.open_questions,
        statements=rule.statements,
        scenarios=scenarios,
        fingerprints=Fingerprints(
            rules=digest_of(_says_rule(rule)),
            interpretations=digest_of(
                [[each.id, each.question, each.ours, _answers(each)] for each in interpretations]
            ),
            statements=digest_of(_says_statements(ruleset, rule.statements)),
            scenarios=seen.digest(scenarios),
        ),
    )


def _of_interpretation(seen: _Seen, interpretation: Interpretation) -> Covered:
    ruleset, id_ = seen.ruleset, interpretation.id
    rules = [each for each in ruleset.rules.values() if id_ in each.open_questions]
    scenarios = {
        *seen.asking.get(id_, ()),
        *(says for each in rules for says in seen.holding[each.id]),
    }
    settings: list[Plain] = [
        name for name in sorted(SETTINGS) if getattr(ruleset.settings, name) == id_
    ]
    return Covered(
        name=id_,
        is_interpretation=True,
        rules=tuple(each.id for each in rules),
        interpretations=(id_,),
        statements=interpretation.statements,
        scenarios=tuple(sorted(scenarios)),
        fingerprints=Fingerprints(
            rules=digest_of([settings, *map(_says_rule, rules)]),
            interpretations=digest_of(
                [
                    id_,
                    interpretation.question,
                    interpretation.ours,
                    interpretation.why,
                    _answers(interpretation),
                ]
            ),
            statements=digest_of(_says_statements(ruleset, interpretation.statements)),
            scenarios=seen.digest(scenarios),
        ),
    )


def _says_rule(rule: Rule) -> Plain:
    """Return all that a rule says, whatever the order in which it names others."""
    return write_rule(
        attrs.evolve(
            rule,
            outranks=tuple(sorted(rule.outranks)),
            statements=tuple(sorted(rule.statements)),
            rests_on=tuple(sorted(rule.rests_on)),
        )
    )


def _says_statements(ruleset: Ruleset, ids: Iterable[str]) -> Plain:
    found = [ruleset.statements[id_] for id_ in sorted(set(ids))]
    return [[each.id, each.fingerprint, each.summary, write_plain(each.modality)] for each in found]


def _answers(interpretation: Interpretation) -> Plain:
    return [[value, says] for value, says in sorted(interpretation.answers.items())]


def counted(number: int, what: str) -> str:
    """Return a number of things in words.

    >>> counted(0, "rule"), counted(1, "rule"), counted(2, "rule")
    ('no rules', '1 rule', '2 rules')
    """
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
