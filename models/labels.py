"""Labels on meal boxes, in the order in which the kitchen packs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from models.roster import Line, Part, roster
from models.routesheets import numbered
from models.seniors import Mode, Senior

REGULAR: Final = "regular"


@dataclass(frozen=True, slots=True)
class Label:
    """One meal's label. number: of the door on its route sheet; None where nothing is brought home."""

    line: Line
    senior: Senior
    mode: Mode
    route: str | None
    number: int | None

    @property
    def rank(self) -> int:
        """Tell how much care this meal needs: 0 an allergy, 1 a diet or none on record, 2 ordinary food."""
        diet = self.line.diet
        if diet is not None and (diet.allergies or diet.avoids):
            return 0
        return 2 if diet is not None and not diet.labels and diet.texture == REGULAR else 1


async def labels(canteen_id: int, day: date) -> list[Label]:
    """List a day's labels: what needs care first, then by route and stop, then the table and the counter."""
    parts = (await roster(canteen_id, day)).parts
    ids = [line.due.senior_id for part in parts for line in part.lines]
    seniors = {one.id: one for one in await Senior.filter(id__in=ids)}
    made = [
        Label(line, seniors[line.due.senior_id], part.mode, part.route, number)
        for part in parts
        for number, line in _numbered(part)
    ]
    return sorted(made, key=lambda label: label.rank)


def _numbered(part: Part) -> list[tuple[int | None, Line]]:
    if part.mode is Mode.DELIVERY:
        return [*numbered(part.lines)]
    return [(None, line) for line in part.lines]
