"""The fields of a follow-up and a vocabulary: what facts and events are called is its own."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.checks import check
from ncpi_rules.core import FIELDS, FactsError, RulesetError
from ncpi_rules.explain import fixed_facts, margins, possible_values, what_would_change, why
from ncpi_rules.explore import caseload, every, grid, what_if
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import read_file, write_yaml
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import load_scenarios, run
from tests.strategies import CONTRACT, days, follow_ups

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Ruleset

SHIPPED = shipped_ruleset()
FOLDER = Path(__file__).parents[1] / "rulesets" / "ncpi-follow-up" / "as-published"
LOANS = Path(__file__).parent / "rulesets" / "library-loans"
EXAMPLES = Path(__file__).parents[1] / "examples" / "follow-ups"

TESTED = frozenset({"when", "then", "facts", "without"})
"""The keys below which a file names facts."""

RENAMINGS = {
    "an event": {"revisit-begins": "return-begins"},
    "a fact": {"prospects": "outlook"},
    "every event": {name: f"the-{name}" for name in CONTRACT.events},
    "every fact": {name: f"{name}-of-the-force" for name in CONTRACT.facts},
}


def with_events_renamed(text: str, names: Mapping[str, str]) -> str:
    """Return a text with each event by its other name, wherever it stands."""
    for name in names.keys() & CONTRACT.events.keys():
        text = re.sub(rf"(?<![\w.-]){name}(?![\w-])", names[name], text)
    return text


def in_braces(name: str, names: Mapping[str, str]) -> str:
    """Return a name that a sentence takes its data from, by its other name; a capital stays."""
    low = f"{name[0].lower()}{name[1:]}"
    other = names.get(low, low)
    return f"{{{other if name == low else other[0].upper() + other[1:]}}}"


def with_facts_renamed(plain: Any, names: Mapping[str, str], *, here: bool = False) -> Any:
    """Return plain data with each fact by its other name, where facts are named."""
    if isinstance(plain, list):
        return [with_facts_renamed(item, names, here=here) for item in plain]
    if isinstance(plain, str):
        plain = re.sub(r"\{([A-Za-z][\w-]*)\}", lambda match: in_braces(match[1], names), plain)
        # The name of a case says which value of a fact it is about; a register begins with a name.
        return re.sub(
            r"(?<=[\[,])([\w-]+)(?==)|\A([\w-]+)(?=: )",
            lambda match: names.get(match[0], match[0]),
            plain,
        )
    if not isinstance(plain, dict):
        return plain
    renamed = {
        names.get(key, key) if here else key: with_facts_renamed(item, names, here=key in TESTED)
        for key, item in plain.items()
    }
    if "fact" in renamed:  # of a guarantee
        renamed["fact"] = names.get(renamed["fact"], renamed["fact"])
    return renamed


def with_names(folder: Path, names: Mapping[str, str]) -> Path:
    """Return a copy of the edition in which facts and events have other names, and no more."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    for path in folder.rglob("*.yaml"):
        path.write_text(with_events_renamed(path.read_text("utf-8"), names), "utf-8")
        data: Any = read_file(path, RulesetError).data
        if names.keys() & CONTRACT.facts.keys():
            if path.stem == "vocabulary":
                for fact in data["facts"]:
                    fact["id"] = names.get(fact["id"], fact["id"])
            else:
                data = with_facts_renamed(data, names)
            path.write_text(write_yaml(data), "utf-8")
    return folder


@pytest.fixture(scope="module", params=RENAMINGS)
def renaming(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Mapping[str, str], Path]:
    """Return other names, and the folder of the edition in which they stand."""
    names = RENAMINGS[request.param]
    return names, with_names(tmp_path_factory.mktemp("edition"), names)


@cache
def loaded(folder: Path) -> Ruleset:
    """Return the ruleset of a folder."""
    return load_ruleset(folder)


def by_name(plain: Any, names: Mapping[str, str]) -> Any:
    """Return plain data in which each text that is a name is the other one."""
    if isinstance(plain, dict):
        return {names.get(key, key): by_name(item, names) for key, item in plain.items()}
    if isinstance(plain, list | tuple):
        return [by_name(item, names) for item in plain]
    return names.get(plain, plain) if isinstance(plain, str) else plain


def written_for(follow_up: FollowUp, names: Mapping[str, str]) -> FollowUp:
    """Return a follow-up whose decisions name events as a renamed edition does."""
    facts = follow_up.to_dict()
    for decision in facts.get("decisions", ()):
        if "of" in decision:
            decision["of"] = names.get(decision["of"], decision["of"])
    return FollowUp.from_dict(facts)


@pytest.mark.long
def test_a_renamed_edition_is_sound(renaming: tuple[Mapping[str, str], Path]) -> None:
    """It is loaded, nothing is found in it, and all its scenarios pass."""
    names, folder = renaming
    ruleset = loaded(folder)
    assert [*ruleset.facts] == by_name([*SHIPPED.facts], names)
    assert [*ruleset.events] == by_name([*SHIPPED.events], names)
    assert check(ruleset) == ()
    results = [run(scenario, ruleset) for scenario in load_scenarios(folder, ruleset=ruleset)]
    assert len(results) > 300
    assert [result.scenario.says for result in results if not result.passed] == []


@pytest.mark.long
@given(follow_up=follow_ups(), on=days(), data=st.data())
def test_a_renamed_edition_gives_the_same_plans(
    renaming: tuple[Mapping[str, str], Path],
    follow_up: FollowUp,
    on: datetime.date,
    data: st.DataObject,
) -> None:
    """Plan, reasons, margins and counterfactuals are the same, under the other names."""
    names, folder = renaming
    ruleset, other = loaded(folder), written_for(follow_up, names)
    before, after = assess(follow_up, on=on), assess(other, on=on, ruleset=ruleset)
    edition = SHIPPED.settings.edition
    own = {"digest": after.digest, "edited": True, "based_on": edition}
    assert after.to_dict() == by_name(before.to_dict(), names) | own
    assert fixed_facts(after) == set(by_name(list(fixed_facts(before)), names))
    assert [str(margin) for margin in margins(after)] == [str(margin) for margin in margins(before)]
    tier = data.draw(st.sampled_from(sorted(SHIPPED.outcomes["tier"].values)))
    assert [change.sentence for change in what_would_change(after, tier=tier)] == [
        change.sentence for change in what_would_change(before, tier=tier)
    ]
    item = data.draw(st.sampled_from(["tier", *before.items]))
    assert why(after, item) == why(before, item)


def test_what_is_unknown_stands_in_the_order_of_the_vocabulary(
    renaming: tuple[Mapping[str, str], Path],
) -> None:
    """What would change as much stands in the same order, whatever it is named."""
    names, folder = renaming
    suspended = dict.fromkeys(["by", "on", "why", "begins"], "unknown") | {"decision": "suspension"}
    follow_up = FollowUp.from_dict({"force": "kent", "decisions": [suspended]})
    before = [item.fact for item in assess(follow_up, on="2014-01-01").unknown]
    after = [
        item.fact for item in assess(follow_up, on="2014-01-01", ruleset=loaded(folder)).unknown
    ]
    assert after == by_name(before, names) != sorted(after)


def test_a_waiver_of_a_renamed_event_counts_and_stays(
    renaming: tuple[Mapping[str, str], Path],
) -> None:
    """Under any name a waived plan is not required; one whose review was waived may be reviewed."""
    names, folder = renaming
    made = {"decision": "waiver", "by": "HMICFRS", "on": "2018-09-01", "why": "agreed"}

    def after_waiving(event: str) -> Plan:
        facts = {"force": "kent", "action_plan": {"received": "not-yet", "reviewed": "not-yet"}}
        follow_up = FollowUp.from_dict(
            {**facts, "decisions": [{**made, "of": names.get(event, event)}]}
        )
        return assess(follow_up, on="2018-10-01", ruleset=loaded(folder))

    let_off = names.get("action-plan-waiver", "action-plan-waiver")
    review = names.get("action-plan-review", "action-plan-review")
    plan = after_waiving("action-plan-received")
    assert (plan.decision.values[let_off], plan.decision.values[review]) == ("waived", "not-yet")
    assert plan.decision.outcomes["action-plan"].value == "not-required"
    plan = after_waiving("action-plan-reviewed")
    assert plan.decision.values[let_off] == "none-recorded"
    assert plan.decision.values[review] == "not-required"
    assert possible_values(plan)[review] == {"not-required", "done"}


def below_the_edition(text: str) -> str:
    """Return the text of a caseload below the lines that say by which rules it was made."""
    return text.partition("Follow-ups: ")[2]


def test_a_renamed_edition_gives_the_same_caseload_and_the_same_what_if(
    renaming: tuple[Mapping[str, str], Path],
) -> None:
    """The table of the examples, what follows from other facts, and imagined cases are the same."""
    names, folder = renaming
    ruleset, on = loaded(folder), "2018-12-20"
    examples = [FollowUp.load(path) for path in sorted(EXAMPLES.glob("*.yaml"))]
    examples += [
        FollowUp.from_dict(
            {
                "force": force,
                "inspection_report": {"published": "2018-06-28"},
                "prospects": {"judgement": "no-concerns", "by": "A. Inspector", "on": "2018-09-03"},
                "fieldwork": {"begins": "not-yet"},
            }
        )
        for force in ("kent", "gwent", "surrey")
    ]
    before = caseload(examples, on=on)
    after = caseload([written_for(example, names) for example in examples], on=on, ruleset=ruleset)
    assert below_the_edition(after.to_text()) == below_the_edition(before.to_text()) != ""
    assert after.clashes == before.clashes != ()
    changes = {"findings": "broadly-positive", "prospects": "significant-concerns"}
    dates = {"revisit-begins": "2019-01-03", "action-plan-reviewed": "not-yet"}
    for name, value in (changes | dates).items():
        result = what_if(examples[-1], {name: value}, on=on)
        renamed = what_if(examples[-1], {names.get(name, name): value}, on=on, ruleset=ruleset)
        assert [str(difference.message) for difference in renamed.differences] == [
            str(difference.message) for difference in result.differences
        ]
        assert renamed.changes == result.changes
    choices: dict[str, Any] = {
        "prospects": every,
        "action-plan-coverage": every,
        "immediate-recommendations": every,
    }
    choices |= {"revisit-begins": ["2018-12-01", "not-yet"], "revisit-ends": ["2018-11-30"]}
    choices |= {"action-plan-received": ["2018-08-01", "not-yet"], "action-plan-review": every}
    cases = grid({}, choices, on=on)
    again = grid({}, by_name(choices, names), on=on, ruleset=ruleset)
    assert again.names == tuple(by_name(cases.names, names))
    assert list(again) == by_name(list(cases), names)
    assert cases.impossible == again.impossible > 0
    late = FollowUp.from_dict(
        {
            "force": "kent",
            "inspection_report": {"published": "2018-06-28"},
            "fieldwork": {"begins": "2018-06-01"},
        }
    )
    for rules in (SHIPPED, ruleset):
        with pytest.raises(FactsError, match=r"^fieldwork\.begins: 1 June 2018 is before 28 June"):
            assess(late, on=on, ruleset=rules)


def test_a_renamed_edition_sweeps_the_same(renaming: tuple[Mapping[str, str], Path]) -> None:
    """The columns that come out are the same, under the other names."""
    pytest.importorskip("pyarrow", reason="sweeps need the extra 'columns'")
    from ncpi_rules.batch import sweep  # noqa: PLC0415  an extra
    from tests.swept import made_table  # noqa: PLC0415  it needs the extra

    names, folder = renaming

    def renamed(columns: Iterable[str]) -> list[str]:
        parts = [column.rpartition(".") for column in columns]
        return [
            f"{names.get(first, first)}.{last}" if first else names.get(last, last)
            for first, _, last in parts
        ]

    table = made_table(SHIPPED, rows=500, seed=3)
    before = sweep(table, on="2019-04-11")
    after = sweep(
        table.rename_columns(renamed(table.column_names)), on="2019-04-11", ruleset=loaded(folder)
    )
    assert sorted(after.column_names) == sorted(renamed(before.column_names))
    for column in before.column_names:
        assert after[renamed([column])[0]].equals(before[column]), column


def test_a_contract_is_that_of_the_facts_and_the_events() -> None:
    """With other rules it is the same object, and with other facts or events another."""
    assert SHIPPED.evolve(rules={}).contract is SHIPPED.contract
    assert SHIPPED.evolve(facts={}).contract.facts == {}
    assert SHIPPED.evolve(events={}).contract.events == {}
    assert SHIPPED.evolve(events={}).contract.order == ()


# --- what is missing ------------------------------------------------------------------------------


def edited(folder: Path, old: str, new: str) -> list[str]:
    """Return what is said of the edition with one passage of its vocabulary changed."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    path = folder / "vocabulary.yaml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(RulesetError) as caught:
        load_ruleset(folder)
    return [problem.message for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "  - id: revisit-begins\n",
            "  - id: return-begins\n",
            "There is no event 'revisit-begins'.",
        ),
        ("  - id: prospects\n", "  - id: outlook\n", "There is no fact 'prospects'."),
        ("    from: fieldwork.begins\n", "", "'from' is missing."),
        (
            "    from: fieldwork.begins\n",
            "    from: further\n",
            "Neither a fact nor an event comes from 'fieldwork.begins', and no reason is given.",
        ),
        (
            "    from: prospects.judgement\n",
            "    from: further\n",
            "Neither a fact nor an event comes from 'prospects.judgement', and no reason is given.",
        ),
        (
            "      decided: HMICFRS",
            "      made: HMICFRS",
            ("'decided' is not a value of 'reinspection'."),
        ),
        (
            "  note: shown\n",
            "",
            "Neither a fact nor an event comes from 'note', and no reason is given.",
        ),
    ],
)
def test_what_is_missing_in_an_edition_is_refused(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    """A name changed in one place only, or a field that nothing accounts for, is never silent."""
    assert message in edited(tmp_path, old, new)


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_accounted_for(name: str, tmp_path: Path) -> None:
    """Without its line, each field of a follow-up is missed: no field is passed over in silence."""
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "vocabulary.yaml"
    data: Any = read_file(path, RulesetError).data
    for section in ("facts", "events"):
        for term in data[section]:
            if name in term["from"].split(", "):
                term["from"] = "further"
    data["fields_without_a_fact"].pop(name, None)
    path.write_text(write_yaml(data), "utf-8")
    with pytest.raises(RulesetError) as caught:
        load_ruleset(tmp_path)
    missed = [
        problem.message
        for problem in caught.value.problems
        if problem.message.startswith("Neither")
    ]
    assert f"'{name}'" in missed[0]


# --- rulesets of another subject ------------------------------------------------------------------


def loan(**further: Any) -> Plan:
    """Return the plan of a follow-up of which only further facts and events are given."""
    follow_up = FollowUp.from_dict({"force": "kent", "further": further})
    return assess(follow_up, on="2019-03-01", ruleset=loaded(LOANS))


def test_a_record_that_a_ruleset_of_its_own_leaves_out_is_not_there() -> None:
    """A further fact that nobody gives has the value for what is left out, as in ``decide``."""
    late = {"return": "a-little-late"}
    assert loan(facts=late).decision.values["reservation"] == "none-recorded"
    assert loan(facts=late).decision.values["borrower"] == "not-known"
    reserved = loan(facts={**late, "reservation": "not-known"})
    assert reserved.decision.values["reservation"] == "not-known"


def test_an_order_of_further_events_is_kept(tmp_path: Path) -> None:
    """Events of a ruleset's own have an order, too, also across one of which nothing is known."""
    shutil.copytree(LOANS, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "vocabulary.yaml"
    data: Any = read_file(path, RulesetError).data
    for event, earlier in (("item-due", "item-lent"), ("item-returned", "item-due")):
        next(entry for entry in data["events"] if entry["id"] == event)["not_before"] = earlier
    path.write_text(write_yaml(data), "utf-8")
    events = {"item-lent": "2019-02-02", "item-returned": "2019-02-01"}
    follow_up = FollowUp.from_dict({"force": "kent", "further": {"events": events}})
    with pytest.raises(FactsError) as caught:
        assess(follow_up, on="2019-03-01", ruleset=load_ruleset(tmp_path))
    (problem,) = caught.value.problems
    assert problem.place == "further.events.item-returned"
    assert problem.message == (
        "1 February 2019 is before 2 February 2019, the date of further.events.item-lent, which "
        "must come first."
    )
