"""What is installed where: as pyproject.toml says it, so do the README and the documentation."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[1]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
README = (TOP / "README.md").read_text("utf-8")
PAGE = (TOP / "docs" / "how-to" / "installing.md").read_text("utf-8")
CORE = [Requirement(text) for text in PROJECT["dependencies"]]


@pytest.mark.parametrize(
    ("system", "is_needed"), [("Windows", False), ("Linux", True), ("Darwin", True)]
)
def test_the_engine_is_asked_for_where_it_can_be_compiled(system: str, *, is_needed: bool) -> None:
    """On Windows all is installed but durable-rules; elsewhere durable-rules too."""
    needed = {
        requirement.name
        for requirement in CORE
        if requirement.marker is None or requirement.marker.evaluate({"platform_system": system})
    }
    assert {requirement.name for requirement in CORE} - needed <= {"durable-rules"}
    assert ("durable-rules" in needed) is is_needed


def test_the_line_without_a_compiler_names_all_but_the_engine() -> None:
    """What the README installs by name, so that nothing is compiled, is all that is needed."""
    (line,) = re.findall(r"<!-- command: without a compiler -->\n```sh\n(.+)\n```", README)
    first, second = line.split(" && ")
    named = first.removeprefix("python -m pip install ").split()
    needed = [*CORE, *map(Requirement, EXTRAS["cli"])]
    assert named == [
        requirement.name for requirement in needed if requirement.name != "durable-rules"
    ]
    assert second == "python -m pip install --no-deps ."


@pytest.mark.parametrize(
    "text", [*PROJECT["dependencies"], *(text for extra in EXTRAS.values() for text in extra)]
)
def test_every_requirement_has_a_range(text: str) -> None:
    """What the library needs has a lowest and a highest version, or is an extra of its own."""
    requirement = Requirement(text)
    bounds = {bound.operator for bound in requirement.specifier}
    assert bounds == {">=", "<"} or requirement.name == PROJECT["name"]


def test_the_page_lists_the_extras() -> None:
    """Every extra that somebody installs who does not build the library stands on the page."""
    listed = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(EXTRAS.keys() - {"assurance", "dev", "peers"})
    for extra in listed:
        assert f'python -m pip install ".[{extra}]"' in PAGE


@pytest.mark.long
def test_a_bill_of_materials_lists_what_the_library_needs(tmp_path: Path) -> None:
    """The command on the page lists all that is needed, each with its version, without a network.

    What is installed says its own name, version and licence.
    """
    pytest.importorskip("cyclonedx_py", reason="a bill of materials needs the extra 'assurance'")
    (typed,) = re.findall(r"^cyclonedx-py (environment .+) -o \S+$", PAGE, re.MULTILINE)
    bill = tmp_path / "bill.json"
    # Whether the bill keeps to its schema takes most of the time: the whole gate asks it.
    options = [*typed.split(), "--no-validate"]
    command = [sys.executable, "-m", "cyclonedx_py", *options, "-o", str(bill)]
    # A proxy that nobody is: whoever asked the network would fail.
    nowhere = {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
    subprocess.run(  # noqa: S603  our own interpreter, the command of our own page
        command, check=True, cwd=TOP, capture_output=True, env={**os.environ, **nowhere}
    )
    made = json.loads(bill.read_text("utf-8"))
    assert made["specVersion"] == "1.6"
    assert made["metadata"]["component"]["name"] == PROJECT["name"]
    listed = {canonicalize_name(part["name"]): part["version"] for part in made["components"]}
    for requirement in CORE:
        assert listed[canonicalize_name(requirement.name)] == version(requirement.name)
        assert requirement.specifier.contains(version(requirement.name))
