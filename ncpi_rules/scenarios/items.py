"""What a scenario expects of single items of a plan, of its sentences, and of guarantees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import astuple, evolve, fields_dict, frozen

from ncpi_rules.core import PartialDate
from ncpi_rules.ruleset import (
    SECTIONS,
    Always,
    FollowsOrder,
    Includes,
    NeverWithout,
    NoLaterThan,
    OnlyWhere,
    Timing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.plan import Plan, PlanItem
    from ncpi_rules.ruleset import Guarantee, Ruleset, Tests
    from ncpi_rules.scenarios.model import Expected, ExpectedGuarantee, ExpectedItem

PRINTED: Final = ("sentence", "heading")
"""What is expected of an item as the plan prints it."""

SAYS_SOMEWHERE: Final = "sentences"
"""The name under which a scenario is known to expect sentences of a whole plan."""


@frozen(kw_only=True)
class Mismatch:
    """One thing that is not as a scenario expects it, written as the file writes it.

    ``about`` names the rules, the outcomes or the alerts that explain it.
    """

    section: str
    expected: str
    actual: str
    about: tuple[str, ...] = ()


def word_for_word(expect: Expected, plan: Plan) -> Iterator[Mismatch]:
    """Yield what is not as expected of items, of labels, of sentences and of guarantees."""
    if expect.refused:
        yield Mismatch(section="refused", expected=expect.refused, actual="not refused")
    yield from _items(expect, plan)
    yield from _status_labels(expect, plan)
    yield from _missing_sentences(expect, plan)
    yield from _guarantees(expect, plan)


def expected_texts(expect: Expected) -> Iterator[str]:
    """Yield all that a scenario expects to read: sentences, titles, names, citations, labels."""
    yield from (*expect.sentences, *expect.names.values())
    labels = (deadline.status_label for deadline in expect.deadlines.values())
    yield from filter(None, (expect.refused, *labels))
    expected = [*map(_values, expect.items.values()), *map(_values, expect.guarantees.values())]
    for values in expected:
        for value in values:
            yield ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _values(expected: ExpectedItem | ExpectedGuarantee) -> Iterator[Any]:
    return filter(None, astuple(expected, recurse=False))


def _items(expect: Expected, plan: Plan) -> Iterator[Mismatch]:
    """Yield what is not as expected of single items, or that an item is not there at all."""
    by_rule: dict[str, list[Any]] = {}
    for rule in plan.decision.rules if expect.items else ():
        for name in dict.fromkeys((rule.rule, rule.id)):
            by_rule.setdefault(name, []).append(rule)
    for name, expected in expect.items.items():
        for wanted, actual in _differences(plan, name, expected, by_rule.get(name, [])):
            yield Mismatch(
                section="items",
                expected=f"{name}: {wanted}",
                actual=f"{name}: {actual}",
                about=(name,),
            )


def _differences(
    plan: Plan, name: str, expected: ExpectedItem, rules: list[Any]
) -> Iterator[tuple[str, str]]:
    if not rules:
        yield "there", "not there"
        return
    ids = {name, *(rule.rule for rule in rules)}
    for field in PRINTED:
        wanted, printed = getattr(expected, field), list(_printed(plan, ids, field))
        if wanted and wanted not in printed:
            yield wanted, " / ".join(printed) or f"no {field}"
    yield from _other_fields(evolve(expected, sentence="", heading=""), rules)


def _other_fields(
    expected: ExpectedItem | ExpectedGuarantee, rules: list[Any]
) -> Iterator[tuple[str, str]]:
    """Yield each field of which no rule or guarantee has what is expected, with what it has."""
    nothing = type(expected)()
    for name in fields_dict(type(expected)):
        wanted = getattr(expected, name)
        actual = [_field(rule, name) for rule in rules]
        if wanted != getattr(nothing, name) and not any(_same(wanted, value) for value in actual):
            yield f"{name} {_shown(wanted)}", f"{name} {' / '.join(map(_shown, actual))}"


def _status_labels(expect: Expected, plan: Plan) -> Iterator[Mismatch]:
    """Yield each deadline that a plan does not mark as expected, such as due soon."""
    for event, expected in expect.deadlines.items():
        for item in plan.deadlines if expected.status_label else ():
            if item.event == event and item.status_label != expected.status_label:
                yield Mismatch(
                    section="deadlines",
                    expected=f"{event}: status_label {expected.status_label}",
                    actual=f"{event}: status_label {item.status_label}",
                    about=(item.id,),
                )


def _field(rule: Any, name: str) -> Any:
    """Return a field as scenarios have it; a plan prints every question that an item rests on."""
    value = getattr(rule, "open_questions" if name == "rests_on" else name, "")
    return value.text if isinstance(value, Timing) else value


def _guarantees(expect: Expected, plan: Plan) -> Iterator[Mismatch]:
    """Yield what is not as expected of guarantees, or that one is not about the case."""
    ruleset, facts = plan.ruleset, plan.decision.facts
    ours = all(facts[id_] == question.ours for id_, question in ruleset.interpretations.items())
    for id_, expected in expect.guarantees.items():
        guarantee = ruleset.guarantees.get(id_)
        if guarantee is None:
            differing = [("there", "not there")]
        elif not (ours or guarantee.interpretations == "every") or not _is_about(guarantee, facts):
            differing = [("about this case", "not about this case")]
        else:
            differing = list(_other_fields(expected, [guarantee]))
        for wanted, actual in differing:
            yield Mismatch(
                section="guarantees", expected=f"{id_}: {wanted}", actual=f"{id_}: {actual}"
            )


def _is_about(guarantee: Guarantee, facts: Mapping[str, str]) -> bool:
    """Return whether a guarantee rules anything out in a case, whatever the rules may say."""

    def meets(tests: Tests) -> bool:
        return all(facts[name] in values for name, values in tests.items())

    match guarantee:
        case Always() | NoLaterThan():
            return meets(guarantee.when)
        case NeverWithout():
            return not any(meets(ground) for ground in guarantee.without)
        case FollowsOrder():
            return facts[guarantee.fact] in guarantee.order
        case Includes():
            return facts[guarantee.outcome] in guarantee.order
        case OnlyWhere():
            return not meets(guarantee.when)
        case _:
            return True


def _missing_sentences(expect: Expected, plan: Plan) -> Iterator[Mismatch]:
    """Yield each expected sentence that no plan, no explanation of values and no register says."""
    if not expect.sentences:
        return
    ruleset, values = plan.ruleset, plan.decision.values
    said = {fact.values[values[name]] for name, fact in ruleset.facts.items()}
    questions = ruleset.interpretations
    said |= {question.answers[values[id_]] for id_, question in questions.items()}
    said |= {*_cells(plan), *registered(ruleset)}
    if not said.issuperset(expect.sentences):  # the plan itself takes the longest to write
        said |= set(_texts(plan.document.to_dict()))
    for text in expect.sentences:
        if text not in said:
            yield Mismatch(section=SAYS_SOMEWHERE, expected=text, actual="not said")


def _cells(plan: Plan) -> Iterator[str]:
    """Yield what tables say of a case: the head of a column, and the cell below it."""
    ruleset, facts, dates = plan.ruleset, plan.decision.facts, plan.facts.recorded
    for name, term in (*ruleset.facts.items(), *ruleset.outcomes.items()):
        yield f"{term.label}: {term.labels.get(facts.get(name, ''), '')}"
    for name, outcome in ruleset.outcomes.items():
        yield f"{outcome.title}: {outcome.values[facts.get(name) or outcome.none]}"
    for name, when in dates.items():
        if isinstance(when, PartialDate):
            yield f"{ruleset.events[name].label}: {when.text}"


def registered(ruleset: Ruleset) -> Iterator[str]:
    """Yield what the registers of a ruleset say: each title or field, and a line below it."""
    for parameter in ruleset.parameters.values():
        for _, period, event in parameter.timings():
            yield f"{parameter.title}: {period} {event}".rstrip()
        yield f"{parameter.title}: {', '.join(parameter.statements)}"
    for choice in ruleset.choices.values():
        for line in (choice.choice, choice.why, ", ".join(choice.statements)):
            yield f"{choice.title}: {line}"
    for id_, question in ruleset.interpretations.items():
        yield f"{id_}: {question.question}"
        yield f"{id_}: {', '.join(question.statements)}"
        for answer, says in question.answers.items():
            yield f"{id_}, {answer}: {says}"
    for section in SECTIONS.values():
        for name, term in getattr(ruleset, section).items():
            yield f"{name}: {term.title}"
    for name, reason in ruleset.fields_without_a_fact.items():
        yield f"{name}: {reason}"


def _same(wanted: object, actual: object) -> bool:
    if isinstance(wanted, tuple) and isinstance(actual, tuple):
        return sorted(wanted, key=str) == sorted(actual, key=str)
    return wanted == actual


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_shown(inner)}" for name, inner in value.items()) or "none"
    return (", ".join(map(_shown, value)) if isinstance(value, tuple) else f"{value}") or "none"


def _printed(plan: Plan, rules: set[str], field: str) -> Iterator[str]:
    lists: tuple[tuple[PlanItem, ...], ...] = (
        plan.required_actions,
        plan.optional_actions,
        plan.documents,
        plan.deadlines,
        plan.questions,
        plan.alerts,
    )
    for items in lists:
        for item in items:
            if not rules.isdisjoint(item.rules):
                yield getattr(item, field, None) or ""


def _texts(data: Any) -> Iterator[str]:
    """Yield every text in plain data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, (list, tuple)):
        for inner in data:
            yield from _texts(inner)
    elif isinstance(data, dict):
        for inner in data.values():
            yield from _texts(inner)
