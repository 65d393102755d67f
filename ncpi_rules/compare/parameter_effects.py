"""What several values of one parameter do to a whole table of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ncpi_rules.core import FactsError, Status
from ncpi_rules.ruleset import Ruleset, patch

if TYPE_CHECKING:
    import datetime

    from ncpi_rules.plots import Picture


@frozen(kw_only=True, eq=False)
class ParameterEffect:
    """How many cases have which status of an event, for each value of a parameter.

    ``counts`` has the cases by event, value and status, for the events whose status differs;
    a status is None where the event has no deadline.
    """

    parameter: str
    values: tuple[str, ...]
    cases: int
    counts: Mapping[str, Mapping[tuple[str, str | None], int]]
    ruleset: Ruleset = field(repr=False)
    _statuses: Mapping[str, Any] = field(repr=False, alias="statuses")

    def rows(self) -> list[dict[str, str | int | None]]:
        """Return a row for each event, value and status, for a frame or a table."""
        return [
            {
                "event": event,
                "title": self.ruleset.events[event].title,
                self.parameter: value,
                "status": status,
                "cases": number,
            }
            for event, counts in self.counts.items()
            for (value, status), number in counts.items()
        ]

    def plot(self, event: str) -> Picture:
        """Return a picture of where the deadline of an event stands under each value.

        Raises FactsError where no status of the event differs.
        """
        from ncpi_rules.plots import sweep_plot  # noqa: PLC0415  fetched when a picture is asked for

        if event not in self._statuses:
            message = f"No status of '{event}' differs."
            raise FactsError(message, f"These differ: {', '.join(self._statuses) or 'none'}.")
        title = f"{self.ruleset.events[event].title}, by the parameter {self.parameter}"
        return sweep_plot(
            self._statuses[event], rows="ruleset", columns="event", shows="status", title=title
        )


def parameter_effect(
    ruleset: Ruleset,
    table: Any,
    parameter: str,
    values: Sequence[str],
    *,
    on: datetime.date | str,
) -> ParameterEffect:
    """Return what several values of a parameter, or of a choice, do to a table of cases on a day.

    ``table`` is what ``sweep`` takes. Raises what ``patch`` and ``sweep`` raise, and
    MissingExtraError where the extra ``columns`` is not installed. The example in
    ``docs/how-to/columns.md`` needs that extra.
    """
    from ncpi_rules import batch  # noqa: PLC0415  an extra

    drafts = [patch(ruleset, {parameter: value}) for value in values]
    both = {output.name for output in batch.outputs(ruleset)}
    wanted = [name for event in ruleset.events if (name := f"{event}.status") in both]
    swept = [batch.sweep(table, on=on, ruleset=draft, only=wanted) for draft in drafts]
    statuses = batch.stacked_statuses(swept, values)
    order = [*Status, None]

    def counted(stacked: Any) -> dict[tuple[str, str | None], int]:
        _, counts = batch.count_cases(
            stacked, ["ruleset", "status"], ruleset, most=(len(values), len(order))
        )
        placed = sorted(counts, key=lambda key: (values.index(key[0]), order.index(key[1])))
        return {key: counts[key] for key in placed}

    return ParameterEffect(
        parameter=parameter,
        values=tuple(values),
        cases=swept[0].num_rows,
        counts={event: counted(stacked) for event, stacked in statuses.items()},
        ruleset=ruleset,
        statuses=statuses,
    )
