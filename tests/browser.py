"""Pages in a browser: what lies beyond the edge, and what axe-core has to say, at two widths.

``looked_at`` opens pages of HTML in one run of headless Chromium, each in a frame of each width, so
that a phone's layout is tried too. Nothing is fetched: axe-core comes with the package
``axe-playwright-python``, of which only that script is used.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
OFFICES: Final = ("soffice", "libreoffice")
SPREADSHEETS: Final = ("localc",)
DESKTOP: Final = 1280
PHONE: Final = 390
WIDTHS: Final = (DESKTOP, PHONE)
STANDARDS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""The rules of axe-core that are tried: those of WCAG 2.2 to level AA, and good practice."""

_AXE: Final = "axe_playwright_python"
_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
)

# What is folded is opened first, as a reader may. Tracks, and what is only read aloud, may be cut.
_LOOK: Final = """
(function () {
  var asked = (function () { %(script)s })();
  document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  var width = document.documentElement.clientWidth;
  var wide = [].filter.call(document.querySelectorAll("body *"), function (part) {
    var box = part.getBoundingClientRect();
    return box.width > 0 && box.right > width + 1 &&
      !part.closest(".track, .axr, .axh, .vh, [data-scrolls]");
  }).map(function (part) { return part.outerHTML.slice(0, 120); });
  var options = { runOnly: { type: "tag", values: %(standards)s }, resultTypes: ["violations"] };
  axe.run(document, options)
    .then(function (results) {
      var faults = [];
      results.violations.forEach(function (rule) {
        rule.nodes.forEach(function (node) {
          faults.push(rule.id + ": " + node.target.join(" ") + ": " + node.html.slice(0, 120));
        });
      });
      parent.document.getElementById("%(name)s").textContent = JSON.stringify({
        asked: asked === undefined ? null : asked, scroll: document.documentElement.scrollWidth,
        width: width, wide: wide, faults: faults
      });
    });
})();
"""


@frozen(kw_only=True)
class Look:
    """What was seen of a page at a width.

    ``scroll`` is how wide its contents are, ``wide`` what lies beyond the edge, ``faults`` what
    axe-core finds, and ``asked`` what the caller's script returned.
    """

    width: int
    scroll: int
    wide: Sequence[str]
    faults: Sequence[str]
    asked: Any

    @property
    def complaints(self) -> list[str]:
        """All that is wrong with the page."""
        scrolls = [f"{self.scroll} px in {self.width} px"] if self.scroll > self.width else []
        return [*scrolls, *self.wide, *self.faults]


def program(names: Sequence[str]) -> str:
    """Return the first of some programs that is installed; skip the test where none is."""
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        _leave_out(f"one of these is needed: {', '.join(names)}")
    return str(path)


def axe() -> Path:
    """Return the file of axe-core; skip the test where it is not installed."""
    spec = importlib.util.find_spec(_AXE)
    if spec is None or spec.origin is None:
        _leave_out("axe-core is needed: pip install --no-deps axe-playwright-python")
    assert spec is not None
    return Path(str(spec.origin)).with_name("axe.min.js")


def looked_at(
    pages: Mapping[str, str], folder: Path, *, widths: Sequence[int] = WIDTHS, script: str = ""
) -> dict[tuple[str, int], Look]:
    """Return what a browser sees of each page at each width.

    ``script`` is the body of a function of JavaScript that runs in each page first; what it returns
    is ``asked``. A new ``folder`` is needed for each call.
    """
    shutil.copy(axe(), folder / "axe.min.js")
    named = {
        f"look-{at}": (page, width)
        for at, (page, width) in enumerate((page, width) for page in pages for width in widths)
    }
    frames = (_frame(pages[page], width, name, script) for name, (page, width) in named.items())
    text = "<!DOCTYPE html><meta charset=utf-8>" + "".join(frames)
    seen = dom_of(text, folder)
    looks = {}
    for name, key in named.items():
        (answer,) = re.findall(rf'<pre id="{name}">(.*?)</pre>', seen, re.DOTALL)
        assert answer, f"{key} was not looked at in time"
        looks[key] = Look(**json.loads(unescape(answer)))
    return looks


def _frame(page: str, width: int, name: str, script: str) -> str:
    look = _LOOK % {"script": script, "standards": json.dumps(STANDARDS), "name": name}
    # The policy of a page lets no script run but its own.
    text = _POLICY.sub("", page)
    text = text.replace(
        "</body>", f'<script src="axe.min.js"></script><script>{look}</script></body>'
    )
    style = f"width:{width}px;height:900px;border:0"
    return f'<pre id="{name}"></pre><iframe style="{style}" srcdoc="{escape(text)}"></iframe>'


def dom_of(page: str, folder: Path) -> str:
    """Return a page as it stands when its scripts have run."""
    file = folder / "looked-at.html"
    file.write_text(page, "utf-8")
    return _ran(
        folder,
        "--window-size=1400,1000",
        "--virtual-time-budget=60000",
        "--dump-dom",
        file.as_uri(),
    )


def printed(page: str, folder: Path) -> Path:
    """Return the PDF that a browser makes of a page."""
    file, pdf = folder / "printed.html", folder / "printed.pdf"
    file.write_text(page, "utf-8")
    _ran(folder, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", file.as_uri())
    return pdf


def pages_in(pdf: Path) -> int:
    """Return the number of pages of a PDF."""
    return pdf.read_bytes().count(b"/Type /Page\n") or pdf.read_bytes().count(b"/Type/Page/")


def opened_by_office(document: Path, folder: Path) -> Path:
    """Return the PDF that LibreOffice makes of a document."""
    office = program(OFFICES)
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    subprocess.run(  # noqa: S603  LibreOffice, our own document
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, document],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return folder / f"{document.stem}.pdf"


def _ran(folder: Path, *asked: str) -> str:
    flags = (*_FLAGS, f"--user-data-dir={folder / 'profile'}")
    ran = subprocess.run(  # noqa: S603  a browser, our own page
        (program(BROWSERS), *flags, *asked),
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    return ran.stdout


def _leave_out(reason: str) -> None:
    assert not os.environ.get("CI"), reason
    pytest.skip(reason)
