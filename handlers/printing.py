"""A day on paper and as tables: a small menu, and each of its documents as a file in the chat."""

from __future__ import annotations

from datetime import date

from handlers.chat import COORDINATOR, Button, Chat, button, press
from handlers.cooks import COOKS
from handlers.text import _
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.closures import Closure
from models.dishes import must_cook
from models.people import Role
from models.refusals import Gone, NoLunchThatDay
from models.roster import kitchen_count, roster
from models.seniors import Mode

ALL, ROSTER, ROUTES, KITCHEN = "all", "roster", "routes", "kitchen"
TABLE = "_table"


def print_button(canteen_id: int, day: date) -> Button:
    """Make the button that offers a day's lists as papers and tables."""
    return press(_("Print"), "print", canteen_id, day)


def count_buttons(canteen_id: int, day: date) -> list[Button]:
    """Make the buttons that bring the kitchen count as a paper and as a table."""
    return [
        press(_("Kitchen count"), "count", canteen_id, day, KITCHEN),
        press(_("… as a table"), "count", canteen_id, day, KITCHEN + TABLE),
    ]


def type_in_button(canteen_id: int, day: date) -> Button:
    """Make the button under which a ticked route sheet is typed in."""
    return press(_("Type in a sheet"), "sheet_in", canteen_id, day)


@button("print", for_=COORDINATOR)
async def offer(chat: Chat, canteen_id: int, day: date) -> None:
    """Ask which of a day's documents is wanted."""
    brought = await _brought(chat, canteen_id, day)
    canteen = await Canteen.get(id=canteen_id)
    if brought is None:
        await say_nobody(chat, canteen_id, day)
        return
    keys: list[Button | list[Button]] = [
        press(_("All to print"), "paper", canteen_id, day, ALL),
        _both(press(_("Roster"), "paper", canteen_id, day, ROSTER)),
    ]
    if brought:
        keys.append(_both(press(_("Route sheets"), "paper", canteen_id, day, ROUTES)))
    keys += [count_buttons(canteen_id, day), press(_("Meal labels"), "labels", canteen_id, day)]
    chat.say(
        _("{day}: what shall I make? Each comes as a PDF to print; a table opens in Excel.", day=day),
        zone=canteen.zone,
        buttons=keys,
    )


async def say_nobody(chat: Chat, canteen_id: int, day: date) -> None:
    """Say that there is nothing to print, or on which day's lists it stands."""
    before = await Closure.goes_with(canteen_id, day)
    if before == day:
        chat.say(_("Nobody has lunch on {day}.", day=day))
        return
    chat.say(
        _("The lunch of {day} goes out on {before}, and is printed with that day's.", day=day, before=before),
        buttons=[press(_("Print for {day}", day=before), "print", canteen_id, before)],
    )


def _both(paper: Button) -> list[Button]:
    *args, what = paper.args
    return [paper, press(_("… as a table"), paper.action, *args, f"{what}{TABLE}")]


@button("paper", for_=COORDINATOR)
async def bring(chat: Chat, canteen_id: int, day: date, what: str) -> None:
    """Bring the roster, the route sheets where anything is brought home, or all that is printed of a day."""
    brought = await _brought(chat, canteen_id, day)
    if what not in (ALL, ROSTER, ROUTES, ROSTER + TABLE, ROUTES + TABLE):
        raise Gone
    if brought is None or (what.startswith(ROUTES) and not brought):
        chat.say(_("Nobody has lunch on {day}.", day=day))
        return
    canteen = await Canteen.get(id=canteen_id)
    if what in (ALL, ROSTER):
        chat.say(
            _("Who eats on {day}, with a box to tick. Ready to print.", day=day),
            zone=canteen.zone,
            paper=(ROSTER, canteen_id, day),
            reveals=_names(canteen_id, day),
        )
    if brought and what in (ALL, ROUTES):
        chat.say(
            _(
                "The route sheets for {day}. They show where people live:"
                " please collect them after the round and tear them up.",
                day=day,
            ),
            zone=canteen.zone,
            paper=(ROUTES, canteen_id, day),
            buttons=[type_in_button(canteen_id, day)],
            reveals=_addresses(canteen_id, day),
        )
    if what == ALL:
        _bring_count(chat, canteen, day)
        chat.say(
            _("The labels for {day}, from the first one of a new sheet.", day=day),
            zone=canteen.zone,
            paper=("labels", canteen_id, day, 1),
            reveals=_names(canteen_id, day),
        )
    if what == ROSTER + TABLE:
        chat.say(
            _("Who eats on {day}, as a table.", day=day),
            zone=canteen.zone,
            paper=(what, canteen_id, day),
            reveals=_names(canteen_id, day),
        )
    if what == ROUTES + TABLE:
        chat.say(
            _(
                "The doors of {day}, as a table. It shows where people live: please keep it to yourself.",
                day=day,
            ),
            zone=canteen.zone,
            paper=(what, canteen_id, day),
            reveals=_addresses(canteen_id, day),
        )


@button("count", for_=COOKS)
async def bring_count(chat: Chat, canteen_id: int, day: date, what: str) -> None:
    """Bring the kitchen count."""
    await must_cook(chat.person, canteen_id)
    if await ServiceDay.of(canteen_id, day) is None:
        raise NoLunchThatDay(day)
    if what not in (KITCHEN, KITCHEN + TABLE):
        raise Gone
    if not (await kitchen_count(canteen_id, day)).total:
        chat.say(_("Nobody has lunch on {day}.", day=day))
        return
    _bring_count(chat, await Canteen.get(id=canteen_id), day, what)


def _bring_count(chat: Chat, canteen: Canteen, day: date, what: str = KITCHEN) -> None:
    chat.say(
        _("What is to be cooked on {day}.", day=day),
        zone=canteen.zone,
        paper=(what, canteen.id, day),
        reveals=f"diets of canteen {canteen.id} on {day}",
    )


async def _brought(chat: Chat, canteen_id: int, day: date) -> bool | None:
    """Tell whether anything is brought home that day; None when nobody eats."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    if await ServiceDay.of(canteen_id, day) is None:
        raise NoLunchThatDay(day)
    parts = (await roster(canteen_id, day)).parts
    return any(part.mode is Mode.DELIVERY for part in parts) if parts else None


def _names(canteen_id: int, day: date) -> str:
    return f"names and diets of canteen {canteen_id} on {day}"


def _addresses(canteen_id: int, day: date) -> str:
    return f"names, addresses and diets of canteen {canteen_id} on {day}"
