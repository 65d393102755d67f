"""The version of the library.

Floor 0.
"""

from typing import Final

VERSION: Final = "0.1.0"
