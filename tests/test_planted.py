"""A few faults planted in a copy of the edition; ``python -m tests.planted`` plants many more."""

from __future__ import annotations

import pytest

from tests.planted import plants


@pytest.mark.long
def test_a_planted_fault_is_found() -> None:
    """What changes a plan or a sentence is found or told before approval, and found after it."""
    fates = list(plants(2, seed=5))
    assert [fate.slip for fate in fates if fate.before == "silent" or not fate.after] == []
