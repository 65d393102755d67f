"""The documentation as a site: it builds without a warning, and loads nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import ncpi_rules
from ncpi_rules.checks import CODES
from ncpi_rules.cli import COMMANDS

NEEDED = ("sphinx", "myst_parser", "furo", "nbclient", "pyarrow", "icalendar")
pytestmark = pytest.mark.skipif(
    any(find_spec(name) is None for name in NEEDED), reason="the site needs the extra 'docs'"
)

TOP = Path(__file__).parents[1]
# What a browser fetches from another place: not a link that a reader may follow.
FETCHED = re.compile(
    r"""<(?!a\b)\w+\b[^>]*?\s(?:src|srcset|href|xlink:href|data|poster)\s*=\s*["']?\s*(?:https?:)?//"""
    r"""|@import\s+["']?(?:url\()?["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//""",
    re.IGNORECASE,
)


@pytest.fixture(scope="module", name="site")
def _site(tmp_path_factory: pytest.TempPathFactory, ran_notebooks: Path) -> Path:
    """Build the site; a warning, such as a link that leads nowhere, is an error."""
    folder = tmp_path_factory.mktemp("site")
    run = subprocess.run(  # noqa: S603  our own interpreter, our own pages
        [
            *(sys.executable, "-m", "sphinx", "-W", "-n", "-q", "-d", str(folder / "doctrees")),
            *("-D", f"ran_notebooks={ran_notebooks}", str(TOP / "docs"), str(folder / "site")),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return folder / "site"


def _text(page: Path) -> str:
    return page.read_text("utf-8")


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """No page, style or script of the site makes a browser ask another place for anything."""
    files = [file for file in site.rglob("*") if file.suffix in {".html", ".css"}]
    assert len(files) > len(CODES)
    assert [file.name for file in files if FETCHED.search(_text(file))] == []


@pytest.mark.parametrize(
    "code",
    [
        '<img src="https://example.org/a.png">',
        '<script async src="//example.org/a.js"></script>',
        '<link rel="stylesheet" href="http://example.org/a.css">',
        "<style>@import 'https://example.org/a.css'</style>",
        "body { background: url(//example.org/a.png) }",
    ],
)
def test_what_would_be_fetched_is_seen(code: str) -> None:
    """The pattern finds what a browser would fetch, and lets links and the site's own files be."""
    assert FETCHED.search(code)
    assert not FETCHED.search('<a href="https://example.org">x</a><img src="_images/a.png">')


def test_the_reference_is_whole(site: Path) -> None:
    """It has every public name, every command and every finding."""
    names = _text(site / "reference" / "api" / "index.html")
    assert [name for name in dir(ncpi_rules) if f'id="ncpi_rules.{name}"' not in names] == []
    commands = _text(site / "reference" / "command-line.html")
    assert [name for name in COMMANDS if f"ncpi-rules {name} " not in commands] == []
    assert [code for code in CODES if not (site / "findings" / f"{code}.html").is_file()] == []


def test_every_notebook_is_shown(site: Path) -> None:
    """Each notebook has a page with what it shows when it has run."""
    for notebook in sorted((TOP / "examples" / "notebooks").glob("*.py")):
        assert "<svg" in _text(site / "notebooks" / f"{notebook.stem}.html")


def test_nothing_is_left_to_be_made(site: Path) -> None:
    """Where a page says that something is made when the site is built, it has been made."""
    assert [page.name for page in site.rglob("*.html") if "<!-- made" in _text(page)] == []
