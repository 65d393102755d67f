"""What the difference of two rulesets does to a whole table of cases: how many, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ncpi_rules.compare.impact import describe_moved
from ncpi_rules.core import FactsError, counted, lower_first, sentence
from ncpi_rules.ruleset import Ruleset

if TYPE_CHECKING:
    import datetime

    from ncpi_rules.plots import Picture


@frozen(kw_only=True)
class ColumnImpact:
    """How many cases differ in one column of a sweep.

    ``moved`` has the least and the most days by which due dates move, for a column of due dates;
    fewer than 0 is earlier. ``changes`` counts the cases by their value before and after.
    """

    name: str
    changed: int
    moved: tuple[int, int] | None = None
    changes: Mapping[tuple[str, str], int] = field(factory=dict)


@frozen(kw_only=True, eq=False)
class TableImpact:
    """What a second ruleset changes in a table of cases, by the columns in which they differ."""

    cases: int
    columns: tuple[ColumnImpact, ...]
    ruleset: Ruleset = field(repr=False)
    _statuses: Mapping[str, Any] = field(repr=False, alias="statuses")

    @property
    def sentences(self) -> tuple[str, ...]:
        """How many cases change in what, the most first."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        yield sentence(f"{counted(self.cases, 'case')} compared")
        if not self.columns:
            yield "Nothing changes in any of them."
        for column in self.columns:
            event, _, what = column.name.rpartition(".")
            title = self._title(column)
            title = title if title == column.name else lower_first(title)
            if column.moved is not None:
                share = self._share(column.changed)
                moved = describe_moved(*column.moved)
                yield f"The due date of '{title}' moves {moved}, in {share}."
                continue
            about = f"The {what} of '{title}'" if event else f"'{title}'"
            yield f"{about} changes in {self._share(column.changed)}."
            for (before, after), number in column.changes.items():
                yield f"{counted(number, 'case')}: now '{after}' (was '{before}')."

    def _share(self, number: int) -> str:
        return f"{number:,} of {counted(self.cases, 'case')}"

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each change of a value and for each due date that moves, for a frame.

        ``moved_least`` and ``moved_most`` are days; fewer than 0 is earlier.
        """
        rows: list[dict[str, Any]] = []
        for column in self.columns:
            least, most = column.moved or (None, None)
            of_column = {"column": column.name, "title": self._title(column)}
            moved = {"moved_least": least, "moved_most": most}
            values = [
                {"before": before, "after": after, "cases": number}
                for (before, after), number in column.changes.items()
            ] or [{"before": None, "after": None, "cases": column.changed}]
            rows += [of_column | value | moved for value in values]
        return rows

    def _title(self, column: ColumnImpact) -> str:
        event = column.name.rpartition(".")[0]
        term = self.ruleset.events.get(event) or self.ruleset.outcomes.get(column.name)
        return column.name if term is None else term.title

    def plot(self, event: str) -> Picture:
        """Return a picture of where a deadline stands under the two rulesets.

        Raises FactsError where no status of the event changes.
        """
        from ncpi_rules.plots import sweep_plot  # noqa: PLC0415  fetched when a picture is asked for

        if event not in self._statuses:
            message = f"No status of '{event}' changes."
            raise FactsError(message, f"These change: {', '.join(self._statuses) or 'none'}.")
        title = f"Where it stands under the two rulesets: {self.ruleset.events[event].title}"
        return sweep_plot(
            self._statuses[event], rows="ruleset", columns="event", shows="status", title=title
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the number of cases, and for each column what changes, as plain data."""
        return {
            "cases": self.cases,
            "sentences": list(self.sentences),
            "columns": [
                {
                    "name": column.name,
                    "changed": column.changed,
                    "moved": column.moved and list(column.moved),
                    "changes": [
                        {"before": before, "after": after, "cases": number}
                        for (before, after), number in column.changes.items()
                    ],
                }
                for column in self.columns
            ],
        }

    def __str__(self) -> str:
        """Return the sentences, a line each."""
        return "\n".join(self.sentences)


def table_impact(a: Ruleset, b: Ruleset, table: Any, *, on: datetime.date | str) -> TableImpact:
    """Return what a second ruleset changes in a table of cases on a day.

    ``table`` is what ``sweep`` takes. Compared are the outcomes and, for each event with deadlines,
    the due date and the status. Raises what ``sweep`` raises, and MissingExtraError where the extra
    ``columns`` is not installed. The example in ``docs/how-to/columns.md`` needs that extra.
    """
    from ncpi_rules import batch  # noqa: PLC0415  an extra

    both = {field.name for field in batch.outputs(a)} & {field.name for field in batch.outputs(b)}
    wanted = [
        *(name for name in a.outcomes if name in both),
        *(f"{event}.{what}" for event in a.events for what in ("due", "status")),
    ]
    only = [name for name in wanted if name in both]
    swept = [batch.sweep(table, on=on, ruleset=rules, only=only) for rules in (a, b)]
    return TableImpact(
        cases=swept[0].num_rows,
        columns=tuple(
            ColumnImpact(name=name, changed=changed, moved=moved, changes=changes)
            for name, changed, moved, changes in batch.compare_columns(*swept)
        ),
        ruleset=a,
        statuses=batch.stacked_statuses(swept, ("before", "after")),
    )
