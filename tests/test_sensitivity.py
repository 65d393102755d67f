"""Which readings matter for a follow-up: each other answer, and all that it would change."""

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
READINGS = shipped_ruleset().readings
ASKED = st.fixed_dictionaries(
    {}, optional={id_: st.sampled_from([*each.answers]) for id_, each in READINGS.items()}
)


@given(follow_ups(), REPORT_DAYS, ASKED)
@settings(max_examples=15)
def test_each_answer_is_what_assess_gives(
    follow_up: FollowUp, day: datetime.date, asked: dict[str, str]
) -> None:
    """Every other answer to every reading is there once, with what ``assess`` would change.

    The other readings stay as they were asked for.
    """
    plan = assess(follow_up, on=day, readings=asked)
    found = plan.sensitivity()
    ours = {id_: asked.get(id_, each.ours) for id_, each in READINGS.items()}
    assert sorted((each.reading, each.answer) for each in found.answers) == sorted(
        (id_, answer)
        for id_, each in READINGS.items()
        for answer in each.answers
        if answer != ours[id_]
    )
    for each in found.answers:
        assert each.instead_of == ours[each.reading]
        other = assess(follow_up, on=day, readings={**ours, each.reading: each.answer})
        expected = [
            (one.item, one.before, one.after)
            for one in compare(plan, other)
            if not (one.about == "readings" and one.item == each.reading)
        ]
        assert [(one.item, one.before, one.after) for one in each.differences] == expected


@given(follow_ups(), REPORT_DAYS)
@settings(max_examples=15)
def test_what_matters_most_stands_first(follow_up: FollowUp, day: datetime.date) -> None:
    """Readings stand by how much they change, and each is told either as mattering or as not."""
    found = assess(follow_up, on=day).sensitivity()
    heaviest = [
        max(each.weight for each in found.answers if each.reading == id_)
        for id_ in dict.fromkeys(each.reading for each in found.answers)
    ]
    assert heaviest == sorted(heaviest, reverse=True)
    assert sorted((*found.readings, *found.without_effect)) == sorted(READINGS)
    for each in found.answers:
        assert each.matters == (each.reading in found.readings) or not each.matters
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


def test_a_ruleset_without_readings() -> None:
    """Where a ruleset has no readings, that is said."""
    assert Sensitivity(answers=()).says == ("The ruleset has no readings.",)


def test_explain_tells_the_readings(capsys: pytest.CaptureFixture[str]) -> None:
    """``explain --readings`` prints each answer that matters, and the others in one sentence."""
    arguments = ["explain", str(NORTHUMBRIA), "--on", "2019-04-11", "--readings"]
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    told = " ".join(out.split())
    found = assess(FollowUp.load(NORTHUMBRIA), on="2019-04-11").sensitivity()
    assert found.readings
    for each in found.answers:
        assert (f"{each.reading}={each.answer}: {each.answer_says}" in told) == each.matters
    assert found.says[-1] in told
    assert "Why tier?" not in told
    assert err == ""
    assert main([*arguments, "--why", "tier"]) == 0
    assert "Why tier?" in capsys.readouterr().out
