"""Take the pictures of the pages anew: python docs/take_pictures.py.

It needs Chromium, which draws the first screen of each page that the library makes of the examples.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ncpi_rules import FollowUp, assess
from ncpi_rules.explore import caseload
from ncpi_rules.report.office import board_html

DOCS = Path(__file__).parent
EXAMPLES = DOCS.parent / "examples" / "follow-ups"
ON = "2018-12-15"


def pages() -> dict[str, tuple[str, int, int]]:
    """Return each page by the name of its picture, with the width and height that are shown."""
    plan = assess(FollowUp.load(EXAMPLES / "northumbria-2018.yaml"), on=ON)
    follow_ups = [FollowUp.load(file) for file in sorted(EXAMPLES.glob("*.yaml"))]
    return {
        "plan-page": (plan.to_html(), 1180, 940),
        "board-paper": (board_html([plan]), 820, 1140),
        "caseload": (caseload(follow_ups, on=ON).to_html(), 1180, 900),
    }


def main() -> None:
    """Write the pictures beside the pages of the documentation."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("Chromium is not installed.")
    with tempfile.TemporaryDirectory() as folder:
        for name, (html, width, height) in pages().items():
            page = Path(folder, f"{name}.html")
            page.write_text(html, "utf-8")
            picture = DOCS / "pictures" / f"{name}.png"
            options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
            profile = f"--user-data-dir={folder}/profile"
            shown = [f"--window-size={width},{height}", f"--screenshot={picture}"]
            subprocess.run(  # noqa: S603  our own page
                [browser, *options, profile, *shown, page.as_uri()], check=True, capture_output=True
            )


if __name__ == "__main__":
    main()
