"""The review pack as a document with room for comments, for readers who prefer paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import counted, joined, upper_first
from ncpi_rules.report.office import (
    DocumentContents,
    DocumentHeading,
    DocumentTable,
    DocumentText,
    document_of,
)
from ncpi_rules.sign_off.review.sheets import AGREE, COMMENT, KEY, review_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.report.office import SheetTable
    from ncpi_rules.sign_off.review.content import (
        ReviewHeadline,
        ReviewPack,
        ReviewQuestion,
        ReviewStatement,
        RuleSentence,
    )

_DIGITS: Final = 8
_MOST_CASES: Final = 4
_WOVEN: Final = (("Statement", 25), ("Rules", 45), ("Rests on", 12), ("Comment", 18))
_COMMENT: Final = ("Comment", 40)
_LEFT_OUT: Final = frozenset({"Read me", "Statements", "Rules", "Open questions"})
"""The sheets that the document says in another way."""


def review_docx(pack: ReviewPack) -> bytes:
    """Return the review pack as a document."""
    title = f"Review pack, {pack.edition}, {pack.digest[:_DIGITS]}"
    return document_of(title, _blocks(pack))


def _blocks(
    pack: ReviewPack,
) -> Iterator[DocumentHeading | DocumentText | DocumentTable | DocumentContents]:
    yield DocumentHeading(1, pack.title)
    for name, says in pack.facts:
        yield DocumentText(says, stands_out=f"{name}:")
    yield DocumentContents()
    yield DocumentHeading(1, "What we ask of you")
    yield DocumentText("Answer, or confirm, the open questions.", is_item=True)
    yield DocumentText(
        "Check the statements in your area, and say of each rule: yes, no, or change this.",
        is_item=True,
    )
    yield DocumentText(
        "Write in the last column of each table, or in the workbook, from which comments can be "
        "read back.",
        is_item=True,
    )
    sheets = {sheet.title: sheet for sheet in review_sheets(pack)}
    if pack.headline is not None:
        yield DocumentHeading(1, f"The {pack.headline_name} at a glance")
        if pack.headline.case:
            yield DocumentText(f"Each cell is about a case in which {pack.headline.case}.")
        yield _grid(pack.headline)
    for title, sheet in sheets.items():
        if title == "Open questions":
            yield DocumentHeading(1, title)
            for question in pack.questions:
                yield from _question(question)
            yield DocumentHeading(1, "Statements and rules")
            for group in pack.statements:
                yield DocumentHeading(2, group.heading)
                rows = tuple(row for statement in group.statements for row in _woven(statement))
                yield DocumentTable(_WOVEN, rows)
        elif title not in _LEFT_OUT and sheet.rows:
            yield DocumentHeading(1, title)
            yield _table(sheet)


def _grid(headline: ReviewHeadline) -> DocumentTable:
    columns = (
        (headline.down, 20),
        *((f"{headline.across}: {head.lower()}", 20) for head in headline.columns),
    )
    rows = []
    for label, cells in headline.grid.rows:
        said = []
        for cell in cells:
            basis = () if cell.basis.settles else (f"{upper_first(cell.basis.label)}.",)
            said.append((cell.label, *basis, ", ".join((*cell.rules, *cell.open_questions))))
        rows.append(((label,), *said))
    return DocumentTable(columns, tuple(rows))


def _table(sheet: SheetTable) -> DocumentTable:
    """Return a sheet as a table; where comments may be written there is one column for them."""
    heads = [head for head, _ in sheet.columns]
    places = [at for at, head in enumerate(heads) if head not in {AGREE, COMMENT, KEY}]
    room = () if len(places) == len(heads) else (_COMMENT,)
    rows = tuple(
        (
            *(tuple(str(row[at] if row[at] is not None else "").split("\n")) for at in places),
            *(("",) for _ in room),
        )
        for row in sheet.rows
    )
    return DocumentTable((*(sheet.columns[at] for at in places), *room), rows)


def _question(question: ReviewQuestion) -> Iterator[DocumentHeading | DocumentText]:
    yield DocumentHeading(2, f"{question.id}: {question.question}")
    yield DocumentText(question.ours, stands_out="We take:", is_item=True)
    for other in question.others:
        yield DocumentText(f"{other.text} {other.sentence}", is_item=True)
        for case in other.cases[:_MOST_CASES]:
            yield DocumentText(f"The result changes where {case}.")
        if (more := len(other.cases) - _MOST_CASES) > 0:
            yield DocumentText(f"It changes in {counted(more, 'further kind')} of cases.")
    yield DocumentText(question.why, stands_out="Why:")
    if question.rules:
        yield DocumentText(f"{joined(question.rules, 'and')}.", stands_out="Used by:")
    yield DocumentText(f"{upper_first(question.agreed_by)}.", stands_out="Agreed by:")


def _woven(statement: ReviewStatement) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield a row for each rule of a statement: what it rests on, and room for a comment."""
    strength = f" ({upper_first(statement.modality.value)})" if statement.modality else ""
    lines = [f"{statement.id}{strength}", statement.summary]
    lines += [f"“{statement.wording}”"] if statement.wording else []
    lines += [statement.remark] if statement.remark else []
    rules = [
        ((rule.id, *map(_said, (*rule.ours, *rule.others))), (", ".join(rule.open_questions),))
        for rule in statement.rules
    ]
    for names, how in (
        (statement.elsewhere, "Also by"),
        (statement.under_others, "Under other answers by"),
    ):
        if names:
            rules.append(((f"{how} {joined(names, 'and')}.",), ("",)))
    if statement.no_rule:
        rules.append(((f"No rule. {statement.no_rule}",), ("",)))
    for number, (says, asked) in enumerate(rules):
        yield (statement.id,) if number else tuple(lines), says, asked, ("",)


def _said(sentence: RuleSentence) -> str:
    answers = [f"{id_} answered “{a.replace('-', ' ')}”" for id_, a in sentence.answers.items()]
    return f"With {joined(answers, 'and')}: {sentence.sentence}" if answers else sentence.sentence
