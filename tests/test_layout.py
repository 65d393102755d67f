"""The rooms of the library: who may import whom, and what an import may do."""

from __future__ import annotations

import ast
import json
import pydoc
import re
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from importlib.util import find_spec, resolve_name
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import ncpi_rules
from ncpi_rules.core import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY = "ncpi_rules"
PACKAGE = Path(ncpi_rules.__file__).parent
ARCHITECTURE = PACKAGE.parent / "docs" / "explanation" / "architecture.md"

MOST_ROOMS = 17
MOST_FLOORS = 10
MOST_LINES = 350
MOST_MODULES = {"in Python": 60, "at the command line": 69}
"""The modules of ours that an assessment loads at most, its whole document read."""

# The conveniences of a plan: the one module that looks up, and only when a method is called.
LOOKS_UP = "plan.views"

# What only one module may import, so that its traps are fenced and it can be replaced.
FENCES: dict[str, str | tuple[str, ...]] = {
    "cattrs": "io.structure",
    "cryptography": "plan.signatures",
    "cyclopts": "cli",
    "durable": "engine.durable",
    "durable_rules_engine": "engine.durable",
    "docx": "report.office.docx_parts",
    "holidays": "core.calendar",
    "ibis": "batch.ibis",
    "icalendar": "report.office.calendar_file",
    "ipywidgets": "explore.sliders",
    "numpy": "batch",
    "openpyxl": "report.office",
    "pendulum": "core.dates",
    "pyarrow": ("batch", "explore.case_frames", "explore.sources"),
    "rich": "cli",
    "yaml": "io.yaml",
}

# What a package needs that is an extra: without it, its modules cannot be imported.
EXTRAS = {
    "batch": "pyarrow",
    "batch.ibis": "ibis",
    "cli": "cyclopts",
    "plan.signatures": "cryptography",
    "report.office": "icalendar",
    "sign_off.review": "docx",
}

# Who may import by a name that is worked out when the program runs.
IMPORTS_BY_NAME = {"core.once", "engine.durable"}


def _modules() -> dict[str, Path]:
    """Return each module of the library by its name below ``ncpi_rules``."""
    modules = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        *above, name = path.relative_to(PACKAGE).with_suffix("").parts
        modules[".".join(above if name == "__init__" else [*above, name])] = path
    return modules


MODULES = _modules()


class _Trees(dict[str, ast.Module]):
    """The syntax of each module, read when it is first asked for: every process collects tests."""

    def __missing__(self, name: str) -> ast.Module:
        return self.setdefault(name, ast.parse(MODULES[name].read_text("utf-8")))


TREES = _Trees()
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def _for_types_only(tree: ast.Module) -> set[ast.AST]:
    """Return every node below ``if TYPE_CHECKING:``."""
    return {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for statement in block.body
        for node in ast.walk(statement)
    }


@cache
def _imports(module: str, *, types: bool = True) -> list[tuple[int, str]]:
    """Return the line and the full name of each import; without ``types``, of those at run time.

    What the face of a room fetches when it is asked counts as imported for types.
    """
    return list(_read_imports(module, types=types))


def _read_imports(module: str, *, types: bool) -> Iterator[tuple[int, str]]:
    is_package = MODULES[module].stem == "__init__"
    package = ".".join(filter(None, [LIBRARY, module if is_package else module.rpartition(".")[0]]))
    left_out = set() if types else _for_types_only(TREES[module])
    for node in ast.walk(TREES[module]):
        if node in left_out:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = resolve_name("." * node.level + (node.module or ""), package)
            for name in node.names:
                inside = f"{start}.{name.name}"
                yield node.lineno, inside if _own(inside) in MODULES else start


def _own(name: str) -> str | None:
    """Return the name below ``ncpi_rules``, or None where something else is imported."""
    if name == LIBRARY:
        return ""
    return name.removeprefix(f"{LIBRARY}.") if name.startswith(f"{LIBRARY}.") else None


def _own_imports(module: str, *, types: bool = True) -> Iterator[tuple[int, str]]:
    for line, name in _imports(module, types=types):
        own = _own(name)
        if own is not None:
            yield line, own


def _room(module: str) -> str:
    return module.partition(".")[0]


def _homes(fenced: str) -> tuple[str, ...]:
    homes = FENCES[fenced]
    return homes if isinstance(homes, tuple) else (homes,)


def _is_below(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _rooms_below() -> dict[str, set[str]]:
    """Return for each room the other rooms from which it imports, for types too."""
    below: dict[str, set[str]] = {room: set() for room in ROOMS}
    for module in MODULES:
        room = _room(module)
        if room in below and module != LOOKS_UP:
            others = {_room(other) for _, other in _own_imports(module)}
            below[room] |= others & below.keys() - {room}
    return below


def _floors() -> dict[str, int]:
    """Return the floor of each room: one above the highest of those from which it imports."""
    below, floors = _rooms_below(), dict[str, int]()
    for room in TopologicalSorter(below).static_order():
        floors[room] = 1 + max((floors[other] for other in below[room]), default=0)
    return floors


def _sentence(room: str) -> str:
    """Return what the face of a room says that it is."""
    return " ".join((ast.get_docstring(TREES[room]) or "").partition("\n\n")[0].split())


def test_the_house_is_small() -> None:
    """There are few rooms on few floors, and nothing but the rooms stands beside the face."""
    beside = {path.name for path in PACKAGE.iterdir() if not path.name.startswith("__")}
    assert beside - set(ROOMS) <= {"py.typed", "rulesets"}
    assert len(ROOMS) <= MOST_ROOMS
    assert max(_floors().values()) <= MOST_FLOORS


def test_no_circle_between_rooms() -> None:
    """Imports between rooms go down only, those for types included, without an exception.

    The one module that looks up is left out: it imports inside its methods.
    """
    try:
        _floors()
    except CycleError as trouble:
        pytest.fail(" imports ".join(reversed(trouble.args[1])))


def test_the_module_that_looks_up_does_so_when_it_is_called() -> None:
    """The conveniences of a plan import nothing of the library while they are being imported."""
    tree = TREES[LOOKS_UP]
    types = _for_types_only(tree)
    wrong = [
        node.lineno
        for node in tree.body
        for inner in ast.walk(node)
        if not isinstance(node, ast.ClassDef)
        and isinstance(inner, ast.ImportFrom)
        and inner not in types
        and (inner.module or "").startswith(LIBRARY)
    ]
    assert wrong == []


def test_the_page_on_the_architecture_names_every_room() -> None:
    """The page on the architecture gives each room its floor and its sentence as they are."""
    rows = re.findall(
        r"^\| (\d+) \| `(\w+)` \| (.+) \|$", ARCHITECTURE.read_text("utf-8"), re.MULTILINE
    )
    floors = _floors()
    wanted = [(str(floors[room]), room, _sentence(room)) for room in ROOMS]
    assert sorted(rows) == sorted(wanted)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_entered_by_its_face(room: str) -> None:
    """Nobody imports past the face of another room, except for types."""
    past = {
        f"{module}, line {line}: {other}"
        for module in MODULES
        if _room(module) != room
        for line, other in _own_imports(module, types=False)
        if _is_below(other, room) and other not in {room, *_faces_within(room)}
    }
    assert sorted(past - {"core.once"}) == []


def _faces_within(room: str) -> set[str]:
    """Return the packages inside a room that have a face of their own, and what all faces need."""
    inner = {
        name for name, path in MODULES.items() if _is_below(name, room) and path.stem == "__init__"
    }
    return {*inner, "core.once"} if room == "core" else inner


FACES = [name for name, path in MODULES.items() if path.stem == "__init__" and name != "cli"]


@pytest.mark.parametrize("face", FACES)
def test_a_face_says_the_same_to_people_and_to_tools(face: str) -> None:
    """The names that a face fetches are those that it imports for types, from the same modules."""
    for_types = sorted(
        (name.name, own)
        for node in TREES[face].body
        if isinstance(node, ast.If)
        for statement in node.body
        if isinstance(statement, ast.ImportFrom)
        for name in statement.names
        if (own := _own(statement.module or "")) is not None
    )
    homes = next(
        ast.literal_eval(node.args[1])
        for node in ast.walk(TREES[face])
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "lazy"
    )
    fetched = sorted(
        (name, f"{face}.{home}".lstrip(".")) for home, names in homes.items() for name in names
    )
    assert for_types == fetched


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_long(module: str) -> None:
    """A file that nobody can overlook is two files."""
    assert MODULES[module].read_text("utf-8").count("\n") <= MOST_LINES


def test_no_circles() -> None:
    """No module imports itself, not even through others."""
    graph = {
        name: {other for _, other in _own_imports(name)}
        for name in MODULES
        if name != LOOKS_UP and name not in FACES
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as trouble:
        pytest.fail(" imports ".join(reversed(trouble.args[1])))
    assert set(graph) <= set(order)


@pytest.mark.parametrize("fenced", FENCES)
def test_fenced_libraries_are_imported_in_one_place(fenced: str) -> None:
    """A library with traps is imported by the one module that knows them."""
    importing = {
        module
        for module in MODULES
        for _, name in _imports(module)
        if name.partition(".")[0] == fenced
    }
    homes = _homes(fenced)
    assert [
        importer for importer in importing if not any(_is_below(importer, home) for home in homes)
    ] == []


def test_imports_can_be_read() -> None:
    """Nothing is imported by a name that is worked out when the program runs, but in two places.

    Otherwise the tests above would not see it.
    """
    by_name = {
        module
        for module in MODULES
        for node in ast.walk(TREES[module])
        if (isinstance(node, ast.Name) and node.id in {"__import__", "import_module", "exec"})
        or (isinstance(node, ast.Attribute) and node.attr == "import_module")
    }
    assert by_name <= IMPORTS_BY_NAME


TESTS = {path: path.read_text("utf-8") for path in sorted(Path(__file__).parent.rglob("*.py"))}


def _past_faces(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield where a test imports what no face has: from a module of a room, or that module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            start = _own(node.module or "")
            if start is None:
                continue
            if start in MODULES and MODULES[start].stem != "__init__":
                yield node.lineno, start
            for name in node.names:
                inside = MODULES.get(f"{start}.{name.name}".lstrip("."))
                if inside and inside.stem != "__init__":
                    yield name.lineno, f"{start}.{name.name}"
        elif isinstance(node, ast.Import):
            for name in node.names:
                own = _own(name.name)
                if own and MODULES[own].stem != "__init__":
                    yield node.lineno, own


def _private(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield where a test first uses each name that is private to others.

    ``_repr_html_`` and the like are how notebooks ask, and public.
    """
    first: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in {"self", "cls"}:
            names = [node.attr]
        elif isinstance(node, ast.ImportFrom):
            names = [name.name for name in node.names]
        else:
            continue
        for name in names:
            if re.fullmatch(r"_(?!_|repr_).+", name):
                first[name] = min(node.lineno, first.get(name, node.lineno))
    yield from ((line, name) for name, line in first.items())


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_a_test_goes_through_the_faces(path: Path) -> None:
    """A test that pins a module inside a room, or a private name, says why, there or just above."""
    lines, tree = ["", *TESTS[path].splitlines()], ast.parse(TESTS[path])
    silent = [
        f"line {line}: {name}"
        for line, name in (*_past_faces(tree), *_private(tree))
        if not re.search(r"# pinned: \w", lines[line])
        and not re.match(r" *# pinned: \w", lines[line - 1])
    ]
    assert silent == []


def _public(face: str) -> list[str]:
    """Return the public names of a face: what it lists for tools, and fetches."""
    return dir(import_module(f"{LIBRARY}.{face}".rstrip(".")))


@pytest.mark.parametrize("face", FACES)
def test_no_public_name_is_a_module(face: str) -> None:
    """No name of a face is a module's too: whoever imported the module would find it instead."""
    assert [name for name in _public(face) if f"{face}.{name}".lstrip(".") in MODULES] == []


def _can_be_fetched(package: object, name: str) -> bool:
    """Return True for a name that is there, or that names the extra which it lacks."""
    try:
        getattr(package, name)
    except AttributeError:
        return False
    except MissingExtraError:
        return not all(map(find_spec, EXTRAS.values()))
    return True


@pytest.mark.parametrize("face", FACES)
def test_public_names_are_there(face: str) -> None:
    """Every public name can be fetched, and ``dir`` tells them all."""
    if any(_is_below(face, package) and not find_spec(EXTRAS[package]) for package in EXTRAS):
        pytest.skip("it needs an extra that is not installed")
    package = import_module(f"{LIBRARY}.{face}".rstrip("."))
    assert [name for name in _public(face) if not _can_be_fetched(package, name)] == []
    assert set(_public(face)) <= set(dir(package))
    assert face == "" or package.__all__ == _public(face)


def test_help_is_two_screens() -> None:
    """``help(ncpi_rules)`` describes each public name, each room and no more."""
    text = pydoc.plain(pydoc.render_doc(ncpi_rules))
    assert len(text.splitlines()) <= 100
    assert [name for name in _public("") if name not in text] == []
    assert 20 <= len(_public("")) <= 30


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


def test_little_is_loaded_to_assess() -> None:
    """``assess`` in Python and at the command line loads few modules, and none that are slow."""
    example = str(PACKAGE.parent / "examples" / "follow-ups" / "northumbria-2018.yaml")
    script = (
        "import json, os, sys\n"
        "from ncpi_rules import FollowUp, assess\n"
        f"assert assess(FollowUp.load({example!r}), on='2019-04-11').document.deadlines\n"
        "loaded = {'in Python': sorted(sys.modules)}\n"
        "from ncpi_rules.cli import main\n"
        "sys.stdout = open(os.devnull, 'w')\n"
        f"assert main(['assess', {example!r}, '--on', '2019-04-11']) == 0\n"
        "loaded['at the command line'] = sorted(sys.modules)\n"
        "print(json.dumps(loaded), file=sys.__stdout__)\n"
    )
    ran = subprocess.run(  # noqa: S603  our own interpreter, our own text
        [sys.executable, "-c", script],
        cwd=PACKAGE.parent,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    for where, loaded in json.loads(ran.stdout).items():
        own = [name for name in loaded if name.partition(".")[0] == LIBRARY]
        assert len(own) <= MOST_MODULES[where], own
        assert {"holidays", "matplotlib", "pyarrow", "rich.console", "urllib.request"}.isdisjoint(
            loaded
        )


def test_no_module_starts_anything() -> None:
    """Importing every module below the command line starts no thread and no durable-rules.

    The engine is loaded when rules are first compiled: until then nobody needs its C module.
    """
    missing = [package for package, needed in EXTRAS.items() if find_spec(needed) is None]
    below = [
        f"{LIBRARY}.{name}"
        for name in MODULES
        if name not in {"", "__main__"} and not any(_is_below(name, room) for room in missing)
    ]
    loaded, happened, threads = _import_in_a_new_interpreter(*below)
    assert loaded >= set(below)
    assert {"durable", "durable_rules_engine"} & loaded == set()
    assert [event for event, _ in happened if event != "open"] == []
    assert threads == ["MainThread"]
