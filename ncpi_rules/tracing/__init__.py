"""Source trace: what each statement carries, and what a changed text does to it.

Floor 4. The texts are given by the caller; the ruleset knows only fingerprints of their wording.
"""

from ncpi_rules.tracing.result import Change, State, Trace, Traced, Words
from ncpi_rules.tracing.telling import Scenarios, changed_words, trace

__all__ = ["Change", "Scenarios", "State", "Trace", "Traced", "Words", "changed_words", "trace"]
