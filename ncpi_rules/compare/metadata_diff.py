"""How two rulesets differ beside results: vocabulary, settings, interpretations, wording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from ncpi_rules.checks import named
from ncpi_rules.io import write_plain
from ncpi_rules.ruleset import SETTINGS, Settings, effect_of, interpretation_order, write_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.compare.regions_diff import Comparison, RuleChange
    from ncpi_rules.ruleset import Rule, Ruleset

_TERMS: Final[Mapping[str, str]] = {
    "facts": "fact",
    "outcomes": "outcome",
    "parties": "party",
    "events": "event",
    "activities": "activity",
    "documents": "document",
    "topics": "topic",
}
_VALUES: Final[Mapping[str, str]] = {"values": "value", "answers": "answer"}
_CITED: Final = ("title", "statements", "rests_on", "note")


def vocabulary_differences(a: Ruleset, b: Ruleset) -> Iterator[str]:
    """Yield in what the vocabularies differ, and how many rules of an outcome may hold."""
    for kind, one in _TERMS.items():
        yield from _terms(one, getattr(a, kind), getattr(b, kind))
    for name in sorted(a.hits.keys() | b.hits.keys()):
        then, now = a.hits.get(name, "none"), b.hits.get(name, "none")
        if then != now:
            yield f"How many rules may decide '{name}' in a case: '{now}' instead of '{then}'."


def _terms(one: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in before:
        if name not in after:
            yield f"The {one} '{name}' is in the first only."
    for name, term in after.items():
        if name not in before:
            yield f"The {one} '{name}' is in the second only: {term.title}."
        elif before[name] != term:
            yield from _parts(f"the {one} '{name}'", before[name], term)
    both = [name for name in before if name in after]
    if both != [name for name in after if name in before]:
        yield f"What stands under '{one}' in the vocabulary stands in another order."


def _parts(of: str, before: Any, after: Any) -> Iterator[str]:
    """Yield what differs within one thing that both have."""
    for each in attrs.fields(type(after)):
        then, now = getattr(before, each.name), getattr(after, each.name)
        if each.name in _VALUES:
            value = _VALUES[each.name]
            yield from (
                f"The {value} '{w}' of {of} is in the first only." for w in then.keys() - now
            )
            yield from (
                f"The {value} '{w}' of {of} is in the second only." for w in now.keys() - then
            )
            yield from (
                f"The {value} '{w}' of {of} reads '{now[w]}' instead of '{then[w]}'."
                for w in then
                if w in now and then[w] != now[w]
            )
            if [w for w in then if w in now] != [w for w in now if w in then]:
                yield f"What stands under '{each.name}' of {of} stands in another order."
        elif then != now:
            yield _instead(f"'{each.name}' of {of}", then, now)


def _instead(what: str, then: Any, now: Any) -> str:
    shown = [_shown(each) for each in (now, then)]
    return f"In {what} stands {shown[0]} instead of {shown[1]}."


def _shown(value: Any) -> str:
    plain = write_plain(value)
    if isinstance(plain, list):
        return f"'{', '.join(map(str, plain))}'" if plain else "nothing"
    if isinstance(plain, dict):
        listed = ", ".join(f"{name}: {each}" for name, each in plain.items())
        return f"'{listed}'" if listed else "what is usual"
    return "nothing" if plain in {None, ""} else f"'{plain}'"


def settings_differences(a: Ruleset, b: Ruleset) -> Iterator[str]:
    """Yield the settings that differ."""
    for each in attrs.fields(Settings):
        then, now = getattr(a.settings, each.name), getattr(b.settings, each.name)
        if then != now:
            yield _instead(f"the setting '{each.name}'", then, now)
        if each.name in SETTINGS:
            then, now = (_by_answer(ruleset, each.name) for ruleset in (a, b))
            if then != now:
                what = str(each.metadata["says"]).partition(":")[0]
                yield f"{what}, in every plan: '{now}' instead of '{then}'."


def _by_answer(ruleset: Ruleset, name: str) -> str:
    """Return a setting of the library by our own answer, where it names an interpretation."""
    value = str(getattr(ruleset.settings, name))
    return ruleset.interpretations[value].ours if value in ruleset.interpretations else value


def interpretation_differences(a: Ruleset, b: Ruleset) -> Iterator[str]:
    """Yield the open questions that differ, our own answers first."""
    both = sorted(a.interpretations.keys() & b.interpretations.keys(), key=interpretation_order)
    for id_ in both:
        then, now = a.interpretations[id_].ours, b.interpretations[id_].ours
        if then != now:
            yield f"Our answer to interpretation {id_} is '{now}' instead of '{then}'."
    for id_ in sorted(
        a.interpretations.keys() - b.interpretations.keys(), key=interpretation_order
    ):
        yield (
            f"The interpretation {id_} is in the first only; its answer is "
            f"'{a.interpretations[id_].ours}'."
        )
    for id_ in sorted(
        b.interpretations.keys() - a.interpretations.keys(), key=interpretation_order
    ):
        yield (
            f"The interpretation {id_} is in the second only; its answer is "
            f"'{b.interpretations[id_].ours}'."
        )
    for id_ in both:
        same = attrs.evolve(a.interpretations[id_], ours=b.interpretations[id_].ours)
        yield from _parts(f"the interpretation {id_}", same, b.interpretations[id_])


def source_differences(a: Ruleset, b: Ruleset) -> Iterator[str]:
    """Yield which statements, headings and guarantees differ."""
    for what, before, after in (
        ("statement", a.statements, b.statements),
        ("guarantee", a.guarantees, b.guarantees),
    ):
        gone = [id_ for id_ in before if id_ not in after]
        come = [id_ for id_ in after if id_ not in before]
        changed = [id_ for id_ in after if id_ in before and before[id_] != after[id_]]
        for ids, told in (
            (gone, "in the first only"),
            (come, "in the second only"),
            (changed, "in both, and not the same"),
        ):
            if ids:
                several, are = (f"{what}s", "are") if len(ids) > 1 else (what, "is")
                yield f"The {several} {named(ids)} {are} {told}."
        if not (gone or come) and list(before) != list(after):
            yield f"The {what}s stand in another order."
    if (a.headings, a.before_headings) != (b.headings, b.before_headings):
        yield "The headings of the methodology differ."


def wording_differences(comparison: Comparison, changes: tuple[RuleChange, ...]) -> Iterator[str]:
    """Yield the rules that differ without anything else following: in name, citation, wording."""
    old, new = comparison.a.ruleset.rules, comparison.b.ruleset.rules
    told = {effect_of(each) for one in changes for each in (one.before, one.after) if each}
    gone = [id_ for id_ in old if id_ not in new]
    come = [id_ for id_ in new if id_ not in old]
    for id_ in list(gone):
        renamed = next((each for each in come if _alike(comparison, id_, each)), None)
        if renamed is not None:
            gone.remove(id_)
            come.remove(renamed)
            yield f"The rule '{id_}' is called '{renamed}'; the same follows."
            yield from _says_cited(renamed, old[id_], new[renamed])
    for ids, side, value in ((gone, old, "first"), (come, new, "second")):
        for id_ in ids:
            if effect_of(side[id_]) not in told:
                yield f"The rule '{id_}' is in the {value} only; nothing else follows by that."
    for id_ in (each for each in old if each in new):
        yield from _reworded(comparison, id_, effect_of(old[id_]) in told)


def _reworded(comparison: Comparison, id_: str, is_told: bool) -> Iterator[str]:  # noqa: FBT001
    one, other = comparison.a.ruleset.rules[id_], comparison.b.ruleset.rules[id_]
    if write_rule(one) == write_rule(other):
        return
    if effect_of(one) == effect_of(other):
        same = comparison.a.holds[id_] == comparison.b.holds[id_]
        tests = (one.when, one.under) != (other.when, other.under)
        if tests or one.outranks != other.outranks:
            if same:
                yield f"The rule '{id_}' is put otherwise, and holds in the same cases."
            elif not is_told:
                yield f"The rule '{id_}' holds in other cases; nothing else follows by that."
    elif not is_told:
        yield f"The rule '{id_}' says something else; nothing else follows by that."
    yield from _says_cited(id_, one, other)


def _says_cited(id_: str, one: Rule, other: Rule) -> Iterator[str]:
    if cited := [name for name in _CITED if getattr(one, name) != getattr(other, name)]:
        yield f"The rule '{id_}' differs in what stands beside it: {', '.join(cited)}."


def _alike(comparison: Comparison, one: str, other: str) -> bool:
    a, b = comparison.a, comparison.b
    first, second = a.ruleset.rules[one], b.ruleset.rules[other]
    return effect_of(first) == effect_of(second) and a.holds[one] == b.holds[other]
