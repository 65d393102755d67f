"""Every message of the readers, each with a file that is wrong on purpose and what is said of it.

``broken/facts`` holds facts, ``broken/assessed`` facts that a ruleset refuses, ``broken/rulesets``
what differs from ``rulesets/smallest``, and ``broken/scenarios`` and ``broken/approvals`` what is
written for the latter; beside each stands what a person is told, word for word. A message without
such a file fails the last test.
"""

from __future__ import annotations

import ast
import datetime
import re
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given

import ncpi_rules
from ncpi_rules.checks import quick_check
from ncpi_rules.cli import main
from ncpi_rules.core import (
    DateError,
    FactsError,
    NcpiRulesError,
    PartialDate,
    RecordError,
    RulesetError,
    read_when,
)
from ncpi_rules.facts import FollowUp, InspectionReport
from ncpi_rules.io import (
    new_folder,
    open_regular_file,
    refuse_input,
    source,  # pinned: the largest file that is read
    write_folder,
    write_yaml,
)
from ncpi_rules.plan import Plan, Record, assess, record, replay
from ncpi_rules.ruleset import load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import load_scenarios
from ncpi_rules.sign_off import load_approvals
from ncpi_rules.sign_off.approvals import Fingerprints  # pinned: the parts of an approval
from tests.strategies import broken_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
BROKEN = HERE / "broken"
SMALLEST = HERE / "rulesets" / "smallest"
PACKAGE = Path(ncpi_rules.__file__).parent
EXPECTED = ".expected.txt"

FACTS = sorted(path for path in BROKEN.glob("facts/*") if not path.name.endswith(EXPECTED))
ASSESSED = sorted(BROKEN.glob("assessed/*.yaml"))
RULESETS = sorted(BROKEN.glob("rulesets/*"))
SCENARIOS = sorted(BROKEN.glob("scenarios/*.yaml"))
APPROVALS = sorted(BROKEN.glob("approvals/*.yaml"))
RECORDS = sorted(BROKEN.glob("records/*.json"))
PLANS = sorted(BROKEN.glob("plans/*.json"))


def name_of(path: Path) -> str:
    """Return the name under which pytest shows a case."""
    return path.stem


def message_of(fault: NcpiRulesError, folder: Path) -> str:
    """Return what an error says, with the places relative to a folder."""
    text = "\n".join(str(problem) for problem in fault.problems)
    return text.replace(f"{folder.as_posix()}/", "").replace(folder.as_posix(), ".") + "\n"


def expected_of(path: Path) -> str:
    """Return what should be said of a case."""
    inside = path / "expected.txt"
    beside = path.with_name(path.stem + EXPECTED)
    return (inside if path.is_dir() else beside).read_text("utf-8")


def put_together(case: Path, folder: Path) -> Path:
    """Return the folder of a broken ruleset: the smallest one, with the files of the case."""
    if not any(path.is_dir() for path in case.iterdir()):
        shutil.copytree(SMALLEST, folder, dirs_exist_ok=True)
    shutil.copytree(case, folder, dirs_exist_ok=True)
    take_away = case / "take-away.txt"
    for name in take_away.read_text("utf-8").split() if take_away.is_file() else ():
        folder.joinpath(name).unlink()
    return folder


# --- the cases ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FACTS, ids=name_of)
def test_broken_facts(path: Path) -> None:
    """The file is refused with these words, and left as it is."""
    before = path.read_bytes()
    with pytest.raises(FactsError) as caught:
        FollowUp.load(path)
    assert message_of(caught.value, path.parent) == expected_of(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("path", ASSESSED, ids=name_of)
def test_broken_order_of_events(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file can be read, but not assessed by a ruleset whose events have an order."""
    FollowUp.load(path)
    assert main(["assess", str(path), "--on", "2019-04-11"]) == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.replace(f"{path.parent.as_posix()}/", "") == expected_of(path)


@pytest.mark.parametrize("case", RULESETS, ids=name_of)
def test_broken_rulesets(case: Path, tmp_path: Path) -> None:
    """The ruleset is refused with these words, and its files are left as they are."""
    folder = put_together(case, tmp_path)
    before = {path: path.read_bytes() for path in folder.rglob("*.y*ml")}
    with pytest.raises(RulesetError) as caught:
        load_ruleset(folder)
    assert message_of(caught.value, folder) == expected_of(case)
    assert {path: path.read_bytes() for path in folder.rglob("*.y*ml")} == before


@pytest.mark.parametrize("path", SCENARIOS, ids=name_of)
def test_broken_scenarios(path: Path, tmp_path: Path) -> None:
    """The scenarios are refused with these words; the ruleset beside them is not."""
    shutil.copytree(SMALLEST, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "scenarios"
    folder.mkdir(exist_ok=True)
    shutil.copy(path, folder)
    with pytest.raises(RulesetError) as caught:
        load_scenarios(tmp_path)
    assert message_of(caught.value, folder) == expected_of(path)
    assert load_ruleset(tmp_path).name == "smallest/made-up"


@pytest.mark.parametrize("path", RECORDS, ids=name_of)
def test_broken_records(path: Path) -> None:
    """The record is refused with these words, and left as it is."""
    before = path.read_bytes()
    with pytest.raises(RecordError) as caught:
        replay(Record.read(path))
    assert message_of(caught.value, path.parent) == expected_of(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("path", PLANS, ids=name_of)
def test_broken_plans(path: Path) -> None:
    """The stored plan is refused with these words."""
    with pytest.raises(RecordError) as caught:
        Plan.from_json(path.read_text("utf-8"), name=path.as_posix())
    assert message_of(caught.value, path.parent) == expected_of(path)


@pytest.mark.parametrize("path", APPROVALS, ids=name_of)
def test_broken_approvals(path: Path, tmp_path: Path) -> None:
    """The approvals are refused with these words; the ruleset beside them is not."""
    shutil.copytree(SMALLEST, tmp_path, dirs_exist_ok=True)
    shutil.copy(path, tmp_path / "approvals.yaml")
    with pytest.raises(RulesetError) as caught:
        load_approvals(tmp_path)
    assert message_of(caught.value, tmp_path) == expected_of(path)
    assert load_ruleset(tmp_path).name == "smallest/made-up"


def test_the_ruleset_of_the_broken_ones_is_whole() -> None:
    """What the broken rulesets are made from is loaded without a complaint."""
    assert quick_check(load_ruleset(SMALLEST)) == ()


def test_no_case_lacks_what_is_expected_of_it() -> None:
    """Each file and folder has one text of its own, and each text its file or folder."""
    assert len(FACTS) > 50
    assert len(RULESETS) > 50
    assert len(SCENARIOS) > 10
    assert len(APPROVALS) > 5
    assert len(RECORDS) > 8
    for kind, paths in (
        ("facts", FACTS),
        ("assessed", ASSESSED),
        ("scenarios", SCENARIOS),
        ("records", RECORDS),
        ("plans", PLANS),
        ("approvals", APPROVALS),
    ):
        texts = {path.name.removesuffix(EXPECTED) for path in BROKEN.glob(f"{kind}/*{EXPECTED}")}
        assert sorted(texts) == sorted(path.stem for path in paths)
    assert [path.name for path in RULESETS if not (path / "expected.txt").is_file()] == []


@pytest.mark.parametrize(
    "case", [*FACTS, *ASSESSED, *RULESETS, *SCENARIOS, *RECORDS, *PLANS, *APPROVALS], ids=name_of
)
def test_every_problem_has_a_place_and_a_way_out(case: Path) -> None:
    """Each problem is one line that ends with a full stop, and one line that says what to do."""
    lines = expected_of(case).splitlines()
    assert len(lines) >= 2
    for first, second in zip(lines[::2], lines[1::2], strict=True):
        assert re.match(r"[-\w./]+(:\d+:\d+)?: \S.*\.$", first), first
        assert re.match(r"  help: \S.*[.?]$", second), second


@pytest.mark.parametrize(
    "case", [path for path in (*FACTS, *RULESETS) if path.stem.startswith("five-")], ids=name_of
)
def test_all_problems_of_a_phase_are_told_and_none_of_a_later_one(case: Path) -> None:
    """Five faults of one phase are told in reading order; each case has a later fault besides."""
    problems = expected_of(case).splitlines()[::2]
    places = [re.match(r"(.+?):(\d+):(\d+)", problem) for problem in problems]
    spots = [(place[1], int(place[2]), int(place[3])) for place in places if place]
    assert len(problems) == len(spots) == 5
    assert spots == sorted(spots)


# --- what no file can hold ------------------------------------------------------------------------


def too_large(folder: Path) -> None:
    """Read a file that holds one character too many."""
    path = folder / "large.yaml"
    path.write_text("force: kent\nnote: ".ljust(source.MAXIMUM_BYTES + 1, "x"), "utf-8")
    FollowUp.load(path)


def a_folder(folder: Path) -> None:
    """Read a folder as if it were a file."""
    folder.joinpath("facts.yaml").mkdir()
    FollowUp.load(folder / "facts.yaml")


def within_itself(_: Path) -> None:
    """Read a mapping that holds itself."""
    facts: dict[str, Any] = {"force": "kent"}
    facts["note"] = facts
    FollowUp.from_dict(facts)


def a_file(folder: Path) -> Path:
    """Return a file that holds something else."""
    folder.joinpath("taken.json").write_text("{}", "utf-8")
    return folder / "taken.json"


def a_record() -> Record:
    """Return the record of the plan of a force of which nothing is known."""
    return record(assess(FollowUp(force="kent"), on="2020-01-31"))


def among_many(folder: Path) -> None:
    """Read a scenario that expects alerts of the shipped ruleset that it does not have."""
    folder.joinpath("ruleset.yaml").touch()
    inside = folder / "scenarios"
    inside.mkdir()
    expected = "expect: {alerts: [alert.deadline.revisits, something-else]}"
    text = f"scenarios:\n  - says: It is told.\n    {expected}\n"
    inside.joinpath("alerts.yaml").write_text(text, "utf-8")
    load_scenarios(folder, ruleset=shipped_ruleset())


def approved(folder: Path, *names: str) -> Path:
    """Return a folder in which one person has approved what has these names."""
    folder.joinpath("ruleset.yaml").touch()
    names_of_parts = [part.name for part in attrs.fields(Fingerprints)]
    parts = dict.fromkeys(names_of_parts, "0123456789abcdef" * 4)
    listed = [
        {"of": name, "by": "A. Officer", "on": "2026-11-20", "fingerprints": parts}
        for name in names
    ]
    folder.joinpath("approvals.yaml").write_text(write_yaml({"approvals": listed}), "utf-8")
    return folder


def two_files_of_approvals(folder: Path) -> None:
    """Read approvals that stand in two files."""
    shutil.copy(approved(folder) / "approvals.yaml", folder / "approvals.yml")
    load_approvals(folder, ruleset=shipped_ruleset())


def rule_or_interpretation(folder: Path) -> None:
    """Read the approval of what is a rule and an interpretation too."""
    rules = shipped_ruleset()
    interpretations = {**rules.interpretations, "tier.visit": rules.interpretations["R1"]}
    load_approvals(
        approved(folder, "tier.visit"), ruleset=attrs.evolve(rules, interpretations=interpretations)
    )


def folders_that_are_not_read(folder: Path) -> None:
    """Load a ruleset beside whose files there are folders, and a link to nothing."""
    shutil.copytree(SMALLEST, folder, dirs_exist_ok=True)
    for name, file in (("scenario", "1.yaml"), ("old/more", "1-drink.yaml"), ("cups", "1.jpg")):
        folder.joinpath(name).mkdir(parents=True)
        folder.joinpath(name, file).touch()
    folder.joinpath("guarantees.yaml").symlink_to(folder / "nothing")
    load_ruleset(folder)


def a_file_of_a_ruleset(folder: Path) -> object:
    """Name a file of a ruleset in the place of its folder."""
    file = folder / "drinks" / "vocabulary.yaml"
    file.parent.mkdir()
    file.touch()
    return load_ruleset(file)


def scenarios_that_are_not_read(folder: Path) -> None:
    """Load scenarios beside which there is a copy of a file, and a list in another form."""
    folder.joinpath("ruleset.yaml").touch()
    inside = folder / "scenarios"
    inside.mkdir()
    for name in ("1-drink.yaml", "1-drink.yaml.orig", "2-more.csv", "notes.md"):
        inside.joinpath(name).write_text("scenarios: []\n", "utf-8")
    load_scenarios(folder, ruleset=shipped_ruleset())


def files_where_another_stands(folder: Path) -> None:
    """Write files into a folder in which one of their names is taken."""
    folder.joinpath("taken.csv").write_text("other", "utf-8")
    write_folder(folder, {"taken.csv": b"ours", "free.csv": b"ours"}, FactsError)


def a_folder_where_another_stands(folder: Path) -> None:
    """Make a folder where one that holds something has its name."""
    folder.joinpath("taken").mkdir()
    folder.joinpath("taken", "file").touch()
    with new_folder(folder / "taken", FactsError):
        pass


IN_PYTHON: dict[str, tuple[type[NcpiRulesError], Callable[[Path], object], str]] = {
    "a file that is too large": (
        FactsError,
        too_large,
        (
            "large.yaml: The file is too large; the most that is read is 2,000,000 bytes.\n"
            "  help: Split it into several files.\n"
        ),
    ),
    "a text that is too large": (
        FactsError,
        lambda _: FollowUp.from_json("[" * (source.MAXIMUM_BYTES + 1), name="facts"),
        (
            "facts: The file is too large; the most that is read is 2,000,000 bytes.\n"
            "  help: Split it into several files.\n"
        ),
    ),
    "no such file": (
        FactsError,
        lambda folder: FollowUp.load(folder / "kent.yaml"),
        "kent.yaml: There is no such file.\n  help: Check the name.\n",
    ),
    "a folder": (
        FactsError,
        a_folder,
        (
            "facts.yaml: The file cannot be read: Is a directory.\n"
            "  help: Check that it is a file you may open.\n"
        ),
    ),
    "a folder where only a file can be opened": (
        FactsError,
        lambda folder: open_regular_file(folder, FactsError),
        ".: This is a folder, not a file.\n  help: Name a file that is in it.\n",
    ),
    "a device where only a file can be opened": (
        FactsError,
        lambda _: open_regular_file("/dev/null", FactsError),
        (
            "/dev/null: This is a pipe or a device, not a file.\n"
            "  help: Save what it gives as a file first.\n"
        ),
    ),
    "a file where a record should be written": (
        RecordError,
        lambda folder: a_record().write(a_file(folder)),
        (
            "taken.json: A file of this name exists already; it was left as it is.\n"
            "  help: Choose another name, or allow the file to be replaced (--replace).\n"
        ),
    ),
    "a file that is read where a record should be written": (
        RecordError,
        lambda folder: refuse_input(a_file(folder), [folder], RecordError),
        (
            "taken.json: This file is an input, so it cannot be the output as well.\n"
            "  help: Choose another name.\n"
        ),
    ),
    "a folder where a record should be written": (
        RecordError,
        lambda folder: a_record().write(folder, replace=True),
        (
            ".: Something that is not a file has this name; it was left as it is.\n"
            "  help: Choose another name.\n"
        ),
    ),
    "a record in a folder that is not there": (
        RecordError,
        lambda folder: a_record().write(folder / "none" / "record.json"),
        (
            "none/record.json: The file cannot be written: No such file or directory.\n"
            "  help: Check that the folder exists, that you may write to it and that the disk has "
            "room.\n"
        ),
    ),
    "something that is not a list": (
        FactsError,
        lambda _: InspectionReport(recommendations=7),  # type: ignore[arg-type]
        "A list belongs here.\n  help: Give a list, or 'unknown'.\n",
    ),
    "a name that no file can have": (
        FactsError,
        lambda _: FollowUp.load("a\0b.yaml"),
        (
            "a\0b.yaml: The file cannot be read: "
            "No file can have a name with a null character.\n"
            "  help: Check that it is a file you may open.\n"
        ),
    ),
    "a mapping within itself": (
        FactsError,
        within_itself,
        (
            "note.note.note.note …: The lists and blocks lie more than 24 deep in each other.\n"
            "  help: Check the indentation and the brackets.\n"
        ),
    ),
    "a date with a time": (
        DateError,
        lambda _: read_when(datetime.datetime(2018, 6, 28, 9, tzinfo=datetime.UTC)),
        (
            "'2018-06-28 09:00:00+00:00' has a time of day.\n"
            "  help: Give the day alone, such as value.date() in the zone that you mean.\n"
        ),
    ),
    "a number for a date": (
        DateError,
        lambda _: read_when(20180628),  # type: ignore[arg-type]
        (
            "20180628 is not a date.\n"
            "  help: Write a day as 2018-06-28, a month as 2018-06, a year as 2018, or two of "
            "these with a stroke between them, such as 2018-06-28/2018-07-02.\n"
        ),
    ),
    "a month for the day of the assessment": (
        DateError,
        lambda _: assess(FollowUp.from_dict({"force": "kent"}), on="2018-06"),
        "'2018-06' is not one day.\n  help: Write a day as 2018-06-28.\n",
    ),
    "a month in the format of a day": (
        DateError,
        lambda _: f"{PartialDate.read('2018-06'):%d %B}",
        (
            "'2018-06' is not one day, so it has no format.\n"
            "  help: Use its 'text', or format its 'first' and its 'last' day.\n"
        ),
    ),
    "parts of a follow-up that are none": (
        FactsError,
        lambda _: FollowUp(force="kent", decisions="unknown"),  # type: ignore[arg-type]
        "decisions: A list belongs here.\n  help: Give a list.\n",
    ),
    "a part of a follow-up that is wrong inside": (
        FactsError,
        lambda _: FollowUp(force="kent", fieldwork={"begins": "soon", "end": "2018"}),  # type: ignore[arg-type]
        (
            "fieldwork.begins: 'soon' is not a date.\n"
            "  help: Write a day as 2018-06-28, a month as 2018-06, a year as 2018, or two of "
            "these with a stroke between them, such as 2018-06-28/2018-07-02.\n"
            "fieldwork.end: 'end' is not known here.\n"
            "  help: Did you mean 'ends'? Use one of: begins, ends.\n"
        ),
    ),
    "alerts that are not known among many": (
        RulesetError,
        among_many,
        (
            "scenarios/alerts.yaml:3:23: There is no alert 'alert.deadline.revisits'.\n"
            "  help: Did you mean 'alert.deadline.revisit'?\n"
            "scenarios/alerts.yaml:3:48: There is no alert 'something-else'.\n"
            "  help: Look for its id in the files of rules.\n"
        ),
    ),
    "approvals of what is not there among many": (
        RulesetError,
        lambda folder: load_approvals(
            approved(folder, "tier.reveiw", "something-else"), ruleset=shipped_ruleset()
        ),
        (
            "approvals.yaml:2:9: There is no rule and no interpretation 'tier.reveiw'.\n"
            "  help: Did you mean 'tier.review'?\n"
            "approvals.yaml:11:9: There is no rule and no interpretation 'something-else'.\n"
            "  help: Look for its id in the files of rules.\n"
        ),
    ),
    "two files of approvals": (
        RulesetError,
        two_files_of_approvals,
        (
            "approvals.yml: 'approvals.yaml' has the same name and another ending.\n"
            "  help: Put all approvals into one of the two, and delete the other.\n"
        ),
    ),
    "an approval of one of two things": (
        RulesetError,
        rule_or_interpretation,
        (
            "approvals.yaml:2:9: 'tier.visit' is both a rule and an interpretation, so it is not "
            "clear which is approved.\n"
            "  help: Give one of them another name.\n"
        ),
    ),
    "files into a folder in which one stands": (
        FactsError,
        files_where_another_stands,
        (
            "taken.csv: A file of this name exists already; nothing was written.\n"
            "  help: Choose another folder, or allow files to be replaced (--replace).\n"
        ),
    ),
    "a folder where another stands": (
        FactsError,
        a_folder_where_another_stands,
        (
            "taken: Something of this name exists already; it was left as it is.\n"
            "  help: Name a folder that is new, or one that holds nothing.\n"
        ),
    ),
    "folders of a ruleset that are not read": (
        RulesetError,
        folders_that_are_not_read,
        (
            "guarantees.yaml: This file is not read.\n"
            "  help: Check that it is a file you may open.\n"
            "old: This folder is not read.\n"
            "  help: Move what should be read out of it, or move it elsewhere.\n"
            "scenario: This folder is not read.\n"
            "  help: Rename it 'scenarios', or move it elsewhere.\n"
        ),
    ),
    "files beside scenarios that are not read": (
        RulesetError,
        scenarios_that_are_not_read,
        (
            "scenarios/1-drink.yaml.orig: This file is not read.\n"
            "  help: Move it elsewhere; '1-drink.yaml' is read.\n"
            "scenarios/2-more.csv: This file is not read.\n"
            "  help: Rename it '2-more.yaml', or move it elsewhere.\n"
        ),
    ),
    "no such ruleset": (
        RulesetError,
        lambda _: load_ruleset("ncpi-folow-up"),
        (
            "ncpi-folow-up: There is no ruleset of this name, and no such folder.\n"
            "  help: Give a folder, or a shipped ruleset. Did you mean 'ncpi-follow-up'? "
            "Use one of: ncpi-follow-up.\n"
        ),
    ),
    "a file in the place of a folder": (
        RulesetError,
        a_file_of_a_ruleset,
        (
            "drinks/vocabulary.yaml: This is a file, and a ruleset is a folder.\n"
            "  help: Name the folder in which it stands: drinks\n"
        ),
    ),
    "an edition that does not exist": (
        RulesetError,
        lambda folder: load_ruleset(folder / "as-changed"),
        (
            "as-changed: There is no ruleset of this name, and no such folder.\n"
            "  help: Give a folder, or a shipped ruleset. Use one of: ncpi-follow-up.\n"
        ),
    ),
}


@pytest.mark.parametrize("name", IN_PYTHON)
def test_broken_in_python(name: str, tmp_path: Path) -> None:
    """What only a program can ask for is refused with these words."""
    error, ask, expected = IN_PYTHON[name]
    with pytest.raises(error) as caught:
        ask(tmp_path)
    assert type(caught.value) is error
    assert message_of(caught.value, tmp_path) == expected


NOTICES = """\
statements.yaml:7:9: No rule implements the statement 'tea.2'. [statement-without-rule]
  help: Write a rule, or give the reason under 'no_rule' and 'because'.
vocabulary.yaml:12:9: No rule decides 'drink' when the guest is not here. [gap]
  help: Write a rule for it, even if it only says that people decide.
"""


def test_what_is_not_wrong_is_noticed(tmp_path: Path) -> None:
    """A case without an outcome and a statement without a rule are told, and stop nothing."""
    folder = Path(shutil.copytree(SMALLEST, tmp_path, dirs_exist_ok=True))
    rules = folder / "1-drink.yaml"
    lines = rules.read_text("utf-8").splitlines(keepends=True)
    rules.write_text("".join(lines[:9] + lines[16:]), "utf-8")
    notices = NcpiRulesError(quick_check(load_ruleset(folder)))
    assert message_of(notices, folder) == NOTICES


# --- files that nobody thought of -----------------------------------------------------------------


def refusal(read: Callable[[], object]) -> NcpiRulesError | None:
    """Return the error of the library with which interpretation ends; any other error is raised."""
    try:
        read()
    except NcpiRulesError as fault:
        return fault
    return None


@given(broken_files(whole=(HERE / "broken/assessed/wrong-order.yaml").read_bytes()))
def test_facts_are_read_or_refused(content: bytes) -> None:
    """Whatever stands in a file, it is read or refused with an error of the library."""
    text = content.decode("utf-8", "surrogateescape")
    for read in (FollowUp.from_yaml, FollowUp.from_json):
        fault = refusal(partial(read, text))
        assert fault is None or (type(fault) is FactsError and fault.problems)


@pytest.mark.parametrize("name", sorted(path.name for path in SMALLEST.glob("*.yaml")))
def test_rulesets_are_read_or_refused(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever stands in one file of a ruleset, it is read or refused with an error of ours."""
    folder = tmp_path_factory.mktemp("ruleset")
    shutil.copytree(SMALLEST, folder, dirs_exist_ok=True)

    @given(broken_files(whole=(SMALLEST / name).read_bytes()))
    def is_read_or_refused(content: bytes) -> None:
        folder.joinpath(name).write_bytes(content)
        fault = refusal(partial(load_ruleset, folder))
        assert fault is None or (type(fault) is RulesetError and fault.problems)

    is_read_or_refused()


# --- no message without a file --------------------------------------------------------------------

OTHER_SENTENCES = {
    "statements.py",  # it reads the methodology itself; see test_statements
    "editions.py",  # several folders are no broken file; see test_editions
    "decision.py",  # what decides is asked in Python; see test_remembered and test_render
    "patches.py",  # patches are made in Python; see test_patches
    "published_schemas.py",
    "describe_sources",  # a function: why a rule is so is asked in Python; see test_reasons
}
MODULES = [
    path.relative_to(PACKAGE).as_posix()
    for pattern in (
        "core/dates.py",
        "core/calendar.py",
        "core/forces.py",
        "facts/*.py",
        "io/*.py",
        "plan/records.py",
        "plan/document.py",
        "ruleset/*.py",
        "sign_off/approvals.py",
        "scenarios/load.py",
        "scenarios/model.py",
    )
    for path in sorted(PACKAGE.glob(pattern))
    if path.name not in OTHER_SENTENCES
]
DESCRIBES = {
    "described",
    "field",
    "fingerprint_field",
    "known_text_field",
    "software_field",
    "text_field",
    "value_field",
    "_kind",
    "_list",
}
"""Calls whose sentences describe a field: they appear in help lines, after other text."""


def describes(node: ast.AST) -> bool:
    """Return True for a docstring, and for a call that describes a field."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", getattr(node.func, "attr", "")) in DESCRIBES
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def sentences(node: ast.AST) -> Iterator[str]:
    """Yield a pattern for each sentence that the code can say; what is a pattern itself is none."""
    if describes(node) or getattr(node, "name", "") in OTHER_SENTENCES:
        return
    children = list(ast.iter_child_nodes(node))
    parts = [node] if isinstance(node, ast.Constant) else []
    if isinstance(node, ast.JoinedStr):
        parts = [
            child if isinstance(child, ast.Constant) else ast.Constant("") for child in children
        ]
        children = [child for child in children if isinstance(child, ast.FormattedValue)]
    pattern = "".join(re.escape(str(part.value)) or ".+" for part in parts).strip()
    is_pattern = "\\\\" in pattern or r"\(\?:" in pattern
    if re.search(r"(\\ |\.\+).*[.?]$", pattern) and not is_pattern:
        yield pattern
    for child in children:
        yield from sentences(child)


def sentences_of(module: str) -> list[str]:
    """Return a pattern for each sentence that a module can say."""
    return list(sentences(ast.parse(PACKAGE.joinpath(module).read_text("utf-8"))))


@pytest.mark.parametrize("module", MODULES)
def test_every_sentence_is_said_in_some_case(module: str) -> None:
    """No problem and no help line of the readers is without a case that shows it."""
    said = "\n".join(
        [
            *(
                expected_of(path)
                for path in (*FACTS, *ASSESSED, *RULESETS, *SCENARIOS, *RECORDS, *PLANS, *APPROVALS)
            ),
            *(text for _, _, text in IN_PYTHON.values()),
            NOTICES,
        ]
    )
    assert [sentence for sentence in sentences_of(module) if not re.search(sentence, said)] == []


def test_sentences_are_found() -> None:
    """The test above looks at all modules that read, and finds what they say."""
    assert len(MODULES) > 15
    assert len([sentence for module in MODULES for sentence in sentences_of(module)]) > 130
