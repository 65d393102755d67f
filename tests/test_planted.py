"""A few faults planted in a copy of the edition; ``python -m tests.planted`` plants many more."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from ncpi_rules.ruleset import load_ruleset
from ncpi_rules.scenarios import Scenario, load_scenarios, run
from tests.planted import plants
from tests.test_copies import copy_of

if TYPE_CHECKING:
    from pathlib import Path

SLIPS = {
    "to-whom": ("3-activities.yaml", "to: [director-of-childrens-services]", "to: [force]"),
    "of-whom": ("4-documents.yaml", "      of: force\n", "      of: local-policing-body\n"),
    "how-far": ("3-activities.yaml", "extent: limited, of", "extent: of"),
    "question": ("6-questions.yaml", "How well is the force", "How badly is the force"),
    "title": ("7-alerts.yaml", "title: Inspection is suspended", "title: Inspection goes on"),
    "citation": ("2-tier.yaml", "statements: [review.1, approach.5, ", "statements: [review.1, "),
    "open-question": ("5-deadlines.yaml", "        rests_on: [R5]\n", ""),
    "completes": ("3-activities.yaml", "        completes: documents-reviewed\n", ""),
    "for-each": ("3-activities.yaml", "for_each: areas-of-concern, ", ""),
    "heading": ("vocabulary.yaml", "    beside: follow-up-published", "    beside: revisit-begins"),
    "cell": ("vocabulary.yaml", "      incomplete: Not all\n", "      incomplete: All\n"),
    "answer": ("interpretations.yaml", "All of them are suggested.", "None of them is suggested."),
    "narrower": ("guarantees.yaml", "    interpretations: every\n", ""),
    "name": ("guarantees.yaml", "[visit.2, visit.3, visit.4, ", "[visit.2, visit.3, "),
    "reason": (
        "parameters.yaml",
        "why: The time is ours; change it",
        "why: The time is not ours; change it",
    ),
    "source": ("parameters.yaml", "statements: [visit.7, review.4]", "statements: [visit.7]"),
    "soon": ("parameters.yaml", "choice: 14 days", "choice: 15 days"),
    "sooner": ("parameters.yaml", "choice: 14 days", "choice: 13 days"),
    "order": (
        "vocabulary.yaml",
        "not_before: [action-plan-received]",
        "not_before: [report-published]",
    ),
    "no-order": ("vocabulary.yaml", "    not_before: [documents-requested]\n", ""),
    "field": (
        "vocabulary.yaml",
        "  prospects.by: shown beside",
        "  prospects.by: not shown beside",
    ),
    "what-repeats": ("vocabulary.yaml", "  title: revisit\n", "  title: visit\n"),
    "which-event": (
        "guarantees.yaml",
        "    event: written-feedback-to-chief-officer\n",
        "    event: written-feedback-to-local-policing-body\n",
    ),
    "wording": ("guarantees.yaml", "wins at every stage.", "may win at every stage."),
}
"""What an officer's pen may slip to in a file of a copy: before, and after."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Scenario, ...]]:
    """Return a working copy of the edition, and what its plans and guarantees say word for word."""
    folder = copy_of(tmp_path_factory.mktemp("slips") / "copy")
    for file in (folder / "scenarios").iterdir():
        if not file.name.startswith(("11-", "12-", "13-", "14-")):
            file.unlink()
    return folder, load_scenarios(folder)


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_of_an_officer_fails_a_scenario(
    copied: tuple[Path, tuple[Scenario, ...]], name: str
) -> None:
    """Whatever an officer can change, some scenario says how it was; the loader takes either."""
    folder, cases = copied
    file, before, after = SLIPS[name]
    original = folder / file
    unchanged = shutil.copy(original, folder.parent / file)
    text = original.read_text("utf-8")
    assert before in text
    try:
        original.write_text(text.replace(before, after, 1), "utf-8")
        ruleset = load_ruleset(folder)
    finally:
        shutil.copy(unchanged, original)
    assert not all(run(case, ruleset).passed for case in cases)


@pytest.mark.long
def test_a_planted_fault_is_found() -> None:
    """What changes a plan or a sentence is found or told before approval, and found after it."""
    fates = list(plants(2, seed=5))
    assert [fate.slip for fate in fates if fate.before == "silent" or not fate.after] == []
