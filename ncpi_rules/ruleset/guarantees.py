"""Guarantees: what the people who own the rules want to be true of them in every case.

They stand in ``guarantees.yaml``; ``ncpi_rules.checks`` proves or refutes each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from attrs import frozen

from ncpi_rules.core import Modality
from ncpi_rules.io import described
from ncpi_rules.ruleset.rules import Tests
from ncpi_rules.ruleset.timing import Timing

UNKNOWN_STAYS_UNKNOWN: Final = "unknown-stays-unknown"
"""The id of the guarantee that every ruleset has, without a line in any file.

Where facts are unknown, no outcome is settled that these facts, once known, would settle otherwise
or leave to people: under every answer to the open questions.
"""


@frozen(kw_only=True)
class Guarantee:
    """What must be true in every case: under our own interpretations, or under every answer."""

    alternatives: ClassVar[tuple[str, Mapping[str, type[Guarantee]]]]

    id: str = described("The guarantee's name.")
    says: str = described("The guarantee, in a sentence that can be read out.", prose=True)
    interpretations: str = described(
        "Under which answers to the open questions it is guaranteed: ours, or every answer.",
        default="ours",
        metadata={"values": ("ours", "every")},
    )
    statements: tuple[str, ...] = described("The statements that it comes from.", default=())
    place: str = described(
        "Where it stands.", default="", eq=False, repr=False, metadata={"hidden": True}
    )


@frozen(kw_only=True)
class Always(Guarantee):
    """Wherever some facts hold, others hold too; decided facts are facts."""

    when: Tests = described("The facts of the cases that it is about.", factory=dict)
    then: Tests = described("The facts that hold in all of these.")


@frozen(kw_only=True)
class NeverWithout(Guarantee):
    """An outcome never comes without one of some grounds."""

    outcome: Tests = described("The outcome, or the facts, that never come alone.")
    without: tuple[Tests, ...] = described("The grounds of which one must be there.")


@frozen(kw_only=True)
class FollowsOrder(Guarantee):
    """A graver value of a fact never makes an outcome lighter; open outcomes are passed over.

    The values of the outcome run from the lightest to the heaviest in the vocabulary.
    """

    outcome: str = described("The outcome.")
    fact: str = described("The fact that it follows.")
    order: tuple[str, ...] = described("The values of the fact, from the least to the most grave.")


@frozen(kw_only=True)
class Includes(Guarantee):
    """The result of a value of an outcome belongs to each heavier value too, as strongly."""

    outcome: str = described("The outcome.")
    order: tuple[str, ...] = described(
        "The values of the outcome, each with all that is before it."
    )
    of: str = described(
        "What is compared: the activities of the actions, or the documents.",
        metadata={"values": ("actions", "documents")},
    )
    but_for: tuple[str, ...] = described(
        "The activities or documents that need not be there.", default=()
    )


@frozen(kw_only=True)
class NoLaterThan(Guarantee):
    """An event always has a due date, and none later than this, whatever day it counts from."""

    event: str = described("The event.")
    within: Timing = described("The latest due date, such as 6 months after report-published.")
    when: Tests = described("The facts of the cases that it is about.", factory=dict)


@frozen(kw_only=True)
class OnlyWhere(Guarantee):
    """What names or cites something applies in some cases only, and speaks no more strongly."""

    naming: tuple[str, ...] = described(
        "What the rules name or cite: statements, activities, parties, documents or events."
    )
    when: Tests = described("The cases in which alone they may apply.", factory=dict)
    at_most: Modality = described("How strongly they may speak there.", default=Modality.MUST)


@frozen(kw_only=True)
class NeverStronger(Guarantee):
    """No rule speaks more strongly than the strongest of the statements that it cites."""


Guarantee.alternatives = (
    "guarantee",
    {
        "always": Always,
        "never-without": NeverWithout,
        "follows-order": FollowsOrder,
        "includes": Includes,
        "no-later-than": NoLaterThan,
        "only-where": OnlyWhere,
        "never-stronger": NeverStronger,
    },
)
