"""Pictures of many cases: two facts against an outcome, one column counted, or days in hand."""

from __future__ import annotations

from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import NOT_MET, FactsError, counted, upper_first
from ncpi_rules.plots.heat import heat, share
from ncpi_rules.plots.letters import INK, SMALL
from ncpi_rules.plots.sheet import IN_TIME, INNER, LATE, MARGIN, WIDTH, Look, Sheet
from ncpi_rules.ruleset import shipped_ruleset

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from ncpi_rules.batch import ShownColumn
    from ncpi_rules.plots.sheet import Picture
    from ncpi_rules.ruleset import Ruleset

_MOST_ROWS: Final = 60
_MOST_COLUMNS: Final = 24
_MOST_SHOWN: Final = 24
_STEPS: Final = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1820, 3640, 7280, 18200)
"""So many days may share one bar, whichever leaves few enough bars."""
_MOST_BARS: Final = 30


def sweep_plot(  # noqa: PLR0913  each says what is drawn
    table: Any,
    *,
    rows: str | None = None,
    columns: str | None = None,
    shows: str | None = None,
    slack: str | None = None,
    title: str | None = None,
    ruleset: Ruleset | None = None,
) -> Picture:
    """Return a picture of the cases in a table, such as ``sweep`` returns.

    - ``rows``, ``columns`` and ``shows`` name three columns: a heat map, a cell for each pair of
      values of the first two, with the values of the third and the share of each;
    - ``shows`` alone: a bar for each value of that column, as long as the cases are many;
    - ``slack`` names an event: a histogram of the days from its date to its due date, the late ones
      hatched. It needs the columns ``EVENT`` and ``EVENT.due``.

    ``table`` is anything that speaks the Arrow PyCapsule interface. Values stand in the order of
    the vocabulary of ``ruleset``, by default the shipped one; others in the order of the column's
    dictionary. An empty field of a fact is its value for what is not known.

    Raises FactsError, with every problem, for what cannot be drawn, and MissingExtraError where the
    extra ``columns`` is not installed.
    """
    from ncpi_rules.batch import (  # noqa: PLC0415  an extra
        column_of,
        count_values,
        days_in_hand,
        table_with,
    )

    rules = ruleset if ruleset is not None else shipped_ruleset()
    if slack is not None and (rows, columns, shows) == (None, None, None):
        days, without = days_in_hand(table_with(table, [slack, f"{slack}.due"]), slack)
        event = rules.events[slack].title if slack in rules.events else slack.replace("-", " ")
        return _histogram(days, without, event, title)
    if slack is None and shows is not None:
        if rows is None and columns is None:
            cases = table_with(table, [shows])
            column = column_of(cases, shows, rules, most=_MOST_ROWS)
            return _bars(column, count_values(cases, [shows]), title)
        if rows is not None and columns is not None:
            cases = table_with(table, [rows, columns, shows])
            down = column_of(cases, rows, rules, most=_MOST_ROWS)
            across = column_of(cases, columns, rules, most=_MOST_COLUMNS)
            shown = column_of(cases, shows, rules, most=_MOST_SHOWN)
            return heat(down, across, shown, count_values(cases, [rows, columns, shows]), title)
    message = "Nothing says what to draw."
    raise FactsError(message, "Give rows, columns and shows; or shows alone; or slack alone.")


def _bars(column: ShownColumn, counts: Counter[tuple[Any, ...]], title: str | None) -> Picture:
    """Return a picture with a bar for each value of a column."""
    sheet, every = Sheet(title or upper_first(column.title)), counts.total()
    entries = [
        (wording, counts[value,], LATE if value in NOT_MET else IN_TIME)
        for value, wording in column.values.items()
    ]
    _draw_bars(sheet, entries)
    parts = [f"{wording}: {share(many, every)}" for wording, many, _ in entries]
    return sheet.picture([sheet.title, f"{every:,} cases", *parts])


def _histogram(days: Counter[int], without: int, event: str, title: str | None) -> Picture:
    """Return a histogram of days in hand (late where negative), and how many cases lack one."""
    sheet, every = Sheet(title or f"Days in hand before the due date: {event}"), days.total()
    late = sum(many for day, many in days.items() if day < 0)
    parts = [f"Late: {share(late, every)}", f"In time: {share(every - late, every)}"]
    sheet.legend(
        (part, partial(sheet.bar, look=look))
        for part, look in zip(parts, (LATE, IN_TIME), strict=True)
    )
    if without:
        parts.append(f"Not drawn, as the date or the due date is not known: {without:,}")
        sheet.y = sheet.words(parts[-1], MARGIN, sheet.y, SMALL, width=INNER) + 6
    if days:
        _draw_bars(sheet, _groups(days))
        ordered = sorted(days)
        seen = accumulate(days[day] for day in ordered)
        middle = next(day for day, so_far in zip(ordered, seen, strict=True) if 2 * so_far >= every)
        points = {"Least": ordered[0], "Median": middle, "Most": ordered[-1]}
        parts += [f"{point}: {_describe_days(day, day)}" for point, day in points.items()]
    return sheet.picture([sheet.title, *parts])


def _groups(days: Counter[int]) -> list[tuple[str, int, Look]]:
    """Return a bar for each span of days, those without a case between others included."""
    first, last = min(days), max(days)
    step = next((n for n in _STEPS if (last - first) // n < _MOST_BARS), last - first + 1)
    groups = dict.fromkeys(range(first // step, last // step + 1), 0)
    for day, many in days.items():
        groups[day // step] += many
    spans = {_describe_days(n * step, n * step + step - 1): n for n in groups}
    return [(span, groups[n], LATE if n < 0 else IN_TIME) for span, n in spans.items()]


def _describe_days(first: int, last: int) -> str:
    least, most = sorted((abs(first), abs(last)))
    span = "" if least == most else f"{least:,} to "
    return f"{span}{counted(most, 'day')} {'late' if first < 0 else 'in hand'}"


def _draw_bars(sheet: Sheet, entries: Sequence[tuple[str, int, Look]]) -> None:
    """Draw a bar for each wording and number of cases, with its share of all cases."""
    every = sum(many for _, many, _ in entries)
    words = min(SMALL.widest(wording for wording, _, _ in entries), 250) + 0.01
    left, top = MARGIN + words + 10, sheet.y
    room = SMALL.widest(share(many, every) for _, many, _ in entries) + 10
    scale = (WIDTH - MARGIN - left - room) / max((many for _, many, _ in entries), default=1)
    for wording, many, look in entries:
        end = sheet.words(wording, left - 8, sheet.y, SMALL, width=words, align="right")
        if many:
            sheet.bar((left, sheet.y, max(many * scale, 1), SMALL.line), look)
        end = max(end, sheet.words(share(many, every), left + many * scale + 7, sheet.y, SMALL))
        sheet.y = end + 5
    sheet.line((left, top - 4, 0, sheet.y - top + 3), Look(edge=INK))
