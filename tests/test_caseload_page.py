"""The page of a caseload: each follow-up once, what needs somebody first, and nothing loaded."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.cli import main
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
    rows = re.findall(r'<tr data-order="(\d+)" data-subject="([^"]*)" data-status="([^"]*)"', page)
    expected = [(row.subject_name, row.status_label) for row in result.rows]
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


def test_what_is_next_is_no_day_that_nobody_knows() -> None:
    """Where only the year of what is next is known, the page says so, and names no day."""
    follow_up = FollowUp.load(EXAMPLES / "kent-2019.yaml")
    assert (
        "Next, some time in 2021, Kent Police: HMICFRS inspectors must give the force feedback "
        "orally. Its day is not recorded."
    ) in caseload([follow_up], on="2021-01-01").to_html()


def test_the_revisit_has_a_tag_of_its_own() -> None:
    """Beside the most urgent status, a row has the revisit's: its tag, due date and line."""
    follow_up = FollowUp.load(EXAMPLES / "metropolitan-2016.yaml")
    page = caseload([follow_up], on=ON).to_html()
    (status,) = re.findall(r'<td data-label="Status">(.*?)</td>', page, re.DOTALL)
    (revisit,) = re.findall(r'<td class="tlc" data-label="Revisit">(.*?)</td>', page, re.DOTALL)
    assert "Cannot tell" in status
    assert 'class="tag t-late"' in revisit
    assert "Due 25 May 2017. Done 8 October 2018: 501 days late." in revisit


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


def test_forces_lead_to_their_plans() -> None:
    """With addresses each force leads to its own page, and without them nowhere."""
    loaded = [FollowUp.load(path) for path in sorted(EXAMPLES.glob("*.yaml"))[:3]]
    result = caseload(loaded, on=ON)
    pages = [f"plans/{row.subject}.html" for row in result.rows]
    text = result.to_html(pages=pages)
    leads = dict(re.findall(r'<a href="(plans/[^"]*)">([^<]*)</a>', text))
    assert leads == {f"plans/{row.subject}.html": row.subject_name for row in result.rows}
    with pytest.raises(ValueError, match=r"3 rows, and 1 address"):
        result.to_html(pages=pages[:1])


def test_a_coarse_date_is_a_bar() -> None:
    """A revisit of which only the month is known is a bar, dashed where it is still to come."""
    page = example_page()
    assert '<i class="when planned c-' in page
    assert '<i class="when c-' in page


def test_the_command_writes_the_plans_beside_the_page(tmp_path: Path) -> None:
    """``--plans`` writes the page of each plan, and each link of the caseload leads to one."""
    names = [str(path) for path in sorted(EXAMPLES.glob("k*.yaml"))] * 2
    page, plans = tmp_path / "caseload.html", tmp_path / "the plans"
    review = tmp_path / "review.html"
    review.write_text("<p>A review pack.", "utf-8")
    asked = ["caseload", *names, "--on", ON, "--format", "html", "-o", str(page)]
    assert main([*asked, "--plans", str(plans), "--review", str(review)]) == 0
    leads = re.findall(r'<a href="([^#"]+)"', page.read_text("utf-8"))
    assert leads == ["the%20plans/kent-2019-09.html", "the%20plans/kent-2019-09-2.html"]
    for lead in leads:
        plan = tmp_path.joinpath(unquote(lead)).read_text("utf-8")
        assert 'href="../review.html#s-approach.8"' in plan


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--plans", "x"], "Only a page leads to the pages of plans."),
        (["--format", "html", "--review", "x"], "Only the pages of plans lead to a review pack."),
        (
            ["--format", "html", "--plans", "y", "--review", "no such file"],
            "There is no file 'no such file'.",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(
    more: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Options that would do nothing are refused, before anything is written."""
    assert main(["caseload", str(EXAMPLES), "--on", ON, *more]) == 2
    assert message in capsys.readouterr().err
    assert not Path("y").exists()
