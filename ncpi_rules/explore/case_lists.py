"""The lists of a follow-up, from sheets of their own: decisions on duties, and revisits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import DECIDED, NONE_RECORDED, Problem
from ncpi_rules.explore.case_cells import CaseLine, read_cell
from ncpi_rules.explore.case_columns import ON_DUTIES, SEVERAL, CellKind, choices, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.ruleset import Ruleset

BARE_DECISION: Final = {"by": "unknown", "on": "unknown", "why": "unknown"}
"""What a decision is taken to say of what nobody has said."""


def decisions_in(
    lines: Iterable[CaseLine], ruleset: Ruleset, own: list[Problem]
) -> Iterator[tuple[CaseLine, dict[str, Any]]]:
    """Yield what each line of the sheet of decisions says, in the form of a follow-up's field."""
    for line in lines:
        values = {column.path: read_cell(line, column, ruleset, own) for column in ON_DUTIES[2:]}
        if values["decision"] is None:
            if not any(problem.place == line.place(ON_DUTIES[2]) for problem in own):
                message = "What was decided is missing."
                help_ = "Choose waived, varied or inspection suspended."
                own.append(Problem(place=line.place(ON_DUTIES[2]), message=message, help=help_))
            continue
        said = {path: value for path, value in values.items() if value is not None}
        is_suspension = values["decision"] == "suspension"
        own += _misplaced(line, said, own, is_suspension=is_suspension)
        yield line, BARE_DECISION | said


def _misplaced(
    line: CaseLine, said: dict[str, Any], own: list[Problem], *, is_suspension: bool
) -> list[Problem]:
    """Take out of a decision what it cannot have; return a problem for that, and for what lacks.

    A suspension has days, and a waiver or a variation says of what it is.
    """
    misplaced = ("of", "revisit") if is_suspension else ("begins", "ends")
    what = "a suspension" if is_suspension else "what is waived or varied"
    problems = []
    for column in ON_DUTIES:
        if column.path in misplaced and said.pop(column.path, None) is not None:
            message = f"'{column.head}' is not for {what}."
            problems.append(Problem(place=line.place(column), message=message, help="Empty it."))
    if is_suspension:
        said.setdefault("begins", "unknown")
    elif "of" not in said:
        said["of"] = "unknown"
        place = line.place(ON_DUTIES[3])
        if place not in {problem.place for problem in own}:
            message = f"'{ON_DUTIES[3].head}' is empty."
            problems.append(Problem(place=place, message=message, help=_CHOOSE))
    return problems


_CHOOSE: Final = "Choose what is waived or varied; the sheet 'Values' has the list."


def revisits_in(
    lines: Iterable[CaseLine], ruleset: Ruleset, own: list[Problem]
) -> Iterator[tuple[CaseLine, dict[str, Any]]]:
    """Yield what each line of the sheet of revisits says, in their order."""
    numbered: dict[int, CaseLine] = {}
    for line in lines:
        text = line.texts.get(SEVERAL[2], "").strip().removesuffix(".0")
        if not text.isdecimal() or int(text) in numbered:
            message = f"'{text}' is not the number of a revisit."
            if text.isdecimal():
                message = f"Revisit {text} is there twice."
            help_ = "Number the revisits of a follow-up 1, 2 and so on."
            own.append(Problem(place=line.place(SEVERAL[2]), message=message, help=help_))
            continue
        numbered[int(text)] = line
    for number, line in sorted(numbered.items()):
        if number > len(numbered) or number < 1:
            message = f"Revisit {number} is there, but there are {len(numbered)} of them."
            help_ = "Number the revisits of a follow-up 1, 2 and so on."
            own.append(Problem(place=line.place(SEVERAL[2]), message=message, help=help_))
            continue
        entry: dict[str, Any] = {}
        for column in SEVERAL[3:]:
            value = read_cell(line, column, ruleset, own)
            part, field = column.path.split(".")
            if value is not None:
                entry.setdefault(part, {})[field] = value
        yield line, entry


def refuse_unnamed(
    line: CaseLine, ruleset: Ruleset, decisions: dict[str, dict[str, Any]], own: list[Problem]
) -> None:
    """Take out each decision that is none, or that does not say which of several it is.

    Where other cells say something of it all the same, a problem is added.
    """
    for column in columns_of(ruleset):
        decision = decisions.get(column.decision)
        if column.kind is not CellKind.VALUE or decision is None:
            continue
        is_none = decision.get("value") == NONE_RECORDED
        if not is_none and ("value" in decision or DECIDED in choices(column, ruleset).values()):
            continue
        del decisions[column.decision]
        says_more = decision.keys() - {"decision", "value"}
        if says_more and line.place(column) not in {problem.place for problem in own}:
            text = f"says '{line.texts[column].strip()}'" if is_none else "is empty"
            message = f"'{column.head}' {text}, but other cells say something of it."
            help_ = "Choose what was decided, or empty the others."
            own.append(Problem(place=line.place(column), message=message, help=help_))
