"""What commands print: text, JSON, Markdown or HTML, and problems; the files they write instead.

Colour is for terminals only; a console that is not UTF-8 gets what it can show.
"""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import contextmanager, redirect_stdout
from functools import partial
from io import StringIO
from itertools import count
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, TypeAlias, TypeVar, cast
from urllib.parse import quote

import attrs

from ncpi_rules import io
from ncpi_rules import report as pages
from ncpi_rules.core import NcpiRulesError, abridged
from ncpi_rules.report import WIDTH, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from types import ModuleType

    from ncpi_rules.core import Problem
    from ncpi_rules.plan import Plan, PlanDocument

GOOD: Final = 0
SOME_FILE_BAD: Final = 1
WRONG_USAGE: Final = 2

Format: TypeAlias = Literal["text", "json", "markdown", "html"]

T = TypeVar("T")

_MANY: Final = 50
"""From so many follow-ups on it is shown how far a command has come."""

_BETWEEN: Final = f"\n{'=' * 60}\n\n"

_OF_NO_FORMAT: Final = {
    ".doc": "Add: --format docx, and name a file that ends in .docx",
    ".pdf": "Write a page (--format html), and print it as a PDF from a browser.",
    ".xls": "Add: --format xlsx, and name a file that ends in .xlsx",
}
"""The endings of files that are not written, each with what to do instead."""

_ENDINGS: Final = {
    **{f".{name}": name for name in ("csv", "docx", "html", "ics", "json", "xlsx")},
    **dict.fromkeys(_OF_NO_FORMAT, ""),
    ".htm": "html",
}
"""The endings that belong to one format; any other may stand for each."""

_BY_ENDING: Final = {"board": ("html", "docx")}
"""The format that is written as another by the ending of the file."""

_BINARY: Final = frozenset({"docx", "xlsx"})
"""The formats of office programs that no console can show."""

_STRESSED: Final = (
    (r"(?m)^[^a-z\n]*[A-Z]{3}[^a-z\n]*$", "bold"),
    (r"(?m)^! |\b(Late|Overdue) by [^.:\n]*|\b(Overdue|Too early)\b", "bold red"),
    (r"\[[^\]\n]*\]", "dim"),
)
"""What stands out on a terminal, and how: headings, what is late, and references."""

_ACTED_ON: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""What a console acts on: its commands, and what turns the direction of writing."""


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
    """Print lines of text, with '?' for each character on which a console would act."""
    show(_ACTED_ON.sub("?", "\n".join(lines)) + "\n")


def show_json(data: Any) -> None:
    """Print plain data as JSON; what a console would act on is written by its number."""
    text = json.dumps(data, ensure_ascii=not _is_utf8(), indent=2)
    print(_ACTED_ON.sub(lambda letter: f"\\u{ord(letter[0]):04x}", text))


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


# The file to which a format is written.


def address_of(file: Path | str, page: Path | str | None) -> str:
    """Return the address of a file in a link on a page, seen from the folder of that page.

    Without a page, seen from the current folder.
    """
    start = Path() if page is None else Path(page).parent
    try:
        path = os.path.relpath(file, start)
    except ValueError:  # another drive
        return Path(file).absolute().as_uri()
    return quote(Path(path).as_posix())


def review_address(review: str | None, format_: str, page: Path | str | None) -> str:
    """Return the address of a review pack on a page, or nothing; refuse what no link can reach."""
    if review is None:
        return ""
    if format_ != "html":
        refuse("Only a page has links to a review pack.", "Add: --format html")
    if not Path(review).is_file():
        refuse(f"There is no file '{review}'.", "Write the review pack first, or name it rightly.")
    return address_of(review, page)


def check_output(
    format_: str,
    output: str | None,
    previous: str | None,
    inputs: Iterable[Path | str | int],
) -> None:
    """Refuse, before anything is read, a format and a file that do not go together."""
    if previous is not None and format_ != "ics":
        refuse("An earlier calendar is for calendars only.", "Add: --format ics")
    if output is None:
        if format_ in _BINARY:
            refuse(f"The format {format_} is written to a file.", f"Add: -o FILE.{format_}")
        return
    read = [*inputs, *([] if previous is None else [previous])]
    io.refuse_input(output, read, NcpiRulesError)
    ending = Path(output).suffix.casefold()
    named = _ENDINGS.get(ending)
    if named is not None and named not in _BY_ENDING.get(format_, (format_,)):
        message = f"A file that ends in {ending} does not hold what the format {format_} writes."
        refuse(message, _OF_NO_FORMAT.get(ending, f"Add: --format {named}"))


def write_result(
    format_: str,
    show: Callable[[Format], None],
    makers: Mapping[str, Callable[[], bytes]],
    *,
    output: str | None,
    replace: bool,
) -> None:
    """Print a result, or write it to a file.

    ``show`` prints the formats that are text; ``makers`` make the bytes of the others.
    """
    if format_ in makers:
        content = makers[format_]()
    elif output is None:
        show(cast("Format", format_))
        return
    else:
        with redirect_stdout(StringIO()) as printed:
            show(cast("Format", format_))
        content = printed.getvalue().encode()
    if output is not None:
        io.write_whole(output, content, NcpiRulesError, replace=replace)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)  # as it is: no line end is changed


def makers_of(
    plans: Sequence[Plan],
    previous: str | None,
    output: str | None,
    earlier: PlanDocument | None,
) -> dict[str, Callable[[], bytes]]:
    """Return what makes plans in each format that office programs open.

    A board paper is HTML, unless the file that is written has the ending .docx.
    """
    is_docx = Path(output or "").suffix.casefold() == ".docx"
    return {
        "board": lambda: (
            _office().board_docx(plans, since=earlier)
            if is_docx
            else _office().board_html(plans, since=earlier).encode()
        ),
        "docx": lambda: _office().to_docx(plans, since=earlier),
        "letters": lambda: _BETWEEN.join(
            pages.letter_texts(plan.document) for plan in plans
        ).encode(),
        "ics": lambda: calendar_of(partial(_office().to_ics, plans), previous),
        "xlsx": lambda: _office().to_xlsx(plans, since=earlier),
    }


def calendar_of(to_ics: Callable[..., bytes], previous: str | None) -> bytes:
    """Return the calendar that a function makes; ``previous`` is the file of the one before."""
    text = None if previous is None else io.read_text(Path(previous), NcpiRulesError)
    return to_ics(previous=text, name=previous or "")


def _office() -> ModuleType:
    from ncpi_rules.report import office  # noqa: PLC0415  most commands need none of it

    return office
