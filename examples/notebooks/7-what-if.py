# %% [markdown]
# # What if
#
# Northumbria's review began on 7 January 2019, ten days after its due date. What if it had begun
# sooner? What if HMICFRS had judged otherwise? `what_if` assesses the case twice and shows what
# differs.

# %%
from pathlib import Path

from ncpi_rules import FollowUp, assess
from ncpi_rules.explore import days, every, what_if, what_if_sliders

ON = "2019-04-11"
follow_up = FollowUp.load(Path("../follow-ups/northumbria-2018.yaml"))
what_if(follow_up, revisit_begins="2018-12-17", on=ON)

# %% [markdown]
# ## Margins
#
# By how many days could each date have moved before a deadline changed its status?

# %%
for margin in assess(follow_up, on=ON).margins():
    if margin.earlier is not None or margin.later is not None:
        print(f"- {margin.sentence}")

# %% [markdown]
# ## With sliders
#
# Move the first day of the revisit week by week, or choose another value. Below are the
# differences and the timeline that would result. Dates that contradict each other are refused,
# with the reason.
#
# On a page made of this notebook nothing can be moved; it shows the case with nothing changed.

# %%
what_if_sliders(
    follow_up,
    on=ON,
    revisit_begins=days("2018-07-02", "2019-01-07", 7),
    prospects=every,
    findings=every,
)

# %% [markdown]
# ## What may be concluded
#
# - What the rules make of other facts: which date would have been in time, and which judgement
#   leads to which tier.
#
# ## What may not
#
# - Whether anything could have been different. A revisit three weeks sooner needs inspectors who
#   are free, and a judgement is made on what inspectors find, not on its consequences.
