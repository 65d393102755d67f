"""The decision explorer of a page, in a browser: it says what the library says."""

from __future__ import annotations

import datetime
import json
import re
from functools import cache
from html import unescape
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from ncpi_rules.core import DueDatePolicy, PartialDate
from ncpi_rules.deadlines import schedule
from ncpi_rules.engine import cases_of, groups_of, regions_of, some_case
from ncpi_rules.explore import explorer_of
from ncpi_rules.explore.lookups import (  # pinned: the plain data of a page
    FIRST_YEAR,
    LAST_YEAR,
    lookup_tables,
    write_bound,
)
from ncpi_rules.report import page_file
from ncpi_rules.ruleset import DeadlineRule, Timing, decided, program_for, shipped_ruleset
from tests.browser import WIDTHS, dom_of, looked_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ncpi_rules.core import When
    from ncpi_rules.ruleset import Bound

RULESET = shipped_ruleset()
PROGRAM = program_for(RULESET)
GIVEN = [*PROGRAM.values]
DIGITS = "0123456789"
FIRST = datetime.date(FIRST_YEAR, 3, 1).toordinal()
LAST = datetime.date(LAST_YEAR - 1, 12, 31).toordinal()

# For every case the rules that apply and the values that are decided; each answer once.
ASK = """
var asked = %s, known = {}, answers = [], at = [];
asked.cases.forEach(function (text) {
  var result = decisionExplorer.decide(text.split("").map(Number).concat(asked.outcomes));
  var rules = result.rules.slice().sort(function (one, other) { return one - other; });
  var basis = result.results.map(function (one) { return one.basis; });
  var key = JSON.stringify([rules, result.values.slice(-asked.outcomes.length), basis]);
  if (!(key in known)) { known[key] = answers.push(key) - 1; }
  at.push(known[key]);
});
// The same cases once more, with two letters of the tier's cells the wrong way round.
var tier = decisionTables.outcomes[decisionTables.main], right = tier.cells;
var one = tier.results[0].letter, other = tier.results[1].letter;
tier.cells = right.split("").map(function (letter) {
  return letter === one ? other : letter === other ? one : letter;
}).join("");
var wrong = asked.cases.filter(function (text, number) {
  var result = decisionExplorer.decide(text.split("").map(Number).concat(asked.outcomes));
  var rule = result.results[decisionTables.main].rules[0];
  return JSON.parse(answers[at[number]])[0].indexOf(rule) < 0;
}).length;
tier.cells = right;
var moved = asked.bounds.map(function (bound) {
  return asked.policies.map(function (policy) {
    return asked.days.map(function (day) { return decisionExplorer.moved(bound, day, policy); });
  });
});
var limits = asked.dated.map(function (one) {
  var values = one[0].split("").map(Number).concat(asked.outcomes);
  var policy = decisionExplorer.policyOf(values);
  return decisionExplorer.decide(values).rules.filter(function (rule) {
    return asked.rules[rule];
  }).map(function (rule) {
    var limit = decisionExplorer.limits(asked.rules[rule], one[1], policy);
    return [rule, limit.due, limit.first];
  });
});
document.getElementById("answer").textContent = JSON.stringify({
  answers: answers, at: at, wrong: wrong, moved: moved, limits: limits
});
"""
# Somebody chooses some concerns, a day of publication and, of R1, that findings decide.
CHOOSE = """
  function choose(label, value) {
    [].forEach.call(document.querySelectorAll("label"), function (one) {
      if (one.textContent.indexOf(label) === 0) {
        var field = document.getElementById(one.htmlFor);
        if (field.type === "date") { field.value = value; }
        [].forEach.call(field.options || [], function (option, at) {
          if (option.textContent === value) { field.selectedIndex = at; }
        });
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    return document.getElementById("x-result").innerText;
  }
  choose("Findings", "Broadly positive");
  choose("Concerns about prospects", "Some");
  choose("Action plan reviewed", "Done");
  var ours = choose("Report published", "2021-08-30");
  var other = choose("R1", "%s");
  return { ours: ours, other: other, marked: document.querySelectorAll("[role=status]").length };
"""


def page_of(script: str) -> str:
    """Return a page with nothing but the explorer."""
    explorer = explorer_of(RULESET)
    assert explorer is not None
    return (
        '<!DOCTYPE html><html lang="en-GB" class="js"><head><meta charset="utf-8">'
        "<title>Try</title>"
        f"<style>{page_file('page.css')}{explorer.style}</style></head><body><main>"
        f"<h1>Try a case</h1><h2>Decision explorer</h2>{explorer.part}</main>"
        f'<pre id="answer" hidden></pre><script>{explorer.script}{script}</script></body></html>'
    )


def code(case: dict[str, str]) -> str:
    """Return a case of facts and answers, a digit for each value."""
    return "".join(DIGITS[PROGRAM.values[name].index(case[name])] for name in GIVEN)


@cache
def cases() -> list[dict[str, str]]:
    """Return a case in each cell of the tier, in and beside each region, and drawn ones."""
    return [*in_cells(), *about_regions(), *drawn(2000)]


def in_cells() -> Iterator[dict[str, str]]:
    """Yield a case in each cell of the tier that can come about."""
    regions, start = regions_of(PROGRAM), some_case({}, PROGRAM.values)
    group = next(
        group
        for group in groups_of(PROGRAM, by_outcome=True)
        if "tier.full" in str(sorted(group.rules))
    )
    waits = [name for name in group.program.values if name in PROGRAM.decided]
    named = {
        name
        for fact in waits
        for boxes in regions.decides[fact].values()
        for box in boxes
        for name in box
    }
    reached: dict[tuple[str, ...], dict[str, str] | None] = {}
    for cell in cases_of({}, group.program.values):
        tied = {name: value for name, value in cell.items() if name in named or name in waits}
        key = tuple(tied.values())
        if key not in reached:
            boxes = regions.over_given_facts({name: frozenset({of}) for name, of in tied.items()})
            reached[key] = some_case(boxes[0], PROGRAM.values) if boxes else None
        if (whole := reached[key]) is not None:
            free = {name: value for name, value in cell.items() if name not in waits}
            yield {**start, **whole, **free}


def about_regions() -> Iterator[dict[str, str]]:
    """Yield a case in each box of the region of a rule, and beside it for each of its tests."""
    for boxes in regions_of(PROGRAM).applies.values():
        for box in boxes:
            inside = some_case(box, PROGRAM.values)
            yield inside
            for name, allowed in box.items():
                outside = [value for value in PROGRAM.values[name] if value not in allowed]
                yield {**inside, name: outside[0]}


def drawn(count: int) -> Iterator[dict[str, str]]:
    """Yield drawn cases."""
    random = Random(2)  # noqa: S311  the same cases each time
    for _ in range(count):
        yield {name: random.choice(values) for name, values in PROGRAM.values.items()}


def with_dates(count: int) -> Iterator[tuple[dict[str, str], dict[str, int]]]:
    """Yield drawn cases with a day of some events."""
    random = Random(3)  # noqa: S311  the same days each time
    for case in drawn(count):
        yield (
            case,
            {
                name: random.randint(FIRST, LAST - 500)
                for name in RULESET.events
                if random.random() < 0.7
            },
        )


def bounds() -> list[Bound]:
    """Return the bounds of the deadlines, and some that the edition has not."""
    own = [bound for rule in RULESET.of_kind(DeadlineRule) for bound in rule.bounds]
    texts = ["5 working days after {}", "10 working days before {}", "2 months beginning with {}"]
    texts += ["1 month before {}", "3 days beginning with {}", "20 working days beginning with {}"]
    calendar = own[0].calendar
    made = [
        Timing.from_text(text.format("report-published")).bound("revisit-begins", calendar)
        for text in texts
    ]
    return [*dict.fromkeys([*own, *made])]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the page says of all cases, bounds and days, asked in one run of a browser."""
    tables = lookup_tables(RULESET)
    assert tables is not None
    calendars = [RULESET.calendar]
    question = {
        "cases": [code(case) for case in cases()],
        "outcomes": [0 for _ in RULESET.outcomes],
        "bounds": [write_bound(bound, [*RULESET.events], calendars) for bound in bounds()],
        "policies": [policy.value for policy in DueDatePolicy],
        "days": [*range(FIRST, LAST, 7)],
        "rules": [rule if "bounds" in rule else None for rule in tables.rules],
        "dated": [
            [code(case), [dates.get(event) for event in RULESET.events]]
            for case, dates in with_dates(300)
        ],
    }
    seen = dom_of(page_of(ASK % json.dumps(question)), tmp_path_factory.mktemp("explorer"))
    (answer,) = re.findall(r'<pre id="answer" hidden="">(.*?)</pre>', seen, re.DOTALL)
    result: dict[str, Any] = json.loads(unescape(answer))
    return result


def test_every_case_is_decided_as_by_the_library(asked: dict[str, Any]) -> None:
    """In each cell of the tier, in and beside each region of a rule, the same rules apply."""
    tables = lookup_tables(RULESET)
    assert tables is not None
    ids = [rule["case"] for rule in tables.rules]
    answers = []
    for answer in asked["answers"]:
        rules, values, basis = json.loads(answer)
        answers.append((frozenset(ids[rule] for rule in rules), values, basis))
    count = 0
    for case, at in zip(cases(), asked["at"], strict=True):
        decision = decided(RULESET, case, "reference")
        values = [
            [*outcome.values].index(decision.evaluation.decided[name])
            for name, outcome in RULESET.outcomes.items()
        ]
        labels = [decision.outcomes[outcome["id"]].basis.label for outcome in tables.outcomes]
        assert answers[at][:2] == (decision.evaluation.fired, values)
        assert [basis.lower() for basis in answers[at][2]] == [label.lower() for label in labels]
        count += 1
    assert count > 20_000


def test_every_step_of_a_deadline_leads_to_the_day_of_the_library(asked: dict[str, Any]) -> None:
    """Days, weeks, months and working days, before and after, whatever becomes of a day off."""
    days = [*range(FIRST, LAST, 7)]
    for bound, by_policy in zip(bounds(), asked["moved"], strict=True):
        for policy, ends in zip(DueDatePolicy, by_policy, strict=True):
            assert ends == [bound.moved(day, policy) for day in days], (bound, policy)


def test_due_dates_are_those_of_the_library(asked: dict[str, Any]) -> None:
    """Each deadline of a case has the due date and the first day that a schedule gives it."""
    tables = lookup_tables(RULESET)
    assert tables is not None
    dated = 0
    for (case, dates), limits in zip(with_dates(300), asked["limits"], strict=True):
        decision = decided(RULESET, case, "reference")
        events: dict[str, When] = {
            name: PartialDate.between(day, day) for name, day in dates.items()
        }
        deadlines = schedule(decision.applicable.deadlines, events, FIRST, decision.due_date_policy)
        ours = {
            deadline.rule.id: tuple(
                None if span is None else span[0]
                for span in (deadline.own.due, deadline.own.not_before)
            )
            for deadline in deadlines
        }
        assert {tables.rules[rule]["case"]: (due, first) for rule, due, first in limits} == ours
        dated += sum(due is not None for due, _ in ours.values())
    assert dated > 300


def test_what_is_chosen_is_shown(tmp_path: Path) -> None:
    """Values, a day and another answer change what stands beside the form; axe finds no fault."""
    label = RULESET.interpretations["R1"].answers["findings-decide"]
    looks = looked_at({"explorer": page_of("")}, tmp_path, script=CHOOSE % label)
    tier = RULESET.outcomes["tier"].labels
    for width in WIDTHS:
        look = looks["explorer", width]
        assert look.complaints == []
        assert f"Tier: {tier['post-inspection-review']}" in look.asked["ours"]
        assert "28 February 2022" in look.asked["ours"]
        assert f"Tier: {tier['post-inspection-visit']}" in look.asked["other"]
        assert look.asked["marked"] == 1


def test_a_fault_in_a_table_is_seen(asked: dict[str, Any]) -> None:
    """The comparison has teeth: two letters of the tier's cells changed over, cases differ."""
    assert asked["wrong"] > 1000
