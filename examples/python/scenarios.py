"""Which type of follow-up, by the answer to a question: python examples/python/scenarios.py."""

from itertools import product

from ncpi_rules import decide, shipped_ruleset

DOUBT = "R1"


def main() -> None:
    """Print one row for each case and one column for each answer."""
    rules = shipped_ruleset()
    # Each known word of the two facts on which the type of follow-up mostly rests.
    findings, prospects = (
        [value for value in fact.values if value != fact.unknown]
        for fact in (rules.facts["findings"], rules.facts["prospects"])
    )
    answers = rules.interpretations[DOUBT].answers

    print(f"{DOUBT}: {rules.interpretations[DOUBT].question}")
    print("".join(f"{title:24}" for title in ("findings", "prospects", *answers)).rstrip())
    for found, judged in product(findings, prospects):
        row = [found, judged]
        for answer in answers:
            values = {"findings": found, "prospects": judged}
            tier = decide(rules, values, interpretations={DOUBT: answer}).outcomes["tier"]
            row.append(tier.value or tier.basis.value)
        print("".join(f"{cell:24}" for cell in row).rstrip())


if __name__ == "__main__":
    main()
