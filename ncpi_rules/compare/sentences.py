"""Changes between two rulesets, in sentences that an officer can read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import attrs
from attrs import frozen

from ncpi_rules.compare.regions_diff import RegionComparison
from ncpi_rules.compare.wording import describe_limit, describe_rule, title_of
from ncpi_rules.core import changed_fields, counted, joined, lower_first, sentence
from ncpi_rules.engine import union
from ncpi_rules.ruleset import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    kind_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.compare.regions_diff import RuleChange
    from ncpi_rules.engine import Boxes
    from ncpi_rules.ruleset import Rule, Ruleset

MOST_LISTED: Final = 4
"""The most groups of cases that one sentence describes; the rest are counted."""

_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "by": ("the party responsible", "parties"),
    "does": ("the activity", "activities"),
    "to": ("the other parties", "parties"),
    "modality": ("the modality", ""),
    "for_each": ("the list with an item for each", ""),
    "completes": ("the event that completes it", "events"),
    "extent": ("the extent", ""),
    "of": ("the party that is asked", "parties"),
    "document": ("the document", "documents"),
    "prompted_by": ("what prompts it", "topics"),
    "event": ("the event", "events"),
}
"""What each field of a rule is called, and where the vocabulary has the titles of its values."""


@frozen(eq=False)
class ChangeDescriber:
    """Describes the changes between two rulesets."""

    comparison: RegionComparison

    @property
    def a(self) -> Ruleset:
        """The first ruleset."""
        return self.comparison.a.ruleset

    @property
    def b(self) -> Ruleset:
        """The second ruleset."""
        return self.comparison.b.ruleset

    def describe_changes(self, changes: Iterable[RuleChange]) -> Iterator[str]:
        """Yield a sentence for each group of cases with all that changes in them.

        Changes under our own answers come first, consequences of other outcomes last.
        """
        groups: dict[str, list[RuleChange]] = {}
        consequences: list[RuleChange] = []
        is_ours = self.comparison.describer.is_ours
        for change in sorted(changes, key=lambda change: not is_ours(change.cases[0])):
            if change.is_consequence and not isinstance(change.rule, OutcomeRule):
                consequences.append(change)
            else:
                groups.setdefault(self.describe_where(change.where), []).append(change)
        for where, group in groups.items():
            what = "; ".join(dict.fromkeys(self.describe_change(change) for change in group))
            example = self.describe_example(group[0]) if where.startswith("where") else ""
            yield sentence(f"{where}: {what}") + (f" {example}" if example else "")
        if consequences:
            counts = Counter(kind_of(change.rule).name for change in consequences)
            kinds = joined([counted(number, kind) for kind, number in counts.items()], "and")
            names = sorted(self.comparison.changed_outcomes)
            outcomes = joined([self._outcome(name) for name in names], "and")
            changed = "changes with it" if len(names) == 1 else "change with them"
            yield sentence(f"what depends on {outcomes} {changed}: {kinds}")

    def _outcome(self, name: str) -> str:
        return lower_first((self.b.outcomes.get(name) or self.a.outcomes[name]).title)

    def describe_where(self, boxes: Boxes) -> str:
        """Return in which cases something is so, by those that ask for the fewest other answers.

        ``where ...`` is followed by a clause; ``in every case`` is not.
        """
        ours, describer = self.comparison.ours, self.comparison.describer
        asked = [
            sum(answer not in box.get(id_, {answer}) for id_, answer in ours.items())
            for box in boxes
        ]
        near = [box for box, number in zip(boxes, asked, strict=True) if number == min(asked)]
        shown = union(
            (
                {name: allowed for name, allowed in box.items() if ours.get(name) not in allowed}
                for box in near
            ),
            self.comparison.shared.values,
        )
        groups = [describer.conditions(box) for box in sorted(shown, key=len)]
        common = [
            condition
            for condition in groups[0]
            if all(condition in conditions for conditions in groups)
        ]
        rest = [
            [condition for condition in conditions if condition not in common]
            for conditions in groups
        ]
        text = "; and ".join(
            [*common, *_alternatives([conditions for conditions in rest if conditions])]
        )
        if len(near) == len(boxes):
            return f"where {text}" if text else "in every case"
        if not text:
            return "in every case under our own answers, and in others under other answers"
        return f"where {text} (and in others, under other answers to interpretations)"

    def describe_example(self, change: RuleChange) -> str:
        """Return what one of the cases has besides what the sentence before has said."""
        box, where = change.cases[0], change.where[0]
        clauses = [
            self.comparison.describer.describe_value(fact, value)
            for fact, value in change.example.items()
            if fact in box
            and self.comparison.ours.get(fact) != value
            and not (len(change.where) == 1 and len(where.get(fact, ())) == 1)
        ]
        return f"For example: {', and '.join(clauses)}." if clauses else ""

    def describe_change(self, change: RuleChange) -> str:
        """Return what changes, without the cases."""
        before, after = change.before, change.after
        if isinstance(change.rule, OutcomeRule):
            return self._describe_outcome(change.rule.decides, before, after)
        if after is None:
            return f"no longer: {describe_rule(self.a, change.rule)}"
        if before is None:
            return f"new: {describe_rule(self.b, change.rule)}"
        subject, fields = describe_rule(self.a, before), self._describe_fields(before, after)
        match before, after:
            case (AlertRule(alert=was), AlertRule(alert=now)) | (
                QuestionRule(ask=was),
                QuestionRule(ask=now),
            ) if was != now:
                return "; ".join([f"{subject} now says '{now.removesuffix('.')}'", *fields])
            case DeadlineRule(), _:
                subject = title_of(self.a, "events", before.event)
            case ((ActionRule() | DocumentRule()), _):
                subject = f"'{subject}'"
        return f"{subject}: {'; '.join(fields)}"

    def _describe_outcome(self, name: str, before: Rule | None, after: Rule | None) -> str:
        title = self._outcome(name)
        if not isinstance(after, OutcomeRule):
            return f"no rule decides {title} any more; it was {_decided(self.a, before)}"
        now = _decided(self.b, after)
        if not isinstance(before, OutcomeRule):
            return f"{title} is now {now}; no rule decided it"
        if (before.then, before.basis) == (after.then, after.basis):
            return f"{title} is now stated as '{after.modality}' (was '{before.modality}')"
        return f"{title} is now {now}; it was {_decided(self.a, before)}"

    def _describe_fields(self, before: Rule, after: Rule) -> Iterator[str]:
        if isinstance(before, DeadlineRule) and isinstance(after, DeadlineRule):
            was, now = describe_limit(self.a, before), describe_limit(self.b, after)
            if was != now:
                yield f"now due {now} (was {_changed_period(before, after) or was})"
        for change in changed_fields(before, after):
            if change.name in _LABELS:
                label, terms = _LABELS[change.name]
                was, now = _shown(self.a, terms, change.before), _shown(self.b, terms, change.after)
                yield f"{label} is now {now} (was {was})"


def _alternatives(groups: list[list[str]]) -> Iterator[str]:
    """Yield one clause that joins groups of conditions, any of which will do; nothing for none."""
    if len(groups) == 1:
        yield "; and ".join(groups[0])
    elif groups:
        shown = [", and ".join(conditions) for conditions in groups[:MOST_LISTED]]
        if more := len(groups) - len(shown):
            shown.append(f"in {counted(more, 'more group')} of cases")
        numbered = [f"({at}) {text}" for at, text in enumerate(shown, start=1)]
        yield f"either {'; or '.join(numbered)}"


def _decided(ruleset: Ruleset, rule: Rule | None) -> str:
    assert isinstance(rule, OutcomeRule)  # noqa: S101  only such rules decide an outcome
    return f"{ruleset.outcomes[rule.decides].values[rule.then]} ({rule.basis.label})"


def _changed_period(before: DeadlineRule, after: DeadlineRule) -> str:
    """Return the old period where only the period differs, or nothing."""
    for name in ("within", "at_least"):
        was, now = getattr(before, name), getattr(after, name)
        if was is not None and now is not None and was != now:
            changed = attrs.evolve(was, period=now.period)
            if attrs.evolve(before, **{name: changed}).limit == after.limit:
                return str(was.period.text)
    return ""


def _shown(ruleset: Ruleset, terms: str, value: Any) -> str:
    values = [str(item) for item in (value if isinstance(value, tuple | list) else [value]) if item]
    titles = [title_of(ruleset, terms, name) if terms else name for name in values]
    return f"'{', '.join(titles)}'" if titles else "nothing"
