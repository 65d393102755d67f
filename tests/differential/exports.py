"""Random rulesets exported as JDM: zen-engine decides whole cases, beside the library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.report.exchange import export_tables, machine_names, to_jdm
from ncpi_rules.ruleset import OutcomeRule, decide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from ncpi_rules.ruleset import Ruleset

CASES: Final = 40


def compared_export(random: Random, ruleset: Ruleset) -> Iterator[int | str]:
    """Yield how many answers about some cases are alike, and each case of which one is not."""
    import zen  # noqa: PLC0415  where it is installed

    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(to_jdm(ruleset)))
    names = machine_names([*ruleset.facts, *ruleset.outcomes, *ruleset.interpretations])
    tables = export_tables(ruleset)
    tested = {column.id for table in tables for column in table.tested}
    lists = [table.id for table in tables if table.outcome is None]
    for _ in range(CASES):
        values = {name: random.choice([*fact.values]) for name, fact in ruleset.facts.items()}
        answers = {
            name: random.choice([*interpretation.answers])
            for name, interpretation in ruleset.interpretations.items()
        }
        case = {**values, **answers}
        asked = {names[fact]: value for fact, value in case.items() if fact in tested}
        try:
            result = decision.evaluate(asked)["result"]
        except RuntimeError as fault:
            yield f"zen-engine refuses {asked}: {str(fault)[:200]}"
            continue
        theirs: dict[str, Any] = {name: result[names[name]] for name in ruleset.outcomes}
        theirs["rules"] = sorted(item["rule"] for table in lists for item in result[table])
        ours = _ours(ruleset, values, answers)
        wrong = [name for name in ours if ours[name] != theirs[name]]
        yield len(ours) - len(wrong)
        for name in wrong:
            yield f"{name} is {theirs[name]} in zen-engine and {ours[name]} here, where {case}"


def _ours(
    ruleset: Ruleset, values: Mapping[str, str], answers: Mapping[str, str]
) -> dict[str, Any]:
    decision = decide(ruleset, values, interpretations=answers)
    said: dict[str, Any] = {name: decision.evaluation.decided[name] for name in ruleset.outcomes}
    listed = [rule for rule in decision.rules if not isinstance(rule, OutcomeRule)]
    said["rules"] = sorted(rule.rule for rule in listed)
    return said
