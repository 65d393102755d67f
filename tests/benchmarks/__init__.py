"""Speed, as ratios to a function written by hand: ``python -m tests.benchmarks``."""
