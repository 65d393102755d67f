"""What a scenario expects, compared with its plan.

Only what is expected is compared, section by section.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from attrs import evolve

from ncpi_rules.core import PartialDate
from ncpi_rules.plan import Names
from ncpi_rules.ruleset import (
    DOCUMENTS_SUGGESTED,
    DUE_DATE_NOT_WORKING,
    DUE_SOON,
    KIND_OF_FILE,
    LOCAL_NAMES,
    ActionRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
)
from ncpi_rules.scenarios.items import SAYS_SOMEWHERE, Mismatch, word_for_word
from ncpi_rules.scenarios.model import (
    NONE,
    DayCount,
    Expected,
    ExpectedDeadline,
    ExpectedEarlier,
    PlanSection,
    Scenario,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Decision, Rule, RuleKind

MOST_EXPLAINED: Final = 3
"""The most rules that are explained where an expected one does not apply: the nearest to it."""


def name_in_scenarios(rule: Rule) -> str:
    """Return the name that scenarios have for what a rule brings about, if rules may share it.

    An action is written as party, modality and activity, a request as party, modality and document.
    """
    match rule:
        case ActionRule():
            return f"{rule.by} {rule.modality.value} {rule.does}"
        case DocumentRule():
            return f"{rule.by} {rule.modality.value} {rule.document}"
        case DeadlineRule():
            return rule.event
        case _:
            return ""


def mismatches_of(scenario: Scenario, plan: Plan) -> Iterator[Mismatch]:
    """Yield everything in a plan that is not as a scenario expects it."""
    yield from _outcomes(scenario, plan)
    for section in SECTIONS:
        yield from _section(scenario, plan, section)
    yield from _suggestions(scenario, plan)
    yield from _deadlines(scenario, plan)
    yield from _local_names(scenario, plan)
    yield from word_for_word(scenario.expect, plan)
    for at, earlier in enumerate(scenario.expect.earlier):
        yield from _earlier(scenario, earlier, plan, at)


def _earlier(
    scenario: Scenario, expect: ExpectedEarlier, plan: Plan, at: int
) -> Iterator[Mismatch]:
    """Yield what is not as expected of a revisit before the current one."""
    if at >= len(plan.earlier):
        after = f"a revisit after number {at + 1}"
        yield Mismatch(section="earlier", expected=after, actual="not there")
        return
    expected = Expected(
        outcomes=expect.outcomes, actions=expect.actions, deadlines=expect.deadlines
    )
    for mismatch in mismatches_of(evolve(scenario, expect=expected), plan.earlier[at]):
        yield evolve(mismatch, section=f"{mismatch.section} of revisit {at + 1}")


def _outcomes(scenario: Scenario, plan: Plan) -> Iterator[Mismatch]:
    expect, outcomes = scenario.expect, plan.decision.outcomes

    def value_of(name: str) -> str:
        return outcomes[name].value or plan.ruleset.outcomes[name].none

    def mismatch(section: str, name: str, expected: str, actual: str, *about: str) -> Mismatch:
        expected, actual = f"{name}: {expected}", f"{name}: {actual}"
        return Mismatch(section=section, expected=expected, actual=actual, about=(name, *about))

    for name, value in expect.outcomes.items():
        if value_of(name) != value:
            deciding = _nearest(
                plan,
                lambda rule, name=name, value=value: (  # type: ignore[misc]
                    isinstance(rule, OutcomeRule) and (rule.decides, rule.then) == (name, value)
                ),
            )
            yield mismatch("outcomes", name, value, value_of(name), *deciding)
    for name, values in expect.without.outcomes.items():
        if (actual := value_of(name)) in values:
            yield mismatch("without outcomes", name, f"anything but {actual}", actual)
    for name, basis in expect.basis.items():
        if outcomes[name].basis is not basis:
            yield mismatch("basis", name, basis.value, outcomes[name].basis.value)


def failing(rule: Rule, decision: Decision) -> tuple[str, ...]:
    """Return the facts, outcomes and interpretations whose values do not meet a rule's tests."""
    known, decided = decision.values, decision.evaluation.decided
    return tuple(f for f, fits in rule.tests.items() if (decided.get(f) or known[f]) not in fits)


def _nearest(plan: Plan, fits: Callable[[Rule], bool]) -> Iterable[str]:
    """Return the ids of the few fitting rules that are nearest to applying."""
    rules = [rule for rule in plan.ruleset.rules.values() if fits(rule)]
    rules.sort(key=lambda rule: len(failing(rule, plan.decision)))
    return list(dict.fromkeys(rule.rule for rule in rules))[:MOST_EXPLAINED]


# Sections that are lists of names.


def _names_of_rules(kind: RuleKind, plan: Plan) -> dict[str, str]:
    """Return the names of the rules of one kind that apply, each with the id of its rule."""
    lists = (getattr(plan.decision.applicable, name) for name in kind.lists)
    return {name_in_scenarios(rule) or rule.rule: rule.rule for rules in lists for rule in rules}


SECTIONS: Final[dict[PlanSection, Callable[[Plan], dict[str, str]]]] = {
    PlanSection.ACTIONS: partial(_names_of_rules, KIND_OF_FILE["actions"]),
    PlanSection.DOCUMENTS: partial(_names_of_rules, KIND_OF_FILE["documents"]),
    PlanSection.DEADLINES: partial(_names_of_rules, KIND_OF_FILE["deadlines"]),
    PlanSection.QUESTIONS: partial(_names_of_rules, KIND_OF_FILE["questions"]),
    PlanSection.ALERTS: lambda plan: {alert.id: alert.id for alert in plan.alerts},
}
"""A function for each section of a plan: its names, each with the id of what explains it."""


def _section(scenario: Scenario, plan: Plan, section: PlanSection) -> Iterator[Mismatch]:
    expected: Collection[str] = getattr(scenario.expect, section.value)
    excluded: Collection[str] = getattr(scenario.expect.without, section.value)
    complete = section in scenario.expect.complete
    if not (expected or excluded or complete):
        return
    names = SECTIONS[section](plan)
    applying = {rule.id: rule.rule for rule in plan.decision.rules}
    present = {**applying, **names}  # a case of a rule has a name of its own
    rules_expected = {name.partition("[")[0] if name in applying else name for name in expected}
    for name in expected:
        if name not in present:
            about = tuple(_explaining(plan, section, name, names))
            yield Mismatch(section=section.value, expected=name, actual="not there", about=about)
    for prefix, wanted, unexpected in (
        ("without", "no {}", [name for name in excluded if name in present]),
        ("complete", "nothing else", [name for name in names if name not in rules_expected]),
    ):
        for name in unexpected if complete or prefix == "without" else ():
            yield Mismatch(
                section=f"{prefix} {section.value}",
                expected=wanted.format(name),
                actual=name,
                about=(present[name],),
            )


def _explaining(
    plan: Plan, section: PlanSection, name: str, names: dict[str, str]
) -> Iterator[str]:
    """Yield what explains that a name is not there; first what is there in its place."""
    if section in {PlanSection.QUESTIONS, PlanSection.ALERTS}:
        yield name
        return
    kind = KIND_OF_FILE[section].rule
    if section is not PlanSection.DEADLINES:
        by, _, rest = name.partition(" ")
        start, end = f"{by} ", f" {rest.partition(' ')[2]}"
        yield from (
            id_ for other, id_ in names.items() if other.startswith(start) and other.endswith(end)
        )
    yield from _nearest(
        plan, lambda rule: isinstance(rule, kind) and name_in_scenarios(rule) == name
    )


# Suggested documents, deadlines and local names.


def _suggestions(scenario: Scenario, plan: Plan) -> Iterator[Mismatch]:
    expect = scenario.expect
    complete = PlanSection.SUGGESTED in expect.complete
    if not (expect.suggested or expect.not_suggested or complete):
        return
    requests = {request.document: request for request in plan.documents}
    labels = {True: "suggested", False: "not suggested", None: "not known whether suggested"}
    for wanted, section in ((True, "suggested"), (False, "not_suggested")):
        for name in getattr(expect, section):
            request = requests.get(name)
            if request is None:
                actual, about = (
                    "may not be asked for",
                    _nearest(
                        plan,
                        lambda rule, name=name: (  # type: ignore[misc]
                            isinstance(rule, DocumentRule) and rule.document == name
                        ),
                    ),
                )
            else:
                actual, about = labels[request.suggested], [request.id]
            if actual != labels[wanted]:
                yield Mismatch(
                    section=section,
                    expected=f"{name}: {labels[wanted]}",
                    actual=f"{name}: {actual}",
                    about=tuple(about),
                )
    for name, request in requests.items() if complete else ():
        if request.suggested and name not in expect.suggested:
            yield Mismatch(
                section="complete suggested",
                expected="nothing else",
                actual=name,
                about=(request.id,),
            )


def _deadlines(scenario: Scenario, plan: Plan) -> Iterator[Mismatch]:
    # An event without any deadline is reported by its section.
    for event, expected in scenario.expect.deadlines.items():
        for deadline in plan.parts_of_one.schedule:
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
    compliant, working = days((deadline.latest_compliant_date, deadline.working_day))
    fields: tuple[tuple[str, object, object], ...] = (
        ("modality", expected.modality, rule.modality),
        ("by", expected.by or None, rule.by),
        ("due", expected.due, deadline.due),
        ("not_before", expected.not_before, deadline.not_before),
        ("status", expected.status, deadline.status),
        ("late_by", expected.late_by, None if late_by is None else DayCount(*late_by)),
        ("latest_compliant_date", expected.latest_compliant_date, compliant),
        ("working_day_before", expected.working_day_before, working),
    )
    for name, wanted, actual in fields:
        if wanted is not None and not _is(wanted, actual):
            yield name, _shown(wanted), _shown(actual)


def _is(wanted: object, actual: object) -> bool:
    if wanted is NONE:
        return actual is None
    if isinstance(wanted, PartialDate) and isinstance(actual, PartialDate):
        return (wanted.start, wanted.end) == (actual.start, actual.end)
    return wanted == actual


def _shown(value: object) -> str:
    if value is None or value is NONE:
        return "none"
    return value.text if isinstance(value, DayCount) else str(value)


def _local_names(scenario: Scenario, plan: Plan) -> Iterator[Mismatch]:
    if not scenario.expect.names:
        return
    decision, subject = plan.decision, plan.follow_up.about
    names = Names(plan.ruleset, subject, plan.on.toordinal(), decision.naming)
    for party, wanted in scenario.expect.names.items():
        actual = "none" if names.name(party) == names.term(party) else names.local(party)
        if actual != wanted:
            yield Mismatch(
                section="names",
                expected=f"{party}: {wanted}",
                actual=f"{party}: {actual}",
                about=(party,),
            )


# The names by which a scenario is known to be about a rule.


def expected_names(scenario: Scenario) -> Iterator[str]:
    """Yield the names in a scenario's expectations that a rule or a setting may bring about."""
    expect = scenario.expect
    for outcomes in (expect.outcomes, expect.without.outcomes, expect.basis):
        yield from outcomes
    for revisit in expect.earlier:
        yield from (*revisit.outcomes, *revisit.actions, *revisit.deadlines)
    for section in SECTIONS:
        yield from getattr(expect, section.value)
        yield from getattr(expect.without, section.value)
    yield from (f"complete {section}" for section in expect.complete)
    yield from (*expect.suggested, *expect.not_suggested)
    for name in expect.items:  # a case of a rule is a name of the rule, too
        yield from (name, name.partition("[")[0])
    yield from expect.guarantees
    if expect.sentences:
        yield SAYS_SOMEWHERE
    if expect.suggested or expect.not_suggested:
        yield DOCUMENTS_SUGGESTED
    if expect.names:
        yield LOCAL_NAMES
    if any(deadline.due or deadline.working_day_before for deadline in expect.deadlines.values()):
        yield DUE_DATE_NOT_WORKING
    if any(deadline.status_label for deadline in expect.deadlines.values()):
        yield DUE_SOON


def names_of_rule(rule: Rule) -> Iterator[str]:
    """Yield the names under which a scenario may expect what a rule brings about."""
    yield from (rule.rule, name_in_scenarios(rule))
    match rule:
        case OutcomeRule():
            yield rule.decides
        case DeadlineRule():
            yield f"alert.{rule.rule}"
        case DocumentRule():
            yield rule.document
        case _:
            pass
