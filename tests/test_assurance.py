"""The page of figures says what the long runs reported, and they reported no fault."""

from __future__ import annotations

from tests.assurance.page import PAGE, page, run_of


def test_the_page_is_made_from_what_was_reported() -> None:
    """Nobody has written a figure by hand."""
    assert PAGE.read_text("utf-8") == page()


def test_no_fault_was_left() -> None:
    """A run that found something is mended and repeated before its figures are kept."""
    differential, hostile = run_of("differential"), run_of("hostile")
    for run in (differential, run_of("differential-further")):
        assert [part["differ"] for part in run.values() if isinstance(part, dict)] == [0] * 6
    assert {reader["faults"] for reader in hostile["readers"].values()} == {0}


def test_memory_does_not_grow() -> None:
    """After the first tenth, a long run needs no more than it had."""
    for run in run_of("flat").values():
        first, *others = run["megabytes"]
        assert max(others) <= first * 1.1
