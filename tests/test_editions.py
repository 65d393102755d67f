"""Several editions of one methodology: which one a follow-up's own date selects, and is told."""

from __future__ import annotations

import datetime
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("icalendar", reason="calendars need the extra 'office'")

from ncpi_rules.checks import check
from ncpi_rules.cli import main
from ncpi_rules.core import NOT_YET, UNKNOWN, PartialDate, RulesetError
from ncpi_rules.explore import caseload, what_if
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import Record, assess, record, replay
from ncpi_rules.report import summary_lines
from ncpi_rules.report.office import to_ics
from ncpi_rules.ruleset import Editions, edition_folder, load_editions, load_ruleset
from ncpi_rules.scenarios import load_scenarios
from tests.strategies import whens
from tests.two_editions import BEGINS, ENDS, FIRST, SECOND, edit, write_editions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ncpi_rules.core import When
    from ncpi_rules.plan import Plan

ON = "2025-02-01"
FIRST_DAY = datetime.date(2014, 4, 1)
FINAL_DAY = datetime.date(2029, 12, 31)
DAYS = {
    FIRST: (FIRST_DAY, datetime.date.fromisoformat(ENDS)),
    SECOND: (datetime.date.fromisoformat(BEGINS), FINAL_DAY),
}
IN_FORCE = (
    "'as published' applies from 1 April 2014 to 29 February 2024 and 'made up' from 1 May 2024 to "
    "31 December 2029."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two editions."""
    return write_editions(tmp_path_factory.mktemp("methodology"))


@pytest.fixture(scope="module")
def editions(folder: Path) -> Editions:
    """Return both editions."""
    rules = load_editions(folder)
    assert isinstance(rules, Editions)
    return rules


@pytest.fixture(scope="module")
def assessed(editions: Editions) -> Callable[[FollowUp, datetime.date], Plan]:
    """Return what assesses a follow-up on a day by both editions."""
    return lambda follow_up, on: assess(follow_up, on=on, ruleset=editions)


def published(when: str | When) -> FollowUp:
    """Return a follow-up of which only the day of the report is known, in one form or another."""
    names = {UNKNOWN: "unknown", NOT_YET: "not-yet"}
    if isinstance(when, PartialDate):
        text = when.edtf
    else:
        text = when if isinstance(when, str) else names[when]
    return FollowUp.from_dict({"force": "kent", "inspection_report": {"published": text}})


def notes(plan: Plan) -> list[str]:
    """Return what the first alert of a plan says, where it is about the edition."""
    first = [(alert.id, alert.sentence) for alert in plan.alerts][:1]
    return [text for id_, text in first if id_.endswith(("the-edition", "not-certain"))]


# --- which edition is followed --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "edition", "due"),
    [
        ("2014-04-01", FIRST, "2014-10-01"),
        ("2018-08-30", FIRST, "2019-02-28"),
        (ENDS, FIRST, "2024-08-29"),
        (BEGINS, SECOND, "2024-09-01"),
        ("2025-01-31", SECOND, "2025-05-31"),
        ("2029-12-31", SECOND, "2030-04-30"),
    ],
)
def test_the_follow_ups_own_date_selects(
    editions: Editions, date: str, edition: str, due: str
) -> None:
    """An edition begins and ends with a day that is in it, whatever the day of the assessment."""
    for on in ("2016-01-01", ON, "2031-12-31"):
        plan = assess(published(date), on=on, ruleset=editions)
        assert plan.edition == plan.document.edition == edition
        revisit = next(item for item in plan.deadlines if item.id == "deadline.revisit")
        assert revisit.due == PartialDate.read(due)
        assert notes(plan) == []


def possible_on(when: When, on: datetime.date) -> set[str | None]:
    """Return the edition of each day that a date may be, None for none: day by day."""
    start, end = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)
    if isinstance(when, PartialDate):
        start, end = when.first, when.last
    elif when is NOT_YET:
        start = on
    edges = {start, end, *(edge for days in DAYS.values() for edge in days)}
    edges |= {edge + datetime.timedelta(days=step) for edge in edges for step in (-1, 1)}
    return {
        next((name for name, (first, last) in DAYS.items() if first <= day <= last), None)
        for day in edges
        if start <= day <= end
    }


@given(when=whens(), on=st.dates(datetime.date(2010, 1, 1), datetime.date(2035, 12, 31)))
def test_only_a_possible_edition_is_followed_and_all_else_is_told(
    assessed: Callable[[FollowUp, datetime.date], Plan], when: When, on: datetime.date
) -> None:
    """Where every day that the date may be is in one edition, nothing is told; otherwise it is."""
    plan = assessed(published(when), on)
    possible = possible_on(when, on)
    if any(possible):
        assert plan.edition in possible
    said = notes(plan)
    if when is UNKNOWN or when is NOT_YET:
        assert bool(said) == (len(possible - {None}) != 1)
        return
    assert bool(said) == (len(possible) > 1 or possible == {None})
    for text in said:
        is_outside = possible == {None}
        assert text.startswith("No edition applies" if is_outside else "It is not certain")
        assert ("On some of these days no edition applies." in text) == (
            None in possible and not is_outside
        )
        named = {name for name in DAYS if f"'{name.replace('-', ' ')}' " in text}
        assert named == (set(DAYS) if is_outside else possible - {None})


@pytest.mark.parametrize(
    ("date", "edition", "said"),
    [
        (
            "2024-03-15",
            FIRST,
            (
                "No edition applies on the date of 'publication of the inspection report', 15 "
                f"March 2024: {IN_FORCE} This plan follows the nearest, 'as published'."
            ),
        ),
        (
            "2024-04-20",
            SECOND,
            (
                "No edition applies on the date of 'publication of the inspection report', 20 "
                f"April 2024: {IN_FORCE} This plan follows the nearest, 'made up'."
            ),
        ),
        (
            "2024",
            FIRST,
            (
                "It is not certain which edition applies, because the date of 'publication of the "
                f"inspection report' is 2024: {IN_FORCE} On some of these days no edition applies. "
                "This plan follows 'as published'."
            ),
        ),
        (
            "unknown",
            SECOND,
            (
                "It is not certain which edition applies, because the date of 'publication of the "
                f"inspection report' is not known: {IN_FORCE} This plan follows 'made up'."
            ),
        ),
    ],
)
def test_what_is_told(editions: Editions, date: str, edition: str, said: str) -> None:
    """What is not certain is told in plain words, and the edition that is followed is named."""
    plan = assess(published(date), on=ON, ruleset=editions)
    assert (plan.edition, notes(plan)) == (edition, [said])


def test_the_earliest_of_two_that_meet_is_followed(tmp_path: Path) -> None:
    """Where one edition follows the other at once, a date that may be in both is told as such."""
    write_editions(tmp_path)
    edit(tmp_path / SECOND / "ruleset.yaml", f"in_force: {BEGINS}/", "in_force: 2024-03/")
    plan = assess(published("2024-02/2024-03"), on=ON, ruleset=load_editions(tmp_path))
    assert plan.edition == FIRST
    (said,) = notes(plan)
    assert plan.alerts[0].id == "edition-not-certain"
    assert "no edition" not in said
    edit(tmp_path / SECOND / "ruleset.yaml", "in_force: 2024-03/", "in_force: 2024-03-02/")
    plan = assess(published("2024-02/2024-03"), on=ON, ruleset=load_editions(tmp_path))
    assert plan.alerts[0].id == "outside-the-edition"


# --- where it is told -----------------------------------------------------------------------------


@pytest.mark.parametrize("date", ["2024-03-15", "2024-02/2024-06"])
def test_it_is_the_first_thing_on_every_page(editions: Editions, date: str) -> None:
    """A plan, a caseload and a what-if say it before anything else, in every form."""
    plan = assess(published(date), on=ON, ruleset=editions)
    (said,) = notes(plan)
    pages: dict[str, tuple[Any, str]] = {
        "plan": (plan, "The type of follow-up"),
        "caseload": (caseload([published(date)], on=ON, ruleset=editions), "In short"),
        "what if": (
            what_if(published(date), prospects="no-concerns", on=ON, ruleset=editions),
            "In short",
        ),
    }
    start = said[3:40]
    assert plan.to_text(full=True).index(start) < plan.to_text(full=True).index("THE TYPE OF")
    summary = " ".join(plan.to_text().split())
    assert summary.index(f"! {said}") < summary.index("The type of follow-up is to be decided")
    for name, (page, heading) in pages.items():
        short = [] if page is plan else [page.to_text()]
        for form in (*short, page.to_markdown(), page.to_html()):
            body = form.partition("<section")[2] or form
            plain = " ".join(body.replace("&#x27;", "'").split())
            at = plain.index(start)
            assert at < plain.casefold().index(heading.casefold()), name
    assert said[3:30] in plan.plot().html
    assert plan.to_dict()["alerts"][0]["sentence"] == said


def test_it_is_said_in_files_for_an_office(editions: Editions) -> None:
    """Each entry of a calendar begins with it, the workbook says it first, and so do many plans."""
    date = "2024-04-20"
    plan = assess(published(date), on="2024-05-01", ruleset=editions)
    (said,) = notes(plan)
    calendar = to_ics([plan]).decode().replace("\r\n ", "").replace("\\,", ",")
    assert calendar.count(f"DESCRIPTION:{said}") == calendar.count("BEGIN:VEVENT") > 0
    other = assess(published("2018-06-28"), on="2024-05-01", ruleset=editions)
    text = " ".join(summary_lines([other.document, plan.document]).split())
    edited = "Made up, edited copy of As published: not the rules as the edition has them."
    said = "No edition applies, or not certainly one: Kent Police."
    assert f"May 2024 ! {edited} ! {said} Kent Police" in text


def test_a_caseload_says_which_edition_each_row_follows(editions: Editions) -> None:
    """Each row has the edition that its own date selects, and the page names it."""
    dates = ["2018-06-28", "2025-01-31", "2024-03-15"]
    page = caseload(map(published, dates), on=ON, ruleset=editions)
    assert page.to_dict()["editions"] == [FIRST, SECOND]
    assert {(str(row.published and row.published.edtf), row.edition) for row in page.rows} == set(
        zip(dates, [FIRST, SECOND, FIRST], strict=True)
    )
    *_, last = page.to_csv().splitlines()[0].split(",")
    assert last == "Please note"
    assert page.to_csv().count("No edition applies on the date") == 1
    assert {
        "Edition: as published.",
        "Edition: made up, edited copy of As published.",
    } <= {cell.lines[1] for table in _tables(page) for cell in table}


def _tables(page: Any) -> list[list[Any]]:
    """Return the first cells of the tables on a page."""
    tables = [section.table for section in page.contents().sections if section.table is not None]
    return [[row.cells[0] for row in table.rows] for table in tables]


def test_what_if_another_day_leads_to_another_edition(editions: Editions) -> None:
    """A report that is published on another day follows the edition of that day."""
    result = what_if(
        published("2024-02-29"),
        {"inspection_report.published": "2024-05-01"},
        on=ON,
        ruleset=editions,
    )
    assert (result.before.edition, result.after.edition) == (FIRST, SECOND)
    assert any(difference.item == "deadline.revisit" for difference in result.of_substance)


def test_the_margins_and_other_answers_are_of_the_same_edition(editions: Editions) -> None:
    """Explanations neither lose nor gain what is told of the edition."""
    plan = assess(published("2024-04-20"), on=ON, ruleset=editions)
    for answer in plan.sensitivity().answers:
        assert not any("edition" in change.item for change in answer.differences)


# --- names and folders ----------------------------------------------------------------------------


def refusal(work: Callable[[], object]) -> list[str]:
    """Return what is said where something is refused."""
    with pytest.raises(RulesetError) as caught:
        work()
    return [f"{problem.message} {problem.help}" for problem in caught.value.problems]


def test_one_edition_is_named_where_one_must_be_meant(folder: Path) -> None:
    """The folder of several stands for none of them; its name and the edition's stand for one."""
    assert refusal(lambda: load_ruleset(folder)) == [
        (
            f"There are several editions here: as-published and made-up. Name one of them, such as "
            f"'{folder}/made-up'."
        )
    ]
    assert load_ruleset(folder / SECOND).settings.edition == SECOND
    assert load_ruleset(f"{folder}/{FIRST}").settings.edition == FIRST
    assert edition_folder("ncpi-follow-up/as-published").name == FIRST


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            f"in_force: {BEGINS}/2029",
            "in_force: 2024-02-29/2029",
            [
                (
                    "Two editions apply on the same day: 'as published' applies from 1 April 2014 "
                    "to 29 February 2024 and 'made up' from 29 February 2024 to 31 December 2029. "
                    "Let each begin when the one before it has ended."
                )
            ],
        ),
        (
            f"in_force: {BEGINS}/2029\n",
            "",
            [
                (
                    "'in_force' is missing, and there are other editions beside this one. Each of "
                    "several editions says when it is in force, and by which event's date it is "
                    "selected."
                )
            ],
        ),
        (
            f"edition: {SECOND}",
            f"edition: {FIRST}",
            [
                (
                    "Two editions have the name 'as-published'. "
                    "Give each a name of its own, after 'edition'."
                )
            ],
        ),
        (
            "id: ncpi-follow-up",
            "id: another",
            [
                (
                    "These are editions of different rulesets. Give all editions in one folder the "
                    "same 'id', or move one elsewhere."
                )
            ],
        ),
    ],
)
def test_editions_that_do_not_fit_together(
    tmp_path: Path, old: str, new: str, said: list[str]
) -> None:
    """Editions in one folder must each say when they apply, and never two on one day."""
    write_editions(tmp_path)
    edit(tmp_path / SECOND / "ruleset.yaml", old, new)
    assert refusal(lambda: load_editions(tmp_path)) == said
    assert [f"{finding.message} {finding.help}" for finding in check(tmp_path)] == said


def test_a_folder_beside_editions_is_read_or_named(tmp_path: Path) -> None:
    """A folder without 'ruleset.yaml' beside editions is no edition, and nothing is passed over."""
    shutil.copytree(str(edition_folder("ncpi-follow-up")), tmp_path / FIRST)
    (tmp_path / "as-publishd").mkdir()
    (tmp_path / "as-publishd" / "1-stage.yaml").write_text("decides: actions\n", "utf-8")
    (tmp_path / "notes.md").write_text("notes\n", "utf-8")
    assert refusal(lambda: load_ruleset(tmp_path)) == [
        "This folder is not read. Move what should be read out of it, or move it elsewhere."
    ]


def test_hidden_files_are_left_alone_whatever_their_ending(tmp_path: Path) -> None:
    """What an editor or an office program hides beside rules and scenarios is no part of them."""
    folder = tmp_path / FIRST
    shutil.copytree(str(edition_folder("ncpi-follow-up")), folder)
    for name in (".2-tier.yaml", "~$2-tier.yaml", "scenarios/.1-stage.yml", "scenarios/~$1.yaml"):
        (folder / name).write_text("no: rule\n", "utf-8")
    rules = load_ruleset(folder)
    assert rules.digest == load_ruleset("ncpi-follow-up/as-published").digest
    assert len(load_scenarios(folder, ruleset=rules)) == len(load_scenarios())


# --- at the command line --------------------------------------------------------------------------


def follow_up_file(folder: Path, date: str) -> str:
    """Write a follow-up with a day of publication, and return its name."""
    path = folder / f"kent-{date}.yaml"
    path.write_text(f"force: kent\ninspection_report: {{published: {date}}}\n", "utf-8")
    return str(path)


@pytest.mark.long
def test_commands_take_a_folder_of_editions(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Assess, caseload, explain, test, check and record take all editions; others ask for one."""
    files = [follow_up_file(tmp_path, date) for date in ("2018-06-28", "2025-01-31")]
    of = ["--on", ON, "--ruleset", str(folder)]
    assert main(["assess", *files, *of, "--format", "json"]) == 0
    out, _ = capsys.readouterr()
    assert [plan["edition"] for plan in json.loads(out)] == [FIRST, SECOND]
    assert main(["caseload", *files, *of, "--format", "json"]) == 0
    out, _ = capsys.readouterr()
    assert {row["edition"] for row in json.loads(out)["rows"]} == {FIRST, SECOND}
    assert main(["test", str(folder), "--format", "json"]) == 0
    out, _ = capsys.readouterr()
    assert json.loads(out)["editions"][SECOND]["passed"] == 1
    assert main(["test", str(folder)]) == 0
    out, _ = capsys.readouterr()
    assert out.endswith("\nEdition 'made-up'\n1 scenario: 1 pass, 0 fail.\n")
    assert main(["check", str(folder), "--format", "json"]) == 1
    out, _ = capsys.readouterr()
    findings = {name: edition["findings"] for name, edition in json.loads(out)["editions"].items()}
    assert findings[FIRST] == []
    assert {finding["code"] for finding in findings[SECOND]} == {"number-not-as-stated"}
    outside = follow_up_file(tmp_path, "2024-03-15")
    assert main(["explain", outside, *of]) == 0
    out, _ = capsys.readouterr()
    assert out.index("No edition applies") < out.index("Why tier?")
    for command in (["decide"], ["mutate"], ["diff", str(folder), FIRST]):
        more = ["--ruleset", str(folder)] if command == ["decide"] else [str(folder)]
        assert main([*command, *(more if len(command) == 1 else [])]) == 2
        _, err = capsys.readouterr()
        assert "There are several editions here: as-published and made-up." in err


@pytest.mark.long
def test_check_tells_editions_that_do_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong between editions is told beside what is wrong with each of them."""
    write_editions(tmp_path)
    edit(tmp_path / SECOND / "ruleset.yaml", f"in_force: {BEGINS}/2029", "in_force: 2024-02/2029")
    assert main(["check", str(tmp_path)]) == 1
    plain = " ".join(capsys.readouterr().out.split())
    assert "Two editions apply on the same day: 'as published' applies from" in plain
    assert "number-not-as-stated" in plain
    assert main(["check", str(tmp_path), "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["help"] == "Let each begin when the one before it has ended."
    (tmp_path / SECOND / "ruleset.yaml").write_text("id: x\n", "utf-8")
    assert main(["check", str(tmp_path)]) == 1
    plain = " ".join(capsys.readouterr().out.split())
    assert plain.count("'edition' is missing.") == 1
    assert "Two editions" not in plain


def test_two_editions_are_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two editions of one folder are compared by their names."""
    assert main(["diff", f"{folder}/{FIRST}", f"{folder}/{SECOND}"]) == 0
    out, _ = capsys.readouterr()
    assert "edition made up" in out
    assert "6 months" in out
    assert "4 months" in out


def test_a_record_keeps_its_edition(
    editions: Editions, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A record names the edition; all editions lead to it again, and another one is told."""
    for date, edition in (("2025-01-31", SECOND), ("2024-03-15", FIRST)):
        made = record(assess(published(date), on=ON, ruleset=editions))
        assert made.ruleset.edition == edition
        again = replay(Record.from_json(made.to_json()), ruleset=editions)
        assert again.same
        assert again.changes == ()
        masked = record(assess(published(date), on=ON, ruleset=editions), mask_names=True)
        assert masked.plan == made.plan
    file = follow_up_file(tmp_path, "2025-01-31")
    name = str(tmp_path / "record.json")
    of = ["--ruleset", str(folder)]
    assert main(["assess", file, "--on", ON, *of, "--record", name]) == 0
    assert main(["replay", name, *of]) == 0
    capsys.readouterr()
    assert main(["replay", name]) == 1
    out, _ = capsys.readouterr()
    plain = " ".join(out.split())
    assert "edition 'made-up', and this one is 'ncpi-follow-up', edition 'as-published'." in plain
