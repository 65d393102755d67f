"""What every command prints: text, JSON, Markdown or HTML, and problems on standard error.

Colour is for terminals only; a console that is not UTF-8 gets what it can show.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, TypeAlias, TypeVar

import attrs

from ncpi_rules.core import NcpiRulesError, abridged
from ncpi_rules.report import WIDTH, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ncpi_rules.core import Problem

GOOD: Final = 0
SOME_FILE_BAD: Final = 1
WRONG_USAGE: Final = 2

Format: TypeAlias = Literal["text", "json", "markdown", "html"]

T = TypeVar("T")

_MANY: Final = 50
"""From so many follow-ups on it is shown how far a command has come."""

_STRESSED: Final = (
    (r"(?m)^[^a-z\n]*[A-Z]{3}[^a-z\n]*$", "bold"),
    (r"(?m)^! |\b(Late|Overdue) by [^.:\n]*|\b(Overdue|Too early)\b", "bold red"),
    (r"\[[^\]\n]*\]", "dim"),
)
"""What stands out on a terminal, and how: headings, what is late, and references."""


def report_problems(problems: Iterable[Problem]) -> None:
    """Print problems on standard error, without characters on which a console would act.

    At most 20 of a kind are printed, and how many more there are.
    """
    for problem in abridged(problems) if sys.stderr is not None else ():  # None where it is closed
        texts = {name: printable(getattr(problem, name)) for name in ("place", "message", "help")}
        print(attrs.evolve(problem, **texts), file=sys.stderr)


def refuse(message: str, help_: str) -> NoReturn:
    """Stop: the command was not understood."""
    raise NcpiRulesError(message, help_)


def show(text: str) -> None:
    """Print a text, with emphasis where it goes to a terminal."""
    if not sys.stdout.isatty():
        sys.stdout.write(text)
        return
    from rich.console import Console  # noqa: PLC0415  an extra, and slow to import
    from rich.text import Text  # noqa: PLC0415  an extra, and slow to import

    emphasised = Text(text)
    for pattern, look in _STRESSED:
        emphasised.highlight_regex(pattern, look)
    Console().print(emphasised, end="", soft_wrap=True)


def show_lines(lines: Iterable[str]) -> None:
    """Print lines of text."""
    show("\n".join(lines) + "\n")


def show_json(data: Any) -> None:
    """Print plain data as JSON."""
    print(json.dumps(data, ensure_ascii=not _is_utf8(), indent=2))


def show_as(
    format_: Format,
    *,
    json: Callable[[], Any],
    text: Callable[..., str],
    markdown: Callable[[], str],
    html: Callable[[], str],
) -> None:
    """Print something in the format that was asked for; each format is made when it is needed.

    ``json`` makes plain data; ``text`` takes the ``width`` of its lines.
    """
    if format_ == "json":
        show_json(json())
    elif format_ == "text":
        show(text(width=text_width()))
    else:
        marked_up = html() if format_ == "html" else markdown()
        if not _is_utf8():
            marked_up = marked_up.encode("ascii", "xmlcharrefreplace").decode("ascii")
        sys.stdout.write(marked_up)


def text_width() -> int:
    """Return how many columns a text may take: those of the terminal, and never more than 100."""
    if not sys.stdout.isatty():
        return WIDTH
    from shutil import get_terminal_size  # noqa: PLC0415  slow to import

    return min(WIDTH, get_terminal_size().columns)


def _is_utf8() -> bool:
    """Return True where all letters can be printed."""
    return (sys.stdout.encoding or "utf-8").casefold().replace("-", "") == "utf8"


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int | None], None] | None]:
    """Show a progress bar on standard error while the block runs, where that is a terminal.

    Yields what the block calls with the number of things done and, where it is known, of all.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  an extra, and slow to import
    from rich.progress import Progress  # noqa: PLC0415  an extra, and slow to import

    # It is drawn when something is done, ten times a second at most: no thread draws it.
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(title, total=None)
        drawn = 0.0

        def show_progress(done: int, total: int | None) -> None:
            nonlocal drawn
            now = monotonic()
            bar.update(task, completed=done, total=total, refresh=now >= drawn + 0.1)
            drawn = now if now >= drawn + 0.1 else drawn

        yield show_progress


@contextmanager
def steps(title: str, total: int) -> Iterator[Callable[[], None]]:
    """Show on a terminal how many steps of a block are done; it calls what it gets after each."""
    with progress(title) as show_progress:
        done = count()

        def advance() -> None:
            if show_progress is not None:
                show_progress(next(done), total)

        advance()
        yield advance


def tracked(items: Sequence[T], title: str) -> Iterator[T]:
    """Yield each item, and show on a terminal how many are done where there are many."""
    if len(items) < _MANY:
        yield from items
        return
    with progress(title) as show_progress:
        for done, item in enumerate(items, 1):
            yield item
            if show_progress is not None:
                show_progress(done, len(items))
