"""The differences of two plans in words: a sentence for each field that may differ."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from ncpi_rules.core import PartialDate, format_between, format_day, lower_first
from ncpi_rules.plan.inputs import DayRange, RevisitDays

GROUNDS_FIELDS: Final = {
    "rules": "rule",
    "statements": "statement",
    "interpretations": "interpretation",
}
"""The fields that say what a part rests on, each with what one of its entries is."""

# The name, or what is said of it, and what it is now.
DESCRIPTIONS: Final = {
    "activity": "What is done in '{name}'",
    "actual": "The date of '{name}'",
    "agreed_by": "Who has agreed the answer to '{name}'",
    "answer": "The answer to '{name}'",
    "begins": "The date on which '{name}' begins",
    "bound_by": "What sets the latest compliant date of '{name}'",
    "by": "Who is responsible for '{name}'",
    "can_be_met": "Whether '{name}' can still be met",
    "chief_officer": "The title of the chief officer",
    "counted_from": "What '{name}' is counted from",
    "country": "The country",
    "days_left": "The time left for '{name}'",
    "deadlines_that_wait": "The number of deadlines that wait for '{name}'",
    "decision": "How '{name}' was waived or varied",
    "document": "The document of '{name}'",
    "due": "The due date of '{name}'",
    "edition": "The edition",
    "event": "The event of '{name}'",
    "fieldwork": "The time of the revisit",
    "late_by_days": "The lateness of '{name}'",
    "latest_compliant_date": "The latest compliant date of '{name}'",
    "limit": "The limit of '{name}'",
    "local_policing_body": "The title of the local policing body",
    "modality": "The strength of '{name}'",
    "note": "The note of the facts",
    "not_before": "The first day of '{name}'",
    "of": "Whom or what '{name}' is about",
    "on": "The day of the assessment",
    "on_text": "The day of the assessment",
    "ours": "The usual answer to '{name}'",
    "place": "Where '{name}' is written",
    "prompted_by": "What prompts '{name}'",
    "rules_that_would_change": "The number of rules that '{name}' could change",
    "ruleset_id": "The ruleset",
    "basis": "The basis of '{name}'",
    "status": "The status of '{name}'",
    "subject": "What was inspected",
    "suggested": "Whether '{name}' is suggested",
    "headlines": "Where '{name}' could lead",
    "to": "Who else is involved in '{name}'",
    "value": "{name}",
    "window": "When '{name}' can still happen in time",
    "working_day_before": "The working day before the due date of '{name}'",
}
"""What each field is, for a thing of a name; a field that is not here is wording."""

FOLLOWING: Final = {
    "bound_by",
    "counted_from",
    "days_left",
    "late_by_days",
    "latest_compliant_date",
    "on_text",
    "status_label",
    "status_line",
    "window",
    "working_day_before",
}
"""The fields that follow from others, which are reported instead where they differ."""

LEADING: Final = {"actual", "due", "limit", "not_before", "on"}
"""The fields from which others follow."""

# The field that has another in words.
_IN_WORDS: Final = {
    "answer": "sentence",
    "subject": "subject_name",
    "basis": "basis_label",
    "status": "status_label",
    "headlines": "headline_titles",
    "value": "label",
}


def describe_change(field: str, name: str, before: str, after: str) -> str:
    """Return what has changed in a field of a thing, which both plans have."""
    if field == "decision":
        return _let_off(name, before, after)
    if field in DESCRIPTIONS:
        what = DESCRIPTIONS[field].format(name=name)
        return f"{what}{':' if field == 'value' else ' is'} now {after} (was {before})"
    if field in GROUNDS_FIELDS:
        return f"'{name}' now rests on {after} (was {before})"
    if field == "case":
        return f"The case of '{name}' is now {after} (was {before})"
    return f"The wording of '{name}' is now '{after}' (was '{before}')"


def _let_off(name: str, before: str, after: str) -> str:
    """Return how something is waived or varied now, and how it was before."""
    was = "" if before == "none" else f" (before: {lower_first(before)})"
    if after == "none":
        return f"'{name}' is no longer waived or varied{was}"
    return f"'{name}': {lower_first(after)}{was}"


def show(field: str, part: Any) -> str:
    """Return the value of a field as an officer reads it."""
    value = getattr(part, _IN_WORDS.get(field, field), None)
    value = getattr(part, field) if value is None else value
    match value:
        case None:
            text = "not known" if field == "suggested" else "none"
        case bool():
            text = "yes" if value else "no"
        case PartialDate():
            text = format_between(value.start, value.end)
        case DayRange():
            text = value.text
        case RevisitDays():
            days = [date.text for date in (value.begins, value.ends) if date]
            text = " to ".join(days) or "none"
        case tuple() if field == "counted_from":
            dates = ((anchor.title, show("on", anchor)) for anchor in value)
            text = ", ".join(f"{title} ({date})" for title, date in dates) or "none"
        case tuple():
            text = _list(field, value)
        case Mapping():
            text = ", ".join(f"{fact}: {' or '.join(value[fact])}" for fact in value) or "none"
        case datetime.date():
            text = format_day(value.toordinal())
        case _:
            text = str(value).removesuffix(".")
    return text


def _list(field: str, values: tuple[str, ...]) -> str:
    text = ", ".join(values)
    if field not in GROUNDS_FIELDS:
        return text or "none"
    noun = GROUNDS_FIELDS[field]
    return f"the {noun}{'' if len(values) == 1 else 's'} {text}" if values else f"no {noun}"


def lower_article(title: str) -> str:
    """Return a title as it is within a sentence: its article, if any, without a capital."""
    first, _, rest = title.partition(" ")
    return f"{first.lower()} {rest}" if first in {"The", "A", "An"} else title
