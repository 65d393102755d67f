"""Follow-ups from tables that people fill in: all problems at once, each with its cell."""

from __future__ import annotations

import csv
import io as texts
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs
from attrs import frozen

from ncpi_rules.core import MOST_GUESSES, FactsError, Problem, nearest, without_article
from ncpi_rules.explore.case_cells import CaseLine, letters_of, read_cell
from ncpi_rules.explore.case_columns import (
    DECISIONS,
    FOLLOW_UPS,
    MADE,
    ON_DUTIES,
    RECOMMENDATIONS,
    RECOMMENDED,
    REVISITS,
    SEVERAL,
    CaseColumn,
    columns_of,
)
from ncpi_rules.explore.case_lists import BARE_DECISION, decisions_in, refuse_unnamed, revisits_in
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import read_path
from ncpi_rules.ruleset import Ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator

Tables: TypeAlias = Mapping[str, Sequence[Sequence[str]]]
"""The texts of tables by their names, line by line, with the heads of the columns first."""

_LISTS: Final = {RECOMMENDATIONS: MADE, DECISIONS: ON_DUTIES, REVISITS: SEVERAL}
"""The columns of each sheet with lines that belong to a follow-up."""


@frozen
class CasePlaces:
    """Where the parts of a follow-up stand: its line, and those of its recommendations.

    ``decisions`` has the kind of each decision in its line, in the order of the follow-up;
    ``decided`` the lines of those that come after them, and ``revisits`` those of its revisits.
    """

    line: CaseLine
    columns: Sequence[CaseColumn]
    made: tuple[CaseLine, ...] = ()
    decisions: tuple[str, ...] = ()
    decided: tuple[CaseLine, ...] = ()
    revisits: tuple[CaseLine, ...] = ()

    def placed(self, problem: Problem) -> Problem:
        """Return a problem about a path into the follow-up with the cell as its place."""
        path = [str(step) for step in read_path(problem.place)]
        if path[:2] == ["inspection_report", "recommendations"] and path[2:3]:
            if path[2].isdigit() and int(path[2]) < len(self.made):
                return _placed(problem, self.made[int(path[2])], MADE[2:], path[3:] or ["id"])
            path = path[:2]
        if path[1:2] and path[1].isdigit():
            number = int(path[1])
            if path[0] == "revisits" and number < len(self.revisits):
                return _placed(problem, self.revisits[number], SEVERAL[2:], path[2:] or ["number"])
            if path[0] == "decisions" and number >= len(self.decisions):
                line = self.decided[number - len(self.decisions)]
                return _placed(problem, line, ON_DUTIES[2:], path[2:] or ["decision"])
            if path[0] == "decisions":
                path[1] = self.decisions[number]
        return _placed(problem, self.line, self.columns, path)


def _placed(
    problem: Problem, line: CaseLine, columns: Sequence[CaseColumn], path: Sequence[str]
) -> Problem:
    for length in range(len(path), 0, -1):
        start = ".".join(path[:length])
        for column in columns:
            if column.path == start or column.path.startswith(f"{start}."):
                return attrs.evolve(problem, place=line.place(column))
    return attrs.evolve(problem, place=f"{line.sheet}row {line.number}: {problem.place}")


@frozen
class CaseRow:
    """A follow-up, and where its parts stand in a table."""

    follow_up: FollowUp
    places: CasePlaces


def read_csv_text(text: str, *, name: str = "") -> Tables:
    """Return the one table of a CSV text; its columns are apart by commas, semicolons or tabs.

    Raises FactsError, with the ``name`` of the file, where a cell has no end.
    """
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    try:
        return {"": [*csv.reader(texts.StringIO(text), delimiter=between)]}
    except csv.Error as fault:  # a cell of more than 131,072 characters, above all
        message = f"The file cannot be read as a table: {fault}."
        help_ = "Look for a quotation mark that is not closed."
        raise FactsError(Problem(place=name, message=message, help=help_)) from None


def read_cases(
    tables: Tables, ruleset: Ruleset, *, name: str = ""
) -> tuple[list[CaseRow], list[Problem]]:
    """Return the follow-ups of tables, and every problem; ``name`` is put before the places.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> lines = [["Force", "Findings"], ["Kent Police", "mostly good"]]
    >>> rows, problems = read_cases({"Follow-ups": lines}, shipped_ruleset())
    >>> print(problems[0])
    Follow-ups!B2 (Findings): 'mostly good' is not a value.
      help: Choose broadly positive, not broadly positive or not known.
    """
    problems: list[Problem] = []
    before = f"{name}, " if name else ""
    lines = list(_lines(tables, FOLLOW_UPS, columns_of(ruleset), before, problems))
    lists = _LISTS if ruleset.settings.is_about_forces is not False else {}
    others = {
        sheet: list(_lines(tables, sheet, columns, before, problems, needed=False))
        for sheet, columns in lists.items()
    }
    reading = _TableReading(ruleset, lines, others, problems)
    rows = [row for line in lines if (row := reading.row(line)) is not None]
    reading.refuse_unused()
    return rows, problems


def _lines(  # noqa: PLR0913  a table, and what is known of it
    tables: Tables,
    sheet: str,
    columns: Sequence[CaseColumn],
    before: str,
    problems: list[Problem],
    *,
    needed: bool = True,
) -> Iterator[CaseLine]:
    """Yield the lines of a table that are not empty; what is no column is a problem."""
    titles = {title.casefold().strip(): title for title in tables}
    title = titles.get(sheet.casefold())
    if title is None and len(tables) == 1 and needed:
        title = next(iter(tables))
    if title is None:
        if needed:
            message = f"There is no sheet '{sheet}'."
            help_ = "ncpi-rules init --cases FILE.xlsx writes a template."
            problems.append(Problem(place=before.rstrip(", "), message=message, help=help_))
        return
    prefix = f"{before}{title}!" if title else before
    heads, *rest = tables[title] or [[]]
    places = dict(_places(heads, columns, prefix, problems))
    letters = {column: letters_of(place) for place, column in places.items()}
    if columns[0] not in letters:
        message = f"There is no column '{columns[0].head}'."
        help_ = "Write the heads of the columns into the first row."
        problems.append(Problem(place=f"{prefix}A1", message=message, help=help_))
        return
    for number, cells in enumerate(rest, 2):
        if any(cell.strip() for cell in cells):
            of = {column: cells[place] for place, column in places.items() if place < len(cells)}
            yield CaseLine(prefix, number, of, letters)


def _places(
    heads: Sequence[str],
    columns: Sequence[CaseColumn],
    prefix: str,
    problems: list[Problem],
) -> Iterator[tuple[int, CaseColumn]]:
    """Yield the place of each column by its head, or by the path of its field."""
    by_head = {column.head.casefold(): column for column in columns}
    by_head |= {column.path: column for column in columns}
    seen: set[CaseColumn] = set()
    for place, head in enumerate(heads):
        text = " ".join(head.split())
        if not text:
            continue
        column = by_head.get(text.casefold())
        if column is not None and column not in seen:
            seen.add(column)
            yield place, column
            continue
        few = len(problems) < MOST_GUESSES
        guess = nearest(text, [column.head for column in columns]) if few else None
        message = f"'{text}' is not a column." if column is None else f"'{text}' is there twice."
        help_ = f"Did you mean '{guess}'?" if guess and not column else "Take it out."
        address = f"{prefix}{letters_of(place)}1"
        problems.append(Problem(place=address, message=message, help=help_))


@attrs.define
class _TableReading:
    """What is being read: the lines of all tables, and the problems so far."""

    ruleset: Ruleset
    lines: Sequence[CaseLine]
    others: Mapping[str, Sequence[CaseLine]]
    problems: list[Problem]
    used: set[tuple[str, int]] = attrs.field(factory=set)
    forces: Counter[str] = attrs.field(init=False)
    by_force: Mapping[str, Mapping[str, Sequence[tuple[int, CaseLine]]]] = attrs.field(init=False)

    @forces.default
    def _how_many_follow_ups(self) -> Counter[str]:
        """Return how many follow-ups each force has."""
        return Counter(self._force(line) for line in self.lines)

    @by_force.default
    def _lines_by_force(self) -> dict[str, dict[str, list[tuple[int, CaseLine]]]]:
        """Return the numbered lines of each other sheet by the force that they are about."""
        lines: dict[str, dict[str, list[tuple[int, CaseLine]]]] = {}
        for sheet, sheet_lines in self.others.items():
            of_force = lines.setdefault(sheet, {})
            for number, line in enumerate(sheet_lines):
                of_force.setdefault(self._force(line), []).append((number, line))
        return lines

    def _force(self, line: CaseLine) -> str:
        """Return the force that a line is about; nothing where it names none."""
        return str(read_cell(line, self.columns[0], self.ruleset, []) or "")

    @property
    def columns(self) -> tuple[CaseColumn, ...]:
        """Return the columns of the sheet of follow-ups; the first says what each is about."""
        return columns_of(self.ruleset)

    def row(self, line: CaseLine) -> CaseRow | None:
        """Return the follow-up of a line; None where something in it cannot be used."""
        own: list[Problem] = []
        data: dict[str, Any] = {}
        decisions: dict[str, dict[str, Any]] = {}
        first, title = self.columns[0], without_article(self.ruleset.settings.subject_title)
        for column in self.columns:
            value = read_cell(line, column, self.ruleset, own)
            if value is None:
                continue
            if kind := column.decision:
                decision = decisions.setdefault(kind, {"decision": kind})
                decision[column.path.rpartition(".")[2]] = value
            else:
                _set(data, column.path.split("."), value)
        if first.path not in data and not own:
            help_ = f"Write the name of the {title}, or empty the row."
            message = f"The {title} is missing."
            own.append(Problem(place=line.place(first), message=message, help=help_))
        refuse_unnamed(line, self.ruleset, decisions, own)
        made = list(self._recommendations(line, data, own))
        if data.get("inspection_report", {}).get("recommendations"):
            del data["inspection_report"]["recommendations"]  # they are no list of names
        if made:
            entries = [entry for _, entry in made]
            _set(data, ["inspection_report", "recommendations"], entries)
        decided = list(decisions_in(self._own(DECISIONS, data), self.ruleset, own))
        if decisions or decided:
            listed = [BARE_DECISION | decision for decision in decisions.values()]
            data["decisions"] = [*listed, *(decision for _, decision in decided)]
        revisits = list(revisits_in(self._own(REVISITS, data), self.ruleset, own))
        if revisits:
            data["revisits"] = [entry for _, entry in revisits]
        places = CasePlaces(
            line,
            self.columns,
            tuple(of for of, _ in made),
            tuple(decisions),
            tuple(of for of, _ in decided),
            tuple(of for of, _ in revisits),
        )
        follow_up = None
        try:
            follow_up = FollowUp.from_dict({first.path: "unknown", **data})
        except FactsError as fault:
            shown = [
                problem
                for problem in fault.problems
                if first.path in data or problem.place != "force"
            ]
            own += map(places.placed, shown)
        self.problems += own
        return None if own or follow_up is None else CaseRow(follow_up, places)

    def _own(self, sheet: str, data: Mapping[str, Any]) -> Iterator[CaseLine]:
        """Yield the lines of another sheet about one force, those of one report of several."""
        force = data.get("force")
        if force is None:
            return
        published = data.get("inspection_report", {}).get("published")
        for number, line in self.by_force.get(sheet, {}).get(str(force), ()):
            ignored: list[Problem] = []
            report = read_cell(line, _LISTS[sheet][1], self.ruleset, ignored)
            if report not in {None, published} or (report is None and self.forces[str(force)] > 1):
                continue
            self.used.add((sheet, number))
            yield line

    def _recommendations(
        self, line: CaseLine, data: Mapping[str, Any], own: list[Problem]
    ) -> Iterator[tuple[CaseLine, dict[str, Any]]]:
        """Yield the recommendations of a follow-up."""
        named = data.get("inspection_report", {}).get("recommendations")
        if named:
            place = line.place(RECOMMENDED)
            message = "The recommendations are not written here."
            help_ = f"Write them into the sheet '{RECOMMENDATIONS}'; 'none' says there are none."
            own.append(Problem(place=place, message=message, help=help_))
        for made in self._own(RECOMMENDATIONS, data):
            values = {
                column.path: read_cell(made, column, self.ruleset, own) for column in MADE[2:]
            }
            if named == []:
                message = "A recommendation stands here, but the follow-up says that it has none."
                own.append(Problem(place=made.place(MADE[2]), message=message))
            if values["id"] is None:
                own.append(Problem(place=made.place(MADE[2]), message="The number is missing."))
                continue
            yield made, {key: value for key, value in values.items() if value is not None}

    def refuse_unused(self) -> None:
        """Add a problem for each line of another sheet that belongs to no follow-up."""
        for sheet, lines in self.others.items():
            for number, line in enumerate(lines):
                if (sheet, number) in self.used:
                    continue
                before, place = len(self.problems), line.place(MADE[0])
                read_cell(line, MADE[0], self.ruleset, self.problems)
                if len(self.problems) == before:
                    message = "It is not clear to which follow-up this belongs."
                    help_ = f"Write the force and the report as in the sheet '{FOLLOW_UPS}'."
                    self.problems.append(Problem(place=place, message=message, help=help_))


def _set(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *above, last = path
    for key in above:
        data = data.setdefault(key, {})
    data[last] = value
