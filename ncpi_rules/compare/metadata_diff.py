"""Differences of two rulesets apart from results: in vocabulary, settings, questions, wording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from ncpi_rules.checks import quoted
from ncpi_rules.core import changed_fields
from ncpi_rules.io import key_of, write_plain
from ncpi_rules.ruleset import (
    ANSWERED,
    CHOICES,
    SECTIONS,
    Settings,
    effect_of,
    interpretation_order,
    patch,
    write_rule,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ncpi_rules.compare.regions_diff import RegionComparison, RuleChange
    from ncpi_rules.ruleset import BasedOn, Rule, Ruleset

_VALUES: Final[Mapping[str, str]] = {"values": "value", "answers": "answer"}
_MOST_EXPLAINED: Final = 8
"""The most statements or guarantees whose differences are told line by line."""

_SOURCES: Final = ("title", "statements", "rests_on", "note")


def vocabulary_differences(a: Ruleset, b: Ruleset) -> Iterator[str]:
    """Yield how the vocabularies differ, and how many rules may decide an outcome."""
    for term, key in SECTIONS.items():
        before, after = getattr(a, key), getattr(b, key)
        for name in before:
            if name not in after:
                yield f"The {term} '{name}' is in the first ruleset only."
        for name, item in after.items():
            if name not in before:
                yield f"The {term} '{name}' is in the second ruleset only: {item.title}."
            else:
                yield from _field_differences(f"the {term} '{name}'", before[name], item)
        if _in_other_order(before, after):
            yield f"The {key} of the vocabulary are in another order."
    yield from _differences_beside_terms(a, b)


def _differences_beside_terms(a: Ruleset, b: Ruleset) -> Iterator[str]:
    """Yield how the reasons for fields, what repeats, and how many rules may decide differ."""
    for change in changed_fields(a.fields_without_a_fact, b.fields_without_a_fact):
        was, now = _shown(change.before), _shown(change.after)
        yield f"What the field '{change.name}' is for, without a fact, is now {now} (was {was})."
    if a.repeats != b.repeats:
        was, now = _shown(a.repeats), _shown(b.repeats)
        yield f"What a follow-up may have several times is now {now} (was {was})."
    for name in sorted(a.hits.keys() | b.hits.keys()):
        was, now = a.hits.get(name, "none"), b.hits.get(name, "none")
        if was != now:
            yield f"The number of rules that may decide '{name}' is now '{now}' (was '{was}')."


def known_to_one(a: Ruleset, b: Ruleset) -> tuple[str, ...]:
    """Return the facts and the open questions that only one of two rulesets has, in some value.

    Cases are compared in what both know: of the rest nothing is recorded, our answers are taken.
    """
    first, second = (
        {
            **{name: set(fact.values) for name, fact in ruleset.facts.items()},
            **{id_: set(question.answers) for id_, question in ruleset.interpretations.items()},
        }
        for ruleset in (a, b)
    )
    return tuple(name for name in {**first, **second} if first.get(name) != second.get(name))


def _in_other_order(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return [name for name in before if name in after] != [name for name in after if name in before]


def _field_differences(of: str, before: Any, after: Any) -> Iterator[str]:
    """Yield a sentence for each field in which two things of one name differ."""
    keys = {field.name: key_of(field) for field in attrs.fields(type(after))}
    for change in changed_fields(before, after):
        was, now = change.before, change.after
        if change.name in _VALUES:
            value = _VALUES[change.name]
            for name in (*was, *(name for name in now if name not in was)):
                if name not in now or name not in was:
                    which = "second" if name in now else "first"
                    yield f"The {value} '{name}' of {of} is in the {which} ruleset only."
                elif was[name] != now[name]:
                    text = f"is now '{now[name]}' (was '{was[name]}')"
                    yield f"The {value} '{name}' of {of} {text}."
            if _in_other_order(was, now):
                yield f"The {change.name} of {of} are in another order."
        else:
            yield f"'{keys[change.name]}' of {of} is now {_shown(now)} (was {_shown(was)})."


def _shown(value: Any) -> str:
    plain = write_plain(value)
    if isinstance(plain, dict):
        plain = [f"{name}: {item}" for name, item in plain.items()]
    if isinstance(plain, list):
        plain = ", ".join(map(str, plain))
    return "empty" if plain in {None, ""} else f"'{plain}'"


def with_parameters_of(a: Ruleset, b: Ruleset) -> Ruleset:
    """Return a second ruleset with the first one's parameters, so that all else can be compared."""
    before = {
        id_: a.parameters[id_].period.text
        for id_, parameter in b.parameters.items()
        if id_ in a.parameters and a.parameters[id_].period != parameter.period
    }
    return patch(b, before) if before else b


def parameter_differences(a: Ruleset, b: Ruleset) -> Iterator[str]:
    """Yield the parameters that differ, each once, with the rules that follow it."""
    for id_, parameter in b.parameters.items():
        if id_ not in a.parameters:
            yield f"The parameter '{id_}' is in the second ruleset only: {parameter.period.text}."
            continue
        before = a.parameters[id_]
        if before.period != parameter.period:
            using = dict.fromkeys(
                rule.rule
                for ruleset in (a, b)
                for rule in ruleset.rules.values()
                if id_ in rule.parameters
            )
            rules = f"these rules follow: {', '.join(using)}" if using else "no rule follows"
            yield f"{id_}: {parameter.period.text} (was {before.period.text}); {rules}."
        same = attrs.evolve(before, period=parameter.period)
        yield from _field_differences(f"the parameter '{id_}'", same, parameter)
    for id_ in a.parameters:
        if id_ not in b.parameters:
            yield f"The parameter '{id_}' is in the first ruleset only."


def settings_differences(a: Ruleset, b: Ruleset) -> Iterator[str]:
    """Yield the settings and the choices that differ, and those that another answer changes."""
    changes = {change.name: change for change in changed_fields(a.settings, b.settings)}
    for setting in attrs.fields(Settings):
        name = setting.name
        if name == "based_on" and name in changes:
            yield _copied_from(a.settings.based_on, b.settings.based_on)
        elif name in changes:
            was, now = _shown(changes[name].before), _shown(changes[name].after)
            yield f"The setting '{name}' is now {now} (was {was})."
    for name in CHOICES:
        first, second = a.choice(name), b.choice(name)
        if first != second:
            yield f"The choice '{name}' is now {_shown(second)} (was {_shown(first)})."
        was, now = _by_answer(a, first), _by_answer(b, second)
        if was != now and name in ANSWERED:
            yield f"In every plan, the choice '{name}' comes to '{now}' (was '{was}')."
        if name in a.choices and name in b.choices:
            same = attrs.evolve(a.choices[name], choice=second)
            yield from _field_differences(f"the choice '{name}'", same, b.choices[name])


def _copied_from(first: BasedOn | None, second: BasedOn | None) -> str:
    """Return of which editions two rulesets are working copies."""
    names = [
        f"'{original.ruleset}/{original.edition}'"
        for original in (first, second)
        if original is not None
    ]
    if first is None or second is None:
        which, other = ("second", "first") if first is None else ("first", "second")
        return f"The {which} ruleset is a working copy of {names[0]}; the {other} is not a copy."
    if names[0] == names[1]:
        return f"Both are working copies of {names[0]}, which said something else each time."
    return f"The first ruleset is a working copy of {names[0]}, the second of {names[1]}."


def _by_answer(ruleset: Ruleset, value: str) -> str:
    """Return what is chosen, or our own answer where that is an interpretation."""
    return ruleset.interpretations[value].ours if value in ruleset.interpretations else value


def interpretation_differences(a: Ruleset, b: Ruleset) -> Iterator[str]:
    """Yield the interpretations that differ, our own answers first."""
    first, second = a.interpretations, b.interpretations
    both = sorted(first.keys() & second.keys(), key=interpretation_order)
    for id_ in both:
        was, now = first[id_].ours, second[id_].ours
        if was != now:
            yield f"Our answer to interpretation {id_} is now '{now}' (was '{was}')."
    for which, own, other in (("first", first, second), ("second", second, first)):
        for id_ in sorted(own.keys() - other.keys(), key=interpretation_order):
            yield (
                f"The interpretation {id_} is in the {which} ruleset only; its answer is "
                f"'{own[id_].ours}'."
            )
    for id_ in both:
        same = attrs.evolve(first[id_], ours=second[id_].ours)
        yield from _field_differences(f"the interpretation {id_}", same, second[id_])


def source_differences(a: Ruleset, b: Ruleset) -> Iterator[str]:
    """Yield which statements, headings and guarantees differ."""
    for what, before, after in (
        ("statement", a.statements, b.statements),
        ("guarantee", a.guarantees, b.guarantees),
    ):
        removed = [id_ for id_ in before if id_ not in after]
        added = [id_ for id_ in after if id_ not in before]
        changed = [id_ for id_ in after if id_ in before and before[id_] != after[id_]]
        for id_ in list(changed) if len(changed) <= _MOST_EXPLAINED else ():
            if type(before[id_]) is type(after[id_]):
                changed.remove(id_)
                yield from _field_differences(f"the {what} '{id_}'", before[id_], after[id_])
        for ids, difference in (
            (removed, "in the first ruleset only"),
            (added, "in the second ruleset only"),
            (changed, "different"),
        ):
            if ids:
                subject = f"{what}s {quoted(ids)} are" if ids[1:] else f"{what} {quoted(ids)} is"
                yield f"The {subject} {difference}."
        if not (removed or added) and list(before) != list(after):
            yield f"The {what}s are in another order."
    if (a.headings, a.before_headings) != (b.headings, b.before_headings):
        yield "The headings of the methodology differ."


def wording_differences(
    comparison: RegionComparison, changes: Sequence[RuleChange], said: Mapping[str, Rule]
) -> Iterator[str]:
    """Yield the rules that differ without changing the result: in name, sources or wording.

    ``said`` are the rules of the second ruleset as the first one's parameters would say them.
    """
    old, new = comparison.a.ruleset.rules, comparison.b.ruleset.rules
    reported = {
        effect_of(rule) for change in changes for rule in (change.before, change.after) if rule
    }
    removed = [id_ for id_ in old if id_ not in new]
    added = [id_ for id_ in new if id_ not in old]
    for id_ in list(removed):
        renamed = next((new_id for new_id in added if _is_same(comparison, id_, new_id)), None)
        if renamed is not None:
            removed.remove(id_)
            added.remove(renamed)
            yield f"The rule '{id_}' is now called '{renamed}'; the result is the same."
            yield from _source_differences(renamed, old[id_], said[renamed])
    apart = known_to_one(comparison.a.ruleset, comparison.b.ruleset)
    for ids, rules, which in ((removed, old, "first"), (added, new, "second")):
        for id_ in ids:
            if effect_of(rules[id_]) in reported:
                continue
            tested = [name for name in rules[id_].tests if name in apart]
            same = (
                f"what follows from {quoted(tested)} is not compared"
                if tested
                else "the result is the same"
            )
            yield f"The rule '{id_}' is in the {which} ruleset only; {same}."
    for id_, rule in old.items():
        if id_ in new and write_rule(rule) != write_rule(new[id_]):
            yield from _rule_differences(comparison, id_, effect_of(rule) in reported)
            yield from _source_differences(id_, rule, said[id_])


def _rule_differences(
    comparison: RegionComparison,
    id_: str,
    is_reported: bool,  # noqa: FBT001
) -> Iterator[str]:
    before, after = comparison.a.ruleset.rules[id_], comparison.b.ruleset.rules[id_]
    if effect_of(before) != effect_of(after):
        if not is_reported:
            yield f"The rule '{id_}' has another effect; the result is the same."
    elif (before.when, before.under, before.outranks) != (after.when, after.under, after.outranks):
        if comparison.a.applies[id_] == comparison.b.applies[id_]:
            yield f"The rule '{id_}' is written differently, and applies in the same cases."
        elif not is_reported:
            yield f"The rule '{id_}' applies in other cases; the result is the same."


def _source_differences(id_: str, before: Rule, after: Rule) -> Iterator[str]:
    if names := [name for name in _SOURCES if getattr(before, name) != getattr(after, name)]:
        yield f"The rule '{id_}' differs in its {', '.join(names)}."


def _is_same(comparison: RegionComparison, earlier_id: str, later_id: str) -> bool:
    a, b = comparison.a, comparison.b
    first, second = a.ruleset.rules[earlier_id], b.ruleset.rules[later_id]
    return effect_of(first) == effect_of(second) and a.applies[earlier_id] == b.applies[later_id]
