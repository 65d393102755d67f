"""Where a mutant differs from the ruleset, and the scenario that would notice it.

Where it differs is read from the regions of both: all cases, not some. The scenario is
made for one of these cases and tried on both, so that what it is said to expect is what is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.checks import Ground
from ncpi_rules.core import FactsError, PartialDate
from ncpi_rules.engine import Boxes, ReferenceEngine, minus
from ncpi_rules.ruleset import (
    ANY_DAY,
    SETTINGS,
    DeadlineRule,
    DocumentRule,
    Interpretation,
    OutcomeRule,
    Rule,
    Settings,
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
"""So many days are too late, or too early, for any deadline that is likely to be written."""

ANY_CASE: Final = "no fact needs to be given"

MOST_TRIED: Final = 24
"""So many of the places where a mutant differs are tried."""

MOST_NAMED: Final = 2
"""So many of the things that differ are named."""


@frozen
class DifferingCases:
    """Cases in which a mutant says something else than the ruleset.

    ``dates`` are the events from which what differs is counted, ``event`` the one that it is about;
    ``interpretations`` are answers that must be asked for.
    """

    cases: Boxes = field(repr=False)
    dates: tuple[str, ...] = ()
    event: str = ""
    interpretations: Mapping[str, str] = field(factory=dict)


def differences(ground: Ground, mutant: Mutant, mutated: Ruleset) -> Iterator[DifferingCases]:
    """Yield where a mutant differs from the ruleset; nothing where it never does."""
    match mutant.changed:
        case Interpretation():
            yield from _of_interpretation(ground, mutant.changed)
        case Settings():
            yield from _of_setting(ground, mutant.of)
        case _:
            yield from _of_rule(ground, mutant, mutated)


def _of_rule(ground: Ground, mutant: Mutant, mutated: Ruleset) -> Iterator[DifferingCases]:
    old, new = ground.ruleset.rules, mutated.rules
    before, after = ground.regions.holds, _holds(ground, mutant, mutated)
    about: dict[Hashable, Rule] = {effect_of(old[mutant.of]): old[mutant.of]}
    if mutant.of in new:
        about.setdefault(effect_of(new[mutant.of]), new[mutant.of])
    for id_, rule in old.items():
        if before[id_] != after.get(id_, ()):
            about.setdefault(effect_of(rule), rule)
    values = ground.program.values
    for key, rule in about.items():
        then = [box for id_, each in old.items() if effect_of(each) == key for box in before[id_]]
        now = [box for id_, each in new.items() if effect_of(each) == key for box in after[id_]]
        for one, other in ((then, now), (now, then)):
            if cases := minus(one, other, values):
                # Where another rule gives the plan the same name, a scenario may not tell them
                # apart: such cases come last.
                same = (
                    id_
                    for id_, each in old.items()
                    if name_in_scenarios(each) == name_in_scenarios(rule) != ""
                )
                others = [box for id_ in same if id_ != rule.id for box in before[id_]]
                if others and (alone := minus(cases, others, values)):
                    yield _about(ground.ruleset, rule, alone)
                yield _about(ground.ruleset, rule, cases)


def _about(ruleset: Ruleset, rule: Rule, cases: Boxes) -> DifferingCases:
    if not isinstance(rule, DeadlineRule):
        return DifferingCases(cases)
    dates = dict.fromkeys(bound.anchor for bound in rule.bounds)
    if not dates:
        # A deadline without a date is told from those beside it by theirs.
        beside = (each for each in ruleset.of_kind(DeadlineRule) if each.event == rule.event)
        dates = dict.fromkeys(bound.anchor for each in beside for bound in each.bounds)
    return DifferingCases(cases, tuple(dates), rule.event)


def _holds(ground: Ground, mutant: Mutant, mutated: Ruleset) -> Mapping[str, Boxes]:
    """Return the cases in which each rule of a mutant holds; what cannot have changed is kept."""
    before = ground.regions.holds
    old, new = ground.ruleset.rules[mutant.of], mutated.rules.get(mutant.of)
    if isinstance(old, OutcomeRule) or old.outranks:
        return Ground.of(mutated).regions.holds
    if new is None:
        return {id_: boxes for id_, boxes in before.items() if id_ != mutant.of}
    if (old.when, old.under) == (new.when, new.under):
        return before
    values = ground.program.values
    tests = {fact: frozenset(each) for fact, each in {**new.when, **new.under}.items()}
    outranked_by = sorted(ground.rules[mutant.of].outranked_by)
    outranking = [box for other in outranked_by for box in before[other]]
    return {**before, mutant.of: minus(ground.regions.given(tests), outranking, values)}


def _of_interpretation(ground: Ground, changed: Interpretation) -> Iterator[DifferingCases]:
    """Yield the cases in which another answer of ours says something else of the same case."""
    id_, values = changed.id, ground.program.values
    rules = {effect_of(rule): rule for rule in ground.ruleset.rules.values()}
    for key, boxes in ground.effects.items():
        then, now = (
            [_without(id_, box) for box in boxes if value in box.get(id_, {value})]
            for value in (ground.ours[id_], changed.ours)
        )
        if cases := minus(then, now, values) or minus(now, then, values):
            yield _about(ground.ruleset, rules[key], cases)
    for name in SETTINGS:
        if getattr(ground.ruleset.settings, name) == id_:
            yield from _of_setting(ground, name)


def _without(fact: str, box: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {name: values for name, values in box.items() if name != fact}


def _of_setting(ground: Ground, name: str) -> Iterator[DifferingCases]:
    """Yield the cases in which a setting of the library can matter at all."""
    ruleset, holds = ground.ruleset, ground.regions.holds
    asked = getattr(ruleset.settings, name)
    answers = ruleset.interpretations[asked].answers if asked in ruleset.interpretations else ()
    interpretations: list[dict[str, str]] = [{}, *({asked: value} for value in answers)]
    if name == "local_names" and any(
        each.local or each.office for each in ruleset.parties.values()
    ):
        yield DifferingCases(({},))
    for id_, rule in ruleset.rules.items():
        dates: tuple[str, ...] | None = None
        if name == "documents_suggested" and isinstance(rule, DocumentRule):
            dates = ()
        if name == "last_day_not_working" and isinstance(rule, DeadlineRule):
            limits = [each for each in rule.bounds if not (each.is_floor or each.is_order)]
            dates = tuple(each.anchor for each in limits) or None
        if dates is not None and holds[id_]:
            yield from (
                DifferingCases(holds[id_], dates, interpretations=each) for each in interpretations
            )
            return


# The missing scenario.


def describe_missing(
    ground: Ground, mutant: Mutant, mutated: Ruleset, found: Iterable[DifferingCases]
) -> str:
    """Return the sentence of a scenario that passes under the ruleset and fails under a mutant."""
    told = ""
    for case, each in islice(_cases(ground, found), MOST_TRIED):
        facts = ground.says(case) or ANY_CASE
        told = told or facts
        for scenario in _tried(ground, case, each):
            try:
                before = planned(scenario, ground.ruleset, engine=ReferenceEngine.name)
                after = planned(scenario, mutated, engine=ReferenceEngine.name)
            except FactsError:
                continue
            if expected := list(_expected(before, after)):
                dates = "".join(f", {name} is {day}" for name, day in scenario.dates.items())
                day = f", on {scenario.on}" if scenario.on else ""
                listed = ", and ".join(expected[:MOST_NAMED])
                return (
                    f"Write a scenario in which {facts}{dates}{day}, and expect {listed}"
                    f"{_holding(mutant, before)}."
                )
    return _beyond_values(ground, mutant) or (
        f"It matters where {told}, but no part of a scenario can show it."
    )


def _cases(
    ground: Ground, found: Iterable[DifferingCases]
) -> Iterator[tuple[dict[str, str], DifferingCases]]:
    """Yield the cases in which a mutant differs, one of each box, the likeliest first."""
    for each in found:
        boxes = list(each.cases)
        while boxes:
            box = ground.likeliest(boxes)
            if box is None:
                break
            boxes.remove(box)
            yield {**ground.witness(box), **each.interpretations}, each


def _beyond_values(ground: Ground, mutant: Mutant) -> str:
    """Return the missing scenario where it needs a whole follow-up, or nothing."""
    settings, changed = ground.ruleset.settings, mutant.changed
    if mutant.of in {"documents_suggested", settings.documents_suggested}:
        return (
            "Write a scenario with a whole follow-up in which a recommendation calls for a "
            "document, and expect that document under suggested."
        )
    if mutant.of not in {"local_names", settings.local_names}:
        return ""
    interpretation, force = settings.local_names, "a force in which a party has a name of its own"
    if isinstance(changed, Settings) and changed.local_names == ground.ours.get(interpretation):
        return (
            f"Write a scenario of {force} and with another answer to {interpretation}, and expect "
            "what is then the name, or none, under names."
        )
    return f"Write a scenario of {force}, and expect what is its name, or none, under names."


def _holding(mutant: Mutant, plan: Plan) -> str:
    if not mutant.is_of_rule:
        return ""
    holds = "holds" if mutant.of in plan.decision.evaluation.fired else "does not hold"
    return f"; the rule {mutant.of} {holds} there"


def _tried(ground: Ground, case: Mapping[str, str], found: DifferingCases) -> Iterator[Scenario]:
    """Yield scenarios for a case, the simplest first."""
    rules = ground.ruleset
    facts = {name: value for name, value in case.items() if name in rules.facts}
    interpretations = {
        name: value
        for name, value in case.items()
        if name in rules.interpretations and value != ground.ours[name]
    }
    for day, dates in _dates(found):
        yield Scenario(
            says="It is so.",
            facts=facts,
            interpretations=interpretations,
            dates={name: PartialDate.between(each, each) for name, each in dates.items()},
            on=None if day is None else PartialDate.between(day, day),
            expect=Expected(),
        )


def _dates(found: DifferingCases) -> Iterator[tuple[int | None, dict[str, int]]]:
    """Yield a day and dates: none, then those from which is counted, then far too late or early."""
    yield None, {}
    for day in DAYS_TRIED if found.dates else ():
        yield day, dict.fromkeys(found.dates, day)
    if found.dates and found.event:
        for day in (ANY_DAY + FAR, ANY_DAY - FAR):
            yield ANY_DAY + FAR, {**dict.fromkeys(found.dates, ANY_DAY), found.event: day}


def _expected(before: Plan, after: Plan) -> Iterator[str]:
    """Yield what a scenario would expect of the one plan that the other has not."""
    then, now = _named(before), _named(after)
    for section, names in then.items():
        yield from (f"'{name}' under {section}" for name in names if name not in now[section])
    for section, names in now.items():
        if section in SECTIONS or section == "suggested":
            rest = " and suggested under complete" if section == "suggested" else ""
            yield from (
                f"no '{name}' under {section}{rest}" for name in names if name not in then[section]
            )
    for event, fields in _shared(before).items():
        for name, value in fields.items():
            other = (
                dict(_fields(each))[name] for each in after.schedule if each.rule.event == event
            )
            if any(each != value for each in other):
                yield f"'{name}: {value}' of {event} under deadlines"


def _shared(plan: Plan) -> dict[str, dict[str, str]]:
    """Return what is the same of each deadline on an event: only that can be expected of it."""
    found: dict[str, dict[str, str]] = {}
    for deadline in plan.schedule:
        fields = dict(_fields(deadline))
        known = found.setdefault(deadline.rule.event, fields)
        found[deadline.rule.event] = {
            name: value for name, value in known.items() if fields[name] == value
        }
    return found


def _named(plan: Plan) -> dict[str, list[str]]:
    outcomes = plan.decision.outcomes
    return {
        "outcomes": [
            f"{name}: {each.value or plan.ruleset.outcomes[name].none}"
            for name, each in outcomes.items()
        ],
        "basis": [f"{name}: {each.basis}" for name, each in outcomes.items()],
        **{section.value: list(listed(plan)) for section, listed in SECTIONS.items()},
        "suggested": [each.document for each in plan.documents if each.suggested],
        "not_suggested": [each.document for each in plan.documents if each.suggested is False],
    }


def _fields(deadline: Deadline) -> Iterator[tuple[str, str]]:
    yield "modality", deadline.rule.modality.value
    yield "due", _says(deadline.due)
    yield "not_before", _says(deadline.not_before)
    yield "latest_compliant_date", _says(deadline.latest_compliant_date)
    yield "working_day_before", _says(deadline.working_day)
    yield "by", deadline.rule.by
    yield "status", deadline.status.value


def _says(day: PartialDate | int | None) -> str:
    if isinstance(day, int):
        day = PartialDate.between(day, day)
    return "none" if day is None else day.edtf
