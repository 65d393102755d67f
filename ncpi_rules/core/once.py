"""What is fetched or worked out only once: the names of a face, properties, and answers.

The version stands here too, since the face of the library needs nothing else when it is imported.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

from ncpi_rules.core.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

K = TypeVar("K")
V = TypeVar("V")

VERSION: Final = "0.1.0"
"""The version of the library."""

Face: TypeAlias = "tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]"


def lazy(
    room: str,
    homes: Mapping[str, Sequence[str]],
    *,
    extra: str = "",
    needs: Sequence[str] = (),
    purpose: str = "",
) -> Face:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` for the ``__init__`` of a room.

    ``homes`` gives the names of each module. Where one of the packages that it ``needs`` is not
    installed, a name raises MissingExtraError, which says for what ``purpose`` and which ``extra``
    has it.
    """
    home_of = {name: module for module, names in homes.items() for name in names}
    public = sorted(home_of)

    def fetch(name: str) -> Any:
        """Return a public name from its module, imported now."""
        if name not in home_of:
            msg = f"module '{room}' has no attribute '{name}'"
            raise AttributeError(msg, name=name, obj=sys.modules[room])
        try:
            module = import_module(f"{room}.{home_of[name]}")
        except ModuleNotFoundError as missing:
            if (missing.name or "").partition(".")[0] not in needs:
                raise
            message = f"{purpose} needs packages that are not installed."
            raise MissingExtraError.naming(message, extra=extra) from None
        value = getattr(module, name)
        setattr(sys.modules[room], name, value)  # the next use is an ordinary attribute
        return value

    return fetch, lambda: public, public


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
