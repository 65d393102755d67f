"""Reading the scenarios of an edition, in phases: form, shape, names, facts.

A phase reports every problem that it finds; the next begins only when there are none.
Scenarios are no part of the ruleset: a mistake in one stops nothing but the scenarios.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

import attrs
from attrs import frozen

from ncpi_rules.core import FactsError, Problem, RulesetError, in_reading_order, one_of
from ncpi_rules.io import Path_, Source, read_as, read_file, read_path, unread_in, yaml_files_in
from ncpi_rules.plan import NOT_BEGUN, OUTSIDE_THE_EDITION, check_names, values_of
from ncpi_rules.ruleset import (
    ANY_DAY,
    SHIPPED,
    AlertRule,
    DeadlineRule,
    QuestionRule,
    Rule,
    Ruleset,
    edition_folder,
    load_ruleset,
)
from ncpi_rules.scenarios.model import (
    Expected,
    ExpectedEarlier,
    Scenario,
    Scenarios,
    Without,
)
from ncpi_rules.scenarios.names import known_problem, named_in, who_does_what
from ncpi_rules.scenarios.runs import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

_EVENTS: Final = "further.events."
FOLDER: Final = "scenarios"
"""The folder of an edition in which its scenarios lie."""


def load_scenarios(
    where: Path | str = SHIPPED, *, ruleset: Ruleset | None = None
) -> tuple[Scenario, ...]:
    """Return the scenarios in an edition's folder, or of a shipped ruleset by name; none is none.

    ``ruleset`` is that of the folder, where it has been loaded already. They stand by file, and
    within a file in its order. Raises RulesetError with all problems of the first phase that
    finds any.
    """
    folder = edition_folder(where)
    rules = load_ruleset(where) if ruleset is None else ruleset
    drafts = list(_drafts(_read_all(folder)))
    names = _Names.of(rules)
    for phase in (
        [*_sentences(drafts), *(item for draft in drafts for item in _wrong(draft, names))],
        [item for draft in drafts for item in _unusable(draft, rules)],
    ):
        if phase:
            raise RulesetError(in_reading_order(phase))
    return tuple(draft.scenario for draft in drafts)


@frozen(kw_only=True)
class _Draft:
    """One scenario with its file and its path there."""

    scenario: Scenario
    source: Source
    path: Path_

    def place(self, *path: str | int) -> str:
        return self.source.place((*self.path, *path))

    def key(self, *path: str | int) -> str:
        return self.source.place((*self.path, *path), key=True)


def _read_all(folder: Traversable) -> Iterator[Source]:
    """Yield each file of scenarios by name; raise RulesetError with the problems of all."""
    inside = folder.joinpath(FOLDER)
    base = str(inside).replace("\\", "/")
    problems: list[Problem] = []
    if not inside.is_dir():
        return
    files = yaml_files_in(inside)
    for name, file in sorted(files.items()):
        try:
            yield read_file(file, RulesetError, name=f"{base}/{name}")
        except RulesetError as fault:
            problems.extend(fault.problems)
    problems.extend(unread_in(inside, files, base=base))
    if problems:
        raise RulesetError(problems)


def _drafts(sources: Iterable[Source]) -> Iterator[_Draft]:
    """Yield each scenario, once all have the right shape; raise RulesetError otherwise."""
    problems: list[Problem] = []
    for source in list(sources):
        try:
            scenarios = read_as(Scenarios, source, RulesetError).scenarios
        except RulesetError as fault:
            problems.extend(fault.problems)
            continue
        for at, scenario in enumerate(scenarios):
            path: Path_ = ("scenarios", at)
            placed = attrs.evolve(scenario, place=source.place(path))
            yield _Draft(scenario=placed, source=source, path=path)
    if problems:
        raise RulesetError(problems)


# Names: everything that a scenario names is there.


@frozen(kw_only=True)
class _Names:
    """What a scenario may name, of each kind."""

    rules: Ruleset
    values: Mapping[str, Iterable[str]]
    answers: Mapping[str, Iterable[str]]
    outcomes: Mapping[str, Iterable[str]]
    questions: Iterable[str]
    alerts: Iterable[str]

    @classmethod
    def of(cls, rules: Ruleset) -> _Names:
        deadlines = (f"alert.{rule.rule}" for rule in rules.of_kind(DeadlineRule))
        return cls(
            rules=rules,
            values={id_: fact.values for id_, fact in rules.facts.items()},
            answers={id_: question.answers for id_, question in rules.interpretations.items()},
            outcomes={id_: outcome.values for id_, outcome in rules.outcomes.items()},
            questions=_rules_and_cases(rules, QuestionRule),
            alerts=[
                *_rules_and_cases(rules, AlertRule),
                *deadlines,
                *(f"not-covered.{id_}" for id_ in rules.outcomes),
                OUTSIDE_THE_EDITION,
                NOT_BEGUN,
            ],
        )


def _sentences(drafts: Iterable[_Draft]) -> Iterator[Problem]:
    """Yield each sentence that is none, or that names a second scenario."""
    seen: dict[str, str] = {}
    for draft in drafts:
        says, place = draft.scenario.says, draft.place("says")
        if " " not in says.strip() or not says.rstrip().endswith("."):
            help_ = "Say in a sentence, with a full stop, what the scenario shows."
            yield Problem(place=place, message=f"'{says}' is not a whole sentence.", help=help_)
        plain = " ".join(says.casefold().split())
        if plain in seen:
            message = f"The scenario at {seen[plain]} has the same sentence."
            help_ = "Say what is different in this one, or delete one of the two."
            yield Problem(place=place, message=message, help=help_)
        seen.setdefault(plain, place)


def _rules_and_cases(rules: Ruleset, kind: type[Rule]) -> list[str]:
    """Return the names of the rules of one kind, and of their cases."""
    of_kind = rules.of_kind(kind)
    return list(dict.fromkeys(name for rule in of_kind for name in (rule.rule, rule.id)))


def _wrong(draft: _Draft, names: _Names) -> Iterator[Problem]:
    """Yield what a scenario names that is not there, and what it lacks."""
    scenario, rules = draft.scenario, names.rules
    facts = {name: value for name, value in scenario.facts.items() if name not in names.outcomes}
    yield from _values(draft, ("facts",), facts, names.values, "fact")
    for name in scenario.facts.keys() - facts.keys():
        yield Problem(
            place=draft.key("facts", name),
            message=f"'{name}' is decided by the rules; it cannot be given.",
            help=f"Give the facts that decide it, and expect '{name}' under 'outcomes:'.",
        )
    yield from _values(
        draft, ("interpretations",), scenario.interpretations, names.answers, "interpretation"
    )
    for event in scenario.dates:
        yield from known_problem(draft.key("dates", event), event, "event", rules.events)
    if scenario.dates and scenario.follow_up is not None:
        yield Problem(
            place=draft.key("dates"),
            message="The dates stand beside a whole follow-up.",
            help="Write them into the follow-up; or leave it out, where values and dates will do.",
        )
    if scenario.on is None and (scenario.dates or scenario.follow_up is not None):
        yield Problem(
            place=draft.place(),
            message="There is no day on which to look at the dates.",
            help="Add 'on:' with the day of the assessment, such as 2018-09-01.",
        )
    if scenario.expect == Expected():
        yield Problem(
            place=draft.place("expect"),
            message="The scenario expects nothing, so it can never fail.",
            help="Say what must come of it, such as 'outcomes: {tier: post-inspection-visit}'.",
        )
    if scenario.expect.refused and scenario.expect != Expected(refused=scenario.expect.refused):
        yield Problem(
            place=draft.place("expect", "refused"),
            message="Where the facts are refused, nothing else can be expected.",
            help="Leave the other lines out, or write a scenario of their own for them.",
        )
    yield from _expected(draft, names)


def _expected(draft: _Draft, names: _Names) -> Iterator[Problem]:
    """Yield what is expected by names that are not there."""
    expect, rules, at = draft.scenario.expect, names.rules, ("expect",)
    yield from _of_a_revisit(draft, at, expect, names)
    for number, earlier in enumerate(expect.earlier):
        yield from _of_a_revisit(draft, (*at, "earlier", number), earlier, names)
    for outcome, values in expect.without.outcomes.items():
        path = (*at, "without", "outcomes", outcome)
        yield from known_problem(draft.key(*path), outcome, "outcome", rules.outcomes)
        for number, value in enumerate(values):
            yield from _value(draft.place(*path, number), value, outcome, names.outcomes)
    for key, what, known in (
        ("basis", "outcome", rules.outcomes),
        ("names", "party", rules.parties),
    ):
        for name in getattr(expect, key):
            yield from known_problem(draft.key(*at, key, name), name, what, known)
    yield from _lists(draft, (*at, "without"), expect.without, names)
    yield from _items(draft, expect, rules)


def _items(draft: _Draft, expect: Expected, rules: Ruleset) -> Iterator[Problem]:
    """Yield what does not exist of the names in expected items and expected guarantees."""
    for section, what, names, listed in (
        ("items", "rule", dict.fromkeys((*rules.cases, *rules.rules)), expect.items),
        ("guarantees", "guarantee", rules.guarantees, expect.guarantees),
    ):
        for name, item in listed.items():
            at = ("expect", section, name)
            yield from known_problem(draft.key(*at), name, what, names)
            yield from named_in(item, partial(draft.place, *at), rules)


def _of_a_revisit(
    draft: _Draft, at: Path_, expect: Expected | ExpectedEarlier, names: _Names
) -> Iterator[Problem]:
    """Yield what is expected of one revisit by names that are not there."""
    rules = names.rules
    yield from _values(draft, (*at, "outcomes"), expect.outcomes, names.outcomes, "outcome")
    for event, deadline in expect.deadlines.items():
        yield from known_problem(draft.key(*at, "deadlines", event), event, "event", rules.events)
        if deadline.by:
            place = draft.place(*at, "deadlines", event, "by")
            yield from known_problem(place, deadline.by, "party", rules.parties)
    yield from _lists(draft, at, expect, names)


def _lists(
    draft: _Draft, at: Path_, part: Expected | ExpectedEarlier | Without, names: _Names
) -> Iterator[Problem]:
    """Yield the names in the lists of a part of a scenario that do not exist."""
    rules = names.rules
    for key, what, does in (
        ("actions", "activity", rules.activities),
        ("documents", "document", rules.documents),
    ):
        for number, line in enumerate(getattr(part, key, ())):
            yield from who_does_what(draft.place(*at, key, number), line, rules, what, does)
    for key, what, known in (
        ("suggested", "document", rules.documents),
        ("not_suggested", "document", rules.documents),
        ("questions", "question", names.questions),
        ("alerts", "alert", names.alerts),
        ("deadlines", "event", rules.events),
    ):
        listed = getattr(part, key, ())
        for number, name in enumerate(listed if isinstance(listed, tuple) else ()):
            # Such an alert bears a number, as of a recommendation.
            if not (key == "alerts" and name.startswith(("unknown-topic.", "revisit-"))):
                yield from known_problem(draft.place(*at, key, number), name, what, known)


def _values(
    draft: _Draft,
    path: Path_,
    values: Mapping[str, str],
    known: Mapping[str, Iterable[str]],
    what: str,
) -> Iterator[Problem]:
    """Yield each name that is not there, and each value that is not one of its own."""
    for name, value in values.items():
        yield from known_problem(draft.key(*path, name), name, what, known)
        yield from _value(draft.place(*path, name), value, name, known)


def _value(
    place: str, value: str, of: str, known: Mapping[str, Iterable[str]]
) -> Iterator[Problem]:
    if value not in known.get(of, [value]):
        message = f"'{value}' is not a value of '{of}'."
        yield Problem(place=place, message=message, help=one_of(value, known[of]))


# Facts: dates that do not contradict each other, values that the ruleset has.


def _unusable(draft: _Draft, rules: Ruleset) -> Iterator[Problem]:
    scenario = draft.scenario
    if scenario.expect.refused:
        return
    day = ANY_DAY if scenario.on is None else scenario.on.start
    known = scenario.known(rules.settings)
    for check in (lambda: values_of(known, rules, day), lambda: check_names(known, rules)):
        try:
            check()
        except FactsError as fault:
            yield from (_placed(draft, problem) for problem in fault.problems)


def _placed(draft: _Draft, problem: Problem) -> Problem:
    """Return a problem of the facts at its place in the file, in the names that the file uses."""
    if draft.scenario.follow_up is not None:
        place = draft.place("follow_up", *read_path(problem.place))
        return attrs.evolve(problem, place=place)
    event = problem.place.removeprefix(_EVENTS)
    message = as_written(problem.message)
    return attrs.evolve(problem, place=draft.place("dates", event), message=message)
