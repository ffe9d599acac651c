"""What stands on the papers of a day: the roster and the route sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.chat import Sheet, paper
from handlers.daylists import heading, kind_label, with_boxes, with_guests
from handlers.diets import diet_label, door_label
from handlers.text import Text, _, listed
from models.canteens import Canteen
from models.care import Care
from models.roster import DietLine, Part, roster
from models.routesheets import PaperDoor, RouteSheet, route_sheets


@paper("roster")
async def roster_paper(canteen_id: int, day: date) -> Sheet:
    """Show everybody who eats on a day, part by part."""
    canteen = await Canteen.get(id=canteen_id)
    lists = await roster(canteen_id, day)
    return Sheet(
        title=title_of(canteen, day),
        template="roster",
        file=f"roster-{day}",
        zone=canteen.zone,
        data={"parts": [{"heading": heading(part, day), "lines": _lines(part)} for part in lists.parts]},
    )


@paper("routes")
async def route_paper(canteen_id: int, day: date) -> Sheet:
    """Show the doors of each route, each route on pages of its own."""
    canteen = await Canteen.get(id=canteen_id)
    sheets = await route_sheets(canteen_id, day)
    return Sheet(
        title=title_of(canteen, day),
        template="routes",
        file=f"routes-{day}",
        zone=canteen.zone,
        data={
            "sheets": [_sheet(canteen, sheet, day) for sheet in sheets],
            "ticks": [
                _("Handed over"),
                _("No answer"),
                _("Left there"),
                *([_("Box is back")] if (await Care.of(canteen_id)).boxes_since is not None else []),
            ],
            "continued": _("continued"),
            "shut": _if_shut(canteen),
            "who": _("Carried by:"),
            "back_at": _("Back at:"),
            "closing": _("Please give this sheet back after the round. Thank you for bringing lunch."),
        },
    )


def _if_shut(canteen: Canteen) -> Text:
    name, phone = canteen.human
    if not phone:
        return _("Nobody answers? Do not leave the meal, and tell the coordinator at once.")
    return _(
        "Nobody answers? Do not leave the meal, and call {name} at once: {phone}", name=name, phone=phone
    )


def title_of(canteen: Canteen, day: date) -> Text:
    """Say what stands above every page of a day."""
    return _("{canteen} · {day}", canteen=canteen.name, day=day)


def _kinds(diets: Sequence[DietLine], unknown: int, guests: int) -> Sequence[object]:
    """Say how many boxes there are of each kind; together they are all."""
    kinds = [(line.count, kind_label(line)) for line in diets]
    kinds += [(unknown, _("no diet on record")), (guests, _("ordinary food, for guests"))]
    return [{"count": n, "what": what} for n, what in kinds if n]


def _lines(part: Part) -> Sequence[object]:
    return [
        {
            "place": "" if line.due.position is None else str(line.due.position),
            "name": line.name,
            "short_id": line.short_id,
            "diet": with_boxes(_("no diet on record") if line.diet is None else diet_label(line.diet), line),
        }
        for line in part.lines
    ]


def _sheet(canteen: Canteen, sheet: RouteSheet, day: date) -> object:
    title = (
        title_of(canteen, day)
        if sheet.part.route is None
        else _("{canteen} · {day} · {route}", canteen=canteen.name, day=day, route=sheet.part.route)
    )
    return {
        "title": title,
        "heading": heading(sheet.part, day),
        "kinds": _kinds(sheet.diets, sheet.unknown, sheet.part.guests),
        "doors": [
            _door(door, first=at == 0 or sheet.doors[at - 1].number != door.number)
            for at, door in enumerate(sheet.doors)
        ],
    }


def _door(door: PaperDoor, *, first: bool) -> object:
    """Say what is needed for one lunch; what two have in common stands at the first of them only."""
    home, diet = door.residence, door.line.diet
    notes: list[Text] = []
    if first and home and home.knock:
        notes.append(_("How to knock: {how}", how=home.knock))
    # Allergies are for the kitchen, not for a sheet that is carried from door to door.
    said = _("no diet on record") if diet is None else door_label(diet)
    notes.append(with_guests(said, door.line.due.guests))
    if door.line.first:
        notes.append(_("First visit"))
    if door.ahead:
        notes.append(_("Also the box for {days}", days=listed(door.ahead)))
    return {
        "place": str(door.number),
        "name": door.senior.display,
        "short_id": door.line.short_id,
        "address": _("Same door")
        if not first
        else home.address
        if home
        else _("The address is missing. Please ask the coordinator."),
        "notes": notes,
    }
