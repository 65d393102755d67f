"""The command ``replay``."""

from __future__ import annotations

from ncpi_rules.cli.options import EngineName, RulesetName, editions_named
from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, show_lines
from ncpi_rules.plan import Record
from ncpi_rules.plan import replay as replay_record
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import SHIPPED


def replay(file: str, /, *, ruleset: RulesetName = SHIPPED, engine: EngineName = None) -> int:
    """Repeat a recorded assessment, and report whether the plan is the same.

    The exit status is 0 where it is the same, 1 where something differs or the record has been
    changed, and 2 where the record cannot be used.

    :param file: A record, as 'ncpi-rules assess FILE --record RECORD' writes it.
    """
    rules = editions_named(ruleset)
    result = replay_record(Record.read(file), ruleset=rules, engine=engine)
    first, *rest = result.sentences
    lines = list(wrapped(first))
    for sentence in rest:
        lines += wrapped(sentence, first="- ", rest="  ")
    show_lines(lines)
    return GOOD if result.same else SOME_FILE_BAD
