"""Gaps, rules that never apply or change nothing, idle exceptions, values that no case reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ncpi_rules.checks.analysis import RulesetAnalysis, cases_by_effect, effect_changes
from ncpi_rules.checks.findings import Finding, quoted
from ncpi_rules.engine import common, minus, regions_of
from ncpi_rules.ruleset import OutcomeRule, Rule, effect_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.engine import Program, Regions


def gap_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield a case for each outcome that some case leaves without a rule.

    Lists such as actions and documents have no gaps: without a rule there is nothing to list.
    """
    for name, outcome in analysis.ruleset.outcomes.items():
        covered = (
            box
            for rule in analysis.ruleset.of_kind(OutcomeRule)
            if rule.decides == name
            for box in analysis.regions.applies[rule.id]
        )
        case = analysis.example(minus([{}], covered, analysis.program.values))
        if case is not None:
            yield Finding(
                code="gap",
                place=analysis.place(f"outcomes.{name}"),
                message=f"No rule decides '{outcome.id}'{analysis.when(case)}.",
                help="Write a rule for it, even if it only says that people decide.",
                witness=case,
            )


def outcome_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield what never happens, and what would be the same without a rule."""
    for rule in analysis.ruleset.rules.values():
        if not analysis.regions.applies[rule.id]:
            yield _dead_rule(analysis, rule)
        else:
            yield from _adds_nothing(analysis, rule)
        yield from _idle_exceptions(analysis, rule)
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


def _dead_rule(analysis: RulesetAnalysis, rule: Rule) -> Finding:
    matching = analysis.regions.over_given_facts(analysis.rules[rule.id].when)
    reason = "no case meets its conditions"
    if matching:
        outranking = [
            id_
            for id_ in sorted(analysis.rules[rule.id].outranked_by)
            if next(common(matching, analysis.regions.applies[id_]), None) is not None
        ]
        reason = f"in every case that meets its conditions, it is outranked by {quoted(outranking)}"
    return Finding(
        code="dead-rule",
        place=rule.place,
        message=f"The rule '{rule.id}' never applies: {reason}.",
        help="Correct its conditions, or delete it.",
    )


def _adds_nothing(analysis: RulesetAnalysis, rule: Rule) -> Iterator[Finding]:
    cases = analysis.regions.applies[rule.id]
    siblings = [id_ for id_ in analysis.by_effect[effect_of(rule)] if id_ != rule.id]
    if not siblings:
        return
    # Where a rule is an exception, others may apply in its place once it is gone.
    without = _without(analysis.program, rule.id) if rule.outranks else analysis.regions
    same = [id_ for id_ in siblings if next(common(cases, without.applies[id_]), None) is not None]
    boxes = (box for other in same for box in without.applies[other])
    if minus(cases, boxes, analysis.program.values):
        return
    if without is analysis.regions or _has_same_effects(analysis, without):
        case = analysis.example(cases) or {}
        when = analysis.when(case)
        where = f"wherever it applies, such as{when}" if when else "in every case"
        others = "have" if same[1:] else "has"
        yield Finding(
            code="rule-adds-nothing",
            place=rule.place,
            message=f"The rule '{rule.id}' changes nothing: {where}, {quoted(same)} {others} the "
            "same effect.",
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


def _has_same_effects(analysis: RulesetAnalysis, other: Regions) -> bool:
    values = analysis.program.values
    applies = {**dict.fromkeys(analysis.rules, ()), **other.applies}
    after = cases_by_effect(analysis.by_effect, applies, values)
    return next(effect_changes(analysis.effects, after, values), None) is None


def _idle_exceptions(analysis: RulesetAnalysis, rule: Rule) -> Iterator[Finding]:
    cases = analysis.regions.applies[rule.id]
    for other in rule.outranks:
        matching = analysis.regions.over_given_facts(analysis.rules[other].when)
        if cases and next(common(cases, matching), None) is None:
            yield Finding(
                code="exception-without-effect",
                place=rule.place,
                message=f"'{rule.id}' outranks '{other}', but no case meets the conditions of "
                "both.",
                help="Remove the exception, or correct the conditions of one of them.",
            )
