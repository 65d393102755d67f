"""What plans and sweeps must say of days, worked out by counting them one by one.

``python -m tests.oracle --rows 100000 --dates 10000`` compares both with the library.
"""
