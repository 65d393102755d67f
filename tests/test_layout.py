"""The floors of the library: who may import whom, and what an import may do."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec, resolve_name
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import ncpi_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

# A package's floor is that of all its modules, unless a module has a line of its own.
FLOORS = {
    "errors": 0,
    "pairing": 0,
    "version": 0,
    "words": 0,
    "dates": 1,
    "files": 1,
    "kinds": 1,
    "periods": 1,
    "forces": 2,
    "shapes": 2,
    "engine": 3,
    "facts": 3,
    "ruleset": 3,
    "deciding": 4,
    "naming": 4,
    "schemas": 4,
    "scenarios.model": 4,
    "scenarios.suggesting": 11,
    "scheduling": 4,
    "letting_go": 4,
    "tracing": 4,
    "masking": 4,
    "checks": 6,
    "explain": 5,
    "render": 5,
    "items": 5,
    "comparing": 6,
    "listing": 6,
    "assessed": 7,
    "doubting": 8,
    "pictures": 8,
    "published": 8,
    "plan": 9,
    "amending": 4,
    "approving": 10,
    "assessment": 10,
    "mutating": 10,
    "recording": 10,
    "replaying": 10,
    "scenarios": 10,
    "counterfactuals": 8,
    "difference": 10,
    "caseload": 10,
    "exploring": 10,
    "columns": 10,
    "scale": 10,
    "": 11,  # the package itself: the public names, each imported when it is first used
    "cli": 12,
    "__main__": 13,
}

# Who may also import from a neighbour on the same floor, and never the other way round.
NEIGHBOURS = {
    "caseload": {"assessment"},  # each follow-up goes the one way
    "exploring": {"assessment"},  # both plans, and the words of a base
    "difference": {"assessment"},  # a caseload is assessed by the one path
    "approving": {"scenarios"},  # an approval covers the scenarios in which a rule holds
    "doubting": {"published"},  # plans are compared as they are published
    "recording": {"assessment"},  # masked facts are assessed again by the one path
    "replaying": {"assessment", "recording"},  # and so are the facts of a record
    "mutating": {"scenarios"},  # the scenarios are run on rules with mistakes in them
    "periods": {"dates"},  # a period leads from a day to a day
    "ruleset": {"engine"},  # the rules are proved on the engine's cells when they are loaded
    "scenarios": {"assessment"},  # a scenario goes the way of every follow-up
    "scale": {"columns"},  # the same circuit, worked out by a database
    "schemas": {"scenarios.model"},  # the classes of files that it describes
    "shapes": {"forces"},  # a force is written by its name
}

# What only one module may import, so that its traps are fenced and it can be replaced.
FENCES: dict[str, str | tuple[str, ...]] = {
    "cattrs": "shapes",
    "cyclopts": "cli",
    "durable": "engine.durable",
    "durable_rules_engine": "engine.durable",
    "holidays": "periods",
    "ibis": "scale",
    "ipywidgets": "exploring.sliders",
    "matplotlib": "pictures.sheet",
    "numpy": "columns",
    "pendulum": "dates",
    "pyarrow": ("columns", "exploring.arrow", "pictures.counting", "scale"),
    "rich": "cli",
    "yaml": "files.yaml_text",
}

# What a package needs that is an extra: without it, importing the package says which.
EXTRAS = {"columns": "pyarrow", "scale": "ibis"}

# Who may import by a name that is worked out when the program runs.
IMPORTS_BY_NAME = {"", "engine.durable"}

LIBRARY = "ncpi_rules"
TOP = FLOORS[""]
PACKAGE = Path(ncpi_rules.__file__).parent


def _modules() -> dict[str, Path]:
    """Return each module of the library by its name below ``ncpi_rules``."""
    modules = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        *above, name = path.relative_to(PACKAGE).with_suffix("").parts
        modules[".".join(above if name == "__init__" else [*above, name])] = path
    return modules


MODULES = _modules()
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}


def _line_of(module: str) -> str | None:
    """Return the line of the table that holds for a module: its own, or the nearest package's."""
    while module not in FLOORS:
        module, dot, _ = module.rpartition(".")
        if not dot:
            return None
    return module


def _imports(module: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of all that a module imports, for types too."""
    is_package = MODULES[module].stem == "__init__"
    package = ".".join(filter(None, [LIBRARY, module if is_package else module.rpartition(".")[0]]))
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = resolve_name("." * node.level + (node.module or ""), package)
            for each in node.names:
                inside = f"{start}.{each.name}"
                yield node.lineno, inside if _own(inside) in MODULES else start


def _own(name: str) -> str | None:
    """Return the name below ``ncpi_rules``, or None where something else is imported."""
    if name == LIBRARY:
        return ""
    return name.removeprefix(f"{LIBRARY}.") if name.startswith(f"{LIBRARY}.") else None


def _own_imports(module: str) -> Iterator[tuple[int, str]]:
    for line, name in _imports(module):
        own = _own(name)
        if own is not None:
            yield line, own


def _homes(fenced: str) -> tuple[str, ...]:
    homes = FENCES[fenced]
    return homes if isinstance(homes, tuple) else (homes,)


def _is_below(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _may_import(module: str, other: str) -> bool:
    line, other_line = _line_of(module), _line_of(other)
    top = module.partition(".")[0]
    if line is None or other_line is None:
        return True  # told by the test that every module has a floor
    return (
        FLOORS[other_line] < FLOORS[line]
        or (top != "" and _is_below(other, top))  # inside a package: the circles are looked for
        or any(
            _is_below(module, upper) and any(_is_below(other, lower) for lower in lowers)
            for upper, lowers in NEIGHBOURS.items()
        )
    )


def test_every_module_has_a_floor() -> None:
    """A module without a line in the table of floors is an error: somebody must place it."""
    assert [name for name in MODULES if _line_of(name) is None] == []


def test_the_table_names_only_what_is_there() -> None:
    """Every name in the tables is a module or a package of the library."""
    named = {*FLOORS, *NEIGHBOURS, *IMPORTS_BY_NAME}
    named.update(*map(_homes, FENCES))
    named.update(*NEIGHBOURS.values())
    assert sorted(named - set(MODULES)) == []


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    """A module imports from lower floors only, or from its own package."""
    wrong = {
        f"line {line} imports ncpi_rules.{other}".rstrip(".")
        for line, other in _own_imports(module)
        if not _may_import(module, other)
    }
    assert sorted(wrong) == []


def test_no_circles() -> None:
    """No module imports itself, not even through others."""
    graph = {name: {other for _, other in _own_imports(name)} for name in MODULES if name}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as trouble:
        pytest.fail(" imports ".join(reversed(trouble.args[1])))
    assert set(graph) <= set(order)


@pytest.mark.parametrize("module", MODULES)
def test_a_docstring_names_its_own_floor(module: str) -> None:
    """Where a module says on which floor it stands, the table says the same."""
    said = re.findall(r"\bFloor (\d+)", ast.get_docstring(TREES[module]) or "")
    line = _line_of(module)
    if line is not None:
        assert said in ([], [str(FLOORS[line])])


@pytest.mark.parametrize("fenced", FENCES)
def test_fenced_libraries_are_imported_in_one_place(fenced: str) -> None:
    """A library with traps is imported by the one module that knows them."""
    found = {
        module
        for module in MODULES
        for _, name in _imports(module)
        if name.partition(".")[0] == fenced
    }
    homes = _homes(fenced)
    assert [each for each in found if not any(_is_below(each, home) for home in homes)] == []


def test_imports_can_be_read() -> None:
    """Nothing is imported by a name that is worked out when the program runs, but in two places.

    Otherwise the tests above would not see it.
    """
    by_name = {
        module
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id in {"__import__", "import_module", "exec"})
        or (isinstance(node, ast.Attribute) and node.attr == "import_module")
    }
    assert by_name <= IMPORTS_BY_NAME


def test_no_public_name_is_a_module() -> None:
    """No public name is a module's too: whoever imported the module would find it instead."""
    assert sorted(set(ncpi_rules.__all__) & set(MODULES)) == []


def test_public_names_are_there() -> None:
    """Every public name can be fetched, and ``dir`` tells them all."""
    assert [name for name in ncpi_rules.__all__ if not hasattr(ncpi_rules, name)] == []
    assert set(ncpi_rules.__all__) <= set(dir(ncpi_rules))


# Run in a new interpreter: what happens while something is imported, as JSON.
_WATCH = """
import json, sys, threading

happened = []

def watch(event, args):
    if event == "open" and str(args[0]).endswith((".py", ".pyc", ".so", ".pyd")):
        return
    if event == "open" or event.split(".")[0] in {"_thread", "os.system", "socket", "subprocess"}:
        happened.append([event, str(args[:1])])

before = set(sys.modules)
sys.addaudithook(watch)
for name in sys.argv[1:]:
    __import__(name)
loaded = set(sys.modules) - before
happened = list(happened)
print(json.dumps([sorted(loaded), happened, [each.name for each in threading.enumerate()]]))
"""


def _import_in_a_new_interpreter(*names: str) -> tuple[set[str], list[list[str]], list[str]]:
    """Return what is then loaded, what was opened or started meanwhile, and the threads."""
    ran = subprocess.run(  # noqa: S603  our own interpreter, our own text
        [sys.executable, "-B", "-c", _WATCH, *names],
        cwd=PACKAGE.parent,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    loaded, happened, threads = json.loads(ran.stdout)
    return set(loaded), happened, threads


def test_import_takes_no_work() -> None:
    """``import ncpi_rules`` loads none of the heavy parts, opens nothing and starts no thread."""
    loaded, happened, threads = _import_in_a_new_interpreter(LIBRARY)
    assert LIBRARY in loaded
    assert {name.partition(".")[0] for name in loaded} & set(FENCES) == set()
    assert happened == []
    assert threads == ["MainThread"]


def test_no_module_starts_anything() -> None:
    """Importing every module below the command line starts no thread and no durable-rules.

    The engine is loaded when rules are first compiled: until then nobody needs its C module.
    """
    lines = {name: _line_of(name) for name in MODULES if name}
    missing = {package for package, needed in EXTRAS.items() if find_spec(needed) is None}
    below = [
        f"{LIBRARY}.{name}"
        for name, line in lines.items()
        if line and FLOORS[line] < TOP and line not in missing
    ]
    loaded, happened, threads = _import_in_a_new_interpreter(*below)
    assert loaded >= set(below)
    assert {"durable", "durable_rules_engine"} & loaded == set()
    assert [event for event, _ in happened if event != "open"] == []
    assert threads == ["MainThread"]
