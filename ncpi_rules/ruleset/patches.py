"""Patches: a ruleset with some of what is written in it changed, and no file touched.

A change is read as a file of an edition is, and the result is checked as a loaded ruleset is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import Problem, RulesetError, nearest, one_of
from ncpi_rules.io import Path_, Plain, Source, fields_of, format_path, key_of, read_mapping
from ncpi_rules.ruleset.kinds import KIND_OF_FILE, OUTCOME
from ncpi_rules.ruleset.layout import FILES
from ncpi_rules.ruleset.load import assemble, says_what_is_written, shape_all
from ncpi_rules.ruleset.model import Interpretation, Ruleset, Settings
from ncpi_rules.ruleset.parameters import Choice, Parameter
from ncpi_rules.ruleset.validate import check_draft

if TYPE_CHECKING:
    from collections.abc import Iterator


SETTINGS: Final = "settings"
"""The name under which the settings of an edition are changed."""

_SHORT: Final[Mapping[str, str]] = {
    "parameters": "period",
    "choices": "choice",
    "interpretations": "ours",
}
"""The line that a change of one text sets, by the list in which what is changed stands."""


def patch(ruleset: Ruleset, changes: Mapping[str, Any]) -> Ruleset:
    """Return the ruleset with some of it changed, read and checked as files are.

    Each name in ``changes`` is the name of a rule, a parameter, a choice or an interpretation,
    or ``settings``. The change is merged into what is written, as a JSON merge patch (RFC 7396): a
    value replaces the old one, a block is merged line by line, and None removes: a condition, a
    limit, or a rule. Any other name is a new rule; ``decides`` says what kind of rule it is, as at
    the head of its file. For a parameter the period alone is enough, for a choice what is chosen,
    for an interpretation the answer.

    The result keeps the name of the ruleset unless ``settings`` give it another; its digest
    differs. Raises RulesetError with every problem of the first phase that finds any. The place of
    each is the path into ``changes``, or the place of an unchanged rule that no longer fits.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> draft = patch(shipped_ruleset(), {"revisit-ceiling": "4 months", "R1": "refer"})
    >>> draft.cases["deadline.revisit"][0].limit
    'within 4 months after report-published'
    >>> draft.interpretations["R1"].ours
    'refer'
    """
    if not ruleset.derive(says_what_is_written):
        message = "The ruleset was changed after it was read, so what is written cannot be patched."
        raise RulesetError(message, "Patch the ruleset as it was read, or load it again.")
    draft = shape_all(_Patched.of(ruleset, changes).files(), "")
    check_draft(draft)
    return assemble(draft)


@frozen(kw_only=True)
class _PatchedFile(Source):
    """A file with some parts changed: the place of each of these is the path into the changes.

    ``changed`` has the name of what is changed, by the path of its block; ``gone`` the paths of
    what is taken away, in the order of the file. Both are paths of the file as it was.
    """

    file: Source
    changed: Mapping[Path_, str]
    gone: tuple[Path_, ...] = ()

    def place(self, path: Path_, *, key: bool = False) -> str:
        """Return the place of a part."""
        for taken in self.gone:
            above, at = taken[:-1], taken[-1]
            here = path[len(above)] if path[: len(above)] == above and path != above else None
            if isinstance(at, int) and isinstance(here, int) and here >= at:
                path = (*above, here + 1, *path[len(taken) :])
        for block, name in self.changed.items():
            if path[: len(block)] == block:
                return format_path((name, *path[len(block) :]))
        return self.file.place(path, key=key)


@frozen
class _Patched:
    """A ruleset and what is to be changed in it.

    ``blocks`` has the file and the path of everything that can be changed, by its name.
    """

    ruleset: Ruleset
    changes: Mapping[str, Any]
    blocks: Mapping[str, tuple[str, Path_]]
    problems: list[Problem] = field(factory=list)

    @classmethod
    def of(cls, ruleset: Ruleset, changes: Mapping[str, Any]) -> _Patched:
        named = {str(name): change for name, change in changes.items()}
        return cls(ruleset, named, dict(_blocks(ruleset.files)))

    def files(self) -> dict[str, Source]:
        """Return the files with the changes in them; raise RulesetError for what cannot be."""
        files = dict(self.ruleset.files)
        data: dict[str, Plain] = {name: source.data for name, source in files.items()}
        changed: dict[str, dict[Path_, str]] = {}
        gone: list[tuple[str, Path_]] = []
        for name, change in self.changes.items():
            file, path = self.blocks.get(name, ("", ()))
            old = _at(data[file], path) if file else None
            if path and isinstance(change, str) and (line := _SHORT.get(str(path[0]))):
                change = {line: change}  # noqa: PLW2901  the short form
            if problem := self._cannot_be(name, file, change):
                self.problems.append(problem)
            elif change is None:
                gone.append((file, path))
            elif not file:
                files[name] = self._new(name, change)
            else:
                lines = {key: line for key, line in change.items() if key != "decides"}
                merged = self._merged(name, file, path, old, lines)
                data[file] = _with(data[file], path, merged)
                changed.setdefault(file, {})[path] = name
        if self.problems:
            raise RulesetError(self.problems)
        gone.extend(self._emptied(gone))
        for file, path in sorted(gone, reverse=True):
            data[file] = _without(data[file], path)
        for file in {*changed, *(file for file, _ in gone)}:
            files[file] = _PatchedFile(
                name=files[file].name,
                data=data[file],
                file=files[file],
                changed=changed.get(file, {}),
                gone=tuple(sorted(path for other, path in gone if other == file)),
            )
        return files

    def _emptied(self, gone: list[tuple[str, Path_]]) -> Iterator[tuple[str, Path_]]:
        """Yield each section of which all rules are taken away."""
        for file in {file for file, _ in gone}:
            for path, rules in _lists(self.ruleset.files[file].data):
                taken = [place for place in gone if place[0] == file and place[1][:-1] == path]
                if len(path) > 1 and len(taken) == len(rules):
                    yield file, path[:-1]

    def _merged(self, name: str, file: str, path: Path_, old: Plain, change: Any) -> Plain:
        if isinstance(old, list):  # the row of a table
            columns = _at(self.ruleset.files[file].data, ("table", "columns"))
            cells = dict(zip(columns, old, strict=True))
            plain = self._plain(name, change)
            for column in plain:
                if column not in columns:
                    self.problems.append(
                        Problem(
                            place=f"{name}.{column}",
                            message=f"The table of '{name}' has no column '{column}'.",
                            help=one_of(column, columns),
                        )
                    )
            return [plain.get(column, cell) for column, cell in cells.items()]
        names = self._lines(file, path)
        merged = _patched(old, change, (name,), self.problems, names)
        return self._plain(name, merged)

    def _plain(self, name: str, lines: Mapping[str, Any]) -> Plain:
        """Return lines as they would be read from a file."""
        try:
            return read_mapping({name: lines}, RulesetError).data[name]
        except RulesetError as fault:
            self.problems.extend(fault.problems)
            return {}

    def _new(self, name: str, change: Mapping[str, Any]) -> Source:
        """Return a file of its own for a new rule."""
        lines = {key: value for key, value in change.items() if key != "decides"}
        data = {
            "decides": change["decides"],
            "rules": [{"id": name, **self._plain(name, lines)}],
        }
        return _PatchedFile(
            name="",
            data=data,
            file=Source(name="", data=data),
            changed={("rules", 0): name, (): name},
        )

    def _lines(self, file: str, path: Path_) -> list[str]:
        """Return the names that may stand in a block."""
        kinds: dict[str, type[Any]] = {
            "parameters": Parameter,
            "choices": Choice,
            "interpretations": Interpretation,
        }
        decides = self.ruleset.files[file].data.get("decides", "")
        kind = kinds.get(str(path[0])) if path else Settings
        return [key_of(item) for item in fields_of(kind or KIND_OF_FILE.get(decides, OUTCOME).rule)]

    def _cannot_be(self, name: str, file: str, change: Any) -> Problem | None:
        """Return what is wrong with a change as a whole, or None."""
        is_rule = bool(file) and file not in FILES
        guess = nearest(name, list(self.blocks))
        code = "name-not-known"
        if change is None and is_rule:
            return None
        if change is None and file:
            message, help_ = "Only a rule can be taken away.", "Write only what is to change."
        elif not file and not isinstance(change, Mapping):
            message = f"The ruleset has nothing called '{name}'."
            help_ = f"Did you mean '{guess}'?" if guess else "Look for the name in the ruleset."
        elif not isinstance(change, Mapping):
            code, message = "", "A block of names and values belongs here."
            help_ = "Write only what is to change."
        elif not file and not change.get("decides"):
            advice = f"Did you mean '{guess}'? For a new rule, add" if guess else "Add"
            kinds = [*KIND_OF_FILE, *self.ruleset.outcomes]
            code = ""
            message = (
                f"The ruleset has nothing called '{name}', and the change does not say what kind "
                "of rule to add."
            )
            help_ = f"{advice} 'decides:' with one of: {', '.join(kinds)}."
        else:
            return self._wrong_kind(name, file, change)
        return Problem(place=name, message=message, help=help_, code=code)

    def _wrong_kind(self, name: str, file: str, change: Mapping[str, Any]) -> Problem | None:
        if "decides" not in change:
            return None
        decides = change["decides"]
        kinds = [*KIND_OF_FILE, *self.ruleset.outcomes]
        if decides not in kinds:
            message = f"'{decides}' is neither an outcome of the vocabulary nor a kind of rule."
            help_ = one_of(str(decides), kinds)
        elif file and decides != self.ruleset.files[file].data["decides"]:
            message = "What a rule decides is said at the head of its file, and cannot be changed."
            help_ = "Take the rule away, and add another."
        else:
            return None
        return Problem(place=f"{name}.decides", message=message, help=help_, code="name-not-known")


def _blocks(files: Mapping[str, Source]) -> Iterator[tuple[str, tuple[str, Path_]]]:
    """Yield the name of everything that can be changed, with its file and its path there."""
    for file, source in files.items():
        if file in {"parameters", "interpretations"}:
            for key in _SHORT.keys() & source.data.keys():
                for at, entry in enumerate(source.data[key]):
                    yield entry["id"], (file, (key, at))
        elif file not in FILES:
            for path, rules in _lists(source.data):
                for at, rule in enumerate(rules):
                    yield rule["id"], (file, (*path, at))
            for id_ in source.data.get("table", {}).get("rows", {}):
                yield id_, (file, ("table", "rows", id_))
    yield SETTINGS, ("ruleset", ())


def _lists(data: Plain) -> Iterator[tuple[Path_, list[Plain]]]:
    yield ("rules",), data.get("rules", [])
    for at, section in enumerate(data.get("sections", [])):
        yield ("sections", at, "rules"), section.get("rules", [])


def _at(data: Plain, path: Path_) -> Plain:
    for step in path:
        data = data[step]
    return data


def _with(data: Plain, path: Path_, part: Plain) -> Plain:
    """Return plain data with another part."""
    if not path:
        return part
    step, *rest = path
    inner = _with(data[step], tuple(rest), part)
    if isinstance(data, list):
        return [inner if at == step else item for at, item in enumerate(data)]
    return {**data, step: inner}


def _without(data: Plain, path: Path_) -> Plain:
    """Return plain data without a part."""
    *above, step = path
    block = _at(data, tuple(above))
    if isinstance(block, list):
        rest: Plain = [item for at, item in enumerate(block) if at != step]
    else:
        rest = {key: item for key, item in block.items() if key != step}
    return _with(data, tuple(above), rest)


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
