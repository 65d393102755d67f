"""What every peer offers: contestants that answer cases, and what the peer cannot express."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from attrs import frozen

from ncpi_rules.ruleset import Ruleset
from tests.benchmarks.peers.cases import Case
from tests.benchmarks.peers.outcomes import Outcomes


@frozen(kw_only=True)
class Contestant:
    """One way of answering a case.

    ``prepare`` makes what the contestant is given of a case, outside of the timing; ``run`` is
    timed; ``answer`` turns what it returned into outcomes, to be compared before anything is timed.
    ``only`` is ``rules`` where it works out no dates.
    """

    name: str
    prepare: Callable[[Case], Any]
    run: Callable[[Any], Any]
    answer: Callable[[Any], Outcomes]
    only: str = ""


@frozen
class Cannot:
    """A sentence on what a peer cannot express, and the trial that shows it."""

    message: str
    trial: Callable[[], bool]


@frozen(kw_only=True)
class Peer:
    """Another way to do what the library does.

    ``package`` is its distribution, or nothing; ``cases`` makes its contestants for one case
    at a time from a ruleset, ``columns`` its contestants for a whole table.
    """

    name: str
    package: str
    made: str
    cannot: tuple[Cannot, ...]
    cases: Callable[[Ruleset], list[Contestant]] | None = None
    columns: Callable[[Ruleset], list[TableContestant]] | None = None

    @property
    def version(self) -> str | None:
        """Return the version that is installed, or None; nothing where there is no package."""
        if not self.package:
            return ""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None


@frozen(kw_only=True)
class TableContestant:
    """One way of answering every row of a table of values and days.

    ``prepare`` makes what it is given of the table, outside of the timing; ``run`` is timed;
    ``answer`` turns what it returned into columns, named as those of ``sweep``. ``outcomes`` are
    the columns that it works out; ``rows`` is the most that it is timed with;
    ``fresh`` is True where what it is given must be made anew for each run.
    """

    name: str
    outcomes: tuple[str, ...]
    prepare: Callable[[Any], Any]
    run: Callable[[Any], Any]
    answer: Callable[[Any], Any]
    rows: int = 10_000_000
    fresh: bool = False
