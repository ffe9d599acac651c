"""Settings of the round: whose map shows the way, boxes, and how long photos are kept."""

from __future__ import annotations

from typing import Final

from handlers import answers
from handlers.chat import COORDINATOR, Chat, Choice, button, press
from handlers.rule_words import kept_words
from handlers.setting_dates import kept_for_later
from handlers.text import _, bold, lines
from handlers.wayfinding import NAMES
from models.canteens import Canteen
from models.care import Care, MapService
from models.people import Role
from models.refusals import Gone

DAYS: Final = {
    "photo_days": _("For how many days shall photos be kept? What is kept already keeps its days."),
    "voice_days": _("For how many days shall voice notes be kept? What is kept already keeps its days."),
}
DAYS_AT_MOST: Final = 365


@button("settings_round", for_=COORDINATOR)
async def show_round_settings(chat: Chat, canteen_id: int) -> None:
    """Show what a canteen wants on its rounds, with a button for each."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen, care = await Canteen.get(id=canteen_id), await Care.of(canteen_id)
    service = care.map_service(canteen.zone)
    chat.say(
        lines(
            bold(_("On the rounds of {canteen}", canteen=canteen.name)),
            _("Volunteers see no map.")
            if service is MapService.NONE
            else _(
                "The way to a door is shown by: {map}. It learns the address only when a volunteer taps.",
                map=NAMES[service],
            ),
            _("Boxes do not come back.")
            if care.boxes_since is None
            else _("Boxes come back, and are counted since {day}.", day=care.boxes_since),
            *kept_words(care).values(),
        ),
        card=f"settings_round {canteen_id}",
        fresh=True,
        buttons=[
            [
                press(_("Map"), "set_round", canteen_id, "maps"),
                press(_("Boxes"), "set_round", canteen_id, "boxes"),
            ],
            [
                press(_("Photos"), "set_round", canteen_id, "photo_days"),
                press(_("Voice notes"), "set_round", canteen_id, "voice_days"),
            ],
            press(_("Back to the settings"), "settings", canteen_id),
        ],
    )


@button("set_round", for_=COORDINATOR)
async def change_round_setting(chat: Chat, canteen_id: int, what: str) -> None:
    """Ask for one of them, and change it."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    match what:
        case "maps":
            picked = await chat.ask(
                "maps",
                _("Which map shall show volunteers the way?"),
                choices=[Choice(service.value, name) for service, name in NAMES.items()],
            )
            await Care.change(canteen_id, by=chat.person, now=chat.now, maps=MapService(picked))
        case "boxes":
            said = await chat.ask(
                "boxes",
                _("Do your meal boxes come back, and shall volunteers note it at the door?"),
                choices=[Choice("yes", _("Yes")), Choice("no", _("No"))],
            )
            today = (await Canteen.get(id=canteen_id)).today(chat.now)
            await Care.use_boxes(canteen_id, today if said == "yes" else None, chat.person, chat.now)
        case "photo_days" | "voice_days":
            days = await chat.ask(what, DAYS[what], answers.number(1, DAYS_AT_MOST))
            if await kept_for_later(chat, canteen_id, "care", what, days):
                return
            await Care.change(canteen_id, by=chat.person, now=chat.now, **{what: days})
        case _:
            raise Gone
    await show_round_settings(chat, canteen_id)
