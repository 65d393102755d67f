"""Pages in a browser: each is accessible and fits a desk and a phone, and its buttons work."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ncpi_rules.explore import caseload
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import Plan, assess
from ncpi_rules.report import html
from ncpi_rules.report.office import board_html
from tests.browser import DESKTOP, PHONE, WIDTHS, Look, looked_at

FOLLOW_UPS = Path(__file__).parents[1] / "examples" / "follow-ups"
PLANS = {"northumbria-2018": "2018-12-15", "invented-review": "2021-11-20"}
FAULTY = """<!DOCTYPE html><html lang="en-GB"><head><title>Faulty</title></head><body><main>
<h1>A page with faults</h1><p style="color:#bbb;background:#fff">Pale text</p><img src="data:,">
<div style="width:1400px;height:1px"></div></main></body></html>"""
# Each button of a page in turn: how many rows of the required actions it leaves.
PRESS = """
  var shown = {};
  document.querySelectorAll("button[data-by]").forEach(function (button) {
    button.click();
    shown[button.dataset.by] = [].filter.call(
      document.querySelectorAll("tr[data-by]"), function (row) { return !row.closest("[hidden]"); }
    ).length;
  });
  var count = document.getElementById("count");
  return {
    shown: shown, count: count && count.textContent,
    pressed: document.querySelectorAll("[aria-pressed=true]").length
  };
"""


@cache
def plan_of(name: str) -> Plan:
    """Return the plan of an example."""
    return assess(FollowUp.load(FOLLOW_UPS / f"{name}.yaml"), on=PLANS[name])


def every_page() -> dict[str, str]:
    """Return a page of each kind."""
    plans = [plan_of(name) for name in PLANS]
    cases = [FollowUp.load(path) for path in sorted(FOLLOW_UPS.glob("*.yaml"))]
    return {
        **{name: html(plan_of(name).document) for name in PLANS},
        "several plans": html(*(plan.document for plan in plans)),
        "board papers": board_html(plans),
        "caseload": caseload(cases, on="2022-09-01").to_html(),
        "faulty": FAULTY,
    }


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], Look]:
    """Return what a browser sees of each page at both widths, after each button was pressed."""
    return looked_at(every_page(), tmp_path_factory.mktemp("looks"), script=PRESS)


def test_pages_are_accessible_and_fit(looks: dict[tuple[str, int], Look]) -> None:
    """Axe-core finds no fault on any page at either width, and nothing lies beyond the edge."""
    sound = {key: look for key, look in looks.items() if key[0] != "faulty"}
    assert {key: look.complaints for key, look in sound.items() if look.complaints} == {}
    assert {width for _, width in sound} == set(WIDTHS)


def test_faults_are_found(looks: dict[tuple[str, int], Look]) -> None:
    """Pale text, a picture without a text and something too wide are each found at both widths."""
    for width in (DESKTOP, PHONE):
        look = looks["faulty", width]
        rules = {fault.partition(":")[0] for fault in look.faults}
        assert {"color-contrast", "image-alt"} <= rules
        assert len(look.wide) == 1
        assert look.scroll > look.width == width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PLANS)
def test_buttons_of_a_plan_work(name: str, width: int, looks: dict[tuple[str, int], Look]) -> None:
    """Each button leaves the rows of its party, and the page says how many."""
    asked = looks[name, width].asked
    by = [one.by[:1].upper() + one.by[1:] for one in plan_of(name).required_actions]
    assert asked["shown"] == {"Everyone": len(by)} | {name: by.count(name) for name in by}
    assert asked["pressed"] == 1
    last = list(asked["shown"].values())[-1]
    assert asked["count"] == f"{last} action{'' if last == 1 else 's'} shown"
