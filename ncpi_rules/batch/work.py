"""Who works on the stretches of a table: one after another, or several threads where asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.batch.chunk import STRETCH, Scratch, Stretch

if TYPE_CHECKING:
    from ncpi_rules.batch.buffers import Running


@frozen
class Workers:
    """So many threads, and their memory, which serves from one batch to the next."""

    count: int
    _free: dict[tuple[int, int], list[Scratch]] = field(factory=dict)

    def work(self, running: Running) -> None:
        """Work on every stretch of a table."""
        starts = range(0, running.columns.rows, STRETCH)
        if self.count == 1 or len(starts) == 1:
            for start in starts:
                self._work_on(running, start)
            return
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  only where asked for

        with ThreadPoolExecutor(self.count) as pool:
            for _ in pool.map(lambda start: self._work_on(running, start), starts):
                pass

    def _work_on(self, running: Running, start: int) -> None:
        wiring, rows = running.compiled.wiring, min(running.columns.rows, STRETCH)
        free = self._free.setdefault((wiring.size, rows), [])
        try:
            scratch = free.pop()
        except IndexError:  # asking first would let another thread take it in between
            scratch = Scratch.of(wiring, rows)
        Stretch(running=running, first=start, scratch=scratch).work()
        free.append(scratch)
