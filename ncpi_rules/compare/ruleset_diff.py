"""The difference of two rulesets as one object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.compare.impact import Affected, Impact
from ncpi_rules.compare.metadata_diff import (
    interpretation_differences,
    settings_differences,
    source_differences,
    vocabulary_differences,
    wording_differences,
)
from ncpi_rules.compare.page import contents
from ncpi_rules.compare.regions_diff import Comparison, RuleChange
from ncpi_rules.compare.sentences import Teller
from ncpi_rules.compare.shared_cases import Side, Space
from ncpi_rules.core import NcpiRulesError, day_of, joined, read_day, sentence
from ncpi_rules.engine import Boxes, count, union
from ncpi_rules.plan import assess
from ncpi_rules.report import WIDTH, lay_out_html, lay_out_markdown, lay_out_text, part_of
from ncpi_rules.ruleset import Ruleset

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from ncpi_rules.facts import FollowUp
    from ncpi_rules.report import Contents


_PLACES: Final = {
    "vocabulary": "the vocabulary",
    "settings": "the settings",
    "interpretations": "the interpretations",
    "wording": "how the rules are put",
    "sources": "the statements or guarantees",
}


@frozen(kw_only=True, eq=False)
class RulesetDifference:
    """In what a second ruleset differs from a first.

    ``changes`` are what follows otherwise, with all cases in which it does; ``vocabulary``,
    ``settings``, ``interpretations``, ``wording`` and ``sources`` are sentences on all else:
    ``wording`` on rules that differ while the same follows, such as in name or citation.
    """

    a: Ruleset = field(repr=False)
    b: Ruleset = field(repr=False)
    changes: tuple[RuleChange, ...] = field(repr=False)
    vocabulary: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()
    wording: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    _comparison: Comparison = field(repr=False, alias="comparison")

    def __bool__(self) -> bool:
        """Return True where anything differs at all."""
        return bool(self.changes or any(told for _, told in self._beside()))

    def _beside(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield "vocabulary", self.vocabulary
        yield "settings", self.settings
        yield "interpretations", self.interpretations
        yield "wording", self.wording
        yield "sources", self.sources

    @cached_property
    def cases(self) -> Boxes:
        """Return all shared cases in which anything else follows, other answers included."""
        values = self._comparison.space.given
        return union((box for each in self.changes for box in each.cases), values)

    @property
    def affected(self) -> tuple[int, int]:
        """Return in how many cases something else follows under our own answers, and of how many.

        A case is one word for each fact that both rulesets have.
        """
        ours = self._comparison.ours
        values = {f: each for f, each in self._comparison.space.given.items() if f not in ours}
        mine = (
            {fact: allowed for fact, allowed in box.items() if fact not in ours}
            for box in self.cases
            if self._comparison.is_ours(box)
        )
        return sum(count(box, values) for box in mine), prod(map(len, values.values()))

    @property
    def says(self) -> tuple[str, ...]:
        """Return what differs in sentences: in how many cases, then the vocabulary, then where."""
        beside = (*self.vocabulary, *self.settings, *self.interpretations)
        return (self.in_short, *beside, *self.follows, *self.wording, *self.sources)

    @property
    def in_short(self) -> str:
        """Return in one sentence whether anything differs, and in how many cases."""
        if not self:
            return "The two rulesets say the same."
        some, every = self.affected
        if some:
            what = "something else follows under our own answers to the interpretations"
            return sentence(f"in {some:,} of {every:,} cases {what}")
        if self.changes:
            return (
                "Something else follows only where another answer to an interpretation is "
                "asked for."
            )
        places = [_PLACES[name] for name, told in self._beside() if told]
        says = "the rules say the same in every case; what differs is in"
        return sentence(f"{says} {joined(places, 'and')}")

    @cached_property
    def follows(self) -> tuple[str, ...]:
        """Return what follows otherwise: a sentence for all that differs in the same cases."""
        return tuple(Teller(self._comparison).sentences(self.changes))

    def impact(
        self, follow_ups: Mapping[str, FollowUp] | Iterable[FollowUp], *, on: datetime.date | str
    ) -> Impact:
        """Return who of a caseload is affected on a day, and how.

        The follow-ups may have names, such as those of their files. Raises DateError for a day that
        is none. A follow-up that one of the rulesets cannot take is told as that.
        """
        day = read_day(on)
        named = (
            follow_ups.items()
            if isinstance(follow_ups, Mapping)
            else ((str(at), each) for at, each in enumerate(follow_ups, start=1))
        )
        return Impact(
            on=day_of(day.toordinal()),
            cases=tuple(self._affected(name, each, day) for name, each in named),
        )

    def _affected(self, name: str, follow_up: FollowUp, day: datetime.date) -> Affected:
        try:
            one, other = (assess(follow_up, on=day, ruleset=each) for each in (self.a, self.b))
        except NcpiRulesError as fault:
            told = tuple(f"{each.place}: {each.message}" for each in fault.problems)
            return Affected(name=name, force=follow_up.force.name, problems=told)
        return Affected.of(name, one, other)

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as text, numbers, lists and mappings."""
        some, every = self.affected
        teller = Teller(self._comparison)
        return {
            "first": _names(self.a),
            "second": _names(self.b),
            "cases": every,
            "affected": some,
            "says": list(self.says),
            "in_short": self.in_short,
            "follows": list(self.follows),
            **{name: list(told) for name, told in self._beside()},
            "changes": [
                {
                    "before": None if each.before is None else each.before.id,
                    "after": None if each.after is None else each.after.id,
                    "says": sentence(teller.change(each)),
                    "follows": each.follows,
                    "cases": [
                        {fact: sorted(values) for fact, values in box.items()} for box in each.cases
                    ],
                    "example": dict(each.example),
                }
                for each in self.changes
            ],
        }

    def to_text(self, impact: Impact | None = None, *, width: int = WIDTH) -> str:
        """Return the difference as plain text; with who is affected, where ``impact`` is given."""
        return lay_out_text(self._contents(impact), width=width)

    def to_markdown(self, impact: Impact | None = None) -> str:
        """Return the same as Markdown."""
        return lay_out_markdown(self._contents(impact))

    def to_html(self, impact: Impact | None = None) -> str:
        """Return the same as one page of HTML that loads nothing from elsewhere."""
        return lay_out_html(self._contents(impact), skip="Skip to the difference")

    def _repr_html_(self) -> str:
        return part_of(self._contents())

    def _contents(self, impact: Impact | None = None) -> Contents:
        return contents(self.to_dict(), None if impact is None else impact.to_dict())

    def __str__(self) -> str:
        """Return what differs, a line for each sentence."""
        return "\n".join(self.says)


def _names(ruleset: Ruleset) -> dict[str, str]:
    title, edition = ruleset.settings.title, ruleset.settings.edition
    return {"name": ruleset.name, "digest": ruleset.digest, "title": title, "edition": edition}


def diff(a: Ruleset, b: Ruleset) -> RulesetDifference:
    """Return in what a second ruleset differs from a first: editions, interpretations, a draft.

    Every case that both know is compared. Facts, words, outcomes and interpretations that only one
    of them has are told first; of these a shared case says nothing, so that each has the word that
    stands for what is not known, or the answer that is taken unasked.

    >>> from ncpi_rules.ruleset import patch
    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> shipped = shipped_ruleset()
    >>> bool(diff(shipped, shipped))
    False
    >>> found = diff(shipped, patch(shipped, {"tier.visit": None}))
    >>> found.changes[0].before.id, found.changes[0].after
    ('tier.visit', None)
    """
    space = Space.of(a, b)
    comparison = Comparison(Side(a, space), Side(b, space), space)
    changes = tuple(comparison.changes())
    return RulesetDifference(
        a=a,
        b=b,
        changes=changes,
        vocabulary=tuple(vocabulary_differences(a, b)),
        settings=tuple(settings_differences(a, b)),
        interpretations=tuple(interpretation_differences(a, b)),
        wording=tuple(wording_differences(comparison, changes)),
        sources=tuple(source_differences(a, b)),
        comparison=comparison,
    )
