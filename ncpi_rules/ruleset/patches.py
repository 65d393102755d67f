"""Patches: a ruleset with some rules, settings and answers changed, and no file touched.

A change is read as a file of an edition is, and the result is checked as a loaded ruleset is.
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
from ncpi_rules.ruleset.layout import KIND_OF_FILE, OUTCOME, SECTIONS, Draft, Vocabulary, head_of
from ncpi_rules.ruleset.load import assemble, placed, settings_problems
from ncpi_rules.ruleset.model import Interpretation, Ruleset, Settings
from ncpi_rules.ruleset.validate import check_draft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.io import Plain
    from ncpi_rules.ruleset.rules import Rule

T = TypeVar("T")

SETTINGS: Final = "settings"
"""The name under which the settings of an edition are changed."""

_SPOT: Final = re.compile(r"(.*):(\d+):(\d+)", re.DOTALL)


def patch(ruleset: Ruleset, changes: Mapping[str, Any]) -> Ruleset:
    """Return the ruleset with some of it changed, read and checked as files are.

    Each name in ``changes`` is the name of a rule or an interpretation, or ``settings``. The change
    is merged as a JSON merge patch (RFC 7396): a value replaces the old one, a block is merged line
    by line, and None removes: a condition, a limit, or a rule. Any other name is a new rule;
    ``decides`` says what kind of rule it is, as at the head of its file. For an interpretation the
    answer alone is enough.

    The result keeps the name of the ruleset unless ``settings`` give it another; its digest
    differs. Raises RulesetError with every problem of the first phase that finds any. The place of
    each is the path into ``changes``, or the place of an unchanged rule that no longer fits.

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
    patched = _Patched(ruleset, {str(name): change for name, change in changes.items()})
    draft = patched.draft()
    check_draft(draft)
    changed = assemble(draft)
    places = {name: place for name, place in ruleset.places.items() if place}
    return evolve(changed, places={**changed.places, **places})


@frozen(kw_only=True)
class _PlacedBy(Source):
    """A source whose places come from a function of the path."""

    place_of: Callable[[Path_], str] = field(eq=False, repr=False)

    def place(self, path: Path_, *, key: bool = False) -> str:
        """Return the place of a part."""
        del key
        return self.place_of(path)


def _under(name: str, data: Plain = None) -> _PlacedBy:
    """Return a source whose places are paths below a name of the changes."""
    return _PlacedBy(name="", data=data, place_of=lambda path: format_path((name, *path)))


def _in_file(place: str) -> Source:
    """Return a source with one place in a file, whatever the path."""
    spot = _SPOT.fullmatch(place)
    if spot is None:
        return _PlacedBy(name="", data=None, place_of=lambda _: place)
    return Source(name=spot[1], data=None, values={(): (int(spot[2]), int(spot[3]))})


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
        for name, block in plain.items():
            try:
                if name == SETTINGS:
                    source = _under(name, block)
                    settings = read_as(Settings, source, RulesetError)
                    problems.extend(settings_problems(settings, source))
                elif name in interpretations and name not in self.ruleset.rules:
                    source = _under(name, block)
                    interpretations[name] = read_as(Interpretation, source, RulesetError)
                else:
                    rules[name] = self._rule(name, block)
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
        return placed(rule, decides, place), source, ()

    def _merged(self) -> tuple[dict[str, Plain], list[Problem]]:
        """Return the block of each name after its change, and what cannot be merged."""
        problems: list[Problem] = []
        merged: dict[str, Plain] = {}
        for name, change in self.changes.items():
            old = self._block_of(name)
            if change is None and name in self.ruleset.rules:
                continue  # taken away
            if (
                name in self.ruleset.interpretations
                and isinstance(change, str)
                and isinstance(old, dict)
            ):
                change = {"ours": change}  # noqa: PLW2901  the short form
            if (problem := self._cannot_be(name, old, change)) is not None:
                problems.append(problem)
                continue
            block = {"id": name} if old is None else old
            merged[name] = _patched(
                block, change, (name,), problems, self._names(name, change, block)
            )
        return merged, problems

    def _block_of(self, name: str) -> dict[str, Plain] | None:
        """Return the block of a name now, as in a file; None for a new rule."""
        ruleset = self.ruleset
        if name in ruleset.rules:
            rule = ruleset.rules[name]
            return {"decides": head_of(rule), **write_plain(rule)}
        if name in ruleset.interpretations:
            return dict(write_plain(ruleset.interpretations[name]))
        return dict(write_plain(ruleset.settings)) if name == SETTINGS else None

    def _cannot_be(self, name: str, old: Plain | None, change: Any) -> Problem | None:
        """Return what is wrong with a change as a whole, or None."""
        known = [SETTINGS, *self.ruleset.interpretations, *self.ruleset.rules]
        if change is None or (old is None and not isinstance(change, Mapping)):
            guess = nearest(name, known)
            if old is None:
                message = f"The ruleset has no rule and no interpretation '{name}'."
                help_ = f"Did you mean '{guess}'?" if guess else "Look for the name in the ruleset."
            else:
                message = "Only a rule can be taken away."
                help_ = "Write only what is to change."
            return Problem(place=name, message=message, help=help_, code="name-not-known")
        if not isinstance(change, Mapping):
            message = "A block of names and values belongs here."
            return Problem(place=name, message=message, help="Write only what is to change.")
        decides = change.get("decides", "" if old is None else old.get("decides", ""))
        kinds = [*KIND_OF_FILE, *self.ruleset.outcomes]
        if old is None and not decides:
            guess = nearest(name, known)
            advice = f"Did you mean '{guess}'? For a new rule, add" if guess else "Add"
            return Problem(
                place=name,
                message=f"The ruleset has no rule and no interpretation '{name}', and the "
                "change does not say what kind of rule to add.",
                help=f"{advice} 'decides:' with one of: {', '.join(kinds)}.",
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
            return _fields(Settings)
        if name in self.ruleset.interpretations and name not in self.ruleset.rules:
            return _fields(Interpretation)
        decides = change.get("decides", old.get("decides"))
        return ["decides", *_fields(KIND_OF_FILE.get(str(decides), OUTCOME).rule)]

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
            **{key: tuple(getattr(ruleset, key).values()) for key in SECTIONS.values()},
            fields_without_a_fact=ruleset.fields_without_a_fact,
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


def _listed(key: str, items: Any, places: Mapping[str, Any]) -> _PlacedBy:
    """Return a source with the place of each entry of a list, by the entry's name."""

    def place_of(path: Path_) -> str:
        if len(path) > 1 and isinstance(path[1], int):
            several = getattr(items, str(path[0])) if isinstance(items, Vocabulary) else items
            item = list(several.values() if isinstance(several, Mapping) else several)[path[1]]
            if item.id in places:
                return format_path((item.id, *path[2:]))
            return str(places.get(f"{path[0]}.{item.id}", "")) or f"{path[0]}.{item.id}"
        return key

    return _PlacedBy(name="", data=None, place_of=place_of)


def _fields(kind: type[Any]) -> list[str]:
    return [key_of(item) for item in fields_of(kind)]


def _patched(
    old: Plain, change: Any, path: Path_, problems: list[Problem], names: list[str]
) -> Plain:
    """Return plain data with a change merged in; ``names`` are those that it may hold, if few."""
    if not isinstance(change, Mapping):
        return change
    merged = dict(old) if isinstance(old, Mapping) else {}
    for key, value in change.items():
        name = str(key)
        if value is not None:
            merged[name] = _patched(merged.get(name), value, (*path, name), problems, [])
        elif name not in merged and name not in names:
            problems.append(
                Problem(
                    place=format_path((*path, name)),
                    message=f"There is no '{name}' here that could be taken away.",
                    help=one_of(name, names or list(merged)),
                )
            )
        else:
            merged.pop(name, None)
    return merged
