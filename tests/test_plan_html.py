"""The page of a plan: all of the plan is on it, every link leads somewhere, and it asks nobody."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from hypothesis import example, given

from ncpi_rules.core import NOT_TRACKED, Status, upper_first
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.report import document_request, html, notice, printable
from ncpi_rules.report.markup import page_file  # pinned: the style and script are checked
from ncpi_rules.report.position import brief  # pinned: how a span of days is written
from ncpi_rules.ruleset import patch, shipped_ruleset
from tests.strategies import PLAIN_TEXTS, WILD_TEXTS, plans
from tests.test_render import EVIL, Page, contrast, evil_plan, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.plan import PlanDocument

FOLLOW_UPS = Path(__file__).parents[1] / "examples" / "follow-ups"
PLACES = re.compile(r"(left:[\d.]+%)?;?(width:[\d.]+%)?")


def said(plan: PlanDocument) -> Iterator[str]:
    """Yield every text of a plan that a reader must find on its page."""
    yield from (plan.subject_name, plan.on_text)
    yield from filter(None, (plan.chief_officer, plan.local_policing_body))
    yield from (plan.engine, plan.methodology, plan.digest[:8])
    yield from filter(None, (plan.note, plan.first_event, plan.begins and plan.begins.text))
    for outcome in plan.all_outcomes.values():
        yield from (outcome.label, outcome.basis_label, *outcome.rules)
        yield from (reason[1:] for reason in outcome.reasons)
    for action in (*plan.required_actions, *plan.optional_actions):
        yield from (action.does, action.by[1:], action.status_line, action.decision or "")
    for deadline in plan.deadlines:
        yield from (deadline.sentence.rstrip("."), deadline.limit or "")
        yield from (deadline.status_line, deadline.decision or "", deadline.id)
        dates = filter(None, (deadline.due, deadline.not_before))
        yield from (brief(date, months=False) for date in dates)
    for request in plan.documents:
        yield from (request.sentence.rstrip("."), *(prompt[1:] for prompt in request.prompted_by))
    yield from (question.sentence for question in plan.questions)
    yield from (alert.sentence for alert in plan.alerts)
    for unknown in plan.unknown:
        yield from (unknown.sentence.rstrip("."), unknown.place, *unknown.headline_titles)
    for taken in plan.interpretations:
        yield from (taken.id, taken.question, taken.sentence, taken.agreed_by[1:])
    if any(deadline.due or deadline.actual for deadline in plan.deadlines):
        yield from (deadline.label for deadline in plan.deadlines)
    for id_, summary in plan.statements.items():
        yield from (id_, summary)


@example(evil_plan())
@given(plans(texts=WILD_TEXTS))
def test_all_of_a_plan_is_on_its_page(plan: PlanDocument) -> None:
    """Every sentence, date, person and reason in the document of a plan stands on its page."""
    text = Page(html(plan)).text
    sentences = map(printable, said(plan))
    # What begins a line begins with a capital letter.
    assert [
        sentence
        for sentence in sentences
        if sentence not in text and upper_first(sentence) not in text
    ] == []


@example(evil_plan())
@given(plans(texts=WILD_TEXTS))
def test_the_page_is_alone_and_runs_nothing_of_others(plan: PlanDocument) -> None:
    """It is well formed, loads nothing, and its one script is the one that its policy names."""
    own, shared = page_file("page.js"), page_file("filters.js")
    for text, script in ((html(plan), own), (html(plan, plan), shared + own)):
        page = Page(text)
        assert page.problems == []
        assert page.open == []
        assert {"img", "link", "iframe", "form", "b-"} & {tag for tag, _ in page.tags} == set()
        names = {name for _, attributes in page.tags for name in attributes}
        assert "src" not in names
        assert not any(name.startswith("on") for name in names)
        for _, attributes in page.tags:
            assert PLACES.fullmatch(attributes.get("style") or "")
        scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        assert scripts == [script]
        digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
        policy = next(of["content"] for _, of in page.tags if "http-equiv" in of)
        assert policy is not None
        assert policy.startswith("default-src 'none'; ")
        assert policy.endswith(f"script-src 'sha256-{digest}'")
    style = page_file("page.css")
    assert "url(" not in style
    assert "@import" not in style


@given(plans(texts=PLAIN_TEXTS))
def test_every_link_leads_to_its_place(plan: PlanDocument) -> None:
    """Ids are unique and all links lead to one; whatever is cited is a link to its summary."""
    for text in (html(plan), html(plan, plan)):
        tags = Page(text).tags
        ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        links = {attributes["href"] for _, attributes in tags if "href" in attributes}
        assert {f"#{id_}" for id_ in ids} >= links
        if "#p1-top" in links:
            continue
        assert {f"#s-{id_}" for id_ in plan.statements} <= links
        grounds = (*plan.required_actions, *plan.deadlines, *plan.documents)
        assert {f"#q-{id_}" for ground in grounds for id_ in ground.interpretations} <= links


@given(plans(texts=PLAIN_TEXTS))
def test_every_status_has_an_icon_and_a_label(plan: PlanDocument) -> None:
    """No status is told by colour alone: each tag has a shape, a border and its label."""
    text = html(plan)
    tags = re.findall(r'<strong class="tag t-([a-z-]+)">(.*?)</strong>', text)
    tracked = [action for action in plan.required_actions if action.status_label != NOT_TRACKED]
    assert len(tags) >= len(plan.deadlines) + len(tracked)
    labels = {deadline.status_label for deadline in plan.deadlines}
    labels |= {action.status_label for action in plan.required_actions}
    for mark, inside in tags:
        icon, label = re.fullmatch(r"(<svg.*?</svg>)(.*)", inside).groups()  # type: ignore[union-attr]
        assert 'aria-hidden="true"' in icon
        assert label.partition(":")[0].lower() in labels
        assert f".t-{mark} {{" in page_file("page.css") or f".t-{mark}, " in page_file("page.css")


@given(plans(texts=PLAIN_TEXTS))
def test_the_page_can_be_heard(plan: PlanDocument) -> None:
    """Headings go down one by one, tables have captions and scopes, and tracks are hidden."""
    for text in (html(plan), html(plan, plan)):
        tags = Page(text).tags
        assert ("html", {"lang": "en-GB"}) in tags
        levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        first = next(attributes for tag, attributes in tags if tag == "a")
        assert first["href"] == "#main"
        names = [tag for tag, _ in tags]
        assert names.count("table") == names.count("caption")
        assert {attributes.get("scope") for tag, attributes in tags if tag == "th"} <= {
            "col",
            "row",
        }
        rows = sum(tag == "th" and of.get("scope") == "row" for tag, of in tags)
        assert rows == names.count("tr") - names.count("table")
        for tag, attributes in tags:
            if "track" in (attributes.get("class") or "").split():
                assert (tag, attributes.get("aria-hidden")) == ("div", "true")


@given(plans(texts=PLAIN_TEXTS))
def test_buttons_show_the_actions_of_each_party(plan: PlanDocument) -> None:
    """There is a button for everyone and for each party that has a required action."""
    tags = Page(html(plan)).tags
    buttons = [of for tag, of in tags if tag == "button" and "data-by" in of]
    rows = [attributes.get("data-by") for tag, attributes in tags if tag == "tr"]
    by = [name for name in rows if name is not None]
    assert len(by) == len(plan.required_actions)
    assert [button["data-by"] for button in buttons] == ["Everyone", *dict.fromkeys(by)][
        : len(buttons)
    ]
    assert [button["aria-pressed"] for button in buttons] == ["true", *["false"] * len(set(by))][
        : len(buttons)
    ]


def test_what_people_write_is_text() -> None:
    """A script, a picture or a link that somebody wrote is shown as it was written."""
    page = Page(html(evil_plan()))
    assert page.text.count("<script>alert('x')</script>") >= 4
    assert page.text.count(printable(EVIL)) >= 4
    assert {"img", "em"} & {tag for tag, _ in page.tags} == set()


def test_dates_say_what_they_depend_on() -> None:
    """A due date names the questions it rests on, and what would move it or bring it forward."""
    facts = FollowUp.from_dict(
        {
            "force": "northumbria",
            "inspection_report": {"published": "2018-06-28"},
            "decisions": [
                {
                    "decision": "tier-chosen",
                    "value": "post-inspection-review",
                    "by": "HMICFRS",
                    "on": "unknown",
                    "why": "unknown",
                }
            ],
            "fieldwork": {"begins": "2019-01-07", "ends": "2019-01-11"},
        }
    )
    text = Page(html(assess(facts, on="2018-12-15").document)).text
    for expected in (
        "By 28 December 2018 rests on R7 , R9",
        "moves if the last day of the revisit moves",
        "by 27 December 2018 for 'Revisit begins' to be in time",
        "projected to be 10 days late . 13 days left to bring it forward.",
        "Projected late: 1",
    ):
        assert expected in text


def test_letters_stand_out() -> None:
    """Every colour of letters stands out from its ground by 4.5 to 1 or more (WCAG 2, AA)."""
    blocks = re.findall(r"\{([^{}]*)\}", page_file("page.css"))
    checked = 0
    for block in blocks:
        letters = re.search(r"(?<![-\w])color: (#[0-9a-f]{6})", block)
        if letters is None:
            continue
        ground = re.search(r"background: (#[0-9a-f]{6})", block)
        assert contrast(letters[1], ground[1] if ground else "#ffffff") >= 4.5, block
        checked += 1
    assert checked > 20


def test_paper_is_never_laid_out_as_a_phone() -> None:
    """Rules for narrow pages are for screens only, and dates, rows and headings stay together."""
    style = page_file("page.css")
    assert re.findall(r"@media (?!screen and|print)", style) == []
    assert "@page { size: A4;" in style


def test_several_plans_make_one_page() -> None:
    """Several plans stand one after the other on one page, which links to each."""
    northumbria, kent = plan_of(), attrs.evolve(plan_of(), subject_name="Kent Police")
    page = Page(html(northumbria, kent))
    assert page.text.count("Kent Police") == 2
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == 1
    assert names.count("article") == 2


def test_an_edited_copy_is_never_called_by_the_name_of_the_edition() -> None:
    """A plan by changed rules says so on its page, in its text and in its data."""
    rules = patch(shipped_ruleset(), {"revisit-ceiling": "4 months"})
    facts = FollowUp.from_dict({"force": "kent", "inspection_report": {"published": "2019-06-03"}})
    edited = "Edited copy of As published"
    for ruleset, expected in ((shipped_ruleset(), "As published"), (rules, edited)):
        plan = assess(facts, on="2019-09-02", ruleset=ruleset)
        assert f"Ruleset {expected}" in Page(plan.to_html()).text
        assert expected.lower() in plan.to_text(full=True).lower()
        assert plan.to_dict()["edited"] is (ruleset is rules)


def test_a_revisit_to_come_is_next_though_no_deadline_is_on_it() -> None:
    """A later revisit that is planned is named in the sentence, in the table and in the summary."""
    facts = {
        "force": "kent",
        "inspection_report": {"published": "2019-06-03"},
        "decisions": [
            {
                "decision": "full-reinspection",
                "by": "HMICFRS",
                "on": "2020-01-20",
                "why": "unknown",
            }
        ],
        "revisits": [
            {"fieldwork": {"begins": "2019-11-04", "ends": "2019-11-08"}},
            {"fieldwork": {"begins": "2020-03-02", "ends": "2020-03-13"}},
        ],
    }
    plan = assess(FollowUp.from_dict(facts), on="2020-02-01")
    text = Page(plan.to_html()).text
    assert "Second revisit: planned for 2 March 2020 ." in text
    assert "Planned 2 March 2020 Second revisit begins" in text
    assert "2 Mar 2020    Second revisit begins" in plan.to_text()


def example_plan(name: str, on: str) -> PlanDocument:
    """Return the plan of an example."""
    return assess(FollowUp.load(FOLLOW_UPS / f"{name}.yaml"), on=on).document


@given(plans(texts=PLAIN_TEXTS))
def test_letters_stand_on_the_page(plan: PlanDocument) -> None:
    """Each letter is on the page line by line, with a button that copies it and no other."""
    text = html(plan)
    letters = re.findall(r'<div class="letter" id="(\w+)">(.*?)</div>', text, re.DOTALL)
    asked = {"notice": notice(plan), "request": document_request(plan)}
    assert [name for name, _ in letters] == [name for name, letter in asked.items() if letter]
    for name, letter in letters:
        assert unescape(letter) == asked[name].rstrip("\n")
    assert re.findall(r'data-copies="(\w+)"', text) == [name for name, _ in letters]


def test_a_page_says_what_its_tags_mean() -> None:
    """A page with actions that nothing can record says once above them what not tracked means."""
    text = html(example_plan("northumbria-2018", "2018-12-15"))
    assert text.count("Not tracked: a follow-up has no place to record") == 1


def test_what_is_cited_leads_to_a_review_pack() -> None:
    """With a review pack, statements, questions and rules lead to their places in it alone."""
    plan = example_plan("northumbria-2018", "2018-12-15")
    page = Page(html(plan, review="packs/review.html"))
    leads = {href for tag, of in page.tags if tag == "a" and (href := of.get("href"))}
    away = {href for href in leads if not href.startswith("#")}
    assert {href.partition("#")[0] for href in away} == {"packs/review.html"}
    assert {href.partition("#")[2] for href in away} >= {
        *(f"s-{id_}" for id_ in plan.statements),
        *(f"q-{taken.id}" for taken in plan.interpretations),
        *(f"r-{action.id}" for action in plan.required_actions),
    }
    assert not [href for href in leads if href.startswith(("#s-", "#q-", "#r-"))]


def test_a_tier_has_its_bars() -> None:
    """Two of three bars are filled for a review, and none for what is to be decided."""
    review = html(example_plan("northumbria-2018", "2018-12-15"))
    bars = (
        '<span class="bars" aria-hidden="true"><i class="on"></i><i class="on"></i><i></i></span>'
    )
    assert (
        f'<dd><span class="headline">{bars}<span>Post-inspection review</span></span></dd>'
        in review
    )
    facts = {"force": "kent", "inspection_report": {"published": "2019-06-03"}}
    plan = assess(facts, on="2019-09-02")
    assert '<span class="headline open">' + bars.replace(' class="on"', "") in plan.to_html()
    assert plan.to_text().splitlines()[1:3] == [
        "The type of follow-up is to be decided: it waits for the judgement of the",
        "force's prospects for improvement.",
    ]


def test_nothing_is_said_of_what_is_not_tracked() -> None:
    """An action that no event completes has no status, as nothing can be recorded of it."""
    plan = example_plan("northumbria-2018", "2018-12-15")
    untracked = [action for action in plan.required_actions if action.event is None]
    assert {(action.status, action.status_label, action.status_line) for action in untracked} == {
        (Status.CANNOT_TELL, NOT_TRACKED, "")
    }
    assert html(plan).count('<span class="soft">Not tracked</span>') == len(untracked)


def test_several_plans_can_be_filtered() -> None:
    """Each plan has a row that leads to it, and both say by what they are shown."""
    northumbria, kent = (
        example_plan("northumbria-2018", "2018-12-15"),
        example_plan("kent-2019", "2020-03-01"),
    )
    tags = Page(html(northumbria, kent)).tags
    filtered = [(tag, of) for tag, of in tags if "data-subject" in of]
    assert [(tag, of["data-subject"]) for tag, of in filtered] == [
        *(("tr", plan.subject_name) for plan in (northumbria, kent)),
        *(("article", plan.subject_name) for plan in (northumbria, kent)),
    ]
    assert {of["data-filter"] for _, of in tags if "data-filter" in of} == {
        "subject",
        "status",
        "headline",
    }
