"""Assess every follow-up in a database, and say which deadlines stand differently by now.

python examples/python/nightly_job.py

The database is SQLite, and made here from the examples; a table of yours would take its place.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ncpi_rules import FollowUp, NcpiRulesError, Plan, assess

FOLDER = Path(__file__).parents[1] / "follow-ups"
TABLES = """
create table follow_ups (id text primary key, facts text not null);
create table plans (id text, day text, document text not null, primary key (id, day));
"""


def fill(database: sqlite3.Connection) -> None:
    """Put the examples into the database, and one that cannot be used."""
    database.executescript(TABLES)
    for file in sorted(FOLDER.glob("*.yaml")):
        facts = FollowUp.load(file).to_json()
        database.execute("insert into follow_ups values (?, ?)", (file.stem, facts))
    database.execute("insert into follow_ups values ('typed-by-hand', '{\"force\": \"kennt\"}')")


def run(database: sqlite3.Connection, day: str) -> Iterator[str]:
    """Assess all follow-ups on a day, store their plans, and yield what a person should read."""
    cases = database.execute("select id, facts from follow_ups order by id").fetchall()
    for name, facts in cases:
        try:
            plan = assess(json.loads(facts), on=day)
        except NcpiRulesError as fault:  # one that is wrong does not stop the others
            yield f"{name}: {fault.problems[0].message}"
            continue
        before = database.execute(
            "select document from plans where id = ? and day < ? order by day desc", (name, day)
        ).fetchone()
        if before is not None:
            was = {one.id: one.status_label for one in Plan.from_json(before[0]).deadlines}
            for deadline in plan.deadlines:
                if was.get(deadline.id, deadline.status_label) != deadline.status_label:
                    now = f"now {deadline.status_label} (was {was[deadline.id]})"
                    yield f"{name}: {deadline.event_title}: {now}. {deadline.status_line}."
        database.execute(
            "insert or replace into plans values (?, ?, ?)", (name, day, plan.to_json())
        )
    database.commit()


def main() -> None:
    """Run on two nights, and print what the second one found."""
    with closing(sqlite3.connect(":memory:")) as database:
        fill(database)
        list(run(database, "2019-01-06"))
        for line in run(database, "2019-01-07"):
            print(line)


if __name__ == "__main__":
    main()
