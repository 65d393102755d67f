"""The review pack as the sheets of a workbook, in which people write their comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import counted, sentence, upper_first
from ncpi_rules.report.office import SheetTable
from ncpi_rules.sign_off.review.content import NO_STATEMENT
from ncpi_rules.sign_off.review.keys import GUARANTEES, PARAMETERS, QUESTIONS, RULES, STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.core import Modality
    from ncpi_rules.report.office import SheetRow
    from ncpi_rules.sign_off.review.content import ReviewMatrix, ReviewPack, ReviewTable

AGREE: Final = "Agree?"
COMMENT: Final = "Your comment"
KEY: Final = "Key"
CHOICES: Final = ("Yes", "No", "Change")
"""What a reader may choose."""

_ASKED: Final = (
    "Go through the sheets with yellow cells. Choose Yes, No or Change under 'Agree?', and write "
    "under 'Your comment' what should be different. Nothing else can be changed. Save the file and "
    "send it back."
)
_COMMENTS: Final = ((AGREE, 10), (COMMENT, 50), (KEY, 12))
_DIGITS: Final = 16
_LONGEST: Final = 31
"""How long the name of a sheet may be."""
"""How much of a fingerprint a key has."""


def review_sheets(pack: ReviewPack) -> tuple[SheetTable, ...]:
    """Return the sheets of a review pack, those with comments locked but for these."""
    return (
        _form("Read me", (("What", 26), ("Says", 100)), _about(pack)),
        _form(
            "What changed",
            (("What", 44), ("Earlier", 20), ("Later", 20), ("Effect", 70)),
            _changed(pack),
        ),
        _comments(
            pack,
            STATEMENTS,
            (
                ("Id", 14),
                ("Heading", 16),
                ("Summary", 60),
                ("Publisher's wording", 60),
                ("How strongly", 11),
                ("Rules", 40),
                ("Why no rule", 40),
            ),
            _statements(pack),
        ),
        _comments(
            pack,
            RULES,
            (
                ("Id", 28),
                ("Part", 12),
                ("Sentence", 70),
                ("How strongly", 11),
                ("Statements", 20),
                ("Summary of first statement", 50),
                ("Open questions", 12),
                ("Applies under our answers", 10),
                ("Scenarios", 9),
                ("Approved", 14),
            ),
            _rules(pack),
        ),
        *(_table(table) for table in pack.tables),
        _comments(
            pack,
            PARAMETERS,
            (
                ("Id", 22),
                ("Parameter", 40),
                ("Value", 18),
                ("Counted", 50),
                ("How strongly", 11),
                ("Held in", 30),
                ("Source", 24),
            ),
            _parameters(pack),
        ),
        _form(
            "Deadlines",
            (
                ("Event", 28),
                ("Who", 16),
                ("Limit", 44),
                ("How strongly", 11),
                ("Applies where", 50),
                ("Rule", 28),
                ("Source", 24),
            ),
            _deadlines(pack),
        ),
        _matrix("Action", pack.actions),
        _matrix("Document", pack.documents),
        _comments(
            pack,
            QUESTIONS,
            (
                ("Id", 7),
                ("Question", 50),
                ("We take", 50),
                ("Other answers", 50),
                ("Cases that they decide", 50),
                ("Why", 50),
                ("Used by", 30),
                ("Source", 20),
                ("Agreed by", 16),
            ),
            _questions(pack),
        ),
        _comments(
            pack,
            GUARANTEES,
            (
                ("Id", 30),
                ("Guarantee", 70),
                ("Holds under", 18),
                ("Result", 30),
                ("Source", 24),
            ),
            _guarantees(pack),
        ),
        _form("Findings", (("What", 20), ("Says", 90)), _findings(pack)),
        _form(
            "Approvals",
            (("What", 30), ("Who", 40), ("Day", 18), ("State", 40)),
            _approvals(pack),
        ),
    )


def _form(title: str, columns: Sequence[tuple[str, int]], rows: Iterable[SheetRow]) -> SheetTable:
    return SheetTable(title=title, columns=tuple(columns), rows=tuple(rows), is_form=True)


def _comments(
    pack: ReviewPack, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[SheetRow]
) -> SheetTable:
    """Return a sheet with a column to agree in, one for a comment, and the key of each row."""
    marks = pack.fingerprints[title]
    return SheetTable(
        title=title,
        columns=(*columns, *_COMMENTS),
        rows=tuple((*row, None, None, f"{row[0]}:{marks[str(row[0])][:_DIGITS]}") for row in rows),
        lists=((_letter(len(columns)), f'"{",".join(CHOICES)}"'),),
        is_form=True,
        fill_in=(AGREE, COMMENT),
        hidden=(KEY,),
    )


def _letter(place: int) -> str:
    """Return the letter of a column, the first being 0; no sheet has more than 26."""
    return chr(ord("A") + place)


def _about(pack: ReviewPack) -> Iterator[SheetRow]:
    yield "Methodology", pack.title
    yield from pack.facts
    yield "What we ask of you", _ASKED
    yield "Rules", counted(len(pack.rules), "rule")
    yield "Fingerprint", pack.digest


def _changed(pack: ReviewPack) -> Iterator[SheetRow]:
    changes = pack.changes
    if changes is None:
        yield "Not compared with another edition.", None, None, None
        return
    yield "In short", changes.earlier, changes.later, changes.summary
    for value in changes.values:
        yield value.title, value.earlier, value.later, value.effect
    for says in changes.results:
        yield "Result", None, None, says
    for says in changes.others:
        yield "Other difference", None, None, says
    for says in changes.follow_ups:
        yield "Follow-ups", None, None, says
    for status in changes.statuses:
        yield f"Follow-ups: {status.label}", status.earlier, status.later, status.moves


def _statements(pack: ReviewPack) -> Iterator[SheetRow]:
    for group in pack.statements:
        for statement in group.statements:
            if statement.id == NO_STATEMENT:
                continue
            own = (rule.id for rule in statement.rules)
            yield (
                statement.id,
                group.heading,
                statement.summary,
                "\n".join(filter(None, (statement.wording, statement.remark))),
                _strength(statement.modality),
                ", ".join((*own, *statement.elsewhere, *statement.under_others)),
                statement.no_rule,
            )


def _rules(pack: ReviewPack) -> Iterator[SheetRow]:
    statements = [statement for group in pack.statements for statement in group.statements]
    summaries = {statement.id: statement.summary for statement in statements}
    for rule in (rule for statement in statements for rule in statement.rules):
        for says in (*rule.ours, *rule.others):
            answers = [f"{id_}={answer}" for id_, answer in says.answers.items()]
            under = f"With {' and '.join(answers)}: " if answers else ""
            yield (
                rule.id,
                rule.part,
                f"{under}{says.sentence}",
                _strength(says.modality),
                ", ".join(says.statements),
                summaries[says.statements[0]] if says.statements else "",
                ", ".join(says.open_questions),
                "Yes" if says.is_ours else "No",
                rule.scenarios,
                rule.approved,
            )


def _strength(modality: Modality | None) -> str:
    return "" if modality is None else upper_first(modality.value)


def _table(table: ReviewTable) -> SheetTable:
    columns = [("Row", 6), *((head, 20) for head in table.columns)]
    columns += [(f"Result: {table.label}", 22), ("Basis", 26), ("Rule", 28), ("Source", 30)]
    rows: list[SheetRow] = [
        (
            number,
            *(cell or "any" for cell in row.cells),
            row.label,
            upper_first(row.basis.label),
            row.rule,
            ", ".join((*row.statements, *row.open_questions)),
        )
        for number, row in enumerate(table.rows, 1)
    ]
    return _form(f"{table.label} table"[:31], columns, rows)


def _parameters(pack: ReviewPack) -> Iterator[SheetRow]:
    for parameter in pack.parameters:
        yield (
            parameter.id,
            parameter.title,
            parameter.value,
            "\n".join(parameter.counted),
            _strength(parameter.modality),
            ", ".join(parameter.rules),
            ", ".join((*parameter.statements, *parameter.open_questions)),
        )


def _deadlines(pack: ReviewPack) -> Iterator[SheetRow]:
    for deadline in pack.timeline.deadlines:
        yield (
            deadline.label,
            deadline.who,
            upper_first(deadline.limit),
            _strength(deadline.modality),
            upper_first(deadline.condition) or "In every case",
            deadline.rule,
            ", ".join((*deadline.statements, *deadline.open_questions)),
        )


def _matrix(thing: str, matrix: ReviewMatrix) -> SheetTable:
    columns = [(thing, 44), ("Note", 34), *((column, 40) for column in matrix.columns)]
    rows: list[SheetRow] = []
    for row in matrix.rows:
        cells = []
        for cell in row.cells:
            entries = []
            for entry in cell:
                cited = ", ".join((*entry.statements, *entry.open_questions))
                where = f", where {entry.condition}" if entry.condition else ""
                entries.append(f"{_strength(entry.modality)} ({cited}){where}")
            cells.append("\n".join(entries))
        rows.append((row.title, row.note, *cells))
    return _form(matrix.title[:_LONGEST], columns, rows)


def _questions(pack: ReviewPack) -> Iterator[SheetRow]:
    for question in pack.questions:
        cases = []
        for answer in question.others:
            cases.append(f"{answer.id}: {answer.sentence}")
            cases += [upper_first(case) for case in answer.cases[:4]]
        yield (
            question.id,
            question.question,
            question.ours,
            "\n".join(f"{answer.id}: {answer.text}" for answer in question.others),
            "\n".join(cases),
            question.why,
            ", ".join(question.rules) or question.setting,
            ", ".join(question.statements),
            upper_first(question.agreed_by),
        )


def _guarantees(pack: ReviewPack) -> Iterator[SheetRow]:
    for guarantee in pack.guarantees:
        under = "Every answer" if guarantee.every_answer else "The answers we take"
        result = f"Broken: {guarantee.broken}" if guarantee.broken else "Proved"
        yield guarantee.id, guarantee.says, under, result, ", ".join(guarantee.statements)


def _findings(pack: ReviewPack) -> Iterator[SheetRow]:
    passed, every = pack.scenarios
    for finding in pack.findings:
        yield "Finding", f"{finding.message} {finding.help}"
    if not pack.findings:
        yield "The check", "It found nothing wrong."
    for title in pack.checks:
        yield "Not found", title
    yield "Scenarios", f"{passed:,} of {every:,} pass."
    for says in (*pack.failing, *pack.gaps):
        yield "Scenarios", sentence(says)


def _approvals(pack: ReviewPack) -> Iterator[SheetRow]:
    signed = pack.signed
    yield "In short", None, None, signed.summary
    for old in pack.stale:
        lines = ["Out of date."]
        for part in old.parts:
            lines.append(f"{part.title}.{part.remark and f' {part.remark}'}")
            lines += [f"Then: {line}" for line in part.before]
            lines += [f"Now: {line}" for line in part.after]
        yield old.name, old.by, old.on, "\n".join(lines)
    for item in signed.current:
        for approval in item.current:
            yield item.name, approval.by, approval.on.text, "As it is"
