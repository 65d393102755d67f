"""The command line: what it prints, where and with which exit status, and that it never breaks."""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

import ncpi_rules.cli
from ncpi_rules.cli import COMMANDS, main
from ncpi_rules.cli.examples import EXAMPLES  # pinned: help shows them
from ncpi_rules.core import FactsError
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import MAXIMUM_BYTES
from ncpi_rules.ruleset.layout import shipped_rulesets  # pinned: the folder that is installed
from tests.strategies import broken_files

if TYPE_CHECKING:
    from ncpi_rules.plan import Plan

GOOD = """\
force: northumbria
inspection_report:
  published: 2018-06-28
  findings: broadly-positive
prospects: some-concerns
"""
ON = ("--on", "2019-04-11")
ILACS = Path(__file__).parent / "rulesets" / "ilacs"
MORE = "Add --full for every action and reason, or --format html for a page.\n"

SHOP = {
    "ruleset": """
        id: shop
        edition: first
        title: Refunds
        publisher: The shop
        format: 1
        in_force: 2020/2030
        selected_by: goods-returned
    """,
    "vocabulary": """
        facts:
          - id: goods
            title: The goods
            from: further
            unknown: not-known
            values:
              whole: the goods are whole
              broken: the goods are broken
              not-known: it is not known whether the goods are whole
        outcomes:
          - id: refund
            title: The refund
            none: open
            values: {full: a full refund, open: open}
        parties: [{id: shop, title: the shop}]
        events: [{id: goods-returned, title: the goods are returned, from: further}]
        activities: [{id: pay, title: pay the price back}]
    """,
    "statements": """
        statements:
          - id: code.1
            fingerprint: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            modality: must
            summary: We refund.
          - id: code.2
            fingerprint: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde0"
            summary: Nobody has carried this.
    """,
    "1-refund": """
        decides: refund
        rules:
          - id: refund.whole
            title: Whole goods lead to a full refund
            when: {goods: whole}
            then: full
            statements: [code.1]
    """,
    "2-actions": """
        decides: actions
        rules:
          - id: action.pay
            title: The shop pays
            when: {refund: full}
            by: shop
            does: pay
            modality: must
            statements: [code.1]
    """,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the commands run, with a good file and some bad ones."""
    (tmp_path / "good.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "other.yaml").write_text("force: kent\n", "utf-8")
    (tmp_path / "shape.yaml").write_text("force: kent\nfindigs: x\nnote: a\nnote: b\n", "utf-8")
    values = GOOD.replace("broadly-positive", "excellent")
    (tmp_path / "values.yaml").write_text(values, "utf-8")
    (tmp_path / "values.json").write_text(
        '{"force": "kent", "inspection_report": {"findings": "excellent"}}', "utf-8"
    )
    (tmp_path / "late.yaml").write_text("force: nowhere\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """Return the folder of a ruleset of another trade."""
    where = tmp_path / "shop"
    where.mkdir()
    for name, text in SHOP.items():
        (where / f"{name}.yaml").write_text(text, "utf-8")
    return str(where)


def run(*arguments: str, stdin: bytes = b"", **environment: str) -> tuple[int, bytes, bytes]:
    """Return the exit status, the output and the errors of the command in a process of its own."""
    path = str(Path(ncpi_rules.cli.__file__).parents[2])
    ran = subprocess.run(  # noqa: S603  our own interpreter, our own arguments
        [sys.executable, "-m", "ncpi_rules", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path, **environment},
    )
    return ran.returncode, ran.stdout, ran.stderr


# --- assess ---------------------------------------------------------------------------------------


def test_each_format_is_the_plans_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed is what the plan gives in that format, and nothing is told besides."""
    follow_up = ncpi_rules.FollowUp.load(folder / "good.yaml")
    plan = ncpi_rules.assess(follow_up, on="2019-04-11")
    for format_, expected in (
        ("text", f"{plan.to_text()}{MORE}"),
        ("markdown", plan.to_markdown()),
        ("html", plan.to_html()),
        ("json", plan.to_json() + "\n"),
    ):
        assert main(["assess", "good.yaml", *ON, "--format", format_]) == 0
        out, err = capsys.readouterr()
        assert out == expected
        assert err == ""


@pytest.mark.usefixtures("folder")
def test_json_of_several_is_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    """One file gives one object; several give a list without the bad ones, be it empty."""
    for names, status, forces in (
        (["good.yaml"], 0, "northumbria"),
        (["good.yaml", "other.yaml"], 0, ["northumbria", "kent"]),
        (["late.yaml", "other.yaml", "values.yaml"], 1, ["kent"]),
        (["late.yaml", "values.yaml"], 1, []),
    ):
        assert main(["assess", *names, *ON, "--format", "json"]) == status
        data = json.loads(capsys.readouterr().out)
        assert forces == (
            data["subject"]
            if isinstance(data, dict)
            else [document["subject"] for document in data]
        )


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("format_", ["text", "markdown", "html", "json"])
def test_a_bad_file_does_not_stop_the_others(
    format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plans of the good files are printed, in their order; the rest is told as errors."""
    names = ["other.yaml", "shape.yaml", "good.yaml"]
    assert main(["assess", *names, *ON, "--format", format_]) == 1
    out, err = capsys.readouterr()
    assert 0 < out.index("Kent Police") < out.index("Northumbria Police")
    assert "shape.yaml:2:1" in err or "shape.yaml:4:1" in err
    assert "Police" not in err


def test_no_more_than_twenty_of_a_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of many problems of one kind 20 are printed, and how many more there are; of others, all."""
    keys = "".join(f"key-{number}: x\n" for number in range(25))
    tmp_path.joinpath("many.yaml").write_text(f"{keys}{GOOD}note: [x]\n")
    with pytest.raises(FactsError) as fault:
        FollowUp.load(tmp_path / "many.yaml")
    assert len(fault.value.problems) == 26
    assert main(["assess", str(tmp_path / "many.yaml"), *ON]) == 1
    for text in (str(fault.value), capsys.readouterr().err):
        lines = [line for line in text.splitlines() if not line.startswith("  help:")]
        assert len(lines) == 22
        assert lines[19].endswith("many.yaml:20:1: 'key-19' is not known here.")
        assert lines[20] == "There are 5 more problems of this kind."
        assert "many.yaml:31:7" in lines[21]


@pytest.mark.usefixtures("folder")
def test_a_page_for_several(capsys: pytest.CaptureFixture[str]) -> None:
    """Several plans as HTML make one page, not several one after the other."""
    assert main(["assess", "good.yaml", "other.yaml", *ON, "--format", "html"]) == 0
    assert capsys.readouterr().out.count("<!DOCTYPE") == 1


@pytest.mark.usefixtures("folder")
def test_nothing_but_a_bad_file_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """One file that cannot be used leaves standard output empty, in every format."""
    for format_ in ("text", "markdown", "html", "json"):
        assert main(["assess", "late.yaml", *ON, "--format", format_]) == 1
        assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("folder")
def test_a_fact_is_shown_where_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    """A value that the ruleset does not have is reported with its place and a help line."""
    assert main(["assess", "values.yaml", *ON]) == 1
    assert capsys.readouterr().err.startswith(
        "values.yaml:4:13: 'excellent' is not a value for this: the inspection findings.\n  help: "
    )
    assert main(["assess", "values.json", *ON]) == 1
    assert capsys.readouterr().err.startswith(
        "values.json: inspection_report.findings: 'excellent'"
    )


@pytest.mark.usefixtures("folder")
def test_today_is_the_day_unless_one_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --on, the day is the machine's own, and the plan says which day that was."""
    before = datetime.datetime.now().astimezone().date()
    assert main(["assess", "good.yaml", "--format", "json"]) == 0
    after = datetime.datetime.now().astimezone().date()
    day = datetime.date.fromisoformat(json.loads(capsys.readouterr().out)["on"])
    assert before <= day <= after
    for format_ in ("text", "markdown", "html"):
        assert main(["assess", "good.yaml", *ON, "--format", format_]) == 0
        assert "11 April 2019" in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_interpretations_and_engines_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Another answer changes the plan, and the plan names the engine that was asked for."""
    arguments = ["assess", "good.yaml", *ON, "--format", "json", "--engine", "reference"]
    assert (
        main([*arguments, "--interpretation", "R1=findings-decide", "--interpretation", "R3=may"])
        == 0
    )
    plan = json.loads(capsys.readouterr().out)
    assert plan["headline"]["value"] == "post-inspection-visit"
    assert plan["engine"] == "reference"


@pytest.mark.usefixtures("folder")
def test_errors_make_no_console_act(capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong in a file is repeated without what a console would act on."""
    Path("bad.json").write_text('{"force": "\\u001b[2J\\u202e\\nkent"}', "utf-8")
    assert main(["assess", "bad.json", *ON]) == 1
    err = capsys.readouterr().err
    assert err.startswith("bad.json: force: ")
    assert "' [2J kent'" in err
    assert "\x1b" not in err


def test_json_and_lines_make_no_console_act(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a console acts on is written by its number in JSON, and as '?' in other lines."""
    note = "\x1b[2J\x9b2J\u202e\x7f"
    facts = tmp_path / "kent.json"
    facts.write_text(json.dumps({"force": "kent", "note": note}), "utf-8")
    assert main(["assess", str(facts), "--on", "2019-04-11", "--format", "json"]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["note"] == note
    assert main(["init", str(tmp_path / note)]) == 0
    shown = capsys.readouterr().out
    assert f"{tmp_path.name}/?[2J?2J?? is a working copy" in shown
    assert all(letter.isprintable() for letter in (printed + shown).replace("\n", ""))


def test_standard_input_is_read() -> None:
    """A dash reads one follow-up from standard input, and problems name it."""
    status, out, err = run("assess", "-", *ON, "--format", "json", stdin=GOOD.encode())
    assert (status, json.loads(out)["subject"], err) == (0, "northumbria", b"")
    for bad, place in ((b"force: nowhere", b":1:8: "), (b"\xff\xfe", b":1:1: "), (b"", b": ")):
        status, out, err = run("assess", "-", *ON, stdin=bad)
        assert (status, out) == (1, b"")
        assert err.startswith(b"<standard input>" + place)


@pytest.mark.parametrize(
    "command", [("assess", "-", *ON), ("trace", "-")], ids=lambda command: command[0]
)
def test_too_much_on_standard_input_is_refused(command: tuple[str, ...]) -> None:
    """Nothing is cut off and read without the rest: a text that is too large is no text."""
    status, out, err = run(*command, stdin=GOOD.encode() + b"\n" * MAXIMUM_BYTES)
    assert (status, out) == (1 if command[0] == "assess" else 2, b"")
    assert err.startswith(b"<standard input>: The file is too large; the most that is read is ")


def test_what_a_ruleset_leaves_open_is_told_apart(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an officer should know of a ruleset goes to standard error and changes no status."""
    shipped = Path(str(shipped_rulesets())) / "ncpi-follow-up" / "as-published"
    mine = Path(shutil.copytree(shipped, folder / "mine"))
    tiers = (mine / "2-tier.yaml").read_text("utf-8")
    start = tiers.index("  - id: tier.visit\n")
    end = tiers.index("  - id: tier.no-tier-fits\n")
    (mine / "2-tier.yaml").write_text(tiers[:start] + tiers[end:], "utf-8")
    assert main(["assess", str(folder / "good.yaml"), *ON, "--ruleset", str(mine)]) == 0
    printed = capsys.readouterr().err
    assert "No rule decides 'tier' when " in printed
    assert "the inspection findings are broadly positive, and" in printed
    assert printed.count("\n") == 2


# --- explain --------------------------------------------------------------------------------------


def plan_of_good(folder: Path) -> Plan:
    """Return the plan of the good file."""
    return ncpi_rules.assess(ncpi_rules.FollowUp.load(folder / "good.yaml"), on="2019-04-11")


def test_explain_says_what_the_plan_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each --why and --why-not prints the plan's own sentences; without either, the tier's."""
    plan = plan_of_good(folder)
    for arguments, expected in (
        ([], plan.why("tier")),
        (["--why", "tier"], plan.why("tier")),
        (
            ["--why", "deadline.revisit", "--why", "action.revisit", "--why-not", "tier.full"],
            (
                *plan.why("deadline.revisit"),
                *plan.why("action.revisit"),
                *plan.why_not("tier.full"),
            ),
        ),
    ):
        assert main(["explain", "good.yaml", *ON, *arguments]) == 0
        out, err = capsys.readouterr()
        printed = " ".join(out.split())
        assert out.startswith("Northumbria Police, position as at 11 April 2019\n")
        assert [sentence for sentence in expected if sentence not in printed] == []
        assert max(map(len, out.splitlines())) <= 100
        assert err == ""


@pytest.mark.usefixtures("folder")
def test_explain_corrects_a_mistyped_name(capsys: pytest.CaptureFixture[str]) -> None:
    """What the plan does not have is wrong usage, with the nearest name; the rest is still told."""
    arguments = ["--why", "deadlin.revisit", "--why", "tier"]
    assert main(["explain", "good.yaml", *ON, *arguments]) == 2
    out, err = capsys.readouterr()
    assert "Why tier?" in out
    assert "Did you mean 'deadline.revisit'?" in err
    assert main(["explain", "late.yaml", *ON]) == 1


# --- decide ---------------------------------------------------------------------------------------


def test_decide_looks_at_dates_on_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    """With dates of events and a day, each deadline says when it is due and where it stands."""
    case = ["decide", "--ruleset", str(ILACS), "looked-at=focused-visit", "priority-action=some"]
    dates = ["report-received=2018-08-10", "draft-plan-shared=not-yet"]
    assert main([*case, *dates, "--on", "2018-09-20"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Position as at 20 September 2018" in said
    assert "The local authority receives the report or letter: 10 August 2018" in said
    assert "due 10 September 2018. Overdue. 10 days overdue. [deadline.draft]" in said
    assert "due 19 November 2018. Due. 60 days left" in said
    assert main([*case, "--on", "2018-09-20"]) == 0
    assert "no date yet. Cannot tell." in " ".join(capsys.readouterr().out.split())
    for wrong, expected in (
        (dates, "A date is given, and no day on which to look at it."),
        ([*dates, "--on", "2018-09-2"], "--on: '2018-09-2' is not a date."),
        (["report-received=last week", "--on", "2018-09-20"], "report-received: 'last week' is"),
        (
            [*dates, "report-published=2018-08-09", "--on", "2018-09-20"],
            "report-published: 9 August 2018 is before 10 August 2018, the date of report-received",
        ),
        (["effectivness=good", "--on", "2018-09-20"], "Did you mean 'effectiveness'?"),
    ):
        assert main([*case, *wrong]) in {1, 2}
        written = capsys.readouterr()
        assert (expected in written.err, written.out, "Traceback" in written.err) == (
            True,
            "",
            False,
        )


def test_decide_serves_any_ruleset(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Any ruleset can be asked: what it decides, on what basis, and the rules that apply."""
    assert main(["decide", "--ruleset", shop, "goods=whole"]) == 0
    out, err = capsys.readouterr()
    assert "- The refund: a full refund (follows from the methodology) [refund.whole]\n" in out
    assert "ACTIONS\n- The shop pays [action.pay]\n" in out
    assert "No rule implements the statement 'code.2'." in err
    assert main(["decide", "--ruleset", shop]) == 0
    out = capsys.readouterr().out
    assert "It is not known whether the goods are whole (not stated) [goods]" in out
    assert "The refund: open (referred to inspectors)" in out
    assert "ACTIONS" not in out


def test_every_command_serves_any_ruleset(
    shop: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ruleset without tiers gives plans in every format, and reasons for what it decides."""
    (folder / "goods.yaml").write_text("force: kent\nfurther: {facts: {goods: whole}}\n", "utf-8")
    for format_ in ("text", "markdown", "html", "json"):
        arguments = ["assess", "goods.yaml", *ON, "--ruleset", shop, "--format", format_]
        assert main(arguments) == 0
        assert "full refund" in capsys.readouterr().out
    assert main(["explain", "goods.yaml", *ON, "--ruleset", shop]) == 0
    assert "Why refund?\n" in capsys.readouterr().out


# --- wrong usage ----------------------------------------------------------------------------------

WRONG = [
    (["asess", "good.yaml"], "There is no command 'asess'."),
    (["asess", "good.yaml"], "Did you mean 'assess'?"),
    (["assess", "good.yaml", "--formt", "json"], "Did you mean '--format'?"),
    (["assess", "good.yaml", "--formt", "json"], "There is no option '--formt'."),
    (["assess", "good.yaml", "--format", "jsn"], "'jsn' is not a value of --format."),
    (["assess", "good.yaml", "--format", "jsn"], "Did you mean 'json'?"),
    (["mutate", "--workers", "many"], "'many' is not a value of --workers."),
    (["assess", "good.yaml", "--on"], "--on needs a value."),
    (["assess", "good.yaml", "--on", "2019-01-01", "--on", "2019-01-02"], "--on is given twice."),
    (["sweep", "cases.csv"], "--output is missing."),
    (["sweep", "cases.csv", "-o"], "-o needs a value."),
    (["init", "one", "two"], "'two' is one argument too many."),
    (["assess", "good.yaml", "--on", "2019-02-30"], "--on: There is no such day"),
    (["assess", "good.yaml", "--on", "2019-02"], "--on: '2019-02' is not one day."),
    (["assess", "good.yaml", "--on", "tomorrow"], "--on: 'tomorrow' is not a date."),
    (["assess"], "No file is named."),
    (["explain"], "FILE is missing."),
    (["assess", "good.yaml", "--engine", "drools"], "durable-rules"),
    (
        ["assess", "good.yaml", "--interpretation", "R1"],
        "Write an interpretation and its answer, such as R1=refer, not 'R1'.",
    ),
    (["assess", "good.yaml", "--interpretation", "R99=no"], "There is no interpretation 'R99'."),
    (["assess", "good.yaml", "--interpretation", "R1=finding-decide"], "'findings-decide'"),
    (
        ["assess", "good.yaml", "--interpretation", "R1=refer", "--interpretation", "R1=refer"],
        "given twice",
    ),
    (["assess", "good.yaml", "--ruleset", "ncpi-folow-up"], "Did you mean 'ncpi-follow-up'?"),
    (["assess", "good.yaml", "--ruleset", "."], "ruleset.yaml"),
    (
        ["decide", "findings"],
        "Write a fact and its value, such as findings=broadly-positive, not 'findings'.",
    ),
    (["decide", "findings=broadly-positiv"], "Did you mean 'broadly-positive'?"),
    (["decide", "finding=broadly-positive"], "Did you mean 'findings'?"),
    (["decide", "tier=full-re-inspection"], "decided by the rules"),
    (["decide", "R1=refer"], "--interpretation R1=ANSWER"),
]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("arguments", "expected"), WRONG, ids=" ".join)
def test_wrong_usage(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong usage has exit status 2, prints no plan, and is corrected in a sentence or two."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert expected in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("command", "file", "help_"),
    [
        ("assess", "kent.html", "Add: --format html"),
        ("assess --format markdown", "kent.HTM", "Add: --format html"),
        ("assess --format json", "kent.docx", "Add: --format docx"),
        ("assess --format letters", "kent.ics", "Add: --format ics"),
        (
            "assess --format board",
            "kent.pdf",
            "Write a page (--format html), and print it as a PDF from a browser.",
        ),
        (
            "assess --format docx",
            "kent.doc",
            "Add: --format docx, and name a file that ends in .docx",
        ),
        ("caseload", "all.csv", "Add: --format csv"),
        (
            "caseload --format csv",
            "all.xls",
            "Add: --format xlsx, and name a file that ends in .xlsx",
        ),
    ],
)
def test_a_file_is_named_after_what_it_holds(
    command: str, file: str, help_: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file with the ending of another format would not open: it is refused, and not written."""
    asked = command.split()
    written = folder / file
    assert main([*asked, str(folder / "good.yaml"), *ON, "-o", str(written)]) == 2
    format_, ending = asked[-1] if len(asked) > 1 else "text", written.suffix.lower()
    assert capsys.readouterr().err == (
        f"A file that ends in {ending} does not hold what the format {format_} writes.\n"
        f"  help: {help_}\n"
    )
    assert not written.exists()


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    """Help names the commands and every option; the version is the library's own."""
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for command, summary in COMMANDS.items():
        assert f"  {command}: {summary}"[:70] in out
        function = getattr(import_module(f"ncpi_rules.cli.{command}"), command)
        assert (function.__doc__ or "").partition("\n")[0] == summary
    assert main(["explain", "--help"]) == 0
    out = capsys.readouterr().out
    assert all(
        f"  --{name}" in out for name in ("why", "why-not", "on", "ruleset", "interpretation")
    )
    assert "--no-" not in out
    assert "--empty-" not in out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"{ncpi_rules.__version__}\n"


@pytest.mark.parametrize("missing", ["cyclopts", "rich"])
def test_without_the_extra_one_sentence_says_so(
    missing: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a package of the extra is not installed, the status is 2 and the extra is named."""
    for name in [module for module in sys.modules if module.partition(".")[0] == missing]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, missing, None)
    assert main(["assess", "good.yaml"]) == 2
    assert capsys.readouterr().err == (
        "The command line needs packages that are not installed.\n"
        '  help: Type: python -m pip install "ncpi-rules[cli]". In a copy of the library that is '
        'not installed, type: python -m pip install ".[cli]".\n'
    )


# --- files that are not what they should be, and consoles of all kinds ----------------------------


@given(broken_files(whole=GOOD.encode()))
def test_broken_files_never_break_the_command(raw: bytes) -> None:
    """Whatever a file holds, it is used or told of in a sentence; the command never breaks down."""
    for name, arguments in (
        ("standard-input", ["assess", "-", *ON, "--format", "json"]),
        ("explain", ["explain", "-", *ON]),
    ):
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            status = main(arguments)
        assert status in {0, 1}, name
        assert bool(out.getvalue()) is (status == 0)
        assert ("<standard input>" in err.getvalue()) is (status == 1)


@given(raw=broken_files(whole=b'{"force": "kent", "prospects": "some-concerns", "note": "x"}'))
def test_broken_json_never_breaks_the_command(
    raw: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A JSON file is read, or told of by its name, whatever it holds."""
    file = tmp_path_factory.getbasetemp() / "broken.json"
    file.write_bytes(raw)
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        status = main(["assess", str(file), *ON])
    assert status in {0, 1}
    assert bool(out.getvalue()) is (status == 0)
    assert ("broken.json" in err.getvalue()) is (status == 1)


def test_piped_output_has_no_colour() -> None:
    """What is piped has no escape codes, not even where the environment asks for colour."""
    asked = {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "TERM": "xterm-256color"}
    for arguments in (["assess", "-", *ON], ["--help"], ["assess", "--help"], ["asess"]):
        _, out, err = run(*arguments, stdin=GOOD.encode(), **asked)
        assert out + err
        assert b"\x1b" not in out + err


@pytest.mark.usefixtures("folder")
def test_a_terminal_has_emphasis_and_the_same_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the text is that which is piped, with emphasis added."""
    assert main(["assess", "good.yaml", *ON]) == 0
    piped = capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for name, value in (("TERM", "xterm-256color"), ("COLUMNS", "120")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert main(["assess", "good.yaml", *ON]) == 0
    shown = capsys.readouterr().out
    assert "\x1b[1m" in shown
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == piped


def test_old_consoles_lose_letters_and_nothing_else() -> None:
    """Where the console is not UTF-8, text shows '?', and JSON and HTML stay what they were."""
    letter = "\N{LATIN SMALL LETTER Y WITH CIRCUMFLEX}"
    facts = f"{GOOD}action_plan: {{reviewed: 2018-09-01, areas_of_concern: [t{letter}]}}\n".encode()
    old = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    printed = {}
    for format_ in ("text", "json", "html", "markdown"):
        full = ("--full",) if format_ == "text" else ()
        asked = ("assess", "-", *ON, "--format", format_, *full)
        status, out, err = run(*asked, stdin=facts, **old)
        assert (status, err) == (0, b"")
        printed[format_] = out.decode("cp1252")
    assert "t?" in printed["text"]
    assert json.loads(printed["json"])["required_actions"] != []
    prompts = [
        text
        for document in json.loads(printed["json"])["documents"]
        for text in document["prompted_by"]
    ]
    assert f"area of concern: t{letter}" in prompts
    assert f"t&#{ord(letter)};" in printed["html"]
    assert f"t&#{ord(letter)};" in printed["markdown"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command shows one that uses options it has; all of it can be shown on old consoles."""
    assert main([command, "--help"]) == 0
    said = capsys.readouterr().out
    lines = said.rstrip().splitlines()
    assert lines[-2:] == ["Example:", f"  ncpi-rules {EXAMPLES[command]}"]
    typed = shlex.split(EXAMPLES[command])
    assert typed[0] == command
    for option in (text for text in typed if text.startswith("-")):
        assert option in said.partition("Example:")[0]
    for encoding in ("cp1252", "cp850"):
        assert said.encode(encoding).decode(encoding) == said


def test_a_reader_that_stops_is_no_error() -> None:
    """A pipe that is closed before all is printed ends the command in silence."""
    path = str(Path(ncpi_rules.cli.__file__).parents[2])
    with subprocess.Popen(  # noqa: S603  our own interpreter, our own arguments
        [sys.executable, "-m", "ncpi_rules", "assess", "-", *ON],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(GOOD.encode())
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_a_disk_that_is_full_is_said_in_a_sentence() -> None:
    """Where nothing more can be printed, one sentence says so, and Python adds none of its own."""
    if not Path("/dev/full").exists():
        pytest.skip("the system has no full disk to offer")
    path = str(Path(ncpi_rules.cli.__file__).parents[2])
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(  # noqa: S603  our own interpreter, our own arguments
            [sys.executable, "-m", "ncpi_rules", "assess", "-", *ON],
            input=GOOD.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "PYTHONPATH": path},
        )
    assert ran.returncode == 2
    assert ran.stderr.decode() == (
        "The system reports: No space left on device.\n"
        "  help: Check the name, the permissions and the room on the disk.\n"
    )


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_a_closed_stream_is_said_in_a_sentence(
    stream: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python sets a stream that is closed to None; the command says what is missing."""
    monkeypatch.setattr(sys, stream, None)
    status = main(["assess", "-" if stream == "stdin" else str(folder / "late.yaml"), *ON])
    assert status == (2 if stream == "stdout" else 1)
    closed = {"stdin": "Standard input", "stdout": "Standard output"}
    assert capsys.readouterr().err.startswith(
        f"{closed[stream]} is closed." if stream in closed else ""
    )


@pytest.mark.usefixtures("folder")
def test_a_name_that_is_too_long_does_not_stop_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A name that no file can have is a bad file like any other, in each command."""
    for name in ("x" * 300 + ".yaml", "a\0b.yaml"):
        for command in ("assess", "caseload"):
            assert main([command, name, "good.yaml", *ON]) == 1
            out, err = capsys.readouterr()
            assert "Northumbria" in out
            assert "The file cannot be read: " in err
        for arguments in (
            ["explain", name, *ON],
            ["assess", "good.yaml", "--ruleset", name],
            ["assess", "good.yaml", "--record", f"{name}.json"],
            ["check", name],
            ["trace", name],
            ["sweep", f"{name}.csv", "-o", "out.csv"],
            ["diff", "ncpi-follow-up", name],
            ["replay", name],
        ):
            assert main(arguments) in {1, 2}
            assert "help: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (PermissionError(13, "Permission denied", "mine"), "mine: The system reports: Permission"),
        (OSError(28, "No space left on device"), "The system reports: No space left on device."),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), "An input holds text that is not UTF-8."),
    ],
)
def test_what_nobody_foresaw_of_a_file_is_said_in_a_sentence(
    fault: Exception,
    message: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault of the system or of an encoding, wherever it comes from, gives no traceback."""

    def fail(_: object) -> None:
        raise fault

    monkeypatch.setattr(Path, "iterdir", fail)
    assert main(["caseload", str(folder), *ON]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(message)
    assert "\n  help: " in err


def test_every_example_can_be_assessed(capsys: pytest.CaptureFixture[str]) -> None:
    """All examples that come with the library are good, all at once."""
    examples = Path(__file__).parents[1] / "examples" / "follow-ups"
    names = [str(path) for path in sorted(examples.glob("*.yaml"))]
    assert main(["assess", *names, *ON, "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert len(json.loads(out)) == len(names) > 0
    assert err == ""


def test_a_pattern_names_its_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A pattern that the shell has left alone names the files that fit it, in order."""
    for name in ("kent", "gwent"):
        (tmp_path / f"{name}.yaml").write_text(f"force: {name}\n", "utf-8")
    assert main(["assess", str(tmp_path / "*.yaml"), *ON, "--format", "json"]) == 0
    assert [document["subject"] for document in json.loads(capsys.readouterr().out)] == [
        "gwent",
        "kent",
    ]
    assert main(["assess", str(tmp_path / "*.json"), *ON]) == 1
    assert "There is no such file." in capsys.readouterr().err
