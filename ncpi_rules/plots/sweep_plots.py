"""Pictures of many cases: two facts against an outcome, one column counted, or days in hand.

Every cell and every bar puts into words what its shade or its length shows.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, frozen

from ncpi_rules.core import NOT_MET, FactsError, Status, counted, lower_first, upper_first
from ncpi_rules.plots.letters import GREY_INK, INK, QUIET, SMALL, STRONG, Letters
from ncpi_rules.plots.sheet import (
    BLUE,
    DARK_VERMILION,
    GREY,
    IN_TIME_LOOK,
    INNER,
    LATE_LOOK,
    MARGIN,
    PAPER,
    PEACH,
    SKY,
    WIDTH,
    Look,
    Picture,
    Sheet,
)
from ncpi_rules.ruleset import Ruleset, shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ncpi_rules.batch import ShownColumn

_MOST: Final = (60, 24, 24)
"""The most values of the rows, of the columns, and of what is shown."""
_STEPS: Final = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1820, 3640, 7280, 18200)
"""So many days may share one bar, whichever leaves few enough bars."""
_MOST_BARS: Final = 30
_SHADES: Final = ("#b9d7ef", "#7bb2e0", "#4191d3", "#2973af", "#1f5785", "#113c60", "#081d2e")
"""From light to dark, each half as bright again as the next, so that they differ in grey too."""
_LIGHT: Final = 3
"""So many of them are light enough for dark letters."""
_HATCHES: Final = ("", "/", "\\", ".")
"""What tells values of one shade apart, where there are more values than shades."""
_STATUSES: Final[Mapping[Any, Look]] = {
    None: Look(GREY, INK),
    Status.MET: IN_TIME_LOOK,
    Status.DONE: Look(SKY, BLUE, hatch="-"),
    Status.PLANNED: Look(SKY, BLUE, hatch="."),
    Status.DUE: Look(PAPER, BLUE, hatch="|"),
    Status.LATE: LATE_LOOK,
    Status.TOO_EARLY: Look(PEACH, DARK_VERMILION, hatch="\\"),
    Status.OVERDUE: Look(PEACH, DARK_VERMILION, hatch="x"),
    Status.PROJECTED_LATE: Look(PAPER, DARK_VERMILION, hatch="/"),
    Status.CANNOT_TELL: Look(GREY, GREY_INK, hatch="-"),
    Status.WAIVED: Look(GREY, GREY_INK, hatch="|"),
    Status.VARIED: Look(GREY, GREY_INK, hatch="."),
    Status.NOT_STARTED: Look(PAPER, INK),
}
"""The status of a deadline is not a matter of more or less: what is late is hatched."""
_OUTLINE: Final = Look(edge=INK)
_PAD: Final = 5.0
_STRIP: Final = 9.0


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
        count_cases,
        days_in_hand,
        notice_in,
        read_table,
    )

    rules = ruleset if ruleset is not None else shipped_ruleset()
    table = read_table(table)
    notice = notice_in(table, rules)
    match rows, columns, shows, slack:
        case None, None, None, str(event):
            days, without = days_in_hand(table, event)
            words = rules.events[event].title if event in rules.events else event.replace("-", " ")
            return _histogram(days, without, words, title, notice)
        case None, None, str(name), None:
            (column,), counts = count_cases(table, [name], rules, most=_MOST[:1])
            return _bars(column, counts, title, notice)
        case str(), str(), str(), None:
            drawn, counts = count_cases(table, [rows, columns, shows], rules, most=_MOST)
            return _heat(drawn, counts, title, notice)
        case _:
            message = "Nothing says what to draw."
            help_ = "Give rows, columns and shows; or shows alone; or slack alone."
            raise FactsError(message, help_)


def looks_of(column: ShownColumn) -> dict[Any, Look]:
    """Return how each value of a column looks; what stands for nothing is white."""
    if _STATUSES.keys() >= column.values.keys():
        return {value: _STATUSES[value] for value in column.values}
    looks = dict.fromkeys(column.values, Look(PAPER, INK))
    values = [value for value in column.values if value not in {None, column.none}]
    of_one_shade = -(-len(values) // len(_SHADES))
    steps = (len(values) - 1) // max(of_one_shade, 1)
    for place, value in enumerate(values):
        shade = round(place // of_one_shade * (len(_SHADES) - 1) / max(steps, 1))
        hatch = _HATCHES[place % of_one_shade]
        looks[value] = Look(_SHADES[shade], INK if shade < _LIGHT else PAPER, hatch=hatch)
    return looks


def _sheet(title: str, notice: Sequence[str]) -> Sheet:
    """Return a sheet with its title and, below, that the rules are an edited copy."""
    sheet = Sheet(title)
    if notice:
        sheet.y = sheet.words([*notice], MARGIN, sheet.y, STRONG, width=INNER) + 4
    return sheet


def _heat(
    drawn: Sequence[ShownColumn],
    counts: Counter[tuple[Any, ...]],
    title: str | None,
    notice: Sequence[str],
) -> Picture:
    """Return the heat map of three columns, by the number of cases of each combination."""
    down, across, shown = drawn
    by = f"by {lower_first(down.title)} and {lower_first(across.title)}"
    sheet = _sheet(title or upper_first(f"{shown.title}, {by}"), notice)
    cells = {
        (row, column): Counter({v: n for v in shown.values if (n := counts[row, column, v])})
        for row in down.values
        for column in across.values
    }
    numbered = any(cell.total() > 1 for cell in cells.values())
    head = min(STRONG.widest(down.values.values()), 180) + 10.01
    wide = (INNER - head) / len(across.values)
    grid = _Grid(sheet, shown.values, looks_of(shown), MARGIN + head, wide, numbered)
    text = f"Rows: {lower_first(down.title)}. Columns: {lower_first(across.title)}."
    sheet.y = top = sheet.words(text, MARGIN, sheet.y, QUIET, width=INNER) + 6
    for place, name in enumerate(across.values.values()):
        sheet.y = max(sheet.y, grid.words(name, place, top, STRONG) + 4)
    for row, name in down.values.items():
        grid.draw_row(name, [cells[row, column] for column in across.values])
    text = f"{upper_first(shown.title)}:"
    sheet.y = sheet.words(text, MARGIN, sheet.y + 9, QUIET, width=INNER) + 3
    sheet.legend(
        (shown.values[value], partial(sheet.bar, look=look)) for value, look in grid.looks.items()
    )
    if any(len(cell) > 1 for cell in cells.values()):
        text = "The strip at the foot of a cell shows the part of each value."
        sheet.y = sheet.words(text, MARGIN, sheet.y, QUIET)
    said = (
        f"{down.values[row]}, {across.values[column]}: "
        f"{'; '.join(grid.describe(cell, share)) or 'no case'}"
        for (row, column), cell in cells.items()
    )
    return sheet.picture([*notice, *said])


@frozen
class _Grid:
    """The cells of a heat map: where they begin, how wide each is, whether it gives its cases."""

    sheet: Sheet
    wordings: dict[Any, str]
    looks: dict[Any, Look]
    left: float
    wide: float
    numbered: bool

    def words(
        self, texts: str | Sequence[str], place: int, top: float, letters: Letters, on: str = "none"
    ) -> float:
        """Write in the middle of a column of cells; return where the words end."""
        x, width = self.left + (place + 0.5) * self.wide, self.wide - 4
        return self.sheet.words(texts, x, top, letters, width=width, align="middle", on=on)

    def draw_row(self, name: str, cells: Sequence[Counter[Any]]) -> None:
        """Draw a row, as high as the longest text in it asks for."""
        sheet, top = self.sheet, self.sheet.y
        width = self.left - MARGIN - 10
        ends = [sheet.words(name, MARGIN, top + _PAD, STRONG, width=width)]
        for place, cell in enumerate(cells):
            texts = self.describe(cell, lambda n, every: "" if n == every else percent(n, every))
            if cell and self.numbered:
                texts.append(counted(cell.total(), "case"))
            look = self.looks[next(iter(cell))] if len(cell) == 1 else Look()
            letters = evolve(SMALL, colour=PAPER if look.fill in _SHADES[_LIGHT:] else INK)
            on = look.fill if look.hatch else "none"
            ends.append(self.words(texts, place, top + _PAD, letters, on))
        strip = _STRIP if any(len(cell) > 1 for cell in cells) else 0
        height = max(ends) + _PAD + strip - top
        for place, cell in enumerate(cells):
            start, tall = self.left + place * self.wide, height if len(cell) == 1 else _STRIP
            sheet.bar((start, top, self.wide, height), _OUTLINE)
            for value, n in cell.items():
                part = self.wide * n / cell.total()
                sheet.bar((start, top + height - tall, part, tall), self.looks[value], under=True)
                start += part
        sheet.y += height

    def describe(self, cell: Counter[Any], part: Callable[[int, int], str]) -> list[str]:
        """Return each value of a cell after its part of the cases."""
        every = cell.total()
        return [f"{part(n, every)} {self.wordings[value]}".strip() for value, n in cell.items()]


def _bars(
    column: ShownColumn,
    counts: Counter[tuple[Any, ...]],
    title: str | None,
    notice: Sequence[str],
) -> Picture:
    """Return a picture with a bar for each value of a column."""
    sheet, every = _sheet(title or upper_first(column.title), notice), counts.total()
    entries = [
        (wording, counts[value,], LATE_LOOK if value in NOT_MET else IN_TIME_LOOK)
        for value, wording in column.values.items()
    ]
    _draw_bars(sheet, entries)
    parts = [f"{wording}: {share(many, every)}" for wording, many, _ in entries]
    return sheet.picture([*notice, f"{every:,} cases", *parts])


def _histogram(
    days: Counter[int], without: int, event: str, title: str | None, notice: Sequence[str]
) -> Picture:
    """Return a histogram of days in hand (late where negative), and how many cases lack one."""
    sheet = _sheet(title or f"Days in hand before the due date: {event}", notice)
    every = days.total()
    late = sum(many for day, many in days.items() if day < 0)
    parts = [f"Late: {share(late, every)}", f"In time: {share(every - late, every)}"]
    sheet.legend(
        (part, partial(sheet.bar, look=look))
        for part, look in zip(parts, (LATE_LOOK, IN_TIME_LOOK), strict=True)
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
    return sheet.picture([*notice, *parts])


def _groups(days: Counter[int]) -> list[tuple[str, int, Look]]:
    """Return a bar for each span of days, those without a case between others included."""
    first, last = min(days), max(days)
    step = next((n for n in _STEPS if (last - first) // n < _MOST_BARS), last - first + 1)
    groups = dict.fromkeys(range(first // step, last // step + 1), 0)
    for day, many in days.items():
        groups[day // step] += many
    spans = {_describe_days(n * step, n * step + step - 1): n for n in groups}
    return [(span, groups[n], LATE_LOOK if n < 0 else IN_TIME_LOOK) for span, n in spans.items()]


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


def percent(many: int, every: int) -> str:
    """Return a part of all cases; never all or none of them by rounding.

    >>> percent(1, 3), percent(1, 1000), percent(999, 1000)
    ('33%', 'under 1%', 'over 99%')
    """
    if 0 < 100 * many < every:
        return "under 1%"
    if 0 < 100 * (every - many) < every:
        return "over 99%"
    return f"{100 * many / every:.0f}%" if every else "0%"


def share(many: int, every: int) -> str:
    """Return a number of cases, and which part of all they are.

    >>> share(1200, 3600)
    '1,200 (33%)'
    """
    return f"{many:,} ({percent(many, every)})"
