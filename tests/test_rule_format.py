"""The format of rules: blocks, sections, tables, parameters and sentences that take their data."""

from __future__ import annotations

import difflib
import itertools
import pickle
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from hypothesis import given

from ncpi_rules.checks import check, shared_lines
from ncpi_rules.cli import main
from ncpi_rules.core import RulesetError
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import write_plain, write_yaml
from ncpi_rules.plan import assess
from ncpi_rules.report import lay_out_markdown, parameter_page
from ncpi_rules.ruleset import CHOICES, Rule, Ruleset, decide, load_ruleset, patch, shipped_ruleset
from ncpi_rules.scenarios import load_scenarios, run
from ncpi_rules.sign_off import covered_by_all
from tests.strategies import written_alerts

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
SHIPPED = shipped_ruleset()
EDITION = HERE.parent / "rulesets" / "ncpi-follow-up" / "as-published"
FOLDERS = [EDITION, *sorted((HERE / "rulesets").iterdir())]
ADDED: Final = {"statements", "rests_on"}
LISTED: Final = {*ADDED, "to", "prompted_by", "outranks"}


# --- A second reading of the format, which expands nothing ----------------------------------------


class DoesNotApplyError(Exception):
    """The rule says nothing in this case."""


def listed(value: Any) -> list[str]:
    """Return one or several texts as a list."""
    return list(value) if isinstance(value, list) else [value]


class Reading:
    """What a rule says in one case, read line by line as an officer reads it."""

    def __init__(self, case: Mapping[str, str]) -> None:
        """Begin to read, in one case."""
        self.case = case
        self.tested: set[str] = set()
        self.lines: dict[str, Any] = {}

    def take(self, block: Mapping[str, Any]) -> None:
        """Read a block: its own lines, then those of the blocks inside that are about this case."""
        inner: list[Mapping[str, Any]] = []
        for name, line in block.items():
            if name in ADDED:
                self.lines[name] = [*self.lines.get(name, ()), *listed(line)]
            elif name not in {"id", "when", "under"}:
                self.lines[name] = line
        for name, tested in {**block.get("when", {}), **block.get("under", {})}.items():
            self.tested.add(name)
            if not isinstance(tested, dict):
                if self.case[name] not in listed(tested):
                    raise DoesNotApplyError
                continue
            about = [
                differing
                for values, differing in tested.items()
                if self.case[name] in [value.strip() for value in values.split(",")]
            ]
            if not about or about == ["does-not-apply"]:
                raise DoesNotApplyError
            inner += [differing for differing in about if differing != "as-written"]
        for differing in inner:
            self.take(differing)


def reading(
    rule: Mapping[str, Any], section: Mapping[str, Any], case: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return the lines of a rule in a case, or None where it does not apply."""
    result = Reading(case)
    try:
        result.take(section.get("given", {}))
        result.take(rule)
        wherever = dict(section.get("wherever", {}))
        for fact in [name for name in wherever if name in case]:
            values = listed(wherever.pop(fact))
            if fact in result.tested and case[fact] in values:
                result.take(wherever)
    except DoesNotApplyError:
        return None
    return result.lines


def counted(text: str, parameters: Mapping[str, Any], case: Mapping[str, str]) -> str:
    """Return a period and its event, looked up where a parameter is named."""
    head, _, rest = text.partition(" ")
    if head not in parameters:
        return text
    parameter = dict(parameters[head])
    for question, answers in parameter.pop("under", {}).items():
        parameter |= answers[case[question]] if answers[case[question]] != "as-written" else {}
    if rest:
        return f"{parameter['period']} {rest}"
    directions = {"after": "after", "before": "before", "beginning_with": "beginning with"}
    ((counted_from, event),) = [
        (said, parameter[key]) for key, said in directions.items() if key in parameter
    ]
    return f"{parameter['period']} {counted_from} {event}"


def names_tested(block: Any) -> set[str]:
    """Return every name that a block tests, however deep."""
    if not isinstance(block, dict):
        return set()
    tested = {**block.get("when", {}), **block.get("under", {})}
    return {*tested}.union(
        *(
            names_tested(part)
            for block in tested.values()
            if isinstance(block, dict)
            for part in block.values()
        )
    )


def written_in(folder: Path) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Return each rule of a folder as it is written, with its section."""
    rules: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
    for path in sorted(folder.glob("[0-9]-*.yaml")):
        file = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  all is text
        rules += [(rule, {}) for rule in file.get("rules", [])]
        for section in file.get("sections", []):
            rules += [(rule, section) for rule in section["rules"]]
    return rules


def without_sentences(lines: Mapping[str, Any]) -> dict[str, Any]:
    """Return lines in a form that does not depend on order, without those that name data."""
    return {
        name: frozenset(listed(line)) if name in LISTED else " ".join(str(line).split())
        for name, line in lines.items()
        if name != "outranks" and not (isinstance(line, str) and "{" in line)
    }


def says(rule: Rule, lines: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a loaded case says, in the lines that name no data."""
    plain: dict[str, Any] = write_plain(rule)  # what is written by default is missing
    plain |= {name: getattr(rule, name) for name in lines if name not in plain}
    named = {name for name, line in lines.items() if isinstance(line, str) and "{" in line}
    return without_sentences(
        {name: plain[name] for name in plain.keys() - {"id", "when", "under"} - named}
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_rule_says_in_every_case_what_is_written(folder: Path) -> None:
    """In every case that a rule can tell apart, one case of it says its lines, or none does."""
    ruleset = load_ruleset(folder)
    file = folder / "parameters.yaml"
    listed_parameters = (
        yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)["parameters"]  # noqa: S506
        if file.is_file()
        else []
    )
    parameters = {parameter["id"]: parameter for parameter in listed_parameters}
    values: dict[str, list[str]] = {
        **{
            name: list(term.values)
            for terms in (ruleset.facts, ruleset.outcomes)
            for name, term in terms.items()
        },
        **{
            name: list(interpretation.answers)
            for name, interpretation in ruleset.interpretations.items()
        },
    }
    asked = {
        question for parameter in parameters.values() for question in parameter.get("under", {})
    }
    applied = cells = 0
    for rule, section in written_in(folder):
        names = sorted(names_tested(rule) | names_tested(section.get("given")) | asked)
        wherever = section.get("wherever", {})
        names = sorted({*names, *names_tested(wherever), *(wherever.keys() & values.keys())})
        for cell in itertools.product(*(values[name] for name in names)):
            case = dict(zip(names, cell, strict=True))
            lines = reading(rule, section, case)
            applying = [
                case_rule
                for case_rule in ruleset.cases[rule["id"]]
                if all(case[name] in allowed for name, allowed in case_rule.tests.items())
            ]
            cells += 1
            if lines is None:
                assert applying == [], (rule["id"], case)
                continue
            for name in ("within", "at_least"):
                if name in lines:
                    lines[name] = counted(lines[name], parameters, case)
            assert len(applying) == 1, (rule["id"], case)
            lines = {name: period_of(line) for name, line in lines.items()}
            assert says(applying[0], lines) == without_sentences(lines), (rule["id"], case)
            applied += 1
    assert applied
    assert applied < cells


NUMBERS: Final = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        range(1, 11),
        strict=True,
    )
)


def period_of(line: Any) -> Any:
    """Return a timing with its number in digits."""
    if not isinstance(line, str) or not re.match(r"\w+ (working )?(day|week|month)s? ", line):
        return line
    number, rest = line.split(" ", 1)
    return f"{NUMBERS.get(number, number)} {rest}"


@given(rule=written_alerts())
def test_any_block_is_read_as_it_is_written(rule: dict[str, Any]) -> None:
    """A rule with blocks at random is refused, or says in every case what is written."""
    base = load_ruleset(HERE / "rulesets" / "library-loans")
    try:
        ruleset = patch(base, {"alert.any": {"decides": "alerts", **rule}})
    except RulesetError:
        return
    values = {
        **{
            name: list(term.values)
            for terms in (base.facts, base.outcomes)
            for name, term in terms.items()
        },
        **{
            name: list(interpretation.answers)
            for name, interpretation in base.interpretations.items()
        },
    }
    names = sorted(names_tested(rule))
    for cell in itertools.product(*(values[name] for name in names)):
        case = dict(zip(names, cell, strict=True))
        lines = reading(rule, {}, case)
        applying = [
            case_rule
            for case_rule in ruleset.cases["alert.any"]
            if all(case[name] in allowed for name, allowed in case_rule.tests.items())
        ]
        assert len(applying) == (lines is not None)
        if lines is not None:
            assert says(applying[0], lines) == without_sentences(lines)


# --- Where lines stand never matters --------------------------------------------------------------


def copied(folder: Path, tmp_path: Path) -> Path:
    """Return a copy of an edition that may be edited."""
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    return copy


def rewritten(folder: Path, change: Any) -> Ruleset:
    """Return the ruleset of a folder with each file of rules changed as plain data."""
    for path in sorted(folder.glob("[0-9]-*.yaml")):
        file = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        path.write_text(write_yaml(change(file)), "utf-8")
    return load_ruleset(folder)


def backwards(data: Any) -> Any:
    """Return plain data with every block and every list of rules the other way round."""
    if isinstance(data, dict):
        return {
            name: [backwards(item) for item in reversed(line)]
            if name in {"rules", "sections"}
            else backwards(line)
            for name, line in reversed(data.items())
        }
    return data


def unshared(file: dict[str, Any]) -> dict[str, Any]:
    """Return a file in which each rule says itself what its section shared by 'given'."""
    for section in file.get("sections", []):
        given_lines = section.pop("given", {})
        for rule in section["rules"]:
            for name, line in given_lines.items():
                if name in {"when", "under"}:
                    rule[name] = {**line, **rule.get(name, {})}
                elif name in ADDED:
                    rule[name] = [*listed(line), *listed(rule.get(name, []))]
                else:
                    rule[name] = line
    return file


@pytest.mark.parametrize("change", [backwards, unshared])
def test_rearranging_changes_nothing(change: Any, tmp_path: Path) -> None:
    """The order of lines, and what a section shares, change neither digest nor signatures."""
    folder = copied(EDITION, tmp_path)
    ruleset = rewritten(folder, change)
    assert ruleset.digest == SHIPPED.digest
    scenarios = load_scenarios(EDITION, ruleset=SHIPPED)
    before = {
        approval.name: approval.fingerprints for approval in covered_by_all(SHIPPED, scenarios)
    }
    after = {
        approval.name: approval.fingerprints for approval in covered_by_all(ruleset, scenarios)
    }
    assert after == before


# --- Parameters -----------------------------------------------------------------------------------


def test_a_parameter_makes_exactly_the_rules_stale_that_it_touches() -> None:
    """Another number changes what is signed of the rules that use it, and of no other."""
    changed = patch(SHIPPED, {"revisit-ceiling": "4 months"})
    using = {rule.rule for rule in SHIPPED.rules.values() if "revisit-ceiling" in rule.parameters}
    before = {
        approval.name: approval.fingerprints.rules for approval in covered_by_all(SHIPPED, ())
    }
    after = {approval.name: approval.fingerprints.rules for approval in covered_by_all(changed, ())}
    stale = {name for name in SHIPPED.cases if before[name] != after[name]}
    assert stale == using
    assert using == {"deadline.revisit", "deadline.later-revisit", "alert.review-outstanding"}


def test_every_sentence_takes_the_number_of_its_parameter() -> None:
    """After a change of a parameter, no sentence of the edition says the old number."""
    changed = patch(SHIPPED, {"revisit-ceiling": "4 months", "action-plan-time": "5 weeks"})
    texts = [
        *(rule.title for rule in changed.rules.values()),
        *(getattr(rule, "alert", "") for rule in changed.rules.values()),
        *(guarantee.says for guarantee in changed.guarantees.values()),
        *(
            text
            for interpretation in changed.interpretations.values()
            for text in interpretation.answers.values()
        ),
        *(interpretation.question for interpretation in changed.interpretations.values()),
    ]
    said = " ".join(texts)
    assert "four months" in said
    assert "five weeks" in said
    assert not re.search(r"\b(six|6) (months|weeks)\b", said)
    assert "{" not in said


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("5-deadlines", "action-plan-time", "6 weeks after report-published", "written-out"),
        ("5-deadlines", "comes {limit}", "comes within six weeks", "written-out"),
        ("interpretations", "the {notice-of-a-visit} are", "the 2 weeks are", "written-out"),
        ("parameters", "period: 6 months", "period: 4 months", "not-as-stated"),
        ("parameters", "statements: [visit.2]", "statements: [visit.4]", "not-as-stated"),
    ],
)
def test_a_number_out_of_place_is_found(
    file: str, old: str, new: str, code: str, tmp_path: Path
) -> None:
    """A number that is written out, or that no cited statement says, is found at its place."""
    folder = copied(EDITION, tmp_path)
    path = folder / f"{file}.yaml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    line = text[: text.index(old)].count("\n") + 1
    (place,) = [finding.place for finding in check(folder) if finding.code == f"number-{code}"]
    name, at, _ = place.rsplit(":", 2)
    assert Path(name).name == path.name
    assert code != "written-out" or at == str(line)


def test_a_parameter_that_nothing_uses_is_found(tmp_path: Path) -> None:
    """A parameter is named by a rule or a sentence, or it is found."""
    folder = copied(EDITION, tmp_path)
    file = folder / "parameters.yaml"
    spare = (
        "parameters:\n  - {id: spare, title: Nothing, period: 6 weeks, after: report-published, "
        "statements: [approach.2]}\n"
    )
    file.write_text(file.read_text("utf-8").replace("parameters:\n", spare, 1), "utf-8")
    assert [finding.message for finding in check(folder)] == [
        "No rule and no sentence uses the parameter 'spare'."
    ]


# --- Tables ---------------------------------------------------------------------------------------

STAGE = """decides: judgement-stage
hit: {hit}
table:
  columns: [action-plan-review, R13, report-published, then, basis, statements, title]
  rows:
    stage.reached: ["done, not-required", -, "happened, not-known", reached, -, approach.3, Reached]
    stage.taken: [not-known, judgement-stands, "happened, not-known", reached, -, approach.3, Taken]
    stage.otherwise: [{otherwise}, -, -, not-reached, waits-for-a-judgement, approach.3, It waits]
"""


def stage(folder: Path, hit: str, otherwise: str) -> Ruleset:
    """Return the edition with its stage decided by a table."""
    text = STAGE.format(hit=hit, otherwise=otherwise)
    folder.joinpath("1-stage.yaml").write_text(text, "utf-8")
    return load_ruleset(folder)


def decided(ruleset: Ruleset) -> list[str]:
    """Return the stage in every case of the two things that decide it."""
    return [
        decide(
            ruleset, {"action-plan-review": review}, interpretations={"R13": answer}
        ).evaluation.decided["judgement-stage"]
        for review in SHIPPED.facts["action-plan-review"].values
        for answer in SHIPPED.interpretations["R13"].answers
    ]


def test_a_table_decides_by_its_first_row_that_fits(tmp_path: Path) -> None:
    """With 'hit: first' an earlier row wins, and nothing else is needed to say so."""
    ruleset = stage(copied(EDITION, tmp_path), "first", "-")
    assert decided(ruleset) == decided(SHIPPED)
    assert [finding for finding in check(ruleset) if finding.code.startswith("exception")] == []


def test_a_table_with_unique_hits_refuses_rows_that_overlap(tmp_path: Path) -> None:
    """With 'hit: unique' two rows that fit one case are refused, with the case."""
    with pytest.raises(RulesetError, match=r"'stage\.reached' and 'stage\.otherwise' both apply"):
        stage(copied(EDITION, tmp_path), "unique", "-")


def test_a_table_by_priority_decides_for_the_value_that_comes_first(tmp_path: Path) -> None:
    """With 'hit: priority' the value that is listed first wins, whatever the order of rows."""
    folder = copied(EDITION, tmp_path)
    ruleset = stage(folder, "priority\npriority: [reached, not-reached]", "-")
    assert decided(ruleset) == decided(SHIPPED)
    other = stage(folder, "priority\npriority: [not-reached, reached]", "-")
    assert {*decided(other)} == {"not-reached"}


def test_a_cell_is_found_at_its_own_place(tmp_path: Path) -> None:
    """A value in a table that is not known is reported with the line and column of its cell."""
    with pytest.raises(RulesetError) as caught:
        stage(copied(EDITION, tmp_path), "first", "never")
    (problem,) = caught.value.problems
    assert problem.place.endswith("1-stage.yaml:8:23")


# --- The five edits of an officer -----------------------------------------------------------------


def lines_changed(old: str, new: str) -> int:
    """Return how many lines of a file differ."""
    return (
        sum(
            line[0] in "+-"
            for line in difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
        )
        - 2
    )


def test_six_months_to_four_is_one_line(tmp_path: Path) -> None:
    """One line changes the ceiling, and every sentence and scenario follows or fails."""
    folder = copied(EDITION, tmp_path)
    path = folder / "parameters.yaml"
    old = path.read_text("utf-8")
    path.write_text(old.replace("period: 6 months", "period: 4 months"), "utf-8")
    assert lines_changed(old, path.read_text("utf-8")) == 2
    ruleset = load_ruleset(folder)
    titles = {rule.title for rule in ruleset.cases["deadline.revisit"]}
    assert titles == {
        "The force is revisited within four months of publication",
        "The revisit is over within four months of publication",
    }


def test_a_third_answer_is_refused_until_something_is_said_of_it(tmp_path: Path) -> None:
    """An answer to R6 that nothing names is refused; one more line says what follows."""
    folder = copied(EDITION, tmp_path)
    register = folder / "interpretations.yaml"
    text = register.read_text("utf-8")
    first = "      from-the-first-day: They are counted"
    assert text.count(first) == 1
    register.write_text(
        text.replace(first, f"      from-the-feedback: They are counted from it.\n{first}"), "utf-8"
    )
    with pytest.raises(
        RulesetError, match="Nothing is said of the answer 'from-the-feedback' to R6"
    ):
        load_ruleset(folder)
    parameters = folder / "parameters.yaml"
    text = parameters.read_text("utf-8")
    last = "        from-the-first-day: {after: revisit-begins}\n"
    assert text.count(last) == 1
    parameters.write_text(
        text.replace(last, f"{last}        from-the-feedback: {{after: feedback-given}}\n"), "utf-8"
    )
    ruleset = load_ruleset(folder)
    anchors = {
        rule.within.event  # type: ignore[attr-defined]
        for rule in ruleset.cases["deadline.write-to-chief-officer"]
        if rule.under.get("R6") == ("from-the-feedback",)
    }
    assert anchors == {"feedback-given"}


def test_what_a_section_shares_is_named_with_the_rules_that_it_touches(tmp_path: Path) -> None:
    """A condition that is deleted from 'wherever' shows in what 'check' names."""
    folder = copied(EDITION, tmp_path)
    path = folder / "5-deadlines.yaml"
    before = [part for part in shared_lines(SHIPPED) if "5-deadlines" in part.place]
    assert before[0].says == (
        "'wherever' tier is full-re-inspection adds R15: at-least-those-of-a-review "
        "and statements: [full.2]"
    )
    assert before[0].rules == (
        "deadline.notice",
        "deadline.activity-described",
        "deadline.documents-reviewed",
    )
    text = path.read_text("utf-8")
    path.write_text(text.replace(", under: {R15: at-least-those-of-a-review}", ""), "utf-8")
    after = [
        part.says for part in shared_lines(load_ruleset(folder)) if "5-deadlines" in part.place
    ]
    assert after == ["'wherever' tier is full-re-inspection adds statements: [full.2]"] * 2


def edited(folder: Path, edits: Mapping[str, tuple[str, str]]) -> tuple[Ruleset, int]:
    """Return the ruleset of a folder after lines were put before others, and how many lines."""
    lines = 0
    for name, (before, added) in edits.items():
        path = folder / name
        text = path.read_text("utf-8")
        assert text.count(before) >= 1
        path.write_text(text.replace(before, added + before, 1), "utf-8")
        lines += len(added.strip().splitlines())
    return load_ruleset(folder), lines


def sections_that_fail(ruleset: Ruleset) -> set[str]:
    """Return the parts of plans in which the scenarios of the edition fail."""
    scenarios = load_scenarios(EDITION, ruleset=ruleset)
    results = [run(scenario, ruleset) for scenario in scenarios]
    return {mismatch.section for result in results for mismatch in result.mismatches}


def test_a_document_for_reviews_is_six_lines_in_two_places(tmp_path: Path) -> None:
    """A document comes with its section: who asks whom, and a full re-inspection has it too."""
    ruleset, lines = edited(
        copied(EDITION, tmp_path),
        {
            "vocabulary.yaml": (
                "  - id: updated-action-plan",
                "  - id: risk-register\n    title: the risk register\n",
            ),
            "4-documents.yaml": (
                "      - id: document.updated-action-plan",
                (
                    "      - id: document.risk-register\n        document: risk-register\n"
                    "        prompted_by: [governance]\n        statements: [review.12]\n"
                ),
            ),
        },
    )
    assert lines == 6
    assert check(ruleset) == ()
    tiers = [rule.when["tier"] for rule in ruleset.cases["document.risk-register"]]
    assert sorted(tiers) == [("full-re-inspection",), ("post-inspection-review",)]
    assert sections_that_fail(ruleset) == {"complete documents", "complete suggested"}


def test_an_activity_for_reviews_is_nine_lines(tmp_path: Path) -> None:
    """An activity that stands in its section brings R15 and its citation with it."""
    ruleset, lines = edited(
        copied(EDITION, tmp_path),
        {
            "vocabulary.yaml": (
                "  - id: review-documents",
                "  - id: observe-meetings\n    title: observe meetings\n",
            ),
            "3-activities.yaml": (
                "      - id: activity.case-audits",
                (
                    "      - id: activity.observe-meetings\n"
                    '        title: "{Tier} has the observation of meetings"\n'
                    "        does: observe-meetings\n"
                    "        modality: must\n"
                    "        when: {tier: [post-inspection-review, full-re-inspection]}\n"
                    "        statements: [review.2]\n"
                ),
            ),
        },
    )
    assert lines == 8
    assert check(ruleset) == ()
    full, review = sorted(
        ruleset.cases["activity.observe-meetings"], key=lambda rule: rule.when["tier"]
    )
    assert (full.under, set(full.statements)) == (
        {"R15": ("at-least-those-of-a-review",)},
        {"review.2", "full.2"},
    )
    assert review.title == "A review has the observation of meetings"


def test_a_citation_stands_in_few_places() -> None:
    """Where a statement is cited for a whole section, it is written once."""
    text = "".join(path.read_text("utf-8") for path in sorted(EDITION.glob("[0-9]-*.yaml")))
    assert text.count("visit.7") == 2
    assert text.count("full.2") == 7
    citing = {rule.rule for rule in SHIPPED.rules.values() if "full.2" in rule.statements}
    assert len(citing) > 25


# --- The page of parameters -----------------------------------------------------------------------


def test_the_page_of_parameters_is_that_of_the_edition(capsys: pytest.CaptureFixture[str]) -> None:
    """The page in the documentation is what the command prints of the shipped edition."""
    assert main(["parameters", "--format", "markdown"]) == 0
    page = HERE.parent / "docs" / "reference" / "parameters.md"
    assert capsys.readouterr().out == page.read_text("utf-8")


def test_the_history_of_a_parameter_is_told() -> None:
    """What a parameter was in earlier editions stands in a table on its page."""
    changed = patch(SHIPPED, {"revisit-ceiling": {"was": {"2010/2014-03": "9 months"}}})
    page = lay_out_markdown(parameter_page(changed))
    assert "nine months" in page
    assert "2010/2014-03" in page
    others = len(SHIPPED.parameters) + len(SHIPPED.choices) - 1
    assert page.count("Nothing is recorded of earlier editions.") == others


def test_the_history_of_a_choice_is_told() -> None:
    """What a choice was in earlier editions stands on its page, beside its answers and sources."""
    changed = patch(SHIPPED, {"due-soon": {"choice": "21 days", "was": {"2010/2014-03": "7 days"}}})
    page = lay_out_markdown(parameter_page(changed))
    assert "**It is '21 days'.**" in page
    assert "2010/2014-03" in page
    assert "**It is left open, as R8. Our answer is 'stands'.**" in page


def test_a_choice_may_be_one_that_the_edition_has_not_made() -> None:
    """Without a file of parameters the library does what it does where nothing is chosen."""
    leave = load_ruleset(HERE / "rulesets" / "leave-days")
    assert leave.choices == {}
    assert [leave.choice(name) for name in CHOICES] == list(CHOICES.values())
    assert leave.soon(700_000) is None
    assert SHIPPED.soon(700_000) == 14


# --- The impact of a parameter --------------------------------------------------------------------


def test_the_command_sets_a_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    """'diff --set' says the parameter once, the rules that follow it, and who is affected."""
    cases = str(HERE.parent / "examples" / "follow-ups" / "northumbria-2018.yaml")
    setting = ["diff", "ncpi-follow-up", "--set", "revisit-ceiling=4 months"]
    assert main([*setting, "--cases", cases, "--on", "2019-04-11"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.count("revisit-ceiling: 4 months (was 6 months)") == 1
    rules = "alert.review-outstanding, deadline.later-revisit, deadline.revisit"
    assert f"these rules follow: {rules}" in said
    assert "Due dates move by 61 days, earlier." in said
    assert "differs in its title" not in said
    assert main(["diff", "ncpi-follow-up", "--set", "revisit=4 months"]) == 2
    assert "There is no parameter and no choice 'revisit'." in capsys.readouterr().err
    assert main(["diff", "ncpi-follow-up", "--set", "revisit-ceiling=soon"]) == 2
    assert "'soon' is not a period." in capsys.readouterr().err


def test_a_ruleset_that_was_changed_in_python_is_not_patched() -> None:
    """A patch changes what is written: where the ruleset says something else, it is refused."""
    changed = SHIPPED.evolve(rules={})
    with pytest.raises(RulesetError, match="changed after it was read"):
        patch(changed, {"revisit-ceiling": "4 months"})
    again = pickle.loads(pickle.dumps(SHIPPED))  # noqa: S301  our own
    assert patch(again, {"revisit-ceiling": "4 months"}).cases["deadline.revisit"]


def test_an_alert_rests_on_what_its_own_case_rests_on() -> None:
    """Two cases of one deadline raise the same alert, each with its own interpretations."""
    late = {
        "force": "kent",
        "inspection_report": {"published": "2018-06-28"},
        "fieldwork": {"begins": "2019-01-10"},
    }
    chosen = {"decision": "tier-chosen", "by": "x", "on": "2018-09-01", "why": "y"}
    resting = {}
    for tier in ("post-inspection-visit", "full-re-inspection"):
        follow_up = FollowUp.from_dict({**late, "decisions": [{**chosen, "value": tier}]})
        plan = assess(follow_up, on="2020-01-01")
        (alert,) = [alert for alert in plan.alerts if alert.id == "alert.deadline.revisit"]
        resting[tier] = alert.interpretations
    assert resting == {
        "post-inspection-visit": ("R7", "R9"),
        "full-re-inspection": ("R4", "R7", "R9"),
    }
