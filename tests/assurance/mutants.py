"""Change the library at random places, one at a time, and see whether its tests notice.

``python -m tests.assurance.mutants --seed 20261202 --places 25`` tries so many places of each room.
The changes are those of cosmic-ray. Its own driver tries every place, in the checkout itself, and
mutmut leaves out all that stands in a class with a decorator, which nearly all of ours have.
"""

from __future__ import annotations

import ast
import compileall
import json
import os
import py_compile
import re
import resource
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from contextlib import suppress
from importlib import import_module
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from attrs import asdict, evolve, field, frozen

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

TOP: Final = Path(__file__).parents[2]
COPIED: Final = ("ncpi_rules", "rulesets", "tests", "docs", "examples", "pyproject.toml")
ALONE: Final = ("README.md", "LICENSE", *COPIED)

TESTS: Final = {
    "engine": ("engine/test_engine", "engine/test_table"),
    "deadlines": ("test_statuses", "test_figures", "test_oracle", "test_partial_dates"),
    "facts": ("test_facts", "test_partial_dates", "test_unknown", "test_contract"),
    "checks": ("test_checks", "test_trace"),
}
"""The tests of each room."""

WIDER: Final = {
    "engine": ("test_differential", "test_tables", "test_checks", "test_plan_schema"),
    "deadlines": ("test_revisits", "test_days", "test_edition", "test_guarantees", "test_golden"),
    "facts": (
        "test_statuses",
        "test_revisits",
        "test_records",
        "test_schemas",
        "test_guarantees",
        "test_broken",
    ),
    "checks": (
        "test_check_command",
        "test_statements",
        "test_unknown",
        "test_second_ruleset",
        "test_copies",
    ),
}
"""The tests that are asked as well where those of the room notice nothing."""

UNSHRUNK: Final = """
from hypothesis import Phase
_phases = [Phase.explicit, Phase.generate]
settings.register_profile("unshrunk", settings.get_profile("brief"), phases=_phases)
"""
"""Whether a property fails is asked, and not for the smallest case in which it does."""

NOTICED: Final = 0.9
"""The share of the changes of a room that its tests must notice, those explained left out."""

PLACE: Final = ("file", "before", "after")
"""By what a change is known again, wherever its line is now."""

SECONDS: Final = 300
"""The seconds of the processor for the tests of one mutant."""
MOST_SECONDS: Final = 1800
BYTES: Final = 8 << 30
FAILED: Final = 1
"""The exit status of pytest where a test fails."""

NEEDED: Final = ("durable.lang", "holidays", "hypothesis", "pendulum", "pyarrow.csv", "yaml")

# What is the same object is equal, and the other way round for all that is compared by `is`.
_EQUIVALENT: Final = re.compile(r"Comparison\w*_(Is_Eq|Eq_Is|IsNot_NotEq|NotEq_IsNot)$")


@frozen(kw_only=True)
class Mutant:
    """One change of one place: the lines before and after, and the first test that failed.

    A ``late`` one was noticed only by a test that was written since it had lived.
    """

    file: str
    line: int
    operator: str
    before: str
    after: str
    killed_by: str = ""
    late: bool = False


class _WithoutTypes(ast.NodeTransformer):
    """Takes out what no interpreter looks at."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Take the type from a name."""
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Take the type from a parameter."""
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Take the type from what a function returns."""
        node.returns = None
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        """Take out what is imported for types alone."""
        asked = {name.id for name in ast.walk(node.test) if isinstance(name, ast.Name)}
        return None if "TYPE_CHECKING" in asked else self.generic_visit(node)


def _means(code: str) -> str | None:
    """Return what the interpreter sees of a program; None where it is no program."""
    try:
        return ast.dump(_WithoutTypes().visit(ast.parse(code)))
    except SyntaxError:
        return None


def _places(path: Path) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """Return the places of a file where something can be changed: each operator, and its number."""
    from cosmic_ray.ast import ast_nodes, get_ast  # noqa: PLC0415  it is installed for this alone
    from cosmic_ray.plugins import get_operator, operator_names  # noqa: PLC0415

    nodes = [*ast_nodes(get_ast(path.read_text("utf-8")))]
    places: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for name in sorted(operator_names()):
        operator = get_operator(name)
        if operator.arguments() or _EQUIVALENT.search(name):
            continue
        starts = (start for node in nodes for start, *_ in operator().mutation_positions(node))
        for number, start in enumerate(starts):
            places.setdefault(start, []).append((name, number))
    return places


def mutants(room: str, seed: int) -> Iterator[Mutant]:
    """Yield mutants of a room: a place at random, then one of the changes that can be made there.

    What differs only in types, or is no program, is passed over.
    """
    from cosmic_ray.mutating import mutate_code  # noqa: PLC0415  it is installed for this alone
    from cosmic_ray.plugins import get_operator  # noqa: PLC0415

    random = Random(f"{room} {seed}")  # noqa: S311  a seed, so that all can be tried again
    files = sorted((TOP / "ncpi_rules" / room).glob("*.py"))
    places = [(file, *place) for file in files for place in sorted(_places(file).items())]
    random.shuffle(places)
    for file, (line, _), changes in places:
        name, number = random.choice(changes)
        code = file.read_text("utf-8")
        changed = mutate_code(code, get_operator(name)(), number)
        if changed is None or _means(changed) in {None, _means(code)}:
            continue
        before, after = _differing(code.splitlines(), changed.splitlines())
        yield Mutant(
            file=file.relative_to(TOP).as_posix(),
            line=line,
            operator=name.rpartition("/")[2],
            before=before,
            after=after,
        )


def _differing(before: list[str], after: list[str]) -> tuple[str, str]:
    """Return the lines in which two texts differ."""
    start = 0
    while before[start : start + 1] == after[start : start + 1]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return tuple("\n".join(text[start : len(text) - end]) for text in (before, after))  # type: ignore[return-value]


def planted(text: str, mutant: Mutant) -> str | None:
    """Return a file with the change in it, nearest to its line; None where its lines are gone."""
    lines, before = text.splitlines(), mutant.before.splitlines()
    starts = [
        at
        for at in range(len(lines) - len(before) + 1)
        if before and lines[at : at + len(before)] == before
    ]
    if not starts:
        return None
    start = min(starts, key=lambda at: abs(at + 1 - mutant.line))
    lines[start : start + len(before)] = mutant.after.splitlines()
    return "\n".join([*lines, ""])


@frozen
class Copy:
    """A copy of the project, in which mutants are planted; compiled, so that tests start soon."""

    folder: Path
    passing: set[tuple[str, ...]] = field(factory=set)
    """The sets of tests that are known to pass without a mutant."""

    @classmethod
    def made(cls, folder: Path) -> Copy:
        """Return a copy in a folder."""
        for name in ALONE:
            if (TOP / name).is_dir():
                left_out = shutil.ignore_patterns("__pycache__")
                shutil.copytree(TOP / name, folder / name, ignore=left_out)
            else:
                shutil.copy(TOP / name, folder / name)
        with (folder / "tests" / "conftest.py").open("a", encoding="utf-8") as conftest:
            conftest.write(UNSHRUNK)
        # By the content and not by the time: two changes of a file may fall into one second.
        by_content = py_compile.PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(folder / "ncpi_rules", quiet=1, invalidation_mode=by_content)
        return cls(folder)

    def failing(self, tests: tuple[str, ...]) -> str:
        """Return the first test that fails, or how else the tests end; nothing where all pass."""
        log = self.folder / "log.txt"
        # A fork has pytest and all that the library needs already, and no module of the library.
        process = get_context("fork").Process(target=_run_tests, args=(self.folder, tests, log))
        process.start()
        process.join(MOST_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
        if process.exitcode == 0:
            return ""
        failed = re.search(
            r"^(?:FAILED|ERROR) (.+?)(?: - |$)", log.read_text("utf-8", "replace"), re.MULTILINE
        )
        is_failed = process.exitcode == FAILED and failed is not None
        return failed[1] if is_failed and failed else f"ended with {process.exitcode}"

    def fate(self, mutant: Mutant, *several: tuple[str, ...]) -> Mutant:
        """Return a mutant with the first test that failed, of several sets one after another."""
        file = self.folder / mutant.file
        text = file.read_text("utf-8")
        changed = planted(text, mutant)
        assert changed is not None, mutant
        for tests in several:
            if tests not in self.passing:
                assert self.failing(tests) == "", "tests fail without a mutant"
                self.passing.add(tests)
            file.write_text(changed, "utf-8")
            try:
                failing = self.failing(tests)
            finally:
                file.write_text(text, "utf-8")
            if failing:
                return evolve(mutant, killed_by=failing)
        return evolve(mutant, late=False)


def _run_tests(folder: Path, tests: tuple[str, ...], log: Path) -> None:
    """Run some tests of a copy in this process, and end it with the exit status of pytest."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))  # a loop without end is an end, too
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    for name in [*sys.modules]:
        if name.partition(".")[0] in {"ncpi_rules", "tests"}:
            del sys.modules[name]
    sys.path[:] = [str(folder), *(path for path in sys.path if path not in {"", str(TOP)})]
    sys.dont_write_bytecode = True
    os.environ.update(PYTHONPATH=str(folder), PYTHONDONTWRITEBYTECODE="1")
    os.chdir(folder)
    with log.open("wb") as opened:
        os.dup2(opened.fileno(), 1)
        os.dup2(opened.fileno(), 2)
    options = [
        "-x",
        "-q",
        "--tb=no",
        "-n",
        "0",
        "--hypothesis-profile=unshrunk",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    ]
    status = pytest.main([*options, *tests])
    sys.stdout.flush()
    sys.exit(status)


def is_explained(mutant: dict[str, Any]) -> bool:
    """Return True for a change of which it is written down why nothing needs to notice it."""
    reasons = json.loads((Path(__file__).parent / "survivors.json").read_text("utf-8"))
    return any(all(reason[key] == mutant[key] for key in PLACE) for reason in reasons)


def tests_of(room: str) -> list[tuple[str, ...]]:
    """Return the files of tests of a room, those first that take the least, and the others."""
    return [(f"tests/{name}.py",) for name in (*TESTS[room], *WIDER[room])]


def drawn(room: str, asked: Namespace, copy: Copy) -> list[tuple[Mutant, list[tuple[str, ...]]]]:
    """Return the mutants of a room that are asked for, each with the files of tests to run."""
    if asked.again is None and asked.noticed is None:
        return [
            (mutant, tests_of(room)) for mutant in islice(mutants(room, asked.seed), asked.places)
        ]
    rooms = json.loads((asked.again or asked.noticed).read_text("utf-8"))["rooms"]
    earlier = [Mutant(**entry) for entry in rooms.get(room, ())]
    if asked.again:
        earlier = [evolve(mutant, late=mutant.late or not mutant.killed_by) for mutant in earlier]
        return [(mutant, [] if mutant.killed_by else tests_of(room)) for mutant in earlier]
    texts = {mutant.file: (copy.folder / mutant.file).read_text("utf-8") for mutant in earlier}
    still = [
        mutant
        for mutant in earlier
        if "::" in mutant.killed_by and planted(texts[mutant.file], mutant) is not None
    ]
    many = min(asked.places, len(still))
    chosen = Random(asked.seed).sample(still, many)  # noqa: S311  a seed, as above
    return [(evolve(mutant, killed_by=""), [(mutant.killed_by,)]) for mutant in chosen]


def main() -> int:
    """Try mutants of each room, and print which live; return 1 where too many do."""
    parser = ArgumentParser(prog="python -m tests.assurance.mutants", description=__doc__)
    parser.add_argument("--places", type=int, default=25, help="places of each room")
    parser.add_argument("--seed", type=int, default=20261202)
    parser.add_argument("--only", default="", help="rooms whose names begin so")
    parser.add_argument("--again", type=Path, help="try those again that lived in such a file")
    parser.add_argument("--noticed", type=Path, help="try some noticed in such a file")
    parser.add_argument("--json", type=Path, help="write the figures into this file, too")
    asked = parser.parse_args()
    for name in NEEDED:
        with suppress(ImportError):
            import_module(name)
    rooms: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        copy = Copy.made(Path(temporary))
        for room in TESTS:
            if not room.startswith(asked.only):
                continue
            fates: list[Mutant] = []
            for mutant, tests in drawn(room, asked, copy):
                fate = copy.fate(mutant, *tests) if tests else mutant
                fates.append(fate)
                says = fate.killed_by or f"LIVES: {fate.before.strip()} -> {fate.after.strip()}"
                sys.stdout.write(f"{fate.file}:{fate.line} {fate.operator}: {says}\n")
                sys.stdout.flush()
                rooms[room] = [asdict(fate) for fate in fates]
                if asked.json:  # as far as it has come
                    run = {"seed": asked.seed, "places": asked.places, "rooms": rooms}
                    text = json.dumps(run, indent=1)
                    asked.json.write_text(f"{text}\n", "utf-8")
            killed = sum(bool(fate.killed_by) for fate in fates)
            sys.stdout.write(f"{room}: {killed} of {len(fates)} are noticed\n")
    shares = [
        sum(bool(entry["killed_by"]) for entry in counted) / len(counted)
        for tried in rooms.values()
        if (counted := [entry for entry in tried if not is_explained(entry)])
    ]
    return 1 if min(shares, default=0) < NOTICED else 0


if __name__ == "__main__":
    sys.exit(main())
