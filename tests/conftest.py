"""How the tests run: in every core where all of them do, and with brief searches.

``python -m pytest --long`` tries those too that take many seconds. With
``--hypothesis-profile=full`` it searches as long as the gate does. The gate notes what has passed
in one environment (``--note-passed``), and does not try it again in another (``--but-not``), unless
it searches there for longer.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast a machine is never decides whether a test passes, and no run depends on an earlier one.
# A hundred examples, so that the gate should end within a quarter of an hour on two idle cores.
settings.register_profile(
    "full",
    database=None,
    deadline=None,
    derandomize=True,
    max_examples=100,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("brief", settings.get_profile("full"), max_examples=20)
settings.load_profile("brief")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody ask for the tests that take many seconds, too."""
    parser.addoption("--long", action="store_true", help="try the tests marked as long, too")
    parser.addoption("--note-passed", metavar="FILE", help="write the ids of what passes to a file")
    parser.addoption("--but-not", metavar="FILE", help="leave out what such a file names")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked as long, unless asked for, and those that passed elsewhere."""
    noted = config.getoption("--but-not")
    passed = set(Path(noted).read_text("utf-8").splitlines()) if noted else set()
    left_out = [
        item
        for item in items
        if (item.get_closest_marker("long") is not None and not config.getoption("--long"))
        or (item.nodeid in passed and item.get_closest_marker("hypothesis") is None)
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


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
