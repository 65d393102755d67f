"""What has changed since an approval, the old beside the new where the old is known.

An approval holds fingerprints and no text. The text can be shown where another ruleset has these
fingerprints: the one in which it was approved.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import upper_first
from ncpi_rules.sign_off.scope import covered_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.io import Plain
    from ncpi_rules.ruleset import Ruleset
    from ncpi_rules.scenarios import Scenario
    from ncpi_rules.sign_off.approvals import Approval
    from ncpi_rules.sign_off.scope import ApprovalScope
    from ncpi_rules.sign_off.status import ItemSignOff, SignOff

_NOT_KNOWN: Final = (
    "An approval keeps no text. Compare with the ruleset in which it was given (--against) to see "
    "the old beside the new."
)
_DIGEST: Final = 64
_SHOWN: Final = 8


@frozen(kw_only=True)
class StalePart:
    """A part of what was approved that has changed: the lines that differ, then and now.

    ``remark`` says why there are none.
    """

    title: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    remark: str = ""


@frozen(kw_only=True)
class StaleApproval:
    """An approval that is out of date: of what, by whom, on which day, and what has changed."""

    name: str
    by: str
    on: str
    parts: tuple[StalePart, ...]


def stale_approvals(
    signed: SignOff, earlier: Ruleset | None = None, scenarios: Iterable[Scenario] = ()
) -> Iterator[StaleApproval]:
    """Yield each approval that is out of date, with what has changed since.

    ``earlier`` is the ruleset, with its scenarios, in which some may have been given.
    """
    out_of_date = [item for item in (*signed.stale, *signed.current) if item.stale]
    names = [item.name for item in out_of_date if earlier is not None and _is_in(item, earlier)]
    scopes: dict[str, ApprovalScope] = {}
    if earlier is not None and names:
        scopes = {scope.name: scope for scope in covered_by(earlier, scenarios, names)}
    for item in out_of_date:
        for approval in item.stale:
            yield StaleApproval(
                name=item.name,
                by=approval.by,
                on=approval.on.text,
                parts=tuple(_parts(item, approval, scopes.get(item.name))),
            )


def _is_in(item: ItemSignOff, ruleset: Ruleset) -> bool:
    if item.covered.is_part:
        return True
    return item.name in (
        ruleset.interpretations if item.covered.is_interpretation else ruleset.cases
    )


def _parts(
    item: ItemSignOff, approval: Approval, then: ApprovalScope | None
) -> Iterator[StalePart]:
    """Yield each part that has changed, with its text then and now where the former is known."""
    differing = approval.fingerprints.differing(item.covered.fingerprints)
    for name, title in zip(differing, item.changed(approval), strict=True):
        if then is None or name in approval.fingerprints.differing(then.fingerprints):
            yield StalePart(title=upper_first(title), remark=_NOT_KNOWN)
            continue
        if name == "scenarios":
            old, new = list(then.scenarios), list(item.covered.scenarios)
        else:
            old, new = ([*_lines(side.contents[name])] for side in (then, item.covered))
        was, now = _differing(old, new)
        remark = "" if was or now else "What these scenarios hold or expect has changed."
        yield StalePart(title=upper_first(title), before=was, after=now, remark=remark)


def _differing(old: list[str], new: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines that only one of two texts has, or has in another place."""
    was, now = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            was += old[a:b]
            now += new[c:d]
    return tuple(was), tuple(now)


def _lines(plain: Plain, names: str = "") -> Iterator[str]:
    """Yield what plain data says, a line for each text, after the names that lead to it.

    >>> list(_lines([{"when": {"drink": ["tea", "water"]}}, "R1"]))
    ['when, drink: tea', 'when, drink: water', 'R1']
    """
    if isinstance(plain, dict):
        for name, value in plain.items():
            yield from _lines(value, f"{names}, {name}" if names else str(name))
    elif isinstance(plain, list | tuple):
        for value in plain:
            yield from _lines(value, names)
    elif plain is not None:
        text = str(plain)
        if len(text) == _DIGEST and text.isalnum() and " " not in text:
            text = f"the wording with the fingerprint {text[:_SHOWN]}"
        yield f"{names}: {text}" if names else text
