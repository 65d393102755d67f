"""Pictures: what is seen is what the plan and the sweep say, legible to all, and loads nothing."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

matplotlib = pytest.importorskip("matplotlib", reason="pictures need the extra 'notebook'")
pyarrow = pytest.importorskip("pyarrow", reason="pictures of tables need the extra 'columns'")

from ncpi_rules.batch import sweep
from ncpi_rules.core import (
    FactsError,
    MissingExtraError,
    NcpiRulesError,
    Status,
)
from ncpi_rules.explore import days, every, grid
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.plots import sweep_plot
from ncpi_rules.plots.canvas import SMALL, width_of, wrapped
from ncpi_rules.plots.tally import percent
from ncpi_rules.plots.timeline_marks import Mark, marks_of
from ncpi_rules.plots.timeline_rows import BROKEN, rows_of
from ncpi_rules.ruleset import load_ruleset
from tests.strategies import PLAIN_TEXTS, WILD_TEXTS, to_assess

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from ncpi_rules.plan import Plan
    from ncpi_rules.plots import Picture

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "follow-ups").glob("*.yaml"))
LOANS = Path(__file__).parent / "rulesets" / "library-loans"
NORTHUMBRIA = next(file for file in EXAMPLES if file.stem == "northumbria-2018")
ON = "2019-04-11"
SHAPES = {Status.LATE: Mark.LATE, Status.OVERDUE: Mark.OVERDUE, Status.TOO_EARLY: Mark.TOO_EARLY}
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"


def northumbria() -> Plan:
    """Return a plan with a revisit ten days late."""
    return assess(FollowUp.load(NORTHUMBRIA), on=ON)


def wanting(picture: Picture) -> list[str]:
    """Return what is wrong with a picture that any reader should be able to read anywhere."""
    found = [
        f"'{one.text}' lies over '{other.text}'"
        for one, other in combinations(picture.labels, 2)
        if one.overlaps(other)
    ]
    found += [
        f"'{each.text}' leaves the page"
        for each in picture.labels
        if each.left < 0
        or each.top < 0
        or each.left + each.width > picture.width
        or each.top + each.height > picture.height
    ]
    root = ElementTree.fromstring(picture.svg)  # noqa: S314  our own
    ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    found += [f"two things have the name {name}" for name, many in Counter(ids).items() if many > 1]
    pointed = [
        each.attrib[key].removeprefix("#")
        for each in root.iter()
        for key in ("href", f"{XLINK}href", "src")
        if key in each.attrib
    ]
    pointed += re.findall(r"url\(#?([^)]*)\)", picture.svg)
    pointed += [root.attrib["aria-labelledby"], root.attrib["aria-describedby"]]
    found += [f"{name} is not in the picture" for name in {*pointed} - {*ids}]
    if root.attrib.get("role") != "img":
        found.append("it is not told to be a picture")
    told = [root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")]
    if told != [picture.title, picture.says]:
        found.append(f"title and description are {told}")
    found += re.findall(r"@import|<script|<style|<!DOCTYPE|<image|data:", picture.svg)
    return found


# --- timelines ------------------------------------------------------------------------------------


@given(st.sampled_from([PLAIN_TEXTS, WILD_TEXTS]).flatmap(lambda texts: to_assess(texts=texts)))
def test_no_two_labels_of_a_timeline_touch(asked: dict[str, Any]) -> None:
    """Whatever the dates and the words, no label lies over another or leaves the page."""
    assert wanting(assess(**asked).plot()) == []


@settings(max_examples=30)
@given(to_assess())
def test_what_is_late_is_told_in_shape_and_in_words(asked: dict[str, Any]) -> None:
    """Each deadline that was missed has a shape that no other has, and says so in the picture."""
    plan = assess(**asked)
    rows, picture = rows_of(plan), plan.plot()
    for deadline, row in zip(plan.deadlines, rows, strict=True):
        assert row.says in picture.says
        marks = {placed.mark for placed in marks_of(row, plan.on.toordinal())}
        assert marks & {*SHAPES.values()} == (
            {SHAPES[row.status]} if deadline.status in BROKEN else set()
        )
        if deadline.status in BROKEN:
            told = deadline.status.label.capitalize()
            assert row.stands.startswith(told)
            assert any(label.text == row.stands for label in picture.labels)
            assert any(label.text == SHAPES[row.status].value for label in picture.labels)
    late = Counter(row.status for row in rows)
    for status in BROKEN & {*late}:
        assert f"{late[status]} {status.label}" in picture.says


@given(to_assess())
def test_each_deadline_is_drawn_or_listed(asked: dict[str, Any]) -> None:
    """A deadline of which no day is known is listed with what it waits for, and never dropped."""
    plan = assess(**asked)
    for deadline, row in zip(plan.deadlines, rows_of(plan), strict=True):
        marks = list(marks_of(row, plan.on.toordinal()))
        assert row.is_drawn == bool(marks)
        days_of_marks = [day for placed in marks for day in (placed.first, placed.last)]
        assert {*row.days} >= {day for day in days_of_marks if day is not None} - {
            plan.on.toordinal()
        }
        if row.due is not None and deadline.actual == deadline.due:
            assert row.status not in BROKEN


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_each_example_can_be_drawn(file: Path) -> None:
    """Every follow-up of the examples has a timeline that can be read, long afterwards too."""
    for on in ("2022-07-25", "2040-01-01"):
        assert wanting(assess(FollowUp.load(file), on=on).plot()) == []


def test_a_timeline_of_another_field() -> None:
    """Overdue library loans are drawn without a line of Python."""
    loans = load_ruleset(LOANS)
    events = {"item-lent": "2024-03-01", "item-due": "2024-03", "item-returned": "not-yet"}
    further = {"facts": {"return": "very-late"}, "events": events}
    late = FollowUp.from_dict({"force": "kent", "further": further})
    plan = assess(late, on="2024-06-01", ruleset=loans)
    assert {row.is_drawn for row in rows_of(plan)} == {True, False}
    picture = plan.plot()
    assert wanting(picture) == []
    assert all(deadline.rule.title in picture.says for deadline in plan.deadlines)


def test_a_timeline_says_how_late() -> None:
    """The days late stand in the picture as the plan has them, a partial date's both ends."""
    assert "Late by 10 days" in {label.text for label in northumbria().plot().labels}
    gwent = next(file for file in EXAMPLES if file.stem == "gwent-2019")
    picture = assess(FollowUp.load(gwent), on="2020-07-31").plot()
    assert "Late by 2 to 61 days" in {label.text for label in picture.labels}


@settings(max_examples=30)
@given(to_assess())
def test_a_suspension_stands_beside_the_days_late(asked: dict[str, Any]) -> None:
    """A timeline tells of a suspension where the plan's alert does, and nowhere else."""
    plan = assess(**asked)
    alerts = {alert.id: alert.says for alert in plan.alerts}
    for deadline, row in zip(plan.deadlines, rows_of(plan), strict=True):
        told = [note for note in row.notes if note.startswith("Inspection was suspended")]
        says = alerts.get(f"alert.{deadline.id}", "")
        assert says.count("Inspection was suspended") == len(told)
        assert all(note in says for note in told)


def test_a_timeline_shows_the_suspension_of_2020() -> None:
    """Kent's publication waited while inspection was suspended: its row says so."""
    kent = next(file for file in EXAMPLES if file.stem == "kent-2019")
    picture = assess(FollowUp.load(kent), on="2022-07-25").plot()
    assert "Inspection was suspended from" in picture.says
    assert any("Inspection was suspended" in label.text for label in picture.labels)


# --- the same everywhere --------------------------------------------------------------------------

_DRAW = f"""
import hashlib
from ncpi_rules import FollowUp, assess
picture = assess(FollowUp.load({str(NORTHUMBRIA)!r}), on={ON!r}).plot()
print(hashlib.sha256(picture.svg.encode()).hexdigest())
"""


def test_the_same_facts_give_the_same_bytes() -> None:
    """A picture is the same byte for byte: again, in another process, under other settings."""
    svg = northumbria().plot().svg
    with matplotlib.rc_context({"svg.fonttype": "none", "hatch.linewidth": 7, "font.size": 30}):
        before = dict(matplotlib.rcParams)
        assert northumbria().plot().svg == svg
        assert dict(matplotlib.rcParams) == before
    ran = subprocess.run(  # noqa: S603  our own interpreter, our own text
        [sys.executable, "-c", _DRAW],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert ran.stdout.strip() == hashlib.sha256(svg.encode()).hexdigest()


def test_pictures_on_one_page_keep_their_names_apart() -> None:
    """No name within a picture is one within another, so that neither changes the other."""
    earlier = assess(FollowUp.load(NORTHUMBRIA), on="2018-10-01")
    one, other = (
        {*re.findall(r' id="([^"]+)"', plan.plot().svg)} for plan in (northumbria(), earlier)
    )
    assert one
    assert not one & other


def test_a_notebook_shows_the_picture_itself(tmp_path: Path) -> None:
    """What a notebook shows and what is saved is the SVG; a file of other content is left alone."""
    picture = northumbria().plot()
    assert picture._repr_svg_() == picture._repr_html_() == picture.svg
    file = tmp_path / "plan.svg"
    picture.save(file)
    picture.save(file)
    assert file.read_text("utf-8") == f"{picture.svg}\n"
    file.write_text("mine")
    with pytest.raises(NcpiRulesError, match="was left as it is"):
        picture.save(file)
    picture.save(file, replace=True)
    assert file.read_text("utf-8") == f"{picture.svg}\n"


def test_matplotlib_is_left_alone_until_something_is_drawn() -> None:
    """Assessing, and importing what draws, does not import matplotlib; drawing never pyplot."""
    code = (
        "import sys, ncpi_rules.plots, ncpi_rules.explore\n"
        f"from ncpi_rules import FollowUp, assess\n"
        f"plan = assess(FollowUp.load({str(NORTHUMBRIA)!r}), on={ON!r})\n"
        "assert not {'matplotlib', 'ipywidgets', 'pyarrow'} & set(sys.modules)\n"
        "plan.plot()\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  our own interpreter


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where matplotlib is not installed, a sentence names the extra to install."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    width_of.cache_clear()
    with pytest.raises(MissingExtraError, match=r"ncpi-rules\[notebook\]"):
        northumbria().plot()


# --- words that are measured ----------------------------------------------------------------------


@given(WILD_TEXTS | st.text(st.sampled_from("aW i"), max_size=60), st.floats(30, 300))
def test_wrapped_lines_fit(text: str, width: float) -> None:
    """No line is wider than asked for, unless it is one letter; nothing but blanks is lost."""
    lines = wrapped(text, width, SMALL)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line, SMALL) <= width or len(line) == 1 for line in lines)


@given(st.integers(1, 10_000), st.data())
def test_a_part_is_never_rounded_to_all_or_nothing(every_case: int, data: st.DataObject) -> None:
    """Only none is 0%, and only all is 100%."""
    many = data.draw(st.integers(0, every_case))
    assert (percent(many, every_case) == "0%") == (many == 0)
    assert (percent(many, every_case) == "100%") == (many == every_case)


# --- many cases -----------------------------------------------------------------------------------

FACT_PLACES = st.sampled_from(["broadly-positive", "not-broadly-positive", None])
JUDGED = st.sampled_from(["no-concerns", "some-concerns", "significant-concerns", None])


def tables(**columns: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Tables of up to forty rows."""
    row = st.fixed_dictionaries(columns)
    return st.lists(row, min_size=1, max_size=40).map(pyarrow.Table.from_pylist)


@settings(max_examples=30)
@given(tables(findings=FACT_PLACES, prospects=JUDGED))
def test_a_heat_map_counts_every_case(table: Any) -> None:
    """Every cell says in words how many of its cases say what; together they are all cases."""
    swept = sweep(table, on=ON, keep=["findings", "prospects"])
    picture = sweep_plot(swept, rows="findings", columns="prospects", shows="tier")
    assert wanting(picture) == []
    rows = Counter(
        zip(*(swept[name].to_pylist() for name in ("findings", "prospects", "tier")), strict=True)
    )
    told = picture.says.partition(".")[2]
    assert (
        sum(int(many.replace(",", "")) for many in re.findall(r"\(([\d,]+) \(", told))
        == rows.total()
    )
    cells = {(found, judged) for found, judged, _ in rows}
    assert told.count("no case") == len({one for one, _ in cells}) * len(
        {other for _, other in cells}
    ) - len(cells)


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.none() | st.integers(-5000, 5000), st.integers(0, 300)),
        min_size=1,
        max_size=40,
    )
)
def test_a_histogram_counts_late_and_in_time(slacks: list[tuple[int | None, int]]) -> None:
    """The late, those in time and those without a date are counted as they are in the table."""
    due = [17_000 + shift for _, shift in slacks]
    actual = [
        None if slack is None else last - slack
        for last, (slack, _) in zip(due, slacks, strict=True)
    ]
    date = pyarrow.date32()
    table = pyarrow.table(
        {
            "tea": pyarrow.array(actual, pyarrow.int32()).cast(date),
            "tea.due": pyarrow.array(due, pyarrow.int32()).cast(date),
        }
    )
    picture = sweep_plot(table, slack="tea")
    assert wanting(picture) == []
    known = [slack for slack, _ in slacks if slack is not None]
    late = sum(slack < 0 for slack in known)
    assert f"Late: {late:,} (" in picture.says
    assert f"In time: {len(known) - late:,} (" in picture.says
    assert (f"not known: {len(slacks) - len(known):,}" in picture.says) == (
        len(slacks) > len(known)
    )


def test_any_text_can_be_written() -> None:
    """Letters that cannot be drawn, formulas, and what may not stand in SVG end in a mark."""
    title = "$x_1$ & <b> \x08 \N{CJK UNIFIED IDEOGRAPH-4E00} \ud800 --> ]]>"
    picture = sweep_plot(pyarrow.table({"tier": ["<a>"]}), shows="tier", title=title)
    assert wanting(picture) == []
    assert picture.title == title.replace("\x08", "\ufffd").replace("\ud800", "\ufffd")
    drawn = sum(len(label.text) for label in picture.labels)
    assert picture.svg.count("<use") == drawn, "each character is drawn as itself"


def test_bars_stand_for_words_in_their_order() -> None:
    """A bar for each word of a column, in the order of its dictionary, what is late hatched."""
    swept = sweep(
        grid({}, report_published=days("2018-01-01", "2018-03-01"), revisit_begins=["2018-07-15"]),
        on=ON,
    )
    picture = sweep_plot(swept, shows="revisit-begins.status")
    assert wanting(picture) == []
    assert [label.text for label in picture.labels][1::2] == ["met", "late"]
    assert "pattern" in picture.svg


def test_cells_of_one_case_each_say_no_number() -> None:
    """Where each cell is one case, it says its word alone."""
    swept = sweep(grid({}, findings=every, prospects=every), on=ON, keep=["findings", "prospects"])
    picture = sweep_plot(swept, rows="findings", columns="prospects", shows="tier")
    assert wanting(picture) == []
    assert not [label.text for label in picture.labels if "case" in label.text]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "not told"),
    ({"rows": "findings"}, "not told"),
    ({"slack": "findings", "shows": "tier"}, "not told"),
    ({"shows": "tear"}, "no such column"),
    ({"rows": "finding", "columns": "prospect", "shows": "tear"}, "prospect"),
    ({"slack": "findings"}, "findings.due"),
    ({"shows": "number"}, "100 different values"),
    ({"slack": "late"}, "whole days"),
]


@pytest.mark.parametrize(("asked", "says"), WRONG)
def test_what_cannot_be_drawn_is_told(asked: dict[str, Any], says: str) -> None:
    """What is wrong with what was asked for is told, all of it, and what to give instead."""
    numbers = list(range(100))
    words = ["a", "b"] * 50
    table = pyarrow.table(
        {
            "findings": words,
            "prospects": words,
            "tier": words,
            "number": numbers,
            "late": numbers,
            "late.due": numbers,
        }
    )
    with pytest.raises(FactsError, match=says) as caught:
        sweep_plot(table, **asked)
    assert all(problem.help for problem in caught.value.problems)
    with pytest.raises(FactsError, match="not a table"):
        sweep_plot([1, 2], shows="tier")


def test_sliders_show_what_would_come_of_them() -> None:
    """Moving a control shows what would come of it; what cannot be is told in its place."""
    pytest.importorskip("ipywidgets", reason="sliders need the extra 'notebook'")
    from ncpi_rules.explore import what_if, what_if_sliders  # noqa: PLC0415  it needs the extra

    follow_up = FollowUp.load(NORTHUMBRIA)
    sliders = what_if_sliders(
        follow_up, on=ON, prospects=every, revisit_begins=days("2018-07-01", "2019-06-30", 7)
    )
    assert northumbria().plot().svg in sliders.html
    sliders.controls["revisit-begins"].value = "2018-12-02"
    would = what_if(follow_up, revisit_begins="2018-12-02", on=ON)
    assert would.after.plot().svg in sliders.html
    assert would._repr_html_() in sliders.html
    assert sliders._repr_mimebundle_()["text/html"] == sliders.html
    sliders.controls["revisit-begins"].value = "2019-06-30"
    assert "<svg" not in sliders.html
    assert "2019" in sliders.html
    with pytest.raises(FactsError, match="no fact and no event"):
        what_if_sliders(follow_up, on=ON, prospect=every)
