"""The scenarios that are missing, for a person to say what must follow.

For every rule a case in which it holds, and for every condition of it a case in which
that one alone does not; for every deadline with a number its last day and the day after. The cases
come from the table, so each can happen; what must follow is never filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from ncpi_rules.checks import Ground
from ncpi_rules.core import PartialDate, sentence
from ncpi_rules.io import write_yaml
from ncpi_rules.ruleset import DeadlineRule, decide
from ncpi_rules.scenarios.assertions import failing
from ncpi_rules.scenarios.rule_coverage import OUTRANKED, coverage
from ncpi_rules.scenarios.runs import planned

if TYPE_CHECKING:
    from ncpi_rules.engine import Boxes
    from ncpi_rules.ruleset import Bound, Rule, Ruleset
    from ncpi_rules.scenarios.model import Scenario

# A day on which months of different lengths, weeks and working days all lead elsewhere.
_ANCHOR: Final = PartialDate.read("2018-08-30").start


@frozen(kw_only=True)
class Suggestion:
    """A case that no scenario shows; ``why`` says what it would show."""

    why: str
    facts: Mapping[str, str]
    interpretations: Mapping[str, str]
    dates: Mapping[str, str] = field(factory=dict)
    on: str = ""

    def to_yaml(self, ruleset: Ruleset) -> str:
        """Return the scenario as it would stand in a file, but for what must follow."""
        told = [ruleset.facts[fact].values[value] for fact, value in self.facts.items()]
        told += [
            f"interpretation {id_} is answered '{value}'"
            for id_, value in self.interpretations.items()
        ]
        told += [f"{ruleset.events[each].title}: {day}" for each, day in self.dates.items()]
        lines = [
            f"  # {self.why}",
            f"  - says: {_quoted(sentence(', and '.join(told) or 'always'))}",
        ]
        for name in ("facts", "interpretations", "dates"):
            given: Mapping[str, str] = getattr(self, name)
            if given:
                lines.append(f"    {name}:")
                lines += [f"      {key}: {value}" for key, value in given.items()]
        if self.on:
            lines.append(f"    on: {self.on}")
        lines.append("    expect: {}  # what must follow?")
        return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return write_yaml({"says": text}).partition(": ")[2].strip().replace("\n", "\n      ")


def suggest(scenarios: Iterable[Scenario], ruleset: Ruleset) -> tuple[Suggestion, ...]:
    """Return the cases that the scenarios of a ruleset leave out, few that show much first."""
    scenarios = tuple(scenarios)
    ground = Ground.of(ruleset)
    found = coverage(scenarios, ruleset)
    shown = {(id_, "") for id_, says in found.holding.items() if says}
    shown |= {(id_, fact) for id_, near in found.near.items() for fact in near}
    return (*_cases(ground, shown), *_boundaries(ground, scenarios))


def _cases(ground: Ground, shown: set[tuple[str, str]]) -> Iterator[Suggestion]:
    for id_, rule in ground.ruleset.rules.items():
        for fact in ("", *rule.when, *rule.under):
            if (id_, fact) in shown:
                continue
            boxes = ground.regions.holds[id_] if not fact else _but_for(ground, id_, fact)
            box = ground.likeliest(boxes)
            if box is None:
                continue  # it cannot happen
            made = _suggestion(ground, ground.witness(box), _why(rule, fact))
            shown |= set(_shows(ground, made))
            yield made


def _why(rule: Rule, fact: str) -> str:
    return f"The rule {rule.id} holds{f', but for {fact}' if fact else ''}."


def _but_for(ground: Ground, id_: str, fact: str) -> Boxes:
    """Return the cases in which all that a rule tests is so, but for one fact."""
    tested = ground.rules[id_].when
    values = ground.program.facts[fact]
    needed = [at for at, value in enumerate(values) if value in tested[fact]]
    others = [at for at in range(len(values)) if at not in needed]
    others.sort(key=lambda at: min(abs(at - each) for each in needed))
    for at in others:
        found = ground.regions.given({**tested, fact: frozenset({values[at]})})
        if found:
            return found
    return ()


def _suggestion(ground: Ground, case: Mapping[str, str], why: str) -> Suggestion:
    facts = ground.ruleset.facts
    return Suggestion(
        why=why,
        facts={f: w for f, w in case.items() if f in facts and w != facts[f].left_out},
        interpretations={f: w for f, w in case.items() if ground.ours.get(f, w) != w},
    )


def _shows(ground: Ground, made: Suggestion) -> Iterator[tuple[str, str]]:
    """Yield what a suggestion would show, so that nothing is asked for twice."""
    decision = decide(ground.ruleset, made.facts, interpretations=made.interpretations)
    for id_, rule in ground.ruleset.rules.items():
        if id_ in decision.evaluation.fired:
            yield id_, ""
        else:
            against = failing(rule, decision) or (OUTRANKED,)
            if len(against) == 1:
                yield id_, against[0]


def _boundaries(ground: Ground, scenarios: Iterable[Scenario]) -> Iterator[Suggestion]:
    """Yield the last day and the day after of each deadline that no scenario expects."""
    expected: set[str] = set()
    for each in scenarios:
        if not each.expect.deadlines:
            continue
        fired = planned(each, ground.ruleset).decision.evaluation.fired
        expected |= {
            id_
            for id_ in fired
            if getattr(ground.ruleset.rules[id_], "event", "") in each.expect.deadlines
        }
    for rule in ground.ruleset.of_kind(DeadlineRule):
        box = ground.likeliest(ground.regions.holds[rule.id])
        if box is None or rule.id in expected:
            continue
        case = ground.witness(box)
        for bound in rule.bounds:
            if bound.period.count:
                yield from _days(ground, rule, bound, case)


def _days(
    ground: Ground, rule: DeadlineRule, bound: Bound, case: Mapping[str, str]
) -> Iterator[Suggestion]:
    last = bound.moved(_ANCHOR, ground.ruleset.calendar)
    beyond = -1 if bound.is_floor else 1
    what = "first" if bound.is_floor else "last"
    for day, told in ((last, f"the {what} day"), (last + beyond, f"a day beyond the {what} day")):
        made = _suggestion(ground, case, f"The deadline {rule.id}, on {told}.")
        dates = {bound.anchor: _iso(_ANCHOR), bound.event: _iso(day)}
        yield evolve(made, dates=dates, on=_iso(max(_ANCHOR, day) + 1))


def _iso(day: int) -> str:
    return PartialDate.between(day, day).edtf
