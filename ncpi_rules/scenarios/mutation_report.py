"""What became of the mutants of a ruleset, and how many there are of each fate."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from attrs import field, frozen

from ncpi_rules.core import counted
from ncpi_rules.scenarios.mutants import Mutant


class MutantStatus(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    """A scenario fails."""
    REFUSED = "refused"
    """The ruleset could not be loaded."""
    EQUIVALENT = "equivalent"
    """The result is the same in every case, so no scenario could notice."""
    SURVIVED = "survived"
    """The result changes in some case, and every scenario still passes."""


_LABELS: Final = {
    MutantStatus.KILLED: "noticed by a scenario",
    MutantStatus.REFUSED: "refused on loading",
    MutantStatus.EQUIVALENT: "without effect",
    MutantStatus.SURVIVED: "not noticed",
}


@frozen(kw_only=True)
class MutantResult:
    """A mutant and what became of it.

    ``reason`` is the scenario that fails, the reason why the loader refuses the mutant, or the
    scenario that is missing; it is empty for an equivalent mutant.
    """

    mutant: Mutant
    status: MutantStatus
    reason: str = ""


@frozen(kw_only=True)
class MutationReport:
    """What became of every mutant of a ruleset; ``scenarios`` is the number of scenarios."""

    scenarios: int
    results: tuple[MutantResult, ...] = field(repr=False)

    def with_status(self, status: MutantStatus) -> tuple[MutantResult, ...]:
        """Return the mutants with one status."""
        return tuple(result for result in self.results if result.status is status)

    @property
    def survivors(self) -> tuple[MutantResult, ...]:
        """Return the mutants that no scenario notices."""
        return self.with_status(MutantStatus.SURVIVED)

    @property
    def is_sufficient(self) -> bool:
        """Return True where there are mutants and scenarios, and no mutant survives."""
        return bool(self.results and self.scenarios) and not self.survivors

    @property
    def summary(self) -> str:
        """Return the number of mutants with each status, in one sentence."""
        counts = ", ".join(
            f"{len(self.with_status(status)):,} {label}" for status, label in _LABELS.items()
        )
        return f"{counted(len(self.results), 'mistake')} tried: {counts}."

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and the survivors as text, numbers, lists and mappings."""
        return {
            "scenarios": self.scenarios,
            "mutants": len(self.results),
            **{status.value: len(self.with_status(status)) for status in MutantStatus},
            "survivors": [
                {
                    "id": result.mutant.id,
                    "kind": result.mutant.kind.value,
                    "of": result.mutant.of,
                    "place": result.mutant.place,
                    "description": result.mutant.description,
                    "missing_scenario": result.reason,
                }
                for result in self.survivors
            ],
        }
