"""Which column of a table is which fact or event, which are kept, and which are refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.batch.problems import column_problem, shortened
from ncpi_rules.core import MOST_OF_A_KIND, FactsError, Problem, nearest, one_of
from ncpi_rules.ruleset import column_meant, spelling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow

    from ncpi_rules.ruleset import Ruleset

_INDEX: Final = re.compile(r"__index_level_\d+__")


@frozen(kw_only=True)
class TableNames:
    """The names that a table gives to its columns, by what they mean.

    ``written`` has them by the name of each fact, event and ``EVENT.not-yet``; ``keep`` by the
    name under which each is asked for.
    """

    written: Mapping[str, str] = field(factory=dict)
    keep: Mapping[str, str] = field(factory=dict)

    @classmethod
    def of(cls, schema: pyarrow.Schema, ruleset: Ruleset, keep: Sequence[str]) -> TableNames:
        """Return the names of a table; raise FactsError with every column that is refused.

        The index of a pandas table is left alone, unless it is a fact or an event or is kept.
        """
        names = names_of(schema)
        sources = {name: _source_of(name, names) for name in keep}
        problems = [
            column_problem(name, "There is no such column to keep.", one_of(name, names))
            for name, column in sources.items()
            if column is None
        ]
        written: dict[str, str] = {}
        unknown: list[str] = []
        for name, many in Counter(names).items():
            meant = column_meant(name, ruleset)
            if many > 1:
                help_ = "Rename or leave out one of them."
                problems.append(column_problem(name, "Two columns have this name.", help_))
            elif meant in written:
                message = f"This column and '{written[meant]}' both mean '{meant}'."
                problems.append(column_problem(name, message, "Leave out one of them."))
            elif meant:
                written[meant] = name
            elif name not in sources.values():
                unknown.append(name)
        if unknown:
            index = _index_columns(schema)
            problems += _unknown_names([name for name in unknown if name not in index], ruleset)
        if problems:
            raise FactsError(problems)
        return cls(
            written=written, keep={name: column for name, column in sources.items() if column}
        )


def names_of(schema: pyarrow.Schema) -> list[str]:
    """Return the names of the columns; raise FactsError with every one that is no text."""
    try:
        return list(schema.names)
    except UnicodeDecodeError:
        raise FactsError(_nameless(schema)) from None


def _nameless(schema: pyarrow.Schema) -> Iterator[Problem]:
    for number, column in enumerate(schema, 1):
        try:
            _ = column.name
        except UnicodeDecodeError:
            message = "The name of this column is not UTF-8 text."
            help_ = "Rename it, and save the table again."
            yield Problem(place=f"column {number:,}", message=message, help=help_)


def _source_of(name: str, names: Sequence[str]) -> str | None:
    """Return the column that is meant by a name to keep: the same, or the only one spelt alike."""
    if name in names:
        return name
    alike = [column for column in names if spelling(column) == spelling(name)]
    return alike[0] if len(alike) == 1 else None


def _index_columns(schema: pyarrow.Schema) -> set[str]:
    """Return the columns that are the index of a pandas table, as pandas has noted them."""
    index = set(filter(_INDEX.fullmatch, schema.names))
    try:
        noted: Any = json.loads((schema.metadata or {})[b"pandas"])["index_columns"]
        return index.union(name for name in noted if isinstance(name, str))
    except (KeyError, TypeError, ValueError, RecursionError):  # others may write what they like
        return index


def _unknown_names(names: Sequence[str], ruleset: Ruleset) -> Iterator[Problem]:
    """Yield a problem for each of some columns; the first lists all names that there are."""
    known = list(dict.fromkeys([*ruleset.facts, *ruleset.events]))
    for name in names[:MOST_OF_A_KIND]:
        message = f"The ruleset has no fact and no event '{shortened(name)}'."
        if not name.strip():
            message = "This column has no name."
        elif name in ruleset.outcomes:
            message = f"'{name}' is decided by the rules; it cannot be given."
        guess = nearest(name, known)
        help_ = f"Did you mean '{guess}'? " if guess else ""
        help_ = one_of(name, known) + " " if name == names[0] else help_
        help_ += "Rename the column, leave it out, or ask for it to be kept as it is."
        yield column_problem(name, message, help_)
    if len(names) > MOST_OF_A_KIND:
        message = f"It has none for {len(names) - MOST_OF_A_KIND:,} further columns, either."
        yield Problem(place="", message=message, help="Look whether it is the right table.")
