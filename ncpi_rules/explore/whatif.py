"""What if some facts were other: two plans beside each other."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    DateError,
    FactsError,
    PartialDate,
    Problem,
    counted,
    format_day,
    format_edition,
    read_day,
    upper_first,
)
from ncpi_rules.explore.changes import Change, changed
from ncpi_rules.facts import EVENT_PLACES
from ncpi_rules.io import read_path
from ncpi_rules.plan import GROUNDS, WORDING, Difference, Plan, assess, differences, of_substance
from ncpi_rules.report import (
    WIDTH,
    Cell,
    Column,
    Contents,
    Item,
    Row,
    Section,
    Table,
    lay_out_html,
    lay_out_markdown,
    lay_out_text,
    part_of,
)
from ncpi_rules.ruleset import shipped_ruleset

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Ruleset


@frozen(kw_only=True, eq=False)
class WhatIf:
    """Two plans of one follow-up on one day: as it is, and as it would be with other facts.

    ``differences`` holds all that differs, each in a sentence; ``of_substance`` those of them that
    are more than another reason for the same.
    """

    before: Plan = field(repr=False)
    after: Plan = field(repr=False)
    changes: tuple[Change, ...]

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Return in what the two plans differ, one sentence for each."""
        return differences(self.before.to_dict(), self.after.to_dict(), names=("No longer", "New"))

    @property
    def of_substance(self) -> tuple[Difference, ...]:
        """Return the differences in what follows, without those in the reasons for it."""
        return of_substance(self.differences)

    @property
    def says(self) -> str:
        """Return in one sentence what would come of it."""
        if not self.changes:
            return "Nothing is changed: every fact is what it was before."
        found = self.of_substance
        if not found:
            return "What follows would be the same."
        settled = [each for each in found if each.item == "tier" and each.about == "outcomes"]
        if settled:
            more = len(found) - 1
            return settled[0].says + (f" {counted(more, 'more difference')}." if more else "")
        same = "The type of follow-up would be the same; " if "tier" in self._outcomes else ""
        return upper_first(f"{same}{counted(len(found), 'difference')} in the rest of the plan.")

    @property
    def _outcomes(self) -> tuple[str, ...]:
        return tuple(self.after.decision.outcomes)

    def to_dict(self) -> dict[str, Any]:
        """Return the changes, the differences and both plans as text, lists and mappings."""
        return {
            "on": self.before.on.isoformat(),
            "says": self.says,
            "changes": [
                {"place": each.place, "before": each.before, "after": each.after}
                for each in self.changes
            ],
            "differences": [
                {
                    "item": each.item,
                    "about": each.about,
                    "says": each.says,
                    "before": each.before,
                    "after": each.after,
                    "of_substance": each.is_of_substance,
                }
                for each in self.differences
            ],
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }

    def to_text(self, *, width: int = WIDTH) -> str:
        """Return the changes and the differences as plain text."""
        return lay_out_text(_contents(self), width=width)

    def to_markdown(self) -> str:
        """Return the changes and the differences as Markdown."""
        return lay_out_markdown(_contents(self))

    def to_html(self) -> str:
        """Return the changes and the differences as a page that loads nothing from elsewhere."""
        return lay_out_html(_contents(self), skip="Skip to the differences")

    def _repr_html_(self) -> str:
        return part_of(_contents(self))

    def __str__(self) -> str:
        """Return the changes and the differences as plain text."""
        return self.to_text()


def what_if(
    follow_up: FollowUp,
    changes: Mapping[str, Any] | None = None,
    /,
    *,
    on: datetime.date | str,
    ruleset: Ruleset | None = None,
    interpretations: Mapping[str, str] | None = None,
    **more: Any,
) -> WhatIf:
    """Return the plan of a follow-up, its plan with other facts, and their difference.

    Changes are given by keyword, or as a mapping where a name is no keyword:

    - a part of :class:`FollowUp`: ``prospects="no-concerns"``. A mapping changes what it names and
      leaves the rest of the part; an object of :mod:`ncpi_rules.facts`, a list and a judgement in a
      word take the place of all that stands there;
    - something within a part, with two underscores or a dot between the names:
      ``fieldwork__begins="2018-12-01"``, ``{"inspection_report.recommendations[0].topic": ...}``;
    - an event or a fact by its name in the vocabulary: ``revisit_begins="not-yet"``,
      ``reinspection="decided"``. A word given in this way stands above what the rest would say.

    ``unknown`` takes a fact away. Raises FactsError, with every problem at once, for names and
    values that cannot be, otherwise with every contradiction; and what ``assess`` raises.

    >>> from ncpi_rules.facts import FollowUp
    >>> follow_up = FollowUp.from_dict({
    ...     "force": "northumbria",
    ...     "inspection_report": {"published": "2018-06-28", "findings": "broadly-positive"},
    ...     "prospects": "no-concerns",
    ... })
    >>> found = what_if(follow_up, prospects="some-concerns", on="2018-07-01")
    >>> found.differences[0].says
    'The type of follow-up: a post-inspection review instead of a post-inspection visit.'
    >>> [each.place for each in found.changes]
    ['prospects.judgement']
    """
    day = read_day(on)
    rules = ruleset if ruleset is not None else shipped_ruleset()
    asked = {**(changes or {})}
    problems = [
        Problem(place=name, message="This is changed twice.", help="Keep one of the two changes.")
        for name in more
        if name in asked
    ]
    if problems:
        raise FactsError(problems)
    before = assess(follow_up, on=day, ruleset=rules, interpretations=interpretations)
    other, told = changed(follow_up, {**asked, **more}, rules, day.toordinal())
    after = assess(other, on=day, ruleset=rules, interpretations=interpretations)
    return WhatIf(before=before, after=after, changes=told)


_GROUPS = (
    ("outcomes", "What is decided"),
    ("required_actions", "What is to be done"),
    ("optional_actions", "What may be done"),
    ("deadlines", "Deadlines"),
    ("documents", "Documents"),
    ("questions", "Questions to answer"),
    ("alerts", "What to note"),
)


def _contents(found: WhatIf) -> Contents:
    settings = found.after.ruleset.settings
    force = found.after.follow_up.force.name
    return Contents(
        title=f"What if: {force}",
        subject=force,
        facts=(
            ("Position as at", format_day(found.before.on.toordinal())),
            ("Methodology", f"{settings.title}, edition {format_edition(settings.edition)}"),
        ),
        sections=tuple(_sections(found)),
    )


def _sections(found: WhatIf) -> Iterator[Section]:
    yield Section("In short", answer=found.says)
    if found.changes:
        yield Section("What is changed", table=_table_of_changes(found))
    left = list(found.of_substance)
    for about, heading in _GROUPS:
        mine = [each for each in left if each.about == about]
        left = [each for each in left if each.about != about]
        if mine:
            yield Section(heading, items=tuple(map(_item, mine)))
    if left:
        yield Section("The plan as a whole", items=tuple(map(_item, left)))
    rest = [each for each in found.differences if not each.is_of_substance]
    grounds = [each for each in rest if each.about in {GROUNDS, WORDING}]
    doubts = tuple(_item(each) for each in rest if each not in grounds)
    if doubts:
        yield Section("What is still unknown, and what the plan rests on", items=doubts)
    if grounds:
        stays = "Some of what stays rests on other rules or statements, or is told in other words"
        yield Section("What stays", (f"{stays} ({counted(len(grounds), 'difference')}).",))


def _item(difference: Difference) -> Item:
    return Item(difference.says, "" if difference.item == "plan" else difference.item)


def _table_of_changes(found: WhatIf) -> Table:
    return Table(
        "Each fact that is changed",
        (Column("Fact", 40), Column("As it is", 30), Column("What if", 30)),
        tuple(
            Row(
                (
                    Cell((_title(each.place, found.after.ruleset),)),
                    Cell((_told(each.place, each.before, found.after.ruleset),)),
                    Cell((_told(each.place, each.after, found.after.ruleset),)),
                ),
                each.place,
            )
            for each in found.changes
        ),
    )


_FACTS: Final = {
    **{place: name for name, place in EVENT_PLACES.items()},
    "inspection_report.findings": "findings",
    "prospects.judgement": "prospects",
}


def _name(place: str) -> str:
    """Return the name in the vocabulary of what stands at a place, or the end of the path."""
    return _FACTS.get(place, place.rpartition(".")[2])


def _title(place: str, rules: Ruleset) -> str:
    known = rules.events.get(_name(place)) or rules.facts.get(_name(place))
    return upper_first(known.title) if known else _says_path(place)


def _says_path(place: str) -> str:
    """Return a path as an officer reads it: what stands where, entries counted from one.

    >>> _says_path("decisions[0].tier")
    'Decisions, entry 1, tier'
    """
    steps = (f"entry {step + 1}" if isinstance(step, int) else step for step in read_path(place))
    return upper_first(", ".join(step.replace("_", " ") for step in steps))


def _told(place: str, value: str, rules: Ruleset) -> str:
    """Return a value as an officer reads it."""
    name = _name(place)
    fact, outcome = rules.facts.get(name), rules.outcomes.get(name)
    if fact is not None:
        value = fact.unknown if value == UNKNOWN.value else value
        return upper_first(fact.values.get(value, value))
    if outcome is not None and value in outcome.values:
        return upper_first(outcome.values[value])
    if value == UNKNOWN.value:
        # An entry of a list that is not there is no entry, rather than one that is not known.
        return "Not there" if "[" in place else "Not known"
    if value == NOT_YET.value:
        return "Not yet"
    try:
        return upper_first(PartialDate.read(value).says)
    except DateError:
        return value
