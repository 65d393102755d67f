"""What an approval of a rule or a reading covers, and the fingerprints of its parts.

That of a rule covers the rule, the statements that it cites, the readings that it rests
on and the scenarios in which it holds. That of a reading covers the reading, the statements that
leave it open, the rules that rest on it, and the scenarios that ask for an answer to it or in which
one of those rules holds. Who has agreed a reading is no part of it: that follows from the approval.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs
from attrs import frozen

from ncpi_rules.core import UnknownItemError
from ncpi_rules.io import write_plain
from ncpi_rules.ruleset import SETTINGS, Ruleset, digest_of, reading_order, says_rule
from ncpi_rules.scenarios import coverage
from ncpi_rules.sign_off.approvals import Fingerprints, name_problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.io import Plain
    from ncpi_rules.ruleset import Reading, Rule
    from ncpi_rules.scenarios import Scenario


@frozen(kw_only=True)
class Covered:
    """What an approval of one rule or reading covers: names of its parts, and its fingerprints.

    ``scenarios`` are named by their sentences.
    """

    name: str
    is_reading: bool
    rules: tuple[str, ...]
    readings: tuple[str, ...]
    statements: tuple[str, ...]
    scenarios: tuple[str, ...]
    fingerprints: Fingerprints

    @property
    def says(self) -> str:
        """Return what is covered, in a sentence."""
        what = "reading" if self.is_reading else "rule"
        other = "rules" if self.is_reading else "readings"
        parts = [
            counted(len(getattr(self, name)), name[:-1])
            for name in (other, "statements", "scenarios")
        ]
        return f"This covers the {what}, {parts[0]}, {parts[1]} and {parts[2]}."


def covered_by_all(ruleset: Ruleset, scenarios: Iterable[Scenario]) -> tuple[Covered, ...]:
    """Return what an approval of each rule, by id, and of each reading, in its order, covers.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> found = {each.name: each for each in covered_by_all(shipped_ruleset(), [])}
    >>> found["tier.visit"].rules, found["tier.visit"].scenarios
    (('tier.visit',), ())
    """
    seen = _Seen.of(ruleset, scenarios)
    rules = (_of_rule(seen, rule) for rule in ruleset.rules.values())
    readings = sorted(ruleset.readings.values(), key=lambda each: reading_order(each.id))
    return (*rules, *(_of_reading(seen, each) for each in readings))


def fingerprints_for(ruleset: Ruleset, scenarios: Iterable[Scenario], name: str) -> Fingerprints:
    """Return the fingerprints of what an approval of a rule or a reading covers.

    The order of files, rules, conditions, citations and answers, and comments, change nothing.
    Raises UnknownItemError, with the nearest name, where there is no such rule and no such reading.
    """
    (found,) = covered_by(ruleset, scenarios, [name])
    return found.fingerprints


def covered_by(
    ruleset: Ruleset, scenarios: Iterable[Scenario], names: Iterable[str]
) -> tuple[Covered, ...]:
    """Return what an approval of each of some rules and readings covers, in the order of names.

    Raises UnknownItemError with all names that are not there.
    """
    names = tuple(names)
    check_named(names, ruleset)
    seen = _Seen.of(ruleset, scenarios)
    rules, readings = ruleset.rules, ruleset.readings
    return tuple(
        _of_rule(seen, rules[each]) if each in rules else _of_reading(seen, readings[each])
        for each in names
    )


def check_named(names: Iterable[str], ruleset: Ruleset) -> None:
    """Raise UnknownItemError, with the nearest names, where one is no rule and no reading."""
    problems = [problem for each in names if (problem := name_problem("", each, ruleset))]
    if problems:
        raise UnknownItemError(problems)


@frozen
class _Seen:
    """The scenarios in which each rule holds, and those that ask for each reading."""

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
            for reading in each.readings:
                asking.setdefault(reading, []).append(each.says)
        return cls(ruleset, digests, coverage(scenarios, ruleset).holding, asking)

    def digest(self, says: Iterable[str]) -> str:
        return digest_of(sorted(each for one in set(says) for each in self.digests[one]))


def _of_rule(seen: _Seen, rule: Rule) -> Covered:
    ruleset = seen.ruleset
    readings = [ruleset.readings[id_] for id_ in rule.rests_on]
    scenarios = tuple(sorted(seen.holding[rule.id]))
    return Covered(
        name=rule.id,
        is_reading=False,
        rules=(rule.id,),
        readings=rule.rests_on,
        statements=rule.statements,
        scenarios=scenarios,
        fingerprints=Fingerprints(
            rules=digest_of(_says_rule(rule)),
            readings=digest_of(
                [[each.id, each.question, each.ours, _answers(each)] for each in readings]
            ),
            statements=digest_of(_says_statements(ruleset, rule.statements)),
            scenarios=seen.digest(scenarios),
        ),
    )


def _of_reading(seen: _Seen, reading: Reading) -> Covered:
    ruleset, id_ = seen.ruleset, reading.id
    rules = [each for each in ruleset.rules.values() if id_ in each.rests_on]
    scenarios = {
        *seen.asking.get(id_, ()),
        *(says for each in rules for says in seen.holding[each.id]),
    }
    settings: list[Plain] = [
        name for name in sorted(SETTINGS) if getattr(ruleset.settings, name) == id_
    ]
    return Covered(
        name=id_,
        is_reading=True,
        rules=tuple(each.id for each in rules),
        readings=(id_,),
        statements=reading.statements,
        scenarios=tuple(sorted(scenarios)),
        fingerprints=Fingerprints(
            rules=digest_of([settings, *map(_says_rule, rules)]),
            readings=digest_of(
                [id_, reading.question, reading.ours, reading.why, _answers(reading)]
            ),
            statements=digest_of(_says_statements(ruleset, reading.statements)),
            scenarios=seen.digest(scenarios),
        ),
    )


def _says_rule(rule: Rule) -> Plain:
    """Return all that a rule says, whatever the order in which it names others."""
    return says_rule(
        attrs.evolve(
            rule,
            outranks=tuple(sorted(rule.outranks)),
            statements=tuple(sorted(rule.statements)),
            readings=tuple(sorted(rule.readings)),
        )
    )


def _says_statements(ruleset: Ruleset, ids: Iterable[str]) -> Plain:
    found = [ruleset.statements[id_] for id_ in sorted(set(ids))]
    return [[each.id, each.fingerprint, each.summary, write_plain(each.modality)] for each in found]


def _answers(reading: Reading) -> Plain:
    return [[word, says] for word, says in sorted(reading.answers.items())]


def counted(number: int, what: str) -> str:
    """Return a number of things in words.

    >>> counted(0, "rule"), counted(1, "rule"), counted(2, "rule")
    ('no rules', '1 rule', '2 rules')
    """
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
