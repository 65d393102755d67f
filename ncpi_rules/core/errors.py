"""The exceptions of the library, and the problem: a place, one plain sentence, a help line.

Imports nothing of the library.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher, get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, ClassVar, Final, Self

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_OF_A_KIND: Final = 20
"""The most problems of one kind that are printed one by one."""

_MOST_NAMES: Final = 60
_NEAREST: Final = 5
MOST_GUESSES: Final = 100
"""Of so many unknown names in one file it is guessed what was meant, and of no more."""

_MOST_GUESSED: Final = 1000
_LONGEST_GUESSED: Final = 200
_NAMED: Final = re.compile(r"(?<!\w)'.*?'(?!\w)|\d[\d,]*", re.DOTALL)


@frozen(kw_only=True, order=True)
class Problem:
    """One thing that is wrong, reported so that the person who wrote it can put it right.

    ``place`` is ``file:line:column``, or the path into the facts such as
    ``action_plan.received``; ``message`` says what is wrong; ``help`` says what to do.

    >>> print(Problem(place="plan.yaml:3:5", message="The day is missing.", help="Give a day."))
    plan.yaml:3:5: The day is missing.
      help: Give a day.
    """

    place: str
    message: str
    help: str = ""
    code: str = field(default="", order=False)

    def __str__(self) -> str:
        """Return the place and the sentence, and the help on a line of its own."""
        first = f"{self.place}: {self.message}" if self.place else self.message
        return f"{first}\n  help: {self.help}" if self.help else first


def abridged(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the first 20 problems of each kind, and after these how many more there are.

    Problems are of one kind where their messages differ in quoted names and in numbers only.

    >>> many = [Problem(place="", message=f"There is no fact 'f{n}'.") for n in range(22)]
    >>> [problem.message for problem in abridged(many)][-2:]
    ["There is no fact 'f19'.", 'There are 2 more problems of this kind.']
    """
    several = [(_NAMED.sub("", problem.message), problem) for problem in problems]
    left = Counter(kind for kind, _ in several)
    passed: Counter[str] = Counter()
    for kind, problem in several:
        passed[kind] += 1
        if passed[kind] <= MOST_OF_A_KIND:
            yield problem
        if passed[kind] == MOST_OF_A_KIND and (more := left[kind] - MOST_OF_A_KIND):
            be = "is 1 more problem" if more == 1 else f"are {more:,} more problems"
            yield Problem(place="", message=f"There {be} of this kind.")


class NcpiRulesError(Exception):
    """The root of every exception that the library raises on purpose.

    ``problems`` holds all problems of the phase that failed, in reading order. As text, an error
    has at most 20 of a kind, and how many more there are.
    """

    heading: ClassVar[str] = "Something is wrong"

    def __init__(self, problems: Problem | str | Iterable[Problem], help_: str = "") -> None:
        """Take one problem, one sentence with what to do, or all problems of a phase."""
        if isinstance(problems, str):
            problems = [Problem(place="", message=problems, help=help_)]
        elif isinstance(problems, Problem):
            problems = [problems]
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, abridged(self.problems))))

    def __reduce__(self) -> tuple[type[NcpiRulesError], tuple[tuple[Problem, ...]]]:
        """Pickle by the problems, so that an error crosses processes whole."""
        return type(self), (self.problems,)


class DateError(NcpiRulesError, ValueError):
    """A date, a period or a time-limit is not written as the library reads it."""

    heading = "A date cannot be read"


class FactsError(NcpiRulesError, ValueError):
    """The facts of a follow-up cannot be read, or contradict each other."""

    heading = "The facts cannot be used"


class RulesetError(NcpiRulesError, ValueError):
    """A ruleset cannot be read, or does not hold together."""

    heading = "The ruleset cannot be used"


class RecordError(NcpiRulesError, ValueError):
    """A record of a decision cannot be read, repeated or written."""

    heading = "The record cannot be used"


class UnknownItemError(NcpiRulesError, KeyError):
    """A rule, tier, interpretation or item that does not exist was asked for."""

    heading = "There is no such thing in the ruleset"

    __str__ = Exception.__str__


class EngineUnavailable(NcpiRulesError):  # noqa: N818  it is a state of the machine, not a fault
    """durable-rules cannot be imported, or cannot take this ruleset."""

    heading = "The rule engine cannot be used"


class EngineFault(NcpiRulesError):  # noqa: N818  the field's word for it
    """The two rule engines disagree, or an engine failed."""

    heading = "The rule engine failed"


class MissingExtraError(NcpiRulesError, ImportError):
    """A part was used whose optional packages are not installed."""

    heading = "A part of the library is not installed"

    @classmethod
    def naming(cls, message: str, *, extra: str) -> Self:
        """Return the error that names the extra, and how it is installed."""
        return cls(
            message,
            f'Type: python -m pip install "ncpi-rules[{extra}]". In a copy of the library that is '
            f'not installed, type: python -m pip install ".[{extra}]".',
        )


def nearest(name: str, allowed: Iterable[str], *, threshold: float = 0.72) -> str | None:
    """Return the allowed name most like ``name``, or None when nothing is like it.

    Neither a name of more than 200 letters nor more than the first 1,000 allowed ones are compared:
    nobody mistypes so much, and a file that is full of them would keep a machine busy.

    >>> nearest("some-concern", ["some-concerns", "no-concerns"])
    'some-concerns'
    >>> nearest("banana", ["some-concerns", "no-concerns"]) is None
    True
    """
    folded, best = name.casefold(), (threshold, "")
    if len(folded) > _LONGEST_GUESSED:
        return None
    letters = {letter: folded.count(letter) for letter in folded}
    for candidate in islice(allowed, _MOST_GUESSED):
        other = candidate.casefold()
        # What is quick is never less than the ratio that counts.
        both = (len(folded) + len(other)) or 1
        if 2 * min(len(folded), len(other)) / both < best[0]:
            continue
        common = sum(min(many, other.count(letter)) for letter, many in letters.items())
        if 2 * common / both >= best[0]:
            best = max(best, (SequenceMatcher(None, folded, other).ratio(), candidate))
    return best[1] or None


def one_of(name: str, allowed: Iterable[str], *, suggest: bool = True) -> str:
    """Return a help line that lists the allowed names and suggests the nearest one.

    Of more than 60 names it lists the five that are most like ``name``, or else the first.

    >>> one_of("mst", ["must", "may"], suggest=False)
    'Use one of: must, may.'
    >>> one_of("row 7", [f"row {number}" for number in range(100)])
    "Did you mean 'row 7'? Use one of 100 names, such as row 7, row 97, row 87, row 79, row 78."
    """
    allowed = list(allowed)
    suggest = suggest and len(name) <= _LONGEST_GUESSED
    listed = f"Use one of: {', '.join(allowed)}." if allowed else "None is allowed here."
    if len(allowed) > _MOST_NAMES:
        likely = allowed[:_MOST_GUESSED]
        near = get_close_matches(name, likely, _NEAREST, 0) if suggest else likely[:_NEAREST]
        listed = f"Use one of {len(allowed):,} names, such as {', '.join(near)}."
    guess = nearest(name, allowed) if suggest else None
    return f"Did you mean '{guess}'? {listed}" if guess else listed


_SPOT: Final = re.compile(r"(.*):(\d+):(\d+)", re.DOTALL)


def in_reading_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems by file, line and column; those without a line keep their order and go first.

    >>> places = ["b.yaml:2:1", "a.yaml:10:1", "a.yaml:9:4", "a.yaml"]
    >>> problems = in_reading_order(Problem(place=place, message="") for place in places)
    >>> [problem.place for problem in problems]
    ['a.yaml', 'a.yaml:9:4', 'a.yaml:10:1', 'b.yaml:2:1']
    """
    return sorted(problems, key=lambda problem: reading_order(problem.place))


def reading_order(place: str) -> tuple[str, int, int]:
    """Return a key that puts places in order by file, line and column.

    >>> reading_order("a.yaml:9:4") < reading_order("a.yaml:10:1")
    True
    """
    spot = _SPOT.fullmatch(place)
    return (spot[1], int(spot[2]), int(spot[3])) if spot else ("", 0, 0)
