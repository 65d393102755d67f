"""Nothing outside the arguments matters: no thread, process, clock, network or earlier use."""

from __future__ import annotations

import multiprocessing
import pickle
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Final, NoReturn

import pytest

import ncpi_rules
from ncpi_rules import FollowUp, Plan, assess, load_ruleset
from ncpi_rules.cli import main
from ncpi_rules.ruleset.layout import shipped_rulesets  # pinned: the folder that is installed

TOP: Final = Path(__file__).parents[1]
PACKAGE: Final = Path(ncpi_rules.__file__).parent
FILES: Final = sorted((TOP / "examples" / "follow-ups").glob("*.yaml"))
EDITION: Final = Path(str(shipped_rulesets())) / "ncpi-follow-up" / "as-published"
DAY: Final = "2019-04-11"


def plan_of(path: Path) -> str:
    """Return the plan of a follow-up as JSON; here, so that another process can find it."""
    return assess(FollowUp.load(path), on=DAY).to_json()


@pytest.fixture(name="right", scope="module")
def _right() -> list[str]:
    return [plan_of(path) for path in FILES]


def test_threads_say_what_one_says(right: list[str]) -> None:
    """Eight threads that assess at once, with one ruleset, give the plans that one gives."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            plans = list(pool.map(plan_of, FILES * 4))
    finally:
        sys.setswitchinterval(interval)
    assert plans == right * 4


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize(
    "start", sorted({"fork", "spawn"} & {*multiprocessing.get_all_start_methods()})
)
def test_processes_say_what_one_says(start: str, right: list[str]) -> None:
    """A process that is forked amid the use of the engine, or begun anew, gives the same plans."""
    context = multiprocessing.get_context(start)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        assert list(pool.map(plan_of, FILES)) == right


def test_pickles_say_the_same(right: list[str]) -> None:
    """A plan and a follow-up that went through a pickle say what they said."""
    for path, text in zip(FILES[:3], right, strict=False):
        follow_up = FollowUp.load(path)
        again: FollowUp = pickle.loads(pickle.dumps(follow_up))  # noqa: S301  our own bytes
        plan: Plan = pickle.loads(pickle.dumps(assess(again, on=DAY)))  # noqa: S301
        assert (again, plan.to_json()) == (follow_up, text)


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system has no such file")
def test_many_cases_and_reloads_keep_no_memory() -> None:
    """Memory grows neither with the cases assessed nor with the rulesets loaded."""
    script = """
import datetime, gc, os, sys
from ncpi_rules import assess, load_ruleset
def megabytes():
    gc.collect()
    with open("/proc/self/statm") as figures:
        return int(figures.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
def assessed(numbers):
    for number in numbers:
        day = datetime.date.fromordinal(736_000 + number).isoformat()
        report = {"published": day}
        assess({"force": "kent", "inspection_report": report}, on="2019-04-11").to_json()
def reloaded(times):
    for _ in range(times):
        rules = load_ruleset(sys.argv[1])
        assess({"force": "kent"}, on="2019-04-11", ruleset=rules).to_json()
assessed(range(60))
reloaded(2)
before = megabytes()
assessed(range(60, 240))
middle = megabytes()
reloaded(3)
print(middle - before, megabytes() - middle)
"""
    ran = subprocess.run(  # noqa: S603  our own script
        [sys.executable, "-c", script, str(EDITION)],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    cases, reloads = map(int, ran.stdout.split())
    assert cases < 10
    assert reloads < 25


def _refuse(*_: object, **__: object) -> NoReturn:
    message = "The library asked for the clock or the network."
    raise AssertionError(message)


def test_no_clock_and_no_network_are_asked(
    right: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With sockets and clocks that raise, a ruleset is loaded and all is assessed as before."""
    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, _refuse)
    clocks: list[tuple[object, str]] = [(time, name) for name in ("time", "localtime", "time_ns")]
    for module, name in clocks:
        monkeypatch.setattr(module, name, _refuse)
    rules = load_ruleset(EDITION)
    plans = [assess(FollowUp.load(path), on=DAY, ruleset=rules).to_json() for path in FILES]
    monkeypatch.undo()
    assert len(plans) == len(right)
    assert all('"tier"' in plan for plan in plans)


def test_the_clock_is_read_in_one_module() -> None:
    """Only the command line, where no day is given, asks what day it is."""
    asks = re.compile(r"\.(today|now|utcnow)\(|\btime\.time|\blocaltime\b")
    asking = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if asks.search(path.read_text("utf-8"))
    }
    assert asking == {"cli/options.py"}


def test_no_command_with_a_day_opens_a_socket(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Commands that are given the day need no network, and print the same at any hour."""
    monkeypatch.setattr(socket, "socket", _refuse)
    printed = []
    for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        monkeypatch.setenv("TZ", zone)
        if hasattr(time, "tzset"):
            time.tzset()
        assert main(["assess", str(FILES[0]), "--on", DAY, "--format", "json"]) == 0
        printed.append(capsys.readouterr().out)
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()
    assert len({*printed}) == 1
