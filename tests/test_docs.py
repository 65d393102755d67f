"""The documentation: what a page tells a reader to type works, and says what the page says.

On one page the blocks are tried in their order, in a folder of its own that has what the repository
has. Of a block of Python every statement runs, and where a comment beside an expression is a value,
that is its value. Of a block for the terminal every command runs; a block of ``text`` further on is
what the last one prints, and ``...`` on a line of its own stands for any lines. Comments say what
a reader does by hand::

    <!-- file: NAME -->           the block below is written to a file of this name
    <!-- edit: NAME | OLD | NEW -->   in this file, one text takes the place of another
    <!-- status: 1 -->            the command below ends with this exit status, and not with 0
    <!-- not run: REASON -->      the block below is not tried

A block of YAML that is no file of its own is what some file may say, or an entry of it.
"""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shlex
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from ncpi_rules.cli import main
from ncpi_rules.core import MissingExtraError, NcpiRulesError
from ncpi_rules.io import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = Path(__file__).parents[1]
PAGES = [
    TOP / "README.md",
    *sorted(
        page
        for page in (TOP / "docs").rglob("*.md")
        if not {"decisions", "findings"} & {*page.parts}  # tests/test_findings.py tries the second
    ),
]
IDS = [page.relative_to(TOP).as_posix() for page in PAGES]
PART = re.compile(
    r"^<!-- (?P<order>file|edit|status|not run): (?P<told>.+?) -->$"
    r"|^(?P<indent> *)```(?P<language>\{?\w*\}?)[^\n]*\n(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
LONGEST = 130
"""How many letters a line of a page has."""
FILE_NAMED = re.compile(r"^# \S+\.yaml\b.*\n", re.MULTILINE)
SCHEMAS = [
    json.loads(path.read_text("utf-8"))
    for path in sorted((TOP / "ncpi_rules" / "io" / "schemas").glob("*.json"))
]
TYPED = {"sh", "console", "powershell"}
# What is tried elsewhere: by the gate, on a network, or by hand.
NOT_TRIED = re.compile(
    r"python -m (pip|pytest|tests|sphinx|jupyter)\b|pip |cd |git |pyinstaller |jupyter |code "
)


class Part(NamedTuple):
    """A block of a page, or a comment that says what a reader does."""

    line: int
    order: str
    text: str


def _parts(page: Path) -> Iterator[Part]:
    text = page.read_text("utf-8")
    for match in PART.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match["order"]:
            yield Part(line, match["order"], match["told"])
        else:
            body = re.sub(rf"^{match['indent']}", "", match["body"], flags=re.MULTILINE)
            yield Part(line, match["language"] or "plain", body)


class Reader:
    """Somebody who does what a page says, in a folder."""

    def __init__(self, page: Path) -> None:
        """Open a page."""
        self.page = page
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.printed = ""
        self.file = ""
        self.status = 0

    def follow(self) -> None:
        """Do all of it."""
        is_left_out = False
        for part in _parts(self.page):
            place = f"{self.page.name}:{part.line}"
            if part.order == "not run":
                is_left_out = True
                continue
            if not is_left_out:
                self._do(part, place)
            is_left_out = False

    def _do(self, part: Part, place: str) -> None:
        if part.order == "status":
            self.status = int(part.text)
        elif part.order == "file":
            self.file = part.text
        elif part.order == "edit":
            _edit(*part.text.split(" | "))
        elif self.file:
            Path(self.file).parent.mkdir(parents=True, exist_ok=True)
            Path(self.file).write_text(part.text, "utf-8")
            self.file = ""
        else:
            self._try(part, place)

    def _try(self, part: Part, place: str) -> None:
        """Try a block as what it is."""
        if part.order == "python":
            self._run(part, place)
        elif part.order in TYPED:
            for command in part.text.replace("\\\n", "").splitlines():
                self._type(command.removeprefix("$ "), place)
        elif part.order == "text" and self.printed:
            assert _shows(self.printed, part.text), f"{place}: it prints\n{self.printed[-4000:]}"
        elif part.order == "yaml":
            for piece in filter(str.strip, FILE_NAMED.split(part.text)):
                assert _fits(piece), f"{place}: no file may say\n{piece}"
        else:
            assert part.order != "plain", f"{place}: say in which language this is"

    def _run(self, part: Part, place: str) -> None:
        lines = part.text.splitlines()
        printed = io.StringIO()
        with redirect_stdout(printed):
            for node in ast.parse(part.text).body:
                code = ast.Module([node], [])
                if not isinstance(node, ast.Expr):
                    exec(compile(code, place, "exec"), self.names)  # noqa: S102  our own page
                    continue
                value = eval(  # noqa: S307  our own page
                    compile(ast.Expression(node.value), place, "eval"), self.names
                )
                end = node.end_lineno or node.lineno
                comment = lines[end - 1][node.end_col_offset :].strip(" #")
                try:
                    expected = ast.literal_eval(comment)
                except (SyntaxError, ValueError):
                    continue
                assert value == expected, f"{place}: {ast.unparse(node)}"
        self.printed = printed.getvalue()

    def _type(self, command: str, place: str) -> None:
        command = command.rsplit(" && ", maxsplit=1)[-1]
        if not command.strip() or NOT_TRIED.match(command):
            return
        command, _, target = command.partition(" > ")
        typed = shlex.split(command, comments=True)
        if typed[:3] == ["python", "-m", "ncpi_rules"]:
            typed[:3] = ["ncpi-rules"]
        if typed[0] == "cp":
            shutil.copytree(typed[-2], typed[-1])
            return
        assert typed[0] == "ncpi-rules", f"{place}: {command}"
        arguments = [
            name
            for argument in typed[1:]
            for name in (sorted(map(str, Path().glob(argument))) if "*" in argument else [argument])
        ]
        printed, complaints = io.BytesIO(), io.StringIO()
        terminal = io.TextIOWrapper(printed, "utf-8", newline="\n", write_through=True)
        with redirect_stdout(terminal), redirect_stderr(complaints):
            status = main(arguments)
        assert status == self.status, f"{place}: {command}\n{complaints.getvalue()}"
        self.status = 0
        self.printed = printed.getvalue().decode("utf-8", "replace") + complaints.getvalue()
        if target:
            Path(target.strip()).write_bytes(printed.getvalue())


def _edit(name: str, old: str, new: str) -> None:
    text = Path(name).read_text("utf-8")
    assert text.count(old) == 1, f"{name} has {old!r} {text.count(old)} times"
    Path(name).write_text(text.replace(old, new), "utf-8")


def _fits(text: str) -> bool:
    """Return whether some file may say this, or an entry of one of its lists."""
    data = read_yaml(text, NcpiRulesError).data
    return any(_allowed(schema, data) for schema in SCHEMAS)


def _allowed(schema: Any, data: Any) -> bool:
    """Return whether a schema allows this, whatever is left out beside it."""
    named: Any = schema["$defs"]
    some: Any = {"required": [], "oneOf": [{}]}
    if isinstance(data, dict) and _is_valid({**schema, **some}, data):
        return True
    for part in schema.get("properties", {}).values():
        list_ = _named(part, named)
        if list_.get("type") != "array":
            continue
        if isinstance(data, list) and _is_valid({**list_, "$defs": named}, data):
            return True
        entry = _named(list_["items"], named)
        if isinstance(data, dict) and _is_valid({**entry, **some, "$defs": named}, data):
            return True
    return False


def _named(part: Any, named: Any) -> Any:
    return named[part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def _is_valid(schema: Any, data: Any) -> bool:
    return bool(Draft202012Validator(schema).is_valid(data))


def _shows(printed: str, expected: str) -> bool:
    """Return whether lines are printed as a page has them; '...' stands for any.

    A line that is too long for a page may stand there on several.
    """
    if len(max(printed.splitlines(), key=len)) > LONGEST:
        return " ".join(expected.split()) in " ".join(printed.split())
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == "..." else rf"[ ]*{re.escape(line.strip())}[ ]*\n"
        for line in expected.splitlines()
    )
    return re.search(rf"^{pattern}", printed + "\n", re.MULTILINE) is not None


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the examples and the rules that the repository has."""
    shutil.copytree(TOP / "examples", tmp_path / "examples")
    shutil.copytree(TOP / "rulesets", tmp_path / "rulesets")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES, ids=IDS)
@pytest.mark.usefixtures("folder")
def test_what_a_page_says_works(page: Path) -> None:
    """Every command ends as it should, every statement runs, and what is printed is as shown."""
    try:
        Reader(page).follow()
    except (ModuleNotFoundError, MissingExtraError) as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"{missing}")


# --- links ----------------------------------------------------------------------------------------

LINK = re.compile(r"\[[^]]*]\(([^)\s]+)\)")
LINKED = [*PAGES, *sorted((TOP / "rulesets").rglob("*.md")), *(TOP / "docs").rglob("[0-9]*.md")]


def _anchors(page: Path) -> set[str]:
    """Return the names of the headings of a page, as links say them."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {
        re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.relative_to(TOP).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link within the project names a file that is there, and a heading of it."""
    broken = []
    for link in LINK.findall(page.read_text("utf-8")):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if "://" in link or target.suffix == ".html":
            continue
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []
