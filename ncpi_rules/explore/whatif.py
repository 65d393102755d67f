"""What if some facts were different: two plans of one follow-up, side by side."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

import attrs
from attrs import field, frozen

from ncpi_rules.core import (
    DATE_FIELDS,
    NOT_YET,
    UNKNOWN,
    VALUE_FIELDS,
    DateError,
    FactsError,
    PartialDate,
    counted,
    format_day,
    kind_of_decision,
    lower_first,
    read_day,
    upper_first,
)
from ncpi_rules.explore.changes import FactChange, changed, changed_twice
from ncpi_rules.io import read_path
from ncpi_rules.plan import (
    ABOUT_THE_EDITION,
    GROUNDS,
    WORDING,
    Difference,
    Plan,
    assess,
    differences,
    of_substance,
)
from ncpi_rules.report import Cell, Column, Contents, Item, PageTable, Row, Section, Showable
from ncpi_rules.ruleset import edition_title

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Rules, Ruleset


@frozen(kw_only=True, eq=False)
class WhatIf(Showable):
    """Two plans of one follow-up on one day: on its facts, and with some of them changed.

    ``changes`` holds the facts that are changed.
    """

    skip: ClassVar[str] = "Skip to the differences"

    before: Plan = field(repr=False)
    after: Plan = field(repr=False)
    changes: tuple[FactChange, ...]

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Return the differences between the two plans, each with a sentence."""
        return differences(self.before.document, self.after.document, names=("No longer", "New"))

    @property
    def of_substance(self) -> tuple[Difference, ...]:
        """Return the differences in the result, without those in the reasons for it."""
        return of_substance(self.differences)

    @property
    def sentence(self) -> str:
        """Return what would change, in one sentence."""
        if not self.changes:
            return "Nothing is changed: every fact is as before."
        substance, headline = self.of_substance, self.after.ruleset.headline
        if not substance:
            return "The result would be the same."
        for difference in substance:
            if headline and (difference.about, difference.item) == ("outcomes", headline.id):
                more = len(substance) - 1
                rest = f" {counted(more, 'more difference')}." if more else ""
                return difference.message + rest
        same = f"{lower_first(headline.title)} would be the same; " if headline else ""
        many = f"{counted(len(substance), 'difference')} in the rest of the plan."
        return upper_first(same + many)

    def to_dict(self) -> dict[str, Any]:
        """Return the changes, the differences and both plans as text, lists and mappings."""
        return {
            "on": self.before.on.isoformat(),
            "sentence": self.sentence,
            "changes": [attrs.asdict(change) for change in self.changes],
            "differences": [
                attrs.asdict(difference) | {"of_substance": difference.is_of_substance}
                for difference in self.differences
            ],
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }

    def contents(self) -> Contents:
        """Return the page: the changes and the differences."""
        after = self.after.document
        settings, name = self.after.ruleset.settings, self.after.subject_name
        return Contents(
            title=f"What if: {name}",
            subject=name,
            facts=(
                *([("Rules", after.edited_notice)] if after.edited else ()),
                ("Position as at", format_day(self.before.on.toordinal())),
                ("Methodology", f"{settings.title}, edition {edition_title(self.after.ruleset)}"),
            ),
            sections=tuple(_sections(self)),
        )


def what_if(
    follow_up: FollowUp,
    changes: Mapping[str, Any] | None = None,
    /,
    *,
    on: datetime.date | str,
    ruleset: Rules | None = None,
    interpretations: Mapping[str, str] | None = None,
    **more: Any,
) -> WhatIf:
    """Return the plan of a follow-up, its plan with other facts, and their differences.

    Changes are keyword arguments, or a mapping where a name is no keyword:

    - a part of :class:`FollowUp`: ``prospects="no-concerns"``. A mapping changes what it names and
      leaves the rest of the part; an object of :mod:`ncpi_rules.facts`, a list, or the value of a
      judgement replaces the whole part;
    - something within a part, with two underscores or a dot between the names:
      ``fieldwork__begins="2018-12-01"``, ``{"inspection_report.recommendations[0].topic": ...}``;
    - an event or a fact by its name in the vocabulary: ``revisit_begins="not-yet"``,
      ``reinspection="decided"``. Such a value takes precedence over what the rest would give.

    ``unknown`` takes a fact away. Raises FactsError, with every problem at once, for names and
    values that cannot be, otherwise with every contradiction; and what ``assess`` raises.

    >>> from ncpi_rules.facts import FollowUp
    >>> follow_up = FollowUp.from_dict({
    ...     "force": "northumbria",
    ...     "inspection_report": {"published": "2018-06-28", "findings": "broadly-positive"},
    ...     "prospects": "no-concerns",
    ... })
    >>> result = what_if(follow_up, prospects="some-concerns", on="2018-07-01")
    >>> result.of_substance[0].message
    'The type of follow-up: now a post-inspection review (was a post-inspection visit).'
    >>> [change.place for change in result.changes]
    ['prospects.judgement']
    """
    day = read_day(on)
    asked = {**(changes or {})}
    if problems := [changed_twice(name) for name in more if name in asked]:
        raise FactsError(problems)
    before = assess(follow_up, on=day, ruleset=ruleset, interpretations=interpretations)
    named = {**asked, **more}
    imagined, fact_changes = changed(follow_up, named, before.ruleset, day.toordinal())
    after = assess(imagined, on=day, ruleset=ruleset, interpretations=interpretations)
    return WhatIf(before=before, after=after, changes=fact_changes)


_HEADINGS: Final = {
    "outcomes": "What is decided",
    "required_actions": "Required actions",
    "optional_actions": "Optional actions",
    "deadlines": "Deadlines",
    "documents": "Documents",
    "questions": "Questions to answer",
    "alerts": "What to note",
}


def _sections(result: WhatIf) -> Iterator[Section]:
    notes = tuple(
        Item(alert.sentence, alert.id)
        for alert in result.after.alerts
        if alert.id in ABOUT_THE_EDITION
    )
    if notes:
        yield Section("Please note", items=notes, warns=True)
    yield Section("In short", answer=result.sentence)
    if result.changes:
        yield Section("What is changed", table=_table(result.changes, result.after.ruleset))
    substance = result.of_substance
    for about, heading in _HEADINGS.items():
        items = [_item(difference) for difference in substance if difference.about == about]
        if items:
            yield Section(heading, items=tuple(items))
    if whole := [
        _item(difference) for difference in substance if difference.about not in _HEADINGS
    ]:
        yield Section("The plan as a whole", items=tuple(whole))
    rest = [difference for difference in result.differences if not difference.is_of_substance]
    reasons = [difference for difference in rest if difference.about in {GROUNDS, WORDING}]
    if unknown := [_item(difference) for difference in rest if difference not in reasons]:
        heading = "What is still unknown, and the interpretations"
        yield Section(heading, items=tuple(unknown))
    if reasons:
        many = counted(len(reasons), "difference")
        same = f"Some of it rests on other rules or statements, or is worded differently ({many})."
        yield Section("What stays the same", (same,))


def _item(difference: Difference) -> Item:
    return Item(difference.message, "" if difference.item == "plan" else difference.item)


def _table(changes: tuple[FactChange, ...], rules: Ruleset) -> PageTable:
    columns = (Column("Fact", 40), Column("As it is", 30), Column("What if", 30))
    rows = tuple(_row(change, rules) for change in changes)
    return PageTable("Each fact that is changed", columns, rows)


def _row(change: FactChange, rules: Ruleset) -> Row:
    place, values = change.place, (change.before, change.after)
    texts = describe_place(place, rules), *(_value(place, value, rules) for value in values)
    return Row(tuple(Cell((text,)) for text in texts), place)


def _name(place: str, rules: Ruleset) -> str:
    """Return the name in the vocabulary of what a place holds, or the end of the path."""
    # Only these hold an event's date, or a value in the words of the vocabulary.
    held = place in DATE_FIELDS or VALUE_FIELDS.get(place) == ()
    return (held and rules.contract.name(place)) or place.rpartition(".")[2]


def describe_place(place: str, rules: Ruleset) -> str:
    """Return the title of a fact or an event, or else its path as an officer reads it.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> describe_place("decisions[0].value", shipped_ruleset())
    'Decisions, entry 1, value'
    """
    name = _name(place, rules)
    if known := rules.events.get(name) or rules.facts.get(name):
        return upper_first(known.title)
    steps = (f"entry {step + 1}" if isinstance(step, int) else step for step in read_path(place))
    return upper_first(", ".join(step.replace("_", " ") for step in steps))


def _value(place: str, value: str, rules: Ruleset) -> str:
    """Return a value as an officer reads it."""
    name = _name(place, rules)
    fact = rules.facts.get(name)
    if fact is not None:
        value = fact.unknown if value == UNKNOWN.value else value
        return upper_first(fact.values.get(value, value))
    decided = [
        fact.values[value]
        for fact in rules.facts.values()
        if name == "value" and kind_of_decision(fact.source) and value in fact.values
    ]
    if len(decided) == 1:
        return upper_first(decided[0])
    if value == UNKNOWN.value:
        # A list may have no such entry: then nothing is unknown.
        return "Not there" if "[" in place else "Not known"
    if value == NOT_YET.value:
        return "Not yet"
    try:
        return upper_first(PartialDate.read(value).text)
    except DateError:
        return value
