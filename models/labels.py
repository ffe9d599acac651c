"""Labels on meal boxes, in the order in which the kitchen packs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from models import datedrules
from models.clashes import by_line
from models.menus import ORDINARY, line_of, menus
from models.roster import REGULAR, Line, Part, Roster, roster, rosters_ahead
from models.routesheets import numbered
from models.seniors import Mode, Senior


@dataclass(frozen=True, slots=True)
class Label:
    """One meal's label. number: of the door on its route sheet; None where nothing is brought home.

    dishes: what is in the box, as far as a menu says; None where something else must be cooked, which the
    kitchen writes on it. guest: the meal of somebody who comes along, of whom no diet is known.
    day: for which it is; it may go out before, with the lunch of a day on which the canteen is open.
    """

    line: Line
    senior: Senior
    mode: Mode
    route: str | None
    number: int | None
    day: date
    dishes: Sequence[str] | None = ()
    guest: bool = False

    @property
    def rank(self) -> int:
        """Tell how much care this meal needs: 0 an allergy, 1 a diet or none on record, 2 ordinary food."""
        diet = self.line.diet
        if self.guest:
            return 2
        if diet is not None and (diet.allergies or diet.avoids):
            return 0
        return 2 if diet is not None and not diet.labels and diet.texture == REGULAR else 1


async def labels(canteen_id: int, day: date) -> list[Label]:
    """List a day's labels: what needs care first, then by route and stop, then the table and the counter.

    After them come those of closed days whose lunch goes out with it, each at the place where it is brought.
    """
    made = await _labels(canteen_id, await roster(canteen_id, day))
    places = {label.senior.id: label for label in made}
    for ahead in await rosters_ahead(canteen_id, day):
        for label in await _labels(canteen_id, ahead):
            there = places.get(label.senior.id, label)
            made.append(replace(label, mode=there.mode, route=there.route, number=there.number))
    return made


async def _labels(canteen_id: int, lists: Roster) -> list[Label]:
    day, parts = lists.kitchen.day, lists.parts
    menu = (await menus([canteen_id], day, day)).get((canteen_id, day), [])
    kitchen_lines = (await datedrules.kitchen_lines([canteen_id]))(canteen_id, day)
    dishes = {line: [one.name for one in found] for line, found in by_line(menu)}

    def in_the_box(line: Line) -> Sequence[str] | None:
        if line.short_id in lists.kitchen.check.clashing:
            return None
        return dishes.get(line_of(line.diet.labels, kitchen_lines), []) if line.diet else []

    ids = [line.due.senior_id for part in parts for line in part.lines]
    seniors = {one.id: one for one in await Senior.filter(id__in=ids)}
    made = [
        Label(line, seniors[line.due.senior_id], part.mode, part.route, number, day, in_the_box(line))
        for part in parts
        for number, line in _numbered(part)
    ]
    made += [
        replace(label, guest=True, dishes=dishes.get(ORDINARY, []))
        for label in made
        for _ in range(label.line.due.guests)
    ]
    return sorted(made, key=lambda label: label.rank)


def _numbered(part: Part) -> list[tuple[int | None, Line]]:
    if part.mode is Mode.DELIVERY:
        return [*numbered(part.lines)]
    return [(None, line) for line in part.lines]
