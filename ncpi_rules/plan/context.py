"""What stands around the items of a plan: its first day, what is counted from, what is cited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import NOT_YET, UNKNOWN, PartialDate, upper_first
from ncpi_rules.facts import name_facts
from ncpi_rules.plan.dates import CountedFrom, RevisitDays
from ncpi_rules.ruleset import base_of, is_edited

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.core import When
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.plan.document import Grounds
    from ncpi_rules.ruleset import DeadlineRule, Ruleset

_NOTICES: Final = ("notice.given", "notice.activity_described")


def context_of(follow_up: FollowUp, ruleset: Ruleset, parts: Iterable[Grounds]) -> dict[str, Any]:
    """Return the fields of a document that say which rules it follows and what it cites.

    ``parts`` are all that have grounds.
    """
    base = base_of(ruleset)
    settings, ids = ruleset.settings, {id_ for part in parts for id_ in part.statements}
    event = ruleset.events.get(settings.selected_by)
    begins = selecting_date(follow_up, ruleset)
    return {
        "ruleset_id": settings.id,
        "methodology": settings.title,
        "edition": settings.edition,
        "digest": ruleset.digest,
        "based_on": None if base is None else base.edition,
        "edited": is_edited(ruleset),
        "first_event": None if event is None else event.label or upper_first(event.title),
        "begins": date_of(begins),
        "begins_text": _text_of(begins),
        "fieldwork": fieldwork_of(follow_up, ruleset),
        "statements": {
            id_: statement.summary for id_, statement in ruleset.statements.items() if id_ in ids
        },
    }


def _text_of(when: When) -> str:
    if isinstance(when, PartialDate):
        return when.text
    return "not yet" if when is NOT_YET else "not known"


def fieldwork_of(follow_up: FollowUp, ruleset: Ruleset) -> RevisitDays | None:
    """Return when the current revisit begins and ends, or None where there is no event for it."""
    contract = ruleset.contract
    if not (event := contract.name("fieldwork.begins")):
        return None
    events = name_facts(follow_up, contract).dates.events
    return RevisitDays(
        event=event,
        begins=date_of(events.get(event, UNKNOWN)),
        ends=date_of(events.get(contract.name("fieldwork.ends"), UNKNOWN)),
        notices=tuple(filter(None, map(contract.name, _NOTICES))),
    )


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
