"""The rules are data: a plan holds what the files say, however these are named and sorted."""

from __future__ import annotations

import shutil
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from ncpi_rules.checks import check
from ncpi_rules.core import RulesetError, read_day
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import read_file, write_yaml
from ncpi_rules.plan import assess, values_of
from ncpi_rules.ruleset import decide, load_ruleset, shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Ruleset

SHIPPED = Path(__file__).parents[1] / "rulesets" / "ncpi-follow-up" / "as-published"
LOANS = Path(__file__).parent / "rulesets" / "library-loans"
RULES = shipped_ruleset()
ON = "2019-03-01"

DECISION = {"by": "HMICFRS", "on": "2018-10-01", "why": "unknown"}
UNCERTAIN = {**DECISION, "on": "2019-02/2019-04"}
DECISIONS: list[list[dict[str, str]]] = [
    [],
    [{"decision": "full-reinspection", **DECISION}],
    [{"decision": "full-reinspection", **UNCERTAIN}],
    [{"decision": "tier-chosen", "value": "post-inspection-visit", **DECISION}],
    [{"decision": "tier-chosen", "value": "post-inspection-review", **DECISION}],
    [{"decision": "tier-chosen", "value": "full-re-inspection", **DECISION}],
    [{"decision": "tier-chosen", "value": "post-inspection-visit", **UNCERTAIN}],
    [{"decision": "suspension", "begins": "2019-02-01", "ends": "not-yet", **DECISION}],
    [{"decision": "suspension", "begins": "2019-01-02", "ends": "2019-02-01", **DECISION}],
    [{"decision": "suspension", "begins": "2019-01-02", "ends": "unknown", **DECISION}],
]
WAIVED = {"decision": "waiver", "of": "action-plan-received", **DECISION}
DECISIONS += [
    [WAIVED, {"decision": "tier-chosen", "value": tier, **DECISION}]
    for tier in ("post-inspection-visit", "post-inspection-review", "full-re-inspection")
]
REVIEWED = "2018-09-01"
REVISITS: list[dict[str, Any]] = [
    {"fieldwork": {"begins": "not-yet"}},
    {"revisits": [{"fieldwork": {"begins": day}} for day in ("2018-09-20", "not-yet")]},
]
MADE = [
    {"id": "1", "time_limit": "immediate", "topic": "governance"},
    {"id": "2", "time_limit": "within 3 months", "topic": "recording"},
]


FURTHER_CASES: list[dict[str, Any]] = [
    {"inspection_report": {"published": "not-yet"}, "prospects": "some-concerns"},
    {"inspection_report": {"recommendations": MADE[:1]}},
    {"inspection_report": {"recommendations": []}},
    {"further": {"facts": {"other-recommendations": "none"}}},
    {"decisions": [{"decision": "waiver", "of": "action-plan-received", **UNCERTAIN}]},
    {"decisions": [*DECISIONS[1], *DECISIONS[3]]},
]


@cache
def cases() -> tuple[FollowUp, ...]:
    """Return follow-ups among which every rule of the shipped ruleset holds somewhere."""
    return *(FollowUp.from_dict({"force": "gwent", **facts}) for facts in FURTHER_CASES), *(
        FollowUp.from_dict(
            {
                "force": "gwent",
                "inspection_report": {
                    "published": "2018-06-28",
                    "findings": findings,
                    "recommendations": MADE,
                },
                "action_plan": {
                    # A waiver takes the place of a plan that has not come.
                    "received": "not-yet"
                    if WAIVED in decisions and reviewed != REVIEWED
                    else "unknown",
                    "reviewed": reviewed,
                    "covers": covers,
                    "areas_of_concern": ["Recording", "Training"],
                },
                "prospects": prospects,
                "decisions": decisions,
                **revisits,
            }
        )
        for revisits, findings, prospects, reviewed, (decisions, covers) in product(
            REVISITS,
            ("broadly-positive", "not-broadly-positive", "unknown"),
            ("no-concerns", "some-concerns", "significant-concerns", "unknown"),
            (REVIEWED, "not-yet", "unknown"),
            [(decision, ["1", "2"]) for decision in DECISIONS] + [([], ["1"]), ([], ["2"])],
        )
    )


def answers(rule: str) -> dict[str, str]:
    """Return the answers to interpretations under which a rule stands."""
    return {interpretation: values[0] for interpretation, values in RULES.rules[rule].under.items()}


def case_of(rule: str) -> FollowUp:
    """Return a follow-up in which a rule of the shipped ruleset holds."""
    day = read_day(ON).toordinal()
    for follow_up in cases():
        values = values_of(follow_up, RULES, day)
        decision = decide(RULES, values, interpretations=answers(rule), engine="reference")
        if rule in decision.evaluation.fired:
            return follow_up
    pytest.fail(f"no case shows {rule}")


def plan(follow_up: FollowUp, ruleset: Ruleset, rule: str) -> Plan:
    """Return the plan of a follow-up under the answers that a rule asks for."""
    return assess(
        follow_up, on=ON, ruleset=ruleset, interpretations=answers(rule), engine="reference"
    )


def named(plan: Plan) -> set[str]:
    """Return the ids of the rules behind the items of a plan, and of the items themselves."""
    return {name for id_, rule in plan.items.items() for name in (id_, rule.id)}


def indent_of(line: str) -> int:
    """Return how far a line is indented; an empty one as far as any."""
    return len(line) - len(line.lstrip()) if line.strip() else 100


def without(text: str, rule: str) -> str:
    """Return the text of a file of rules without the lines of one rule.

    Where it is the only rule of its section, the section goes with it.
    """
    lines = text.splitlines(keepends=True)
    (begins,) = (at for at, line in enumerate(lines) if line.strip() == f"- id: {rule}")
    indent = indent_of(lines[begins])
    after = range(begins + 1, len(lines))
    ends = next((at for at in after if indent_of(lines[at]) <= indent), len(lines))
    if lines[begins - 1].strip() == "rules:" and indent_of([*lines, ""][ends]) != indent:
        begins = max(at for at in range(begins) if lines[at].startswith("  - title:"))
    return "".join(lines[:begins] + lines[ends:])


ALONE = {"deadline.revisit": ["R4", "R9"], "tier.full": ["R3"]}
"""The rules that alone say what follows under some answer to these open questions."""


@pytest.mark.sampled(44)
@pytest.mark.parametrize(
    "rule", [id_ for id_, rule in RULES.rules.items() if rule.rule not in ALONE]
)
def test_a_rule_that_is_deleted_is_in_no_plan(rule: str, tmp_path: Path) -> None:
    """Deleting its lines takes all cases of a rule out of the plans where they stood, no more."""
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    written = RULES.rules[rule].rule
    file = tmp_path / Path(RULES.rules[rule].place.rsplit(":", 2)[0]).name
    file.write_text(without(file.read_text("utf-8"), written), "utf-8")
    smaller = load_ruleset(tmp_path)
    assert set(RULES.rules) - set(smaller.rules) == {case.id for case in RULES.cases[written]}
    follow_up = case_of(rule)
    assert rule in named(plan(follow_up, RULES, rule))
    after = plan(follow_up, smaller, rule)
    assert written not in {name.partition("[")[0] for name in named(after)}
    assert f'"{written}"' not in after.to_json()


@pytest.mark.parametrize("written", ALONE)
def test_a_rule_that_alone_names_an_answer_is_missed(written: str, tmp_path: Path) -> None:
    """Where nothing else says what follows under an answer, a check finds that a rule is gone."""
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    file = tmp_path / Path(RULES.cases[written][0].place.rsplit(":", 2)[0]).name
    file.write_text(without(file.read_text("utf-8"), written), "utf-8")
    left_out = [finding for finding in check(tmp_path) if finding.code == "answer-left-out"]
    questions = [finding.message.rsplit(" ", 1)[1].rstrip(".") for finding in left_out]
    assert questions == ALONE[written]
    assert all("interpretations.yaml:" in finding.place for finding in left_out)


def test_a_deleted_rule_is_told_of_where_it_leaves_a_gap(tmp_path: Path) -> None:
    """Without a rule some case has no outcome, and its statement no rule: both are found."""
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    for file, rule in (("2-tier.yaml", "tier.visit"), ("6-questions.yaml", "question.leadership")):
        path = tmp_path / file
        path.write_text(without(path.read_text("utf-8"), rule), "utf-8")
    messages = [finding.message for finding in check(tmp_path)]
    assert "No rule implements the statement 'approach.11'." in messages
    assert any(message.startswith("No rule decides 'tier' when ") for message in messages)


def rule_files(folder: Path) -> Iterator[tuple[Path, Any]]:
    """Yield the files of rules, with what they say."""
    for path in sorted(folder.glob("*.yaml")):
        data = read_file(path, RulesetError).data
        if "decides" in data:
            yield path, data


def shuffled(value: Any, chance: Random) -> Any:
    """Return data with the lines of every block in another order."""
    if isinstance(value, dict):
        names = chance.sample(sorted(value), len(value))
        return {name: shuffled(value[name], chance) for name in names}
    return [shuffled(item, chance) for item in value] if isinstance(value, list) else value


def divided(data: dict[str, Any], chance: Random) -> Iterator[dict[str, Any]]:
    """Yield two parts of a file or of a section, each with some of its rules."""
    rules = chance.sample(data["rules"], len(data["rules"]))
    cut = chance.randint(0, len(rules))
    for some in (rules[:cut], rules[cut:]):
        if some:
            yield {**data, "rules": some}


def pieces_of(data: dict[str, Any], chance: Random) -> Iterator[dict[str, Any]]:
    """Yield files that say together what one file says, its sections and its rules divided."""
    if "rules" in data:
        yield from divided(data, chance)
        return
    sections = [part for section in data["sections"] for part in divided(section, chance)]
    cut = chance.randint(0, len(sections))
    mixed = chance.sample(sections, len(sections))
    yield from ({**data, "sections": some} for some in (mixed[:cut], mixed[cut:]))


@cache
def original(folder: Path) -> Ruleset:
    """Return the ruleset of a folder as it is."""
    return load_ruleset(folder)


def plans_by(ruleset: Ruleset, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield plans by a ruleset that says what that of a folder says, under every last answer."""
    follow_ups = cases()[::61] if folder is SHIPPED else loans()
    interpretations = [
        {},
        *(
            {name: list(interpretation.answers)[-1]}
            for name, interpretation in ruleset.interpretations.items()
        ),
    ]
    for follow_up, interpretation in product(follow_ups, interpretations):
        yield assess(follow_up, on=ON, ruleset=ruleset, interpretations=interpretation).to_dict()


@cache
def original_plans(folder: Path) -> list[dict[str, Any]]:
    """Return the plans by the ruleset of a folder as it is."""
    return list(plans_by(original(folder), folder))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("folder", [SHIPPED, LOANS], ids=lambda path: path.name)
def test_names_and_order_of_files_rules_and_lines_change_no_plan(
    folder: Path, seed: int, tmp_path: Path
) -> None:
    """Files and sections may be divided, and all be named and sorted anew: no plan changes."""
    chance = Random(seed)  # noqa: S311  the same order each time, and no secret
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    pieces: list[dict[str, Any]] = []
    for path, data in rule_files(folder):
        (tmp_path / path.name).unlink()
        pieces += pieces_of(data, chance)
    for number, piece in enumerate(chance.sample(pieces, len(pieces))):
        ending = chance.choice(["yaml", "yml", "YAML"])
        text = write_yaml(shuffled(piece, chance))
        (tmp_path / f"{number:02}-rules.{ending}").write_text(text, "utf-8")
    rearranged = load_ruleset(tmp_path)
    assert rearranged == original(folder)
    plans = plans_by(rearranged, folder)
    for plan, as_it_is in zip(plans, original_plans(folder), strict=True):
        assert plan == as_it_is


def loans() -> list[FollowUp]:
    """Return facts of the second ruleset, as further facts of a follow-up."""
    return [
        FollowUp.from_dict(
            {
                "force": "kent",
                "further": {
                    "facts": {"return": late, "borrower": who, "reservation": "by-another-reader"},
                    "events": {"item-lent": "2019-02-01", "letter-sent": "2019-02-25"},
                },
            }
        )
        for late, who in product(("in-time", "a-little-late", "very-late"), ("adult", "child"))
    ]
