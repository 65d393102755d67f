"""The methodology of another inspectorate, from its files to plan, page, caseload and sweep.

``rulesets/ilacs`` is about local authorities and knows no police force: nothing in ``ncpi_rules``
is written for it. What is expected here was worked out by hand from its rules and a calendar.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ncpi_rules.checks import check
from ncpi_rules.cli import main
from ncpi_rules.core import FactsError, PartialDate, Subject
from ncpi_rules.explore import Caseload, caseload, read_cases, what_if
from ncpi_rules.explore.case_columns import columns_of  # pinned: the heads of a table of follow-ups
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import Plan, PlanDocument, assess, record, replay
from ncpi_rules.report import office
from ncpi_rules.ruleset import Ruleset, load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import MutantStatus, load_scenarios, mutate, run

FOLDER = Path(__file__).parent / "rulesets" / "ilacs"
ILACS = load_ruleset(FOLDER)
ON = "2024-07-01"

INADEQUATE = """\
subject: Anytown City Council
further:
  facts: {looked-at: inspection, effectiveness: inadequate, priority-action: some}
  events:
    fieldwork-ended: 2024-02-02
    report-received: 2024-03-08
    report-published: 2024-03-22
    last-monitoring-visit: 2024-05-17
"""
VISITED = """\
subject: Newtown Borough Council
further:
  facts: {looked-at: focused-visit, effectiveness: good, priority-action: some}
  events: {report-received: 2024-05-01, draft-plan-shared: not-yet, last-meeting: 2023-09-12}
"""
GOOD = """\
subject: Oldbury County Council
further:
  facts: {looked-at: inspection, effectiveness: good, priority-action: none}
  events: {fieldwork-ended: 2022-03-14, report-received: 2022-04-25}
"""
POLICE = ("force", "constable", "policing", "chief officer", "hmicfrs", "tier")
"""What nobody wants to read about a local authority."""


def plan_of(text: str, ruleset: Ruleset = ILACS) -> Plan:
    """Return the plan of a follow-up on the day."""
    return assess(FollowUp.from_yaml(text), on=ON, ruleset=ruleset)


def all_three() -> Caseload:
    """Return the caseload of the three local authorities."""
    return caseload(map(FollowUp.from_yaml, (INADEQUATE, VISITED, GOOD)), on=ON, ruleset=ILACS)


def assert_no_police(text: str) -> None:
    """Say which term of the police stands in a text."""
    said = text.casefold().replace("in force", "").replace("enforce", "")
    assert [term for term in POLICE if term in said] == []


def seen(page: str) -> str:
    """Return what a reader of a page sees, without its style and its script."""
    for tag in ("style", "script"):
        while f"<{tag}" in page:
            before, _, after = page.partition(f"<{tag}")
            page = before + after.partition(f"</{tag}>")[2]
    return page


def test_the_ruleset_is_sound_and_its_scenarios_pass() -> None:
    """No case is left undecided, no statement and no answer without a rule, and nothing fails."""
    assert check(ILACS) == ()
    scenarios = load_scenarios(FOLDER)
    assert len(scenarios) == 52
    assert [scenario.says for scenario in scenarios if not run(scenario, ILACS).passed] == []


def test_its_scenarios_notice_every_mistake() -> None:
    """No small mistake in its rules passes all of its scenarios, and most fail one."""
    mutation = mutate(ILACS, load_scenarios(FOLDER), workers=1)
    assert [survivor.mutant.description for survivor in mutation.survivors] == []
    assert len(mutation.with_status(MutantStatus.KILLED)) > 300


def test_what_nothing_prompts_is_not_suggested() -> None:
    """Where no rule says what prompts a document, it is certainly not suggested."""
    assert [(document.document, document.suggested) for document in plan_of(GOOD).documents] == [
        ("self-evaluation", False)
    ]


def test_a_plan_says_what_is_owed_and_by_when() -> None:
    """Seventy working days, three months and thirty months are counted, bank holidays left out."""
    plan = plan_of(INADEQUATE)
    assert plan.follow_up.about == Subject.named("Anytown City Council")
    assert (plan.headline.outcome, plan.headline.value) == ("next-inspection", "re-inspection")
    assert plan.outcomes["action-plan"].value == "required"
    due = {deadline.event: deadline.due for deadline in plan.deadlines}
    # Good Friday, Easter Monday and two bank holidays of May are no working days.
    assert due["action-plan-sent"] == PartialDate.read("2024-06-20")
    assert due["monitoring-visit"] == PartialDate.read("2024-08-17")
    late = {deadline.event: deadline for deadline in plan_of(VISITED).deadlines}[
        "draft-plan-shared"
    ]
    assert (late.status, str(late.due), late.late_by_days and late.late_by_days.least) == (
        "overdue",
        "2024-05-31",
        31,
    )
    coming = {deadline.event: deadline for deadline in plan_of(GOOD).deadlines}
    assert coming["next-inspection-begins"].not_before == PartialDate.read("2024-09-14")
    assert coming["next-inspection-begins"].due == PartialDate.read("2025-09-14")


def test_a_plan_in_json_names_its_subject() -> None:
    """The document says what was inspected; what is known of forces alone is null."""
    document = PlanDocument.from_json(plan_of(INADEQUATE).to_json())
    assert (document.subject, document.subject_name, document.subject_title) == (
        "anytown-city-council",
        "Anytown City Council",
        "a local authority",
    )
    assert (document.country, document.chief_officer, document.local_policing_body) == (None,) * 3
    assert document.first_event == "Report received"


@pytest.mark.parametrize("text", [INADEQUATE, VISITED, GOOD])
def test_no_page_of_a_plan_speaks_of_the_police(text: str) -> None:
    """Text, Markdown and HTML say the subject's own terms and the headline's own title."""
    plan = plan_of(text)
    for form in (plan.to_text(), plan.to_text(full=True), plan.to_markdown(), seen(plan.to_html())):
        assert_no_police(form)
        assert plan.subject_name in form
        assert "ext inspection" in form


def test_a_caseload_speaks_of_local_authorities() -> None:
    """The most urgent stands first, under the subject's heads, and no column is about a revisit."""
    page = all_three()
    assert [row.subject_name.split()[0] for row in page.rows] == ["Newtown", "Anytown", "Oldbury"]
    for form in (page.to_text(), page.to_markdown(), page.to_csv(), seen(page.to_html())):
        assert_no_police(form)
        assert "Local authority" in form
        assert "evisit" not in form
    assert page.to_csv().startswith("Local authority,Report received,Next inspection,Status,")
    html = page.to_html()
    assert "Find a local authority" in html
    assert "A short inspection" in html


def test_rows_of_a_table_are_swept() -> None:
    """A sweep decides as `assess` does, and a summary counts the headline unless told otherwise."""
    pyarrow = pytest.importorskip("pyarrow")
    batch = pytest.importorskip("ncpi_rules.batch")
    follow_ups = [FollowUp.from_yaml(text) for text in (INADEQUATE, VISITED, GOOD)]
    names = [*ILACS.facts, *ILACS.events]
    columns = {
        name: [
            str(follow_up.to_dict()["further"]["facts"].get(name, "")) or None
            for follow_up in follow_ups
        ]
        for name in ILACS.facts
    } | {
        name: [follow_up.to_dict()["further"]["events"].get(name) for follow_up in follow_ups]
        for name in ILACS.events
    }
    assert set(columns) == set(names)
    authority = {"authority": [follow_up.subject for follow_up in follow_ups]}
    table = pyarrow.table({**authority, **columns})
    swept = batch.sweep(table, on=ON, ruleset=ILACS, keep=["authority"])
    plans = [assess(follow_up, on=ON, ruleset=ILACS) for follow_up in follow_ups]
    assert swept["next-inspection"].to_pylist() == [plan.headline.value for plan in plans]
    for event in ("action-plan-sent", "draft-plan-shared", "monitoring-visit"):
        dues = [{item.event: item.due for item in plan.deadlines}.get(event) for plan in plans]
        days = [due.last if due and due.is_day else None for due in dues]
        assert swept[f"{event}.due"].to_pylist() == days
    counted = batch.summarise(swept, ruleset=ILACS).to_pylist()
    assert {row["next-inspection"]: row["cases"] for row in counted} == {
        "short-inspection": 2,
        "re-inspection": 1,
    }


def test_a_record_is_replayed_and_a_fact_changed() -> None:
    """A record of a plan gives the same plan again; what if names the subject and the headline."""
    plan = plan_of(INADEQUATE)
    again = replay(record(plan), ruleset=ILACS)
    assert again.changes == ()
    changed = what_if(
        FollowUp.from_yaml(INADEQUATE),
        {"effectiveness": "good", "next-inspection-begins": "2026-09-01"},
        on=ON,
        ruleset=ILACS,
    )
    assert changed.after.headline.value == "short-inspection"
    assert "The next inspection: now a short inspection" in changed.sentence
    assert_no_police(changed.to_text())


def test_events_keep_their_order() -> None:
    """A follow-up in which the report is published before it is received is refused."""
    text = VISITED.replace("last-meeting", "report-published: 2024-04-30, last-meeting")
    with pytest.raises(FactsError, match=r"report-published.*1 May 2024.*must come first"):
        plan_of(text)


def test_a_follow_up_of_something_else_is_refused() -> None:
    """Neither a force under these rules nor a local authority under those of the police."""
    with pytest.raises(FactsError, match=r"Kent Police.*about a local authority"):
        plan_of("force: kent")
    with pytest.raises(FactsError, match=r"Anytown City Council.*about a force"):
        plan_of(INADEQUATE.partition("further")[0], shipped_ruleset())


def test_every_command_takes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Check, test, assess, decide, caseload and explain, from files and a folder alone."""
    for name, text in (("anytown", INADEQUATE), ("newtown", VISITED), ("oldbury", GOOD)):
        tmp_path.joinpath(f"{name}.yaml").write_text(text, "utf-8")
    rules, anytown = ["--ruleset", str(FOLDER)], str(tmp_path / "anytown.yaml")
    for command in (
        ["check", str(FOLDER)],
        ["test", str(FOLDER)],
        ["assess", anytown, *rules, "--on", ON],
        ["caseload", str(tmp_path), *rules, "--on", ON],
        ["explain", anytown, *rules, "--on", ON],
        ["decide", *rules, "effectiveness=good", "report-received=2024-05-01", "--on", ON],
    ):
        assert main(command) == 0, command
        assert_no_police(capsys.readouterr().out)
    assert main(["assess", anytown, *rules, "--on", ON, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["headline"]["value"] == "re-inspection"


def test_a_follow_up_is_begun_with_its_own_facts(tmp_path: Path) -> None:
    """The skeleton names every fact and event of the rules, and is read as it is."""
    file = tmp_path / "anytown.yaml"
    assert main(["init", "--follow-up", str(file), "--ruleset", str(FOLDER)]) == 0
    follow_up = FollowUp.load(file)
    assert (follow_up.subject, follow_up.force) == ("Somebody", None)
    further = follow_up.further
    assert (set(further.facts), set(further.events)) == (set(ILACS.facts), set(ILACS.events))
    assert assess(follow_up, on=ON, ruleset=ILACS).headline.value is None
    own = json.loads((tmp_path / ".schemas" / "follow-up.json").read_text("utf-8"))
    assert own["oneOf"] == [{"required": ["subject"]}]


def test_a_force_is_refused_although_its_values_were_decided_before() -> None:
    """What is remembered of a local authority is never given for a force with the same facts."""
    rules = load_ruleset(FOLDER)
    for _ in range(2):
        plan_of("subject: Oldbury County Council", rules)  # of which no fact is known either
    with pytest.raises(FactsError, match="is about a local authority"):
        plan_of("force: kent", rules)


def test_a_table_has_a_column_for_each_fact_and_event(tmp_path: Path) -> None:
    """Rows are read by the heads of the rules; what is wrong in a cell is told with its address."""
    heads = [column.head for column in columns_of(ILACS)]
    assert heads[:4] == [
        "Local authority",
        "What was done",
        "Overall effectiveness",
        "Priority action",
    ]
    assert len(heads) == len(set(heads)) == 1 + len(ILACS.facts) + len(ILACS.events) + 2
    lines = [
        ["Local authority", "What was done", "Overall effectiveness", "Report received"],
        ["Anytown", "Inspection", "Requires improvement", "08/03/2024"],
        ["Newtown", "focused-visit", "", "not yet"],
    ]
    rows, problems = read_cases({"Follow-ups": lines}, ILACS)
    assert problems == []
    assert [row.follow_up.to_dict() for row in rows] == [
        {
            "subject": "Anytown",
            "further": {
                "facts": {"looked-at": "inspection", "effectiveness": "requires-improvement"},
                "events": {"report-received": "2024-03-08"},
            },
        },
        {
            "subject": "Newtown",
            "further": {
                "facts": {"looked-at": "focused-visit"},
                "events": {"report-received": "not-yet"},
            },
        },
    ]
    wrong = [lines[0], ["", "Inspection", "", ""], ["Anytown", "Inspecton", "", "8 March"]]
    _, problems = read_cases({"Follow-ups": wrong}, ILACS)
    assert [(problem.place, problem.message) for problem in problems] == [
        ("Follow-ups!A2 (Local authority)", "The local authority is missing."),
        ("Follow-ups!B3 (What was done)", "'Inspecton' is not a value."),
        ("Follow-ups!D3 (Report received)", "'8 March' is not a date."),
    ]
    pytest.importorskip("openpyxl")
    file = tmp_path / "authorities.xlsx"
    assert main(["init", "--cases", str(file), "--ruleset", str(FOLDER)]) == 0
    sheets = office.read_tables(file.read_bytes(), name=file.name)
    assert list(sheets["Follow-ups"][0]) == heads
