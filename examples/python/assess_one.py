"""Assess one follow-up, ask why, and export it: python examples/python/assess_one.py."""

import json
from pathlib import Path

from ncpi_rules import FollowUp, assess
from ncpi_rules.explain import why

FILE = Path(__file__).parents[1] / "follow-ups" / "northumbria-2018.yaml"


def main() -> None:
    """Print the tier, the deadlines and the reasons for one of them."""
    follow_up = FollowUp.load(FILE)
    # The day is always an argument: the library never reads a clock.
    plan = assess(follow_up, on="2019-04-11")

    print(f"{follow_up.about.name}: {plan.headline.value}, {plan.headline.basis.label}")
    for deadline in plan.deadlines:
        due = f", due {deadline.due.text}" if deadline.due else ""
        print(f"  {deadline.id}: {deadline.status.label}{due}")

    print("Why deadline.revisit:")
    for sentence in why(plan, "deadline.revisit"):
        print(f"  {sentence}")

    # All of it, for another program: dates, days late, statements and interpretations.
    document = json.loads(plan.to_json())
    print(f"The JSON has: {', '.join(document)}")


if __name__ == "__main__":
    main()
