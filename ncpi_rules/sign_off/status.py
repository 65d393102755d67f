"""What is approved as it is, what has changed since, and what nobody has approved yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.checks import Finding
from ncpi_rules.core import RulesetError, counted, joined
from ncpi_rules.ruleset import SHIPPED
from ncpi_rules.scenarios import load_scenarios
from ncpi_rules.sign_off.approvals import PARTS, Approval, load_approvals
from ncpi_rules.sign_off.scope import ApprovalScope, covered_by_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ncpi_rules.core import Problem
    from ncpi_rules.ruleset import Ruleset
    from ncpi_rules.scenarios import Scenario

NOBODY: Final = "nobody yet"
"""What an interpretation says where nobody has agreed it."""

_PARTS: Final[Mapping[str, str]] = {
    "rules": "the rules that rest on it",
    "interpretations": "the interpretations that it rests on",
    "vocabulary": "the vocabulary that it uses",
    "statements": "its statements",
    "scenarios": "its scenarios",
}
"""The parts of what is approved, besides the thing itself, as an officer calls them."""


@frozen(kw_only=True)
class ItemSignOff:
    """What is known of the approval of one rule or interpretation.

    ``current`` are the approvals of it as it is now, ``stale`` those of an earlier state. ``place``
    is where it stands in the files, and ``agreed_by`` who has agreed an interpretation, as its file
    says.
    """

    covered: ApprovalScope
    place: str
    agreed_by: str = NOBODY
    current: tuple[Approval, ...] = ()
    stale: tuple[Approval, ...] = ()

    @property
    def name(self) -> str:
        """Return the id of the rule or the interpretation, or the name of the part."""
        return self.covered.name

    @property
    def title(self) -> str:
        """Return what it is and its id, within a sentence."""
        if self.covered.is_part:
            return f"the {self.name}"
        return f"the {'interpretation' if self.covered.is_interpretation else 'rule'} '{self.name}'"

    def changed(self, approval: Approval) -> tuple[str, ...]:
        """Return what has changed since an approval, as an officer calls it."""
        itself = "interpretations" if self.covered.is_interpretation else "rules"
        parts = approval.fingerprints.differing(self.covered.fingerprints)
        own = "the interpretation itself" if self.covered.is_interpretation else "the rule itself"
        if self.covered.is_part:
            own = PARTS[self.name].partition(":")[0]
        return tuple(own if part == itself else _PARTS[part] for part in parts)

    def finding(self, where: Path | str = SHIPPED) -> Finding | None:
        """Return what is to be reported of it; None where somebody has approved it as it is.

        ``where`` is the folder of its ruleset, or the name of a shipped one.
        """
        if self.current:
            return None
        ruleset = "" if where == SHIPPED else f" --ruleset {where}"
        way_out = (
            f"Where it is right, 'ncpi-rules approve {self.name}{ruleset} --by WHO --on DAY' "
            "writes so into approvals.yaml"
        )
        agreed = self.covered.is_interpretation and self.agreed_by.strip(". ").casefold() != NOBODY
        if self.stale:
            latest = max(self.stale, key=lambda approval: approval.on.start)
            message = (
                f"What {latest.by} approved of {self.title} on {latest.on.text} has changed "
                f"since: {', '.join(self.changed(latest))}."
            )
            if agreed:
                message += f" It is still said to be agreed by {self.agreed_by}."
            return Finding(
                code="approval-stale",
                place=latest.place,
                message=message,
                help=f"Read it again. {way_out}; the old ones may stay.",
            )
        message = f"Nobody has approved {self.title}."
        if agreed:
            says = f"The interpretation '{self.name}' is said to be agreed by {self.agreed_by}"
            message = f"{says}, and no approval proves it."
        help_ = f"Read it. {way_out}."
        return Finding(code="not-signed", place=self.place, message=message, help=help_)


@frozen(kw_only=True)
class SignOff:
    """What is known of the approval of every rule, by id, and of every interpretation."""

    signed: tuple[ItemSignOff, ...] = field(repr=False)

    @property
    def current(self) -> tuple[ItemSignOff, ...]:
        """Return what somebody has approved as it is."""
        return tuple(item for item in self.signed if item.current)

    @property
    def stale(self) -> tuple[ItemSignOff, ...]:
        """Return what was approved and has changed since."""
        return tuple(item for item in self.signed if item.stale and not item.current)

    @property
    def open(self) -> tuple[ItemSignOff, ...]:
        """Return what nobody has ever approved."""
        return tuple(item for item in self.signed if not (item.stale or item.current))

    def findings(self, where: Path | str = SHIPPED) -> tuple[Finding, ...]:
        """Return one finding for each rule and interpretation that is not approved as it is.

        ``where`` is the folder of the ruleset, or the name of a shipped one: the help names it.
        """
        findings = (item.finding(where) for item in self.signed)
        return tuple(finding for finding in findings if finding is not None)

    @property
    def summary(self) -> str:
        """How much is approved, in a few sentences."""
        if not self.signed:
            return "There is nothing to approve."
        if len(self.open) == len(self.signed):
            are = "is" if len(self.signed) == 1 else "are"
            return f"Nobody has approved anything yet: {_kinds(self.signed)} {are} open."
        if len(self.current) == len(self.signed):
            return f"Everything is approved as it is: {_kinds(self.signed)}."
        parts = (
            ("Approved as it is", self.current),
            ("Changed since it was approved", self.stale),
            ("Approved by nobody yet", self.open),
        )
        return " ".join(f"{what}: {_kinds(items)}." for what, items in parts if items)


def approvals_of(
    ruleset: Ruleset, approvals: Iterable[Approval], scenarios: Iterable[Scenario]
) -> SignOff:
    """Return what the approvals say of every rule and interpretation of the edition.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> approvals_of(shipped_ruleset(), [], []).summary.partition(":")[0]
    'Nobody has approved anything yet'
    """
    by_name: dict[str, list[Approval]] = {}
    for approval in approvals:
        by_name.setdefault(approval.of, []).append(approval)
    return SignOff(
        signed=tuple(
            _signed(ruleset, scope, by_name.get(scope.name, ()))
            for scope in covered_by_all(ruleset, scenarios)
        ),
    )


def _signed(ruleset: Ruleset, covered: ApprovalScope, approvals: Iterable[Approval]) -> ItemSignOff:
    current: list[Approval] = []
    stale: list[Approval] = []
    for approval in approvals:
        (current if approval.fingerprints == covered.fingerprints else stale).append(approval)
    name = covered.name
    if covered.is_part:
        stem = "ruleset" if name == "settings" else name
        source = ruleset.files.get(stem)
        place, agreed_by = f"{stem}.yaml" if source is None else source.place(()), NOBODY
    elif covered.is_interpretation:
        place = ruleset.places.get(f"interpretations.{name}", "")
        agreed_by = ruleset.interpretations[name].agreed_by
    else:
        place, agreed_by = ruleset.cases[name][0].place, NOBODY
    return ItemSignOff(
        covered=covered,
        place=place,
        agreed_by=agreed_by,
        current=tuple(current),
        stale=tuple(stale),
    )


def sign_off(ruleset: Ruleset, where: Path | str) -> SignOff:
    """Return what is approved of the ruleset in a folder, or of a shipped one by name.

    Raises RulesetError where its scenarios or its approvals cannot be read.
    """
    problems: list[Problem] = []
    scenarios: tuple[Scenario, ...] = ()
    approvals: tuple[Approval, ...] = ()
    try:
        scenarios = load_scenarios(where, ruleset=ruleset)
    except RulesetError as fault:
        problems.extend(fault.problems)
    try:
        approvals = load_approvals(where, ruleset=ruleset)
    except RulesetError as fault:
        problems.extend(fault.problems)
    if problems:
        raise RulesetError(problems)
    return approvals_of(ruleset, approvals, scenarios)


def _kinds(items: Iterable[ItemSignOff]) -> str:
    items = tuple(items)
    interpretations = sum(item.covered.is_interpretation for item in items)
    parts = sum(item.covered.is_part for item in items)
    rules = len(items) - interpretations - parts
    kinds = {"rule": rules, "interpretation": interpretations, "part": parts}
    return joined([counted(number, what) for what, number in kinds.items() if number], "and")
