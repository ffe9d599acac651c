"""The lists of a day on paper: a roster to tick, and a sheet for each route."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.chat import COORDINATOR, Button, Chat, Sheet, button, paper, press
from handlers.daylists import heading, with_guests
from handlers.diets import diet_label, door_label
from handlers.text import Text, _
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.people import Role
from models.refusals import NoLunchThatDay
from models.roster import Part, roster
from models.routesheets import PaperDoor, RouteSheet, route_sheets
from models.seniors import Mode


def print_button(canteen_id: int, day: date) -> Button:
    """Make the button that brings a day's lists as papers."""
    return press(_("Print"), "print", canteen_id, day)


@button("print", for_=COORDINATOR)
async def print_day(chat: Chat, canteen_id: int, day: date) -> None:
    """Bring the roster, and the route sheets where anything is brought home."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    if await ServiceDay.of(canteen_id, day) is None:
        raise NoLunchThatDay(day)
    canteen = await Canteen.get(id=canteen_id)
    parts = (await roster(canteen_id, day)).parts
    if not parts:
        chat.say(_("Nobody has lunch on {day}.", day=day))
        return
    chat.say(
        _("Who eats on {day}, with a box to tick. Ready to print.", day=day),
        zone=canteen.zone,
        paper=("roster", canteen_id, day),
        reveals=f"names and diets of canteen {canteen_id} on {day}",
    )
    if any(part.mode is Mode.DELIVERY for part in parts):
        chat.say(
            _(
                "The route sheets for {day}. They show where people live:"
                " please collect them after the round and tear them up.",
                day=day,
            ),
            zone=canteen.zone,
            paper=("routes", canteen_id, day),
            reveals=f"names, addresses and diets of canteen {canteen_id} on {day}",
        )


@paper("roster")
async def roster_paper(canteen_id: int, day: date) -> Sheet:
    """Show everybody who eats on a day, part by part."""
    canteen = await Canteen.get(id=canteen_id)
    lists = await roster(canteen_id, day)
    return Sheet(
        title=_("{canteen} · {day}", canteen=canteen.name, day=day),
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
        title=_("{canteen} · {day}", canteen=canteen.name, day=day),
        template="routes",
        file=f"routes-{day}",
        zone=canteen.zone,
        data={
            "sheets": [_sheet(canteen, sheet, day) for sheet in sheets],
            "closing": _("Please give this sheet back after the round. Thank you for bringing lunch."),
        },
    )


def _lines(part: Part) -> Sequence[object]:
    return [
        {
            "place": _place(line.due.position),
            "name": line.name,
            "short_id": line.short_id,
            "diet": with_guests(
                _("no diet on record") if line.diet is None else diet_label(line.diet), line.due.guests
            ),
        }
        for line in part.lines
    ]


def _sheet(canteen: Canteen, sheet: RouteSheet, day: date) -> object:
    title = (
        _("{canteen} · {day}", canteen=canteen.name, day=day)
        if sheet.part.route is None
        else _("{canteen} · {day} · {route}", canteen=canteen.name, day=day, route=sheet.part.route)
    )
    return {
        "title": title,
        "heading": heading(sheet.part, day),
        "doors": [_door(door) for door in sheet.doors],
    }


def _door(door: PaperDoor) -> object:
    home, diet = door.residence, door.line.diet
    notes: list[Text] = []
    if home and home.knock:
        notes.append(_("How to knock: {how}", how=home.knock))
    # Allergies are for the kitchen, not for a sheet that is carried from door to door.
    said = _("no diet on record") if diet is None else door_label(diet)
    notes.append(with_guests(said, door.line.due.guests))
    return {
        "place": _place(door.line.due.position),
        "name": door.senior.display,
        "short_id": door.line.short_id,
        "address": home.address if home else _("The address is missing. Please ask the coordinator."),
        "notes": notes,
    }


def _place(position: int | None) -> str:
    return "" if position is None else str(position)
