"""The page of a caseload: each follow-up once, what needs somebody first, and nothing loaded."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.explore import caseload
from ncpi_rules.facts import FollowUp
from tests.browser import dom_of
from tests.strategies import days, follow_ups

EXAMPLES = Path(__file__).parent.parent / "examples" / "follow-ups"
ON = "2022-09-01"


def example_page() -> str:
    """Return the page of all examples."""
    loaded = [FollowUp.load(path) for path in sorted(EXAMPLES.glob("*.yaml"))]
    return caseload(loaded, on=ON).to_html()


@given(st.lists(follow_ups(texts=st.sampled_from(["<b>x</b>", "a & b"])), max_size=4), days())
def test_each_follow_up_is_a_row_once(several: list[FollowUp], day: object) -> None:
    """Each follow-up is one row, in one of the two tables, with its status; no text is markup."""
    result = caseload(several, on=str(day))
    page = result.to_html()
    rows = re.findall(r'<tr data-order="(\d+)" data-force="([^"]*)" data-status="([^"]*)"', page)
    expected = [(row.force_name, row.status_label) for row in result.rows]
    assert [(unescape(force), status) for _, force, status in sorted(rows)] == expected
    assert "<b>x</b>" not in page
    assert set(re.findall(r'(?:href|src)="([^"]*)"', page)) <= {"#main"}


def test_what_needs_somebody_comes_first() -> None:
    """The box says what is overdue and what will be late, by how many days, and the next date."""
    page = unescape(re.sub(r"<[^>]+>", "", example_page()))
    assert (
        "Nothing is recorded as overdue. 2 follow-ups are projected to be late: Staffordshire "
        "Police (145 to 175 days late) and Warwickshire Police (15 to 23 days late). The next date "
        "is 7 September 2022, Dorset Police: "
    ) in page
    assert "In progress, most urgent first" in page


def test_only_the_script_of_the_page_may_run() -> None:
    """The policy of the page names the fingerprint of its one script."""
    page = example_page()
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page


def test_the_page_sorts_in_a_browser(tmp_path: Path) -> None:
    """In a browser the script runs, and marks by what the rows are sorted."""
    text = dom_of(example_page(), tmp_path)
    assert '<html lang="en-GB" class="js">' in text
    assert len(re.findall(r'<th [^>]*aria-sort="ascending"', text)) == 2
