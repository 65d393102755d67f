"""What stands around the items of a plan: its first day, what is counted from, what is cited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncpi_rules.core import UNKNOWN, PartialDate, upper_first
from ncpi_rules.facts import name_facts
from ncpi_rules.plan.document import CountedFrom
from ncpi_rules.ruleset import base_of, is_edited

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.core import When
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.plan.document import Grounds
    from ncpi_rules.ruleset import DeadlineRule, Ruleset


def context_of(follow_up: FollowUp, ruleset: Ruleset, parts: Iterable[Grounds]) -> dict[str, Any]:
    """Return the fields of a document that say which rules it follows and what it cites.

    ``parts`` are all that have grounds.
    """
    base = base_of(ruleset)
    settings, ids = ruleset.settings, {id_ for part in parts for id_ in part.statements}
    event = ruleset.events.get(settings.selected_by)
    return {
        "ruleset_id": settings.id,
        "methodology": settings.title,
        "edition": settings.edition,
        "digest": ruleset.digest,
        "based_on": None if base is None else base.edition,
        "edited": is_edited(ruleset),
        "first_event": None if event is None else event.label or upper_first(event.title),
        "begins": date_of(selecting_date(follow_up, ruleset)),
        "statements": {
            id_: statement.summary for id_, statement in ruleset.statements.items() if id_ in ids
        },
    }


def selecting_date(follow_up: FollowUp, ruleset: Ruleset) -> When:
    """Return the date of the event by which an edition is selected."""
    events = name_facts(follow_up, ruleset.contract).dates.events
    return events.get(ruleset.settings.selected_by, UNKNOWN)


def counted_from(
    rule: DeadlineRule, events: Mapping[str, When], ruleset: Ruleset
) -> Iterator[CountedFrom]:
    """Yield the events that the limit of a deadline names, each once."""
    for event in dict.fromkeys(bound.anchor for bound in rule.bounds):
        title, on = ruleset.events[event].title, date_of(events.get(event, UNKNOWN))
        yield CountedFrom(event=event, title=title, on=on)


def date_of(when: When) -> PartialDate | None:
    """Return the days that a date may be, or None where none is known."""
    return PartialDate.between(when.start, when.end) if isinstance(when, PartialDate) else None
