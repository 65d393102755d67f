# %% [markdown]
# # A first plan
#
# A police force has been inspected on how it protects children. Which follow-up does it get,
# what must everybody do, and by when? This notebook asks that of one real case: Northumbria
# Police, whose inspection report was published on 28 June 2018.
#
# What is known is in a small text file: what public sources say, and nothing else.

# %%
from pathlib import Path

from ncpi_rules import FollowUp, assess

FILE = Path("../follow-ups/northumbria-2018.yaml")
print(FILE.read_text("utf-8"))

# %% [markdown]
# ## The plan
#
# A plan is made for a day: here 11 April 2019, when the feedback of the follow-up was published.
# The plan for that day stays the same, whenever it is made.

# %%
plan = assess(FollowUp.load(FILE), on="2019-04-11")
plan

# %% [markdown]
# ## The same as a timeline
#
# Each row is a deadline. The pale bar shows the days that are allowed and the thick line the
# due date. What was late is hatched, ends in a diamond and says so in words, so that nothing
# depends on colour.

# %%
plan.plot()

# %% [markdown]
# ## Why
#
# A plan gives the reasons for each of its lines, in sentences that can be read out:

# %%
for message in plan.why("deadline.revisit"):
    print(f"- {message}")

# %% [markdown]
# And this is why the case did not lead to a full re-inspection:

# %%
for message in plan.why_not("full-re-inspection"):
    print(f"- {message}")

# %% [markdown]
# ## What may be concluded
#
# - The revisit began ten days after its due date, **as we read the methodology**: the six months
#   count from publication, and the first day of the revisit decides (the interpretations R7 and R9
#   above). Nobody has agreed these interpretations yet.
#
# ## What may not
#
# - Most rows say *cannot tell*: it is not recorded whether it has been done. That means that no
#   public source says, **not** that it was not done.
# - That the revisit was late does not say why, nor how well children were protected meanwhile.
