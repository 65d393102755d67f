"""The library beside its peers, in one run: ``python -m tests.benchmarks.peers``.

Each peer has a module, ``with_zen`` and so on, that makes its contestants from the shipped ruleset
and says what it cannot express. Answers are compared with ours before anything is timed.
"""
