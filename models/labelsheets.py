"""The sheets of labels that canteens buy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class LabelSheet(StrEnum):
    """A sheet of labels as it is sold."""

    A4_24 = "a4_24"
    LETTER_14 = "letter_14"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the labels are on a sheet, in millimetres. left, top: the margins before the first one."""

    paper: str
    columns: int
    rows: int
    width: float
    height: float
    left: float = 0
    top: float = 0
    gap: float = 0

    @property
    def count(self) -> int:
        """Tell how many labels a sheet has."""
        return self.columns * self.rows


LAYOUTS: Final = {
    # Nearly every maker has one: Avery 3474, Herma 4464, Deli 24.
    LabelSheet.A4_24: Layout("a4", 3, 8, 70, 37, top=0.5),
    # Avery 5162 and its like: 1⅓ × 4 inches.
    LabelSheet.LETTER_14: Layout("us-letter", 2, 7, 101.6, 33.87, left=3.97, top=21.1, gap=4.76),
}
