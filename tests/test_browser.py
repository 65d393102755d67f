"""The page of a plan in a browser: it fits a phone, and its buttons show the actions of a party."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.report import html

if TYPE_CHECKING:
    from ncpi_rules.plan import PlanDocument

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FOLLOW_UPS = Path(__file__).parents[1] / "examples" / "follow-ups"
MEASURE = """
(function () {
  var buttons = document.querySelectorAll("button[data-by]"), shown = {};
  buttons.forEach(function (button) {
    button.click();
    shown[button.dataset.by] = [].filter.call(
      document.querySelectorAll("tr[data-by]"), function (row) { return !row.closest("[hidden]"); }
    ).length;
  });
  var width = document.documentElement.clientWidth;
  var wide = [].filter.call(document.querySelectorAll("main *"), function (part) {
    return part.getBoundingClientRect().right > width + 1 && !part.closest(".track, .axr, .vh");
  }).length;
  parent.document.body.dataset.measured = JSON.stringify({
    scroll: document.documentElement.scrollWidth, width: width, wide: wide, shown: shown,
    pressed: document.querySelectorAll("[aria-pressed=true]").length,
    count: document.getElementById("count").textContent
  });
})();
"""

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="Chromium is not installed"
)


def plan_of(name: str, on: str) -> PlanDocument:
    """Return the plan of an example."""
    return assess(FollowUp.load(FOLLOW_UPS / f"{name}.yaml"), on=on).document


def measured(plan: PlanDocument, width: int, folder: Path) -> dict[str, Any]:
    """Return what a browser of a width measures on the page of a plan, after each button."""
    assert CHROMIUM is not None, "Chromium is not installed"
    # The policy of the page would run no script but its own. A window has a least width, a frame
    # in it has none.
    page = re.sub(r"<meta http-equiv=[^>]*>", "", html(plan))
    page = page.replace("</body>", f"<script>{MEASURE}</script></body>")
    frame = f'<iframe style="width:{width}px;height:900px;border:0" srcdoc="{escape(page)}">'
    file = folder / "page.html"
    file.write_text(f"<!DOCTYPE html><meta charset=utf-8>{frame}</iframe>", encoding="utf-8")
    asked = (
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--user-data-dir={folder / 'profile'}",
        "--window-size=1400,1000",
        "--dump-dom",
        file.as_uri(),
    )
    ran = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=120)  # noqa: S603  our own page
    found = re.search(r'data-measured="([^"]*)"', ran.stdout)
    assert found is not None
    answer: dict[str, Any] = json.loads(found[1].replace("&quot;", '"'))
    return answer


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    ("name", "on"), [("northumbria-2018", "2018-12-15"), ("invented-review", "2021-11-20")]
)
def test_a_page_fits_and_its_buttons_work(name: str, on: str, width: int, tmp_path: Path) -> None:
    """Nothing lies beyond the edge; each button leaves the rows of its party, and says how many."""
    plan = plan_of(name, on)
    answer = measured(plan, width, tmp_path)
    assert answer["scroll"] <= answer["width"] == width
    assert answer["wide"] == 0
    by = [action.by[:1].upper() + action.by[1:] for action in plan.required_actions]
    assert answer["shown"] == {"Everyone": len(by)} | {name: by.count(name) for name in by}
    assert answer["pressed"] == 1
    last = answer["shown"][list(answer["shown"])[-1]]
    assert answer["count"] == f"{last} action{'' if last == 1 else 's'} shown"
