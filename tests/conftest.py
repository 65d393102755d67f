"""How hypothesis searches: quickly at a desk; longer, and the same each time, where CI is set.

``python -m pytest --hypothesis-profile=ci`` searches at a desk as CI does. ``brief`` is for another
interpreter, where the question is no longer whether the rules are right.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# How fast a machine is never decides whether a test passes, and no run depends on an earlier one.
settings.register_profile(
    "quick",
    database=None,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "ci", settings.get_profile("quick"), derandomize=True, max_examples=200, print_blob=True
)
settings.register_profile("brief", settings.get_profile("ci"), max_examples=20)
settings.load_profile("ci" if os.environ.get("CI") else "quick")
