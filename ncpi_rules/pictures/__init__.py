"""Pictures: timelines of a plan, heat maps and histograms of a sweep, each as inline SVG.

Floor 8. They need the extra ``notebook``; matplotlib is imported when the first picture is drawn.
"""

from ncpi_rules.pictures.picture import Label, Picture
from ncpi_rules.pictures.sweeps import sweep_plot

__all__ = ["Label", "Picture", "sweep_plot"]
