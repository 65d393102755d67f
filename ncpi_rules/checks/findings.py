"""A finding, and what checks are made of: the rules, what each does, and where it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

from attrs import field, frozen

from ncpi_rules.core import Problem
from ncpi_rules.engine import Box, Boxes, EngineRule, Program, Regions, Values, regions_of, union
from ncpi_rules.ruleset import Ruleset, describe_value, effect_of, program_for, witness_of

if TYPE_CHECKING:
    from collections.abc import Hashable

CODES: Final[Mapping[str, str]] = {
    "cannot-be-read": "A file cannot be read, or names what is not there",
    "name-not-known": "A name or a word is used that stands nowhere",
    "citation": "A rule cites no statement, or one that does not exist",
    "too-strong": "A rule speaks more strongly than its statements",
    "overlap": "Two rules decide the same thing in the same case",
    "circle": "Rules wait for each other in a circle",
    "gap": "No rule decides a case",
    "dead-rule": "A rule never holds",
    "rule-adds-nothing": "A rule changes nothing, because other rules say the same",
    "exception-without-effect": "An exception never matters",
    "outcome-never-reached": "No case gives an outcome",
    "fact-never-tested": "No rule tests a fact",
    "values-not-told-apart": "No rule tells some words of a fact apart",
    "never-used": "Nothing uses a name of the vocabulary",
    "statement-without-rule": "No rule implements a statement, and no reason is given",
    "interpretation-changes-nothing": "Another answer to an open question changes nothing",
    "deadlines-in-a-circle": "Deadlines count from each other in a circle",
    "deadlines-impossible": "Deadlines cannot all be kept",
    "event-never-happens": "A deadline is set on what nobody does",
    "guarantee-broken": "A guarantee is not kept",
    "guarantee-about-nothing": "No case is as a guarantee says, so that it guarantees nothing",
    "not-signed": "Nobody has approved a rule or an interpretation",
    "approval-stale": "What was approved has changed since",
}
"""What each code means; ``docs/findings`` has a page for each."""


@frozen(kw_only=True, order=True)
class Finding(Problem):
    """Something that a check found; ``witness`` is a case in which it shows, in words.

    ``page`` names the page of the documentation that has an example and the way out.
    """

    witness: Mapping[str, str] = field(factory=dict, order=False, hash=False)

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Return the finding that a problem of the loader is."""
        return cls(
            place=problem.place,
            message=problem.message,
            help=problem.help,
            code=problem.code or "cannot-be-read",
        )

    @property
    def page(self) -> str:
        """Return where the documentation explains it."""
        return f"docs/findings/{self.code}.md"

    def __str__(self) -> str:
        """Return the place, the code and the sentence, and the help on a line of its own."""
        told = f"{self.place}: {self.message} [{self.code}]"
        return f"{told}\n  help: {self.help}" if self.help else told


@frozen(eq=False)
class Ground:
    """What the checks ask of a ruleset: its program, its regions, and what each rule does."""

    ruleset: Ruleset
    program: Program
    regions: Regions

    @classmethod
    def of(cls, ruleset: Ruleset) -> Ground:
        """Return the ground of a ruleset, made on first use and kept with it."""
        return ruleset.derive(_ground)

    @cached_property
    def rules(self) -> dict[str, EngineRule]:
        """Return what each rule tests and what outranks it."""
        return {rule.id: rule for rule in self.program.rules}

    @cached_property
    def ours(self) -> dict[str, str]:
        """Return our own answer to every interpretation."""
        return {
            id_: interpretation.ours for id_, interpretation in self.ruleset.interpretations.items()
        }

    @cached_property
    def effects(self) -> dict[Hashable, Boxes]:
        """Return, for all that rules do, the cases in which some rule does it."""
        return self._effects(self.regions.holds, self.program.values)

    @cached_property
    def said(self) -> dict[Hashable, Boxes]:
        """Return the same over all facts, decided ones included: shorter to tell."""
        return self._effects(self.regions.says, self.program.facts)

    @cached_property
    def doing(self) -> dict[Hashable, tuple[str, ...]]:
        """Return, for all that rules do, the rules that do it."""
        found: dict[Hashable, tuple[str, ...]] = {}
        for id_, rule in self.ruleset.rules.items():
            effect = effect_of(rule)
            found[effect] = (*found.get(effect, ()), id_)
        return found

    def _effects(self, regions: Mapping[str, Boxes], values: Values) -> dict[Hashable, Boxes]:
        return {
            effect: union((box for id_ in ids for box in regions[id_]), values)
            for effect, ids in self.doing.items()
        }

    def witness(self, box: Box) -> dict[str, str]:
        """Return a case of a box that names only what the box names."""
        values = {fact: box[fact] for fact in self.program.facts if fact in box}
        return witness_of(values, self.program.facts, self.ours)

    def likeliest(self, boxes: Iterable[Box]) -> Box | None:
        """Return the box that says most simply where something is so: ours first, then fewest."""
        return min(
            boxes,
            key=lambda box: (
                not self.is_ours(box),
                len(box),
                [sorted(box.get(fact, ())) for fact in self.program.facts],
            ),
            default=None,
        )

    def says(self, case: Mapping[str, str]) -> str:
        """Return a case in the vocabulary's own sentences; our own answers are not told."""
        told = [
            describe_value(self.ruleset, fact, value)
            for fact, value in case.items()
            if self.ours.get(fact) != value
        ]
        return ", and ".join(told)

    def says_box(self, box: Box) -> str:
        """Return all cases of a box in the vocabulary's own sentences."""
        told = []
        for fact, values in self.program.facts.items():
            allowed = box.get(fact, frozenset(values))
            if len(allowed) < len(values) and not (
                fact in self.ours and self.ours[fact] in allowed
            ):
                told.append(self._says_any(fact, [value for value in values if value in allowed]))
        return "; and ".join(told)

    def _says_any(self, fact: str, values: list[str]) -> str:
        first, *others = (describe_value(self.ruleset, fact, value) for value in values)
        if fact in self.ruleset.outcomes:  # "the tier is a visit or a review"
            others = [self.ruleset.outcomes[fact].values[value] for value in values[1:]]
            return " or ".join([first, *others])
        return ", or ".join([first, *others])

    def is_ours(self, box: Box) -> bool:
        """Return True where a box has cases under our own answer to every interpretation."""
        return all(value in box.get(fact, {value}) for fact, value in self.ours.items())

    def when(self, case: Mapping[str, str]) -> str:
        """Return `` when ...`` for a case, or nothing where it names no fact."""
        told = self.says(case)
        return f" when {told}" if told else ""

    def place(self, name: str) -> str:
        """Return where a name of the files stands, such as ``events.revisit-begins``."""
        return self.ruleset.places.get(name, "")


def named(ids: Iterable[str]) -> str:
    """Return names as they stand in a sentence.

    >>> named(["tier.visit", "tier.review", "tier.full"])
    "'tier.visit', 'tier.review' and 'tier.full'"
    """
    *first, last = (f"'{id_}'" for id_ in ids)
    return f"{', '.join(first)} and {last}" if first else last


def _ground(ruleset: Ruleset) -> Ground:
    program = program_for(ruleset)
    return Ground(ruleset, program, regions_of(program))
