"""The page of figures, made from what the runs reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from tests.assurance.mutants import PLACE

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "assurance.md"
RUNS: Final = Path(__file__).parent

_PARTS: Final = {
    "programs": (
        "answers about rules and decided facts of random programs in 20 cases each: durable-rules, "
        "the reference, the table, its regions and zen-engine, each beside the definition"
    ),
    "tables": (
        "cells of tables swept by random rulesets: in memory and by Ibis on DuckDB, beside "
        "decisions and deadlines one by one"
    ),
    "exports": (
        "outcomes and lists of random rulesets exported as JDM, in 40 cases each: zen-engine "
        "beside the library"
    ),
    "rows": "rows of sweeps with whole days, beside days counted one by one",
    "plans": "plans with partial dates, beside days counted in every possible world",
    "revisits": (
        "deadlines of plans with up to four revisits, beside days counted in every possible world"
    ),
}


_FLAT: Final = {
    "cases": "follow-ups, each with dates of its own",
    "rows": "rows, of two tables of 50,000 at random in turn",
}


def _tenths(megabytes: list[int]) -> str:
    """Return the memory after the first, the fifth and the last tenth, and the most."""
    shown = (megabytes[0], megabytes[4], megabytes[-1], max(megabytes))
    return " | ".join(f"{number:,}" for number in shown)


def run_of(name: str) -> dict[str, Any]:
    """Return what a run reported."""
    reported: dict[str, Any] = json.loads((RUNS / f"{name}.json").read_text("utf-8"))
    return reported


def _of_atheris(run: dict[str, Any]) -> dict[str, object]:
    """Return what the page says of the files that atheris has made."""
    readers = run["readers"]
    files = [reader["inputs"] for reader in readers.values()]
    return {
        "atheris_command": (
            f"python -m tests.hostile.with_atheris --seed {run['seed']} --inputs {max(files)} "
            f"--slow-inputs {min(files)}"
        ),
        "atheris_files": f"{sum(files):,}",
        "atheris_megabytes": f"{max(reader['megabytes'] for reader in readers.values()):,}",
        "atheris_rows": "\n".join(
            f"| {name} | {reader['inputs']:,} | {len(reader['faults']):,} |"
            for name, reader in readers.items()
        ),
    }


def _of_mutants(run: dict[str, Any]) -> dict[str, object]:
    """Return what the page says of the changes of the library, and of each that nothing notices."""
    rows, lived = [], []
    for room, mutants in run["rooms"].items():
        first = sum(bool(mutant["killed_by"]) and not mutant["late"] for mutant in mutants)
        late = sum(mutant["late"] and bool(mutant["killed_by"]) for mutant in mutants)
        living = [mutant for mutant in mutants if not mutant["killed_by"]]
        share = 100 * first // len(mutants)
        rows.append(f"| `{room}` | {len(mutants)} | {first} ({share} %) | {late} | {len(living)} |")
        lived += living
    return {
        "mutants_command": (
            f"python -m tests.assurance.mutants --seed {run['seed']} --places {run['places']}"
        ),
        "mutants_rows": "\n".join(rows),
        "mutants_lived": _lived(lived),
    }


def _lived(mutants: list[dict[str, Any]]) -> str:
    """Return a table of the changes that nothing notices, each with its reason."""
    rows = [
        f"| `{mutant['file'].removeprefix('ncpi_rules/')}` | {_code(mutant['before'])} "
        f"| {_code(mutant['after'])} | {why_it_lives(mutant)} |"
        for mutant in mutants
    ]
    head = ["These are not noticed:", "", "| file | before | after | why |", "|---|---|---|---|"]
    return "\n".join([*head, *rows]) if rows else "None is left that nothing notices."


def _code(lines: str) -> str:
    """Return some lines of code in one cell of a table."""
    return f"`{' '.join(lines.split())}`".replace("|", "\\|") if lines.strip() else "nothing"


def why_it_lives(mutant: dict[str, Any]) -> str:
    """Return what was written down of a change that no test notices."""
    (why,) = (
        reason["why"]
        for reason in json.loads((RUNS / "survivors.json").read_text("utf-8"))
        if all(reason[key] == mutant[key] for key in PLACE)
    )
    return str(why)


def page() -> str:
    """Return the page."""
    differential, hostile = run_of("differential"), run_of("hostile")
    flat = run_of("flat")
    sizes = " ".join(f"--{part} {differential[part]['asked']}" for part in _PARTS)
    readers = hostile["readers"]
    files = [reader["inputs"] for reader in readers.values()]
    filled: dict[str, object] = {
        "differential_command": (
            f"python -m tests.differential --seed {differential['seed']} {sizes}"
        ),
        "differential_rows": "\n".join(
            f"| {differential[part]['compared']:,} | {what} | {differential[part]['differ']:,} |"
            for part, what in _PARTS.items()
        ),
        "differential_all": f"{sum(differential[part]['compared'] for part in _PARTS):,}",
        "flat_command": (
            f"python -m tests.assurance.flat --cases {flat['cases']['asked']} "
            f"--rows {flat['rows']['asked']}"
        ),
        "flat_rows": "\n".join(
            f"| {flat[what]['asked']:,} {says} | {_tenths(flat[what]['megabytes'])} |"
            for what, says in _FLAT.items()
        ),
        "hostile_command": (
            f"python -m tests.hostile --seed {hostile['seed']} --inputs {max(files)} "
            f"--slow-inputs {min(files)}"
        ),
        "hostile_files": f"{sum(files):,}",
        "hostile_megabytes": f"{hostile['megabytes']:,}",
        "hostile_rows": "\n".join(
            f"| {name} | {reader['inputs']:,} | {reader['faults']:,} |"
            for name, reader in readers.items()
        ),
        **_of_atheris(run_of("atheris")),
        **_of_mutants(run_of("mutants")),
    }
    return (RUNS / "page.md").read_text("utf-8").format(**filled)
