# %% [markdown]
# # A million scenarios
#
# Sixteen histories cannot show every corner of the rules. A million imagined cases come nearer:
# values and dates drawn at random, every possible one equally likely. The same seed draws the
# same million again.

# %%
import pyarrow.compute

from ncpi_rules.batch import sweep
from ncpi_rules.explore import days, every, sample
from ncpi_rules.plots import sweep_plot

cases = sample(
    {"reinspection": "none-recorded", "tier-chosen": "none-recorded"},
    1_000_000,
    seed=2024,
    findings=every,
    prospects=every,
    action_plan_review=every,
    report_published=days("2014-04-01", "2024-02-29"),
    revisit_begins=days("2014-04-01", "2025-06-01"),
)
cases

# %% [markdown]
# Those left out have a revisit before the publication of the report: no follow-up could be
# recorded like that.
#
# ## What follow-up they get
#
# The whole million goes through the rules in about a second: the same rules that decide each
# real case, and the tests compare the two row by row.

# %%
swept = sweep(
    cases.to_arrow(),
    on="2025-06-01",
    keep=["findings", "prospects", "action-plan-review", "report-published", "revisit-begins"],
)
f"{swept.num_rows:,} cases, {swept.num_columns} columns"

# %% [markdown]
# ## The type of follow-up
#
# Where all cases of a cell agree, the cell says one value. Where they do not, something besides
# the two facts decides: here whether inspectors have reviewed the action plan.

# %%
sweep_plot(swept, rows="findings", columns="prospects", shows="tier")

# %%
some_concerns = swept.filter(pyarrow.compute.equal(swept["prospects"], "some-concerns"))
sweep_plot(
    some_concerns,
    rows="action-plan-review",
    columns="findings",
    shows="tier",
    title="The type of follow-up where there are some concerns",
)

# %% [markdown]
# ## What the open cases wait for

# %%
sweep_plot(swept, shows="tier.basis", title="What the type of follow-up rests on")

# %% [markdown]
# ## Days in hand
#
# Dates are drawn evenly over ten years, so most revisits are years after the report. Here are
# only those that begin within a year of it.

# %%
length = pyarrow.compute.subtract(
    *(swept[name].cast(pyarrow.int32()) for name in ("revisit-begins", "report-published"))
)
within_a_year = swept.filter(pyarrow.compute.less_equal(length, 365))
sweep_plot(within_a_year, slack="revisit-begins")

# %% [markdown]
# ## What may be concluded
#
# - Which facts decide the type of follow-up, and where the methodology leaves it open: where a cell
#   names no type, no cleverer calculation would help. Somebody must judge, or the methodology must
#   say more.
# - That none of a million cases is left without an answer, even if the answer is that somebody must
#   decide. That this is so for **every** case is proved elsewhere: `ncpi-rules check` goes
#   through all of them.
#
# ## What may not
#
# - How often anything happens. That half of the revisits in the last picture are late is because
#   dates were drawn evenly over a year; it says nothing about any force.
