"""The names of the parties in a force, on a day: the methodology's term, and a local title."""

from __future__ import annotations

from typing import Self

from attrs import frozen

from ncpi_rules.core import Force, Naming
from ncpi_rules.ruleset import Ruleset


@frozen
class Names:
    """The names of the parties of a ruleset, for one force on one day (an ordinal)."""

    ruleset: Ruleset
    force: Force
    day: int
    naming: Naming

    @classmethod
    def of(cls, ruleset: Ruleset, force: Force, day: int, naming: Naming) -> Self:
        """Return the names for a force on a day."""
        return cls(ruleset, force, day, naming)

    def term(self, party: str) -> str:
        """Return the methodology's own term."""
        return self.ruleset.parties[party].title

    def office(self, role: str) -> str:
        """Return the title of an office in the force."""
        return self.force.title(role, self.day)

    def local(self, party: str) -> str:
        """Return the local title, or nothing where it is the term itself."""
        known = self.ruleset.parties[party]
        local = known.local.get(self.force.country.casefold(), "")
        if known.office:
            local = self.office(known.office)
        same = local.casefold().removeprefix("the ") == known.title.casefold().removeprefix("the ")
        return "" if same else local

    def name(self, party: str) -> str:
        """Return the term, with the local title beside it where there is one.

        >>> from ncpi_rules.core import force
        >>> from ncpi_rules.ruleset import shipped_ruleset
        >>> names = Names.of(shipped_ruleset(), force("metropolitan"), 736873, Naming.BESIDE)
        >>> names.name("chief-officer")
        'the chief constable (here: Commissioner of Police of the Metropolis)'
        """
        local = self.local(party) if self.naming is Naming.BESIDE else ""
        term = self.term(party)
        return f"{term} (here: {local})" if local else term
