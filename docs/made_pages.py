"""What the site takes from the library when it is built.

A page says where, in a comment of its own on one line: ``<!-- made: facts -->``. What stands there
then is Markdown that this module makes: from the commands' own help, from the vocabulary, from the
JSON Schemas, from the public names, or from a notebook that has run.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import ncpi_rules
from ncpi_rules.cli import COMMANDS, main
from ncpi_rules.io import schema
from ncpi_rules.ruleset import shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DOCS = Path(__file__).parent
TOP = DOCS.parent
PLACE = re.compile(r"^<!-- made: (\w+) ?(.*) -->$", re.MULTILINE)
LINK = re.compile(r"\[([^]]+)]\(([^)#:\s]+)(#[^)\s]*)?\)")

# --- the command line -----------------------------------------------------------------------------


def command_line() -> str:
    """Return the help of every command, as the command prints it."""
    return "\n".join(
        f"## {command}\n\n{summary}\n\n```text\n{_help(command)}\n```\n"
        for command, summary in COMMANDS.items()
    )


def _help(command: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main([command, "--help"])
    return "\n".join(line.rstrip() for line in printed.getvalue().strip().splitlines())


# --- the vocabulary -------------------------------------------------------------------------------


def facts() -> str:
    """Return the facts that the shipped rules may test, what they decide, and the events."""
    ruleset = shipped_ruleset()
    parts = ["## What rules may test", ""]
    for fact in ruleset.facts.values():
        sources = " and ".join(f"`{name.strip()}`" for name in fact.source.split(","))
        parts += [f"### {fact.id}", "", f"{fact.title}. In a follow-up: {sources}.", ""]
        parts += _values(fact.values, {fact.unknown: "where nobody has said"})
    parts += ["## What rules decide", ""]
    for outcome in ruleset.outcomes.values():
        parts += [f"### {outcome.id}", "", f"{outcome.title}.", ""]
        parts += _values(outcome.values, {outcome.none: "where no rule decides it"})
    parts += ["## Events", "", "| event | what happens | in a follow-up |", "|---|---|---|"]
    parts += [
        f"| `{event.id}` | {event.title} | `{event.source}` |" for event in ruleset.events.values()
    ]
    parts += ["", "## Fields that no rule tests", "", "| field | what it is for |", "|---|---|"]
    parts += [f"| `{name}` | {why} |" for name, why in ruleset.fields_without_a_fact.items()]
    return "\n".join(parts)


def _values(values: Mapping[str, str], notes: Mapping[str, str]) -> list[str]:
    rows = [
        f"| `{value}` | {sentence}{f' ({notes[value]})' if value in notes else ''} |"
        for value, sentence in values.items()
    ]
    return ["| value | it says |", "|---|---|", *rows, ""]


# --- the forms of files ---------------------------------------------------------------------------


def form(name: str, *known: str) -> str:
    """Return every key of a form, part by part, from its JSON Schema.

    Parts that are the same in a ``known`` form are left out, as they are described there.
    """
    whole = schema(name)
    described = {
        title: part for other in known for title, part in schema(other).get("$defs", {}).items()
    }
    parts = [*_keys(whole)]
    for title, part in whole.get("$defs", {}).items():
        if "properties" in part and described.get(title) != part:
            parts += [
                f"### {title}",
                "",
                part.get("description", ""),
                "",
                *_keys(part),
            ]
    return "\n".join(parts)


def _keys(part: Mapping[str, Any]) -> list[str]:
    needed = set(part.get("required", ()))
    rows = [
        f"| `{key}` | {_type(value)} | {value.get('description', '')}"
        f"{' **Needed.**' if key in needed else ''} |"
        for key, value in part["properties"].items()
    ]
    return ["| key | takes | what it is |", "|---|---|---|", *rows, ""]


MOST_LISTED = 14
"""A longer list of values is counted."""

PLAIN_TYPES = {"null": "nothing", "string": "text", "object": "by name"}


def _type(value: Mapping[str, Any]) -> str:
    """Return what a key takes, in few words."""
    match value:
        case {"const": constant}:
            takes = f"`{constant}`"
        case {"enum": values} if len(values) > MOST_LISTED:
            takes = f"one of {len(values)} names"
        case {"enum": values}:
            takes = " or ".join(f"`{allowed}`" for allowed in values)
        case {"anyOf": alternatives}:
            takes = " or ".join(dict.fromkeys(map(_type, alternatives)))
        case {"$ref": reference}:
            takes = reference.rpartition("/")[2]
        case {"type": "array"}:
            takes = f"a list: {_type(value.get('items', {}))}"
        case {"type": "object", "additionalProperties": dict(inner)} if inner:
            takes = f"by name: {_type(inner)}"
        case {"type": str(type_)}:
            takes = PLAIN_TYPES.get(type_, type_)
        case {"type": types}:
            takes = " or ".join(PLAIN_TYPES.get(type_, type_) for type_ in types)
        case _:
            takes = "anything"
    return takes


# --- names for Python -----------------------------------------------------------------------------


def names(room: str = "") -> str:
    """Return the classes and functions of a room, each with its types and its examples.

    Of the library's face these are all names; of a room, those that the face has not.
    """
    module = import_module(f"ncpi_rules.{room}" if room else "ncpi_rules")
    face = {getattr(ncpi_rules, name) for name in _public(ncpi_rules) if name.isidentifier()}
    parts = (
        [f".. py:module:: {module.__name__}", "", inspect.getdoc(module) or "", ""] if room else []
    )
    for name in _public(module):
        member = getattr(module, name)
        if room and (member in face if isinstance(member, type | FunctionType) else True):
            continue
        kind = "autoexception" if _is(member, Exception) else "autoclass" if _is(member) else ""
        kind = kind or ("autofunction" if callable(member) else "autodata")
        parts += [f".. {kind}:: {module.__name__}.{name}", ""]
    return "\n".join(["```{eval-rst}", *parts, "```"])


def _is(member: object, base: type = object) -> bool:
    return isinstance(member, type) and issubclass(member, base)


def _public(module: ModuleType) -> list[str]:
    return list(getattr(module, "__all__", None) or dir(module))


# --- notebooks ------------------------------------------------------------------------------------

# The forms of an output that a page shows, the best first.
SHOWN = ("text/html", "image/svg+xml", "text/plain")


class Notebooks:
    """The notebooks that have run; without a folder of them, they run when the first is needed."""

    def __init__(self, folder: Path, *, ready: bool) -> None:
        """Take a folder of .ipynb files, or one in which they are to be written."""
        self.folder = folder
        self.ready = ready

    def notebook(self, name: str) -> str:
        """Return the cells of a notebook after its title, with what each of them shows."""
        if not self.ready:
            program = TOP / "examples" / "python" / "pages.py"
            command = [sys.executable, program, self.folder]
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own program
            self.ready = True
        cells = json.loads((self.folder / f"{name}.ipynb").read_text("utf-8"))["cells"]
        return "\n\n".join(part for cell in cells for part in _cell(cell))


def _cell(cell: Mapping[str, Any]) -> Iterator[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield re.sub(r"\A# .+\n*", "", source)
        return
    yield f"```python\n{source}\n```"
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            yield _fenced("text", "".join(output["text"]))
            continue
        form_ = next(form for form in SHOWN if form in output["data"])
        shown = "".join(output["data"][form_])
        yield _fenced("text", shown) if form_ == "text/plain" else _fenced("{raw} html", shown)


def _fenced(language: str, text: str) -> str:
    return f"`````{language}\n{text.rstrip()}\n`````"


# --- where they go --------------------------------------------------------------------------------


def connect(app: Any) -> None:
    """Fill the places of pages when Sphinx reads them, and take links that a site cannot follow."""
    app.add_config_value("ran_notebooks", "", "env", (str,))

    def begin(app: Any) -> None:
        ran = app.config.ran_notebooks
        folder = Path(ran) if ran else Path(app.doctreedir) / "notebooks"
        makers = {maker.__name__: maker for maker in (command_line, facts, form, names)}
        makers["notebook"] = Notebooks(folder, ready=bool(ran)).notebook

        def fill(_: Any, page: str, source: list[str]) -> None:
            text = LINK.sub(lambda link: _followed(DOCS / f"{page}.md", link), source[0])
            source[0] = PLACE.sub(lambda place: makers[place[1]](*place[2].split()), text)

        app.connect("source-read", fill)

    app.connect("builder-inited", begin)


def _followed(page: Path, link: re.Match[str]) -> str:
    """Return a link, or its text where it leads to a folder or a page outside the site."""
    target = (page.parent / link[2]).resolve()
    outside = not target.is_relative_to(DOCS) and target.suffix == ".md"
    return link[1] if target.is_dir() or outside else link[0]
