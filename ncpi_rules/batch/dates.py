"""Which rows have dates that are impossible together, or on which the edition is not in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.batch.circuit import NO
from ncpi_rules.batch.schema import FlagOutput

if TYPE_CHECKING:
    from ncpi_rules.batch.rule_planes import RulePlanes


def outside_the_edition(rules: RulePlanes) -> FlagOutput:
    """Return where the day that selects the edition is one on which it is not in force."""
    settings, circuit = rules.ruleset.settings, rules.circuit
    event, in_force = settings.selected_by, settings.in_force
    assert in_force is not None  # noqa: S101  there is no such column without it
    outside = circuit.either(
        *(
            circuit.leaf("beyond", event, day, is_floor)
            for day, is_floor in ((in_force.start, True), (in_force.end, False))
        )
    )
    return FlagOutput(plane=circuit.both(rules.dated(event), outside))


def impossible_dates(rules: RulePlanes) -> FlagOutput:
    """Return where an event has a day before that of one that must come first, or not yet has."""
    circuit, planes = rules.circuit, []
    for first, later in rules.ruleset.contract.order:
        planes.append(circuit.both(rules.dated(later), rules.not_yet(first)))
        dated = circuit.both(rules.dated(first), rules.dated(later))
        if dated != NO:
            planes.append(circuit.both(dated, circuit.leaf("earlier", later, first)))
    return FlagOutput(plane=circuit.any_of(planes))
