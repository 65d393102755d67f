"""Which interpretations matter for a follow-up: each other answer, and all that it would change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ncpi_rules.cli import main

# pinned: what is decided anew is counted
from ncpi_rules.explain import Sensitivity, open_questions
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess, compare
from ncpi_rules.ruleset import Decision, decide_otherwise, shipped_ruleset
from tests.strategies import REPORT_DAYS, follow_ups

if TYPE_CHECKING:
    import datetime

    import pytest

EXAMPLES = Path(__file__).parents[1] / "examples" / "follow-ups"
NORTHUMBRIA = EXAMPLES / "northumbria-2018.yaml"
INTERPRETATIONS = shipped_ruleset().interpretations
ASKED = st.fixed_dictionaries(
    {}, optional={id_: st.sampled_from([*asked.answers]) for id_, asked in INTERPRETATIONS.items()}
)


@given(follow_ups(), REPORT_DAYS, ASKED)
@settings(max_examples=15)
def test_each_answer_is_what_assess_gives(
    follow_up: FollowUp, day: datetime.date, asked: dict[str, str]
) -> None:
    """Every other answer is there once, with the differences that ``assess`` gives.

    The other interpretations keep the answers that were asked for.
    """
    plan = assess(follow_up, on=day, interpretations=asked)
    answers = plan.sensitivity().answers
    present = {id_: asked.get(id_, question.ours) for id_, question in INTERPRETATIONS.items()}
    assert sorted((other.interpretation, other.answer) for other in answers) == sorted(
        (id_, answer)
        for id_, question in INTERPRETATIONS.items()
        for answer in question.answers
        if answer != present[id_]
    )
    for other in answers:
        id_ = other.interpretation
        assert other.instead_of == present[id_]
        plan_then = assess(follow_up, on=day, interpretations={**present, id_: other.answer})
        expected = [
            (difference.item, difference.before, difference.after)
            for difference in compare(plan, plan_then)
            if (difference.about, difference.item) != ("interpretations", id_)
        ]
        assert [
            (difference.item, difference.before, difference.after)
            for difference in other.differences
        ] == expected


@given(follow_ups(), REPORT_DAYS)
@settings(max_examples=15)
def test_what_matters_most_stands_first(follow_up: FollowUp, day: datetime.date) -> None:
    """Interpretations are sorted by how much they change, and each matters or does not."""
    result = assess(follow_up, on=day).sensitivity()
    heaviest = [
        max(other.weight for other in result.answers if other.interpretation == id_)
        for id_ in dict.fromkeys(other.interpretation for other in result.answers)
    ]
    assert heaviest == sorted(heaviest, reverse=True)
    assert sorted((*result.interpretations, *result.without_effect)) == sorted(INTERPRETATIONS)
    for other in result.answers:
        assert not other.matters or other.interpretation in result.interpretations
        assert other.sentence.endswith("would change.") or "would be the same" in other.sentence


def test_the_engine_asked_for_decides_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine that was asked for decides each answer, and the result depends on none."""
    follow_up = FollowUp.load(NORTHUMBRIA)
    asked = []

    def watched(*arguments: Any, engine: str | None, **named: Any) -> Decision:
        asked.append(engine)
        return decide_otherwise(*arguments, engine=engine, **named)

    monkeypatch.setattr(open_questions, "decide_otherwise", watched)
    results = []
    for engine in ("durable-rules", "reference", None):
        asked.clear()
        results.append(assess(follow_up, on="2019-04-11", engine=engine).sensitivity())
        assert set(asked) == {engine}
    assert results[0] == results[1] == results[2]


def test_a_ruleset_without_interpretations() -> None:
    """Where a ruleset has no interpretations, the conclusion says so."""
    assert Sensitivity(answers=()).sentences == ("The ruleset has no interpretations.",)


def test_explain_prints_the_interpretations(capsys: pytest.CaptureFixture[str]) -> None:
    """``explain --interpretations`` prints each answer that matters, and the rest in a sentence."""
    arguments = ["explain", str(NORTHUMBRIA), "--on", "2019-04-11", "--interpretations"]
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    printed = " ".join(out.split())
    result = assess(FollowUp.load(NORTHUMBRIA), on="2019-04-11").sensitivity()
    assert result.interpretations
    for other in result.answers:
        line = f"{other.interpretation}={other.answer}: {other.answer_text}"
        assert (line in printed) == other.matters
    assert result.conclusion in printed
    assert "Why tier?" not in printed
    assert err == ""
    assert main([*arguments, "--why", "tier"]) == 0
    assert "Why tier?" in capsys.readouterr().out
