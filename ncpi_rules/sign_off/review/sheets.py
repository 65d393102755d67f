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
    for one in changes.values:
        yield one.title, one.earlier, one.later, one.effect
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
        for one in group.statements:
            if one.id == NO_STATEMENT:
                continue
            rules = (*(rule.id for rule in one.rules), *one.elsewhere, *one.under_others)
            wording = "\n".join(filter(None, (one.wording, one.remark)))
            strength = _strength(one.modality)
            listed = ", ".join(rules)
            yield one.id, group.heading, one.summary, wording, strength, listed, one.no_rule


def _rules(pack: ReviewPack) -> Iterator[SheetRow]:
    summaries = {one.id: one.summary for group in pack.statements for one in group.statements}
    for group in pack.statements:
        for statement in group.statements:
            for rule in statement.rules:
                for one in (*rule.ours, *rule.others):
                    answers = [f"{id_}={answer}" for id_, answer in one.answers.items()]
                    under = f"With {' and '.join(answers)}: " if answers else ""
                    yield (
                        rule.id,
                        rule.part,
                        f"{under}{one.sentence}",
                        _strength(one.modality),
                        ", ".join(one.statements),
                        summaries[one.statements[0]] if one.statements else "",
                        ", ".join(one.open_questions),
                        "Yes" if one.is_ours else "No",
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
    for one in pack.parameters:
        yield (
            one.id,
            one.title,
            one.value,
            "\n".join(one.counted),
            _strength(one.modality),
            ", ".join(one.rules),
            ", ".join((*one.statements, *one.open_questions)),
        )


def _deadlines(pack: ReviewPack) -> Iterator[SheetRow]:
    for one in pack.timeline.deadlines:
        yield (
            one.label,
            one.who,
            upper_first(one.limit),
            _strength(one.modality),
            upper_first(one.condition) or "In every case",
            one.rule,
            ", ".join((*one.statements, *one.open_questions)),
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
    for one in pack.questions:
        cases = []
        for other in one.others:
            cases.append(f"{other.id}: {other.sentence}")
            cases += [upper_first(case) for case in other.cases[:4]]
        yield (
            one.id,
            one.question,
            one.ours,
            "\n".join(f"{other.id}: {other.text}" for other in one.others),
            "\n".join(cases),
            one.why,
            ", ".join(one.rules) or one.setting,
            ", ".join(one.statements),
            upper_first(one.agreed_by),
        )


def _guarantees(pack: ReviewPack) -> Iterator[SheetRow]:
    for one in pack.guarantees:
        under = "Every answer" if one.every_answer else "The answers we take"
        result = f"Broken: {one.broken}" if one.broken else "Proved"
        yield one.id, one.says, under, result, ", ".join(one.statements)


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
    for one in signed.current:
        for approval in one.current:
            yield one.name, approval.by, approval.on.text, "As it is"
