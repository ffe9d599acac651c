"""The way to a door: a link to a map, followed only by a tap, and where the door is, as noted there."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from handlers.chat import VOLUNTEER, Button, Chat, Unclear, button, goto, press
from handlers.text import Text, _, verbatim
from models import rounds
from models.care import Care, MapService
from models.dated import Residence
from models.meals import Meal

LETTERS: Final = 200
"""Of an address: maps search by its beginning, and channels limit the length of a link."""

NAMES: Final[dict[MapService, Text]] = {
    MapService.AMAP: verbatim("高德地图 Amap"),
    MapService.GOOGLE: verbatim("Google Maps"),
    MapService.OSM: verbatim("OpenStreetMap"),
    MapService.NONE: _("No map"),
}


async def way_to(canteen_id: int, zone: str, home: Residence | None) -> list[Button]:
    """Offer the map of the canteen's choice; nobody but the volunteer's own tap hands it the address."""
    service = (await Care.of(canteen_id)).map_service(zone)
    if home is None or service is MapService.NONE:
        return []
    return [goto(_("Show the way"), address_of(service, home))]


def address_of(service: MapService, home: Residence) -> str:
    """Write the https address of a door on a map: its noted place, else its address as text.

    Places are WGS 84, which Amap must be told: its own maps are shifted (GCJ-02).
    """
    if home.place is not None:
        latitude, longitude = home.place.removeprefix("geo:").split(",")
        match service:
            case MapService.AMAP:
                asked = {
                    "position": f"{longitude},{latitude}", "coordinate": "wgs84", "callnative": "1",
                }  # fmt: skip
                return f"https://uri.amap.com/marker?{urlencode(asked)}"
            case MapService.GOOGLE:
                point = f"{latitude},{longitude}"
                return f"https://www.google.com/maps/dir/?{urlencode({'api': '1', 'destination': point})}"
            case _:
                point = urlencode({"mlat": latitude, "mlon": longitude})
                return f"https://www.openstreetmap.org/?{point}#map=18/{latitude}/{longitude}"
    words = quote(" ".join(home.address.split())[:LETTERS])
    match service:
        case MapService.AMAP:
            return f"https://uri.amap.com/search?keyword={words}&callnative=1"
        case MapService.GOOGLE:
            return f"https://www.google.com/maps/dir/?api=1&destination={words}"
        case _:
            return f"https://www.openstreetmap.org/search?query={words}"


@button("door_is_here", for_=VOLUNTEER)
async def note_place(chat: Chat, meal_id: int) -> None:
    """Note where a door is, told by the phone of who stands before it."""
    await rounds.senior_at(meal_id, chat.person, chat.now)
    place = await chat.ask(
        "place",
        _("Are you right at this door? Then please send me where you are."),
        _place,
        want="location",
    )
    meal = await Meal.get(id=meal_id)
    await rounds.note_place(meal, place, chat.person, chat.now)
    chat.say(
        _("Thank you. From now on the map shows the way to this very door."),
        buttons=[press(_("Back to the round"), "/round")],
    )


def _place(text: str) -> str:
    if not text.startswith("geo:"):
        raise Unclear(_("Please tap the button below, so that your phone sends me where you are."))
    return text
