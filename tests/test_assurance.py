"""The page of figures says what the long runs reported, and they reported no fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.assurance.mutants import TOP
from tests.assurance.page import PAGE, RUNS, page, run_of, why_it_lives


def test_the_page_is_made_from_what_was_reported() -> None:
    """Nobody has written a figure by hand."""
    assert PAGE.read_text("utf-8") == page()


def test_no_fault_was_left() -> None:
    """A run that found something is mended and repeated before its figures are kept."""
    differential, hostile = run_of("differential"), run_of("hostile")
    assert [part["differ"] for part in differential.values() if isinstance(part, dict)] == [0] * 6
    assert {reader["faults"] for reader in hostile["readers"].values()} == {0}


def test_memory_does_not_grow() -> None:
    """After the first tenth, a long run needs no more than it had."""
    for run in run_of("flat").values():
        first, *others = run["megabytes"]
        assert max(others) <= first * 1.1


def test_every_change_that_nothing_notices_is_explained() -> None:
    """What lived changes nothing that can be asked; all else that was changed is noticed."""
    lived = [
        mutant
        for room in run_of("mutants")["rooms"].values()
        for mutant in room
        if not mutant["killed_by"]
    ]
    assert all(why_it_lives(mutant) for mutant in lived)
    assert len(lived) == len(json.loads((RUNS / "survivors.json").read_text("utf-8")))


@pytest.mark.long
def test_a_change_of_the_library_is_noticed() -> None:
    """One change of each room is noticed still, by the same test, which passes without it."""
    command = [sys.executable, "-m", "tests.assurance.mutants", "--places", "1", "--seed", "1"]
    ran = subprocess.run(  # noqa: S603  our own interpreter, our own program
        [*command, "--noticed", str(RUNS / "mutants.json")],
        check=False,
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count(": 1 of 1 are noticed") == len(run_of("mutants")["rooms"])
