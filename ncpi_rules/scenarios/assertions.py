"""What a scenario expects beside what is in its plan.

Only what is expected is looked at, section by section.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import PartialDate
from ncpi_rules.plan import Names
from ncpi_rules.ruleset import ActionRule, DeadlineRule, DocumentRule, OutcomeRule
from ncpi_rules.scenarios.model import NONE, DayCount, ExpectedDeadline, Scenario, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Decision, Rule

MOST_EXPLAINED: Final = 3
"""Of so many rules it is said why they do not hold: those that are nearest to it."""


@frozen(kw_only=True)
class Mismatch:
    """One thing that is not as expected, in the words of the file.

    ``about`` names the rules, the outcomes or the alerts that explain it.
    """

    section: str
    expected: str
    actual: str
    about: tuple[str, ...] = ()


def describe_action(rule: ActionRule) -> str:
    """Return who does what and how strongly it is said, as scenarios write it."""
    return f"{rule.by} {rule.modality.value} {rule.does}"


def describe_request(rule: DocumentRule) -> str:
    """Return who may ask for which document and how strongly it is said, as scenarios write it."""
    return f"{rule.by} {rule.modality.value} {rule.document}"


def mismatches_of(scenario: Scenario, plan: Plan) -> Iterator[Mismatch]:
    """Yield everything in a plan that is not as a scenario expects it."""
    yield from _outcomes(scenario, plan)
    for section, listed in SECTIONS.items():
        yield from _listed(scenario, plan, section, listed)
    yield from _suggestions(scenario, plan)
    yield from _deadlines(scenario, plan)
    yield from _names(scenario, plan)


def _outcomes(scenario: Scenario, plan: Plan) -> Iterator[Mismatch]:
    expect = scenario.expect
    for name, value in expect.outcomes.items():
        actual = _value(plan, name)
        if actual != value:
            yield Mismatch(
                section="outcomes",
                expected=f"{name}: {value}",
                actual=f"{name}: {actual}",
                about=(name, *_saying(plan, name, value)),
            )
    for name, values in expect.without.outcomes.items():
        actual = _value(plan, name)
        if actual in values:
            yield Mismatch(
                section="without outcomes",
                expected=f"{name}: anything but {actual}",
                actual=f"{name}: {actual}",
                about=(name,),
            )
    for name, basis in expect.basis.items():
        found = plan.decision.outcomes[name].basis
        if found is not basis:
            yield Mismatch(
                section="basis",
                expected=f"{name}: {basis.value}",
                actual=f"{name}: {found.value}",
                about=(name,),
            )


def _value(plan: Plan, outcome: str) -> str:
    return plan.decision.outcomes[outcome].value or plan.ruleset.outcomes[outcome].none


def _saying(plan: Plan, outcome: str, value: str) -> Iterable[str]:
    return _nearest(
        plan,
        lambda rule: (
            isinstance(rule, OutcomeRule) and rule.decides == outcome and rule.then == value
        ),
    )


def failing(rule: Rule, decision: Decision) -> tuple[str, ...]:
    """Return the facts, outcomes and interpretations of a rule whose words stand against it."""
    facts = decision.facts
    return tuple(
        fact
        for tests in (rule.when, rule.under)
        for fact, values in tests.items()
        if facts[fact] not in values
    )


def _nearest(plan: Plan, fits: Callable[[Rule], bool]) -> Iterable[str]:
    """Return the few rules of those that fit that are nearest to holding, by id."""
    found = [rule for rule in plan.ruleset.rules.values() if fits(rule)]
    found.sort(key=lambda rule: len(failing(rule, plan.decision)))
    return [rule.id for rule in found[:MOST_EXPLAINED]]


# Sections that are lists of names.


def _steps(plan: Plan) -> dict[str, str]:
    holding = plan.decision.holding
    return {
        describe_action(rule): rule.id
        for rule in (*holding.required_actions, *holding.optional_actions)
    }


def _documents(plan: Plan) -> dict[str, str]:
    return {describe_request(rule): rule.id for rule in plan.decision.holding.documents}


def _questions(plan: Plan) -> dict[str, str]:
    return {rule.id: rule.id for rule in plan.decision.holding.questions}


def _alerts(plan: Plan) -> dict[str, str]:
    return {alert.id: alert.id for alert in plan.alerts}


def _events(plan: Plan) -> dict[str, str]:
    return {rule.event: rule.id for rule in plan.decision.holding.deadlines}


SECTIONS: Final[dict[Section, Callable[[Plan], dict[str, str]]]] = {
    Section.ACTIONS: _steps,
    Section.DOCUMENTS: _documents,
    Section.DEADLINES: _events,
    Section.QUESTIONS: _questions,
    Section.ALERTS: _alerts,
}
"""What gives the names in each section of a plan, each with what explains it."""


def _listed(
    scenario: Scenario, plan: Plan, section: Section, listed: Callable[[Plan], dict[str, str]]
) -> Iterator[Mismatch]:
    wanted: Collection[str] = getattr(scenario.expect, section.value)
    unwanted: Collection[str] = getattr(scenario.expect.without, section.value)
    complete = section in scenario.expect.complete
    if not (wanted or unwanted or complete):
        return
    found = listed(plan)
    for name in wanted:
        if name not in found:
            about = tuple(_about(plan, section, name, found))
            yield Mismatch(section=section.value, expected=name, actual="not there", about=about)
    for name in unwanted:
        if name in found:
            yield Mismatch(
                section=f"without {section.value}",
                expected=f"no {name}",
                actual=name,
                about=(found[name],),
            )
    for name in found if complete else ():
        if name not in wanted:
            yield Mismatch(
                section=f"complete {section.value}",
                expected="nothing else",
                actual=name,
                about=(found[name],),
            )


def _about(plan: Plan, section: Section, name: str, found: dict[str, str]) -> Iterator[str]:
    """Yield what explains that a name is not there; first what is there in its place."""
    if section in {Section.QUESTIONS, Section.ALERTS}:
        yield name
        return
    if section in {Section.ACTIONS, Section.DOCUMENTS}:
        by, _, rest = name.partition(" ")
        does = rest.partition(" ")[2]
        yield from (
            id_
            for each, id_ in found.items()
            if each.startswith(f"{by} ") and each.endswith(f" {does}")
        )
    fits: dict[Section, Callable[[Rule], bool]] = {
        Section.ACTIONS: lambda rule: (
            isinstance(rule, ActionRule) and describe_action(rule) == name
        ),
        Section.DOCUMENTS: lambda rule: (
            isinstance(rule, DocumentRule) and describe_request(rule) == name
        ),
        Section.DEADLINES: lambda rule: isinstance(rule, DeadlineRule) and rule.event == name,
    }
    yield from _nearest(plan, fits[section])


# Documents that are suggested, deadlines and names.


def _asking_for(plan: Plan, document: str) -> Iterable[str]:
    return _nearest(plan, lambda rule: isinstance(rule, DocumentRule) and rule.document == document)


def _suggestions(scenario: Scenario, plan: Plan) -> Iterator[Mismatch]:
    expect = scenario.expect
    complete = Section.SUGGESTED in expect.complete
    if not (expect.suggested or expect.not_suggested or complete):
        return
    found = {each.rule.document: each for each in plan.documents}
    says = {True: "suggested", False: "not suggested", None: "not known whether suggested"}
    for wanted, names in ((True, expect.suggested), (False, expect.not_suggested)):
        for name in names:
            request = found.get(name)
            if request is not None and request.suggested is wanted:
                continue
            actual = "may not be asked for" if request is None else says[request.suggested]
            about = [request.id] if request else _asking_for(plan, name)
            yield Mismatch(
                section="suggested" if wanted else "not_suggested",
                expected=f"{name}: {says[wanted]}",
                actual=f"{name}: {actual}",
                about=tuple(about),
            )
    for name, request in found.items() if complete else ():
        if request.suggested and name not in expect.suggested:
            yield Mismatch(
                section="complete suggested",
                expected="nothing else",
                actual=name,
                about=(request.id,),
            )


def _deadlines(scenario: Scenario, plan: Plan) -> Iterator[Mismatch]:
    for event, expected in scenario.expect.deadlines.items():
        # Where no deadline holds on the event, the section has said so.
        for deadline in plan.deadlines:
            if deadline.rule.event != event:
                continue
            if differing := list(_differing(expected, deadline)):
                wanted = ", ".join(f"{name} {wanted}" for name, wanted, _ in differing)
                actual = ", ".join(f"{name} {actual}" for name, _, actual in differing)
                yield Mismatch(
                    section="deadlines",
                    expected=f"{event}: {wanted}",
                    actual=f"{event}: {actual}",
                    about=(deadline.id,),
                )


def _differing(expected: ExpectedDeadline, deadline: Deadline) -> Iterator[tuple[str, str, str]]:
    """Yield each field that is not as expected, with what is expected and what is there."""
    rule, late_by = deadline.rule, deadline.late_by
    days = partial(map, lambda day: None if day is None else PartialDate.between(day, day))
    safe, working = days((deadline.latest_compliant_date, deadline.working_day))
    pairs: tuple[tuple[str, object, object], ...] = (
        ("modality", expected.modality, rule.modality),
        ("by", expected.by or None, rule.by),
        ("due", expected.due, deadline.due),
        ("not_before", expected.not_before, deadline.not_before),
        ("status", expected.status, deadline.status),
        ("late_by", expected.late_by, None if late_by is None else DayCount(*late_by)),
        ("latest_compliant_date", expected.latest_compliant_date, safe),
        ("working_day_before", expected.working_day_before, working),
    )
    for name, wanted, actual in pairs:
        if wanted is not None and not _is(wanted, actual):
            yield name, _says(wanted), _says(actual)


def _is(wanted: object, actual: object) -> bool:
    if wanted is NONE:
        return actual is None
    if isinstance(wanted, PartialDate) and isinstance(actual, PartialDate):
        return (wanted.start, wanted.end) == (actual.start, actual.end)
    return wanted == actual


def _says(value: object) -> str:
    if value is None or value is NONE:
        return "none"
    return value.says if isinstance(value, DayCount) else str(value)


def _names(scenario: Scenario, plan: Plan) -> Iterator[Mismatch]:
    if not scenario.expect.names:
        return
    decision, force = plan.decision, plan.follow_up.force
    names = Names.of(plan.ruleset, force, plan.on.toordinal(), decision.naming)
    for party, wanted in scenario.expect.names.items():
        term, name = names.term(party), names.name(party)
        actual = "none" if name == term else names.local(party)
        if actual != wanted:
            yield Mismatch(
                section="names",
                expected=f"{party}: {wanted}",
                actual=f"{party}: {actual}",
                about=(party,),
            )
