"""What the long runs found, kept as they reported it, and the page that is made from it.

Run again what ``docs/reference/assurance.md`` names, with ``--json tests/assurance/NAME.json``.
Then ``python -m tests.assurance`` writes the page.
"""
