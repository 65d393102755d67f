"""What a review pack shows: typed data, gathered once, from which page and files are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from ncpi_rules.checks import Finding
from ncpi_rules.core import Basis, Modality, upper_first
from ncpi_rules.sign_off.review.changes import Changes
from ncpi_rules.sign_off.review.stale import StaleApproval
from ncpi_rules.sign_off.status import SignOff

NO_STATEMENT: Final = "none"
"""The id of what stands in the place of a statement for rules that cite none."""

NOBODY: Final = "Nobody yet"
"""Who has approved what nobody has approved."""


@frozen(kw_only=True)
class RuleSentence:
    """What a rule says in some of its cases.

    ``answers`` are the answers to open questions under which it says so, none where they are ours.
    """

    sentence: str
    modality: Modality | None
    statements: tuple[str, ...]
    open_questions: tuple[str, ...]
    answers: Mapping[str, str] = field(factory=dict)

    @property
    def is_ours(self) -> bool:
        """Return True where the rule says this under the answers that we take."""
        return not self.answers


@frozen(kw_only=True)
class ReviewRule:
    """One rule as it is written, in sentences.

    ``part`` is what it is about, ``home`` the statement under which it is shown in full.
    ``approved`` says who has approved it, and ``is_stale`` that it has changed since.
    """

    id: str
    title: str
    part: str
    home: str
    sentences: tuple[RuleSentence, ...]
    note: str
    scenarios: int
    approved: str
    is_stale: bool

    @property
    def ours(self) -> tuple[RuleSentence, ...]:
        """Return what it says under the answers that we take."""
        return tuple(sentence for sentence in self.sentences if sentence.is_ours)

    @property
    def others(self) -> tuple[RuleSentence, ...]:
        """Return what it says under other answers."""
        return tuple(sentence for sentence in self.sentences if not sentence.is_ours)

    @property
    def statements(self) -> tuple[str, ...]:
        """Return the statements that it implements, those under our answers first."""
        cited = (id_ for sentence in (*self.ours, *self.others) for id_ in sentence.statements)
        return tuple(dict.fromkeys(cited))

    @property
    def open_questions(self) -> tuple[str, ...]:
        """Return the open questions on which it rests."""
        asked = (id_ for sentence in (*self.ours, *self.others) for id_ in sentence.open_questions)
        return tuple(dict.fromkeys(asked))


@frozen(kw_only=True)
class ReviewStatement:
    """One statement, with the rules that are shown under it and those shown elsewhere.

    ``elsewhere`` are the rules that implement it under our answers, ``under_others`` those that do
    so under other answers only. ``wording`` is the publisher's, where a text is given; ``remark``
    says where that text has another wording. ``no_rule`` is the reason why no rule implements it.
    """

    id: str
    summary: str
    modality: Modality | None
    rules: tuple[ReviewRule, ...]
    elsewhere: tuple[str, ...]
    under_others: tuple[str, ...]
    no_rule: str
    wording: str
    remark: str


@frozen(kw_only=True)
class StatementGroup:
    """The statements below one heading of the methodology."""

    heading: str
    statements: tuple[ReviewStatement, ...]


@frozen(kw_only=True)
class TableRow:
    """A row of a decision table; a cell is None where the row does not depend on the column."""

    cells: tuple[str | None, ...]
    value: str
    label: str
    basis: Basis
    rule: str
    statements: tuple[str, ...]
    open_questions: tuple[str, ...]


@frozen(kw_only=True)
class ReviewTable:
    """One outcome as a decision table that can be read across.

    ``is_proved`` says that exactly one row applies in each case.
    """

    outcome: str
    title: str
    label: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    is_proved: bool


@frozen(kw_only=True)
class GridCell:
    """The headline in one case, and whether another answer has changed it."""

    value: str
    label: str
    basis: Basis
    rules: tuple[str, ...]
    open_questions: tuple[str, ...]
    changed: bool = False


@frozen(kw_only=True)
class ReviewGrid:
    """The headline for each value of two facts, under our answers or with another answer to one.

    ``interpretation`` and ``answer`` are that answer with its sentence; they are empty under ours.
    """

    interpretation: str = ""
    answer: str = ""
    rows: tuple[tuple[str, tuple[GridCell, ...]], ...]


@frozen(kw_only=True)
class ReviewHeadline:
    """The headline at a glance: the grids, their heads, and the case that they are about."""

    down: str
    across: str
    columns: tuple[str, ...]
    case: str
    grid: ReviewGrid
    others: tuple[ReviewGrid, ...]


@frozen(kw_only=True)
class ReviewParameter:
    """A number or a choice: its value, how it is counted, and what it is held in."""

    id: str
    title: str
    value: str
    counted: tuple[str, ...]
    modality: Modality | None
    rules: tuple[str, ...]
    statements: tuple[str, ...]
    open_questions: tuple[str, ...]


@frozen(kw_only=True)
class ReviewDeadline:
    """A deadline on the timeline, from and to in months from the first event; None where open."""

    rule: str
    label: str
    who: str
    limit: str
    modality: Modality
    statements: tuple[str, ...]
    open_questions: tuple[str, ...]
    first: float | None
    last: float | None
    condition: str


@frozen(kw_only=True)
class Timeline:
    """The deadlines in order, and where the timeline draws the event that may move."""

    begins: str
    moves: str
    moves_at: float
    months: int
    deadlines: tuple[ReviewDeadline, ...]


@frozen(kw_only=True)
class MatrixEntry:
    """How strongly something is said in one column of a matrix, and by which rule."""

    modality: Modality
    rule: str
    statements: tuple[str, ...]
    open_questions: tuple[str, ...]
    condition: str


@frozen(kw_only=True)
class MatrixRow:
    """A thing and, for each column, what is said of it; ``note`` is small print."""

    title: str
    note: str
    cells: tuple[tuple[MatrixEntry, ...], ...]


@frozen(kw_only=True)
class ReviewMatrix:
    """Things by the values of the headline; ``title`` says so, such as ``Actions by tier``.

    ``about`` is what is said of all of them: who asks for the documents.
    """

    title: str
    about: str = ""
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


@frozen(kw_only=True)
class AlternativeAnswer:
    """An answer to an open question that we do not take, and the cases that it decides.

    ``changed`` is the number of cases in which the headline changes, ``of`` that of all cases;
    ``headline`` is what it is called.
    """

    headline: str
    id: str
    text: str
    cases: tuple[str, ...]
    changed: int
    of: int

    @property
    def sentence(self) -> str:
        """Return how often the headline changes with this answer."""
        if self.changed:
            return f"{upper_first(self.headline)} changes in {self.changed:,} of {self.of:,} cases."
        return f"The {self.headline} does not change."


@frozen(kw_only=True)
class ReviewQuestion:
    """An open question: our answer, the others, and what rests on it."""

    id: str
    question: str
    ours: str
    others: tuple[AlternativeAnswer, ...]
    why: str
    agreed_by: str
    rules: tuple[str, ...]
    statements: tuple[str, ...]
    setting: str


@frozen(kw_only=True)
class ReviewGuarantee:
    """A guarantee, and whether it is proved; ``broken`` is the case in which it is not kept."""

    id: str
    says: str
    every_answer: bool
    broken: str
    statements: tuple[str, ...]


@frozen(kw_only=True)
class PartCoverage:
    """How much there is of one part of the ruleset, and how much of it is approved."""

    part: str
    rules: int
    ours: int
    scenarios: int
    approved: int
    stale: int


@frozen(kw_only=True)
class ReviewPack:
    """All that a reviewer needs in order to say yes, no or "change this" to every rule.

    ``facts`` identify the ruleset; ``headlines`` are the values of the headline, the open one
    first, then from the lightest to the heaviest, and ``headline_name`` what it is called.
    ``scenarios`` counts those that pass and all, ``checks`` are the faults that were looked for and
    not found, ``gaps`` what no scenario covers. ``fingerprints`` are those of what comments are
    about, by sheet and id.
    """

    title: str
    edition: str
    digest: str
    facts: tuple[tuple[str, str], ...]
    headlines: tuple[str, ...]
    headline_name: str
    statements: tuple[StatementGroup, ...]
    rules: Mapping[str, ReviewRule]
    headline: ReviewHeadline | None
    tables: tuple[ReviewTable, ...]
    parameters: tuple[ReviewParameter, ...]
    settings: tuple[tuple[str, str], ...]
    timeline: Timeline
    actions: ReviewMatrix
    documents: ReviewMatrix
    questions: tuple[ReviewQuestion, ...]
    guarantees: tuple[ReviewGuarantee, ...]
    findings: tuple[Finding, ...]
    checks: tuple[str, ...]
    coverage: tuple[PartCoverage, ...]
    gaps: tuple[str, ...]
    scenarios: tuple[int, int]
    failing: tuple[str, ...]
    signed: SignOff
    stale: tuple[StaleApproval, ...]
    fingerprints: Mapping[str, Mapping[str, str]]
    changes: Changes | None = None
    text: str = ""
