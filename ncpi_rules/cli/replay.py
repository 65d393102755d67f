"""The command ``replay``."""

from __future__ import annotations

from ncpi_rules import plan
from ncpi_rules.cli.options import EngineName, RulesetName, editions_named
from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, show_lines
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import SHIPPED


def replay(
    file: str,
    /,
    *,
    ruleset: RulesetName = SHIPPED,
    engine: EngineName = None,
    signed_by: str | None = None,
) -> int:
    """Repeat a recorded assessment, and report whether the plan is the same.

    The exit status is 0 where it is the same, 1 where something differs or the record has been
    changed, and 2 where the record cannot be used.

    :param file: A record, as 'ncpi-rules assess FILE --record RECORD' writes it.
    :param signed_by: The public key of whoever has signed the record; it is used only where the
    signature beside it is good.
    """
    rules = editions_named(ruleset)
    recorded = plan.Record.read(file) if signed_by is None else plan.signed_record(file, signed_by)
    result = plan.replay(recorded, ruleset=rules, engine=engine)
    first, *rest = result.sentences
    lines = list(wrapped(first))
    if signed_by is not None:
        lines += wrapped(f"The holder of the key '{signed_by}' signed this record.")
    for sentence in rest:
        lines += wrapped(sentence, first="- ", rest="  ")
    show_lines(lines)
    return GOOD if result.same else SOME_FILE_BAD
