"""The difference of two rulesets as one object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.checks import quoted
from ncpi_rules.compare.impact import CaseloadImpact, FollowUpImpact
from ncpi_rules.compare.metadata_diff import (
    interpretation_differences,
    known_to_one,
    parameter_differences,
    settings_differences,
    source_differences,
    vocabulary_differences,
    with_parameters_of,
    wording_differences,
)
from ncpi_rules.compare.page import contents
from ncpi_rules.compare.regions_diff import RegionComparison, RuleChange
from ncpi_rules.compare.sentences import ChangeDescriber
from ncpi_rules.core import NcpiRulesError, day_of, joined, read_day, sentence
from ncpi_rules.engine import Boxes, count, union
from ncpi_rules.plan import assess
from ncpi_rules.report import WIDTH, lay_out_html, lay_out_markdown, lay_out_text, part_of
from ncpi_rules.ruleset import Ruleset, edition_title

if TYPE_CHECKING:
    import datetime

    from ncpi_rules.compare.column_impact import TableImpact
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.report import Contents


_PARTS: Final = {
    "parameters": "the parameters",
    "vocabulary": "the vocabulary",
    "settings": "the settings",
    "interpretations": "the interpretations",
    "wording": "the wording of the rules",
    "sources": "the statements or guarantees",
}
"""The parts of a ruleset that may differ while the result is the same."""


@frozen(kw_only=True, eq=False)
class RulesetDifference:
    """How a second ruleset differs from a first.

    ``changes`` are all changes of the result, with all cases in which they occur; ``parameters``,
    ``vocabulary``, ``settings``, ``interpretations``, ``wording`` and ``sources`` are sentences on
    all else: ``wording`` on rules that differ without changing the result.
    """

    a: Ruleset = field(repr=False)
    b: Ruleset = field(repr=False)
    changes: tuple[RuleChange, ...] = field(repr=False)
    parameters: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()
    wording: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    _comparison: RegionComparison = field(repr=False, alias="comparison")

    def __bool__(self) -> bool:
        """Return True where anything differs at all."""
        return bool(self.changes or any(self._other_sentences.values()))

    @property
    def _other_sentences(self) -> dict[str, tuple[str, ...]]:
        return {name: getattr(self, name) for name in _PARTS}

    @cached_property
    def cases(self) -> Boxes:
        """All shared cases in which the result changes, under other answers too."""
        values = self._comparison.shared.inputs
        return union((box for change in self.changes for box in change.cases), values)

    @property
    def affected(self) -> tuple[int, int]:
        """The number of cases in which the result changes under our own answers, and of all cases.

        A case is one value for each fact that both rulesets have.
        """
        ours, describer = self._comparison.ours, self._comparison.describer
        inputs = self._comparison.shared.inputs
        values = {fact: all_ for fact, all_ in inputs.items() if fact not in ours}
        boxes = (
            {fact: allowed for fact, allowed in box.items() if fact not in ours}
            for box in self.cases
            if describer.is_ours(box)
        )
        return sum(count(box, values) for box in boxes), prod(map(len, values.values()))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The difference in sentences: the summary, the vocabulary, the results, the wording."""
        before = (*self.parameters, *self.vocabulary, *self.settings, *self.interpretations)
        return (self.summary, *before, *self.results, *self.wording, *self.sources)

    @property
    def summary(self) -> str:
        """Whether anything differs, in how many cases, and what only one ruleset knows."""
        if not self:
            return "The two rulesets are the same."
        apart = known_to_one(self.a, self.b)
        if not apart:
            return self._changed("case")
        return (
            f"{self._changed('case that both rulesets know')} What follows from {quoted(apart)}, "
            "which only one of them knows, or knows in full, is not compared."
        )

    def _changed(self, case: str) -> str:
        """Return whether the result changes, in one sentence."""
        some, every = self.affected
        if some:
            return (
                f"The result changes in {some:,} of {every:,} cases under our own answers to the "
                "interpretations."
            )
        if self.changes:
            return "The result changes only where another answer to an interpretation is asked for."
        parts = [_PARTS[name] for name, sentences in self._other_sentences.items() if sentences]
        return sentence(
            f"the result is the same in every {case}; the differences are in {joined(parts, 'and')}"
        )

    @cached_property
    def results(self) -> tuple[str, ...]:
        """The changes of the result: a sentence for all that changes in the same cases."""
        return tuple(ChangeDescriber(self._comparison).describe_changes(self.changes))

    def impact(
        self, follow_ups: Mapping[str, FollowUp] | Iterable[FollowUp], *, on: datetime.date | str
    ) -> CaseloadImpact:
        """Return which follow-ups of a caseload are affected on a day, and how.

        The follow-ups may have names, such as those of their files. A follow-up that one of the
        rulesets cannot use is reported with its problems. Raises DateError for a day that is none.
        """
        day = read_day(on)
        named = (
            follow_ups.items()
            if isinstance(follow_ups, Mapping)
            else ((str(number), follow_up) for number, follow_up in enumerate(follow_ups, start=1))
        )
        return CaseloadImpact(
            on=day_of(day.toordinal()),
            cases=tuple(self._impact(name, follow_up, day) for name, follow_up in named),
            subject_title=self.a.settings.subject_title,
        )

    def _impact(self, name: str, follow_up: FollowUp, day: datetime.date) -> FollowUpImpact:
        try:
            earlier, later = (
                assess(follow_up, on=day, ruleset=rules) for rules in (self.a, self.b)
            )
        except NcpiRulesError as fault:
            problems = tuple(f"{problem.place}: {problem.message}" for problem in fault.problems)
            return FollowUpImpact(name=name, subject_name=follow_up.about.name, problems=problems)
        return FollowUpImpact.of(name, earlier, later)

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as text, numbers, lists and mappings."""
        some, every = self.affected
        describer = ChangeDescriber(self._comparison)
        return {
            "first": _identity(self.a),
            "second": _identity(self.b),
            "cases": every,
            "affected": some,
            "sentences": list(self.sentences),
            "summary": self.summary,
            "results": list(self.results),
            **{name: list(sentences) for name, sentences in self._other_sentences.items()},
            "changes": [
                {
                    "before": None if change.before is None else change.before.rule,
                    "after": None if change.after is None else change.after.rule,
                    "message": sentence(describer.describe_change(change)),
                    "is_consequence": change.is_consequence,
                    "cases": [
                        {fact: sorted(values) for fact, values in box.items()}
                        for box in change.cases
                    ],
                    "example": dict(change.example),
                }
                for change in self.changes
            ],
        }

    def to_text(
        self,
        impact: CaseloadImpact | None = None,
        table: TableImpact | None = None,
        *,
        width: int = WIDTH,
    ) -> str:
        """Return the difference as plain text, with its impact on follow-ups and on a table."""
        return lay_out_text(self._contents(impact, table), width=width)

    def to_markdown(
        self, impact: CaseloadImpact | None = None, table: TableImpact | None = None
    ) -> str:
        """Return the same as Markdown."""
        return lay_out_markdown(self._contents(impact, table))

    def to_html(
        self, impact: CaseloadImpact | None = None, table: TableImpact | None = None
    ) -> str:
        """Return the same as one page of HTML that loads nothing from elsewhere."""
        return lay_out_html(self._contents(impact, table), skip="Skip to the difference")

    def _repr_html_(self) -> str:
        return part_of(self._contents())

    def _contents(
        self, impact: CaseloadImpact | None = None, table: TableImpact | None = None
    ) -> Contents:
        return contents(
            self.to_dict(),
            None if impact is None else impact.to_dict(),
            None if table is None else table.to_dict(),
        )

    def __str__(self) -> str:
        """Return the difference, a line for each sentence."""
        return "\n".join(self.sentences)


def _identity(ruleset: Ruleset) -> dict[str, str]:
    title, edition = ruleset.settings.title, ruleset.settings.edition
    return {
        "name": ruleset.name,
        "digest": ruleset.digest,
        "title": title,
        "edition": edition,
        "edition_text": edition_title(ruleset),
    }


def diff(a: Ruleset, b: Ruleset) -> RulesetDifference:
    """Return how a second ruleset differs from a first: an edition, other answers, a draft.

    Every case that both rulesets have is compared. A fact that only one of them has is taken as
    unknown, an interpretation that only one has by its own answer; they are listed apart.

    >>> from ncpi_rules.ruleset import patch
    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> shipped = shipped_ruleset()
    >>> bool(diff(shipped, shipped))
    False
    >>> difference = diff(shipped, patch(shipped, {"tier.visit": None}))
    >>> difference.changes[0].before.id, difference.changes[0].after
    ('tier.visit', None)
    """
    comparison = RegionComparison.of(a, b)
    changes = tuple(comparison.changes())
    alike = with_parameters_of(a, b)  # what follows a parameter is told once, with the parameter
    return RulesetDifference(
        a=a,
        b=b,
        changes=changes,
        parameters=tuple(parameter_differences(a, b)),
        vocabulary=tuple(vocabulary_differences(a, alike)),
        settings=tuple(settings_differences(a, b)),
        interpretations=tuple(interpretation_differences(a, alike)),
        wording=tuple(wording_differences(comparison, changes, alike.rules)),
        sources=tuple(source_differences(a, alike)),
        comparison=comparison,
    )
