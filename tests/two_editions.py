"""A second, invented edition beside the shipped one: another ceiling, and other names of events."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ncpi_rules.ruleset import edition_folder

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND = "as-published", "made-up"
ENDS, BEGINS = "2024-02-29", "2024-05-01"
"""When the shipped edition ends and the other begins: none applies in between."""

_SCENARIO = """scenarios:
  - says: Under the made-up edition the revisit is due after four months.
    dates: {report-out: 2025-01-31}
    on: 2025-02-01
    expect: {deadlines: {revisit-begins: {due: 2025-05-31}}}
"""


def write_editions(folder: Path) -> Path:
    """Write both editions into a folder, and return it.

    In the second the ceiling is four months, and the report's event is called ``report-out``.
    """
    shutil.copytree(str(edition_folder("ncpi-follow-up")), folder / FIRST)
    second = folder / SECOND
    shutil.copytree(folder / FIRST, second)
    shutil.rmtree(second / "scenarios")
    (second / "scenarios").mkdir()
    (second / "scenarios" / "1-ceiling.yaml").write_text(_SCENARIO, "utf-8")
    for path in second.glob("*.yaml"):
        text = path.read_text("utf-8").replace("report-published", "report-out")
        path.write_text(text, "utf-8")
    edit(second / "ruleset.yaml", "edition: as-published", f"edition: {SECOND}")
    edit(second / "ruleset.yaml", "in_force: 2014-04/2024-02", f"in_force: {BEGINS}/2029")
    edit(second / "parameters.yaml", "period: 6 months\n    after", "period: 4 months\n    after")
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace the only passage of this wording in a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), "utf-8")
