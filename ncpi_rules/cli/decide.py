"""The command ``decide``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from attrs import evolve
from cyclopts import Parameter

from ncpi_rules import scenarios
from ncpi_rules.cli.options import AS_PUBLISHED, EngineName, RulesOptions, day_given, pairs
from ncpi_rules.cli.output import GOOD, refuse, show_lines
from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    DateError,
    FactsError,
    PartialDate,
    format_day,
    read_when,
    stopped,
    upper_first,
)
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import decide as decide_case
from ncpi_rules.ruleset import edition_title

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.core import When
    from ncpi_rules.plan import Plan, PlanDeadline
    from ncpi_rules.ruleset import Decision, Rule, Ruleset

_BY_NAME = "further.events."


def decide(
    *value: str,
    options: RulesOptions = AS_PUBLISHED,
    on: Annotated[
        str | None,
        Parameter(help="The day on which deadlines are looked at, such as 2019-04-11."),
    ] = None,
    engine: EngineName = None,
) -> int:
    """Say what a ruleset decides in one case, given as values and dates.

    :param value: A fact and its value, such as findings=broadly-positive, or an event and its date,
    such as report-published=2018-06-28; everything else is unknown. A date needs --on.
    """
    rules, interpretations = options.load(engine)
    values = pairs(value, "a fact and its value, such as findings=broadly-positive")
    for name in values:
        if name in rules.interpretations:
            refuse(
                f"'{name}' is an interpretation, not a fact.",
                f"Write: --interpretation {name}=ANSWER",
            )
    dates = dict(_dates_in(values, rules, has_day=on is not None))
    if dates and on is None:
        refuse("A date is given, and no day on which to look at it.", "Add: --on 2019-04-11")
    facts = {name: text for name, text in values.items() if name not in dates}
    if on is None:
        decision = decide_case(rules, facts, interpretations=interpretations, engine=engine)
        show_lines(_describe_decision(decision, values, {}, None))
        return GOOD
    plan = _planned(rules, facts, dates, interpretations, day_given(on), engine)
    show_lines(_describe_decision(plan.decision, values, dates, plan))
    return GOOD


def _dates_in(
    values: Mapping[str, str], rules: Ruleset, *, has_day: bool
) -> Iterator[tuple[str, When]]:
    """Yield the events that have a date; a fact of the same name may have a value instead."""
    for name, text in values.items():
        is_date = name not in rules.facts or text not in rules.facts[name].values
        if name in rules.events and (is_date or (has_day and text == NOT_YET.value)):
            try:
                yield name, read_when(text)
            except DateError as fault:
                problems = [evolve(problem, place=name) for problem in fault.problems]
                raise DateError(problems) from None


def _planned(  # noqa: PLR0917  what a scenario is made of
    rules: Ruleset,
    facts: Mapping[str, str],
    dates: Mapping[str, When],
    interpretations: Mapping[str, str],
    day: datetime.date,
    engine: str | None,
) -> Plan:
    """Return the plan of a case, as a scenario has it."""
    case = scenarios.Scenario(
        says="",
        facts=facts,
        dates=dates,
        interpretations=interpretations,
        on=PartialDate.between(day.toordinal(), day.toordinal()),
        expect=scenarios.Expected(),
    )
    try:
        return scenarios.planned(case, rules, engine=engine)
    except FactsError as fault:
        problems = [
            evolve(
                problem,
                place=problem.place.removeprefix(_BY_NAME),
                message=problem.message.replace(_BY_NAME, ""),
            )
            for problem in fault.problems
        ]
        raise FactsError(problems) from None


def _describe_decision(
    decision: Decision, names: Iterable[str], dates: Mapping[str, When], plan: Plan | None
) -> Iterator[str]:
    """Yield what is decided in a case and which rules apply; ``names`` are those stated.

    With a plan, each deadline says when it is due and where it stands.
    """
    settings, facts = decision.ruleset.settings, decision.ruleset.facts
    edition = edition_title(decision.ruleset)
    yield from wrapped(f"{settings.title}, edition {edition} ({settings.id}/{settings.edition})")
    if plan is not None:
        yield f"Position as at {format_day(plan.on.toordinal())}"
    yield from ("", "THE CASE")
    for name, fact in facts.items():
        value = fact.values[decision.values[name]]
        yield from _entry(value if name in names else f"{value} (not stated)", name)
    for name, when in dates.items():
        yield from _entry(f"{decision.ruleset.events[name].title}: {_text_of(when)}", name)
    yield from ("", "WHAT IS DECIDED")
    for name, decided in decision.outcomes.items():
        outcome = decision.ruleset.outcomes[name]
        value = outcome.values[decided.value or outcome.none]
        sentence = f"{outcome.title}: {value} ({decided.basis.label})"
        yield from _entry(sentence, ", ".join(decided.rule_ids))
    applicable = decision.applicable
    kinds: tuple[tuple[str, Sequence[Rule]], ...] = (
        ("Required actions", applicable.required_actions),
        ("Optional actions (not chosen)", applicable.optional_actions),
        ("Documents", applicable.documents),
        ("Deadlines", applicable.deadlines),
        ("Questions", applicable.questions),
        ("Alerts", applicable.alerts),
    )
    stands = {} if plan is None else {item.id: _stands(item) for item in plan.deadlines}
    for heading, rules in kinds:
        if rules:
            yield from ("", heading.upper())
        for rule in rules:
            yield from _entry(f"{rule.title}{stands.get(rule.rule, '')}", rule.rule)


def _text_of(when: When) -> str:
    if isinstance(when, PartialDate):
        return when.text
    return "not known" if when is UNKNOWN else "not yet"


def _stands(deadline: PlanDeadline) -> str:
    """Return when a deadline is due and where it stands, as it follows the title of its rule."""
    due = "; no date yet" if deadline.limit else ""
    if deadline.due:
        due = f"; due {deadline.due.text}"
    line = f". {upper_first(deadline.status_line)}" if deadline.status_line else ""
    return stopped(f"{due}. {upper_first(deadline.status_label)}{line}")


def _entry(sentence: str, id_: str) -> Iterator[str]:
    reference = f" [{id_}]" if id_ else ""
    yield from wrapped(f"{sentence[:1].upper()}{sentence[1:]}{reference}", first="- ", rest="  ")
