# %% [markdown]
# # The impact of a four-month ceiling
#
# Suppose somebody proposes that forces be revisited within four months instead of six. What
# would change, for whom, and by how much? The proposal is a draft of the rules, in which one
# parameter says four. No file is changed.

# %%
from pathlib import Path

import pyarrow
import pyarrow.compute

from ncpi_rules import FollowUp, Status, assess, shipped_ruleset
from ncpi_rules.batch import sweep
from ncpi_rules.compare import diff
from ncpi_rules.explore import days, grid
from ncpi_rules.plots import sweep_plot
from ncpi_rules.ruleset import patch

ON = "2024-06-03"
shipped = shipped_ruleset()
draft = patch(
    shipped,
    {
        "settings": {"edition": "four-months"},
        "revisit-ceiling": "4 months",
    },
)

# %% [markdown]
# ## In which cases the result changes
#
# All cases that the rules can tell apart are compared, not only those that have happened.

# %%
difference = diff(shipped, draft)
print(difference)

# %% [markdown]
# ## For whom of the real histories

# %%
follow_ups = {
    file.stem: FollowUp.load(file)
    for file in sorted(Path("../follow-ups").glob("*.yaml"))
    if not file.stem.startswith("invented")
}
impact = difference.impact(follow_ups, on=ON)
print(impact.summary[0])

# %% [markdown]
# The due date moves for every history. That changes nothing that was done, but it may change the
# status of the revisit:

# %%
CEILINGS = {"six months": shipped, "four months": draft}
STATUSES = [status.value for status in Status]


def status_of(follow_up: FollowUp, name: str) -> str:
    """Return where the revisit stands under one of the two ceilings."""
    plan = assess(follow_up, on=ON, ruleset=CEILINGS[name])
    return next(item.status.value for item in plan.deadlines if item.event == "revisit-begins")


def ordered(values: list[str], order: list[str]) -> pyarrow.Array:
    """Return a column of values that keeps their order."""
    return pyarrow.DictionaryArray.from_arrays([order.index(value) for value in values], order)


cells = [
    (follow_up.about.name, name, status_of(follow_up, name))
    for follow_up in follow_ups.values()
    for name in CEILINGS
]
histories, names, statuses = map(list, zip(*cells, strict=True))
sweep_plot(
    pyarrow.table(
        {
            "history": histories,
            "ceiling": ordered(names, list(CEILINGS)),
            "the revisit is": ordered(statuses, STATUSES),
        }
    ),
    rows="history",
    columns="ceiling",
    shows="the revisit is",
    title="Was the force revisited in time, under either ceiling?",
)

# %% [markdown]
# ## For revisits that might have been
#
# A grid: a report on each day of ten years, and a revisit on each seventh day up to ten months
# later, so that the days in hand can be compared. A grid does not know how often each case really
# occurs.

# %%
cases = grid(
    {},
    report_published=days("2014-04-01", "2024-02-29"),
    revisit_begins=days("2014-04-01", "2024-12-31", 7),
).to_arrow()
length = pyarrow.compute.subtract(
    cases["revisit-begins"].cast(pyarrow.int32()), cases["report-published"].cast(pyarrow.int32())
)
cases = cases.filter(pyarrow.compute.less_equal(length, 305))
swept = {
    name: sweep(
        cases,
        on="2025-06-01",
        ruleset=ruleset,
        keep=["report-published", "revisit-begins"],
        only=["revisit-begins.due", "revisit-begins.status"],
    )
    for name, ruleset in CEILINGS.items()
}

# %%
sweep_plot(swept["six months"], slack="revisit-begins", title="Days in hand under six months")

# %%
sweep_plot(swept["four months"], slack="revisit-begins", title="Days in hand under four months")

# %% [markdown]
# ## What may be concluded
#
# - The draft gives another result in every case, and the differences are listed in full above. It
#   can be read, checked and tested as the rules themselves are, before anybody adopts it.
# - Each deadline that was missed under six months is missed under four, by some two months more.
#   A revisit whose status is not clear under six months may be late under four.
#
# ## What may not
#
# - That revisits would have been late under four months: people plan for the deadline that they
#   have. These dates were arranged, or not, under six.
# - How many revisits the draft would make late. The grid gives every pair of days the
#   same weight; real ones are not spread like that.
