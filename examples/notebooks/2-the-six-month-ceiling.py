# %% [markdown]
# # The six-month ceiling, over twenty years of publication days
#
# A force is revisited within six months of the publication of its inspection report. Six months
# sound simple. Are they? Here a report is published on **every** day from 2014 to 2033, and we
# look at the due date of the revisit.
#
# No case here is real: there is one for each day of the calendar.

# %%
import calendar

import pyarrow

from ncpi_rules import shipped_ruleset
from ncpi_rules.batch import sweep
from ncpi_rules.explore import days, grid
from ncpi_rules.plots import sweep_plot

PUBLISHED = "report-published"
DUE = "revisit-begins.due"

every_day = grid({}, report_published=days("2014-01-01", "2033-12-31"))
swept = sweep(every_day, on="2034-12-31", keep=[PUBLISHED], only=[DUE])
published, due_dates = (swept[name].to_pylist() for name in (PUBLISHED, DUE))
f"{swept.num_rows:,} days of publication, from {published[0]} to {published[-1]}"


# %%
def ordered(values: list[str], order: list[str]) -> pyarrow.Array:
    """Return a column of values that keeps their order."""
    return pyarrow.DictionaryArray.from_arrays([order.index(value) for value in values], order)


# %% [markdown]
# ## Six months are 181 to 184 days
#
# Counting 183 days, or 26 weeks, gives the wrong date on most days of the year.

# %%
lengths = [(last - first).days for first, last in zip(published, due_dates, strict=True)]
sweep_plot(
    pyarrow.table({"days": lengths}),
    shows="days",
    title="Days from publication to the due date of the revisit",
)

# %% [markdown]
# ## Where a month has no such day
#
# Six months after 31 August there is no 31 February. The methodology does not say what applies
# then. The edition does, in `parameters.yaml` (the choice `month-ends`), for everybody to see: the
# last day of the month.

# %%
MONTHS = list(calendar.month_abbr)[1:]
ENDS = ["28", "29", "30", "31"]
NUMBERS = ["same", "month end"]
ends = [
    (first, last)
    for first, last in zip(published, due_dates, strict=True)
    if str(first.day) in ENDS
]
same = [NUMBERS[0] if first.day == last.day else NUMBERS[1] for first, last in ends]
sweep_plot(
    pyarrow.table(
        {
            "published on the": ordered([str(first.day) for first, _ in ends], ENDS),
            "month": ordered([MONTHS[first.month - 1] for first, _ in ends], MONTHS),
            "the due date": ordered(same, NUMBERS),
        }
    ),
    rows="published on the",
    columns="month",
    shows="the due date",
    title="Is the due date the same day of its month as the day of publication?",
)

# %% [markdown]
# ## Due dates on which nobody works
#
# Saturdays, Sundays and bank holidays in England. Our interpretation (R8) is that such a due date
# stands, and that the plan names the working day before it. Nobody has agreed that yet. The
# alternative moves the due date back.

# %%
KINDS = ["a working day", "a Saturday", "a Sunday", "a bank holiday"]
working = shipped_ruleset().calendar.is_working


def kind_of(day_of_week: int, *, works: bool) -> str:
    """Return what kind of day it is."""
    if works:
        return KINDS[0]
    return {5: KINDS[1], 6: KINDS[2]}.get(day_of_week, KINDS[3])


kinds = [kind_of(last.weekday(), works=working(last.toordinal())) for last in due_dates]
sweep_plot(
    pyarrow.table({"kind": ordered(kinds, KINDS)}),
    shows="kind",
    title="The due date of the revisit is…",
)

# %%
free = sum(kind != KINDS[0] for kind in kinds)
print(f"On {free:,} of {len(kinds):,} days of publication, the due date is not a working day.")

# %% [markdown]
# ## What may be concluded
#
# - "Six months" needs two choices that the methodology leaves open: the end of a short month,
#   and the due date on which nobody works. The edition makes both in the open, and both can be
#   changed in its files.
# - About three in ten due dates are not working days. A plan for the due date itself is often a
#   plan for a weekend.
#
# ## What may not
#
# - Reports are not published equally often on every day, so these shares do not forecast those of
#   real reports.
# - Bank holidays of later years are those of today's law. One for a single occasion cannot be
#   foreseen.
