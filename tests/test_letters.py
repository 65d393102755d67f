"""Texts for a letter: whom they are to, what they say, and what they leave to the writer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.cli import main
from ncpi_rules.core import PartialDate
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess, masked
from ncpi_rules.report import document_request, letter_texts, notice
from tests.strategies import to_assess

if TYPE_CHECKING:
    import pytest

EXAMPLES = Path(__file__).parent.parent / "examples" / "follow-ups"
NORTHUMBRIA = EXAMPLES / "northumbria-2018.yaml"


def lines_of(text: str) -> list[str]:
    """Return the entries of the lists of a text."""
    return [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]


@given(to_assess())
def test_a_notice_is_of_what_is_decided_and_to_come(asked: dict[str, Any]) -> None:
    """There is a notice where the tier is settled and the revisit has not begun; it says when."""
    plan = assess(**asked)
    text = notice(plan.document)
    begins = plan.events[plan.ruleset.contract.name("fieldwork.begins")]
    has_begun = isinstance(begins, PartialDate) and begins.end <= plan.on.toordinal()
    assert bool(text) == (plan.headline.basis.settles and not has_begun)
    if text:
        assert text.startswith(f"To the {plan.chief_officer}, {plan.subject_name}\n")
        assert str(plan.local_policing_body) in text
        is_known = isinstance(begins, PartialDate) and begins.is_day
        day = begins.text if isinstance(begins, PartialDate) and is_known else "[day]"
        assert f"will begin on {day}" in text


@given(to_assess())
def test_each_document_is_there_once(asked: dict[str, Any]) -> None:
    """A request lists each document once, the suggested first; none once all is over."""
    plan = assess(**asked)
    ends = plan.events[plan.ruleset.contract.name("fieldwork.ends")]
    if isinstance(ends, PartialDate) and ends.end < plan.on.toordinal():
        assert document_request(plan.document) == ""
        return
    current = [
        document for document in plan.documents if document.revisit in {None, len(plan.earlier) + 1}
    ]
    ordered = sorted(current, key=lambda request: request.suggested is not True)
    entries = lines_of(document_request(plan.document))
    assert len(entries) == len(ordered)
    for entry, request in zip(entries, ordered, strict=True):
        assert entry.casefold().startswith(request.sentence.rstrip(".").casefold())


@given(to_assess(texts=st.sampled_from(["Zoë Quill", "Quill, Zoë"])))
def test_masked_names_are_masked(asked: dict[str, Any]) -> None:
    """No name of masked facts is left, but those that are ids of recommendations and areas."""
    follow_up = masked(asked.pop("follow_up"))
    text = letter_texts(assess(follow_up, **asked).document)
    prompts = ("recommendation", "area of concern")
    lines = [line for line in text.splitlines() if "Quill" in line]
    assert [line for line in lines if not any(prompt in line for prompt in prompts)] == []


def test_titles_are_local() -> None:
    """In Wales the director has the title of Wales, and what the force itself does is left out."""
    follow_up = FollowUp.load(EXAMPLES / "invented-review.yaml")
    text = notice(assess(follow_up, on="2021-10-01").document)
    assert "director of social services" in text
    assert "show progress" not in text
    assert lines_of(text)[0].startswith("audit a modest selection of cases")


def test_assess_prints_letters(capsys: pytest.CaptureFixture[str]) -> None:
    """``--format letters`` prints both texts, or says that there is neither."""
    asked = ["assess", str(NORTHUMBRIA), "--format", "letters", "--on"]
    assert main([*asked, "2018-12-15"]) == 0
    out = capsys.readouterr().out
    assert "Notice of a post-inspection review" in out
    assert "\nHMICFRS inspectors will:\n\n- audit a modest selection" in out
    assert "\nHMICFRS inspectors may also:\n\n- require access" in out
    assert "Documents that we ask for" in out
    assert (
        main(["assess", str(EXAMPLES / "avon-and-somerset-2023.yaml"), *asked[2:], "2023-06-01"])
        == 0
    )
    assert capsys.readouterr().out == (
        "Avon and Somerset Constabulary: there is nothing to give notice of and nothing to ask "
        "for.\n"
    )
