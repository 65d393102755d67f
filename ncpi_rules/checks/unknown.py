"""The guarantee that every ruleset has: no outcome rests on an unknown fact that could undo it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING

from attrs import frozen

from ncpi_rules.checks.findings import Finding
from ncpi_rules.core import Basis, joined, lower_first
from ncpi_rules.engine import Box
from ncpi_rules.ruleset import UNKNOWN_STAYS_UNKNOWN, OutcomeRule, describe_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.checks.analysis import RulesetAnalysis


@frozen(kw_only=True)
class _Contradiction:
    """Cases in which a rule settles an outcome, and another rule would undo it.

    ``box`` has the cases, ``unknown`` the facts that are unknown in all of them, each with a value
    under which the other rule applies instead.
    """

    rule: OutcomeRule
    other: OutcomeRule
    box: Box
    unknown: Mapping[str, str]


def unknown_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield the simplest case in which a fact that is unknown would undo an outcome once known."""
    is_ours = analysis.describer.is_ours
    simplest = min(
        _contradictions(analysis),
        key=lambda contradiction: (
            not is_ours(contradiction.box),
            len(contradiction.unknown),
            len(contradiction.box),
        ),
        default=None,
    )
    if simplest is not None:
        yield _finding(analysis, simplest)


def _contradictions(analysis: RulesetAnalysis) -> Iterator[_Contradiction]:
    """Yield the cases that settle an outcome, each with cases that settle it otherwise.

    The two differ in facts alone that are unknown in the first, however many. A case that waits
    contradicts nothing, one that people must decide does.
    """
    rules: tuple[OutcomeRule, ...] = analysis.ruleset.of_kind(OutcomeRule)
    for rule, other in product(rules, rules):
        if rule.decides != other.decides or not rule.basis.settles:
            continue
        if other.basis is Basis.REFERRED or (other.basis.settles and other.then != rule.then):
            applies = analysis.regions.applies
            for here, there in product(applies[rule.id], applies[other.id]):
                if (shared := _shared(analysis, here, there)) is not None:
                    box, unknown = shared
                    yield _Contradiction(rule=rule, other=other, box=box, unknown=unknown)


def _shared(analysis: RulesetAnalysis, here: Box, there: Box) -> tuple[Box, dict[str, str]] | None:
    """Return the cases of a box that lie in another once some facts, unknown there, are known.

    With them come these facts, each with a value that it then has. None where there is no such
    case; rules that overlap are for the loader to refuse.
    """
    facts, box, unknown = analysis.ruleset.facts, {**there, **here}, {}
    for fact, values in analysis.program.values.items():
        if fact not in here or fact not in there:
            continue
        if both := here[fact] & there[fact]:
            box[fact] = both
        elif fact in facts and facts[fact].unknown in here[fact]:
            box[fact] = frozenset({facts[fact].unknown})
            unknown[fact] = next(value for value in values if value in there[fact])
        else:
            return None
    return (box, unknown) if unknown else None


def _finding(analysis: RulesetAnalysis, contradiction: _Contradiction) -> Finding:
    ruleset, unknown = analysis.ruleset, contradiction.unknown
    rule, other = contradiction.rule, contradiction.other
    case = analysis.describer.example(contradiction.box)
    when = analysis.when({fact: value for fact, value in case.items() if fact not in unknown})
    titles = joined([lower_first(ruleset.facts[fact].title) for fact in unknown], "and")
    known = ", and ".join(describe_value(ruleset, *item) for item in unknown.items())
    result = describe_value(ruleset, rule.decides, rule.then)
    values = ruleset.outcomes[rule.decides].values
    instead = values[other.then] if other.basis.settles else other.basis.label
    where = joined([f"'{fact}' is '{case[fact]}'" for fact in unknown], "and")
    return Finding(
        code="guarantee-broken",
        place=rule.place,
        message=f"The guarantee '{UNKNOWN_STAYS_UNKNOWN}' does not hold{when}: where nothing is "
        f"known of {titles}, {result} [{rule.rule}]; if it turns out that {known}, it is {instead} "
        f"[{other.rule}].",
        help=f"Let '{rule.rule}' wait where {where}, or name another value as 'unknown'.",
        witness=case,
    )
