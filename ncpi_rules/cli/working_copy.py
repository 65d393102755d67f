"""What ``init`` writes: a copy of an edition under another name, skeletons, and their schemas."""

from __future__ import annotations

import json
import os.path
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ncpi_rules.cli.ruleset_schemas import own_schemas, schema_of
from ncpi_rules.cli.vocabulary_schemas import SCHEMA_FOLDER
from ncpi_rules.core import Problem, RulesetError, upper_first
from ncpi_rules.io import new_folder, read_text, write_folder, yaml_files_in
from ncpi_rules.ruleset import decide, load_ruleset

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from ncpi_rules.ruleset import Ruleset

_SKELETONS: Final = Path(__file__).with_name("skeletons")
_SCHEMA_LINE: Final = re.compile(r"\A(?:# yaml-language-server: .*\r?\n)?")
_SCENARIOS: Final = "scenarios"

_EDITOR: Final = {"recommendations": ["redhat.vscode-yaml"]}
"""The extension by which Visual Studio Code follows the first line of a file."""


def copy_of(folder: Traversable, ruleset: Ruleset, name: str) -> dict[str, str]:
    """Return the files of a working copy of an edition, by their paths inside its folder.

    Every line stays, but for the name of the edition in ``ruleset.yaml``, what it is based on, and
    the first line of each file, which names its schema.
    """
    files = {}
    for file, path in yaml_files_in(folder).items():
        stem = file.rpartition(".")[0]
        text = read_text(path, RulesetError)
        if stem == "ruleset":
            text = _renamed(text, ruleset, name)
        files[file] = _with_schema(text, f"{SCHEMA_FOLDER}/{schema_of(stem, ruleset)}")
    inside = folder.joinpath(_SCENARIOS)
    for file, path in (yaml_files_in(inside) if inside.is_dir() else {}).items():
        text = read_text(path, RulesetError)
        files[f"{_SCENARIOS}/{file}"] = _with_schema(text, f"../{SCHEMA_FOLDER}/scenarios.json")
    changes = (
        f"# Changes of {name}\n\nMade from {ruleset.name}. Say here what you change, and why.\n"
    )
    return {**files, "CHANGES.md": changes}


def _renamed(text: str, ruleset: Ruleset, name: str) -> str:
    """Return ``ruleset.yaml`` with the name of the copy, and what it is based on."""
    based_on = (
        "# The edition from which this copy was made, with the fingerprint of its rules then.",
        "based_on:",
        f"  ruleset: {ruleset.settings.id}",
        f"  edition: {ruleset.settings.edition}",
        f'  fingerprint: "{ruleset.content_digest}"',
    )
    text = re.sub(
        r"^(?:# The edition from which this copy .*\n)?based_on:.*\n(?:[ \t]+.*\n)*",
        "",
        text,
        flags=re.MULTILINE,
    )
    lines = "\n".join((f"edition: {name}", *based_on))
    return re.sub(r"^edition:.*$", lambda _: lines, text, count=1, flags=re.MULTILINE)


def _with_schema(text: str, schema: str) -> str:
    """Return a file whose first line leads an editor to its schema."""
    return _SCHEMA_LINE.sub(f"# yaml-language-server: $schema={schema}\n", text, count=1)


def empty_ruleset(name: str) -> dict[str, str]:
    """Return the files of a ruleset with one example of everything, each with what it is for."""
    folder = _SKELETONS / "ruleset"
    files = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.yaml"))
    }
    files["ruleset.yaml"] = re.sub(
        "^id: .*$", f"id: {name}", files["ruleset.yaml"], flags=re.MULTILINE
    )
    return files


def write_ruleset(path: Path, files: Mapping[str, str]) -> Ruleset:
    """Write the files of a ruleset and their schemas into a folder that is new or empty.

    The folder is written whole or not at all, and the ruleset in it is read before it gets its
    name. Raises RulesetError where something stands there, and where it cannot be written.
    """
    with new_folder(path, RulesetError) as unfinished:
        for name, text in files.items():
            file = unfinished / name
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(text.encode())
        ruleset = load_ruleset(unfinished)
        write_schemas(unfinished, ruleset)
    return ruleset


def write_schemas(folder: Path, ruleset: Ruleset, *, only: str = "") -> None:
    """Write the schemas of a ruleset beside its files, in the place of older ones.

    ``only`` names the one that is wanted, such as ``follow-up.json``; without it all are.
    """
    schemas = own_schemas(ruleset)
    wanted = {name: schemas[name].encode() for name in ([only] if only else schemas)}
    write_folder(folder / SCHEMA_FOLDER, wanted, RulesetError, replace=True)
    recommended = folder / ".vscode" / "extensions.json"
    if not recommended.exists():
        text = json.dumps(_EDITOR, indent=2) + "\n"
        write_folder(recommended.parent, {recommended.name: text.encode()}, RulesetError)


def follow_up_text(ruleset: Ruleset) -> str:
    """Return the skeleton of a follow-up: every field, in a comment that says what it takes.

    For a ruleset that is about something else than police forces, its own facts and events.
    """
    text = _SKELETONS.joinpath("follow-up.yaml").read_text("utf-8")
    if ruleset.settings.is_about_forces is not False:
        return text
    lines = [
        text.partition("\nforce:")[0].rstrip(),
        "",
        f"# The name of {ruleset.settings.subject_title}.",
        "subject: Somebody",
        "",
        "# note: Anything that a reader should know.",
        "",
        "further:",
        "  facts:",
    ]
    for fact in ruleset.facts.values():
        lines += [f"    # {' | '.join(fact.values)}", f"    {fact.id}: {fact.unknown}"]
    lines.append("  events:")
    for event in ruleset.events.values():
        lines += [f"    # {upper_first(event.title)}", f"    {event.id}: unknown"]
    return "\n".join(lines) + "\n"


def scenario_text(ruleset: Ruleset) -> str:
    """Return the skeleton of a scenario, with every fact of the vocabulary in a comment.

    It expects what follows where no fact is known, so it passes until somebody writes a fact.
    """
    outcome = next(iter(ruleset.outcomes))
    value = decide(ruleset, {}).outcomes[outcome].value or ruleset.outcomes[outcome].none
    facts = [
        f"      # {fact.id}: {' | '.join(value for value in fact.values)}"
        for fact in ruleset.facts.values()
    ]
    lines = [
        f"# yaml-language-server: $schema=../{SCHEMA_FOLDER}/scenarios.json",
        "# A case, and what must come of it: 'ncpi-rules test' compares. Take the '#' away from",
        "# the facts that matter, and choose a value of each; what is left out is not known. What",
        "# is not expected is not compared. A second scenario begins with another '- says:'.",
        "scenarios:",
        "",
        "  - says: Say in a whole sentence what this case shows.",
        "    facts:",
        *facts,
        f"      {next(iter(ruleset.facts))}: {next(iter(ruleset.facts.values())).unknown}",
        "    expect:",
        f"      outcomes: {{{outcome}: {value}}}",
        "      # actions: [party modality activity]",
        "      # without:",
        "      #   actions: [party modality activity]",
    ]
    return "\n".join(lines) + "\n"


def ruleset_above(file: Path) -> Path:
    """Return the folder of the ruleset whose scenarios stand in the folder of a file."""
    folder = file.parent
    real = Path(os.path.realpath(folder))  # resolve() fails where links go in a circle
    above = real.parent
    if real.name != _SCENARIOS or not above.joinpath("ruleset.yaml").is_file():
        raise RulesetError(
            Problem(
                place=file.as_posix(),
                message="A scenario stands in the folder 'scenarios' of a ruleset.",
                help="Name a file there, such as my-copy/scenarios/20-mine.yaml.",
            )
        )
    return folder.parent if folder.name == _SCENARIOS else above
