"""What officers read: the same in every format, safe whatever somebody wrote, and accessible."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from ncpi_rules import report as render
from ncpi_rules.core import Status
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import PlanDocument, assess
from ncpi_rules.report import (
    Cell,
    Column,
    Contents,
    PageTable,
    Row,
    Section,
    StatusMark,
    mark_of,
    printable,
)
from ncpi_rules.report.html_page import part_of  # pinned: a part of a notebook
from ncpi_rules.report.markup import page_file  # pinned: the style sheet is checked alone
from ncpi_rules.report.plan_page import contents  # pinned: what each format lays out
from tests.strategies import WILD_TEXTS, plans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EVIL = "<script>alert('x')</script> | **b** [a](http://a.example) `c` \"> <img src=x onerror=y>"
STYLE = page_file("plan.css")
LOOSE_TAGS = {"br", "input", "meta"}


def plan_of(*, on: str = "2018-12-31", **facts: Any) -> PlanDocument:
    """Return the plan of a follow-up of Northumbria Police, as it is published."""
    report = {"published": "2018-06-28", "findings": "not-broadly-positive"}
    whole = {"force": "northumbria", "inspection_report": report, **facts}
    return assess(FollowUp.from_dict(whole), on=on).document


def evil_plan() -> PlanDocument:
    """Return a plan in which everything that people may write freely is an attack."""
    return plan_of(
        inspection_report={
            "published": "2018-06-28",
            "findings": "not-broadly-positive",
            "recommendations": [{"id": EVIL, "topic": "training", "area": EVIL, "summary": EVIL}],
        },
        action_plan={"reviewed": "2018-09-01", "areas_of_concern": [EVIL]},
        prospects={"judgement": "some-concerns", "on": "2018-09-01", "by": EVIL, "why": EVIL},
        decisions=[
            {
                "decision": "variation",
                "of": "action-plan-received",
                "by": EVIL,
                "on": "2018-07-01",
                "why": EVIL,
            },
            {
                "decision": "suspension",
                "begins": "2018-07-01",
                "ends": "not-yet",
                "by": EVIL,
                "on": "2018-07-01",
                "why": EVIL,
            },
        ],
        fieldwork={"begins": "not-yet"},
        note=EVIL,
    )


class Page(HTMLParser):
    """What an HTML text holds: its tags in order, whether they balance, and what is read."""

    def __init__(self, text: str) -> None:
        """Read a text."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.read = ""
        self.problems: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that begins."""
        self.tags.append((tag, dict(attrs)))
        if tag not in LOOSE_TAGS:
            self.open.append(tag)
        self.read += " "

    def handle_endtag(self, tag: str) -> None:
        """Note a tag that ends, and whether it ends the one that began last."""
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> ends nothing")
        self.read += " "

    def handle_data(self, data: str) -> None:
        """Note what is read, but not the style sheet."""
        if not self.open or self.open[-1] not in {"style", "script"}:
            self.read += data

    @property
    def text(self) -> str:
        """Return what is read, on one line."""
        return " ".join(self.read.split())


def said(plan: PlanDocument) -> Iterator[str]:
    """Yield every text of a plan's page, in its order."""
    page = contents(plan)
    yield page.title
    for fact in page.facts:
        yield from fact
    for section in page.sections:
        yield section.heading
        yield from filter(None, (section.answer, *section.lead, section.reference))
        for item in section.items:
            yield from filter(None, (item.text, item.reference))
        for row in section.table.rows if section.table else ():
            yield from filter(None, (*(line for cell in row.cells for line in cell.lines),))
            yield row.reference


def shown_by_github(text: str) -> str:
    """Return Markdown with tables as HTML."""
    html: str = MarkdownIt("commonmark").enable("table").render(text)
    return html


# --- every format ---------------------------------------------------------------------------------


@given(plans(texts=WILD_TEXTS))
def test_every_format_says_the_same(plan: PlanDocument) -> None:
    """Every text of the page stands in the text, in the Markdown and in the HTML, word for word."""
    html, markdown = Page(render.html_part(plan)).text, Page(shown_by_github(render.markdown(plan)))
    text = " ".join(render.text(plan, width=100_000).split())
    for sentence in map(printable, said(plan)):
        assert sentence in html
        assert sentence in markdown.text
        if sentence.isascii():
            assert sentence in text or sentence.upper() in text


@given(plans())
def test_only_what_is_published_is_read(plan: PlanDocument) -> None:
    """A plan that was stored as JSON reads as it did."""
    stored = PlanDocument.from_json(plan.to_json())
    for format_ in (render.text, render.markdown, render.html, render.html_part):
        assert format_(stored) == format_(plan)


@given(plans())
def test_modality_is_never_upgraded(plan: PlanDocument) -> None:
    """What somebody may do, or is likely to do, is told with that word, apart from what must be."""
    by_heading = {section.heading: section.table for section in contents(plan).sections}
    for heading, key, strong in (
        ("Required actions", "required_actions", True),
        ("Optional actions", "optional_actions", False),
    ):
        table = by_heading.get(heading)
        rows = table.rows if table else ()
        assert len(rows) == len(getattr(plan, key))
        for row, item in zip(rows, getattr(plan, key), strict=True):
            modality = item.modality
            assert modality.is_optional is not strong
            says = row.cells[1].lines[0]
            assert isinstance(says, str)
            assert says.startswith(f"{modality.verb} ")
            assert not {"is", "are", "has", "have"} & {*modality.verb.split()}, "one or several"
            assert ("must" in says.split()) == ("must" in modality.verb)


@given(plans())
def test_nothing_of_a_plan_is_left_out(plan: PlanDocument) -> None:
    """The reference of every item stands on the page, so that one can ask why."""
    text = render.text(plan, width=100_000)
    for key in (
        "required_actions",
        "optional_actions",
        "documents",
        "deadlines",
        "questions",
        "alerts",
    ):
        for item in getattr(plan, key):
            assert f"[{item.id}" in text
    for interpretation in plan.interpretations:
        assert f"[{interpretation.id}={interpretation.answer}]" in text
    assert plan.on_text in text
    assert plan.engine in text


def test_the_note_of_a_follow_up_is_in_its_plan() -> None:
    """Every format and the JSON have it; a follow-up alike in all else has its own, or none."""
    for note in ("Ask about the new unit.", "", "Ask again."):
        facts = {"force": "kent", **({"note": note} if note else {})}
        plan = assess(FollowUp.from_dict(facts), on="2020-01-31")
        assert plan.to_dict()["note"] == (note or None)
        for shown in (plan.to_text(full=True), plan.to_markdown(), plan.to_html()):
            assert ("Note" in shown.split("Local policing body")[1].split("tier")[0]) == bool(note)
            assert note in shown


def test_every_status_has_a_label() -> None:
    """Every status that an action or a deadline may have has a mark, and each mark a look."""
    marks = {mark_of(status, status.label) for status in Status} | {mark_of(Status.DUE, "due soon")}
    assert marks == set(StatusMark) - {StatusMark.NONE, StatusMark.SUGGESTED}
    for mark in marks:
        assert f".ncpi-plan .ncpi-{mark}" in STYLE


@pytest.mark.parametrize(
    ("mark", "border", "icon"),
    [
        ("projected-late", "dashed", "none"),
        ("planned", "dashed", "none"),
        ("cannot-tell", "dotted", "none"),
        ("due-soon", "", "none"),
        ("due", "", "none"),
        ("too-early", "", "none"),
        ("overdue", "", "currentColor"),
        ("late", "", "currentColor"),
        ("let-off", "", "currentColor"),
        ("met", "", "currentColor"),
    ],
)
def test_the_form_of_a_tag_says_what_it_is(mark: str, border: str, icon: str) -> None:
    """A plan is dashed, what is not known dotted; a filled shape has happened, a hollow one not."""
    block = re.search(rf"\.ncpi-plan \.ncpi-{mark}(?:,[^{{]*)? {{([^}}]*)}}", STYLE)
    assert block is not None
    form = re.search(r"border-style: (\w+)", block[1])
    assert (form[1] if form else "") == border
    table = PageTable("A table", (Column("Status", 10),), (Row((Cell(("x",), StatusMark(mark)),)),))
    page = part_of(Contents("A page", "", (), (Section("A section", table=table),)))
    (shape,) = re.findall(r"<svg [^>]*aria-hidden=\"true\"[^>]*><path fill=\"(\w+)\"", page)
    assert shape == icon


def test_what_is_not_known_is_not_told_as_missed() -> None:
    """A due date that has passed is no lateness where it is not recorded whether it was met."""
    plan = plan_of(on="2019-06-01", prospects="some-concerns", fieldwork={"ends": "2018-12-01"})
    table = next(
        section.table for section in contents(plan).sections if section.heading == "Deadlines"
    )
    assert table is not None
    lines = {row.reference.partition(";")[0]: row.cells[-1].lines for row in table.rows}
    assert lines["deadline.write-to-chief-officer"] == (
        "Cannot tell",
        "The due date has passed; not recorded whether it has been done.",
    )


def test_a_ruleset_without_tiers_can_be_read() -> None:
    """A plan whose ruleset decides no tier says what it does decide."""
    plan = attrs.evolve(plan_of(), headline=None)
    assert "WHAT IS DECIDED" in render.text(plan)
    assert "considered: reached" in render.text(plan)
    lists = [field.name for field in attrs.fields(PlanDocument) if "tuple" in str(field.type)]
    empty: dict[str, Any] = {"outcomes": {}, **dict.fromkeys(lists, ())}
    bare = attrs.evolve(plan, **empty)
    assert render.text(bare).splitlines()[0] == "Follow-up plan: Northumbria Police"
    assert Page(render.html(bare)).problems == []


def test_nothing_makes_a_console_act() -> None:
    """Commands to a console, and turns of the direction of writing, stand in no format."""
    wild = "\x1b[2J\x07\N{RIGHT-TO-LEFT OVERRIDE}\N{NO-BREAK SPACE}a\nb\N{LINE SEPARATOR}c"
    plan = attrs.evolve(plan_of(), subject_name=wild)
    for format_ in (render.text, render.markdown, render.html, render.html_part):
        text = format_(plan)
        categories = {unicodedata.category(letter) for letter in text} & {"Cc", "Cf", "Zl", "Zp"}
        assert categories == {"Cc"}
        assert {letter for letter in text if unicodedata.category(letter) == "Cc"} == {"\n"}
    assert render.text(plan).startswith("Follow-up plan: [2J a b c\n")


# --- plain text -----------------------------------------------------------------------------------


@given(plans(texts=WILD_TEXTS))
def test_text_fits_any_console(plan: PlanDocument) -> None:
    """No line is longer than asked for, and nothing in it would make a console act."""
    for width in (100, 60):
        for line in render.text(plan, width=width).splitlines():
            assert len(line) <= width
            assert line.isprintable() or not line.isascii()
            assert "\x1b" not in line


def test_text_is_ascii_apart_from_names() -> None:
    """Where nobody wrote another letter, the text holds ASCII alone; typed quotes become plain."""
    plan = plan_of(prospects="some-concerns")
    assert render.text(plan).isascii()
    name = "\N{LEFT DOUBLE QUOTATION MARK}T\N{RIGHT DOUBLE QUOTATION MARK}"
    quoted = attrs.evolve(plan, subject_name=name)
    assert render.text(quoted).startswith('Follow-up plan: "T"\n')
    welsh = attrs.evolve(plan, subject_name="Heddlu T\N{LATIN SMALL LETTER Y WITH CIRCUMFLEX}")
    assert render.text(welsh).startswith(f"Follow-up plan: {welsh.subject_name}\n")


def test_wide_letters_are_counted_twice() -> None:
    """A name in letters that take two columns is broken before it leaves the page."""
    plan = attrs.evolve(plan_of(), subject_name="\N{CJK UNIFIED IDEOGRAPH-6F22}" * 80)
    first, second = render.text(plan).splitlines()[:2]
    assert len(first) <= 50 + len("Follow-up plan: ")
    assert first + second != ""
    assert (first + second).count("\N{CJK UNIFIED IDEOGRAPH-6F22}") > 0


# --- Markdown -------------------------------------------------------------------------------------


@example(evil_plan())
@given(plans(texts=WILD_TEXTS))
def test_markdown_keeps_its_form(plan: PlanDocument) -> None:
    """Whatever somebody wrote, each table keeps its columns and nothing becomes a tag or a link."""
    text = render.markdown(plan)
    page = Page(shown_by_github(text))
    assert page.problems == []
    allowed = {"h1", "h2", "p", "strong", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    assert {tag for tag, _ in page.tags} <= allowed | {"br"}
    tables = [section.table for section in contents(plan).sections if section.table]
    assert [tag for tag, _ in page.tags].count("table") == len(tables)
    cells = sum((len(table.columns) + 1) * len(table.rows) for table in tables)
    assert [tag for tag, _ in page.tags].count("td") == cells


# --- HTML -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "format_",
    [render.html_part, lambda plan: shown_by_github(render.markdown(plan))],
    ids=["part", "Markdown"],
)
def test_what_people_write_runs_nothing(format_: Callable[[PlanDocument], str]) -> None:
    """A script, a picture or a link that somebody wrote into the facts is shown as text."""
    page = Page(format_(evil_plan()))
    assert page.problems == []
    assert {"script", "img", "b", "code"} & {tag for tag, _ in page.tags} == set()
    assert "http://a.example" not in [attributes.get("href") for _, attributes in page.tags]
    assert page.text.count("<script>alert('x')</script>") >= 4
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


@given(plans(texts=WILD_TEXTS))
def test_html_is_well_formed_and_alone(plan: PlanDocument) -> None:
    """Every tag is closed, every anchor is one of the page, and nothing is loaded or run."""
    for text in (render.lay_out_html(contents(plan)), render.html_part(plan)):
        page = Page(text)
        assert page.problems == []
        assert page.open == []
        assert {"script", "img", "link", "iframe", "form"} & {tag for tag, _ in page.tags} == set()
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        links = [attributes["href"] for _, attributes in page.tags if "href" in attributes]
        assert {f"#{id_}" for id_ in ids} >= set(links)
        assert not {"src", "style"} & {name for _, attributes in page.tags for name in attributes}
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_html_part_stands_in_another_page() -> None:
    """The part for a notebook has no page around it, no ids, and styles nothing but itself."""
    text = render.html_part(plan_of())
    tags = Page(text).tags
    assert {"html", "head", "body", "main", "title"} & {tag for tag, _ in tags} == set()
    assert not any("id" in attributes for _, attributes in tags)
    bare = re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL)
    selectors = [
        part.strip()
        for selector_list in re.findall(r"([^{};]+)\{", bare)
        for part in selector_list.split(",")
        if not selector_list.strip().startswith("@")
    ]
    assert len(selectors) > 50
    assert [selector for selector in selectors if not selector.startswith(".ncpi-")] == []


@given(plans())
def test_html_can_be_heard(plan: PlanDocument) -> None:
    """Headings go down one by one; each table has a caption, and headers for columns and rows."""
    page = Page(render.lay_out_html(contents(plan)))
    tags = page.tags
    assert ("html", {"lang": "en-GB"}) in tags
    assert {"title", "main", "nav"} <= {tag for tag, _ in tags}
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    first_link = next(attributes for tag, attributes in tags if tag == "a")
    assert first_link["href"] == "#main"
    counts = {name: sum(tag == name for tag, _ in tags) for name in ("table", "caption", "tr")}
    assert counts["table"] == counts["caption"]
    scopes = [attributes.get("scope") for tag, attributes in tags if tag == "th"]
    assert set(scopes) == {"col", "row"}
    assert scopes.count("row") == counts["tr"] - counts["table"]


@given(plans())
def test_status_is_never_told_by_colour_alone(plan: PlanDocument) -> None:
    """Whatever has a mark has a text; two marks of one text are the same."""
    looks: dict[str, set[str]] = {}
    for section in contents(plan).sections:
        for row in section.table.rows if section.table else ():
            for cell in row.cells:
                if cell.mark:
                    assert isinstance(cell.lines[0], str)
                    looks.setdefault(cell.lines[0], set()).add(cell.mark)
    assert [text for text, marks in looks.items() if len(marks) > 1] == []


def _luminance(colour: str) -> float:
    """Return how bright a colour is, as the contrast rules of WCAG 2 define it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(letters: str, ground: str) -> float:
    """Return how far letters stand out from their ground, as WCAG 2 counts it."""
    dark, bright = sorted((_luminance(letters), _luminance(ground)))
    return (bright + 0.05) / (dark + 0.05)


def test_colours_have_contrast() -> None:
    """Every colour of letters stands out from its ground by 4.5 to 1 or more (WCAG 2, AA)."""
    blocks = re.findall(r"\{([^{}]*)\}", STYLE)
    checked = 0
    for block in blocks:
        letters = re.search(r"(?<![-\w])color: (#[0-9a-f]{6})", block)
        if letters is None:
            continue
        ground = re.search(r"background: (#[0-9a-f]{6})", block)
        grounds = [ground[1]] if ground else ["#ffffff", "#f0f5fa", "#fdf3f1"]
        for under in grounds:
            assert contrast(letters[1], under) >= 4.5, block
            checked += 1
    assert checked > 10
