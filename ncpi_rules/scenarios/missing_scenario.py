"""Where a mutant differs from its ruleset, and the scenario that would notice it.

The cases are read from the regions of both, so none is missed. The scenario is made for one of them
and run on both, so that it expects what the ruleset gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.checks import RulesetAnalysis, effect_changes, rules_by_effect, where_value
from ncpi_rules.core import FactsError, PartialDate
from ncpi_rules.engine import Boxes, ReferenceEngine, minus
from ncpi_rules.ruleset import (
    ANSWERED,
    ANY_DAY,
    DOCUMENTS_SUGGESTED,
    DUE_DATE_NOT_WORKING,
    LOCAL_NAMES,
    Choice,
    DeadlineRule,
    DocumentRule,
    Interpretation,
    OutcomeRule,
    Rule,
    effect_of,
)
from ncpi_rules.scenarios.assertions import SECTIONS, name_in_scenarios
from ncpi_rules.scenarios.model import Expected, Scenario
from ncpi_rules.scenarios.runs import planned

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Ruleset
    from ncpi_rules.scenarios.mutants import Mutant

DAYS_TRIED: Final = tuple(range(ANY_DAY, ANY_DAY + 7)) + tuple(range(ANY_DAY + 27, ANY_DAY + 31))
"""The days (ordinals) that are tried as dates of a scenario: a week, and the end of a month."""

FAR: Final = 1000
"""A number of days that is too late, or too early, for any likely deadline."""

MOST_TRIED: Final = 24
"""The most cases of a mutant that are tried."""

MOST_NAMED: Final = 2
"""The most expectations that a missing scenario names."""


@frozen
class DifferingCases:
    """Cases in which a mutant gives another result than the ruleset.

    ``dates`` are the events from which the result is counted, ``event`` the one that it is about;
    ``interpretations`` are answers that must be asked for.
    """

    cases: Boxes = field(repr=False)
    dates: tuple[str, ...] = ()
    event: str = ""
    interpretations: Mapping[str, str] = field(factory=dict)


def differing_cases(
    analysis: RulesetAnalysis, mutant: Mutant, mutated: Ruleset
) -> Iterator[DifferingCases]:
    """Yield where a mutant differs from the ruleset; nothing where it never does."""
    match mutant.changed:
        case Interpretation():
            yield from _of_interpretation(analysis, mutant.changed)
        case Choice():
            yield from _of_choice(analysis, mutant.of)
        case _:
            yield from _of_rule(analysis, mutant, mutated)


def _of_rule(
    analysis: RulesetAnalysis, mutant: Mutant, mutated: Ruleset
) -> Iterator[DifferingCases]:
    old, new = analysis.ruleset.rules, mutated.rules
    before, after = analysis.regions.applies, _find_regions(analysis, mutant, mutated)
    changed = [rules[mutant.of] for rules in (old, new) if mutant.of in rules]
    changed += [rule for id_, rule in old.items() if before[id_] != after.get(id_, ())]
    about: dict[Hashable, Rule] = {}
    for rule in changed:
        about.setdefault(effect_of(rule), rule)
    values = analysis.program.values
    first, second = (
        {
            effect: tuple(box for id_ in by_effect.get(effect, ()) for box in applies[id_])
            for effect in about
        }
        for by_effect, applies in (
            (analysis.by_effect, before),
            (rules_by_effect(new.values()), after),
        )
    )
    for change in effect_changes(first, second, values):
        rule = about[change.effect]
        name = name_in_scenarios(rule)
        # Where another rule has the same name in scenarios, these may not tell the two apart: such
        # cases come last.
        others = [
            box
            for other in old.values()
            if name and other.id != rule.id and name_in_scenarios(other) == name
            for box in before[other.id]
        ]
        for cases in filter(None, (change.removed, change.added)):
            if others and (alone := minus(cases, others, values)):
                yield _about(analysis.ruleset, rule, alone)
            yield _about(analysis.ruleset, rule, cases)


def _about(ruleset: Ruleset, rule: Rule, cases: Boxes) -> DifferingCases:
    if not isinstance(rule, DeadlineRule):
        return DifferingCases(cases)
    anchors = [bound.anchor for bound in rule.bounds]
    if not anchors:
        # A deadline without a date is distinguished from those on the same event by their dates.
        same = (other for other in ruleset.of_kind(DeadlineRule) if other.event == rule.event)
        anchors = [bound.anchor for other in same for bound in other.bounds]
    return DifferingCases(cases, tuple(dict.fromkeys(anchors)), rule.event)


def _find_regions(
    analysis: RulesetAnalysis, mutant: Mutant, mutated: Ruleset
) -> Mapping[str, Boxes]:
    """Return the cases of each rule of a mutant; those that cannot have changed are reused."""
    before = analysis.regions.applies
    old, new = analysis.ruleset.rules[mutant.of], mutated.rules.get(mutant.of)
    if isinstance(old, OutcomeRule) or old.outranks:
        return RulesetAnalysis.of(mutated).regions.applies
    if new is None:
        return {id_: boxes for id_, boxes in before.items() if id_ != mutant.of}
    if (old.when, old.under) == (new.when, new.under):
        return before
    outranked_by = sorted(analysis.rules[mutant.of].outranked_by)
    outranking = [box for other in outranked_by for box in before[other]]
    cases = minus(analysis.regions.over_given_facts(new.tests), outranking, analysis.program.values)
    return {**before, mutant.of: cases}


def _of_interpretation(
    analysis: RulesetAnalysis, changed: Interpretation
) -> Iterator[DifferingCases]:
    """Yield the cases in which another answer of ours gives another result."""
    ruleset, id_ = analysis.ruleset, changed.id
    before, after = (
        {effect: where_value(boxes, id_, value) for effect, boxes in analysis.effects.items()}
        for value in (analysis.ours[id_], changed.ours)
    )
    for change in effect_changes(before, after, analysis.program.values):
        rule = ruleset.rules[analysis.by_effect[change.effect][-1]]
        yield _about(ruleset, rule, change.removed or change.added)
    for name in ANSWERED:
        if ruleset.choice(name) == id_:
            yield from _of_choice(analysis, name)


def _of_choice(analysis: RulesetAnalysis, name: str) -> Iterator[DifferingCases]:
    """Yield the cases in which a choice can matter at all."""
    ruleset, applies = analysis.ruleset, analysis.regions.applies
    asked = ruleset.choice(name)
    answers = ruleset.interpretations[asked].answers if asked in ruleset.interpretations else ()
    interpretations: list[dict[str, str]] = [{}, *({asked: value} for value in answers)]
    have_names = (party.local or party.office for party in ruleset.parties.values())
    if name == LOCAL_NAMES and any(have_names):
        yield DifferingCases(({},))
    for id_, rule in ruleset.rules.items():
        dates: tuple[str, ...] | None = None
        if name == DOCUMENTS_SUGGESTED and isinstance(rule, DocumentRule):
            dates = ()
        if name == DUE_DATE_NOT_WORKING and isinstance(rule, DeadlineRule):
            ceilings = [bound for bound in rule.bounds if not (bound.is_floor or bound.is_order)]
            dates = tuple(bound.anchor for bound in ceilings) or None
        if dates is not None and applies[id_]:
            for answer in interpretations:
                yield DifferingCases(applies[id_], dates, interpretations=answer)
            return


# The missing scenario.


def describe_missing(
    analysis: RulesetAnalysis, mutant: Mutant, mutated: Ruleset, where: Iterable[DifferingCases]
) -> str:
    """Return the scenario that passes under the ruleset and fails under a mutant, in a sentence."""
    first = ""
    for case, differing in islice(_cases(analysis, where), MOST_TRIED):
        facts = analysis.describer.describe_case(case) or "no fact needs to be given"
        first = first or facts
        for scenario in _scenarios(analysis, case, differing):
            try:
                before = planned(scenario, analysis.ruleset, engine=ReferenceEngine.name)
                after = planned(scenario, mutated, engine=ReferenceEngine.name)
            except FactsError:
                continue
            if expected := list(islice(_expectations(before, after), MOST_NAMED)):
                dates = "".join(f", {name} is {day}" for name, day in scenario.dates.items())
                day = f", on {scenario.on}" if scenario.on else ""
                return (
                    f"Write a scenario in which {facts}{dates}{day}, and expect "
                    f"{', and '.join(expected)}{_applying(mutant, before)}."
                )
    return _beyond_values(analysis, mutant) or (
        f"It matters where {first}, but no part of a scenario can show it."
    )


def _cases(
    analysis: RulesetAnalysis, where: Iterable[DifferingCases]
) -> Iterator[tuple[dict[str, str], DifferingCases]]:
    """Yield the cases in which a mutant differs, one of each box, the simplest first."""
    for differing in where:
        boxes = list(differing.cases)
        while (box := analysis.simplest(boxes)) is not None:
            boxes.remove(box)
            yield {**analysis.describer.example(box), **differing.interpretations}, differing


def _beyond_values(analysis: RulesetAnalysis, mutant: Mutant) -> str:
    """Return the missing scenario where it needs a whole follow-up, or nothing."""
    ruleset, changed = analysis.ruleset, mutant.changed
    if mutant.of in {DOCUMENTS_SUGGESTED, ruleset.choice(DOCUMENTS_SUGGESTED)}:
        return (
            "Write a scenario with a whole follow-up in which a recommendation prompts a document, "
            "and expect that document under suggested."
        )
    if mutant.of not in {LOCAL_NAMES, ruleset.choice(LOCAL_NAMES)}:
        return ""
    interpretation = ruleset.choice(LOCAL_NAMES)
    force = "a force in which a party has a local name"
    if isinstance(changed, Choice) and changed.choice == analysis.ours.get(interpretation):
        return (
            f"Write a scenario of {force} and with another answer to {interpretation}, and expect "
            "the name that it then has, or none, under names."
        )
    return f"Write a scenario of {force}, and expect that name, or none, under names."


def _applying(mutant: Mutant, plan: Plan) -> str:
    if not mutant.is_of_rule:
        return ""
    applies = "applies" if mutant.of in plan.decision.evaluation.fired else "does not apply"
    return f"; the rule {mutant.of} {applies} there"


def _scenarios(
    analysis: RulesetAnalysis, case: Mapping[str, str], differing: DifferingCases
) -> Iterator[Scenario]:
    """Yield scenarios for a case, the simplest first."""
    facts = {name: value for name, value in case.items() if name in analysis.ruleset.facts}
    interpretations = {
        name: value
        for name, value in case.items()
        if name in analysis.ours and value != analysis.ours[name]
    }
    for day, dates in _dates(differing):
        yield Scenario(
            says="It is so.",
            facts=facts,
            interpretations=interpretations,
            dates={name: PartialDate.between(date, date) for name, date in dates.items()},
            on=None if day is None else PartialDate.between(day, day),
            expect=Expected(),
        )


def _dates(differing: DifferingCases) -> Iterator[tuple[int | None, dict[str, int]]]:
    """Yield a day and dates: none, then some for the anchors, then far too late or too early."""
    yield None, {}
    if differing.dates:
        for day in DAYS_TRIED:
            yield day, dict.fromkeys(differing.dates, day)
        for day in (ANY_DAY + FAR, ANY_DAY - FAR) if differing.event else ():
            dates = {**dict.fromkeys(differing.dates, ANY_DAY), differing.event: day}
            yield ANY_DAY + FAR, dates


def _expectations(before: Plan, after: Plan) -> Iterator[str]:
    """Yield what a scenario could expect of the first plan and would miss in the second."""
    first, second = _names(before), _names(after)
    for section, names in first.items():
        yield from (f"'{name}' under {section}" for name in names if name not in second[section])
    for section, names in second.items():
        if section in SECTIONS or section == "suggested":
            rest = " and suggested under complete" if section == "suggested" else ""
            missing = [name for name in names if name not in first[section]]
            yield from (f"no '{name}' under {section}{rest}" for name in missing)
    for event, fields in _common_fields(before).items():
        others = [_fields(item) for item in after.parts_of_one.schedule if item.rule.event == event]
        for name, value in fields.items():
            if any(other[name] != value for other in others):
                yield f"'{name}: {value}' of {event} under deadlines"


def _common_fields(plan: Plan) -> dict[str, dict[str, str]]:
    """Return what all deadlines on each event have in common: only that can be expected of it."""
    common: dict[str, dict[str, str]] = {}
    for deadline in plan.parts_of_one.schedule:
        fields = _fields(deadline)
        known = common.get(deadline.rule.event, fields)
        common[deadline.rule.event] = {
            name: value for name, value in known.items() if fields[name] == value
        }
    return common


def _names(plan: Plan) -> dict[str, list[str]]:
    outcomes = plan.decision.outcomes
    return {
        "outcomes": [
            f"{name}: {outcome.value or plan.ruleset.outcomes[name].none}"
            for name, outcome in outcomes.items()
        ],
        "basis": [f"{name}: {outcome.basis}" for name, outcome in outcomes.items()],
        **{section.value: list(names_in(plan)) for section, names_in in SECTIONS.items()},
        "suggested": [item.document for item in plan.documents if item.suggested],
        "not_suggested": [item.document for item in plan.documents if item.suggested is False],
    }


def _fields(deadline: Deadline) -> dict[str, str]:
    days = {
        "due": deadline.due,
        "not_before": deadline.not_before,
        "latest_compliant_date": deadline.latest_compliant_date,
        "working_day_before": deadline.working_day,
    }
    return {
        "modality": deadline.rule.modality.value,
        **{name: _shown(day) for name, day in days.items()},
        "by": deadline.rule.by,
        "status": deadline.status.value,
    }


def _shown(day: PartialDate | int | None) -> str:
    if isinstance(day, int):
        day = PartialDate.between(day, day)
    return "none" if day is None else day.edtf
