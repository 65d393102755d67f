"""The smallest sets of facts that would have to differ for another outcome, all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import (
    Happened,
    Problem,
    UnknownItemError,
    joined,
    lower_first,
    one_of,
    sentence,
)
from ncpi_rules.engine import Box, Boxes, common, merged, regions_of, union
from ncpi_rules.facts import EVENT_PLACES, FACT_PLACES, Waiver, happened, made
from ncpi_rules.plan import Plan
from ncpi_rules.ruleset import (
    Decision,
    Ruleset,
    decided_for_other_values,
    describe_value,
    effect_of,
    program_for,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator


Wanted: TypeAlias = "str | Iterable[str]"
"""A word of an outcome, or several of which any will do."""

DECISIONS = "decisions"
RECEIVED = EVENT_PLACES["action-plan-received"]
"""Where it stands when the action plan came; what it holds is known by then."""


@frozen(kw_only=True)
class Change:
    """One smallest set of facts that would have to differ, and the words that would do.

    ``facts`` are the names, in the order of the vocabulary, interpretations last; there are none
    where the outcome is as wanted already. Each of ``ways`` gives, for every one of these facts,
    words of which any will do together with any of the others; two ways have no case in common.
    """

    facts: tuple[str, ...]
    ways: tuple[Mapping[str, tuple[str, ...]], ...]
    wanted: Mapping[str, tuple[str, ...]] = field(repr=False)
    ruleset: Ruleset = field(repr=False, eq=False)

    @property
    def says(self) -> str:
        """Return the change in one sentence."""
        wanted = ", and ".join(
            _says_outcome(self.ruleset, name, values) for name, values in self.wanted.items()
        )
        if not self.facts:
            return sentence(f"As things are, {wanted}")
        ways = [
            ", and ".join(_says_any(self.ruleset, fact, values) for fact, values in way.items())
            for way in self.ways
        ]
        return sentence(f"{wanted} if {'; or if '.join(ways)}")

    def __str__(self) -> str:
        """Return the change in one sentence."""
        return self.says


def what_would_change(
    of: Plan | Decision,
    /,
    *,
    fixed: Iterable[str] | None = None,
    interpretations: bool = False,
    **wanted: Wanted,
) -> tuple[Change, ...]:
    """Return the smallest sets of facts that would have to differ for an outcome, all of them.

    ``wanted`` names outcomes (with ``_`` or ``-`` between words), each with a word or several of
    which any will do; of several outcomes, all must be so. Of each set no part would be enough, and
    every other change that would be enough holds one of these sets. The fewest facts come first.

    ``fixed`` names facts that cannot be changed; unless it is given, it is :func:`the_past` of a
    plan, and nothing where only words are known. Interpretations keep their answers unless
    ``interpretations`` is True. An empty tuple means that no change of the other facts would be
    enough.

    Raises UnknownItemError for an outcome, a word or a fact that the ruleset does not have.

    >>> from ncpi_rules.ruleset import decide
    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> values = {"findings": "broadly-positive", "action-plan-review": "done"}
    >>> case = decide(shipped_ruleset(), {**values, "prospects": "some-concerns"})
    >>> for change in what_would_change(case, tier="post-inspection-visit"):
    ...     print(change.facts, change.ways)
    ('prospects',) ({'prospects': ('no-concerns',)},)
    ('tier-chosen',) ({'tier-chosen': ('post-inspection-visit',)},)
    """
    decision = of.decision if isinstance(of, Plan) else of
    ruleset = decision.ruleset
    asked = _asked(ruleset, wanted)
    kept = _kept(of, fixed, interpretations=interpretations)
    case, values = decision.values, program_for(ruleset).values
    found: dict[tuple[str, ...], list[Box]] = {}
    for box in _where(ruleset, asked):
        differing = tuple(fact for fact in values if case[fact] not in box.get(fact, {case[fact]}))
        if kept.isdisjoint(differing):
            found.setdefault(differing, []).append(box)
    smallest = [facts for facts in found if not any(set(other) < set(facts) for other in found)]
    smallest.sort(key=lambda facts: (len(facts), [list(values).index(each) for each in facts]))
    return tuple(
        Change(
            facts=facts,
            ways=tuple(_ways(facts, found[facts], values)),
            wanted=asked,
            ruleset=ruleset,
        )
        for facts in smallest
    )


def fixed_facts(plan: Plan, *, report: bool = False) -> frozenset[str]:
    """Return the facts that cannot change any more on the day of a plan.

    These are: decisions that are recorded, events that have happened with what is known through
    them, and the country of the force. What a report says once it is published is a judgement, and
    mostly what is asked about, so it can be thought away unless ``report`` is True.

    >>> from ncpi_rules.plan import assess
    >>> from ncpi_rules.facts import FollowUp
    >>> facts = {"force": "kent", "inspection_report": {"published": "2020-01-31",
    ...     "findings": "broadly-positive"}, "action_plan": {"reviewed": "2020-03-10"}}
    >>> plan = assess(FollowUp.from_dict(facts), on="2020-04-01")
    >>> sorted(fixed_facts(plan)), sorted(fixed_facts(plan, report=True))
    (['action-plan-review'], ['action-plan-review', 'findings'])
    """
    return frozenset(_past(plan, report=report))


def _past(plan: Plan, *, report: bool) -> Iterator[str]:
    events, on = plan.follow_up.events(), plan.on.toordinal()
    passed = {name for name, when in events.items() if happened(when, on) is Happened.YES}
    passed_at = {EVENT_PLACES[name] for name in passed & EVENT_PLACES.keys()}
    waived_in = {
        EVENT_PLACES.get(each.of, "").partition(".")[0]
        for each in plan.follow_up.decisions
        if isinstance(each, Waiver) and made(each, on) is Happened.YES
    }
    for name, fact in plan.ruleset.facts.items():
        value, place = plan.decision.values[name], FACT_PLACES.get(name, "")
        block = place.partition(".")[0]
        if name in plan.ruleset.events or name in EVENT_PLACES:
            past = value == Happened.YES.value
        elif name in plan.follow_up.further.facts or not place:
            past = False  # nobody has said when it came to be
        elif place == DECISIONS:
            past = value not in {fact.left_out, fact.unknown}
        elif place in EVENT_PLACES.values():
            past = value != fact.unknown and (place in passed_at or block in waived_in)
        elif block == RECEIVED.partition(".")[0]:
            past = value != fact.unknown and RECEIVED in passed_at
        elif place == "force":
            past = True
        else:
            published = EVENT_PLACES.get(plan.ruleset.settings.selected_by, "")
            in_report = published in passed_at and block == published.partition(".")[0]
            past = report and in_report and value != fact.unknown
        if past:
            yield name


def irrelevant_facts(of: Plan | Decision) -> tuple[str, ...]:
    """Return the facts on which nothing depends in a case, in the order of the vocabulary.

    Whatever other word such a fact had, all else being as it is, the same would follow: outcomes,
    actions, documents, deadlines, questions and alerts, though other rules might say so.

    >>> from ncpi_rules.ruleset import decide
    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> case = decide(shipped_ruleset(), {"reinspection": "decided"})
    >>> irrelevant_facts(case)
    ('findings', 'tier-chosen')
    """
    decision = of.decision if isinstance(of, Plan) else of
    now = _follows(decision)
    return tuple(
        fact
        for fact in decision.ruleset.facts
        if all(_follows(each) == now for each in decided_for_other_values(decision, fact).values())
    )


def _follows(decision: Decision) -> frozenset[Hashable]:
    """Return all that follows in a case, apart from the names of the rules that say so."""
    return frozenset(effect_of(rule) for rule in decision.rules)


def _asked(ruleset: Ruleset, wanted: Mapping[str, Wanted]) -> dict[str, tuple[str, ...]]:
    """Return the outcomes that are wanted, each with its words in their order."""
    problems: list[Problem] = []
    found: dict[str, tuple[str, ...]] = {}
    if not wanted:
        problems.append(
            Problem(
                place="",
                message="No outcome is named.",
                help=f"Name one of: {', '.join(ruleset.outcomes)}; and the word that it is to be.",
            )
        )
    for name, asked in wanted.items():
        outcome = ruleset.outcomes.get(name) or ruleset.outcomes.get(name.replace("_", "-"))
        if outcome is None:
            problems.append(
                Problem(
                    place="",
                    message=f"The ruleset decides no '{name}'.",
                    help=one_of(name, ruleset.outcomes),
                )
            )
            continue
        listed = [asked] if isinstance(asked, str) else list(asked)
        problems.extend(
            Problem(
                place="",
                message=f"'{value}' is not a word of '{outcome.id}'.",
                help=one_of(str(value), outcome.values),
            )
            for value in listed
            if value not in outcome.values
        )
        if not listed:
            sentence_ = f"No word of '{outcome.id}' is named."
            help_ = one_of("", outcome.values, suggest=False)
            problems.append(Problem(place="", message=sentence_, help=help_))
        found[outcome.id] = tuple(value for value in outcome.values if value in listed)
    if problems:
        raise UnknownItemError(problems)
    return found


def _kept(
    of: Plan | Decision, fixed: Iterable[str] | None, *, interpretations: bool
) -> frozenset[str]:
    """Return what may not be changed: facts, and interpretations unless these may be."""
    ruleset = (of.decision if isinstance(of, Plan) else of).ruleset
    if fixed is None:
        fixed = fixed_facts(of) if isinstance(of, Plan) else ()
    named = frozenset([fixed] if isinstance(fixed, str) else fixed)
    known = [*ruleset.facts, *ruleset.interpretations]
    if unknown := sorted(named.difference(known)):
        raise UnknownItemError(
            Problem(
                place="",
                message=f"The ruleset has no fact '{name}'.",
                help=one_of(name, ruleset.facts),
            )
            for name in unknown
        )
    return named if interpretations else named | ruleset.interpretations.keys()


def _where(ruleset: Ruleset, asked: Mapping[str, tuple[str, ...]]) -> Boxes:
    """Return the cases in which every outcome has one of its words."""
    program = program_for(ruleset)
    decides = regions_of(program).decides
    found: Boxes = ({},)
    for name, values in asked.items():
        region = merged((box for value in values for box in decides[name][value]), program.values)
        found = tuple(common(found, region))
    return found


def _ways(
    facts: tuple[str, ...], boxes: Iterable[Box], values: Mapping[str, tuple[str, ...]]
) -> Iterator[Mapping[str, tuple[str, ...]]]:
    """Yield the words that would do: a part of each box, for the other facts are as they are.

    No box allows a fact of a smallest set its present word: the set without it would be enough.
    """
    mine = {fact: values[fact] for fact in facts}
    for box in union(({fact: box[fact] for fact in facts} for box in boxes), mine):
        allowed = {fact: box.get(fact, frozenset(mine[fact])) for fact in facts}
        yield {fact: tuple(w for w in values[fact] if w in allowed[fact]) for fact in facts}


def _says_any(ruleset: Ruleset, fact: str, values: Iterable[str]) -> str:
    """Return the words of a fact in its own sentences; not to know it only where nothing else is.

    What is known is not forgotten, so that this is the last thing that an officer asks about.
    """
    unknown = ruleset.facts[fact].unknown if fact in ruleset.facts else ""
    known = [value for value in values if value != unknown] or values
    return " or ".join(describe_value(ruleset, fact, value) for value in known)


def _says_outcome(ruleset: Ruleset, name: str, values: tuple[str, ...]) -> str:
    outcome = ruleset.outcomes[name]
    told = joined([outcome.values[value] for value in values], "or")
    return f"{lower_first(outcome.title)} would be {told}"
