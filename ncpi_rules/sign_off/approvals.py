"""Approvals: who has approved a rule, an interpretation or a part, on which day, as it was then.

They stand in ``approvals.yaml`` beside the rules and are no part of the ruleset: a mistake in them
stops nothing but the commands that ask what is approved.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs
from attrs import frozen

from ncpi_rules.core import PartialDate, Problem, RulesetError, in_reading_order, joined, one_day
from ncpi_rules.io import Source, described, fingerprint_field, read_as, read_file
from ncpi_rules.ruleset import SHIPPED, edition_folder, load_ruleset, no_such

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from ncpi_rules.ruleset import Ruleset

STEM: Final = "approvals"
"""The name of the file, without its ending."""

PARTS: Final = {
    "settings": "the settings, the parameters and the choices",
    "vocabulary": "the vocabulary: all names, values and their sentences, in their order",
    "statements": "the statements and the headings, with our summaries",
    "guarantees": "the guarantees",
}
"""The parts of an edition that are approved as a whole, each with what it takes in."""


@frozen(kw_only=True)
class Fingerprints:
    """What was approved: a fingerprint of each of its parts."""

    rules: str = fingerprint_field(
        "The fingerprint of the rule; for an interpretation, of the rules that rest on it."
    )
    interpretations: str = fingerprint_field(
        "The fingerprint of the interpretations that the rule rests on, or the interpretation."
    )
    vocabulary: str = fingerprint_field(
        "The fingerprint of what the vocabulary says of the names that these rules use."
    )
    statements: str = fingerprint_field(
        "The fingerprint of the statements cited, with our summaries."
    )
    scenarios: str = fingerprint_field("The fingerprint of the scenarios in which it matters.")

    def differing(self, other: Fingerprints) -> tuple[str, ...]:
        """Return the names of the parts that are not the same.

        >>> names = [field.name for field in attrs.fields(Fingerprints)]
        >>> fingerprints = Fingerprints(**dict.fromkeys(names, "1" * 64))
        >>> fingerprints.differing(attrs.evolve(fingerprints, scenarios="2" * 64))
        ('scenarios',)
        """
        names = (field.name for field in attrs.fields(Fingerprints))
        return tuple(name for name in names if getattr(self, name) != getattr(other, name))


@frozen(kw_only=True)
class Approval:
    """One person's approval of one rule, interpretation or part, as it was on that day.

    ``place`` is where it stands, or nothing.
    """

    of: str = described(
        "The id of the rule or the interpretation, or a part of the edition: settings, vocabulary, "
        "statements or guarantees."
    )
    by: str = described("Who approves it.", prose=True)
    on: PartialDate = described("The day of the approval.", converter=one_day)
    note: str = described("Anything that the next reader should know.", default="", prose=True)
    fingerprints: Fingerprints = described(
        "The fingerprints that 'ncpi-rules approve' prints: what it is that is approved."
    )
    place: str = described(
        "Where it stands.", default="", eq=False, repr=False, metadata={"hidden": True}
    )

    @property
    def person(self) -> str:
        """Return who approves it, without differences of capitals and spaces."""
        return " ".join(self.by.casefold().split())


@frozen(kw_only=True)
class Approvals:
    """What ``approvals.yaml`` says."""

    approvals: tuple[Approval, ...] = described("The approvals.")


def load_approvals(
    where: Path | str = SHIPPED, *, ruleset: Ruleset | None = None
) -> tuple[Approval, ...]:
    """Return the approvals in an edition's folder, or of a shipped ruleset by name.

    ``ruleset`` is that of the folder, where it has been loaded already. They stand in the order of
    the file; without a file there are none. Raises RulesetError with all problems of the first
    phase that finds any.

    >>> all(approval.on.is_day for approval in load_approvals("ncpi-follow-up"))
    True
    """
    file = approvals_file(edition_folder(where))
    if file is None:
        return ()
    source = read_file(file, RulesetError)
    approvals = tuple(
        attrs.evolve(approval, place=source.place((STEM, at)))
        for at, approval in enumerate(read_as(Approvals, source, RulesetError).approvals)
    )
    rules = load_ruleset(where) if ruleset is None else ruleset
    problems = [*_unknown(approvals, source, rules), *_twice(approvals, source)]
    if problems:
        raise RulesetError(in_reading_order(problems))
    return approvals


def approvals_file(folder: Traversable) -> Traversable | None:
    """Return the file of approvals in a folder, or None; raise RulesetError where there are two."""
    names = sorted(
        entry.name
        for entry in folder.iterdir()
        if re.fullmatch(rf"{STEM}\.(?i:ya?ml)", entry.name) and entry.is_file()
    )
    if len(names) > 1:
        message = f"'{names[0]}' has the same name and another ending."
        help_ = "Put all approvals into one of the two, and delete the other."
        place = f"{folder}/{names[1]}".replace("\\", "/")
        raise RulesetError(Problem(place=place, message=message, help=help_))
    return folder.joinpath(names[0]) if names else None


def name_problem(place: str, name: str, ruleset: Ruleset) -> Problem | None:
    """Return what is wrong with the name of what is approved; None where nothing is.

    It must be the id of a rule or of an interpretation, or name a part, and nothing else besides.
    """
    kinds = {
        "a rule": ruleset.cases,
        "an interpretation": ruleset.interpretations,
        "a part of the edition": PARTS,
    }
    named = [kind for kind, names in kinds.items() if name in names]
    if not named:
        known = [*ruleset.interpretations, *PARTS, *ruleset.cases]
        return no_such(place, "rule and no interpretation", name, known)
    if len(named) == 1:
        return None
    both = joined(named, "and")
    message = f"'{name}' is both {both}, so it is not clear which is approved."
    return Problem(place=place, message=message, help="Give one of them another name.")


def _unknown(approvals: Sequence[Approval], source: Source, ruleset: Ruleset) -> Iterator[Problem]:
    """Yield each approval of something that does not exist."""
    for at, approval in enumerate(approvals):
        problem = name_problem(source.place((STEM, at, "of")), approval.of, ruleset)
        if problem is not None:
            yield problem


def _twice(approvals: Sequence[Approval], source: Source) -> Iterator[Problem]:
    """Yield each approval that the same person has given already."""
    seen: dict[tuple[str, str, Fingerprints], str] = {}
    for at, approval in enumerate(approvals):
        place = source.place((STEM, at, "by"))
        key = (approval.of, approval.person, approval.fingerprints)
        if key in seen:
            yield Problem(
                place=place,
                message=f"{approval.by} has already approved '{approval.of}' as it is, at "
                f"{seen[key]}.",
                help="Delete one of the two; what has not changed needs no second approval.",
            )
        seen.setdefault(key, place)
