"""Sign-off: which rules and readings somebody has approved as they are.

Floor 10.
"""

from __future__ import annotations

from ncpi_rules.approving.covered import (
    Covered,
    check_named,
    covered_by,
    covered_by_all,
    fingerprints_for,
)
from ncpi_rules.approving.signing import (
    Signed,
    SignOff,
    approvals_of,
    sign_off,
    signing_findings,
)

__all__ = [
    "Covered",
    "SignOff",
    "Signed",
    "approvals_of",
    "check_named",
    "covered_by",
    "covered_by_all",
    "fingerprints_for",
    "sign_off",
    "signing_findings",
]
