# %% [markdown]
# # What the real histories show
#
# Sixteen follow-ups of real forces, as far as public sources describe them. Some sources name a
# day, some only a month or a year. The library works with what is known: *late by 34 to 63
# days* where only the month is known, and *cannot tell* where the month holds both.

# %%
from pathlib import Path

import pyarrow

from ncpi_rules import FollowUp, assess
from ncpi_rules.explore import caseload
from ncpi_rules.plots import sweep_plot

ON = "2024-06-03"
follow_ups = {
    file.stem: FollowUp.load(file)
    for file in sorted(Path("../follow-ups").glob("*.yaml"))
    if not file.stem.startswith("invented")
}
plans = {name: assess(follow_up, on=ON) for name, follow_up in follow_ups.items()}
len(plans)

# %% [markdown]
# ## Was the force revisited within six months?

# %%
revisits = {
    name: next(item for item in plan.deadlines if item.event == "revisit-begins")
    for name, plan in plans.items()
}
for name, revisit in revisits.items():
    began = revisit.actual.text if revisit.actual else "not known"
    print(f"{name}: due {revisit.due.text}; revisit {began}.")
    print(f"    {revisit.status_label}: {revisit.status_line}")

# %%
sweep_plot(
    pyarrow.table({"status": [revisit.status.value for revisit in revisits.values()]}),
    shows="status",
    title="Sixteen histories: was the force revisited in time?",
)

# %% [markdown]
# ## When only the month is known
#
# For Gwent, the sources give the month of the report, June 2019, and the month of the review,
# January 2020. So the due date is one of thirty days, and the first day of the review one of
# thirty-one. Whichever they are, the review was late: by at least 2 days and at most 61.

# %%
assess(follow_ups["gwent-2019"], on="2020-07-31").plot()

# %% [markdown]
# For Derbyshire, the due date is in the same month as the revisit. The revisit may have been in
# time or late, and no calculation can show which.

# %%
plans["derbyshire-2021"].plot()

# %% [markdown]
# ## All of them in one table
#
# The caseload, the most urgent first.

# %%
caseload(follow_ups.values(), on=ON)

# %% [markdown]
# ## What may be concluded
#
# - Where the dates are precise enough, the first day of the revisit came after the six months in
#   each of these histories, **as we read the methodology**. The next notebook asks which of
#   these interpretations matter.
# - Even a month is often enough to know that something was late, and the range of days says how
#   much is not known.
#
# ## What may not
#
# - These are the histories that public sources describe, not a sample: they say nothing about
#   other forces.
# - *Not known* is not *not done*. For Avon and Somerset, for instance, we have seen no follow-up,
#   which does not mean that there was none.
# - Nothing here says why a revisit was late. Some follow-ups fell into the suspension of
#   inspection in 2020.
