"""``python -m ncpi_rules``: the command line."""

from __future__ import annotations

import sys

from ncpi_rules.cli import main

if __name__ == "__main__":
    sys.exit(main())
