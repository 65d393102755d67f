"""An example of each command, as its help shows it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "assess": "assess kent.yaml --on 2019-04-11 --format html -o kent.html",
        "explain": "explain kent.yaml --on 2019-04-11 --why deadline.revisit",
        "decide": "decide findings=broadly-positive prospects=no-concerns",
        "check": "check my-copy",
        "test": "test my-copy --coverage",
        "mutate": "mutate my-copy --workers 2",
        "trace": "trace OLD.txt --against NEW.txt",
        "sweep": "sweep cases.csv -o outcomes.csv",
        "caseload": "caseload FOLDER --on 2019-04-11",
        "init": "init my-copy",
        "format": "format my-copy",
        "watch": "watch my-copy",
        "diff": "diff ncpi-follow-up my-copy",
        "parameters": "parameters my-copy",
        "export": "export my-copy --to xlsx -o rules.xlsx",
        "approve": 'approve tier.review --by "A. Officer" --on 2026-11-20 --ruleset my-copy',
        "review": "review my-copy -o review-pack",
        "record": "record kent.json --sign our.key",
        "replay": "replay kent.json",
    }
)
"""What to type after ``ncpi-rules``, by command."""


def example_of(command: str) -> str:
    """Return the lines that end the help of a command; nothing where there is no example.

    >>> example_of("check").splitlines()[-1]
    '  ncpi-rules check my-copy'
    """
    return f"Example:\n  ncpi-rules {EXAMPLES[command]}" if command in EXAMPLES else ""
