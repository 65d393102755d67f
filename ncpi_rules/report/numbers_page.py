"""The page of a ruleset's parameters: each number, who says it, what it was, what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import sentence
from ncpi_rules.report.parts import Cell, Column, Contents, Item, PageTable, Row, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Parameter, Ruleset


def parameter_page(ruleset: Ruleset) -> Contents:
    """Return the contents of the page of a ruleset's parameters, in their order in the file.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> page = parameter_page(shipped_ruleset())
    >>> page.sections[0].heading, page.sections[0].answer
    ('The time in which the force is revisited', 'It is six months.')
    """
    settings = ruleset.settings
    return Contents(
        title="The parameters of the rules",
        subject=ruleset.name,
        facts=(("Methodology", settings.title), ("Edition", settings.edition)),
        sections=tuple(_section(ruleset, one) for one in ruleset.parameters.values()),
    )


def _section(ruleset: Ruleset, parameter: Parameter) -> Section:
    rows = tuple(
        Row((Cell((dates,)), Cell((period.spelled,)))) for dates, period in parameter.was.items()
    )
    columns = Column("Editions that applied", 40), Column("It was", 60)
    history = PageTable("What it was in earlier editions", columns, rows)
    return Section(
        parameter.title,
        answer=f"It is {parameter.period.spelled}.",
        items=tuple(map(Item, _lines(ruleset, parameter))),
        table=history if rows else None,
        reference=parameter.id,
    )


def _lines(ruleset: Ruleset, parameter: Parameter) -> Iterator[str]:
    for answers, _, event in parameter.timings():
        direction, _, name = event.rpartition(" ")
        if name:
            counted = f"It is counted {direction} this event: {ruleset.events[name].title}"
            under = [
                f"{id_} is answered '{' or '.join(values)}'" for id_, values in answers.items()
            ]
            yield sentence(f"{counted}, where {under[0]}" if under else counted)
    for id_ in parameter.statements:
        yield f"Statement {id_} says, in our words: {sentence(ruleset.statements[id_].summary)}"
    using = dict.fromkeys(
        rule.rule for rule in ruleset.rules.values() if parameter.id in rule.parameters
    )
    for id_ in using:
        titles = dict.fromkeys(rule.title for rule in ruleset.cases[id_])
        yield f"The rule {id_} follows it: {sentence('; '.join(titles))}"
    if not parameter.was:
        yield "No other edition is recorded."
