"""Comments that come back in the workbook of a review pack, the most serious first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.core import NcpiRulesError, Problem, counted
from ncpi_rules.sign_off.review.keys import THINGS, fingerprints_of
from ncpi_rules.sign_off.review.sheets import AGREE, CHOICES, COMMENT, KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ncpi_rules.ruleset import Ruleset

_ORDER: Final = ("No", "Change", "", "Yes")
"""The answers, the most serious first; a comment without one comes before a Yes."""


@frozen(kw_only=True)
class ReviewComment:
    """What somebody said of one thing: an answer, a comment or both.

    ``is_stale`` is True where the thing has changed since the file was made, and ``is_gone`` where
    it is no longer there.
    """

    sheet: str
    row: int
    id: str
    agree: str
    comment: str
    is_stale: bool = False
    is_gone: bool = False

    @property
    def sentence(self) -> str:
        """Return the comment in a line."""
        answer = f"{self.agree}. " if self.agree else ""
        comment = f"'{self.comment}' " if self.comment else ""
        thing = THINGS[self.sheet]
        note = ""
        if self.is_gone:
            note = f" There is no such {thing} any more."
        elif self.is_stale:
            note = f" The {thing} has changed since this file was made."
        return f"{self.id}: {answer}{comment}({self.sheet}, row {self.row}).{note}"


@frozen(kw_only=True)
class ReviewComments:
    """All comments of a workbook, the most serious first, and what could not be read."""

    comments: tuple[ReviewComment, ...]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def summary(self) -> str:
        """Return how many comments there are, and of which kind."""
        counts = {
            agree: sum(comment.agree == agree for comment in self.comments) for agree in _ORDER
        }
        parts = [
            f"{number} {agree or 'without an answer'}" for agree, number in counts.items() if number
        ]
        return f"{counted(len(self.comments), 'comment')}{': ' if parts else ''}{', '.join(parts)}."


def read_comments(
    tables: Mapping[str, Sequence[Sequence[str]]], ruleset: Ruleset, *, name: str
) -> ReviewComments:
    """Return the comments in the sheets of a review pack, by their titles, line by line.

    ``name`` is the place of the workbook in messages. Raises NcpiRulesError where it is no review
    pack.
    """
    known = fingerprints_of(ruleset)
    comments: list[ReviewComment] = []
    problems: list[Problem] = []
    is_pack = False
    for sheet in THINGS:
        lines = tables.get(sheet, ())
        heads = list(lines[0]) if lines else []
        if {AGREE, COMMENT, KEY} <= set(heads):
            is_pack = True
            comments += _of_sheet(sheet, lines, known[sheet], problems, name)
    if not is_pack:
        message = "This workbook is not a review pack: no sheet has the columns for comments."
        help_ = "Give the file that 'ncpi-rules review -o FOLDER' wrote, with comments in it."
        raise NcpiRulesError(Problem(place=name, message=message, help=help_))
    comments.sort(key=lambda comment: _ORDER.index(comment.agree))
    return ReviewComments(comments=tuple(comments), problems=tuple(problems))


def _of_sheet(
    sheet: str,
    lines: Sequence[Sequence[str]],
    known: Mapping[str, str],
    problems: list[Problem],
    name: str,
) -> Iterator[ReviewComment]:
    heads = list(lines[0])
    answers = {choice.casefold(): choice for choice in (*CHOICES, "")}
    at_agree, at_comment, at_key = (heads.index(head) for head in (AGREE, COMMENT, KEY))
    for row, line in enumerate(lines[1:], 2):
        cells = [*line, *[""] * (len(heads) - len(line))]
        agree, comment = cells[at_agree].strip(), " ".join(cells[at_comment].split())
        if not (agree or comment):
            continue
        id_, _, mark = cells[at_key].rpartition(":")
        if agree.casefold() not in answers:
            place = f"{name}: {sheet}!{chr(ord('A') + at_agree)}{row}"
            message = f"'{agree}' is not an answer."
            problems.append(Problem(place=place, message=message, help="Choose Yes, No or Change."))
        current = known.get(id_)
        yield ReviewComment(
            sheet=sheet,
            row=row,
            id=id_ or cells[0],
            agree=answers.get(agree.casefold(), ""),
            comment=comment,
            is_gone=current is None,
            is_stale=current is not None and not current.startswith(mark),
        )
