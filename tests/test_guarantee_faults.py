"""A fault planted against each guarantee of the README: the property of that guarantee fails."""

from __future__ import annotations

import compileall
import os
import py_compile
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests import test_guarantees

TOP: Final = Path(__file__).parents[1]
FAULTS: Final[list[dict[str, Any]]] = yaml.safe_load(
    (TOP / "tests" / "guarantee-faults.yaml").read_text("utf-8")
)["faults"]
COPIED: Final = (
    "ncpi_rules",
    "rulesets",
    "tests/rulesets",
    "docs/findings",
    "pyproject.toml",
    *(f"tests/{name}.py" for name in ("__init__", "conftest", "strategies", "test_guarantees")),
)
UNSHRUNK: Final = """
from hypothesis import Phase
settings.register_profile("unshrunk", settings.get_profile("full"), phases=[Phase.generate])
"""
"""Whether a property fails is asked, and not for the smallest case in which it does."""
FAILED: Final = 1
"""The exit status of pytest where a test fails: nothing else has gone wrong."""


@pytest.fixture(name="copy", scope="module")
def _copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the library, its rules and the properties."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
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
    return folder


def tried(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    """Return what came of a property, tried with the library in a folder."""
    test = f"tests/test_guarantees.py::{name}"
    options = ["-n", "0", "-x", "-q", "--long", "--hypothesis-profile=unshrunk"]
    return subprocess.run(  # noqa: S603  our own interpreter, our own tests
        [sys.executable, "-m", "pytest", *options, test],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.mark.long
@pytest.mark.sampled(3)
@pytest.mark.parametrize("planted", FAULTS, ids=lambda planted: planted["fault"])
def test_a_fault_against_a_guarantee_fails_its_property(
    planted: dict[str, Any], copy: Path
) -> None:
    """The property of the guarantee itself notices the fault; other tests are not asked."""
    file = copy / planted["file"]
    text = file.read_text("utf-8")
    assert text.count(planted["instead_of"]) == 1
    file.write_text(text.replace(planted["instead_of"], planted["put"]), "utf-8")
    try:
        ran = tried(copy, planted["property"])
    finally:
        file.write_text(text, "utf-8")
    assert ran.returncode == FAILED, ran.stdout
    assert re.search("AssertionError|EngineFault", ran.stdout)


def test_every_guarantee_has_a_fault_and_a_property() -> None:
    """No guarantee of the README is without a fault, nor any property that a fault names."""
    readme = (TOP / "README.md").read_text("utf-8")
    guarantees = readme.partition("## What it guarantees")[2].partition("\n## ")[0]
    numbers = {int(number) for number in re.findall(r"^(\d+)\. ", guarantees, re.MULTILINE)}
    assert {planted["guarantee"] for planted in FAULTS} == numbers
    for planted in FAULTS:
        assert hasattr(test_guarantees, planted["property"])
        assert planted["property"].startswith(f"test_{planted['guarantee']}_")


@pytest.mark.long
def test_without_a_fault_the_properties_hold(copy: Path) -> None:
    """The copy in which faults are planted is as good as what it is copied from."""
    assert tried(copy, "test_14_no_rule_says_more_than_its_statements").returncode == 0
    assert tried(copy, "test_8_unknown_is_never_overdue").returncode == 0
