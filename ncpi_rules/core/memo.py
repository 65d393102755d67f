"""The one way in which the library remembers what it has worked out: a bounded dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

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


class remembered(Generic[V]):  # noqa: N801  it is used like a decorator
    """A property that an object works out when it is first read, and has from then on.

    Unlike that of ``functools`` it takes no lock, which would cost more than most of what is
    remembered: at worst two threads work out the same value. The object needs a ``__dict__``.
    """

    def __init__(self, work_out: Callable[[Any], V]) -> None:
        """Take what works out the value."""
        self.work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name under which objects have the value."""
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> V:
        """Return the value; the next time it is found in the object itself."""
        if instance is None:
            return self  # type: ignore[return-value]
        value = instance.__dict__[self.name] = self.work_out(instance)
        return value
