# %% [markdown]
# # A million scenarios
#
# Sixteen histories cannot show every corner of the rules. A million imagined cases come nearer:
# words and dates drawn at random, each as likely as any other that can be. The same seed draws
# the same million again.

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
# recorded so.
#
# ## What becomes of them
#
# The whole million goes through the rules in about a second: the same rules that decide each
# real case, and the tests compare the two row by row.

# %%
found = sweep(
    cases.to_arrow(),
    on="2025-06-01",
    keep=["findings", "prospects", "action-plan-review", "report-published", "revisit-begins"],
)
f"{found.num_rows:,} cases, {found.num_columns} columns"

# %% [markdown]
# ## The type of follow-up
#
# Where all cases of a cell agree, the cell says one word. Where they do not, something besides
# the two facts decides: here whether inspectors have reviewed the action plan.

# %%
sweep_plot(found, rows="findings", columns="prospects", shows="tier")

# %%
some_concerns = found.filter(pyarrow.compute.equal(found["prospects"], "some-concerns"))
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
sweep_plot(found, shows="tier.basis", title="What the type of follow-up rests on")

# %% [markdown]
# ## Days in hand
#
# Dates are drawn evenly over ten years, so most revisits lie years after the report. Here are
# those alone that begin within a year of it.

# %%
length = pyarrow.compute.subtract(
    *(found[name].cast(pyarrow.int32()) for name in ("revisit-begins", "report-published"))
)
within_a_year = found.filter(pyarrow.compute.less_equal(length, 365))
sweep_plot(within_a_year, slack="revisit-begins")

# %% [markdown]
# ## What may be concluded
#
# - Which facts decide the type of follow-up, and where the methodology leaves it open: in a cell
#   that says *not settled*, no cleverer reckoning would help. Somebody must judge, or the
#   methodology must say more.
# - That no case among a million is left without an answer, be it that the answer is open. That
#   **no** case at all is left out is proved elsewhere: `ncpi-rules check` goes through all of
#   them.
#
# ## What may not
#
# - Nothing about how often anything happens. That half of the revisits in the last picture are
#   late comes of dice that fall evenly on a year; it says nothing of any force.
