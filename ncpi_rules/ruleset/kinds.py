"""The one registry of the kinds of rules: their files, their schemas, and their lists in a plan."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from ncpi_rules.ruleset.layout import (
    ActionRules,
    AlertRules,
    DeadlineRules,
    DocumentRules,
    OutcomeRules,
    QuestionRules,
)
from ncpi_rules.ruleset.rules import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Rule,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen(kw_only=True)
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
    file: type[Any]
    lists: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]
    decides: str = ""
    event: str = ""

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
        file=OutcomeRules,
        lists=("outcomes",),
        same=(("decides",),),
    ),
    RuleKind(
        name="action",
        decides="actions",
        rule=ActionRule,
        file=ActionRules,
        lists=("required_actions", "optional_actions"),
        same=(("id",), ("does", "by"), ("does",)),
        event="completes",
    ),
    RuleKind(
        name="document",
        decides="documents",
        rule=DocumentRule,
        file=DocumentRules,
        lists=("documents",),
        same=(("id",), ("document", "of"), ("document",)),
    ),
    RuleKind(
        name="deadline",
        decides="deadlines",
        rule=DeadlineRule,
        file=DeadlineRules,
        lists=("deadlines",),
        same=(("id",), ("event", "by"), ("event",)),
        event="event",
    ),
    RuleKind(
        name="question",
        decides="questions",
        rule=QuestionRule,
        file=QuestionRules,
        lists=("questions",),
        same=(("id",), ("ask",)),
    ),
    RuleKind(
        name="alert",
        decides="alerts",
        rule=AlertRule,
        file=AlertRules,
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


def head_of(rule: Rule) -> str:
    """Return what the head of the rule's file says: an outcome, or its kind."""
    return rule.decides if isinstance(rule, OutcomeRule) else kind_of(rule).decides
