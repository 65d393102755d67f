"""What has changed since another ruleset, and which follow-ups that affects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ncpi_rules.compare import FollowUpImpact, diff
from ncpi_rules.core import (
    PartialDate,
    counted,
    joined,
    lower_first,
    read_day,
    upper_first,
)
from ncpi_rules.explore import caseload_of
from ncpi_rules.report import StatusMark, brief, mark_of
from ncpi_rules.ruleset import edition_title, patch

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

    from ncpi_rules.compare import RulesetDifference
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Ruleset


@frozen(kw_only=True)
class ChangedValue:
    """Something that has another value: what it was, what it is, and what that does."""

    title: str
    held: str
    earlier: str
    later: str
    effect: str
    statements: tuple[str, ...]


@frozen(kw_only=True)
class StatusImpact:
    """How many follow-ups have a status under each ruleset, and which come and go."""

    label: str
    mark: StatusMark
    earlier: int
    later: int
    moves: str


@frozen(kw_only=True)
class Changes:
    """What is different from another ruleset.

    ``results`` are sentences on where the result changes, ``others`` on all else that differs;
    ``follow_ups`` says how many of a caseload are affected, and ``statuses`` how.
    """

    earlier: str
    later: str
    summary: str
    values: tuple[ChangedValue, ...]
    results: tuple[str, ...]
    others: tuple[str, ...]
    follow_ups: tuple[str, ...] = ()
    statuses: tuple[StatusImpact, ...] = ()
    affected: tuple[tuple[str, tuple[str, ...]], ...] = ()


def changes_since(
    earlier: Ruleset,
    later: Ruleset,
    plans: Mapping[str, tuple[Plan, Plan]] | None = None,
    *,
    on: datetime.date | str | None = None,
) -> Changes:
    """Return what has changed since an earlier ruleset.

    ``plans`` has the plans of some follow-ups by both rulesets on a day, by their names.
    """
    difference = diff(earlier, later)
    impacts = [FollowUpImpact.of(name, *pair) for name, pair in (plans or {}).items()]
    affected = [impact for impact in impacts if impact.is_affected]
    number = counted(len(impacts), "follow-up")
    day = "" if on is None else f", position as at {_day(on)}"
    follow_ups = (f"The result changes for {len(affected)} of {number}{day}.",) if impacts else ()
    return Changes(
        earlier=_name(earlier),
        later=_name(later),
        summary=difference.summary,
        values=tuple(_values(earlier, later, difference)),
        results=difference.results,
        others=(
            *difference.vocabulary,
            *difference.settings,
            *difference.interpretations,
            *difference.wording,
            *difference.sources,
        ),
        follow_ups=follow_ups,
        statuses=tuple(_statuses(plans or {}, on)),
        affected=tuple(
            (impact.subject_name, tuple(change.message for change in impact.differences))
            for impact in affected
        ),
    )


def _day(on: datetime.date | str) -> str:
    return brief(PartialDate.read(read_day(on)), months=False)


def _name(ruleset: Ruleset) -> str:
    edition = upper_first(edition_title(ruleset))
    return f"{edition} ({ruleset.digest[:8]})"


def _values(
    earlier: Ruleset, later: Ruleset, difference: RulesetDifference
) -> Iterator[ChangedValue]:
    """Yield the numbers and the choices that differ."""
    for id_ in dict.fromkeys((*earlier.parameters, *later.parameters)):
        was, now = earlier.parameters.get(id_), later.parameters.get(id_)
        if was is not None and now is not None and was.period == now.period:
            continue
        parameter = now or was
        if parameter is None:
            continue
        held = {rule.rule for rule in later.rules.values() if id_ in rule.parameters}
        yield ChangedValue(
            title=f"Parameter: {lower_first(parameter.title)}",
            held=f"held in {counted(len(held), 'rule')}" if held else "held in no rule",
            earlier="" if was is None else was.period.text,
            later="" if now is None else now.period.text,
            effect=_effect(earlier, later, difference, id_),
            statements=parameter.statements,
        )
    for id_, choice in later.choices.items():
        before = earlier.choices.get(id_)
        if before is not None and before.choice != choice.choice:
            yield ChangedValue(
                title=f"Choice: {lower_first(choice.title)}",
                held="",
                earlier=before.choice.replace("-", " "),
                later=choice.choice.replace("-", " "),
                effect="It changes how every plan is made.",
                statements=choice.statements,
            )


def _effect(earlier: Ruleset, later: Ruleset, difference: RulesetDifference, id_: str) -> str:
    """Return in how many cases a parameter changes the result by itself.

    That is the difference from the later ruleset with the earlier value; a parameter that only one
    of the two rulesets has is counted with all other changes.
    """
    some, every = difference.affected
    together = f"The result changes in {some:,} of {every:,} cases, all changes together."
    if id_ not in earlier.parameters or id_ not in later.parameters:
        return together
    before = patch(later, {id_: earlier.parameters[id_].period.text})
    own, of = diff(before, later).affected
    says = f"By itself it changes the result in {own:,} of {of:,} cases."
    return says if (own, of) == (some, every) else f"{says} {together}"


def _statuses(
    plans: Mapping[str, tuple[Plan, Plan]], on: datetime.date | str | None
) -> Iterator[StatusImpact]:
    """Yield each status with the follow-ups that have it under each ruleset."""
    if not plans or on is None:
        return
    sides: list[dict[str, str]] = []
    marks: dict[str, StatusMark] = {}
    for side in (0, 1):
        own = {id(pair[side]): name for name, pair in plans.items()}
        rows = caseload_of(
            [pair[side] for pair in plans.values()],
            on=on,
            ruleset=next(iter(plans.values()))[side].ruleset,
        ).rows
        sides.append({own[id(row.plan)]: upper_first(row.status_label) for row in rows})
        for row in rows:
            marks[upper_first(row.status_label)] = mark_of(row.status, row.status_label)
    before, after = sides
    order = list(StatusMark)
    for label, mark in sorted(marks.items(), key=lambda item: order.index(item[1])):
        come = [_force(plans, name) for name in after if after[name] == label != before[name]]
        gone = [_force(plans, name) for name in before if before[name] == label != after[name]]
        moves = [f"{joined(come, 'and')} come{'s' if len(come) == 1 else ''}"] if come else []
        moves += [f"{joined(gone, 'and')} leave{'s' if len(gone) == 1 else ''}"] if gone else []
        yield StatusImpact(
            label=label,
            mark=mark,
            earlier=list(before.values()).count(label),
            later=list(after.values()).count(label),
            moves="; ".join(moves),
        )


def _force(plans: Mapping[str, tuple[Plan, Plan]], name: str) -> str:
    return plans[name][0].subject_name
