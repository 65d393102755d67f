"""Pictures: what is seen is what the plan and the sweep say, legible to all, and loads nothing."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

pyarrow = pytest.importorskip("pyarrow", reason="pictures of tables need the extra 'columns'")

from ncpi_rules.batch import ShownColumn, sweep
from ncpi_rules.core import (
    NOT_MET,
    FactsError,
    NcpiRulesError,
    Status,
)
from ncpi_rules.explore import days, every, grid
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.plots import sweep_plot

# pinned: the width of letters is measured
from ncpi_rules.plots.letters import BODY, STRONG, Letters

# pinned: the shades of a plot are measured
from ncpi_rules.plots.sweep_plots import looks_of, percent

# pinned: the marks of a timeline are compared
from ncpi_rules.plots.timelines import DayMark, TimelineRow
from ncpi_rules.ruleset import load_ruleset, shipped_ruleset
from tests.strategies import PLAIN_TEXTS, WILD_TEXTS, to_assess

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from ncpi_rules.plan import Plan
    from ncpi_rules.plots import Picture

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "follow-ups").glob("*.yaml"))
LOANS = Path(__file__).parent / "rulesets" / "library-loans"
NORTHUMBRIA = next(file for file in EXAMPLES if file.stem == "northumbria-2018")
ON = "2019-04-11"
SHAPES = {
    Status.LATE: DayMark.LATE,
    Status.PROJECTED_LATE: DayMark.PROJECTED_LATE,
    Status.OVERDUE: DayMark.OVERDUE,
    Status.TOO_EARLY: DayMark.TOO_EARLY,
}
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
PAPER = "#ffffff"


@frozen
class Label:
    """A line of text in a picture and the box that it fills, in pixels from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Label) -> bool:
        """Return True where two boxes share more than an edge."""
        return (
            self.left < other.right - 0.1
            and other.left < self.right - 0.1
            and self.top < other.bottom - 0.1
            and other.top < self.bottom - 0.1
        )


def root_of(picture: Picture) -> ElementTree.Element:
    """Return the SVG of a picture as a tree."""
    return ElementTree.fromstring(picture.svg)  # noqa: S314  our own


def labels_of(picture: Picture) -> list[Label]:
    """Return every line of text in a picture; the browser fits each into the length given."""
    labels = []
    for group in root_of(picture).iter(f"{SVG}g"):
        size = float(group.get("font-size", 0))
        for line in group.findall(f"{SVG}text"):
            assert line.attrib["lengthAdjust"] == "spacingAndGlyphs"
            left, base, width = (float(line.attrib[key]) for key in ("x", "y", "textLength"))
            top = base - 0.98 * size
            labels.append(Label(line.text or "", left, top, left + width, top + 1.3 * size))
    return labels


def texts_of(picture: Picture) -> list[str]:
    """Return the paragraphs of a picture, each as one text however many lines it has."""
    groups = root_of(picture).iter(f"{SVG}g")
    return [
        " ".join(line.text or "" for line in lines)
        for group in groups
        if (lines := group.findall(f"{SVG}text"))
    ]


def rows_of(plan: Plan) -> list[TimelineRow]:
    """Return what a timeline shows of each deadline of a plan."""
    return [TimelineRow(deadline, plan) for deadline in plan.schedule]


def northumbria() -> Plan:
    """Return a plan with a revisit ten days late."""
    return assess(FollowUp.load(NORTHUMBRIA), on=ON)


def wanting(picture: Picture) -> list[str]:
    """Return what is wrong with a picture that any reader should be able to read anywhere."""
    labels = labels_of(picture)
    faults = [
        f"'{label.text}' lies over '{other.text}'"
        for label, other in combinations(labels, 2)
        if label.overlaps(other)
    ]
    faults += [
        f"'{label.text}' leaves the page"
        for label in labels
        if label.left < 0
        or label.top < 0
        or label.right > picture.width + 0.1
        or label.bottom > picture.height + 0.1
    ]
    root = root_of(picture)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    faults += [
        f"two things have the name {name}" for name, many in Counter(ids).items() if many > 1
    ]
    pointed = [
        element.attrib[key].removeprefix("#")
        for element in root.iter()
        for key in ("href", f"{XLINK}href", "src")
        if key in element.attrib
    ]
    pointed += re.findall(r"url\(#?([^)]*)\)", picture.svg)
    pointed += [root.attrib["aria-labelledby"], root.attrib["aria-describedby"]]
    faults += [f"{name} is not in the picture" for name in {*pointed} - {*ids}]
    if root.attrib.get("role") != "img":
        faults.append("it is not told to be a picture")
    texts = [root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")]
    if texts != [picture.title, picture.description]:
        faults.append(f"title and description are {texts}")
    faults += re.findall(r"@import|<script|<style|<!DOCTYPE|<image|data:", picture.svg)
    return faults


# --- timelines ------------------------------------------------------------------------------------


@given(st.sampled_from([PLAIN_TEXTS, WILD_TEXTS]).flatmap(lambda texts: to_assess(texts=texts)))
def test_no_two_labels_of_a_timeline_touch(asked: dict[str, Any]) -> None:
    """Whatever the dates and the texts, no label lies over another or leaves the page."""
    assert wanting(assess(**asked).plot()) == []


@settings(max_examples=30)
@given(to_assess())
def test_what_is_late_is_told_in_shape_and_in_words(asked: dict[str, Any]) -> None:
    """Each deadline that was missed has a shape that no other has, and says so in the picture."""
    plan = assess(**asked)
    rows, picture = rows_of(plan), plan.plot()
    for deadline, row in zip(plan.schedule, rows, strict=True):
        assert row.description in picture.description
        assert {*row.marks} & {*SHAPES.values()} == (
            {SHAPES[row.deadline.status]} if deadline.status in NOT_MET else set()
        )
        if deadline.status in NOT_MET:
            assert deadline.status.label in row.status_text.lower()
            arranged = row.date is not None and row.date.start > plan.on.toordinal()
            assert row.status_text.startswith("Projected") == (arranged and bool(deadline.late_by))
            assert {row.status_text, SHAPES[row.deadline.status].meaning} <= {*texts_of(picture)}
    late = Counter(row.deadline.status for row in rows)
    for status in NOT_MET & {*late}:
        assert f"{late[status]} {status.label}" in picture.description


@given(to_assess())
def test_each_deadline_is_drawn_or_listed(asked: dict[str, Any]) -> None:
    """A deadline of which no day is known is listed with what it waits for, and never dropped."""
    plan = assess(**asked)
    picture = plan.plot()
    for deadline, row in zip(plan.schedule, rows_of(plan), strict=True):
        known = (row.due, row.date, deadline.window, deadline.not_before)
        assert row.marks or not any(known[:3])
        listed = [text for text in texts_of(picture) if f"{row.deadline.rule.title}: " in text]
        assert row.marks or listed
        days_of_marks = {day for ends in row.marks.values() for day in ends}
        for date in filter(None, (row.due and row.due[1], row.date)):
            assert {date.start, date.end} <= days_of_marks
        if row.due is not None and deadline.actual == deadline.due:
            assert row.deadline.status not in NOT_MET


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_each_example_can_be_drawn(file: Path) -> None:
    """Every follow-up of the examples has a timeline that can be read, long afterwards too."""
    for on in ("2022-07-25", "2040-01-01"):
        assert wanting(assess(FollowUp.load(file), on=on).plot()) == []


def test_a_timeline_of_another_field() -> None:
    """Overdue library loans are drawn without a line of Python."""
    loans = load_ruleset(LOANS)
    events = {"item-lent": "2024-03-01", "item-due": "2024-03", "item-returned": "not-yet"}
    facts = {"return": "very-late", "borrower": "adult", "choice": "none-recorded"}
    further = {"facts": facts, "events": events}
    late = FollowUp.from_dict({"force": "kent", "further": further})
    plan = assess(late, on="2024-06-01", ruleset=loans)
    assert {bool(row.marks) for row in rows_of(plan)} == {True, False}
    picture = plan.plot()
    assert wanting(picture) == []
    assert all(deadline.rule.title in picture.description for deadline in plan.schedule)


def test_a_timeline_says_how_late() -> None:
    """The days late stand in the picture as the plan has them, a partial date's both ends."""
    texts = texts_of(northumbria().plot())
    assert "Late" in texts
    assert any("Done 7 January 2019: 10 days late." in text for text in texts)
    gwent = next(file for file in EXAMPLES if file.stem == "gwent-2019")
    picture = assess(FollowUp.load(gwent), on="2020-07-31").plot()
    texts = texts_of(picture)
    assert any("Done January 2020: 2 to 61 days late." in text for text in texts)


@settings(max_examples=30)
@given(to_assess())
def test_a_suspension_stands_beside_the_days_late(asked: dict[str, Any]) -> None:
    """A timeline tells of a suspension where the plan's alert does, and nowhere else."""
    plan = assess(**asked)
    alerts = {alert.id: alert.sentence for alert in plan.alerts}
    for deadline, row in zip(plan.schedule, rows_of(plan), strict=True):
        notes = [note for note in row.notes if note.startswith("Inspection was suspended")]
        says = alerts.get(f"alert.{deadline.id}", "")
        assert says.count("Inspection was suspended") == len(notes)
        assert all(note in says for note in notes)


def test_a_timeline_shows_the_suspension_of_2020() -> None:
    """Kent's publication waited while inspection was suspended: its row says so."""
    kent = next(file for file in EXAMPLES if file.stem == "kent-2019")
    picture = assess(FollowUp.load(kent), on="2022-07-25").plot()
    assert "Inspection was suspended from" in picture.description
    assert any("Inspection was suspended" in text for text in texts_of(picture))


# --- the same everywhere --------------------------------------------------------------------------

_DRAW = f"""
import hashlib
from ncpi_rules import FollowUp, assess
picture = assess(FollowUp.load({str(NORTHUMBRIA)!r}), on={ON!r}).plot()
print(hashlib.sha256(picture.svg.encode()).hexdigest())
"""


def test_the_same_facts_give_the_same_bytes() -> None:
    """A picture is the same byte for byte: again, and in another process."""
    svg = northumbria().plot().svg
    assert northumbria().plot().svg == svg
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
    first, second = (
        {*re.findall(r' id="([^"]+)"', plan.plot().svg)} for plan in (northumbria(), earlier)
    )
    assert first
    assert not first & second


def test_a_notebook_shows_the_picture_itself(tmp_path: Path) -> None:
    """What a notebook shows and what is saved is the SVG; a file of other content is left alone."""
    picture = northumbria().plot()
    assert picture._repr_svg_() == picture.svg
    assert picture._repr_html_() == picture.html
    assert picture.svg in picture.html
    file = tmp_path / "plan.svg"
    picture.save(file)
    picture.save(file)
    assert file.read_text("utf-8") == f"{picture.svg}\n"
    file.write_text("mine")
    with pytest.raises(NcpiRulesError, match="was left as it is"):
        picture.save(file)
    picture.save(file, replace=True)
    assert file.read_text("utf-8") == f"{picture.svg}\n"


def test_a_timeline_needs_no_extra() -> None:
    """Drawing a plan imports nothing that is an extra."""
    code = (
        "import sys, ncpi_rules.plots, ncpi_rules.explore\n"
        "from ncpi_rules import FollowUp, assess\n"
        f"assess(FollowUp.load({str(NORTHUMBRIA)!r}), on={ON!r}).plot()\n"
        "assert not {'matplotlib', 'numpy', 'ipywidgets', 'pyarrow'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  our own interpreter


def test_without_the_extra_it_is_named() -> None:
    """Where pyarrow is not installed, a sentence names the extra that pictures of tables need."""
    code = (
        "import sys\n"
        "sys.modules['pyarrow'] = None\n"
        "from ncpi_rules.core import MissingExtraError\n"
        "from ncpi_rules.plots import sweep_plot\n"
        "try:\n"
        "    sweep_plot({}, shows='tier')\n"
        "except MissingExtraError as fault:\n"
        "    assert 'ncpi-rules[columns]' in str(fault)\n"
        "else:\n"
        "    raise AssertionError\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  our own interpreter


# --- a real browser -------------------------------------------------------------------------------

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_MEASURE = """
const overlaps = [];
document.querySelectorAll("svg").forEach(svg => {
  const page = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")].map(text => [text, text.getBoundingClientRect()]);
  texts.forEach(([text, box], place) => {
    if (box.left < page.left || box.right > page.right || box.bottom > page.bottom)
      overlaps.push(text.textContent + " leaves the page");
    texts.slice(place + 1).forEach(([other, beside]) => {
      if (box.left < beside.right - 0.5 && beside.left < box.right - 0.5
          && box.top < beside.bottom - 1.5 && beside.top < box.bottom - 1.5)
        overlaps.push(text.textContent + " lies over " + other.textContent);
    });
  });
});
document.body.textContent = JSON.stringify(overlaps);
"""


@pytest.mark.skipif(not CHROMIUM, reason="it looks at pictures with Chromium")
@pytest.mark.parametrize("letters", ["Arial", "DejaVu Sans", "serif"])
def test_no_two_texts_touch_in_a_browser(letters: str, tmp_path: Path) -> None:
    """As Chromium draws them, no two texts of the examples overlap, whatever the font."""
    pictures = [
        assess(FollowUp.load(file), on=on).plot().svg.replace("Arial, Helvetica", letters)
        for file in EXAMPLES
        for on in ("2020-07-31", "2040-01-01")
    ]
    swept = sweep(grid({}, findings=every, prospects=every), on=ON, keep=["findings", "prospects"])
    heat = sweep_plot(swept, rows="findings", columns="prospects", shows="tier")
    pictures.append(heat.svg.replace("Arial, Helvetica", letters))
    page = tmp_path / "page.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8>{''.join(pictures)}<script>{_MEASURE}</script>",
        "utf-8",
    )
    ran = subprocess.run(  # noqa: S603  the browser, our own page
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()],
        check=True,
        capture_output=True,
        text=True,
    )
    assert re.findall(r"<body>(.*)</body>", ran.stdout, re.DOTALL) == ["[]"]


# --- colours --------------------------------------------------------------------------------------


def brightness(colour: str) -> float:
    """Return how bright a colour is, as the contrast rules of WCAG 2 define it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    dark, light = sorted(brightness(colour) + 0.05 for colour in (first, second))
    return light / dark


STATUSES = ShownColumn("status", {None: "none", **{status: status.label for status in Status}})


@pytest.mark.parametrize(
    "column",
    [STATUSES]
    + [
        ShownColumn("number", {"none": "none", **{n: str(n) for n in range(many)}}, "none")
        for many in range(1, 25)
    ],
    ids=["statuses", *(f"{many} values" for many in range(1, 25))],
)
def test_swatches_can_be_told_apart(column: ShownColumn) -> None:
    """No two values share a look: they differ in their hatch, or in brightness, so in grey too."""
    looks = [*looks_of(column).values()]
    for look, other in combinations(looks, 2):
        assert look.hatch != other.hatch or contrast(look.fill, other.fill) >= 1.25


def test_letters_have_contrast() -> None:
    """Every letter stands out from what it is written on, in a cell of any shade."""
    numbers = list(range(7))
    table = pyarrow.table({"a": ["x"] * 7, "b": numbers, "c": numbers})
    picture = sweep_plot(table, rows="a", columns="b", shows="c")
    groups = [
        group
        for group in root_of(picture).iter(f"{SVG}g")
        if (group.findtext(f"{SVG}text") or "none").isdecimal()
    ]
    inks = [group.attrib["fill"] for group in groups]
    looks = looks_of(ShownColumn("c", {n: str(n) for n in numbers}))
    for ink, look in zip(inks[7:14], looks.values(), strict=True):
        assert contrast(ink, look.fill) >= 4.5
    for letters in (BODY, STRONG):
        assert contrast(letters.colour, PAPER) >= 7


# --- texts that are measured ----------------------------------------------------------------------


@given(WILD_TEXTS | st.text(st.sampled_from("aW i"), max_size=60), st.floats(30, 300))
def test_wrapped_lines_fit(text: str, width: float) -> None:
    """No line is wider than asked for, unless it is one letter; nothing but blanks is lost."""
    for letters in (BODY, STRONG):
        lines = letters.wrap(text, width)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(letters.width(line) <= width or len(line) == 1 for line in lines)


def test_words_are_as_wide_as_in_arial() -> None:
    """A line is measured to within a few hundredths of what Arial takes for it."""
    line = "The police and crime commissioner has written feedback within 3 weeks."
    assert Letters(10).width(line) == pytest.approx(322.4, rel=0.001)
    assert Letters(10, bold=True).width(line) == pytest.approx(347.3, rel=0.03)


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
    described = picture.description.partition(".")[2]
    assert (
        sum(int(many.replace(",", "")) for many in re.findall(r"([\d,]+) \(", described))
        == rows.total()
    )
    cells = {(findings, judged) for findings, judged, _ in rows}
    assert described.count("no case") == len({finding for finding, _ in cells}) * len(
        {other for _, other in cells}
    ) - len(cells)


def test_two_values_of_one_wording_are_both_counted() -> None:
    """An empty field and the value for what is not known read alike; no case of either is lost."""
    unknown = shipped_ruleset().facts["findings"].unknown
    table = pyarrow.table({"findings": [None, unknown], "prospects": ["no-concerns"] * 2})
    picture = sweep_plot(table, rows="findings", columns="prospects", shows="prospects")
    assert wanting(picture) == []
    assert picture.description.count("1 (100%) no concerns") == 2


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
    assert f"Late: {late:,} (" in picture.description
    assert f"In time: {len(known) - late:,} (" in picture.description
    assert (f"not known: {len(slacks) - len(known):,}" in picture.description) == (
        len(slacks) > len(known)
    )


def test_any_text_can_be_written() -> None:
    """Letters that cannot be drawn, formulas, and what may not stand in SVG end in a mark."""
    title = "$x_1$ & <b> \x08 \N{CJK UNIFIED IDEOGRAPH-4E00} \ud800 --> ]]>"
    picture = sweep_plot(pyarrow.table({"tier": ["<a>"]}), shows="tier", title=title)
    assert wanting(picture) == []
    assert picture.title == title.replace("\x08", "\ufffd").replace("\ud800", "\ufffd")
    assert texts_of(picture)[:2] == [picture.title, "<a>"], "each character is drawn as itself"


def test_bars_stand_for_values_in_their_order() -> None:
    """A bar for each value of a column, in the order of its dictionary, what is late hatched."""
    swept = sweep(
        grid({}, report_published=days("2018-01-01", "2018-03-01"), revisit_begins=["2018-07-15"]),
        on=ON,
    )
    picture = sweep_plot(swept, shows="revisit-begins.status")
    assert wanting(picture) == []
    assert texts_of(picture)[1::2] == ["late", "met"]
    assert "pattern" in picture.svg


def test_cells_of_one_case_each_say_no_number() -> None:
    """Where each cell is one case, it has its value alone."""
    swept = sweep(grid({}, findings=every, prospects=every), on=ON, keep=["findings", "prospects"])
    picture = sweep_plot(swept, rows="findings", columns="prospects", shows="tier")
    assert wanting(picture) == []
    assert not [text for text in texts_of(picture) if "case" in text]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "says what to draw"),
    ({"rows": "findings"}, "says what to draw"),
    ({"slack": "findings", "shows": "tier"}, "says what to draw"),
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
    values = ["a", "b"] * 50
    table = pyarrow.table(
        {
            "findings": values,
            "prospects": values,
            "tier": values,
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
