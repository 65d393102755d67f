"""All hypothesis strategies of the tests, one section for each part of the library."""

from __future__ import annotations

import copy
import csv
import dataclasses
import datetime
import io
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import assume
from hypothesis import strategies as st

from ncpi_rules.core import (
    FURTHER,
    NONE_RECORDED,
    NOT_YET,
    UNKNOWN,
    Basis,
    Calendar,
    DateError,
    Modality,
    PartialDate,
    all_forces,
    kind_of_decision,
)
from ncpi_rules.engine import EngineRule, Program
from ncpi_rules.explore import TeamWeek
from ncpi_rules.facts import (
    ActionPlan,
    Arrangements,
    Documents,
    Feedback,
    Fieldwork,
    FollowUp,
    Further,
    ImmediateUpdate,
    InspectionReport,
    Judgement,
    NamedDecision,
    Notice,
    Publication,
    Recommendation,
    Suspension,
    Variation,
    Waiver,
    name_facts,
    slug,
)
from ncpi_rules.plan import PlanDocument, assess
from ncpi_rules.ruleset import (
    ActionRule,
    Activity,
    Always,
    DeadlineRule,
    Fact,
    FollowsOrder,
    Includes,
    Interpretation,
    NeverWithout,
    Outcome,
    OutcomeRule,
    Timing,
    fingerprint,
    load_ruleset,
    shipped_ruleset,
)
from ncpi_rules.scenarios import Expected, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from ncpi_rules.core import Unknown, When
    from ncpi_rules.engine import Box, Values
    from ncpi_rules.facts import RecordedDecision
    from ncpi_rules.ruleset import Guarantee, Rule, Ruleset

CONTRACT = shipped_ruleset().contract

# --- rule programs and boxes ----------------------------------------------------------------------

# Names and values are any text: an engine must not care what a policy officer writes.
NAMES = st.text(min_size=1, max_size=8)


def vocabularies(
    *, least: int = 0, most: int = 5, names: SearchStrategy[str] = NAMES
) -> SearchStrategy[dict[str, tuple[str, ...]]]:
    """Facts with one to five values each."""
    values = st.lists(NAMES, min_size=1, max_size=5, unique=True).map(tuple)
    return st.dictionaries(names, values, min_size=least, max_size=most)


def boxes(values: Values, *, empty: bool = True) -> SearchStrategy[Box]:
    """Boxes over some of the facts; with ``empty``, a fact may be left no value at all."""
    left = {
        fact: st.frozensets(st.sampled_from(options), min_size=0 if empty else 1)
        for fact, options in values.items()
    }
    return st.fixed_dictionaries({}, optional=left)


@st.composite
def programs(draw: DrawFn) -> Program:
    """Programs of up to a dozen rules, in up to four layers, without a circle.

    Every rule and every decided fact has a rank. A rule tests decided facts of a lower rank than
    its own, concludes a fact of its own rank, and is outranked by rules of no higher rank that
    were drawn before it: so whatever a rule waits for comes earlier.
    """
    values = draw(vocabularies())
    decided = draw(vocabularies(most=4, names=NAMES.filter(lambda name: name not in values)))
    rank = {fact: draw(st.integers(0, 3)) for fact in decided}
    drawn: list[tuple[int, EngineRule]] = []
    for name in draw(st.lists(NAMES, max_size=12, unique=True)):
        concluded = draw(st.none() | st.sampled_from(sorted(decided))) if decided else None
        own = draw(st.integers(0, 4)) if concluded is None else rank[concluded]
        testable = {
            **values,
            **{fact: options for fact, options in decided.items() if rank[fact] < own},
        }
        earlier = [rule.id for at, rule in drawn if at <= own]
        rule = EngineRule(
            id=name,
            when=draw(boxes(testable)),
            concludes=None
            if concluded is None
            else (concluded, draw(st.sampled_from(decided[concluded]))),
            outranked_by=draw(st.sets(st.sampled_from(earlier), max_size=3)) if earlier else (),
        )
        drawn.append((own, rule))
    return Program(
        values=values,
        decided=decided,
        otherwise={fact: draw(st.sampled_from(options)) for fact, options in decided.items()},
        rules=draw(st.permutations([rule for _, rule in drawn])),
    )


def cases(values: Values) -> SearchStrategy[dict[str, str]]:
    """One value for each fact."""
    return st.fixed_dictionaries(
        {fact: st.sampled_from(options) for fact, options in values.items()}
    )


def every_case(values: Values) -> Iterator[dict[str, str]]:
    """Yield every case there is: for small vocabularies only."""
    return (
        dict(zip(values, combination, strict=True)) for combination in product(*values.values())
    )


# --- dates, facts and follow-ups ------------------------------------------------------------------

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31))

NOT_KNOWN: SearchStrategy[Unknown] = st.just(UNKNOWN)

# Published while the inspections ran.
REPORT_DAYS = st.dates(datetime.date(2014, 4, 1), datetime.date(2024, 2, 1))

# What an officer may type, and what YAML would like to take for something else.
PLAIN_TEXTS = st.sampled_from(
    [
        "HMICFRS",
        "no",
        "2018-06-28",
        "1",
        "on",
        "~",
        "the pandemic",
        "Missing from home",
        "tŷ: a, #b",
    ]
)
WILD_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    str.strip
)


@st.composite
def partial_dates(draw: DrawFn, *, of: datetime.date | None = None) -> PartialDate:
    """Days, months, years and intervals of these; with ``of``, only such as may be that day."""
    day = draw(DAYS) if of is None else of
    if draw(st.booleans()):
        return PartialDate.read(_as_far_as_known(draw, day))
    ahead = (datetime.date(2199, 12, 31) - day).days
    behind = (day - datetime.date(1900, 1, 1)).days
    before = day - datetime.timedelta(days=draw(st.integers(0, min(behind, 800))))
    after = day + datetime.timedelta(days=draw(st.integers(0, min(ahead, 800))))
    try:
        return PartialDate.read(f"{_as_far_as_known(draw, before)}/{_as_far_as_known(draw, after)}")
    except DateError:  # such as 2018-06/2018, which seems to end before it begins
        return PartialDate.read(f"{before}/{after}")


def _as_far_as_known(draw: DrawFn, day: datetime.date) -> str:
    return day.isoformat()[
        : draw(st.sampled_from([len("2018-06-28"), len("2018-06"), len("2018")]))
    ]


def whens(of: datetime.date | None = None) -> SearchStrategy[When]:
    """Partial dates, UNKNOWN and NOT_YET."""
    return st.sampled_from([UNKNOWN, NOT_YET]) | partial_dates(of=of)


def _after(draw: DrawFn, day: datetime.date, least: int, most: int) -> datetime.date:
    return day + datetime.timedelta(days=draw(st.integers(least, most)))


def _true_days(draw: DrawFn) -> dict[str, datetime.date]:
    """Return the day on which each event truly happens, or will: in an order that can be."""
    report = draw(REPORT_DAYS)
    received = _after(draw, report, 0, 120)
    # The ceiling lies some 181 to 184 days after the report: both sides of it are drawn often.
    begins = _after(draw, report, *draw(st.sampled_from([(0, 500), (175, 190)])))
    requested = _after(draw, begins, -90, 0)
    return {
        "report-published": report,
        "immediate-update-received": _after(draw, report, -30, 200),
        "action-plan-received": received,
        "action-plan-reviewed": _after(draw, received, 0, 60),
        "prospects-judged": _after(draw, report, -10, 300),
        "arrangements-made": _after(draw, begins, -60, 5),
        "notice-given": _after(draw, begins, -30, 5),
        "activity-described": _after(draw, begins, -30, 5),
        "documents-requested": requested,
        "documents-reviewed": _after(draw, requested, 0, 90),
        "revisit-begins": begins,
        "revisit-ends": _after(draw, begins, 0, 30),
        "feedback-given": _after(draw, begins, 0, 40),
        "written-feedback-to-chief-officer": _after(draw, begins, 0, 60),
        "written-feedback-to-local-policing-body": _after(draw, begins, 0, 60),
        "follow-up-published": _after(draw, begins, 0, 300),
    }


def _recorded(draw: DrawFn, days: dict[str, datetime.date]) -> dict[str, When]:
    """Return what is recorded of each day: never a date after an event that is not yet."""
    dates = {name: draw(whens(of=day)) for name, day in days.items()}
    for _ in dates:
        for earlier, later in CONTRACT.order:
            if dates[earlier] is NOT_YET and isinstance(dates[later], PartialDate):
                dates[later] = NOT_YET
    return dates


@st.composite
def recommendations(
    draw: DrawFn, *, topics: Sequence[str], texts: SearchStrategy[str]
) -> Recommendation:
    """One recommendation, with a topic of the vocabulary or one that it does not have."""
    dates = partial_dates().map(lambda date: f"by {date}")
    limits = st.sampled_from(["immediate", "within 3 months", "within six weeks", "none"])
    return Recommendation(
        id=draw(texts),
        time_limit=draw(NOT_KNOWN | limits | dates),
        topic=draw(NOT_KNOWN | st.sampled_from([*topics, "something-else"])),
        area=draw(NOT_KNOWN | texts),
        summary=draw(st.just("") | texts),
    )


@st.composite
def decisions(
    draw: DrawFn, *, ruleset: Ruleset, day: datetime.date, texts: SearchStrategy[str]
) -> RecordedDecision:
    """One decision that the ruleset knows, made on some day near the one given."""
    text_or_unknown = NOT_KNOWN | texts
    made: dict[str, Any] = {
        "by": draw(text_or_unknown),
        "on": draw(whens(of=_after(draw, day, -30, 400))),
        "why": draw(text_or_unknown),
    }
    rules = ruleset.rules.values()
    usual = {
        name
        for rule in rules
        if getattr(rule, "modality", None) is Modality.USUALLY
        for name in (rule.rule, getattr(rule, "event", ""), getattr(rule, "completes", ""))
        if name
    }
    named = [fact for fact in ruleset.facts.values() if kind_of_decision(fact.source)]
    kind = draw(st.sampled_from([*named, Variation, Waiver, Suspension]))
    if isinstance(kind, Fact):
        values = [value for value in kind.values if value not in {NONE_RECORDED, kind.unknown}]
        decision = kind_of_decision(kind.source)
        return NamedDecision(decision=decision, value=draw(st.sampled_from(values)), **made)
    if kind is Variation and usual:
        return Variation(of=draw(st.sampled_from(sorted(usual))), **made)
    if kind is Suspension:
        begins = _after(draw, day, -100, 300)
        return Suspension(
            begins=draw(whens(of=begins)),
            ends=draw(whens(of=_after(draw, begins, 0, 500))),
            **made,
        )
    return Waiver(of=draw(st.sampled_from([*ruleset.events, *ruleset.cases])), **made)


def is_before_the_report(decision: RecordedDecision, published: When) -> bool:
    """Return True for a decision that a follow-up refuses, as its report had not come out yet."""
    if isinstance(decision, Suspension) or not isinstance(decision.on, PartialDate):
        return False
    if isinstance(published, PartialDate):
        return decision.on.end < published.start
    return published is NOT_YET


@st.composite
def follow_ups(
    draw: DrawFn,
    *,
    ruleset: Ruleset | None = None,
    texts: SearchStrategy[str] = PLAIN_TEXTS,
    further: bool = False,
) -> FollowUp:
    """Follow-ups that do not contradict themselves, in words that the ruleset knows.

    Every event has a true day, and what is recorded of it is that day as far as it is known. With
    ``further``, facts and events are added that the ruleset has no names for: such a follow-up can
    only be read and written.
    """
    ruleset = ruleset or shipped_ruleset()
    days = _true_days(draw)
    when = _recorded(draw, days)
    named = st.lists(texts, max_size=4, unique_by=slug).map(tuple)
    text_or_unknown = NOT_KNOWN | texts

    def value(fact: str) -> SearchStrategy[Any]:
        known = ruleset.facts[fact]
        return st.sampled_from(
            [UNKNOWN, *(value for value in known.values if value != known.unknown)]
        )

    entries = recommendations(topics=tuple(ruleset.topics), texts=texts)
    made = draw(
        NOT_KNOWN | st.lists(entries, max_size=5, unique_by=lambda entry: slug(entry.id)).map(tuple)
    )
    if made is UNKNOWN:
        covers = draw(NOT_KNOWN | named)
    else:
        ids = tuple(recommendation.id for recommendation in made)
        covers = (
            draw(NOT_KNOWN | st.lists(st.sampled_from(ids), unique=True).map(tuple)) if ids else ()
        )
    day, published = days["report-published"], when["report-published"]
    return FollowUp(
        force=draw(st.sampled_from(sorted(all_forces()))),
        inspection_report=InspectionReport(
            published=published,
            findings=draw(value("findings")),
            recommendations=made,
        ),
        immediate_update=ImmediateUpdate(received=when["immediate-update-received"]),
        action_plan=ActionPlan(
            received=when["action-plan-received"],
            reviewed=when["action-plan-reviewed"],
            areas_of_concern=draw(NOT_KNOWN | named),
            covers=covers,
        ),
        prospects=Judgement(
            judgement=draw(value("prospects")),
            on=when["prospects-judged"],
            by=draw(text_or_unknown),
            why=draw(text_or_unknown),
        ),
        decisions=tuple(
            decision
            for decision in draw(
                st.lists(decisions(ruleset=ruleset, day=day, texts=texts), max_size=3)
            )
            if not is_before_the_report(decision, published)
        ),
        arrangements=Arrangements(made=when["arrangements-made"]),
        notice=Notice(given=when["notice-given"], activity_described=when["activity-described"]),
        documents=Documents(
            requested=when["documents-requested"], reviewed=when["documents-reviewed"]
        ),
        fieldwork=Fieldwork(begins=when["revisit-begins"], ends=when["revisit-ends"]),
        feedback=Feedback(
            given=when["feedback-given"],
            to_chief_officer=when["written-feedback-to-chief-officer"],
            to_local_policing_body=when["written-feedback-to-local-policing-body"],
        ),
        publication=Publication(published=when["follow-up-published"]),
        further=draw(_further(texts)) if further else Further(),
        note=draw(st.just("") | texts),
        sources=tuple(draw(st.lists(texts, max_size=2))),
    )


_STAYS_RECORDED = {"force", "decisions", "further", "note", "sources", "on", "id"}
"""What has no unknown, or counts as none recorded where it is left out."""


@st.composite
def less_known(draw: DrawFn, follow_up: FollowUp) -> FollowUp:
    """Draw the same follow-up with some of its fields left out, so that they are unknown."""

    def left(data: Any) -> Any:
        if isinstance(data, list):
            return [left(item) for item in data]
        if not isinstance(data, dict):
            return data
        return {
            name: value if name in _STAYS_RECORDED else left(value)
            for name, value in data.items()
            if name in _STAYS_RECORDED or draw(st.integers(0, 2))
        }

    return FollowUp.from_dict(left(follow_up.to_dict()))


def _further(texts: SearchStrategy[str]) -> SearchStrategy[Further]:
    return st.builds(
        Further,
        facts=st.dictionaries(texts, texts, max_size=2),
        events=st.dictionaries(texts, whens(), max_size=2),
    )


def days() -> SearchStrategy[datetime.date]:
    """Days on which a follow-up may be assessed, from before the first report to long after."""
    return st.dates(datetime.date(2014, 1, 1), datetime.date(2030, 12, 31))


# --- plans, and files that are not what they should be --------------------------------------------


def to_assess(*, texts: SearchStrategy[str] = PLAIN_TEXTS) -> SearchStrategy[dict[str, Any]]:
    """Give what ``assess`` takes: a follow-up, on any day, under any interpretations."""
    interpretations = shipped_ruleset().interpretations.items()
    answers = {id_: st.sampled_from([*asked.answers]) for id_, asked in interpretations}
    return st.fixed_dictionaries(
        {
            "follow_up": follow_ups(texts=texts),
            "on": REPORT_DAYS,
            "interpretations": st.fixed_dictionaries({}, optional=answers),
        }
    )


def plans(*, texts: SearchStrategy[str] = PLAIN_TEXTS) -> SearchStrategy[PlanDocument]:
    """Documents of plans."""
    return to_assess(texts=texts).map(lambda asked: assess(**asked).document)


@st.composite
def broken_files(draw: DrawFn, *, whole: bytes) -> bytes:
    """Return a file with some bytes gone, doubled or replaced, or one of nothing but bytes."""
    bytes_alone: bool = draw(st.booleans())
    if bytes_alone:
        return draw(st.binary(max_size=64))
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, min(len(whole), start + 40)))
    between = draw(
        st.sampled_from([b"", whole[start:end] * 2, b"\t", b"{", b"*x", b"&x ", b": ", b"\xff"])
        | st.binary(max_size=4)
    )
    return whole[:start] + between + whole[end:]


# --- files with one thing changed -----------------------------------------------------------------


def _places(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value of plain data."""
    yield path
    inner: Any = ()
    if isinstance(data, dict):
        inner = data.items()
    elif isinstance(data, list):
        inner = enumerate(data)
    for step, value in inner:
        yield from _places(value, (*path, step))


@st.composite
def changed(draw: DrawFn, data: Any) -> Any:
    """Plain data of a file in which one key is dropped or added, or one value is another."""
    made = copy.deepcopy({"the file": data})
    path = ("the file", *draw(st.sampled_from(sorted(_places(data), key=repr))))
    parent: Any = made
    for step in path[:-1]:
        parent = parent[step]
    value = parent[path[-1]]
    within: bool = draw(st.booleans())
    drop: bool = draw(st.booleans())
    if within and isinstance(value, dict):
        if value and drop:
            del value[draw(st.sampled_from(sorted(value)))]
        else:
            value["a-name-that-is-not-known"] = draw(st.sampled_from(["text", ["text"], {}]))
    elif within and isinstance(value, list):
        value.append(draw(st.sampled_from(["text", "", ["text"], {"name": "text"}])))
    else:
        others = ["text", "Two names", "", [], ["text"], [""], {}, {"name": "text"}]
        parent[path[-1]] = draw(st.sampled_from(others))
    return made["the file"]


# --- plans that differ, and records ---------------------------------------------------------------


@st.composite
def edited_plans(draw: DrawFn, plan: dict[str, Any]) -> dict[str, Any]:
    """Return the plain data of a plan with one value changed, or one entry gone, doubled or moved.

    Whether it still obeys the schema is for the test to ask.
    """
    made = copy.deepcopy(plan)
    path = draw(st.sampled_from(sorted((place for place in _places(made) if place), key=repr)))
    parent: Any = made
    for above in path[:-1]:
        parent = parent[above]
    step: Any = path[-1]
    value = parent[step]
    if isinstance(parent, list) and draw(st.booleans()):
        kind = draw(st.sampled_from(["gone", "doubled", "moved"]))
        if kind != "doubled":
            del parent[step]
        if kind != "gone":
            parent.insert(draw(st.integers(0, len(parent))), copy.deepcopy(value))
        return made
    days = {"from": "2018-06-28", "to": "2018-06-30"}
    others = [None, "text", "2018-06-28", "may", "met", "done", days, {"from": 1, "to": 2}]
    parent[step] = draw(st.sampled_from([*others, [], ["text"], True, False, 1]))
    return made


# --- scenarios ------------------------------------------------------------------------------------


@st.composite
def scenario_cases(draw: DrawFn, *, ruleset: Ruleset, dates: bool = True) -> Scenario:
    """Scenarios that set some values, some answers and perhaps some dates, and expect nothing."""
    facts = {id_: st.sampled_from([*fact.values]) for id_, fact in ruleset.facts.items()}
    answers = {
        id_: st.sampled_from([*interpretation.answers])
        for id_, interpretation in ruleset.interpretations.items()
    }
    recorded: dict[str, When] = {}
    if dates:
        true = _true_days(draw)
        true |= {event: draw(REPORT_DAYS) for event in ruleset.events if event not in true}
        known = {k: v for k, v in _recorded(draw, true).items() if k in ruleset.events}
        recorded = draw(
            st.fixed_dictionaries({}, optional={k: st.just(v) for k, v in known.items()})
        )
    return Scenario(
        says=draw(PLAIN_TEXTS),
        facts=draw(st.fixed_dictionaries({}, optional=facts)),
        interpretations=draw(st.fixed_dictionaries({}, optional=answers)),
        dates=recorded,
        on=PartialDate.read(draw(REPORT_DAYS)),
        expect=Expected(),
    )


# --- methodologies: texts of made-up guides -------------------------------------------------------

GUIDE_NOUNS = ("lamp", "warden", "oil", "wick", "night", "tower", "keeper", "lens", "storm", "fog")


@dataclasses.dataclass(frozen=True)
class Guide:
    """A made-up methodology: its lines are headings and statements, in the text's order."""

    lines: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """Return the guide as a text, each statement on a line."""
        return "\n".join(said for _, said in self.lines)

    @property
    def statements(self) -> list[int]:
        """Return which lines are statements."""
        return [at for at, (kind, _) in enumerate(self.lines) if kind == "statement"]

    @property
    def headings(self) -> list[int]:
        """Return which lines are headings."""
        return [at for at, (kind, _) in enumerate(self.lines) if kind == "heading"]


def guide_sentences() -> SearchStrategy[str]:
    """Sentences and list items about a lighthouse: never a heading, never two statements."""
    many = len(GUIDE_NOUNS)

    def said(form: str, number: int) -> str:
        values = [GUIDE_NOUNS[number // many**place % many] for place in range(5)]
        return form.format(" ".join(values))

    forms = st.sampled_from(["The {}.", "- the {};", "- a {}; and"])
    return st.builds(said, forms, st.integers(0, many**5 - 1))


@st.composite
def guides(draw: DrawFn, *, repeats: bool = False) -> Guide:
    """Guides with a title and up to four headings, each with up to five statements.

    With ``repeats``, the same wording may stand in several places.
    """
    sizes = draw(st.lists(st.integers(0, 5), min_size=1, max_size=4))
    many = sum(sizes) + 2
    different = None if repeats else fingerprint
    said = draw(st.lists(guide_sentences(), min_size=many, max_size=many, unique_by=different))
    lines = [("statement", said.pop()), ("statement", said.pop())]
    for at, size in enumerate(sizes):
        lines.append(("heading", f"Heading {'ABCD'[at]}"))
        lines.extend(("statement", said.pop()) for _ in range(size))
    return Guide(tuple(lines))


# --- rulesets and guarantees, for what is proved of them ------------------------------------------


@st.composite
def made_rulesets(draw: DrawFn, *, most_cases: int = 200) -> Ruleset:
    """Rulesets around a small program: what concludes nothing does one of a few things.

    One of the facts may be an interpretation instead.
    """
    program = draw(programs())
    assume(prod(len(values) for values in program.values.values()) <= most_cases)
    questions: set[str] = set()
    if program.values:
        questions = draw(st.sets(st.sampled_from(sorted(program.values)), max_size=1))
    rules: dict[str, Rule] = {}
    for rule in program.rules:
        named: dict[str, Any] = {
            "id": rule.id,
            "title": rule.id,
            "when": {
                f: tuple(sorted(values)) for f, values in rule.when.items() if f not in questions
            },
            "under": {
                f: tuple(sorted(values)) for f, values in rule.when.items() if f in questions
            },
            "outranks": tuple(r.id for r in program.rules if rule.id in r.outranked_by),
            "statements": ("said.1",),
        }
        if rule.concludes is None:
            rules[rule.id] = ActionRule(
                by="somebody",
                does=draw(st.sampled_from("xy")),
                modality=draw(st.sampled_from([Modality.MUST, Modality.MAY])),
                **named,
            )
        else:
            decides, then = rule.concludes
            rules[rule.id] = OutcomeRule(decides=decides, then=then, **named)
    return attrs.evolve(
        shipped_ruleset(),
        facts={
            id_: Fact(
                id=id_,
                title=id_,
                source=FURTHER,
                values=dict.fromkeys(values, "so"),
                unknown=values[0],
            )
            for id_, values in program.values.items()
            if id_ not in questions
        },
        interpretations={
            id_: Interpretation(
                id=id_,
                question="?",
                ours=program.values[id_][0],
                why="",
                agreed_by="nobody yet",
                answers=dict.fromkeys(program.values[id_], "so"),
            )
            for id_ in questions
        },
        outcomes={
            id_: Outcome(
                id=id_, title=id_, values=dict.fromkeys(values, "so"), none=program.otherwise[id_]
            )
            for id_, values in program.decided.items()
        },
        activities={id_: Activity(id=id_, title=id_) for id_ in "xy"},
        parameters={},
        rules=dict(sorted(rules.items())),
        guarantees={},
        places={f"outcomes.{id_}": id_ for id_ in program.decided},
        statements={},
        events={},
        documents={},
        topics={},
        parties={},
        headings=(),
    )


RESULTS = (
    ("open", Basis.WAITS),
    ("open", Basis.REFERRED),
    ("open", Basis.FOLLOWS),
    ("tea", Basis.FOLLOWS),
    ("water", Basis.DECIDED),
)


@st.composite
def made_tables(draw: DrawFn) -> Ruleset:
    """Rulesets in which one rule decides each cell of two tables; the second tests the first."""
    known = ("unknown", "yes", "no")
    axes: dict[str, dict[str, tuple[str, ...]]] = {
        "drink": {"guest": known, "host": known, "Q1": ("a", "b")},
        "cake": {"drink": ("open", "tea", "water"), "host": known},
    }
    rules = {}
    for decides, tested in axes.items():
        results = draw(st.lists(st.sampled_from(RESULTS), min_size=1, max_size=3))
        for cell in product(*tested.values()):
            then, basis = draw(st.sampled_from(results))
            tests = {name: (value,) for name, value in zip(tested, cell, strict=True)}
            id_ = ".".join((decides, *cell))
            rules[id_] = OutcomeRule(
                id=id_,
                title=id_,
                decides=decides,
                when={name: values for name, values in tests.items() if name != "Q1"},
                under={name: values for name, values in tests.items() if name == "Q1"},
                then=then,
                basis=basis,
                statements=("said.1",),
            )
    return attrs.evolve(
        shipped_ruleset(),
        facts={
            name: Fact(
                id=name,
                title=name,
                source=FURTHER,
                values=dict.fromkeys(known, "so"),
                unknown="unknown",
            )
            for name in ("guest", "host")
        },
        interpretations={
            "Q1": Interpretation(
                id="Q1",
                question="?",
                ours="a",
                why="",
                agreed_by="nobody yet",
                answers={"a": "so", "b": "so"},
            )
        },
        outcomes={
            name: Outcome(
                id=name, title=name, values={"open": "o", "tea": "t", "water": "w"}, none="open"
            )
            for name in axes
        },
        rules=rules,
    )


@st.composite
def made_guarantees(draw: DrawFn, ruleset: Ruleset) -> Guarantee:
    """One guarantee about a ruleset, of a kind that has no days."""
    facts = {id_: tuple(fact.values) for id_, fact in ruleset.facts.items()}
    facts |= {id_: tuple(outcome.values) for id_, outcome in ruleset.outcomes.items()}
    tests = boxes(facts, empty=False).map(
        lambda box: {fact: tuple(sorted(values)) for fact, values in box.items()}
    )
    named: dict[str, Any] = {
        "id": "guarantee",
        "says": "It is so.",
        "interpretations": draw(st.sampled_from(["ours", "every"])),
    }
    kinds = ["always", "never-without"]
    if ruleset.outcomes:
        kinds += ["includes", *(["follows-order"] if ruleset.facts else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "always":
        return Always(when=draw(tests), then=draw(tests), **named)
    if kind == "never-without":
        grounds = draw(st.lists(tests, min_size=1, max_size=2).map(tuple))
        return NeverWithout(outcome=draw(tests), without=grounds, **named)
    outcome = draw(st.sampled_from(sorted(ruleset.outcomes)))
    fact = draw(st.sampled_from(sorted(ruleset.facts))) if kind == "follows-order" else outcome
    none = ruleset.outcomes[outcome].none
    values = [value for value in facts[fact] if kind != "includes" or value != none]
    order = draw(st.permutations(values))[:3]
    if kind == "includes":
        return Includes(outcome=outcome, order=tuple(order), of="actions", **named)
    return FollowsOrder(outcome=outcome, fact=fact, order=tuple(order), **named)


def calendars() -> SearchStrategy[Calendar]:
    """Calendars of England with up to two long runs of extra days off."""
    runs = st.tuples(st.integers(735_000, 745_000), st.integers(1, 60)).map(
        lambda run: range(run[0], run[0] + run[1])
    )
    return st.lists(runs, max_size=2).map(
        lambda runs: Calendar(extra=frozenset(day for run in runs for day in run))
    )


def dates_of_events() -> SearchStrategy[dict[str, When]]:
    """Dates for the events of :func:`deadline_rules`, mostly whole days near each other."""
    whole = near().map(PartialDate.read)
    date = st.one_of(whole, whole, whens())
    return st.tuples(*[date for _ in DEADLINE_EVENTS]).map(
        lambda dates: dict(zip(DEADLINE_EVENTS, dates, strict=True))
    )


def timings() -> SearchStrategy[str]:
    """Periods counted after or before the event ``b``, or beginning with it."""
    units = st.sampled_from(["days", "weeks", "months", "working days"])
    return st.one_of(
        st.builds(
            "{} {} {} b".format, st.integers(0, 9), units, st.sampled_from(["after", "before"])
        ),
        st.builds("{} {} beginning with b".format, st.integers(1, 9), units),
    )


DEADLINE_EVENTS = ("begins", "ends", "told")
_DEADLINE_ORDERS = ("no_later_than", "before", "no_earlier_than")


@st.composite
def deadline_rules(draw: DrawFn) -> DeadlineRule:
    """Rules on the three events, with one limit of any kind, several or none."""

    def timing() -> Timing:
        return Timing.from_text(draw(timings()).removesuffix("b") + draw(events))

    events = st.sampled_from(DEADLINE_EVENTS)
    every = ["within", "at_least", *_DEADLINE_ORDERS]
    single = st.sampled_from(every).map(lambda kind: {kind})
    several = st.sets(st.sampled_from(every), min_size=2, max_size=2)
    kinds = draw(st.one_of(single, single, several, st.just(set[str]())))
    limits: dict[str, Any] = {
        kind: draw(events) if kind in _DEADLINE_ORDERS else timing() for kind in kinds
    }
    return DeadlineRule(
        id=f"deadline.{draw(st.integers(0, 9))}",
        title="Something is done in time",
        by="shop",
        event=draw(events),
        modality=Modality.MUST,
        statements=("code.1",),
        working_days=draw(calendars()),
        **limits,
    )


@st.composite
def ordered_dates(draw: DrawFn) -> tuple[tuple[tuple[str, str], ...], dict[str, When]]:
    """Draw an order of some of the three events, and dates of a few days each.

    Some days are possible together, and nothing has a date after what is not yet so.
    """
    names = draw(st.permutations(DEADLINE_EVENTS))
    early, middle, late = names
    order = draw(
        st.sampled_from(
            [
                ((early, middle), (middle, late), (early, late)),
                ((early, middle), (early, late)),
                ((early, late), (middle, late)),
                ((early, middle),),
                (),
            ]
        )
    )
    # Within a fortnight, so that partial dates have days in common.
    days = sorted(draw(st.tuples(*[near(0, 9)] * len(names))))
    events: dict[str, When] = {}
    for name, day in zip(names, days, strict=True):
        kind = draw(st.sampled_from(["partial", "partial", "partial", "day", "not-yet", "unknown"]))
        before = [events.get(first) for first, later in order if later == name]
        if NOT_YET in before and kind != "unknown":
            kind = "not-yet"
        if kind in {"unknown", "not-yet"}:
            events[name] = UNKNOWN if kind == "unknown" else NOT_YET
            continue
        width = st.integers(0, 6 * (kind == "partial"))
        events[name] = PartialDate.between(
            day.toordinal() - draw(width), day.toordinal() + draw(width)
        )
    return order, events


# --- imagined cases and caseloads -----------------------------------------------------------------

FIRST = datetime.date(2018, 6, 1)
ORDERED = sorted({name for pair in CONTRACT.order for name in pair})


@st.composite
def dates_in_common(draw: DrawFn) -> tuple[tuple[tuple[str, str], ...], dict[str, When]]:
    """Draw partial dates of the events ``a`` and ``b`` of some weeks each, and perhaps their order.

    At least one day of the first is no later than one of the second. An order may be of another
    event, too, which says nothing of these two.
    """
    starts, widths = near(0, 20), st.integers(0, 40)
    dates = {}
    for name in ("a", "b"):
        start = draw(starts).toordinal()
        dates[name] = PartialDate.between(start, start + draw(widths))
    orders: list[tuple[tuple[str, str], ...]] = [(), (("c", "a"),)]
    for first, later in (("a", "b"), ("b", "a")):
        if dates[first].start <= dates[later].end:
            orders.append(((first, later),))
    return draw(st.sampled_from(orders)), {**dates, "c": UNKNOWN}


def near(least: int = -5, most: int = 40) -> SearchStrategy[datetime.date]:
    """Days near each other, so that their order matters."""
    return st.integers(least, most).map(lambda days: FIRST + datetime.timedelta(days=days))


@st.composite
def choices_of_dates(draw: DrawFn) -> dict[str, list[When]]:
    """Up to four dates, partial ones too, for each of one to four events that have an order."""
    names = draw(st.lists(st.sampled_from(ORDERED), min_size=1, max_size=4, unique=True))
    date = near().flatmap(lambda day: whens(day) | st.just(PartialDate.read(day)))
    return {
        name: draw(st.lists(date, min_size=1, max_size=4, unique_by=str).map(list))
        for name in names
    }


@st.composite
def choices_of_values(draw: DrawFn) -> dict[str, list[str]]:
    """Return some of the values of one to four facts."""
    facts, events = shipped_ruleset().facts, shipped_ruleset().events
    undated = sorted(facts.keys() - events.keys())
    names = draw(st.lists(st.sampled_from(undated), min_size=1, max_size=4, unique=True))
    return {
        name: draw(st.lists(st.sampled_from(sorted(facts[name].values)), min_size=1, unique=True))
        for name in names
    }


@st.composite
def early_follow_ups(draw: DrawFn) -> tuple[FollowUp, datetime.date]:
    """Follow-ups in their first months, mostly on time, and the day: many of them are green."""
    report = draw(near())
    on = report + datetime.timedelta(days=draw(st.integers(0, 190)))

    def facts_at_most(least: int, most: int) -> Any:
        day = report + datetime.timedelta(days=draw(st.integers(least, most)))
        return draw(
            st.sampled_from([day.isoformat() if day <= on else "not-yet", "not-yet", "unknown"])
        )

    begins = report + datetime.timedelta(days=draw(st.integers(60, 190)))
    ends = begins + datetime.timedelta(days=draw(st.integers(0, 5)))
    revisit = draw(
        st.sampled_from(
            [("not-yet", "not-yet"), ("not-yet", "unknown"), (begins, ends), (begins, "unknown")]
        )
    )
    received = facts_at_most(0, 45)
    reviewed = "unknown"
    if received[0].isdigit() and draw(st.booleans()):
        reviewed = on.isoformat()
    facts: dict[str, Any] = {
        "force": "kent",
        "inspection_report": {
            "published": report,
            "findings": draw(st.sampled_from(["broadly-positive", "unknown"])),
        },
        "action_plan": {"received": received, "reviewed": reviewed},
        "prospects": draw(st.sampled_from(["no-concerns", "some-concerns", "unknown"])),
        "fieldwork": {"begins": revisit[0], "ends": revisit[1]},
        "notice": {"given": facts_at_most(10, 60)},
    }
    return FollowUp.from_dict(facts), on


@st.composite
def completions(draw: DrawFn, follow_up: FollowUp, on: datetime.date) -> dict[str, str]:
    """Return what may be true of the events of which nothing is told: a day until now, or not yet.

    Events that come first are drawn first, and those after them are not before them.
    """
    events = dict(name_facts(follow_up, CONTRACT).dates.events)
    completed: dict[str, str] = {}
    for name, place in CONTRACT.events.items():
        if events[name] is not UNKNOWN:
            continue
        before = [events[first] for first, later in CONTRACT.order if later == name]
        least = max(
            (date.start for date in before if isinstance(date, PartialDate)),
            default=on.toordinal() - 200,
        )
        waits = NOT_YET in before or least > on.toordinal()
        later = [events[last] for first, last in CONTRACT.order if first == name]
        most = min([on.toordinal(), *(e.end for e in later if isinstance(e, PartialDate))])
        if waits or (draw(st.booleans()) and not any(isinstance(e, PartialDate) for e in later)):
            events[name], completed[place] = NOT_YET, "not-yet"
            continue
        if least > most:
            continue
        day = PartialDate.between(*[draw(st.integers(least, most))] * 2)
        events[name], completed[place] = day, day.edtf
    return completed


def works() -> SearchStrategy[list[TeamWeek]]:
    """Weeks of a team, each to fall somewhere in a short run of weeks."""
    week = st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 9))
    return st.lists(
        week.map(lambda weeks: TeamWeek(weeks[0], weeks[0] + weeks[1], weeks[2])), max_size=8
    )


# --- rules as they are written

LOANS = load_ruleset(Path(__file__).parent / "rulesets" / "library-loans")


@st.composite
def written_alerts(draw: DrawFn) -> dict[str, Any]:
    """Draw an alert as it is written for the loans of a library, with blocks in its conditions."""
    values = {
        **{("when", name): list(fact.values) for name, fact in LOANS.facts.items()},
        **{
            ("under", name): list(interpretation.answers)
            for name, interpretation in LOANS.interpretations.items()
        },
    }
    sentences = st.sampled_from(["One thing.", "Another thing."])
    statements = st.lists(
        st.sampled_from(["loan.1", "delay.1", "letter.1"]), min_size=1, max_size=2
    )

    def block(depth: int) -> dict[str, Any]:
        lines: dict[str, Any] = {}
        if draw(st.booleans()):
            lines["statements"] = draw(statements)
        if draw(st.integers(0, 2)) == 0:
            lines["note"] = draw(sentences)
        for kind, name in draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=2)):
            lines.setdefault(kind, {})[name] = tested(values[kind, name], depth)
        return lines or {"note": "Nothing else."}

    def tested(allowed: list[str], depth: int) -> Any:
        if depth == 0 or draw(st.booleans()):
            return draw(st.lists(st.sampled_from(allowed), min_size=1, unique=True))
        differing: dict[str, Any] = {}
        for value in draw(st.permutations(allowed)):
            how = draw(st.sampled_from(["as-written", "does-not-apply", "block"]))
            differing[value] = block(depth - 1) if how == "block" else how
        return differing

    title = {"title": "Something is so", "alert": "Something is so."}
    return {**title, **block(2), "statements": draw(statements)}


# --- tables ---------------------------------------------------------------------------------------


@st.composite
def csv_tables(draw: DrawFn) -> tuple[list[tuple[str, str]], bytes]:
    """Draw the rows of a table of two columns, and how a program may have written it as CSV.

    Fields have line breaks, quotation marks and delimiters in them; no row is empty.
    """
    letters = st.sampled_from('ab \n\r",;\té') | st.characters(exclude_categories=["Cs", "Cc"])
    fields = st.text(letters, max_size=6)
    rows = draw(st.lists(st.tuples(fields, fields).filter(any), max_size=30))
    text = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    writer = csv.writer(
        text,
        delimiter=draw(st.sampled_from(",;\t|")),
        lineterminator=end,
        quoting=draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL] if end != "\n" else [1])),
    )
    writer.writerows([("findings", "ref"), *rows])
    content = text.getvalue()
    if draw(st.booleans()):
        content = content.removesuffix(end)
    return rows, content.encode(draw(st.sampled_from(["utf-8", "utf-8-sig"])))
