"""Timelines of a plan, heat maps and histograms of a sweep, as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.plots.sheet import Picture as Picture
    from ncpi_rules.plots.sweep_plots import sweep_plot as sweep_plot
    from ncpi_rules.plots.timelines import timeline as timeline
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "sheet": ["Picture"],
            "sweep_plots": ["sweep_plot"],
            "timelines": ["timeline"],
        },
    )
