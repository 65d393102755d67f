"""The days in a plan: how many there are, from which they are counted, and those of a revisit."""

from __future__ import annotations

from attrs import frozen

from ncpi_rules.core import PartialDate
from ncpi_rules.deadlines import format_days
from ncpi_rules.io import described


@frozen(slots=False)
class DayRange:
    """A number of days, as far as it is known."""

    least: int = described("The least that it can be.", metadata={"key": "from"})
    most: int = described("The most that it can be.", metadata={"key": "to"})

    @property
    def text(self) -> str:
        """Return the number of days as an officer reads it.

        >>> DayRange(34, 63).text, DayRange(1, 1).text
        ('34 to 63 days', '1 day')
        """
        return format_days((self.least, self.most))


@frozen(kw_only=True, slots=False)
class CountedFrom:
    """An event from which a deadline is counted, or before or after which it lies."""

    event: str = described("The event, by its name in the vocabulary.")
    title: str = described("The event, as an officer reads it.")
    on: PartialDate | None = described("Its date; null where that is not known or not yet set.")


@frozen(kw_only=True, slots=False)
class RevisitDays:
    """The events of a revisit by their names in the vocabulary, and when it begins and ends."""

    event: str = described("The event with which it begins.")
    begins: PartialDate | None = described(
        "The day on which it begins; null where that is not known."
    )
    ends: PartialDate | None = described("The day on which it ends; null if not known.")
    notices: tuple[str, ...] = described("The events by which notice of it is given.")
