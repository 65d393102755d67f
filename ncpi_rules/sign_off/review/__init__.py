"""The review pack: what somebody needs in order to approve the rules, as a page and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.sign_off.review.changes import Changes as Changes
    from ncpi_rules.sign_off.review.changes import changes_since as changes_since
    from ncpi_rules.sign_off.review.comments import ReviewComment as ReviewComment
    from ncpi_rules.sign_off.review.comments import ReviewComments as ReviewComments
    from ncpi_rules.sign_off.review.comments import read_comments as read_comments
    from ncpi_rules.sign_off.review.content import ReviewPack as ReviewPack
    from ncpi_rules.sign_off.review.document import review_docx as review_docx
    from ncpi_rules.sign_off.review.gather import review_explorer as review_explorer
    from ncpi_rules.sign_off.review.gather import review_pack as review_pack
    from ncpi_rules.sign_off.review.page import review_html as review_html
    from ncpi_rules.sign_off.review.sheets import review_sheets as review_sheets
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "changes": ["Changes", "changes_since"],
            "comments": ["ReviewComment", "ReviewComments", "read_comments"],
            "content": ["ReviewPack"],
            "gather": ["review_explorer", "review_pack"],
            "document": ["review_docx"],
            "page": ["review_html"],
            "sheets": ["review_sheets"],
        },
    )
