"""The page of a ruleset's parameters and choices: their values, sources and earlier values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import sentence
from ncpi_rules.report.parts import Cell, Column, Contents, Item, PageTable, Row, Section
from ncpi_rules.ruleset import edition_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.ruleset import Choice, Parameter, Ruleset

NO_HISTORY: Final = "Nothing is recorded of earlier editions."


def parameter_page(ruleset: Ruleset) -> Contents:
    """Return the contents of the page of a ruleset's parameters and choices, as in their file.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> page = parameter_page(shipped_ruleset())
    >>> page.sections[0].heading, page.sections[0].answer
    ('The time in which the force is revisited', 'It is six months.')
    """
    settings = ruleset.settings
    return Contents(
        title="The parameters of the rules",
        subject=ruleset.name,
        facts=(("Methodology", settings.title), ("Edition", edition_title(ruleset))),
        sections=(
            *(
                _section(
                    parameter,
                    f"It is {parameter.period.spelled}.",
                    _lines(ruleset, parameter),
                    {dates: period.spelled for dates, period in parameter.was.items()},
                )
                for parameter in ruleset.parameters.values()
            ),
            *(
                _section(choice, _answer(ruleset, choice), _grounds(ruleset, choice), choice.was)
                for choice in ruleset.choices.values()
            ),
        ),
    )


def _section(
    entry: Parameter | Choice, answer: str, lines: Iterable[str], was: Mapping[str, str]
) -> Section:
    rows = tuple(Row((Cell((dates,)), Cell((value,)))) for dates, value in was.items())
    columns = Column("Editions that applied", 40), Column("It was", 60)
    history = PageTable("What it was in earlier editions", columns, rows)
    return Section(
        entry.title,
        answer=answer,
        items=tuple(map(Item, lines)),
        table=history if rows else None,
        reference=entry.id,
    )


def _answer(ruleset: Ruleset, choice: Choice) -> str:
    asked = ruleset.interpretations.get(choice.choice)
    if asked is None:
        return f"It is '{choice.choice}'."
    return f"It is left open, as {asked.id}. Our answer is '{asked.ours}'."


def _grounds(ruleset: Ruleset, choice: Choice) -> Iterator[str]:
    """Yield who says what is chosen, or why it is, and the answers where it is left open."""
    asked = ruleset.interpretations.get(choice.choice)
    if asked is not None:
        yield asked.question
        yield from (f"'{answer}': {sentence(says)}" for answer, says in asked.answers.items())
    yield from _cited(ruleset, choice)
    if choice.why:
        yield sentence(choice.why)
    if not choice.was:
        yield NO_HISTORY


def _cited(ruleset: Ruleset, entry: Parameter | Choice) -> Iterator[str]:
    for id_ in entry.statements:
        yield f"Statement {id_} says, in our words: {sentence(ruleset.statements[id_].summary)}"


def _lines(ruleset: Ruleset, parameter: Parameter) -> Iterator[str]:
    for answers, _, event in parameter.timings():
        direction, _, name = event.rpartition(" ")
        if name:
            counted = f"It is counted {direction} this event: {ruleset.events[name].title}"
            under = [
                f"{id_} is answered '{' or '.join(values)}'" for id_, values in answers.items()
            ]
            yield sentence(f"{counted}, where {under[0]}" if under else counted)
    yield from _cited(ruleset, parameter)
    using = dict.fromkeys(
        rule.rule for rule in ruleset.rules.values() if parameter.id in rule.parameters
    )
    for id_ in using:
        titles = dict.fromkeys(rule.title for rule in ruleset.cases[id_])
        yield f"The rule {id_} follows it: {sentence('; '.join(titles))}"
    if not parameter.was:
        yield NO_HISTORY
