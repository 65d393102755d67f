"""One function applied to many items by several processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

Progress: TypeAlias = Callable[[int, int], object]
"""A function that is called with the number of items done and the number of all items."""

FEWEST_ITEMS: Final = 100
"""By default each process has at least this many items, since starting it takes time."""

_CHUNK: Final = 8
"""The number of items that a process is handed at a time."""

T = TypeVar("T")
R = TypeVar("R")


def run_in_workers(
    function: Callable[[T], R],
    items: Sequence[T],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[R, ...]:
    """Return what a function returns for each item, in the order of the items.

    ``workers`` is the number of processes, one for each core unless given; with 1 the function is
    called in this process. The function and the items must be picklable. Raises what the function
    raises.

    >>> run_in_workers(abs, [-1, 2, -3], workers=1)
    (1, 2, 3)
    """
    number = min(_cores(), len(items) // FEWEST_ITEMS) if workers is None else workers
    results: list[R] = []
    for result in map(function, items) if number < 2 else _in_processes(function, items, number):  # noqa: PLR2004
        results.append(result)
        if progress is not None:
            progress(len(results), len(items))
    return tuple(results)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_processes(function: Callable[[T], R], items: Sequence[T], number: int) -> Iterator[R]:
    with ProcessPoolExecutor(
        number, mp_context=_context(), initializer=_Worker.start, initargs=(function,)
    ) as pool:
        yield from pool.map(_Worker.call, items, chunksize=_CHUNK)


def _context() -> BaseContext:
    """Return how processes are started; a fork is safe on Linux, and while no other thread runs."""
    forks = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if forks else "spawn")


class _Worker:
    """What a process that was started here calls: handed over once, not with each item."""

    function: Callable[[Any], Any]

    @classmethod
    def start(cls, function: Callable[[Any], Any]) -> None:
        cls.function = function
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others

    @classmethod
    def call(cls, item: Any) -> Any:
        return cls.function(item)
