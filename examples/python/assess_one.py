"""Assess one follow-up, ask why, and keep the answer: python examples/python/assess_one.py."""

import json
from pathlib import Path

from ncpi_rules import FollowUp, assess

FILE = Path(__file__).parents[1] / "follow-ups" / "northumbria-2018.yaml"


def main() -> None:
    """Print the type of follow-up, the deadlines and the reason for one of them."""
    follow_up = FollowUp.load(FILE)
    # The day is always given: the library never asks a clock.
    plan = assess(follow_up, on="2019-04-11")

    print(f"{follow_up.force.name}: {plan.tier.value}, {plan.tier.basis.label}")
    for deadline in plan.deadlines:
        due = f", due {deadline.due.text}" if deadline.due else ""
        print(f"  {deadline.id}: {deadline.status.label}{due}")

    print("Why deadline.revisit:")
    for message in plan.why("deadline.revisit"):
        print(f"  {message}")

    # All of it, for another program: dates, days late, statements and interpretations.
    record = json.loads(plan.to_json())
    print(f"The record has: {', '.join(record)}")


if __name__ == "__main__":
    main()
