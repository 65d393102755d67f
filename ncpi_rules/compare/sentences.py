"""What differs, in sentences that an officer can read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import attrs
from attrs import frozen

from ncpi_rules.compare.regions_diff import Comparison
from ncpi_rules.compare.shared_cases import UNASKED
from ncpi_rules.compare.wording import says_limit, says_rule_of, title_of
from ncpi_rules.core import counted, joined, lower_first, sentence
from ncpi_rules.engine import union
from ncpi_rules.ruleset import DeadlineRule, OutcomeRule, describe_value, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.compare.regions_diff import RuleChange
    from ncpi_rules.engine import Box, Boxes
    from ncpi_rules.ruleset import Rule, Ruleset

MOST_TOLD: Final = 4
"""So many kinds of cases are told in one sentence; the rest are counted."""

_LABELS: Final[Mapping[str, str]] = {
    "by": "who sees to it",
    "does": "what is done",
    "to": "with whom or to whom it is done",
    "modality": "how strongly it is said",
    "for_each": "of what each gets an item of its own",
    "completes": "what shows that it is done",
    "extent": "how far it goes",
    "of": "who is asked",
    "document": "the document",
    "prompted_by": "what calls for it",
    "event": "what must happen in time",
    "ask": "the question",
    "alert": "what is said",
}

_NAMED: Final[Mapping[str, str]] = {
    "by": "parties",
    "to": "parties",
    "of": "parties",
    "does": "activities",
    "document": "documents",
    "event": "events",
    "completes": "events",
    "prompted_by": "topics",
}


@frozen(eq=False)
class Teller:
    """Says what differs between two rulesets."""

    comparison: Comparison

    @property
    def a(self) -> Ruleset:
        """Return the first ruleset."""
        return self.comparison.a.ruleset

    @property
    def b(self) -> Ruleset:
        """Return the second ruleset."""
        return self.comparison.b.ruleset

    def sentences(self, changes: Iterable[RuleChange]) -> Iterator[str]:
        """Yield a sentence for all that differs in the same cases.

        What is so only where another answer is asked for comes later, what only follows last.
        """
        together: dict[str, list[RuleChange]] = {}
        following: list[RuleChange] = []
        for each in sorted(changes, key=lambda one: not self.comparison.is_ours(one.cases[0])):
            if each.follows and not isinstance(each.rule, OutcomeRule):
                following.append(each)
            else:
                together.setdefault(self.where(each.where), []).append(each)
        for where, several in together.items():
            what = dict.fromkeys(self.change(each) for each in several)
            example = self.example(several[0]) if where.startswith("where") else ""
            yield sentence(f"{where}: {'; '.join(what)}") + (f" {example}" if example else "")
        if following:
            counts = Counter(kind_of(each.rule).name for each in following)
            listed = joined([counted(number, kind) for kind, number in counts.items()], "and")
            names = sorted(self.comparison.unsteady)
            titles = joined([lower_first(self._outcome(name)) for name in names], "and")
            differs = "differs with it" if len(names) == 1 else "differ with them"
            yield sentence(f"what rests on {titles} {differs}: {listed}")

    def _outcome(self, name: str) -> str:
        outcome = self.b.outcomes.get(name) or self.a.outcomes[name]
        return outcome.title

    def where(self, boxes: Boxes) -> str:
        """Return in which cases something is so; where few other answers are asked for, if any."""
        mine = self.comparison.ours
        asked = [
            sum(word not in box.get(name, {word}) for name, word in mine.items()) for box in boxes
        ]
        near = [box for box, number in zip(boxes, asked, strict=True) if number == min(asked)]
        shown = union(
            (
                {name: each for name, each in box.items() if mine.get(name) not in each}
                for box in near
            ),
            self.comparison.space.values,
        )
        parts = [self._conditions(box) for box in sorted(shown, key=len)]
        common = [each for each in parts[0] if all(each in others for others in parts)]
        rests = [[each for each in several if each not in common] for several in parts]
        told = "; and ".join([*common, *self._either([each for each in rests if each])])
        others = len(near) < len(boxes)
        if others and not told:
            return "in every case under our own answers, and in others under other answers"
        where = f"where {told}" if told else "in every case"
        if others:
            where += " (and in others, under other answers to interpretations)"
        return where

    def _either(self, rests: list[list[str]]) -> Iterator[str]:
        """Yield, in one text, the conditions of which any will do; nothing where there are none."""
        if len(rests) == 1:
            yield "; and ".join(rests[0])
        elif rests:
            kinds = [", and ".join(each) for each in rests[:MOST_TOLD]]
            if len(rests) > MOST_TOLD:
                kinds.append(f"in {counted(len(rests) - MOST_TOLD, 'kind')} of cases more")
            numbered = [f"({at}) {each}" for at, each in enumerate(kinds, start=1)]
            yield f"either {'; or '.join(numbered)}"

    def _conditions(self, box: Box) -> list[str]:
        """Return the cases of a box as conditions, in the vocabulary's own sentences."""
        return [
            self._any(fact, [word for word in words if word in box[fact]])
            for fact, words in self.comparison.space.values.items()
            if fact in box and self.comparison.ours.get(fact) not in box[fact]
        ]

    def _any(self, fact: str, words: list[str]) -> str:
        first, *others = (self._word(fact, word) for word in words)
        if fact in self.a.outcomes:  # "the tier is a visit or a review"
            names = {**self.b.outcomes[fact].values, **self.a.outcomes[fact].values}
            others = [names[word] for word in words[1:]]
            return " or ".join([first, *others])
        return ", or ".join([first, *others])

    def _word(self, fact: str, word: str) -> str:
        if word == UNASKED:
            return f"no answer to interpretation {fact} is asked for"
        ruleset = self.a
        if fact in ruleset.outcomes and word not in ruleset.outcomes[fact].values:
            ruleset = self.b
        return describe_value(ruleset, fact, word)

    def example(self, change: RuleChange) -> str:
        """Return what one of the cases has besides what the sentence before it says."""
        box, where = change.cases[0], change.where[0]
        told = [
            self._word(fact, word)
            for fact, word in change.example.items()
            if fact in box
            and self.comparison.ours.get(fact) != word
            and not (len(change.where) == 1 and len(where.get(fact, ())) == 1)
        ]
        return f"For example: {', and '.join(told)}." if told else ""

    def change(self, change: RuleChange) -> str:
        """Return what differs, without where."""
        before, after = change.before, change.after
        if isinstance(change.rule, OutcomeRule):
            return self._says_outcome(before, after)
        if before is None or after is None:
            new = "no longer" if after is None else "new"
            ruleset = self.a if after is None else self.b
            return f"{new}: {says_rule_of(ruleset, change.rule)}"
        parts = "; ".join(self._parts(before, after))
        if isinstance(before, DeadlineRule):
            return f"{title_of(self.a, 'events', before.event)}: {parts}"
        return f"'{says_rule_of(self.a, before)}': {parts}"

    def _says_outcome(self, before: Rule | None, after: Rule | None) -> str:
        then = self._decided(self.a, before)
        now = self._decided(self.b, after)
        rule = before if after is None else after
        title = lower_first(self._outcome(rule.decides if isinstance(rule, OutcomeRule) else ""))
        if (
            isinstance(before, OutcomeRule)
            and isinstance(after, OutcomeRule)
            and (before.then, before.basis) == (after.then, after.basis)
        ):
            return f"{title} is said as '{after.modality}' instead of '{before.modality}'"
        if before is None:
            return f"{title} is {now}, where no rule decided it"
        if after is None:
            return f"no rule decides {title}, instead of {then}"
        return f"{title} is {now} instead of {then}"

    def _decided(self, ruleset: Ruleset, rule: Rule | None) -> str:
        if not isinstance(rule, OutcomeRule):
            return "not decided"
        return f"{ruleset.outcomes[rule.decides].values[rule.then]} ({rule.basis.label})"

    def _parts(self, before: Rule, after: Rule) -> Iterator[str]:
        """Yield what differs between two rules that say something of the same thing."""
        if isinstance(before, DeadlineRule) and isinstance(after, DeadlineRule):
            then, now = (says_limit(r, each) for r, each in ((self.a, before), (self.b, after)))
            if then != now:
                yield f"due {now} instead of {_only_period(before, after) or then}"
        for each in attrs.fields(type(after)):
            if each.name in _LABELS and getattr(before, each.name) != getattr(after, each.name):
                then = _shown(self.a, each.name, getattr(before, each.name))
                now = _shown(self.b, each.name, getattr(after, each.name))
                yield f"{_LABELS[each.name]}: {now} instead of {then}"


def _only_period(before: DeadlineRule, after: DeadlineRule) -> str:
    """Return the period of a limit that differs from another in that alone, or nothing."""
    for name in ("within", "at_least"):
        then, now = getattr(before, name), getattr(after, name)
        if then is not None and now is not None and then != now:
            period = attrs.evolve(then, period=now.period)
            if attrs.evolve(before, **{name: period}).limit == after.limit:
                return str(then.period.text)
    return ""


def _shown(ruleset: Ruleset, name: str, value: Any) -> str:
    values = value if isinstance(value, tuple | list) else (value,)
    kind = _NAMED.get(name)
    told = [title_of(ruleset, kind, str(each)) if kind else str(each) for each in values if each]
    return f"'{', '.join(told)}'" if told else "nothing"
