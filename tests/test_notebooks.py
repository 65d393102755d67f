"""The notebooks: each runs in a fresh kernel without a warning, and shows its pictures."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED = ("ipykernel", "ipywidgets", "jupytext", "nbconvert", "pyarrow")
MISSING = [name for name in NEEDED if find_spec(name) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason="the notebooks need the extras 'notebook' and 'columns'"
)

EXAMPLES = Path(__file__).parents[1] / "examples"
# The least number of pictures that each shows.
PICTURES = {
    "1-a-first-plan": 1,
    "2-the-six-month-ceiling": 3,
    "3-what-the-real-histories-show": 3,
    "4-which-open-questions-matter": 1,
    "5-a-four-month-ceiling": 3,
    "6-a-million-scenarios": 4,
    "7-what-if": 1,
}
# What a browser would fetch; a link that a reader may follow is fetched only when it is followed.
FETCHED = re.compile(
    r"""<(?!a\b)\w+\b[^>]*?\s(?:src|href|xlink:href|data|poster)\s*=\s*["']?(?![#"'\s])(?!data:)"""
    r"""|@import|url\(\s*["']?(?![#"'\s])(?!data:)|<script|<link|<iframe|import\(""",
    re.IGNORECASE,
)


def _outputs(ran_notebooks: Path, name: str) -> Iterator[dict[str, Any]]:
    notebook = json.loads((ran_notebooks / f"{name}.ipynb").read_text("utf-8"))
    for cell in notebook["cells"]:
        yield from cell.get("outputs", [])


def test_each_notebook_is_here() -> None:
    """Every notebook has a number of pictures that it must show."""
    assert {file.stem for file in (EXAMPLES / "notebooks").glob("*.py")} == {*PICTURES}
    assert not list(EXAMPLES.rglob("*.ipynb"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_notebook_runs_and_shows_its_pictures(ran_notebooks: Path, name: str) -> None:
    """It ends without an error or a warning, and shows what it guarantees."""
    outputs = list(_outputs(ran_notebooks, name))
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert [output["text"] for output in outputs if output.get("name") == "stderr"] == []
    shown = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    assert (
        sum(text.count('<svg xmlns="http://www.w3.org/2000/svg"') for text in shown)
        >= PICTURES[name]
    )


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_loaded_from_elsewhere(ran_notebooks: Path, name: str) -> None:
    """Neither a result nor the page of a notebook makes a browser fetch anything."""
    for output in _outputs(ran_notebooks, name):
        for kind in ("text/html", "image/svg+xml"):
            content = "".join(output.get("data", {}).get(kind, ""))
            assert FETCHED.search(content) is None
    page = (ran_notebooks / f"{name}.html").read_text("utf-8")
    assert FETCHED.search(page) is None
    assert page.count("<h1") == 1
    assert page.count("<svg") >= PICTURES[name]


@pytest.mark.parametrize(
    "content",
    [
        '<img src="https://example.org/a.png">',
        "<style>@import 'a.css'</style>",
        '<image xlink:href="http://example.org/a.png"/>',
        "<p style='background: url(a.png)'>",
        "<script>1</script>",
    ],
)
def test_what_would_be_fetched_is_seen(content: str) -> None:
    """The pattern finds what a browser would fetch, and lets a link and a name within be."""
    assert FETCHED.search(content)
    assert FETCHED.search('<a href="https://example.org">x</a><use xlink:href="#a"/>') is None
