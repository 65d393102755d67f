"""What the command line prints: plans in four formats, decisions, and what is wrong.

Colour is for terminals only; a console that is not UTF-8 gets what it can show.
"""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any, Final

import attrs

from ncpi_rules import report as render
from ncpi_rules.plan import of_substance
from ncpi_rules.report import WIDTH, printable, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ncpi_rules.core import Problem
    from ncpi_rules.explain import Sensitivity
    from ncpi_rules.ruleset import Decision, Rule

_STRESSED: Final = (
    (r"(?m)^[^a-z\n]*[A-Z]{3}[^a-z\n]*$", "bold"),
    (r"(?m)^! |\b(Late|Overdue) by [^.:\n]*|\b(Overdue|Too early)\b", "bold red"),
    (r"\[[^\]\n]*\]", "dim"),
)


def describe_decision(found: Decision, given: Iterable[str]) -> Iterator[str]:
    """Yield what is decided of a case and which rules apply; ``given`` names the facts given."""
    settings, facts = found.ruleset.settings, found.ruleset.facts
    yield from wrapped(f"{settings.title} ({settings.id}/{settings.edition})")
    yield from ("", "THE CASE")
    for name, fact in facts.items():
        told = fact.values[found.values[name]]
        yield from _entry(told if name in given else f"{told} (not given)", name)
    yield from ("", "WHAT IS DECIDED")
    for name, decided in found.outcomes.items():
        outcome = found.ruleset.outcomes[name]
        says = f"{outcome.title}: {outcome.values[decided.value or outcome.none]}"
        yield from _entry(f"{says} ({decided.basis.says})", ", ".join(decided.rule_ids))
    holding = found.holding
    kinds: tuple[tuple[str, Sequence[Rule]], ...] = (
        ("Actions", holding.required_actions),
        ("Options: open, and chosen by nobody", holding.optional_actions),
        ("Documents", holding.documents),
        ("Deadlines", holding.deadlines),
        ("Questions", holding.questions),
        ("Alerts", holding.alerts),
    )
    for heading, rules in kinds:
        if rules:
            yield from ("", heading.upper())
        for rule in rules:
            yield from _entry(rule.title, rule.id)


def says_doubts(found: Sensitivity) -> Iterator[str]:
    """Yield what other answers would change, the one that changes most first."""
    yield from wrapped("Which interpretations matter here?")
    mattering = [each for each in found.answers if each.matters]
    for each in mattering:
        yield ""
        yield from wrapped(f"{each.interpretation}={each.answer}: {each.answer_text}", first="  ")
        for one in of_substance(each.differences):
            yield from wrapped(one.says, first="  - ", rest="    ")
    yield ""
    yield from wrapped(found.conclusion, first="  ")


def _entry(says: str, id_: str) -> Iterator[str]:
    reference = f" [{id_}]" if id_ else ""
    yield from wrapped(f"{says[:1].upper()}{says[1:]}{reference}", first="- ", rest="  ")


def tell(problems: Iterable[Problem]) -> None:
    """Print problems where errors belong, without what a console would act on."""
    for each in problems:
        texts = {name: printable(getattr(each, name)) for name in ("place", "message", "help")}
        print(attrs.evolve(each, **texts), file=sys.stderr)


def show(text: str) -> None:
    """Print a text, with emphasis where a terminal shows it and nowhere else."""
    if not sys.stdout.isatty():
        sys.stdout.write(text)
        return
    from rich.console import Console  # noqa: PLC0415  an extra
    from rich.text import Text  # noqa: PLC0415  an extra

    shown = Text(text)
    for pattern, look in _STRESSED:
        shown.highlight_regex(pattern, look)
    Console().print(shown, end="", soft_wrap=True)


def text_width() -> int:
    """Return how many columns a text may take: those of the terminal, and never more than 100."""
    return min(WIDTH, shutil.get_terminal_size().columns) if sys.stdout.isatty() else WIDTH


def _print_text(plans: list[dict[str, Any]], _: bool) -> None:
    width = text_width()
    between = f"\n\n{'=' * width}\n\n\n"
    show(between.join(render.text(plan, width=width) for plan in plans))


def _print_json(plans: list[dict[str, Any]], several: bool) -> None:
    """Print one object, or a list wherever several files were named."""
    told = json.dumps(plans if several else plans[0], ensure_ascii=not is_utf8(), indent=2)
    print(told)


def _print_markdown(plans: list[dict[str, Any]], _: bool) -> None:
    print_marked_up("\n---\n\n".join(map(render.markdown, plans)))


def _print_html(plans: list[dict[str, Any]], _: bool) -> None:
    print_marked_up(render.html(*plans) if plans else "")


def print_marked_up(text: str) -> None:
    """Print Markdown or HTML; a console that is not UTF-8 gets the rest as numbers."""
    if not is_utf8():
        text = text.encode("ascii", "xmlcharrefreplace").decode("ascii")
    sys.stdout.write(text)


def is_utf8() -> bool:
    """Return True where all letters can be printed."""
    return (sys.stdout.encoding or "utf-8").casefold().replace("-", "") == "utf8"


PRINTERS: Final[dict[str, Callable[[list[dict[str, Any]], bool], None]]] = {
    "text": _print_text,
    "json": _print_json,
    "markdown": _print_markdown,
    "html": _print_html,
}
