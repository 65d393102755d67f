"""How the tests run: in every core where all of them do, and with brief searches.

``python -m pytest --long`` tries those too that take many seconds. What is costly is tried in
brief: of a test marked as ``sampled`` some cases, drawn by a seed (``--draw``); of a search, some
examples. ``--hypothesis-profile=full`` tries every case and searches longest, as ``.ci/run --full``
does. The gate notes what has passed in one environment (``--note-passed``), and does not try it
again in another (``--but-not``), unless it searches there at full length. On a further interpreter
and with the lowest versions it tries a share of the tests (``--share``), drawn by the same seed.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

# How fast a machine is never decides whether a test passes, and no run depends on an earlier one.
settings.register_profile(
    "full",
    database=None,
    deadline=None,
    derandomize=True,
    max_examples=100,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# As many examples as let the gate end within a quarter of an hour on two idle cores.
settings.register_profile("brief", settings.get_profile("full"), max_examples=20)
settings.load_profile("brief")

_AS_LONG_AS = 20
"""Of how many other tests a test marked as long takes the time, about."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody ask for the tests that take many seconds, too."""
    parser.addoption("--long", action="store_true", help="try the tests marked as long, too")
    parser.addoption("--note-passed", metavar="FILE", help="write the ids of what passes to a file")
    parser.addoption("--but-not", metavar="FILE", help="leave out what such a file names")
    parser.addoption(
        "--share",
        metavar="PART",
        type=float,
        default=1,
        help="try a part of the tests, such as 0.5",
    )
    parser.addoption("--draw", metavar="SEED", default="", help="draw other cases of long tests")


@pytest.fixture(scope="session", name="seed")
def _seed(pytestconfig: pytest.Config) -> int:
    """Return the seed of what a test draws at random: the same, or of each commit in the gate."""
    return Random(pytestconfig.getoption("--draw")).getrandbits(32)  # noqa: S311  no secret


def not_drawn(items: list[pytest.Item], seed: str) -> set[pytest.Item]:
    """Return the cases of sampled tests that are not among those that a seed draws."""
    sampled: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("sampled") is not None:
            sampled[item.nodeid.partition("[")[0]].append(item)
    left_out: set[pytest.Item] = set()
    for test, cases in sampled.items():
        (number,) = next(cases[0].iter_markers("sampled")).args
        chance = Random(f"{seed} {test}")  # noqa: S311  the same cases each time, and no secret
        left_out |= {*cases} - {*chance.sample(cases, min(number, len(cases)))}
    return left_out


def not_shared(items: list[pytest.Item], share: float, seed: str) -> set[pytest.Item]:
    """Return the tests that are not in the share of them that a seed draws."""
    chance = Random(seed)  # noqa: S311  the same tests each time, and no secret
    return {item for item in items if chance.random() >= share}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked as long, unless asked for, and those that passed elsewhere."""
    noted = config.getoption("--but-not")
    passed = set(Path(noted).read_text("utf-8").splitlines()) if noted else set()
    is_full = config.getoption("--hypothesis-profile") == "full"
    is_long = config.getoption("--long")
    seed = config.getoption("--draw")
    left_out = set() if is_full else not_drawn(items, seed)
    left_out |= not_shared(items, config.getoption("--share"), seed)
    left_out |= {
        item
        for item in items
        if (item.get_closest_marker("long") is not None and not is_long)
        or (
            item.nodeid in passed
            and not (is_full and item.get_closest_marker("hypothesis") is not None)
        )
    }
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]
    if hasattr(config, "workerinput"):  # the files that take longest come first, to share them well
        tests: defaultdict[Path, int] = defaultdict(int)
        for item in items:
            tests[item.path] += 1 if item.get_closest_marker("long") is None else _AS_LONG_AS
        items.sort(key=lambda item: -tests[item.path])
        gc.set_threshold(50_000)  # to look through all that is loaded again and again takes long


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Write the ids of the tests that passed, if somebody asks for them."""
    noted = config.getoption("--note-passed")
    if noted:
        passed = {report.nodeid for report in terminalreporter.getreports("passed")}
        Path(noted).write_text("".join(f"{test}\n" for test in sorted(passed)), "utf-8")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Return no workers where somebody asks for some of the tests: starting them takes longer."""
    return 0 if config.args_source is pytest.Config.ArgsSource.ARGS else None


class ByFile(LoadFileScheduling):  # type: ignore[misc]
    """All tests of a file in one process, and all that need the notebooks, which then run once."""

    # pinned: xdist has no other place to say which tests share a process
    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)  # pinned: as above
        return "notebooks" if file in {"tests/test_notebooks.py", "tests/test_site.py"} else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """Return how the tests are shared out, unless somebody asks for another way."""
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session", name="ran_notebooks")
def _ran_notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run every notebook once, and make its page: for their own tests and for the documentation."""
    folder = tmp_path_factory.mktemp("notebooks")
    program = Path(__file__).parents[1] / "examples" / "python" / "pages.py"
    ran = subprocess.run(  # noqa: S603  our own interpreter, our own program
        [sys.executable, str(program), str(folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    return folder
