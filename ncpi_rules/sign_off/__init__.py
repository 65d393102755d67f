"""Who has approved which rules and interpretations, and what has changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.sign_off.approval_file import NewApproval as NewApproval
    from ncpi_rules.sign_off.approval_file import add_approvals as add_approvals
    from ncpi_rules.sign_off.approvals import PARTS as PARTS
    from ncpi_rules.sign_off.approvals import Approval as Approval
    from ncpi_rules.sign_off.approvals import Approvals as Approvals
    from ncpi_rules.sign_off.approvals import Fingerprints as Fingerprints
    from ncpi_rules.sign_off.approvals import load_approvals as load_approvals
    from ncpi_rules.sign_off.scope import ApprovalScope as ApprovalScope
    from ncpi_rules.sign_off.scope import check_named as check_named
    from ncpi_rules.sign_off.scope import covered_by as covered_by
    from ncpi_rules.sign_off.scope import covered_by_all as covered_by_all
    from ncpi_rules.sign_off.status import ItemSignOff as ItemSignOff
    from ncpi_rules.sign_off.status import SignOff as SignOff
    from ncpi_rules.sign_off.status import approvals_of as approvals_of
    from ncpi_rules.sign_off.status import sign_off as sign_off
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "approval_file": ["NewApproval", "add_approvals"],
            "approvals": ["PARTS", "Approval", "Approvals", "Fingerprints", "load_approvals"],
            "scope": ["ApprovalScope", "check_named", "covered_by", "covered_by_all"],
            "status": ["ItemSignOff", "SignOff", "approvals_of", "sign_off"],
        },
    )
