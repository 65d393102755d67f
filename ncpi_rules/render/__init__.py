"""Plans for reading, made from what ``Plan.to_dict`` publishes and from nothing else.

Floor 5. All formats say the same in the same order.
"""

from ncpi_rules.render.markdown import markdown
from ncpi_rules.render.page import html, html_part
from ncpi_rules.render.plain import text

__all__ = ["html", "html_part", "markdown", "text"]
