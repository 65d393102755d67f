"""Rules as sentences: who must do what, by when, and in which cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.checks import RulesetAnalysis
from ncpi_rules.core import joined, lower_first, sentence, upper_first
from ncpi_rules.engine import merged, union
from ncpi_rules.ruleset import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Ruleset,
    cited,
    describe_value,
    effect_of,
    interpretation_order,
    name_events,
)
from ncpi_rules.sign_off.review.content import RuleSentence

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from ncpi_rules.core import Modality
    from ncpi_rules.engine import Box, Boxes
    from ncpi_rules.ruleset import Rule

NO_DATE: Final = "no date is set"


@frozen
class Clauses:
    """Says the cases of rules, in the sentences of the vocabulary."""

    ruleset: Ruleset
    analysis: RulesetAnalysis = field(init=False, repr=False)

    @analysis.default
    def _analysis(self) -> RulesetAnalysis:
        return RulesetAnalysis.of(self.ruleset)

    def where(self, boxes: Boxes) -> str:
        """Return the cases of some boxes as a clause, or nothing where they are all cases."""
        if any(not box for box in boxes):
            return ""
        return "; or ".join(_all_of(self._conditions(box)) for box in boxes)

    def _conditions(self, box: Box) -> list[str]:
        """Return the conditions of a box; records that are not there are said in one clause."""
        facts = self.ruleset.facts
        absent = [
            name
            for name in facts
            if facts[name].left_out and box.get(name) == frozenset({facts[name].left_out})
        ]
        if len(absent) <= 1:
            return self.analysis.describer.conditions(box)
        rest = {name: values for name, values in box.items() if name not in absent}
        first, *others = (lower_first(facts[name].title) for name in absent)
        nor = "".join(f" nor {title}" for title in others)
        return [f"neither {first}{nor} is recorded", *self.analysis.describer.conditions(rest)]

    def applicable(self, rule: Rule, answers: Mapping[str, str]) -> Boxes:
        """Return the cases of a rule with some answers to open questions, the rest ours."""
        ours = {**self.analysis.ours, **answers}
        boxes = (
            {name: values for name, values in box.items() if name not in ours}
            for box in self.analysis.regions.matches[rule.id]
            if all(answer in box.get(name, {answer}) for name, answer in ours.items())
        )
        return tuple(boxes)

    def sentences(self, cases: Iterable[Rule]) -> Iterator[RuleSentence]:
        """Yield what the cases of a rule say, those under our answers first."""
        groups: dict[tuple[Hashable, ...], list[Rule]] = {}
        for rule in sorted(cases, key=self._order):
            answers = self.other_answers(rule)
            key = (tuple(answers.items()), effect_of(rule), self.modality(rule), _limit(rule))
            groups.setdefault(key, []).append(rule)
        for rules in groups.values():
            answers = self.other_answers(rules[0])
            every = [box for rule in rules for box in self.applicable(rule, answers)]
            boxes = union(merged(every, self.analysis.program.facts), self.analysis.program.facts)
            if boxes:
                asked = {id_ for rule in rules for id_ in rule.open_questions}
                yield RuleSentence(
                    sentence=self.sentence(rules[0], self.where(boxes)),
                    modality=self.modality(rules[0]),
                    statements=cited(rules),
                    open_questions=tuple(sorted(asked, key=interpretation_order)),
                    answers=answers,
                )

    def _order(self, rule: Rule) -> tuple[Any, ...]:
        """Return a key that puts our answers first, then the cases as the vocabulary lists them."""
        known = self.analysis.program.facts
        places = [
            min(known[name].index(value) for value in values)
            for name, values in sorted(rule.case.items())
            if name in known
        ]
        return len(self.other_answers(rule)), list(rule.under), places

    def other_answers(self, rule: Rule) -> dict[str, str]:
        """Return the answers of a rule that are not ours, the first of each open question."""
        ours = self.analysis.ours
        return {
            id_: answers[0]
            for id_, answers in sorted(rule.under.items())
            if ours[id_] not in answers
        }

    def modality(self, rule: Rule) -> Modality | None:
        """Return how strongly a rule speaks, None where it says nothing of the kind."""
        strength: Modality | None = getattr(rule, "modality", None)
        return strength

    def sentence(self, rule: Rule, where: str) -> str:
        """Return a rule as a sentence, for the cases of a clause."""
        said = self._said(rule)
        if isinstance(rule, OutcomeRule):
            return sentence(f"where {where}, {said}" if where else f"{said}, in every case")
        if isinstance(rule, AlertRule):
            return f"Alert where {where}: {rule.alert}" if where else f"Alert: {rule.alert}"
        if not where:
            return sentence(f"{said}, in every case" if not said.endswith("?") else said)
        return f"{sentence(said)} Applies where {where}."

    def where_it_applies(self, rule: Rule) -> str:
        """Return what a rule says to a reader who knows that it applies, or why it decides."""
        match rule:
            case OutcomeRule():
                boxes = self.applicable(rule, self.other_answers(rule))
                return self.sentence(rule, self.where(boxes))
            case AlertRule():
                return sentence(rule.alert)
            case DeadlineRule():
                return sentence(rule.title)
            case _:
                return sentence(self._said(rule))

    def _said(self, rule: Rule) -> str:
        ruleset = self.ruleset
        match rule:
            case OutcomeRule():
                basis = "" if rule.basis.settles else f": it {_verb(rule.basis.label)}"
                said = f"{describe_value(ruleset, rule.decides, rule.then)}{basis}"
            case DeadlineRule():
                limit = name_events(ruleset, rule.limit) or NO_DATE
                event = ruleset.events[rule.event]
                said = f"{upper_first(event.label or event.title)}: {limit}"
            case QuestionRule():
                said = f"{self._who(rule.by)} must answer: {rule.ask}"
            case DocumentRule():
                of = ruleset.parties[rule.of].title
                document = ruleset.documents[rule.document].title
                said = f"{self._who(rule.by)} {rule.modality.verb} ask {of} for {document}"
            case ActionRule():
                extent = f" ({rule.extent})" if rule.extent else ""
                does = ruleset.activities[rule.does].title
                said = f"{self._who(rule.by)} {rule.modality.verb} {does}{extent}"
            case _:
                said = rule.title
        return said

    def _who(self, party: str) -> str:
        return upper_first(self.ruleset.parties[party].title)


def _all_of(conditions: list[str]) -> str:
    """Return conditions as one clause, in which commas stay apart from those of a condition."""
    if any("," in condition for condition in conditions):
        return "; and ".join(conditions)
    return joined(conditions, "and")


def _verb(basis: str) -> str:
    return f"is {basis}" if basis.startswith("referred") else basis


def _limit(rule: Rule) -> str:
    return rule.limit if isinstance(rule, DeadlineRule) else ""


def home_of(
    sentences: Iterable[RuleSentence], ruleset: Ruleset, cited_by: Mapping[str, int]
) -> str:
    """Return the statement under which a rule is shown in full: one with a force of its own.

    It stands under the same heading as the first of these; the fewest rules cite it, since what a
    list begins with is cited by all that is listed. Nothing where none is cited.
    """
    cited = list(dict.fromkeys(id_ for sentence in sentences for id_ in sentence.statements))
    if not cited:
        return ""
    forceful = [id_ for id_ in cited if ruleset.statements[id_].modality is not None] or cited
    heading = forceful[0].rpartition(".")[0]
    beside = [id_ for id_ in forceful if id_.rpartition(".")[0] == heading]
    return min(beside, key=lambda id_: cited_by[id_])
