"""The face of a room: its public names, each fetched from its module when it is first used.

The version stands here too, since the face of the library needs nothing else when it is imported.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ncpi_rules.core.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
            raise MissingExtraError(
                message, f'Install them with: pip install "ncpi-rules[{extra}]"'
            ) from None
        value = getattr(module, name)
        setattr(sys.modules[room], name, value)  # the next use is an ordinary attribute
        return value

    return fetch, lambda: public, public
