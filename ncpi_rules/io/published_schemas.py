"""The JSON Schemas: of the files that people write, and of the plan that programs read.

An editor that knows them checks a file while it is being typed. Those of the files are
made from the classes that read them: ``python -m ncpi_rules.cli.json_schemas`` writes them anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from ncpi_rules.core import UnknownItemError, one_of


def schema(name: str) -> dict[str, Any]:
    """Return a published schema by its name, such as ``follow-up``: JSON Schema, draft 2020-12.

    Raises UnknownItemError, with the names that there are, for any other.

    >>> schema("follow-up")["oneOf"]
    [{'required': ['force']}, {'required': ['subject']}]
    """
    files = {
        file.stem: file
        for file in Path(__file__).with_name("schemas").iterdir()
        if file.suffix == ".json"
    }
    if name not in files:
        message = f"There is no schema '{name}'."
        raise UnknownItemError(message, one_of(name, sorted(files)))
    return cast("dict[str, Any]", json.loads(files[name].read_text(encoding="utf-8")))
