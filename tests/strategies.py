"""All hypothesis strategies of the tests, one section for each part of the library."""

from __future__ import annotations

import copy
import datetime
from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from ncpi_rules.assessment import assess
from ncpi_rules.dates import PartialDate
from ncpi_rules.engine import EngineRule, Program
from ncpi_rules.errors import DateError
from ncpi_rules.facts import (
    ActionPlan,
    Arrangements,
    Departure,
    Documents,
    Feedback,
    Fieldwork,
    FollowUp,
    FullReinspection,
    Further,
    ImmediateUpdate,
    InspectionReport,
    Judgement,
    Notice,
    Publication,
    Recommendation,
    Suspension,
    TierChosen,
    Waiver,
    slug,
)
from ncpi_rules.facts.events import ORDER
from ncpi_rules.forces import all_forces
from ncpi_rules.ruleset.load import shipped_ruleset
from ncpi_rules.words import NOT_YET, UNKNOWN, Modality

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from ncpi_rules.dates import When
    from ncpi_rules.engine import Box, Words
    from ncpi_rules.facts import Decision
    from ncpi_rules.ruleset.model import Ruleset
    from ncpi_rules.words import Unknown

# --- rule programs and boxes ----------------------------------------------------------------------

# Names and words are any text: an engine must not care what a policy officer writes.
NAMES = st.text(min_size=1, max_size=8)


def vocabularies(
    *, least: int = 0, most: int = 5, names: SearchStrategy[str] = NAMES
) -> SearchStrategy[dict[str, tuple[str, ...]]]:
    """Facts with one to five words each."""
    words = st.lists(NAMES, min_size=1, max_size=5, unique=True).map(tuple)
    return st.dictionaries(names, words, min_size=least, max_size=most)


def boxes(words: Words, *, empty: bool = True) -> SearchStrategy[Box]:
    """Boxes over some of the facts; with ``empty``, a fact may be left no word at all."""
    left = {
        fact: st.frozensets(st.sampled_from(each), min_size=0 if empty else 1)
        for fact, each in words.items()
    }
    return st.fixed_dictionaries({}, optional=left)


@st.composite
def programs(draw: DrawFn) -> Program:
    """Programs of up to a dozen rules, in up to four layers, without a circle.

    Every rule and every decided fact has a rank. A rule tests decided facts of a lower rank than
    its own, concludes a fact of its own rank, and is outranked by rules of no higher rank that
    were drawn before it: so whatever a rule waits for comes earlier.
    """
    words = draw(vocabularies())
    decided = draw(vocabularies(most=4, names=NAMES.filter(lambda name: name not in words)))
    rank = {fact: draw(st.integers(0, 3)) for fact in decided}
    drawn: list[tuple[int, EngineRule]] = []
    for name in draw(st.lists(NAMES, max_size=12, unique=True)):
        concluded = draw(st.none() | st.sampled_from(sorted(decided))) if decided else None
        own = draw(st.integers(0, 4)) if concluded is None else rank[concluded]
        testable = {**words, **{fact: each for fact, each in decided.items() if rank[fact] < own}}
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
        words=words,
        decided=decided,
        otherwise={fact: draw(st.sampled_from(each)) for fact, each in decided.items()},
        rules=draw(st.permutations([rule for _, rule in drawn])),
    )


def cases(words: Words) -> SearchStrategy[dict[str, str]]:
    """One word for each fact."""
    return st.fixed_dictionaries({fact: st.sampled_from(each) for fact, each in words.items()})


def every_case(words: Words) -> Iterator[dict[str, str]]:
    """Yield every case there is: for small vocabularies only."""
    return (dict(zip(words, each, strict=True)) for each in product(*words.values()))


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
    found = {name: draw(whens(of=day)) for name, day in days.items()}
    for _ in found:
        for earlier, later in ORDER:
            if found[earlier] is NOT_YET and isinstance(found[later], PartialDate):
                found[later] = NOT_YET
    return found


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
) -> Decision:
    """One decision that the ruleset has words for, made on some day near the one given."""
    given = NOT_KNOWN | texts
    made: dict[str, Any] = {
        "by": draw(given),
        "on": draw(whens(of=_after(draw, day, -30, 400))),
        "why": draw(given),
    }
    rules = ruleset.rules.values()
    usual = {
        name
        for rule in rules
        if getattr(rule, "modality", None) is Modality.USUALLY
        for name in (rule.id, getattr(rule, "event", ""), getattr(rule, "completes", ""))
        if name
    }
    kind = draw(st.sampled_from([FullReinspection, TierChosen, Departure, Waiver, Suspension]))
    if kind is FullReinspection:
        return FullReinspection(**made)
    if kind is TierChosen:
        tier = ruleset.outcomes["tier"]
        return TierChosen(
            tier=draw(st.sampled_from([word for word in tier.words if word != tier.none])), **made
        )
    if kind is Departure and usual:
        return Departure(of=draw(st.sampled_from(sorted(usual))), **made)
    if kind is Suspension:
        begins = _after(draw, day, -100, 300)
        return Suspension(
            begins=draw(whens(of=begins)),
            ends=draw(whens(of=_after(draw, begins, 0, 500))),
            **made,
        )
    return Waiver(of=draw(st.sampled_from([*ruleset.events, *ruleset.rules])), **made)


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
    ``further``, facts and events are added that the ruleset has no names for: only for reading and
    writing.
    """
    ruleset = ruleset or shipped_ruleset()
    days = _true_days(draw)
    when = _recorded(draw, days)
    named = st.lists(texts, max_size=4, unique_by=slug).map(tuple)
    given = NOT_KNOWN | texts

    def word(fact: str) -> SearchStrategy[Any]:
        known = ruleset.facts[fact]
        return st.sampled_from([UNKNOWN, *(each for each in known.words if each != known.unknown)])

    one = recommendations(topics=tuple(ruleset.topics), texts=texts)
    made = draw(
        NOT_KNOWN | st.lists(one, max_size=5, unique_by=lambda each: slug(each.id)).map(tuple)
    )
    if made is UNKNOWN:
        covers = draw(NOT_KNOWN | named)
    else:
        ids = tuple(each.id for each in made)
        covers = (
            draw(NOT_KNOWN | st.lists(st.sampled_from(ids), unique=True).map(tuple)) if ids else ()
        )
    day = days["report-published"]
    return FollowUp(
        force=draw(st.sampled_from(sorted(all_forces()))),
        inspection_report=InspectionReport(
            published=when["report-published"],
            findings=draw(word("findings")),
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
            judgement=draw(word("prospects")),
            on=when["prospects-judged"],
            by=draw(given),
            why=draw(given),
        ),
        decisions=tuple(
            draw(st.lists(decisions(ruleset=ruleset, day=day, texts=texts), max_size=3))
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


@st.composite
def plans(draw: DrawFn, *, texts: SearchStrategy[str] = PLAIN_TEXTS) -> dict[str, Any]:
    """Plans as they are published, on any day and with any answers to the readings."""
    ruleset = shipped_ruleset()
    answered = st.fixed_dictionaries(
        {},
        optional={id_: st.sampled_from([*each.answers]) for id_, each in ruleset.readings.items()},
    )
    return assess(
        draw(follow_ups(texts=texts)), on=draw(REPORT_DAYS), readings=draw(answered)
    ).to_dict()


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
        others = ["text", "Two words", "", [], ["text"], [""], {}, {"name": "text"}]
        parent[path[-1]] = draw(st.sampled_from(others))
    return made["the file"]
