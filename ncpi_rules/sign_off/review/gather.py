"""Gathers a review pack from the ruleset, its checks, its scenarios and its approvals."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ncpi_rules.checks import CODES, StatementState, check, trace
from ncpi_rules.core import upper_first
from ncpi_rules.explore import explorer_of
from ncpi_rules.ruleset import (
    SHIPPED,
    OutcomeRule,
    edition_title,
    fingerprint,
    is_item,
    kind_of,
)
from ncpi_rules.scenarios import load_scenarios, run
from ncpi_rules.sign_off.approvals import load_approvals
from ncpi_rules.sign_off.review.content import (
    NO_STATEMENT,
    NOBODY,
    ReviewPack,
    ReviewRule,
    ReviewStatement,
    StatementGroup,
)
from ncpi_rules.sign_off.review.keys import fingerprints_of
from ncpi_rules.sign_off.review.registers import (
    choices_of,
    coverage_by_part,
    coverage_gaps,
    guarantees_of,
    parameters_of,
    questions_of,
    settings_of,
)
from ncpi_rules.sign_off.review.schedules import (
    actions_by_headline,
    documents_by_headline,
    timeline,
)
from ncpi_rules.sign_off.review.sentences import Clauses, home_of
from ncpi_rules.sign_off.review.stale import stale_approvals
from ncpi_rules.sign_off.review.tables import (
    decision_table,
    headline_at_a_glance,
    headline_name,
    headline_of,
)
from ncpi_rules.sign_off.status import approvals_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ncpi_rules.checks import StatementTrace
    from ncpi_rules.explore import DecisionExplorer
    from ncpi_rules.ruleset import Rule, Ruleset
    from ncpi_rules.sign_off.review.changes import Changes
    from ncpi_rules.sign_off.review.stale import StaleApproval
    from ncpi_rules.sign_off.status import ItemSignOff, SignOff

_NOT_FOR_A_TABLE: Final = frozenset({"gap", "overlap"})
_OF_CHECKS: Final = frozenset({"not-signed", "approval-stale", "cannot-be-read"})
_NOT_THE_SAME: Final = "The text that was given has another wording here than the edition knows."
_UNCITED: Final = "Without a statement"
_NOT_THERE: Final = "This statement is not in the text that was given."


def review_explorer(ruleset: Ruleset) -> DecisionExplorer | None:
    """Return the part of the page in which cases can be tried, with rules as sentences."""
    return explorer_of(ruleset, Clauses(ruleset).where_it_applies)


def review_pack(
    ruleset: Ruleset,
    where: Path | str = SHIPPED,
    *,
    methodology: str | None = None,
    changes: Changes | None = None,
    against: tuple[Ruleset, Path | str] | None = None,
) -> ReviewPack:
    """Return the content of the review pack of a ruleset.

    ``where`` is the folder of the ruleset, or the name of a shipped one: its scenarios and its
    approvals are read there. ``methodology`` is the publisher's text, ``changes`` what has changed
    since another ruleset. ``against`` is that ruleset and its folder: where an approval that is out
    of date was given in it, the old text stands beside the new. Raises
    RulesetError where a file cannot be read, and what ``trace`` raises for the text.
    """
    scenarios = load_scenarios(where, ruleset=ruleset)
    signed = approvals_of(ruleset, load_approvals(where, ruleset=ruleset), scenarios)
    findings = check(ruleset)
    clauses = Clauses(ruleset)
    rules = _rules(clauses, signed)
    results = [run(scenario, ruleset) for scenario in scenarios]
    failing = tuple(result.scenario.says for result in results if not result.passed)
    codes = {finding.code for finding in findings}
    is_proved = codes.isdisjoint(_NOT_FOR_A_TABLE)
    settings = ruleset.settings
    return ReviewPack(
        title=settings.title,
        edition=upper_first(edition_title(ruleset)),
        digest=ruleset.digest,
        facts=tuple(_facts(ruleset)),
        headlines=tuple(ruleset.outcomes[headline_of(ruleset)].values),
        headline_name=headline_name(ruleset),
        statements=_statements(ruleset, rules, methodology),
        rules=rules,
        headline=headline_at_a_glance(clauses),
        tables=tuple(
            decision_table(clauses, outcome, is_proved=is_proved)
            for outcome in reversed(list(ruleset.outcomes))
        ),
        parameters=(*parameters_of(ruleset), *choices_of(ruleset)),
        settings=tuple(settings_of(ruleset)),
        timeline=timeline(clauses),
        actions=actions_by_headline(clauses),
        documents=documents_by_headline(clauses),
        questions=tuple(questions_of(clauses)),
        guarantees=tuple(guarantees_of(ruleset, findings)),
        findings=findings,
        checks=tuple(
            title for code, title in CODES.items() if code not in codes and code not in _OF_CHECKS
        ),
        coverage=tuple(coverage_by_part(rules)),
        gaps=tuple(coverage_gaps(scenarios, ruleset)),
        scenarios=(len(results) - len(failing), len(results)),
        failing=failing,
        signed=signed,
        stale=_stale(signed, against),
        fingerprints=fingerprints_of(ruleset),
        changes=changes,
        text=methodology or "",
    )


def _stale(
    signed: SignOff, against: tuple[Ruleset, Path | str] | None
) -> tuple[StaleApproval, ...]:
    if against is None or not signed.stale:
        return tuple(stale_approvals(signed))
    earlier, where = against
    return tuple(stale_approvals(signed, earlier, load_scenarios(where, ruleset=earlier)))


def _facts(ruleset: Ruleset) -> Iterator[tuple[str, str]]:
    settings = ruleset.settings
    yield "Edition", upper_first(edition_title(ruleset))
    yield "Publisher of the methodology", settings.publisher
    if settings.in_force is not None:
        yield "Applies to reports published", settings.in_force.text
    yield "Fingerprint", ruleset.digest[:8]


def part_of(rule: Rule, ruleset: Ruleset) -> str:
    """Return what a rule is about, as the column of a table has it."""
    if isinstance(rule, OutcomeRule):
        outcome = ruleset.outcomes[rule.decides]
        return outcome.label or outcome.title
    return upper_first(f"{kind_of(rule).name}s")


def _rules(clauses: Clauses, signed: SignOff) -> dict[str, ReviewRule]:
    ruleset = clauses.ruleset
    cited_by = Counter(
        id_
        for cases in ruleset.cases.values()
        for id_ in {id_ for rule in cases for id_ in rule.statements}
    )
    known = {item.name: item for item in signed.signed if not item.covered.is_interpretation}
    rules = {}
    for id_, cases in ruleset.cases.items():
        sentences = tuple(clauses.sentences(cases))
        ours = [sentence for sentence in sentences if sentence.is_ours]
        own = known[id_]
        rules[id_] = ReviewRule(
            id=id_,
            title=cases[0].title,
            part=part_of(cases[0], ruleset),
            home=home_of(ours or sentences, ruleset, cited_by),
            sentences=sentences,
            note=cases[0].note,
            scenarios=len(own.covered.scenarios),
            approved=_approved(own),
            is_stale=bool(own.stale) and not own.current,
        )
    return rules


def _approved(own: ItemSignOff) -> str:
    if own.current:
        return "; ".join(f"{approval.by}, {approval.on.text}" for approval in own.current)
    if own.stale:
        latest = max(own.stale, key=lambda approval: approval.on.start)
        return f"Out of date: {latest.by}, {latest.on.text}"
    return NOBODY


def _statements(
    ruleset: Ruleset, rules: Mapping[str, ReviewRule], methodology: str | None
) -> tuple[StatementGroup, ...]:
    traced: dict[str, StatementTrace] = {}
    if methodology is not None:
        traced = {
            statement.id: statement
            for statement in trace(methodology, ruleset).statements
            if statement.id
        }
    shown: dict[str, list[ReviewRule]] = {}
    cited: dict[tuple[str, bool], list[str]] = {}
    for rule in rules.values():
        shown.setdefault(rule.home, []).append(rule)
        ours = {id_ for sentence in rule.ours for id_ in sentence.statements}
        for id_ in rule.statements:
            if id_ != rule.home:
                cited.setdefault((id_, id_ in ours), []).append(rule.id)
    titles = _headings(ruleset, methodology)
    groups: dict[str, list[ReviewStatement]] = {}
    for id_, statement in ruleset.statements.items():
        wording, remark = _wording(traced.get(id_), methodology)
        groups.setdefault(id_.rpartition(".")[0], []).append(
            ReviewStatement(
                id=id_,
                summary=statement.summary,
                modality=statement.modality,
                rules=tuple(shown.get(id_, ())),
                elsewhere=tuple(cited.get((id_, True), ())),
                under_others=tuple(cited.get((id_, False), ())),
                no_rule=statement.because if statement.no_rule else "",
                wording=wording,
                remark=remark,
            )
        )
    if "" in shown:
        groups[_UNCITED] = [_uncited(shown[""])]
    return tuple(
        StatementGroup(
            heading=titles.get(prefix) or upper_first(prefix), statements=tuple(statements)
        )
        for prefix, statements in groups.items()
    )


def _uncited(rules: list[ReviewRule]) -> ReviewStatement:
    """Return what stands in the place of a statement for rules that cite none."""
    return ReviewStatement(
        id=NO_STATEMENT,
        summary="These rules cite no statement.",
        modality=None,
        rules=tuple(rules),
        elsewhere=(),
        under_others=(),
        no_rule="",
        wording="",
        remark="",
    )


def _headings(ruleset: Ruleset, methodology: str | None) -> dict[str, str]:
    """Return the publisher's headings by their prefixes, where a text is given that has them."""
    prefixes = {heading.fingerprint: heading.prefix for heading in ruleset.headings}
    lines = (methodology or "").splitlines()
    return {
        prefixes[mark]: line.strip()
        for line in lines
        if (mark := fingerprint(line)) in prefixes and not is_item(line)
    }


def _wording(traced: StatementTrace | None, methodology: str | None) -> tuple[str, str]:
    if methodology is None:
        return "", ""
    if traced is None or traced.state is StatementState.GONE:
        return "", _NOT_THERE
    wording = traced.text
    if traced.state is StatementState.REWORDED:
        return wording, _NOT_THE_SAME
    return wording, traced.remark
