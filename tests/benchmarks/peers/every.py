"""Every peer, in the order of the page."""

from __future__ import annotations

from typing import Final

from tests.benchmarks.peers import (
    by_hand,
    with_business_rules,
    with_cel,
    with_duckdb,
    with_durable_rules,
    with_openfisca,
    with_polars,
    with_zen,
)

PEERS: Final = (
    with_zen.PEER,
    with_durable_rules.PEER,
    with_cel.PEER,
    with_business_rules.PEER,
    by_hand.PEER,
    with_openfisca.PEER,
    with_polars.PEER,
    with_duckdb.PEER,
)
