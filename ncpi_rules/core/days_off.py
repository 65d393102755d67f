"""The public holidays of England and Wales in the years whose holidays are settled.

They are those of the package ``holidays``, which answers for every other year and country: most
follow-ups need no other, and to import it takes longer than all the rest of an assessment.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGLAND_AND_WALES: Final[Mapping[int, str]] = MappingProxyType(
    {
        2013: "0101 0329 0401 0506 0527 0826 1225 1226",
        2014: "0101 0418 0421 0505 0526 0825 1225 1226",
        2015: "0101 0403 0406 0504 0525 0831 1225 1226 1228",
        2016: "0101 0325 0328 0502 0530 0829 1225 1226 1227",
        2017: "0101 0102 0414 0417 0501 0529 0828 1225 1226",
        2018: "0101 0330 0402 0507 0528 0827 1225 1226",
        2019: "0101 0419 0422 0506 0527 0826 1225 1226",
        2020: "0101 0410 0413 0508 0525 0831 1225 1226 1228",
        2021: "0101 0402 0405 0503 0531 0830 1225 1226 1227 1228",
        2022: "0101 0103 0415 0418 0502 0602 0603 0829 0919 1225 1226 1227",
        2023: "0101 0102 0407 0410 0501 0508 0529 0828 1225 1226",
        2024: "0101 0329 0401 0506 0527 0826 1225 1226",
        2025: "0101 0418 0421 0505 0526 0825 1225 1226",
        2026: "0101 0403 0406 0504 0525 0831 1225 1226 1228",
        2027: "0101 0326 0329 0503 0531 0830 1225 1226 1227 1228",
    }
)
"""The month and day of each holiday, by year."""
