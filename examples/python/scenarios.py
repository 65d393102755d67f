"""Which kind of follow-up, by the answer to a doubt: python examples/python/scenarios.py."""

from itertools import product

from ncpi_rules import decide, shipped_ruleset

DOUBT = "R1"


def main() -> None:
    """Print one row for each case and one column for each answer."""
    rules = shipped_ruleset()
    # Each known word of the two facts on which the kind of follow-up mostly rests.
    findings, prospects = (
        [word for word in fact.words if word != fact.unknown]
        for fact in (rules.facts["findings"], rules.facts["prospects"])
    )
    answers = rules.readings[DOUBT].answers

    print(f"{DOUBT}: {rules.readings[DOUBT].question}")
    print("".join(f"{title:24}" for title in ("findings", "prospects", *answers)).rstrip())
    for found, judged in product(findings, prospects):
        row = [found, judged]
        for answer in answers:
            words = {"findings": found, "prospects": judged}
            tier = decide(rules, words, readings={DOUBT: answer}).outcomes["tier"]
            row.append(tier.value or tier.standing.value)
        print("".join(f"{cell:24}" for cell in row).rstrip())


if __name__ == "__main__":
    main()
