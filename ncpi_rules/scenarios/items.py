"""What a scenario expects of single items of a plan: parties, extent, sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import fields, frozen

from ncpi_rules.scenarios.model import ExpectedItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.plan import Plan, PlanItem
    from ncpi_rules.scenarios.model import Expected

SENTENCE: Final = "sentence"
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


def item_mismatches(expect: Expected, plan: Plan) -> Iterator[Mismatch]:
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
    for field in fields(ExpectedItem):
        wanted = getattr(expected, field.name)
        if not wanted:
            continue
        if field.name == SENTENCE:
            said = list(_sentences(plan, {name, *(rule.rule for rule in rules)}))
            if wanted not in said:
                yield wanted, " / ".join(said) or "no sentence"
        elif not any(_same(wanted, getattr(rule, field.name, "")) for rule in rules):
            shown = " / ".join(_shown(getattr(rule, field.name, "")) for rule in rules)
            yield f"{field.name} {_shown(wanted)}", f"{field.name} {shown}"


def missing_sentences(expect: Expected, plan: Plan) -> Iterator[Mismatch]:
    """Yield each expected sentence that neither a plan nor the explanation of its values says."""
    if expect.sentences:
        ruleset, values = plan.ruleset, plan.decision.values
        said = set(_texts(plan.document.to_dict()))
        said |= {fact.values[values[name]] for name, fact in ruleset.facts.items()}
        for text in expect.sentences:
            if text not in said:
                yield Mismatch(section=SAYS_SOMEWHERE, expected=text, actual="not said")


def _same(wanted: object, actual: object) -> bool:
    if isinstance(wanted, tuple) and isinstance(actual, tuple):
        return sorted(wanted) == sorted(actual)
    return wanted == actual


def _shown(value: object) -> str:
    return (", ".join(value) if isinstance(value, tuple) else f"{value}") or "none"


def _sentences(plan: Plan, rules: set[str]) -> Iterator[str]:
    lists: tuple[tuple[PlanItem, ...], ...] = (
        plan.required_actions,
        plan.optional_actions,
        plan.documents,
        plan.deadlines,
        plan.questions,
        plan.alerts,
    )
    for items in lists:
        yield from (item.sentence for item in items if not rules.isdisjoint(item.rules))


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
