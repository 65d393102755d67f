"""Which interpretations matter for a follow-up: each other answer, and all that it would change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ncpi_rules.cli import main
from ncpi_rules.explain import Sensitivity
from ncpi_rules.explain import open_questions as doubting
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess, compare
from ncpi_rules.ruleset import Decision, decide, shipped_ruleset
from tests.strategies import REPORT_DAYS, follow_ups

if TYPE_CHECKING:
    import datetime

    import pytest

EXAMPLES = Path(__file__).parents[1] / "examples" / "follow-ups"
NORTHUMBRIA = EXAMPLES / "northumbria-2018.yaml"
INTERPRETATIONS = shipped_ruleset().interpretations
ASKED = st.fixed_dictionaries(
    {}, optional={id_: st.sampled_from([*each.answers]) for id_, each in INTERPRETATIONS.items()}
)


@given(follow_ups(), REPORT_DAYS, ASKED)
@settings(max_examples=15)
def test_each_answer_is_what_assess_gives(
    follow_up: FollowUp, day: datetime.date, asked: dict[str, str]
) -> None:
    """Every other answer to every interpretation is there once, with what ``assess`` would change.

    The other interpretations stay as they were asked for.
    """
    plan = assess(follow_up, on=day, interpretations=asked)
    found = plan.sensitivity()
    ours = {id_: asked.get(id_, each.ours) for id_, each in INTERPRETATIONS.items()}
    assert sorted((each.interpretation, each.answer) for each in found.answers) == sorted(
        (id_, answer)
        for id_, each in INTERPRETATIONS.items()
        for answer in each.answers
        if answer != ours[id_]
    )
    for each in found.answers:
        assert each.instead_of == ours[each.interpretation]
        other = assess(
            follow_up, on=day, interpretations={**ours, each.interpretation: each.answer}
        )
        expected = [
            (one.item, one.before, one.after)
            for one in compare(plan, other)
            if not (one.about == "interpretations" and one.item == each.interpretation)
        ]
        assert [(one.item, one.before, one.after) for one in each.differences] == expected


@given(follow_ups(), REPORT_DAYS)
@settings(max_examples=15)
def test_what_matters_most_stands_first(follow_up: FollowUp, day: datetime.date) -> None:
    """Interpretations stand by how much they change, and each matters or does not."""
    found = assess(follow_up, on=day).sensitivity()
    heaviest = [
        max(each.weight for each in found.answers if each.interpretation == id_)
        for id_ in dict.fromkeys(each.interpretation for each in found.answers)
    ]
    assert heaviest == sorted(heaviest, reverse=True)
    assert sorted((*found.interpretations, *found.without_effect)) == sorted(INTERPRETATIONS)
    for each in found.answers:
        assert each.matters == (each.interpretation in found.interpretations) or not each.matters
        assert each.says.endswith("would change.") or "the same would follow" in each.says


def test_the_engine_asked_for_decides_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine that was asked for decides each answer, and what is found depends on none."""
    follow_up = FollowUp.load(NORTHUMBRIA)
    asked = []

    def watched(*arguments: Any, engine: str | None, **named: Any) -> Decision:
        asked.append(engine)
        return decide(*arguments, engine=engine, **named)

    monkeypatch.setattr(doubting, "decide", watched)
    found = []
    for engine in ("durable-rules", "reference", None):
        asked.clear()
        found.append(assess(follow_up, on="2019-04-11", engine=engine).sensitivity())
        assert set(asked) == {engine}
    assert found[0] == found[1] == found[2]


def test_a_ruleset_without_interpretations() -> None:
    """Where a ruleset has no interpretations, that is said."""
    assert Sensitivity(answers=()).says == ("The ruleset has no interpretations.",)


def test_explain_tells_the_interpretations(capsys: pytest.CaptureFixture[str]) -> None:
    """``explain --interpretations`` prints each answer that matters, and the rest in a sentence."""
    arguments = ["explain", str(NORTHUMBRIA), "--on", "2019-04-11", "--interpretations"]
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    told = " ".join(out.split())
    found = assess(FollowUp.load(NORTHUMBRIA), on="2019-04-11").sensitivity()
    assert found.interpretations
    for each in found.answers:
        assert (f"{each.interpretation}={each.answer}: {each.answer_says}" in told) == each.matters
    assert found.says[-1] in told
    assert "Why tier?" not in told
    assert err == ""
    assert main([*arguments, "--why", "tier"]) == 0
    assert "Why tier?" in capsys.readouterr().out
