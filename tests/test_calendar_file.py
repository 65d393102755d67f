"""Plans as calendars: what stands in them, and what becomes of it when they are imported again."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

icalendar = pytest.importorskip("icalendar")

from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.cli import main
from ncpi_rules.core import NcpiRulesError, PartialDate, Status
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess, masked
from ncpi_rules.report.office import to_ics
from tests.strategies import broken_files, follow_ups, to_assess

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncpi_rules.plan import Plan

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples" / "follow-ups"
NORTHUMBRIA = EXAMPLES / "northumbria-2018.yaml"
DONE = {"met", "done", "late", "too-early", "waived", "varied"}


def plan_on(day: str) -> Plan:
    """Return the plan of an example on a day."""
    return assess(FollowUp.load(NORTHUMBRIA), on=day)


def events_in(content: bytes | str) -> list[Any]:
    """Return the entries of a calendar, as another program reads them."""
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def imported(*calendars: bytes) -> dict[str, Any]:
    """Return what a program has that knows ids, when it has imported calendars one by one."""
    shown: dict[str, Any] = {}
    for content in calendars:
        for event in events_in(content):
            old = shown.get(str(event["uid"]))
            if old is None or event["sequence"] >= old["sequence"]:
                shown[str(event["uid"])] = event
    return {uid: event for uid, event in shown.items() if event.get("status") != "CANCELLED"}


@given(to_assess())
def test_every_deadline_to_come_has_one_entry(asked: dict[str, Any]) -> None:
    """A deadline that is not done and has a due date to come has one entry, on the due date."""
    plan = assess(**asked)
    events = [event for event in events_in(to_ics([plan])) if ".planned@" not in event["uid"]]
    expected = sorted(
        (deadline.due.first, deadline.event)
        for deadline in plan.deadlines
        if deadline.due is not None and deadline.status.value not in DONE
        if deadline.due.last >= plan.on or deadline.status is Status.OVERDUE
    )
    places = [str(event["uid"]).split("@")[0].rsplit(".1.", 1)[1] for event in events]
    entries = zip((event.decoded("dtstart") for event in events), places, strict=True)
    assert sorted((day, place.partition(".")[0]) for day, place in entries) == expected


@given(to_assess())
def test_an_entry_is_of_whole_days(asked: dict[str, Any]) -> None:
    """Each entry takes no time of anybody, ends after it begins, and is as at the plan's day."""
    plan = assess(**asked)
    for event in events_in(to_ics([plan])):
        assert event["transp"] == "TRANSPARENT"
        assert event.decoded("dtend") > event.decoded("dtstart")
        assert event.decoded("dtstamp").date() == plan.on


@given(to_assess())
def test_a_planned_revisit_has_an_entry(asked: dict[str, Any]) -> None:
    """A revisit that is planned for a day to come has an entry of its own on that day."""
    plan = assess(**asked)
    name = plan.ruleset.contract.name("fieldwork.begins")
    begins = plan.events[name]
    if isinstance(begins, PartialDate) and begins.first > plan.on:
        planned = [
            event for event in events_in(to_ics([plan])) if f".{name}.planned@" in event["uid"]
        ]
        assert [event.decoded("dtstart") for event in planned] == [begins.first]


@given(st.lists(to_assess(), max_size=4), st.randoms())
def test_the_order_of_plans_makes_no_difference(asked: list[dict[str, Any]], random: Any) -> None:
    """The same plans give the same bytes in any order, with the lines and ends of RFC 5545."""
    plans = [assess(**arguments) for arguments in asked]
    content = to_ics(plans)
    random.shuffle(plans)
    assert to_ics(plans) == content
    lines = content.split(b"\r\n")
    assert [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line] == []
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\r\nMETHOD:PUBLISH\r\n" in content


def later_plans(follow_up: FollowUp, days: Sequence[Any]) -> list[Plan]:
    """Return the plans of a follow-up on several days, in their order."""
    return [assess(follow_up, on=day) for day in sorted(days)]


DAYS = st.lists(
    st.dates(PartialDate.read("2018").first, PartialDate.read("2019").last), min_size=3, max_size=3
)


@given(follow_ups(), DAYS)
def test_importing_again_keeps_one_entry_for_each_id(follow_up: FollowUp, days: Any) -> None:
    """A calendar imported twice is as if once; a later one leaves nothing to come but its own."""
    first, second, third = later_plans(follow_up, days)
    earlier = to_ics([first])
    uids = [event["uid"] for event in events_in(earlier)]
    assert len(uids) == len(set(uids))
    assert imported(earlier, earlier) == imported(earlier)
    later = to_ics([second], previous=earlier.decode())
    left = imported(earlier, later)
    own = imported(later)
    gone = {uid for uid in left.keys() - own.keys() if left[uid].decoded("dtend") > second.on}
    assert gone == set()
    assert {uid: left[uid] for uid in own} == own
    cancelled = {event["uid"] for event in events_in(later) if event.get("status") == "CANCELLED"}
    again = events_in(to_ics([third], previous=later.decode()))
    assert [event for event in again if event.get("status") and event["uid"] in cancelled] == []


def test_a_number_rises_with_the_day() -> None:
    """SEQUENCE is higher on a later day, and beside an earlier calendar of the same day too."""
    uid = "northumbria.2018-06-28.1.feedback-given@ncpi-rules.invalid"
    earlier, later = to_ics([plan_on("2018-12-15")]), to_ics([plan_on("2018-12-16")])
    same_day = to_ics([plan_on("2018-12-15")], previous=earlier.decode())
    numbers = [imported(content)[uid]["sequence"] for content in (earlier, later, same_day)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 1]


def test_what_an_entry_says() -> None:
    """An entry says who, how it stands, the limit, the statement, what it rests on and the day."""
    uid = "northumbria.2018-06-28.1.revisit-begins@ncpi-rules.invalid"
    event = imported(to_ics([plan_on("2018-12-15")]))[uid]
    assert event["summary"] == "PROJECTED LATE: Revisit begins, Northumbria Police"
    lines = str(event["description"]).splitlines()
    assert lines[:3] == [
        "Who: HMICFRS.",
        "Planned for 7 January 2019: projected to be 10 days late.",
        "Limit: within 6 months after publication of the inspection report.",
    ]
    assert [line.split(":")[0] for line in lines[3:6]] == [
        "approach.8",
        "Rests on R7",
        "Rests on R9",
    ]
    assert lines[6].startswith("Position as at 15 December 2018. Ruleset as published, ")


@given(to_assess(texts=st.sampled_from(["Zoë Quill", "Quill, Zoë"])))
def test_masked_names_are_masked(asked: dict[str, Any]) -> None:
    """No name of the facts is left in the calendar of masked facts, but those that are ids."""
    follow_up = masked(asked.pop("follow_up"))
    assert "Quill" not in to_ics([assess(follow_up, **asked)]).decode()


def test_nothing_of_another_force_is_cancelled() -> None:
    """After a calendar of several forces, that of one cancels its own entries alone."""
    facts = {"inspection_report": {"published": "2019-01-07"}, "fieldwork": {"begins": "not-yet"}}
    both = [assess({"force": name, **facts}, on="2019-02-01") for name in ("kent", "surrey")]
    earlier = to_ics(both).decode()
    done = facts | {"fieldwork": {"begins": "2019-02-11", "ends": "2019-02-15"}}
    later = to_ics([assess({"force": "kent", **done}, on="2019-02-20")], previous=earlier)
    cancelled = [event["uid"] for event in events_in(later) if event.get("status") == "CANCELLED"]
    assert cancelled
    assert {uid.partition(".")[0] for uid in cancelled} == {"kent"}


def test_assess_writes_a_calendar_and_cancels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--format ics`` prints or writes a calendar; ``--previous`` names the one before."""
    output = tmp_path / "plan.ics"
    asked = ["assess", str(NORTHUMBRIA), "--format", "ics", "--on"]
    assert main([*asked, "2018-12-15", "-o", str(output)]) == 0
    assert output.read_bytes() == to_ics([plan_on("2018-12-15")])
    assert main([*asked, "2019-01-12", "--previous", str(output)]) == 0
    previous = output.read_bytes().decode()
    printed = capsys.readouterr().out
    assert printed.replace("\r\n", "\n") == (
        to_ics([plan_on("2019-01-12")], previous=previous).decode().replace("\r\n", "\n")
    )


IS_INPUT = "This file is an input, so it cannot be the output as well."
UNUSABLE = {
    "no-calendar": ("hello", "This is not a calendar that can be read.", ()),
    "number-too-high": (
        to_ics([plan_on("2018-12-15")]).decode().replace("SEQUENCE:", "SEQUENCE:99999"),
        "This is not a calendar that can be read.",
        (),
    ),
    "no-file": (None, "There is no such file.", ()),
    "later": (
        to_ics([plan_on("2018-12-15")]).decode(),
        "This calendar has the position as at 15 December 2018, which is later.",
        ("--on", "2018-12-14"),
    ),
    "output": ("", IS_INPUT, ("-o", "previous.ics", "--replace")),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_earlier_calendar_that_cannot_be_used(
    case: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is wrong with an earlier calendar is said in a sentence, and nothing is printed."""
    monkeypatch.chdir(tmp_path)
    text, expected, arguments = UNUSABLE[case]
    if text is not None:
        Path("previous.ics").write_bytes(text.encode())
    asked = ["assess", str(NORTHUMBRIA), "--format", "ics", "--previous", "previous.ics"]
    assert main([*asked, *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[0]) == ("", f"previous.ics: {expected}")


@given(broken_files(whole=to_ics([plan_on("2018-12-15")])))
def test_a_broken_calendar_is_read_or_refused(content: bytes) -> None:
    """Whatever an earlier calendar holds, it is read or refused: nothing else is raised."""
    text = content.decode("utf-8", "replace")
    with suppress(NcpiRulesError):
        made = to_ics([plan_on("2018-12-16")], previous=text)
        assert made.startswith(b"BEGIN:VCALENDAR")


def test_an_earlier_calendar_is_for_calendars(capsys: pytest.CaptureFixture[str]) -> None:
    """``--previous`` beside another format is wrong usage."""
    assert main(["assess", str(NORTHUMBRIA), "--previous", "x.ics"]) == 2
    assert capsys.readouterr().err == (
        "An earlier calendar is for calendars only.\n  help: Add: --format ics\n"
    )


_WITHOUT = """
import sys
for name in ("icalendar", "openpyxl", "docx"):
    sys.modules[name] = None
from ncpi_rules.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess", str(NORTHUMBRIA), "--format", "ics"],
        ["assess", str(NORTHUMBRIA), "--format", "xlsx", "-o", "x.xlsx"],
        ["assess", str(NORTHUMBRIA), "--format", "docx", "-o", "x.docx"],
        ["init", "--cases", "x.xlsx"],
    ],
)
def test_what_needs_the_extra_names_it(arguments: list[str], tmp_path: Path) -> None:
    """Without the packages of the extra, one sentence names it, and nothing is written."""
    ran = subprocess.run(  # noqa: S603  our own interpreter, our own arguments
        [sys.executable, "-c", _WITHOUT, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    first, help_ = ran.stderr.splitlines()
    assert ran.returncode == 2
    assert first == "Reading or writing office files needs packages that are not installed."
    assert "ncpi-rules[office]" in help_
    assert list(tmp_path.iterdir()) == []
