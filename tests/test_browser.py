"""Pages in a browser: each is accessible and fits a desk and a phone, and its buttons work."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ncpi_rules.explore import caseload
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import Plan, assess
from ncpi_rules.report import html
from ncpi_rules.report.office import board_html
from tests.browser import DESKTOP, PHONE, WIDTHS, Look, looked_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncpi_rules.explore import Caseload, CaseloadRow

FOLLOW_UPS = Path(__file__).parents[1] / "examples" / "follow-ups"
PLANS = {"northumbria-2018": "2018-12-15", "invented-review": "2021-11-20"}
FAULTY = """<!DOCTYPE html><html lang="en-GB"><head><title>Faulty</title></head><body><main>
<h1>A page with faults</h1><p style="color:#bbb;background:#fff">Pale text</p><img src="data:,">
<div style="width:1400px;height:1px"></div></main></body></html>"""
# Each choice of each list above follow-ups, and a typed name: which rows are left, table by table.
# Then each button of a page in turn: how many rows of the required actions it leaves.
SEARCHED = "POLICE s"
PRESS = """
  function rows() {
    return [].map.call(document.querySelectorAll("table"), function (table) {
      return [].filter.call(table.querySelectorAll("tr[data-subject]"), function (row) {
        return !row.closest("[hidden]");
      }).map(function (row) { return row.dataset.subject; });
    }).filter(function (names) { return names.length; });
  }
  var left = {};
  document.querySelectorAll("[data-filter]").forEach(function (control) {
    var before = control.value;
    function choose(value) { control.value = value; control.dispatchEvent(new Event("input")); }
    [].map.call(control.options || [{ value: "POLICE s" }], function (option) {
      return option.value;
    }).forEach(function (value) {
      choose(value);
      left[control.dataset.filter + "=" + value] = {
        rows: rows(), count: document.getElementById("count").textContent,
        parts: document.querySelectorAll("[data-subject]:not(tr):not([hidden])").length
      };
    });
    choose(before);
  });
  left.all = { rows: rows() };
  var shown = {};
  document.querySelectorAll("button[data-by]").forEach(function (button) {
    button.click();
    shown[button.dataset.by] = [].filter.call(
      document.querySelectorAll("tr[data-by]"), function (row) { return !row.closest("[hidden]"); }
    ).length;
  });
  var count = document.getElementById("count");
  return {
    shown: shown, left: left, count: count && count.textContent,
    pressed: document.querySelectorAll("[aria-pressed=true]").length
  };
"""


@cache
def plan_of(name: str) -> Plan:
    """Return the plan of an example."""
    return assess(FollowUp.load(FOLLOW_UPS / f"{name}.yaml"), on=PLANS[name])


@cache
def every_case() -> Caseload:
    """Return the caseload of the examples."""
    cases = [FollowUp.load(path) for path in sorted(FOLLOW_UPS.glob("*.yaml"))]
    return caseload(cases, on="2022-09-01")


def every_page() -> dict[str, str]:
    """Return a page of each kind."""
    plans = [plan_of(name) for name in PLANS]
    return {
        **{name: html(plan_of(name).document) for name in PLANS},
        "several plans": html(*(plan.document for plan in plans)),
        "board papers": board_html(plans),
        "caseload": every_case().to_html(),
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
    by = [action.by[:1].upper() + action.by[1:] for action in plan_of(name).required_actions]
    assert asked["shown"] == {"Everyone": len(by)} | {name: by.count(name) for name in by}
    assert asked["pressed"] == 1
    last = list(asked["shown"].values())[-1]
    assert asked["count"] == f"{last} action{'' if last == 1 else 's'} shown"


@pytest.mark.parametrize("width", WIDTHS)
def test_lists_above_a_caseload_leave_what_they_say(
    width: int, looks: dict[tuple[str, int], Look]
) -> None:
    """Each status, each tier and a name that is typed leave their rows, and these are counted."""
    left, many = looks["caseload", width].asked["left"], every_case()
    assert len(left["all"]["rows"]) == 2
    expected = {
        f"subject={SEARCHED}": [row for row in many.rows if "police s" in row.subject_name.lower()],
        "status=": [*many.rows],
        "headline=": [*many.rows],
    }
    for row in many.rows:
        expected.setdefault(f"status={row.status_label}", []).append(row)
        if row.headline_label:
            expected.setdefault(f"headline={row.headline_label}", []).append(row)
    assert {key for key in left if not key.startswith("sort=")} == {*expected, "all"}
    for key, rows in expected.items():
        forces = [name for names in left[key]["rows"] for name in names]
        assert sorted(forces) == sorted(row.subject_name for row in rows), key
        plural = "" if len(rows) == 1 else "s"
        assert left[key]["count"] == f"{len(rows)} follow-up{plural} shown"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_caseload_is_sorted_as_the_list_says(
    width: int, looks: dict[tuple[str, int], Look]
) -> None:
    """Within each table: by force, by type, by urgency, by the report and by what is next."""
    left, many = looks["caseload", width].asked["left"], every_case()
    keys: dict[str, Callable[[CaseloadRow], str | int]] = {
        "subject": lambda row: row.subject_name.casefold(),
        "headline": lambda row: row.headline_label,
        "order": many.rows.index,
        "published": lambda row: row.published.start if row.published else 0,
        "due": lambda row: row.due.start if row.due else 10**7,
    }
    assert {f"sort={key}" for key in keys} == {key for key in left if key.startswith("sort=")}
    for key, value in keys.items():
        for names in left[f"sort={key}"]["rows"]:
            rows = [row for row in many.rows if row.subject_name in names]
            assert names == [row.subject_name for row in sorted(rows, key=value)], key


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_above_plans_leaves_those_that_it_says(
    width: int, looks: dict[tuple[str, int], Look]
) -> None:
    """On the page of several plans, a row and the plan below it are shown or hidden together."""
    left = looks["several plans", width].asked["left"]
    names = [plan_of(name).subject_name for name in PLANS]
    assert left["all"]["rows"] == [names]
    assert left[f"subject={SEARCHED}"] == {"rows": [], "count": "0 follow-ups shown", "parts": 0}
    for kind in ("status", "headline"):
        chosen = {key: shown_by for key, shown_by in left.items() if key.startswith(f"{kind}=")}
        assert chosen.pop(f"{kind}=")["rows"] == [names]
        shown = [name for shown_by in chosen.values() for rows in shown_by["rows"] for name in rows]
        assert sorted(shown) == sorted(names)
        for shown_by in chosen.values():
            assert shown_by["parts"] == len(shown_by["rows"][0])
