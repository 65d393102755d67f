"""How the documentation becomes a site: python -m sphinx -W -n docs site.

What a page can take from the library itself is written when the site is built (made_pages.py).
"""

import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path[:0] = [str(DOCS), str(DOCS.parent)]

from made_pages import connect

from ncpi_rules import __version__

project = "ncpi_rules"
author = "the ncpi_rules authors"
project_copyright = author
version = release = __version__
language = "en"  # Sphinx has no British strings of its own

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.doctest"]
exclude_patterns = ["pictures/README.md"]
source_suffix = {".md": "markdown"}

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4  # a link may name any heading, as on the pages of a repository

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
autodoc_use_type_comments = False
python_use_unqualified_type_names = True
add_module_names = False
nitpick_ignore_regex = [
    ("py:.*", r"(?!ncpi_rules\.).*"),  # of other packages
    ("py:class", r"ncpi_rules\.\w+\..*"),  # a type that a room keeps to itself
]

html_theme = "furo"
html_title = f"ncpi_rules {version}"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
toc_object_entries = False  # the names of a room are listed on its page, not beside every page
html_static_path = ["style"]
html_css_files = ["site.css"]
html_theme_options = {"top_of_page_buttons": []}
pygments_style = "default"


def setup(app):  # noqa: ANN001, ANN201, D103  Sphinx names it, and its own type is an extra's
    connect(app)
