"""The one way in which the library remembers what it has worked out: a bounded dictionary."""

from __future__ import annotations

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(dict[K, V]):
    """Answers by what was asked: at most ``most`` of them; all are forgotten when there are more.

    It belongs to the object whose answers it has, and is forgotten with it. Threads share it
    without a lock, since each step is one operation of a dictionary: at worst two of them work out
    the same answer. It is pickled empty.

    >>> squares = Memo[int, int](most=2)
    >>> squares.remember(3, 9), squares.get(3), squares.get(4)
    (9, 9, None)
    """

    __slots__ = ("most",)

    def __init__(self, most: int = 4096) -> None:
        """Begin with nothing remembered."""
        super().__init__()
        self.most = most

    def remember(self, asked: K, answer: V) -> V:
        """Return the answer to what was asked, remembered from now on."""
        if len(self) >= self.most:
            self.clear()
        return self.setdefault(asked, answer)

    def __reduce__(self) -> tuple[type[Memo[K, V]], tuple[int]]:
        """Pickle nothing that is remembered: it can be worked out again."""
        return type(self), (self.most,)
