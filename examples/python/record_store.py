"""Keep a record of every assessment, and find those that would come out differently today.

python examples/python/record_store.py
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ncpi_rules import FollowUp, Plan, Ruleset, assess, record, replay, shipped_ruleset
from ncpi_rules.plan import Record
from ncpi_rules.ruleset import patch

FOLDER = Path(__file__).parents[1] / "follow-ups"


class RecordStore:
    """Records in a table, each under its own fingerprint: the same assessment is kept once."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Make the table where there is none."""
        self.database = database
        self.database.execute(
            "create table if not exists records (fingerprint text primary key, document text)"
        )

    def keep(self, plan: Plan) -> str:
        """Keep a record of a plan, and return its fingerprint."""
        recorded = record(plan)
        fingerprint = recorded.fingerprints.whole
        self.database.execute(
            "insert or ignore into records values (?, ?)", (fingerprint, recorded.to_json())
        )
        return fingerprint

    def different(self, ruleset: Ruleset) -> Iterator[str]:
        """Yield what differs in each record where its assessment is repeated by a ruleset."""
        for (text,) in self.database.execute("select document from records order by document"):
            repeated = replay(Record.from_json(text), ruleset=ruleset)
            if not repeated.same:
                yield from repeated.sentences


def main() -> None:
    """Record the examples, and repeat them under a ceiling of four months."""
    with closing(sqlite3.connect(":memory:")) as database:
        store = RecordStore(database)
        for file in sorted(FOLDER.glob("n*.yaml")):
            plan = assess(FollowUp.load(file), on="2019-04-11")
            store.keep(plan)
        shorter = patch(shipped_ruleset(), {"revisit-ceiling": "4 months"})
        print("Unchanged rules:", list(store.different(shipped_ruleset())))
        for sentence in list(store.different(shorter))[:3]:
            print(sentence)


if __name__ == "__main__":
    main()
