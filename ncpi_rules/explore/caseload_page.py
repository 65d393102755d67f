"""The page of a caseload: what needs somebody today, then a row for each follow-up, side by side.

It loads nothing from elsewhere, and reads well without its script, which sorts and filters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import Day, PartialDate, Status, as_head, counted, joined, stopped, upper_first
from ncpi_rules.explore.caseload_rows import CaseloadRow
from ncpi_rules.explore.caseload_tracks import (
    allowed,
    axis_marks,
    has_revisits,
    revisit_of,
    stand_of,
    track,
)
from ncpi_rules.report import (
    Markup,
    Section,
    brief,
    element,
    facts_list,
    filter_bar,
    headline_name,
    icon,
    mark_of,
    page_file,
    whole_page,
)
from ncpi_rules.ruleset import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.plan import PlanDeadline

_PUBLISHED: Final = "publication.published"
_NAMED: Final = 5
_BEYOND: Final = 1.5
"""How long the axis is, in times of the longest span that is allowed."""
_KEY: Final = (
    "Status is that of the most urgent deadline. Under {head}, the bar is the time until the "
    "{revisit} is due, the stroke its due date, the symbol when it began or is planned, the dotted "
    "line the position."
)
_LATE: Final = (
    (Status.OVERDUE, "overdue", "overdue"),
    (Status.PROJECTED_LATE, "projected to be late", "late"),
)


@frozen(kw_only=True)
class CaseloadPage:
    """What the page of a caseload is made of.

    ``meanings`` says what each tag means; ``sections`` are what a reader should note first.
    ``settings`` are those of the newest edition, ``headline`` the title of its headline, or empty,
    and ``repeated`` what it calls a revisit. ``pages`` has the address of the page of each plan, in
    the order of the rows; without it no row leads anywhere.
    """

    rows: tuple[CaseloadRow, ...]
    on: Day
    facts: tuple[tuple[str, str], ...]
    settings: Settings
    headline: str
    repeated: str
    meanings: Mapping[str, str]
    sections: tuple[Section, ...]
    pages: tuple[str, ...] = ()

    def html(self) -> str:
        """Return the page."""
        done = [row for row in self.rows if self._is_complete(row)]
        open_ = [row for row in self.rows if row not in done]
        axis = max(filter(None, map(allowed, self.rows)), default=0) * _BEYOND
        facts = [*self.facts, ("In progress", str(len(open_))), ("Complete", str(len(done)))]
        title = counted(len(self.rows), "follow-up")
        header = element(
            "header",
            element("p", "Caseload", class_="eyebrow"),
            element("h1", title),
            facts_list(facts),
            class_="top",
        )
        main = element(
            "main",
            [_section(section) for section in self.sections],
            self._in_short(),
            filter_bar(
                self.settings.subject_title,
                (row.status_label for row in self.rows),
                (self.heads[1][0], (row.headline_label for row in self.rows)),
                [(key, title) for title, key, _ in self.heads],
            ),
            element("p", self._key(), class_="soft small") if axis else None,
            self._table("In progress, most urgent first", open_, axis),
            self._table("Complete", done, axis),
            id="main",
        )
        return whole_page(
            f"Caseload: {title}, position as at {self.facts[0][1]}",
            header,
            main,
            style=page_file("page.css") + page_file("caseload.css", __package__),
            script=page_file("filters.js") + page_file("caseload.js", __package__),
            skip="Skip to the caseload",
        )

    def _key(self) -> str:
        return _KEY.format(head=as_head(self.repeated), revisit=self.repeated)

    @property
    def heads(self) -> tuple[tuple[str, str, str], ...]:
        """Return the head of each column, by what it is sorted, and how wide it is."""
        revisit = (f"{as_head(self.repeated)}, in months since the report", "published", "c22")
        return (
            (as_head(self.settings.subject_title), "subject", "c20"),
            (as_head(self.headline) or "Decided", "headline", "c16"),
            ("Status", "order", "c23"),
            *((revisit,) if self.shows_revisits else ()),
            ("Next", "due", ""),
        )

    @property
    def shows_revisits(self) -> bool:
        """Return whether there is a column for revisits: some row's rules know of them."""
        return not self.rows or any(map(has_revisits, self.rows))

    def _is_complete(self, row: CaseloadRow) -> bool:
        """Return True for a follow-up of which the outcome has been published."""
        when = row.plan.events.get(row.plan.ruleset.contract.name(_PUBLISHED))
        return isinstance(when, PartialDate) and when.end <= self.on.toordinal()

    def _in_short(self) -> Markup:
        tags = Counter(row.status_label for row in self.rows)
        legend = [
            element("li", _tag(row, f": {tags[row.status_label]}"), " ", self.meanings[label])
            for label, row in {row.status_label: row for row in self.rows}.items()
        ]
        return element(
            "section",
            element("h2", "In short"),
            element("p", " ".join(self._sentences()), class_="one"),
            element("ul", legend, class_="leg"),
            class_="next",
        )

    def _sentences(self) -> Iterator[str]:
        if not self.rows:
            yield "There is no follow-up."
            return
        for status, says, unit in _LATE:
            late = [row for row in self.rows if row.status is status]
            if late:
                names = [_late_name(row, unit) for row in late[:_NAMED]]
                more = [f"{len(late) - _NAMED} more"] if len(late) > _NAMED else []
                verb = "is" if len(late) == 1 else "are"
                follow_ups = counted(len(late), "follow-up")
                yield f"{follow_ups} {verb} {says}: {joined([*names, *more], 'and')}."
            elif status is Status.OVERDUE:
                yield "Nothing is recorded as overdue."
        on = self.on.toordinal()
        coming = [(row.due, row) for row in self.rows if row.due and row.due.end >= on]
        if not coming:
            return
        due, row = min(coming, key=lambda pair: (max(pair[0].start, on), not pair[0].is_day))
        duty = stopped(row.next_duty or "")
        if due.is_day:
            yield f"The next date is {due.text}, {row.subject_name}: {duty}"
            return
        when = due.text if due.text.startswith("between ") else f"in {due.text}"
        yield f"Next, some time {when}, {row.subject_name}: {duty} Its day is not recorded."

    def _table(self, heading: str, rows: Sequence[CaseloadRow], axis: float) -> Markup | None:
        if not rows:
            return None
        heads = [
            element(
                "th",
                element("button", title, type="button", data_key=key, class_="so"),
                # A browser leaves buttons out of the heads that it repeats on paper.
                element("span", title, class_="paper", aria_hidden="true"),
                axis_marks(axis) if key == "published" else None,
                scope="col",
                class_=width or None,
            )
            for title, key, width in self.heads
        ]
        order = {id(row): place for place, row in enumerate(self.rows)}
        return element(
            "section",
            element("h3", heading),
            element(
                "table",
                element("caption", heading, class_="vh"),
                element("thead", element("tr", heads)),
                element("tbody", [self._row(row, order[id(row)], axis) for row in rows]),
                class_="stack cl",
            ),
            class_="group",
        )

    def _name(self, row: CaseloadRow, place: int) -> Markup | str:
        """Return the name of what was inspected, as a link where its plan has a page."""
        if not self.pages:
            return row.subject_name
        return element("a", row.subject_name, href=self.pages[place])

    def _row(self, row: CaseloadRow, place: int, axis: float) -> Markup:
        report = f"{row.first}: {brief(row.published, months=False)}" if row.published else ""
        notes = [alert for alert in row.alerts if alert not in row.reason]
        return element(
            "tr",
            element("th", self._name(row, place), _soft(report), scope="row"),
            element(
                "td",
                headline_name(row.plan.headline) if row.headline_label else None,
                _soft(upper_first(row.basis_label)),
                data_label=self.heads[1][0],
            ),
            element("td", _tag(row), _soft(row.reason), _notes(notes), data_label="Status"),
            element(
                "td",
                track(row, self.on.toordinal(), axis),
                _revisit(row),
                class_="tlc",
                data_label=as_head(self.repeated),
            )
            if self.shows_revisits
            else None,
            element("td", _next(row), data_label="Next"),
            data_order=f"{place:05}",
            data_subject=row.subject_name,
            data_status=row.status_label,
            data_headline=row.headline_label,
            data_published=str(row.published.start if row.published else 0),
            data_due=str(row.due.start if row.due else 10**7),
        )


def _section(section: Section) -> Markup:
    return element(
        "section",
        element("h2", section.heading),
        [element("p", text) for text in section.lead],
        element("ul", [element("li", item.text) for item in section.items]),
    )


def _late_name(row: CaseloadRow, unit: str) -> str:
    """Return a name and by how many days it is late, by the first deadline of its status."""
    for deadline in row.plan.document.deadlines:
        if deadline.status is row.status and deadline.late_by_days is not None:
            return f"{row.subject_name} ({deadline.late_by_days.text} {unit})"
    return row.subject_name


def _tag(item: CaseloadRow | PlanDeadline, more: str = "") -> Markup:
    mark = mark_of(item.status, item.status_label)
    label = upper_first(item.status_label) + more
    return element("strong", Markup(icon(mark)), label, class_=f"tag t-{mark}")


def _revisit(row: CaseloadRow) -> Iterator[Markup | None]:
    """Yield the tag of the revisit itself, and below it its due date and what its status says."""
    deadline = revisit_of(row)
    if deadline is not None:
        yield _tag(deadline)
    yield _soft(stand_of(deadline))


def _soft(text: str) -> Markup | None:
    return element("div", text, class_="soft small") if text else None


def _notes(notes: Sequence[str]) -> Markup | None:
    """Return what else a reader should know, folded."""
    if not notes:
        return None
    return element("details", element("summary", counted(len(notes), "note")), map(_soft, notes))


def _next(row: CaseloadRow) -> Iterator[str | Markup | None]:
    if row.next_duty is None:
        yield "No further date is recorded."
        return
    yield stopped(upper_first(row.next_duty))
    yield _soft(", ".join(filter(None, (upper_first(row.owed_by or ""), row.due_text))))
