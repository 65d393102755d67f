"""Scenarios: cases that policy staff write beside the rules, each with what must come of it."""
