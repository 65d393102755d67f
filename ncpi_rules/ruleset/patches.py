"""A draft: a ruleset with some rules, settings and answers changed, and no file touched.

What is changed is read as a file of an edition is, and the whole is checked as it is when
it is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from attrs import evolve, field, frozen

from ncpi_rules.core import Problem, RulesetError, nearest, one_of
from ncpi_rules.io import (
    Path_,
    Source,
    fields_of,
    format_path,
    key_of,
    read_as,
    read_mapping,
    write_plain,
)
from ncpi_rules.ruleset.kinds import KIND_OF_FILE, OUTCOME, head_of
from ncpi_rules.ruleset.layout import SECTIONS, Draft, Vocabulary
from ncpi_rules.ruleset.load import assemble, settings_problems
from ncpi_rules.ruleset.model import Interpretation, Ruleset, Settings
from ncpi_rules.ruleset.rules import OutcomeRule, Rule
from ncpi_rules.ruleset.validate import check_draft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.io import Plain

T = TypeVar("T")

SETTINGS: Final = "settings"
"""The name under which the settings of an edition are changed."""

_SPOT: Final = re.compile(r"(.*):(\d+):(\d+)", re.DOTALL)


def patch(ruleset: Ruleset, changes: Mapping[str, Any]) -> Ruleset:
    """Return a draft: the ruleset with some of it changed, read and checked as files are.

    Each name in ``changes`` is a rule's, an interpretation's, or ``settings``. What stands under it
    is merged into what is there, as a JSON merge patch is (RFC 7396): a value takes the place of
    the old one, a block is merged line by line, and None takes away: a condition, a limit, or a
    rule. A name that is neither is a new rule; ``decides`` says of what kind it is, as at the head
    of its file. An answer alone may stand for an interpretation.

    The draft keeps the name of the ruleset unless ``settings`` give it another; its digest differs.
    Raises RulesetError with every problem of the first phase that finds any. The place of each is
    the path into ``changes``, or that of a rule left as it is which no longer fits.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> draft = patch(shipped_ruleset(), {
    ...     "deadline.revisit": {"within": "4 months after report-published"},
    ...     "R1": "refer",
    ... })
    >>> draft.rules["deadline.revisit"].limit
    'within 4 months after report-published'
    >>> draft.interpretations["R1"].ours
    'refer'
    """
    patched = _Patched(ruleset, {str(name): each for name, each in changes.items()})
    draft = patched.draft()
    check_draft(draft)
    found = assemble(draft)
    places = {name: place for name, place in ruleset.places.items() if place}
    return evolve(found, places={**found.places, **places})


@frozen(kw_only=True)
class _Told(Source):
    """A source whose places are told by a function of the path."""

    tells: Callable[[Path_], str] = field(eq=False, repr=False)

    def place(self, path: Path_, *, key: bool = False) -> str:
        """Return the place of a part."""
        del key
        return self.tells(path)


def _under(name: str, data: Plain = None) -> _Told:
    """Return a source that tells places as paths below a name of the changes."""
    return _Told(name="", data=data, tells=lambda path: format_path((name, *path)))


def _in_file(place: str) -> Source:
    """Return a source that tells one place of a file, whatever the path."""
    found = _SPOT.fullmatch(place)
    if found is None:
        return _Told(name="", data=None, tells=lambda _: place)
    return Source(name=found[1], data=None, values={(): (int(found[2]), int(found[3]))})


@frozen
class _Patched:
    """A ruleset and what is to be changed in it."""

    ruleset: Ruleset
    changes: Mapping[str, Any]

    def draft(self) -> Draft:
        """Return the draft, each part of it with its place; raise RulesetError for its shape."""
        merged, problems = self._merged()
        if problems:
            raise RulesetError(problems)
        plain = read_mapping(merged, RulesetError).data
        rules: dict[str, tuple[Rule, Source, Path_]] = {
            id_: (rule, _in_file(rule.place), ())
            for id_, rule in self.ruleset.rules.items()
            if id_ not in self.changes
        }
        interpretations = dict(self.ruleset.interpretations)
        settings = self.ruleset.settings
        for name, each in plain.items():
            try:
                if name == SETTINGS:
                    source = _under(name, each)
                    settings = read_as(Settings, source, RulesetError)
                    problems.extend(settings_problems(settings, source))
                elif name in interpretations and name not in self.ruleset.rules:
                    interpretations[name] = read_as(
                        Interpretation, _under(name, each), RulesetError
                    )
                else:
                    rules[name] = self._rule(name, each)
            except RulesetError as fault:
                problems.extend(fault.problems)
        if problems:
            raise RulesetError(problems)
        return self._whole(settings, tuple(interpretations.values()), tuple(rules.values()))

    def _rule(self, name: str, plain: dict[str, Plain]) -> tuple[Rule, Source, Path_]:
        decides = plain.pop("decides")
        source = _under(name, plain)
        rule = read_as(KIND_OF_FILE.get(decides, OUTCOME).rule, source, RulesetError)
        old = self.ruleset.rules.get(name)
        place = name if old is None or not old.place else old.place
        if isinstance(rule, OutcomeRule):
            return evolve(rule, place=place, decides=decides), source, ()
        return evolve(rule, place=place), source, ()

    def _merged(self) -> tuple[dict[str, Plain], list[Problem]]:
        """Return what stands under each name after its change, and what cannot be merged."""
        problems: list[Problem] = []
        found: dict[str, Plain] = {}
        for name, change in self.changes.items():
            said = self._said(name)
            if change is None and name in self.ruleset.rules:
                continue  # taken away
            if (
                name in self.ruleset.interpretations
                and isinstance(change, str)
                and isinstance(said, dict)
            ):
                change = {"ours": change}  # noqa: PLW2901  the short form
            if (problem := self._cannot_be(name, said, change)) is not None:
                problems.append(problem)
                continue
            old = {"id": name} if said is None else said
            found[name] = _patched(old, change, (name,), problems, self._names(name, change, old))
        return found, problems

    def _said(self, name: str) -> dict[str, Plain] | None:
        """Return what stands under a name now, as a file says it; None for a new rule."""
        ruleset = self.ruleset
        if name in ruleset.rules:
            rule = ruleset.rules[name]
            return {"decides": head_of(rule), **write_plain(rule)}
        if name in ruleset.interpretations:
            return dict(write_plain(ruleset.interpretations[name]))
        return dict(write_plain(ruleset.settings)) if name == SETTINGS else None

    def _cannot_be(self, name: str, said: Plain | None, change: Any) -> Problem | None:
        """Return what is wrong with a change as a whole, or None."""
        known = [SETTINGS, *self.ruleset.interpretations, *self.ruleset.rules]
        if change is None or (said is None and not isinstance(change, Mapping)):
            guess = nearest(name, known)
            if said is None:
                message = f"The ruleset has no rule and no interpretation '{name}'."
                help_ = f"Did you mean '{guess}'?" if guess else "Look for the name in the ruleset."
            else:
                message = "Only a rule can be taken away."
                help_ = "Change what stands here, and leave the rest out."
            return Problem(place=name, message=message, help=help_, code="name-not-known")
        if not isinstance(change, Mapping):
            message = "A block of names and values belongs here."
            return Problem(place=name, message=message, help="Write only what is to change.")
        decides = change.get("decides", "" if said is None else said.get("decides", ""))
        kinds = [*KIND_OF_FILE, *self.ruleset.outcomes]
        if said is None and not decides:
            guess = nearest(name, known)
            told = f"Did you mean '{guess}'? For a new rule, add" if guess else "Add"
            return Problem(
                place=name,
                message=f"The ruleset has no rule and no interpretation '{name}', and it is not "
                "said "
                "what kind of rule it is to be.",
                help=f"{told} 'decides:' with one of: {', '.join(kinds)}.",
            )
        if decides and decides not in kinds:
            return Problem(
                place=f"{name}.decides",
                message=f"'{decides}' is neither an outcome of the vocabulary nor a kind of rule.",
                help=one_of(str(decides), kinds),
                code="name-not-known",
            )
        return None

    def _names(self, name: str, change: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
        """Return the names that may stand in a block."""
        if name == SETTINGS:
            kind: type[Any] = Settings
        elif name in self.ruleset.interpretations and name not in self.ruleset.rules:
            kind = Interpretation
        else:
            decides = change.get("decides", old.get("decides"))
            return ["decides", *_fields(KIND_OF_FILE.get(str(decides), OUTCOME).rule)]
        return _fields(kind)

    def _whole(
        self,
        settings: Settings,
        interpretations: tuple[Interpretation, ...],
        rules: tuple[tuple[Rule, Source, Path_], ...],
    ) -> Draft:
        """Return the draft of a whole ruleset, with a place for whatever may be wrong in it."""
        ruleset = self.ruleset
        guarantees = tuple(ruleset.guarantees.values())
        vocabulary = Vocabulary(
            **{key: tuple(getattr(ruleset, key).values()) for key in SECTIONS.values()}
        )
        return Draft(
            folder="",
            settings=settings,
            vocabulary=vocabulary,
            interpretations=interpretations,
            guarantees=guarantees,
            statements=tuple(ruleset.statements.values()),
            headings=ruleset.headings,
            before_headings=ruleset.before_headings,
            sources={
                "ruleset": _under(SETTINGS),
                "vocabulary": _listed("vocabulary", vocabulary, ruleset.places),
                "statements": _listed("statements", ruleset.statements, ruleset.places),
                "interpretations": _listed("interpretations", interpretations, self.changes),
                "guarantees": _listed("guarantees", guarantees, {}),
            },
            rules=rules,
            tables=tuple(self._tables(rule for rule, _, _ in rules)),
        )

    def _tables(self, rules: Iterator[Rule]) -> Iterator[tuple[Source, str, str]]:
        """Yield what the rules decide, each with how many of its rules may hold in a case."""
        for name in dict.fromkeys(map(head_of, rules)):
            hit = "" if name in KIND_OF_FILE else self.ruleset.hits.get(name, "unique")
            yield _under(name), name, hit
        # An outcome keeps its line, too, where all its rules have been taken away.
        for name, hit in self.ruleset.hits.items():
            yield _under(name), name, hit


def _listed(key: str, items: Any, places: Mapping[str, Any]) -> _Told:
    """Return a source that tells the place of an entry of a list by the entry's name."""

    def tells(path: Path_) -> str:
        if len(path) > 1 and isinstance(path[1], int):
            several = getattr(items, str(path[0])) if isinstance(items, Vocabulary) else items
            each = list(several.values() if isinstance(several, Mapping) else several)[path[1]]
            if each.id in places:
                return format_path((each.id, *path[2:]))
            return str(places.get(f"{path[0]}.{each.id}", "")) or f"{path[0]}.{each.id}"
        return key

    return _Told(name="", data=None, tells=tells)


def _fields(kind: type[Any]) -> list[str]:
    return [key_of(each) for each in fields_of(kind)]


def _patched(
    old: Plain, change: Any, path: Path_, problems: list[Problem], names: list[str]
) -> Plain:
    """Return plain data with a change merged in; ``names`` are those that it may hold, if few."""
    if not isinstance(change, Mapping):
        return change
    found = dict(old) if isinstance(old, Mapping) else {}
    for key, value in change.items():
        name = str(key)
        if value is not None:
            found[name] = _patched(found.get(name), value, (*path, name), problems, [])
        elif name not in found and name not in names:
            problems.append(
                Problem(
                    place=format_path((*path, name)),
                    message=f"There is no '{name}' here that could be taken away.",
                    help=one_of(name, names or list(found)),
                )
            )
        else:
            found.pop(name, None)
    return found
