"""What if, with a slider for each date and a list for each fact, in a notebook.

ipywidgets is imported only where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import (
    FactsError,
    MissingExtraError,
    PartialDate,
    read_day,
    upper_first,
)
from ncpi_rules.explore.choices import format_value, is_date, read_choices
from ncpi_rules.explore.whatif import describe_place, what_if
from ncpi_rules.plan import edition_for
from ncpi_rules.report import Contents, Item, Section, part_of
from ncpi_rules.ruleset import shipped_editions

if TYPE_CHECKING:
    import datetime

    from ncpi_rules.explore.choices import Value
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Rules, Ruleset

_AS_IT_IS: Final = "as it is"
_WIDE: Final = 0.55
"""How wide a letter is, in the width of an em; notebooks cut off what has no room."""


@frozen(kw_only=True, eq=False)
class Sliders:
    """Sliders and lists over one follow-up, and below them the plan that would result.

    ``box`` is the ``ipywidgets.Box``; ``controls`` holds each slider or list by the name of its
    fact or event. Where no notebook is running, such as in a page made from it, the result of the
    present position is shown.
    """

    box: Any = field(repr=False)
    controls: Mapping[str, Any] = field(repr=False)
    _shown: Any = field(repr=False, alias="shown")

    @property
    def html(self) -> str:
        """Return the result of the present position, as a part of a page."""
        return str(self._shown.value)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {**self.box._repr_mimebundle_(), "text/html": self.html}


def _ipywidgets() -> Any:
    try:
        import ipywidgets  # noqa: PLC0415  an extra
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "ipywidgets":
            raise
        message = "Sliders need a package that is not installed."
        raise MissingExtraError.naming(message, extra="notebook") from None
    return ipywidgets


def what_if_sliders(
    follow_up: FollowUp,
    choices: Mapping[str, Any] | None = None,
    /,
    *,
    on: datetime.date | str,
    ruleset: Rules | None = None,
    interpretations: Mapping[str, str] | None = None,
    **more: Any,
) -> Sliders:
    """Return sliders and lists for some facts of a follow-up, and the plan that would result.

    ``choices``, by name or by keyword with underscores, say what may be moved, as for ``grid``:
    ``every`` value of a fact, ``days`` for an event, or a list of either. All begin at what the
    follow-up says. An impossible combination is refused in words, in place of a plan.

    Raises FactsError, with every problem, for names, values and dates that are not possible, and
    MissingExtraError where the extra ``notebook`` is not installed.
    """
    day = read_day(on)
    editions = ruleset if ruleset is not None else shipped_editions()
    rules = edition_for(follow_up, editions, day.toordinal())
    chosen = read_choices({**(choices or {}), **more}, rules)
    widgets = _ipywidgets()
    titles = [describe_place(name, rules) for name in chosen]
    style = {"description_width": f"{_WIDE * max(map(len, titles), default=0):.0f}em"}
    controls = {
        name: _control(widgets, name, values, rules, style=style) for name, values in chosen.items()
    }
    shown = widgets.HTML()

    def show(_: object = None) -> None:
        changes = {name: control.value for name, control in controls.items() if control.value}
        try:
            result = what_if(
                follow_up, changes, on=day, ruleset=editions, interpretations=interpretations
            )
        except FactsError as fault:
            shown.value = _refusal(fault)
        else:
            shown.value = f"{result._repr_html_()}{result.after.plot().html}"

    show()
    for control in controls.values():
        control.observe(show, names="value")
    return Sliders(box=widgets.VBox([*controls.values(), shown]), controls=controls, shown=shown)


def _control(
    widgets: Any, name: str, values: tuple[Value, ...], rules: Ruleset, *, style: Mapping[str, str]
) -> Any:
    """Return a slider for dates, or a list for values; its first place changes nothing."""
    wordings = {} if is_date(name, rules) else rules.facts[name].values
    options: list[tuple[str, str]] = [(_AS_IT_IS, "")]
    options += [(_describe(value, wordings), format_value(value)) for value in values]
    widget = widgets.SelectionSlider if is_date(name, rules) else widgets.Dropdown
    return widget(
        options=options,
        description=describe_place(name, rules),
        style=style,
        layout={"width": "100%"},
    )


def _describe(value: Value, wordings: Mapping[str, str]) -> str:
    if isinstance(value, PartialDate):
        return value.text
    name = format_value(value)
    return upper_first(wordings.get(name, name.replace("-", " ")))


def _refusal(fault: FactsError) -> str:
    items = tuple(
        Item(f"{problem.message} {problem.help}", problem.place) for problem in fault.problems
    )
    section = Section(fault.heading, items=items, warns=True)
    return part_of(Contents(title="What if", subject="", facts=(), sections=(section,)))
