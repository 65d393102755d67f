"""Everything that answers the same question, asked it at random until two answers differ.

``python -m tests.differential --seed 2 --programs 500 --tables 20`` says how many answers were
compared, and shows the smallest rules, and the case or row, in which two differ.
"""
