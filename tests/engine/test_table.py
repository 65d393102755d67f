"""The decision table: rows and regions, and that both say what the engines say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncpi_rules.core import EngineFault
from ncpi_rules.engine import (
    DurableEngine,
    EngineRule,
    Neighbours,
    Program,
    ReferenceEngine,
    Regions,
    cases_of,
    common,
    count,
    groups_of,
    merged,
    minus,
    part_of,
    regions_of,
    some_case,
    table,  # pinned: its bound on cells is lowered
    table_of,
    union,
)
from ncpi_rules.engine.boxes import Space  # pinned: what a value leaves possible has no face
from ncpi_rules.ruleset import load_ruleset, program_for, shipped_ruleset
from ncpi_rules.ruleset.logic import ruleset_program  # pinned: what is shared is made anew
from tests.strategies import boxes as some_boxes
from tests.strategies import every_case, programs, vocabularies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncpi_rules.engine import Box

unhurried = settings(deadline=None)


def inside(boxes: Iterable[Box], case: Mapping[str, str]) -> int:
    """Return in how many of the boxes a case lies."""
    return sum(all(case[fact] in allowed for fact, allowed in box.items()) for box in boxes)


@given(programs())
@unhurried
def test_rows_and_regions_say_what_the_reference_says(program: Program) -> None:
    """In every case the table's rows, its regions and the reference name the same rules."""
    reference = ReferenceEngine(program)
    decided = table_of(program, engine="reference")
    for case in every_case(program.values):
        expected = reference.evaluate(case)
        assert decided.evaluate(case) == expected
        for rule, boxes in decided.regions.applies.items():
            assert inside(boxes, case) == (rule in expected.fired)
        for rule, boxes in decided.regions.matches.items():
            assert inside(boxes, {**case, **expected.decided}) == (rule in expected.fired)
        for fact, values in decided.regions.decides.items():
            assert [value for value in values if inside(values[value], case)] == [
                expected.decided[fact]
            ]
            assert sum(inside(boxes, case) for boxes in values.values()) == 1


@given(programs(), st.data())
@unhurried
def test_the_neighbours_of_a_case_are_those_of_the_reference(
    program: Program, data: st.DataObject
) -> None:
    """Each other value of a fact has a neighbour: what it decides, and the rules that differ."""
    reference = ReferenceEngine(program)
    case = {fact: data.draw(st.sampled_from(values)) for fact, values in program.values.items()}
    here = reference.evaluate(case)
    neighbours = list(Neighbours.of(program).around(case, program.values))
    expected = [
        (fact, value, reference.evaluate({**case, fact: value}))
        for fact, values in program.values.items()
        for value in values
        if value != case[fact]
    ]
    assert sorted((neighbour.fact, neighbour.value) for neighbour in neighbours) == sorted(
        (fact, value) for fact, value, _ in expected
    )
    said = {
        (neighbour.fact, neighbour.value): (neighbour.rules, dict(neighbour.decided))
        for neighbour in neighbours
    }
    for fact, value, there in expected:
        differing = frozenset(here.fired) ^ frozenset(there.fired)
        assert said[fact, value] == (differing, dict(there.decided))


@given(st.data())
def test_the_boxes_that_admit_a_value_are_those_that_allow_it(data: st.DataObject) -> None:
    """A space says of each value of a fact which boxes leave it possible: a bit for each."""
    values = data.draw(vocabularies(most=4))
    boxes = data.draw(st.lists(some_boxes(values), max_size=5))
    space = Space(values)
    admitting = space.admitting([space.pack(box) for box in boxes])
    for fact, options in values.items():
        for value in options:
            allowed = [value in box.get(fact, options) for box in boxes]
            assert admitting[fact][value] == sum(is_in << at for at, is_in in enumerate(allowed))


@given(st.data())
def test_the_algebra_of_boxes_is_that_of_their_cases(data: st.DataObject) -> None:
    """Minus, union, common and merged hold exactly the cases that their names say, each once."""
    values = data.draw(vocabularies(most=4))
    boxes, others = (data.draw(st.lists(some_boxes(values, empty=False), max_size=4)) for _ in "ab")
    apart, joined = minus(boxes, others, values), union([*boxes, *others], values)
    both = union(common(boxes, others), values)
    disjoint = union(boxes, values)
    for case in every_case(values):
        first, second = bool(inside(boxes, case)), bool(inside(others, case))
        assert bool(inside(apart, case)) == (first and not second)
        assert inside(joined, case) == (first or second)
        assert inside(both, case) == (first and second)
        assert inside(merged(disjoint, values), case) == first
    assert sum(count(box, values) for box in disjoint) == sum(
        bool(inside(boxes, case)) for case in every_case(values)
    )
    for box in disjoint:
        listed = list(cases_of(box, values))
        assert len(listed) == count(box, values)
        assert listed[0] == some_case(box, values)


def test_the_shipped_table_is_made_by_durable_rules_and_small() -> None:
    """The shipped ruleset's table has rows for every rule, by durable-rules, and stays small."""
    program = program_for(shipped_ruleset())
    shipped = table_of(program)
    assert {part.engine for part in shipped.parts} == {DurableEngine.name}
    assert set().union(*(part.rules for part in shipped.parts)) == {r.id for r in program.rules}
    assert sum(len(part.rules) for part in shipped.parts) == len(program.rules)
    assert shipped.cells < 10_000  # of the billions of cases that the facts allow
    assert table_of(program) is shipped


def test_a_ruleset_has_the_program_by_which_it_was_checked() -> None:
    """Loading builds one program, and it is the one that the rules of the ruleset make."""
    ruleset = load_ruleset()
    program = program_for(ruleset)
    assert program == ruleset_program(ruleset)
    assert Regions in program.derived  # from the check for rules that overlap


def test_rules_of_an_outcome_apply_in_the_same_cells_together_and_apart() -> None:
    """Taking the rules of an outcome apart makes fewer cells, and no rule applies elsewhere."""
    program = program_for(shipped_ruleset())
    apart = [part_of(group, "reference") for group in groups_of(program)]
    together = [part_of(group, "reference") for group in groups_of(program, by_outcome=True)]
    anything = some_case({}, program.facts)
    for part in together:
        inside = [group for group in apart if not group.rules.isdisjoint(part.rules)]
        cells = cases_of({}, part.values)
        for applying, case in zip(part.rows, cells, strict=True):
            facts = {**anything, **case}
            assert applying == frozenset().union(
                *(group.at(facts) & part.rules for group in inside)
            )
    assert sum(len(part.rows) for part in apart) < sum(len(part.rows) for part in together)


def test_engines_that_disagree_on_a_cell_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row on which durable-rules and the reference differ is never taken."""
    program = Program(
        values={"concern": ("none", "some", "a-third")},
        rules=[EngineRule(id="review", when={"concern": {"some"}})],
    )

    def wrong(self: DurableEngine, case: dict[str, str]) -> frozenset[str]:  # noqa: ARG001
        return frozenset()

    monkeypatch.setattr(DurableEngine, "applicable_rules", wrong)
    with pytest.raises(EngineFault, match="disagree on: review"):
        table_of(program)


def test_too_many_cells_have_no_rows_and_are_still_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a part has too many cells, its rules are asked case by case, and regions stand."""
    monkeypatch.setattr(table, "MOST_CELLS", 3)
    values = {f"fact{number}": ("yes", "no") for number in range(40)}
    program = Program(
        values=values,
        decided={"tier": ("open", "review")},
        otherwise={"tier": "open"},
        rules=[
            EngineRule(
                id="all", when={value: {"yes"} for value in values}, concludes=("tier", "review")
            ),
            EngineRule(id="then", when={"tier": {"review"}}),
        ],
    )
    large = table_of(program)
    assert large.evaluate(dict.fromkeys(values, "yes")).fired == {"all", "then"}
    assert large.evaluate({**dict.fromkeys(values, "yes"), "fact7": "no"}).fired == frozenset()
    assert len(regions_of(program).applies["then"]) == 1
    assert sum(count(box, values) for box in large.regions.decides["tier"]["open"]) == 2**40 - 1


def test_a_rule_outranked_by_the_rules_that_decide_what_it_tests_is_settled() -> None:
    """An action that tests an outcome and is outranked by a rule deciding it has its row."""
    program = Program(
        values={"concern": ("none", "some")},
        decided={"tier": ("open", "visit", "review")},
        otherwise={"tier": "open"},
        rules=[
            EngineRule(id="review", when={"concern": {"some"}}, concludes=("tier", "review")),
            EngineRule(id="visit", when={"concern": {"none"}}, concludes=("tier", "visit")),
            EngineRule(
                id="tell", when={"tier": {"visit", "review"}}, outranked_by=frozenset({"review"})
            ),
        ],
    )
    made = table_of(program)
    assert made.evaluate({"concern": "some"}).fired == {"review"}
    assert made.evaluate({"concern": "none"}).fired == {"visit", "tell"}
