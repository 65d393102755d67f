# %% [markdown]
# # Which open questions matter
#
# Where the methodology is silent, overlaps or contradicts itself, a register asks the question
# and takes one answer. Nobody has agreed these answers yet. There are twenty: which of them would
# change anything for the cases that we have?
#
# For each history, each answer is switched to every alternative, one at a time, and the plans
# are compared.

# %%
from collections import Counter
from pathlib import Path

import pyarrow

from ncpi_rules import FollowUp, assess, shipped_ruleset
from ncpi_rules.plan import of_substance
from ncpi_rules.plots import sweep_plot

ON = "2024-06-03"
interpretations = shipped_ruleset().interpretations
sensitivities = {
    file.stem: assess(FollowUp.load(file), on=ON).sensitivity()
    for file in sorted(Path("../follow-ups").glob("*.yaml"))
    if not file.stem.startswith("invented")
}

# %% [markdown]
# ## How much each open question would change
#
# The number in a cell is how many items of the plan would differ: the type of follow-up, actions,
# deadlines, documents, alerts. Where several answers are possible, the one that changes most is
# counted.

# %%
rows = [
    {
        "history": name,
        "interpretation": id_,
        "items that would differ": max(
            len(of_substance(answer.differences))
            for answer in sensitivity.answers
            if answer.interpretation == id_
        ),
    }
    for name, sensitivity in sensitivities.items()
    for id_ in interpretations
]
table = pyarrow.Table.from_pylist(rows)
place = table.schema.get_field_index("interpretation")
table = table.set_column(place, "interpretation", table["interpretation"].dictionary_encode())
sweep_plot(
    table,
    rows="history",
    columns="interpretation",
    shows="items that would differ",
    title="What another answer to an interpretation would change, history by history",
)

# %% [markdown]
# ## The open questions in words, those that matter most often first

# %%
often = Counter(
    id_ for sensitivity in sensitivities.values() for id_ in sensitivity.interpretations
)
for id_, many in often.most_common():
    interpretation = interpretations[id_]
    print(f"{id_}, for {many} of {len(sensitivities)}: {interpretation.question}")
    print(f"    taken: {interpretation.answers[interpretation.ours]}")

# %% [markdown]
# These change nothing for any of the sixteen:

# %%
print(", ".join(id_ for id_ in interpretations if id_ not in often))

# %% [markdown]
# ## One history more closely
#
# Northumbria's review began ten days after its due date. What would other answers make of that?

# %%
for message in sensitivities["northumbria-2018"].sentences[:6]:
    print(f"- {message}")

# %% [markdown]
# ## What may be concluded
#
# - The register can be put to those who decide in order: the questions that matter most often
#   first.
# - A question whose column holds only zeros can wait, as far as these histories go.
#
# ## What may not
#
# - A large number is not an important one: a switch that adds seven documents counts more than
#   one that turns *late* into *in time*. The sentences say which it is.
# - That an interpretation changes nothing here does not settle it. The histories are few, and most
#   are sparse.
# - One answer is switched at a time; two together may change what neither changes alone.
