"""One row of a caseload: a follow-up, how urgent it is, and what is next."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import attrs
from attrs import field, frozen

from ncpi_rules.core import Basis, PartialDate, Status
from ncpi_rules.deadlines import Days
from ncpi_rules.plan import Plan


@frozen(kw_only=True)
class CaseloadRow:
    """One follow-up of a caseload.

    ``edition`` is the one that is followed. ``tier`` and ``basis`` are values, ``tier_label`` and
    ``basis_label`` what an officer reads.
    ``status`` is that of the most urgent deadline, ``status_label`` its tag, and ``statuses``
    counts the deadlines by their statuses. ``all_clear`` is True where nothing is late, projected
    to be late or due soon, whatever is still unknown. ``next_duty`` is what is left to do and comes
    first, and ``owed_by`` who owes it. ``due`` is its due date, its latest compliant date or the
    day for which it is planned, as ``due_text`` says; ``days_left`` and ``late_by_days`` are the
    least and the most days until then and since. ``waits_for`` names judgements, and facts that are
    not known; ``alerts`` holds sentences.
    """

    force: str
    force_name: str
    edition: str
    published: PartialDate | None
    tier: str | None
    tier_label: str
    basis: Basis | None
    basis_label: str
    status: Status
    status_label: str
    reason: str
    all_clear: bool
    statuses: Mapping[Status, int]
    next_duty: str | None = None
    next_duty_id: str | None = None
    owed_by: str | None = None
    due: PartialDate | None = None
    due_text: str | None = None
    days_left: Days | None = None
    late_by_days: Days | None = None
    waits_for: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    plan: Plan = field(repr=False, eq=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the row as text, numbers, lists and mappings, without the plan."""
        row = attrs.asdict(
            self,
            recurse=False,
            filter=lambda attribute, _: attribute.name != "plan",
            value_serializer=lambda _, __, value: plain(value),
        )
        published = None if self.published is None else self.published.edtf
        return row | {"published": published}


def plain(value: Any) -> Any:
    """Return a value of a caseload as text, numbers, lists and mappings."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {status.value: many for status, many in value.items()}
    if isinstance(value, PartialDate):
        return {"from": value.first.isoformat(), "to": value.last.isoformat()}
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return {"from": value[0], "to": value[1]}
    return list(value) if isinstance(value, tuple) else value
