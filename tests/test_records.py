"""Records of decisions: whole, the same for the same plan, replayed, and told where they differ."""

from __future__ import annotations

import copy
import datetime
import json
import os
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

import ncpi_rules
from ncpi_rules.cli import main
from ncpi_rules.core import (
    PartialDate,
    RecordError,
    calendar,  # pinned: the list of holidays comes from outside a ruleset
    day_of,
    forces,  # pinned: so does that of the forces
)
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import schema, source  # pinned: the largest file that is read
from ncpi_rules.plan import Record, Replay, assess, record, replay
from ncpi_rules.plan.records import SCHEMA, fingerprints_of  # pinned: what a record is signed with

# pinned: what masking writes
from ncpi_rules.plan.redact import NOTE, REASON, SOMEBODY, SOURCE, SUMMARY, masked
from ncpi_rules.ruleset import load_ruleset, shipped_ruleset
from tests.strategies import REPORT_DAYS, WILD_TEXTS, broken_files, changed, days, follow_ups
from tests.test_plan_schema import objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Ruleset

TOP = Path(__file__).parents[1]
EXAMPLES = sorted((TOP / "examples" / "follow-ups").glob("*.yaml"))
NORTHUMBRIA = TOP / "examples" / "follow-ups" / "northumbria-2018.yaml"
SHIPPED = TOP / "rulesets" / "ncpi-follow-up" / "as-published"
ON = "2019-04-11"

RECORD = schema("record")
REGISTRY: Registry[Any] = Registry().with_resources(
    (form["$id"], Resource.from_contents(form)) for form in (schema("plan"), RECORD)
)
VALIDATOR = Draft202012Validator(RECORD, registry=REGISTRY)


def plan_of(path: Path = NORTHUMBRIA) -> Plan:
    """Return the plan of an example."""
    return assess(FollowUp.load(path), on=ON)


SMALL = record(assess(FollowUp(force="kent"), on="2020-01-31")).to_dict()


# --- what a record is -----------------------------------------------------------------------------


@pytest.mark.parametrize("mask_names", [False, True])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_replays_as_the_same(path: Path, tmp_path: Path, *, mask_names: bool) -> None:
    """Each example is recorded by the schema, read back as it was written, and follows again."""
    made = record(plan_of(path), mask_names=mask_names)
    VALIDATOR.validate(made.to_dict())
    file = tmp_path / "record.json"
    made.write(file)
    read = Record.read(file)
    assert read == made
    assert (read.masked, read.edited) == (mask_names, ())
    result = replay(read)
    assert result.same
    assert result.sentences == ("The same: the recorded plan follows again.",)


@given(follow_ups(texts=WILD_TEXTS), REPORT_DAYS)
def test_every_plan_can_be_recorded_and_replayed(follow_up: FollowUp, day: datetime.date) -> None:
    """Any follow-up is recorded by the schema, read back and replayed as the same.

    The same plan gives the same text, and every item of it is explained.
    """
    plan = assess(follow_up, on=day)
    made = record(plan)
    assert made.to_json() == record(assess(follow_up, on=day)).to_json()
    VALIDATOR.validate(made.to_dict())
    assert replay(Record.from_json(made.to_json())).same
    assert set(made.explanations) == {*plan.items, *plan.decision.outcomes}
    assert all(made.explanations.values())


def test_a_record_says_by_what_it_was_made() -> None:
    """The ruleset with its fingerprint, the library and the engine stand in a record."""
    plan = assess(FollowUp.load(NORTHUMBRIA), on=ON, interpretations={"R7": "last-day"})
    made = record(plan)
    content = made.to_dict()
    assert made.ruleset.digest == shipped_ruleset().digest
    assert content["library"] == {"name": "ncpi-rules", "version": ncpi_rules.__version__}
    assert content["engine"]["name"] == plan.engine
    assert content["interpretations"] == {
        id_: "last-day" if id_ == "R7" else interpretation.ours
        for id_, interpretation in shipped_ruleset().interpretations.items()
    }
    reference = record(assess(FollowUp(force="kent"), on=ON, engine="reference")).to_dict()
    assert reference["engine"] == {"name": "reference", "version": None, "note": None}


@given(follow_ups(), REPORT_DAYS)
def test_what_is_open_stands_in_a_record(follow_up: FollowUp, day: datetime.date) -> None:
    """Every option, document and question, and each outcome without a value to act on, is open."""
    plan = assess(follow_up, on=day)
    still_open = record(plan).to_dict()["open"]
    outcomes = plan.decision.outcomes
    assert [item["id"] for item in still_open["outcomes"]] == [
        name
        for name in ("tier", "action-plan", "judgement-stage")
        if not outcomes[name].basis.settles
    ]
    assert [item["id"] for item in still_open["optional_actions"]] == [
        action.id for action in plan.optional_actions
    ]
    assert [item["id"] for item in still_open["questions"]] == [
        question.id for question in plan.questions
    ]
    assert {item["id"]: item["suggested"] for item in still_open["documents"]} == {
        document.id: document.suggested for document in plan.documents
    }


# --- the schema -----------------------------------------------------------------------------------


def test_the_schema_is_described_and_closed() -> None:
    """Every property has one plain sentence, and nothing else may be added to a record."""
    described = [*objects(RECORD)]
    assert len(described) == 29
    assert RECORD["$id"] == SCHEMA == RECORD["properties"]["schema"]["const"]
    for object_ in described:
        assert object_["additionalProperties"] is False
        assert sorted(object_["required"]) == sorted(object_["properties"])
        for entry in (object_, *object_["properties"].values()):
            assert entry["description"][0].isupper()
            assert entry["description"].endswith(".")


@given(st.data())
def test_what_the_reader_takes_obeys_the_schema(data: st.DataObject) -> None:
    """With anything changed, the reader refuses a record where its JSON Schema does.

    It also refuses a day that no calendar has, and a date that ends before it begins.
    """
    content = data.draw(changed(SMALL))
    try:
        Record.from_dict(content)
    except RecordError:
        return
    assert VALIDATOR.is_valid(content)


# --- names ----------------------------------------------------------------------------------------

HIDDEN = "Zqxjk"


@given(follow_ups(texts=st.integers(0, 99).map(lambda number: f"{HIDDEN} {number}")), days())
def test_no_name_is_left_when_masked(follow_up: FollowUp, day: datetime.date) -> None:
    """Who decided and who judged, reasons, note, sources and summaries are nowhere in the record.

    The ids of recommendations and the names of areas stay, and so does what follows.
    """
    area = "areas of concern: other text"
    follow_up = attrs.evolve(
        follow_up,
        inspection_report=attrs.evolve(follow_up.inspection_report, recommendations=()),
        action_plan=attrs.evolve(follow_up.action_plan, areas_of_concern=(area,), covers=()),
    )
    plan = assess(follow_up, on=day)
    made = record(plan, mask_names=True)
    assert HIDDEN not in made.to_json()
    assert made.masked
    assert replay(made).same
    assert made.plan.headline == plan.headline
    assert area in made.to_json()


def test_what_stands_instead_of_names() -> None:
    """Each text is replaced by one that says so; what is unknown or empty stays as it is."""
    facts = {
        "force": "kent",
        "inspection_report": {
            "recommendations": [{"id": "1", "summary": "Ask Ann."}, {"id": "2", "area": "custody"}]
        },
        "prospects": {"judgement": "some-concerns", "by": "Ann", "why": "Ben said so"},
        "decisions": [
            {"decision": "full-reinspection", "by": "Ann", "on": "2019-01-01", "why": "unknown"}
        ],
        "note": "Ann",
        "sources": ["Ben", "Cem"],
    }
    document = masked(FollowUp.from_dict(facts)).to_dict()
    assert document["inspection_report"]["recommendations"] == [
        {"id": "1", "summary": SUMMARY},
        {"id": "2", "area": "custody"},
    ]
    assert document["prospects"] == {"judgement": "some-concerns", "by": SOMEBODY, "why": REASON}
    assert (document["decisions"][0]["by"], document["decisions"][0]["why"]) == (
        SOMEBODY,
        "unknown",
    )
    assert (document["note"], document["sources"]) == (NOTE, [SOURCE, SOURCE])
    assert masked(FollowUp(force="kent")) == FollowUp(force="kent")


# --- replay ---------------------------------------------------------------------------------------


def other_rules(folder: Path, file: str, change: Callable[[str], str]) -> Ruleset:
    """Return the shipped ruleset with one file changed."""
    where = folder / "as-published"
    shutil.copytree(SHIPPED, where)
    path = where / file
    text = path.read_text("utf-8")
    assert change(text) != text
    path.write_text(change(text), "utf-8")
    return load_ruleset(where)


def test_a_changed_rule_is_told(tmp_path: Path) -> None:
    """Where a rule has changed, the replay says that the rules have, and shows what differs."""
    rules = other_rules(
        tmp_path,
        "parameters.yaml",
        lambda text: text.replace("period: 6 months", "period: 5 months"),
    )
    result = replay(record(plan_of()), ruleset=rules)
    assert not result.same
    assert [change.what for change in result.changes] == ["rules", "reasons"]
    assert f"{rules.digest[:12]}…" in result.changes[0].message
    assert result.sentences[0] == (
        "Not the same: the plan that follows now differs from the recorded plan."
    )
    sentences = [
        sentence
        for sentence in result.sentences
        if "is now 28 November 2018 (was 28 December 2018)" in sentence
    ]
    assert sentences[0].startswith("The due date of '")


def test_changed_rules_may_lead_to_the_same(tmp_path: Path) -> None:
    """Where the rules have changed and the plan has not, it is the same, and the change is told."""
    rules = other_rules(
        tmp_path,
        "ruleset.yaml",
        lambda text: text.replace("publisher: ", "publisher: Formerly "),
    )
    result = replay(record(plan_of()), ruleset=rules)
    assert result.same
    assert [change.what for change in result.changes] == ["rules"]


def test_interpretations_that_are_gone_or_new_are_told() -> None:
    """An answer that the ruleset has no more is told, and ours is taken instead."""
    interpretations = dict(shipped_ruleset().interpretations)
    gone = interpretations.pop("R7")
    fewer = attrs.evolve(shipped_ruleset(), interpretations=interpretations)
    content = record(plan_of()).to_dict()
    made = Record.from_dict(
        {**content, "interpretations": {**content["interpretations"], "R1": "no-answer"}}
    )
    changes = {change.what: change.message for change in replay(made).changes}
    assert "no longer has the answer 'no-answer' to interpretation R1" in changes["interpretations"]
    without = {id_: answer for id_, answer in content["interpretations"].items() if id_ != "R7"}
    result = replay(Record.from_dict({**content, "interpretations": without}))
    assert f"The interpretation R7 is new, and was answered with '{gone.ours}'." in result.sentences
    assert fewer.digest != shipped_ruleset().digest


def test_another_day_in_the_plan_is_reported_as_the_day() -> None:
    """A day that was changed in the recorded plan is named as the day of the assessment."""
    content = copy.deepcopy(record(plan_of()).to_dict())
    content["plan"]["on_text"] = "1 January 1999"
    (difference,) = replay(Record.from_dict(content)).differences
    assert difference.message.startswith("The day of the assessment is now ")
    assert difference.message.endswith(" (was 1 January 1999).")


def test_another_library_or_engine_is_told_and_changes_nothing() -> None:
    """Another version of the library, or another engine, is told; the plan is what counts."""
    content = copy.deepcopy(record(plan_of()).to_dict())
    content["library"]["version"] = "0.0.1"
    result = replay(Record.from_dict(content), engine="reference")
    changes = {change.what: change.message for change in result.changes}
    assert changes["library"].startswith("The library was ncpi-rules 0.0.1 and is ncpi-rules ")
    assert changes["engine"].endswith(" and is reference.")
    assert result.differences == ()


# --- what comes from outside the ruleset ----------------------------------------------------------


def moved_by(monkeypatch: pytest.MonkeyPatch, day: str) -> Ruleset:
    """Return the shipped rules as they are once a day is proclaimed to be a holiday."""
    proclaimed = PartialDate.read(day).start
    listed = calendar._days_off  # pinned: where every question about a day off ends

    def days_off(country: str, subdivisions: tuple[str, ...], year: int) -> dict[int, str]:
        more = {proclaimed: "a holiday that was proclaimed"}
        return {
            **listed(country, subdivisions, year),
            **(more if day.startswith(str(year)) else {}),
        }

    monkeypatch.setattr(calendar, "_days_off", days_off)
    return load_ruleset(SHIPPED)


def test_a_day_off_that_moves_a_due_date_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a due date has moved since a holiday was proclaimed, the replay names the day."""
    moves = {"R8": "moves-to-the-working-day-before"}
    made = record(assess(FollowUp.load(NORTHUMBRIA), on=ON, interpretations=moves))
    result = replay(made, ruleset=moved_by(monkeypatch, "2018-12-28"))
    assert not result.same
    assert any(
        "is now 27 December 2018 (was 28 December 2018)" in sentence
        for sentence in result.sentences
    )
    assert [
        (change.what, change.message) for change in result.changes if change.what != "reasons"
    ] == [
        (
            "days off",
            "28 December 2018 was a working day, and is a holiday that was proclaimed now.",
        )
    ]


def test_a_day_off_that_was_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A holiday that is one no more is named, and one that no due date touches is not."""
    with monkeypatch.context() as proclaimed:
        rules = moved_by(proclaimed, "2018-12-28")
        made = record(assess(FollowUp.load(NORTHUMBRIA), on=ON, ruleset=rules))
    result = replay(made)
    assert result.changes[0].message == (
        "28 December 2018 was a holiday that was proclaimed, and is a working day now."
    )
    made = record(assess(FollowUp.load(NORTHUMBRIA), on=ON))
    assert replay(made, ruleset=moved_by(monkeypatch, "2018-11-01")).changes == ()


@pytest.mark.parametrize(
    ("published", "answer", "day", "differs"),
    [
        # Due on Boxing Day, and moved behind Christmas to the 24th.
        ("2018-06-26", "moves-to-the-working-day-before", "2018-12-25", False),
        # Due on a Sunday, which stands: the plan names the Friday before it.
        ("2018-06-30", "stands", "2018-12-28", True),
    ],
)
def test_days_beside_a_due_date_are_recorded(
    monkeypatch: pytest.MonkeyPatch, published: str, answer: str, day: str, *, differs: bool
) -> None:
    """The days over which a due date moved are recorded, and those up to the working day before."""
    facts = {"force": "kent", "inspection_report": {"published": published}}
    plan = assess(FollowUp.from_dict(facts), on=ON, interpretations={"R8": answer})
    made = record(plan)
    assert any(
        asked.first <= datetime.date.fromisoformat(day) <= asked.last for asked in made.outside.days
    )
    result = replay(made, ruleset=moved_by(monkeypatch, day))
    assert result.same == (not differs)
    assert [change.message for change in result.changes if change.what == "days off"]


def test_days_that_are_counted_are_recorded(tmp_path: Path) -> None:
    """Each holiday between the ends of a period in working days stands in a record, by calendar."""
    rules = other_rules(
        tmp_path,
        "parameters.yaml",
        lambda text: text.replace("period: 6 months", "period: 128 working days"),
    )
    made = record(assess(FollowUp.load(NORTHUMBRIA), on=ON, ruleset=rules))
    days = [off.on.isoformat() for asked in made.outside.days for off in asked.days_off]
    assert days == ["2018-08-27", "2018-12-25", "2018-12-26"]
    assert {asked.calendar for asked in made.outside.days} == {""}


def test_a_title_that_differs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the title of an office has changed in the library, the replay names both."""
    made = record(plan_of())
    known = dict(forces.all_forces())
    northumbria = known["northumbria"]
    offices = tuple(
        attrs.evolve(office, title="Mayor") if office.role == "local-policing-body" else office
        for office in northumbria.offices
    )
    known["northumbria"] = attrs.evolve(
        northumbria, name="Northumbrian Police", country="Wales", offices=offices
    )
    monkeypatch.setattr(forces, "all_forces", lambda: known)
    result = replay(Record.from_json(made.to_json()), ruleset=load_ruleset(SHIPPED))
    assert not result.same
    assert [change.message for change in result.changes if change.what == "subject"] == [
        "The name of the force is now 'Northumbrian Police' (was 'Northumbria Police').",
        "The country of the force is now 'Wales' (was 'England').",
        (
            "The title of the local policing body is now 'Mayor' (was 'Police and Crime "
            "Commissioner')."
        ),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"last": None},
            "The title 'PCC' of the local policing body is used until 31 May 2017 (was: still).",
        ),
        (
            {"role": "mayor"},
            "The title 'PCC' of the local policing body is new.",
        ),
        (
            {"title": "Sheriff"},
            "The title of the local policing body is now 'PCC' (was 'Sheriff').",
        ),
    ],
)
def test_how_a_title_was_is_told(change: dict[str, Any], said: str) -> None:
    """An end, an office or a title that was another one is told with its office."""
    made = record(assess(FollowUp(force="greater-manchester"), on=ON))
    titles = list(made.outside.subject.titles)
    place = next(
        at for at, title in enumerate(titles) if title.title.startswith("Police and Crime")
    )
    titles[place] = attrs.evolve(titles[place], **change)
    subject = attrs.evolve(made.outside.subject, titles=tuple(titles))
    old = attrs.evolve(made, outside=attrs.evolve(made.outside, subject=subject))
    old = attrs.evolve(old, fingerprints=fingerprints_of(old))
    title = "Police and Crime Commissioner"
    messages = [entry.message.replace(title, "PCC") for entry in replay(old).changes]
    assert said in messages
    if "role" in change:
        assert messages[-1].endswith("of the mayor was known and is not now.")


def test_another_package_is_named() -> None:
    """The packages that answer for dates are recorded, and another version is told."""
    made = record(plan_of())
    packages = tuple(attrs.evolve(package, version="0.1") for package in made.outside.packages)
    old = attrs.evolve(made, outside=attrs.evolve(made.outside, packages=packages))
    old = attrs.evolve(old, fingerprints=fingerprints_of(old))
    assert [change.message.split(" is ")[0] for change in replay(old).changes] == [
        "The package holidays was 0.1 and",
        "The package pendulum was 0.1 and",
    ]


def replayed(read: Callable[[], Record]) -> Replay | RecordError:
    """Return the replay of a record, or the error with which it ends; any other is raised."""
    try:
        return replay(read())
    except RecordError as fault:
        return fault


@given(st.data())
def test_no_change_to_a_record_goes_unseen(data: st.DataObject) -> None:
    """Whatever is changed in a record, it is refused with sentences, or told as changed."""
    content = data.draw(changed(SMALL))
    result = replayed(lambda: Record.from_dict(content, name="record.json"))
    if isinstance(result, RecordError):
        assert result.problems
        assert all(problem.message and problem.help for problem in result.problems)
    elif content == SMALL:
        assert result.same
    else:
        assert not result.same
        assert any(change.what == "record" for change in result.changes)


def places_of_texts(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to each text in plain data; of a list, to those in its first item."""
    if isinstance(part, str):
        yield path
    if isinstance(part, list):
        part = dict(enumerate(part[:1]))
    if isinstance(part, dict):
        for step, inner in part.items():
            yield from places_of_texts(inner, (*path, step))


@pytest.mark.parametrize(
    "odd",
    [
        "",
        *(
            pytest.param(text, marks=pytest.mark.long)
            for text in (" ", "\0", "a\nb", "..", "x" * 5000, "0001-01-01", "9999-12-31")
        ),
    ],
    ids=lambda odd: repr(odd[:9]),
)
def test_odd_texts_in_a_record_are_read_or_refused(odd: str) -> None:
    """Each text of a record may be empty, long, or a day without sense: it is told, or refused."""
    for path in places_of_texts(SMALL):
        content = copy.deepcopy(SMALL)
        part: Any = content
        for step in path[:-1]:
            part = part[step]
        if part[path[-1]] == odd:
            continue
        part[path[-1]] = odd
        result = replayed(partial(Record.from_dict, content, name="r"))
        problems = result.problems if isinstance(result, RecordError) else result.changes
        assert problems, path


def test_days_asked_without_end_are_counted_once() -> None:
    """A record by hand may ask for ten thousand years a thousand times: each day is told once."""
    made = record(plan_of())
    asked = made.outside.days[0]
    first, last = day_of(1), day_of(datetime.date.max.toordinal())
    days = (attrs.evolve(asked, first=first, last=last, days_off=()),) * 1000
    odd = attrs.evolve(made, outside=attrs.evolve(made.outside, days=days))
    said = [change.message for change in replay(odd).changes if change.what == "days off"]
    assert said.count("25 December 2018 was a working day, and is Christmas Day now.") == 1
    assert len(said) == len({*said}) < 5000


@given(broken_files(whole=json.dumps(SMALL, indent=1).encode()))
def test_records_are_read_or_refused(content: bytes) -> None:
    """Whatever stands in a file, it is replayed or refused with an error of the library."""
    text = content.decode("utf-8", "surrogateescape")
    result = replayed(lambda: Record.from_json(text))
    assert result.problems if isinstance(result, RecordError) else result.sentences


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("facts", "force"), "nowhere", "r.json: facts.force"),
        (("facts", "findings"), "x", "r.json: facts.findings"),
        (("facts", "prospects"), "excellent", "r.json: facts.prospects.judgement"),
        (("on",), "2018-02-31", "r.json: on"),
    ],
)
def test_facts_that_cannot_be_used(path: tuple[str, ...], value: str, place: str) -> None:
    """Facts or a day that cannot be used any more are told where they stand in the record."""
    content = copy.deepcopy(SMALL)
    part = content
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(RecordError) as caught:
        replay(Record.from_dict(content, name="r.json"))
    assert caught.value.problems[0].place == place
    assert caught.value.problems[0].help


def test_the_order_of_names_in_a_file_does_not_matter() -> None:
    """A record that another program has written in another order is still as it was written."""
    made = record(plan_of())
    assert replay(Record.from_json(json.dumps(made.to_dict(), sort_keys=True))).same


def test_another_ruleset_is_named() -> None:
    """Where another ruleset cannot use the facts, both rulesets are named."""
    other = load_ruleset(TOP / "tests" / "rulesets" / "smallest")
    with pytest.raises(RecordError, match="The record follows the ruleset 'ncpi-follow-up'"):
        replay(record(plan_of()), ruleset=other)


# --- writing --------------------------------------------------------------------------------------


def fail(*_: object, **__: object) -> None:
    """Fail as a full disk does."""
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(("where", "name"), [(os, "fsync"), (Path, "replace")])
def test_a_crash_leaves_the_old_file_whole(
    where: object, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever writing fails, the file that stood there is whole and nothing else is left."""
    path = tmp_path / "record.json"
    path.write_text("as it was", "utf-8")
    monkeypatch.setattr(where, name, fail)
    with pytest.raises(RecordError, match="No space left on device"):
        record(plan_of()).write(path, replace=True)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["record.json"]
    assert path.read_text("utf-8") == "as it was"


def test_an_interruption_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same holds where somebody stops the program, and the interruption is not lost."""

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "record.json"
    path.write_text("as it was", "utf-8")
    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        record(plan_of()).write(path, replace=True)
    assert [path.name for path in tmp_path.iterdir()] == ["record.json"]
    assert path.read_text("utf-8") == "as it was"


def test_a_file_is_replaced_only_when_asked(tmp_path: Path) -> None:
    """Another record does not take the place of a file unasked; the same one is no trouble."""
    path = tmp_path / "record.json"
    full, with_masks = record(plan_of()), record(plan_of(), mask_names=True)
    full.write(path)
    full.write(path)
    with pytest.raises(RecordError, match="left as it is"):
        with_masks.write(path)
    assert Record.read(path) == full
    with_masks.write(path, replace=True)
    assert Record.read(path) == with_masks
    link = tmp_path / "link.json"
    link.symlink_to(path)
    full.write(link, replace=True)
    assert link.is_symlink()
    assert Record.read(path) == full


def test_what_could_not_be_read_is_not_written(tmp_path: Path) -> None:
    """A record too large to be read again is refused, and nothing is written."""
    follow_up = FollowUp(force="kent", note="x" * source.MAXIMUM_BYTES)
    with pytest.raises(RecordError, match="too large"):
        record(assess(follow_up, on=ON)).write(tmp_path / "record.json")
    assert list(tmp_path.iterdir()) == []


def test_half_a_character_can_be_written(tmp_path: Path) -> None:
    """What only a program can put into the facts is written, and then refused with sentences."""
    path = tmp_path / "record.json"
    record(assess(FollowUp(force="kent", note="\ud800"), on=ON)).write(path)
    with pytest.raises(RecordError):
        replay(Record.read(path))


# --- the commands ---------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the commands run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_assess_records_and_replay_repeats(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``assess --record`` prints the plan and writes its record; ``replay`` ends with 0, 1 or 2."""
    asked = ["assess", str(NORTHUMBRIA), "--on", ON, "--record", "r.json"]
    assert main(asked) == 0
    assert capsys.readouterr().out.startswith(plan_of().to_text())
    assert Record.read("r.json") == record(plan_of())
    assert main(["replay", "r.json"]) == 0
    assert capsys.readouterr().out == "The same: the recorded plan follows again.\n"
    assert main([*asked, "--mask-names"]) == 2
    assert "left as it is" in capsys.readouterr().err
    assert main([*asked, "--mask-names", "--replace"]) == 0
    assert Record.read("r.json").masked
    capsys.readouterr()
    path = folder / "r.json"
    path.write_text(path.read_text("utf-8").replace("28 December 2018", "29 December 2018"))
    assert main(["replay", "r.json"]) == 1
    assert "The plan in the record was changed after it was written." in capsys.readouterr().out
    path.write_text("{}", "utf-8")
    assert main(["replay", "r.json"]) == 2
    assert capsys.readouterr().err.startswith("r.json: This is not a record of a decision.\n")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([str(NORTHUMBRIA), str(EXAMPLES[0]), "--record", "r.json"], "Name only one."),
        ([str(NORTHUMBRIA), "--replace"], "Add: --record FILE"),
    ],
)
def test_wrong_usage(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A record of several follow-ups, or options of a record without one, are wrong usage."""
    assert main(["assess", *arguments, "--on", ON]) == 2
    out, err = capsys.readouterr()
    assert (out, expected in err) == ("", True)
    assert not Path("r.json").exists()
