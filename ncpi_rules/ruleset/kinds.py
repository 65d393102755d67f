"""The one registry of the kinds of rules, with their files and schemas; the kinds of guarantees.

Guarantees stand in ``guarantees.yaml``: what the people who own the rules want to be true of them
in every case. ``ncpi_rules.checks`` proves or refutes each.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, get_args

from attrs import AttrsInstance, fields, frozen

from ncpi_rules.core import Modality
from ncpi_rules.io import described, fields_of, is_required, is_tuple
from ncpi_rules.ruleset.rules import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Rule,
    Tests,
)
from ncpi_rules.ruleset.timing import Timing

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator


@frozen(kw_only=True, slots=False)
class RuleKind:
    """One kind of rule.

    ``name`` is what one such rule is called. ``decides`` is what the head of its file says, or
    nothing where that names an outcome. ``lists`` are the lists of a plan that it fills: where
    there are two, the second is for what is optional. ``same`` has the fields by which a rule of
    another ruleset is taken for the same, from the strictest to the loosest; ``event`` is the field
    that names the event by which rules are put in order.
    """

    name: str
    rule: type[Rule]
    lists: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]
    decides: str = ""
    event: str = ""

    @property
    def subject(self) -> str:
        """Return what such rules are about, as a sentence names it."""
        return self.decides or "an outcome"

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Return the lines that such a rule may have besides its id."""
        return tuple(field.name for field in fields_of(self.rule) if field.name != "id")

    @cached_property
    def required(self) -> Mapping[str, str]:
        """Return the lines that such a rule must have besides its id, with what each says."""
        needed = [field for field in fields_of(self.rule) if is_required(field)]
        return {field.name: field.metadata["says"] for field in needed if field.name != "id"}

    @cached_property
    def listed(self) -> frozenset[str]:
        """Return the lines that hold a list."""
        return frozenset(field.name for field in fields_of(self.rule) if is_tuple(field.type))

    @cached_property
    def sentences(self) -> frozenset[str]:
        """Return the lines that hold a sentence, which may name what it takes from the data."""
        return frozenset(f.name for f in fields_of(self.rule) if f.metadata.get("prose"))

    @cached_property
    def timings(self) -> tuple[str, ...]:
        """Return the lines that hold a period counted from an event."""
        return tuple(f.name for f in fields_of(self.rule) if Timing in get_args(f.type))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return what each line names, such as an event."""
        return {f.name: f.metadata["names"] for f in fields_of(self.rule) if "names" in f.metadata}

    @property
    def schema(self) -> str:
        """Return the name of the JSON Schema of its file."""
        return f"{self.name}-rules"

    @property
    def about(self) -> str:
        """Return the field that says what a rule is about, however it is named and worded."""
        return self.same[-1][0]

    def list_of(self, rule: Any) -> str:
        """Return the list of a plan in which a rule stands."""
        return self.lists[-1 if len(self.lists) > 1 and rule.modality.is_optional else 0]


KINDS: Final = (
    RuleKind(
        name="outcome",
        rule=OutcomeRule,
        lists=("outcomes",),
        same=(("decides",),),
    ),
    RuleKind(
        name="action",
        decides="actions",
        rule=ActionRule,
        lists=("required_actions", "optional_actions"),
        same=(("id",), ("does", "by"), ("does",)),
        event="completes",
    ),
    RuleKind(
        name="document",
        decides="documents",
        rule=DocumentRule,
        lists=("documents",),
        same=(("id",), ("document", "of"), ("document",)),
    ),
    RuleKind(
        name="deadline",
        decides="deadlines",
        rule=DeadlineRule,
        lists=("deadlines",),
        same=(("id",), ("event", "by"), ("event",)),
        event="event",
    ),
    RuleKind(
        name="question",
        decides="questions",
        rule=QuestionRule,
        lists=("questions",),
        same=(("id",), ("ask",)),
    ),
    RuleKind(
        name="alert",
        decides="alerts",
        rule=AlertRule,
        lists=("alerts",),
        same=(("id",),),
    ),
)
"""Every kind of rule, in the order in which plans and differences list them."""

OUTCOME: Final = KINDS[0]
"""The kind of rule that decides an outcome of the vocabulary."""

KIND_OF_FILE: Final[Mapping[str, RuleKind]] = MappingProxyType(
    {kind.decides: kind for kind in KINDS if kind.decides}
)
"""The other kinds, by what the head of a file of rules says."""


def kind_of(rule: Rule) -> RuleKind:
    """Return the kind of a rule."""
    return next(kind for kind in KINDS if isinstance(rule, kind.rule))


def as_head(rule: Rule) -> str:
    """Return what the head of the rule's file says: an outcome, or its kind."""
    return rule.decides if isinstance(rule, OutcomeRule) else kind_of(rule).decides


_NOT_EFFECTS: Final = {*(item.name for item in fields(Rule)), "bounds", "working_days"}


def effect_of(rule: Rule) -> Hashable:
    """Return what a rule does in a plan, apart from its name, wording and sources."""
    effect = (
        (item.name, getattr(rule, item.name))
        for item in fields(type(rule))
        if item.name not in _NOT_EFFECTS
    )
    return type(rule).__name__, *effect


def names_in(named: AttrsInstance) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the names that a rule or a parameter uses: the field, what they name, the names."""
    for name, what in _naming(type(named)):
        value = getattr(named, name)
        if isinstance(value, Timing):
            value = value.event
        yield name, what, value if isinstance(value, tuple) else (value,) if value else ()


@cache
def _naming(kind: type[AttrsInstance]) -> tuple[tuple[str, str], ...]:
    """Return the fields of a class that name something, each with what it names."""
    metadata = [(item.name, item.metadata.get("names")) for item in fields(kind)]
    return tuple((name, what) for name, what in metadata if what)


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
