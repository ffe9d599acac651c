"""Hours: what a volunteer has given, month by month, and this month's entries."""

from __future__ import annotations

from typing import Final

from handlers import hoursboard
from handlers.chat import VOLUNTEER, Button, Chat, button, command, explains, press
from handlers.hourswords import FILES, end_key, entry_line, length, month_lines
from handlers.shiftwords import canteens_of
from handlers.text import NOTHING, Text, _, bold, lines
from models.canteens import Canteen
from models.hourslists import Given, given_by
from models.people import Role
from models.refusals import Gone
from models.shiftrefusals import HoursSettled, NoHours

ENDS_SHOWN: Final = 4


@command(
    "hours",
    for_=VOLUNTEER,
    help=_("The hours that you have given"),
    phrases=_("my hours|how many hours"),
)
async def hours(chat: Chat) -> None:
    """Add up what this person has given; a coordinator sees the canteen's volunteers as well."""
    canteens = await canteens_of(chat)
    today = canteens[0].today(chat.now) if canteens else chat.now.date()
    given = await given_by(chat.person.id, today)
    if given.total or given.open:
        zone = canteens[0].zone if canteens else None
        chat.say(_given(given), buttons=_keys(chat, given, canteens), zone=zone)
    elif Role.COORDINATOR not in chat.roles:
        chat.say(_("You have no hours yet. They are counted from your first shift on."))
    for canteen in await chat.person.canteens(Role.COORDINATOR):
        await hoursboard.show(chat, canteen, canteen.today(chat.now).replace(day=1))


def _given(given: Given) -> Text:
    return lines(
        bold(
            _(
                "You have given {month} this month, {total} in all. Thank you.",
                month=length(given.this_month),
                total=length(given.total),
            )
        ),
        NOTHING,
        *month_lines(given.months),
        *((NOTHING, _("This month:")) if given.entries else ()),
        *(entry_line(entry) for entry in given.entries),
        *((NOTHING, *(entry_line(entry) for entry in given.open)) if given.open else ()),
        NOTHING,
        _("From check-in to check-out, without the way there and back. If something is wrong, write 0."),
    )


def _keys(chat: Chat, given: Given, canteens: list[Canteen]) -> list[Button | list[Button]]:
    keys: list[Button | list[Button]] = [end_key(entry) for entry in given.open[:ENDS_SHOWN]]
    if not given.total:
        return keys
    for canteen in canteens:
        label = (
            _("Service record")
            if len(canteens) == 1
            else _("Service record: {canteen}", canteen=canteen.name)
        )
        keys.append(press(label, "service_record", canteen.id, chat.person.id))
    keys.append(
        [
            press(_("… as a table"), "my_hours", FILES[0]),
            press(_("… as CSV"), "my_hours", FILES[1]),
        ]
    )
    return keys


@button("my_hours", for_=VOLUNTEER)
async def my_file(chat: Chat, what: str) -> None:
    """Bring all of one's own entries as a file."""
    if what not in FILES:
        raise Gone
    chat.say(
        _("All your entries, those that were put right as well."),
        paper=(what, 0, chat.person.id, chat.now.date()),
    )


# ------------------------------------------------------------------------------------------------- refusals


@explains(HoursSettled)
def settled(_refusal: HoursSettled) -> Text:
    return _("That entry was changed meanwhile. What counts now is under /hours")


@explains(NoHours)
def no_hours(_refusal: NoHours) -> Text:
    return _("No hours were counted in that time, so there is nothing to put on paper. All are under /hours")
