"""The command ``replay``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ncpi_rules.cli.options import GOOD, SOME_FILE_BAD, ruleset_named
from ncpi_rules.cli.output import show
from ncpi_rules.plan import Record
from ncpi_rules.plan import replay as replay_record
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import SHIPPED

Engine: TypeAlias = Literal["durable-rules", "reference"]

DIFFERS: Final = SOME_FILE_BAD


def replay(
    file: str,
    /,
    *,
    ruleset: str = SHIPPED,
    engine: Engine | None = None,
) -> int:
    """Say whether a recorded assessment still leads to the same plan, and what differs.

    It ends with 0 where it is the same, 1 where something differs or the record was changed, and 2
    where the record cannot be used.

    :param file: A record, as 'ncpi-rules assess FILE --record RECORD' wrote it.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param engine: The engine that evaluates the rules.
    """
    rules = ruleset_named(ruleset)
    found = replay_record(Record.read(file), ruleset=rules, engine=engine)
    first, *rest = found.says
    lines = [
        *wrapped(first),
        *(line for each in rest for line in wrapped(each, first="- ", rest="  ")),
    ]
    show("\n".join(lines) + "\n")
    return GOOD if found.same else DIFFERS
