"""Slips of the pen in the edition: each is refused or found, at its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ncpi_rules.checks import check

EDITION = Path(__file__).parent.parent / "rulesets" / "ncpi-follow-up" / "as-published"

SLIPS = {
    "a parameter misspelt in a rule": (
        "5-deadlines",
        "within: revisit-ceiling",
        "within: revisit-cieling",
        "There is no parameter 'revisit-cieling'.",
    ),
    "a parameter misspelt in a sentence": (
        "7-alerts",
        "the {revisit-ceiling} after publication",
        "the {revisit-cieling} after publication",
        "There is nothing called 'revisit-cieling' that this sentence could say.",
    ),
    "an answer misspelt in a block": (
        "5-deadlines",
        "        first-day: {event",
        "        frist-day: {event",
        "'frist-day' is not a value of 'R7'.",
    ),
    "a value misspelt in a block": (
        "5-deadlines",
        "not-settled, post-inspection-visit, post",
        "not-settled, post-inspection-vist, post",
        "'post-inspection-vist' is not a value of 'tier'.",
    ),
    "a value misspelt in a list": (
        "7-alerts",
        "prospects: [some-concerns, significant-concerns]",
        "prospects: [some-concern, significant-concerns]",
        "'some-concern' is not a value of 'prospects'.",
    ),
    "a placeholder misspelt": (
        "3-activities",
        "After {tier}, the chief",
        "After {teir}, the chief",
        "There is nothing called 'teir' that this sentence could say.",
    ),
    "a line of a block misspelt": (
        "5-deadlines",
        "under: {R17: {no-date: as-written, as-for-letters: {within: written-feedback-time}}}",
        "under: {R17: {no-date: as-written, as-for-letters: {witin: written-feedback-time}}}",
        "'witin' is not a line of a rule about deadlines.",
    ),
    "as written, with a space": (
        "5-deadlines",
        "by-the-last-day: as-written",
        "by-the-last-day: as written",
        "'as written' says nothing of 'by-the-last-day'.",
    ),
    "an answer left out of a rule": (
        "5-deadlines",
        '            last-day: {event: revisit-ends, title: "The revisit is over {limit}"}\n',
        "",
        "Nothing is said of the answer 'last-day' to R7.",
    ),
    "an answer left out of a parameter": (
        "parameters",
        "        from-the-first-day: {after: revisit-begins}\n",
        "",
        "Nothing is said of the answer 'from-the-first-day' to R6.",
    ),
    "an answer that nothing names": (
        "interpretations",
        "      from-the-first-day: They",
        "      from-the-report: They are counted from it.\n      from-the-first-day: They",
        "Nothing is said of the answer 'from-the-report' to R6.",
    ),
    "a value twice": (
        "5-deadlines",
        "            full-re-inspection: {under: {R4:",
        (
            "            post-inspection-review: as-written\n"
            "            full-re-inspection: {under: {R4:"
        ),
        "'post-inspection-review' stands twice among the values of 'tier'.",
    ),
    "a case without a title": (
        "5-deadlines",
        '{event: revisit-ends, title: "The revisit is over {limit}"}',
        "{event: revisit-ends}",
        "'title' is missing where 'R7' is ",
    ),
    "a sentence of several types of follow-up": (
        "5-deadlines",
        "Inspectors have reviewed the documents {limit}",
        "For {tier}, inspectors have reviewed the documents",
        "The sentence says '{tier}', and the rule",
    ),
    "a section that contradicts its rule": (
        "2-tier",
        "when: {findings: broadly-positive, judgement-stage: not-reached}",
        "when: {prospects: no-concerns, findings: broadly-positive, judgement-stage: not-reached}",
        "No case of the rule 'tier.significant-conflict-waits' is left",
    ),
    "the same line in the section and the rule": (
        "3-activities",
        "        does: discuss-progress\n",
        "        does: discuss-progress\n        by: hmicfrs\n",
        "'by' stands in 'given' and in the rule 'activity.discussion'.",
    ),
    "two blocks that change one line": (
        "5-deadlines",
        "ceiling-stands: as-written\n",
        "ceiling-stands: {event: revisit-ends}\n",
        "'event' is changed by two blocks that may both apply",
    ),
    "a parameter without an event": (
        "parameters",
        "    period: 6 weeks\n    after: report-published\n",
        "    period: 6 weeks\n",
        "The parameter 'action-plan-time' does not say",
    ),
    "a sentence without quotation marks": (
        "3-activities",
        'title: "{Tier} has interviews with key staff of the force"',
        "title: {Tier} has interviews with key staff of the force",
        "The layout breaks off here.",
    ),
    "a sentence with a comma in braces": (
        "0-action-plan",
        "none: {title: No action plan is required where there is no recommendation,",
        "none: {title: No action plan, without a recommendation: it is not required,",
        "'without a recommendation' is not a line of a rule about an outcome.",
    ),
    "what a section shares is deleted": (
        "2-tier",
        "        tier-chosen: none-recorded\n        prospects: significant-concerns\n",
        "        prospects: significant-concerns\n",
        "Two rules decide 'tier' in the same case",
    ),
    "a number written out in a sentence": (
        "5-deadlines",
        "The action plan usually comes {limit}",
        "The action plan usually comes within six weeks",
        "'six weeks' is written out here.",
    ),
    "a number written out in a rule": (
        "5-deadlines",
        "within: action-plan-time",
        "within: 6 weeks after report-published",
        "'6 weeks' is written out here.",
    ),
    "four months in the parameter": (
        "parameters",
        "period: 6 months",
        "period: 4 months",
        "The parameter 'revisit-ceiling' is four months, and no statement",
    ),
    "a parameter that nothing uses": (
        "parameters",
        "parameters:\n",
        "parameters:\n  - {id: spare, title: Nothing, period: 6 weeks, statements: [approach.2]}\n",
        "No rule and no sentence uses the parameter 'spare'.",
    ),
    "a due date before everything": (
        "parameters",
        "    period: 6 weeks\n    after: report-published",
        "    period: 6 weeks\n    before: report-published",
        "before",
    ),
    "an answer that no rule names at all": (
        "interpretations",
        "      may: The additional activity",
        "      neither: Nothing more is said of it.\n      may: The additional activity",
        "Nothing is said of the answer 'neither' to R14.",
    ),
    "an answer that lists leave out": (
        "interpretations",
        "      refer: ",
        "      decline: Nobody decides.\n      refer: ",
        "the answer 'decline' to R",
    ),
    "'wherever' that touches nothing": (
        "3-activities",
        "tier: full-re-inspection     #",
        "tier: not-settled     #",
        "No rule of this section names 'not-settled' of 'tier'.",
    ),
    "'was' within the edition": (
        "parameters",
        "    statements: [approach.8]\n",
        "    statements: [approach.8]\n    was: {2015/2016: 9 months}\n",
        "'2015/2016' overlaps the dates on which this edition applies.",
    ),
    "the value for unknown is an answer": (
        "vocabulary",
        "    unknown: not-known\n    values:\n      broadly-positive",
        "    unknown: broadly-positive\n    values:\n      broadly-positive",
        "if it turns out that the inspection findings are not broadly positive",
    ),
    "a line where it has no meaning": (
        "7-alerts",
        "decides: alerts\n",
        "decides: alerts\nhit: unique\n",
        "'hit' says nothing of alerts",
    ),
    "a comment that cuts a sentence": (
        "7-alerts",
        "title: The action plan leaves out a recommendation\n",
        "title: The action plan leaves out # a recommendation\n",
        "What follows ' #' is a comment",
    ),
}


BROKEN_ELSEWHERE = {
    "an answer that nothing names",
    "an answer that no rule names at all",
    "an answer that lists leave out",
    "a parameter without an event",
    "a due date before everything",
    "a sentence of several types of follow-up",
    "what a section shares is deleted",
    "the value for unknown is an answer",
}
"""The slips that are told where they break something, not where they are."""


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_refused_or_found(slip: str, tmp_path: Path) -> None:
    """Each slip is told in a sentence with what to do, at its own line or that of its block."""
    name, old, new, message = SLIPS[slip]
    folder = tmp_path / "edition"
    shutil.copytree(EDITION, folder)
    path = folder / f"{name}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    findings = [finding for finding in check(folder) if message in finding.message]
    assert findings
    assert all(finding.help for finding in findings)
    places = [finding.place.rsplit(":", 2) for finding in findings]
    assert all(Path(file).parent == folder and int(column) > 0 for file, _, column in places)
    if slip not in BROKEN_ELSEWHERE:
        first = text[: text.index(old)].count("\n") + 1
        lines = [int(line) for file, line, _ in places if Path(file) == path]
        block = range(first - 9, first + new.count("\n") + 2)
        assert any(line in block for line in lines)


def test_a_mistyped_event_of_a_parameter_is_told_where_it_stands(tmp_path: Path) -> None:
    """What takes its period from there says nothing of the event: one line is to be mended."""
    folder = tmp_path / "edition"
    shutil.copytree(EDITION, folder)
    path = folder / "parameters.yaml"
    text = path.read_text("utf-8").replace("after: report-published", "after: report-publishd", 1)
    path.write_text(text, "utf-8")
    line = text[: text.index("report-publishd")].count("\n") + 1
    (finding,) = check(folder)
    assert finding.place.startswith(f"{path}:{line}:")
    assert "There is no event 'report-publishd'." in finding.message
