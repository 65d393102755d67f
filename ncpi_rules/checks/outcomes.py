"""Gaps, rules that never hold or add nothing, exceptions without effect, outcomes never reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.checks.findings import Finding, Ground, named
from ncpi_rules.engine import EngineRule, Program, Regions, common, minus, regions_of, union
from ncpi_rules.ruleset import OutcomeRule, Rule, effect_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def gap_findings(ground: Ground) -> Iterator[Finding]:
    """Yield a case for each outcome that some case leaves without a rule.

    Lists such as actions and documents have no gaps: nothing follows where no rule says so.
    """
    for name, outcome in ground.ruleset.outcomes.items():
        covered = (
            box
            for id_, rule in ground.ruleset.rules.items()
            if isinstance(rule, OutcomeRule) and rule.decides == name
            for box in ground.regions.holds[id_]
        )
        holes = minus([{}], covered, ground.program.values)
        box = ground.likeliest(holes)
        if box is not None:
            case = ground.witness(box)
            yield Finding(
                code="gap",
                place=ground.place(f"outcomes.{name}"),
                message=f"No rule decides '{outcome.id}'{ground.when(case)}.",
                help="Write a rule for it, even if it only says that people decide.",
                witness=case,
            )


def outcome_findings(ground: Ground) -> Iterator[Finding]:
    """Yield what never happens, and what would be the same without a rule."""
    for rule in ground.ruleset.rules.values():
        if not ground.regions.holds[rule.id]:
            yield _dead(ground, rule)
        else:
            yield from _adds_nothing(ground, rule)
        yield from _exceptions(ground, rule)
    for name, values in ground.regions.decides.items():
        outcome = ground.ruleset.outcomes[name]
        for value, boxes in values.items():
            if not boxes and value != outcome.none:
                yield Finding(
                    code="outcome-never-reached",
                    place=ground.place(f"outcomes.{name}.{value}"),
                    message=f"No case gives '{value}' for '{name}'.",
                    help="Write a rule that leads to it, or take the word away.",
                )


def _dead(ground: Ground, rule: Rule) -> Finding:
    alone = ground.regions.given(ground.rules[rule.id].when)
    outranking = [
        id_
        for id_ in sorted(ground.rules[rule.id].outranked_by)
        if next(common(alone, ground.regions.holds[id_]), None) is not None
    ]
    if not alone:
        reason = "no case is as it asks"
    else:
        reason = f"wherever it could, it is outranked by {named(outranking)}"
    return Finding(
        code="dead-rule",
        place=rule.place,
        message=f"The rule '{rule.id}' never holds: {reason}.",
        help="Correct what it tests, or delete it.",
    )


def _adds_nothing(ground: Ground, rule: Rule) -> Iterator[Finding]:
    mine = ground.regions.holds[rule.id]
    siblings = [id_ for id_ in ground.doing[effect_of(rule)] if id_ != rule.id]
    if not siblings:
        return
    # Where a rule is an exception, others may hold in its place once it is gone.
    without = _without(ground, rule) if rule.outranks else ground.regions
    same = [id_ for id_ in siblings if next(common(mine, without.holds[id_]), None) is not None]
    boxes = (box for other in same for box in without.holds[other])
    if minus(mine, boxes, ground.program.values):
        return
    if without is ground.regions or _does_the_same(ground, without):
        case = ground.witness(ground.likeliest(mine) or {})
        told = ground.when(case)
        where = f"wherever it holds, such as{told}" if told else "in every case"
        yield Finding(
            code="rule-adds-nothing",
            place=rule.place,
            message=f"The rule '{rule.id}' changes nothing: {where}, the same is said by "
            f"{named(same)}.",
            help="Delete one of them, and let the other cite the statements of both.",
            witness=case,
        )


def _without(ground: Ground, rule: Rule) -> Regions:
    """Return where every other rule applies if a rule is taken away."""
    program = ground.program
    kept = [
        EngineRule(
            id=each.id,
            when=each.when,
            concludes=each.concludes,
            outranked_by=each.outranked_by - {rule.id},
        )
        for each in program.rules
        if each.id != rule.id
    ]
    return regions_of(
        Program(
            values=program.values, rules=kept, decided=program.decided, otherwise=program.otherwise
        )
    )


def _does_the_same(ground: Ground, other: Regions) -> bool:
    """Return True where, rule by rule taken together, the same is done in every case."""
    values = ground.program.values
    for effect, ids in ground.doing.items():
        before = ground.effects[effect]
        after = union((box for id_ in ids for box in other.holds.get(id_, ())), values)
        if minus(before, after, values) or minus(after, before, values):
            return False
    return True


def _exceptions(ground: Ground, rule: Rule) -> Iterator[Finding]:
    for other in rule.outranks:
        mine = ground.regions.holds[rule.id]
        theirs = ground.regions.given(ground.rules[other].when)
        if mine and next(common(mine, theirs), None) is None:
            yield Finding(
                code="exception-without-effect",
                place=rule.place,
                message=f"'{rule.id}' outranks '{other}', but no case fits both.",
                help="Take the exception away, or correct what one of them tests.",
            )
