"""The formats of a plan that office programs open, and the file to which a format is written."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias, cast
from urllib.parse import quote

from cyclopts import Parameter

from ncpi_rules import io
from ncpi_rules import report as pages
from ncpi_rules.cli.output import Format, refuse
from ncpi_rules.core import NcpiRulesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import ModuleType

    from ncpi_rules.plan import Plan, PlanDocument

OfficeFormat: TypeAlias = Literal["board", "docx", "ics", "letters", "xlsx"]
PlanFormat: TypeAlias = Annotated[
    Format | OfficeFormat, Parameter(help="How the result is printed or written.")
]
OutputName: TypeAlias = Annotated[
    str | None, Parameter(name=("--output", "-o"), help="A file to write instead of printing.")
]
PreviousName: TypeAlias = Annotated[
    str | None,
    Parameter(help="The calendar written before: what stood there and is gone is cancelled."),
]
ReviewName: TypeAlias = Annotated[
    str | None,
    Parameter(help="A page of the review pack: what a plan cites leads to its place there."),
]

_BETWEEN: Final = f"\n{'=' * 60}\n\n"

_BINARY: Final = frozenset({"docx", "xlsx"})
"""Those of them that no console can show."""


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
            _office().board_docx(plans) if is_docx else _office().board_html(plans).encode()
        ),
        "docx": lambda: _office().to_docx(plans, since=earlier),
        "letters": lambda: _BETWEEN.join(
            pages.letter_texts(plan.document) for plan in plans
        ).encode(),
        "ics": lambda: calendar_of(plans, previous),
        "xlsx": lambda: _office().to_xlsx(plans),
    }


def calendar_of(plans: Sequence[Plan], previous: str | None) -> bytes:
    """Return the calendar of plans; ``previous`` is the file of the one before."""
    text = None if previous is None else io.read_text(Path(previous), NcpiRulesError)
    content: bytes = _office().to_ics(plans, previous=text, name=previous or "")
    return content


def _office() -> ModuleType:
    from ncpi_rules.report import office  # noqa: PLC0415  most commands need none of it

    return office
