"""The command ``parameters``."""

from __future__ import annotations

from functools import partial

from ncpi_rules.cli.options import FormatName, RulesetName, ruleset_named
from ncpi_rules.cli.output import GOOD, show_as
from ncpi_rules.io import write_plain
from ncpi_rules.report import lay_out_html, lay_out_markdown, lay_out_text, parameter_page
from ncpi_rules.ruleset import SHIPPED


def parameters(ruleset: RulesetName = SHIPPED, /, *, format_: FormatName = "text") -> int:
    """List the numbers and choices of a ruleset, and who says each.

    ``ncpi-rules diff --set`` shows what another number or another choice would change.
    """
    rules = ruleset_named(ruleset)
    contents = parameter_page(rules)
    show_as(
        format_,
        json=lambda: {
            "parameters": [write_plain(parameter) for parameter in rules.parameters.values()],
            "choices": [write_plain(choice) for choice in rules.choices.values()],
        },
        text=partial(lay_out_text, contents),
        markdown=partial(lay_out_markdown, contents),
        html=partial(lay_out_html, contents, skip="Skip to the parameters"),
    )
    return GOOD
