"""Gaps, rules that never apply or change nothing, idle exceptions, values that no case reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ncpi_rules.checks.analysis import RulesetAnalysis, cases_by_effect, effect_changes
from ncpi_rules.checks.findings import Finding
from ncpi_rules.engine import common, meet, minus, regions_of
from ncpi_rules.ruleset import OutcomeRule, Rule, effect_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.engine import Box, Program, Regions


def gap_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield each outcome that some case leaves without a rule: one case, and all other regions.

    Lists such as actions and documents have no gaps: without a rule there is nothing to list.
    """
    for name, outcome in analysis.ruleset.outcomes.items():
        ids = [rule.id for rule in analysis.ruleset.of_kind(OutcomeRule) if rule.decides == name]
        covered = (box for id_ in ids for box in analysis.regions.applies[id_])
        left = minus([{}], covered, analysis.program.values)
        simplest = analysis.simplest(left)
        if simplest is not None:
            case = analysis.describer.example(simplest)
            regions = _all_regions(analysis, ids, simplest)
            yield Finding(
                code="gap",
                place=analysis.place(f"outcomes.{name}"),
                message=f"No rule decides '{outcome.id}'{analysis.when(case)}.{regions}",
                help="Write a rule for it, even if it only says that people decide.",
                witness=case,
            )


def _all_regions(analysis: RulesetAnalysis, ids: Iterable[str], simplest: Box) -> str:
    """Return all regions of a gap, or nothing where its example is the whole of it.

    Where some are under our own answers, only those are named.
    """
    describer, regions = analysis.describer, analysis.regions
    matches = (box for id_ in ids for box in regions.matches[id_])
    possible = [
        box for box in minus([{}], matches, analysis.program.facts) if regions.over_given_facts(box)
    ]
    ours = [box for box in possible if describer.is_ours(box)] or possible
    texts = dict.fromkeys(filter(None, map(describer.describe_box, ours)))
    if set(texts) <= {describer.describe_case(describer.example(simplest))}:
        return ""
    if len(texts) == 1:
        return f" These are all such cases: {next(iter(texts))}."
    listed = "; ".join(f"({number}) {text}" for number, text in enumerate(texts, start=1))
    return f" These are all such cases: {listed}."


def outcome_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield what never happens, and the rules and exceptions without which nothing would change."""
    for cases in analysis.ruleset.cases.values():
        dead = [rule for rule in cases if not analysis.regions.applies[rule.id]]
        for rule in dead[:1] if len(dead) == len(cases) else dead:
            yield _dead_rule(analysis, rule, "" if len(dead) == len(cases) else rule.where)
        for rule in cases:
            if rule not in dead:
                yield from _adds_nothing(analysis, rule)
        if len(dead) < len(cases):
            yield from _idle_exceptions(analysis, cases)
    for name, values in analysis.regions.decides.items():
        outcome = analysis.ruleset.outcomes[name]
        for value, boxes in values.items():
            if not boxes and value != outcome.none:
                yield Finding(
                    code="outcome-never-reached",
                    place=analysis.place(f"outcomes.{name}.{value}"),
                    message=f"No case gives '{value}' for '{name}'.",
                    help="Write a rule that leads to it, or remove the value.",
                )


def _dead_rule(analysis: RulesetAnalysis, rule: Rule, where: str) -> Finding:
    matching = analysis.regions.over_given_facts(analysis.rules[rule.id].when)
    reason = "no case meets its conditions"
    if matching:
        outranking = [
            id_
            for id_ in sorted(analysis.rules[rule.id].outranked_by)
            if next(common(matching, analysis.regions.applies[id_]), None) is not None
        ]
        named = analysis.named(outranking)
        reason = f"in every case that meets its conditions, it is outranked by {named}"
    return Finding(
        code="dead-rule",
        place=rule.place,
        message=f"The rule '{rule.rule}' never applies{where}: {reason}.",
        help="Correct its conditions, or delete it.",
    )


def _adds_nothing(analysis: RulesetAnalysis, rule: Rule) -> Iterator[Finding]:
    cases = analysis.regions.applies[rule.id]
    siblings = [id_ for id_ in analysis.by_effect[effect_of(rule)] if id_ != rule.id]
    if not siblings:
        return
    # Where a rule is an exception, others may apply in its place once it is gone.
    without = _without(analysis.program, rule.id) if rule.outranks else analysis.regions
    tests = analysis.rules[rule.id].when
    same = [
        id_
        for id_ in siblings
        if meet(tests, analysis.rules[id_].when) is not None
        and next(common(cases, without.applies[id_]), None) is not None
    ]
    boxes = (box for id_ in same for box in without.applies[id_])
    if not same or minus(cases, boxes, analysis.program.values):
        return
    if without is analysis.regions or _has_same_effects(analysis, without):
        case = analysis.example(cases) or {}
        when = analysis.when(case)
        where = f"wherever it applies, such as{when}" if when else "in every case"
        verb = "have" if same[1:] else "has"
        yield Finding(
            code="rule-adds-nothing",
            place=rule.place,
            message=f"The rule '{rule.rule}' changes nothing{rule.where}: {where}, "
            f"{analysis.named(same)} {verb} the same effect.",
            help="Delete one of them, and let the other cite the statements of both.",
            witness=case,
        )


def _without(program: Program, id_: str) -> Regions:
    """Return where every other rule applies if a rule is taken away."""
    rules = [
        evolve(rule, outranked_by=rule.outranked_by - {id_})
        for rule in program.rules
        if rule.id != id_
    ]
    return regions_of(evolve(program, rules=rules))


def _has_same_effects(analysis: RulesetAnalysis, without: Regions) -> bool:
    values = analysis.program.values
    applies = {**dict.fromkeys(analysis.rules, ()), **without.applies}
    after = cases_by_effect(analysis.by_effect, applies, values)
    return next(effect_changes(analysis.effects, after, values), None) is None


def _idle_exceptions(analysis: RulesetAnalysis, cases: tuple[Rule, ...]) -> Iterator[Finding]:
    """Yield the rules that a rule outranks although the two never meet in any case."""
    regions, rules = analysis.regions, analysis.ruleset.rules
    meets: dict[str, bool] = {}
    for rule in cases:
        applies = regions.applies[rule.id]
        for other in rule.outranks:
            matching = regions.over_given_facts(analysis.rules[other].when)
            met = next(common(applies, matching), None) is not None
            meets[rules[other].rule] = meets.get(rules[other].rule, False) or met
    for name, met in meets.items():
        if not met:
            yield Finding(
                code="exception-without-effect",
                place=cases[0].place,
                message=f"'{cases[0].rule}' outranks '{name}', but no case meets the conditions of "
                "both.",
                help="Remove the exception, or correct the conditions of one of them.",
            )
