"""Run notebooks and make a page of each: python examples/python/pages.py FOLDER [NOTEBOOK...].

Each notebook runs from top to bottom in a kernel of its own; a warning ends it, as an error does.
A page holds all that it shows and loads nothing from elsewhere, so it can be sent, filed or
printed. The notebook that was run is written beside its page.
"""

import os
import sys
import tempfile
from html import escape
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
STRICT = """
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", module="ipykernel")  # its own, when it shuts down
"""
# The forms of a result that a page may show: none that needs a script, such as a slider.
SHOWN = ["text/html", "image/svg+xml", "text/markdown", "text/plain"]
PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ margin: 0 auto; max-width: 62rem; padding: 1rem 1.5rem 3rem;
  color: #0b0c0c; background: #fff;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }}
h1, h2 {{ line-height: 1.25; margin: 2rem 0 0.5rem; }}
p, ul, ol {{ max-width: 45rem; }}
pre {{ overflow-x: auto; white-space: pre-wrap; font-size: 0.85rem; line-height: 1.4; }}
code {{ font-size: 0.9em; }}
.highlight {{ background: #f3f2f1; border-left: 4px solid #b1b4b6; padding: 0.1rem 0.75rem; }}
.anchor-link {{ display: none; }}
svg {{ max-width: 100%; height: auto; margin: 0.5rem 0; }}
@media print {{
  @page {{ size: A4; margin: 14mm 12mm; }}
  body {{ max-width: none; padding: 0; font-size: 10pt; }}
  h1, h2 {{ break-after: avoid; }}
  svg {{ break-inside: avoid; }}
}}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def run(file: Path) -> nbformat.NotebookNode:
    """Return a notebook that has run; raise CellExecutionError where a cell fails."""
    notebook = jupytext.read(file)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STRICT))
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(file.parent)}},
        store_widget_state=False,
        timeout=300,
    )
    client.execute()
    del notebook.cells[0]
    return notebook


def page(notebook: nbformat.NotebookNode) -> str:
    """Return a page with all that a notebook shows."""
    exporter = HTMLExporter(
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True
    )
    exporter.display_data_priority = SHOWN
    body, _ = exporter.from_notebook_node(notebook)
    title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    return PAGE.format(title=escape(title), body=body)


def main() -> None:
    """Run the named notebooks, or all, and write their pages."""
    folder, *names = sys.argv[1:]
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as left_behind:
        os.environ["IPYTHONDIR"] = left_behind
        for file in sorted(NOTEBOOKS.glob("*.py")):
            if not names or file.stem in names:
                notebook = run(file)
                nbformat.write(notebook, out / f"{file.stem}.ipynb")
                (out / f"{file.stem}.html").write_text(page(notebook), "utf-8")
                print(out / f"{file.stem}.html")


if __name__ == "__main__":
    main()
