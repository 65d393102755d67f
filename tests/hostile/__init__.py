"""Files as somebody who means harm would write them, given to every reader of the command line.

``python -m tests.hostile --inputs 2000 --seed 3`` changes good files at random.
``python -m tests.hostile.with_atheris`` lets atheris look for what reaches code that nothing else
has reached, in the functions that read files.
"""
