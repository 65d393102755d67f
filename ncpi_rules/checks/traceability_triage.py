"""What matters first in a changed statement: numbers, how strongly it speaks, and who is named.

A statement that differs in none of these is mostly the same in other words; one that does is looked
at first, with the parameters and the rules that carry what differs.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from ncpi_rules.checks.traceability_statement import (
    NUMBER,
    PARTY,
    STRENGTH,
    StatementDifference,
    StatementTrace,
)
from ncpi_rules.core import Period, counted, joined
from ncpi_rules.io import PERIOD
from ncpi_rules.report import Cell, Column, PageTable, Row, Section
from ncpi_rules.ruleset import names_in, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.ruleset import Rule, Ruleset

_STRENGTHS: Final = re.compile(
    r"\b(?:must|shall|will|should|may|might|can|could|usually|normally|expected|likely|required)\b",
    re.IGNORECASE,
)
_NUMBERS: Final = re.compile(rf"\b(?:{PERIOD}|[0-9]+(?:\.[0-9]+)?%?)(?!\w)", re.IGNORECASE)


class Triage:
    """Finds what differs in a statement, and what of a ruleset carries it."""

    def __init__(self, ruleset: Ruleset) -> None:
        """Take the names of parties from the vocabulary."""
        self.ruleset = ruleset
        self.parties = {
            name: party.id
            for party in ruleset.parties.values()
            for name in map(_named, (party.title, party.id, *party.local.values()))
        }
        longest = sorted(self.parties, key=len, reverse=True)
        self._pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest)) or '(?!)'})\b")

    def of(self, before: str, after: str, statement: str = "") -> tuple[StatementDifference, ...]:
        """Return what differs between two wordings; ``statement`` is its id in the edition.

        Either wording may be empty: that of a statement that is new, or gone.
        """
        rules = [
            rule
            for rule in self.ruleset.rules.values()
            if statement and statement in rule.statements
        ]
        differing = (
            self._number(before, after, statement, rules),
            self._strength(before, after, statement, rules),
            self._party(before, after, rules),
        )
        return tuple(
            difference for difference in differing if difference.before or difference.after
        )

    def of_new_wording(self, after: str, statement: str) -> tuple[StatementDifference, ...]:
        """Return the numbers in which a wording differs from the parameters that cite a statement.

        Without the old text that is all that the ruleset itself can tell.
        """
        said = " and ".join(self._periods(statement).values())
        if not said:
            return ()
        rules = [rule for rule in self.ruleset.rules.values() if statement in rule.statements]
        differing = self._number(said, after, statement, rules)
        return (differing,) if differing.before or differing.after else ()

    def _periods(self, statement: str) -> Mapping[str, str]:
        """Return the period of each parameter that cites a statement."""
        return {
            parameter.id: parameter.period.text
            for parameter in self.ruleset.parameters.values()
            if statement in parameter.statements
        }

    def _number(
        self, before: str, after: str, statement: str, rules: Sequence[Rule]
    ) -> StatementDifference:
        was, now = _only(_numbers(before), _numbers(after))
        parameters = tuple(id_ for id_, period in self._periods(statement).items() if period in was)
        using = [rule for rule in rules if not parameters or {*parameters} & {*rule.parameters}]
        return _difference(NUMBER, was, now, using, parameters)

    def _strength(
        self, before: str, after: str, statement: str, rules: Sequence[Rule]
    ) -> StatementDifference:
        was, now = _only(_strengths(before), _strengths(after))
        known = self.ruleset.statements.get(statement)
        modality = None if known is None else known.modality
        saying = [rule for rule in rules if getattr(rule, "modality", None) is modality]
        return _difference(STRENGTH, was, now, saying or rules)

    def _party(self, before: str, after: str, rules: Sequence[Rule]) -> StatementDifference:
        ids = [
            {self.parties[name] for name in self._pattern.findall(normalise(text).casefold())}
            for text in (before, after)
        ]
        was, now = ids[0] - ids[1], ids[1] - ids[0]
        naming = [
            rule
            for rule in rules
            if not was.isdisjoint(
                name for _, kind, names in names_in(rule) if kind == "party" for name in names
            )
        ]
        return _difference(PARTY, self._titles(was), self._titles(now), naming)

    def _titles(self, ids: Iterable[str]) -> list[str]:
        return [self.ruleset.parties[id_].title for id_ in sorted(ids)]


def _difference(
    what: str,
    was: Iterable[str],
    now: Iterable[str],
    rules: Iterable[Rule],
    parameters: tuple[str, ...] = (),
) -> StatementDifference:
    return StatementDifference(
        what=what,
        before=tuple(was),
        after=tuple(now),
        parameters=parameters,
        rules=tuple(dict.fromkeys(rule.rule for rule in rules)),
    )


def _named(text: str) -> str:
    """Return a title or an id as a text would name the party."""
    return text.casefold().replace("-", " ").removeprefix("the ")


def _numbers(text: str) -> Counter[str]:
    """Return the periods and the other numbers in a text.

    >>> list(_numbers("Within six weeks, or 10 Working Days, in 50% of 3 cases."))
    ['6 weeks', '10 working days', '50%', '3']
    """
    numbers = Counter[str]()
    for number in _NUMBERS.findall(normalise(text)):
        is_period = number[-1].isalpha()
        numbers[Period.read(number.casefold()).text if is_period else number] += 1
    return numbers


def _strengths(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _STRENGTHS.findall(text))


def _only(before: Counter[str], after: Counter[str]) -> tuple[list[str], list[str]]:
    """Return what each of two has more often than the other."""
    return list(before - after), list(after - before)


def triage_sentence(statements: Sequence[StatementTrace]) -> str:
    """Return how many of the statements that changed differ in what matters, in a sentence."""
    first = [statement for statement in statements if statement.differences]
    if not first:
        return "None of them differs in a number, in how strongly it speaks or in who is named."
    carried = {
        "parameter": {
            id_
            for statement in first
            for differing in statement.differences
            for id_ in differing.parameters
        },
        "rule": {
            id_
            for statement in first
            for differing in statement.differences
            for id_ in differing.rules
        },
    }
    carriers = [counted(len(ids), what) for what, ids in carried.items() if ids]
    by = f"; {joined(carriers, 'and')} carry what differs" if carriers else ""
    differs = "differs" if len(first) == 1 else "differ"
    return (
        f"{len(first)} of {counted(len(statements), 'statement')} that changed {differs} in a "
        f"number, in how strongly it speaks or in who is named{by}."
    )


def triage_section(statements: Sequence[StatementTrace], ruleset: Ruleset) -> Section | None:
    """Return the section of a page that says what matters first; None where nothing does."""
    first = [statement for statement in statements if statement.differences]
    if not first:
        return None
    return Section(
        f"Look at these first ({len(first)})",
        lead=("A number, how strongly a statement speaks, or who is named differs here.",),
        table=PageTable(
            caption="What differs, and what carries it",
            columns=(Column("What differs", 4), Column("What carries it", 5)),
            rows=tuple(_row(statement, ruleset) for statement in first),
        ),
    )


def _row(statement: StatementTrace, ruleset: Ruleset) -> Row:
    differs = [difference.text for difference in statement.differences]
    carriers = dict.fromkeys(
        line for difference in statement.differences for line in _carriers(difference, ruleset)
    )
    place = f"line {statement.line}" if statement.line else ""
    state = "" if statement.state.value == "reworded" else statement.state.value
    return Row(
        (Cell(tuple(differs), listed=True), Cell(tuple(carriers or ("Nothing yet",)), listed=True)),
        ", ".join(filter(None, [statement.id, state, place])),
    )


def _carriers(difference: StatementDifference, ruleset: Ruleset) -> Iterator[str]:
    """Yield the parameters and the rules that carry a difference, each with what it says."""
    for id_ in difference.parameters:
        parameter = ruleset.parameters[id_]
        yield f"Parameter {id_}: {parameter.period.text}. {parameter.title}"
    for id_ in difference.rules:
        rule = ruleset.cases[id_][0]
        modality = getattr(rule, "modality", None)
        how = f" ({modality.value})" if difference.what == STRENGTH and modality else ""
        yield f"Rule {id_}{how}: {rule.title}"
