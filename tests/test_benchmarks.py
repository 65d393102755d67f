"""The benchmark compares before it times, and its page says all that the code does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest

pytest.importorskip("pyarrow", reason="the extra 'columns' is not installed")

from ncpi_rules.ruleset import shipped_ruleset
from tests.benchmarks.peers import files, ours
from tests.benchmarks.peers.by_hand_columns import OUTCOMES
from tests.benchmarks.peers.cases import pool
from tests.benchmarks.peers.comparison import (
    Unequal,
    compare_cases,
    compare_peer,
    compare_tables,
    tables_of,
)
from tests.benchmarks.peers.every import PEERS
from tests.benchmarks.peers.page import Results, aims, page
from tests.benchmarks.peers.timing import Took
from tests.swept import ruled

if TYPE_CHECKING:
    from tests.benchmarks.peers.contestants import Cannot, Contestant, Peer
    from tests.benchmarks.peers.outcomes import Outcomes

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "benchmarks.md"


def _needs(peer: Peer) -> None:
    if peer.version is None:
        pytest.skip(f"{peer.package}, of the extra 'peers', is not installed")


def test_what_is_read_is_what_the_plan_has() -> None:
    """Each way in which we are timed gives the outcomes of the plan."""
    ruleset = shipped_ruleset()
    compare_cases(ours.cases(ruleset), pool(ruleset, 300, seed=4), ruleset)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: str(peer.name))
def test_a_peer_answers_as_we_do(peer: Peer) -> None:
    """Every contestant of a peer gives our outcomes for cases and rows drawn at random."""
    _needs(peer)
    compare_peer(peer, shipped_ruleset(), cases=150, rows=2_000)


@pytest.mark.parametrize("outcomes", [files.FEW, OUTCOMES, None])
def test_files_are_answered_alike(outcomes: tuple[str, ...] | None, tmp_path: Path) -> None:
    """Whoever goes from file to file writes the columns of a sweep."""
    ruleset = shipped_ruleset()
    table = tables_of(ruleset, 2_000)[False]
    swept = ours.columns(ruleset, outcomes)[0]
    compare_tables([swept, *files.contestants(ruleset, tmp_path, outcomes)], table, ruleset)


@pytest.mark.parametrize(
    ("peer", "cannot"),
    [(peer, cannot) for peer in PEERS for cannot in peer.cannot],
    ids=lambda aim: str(getattr(aim, "name", None) or aim.message[:40]),
)
def test_what_a_peer_cannot_express_is_so(peer: Peer, cannot: Cannot) -> None:
    """The trial beside each sentence shows what the sentence says."""
    _needs(peer)
    assert cannot.trial()


def test_the_cases_have_every_value() -> None:
    """Each value of each fact occurs among the cases that are compared."""
    ruleset = shipped_ruleset()
    cases = pool(ruleset, 1_000, seed=2)
    seen = {(name, value) for case in cases for name, value in case.values.items()}
    assert seen == {
        (name, value)
        for name, fact in ruleset.facts.items()
        for value in fact.values
        if (name, value != "none-recorded") != ("earlier-revisit", True)  # one revisit each
    }


def test_the_cases_are_always_the_same() -> None:
    """A seed gives the same cases each time, no two of them alike."""
    first, again = (pool(shipped_ruleset(), 50) for _ in range(2))
    assert first == again
    assert len({case.follow_up.to_json() for case in first}) == 50


def _saying(contestant: Contestant, outcomes: Outcomes) -> Contestant:
    return attrs.evolve(contestant, answer=lambda _: outcomes)


def test_another_answer_stops_the_run() -> None:
    """A contestant that differs in one item, one deadline or one column is told with its case."""
    ruleset = shipped_ruleset()
    contestant = ours.cases(ruleset)[0]
    case = pool(ruleset, 1)[0]
    right = contestant.answer(contestant.run(contestant.prepare(case)))
    assert right.deadlines
    for wrong in (
        attrs.evolve(right, items=right.items - {"must revisit"}),
        attrs.evolve(right, decided={}),
        attrs.evolve(right, deadlines=dict(list(right.deadlines.items())[1:])),
    ):
        other = _saying(contestant, wrong)
        with pytest.raises(Unequal, match=case.follow_up.about.id):
            compare_cases([contestant, other], [case], ruleset)
    swept = ours.columns(ruleset, ("tier", "tier.basis"))[0]
    swapped = attrs.evolve(
        swept, answer=lambda measured: measured.rename_columns(["tier.basis", "tier"])
    )
    with pytest.raises(Unequal, match="findings"):
        compare_tables([swept, swapped], tables_of(ruleset, 100)[True], ruleset)


def _results() -> Results:
    """Return results as a run might have them, each a little other."""
    theirs = [case.name for peer in PEERS if peer.version and peer.cases
              for case in peer.cases(shipped_ruleset())]  # fmt: skip
    mine = [case.name for case in ours.cases(shipped_ruleset())]
    names = {name: Took((at + 1.0, at + 2.0)) for at, name in enumerate([*mine, *theirs])}
    return Results(
        cases=names,
        first_met={},
        first_assessed={},
        whole={},
        by_hand={},
        by_hand_not_warm={},
        files={},
        outcomes=(len(ruled(shipped_ruleset())), 26),
        rates=(("everything", 10, 0.25), ("everything", 100, 0.5)),
        memory=(100, 120),
    )


def test_the_page_says_where_an_aim_is_missed() -> None:
    """An aim is met, missed, or not known where a peer was not there, and the page says so."""
    met = {aim.says.split(",")[0]: aim.met for aim in aims(_results())}
    assert met["Memory flat over a million cases"] is False
    assert met["Columns 40 times as fast as OpenFisca"] is None
    text = page(_results(), on="2026-11-27")
    assert "| Memory flat over a million cases | +20 MiB after the first 100,000 | **no** |" in text
    assert "2026-11-27" in text


@pytest.mark.parametrize("text", [PAGE.read_text("utf-8"), page(_results(), on="2026-11-27")])
def test_the_page_has_every_peer(text: str) -> None:
    """The page that lies in the docs has every peer and sentence, and each contestant's row."""
    plain = " ".join(text.split())
    for peer in PEERS:
        assert f"### {peer.name}\n" in text
        assert peer.made in plain
        assert all(f"- {cannot.message}" in plain for cannot in peer.cannot)
        if peer.version and peer.cases:
            assert all(f"| {case.name} |" in text for case in peer.cases(shipped_ruleset()))


def test_the_page_has_a_row_for_each_table() -> None:
    """The page that lies in the docs has a row for each contestant that answers a table."""
    text = PAGE.read_text("utf-8")
    for peer in PEERS:
        if peer.version and peer.columns:
            assert all(f"| {column.name} |" in text for column in peer.columns(shipped_ruleset()))
