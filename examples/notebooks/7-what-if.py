# %% [markdown]
# # What if
#
# Northumbria's review began on 7 January 2019, ten days after the last day. What if it had begun
# sooner? What if HMICFRS had judged otherwise? `what_if` assesses the case twice, and tells the
# difference.

# %%
from pathlib import Path

from ncpi_rules import FollowUp, assess
from ncpi_rules.explore import days, every, what_if, what_if_sliders

ON = "2019-04-11"
follow_up = FollowUp.load(Path("../follow-ups/northumbria-2018.yaml"))
what_if(follow_up, revisit_begins="2018-12-17", on=ON)

# %% [markdown]
# ## How far from the line
#
# By how many days could each date have moved before a deadline changed its status?

# %%
for margin in assess(follow_up, on=ON).margins():
    if margin.earlier is not None or margin.later is not None:
        print(f"- {margin.sentence}")

# %% [markdown]
# ## With sliders
#
# Move the first day of the revisit week by week, or choose another word. Below stand the
# difference and the timeline as they would be. Dates that contradict each other are refused in
# words.
#
# On a page made of this notebook nothing can be moved; it shows how the case stands with nothing
# changed.

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
# - What the rules make of other facts: which date would have been in time, which judgement leads
#   where.
#
# ## What may not
#
# - Whether anything could have been otherwise. A revisit three weeks sooner needs inspectors who
#   are free, and a judgement is made on what inspectors find, not on what follows from it.
