"""The published schema of a plan: it holds for every plan, and says what each part is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from ncpi_rules.core import Basis, Modality, Status
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import schema
from ncpi_rules.plan import PlanDocument, assess
from ncpi_rules.plan.document import SCHEMA
from ncpi_rules.plan.items import Progress
from tests.strategies import WILD_TEXTS, plans

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAN = schema("plan")
VALIDATOR = Draft202012Validator(PLAN)


def objects(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every object that the schema describes, wherever it stands."""
    if isinstance(part, dict):
        if part.get("type") == "object" and "properties" in part:
            yield part
        for each in part.values():
            yield from objects(each)


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


def test_every_property_is_described_in_one_sentence() -> None:
    """Every property has one plain sentence, and nothing else may be added."""
    found = [*objects(PLAN)]
    assert len(found) == 11
    for each in found:
        assert each["additionalProperties"] is False
        for name, told in {**each["properties"], "": each}.items():
            says = told["description"]
            assert says[0].isupper(), name
            assert says.endswith("."), name
            assert ". " not in says, name


@pytest.mark.parametrize(
    ("part", "name", "values"),
    [
        ("Action", "modality", Modality),
        ("DocumentRequest", "modality", Modality),
        ("PlanDeadline", "modality", Modality),
        ("Action", "status", Progress),
        ("PlanDeadline", "status", Status),
        ("PlanOutcome", "basis", Basis),
    ],
)
def test_values_are_those_of_the_library(part: str, name: str, values: type[Modality]) -> None:
    """Where the library has a closed list of words, the schema has the same list."""
    assert PLAN["$defs"][part]["properties"][name]["enum"] == [each.value for each in values]


def test_it_refuses_what_is_no_plan() -> None:
    """A plan with a part missing, a part added or a word made up is refused."""
    plan = assess(FollowUp(force="kent"), on="2020-01-31").to_dict()
    step = {**plan["required_actions"][0], "modality": "shall"}
    for wrong in (
        {key: each for key, each in plan.items() if key != "on"},
        {**plan, "note": "added"},
        {**plan, "required_actions": [step]},
        {**plan, "on": "2020"},
    ):
        assert not VALIDATOR.is_valid(wrong)
