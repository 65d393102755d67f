"""Which tier, by the answer to an open question: python examples/python/compare_answers.py."""

from itertools import product

from ncpi_rules import decide, shipped_ruleset

QUESTION = "R1"


def main() -> None:
    """Print one row for each case and one column for each answer."""
    rules = shipped_ruleset()
    # Every known value of the two facts on which the tier mostly rests.
    findings, prospects = (
        [value for value in fact.values if value != fact.unknown]
        for fact in (rules.facts["findings"], rules.facts["prospects"])
    )
    answers = rules.interpretations[QUESTION].answers

    print(f"{QUESTION}: {rules.interpretations[QUESTION].question}")
    print("".join(f"{title:24}" for title in ("findings", "prospects", *answers)).rstrip())
    for finding, prospect in product(findings, prospects):
        row = [finding, prospect]
        for answer in answers:
            values = {"findings": finding, "prospects": prospect}
            tier = decide(rules, values, interpretations={QUESTION: answer}).outcomes["tier"]
            row.append(tier.value or tier.basis.value)
        print("".join(f"{cell:24}" for cell in row).rstrip())


if __name__ == "__main__":
    main()
