"""The published schema of a plan: it holds for every plan, and says what each part is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ncpi_rules.core import Basis, Modality, Status
from ncpi_rules.engine import (
    DecisionTable,
    DurableEngine,
    MemoisedEngine,
    Neighbours,
    ReferenceEngine,
)
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import schema
from ncpi_rules.plan import PlanDocument, assess
from ncpi_rules.plan.document import SCHEMA  # pinned: the version of a document
from ncpi_rules.plan.parts import SharedParts  # pinned: its memo is emptied
from ncpi_rules.ruleset import shipped_ruleset
from tests.strategies import WILD_TEXTS, cases, plans, programs, to_assess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.engine import Program

PLAN = schema("plan")
VALIDATOR = Draft202012Validator(PLAN)


def objects(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every object that the schema describes, wherever it stands."""
    if isinstance(part, dict):
        if part.get("type") == "object" and "properties" in part:
            yield part
        for inner in part.values():
            yield from objects(inner)


def test_it_is_a_schema() -> None:
    """The schema is itself valid, and is named as the plans name it."""
    Draft202012Validator.check_schema(PLAN)
    assert PLAN["$id"] == SCHEMA == PLAN["properties"]["schema"]["const"]


@given(plans(texts=WILD_TEXTS))
def test_every_plan_obeys_it_and_is_read_back(document: PlanDocument) -> None:
    """The JSON of every plan is valid, and is read back as an equal document."""
    VALIDATOR.validate(document.to_dict())
    text = document.to_json()
    VALIDATOR.validate(json.loads(text))
    assert PlanDocument.from_json(text) == document
    assert PlanDocument.from_json(text).to_json() == text


ENGINES = (DurableEngine, MemoisedEngine, ReferenceEngine, DecisionTable)


@given(to_assess(texts=WILD_TEXTS))
def test_reading_and_printing_a_plan_ask_no_engine(asked: dict[str, Any]) -> None:
    """Whatever is read of a plan was settled when the follow-up was assessed.

    Nothing is remembered of any plan that was read before.
    """
    shipped_ruleset().derived.pop(SharedParts, None)
    plan = assess(**asked)
    with pytest.MonkeyPatch.context() as patched:
        for engine in ENGINES:
            patched.setattr(engine, "evaluate", refuse_to_decide)
        assert PlanDocument.from_json(plan.to_json()) == plan
        for view in (plan.to_text, plan.to_html, plan.to_markdown, plan._repr_html_):
            assert view()
        for field in attrs.fields(PlanDocument):
            if field.name not in {"schema", "tier"}:
                assert getattr(plan, field.name) == getattr(plan.document, field.name)


def refuse_to_decide(*_: object) -> None:
    """Fail where an engine is asked."""
    pytest.fail("an engine was asked while a plan was read")


@given(st.lists(to_assess(), min_size=2, max_size=4))
def test_what_plans_share_is_the_same_for_each(several: list[dict[str, Any]]) -> None:
    """A plan says what it says, whatever plans were read before it."""
    days = {asked["on"] for asked in several}
    asked_for = [{**asked, "on": day} for asked in several for day in days]
    together = [assess(**asked).document for asked in asked_for]
    for asked, document in zip(asked_for, together, strict=True):
        shipped_ruleset().derived.pop(SharedParts, None)
        assert assess(**asked).document == document


@given(programs().flatmap(lambda program: st.tuples(st.just(program), cases(program.values))))
def test_neighbours_are_what_the_reference_says(drawn: tuple[Program, dict[str, str]]) -> None:
    """What changes with one fact, read from the regions, is what the reference engine answers."""
    program, case = drawn
    reference = ReferenceEngine(program)
    here = reference.evaluate(case)
    neighbours = list(Neighbours.of(program).around(case, program.values))
    assert len(neighbours) == sum(len(values) - 1 for values in program.values.values())
    for other in neighbours:
        there = reference.evaluate({**case, other.fact: other.value})
        assert other.rules == here.fired ^ there.fired
        assert other.decided == there.decided


def test_every_property_is_described_in_one_sentence() -> None:
    """Every property has one plain sentence, and nothing else may be added."""
    described = [*objects(PLAN)]
    assert len(described) == 14
    for object_ in described:
        assert object_["additionalProperties"] is False
        for name, said in {**object_["properties"], "": object_}.items():
            says = said["description"]
            assert says[0].isupper(), name
            assert says.endswith("."), name
            assert ". " not in says, name


@pytest.mark.parametrize(
    ("part", "name", "values"),
    [
        ("Action", "modality", Modality),
        ("DocumentRequest", "modality", Modality),
        ("PlanDeadline", "modality", Modality),
        ("Action", "status", Status),
        ("PlanDeadline", "status", Status),
        ("PlanOutcome", "basis", Basis),
    ],
)
def test_values_are_those_of_the_library(part: str, name: str, values: type[Modality]) -> None:
    """Where the library has a closed list of values, the schema has the same list."""
    assert PLAN["$defs"][part]["properties"][name]["enum"] == [value.value for value in values]


def test_it_refuses_what_is_no_plan() -> None:
    """A plan with a part missing, a part added or a value made up is refused."""
    plan = assess(FollowUp(force="kent"), on="2020-01-31").to_dict()
    step = {**plan["required_actions"][0], "modality": "shall"}
    for wrong in (
        {key: value for key, value in plan.items() if key != "on"},
        {**plan, "remark": "added"},
        {**plan, "required_actions": [step]},
        {**plan, "on": "2020"},
    ):
        assert not VALIDATOR.is_valid(wrong)
