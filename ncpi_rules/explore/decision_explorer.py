"""The part of a page in which somebody tries cases: a form, what follows, and what it looks up."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from ncpi_rules.explore.lookups import FIRST_YEAR, LAST_YEAR, lookup_tables
from ncpi_rules.report import Markup, element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ncpi_rules.explore.lookups import Lookup, LookupTables
    from ncpi_rules.ruleset import Rule, Ruleset

_LISTS: Final = (
    "alerts",
    "deadlines",
    "required_actions",
    "optional_actions",
    "documents",
    "questions",
)
_ABOUT: Final = (
    "Try a case: choose what is known and see what follows, by when, and why. It looks up the "
    "decision tables of these rules, {cells} cells and {regions} regions, and adds days; it holds "
    "no rule of its own. A date is a whole day here, and nothing is waived, late or done: that "
    "needs a plan."
)


@frozen(kw_only=True)
class DecisionExplorer:
    """What a page needs so that its reader can try cases.

    ``part`` stands in the page, ``style`` among its styles, and ``script`` at its end. It leads to
    elements with the ids ``r-`` and a rule, ``s-`` and a statement, ``q-`` and an open question.
    """

    part: Markup
    style: str
    script: str


def explorer_of(
    ruleset: Ruleset, sentence_of: Callable[[Rule], str] | None = None
) -> DecisionExplorer | None:
    """Return the decision explorer of a ruleset, or None where its tables are too large for a page.

    ``sentence_of`` gives the sentence of a rule; its title by default.
    """
    tables = lookup_tables(ruleset, sentence_of)
    if tables is None:
        return None
    text = json.dumps(tables.to_dict(), ensure_ascii=False, separators=(",", ":"))
    data = text.replace("<", "\\u003c")  # no text ends the script
    call = (
        f"var decisionTables = {data};\nvar decisionExplorer = exploreDecisions(decisionTables);\n"
    )
    return DecisionExplorer(
        part=_part(tables),
        style=_file("decision_explorer.css"),
        script=_file("decision_explorer.js") + call,
    )


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _part(tables: LookupTables) -> Markup:
    cells = sum(len(outcome["cells"]) for outcome in tables.outcomes)
    regions = sum(len(rule["boxes"]) for rule in tables.rules)
    form = element(
        "form",
        element("fieldset", element("legend", "What is known"), _selects(tables, first=True)),
        element("fieldset", element("legend", "Dates"), _dates(tables)),
        _folded("More of the case", _selects(tables, first=False)),
        _folded("Answer open questions differently", _questions(tables)),
        element("p", element("button", "Start again", type="reset")),
        id="x-form",
    )
    main = f"outcome-{tables.main}"
    others = (f"outcome-{at}" for at in range(len(tables.outcomes)) if at != tables.main)
    places = (element("div", data_part=name) for name in (main, *others, *_LISTS))
    result = element("div", places, id="x-result", role="status", aria_atomic="false")
    return element(
        "div",
        element("p", _ABOUT.format(cells=f"{cells:,}", regions=regions), class_="lead"),
        element("p", "This part needs JavaScript.", class_="xno"),
        element("div", form, result, class_="ex"),
    )


def _folded(title: str, children: Iterable[Markup]) -> Markup | None:
    inside = list(children)
    return element("details", element("summary", title), inside) if inside else None


def _selects(tables: LookupTables, *, first: bool) -> Iterator[Markup]:
    """Yield a list to choose from for each fact: first those on which the main outcome turns."""
    tests = {outcome["number"]: outcome["tests"] for outcome in tables.outcomes}
    direct = tables.outcomes[tables.main]["tests"]
    needed = {*direct, *(test for name in direct for test in tests.get(name, ()))}
    for number, name in enumerate(tables.names):
        if name["kind"] == "fact" and (number in needed) == first:
            yield from _select(number, name, name["label"], name["labels"])


def _questions(tables: LookupTables) -> Iterator[Markup]:
    for number, name in enumerate(tables.names):
        if name["kind"] == "question":
            labels = [
                f"{label} (ours)" if at == name["start"] else label
                for at, label in enumerate(name["labels"])
            ]
            yield from _select(number, name, f"{name['id']}: {name['label']}", labels)


def _select(number: int, name: Lookup, label: str, labels: Iterable[str]) -> Iterator[Markup]:
    id_ = f"x-{number}"
    options = (
        element("option", text, selected=at == name["start"]) for at, text in enumerate(labels)
    )
    yield element("label", label, for_=id_)
    yield element("select", options, id=id_, data_name=str(number))


def _dates(tables: LookupTables) -> Iterator[Markup]:
    """Yield a field for each event from which a deadline counts."""
    bounds: list[Any] = [bound for rule in tables.rules for bound in rule.get("bounds", ())]
    anchors = {bound["anchor"] for bound in bounds}
    for number, event in enumerate(tables.events):
        if number in anchors:
            id_ = f"x-day-{number}"
            yield element("label", event["label"], for_=id_)
            yield element(
                "input",
                id=id_,
                type="date",
                min=f"{FIRST_YEAR}-01-01",
                max=f"{LAST_YEAR}-12-31",
                data_event=str(number),
            )
