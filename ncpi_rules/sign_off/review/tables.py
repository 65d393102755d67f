"""Outcomes as tables: rows to be read across, the headline at a glance, and counts of cases."""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import TYPE_CHECKING

from ncpi_rules.core import Basis, joined, lower_first, without_article
from ncpi_rules.engine import count, meet, union
from ncpi_rules.ruleset import OutcomeRule, asked, cited
from ncpi_rules.sign_off.review.content import (
    GridCell,
    ReviewGrid,
    ReviewHeadline,
    ReviewTable,
    TableRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.engine import Box, Boxes, Case
    from ncpi_rules.ruleset import Fact, Outcome, Ruleset
    from ncpi_rules.sign_off.review.sentences import Clauses


def headline_of(ruleset: Ruleset) -> str:
    """Return the headline, or else the last outcome: what cases are about."""
    return ruleset.settings.headline or list(ruleset.outcomes)[-1]


def headline_name(ruleset: Ruleset) -> str:
    """Return what cases are about as sentences call it, such as ``tier``."""
    return lower_first(without_article(head_of(ruleset, headline_of(ruleset))))


def term_of(ruleset: Ruleset, name: str) -> Fact | Outcome:
    """Return a fact or an outcome by its name."""
    return ruleset.facts.get(name) or ruleset.outcomes[name]


def head_of(ruleset: Ruleset, name: str) -> str:
    """Return a fact or an outcome as the head of a column has it."""
    term = term_of(ruleset, name)
    return term.label or term.title


def label_of(ruleset: Ruleset, name: str, value: str) -> str:
    """Return a value as the cell of a table has it."""
    term = term_of(ruleset, name)
    return term.labels.get(value) or term.short.get(value) or term.values[value]


def decision_table(clauses: Clauses, outcome: str, *, is_proved: bool) -> ReviewTable:
    """Return an outcome as a table, under our answers: a row for each rule and its cases."""
    ruleset = clauses.ruleset
    facts = clauses.analysis.program.facts
    together: dict[tuple[str, str, Basis], list[OutcomeRule]] = {}
    for rule in ruleset.rules.values():
        if isinstance(rule, OutcomeRule) and rule.decides == outcome:
            together.setdefault((rule.rule, rule.then, rule.basis), []).append(rule)
    rows: list[tuple[Box, tuple[OutcomeRule, ...]]] = []
    for rules in together.values():
        boxes = [(box, rule) for rule in rules for box in clauses.applicable(rule, {})]
        for box in union((box for box, _ in boxes), facts):
            of = {rule.id: rule for other, rule in boxes if meet(box, other) is not None}
            rows.append((box, tuple(of.values())))
    tested = [name for name in facts if any(name in box for box, _ in rows)]
    tested.sort(key=lambda name: not getattr(term_of(ruleset, name), "left_out", ""))
    rows.sort(key=lambda row: _row_order(row[0], tested, facts))
    return ReviewTable(
        outcome=outcome,
        title=ruleset.outcomes[outcome].title,
        label=head_of(ruleset, outcome),
        columns=tuple(head_of(ruleset, name) for name in tested),
        rows=tuple(_row(ruleset, box, rules, tested) for box, rules in rows),
        is_proved=is_proved,
    )


def _row_order(
    box: Box, tested: list[str], facts: Mapping[str, tuple[str, ...]]
) -> list[tuple[bool, int]]:
    return [
        (name not in box, min((facts[name].index(value) for value in box.get(name, ())), default=0))
        for name in tested
    ]


def _row(ruleset: Ruleset, box: Box, rules: tuple[OutcomeRule, ...], tested: list[str]) -> TableRow:
    rule = rules[0]
    return TableRow(
        cells=tuple(_labels(ruleset, name, box[name]) if name in box else None for name in tested),
        value=rule.then,
        label=label_of(ruleset, rule.decides, rule.then),
        basis=rule.basis,
        rule=rule.rule,
        statements=cited(rules),
        open_questions=asked(rules),
    )


def _labels(ruleset: Ruleset, name: str, allowed: frozenset[str]) -> str:
    """Return the values of a fact that a box allows, as a cell has them."""
    values = [value for value in term_of(ruleset, name).values if value in allowed]
    first, *others = (label_of(ruleset, name, value) for value in values)
    return joined([first, *map(lower_first, others)], "or")


def headline_at_a_glance(clauses: Clauses) -> ReviewHeadline | None:
    """Return the headline by the two facts that its rules test most, the rest being as expected.

    Records that are either there or not are not there; of every other fact it is the first value.
    None where the rules test fewer than two facts.
    """
    ruleset, outcome = clauses.ruleset, headline_of(clauses.ruleset)
    tested = Counter(
        name
        for rule in ruleset.rules.values()
        if isinstance(rule, OutcomeRule) and rule.decides == outcome
        for name in rule.when
        if name in ruleset.facts and not ruleset.facts[name].left_out
    )
    if len(tested) < 2:  # noqa: PLR2004  down and across
        return None
    (across, _), (down, _) = tested.most_common(2)
    facts = ruleset.facts
    held = {
        name: fact.left_out or next(iter(fact.values))
        for name, fact in facts.items()
        if name not in (down, across)
    }
    grid = _grid(clauses, (down, across), held, {})
    others = (
        _grid(clauses, (down, across), held, {id_: answer}, grid)
        for id_, question in ruleset.interpretations.items()
        for answer in question.answers
        if answer != question.ours
    )
    named = [name for name in held if _matters(clauses, grid, (down, across), held, name)]
    return ReviewHeadline(
        down=head_of(ruleset, down),
        across=head_of(ruleset, across),
        columns=tuple(label_of(ruleset, across, value) for value in facts[across].values),
        case=clauses.where(({name: frozenset({held[name]}) for name in named},)),
        grid=grid,
        others=tuple(
            other
            for other in others
            if any(cell.changed for _, cells in other.rows for cell in cells)
        ),
    )


def _matters(
    clauses: Clauses, grid: ReviewGrid, named: tuple[str, str], held: Case, name: str
) -> bool:
    """Return True where the grid is another with another value of a fact that it is held at."""
    values = clauses.ruleset.facts[name].values
    return any(
        _grid(clauses, named, {**held, name: value}, {}).rows != grid.rows
        for value in values
        if value != held[name]
    )


def _grid(
    clauses: Clauses,
    named: tuple[str, str],
    held: Case,
    answers: Mapping[str, str],
    before: ReviewGrid | None = None,
) -> ReviewGrid:
    ruleset = clauses.ruleset
    down, across = named
    rows = []
    for place, value in enumerate(ruleset.facts[down].values):
        cells = []
        for number, other in enumerate(ruleset.facts[across].values):
            case = {**held, down: value, across: other, **clauses.analysis.ours, **answers}
            was = before.rows[place][1][number] if before else None
            cells.append(_cell(clauses, case, was))
        rows.append((label_of(ruleset, down, value), tuple(cells)))
    ((id_, answer),) = answers.items() or (("", ""),)
    text = ruleset.interpretations[id_].answers[answer] if id_ else ""
    return ReviewGrid(interpretation=id_, answer=text, rows=tuple(rows))


def _cell(clauses: Clauses, case: Case, was: GridCell | None) -> GridCell:
    ruleset, outcome = clauses.ruleset, headline_of(clauses.ruleset)
    regions = clauses.analysis.regions
    value = next(value for value, boxes in regions.decides[outcome].items() if _holds(boxes, case))
    rules = [
        rule
        for rule in ruleset.rules.values()
        if isinstance(rule, OutcomeRule)
        and rule.decides == outcome
        and _holds(regions.applies[rule.id], case)
    ]
    basis = rules[0].basis if rules else Basis.REFERRED
    return GridCell(
        value=value,
        label=label_of(ruleset, outcome, value),
        basis=basis,
        rules=tuple(dict.fromkeys(rule.rule for rule in rules)),
        open_questions=asked(rules),
        changed=was is not None and (was.value, was.basis) != (value, basis),
    )


def _holds(boxes: Boxes, case: Case) -> bool:
    return any(all(case[name] in values for name, values in box.items()) for box in boxes)


def changed_cases(clauses: Clauses, interpretation: str, answer: str) -> tuple[int, int]:
    """Return in how many cases another answer changes the headline, and how many cases there are.

    The other open questions are answered as ours. A case is one value for each fact on which the
    headline depends.
    """
    decides = clauses.analysis.regions.decides[headline_of(clauses.ruleset)]
    ours = clauses.analysis.ours
    named = {name for boxes in decides.values() for box in boxes for name in box}
    values = {
        name: all_
        for name, all_ in clauses.analysis.program.values.items()
        if name in named and name not in ours
    }
    alike = sum(
        count(both, values)
        for boxes in decides.values()
        for box in _under(boxes, ours)
        for other in _under(boxes, {**ours, interpretation: answer})
        if (both := meet(box, other)) is not None
    )
    every = prod(map(len, values.values()))
    return every - alike, every


def _under(boxes: Boxes, answers: Mapping[str, str]) -> Iterator[Box]:
    """Yield the boxes under some answers to all open questions, over the facts alone."""
    for box in boxes:
        if all(answer in box.get(name, {answer}) for name, answer in answers.items()):
            yield {name: allowed for name, allowed in box.items() if name not in answers}
